"""The shape of the file: tables and indexes, as sqlite-utils migrations.

``events`` is the record; every other table is its projection and can be
thrown away and folded again. A migration, once released, never changes.
"""

from __future__ import annotations

import secrets
import sqlite3
from typing import Final

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from storage.connection import APPLICATION_ID, SCHEMA_VERSION
from storage.query.orders import NEVER_VERIFIED
from storage.refold import rebuild

migrations: Final = Migrations("pitboard")

#: The tables that a rebuild empties and fills again.
PROJECTION: Final = (
    "mentions",
    "voided",
    "pitfalls",
    "tags",
    "comments",
    "pitfall_references",
    "signatures",
    "statements",
    "told_apart",
    "fixes",
    "occurrences",
    "weekly_sightings",
    "seen_versions",
    "messages",
    "search",
    "message_search",
)

_ITEM = {"id": str, "pitfall": str, "place": int}


@migrations()
def the_record(db: Database) -> None:
    """The events, in order of arrival, as the exact bytes of their lines."""
    db.table("store").create(
        {"actor": str, "seen": int, "doubted_since": int}, not_null={"actor", "seen"}
    )
    db.table("store").insert({"actor": secrets.token_hex(16), "seen": 0, "doubted_since": None})
    db.table("catalogues").create({"name": str, "edition": int}, pk="name")
    db.table("events").create(
        {
            "n": int,
            "id": str,
            "actor": str,
            "seq": int,
            "step": int,
            "hlc": int,
            "at": int,
            "who": str,
            "pitfall": str,
            "kind": str,
            "line": str,
        },
        pk="n",
        not_null={"id", "actor", "seq", "step", "hlc", "at", "who", "pitfall", "kind", "line"},
    )
    db.table("events").create_index(["id"], unique=True)
    db.table("events").create_index(["actor", "seq"])
    # Occurrences are found through their own table, so this index stays as small as the rest.
    db.execute(
        "CREATE INDEX idx_events_of_pitfall ON events (pitfall) WHERE kind <> 'occurrence_logged'"
    )


@migrations()
def the_board(db: Database) -> None:
    """One pitfall a row, with its counters; each way of sorting reads one index."""
    db.table("mentions").create(
        {"target": str, "event": str, "pitfall": str}, pk=("target", "event")
    )
    db.table("mentions").create_index(["pitfall"])
    db.table("voided").create({"event": str, "pitfall": str}, pk="event")
    db.table("voided").create_index(["pitfall"])
    db.table("pitfalls").create(
        {
            "n": int,
            "id": str,
            "title": str,
            "title_zh": str,
            "kind": str,
            "component": str,
            "component_zh": str,
            "severity": str,
            "status": str,
            "status_order": int,
            "workaround": str,
            "workaround_zh": str,
            "reproduction": str,
            "reproduction_zh": str,
            "reported_at": int,
            "reported_by": str,
            "changed_at": int,
            "occurrence_count": int,
            "first_seen": int,
            "last_seen": int,
        },
        pk="n",
        not_null={"id", "title", "kind", "severity", "status", "status_order"},
    )
    db.table("pitfalls").create_index(["id"], unique=True)
    # The trailing columns let a filtered page skip rows without touching the table. The
    # listing names these indexes in its queries.
    filters = "status, kind, severity"
    for name, keys in (
        ("seen", "last_seen DESC, n DESC"),
        ("status", "status_order, last_seen DESC, n DESC"),
        ("severity", "severity, last_seen DESC, n DESC"),
        ("component", "component, last_seen DESC, n DESC"),
        ("component_zh", "component_zh, last_seen DESC, n DESC"),
        ("title", "title COLLATE NOCASE, n DESC"),
        ("title_zh", "title_zh COLLATE NOCASE, n DESC"),
    ):
        db.execute(f"CREATE INDEX idx_pitfalls_by_{name} ON pitfalls ({keys}, {filters})")
    # Counts by status under a filter read this alone.
    db.execute(
        "CREATE INDEX idx_pitfalls_counts"
        " ON pitfalls (status, kind, severity, component, component_zh)"
    )


