"""The read tables: everything that is computed from the events, and how it is laid out.

One function creates them all. They have no migrations: a file in which they have another
:data:`PROJECTION_VERSION` gets new ones, filled by :func:`storage.projection.update.rebuild`.
"""

from __future__ import annotations

import sqlite3
from binascii import crc32
from collections.abc import Iterator
from typing import Final

from storage.db.connection import RECORD_TABLES
from storage.db.reader import IN_VIEW, PROJECTION_VERSION
from storage.db.rows import HOLDS, JUDGED, SEEN_IN, STATE
from storage.model.environment import NAMES
from storage.model.row import PLAN_NAMES
from storage.projection.search_index import INDEXED, create_indexes
from storage.projection.sql_views import CREATE_VIEWS

#: To be raised when what the tables hold is computed in another way. A change of their shape
#: needs no raise: it is part of the version.
_COMPUTATION: Final = 4

#: The columns of ``pitfalls`` but for its key and its generated columns, with their types.
_PITFALL: Final = {
    # Chinese is empty where it says the same.
    "title": "TEXT NOT NULL",
    "title_zh": "TEXT NOT NULL DEFAULT ''",
    # By what the titles are sorted: as they are read.
    "title_key": "TEXT NOT NULL DEFAULT ''",
    "title_key_zh": "TEXT NOT NULL DEFAULT ''",
    "kind": "TEXT NOT NULL",
    "component": "TEXT NOT NULL DEFAULT ''",
    "component_zh": "TEXT NOT NULL DEFAULT ''",
    "severity": "TEXT NOT NULL",
    "status": "TEXT NOT NULL",
    "status_order": "INTEGER NOT NULL",
    # What follows from other columns, see ``_DERIVED``.
    "in_view": "INTEGER NOT NULL DEFAULT 1",
    "waiting_since": "INTEGER NOT NULL DEFAULT 0",
    "is_due": "INTEGER NOT NULL DEFAULT 0",
    "reported_at": "INTEGER NOT NULL DEFAULT 0",
    "reported_by": "TEXT NOT NULL DEFAULT ''",
    "changed_at": "INTEGER",
    # Where it reproduced; beside it, where somebody tried and it did not.
    "occurrence_count": "INTEGER",
    "not_reproduced_count": "INTEGER NOT NULL DEFAULT 0",
    "first_seen": "INTEGER",
    "last_seen": "INTEGER",
    # Where and with what outcome it was seen, a bit for each (SEEN_IN).
    "seen_in": "INTEGER NOT NULL DEFAULT 0",
    # The lowest and the highest key of the versions it was seen in, on each axis.
    "client_min": "TEXT",
    "client_max": "TEXT",
    "library_min": "TEXT",
    "library_max": "TEXT",
    # The bits of those versions (``version_bit``).
    "client_seen": "INTEGER NOT NULL DEFAULT 0",
    "library_seen": "INTEGER NOT NULL DEFAULT 0",
    # The states of its fixes, and the verdicts on its occurrences, a bit for each (JUDGED).
    "judged": "INTEGER NOT NULL DEFAULT 0",
    # What belongs to it, a bit for each (HOLDS).
    "holds": "INTEGER NOT NULL DEFAULT 0",
    "triage": "TEXT NOT NULL DEFAULT 'settled'",
    "decided_at": "INTEGER NOT NULL DEFAULT 0",
    "inbox_reason": "TEXT NOT NULL DEFAULT ''",
    "decline_reason": "TEXT NOT NULL DEFAULT ''",
    "duplicate_of": "TEXT NOT NULL DEFAULT ''",
    "original": "TEXT",
    "wakes_on": "INTEGER",
    "wakes_at_count": "INTEGER",
    "wakes_axis": "TEXT NOT NULL DEFAULT ''",
    "wakes_version": "TEXT NOT NULL DEFAULT ''",
    "wakes_at_version": "TEXT",
    # When its newest regression was logged, and whether that still is what its fixes come to.
    "regressed_at": "INTEGER",
    "regressed": "INTEGER NOT NULL DEFAULT 0",
    "unclear_at": "INTEGER",
    "upstream": "TEXT NOT NULL DEFAULT 'unreported'",
    "workaround_at": "INTEGER",
    "fix_at": "INTEGER",
    **dict.fromkeys(PLAN_NAMES, "TEXT NOT NULL DEFAULT ''"),
    # Whether it shows what it has shown since its report: ``states`` and ``changes`` then hold
    # nothing of it, since this row says the same.
    "is_plain": "INTEGER NOT NULL DEFAULT 0",
    # Between blanks, which none of them has; the table of tags finds the pitfalls of one.
    "tags": "TEXT NOT NULL DEFAULT ''",
    # Long texts come last: a list reads the columns before them.
    "workaround": "TEXT",
    "workaround_zh": "TEXT",
    "reproduction": "TEXT",
    "reproduction_zh": "TEXT",
}
_TITLE_ORDER_ZH: Final = "CASE title_key_zh WHEN '' THEN title_key ELSE title_key_zh END"
#: When what calls for a decision was logged last; a regression calls for as long as it is one.
_CALLED_AT: Final = "max(ifnull(regressed_at, 0) * regressed, ifnull(unclear_at, 0))"
#: Columns that follow from others of their row, what they hold, and from which. A trigger writes
#: them: SQLite reads no index alone that holds a generated one. Those that change apart are apart,
#: since it writes every index of a column that it is given.
_DERIVED: Final = {
    "in_view": (IN_VIEW, "triage, original"),
    # What has woken waits since then, what regressed since that was seen. What is due by the time,
    # as what has woken, is found by its own index.
    "waiting_since, is_due": (
        f"CASE triage WHEN 'settled' THEN max(decided_at, {_CALLED_AT})"
        " ELSE ifnull(wakes_on, decided_at) END,"
        f" triage = 'inbox' OR triage = 'settled' AND {_CALLED_AT} > decided_at",
        "triage, decided_at, wakes_on, regressed_at, regressed, unclear_at",
    ),
}
_DERIVE: Final = [
    f"UPDATE pitfalls SET ({names}) = ({values}) WHERE ({names}) IS NOT ({values}) AND {{which}}"
    for names, (values, _) in _DERIVED.items()
]

