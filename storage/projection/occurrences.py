"""The rows of occurrences, and what they add up to: counters, weeks, messages, versions.

An occurrence that was recorded on a duplicate counts for the original: its row's
``pitfall`` is where it counts, ``recorded_on`` where it was logged.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, reduce
from itertools import count, groupby, islice
from operator import itemgetter, or_
from typing import Any, Final

from storage.db.connection import sorted_afterwards
from storage.db.rows import SEEN_IN, shape_of
from storage.events import Event, OccurrenceLogged, held, held_columns
from storage.model.clock import LIMIT
from storage.model.environment import key_and_bit
from storage.model.records import Occurrence
from storage.model.vocabulary import Outcome
from storage.projection.search_index import filling_messages, forget_messages, keep_message
from storage.projection.verdicts import judge_added, judge_all
from storage.text.zones import zone

# What the occurrences of the pitfall ?1 come to; exactly one row, even if there is none.
_SEEN_IN: Final = " + ".join(
    f"ifnull(max(({column} = '{word}') * {bit}), 0)"
    for column, words in SEEN_IN.items()
    for word, bit in words.items()
)
_AXES: Final = ("client", "library")


def _widened(low: str, high: str) -> str:
    """The assignments that let a range include another one, whose ends may be unknown."""
    return (
        f"{low} = CASE WHEN {low} <= :{low} THEN {low} ELSE ifnull(:{low}, {low}) END,"
        f" {high} = CASE WHEN {high} >= :{high} THEN {high} ELSE ifnull(:{high}, {high}) END"
    )


# All the few versions of a pitfall at once: asked for one axis, SQLite would go through all of it
# in search of the first.
_ENDS: Final = [(axis, end) for axis in _AXES for end in ("min", "max")]
_VERSIONS: Final = (
    *(f"{end}(CASE axis WHEN '{axis}' THEN key END)" for axis, end in _ENDS),
    # Of bits, each of which is counted once, the sum is all of them.
    *(f"ifnull(sum(DISTINCT CASE axis WHEN '{axis}' THEN bit END), 0)" for axis in _AXES),
)
COUNTERS: Final = f"""
SELECT * FROM (
  SELECT ifnull(sum(CASE outcome WHEN 'reproduced' THEN count END), 0),
    ifnull(sum(CASE outcome WHEN 'reproduced' THEN 0 ELSE count END), 0),
    min(CASE outcome WHEN 'reproduced' THEN seen_at END),
    max(CASE outcome WHEN 'reproduced' THEN seen_at END),
    {_SEEN_IN}
  FROM occurrences WHERE pitfall = ?1
), (SELECT {", ".join(_VERSIONS)} FROM seen_versions WHERE pitfall = ?1)
"""

#: The columns that ``COUNTERS`` gives, in its order.
COUNTED: Final = (
    *("occurrence_count", "not_reproduced_count", "first_seen", "last_seen", "seen_in"),
    *(f"{axis}_{end}" for axis, end in _ENDS),
    *(f"{axis}_seen" for axis in _AXES),
)
_RECOUNT_PITFALL: Final = f"UPDATE pitfalls SET ({', '.join(COUNTED)}) = ({COUNTERS}) WHERE id = ?1"
_COUNTED: Final = ("pitfall", *COUNTED)
# All at once: what an index holds of a row is then written once.
_COUNT: Final = f"""
UPDATE pitfalls SET occurrence_count = occurrence_count + :occurrence_count,
  not_reproduced_count = not_reproduced_count + :not_reproduced_count,
  seen_in = seen_in | :seen_in, {_widened("first_seen", "last_seen")},
  {", ".join(_widened(f"{axis}_min", f"{axis}_max") for axis in _AXES)},
  {", ".join(f"{axis}_seen = {axis}_seen | :{axis}_seen" for axis in _AXES)}
