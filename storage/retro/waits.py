"""Waiting times of pitfalls: until a workaround, an answer, a fix, a verification."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from storage.fold.transitions import STATUS
from storage.model.retro import Wait, Waited
from storage.model.vocabulary import Status, Verdict
from storage.retro.periods import Elapsed, PitfallsInView, RetroReader, day_ms

_MEDIAN: Final = 0.5
_MOST: Final = 0.9

#: What ends each wait: the pitfall, the day on which it came if that was said, and the time at
#: which it was recorded. The first of each pitfall counts.
_CAME: Final = {
    Wait.WORKAROUND: "SELECT pitfall, '', at FROM changes"
    f" WHERE field = '{STATUS}' AND after = '{Status.WORKAROUND}'",
    Wait.ANSWER: "SELECT pitfall, said_on, at FROM statements WHERE official"
    " UNION ALL SELECT pitfall, quoted_on, at FROM pitfall_references"
    " WHERE official AND quote <> ''",
    Wait.FIX: "SELECT pitfall, from_date, at FROM fixes",
    Wait.VERIFICATION: "SELECT pitfall, '', seen_at FROM occurrences"
    f" INDEXED BY idx_occurrences_told WHERE verdict <> '' AND verdict = '{Verdict.CONFIRMS}'",
}


class WaitingCases(NamedTuple):
    """The pitfalls that waited, and for how long (ms): until it came, or until the end."""

    reached: Mapping[str, int]
    censored: Mapping[str, int]

    def waited(self) -> Waited:
        """The figure."""
        times = self.reached.values(), self.censored.values()
        median, most = quantiles((_MEDIAN, _MOST), *times)
        return Waited(len(self.reached), len(self.censored), median, most)


class WaitReader(RetroReader):
    """Reads when the awaited events came."""

    def came(self, wait: Wait) -> dict[str, int]:
        """When (ms) it came first, by the pitfall."""
        return first_of((name, _ms(day) if day else at) for name, day, at in self._all(_CAME[wait]))


def first_of(came: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The earliest time of each pitfall."""
    first: dict[str, int] = {}
    for name, at in came:
        if at < first.get(name, at + 1):
            first[name] = at
    return first


def waiting(known: PitfallsInView, end: int) -> dict[str, int]:
    """How long (ms) each pitfall would have waited by an end, if nothing had come."""
    return {name: end - at for name, at in known.reported.items() if at < end}


def cases(waiting: dict[str, int], came: Mapping[str, int], stretch: Elapsed) -> WaitingCases:
    """Those that waited at some time in a stretch.

    They were reported before its end, and it had not come before its begin. What came before
    the report was not waited for.

    Args:
        waiting: the pitfalls that count, as :func:`waiting` gives them for the stretch's end.
        came: when it came first, for those for which it did.
        stretch: the stretch.
    """
    since, end = stretch
    reached: dict[str, int] = {}
    censored = waiting.copy()
    for name, came_at in came.items():
        if came_at < end and name in censored:
            begun = end - censored.pop(name)
            at = max(came_at, begun)
            if at >= since:
                reached[name] = at - begun
    return WaitingCases(reached, censored)


@lru_cache(maxsize=4096)
def _ms(day: str) -> int:
    return day_ms(date.fromisoformat(day))


# How long a share of the waiting waited, where some still wait


#: Products of many shares are not exact; half of ten is half nevertheless.
_NEARLY: Final = 1e-9


def quantiles(
    shares: Sequence[float], reached: Iterable[int], censored: Iterable[int]
) -> list[int | None]:
    """For each share, the least time by which so many of all had reached it; None if not known.

    Args:
        shares: between 0 and 1, such as 0.5 for the median, the least first.
        reached: how long each of those waited that reached it.
        censored: how long each of the others has waited so far.
    """
    times = Counter(reached)
    waited = sorted([*times.elements(), *censored])
    found: list[int | None] = []
    left = 1.0
    for time in sorted(times):
        at_risk = len(waited) - bisect_left(waited, time)
        left *= 1 - times[time] / at_risk
        while len(found) < len(shares) and left <= 1 - shares[len(found)] + _NEARLY:
            found.append(time)
    return found + [None] * (len(shares) - len(found))
