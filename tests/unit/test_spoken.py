import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from storage.errors import Refused
from storage.text import dates, zones
from tests.records import MONDAY

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def in_shanghai(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where MONDAY is 2026-11-23, 16:00."""
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    zones.use_zone("")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("values", "then"),
    [
        ("2w", "2026-12-07 00:00"),
        ("2 weeks", "2026-12-07 00:00"),
        ("in 1 day", "2026-11-24 00:00"),
        ("tomorrow", "2026-11-24 00:00"),
        (" Tomorrow ", "2026-11-24 00:00"),
        ("next week", "2026-11-30 00:00"),
        ("next month", "2026-12-01 00:00"),
        ("90m", "2026-11-23 17:30"),
        ("3h", "2026-11-23 19:00"),
        ("1mo", "2026-12-23 00:00"),
        ("1y", "2027-11-23 00:00"),
        ("明天", "2026-11-24 00:00"),
        ("后天", "2026-11-25 00:00"),
        ("下周", "2026-11-30 00:00"),
        ("下个月", "2026-12-01 00:00"),
        ("2周", "2026-12-07 00:00"),
        ("２ 周后", "2026-12-07 00:00"),
        ("3个月后", "2027-02-21 00:00"),
        ("2026-12-01", "2026-12-01 00:00"),
        ("2026-12-01 09:30", "2026-12-01 09:30"),
        ("2026-12-01T09:30:00+08:00", "2026-12-01 09:30"),
        # What lies behind is a time too; the record refuses it where it has to lie ahead.
        ("2020-01-01", "2020-01-01 00:00"),
    ],
)
def test_a_moment_ahead(values: str, then: str) -> None:
    at = dates.ahead(values, MONDAY)
    assert datetime.fromtimestamp(at / 1000, SHANGHAI).strftime("%Y-%m-%d %H:%M") == then


@pytest.mark.parametrize(
    "values",
    ["", "soon", "2", "w", "2 moons", "2026-02-30", "-2w", "99999y", "9999y", "0001-01-01", "\0"],
)
def test_what_is_no_moment_is_refused(values: str) -> None:
    with pytest.raises(Refused) as refused:
        dates.ahead(values, MONDAY, "until")
    assert refused.value.field == "until"
    assert "tomorrow" in str(refused.value)


def test_days_have_as_many_hours_as_they_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which clocks are put back is longer than 24 hours."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    now = int(datetime(2026, 10, 24, 12, tzinfo=ZoneInfo("Europe/Berlin")).timestamp() * 1000)
    then = datetime.fromtimestamp(dates.ahead("2d", now) / 1000, ZoneInfo("Europe/Berlin"))
    assert (then.day, then.hour) == (26, 0)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026/11/20", "2026-11-20"),
        ("2026/1/2", "2026-01-02"),
        ("2026年11月20日", "2026-11-20"),
        ("２０２６年１１月２０日", "2026-11-20"),
        ("2026-W48", "2026-11-23"),
        ("2026w48", "2026-11-23"),
        ("today", "2026-11-23"),
        ("今天", "2026-11-23"),
        ("Yesterday", "2026-11-22"),
        ("前天", "2026-11-21"),
        ("tomorrow", "2026-11-24"),
    ],
)
def test_a_day_is_read_however_people_write_it(typed: str, day: str) -> None:
    """One reader for options, forms and notes: what one of them takes, all take."""
    assert dates.day(typed, now=MONDAY) == day
    assert dates.moment(typed, now=MONDAY) == dates.moment(f"{day} 00:00")
    assert dates.since(typed).day == (day if typed[0] in "2２" else dates.day(typed))


@pytest.mark.parametrize("typed", ["3d", "3 days ago", "3天前", "72h"])
def test_how_long_ago_is_a_moment(typed: str) -> None:
    assert dates.moment(typed, now=MONDAY) == MONDAY - 3 * 24 * 60 * 60 * 1000


@pytest.mark.parametrize("typed", ["2026-13-01", "2026/2/30", "2026-W54", "3 blue moons", ""])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        dates.day(typed, now=MONDAY)


def test_a_version_is_no_day() -> None:
    assert dates.since("4.1.8") == dates.FixStart(version="4.1.8")
