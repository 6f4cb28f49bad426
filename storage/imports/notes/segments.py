"""Splitting a section into problems: questions, table rows, list items, postscripts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from markdown_it.tree import SyntaxTreeNode

from storage.imports.notes import scoring
from storage.imports.notes.candidates import ProblemCandidate, piece
from storage.imports.notes.outline import (
    Outline,
    OutlineBlock,
    OutlineSection,
    code_in,
    links_in,
    plain,
    rows_with_problems,
)

#: A line that is longer is a sentence, and not what one writes above some text.
LONGEST_HEADING: Final = 80
_COUNT: Final = r"[\d一二三四五六七八九十]"
#: ``Q1:``, ``问：``, ``坑 2、``: a question or a problem follows.
_QUESTION: Final = re.compile(
    rf"(?:q|问|问题|坑|bug|issue|problem|pitfall|gotcha|question)\s*#?{_COUNT}*\s*[:：.、)）]\s*",
    re.I,
)
#: ``一、`` and ``（二）``: a heading that was not marked as one.
_NUMBERED: Final = re.compile(
    r"(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）])\s*\S"
)
_BREAKS: Final = frozenset({"softbreak", "hardbreak"})
_MARKER: Final = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(?:\[[ xX~-]\]\s+)?")
_TASK: Final = re.compile(r"\[[ xX~-]\]\s+")
_POSTSCRIPT: Final = re.compile(r"(?:p\.?\s?s\.?|又及|另外|n\.?b\.?)\s*\d*\s*[:：.，,]\s*", re.I)
#: So few characters beside a link say nothing of their own.
_BESIDE_A_LINK: Final = 8
#: Words in bold that are fewer letters stress something, and stand for nothing.
_SHORTEST_LEAD: Final = 5
_SHORTEST_POSTSCRIPT: Final = 12
#: What is added to a problem needs fewer signs to be one as well.
_ENOUGH_BELOW_ANOTHER: Final = scoring.ENOUGH - 1


class _Mark(NamedTuple):
    """A line that stands above what follows, though it is no heading.

    ``words`` are its own, ``rest`` those after it in the same paragraph;
    ``asked`` says that it is put as a question, ``alone`` that nothing else
    stands on its line.
    """

    place: int
    words: str
    rest: str
    asked: bool
    alone: bool


def side_by_side(
    note: Outline, section: OutlineSection, own: ProblemCandidate
) -> list[ProblemCandidate]:
    """The problems that stand below one heading as parts of their own; none, if it is whole.

    Args:
        note: what they are parts of.
        section: the heading, with the blocks right below it.
        own: both as one piece.
    """
    names_one = (
        bool(section.heading)
        and not scoring.is_collection(section.heading)
        and own.heading_alone().is_problem
    )
    return (
        _questions(note, section, own, names_one=names_one)
        or _rows(note, section, own, names_one=names_one)
        or ([] if names_one else _items(note, section, own))
    )


# Questions, and lines in bold or with a number that stand for headings


def _questions(
    note: Outline, section: OutlineSection, own: ProblemCandidate, *, names_one: bool
) -> list[ProblemCandidate]:
    found = (_mark(place, block.node) for place, block in enumerate(section.blocks))
    marks = [mark for mark in found if mark is not None]
    asked = [mark for mark in marks if mark.asked]
    if len(asked) > names_one:
        marks = asked
    elif len(marks) < 2 or names_one:
        return []
    ends = [*(mark.place for mark in marks[1:]), len(section.blocks)]
    pieces = [
        _below(note, own, mark, section.blocks[mark.place : end])
        for mark, end in zip(marks, ends, strict=True)
    ]
    problems = [one for one in pieces if one.is_problem]
    return problems if marks is asked or 2 * len(problems) >= len(pieces) else []


def _mark(place: int, node: SyntaxTreeNode) -> _Mark | None:
    """The line at the beginning of a paragraph, if it stands for a heading."""
    if node.type != "paragraph":
        return None
    parts = [one for one in node.children[0].children if one.type != "text" or one.content]
    if not parts:
        return None
    end = next((n for n, one in enumerate(parts) if one.type in _BREAKS), len(parts))
    line = _words(parts[:end])
    strong = _words(parts[:1]) if parts[0].type == "strong" else ""
    asked = _QUESTION.match(line) is not None or strong.endswith(("?", "？"))
    if strong and _QUESTION.sub("", strong, count=1) and (asked or strong == line):
        words, used = strong, 1
    elif asked or (_NUMBERED.match(line) and len(parts) == end and len(line) <= LONGEST_HEADING):
        words, used = line, end
    else:
        return None
    heading = _QUESTION.sub("", words, count=1)
    if not heading or scoring.is_part(heading) or scoring.is_part(words):
        return None
    rest = "".join(plain(one, code=True) for one in parts[used:]).strip()
    return _Mark(place, heading, rest, asked, alone=words == line)


def _below(
    note: Outline, own: ProblemCandidate, mark: _Mark, blocks: Sequence[OutlineBlock]
) -> ProblemCandidate:
    """A question, with what stands below it."""
    first, *rest = blocks
    body = first.begin + 1 if mark.alone else first.begin
    whole = piece(
        note,
        mark.words,
        rest,
        (first.begin, blocks[-1].end),
        body=body,
        under=own.under_its_own,
    )
    links = tuple(links_in(blocks))
    return replace(whole, text=f"{mark.rest}\n{whole.text}", links=links)


def _words(parts: Sequence[SyntaxTreeNode]) -> str:
    return "".join(plain(one, code=True) for one in parts).strip()


# Tables and lists


def _rows(
    note: Outline, section: OutlineSection, own: ProblemCandidate, *, names_one: bool
) -> list[ProblemCandidate]:
    """The rows of tables that each state a problem, unless a table belongs to a text about one."""
    prose = "".join(one.text for one in section.blocks if one.node.type != "table").strip()
    if names_one and len(prose) > LONGEST_HEADING:
        return []
    return [
        ProblemCandidate(
            heading=row.title,
            above="",
            source=f"{note.source(block.begin, block.begin + 2)}\n"
            + note.source(row.line, row.line + 1),
            text="\n".join(row.cells),
            code=(),
            links=tuple(links_in([OutlineBlock(row.line, row.line + 1, row.node)])),
            line=row.line,
            end=row.line + 1,
            under=own.under_its_own,
            stated=True,
        )
        for block in section.blocks
        if block.node.type == "table"
        for row in rows_with_problems(block.node, with_remedies=names_one)
    ]


def _items(note: Outline, section: OutlineSection, own: ProblemCandidate) -> list[ProblemCandidate]:
    """The items of the list that a section consists of, if most of them report problems."""
    lists = [one for one in section.blocks if one.node.type.endswith("_list")]
    prose = "".join(one.text for one in section.blocks if one not in lists)
    announced = not section.heading or scoring.is_collection(section.heading)
    if not lists or len(prose) > sum(len(one.text) for one in lists):
        return []
    # Below a sentence, what is counted are steps.
    if not announced and prose.strip() and lists[0].node.type == "ordered_list":
        return []
    items = [
        _item(note, own, item)
        for block in lists
        for item in block.node.children
        if item.children and item.map and not _is_link(item)
    ]
    problems = [one for one in items if one.is_problem]
    enough = announced or 2 * len(problems) >= len(items)
    return problems if len(problems) >= 2 and enough else []


def _item(note: Outline, own: ProblemCandidate, item: SyntaxTreeNode) -> ProblemCandidate:
    assert item.map is not None
    begin, end = item.map
    first, *rest = note.source(begin, end).split("\n")
    indent = min((len(one) - len(one.lstrip()) for one in rest if one.strip()), default=0)
    lines = [_MARKER.sub("", first, count=1), *(one[indent:] for one in rest)]
    words = _TASK.sub("", plain(item, code=True).strip(), count=1)
    heading, alone = _head_of_item(item)
    return ProblemCandidate(
        heading=heading,
        above=lines[0],
        source="\n".join(lines[1:] if alone else lines).strip("\n"),
        text=words.removeprefix(heading),
        code=tuple(code_in(item)),
        links=tuple(links_in([OutlineBlock(begin, end, item)])),
        line=begin,
        end=end,
        under=own.under_its_own,
    )


def _is_link(item: SyntaxTreeNode) -> bool:
    """Whether an item only says where something else is said."""
    links = "".join(link.title for link in links_in([OutlineBlock(0, 0, item)]))
    return bool(links) and len(plain(item).strip()) <= len(links) + _BESIDE_A_LINK


def _head_of_item(item: SyntaxTreeNode) -> tuple[str, bool]:
    """What an item says first, in words, and whether that is all that stands on its line."""
    first = item.children[0]
    parts = first.children[0].children if first.type == "paragraph" else []
    end = next((n for n, one in enumerate(parts) if one.type in _BREAKS), len(parts))
    line = _TASK.sub("", _words(parts[:end]), count=1)
    strong = next((one for one in parts if one.type != "text" or _TASK.sub("", one.content)), None)
    lead = _words([strong]) if strong is not None and strong.type == "strong" else ""
    if len(lead) > _SHORTEST_LEAD:
        heading = _QUESTION.sub("", lead.rstrip(":：.。"), count=1)
    elif len(line) > LONGEST_HEADING:
        heading = scoring.sentences(line)[0]
    else:
        heading = line
    return heading, heading == line


# Postscripts


def postscripts(
    note: Outline, blocks: Sequence[OutlineBlock], whole: ProblemCandidate
) -> Iterator[ProblemCandidate]:
    """The paragraphs below a heading that add a problem of their own after ``PS:``."""
    for block in blocks:
        if block.node.type != "paragraph":
            continue
        match = _POSTSCRIPT.match(block.text)
        words = block.text[match.end() :].strip() if match else ""
        if len(words) < _SHORTEST_POSTSCRIPT:
            continue
        alone = piece(
            note, "", [block], (block.begin, block.end), body=block.begin, under=whole.under_its_own
        )
        if alone.points >= _ENOUGH_BELOW_ANOTHER:
            yield replace(alone, heading=scoring.sentences(words)[0])


# A note cut into the problems that it reports


_ENOUGH_OF_A_STORY: Final = 2


def problems(note: Outline) -> list[ProblemCandidate]:
    """The problems that a note reports, in its order."""
    return list(_problems(note, note.root, ()))


def _problems(
    note: Outline, section: OutlineSection, under: tuple[str, ...]
) -> Iterator[ProblemCandidate]:
    if section.level and scoring.is_frame(section.heading):
        for child in section.children:
            yield from _problems(note, child, under)
        return
    whole = _piece(note, section, section.whole, section.end, under)
    if story := _parts_of_a_story(section):
        # Whoever tells what happened and what helped reports a problem.
        words = replace(whole, stated=story >= _ENOUGH_OF_A_STORY)
        yield from _with_postscripts(note, words, section.whole)
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


def _is_more_than_introduction(own: ProblemCandidate) -> bool:
    """Whether what stands above several problems tells of one itself."""
    names_one = not scoring.is_collection(own.heading) and own.heading_alone().is_problem
    return bool(own.text.strip()) and (names_one or own.without_heading().is_problem)


def _parts_of_a_story(section: OutlineSection) -> int:
    """How many of the headings below this one tell parts of a single problem's story.

    None, if most of them are problems of their own.
    """
    headings = [child.heading for child in section.children if not scoring.is_frame(child.heading)]
    parts = sum(map(scoring.is_part, headings))
    if not section.heading or 2 * parts < len(headings):
        return 0
    return sum(map(scoring.is_story, headings))


def _with_postscripts(
    note: Outline, whole: ProblemCandidate, blocks: Sequence[OutlineBlock]
) -> Iterator[ProblemCandidate]:
    if whole.is_problem:
        yield whole
        yield from postscripts(note, blocks, whole)


def _piece(
    note: Outline,
    section: OutlineSection,
    blocks: Sequence[OutlineBlock],
    end: int,
    under: tuple[str, ...],
) -> ProblemCandidate:
    lines = (section.begin, end)
    return piece(note, section.heading, blocks, lines, body=section.body, under=under)