WHERE id = :pitfall
"""

_SHAPE: Final = shape_of(Occurrence)
_INSERT_OCCURRENCE: Final = _SHAPE.insert("occurrences", "pitfall", verb="INSERT OR IGNORE")

_INSERT_WEEKS: Final = """
INSERT INTO weekly_occurrences
SELECT pitfall, week_of(seen_at), sum(count) FROM occurrences
WHERE outcome = 'reproduced'
"""
_OF_A_WEEK: Final = "GROUP BY 1, 2"
_INSERT_WEEK: Final = "INSERT INTO weekly_occurrences VALUES (?, ?, ?)"
_NOTE_VERSION: Final = (
    "INSERT OR IGNORE INTO seen_versions (pitfall, axis, version, key, bit) VALUES (?, ?, ?, ?, ?)"
)
# Sorted by each axis, and so in the order of the table, which is filled much faster so.
_DISTINCT_VERSIONS: Final = """
SELECT pitfall, 'client' AS axis, client_version AS version FROM occurrences
WHERE client_version <> '' {of} GROUP BY pitfall, client_version
UNION ALL SELECT pitfall, 'library', base_library FROM occurrences
WHERE base_library <> '' {of} GROUP BY pitfall, base_library
"""


def count_days_anew(connection: sqlite3.Connection) -> None:
    """Count and judge again what depends on when days begin: the board has another time zone."""
    connection.execute("DELETE FROM weekly_occurrences")
    connection.execute(f"{_INSERT_WEEKS} {_OF_A_WEEK}")
    for (pitfall_id,) in connection.execute("SELECT DISTINCT pitfall FROM fixes").fetchall():
        judge_all(connection, pitfall_id)


def homes(connection: sqlite3.Connection, names: Iterable[str]) -> dict[str, str]:
    """The pitfalls that those of some names count for, where it is another one."""
    found = {}
    for name in names:
        row = connection.execute(
            "SELECT original FROM pitfalls WHERE id = ? AND original IS NOT NULL", (name,)
        ).fetchone()
        if row is not None:
            found[name] = row[0]
    return found


def insert_occurrences(connection: sqlite3.Connection, occurrences: Iterable[Occurrence]) -> int:
    """Insert the rows of occurrences that are not there yet, counting nothing; how many."""
    return _insert(connection, _with_homes(connection, list(occurrences)))


_ROW_OF: Final = itemgetter(*_SHAPE.columns, "recorded_on")


def fill_occurrences(
    connection: sqlite3.Connection, held_events: Iterable[tuple[str, bytes]]
) -> list[Event]:
    """Insert the rows of occurrences that nothing speaks of, counting nothing.

    Args:
        connection: writes a board on which no pitfall is a duplicate yet.
        held_events: their ids and lines, each once.

    Returns:
        those that this version can't read, which have no row.
    """
    unread = []
    rows: list[Sequence[object]] = []
    for name, line in held_events:
        columns = held_columns(name, line)
        if columns is not None:
            rows.append(_ROW_OF(columns))
            continue
        event = held(name, line)
        if isinstance(event.body, OccurrenceLogged):
            rows.append(_SHAPE.row(event.body.freeze(event), event.pitfall))
        else:
            unread.append(event)
    connection.executemany(_INSERT_OCCURRENCE, rows)
    return unread


#: More lines need not be in memory at once.
_PAGE: Final = 2_000
#: As a condition on events: an occurrence that nothing speaks of.
PLAIN_OCCURRENCE: Final = (
    "kind = 'occurrence_logged' AND NOT EXISTS (SELECT 1 FROM mentions"
    " WHERE mentions.target = events.id AND mentions.pitfall = events.pitfall)"
)


def pages_of(
    connection: sqlite3.Connection, where: str, *, after: int = 0, up_to: int = LIMIT
) -> Iterator[list[tuple[str, bytes]]]:
    """Ids and lines by pages, in order of arrival: an open cursor would pin the WAL."""
    last = after
    while True:
        rows = connection.execute(
            "SELECT n, id, CAST(line AS BLOB) FROM events"
            f" WHERE n > ? AND n <= ? AND {where} ORDER BY n LIMIT ?",
            (last, up_to, _PAGE),
        ).fetchall()
        if rows:
            yield [(event, line) for _, event, line in rows]
        if len(rows) < _PAGE:
            return
        last = rows[-1][0]


def _insert(connection: sqlite3.Connection, counted: Iterable[tuple[str, Occurrence]]) -> int:
    rows = (_SHAPE.row(one, counts_for) for counts_for, one in counted)
    return connection.executemany(_INSERT_OCCURRENCE, rows).rowcount


def _with_homes(
    connection: sqlite3.Connection, occurrences: Sequence[Occurrence]
) -> list[tuple[str, Occurrence]]:
    """Each occurrence with the pitfall that it counts for."""
    home = homes(connection, {one.recorded_on for one in occurrences})
    return [(home.get(one.recorded_on, one.recorded_on), one) for one in occurrences]


def add_occurrences(connection: sqlite3.Connection, occurrences: Sequence[Occurrence]) -> None:
    """Insert occurrences that nothing amends or takes back, count and judge them."""
    counted = _with_homes(connection, occurrences)
    by_pitfall: defaultdict[str, list[Occurrence]] = defaultdict(list)
    for pitfall_id, one in counted:
        by_pitfall[pitfall_id].append(one)
    sums = [_Sum(name, map(_as_counted, count(), those)) for name, those in by_pitfall.items()]
    if _insert(connection, counted) < len(counted):
        # Some were there already, and counted: the sums can't be added to.
        for pitfall_id in by_pitfall:
            recount(connection, pitfall_id)
            judge_all(connection, pitfall_id)
    else:
        sums_by_name = [dict(zip(_COUNTED, one.counters, strict=True)) for one in sums]
        connection.executemany(_COUNT, sums_by_name)
        connection.executemany(
            f"{_INSERT_WEEK} ON CONFLICT DO UPDATE SET count = count + excluded.count",
            [week for one in sums for week in one.weeks],
        )
        for pitfall_id, added in by_pitfall.items():
            judge_added(connection, pitfall_id, added)
    for said in (message for one in sums for message in one.messages):
        keep_message(connection, *said)
    connection.executemany(_NOTE_VERSION, [version for one in sums for version in one.versions])


def replace_occurrences(
    connection: sqlite3.Connection,
    pitfall_id: str,
    touched: Iterable[str],
    now: Sequence[Occurrence],
) -> None:
    """Replace the ``touched`` occurrences recorded on a pitfall by what they are now; recount."""
    connection.executemany("DELETE FROM occurrences WHERE id = ?", [(one,) for one in touched])
    counted = _with_homes(connection, now)
    _insert(connection, counted)
    counts_for = homes(connection, [pitfall_id]).get(pitfall_id, pitfall_id)
    recount(connection, counts_for)
    forget_messages(connection, counts_for)
    for pitfall, one in counted:
        if one.message:
            keep_message(connection, pitfall, one.message)
    judge_all(connection, counts_for)


def rehome(connection: sqlite3.Connection, moves: Iterable[tuple[str, str, str]]) -> None:
    """Let the occurrences that were recorded on pitfalls count for others than before.

    Each pitfall that loses or gains any is counted once, however many were moved.

    Args:
        connection: inside a write transaction.
        moves: of each, where they were recorded, what they counted for, and what they count for.
    """
    lost: dict[str, None] = {}
    gained: dict[str, set[str]] = {}
    for recorded_on, before, after in moves:
        moved = connection.execute(
            "UPDATE occurrences SET pitfall = ? WHERE pitfall = ? AND recorded_on = ?"
            " RETURNING message",
            (after, before, recorded_on),
        ).fetchall()
        lost[before] = None
        gained.setdefault(after, set()).update(message for (message,) in moved if message)
    for pitfall_id in dict.fromkeys((*lost, *gained)):
        recount(connection, pitfall_id)
        judge_all(connection, pitfall_id)
    for pitfall_id in lost:
        forget_messages(connection, pitfall_id)
    for pitfall_id, messages in gained.items():
        for message in messages:
            keep_message(connection, pitfall_id, message)


def count_occurrences(connection: sqlite3.Connection, pitfall_id: str) -> None:
    """Add up a pitfall's occurrences again for its own counters alone."""
    connection.execute(_RECOUNT_PITFALL, (pitfall_id,))


