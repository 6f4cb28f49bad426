"""The board as it was at a moment, read like the board of today."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from storage.as_of.temp_tables import fill_versions, lay, logged_by, make_index, settle
from storage.db.connection import connect_for_reading, explained
from storage.model.moment import Moment
from storage.model.records import Evidence, Fix, Occurrence, Pitfall
from storage.query import Query, SortKey
from storage.query.sql_order import index_of, sort_of
from storage.read import Board, Listing
from storage.text import search_text
from storage.text.dates import SINCE_MONDAY_MS, WEEK_MS

if TYPE_CHECKING:
    from storage.as_of.refold import Refold

#: What is asked of items, or of when anything changed: every pitfall is folded for it.
_OF_ITEMS: Final = ("tag", "has", "fix", "verdict", "updated")


class PastBoard(Board):
    """What a board held at a moment.

    Words are looked for in the text of today; what they find is shown as it was. Threads may
    share one: they take turns.
    """

    _occurrences_by_run = "occurrences"

    def __init__(self, path: Path, moment: Moment) -> None:
        super().__init__(connect_for_reading(path), path)
        self.moment = moment
        self.going_on: Callable[[float], None] = lambda share: None
        self._turns = threading.RLock()
        self._restating: Refold | None = None
        with explained(path):
            lay(self._connection, moment)
            self._restate(settle(self._connection, moment))

    # The list

    def find(
        self,
        query: Query,
        *,
        language: str = "en",
        candidates: int = search_text.CANDIDATES,
        now: int | None = None,
    ) -> Listing:
        """What answers a query at the moment; ``now`` is never later than that.

        What asks for more than the list shows takes the longer the more was changed since:
        ``going_on`` is told the share that is done, and may raise to stop.
        """
        with self._turns:
            if query.speaks_of(*_OF_ITEMS) or query.sort is SortKey.UPDATED:
                self._restated().refold_all(self.going_on)
            if query.speaks_of("lib", "client"):
                fill_versions(self._connection)
            make_index(self._connection, index_of(sort_of(query), language))
            at = self.moment.at
            return super().find(
                query,
                language=language,
                candidates=candidates,
                now=at if now is None else min(now, at),
            )

    def weeks(self, pitfalls: Iterable[str], last_week: int, weeks: int) -> dict[str, list[int]]:
        """Sightings in each of the ``weeks`` weeks up to ``last_week``, oldest first."""
        wanted = {pitfall: [0] * weeks for pitfall in pitfalls}
        first = last_week - weeks + 1
        since, until = (week * WEEK_MS - SINCE_MONDAY_MS for week in (first, last_week + 1))
        seen = "outcome = 'reproduced' AND pitfall = ?1 AND seen_at >= ?2 AND seen_at < ?3"
        for pitfall, counts in wanted.items():
            for week, count in self._all(
                f"SELECT (seen_at + {SINCE_MONDAY_MS}) / {WEEK_MS}, sum(count) FROM ("
                # Of the file, only an index is read.
                f" SELECT seen_at, count FROM main.occurrences WHERE {seen}"
                f" AND {logged_by(self.moment)}"
                "  AND NOT EXISTS (SELECT 1 FROM temp.restated WHERE restated.pitfall = ?1)"
                f" UNION ALL SELECT seen_at, count FROM temp.restated_occurrences WHERE {seen}"
                ") GROUP BY 1",
                (pitfall, since, until),
            ):
                counts[week - first] = count
        return wanted

    # One pitfall

    def pitfall(self, pitfall: str) -> Pitfall:
        """A pitfall as it was."""
        self._restate([pitfall])
        return super().pitfall(pitfall)

    def judging_fixes(self, pitfall: str) -> tuple[Fix, ...]:
        """The fixes by which the occurrences of a pitfall were judged."""
        self._restate([pitfall])
        return super().judging_fixes(pitfall)

    def evidence(self, pitfall: str) -> dict[str, Evidence]:
        """What each fix of a pitfall was found to be."""
        self._restate([pitfall])
        return super().evidence(pitfall)

    def newest_regression(self, pitfall: str) -> Occurrence | None:
        """The last occurrence that had been seen where the pitfall should have been fixed."""
        self._restate([pitfall])
        return super().newest_regression(pitfall)

    def apart_from(self, pitfall: str) -> frozenset[str]:
        """The pitfalls that somebody had said were not the same as this one, from either side."""
        others = self._all("SELECT recorded_on FROM main.told_apart WHERE pitfall = ?", (pitfall,))
        self._restate([pitfall, *(str(other) for (other,) in others)])
        return super().apart_from(pitfall)

    # Folding again

    def _restated(self) -> Refold:
        if self._restating is None:
            from storage.as_of.refold import Refold

            self._restating = Refold(self._connection, self.moment)
        return self._restating

    def _restate(self, names: Sequence[str]) -> None:
        if names:
            with self._turns, explained(self.path):
                self._restated().refold(names)

    def _all(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        with self._turns:
            return super()._all(sql, parameters)
