"""The values after a key's colon, parsed for comparison with its field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Final

from storage.errors import N_, Refused, Spelled
from storage.model.environment import version_as_written, version_key
from storage.model.fields import NamedTuple, Word
from storage.model.row import ME, NONE, PLAN_NAMES, Severity, Status
from storage.query.keys import Key, Reads, key_of
from storage.query.tree import Between, Bound, Mistake, Value, nearest
from storage.text.dates import DAYS_NAMED, SPANS, as_iso, due_day, now_ms, without_year
from storage.text.search_text import folded
from storage.text.zones import day_of, zone

#: A time that never came: the pitfall was never seen, or first seen.
NEVER: Final = "never"
_NEVER_SPELLED: Final = {NEVER, "none", "从未", "未出现"}

#: A day that has passed of a pitfall that is not fixed.
OVERDUE: Final = "overdue"
_OVERDUE_SPELLED: Final = {OVERDUE, "late", "逾期", "已逾期", "过期"}

_LONGEST: Final = 200
#: Four numbers before 年 are a year.
_AGE: Final = r"(?!\d{4}年)(\d{1,5})([^\W\d]+)"
_DATE: Final = (
    r"(\d{4})(?:[-/年](?:(\d{1,2})(?:[-/月](?:(\d{1,2})日?(?:T(\d{1,2}):(\d{2}))?)?)?)?)?"
)
_WEEK: Final = r"(?i)\d{4}-?w(?:0?[1-9]|[1-4]\d|5[0-3])"
_COMPARED: Final = r"(<=|>=|=<|=>|≤|≥|<|>|=)?(.*)"


class _Span(NamedTuple):
    """What one date, age, number, version or word covers, from its first to its last."""

    low: Bound
    high: Bound


class _Unreadable(Exception):
    """A value is none of its key's."""


def values_of(key: Key, typed: str) -> tuple[Value, ...]:
    """The values that ``typed``, one piece between commas, stands for.

    Raises:
        Mistake: if it is none of the key's; it names no place yet.
    """
    typed = typed.strip()
    text = unicodedata.normalize("NFKC", typed)
    if len(typed) > _LONGEST:
        shown = typed[:20] + "…"
        raise Mistake(N_("{field}: “{value}” is too long."), field=key.spelled, value=shown)
    try:
        match key.reads:
            case Reads.TEXT:
                name = _planned(typed, text) if key.name in PLAN_NAMES else typed
                return (name.replace("＊", "*"),)
            case Reads.PREFIX:
                return (text.casefold(),)
            case Reads.TIME:
                never = text.casefold() in _NEVER_SPELLED
                return (NEVER if never else _compared(text, _time),)
            case Reads.DAY:
                if text.casefold() in _OVERDUE_SPELLED:
                    return (OVERDUE,)
                if text.casefold() in {*NONE, NEVER}:
                    return ("",)
                # Within a week is what is due by then.
                ahead = isinstance(_span_ahead(text), int)
                return (_compared(f"<={text}" if ahead else text, _day),)
            case Reads.NUMBER:
                return (_compared(text, _number),)
            case Reads.VERSION:
                return (_compared(text, _version),)
            case Reads.WORD:
                return _words(key, text)
    except _Unreadable:
        raise _mistake(key, typed) from None


def _planned(typed: str, text: str) -> str:
    """A name or a ticket; empty for none, and the person who asks as the same word everywhere."""
    if text.casefold() in NONE:
        return ""
    return ME[0] if text.casefold() in ME else typed


def _words(key: Key, typed: str) -> tuple[Value, ...]:
    if word := word_of(key, typed):
        return (word,)
    if key.name != "severity":
        raise _Unreadable

    def severity(text: str) -> _Span:
        word = word_of(key, text)
        if word is None:
            raise _Unreadable
        return _Span(Bound(word), Bound(word))

    range_ = _compared(typed, severity)
    return tuple(one.value for one in Severity if range_.holds(one.value))


