"""What triage decides, and what files gave."""

from __future__ import annotations

from sqlite_utils import Database

from storage.db.schema.sorts import index_sort


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


def what_files_gave(db: Database) -> None:
    """What was brought in from files is found without reading all that happened."""
    db.execute("CREATE INDEX idx_events_imported ON events (pitfall) WHERE kind = 'imported'")


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
        index_sort(db, name, keys)
    # Counts by status under a filter read this alone.
    db.execute("DROP INDEX idx_pitfalls_counts")
    db.execute(
        "CREATE INDEX idx_pitfalls_counts"
        " ON pitfalls (in_view, status, kind, severity, component, component_zh)"
    )
