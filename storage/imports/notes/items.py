"""Tables and lists that state problems, a row or an item for each; and tables of contents."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from markdown_it.tree import SyntaxTreeNode

from storage.imports.notes import scoring
from storage.imports.notes.candidates import ProblemCandidate, cleaned, piece
from storage.imports.notes.error_texts import error_texts
from storage.imports.notes.labels import Role, label_inside, label_of
from storage.imports.notes.outline import Outline, OutlineBlock, OutlineSection, links_in, plain
from storage.imports.notes.remedies import split
from storage.imports.notes.scoring import any_of, whole
from storage.model.vocabulary import is_web_address

_PROBLEM: Final = any_of(
    "问题 坑 现象 症状 异常 缺陷 限制",
    "problems? issues? pitfalls? gotchas? symptoms? bugs? caveats? traps? limits? limitations?"
    " fail(?:s|ures?)? what_(?:happens|breaks|goes_wrong)",
)


_ERROR: Final = any_of("错误 报错", "errors? error_codes?")


#: What stands above a column in more characters says more than what sort it is.
_LONGEST_NAME: Final = 16


#: A column that says what one should rather not do.
_DONT: Final = any_of(
    "不要 不能 不可 别 禁止 避免 不推荐 ❌ 反例 错误(?:做法|写法|用法|示范)",
    "do(?:n['’]t|_not)s? avoid wrong bad never instead_of",
)


#: A column that says what helps.
_REMEDY: Final = any_of(
    "解决 方案 规避 处理 做法 写法 正确 推荐 建议 应该 改为 对策 ✅",
    "dos? fix(?:es)? solutions? work-?arounds? remed(?:y|ies) instead right good better use",
)


#: One that speaks of a problem as well.
_CAUSE: Final = any_of("原因", "causes? reasons? why")


_SUBJECT: Final = any_of(
    "接口 组件 模块 功能 场景 名称", "apis? components? modules? features? names? where"
)


_PLATFORM: Final = any_of(
    "平台 机型 系统 设备 手机 版本", "platforms? devices? phones? systems? os versions?"
)


_NOTHING: Final = whole(
    "无 没有 暂无 正常 支持 是 否", r"none no yes n/?a ok(?:ay)? fine normal works supported [\W_]*"
)


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A row that states a problem.

    Args:
        title: what it is called.
        cells: its cells by their headings.
        line: of the row, from 0.
        node: the row.
        remedy: what helps, if a column says so.
        errors: the error texts that a column for these holds.
    """

    title: str
    cells: tuple[str, ...]
    line: int
    node: SyntaxTreeNode
    remedy: str = ""
    errors: tuple[str, ...] = ()


def is_contents(table: SyntaxTreeNode, headings: Collection[str]) -> bool:
    """Whether a table only says where in the note, or beside it, something is said.

    Args:
        table: the node of a table.
        headings: all those of the note.
    """
    _names, *rows = (one for one in table.walk() if one.type == "tr")
    leading = 0
    for row in rows:
        links = [str(one.attrs.get("href", "")) for one in row.walk() if one.type == "link"]
        cells = [plain(cell).strip() for cell in row.children[:2]]
        named = any(cell and cell in heading for cell in cells for heading in headings)
        leading += (bool(links) and not any(map(is_web_address, links))) or named
    return bool(rows) and 2 * leading >= len(rows)


def rows_with_problems(table: SyntaxTreeNode) -> list[ProblemRow]:
    """The rows of a table that each state a problem; none, if no column is about problems.

    Args:
        table: the node of a table.
    """
    rows = [one for one in table.walk() if one.type == "tr"]
    names, *below = [[plain(cell, code=True).strip() for cell in row.children] for row in rows]
    dont = _place(names, _DONT)
    found = (dont, _place(names, _PROBLEM), _place(names, _ERROR))
    place = next((one for one in found if one is not None), None)
    if place is None:
        return []
    remedy = _place(names, _REMEDY, place)
    helps = dont is not None or remedy is not None or _place(names, _CAUSE, place) is not None
    # What happens on each device is one problem.
    if not helps and _place(names, _PLATFORM) is not None:
        return []
    columns = _Columns(
        names,
        place,
        names[place] if place == dont else "",
        _place(names, _SUBJECT, place),
        remedy,
        _place(names, _ERROR, remedy),
    )
    return list(_stated(columns, below, rows[1:]))