def _compared(text: str, read: Callable[[str], _Span]) -> Between:
    """``>x``, ``<=x``, ``x..y``, ``x..`` or ``x`` as a range."""
    if ".." in text:
        first, last = (one.strip(".") for one in text.split("..", 1))
        if not first and not last:
            raise _Unreadable
        low, high = (read(one) if one else None for one in (first, last))
        if low and high and _is_later(low.low, high.low):
            low, high = high, low
        return Between(low.low if low else None, high.high if high else None)
    found = re.fullmatch(_COMPARED, text, re.DOTALL)
    assert found is not None
    sign, span = found[1] or "", read(found[2].strip())
    if span.low.ago:
        # An age grows backwards: older than two weeks is before then.
        sign = sign.translate(str.maketrans("<>≤≥", "><≥≤")) or ">="
    match sign:
        case ">":
            return Between(low=_beyond(span.high))
        case ">=" | "=>" | "≥":
            return Between(low=span.low)
        case "<":
            return Between(high=_beyond(span.low))
        case "<=" | "=<" | "≤":
            return Between(high=span.high)
        case _:
            return Between(*span)


def _beyond(bound: Bound) -> Bound:
    """What begins where ``bound`` ends."""
    return bound._replace(inclusive=not bound.inclusive)


def _is_later(one: Bound, other: Bound) -> bool:
    if one.ago != other.ago or type(one.value) is not type(other.value):
        return False
    return _comparable(one, other) > 0 if not one.ago else _comparable(one, other) < 0


def _comparable(one: Bound, other: Bound) -> int:
    if isinstance(one.value, int) and isinstance(other.value, int):
        return one.value - other.value
    return (str(one.value) > str(other.value)) - (str(one.value) < str(other.value))


# One end


def _number(text: str) -> _Span:
    if not re.fullmatch(r"\d{1,15}", text):
        raise _Unreadable
    return _Span(Bound(int(text)), Bound(int(text)))


def _version(text: str) -> _Span:
    text = version_as_written(text)
    begins = re.fullmatch(r"[vV]?((?:\d+\.)*)(\d+)\.[*xX]", text)
    if begins:
        # 2.14.* is whatever lies from 2.14 to before 2.15.
        next_one = f"{begins[1]}{int(begins[2][:_LONGEST]) + 1}"
        return _Span(Bound(_key(text[:-2])), Bound(_key(next_one), inclusive=False))
    key = _key(text)
    return _Span(Bound(key), Bound(key))


def _key(text: str) -> str:
    key = version_key(text)
    if key is None:
        raise _Unreadable
    return key


def _time(text: str) -> _Span:
    age = re.fullmatch(_AGE, text)
    if age and (unit := SPANS.get(age[2].casefold())):
        then = Bound(int(age[1]) * unit, ago=True)
        return _Span(then, then)
    if text.casefold() in DAYS_NAMED or re.fullmatch(_WEEK, text):
        first = datetime.fromisoformat(as_iso(text))
        days = 1 if text.casefold() in DAYS_NAMED else 7
        last = first + timedelta(days=days)
        return _Span(Bound(_ms(first)), Bound(_ms(last), inclusive=False))
    date = re.fullmatch(_DATE, text) or re.fullmatch(_DATE, as_iso(text))
    if date is None:
        raise _Unreadable
    year, month, day, hour, minute = (int(part) if part else None for part in date.groups())
    try:
        begins = datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0)
        if minute is not None:
            ends = begins + timedelta(minutes=1)
        elif day is not None:
            ends = begins + timedelta(days=1)
        elif month is not None:
            ends = (begins + timedelta(days=31)).replace(day=1)
        else:
            ends = begins.replace(year=begins.year + 1)
        return _Span(Bound(_ms(begins)), Bound(_ms(ends), inclusive=False))
    except (ValueError, OverflowError, OSError):
        raise _Unreadable from None


