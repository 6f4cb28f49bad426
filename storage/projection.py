"""Folded pitfalls → rows: the only writer of the tables that the board reads.

Everything here runs inside the store's write transaction.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from storage.models import Occurrence, Pitfall
from storage.search import humps, spaced
from storage.vocabulary import Outcome, Status
from storage.weeks import SINCE_MONDAY_MS, WEEK_MS, week_of

_STATUS_ORDER = {status: place for place, status in enumerate(Status)}

_VALUES = (
    "id",
    "title",
    "title_zh",
    "kind",
    "component",
    "component_zh",
    "severity",
    "status",
    "status_order",
    "workaround",
    "workaround_zh",
    "reproduction",
    "reproduction_zh",
    "reported_at",
    "reported_by",
    "changed_at",
)
_HELD_VALUES = f"SELECT n, {', '.join(_VALUES)} FROM pitfalls WHERE id = ?"

# What the occurrences of the pitfall ?1 come to; exactly one row, even if there is none.
_COUNTERS = """
SELECT ifnull(sum(count), 0),
  min(CASE outcome WHEN 'reproduced' THEN seen_at END),
  max(CASE outcome WHEN 'reproduced' THEN seen_at END)
FROM occurrences WHERE pitfall = ?1
"""

_INSERT_PITFALL = f"""
INSERT INTO pitfalls ({", ".join(_VALUES)}, n, occurrence_count, first_seen, last_seen)
SELECT {", ".join("?" * (len(_VALUES) + 1))}, * FROM ({_COUNTERS})
"""

_RECOUNT_PITFALL = f"""
UPDATE pitfalls SET (occurrence_count, first_seen, last_seen) = ({_COUNTERS}) WHERE id = ?1
"""

# Every sort has last_seen in its index, so it is written only where it changes.
_COUNT = """
UPDATE pitfalls SET occurrence_count = occurrence_count + ?2,
  first_seen = CASE WHEN ?3 < ifnull(first_seen, ?3 + 1) THEN ?3 ELSE first_seen END
WHERE id = ?1
"""
_SEEN_LATER = """
UPDATE pitfalls SET last_seen = ?2 WHERE id = ?1 AND ifnull(last_seen, -1) < ?2
"""

_INSERT_OCCURRENCE = """
INSERT OR IGNORE INTO occurrences (id, pitfall, seen_at, who, outcome, host, client_version,
  base_library, platform, os_version, device, channel, permission, devtools_version, company,
  message, count, note, note_zh)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_INSERT_WEEKS = f"""
INSERT INTO weekly_sightings
SELECT pitfall, (seen_at + {SINCE_MONDAY_MS}) / {WEEK_MS}, sum(count) FROM occurrences
WHERE outcome = 'reproduced'
"""
_OF_A_WEEK = "GROUP BY 1, 2"


