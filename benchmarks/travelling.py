"""Going back: the first page of the board as it was, and what became of it since."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import floors
from benchmarks.boards import END_MS
from benchmarks.pairs import Figure, race
from storage.as_of.board import AsOfBoard, differences
from storage.model.clock import Moment
from storage.query.tree import Query
from storage.read.board import Board
from storage.text.zones import week_of

if TYPE_CHECKING:
    from benchmarks.measures import Bench

_PAGE: Final = 50
_WEEKS: Final = 12
_DAY_MS: Final = 24 * 60 * 60 * 1000
_AGES: Final = (("a week ago", 7), ("half a year ago", 182), ("two years ago", 730))

#: How many of each status there were, and the fifty that had been seen last.
_COUNTS: Final = """
SELECT status, count(*) FROM states WHERE clock <> 'known' AND since <= ?1 AND until > ?1
GROUP BY status
"""
_SEEN_LAST: Final = """
SELECT * FROM states JOIN (
  SELECT pitfall AS seen, sum(count),
    max(CASE outcome WHEN 'reproduced' THEN seen_at END) AS last_seen
  FROM occurrences WHERE logged_at <= ?1 GROUP BY pitfall) ON seen = pitfall
WHERE clock <> 'known' AND since <= ?1 AND until > ?1
ORDER BY last_seen DESC LIMIT 50
"""


def travelling(bench: Bench) -> Iterator[Figure]:
    """The board of a moment, opened and its first page read; and a comparison with today."""
    with closing(floors.reader(bench.board)) as connection:
        for text, days in _AGES:
            at = END_MS - days * _DAY_MS
            ours, bare = partial(_first_page, bench.board, at), partial(_bare_page, connection, at)
            yield Figure(f"the board of {text}", "bare SQL", *race(ours, bare, bench.rounds))
        at = END_MS - 91 * _DAY_MS
        ours, bare = partial(_compared, bench.board, at), partial(_bare_page, connection, at)
        yield Figure("what became of it in a quarter", "the list alone, bare", *race(ours, bare, 3))


def _first_page(path: Path, at: int) -> None:
    with AsOfBoard(path, Moment(at)) as board:
        page = board.find(Query()).page(0, _PAGE)
        board.list.weeks([row.id for row in page], week_of(at), _WEEKS)


def _bare_page(connection: sqlite3.Connection, at: int) -> None:
    connection.execute(_COUNTS, (at,)).fetchall()
    connection.execute(_SEEN_LAST, (at,)).fetchall()


def _compared(path: Path, at: int) -> None:
    with AsOfBoard(path, Moment(at)) as before, Board.open(path) as after:
        differences(before, at, after, END_MS)
