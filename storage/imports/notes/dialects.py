"""What people write instead of Markdown's own signs: HTML, ``1、``, ``（1）``, ``一、``, ``##A``.

Each line stays where it is, so that what is read out of it can be named with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Final

from storage.model.fields import NamedTuple

_FENCE: Final = re.compile(r"[ \t]*(?:[-*+][ \t]+|\d{1,3}[.)][ \t]+)?(`{3,}|~{3,})")

# HTML, as far as notes hold it: a tag or a pair of them on a line, and tables

_BLOCK: Final = r"(?:p|div|ul|ol|li|section|article|center|details|blockquote|dl|dt|dd)"
_HEADING: Final = re.compile(r"\s*<h([1-6])\b[^>]*>(.*?)</h\1>\s*", re.I)
_SUMMARY: Final = re.compile(r"\s*(?:<details\b[^>]*>)?\s*<summary\b[^>]*>(.*?)</summary>\s*", re.I)
_ITEM: Final = re.compile(r"(\s*)<li\b[^>]*>(.*?)(?:</li>\s*(?:</[uo]l>)?)?\s*", re.I)
_QUOTE: Final = re.compile(r"\s*<blockquote\b[^>]*>(.+?)(?:</blockquote>)?\s*", re.I)
_PRE: Final = re.compile(
    r"\s*<pre\b[^>]*>\s*(?:<code\b[^>]*>)?(.*?)(</code>)?\s*(</pre>)?\s*", re.I
)
_PARAGRAPH: Final = re.compile(rf"\s*<{_BLOCK}\b[^>]*>(.*?)(?:</{_BLOCK}>)?\s*", re.I)
_TAGS_ALONE: Final = re.compile(rf"\s*(?:</?{_BLOCK}\b[^>]*>\s*)+", re.I)
_CLOSING: Final = re.compile(rf"(.*\S)\s*</{_BLOCK}>\s*", re.I)
_INLINE: Final = (
    (re.compile(r"<(?:code|kbd|tt)\b[^>]*>([^`<]*)</(?:code|kbd|tt)>", re.I), r"`\1`"),
    (re.compile(r"</?(?:b|strong)\b[^>]*>", re.I), "**"),
    (re.compile(r"</?(?:del|s|strike)\b[^>]*>", re.I), "~~"),
    (re.compile(r"<a\b[^>]*?href=[\"']([^\"']+)[\"'][^>]*>(.*?)</a>", re.I), r"[\2](\1)"),
    (re.compile(r"</?(?:em|i|u|span|font|br|p)\b[^>]*/?>", re.I), " "),
)
_TABLE: Final = re.compile(r"\s*(?:<(?:div|center|p)\b[^>]*>\s*)?<table\b", re.I)
#: No table of a note is longer, in lines.
_LONGEST_TABLE: Final = 2_000


class HtmlTable(NamedTuple):
    """A table that is written in HTML.

    Args:
        begin, end: its lines, from 0; ``end`` is the first one after it.
        markdown: the same as Markdown: its head, the line below that, and its rows.
        rows: where each of its rows begins, the head's included.
    """

    begin: int
    end: int
    markdown: tuple[str, ...]
    rows: tuple[int, ...]


def html_as_markdown(lines: Sequence[str]) -> tuple[list[str], list[HtmlTable]]:
    """The lines with HTML written as Markdown, and the tables, whose lines stay as they are."""
    found: list[str] = []
    tables: list[HtmlTable] = []
    fence = ""
    while len(found) < len(lines):
        line = lines[len(found)]
        mark = _FENCE.match(line)
        if fence == "</pre>":
            closed = line.lower().rfind(fence)
            found.append("```" if closed >= 0 else line)
            fence = "" if closed >= 0 else fence
        elif fence or mark:
            is_end = mark and fence and mark[1].startswith(fence)
            fence = "" if is_end else fence or (mark[1] if mark else "")
            found.append(line)
        elif _TABLE.match(line) and (table := _table(lines, len(found))):
            tables.append(table)
            found += lines[table.begin : table.end]
        elif (pre := _PRE.fullmatch(line)) and not pre[3] and not pre[1].strip():
            fence = "</pre>" if _closes_later(lines, len(found)) else ""
            found.append("```" if fence else "")
        else:
            found.append(_as_markdown(line) if "<" in line else line)
    return found, tables


def _closes_later(lines: Sequence[str], place: int) -> bool:
    """Whether a ``<pre>`` is closed on a line that holds nothing else."""
    following = lines[place + 1 : place + _LONGEST_TABLE]
    closing = next((one for one in following if "</pre>" in one.lower()), "")
    return re.fullmatch(r"\s*(?:</code>)?\s*</pre>\s*", closing, re.I) is not None


def _as_markdown(line: str) -> str:
    if match := _HEADING.fullmatch(line):
        return f"{'#' * int(match[1])} {_inline(match[2])}"
    if match := _SUMMARY.fullmatch(line):
        # What is folded away is a topic of its own.
        return f"###### {_inline(match[1])}"
    if _TAGS_ALONE.fullmatch(line):
        return ""
    if match := _ITEM.fullmatch(line):
        return f"{match[1]}- {_inline(match[2])}"
    if match := _QUOTE.fullmatch(line):
        return f"> {_inline(match[1])}"
    if (match := _PRE.fullmatch(line)) and match[3] and "`" not in match[1]:
        return f"`{match[1].strip()}`"
    if match := _PARAGRAPH.fullmatch(line):
        return _inline(match[1])
    if match := _CLOSING.fullmatch(line):
        return _inline(match[1])
    return line


def _inline(text: str) -> str:
    for pattern, sign in _INLINE:
        text = pattern.sub(sign, text)
    return text.strip()


def _table(lines: Sequence[str], begin: int) -> HtmlTable | None:
    """The table that begins on a line; None if it is more, or less, than rows of cells."""
    reader = _TableReader()
    for place in range(begin, min(len(lines), begin + _LONGEST_TABLE)):
        reader.line = place
        reader.feed(f"{lines[place]}\n")
        if reader.is_done:
            break
    rows = [(line, cells) for line, cells in reader.rows if cells]
    if not reader.is_done or reader.has_more or len(rows) < 2:
        return None
    width = max(len(cells) for _line, cells in rows)
    marked = [f"| {' | '.join([*cells, *[''] * (width - len(cells))])} |" for _line, cells in rows]
    rule = "|" + " --- |" * width
    return HtmlTable(
        begin,
        reader.line + 1,
        (marked[0], rule, *marked[1:]),
        tuple(line for line, _cells in rows),
    )


class _TableReader(HTMLParser):
    """The cells of the first table that it is fed, as Markdown; ``line`` is that of what comes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.line = 0
        self.rows: list[tuple[int, list[str]]] = []
        self.is_done = False
        #: Whether words stand beside its cells.
        self.has_more = False
        self._depth = 0
        self._cell: list[str] | None = None
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
        elif self._depth != 1 or self.is_done:
            return
        elif tag == "tr":
            self._end_cell()
            self.rows.append((self.line, []))
        elif tag in ("td", "th") and self.rows:
            self._end_cell()
            self._cell = []
        elif self._cell is not None:
            if tag == "a":
                self._address = dict(attrs).get("href") or ""
            self._cell.append({"code": "`", "a": "[", "b": "**", "strong": "**"}.get(tag, " "))

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._depth -= 1
            self._end_cell()
            self.is_done = self.is_done or self._depth <= 0
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._end_cell()
        elif self._cell is not None:
            closing = {"code": "`", "a": f"]({self._address})", "b": "**", "strong": "**"}
            self._cell.append(closing.get(tag, " "))

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data.replace("|", "\\|"))
        elif data.strip():
            self.has_more = True

    def _end_cell(self) -> None:
        if self._cell is not None:
            self.rows[-1][1].append(" ".join("".join(self._cell).split()))
        self._cell = None


