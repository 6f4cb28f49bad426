"""Judging a line: which signatures match it, and where."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from storage.match.normalizer import Normalised, normalise
from storage.match.patterns import locate
from storage.match.signature_index import Index, Look
from storage.match.signature_text import find


class Match(NamedTuple):
    """A signature that matches: its place among those looked for.

    ``says`` is how much of the line it speaks for: the more, the less it
    matches by chance. ``span`` is where it stands in the line's key, None for a pattern.
    """

    look: int
    says: int
    span: tuple[int, int] | None = None


class Judged(NamedTuple):
    """A line, normalised, and what matches it."""

    normalised: Normalised
    matches: list[Match]


class Judge:
    """Knows what to look for.

    Args:
        looks: the signatures' forms and texts, each once.
        kept_at: where the compiled database may be kept; None to do without.
    """

    def __init__(self, looks: list[Look], kept_at: Path | None = None) -> None:
        self.index = Index(looks, kept_at)

    def judge(self, line: str) -> Judged:
        """The signatures that match a line (without its end)."""
        normalised = normalise(line)
        matches = self.compare(normalised.key, self.index.candidates(normalised.key))
        for look in self.index.matching_patterns(line.encode("utf-8", "replace")):
            # Half of a pattern is signs that stand for others.
            matches.append(Match(look, len(self.index.looks[look][1]) // 2))
        return Judged(normalised, matches)

    def compare(self, key: str, looks: Iterable[int]) -> list[Match]:
        """Those of some literals and globs that match a line, by its key."""
        matches: list[Match] = []
        for look in looks:
            wanted = self.index.pieces(look)
            span = find(wanted, key)
            if span is not None:
                matches.append(Match(look, sum(len(piece.key) for piece in wanted), span))
        return matches

    def place(self, line: str, judged: Judged, match: Match) -> tuple[int, int]:
        """Where in the line a signature matches."""
        if match.span is None:
            return locate(self.index.looks[match.look][1], line)
        return _in_text(judged.normalised, *match.span)


def _in_text(normalised: Normalised, start: int, end: int) -> tuple[int, int]:
    """Where in the text stands what was found between two places of its key."""
    starts: list[int] = []
    length = 0
    for word in normalised.words:
        starts.append(length)
        length += len(word.text) + 1
    first = bisect(starts, start) - 1
    last = bisect(starts, end - 1) - 1
    word = normalised.words[last]
    cut = end - starts[last]
    whole = word.end - word.start != len(word.text)
    return normalised.words[first].start, word.end if whole else word.start + cut
