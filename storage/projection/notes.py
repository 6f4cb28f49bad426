"""The rows of what a team noted when it looked back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from storage.model.retro import THE_BOARD, RetroNote


def write_notes(
    connection: sqlite3.Connection, recorded_on: str, notes: Iterable[RetroNote]
) -> None:
    """Replace the notes that were recorded on a pitfall, or on the whole board."""
    pitfall = "" if recorded_on == THE_BOARD else recorded_on
    connection.execute("DELETE FROM retro_notes WHERE pitfall = ?", (pitfall,))
    connection.executemany(
        "INSERT INTO retro_notes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(one.id, one.pitfall, one.at, one.who, one.sort.value, *one.text),
                *(one.owner, one.due, one.done_on),
            )
            for one in notes
        ],
    )
