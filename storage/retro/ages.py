"""For how long workarounds have gone without anybody writing or confirming them."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median_low
from typing import Final

from storage.fold.transitions import STATUS, WORKAROUND
from storage.model.retro import AgeBand
from storage.model.vocabulary import Status
from storage.retro.elapsed import IN_VIEW, Looking
from storage.weeks import WEEK_MS

#: In weeks; the last band has no end.
BANDS: Final = ((0, 4), (4, 12), (12, 26), (26, 52), (52, None))

_STANDING: Final = "FROM changes WHERE field = ?2 AND at < ?1 AND until >= ?1"
_WORKAROUNDS: Final = f"SELECT pitfall, at {_STANDING} AND after <> '' ORDER BY at, pitfall"
_IN_USE: Final = f"SELECT pitfall {_STANDING} AND after = '{Status.WORKAROUND}' AND {IN_VIEW}"


class Ages(Looking):
    """Reads how old workarounds are."""

    def ages(self, at: int) -> dict[str, int]:
        """The age (ms) of each workaround that was in use at a time, the oldest first."""
        used = set(self._ids(_IN_USE, (at, STATUS)))
        written = self._all(_WORKAROUNDS, (at, WORKAROUND))
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
