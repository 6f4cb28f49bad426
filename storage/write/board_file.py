"""What lies at a path: a board of which version, and whether it can be read and written here.

Looking is cheap; every command does it first. Whoever writes there holds its lock.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from storage.db.board_files import exists, hard_linked
from storage.db.connection import SCHEMA_VERSION, connect_for_reading, explained, identify
from storage.db.reader import PROJECTION_VERSION, projection_version
from storage.errors import N_, PitboardError, ReadOnly, Unusable
from storage.model.fields import NamedTuple
from storage.model.row import BUILT_IN


class FileState(NamedTuple):
    """What lies at a path.

    ``edition`` is None on a board that does without the catalogue; ``is_current`` says whether
    its read tables are those of this version.
    """

    version: int
    edition: int | None
    is_current: bool = True

    @property
    def is_readable(self) -> bool:
        """Whether it can be read as it is."""
        return self.version > SCHEMA_VERSION or (self.version == SCHEMA_VERSION and self.is_current)

    def is_ready(self, edition: int) -> bool:
        """Whether a program that ships this catalogue edition has nothing to write first."""
        if self.version > SCHEMA_VERSION:
            return True
        return self.is_readable and (self.edition is None or self.edition >= edition)


def look(path: Path) -> FileState | None:
    """What lies at ``path``; None if there is nothing yet.

    Raises:
        Unusable: if it is something else than a board.
    """
    if not exists(path):
        return None
    with closing(connect_for_reading(path)) as connection:
        return state_of(connection, path)


def state_of(connection: sqlite3.Connection, path: Path) -> FileState:
    """What lies at ``path``, through a connection that reads it.

    Raises:
        Unusable: if it is something else than a board.
    """
    if path.stat().st_size == 0:
        raise Unusable(
            N_("{path} is an empty file, not a board; it was left as it is."),
            N_("If nothing was ever in it, remove it and start again; else restore a backup."),
            path=path,
        )
    version = identify(connection, path)
    if version == 0:
        raise Unusable(
            N_("{path} is a database without a board in it; it was left as it is."),
            N_("Name another file with --db or PITBOARD_DB."),
            path=path,
        )
    edition, is_current = None, False
    if version == SCHEMA_VERSION:
        with explained(path):
            is_current = projection_version(connection) == PROJECTION_VERSION
            held = connection.execute(
                "SELECT edition FROM catalogues WHERE name = ?", (BUILT_IN,)
            ).fetchone()
        edition = held[0] if held else None
    return FileState(version, edition, is_current)


def only_readable(path: Path, found: FileState | None) -> ReadOnly | None:
    """Why what lies at ``path`` can be read here but not written; None if it can be."""
    if found is not None and found.version > SCHEMA_VERSION:
        return ReadOnly(
            N_("{path} was written by a newer Pitboard, so it can only be read here."),
            N_("Install the newer version to write to it."),
            path=path,
        )
    if found is not None and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return ReadOnly(
            N_("{path} can only be read here."),
            N_("Check the permissions of the file and of its directory."),
            path=path,
        )
    return None if found is None else hard_linked(path)


def log_was_set_aside(kept: Path) -> PitboardError:
    """What a person has to know of a log without its file, where a new board was started."""
    return Unusable(
        N_("A write-ahead log (-wal) without its board lay there; it is kept as {kept}."),
        N_("It may hold changes of that board: “pitboard recover NEW --from {kept}” looks."),
        kept=kept,
    )


class WritersLock(threading.local):
    """What one writer of a board holds at a time: filelock's lock of a file beside it.

    To load filelock takes half as long as all that reads and writes a board. So a lock file that
    lies there, is this user's and is free gets the system's lock here, the one that filelock would
    give it; in every other case filelock makes it, waits and says what is wrong. A thread that has
    it may take it again.

    Args:
        path: the lock file.
        mode: its permissions, if it is made.
    """

    def __init__(self, path: Path, mode: int) -> None:
        self._path = path
        self._mode = mode
        self._taken = 0
        self._let_go: Callable[[], None]

    def acquire(self, timeout: float, poll_interval: float = 0.05) -> None:
        """Take it; times are in seconds.

        Raises:
            TimeoutError: if others have it for as long as ``timeout``.
            OSError: if it can't be had here at all.
        """
        if self._taken == 0:
            self._let_go = self._at_once() or self._by_filelock(timeout, poll_interval)
        self._taken += 1

    def release(self) -> None:
        """Give it back, once for each time that it was taken."""
        if self._taken == 1:
            self._let_go()
        self._taken -= 1

    def _at_once(self) -> Callable[[], None] | None:
        """What gives it back, if nothing but a call of the system is needed to take it."""
        if sys.platform == "win32":
            return None
        # Loaded here, since who only reads does without.
        import fcntl

        def let_go() -> None:
            fcntl.flock(file, fcntl.LOCK_UN)
            os.close(file)

        try:
            file = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_NOFOLLOW)
        except OSError:
            return None
        is_taken = False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found = os.fstat(file)
            # A file that was removed meanwhile locks nothing, and its owner can remove it.
            is_taken = found.st_nlink > 0 and found.st_uid == os.geteuid()
        except OSError:
            return None
        finally:
            if not is_taken:
                os.close(file)
        return let_go if is_taken else None

    def _by_filelock(self, timeout: float, poll_interval: float) -> Callable[[], None]:
        # Loaded here, since nearly always the lock is free.
        from filelock import FileLock

        lock = FileLock(self._path, mode=self._mode)
        try:
            lock.acquire(timeout, poll_interval)
        except TimeoutError:
            # It waits for a file that nobody can make, as for one that others have.
            self._path.stat()
            raise
        return lock.release
