"""The mapping of a list's columns to fields: by usual names, or as a person says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from storage.errors import N_, Refused

#: The names under which lists in the world keep what a pitfall has, the surest first, without
#: blanks, marks and capitals.
_USUAL: Final[Mapping[str, str]] = {
    "key": """
        issuekey key id iid number no issueid bugid ticket
        编号 问题编号 缺陷编号 缺陷id 工单号 序号
    """,
    "title": """
        title summary subject headline name
        标题 问题标题 缺陷标题 bug标题 主题 概要 摘要 名称 问题
    """,
    "reproduction": """
        reproduction reproductionnotes description body notes details stepstoreproduce content
        描述 问题描述 缺陷描述 详细描述 详情 内容 复现步骤 重现步骤 备注
    """,
    "workaround": "workaround solution 规避方案 临时方案 解决方案 解决办法",
    "component": """
        component components component/s module area api 组件 模块 所属模块 功能模块 接口
    """,
    "kind": "kind issuetype bugtype type 问题类型 缺陷类型 类型 分类",
    "severity": "severity 严重程度 严重性 priority 优先级 级别",
    "status": "status state 状态 处理状态",
    "tags": "tags labels label tag keywords 标签 关键词 关键字",
    "references": """
        references reference htmlurl weburl permalink url link links 链接 参考 参考链接 地址 网址
    """,
    "signatures": """
        signatures signature errormessage errormsg error 特征 错误信息 报错信息 报错
    """,
    "created": """
        created createdat createddate creationdate opened openedat date
        创建时间 创建日期 提交时间 创建于 日期 时间
    """,
}
#: What may be said for ``--map``, besides the names above.
_ALSO: Final = {
    "notes": "reproduction",
    "url": "references",
    "link": "references",
    "date": "created",
    "labels": "tags",
    "id": "key",
    "type": "kind",
    "priority": "severity",
}
#: Which columns there are in what ``pitboard export`` writes, and in nobody else's list.
_OWN: Final = frozenset({"id", "title", "severity", "occurrence_count"})


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """Where a field comes from.

    Args:
        names: the columns, of which there are several where a person joined them.
        values: what stands there → what it means, in small letters on the left.
        asked: whether a person named the column, so that what can't be
            understood is an error; else it is a guess, and left in the notes.
    """

    names: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    asked: bool = False


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The columns of a list: those that say something here by the field that they fill.

    ``unused`` are the others; ``own`` says that the list was written by
    ``pitboard export``.
    """

    of: Mapping[str, MappedColumn]
    unused: tuple[str, ...]
    own: bool


def columns_of(names: Sequence[str], asked: Iterable[str] = ()) -> ColumnMapping:
    """Which column says what.

    Args:
        names: the columns that there are.
        asked: what a person said of them, such as ``title=Summary``,
            ``severity=Priority:High=S1,Low=S4``, ``notes=Description+Steps``, ``tags=``.

    Raises:
        Refused: about the field ``map``, if that can't be understood, or if
            no column holds a title.
    """
    names = list(dict.fromkeys(name for name in names if name))
    own = set(names) >= _OWN
    found = _own(names) if own else _usual(names)
    for option in asked:
        target, column = _asked(option, names)
        taken = set(column.names) if column else set()
        found = {
            name: held
            for name, held in found.items()
            if name != target and not taken & set(held.names)
        }
        if column:
            found[target] = column
    if "title" not in found:
        raise Refused(
            N_("No column holds a title; the columns are: {columns}."),
            N_("Name it, as in title=Summary."),
            field="map",
            columns=", ".join(names) or "–",
        )
    used = {name for column in found.values() for name in column.names}
    return ColumnMapping(found, tuple(name for name in names if name not in used), own)


def _own(names: Sequence[str]) -> dict[str, MappedColumn]:
    return {"key": MappedColumn(("id",))} | {
        name: MappedColumn((name,)) for name in _USUAL if name in names
    }


def has_usual_title(names: Sequence[str]) -> bool:
    """Whether these are the names above the columns of a list of issues."""
    return len(names) > 1 and "title" in _usual(names)


def _usual(names: Sequence[str]) -> dict[str, MappedColumn]:
    """The columns that have usual names, each for one field."""
    bare: dict[str, str] = {}
    for name in names:
        for spelling in _spellings(name):
            bare.setdefault(spelling, name)
    found: dict[str, MappedColumn] = {}
    taken: set[str] = set()
    for target, usual in _USUAL.items():
        named = [bare[one] for one in usual.split() if one in bare and bare[one] not in taken]
        if named:
            found[target] = MappedColumn((named[0],))
            taken.add(named[0])
    return found


def _spellings(name: str) -> list[str]:
    """A column's name without marks; of ``fields.status.name`` also ``status``."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    inner = re.sub(r"^(?:fields|attributes|issue|node)\.|\.(?:name|value|title)$", "", plain)
    inner = re.sub(r"\.(?:name|value|title)$", "", inner)
    return [re.sub(r"[^\w/.]|_", "", one) for one in dict.fromkeys((plain, inner))]


def _asked(option: str, names: Sequence[str]) -> tuple[str, MappedColumn | None]:
    """What a person says of one field; None if no column is to fill it."""
    target, equals, rest = option.partition("=")
    target = target.strip().lower()
    target = _ALSO.get(target, target)
    if not equals or target not in _USUAL:
        raise Refused(
            N_("“{value}” names no field; the fields are: {fields}."),
            N_("Write it as title=Summary or severity=Priority:High=S1,Low=S4."),
            field="map",
            value=option,
            fields=", ".join(_USUAL),
        )
    if not rest.strip():
        return target, None
    for place in (len(rest), *(match.start() for match in re.finditer(":", rest))):
        found = _found(rest[:place], names)
        values = _meanings(rest[place + 1 :])
        if found and values is not None:
            return target, MappedColumn(found, values, asked=True)
    raise Refused(
        N_("There is no column “{column}”; the columns are: {columns}."),
        field="map",
        column=rest.partition(":")[0],
        columns=", ".join(names),
    )


def _found(option: str, names: Sequence[str]) -> tuple[str, ...]:
    """The columns meant by a name, or by several with ``+`` between them; empty if one is none."""
    by_name = {name.casefold(): name for name in reversed(names)}
    if (whole := by_name.get(option.strip().casefold())) is not None:
        return (whole,)
    parts = [by_name.get(part.strip().casefold()) for part in option.split("+")]
    return tuple(part for part in parts if part is not None) if all(parts) else ()


def _meanings(option: str) -> dict[str, str] | None:
    """``High=S1,Low=S4`` as what stands there → what it means; None if it is not that."""
    pairs = [part.partition("=") for part in option.split(",") if part.strip()]
    if not all(equals and left.strip() and right.strip() for left, equals, right in pairs):
        return None
    return {left.strip().casefold(): right.strip() for left, _, right in pairs}
