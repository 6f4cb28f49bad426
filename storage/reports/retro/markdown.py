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
    Cell,
    Chart,
    Document,
    Entry,
    Facts,
    Link,
    Listed,
    Name,
    Paragraph,
    Piece,
    Section,
    Table,
)
from storage.text.sanitize import harmless

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


def markdown(document: Document) -> str:
    """The report as Markdown; the same document gives the same text."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield f"# {_escaped(document.title)}"
    for said in document.lead:
        yield from ("", _line(said))
    for section in document.sections:
        yield from _section(section)
    yield from ("", "---")
    for said in document.colophon:
        yield from ("", _line(said))


def _section(section: Section) -> Iterator[str]:
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
        case Facts():
            yield from _table(
                list(block.headings),
                [False, True, True, True],
                ([_escaped(value) for value in fact] for fact in block.facts),
            )
        case Chart():
            yield from _chart(block)
        case Listed():
            if block.heading:
                yield from (f"### {_escaped(block.heading)}", "")
            for entry in block.entries:
                yield from _entry(entry)
        case Paragraph():
            yield _line(block.said)


def _entry(entry: Entry) -> Iterator[str]:
    yield f"- {_line(entry.said)}"
    for more in entry.more:
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
    yield from (f"### {_escaped(chart.title)}", "", _line((chart.told,)), "")
    yield from _table(
        [chart.step, *(one.name for one in chart.series), ""],
        [False, *(True for _one in chart.series), False],
        (
            [_escaped(step), *map(str, values), _bar(sum(values) / most if most else 0)]
            for step, values in zip(few.steps, rows, strict=True)
        ),
    )


def _line(pieces: Cell) -> str:
    """A line that is nothing but what it says."""
    return _BEGINS.sub(r"\1\\", _cell(pieces))


def _cell(pieces: Cell) -> str:
    return "".join(map(_piece, pieces))


def _piece(piece: Piece) -> str:
    match piece:
        case Link():
            return f"[{_escaped(piece.words)}](<{_address(piece.address)}>)"
        case Name():
            return _code(piece.typed)
        case Bar():
            return _bar(piece.part)
        case str():
            return _escaped(piece)


def _address(address: str) -> str:
    """An address as a link holds it: nothing in it can end the link or the cell."""
    return re.sub(r"[<>\\|`]", lambda sign: f"%{ord(sign.group()):02X}", harmless(address))


def _bar(part: float) -> str:
    """A bar of whole blocks; what is there at all is seen."""
    return "█" * max(1, round(part * _BAR)) if part > 0 else ""


def _escaped(text: str) -> str:
    """Text in a line of Markdown that shows it as it is."""
    pieces: list[str] = []
    at = 0
    text = harmless(re.sub(r"\s+", " ", text))
    for live in _LIVE.finditer(text):
        pieces += [_SIGNS.sub(r"\\\g<0>", text[at : live.start()]), _code(live.group())]
        at = live.end()
    return "".join((*pieces, _SIGNS.sub(r"\\\g<0>", text[at:])))


def _code(text: str) -> str:
    return f"`{harmless(text)}`"
