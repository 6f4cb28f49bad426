"""Streams of bytes to sieve: files, pipes, and a file that grows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

_AT_ONCE: Final = 1024 * 1024
#: How often a growing file is looked at, in seconds.
_PAUSE: Final = 0.2


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """What a file or a pipe holds, as it comes: a pipe's reader does not wait for a full chunk."""
    while chunk := os.read(file.fileno(), _AT_ONCE):
        yield chunk


def growing(path: Path, pause: Callable[[float], object] = time.sleep) -> Iterator[bytes]:
    """What a file holds and what is written to it from then on, without an end.

    An empty chunk says that the file begins anew: it was cut short, or another one took
    its place.

    Args:
        path: where the file lies.
        pause: waits so many seconds.
    """
    while True:
        with path.open("rb", buffering=0) as file:
            done = 0
            while True:
                for chunk in chunks(file):
                    done += len(chunk)
                    yield chunk
                if _begins_anew(path, file, done):
                    # What was written before the other one took its place.
                    yield from chunks(file)
                    break
                pause(_PAUSE)
        yield b""


def _begins_anew(path: Path, file: BinaryIO, done: int) -> bool:
    """Whether there is a new file at the path, or less in the file than was read."""
    held = os.fstat(file.fileno())
    try:
        now = path.stat()
    except OSError:
        # Between the old one and the new one there may be none.
        return False
    return held.st_size < done or not os.path.samestat(held, now)
