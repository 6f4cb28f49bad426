"""What changed on each pitfall and when, as rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from storage.fold.transitions import Change


def write_changes(connection: sqlite3.Connection, pitfall: str, changes: Sequence[Change]) -> None:
    """Replace the rows of a pitfall's changes, where they differ.

    Args:
        connection: inside a write transaction.
        pitfall: the pitfall; one that is not on the board has no changes.
        changes: what its events come to.
    """
    if held_changes(connection, pitfall) == tuple(changes):
        return
    connection.execute("DELETE FROM changes WHERE pitfall = ?", (pitfall,))
    connection.executemany(
        "INSERT INTO changes (pitfall, place, event, field, at, until, before, after)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(pitfall, place, *change) for place, change in enumerate(changes)],
    )


def held_changes(connection: sqlite3.Connection, pitfall: str) -> tuple[Change, ...]:
    """The changes of a pitfall that the table holds."""
    rows = connection.execute(
        "SELECT event, field, at, until, before, after FROM changes WHERE pitfall = ?"
        " ORDER BY place",
        (pitfall,),
    ).fetchall()
    return tuple(Change(*row) for row in rows)
