"""The verbs ``new`` and ``log``: report a pitfall, log an occurrence."""

from __future__ import annotations

from typing import Any

import click

from storage.errors import N_, Refused
from storage.model.vocabulary import Kind, Outcome, Severity, tag_named
from storage.read import Board
from tui.cli.changes import attach_option, carry_out, meant, on_several, tell, uploads
from tui.cli.group import Verb
from tui.cli.input import (
    AnyMoment,
    WrongUse,
    ask,
    environment_options,
    is_interactive,
    text_of,
    words,
)
from tui.cli.open_board import writing
from tui.cli.output import talk
from tui.text.i18n import _
from tui.text.verdicts import doubted


@click.command(
    "new",
    cls=Verb,
    examples=('pitboard new "Blank map" --component map --kind bug --severity S3',),
    help=_(
        "Report a new pitfall.\n\n"
        "TITLE, --component, --kind and --severity are required; on a terminal it asks for"
        " what is missing. A pitfall with a workaround gets that status. Similar known"
        " pitfalls are shown first; on a terminal you can log an occurrence of one of them"
        " instead."
    ),
)
@click.argument("title", required=False)
@click.option("--component", metavar="NAME", help=_("The vendor's API or surface."))
@click.option("--kind", type=words(Kind), help=_("The kind of pitfall."))
@click.option(
    "--severity",
    type=words(Severity),
    help=_("S1 blocks a release, S2 breaks a feature, S3 minor, S4 cosmetic."),
)
@click.option(
    "--reproduction", metavar="TEXT|-", help=_("Steps, expected, actual, as Markdown; - is stdin.")
)
@click.option("--workaround", metavar="TEXT|-", help=_("What to do meanwhile; - is stdin."))
@click.option(
    "--ref", "references", metavar="URL", multiple=True, help=_("A link; may be repeated.")
)
@click.option(
    "--signature",
    "signatures",
    metavar="TEXT",
    multiple=True,
    help=_("Error text that identifies it; may be repeated."),
)
@click.option("--tag", "tags", metavar="TAG", multiple=True, help=_("A tag; may be repeated."))
@attach_option
@click.option(
    "--skip-if-similar", is_flag=True, help=_("Report nothing if a known pitfall is similar.")
)
@click.pass_context
def new(
    context: click.Context,
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
) -> None:
    """Report a pitfall, unless it turns out to be a known one."""
    with writing(context) as (store, board):
        if is_interactive():
            title = title or ask(_("Title"))
            if component is None:
                component = ask(_("Component"), default="")
            kind = kind or ask(_("Kind"), among=words(Kind), default=Kind.BUG)
            severity = severity or ask(_("Severity"), among=words(Severity), default=Severity.S3)
        needed = {
            "TITLE": title,
            "--component": component,
            "--kind": kind,
            "--severity": severity,
        }
        missing = ", ".join(name for name, value in needed.items() if value is None)
        if missing:
            raise WrongUse(
                _("A new pitfall needs these as well: {missing}").format(missing=missing)
            )
        report: dict[str, Any] = {
            "kind": kind,
            "component": component,
            "severity": severity,
            "workaround": text_of(workaround) or "",
            "reproduction": text_of(reproduction) or "",
            "tags": [*map(tag_named, tags)],
            "references": references,
            "signatures": signatures,
        }
        files = uploads(paths)
        known = _known_instead(board, title or "", report, skip_if_similar=skip_if_similar)
        if known is None:
            pitfall = store.pitfalls.report(title or "", attached=files, **report)
            tell(board, pitfall, _("Reported {id}: {title}"))
        else:
            store.occurrences.log(known, attached=files, **_occurrence(title or "", report))
            tell(board, known, _("Logged an occurrence of {id}: {title}"))


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
    for line in numbered(board, found):
        talk(line)
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
        ("new", "leave"),
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
@click.option(
    "--outcome",
    type=words(Outcome),
    default=Outcome.REPRODUCED.value,
    help=_("Whether it was reproduced; the default is reproduced."),
)
@environment_options
@click.option("--message", metavar="TEXT|-", help=_("The error message; - is stdin."))
@click.option(
    "--count", metavar="N", type=int, default=1, help=_("How many times; the default is 1.")
)
@click.option(
    "--at",
    "seen_at",
    metavar="TIME",
    type=AnyMoment(),
    help=_("When it was seen; the default is now: 2026-11-20 14:03."),
)
@click.option("--note", metavar="TEXT|-", help=_("A note; - is stdin."))
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
        doubt = doubted(board, fields)
        carry_out(
            *(context, store, board, pitfalls),
            lambda ids: store.occurrences.log(ids, attached=files, **fields),
            _("Logged an occurrence of {id}: {title}"),
        )
        if doubt:
            talk(doubt)
