"""Fixes, duplicates and attachments of a pitfall, beyond what the pitfall itself holds."""

from __future__ import annotations

from storage.db import blobs
from storage.db.connection import explained
from storage.db.reader import BoardPart
from storage.db.rows import undamaged
from storage.db.stored_pitfall import duplicates_of, fixes_of, original_of, own_entries
from storage.model.records import Attachment, Evidence, Fix, Row
from storage.model.vocabulary import FixState


class FixReader(BoardPart):
    """Reads fixes, and what the occurrences say of them."""

    def judging(self, pitfall: str) -> tuple[Fix, ...]:
        """The fixes that a pitfall's occurrences are compared with: those of its original."""
        self._reader.prepare([pitfall])
        return fixes_of(self._reader, original_of(self._reader, pitfall))

    @undamaged
    def evidence(self, pitfall: str) -> dict[str, Evidence]:
        """What the occurrences say of each fix of a pitfall, by the fix's id."""
        self._reader.prepare([pitfall])
        columns = "id, state, evidence, evidence_at"
        return {
            name: Evidence(FixState(state), occurrence, at)
            for name, state, occurrence, at in own_entries(self._reader, "fixes", columns, pitfall)
        }


class DuplicateReader(BoardPart):
    """Reads which pitfalls are duplicates of each other, and which are not."""

    def of(self, pitfall: str) -> list[Row]:
        """The pitfalls that are marked as duplicates of this one, the first marked first."""
        return duplicates_of(self._reader, pitfall)

    def original(self, pitfall: str) -> str:
        """The pitfall that this one is a duplicate of; itself, unless it is one."""
        return original_of(self._reader, pitfall)

    def excluded(self, pitfall: str) -> frozenset[str]:
        """The pitfalls that are marked as not a duplicate of this one, from either side."""
        self._reader.prepare([pitfall])
        rows = self._reader.fetch_all("SELECT other FROM told_apart WHERE pitfall = ?", (pitfall,))
        return frozenset(str(other) for (other,) in rows)


class AttachmentReader(BoardPart):
    """Reads the bytes of attachments, and counts them."""

    def content(self, attachment: Attachment) -> bytes | None:
        """The bytes of an attachment; None if they have not arrived.

        Raises:
            Unusable: if they are damaged.
        """
        with explained(self._reader.path):
            return blobs.get(self._reader.connection, attachment.digest)

    def count(self) -> int:
        """The number of attachments on the board."""
        [(count,)] = self._reader.fetch_all("SELECT count(*) FROM attachments")
        return int(count)
