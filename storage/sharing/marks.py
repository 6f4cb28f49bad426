"""What is known of the remote: how far its journals were taken in, and what lies there.

The events that lie there are runs of their numbers in this file.

What arrives together is one run and what was sent until yesterday another, so a board that
is in step has a single row, and an event that is written here costs nothing until it is sent.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from storage.db import blobs
from storage.sharing.journal import Layout, Name

_PAGE: Final = 1_000


Run = tuple[int, int]


def mark(connection: sqlite3.Connection, runs: Iterable[Run]) -> None:
    """Note that some events lie in a journal on the remote.

    Args:
        runs: the first and the last ``n`` of each run of them, in any order.
    """
    held = connection.execute("SELECT first, last FROM journalled ORDER BY first").fetchall()
    joined = list(_joined(sorted([*held, *runs])))
    if joined != held:
        connection.execute("DELETE FROM journalled")
        connection.executemany("INSERT INTO journalled (first, last) VALUES (?, ?)", joined)


def taken(connection: sqlite3.Connection) -> dict[Name, str]:
    """Up to which commit each journal was taken in."""
    rows = connection.execute("SELECT layout, actor, taken FROM journals").fetchall()
    return {Name(Layout(layout), actor): commit for layout, actor, commit in rows}


def note_taken(connection: sqlite3.Connection, come: Mapping[Name, str]) -> None:
    """Note up to which commit some journals were taken in."""
    connection.executemany(
        "INSERT OR REPLACE INTO journals (layout, actor, taken) VALUES (?, ?, ?)",
        [(*name, commit) for name, commit in come.items()],
    )


def forget(connection: sqlite3.Connection) -> None:
    """Nothing is known of the remote."""
    connection.execute("DELETE FROM journals")
    connection.execute("DELETE FROM journalled")
    blobs.forget_journalled(connection)


def unmarked(connection: sqlite3.Connection) -> list[Run]:
    """The runs of events that wait to be sent, the first and the last number of each."""
    (newest,) = connection.execute("SELECT coalesce(max(n), 0) FROM events").fetchone()
    runs, next_one = [], 1
    for first, last in connection.execute(
        "SELECT first, last FROM journalled ORDER BY first"
    ).fetchall():
        if first > next_one:
            runs.append((next_one, first - 1))
        next_one = last + 1
    if next_one <= newest:
        runs.append((next_one, newest))
    return runs


def count_unmarked(connection: sqlite3.Connection) -> int:
    """How many events wait to be sent."""
    return sum(
        connection.execute("SELECT count(*) FROM events WHERE n BETWEEN ? AND ?", run).fetchone()[0]
        for run in unmarked(connection)
    )


def lines(
    connection: sqlite3.Connection, runs: Iterable[Run], damaged: list[int] | None = None
) -> Iterator[bytes]:
    """The exact lines of some runs of events, in order of arrival.

    Args:
        connection: reads the board.
        runs: the first and the last ``n`` of each.
        damaged: takes the numbers of those that are not as they were written; they are left out.
    """
    # Loaded here, since whoever only counts what waits does without pydantic.
    from storage.events import event_id

    for first, last in runs:
        after = first - 1
        while rows := connection.execute(
            "SELECT n, id, CAST(line AS BLOB) FROM events"
            " WHERE n > ? AND n <= ? ORDER BY n LIMIT ?",
            (after, last, _PAGE),
        ).fetchall():
            for number, name, line in rows:
                if isinstance(line, bytes) and event_id(line) == name:
                    yield line
                elif damaged is not None:
                    damaged.append(number)
            after = rows[-1][0]


def without(runs: Iterable[Run], numbers: Iterable[int]) -> Iterator[Run]:
    """Runs without some of their numbers, which are in order."""
    left_out = list(numbers)
    for first, last in runs:
        for number in left_out:
            if first <= number <= last:
                if first < number:
                    yield first, number - 1
                first = number + 1
        if first <= last:
            yield first, last


def _joined(runs: list[Run]) -> Iterator[Run]:
    """Runs in their order, with those that touch made one."""
    at_hand: Run | None = None
    for first, last in runs:
        if at_hand is not None and first <= at_hand[1] + 1:
            at_hand = at_hand[0], max(at_hand[1], last)
            continue
        if at_hand is not None:
            yield at_hand
        at_hand = first, last
    if at_hand is not None:
        yield at_hand
