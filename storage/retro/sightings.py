"""What was seen in a period: where, how often, and of which pitfalls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, TypeVar

from storage.board.rows import ROW, row_of
from storage.retro.models import By, Rank, Ranked, Share
from storage.retro.stretch import IN_VIEW, Known, Looking, Stretch
from storage.vocabulary import Outcome, Severity, Verdict

_Key = TypeVar("_Key")

#: What one sighting costs: each severity twice the next one. So a pitfall that blocks a release
#: and is seen once a week weighs as much as a blemish that is seen daily.
WEIGHTS: Final = {Severity.S1: 8, Severity.S2: 4, Severity.S3: 2, Severity.S4: 1}
#: A ranking is read from its top.
RANKED: Final = 10

_COLUMN: Final = {
    By.PLATFORM: "platform",
    By.CHANNEL: "channel",
    By.CLIENT: "client_version",
    By.LIBRARY: "base_library",
}
_SEEN: Final = f"""
SELECT seen_at, outcome = '{Outcome.REPRODUCED}', pitfall, count, {", ".join(_COLUMN.values())}
FROM occurrences WHERE seen_at >= ? AND seen_at < ?
"""
_REGRESSED: Final = f"""
SELECT pitfall, sum(count) FROM occurrences
WHERE verdict = '{Verdict.REGRESSION}' AND seen_at >= ? AND seen_at < ? AND {IN_VIEW}
GROUP BY pitfall
"""


class Seen(NamedTuple):
    """The sightings of a stretch, column by column, and how often what was not seen.

    ``places`` holds for each sort of place where each sighting was, empty where nobody said.
    """

    at: tuple[int, ...]
    pitfalls: tuple[str, ...]
    counts: tuple[int, ...]
    places: Mapping[By, tuple[str, ...]]
    not_reproduced: int

    def by_pitfall(self) -> dict[str, int]:
        """How often each pitfall was seen."""
        return _summed(self.pitfalls, self.counts)

    def shares(self, by: By) -> tuple[Share, ...]:
        """How often each value was seen, and with how many pitfalls; the most frequent first."""
        pairs = _summed(zip(self.places[by], self.pitfalls, strict=True), self.counts)
        sightings: defaultdict[str, int] = defaultdict(int)
        pitfalls: defaultdict[str, int] = defaultdict(int)
        for (value, _), count in pairs.items():
            sightings[value] += count
            pitfalls[value] += 1
        shares = (Share(value, count, pitfalls[value]) for value, count in sightings.items())
        return tuple(sorted(shares, key=lambda share: (-share.sightings, share.value)))

    def of_value(self, by: By, value: str) -> list[str]:
        """The pitfalls that were seen with a value, the most frequent first."""
        at_it = [place for place, one in enumerate(self.places[by]) if one == value]
        counts = _summed((self.pitfalls[n] for n in at_it), (self.counts[n] for n in at_it))
        return sorted(counts, key=lambda name: (-counts[name], name))


class Sightings(Looking):
    """Reads what was seen."""

    def seen(self, stretch: Stretch, known: Mapping[str, Known]) -> Seen:
        """The sightings of a stretch.

        Args:
            stretch: the stretch.
            known: the pitfalls that count.
        """
        rows = [row for row in self._all(_SEEN, stretch) if row[2] in known]
        columns = list(zip(*(row for row in rows if row[1]), strict=True)) or [()] * 8
        at, _, pitfalls, counts, *places = columns
        held = {
            by: tuple(value or "" for value in column)
            for by, column in zip(_COLUMN, places, strict=True)
        }
        held[By.COMPONENT] = tuple(known[name].component or "" for name in pitfalls)
        return Seen(at, pitfalls, counts, held, sum(row[3] for row in rows if not row[1]))

    def regressed(self, stretch: Stretch) -> dict[str, int]:
        """How often each pitfall was seen where it should be fixed."""
        return dict(self._all(_REGRESSED, stretch))

    def ranked(
        self, rank: Rank, sightings: Mapping[str, int], known: Mapping[str, Known]
    ) -> tuple[Ranked, ...]:
        """The pitfalls that lead a ranking.

        Args:
            rank: by what.
            sightings: how often each was seen.
            known: the pitfalls that count.
        """
        names = leading(rank, sightings, known)
        marks = ", ".join("?" * len(names))
        read = map(row_of, self._all(f"SELECT {ROW} FROM pitfalls WHERE id IN ({marks})", names))
        rows = {row.id: row for row in read}
        return tuple(
            Ranked(rows[name], sightings[name], cost(sightings[name], known[name].severity))
            for name in names
        )


def leading(rank: Rank, sightings: Mapping[str, int], known: Mapping[str, Known]) -> list[str]:
    """The first of a ranking; among equals the more severe, then by the id."""

    def place(name: str) -> tuple[int, str, str]:
        severity, count = known[name].severity, sightings[name]
        weight = count if rank is Rank.FREQUENT else cost(count, severity)
        return -weight, severity, name

    return sorted(sightings, key=place)[:RANKED]


def cost(sightings: int, severity: Severity) -> int:
    """What so many sightings cost."""
    return sightings * WEIGHTS[severity]


def _summed(keys: Iterable[_Key], counts: Iterable[int]) -> dict[_Key, int]:
    """How often each key was seen."""
    found: defaultdict[_Key, int] = defaultdict(int)
    for key, count in zip(keys, counts, strict=True):
        found[key] += count
    return dict(found)
