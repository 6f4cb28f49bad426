"""The labels of bug templates, and the fields that they name.

The community asks for 终端类型, 微信版本, 基础库版本 and so on in a form and shows them
as a row of names above a row of values; copied, they come in either order and
shape. Everybody else writes them as they like.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, NamedTuple

from storage.model.environment import FIELDS
from storage.text.search_text import folded


class TemplateSection(StrEnum):
    """Labels whose text goes on over several lines."""

    MESSAGE = "message"
    REPRODUCTION = "reproduction"
    NOTE = "note"


SECTIONS: Final = tuple(TemplateSection)

#: A label that tells nothing of where it was seen; in a row of labels it takes its place.
NOTHING: Final = ""
SEEN_AT: Final = "seen_at"
#: What is called WeChat's version, and what is called WeCom's.
WECHATS: Final = "wechats_version"
WECOMS: Final = "wecoms_version"

#: Labels that name a system: “iOS: 17.1”.
SYSTEMS: Final = ("安卓", "android", "ios", "鸿蒙", "harmonyos", "macos")

#: Labels of what happened, which names a pitfall better than the steps before it.
_HAPPENED: Final = """
    实际 实际表现 实际结果 实际效果 当前bug的表现 当前bug表现 当前表现 现象 问题现象 问题表现
    actual actualresult actualresults actualbehavior actualbehaviour observed observedresults
