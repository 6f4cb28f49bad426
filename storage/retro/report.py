"""The report of a period: its figures, and the pitfalls behind each."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Final

from storage.model.retro import (
    AgeBand,
    By,
    Count,
    Figures,
    Happened,
    Period,
    PeriodKind,
    Rank,
    Release,
    Retro,
    Wait,
)
from storage.model.row import Text
from storage.model.vocabulary import Outcome
from storage.retro.figures import (
    AgeReader,
    CountReader,
    FlowReader,
    ReleaseReader,
    WaitReader,
    bands,
    buckets,
    cases,
    in_band,
    middle,
    waiting,
)
from storage.retro.happened import (
    OccurrenceColumns,
    RetroNoteReader,
    RetroOccurrenceReader,
    TimelineReader,
    leading,
)
from storage.retro.periods import (
    Elapsed,
    PitfallsInView,
    RetroReader,
    before,
    compared_days,
    first_days,
    stretch_of,
)

#: What can be opened to the pitfalls behind it. Of a wait those that reached what they waited
#: for (True) or still waited (False), of the occurrences those with a value or with any of several;
#: of an outcome all that were seen, or were tried and not seen.
Behind = Count | tuple[Wait, bool] | tuple[By, str | tuple[str, ...]] | Outcome | Rank | AgeBand

#: How many parts looking back has, by which its progress is told.
_PARTS: Final = 6
#: So many events of a timeline are read with the figures; more when they are asked for.
TIMELINE: Final = 100

Progress = Callable[[int, int], None]


def _ignore(done: int, of: int) -> None:
    """Nobody waits."""


class RetroReport(RetroReader):
    """Reads the figures of periods; ``README.md`` beside this defines each of them.

    Its parts read with the same connection.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(connection, path)
        self.notes = RetroNoteReader(connection, path)
        self._counts = CountReader(connection, path)
        self._waits = WaitReader(connection, path)
        self._occurrences = RetroOccurrenceReader(connection, path)
        self._ages = AgeReader(connection, path)
        self._flow = FlowReader(connection, path)
        self._events = TimelineReader(connection, path)
        self._releases = ReleaseReader(connection, path)

    def releases(self) -> tuple[Release, ...]:
        """The releases of the client that can be chosen as periods."""
        return self._releases.releases()

    def figures(self, period: Period, now: int) -> Figures:
        """The figures of a period.

        Args:
            period: it may last beyond the present.
            now: the present (ms); nothing later is counted.
        """
        with self.snapshot():
            known = self.known()
            came = {wait: self._waits.came(wait) for wait in Wait}
            stretch = stretch_of(period, now)
            return self._figures(
                period, stretch, known, came, self._occurrences.seen(stretch, known)
            )

    def look_back(self, period: Period, now: int, progress: Progress = _ignore) -> Retro:
        """A period beside the one before; as long as it runs, beside as many days of that one.

        Args:
            period: it may last beyond the present.
            now: the present (ms); nothing later is counted.
            progress: told how many parts of how many are done; what it raises ends the work.
        """
        with self.snapshot():
            previous = self.before(period)
            stretch, earlier = stretch_of(period, now), stretch_of(previous, now)
            days = compared_days(period, previous, now)
            if days is not None:
                earlier = first_days(previous, days[1])
            known = self.known()
            progress(1, _PARTS)
            came = {wait: self._waits.came(wait) for wait in Wait}
            progress(2, _PARTS)
            compared = self._figures(
                previous, earlier, known, came, self._occurrences.seen(earlier, known)
            )
            progress(3, _PARTS)
            seen = self._occurrences.seen(stretch, known)
            progress(4, _PARTS)
            figures = self._figures(period, stretch, known, came, seen)
            progress(5, _PARTS)
            occurrences, regressed = seen.by_pitfall(), self._occurrences.regressed(stretch)
            retro = Retro(
                now=figures,
                before=compared,
                flow=self._flow.flow(stretch),
                buckets=buckets(seen, stretch),
                frequent=self._occurrences.ranked(Rank.FREQUENT, occurrences, known),
                expensive=self._occurrences.ranked(Rank.EXPENSIVE, occurrences, known),
                regressions=self._occurrences.ranked(Rank.FREQUENT, regressed, known),
                timeline=self._events.happened(stretch, (), TIMELINE, 0),
                notes=self.notes.notes(*stretch),
                due=self.notes.due(stretch.end),
                components=self.component_names(),
                compared_days=days,
            )
            progress(6, _PARTS)
            return retro

    def titles(self, pitfalls: Collection[str]) -> dict[str, Text]:
        """The titles of pitfalls by their ids."""
        return self._events.titles(pitfalls)

    def before(self, period: Period) -> Period:
        """The period that one is compared with."""
        return before(period, self.releases() if period.sort is PeriodKind.RELEASE else ())

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
                    return self._counts.counted(figure, stretch)
                case AgeBand():
                    return in_band(self._ages.ages(stretch.end), figure)
                case Rank():
                    known = self.known()
                    return leading(
                        figure, self._occurrences.seen(stretch, known).by_pitfall(), known
                    )
                case (Wait() as wait, is_reached):
                    everybody = waiting(self.known(), stretch.end)
                    found = cases(everybody, self._waits.came(wait), stretch)
                    waited = found.reached if is_reached else found.censored
                    return sorted(waited, key=lambda name: (-waited[name], name))
                case Outcome():
                    return self._occurrences.seen(stretch, self.known()).with_outcome(figure)
                case (By() as by, str(value)):
                    return self._occurrences.seen(stretch, self.known()).of_values(by, [value])
                case (By() as by, tuple(values)):
                    return self._occurrences.seen(stretch, self.known()).of_values(
                        by, frozenset(values)
                    )
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
        """What happened in a period, the newest first, without occurrences but with regressions.

        Args:
            period, now: as for :meth:`figures`.
            kinds: of events that are looked for, ``REGRESSION`` among them; all if there is none.
            limit, offset: so many events, after so many newer ones.
        """
        with self.snapshot():
            return self._events.happened(stretch_of(period, now), kinds, limit, offset)

    def _figures(
        self,
        period: Period,
        stretch: Elapsed,
        known: PitfallsInView,
        came: Mapping[Wait, Mapping[str, int]],
        seen: OccurrenceColumns,
    ) -> Figures:
        ages = self._ages.ages(stretch.end)
        everybody = waiting(known, stretch.end)
        return Figures(
            period=period,
            counts={which: self._counts.count(which, stretch) for which in Count},
            waits={wait: cases(everybody, came[wait], stretch).waited() for wait in Wait},
            occurrences=sum(seen.counts),
            not_reproduced=sum(seen.not_seen.values()),
            shares={by: seen.shares(by) for by in By},
            ages=bands(ages.values()),
            workaround_age=middle(ages.values()),
        )
