"""Where a file that leaves the board goes: to stdout, or to a name of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.errors import N_, Refused
from storage.text.sanitize import harmless
from tui.cli.output import emit, for_people


@contextmanager
def sink(target: Path | None, board: Path, *, force: bool) -> Iterator[Callable[[bytes], object]]:
    """What takes the bytes: stdout, or a file that gets its name when it is whole.

    Args:
        target: the file; None or ``-`` is stdout.
        board: the board's file, which nothing is ever written over.
        force: write over another file that is there.

    Raises:
        Refused: if there is something at ``target``, or nothing can be written there.
    """
    if target is None or str(target) == "-":
        if for_people():
            yield lambda data: emit(harmless(data.decode(), lines=True).splitlines())
        else:
            yield sys.stdout.buffer.write
        return
    if target.exists() and (not force or target.samefile(board)):
        raise Refused(
            N_("There is something at {target} already; it was left as it is."),
            N_("Name a file that does not exist yet, or say --force."),
            target=target,
        )
    beside = target.with_name(f".{target.name}.new-{os.getpid()}")
    try:
        with beside.open("wb") as file:
            yield file.write
        beside.replace(target)
    except OSError as error:
        raise Refused(
            N_("{target} can't be created: {why}."),
            N_("Name a file in a directory that exists and that you may write to."),
            target=target,
            why=error.strerror,
        ) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
