"""The verbs that decide: accept, duplicate, decline, snooze, return, apart."""

from __future__ import annotations

import click

from storage.model.vocabulary import DeclineReason, Severity
from tui.cli.bulk import carry_out, meant, on_several
from tui.cli.group import Verb
from tui.cli.open_board import writing
from tui.cli.parameters import Ahead, PitfallId, words
from tui.cli.prompts import Wrong, text_of
from tui.text.i18n import _, listed

_reason = click.option("--reason", metavar="TEXT|-", help=_("Why, for the history; - is stdin."))


@click.command(
    "accept",
    cls=Verb,
    help=_(
        "Take pitfalls out of the inbox and keep them on the board.\n\n"
        "What they are found to be can be said at once. ID may be given several times; - reads"
        " ids from stdin, as “pitboard list” writes them."
    ),
)
@on_several
@click.option("--severity", type=words(Severity), help=_("How much they are found to hurt."))
@click.option("--component", metavar="NAME", help=_("The vendor's API or surface."))
@_reason
@click.pass_context
def accept(
    context: click.Context,
    names: tuple[str, ...],
    severity: str | None,
    component: str | None,
    reason: str | None,
) -> None:
    """Keep pitfalls on the board."""
    why = text_of(reason) or ""
    with writing(context) as (store, board):
        carry_out(
            *(context, store, board, meant(board, names)),
            lambda ids: store.accept(ids, severity=severity, component=component, reason=why),
            _("Accepted {id}: {title}"),
        )


@click.command(
    "duplicate",
    cls=Verb,
    help=_(
        "Say that pitfalls are the same as another one.\n\n"
        "Their occurrences, references and signatures count for that one from then on, and their"
        " titles find it; “pitboard return” or “pitboard undo” tells them from it again."
    ),
)
@on_several
@click.option(
    "--of", metavar="ID", required=True, type=PitfallId(), help=_("The one that is to stay.")
)
@_reason
@click.pass_context
def duplicate(context: click.Context, names: tuple[str, ...], of: str, reason: str | None) -> None:
    """Say that pitfalls are the same as another one."""
    why = text_of(reason) or ""
    with writing(context) as (store, board):
        original = board.original(board.resolve(of))
        carry_out(
            *(context, store, board, meant(board, names)),
            lambda ids: store.mark_duplicate(ids, original, reason=why),
            _("Marked {id} as a duplicate of {original}: {title}"),
            original=board.short_id(original),
        )


@click.command(
    "decline",
    cls=Verb,
    help=_("Take pitfalls off the board's default view, for a reason.\n\nTheir history stays."),
)
@on_several
@click.option(
    "--because", required=True, type=words(DeclineReason), help=_("Why they are no pitfalls.")
)
@click.option("--reason", metavar="TEXT|-", help=_("In words, for the history; - is stdin."))
@click.pass_context
def decline(
    context: click.Context, names: tuple[str, ...], because: str, reason: str | None
) -> None:
    """Take pitfalls off the board's default view."""
    why = text_of(reason) or ""
    with writing(context) as (store, board):
        carry_out(
            *(context, store, board, meant(board, names)),
            lambda ids: store.decline(ids, because, reason=why),
            _("Declined {id}: {title}"),
        )


@click.command(
    "snooze",
    cls=Verb,
    help=_(
        "Take pitfalls out of the inbox until something happens.\n\n"
        "That is one of: a time, a number of further sightings, or a sighting with a version or a"
        " later one."
    ),
)
@on_several
@click.option(
    "--until", metavar="WHEN", type=Ahead(), help=_("2w, tomorrow, 2026-12-01, 2026-12-01 09:00.")
)
@click.option(
    "--sightings", metavar="N", type=click.IntRange(min=1), help=_("So many more sightings.")
)
@click.option("--client", metavar="VERSION", help=_("A sighting with that version of the app."))
@click.option("--lib", "library", metavar="VERSION", help=_("One with that base library."))
@_reason
@click.pass_context
def snooze(
    context: click.Context,
    names: tuple[str, ...],
    until: int | None,
    sightings: int | None,
    client: str | None,
    library: str | None,
    reason: str | None,
) -> None:
    """Take pitfalls out of the inbox for a while."""
    if sum(map(bool, (until, sightings, client, library))) != 1:
        raise Wrong(_("Say one of --until, --sightings, --client and --lib."))
    version = client or library or ""
    axis = "client" if client else "library" if library else None
    why = text_of(reason) or ""
    with writing(context) as (store, board):
        carry_out(
            *(context, store, board, meant(board, names)),
            lambda ids: store.snooze(
                ids,
                until=until,
                sightings=sightings,
                axis=axis,
                version=version,
                reason=why,
            ),
            _("Snoozed {id}: {title}"),
        )


@click.command(
    "return", cls=Verb, help=_("Put pitfalls back into the inbox, whatever was decided.")
)
@on_several
@_reason
@click.pass_context
def return_(context: click.Context, names: tuple[str, ...], reason: str | None) -> None:
    """Put pitfalls back into the inbox."""
    why = text_of(reason) or ""
    with writing(context) as (store, board):
        carry_out(
            *(context, store, board, meant(board, names)),
            lambda ids: store.return_to_inbox(ids, reason=why),
            _("Put {id} back into the inbox: {title}"),
        )


@click.command(
    "apart",
    cls=Verb,
    help=_(
        "Say that a pitfall is not the same as others, however alike.\n\n"
        "The first ID is told apart from each of the rest; they are never suggested for each other"
        " again."
    ),
)
@on_several
@click.pass_context
def apart(context: click.Context, names: tuple[str, ...]) -> None:
    """Say that a pitfall is not the same as others."""
    with writing(context) as (store, board):
        pitfall, *others = meant(board, names)
        if not others:
            raise Wrong(_("It takes two: pitboard apart ID ID."))
        carry_out(
            *(context, store, board, [pitfall]),
            lambda _ids: store.tell_apart(pitfall, others),
            _("Told {id} apart from {others}: {title}"),
            others=listed(map(board.short_id, others)),
        )
