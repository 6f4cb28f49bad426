"""A copy of a board that is whole, made while others use the board."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.db.connection import connect_for_reading, explain, explained, identify
from storage.errors import N_, Refused, Unusable


def back_up(path: Path, target: Path) -> None:
    """Copy the board at ``path`` to ``target``, through SQLite's backup API.

    The copy is of one moment, whatever is written meanwhile. It is made beside
    its place, looked over, and moved there whole.

    Raises:
        Refused: if there is something at ``target`` already, or no room for it.
        Unusable: if there is no board at ``path``, or it is damaged.
        NotSaved: if the disk that is to hold the copy failed.
    """
    with closing(connect_for_reading(path)) as source:
        if not identify(source, path):
            raise Unusable(N_("{path} is a database without a board in it."), path=path)
        if target.exists() or target.is_symlink():
            raise in_the_way(target)
        beside = target.with_name(f".{target.name}.new-{os.getpid()}")
        try:
            # SQLite would create it for all to read.
            os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            try:
                _copy(source, path, beside)
                move_into_place(beside, target)
            finally:
                beside.unlink(missing_ok=True)
        except OSError as error:
            raise Refused(
                N_("{target} can't be created: {why}."),
                N_("Name a file in a directory that exists and that you may write to."),
                target=target,
                why=error.strerror,
            ) from error


def _copy(source: sqlite3.Connection, path: Path, beside: Path) -> None:
    with explained(beside), closing(sqlite3.connect(beside, isolation_level=None)) as copy:
        try:
            source.backup(copy)
        except sqlite3.DatabaseError as error:
            if getattr(error, "sqlite_errorname", "").startswith("SQLITE_CORRUPT"):
                raise explain(error, path) from error
            raise
        found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise Unusable(
                N_("{path} is damaged, and so would be its copy: {why}"),
                N_("Run “pitboard doctor”, and keep what copies you have."),
                path=path,
                why=found,
            )


def move_into_place(beside: Path, target: Path) -> None:
    """Give a new board its name, but never take that of something else.

    Raises:
        Refused: if there is something of that name by now.
    """
    try:
        target.hardlink_to(beside)
    except FileExistsError as error:
        raise in_the_way(target) from error
    except OSError:
        # Some file systems know no hard links; there a rename must do.
        if target.exists():
            raise in_the_way(target) from None
        beside.rename(target)


def in_the_way(target: Path) -> Refused:
    """Why nothing is written at ``target``."""
    return Refused(
        N_("There is something at {target} already; it was left as it is."),
        N_("Name a file that does not exist yet."),
        target=target,
    )
