"""A note cut into the problems that it reports.

What stands below a heading of any level is one problem, unless its parts are
problems of their own: the headings below it, bold questions, rows of a table
of dos and don'ts, items of a list of known issues, a postscript.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from storage.imports.notes import scoring
from storage.imports.notes.candidates import Piece, piece
from storage.imports.notes.sections import Block, Outline, Section
from storage.imports.notes.segments import postscripts, side_by_side

_ENOUGH_OF_A_STORY: Final = 2


def problems(note: Outline) -> list[Piece]:
    """The problems that a note reports, in its order."""
    return list(_problems(note, note.root, ()))


def _problems(note: Outline, section: Section, under: tuple[str, ...]) -> Iterator[Piece]:
    if section.level and scoring.is_frame(section.heading):
        for child in section.children:
            yield from _problems(note, child, under)
        return
    whole = _piece(note, section, section.whole, section.end, under)
    if story := _parts_of_a_story(section):
        # Whoever tells what happened and what helped reports a problem.
        told = replace(whole, stated=story >= _ENOUGH_OF_A_STORY)
        yield from _with_postscripts(note, told, section.whole)
        return
    own_end = section.children[0].begin if section.children else section.end
    own = _piece(note, section, section.blocks, own_end, under)
    parts = side_by_side(note, section, own)
    below = [
        found for child in section.children for found in _problems(note, child, whole.under_its_own)
    ]
    yield from parts
    if not parts and not below:
        # The headings say nothing alone; together they may.
        if section.level or not section.children or whole.heading_alone().is_problem:
            yield from _with_postscripts(note, whole, section.whole)
    elif not parts and section.level and _is_more_than_introduction(own):
        yield own
    yield from below


def _is_more_than_introduction(own: Piece) -> bool:
    """Whether what stands above several problems tells of one itself."""
    names_one = not scoring.is_collection(own.heading) and own.heading_alone().is_problem
    return bool(own.text.strip()) and (names_one or own.without_heading().is_problem)


def _parts_of_a_story(section: Section) -> int:
    """How many of the headings below this one tell parts of a single problem's story.

    None, if most of them are problems of their own.
    """
    headings = [child.heading for child in section.children if not scoring.is_frame(child.heading)]
    parts = sum(map(scoring.is_part, headings))
    if not section.heading or 2 * parts < len(headings):
        return 0
    return sum(map(scoring.is_story, headings))


def _with_postscripts(note: Outline, whole: Piece, blocks: Sequence[Block]) -> Iterator[Piece]:
    if whole.is_problem:
        yield whole
        yield from postscripts(note, blocks, whole)


def _piece(
    note: Outline, section: Section, blocks: Sequence[Block], end: int, under: tuple[str, ...]
) -> Piece:
    lines = (section.begin, end)
    return piece(note, section.heading, blocks, lines, body=section.body, under=under)
