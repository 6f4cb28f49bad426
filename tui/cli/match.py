"""The verb that looks for known pitfalls in a log or a stream.

Unless it logs what it finds, it loads no more than reading does, and hyperscan.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from storage.errors import N_, PitboardError
from storage.model.row import Severity, regression_word
from storage.model.vocabulary import Channel, Platform
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli import answer, option, output
from tui.cli.answer import wants_json
from tui.cli.group import Verb
from tui.cli.input import WrongUse, environment_options
from tui.cli.open_board import opened, ready, writing
from tui.cli.output import emit_rows, for_people, sink, stoppable, talk
from tui.text.i18n import _, ngettext, read, say

if TYPE_CHECKING:
    from storage.match import error_text, stream_scanner
    from storage.match import known_errors as matching
    from storage.match.known_errors import KnownErrors
    from storage.match.stream_scanner import StreamFinding, StreamHit
    from storage.read.board import Board
    from tui.cli import ci_reports, known_errors
else:
    # Help waits for nothing that looks for an error.
    error_text = deferred("storage.match.error_text")
    matching = deferred("storage.match.known_errors")
    stream_scanner = deferred("storage.match.stream_scanner")
    # Lines for scripts do without what a page or a report needs.
    ci_reports = deferred("tui.cli.ci_reports")
    known_errors = deferred("tui.cli.known_errors")

_STDIN: Final = "-"
#: Why nothing is found, and what to do next.
_NOTHING: Final = PitboardError(
    N_("Nothing known is in it."),
    N_("“pitboard paste” shows what is only like it, and can report it."),
)
_UNSIGNED: Final = PitboardError(
    N_("No pitfall of this board has a signature, so nothing can be found."),
    N_("Add one with “pitboard new --signature” or “pitboard edit --signature”."),
)
#: The formats of :mod:`tui.cli.ci_reports`, and what fails a build beside a severity.
FORMATS: Final = ("github", "gitlab", "sarif", "junit", "gcc")
FAIL_ON: Final = ("none", "known", "unknown", "regression")


def _note_format(_context: click.Context, _option: click.Parameter, form: str) -> str:
    if form == "json" and not wants_json():
        answer.take(True)
    if form not in ("text", "json") and wants_json():
        raise WrongUse(_("Choose --json or --format {form}, not both.").format(form=form))
    return form


@click.command(
    "match",
    cls=Verb,
    examples=("pitboard match build.log", "npm run build 2>&1 | pitboard match"),
    help=_(
        "Find known pitfalls in a log file or a stream.\n\n"
        "Reads each FILE, or stdin without one: npm run build 2>&1 | pitboard match. Each"
        " known pitfall is listed once, with its status, the number of lines, the first"
        " line and the workaround. Piped, it writes one tab-separated line per pitfall: id,"
        " status, lines, first line, title, workaround, signature, matched text, file,"
        " “regressed” or nothing. It exits with 0 if it found one, else 1. Files that can't be read"
        " are named, the others are read all the same, and the exit code is 5; it is 2 if none can"
        " be read."
    ),
)
@click.argument(
    "files",
    metavar="[FILE]…",
    nargs=-1,
    type=click.Path(allow_dash=True),
)
@option(
    "--tee", is_flag=True, help=_("Pass the stream on to stdout, and write the findings to stderr.")
)
@option(
    "--follow",
    is_flag=True,
    help=_("Keep reading as the file grows or is truncated, until Ctrl-C."),
)
@option(
    "--log",
    is_flag=True,
    help=_("Log an occurrence of each pitfall found, with its count and the environment options."),
)
@option(
    "--format",
    "form",
    type=click.Choice(["text", "json", *FORMATS]),
    default="text",
    callback=_note_format,
    help=_(
        "How the findings are written: as text, as JSON, as annotations of GitHub Actions, as a"
        " GitLab Code Quality report, as SARIF 2.1.0, as JUnit test cases, or as lines of a"
        " compiler."
    ),
)
@option(
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=_("Write the findings to FILE, in place of what is there, rather than to stdout."),
)
@option(
    "--root",
    metavar="FOLDER",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=_(
        "The folder of the sources: a file below it that a line of the log names is the place of"
        " the finding. The default is the working directory."
    ),
)
@option(
    "--fail-on",
    "fail_on",
    type=click.Choice([*FAIL_ON, *(one.value for one in Severity)], case_sensitive=False),
    help=_(
        "Exit with 6 only if a known pitfall is found (known), none is (unknown), one that was"
        " fixed upstream is back (regression), or one is as severe as that; else with 0. A format"
        " for a build server fails on none, unless this says more."
    ),
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
    form: str,
    target: Path | None,
    root: Path,
    fail_on: str | None,
    **environment: Any,
) -> int:
    """Tell which known pitfalls there are in what is read."""
    if follow and (len(files) != 1 or files[0] == _STDIN):
        raise WrongUse(_("--follow needs one file."))
    if follow and (form in FORMATS or target is not None):
        raise WrongUse(_("A report needs a log that ends; --follow waits for more of it."))
    if tee and form in FORMATS and target is None:
        raise WrongUse(
            _("--tee writes the stream to stdout; name a file for the report: --output.")
        )
    seen = matching.OccurrencePlace(
        Platform(environment["platform"]) if environment["platform"] else None,
        Channel(environment["channel"]) if environment["channel"] else None,
    )
    readable, unread = _readable(files)
    path = ready(context)
    telling = _telling(path) if follow else nullcontext()
    with matching.KnownErrors.open(path) as known, stoppable() as stop, telling as notice:
        findings: list[StreamFinding] = []
        for name in readable or (_STDIN,):
            stream = stop.until(_stream(name, follow=follow))
            stream = _passed_on(stream) if tee else stream
            for found in stream_scanner.scanned(known, seen, stream, notice):
                findings.append(stream_scanner.StreamFinding(found, "" if name == _STDIN else name))
        if stop.asked and not follow and _STDIN not in (readable or (_STDIN,)):
            raise KeyboardInterrupt
        findings = stream_scanner.joined(findings)
        if log and findings:
            # What is found is logged even if nobody can be told of it.
            output.work_comes_first(lambda: False)
        # As JSON it is told what was logged, too.
        logged = _log(context, findings, environment) if log and wants_json() else []
        judged: Sequence[ci_reports.CiFinding] = ()
        if findings and (form in FORMATS or fail_on not in (None, "none")):
            with opened(path) as board:
                judged = ci_reports.judged(board, findings, root, environment, fail_on)
        is_unexplained = fail_on == "unknown" and not findings
        if is_unexplained and form in FORMATS:
            logs = ["" if name == _STDIN else name for name in readable or (_STDIN,)]
            judged = [ci_reports.unexplained(logs, root)]
        if form in FORMATS or target is not None:
            with sink(target, path, force=True) as write:
                text = _written(path, known, findings, judged, form, logged, unread)
                write(text.encode())
            if not findings:
                _tell_nothing(known)
        else:
            _tell(path, known, findings, logged, unread, aside=tee)
        _tell_engine(known)
    if log and not wants_json():
        _log(context, findings, environment)
    for problem in unread.values():
        talk(problem)
    if is_unexplained or any(one.fails for one in judged):
        return output.FAILS_BUILD
    if unread:
        answer.advise(_("Check the paths; the others were read."))
        return output.PARTIAL
    is_answered = findings or fail_on is not None or form in FORMATS
    return output.DONE if is_answered else output.NOTHING_FOUND


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
        yield from error_text.growing(Path(name))
    elif name == _STDIN:
        if sys.stdin.isatty():
            talk(_("What you type is read; Ctrl-D on a line of its own ends it."))
        yield from error_text.chunks(sys.stdin.buffer)
    else:
        with Path(name).open("rb", buffering=0) as file:
            yield from error_text.chunks(file)


def _passed_on(stream: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in stream:
        sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()
        yield chunk


@contextmanager
def _telling(path: Path) -> Iterator[Callable[[StreamHit], None]]:
    shown: set[str] = set()
    with opened(path) as board:

        def tell(found: StreamHit) -> None:
            if found.pitfall not in shown:
                shown.add(found.pitfall)
                talk(known_errors.found_in_a_line(board, found))

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
        with opened(path) as board:
            if wants_json():
                output.emit_json(_document(board, findings, logged, unread), aside=aside)
            else:
                for one in findings:
                    for line in known_errors.found_lines(board, *one):
                        click.echo(line, err=aside)
    else:
        emit_rows(as_rows(known, findings))
    if not findings:
        _tell_nothing(known)


def _tell_nothing(known: KnownErrors) -> None:
    is_signed = known.judge() is not None
    nothing = _NOTHING if is_signed else _UNSIGNED
    answer.advise(_(nothing.advice))
    # What else could be done about a log that is well would be said each time.
    talk(_(nothing.message) if is_signed or wants_json() else say(nothing))


def _document(
    board: Board, findings: list[StreamFinding], logged: Sequence[str], unread: Iterable[str]
) -> dict[str, Any]:
    found = known_errors.found_data(board, findings)
    return {"pitfalls": found, "logged": list(logged), "unread": list(unread)}


def _written(
    path: Path,
    known: KnownErrors,
    findings: list[StreamFinding],
    judged: Sequence[ci_reports.CiFinding],
    form: str,
    logged: Sequence[str],
    unread: Iterable[str],
) -> str:
    """The findings as a file holds them."""
    if form in FORMATS:
        return ci_reports.REPORTS[form](judged)
    if not wants_json():
        return "".join(f"{line}\n" for line in output.row_lines(as_rows(known, findings)))
    with opened(path) as board:
        return output.json_text(_document(board, findings, logged, unread))


def _tell_engine(known: KnownErrors) -> None:
    """Say once if signatures were not looked for as fast and as surely as can be."""
    for shortfall in known.shortfalls():
        talk(say(shortfall))


def _log(
    context: click.Context, findings: list[StreamFinding], environment: dict[str, Any]
) -> list[str]:
    """Log an occurrence of each pitfall that was found; their ids, if they are asked for."""
    if not findings:
        return []
    # Loaded here, since it reads the board, which most calls only look through.
    from tui.cli.report import warn_first
    from tui.text.verdicts import doubted, verdicts_of

    occurrences = [(one.found.pitfall, as_occurrence(one) | environment) for one in findings]
    with writing(context) as (store, board):
        warn_first(doubted(board, environment))
        logged = store.occurrences.log_many(occurrences)
        said = list(verdicts_of(board, (one.found.pitfall for one in findings), logged))
    count = len(occurrences)
    talk(
        ngettext(
            "Logged an occurrence of {n} pitfall.",
            "Logged an occurrence of {n} pitfalls each.",
            count,
        ).format(n=count)
    )
    for words in said:
        talk(words)
    return logged


# What of the known pitfalls a stream holds, as scripts read it and as it is logged


#: An occurrence keeps so much of the line that it was seen in.
_LONGEST_MESSAGE: Final = 2_000


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
            regression_word(pitfall.regressed),
        )


def as_occurrence(finding: StreamFinding) -> dict[str, Any]:
    """The fields of the occurrence that a finding is worth, its environment aside."""
    line = sanitize(finding.found.line.strip().expandtabs())
    return {"count": finding.found.lines, "message": line[:_LONGEST_MESSAGE]}
