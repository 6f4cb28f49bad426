"""What fixes are worth, what the vendor said, what runs where, and what is to be reviewed."""

from __future__ import annotations

from sqlite_utils import Database

from storage.db.schema.sorts import index_sort
from storage.query.sql_order import NEVER_VERIFIED


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


def since_when_it_waits(db: Database) -> None:
    """What has woken waits since then, what regressed since that was seen."""
    db.execute(
        "ALTER TABLE pitfalls ADD COLUMN waiting_since INTEGER"
        " GENERATED ALWAYS AS (CASE triage WHEN 'settled' THEN"
        " max(decided_at, ifnull(regressed_at, 0), ifnull(unclear_at, 0))"
        " ELSE ifnull(wakes_on, decided_at) END) VIRTUAL"
    )
    index_sort(db, "waiting", "waiting_since, n")
