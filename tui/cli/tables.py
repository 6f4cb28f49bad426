"""Tables of the list and the inbox, measured in terminal cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from storage.model.fields import NamedTuple, Word
from storage.model.lead import shown_state
from storage.model.row import BUILT_IN, PLAN_FIELDS, Decision, Row, Severity, Status
from storage.query.tree import SortKey
from storage.reports.retro.document import (
    Bar,
    Block,
    Cell,
    Inline,
    KeyFigures,
    Paragraph,
    ReportSection,
    Table,
    TableColumn,
    Trend,
    Typed,
    WebLink,
)
from storage.text.sanitize import sanitize
from storage.text.zones import day_of
from tui.cli.output import styled
from tui.text.cells import cut, fit, width, wrap
from tui.text.i18n import _, read
from tui.text.vocabulary import FROM_CATALOGUE, OVERDUE, age, age_heading, ago, state_words, word

_GAP: Final = "  "
_STATE_COLOURS: Final[dict[Word, str]] = {
    Status.OPEN: "red",
    Status.WORKAROUND: "yellow",
    Status.FIXED_UPSTREAM: "green",
}
#: A title shorter than this makes room for itself at the cost of other columns.
_TITLE: Final = 40
_LONGEST_COMPONENT: Final = 28
_LONGEST_NAME: Final = 16


class _Column(NamedTuple):
    heading: str
    cells: list[str]
    right: bool = False

    @property
    def width(self) -> int:
        return max(map(width, (self.heading, *self.cells)))

    def shown(self, place: int, cells: int) -> str:
        """The cell of a row (the heading is row -1), in so many cells."""
        text = self.heading if place < 0 else self.cells[place]
        if self.right:
            return " " * (cells - width(text)) + text
        return fit(text, cells)


def list_table(
    rows: Sequence[Row], short_id: Callable[[str], str], now: int, cells: int, sort: SortKey
) -> list[str]:
    """The list as a table in at most ``cells`` cells; the title gives way last.

    Args:
        rows: what it lists.
        short_id: gives the name of a pitfall to people.
        now: the present in ms, for the ages.
        cells: the width of the terminal.
        sort: what it is sorted by, which the ages are of.
    """
    what, rest = _what(rows, short_id)
    rest |= _planned(rows, now) | _sources(rows)
    status = {"status": _Column(_("STATUS"), [state_words(row) for row in rows])}
    last = _Column(age_heading(sort), [age(row, sort, now) for row in rows], right=True)
    table = what | status | rest | {"last": last}
    colours = _COLOURS | {"status": lambda row: {"fg": _STATE_COLOURS.get(shown_state(row), "red")}}
    return _drawn(rows, table, colours, cells)


def inbox_table(
    waiting: Sequence[tuple[Row, Decision]], short_id: Callable[[str], str], now: int, cells: int
) -> list[str]:
    """The inbox as a table in at most ``cells`` cells.

    Args:
        waiting: the rows, each with the decision by which it waits.
        short_id, now, cells: as for :func:`list_table`.
    """
    rows = [row for row, _decision in waiting]
    reasons = [decision.inbox_reason for _row, decision in waiting]
    since = [ago(decision.at, now) for _row, decision in waiting]
    what, rest = _what(rows, short_id)
    why = {"why": _Column(_("WHY"), [word(one) if one else "" for one in reasons])}
    table = what | why | rest | {"last": _Column(_("WAITS"), since, right=True)}
    return _drawn(rows, table, _COLOURS, cells)


_Table = dict[str, _Column]
_Colours = dict[str, Callable[[Row], Mapping[str, Any]]]
_COLOURS: Final[_Colours] = {
    "id": lambda row: {"fg": "cyan"},
    "severity": lambda row: {"bold": True} if row.severity is Severity.S1 else {},
}


def _what(rows: Sequence[Row], short_id: Callable[[str], str]) -> tuple[_Table, _Table]:
    """The columns that say what the rows are: the name first, then the rest."""
    components = [cut(sanitize(read(row.component)), _LONGEST_COMPONENT) for row in rows]
    return {"id": _Column(_("ID"), [short_id(row.id) for row in rows])}, {
        "severity": _Column(_("SEV"), [row.severity.value for row in rows]),
        "title": _Column(_("TITLE"), [_marked_title(row) for row in rows]),
        "component": _Column(_("COMPONENT"), components),
        "count": _Column(_("SEEN"), [str(row.totals.count) for row in rows], right=True),
    }


def _planned(rows: Sequence[Row], now: int) -> _Table:
    """The columns of what was agreed on, where anything was."""
    today = day_of(now)
    marks = [f"{OVERDUE} " * row.plan.is_overdue(row.status, today) for row in rows]
    cells = {
        "assignee": [cut(sanitize(row.plan.assignee), _LONGEST_NAME) for row in rows],
        "due": [mark + sanitize(row.plan.due) for mark, row in zip(marks, rows, strict=True)],
    }
    headings = {field.name: field.heading for field in PLAN_FIELDS}
    return {name: _Column(_(headings[name]), held) for name, held in cells.items() if any(held)}


def _sources(rows: Sequence[Row]) -> _Table:
    """The column of the catalogues that rows come from, where one is of others."""
    if all(row.source in ("", BUILT_IN) for row in rows):
        return {}
    names = [cut(sanitize(row.source), _LONGEST_NAME) for row in rows]
    return {"source": _Column(_("CATALOGUE"), names)}


def _marked_title(row: Row) -> str:
    mark = "" if row.source in ("", BUILT_IN) else f"{FROM_CATALOGUE} "
    return mark + sanitize(read(row.title))


def _drawn(rows: Sequence[Row], table: _Table, colours: _Colours, cells: int) -> list[str]:
    """The heading and a line for each row."""
    widths = _widths(table, cells)
    lines = [styled(_line(table, widths, -1), bold=True)]
    for place, row in enumerate(rows):
        shown = {name: table[name].shown(place, widths[name]) for name in widths}
        for name in colours.keys() & shown.keys():
            shown[name] = styled(shown[name], **colours[name](row))
        lines.append(_GAP.join(shown.values()).rstrip())
    return lines


def _widths(table: Mapping[str, _Column], cells: int) -> dict[str, int]:
    """The columns that there is room for, and their widths."""
    widths = {name: column.width for name, column in table.items()}
    title = widths["title"]
    for name in ("component", "source", "assignee", "due", "count", "last", ""):
        if name and name not in widths:
            continue
        widths["title"] = 0
        room = cells - sum(widths.values()) - len(_GAP) * (len(widths) - 1)
        widths["title"] = max(8, min(title, room))
        if widths["title"] >= min(title, _TITLE) or not name:
            break
        del widths[name]
    return widths


def _line(table: Mapping[str, _Column], widths: Mapping[str, int], place: int) -> str:
    return _GAP.join(table[name].shown(place, cells) for name, cells in widths.items()).rstrip()


# Renders a retro report for a terminal, its tables measured in cells


_BAR: Final = 12
#: A column of text that has less room says too little.
_LEAST: Final = 24


def section_lines(section: ReportSection, cells: int) -> Iterator[str]:
    """A section in lines of at most ``cells`` cells: heading, tables, what explains them."""
    yield styled(cut(sanitize(section.heading), cells), bold=True)
    for block in section.blocks:
        yield from _block(block, cells)


def paragraph_lines(cell: Cell, cells: int) -> Iterator[str]:
    """A paragraph in lines of at most ``cells`` cells."""
    return wrap(_text(cell), cells)


def _block(block: Block, cells: int) -> Iterator[str]:
    match block:
        case Table():
            yield from _table(block.columns, [list(map(_text, row)) for row in block.rows], cells)
        case KeyFigures():
            columns = [TableColumn(name, place > 0) for place, name in enumerate(block.headings)]
            rows = [
                [*map(sanitize, (one.name, one.value, one.before)), _text(one.change)]
                for one in block.facts
            ]
            yield from _table(columns, rows, cells)
        case Paragraph():
            yield from (styled(line, dim=True) for line in paragraph_lines(block.content, cells))
        case _:
            return


def _table(columns: Sequence[TableColumn], rows: list[list[str]], cells: int) -> Iterator[str]:
    widths = _retro_widths(columns, rows, cells)
    headings = [column.heading for column in columns]
    yield styled(_retro_line(columns, headings, widths), dim=True)
    for row in rows:
        yield _retro_line(columns, row, widths)


def _retro_widths(
    columns: Sequence[TableColumn], rows: list[list[str]], cells: int
) -> dict[int, int]:
    """The columns that there is room for, and how wide each is.

    Long texts give way first, the widest before others; then columns do, from the last.
    """
    widths = {
        place: max(map(width, (column.heading, *(row[place] for row in rows))))
        for place, column in enumerate(columns)
    }
    while True:
        room = cells - len(_GAP) * (len(widths) - 1)
        fitting = dict(widths)
        while (over := sum(fitting.values()) - room) > 0:
            widest = max(fitting, key=lambda place: fitting[place])
            if columns[widest].is_number or fitting[widest] <= _LEAST:
                break
            fitting[widest] -= min(over, fitting[widest] - _LEAST)
        if over <= 0:
            return fitting
        if len(widths) == 1:
            return {0: max(1, cells)}
        widths.popitem()


def _retro_line(columns: Sequence[TableColumn], row: Sequence[str], widths: dict[int, int]) -> str:
    shown: Iterable[str] = (
        " " * (wide - width(row[place])) + row[place]
        if columns[place].is_number
        else fit(row[place], wide)
        for place, wide in widths.items()
    )
    return _GAP.join(shown).rstrip()


def _text(pieces: Cell) -> str:
    return "".join(map(_piece, pieces)).rstrip()


def _piece(piece: Inline) -> str:
    match piece:
        case WebLink():
            # An address has no room in a line; “pitboard show” has them all.
            return ""
        case Typed():
            return sanitize(piece.typed)
        case Trend():
            return sanitize(piece.words)
        case Bar():
            return "█" * max(1, round(piece.part * _BAR)) if piece.part > 0 else ""
        case str():
            return sanitize(piece)
