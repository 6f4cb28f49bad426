"""What the texts of one issue say: error texts, a remedy, the API that it is about, comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from html import unescape
from typing import Any, Final

from storage.imports.import_item import one_line
from storage.imports.notes.dialects import html_as_markdown
from storage.imports.notes.error_texts import error_texts
from storage.imports.notes.outline import day_in
from storage.paste import lines, template_labels
from storage.paste.template_labels import TemplateSection
from storage.text.zones import day_of

#: Code between fences, in Markdown and as Jira writes it.
_BLOCK: Final = re.compile(
    r"^(?P<fence>```+|~~~+)[^\n]*\n(?P<code>.*?)^(?P=fence)[ \t]*$"
    r"|\{(?P<mark>code|noformat)(?::[^}\n]*)?\}(?P<jira>.*?)\{(?P=mark)\}",
    re.MULTILINE | re.DOTALL,
)
_QUOTED: Final = re.compile(r"`([^`\n]{4,300})`|^>[ \t]?(\S.{3,300})$", re.MULTILINE)
_MOST_ERRORS: Final = 4
_REMEDY: Final = (
    r"(?:work[ -]?arounds?|solutions?|fix|remedy|resolution|临时方案"
    r"|(?:临时|最终)?(?:解决|规避|处理|绕过)(?:方案|办法|方法|措施)?)"
)
#: “Workaround: …”, “**解决方案**：…”, and a heading of that name.
_LABEL: Final = re.compile(
    rf"^(?:[^:\n]{{1,40}}:\s)?[\s>*_#【\[-]*{_REMEDY}[\s*_】\]]*(?:[:\uff1a][\s*_]*(?P<value>.*)|(?=$))",
    re.IGNORECASE,
)
#: “[步骤]”, “[结果]”, “[期望]”: the parts of a report in ZenTao.
_ZENTAOS_PART: Final = re.compile(r"^\s*[\[【](?:步骤|结果|期望)[\]】]\s*")
_EXPECTED: Final = re.compile(r"^\s*[\[【]期望")
_HEADING: Final = re.compile(r"^\s*(?:#{1,6}\s|\*\*[^*]+\*\*\s*$|【)")


# Rich text: trackers write HTML, or the markup of Jira

_TAGGED: Final = re.compile(r"</?(?:br|p|div|li|ul|ol|h[1-6]|table|span|strong|pre)\b[^<>]*>", re.I)
_CODE: Final = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_BREAK: Final = re.compile(r"<br\s*/?>\n?", re.I)
_BLOCK_END: Final = re.compile(
    r"(</(?:p|div|li|tr|ul|ol|table|h[1-6]|pre|blockquote)>)(?!\s*\n)", re.I
)
_BLOCK_BEGIN: Final = re.compile(
    r"(?<=\S)(<(?:p|div|li|ul|ol|h[1-6]|table|pre|blockquote)\b)", re.I
)
_IMAGE: Final = re.compile(r"<img\b[^>]*?src=[\"']([^\"']+)[\"'][^>]*>", re.I)
_JIRAS: Final = re.compile(r"^h[1-6]\. |\{(?:code|noformat|quote|panel)\b[^}\n]*\}", re.MULTILINE)
_JIRA_MARKUP: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(r"^h([1-6])\. ", re.MULTILINE), lambda found: "#" * int(found[1]) + " "),
    (
        re.compile(r"\{(code|noformat)(?::[^}\n]*)?\}\n?(.*?)\n?\{\1\}", re.DOTALL),
        lambda found: f"\n```\n{found[2]}\n```\n",
    ),
    (re.compile(r"\{(?:quote|panel)(?::[^}\n]*)?\}"), lambda _found: ""),
    (re.compile(r"\{\{([^{}\n]+)\}\}"), lambda found: f"`{found[1]}`"),
    (re.compile(r"^\*([^*\n]{1,60})\*", re.MULTILINE), lambda found: f"**{found[1]}**"),
    (
        re.compile(r"\[([^\]|\n]+)\|(https?://[^\]\s]+)\]"),
        lambda found: f"[{found[1]}]({found[2]})",
    ),
)


def as_markdown(text: str) -> str:
    """A text of a tracker's in Markdown, with all of its words."""
    if _JIRAS.search(text):
        for pattern, written in _JIRA_MARKUP:
            text = pattern.sub(written, text)
        return re.sub(r"\n{3,}", "\n\n", text).strip()
    if not _TAGGED.search(_CODE.sub("", text)):
        return text
    text = _IMAGE.sub(r"![](\1)", text)
    text = _BLOCK_BEGIN.sub(r"\n\1", _BLOCK_END.sub(r"\1\n", _BREAK.sub("\n", text)))
    lines, tables = html_as_markdown(text.splitlines())
    for table in reversed(tables):
        lines[table.begin : table.end] = table.markdown
    text = "\n".join(_TAGGED.sub("", line) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", unescape(text)).strip()


def errors_in(texts: Iterable[str]) -> list[str]:
    """The error texts in descriptions: of fenced code, in quotes, and behind a label such as 报错.

    A line is taken whole.
    """
    found: dict[str, None] = {}
    for text in texts:
        for block in _BLOCK.finditer(text):
            code = block["code"] if block["code"] is not None else block["jira"]
            found.update(dict.fromkeys(_first_error(code.splitlines())))
        rest = _BLOCK.sub("\n", text)
        for line in rest.splitlines():
            if _EXPECTED.match(line):
                continue
            line = _ZENTAOS_PART.sub("", line)
            label = template_labels.labelled(lines.narrow(line))
            if label is not None and label.names == TemplateSection.MESSAGE:
                found.update(dict.fromkeys(_first_error([label.value])))
        for quoted in _QUOTED.finditer(rest):
            found.update(dict.fromkeys(_first_error([quoted[1] or quoted[2]])))
        happened = (line for line in rest.splitlines() if not _EXPECTED.match(line))
        found.update(dict.fromkeys(error_texts("\n".join(happened))))
    return list(found)[:_MOST_ERRORS]


def _first_error(code: Iterable[str]) -> Iterator[str]:
    """The first line that a program wrote of an error."""
    for line in code:
        if lines.is_error(line) and not lines.is_frame(line):
            yield one_line(line.strip())
            return


def remedy_in(texts: Iterable[str]) -> str:
    """What the first remedy label or heading in the texts introduces; empty if there is none."""
    for text in texts:
        rows = text.splitlines()
        for place, row in enumerate(rows):
            label = _LABEL.match(row)
            if label is None:
                continue
            said = [label["value"].strip()] if label["value"] else []
            for below in rows[place + 1 :]:
                if _HEADING.match(below) or (said and not below.strip()):
                    break
                said += [below.rstrip()] if below.strip() else []
            if said:
                return "\n".join(said)
    return ""


# Who wrote it, and who is to see to it

#: What ZenTao puts behind the names of people and modules.
_NUMBERED: Final = re.compile(r"\s*[(\uff08]#\d+[)\uff09]\s*$")
#: “10/Apr/22 1:47 PM;lin;…”, as Jira writes comments into a table.
_JIRA_COMMENT: Final = re.compile(r"[\d/A-Za-z :.,-]{6,30};([^;\n]{1,80});(.+)", re.DOTALL)
#: What makes an object a comment: what it says, and who said it.
_BODIES: Final = ("body", "note", "content", "text", "comment")
_AUTHORS: Final = ("author", "user", "creator", "createdBy", "created_by", "updateAuthor")


def people_in(texts: Iterable[str]) -> Iterator[str]:
    """The names of people, of whom a cell may hold several."""
    for text in texts:
        for name in re.split(r"[;,；，、]", text):
            # ZenTao hands what is closed to "closed".
            if (plain := unnumbered(name)) and plain.casefold() != "closed":
                yield plain


def unnumbered(name: str) -> str:
    """A name without the number that ZenTao puts behind it."""
    return _NUMBERED.sub("", name).strip()


def comment_in(text: str) -> str:
    """A comment as it is kept; empty if it only says how many there are."""
    if text.strip().isdecimal():
        return ""
    found = _JIRA_COMMENT.fullmatch(text)
    return f"{found[1]}: {found[2]}" if found else text


def written_by(value: Mapping[str, Any]) -> tuple[Any, str]:
    """A comment in an object: who wrote it, and what; empty if it is none."""
    author = next((value[one] for one in _AUTHORS if value.get(one)), None)
    body = next((value[one] for one in _BODIES if value.get(one)), None)
    if author is None or body is None:
        return None, ""
    return author, rich_text(body) if isinstance(body, dict) else str(body).strip()


def rich_text(value: Mapping[str, Any], depth: int = 40) -> str:
    """The words of a rich text of Jira's, a paragraph each."""
    parts = [one for one in value.get("content", ()) if isinstance(one, dict)]
    texts = [
        str(one.get("text", "")) if "text" in one else rich_text(one, depth - 1)
        for one in parts
        if depth
    ]
    inline = any("text" in one for one in parts)
    words = ("" if inline else "\n\n").join(text for text in texts if text)
    return f"```\n{words}\n```" if value.get("type") == "codeBlock" else words


# Days, in any of the ways in which lists write them


_DATES: Final = ("%d/%b/%y %I:%M %p", "%d/%b/%Y", "%d/%b/%y", "%b %d, %Y", "%d %b %Y", "%m/%d/%Y")
_MS_SINCE_1970: Final = re.compile(r"1\d{12}")
_SECONDS_SINCE_1970: Final = re.compile(r"1\d{9}")


def day_said(text: str) -> str:
    """A day in any of the ways in which lists write them, as ISO 8601; empty if it is none."""
    text = text.strip()
    if not any(sign.isdigit() for sign in text):
        return ""
    if found := day_in(text):
        return found
    with suppress(ValueError, OverflowError, OSError):
        if _MS_SINCE_1970.fullmatch(text):
            return day_of(int(text))
        if _SECONDS_SINCE_1970.fullmatch(text):
            return day_of(int(text) * 1000)
    for form in _DATES:
        with suppress(ValueError):
            return datetime.strptime(text, form).date().isoformat()
    return ""
