"""What the vendor's form asks for, gathered from the occurrences of a pitfall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from storage.model.records import Environment, Occurrence
from storage.model.versions import version_key
from storage.model.vocabulary import Host, Outcome, Platform

#: Of versions and devices, so many are named.
_NAMED: Final = 5
#: Error texts that are all told; more of them say the same in other words.
_MESSAGES: Final = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """What the occurrences in one environment came to; the days are times in ms."""

    environment: Environment
    reproduced: int = 0
    reproduced_at: int = 0
    not_reproduced: int = 0
    not_reproduced_at: int = 0

    @property
    def last_at(self) -> int:
        """When somebody tried last."""
        return max(self.reproduced_at, self.not_reproduced_at)


def tried(occurrences: Iterable[Occurrence]) -> list[Tried]:
    """Each environment with what was seen in it, the newest first.

    Whose account it was is nobody's business outside, so companies are left out.
    """
    found: dict[Environment, Tried] = {}
    for one in occurrences:
        where = one.environment._replace(company=None)
        held = found.get(where, Tried(where))
        if one.outcome is Outcome.REPRODUCED:
            held = replace(
                held,
                reproduced=held.reproduced + one.count,
                reproduced_at=max(held.reproduced_at, one.seen_at),
            )
        else:
            held = replace(
                held,
                not_reproduced=held.not_reproduced + one.count,
                not_reproduced_at=max(held.not_reproduced_at, one.seen_at),
            )
        found[where] = held
    return sorted(found.values(), key=lambda one: (-one.last_at, _told(one.environment)))


def _told(environment: Environment) -> list[str]:
    return [str(value or "") for value in environment]


@dataclass(frozen=True, slots=True)
class Fields:
    """The form's fields, from where it was reproduced, or else from where it was tried."""

    platforms: list[Platform]
    clients: list[tuple[Host | None, str]]
    libraries: list[str]
    devices: list[str]


def fields(environments: Sequence[Tried]) -> Fields:
    """The form's fields: platforms the newest first, versions from the highest down."""
    chosen = [one.environment for one in environments if one.reproduced]
    chosen = chosen or [one.environment for one in environments]
    clients = dict.fromkeys((one.host, one.client_version) for one in chosen)
    named = [(host, version) for host, version in clients if version]
    libraries = dict.fromkeys(one.base_library for one in chosen if one.base_library)
    devices = dict.fromkeys(one.device for one in chosen if one.device)
    return Fields(
        platforms=list(dict.fromkeys(one.platform for one in chosen if one.platform)),
        clients=sorted(named, key=lambda one: version_key(one[1]) or "", reverse=True)[:_NAMED],
        libraries=sorted(libraries, key=lambda one: version_key(one) or "", reverse=True)[:_NAMED],
        devices=list(devices)[:_NAMED],
    )


def messages(occurrences: Iterable[Occurrence]) -> list[str]:
    """The error texts that were seen, the newest first."""
    found = dict.fromkeys(one.message.strip("\n") for one in occurrences if one.message.strip())
    return list(found)[:_MESSAGES]
