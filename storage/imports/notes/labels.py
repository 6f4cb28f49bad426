"""Labels in a note, such as ``**症状**``, ``### 解决方案`` and ``Fix:``: what stands below each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from storage.imports.notes.scoring import whole
from storage.model.fields import NamedTuple
from storage.model.row import Severity


class Role(Enum):
    """What stands below a label."""

    SYMPTOM = "symptom"
    ERROR = "error"
    CAUSE = "cause"
    REMEDY = "remedy"
    ANSWER = "answer"
    ASIDE = "aside"


_REMEDY: Final = whole(
    """
    (?:临时|最终|最后|推荐|可行|建议|官方|我们|简单|完整|可能)?的?解决(?:方案|办法|方法|方式|思路)?
    (?:临时|最终|最后|推荐|可行|官方)?的?(?:规避|修复|处理|应对|补救|兼容|变通)(?:方案|办法|方法|方式)?
    (?:解决|规避|修复|处理|应对)(?:措施|过程|步骤|技巧|建议|思路) 绕过 绕开 绕坑 避坑 填坑
    替代(?:方案|办法)?
    (?:临时|最终|推荐|替代|备选|可行|规避)(?:方案|办法|方法|做法) 方案 解法 对策 办法 应对
    (?:正确|推荐)的?(?:做法|写法|姿势|用法|方式) (?:怎么|如何)(?:解决|规避|处理|修复|避免|办)
    """,
    """
    (?:the_|a_|an_|our_)?(?:possible_|quick_|temporary_|suggested_|recommended_|current_|known_)?(?:fix(?:es)?|solutions?|resolutions?|work-?_?arounds?|remed(?:y|ies)|mitigations?)
    how_(?:to|we)_(?:fix|solve|avoid|work_around|resolve|fixed|solved)(?:_(?:it|this|that))?
    what_(?:to_do|helps|helped|works|worked) do_this_instead instead
    """,
)
_SYMPTOM: Final = whole(
    """
    (?:问题|错误|异常|故障|坑点?)?(?:现象|表现|症状|描述|详情) 问题 坑 坑点 踩坑点? 缺陷
    (?:问题|错误|bug)?(?:复现|重现)(?:步骤|路径|方式|过程|条件)? 触发条件 场景 问题场景
    实际(?:结果|表现)?
    """,
    """
    symptoms? problems? issues? bugs? pitfalls? gotchas? traps? what_happen(?:s|ed) description
    actual(?:_(?:result|behaviou?r))? observed(?:_behaviou?r)? steps?(?:_to_reproduce)?
    (?:how_to_)?repro(?:duction|duce)?(?:_steps)?
    """,
)
_ERROR_LABEL: Final = whole(
    """
    报错(?:信息|内容|日志|提示|如下)? (?:错误|异常|失败)(?:信息|内容|提示|日志|消息|码|堆栈)?
    (?:控制台|真机|运行|终端)?(?:日志|输出|报错|打印)
    控制台
    """,
    """
    (?:the_)?(?:full_)?errors?(?:_(?:messages?|texts?|logs?|output|codes?))?
    (?:console|device|build)?_?(?:logs?|output)
    stack_?traces? messages? err_?msg exceptions? console
    """,
)
_CAUSE: Final = whole(
    """
    (?:问题|错误|根本|具体|可能|主要)?的?(?:原因|根因|成因)(?:分析|定位)?
    (?:问题|原因)?(?:分析|排查|定位)(?:过程|思路)?
    根因 为什么 原理
    """,
    "(?:root_|possible_|likely_)?causes? reasons? why analysis diagnosis investigation explanation",
)
_ANSWER: Final = whole("答 回答 解答 答案", "a answers?")
_ASIDE: Final = whole(
    """
    (?:相关|参考|官方|原文)?(?:参考|链接|资料|文档|来源|出处|地址)(?:链接|资料|地址)? 环境 版本
    (?:运行|测试)环境
    (?:影响|受影响)(?:范围|版本|平台)? 期望(?:结果|表现)? 预期(?:结果|表现)? 官方(?:回复|说法|答复)
    截图 状态 后续 进展 标签 日期
    """,
    """
    references? links? sources? see_also environment versions? impact severity priority
    affected(?:_.{1,14})? expected(?:_.{1,16})? screenshots? status updates? date tags platforms?
    vendor(?:'s)?_(?:reply|answer)
    """,
)
_ROLES: Final = (
    (Role.REMEDY, _REMEDY),
    (Role.SYMPTOM, _SYMPTOM),
    (Role.ERROR, _ERROR_LABEL),
    (Role.CAUSE, _CAUSE),
    (Role.ANSWER, _ANSWER),
    (Role.ASIDE, _ASIDE),
)
_LONGEST_LABEL: Final = 24
NUMBER: Final = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2})*(?:[.、)）．]\s*|\s+)|[一二三四五六七八九十]{1,3}[、.．]\s*|第.{1,3}[步、:：]\s*)"
)
_ORDINAL: Final = re.compile(r"\s*(?:[#＃]?\d{1,2}|[一二三四五六七八九十]|(?<=\s)[A-D])$")
_SUFFIX: Final = re.compile(
    r"(?:如下|就?是|为|有(?:两种|几种|以下.{0,4})?|\s+(?:is|are|was))$", re.I
)
_ASIDE_OF_LABEL: Final = re.compile(r"\s*([（(][^()（）]{1,30}[)）])$")
_LEAD: Final = re.compile(
    r"(?P<indent>[ \t]*)(?P<quote>(?:>[ \t]?)*)(?P<bullet>(?:[-*+•·]|\d{1,3}[.)、])[ \t]+)?"
    r"(?:\[[ xX~-]\][ \t]+)?(?P<hashes>#{1,6}[ \t]+)?"
)
_AROUND: Final = re.compile(r"^(?:[^\w(（`'\"“「]|_)+")
_OPENED: Final = re.compile(r"(?P<open>\*\*|__|【|\[|「|<(?:b|strong)>)")
#: Between a label and its text: **规避方案**（临时）：…
_AFTER_LABEL: Final = re.compile(r"^\s*(?:([（(][^()（）]{1,12}[)）])\s*[:：]|[:：])?\s*")
_CLOSERS: Final = {"**": "**", "__": "__", "【": "】", "[": "]", "「": "」"}
#: A sentence that gives the remedy in so many words.
_SENTENCE: Final = re.compile(
    r"(?:最(?:后|终)的?)?(?:解决|规避|处理|修复)(?:的?(?:方案|办法|方法|方式))(?:就?是|为)\S"
    r"|(?:the|a|our) (?:fix|workaround|solution|remedy) (?:is|was)\b",
    re.I,
)
_INSIDE: Final = re.compile(
    r"(?<=[。；;，,.!！?？)）\s])"
    r"(?:(?:(?:临时|最终|目前)?的?(?:解决|规避|处理)(?:方案|办法|方法|方式)|[Ww]orkaround|[Ss]olution|[Ff]ix)"
    r"(?:(?:如下|有?(?:以下)?[几一二两三][种个])?\s*[:：]\s*|就?[是为]\s*(?!什么|啥))"
    r"|(?:解决|规避|处理)[:：]\s*)(?=\S|$)"
)
_FENCE: Final = re.compile(r"[ \t]*(?:>[ \t]*)*(?:(?:[-*+]|\d{1,3}[.)])[ \t]+)?(`{3,}|~{3,})")


class Label(NamedTuple):
    """A label at the beginning of a line.

    ``words`` are its own, ``text`` what follows on its line; ``level`` is that of a heading,
    and 0 of another line; ``indent`` counts its cells, ``is_item`` says that it begins an item.
    """

    role: Role
    words: str
    text: str
    level: int = 0
    indent: int = 0
    is_item: bool = False


#: What stands before a title and says how bad it is: 【高】, [P1].
PRIORITY: Final = re.compile(
    r"[【\[（(]\s*(?:(?:优先级|严重程度|priority|severity)\s*[:：]?\s*)?"
    r"(?P<word>[PS][0-4]|致命|紧急|严重|高|中|一般|普通|低|轻微|critical|blocker|major|high|medium"
    r"|minor|low|trivial)\s*[】\]）)]\s*",
    re.I,
)
_SEVERITIES: Final = {
    Severity.S1: "s1 p0 致命 紧急 critical blocker",
    Severity.S2: "s2 p1 严重 高 major high",
    Severity.S3: "s3 p2 中 一般 普通 medium",
    Severity.S4: "s4 p3 p4 低 轻微 minor low trivial",
}


def severity_of(word: str) -> Severity | None:
    """How bad a problem is by the word of a :data:`PRIORITY`."""
    return next((one for one, words in _SEVERITIES.items() if word.lower() in words.split()), None)


def role_of(words: str) -> Role | None:
    """What stands below a label of these words; None if they are no label."""
    words = _ASIDE_OF_LABEL.sub("", re.sub(r"^[\W_]+|[\s*_:：。]+$", "", words))
    found = NUMBER.match(words)
    if found is not None and found.end() < len(words):
        words = words[found.end() :]
    for one in (words, _SUFFIX.sub("", words), _ORDINAL.sub("", words)):
        for role, pattern in _ROLES:
            if one and pattern.fullmatch(one):
                return role
    return None


def label_of(line: str) -> Label | None:
    """The label that a line begins with, if there is one."""
    lead = _LEAD.match(line)
    assert lead is not None
    rest = line[lead.end() :]
    level = len((lead["hashes"] or "").strip())
    found = _label(rest, is_heading=bool(level))
    if found is None:
        return None
    return found._replace(
        level=level,
        indent=len((lead["indent"] or "").expandtabs(4)),
        is_item=bool(lead["bullet"]),
    )


def _label(rest: str, *, is_heading: bool) -> Label | None:
    around = _AROUND.match(rest)
    marks, bare = (around.group(), rest[around.end() :]) if around else ("", rest)
    opened = _OPENED.search(marks)
    if opened and (closer := _CLOSERS.get(opened["open"])):
        words, closed, text = bare.partition(closer)
        if closed and (role := role_of(words)):
            return _made(role, words, _AFTER_LABEL.sub(r"\1", text, count=1))
    match = re.match(rf"([^:：\n]{{1,{_LONGEST_LABEL}}})[:：](?!//)", bare)
    if match and (role := role_of(match[1])):
        text = bare[match.end() :].strip()
        closer = _CLOSERS.get(opened["open"], "") if opened else ""
        if closer and text.endswith(closer) and closer not in text[: -len(closer)]:
            # **方案 1：检查登录态**
            text = text.removesuffix(closer)
        return _made(role, match[1], text.removeprefix(closer).strip() if closer else text)
    if len(bare) <= _LONGEST_LABEL and (role := role_of(bare)) and role is not Role.ANSWER:
        return _made(role, bare, "")
    if not is_heading and _SENTENCE.match(bare):
        return Label(Role.REMEDY, "", rest)
    return None


def _made(role: Role, words: str, text: str) -> Label:
    words = re.sub(r"[\s*_:：]+$", "", words)
    if aside := _ASIDE_OF_LABEL.search(words):
        words, text = words[: aside.start()], f"{aside[1]} {text}".rstrip()
    return Label(role, words, text)


# Lines and what they are


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """A line with its role, or a part of one, where a remedy begins in its middle.

    Args:
        line: as it was written.
        text: the line without its label.
        role: the one that its label, or one above it, gives it.
        place: which line of the text it is, or is a part of, from 0.
        label: the one that it begins with.
        is_code: whether it stands inside a fence.
    """

    line: str
    text: str
    role: Role | None
    place: int
    label: Label | None = None
    is_code: bool = False


class _Scope(NamedTuple):
    role: Role | None
    level: int
    indent: int
    is_item: bool
    has_text: bool


def labelled(source: str) -> list[LabelledLine]:
    """Each line of a text with the role that its label, or one above it, gives it."""
    scopes: list[_Scope] = []
    found: list[LabelledLine] = []
    fence = ""
    after_blank = False
    for place, line in enumerate(source.split("\n")):
        mark = _FENCE.match(line)
        if fence or mark:
            is_end = mark and fence and mark[1].startswith(fence)
            fence = "" if is_end else fence or (mark[1] if mark else "")
            found.append(LabelledLine(line, line, _role(scopes), place, is_code=True))
            after_blank = False
            continue
        if not line.strip():
            found.append(LabelledLine(line, line, _role(scopes), place))
            after_blank = True
            continue
        label = label_of(line)
        _leave(scopes, line, label, after_blank=after_blank)
        if label is not None:
            scopes.append(
                _Scope(label.role, label.level, label.indent, label.is_item, bool(label.text))
            )
        text = line if label is None else label.text
        found += _cut_inside(LabelledLine(line, text, _role(scopes), place, label))
        last = found[-1]
        if last.role is Role.REMEDY and last.label is not label and not last.text.strip():
            # … 解决办法有两种：
            scopes.append(_Scope(Role.REMEDY, 0, 0, is_item=False, has_text=False))
        after_blank = False
    return found


def _cut_inside(line: LabelledLine) -> Iterator[LabelledLine]:
    """A line, or both halves of one in whose middle a remedy begins."""
    cut = _INSIDE.search(line.line) if line.role is not Role.REMEDY else None
    if cut is None:
        yield line
        return
    before, after = line.line[: cut.start()].rstrip(), line.line[cut.end() :].lstrip("，,、；; ")
    kept = len(line.text) - (len(line.line) - cut.start())
    yield replace(line, line=before, text=line.text[: max(0, kept)].rstrip())
    words = re.sub(r"[\s:：]+$", "", cut.group())
    label = Label(Role.REMEDY, words, after)
    yield LabelledLine(line.line[cut.start() :], after, Role.REMEDY, line.place, label)


def label_inside(line: str) -> int:
    """Where in the middle of a line a remedy begins; -1 if none does."""
    found = _INSIDE.search(line)
    return found.start() if found else -1


def _role(scopes: Sequence[_Scope]) -> Role | None:
    return scopes[-1].role if scopes else None


def _leave(scopes: list[_Scope], line: str, label: Label | None, *, after_blank: bool) -> None:
    """Drop the scopes that end before ``line``."""
    lead = _LEAD.match(line)
    assert lead is not None
    level = len((lead["hashes"] or "").strip())
    indent = len((lead["indent"] or "").expandtabs(4))
    if level:
        while scopes and (not scopes[-1].level or scopes[-1].level >= level):
            scopes.pop()
        return
    while scopes and not scopes[-1].level:
        scope = scopes[-1]
        if re.fullmatch(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*", line) or (
            label is not None and indent <= scope.indent
        ):
            scopes.pop()
        elif scope.is_item and indent <= scope.indent:
            # A sibling, or what follows the list.
            if not (lead["bullet"] and scope.has_text) and not (after_blank and not lead["bullet"]):
                return
            scopes.pop()
        elif not scope.is_item and lead["bullet"] is None and indent < scope.indent:
            scopes.pop()
        else:
            return
