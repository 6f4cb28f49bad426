"""The list: what answers to a query, by pages, with its counts and sparklines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from storage import search
from storage.board.reader import ROW, Reader, listed, row_of
from storage.models import Row
from storage.query import Query, SortKey, order_by, precedes, sort_columns, sort_of, where
from storage.vocabulary import Status

#: The filters whose columns stand in the index of every sort key.
IN_EVERY_SORT: Final = {"status", "kind", "severity"}


def index_of(sort: SortKey, language: str) -> str:
    """The index that holds the order of a sort key."""
    zh = language.startswith("zh") and sort in (SortKey.COMPONENT, SortKey.TITLE)
    return f"idx_pitfalls_by_{sort}{'_zh' if zh else ''}"


class Listing:
    """The answer to a query: how many there are, and any page of it.

    ``counts`` says how many of each status there would be without a filter on
    it, and ``bounded`` that there are more matches than the ``total``
    candidates which were ranked.
    """

    def __init__(
        self,
        board: Lists,
        query: Query,
        language: str,
        counts: dict[Status, int],
        found: list[int] | None,
        *,
        bounded: bool = False,
    ) -> None:
        self._board = board
        self._query = query
        self._language = language
        self._found = found
        self.counts = counts
        self.total = _chosen(query, counts) if found is None else len(found)
        self.bounded = bounded

    def page(self, offset: int, limit: int) -> list[Row]:
        """At most ``limit`` rows from ``offset`` on, in the listing's order."""
        if self._found is not None:
            return self._board.rows(self._found[offset : offset + limit])
        return self._board.sorted_page(self._query, self._language, offset, limit, self.total)

    def read_with(self, board: Lists) -> Listing:
        """This listing, paged through another connection (each thread has its own)."""
        return Listing(
            board, self._query, self._language, self.counts, self._found, bounded=self.bounded
        )

    def place(self, pitfall: str) -> int | None:
        """Where a pitfall stands in the listing, from 0; None if it is not in it."""
        return self._board.place(self._query, self._language, self._found, pitfall)