# Lists and headings

#: What people write for a list that Markdown does not know: ``1、``, ``1）``, ``（1）``, ``①``.
_COUNTED: Final = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<number>\d{1,2})(?:[、．）]\s*|\)(?=\S))(?=\S)"
    r"|[（(](?P<in>\d{1,2})[)）][、.．]?\s*(?=\S)"
    r"|(?P<circled>[①-⑳])\s*(?=\S)|(?P<bullet>[•●○▪·])\s*(?=\S))"
)
_TIGHT_HEADING: Final = re.compile(r"(#{2,6})(?=[^#\s])")
_PARTED: Final = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]\s*\S.{0,40}")
_NUMBERED: Final = re.compile(r"(?:\d{1,2}[、.．)）]|[（(]\d{1,2}[)）])\s*\S")
#: ``2)``: a line that may go on with the numbering of the heading above it.
_GOING_ON: Final = re.compile(r"(?:#{1,6}\s*)?[（(]?(\d{1,2})[、．.)）](?!\d)\s*\S")
#: More of a line is no heading.
_LONGEST_HEADING: Final = 80


def as_meant(lines: Sequence[str]) -> Iterator[str]:
    """The lines with lists and headings in Markdown's own signs; none is added or taken away."""
    fence = ""
    parts = _parts(lines)
    level = number_above = 0
    for place, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence or mark:
            is_end = mark and fence and mark[1].startswith(fence)
            fence = "" if is_end else fence or (mark[1] if mark else "")
            yield line
            continue
        counted = _GOING_ON.match(line)
        number_here = int(counted[1]) if counted else 0
        heading = re.match(r"#{1,6}(?=\s)|#{2,6}(?=[^#\s])", line)
        if heading:
            level, number_above = len(heading.group()), number_here
        elif number_here == 1:
            # A list of its own, such as steps, stands below the heading.
            number_above = 0
        if place in parts:
            yield f"{'#' * min(6, level + 1)} {line}"
        elif (
            number_above
            and number_here == number_above + 1
            and not line.startswith("#")
            and len(line) <= _LONGEST_HEADING
        ):
            number_above = number_here
            yield f"{'#' * level} {line}"
        elif found := _COUNTED.match(line):
            number = found["number"] or found["in"]
            if found["circled"]:
                number = str(ord(found["circled"]) - ord("①") + 1)
            sign = f"{number}. " if number else "- "
            yield f"{found['indent']}{sign}{line[found.end() :]}"
        else:
            yield _TIGHT_HEADING.sub(r"\1 ", line, count=1) if line.startswith("##") else line


def _parts(lines: Sequence[str]) -> set[int]:
    """The places of ``一、``, ``二、`` … that stand above lists of their own, as headings do."""
    marks = [place for place, line in enumerate(lines) if _PARTED.fullmatch(line.rstrip())]
    ends = [*marks[1:], len(lines)]
    if len(marks) < 2:
        return set()
    above_lists = [
        any(_NUMBERED.match(line) for line in lines[mark + 1 : end])
        for mark, end in zip(marks, ends, strict=True)
    ]
    return set(marks) if 2 * sum(above_lists) > len(marks) else set()
