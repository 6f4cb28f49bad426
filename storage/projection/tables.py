"""Emptying the projection's tables, and filling them again in bulk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


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