#: What is kept of each item of a pitfall.
_ITEM: Final = "id TEXT PRIMARY KEY, pitfall TEXT, place INTEGER"


def _columns(columns: dict[str, str]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns.items())


#: Each table's columns. ``recorded_on`` is where a duplicate's row was written, ``pitfall`` the
#: original that it counts for.
_TABLES: Final = {
    # Which event speaks of which other one: amends, hides or undoes it.
    "mentions": "target TEXT, event TEXT, pitfall TEXT, PRIMARY KEY (target, event)",
    "voided": "event TEXT PRIMARY KEY, pitfall TEXT",
    "pitfalls": f"n INTEGER PRIMARY KEY, id TEXT NOT NULL, {_columns(_PITFALL)},"
    f" title_order_zh TEXT GENERATED ALWAYS AS ({_TITLE_ORDER_ZH}) VIRTUAL",
    # With the ``n`` of the pitfall, by which a filter finds it, its status, which a filter counts,
    # and in the order of the filter: the tags of a pitfall stand in its row. Of those of one
    # pitfall that differ in case alone, ``spelled`` says all but the first.
    "tags": "pitfall TEXT, tag TEXT, n INTEGER, spelled TEXT NOT NULL DEFAULT '',"
    " status TEXT NOT NULL DEFAULT '', PRIMARY KEY (tag COLLATE NOCASE, n, spelled)",
    "comments": f"{_ITEM}, at INTEGER, who TEXT, text TEXT, text_zh TEXT",
    # In the order of the pitfalls that they were recorded on, so that those of a new one come last;
    # the condition :func:`storage.db.reader.recorded_on` says how.
    "pitfall_references": "n INTEGER PRIMARY KEY, id TEXT NOT NULL, pitfall TEXT NOT NULL,"
    " recorded_on TEXT NOT NULL, place INTEGER NOT NULL, at INTEGER, who TEXT, url TEXT,"
    " title TEXT, title_zh TEXT, source TEXT, quote TEXT, quote_zh TEXT, quoted_on TEXT,"
    " official INTEGER",
    "signatures": "id TEXT NOT NULL, pitfall TEXT NOT NULL, recorded_on TEXT NOT NULL,"
    " place INTEGER NOT NULL, text TEXT, form TEXT, platform TEXT, channel TEXT,"
    " PRIMARY KEY (recorded_on, place)",
    "vendor_replies": "id TEXT PRIMARY KEY, pitfall TEXT NOT NULL, recorded_on TEXT NOT NULL,"
    " at INTEGER, who TEXT, reference TEXT NOT NULL, said_on TEXT, author TEXT, official INTEGER,"
    " sort TEXT NOT NULL, version TEXT, quote TEXT, quote_zh TEXT",
    "attachments": "id TEXT PRIMARY KEY, pitfall TEXT NOT NULL, recorded_on TEXT NOT NULL,"
    " at INTEGER, who TEXT, digest TEXT NOT NULL, size INTEGER NOT NULL, label TEXT NOT NULL,"
    " media TEXT NOT NULL, occurrence TEXT NOT NULL, note TEXT, note_zh TEXT",
    "not_duplicates": "pitfall TEXT, other TEXT, recorded_on TEXT,"
    " PRIMARY KEY (pitfall, other, recorded_on)",
    "fixes": f"{_ITEM}, at INTEGER, who TEXT, axis TEXT, from_version TEXT, from_date TEXT,"
    " quote TEXT, quote_zh TEXT, reference TEXT, official INTEGER NOT NULL DEFAULT 0,"
    " platform TEXT, host TEXT, affected_since TEXT NOT NULL DEFAULT '',"
    " last_affected TEXT NOT NULL DEFAULT '', grace_days INTEGER NOT NULL DEFAULT 30,"
    " state TEXT NOT NULL DEFAULT 'claimed', evidence TEXT NOT NULL DEFAULT '',"
    " evidence_at INTEGER",
    "occurrences": "n INTEGER PRIMARY KEY, id TEXT NOT NULL, pitfall TEXT NOT NULL,"
    " seen_at INTEGER NOT NULL, who TEXT, outcome TEXT NOT NULL,"
    f" {_columns(dict.fromkeys(NAMES, 'TEXT'))}, message TEXT, count INTEGER NOT NULL,"
    " note TEXT, note_zh TEXT, recorded_on TEXT NOT NULL DEFAULT '',"
    " logged_at INTEGER NOT NULL DEFAULT 0, fix TEXT NOT NULL DEFAULT '',"
    " hlc INTEGER NOT NULL DEFAULT 0, verdict TEXT NOT NULL DEFAULT ''",
    "weekly_occurrences": "pitfall TEXT, week INTEGER, count INTEGER NOT NULL,"
    " PRIMARY KEY (pitfall, week)",
    "seen_versions": "pitfall TEXT, axis TEXT, version TEXT, key TEXT,"
    " bit INTEGER, PRIMARY KEY (pitfall, axis, version)",
    "messages": "n INTEGER PRIMARY KEY, pitfall TEXT, digest TEXT NOT NULL, message TEXT",
    # What the list showed of each pitfall, and since and until when.
    "states": "pitfall TEXT, clock TEXT, since INTEGER, until INTEGER NOT NULL,"
    f" {_columns({name: _PITFALL[name] for name in STATE.split(', ')})}, fixes TEXT NOT NULL,"
    " PRIMARY KEY (pitfall, clock, since)",
    # When status and workaround changed, in the order of their days.
    "changes": "pitfall TEXT, place INTEGER, field TEXT NOT NULL,"
    " at INTEGER NOT NULL, until INTEGER NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,"
    " PRIMARY KEY (pitfall, place)",
    # Which posts of linked pages are no vendor reply, as somebody decided.
    "declined_suggestions": "pitfall TEXT, post TEXT, digest TEXT, PRIMARY KEY"
    " (pitfall, post, digest)",
    # Of a retro; ``pitfall`` is empty where a note is about none.
    "retro_notes": "id TEXT PRIMARY KEY, pitfall TEXT NOT NULL, at INTEGER NOT NULL, who TEXT,"
    " sort TEXT NOT NULL, text TEXT NOT NULL, text_zh TEXT, owner TEXT, due TEXT, done_on TEXT",
    # Single values of the board itself: its time zone.
    "board_values": "name TEXT PRIMARY KEY, recorded_on TEXT NOT NULL, value TEXT NOT NULL",
    # Each claim of a conflict a row, the one that shows at place 0; ``decision`` is one of triage,
    # as JSON. Of an item, ``field`` is the kind of event that added it, ``part`` its own field,
    # and ``about`` its headline.
    "conflicts": "pitfall TEXT, name TEXT, place INTEGER, field TEXT NOT NULL, part TEXT NOT NULL,"
    " about TEXT NOT NULL, about_zh TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL,"
    " who TEXT NOT NULL, value TEXT NOT NULL, value_zh TEXT NOT NULL, decision TEXT NOT NULL,"
    " PRIMARY KEY (pitfall, name, place)",
}
_WITHOUT_ROWID: Final = (
    *("tags", "not_duplicates", "weekly_occurrences", "seen_versions", "changes", "conflicts"),
    *("states", "declined_suggestions"),
)

