"""What the counts of a board read: indexes that hold all that they ask for."""

from __future__ import annotations

from sqlite_utils import Database


def what_the_counts_read(db: Database) -> None:
    """Counting what regressed and what waits reads no rows of pitfalls."""
    for column, other in (("regressed_at", "in_view"), ("unclear_at", "regressed_at")):
        db.execute(f"DROP INDEX idx_pitfalls_{column}")
        db.execute(
            f"CREATE INDEX idx_pitfalls_{column} ON pitfalls"
            f" ({column}, decided_at, triage, {other}) WHERE {column} IS NOT NULL"
        )
