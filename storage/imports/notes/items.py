"""Lists that state problems, an item for each, and what is said after them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from markdown_it.tree import SyntaxTreeNode

from storage.imports.notes import scoring
from storage.imports.notes.candidates import ProblemCandidate, cleaned, piece
from storage.imports.notes.error_texts import error_texts
from storage.imports.notes.labels import Role, label_inside, label_of
from storage.imports.notes.links import are_about_others
from storage.imports.notes.outline import Outline, OutlineBlock, OutlineSection, links_in, plain
from storage.imports.notes.remedies import ADVICE, says_none_is_known
from storage.imports.notes.tables import is_list_heading
from storage.match.generality import sifted

#: A line that is longer is a sentence, and not what one writes above some text.
LONGEST_HEADING: Final = 80
BREAKS: Final = frozenset({"softbreak", "hardbreak"})
_MARKER: Final = re.compile(
    r"\s*(?:(?:[-*+]|\d+[.)])\s+|\d{1,2}[、．]\s*|[（(]\d{1,2}[)）][、.．]?\s*|[①-⑳•●○▪·]\s*)"
    r"(?:\[[ xX~-]\]\s+)?"
)
#: What adds something of its own after what was said.
POSTSCRIPT: Final = re.compile(
    r"(?:p\.?\s?s\.?|又及|另外|此外|also|n\.?b\.?)\s*\d*\s*[:：.，,]\s*", re.I
)
_SHORTEST_POSTSCRIPT: Final = 12
#: What is added to a problem needs fewer signs to be one as well.
_ENOUGH_BELOW_ANOTHER: Final = scoring.ENOUGH - 1
_CLOSING: Final = re.compile(
    r"以上|综上|总之|最后|持续更新|未完待续|(?:that is|that's|these are) ", re.I
)
#: Of what is ticked off, it leads to what was done.
_ARROW: Final = re.compile(r"\s*(?:→|⇒|➡\ufe0f?|\s[-=]>\s|——|\s(?:--?|–|—)\s)\s*")
#: What was struck out, and what helped behind it.
_STRUCK: Final = re.compile(r"(?:\[[ xX~-]\]\s+)?~~(.{2,}?)~~[\s:：,，;；—–-]*(\S.{3,})$")
#: …，加 break-all 即可: a remedy that is told in the same line.
_IN_PASSING: Final = re.compile(
    r"[，,；;]\s*(?=(?:(?:改|换|用|使用|设|给|把|将|加|添加|去|在|需|调|升级|引入)[^，,；;。]{1,60}"
    r"(?:即可|就(?:行|好|可以)了?)|[^，,；;。]{2,60}(?<![没未法待能不])解决了?)[。.]?$)"
)
#: What is still to be done is no problem.
_TO_DO: Final = re.compile(
    rf"{_MARKER.pattern}(?:\*\*|【)?(?:待办(?:事项)?|to-?do)(?:】|\*\*)?\s*[:：】]", re.I
)
_TASK: Final = re.compile(r"\[[ xX~-]\]\s+")
#: So few characters beside a link say nothing of their own.
_BESIDE_A_LINK: Final = 8
#: Words in bold that are fewer letters stress something, and stand for nothing.
_SHORTEST_LEAD: Final = 5
#: No more characters go on with the line above.
_SHORT: Final = 16


def words_of(parts: Sequence[SyntaxTreeNode]) -> str:
    """The words of inline nodes, with code between backticks."""
    return "".join(plain(one, code=True) for one in parts).strip()


def items(
    note: Outline,
    section: OutlineSection,
    own: ProblemCandidate,
    tables: Sequence[OutlineBlock] = (),
) -> list[ProblemCandidate]:
    """The items of the list that a section consists of: all of them, once some are problems.

    ``tables`` list problems as well, and belong to no item.
    """
    blocks = [one for one in section.blocks if one not in tables]
    lists = [one for one in blocks if one.node.type.endswith("_list")]
    first = next((n for n, one in enumerate(blocks) if one in lists), 0)
    prose = "".join(one.text for one in blocks[:first])
    announced = is_list_heading(section) or (
        any(map(scoring.announces, own.under)) and not scoring.is_frame(section.heading)
    )
    whole = sum(len(one.text) for one in blocks[first:])
    if not lists or len(prose) > max(whole, LONGEST_HEADING) or _has_story(note, lists):
        return []
    introduced = next((one for one in reversed(prose.strip().split("\n")) if one.strip()), "")
    label = label_of(introduced)
    if scoring.is_frame(introduced) or (label and label.role is not Role.SYMPTOM):
        return []
    # Below a sentence, what is counted are steps.
    is_counted = lists[0].node.type == "ordered_list"
    announces = scoring.announces_list(introduced)
    if is_counted and prose.strip() and not is_list_heading(section) and not announces:
        return []
    items = list(_all_items(note, own, blocks[first:], tables))
    problems = sum(one.is_problem for one in items)
    if any(says_none_is_known(one.source) for one in items):
        # Who says that there is no remedy lists problems.
        telling = (
            one.is_problem or bool(one.split.workaround) or says_none_is_known(one.source)
            for one in items
        )
        problems = sum(telling)
    if not items:
        return []
    if is_list_heading(section) and section.heading and not scoring.is_hints(section.heading):
        enough = bool(problems) or not (prose.strip() and is_counted)
    elif is_list_heading(section):
        enough = bool(problems)
    elif announced or announces:
        enough = 3 * problems >= len(items)
    else:
        enough = problems >= (1 if tables else 2) and 2 * problems >= len(items)
    one_is_enough = scoring.is_collection(section.heading) or bool(tables)
    if not enough or (len(items) < 2 and not one_is_enough):
        return []
    return [replace(one, stated=True) for one in items]


def _has_story(note: Outline, lists: Sequence[OutlineBlock]) -> bool:
    """Whether a list tells one problem's story, an item for each part of it."""
    labels = [
        label_of(note.lines[item.map[0]])
        for block in lists
        for item in block.node.children
        if item.map
    ]
    return 2 * sum(label is not None for label in labels) > len(labels)


