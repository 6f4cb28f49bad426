"""Dates, times, spans and versions as people write them, in the board's time zone."""

from __future__ import annotations

import re
import time
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from storage.errors import N_, Refused
from storage.text.zones import zone

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Events from elsewhere may claim any time; none lies beyond the year 9999.
_LAST_MS: Final = 253_402_300_799_000


def iso(at: int | None) -> str | None:
    """A time in ms as ISO 8601 in UTC, to the second; whatever lies beyond year 9999 is its end."""
    if at is None:
        return None
    moment = _EPOCH + timedelta(seconds=min(at, _LAST_MS) // 1000)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def zoned(at: int | None) -> str | None:
    """A time in ms as ISO 8601 in the board's time zone, to the second, with its offset."""
    if at is None:
        return None
    return zone().local(at).isoformat(timespec="seconds").replace("+00:00", "Z")


# Times, days and versions as people write them


_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
#: The units of a span of time in every spelling, in ms: those of the board's ages first.
SPANS: Final = {
    **dict.fromkeys(("m", "min", "minute", "minutes", "分", "分钟"), _MINUTE),
    **dict.fromkeys(("h", "hour", "hours", "时", "小时"), _HOUR),
    **dict.fromkeys(("d", "day", "days", "天", "日"), _DAY),
    **dict.fromkeys(("w", "week", "weeks", "周", "星期"), 7 * _DAY),
    **dict.fromkeys(("mo", "month", "months", "月", "个月"), 30 * _DAY),
    **dict.fromkeys(("y", "year", "years", "年"), 365 * _DAY),
}
_SPAN: Final = r"(?i)(?:in )?(\d{1,4}) ?([^\W\d]+?)后?"


class FixStart(NamedTuple):
    """Where a fix begins: a version or a day (ISO 8601); the other one is empty."""

    version: str = ""
    day: str = ""


def now_ms() -> int:
    """The machine's clock, in ms since 1970."""
    return time.time_ns() // 1_000_000


#: How far from today a day lies that people name by a word.
DAYS_NAMED: Final = {
    "today": 0,
    "今天": 0,
    "今日": 0,
    "yesterday": -1,
    "昨天": -1,
    "昨日": -1,
    "前天": -2,
    "tomorrow": 1,
    "明天": 1,
    "后天": 2,
}
_CALENDAR_DAY: Final = r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?:[ t]+(\d.*))?"
_CALENDAR_WEEK: Final = r"(\d{4})-?w(\d{1,2})"
_AGO: Final = r"(\d{1,4}) ?([^\W\d]+?)(?: ago|之?前)?"
#: ``12月5日``, ``31号``: ``5日`` alone is how long, see :data:`SPANS`.
_DAY_OF_A_MONTH: Final = r"(\d{1,2})月(\d{1,2})[日号]?|(\d{1,2})号"
_END_OF_A_MONTH: Final = (
    r"(?:(?P<other>上|下)个?|本|这个?|当)?月[底末]|(?:eom|end of (?:the |this )?month)"
    r"|end of (?P<word>next|last) month"
)
#: The 29th of February may be as far away.
_MOST_YEARS: Final = 8


def without_year(text: str, now: int | None = None, *, is_ahead: bool) -> date | None:
    """The nearest day of that name, today included; None if the text names none.

    Args:
        text: ``12月5日``, ``31号``, ``月底``, ``end of next month``.
        now: the present, in ms; else that of the machine.
        is_ahead: whether it lies ahead, or has passed.
    """
    written = unicodedata.normalize("NFKC", text).strip().casefold()
    today = zone().local(now_ms() if now is None else now).date()
    if found := re.fullmatch(_END_OF_A_MONTH, written):
        word = found["other"] or found["word"]
        further = {"上": -1, "last": -1, "下": 1, "next": 1}.get(word, 0)
        last = _day_of(today, further + 1, 1)
        assert last is not None
        if not word and not is_ahead and last - timedelta(days=1) > today:
            last = today.replace(day=1)
        return last - timedelta(days=1)
    if (found := re.fullmatch(_DAY_OF_A_MONTH, written)) is None:
        return None
    month, number = int(found[1] or 0), int(found[2] or found[3])
    step = 1 if is_ahead else -1
    for months in range(0, step * 12 * _MOST_YEARS, step):
        there = _day_of(today, months, number)
        is_that = there is not None and month in (0, there.month)
        if there is not None and is_that and (there >= today if is_ahead else there <= today):
            return there
    return None