def _day(text: str) -> _Span:
    """Days as ISO 8601 writes them, or how far ahead (ms) of now a day lies."""
    if (ahead := _span_ahead(text)) is not None:
        return _Span(Bound(ahead), Bound(ahead))
    if (named := without_year(text, is_ahead=True)) is not None:
        return _Span(Bound(named.isoformat()), Bound(named.isoformat()))
    try:
        first, last = _time(text)
        return _Span(Bound(day_of(int(first.value))), Bound(day_of(int(last.value) - 1)))
    except _Unreadable:
        try:
            day = due_day(text, now_ms())
        except Refused:
            raise _Unreadable from None
        return _Span(Bound(day), Bound(day))


def _span_ahead(text: str) -> int | None:
    """How far ahead ``2w`` or ``3天后`` lies, in ms; None if it is no such span."""
    age = re.fullmatch(_AGE, text.removesuffix("后"))
    unit = age and SPANS.get(age[2].casefold())
    return int(age[1]) * unit if age and unit else None


def _ms(local: datetime) -> int:
    """A time in the board's time zone, as milliseconds since 1970."""
    return zone().ms(local)


# What is wrong


#: What is said of a value that can't be read, by how its key is read: of all but a few words.
_MISTAKES: Final = {
    Reads.DAY: (
        N_("{field}: “{value}” is no day."),
        N_("Write it as overdue, none, <1w, 2026-12-01, or 2026-12-01..2026-12-31."),
    ),
    Reads.TIME: (
        N_("{field}: “{value}” is neither a date nor an age."),
        N_("Write it as 2026-10-01, >2w, or 2026-10-01..2026-11-01."),
    ),
    Reads.NUMBER: (
        N_("{field}: “{value}” is not a whole number."),
        N_("Write it as 5, >=5, or 5..10."),
    ),
    Reads.VERSION: (
        N_("{field}: “{value}” is not a version."),
        N_("Write it as 2.14.1, <2.14.1, 2.14.*, or 2.10..2.14."),
    ),
}


def _mistake(key: Key, typed: str) -> Mistake:
    if key.reads in _MISTAKES:
        return Mistake(*_MISTAKES[key.reads], field=key.spelled, value=typed)
    near = nearest(folded(typed).lstrip("<>="), map(str.casefold, words_spelled(key)))
    meant = [word for word in key.words if near in map(str.casefold, (word.en, *word.spellings))]
    # As they can be typed.
    english = ", ".join(word.en for word in key.words)
    chinese = "、".join(word.zh for word in key.words)
    return Mistake(
        N_("{field}: “{value}” is none of {expected}."),
        # In the language of the words beside it; who types Chinese reads it.
        suggestion=Spelled(near, meant[0].en if folded(typed).isascii() else near, meant[0].zh)
        if near
        else "",
        field=key.spelled,
        value=typed,
        expected=Spelled(english, english, chinese),
    )


def parse_status(text: str) -> Status:
    """The status that a person means: ``fixed`` will do for ``fixed upstream``.

    Raises:
        Refused: if it is none.
    """
    key = key_of("status")
    assert key is not None
    [status] = values_of(key, text)
    return Status(str(status))


def of_the_catalogue(values: Iterable[Value], words: type[Word]) -> Iterator[str]:
    """The words of the catalogue that are spelled in Chinese, as the record holds them."""
    for value in map(str, values):
        if not value.isascii():
            yield from (one.value for one in words if fnmatchcase(one.zh, value))


def word_of(key: Key, spelling: str) -> str | None:
    """The value that a person means, as the record spells it; None if the key has none such."""
    typed = spelling.casefold()
    for word in key.words:
        if any(typed == one.casefold() for one in word.spellings):
            return word.value
    return None


def words_spelled(key: Key) -> Iterable[str]:
    """Every way to spell a value of a key, what is offered first before the rest."""
    yield from (word.en for word in key.words)
    yield from (one for word in key.words for one in word.spellings if one != word.en)
