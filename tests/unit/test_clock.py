"""The clock that orders events: always forward, and not led astray by one wrong wall clock."""

from __future__ import annotations

import pytest

from storage.model.clock import LIMIT, Clock, claims_future, reading_at
from tests.records import DAY_MS, MONDAY


def test_it_follows_the_wall_clock() -> None:
    assert Clock().tick(MONDAY).seen == reading_at(MONDAY)
    assert Clock(reading_at(MONDAY)).tick(MONDAY + 5).seen == reading_at(MONDAY + 5)


def test_it_ticks_within_a_millisecond_and_while_the_wall_clock_goes_back() -> None:
    clock = Clock().tick(MONDAY)
    for wall in (MONDAY, MONDAY, MONDAY - DAY_MS, 0):
        later = clock.tick(wall)
        assert later.seen == clock.seen + 1
        clock = later


def test_what_is_written_after_seeing_an_event_is_later_than_it() -> None:
    ahead = reading_at(MONDAY + 3 * DAY_MS)
    assert Clock().witness(ahead).tick(MONDAY).seen == ahead + 1
    assert Clock(ahead).witness(reading_at(MONDAY)).seen == ahead


def test_a_wall_clock_far_ahead_is_doubted_for_a_day_and_then_believed() -> None:
    start = Clock(reading_at(MONDAY))
    wall = MONDAY + 31 * DAY_MS
    doubting = start.tick(wall)
    assert doubting.seen == start.seen + 1
    assert doubting.tick(wall + DAY_MS - 1).seen == start.seen + 2
    assert doubting.tick(wall + DAY_MS).seen == reading_at(wall + DAY_MS)


def test_a_month_is_believed_at_once() -> None:
    start = Clock(reading_at(MONDAY))
    wall = MONDAY + 30 * DAY_MS
    assert start.tick(wall).seen == reading_at(wall)


def test_a_wall_clock_that_jumps_about_is_doubted_anew() -> None:
    start = Clock(reading_at(MONDAY))
    once = start.tick(MONDAY + 40 * DAY_MS)
    # A year on, or before the doubt began: no quiet day has passed on that clock.
    for jumped in (MONDAY + 400 * DAY_MS, MONDAY + 35 * DAY_MS):
        doubting = once.tick(jumped)
        assert doubting.seen == once.seen + 1
    assert once.tick(MONDAY + 35 * DAY_MS).doubted_since == MONDAY + 35 * DAY_MS


def test_a_clock_that_is_right_again_is_not_doubted() -> None:
    doubting = Clock(reading_at(MONDAY)).tick(MONDAY + 40 * DAY_MS)
    right = doubting.tick(MONDAY + 1)
    assert right == Clock(reading_at(MONDAY + 1))


def test_an_event_at_the_limit_of_time_does_not_stop_the_clock() -> None:
    last = Clock().witness(LIMIT - 1)
    assert last.tick(MONDAY).seen == LIMIT - 1
    assert last.tick(MONDAY).tick(MONDAY).seen < LIMIT


@pytest.mark.parametrize(("ahead", "claimed"), [(0, False), (DAY_MS, False), (DAY_MS + 1, True)])
def test_more_than_a_day_ahead_is_the_future(ahead: int, claimed: bool) -> None:
    assert claims_future(reading_at(MONDAY + ahead), MONDAY) is claimed
