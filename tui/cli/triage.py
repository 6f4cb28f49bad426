"""The verb ``triage`` and those below it: ``list``, ``accept``, ``snooze`` and others."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from storage.model.row import DeclineReason, InboxReason, Severity
from storage.text.dates import iso, now_ms
from tui import deferred
from tui.cli import answer, option, output
from tui.cli.answer import answer_with, wants_json
from tui.cli.changes import carry_out, meant, on_several, tell
from tui.cli.group import Verb
from tui.cli.input import (
    FutureMoment,
    NumberBetween,
    PitfallId,
    WrongUse,
    reason_option,
    text_of,
    words,
)
from tui.cli.open_board import ReadingVerb, present, reading, writing
from tui.cli.output import columns, emit, emit_json, emit_rows, for_people, talk
from tui.services.views import INBOX
from tui.text.i18n import _, language, listed, read

if TYPE_CHECKING:
    from storage.exports import json_shapes
    from storage.model.row import Decision, Row
    from storage.query import parser
    from storage.read.board import Board
    from tui.cli import tables
else:
    parser = deferred("storage.query.parser")
    json_shapes = deferred("storage.exports.json_shapes")
    tables = deferred("tui.cli.tables")


@click.command(
    "triage list",
    cls=ReadingVerb,
    examples=("pitboard triage list", "pitboard triage list --count"),
    help=_(
        "List the inbox, longest waiting first.\n\n"
        "Piped, it writes one tab-separated line per pitfall: id, why it waits ({reasons}),"
        " severity, component, title, occurrences, waiting since."
    ).format(reasons=", ".join(InboxReason)),
)
@option("--count", "only_count", is_flag=True, help=_("Write only the number of pitfalls."))
@click.pass_context
def list_inbox(context: click.Context, only_count: bool) -> int:
    """List what waits for a decision."""
    with reading(context) as board:
        if only_count:
            count = board.inbox.count(present(context))
            answer_with(total=count)
            emit([str(count)])
        else:
            count = _write_inbox(board, present(context))
    if not count:
        talk(_("The inbox is empty: nothing waits for a decision. Well done."))
        answer.advise(_("“pitboard triage requeue ID” puts a pitfall back into it."))
    return output.DONE if count else output.NOTHING_FOUND


def _write_inbox(board: Board, now: int) -> int:
    """Write the inbox of a time (ms); how many wait there."""
    waiting = waiting_longest_first(board, now)
    if wants_json():
        pitfalls = [
            json_shapes.as_waiting(
                board.pitfall(row.id)._replace(decision=decision), row.totals, language()
            )
            for row, decision in waiting
        ]
        emit_json({"total": len(pitfalls), "pitfalls": pitfalls})
    elif not for_people():
        emit_rows(
            (
                row.id,
                decision.inbox_reason,
                row.severity.value,
                read(row.component),
                read(row.title),
                row.totals.count,
                iso(decision.at),
            )
            for row, decision in waiting
        )
    elif waiting:
        emit(tables.inbox_table(waiting, board.short_id, now, columns()))
    return len(waiting)


def waiting_longest_first(board: Board, now: int) -> list[tuple[Row, Decision]]:
    """What waits at a time (ms), each with the decision by which it does."""
    found = board.find(parser.parse(INBOX), language=language(), now=now)
    rows = found.page(0, found.total)
    decisions = board.inbox.decisions([row.id for row in rows], now)
    return [(row, decisions[row.id]) for row in rows]


@click.command(
    "triage",
    cls=Verb,
    examples=("pitboard triage", "pitboard triage list"),
    help=_(
        "Go through the inbox, one key per decision.\n\n"
        "Without a terminal it lists the inbox, as “pitboard triage list” does."
    ),
)
@click.pass_context
def triage(context: click.Context) -> int:
    """Go through the inbox."""
    if not (sys.stdin.isatty() and for_people()):
        return int(context.invoke(list_inbox, only_count=False))
    # Loaded here, since the loop compares titles, and lists wait for no such thing.
    from tui.cli.triage_loop import go_through

    with writing(context) as (store, board):
        queue = [row.id for row, _decision in waiting_longest_first(board, now_ms())]
        done = go_through(store, board, queue, now_ms)
        left = board.inbox.count(now_ms())
    if not left:
        talk(_("The inbox is empty: nothing waits for a decision. Well done."))
    else:
        talk(_("Decided: {done}. In the inbox: {left}.").format(done=done, left=left))
    return output.DONE if queue else output.NOTHING_FOUND


# The verbs that decide: accept, duplicate, decline, snooze, requeue, not-duplicate


@click.command(
    "triage accept",
    cls=Verb,
    examples=("pitboard triage accept 867d --severity S1",),
    help=_(
        "Accept pitfalls from the inbox.\n\n"
        "Severity and component can be set at once. ID may be given several times; - reads"
        " ids from stdin, as “pitboard list” writes them."
    ),
)
@on_several
@option("--severity", type=words(Severity), help=_("Set the severity."))
@option("--component", metavar="NAME", help=_("The vendor's API or surface."))
@reason_option
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
    "triage duplicate",
    cls=Verb,
    examples=("pitboard triage duplicate 0989 --of 867d",),
    help=_(
        "Mark pitfalls as duplicates of another.\n\n"
        "Their occurrences, links and signatures count for the original, and their titles"
        " find it. “pitboard triage requeue” or “pitboard undo” separates them again."
    ),
)
@on_several
@option("--of", metavar="ID", required=True, type=PitfallId(), help=_("The original, which stays."))
@reason_option
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
    "triage decline",
    cls=Verb,
    examples=('pitboard triage decline 867d --kind not-ours --reason "our own proxy"',),
    help=_("Decline pitfalls: take them off the default view.\n\nTheir history stays."),
)
@on_several
@option("--kind", required=True, type=words(DeclineReason), help=_("The reason, as a kind."))
@option("--reason", metavar="TEXT|-", help=_("The reason in words, for the history; - is stdin."))
@click.pass_context
def decline(context: click.Context, names: tuple[str, ...], kind: str, reason: str | None) -> None:
    """Take pitfalls off the board's default view."""
    why = text_of(reason) or ""
    with writing(context) as (store, board):
        carry_out(
            *(context, store, board, meant(board, names)),
            lambda ids: store.triage.decline(ids, kind, reason=why),
            _("Declined {id}: {title}"),
        )


