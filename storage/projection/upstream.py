"""How pitfalls with duplicates stand with the vendor, as the column that is asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from storage.errors import NotFound
from storage.model.vendor_status import upstream_of
from storage.read import Board


def settle_upstream(connection: sqlite3.Connection, names: Iterable[str]) -> None:
    """Derive the upstream state of some pitfalls again, from all that counts for each."""
    board = Board(connection, Path())
    for name in names:
        try:
            state = upstream_of(board.pitfall(name)).value
        except NotFound:
            continue
        connection.execute(
            "UPDATE pitfalls SET upstream = ?1 WHERE id = ?2 AND upstream <> ?1", (state, name)
        )
