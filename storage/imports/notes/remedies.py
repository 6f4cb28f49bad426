"""The workaround in a part of a note, apart from what it says of the problem.

:func:`split` gives every line to exactly one of two texts, the notes or the workaround. Nothing
is left out but the words of a label that says no more than that a remedy follows.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from storage.imports.import_item import FixedIn, is_chinese
from storage.imports.notes.labels import NUMBER, LabelledLine, Role, labelled
from storage.imports.notes.scoring import any_of, whole
from storage.model.fields import NamedTuple
from storage.model.vocabulary import Axis

#: A label that says more than that a remedy follows keeps its words.
_PLAIN_REMEDY: Final = whole(
    """
    (?:临时|最终|目前|暂时)?的?(?:解决|规避|修复|处理|应对)(?:方案|办法|方法|方式|措施|建议|过程|步骤|思路)?
    方案 解法 对策 办法
    (?:怎么|如何)(?:解决|规避|处理|修复|避免)
    how_to_(?:fix|solve|avoid|work_around|resolve)(?:_(?:it|this|that))?
    """,
    "(?:the_)?(?:fix(?:es)?|solutions?|resolutions?|work-?_?arounds?|remed(?:y|ies)|mitigations?)",
)
#: What says that there is no remedy.
_NO_REMEDY: Final = whole(
    """
    无 没有 暂无 未知 待(?:定|补充|解决|官方(?:修复|解决|回复)) 无解
    (?:目前|暂时?)?(?:无|没有?|未找到)(?:好的?|什么)?(?:解决|规避)?(?:方案|办法|方法)?(?:[，,。；;、]*(?:只能|先)?(?:坐?等|待|已反馈|已上报).{0,16})?
    (?:目前|暂时)?(?:只能|先)?(?:坐等|等待?)(?:官方|微信|企业微信|企微|腾讯)?(?:的?(?:修复|更新|解决|回复|支持))?
    """,
    "none(?:_(?:yet|so_far|known))? unknown tbd todo"
    r" n/?a no(?:_known)?_(?:fix|solution|workaround)(?:_yet)?(?:\W+wait.{0,30})?"
    r" nothing(?:_helps)?"
    r" (?:none\W+)?wait(?:ing)?_for_.{0,30}",
)
#: What advises a person to do something.
ADVICE: Final = any_of(
    """
    改[用成为]? 换[成用]? 用 将(?!会|要|来) 加[上个一]? 设[置为]? 调[用整到]? 把 使用 需要? 请
    可以 应该? 建议 避免 不要 删 升级 降级 重启 重新 手动 必须
    增加 移除 关闭 开启 打开 取消 放到 写[成到]? 包一层 先 延[迟时] 去 检查 确[认保] 统一 自己 替换
    """,
    """
    use set add remove replace change call wrap upgrade downgrade restart disable enable avoid
    instead should try put move switch make_sure need_to must keep check delay pass give ask wait
    """,
)
_SYMPTOMATIC: Final = any_of(
    """
    偶现 必现 偶尔 只在 仅在 都会 就会 报错 出现 崩溃 白屏 闪退 没有?反应 无法 不能 失败 无效 复现
    正常 机型
    """,
    "only_(?:on|in|when) always sometimes happens? fails? crash(?:es)? never doesn['’]t"
    " can['’]t reproduc.{1,6}",
)
#: Words that are fewer letters and advise nothing are a remark.
_SHORTEST_REMEDY: Final = 4
_NONE_KNOWN: Final = re.compile(
    r"\W*(?:(?:目前|暂时?|还)?(?:无|没有?|未找到)(?:好的?|什么|有效的?)?(?:解决|规避)(?:方案|办法|方法)?"
    r"|none (?:known|yet)|no (?:known )?(?:fix|workaround|solution))",
    re.I,
)
#: What speaks of the note itself, or only guesses.
_ABOUT_THE_TEXT: Final = re.compile(
    r"本(?:文|节|组件|章|篇|页)|目录|详看|摘[选自]|转载|原文|来源[:：]|[?？]\W*$"
    r"|\b(?:this (?:page|section|note|post|article)|source:|taken from|back to top)\b",
    re.I,
)
_CAUSE: Final = re.compile(r"\s*(?:因为|由于|原因|because|since|due to|caused by)", re.I)
#: Labels that nobody writes but below a problem.
_REMEDIES: Final = re.compile(
    r"解决|规避|修复|绕|处理|应对|办法|对策|fix|work-?\s?around|solution|remed|how to avoid", re.I
)


class SplitText(NamedTuple):
    """A part of a note: its notes, its workaround, and the symptom alone, all in Markdown."""

    notes: str
    workaround: str
    symptom: str
    has_symptom: bool = False
    has_remedy: bool = False


def split(source: str, *, nested: bool = False) -> SplitText:
    """A text without its remedies, these alone, and what it says of the problem itself.

    Args:
        source: Markdown.
        nested: whether what is nested or quoted below its first line is a remedy, unless
            labels or its own words say something else.
    """
    lines = _answers(labelled(source))
    has_labels = any(one.role is Role.REMEDY for one in lines)
    if not has_labels:
        lines = _quoted_remedies(lines, nested=nested)
    workaround = _joined_remedies(lines)
    if not _says_something(workaround):
        lines = [
            replace(one, role=None, text=one.line) if one.role is Role.REMEDY else one
            for one in lines
        ]
        workaround = ""
    kept = [one for one in lines if one.role is not Role.REMEDY]
    wording = [one for one in kept if one.role in (None, Role.SYMPTOM, Role.ERROR)]
    return SplitText(
        _text(one.line for one in kept) if workaround else source,
        workaround,
        _text(one.text for one in wording),
        any(one.label and one.label.role in (Role.SYMPTOM, Role.ERROR) for one in lines),
        any(one.label and _REMEDIES.search(one.label.words) for one in lines)
        or (has_labels and any(one.label and one.label.role is Role.CAUSE for one in lines)),
    )


def _answers(lines: Sequence[LabelledLine]) -> list[LabelledLine]:
    """Answers that say what to do are remedies; others are what they are."""
    wording = "\n".join(one.text for one in lines if one.role is Role.ANSWER and not one.is_code)
    role = Role.REMEDY if ADVICE.search(wording) else None
    return [
        replace(one, role=role, text=one.text if role else one.line)
        if one.role is Role.ANSWER
        else one
        for one in lines
    ]


def _quoted_remedies(lines: list[LabelledLine], *, nested: bool) -> list[LabelledLine]:
    """The lines, with what is quoted or nested below the first one as its remedy."""
    runs = list(_runs(lines, nested=nested))
    found = list(lines)
    for begin, end, is_quote in runs:
        said = "\n".join(one.line.strip("> \t") for one in lines[begin:end])
        before = next((one.line for one in reversed(lines[:begin]) if one.line.strip()), "")
        advises = bool(ADVICE.search(said))
        quotes = bool(_MACHINE_LIKE.search(said))
        if any(one.label for one in lines[begin:end]) or _ABOUT_THE_TEXT.search(said):
            continue
        if (announces_error(before) and (quotes or not advises)) or (quotes and not advises):
            continue
        if (
            _CAUSE.match(said)
            or _NONE_KNOWN.match(said)
            or (not advises and len(said) < _SHORTEST_REMEDY)
        ):
            continue
        if not advises and (not nested or _SYMPTOMATIC.search(said)):
            continue
        if not nested and before.rstrip().endswith((":", "：")):
            continue
        texts = [_unquoted(one.line) if is_quote else one.line for one in lines[begin:end]]
        if not is_quote:
            texts = _unlisted(texts)
        for place, text in zip(range(begin, end), texts, strict=True):
            found[place] = replace(lines[place], role=Role.REMEDY, text=text)
    return found


_MACHINE_LIKE: Final = re.compile(
    r":\s?fail\b|Error\b\s?[:：]|Exception|errcode|undefined|cannot |失败|错误码|not found|denied",
    re.I,
)
_BEFORE_AN_ERROR: Final = re.compile(
    r"(?:报错|报|错误|异常|提示|抛出?|日志|症状|控制台|输出|打印|返回"
    r"|(?<![a-z])(?:errors?|logs?|logged|console|exceptions?|messages?|says?|throws?|thrown|output|"
    r"fail(?:s|ed|ing)?|reports?|prints?|stderr|trace|complains?|with)(?![a-z]))"
    r"[^。.\n]{0,12}$",
    re.I,
)


def announces_error(line: str) -> bool:
    """Whether a line says, at its end, that the text of an error follows."""
    return _BEFORE_AN_ERROR.search(line.rstrip(" *_:：。.>")) is not None


def _runs(lines: Sequence[LabelledLine], *, nested: bool) -> Iterator[tuple[int, int, bool]]:
    """Runs of lines that are quoted, or nested in an item: begin, end, and whether quoted."""
    place = 0
    while place < len(lines):
        line = lines[place]
        is_quote = line.line.lstrip().startswith(">")
        is_nested = (
            nested and place > 0 and re.match(r"[ \t]*(?:[-*+•]|\d{1,3}[.)、])[ \t]", line.line)
        )
        if line.is_code or not (is_quote or is_nested):
            place += 1
            continue
        end = place + 1
        while end < len(lines) and _goes_on(lines[end], is_quote=is_quote):
            end += 1
        yield place, end, is_quote
        place = end


def _goes_on(line: LabelledLine, *, is_quote: bool) -> bool:
    if is_quote:
        return line.line.lstrip().startswith(">")
    return bool(line.line.strip()) or line.is_code


def _unquoted(line: str) -> str:
    return re.sub(r"^[ \t]*>[ \t]?", "", line)


def _unlisted(texts: Sequence[str]) -> list[str]:
    """The lines of a list; of a single item without its mark."""
    marks = [re.match(r"[ \t]*(?:[-*+•]|\d{1,3}[.)、])[ \t]+", text) for text in texts]
    first = marks[0]
    if first is not None and sum(mark is not None for mark in marks) == 1:
        return [
            texts[0][first.end() :],
            *(text.removeprefix(" " * first.end()) for text in texts[1:]),
        ]
    return list(texts)


def _joined_remedies(lines: Sequence[LabelledLine]) -> str:
    """The remedies, one below the other."""
    parts: list[list[str]] = []
    apart = True
    for one in lines:
        if one.role is not Role.REMEDY:
            apart = True
            continue
        if one.label is not None or apart:
            parts.append([])
        parts[-1].append(_with_label(one) if one.label is not None else one.text)
        apart = False
    texts = (_text(part) for part in parts)
    return "\n\n".join(text for text in texts if text)


def _with_label(line: LabelledLine) -> str:
    """A line that begins a remedy: with the words of its label, if these say something."""
    assert line.label is not None
    words, text = line.label.words, line.text
    if not words or line.label.role is not Role.REMEDY or _PLAIN_REMEDY.fullmatch(_bare(words)):
        return text
    return (
        f"{words}{'：' if text else ''}{text}"
        if is_chinese(words)
        else f"{words}: {text}".rstrip(": ")
    )


def _bare(words: str) -> str:
    found = NUMBER.match(words)
    words = words[found.end() :] if found and found.end() < len(words) else words
    return re.sub(r"(?:如下|就?[是为]|有[几两二三]种)$", "", words)


def _says_something(workaround: str) -> bool:
    bare = re.sub(r"[\W_]+$|^[\W_]+", "", workaround)
    return bool(bare) and _NO_REMEDY.fullmatch(bare) is None


def says_none_is_known(text: str) -> bool:
    """Whether a line of a text says that there is no remedy: 暂无解决方案."""
    return any(_NONE_KNOWN.match(line) for line in text.split("\n"))


def _text(lines: Iterable[str]) -> str:
    """Lines as a text, without the blank ones around it and more than one between two."""
    text = textwrap.dedent("\n".join(lines)).strip("\n").rstrip()
    return re.sub(r"\n{3,}", "\n\n", text)


# Marks of being solved

#: What says of a problem that it is solved.
_SOLVED_WORDS: Final = (
    r"(?:官方)?已经?(?:在? ?[\w. ]{1,16}(?:版本?|中)?)?(?:修复|解决|处理|修正)"
    r"(?:了|于 ?[vV]?\d[\w.]{1,15})?"
    r"|(?:fixed|solved|resolved|done|closed)(?: (?:in|since|by|with) [\w. ]{1,24})?"
)
#: The version or the day that stands beside it.
_SOLVED_IN: Final = r"(?: ?[（(][\w., /-]{1,24}[)）]|[,，:： ] ?[vV]?\d[\w.]{1,16})?"
SOLVED: Final = re.compile(
    rf" ?[（(【\[] ?[✅✔☑]? ?(?:{_SOLVED_WORDS}){_SOLVED_IN} ?[)）】\]]"
    rf"| ?(?:[-–—✅✔☑✓]\ufe0f? ?){{1,4}}(?:{_SOLVED_WORDS}){_SOLVED_IN} ?$"
    rf"|^[✅✔☑✓]\ufe0f? ?(?:{_SOLVED_WORDS}) ?[:：、—–-]? ?|~~",
    re.I,
)
_BY_VENDOR: Final = re.compile(r"官方|fixed upstream", re.I)
#: A line that gives the state, below the heading.
_SOLVED_LINE: Final = re.compile(
    rf"^[^\w\n]{{0,12}}(?:当前)?(?:状态|status)[ *_]{{0,4}}[:：][ *_]{{0,4}}[✅✔☑✓]?\ufe0f? ?"
    rf"(?:{_SOLVED_WORDS})|^[^\w\n]{{0,12}}[✅✔☑✓]\ufe0f? ?(?:{_SOLVED_WORDS})[ 。.]{{0,3}}$",
    re.I | re.M,
)


def said_to_be_solved(first: str, heading: str, source: str, state: str) -> str:
    """What says that a problem is solved, as it was written; empty if nothing does.

    Args:
        first: its first line in Markdown; heading: the same in words.
        source: its Markdown.
        state: what a table says of its state.
    """
    if re.fullmatch(rf"[\W_]*(?:{_SOLVED_WORDS}){_SOLVED_IN}[\W_]*", state, re.I):
        return state
    if re.search(r"~~(?=\S).+?~~", first):
        return "~~"
    if mark := next((m for m in SOLVED.finditer(heading) if m.group() != "~~"), None):
        return " ".join(mark.group().split())
    line = _SOLVED_LINE.search(source)
    return " ".join(line.group().split()) if line else ""


#: “官方已在 4.0.16 修复”, “已修复于 4.0.16”, “4.1.8 已修复”, “fixed in WeCom 4.0.16”.
_VERSION: Final = (
    r"(?:(?P<{0}of>企业微信|企微|微信|基础库|开发者工具|安卓|客户端"
    r"|iOS|Android|WeCom|WeChat|base library|library|DevTools|client)(?:端|版本?|客户端)?\s?)?"
    r"(?:版本|version|v\.?)?\s?(?P<{0}number>\d{{1,2}}(?:\.\d{{1,8}}){{1,3}})"
)
_FIXED_IN: Final = re.compile(
    r"(?<![未没不])(?:已经?)?修复(?:于|版本\s?[:：])\s?"
    + _VERSION.format("a")
    + r"|(?:在|自|从)?\s?"
    + _VERSION.format("b")
    + r"\s?(?:版本?)?\s?(?:中|里|起)?\s?[,，]?(?:官方|企业微信|微信)?(?:已经?|中已)"
    + r"(?:被|得到)?(?:修复|解决)"
    + r"|(?<!not )(?<!n't )\bfixed\s(?:upstream\s)?(?:in|since|by|with)\s"
    + _VERSION.format("c")
    + r"|\bfix(?:ed)? version\s?:\s?"
    + _VERSION.format("d"),
    re.I,
)


def fixed_in(text: str, *, named: bool = False) -> FixedIn | None:
    """The version in which the vendor fixed a problem, if a text says so.

    Args:
        text: words.
        named: whether the app or the base library has to be named with it, since versions of
            the team's own product are written in the same way.
    """
    for found in _FIXED_IN.finditer(text):
        groups = found.groupdict()
        number = next(groups[f"{one}number"] for one in "abcd" if groups[f"{one}number"])
        of = next((groups[f"{one}of"] for one in "abcd" if groups[f"{one}of"]), "").lower()
        around = text[max(0, found.start() - 8) : found.end()]
        official = _BY_VENDOR.search(around) is not None
        if not of and (named or not (official or number.split(".")[0] in "45678")):
            continue
        axis = Axis.CLIENT
        if of in ("基础库", "base library", "library"):
            axis = Axis.LIBRARY
        elif of in ("开发者工具", "devtools"):
            axis = Axis.DEVTOOLS
        return FixedIn(axis, number, found.group().strip(), official)
    return None


def is_fixed_by_vendor(mark: str) -> bool:
    """Whether a mark says that the vendor solved it."""
    return _BY_VENDOR.search(mark) is not None
