"""The mapping of a list's columns to fields: by usual names, or as a person says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from storage.errors import N_, Refused
from storage.imports.import_item import TrackerOutcome, names_environment

#: The names under which lists in the world keep what a pitfall has, the surest first, without
#: blanks, marks and capitals.
_USUAL: Final[Mapping[str, str]] = {
    "key": """
        issuekey key iid number bugid ticketid ticket no issueid id
        问题关键字 事务关键字 编号 bug编号 问题编号 缺陷编号 缺陷id 任务编号 需求编号 需求id
        工单号 工单编号 序号
    """,
    "title": """
        title summary subject headline name
        标题 bug标题 bug名称 问题标题 缺陷标题 bug标题 主题 概要 摘要 名称 问题
    """,
    "reproduction": """
        reproduction reproductionnotes description body notes details stepstoreproduce steps
        reprosteps content
        描述 问题描述 缺陷描述 bug描述 详细描述 详情 内容 复现步骤 重现步骤 备注
    """,
    "workaround": """
        workaround solution remedy 规避方案 规避措施 临时方案 解决方案 解决办法 解决方法 处理方法
    """,
    "component": """
        component components component/s module area api 组件 模块 所属模块 功能模块 接口
    """,
    "kind": "kind issuetype bugtype type bug类型 问题类型 缺陷类型 类型 分类",
    "severity": "severity 严重程度 严重性 priority 优先级 级别",
    "status": "status state bug状态 缺陷状态 问题状态 状态 处理状态",
    "resolution": """
        resolution statereason closereason closedreason 处理结果 解决结果 关闭原因 解决类型
    """,
    "assignee": """
        assignees assignee assigneeusername assignedto owner 指派给 处理人 当前处理人 负责人 经办人
    """,
    "due": """
        due duedate duedateutc dueon deadline targetdate 截止日期 截止时间 截止
        到期日 到期日期 到期时间 预计结束 预计结束时间 预计结束日期 期望解决日期 计划完成时间
        要求完成时间 计划结束时间
    """,
    "ticket": """
        vendorticket vendorticketnumber upstreamticket upstreamissue externalid externalticket
        官方工单 官方工单号 腾讯工单 腾讯工单号 厂商工单 厂商工单号 官方反馈单号
    """,
    "comments": "comments comment comment.comments discussion notes 评论 评论内容 回复",
    "tags": "tags labels label tag keywords 标签 关键词 关键字",
    "references": """
        references reference htmlurl weburl permalink url link links 链接 参考 参考链接 地址 网址
    """,
    "signatures": """
        signatures signature errormessage errormsg error 特征 错误信息 报错信息 报错
    """,
    # Columns that say where it was seen are told by their names; see ``names_environment``.
    "environment": "",
    "created": """
        created createdat createdatutc createddate creationdate opened openedat date
        创建时间 创建日期 报告时间 提交时间 创建于 日期 时间
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
#: What a state or a resolution comes to: the usual words for it, in small letters and without
#: what stands between words.
_OUTCOMES: Final = {
    TrackerOutcome.OPEN: """
        open opened new todo reopened reopen active inprogress backlog triage pending confirmed
        unconfirmed acknowledged assigned unresolved later postponed deferred onhold blocked
        inreview review testing readyfortest needsinfo needinfo moreinfoneeded feedback incomplete
        proposed wip started unstarted unplanned hold waiting stale tostory converttostory
        未解决 未修复 新 新建 新增 打开 待处理 未处理 待办 未开始 待评估 待修复 待解决 待审核
        待验证
        待回归 验证中 回归中 修复中 处理中 进行中 处理 接受 接受处理 已接受 激活 已激活 已确认
        未确认
        待确认 已分配 分配 已指派 已受理 重新打开 再次打开 挂起 已挂起 搁置 暂缓 延期 已延期
        延期处理
        延期解决 延期修复 暂不处理 暂不修复 暂不解决 以后处理 以后再说 待测试 测试中 转为研发需求
        转为需求 转需求 已转需求 未完成
    """,
    TrackerOutcome.WORKAROUND: """
        workaround workedaround workaroundavailable mitigated 有规避方案 已规避 规避 有临时方案
        临时解决 临时规避 已绕过
    """,
    TrackerOutcome.FIXED: """
        fixed fixedupstream resolved done complete completed closed merged released verified
        solved fixreleased fixcommitted fixedandverified deployed shipped 已解决 解决 已修复 修复
        官方已修复 已关闭 关闭 已完成 完成 已验证 已发布 已上线
        已处理 已修改 已合并 已完结 完结 回归通过 验证通过 测试通过
    """,
    TrackerOutcome.BY_DESIGN: """
        bydesign wontfix willnotfix wontdo notplanned declined rejected decline worksasdesigned
        asdesigned workingasintended workingasdesigned intended notabug notbug notanissue
        invalid wontresolve cancelled canceled abandoned obsolete 不予解决 不解决 不予处理
        nochangerequired noactionneeded asdesign featurechange removed unclear
        无需修复 无需修改 无需处理 无需解决 不需修复 不需要修复 不用处理 不做 不会做 不改 不修改
        需求变更
        问题描述不准确 已驳回 驳回 已作废 作废 预期行为 正常现象 平台限制 非bug
        不处理 不修复 不予修复 拒绝 已拒绝 设计如此 符合设计 按设计 非缺陷 非问题 不是问题
        不是缺陷 不是bug 无效 无效问题 已取消
    """,
    TrackerOutcome.NOT_REPRODUCIBLE: """
        notreproducible cannotreproduce cantreproduce unabletoreproduce unreproducible norepro
        worksforme notrepro notreproduced 无法重现 无法复现 不能重现 不能复现 不可重现 不可复现
        未复现 不重现
    """,
    TrackerOutcome.NOT_OURS: """
        notours external thirdparty upstream externalcause 外部原因 外部问题 第三方 第三方问题
        非我方问题 moved externaldependency vendorissue 平台问题 系统问题 环境问题
    """,
    TrackerOutcome.DUPLICATE: """
        duplicate duplicated duplicateof dup duplicates closedasduplicate 重复 重复的 重复bug
        重复缺陷 重复问题 重复提交 重复单
    """,
}
#: The states of what was decided once and is open again, whatever was decided.
_REOPENED: Final = frozenset(["reopened", "reopen", "重新打开", "再次打开", "激活", "已激活"])
_BY_WORD: Final = {word: one for one, words in _OUTCOMES.items() for word in words.split()}


