"""Entries → events: the same bytes on every machine and in every later release."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from seeds.reading import Entry, midnight
from storage.events import VERSION, Envelope, Event, seal
from storage.model.plan import CatalogueAuthor

#: Who writes the catalogue's events: the SHA-256 of "pitboard catalogue wecom", its first half.
ACTOR: Final = "c3a8195f5511b9af3fb8150425442755"
WHO: Final = CatalogueAuthor.FIELD_NOTES.value


def sealed(entries: Iterable[Entry]) -> list[Event]:
    """The events of ``entries`` as one chain, each entry one step.

    Their clock readings are their numbers, below every reading that a
    person's event can have (``storage.model.clock.FIRST``). So whatever a person
    ever wrote sorts after the whole catalogue, and stands, even where an entry
    came with a later release.
    """
    events: list[Event] = []
    for entry in entries:
        step = len(events) + 1
        for body in entry.bodies():
            seq = len(events) + 1
            envelope = Envelope(
                v=VERSION,
                actor=ACTOR,
                seq=seq,
                prev=events[-1].id if events else None,
                step=step,
                hlc=seq,
                at=midnight(entry.day),
                who=WHO,
                pitfall=pitfall_id(entry.slug),
                kind=body.kind,
                body=body.dump(),
            )
            events.append(seal(envelope, body))
    return events


def pitfall_id(slug: str) -> str:
    """The id of the pitfall that an entry is, on every board."""
    return hashlib.sha256(slug.encode()).hexdigest()[:16]
