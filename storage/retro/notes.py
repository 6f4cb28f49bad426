"""Reads retro notes and follow-ups."""

from __future__ import annotations

from typing import Final

from storage.db.reader import Reader
from storage.db.row_shapes import shape_of
from storage.errors import N_, Ambiguous, NotFound
from storage.model.retro import RetroNote

#: Among those of one day the order of the record.
_IN_ORDER: Final = "at, id"
_OPEN: Final = "sort = 'follow-up' AND done_on = ''"


class RetroNoteReader(Reader):
    """The notes, decisions and follow-ups on a board."""

    def notes(self, since: int, until: int) -> tuple[RetroNote, ...]:
        """What was noted from ``since`` up to, and without, ``until`` (ms), in that order."""
        return self._read("at >= ? AND at < ?", _IN_ORDER, since, until)

    def due(self, at: int) -> tuple[RetroNote, ...]:
        """The follow-ups of before a time (ms) that nobody has done, the earliest due first."""
        return self._read(f"{_OPEN} AND at < ?", f"due = '', due, {_IN_ORDER}", at)

    def follow_ups(self) -> tuple[RetroNote, ...]:
        """All follow-ups: those that nobody has done, then the others, the last done first."""
        order = f"done_on <> '', done_on DESC, due = '', due, {_IN_ORDER}"
        return self._read("sort = 'follow-up'", order)

    def of_pitfall(self, pitfall: str) -> set[RetroNote]:
        """What was noted about a pitfall; with an empty name, what is about none."""
        return set(self._read("pitfall = ?", _IN_ORDER, pitfall))

    def note(self, prefix: str) -> RetroNote:
        """The note whose id begins so.

        Raises:
            NotFound, Ambiguous: if none does, or several do.
        """
        begins = prefix.strip().lower()
        found = self._read("id >= ?1 AND id < ?1 || 'g'", _IN_ORDER, begins) if begins else ()
        if not found:
            raise NotFound(
                N_("No follow-up or note has an id that begins with “{prefix}”."),
                N_("“pitboard follow-ups --all” shows them."),
                prefix=prefix,
            )
        if len(found) > 1:
            raise Ambiguous(prefix, [(one.id[:8], one.text.plain) for one in found[:10]])
        return found[0]

    def _read(self, condition: str, order: str, *parameters: object) -> tuple[RetroNote, ...]:
        # The condition and the order come from above, never from what was typed.
        shape = shape_of(RetroNote)
        rows = self.fetch_all(
            f"SELECT {shape.selected} FROM retro_notes WHERE {condition} ORDER BY {order}",
            parameters,
        )
        return tuple(map(shape.read, rows))
