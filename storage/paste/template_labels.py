"""The labels of bug templates, and the fields that they name.

The community asks for 终端类型, 微信版本, 基础库版本 and so on in a form and shows them
as a row of names above a row of values; copied, they come in either order and
shape. Everybody else writes them as they like.
"""

from __future__ import annotations

import re
from enum import StrEnum
from html.parser import HTMLParser
from typing import Final

from storage.model.environment import FIELDS, version_as_written
from storage.model.fields import NamedTuple
from storage.model.vocabulary import Platform
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
#: The machine on which it was built, which is not where it was seen.
BUILD: Final = "build_machine"

#: Labels that name a system: “iOS: 17.1”.
SYSTEMS: Final = ("安卓", "android", "ios", "鸿蒙", "harmonyos", "macos")

#: Labels of what happened, which names a pitfall better than the steps before it.
_EXPECTED: Final = """
    预期 预期表现 预期结果 预期效果 预期行为 期望 期望表现 期望结果 期望效果 期望行为 期待 期待结果
    正确表现 正常表现 应该 应当 应有表现
    expected expectedresult expectedresults expectedbehavior expectedbehaviour expectation
    whatyouexpected whatdidyouexpect whatdidyouexpecttohappen
"""
EXPECTED: Final = frozenset(_EXPECTED.split())
_HAPPENED: Final = """
    实际 实际表现 实际结果 实际效果 实际情况 实际行为 当前bug表现 当前表现 现象 问题现象 问题表现
    whathappened whathappens actual actualresult actualresults actualbehavior actualbehaviour
    observed observedresults
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
    BUILD: """
        开发环境 构建环境 编译环境 打包环境 本地环境 开发机 开发机系统 开发电脑 开发系统 构建机
        电脑 电脑系统 电脑型号 电脑操作系统 电脑环境 pc系统 pc操作系统 pc开发环境
        pc开发环境操作系统 pc开发环境操作系统版本 hbuilderx hbuilderx版本 hbuilderx类型 node
        node版本 nodejs nodejs版本 npm npm版本 yarn pnpm cli cli版本 shell binaries npmpackages
        clienvironmentinfo environmentinfo envinfo buildmachine buildenvironment
        buildenvironmentinfo devenvironment developmentenvironment hostmachine buildos
        nodeversion npmversion cliversion ci runner builtwith builton
        devmachine developmentmachine buildhost mymac 编译机 打包机 开发设备
    """,
    NOTHING: "框架类型 问题类型 api/组件名称 api/组件 组件名称 appid 小程序appid 微信语言",
    TemplateSection.MESSAGE: """
        报错 报错信息 报错内容 报错日志 错误信息 错误提示 错误内容 错误日志 异常信息 提示 提示信息
        日志 控制台 控制台报错 控制台输出 控制台信息
        errormessage errortext errorlog console consoleoutput consolelog logs message
    """,
    TemplateSection.REPRODUCTION: f"""
        重现步骤 复现步骤 复现路径 重现路径 复现方式 如何复现 操作步骤 操作路径 步骤
        steps stepstoreproduce reproduction reproduce howtoreproduce toreproduce reproductionsteps
        {_EXPECTED}
        {_HAPPENED}
    """,
    TemplateSection.NOTE: """
        问题描述 bug描述 具体问题 描述 问题 备注 补充 其他信息 截图 代码片段 小程序代码片段
        提供一个最简复现demo 最简复现demo 复现demo demo
        description note notes codesnippet snippet minicode describethebug bugdescription
        additionalcontext
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
#: “Taro CLI 3.6.8 environment info:”, above what a build tool says of its machine.
_BUILD_INFO: Final = re.compile(r"(?:[\w.@/-]+ ){1,4}environment info\w*\W*$", re.IGNORECASE)
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
    if _BUILD_INFO.match(body):
        return LabelledValue(BUILD, "environmentinfo", "")
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
    if len(head) > _LONGEST:
        return ""
    key = _AROUND.sub("", folded(_HINT.sub("", head)))
    # 期望的表现 is 期望表现.
    return key if key in LABELS else key.replace("的", "")


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


def pairs(text: str) -> list[LabelledValue]:
    """The labels in a row of a table that has each value in the cell behind its label."""
    cells = [cell.strip() for cell in re.split(r"[|\t]", text[:1_000].strip().strip("|"))]
    if len(cells) % 2 or not cells[0]:
        return []
    found = [
        LabelledValue(LABELS.get(key, ""), key, _clean(value))
        for key, value in zip(map(_key, cells[::2]), cells[1::2], strict=True)
    ]
    are_labels = all(one.label in LABELS for one in found)
    return found if are_labels and not any(_names_no_system(cell) for cell in cells[1::2]) else []


