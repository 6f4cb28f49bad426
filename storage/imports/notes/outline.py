"""A note's Markdown as headings with the blocks below each, and its front matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import yaml
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.front_matter import front_matter_plugin
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from storage.imports.import_item import ImportLink
from storage.imports.notes.links import bare_links
from storage.imports.notes.scoring import any_of, whole

#: No paragraph, cell or item holds more links.
_MOST_BRACKETS: Final = 2_000
_CODE: Final = frozenset({"fence", "code_block"})
_HTML: Final = frozenset({"html_block", "html_inline"})


@dataclass(frozen=True, slots=True)
class OutlineBlock:
    """A paragraph, a list, a table, …: the lines that it takes, and what it is made of.

    ``begin`` and ``end`` count lines from 0; ``end`` is the first line after it.
    """

    begin: int
    end: int
    node: SyntaxTreeNode

    @property
    def text(self) -> str:
        """Its words without Markdown, code and addresses."""
        return plain(self.node)


@dataclass(slots=True)
class OutlineSection:
    """A heading (the root's is the note's title) with the blocks and the headings below it.

    ``level`` is 0 for the root; ``begin`` is the line of its heading, ``body``
    the first line below that, and ``end`` the first line after all that stands there.
    """

    heading: str
    level: int
    begin: int
    body: int
    end: int
    blocks: list[OutlineBlock] = field(default_factory=list)
    children: list[OutlineSection] = field(default_factory=list)

    @property
    def leaves(self) -> Iterator[OutlineSection]:
        """The headings below it (or itself) that have none below them."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves

    @property
    def whole(self) -> list[OutlineBlock]:
        """All blocks below the heading, those of its children included."""
        return [*self.blocks, *(block for child in self.children for block in child.whole)]


@dataclass(frozen=True, slots=True)
class Outline:
    """A note as it is built.

    ``lines`` are those that the blocks count; ``added`` of them, at the
    beginning, do not stand in the file. ``definitions`` are links that stand
    on lines of their own: the line of each, and the link.
    """

    head: FrontMatter
    root: OutlineSection
    lines: list[str]
    added: int
    definitions: tuple[tuple[int, ImportLink], ...]

    def source(self, begin: int, end: int) -> str:
        """The Markdown of some lines."""
        return "\n".join(self.lines[begin:end]).strip("\n")


def outline(text: str) -> Outline:
    """A note's headings, and what stands below them.

    Args:
        text: the whole file, with line breaks of any sort.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    added = int(lacks_its_opening(lines))
    if added:
        lines.insert(0, "---")
    found: dict[str, dict[str, dict[str, object]]] = {}
    parser = MarkdownIt("js-default", {"html": True}).use(front_matter_plugin)
    parser.core.ruler.before("inline", "tame", _tame)
    nodes = SyntaxTreeNode(parser.parse("\n".join(lines), found)).children
    head = FrontMatter()
    root = OutlineSection("", 0, 0, 0, len(lines))
    path = [root]
    for node in nodes:
        begin, end = node.map or (0, 0)
        if node.type == "front_matter":
            head = read_front_matter(node.content)
            root.begin = root.body = end
        elif node.type == "heading":
            level = int(node.tag[1:])
            while path[-1].level >= level:
                path.pop().end = begin
            section = OutlineSection(plain(node, code=True).strip(), level, begin, end, len(lines))
            path[-1].children.append(section)
            path.append(section)
        else:
            path[-1].blocks.append(OutlineBlock(begin, end, node))
    root.heading = head.title.strip()
    definitions = (
        (place[0], ImportLink(str(one["href"]), str(one.get("title", ""))))
        for one in found.get("references", {}).values()
        if isinstance(place := one.get("map"), list)
    )
    return Outline(head, root, lines, added, tuple(sorted(definitions)))


def _tame(state: StateCore) -> None:
    """Escape brackets that are too many to be of links: each is looked for in all that follows."""
    for token in state.tokens:
        if token.type == "inline" and token.content.count("[") > _MOST_BRACKETS:
            token.content = token.content.replace("[", "\\[")


def plain(node: SyntaxTreeNode, *, code: bool = False) -> str:
    """The words of a node without their Markdown.

    Args:
        node: a block or a part of one.
        code: keep the backticks around inline code.
    """
    match node.type:
        case "text":
            return node.content
        case "code_inline":
            return f"`{node.content}`" if code else node.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "image":
            return f"\n{node.content}\n"
        case kind if kind in _CODE or kind in _HTML:
            return ""
    words = "".join(plain(child, code=code) for child in node.children)
    return f"{words}\n\n" if node.block and node.type != "inline" else words


def code_in(node: SyntaxTreeNode) -> Iterator[str]:
    """The blocks of code in a node."""
    for one in node.walk():
        if one.type in _CODE:
            yield one.content


def links_in(blocks: Iterable[OutlineBlock]) -> Iterator[ImportLink]:
    """The links that stand in blocks, written in any of Markdown's ways or bare."""
    for block in blocks:
        for node in block.node.walk():
            if node.type == "link":
                yield ImportLink(str(node.attrs.get("href", "")), plain(node).strip())
            elif node.type in _HTML or (node.type == "text" and not _in_link(node)):
                yield from bare_links(node.content)


