"""How far a long job is, for whoever waits at a terminal."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import click

from tui.cli.output import columns

_PATIENCE_SECONDS: Final = 1.0


class Progress:
    """Tells a waiting person how far it is, once it takes longer than one waits gladly.

    Args:
        words: what to say of a number, with ``{done}`` in it.
    """

    def __init__(self, words: str = "{done}") -> None:
        self._words = words
        self._told_at = time.monotonic()
        self._told = False

    def __call__(self, done: int) -> None:
        """So many are done."""
        self.say(self._words.format(done=done))

    def say(self, words: str) -> None:
        """That is being done."""
        if time.monotonic() - self._told_at < _PATIENCE_SECONDS:
            return
        self._told_at = time.monotonic()
        if sys.stderr.isatty():
            # What was said before may have been longer.
            clear = " " * (columns() - 1) + "\r" if self._told else ""
            self._told = True
            click.echo(f"\r{clear}{words}", nl=False, err=True)

    def end(self) -> None:
        """Clear the line."""
        if self._told:
            click.echo("\r" + " " * (columns() - 1) + "\r", nl=False, err=True)
            self._told = False


# Ctrl-C while a stream is read: the stream ends there, and what was found is told


_T = TypeVar("_T")


class Stop:
    """Whether somebody pressed Ctrl-C; waiting for more of a stream ends at once then."""

    def __init__(self) -> None:
        self.asked = False
        self._waiting = False

    def until(self, stream: Iterable[_T]) -> Iterator[_T]:
        """The stream, until somebody stops it; what is done with its parts is not interrupted."""
        parts = iter(stream)
        while not self.asked:
            self._waiting = True
            try:
                part = next(parts, None)
            except KeyboardInterrupt:
                return
            finally:
                self._waiting = False
            if part is None:
                return
            yield part

    def _press(self, _signal: int, _frame: Any) -> None:
        self.asked = True
        if self._waiting:
            raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Take Ctrl-C as the wish to stop reading."""
    stop = Stop()
    before = signal.signal(signal.SIGINT, stop._press)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
