"""A note's Markdown as headings with the blocks below each, and its front matter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
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
from storage.imports.notes.dialects import HtmlTable, as_meant, html_as_markdown
from storage.imports.notes.links import bare_links

#: No paragraph, cell or item holds more links.
_MOST_BRACKETS: Final = 2_000
_CODE: Final = frozenset({"fence", "code_block"})
_HTML: Final = frozenset({"html_block", "html_inline"})
#: Tags that only set words apart.
_FORMATTING: Final = re.compile(
    r"<!|</?(?:a|abbr|b|big|br|center|cite|code|del|details|dd|div|dl|dt|em|font|h[1-6]|hr|i|iframe"
    r"|img|ins|kbd|li|mark|ol|p|pre|s|script|section|small|span|strike|strong|style|sub|summary|sup"
    r"|table|tbody|td|th|thead|tr|tt|u|ul)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class OutlineBlock:
    """A paragraph, a list, a table, …: the lines that it takes, and what it is made of.

    ``begin`` and ``end`` count lines from 0; ``end`` is the first line after it. ``markdown`` is a
    table that is written in HTML, line by line.
    """

    begin: int
    end: int
    node: SyntaxTreeNode
    markdown: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Its words without Markdown, code and addresses."""
        return plain(self.node)


@dataclass(slots=True)
class OutlineSection:
    """A heading (the root's is the note's title) with the blocks and the headings below it.

    ``level`` is 0 for the root; ``begin`` is the line of its heading, ``body``
    the first line below that, and ``end`` the first line after all that stands there.
    ``is_listed`` says that the heading is an item of a list, as in ``1. ### Heading``;
    ``links`` stand in the heading itself.
    """

    heading: str
    level: int
    begin: int
    body: int
    end: int
    is_listed: bool = False
    links: tuple[ImportLink, ...] = ()
    blocks: list[OutlineBlock] = field(default_factory=list)
    children: list[OutlineSection] = field(default_factory=list)

    @property
    def sections(self) -> Iterator[OutlineSection]:
        """Itself and all headings below it, in the order of the note."""
        yield self
        for child in self.children:
            yield from child.sections

    @property
    def own_end(self) -> int:
        """The first line after what stands right below the heading."""
        return self.children[0].begin if self.children else self.end

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
    lines, tables = html_as_markdown(lines)
    added = int(lacks_its_opening(lines))
    if added:
        lines.insert(0, "---")
    found: dict[str, dict[str, dict[str, object]]] = {}
    parser = MarkdownIt("js-default", {"html": True}).use(front_matter_plugin)
    parser.core.ruler.before("inline", "tame", _tame)
    nodes = SyntaxTreeNode(parser.parse("\n".join(as_meant(lines)), found)).children
    shown = {table.begin + added: table for table in tables}
    hidden = {line for table in tables for line in range(table.begin + added, table.end + added)}
    head = FrontMatter()
    root = OutlineSection("", 0, 0, 0, len(lines))
    path = [root]
    for node, begin in _with_listed_headings(nodes):
        end = node.map[1] if node.map else 0
        if table := shown.get(begin):
            path[-1].blocks.append(_html_table(parser, table, added))
        if begin in hidden:
            continue
        if node.type == "front_matter":
            head = read_front_matter(node.content)
            root.begin = root.body = end
        elif node.type == "heading":
            level = int(node.tag[1:])
            while path[-1].level >= level:
                path.pop().end = begin
            section = OutlineSection(
                plain(node, code=True).strip(), level, begin, end, len(lines), node.level > 0
            )
            section.links = tuple(links_in([OutlineBlock(begin, end, node)]))
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


def _html_table(parser: MarkdownIt, table: HtmlTable, added: int) -> OutlineBlock:
    """A table in HTML as a block, whose rows know where they stand in the file."""
    tokens = parser.parse("\n".join(table.markdown))
    ends = [*table.rows[1:], table.end]
    rows = (token for token in tokens if token.type == "tr_open")
    for token, begin, end in zip(rows, table.rows, ends, strict=False):
        token.map = [begin + added, max(begin + 1, end) + added]
    node = SyntaxTreeNode(tokens).children[0]
    return OutlineBlock(table.begin + added, table.end + added, node, table.markdown)


def _with_listed_headings(nodes: Iterable[SyntaxTreeNode]) -> Iterator[tuple[SyntaxTreeNode, int]]:
    """Top-level nodes and the line of each, with lists of headings taken apart."""
    for node in nodes:
        items = node.children if node.type.endswith("_list") else []
        if not any(item.children and item.children[0].type == "heading" for item in items):
            yield node, node.map[0] if node.map else 0
            continue
        for item in items:
            for place, child in enumerate(item.children):
                begin = item.map if place == 0 else child.map
                yield child, begin[0] if begin else 0


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
        case "html_inline" if not _FORMATTING.match(node.content):
            # The tag of a component that nobody put between code marks.
            return node.content
        case kind if kind in _CODE or kind in _HTML:
            return ""
    words = "".join(plain(child, code=code) for child in node.children)
    return f"{words}\n\n" if node.block and node.type != "inline" else words


def plain_words(markdown: str) -> str:
    """Markdown without its links and stress, but with its code marks."""
    return re.sub(r"\*\*|!?\[([^\[\]]*)\]\([^)]*\)", r"\1", markdown).strip()


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
#: The keys that are of use, and for what.
_USED: Final = {"title": "title", "date": "day", "updated": "day", "tags": "tags", "tag": "tags"}
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


#: A value on the line of its key, or of its dash, that is not put in quotes, brackets or a block.
_PLAIN_VALUE: Final = re.compile(r"(\s*(?:- +)?[\w-]+:[ \t]+|\s*- +)(?=[^\s'\"\[{|>&*!])(.*\S)\s*$")
_TITLE: Final = re.compile(r"(title:[ \t]+)(?=[^\s'\"|>])(.*\S)\s*$", re.I)


def _as_written(head: str) -> str:
    """Front matter in which a plain value is all that stands on its line, ``#`` and ``:`` too."""
    lines = []
    for line in head.split("\n"):
        found = _TITLE.match(line) or _PLAIN_VALUE.match(line)
        is_pair = found and found[1].strip() == "-" and re.match(r"[\w-]+:\s", found[2])
        lines.append(
            f"{found[1]}{json.dumps(found[2], ensure_ascii=False)}"
            if found and not is_pair
            else line
        )
    return "\n".join(lines)


def unused_front_matter(lines: Iterable[str]) -> Iterator[int]:
    """The places of the lines of front matter that say something else than is of use here."""
    used = False
    seen: set[str] = set()
    for place, line in enumerate(lines):
        key = re.match(r"([\w-]+)\s*:", line)
        if key is not None:
            name = _USED.get(key[1].lower(), "")
            used = bool(name) and name not in seen
            seen.add(name)
        if not used and re.search(r"\w", line):
            yield place


def read_front_matter(head: str) -> FrontMatter:
    """What the lines between the dashes say; nothing, if they can't be read.

    The loader makes no values but text, lists and mappings, so that no date,
    number or reference can do harm by being made.
    """
    if len(head) > _LONGEST:
        return FrontMatter()
    try:
        said: Any = yaml.load(_as_written(head), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return FrontMatter()
    if not isinstance(said, dict):
        return FrontMatter()
    named = {str(name).lower(): value for name, value in said.items() if isinstance(name, str)}
    try:
        return FrontMatter(
            title=named.get("title"),
            day=named.get("date") or named.get("updated"),
            tags=named.get("tags") or named.get("tag"),
        )
    except (ValidationError, RecursionError):
        return FrontMatter()