#: Tables of this file alone, what watching links found: made where a file lacks them, and never
#: dropped. ``page`` is what the page said, and ``why`` are words, both as JSON. Times are in ms.
LOCAL_TABLES: Final = {
    "watched": "url TEXT PRIMARY KEY, final TEXT NOT NULL, etag TEXT NOT NULL,"
    " last_modified TEXT NOT NULL, outcome TEXT NOT NULL, why TEXT NOT NULL, page TEXT NOT NULL,"
    " looked_at INTEGER NOT NULL, due_at INTEGER NOT NULL, failures INTEGER NOT NULL,"
    " gone_at INTEGER",
    "watched_hosts": "host TEXT PRIMARY KEY, asked_at INTEGER NOT NULL,"
    " closed_until INTEGER NOT NULL, robots TEXT, robots_at INTEGER NOT NULL",
    "suggestions": "pitfall TEXT, url TEXT, post TEXT NOT NULL, digest TEXT NOT NULL,"
    " kind TEXT NOT NULL, why TEXT NOT NULL, quote TEXT NOT NULL, author TEXT NOT NULL,"
    " official INTEGER NOT NULL, said_on TEXT NOT NULL, version TEXT NOT NULL,"
    " found_at INTEGER NOT NULL, PRIMARY KEY (pitfall, url)",
}

