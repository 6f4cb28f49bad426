"""What is in the query line after each key, drawn from the board's own text."""

from __future__ import annotations

import random
import re
import sqlite3
from collections import defaultdict
from typing import Final

from storage.query.parser import parse
from storage.read.board import Board
from storage.text import search_text

_SEED: Final = 7
_EACH: Final = 40
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]+")
_LATIN: Final = re.compile(r"[A-Za-z]{2,}")

#: The sorts of keystroke, in the order of the table.
SORTS: Final = (
    "1 Chinese character",
    "2 Chinese characters",
    "4 Chinese characters",
    "2 Latin letters",
    "3 Latin letters",
    "4 Latin letters",
    "5 Latin letters",
    "Chinese and Latin",
    "an API name as it is typed",
)


def drawn(connection: sqlite3.Connection, each: int = _EACH) -> dict[str, list[str]]:
    """Queries of every sort, as frequent as what they look for is on the board."""
    rng = random.Random(_SEED)
    held = connection.execute("SELECT n FROM pitfalls ORDER BY n").fetchall()
    queries: dict[str, list[str]] = {sort: [] for sort in SORTS}
    for attempt in range(each * 1000):
        if all(len(found) >= each for found in queries.values()):
            break
        title, component, body = connection.execute(
            "SELECT title, component, workaround || ' ' || reproduction FROM pitfalls WHERE n = ?",
            rng.choice(held),
        ).fetchone()
        text = title if attempt % 2 else body
        for sort in SORTS:
            if len(queries[sort]) < each and (query := _query(rng, sort, text, component)):
                queries[sort].append(query)
    return queries


def _query(rng: random.Random, sort: str, text: str, component: str) -> str:
    """A query of that sort out of one pitfall's text; empty if there is none in it."""
    amount = sort.split()[0]
    if sort.startswith("an API"):
        return component[: rng.randint(4, len(component))] if component.startswith("wx.") else ""
    if not amount.isdigit():
        chinese, latin = _chinese(rng, text, 2), _latin(rng, f"{text} {component}", 3)
        return f"{chinese} {latin}" if chinese and latin else ""
    cut = _latin if "Latin" in sort else _chinese
    return cut(rng, text, int(amount))


def _chinese(rng: random.Random, text: str, length: int) -> str:
    runs = [run for run in _CHINESE.findall(text) if len(run) >= length]
    if not runs:
        return ""
    run: str = rng.choice(runs)
    start = rng.randint(0, len(run) - length)
    return run[start : start + length]


def _latin(rng: random.Random, text: str, length: int) -> str:
    names: list[str] = [name for name in _LATIN.findall(text) if len(name) >= length]
    return rng.choice(names)[:length].lower() if names else ""


class Scan:
    """Every text of a board in memory, to look through without an index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        texts: defaultdict[str, list[str]] = defaultdict(list)
        rowids: dict[str, int] = {}
        for n, pitfall, *values in connection.execute(
            "SELECT n, id, title, title_zh, component, component_zh, workaround, workaround_zh,"
            " reproduction, reproduction_zh FROM pitfalls"
        ):
            rowids[pitfall] = n
            texts[pitfall] += values
        for sql in (
            "SELECT pitfall, tag FROM tags",
            "SELECT pitfall, text, text_zh FROM comments",
            "SELECT pitfall, title, title_zh, quote, quote_zh FROM pitfall_references",
            "SELECT pitfall, text FROM signatures",
            "SELECT pitfall, from_version, quote, quote_zh FROM fixes",
            "SELECT DISTINCT pitfall, message FROM occurrences WHERE message <> ''",
        ):
            for pitfall, *values in connection.execute(sql):
                texts[pitfall] += values
        self._texts = {
            rowids[pitfall]: search_text.folded("\n".join(values))
            for pitfall, values in texts.items()
            if pitfall in rowids
        }

    def having(self, query: str) -> set[int]:
        """The pitfalls that hold a run of Chinese, or a word that begins so."""
        if _CHINESE.match(query):
            return {n for n, text in self._texts.items() if query in text}
        begins = re.compile(rf"(?<![^\W_]){re.escape(query)}")
        return {n for n, text in self._texts.items() if query in text and begins.search(text)}


def recall(board: Board, scan: Scan, queries: list[str]) -> float:
    """The worst share, over ``queries``, of what a scan finds that the board finds too.

    Where more than the bounded number of candidates match, that number counts as all; some of
    them may be what a scan for word beginnings does not find, such as a word inside an API name.
    """
    worst = 1.0
    for query in queries:
        truth = scan.having(query)
        listing = board.find(parse(query))
        found = {row.rowid for row in listing.page(0, listing.total)}
        wanted = min(len(truth), search_text.CANDIDATES - len(found - truth))
        if wanted:
            worst = min(worst, len(found & truth) / wanted)
    return worst
