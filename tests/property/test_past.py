"""The board of a moment is the board that the events of that moment make."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.as_of.board import AsOfBoard
from storage.events import Event
from storage.fold.fold import fold, spans
from storage.model.clock import ClockKind, Moment
from storage.model.records import Pitfall
from storage.model.vocabulary import Across
from storage.projection.update import is_occurrence
from storage.query.parser import parse
from storage.read.board import Board
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


@given(events(60), st.data())
def test_what_was_shown_when_is_the_fold_of_what_was_there(
    drawn: list[Event], data: st.DataObject
) -> None:
    """Whatever arrives when, and however few events lie between two marks."""
    pitfall = drawn[0].pitfall
    there = [one for one in drawn if one.pitfall == pitfall and not is_occurrence(one)]
    times = {one.id: data.draw(st.integers(0, 20)) for one in there}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storage.fold.fold._BETWEEN_MARKS", 2)
        patch.setattr("storage.fold.fold._MOST_MARKS", 4)
        found = spans(there, lambda one: times[one.id], _seen)
    for at in range(21):
        now = fold(one for one in there if times[one.id] <= at).pitfall
        shown = next((one.shown for one in found if one.since <= at < one.until), None)
        assert shown == (None if now is None else _seen(now))


def _seen(pitfall: Pitfall) -> tuple[object, ...]:
    return pitfall.title, pitfall.status, pitfall.severity, pitfall.workaround, pitfall.fixes