#: Every table that is computed.
READ_TABLES: Final = (*_TABLES, *INDEXED)

#: The orders of the list that have an index of their own; it names them in its queries. The
#: others read that of ``seen`` and sort: each index costs every new pitfall two pages.
_ORDERS: Final = {
    # Read from its end, where what was seen last is added without moving what is there.
    "seen": ("last_seen, n", ""),
    "title": ("title_key, n DESC, title_key_zh", ""),
    # Those of the catalogue; the others are in the one before.
    "title_zh": ("title_key_zh, n DESC", "title_key_zh <> ''"),
}

#: What other orders and most filters read, so that they read nothing but the index of ``seen``.
#: What stands far back takes longer to read: SQLite goes through the types of all before it.
_SLIM: Final = (
    ", seen_in, library_seen, client_seen, holds, judged, is_due, waiting_since, occurrence_count,"
    " component, component_zh, first_seen, changed_at, reported_at, workaround_at, fix_at,"
    " regressed, library_min, library_max, client_min, client_max, triage, upstream,"
    " assignee, due, reported_by, id, is_plain, status, regressed_at"
)

_UNDECIDED: Final = "triage IN ('inbox', 'snoozed')"
#: Table, name (after that of the table), columns, and for which rows.
_INDEXES: Final = (
    ("mentions", "pitfall", "pitfall", ""),
    ("voided", "pitfall", "pitfall", ""),
    # The trailing columns let a filtered page skip rows without touching the table.
    *(
        (
            "pitfalls",
            f"by_{name}",
            f"{keys}, in_view, status_order, severity, kind{_SLIM if name == 'seen' else ''}",
            condition,
        )
        for name, (keys, condition) in _ORDERS.items()
    ),
    ("pitfalls", "waiting", "triage, in_view, status", _UNDECIDED),
    # What has left the board, which words must not find: without it they read every row for that.
    ("pitfalls", "out_of_view", "in_view, id", "in_view = 0"),
    # By which all are counted by status, with those that wait and all rows, which SQLite counts
    # quickly: a new pitfall, which waits, costs no page here.
    ("pitfalls", "settled", "in_view, status", "triage = 'settled' AND status <> 'open'"),
    ("pitfalls", "duplicates", "duplicate_of, triage, in_view, status", "duplicate_of <> ''"),
    ("pitfalls", "originals", "original", "original IS NOT NULL"),
    # Counting what regressed and what waits reads no rows of pitfalls.
    (
        "pitfalls",
        "regressed_at",
        "regressed_at, decided_at, triage, in_view, regressed",
        "regressed_at IS NOT NULL",
    ),
    (
        "pitfalls",
        "unclear_at",
        "unclear_at, decided_at, triage, regressed_at, regressed",
        "unclear_at IS NOT NULL",
    ),
    # What is overdue is found among the few that are due at all.
    ("pitfalls", "due", "due, status, triage, decided_at, n", "due <> ''"),
    # A ticket is looked for by its number, and few have one.
    ("pitfalls", "ticket", "ticket, n", "ticket <> ''"),
    *((table, "pitfall_place", "pitfall, place", "") for table in ("comments", "fixes")),
    *(
        (table, "pitfall", "pitfall", "")
        for table in ("vendor_replies", "attachments", "retro_notes")
    ),
    *(
        (table, "recorded_on", "recorded_on", "")
        for table in ("vendor_replies", "attachments", "not_duplicates")
    ),
    # Few entries count for another pitfall than the one that they were recorded on.
    *(
        (table, "shared", "pitfall", "pitfall <> recorded_on")
        for table in ("pitfall_references", "signatures")
    ),
    ("attachments", "digest", "digest", ""),
    # Known errors are looked for by their texts, each of which many pitfalls may have.
    ("signatures", "text", "text, form", ""),
    # With where it was seen in the index, a filter on that reads no rows of occurrences; with the
    # day of logging, nor do the counters of a day.
    (
        "occurrences",
        "of_pitfall",
        "pitfall, seen_at DESC, hlc DESC, outcome, count, host, platform, channel,"
        " network_type, logged_at",
        "",
    ),
    ("occurrences", "judged", "pitfall, verdict, logged_at", "verdict <> ''"),
    # Version pairs are read from this alone, already in groups.
    (
        "occurrences",
        "runs",
        "host, platform, client_version, base_library, count, seen_at",
        "client_version <> '' AND base_library <> ''",
    ),
    # The figures of a period are read from these alone.
    (
        "occurrences",
        "when",
        "seen_at, outcome, pitfall, count, platform, channel, client_version, base_library, host",
        "",
    ),
    ("occurrences", "by_verdict", "verdict, seen_at, pitfall, count", "verdict <> ''"),
    # The changes of one action lie together.
    ("changes", "when", "at, field, until, after, before, pitfall", ""),
    ("seen_versions", "axis_key_pitfall", "axis, key, pitfall", ""),
    ("retro_notes", "at", "at", ""),
    ("retro_notes", "due", "due", "sort = 'follow-up'"),
)
_UNIQUE: Final = (
    ("pitfalls", "id", "id"),
    ("occurrences", "id", "id"),
    ("messages", "pitfall_digest", "pitfall, digest"),
)