"""
HAPPENED: Final = frozenset(_HAPPENED.split())

#: What is named → the labels for it, in lower case, without blanks and without 号 at their end.
_WRITTEN: Final = {
    WECOMS: """
        企业微信版本 企业微信客户端版本 企微版本 企微客户端版本 企业微信 企微
        wecom wecomversion wecomclientversion wxworkversion weworkversion
    """,
    WECHATS: """
        微信版本 微信客户端版本 微信 wechat wechatversion wechatclientversion weixinversion
    """,
    SEEN_AT: "时间 发生时间 出现时间 操作时间 复现时间 问题时间 日期 time when date seenat",
    NOTHING: "框架类型 问题类型 api/组件名称 api/组件 组件名称 appid 小程序appid 微信语言",
    TemplateSection.MESSAGE: """
        报错 报错信息 报错内容 报错日志 错误信息 错误提示 错误内容 错误日志 异常信息 提示 提示信息
        日志 控制台 控制台报错 控制台输出 控制台信息
        errormessage errortext errorlog console consoleoutput consolelog logs
    """,
    TemplateSection.REPRODUCTION: f"""
        重现步骤 复现步骤 复现路径 重现路径 复现方式 如何复现 操作步骤 操作路径 步骤
        steps stepstoreproduce reproduction reproduce howtoreproduce
        预期 预期表现 预期结果 预期效果 期望 期望表现 期望结果 期望效果 期望的效果
        expected expectedresult expectedresults expectedbehavior expectedbehaviour
        {_HAPPENED}
    """,
    TemplateSection.NOTE: """
        问题描述 bug描述 具体问题 描述 问题 备注 补充 其他信息 截图 代码片段 小程序代码片段
        提供一个最简复现demo 最简复现demo 复现demo demo
        description note notes codesnippet snippet minicode
    """,
}
#: What a label names: a field of an environment, one of the names above, or a section.
LABELS: Final = {label: name for name, labels in _WRITTEN.items() for label in labels.split()}
LABELS.update((label, field.name) for field in FIELDS for label in field.paste.split())
LABELS.update(dict.fromkeys(SYSTEMS, "os_version"))


# The labels of bug templates, and the lines on which they stand


#: By their first sign, longer ones first: those that may stand before a value with nothing between.
_LEADING: Final[dict[str, list[str]]] = {}


for _label in sorted(LABELS.keys() - set(SYSTEMS), key=len, reverse=True):
    _LEADING.setdefault(_label[0], []).append(_label)


_LONGEST: Final = 80


#: Bullets, quotes, boxes and numbers before a label.
_LEAD: Final = re.compile(r"(?:[\s\-*+•·●>#|]|\[[ x]\] |\(?\d{1,2}[.)、]\s?)*")


_OPENING: Final = "[【「*("


_SEPARATOR: Final = re.compile(r"\s*[:=]\s*|\s*(?:[\])】」]|\*\*)\s*[:=]?\s*")


_HINT: Final = re.compile(r"\([^()]{0,40}\)?")


_AROUND: Final = re.compile(r"[\s\[\](){}【】「」*_#`|:=?]+|号?[是为]?$")


_PARTS: Final = re.compile(
    r"[,;、|\t]|\s{2,}"
    r"|\s(?=(?:系统|操作系统|机型|手机|微信|企业微信|企微|基础库|终端|平台)\S{0,6}[\s:])"
)


_VALUE: Final = re.compile(r"号?[\s\])】:=]{0,4}v?(?=\d|安卓|android|ios)", re.IGNORECASE)


class LabelledValue(NamedTuple):
    """A label that was found, what it names, and what follows it on its line."""

    names: str
    label: str
    value: str


def labelled(text: str) -> LabelledValue | None:
    """The label with which a line, or a part of one, begins."""
    lead = _LEAD.match(text)
    body = text[lead.end() :] if lead else text
    head, value = _cut(body)
    if (label := _key(head)) in LABELS:
        return LabelledValue(LABELS[label], label, _clean(value))
    return None if value else _leading(body)


def _cut(body: str) -> tuple[str, str]:
    """What stands before the separator that ends a label, and after it."""
    inner = body.lstrip(_OPENING)
    # A hint in brackets may hold what looks like a separator: 终端类型(如:Android/iOS).
    plain = _HINT.sub(lambda hint: "\0" * len(hint.group()), inner[:_LONGEST])
    if found := _SEPARATOR.search(plain):
        return inner[: found.start()], inner[found.end() :]
    return (body, "") if len(body) <= _LONGEST else ("", "")


def _key(head: str) -> str:
    """A label as ``LABELS`` spells it."""
    return _AROUND.sub("", folded(_HINT.sub("", head))) if len(head) <= _LONGEST else ""


def _leading(body: str) -> LabelledValue | None:
    """A label with its value right behind it: 微信版本 7.0.3, 基础库2.30.4."""
    inner = body[:_LONGEST].lstrip(_OPENING)
    start = inner.lower()
    for label in _LEADING.get(start[:1], ()):
        if start.startswith(label) and (found := _VALUE.match(start, len(label))):
            named = LABELS[label]
            value = _clean(body[len(body[:_LONGEST]) - len(inner) + found.end() :])
            return None if named in SECTIONS else LabelledValue(named, label, value)
    return None


def _clean(value: str) -> str:
    return value.strip(" \t*_`|[]【】")


def parts(text: str) -> list[str]:
    """The parts of a line that may each have a label of their own."""
    return [part for part in _PARTS.split(text) if part.strip()]


def row(text: str) -> list[str] | None:
    """What the labels in a row of them name, if the line holds two or more and nothing else.

    Beside another label the name of a system is its value: 终端类型: Android, 企业微信 安卓.
    """
    cells = cells_of(text)
    keys = [_key(cell) for cell in cells]
    systems = sum(key in SYSTEMS for key in keys)
    if len(keys) < 2 or any(key not in LABELS for key in keys) or 0 < systems < len(keys):
        return None
    if len({cell.endswith(":") for cell in cells}) > 1:
        # “宿主: wecom” is a label and its value, which is the name of another label.
        return None
    return [LABELS[key] for key in keys]


def cells_of(text: str) -> list[str]:
    """The cells of a row: between bars, tabs or wide gaps, else between blanks."""
    text = text[:1_000].strip().strip("|")
    for gap in (r"\s*\|\s*", r"\t+", r"\s{2,}", r"\s+"):
        cells = [cell.strip() for cell in re.split(gap, text) if cell.strip()]
        if len(cells) > 1:
            return cells
    return cells


def is_rule(text: str) -> bool:
    """Whether a line only rules a table."""
    return bool(text.strip()) and not text.strip(" |:-=+")
