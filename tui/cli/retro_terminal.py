"""Renders a retro report for a terminal, its tables measured in cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

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
    Typed,
    WebLink,
)
from storage.text.sanitize import harmless
from tui.cli.output import styled
from tui.text.cells import cut, fit, width, wrap

_GAP: Final = "  "
_BAR: Final = 12
#: A column of text that has less room says too little.
_LEAST: Final = 24


def section_lines(section: ReportSection, cells: int) -> Iterator[str]:
    """A section in lines of at most ``cells`` cells: heading, tables, what explains them."""
    yield styled(cut(harmless(section.heading), cells), bold=True)
    for block in section.blocks:
        yield from _block(block, cells)


def paragraph_lines(said: Cell, cells: int) -> Iterator[str]:
    """A paragraph in lines of at most ``cells`` cells."""
    return wrap(_text(said), cells)


def _block(block: Block, cells: int) -> Iterator[str]:
    match block:
        case Table():
            yield from _table(block.columns, [list(map(_text, row)) for row in block.rows], cells)
        case KeyFigures():
            columns = [TableColumn(name, place > 0) for place, name in enumerate(block.headings)]
            yield from _table(columns, [list(map(harmless, one)) for one in block.facts], cells)
        case Paragraph():
            yield from (styled(line, dim=True) for line in paragraph_lines(block.content, cells))
        case _:
            return


def _table(columns: Sequence[TableColumn], rows: list[list[str]], cells: int) -> Iterator[str]:
    widths = _widths(columns, rows, cells)
    headings = [column.heading for column in columns]
    yield styled(_line(columns, headings, widths), dim=True)
    for row in rows:
        yield _line(columns, row, widths)


def _widths(columns: Sequence[TableColumn], rows: list[list[str]], cells: int) -> dict[int, int]:
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


def _line(columns: Sequence[TableColumn], row: Sequence[str], widths: dict[int, int]) -> str:
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
            return harmless(piece.typed)
        case Bar():
            return "█" * max(1, round(piece.part * _BAR)) if piece.part > 0 else ""
        case str():
            return harmless(piece)
