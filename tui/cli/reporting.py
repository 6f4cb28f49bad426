"""The verbs that bring something new: a pitfall, an occurrence."""

from __future__ import annotations

from typing import Any

import click

from storage.vocabulary import Channel, Host, Kind, Outcome, Platform, Severity
from tui.cli.asking import Wrong, ask, somebody_is_there, text_of
from tui.cli.group import Verb
from tui.cli.opening import writing
from tui.cli.telling import tell
from tui.cli.values import Moment, PitfallId, words
from tui.language import _


@click.command(
    "new",
    cls=Verb,
    help=_(
        "Report a pitfall.\n\n"
        "TITLE, --component, --kind and --severity are needed; what is missing is asked for, if"
        " there is a terminal. One that comes with a workaround has that status."
    ),
)
@click.argument("title", required=False)
@click.option("--component", metavar="NAME", help=_("The vendor's API or surface."))
@click.option("--kind", type=words(Kind), help=_("What sort of pit it is."))
@click.option(
    "--severity",
    type=words(Severity),
    help=_("S1 blocks a release, S2 breaks a feature, S3 annoys, S4 is cosmetic."),
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
    help=_("Error text that gives it away; may be repeated."),
)
@click.option("--tag", "tags", metavar="TAG", multiple=True, help=_("A tag; may be repeated."))
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
) -> None:
    """Report a pitfall."""
    with writing(context) as (store, board):
        if somebody_is_there():
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
            raise Wrong(_("A new pitfall needs these as well: {missing}").format(missing=missing))
        pitfall = store.report(
            title or "",
            kind=kind or "",
            component=component or "",
            severity=severity or "",
            workaround=text_of(workaround) or "",
            reproduction=text_of(reproduction) or "",
            tags=tags,
            references=references,
            signatures=signatures,
        )
        tell(board, pitfall, _("Reported {id}: {title}"))


@click.command(
    "log",
    cls=Verb,
    help=_(
        "Log an occurrence of a pitfall.\n\n"
        "Somebody ran into it, or tried to and did not. All that is said of where it was seen is"
        " optional."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.option(
    "--outcome",
    type=words(Outcome),
    default=Outcome.REPRODUCED.value,
    help=_("Whether it showed; reproduced if not said."),
)
@click.option("--host", type=words(Host), help=_("The app that hosts the mini-program."))
@click.option("--client-version", metavar="VERSION", help=_("The host app's version."))
@click.option("--lib", "base_library", metavar="VERSION", help=_("The base library's version."))
@click.option("--platform", type=words(Platform), help=_("The system it runs on."))
@click.option("--os-version", metavar="VERSION", help=_("That system's version."))
@click.option("--device", metavar="NAME", help=_("The phone or computer."))
@click.option("--channel", type=words(Channel), help=_("How the build reached whoever ran it."))
@click.option("--permission", metavar="TEXT", help=_("What the account was allowed to."))
@click.option("--devtools-version", metavar="VERSION", help=_("The devtools' version."))
@click.option("--company", metavar="ALIAS", help=_("An alias of the company it was seen at."))
@click.option("--message", metavar="TEXT|-", help=_("The error message; - is stdin."))
@click.option("--count", metavar="N", type=int, default=1, help=_("How many times; 1 if not said."))
@click.option(
    "--at", "seen_at", metavar="TIME", type=Moment(), help=_("When, if not now: 2026-11-20 14:03.")
)
@click.option("--note", metavar="TEXT|-", help=_("Whatever else there is to say; - is stdin."))
@click.pass_context
def log(context: click.Context, /, prefix: str, **said: Any) -> None:
    """Log an occurrence."""
    with writing(context) as (store, board):
        pitfall = board.resolve(prefix)
        said |= {field: text_of(said[field]) for field in ("message", "note")}
        store.log_occurrence(pitfall, **said)
        tell(board, pitfall, _("Logged an occurrence of {id}: {title}"))
