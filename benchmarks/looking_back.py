"""Looking back: the figures of a quarter and of a year, and a quarter beside the one before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Final

from benchmarks import floors
from benchmarks.boards import END_MS
from benchmarks.pairs import Figure, race
from storage.model.retro import PeriodKind
from storage.retro.periods import period_of
from storage.retro.report import RetroReport

if TYPE_CHECKING:
    from benchmarks.measures import Bench

_DAY_MS: Final = 24 * 60 * 60 * 1000
_YEAR: Final = 365 * _DAY_MS

#: What the figures are grouped by, each in a statement of its own.
_SEEN: Final = """
SELECT {value}, sum(seen), count(*) FROM (
  SELECT {value}, pitfall, sum(count) AS seen FROM occurrences
  WHERE outcome = 'reproduced' AND seen_at >= ?1 AND seen_at < ?2 GROUP BY 1, 2) GROUP BY 1
"""
_GROUPED: Final = (
    *(
        _SEEN.format(value=value)
        for value in ("platform", "channel", "client_version", "base_library")
    ),
    """
SELECT component, sum(seen), count(*) FROM (
  SELECT pitfall, sum(count) AS seen FROM occurrences
  WHERE outcome = 'reproduced' AND seen_at >= ?1 AND seen_at < ?2 GROUP BY 1)
JOIN pitfalls ON id = pitfall GROUP BY 1
""",
    """
SELECT field, after, count(*), sum(at >= ?1) FROM changes WHERE at < ?2 GROUP BY 1, 2
""",
    # What a waiting time is a quantile of: every pitfall with what it waited for.
    """
SELECT ifnull(min(came), ?2) - reported_at FROM pitfalls
LEFT JOIN (SELECT pitfall, min(at) AS came FROM changes WHERE after = 'workaround' GROUP BY 1)
  ON pitfall = id
WHERE reported_at < ?2 AND ?1 NOTNULL GROUP BY id ORDER BY 1
""",
)


def looking_back(bench: Bench) -> Iterator[Figure]:
    """All figures of a period, and a whole retro."""
    quarter = period_of(PeriodKind.QUARTER, END_MS - 1)
    with RetroReport.open(bench.board) as retro, closing(floors.reader(bench.board)) as connection:
        for what, since in (("a quarter", quarter.since), ("a year", END_MS - _YEAR)):
            period = quarter._replace(since=since)
            ours = partial(retro.figures, period, END_MS)
            bare = partial(_groupings, connection, since, END_MS)
            yield Figure(f"figures of {what}", "bare SQL", *race(ours, bare, bench.rounds))
        ours = partial(retro.look_back, quarter, END_MS)
        bare = partial(_groupings, connection, quarter.since, END_MS)
        yield Figure("a retro of a quarter", "its groupings, bare", *race(ours, bare, bench.rounds))


def _groupings(connection: sqlite3.Connection, since: int, until: int) -> None:
    for sql in _GROUPED:
        connection.execute(sql, (since, until)).fetchall()
