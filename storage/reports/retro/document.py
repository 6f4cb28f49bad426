"""The document model of a report (title, sections, tables, figures, lists, charts), its Markdown.

Text is as the record has it; each renderer sanitises what it writes. The Markdown is for GitLab,
GitHub and the documents of WeCom. There is no HTML in it, and nothing of the record can turn into
a mention, a link, a heading or a formula there: what might is written as code, which every one of
them shows as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from storage.model.fields import NamedTuple
from storage.text.sanitize import sanitize


class WebLink(NamedTuple):
    """A link with its words."""

    address: str
    words: str


class Typed(NamedTuple):
    """Text to type as it is: a pitfall's short id, a command."""

    typed: str


class Bar(NamedTuple):
    """A bar for a part (0 to 1) of a whole."""

    part: float


class Trend(NamedTuple):
    """Whether a figure went in the good direction, in a mark and a word."""

    better: bool
    words: str


Inline = str | WebLink | Typed | Bar | Trend
#: The content of a cell or a paragraph, in order.
Cell = tuple[Inline, ...]


class TableColumn(NamedTuple):
    """A column of a table: numbers are aligned right, short words are not wrapped."""

    heading: str
    is_number: bool = False
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under headings; the first column names the row."""

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]


class KeyFigure(NamedTuple):
    """A figure of the period beside that of the period before."""

    name: str
    value: str
    before: str
    change: Cell


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The figures that are read first; ``headings`` are those of the four values."""

    headings: tuple[str, str, str, str]
    facts: tuple[KeyFigure, ...]


class Series(NamedTuple):
    """One number for each step; ``key`` selects the colour."""

    key: str
    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers over time, stacked within a step.

    Args:
        title: its heading.
        summary: the same in a sentence, for those who do not see it.
        step: the heading of the steps.
        unit: what is counted.
        steps: the day of each.
        series: the numbers, from the bottom up.
        adds_up: whether steps are summed when they are taken together, as counts of events
            are; otherwise some of the steps are left out.
    """

    title: str
    summary: str
    step: str
    unit: str
    steps: tuple[str, ...]
    series: tuple[Series, ...]
    adds_up: bool

    def coarser(self, most: int) -> Chart:
        """The same chart in at most ``most`` steps.

        Events are summed over stretches of equal length. Of states, some are left out, but
        never the first and the last.
        """
        count = len(self.steps)
        if count <= most:
            return self
        if self.adds_up:
            size = -(-count // most)
            taken = [(begin, begin + size) for begin in range(0, count, size)]
        else:
            kept = [place * (count - 1) // (most - 1) for place in range(most)]
            taken = [(place, place + 1) for place in kept]
        return replace(
            self,
            steps=tuple(self.steps[begin] for begin, _end in taken),
            series=tuple(
                one._replace(values=tuple(sum(one.values[begin:end]) for begin, end in taken))
                for one in self.series
            ),
        )


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or two; an aside explains the block before it."""

    content: Cell
    is_aside: bool = False


class ListItem(NamedTuple):
    """An item of a list, with further lines below."""

    content: Cell
    more: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class BulletList:
    """Items under an optional heading."""

    items: tuple[ListItem, ...]
    heading: str = ""


Block = Table | KeyFigures | Chart | Paragraph | BulletList


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A section; ``key`` names it in links, the same in every language."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """A whole report; ``language`` is a locale name such as ``zh_CN``."""

    title: str
    language: str
    lead: tuple[Cell, ...]
    sections: tuple[ReportSection, ...]
    colophon: tuple[Cell, ...]


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