def _all_items(
    note: Outline,
    own: ProblemCandidate,
    blocks: Sequence[OutlineBlock],
    tables: Sequence[OutlineBlock],
) -> Iterator[ProblemCandidate]:
    """The items of lists, each with what stands between it and the next one or a table."""
    starts = [
        (item, block.node)
        for block in blocks
        if block.node.type.endswith("_list")
        for item in block.node.children
        if item.children and item.map
    ]
    last = max((n for n, one in enumerate(blocks) if one.node.type.endswith("_list")), default=0)
    # What helps, or why it happens, belongs to the item above it.
    starts = [
        one for place, one in enumerate(starts) if not place or not _is_continued(note, one[0])
    ]
    # What closes or adds to the whole belongs to no item.
    after = (
        one.begin
        for one in blocks[last + 1 :]
        if POSTSCRIPT.match(one.text) or _CLOSING.match(one.text)
    )
    for place, (item, _list) in enumerate(starts):
        assert item.map is not None
        following = starts[place + 1 : place + 2]
        end = _begin(following[0][0]) if following else next(after, blocks[-1].end)
        end = min((end, *(one.begin for one in tables if one.begin > item.map[0])))
        first = note.lines[item.map[0]]
        is_to_do = _TO_DO.match(first) and not scoring.PLAIN.search(first)
        if not _is_link(item) and not is_to_do:
            yield from _item_or_nested(note, own, item, (item.map[0], end), blocks)


def apart(note: Outline, section: OutlineSection, own: ProblemCandidate) -> list[ProblemCandidate]:
    """A problem told above a list, and the items, if these tell of other problems; else none."""
    blocks = section.blocks
    first = next((n for n, one in enumerate(blocks) if one.node.type == "bullet_list"), 0)
    if not first or any(one.node.type != "bullet_list" for one in blocks[first:]):
        return []
    above, begin = blocks[:first], blocks[first].begin
    head = replace(
        own,
        source=note.source(section.body, begin),
        text="\n".join(plain(one.node, code=True) for one in above),
        links=(*section.links, *links_in(above)),
        end=begin,
    )
    text = f"{head.heading}\n{head.source}"
    if scoring.is_collection(head.heading) or not head.is_problem or text.endswith((":", "：")):
        return []
    firsts = [note.lines[_begin(item)] for one in blocks[first:] for item in one.node.children]
    firsts = [one for one in firsts if not _TO_DO.match(one)]
    if any(map(label_of, firsts)) or not are_about_others(firsts, text):
        return []
    listed = _all_items(note, own, blocks[first:], ())
    return [head, *(replace(one, stated=True) for one in listed)]


