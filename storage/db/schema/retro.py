"""What a team looks back on: when what changed, and what was seen when."""

from __future__ import annotations

from sqlite_utils import Database


def what_changed_when(db: Database) -> None:
    """The changes of each pitfall's status and workaround, in the order of their days."""
    db.execute(
        "CREATE TABLE changes (pitfall TEXT, place INTEGER, event TEXT NOT NULL,"
        " field TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL,"
        " before TEXT NOT NULL, after TEXT NOT NULL, PRIMARY KEY (pitfall, place)) WITHOUT ROWID"
    )
    # What the figures of a period count is read from these alone.
    db.execute(
        "CREATE INDEX idx_changes_when ON changes (field, at, until, after, before, pitfall)"
    )
    db.execute(
        "CREATE INDEX idx_pitfalls_looked_back"
        " ON pitfalls (in_view, reported_at, id, component, severity)"
    )
    db.execute(
        "CREATE INDEX idx_occurrences_when ON occurrences"
        " (seen_at, outcome, pitfall, count, platform, channel, client_version, base_library, host)"
    )
    db.execute(
        "CREATE INDEX idx_occurrences_told ON occurrences (verdict, seen_at, pitfall, count)"
        " WHERE verdict <> ''"
    )
