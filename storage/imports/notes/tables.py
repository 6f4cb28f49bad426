"""Rows of tables that state a problem: dos and don'ts, errors and remedies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it.tree import SyntaxTreeNode

from storage.imports.notes.outline import plain
from storage.imports.notes.scoring import any_of, whole

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
_REMEDY: Final = any_of(
    "解决 方案 规避 处理 做法 写法 正确 推荐 建议 应该 改为 原因 ✅",
    "dos? fix(?:es)? solutions? workarounds? remedy instead right good better use cause reason why",
)
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
    """A row that states a problem: a title for it, its cells by their headings, its line from 0."""

    title: str
    cells: tuple[str, ...]
    line: int
    node: SyntaxTreeNode


def rows_with_problems(table: SyntaxTreeNode, *, with_remedies: bool) -> list[ProblemRow]:
    """The rows of a table that each state a problem; none, if no column is about problems.

    Args:
        table: the node of a table.
        with_remedies: only if another column says what helps.
    """
    rows = [one for one in table.walk() if one.type == "tr"]
    names, *below = [[plain(cell, code=True).strip() for cell in row.children] for row in rows]
    dont = _place(names, _DONT)
    found = (dont, _place(names, _PROBLEM), _place(names, _ERROR))
    place = next((one for one in found if one is not None), None)
    if place is None:
        return []
    helps = dont is not None or _place(names, _REMEDY, place) is not None
    # What happens on each device is told of one problem.
    if not helps and (with_remedies or _place(names, _PLATFORM) is not None):
        return []
    subject = _place(names, _SUBJECT, place)
    called = names[place] if place == dont else ""
    return list(_stated(names, below, rows[1:], place, called, subject))


def _stated(
    names: Sequence[str],
    below: Sequence[Sequence[str]],
    nodes: Sequence[SyntaxTreeNode],
    place: int,
    called: str,
    subject: int | None,
) -> Iterator[ProblemRow]:
    for cells, node in zip(below, nodes, strict=True):
        said = cells[place] if place < len(cells) else ""
        if _NOTHING.fullmatch(said):
            continue
        about = cells[subject] if subject is not None and subject < len(cells) else ""
        if not any(sign.isalpha() for sign in said):
            said = f"{names[place]} {said}"
        before = [one for one in (about if about not in said else "", called) if one]
        line = node.map[0] if node.map else 0
        told = tuple(f"{name}: {cell}" for name, cell in zip(names, cells, strict=False))
        yield ProblemRow(": ".join([*before, said]), told, line, node)


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