def _in_link(node: SyntaxTreeNode) -> bool:
    return node.parent is not None and node.parent.type == "link"


# The head of a note: title, date and tags, as blogs write them above the text


_DASHES: Final = "---"


#: No blog writes more above a text; a longer head is text.
_LONGEST: Final = 16_000


#: Without its opening line, a head is told from a heading underlined with dashes by these.
_USUAL: Final = re.compile(
    r"(?:title|date|updated|tags|categories|layout|permalink|author|draft|slug|description)\s*:",
)


_DAY: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")


class FrontMatter(BaseModel):
    """What of a note's head is of use here; whatever else it says is left out.

    ``day`` is ISO 8601; a value of a sort that it can't be counts as not said.
    """

    model_config = ConfigDict(frozen=True)

    title: str = ""
    day: str = ""
    tags: tuple[str, ...] = ()

    @field_validator("title", mode="before")
    @classmethod
    def _only_text(cls, value: object) -> str:
        return value if isinstance(value, str) else ""

    @field_validator("day", mode="before")
    @classmethod
    def _only_days(cls, value: object) -> str:
        return day_in(value) if isinstance(value, str) else ""

    @field_validator("tags", mode="before")
    @classmethod
    def _only_words(cls, value: object) -> tuple[str, ...]:
        if isinstance(value, str):
            return tuple(word for word in re.split(r"[,，、;；]", value) if word.strip())
        listed = value if isinstance(value, list) else []
        return tuple(one for one in listed if isinstance(one, str))


def day_in(text: str) -> str:
    """The first day that ``text`` names, as ISO 8601; empty if it names none."""
    found = _DAY.search(text)
    if found is None:
        return ""
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        return ""


def lacks_its_opening(lines: list[str]) -> bool:
    """Whether ``lines`` begin with front matter, and without the dashes above it."""
    first = next((line for line in lines[:5] if line.strip()), "")
    if not _USUAL.match(first.lower()):
        return False
    size = 0
    for line in lines:
        if line.rstrip() == _DASHES:
            return True
        size += len(line)
        if size > _LONGEST or line.startswith("#") or re.match(r"\s*```", line):
            return False
    return False


def read_front_matter(head: str) -> FrontMatter:
    """What the lines between the dashes say; nothing, if they can't be read.

    The loader makes no values but text, lists and mappings, so that no date,
    number or reference can do harm by being made.
    """
    if len(head) > _LONGEST:
        return FrontMatter()
    try:
        text: Any = yaml.load(head, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return FrontMatter()
    if not isinstance(text, dict):
        return FrontMatter()
    named = {str(name).lower(): value for name, value in text.items() if isinstance(name, str)}
    try:
        return FrontMatter(
            title=named.get("title"),
            day=named.get("date") or named.get("updated"),
            tags=named.get("tags") or named.get("tag"),
        )
    except (ValidationError, RecursionError):
        return FrontMatter()


# Rows of tables that state a problem: dos and don'ts, errors and remedies


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
        text = cells[place] if place < len(cells) else ""
        if _NOTHING.fullmatch(text):
            continue
        about = cells[subject] if subject is not None and subject < len(cells) else ""
        if not any(sign.isalpha() for sign in text):
            text = f"{names[place]} {text}"
        before = [one for one in (about if about not in text else "", called) if one]
        line = node.map[0] if node.map else 0
        words = tuple(f"{name}: {cell}" for name, cell in zip(names, cells, strict=False))
        yield ProblemRow(": ".join([*before, text]), words, line, node)


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
