"""Splitting a note into problems: headings, questions, postscripts, and rows and items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from markdown_it.tree import SyntaxTreeNode

from storage.imports.notes import scoring
from storage.imports.notes.candidates import (
    ProblemCandidate,
    is_labelled,
    is_numbered_problem,
    piece,
)
from storage.imports.notes.items import (
    BREAKS,
    LONGEST_HEADING,
    apart,
    errors_beside,
    is_list_of_links,
    items,
    names_something,
    postscripts,
    words_of,
)
from storage.imports.notes.labels import Label, Role, label_inside, label_of, labelled
from storage.imports.notes.links import bare_links
from storage.imports.notes.outline import (
    Outline,
    OutlineBlock,
    OutlineSection,
    links_in,
    plain,
    plain_words,
)
from storage.imports.notes.tables import problem_tables, rows
from storage.model.fields import NamedTuple

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
#: The labels that name a problem where they stand before it in bold: ``**Error: …**``.
_NAMING: Final = (Role.ERROR, Role.SYMPTOM)


class _Mark(NamedTuple):
    """A line that stands above what follows, though it is no heading.

    ``words`` are its own, ``rest`` those after it in the same paragraph;
    ``asked`` says that it is put as a question, ``alone`` that nothing else
    stands on its line, and ``is_bold`` that it is in bold.
    """

    place: int
    words: str
    rest: str
    asked: bool
    alone: bool
    is_bold: bool = False


def side_by_side(
    note: Outline, section: OutlineSection, own: ProblemCandidate
) -> list[ProblemCandidate]:
    """The problems that stand below one heading as parts of their own; none, if it is whole.

    Args:
        note: what they are parts of.
        section: the heading, with the blocks right below it.
        own: both as one piece.
    """
    if found := _labelled_problems(note, section, own):
        return found
    names_one = (
        bool(section.heading)
        and not scoring.is_collection(section.heading)
        and own.heading_alone().is_problem
    )
    if names_one:
        return _questions(note, section, own, names_one=True)
    return _questions(note, section, own, names_one=False) or _listed(note, section, own)


def _listed(
    note: Outline, section: OutlineSection, own: ProblemCandidate
) -> list[ProblemCandidate]:
    """The rows of tables and the items of lists that list problems below one heading."""
    tables = problem_tables(note, section)
    listed = items(note, section, own, tables)
    found = rows(note, section, own, tables, is_listing=bool(listed))
    if not found and tables:
        listed = items(note, section, own)
    return sorted([*found, *listed], key=lambda one: one.line)


# ``问题：``, ``Bug 2:``: a label that comes again, each time above one more problem


_PROBLEM: Final = re.compile(
    rf"(?:踩坑|问题|坑点?|缺陷|bugs?|issues?|problems?|pitfalls?|gotchas?)(?:描述)?\s*#?{_COUNT}*",
    re.I,
)


def _labelled_problems(
    note: Outline, section: OutlineSection, own: ProblemCandidate
) -> list[ProblemCandidate]:
    """What stands below each of several labels that name a problem, or tell what was seen."""
    lines = labelled("\n".join(note.lines[section.body : section.own_end]))
    labels = [
        (one.place, one.label)
        for one in lines
        if one.label is not None and not one.label.level and not one.is_code
    ]
    starts = [(place, label) for place, label in labels if _PROBLEM.fullmatch(label.words)]
    if not starts:
        # What was seen comes again; in between is told why, or what helps.
        seen = [one for one in labels if one[1].role is Role.SYMPTOM]
        starts = [one for one in seen if one[1].words == seen[0][1].words]
        between = [
            [label for at, label in labels if one <= at < other]
            for (one, _), (other, _) in pairwise(starts)
        ]
        if not all(any(label.role is Role.REMEDY for label in some) for some in between):
            return []
    if len(starts) < 2 or len({label.is_item for _place, label in starts}) > 1:
        return []
    ends = [*(place for place, _label in starts[1:]), section.own_end - section.body]
    return [
        _below_label(note, section, own, label, (section.body + place, section.body + end))
        for (place, label), end in zip(starts, ends, strict=True)
    ]


def _below_label(
    note: Outline,
    section: OutlineSection,
    own: ProblemCandidate,
    label: Label,
    lines: tuple[int, int],
) -> ProblemCandidate:
    begin, end = lines
    source = note.source(begin, end)
    blocks = [one for one in section.blocks if begin <= one.begin < end]
    links = (*links_in(blocks), *bare_links(source))
    held = {one.url: one for one in reversed(links)}
    remedy = label_inside(label.text)
    return ProblemCandidate(
        heading=plain_words(label.text[:remedy] if remedy > 0 else label.text),
        above=note.lines[begin],
        source=source,
        text=plain_words(source),
        links=tuple(held.values()),
        line=begin,
        end=end,
        under=own.under_its_own,
        stated=True,
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
    is_list = scoring.is_collection(section.heading) and not asked
    if problems and is_list and all(one.is_bold for one in marks):
        # A list of problems: once some are, all are.
        return [replace(one, stated=True) for one in pieces]
    if marks is asked and problems:
        # Of questions, those that ask for an explanation are no problems.
        return [one for one in pieces if one.is_problem or not scoring.explains(one.heading)]
    return problems if 2 * len(problems) >= len(pieces) else []


def _mark(place: int, node: SyntaxTreeNode) -> _Mark | None:
    """The line at the beginning of a paragraph, if it stands for a heading."""
    if node.type != "paragraph":
        return None
    parts = [one for one in node.children[0].children if one.type != "text" or one.content]
    if not parts:
        return None
    end = next((n for n, one in enumerate(parts) if one.type in BREAKS), len(parts))
    line = words_of(parts[:end])
    strong = words_of(parts[:1]) if parts[0].type == "strong" else ""
    asked = _QUESTION.match(line) is not None or strong.endswith(("?", "？"))
    if strong and _QUESTION.sub("", strong, count=1) and (asked or strong == line):
        words, used = strong, 1
    elif asked or (_NUMBERED.match(line) and len(parts) == end and len(line) <= LONGEST_HEADING):
        words, used = line, end
    else:
        return None
    heading = _QUESTION.sub("", words, count=1)
    label = label_of(line)
    names_an_error = strong == line and label and label.text and label.role in _NAMING
    if not heading or any(map(scoring.is_part, (heading, words))) or (label and not names_an_error):
        return None
    rest = "".join(plain(one, code=True) for one in parts[used:]).strip()
    return _Mark(place, heading, rest, asked, alone=words == line, is_bold=strong == line)


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


# A note cut into the problems that it reports


_ENOUGH_OF_A_STORY: Final = 2
_INTRODUCING: Final = scoring.any_of(
    "本文 这里 以下 下面 如下 记录 整理 汇总 总结 遇到 碰到 踩过 平时 收集 分享 系列",
    "this_(?:page|note|document|list|post|article|file) here below following"
    " collected we_(?:met|hit)"
    " notes? summary",
)


def problems(note: Outline) -> list[ProblemCandidate]:
    """The problems that a note reports, in its order."""
    return list(_problems(note, note.root, ()))


def _problems(
    note: Outline, section: OutlineSection, under: tuple[str, ...]
) -> Iterator[ProblemCandidate]:
    if section.level and scoring.is_frame(section.heading):
        for child in section.children:
            # In the frame only what is called a problem is one, unless it is the whole note.
            if is_open_frame(section) or is_labelled(child.heading):
                yield from _problems(note, child, under)
        return
    whole = _piece(note, section, section.whole, section.end, under)
    if story := _parts_of_a_story(section):
        # Whoever tells what happened and what helped reports a problem.
        words = replace(whole, stated=story >= _ENOUGH_OF_A_STORY)
        yield from _with_postscripts(note, words, section.whole)
        return
    own = _piece(note, section, section.blocks, section.own_end, under)
    parts = [] if section.children else apart(note, section, own)
    if is_labelled(section.heading) and not parts and not _has_problems_below(section):
        yield from _with_postscripts(note, whole, section.whole)
        return
    parts = parts or side_by_side(note, section, own)
    below = list(_below_headings(note, section, whole.under_its_own))
    introduces = parts or not (section.level and _is_more_than_introduction(note, section, own))
    yield from parts
    if not parts and not below:
        # The headings say nothing alone; together they may, unless they are many.
        many = scoring.is_collection(section.heading) and len(section.children) > 2
        alone = section.level or not section.children or whole.heading_alone().is_problem
        introduced = scoring.is_collection(section.heading) and _INTRODUCING.search(whole.text)
        says_more = not introduced or replace(whole, heading="", above="").is_problem
        if alone and says_more and not many:
            yield from _with_postscripts(note, whole, section.whole)
    elif introduces:
        yield from errors_beside(note, section, own, parts)
    else:
        yield own
    yield from below


def is_open_frame(section: OutlineSection) -> bool:
    """Whether headings below one of the frame stand for themselves."""
    return section.level == 1 or scoring.is_contents_heading(section.heading)


def _below_headings(
    note: Outline, section: OutlineSection, under: tuple[str, ...]
) -> Iterator[ProblemCandidate]:
    """The problems below the headings of a section; if these are a list, below all of them."""
    found = [(child, list(_problems(note, child, under))) for child in section.children]
    some = any(parts for child, parts in found if child.is_listed)
    telling = [(child, parts) for child, parts in found if not scoring.is_frame(child.heading)]
    # Most of what stands below "the pitfalls": so are the others.
    most = scoring.is_collection(section.heading) and (
        2 * sum(bool(parts) for _child, parts in telling) >= len(telling)
    )
    for child, parts in found:
        yield from parts
        if parts or scoring.is_frame(child.heading):
            continue
        if (child.is_listed and some) or (most and names_something(child)):
            yield replace(_piece(note, child, child.whole, child.end, under), stated=True)


def _has_problems_below(section: OutlineSection) -> bool:
    return any(
        is_labelled(one.heading)
        and not scoring.is_part(one.heading)
        and label_of(f"# {one.heading}") is None
        for child in section.children
        for one in child.sections
    )


def _is_more_than_introduction(
    note: Outline, section: OutlineSection, own: ProblemCandidate
) -> bool:
    """Whether what stands above several problems tells of one itself."""
    wording = [
        one for one in section.blocks if one.node.type != "table" and not is_list_of_links(one)
    ]
    if not any(one.text.strip() for one in wording) and not own.errors:
        return False
    if not scoring.is_collection(own.heading) and own.heading_alone().is_problem:
        return True
    source = "\n\n".join(note.source(one.begin, one.end) for one in wording)
    text = "\n".join(plain(one.node, code=True) for one in wording)
    alone = replace(replace(own, heading="", above=""), source=source, text=text)
    introduces = _INTRODUCING.search(text) is not None
    return alone.split.has_symptom or (not introduces and alone.is_problem)


def _parts_of_a_story(section: OutlineSection) -> int:
    """How many of the headings below this one tell parts of a single problem's story.

    None, if most of them are problems of their own.
    """
    headings = [child.heading for child in section.children if not scoring.is_frame(child.heading)]
    if sum(map(is_numbered_problem, headings)) >= _ENOUGH_OF_A_STORY:
        return 0
    roles = [label_of(f"# {heading}") for heading in headings]
    if not any(label and label.role in (Role.REMEDY, Role.CAUSE) for label in roles):
        # ``问题1: …`` names a problem, and ``现象`` tells of one.
        roles = [None if label and label.text else label for label in roles]
    parts = sum(
        label is not None or scoring.is_part(heading)
        for heading, label in zip(headings, roles, strict=True)
    )
    if not section.heading or 2 * parts < len(headings):
        return 0
    wording = sum(
        scoring.is_story(heading) or (label is not None and label.role is not Role.ASIDE)
        for heading, label in zip(headings, roles, strict=True)
    )
    symptom = any(label and label.role in (Role.SYMPTOM, Role.ERROR) for label in roles)
    return max(wording, _ENOUGH_OF_A_STORY) if symptom else wording


def _with_postscripts(
    note: Outline, whole: ProblemCandidate, blocks: Sequence[OutlineBlock]
) -> Iterator[ProblemCandidate]:
    says_something = whole.text.strip() or whole.errors or "```" in whole.source
    if whole.is_problem and (says_something or not scoring.is_collection(whole.heading)):
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
    made = piece(note, section.heading, blocks, lines, body=section.body, under=under)
    return replace(made, links=(*section.links, *made.links)) if section.links else made
