"""What lies at a board's path and beside it: its kind, its write-ahead log, its names.

SQLite keeps what was committed and not yet written back in ``FILE-wal``. It applies that log to
whatever lies at ``FILE``, and looks for it beside the name by which the file was opened. So a log
without its file, a log of another file and a file of two names each lose or damage what was
written.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from storage.errors import N_, PitboardError, ReadOnly, Refused, Unusable
from storage.model.fields import NamedTuple

#: The header of a write-ahead log; one that is no longer holds nothing.
_LOG_HEADER: Final = 32
#: Where two numbers lie in it that are others for each log.
_SALTS: Final = slice(16, 24)
#: The files that SQLite keeps beside an open board.
_LOG, _LOG_INDEX = "-wal", "-shm"
#: A disk with fewer free bytes is full: SQLite enlarges that index by 32 KiB at a time.
_NO_ROOM: Final = 65_536
#: How often two readings of a file that another process writes are compared.
_TRIES: Final = 5

_KINDS: Final = (
    (stat.S_ISFIFO, N_("{path} is a named pipe, not a board.")),
    (stat.S_ISSOCK, N_("{path} is a socket, not a board.")),
    (stat.S_ISCHR, N_("{path} is a device, not a board.")),
    (stat.S_ISBLK, N_("{path} is a device, not a board.")),
)


class FileIdentity(NamedTuple):
    """Which file it is, whatever it is called."""

    device: int
    inode: int


def identity(path: Path) -> FileIdentity | None:
    """Which file lies at a path now; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return FileIdentity(found.st_dev, found.st_ino)


def exists(path: Path) -> bool:
    """Whether there is a regular file at ``path``.

    Raises:
        Unusable: if something else is there, or nothing can be told of it.
    """
    if str(path).startswith("file:") or str(path) == ":memory:":
        raise Unusable(
            N_("{path} is the name of a database to SQLite, not of a file."),
            N_("Name a file; one that is really called so by its whole path."),
            path=path,
        )
    try:
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        if path.is_symlink():
            raise Unusable(
                N_("{path} is a link to {target}, where there is nothing; it was left as it is."),
                N_("Remove the link, or bring back what it leads to."),
                path=path,
                target=path.readlink(),
            ) from error
        return False
    except OSError as error:
        raise Unusable(
            N_("{path} can't be opened: {why}."),
            N_("Name another place with --db or PITBOARD_DB."),
            path=path,
            why=error.strerror,
        ) from error
    if stat.S_ISDIR(mode):
        raise Unusable(
            N_("{path} is a directory, not a board."), N_("Name a file in it."), path=path
        )
    for is_kind, words in _KINDS:
        if is_kind(mode):
            raise Unusable(words, N_("Name a file with --db or PITBOARD_DB."), path=path)
    return True


def hard_linked(path: Path) -> ReadOnly | None:
    """Why a file of several names can't be written; None if it has one."""
    try:
        names = path.stat().st_nlink
    except OSError:
        return None
    if names < 2:
        return None
    return ReadOnly(
        N_(
            "{path} is one of {names} names (hard links) of the same file, so it can only be read"
            " here: SQLite keeps a log for each name, and one would overwrite what the other wrote."
        ),
        N_("Remove the other names. For a second copy use “pitboard backup FILE”."),
        path=path,
        names=names,
    )


def file_gone(path: Path) -> Unusable:
    """Why nothing is written any more to a board whose file was deleted, renamed or replaced."""
    if exists(path):
        return Unusable(
            N_("Another file was put at {path} while this board was open; nothing was saved."),
            N_("Open the board again to work with the file that lies there now."),
            path=path,
        )
    return Unusable(
        N_("{path} was deleted or renamed while it was open; nothing was saved."),
        N_("Move the file back, or restore a backup with “pitboard backup --restore FILE”."),
        path=path,
    )


def beside(path: Path, ending: str) -> Path:
    """A file that SQLite or Pitboard keeps beside a board, by its ending (``-wal``).

    A symbolic link is followed, as SQLite does: all names of a board share what lies beside it.
    """
    real = path.resolve()
    return real.with_name(f"{real.name}{ending}")


def log_of(path: Path) -> Path:
    """The write-ahead log of a board."""
    return beside(path, _LOG)


def has_log(path: Path) -> bool:
    """Whether there is a write-ahead log with anything in it."""
    try:
        return log_of(path).stat().st_size > _LOG_HEADER
    except OSError:
        return False


def log_salts(path: Path) -> bytes:
    """What tells a write-ahead log from the one that SQLite began at its place later; may be empty.

    Such a log holds none of the frames before, which the file has got by then.
    """
    try:
        with log_of(path).open("rb") as log:
            return log.read(_LOG_HEADER)[_SALTS]
    except OSError:
        return b""


def written_state(path: Path) -> tuple[tuple[int, int] | None, ...]:
    """What becomes another one when anybody writes: sizes and times of the file and its log."""
    found: list[tuple[int, int] | None] = []
    for one in (path, log_of(path)):
        try:
            state = one.stat()
        except OSError:
            found.append(None)
        else:
            found.append((state.st_size, state.st_mtime_ns))
    return tuple(found)


