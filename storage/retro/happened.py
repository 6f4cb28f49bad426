"""What happened in a period: its occurrences, with shares and rankings, and its timeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from itertools import repeat
from operator import add, floordiv
from typing import Any, Final

from storage.db.reader import ROW, Reader, given_id, row_of
from storage.db.rows import IS_REGRESSION, shape_of
from storage.errors import N_, Ambiguous, NotFound
from storage.model.records import THE_BOARD, Line, RetroNote
from storage.model.retro import REGRESSION, By, Happened, Rank, Ranked, Share
from storage.model.row import Severity, Text
from storage.model.vocabulary import Outcome
from storage.read.history import newest_first
from storage.retro.periods import IN_VIEW, Elapsed, PitfallsInView, RetroReader

#: What one occurrence costs: each severity twice the next one. So a pitfall that blocks a release
#: and is seen once a week weighs as much as a blemish that is seen daily.
WEIGHTS: Final[Mapping[str, int]] = {Severity.S1: 8, Severity.S2: 4, Severity.S3: 2, Severity.S4: 1}
#: A ranking is read from its top.
RANKED: Final = 10

_COLUMN: Final = {
    By.PLATFORM: "platform",
    By.CHANNEL: "channel",
    By.CLIENT: "client_version",
    By.LIBRARY: "base_library",
}
_PLACES: Final = ", ".join(f"ifnull({column}, '')" for column in _COLUMN.values())
_WHEN: Final = "FROM occurrences INDEXED BY idx_occurrences_when WHERE seen_at >= ? AND seen_at < ?"
_SEEN: Final = f"""
SELECT seen_at, pitfall, count, {_PLACES} {_WHEN} AND outcome = '{Outcome.REPRODUCED}'
"""
_NOT_SEEN: Final = f"""
SELECT pitfall, count {_WHEN} AND outcome = '{Outcome.NOT_REPRODUCED}'
"""
_REGRESSED: Final = f"""
SELECT pitfall, sum(count) FROM occurrences
WHERE {IS_REGRESSION}
  AND seen_at >= ? AND seen_at < ? AND {IN_VIEW}
