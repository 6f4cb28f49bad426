"""A pasted text as lines that can be read: harmless, without colours, with half-width signs."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from storage.text.sanitize import harmless

#: Colours of a build's output, which say nothing.
_COLOURS: Final = re.compile(r"\x1b\[[\d;:]{0,30}m")
_BREAKS: Final = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_WORDS: Final = 60


class Line(NamedTuple):
    """One line: its number from 1, as it was pasted, and as it is compared.

    ``text`` has half-width letters, digits and marks, and is otherwise ``whole``.
    """

    number: int
    whole: str
    text: str


def plain(text: str) -> str:
    """A pasted text without colours, and with whatever could fool a reader made visible."""
    return harmless(_BREAKS.sub("\n", _COLOURS.sub("", text)).removeprefix("\ufeff"), lines=True)


def lines_of(text: str) -> list[Line]:
    """The lines of a pasted text."""
    return [
        Line(number, whole.rstrip(), narrow(whole))
        for number, whole in enumerate(plain(text).split("\n"), 1)
    ]


def narrow(text: str) -> str:
    """``text`` with half-width letters, digits and marks."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def words_of(text: str) -> str:
    """So much of a text that one finds the place again."""
    text = " ".join(text[: 4 * _WORDS].split())
    return text if len(text) <= _WORDS else f"{text[:_WORDS]}…"
