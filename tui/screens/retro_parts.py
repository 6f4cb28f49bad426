"""The period that a retro looks at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from storage.model.retro import Period, PeriodSort, Release
from storage.retro import periods


@dataclass
class RetroPlace:
    """Where somebody is in the retro, to come back to."""

    period: Period | None = None
    weeks: int = periods.USUAL_SPRINT
    tab: str = "figures"
    line: int = 0


class RetroPeriod:
    """The period that is looked at, and those before and after it.

    Args:
        place: remembers it.
        now: the clock in milliseconds.
        changed: called when another period is looked at.
    """

    def __init__(
        self, place: RetroPlace, now: Callable[[], int], changed: Callable[[], object]
    ) -> None:
        self._place, self._now, self._changed = place, now, changed
        self.period = place.period or periods.period_of(PeriodSort.WEEK, now())
        #: The releases that were seen, the newest last.
        self.releases: Sequence[Release] = ()

    def look_at(self, period: Period) -> None:
        """Look at another period."""
        self.period = self._place.period = period
        self._changed()

    def choose(self, sort: PeriodSort) -> None:
        """Look at the period of a kind in which the present one ends, but never at one ahead."""
        at = min(self.period.until - 1, self._now())
        self.look_at(periods.period_of(sort, at, self._place.weeks))

    def lengthen_sprint(self, weeks: int) -> None:
        """Look at a sprint of some weeks more, or less."""
        after = self._place.weeks + weeks
        if after in periods.SPRINT_WEEKS:
            self._place.weeks = after
            self.choose(PeriodSort.SPRINT)

    def go_earlier(self) -> None:
        """Look at the period before."""
        self.look_at(periods.before(self.period, self.releases))

    def go_later(self) -> bool:
        """Look at the period after; False if it lies ahead."""
        now = self._now()
        later = periods.after(self.period, self.releases, now)
        if later.since > now or later == self.period:
            return False
        self.look_at(later)
        return True

    def parse(self, text: str) -> Period:
        """The period that somebody wrote.

        Raises:
            Refused: it is none.
        """
        return periods.parse(text, self._now(), self._place.weeks, self.releases)

    def of_release(self, version: str) -> Period | None:
        """The time in which a release was the newest one."""
        return periods.of_release(version, self.releases, self._now())
