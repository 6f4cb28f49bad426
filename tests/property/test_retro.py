"""The figures of any period of any history: what they are made of, and what they agree with."""

from __future__ import annotations

from pathlib import Path
from random import Random
from statistics import median_low
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from storage.events import Event
from storage.model.clock import LIMIT
from storage.model.retro import By, Count, Period, Rank, Wait
from storage.model.row import Status
from storage.model.vocabulary import Outcome
from storage.query.tree import Query
from storage.read.board import Board
from storage.retro.figures import quantiles
from storage.retro.report import RetroReport
from storage.write.store import Store
from tests.actions import Action, actions, do, series
from tests.boards import fresh
from tests.histories import events
from tests.records import DAY_MS, MONDAY, Wall, take_in
from tests.sizes import examples

_FIRST = MONDAY - MONDAY % DAY_MS

times = st.lists(st.integers(0, 50), max_size=20)


def quantile(share: float, reached: list[int], censored: list[int]) -> int | None:
    return quantiles([share], reached, censored)[0]


periods = st.builds(
    lambda start, days: Period(_FIRST + start * DAY_MS, _FIRST + (start + days) * DAY_MS),
    st.integers(-70, 1),
    st.integers(1, 90),
)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_without_censoring_it_is_the_ordinary_median(reached: list[int]) -> None:
    assert quantile(0.5, reached, []) == median_low(reached)


@given(times, times, st.randoms(use_true_random=False))
def test_a_quantile_does_not_depend_on_the_order(
    reached: list[int], censored: list[int], rng: Random
) -> None:
    shuffled = [*reached], [*censored]
    for part in shuffled:
        rng.shuffle(part)
    assert quantile(0.9, *shuffled) == quantile(0.9, reached, censored)


@given(times, times)
def test_a_greater_share_takes_longer(reached: list[int], censored: list[int]) -> None:
    half, most = quantiles([0.5, 0.9], reached, censored)
    assert (half, most) == (quantile(0.5, reached, censored), quantile(0.9, reached, censored))
    if most is not None:
        assert half is not None
        assert half <= most
    assert half is None or half in reached


@given(times, times, st.integers(0, 50))
def test_one_more_who_still_waits_never_makes_it_shorter(
    reached: list[int], censored: list[int], one: int
) -> None:
    before, after = quantile(0.5, reached, censored), quantile(0.5, reached, [*censored, one])
    if after is not None:
        assert before is not None
        assert before <= after


@given(series(actions(), 25), periods)
@examples(40)
def test_figures_of_any_actions(done: list[Action], period: Period) -> None:
    with TemporaryDirectory() as room:
        path = fresh(Path(room, "board.db"))
        wall = Wall()
        store = Store.open(path, now=wall)
        for action in done:
            do(store, action)
            wall.ms += DAY_MS // 2
        _agree(path, period, wall.ms)
        with RetroReport.open(path) as retro:
            before = retro.look_back(period, wall.ms)
        store.rebuild()
        store.close()
        with RetroReport.open(path) as retro:
            assert retro.look_back(period, wall.ms) == before


@given(events(), periods)
@examples(60)
def test_figures_of_any_events(drawn: list[Event], period: Period) -> None:
    with TemporaryDirectory() as room:
        path = Path(room, "board.db")
        take_in(path, (event.line for event in drawn), now=LIMIT)
        _agree(path, period, MONDAY + 100 * DAY_MS)


def _agree(path: Path, period: Period, now: int) -> None:
    """Each figure counts what stands behind it, and what divides the occurrences adds up."""
    with RetroReport.open(path) as retro:
        found = retro.look_back(period, now)
        figures = found.now
        for count in Count:
            assert len(set(retro.behind(period, count, now))) == figures.counts[count]
        for wait in Wait:
            output = figures.waits[wait]
            assert len(retro.behind(period, (wait, True), now)) == output.reached
            assert len(retro.behind(period, (wait, False), now)) == output.censored
        for by in By:
            assert sum(share.occurrences for share in figures.shares[by]) == figures.occurrences
            for share in figures.shares[by]:
                assert len(retro.behind(period, (by, share.value), now)) == share.pitfalls
            every = tuple(share.value for share in figures.shares[by])
            seen = set(retro.behind(period, Outcome.REPRODUCED, now))
            assert set(retro.behind(period, (by, every), now)) == seen
        tried = retro.behind(period, Outcome.NOT_REPRODUCED, now)
        assert bool(tried) == bool(figures.not_reproduced)
        for band in figures.ages:
            assert len(retro.behind(period, band, now)) == band.pitfalls
        for rank, ranked in ((Rank.FREQUENT, found.frequent), (Rank.EXPENSIVE, found.expensive)):
            assert retro.behind(period, rank, now) == [one.row.id for one in ranked]
        assert found.flow[-1].counts[Status.OPEN] == figures.counts[Count.STILL_OPEN]
        assert sum(sum(one.by_platform.values()) for one in found.buckets) == figures.occurrences
        assert all(count >= 0 for point in found.flow for count in point.counts.values())
        # A day that is later than any that an event of the board claims.
        everything = retro.look_back(Period(0, 1 << 62), (1 << 62) - 1).flow[-1]
    with Board.open(path) as board:
        counts = board.find(Query()).counts
        for status in Status:
            assert everything.counts[status] == counts.get(status, 0)
