"""The verbs ``new``, ``log``, and ``bug-report`` for the vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from storage.errors import N_, Refused
from storage.model.row import Kind, Severity
from storage.model.vocabulary import Outcome, tags_named
from tui import deferred
from tui.cli import option
from tui.cli.answer import answer_with
from tui.cli.changes import attach_option, carry_out, flag_tags, meant, on_several, tell, uploads
from tui.cli.group import Verb
from tui.cli.input import (
    AnyNumber,
    OneOf,
    PitfallId,
    WrongUse,
    ask,
    confirm,
    environment_options,
    is_interactive,
    plan_options,
    seen_at_option,
    text_of,
    words,
)
from tui.cli.open_board import ReadingVerb, reading, writing
from tui.cli.output import emit, talk
from tui.text.i18n import _, listed, translator

if TYPE_CHECKING:
    from storage.match import error_text, generality, normalizer
    from storage.read.board import Board
    from storage.reports import bug_report
    from tui.text import verdicts, vocabulary
else:
    vocabulary = deferred("tui.text.vocabulary")
    verdicts = deferred("tui.text.verdicts")
    bug_report = deferred("storage.reports.bug_report")
    error_text = deferred("storage.match.error_text")
    generality = deferred("storage.match.generality")
    normalizer = deferred("storage.match.normalizer")


@click.command(
    "new",
    cls=Verb,
    examples=('pitboard new "Blank map" --component map --kind bug --severity S3',),
    help=_(
        "Report a new pitfall.\n\n"
        "TITLE is required; on a terminal it asks for what is missing. The default is a bug of"
        " severity S3; the component is the API that TITLE names. A pitfall with a workaround"
        " gets that status. Similar known pitfalls are shown first; on a terminal you can log an"
        " occurrence of one of them instead."
    ),
)
@click.argument("title", required=False)
@option("--component", metavar="NAME", help=_("The vendor's API or surface."))
@option("--kind", type=words(Kind), help=_("The kind of pitfall."))
@option(
    "--severity",
    type=words(Severity),
    help=_("S1 blocks a release, S2 breaks a feature, S3 minor, S4 cosmetic."),
)
@plan_options
@option(
    "--reproduction", metavar="TEXT|-", help=_("Steps, expected, actual, as Markdown; - is stdin.")
)
@option("--workaround", metavar="TEXT|-", help=_("What to do meanwhile; - is stdin."))
@option("--ref", "references", metavar="URL", multiple=True, help=_("A link; may be repeated."))
@option(
    "--signature",
    "signatures",
    metavar="TEXT",
    multiple=True,
    help=_("Error text that identifies it; may be repeated."),
)
@option("--tag", "tags", metavar="TAG", multiple=True, help=_("A tag; may be repeated."))
@attach_option
@option("--skip-if-similar", is_flag=True, help=_("Report nothing if a known pitfall is similar."))
@click.pass_context
def new(
    context: click.Context,
    /,
    title: str | None,
    component: str | None,
    kind: str | None,
    severity: str | None,
    reproduction: str | None,
    workaround: str | None,
    references: tuple[str, ...],
    signatures: tuple[str, ...],
    tags: tuple[str, ...],
    paths: tuple[str, ...],
    skip_if_similar: bool,
    **plan: str | None,
) -> None:
    """Report a pitfall, unless it turns out to be a known one."""
    with writing(context) as (store, board):
        if is_interactive():
            title = title or ask(_("Title"))
        if title is None:
            raise WrongUse(_("A new pitfall needs a title: what goes wrong, in one sentence."))
        named = error_text.component_in(title, signatures)
        report: dict[str, Any] = {
            "component": named if component is None else component,
            "workaround": text_of(workaround) or "",
            "reproduction": text_of(reproduction) or "",
            "tags": tags_named(*tags),
            "references": references,
            "signatures": signatures,
            **{name: value or "" for name, value in plan.items()},
        }
        files = uploads(paths)
        known = _known_instead(board, title, report, skip_if_similar=skip_if_similar)
        if known is not None:
            occurrence = _occurrence(title, report)
            logged = store.occurrences.log(known, attached=files, **occurrence)
            tell(board, known, _("Logged an occurrence of {id}: {title}"))
            for words in verdicts.verdicts_of(board, [known], [logged]):
                talk(words)
            return
        # Only of what is no known one is more to be known.
        if is_interactive():
            if component is None:
                report["component"] = ask(_("Component"), default=named)
            kind = kind or ask(_("Kind"), among=OneOf.words(Kind), default=Kind.BUG)
            severity = severity or ask(
                _("Severity"), among=OneOf.words(Severity), default=Severity.S3
            )
        report |= {"kind": kind or Kind.BUG, "severity": severity or Severity.S3}
        pitfall = store.pitfalls.report(title, attached=files, **report)
        tell(board, pitfall, _("Reported {id}: {title}"))
        flag_tags(board, [pitfall], tags)


def _known_instead(
    board: Board, title: str, report: dict[str, Any], *, skip_if_similar: bool
) -> str | None:
    """The known pitfall that it is after all, if somebody is there to say so.

    Raises:
        Refused: one is like it, and it was to be reported only if none is.
    """
    # Loaded here, since an occurrence is compared with nothing.
    from tui.cli.known_errors import ask_which, known_ones, numbered

    message = "\n".join(report["signatures"])
    found = known_ones(
        board,
        "\n".join((message, report["reproduction"], title)),
        title=title,
        message=message,
        component=report["component"],
    )
    if not found:
        return None
    talk(_("Known pitfalls that are like it:"))
    # The text is put together of several options: nobody knows its lines.
    for line in numbered(board, found, tells_line=False):
        talk(click.unstyle(line))
    if skip_if_similar:
        raise Refused(
            N_("A known pitfall is like it, so nothing was reported."),
            N_("Log an occurrence of it, or leave out --skip-if-similar."),
        )
    if not is_interactive():
        return None
    answer = ask_which(
        _("Log an occurrence of one of them instead"),
        found,
        {"new": (_("new"),), "leave": (_("leave"),)},
        "1" if found[0].recognised is not None else "new",
    )
    if answer == "leave":
        raise click.Abort
    return None if answer == "new" else found[int(answer) - 1].pitfall.id


def _occurrence(title: str, report: dict[str, Any]) -> dict[str, Any]:
    """What was to be a report, as an occurrence of a known pitfall; nothing of it is lost."""
    texts = (title, report["reproduction"], report["workaround"], *report["references"])
    return {
        "message": "\n".join(report["signatures"]),
        "note": "\n\n".join(text for text in texts if text),
    }


@click.command(
    "log",
    cls=Verb,
    examples=(
        "pitboard log 867d --platform ios --client-version 4.1.8",
        'pitboard log 867d --at 2026-11-20 --note "after the update"',
    ),
    help=_(
        "Log an occurrence of a pitfall.\n\n"
        "Somebody ran into it, or tried to and did not. All options are optional. ID may be"
        " given several times; - reads ids from stdin."
    ),
)
@on_several
@option(
    "--outcome",
    type=words(Outcome),
    default=Outcome.REPRODUCED.value,
    help=_("Whether it was reproduced; the default is reproduced."),
)
@environment_options
@option("--message", metavar="TEXT|-", help=_("The error message; - is stdin."))
@option(
    "--count", metavar="N", type=AnyNumber(), default=1, help=_("How many times; the default is 1.")
)
@seen_at_option
@option("--note", metavar="TEXT|-", help=_("A note; - is stdin."))
@attach_option
@click.pass_context
def log(
    context: click.Context, /, names: tuple[str, ...], paths: tuple[str, ...], **fields: Any
) -> None:
    """Log an occurrence."""
    with writing(context) as (store, board):
        pitfalls = meant(board, names)
        fields |= {field: text_of(fields[field]) for field in ("message", "note")}
        files = uploads(paths)
        warn_first(verdicts.doubted(board, fields))
        logged: list[str] = []
        carry_out(
            *(context, store, board, pitfalls),
            lambda ids: logged.extend(
                store.occurrences.log_many([(pitfall, fields) for pitfall in ids], files)
            ),
            _("Logged an occurrence of {id}: {title}"),
        )
        for words in verdicts.verdicts_of(board, pitfalls, logged):
            talk(words)


def warn_first(doubt: str) -> None:
    """Say what is doubtful of something before it is written; ask a person whether to go on.

    Args:
        doubt: what is doubtful, in sentences; mostly nothing.

    Raises:
        click.Abort: the person does not want to.
    """
    if doubt:
        talk(doubt)
        if is_interactive():
            confirm(_("Save it nevertheless?"), default=False, abort=True)


# The bug report of a pitfall, for the vendor


@click.command(
    "bug-report",
    cls=ReadingVerb,
    examples=("pitboard bug-report 867d", "pitboard bug-report 867d --lang zh"),
    help=_(
        "Write a bug report for the vendor's community.\n\n"
        "It writes Markdown with the fields of the community's form, in English or Chinese"
        " (--lang zh). What the record lacks is listed on stderr."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.pass_context
def write_report(context: click.Context, prefix: str) -> None:
    """Write a bug report."""
    with reading(context) as board:
        name = board.resolve(prefix)
        written = bug_report.bug_report(board, name, translator(), vocabulary.day)
    answer_with(pitfall=name, text=written.text, missing=list(written.missing))
    if written.missing:
        talk(
            _("The vendor will ask for what is missing: {what}").format(
                what=listed(written.missing)
            )
        )
    emit(written.text.removesuffix("\n").split("\n"))