def digest_of(message: str) -> str:
    """A short name for an error message, by which it is kept once."""
    return hashlib.sha256(message.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def clear(connection: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Empty the tables, those that search by making them again: a row at a time takes long."""
    for table in tables:
        (made_by,) = connection.execute(
            "SELECT sql FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()
        if made_by.startswith("CREATE VIRTUAL"):
            connection.execute(f"DROP TABLE {table}")
            connection.execute(made_by)
        else:
            connection.execute(f"DELETE FROM {table}")


@contextmanager
def sorted_afterwards(connection: sqlite3.Connection, table: str) -> Iterator[None]:
    """Fill a table whose indexes are then made in one go, which takes a part of the time."""
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master"
        " WHERE tbl_name = ? AND type = 'index' AND sql LIKE 'CREATE INDEX%'",
        (table,),
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX [{name}]")
    yield
    for _, made_by in indexes:
        connection.execute(made_by)


def write_pitfalls(connection: sqlite3.Connection, pitfalls: Sequence[Pitfall]) -> None:
    """Replace the rows of some pitfalls; their occurrences stay, and so do their counters."""
    (last,) = connection.execute("SELECT ifnull(max(n), 0) FROM pitfalls").fetchone()
    known: list[tuple[int, Pitfall]] = []
    fresh: list[tuple[int, Pitfall]] = []
    for pitfall in pitfalls:
        row = connection.execute(_HELD_VALUES, (pitfall.id,)).fetchone()
        if row is None:
            last += 1
            fresh.append((last, pitfall))
        else:
            known.append((row[0], pitfall))
            _update(connection, row[0], row[1:], _values(pitfall))
    connection.executemany(_INSERT_PITFALL, [(*_values(one), n) for n, one in fresh])
    _clear_items(connection, [one.id for _, one in known])
    _write_items(connection, pitfalls)
    _index(connection, [*_searched_otherwise(connection, known), *fresh])


def _values(pitfall: Pitfall) -> tuple[object, ...]:
    """The columns of ``_VALUES``."""
    return (
        pitfall.id,
        pitfall.title.plain,
        pitfall.title.zh or pitfall.title.plain,
        pitfall.kind.value,
        pitfall.component.plain,
        pitfall.component.zh or pitfall.component.plain,
        pitfall.severity.value,
        pitfall.status.value,
        _STATUS_ORDER[pitfall.status],
        *pitfall.workaround,
        *pitfall.reproduction,
        pitfall.reported_at,
        pitfall.reported_by,
        pitfall.changed_at,
    )


def _update(
    connection: sqlite3.Connection, n: int, held: Sequence[object], now: Sequence[object]
) -> None:
    """Write the values that differ: SQLite would write every index of a column that it is given."""
    differing = [place for place in range(len(now)) if held[place] != now[place]]
    if differing:
        connection.execute(
            f"UPDATE pitfalls SET {', '.join(f'{_VALUES[place]} = ?' for place in differing)}"
            " WHERE n = ?",
            (*(now[place] for place in differing), n),
        )


def remove_pitfall(connection: sqlite3.Connection, pitfall_id: str) -> None:
    """Take a pitfall whose report was undone off the board; its occurrences stay."""
    found = connection.execute(
        "DELETE FROM pitfalls WHERE id = ? RETURNING n", (pitfall_id,)
    ).fetchone()
    if found is not None:
        connection.execute("DELETE FROM search WHERE rowid = ?", found)
        _clear_items(connection, [pitfall_id])


def insert_occurrences(connection: sqlite3.Connection, occurrences: Iterable[Occurrence]) -> int:
    """Insert the rows of occurrences that are not there yet, counting nothing; how many."""
    rows = map(_occurrence_row, occurrences)
    return connection.executemany(_INSERT_OCCURRENCE, rows).rowcount


def add_occurrences(connection: sqlite3.Connection, occurrences: Sequence[Occurrence]) -> None:
    """Insert occurrences that nothing amends or takes back, and count them."""
    if insert_occurrences(connection, occurrences) < len(occurrences):
        # Some were there already, and counted: the sums can't be added to.
        for pitfall_id in {one.pitfall for one in occurrences}:
            _recount(connection, pitfall_id)
    else:
        _count(connection, occurrences)
    messages = {(one.pitfall, one.message): None for one in occurrences if one.message}
    for pitfall_id, message in messages:
        _keep_message(connection, pitfall_id, message)


def _count(connection: sqlite3.Connection, occurrences: Iterable[Occurrence]) -> None:
    """Add new occurrences to the counters of their pitfalls and weeks."""
    counts: defaultdict[str, int] = defaultdict(int)
    weeks: defaultdict[tuple[str, int], int] = defaultdict(int)
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for one in occurrences:
        name, at = one.pitfall, one.seen_at
        counts[name] += one.count
        if one.outcome is Outcome.REPRODUCED:
            weeks[name, week_of(at)] += one.count
            first[name] = min(at, first.get(name, at))
            last[name] = max(at, last.get(name, at))
    connection.executemany(_COUNT, [(name, n, first.get(name)) for name, n in counts.items()])
    connection.executemany(_SEEN_LATER, last.items())
    connection.executemany(
        "INSERT INTO weekly_sightings VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET count = count + excluded.count",
        [(name, week, count) for (name, week), count in weeks.items()],
    )


def count_all(connection: sqlite3.Connection) -> None:
    """The weeks and messages of all occurrences, on a board that holds none of them yet."""
    connection.execute(f"{_INSERT_WEEKS} {_OF_A_WEEK}")
    for pitfall_id, message in connection.execute(
        "SELECT DISTINCT pitfall, message FROM occurrences WHERE message <> ''"
    ):
        _keep_message(connection, pitfall_id, message)


def replace_occurrences(
    connection: sqlite3.Connection,
    pitfall_id: str,
    touched: Iterable[str],
    now: Sequence[Occurrence],
) -> None:
    """Replace the ``touched`` occurrences of a pitfall by what they are now, and recount."""
    connection.executemany("DELETE FROM occurrences WHERE id = ?", [(one,) for one in touched])
    insert_occurrences(connection, now)
    _recount(connection, pitfall_id)
    _forget_messages(connection, pitfall_id)
    for one in now:
        if one.message:
            _keep_message(connection, pitfall_id, one.message)


def _recount(connection: sqlite3.Connection, pitfall_id: str) -> None:
    """Count a pitfall's occurrences again."""
    connection.execute(_RECOUNT_PITFALL, (pitfall_id,))
    connection.execute("DELETE FROM weekly_sightings WHERE pitfall = ?", (pitfall_id,))
    connection.execute(f"{_INSERT_WEEKS} AND pitfall = ? {_OF_A_WEEK}", (pitfall_id,))


def _occurrence_row(one: Occurrence) -> tuple[object, ...]:
    # Plain strings: for members of an enum, sqlite3 looks for an adapter each time.
    where = one.environment
    return (
        one.id,
        one.pitfall,
        one.seen_at,
        one.who,
        one.outcome.value,
        where.host and where.host.value,
        where.client_version,
        where.base_library,
        where.platform and where.platform.value,
        where.os_version,
        where.device,
        where.channel and where.channel.value,
        where.permission,
        where.devtools_version,
        where.company,
        one.message,
        one.count,
        *one.note,
    )


def _keep_message(connection: sqlite3.Connection, pitfall_id: str, message: str) -> None:
    added = connection.execute(
        "INSERT OR IGNORE INTO messages (pitfall, digest, message) VALUES (?, ?, ?)",
        (pitfall_id, digest_of(message), message),
    )
    if added.rowcount:
        connection.execute(
            "INSERT INTO message_search (rowid, message) VALUES (?, ?)",
            (added.lastrowid, indexed_message(message)),
        )


def _forget_messages(connection: sqlite3.Connection, pitfall_id: str) -> None:
    unused = connection.execute(
        "DELETE FROM messages WHERE pitfall = ?1 AND message NOT IN"
        " (SELECT message FROM occurrences WHERE pitfall = ?1) RETURNING n",
        (pitfall_id,),
    ).fetchall()
    connection.executemany("DELETE FROM message_search WHERE rowid = ?", unused)


def _clear_items(connection: sqlite3.Connection, pitfall_ids: Iterable[str]) -> None:
    cleared = [(pitfall,) for pitfall in pitfall_ids]
    for table in ("tags", "comments", "pitfall_references", "signatures", "fixes"):
        connection.executemany(f"DELETE FROM {table} WHERE pitfall = ?", cleared)


def _write_items(connection: sqlite3.Connection, pitfalls: Sequence[Pitfall]) -> None:
    connection.executemany(
        "INSERT INTO tags VALUES (?, ?)", [(p.id, tag) for p in pitfalls for tag in p.tags]
    )
    connection.executemany(
        "INSERT INTO comments VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(c.id, p.id, i, c.at, c.who, *c.text) for p in pitfalls for i, c in enumerate(p.comments)],
    )
    connection.executemany(
        "INSERT INTO pitfall_references VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(r.id, p.id, i, r.at, r.who, r.url, *r.title, r.source.value),
                *(*r.quote, r.quoted_on, r.official),
            )
            for p in pitfalls
            for i, r in enumerate(p.references)
        ],
    )
    connection.executemany(
        "INSERT INTO signatures VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (s.id, p.id, i, s.text, s.form, s.platform, s.channel)
            for p in pitfalls
            for i, s in enumerate(p.signatures)
        ],
    )
    connection.executemany(
        "INSERT INTO fixes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (f.id, p.id, i, f.at, f.who, f.axis, f.from_version, f.from_date, *f.quote, f.reference)
            for p in pitfalls
            for i, f in enumerate(p.fixes)
        ],
    )


