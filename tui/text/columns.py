"""The columns of the board's list: which there are, what each says, and how wide each is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from storage.errors import N_
from storage.model.fields import NamedTuple, Word
from storage.model.lead import shown_state
from storage.model.row import BUILT_IN, PLAN_FIELDS, Row, Status
from storage.query.tree import SortKey
from storage.text.sanitize import sanitize
from storage.text.zones import day_of
from tui.text.cells import fit, width
from tui.text.i18n import _, read
from tui.text.vocabulary import (
    FROM_CATALOGUE,
    OVERDUE,
    REGRESSED,
    age_heading,
    age_words,
    compact_count,
    room_for_age,
    state_mark,
    weekly_bars,
    word,
)

#: So many weeks the bars show; a few more make the 90 days that are counted.
WEEKS: Final = 12
WEEKS_COUNTED: Final = 13
#: The narrowest that a title gets before another column gives way.
_TITLE: Final = 24
#: The narrowest that the widest text of a second line gets.
_FILLING: Final = 8
#: The narrowest that another text gets.
_NARROW: Final = 10
#: What stands in a line before its columns: a mark, and the mark of the status.
_HEAD: Final = 2
#: How far the second line is set in.
_INDENT: Final = 6


class ListedRow(NamedTuple):
    """What a line of the list is drawn from.

    Args:
        row: the pitfall.
        weeks: its occurrences by weeks, the oldest first.
        short_id: its name to people.
        sort: what the list is sorted by, which the age is of.
        now: the present in ms.
    """

    row: Row
    weeks: Sequence[int]
    short_id: str
    sort: SortKey
    now: int


class ListColumn(NamedTuple):
    """One column.

    Args:
        name: in the settings.
        label: what a person chooses it by.
        heading: what stands above it.
        cell: what it says of a pitfall.
        sort: the order that a click on its heading asks for, if it has one.
        part: the style of its text.
        least, most: how narrow and how wide it is, in cells.
        is_right: whether it is aligned to the right.
    """

    name: str
    label: str
    heading: str
    cell: Callable[[ListedRow], str]
    sort: SortKey | None = None
    part: str = "muted"
    least: int = 1
    most: int = 30
    is_right: bool = False


def _is_overdue(one: ListedRow) -> bool:
    """Whether it should have been settled before today."""
    # To know the day takes longer than to see that nobody asked for one.
    plan = one.row.plan
    return bool(plan.due) and plan.is_overdue(one.row.status, day_of(one.now))


def _planned(name: str, one: ListedRow) -> str:
    """A field of what was agreed on; what is overdue is marked as that."""
    words = sanitize(str(getattr(one.row.plan, name)))
    return f"{OVERDUE} {words}" if name == "due" and _is_overdue(one) else words


TITLE: Final = "title"
_SEEN: Final = "seen"

COLUMNS: Final = {
    column.name: column
    for column in (
        ListColumn(
            "severity",
            N_("severity"),
            N_("SEV"),
            lambda one: one.row.severity.value,
            SortKey.SEVERITY,
            part="",
        ),
        ListColumn(
            TITLE,
            N_("title"),
            N_("TITLE"),
            lambda one: sanitize(read(one.row.title)),
            SortKey.TITLE,
            part=TITLE,
        ),
        ListColumn(
            "component",
            N_("component"),
            N_("COMPONENT"),
            lambda one: sanitize(read(one.row.component)),
            SortKey.COMPONENT,
        ),
        ListColumn("id", N_("id"), N_("ID"), lambda one: one.short_id, part="mark"),
        ListColumn(
            "status",
            N_("status"),
            N_("STATUS"),
            lambda one: word(shown_state(one.row)),
            SortKey.STATUS,
        ),
        ListColumn("kind", N_("kind"), N_("KIND"), lambda one: word(one.row.kind)),
        ListColumn(
            "recent",
            N_("occurrences in 90 days"),
            N_("90 D"),
            lambda one: compact_count(sum(one.weeks)),
            least=4,
            is_right=True,
        ),
        ListColumn(
            "count",
            N_("occurrences"),
            N_("SEEN"),
            lambda one: compact_count(one.row.totals.count),
            SortKey.COUNT,
            least=4,
            is_right=True,
        ),
        ListColumn(
            "weeks",
            N_("occurrences by weeks"),
            N_("12 WEEKS"),
            lambda one: weekly_bars(one.weeks[-WEEKS:]),
            part="spark",
            least=WEEKS,
            most=WEEKS,
        ),
        ListColumn(
            _SEEN,
            N_("last seen"),
            "",
            lambda one: age_words(one.row, one.sort, one.now),
            SortKey.SEEN,
            is_right=True,
        ),
        *(
            ListColumn(
                field.name,
                field.label,
                field.heading,
                partial(_planned, field.name),
                SortKey.DUE if field.is_day else None,
            )
            for field in PLAN_FIELDS
        ),
        ListColumn(
            "source", N_("catalogue"), N_("CATALOGUE"), lambda one: sanitize(one.row.source)
        ),
    )
}
#: What the list shows as long as nobody chose.
DEFAULT: Final = ("severity", TITLE, "component", "count", "weeks", _SEEN)


def columns_named(names: Iterable[str]) -> tuple[ListColumn, ...]:
    """The columns of some names, each once; unknown names are left out.

    A list without titles would say nothing, so they come first where they are not named.
    """
    known = [name for name in dict.fromkeys(names) if name in COLUMNS]
    if TITLE not in known:
        known.insert(0, TITLE)
    return tuple(COLUMNS[name] for name in known)


def heading(column: ListColumn, sort: SortKey) -> str:
    """What stands above a column of a list that is sorted by something."""
    return age_heading(sort) if column.name == _SEEN else _(column.heading)


# Widths follow what stands in the columns


class PlacedColumn(NamedTuple):
    """A column, and the cells that it takes."""

    column: ListColumn
    cells: int


class ListLayout(NamedTuple):
    """The columns that there is room for.

    Args:
        upper: those of the line with the title.
        lower: those of the second line; none if everything stands in one.
    """

    upper: tuple[PlacedColumn, ...]
    lower: tuple[PlacedColumn, ...] = ()


def _width_of(column: ListColumn, widest: int, sort: SortKey, *, headed: bool) -> int:
    """How many cells a column takes whose widest text takes ``widest``."""
    least = room_for_age(sort) - 1 if column.name == _SEEN else column.least
    if headed:
        # What the list is sorted by has an arrow behind its heading.
        least = max(least, width(heading(column, sort)) + (column.sort is sort))
    return max(least, min(column.most, widest))


def laid_out(
    columns: Sequence[ListColumn],
    widest: Mapping[str, int],
    cells: int,
    sort: SortKey,
    *,
    in_one_line: bool,
) -> ListLayout:
    """The columns as they stand in lines of so many cells.

    In one line the title has the room that the others leave. In two, what comes before the title
    stands before it, and the rest stands below, where the first text has the room that is left.
    Where there is too little room, the last columns are left out.

    Args:
        columns: those that were chosen.
        widest: how many cells the widest text of each takes.
        cells: how long a line is.
        sort: what the list is sorted by.
        in_one_line: whether all stand in one line, with headings above.
    """
    widths = {
        column.name: _width_of(column, widest.get(column.name, 0), sort, headed=in_one_line)
        for column in columns
    }
    at = next(n for n, column in enumerate(columns) if column.name == TITLE)
    if in_one_line or at == len(columns) - 1:
        return ListLayout(_filled(columns, widths, cells - _HEAD - 1, at, _TITLE))
    upper, lower = columns[: at + 1], columns[at + 1 :]
    filling = next((n for n, column in enumerate(lower) if not column.is_right), None)
    if filling is not None and lower[filling].name == "weeks":
        filling = None
    # The second line has no blank before its first column, since it is set in.
    room = cells - _INDENT
    return ListLayout(
        _filled(upper, widths, cells - _HEAD - 1, at, _TITLE),
        _filled(lower, widths, room, filling, _FILLING),
    )


def _filled(
    columns: Sequence[ListColumn],
    widths: dict[str, int],
    room: int,
    filling: int | None,
    least: int,
) -> tuple[PlacedColumn, ...]:
    """Columns with a blank before each, one of which has all the room that the others leave."""
    kept = list(range(len(columns)))
    needs = [widths[column.name] for column in columns]
    filled = 1 + least if filling is not None else 0

    def taken() -> int:
        return sum(1 + needs[n] for n in kept if n != filling)

    # Long texts give way first, then whole columns.
    for n in reversed(kept):
        if columns[n].least < needs[n] and not columns[n].is_right and n != filling:
            needs[n] = max(min(_NARROW, needs[n]), needs[n] - max(0, taken() + filled - room))
    while len(kept) > 1 and taken() + filled > room:
        last = next((n for n in reversed(kept) if n != filling), None)
        if last is None:
            break
        kept.remove(last)
    left = max(1, room - taken() - 1)
    placed = [PlacedColumn(columns[n], left if n == filling else needs[n]) for n in kept]
    return tuple(placed)


def sort_words(key: SortKey) -> str:
    """How a list is sorted, for a reader."""
    return {
        SortKey.RELEVANCE: _("best match first"),
        SortKey.SEEN: _("by last seen"),
        SortKey.FIRST: _("by first seen"),
        SortKey.STATUS: _("by status"),
        SortKey.SEVERITY: _("by severity"),
        SortKey.COMPONENT: _("by component"),
        SortKey.TITLE: _("by title"),
        SortKey.COUNT: _("by occurrences"),
        SortKey.UPDATED: _("by last change"),
        SortKey.REPORTED: _("by day of report"),
        SortKey.WAITING: _("longest waiting first"),
        SortKey.CLAIMED: _("longest claimed first"),
        SortKey.DUE: _("by due date"),
        SortKey.VERIFIED: _("longest unverified first"),
    }[key]


# What a line says, as texts with the names of their styles

#: A part of a line, and the name of its style; nothing is the line's own.
Words = tuple[str, str]

_STATE_PARTS: Final[dict[Word, str]] = {
    Status.OPEN: "open",
    Status.WORKAROUND: "workaround",
    Status.FIXED_UPSTREAM: "fixed",
}


def upper_words(columns: Iterable[PlacedColumn], one: ListedRow) -> Iterator[Words]:
    """The line with the title: the mark of the status, then columns with a blank before each.

    A tick would be wrong for what was seen again since; what is not fixed has a badge for that.
    """
    row = one.row
    state = shown_state(row)
    yield state_mark(row), _STATE_PARTS.get(state, "open")
    for column, cells in columns:
        yield " ", ""
        badges = [(REGRESSED, "open")] if row.regressed and state is row.status else []
        badges += [(OVERDUE, "open")] if _is_overdue(one) else []
        badges += [(FROM_CATALOGUE, "mark")] if row.source not in ("", BUILT_IN) else []
        for badge, part in badges if column.name == TITLE else ():
            yield f"{badge} ", part
            cells -= width(badge) + 1
        yield _cell(column, one, cells), column.part


def lower_words(columns: Iterable[PlacedColumn], one: ListedRow, cells: int) -> list[Words]:
    """The second line of so many cells; columns without a text among them stand to the right."""
    words: list[Words] = []
    for column, room in columns:
        words += [(" ", ""), (_cell(column, one, room), column.part)]
    words = words[1:]
    fills = cells - 1 - sum(width(text) for text, _part in words)
    return [(" " * max(_INDENT, fills), ""), *words]


def _cell(column: ListColumn, one: ListedRow, cells: int) -> str:
    words = fit(column.cell(one), max(0, cells))
    if column.is_right:
        words = words.rstrip()
        words = " " * (cells - width(words)) + words
    return words
