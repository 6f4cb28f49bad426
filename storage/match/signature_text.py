"""Literal and glob signatures as they are compared with what the normaliser leaves.

A signature's text is normalised as an error text is. A glob is cut at its stars
first; its pieces must follow one another in one line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from storage.match.normalizer import CODE, VARYING, normalise
from storage.model.vocabulary import SignatureForm

_INSIDE_A_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._")


#: Fewer bytes than this, which is a Chinese character, stand in nearly every line.
_FEWEST: Final = 3


class Piece(NamedTuple):
    """A run of words to be found; an open end may lie inside a word."""

    key: str
    open_start: bool = False
    open_end: bool = False

    @property
    def words(self) -> list[str]:
        """The words of its key."""
        return re.split("[ ._]", self.key)

    def find(self, key: str, start: int) -> int:
        """Where it stands in a normalised line at or after ``start``; -1 if it doesn't.

        A name is not begun in its middle: ``login:fail`` is not ``qy.login:fail``. It may
        go on (``failed``), but not if it ends in a number, which would be another one.
        """
        at = key.find(self.key, start)
        while at >= 0:
            end = at + len(self.key)
            if (self.open_start or self._begins(key, at)) and (
                self.open_end or self._ends(key, end)
            ):
                return at
            at = key.find(self.key, at + 1)
        return at

    def _begins(self, key: str, at: int) -> bool:
        first = self.key[0]
        return not (at and first in _INSIDE_A_NAME and key[at - 1] in _INSIDE_A_NAME)

    def _ends(self, key: str, end: int) -> bool:
        return not (self.key[-1].isdecimal() and key[end : end + 1].isdecimal())


def pieces(text: str, form: SignatureForm) -> tuple[Piece, ...]:
    """What must stand in a line for a literal or a glob to match.

    Nothing if that would be so of nearly every line, which is then no signature.
    """
    found: list[Piece] = []
    parts = text.split("*") if form is SignatureForm.GLOB else [text]
    for place, part in enumerate(parts):
        found += _piece(
            part,
            open_start=place > 0 and _goes_on(part[:1]),
            open_end=place < len(parts) - 1 and _goes_on(part[-1:]),
        )
    said = sum(len(word.encode()) for piece in found for word in piece.words)
    return tuple(found) if said >= _FEWEST else ()


def _goes_on(sign: str) -> bool:
    """Whether what a star stands beside may be the rest of a word."""
    return sign.isalnum()


def _piece(text: str, *, open_start: bool = False, open_end: bool = False) -> tuple[Piece, ...]:
    normalised = normalise(text)
    if all(word.text in (VARYING, CODE) for word in normalised.words):
        return ()
    return (Piece(normalised.key, open_start, open_end),)


def find(wanted: Sequence[Piece], key: str) -> tuple[int, int] | None:
    """Where all pieces stand in a normalised line, one after the other: its start and end there."""
    start = end = -1
    for piece in wanted:
        at = piece.find(key, max(end, 0))
        if at < 0:
            return None
        start = at if start < 0 else start
        end = at + len(piece.key)
    return (start, end) if start >= 0 else None
