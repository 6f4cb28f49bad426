"""A reading connection to one board."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from storage.db.connection import BROKEN, connect_for_reading, unreadable


class Reader:
    """Reads one board through its own connection.

    Attributes:
        connection: the connection; its errors are SQLite's own.
        path: the database file, for the texts of errors.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """The board at ``path``.

        Raises:
            Unusable: if there is none that can be read.
        """
        return cls(connect_for_reading(path), path)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fetch_all(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Every row at once: an open cursor would pin the WAL.

        Raises:
            Unusable: if the file can't be read.
        """
        try:
            return self.connection.execute(sql, parameters).fetchall()
        except BROKEN as error:
            raise unreadable(error, self.path) from error

    def prepare(self, pitfalls: Sequence[str]) -> None:
        """Make the entries of pitfalls readable; here they are.

        A past board computes them only when they are asked for.
        """

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment. Keep it short: it pins the WAL."""
        self.fetch_all("BEGIN")
        try:
            yield
        finally:
            if self.connection.in_transaction:
                self.fetch_all("COMMIT")

    def version(self) -> int:
        """A number that changes whenever another connection has written."""
        [(version,)] = self.fetch_all("PRAGMA data_version")
        return int(version)


def id_array(ids: Iterable[str]) -> str:
    """Ids as SQLite's ``json_each`` reads them; there may be more than SQLite binds.

    They are letters and digits; whatever else is among them names nothing and is left out.
    """
    return "[" + ", ".join(f'"{one}"' for one in ids if one.isalnum()) + "]"


def listed(rowids: Iterable[int]) -> str:
    """Whole numbers of our own as an SQL list; there may be more than SQLite binds."""
    return ", ".join(map(str, rowids))


# What the parts of a board have in common


class BoardPart:
    """Reads one topic of a board; the parts of a board share its reader."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
