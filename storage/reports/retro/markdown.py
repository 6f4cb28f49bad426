"""A report as Markdown with tables, for GitLab, GitHub and the documents of WeCom.

There is no HTML in it, and nothing of the record can turn into a mention, a link, a heading or
a formula there: what might is written as code, which every one of them shows as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from storage.reports.retro.document import (
    Bar,
    Block,
    BulletList,
    Cell,
    Chart,
    Inline,
    KeyFigures,
    ListItem,
    Paragraph,
    ReportDocument,
    ReportSection,
    Table,
    Trend,
    Typed,
    WebLink,
)
from storage.text.sanitize import sanitize

_BAR: Final = 12
#: A chart becomes a table of so many lines at most.
_LINES: Final = 13
#: What one of these places makes a mention, a reference, a link, a label or a picture of.
_LIVE: Final = re.compile(
    r"(?:(?:https?|ftp|mailto)://?[!-_a-{}~]+|www\.[!-_a-{}~]+"
    r"|[\w./+-]*(?:@\w|[~%]\w|[#!$&^]\d)[\w./@#+-]*"
    r"|:[\w+-]+:)(?<![.,;!?)])",
    re.IGNORECASE,
)
_SIGNS: Final = re.compile(r"[\\`*\[\]<>|~#$]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
#: Before or behind what a backslash keeps the beginning of a line from beginning a list.
_BEGINS: Final = re.compile(r"^(\d+(?=[.)])|(?=[-+=]))")


def markdown(document: ReportDocument) -> str:
    """The report as Markdown; the same document gives the same text."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: ReportDocument) -> Iterator[str]:
    yield f"# {_escaped(document.title)}"
    for line in document.lead:
        yield from ("", _line(line))
    for section in document.sections:
        yield from _section(section)
    yield from ("", "---")
    for line in document.colophon:
        yield from ("", _line(line))


def _section(section: ReportSection) -> Iterator[str]:
    yield from ("", f"## {_escaped(section.heading)}")
    for block in section.blocks:
        yield from ("", *_block(block))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Table():
            yield from _table(
                [column.heading for column in block.columns],
                [column.is_number for column in block.columns],
                ([_cell(cell) for cell in row] for row in block.rows),
            )
        case KeyFigures():
            yield from _table(
                list(block.headings),
                [False, True, True, True],
                (
                    [*map(_escaped, (fact.name, fact.value, fact.before)), _cell(fact.change)]
                    for fact in block.facts
                ),
            )
        case Chart():
            yield from _chart(block)
        case BulletList():
            if block.heading:
                yield from (f"### {_escaped(block.heading)}", "")
            for item in block.items:
                yield from _list_item(item)
        case Paragraph():
            yield _line(block.content)


def _list_item(item: ListItem) -> Iterator[str]:
    yield f"- {_line(item.content)}"
    for more in item.more:
        yield f"  - {_line(more)}"


def _table(
    headings: list[str], numbers: list[bool], rows: Iterable[Iterable[str]]
) -> Iterator[str]:
    yield _row(map(_escaped, headings))
    yield _row("--:" if is_number else "---" for is_number in numbers)
    yield from map(_row, rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _chart(chart: Chart) -> Iterator[str]:
    """The numbers of a chart in a few lines, with a bar for their sum."""
    few = chart.coarser(_LINES)
    rows = list(zip(*(one.values for one in few.series), strict=True))
    most = max(map(sum, rows), default=0)
    is_said = chart.unit.casefold() in chart.title.casefold()
    unit = "" if is_said else f" ({_escaped(chart.unit)})"
    yield from (f"### {_escaped(chart.title)}{unit}", "", _line((chart.summary,)), "")
    yield from _table(
        [chart.step, *(one.name for one in chart.series), ""],
        [False, *(True for _one in chart.series), False],
        (
            [_escaped(step), *map(str, values), _bar(sum(values) / most if most else 0)]
            for step, values in zip(few.steps, rows, strict=True)
        ),
    )


def _line(cell: Cell) -> str:
    """A line that is nothing but what it says."""
    return _BEGINS.sub(r"\1\\", _cell(cell))


def _cell(cell: Cell) -> str:
    return "".join(map(_inline, cell))


def _inline(part: Inline) -> str:
    match part:
        case WebLink():
            return f"[{_escaped(part.words)}](<{_address(part.address)}>)"
        case Typed():
            return _code(part.typed)
        case Bar():
            return _bar(part.part)
        case Trend():
            return _escaped(part.words)
        case str():
            return _escaped(part)


def _address(address: str) -> str:
    """An address as a link holds it: nothing in it can end the link or the cell."""
    return re.sub(r"[<>\\|`]", lambda sign: f"%{ord(sign.group()):02X}", sanitize(address))


def _bar(part: float) -> str:
    """A bar of whole blocks; what is there at all is seen."""
    return "█" * max(1, round(part * _BAR)) if part > 0 else ""


def _escaped(text: str) -> str:
    """Text in a line of Markdown that shows it as it is."""
    pieces: list[str] = []
    at = 0
    text = sanitize(re.sub(r"\s+", " ", text))
    for live in _LIVE.finditer(text):
        pieces += [_SIGNS.sub(r"\\\g<0>", text[at : live.start()]), _code(live.group())]
        at = live.end()
    return "".join((*pieces, _SIGNS.sub(r"\\\g<0>", text[at:])))


def _code(text: str) -> str:
    return f"`{sanitize(text)}`"
