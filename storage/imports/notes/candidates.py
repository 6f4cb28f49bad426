"""A piece of a note: what may tell of one problem, and whether it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from storage.imports.import_item import Link
from storage.imports.notes import scoring
from storage.imports.notes.error_text import error_texts
from storage.imports.notes.sections import Block, Outline, code_in, links_in, plain


@dataclass(frozen=True)
class Piece:
    """A part of a note that may tell of one problem.

    Args:
        heading: its first line in words; empty if nothing stands above it.
        above: the Markdown of that line, where it is no part of ``source``.
        source: its Markdown, complete.
        text: the words of that, with inline code between backticks.
        code: its blocks of code.
        links: what it links to.
        line, end: where it begins, from 0, and the first line after it.
        under: the headings above its own, the nearest last.
        stated: whether the note's own shape says that it is a problem.
    """

    heading: str
    above: str
    source: str
    text: str
    code: tuple[str, ...]
    links: tuple[Link, ...]
    line: int
    end: int
    under: tuple[str, ...] = ()
    stated: bool = False

    @cached_property
    def errors(self) -> tuple[str, ...]:
        """The error texts that it quotes."""
        return error_texts(self.heading, self.text, code=self.code)

    @property
    def under_its_own(self) -> tuple[str, ...]:
        """The headings above what stands below this one's."""
        return (*self.under, self.heading) if self.heading else self.under

    @property
    def points(self) -> int:
        """How much speaks for its reporting a problem."""
        in_heading = len(error_texts(self.heading))
        in_text = len(error_texts(self.text, code=self.code))
        announced = any(map(scoring.announces, self.under))
        return scoring.points(self.heading, self.text, in_heading, in_text, announced=announced)

    @property
    def is_problem(self) -> bool:
        """Whether it reports a problem."""
        return self.stated or self.points >= scoring.ENOUGH

    def without_heading(self) -> Piece:
        """What stands below the heading, to be judged alone."""
        return replace(self, heading="")

    def heading_alone(self) -> Piece:
        """The heading, to be judged alone."""
        return replace(self, text="", code=())


def piece(
    note: Outline,
    heading: str,
    blocks: Sequence[Block],
    lines: tuple[int, int],
    *,
    body: int,
    under: tuple[str, ...] = (),
) -> Piece:
    """A piece made of whole blocks.

    Args:
        note: what it is a part of.
        heading: its first line in words.
        blocks: what stands below that.
        lines: the first of its lines, and the first after it.
        body: the first line below its heading.
        under: the headings above its own, the nearest last.
    """
    begin, end = lines
    return Piece(
        heading=heading,
        above=note.source(begin, body),
        source=note.source(body, end),
        text="\n".join(plain(block.node, code=True) for block in blocks),
        code=tuple(code for block in blocks for code in code_in(block.node)),
        links=tuple(links_in(blocks)),
        line=begin,
        end=end,
        under=under,
    )