def _statements() -> Iterator[str]:
    for table, columns in _TABLES.items():
        without = " WITHOUT ROWID" if table in _WITHOUT_ROWID else ""
        yield f"CREATE TABLE {table} ({columns}){without}"
    for table, columns in LOCAL_TABLES.items():
        yield f"CREATE TABLE IF NOT EXISTS {table} ({columns}) WITHOUT ROWID"
    yield from create_indexes()
    for table, name, columns in _UNIQUE:
        yield f"CREATE UNIQUE INDEX idx_{table}_{name} ON {table} ({columns})"
    for table, name, columns, condition in _INDEXES:
        where = f" WHERE {condition}" if condition else ""
        yield f"CREATE INDEX idx_{table}_{name} ON {table} ({columns}){where}"
    for place, (derive, (_, columns)) in enumerate(zip(_DERIVE, _DERIVED.values(), strict=True)):
        then = f"AFTER UPDATE OF {columns} ON pitfalls BEGIN {derive.format(which='n = NEW.n')}"
        yield f"CREATE TRIGGER pitfalls_derive_{place} {then}; END"
    yield from CREATE_VIEWS


_CREATE: Final = tuple(_statements())


def declared_version() -> str:
    """What :data:`PROJECTION_VERSION` has to be: which tables there are, computed how."""
    return f"{_COMPUTATION}-{crc32(f'{_CREATE}{SEEN_IN}{HOLDS}{JUDGED}'.encode()):08x}"


def create_read_tables(connection: sqlite3.Connection) -> None:
    """Create all read tables, empty, and name their version.

    Args:
        connection: inside a write transaction, on a file without any of them.
    """
    for statement in _CREATE:
        connection.execute(statement)
    connection.execute("CREATE TABLE projection (version TEXT, error_texts INTEGER NOT NULL)")
    connection.execute("INSERT INTO projection VALUES (?, 0)", (PROJECTION_VERSION,))


def derive_columns(connection: sqlite3.Connection, since: int | None = None) -> None:
    """Write the columns of pitfalls that follow from others, which triggers do of changed rows.

    Args:
        connection: may write ``pitfalls``.
        since: only those with a higher number than this; None for all.
    """
    for sql in _DERIVE:
        connection.execute(sql.format(which="1" if since is None else f"n > {since}"))


def drop_read_tables(connection: sqlite3.Connection) -> None:
    """Drop every table but those of the record, also what only another version computed.

    Args:
        connection: inside a write transaction.
    """
    kept = {*RECORD_TABLES, *LOCAL_TABLES, "_sqlite_migrations"}
    # Views first, since they read tables; virtual tables take their own tables away with them.
    for kind in ("CREATE VIEW", "CREATE VIRTUAL TABLE", "CREATE TABLE"):
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE ? AND substr(name, 1, 7) <> 'sqlite_'",
            (f"{kind}%",),
        ).fetchall()
        for (name,) in names:
            if name not in kept:
                connection.execute(f"DROP {'VIEW' if 'VIEW' in kind else 'TABLE'} [{name}]")
