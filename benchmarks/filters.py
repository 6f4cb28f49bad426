"""Filters, and names completed: the counts and the first page, beside the same in bare SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Final

from benchmarks import floors
from benchmarks.boards import END_MS
from benchmarks.pairs import Figure, race
from storage.model.environment import version_key
from storage.query.completion import complete
from storage.query.parser import parse
from storage.query.tree import Query
from storage.read.board import Board

if TYPE_CHECKING:
    from benchmarks.measures import Bench

_PAGE: Final = 50
_BARE: Final = "bare sqlite3"
_DAY_MS: Final = 24 * 60 * 60 * 1000
_KEY: Final = version_key("2.14.1")

#: A query, and the condition that says the same in SQL.
_FILTERS: Final = (
    ("component:wx.qy.*", "component LIKE 'wx.qy.%'"),
    ("tag:登录", "id IN (SELECT pitfall FROM tags WHERE tag = '登录')"),
    ("platform:android", "id IN (SELECT pitfall FROM occurrences WHERE platform = 'android')"),
    ("seen:>2w", f"last_seen < {END_MS - 14 * _DAY_MS}"),
    (
        "lib:<2.14.1",
        f"id IN (SELECT pitfall FROM seen_versions WHERE axis = 'library' AND key < '{_KEY}')",
    ),
    ("count:>=5", "occurrence_count >= 5"),
    ("has:workaround", "workaround <> ''"),
    ("inbox:yes", "triage = 'inbox'"),
    ("status:open or severity:S1", "(status = 'open' OR severity = 'S1')"),
    (
        "-(platform:ios or seen:<2w)",
        "NOT (id IN (SELECT pitfall FROM occurrences WHERE platform = 'ios')"
        f" OR ifnull(last_seen, 0) >= {END_MS - 14 * _DAY_MS})",
    ),
)


def filters(bench: Bench) -> Iterator[Figure]:
    """What a filter in the query line asks for, and what its completion does."""
    with Board.open(bench.board) as board, closing(floors.reader(bench.board)) as connection:
        for text, condition in _FILTERS:
            ours = partial(_first_page, board, parse(text))
            bare = partial(_bare_first_page, connection, condition)
            yield Figure(f"filter `{text}`", _BARE, *race(ours, bare, bench.rounds))
        names = partial(complete, "component:log", len("component:log"), board.names)
        bare = partial(_bare_names, connection)
        yield Figure("completing a component", _BARE, *race(names, bare, bench.rounds))


def _first_page(board: Board, query: Query) -> None:
    board.find(query, now=END_MS).page(0, _PAGE)


def _bare_first_page(connection: sqlite3.Connection, condition: str) -> None:
    connection.execute(floors.COUNTS_OF.format(condition=condition)).fetchall()
    connection.execute(floors.PAGE_OF.format(condition=condition), (_PAGE,)).fetchall()


def _bare_names(connection: sqlite3.Connection) -> None:
    connection.execute(floors.NAMES).fetchall()
