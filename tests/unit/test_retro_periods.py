"""Periods: what people type, what lies beside, and that weeks and sprints line up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import Refused
from storage.model.retro import Period, PeriodKind, Release
from storage.retro.periods import (
    DAY_MS,
    after,
    before,
    compared_days,
    first_days,
    length,
    of_release,
    parse,
    period_of,
)
from storage.text.zones import day_of, in_zone
from tests.records import MONDAY

NOW = MONDAY + 3 * DAY_MS  # Thursday, 2026-11-26


def ms(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


RELEASES = (
    Release("4.1.30", ms("2026-09-01") + 5),
    Release("4.1.36", ms("2026-10-10") + 7),
    Release("4.2.0", ms("2026-11-20") + 9),
)


@pytest.mark.parametrize(
    ("text", "first", "last", "name"),
    [
        ("2026-W48", "2026-11-23", "2026-11-29", "2026-W48"),
        ("2027w1", "2027-01-04", "2027-01-10", "2027-W01"),
        ("2020-W53", "2020-12-28", "2021-01-03", "2020-W53"),
        ("2026-11", "2026-11-01", "2026-11-30", "2026-11"),
        ("2026-12", "2026-12-01", "2026-12-31", "2026-12"),
        ("2026-q4", "2026-10-01", "2026-12-31", "2026-Q4"),
        ("2026", "2026-01-01", "2026-12-31", ""),
        ("2026-11-20", "2026-11-20", "2026-11-20", ""),
        ("2026-11-01..2026-11-15", "2026-11-01", "2026-11-15", ""),
        ("2026-11-15..2026-11-01", "2026-11-01", "2026-11-15", ""),
        ("2026-10..2026-11", "2026-10-01", "2026-11-30", ""),
        ("2026-11-24..", "2026-11-24", "2026-11-26", ""),
        ("this-week", "2026-11-23", "2026-11-29", "2026-W48"),
        ("last week", "2026-11-16", "2026-11-22", "2026-W47"),
        ("last-month", "2026-10-01", "2026-10-31", "2026-10"),
        ("this-quarter", "2026-10-01", "2026-12-31", "2026-Q4"),
        ("上个月", "2026-10-01", "2026-10-31", "2026-10"),
        ("本周", "2026-11-23", "2026-11-29", "2026-W48"),
        ("today", "2026-11-26", "2026-11-26", ""),
        ("2w", "2026-11-13", "2026-11-26", ""),
        ("5h", "2026-11-26", "2026-11-26", ""),
        ("4.1.36", "2026-10-10", "2026-11-19", "4.1.36"),
        ("4.2.0", "2026-11-20", "2026-11-26", "4.2.0"),
    ],
)
def test_what_people_type(text: str, first: str, last: str, name: str) -> None:
    period = parse(text, NOW, releases=RELEASES)
    assert (day_of(period.since), day_of(period.until - 1), period.name) == (first, last, name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-W54",
        "2026-13",
        "2026-02-30",
        "..2026-11",
        "0000-01",
        "9999",
        "9.9.9",
        "3x",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text, NOW, releases=RELEASES)
    assert refused.value.field == "period"


def test_the_release_before_is_the_one_before() -> None:
    newest = of_release("4.2.0", RELEASES, NOW)
    assert newest is not None
    previous = before(newest, RELEASES)
    assert previous == of_release("4.1.36", RELEASES, NOW)
    assert after(previous, RELEASES, NOW) == newest
    assert after(newest, RELEASES, NOW) == newest
    assert of_release("9.9", RELEASES, NOW) is None


def test_before_the_first_release_is_a_stretch_as_long() -> None:
    oldest = of_release("4.1.30", RELEASES, NOW)
    assert oldest is not None
    assert before(oldest, RELEASES) == Period(2 * oldest.since - oldest.until, oldest.since)


def test_two_releases_of_a_day_have_that_day_each() -> None:
    twins = (Release("1.0", ms("2026-11-01") + 1), Release("1.1", ms("2026-11-01") + 2))
    first = of_release("1.0", twins, NOW)
    assert first is not None
    assert (day_of(first.since), first.until - first.since) == ("2026-11-01", DAY_MS)


def test_sprints_of_as_many_weeks_line_up() -> None:
    sprint = period_of(PeriodKind.SPRINT, NOW, 2)
    assert (day_of(sprint.since), day_of(sprint.until)) == ("2026-11-23", "2026-12-07")
    assert before(sprint).until == sprint.since


regular = st.sampled_from(
    [PeriodKind.WEEK, PeriodKind.SPRINT, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.DAYS]
)


@given(regular, st.integers(ms("1972-01-01"), ms("9000-01-01")), st.integers(1, 8))
def test_periods_of_a_sort_follow_each_other_without_a_gap(
    sort: PeriodKind, at: int, weeks: int
) -> None:
    period = period_of(sort, at, weeks)
    assert period.since <= at < period.until
    assert before(period).until == period.since
    assert after(period).since == period.until
    assert after(before(period)) == period


@given(
    st.sampled_from([PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.QUARTER]),
    st.integers(ms("1972-01-01"), ms("9000-01-01")),
)
def test_the_name_of_a_period_can_be_typed(sort: PeriodKind, at: int) -> None:
    period = period_of(sort, at)
    assert parse(period.name, NOW) == period


@given(st.text(max_size=12) | st.from_regex(r"\d{4}[-wWqQ.]{0,2}\d{0,4}", fullmatch=True))
def test_whatever_is_typed_is_a_period_or_refused(text: str) -> None:
    try:
        period = parse(text, NOW, releases=RELEASES)
    except Refused:
        return
    assert period.since < period.until


@given(st.integers(0, 1 << 62))
def test_a_time_that_somebody_claims_is_of_some_period(at: int) -> None:
    period = period_of(PeriodKind.QUARTER, at)
    assert after(period).since >= period.since


# A running period is compared with as many days of the one before


@pytest.mark.parametrize(
    ("text", "now", "days"),
    [
        ("2026-Q4", "2026-11-29", (60, 60)),
        ("2026-W48", "2026-11-23", (1, 1)),
        ("2026-W48", "2026-11-28", (6, 6)),
        # February was shorter.
        ("2027-03", "2027-03-30", (30, 28)),
        # On its last day, and when it is over, all of its days are compared with all.
        ("2026-W48", "2026-11-29", None),
        ("2026-W48", "2026-12-01", None),
        ("2026-W48", "2026-11-20", None),
        ("2026-11-20..2026-11-29", "2026-11-29", None),
    ],
)
def test_a_running_period_is_compared_with_as_many_days(
    text: str, now: str, days: tuple[int, int] | None
) -> None:
    at = ms(now) + DAY_MS // 2
    period = parse(text, at)
    previous = before(period)
    found = compared_days(period, previous, at)
    assert found == days
    if found is not None:
        elapsed = first_days(previous, found[1])
        assert elapsed.since == previous.since
        assert (elapsed.end - elapsed.since) // DAY_MS == found[1]
        assert elapsed.end <= previous.until


def test_days_of_summer_time_are_days() -> None:
    with in_zone("Europe/Berlin"):
        march = parse("2026-03", ms("2026-03-30"))
        assert length(march) == 31
        assert length(before(march)) == 28
        assert (day_of(march.since), day_of(march.until - 1)) == ("2026-03-01", "2026-03-31")
        assert march.until - march.since == 31 * DAY_MS - DAY_MS // 24
        week = parse("2026-W13", ms("2026-03-30"))
        assert after(before(week)) == before(after(week)) == week
        own = parse("2026-03-28..2026-03-30", ms("2026-03-31"))
        assert (day_of(before(own).since), day_of(before(own).until - 1)) == (
            "2026-03-25",
            "2026-03-27",
        )
