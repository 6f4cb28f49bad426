"""The inbox: ``inbox`` lists it, ``triage`` goes through it one by one."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from storage.exports.json_shapes import as_waiting
from storage.query import parse
from storage.read import Board
from storage.text.dates import iso
from tui.cli import codes
from tui.cli.as_of import Reading, present
from tui.cli.group import Verb
from tui.cli.open_board import reading, writing
from tui.cli.output import columns, emit, emit_json, emit_rows, for_people, talk
from tui.cli.tables import inbox_table
from tui.text.i18n import _, language, read
from tui.views import INBOX

if TYPE_CHECKING:
    from storage.model.records import Decision, Row


@click.command(
    "inbox",
    cls=Reading,
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
            count = board.inbox_count(present(context))
            emit([str(count)])
        else:
            count = _write_inbox(board, present(context), as_data=as_data)
    if not count:
        talk(_("The inbox is empty: nothing waits for a decision. Well done."))
    return codes.DONE if count else codes.NOTHING_FOUND


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
    decisions = board.decisions([row.id for row in rows], now)
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
    from storage.match import LookAlikes
    from tui.cli.triage_loop import Round

    with writing(context) as (store, board):
        queue = [row.id for row, _decision in waiting_longest_first(board, _now())]
        with LookAlikes.open(board.path) as alike:
            done = Round(store, board, alike, queue, _now).go()
        left = board.inbox_count(_now())
    if not left:
        talk(_("The inbox is empty: nothing waits for a decision. Well done."))
    else:
        talk(_("Decided: {done}. In the inbox: {left}.").format(done=done, left=left))
    return codes.DONE if queue else codes.NOTHING_FOUND
