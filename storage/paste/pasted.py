"""What was read from a pasted text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from storage.model.records import Environment
from storage.model.vocabulary import Channel, Host, Platform
from storage.paste.extraction import Reading


class Contradiction(NamedTuple):
    """Values of one field that can't all be true, the most trustworthy first.

    If none of them stands in what was read, the text leaves open which it is.
    """

    field: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a pasted text says, ready to be logged as an occurrence.

    Args:
        said: for each field of an environment that was read, what stands and where it stood.
        contradictions: where the text says several things of one field.
        title: a line that may name the pitfall.
        gist: what it is about, in a line: the error, and how people put it.
        message: the error text, in whole lines.
        reproduction: steps, what was expected and what happened, if they are told apart.
        note: what else was said.
        seen_at: when it happened, in ms, if the text says so.
        urls: the web addresses in it.
    """

    said: Mapping[str, Reading] = field(default_factory=dict)
    contradictions: tuple[Contradiction, ...] = ()
    title: str = ""
    gist: str = ""
    message: str = ""
    reproduction: str = ""
    note: str = ""
    seen_at: int | None = None
    urls: tuple[str, ...] = ()

    @property
    def environment(self) -> Environment:
        """Where it was seen; what was not read is None."""
        values = {name: reading.value for name, reading in self.said.items()}
        host, platform, channel = (values.pop(name, "") for name in ("host", "platform", "channel"))
        return Environment(
            host=Host(host) if host else None,
            platform=Platform(platform) if platform else None,
            channel=Channel(channel) if channel else None,
            **values,
        )