def set_log_aside(path: Path) -> Path | None:
    """Move the write-ahead log at ``path`` out of SQLite's way; where it is kept then.

    To be called with the writer's lock held, where no file is there that the log could belong to.

    Returns: None if there was none, or nothing in it.
    """
    log = log_of(path)
    kept = None
    if has_log(path):
        kept = unused(log.with_name(f"{log.name}.{stamp()}"))
        log.rename(kept)
    else:
        log.unlink(missing_ok=True)
    # It is only an index of the log, and is made again.
    beside(path, _LOG_INDEX).unlink(missing_ok=True)
    return kept


def discard(path: Path) -> None:
    """Remove a file that was being made, and what SQLite and Pitboard keep beside it."""
    for left in (path, log_of(path), beside(path, _LOG_INDEX), beside(path, ".lock")):
        left.unlink(missing_ok=True)


def is_full(path: Path) -> bool:
    """Whether the disk of a file has no room left; False where the system does not say."""
    try:
        found = os.statvfs(path.parent)
    except (AttributeError, OSError):
        return False
    return found.f_bavail * found.f_frsize < _NO_ROOM


def stamp() -> str:
    """The time as part of a file's name."""
    return time.strftime("%Y%m%d-%H%M%S")


def unused(path: Path) -> Path:
    """A name that nothing has yet: ``path``, or that with a number."""
    wanted, number = path, 1
    while os.path.lexists(path):
        number += 1
        path = wanted.with_name(f"{wanted.name}-{number}")
    return path


# Who may read and write it


#: A board is its owner's alone, unless it was made for a group.
PRIVATE: Final = 0o600
FOR_A_GROUP: Final = 0o660
#: Files in it belong to its group, whoever makes them.
_GROUP_DIRECTORY: Final = 0o2770


def mode_of(path: Path) -> int | None:
    """With which permissions files beside a board are made: as its own; None if there is none."""
    try:
        return FOR_A_GROUP if path.stat().st_mode & stat.S_IWGRP else PRIVATE
    except OSError:
        return None


def room_for_a_group(directory: Path) -> None:
    """Make or check a directory in which a group shares a board.

    What each member makes there has to belong to the group, which only the directory can see to.

    Raises:
        Refused: if it does not.
        OSError: if it can't be made.
    """
    if not directory.exists():
        directory.mkdir(parents=True)
        directory.chmod(_GROUP_DIRECTORY)
    mode = directory.stat().st_mode
    if not (mode & stat.S_ISGID and mode & stat.S_IWGRP):
        raise Refused(
            N_("Files in {directory} would not belong to its group, so nothing was made there."),
            N_("Run “chgrp GROUP {directory}” and “chmod 2770 {directory}”, then do it again."),
            directory=directory,
        )


# Whether the write-ahead log belongs to the file


class Generation(NamedTuple):
    """Which log a file is written with: a name of its own, and that of the log before.

    The first commit to an empty log writes both. The file alone then still holds ``previous``, or
    ``name`` once the log has been written back; any other name is that of another file.
    """

    name: str
    previous: str


def begin_generation(connection: sqlite3.Connection) -> None:
    """Give a board's log, which is empty, a new name; inside its first transaction."""
    connection.execute("UPDATE generation SET previous = name, name = ?", (os.urandom(8).hex(),))


def own_generation(connection: sqlite3.Connection) -> None:
    """Let a copy of a board be one that no log of the board belongs to."""
    connection.execute("UPDATE generation SET previous = '', name = ?", (os.urandom(8).hex(),))


def check_log(
    path: Path, whole: sqlite3.Connection, alone: Callable[[], sqlite3.Connection]
) -> PitboardError | None:
    """Why a board must not be used with the log beside it; None if they belong together.

    A file that is sound alone and can't be read with the log does not belong to it either.

    Args:
        path: the board, beside which there is a log.
        whole: reads the board with its log.
        alone: opens the board without its log.
    """
    for _ in range(_TRIES):
        before, now = _of_file(alone), _generation(whole)
        if before is None or (now is not None and before.name in now):
            return None
        # Another process may have written the log back between the two.
        if _of_file(alone) == before:
            break
    else:
        return None
    return foreign_log(path)


def foreign_log(path: Path) -> Unusable:
    """That the log beside a board is not its own."""
    return Unusable(
        N_(
            "The log {log} does not belong to {path}: another file was put in its place. Together"
            " they would be neither the one nor the other; both were left as they are."
        ),
        N_("Put a backup in place with “pitboard backup --restore FILE”, which keeps both aside."),
        path=path,
        log=log_of(path).name,
    )


def _of_file(alone: Callable[[], sqlite3.Connection]) -> Generation | None:
    try:
        connection = alone()
    except sqlite3.Error:
        return None
    try:
        return _generation(connection)
    finally:
        connection.close()


def _generation(connection: sqlite3.Connection) -> Generation | None:
    """What a file says of its log; None if it says nothing that can be read."""
    try:
        row = connection.execute("SELECT name, previous FROM generation").fetchone()
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    return Generation(*row) if row and all(isinstance(one, str) for one in row) else None