@click.command(
    "triage snooze",
    cls=Verb,
    examples=(
        "pitboard triage snooze 867d --until 2w",
        "pitboard triage snooze 867d --occurrences 5",
    ),
    help=_(
        "Snooze pitfalls until a date, a version or more occurrences.\n\n"
        "Give one condition: a time, a number of further occurrences, or an occurrence with"
        " a version or a later one."
    ),
)
@on_several
@option(
    "--until",
    metavar="WHEN",
    type=FutureMoment(),
    help=_("Until a time: 2w, tomorrow, 2026-12-01, 2026-12-01 09:00."),
)
@option(
    "--occurrences", metavar="N", type=NumberBetween(min=1), help=_("Until N more occurrences.")
)
@option(
    "--client",
    metavar="VERSION",
    help=_("Until an occurrence with this app version or a later one."),
)
@option(
    "--lib",
    "library",
    metavar="VERSION",
    help=_("Until an occurrence with this base library or a later one."),
)
@reason_option
@click.pass_context
def snooze(
    context: click.Context,
    names: tuple[str, ...],
    until: int | None,
    occurrences: int | None,
    client: str | None,
    library: str | None,
    reason: str | None,
) -> None:
    """Take pitfalls out of the inbox for a while."""
    if sum(map(bool, (until, occurrences, client, library))) != 1:
        raise WrongUse(_("Say one of --until, --occurrences, --client and --lib."))
    version = client or library or ""
    axis = "client" if client else "library" if library else None
    why = text_of(reason) or ""
    with writing(context) as (store, board):
        carry_out(
            *(context, store, board, meant(board, names)),
            lambda ids: store.triage.snooze(
                ids,
                until=until,
                occurrences=occurrences,
                axis=axis,
                version=version,
                reason=why,
            ),
            _("Snoozed {id}: {title}"),
        )


@click.command(
    "triage requeue",
    cls=Verb,
    examples=("pitboard triage requeue 867d",),
    help=_("Put pitfalls back into the inbox."),
)
@on_several
@reason_option
@click.pass_context
def requeue(context: click.Context, names: tuple[str, ...], reason: str | None) -> None:
    """Put pitfalls back into the inbox."""
    why = text_of(reason) or ""
    with writing(context) as (store, board):
        carry_out(
            *(context, store, board, meant(board, names)),
            lambda ids: store.triage.requeue(ids, reason=why),
            _("Put {id} back into the inbox: {title}"),
        )


@click.command(
    "triage not-duplicate",
    cls=Verb,
    examples=("pitboard triage not-duplicate 0989 867d",),
    help=_(
        "Mark a pitfall as not a duplicate of others.\n\n"
        "The first ID is not a duplicate of any of the rest; they are never suggested for each"
        " other again."
    ),
)
@on_several
@click.pass_context
def not_duplicate(context: click.Context, names: tuple[str, ...]) -> None:
    """Say that a pitfall is not the same as others."""
    with writing(context) as (store, board):
        pitfall, *others = meant(board, names)
        if not others:
            raise WrongUse(_("Two ids are needed: pitboard triage not-duplicate ID ID."))
        carry_out(
            *(context, store, board, [pitfall]),
            lambda _ids: store.triage.not_duplicate(pitfall, others),
            _("Marked {id} as not a duplicate of {others}: {title}"),
            others=listed(map(board.short_id, others)),
        )


@click.command(
    "triage decline-reply",
    cls=Verb,
    examples=("pitboard triage decline-reply 867d",),
    help=_(
        "Decline a suggested vendor reply.\n\n"
        "What “pitboard watch” suggests for the pitfall is not suggested again, to anybody who"
        " shares the board, until the page says something else. “pitboard undo” takes it back."
    ),
)
@click.argument("prefix", metavar="ID", type=PitfallId())
@click.pass_context
def decline_reply(context: click.Context, prefix: str) -> None:
    """Decline what is suggested."""
    with writing(context) as (store, board):
        pitfall = board.resolve(prefix)
        store.triage.decline_suggestions(pitfall)
        tell(board, pitfall, _("Declined the suggested vendor reply of {id}: {title}"))
