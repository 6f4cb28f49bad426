"""A pasted text as lines that can be read, and which of its words are kept as notes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from storage.paste import template_labels
from storage.text.sanitize import harmless

#: Colours of a build's output, which say nothing.
_COLOURS: Final = re.compile(r"\x1b\[[\d;:]{0,30}m")
_BREAKS: Final = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_WORDS: Final = 60


class PastedLine(NamedTuple):
    """One line: its number from 1, as it was pasted, and as it is compared.

    ``text`` has half-width letters, digits and marks, and is otherwise ``whole``.
    """

    number: int
    whole: str
    text: str


def plain(text: str) -> str:
    """A pasted text without colours, and with whatever could fool a reader made visible."""
    return harmless(_BREAKS.sub("\n", _COLOURS.sub("", text)).removeprefix("\ufeff"), lines=True)


def lines_of(text: str) -> list[PastedLine]:
    """The lines of a pasted text."""
    return [
        PastedLine(number, whole.rstrip(), narrow(whole))
        for number, whole in enumerate(plain(text).split("\n"), 1)
    ]


def narrow(text: str) -> str:
    """``text`` with half-width letters, digits and marks."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def words_of(text: str) -> str:
    """So much of a text that one finds the place again."""
    text = " ".join(text[: 4 * _WORDS].split())
    return text if len(text) <= _WORDS else f"{text[:_WORDS]}…"


# What is kept of a text's words: whole lines, titles, addresses


#: “张三: …”, as chats are copied.
_SPEAKER: Final = re.compile(r"^[\s>]*[\u4e00-\u9fff]{2,8}\s?[:：]\s?(?=\S)")


_CALLED: Final = re.compile(r"err(?:or)?_?msg[\"']?\s{0,3}:\s{0,3}[\"']([^\"'\n]{4,300})", re.I)


#: Times and places before a console's line, and the mark of devtools behind it.
_ASIDE: Final = re.compile(
    r"^(?:\[?[\d/:.T-]{5,30}(?: [\d:.]{5,15})?\]?\s{1,4}|\S{1,80}:\d{1,9}\s|VM\d{1,9}\s){1,3}"
    r"|\(env: [^()]{1,80}\)$"
)


#: What begins a message and says nothing of it, and the calls that print where it runs.
_EMPTY_WORDS: Final = re.compile(
    r"(?:(?:Uncaught )?Error: )?(?:MiniProgramError|thirdScriptError|SystemError \(\w+\)|Error):?"
    r"|(?:wx\.)?(?:qy\.)?get(?:System|Device|AppBase|Account)Info(?:A?sync)?\s?(?:\([^()]{0,40}\))?"
    r"[\s:：=>]{0,4}",
    re.IGNORECASE,
)


_MOST_LINES: Final = 2_000


_LONGEST_TITLE: Final = 120


_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>()\[\]{}，。；、）】」]{4,1900}", re.IGNORECASE)


#: Addresses of devtools' own files.
_LOCAL: Final = re.compile(r"//(?:127\.|localhost|usr/|tmp/)|/__pageframe__/|\.js[?:]", re.I)


_MOST_ADDRESSES: Final = 10


def joined(lines: Iterable[str], longest: int) -> str:
    """As many of the first lines as fit into ``longest`` characters.

    Without blank ones around them, and without those that repeat the one before.
    """
    kept: list[str] = []
    size = 0
    for line in lines:
        if (kept and line == kept[-1]) or not (kept or line.strip()):
            continue
        size += len(line) + 1
        if size > longest:
            return "\n".join(kept).rstrip() or f"{line[:longest]}…"
        kept.append(line)
    return "\n".join(kept).rstrip()


def without_empty(lines: Sequence[str]) -> list[str]:
    """The lines without the headings of a template under which nothing was written."""
    kept: list[str] = []
    below = None
    for line in reversed(lines[:_MOST_LINES]):
        if not line.strip():
            kept.append(line)
            continue
        heading = _is_heading(line)
        if heading and below in {None, "heading"} and not _says_something(line):
            continue
        kept.append(line)
        below = "heading" if heading else "text"
    return kept[::-1]


def title_of(lines: Iterable[str]) -> str:
    """The first line that says something, as a title; empty if there is none."""
    for line in lines:
        label = template_labels.labelled(narrow(line))
        if label is not None and label.names not in template_labels.SECTIONS:
            continue
        text = label.value if label else unspoken(line).strip()
        text = _ASIDE.sub("", text)
        if text and not _EMPTY_WORDS.fullmatch(text):
            called = _CALLED.search(text)
            title = (called[1] if called else text).strip()
            return title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
    return ""


def what_happened(lines: Sequence[str]) -> Sequence[str]:
    """Of what a template asks for, the lines from “actual” on; all, if it is not told."""
    for place, line in enumerate(lines):
        label = template_labels.labelled(narrow(line))
        if label is not None and label.label in template_labels.HAPPENED:
            return lines[place:]
    return lines


def unspoken(line: str) -> str:
    """A line of a chat without who said it."""
    return _SPEAKER.sub("", line)


def addresses(lines: Iterable[str]) -> tuple[str, ...]:
    """The web addresses in the lines, each once."""
    found: dict[str, None] = {}
    for line in lines:
        for match in _ADDRESS.finditer(line):
            url = match.group().rstrip(".,;:!?")
            if not _LOCAL.search(url):
                found[url] = None
        if len(found) >= _MOST_ADDRESSES:
            break
    return tuple(found)[:_MOST_ADDRESSES]


def _is_heading(line: str) -> bool:
    label = template_labels.labelled(narrow(line))
    return label is not None and label.names in template_labels.SECTIONS


def _says_something(line: str) -> bool:
    label = template_labels.labelled(narrow(line))
    return label is not None and bool(label.value)
