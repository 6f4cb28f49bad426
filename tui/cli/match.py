"""The verb that looks for known pitfalls in a log or a stream.

Unless it logs what it finds, it loads no more than reading does, and hyperscan.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from storage.match.known_errors import KnownErrors, OccurrencePlace
from storage.match.log_text import chunks, growing
from storage.match.stream_scanner import StreamHit, StreamScanner
from storage.model.vocabulary import Channel, Platform
from storage.text.sanitize import sanitize
from tui.cli import output
from tui.cli.answer import wants_json
from tui.cli.group import Verb
from tui.cli.input import WrongUse, environment_options
from tui.cli.open_board import opened, ready, writing
from tui.cli.output import emit_rows, for_people, stoppable, talk
from tui.text.i18n import _, ngettext, read

if TYPE_CHECKING:
    pass

_STDIN: Final = "-"


@click.command(
    "match",
    cls=Verb,
    examples=("pitboard match build.log", "npm run build 2>&1 | pitboard match"),
    help=_(
        "Find known pitfalls in a log file or a stream.\n\n"
        "Reads each FILE, or stdin without one: npm run build 2>&1 | pitboard match. Each"
        " known pitfall is listed once, with its status, the number of lines, the first"
        " line and the workaround. Piped, it writes one tab-separated line per pitfall: id,"
        " status, lines, first line, title, workaround, signature, matched text, file. It"
        " exits with 0 if it found one, else 1. Files that can't be read are named, the others are"
        " read all the same, and the exit code is 5."
    ),
)
@click.argument(
    "files",
    metavar="[FILE]…",
    nargs=-1,
    type=click.Path(allow_dash=True),
)
@click.option(
    "--tee", is_flag=True, help=_("Pass the stream on to stdout, and write the findings to stderr.")
)
@click.option(
    "--follow",
    is_flag=True,
    help=_("Keep reading as the file grows or is truncated, until Ctrl-C."),
)
@click.option(
    "--log",
    is_flag=True,
    help=_("Log an occurrence of each pitfall found, with its count and the environment options."),
)
@environment_options
@click.pass_context
def match(
    context: click.Context,
    /,
    files: tuple[str, ...],
    tee: bool,
    follow: bool,
    log: bool,
    **environment: Any,
) -> int:
    """Tell which known pitfalls there are in what is read."""
    if follow and (len(files) != 1 or files[0] == _STDIN):
        raise WrongUse(_("--follow needs one file."))
    seen = OccurrencePlace(
        Platform(environment["platform"]) if environment["platform"] else None,
        Channel(environment["channel"]) if environment["channel"] else None,
    )
    readable, unread = _readable(files)
    path = ready(context)
    telling = _telling(path) if follow else nullcontext()
    with KnownErrors.open(path) as known, stoppable() as stop, telling as notice:
        findings: list[StreamFinding] = []
        for name in readable or (_STDIN,):
            stream = stop.until(_stream(name, follow=follow))
            stream = _passed_on(stream) if tee else stream
            for found in _scanned(known, seen, stream, notice):
                findings.append(StreamFinding(found, "" if name == _STDIN else name))
        if stop.asked and not follow and _STDIN not in (readable or (_STDIN,)):
            raise KeyboardInterrupt
        findings = joined(findings)
        if log and findings:
            # What is found is logged even if nobody can be told of it.
            output.work_comes_first(lambda: False)
        # As JSON it is told what was logged, too.
        logged = _log(context, findings, environment) if log and wants_json() else []
        _tell(path, known, findings, logged, unread, aside=tee)
        _tell_engine(known)
    if log and not wants_json():
        _log(context, findings, environment)
    for problem in unread.values():
        talk(problem)
    if unread:
        return output.PARTIAL
    return output.DONE if findings else output.NOTHING_FOUND


def _readable(files: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The files that can be read, and what is wrong with each of the others.

    Raises:
        WrongUse: if none can be.
    """
    unread: dict[str, str] = {}
    for name in files:
        try:
            if name != _STDIN:
                with Path(name).open("rb"):
                    """It can be read."""
        except OSError as error:
            unread[name] = _("{path} can't be read: {why}.").format(
                path=sanitize(name), why=_(error.strerror or str(error))
            )
    if unread and len(unread) == len(set(files)):
        wrong = WrongUse(next(iter(unread.values())))
        for problem in list(unread.values())[1:]:
            wrong.add_note(problem)
        raise wrong
    return [name for name in files if name not in unread], unread


def _stream(name: str, *, follow: bool) -> Iterator[bytes]:
    if follow:
        yield from growing(Path(name))
    elif name == _STDIN:
        if sys.stdin.isatty():
            talk(_("What you type is read; Ctrl-D on a line of its own ends it."))
        yield from chunks(sys.stdin.buffer)
    else:
        with Path(name).open("rb", buffering=0) as file:
            yield from chunks(file)


