"""Periods as people choose them: weeks, sprints, months, quarters, releases and days.

Pure arithmetic over whole days of the board's time zone. Sprints of ``n`` weeks are counted from
one Monday, so that those of two teams begin on the same day; releases are given by who calls, as
:meth:`storage.retro.report.RetroReport.releases` reads them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from storage.db.reader import Reader
from storage.errors import N_, Refused
from storage.model.clock import STATUS, STILL, WORKAROUND, WRITTEN
from storage.model.fields import NamedTuple
from storage.model.retro import Period, PeriodKind, Release
from storage.model.row import Text
from storage.text.dates import DAYS_NAMED, SPANS, as_iso
from storage.text.zones import zone

DAY_MS: Final = 24 * 60 * 60 * 1000
#: Teams take two, mostly.
USUAL_SPRINT: Final = 2

#: The Monday that sprints are counted from.
_ANCHOR: Final = date(1970, 1, 5)
#: Years whose periods have one before and one after.
_YEARS: Final = range(1971, 9990)
#: Events from elsewhere may claim any time; no period lies beyond this day.
_LAST_DAY: Final = date(_YEARS.stop, 12, 31)

_WORDS: Final = {
    **dict.fromkeys(("week", "周", "星期"), PeriodKind.WEEK),
    **dict.fromkeys(("sprint", "迭代"), PeriodKind.SPRINT),
    **dict.fromkeys(("month", "月"), PeriodKind.MONTH),
    **dict.fromkeys(("quarter", "季度", "季"), PeriodKind.QUARTER),
}
_RELATIVE: Final = re.compile(r"(this|last|本|上|这)(?:[- ]|个)?([^\W\d_]+)")
_THIS: Final = ("this", "本", "这")
_WEEK: Final = re.compile(r"(\d{4})-?w(\d{1,2})")
_QUARTER: Final = re.compile(r"(\d{4})-?q([1-4])")
_MONTH: Final = re.compile(r"(\d{4})年?(?:(?:(?<=年)|[-/])(\d{1,2})月?)?")
_DAY: Final = re.compile(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?")
_AGE: Final = re.compile(r"(\d{1,4}) ?([^\W\d_]+)")


def period_of(sort: PeriodKind, at: int, weeks: int = USUAL_SPRINT) -> Period:
    """The period of a sort that a time (ms) falls into.

    Args:
        sort: any but a release, which :func:`of_release` gives; of days it is the one day.
        at: the time.
        weeks: how many a sprint takes.
    """
    day = _date(at)
    match sort:
        case PeriodKind.WEEK:
            year, week, weekday = day.isocalendar()
            monday = day - timedelta(days=weekday - 1)
            return _period(monday, monday + timedelta(days=7), sort, f"{year}-W{week:02}")
        case PeriodKind.SPRINT:
            first = day - (day - _ANCHOR) % timedelta(weeks=weeks)
            return _period(first, first + timedelta(weeks=weeks), sort)
        case PeriodKind.MONTH:
            first = day.replace(day=1)
            return _period(first, _months_later(first, 1), sort, f"{day:%Y-%m}")
        case PeriodKind.QUARTER:
            quarter = (day.month - 1) // 3
            first = date(day.year, 3 * quarter + 1, 1)
            return _period(first, _months_later(first, 3), sort, f"{day.year}-Q{quarter + 1}")
        case PeriodKind.DAYS | PeriodKind.RELEASE:
            return _period(day, day + timedelta(days=1), PeriodKind.DAYS)


def of_release(version: str, releases: Sequence[Release], now: int) -> Period | None:
    """From the day on which a release was first seen until the next one was; None if unknown.

    Args:
        version: which one.
        releases: those that are known, the oldest first.
        now: the present (ms), up to the end of whose day the newest lasts.
    """
    for place, release in enumerate(releases):
        if release.version == version:
            return _of(releases, place, now)
    return None


def _of(releases: Sequence[Release], place: int, now: int) -> Period:
    since = _date(releases[place].first_seen)
    if place + 1 < len(releases):
        until = _date(releases[place + 1].first_seen)
    else:
        until = _date(now) + timedelta(days=1)
    until = max(until, since + timedelta(days=1))
    return _period(since, until, PeriodKind.RELEASE, releases[place].version)


def before(period: Period, releases: Sequence[Release] = ()) -> Period:
    """The period before this one: of its sort, or of its length where that is all there is."""
    return _beside(period, -1, releases)


def after(period: Period, releases: Sequence[Release] = (), now: int = 0) -> Period:
    """The period after this one; of the newest release, itself.

    Args:
        period: this one.
        releases: those that are known, the oldest first.
        now: the present (ms), up to the end of whose day the newest release lasts.
    """
    return _beside(period, 1, releases, now)


def _beside(period: Period, step: int, releases: Sequence[Release], now: int = 0) -> Period:
    days = length(period)
    edge = period.since - 1 if step < 0 else period.until
    if _date(edge).year not in _YEARS:
        return period
    match period.sort:
        case PeriodKind.RELEASE:
            versions = [one.version for one in releases]
            place = versions.index(period.name) + step if period.name in versions else -1
            if 0 <= place < len(versions):
                return _of(releases, place, now)
            if step > 0:
                return period
        case PeriodKind.DAYS:
            pass
        case _:
            return period_of(period.sort, edge, max(1, days // 7))
    since = _date(period.since) + step * timedelta(days=days)
    return _period(since, since + timedelta(days=days), PeriodKind.DAYS)


def compared_days(period: Period, previous: Period, now: int) -> tuple[int, int] | None:
    """How many days of a running period are compared with how many of the one before.

    Args:
        period: the period; today counts as one of its days.
        previous: the one before.
        now: the present (ms).

    Returns:
        As many of both, unless the one before was shorter; None if the period is over, begins
        later, or has come to its last day: then all days are compared.
    """
    if not period.since <= now < period.until:
        return None
    over = length(period._replace(until=now + 1))
    return None if over == length(period) else (over, min(over, length(previous)))


def first_days(period: Period, days: int) -> Elapsed:
    """The first days of a period."""
    return Elapsed(period.since, day_ms(_date(period.since) + timedelta(days=days)))


def between(first: Period, last: Period) -> Period:
    """The days from the begin of one period to the end of another, whichever comes first."""
    first, last = sorted((first, last))
    return Period(first.since, max(first.until, last.until))


def parse(
    text: str, now: int, weeks: int = USUAL_SPRINT, releases: Sequence[Release] = ()
) -> Period:
    """The period that somebody typed.

    Args:
        text: ``2026-W48``, ``2026-11``, ``2026-Q4``, ``2026``, ``2026-11-20``,
            ``2026-11-01..2026-11-15`` (both days included; without the last, up to today),
            ``this-week``, ``last-sprint``, ``上个月``, an age such as ``2w`` (the two weeks
            up to and with today), or the version of a release.
        now: the present (ms).
        weeks: how many a sprint takes.
        releases: those that are known, the oldest first.

    Raises:
        Refused: if it is none of these.
    """
    written = unicodedata.normalize("NFKC", text).strip().casefold()
    try:
        if ".." in written:
            first, last = (one.strip(". ") for one in written.split("..", 1))
            ends = _one(last, now, weeks, releases) if last else period_of(PeriodKind.DAYS, now)
            return between(_one(first, now, weeks, releases), ends)
        return _one(written, now, weeks, releases)
    except (ValueError, OverflowError):
        raise Refused(
            N_("“{value}” is not a period."),
            N_("Write it as 2026-W48, 2026-11, 2026-Q4, 2026-11-01..2026-11-15, last-week or 2w."),
            field="period",
            value=text,
        ) from None


def _one(written: str, now: int, weeks: int, releases: Sequence[Release]) -> Period:
    """A period that is not made of two; ValueError if there is none such."""
    for place, release in enumerate(releases):
        if written == release.version.casefold():
            return _of(releases, place, now)
    if (found := _RELATIVE.fullmatch(written)) and found[2] in _WORDS:
        current = period_of(_WORDS[found[2]], now, weeks)
        return current if found[1] in _THIS else before(current)
    if written in DAYS_NAMED:
        return period_of(PeriodKind.DAYS, day_ms(_date(now) + timedelta(days=DAYS_NAMED[written])))
    if found := _WEEK.fullmatch(written):
        monday = date.fromisocalendar(_year(found[1]), int(found[2]), 1)
        return period_of(PeriodKind.WEEK, day_ms(monday))
    if found := _QUARTER.fullmatch(written):
        first = date(_year(found[1]), 3 * int(found[2]) - 2, 1)
        return period_of(PeriodKind.QUARTER, day_ms(first))
    if found := _MONTH.fullmatch(written):
        first = date(_year(found[1]), int(found[2] or 1), 1)
        if found[2]:
            return period_of(PeriodKind.MONTH, day_ms(first))
        return _period(first, _months_later(first, 12), PeriodKind.DAYS)
    if found := _DAY.fullmatch(as_iso(written, now)):
        day = date(_year(found[1]), int(found[2]), int(found[3]))
        return period_of(PeriodKind.DAYS, day_ms(day))
    if (found := _AGE.fullmatch(written)) and (unit := SPANS.get(found[2])):
        today = period_of(PeriodKind.DAYS, now)
        days = max(1, int(found[1]) * unit // DAY_MS)
        return Period(max(0, day_ms(_date(now) - timedelta(days=days - 1))), today.until)
    raise ValueError(written)


def _year(digits: str) -> int:
    year = int(digits)
    if year not in _YEARS:
        raise ValueError(digits)
    return year


def _months_later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def _period(since: date, until: date, sort: PeriodKind, name: str = "") -> Period:
    return Period(day_ms(since), day_ms(until), sort, name)


def _date(at: int) -> date:
    """The day of a time (ms)."""
    return min(zone().local(at).date(), _LAST_DAY)


def day_ms(day: date) -> int:
    """When a day begins (ms)."""
    return zone().begins(day)


def length(period: Period) -> int:
    """How many days a period has."""
    return (_date(period.until - 1) - _date(period.since)).days + 1


# The part of a period that is over, and the pitfalls that count in it


#: Of the pitfalls that something happened to, those that the board doesn't show do not count.
IN_VIEW: Final = "pitfall NOT IN (SELECT id FROM pitfalls WHERE in_view = 0)"

_PLAIN: Final = "FROM pitfalls INDEXED BY idx_pitfalls_by_seen WHERE is_plain"
#: When status and workaround changed; of a plain pitfall, its own row says it.
CHANGES: Final = f"""
(SELECT pitfall, field, at, until, before, after FROM changes
 UNION ALL SELECT id, '{STATUS}', reported_at, {STILL}, '', status {_PLAIN}
 UNION ALL SELECT id, '{WORKAROUND}', reported_at, {STILL}, '', '{WRITTEN}' {_PLAIN}
 AND workaround_at IS NOT NULL)
