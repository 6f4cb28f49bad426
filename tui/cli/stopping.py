"""Ctrl-C while a stream is read: the stream ends there, and what was found is told."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

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
