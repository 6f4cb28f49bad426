"""The document model of a report: title, sections, tables, figures, lists and charts.

Text is as the record has it; each renderer sanitises what it writes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple


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