GROUP BY pitfall
"""


@dataclass(frozen=True)
class OccurrenceColumns:
    """The occurrences of a stretch of time as columns, and the counts of not reproduced ones.

    ``places`` holds for each sort of place where each occurrence was, empty where nobody said;
    ``not_seen`` how often each pitfall was tried without being seen.
    """

    at: tuple[int, ...]
    pitfalls: tuple[str, ...]
    counts: tuple[int, ...]
    places: Mapping[By, tuple[str, ...]]
    not_seen: Mapping[str, int]

    @cached_property
    def _numbers(self) -> list[int]:
        """A number for the pitfall of each occurrence, the same for the same one."""
        numbers = {name: place for place, name in enumerate(self.pitfalls)}
        return list(map(numbers.__getitem__, self.pitfalls))

    def by_pitfall(self) -> dict[str, int]:
        """How often each pitfall was seen."""
        return _summed(self.pitfalls, self.counts)

    def shares(self, by: By) -> tuple[Share, ...]:
        """How often each value was seen, and with how many pitfalls; the most frequent first."""
        values = self.places[by]
        occurrences = _summed(values, self.counts)
        # Each pair of a value and a pitfall is one number, since numbers are told apart quickly.
        width = len(self.pitfalls)
        begins = {value: place * width for place, value in enumerate(occurrences)}
        pairs = set(map(add, map(begins.__getitem__, values), self._numbers))
        pitfalls = Counter(map(floordiv, pairs, repeat(width)))
        shares = (
            Share(value, count, pitfalls[place])
            for place, (value, count) in enumerate(occurrences.items())
        )
        return tuple(sorted(shares, key=lambda share: (-share.occurrences, share.value)))

    def of_values(self, by: By, values: Collection[str]) -> list[str]:
        """The pitfalls that were seen with any of some values, the most frequent first."""
        at_it = [place for place, one in enumerate(self.places[by]) if one in values]
        return _most_first(
            _summed((self.pitfalls[n] for n in at_it), (self.counts[n] for n in at_it))
        )

    def with_outcome(self, outcome: Outcome) -> list[str]:
        """The pitfalls that were seen, or tried without being seen, the most frequent first."""
        return _most_first(self.by_pitfall() if outcome is Outcome.REPRODUCED else self.not_seen)


class RetroOccurrenceReader(RetroReader):
    """Reads occurrences."""

    def seen(self, stretch: Elapsed, known: PitfallsInView) -> OccurrenceColumns:
        """The occurrences of a stretch.

        Args:
            stretch: the stretch.
            known: the pitfalls that count.
        """
        rows = self.fetch_all(_SEEN, stretch)
        if not known.reported.keys() >= {row[1] for row in rows}:
            rows = [row for row in rows if row[1] in known.reported]
        at, pitfalls, counts, *places = list(zip(*rows, strict=True)) or [()] * 7
        held = dict(zip(_COLUMN, places, strict=True))
        held[By.COMPONENT] = tuple(map(known.components.__getitem__, pitfalls))
        tried = [row for row in self.fetch_all(_NOT_SEEN, stretch) if row[0] in known.reported]
        not_seen = _summed((name for name, _ in tried), (count for _, count in tried))
        return OccurrenceColumns(at, pitfalls, counts, held, not_seen)

    def regressed(self, stretch: Elapsed) -> dict[str, int]:
        """How often each pitfall was seen where it should be fixed."""
        return dict(self.fetch_all(_REGRESSED, stretch))

    def ranked(
        self, rank: Rank, occurrences: Mapping[str, int], known: PitfallsInView
    ) -> tuple[Ranked, ...]:
        """The pitfalls that lead a ranking.

        Args:
            rank: by what.
            occurrences: how often each was seen.
            known: the pitfalls that count.
        """
        names = leading(rank, occurrences, known)
        marks = ", ".join("?" * len(names))
        read = map(
            row_of, self.fetch_all(f"SELECT {ROW} FROM pitfalls WHERE id IN ({marks})", names)
        )
        rows = {row.id: row for row in read}
        return tuple(
            Ranked(rows[name], occurrences[name], cost(occurrences[name], known.severities[name]))
            for name in names
        )


def leading(rank: Rank, occurrences: Mapping[str, int], known: PitfallsInView) -> list[str]:
    """The first of a ranking; among equals the more severe, then by the id."""

    def place(name: str) -> tuple[int, str, str]:
        severity, count = known.severities[name], occurrences[name]
        weight = count if rank is Rank.FREQUENT else cost(count, severity)
        return -weight, severity, name

    return nsmallest(RANKED, occurrences, key=place)


def cost(occurrences: int, severity: str) -> int:
    """What so many occurrences cost."""
    return occurrences * WEIGHTS[severity]


def _most_first(counts: Mapping[str, int]) -> list[str]:
    """Pitfalls, those that were counted most often first."""
    return sorted(counts, key=lambda name: (-counts[name], name))


def _summed(keys: Iterable[str], counts: Iterable[int]) -> dict[str, int]:
    """How often each key was seen."""
    keys = list(keys)
    # Most were seen once, and those are counted together.
    found = Counter(keys)
    for key, count in zip(keys, counts, strict=True):
        if count != 1:
            found[key] += count - 1
    return found


#: What takes back and what is taken back leave no trace in a period.
_UNDOING: Final = "undone"

_SHOWN: Final = "(pitfall = ?3 OR pitfall IN (SELECT id FROM pitfalls WHERE in_view = 1))"
_EVENTS: Final = f"""
SELECT at, id, pitfall FROM events
WHERE kind <> 'occurrence_logged' AND kind <> '{_UNDOING}' AND at >= ?1 AND at < ?2 AND {_SHOWN}
  AND id NOT IN (SELECT event FROM voided)
"""
_REGRESSIONS: Final = f"""
SELECT seen_at, id, pitfall FROM occurrences
WHERE {IS_REGRESSION}
  AND seen_at >= ?1 AND seen_at < ?2 AND {_SHOWN}
