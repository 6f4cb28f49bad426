"""What changed on each pitfall and when, as rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from storage.db.rows import STATE
from storage.events import Event
from storage.fold.fold import spans
from storage.model.clock import STILL, Change
from storage.model.records import Pitfall
from storage.projection.pitfalls import columns_of
from storage.projection.search_index import digest_of


def write_changes(
    connection: sqlite3.Connection,
    pitfall: str,
    changes: Sequence[Change],
    *,
    is_new: bool = False,
) -> None:
    """Replace the rows of a pitfall's changes, where they differ.

    Args:
        connection: inside a write transaction.
        pitfall: the pitfall; one that is not on the board has no changes.
        changes: what its events come to.
        is_new: whether it has no rows yet.
    """
    if not is_new:
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


# What the list showed of each pitfall at each time, as rows


_COLUMNS: Final = f"clock, since, until, {STATE}, fixes"


_STATE: Final = STATE.split(", ")


_Row = tuple[Any, ...]


def write_states(
    connection: sqlite3.Connection, pitfall: str, events: Sequence[Event], *, is_new: bool = False
) -> None:
    """Replace the rows of a pitfall's states.

    Args:
        connection: inside a write transaction.
        pitfall: the pitfall; it need not be on the board any more.
        events: all of its events but the occurrences.
        is_new: whether it has no rows yet.
    """
    now = states(connection, pitfall, events)
    held: set[_Row] = set()
    if not is_new:
        held = set(_held(connection, pitfall))
        connection.executemany(
            "DELETE FROM states WHERE pitfall = ? AND clock = ? AND since = ?",
            [(pitfall, *row[:2]) for row in held if row not in now],
        )
    connection.executemany(
        f"INSERT INTO states (pitfall, {_COLUMNS})"
        f" VALUES (?, {', '.join('?' * len(_COLUMNS.split(', ')))})",
        [(pitfall, *row) for row in now if row not in held],
    )


def states(connection: sqlite3.Connection, pitfall: str, events: Sequence[Event]) -> list[_Row]:
    """The rows that a pitfall's events come to, in the columns of ``states`` after its name."""
    arrived = dict(
        connection.execute(
            "SELECT id, arrived_at FROM events"
            " WHERE pitfall = ? AND kind <> 'occurrence_logged' AND arrived_at IS NOT NULL",
            (pitfall,),
        ).fetchall()
    )
    done = [
        (span.since, span.until, *span.shown)
        for span in spans(events, lambda event: event.envelope.at, _shown)
    ]
    known = done
    arrivals = {arrived.get(event.id) or event.envelope.at for event in events}
    if len(arrivals) == 1:
        # What came all at once is known since then as it stands.
        known = [(*arrivals, STILL, *row) for _since, until, *row in done[-1:] if until == STILL]
    elif arrived:
        known = [
            (span.since, span.until, *span.shown)
            for span in spans(
                events, lambda event: arrived.get(event.id) or event.envelope.at, _shown
            )
        ]
    if known == done:
        return [("both", *row) for row in done]
    return [("at", *row) for row in done] + [("known", *row) for row in known]


def _held(connection: sqlite3.Connection, pitfall: str) -> list[_Row]:
    return connection.execute(
        f"SELECT {_COLUMNS} FROM states WHERE pitfall = ?", (pitfall,)
    ).fetchall()


def _shown(pitfall: Pitfall) -> _Row:
    """What the list shows of a pitfall, and by what its occurrences are judged."""
    columns = columns_of(pitfall)
    fixes = [list(fix) for fix in pitfall.fixes]
    return (*(columns[name] for name in _STATE), digest_of(json.dumps(fixes)) if fixes else "")
