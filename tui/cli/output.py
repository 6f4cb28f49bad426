"""What the command writes: data to stdout, talk to stderr, none of it able to fool a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

import click

from storage.text.sanitize import harmless

#: An error may quote what was typed, and nobody reads on for pages.
_LONGEST_TALK: Final = 2_000


def for_people() -> bool:
    """Whether a person looks at stdout, rather than a pipe or a file."""
    return sys.stdout.isatty()


def columns() -> int:
    """The width of the terminal in cells."""
    # Loaded here, since it brings archives with it.
    import shutil

    return shutil.get_terminal_size().columns


def emit(lines: Iterable[str]) -> None:
    """Write lines to stdout. What comes from the record has been made harmless before."""
    text = "".join(f"{line}\n" for line in lines)
    if for_people():
        # click knows how to colour a Windows console.
        click.echo(text, nl=False, color=_colourful())
    else:
        sys.stdout.write(text)


def emit_json(value: object) -> None:
    """Write one JSON document."""
    # Loaded here, since most of what is written is no JSON.
    from storage.exports.json_shapes import as_json

    emit([as_json(value, indent=2)])


def emit_rows(rows: Iterable[Sequence[object]]) -> None:
    """Write one line for each row, its values between tabs; no value can hold a tab or a break."""
    emit("\t".join(harmless(str(value)) for value in row) for row in rows)


def talk(text: str) -> None:
    """Tell the person at the terminal something, on stderr."""
    shown = harmless(text, lines=True)
    if len(shown) > _LONGEST_TALK:
        shown = f"{shown[:_LONGEST_TALK]} …"
    # With nobody left to talk to, the exit code still says it.
    with suppress(OSError):
        click.echo(shown, err=True)


def styled(text: str, **style: Any) -> str:
    """``text`` in a colour or bold, where a person looks who did not turn colours off."""
    return click.style(text, **style) if style and _colourful() else text


def _colourful() -> bool:
    return for_people() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def let_go_of_stdout() -> None:
    """Keep the interpreter from flushing, as it ends, into a pipe that nobody reads."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