def recount(connection: sqlite3.Connection, pitfall_id: str) -> None:
    """Add up a pitfall's occurrences again: its counters, its weeks and its versions."""
    mine = (pitfall_id,)
    connection.execute("DELETE FROM weekly_occurrences WHERE pitfall = ?", mine)
    connection.execute(f"{_INSERT_WEEKS} AND pitfall = ? {_OF_A_WEEK}", mine)
    connection.execute("DELETE FROM seen_versions WHERE pitfall = ?", mine)
    rows = connection.execute(_DISTINCT_VERSIONS.format(of="AND pitfall = ?1"), mine).fetchall()
    noted = [(*row, *key_and_bit(row[2])) for row in rows]
    connection.executemany(_NOTE_VERSION, noted)
    count_occurrences(connection, pitfall_id)


# All of them at once, on a board that counts none yet


_INSERT_COUNTED: Final = f"INSERT INTO temp.counted VALUES ({', '.join('?' * len(_COUNTED))})"
#: In one sort for all that is counted. By an index, each row would be looked up by itself.
_BY_PITFALL: Final = f"""
SELECT pitfall, n, seen_at, count, message, client_version, base_library, {", ".join(SEEN_IN)}
FROM occurrences NOT INDEXED ORDER BY pitfall
"""
#: From this column on, it says where and how an occurrence was seen.
_SAID: Final = 7
#: So many pitfalls are counted before that is written.
_TOGETHER: Final = 200
#: As ``COUNTERS`` has it of what was never seen.
_NEVER_SEEN: Final = (0, 0, None, None, 0, *[None] * len(_ENDS), *[0] * len(_AXES))


