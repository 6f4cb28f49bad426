"""Boards that exchange their events, in whatever pattern, agree in the end."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from storage.check import check
from storage.events import Event, parse
from storage.imports.importer import import_events
from storage.model.clock import LIMIT
from storage.write.store import Store
from tests.actions import Action, actions, do, series
from tests.boards import fresh
from tests.histories import events
from tests.records import DAY_MS, MONDAY, Wall, dump, lines_of, take_in
from tests.sizes import examples
from tests.teams import chained

#: One clock is right, one a little behind, one beyond belief.
SKEWS = (0, -90 * 1000, 400 * DAY_MS)


class Exchange(NamedTuple):
    """One store takes in some of another's events: every ``stride``-th, from an end."""

    giver: int
    taker: int
    stride: int
    backwards: bool


_ACTS = st.tuples(st.integers(0, 2), actions()) | st.builds(
    Exchange, st.integers(0, 2), st.integers(0, 2), st.integers(1, 3), st.booleans()
)


@given(series(_ACTS, 30), st.permutations([(a, b) for a in range(3) for b in range(3)]))
@examples(40)
def test_three_boards_agree(
    acts: list[tuple[int, Action] | Exchange], rounds: list[tuple[int, int]]
) -> None:
    with TemporaryDirectory() as room:
        walls = [Wall(MONDAY + skew) for skew in SKEWS]
        stores = [
            Store.open(fresh(Path(room, f"{place}.db")), who=f"Person {place}", now=wall)
            for place, wall in enumerate(walls)
        ]
        for act in acts:
            if isinstance(act, Exchange):
                lines = lines_of(stores[act.giver].path)[:: act.stride]
                import_events(stores[act.taker].session, lines[::-1] if act.backwards else lines)
            else:
                do(stores[act[0]], act[1])
        # What waits for its time comes in when that has come.
        for wall, store in zip(walls, stores, strict=True):
            wall.ms = MONDAY + max(SKEWS)
            with store.session.writing():
                pass
        for giver, taker in [*rounds, *rounds]:
            import_events(stores[taker].session, lines_of(stores[giver].path))
        for store in stores:
            store.close()
        paths = [store.path for store in stores]
        assert dump(paths[0]) == dump(paths[1]) == dump(paths[2])
        assert set(lines_of(paths[0])) == set(lines_of(paths[1])) == set(lines_of(paths[2]))
        assert all(check(path).sound for path in paths)


@given(events())
@examples(40)
def test_what_is_not_understood_is_passed_on_byte_for_byte(drawn: list[Event]) -> None:
    with TemporaryDirectory() as room:
        near, far = Path(room, "near.db"), Path(room, "far.db")
        first = take_in(near, [event.line for event in drawn], now=LIMIT)
        passed_on = take_in(far, lines_of(near), now=LIMIT)
        assert first.added == passed_on.added == len({event.line for event in drawn})
        assert (
            lines_of(far)
            == lines_of(near)
            == [line + b"\n" for line in dict.fromkeys(event.line for event in drawn)]
        )
        again = take_in(far, lines_of(near), now=LIMIT)
        assert (again.added, again.known, again.refused) == (0, first.added, ())


_AUTHORS = ("c" * 32, "d" * 32)


@given(st.integers(1, 8), st.data())
@examples(60)
def test_what_is_passed_on_counts_in_the_end_in_whatever_order_it_comes(
    length: int, data: st.DataObject
) -> None:
    """Chains of two stores, passed on by others in pieces: what waits for a link is not lost."""
    lines = [
        line
        for author in _AUTHORS
        for line in chained(
            author,
            {},
            *({"kind": "comment_added", "body": {"text": f"{n}"}} for n in range(length)),
        )
    ]
    parsed = [parse(line) for line in lines]
    with TemporaryDirectory() as room:
        store = Store.open(fresh(Path(room, "board.db")), now=Wall())
        arriving = data.draw(st.permutations(parsed))
        while arriving:
            piece = arriving[: data.draw(st.integers(1, len(arriving)))]
            arriving = arriving[len(piece) :]
            journals = {
                one.id: data.draw(st.sampled_from([one.envelope.actor, "e" * 32, "f" * 32]))
                for one in piece
            }
            with store.session.writing() as transaction:
                transaction.take(piece, sources=journals)
        take_in(Path(room, "whole.db"), lines)
        assert dump(store.path) == dump(Path(room, "whole.db"))
        store.close()
        assert check(store.path, now=Wall()).findings == ()
