"""Restoring brings back exactly what a change replaced, and undo takes exactly that back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from storage.errors import NotFound, Refused
from storage.model.records import Line
from storage.read.board import Board
from storage.write.store import Store
from tests.actions import EVERYTHING, Action, actions, do, series
from tests.boards import fresh
from tests.records import Wall, board_of, dump
from tests.sizes import examples


def histories(path: Path) -> list[list[Line]]:
    """The history of each pitfall that is on the board."""
    with Board.open(path) as board:
        return [board.history.timeline(row.id) for row in board.find(EVERYTHING).page(0, 100)]


@given(series(actions(), 20), st.data())
@examples(40)
def test_what_was_replaced_stands_again(done: list[Action], data: st.DataObject) -> None:
    with TemporaryDirectory() as room:
        path = fresh(Path(room, "board.db"))
        store = Store.open(path, now=Wall())
        for action in done:
            do(store, action)
        output = histories(path)
        if output:
            line = data.draw(st.sampled_from(data.draw(st.sampled_from(output))))
            before = board_of(dump(path))
            try:
                store.history.revert(line.pitfall, line.event)
            except (Refused, NotFound):
                assert board_of(dump(path)) == before
            else:
                assert not line.void
                assert board_of(dump(path)) != before
                with Board.open(path) as board:
                    newest = board.history.timeline(line.pitfall)
                # Of several fields that changed at once, some may stand already.
                written = {
                    (one.field, one.part): one.after
                    for one in newest
                    if one.event == newest[0].event
                }
                if line.what != "item_hidden":
                    assert written.get((line.field, line.part), line.before) == line.before
                store.history.undo()
                assert board_of(dump(path)) == before
        store.close()
