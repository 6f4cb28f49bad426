"""The rows of occurrences, and what they add up to: counters, weeks, messages, versions.

An occurrence that was recorded on a duplicate counts for the original: its row's
``pitfall`` is where it counts, ``recorded_on`` where it was logged.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, reduce
from operator import itemgetter, or_
from typing import Final

from storage.db.connection import sorted_afterwards
from storage.db.rows import SEEN_IN, shape_of
from storage.events import Event, OccurrenceLogged, held, held_columns
from storage.model.clock import LIMIT
from storage.model.environment import version_key
from storage.model.records import Occurrence
from storage.model.vocabulary import Outcome
from storage.projection.search_index import forget_messages, keep_message, keep_messages
from storage.projection.verdicts import judge_added, judge_all
from storage.text.zones import week_of

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
_VERSIONS: Final = ", ".join(
    f"{end}(CASE axis WHEN '{axis}' THEN key END)" for axis in _AXES for end in ("min", "max")
)
COUNTERS: Final = f"""
SELECT * FROM (
  SELECT ifnull(sum(CASE outcome WHEN 'reproduced' THEN count END), 0),
    ifnull(sum(CASE outcome WHEN 'reproduced' THEN 0 ELSE count END), 0),
    min(CASE outcome WHEN 'reproduced' THEN seen_at END),
    max(CASE outcome WHEN 'reproduced' THEN seen_at END),
    {_SEEN_IN}
  FROM occurrences WHERE pitfall = ?1
), (SELECT {_VERSIONS} FROM seen_versions WHERE pitfall = ?1)
"""

_RECOUNT_PITFALL: Final = f"""
UPDATE pitfalls SET (occurrence_count, not_reproduced_count, first_seen, last_seen, seen_in,
  client_min, client_max, library_min, library_max) = ({COUNTERS}) WHERE id = ?1
"""

# All at once: what an index holds of a row is then written once.
_COUNT: Final = f"""
UPDATE pitfalls SET occurrence_count = occurrence_count + :count,
  not_reproduced_count = not_reproduced_count + :tried, seen_in = seen_in | :seen_in,
  {_widened("first_seen", "last_seen")},
  {", ".join(_widened(f"{axis}_min", f"{axis}_max") for axis in _AXES)}
