"""A period as a team looks back on it: its figures, and what stands behind each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from storage.model.retro import (
    AgeBand,
    By,
    Count,
    Figures,
    Happened,
    Period,
    PeriodSort,
    Rank,
    Retro,
    Wait,
)
from storage.model.vocabulary import Outcome
from storage.retro.figures import Ages, Counts, Flow, Releases, bands, buckets, in_band, middle
from storage.retro.notes import Notes
from storage.retro.occurrences import Seen, Sightings, leading
from storage.retro.periods import Known, Stretch, before, stretch_of
from storage.retro.timeline import Timeline
from storage.retro.waits import Waits, cases, waiting

#: What can be opened to the pitfalls behind it. Of a wait those that reached what they waited
#: for (True) or still waited (False), of the sightings those with a value or with any of several;
#: of an outcome all that were seen, or were tried and not seen.
Behind = Count | tuple[Wait, bool] | tuple[By, str | tuple[str, ...]] | Outcome | Rank | AgeBand

#: How many parts looking back has, by which its progress is told.
_PARTS: Final = 6
#: So many events of a timeline are read with the figures; more when they are asked for.
TIMELINE: Final = 100

Progress = Callable[[int, int], None]


def _ignore(done: int, of: int) -> None:
    """Nobody waits."""


class Retrospect(Counts, Waits, Sightings, Ages, Flow, Timeline, Releases, Notes):
    """Looks back at periods. What each figure means stands in ``README.md`` beside this."""

    def figures(self, period: Period, now: int) -> Figures:
        """The figures of a period.

        Args:
            period: it may last beyond the present.
            now: the present (ms); nothing later is counted.
        """
        with self.snapshot():
            known = self.known()
            came = {wait: self.came(wait) for wait in Wait}
            stretch = stretch_of(period, now)
            return self._figures(period, stretch, known, came, self.seen(stretch, known))

    def look_back(self, period: Period, now: int, progress: Progress = _ignore) -> Retro:
        """A period beside the one before.

        Args:
            period: it may last beyond the present.
            now: the present (ms); nothing later is counted.
            progress: told how many parts of how many are done; what it raises ends the work.
        """
        with self.snapshot():
            previous = self.before(period)
            stretch, earlier = stretch_of(period, now), stretch_of(previous, now)
            known = self.known()
            progress(1, _PARTS)
            came = {wait: self.came(wait) for wait in Wait}
            progress(2, _PARTS)
            compared = self._figures(previous, earlier, known, came, self.seen(earlier, known))
            progress(3, _PARTS)
            seen = self.seen(stretch, known)
            progress(4, _PARTS)
            figures = self._figures(period, stretch, known, came, seen)
            progress(5, _PARTS)
            sightings, regressed = seen.by_pitfall(), self.regressed(stretch)
            retro = Retro(
                now=figures,
                before=compared,
                flow=self.flow(stretch),
                buckets=buckets(seen, stretch),
                frequent=self.ranked(Rank.FREQUENT, sightings, known),
                expensive=self.ranked(Rank.EXPENSIVE, sightings, known),
                regressions=self.ranked(Rank.FREQUENT, regressed, known),
                timeline=self.happened(stretch, (), TIMELINE, 0),
                notes=self.notes(*stretch),
                due=self.due(stretch.end),
            )
            progress(6, _PARTS)
            return retro

    def before(self, period: Period) -> Period:
        """The period that one is compared with."""
        return before(period, self.releases() if period.sort is PeriodSort.RELEASE else ())

    def behind(self, period: Period, figure: Behind, now: int) -> list[str]:
        """The pitfalls behind a figure of a period, as many as the figure counts.

        Args:
            period, now: as for :meth:`figures`.
            figure: which one; of a ranking they are those that lead it, in its order.
        """
        stretch = stretch_of(period, now)
        with self.snapshot():
            match figure:
                case Count():
                    return self.counted(figure, stretch)
                case AgeBand():
                    return in_band(self.ages(stretch.end), figure)
                case Rank():
                    known = self.known()
                    return leading(figure, self.seen(stretch, known).by_pitfall(), known)
                case (Wait() as wait, is_reached):
                    everybody = waiting(self.known(), stretch.end)
                    found = cases(everybody, self.came(wait), stretch)
                    waited = found.reached if is_reached else found.censored
                    return sorted(waited, key=lambda name: (-waited[name], name))
                case Outcome():
                    return self.seen(stretch, self.known()).with_outcome(figure)
                case (By() as by, str(value)):
                    return self.seen(stretch, self.known()).of_values(by, [value])
                case (By() as by, tuple(values)):
                    return self.seen(stretch, self.known()).of_values(by, frozenset(values))
        raise TypeError(figure)

    def timeline(
        self,
        period: Period,
        now: int,
        *,
        kinds: Collection[str] = (),
        limit: int = TIMELINE,
        offset: int = 0,
    ) -> tuple[Happened, ...]:
        """What happened in a period, the newest first, without sightings but with regressions.

        Args:
            period, now: as for :meth:`figures`.
            kinds: of events that are looked for, ``REGRESSION`` among them; all if there is none.
            limit, offset: so many events, after so many newer ones.
        """
        with self.snapshot():
            return self.happened(stretch_of(period, now), kinds, limit, offset)

    def _figures(
        self,
        period: Period,
        stretch: Stretch,
        known: Known,
        came: Mapping[Wait, Mapping[str, int]],
        seen: Seen,
    ) -> Figures:
        ages = self.ages(stretch.end)
        everybody = waiting(known, stretch.end)
        return Figures(
            period=period,
            counts={which: self.count(which, stretch) for which in Count},
            waits={wait: cases(everybody, came[wait], stretch).waited() for wait in Wait},
            sightings=sum(seen.counts),
            not_reproduced=sum(seen.not_seen.values()),
            shares={by: seen.shares(by) for by in By},
            ages=bands(ages.values()),
            workaround_age=middle(ages.values()),
        )
