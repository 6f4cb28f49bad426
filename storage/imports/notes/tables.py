"""Tables that state problems, a row for each, and tables of contents."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it.tree import SyntaxTreeNode

from storage.imports.import_item import NOWHERE, environment_in
from storage.imports.notes import scoring
from storage.imports.notes.candidates import ProblemCandidate, cleaned, piece
from storage.imports.notes.error_texts import error_texts
from storage.imports.notes.outline import Outline, OutlineBlock, OutlineSection, links_in, plain
from storage.imports.notes.remedies import split
from storage.imports.notes.scoring import any_of, whole
from storage.model.environment import Environment
from storage.model.fields import NamedTuple
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
_STATE: Final = any_of("状态 进展 是否(?:解决|修复)", "status state progress")
_NOTHING: Final = whole(
    "无 没有 暂无 正常 支持 是 否", r"none no yes n/?a ok(?:ay)? fine normal works supported [\W_]*"
)


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A row that states a problem.

    Args:
        title: what it is called.
        cells: its cells by their headings.
        line, end: of the row, from 0, and the first line after it.
        node: the row.
        remedy: what helps, if a column says so.
        errors: the error texts that a column for these holds.
        state: what a column for it says of the state.
        environment: where it was seen, as columns for that say.
    """

    title: str
    cells: tuple[str, ...]
    line: int
    end: int
    node: SyntaxTreeNode
    remedy: str = ""
    errors: tuple[str, ...] = ()
    state: str = ""
    environment: Environment = NOWHERE


def is_contents(table: SyntaxTreeNode, headings: Collection[str]) -> bool:
    """Whether a table only says where in the note, or beside it, something is said.

    Args:
        table: the node of a table.
        headings: all those of the note.
    """
    _names, *rows = _rows_of(table)
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
    rows = _rows_of(table)
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
        _place(names, _STATE, place),
    )
    return list(_stated(columns, below, rows[1:]))


class _Columns(NamedTuple):
    names: Sequence[str]
    problem: int
    called: str
    subject: int | None
    remedy: int | None
    error: int | None
    state: int | None


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
        line, end = node.map or (0, 1)
        wording = tuple(f"{name}: {cell}" for name, cell in zip(names, cells, strict=False))
        remedy, error = _cell(cells, columns.remedy), _cell(cells, columns.error)
        yield ProblemRow(
            ": ".join([*before, said]),
            wording,
            line,
            end,
            node,
            "" if _NOTHING.fullmatch(remedy) else remedy,
            error_texts(error, announced=True) if error else (),
            _cell(cells, columns.state),
            environment_in(zip(names, cells, strict=False)),
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


def problem_tables(note: Outline, section: OutlineSection) -> list[OutlineBlock]:
    """The tables right below a heading that list problems."""
    tables = [one for one in section.blocks if one.node.type == "table"]
    if not tables:
        return []
    headings = [cleaned(one.heading) for one in note.root.sections if one.level]
    return [
        one
        for one in tables
        if not is_contents(one.node, headings) and rows_with_problems(one.node)
    ]


def rows(
    note: Outline,
    section: OutlineSection,
    own: ProblemCandidate,
    tables: Sequence[OutlineBlock],
    *,
    is_listing: bool,
) -> list[ProblemCandidate]:
    """The rows of tables that list problems, unless a table belongs to a text about one.

    Args:
        note, section, own: as :func:`storage.imports.notes.segments.side_by_side` has them.
        tables: its :func:`problem_tables`.
        is_listing: whether the lists beside the tables are of problems as well.
    """
    if not tables:
        return []
    beside = [
        one
        for one in section.blocks
        if one.node.type != "table" and not (is_listing and one.node.type.endswith("_list"))
    ]
    lines = (section.begin, section.end)
    prose = piece(note, "", beside, lines, body=section.body)
    wording = any(split(note.source(one.begin, one.end)).has_symptom for one in beside)
    if wording or (not is_list_heading(section) and prose.points >= scoring.ENOUGH):
        return []
    found: list[ProblemCandidate] = []
    for block in tables:
        first = _first_row(block)
        # The table in the note's lines may be long, so its rows are counted once.
        places = {id(node): place for place, node in enumerate(_rows_of(block.node))}
        found += (
            ProblemCandidate(
                heading=row.title,
                above="",
                source=_source(note, block, row, places[id(row.node)], first),
                text="\n".join(row.cells),
                links=tuple(links_in([OutlineBlock(row.line, row.end, row.node)])),
                line=row.line,
                end=row.end,
                under=own.under_its_own,
                stated=True,
                shared=tuple(range(block.begin, first)),
                remedy=row.remedy,
                quoted=row.errors,
                state=row.state,
                environment=row.environment,
            )
            for row in rows_with_problems(block.node)
        )
    return found


def _first_row(block: OutlineBlock) -> int:
    """The line of a table's first row below its head."""
    rows = (one for one in block.node.walk() if one.type == "tr")
    next(rows, None)
    return next((row.map[0] for row in rows if row.map), block.end)


def _rows_of(table: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    return [one for one in table.walk() if one.type == "tr"]


def _source(note: Outline, block: OutlineBlock, row: ProblemRow, place: int, first: int) -> str:
    """A row below the head of its table.

    Args:
        note, block, row: where it stands.
        place: which one of the table's rows it is, the head's included.
        first: the line of the first row below the head.
    """
    if block.markdown:
        return "\n".join((*block.markdown[:2], block.markdown[place + 1]))
    return f"{note.source(block.begin, first)}\n{note.source(row.line, row.end)}"


def is_list_heading(section: OutlineSection) -> bool:
    """Whether what stands below a heading can be a list of problems by it."""
    return not section.heading or scoring.is_collection(section.heading)