"""

_KNOWN: Final = """
SELECT id, reported_at, ifnull(component, ''), severity
FROM pitfalls INDEXED BY idx_pitfalls_by_seen WHERE in_view = 1 ORDER BY reported_at
"""

_COMPONENT_NAMES: Final = """
SELECT DISTINCT component, component_zh FROM pitfalls WHERE component <> ''
ORDER BY component_zh
"""


class Elapsed(NamedTuple):
    """From ``since`` up to, and without, ``end`` (both ms): a period, or what is over of it."""

    since: int
    end: int


class PitfallsInView(NamedTuple):
    """What the figures need of the pitfalls in the board's view, by id.

    ``reported`` holds when each was reported (ms), the earliest first.
    """

    reported: Mapping[str, int]
    components: Mapping[str, str]
    severities: Mapping[str, str]


def stretch_of(period: Period, now: int) -> Elapsed:
    """What of a period is over at a time (ms), that moment included."""
    return Elapsed(period.since, max(period.since, min(period.until, now + 1)))


class RetroReader(Reader):
    """Base of the readers of retro figures."""

    def known(self) -> PitfallsInView:
        """The pitfalls in the board's view."""
        names, *columns = list(zip(*self.fetch_all(_KNOWN), strict=True)) or [()] * 4
        return PitfallsInView(*(dict(zip(names, column, strict=True)) for column in columns))

    def component_names(self) -> dict[str, Text]:
        """Components that are named in two languages, by the plain name."""
        rows = self.fetch_all(_COMPONENT_NAMES)
        return {plain: Text(plain, zh) for plain, zh in rows}

    def _ids(self, sql: str, parameters: tuple[Any, ...]) -> list[str]:
        return [name for (name,) in self.fetch_all(sql, parameters)]
