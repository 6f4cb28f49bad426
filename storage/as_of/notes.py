"""Follow-ups as they stood at a moment."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from storage.as_of.temp_tables import lay_events
from storage.db.connection import connect_for_reading, explained
from storage.fold.fold import fold
from storage.model.moment import Moment
from storage.model.retro import RetroNote
from storage.model.vocabulary import NoteSort
from storage.projection.stored_events import core_events

_NOTED_ON: Final = "SELECT DISTINCT pitfall FROM events WHERE kind = 'retro_noted'"


def follow_ups_at(path: Path, moment: Moment) -> tuple[RetroNote, ...]:
    """All follow-ups of a moment: those that nobody had done, then the others, the last done first.

    Args:
        path: the board's file.
        moment: in the past.
    """
    connection = connect_for_reading(path)
    try:
        with explained(path):
            lay_events(connection, moment)
            streams = connection.execute(_NOTED_ON).fetchall()
            notes = [
                note for (name,) in streams for note in fold(core_events(connection, name)).notes
            ]
    finally:
        connection.close()
    follow_ups = [note for note in notes if note.sort is NoteSort.FOLLOW_UP]
    follow_ups.sort(key=lambda note: (note.due == "", note.due, note.at, note.id))
    follow_ups.sort(key=lambda note: note.done_on, reverse=True)
    return tuple(sorted(follow_ups, key=lambda note: note.done_on != ""))