def _is_continued(note: Outline, item: SyntaxTreeNode) -> bool:
    label = label_of(note.lines[_begin(item)])
    return label is not None and label.role in (Role.REMEDY, Role.CAUSE)


def _begin(item: SyntaxTreeNode) -> int:
    return item.map[0] if item.map else 0


def _item_or_nested(
    note: Outline,
    own: ProblemCandidate,
    item: SyntaxTreeNode,
    lines: tuple[int, int],
    blocks: Sequence[OutlineBlock],
) -> Iterator[ProblemCandidate]:
    """An item, or what is nested in it, if it only names what these are about."""
    whole = _item(note, own, item, lines, blocks)
    nested = [
        one
        for child in item.children
        if child.type.endswith("_list")
        for one in child.children
        if one.children and one.map and not _is_link(one)
    ]
    if len(nested) >= 2 and not whole.heading_alone().is_problem and not _has_labels(note, nested):
        under = replace(own, heading=whole.heading, under=own.under_its_own)
        ends = [*(_begin(one) for one in nested[1:]), lines[1]]
        parts = [
            _item(note, under, one, (_begin(one), end), ())
            for one, end in zip(nested, ends, strict=True)
        ]
        if 2 * sum(one.is_problem for one in parts) >= len(parts):
            yield from parts
            return
    yield whole


def _has_labels(note: Outline, items: Sequence[SyntaxTreeNode]) -> bool:
    return any(label_of(note.lines[_begin(item)]) for item in items)


def _item(
    note: Outline,
    own: ProblemCandidate,
    item: SyntaxTreeNode,
    span: tuple[int, int],
    blocks: Sequence[OutlineBlock],
) -> ProblemCandidate:
    begin, end = span
    first, *rest = note.source(begin, end).split("\n")
    indent = min((len(one) - len(one.lstrip()) for one in rest if one.strip()), default=0)
    marker = _MARKER.match(first)
    lines = [first[marker.end() :] if marker else first.lstrip(), *(one[indent:] for one in rest)]
    words = _TASK.sub("", plain(item, code=True).strip(), count=1)
    heading, alone = _head_of_item(item)
    after = [one for one in blocks if begin < one.begin < end]
    more = "".join(plain(one.node, code=True) for one in after)
    cut = label_inside(heading)
    is_checked = "[x]" in (marker.group().lower() if marker else "")
    arrow = None
    if cut < 0:
        arrow = (_ARROW.search(heading) if is_checked else None) or _IN_PASSING.search(heading)
    struck = _STRUCK.match(lines[0]) if not arrow and cut < 0 else None
    if arrow:
        cut = arrow.start()
    elif struck and ADVICE.search(struck[2]):
        heading = cleaned(struck[1])
    else:
        struck = None
    return ProblemCandidate(
        heading=heading if cut < 0 else heading[:cut].rstrip("。，；,;. "),
        above=lines[0],
        source="\n".join(lines[1:] if alone and cut < 0 else lines).strip("\n"),
        text=f"{words.removeprefix(heading)}\n{more}",
        links=tuple(links_in([OutlineBlock(begin, end, item), *after])),
        line=begin,
        end=end,
        under=own.under_its_own,
        is_item=True,
        is_checked=is_checked,
        remedy=heading[arrow.end() :] if arrow else struck[2].strip() if struck else "",
    )


def is_list_of_links(block: OutlineBlock) -> bool:
    """Whether a block is a list whose items only say where something else is said."""
    items = block.node.children if block.node.type.endswith("_list") else []
    return bool(items) and all(map(_is_link, items))


def _is_link(item: SyntaxTreeNode) -> bool:
    """Whether an item only says where something else is said."""
    links = "".join(link.title for link in links_in([OutlineBlock(0, 0, item)]))
    return bool(links) and len(plain(item).strip()) <= len(links) + _BESIDE_A_LINK