def outcome_of(text: str) -> TrackerOutcome | None:
    """What a state or a resolution of a tracker comes to; None if it is no usual one."""
    return _BY_WORD.get(_word(text))


def is_reopened(text: str) -> bool:
    """Whether a state says that what was decided no longer counts."""
    return _word(text) in _REOPENED


def _word(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def asked_outcome(text: str) -> TrackerOutcome | None:
    """What a person says that a state comes to: a word of ours, or one of trackers."""
    if text in set(TrackerOutcome):
        return TrackerOutcome(text)
    return outcome_of(text)


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
    ``pitboard export``. ``dialect`` is the tracker's name, where its numbers are known
    whatever the file is called.
    """

    of: Mapping[str, MappedColumn]
    unused: tuple[str, ...]
    own: bool
    dialect: str = ""


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
            columns=tuple(names) or "–",
        )
    dialect = "zentao" if _is_zentao(_bare(names)) else ""
    used = {name for column in found.values() for name in column.names}
    return ColumnMapping(found, tuple(name for name in names if name not in used), own, dialect)


def _own(names: Sequence[str]) -> dict[str, MappedColumn]:
    return {"key": MappedColumn(("id",))} | {
        name: MappedColumn((name,)) for name in _USUAL if name in names
    }


def has_usual_title(names: Sequence[str]) -> bool:
    """Whether these are the names above the columns of a list of issues."""
    return len(names) > 1 and "title" in _usual(names)


def _usual(names: Sequence[str]) -> dict[str, MappedColumn]:
    """The columns that have usual names, each for one field."""
    bare = _bare(names)
    found: dict[str, MappedColumn] = {}
    taken: set[str] = set()
    for target, usual in _USUAL.items():
        if target == "workaround" and _is_zentao(bare) and "解决方案" in bare:
            # In ZenTao it is what was decided, and no remedy.
            found["resolution"] = MappedColumn((bare["解决方案"],))
            taken.add(bare["解决方案"])
        if target in found:
            continue
        named = [bare[one] for one in usual.split() if one in bare and bare[one] not in taken]
        if named:
            found[target] = MappedColumn((named[0],))
            taken.add(named[0])
    if places := [name for name in names if name not in taken and names_environment(name)]:
        found["environment"] = MappedColumn(tuple(places))
    return found


def _bare(names: Sequence[str]) -> dict[str, str]:
    """The columns by their names without marks."""
    bare: dict[str, str] = {}
    for name in names:
        for spelling in _spellings(name):
            bare.setdefault(spelling, name)
    return bare


def _is_zentao(bare: Mapping[str, str]) -> bool:
    return any(name in bare for name in ("bug编号", "bug标题", "bug状态"))


def _spellings(name: str) -> list[str]:
    """A column's name without marks; of ``fields.status.name`` also ``status``."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    inner = re.sub(
        r"^(?:fields|attributes|issue|node)\.|\.(?:name|value|title|displayname|login|username)$",
        "",
        plain,
    )
    inner = re.sub(r"\.(?:name|value|title|displayname|login|username)$", "", inner)
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
            fields=tuple(_USUAL),
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
        columns=tuple(names),
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
