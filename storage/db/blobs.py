"""The bytes of attachments: each kept once in the board's file, named by its SHA-256.

Files that are attached, and attachments that are saved, are read and written here by path.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from storage.errors import N_, NotFound, Refused, Unusable, not_created
from storage.model.fields import LARGEST_ATTACHMENT, NamedTuple


def digest_of(data: bytes) -> str:
    """The name of some bytes: their SHA-256 in hex."""
    # Loaded here, since a list asks for no bytes, and OpenSSL comes with it.
    import hashlib

    return hashlib.sha256(data).hexdigest()


def put(connection: sqlite3.Connection, data: bytes, *, journalled: bool = False) -> str:
    """Keep some bytes, inside a write transaction; their digest.

    Args:
        connection: writes the board.
        data: what is kept; nothing is done if it is here already.
        journalled: whether it lies in a journal on the remote.

    Raises:
        Refused: if there are none, or too many.
    """
    may_be_kept(data)
    digest = digest_of(data)
    # What is here already is replaced where it was damaged.
    connection.execute(
        "INSERT INTO contents (digest, size, journalled, data) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (digest) DO UPDATE"
        " SET journalled = max(journalled, ?3), size = ?2, data = ?4"
        " WHERE journalled < ?3 OR size <> ?2 OR data <> ?4",
        (digest, len(data), journalled, data),
    )
    return digest


def may_be_kept(data: bytes) -> None:
    """Go on only if some bytes can be attached.

    Raises:
        Refused: if there are none, or too many.
    """
    if not data:
        raise Refused(N_("There is nothing in it."), N_("Attach a file that is not empty."))
    if len(data) > LARGEST_ATTACHMENT:
        raise too_large(len(data))


def too_large(size: int) -> Refused:
    """Why so many bytes are not attached."""
    return Refused(
        N_("It is too large to be attached: {size} bytes, and {limit} can be kept."),
        N_("Cut out the part that matters, or add a reference to where it lies."),
        size=size,
        limit=LARGEST_ATTACHMENT,
    )


def get(connection: sqlite3.Connection, digest: str) -> bytes | None:
    """The bytes of that name; None if they have not arrived.

    Raises:
        Unusable: if they are damaged.
    """
    row = connection.execute(
        "SELECT size, data FROM contents WHERE digest = ?", (digest,)
    ).fetchone()
    if row is None:
        return None
    size, data = row
    if len(data) != size or digest_of(data) != digest:
        raise Unusable(
            N_("The attachment {digest} is damaged in the board's file."),
            N_("Run “pitboard doctor”; somebody who shares this board may have all of it."),
            digest=digest[:12],
        )
    return bytes(data)


def waiting(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """The digest and the size of whatever lies in no journal on the remote yet."""
    return connection.execute(
        "SELECT digest, size FROM contents WHERE NOT journalled ORDER BY digest"
    ).fetchall()


def missing(connection: sqlite3.Connection) -> list[str]:
    """The digests that attachments name and whose bytes have not arrived."""
    rows = connection.execute(
        "SELECT DISTINCT digest FROM attachments"
        " WHERE digest NOT IN (SELECT digest FROM contents) ORDER BY digest"
    ).fetchall()
    return [digest for (digest,) in rows]


def mark_journalled(connection: sqlite3.Connection, digests: Iterable[str]) -> None:
    """Note that some of them lie in a journal on the remote."""
    connection.executemany(
        "UPDATE contents SET journalled = 1 WHERE digest = ?", [(digest,) for digest in digests]
    )


def forget_journalled(connection: sqlite3.Connection) -> None:
    """Nothing is known of what lies on the remote."""
    connection.execute("UPDATE contents SET journalled = 0 WHERE journalled")


#: Windows turns line ends into others unless it is told not to.
_BINARY: Final = getattr(os, "O_BINARY", 0)
_FOLLOWS_NOTHING: Final = getattr(os, "O_NOFOLLOW", 0)
_WAITS_FOR_NOBODY: Final = getattr(os, "O_NONBLOCK", 0)


class Upload(NamedTuple):
    """A file that is to be attached: its bytes, what it is called, what is to be said of it."""

    data: bytes
    label: str
    note: str = ""


def read_file(path: Path) -> bytes:
    """The bytes of a file that is to be attached.

    Raises:
        NotFound: if there is none.
        Refused: if it is no file, is empty or too large, or can't be read.
    """
    try:
        # A pipe that nobody writes to would be waited for; only files are read.
        with os.fdopen(os.open(path, os.O_RDONLY | _BINARY | _WAITS_FOR_NOBODY), "rb") as file:
            found = os.fstat(file.fileno())
            _must_be_file(path, found.st_mode)
            if found.st_size > LARGEST_ATTACHMENT:
                raise too_large(found.st_size)
            return read_stream(file)
    except FileNotFoundError as error:
        raise NotFound(N_("There is no file {path}."), N_("Check the path."), path=path) from error
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            # Some systems do not open a directory at all.
            _must_be_file(path, path.stat().st_mode)
        raise Refused(
            N_("{path} can't be read: {why}."),
            N_("Look at its permissions."),
            path=path,
            why=getattr(error, "strerror", None) or error,
        ) from error


def _must_be_file(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise Refused(
            N_("{path} is a directory; only files can be attached."),
            N_("Pack it into an archive, and attach that."),
            path=path,
        )
    if not stat.S_ISREG(mode):
        raise Refused(N_("{path} is no ordinary file, so it is not attached."), path=path)


def read_stream(stream: BinaryIO) -> bytes:
    """All that comes from a stream, if it is no more than can be attached.

    Raises:
        Refused: if nothing comes, or too much; what comes after that is not read.
    """
    data = stream.read(LARGEST_ATTACHMENT + 1)
    may_be_kept(data)
    return data


@contextmanager
def named_file(target: Path, board: Path, *, force: bool) -> Iterator[Callable[[bytes], object]]:
    """What takes the bytes of a file that a person named, as :func:`written_whole` writes it.

    Args:
        target: the file.
        board: the board's file, which nothing is ever written over.
        force: write over another file that is there.

    Raises:
        Refused: if there is a file already, or it can't be written.
    """
    try:
        if target.is_file() and (not force or target.samefile(board)):
            raise Refused(
                N_("There is something at {target} already; it was left as it is."),
                N_("Name a file that does not exist yet, or say --force."),
                target=target,
            )
        with written_whole(target) as write:
            yield write
    except OSError as error:
        raise not_created(
            target, error, N_("Name a file in a directory that exists and that you may write to.")
        ) from error


@contextmanager
def written_whole(target: Path) -> Iterator[Callable[[bytes], object]]:
    """What takes the bytes of a file, which gets its name when it is whole.

    A link is followed: what it leads to gets the bytes, and keeps its permissions. A pipe or a
    terminal is written into as it is, since nothing can take its place.

    Raises:
        Refused: if something else than a file, a pipe or a terminal is there.
        OSError: if it can't be written; a file is as it was then.
    """
    try:
        found = target.stat()
    except FileNotFoundError:
        found = None
    if found and not stat.S_ISREG(found.st_mode):
        with _irregular(target, found.st_mode) as file:
            yield file.write
        return
    real = Path(os.path.realpath(target))
    fresh = real.with_name(f".{real.name}.new-{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            yield file.write
        if found:
            fresh.chmod(stat.S_IMODE(found.st_mode))
        fresh.replace(real)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _irregular(target: Path, mode: int) -> BinaryIO:
    """A pipe or a terminal, opened for writing.

    Raises:
        Refused: if it is neither, or nobody reads the pipe.
        OSError: if it can't be opened.
    """
    if not (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
        raise Refused(
            N_("{target} is a directory or a device, not a file; it was left as it is."),
            N_("Name a file."),
            target=target,
        )
    # A pipe that nobody reads would wait for ever.
    at_once = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    try:
        descriptor = os.open(target, os.O_WRONLY | _BINARY | at_once)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        raise Refused(
            N_("{target} is a pipe that nobody reads, so nothing was written."),
            N_("Start what reads it first, or name a file."),
            target=target,
        ) from error
    if at_once:
        os.set_blocking(descriptor, True)
    return os.fdopen(descriptor, "wb")


def save_file(data: bytes, name: str, folder: Path, *, force: bool = False) -> Path:
    """Write bytes into a folder, readable by their owner alone; where they are then.

    Args:
        data: what to write.
        name: a name that :func:`storage.text.sanitize.file_name` made.
        folder: where to; it must be there.
        force: write over the file that is there, as :func:`written_whole` does.

    Raises:
        Refused: if something is there already, or it can't be written.
    """
    target = folder / name
    try:
        if force and os.path.lexists(target):
            with written_whole(target) as write:
                write(data)
        else:
            _write_new(target, data)
    except FileExistsError as error:
        raise Refused(
            N_("There is something at {target} already; it was left as it is."),
            N_("Save it to another folder, or say --force."),
            target=target,
        ) from error
    except OSError as error:
        raise not_created(
            target, error, N_("Name a folder that exists and that you may write to.")
        ) from error
    return target


def _write_new(path: Path, data: bytes) -> None:
    """Make a file that was not there; what could not be written whole is taken away again."""
    made_by = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FOLLOWS_NOTHING | _BINARY
    descriptor = os.open(path, made_by, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except OSError:
        path.unlink(missing_ok=True)
        raise
