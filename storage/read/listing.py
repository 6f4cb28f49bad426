"""The list: the result of a query by pages, with counts and sparklines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from storage.db.reader import (
    ROW,
    SOURCES,
    BoardPart,
    from_json,
    id_array,
    listed,
    row_of,
)
from storage.model.row import Row, Status
from storage.query.sql_order import NARROW, SLIM, Asked, in_sql, searched
from storage.query.tree import AXES, Query, Seen, SortKey, Sql, view
from storage.read.board import SEEN_VERSIONS, Glance, LatePart, Listing
from storage.text import search_text
from storage.text.dates import now_ms

if TYPE_CHECKING:
    from storage.read.places import PlaceReader

#: What one in so many pitfalls or fewer answer to is looked up by row, not in the order's index.
_ONE_IN: Final = 12
#: The same of what has a tag and need have nothing else.
_ONE_IN_TAGGED: Final = 100
#: A sample that much smaller than that of an order tells whether few answer, and more of it than
#: this are many.
_SMALLER: Final = 10
_SIFTED: Final = 33

#: Each index that lists a part of those in view, and which: of those that are settled without the
#: first status, and of duplicates those whose original is not on the board.
_COUNTED: Final = {
    "settled": "triage = 'settled' AND status <> 'open'",
    "waiting": "triage IN ('inbox', 'snoozed')",
    "duplicates": "duplicate_of <> '' AND triage = 'duplicate'",
}
#: How many pitfalls there are, how many of them have left the board, and how many of the others
#: have each status but the first.
COUNTS_IN_VIEW: Final = (
    "SELECT (SELECT count(*) FROM pitfalls), (SELECT count(*) FROM pitfalls WHERE in_view = 0), "
) + ", ".join(
    " + ".join(
        f"(SELECT count(*) FROM pitfalls INDEXED BY idx_pitfalls_{index}"
        f" WHERE {part} AND in_view = 1 AND status = '{status}')"
        for index, part in _COUNTED.items()
    )
    for status in list(Status)[1:]
)


class ListReader(BoardPart):
    """Finds pitfalls, counts them, and reads the rows of a list.

    ``has_seen_in`` says whether columns hold where pitfalls were seen, and
    ``counts_from`` names the index for what any has to count.
    """

    has_seen_in: ClassVar[bool] = True
    counts_from: ClassVar[str] = NARROW
    places: LatePart[PlaceReader] = LatePart("storage.read.places:PlaceReader")

    def find(
        self,
        query: Query,
        *,
        language: str = "en",
        candidates: int | None = None,
        now: int | None = None,
        lazily: bool = False,
    ) -> Listing:
        """The result of a query. Words are searched in titles first, then in the rest.

        Args:
            query: the parsed query.
            language: the reader's, for the order of titles.
            candidates: how many matches of words to rank at most; by default what a screen needs.
            now: the time in milliseconds, for ages; by default the wall clock's.
            lazily: whether to count only when that is asked for: the first page needs no counts.
        """
        now = now_ms() if now is None else now
        # To know one's name takes files, which few queries need.
        me = (self._reader.me or _person)() if query.speaks_of("assignee") else ""
        asked = Asked(query, language, now, self._seen(query), me)
        words, everyone = searched(query), asked.any_status
        if words is not None:
            return self._searched(asked, words.text, candidates or search_text.CANDIDATES)
        few = None if asked.is_narrow else self._picked(everyone)
        if few is None and (asked.is_narrow or everyone.is_slim):
            few = None if lazily else self._sifted(everyone)
            if few is None:
                return Listing(self, asked, None if lazily else self.counted(asked))
            return self._collected(asked, few, in_order=asked.is_held or not asked.is_indexed)
        return self._collected(asked, few)

    def _seen(self, query: Query) -> Seen | None:
        """The versions that pitfalls were seen in, on the axes that a query asks for."""
        if not self.has_seen_in:
            return None
        fetch = self._reader.fetch_all
        return {
            axis: self._reader.remembered(axis, partial(fetch, SEEN_VERSIONS, (axis,)))
            for key, axis in AXES.items()
            if query.speaks_of(key)
        }

    def counted(self, asked: Asked) -> dict[Status, int]:
        """How many of each status answer to a query without its filter on that."""
        everyone = asked.any_status
        if not everyone.is_narrow:
            return self._counts_of_many(everyone)
        # Whoever turns the order or changes it then waits for no more than to sort.
        count = partial(self._counts, everyone, self.counts_from)
        return self._reader.remembered(everyone.query.conditions, count)

    def _counts(self, asked: Asked, index: str) -> dict[Status, int]:
        """How many of each status answer, read from an index; SQLite sorts nothing for it."""
        if index == NARROW and not asked.query.conditions:
            [(every, gone, *others)] = self._reader.fetch_all(COUNTS_IN_VIEW)
            return dict(zip(Status, (every - gone - sum(others), *others), strict=True))
        condition, parameters, *_ = asked.condition
        return self._counted_in(Sql(f"pitfalls INDEXED BY {index} WHERE {condition}", parameters))

    def _counts_of_many(self, asked: Asked) -> dict[Status, int]:
        """The same from the slim index; of what has a tag or lacks it, from the rows of tags."""
        if asked.only_tagged is not None:
            return self._counts_of_tagged(asked, *asked.only_tagged)
        return self._counts(asked, SLIM)

    def _counts_of_tagged(self, asked: Asked, tag: Sql, lacks: bool) -> dict[Status, int]:
        """The same of what has a tag, from the tags alone; what lacks it is the rest of all."""
        rows = f"(SELECT DISTINCT n, status FROM tags WHERE {tag.text}) WHERE {view(asked.query)}"
        having = self._counted_in(Sql(rows, tag.parameters), of_tags=True)
        if not lacks:
            return having
        every = self.counted(asked.replaced(query=asked.query.without("tag")))
        return {status: every[status] - having[status] for status in Status}

    def _counted_in(self, source: Sql, *, of_tags: bool = False) -> dict[Status, int]:
        # A number is compared in half the time; of the first status are all the others.
        is_ = "status = '{}'" if of_tags else "status_order = {1}"
        cases = [is_.format(status, place) for place, status in enumerate(Status)][1:]
        each = ", ".join(("count(*)", *(f"count(*) FILTER (WHERE {one})" for one in cases)))
        sql = f"SELECT {each} FROM {source.text}"
        [(every, *others)] = self._reader.fetch_all(sql, source.parameters)
        return dict(zip(Status, (every - sum(others), *others), strict=True))

    def _picked(self, asked: Asked) -> Sql | None:
        """What answers to a condition with a short list of its own, and to the rest of a query.

        None if it has no such condition, or the list is long.
        """
        if asked.picked is None:
            return None
        picked, rest = asked.picked
        one_in = _ONE_IN if asked.only_tagged is None else _ONE_IN_TAGGED
        [(most,)] = self._reader.fetch_all(f"SELECT ifnull(max(n), 0) / {one_in} FROM pitfalls")
        if picked.rows:
            # Much quicker to count than what they find.
            within = f"SELECT count(*) FROM ({picked.rows} LIMIT {2 * most + 1})"
            if self._reader.fetch_all(within, picked.parameters)[0][0] > 2 * most:
                return None
        found = picked.listed or f"SELECT n FROM pitfalls WHERE {picked.text}"
        rows = self._reader.fetch_all(f"{found} LIMIT ?", (*picked.parameters, most + 1))
        return None if len(rows) > most else asked.among(listed(n for (n,) in rows), (), rest)

    def _sifted(self, asked: Asked) -> Sql | None:
        """What answers to a query, in one pass through the slim index, if a sample says it is few.

        That counts it, too, and reads any page from then on: else these take a pass each. Of those
        whose titles are to be sorted, many are worth it. Tags are counted from their own rows.
        """
        in_titles = asked.is_indexed and not asked.is_held
        if asked.is_narrow or asked.only_tagged:
            return None
        if not in_titles and len(self.places.sample(asked, _SMALLER)[1]) > _SIFTED:
            return None
        slim, (condition, parameters, *_) = f"pitfalls INDEXED BY {SLIM}", asked.condition
        return Sql(f"{slim} WHERE {condition}", parameters)

    def _collected(self, asked: Asked, few: Sql | None, *, in_order: bool = True) -> Listing:
        """The listing of what no index holds, or of a few rows: its rowids are read at once."""
        if (source := few) is None:
            # The view is left to the outer query: within, SQLite would look for it first of all.
            found = asked.any_status.of_all
            within = f"n IN (SELECT n FROM pitfalls WHERE {found.text})"
            shown = view(asked.query.without("status"), of_all=True)
            source = Sql(f"{asked.in_order} WHERE {shown} AND {within}", found.parameters)
        columns, order = (asked.selected, f" ORDER BY {asked.order}") if in_order else ("n", "")
        rows = f"SELECT status_order, {columns} FROM {source.text}{order}"
        # As JSON, many come several times faster than as rows.
        sql = f"SELECT json_group_array(status_order), json_group_array(n) FROM ({rows})"
        places, rowids = map(from_json, self._reader.fetch_all(sql, source.parameters)[0])
        counted = Counter(places)
        counts = {status: counted[place] for place, status in enumerate(Status)}
        taken = {place for place, status in enumerate(Status) if asked.takes(status)}
        chosen = [n for n, place in zip(rowids, places, strict=True) if place in taken]
        return Listing(self, asked, counts, chosen if in_order else None, among=chosen)

    def glances(self) -> dict[str, Glance]:
        """Status, last occurrence and regression of every pitfall in the default view, by id."""
        rows = self._reader.fetch_all(
            "SELECT id, status, last_seen, regressed FROM pitfalls WHERE in_view = 1"
        )
        return {name: Glance(*rest) for name, *rest in rows}

    def these(self, pitfalls: Sequence[str], *, language: str = "en") -> Listing:
        """A listing of some pitfalls, in their order; without those that are not on the board."""
        sql = "SELECT id, n FROM pitfalls WHERE id IN (SELECT value FROM json_each(?))"
        places = dict(self._reader.fetch_all(sql, (id_array(pitfalls),)))
        found = [places[name] for name in dict.fromkeys(pitfalls) if name in places]
        counts = self._counted_in(Sql(f"pitfalls WHERE n IN ({listed(found)})"))
        return Listing(self, Asked(Query(), language, 0, None), counts, found)

    # Words

    def _searched(self, asked: Asked, text: str, limit: int) -> Listing:
        everyone, look = asked.any_status, self._candidates
        of_any_status = look(everyone, limit)
        if not of_any_status:
            look = self._pronounced
            of_any_status = look(everyone, limit)
        found = look(asked, limit) if everyone.query != asked.query else of_any_status
        bounded = len(found) >= limit
        counts = self._counted_in(Sql(f"pitfalls WHERE n IN ({listed(of_any_status)})"))
        if asked.query.sort in (None, SortKey.RELEVANCE):
            found = self._ranked(text, found)
        else:
            rows = self._reader.fetch_all(
                f"SELECT n FROM pitfalls WHERE n IN ({listed(found)}) ORDER BY {asked.order}"
            )
            found = [n for (n,) in rows]
        return Listing(self, asked, counts, found, bounded=bounded)

    def _candidates(self, asked: Asked, limit: int) -> list[int]:
        """The rowids of matches, those by title first, then newest first."""
        words = searched(asked.query)
        if words is None or not words.expression:
            return []
        condition, parameters, *_ = asked.rest_of(words)
        found: dict[int, None] = {}
        for columns in ("{title} : ", search_text.AS_WRITTEN):
            if len(found) < limit:
                match = f"{columns}({words.expression})"
                rows = self._matches(match, condition, (*parameters, limit))
                found.update((n, None) for (n,) in rows)
        if len(found) < limit:
            rows = self._reader.fetch_all(
                "SELECT n FROM pitfalls WHERE id IN (SELECT pitfall FROM messages WHERE n IN"
                " (SELECT rowid FROM message_search WHERE message_search MATCH ?"
                f"  ORDER BY rowid DESC LIMIT ?)) AND {condition}",
                (words.expression, limit, *parameters),
            )
            found.update((n, None) for (n,) in rows)
        return list(found)[:limit]

    def _pronounced(self, asked: Asked, limit: int) -> list[int]:
        """The rowids of pitfalls whose Chinese titles are read like the words, newest first."""
        words = searched(asked.query)
        expression = words and search_text.pronounced_expression(words.text)
        if words is None or not expression:
            return []
        condition, parameters, *_ = asked.rest_of(words)
        rows = self._matches(expression, condition, (*parameters, limit))
        return [n for (n,) in rows]

    def _matches(self, match: str, condition: str, rest: Sequence[object]) -> list[tuple[int]]:
        return self._reader.fetch_all(
            "SELECT n FROM search CROSS JOIN pitfalls ON n = search.rowid"
            f" WHERE search MATCH ? AND {condition} ORDER BY search.rowid DESC LIMIT ?",
            (match, *rest),
        )

    def _ranked(self, words: str, found: list[int]) -> list[int]:
        rows = self._reader.fetch_all(
            "SELECT n, title || char(10) || title_zh, component || char(10) || component_zh,"
            f" ifnull(last_seen, 0) FROM pitfalls WHERE n IN ({listed(found)})"
        )
        rank = search_text.rank
        scored = [(rank(words, title, names), seen, n) for n, title, names, seen in rows]
        return [n for _, _, n in sorted(scored, reverse=True)]

    # Pages and places

    def sorted_page(self, asked: Asked, offset: int, limit: int, total: int) -> list[Row]:
        """A page of what an index holds in its order, read from whichever end is nearer."""
        source, parameters, *_ = asked.found_in_order
        limit = max(0, min(limit, total - offset))
        from_end = offset > total // 2
        skip = total - offset - limit if from_end else offset
        order = in_sql(asked.terms, turned=from_end)
        # The inner query skips rows within the index alone.
        rows = self._reader.fetch_all(
            f"SELECT {ROW} FROM pitfalls WHERE n IN (SELECT n FROM (SELECT {asked.selected}"
            f" FROM {source} ORDER BY {order} LIMIT ? OFFSET ?))"
            f" ORDER BY {order}",
            (*parameters, limit, skip),
        )
        page = [row_of(row) for row in rows]
        return page[::-1] if from_end else page

    def place(self, asked: Asked, pitfall: str) -> int | None:
        """Where a pitfall stands in what an index holds in its order; None if it does not."""
        condition, parameters, *_ = asked.condition
        here = self._reader.fetch_all(
            f"SELECT {', '.join(asked.ranks)} FROM pitfalls WHERE id = ? AND {condition}",
            (pitfall, *parameters),
        )
        if not here:
            return None
        before = asked.precedes(here[0])
        [(place,)] = self._reader.fetch_all(
            f"SELECT count(*) FROM {asked.in_order} WHERE {before.text} AND {condition}",
            (*before.parameters, *parameters),
        )
        return int(place)

    def rowid(self, pitfall: str) -> int | None:
        """A pitfall's place in this file; None if it is not on the board."""
        rows = self._reader.fetch_all("SELECT n FROM pitfalls WHERE id = ?", (pitfall,))
        return int(rows[0][0]) if rows else None

    def rows(self, rowids: Sequence[int]) -> list[Row]:
        """The rows of a list, in the order of ``rowids``."""
        rows = self._reader.fetch_all(f"SELECT {ROW} FROM pitfalls WHERE n IN ({listed(rowids)})")
        by_rowid = {row.rowid: row for row in map(row_of, rows)}
        return [by_rowid[n] for n in rowids if n in by_rowid]

    def weeks(self, pitfalls: Iterable[str], last_week: int, weeks: int) -> dict[str, list[int]]:
        """Occurrences in each of the ``weeks`` weeks up to ``last_week``, oldest first."""
        wanted = {pitfall: [0] * weeks for pitfall in pitfalls}
        first = last_week - weeks + 1
        rows = self._reader.fetch_all(
            "SELECT pitfall, week, count FROM weekly_occurrences"
            f" WHERE pitfall IN ({', '.join('?' * len(wanted))}) AND week BETWEEN ? AND ?",
            (*wanted, first, last_week),
        )
        for pitfall, week, count in rows:
            wanted[str(pitfall)][week - first] = count
        return wanted

    def with_sources(self, rows: Iterable[Row]) -> list[Row]:
        """Some rows, with the catalogues that they come from."""
        held = list(rows)
        found = dict(self._reader.fetch_all(SOURCES, (id_array(row.id for row in held),)))
        return [row._replace(source=str(found.get(row.id, ""))) for row in held]


def _person() -> str:
    # Loaded here, since few lists ask who reads them.
    from storage.read.names import person

    return person()
