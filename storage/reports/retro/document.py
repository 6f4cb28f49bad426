"""A report as a document: what stands in it, in which order; how it looks is for its writers.

All text is as the record has it, and made harmless by whoever writes it out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple


class Link(NamedTuple):
    """Words that lead to a web address."""

    address: str
    words: str


class Name(NamedTuple):
    """What is typed to name something: a pitfall's short id, a verb."""

    typed: str


class Bar(NamedTuple):
    """A part of a whole (0 to 1), drawn beside the number that it is of."""

    part: float


Piece = str | Link | Name | Bar
#: What stands in a cell or a paragraph, one after the other.
Cell = tuple[Piece, ...]


class Column(NamedTuple):
    """A column of a table; numbers stand to the right, and a word or two are not broken."""

    heading: str
    is_number: bool = False
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under headings; the first column says what a row is about."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Fact(NamedTuple):
    """A figure of the period beside that of the period before."""

    name: str
    value: str
    before: str
    change: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The figures that are read first; ``headings`` are those of what a fact holds."""

    headings: tuple[str, str, str, str]
    facts: tuple[Fact, ...]


class Series(NamedTuple):
    """Numbers of one sort, one for each step; ``key`` gives it its colour."""

    key: str
    name: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers over time, those of one step upon each other.

    Args:
        title: what it shows.
        told: the same in a sentence, for those who do not see it.
        step: what a step is.
        steps: the day of each.
        series: the numbers, from the bottom up.
        adds_up: whether several steps taken together come to the sum of their numbers, as
            what happened in them does; of what is there at a moment the last one stands.
    """

    title: str
    told: str
    step: str
    steps: tuple[str, ...]
    series: tuple[Series, ...]
    adds_up: bool

    def coarser(self, most: int) -> Chart:
        """The same in at most so many steps: stretches as long as each other of what adds up.

        Of what is there at a moment some moments are left, among them the first and the last.
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
    """A sentence or two; an aside explains what stands beside it."""

    said: Cell
    is_aside: bool = False


class Entry(NamedTuple):
    """One of a list, and what is said of it in lines of their own below."""

    said: Cell
    more: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """Entries one below the other, under a heading of their own if there is one."""

    entries: tuple[Entry, ...]
    heading: str = ""


Block = Table | Facts | Chart | Paragraph | Listed


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report; ``key`` names it in links, the same in every language."""

    key: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report; ``language`` is a locale name such as ``zh_CN``."""

    title: str
    language: str
    lead: tuple[Cell, ...]
    sections: tuple[Section, ...]
    colophon: tuple[Cell, ...]