@migrations()
def what_belongs_to_a_pitfall(db: Database) -> None:
    """Tags, comments, references, signatures, fixes and occurrences."""
    db.table("tags").create({"pitfall": str, "tag": str}, pk=("pitfall", "tag"))
    db.table("tags").create_index(["tag", "pitfall"])
    said = {"at": int, "who": str}
    quote = {"quote": str, "quote_zh": str}
    for name, columns in (
        ("comments", _ITEM | said | {"text": str, "text_zh": str}),
        (
            "pitfall_references",
            _ITEM
            | said
            | {"url": str, "title": str, "title_zh": str, "source": str}
            | quote
            | {"quoted_on": str, "official": int},
        ),
        ("signatures", _ITEM | {"text": str, "form": str, "platform": str, "channel": str}),
        (
            "fixes",
            _ITEM
            | said
            | {"axis": str, "from_version": str, "from_date": str}
            | quote
            | {"reference": str},
        ),
    ):
        db.table(name).create(columns, pk="id")
        db.table(name).create_index(["pitfall", "place"])
    db.table("occurrences").create(
        {
            "n": int,
            "id": str,
            "pitfall": str,
            "seen_at": int,
            "who": str,
            "outcome": str,
            "host": str,
            "client_version": str,
            "base_library": str,
            "platform": str,
            "os_version": str,
            "device": str,
            "channel": str,
            "permission": str,
            "devtools_version": str,
            "company": str,
            "message": str,
            "count": int,
            "note": str,
            "note_zh": str,
        },
        pk="n",
        not_null={"id", "pitfall", "seen_at", "outcome", "count"},
    )
    db.table("occurrences").create_index(["id"], unique=True)
    db.execute(
        "CREATE INDEX idx_occurrences_of_pitfall"
        " ON occurrences (pitfall, seen_at DESC, id DESC, outcome, count)"
    )
    db.execute(
        "CREATE TABLE weekly_sightings (pitfall TEXT, week INTEGER, count INTEGER NOT NULL,"
        " PRIMARY KEY (pitfall, week)) WITHOUT ROWID"
    )


@migrations()
def the_search(db: Database) -> None:
    """Full text, already cut so that Chinese is found; see ``storage.search``."""
    db.table("messages").create(
        {"n": int, "pitfall": str, "digest": str, "message": str}, pk="n", not_null={"digest"}
    )
    db.table("messages").create_index(["pitfall", "digest"], unique=True)
    db.execute("CREATE VIRTUAL TABLE search USING fts5 (title, names, body, prefix='1 2 3')")
    db.execute("CREATE VIRTUAL TABLE message_search USING fts5 (message, prefix='1 2 3')")


