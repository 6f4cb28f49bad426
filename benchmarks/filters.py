"""Filters, orders and names completed, beside the same in bare SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks import floors
from benchmarks.boards import END_MS
from benchmarks.pairs import Figure, race, used
from storage.model.environment import version_key
from storage.query.completion import complete
from storage.query.parser import parse
from storage.query.tree import Query, SortKey
from storage.read.board import Board

if TYPE_CHECKING:
    from benchmarks.measures import Bench

_PAGE: Final = 50
_BARE: Final = "bare sqlite3"
_DAY_MS: Final = 24 * 60 * 60 * 1000
_KEY: Final = version_key("2.14.1")
_SEEN_VERSIONS: Final = (
    "id IN (SELECT pitfall FROM seen_versions WHERE axis = '{}' AND key >= '{}' AND key < '{}')"
)

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
    ("client:4.*", _SEEN_VERSIONS.format("client", version_key("4"), version_key("5"))),
    ("lib:2.1..2.9", _SEEN_VERSIONS.format("library", version_key("2.1"), version_key("2.10"))),
    ("by:ops", "reported_by = 'Ops'"),
    ("assignee:none", "assignee = ''"),
    ("status:open or severity:S1", "(status = 'open' OR severity = 'S1')"),
    ("-tag:登录", "id NOT IN (SELECT pitfall FROM tags WHERE tag = '登录')"),
    (
        "platform:ios severity:S1",
        "id IN (SELECT pitfall FROM occurrences WHERE platform = 'ios') AND severity = 'S1'",
    ),
    (
        "-(platform:ios or seen:<2w)",
        "NOT (id IN (SELECT pitfall FROM occurrences WHERE platform = 'ios')"
        f" OR ifnull(last_seen, 0) >= {END_MS - 14 * _DAY_MS})",
    ),
)

#: Each order in SQL, those without an index of ours among them.
_ORDERS: Final = {
    SortKey.FIRST: "first_seen DESC",
    SortKey.COUNT: "occurrence_count DESC",
    SortKey.STATUS: "status_order, last_seen DESC",
    SortKey.SEVERITY: "severity, last_seen DESC",
    SortKey.COMPONENT: "component, last_seen DESC",
    SortKey.TITLE: "title_key",
    SortKey.UPDATED: "changed_at DESC",
    SortKey.REPORTED: "reported_at DESC",
    SortKey.WAITING: "waiting_since",
    SortKey.CLAIMED: "fix_at IS NULL, fix_at",
    SortKey.DUE: "due = '', due",
    SortKey.VERIFIED: "workaround_at IS NULL, workaround_at",
}


def orders(bench: Bench) -> Iterator[Figure]:
    """The first, the middle and the last page by each order but the usual one; the slowest of them.

    Nothing is remembered of the page before, and all is processor time.
    """
    places = (0, bench.size.pitfalls // 2, bench.size.pitfalls - _PAGE)
    for key, terms in _ORDERS.items():
        ours = partial(_sorted_page, bench.board, parse(f"sort:{key}"))
        bare = partial(_bare_sorted_page, bench.board, floors.PAGE_BY.format(order=terms))
        slowest = (max(_medians(page, places, bench.rounds)) for page in (ours, bare))
        yield Figure(f"a page by `sort:{key}`, the slowest of three", _BARE, *slowest)


def _medians(page: Callable[[int], float], places: Sequence[int], rounds: int) -> list[float]:
    return [median(page(max(place, 0)) for _ in range(rounds)) for place in places]


def _sorted_page(path: Path, query: Query, place: int) -> float:
    with Board.open(path) as board:
        # What each connection reads once.
        board.find(parse("status:open"), now=END_MS).page(0, 1)
        return used(lambda: board.find(query, now=END_MS).page(place, _PAGE))


def _bare_sorted_page(path: Path, sql: str, place: int) -> float:
    with closing(floors.reader(path)) as connection:
        return used(lambda: connection.execute(sql, (_PAGE, place)).fetchall())


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
