"""How far a long job is, for whoever waits at a terminal."""

from __future__ import annotations

import sys
import time
from typing import Final

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