WHERE id = :pitfall
"""

_SHAPE: Final = shape_of(Occurrence)
_WORDS: Final = tuple(field for field in SEEN_IN if field != "outcome")
_INSERT_OCCURRENCE: Final = _SHAPE.insert("occurrences", "pitfall", verb="INSERT OR IGNORE")

_INSERT_WEEKS: Final = """
INSERT INTO weekly_occurrences
SELECT pitfall, week_of(seen_at), sum(count) FROM occurrences
WHERE outcome = 'reproduced'
"""
_OF_A_WEEK: Final = "GROUP BY 1, 2"
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


_KNOWS_VERSION_KEY: Final = "SELECT 1 FROM pragma_function_list WHERE name = 'version_key'"


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
    if _insert(connection, counted) < len(counted):
        # Some were there already, and counted: the sums can't be added to.
        for pitfall_id in by_pitfall:
            recount(connection, pitfall_id)
            judge_all(connection, pitfall_id)
    else:
        _count(connection, counted)
        for pitfall_id, added in by_pitfall.items():
            judge_added(connection, pitfall_id, added)
    _keep_messages(connection, counted)
    _note_versions(
        connection,
        {
            (pitfall, axis, version)
            for pitfall, one in counted
            for axis in _AXES
            if (version := _version(one, axis))
        },
    )


def _keep_messages(
    connection: sqlite3.Connection, counted: Iterable[tuple[str, Occurrence]]
) -> None:
    for pitfall_id, message in {(pitfall, one.message): None for pitfall, one in counted}:
        if message:
            keep_message(connection, pitfall_id, message)


def _count(connection: sqlite3.Connection, counted: Iterable[tuple[str, Occurrence]]) -> None:
    """Add new occurrences to the counters of the pitfalls and weeks that they count for."""
    by_pitfall: defaultdict[str, list[Occurrence]] = defaultdict(list)
    weeks: defaultdict[tuple[str, int], int] = defaultdict(int)
    for name, one in counted:
        by_pitfall[name].append(one)
        if one.outcome is not Outcome.NOT_REPRODUCED:
            weeks[name, week_of(one.seen_at)] += one.count
    connection.executemany(_COUNT, [_sums(*item) for item in by_pitfall.items()])
    connection.executemany(
        "INSERT INTO weekly_occurrences VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET count = count + excluded.count",
        [(name, week, count) for (name, week), count in weeks.items()],
    )


def _sums(pitfall: str, added: Sequence[Occurrence]) -> dict[str, object]:
    """What some new occurrences add to the row of their pitfall, for ``_COUNT``."""
    seen = [one for one in added if one.outcome is not Outcome.NOT_REPRODUCED]
    times = [one.seen_at for one in seen]
    sums: dict[str, object] = {
        "pitfall": pitfall,
        "count": sum(one.count for one in seen),
        "tried": sum(one.count for one in added) - sum(one.count for one in seen),
        "seen_in": reduce(or_, map(_seen_in, added)),
        "first_seen": min(times, default=None),
        "last_seen": max(times, default=None),
    }
    for axis in _AXES:
        keys = [version_key(version) for one in added if (version := _version(one, axis))]
        known = [key for key in keys if key is not None]
        sums |= {f"{axis}_min": min(known, default=None), f"{axis}_max": max(known, default=None)}
    return sums


def _version(one: Occurrence, axis: str) -> str | None:
    """In which version on an axis something was seen."""
    where = one.environment
    return where.client_version if axis == "client" else where.base_library


def _seen_in(one: Occurrence) -> int:
    """Where and with what outcome it was seen, as the bits of the column ``seen_in``."""
    bits = SEEN_IN["outcome"][one.outcome]
    for field in _WORDS:
        value = getattr(one.environment, field)
        if value is not None:
            bits |= SEEN_IN[field][value]
    return bits


def count_all(connection: sqlite3.Connection) -> None:
    """The weeks, messages and versions of all occurrences, on a board that holds none of them."""
    connection.execute(f"{_INSERT_WEEKS} {_OF_A_WEEK}")
    messages = "SELECT DISTINCT pitfall, message FROM occurrences WHERE message <> ''"
    with sorted_afterwards(connection, "messages", unique=True):
        keep_messages(connection, connection.execute(messages))
    # Sorted by SQLite, which keeps what does not fit into memory on the disk; the same few versions
    # come again and again.
    if not connection.execute(_KNOWS_VERSION_KEY).fetchall():
        # Not twice: SQLite refuses to replace a function while any statement is open.
        key = lru_cache(10_000)(version_key)
        connection.create_function("version_key", 1, key, deterministic=True)
    with sorted_afterwards(connection, "seen_versions"):
        connection.execute(
            "INSERT INTO seen_versions (pitfall, axis, version, key)"
            " SELECT pitfall, axis, version, version_key(version)"
            f" FROM ({_DISTINCT_VERSIONS.format(of='')})"
        )


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
    _keep_messages(connection, counted)
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
    versions = _DISTINCT_VERSIONS.format(of="AND pitfall = ?1")
    _note_versions(connection, connection.execute(versions, mine).fetchall())
    count_occurrences(connection, pitfall_id)


def _note_versions(
    connection: sqlite3.Connection, versions: Iterable[tuple[str, str, str]]
) -> None:
    """Note in which versions on which axis pitfalls were seen."""
    connection.executemany(
        "INSERT OR IGNORE INTO seen_versions (pitfall, axis, version, key) VALUES (?, ?, ?, ?)",
        [(pitfall, axis, text, version_key(text)) for pitfall, axis, text in sorted(versions)],
    )