def _passed_on(stream: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in stream:
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        yield chunk


def _scanned(
    known: KnownErrors,
    seen: OccurrencePlace,
    stream: Iterable[bytes],
    notice: Callable[[StreamHit], None] | None,
) -> Iterator[StreamHit]:
    """What is found in a stream, which an empty chunk begins anew.

    Args:
        known: what is looked for.
        seen: where the stream is from.
        stream: the stream.
        notice: is told of each new pitfall at once.
    """
    # Made once something comes: a large board's signatures take a tenth of a second to read.
    scanner: StreamScanner | None = None
    for chunk in stream:
        if not chunk:
            yield from _ended(scanner)
            scanner = None
            continue
        scanner = scanner or StreamScanner(known, seen)
        before = len(scanner.found)
        scanner.feed(chunk)
        if notice is not None:
            for found in list(scanner.found.values())[before:]:
                notice(found)
    yield from _ended(scanner)


def _ended(scanner: StreamScanner | None) -> Iterable[StreamHit]:
    """All that was found in a stream that has ended; it may have been empty."""
    if scanner is None:
        return ()
    scanner.close()
    return scanner.found.values()


@contextmanager
def _telling(path: Path) -> Iterator[Callable[[StreamHit], None]]:
    # Loaded here, since only a file that grows is told of while it is read.
    from tui.cli.known_errors import found_in_a_line

    shown: set[str] = set()
    with opened(path) as board:

        def tell(found: StreamHit) -> None:
            if found.pitfall not in shown:
                shown.add(found.pitfall)
                talk(found_in_a_line(board, found))

        yield tell


def _tell(
    path: Path,
    known: KnownErrors,
    findings: list[StreamFinding],
    logged: Sequence[str],
    unread: Mapping[str, str],
    *,
    aside: bool,
) -> None:
    """Write what was found: to stdout, or to stderr if the stream itself goes to stdout."""
    if wants_json() or aside or for_people():
        # Loaded here, since lines for scripts do without what a page for people needs.
        from tui.cli.known_errors import found_data, found_lines

        with opened(path) as board:
            if wants_json():
                found = found_data(board, findings)
                document = {"pitfalls": found, "logged": list(logged), "unread": list(unread)}
                output.emit_json(document, aside=aside)
            else:
                for one in findings:
                    for line in found_lines(board, *one):
                        click.echo(line, err=aside)
    else:
        emit_rows(as_rows(known, findings))
    if not findings:
        talk(_("Nothing known is in it."))


def _tell_engine(known: KnownErrors) -> None:
    """Say once if signatures were not looked for as fast and as surely as can be."""
    if known.is_slow:
        talk(
            _(
                "hyperscan is not installed, so signatures were looked for more slowly. Where there"
                " is a package of it, “pip install 'pitboard[fast]'” installs it."
            )
        )
    for pattern in known.given_up:
        words = _(
            "The pattern “{text}” took too long and was left out; write it with fewer repeats."
        )
        talk(words.format(text=sanitize(pattern)))


def _log(
    context: click.Context, findings: list[StreamFinding], environment: dict[str, Any]
) -> list[str]:
    """Log an occurrence of each pitfall that was found; their ids, if they are asked for."""
    if not findings:
        return []
    # Loaded here, since it reads the board, which most calls only look through.
    from tui.text.verdicts import doubted

    occurrences = [(one.found.pitfall, as_occurrence(one) | environment) for one in findings]
    with writing(context) as (store, board):
        doubt = doubted(board, environment)
        store.occurrences.log_many(occurrences)
        logged = [entry for step in store.session.steps for entry in step.entries]
    count = len(occurrences)
    talk(
        ngettext(
            "Logged an occurrence of {n} pitfall.",
            "Logged an occurrence of {n} pitfalls each.",
            count,
        ).format(n=count)
    )
    if doubt:
        talk(doubt)
    return logged


# What of the known pitfalls a stream holds, as people and scripts read it


#: An occurrence keeps so much of the line that it was seen in.
_LONGEST_MESSAGE: Final = 2_000


class StreamFinding(NamedTuple):
    """A known pitfall in what was read; ``file`` is where its first line is, "" for a stream."""

    found: StreamHit
    file: str


def joined(findings: Iterable[StreamFinding]) -> list[StreamFinding]:
    """Each pitfall once, with the lines of all files, in the order in which they came."""
    by_pitfall: dict[str, StreamFinding] = {}
    for one in findings:
        name = one.found.pitfall
        if name in by_pitfall:
            before = by_pitfall[name]
            lines = before.found.lines + one.found.lines
            by_pitfall[name] = before._replace(found=replace(before.found, lines=lines))
        else:
            by_pitfall[name] = one
    return list(by_pitfall.values())


def as_rows(known: KnownErrors, findings: Sequence[StreamFinding]) -> Iterator[Sequence[object]]:
    """The findings as lines for scripts."""
    summaries = known.summaries(one.found.pitfall for one in findings)
    for found, file in findings:
        pitfall = summaries[found.pitfall]
        yield (
            found.pitfall,
            pitfall.status.value,
            found.lines,
            found.first_line,
            read(pitfall.title),
            read(pitfall.workaround),
            found.signature.text,
            found.matched,
            file,
        )


def as_occurrence(finding: StreamFinding) -> dict[str, Any]:
    """The fields of the occurrence that a finding is worth, its environment aside."""
    line = sanitize(finding.found.line.strip().expandtabs())
    return {"count": finding.found.lines, "message": line[:_LONGEST_MESSAGE]}
