"""What became of pitfalls in a period, counted."""

from __future__ import annotations

from typing import Final

from storage.fold.transitions import STATUS
from storage.model.retro import Count
from storage.model.vocabulary import Status, Verdict
from storage.retro.elapsed import IN_VIEW, Looking, Stretch

_CHANGED: Final = f"FROM changes WHERE field = '{STATUS}' AND {IN_VIEW}"
_IN_IT: Final = "AND at >= ?1 AND at < ?2"

#: Where the pitfalls of each figure are found; ?1 and ?2 are the stretch.
_FOUND: Final = {
    Count.OPENED: "FROM (SELECT id AS pitfall FROM pitfalls WHERE in_view = 1"
    " AND reported_at >= ?1 AND reported_at < ?2)",
    Count.WORKED_AROUND: f"{_CHANGED} {_IN_IT} AND after = '{Status.WORKAROUND}'",
    Count.FIXED: f"{_CHANGED} {_IN_IT} AND after = '{Status.FIXED_UPSTREAM}'",
    Count.REOPENED: f"{_CHANGED} {_IN_IT} AND before = '{Status.FIXED_UPSTREAM}'",
    Count.STILL_OPEN: f"{_CHANGED} AND at < ?2 AND until >= ?2 AND after = '{Status.OPEN}'",
    Count.REGRESSED: f"FROM occurrences WHERE verdict <> '' AND verdict = '{Verdict.REGRESSION}'"
    f" AND seen_at >= ?1 AND seen_at < ?2 AND {IN_VIEW}",
}


class Counts(Looking):
    """Counts pitfalls, and names them."""

    def count(self, which: Count, stretch: Stretch) -> int:
        """How many pitfalls a figure counts in a stretch."""
        [(found,)] = self._all(f"SELECT count(DISTINCT pitfall) {_FOUND[which]}", stretch)
        return int(found)

    def counted(self, which: Count, stretch: Stretch) -> list[str]:
        """The pitfalls that a figure counts in a stretch."""
        return self._ids(f"SELECT DISTINCT pitfall {_FOUND[which]} ORDER BY pitfall", stretch)
