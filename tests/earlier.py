"""Boards that earlier commits wrote, kept as SQL.

``version-N`` is of ``user_version`` N. Three commits wrote three shapes of version 5; that of the
middle one has no table ``journals``.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_BOARDS = Path(__file__).parent / "unit" / "boards"

#: The names of all of them.
EARLIER = sorted(path.stem for path in _BOARDS.glob("*.sql"))


def written_by(name: str, path: Path) -> Path:
    """The board that an earlier commit wrote, at ``path``."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript((_BOARDS / f"{name}.sql").read_text("utf-8"))
    return path
