"""A journal: one store's part of the record as files in git, and how it grows.

``format`` says what it is, ``events/000001.jsonl`` and on are segments of event lines, and
``files/ab/cdef…`` the bytes of attachments, each named by its SHA-256. A segment only grows,
and is sealed once it has reached about a mebibyte; nothing else ever changes.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from storage.db import blobs
from storage.db.reader import NAMED_EVENTS
from storage.model.fields import NamedTuple

FORMAT_PATH: Final = "format"
FORMAT: Final = b"pitboard-journal 1\n"
#: A segment that holds so many bytes is sealed.
SEALED_AT: Final = 1024 * 1024
#: No writer makes a larger one, so a larger one is not read.
LARGEST_SEGMENT: Final = 8 * SEALED_AT

_SEGMENT: Final = re.compile(r"events/(\d{6})\.jsonl")
_ACTOR: Final = re.compile("[0-9a-f]{32}")
_FORMAT: Final = re.compile(rb"pitboard-journal (\d{1,9})\n")


class PushResult(StrEnum):
    """What became of a push."""

    DONE = "done"
    BEHIND = "behind"
    """Somebody has written this journal meanwhile."""
    NO_SUCH_REFS = "no-such-refs"
    """The host takes no refs of this layout."""


class Layout(StrEnum):
    """Under which refs a remote keeps journals."""

    REFS = "refs"
    """``refs/pitboard/<actor>``, which no checkout and no list of branches shows."""
    BRANCHES = "branches"
    """``refs/heads/pitboard/<actor>``, where a host takes no other refs."""
    REFS_2 = "refs-2"
    """``refs/pitboard-2/<actor>``, where another ref is in the way of both."""
    BRANCHES_2 = "branches-2"
    REFS_3 = "refs-3"
    BRANCHES_3 = "branches-3"

    @property
    def place(self) -> str:
        """The beginning of the refs on the remote."""
        kind, _, number = self.partition("-")
        start = "refs/pitboard" if kind == "refs" else "refs/heads/pitboard"
        return f"{start}-{number}" if number else start


class JournalName(NamedTuple):
    """Whose journal it is and where the remote keeps it."""

    layout: Layout
    actor: str

    @property
    def ref(self) -> str:
        """Its ref on the remote."""
        return f"{self.layout.place}/{self.actor}"

    @property
    def fetched(self) -> str:
        """Its ref in the private repository."""
        return f"refs/theirs/{self.layout}/{self.actor}"


def journal_at(ref: str) -> JournalName | None:
    """Whose journal lies at a ref of a remote; None if none may lie there."""
    place, _, actor = ref.rpartition("/")
    layout = next((one for one in Layout if one.place == place), None)
    return JournalName(layout, actor) if layout and _ACTOR.fullmatch(actor) else None


class Segment(NamedTuple):
    """A file of a journal that holds event lines, by its number from 1, as it is now."""

    number: int
    data: bytes

    @property
    def path(self) -> str:
        """Where it lies in the journal."""
        return f"events/{self.number:06}.jsonl"


def segment_number(path: str) -> int | None:
    """The number of the segment at a path of a journal; None if there is none."""
    found = _SEGMENT.fullmatch(path)
    return int(found[1]) if found else None


def file_path(digest: str) -> str:
    """Where a journal holds an attachment's bytes."""
    return f"files/{digest[:2]}/{digest[2:]}"


def version_of(data: bytes) -> int | None:
    """The version of a journal by its ``format`` file; None if it is not a journal."""
    found = _FORMAT.fullmatch(data)
    return int(found[1]) if found else None


def grown(last: Segment | None, lines: Iterable[bytes]) -> Iterator[Segment]:
    """The segments that change when lines are added, each whole, in their order.

    Args:
        last: the last segment of the journal; None if it has none.
        lines: whole event lines without their line breaks.
    """
    number, data = last or Segment(1, b"")
    # What a killed writer or a damaged disk left without its end stays a line of its own.
    held = [data if not data or data.endswith(b"\n") else data + b"\n"]
    size = changed = 0
    size = len(held[0])
    for line in lines:
        if size >= SEALED_AT:
            if changed:
                yield Segment(number, b"".join(held))
            number, held, size, changed = number + 1, [], 0, 0
        held.append(line + b"\n")
        size += len(line) + 1
        changed += 1
    if changed:
        yield Segment(number, b"".join(held))


# What is known of the remote: how far its journals were taken in, and what lies there


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


def numbers_of(connection: sqlite3.Connection, named: str) -> list[Run]:
    """The numbers of events that are here, quarantined or not, each as a run.

    Args:
        connection: reads the board.
        named: the events, as ``NAMED_EVENTS`` takes them.
    """
    return connection.execute(
        f"SELECT events.n, events.n FROM {NAMED_EVENTS}"
        " UNION SELECT n, n FROM quarantine WHERE id IN (SELECT key FROM json_each(?1))",
        (named,),
    ).fetchall()


def taken(connection: sqlite3.Connection) -> dict[JournalName, str]:
    """Up to which commit each journal was taken in."""
    rows = connection.execute("SELECT layout, actor, taken FROM journals").fetchall()
    return {JournalName(Layout(layout), actor): commit for layout, actor, commit in rows}


def note_taken(connection: sqlite3.Connection, come: Mapping[JournalName, str]) -> None:
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


def to_send(connection: sqlite3.Connection) -> list[Run]:
    """The runs of events that wait to be sent and are not quarantined."""
    runs = unmarked(connection)
    if not runs:
        return []
    held = connection.execute("SELECT n FROM quarantine WHERE n >= ? ORDER BY n", (runs[0][0],))
    return list(without(runs, [n for (n,) in held.fetchall()]))


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