@contextmanager
def all_counted(connection: sqlite3.Connection, going_on: Callable[[], object]) -> Iterator[None]:
    """Count all occurrences: their weeks, messages and versions, and for :func:`first_counters`.

    They are gone through once, sorted by their pitfalls; SQLite keeps on the disk what does not fit
    into memory. What is counted comes in the order of the tables, which are filled faster so.

    Args:
        connection: inside a write transaction, on a board that holds nothing of it.
        going_on: called now and then; may raise to stop.
    """
    columns = f"{', '.join(_COUNTED)}, PRIMARY KEY (pitfall)"
    connection.execute(f"CREATE TEMP TABLE counted ({columns}) WITHOUT ROWID")
    with (
        sorted_afterwards(connection, "seen_versions"),
        filling_messages(connection) as keep_messages,
    ):
        by_pitfall = groupby(connection.execute(_BY_PITFALL), itemgetter(0))
        sums = (_Sum(pitfall, rows) for pitfall, rows in by_pitfall)
        while part := list(islice(sums, _TOGETHER)):
            connection.executemany(_INSERT_COUNTED, [one.counters for one in part])
            connection.executemany(_INSERT_WEEK, [row for one in part for row in one.weeks])
            connection.executemany(_NOTE_VERSION, [row for one in part for row in one.versions])
            keep_messages([row for one in part for row in one.messages])
            going_on()
    yield
    connection.execute("DROP TABLE temp.counted")


def first_counters(connection: sqlite3.Connection, pitfalls: Sequence[str]) -> dict[str, Any]:
    """What ``COUNTERS`` asks, of some pitfalls at once, inside :func:`all_counted`."""
    rows = connection.execute(
        "SELECT * FROM temp.counted WHERE pitfall IN (SELECT value FROM json_each(?))",
        (json.dumps(pitfalls),),
    )
    return dict.fromkeys(pitfalls, _NEVER_SEEN) | {name: counted for name, *counted in rows}


class _Sum:
    """What the occurrences of one pitfall add up to, as rows of the tables.

    It is given its id and the rows of ``_BY_PITFALL``, which may be many.
    """

    def __init__(self, pitfall: str, rows: Iterable[Sequence[Any]]) -> None:
        tried, first, last = 0, LIMIT, -1
        first_with, weeks = dict[str, int](), dict[int, int]()
        seen_in: dict[Sequence[str | None], None] = {}
        clients, libraries = dict[str, None](), dict[str, None]()
        reproduced, week_of = Outcome.REPRODUCED.value, zone().week_of
        for row in rows:
            (_, n, at, count, message, client, library), said = row[:_SAID], row[_SAID:]
            if said[0] == reproduced:
                first = at if at < first else first
                last = at if at > last else last
                week = week_of(at)
                weeks[week] = weeks.get(week, 0) + count
            else:
                tried += count
            if message and n <= first_with.get(message, n):
                first_with[message] = n
            clients[client] = libraries[library] = seen_in[said] = None
        self.weeks = [(pitfall, week, count) for week, count in sorted(weeks.items())]
        #: The first that came first.
        self.messages = [(pitfall, one) for one in sorted(first_with, key=first_with.__getitem__)]
        self.versions: list[Sequence[Any]] = []
        ends, seen = list[str | None](), list[int]()
        for axis, versions in zip(_AXES, (clients, libraries), strict=True):
            noted = [(one, *key_and_bit(one)) for one in sorted(filter(None, versions))]
            keys = [key for _, key, _ in noted if key]
            ends += (min(keys), max(keys)) if keys else (None, None)
            seen.append(reduce(or_, [bit for _, _, bit in noted if bit], 0))
            self.versions += [(pitfall, axis, *version) for version in noted]
        seen_at = (first, last) if weeks else (None, None)
        bits = reduce(or_, map(_bits_of, seen_in))
        self.counters = (pitfall, sum(weeks.values()), tried, *seen_at, bits, *ends, *seen)


def _as_counted(n: int, one: Occurrence) -> Sequence[Any]:
    """An occurrence as a row of ``_BY_PITFALL``."""
    where = one.environment
    said = (one.outcome, *(getattr(where, field) for field in SEEN_IN if field != "outcome"))
    versions = (where.client_version, where.base_library)
    return ("", n, one.seen_at, one.count, one.message, *versions, *said)


@lru_cache(10_000)
def _bits_of(said: Sequence[str | None]) -> int:
    """What an occurrence says in the columns of ``SEEN_IN``, as bits."""
    words = zip(SEEN_IN, said, strict=True)
    return sum(SEEN_IN[column].get(word or "", 0) for column, word in words)
