"""How many pitfalls there were of each status over a period, and how much was seen meanwhile."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from typing import Final

from storage.fold.transitions import STATUS
from storage.model.retro import Bucket, By, FlowPoint
from storage.model.vocabulary import Status
from storage.retro.elapsed import IN_VIEW, Looking, Stretch
from storage.retro.occurrences import Seen
from storage.retro.periods import DAY_MS

#: More points than this no plot in a terminal shows.
_POINTS: Final = 60
_WEEK: Final = 7 * DAY_MS

_STANDING: Final = f"""
SELECT after, count(*) FROM changes
WHERE field = '{STATUS}' AND at < ?1 AND until >= ?1 AND {IN_VIEW} GROUP BY after
"""
_CHANGES: Final = f"""
SELECT at, before, after FROM changes
WHERE field = '{STATUS}' AND at >= ? AND at < ? AND {IN_VIEW}
"""


class Flow(Looking):
    """Reads how the counts by status went."""

    def flow(self, stretch: Stretch) -> tuple[FlowPoint, ...]:
        """The counts at the begin of a stretch, after each step, and at its end.

        A point tells what was so just before its moment: the last one tells the end.
        """
        moments = [*steps(stretch), stretch.end]
        changed = [Counter[str]() for _ in moments]
        for status, count in self._all(_STANDING, (stretch.since,)):
            changed[0][status] += count
        for at, before, after in self._all(_CHANGES, stretch):
            then = changed[bisect_right(moments, at)]
            then[after] += 1
            then[before] -= 1
        counts = Counter[str]()
        points = []
        for moment, changes in zip(moments, changed, strict=True):
            counts.update(changes)
            points.append(FlowPoint(moment, {status: counts[status] for status in Status}))
        return tuple(points)


def buckets(seen: Seen, stretch: Stretch) -> tuple[Bucket, ...]:
    """How often each platform saw something in each step of a stretch."""
    begins = steps(stretch)
    held: list[defaultdict[str, int]] = [defaultdict(int) for _ in begins]
    for at, platform, count in zip(seen.at, seen.places[By.PLATFORM], seen.counts, strict=True):
        held[bisect_right(begins, at) - 1][platform] += count
    return tuple(
        Bucket(begin, dict(sorted(by_platform.items())))
        for begin, by_platform in zip(begins, held, strict=True)
    )


def steps(stretch: Stretch) -> list[int]:
    """When each step of a stretch begins (ms): of a day, or of weeks where it is long."""
    length = stretch.end - stretch.since
    step = DAY_MS
    if length > _POINTS * DAY_MS:
        step = _WEEK * -(-length // (_POINTS * _WEEK))
    return list(range(stretch.since, stretch.end, step)) or [stretch.since]