def _names_no_system(cell: str) -> bool:
    """Whether a cell holds a label, and not one that is a value as well."""
    key = _key(cell)
    return key in LABELS and key not in SYSTEMS


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


# Versions as people and programs write them


_VERSION: Final = re.compile(r"[vV]?(\d{1,9}(?:\.\d{1,9}){0,5})")
#: Where WeChat's versions begin to be unlike WeCom's; it left 5 behind in 2014.
_WECHATS: Final = 6


def version(text: str) -> str:
    """The version that ``text`` begins with or holds, without its ``v``; empty if there is none."""
    found = _VERSION.search(version_as_written(text))
    return found[1] if found else ""


def major(text: str) -> int:
    """The first number of a version."""
    return int(text.partition(".")[0] or 0)


def may_be_wecoms(text: str) -> bool:
    """Whether a version said to be WeChat's is rather the one of the WeCom around it.

    The community's template asks for 微信版本 and nothing else, so people put WeCom's there.
    """
    return major(text) < _WECHATS


# Tables in HTML


#: A table in HTML, or rows of one.
TABLE: Final = re.compile(
    r"<table\b.*?(?:</table\s*>|\Z)|<tr\b.*?(?:</tr\s*>|\Z)", re.IGNORECASE | re.DOTALL
)


def table_rows(table: str) -> list[tuple[int, str]]:
    """The rows of a table in HTML, each with the lines above it, and what stands beside them."""
    reader = _TableReader()
    reader.feed(table)
    reader.close()
    return reader.rows


class _TableReader(HTMLParser):
    """Collects the cells of rows; text that stands in no cell is a row of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[int, str]] = []
        self._cells: list[str] = []
        self._in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row or a cell; a cell needs no end."""
        if tag == "tr":
            self._end_row()
        elif tag in ("td", "th"):
            self._cells.append("")
            self._in_cell = True
        elif tag in ("br", "p", "div", "li") and self._in_cell:
            self._cells[-1] += " "

    def handle_endtag(self, tag: str) -> None:
        """End a row or a cell."""
        if tag in ("tr", "table"):
            self._end_row()
        elif tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        """Add to the cell that is open."""
        if self._in_cell:
            self._cells[-1] += data
        elif words := " ".join(data.split()):
            self.rows.append((self.getpos()[0] - 1, words))

    def close(self) -> None:
        """End the last row."""
        super().close()
        self._end_row()

    def _end_row(self) -> None:
        cells = [" ".join(cell.split()).replace("|", "¦") for cell in self._cells]
        if any(cells):
            # An empty cell keeps its place.
            self.rows.append((self.getpos()[0] - 1, " | ".join(cell or "-" for cell in cells)))
        self._cells = []
        self._in_cell = False


# Operating systems and hosts by the names that people and programs give them

#: Around a name that stands for itself, and is no part of another or of a path.
_FROM: Final = r"(?<![a-z._-])(?<![a-z]/)"
_TO: Final = r"(?![a-z_]|[/.][a-z])"
#: Names of systems, as a pattern with a group for each.
SYSTEM: Final = (
    rf"(?P<android>安卓|{_FROM}android{_TO})"
    rf"|(?P<ios>{_FROM}(?:ios|ipados|iphone os){_TO}|苹果)"
    rf"|(?P<harmony>鸿蒙|{_FROM}(?:(?:open)?harmony ?(?:os)?(?: ?next)?|ohos){_TO})"
    rf"|(?P<windows>{_FROM}(?:windows(?: nt)?{_TO}|win(?=\d)))"
    rf"|(?P<macos>{_FROM}mac(?: ?os(?: x)?)?{_TO})"
    rf"|(?P<devtools>开发者工具|开发工具|模拟器|{_FROM}(?:devtools?|simulator){_TO})"
)
_SYSTEM: Final = re.compile(
    rf"(?:{SYSTEM})(?:系统|手机|版本|[\s:=v_/-]){{0,4}}(?P<number>\d{{1,9}}(?:[._]\d{{1,9}}){{0,4}})?",
    re.IGNORECASE,
)


class OperatingSystem(NamedTuple):
    """A system and its version; either may be empty."""

    platform: Platform | str = ""
    version: str = ""


def system(text: str) -> OperatingSystem:
    """The first system that ``text`` names: ``Android 13``, ``iOS 17.1.2``, ``iPhone OS 17_1``."""
    found = _SYSTEM.search(text)
    if found is None:
        return OperatingSystem()
    return OperatingSystem(platform_of(found), (found["number"] or "").replace("_", "."))


def platform_of(found: re.Match[str]) -> Platform:
    """Which platform a match of ``SYSTEM`` names."""
    return next(platform for platform in Platform if found[platform.value])