def _day_of(today: date, months: int, number: int) -> date | None:
    """A day of the month that lies so many months from today's; None if it has none such."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    try:
        return date(year, month + 1, number)
    except ValueError:
        return None


def as_iso(text: str, now: int | None = None, *, last: bool = False) -> str:
    """A day or a time as ISO 8601 writes it, from any way in which people write one.

    Args:
        text: ``2026-11-20``, ``2026/11/20``, ``2026年11月20日``, each perhaps with a time
            behind it, ``2026-W48`` (its Monday), ``today``, ``昨天`` and the like, ``11月20日``,
            ``20号`` and ``月底`` (the last that has passed); full-width digits, too. What is none
            of these is left as it is.
        now: the present, in ms; else that of the machine.
        last: take the last day of a week, not its first.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    written = plain.casefold()
    if written in DAYS_NAMED:
        here = zone().local(now_ms() if now is None else now)
        return (here + timedelta(days=DAYS_NAMED[written])).date().isoformat()
    if found := re.fullmatch(_CALENDAR_DAY, written):
        year, month, day_, clock = found.groups()
        return f"{year}-{int(month):02}-{int(day_):02}" + (f" {clock.upper()}" if clock else "")
    if (passed := without_year(written, now, is_ahead=False)) is not None:
        return passed.isoformat()
    if found := re.fullmatch(_CALENDAR_WEEK, written):
        try:
            return date.fromisocalendar(int(found[1]), int(found[2]), 7 if last else 1).isoformat()
        except ValueError:
            return plain
    return plain


def moment(text: str, field: str = "", now: int | None = None) -> int:
    """A day or a time in the board's time zone, as milliseconds since 1970.

    Args:
        text: as :func:`as_iso` takes it, a day being its beginning, or how long ago:
            ``3d``, ``2 hours ago``, ``3天前``.
        field: named by the refusal.
        now: the present, in ms; else that of the machine.

    Raises:
        Refused: if there is no such time.
    """
    written = as_iso(text, now)
    try:
        if (found := re.fullmatch(_AGO, written.casefold())) and found[2] in SPANS:
            here = now_ms() if now is None else now
            at = here - int(found[1]) * SPANS[found[2]]
        else:
            at = zone().ms(datetime.fromisoformat(written))
    except (ValueError, OverflowError, OSError):
        at = -1
    if at < 0:
        raise Refused(
            N_("“{value}” is not a time."),
            N_("Write it as 2026-11-20, 2026-11-20 14:03, yesterday or 3d."),
            field=field,
            value=text,
        )
    return at


def seen(text: str, field: str = "") -> int:
    """When something was seen, as :func:`moment` takes it, but no word for a day to come.

    Raises:
        Refused: if there is no such time. Whether a date has come is for the record to judge.
    """
    if DAYS_NAMED.get(unicodedata.normalize("NFKC", text).strip().casefold(), 0) > 0:
        raise not_seen_yet(field)
    return moment(text, field)


def not_seen_yet(field: str) -> Refused:
    """The refusal of an occurrence whose time is still to come."""
    return Refused(
        N_("An occurrence can't be dated in the future."),
        N_("Give the day on which it was seen."),
        field=field,
    )


def ahead(text: str, now: int, field: str = "") -> int:
    """A moment still to come, as milliseconds since 1970.

    Args:
        text: a day or a time as :func:`moment` takes it, ``tomorrow``, ``next week`` (its
            Monday), ``next month`` (its first day), or how long from now: ``2w``, ``3 days``,
            ``2周后``, or ``friday``, ``下周五``, or ``12月5日``, ``31号``, ``月底`` (the next
            one; today counts). What is counted in days or more ends when that day
            begins.
        now: the present, in ms.
        field: named by the refusal.

    Raises:
        Refused: if there is no such time. Whether it lies ahead is for the record to judge.
    """
    written = unicodedata.normalize("NFKC", text).strip().casefold()
    here = zone().local(now).replace(tzinfo=None)
    today = here.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        if (named := without_year(written, now, is_ahead=True)) is not None:
            then = datetime.combine(named, datetime.min.time())
        elif found := re.fullmatch(_SPAN, written):
            span = SPANS[found[2]]
            begins = today if span >= _DAY else here
            then = begins + int(found[1]) * timedelta(milliseconds=span)
        elif written in DAYS_NAMED:
            then = today + timedelta(days=DAYS_NAMED[written])
        elif (weekday := _weekday(written, today)) is not None:
            then = weekday
        elif written in {"next week", "下周", "下星期"}:
            then = today + timedelta(days=7 - today.weekday())
        elif written in {"next month", "下个月", "下月"}:
            then = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
        else:
            return moment(as_iso(written, now), field)
        return zone().ms(then)
    except (Refused, KeyError, ValueError, OverflowError, OSError):
        raise Refused(
            N_("“{value}” is not a time ahead."),
            N_("Write it as 2w, tomorrow, 2026-12-01 or 2026-12-01 09:00."),
            field=field,
            value=text,
        ) from None


