"""The verbs ``inbox`` and ``triage``, and those that decide: ``accept``, ``snooze`` and others."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from storage.exports.json_shapes import as_waiting
from storage.model.vocabulary import DeclineReason, Severity
from storage.query import parse
from storage.read import Board
from storage.text.dates import iso
from tui.cli import output
from tui.cli.changes import carry_out, meant, on_several
from tui.cli.group import Verb
from tui.cli.input import FutureMoment, PitfallId, WrongUse, text_of, words
from tui.cli.open_board import ReadingVerb, present, reading, writing
from tui.cli.output import columns, emit, emit_json, emit_rows, for_people, talk
from tui.cli.tables import inbox_table
from tui.services.views import INBOX
from tui.text.i18n import _, language, listed, read

if TYPE_CHECKING:
    from storage.model.records import Decision, Row


@click.command(
    "inbox",
    cls=ReadingVerb,
    help=_(
        "List what waits for a decision, whatever waits longest first.\n\n"
        "Piped, it writes a line for each: id, why it waits (new, imported, unmatched, returned,"
        " woken), severity, component, title, occurrences, since when; between them tabs."
    ),
)
@click.option("--json", "as_data", is_flag=True, help=_("Write JSON."))
@click.option("--count", "only_count", is_flag=True, help=_("Write only how many there are."))
@click.pass_context
def inbox(context: click.Context, as_data: bool, only_count: bool) -> int:
    """List what waits for a decision."""
    with reading(context) as board:
        if only_count:
            count = board.inbox.count(present(context))
            emit([str(count)])
        else:
            count = _write_inbox(board, present(context), as_data=as_data)
    if not count:
        talk(_("The inbox is empty: nothing waits for a decision. Well done."))
    return output.DONE if count else output.NOTHING_FOUND


def _now() -> int:
    return time.time_ns() // 1_000_000


def _write_inbox(board: Board, now: int, *, as_data: bool) -> int:
    """Write the inbox of a time (ms); how many wait there."""
    waiting = waiting_longest_first(board, now)
    if as_data:
        emit_json(
            [
                as_waiting(
                    board.pitfall(row.id)._replace(decision=decision), row.sightings, language()
                )
                for row, decision in waiting
            ]
        )
    elif not for_people():
        emit_rows(
            (
                row.id,
                decision.inbox_reason,
                row.severity.value,
                read(row.component),
                read(row.title),
                row.sightings.count,
                iso(decision.at),
            )
            for row, decision in waiting
        )
    elif waiting:
        emit(inbox_table(waiting, board.short_id, now, columns()))
    return len(waiting)


def waiting_longest_first(board: Board, now: int) -> list[tuple[Row, Decision]]:
    """What waits at a time (ms), each with the decision by which it does."""
    found = board.find(parse(INBOX), language=language(), now=now)
    rows = found.page(0, found.total)
    decisions = board.inbox.decisions([row.id for row in rows], now)
    return [(row, decisions[row.id]) for row in rows]


@click.command(
    "triage",
    cls=Verb,
    help=_(
        "Go through the inbox one by one, deciding by single keys.\n\n"
        "Without a terminal it lists the inbox, as “pitboard inbox” does."
    ),
)
@click.pass_context
def triage(context: click.Context) -> int:
    """Go through the inbox."""
    if not (sys.stdin.isatty() and for_people()):
        return int(context.invoke(inbox, as_data=False, only_count=False))
    # Loaded here, since the loop compares titles, and lists wait for no such thing.
    from tui.cli.triage_loop import go_through

    with writing(context) as (store, board):
        queue = [row.id for row, _decision in waiting_longest_first(board, _now())]
        done = go_through(store, board, queue, _now)
        left = board.inbox.count(_now())
    if not left:
        talk(_("The inbox is empty: nothing waits for a decision. Well done."))
    else:
        talk(_("Decided: {done}. In the inbox: {left}.").format(done=done, left=left))
    return output.DONE if queue else output.NOTHING_FOUND


# The verbs that decide: accept, duplicate, decline, snooze, return, apart


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
            lambda ids: store.triage.accept(
                ids, severity=severity, component=component, reason=why
            ),
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
        original = board.duplicates.original(board.resolve(of))
        carry_out(
            *(context, store, board, meant(board, names)),
            lambda ids: store.triage.mark_duplicate(ids, original, reason=why),
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
            lambda ids: store.triage.decline(ids, because, reason=why),
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
    "--until",
    metavar="WHEN",
    type=FutureMoment(),
    help=_("2w, tomorrow, 2026-12-01, 2026-12-01 09:00."),
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
        raise WrongUse(_("Say one of --until, --sightings, --client and --lib."))
    version = client or library or ""
    axis = "client" if client else "library" if library else None
    why = text_of(reason) or ""
    with writing(context) as (store, board):
        carry_out(
            *(context, store, board, meant(board, names)),
            lambda ids: store.triage.snooze(
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
            lambda ids: store.triage.requeue(ids, reason=why),
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
            raise WrongUse(_("It takes two: pitboard apart ID ID."))
        carry_out(
            *(context, store, board, [pitfall]),
            lambda _ids: store.triage.not_duplicate(pitfall, others),
            _("Told {id} apart from {others}: {title}"),
            others=listed(map(board.short_id, others)),
        )