class _Columns(NamedTuple):
    names: Sequence[str]
    problem: int
    called: str
    subject: int | None
    remedy: int | None
    error: int | None


def _stated(
    columns: _Columns, below: Sequence[Sequence[str]], nodes: Sequence[SyntaxTreeNode]
) -> Iterator[ProblemRow]:
    names = columns.names
    for cells, node in zip(below, nodes, strict=True):
        said = _cell(cells, columns.problem)
        if _NOTHING.fullmatch(said):
            continue
        about = _cell(cells, columns.subject)
        if not any(sign.isalpha() for sign in said):
            said = f"{names[columns.problem]} {said}"
        before = [one for one in (about if about not in said else "", columns.called) if one]
        line = node.map[0] if node.map else 0
        wording = tuple(f"{name}: {cell}" for name, cell in zip(names, cells, strict=False))
        remedy, error = _cell(cells, columns.remedy), _cell(cells, columns.error)
        yield ProblemRow(
            ": ".join([*before, said]),
            wording,
            line,
            node,
            "" if _NOTHING.fullmatch(remedy) else remedy,
            error_texts(error, announced=True) if error else (),
        )


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def _place(
    names: Sequence[str], sort: re.Pattern[str], other_than: int | None = None
) -> int | None:
    """The first column of a sort."""
    places = (
        place
        for place, name in enumerate(names)
        if len(name) <= _LONGEST_NAME and sort.search(name)
    )
    return next((place for place in places if place != other_than), None)


# The rows and items of a section


#: A line that is longer is a sentence, and not what one writes above some text.
LONGEST_HEADING: Final = 80
BREAKS: Final = frozenset({"softbreak", "hardbreak"})
_MARKER: Final = re.compile(
    r"\s*(?:(?:[-*+]|\d+[.)])\s+|\d{1,2}[、．]\s*|[（(]\d{1,2}[)）][、.．]?\s*|[①-⑳•●○▪·]\s*)"
    r"(?:\[[ xX~-]\]\s+)?"
)
_TASK: Final = re.compile(r"\[[ xX~-]\]\s+")
#: So few characters beside a link say nothing of their own.
_BESIDE_A_LINK: Final = 8
#: Words in bold that are fewer letters stress something, and stand for nothing.
_SHORTEST_LEAD: Final = 5


def words_of(parts: Sequence[SyntaxTreeNode]) -> str:
    """The words of inline nodes, with code between backticks."""
    return "".join(plain(one, code=True) for one in parts).strip()


def rows(note: Outline, section: OutlineSection, own: ProblemCandidate) -> list[ProblemCandidate]:
    """The rows of tables that list problems, unless a table belongs to a text about one."""
    beside = [one for one in section.blocks if one.node.type != "table"]
    if len(beside) == len(section.blocks):
        return []
    lines = (section.begin, section.end)
    prose = piece(note, "", beside, lines, body=section.body)
    wording = any(split(note.source(one.begin, one.end)).has_symptom for one in beside)
    if wording or (not _is_list_heading(section) and prose.points >= scoring.ENOUGH):
        return []
    headings = [cleaned(one.heading) for one in note.root.sections if one.level]
    return [
        ProblemCandidate(
            heading=row.title,
            above="",
            source=f"{note.source(block.begin, block.begin + 2)}\n"
            + note.source(row.line, row.line + 1),
            text="\n".join(row.cells),
            links=tuple(links_in([OutlineBlock(row.line, row.line + 1, row.node)])),
            line=row.line,
            end=row.line + 1,
            under=own.under_its_own,
            stated=True,
            shared=(block.begin, block.begin + 1),
            remedy=row.remedy,
            quoted=row.errors,
        )
        for block in section.blocks
        if block.node.type == "table" and not is_contents(block.node, headings)
        for row in rows_with_problems(block.node)
    ]


