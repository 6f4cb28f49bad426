"""Word difference of two texts: kept, removed and added spans.

Chinese is cut by the character, since it puts no blanks between its words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import accumulate
from typing import Final, NamedTuple

#: A line break, a stretch of blanks, a word, a Chinese character, or any other sign.
_UNIT: Final = r"(?s)\n|[^\S\n]+|[^\W\u2e80-\uffff]+|."
_LINE: Final = r"[^\n]*\n|[^\n]+"
#: Comparing takes time that grows with the pairs of the same unit in both; beyond so many it
#: goes by lines, and where even those are too many, one text takes the place of the other.
_PAIRS: Final = 16_000
_ELISION: Final = "…"


class SpanKind(StrEnum):
    """What became of a stretch of text when another text took its place."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


class DiffSpan(NamedTuple):
    """A stretch of text that one or both of two texts hold."""

    sort: SpanKind
    text: str


def differences(before: str, after: str) -> tuple[DiffSpan, ...]:
    """The spans of which two texts are made, in order.

    What is kept and removed, joined, is ``before``; what is kept and added, ``after``.
    Between two kept spans what was removed stands first.
    """
    return tuple(_joined(_compared(before, after, _UNIT)))


def elided(spans: Sequence[DiffSpan], around: int) -> tuple[DiffSpan, ...]:
    """The spans with long unchanged stretches shortened, for whoever looks for the changes.

    Args:
        spans: as :func:`differences` gives them.
        around: how many characters are left beside a change, cut between words.
    """
    shown = []
    for place, span in enumerate(spans):
        text = span.text
        left = around if place else 0
        right = around if place < len(spans) - 1 else 0
        if span.sort is SpanKind.KEPT and len(text) > left + right + len(_ELISION):
            units = re.findall(_UNIT, text)
            text = _first(units, left) + _ELISION + _last(units, right)
        shown.append(DiffSpan(span.sort, text))
    return tuple(shown)


def _first(units: Sequence[str], length: int) -> str:
    """As many of the first units as have room."""
    ends = accumulate(map(len, units))
    return "".join(unit for unit, end in zip(units, ends, strict=True) if end <= length)


def _last(units: Sequence[str], length: int) -> str:
    """As many of the last units as have room."""
    ends = accumulate(map(len, reversed(units)))
    kept = sum(1 for end in ends if end <= length)
    return "".join(units[len(units) - kept :])


def _compared(before: str, after: str, unit: str) -> Iterator[DiffSpan]:
    old, new = re.findall(unit, before), re.findall(unit, after)
    first, last = _same_ends(old, new)
    yield DiffSpan(SpanKind.KEPT, "".join(old[:first]))
    mine, theirs = old[first : len(old) - last], new[first : len(new) - last]
    if _pairs(mine, theirs) <= _PAIRS:
        yield from _matched(mine, theirs, unit)
    elif unit == _UNIT:
        yield from _compared("".join(mine), "".join(theirs), _LINE)
    else:
        yield from _replaced(mine, theirs)
    yield DiffSpan(SpanKind.KEPT, "".join(old[len(old) - last :]))


def _same_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many units both begin with, and with how many more both end."""
    shorter = min(len(old), len(new))
    first = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    rest = shorter - first
    last = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    return first, last


def _pairs(old: Iterable[str], new: Iterable[str]) -> int:
    """How often a unit of one, blanks aside, is one of the other."""
    mine, theirs = Counter(old), Counter(new)
    return sum(count * theirs[unit] for unit, count in mine.items() if not _is_blank(unit))


def _matched(old: Sequence[str], new: Sequence[str], unit: str) -> Iterator[DiffSpan]:
    # Loaded here, since most histories compare nothing.
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(_is_blank, old, new, autojunk=False)
    for tag, at, end, there, upto in matcher.get_opcodes():
        if tag == "equal":
            yield DiffSpan(SpanKind.KEPT, "".join(old[at:end]))
        elif unit == _LINE and (end - at, upto - there) != (len(old), len(new)):
            yield from _within_lines("".join(old[at:end]), "".join(new[there:upto]))
        else:
            yield from _replaced(old[at:end], new[there:upto])


def _within_lines(before: str, after: str) -> Iterator[DiffSpan]:
    """Word by word what took the place of some lines, unless that is too much."""
    old, new = re.findall(_UNIT, before), re.findall(_UNIT, after)
    if _pairs(old, new) <= _PAIRS:
        yield from _matched(old, new, _UNIT)
    else:
        yield from _replaced(old, new)


def _is_blank(text: str) -> bool:
    """Whether there is nothing to see; a line break is."""
    return text.isspace() and "\n" not in text


def _replaced(old: Iterable[str], new: Iterable[str]) -> Iterator[DiffSpan]:
    yield DiffSpan(SpanKind.REMOVED, "".join(old))
    yield DiffSpan(SpanKind.ADDED, "".join(new))


def _joined(spans: Iterable[DiffSpan]) -> Iterator[DiffSpan]:
    """Neighbours of one sort as one; blanks between two changes are part of the change."""
    kept = removed = added = ""
    for sort, text in spans:
        if sort is SpanKind.KEPT:
            kept += text
            continue
        if not text:
            continue
        if kept and not (_is_blank(kept) and (removed or added)):
            yield from _change(removed, added)
            yield DiffSpan(SpanKind.KEPT, kept)
            removed = added = ""
        else:
            removed, added = removed + kept, added + kept
        kept = ""
        if sort is SpanKind.REMOVED:
            removed += text
        else:
            added += text
    yield from _change(removed, added)
    if kept:
        yield DiffSpan(SpanKind.KEPT, kept)


def _change(removed: str, added: str) -> Iterator[DiffSpan]:
    if removed:
        yield DiffSpan(SpanKind.REMOVED, removed)
    if added:
        yield DiffSpan(SpanKind.ADDED, added)
