"""The board as of a moment, read like the present one, and its difference between two moments."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from storage.as_of.temp_tables import fill_temp_tables, fill_versions, logged_by, make_index, settle
from storage.db.connection import connect_for_reading, explained
from storage.db.reader import Reader
from storage.model.clock import Moment
from storage.model.fields import NamedTuple
from storage.model.row import Row, Status
from storage.query.sql_order import SLIM, indexes_of, sort_of
from storage.query.tree import Query, SortKey
from storage.read.board import Board, Glance, Listing
from storage.read.entries import DuplicateReader
from storage.read.listing import ListReader
from storage.read.names import VersionPairReader
from storage.text.zones import zone

if TYPE_CHECKING:
    from storage.as_of.refold import Refold

_T = TypeVar("_T")

#: Query keys about entries, or about when anything changed: every pitfall is folded for them.
_OF_ENTRIES: Final = ("tag", "has", "fix", "verdict", "updated")


class AsOfReader(Reader):
    """Reads a board as of a moment, from temporary tables over those of the file.

    Threads may share one: they take turns.

    Attributes:
        moment: the moment.
        going_on: called with the share that is done while pitfalls are folded, from 0 to 1; may
            raise to stop.
    """

    def __init__(self, path: Path, moment: Moment) -> None:
        super().__init__(connect_for_reading(path), path)
        self.take_up_time_zone()
        self.moment = moment
        self.going_on: Callable[[float], None] = lambda share: None
        self._turns = threading.RLock()
        self._refold: Refold | None = None
        with explained(path):
            fill_temp_tables(self.connection, moment)
            self.prepare(settle(self.connection, moment))

    def prepare(self, pitfalls: Sequence[str]) -> None:
        """Fold pitfalls as of the moment, unless they are the same as now, or were folded."""
        if pitfalls:
            with self._turns, explained(self.path):
                self._refolding().refold(pitfalls)

    def prepare_all(self) -> None:
        """Fold every pitfall that changed since the moment."""
        self._refolding().refold_all(self.going_on)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Keep other threads waiting."""
        with self._turns:
            yield

    def fetch_all(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Every row at once."""
        with self._turns:
            return super().fetch_all(sql, parameters)

    def remembered(self, asked: Hashable, read: Callable[[], _T]) -> _T:
        """What ``read`` gives: what is folded changes the list while nobody writes."""
        return read()

    def _refolding(self) -> Refold:
        if self._refold is None:
            # Loaded here, since most of what is asked of a past board folds nothing.
            from storage.as_of.refold import Refold

            self._refold = Refold(self.connection, self.moment)
        return self._refold


class AsOfList(ListReader):
    """Finds pitfalls as of a moment.

    Words are searched in the text of today; what they find is shown as of the moment.
    """

    # Its columns come from the states, which know of no occurrences.
    has_seen_in = False
    # No other index than this is made for every query.
    counts_from = SLIM

    def __init__(self, reader: AsOfReader) -> None:
        super().__init__(reader)
        self._as_of = reader

    def find(
        self,
        query: Query,
        *,
        language: str = "en",
        candidates: int | None = None,
        now: int | None = None,
        lazily: bool = False,
    ) -> Listing:
        """The result of a query as of the moment; ``now`` is never later than that.

        A query for more than the list shows takes longer the more has changed since: the
        reader's ``going_on`` is called meanwhile.
        """
        with self._as_of.turn():
            if query.speaks_of(*_OF_ENTRIES) or query.sort is SortKey.UPDATED:
                self._as_of.prepare_all()
            if query.speaks_of("lib", "client"):
                fill_versions(self._as_of.connection)
            for name in {SLIM, *indexes_of(sort_of(query), language)}:
                make_index(self._as_of.connection, name)
            at = self._as_of.moment.at
            return super().find(
                query,
                language=language,
                candidates=candidates,
                now=at if now is None else min(now, at),
                lazily=lazily,
            )

    def weeks(self, pitfalls: Iterable[str], last_week: int, weeks: int) -> dict[str, list[int]]:
        """Occurrences in each of the ``weeks`` weeks up to ``last_week``, oldest first."""
        wanted = {pitfall: [0] * weeks for pitfall in pitfalls}
        first = last_week - weeks + 1
        since, until = (zone().week_begins(week) for week in (first, last_week + 1))
        seen = "outcome = 'reproduced' AND pitfall = ?1 AND seen_at >= ?2 AND seen_at < ?3"
        for pitfall, counts in wanted.items():
            for week, count in self._reader.fetch_all(
                "SELECT week_of(seen_at), sum(count) FROM ("
                # Of the file, only an index is read.
                f" SELECT seen_at, count FROM main.occurrences WHERE {seen}"
                f" AND {logged_by(self._as_of.moment)}"
                "  AND NOT EXISTS (SELECT 1 FROM temp.restated WHERE restated.pitfall = ?1)"
                f" UNION ALL SELECT seen_at, count FROM temp.restated_occurrences WHERE {seen}"
                ") GROUP BY 1",
                (pitfall, since, until),
            ):
                counts[week - first] = count
        return wanted


class AsOfDuplicates(DuplicateReader):
    """Reads duplicates as of a moment."""

    def excluded(self, pitfall: str) -> frozenset[str]:
        """The pitfalls that were marked as not a duplicate of this one, from either side."""
        others = self._reader.fetch_all(
            "SELECT recorded_on FROM main.not_duplicates WHERE pitfall = ?", (pitfall,)
        )
        self._reader.prepare([str(other) for (other,) in others])
        return super().excluded(pitfall)


class AsOfBoard(Board):
    """A board as of a moment."""

    def __init__(self, path: Path, moment: Moment) -> None:
        self._as_of = AsOfReader(path, moment)
        super().__init__(
            self._as_of,
            listing=AsOfList(self._as_of),
            duplicates=AsOfDuplicates(self._as_of),
            version_pairs=VersionPairReader(self._as_of, "occurrences"),
        )

    @property
    def moment(self) -> Moment:
        """The moment."""
        return self._as_of.moment

    def now(self) -> int:
        """The time (ms) of the moment."""
        return self.moment.at

    def report_progress(self, going_on: Callable[[float], None]) -> None:
        """Call ``going_on`` with the share that is done while pitfalls are folded.

        It may raise to stop.
        """
        self._as_of.going_on = going_on


# The difference of a board between two moments


#: What was not seen for so long has gone quiet: twelve weeks, as the view “Quiet” has it.
QUIET_MS: Final = 12 * 7 * 24 * 60 * 60 * 1000


class PitfallDiff(NamedTuple):
    """A pitfall at both moments."""

    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class BoardDiff:
    """The changes of a board, each list ordered by severity, then title.

    ``new`` had not been on the board, ``gone`` has left its view since (declined, a duplicate,
    or its report taken back); ``restated`` has another status; ``regressed`` was seen where it
    should be fixed, and had not been; ``quiet`` was not seen for twelve weeks, and
    had been at the first moment.
    """

    new: tuple[Row, ...]
    gone: tuple[Row, ...]
    restated: tuple[PitfallDiff, ...]
    regressed: tuple[PitfallDiff, ...]
    quiet: tuple[PitfallDiff, ...]

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.new or self.gone or self.restated or self.regressed or self.quiet)


def differences(earlier: Board, earlier_at: int, later: Board, later_at: int) -> BoardDiff:
    """The changes of a board.

    Args:
        earlier, later: the board at two moments; the later one may be that of today.
        earlier_at, later_at: those moments (ms).
    """
    before, after = earlier.list.glances(), later.list.glances()
    both = before.keys() & after.keys()
    restated = [name for name in both if before[name].status != after[name].status]
    regressed = [name for name in both if after[name].regressed and not before[name].regressed]
    quiet = [
        name
        for name in both
        if after[name].status != Status.FIXED_UPSTREAM
        and not _is_quiet(before[name], earlier_at)
        and _is_quiet(after[name], later_at)
    ]
    changed = _changes(earlier, later, {*restated, *regressed, *quiet})
    return BoardDiff(
        new=tuple(_sorted(_rows(later, after.keys() - before.keys()))),
        gone=tuple(_sorted(_rows(earlier, before.keys() - after.keys()))),
        restated=_those(changed, restated),
        regressed=_those(changed, regressed),
        quiet=_those(changed, quiet),
    )


def _is_quiet(one: Glance, at: int) -> bool:
    return one.last_seen is None or one.last_seen < at - QUIET_MS


def _rows(board: Board, names: Collection[str]) -> list[Row]:
    return board.list.these(list(names)).page(0, len(names))


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.severity, row.title.plain, row.id))


def _changes(earlier: Board, later: Board, names: Collection[str]) -> dict[str, PitfallDiff]:
    """Some pitfalls at both moments, in display order."""
    before = {row.id: row for row in _rows(earlier, names)}
    return {row.id: PitfallDiff(before[row.id], row) for row in _sorted(_rows(later, names))}


def _those(changed: Mapping[str, PitfallDiff], names: Collection[str]) -> tuple[PitfallDiff, ...]:
    wanted = set(names)
    return tuple(one for name, one in changed.items() if name in wanted)