#: The days of a week, Monday first, in every spelling but for what stands before the Chinese ones.
_WEEKDAYS: Final = {
    spelling: place
    for place, spellings in enumerate(
        (
            "monday mon 一",
            "tuesday tue 二",
            "wednesday wed 三",
            "thursday thu 四",
            "friday fri 五",
            "saturday sat 六",
            "sunday sun 日 天",
        )
    )
    for spelling in spellings.split()
}
_WEEKDAY: Final = r"(下个?|本|这)?(?:周|星期|礼拜)([一二三四五六日天])|(next )?([a-z]+)"


def _weekday(written: str, today: datetime) -> datetime | None:
    """The next day of that name: of this week or the next one, if one of them is said."""
    found = re.fullmatch(_WEEKDAY, written)
    place = _WEEKDAYS.get(found[2] or found[4]) if found else None
    if found is None or place is None:
        return None
    if found[1]:
        weeks = 1 if found[1].startswith("下") else 0
        return today + timedelta(days=7 * weeks + place - today.weekday())
    later = (place - today.weekday()) % 7 or 7
    if found[3]:
        return today + timedelta(days=7 + place - today.weekday())
    return today + timedelta(days=later)


def due_day(text: str, now: int, field: str = "") -> str:
    """The day by which something is due, as ISO 8601 writes it.

    Args:
        text: a day or a week, which is its last day, or what :func:`ahead` takes.
        now: the present, in ms.
        field: named by the refusal.

    Raises:
        Refused: if there is no such day.
    """
    try:
        if (named := without_year(text, now, is_ahead=True)) is not None:
            return named.isoformat()
        written = as_iso(text, now, last=True)
        try:
            return date.fromisoformat(written[:10]).isoformat()
        except ValueError:
            return zone().local(ahead(text, now, field)).date().isoformat()
    except Refused:
        raise Refused(
            N_("“{value}” is not a date."),
            N_("Write it as 2026-12-01, tomorrow, friday, 2026-W49 or 2w."),
            field=field,
            value=text,
        ) from None


def as_of(text: str, now: int, field: str = "") -> int:
    """A moment that has passed, as milliseconds since 1970.

    Args:
        text: a day or a week, which is its last moment (today's is now), a time as
            :func:`moment` takes it, ``yesterday``, or how long ago: ``2w``, ``3 days``, ``2周``.
        now: the present, in ms.
        field: named by the refusal.

    Raises:
        Refused: if there is no such time, or it lies ahead.
    """
    written = unicodedata.normalize("NFKC", text).strip().casefold().removesuffix("前")
    written = written.removesuffix(" ago")
    if (found := re.fullmatch(_SPAN, written)) and found[2] in SPANS:
        return max(0, now - int(found[1]) * SPANS[found[2]])
    written, ends_on = as_iso(written, now), as_iso(written, now, last=True)
    at = moment(written, field, now)
    if at > now:
        raise Refused(
            N_("“{value}” lies ahead: nobody knows yet what the board will be like."),
            N_("Name a day or a time that has passed."),
            field=field,
            value=text,
        )
    try:
        ends = zone().begins(date.fromisoformat(ends_on) + timedelta(days=1)) - 1
    except (ValueError, OverflowError):
        return at
    return min(ends, now)


def day(
    text: str,
    field: str = "",
    now: int | None = None,
    *,
    last: bool = False,
) -> str:
    """A day as ISO 8601 writes it, from any way in which :func:`as_iso` takes one.

    Args:
        text: the day; a week is its Monday, or its Sunday if the ``last`` of its days is asked for.
        field: named by the refusal.
        now: the present, in ms; else that of the machine.
        last: see ``text``.

    Raises:
        Refused: if there is no such day.
    """
    try:
        return date.fromisoformat(as_iso(text, now, last=last)).isoformat()
    except ValueError:
        raise Refused(
            N_("“{value}” is not a date."),
            N_("Write it as 2026-11-23."),
            field=field,
            value=text,
        ) from None


def since(text: str, field: str = "") -> FixStart:
    """The version or the day from which a fix holds: a day if it is written as one.

    Raises:
        Refused: if it looks like a day that does not exist.
    """
    written = as_iso(text)
    parts = written.split("-")
    if len(parts) == 3 and len(parts[0]) == 4 and all(part.isdigit() for part in parts):
        return FixStart(day=day(written, field))
    return FixStart(version=text.strip())


def whole_number(text: str, field: str = "") -> int:
    """A whole number.

    Raises:
        Refused: if it is none.
    """
    try:
        return int(text)
    except ValueError:
        raise Refused(N_("“{value}” is not a whole number."), field=field, value=text) from None
