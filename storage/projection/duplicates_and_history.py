"""Which pitfall each duplicate counts for, and what changed on each pitfall and when.

What is known of a duplicate moves to the pitfall that it counts for, and back.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from storage.db.rows import STATE, originals
from storage.events import Event
from storage.fold.fold import Span, spans
from storage.model.clock import STATUS, STILL, WORKAROUND, WRITTEN, Change
from storage.model.records import Pitfall
from storage.projection.occurrences import rehome
from storage.projection.pitfalls import rehome_items, state_of, update_derived
from storage.projection.search_index import digest_of, index_groups

Row = tuple[Any, ...]

#: More names than SQLite binds at once would be asked about in vain.
_AT_ONCE = 400


def regroup(connection: sqlite3.Connection, touched: Collection[str]) -> None:
    """Bring the groups of duplicates up to date after some pitfalls were written or removed."""
    if not _concerned(connection, touched):
        return
    rows = connection.execute(
        "SELECT id, duplicate_of, original FROM pitfalls"
        " WHERE duplicate_of <> '' OR original IS NOT NULL"
    ).fetchall()
    originals_of = {name: of for name, of, _ in rows if of}
    there = {
        of
        for of in originals_of.values()
        if connection.execute("SELECT 1 FROM pitfalls WHERE id = ?", (of,)).fetchone()
    } | originals_of.keys()
    now = originals(originals_of, there)
    stale = set()
    moves = []
    for name, _, held in rows:
        original = now.get(name)
        if original != held:
            connection.execute("UPDATE pitfalls SET original = ? WHERE id = ?", (original, name))
            moves.append((name, held or name, original or name))
            rehome_items(connection, name, original or name)
            stale |= {name, held, original} - {None}
        elif original is not None and name in touched:
            stale.add(original)
    rehome(connection, moves)
    groups = sorted(stale | (set(now.values()) & set(touched)))
    index_groups(connection, groups)
    update_derived(connection, groups)


def _concerned(connection: sqlite3.Connection, touched: Collection[str]) -> bool:
    """Whether any of the pitfalls is a duplicate, was one, or has one."""
    names = list(touched)
    for start in range(0, len(names), _AT_ONCE):
        part = names[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(part))
        found = connection.execute(
            f"SELECT 1 FROM pitfalls WHERE id IN ({marks})"
            " AND (duplicate_of <> '' OR original IS NOT NULL)"
            f" UNION ALL SELECT 1 FROM pitfalls WHERE duplicate_of <> ''"
            f" AND duplicate_of IN ({marks})"
            f" UNION ALL SELECT 1 FROM pitfalls WHERE original IN ({marks}) LIMIT 1",
            (*part, *part, *part),
        ).fetchone()
        if found is not None:
            return True
    return False


@contextmanager
def in_their_order(connection: sqlite3.Connection, table: str, key: str) -> Iterator[None]:
    """Gather what is inserted into an empty table, and write it in the order of its key at the end.

    Row by row, each would go into another page of a table that is larger than what SQLite keeps in
    memory, so that pages are read and written again and again.

    Args:
        connection: inside a write transaction.
        table: named without a schema, it is the gathered rows until the end.
        key: its columns.
    """
    connection.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table} WHERE 0")
    yield
    connection.execute(f"INSERT INTO main.{table} SELECT * FROM temp.{table} ORDER BY {key}")
    connection.execute(f"DROP TABLE temp.{table}")


# What changed on each pitfall and when, as rows


_HELD_CHANGES: Final = (
    "SELECT field, at, until, before, after FROM changes WHERE pitfall = ? ORDER BY place"
)


def write_changes(
    connection: sqlite3.Connection,
    changed: Iterable[tuple[str, Sequence[Change]]],
    *,
    is_new: bool = False,
) -> None:
    """Replace the rows of changes, where they differ.

    Args:
        connection: inside a write transaction.
        changed: pitfalls, each with what its events come to; one that is not on the board has no
            changes.
        is_new: whether none of them has rows yet.
    """
    new: list[Row] = []
    for pitfall, changes in changed:
        now = [_without_event(change) for change in changes]
        if not is_new:
            held = connection.execute(_HELD_CHANGES, (pitfall,)).fetchall()
            if held == now:
                continue
            connection.execute("DELETE FROM changes WHERE pitfall = ?", (pitfall,))
        new += [(pitfall, place, *row) for place, row in enumerate(now)]
    connection.executemany(
        "INSERT INTO changes (pitfall, place, field, at, until, before, after)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        new,
    )


def _without_event(change: Change) -> Row:
    _event, *rest = change
    return tuple(rest)


# What the list showed of each pitfall at each time, as rows


_COLUMNS: Final = f"clock, since, until, {STATE}, fixes"


def write_states(
    connection: sqlite3.Connection,
    shown: Iterable[tuple[str, Sequence[Row]]],
    *,
    is_new: bool = False,
) -> None:
    """Replace the rows of states.

    Args:
        connection: inside a write transaction.
        shown: pitfalls, each with the rows that :func:`states` gives; it need not be on the board
            any more.
        is_new: whether none of them has rows yet.
    """
    new: list[Row] = []
    for pitfall, now in shown:
        held: set[Row] = set()
        if not is_new:
            held = set(_held(connection, pitfall))
            connection.executemany(
                "DELETE FROM states WHERE pitfall = ? AND clock = ? AND since = ?",
                [(pitfall, *row[:2]) for row in held if row not in now],
            )
        new += [(pitfall, *row) for row in now if row not in held]
    connection.executemany(
        f"INSERT INTO states (pitfall, {_COLUMNS})"
        f" VALUES (?, {', '.join('?' * len(_COLUMNS.split(', ')))})",
        new,
    )


def states(
    events: Sequence[Event], arrived: Mapping[str, int], shown: Sequence[Span[Row]] | None = None
) -> list[Row]:
    """The rows that a pitfall's events come to, in the columns of ``states`` after its name.

    Args:
        events: all of them, occurrences aside.
        arrived: when (ms) those came that were not written here.
        shown: what they showed by when they were written, if that is known.
    """
    if shown is None:
        shown = spans(events, lambda event: event.envelope.at, columns_shown)
    done = [(span.since, span.until, *span.shown) for span in shown]
    known = done
    arrivals = [arrived.get(event.id) for event in events]
    known_since = {at or event.envelope.at for at, event in zip(arrivals, events, strict=True)}
    if len(known_since) == 1:
        # What came all at once is known since then as it stands.
        known = [(*known_since, STILL, *row) for _since, until, *row in done[-1:] if until == STILL]
    elif any(arrivals):
        known = [
            (span.since, span.until, *span.shown)
            for span in spans(
                events, lambda event: arrived.get(event.id) or event.envelope.at, columns_shown
            )
        ]
    if known == done:
        return [("both", *row) for row in done]
    return [("at", *row) for row in done] + [("known", *row) for row in known]


def is_plain(pitfall: Pitfall, now: Row, shown: Sequence[Row], changes: Sequence[Change]) -> bool:
    """Whether a pitfall has shown since its report what it shows ``now``.

    Its row in ``pitfalls`` then says the same as those in ``states`` and ``changes`` would.
    """
    # What costs least comes first: most have changed.
    if pitfall.fixes or len(shown) != 1:
        return False
    since = (pitfall.reported_at, STILL)
    changed = [(STATUS, *since, "", pitfall.status.value)]
    if pitfall.workaround_at is not None:
        changed.append((WORKAROUND, *since, "", WRITTEN))
    return [_without_event(change) for change in changes] == changed and list(shown) == [
        ("both", *since, *now)
    ]


def _held(connection: sqlite3.Connection, pitfall: str) -> list[Row]:
    return connection.execute(
        f"SELECT {_COLUMNS} FROM states WHERE pitfall = ?", (pitfall,)
    ).fetchall()


def columns_shown(pitfall: Pitfall) -> Row:
    """What the list shows of a pitfall, and by what its occurrences are judged."""
    fixes = [list(fix) for fix in pitfall.fixes]
    return (*state_of(pitfall), digest_of(json.dumps(fixes)) if fixes else "")
