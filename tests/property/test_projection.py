"""However the events came in, the board is what a rebuild from all of them comes to."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from storage.check import check
from storage.events import Event
from storage.exports.json_shapes import as_history, as_json, as_shown
from storage.model.clock import LIMIT
from storage.model.records import THE_BOARD
from storage.model.vocabulary import Outcome
from storage.projection.tables import derive_columns
from storage.query.parser import parse
from storage.query.tree import Query
from storage.read.board import Board
from storage.sharing.members import ignore, trust
from storage.text.sanitize import sanitize
from storage.write.store import Store
from tests.actions import Action, actions, do, series
from tests.boards import fresh
from tests.histories import ACTORS, events
from tests.records import DAY_MS, MONDAY, Dump, Wall, dump, lines_of, take_in
from tests.sizes import examples


def rebuilt(path: Path) -> Dump:
    store = Store.open(path)
    assert store.rebuild() == len(lines_of(path))
    store.close()
    return dump(path)


def derived_wrongly(path: Path) -> int:
    """How many columns of pitfalls say something else than what they follow from."""
    with closing(sqlite3.connect(path)) as connection:
        derive_columns(connection)
        return connection.total_changes


@given(series(actions(), 25))
@examples(40)
def test_after_any_actions(done: list[Action]) -> None:
    with TemporaryDirectory() as room:
        path = fresh(Path(room, "board.db"))
        store = Store.open(path, now=Wall())
        for action in done:
            do(store, action)
        store.close()
        assert check(path).findings == ()
        assert derived_wrongly(path) == 0
        assert dump(path) == rebuilt(path)
        assert derived_wrongly(path) == 0


@given(events(), st.data())
@examples(60)
def test_after_any_events_in_any_order_and_pieces(drawn: list[Event], data: st.DataObject) -> None:
    lines = [event.line for event in drawn]
    with TemporaryDirectory() as room:
        one, other = Path(room, "one.db"), Path(room, "other.db")
        take_in(one, lines, now=LIMIT)
        shuffled = data.draw(st.permutations(lines))
        while shuffled:
            piece = data.draw(st.integers(1, len(shuffled)))
            take_in(other, shuffled[:piece], now=LIMIT)
            shuffled = shuffled[piece:]
        assert dump(one) == dump(other)
        assert dump(other) == rebuilt(other)
        assert check(other).sound
        with Board.open(one) as board:
            # What is counted part by part is what is found as a whole.
            for at in (MONDAY - 10 * DAY_MS, MONDAY, MONDAY + 10 * DAY_MS):
                assert board.inbox.count(at) == board.find(parse("inbox:yes"), now=at).total
        assert sorted(lines_of(other)) == sorted({line + b"\n" for line in lines})


@given(events(), st.sampled_from(ACTORS))
@examples(60)
def test_an_ignored_store_might_as_well_not_be_there(drawn: list[Event], actor: str) -> None:
    with TemporaryDirectory() as room:
        path, others = Path(room, "board.db"), Path(room, "others.db")
        take_in(path, [event.line for event in drawn], now=LIMIT)
        take_in(others, [one.line for one in drawn if one.envelope.actor != actor], now=LIMIT)
        whole = dump(path)
        store = Store.open(path, now=lambda: LIMIT)
        ignore(store.session, actor)
        assert dump(path) == dump(others) == rebuilt(path)
        trust(store.session, actor)
        assert dump(path) == whole == rebuilt(path)
        store.close()


@given(events())
@examples(50)
def test_any_board_can_be_read(drawn: list[Event]) -> None:
    with TemporaryDirectory() as room:
        path = Path(room, "board.db")
        take_in(path, (event.line for event in drawn), now=LIMIT)
        with Board.open(path) as board:
            rows = board.find(Query()).page(0, 10)
            for row in rows:
                totals, pitfall = board.occurrences.totals(row.id), board.pitfall(row.id)
                assert row.totals == totals
                assert (row.title, row.status) == (pitfall.title, pitfall.status)
                occurrences = board.occurrences.of(row.id)
                assert sum(one.count for one in occurrences) == totals.logged
                yes = (one.count for one in occurrences if one.outcome is Outcome.REPRODUCED)
                assert sum(yes) == totals.count
                shown = as_shown(pitfall, totals, occurrences, "zh_CN")
                written = as_json(shown)
                assert sanitize(written) == written
                assert json.loads(written) == shown
                history = [as_history(line, "en") for line in board.history.timeline(row.id)]
                assert {one["pitfall"] or THE_BOARD for one in history} == {row.id}
            changes = board.history.newest_changes(100)
        assert {change.event for change in changes} == {event.id for event in drawn}
