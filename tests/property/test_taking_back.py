"""Undo goes back through what this store did, action by action; redo goes forward again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import NotFound
from storage.write.store import Store
from tests.actions import TAKING_BACK, Action, actions, do, series
from tests.boards import fresh
from tests.records import Wall, board_of, dump
from tests.sizes import examples


@given(series(actions(without=TAKING_BACK), 12), st.data())
@examples(40)
def test_back_to_the_empty_board_and_forward_again(done: list[Action], data: st.DataObject) -> None:
    with TemporaryDirectory() as room:
        path = fresh(Path(room, "board.db"))
        store = Store.open(path, now=Wall())
        boards = [board_of(dump(path))]
        for action in done:
            if do(store, action):
                boards.append(board_of(dump(path)))
        assert not any(boards[0].values())
        place = last = len(boards) - 1
        # Some steps to and fro, then back to the beginning and forward to the end.
        ways = data.draw(st.lists(st.sampled_from([-1, 1]), max_size=8)) if last else []
        for way in [*ways, *[-1] * last, *[1] * last]:
            at_the_end = place == (0 if way < 0 else last)
            move = store.history.undo if way < 0 else store.history.redo
            if at_the_end:
                with pytest.raises(NotFound):
                    move()
            else:
                move()
                place += way
            assert board_of(dump(path)) == boards[place]
        store.close()