def _head_of_item(item: SyntaxTreeNode) -> tuple[str, bool]:
    """What an item says first, in words, and whether that is all that stands on its line."""
    first = item.children[0]
    parts = first.children[0].children if first.type == "paragraph" else []
    end = _end_of_line(parts, 0)
    line = _TASK.sub("", words_of(parts[:end]), count=1)
    strong = next((one for one in parts if one.type != "text" or _TASK.sub("", one.content)), None)
    lead = words_of([strong]) if strong is not None and strong.type == "strong" else ""
    if len(lead) > _SHORTEST_LEAD:
        heading = lead.rstrip(":：.。")
    elif len(line) > LONGEST_HEADING:
        heading = scoring.sentences(line)[0]
    else:
        heading = line
        more = words_of(parts[end + 1 : _end_of_line(parts, end + 1)]) if end < len(parts) else ""
        if len(more) <= _SHORT and scoring.PLAIN.search(more) and not scoring.PLAIN.search(line):
            # The sentence goes on where its line broke.
            heading = f"{line} {more}"
    has_links = any(one.type in ("link", "image") for one in parts[:end])
    return heading, bool(heading) and heading == line and not has_links


def _end_of_line(parts: Sequence[SyntaxTreeNode], begin: int) -> int:
    return next((n for n, one in enumerate(parts) if n >= begin and one.type in BREAKS), len(parts))


# What is added after a problem


def postscripts(
    note: Outline, blocks: Sequence[OutlineBlock], whole: ProblemCandidate
) -> Iterator[ProblemCandidate]:
    """The paragraphs below a heading that add a problem of their own after ``PS:``."""
    for block in blocks:
        if block.node.type != "paragraph":
            continue
        match = POSTSCRIPT.match(block.text)
        words = block.text[match.end() :].strip() if match else ""
        if len(words) < _SHORTEST_POSTSCRIPT:
            continue
        alone = piece(
            note, "", [block], (block.begin, block.end), body=block.begin, under=whole.under_its_own
        )
        if alone.points >= _ENOUGH_BELOW_ANOTHER:
            yield replace(alone, heading=scoring.sentences(words)[0])


# What stands beside several problems


#: Blocks that show what the paragraph above them announces.
_QUOTING: Final = ("fence", "code_block", "blockquote")
_ALSO: Final = re.compile(rf"{POSTSCRIPT.pattern}|(?:另外|此外|还有|顺便)\s*", re.I)


def errors_beside(
    note: Outline,
    section: OutlineSection,
    own: ProblemCandidate,
    parts: Sequence[ProblemCandidate],
) -> Iterator[ProblemCandidate]:
    """The paragraphs beside several problems that quote an error text of one more.

    An introduction is no problem, but who searches for that text has to find what it says.
    """
    taken = {line for one in parts for line in one.lines}
    beside = [one for one in section.blocks if one.begin not in taken]
    for place, block in enumerate(beside):
        if block.node.type != "paragraph":
            continue
        following = beside[place + 1 : place + 2]
        quoted = [one for one in following if one.node.type in _QUOTING]
        blocks = [block, *quoted]
        lines = (block.begin, blocks[-1].end)
        alone = piece(note, "", blocks, lines, body=block.begin, under=own.under_its_own)
        helps = alone.split.has_remedy and bool(alone.split.workaround)
        quotes = bool(sifted(alone.errors).kept)
        if not (quotes or (helps and alone.split.notes.strip())):
            continue
        said = scoring.sentences(plain(block.node, code=True))
        telling = next((one for one in said if error_texts(one)), "") or _before_remedy(said)
        telling = _ALSO.sub("", telling, count=1).rstrip("。，；,;.:：")
        yield replace(alone, heading=telling, stated=True)


def _before_remedy(said: Sequence[str]) -> str:
    """The part of a paragraph that a remedy follows, without the remedy."""
    for one in said:
        if (cut := label_inside(one)) > 0:
            return one[:cut]
    return said[0] if said else ""


_ASKING: Final = re.compile(
    r"怎[么样]|如何|什么|哪里|使用|安装|\b(?:how|what|where|which|using)\b", re.I
)
#: A section that is longer has to say itself that it is a problem.
_LONGEST_BESIDE: Final = 200


def names_something(section: OutlineSection) -> bool:
    """Whether a section beside problems may be one as well: it is short, and explains nothing."""
    length = sum(len(block.text) for block in section.blocks)
    links = sum(len(link.title) for link in links_in(section.blocks))
    heading = section.heading
    if section.children or _ASKING.search(heading) or scoring.is_part(heading):
        return False
    return 2 * links <= length < _LONGEST_BESIDE and (
        length > 0 or not scoring.is_collection(heading)
    )