class Lists(Reader):
    """The listing side of a board."""

    def find(
        self, query: Query, *, language: str = "en", candidates: int = search.CANDIDATES
    ) -> Listing:
        """What answers a query. Words are looked for in titles first, then in the rest.

        Args:
            query: the parsed query.
            language: of the reader, for the order of titles.
            candidates: how many matches of words are looked at and ranked.
        """
        if not query.words.strip():
            return Listing(self, query, language, self.counts(query), None)
        found = self._candidates(query, candidates)
        bounded = len(found) >= candidates
        filtered = any(one.field == "status" for one in query.filters)
        counts = self.counts(query) if filtered else self._counted(found)
        if query.sort in (None, SortKey.RELEVANCE):
            found = self._ranked(query.words, found)
        else:
            order = order_by(query.sort, reverse=query.reverse, language=language)
            rows = self._all(
                f"SELECT n FROM pitfalls WHERE n IN ({listed(found)}) ORDER BY {order}"
            )
            found = [n for (n,) in rows]
        return Listing(self, query, language, counts, found, bounded=bounded)

    def _candidates(self, query: Query, limit: int) -> list[int]:
        """The rowids of matches, those by title first, then newest first."""
        expression = search.expression(query.words)
        if not expression:
            return []
        condition, parameters = where(query)
        found: dict[int, None] = {}
        for match in (f"{{title}} : ({expression})", expression):
            if len(found) < limit:
                rows = self._all(
                    "SELECT n FROM search CROSS JOIN pitfalls ON n = search.rowid"
                    f" WHERE search MATCH ? AND {condition}"
                    " ORDER BY search.rowid DESC LIMIT ?",
                    (match, *parameters, limit),
                )
                found.update((n, None) for (n,) in rows)
        if len(found) < limit:
            rows = self._all(
                "SELECT n FROM pitfalls WHERE id IN (SELECT pitfall FROM messages WHERE n IN"
                " (SELECT rowid FROM message_search WHERE message_search MATCH ?"
                f"  ORDER BY rowid DESC LIMIT ?)) AND {condition}",
                (expression, limit, *parameters),
            )
            found.update((n, None) for (n,) in rows)
        return list(found)[:limit]

    def _ranked(self, words: str, found: list[int]) -> list[int]:
        rows = self._all(
            "SELECT n, title || char(10) || title_zh, component || char(10) || component_zh,"
            f" ifnull(last_seen, 0) FROM pitfalls WHERE n IN ({listed(found)})"
        )
        scored = [(search.rank(words, title, names), seen, n) for n, title, names, seen in rows]
        return [n for _, _, n in sorted(scored, reverse=True)]

    def sorted_page(
        self, query: Query, language: str, offset: int, limit: int, total: int
    ) -> list[Row]:
        """A page of a listing without words, read from whichever end is nearer."""
        condition, parameters = where(query)
        limit = max(0, min(limit, total - offset))
        from_end = offset > total // 2
        skip = total - offset - limit if from_end else offset
        order = order_by(sort_of(query), reverse=query.reverse != from_end, language=language)
        # The inner query skips rows within the index alone.
        rows = self._all(
            f"SELECT {ROW} FROM pitfalls WHERE n IN (SELECT n FROM {_in_order_of(query, language)}"
            f" WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?) ORDER BY {order}",
            (*parameters, limit, skip),
        )
        page = [row_of(row) for row in rows]
        return page[::-1] if from_end else page

    def place(
        self, query: Query, language: str, found: Sequence[int] | None, pitfall: str
    ) -> int | None:
        """Where a pitfall stands in the answer to a query; None if it does not answer."""
        condition, parameters = where(query)
        sort = sort_of(query)
        here = self._all(
            f"SELECT n, {sort_columns(sort, language)} FROM pitfalls WHERE id = ? AND {condition}",
            (pitfall, *parameters),
        )
        if not here:
            return None
        n, *values = here[0]
        if found is not None:
            return found.index(n) if n in found else None
        before, compared = precedes(sort, values, reverse=query.reverse, language=language)
        condition, parameters = where(query, of_all=True)
        [(place,)] = self._all(
            f"SELECT count(*) FROM {_in_order_of(query, language)} WHERE {before} AND {condition}",
            (*compared, *parameters),
        )
        return int(place)

    def rows(self, rowids: Sequence[int]) -> list[Row]:
        """The rows of a list, in the order of ``rowids``."""
        rows = self._all(f"SELECT {ROW} FROM pitfalls WHERE n IN ({listed(rowids)})")
        by_rowid = {row.rowid: row for row in map(row_of, rows)}
        return [by_rowid[n] for n in rowids if n in by_rowid]

    def counts(self, query: Query) -> dict[Status, int]:
        """How many pitfalls of each status answer to a query, its status filter aside."""
        query = query.without("status")
        if query.words.strip():
            return self._counted(self._candidates(query, search.CANDIDATES))
        condition, parameters = where(query, of_all=True)
        return _by_status(
            self._all(
                f"SELECT status, count(*) FROM pitfalls WHERE {condition} GROUP BY status",
                parameters,
            )
        )

    def _counted(self, found: Sequence[int]) -> dict[Status, int]:
        return _by_status(
            self._all(
                "SELECT status, count(*) FROM pitfalls"
                f" WHERE n IN ({listed(found)}) GROUP BY status"
            )
        )

    def weeks(self, pitfalls: Iterable[str], last_week: int, weeks: int) -> dict[str, list[int]]:
        """Sightings in each of the ``weeks`` weeks up to ``last_week``, oldest first."""
        wanted = {pitfall: [0] * weeks for pitfall in pitfalls}
        first = last_week - weeks + 1
        rows = self._all(
            "SELECT pitfall, week, count FROM weekly_sightings"
            f" WHERE pitfall IN ({', '.join('?' * len(wanted))}) AND week BETWEEN ? AND ?",
            (*wanted, first, last_week),
        )
        for pitfall, week, count in rows:
            wanted[str(pitfall)][week - first] = count
        return wanted


def _by_status(rows: list[tuple[str, int]]) -> dict[Status, int]:
    held = dict(rows)
    return {status: held.get(status, 0) for status in Status}


def _chosen(query: Query, counts: dict[Status, int]) -> int:
    """How many of what was counted pass the query's filters on the status."""
    filters = [one for one in query.filters if one.field == "status"]
    return sum(
        count
        for status, count in counts.items()
        if all((status.value in one.values) != one.negated for one in filters)
    )


def _in_order_of(query: Query, language: str) -> str:
    """The table to read a sorted listing from, with the index that holds its order.

    Without being told, SQLite would rather look up what is filtered by and
    then sort it all.
    """
    if {one.field for one in query.filters} <= IN_EVERY_SORT:
        return f"pitfalls INDEXED BY {index_of(sort_of(query), language)}"
    return "pitfalls"
