"""Figures of a period: pitfalls by status over time, counts, ages of workarounds, releases."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from statistics import median_low
from typing import Final

from storage.db.rows import IS_REGRESSION
from storage.model.clock import STATUS, WORKAROUND
from storage.model.environment import version_key
from storage.model.fields import NamedTuple
from storage.model.retro import AgeBand, Bucket, By, Count, FlowPoint, Release, Wait, Waited
from storage.model.row import Status
from storage.model.vocabulary import Host, Verdict
from storage.retro.happened import OccurrenceColumns
from storage.retro.periods import CHANGES, IN_VIEW, Elapsed, PitfallsInView, RetroReader
from storage.text.zones import WEEK_MS, Zone, zone

#: More points than this no plot in a terminal shows.
_POINTS: Final = 60

_STANDING: Final = f"""
SELECT after, count(*) FROM {CHANGES}
WHERE field = '{STATUS}' AND at < ?1 AND until >= ?1 AND {IN_VIEW} GROUP BY after
"""
_CHANGES: Final = f"""
SELECT at, before, after FROM {CHANGES}
WHERE field = '{STATUS}' AND at >= ? AND at < ? AND {IN_VIEW}
"""


class FlowReader(RetroReader):
    """Reads how the counts by status went."""

    def flow(self, stretch: Elapsed) -> tuple[FlowPoint, ...]:
        """The counts at the begin of a stretch, after each step, and at its end.

        A point tells what was so just before its moment: the last one tells the end.
        """
        moments = [*steps(stretch), stretch.end]
        changed = [Counter[str]() for _ in moments]
        for status, count in self.fetch_all(_STANDING, (stretch.since,)):
            changed[0][status] += count
        for at, before, after in self.fetch_all(_CHANGES, stretch):
            then = changed[bisect_right(moments, at)]
            then[after] += 1
            then[before] -= 1
        counts = Counter[str]()
        points = []
        for moment, changes in zip(moments, changed, strict=True):
            counts.update(changes)
            points.append(FlowPoint(moment, {status: counts[status] for status in Status}))
        return tuple(points)


def buckets(seen: OccurrenceColumns, stretch: Elapsed) -> tuple[Bucket, ...]:
    """How often each platform saw something in each step of a stretch."""
    begins = steps(stretch)
    held: list[defaultdict[str, int]] = [defaultdict(int) for _ in begins]
    for at, platform, count in zip(seen.at, seen.places[By.PLATFORM], seen.counts, strict=True):
        held[bisect_right(begins, at) - 1][platform] += count
    return tuple(
        Bucket(begin, dict(sorted(by_platform.items())))
        for begin, by_platform in zip(begins, held, strict=True)
    )


def steps(stretch: Elapsed) -> list[int]:
    """When each step of a stretch begins (ms): of a day, or of weeks where it is long."""
    first, last = (zone().local(at).date() for at in (stretch.since, max(stretch) - 1))
    days = (last - first).days + 1
    step = 1 if days <= _POINTS else 7 * -(-days // (7 * _POINTS))
    begins = (zone().begins(first + timedelta(days=n)) for n in range(step, days, step))
    return [stretch.since, *begins]


# What became of pitfalls in a period, counted


_CHANGED: Final = f"FROM {CHANGES} WHERE field = '{STATUS}' AND {IN_VIEW}"
_IN_IT: Final = "AND at >= ?1 AND at < ?2"
#: Where the pitfalls of each figure are found; ?1 and ?2 are the stretch.
_FOUND: Final = {
    Count.OPENED: "FROM (SELECT id AS pitfall FROM pitfalls WHERE in_view = 1"
    " AND reported_at >= ?1 AND reported_at < ?2)",
    # Back from a fix that did not hold, the workaround is no new one.
    Count.WORKED_AROUND: f"{_CHANGED} {_IN_IT} AND after = '{Status.WORKAROUND}'"
    f" AND before <> '{Status.FIXED_UPSTREAM}'",
    Count.FIXED: f"{_CHANGED} {_IN_IT} AND after = '{Status.FIXED_UPSTREAM}'",
    Count.REOPENED: f"{_CHANGED} {_IN_IT} AND before = '{Status.FIXED_UPSTREAM}'",
    Count.STILL_OPEN: f"{_CHANGED} AND at < ?2 AND until >= ?2 AND after = '{Status.OPEN}'",
    Count.REGRESSED: f"FROM occurrences WHERE {IS_REGRESSION}"
    f" AND seen_at >= ?1 AND seen_at < ?2 AND {IN_VIEW}",
}


class CountReader(RetroReader):
    """Counts pitfalls, and names them."""

    def count(self, which: Count, stretch: Elapsed) -> int:
        """How many pitfalls a figure counts in a stretch."""
        [(found,)] = self.fetch_all(f"SELECT count(DISTINCT pitfall) {_FOUND[which]}", stretch)
        return int(found)

    def counted(self, which: Count, stretch: Elapsed) -> list[str]:
        """The pitfalls that a figure counts in a stretch."""
        return self._ids(f"SELECT DISTINCT pitfall {_FOUND[which]} ORDER BY pitfall", stretch)


# For how long workarounds have gone without anybody writing or confirming them


#: In weeks; the last band has no end.
BANDS: Final = ((0, 4), (4, 12), (12, 26), (26, 52), (52, None))
_STILL_OPEN: Final = f"FROM {CHANGES} WHERE field = ?2 AND at < ?1 AND until >= ?1"
_WORKAROUNDS: Final = f"SELECT pitfall, at {_STILL_OPEN} AND after <> '' ORDER BY at, pitfall"
_IN_USE: Final = f"SELECT pitfall {_STILL_OPEN} AND after = '{Status.WORKAROUND}' AND {IN_VIEW}"


class AgeReader(RetroReader):
    """Reads how old workarounds are."""

    def ages(self, at: int) -> dict[str, int]:
        """The age (ms) of each workaround that was in use at a time, the oldest first."""
        used = set(self._ids(_IN_USE, (at, STATUS)))
        written = self.fetch_all(_WORKAROUNDS, (at, WORKAROUND))
        return {name: at - since for name, since in written if name in used}


def bands(ages: Iterable[int]) -> tuple[AgeBand, ...]:
    """How many workarounds are of which age."""
    weeks = [age // WEEK_MS for age in ages]
    return tuple(
        AgeBand(low, below, sum(low <= age and (below is None or age < below) for age in weeks))
        for low, below in BANDS
    )


def in_band(ages: dict[str, int], band: AgeBand) -> list[str]:
    """The pitfalls whose workarounds are of an age, the oldest first."""
    return [
        name
        for name, age in ages.items()
        if band.weeks * WEEK_MS <= age and (band.below is None or age < band.below * WEEK_MS)
    ]


def middle(ages: Iterable[int]) -> int | None:
    """The median age (ms), if there is any."""
    held = list(ages)
    return median_low(held) if held else None


# Which releases of the client there were, as far as anybody saw something in one


#: The versions of the other host app are not counted like these.
_FIRST_SEEN: Final = f"""
SELECT client_version, min(seen_at) FROM occurrences
WHERE client_version <> '' AND ifnull(host, '') <> '{Host.WECHAT}' GROUP BY client_version
"""


class ReleaseReader(RetroReader):
    """Reads when the versions of the client were seen first."""

    def releases(self) -> tuple[Release, ...]:
        """The versions of WeCom that were newer than any seen before, the oldest first."""
        seen = sorted(
            (at, version_key(name) or "", name) for name, at in self.fetch_all(_FIRST_SEEN)
        )
        found: list[Release] = []
        newest = ""
        for at, key, name in seen:
            if key > newest:
                newest = key
                found.append(Release(name, at))
        return tuple(found)


# Waiting times of pitfalls: until a workaround, an answer, a fix, a verification


_MEDIAN: Final = 0.5
_MOST: Final = 0.9
#: What ends each wait: the pitfall, the day on which it came if that was said, and the time at
#: which it was recorded. The first of each pitfall counts.
_CAME: Final = {
    Wait.WORKAROUND: f"SELECT pitfall, '', at FROM {CHANGES}"
    f" WHERE field = '{STATUS}' AND after = '{Status.WORKAROUND}'",
    Wait.ANSWER: "SELECT pitfall, said_on, at FROM vendor_replies WHERE official"
    " UNION ALL SELECT pitfall, quoted_on, at FROM pitfall_references"
    " WHERE official AND quote <> ''",
    # An imported list says of many that they are fixed, and not by what.
    Wait.FIX: "SELECT pitfall, from_date, at FROM fixes"
    f" UNION ALL SELECT pitfall, '', at FROM {CHANGES}"
    f" WHERE field = '{STATUS}' AND after = '{Status.FIXED_UPSTREAM}'"
    " AND pitfall NOT IN (SELECT pitfall FROM fixes)",
    Wait.VERIFICATION: "SELECT pitfall, '', seen_at FROM occurrences"
    " INDEXED BY idx_occurrences_by_verdict WHERE verdict <> ''"
    f" AND verdict = '{Verdict.CONFIRMS}'",
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
        place = zone()
        return first_of(
            (name, _ms(day, place) if day else at) for name, day, at in self.fetch_all(_CAME[wait])
        )


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
def _ms(day: str, place: Zone) -> int:
    return place.begins(date.fromisoformat(day))


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
