"""Compute all read tables anew from the events."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Final

from storage.events import KINDS, Body, Event, OccurrenceLogged, held
from storage.projection.duplicates import regroup
from storage.projection.occurrences import count_all, insert_occurrences
from storage.projection.tables import create_read_tables, drop_read_tables, sorted_afterwards
from storage.projection.update import TOGETHER, in_parts, note_mentions, refold

_PAGE: Final = 2_000


def rebuild(
    connection: sqlite3.Connection, progress: Callable[[int], None] = lambda done: None
) -> int:
    """Drop the read tables, create them and fold every event again; how many events there were.

    Incremental and full rebuilds agree. Occurrences come first, so that each pitfall is written
    once with its counters.

    Args:
        connection: inside a write transaction.
        progress: told the number of events done so far.
    """
    drop_read_tables(connection)
    create_read_tables(connection)
    for events in _pages(connection, f"kind IN ({_MENTIONING})"):
        note_mentions(connection, events)
    done = 0
    with sorted_afterwards(connection, "occurrences"):
        for events in _pages(connection, _PLAIN_OCCURRENCE):
            plain = [e.body.freeze(e) for e in events if isinstance(e.body, OccurrenceLogged)]
            insert_occurrences(connection, plain)
            note_mentions(connection, events)
            done += len(plain)
            progress(done)
    count_all(connection)
    in_order_of_arrival = connection.execute(
        "SELECT pitfall FROM events WHERE kind <> 'occurrence_logged'"
        " GROUP BY pitfall ORDER BY min(n)"
    ).fetchall()
    with (
        sorted_afterwards(connection, "pitfalls"),
        sorted_afterwards(connection, "changes"),
    ):
        for part in in_parts(in_order_of_arrival, TOGETHER):
            done += refold(connection, [(pitfall, {}) for (pitfall,) in part])
            progress(done)
    duplicates = connection.execute("SELECT id FROM pitfalls WHERE duplicate_of <> ''").fetchall()
    regroup(connection, [pitfall for (pitfall,) in duplicates])
    return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


# The kinds of our own naming, as an SQL list.
_MENTIONING = ", ".join(
    f"'{kind}'" for kind, body in KINDS.items() if body.mentions is not Body.mentions
)
_PLAIN_OCCURRENCE = (
    "kind = 'occurrence_logged' AND NOT EXISTS (SELECT 1 FROM mentions"
    " WHERE mentions.target = events.id AND mentions.pitfall = events.pitfall)"
)


def _pages(connection: sqlite3.Connection, where: str) -> Iterator[list[Event]]:
    """Events by pages, in order of arrival: an open cursor would pin the WAL."""
    last = 0
    while True:
        rows = connection.execute(
            "SELECT n, id, CAST(line AS BLOB) FROM events"
            f" WHERE n > ? AND {where} ORDER BY n LIMIT ?",
            (last, _PAGE),
        ).fetchall()
        if rows:
            yield [held(event, line) for _, event, line in rows]
        if len(rows) < _PAGE:
            return
        last = rows[-1][0]
