"""The age that a list shows of each pitfall: of what the list is sorted by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from storage.errors import N_, NP_
from storage.model.clock import ClockKind, Moment
from storage.model.records import Row
from storage.query.tree import SortKey
from storage.text.sanitize import sanitize
from tui.text.cells import width
from tui.text.i18n import _, pgettext
from tui.text.vocabulary import ago, day, moment
from tui.text.vocabulary import moment as written

if TYPE_CHECKING:
    from storage.as_of.board import BoardDiff

#: An age, with a blank before it.
_ROOM: Final = 7
_ROOM_FOR_A_DAY: Final = 11


class _Age(NamedTuple):
    """One sort of age.

    Args:
        since: the time (ms) that it is counted from.
        words: what a line says of it, with ``{age}``; the day when it was seen needs no word.
        heading: what a table calls it.
    """

    since: Callable[[Row], int | None]
    words: str
    heading: str


_SEEN: Final = _Age(lambda row: row.totals.last_seen, "{age}", N_("LAST"))
_AGES: Final = {
    SortKey.CLAIMED: _Age(lambda row: row.fix_at, N_("claimed {age}"), N_("CLAIMED")),
    SortKey.VERIFIED: _Age(lambda row: row.workaround_at, N_("workaround {age}"), N_("WORKAROUND")),
}


def age(row: Row, sort: SortKey, now: int) -> str:
    """How long ago it was seen, its fix was claimed, or its workaround was verified; or its day.

    Args:
        row: the pitfall.
        sort: what the list is sorted by.
        now: the present in ms.
    """
    if sort is SortKey.DUE:
        return sanitize(row.plan.due) or "–"
    return ago(_AGES.get(sort, _SEEN).since(row), now)


def age_words(row: Row, sort: SortKey, now: int) -> str:
    """The age with a word for what it is, where no heading says it; the arguments are as above."""
    return _(_AGES.get(sort, _SEEN).words).format(age=age(row, sort, now))


def room_for_age(sort: SortKey) -> int:
    """How many cells such an age takes, with a blank before it."""
    if sort is SortKey.DUE:
        return _ROOM_FOR_A_DAY
    return _ROOM + width(_(_AGES.get(sort, _SEEN).words).format(age=""))


def age_heading(sort: SortKey) -> str:
    """What a table calls the column of ages."""
    return _("DUE") if sort is SortKey.DUE else _(_AGES.get(sort, _SEEN).heading)


# Days in words, and the time of day, in the reader's language and the board's time zone


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


# Words for the board of a date, and for the difference between two dates


#: The parts by their names in data, and their headings; the most pressing first.
_PARTS: Final = (
    ("regressed", N_("Regressed")),
    ("new", N_("New")),
    ("status", N_("Another status")),
    ("quiet", N_("Gone quiet")),
    ("gone", N_("Left the board")),
)


class DiffRow(NamedTuple):
    """A pitfall that something became of; it had no ``before`` if it is new.

    ``after`` is what it is, or was at last if it has left the board.
    """

    before: Row | None
    after: Row


class DiffSection(NamedTuple):
    """One thing that pitfalls became: its name in data, its heading (untranslated), and those."""

    name: str
    heading: str
    pitfalls: tuple[DiffRow, ...]


def diff_sections(found: BoardDiff) -> Iterator[DiffSection]:
    """What became of a board, part by part; without those that are empty."""
    held = {
        "new": tuple(DiffRow(None, row) for row in found.new),
        "gone": tuple(DiffRow(row, row) for row in found.gone),
        "status": tuple(DiffRow(*one) for one in found.restated),
        "regressed": tuple(DiffRow(*one) for one in found.regressed),
        "quiet": tuple(DiffRow(*one) for one in found.quiet),
    }
    for name, heading in _PARTS:
        if held[name]:
            yield DiffSection(name, heading, held[name])


def banner(moment: Moment) -> str:
    """Which board is shown, and how to come back from it."""
    return _("{board}  Nothing can be changed; t comes back.").format(board=moment_words(moment))


def moment_words(moment: Moment) -> str:
    """Which board is shown."""
    time = written(moment.at)
    if moment.clock is ClockKind.KNOWN:
        return _("The board as this machine knew it at {time}.").format(time=time)
    return _("The board as it was at {time}.").format(time=time)
