"""Entries → events: the same bytes on every machine and in every later release."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from storage.events import Event
from storage.events.catalogue import CatalogueChain, Entry
from storage.model.environment import CatalogueAuthor

#: Who writes the catalogue's events: the SHA-256 of "pitboard catalogue wecom", its first half.
ACTOR: Final = "c3a8195f5511b9af3fb8150425442755"
WHO: Final = CatalogueAuthor.FIELD_NOTES.value


def sealed(entries: Iterable[Entry]) -> list[Event]:
    """The events of ``entries`` as one chain, each entry one step."""
    chain = CatalogueChain(ACTOR)
    for entry in entries:
        chain.add(pitfall_id(entry.slug), entry, WHO)
    return chain.events


def pitfall_id(slug: str) -> str:
    """The id of the pitfall that an entry is, on every board."""
    return hashlib.sha256(slug.encode()).hexdigest()[:16]
