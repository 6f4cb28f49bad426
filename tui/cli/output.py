"""Output: data on stdout, messages and progress on stderr, exit codes, files."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO, TypeVar

import click

from storage.db.blobs import named_file
from storage.errors import N_
from storage.text.sanitize import sanitize
from tui import deferred, signals
from tui.cli import answer
from tui.text.i18n import _, read

if TYPE_CHECKING:
    from storage.read.board import Board
    from tui.text import cells
else:
    # What is written to a pipe is not measured.
    cells = deferred("tui.text.cells")

#: An error may quote what was typed, and nobody reads on for pages.
_LONGEST_TALK: Final = 2_000


def for_people() -> bool:
    """Whether a person looks at stdout, rather than a pipe or a file."""
    return answer.held is None and sys.stdout.isatty()


def columns() -> int:
    """The width of the terminal in cells."""
    return cells.terminal_size()[0]


def emit(lines: Iterable[str]) -> None:
    """Write lines to stdout. What comes from the record has been made harmless before.

    With ``--json`` they are dropped: the document says the same.
    """
    if answer.held is None:
        _put(lines)


def _put(lines: Iterable[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    if for_people():
        # click knows how to colour a Windows console.
        click.echo(text, nl=False, color=_colourful())
    else:
        sys.stdout.write(text)


def emit_json(value: Mapping[str, Any], *, aside: bool = False) -> None:
    """Write the document of a call with ``--json``.

    Args:
        value: its keys.
        aside: write it to stderr, because something else goes to stdout.
    """
    text = json_text(value)
    if aside:
        click.echo(text, err=True, nl=False)
    else:
        _put([text.rstrip("\n")])


def json_text(value: Mapping[str, Any]) -> str:
    """The document of a call with ``--json``, which counts as written by this."""
    # Loaded here, since most of what is written is no JSON.
    from storage.exports.json_shapes import as_json

    if answer.held is not None:
        answer.held.is_written = True
    return as_json({"schema": answer.SCHEMA, **value}, indent=2) + "\n"


def emit_rows(rows: Iterable[Sequence[object]]) -> None:
    """Write one line for each row; see :func:`row_lines`."""
    emit(row_lines(rows))


def row_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A line for each row, its values between tabs; no value can hold a tab or a break."""
    return ("\t".join(sanitize(str(value)) for value in row) for row in rows)


def emit_path(path: Path) -> None:
    """Write the path of a file: its exact bytes, or sanitised for a terminal."""
    if answer.held is not None:
        answer.held.fields.setdefault("file", str(path))
    elif for_people():
        emit([sanitize(str(path))])
    else:
        sys.stdout.buffer.write(os.fsencode(path) + b"\n")


def talk(text: str) -> None:
    """Tell the person at the terminal something, on stderr.

    With ``--json`` it waits for the end of the call: stderr holds one object if that fails.
    """
    if answer.held is not None:
        answer.held.said.append(text)
        return
    shown = sanitize(text, lines=True)
    if len(shown) > _LONGEST_TALK:
        shown = f"{shown[:_LONGEST_TALK]} …"
    # With nobody left to talk to, the exit code still says it.
    with suppress(OSError):
        click.echo(shown, err=True)


def named(board: Board, pitfall: str) -> str:
    """A pitfall in one line: its short id and its title."""
    return f"{board.short_id(pitfall)}  {sanitize(read(board.pitfall(pitfall).title))}"


def styled(text: str, **style: Any) -> str:
    """``text`` in a colour or bold, where a person looks who did not turn colours off."""
    return click.style(text, **style) if style and _colourful() else text


def _colourful() -> bool:
    return for_people() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


# stdout is only the answer: whether it can be written does not change what was done


class _Stream(FileIO):
    """stdout or stderr of this process, of which nothing more is written once it has failed.

    A verb that does something is not ended by that, so that it is done whole or not at all.
    """

    lost: OSError | None = None
    is_needed = True

    def write(self, data: Any) -> int:
        """Write to the stream; once it has failed, take the bytes and drop them."""
        if self.lost is None:
            try:
                return super().write(data)
            except OSError as error:
                self.lost = error
                if self.is_needed:
                    raise
        return memoryview(data).nbytes


def _nothing_was_done() -> bool:
    return False


#: Whether this call has done something that stays done.
is_done: Callable[[], bool] = _nothing_was_done


def take_streams() -> None:
    """Write through streams that say whether they failed, whatever the call was started with.

    A stream that was closed would be the next file that is opened, and so is replaced by one to
    which nothing can be written.
    """
    global is_done
    is_done = _nothing_was_done
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free: stdin is at its end, the others take nothing.
            os.open(os.devnull, os.O_RDONLY)
    if sys.stdin is None:
        sys.stdin = TextIOWrapper(FileIO(0))
    sys.stdout = _taken(sys.stdout, 1)
    sys.stderr = _taken(sys.stderr, 2)
    if isinstance(raw := _raw(sys.stderr), _Stream):
        # With nobody left to talk to, the exit code still says it.
        raw.is_needed = False


def _taken(stream: TextIO | None, number: int) -> TextIO:
    raw = _raw(stream)
    if stream is not None and not (type(raw) is FileIO and raw.fileno() == number):
        return stream
    encoding = "utf-8" if stream is None else stream.encoding
    waits = number == 2 or (stream is not None and stream.isatty())
    return TextIOWrapper(
        BufferedWriter(_Stream(number, "wb", closefd=False)),
        encoding,
        "backslashreplace",
        line_buffering=waits,
    )


