"""Keeping the projection equal to the fold of the events.

What only adds (an occurrence that nothing else speaks of) is added; whatever
else arrives refolds its pitfall. Both paths come to what :func:`rebuild` comes to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from storage import projection
from storage.events import Event, OccurrenceLogged, parse
from storage.fold import fold
from storage.models import Occurrence

_PAGE = 2_000


def core_events(connection: sqlite3.Connection, pitfall_id: str) -> list[Event]:
    """A pitfall's events without its occurrences."""
    rows = connection.execute(
        "SELECT line FROM events WHERE pitfall = ? AND kind <> 'occurrence_logged'", (pitfall_id,)
    ).fetchall()
    return [parse(line.encode()) for (line,) in rows]


def mentioned_occurrences(connection: sqlite3.Connection, pitfall_id: str) -> list[Event]:
    """The occurrences of a pitfall that another of its events amends, hides or takes back."""
    rows = connection.execute(
        "SELECT DISTINCT line FROM mentions JOIN events ON events.id = mentions.target"
        " WHERE mentions.pitfall = ?1 AND events.pitfall = ?1 AND kind = 'occurrence_logged'",
        (pitfall_id,),
    ).fetchall()
    return [parse(line.encode()) for (line,) in rows]


def project(connection: sqlite3.Connection, arrived: Sequence[Event]) -> frozenset[str]:
    """Bring the projection up to date after ``arrived`` were inserted; the pitfalls touched."""
    _note_mentions(connection, arrived)
    by_pitfall = attrgetter("pitfall")
    for pitfall_id, group in groupby(sorted(arrived, key=by_pitfall), key=by_pitfall):
        events = list(group)
        plain = _plain_occurrences(connection, events)
        if plain is not None:
            projection.add_occurrences(connection, plain)
        else:
            refold(connection, pitfall_id, [e for e in events if _is_occurrence(e)])
    return frozenset(event.pitfall for event in arrived)


def refold(
    connection: sqlite3.Connection, pitfall_id: str, arrived_occurrences: Iterable[Event] = ()
) -> None:
    """Fold one pitfall again and replace its rows, with those occurrences that may differ."""
    core = core_events(connection, pitfall_id)
    touched = [*mentioned_occurrences(connection, pitfall_id), *arrived_occurrences]
    folded = fold([*core, *touched])
    connection.execute("DELETE FROM voided WHERE pitfall = ?", (pitfall_id,))
    connection.executemany(
        "INSERT INTO voided (event, pitfall) VALUES (?, ?)",
        [(event, pitfall_id) for event in folded.void],
    )
    if folded.pitfall is None:
        projection.remove_pitfall(connection, pitfall_id)
    else:
        projection.write_pitfall(connection, folded.pitfall)
    if touched:
        projection.replace_occurrences(
            connection, pitfall_id, {event.id for event in touched}, list(folded.occurrences)
        )


def rebuild(
    connection: sqlite3.Connection, progress: Callable[[int], None] = lambda done: None
) -> int:
    """Throw the projection away and fold every event again; how many events there were.

    Args:
        connection: inside a write transaction.
        progress: told the number of events done so far.
    """
    from storage.schema import PROJECTION

    for table in PROJECTION:
        connection.execute(f"DELETE FROM {table}")
    pitfalls: dict[str, None] = {}
    done = 0
    for event in _all(connection, "kind <> 'occurrence_logged'"):
        _note_mentions(connection, [event])
        pitfalls[event.pitfall] = None
        done += 1
    for place, pitfall_id in enumerate(pitfalls):
        refold(connection, pitfall_id)
        if place % _PAGE == 0:
            progress(place)
    for event in _all(connection, "kind = 'occurrence_logged'"):
        projection.add_occurrences(connection, _plain_occurrences(connection, [event]) or ())
        done += 1
        if done % _PAGE == 0:
            progress(done)
    return done


def _note_mentions(connection: sqlite3.Connection, events: Iterable[Event]) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO mentions (target, event, pitfall) VALUES (?, ?, ?)",
        [
            (target, event.id, event.pitfall)
            for event in events
            if event.body is not None
            for target in event.body.mentions()
        ],
    )


def _all(connection: sqlite3.Connection, where: str) -> Iterator[Event]:
    """Events by pages, in order of arrival: an open cursor would pin the WAL."""
    last = 0
    while True:
        rows = connection.execute(
            f"SELECT n, line FROM events WHERE n > ? AND {where} ORDER BY n LIMIT ?",
            (last, _PAGE),
        ).fetchall()
        yield from (parse(line.encode()) for _, line in rows)
        if len(rows) < _PAGE:
            return
        last = rows[-1][0]


def _is_occurrence(event: Event) -> bool:
    return event.envelope.kind == OccurrenceLogged.kind


def _plain_occurrences(
    connection: sqlite3.Connection, events: list[Event]
) -> list[Occurrence] | None:
    """The occurrences that ``events`` are, if nothing else speaks of them; else None."""
    plain: list[Occurrence] = []
    for event in events:
        if not _is_occurrence(event):
            return None
        mentioned = connection.execute(
            "SELECT 1 FROM mentions WHERE target = ? AND pitfall = ?", (event.id, event.pitfall)
        ).fetchone()
        if mentioned:
            return None
        if isinstance(event.body, OccurrenceLogged):
            plain.append(event.body.freeze(event))
    return plain
