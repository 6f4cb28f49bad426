"""The occurrences of a period: counts, shares and rankings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import nsmallest
from itertools import repeat
from operator import add, floordiv
from typing import Final

from storage.db.rows import ROW, row_of
from storage.model.retro import By, Rank, Ranked, Share
from storage.model.vocabulary import Outcome, Severity, Verdict
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
WHERE verdict <> '' AND verdict = '{Verdict.REGRESSION}'
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
