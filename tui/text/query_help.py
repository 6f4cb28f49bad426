"""Help for the query language: meanings of completions, marks below mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from storage.query import Mistake
from storage.query.editing import Suggestion
from storage.query.keys import keys_by_spelling
from storage.text.sanitize import harmless
from tui.text.cells import cut, width
from tui.text.i18n import _
from tui.text.vocabulary import word


def completion_help(offer: Suggestion) -> str:
    """What an offer stands for; empty if it speaks for itself."""
    key = keys_by_spelling()[offer.key]
    if not offer.value:
        return _(key.help)
    said = next((word(one) for one in key.words if one.value == offer.value), "")
    return "" if said.casefold() == offer.text.casefold() else said


# Marks below a line of text, in terminal cells, for what is wrong in it


#: How many characters stay in sight before a mistake far to the right.
_BEFORE: Final = 10


def mistake_marks(text: str, mistakes: Iterable[Mistake], scrolled: int = 0) -> str:
    """The line of marks that stands right below ``text``.

    Args:
        text: the query as it was typed.
        mistakes: each is marked by one cell at least, unless it is out of sight.
        scrolled: how many cells of the text are out of sight on the left.
    """
    line = ""
    for mistake in mistakes:
        start, end = _cells(text[: mistake.start]), _cells(text[: mistake.end])
        end = max(end, start + 1) - scrolled
        line = line.ljust(max(start - scrolled, 0)).ljust(end, "^") if end > 0 else line
    return line


def marked_mistake(text: str, mistake: Mistake, cells: int) -> list[str]:
    """The part of ``text`` around a mistake, in at most ``cells`` cells, and the marks below.

    Args:
        text: the query as it was typed.
        mistake: what is wrong in it.
        cells: the width of the terminal.
    """
    first = 0
    if _cells(text[: mistake.end]) > cells:
        first = max(mistake.start - _BEFORE, 0)
    ellipsis = "…" if first else ""
    scrolled = _cells(text[:first]) - width(ellipsis)
    shown = ellipsis + harmless(text[first:])
    return [cut(shown, cells), mistake_marks(text, [mistake], scrolled)[:cells]]


def _cells(text: str) -> int:
    return width(harmless(text))