def _searched_otherwise(
    connection: sqlite3.Connection, known: Iterable[tuple[int, Pitfall]]
) -> list[tuple[int, Pitfall]]:
    """Those whose row in the search is not what it should be, with that row taken out."""
    changed = []
    for n, pitfall in known:
        held = connection.execute(
            "SELECT title, names, body FROM search WHERE rowid = ?", (n,)
        ).fetchone()
        if held != indexed(pitfall):
            connection.execute("DELETE FROM search WHERE rowid = ?", (n,))
            changed.append((n, pitfall))
    return changed


def _index(connection: sqlite3.Connection, pitfalls: Iterable[tuple[int, Pitfall]]) -> None:
    connection.executemany(
        "INSERT INTO search (rowid, title, names, body) VALUES (?, ?, ?, ?)",
        [(n, *indexed(pitfall)) for n, pitfall in pitfalls],
    )


def indexed(pitfall: Pitfall) -> tuple[str, str, str]:
    """A pitfall's row in the table ``search``."""
    title, names, body = searchable(pitfall)
    return spaced(title), f"{spaced(names)} {humps(f'{title} {names}')}", spaced(body)


def indexed_message(message: str) -> str:
    """An error message as it stands in the table ``message_search``."""
    return f"{spaced(message)} {humps(message)}"


def searchable(pitfall: Pitfall) -> tuple[str, str, str]:
    """What of a pitfall can be searched, in every language: title, names and the rest."""
    names = [*pitfall.component, *pitfall.tags, *(s.text for s in pitfall.signatures)]
    body = [*pitfall.workaround, *pitfall.reproduction]
    for comment in pitfall.comments:
        body += comment.text
    for reference in pitfall.references:
        body += [*reference.title, *reference.quote]
    for fix in pitfall.fixes:
        body += [fix.from_version, *fix.quote]
    return "\n".join(pitfall.title), "\n".join(names), "\n".join(body)
