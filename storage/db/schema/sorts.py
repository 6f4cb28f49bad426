"""The index of each way of sorting."""

from __future__ import annotations

from sqlite_utils import Database


def index_sort(db: Database, name: str, keys: str) -> None:
    """The index of a way of sorting.

    The trailing columns let a filtered page skip rows without touching the table.
    """
    filters = "in_view, status, kind, severity"
    db.execute(f"DROP INDEX IF EXISTS idx_pitfalls_by_{name}")
    db.execute(f"CREATE INDEX idx_pitfalls_by_{name} ON pitfalls ({keys}, {filters})")