def _is_list_heading(section: OutlineSection) -> bool:
    return not section.heading or scoring.is_collection(section.heading)


def items(note: Outline, section: OutlineSection, own: ProblemCandidate) -> list[ProblemCandidate]:
    """The items of the list that a section consists of: all of them, once some are problems."""
    lists = [one for one in section.blocks if one.node.type.endswith("_list")]
    first = next((n for n, one in enumerate(section.blocks) if one in lists), 0)
    prose = "".join(one.text for one in section.blocks[:first])
    announced = _is_list_heading(section) or (
        any(map(scoring.announces, own.under)) and not scoring.is_frame(section.heading)
    )
    whole = sum(len(one.text) for one in section.blocks[first:])
    if not lists or len(prose) > max(whole, LONGEST_HEADING) or _has_story(note, lists):
        return []
    introduced = next((one for one in reversed(prose.strip().split("\n")) if one.strip()), "")
    label = label_of(introduced)
    if scoring.is_frame(introduced) or (label and label.role is not Role.SYMPTOM):
        return []
    # Below a sentence, what is counted are steps.
    is_counted = lists[0].node.type == "ordered_list"
    if is_counted and prose.strip() and not _is_list_heading(section):
        return []
    items = list(_all_items(note, own, section.blocks[first:]))
    problems = sum(one.is_problem for one in items)
    if not items:
        return []
    if _is_list_heading(section) and section.heading and not scoring.is_hints(section.heading):
        enough = bool(problems) or not (prose.strip() and is_counted)
    elif _is_list_heading(section):
        enough = bool(problems)
    elif announced:
        enough = 3 * problems >= len(items)
    else:
        enough = problems >= 2 and 2 * problems >= len(items)
    if not enough or (len(items) < 2 and not scoring.is_collection(section.heading)):
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
    note: Outline, own: ProblemCandidate, blocks: Sequence[OutlineBlock]
) -> Iterator[ProblemCandidate]:
    """The items of lists, each with what stands between it and the next one."""
    starts = [
        (item, block.node)
        for block in blocks
        if block.node.type.endswith("_list")
        for item in block.node.children
        if item.children and item.map
    ]
    for place, (item, _list) in enumerate(starts):
        assert item.map is not None
        end = _begin(starts[place + 1][0]) if place + 1 < len(starts) else blocks[-1].end
        if not _is_link(item):
            yield from _item_or_nested(note, own, item, (item.map[0], end), blocks)


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
        is_checked="[x]" in (marker.group().lower() if marker else ""),
    )


def _is_link(item: SyntaxTreeNode) -> bool:
    """Whether an item only says where something else is said."""
    links = "".join(link.title for link in links_in([OutlineBlock(0, 0, item)]))
    return bool(links) and len(plain(item).strip()) <= len(links) + _BESIDE_A_LINK


def _head_of_item(item: SyntaxTreeNode) -> tuple[str, bool]:
    """What an item says first, in words, and whether that is all that stands on its line."""
    first = item.children[0]
    parts = first.children[0].children if first.type == "paragraph" else []
    end = next((n for n, one in enumerate(parts) if one.type in BREAKS), len(parts))
    line = _TASK.sub("", words_of(parts[:end]), count=1)
    strong = next((one for one in parts if one.type != "text" or _TASK.sub("", one.content)), None)
    lead = words_of([strong]) if strong is not None and strong.type == "strong" else ""
    if len(lead) > _SHORTEST_LEAD:
        heading = lead.rstrip(":：.。")
    elif len(line) > LONGEST_HEADING:
        heading = scoring.sentences(line)[0]
    else:
        heading = line
    has_links = any(one.type in ("link", "image") for one in parts[:end])
    return heading, bool(heading) and heading == line and not has_links
