"""A program in a pseudo-terminal: when its first screen stands, and its memory then."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import pyte

from benchmarks.processes import ROOT, environment, peak_so_far

_LINES: Final = 40
_COLUMNS: Final = 120
_PATIENCE: Final = 30.0
_QUIET: Final = 0.5


class Painted(NamedTuple):
    """How long the first screen with the expected text took; the peak memory until then."""

    seconds: float
    peak: float


def first_paint(command: Sequence[str], expected: str, home: Path) -> Painted:
    """Run a program until it shows ``expected``, then end it.

    Raises:
        RuntimeError: if it never shows it.
    """
    start = time.perf_counter()
    child, handle = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execve(command[0], list(command), environment(home))
    fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", _LINES, _COLUMNS, 0, 0))
    try:
        arrived = _read(handle, start)
        peak = peak_so_far(str(child))
        _leave(handle)
    finally:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(handle)
    # Reading the screen takes longer than drawing it, so it is done when all is over.
    screen = pyte.Screen(_COLUMNS, _LINES)
    stream = pyte.ByteStream(screen)
    for seconds, data in arrived:
        stream.feed(data)
        if any(expected in line for line in screen.display):
            return Painted(seconds, peak)
    raise RuntimeError("nothing of the board was shown:\n" + "\n".join(screen.display))


def _read(handle: int, start: float) -> list[tuple[float, bytes]]:
    """What a terminal is told, and when, until it is quiet after something was drawn."""
    arrived: list[tuple[float, bytes]] = []
    drawn = 0
    while time.perf_counter() - start < _PATIENCE:
        # A screen is thousands of bytes; what comes before it are questions to the terminal.
        ready, _, _ = select.select([handle], [], [], _QUIET if drawn > 1000 else _PATIENCE)
        if not ready:
            break
        try:
            data = os.read(handle, 1 << 16)
        except OSError:  # how Linux says that the program has ended
            break
        if not data:
            break
        arrived.append((time.perf_counter() - start, data))
        drawn += len(data)
    return arrived


def _leave(handle: int) -> None:
    """Press the keys that end a program, so that it closes its files, and hear it out."""
    with suppress(OSError):
        os.write(handle, b"q\x11")
        while select.select([handle], [], [], 2.0)[0] and os.read(handle, 1 << 16):
            pass
