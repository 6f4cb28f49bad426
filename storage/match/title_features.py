"""The titles of a board, held in memory to be compared with one that is typed.

Rapidfuzz compares a hundred thousand of them in some twenty milliseconds: once as they
are, and once by the Chinese characters in them, each once and in one order, so that
what two sets have in common is what their sequences have in common. The first finds
what is said in the same words, the second what is said in others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from storage.text.search_text import folded

#: Chinese characters that say nothing about what a sentence is about.
_EMPTY: Final = frozenset(
    "的了在是不和与及或就都也而被把从到给对为以于时后前里中上下个一这那会能要有还又再很之其"
)
_CHINESE: Final = "[\u3400-\u4dbf\u4e00-\u9fff]"
#: Below these two titles have less in common than two sentences by chance.
_LEAST_IN_COMMON: Final = 40
_LEAST_CHARACTERS: Final = 15


class Titles:
    """Titles by the rowids of their pitfalls; a pitfall may have one in each language."""

    def __init__(self) -> None:
        self._places: dict[int, list[int]] = {}
        self._rowids: list[int] = []
        self._titles: list[str | None] = []
        self._characters: list[str | None] = []

    def __len__(self) -> int:
        return len(self._places)

    def put(self, rowid: int, titles: Iterable[str]) -> None:
        """Hold a pitfall's titles instead of those that it had; none takes it out."""
        for place in self._places.pop(rowid, ()):
            self._titles[place] = self._characters[place] = None
        for title in dict.fromkeys(titles):
            if title:
                self._places.setdefault(rowid, []).append(len(self._titles))
                self._rowids.append(rowid)
                self._titles.append(folded(title))
                self._characters.append(characters(title) or None)

    def nearest(self, title: str, limit: int) -> list[int]:
        """The rowids of the ``limit`` nearest titles, and of as many by their characters."""
        from rapidfuzz import fuzz, process

        found: dict[int, None] = {}
        for wanted, held, least in (
            (folded(title), self._titles, _LEAST_IN_COMMON),
            (characters(title), self._characters, _LEAST_CHARACTERS),
        ):
            if wanted:
                near = process.extract(
                    wanted, held, scorer=fuzz.ratio, limit=limit, score_cutoff=least
                )
                found.update((self._rowids[place], None) for _, _, place in near)
        return list(found)


def characters(text: str) -> str:
    """The Chinese characters of a text that say something, each once, in one order."""
    if text.isascii():
        return ""
    return "".join(sorted(set(re.findall(_CHINESE, text)) - _EMPTY))
