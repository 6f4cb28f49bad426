"""Days in words, and the time of day, in the reader's language and time zone."""

from __future__ import annotations

from datetime import date
from typing import Final

from tui.text.i18n import NP_, _, pgettext
from tui.text.vocabulary import day, moment

_WEEKDAYS: Final = (
    NP_("Weekday", "Mon"),
    NP_("Weekday", "Tue"),
    NP_("Weekday", "Wed"),
    NP_("Weekday", "Thu"),
    NP_("Weekday", "Fri"),
    NP_("Weekday", "Sat"),
    NP_("Weekday", "Sun"),
)
_MONTHS: Final = (
    NP_("Month", "Jan"),
    NP_("Month", "Feb"),
    NP_("Month", "Mar"),
    NP_("Month", "Apr"),
    NP_("Month", "May"),
    NP_("Month", "Jun"),
    NP_("Month", "Jul"),
    NP_("Month", "Aug"),
    NP_("Month", "Sep"),
    NP_("Month", "Oct"),
    NP_("Month", "Nov"),
    NP_("Month", "Dec"),
)


def day_in_words(at: int) -> str:
    """The day of a time in ms: ``Mon 23 Nov 2026``."""
    then = date.fromisoformat(day(at))
    return _("{weekday} {day} {month} {year}").format(
        weekday=pgettext("Weekday", _WEEKDAYS[then.weekday()]),
        day=then.day,
        month=pgettext("Month", _MONTHS[then.month - 1]),
        year=then.year,
    )


def time_of_day(at: int) -> str:
    """The time of a time in ms to the minute: ``08:05``."""
    return moment(at).split()[1]