def _raw(stream: TextIO | None) -> object:
    # Unbuffered (PYTHONUNBUFFERED), there is nothing between the two.
    buffer = getattr(stream, "buffer", None)
    return getattr(buffer, "raw", buffer)


def work_comes_first(has_done: Callable[[], bool]) -> None:
    """Go on with what this call does even if its answer can't be written.

    Args:
        has_done: whether something was done that stays done.
    """
    global is_done
    is_done = has_done
    if isinstance(raw := _raw(sys.stdout), _Stream):
        raw.is_needed = False


def is_lost(error: OSError) -> bool:
    """Whether an error is that stdout can't be written; :func:`ended` says so."""
    raw = _raw(sys.stdout)
    return isinstance(raw, _Stream) and raw.lost is error


def ended(code: int) -> int:
    """The exit code of a call that would end with ``code``, once its answer is written.

    It speaks of what was done. Where that is only the answer, it says that this failed.
    """
    raw = _raw(sys.stdout)
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    if not isinstance(raw, _Stream) or raw.lost is None:
        return code
    # The interpreter would flush what is left as it ends.
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, raw.fileno())
        os.close(nowhere)
    if code != DONE:
        return code
    is_reader_gone = isinstance(raw.lost, BrokenPipeError)
    why = _(os.strerror(raw.lost.errno or 0))
    if is_done():
        talk(_("It is done, but the answer could not be written: {why}.").format(why=why))
        return DONE
    if is_reader_gone:
        return READER_GONE
    talk(_("The answer could not be written: {why}.").format(why=why))
    return NOT_WRITTEN


# The exit codes, which scripts rely on


DONE: Final = 0
NOTHING_FOUND: Final = 1
WRONG_USE: Final = 2
REFUSED: Final = 3
NOT_WRITTEN: Final = 4
PARTIAL: Final = 5
FAILS_BUILD: Final = 6
INTERRUPTED: Final = 130
#: What a shell reports for a program whose reader went away (128 + SIGPIPE).
READER_GONE: Final = 141
#: What ``pitboard --help`` says of them.
MEANINGS: Final = (
    (DONE, N_("done")),
    (NOTHING_FOUND, N_("nothing found")),
    (WRONG_USE, N_("wrong use: an unknown option, an impossible value, an ambiguous id")),
    (REFUSED, N_("invalid change, or the file is damaged or not a board")),
    (NOT_WRITTEN, N_("busy, read-only, the disk is full or the remote is out of reach; not done")),
    (PARTIAL, N_("done in part: some of it could not be read")),
    (FAILS_BUILD, N_("a log holds what --fail-on names")),
)


def nothing_found(words: str, advice: str = "", *, even_piped: bool = False) -> int:
    """Say that nothing was found, and what to do next; the exit code.

    What reads lines gets none of it, unless the words are said ``even_piped``.
    """
    answer.advise(advice)
    if for_people():
        talk(f"{words} {advice}".strip())
    elif even_piped or answer.held is not None:
        talk(words)
    return NOTHING_FOUND


# Where a file that leaves the board goes: to stdout, or to a name of its own


@contextmanager
def sink(target: Path | None, board: Path, *, force: bool) -> Iterator[Callable[[bytes], object]]:
    """What takes the bytes: stdout, or a file (:func:`storage.db.blobs.named_file`).

    Args:
        target: the file; None or ``-`` is stdout.
        board: the board's file, which nothing is ever written over.
        force: write over another file that is there.

    Raises:
        Refused: if there is a file at ``target``, or nothing can be written there.
    """
    if target is None or str(target) == "-":
        if for_people():
            yield lambda data: emit(sanitize(data.decode(), lines=True).splitlines())
        else:
            yield sys.stdout.buffer.write
        return
    with named_file(target, board, force=force) as write:
        yield write


# How far a long job is, for whoever waits at a terminal


_PATIENCE_SECONDS: Final = 1.0


class ProgressLine:
    """Tells a waiting person how far it is, once it takes longer than one waits gladly.

    Args:
        words: what to say of a number, with ``{done}`` in it.
    """

    def __init__(self, words: str = "{done}") -> None:
        self._words = words
        self._shown_at = time.monotonic()
        self._is_shown = False

    def __call__(self, done: int) -> None:
        """So many are done."""
        self.say(self._words.format(done=done))

    def say(self, words: str) -> None:
        """That is being done."""
        if answer.held is not None or time.monotonic() - self._shown_at < _PATIENCE_SECONDS:
            return
        self._shown_at = time.monotonic()
        if sys.stderr.isatty():
            # What was said before may have been longer.
            clear = " " * (columns() - 1) + "\r" if self._is_shown else ""
            self._is_shown = True
            click.echo(f"\r{clear}{words}", nl=False, err=True)

    def end(self) -> None:
        """Clear the line."""
        if self._is_shown:
            click.echo("\r" + " " * (columns() - 1) + "\r", nl=False, err=True)
            self._is_shown = False


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
    before = signals.signal(signals.SIGINT, stop._press)
    try:
        yield stop
    finally:
        signals.signal(signals.SIGINT, before)
