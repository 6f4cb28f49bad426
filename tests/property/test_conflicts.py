"""What two people wrote at the same time stands side by side until somebody keeps one of them."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from storage.events import parse
from storage.fold.fold import draft_of, fold
from storage.imports.importer import import_events
from storage.model.records import Conflict
from storage.read.board import Board
from storage.write.store import Store
from tests.actions import EVERYTHING, Action, actions, do, series
from tests.boards import fresh
from tests.records import MONDAY, Wall, lines_of
from tests.sizes import examples


def _conflicts(path: Path) -> dict[str, tuple[Conflict, ...]]:
    with Board.open(path) as board:
        rows = board.find(EVERYTHING).page(0, 500)
        found = {row.id: board.pitfall(row.id).conflicts for row in rows}
    return {pitfall: conflicts for pitfall, conflicts in found.items() if conflicts}


def _exchange(one: Store, other: Store) -> None:
    import_events(other.session, lines_of(one.path))
    import_events(one.session, lines_of(other.path))


@given(series(actions(), 25))
@examples(40)
def test_one_store_alone_never_conflicts_with_itself(done: list[Action]) -> None:
    with TemporaryDirectory() as room:
        store = Store.open(fresh(Path(room, "board.db")), now=Wall(MONDAY))
        for action in done:
            do(store, action)
        store.close()
        assert _conflicts(store.path) == {}


@given(series(st.tuples(st.integers(0, 1), actions()) | st.just(None), 25))
@examples(40)
def test_two_stores_agree_on_what_is_in_conflict_and_keeping_ends_it(
    acts: list[tuple[int, Action] | None],
) -> None:
    with TemporaryDirectory() as room:
        stores = [
            Store.open(fresh(Path(room, f"{place}.db")), who=f"Person {place}", now=Wall(MONDAY))
            for place in range(2)
        ]
        for act in acts:
            if act is None:
                _exchange(*stores)
            else:
                do(stores[act[0]], act[1])
        _exchange(*stores)
        conflicting = _conflicts(stores[0].path)
        assert _conflicts(stores[1].path) == conflicting
        for pitfall in conflicting:
            while left := _conflicts(stores[0].path).get(pitfall):
                before = len(left)
                stores[0].conflicts.resolve(pitfall, left[0].name, left[0].claims[-1].event)
                assert len(_conflicts(stores[0].path).get(pitfall, ())) < before
        _exchange(*stores)
        assert _conflicts(stores[0].path) == _conflicts(stores[1].path) == {}
        for store in stores:
            store.close()


@given(series(st.tuples(st.integers(0, 2), actions()), 20), st.integers(0, 2**32))
@examples(30)
def test_what_is_in_conflict_is_a_function_of_the_set_of_events(
    acts: list[tuple[int, Action]], seed: int
) -> None:
    # Ids are random, so how much there is to draw differs from run to run.
    chance = random.Random(seed)
    with TemporaryDirectory() as room:
        stores = [
            Store.open(fresh(Path(room, f"{place}.db")), now=Wall(MONDAY)) for place in range(3)
        ]
        for place, action in acts:
            do(stores[place], action)
            if chance.random() < 0.2:
                _exchange(stores[place], chance.choice(stores))
        lines = [line.rstrip(b"\n") for store in stores for line in lines_of(store.path)]
        for store in stores:
            store.close()
    events = {event.id: event for event in map(parse, lines)}
    for pitfall in {event.pitfall for event in events.values()}:
        own = [event for event in events.values() if event.pitfall == pitfall]
        folded = fold(own)
        for _ in range(3):
            chance.shuffle(own)
            assert fold(own) == folded
            some = own[: chance.randint(0, len(own))]
            # Any subset has a draft, and each of its values stands on one of its heads.
            draft = draft_of(some)
            for conflict in draft.conflicts():
                assert conflict.claims[0].event == draft.standing[conflict.name]
                assert len({claim.event for claim in conflict.claims}) == len(conflict.claims)
