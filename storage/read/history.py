"""The history of one pitfall and of the whole board, and the words that a change changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import accumulate
from typing import Final

from storage.db.connection import BROKEN, unreadable
from storage.db.reader import BoardPart, Reader, given_id, id_array
from storage.db.rows import NEWEST_FIRST
from storage.errors import N_, NotFound
from storage.model.fields import NamedTuple
from storage.model.records import Line
from storage.model.vocabulary import HistoryCategory
from storage.read.entries import shown_with

#: The default number of occurrences in a pitfall's history.
OCCURRENCES_SHOWN: Final = 200
#: The first time (ms) and the last that can be asked for.
_EVER: Final = (0, 1 << 62)


# What a line of the history is about, the same for command, screen and JSON


#: The kinds that speak of an item, which tells what sort they are of.
OF_ITEMS: Final = ("item_amended", "item_hidden", "item_shown")
#: Values of several sentences: where one changed, a reader looks for the words that did.
LONG: Final = {"workaround", "reproduction", "text", "quote", "note", "message"}


def is_of(line: Line, sorts: Collection[HistoryCategory]) -> bool:
    """Whether a line is of one of some sorts; of none at all, every line is.

    What was taken back is of its own sort, and of those that were taken back.
    """
    if not sorts or (line.void and HistoryCategory.TAKEN_BACK in sorts):
        return True
    return line.sort in sorts


def kinds_in(sorts: Iterable[HistoryCategory]) -> list[str]:
    """The kinds of events that are of some sorts."""
    # Loaded here, since what only lists and shows does without pydantic.
    from storage.events import kinds_of

    return kinds_of(sorts)


def words_changed(line: Line, language: str) -> tuple[DiffSpan, ...]:
    """What became of a long text word by word; nothing if the line tells of none.

    Args:
        line: the change.
        language: of the reader.
    """
    before, after = line.before.read(language), line.after.read(language)
    is_long = (line.part or line.field) in LONG and (line.part or line.what == "field_set")
    if not (is_long and before and after):
        return ()
    return differences(before, after)


class HistoryReader(BoardPart):
    """Reads the history of pitfalls and of the board."""

    def timeline(self, pitfall: str, occurrences: int = OCCURRENCES_SHOWN) -> list[Line]:
        """A pitfall's history, newest first, with its newest ``occurrences`` occurrences."""
        condition, whose = shown_with(self._reader, pitfall)
        return newest_first(
            self._reader,
            pitfall,
            f"SELECT id FROM occurrences WHERE {condition} {NEWEST_FIRST} LIMIT ?",
            (*whose, occurrences),
        )

    def older_occurrences(self, pitfall: str, occurrences: int = OCCURRENCES_SHOWN) -> int:
        """The number of occurrences that are too old for the timeline."""
        condition, whose = shown_with(self._reader, pitfall)
        [(total,)] = self._reader.fetch_all(
            f"SELECT count(*) FROM occurrences WHERE {condition}", whose
        )
        return max(0, int(total) - occurrences)

    def newest_changes(
        self,
        limit: int,
        *,
        sorts: Collection[HistoryCategory] = (),
        between: tuple[int, int] = _EVER,
    ) -> list[Line]:
        """The newest changes on the whole board, the last to arrive first.

        Args:
            limit: the maximum number.
            sorts: only changes of these kinds, if there are any.
            between: only changes from the first time (ms) on and before the second.
        """
        condition = "n < ? AND at >= ? AND at < ?"
        wanted = kinds_in(sorts) if sorts else []
        if sorts:
            kinds = f"kind IN ({', '.join('?' * len(wanted))})"
            taken_back = "EXISTS (SELECT 1 FROM voided WHERE voided.event = events.id)"
            condition += f" AND ({kinds} OR {taken_back})"
        lines: list[Line] = []
        last = 1 << 62
        while len(lines) < limit:
            rows = self._reader.fetch_all(
                f"SELECT n, id, pitfall FROM events WHERE {condition} ORDER BY n DESC LIMIT ?",
                (last, *between, *wanted, limit),
            )
            found = self._lines_of({str(event): str(pitfall) for _, event, pitfall in rows})
            lines += [line for line in found if is_of(line, sorts)]
            if len(rows) < limit:
                break
            last = rows[-1][0]
        return lines[:limit]

    def change_named(self, pitfall: str, prefix: str) -> str:
        """The id of the change in a pitfall's history that begins with ``prefix``.

        Raises:
            NotFound: if none does, or several do.
        """
        wanted = given_id(prefix)
        begins = "pitfall = ?1 AND id >= ?2 AND id < ?2 || 'g'"
        rows = self._reader.fetch_all(
            f"SELECT id FROM events WHERE kind <> 'occurrence_logged' AND {begins}"
            f" UNION ALL SELECT id FROM events WHERE kind = 'occurrence_logged' AND {begins}"
            " LIMIT 2",
            (pitfall, wanted),
        )
        if not rows:
            raise NotFound(
                N_("The history of this pitfall holds no change {id}."),
                N_("“pitboard history ID” shows the names of the changes."),
                id=prefix,
            )
        if len(rows) > 1:
            raise NotFound(
                N_("Several changes have a name that begins with “{prefix}”."),
                N_("Give more of it."),
                prefix=prefix,
            )
        return str(rows[0][0])

    def _lines_of(self, events: Mapping[str, str]) -> list[Line]:
        """The lines of some events (id → pitfall), in the order of the events."""
        place = {event: n for n, event in enumerate(events)}
        own: dict[str, list[str]] = {}
        for event, pitfall in events.items():
            own.setdefault(pitfall, []).append(event)
        lines = [
            line
            for pitfall, named in own.items()
            for line in newest_first(
                self._reader, pitfall, "SELECT value FROM json_each(?)", (id_array(named),)
            )
            if line.event in place
        ]
        return sorted(lines, key=lambda line: place[line.event])


def newest_first(
    reader: Reader, pitfall: str, occurrence_ids: str, parameters: tuple[object, ...]
) -> list[Line]:
    """A pitfall's history, newest first, with the occurrences whose ids an SQL query gives.

    Raises:
        Unusable: if the board can't be read.
    """
    # Loaded here, since lists and pages do without events, and so without pydantic.
    from storage.projection.update import history_of

    try:
        return history_of(reader.connection, pitfall, occurrence_ids, parameters)[::-1]
    except BROKEN as error:
        raise unreadable(error, reader.path) from error


# Word difference of two texts: kept, removed and added spans. Chinese is cut by the character,
# since it puts no blanks between its words


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
