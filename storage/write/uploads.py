"""Files that are attached, and attachments that are saved: by path, and by nothing else."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from storage.db.blobs import may_be_kept, too_large
from storage.errors import N_, NotFound, Refused, not_created
from storage.model.media_types import LARGEST_ATTACHMENT

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


def save_file(data: bytes, name: str, folder: Path, *, force: bool = False) -> Path:
    """Write bytes into a folder, readable by their owner alone; where they are then.

    Args:
        data: what to write.
        name: a name that :func:`storage.text.sanitize.file_name` made.
        folder: where to; it must be there.
        force: take the place of what has the name already. A link is replaced, and what it
            leads to is left alone.

    Raises:
        Refused: if something is there already, or it can't be written.
    """
    target = folder / name
    fresh = folder / f".{name[:60]}.new-{os.getpid()}" if force else target
    try:
        _write_new(fresh, data)
        if force:
            fresh.replace(target)
    except FileExistsError as error:
        raise Refused(
            N_("There is something at {target} already; it was left as it is."),
            N_("Save it to another folder, or say --force."),
            target=target,
        ) from error
    except OSError as error:
        if force:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
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
