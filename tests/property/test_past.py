"""The board of a moment is the board that the events of that moment make."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from storage.as_of.board import AsOfBoard
from storage.events import Event
from storage.model.clock import ClockKind, Moment
from storage.model.vocabulary import Across
from storage.query import parse
from storage.read import Board
from storage.text.zones import week_of
from tests.histories import events
from tests.records import MONDAY, take_in

_EVERYTHING = "triage:settled,inbox,snoozed,declined,duplicate"
_QUERIES = (
    "",
    _EVERYTHING,
    "status:open sort:updated",
    "has:workaround or has:reproduction",
    "tag:a or has:comment or has:signature",
    "fix:claimed or verdict:stale",
    "has:regression or verdict:regression,confirms,needs-version",
    "client:4.1.8 or platform:ios",
    "inbox:yes sort:waiting",
    "claimed:>1d or workaround:<1w",
    "upstream:reported,acknowledged,claimed-fixed,declined",
    "seen:<4w sort:count",
    "first:2026 or reported:2026-11",
)


@given(events(), st.integers(MONDAY - 5, MONDAY + 1_005))
def test_the_board_as_it_was(happened: list[Event], at: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole, then = Path(folder, "whole.db"), Path(folder, "then.db")
        take_in(whole, [event.line for event in happened])
        take_in(then, [event.line for event in happened if event.envelope.at <= at])
        with AsOfBoard(whole, Moment(at)) as past, Board.open(then) as wanted:
            assert _seen_on(past, at) == _seen_on(wanted, at)


@given(events(), st.integers(0, 24), st.booleans())
def test_the_board_as_this_machine_knew_it(
    happened: list[Event], first: int, asks_first: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole, then = Path(folder, "whole.db"), Path(folder, "then.db")
        early, late = [event.line for event in happened[:first]], happened[first:]
        take_in(whole, early, now=MONDAY + 10_000)
        take_in(then, early)
        take_in(whole, [event.line for event in late], now=MONDAY + 20_000)
        moment = Moment(MONDAY + 15_000, ClockKind.KNOWN)
        with AsOfBoard(whole, moment) as past, Board.open(then) as wanted:
            if asks_first:
                past.find(parse("has:tag"))
            assert _seen_on(past, moment.at) == _seen_on(wanted, moment.at)


def _seen_on(board: Board, at: int) -> dict[str, Any]:
    """All that a reader sees of a board, but the places of pitfalls in its file."""
    seen: dict[str, Any] = {}
    for query in _QUERIES:
        found = board.find(parse(query), now=at)
        rows = [_unplaced(row) for row in found.page(0, 100)]
        seen[query] = sorted(rows, key=lambda row: row["id"]), found.counts, found.total
    seen["inbox"] = board.inbox.count(at), board.inbox.regressed_count()
    seen["runs"] = board.version_pairs.all()
    for row in board.find(parse(_EVERYTHING), now=at).page(0, 100):
        seen[row.id] = {
            "pitfall": board.pitfall(row.id),
            "totals": board.occurrences.totals(row.id),
            "occurrences": board.occurrences.of(row.id),
            "environments": [board.occurrences.environments(row.id, across) for across in Across],
            "timeline": board.history.timeline(row.id),
            "evidence": board.fixes.evidence(row.id),
            "fixes": board.fixes.judging(row.id),
            "duplicates": [other.id for other in board.duplicates.of(row.id)],
            "decision": board.inbox.decisions([row.id], at),
            "weeks": board.list.weeks([row.id], week_of(MONDAY), 12),
            "regression": board.occurrences.newest_regression(row.id),
        }
    return seen


def _unplaced(row: Any) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if name != "rowid"}