@migrations()
def what_triage_decides(db: Database) -> None:
    """Decisions, duplicates that count for their original, and the versions seen."""
    for column, sort in (
        ("triage", "TEXT NOT NULL DEFAULT 'settled'"),
        ("decided_at", "INTEGER NOT NULL DEFAULT 0"),
        ("inbox_reason", "TEXT NOT NULL DEFAULT ''"),
        ("decline_reason", "TEXT NOT NULL DEFAULT ''"),
        ("duplicate_of", "TEXT NOT NULL DEFAULT ''"),
        ("original", "TEXT"),
        ("wakes_on", "INTEGER"),
        ("wakes_at_count", "INTEGER"),
        ("wakes_axis", "TEXT NOT NULL DEFAULT ''"),
        ("wakes_version", "TEXT NOT NULL DEFAULT ''"),
        ("wakes_at_version", "TEXT"),
        (
            "in_view",
            "INTEGER GENERATED ALWAYS AS (triage <> 'declined' AND original IS NULL) VIRTUAL",
        ),
    ):
        db.execute(f"ALTER TABLE pitfalls ADD COLUMN {column} {sort}")
    _index_sorts(db)
    # What waits, and what is a duplicate, is few among many.
    db.execute(
        "CREATE INDEX idx_pitfalls_waiting ON pitfalls (triage, decided_at)"
        " WHERE triage IN ('inbox', 'snoozed')"
    )
    db.execute(
        "CREATE INDEX idx_pitfalls_duplicates ON pitfalls (duplicate_of) WHERE duplicate_of <> ''"
    )
    db.execute(
        "CREATE INDEX idx_pitfalls_originals ON pitfalls (original) WHERE original IS NOT NULL"
    )
    for table in ("occurrences", "pitfall_references", "signatures"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN recorded_on TEXT NOT NULL DEFAULT ''")
    for table in ("pitfall_references", "signatures"):
        db.table(table).create_index(["recorded_on"])
    # With where it was seen in the index, a filter on that reads no rows of occurrences.
    db.execute("DROP INDEX idx_occurrences_of_pitfall")
    db.execute(
        "CREATE INDEX idx_occurrences_of_pitfall ON occurrences"
        " (pitfall, seen_at DESC, id DESC, outcome, count, host, platform, channel)"
    )
    db.execute(
        "CREATE TABLE told_apart (pitfall TEXT, other TEXT, recorded_on TEXT,"
        " PRIMARY KEY (pitfall, other, recorded_on)) WITHOUT ROWID"
    )
    db.table("told_apart").create_index(["recorded_on"])
    db.execute(
        "CREATE TABLE seen_versions (pitfall TEXT, axis TEXT, version TEXT, key TEXT,"
        " PRIMARY KEY (pitfall, axis, version)) WITHOUT ROWID"
    )
    db.table("seen_versions").create_index(["axis", "key", "pitfall"])


@migrations()
def what_files_gave(db: Database) -> None:
    """What was brought in from files is found without reading all that happened."""
    db.execute("CREATE INDEX idx_events_imported ON events (pitfall) WHERE kind = 'imported'")


@migrations()
def what_fixes_are_worth(db: Database) -> None:
    """Fixes in full, what each occurrence says of them, and what that calls for."""
    for column, sort in (
        ("official", "INTEGER NOT NULL DEFAULT 0"),
        ("platform", "TEXT"),
        ("host", "TEXT"),
        ("affected_since", "TEXT NOT NULL DEFAULT ''"),
        ("last_affected", "TEXT NOT NULL DEFAULT ''"),
        ("grace_days", "INTEGER NOT NULL DEFAULT 30"),
        ("state", "TEXT NOT NULL DEFAULT 'claimed'"),
        ("evidence", "TEXT NOT NULL DEFAULT ''"),
        ("evidence_at", "INTEGER"),
    ):
        db.execute(f"ALTER TABLE fixes ADD COLUMN {column} {sort}")
    for column, sort in (
        ("logged_at", "INTEGER NOT NULL DEFAULT 0"),
        ("fix", "TEXT NOT NULL DEFAULT ''"),
        ("verdict", "TEXT NOT NULL DEFAULT ''"),
    ):
        db.execute(f"ALTER TABLE occurrences ADD COLUMN {column} {sort}")
    db.execute(
        "CREATE INDEX idx_occurrences_judged ON occurrences (pitfall, verdict) WHERE verdict <> ''"
    )
    for column in ("regressed_at", "unclear_at"):
        db.execute(f"ALTER TABLE pitfalls ADD COLUMN {column} INTEGER")
        db.execute(
            f"CREATE INDEX idx_pitfalls_{column} ON pitfalls ({column}, decided_at)"
            f" WHERE {column} IS NOT NULL"
        )


@migrations()
def what_the_vendor_said(db: Database) -> None:
    """Statements at references, and how each pitfall stands with the vendor by them."""
    db.table("statements").create(
        {
            "id": str,
            "pitfall": str,
            "recorded_on": str,
            "at": int,
            "who": str,
            "reference": str,
            "said_on": str,
            "author": str,
            "official": int,
            "sort": str,
            "version": str,
            "quote": str,
            "quote_zh": str,
        },
        pk="id",
        not_null={"pitfall", "recorded_on", "reference", "sort"},
    )
    for column in ("pitfall", "recorded_on"):
        db.table("statements").create_index([column])
    db.execute("ALTER TABLE pitfalls ADD COLUMN upstream TEXT NOT NULL DEFAULT 'unreported'")
    # What nobody told the vendor is mostly much, so this is read in place of the rows.
    db.execute("CREATE INDEX idx_pitfalls_upstream ON pitfalls (upstream, n)")


@migrations()
def what_runs_where_and_what_is_to_be_reviewed(db: Database) -> None:
    """The versions that were seen together, and since when nobody verified what is claimed."""
    # What runs where is read from this alone, already in groups.
    db.execute(
        "CREATE INDEX idx_occurrences_runs ON occurrences"
        " (host, platform, client_version, base_library, count, seen_at)"
        " WHERE client_version <> '' AND base_library <> ''"
    )
    for column in ("workaround_at", "fix_at"):
        db.execute(f"ALTER TABLE pitfalls ADD COLUMN {column} INTEGER")
    # Whoever waits longest first, and those that have nothing to verify last.
    for name, column in (("claimed", "fix_at"), ("verified", "workaround_at")):
        db.execute(
            f"CREATE INDEX idx_pitfalls_by_{name} ON pitfalls (ifnull({column}, {NEVER_VERIFIED}),"
            " n, in_view, status, kind, severity)"
        )


@migrations()
def since_when_it_waits(db: Database) -> None:
    """What has woken waits since then, what regressed since that was seen."""
    db.execute(
        "ALTER TABLE pitfalls ADD COLUMN waiting_since INTEGER"
        " GENERATED ALWAYS AS (CASE triage WHEN 'settled' THEN"
        " max(decided_at, ifnull(regressed_at, 0), ifnull(unclear_at, 0))"
        " ELSE ifnull(wakes_on, decided_at) END) VIRTUAL"
    )
    _index_sort(db, "waiting", "waiting_since, n")


def _index_sorts(db: Database) -> None:
    """One index for each way of sorting; the listing names them in its queries."""
    for name, keys in (
        ("seen", "last_seen DESC, n DESC"),
        ("first_seen", "first_seen DESC, n DESC"),
        ("status", "status_order, last_seen DESC, n DESC"),
        ("severity", "severity, last_seen DESC, n DESC"),
        ("component", "component, last_seen DESC, n DESC"),
        ("component_zh", "component_zh, last_seen DESC, n DESC"),
        ("title", "title COLLATE NOCASE, n DESC"),
        ("title_zh", "title_zh COLLATE NOCASE, n DESC"),
        ("count", "occurrence_count DESC, n DESC"),
        ("changed", "changed_at DESC, n DESC"),
        ("reported", "reported_at DESC, n DESC"),
        ("waiting", "decided_at, n"),
    ):
        _index_sort(db, name, keys)
    # Counts by status under a filter read this alone.
    db.execute("DROP INDEX idx_pitfalls_counts")
    db.execute(
        "CREATE INDEX idx_pitfalls_counts"
        " ON pitfalls (in_view, status, kind, severity, component, component_zh)"
    )


def _index_sort(db: Database, name: str, keys: str) -> None:
    """The index of a way of sorting.

    The trailing columns let a filtered page skip rows without touching the table.
    """
    filters = "in_view, status, kind, severity"
    db.execute(f"DROP INDEX IF EXISTS idx_pitfalls_by_{name}")
    db.execute(f"CREATE INDEX idx_pitfalls_by_{name} ON pitfalls ({keys}, {filters})")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to this version's shape. The caller holds the writer's lock.

    The version is written last: a migration that is killed is done again from where it was.
    """
    migrations.apply(Database(connection))
    if connection.execute("SELECT 1 FROM events LIMIT 1").fetchone():
        connection.execute("BEGIN IMMEDIATE")
        rebuild(connection)
        connection.execute("COMMIT")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
