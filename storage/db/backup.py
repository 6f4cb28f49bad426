"""Backups: a copy of a board that is whole, made while others use it, and the way back."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from storage.db.board_files import (
    PRIVATE,
    beside,
    discard,
    exists,
    has_log,
    identity,
    log_of,
    mode_of,
    own_generation,
    set_log_aside,
    stamp,
    unused,
)
from storage.db.connection import (
    BROKEN,
    SCHEMA_VERSION,
    cannot_be_created,
    connect_for_reading,
    connect_for_writing,
    explain,
    explained,
    identify,
)
from storage.errors import N_, Busy, PitboardError, Refused, Unusable, not_created
from storage.model.fields import NamedTuple


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
        fresh = target.with_name(f".{target.name}.new-{os.getpid()}")
        try:
            # SQLite would create it for all to read.
            os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
            try:
                _copy(source, path, fresh)
                move_into_place(fresh, target)
            finally:
                discard(fresh)
        except OSError as error:
            raise not_created(
                target,
                error,
                N_("Name a file in a directory that exists and that you may write to."),
            ) from error


class Restored(NamedTuple):
    """What became of restoring a backup.

    ``kept`` is where the board that was there is now, with ``-wal`` beside it if its log could
    not be written back; None if there was none. ``events`` and ``before`` count the events of the
    two; ``before`` is None if they could not be counted.
    """

    events: int
    before: int | None
    kept: Path | None


def restore(path: Path, source: Path, mode: int) -> Restored:
    """Put a checked copy of the backup ``source`` at ``path``; keep what is there beside it.

    To be called with the writer's lock of ``path`` held.

    Args:
        path: where the board is, or was.
        source: the backup, which stays as it is.
        mode: the permissions of the board.

    Raises:
        Refused: if both are the same file, or nothing can be written there.
        Unusable: if there is no backup at ``source``, or it is damaged.
        NotSaved: if the disk failed; the board is as it was.
    """
    if identity(source) is not None and identity(source) == identity(path):
        raise Refused(N_("{source} is this board itself."), source=source)
    real = path.resolve()
    fresh = real.with_name(f".{real.name}.new-{os.getpid()}")
    with closing(connect_for_reading(source)) as backup:
        version = identify(backup, source)
        if not version:
            raise Unusable(N_("{path} is a database without a board in it."), path=source)
        if version > SCHEMA_VERSION:
            raise Refused(
                N_("{source} was written by a newer Pitboard."),
                N_("Install the newer version, and restore it with that."),
                source=source,
            )
        try:
            os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
            try:
                _copy(backup, source, fresh)
                fresh.chmod(mode)
                before = _count(path)
                kept = _keep_aside(path)
                fresh.replace(real)
            finally:
                discard(fresh)
        except OSError as error:
            raise cannot_be_created(path, error) from error
        return Restored(_events(backup), before, kept)


def write_back(path: Path, still_open: sqlite3.Connection) -> None:
    """Write a board whose file was deleted to its path again, from a connection that has it open.

    To be called with the writer's lock of ``path`` held.

    Raises:
        Refused: if there is something at ``path`` by now.
        Unusable, NotSaved: if it can't be read or written.
    """
    real = path.resolve()
    fresh = real.with_name(f".{real.name}.new-{os.getpid()}")
    try:
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
        try:
            _copy(still_open, path, fresh)
            # Its lock was made for those who may write to it.
            fresh.chmod(mode_of(beside(path, ".lock")) or PRIVATE)
            set_log_aside(path)
            move_into_place(fresh, real)
        finally:
            discard(fresh)
    except OSError as error:
        raise cannot_be_created(path, error) from error


def _count(path: Path) -> int | None:
    """How many events a file holds; None if that can't be told."""
    try:
        with closing(connect_for_reading(path)) as connection:
            return _events(connection)
    except (*BROKEN, PitboardError):
        return None


def _events(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


def _keep_aside(path: Path) -> Path | None:
    """Give what lies at ``path``, and the log that belongs to it, another name."""
    if not exists(path):
        set_log_aside(path)
        return None
    with suppress(*BROKEN, PitboardError), closing(connect_for_writing(path)) as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    real = path.resolve()
    kept = unused(real.with_name(f"{real.name}.replaced-{stamp()}"))
    try:
        # There is a board at the path at any time.
        kept.hardlink_to(real)
    except OSError:
        real.rename(kept)
    if has_log(path):
        log_of(path).rename(log_of(kept))
    set_log_aside(path)
    return kept


def _copy(source: sqlite3.Connection, path: Path, target: Path) -> None:
    with explained(target), closing(sqlite3.connect(target, isolation_level=None)) as copy:
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
        # Files of earlier versions have none.
        with suppress(sqlite3.OperationalError):
            own_generation(copy)
        write_log_back(copy, target)


def write_log_back(connection: sqlite3.Connection, path: Path) -> None:
    """Write the log of a file that was made into it, before that gets its name.

    SQLite does so when the last connection is closed, but says nothing then if the disk fails.

    Raises:
        NotSaved: if the disk failed or is full.
        Busy: if another process reads the file.
    """
    with explained(path):
        (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise Busy(
            N_("Another process is using {path} and did not finish in time."),
            N_("Try again in a moment."),
            path=path,
        )


def checkpoint(connection: sqlite3.Connection) -> None:
    """Write the WAL back and empty it, without waiting for readers that still need it.

    What was committed is durable already: a checkpoint that fails, or finds a
    reader in its way, is tried again after the next write.
    """
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.execute(f"PRAGMA busy_timeout = {patience}")


def move_into_place(fresh: Path, target: Path) -> None:
    """Give a new board its name, but never take that of something else.

    Raises:
        Refused: if there is something of that name by now.
    """
    try:
        target.hardlink_to(fresh)
    except FileExistsError as error:
        raise in_the_way(target) from error
    except OSError:
        # Some file systems know no hard links; there a rename must do.
        if target.exists():
            raise in_the_way(target) from None
        fresh.rename(target)


def in_the_way(target: Path) -> Refused:
    """Why nothing is written at ``target``."""
    return Refused(
        N_("There is something at {target} already; it was left as it is."),
        N_("Name a file that does not exist yet."),
        target=target,
    )