"""


class TimelineReader(RetroReader):
    """Reads what happened."""

    def happened(
        self, stretch: Elapsed, kinds: Collection[str], limit: int, offset: int
    ) -> tuple[Happened, ...]:
        """The events of a stretch that stand, and the regressions that were seen in it.

        Args:
            stretch: the stretch.
            kinds: of events that are looked for; all if there is none.
            limit, offset: so many events, after so many newer ones.
        """
        rows = self.fetch_all(
            f"{_chosen(kinds)} ORDER BY 1 DESC, 2 DESC LIMIT {int(limit)} OFFSET {int(offset)}",
            (*stretch, THE_BOARD, *kinds),
        )
        lines: dict[str, list[Line]] = {}
        for pitfall in dict.fromkeys(pitfall for _, _, pitfall in rows):
            events = [event for _, event, of in rows if of == pitfall]
            for line in self._history(pitfall, events):
                lines.setdefault(line.event, []).append(line)
        titles = self.titles({pitfall for _, _, pitfall in rows})
        return tuple(
            Happened(
                event=line.event,
                pitfall=line.pitfall if line.pitfall in titles else "",
                title=titles.get(line.pitfall, Text()),
                at=at,
                who=line.who,
                what=line.what,
                field=line.field,
                before=line.before,
                after=line.after,
                reason=line.reason,
                part=line.part,
                about=line.about,
                decision=line.decision,
                sort=line.sort,
            )
            for at, event, _ in rows
            for line in lines.get(event, ())
        )

    def _history(self, pitfall: str, asked: Collection[str]) -> Iterator[Line]:
        """What some events did to a pitfall that counts, or to those that count for it."""
        marks = ", ".join("?" * len(asked))
        for line in reversed(newest_first(self, pitfall, marks, tuple(asked))):
            if line.event in asked and line.known and not line.void:
                yield line

    def titles(self, pitfalls: Collection[str]) -> dict[str, Text]:
        """The titles of those pitfalls that are on the board."""
        marks = ", ".join("?" * len(pitfalls))
        rows: list[Any] = self.fetch_all(
            f"SELECT id, title, title_zh FROM pitfalls WHERE id IN ({marks})", tuple(pitfalls)
        )
        return {name: Text.of(title, title_zh) for name, title, title_zh in rows}


def _chosen(kinds: Collection[str]) -> str:
    """The selection of what happened, of some kinds or of all; kinds are bound after it."""
    if not kinds:
        return f"{_EVENTS} UNION ALL {_REGRESSIONS}"
    marks = ", ".join(f"?{place}" for place in range(4, 4 + len(kinds)))
    events = f"{_EVENTS} AND kind IN ({marks})"
    return f"{events} UNION ALL {_REGRESSIONS}" if REGRESSION in kinds else events


def goes_on(events: Collection[Happened], limit: int) -> bool:
    """Whether there may be older events than those that were read, as so many were asked for."""
    return len({one.event for one in events}) >= limit


# Reads retro notes and follow-ups


#: Among those of one day the order of the record.
_IN_ORDER: Final = "at, id"
_OPEN: Final = "sort = 'follow-up' AND done_on = ''"


class RetroNoteReader(Reader):
    """The notes, decisions and follow-ups on a board."""

    def notes(self, since: int, until: int) -> tuple[RetroNote, ...]:
        """What was noted from ``since`` up to, and without, ``until`` (ms), in that order."""
        return self._read("at >= ? AND at < ?", _IN_ORDER, since, until)

    def due(self, at: int) -> tuple[RetroNote, ...]:
        """The follow-ups of before a time (ms) that nobody has done, the earliest due first."""
        return self._read(f"{_OPEN} AND at < ?", f"due = '', due, {_IN_ORDER}", at)

    def follow_ups(self) -> tuple[RetroNote, ...]:
        """All follow-ups: those that nobody has done, then the others, the last done first."""
        order = f"done_on <> '', done_on DESC, due = '', due, {_IN_ORDER}"
        return self._read("sort = 'follow-up'", order)

    def note(self, prefix: str) -> RetroNote:
        """The note whose id begins so.

        Raises:
            NotFound, Ambiguous: if none does, or several do.
        """
        found = self._read("id >= ?1 AND id < ?1 || 'g'", _IN_ORDER, given_id(prefix))
        if not found:
            raise NotFound(
                N_("No follow-up or note has an id that begins with “{prefix}”."),
                N_("“pitboard retro follow-ups --all” shows them."),
                prefix=prefix,
            )
        if len(found) > 1:
            raise Ambiguous(prefix, [(one.id[:8], one.text) for one in found[:10]])
        return found[0]

    def _read(self, condition: str, order: str, *parameters: object) -> tuple[RetroNote, ...]:
        # The condition and the order come from above, never from what was typed.
        shape = shape_of(RetroNote)
        rows = self.fetch_all(
            f"SELECT {shape.selected} FROM retro_notes WHERE {condition} ORDER BY {order}",
            parameters,
        )
        return tuple(map(shape.read, rows))
