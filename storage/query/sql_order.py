"""The orders of a listing, as SQL; one index serves each of them in both directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from types import ModuleType
from typing import Final

from storage.db.reader import NEVER_VERIFIED
from storage.model.fields import Frozen, NamedTuple
from storage.model.row import Status
from storage.query.tree import (
    AXES,
    AllOf,
    AnyOf,
    Condition,
    Filter,
    Not,
    Query,
    Seen,
    SortKey,
    Sql,
    Words,
    filter_of,
    view,
)
from storage.text.search_text import expression

#: The columns that the slim index, that of the usual order, holds; by the keys that ask for them.
_SLIM: Final = frozenset(
    (
        *("status", "kind", "severity", "component", "count", "seen", "first", "updated"),
        *("reported", "workaround", "claimed", "upstream", "id", "tag", "has", "inbox"),
        *("triage", "by", "assignee", "due", "ticket"),
    )
)
#: The filters whose columns stand in the index of every order.
_NARROW: Final = frozenset(("status", "kind", "severity"))


def _conditions() -> ModuleType:
    # Loaded here, since a list of all asks for none, and does without all keys and vocabularies.
    from storage.query import sql_conditions

    return sql_conditions


@cache
def _by_bits() -> frozenset[str]:
    """The filters that columns of bits and of versions answer, which the slim index holds, too."""
    return frozenset(("fix", "verdict", *AXES, *_conditions().OCCURRENCE_COLUMNS))


class Term(NamedTuple):
    """One term of an order: a column, and whether it goes down. All but a first one are numbers."""

    column: str
    down: bool = False

    @property
    def value(self) -> str:
        """Its value in a row: never seen is before all others, as SQLite sorts its nulls."""
        return f"ifnull({self.column}, -1)" if self.column in _UNKNOWN else self.column


#: Columns that may be null.
_UNKNOWN: Final = {"last_seen", "first_seen", "occurrence_count", "changed_at"}
#: When a row has the greatest value that there is of an expression, and which one that is: what
#: has no day, no claim or no workaround comes last.
_MOST: Final[Mapping[str, tuple[str, object]]] = {
    "CASE due WHEN '' THEN '~' ELSE due END": ("due = ''", "~")
} | {
    f"ifnull({column}, {NEVER_VERIFIED})": (f"{column} IS NULL", NEVER_VERIFIED)
    for column in ("fix_at", "workaround_at")
}
_DUE, _CLAIMED, _VERIFIED = _MOST
_NEWEST: Final = Term("n", down=True)
_LAST_SEEN: Final = (Term("last_seen", down=True), _NEWEST)
_ORDERS: Final = {
    SortKey.SEEN: _LAST_SEEN,
    SortKey.FIRST: (Term("first_seen", down=True), _NEWEST),
    SortKey.STATUS: (Term("status_order"), *_LAST_SEEN),
    SortKey.SEVERITY: (Term("severity"), *_LAST_SEEN),
    SortKey.COMPONENT: (Term("component"), *_LAST_SEEN),
    SortKey.TITLE: (Term("title_key"), _NEWEST),
    SortKey.COUNT: (Term("occurrence_count", down=True), _NEWEST),
    SortKey.UPDATED: (Term("changed_at", down=True), _NEWEST),
    SortKey.REPORTED: (Term("reported_at", down=True), _NEWEST),
    # Whoever waits longest first.
    SortKey.WAITING: (Term("waiting_since"), Term("n")),
    SortKey.DUE: (Term(_DUE), Term("n")),
    SortKey.CLAIMED: (Term(_CLAIMED), Term("n")),
    SortKey.VERIFIED: (Term(_VERIFIED), Term("n")),
}
#: What a reader of Chinese sees in a column, where that is not the column itself.
_IN_CHINESE: Final = {
    "component": "CASE component_zh WHEN '' THEN component ELSE component_zh END",
    "title_key": "title_order_zh",
}
#: All pitfalls by the titles that a reader of Chinese sees, merged from two indexes.
_BY_TITLE_ZH: Final = " UNION ALL ".join(
    f"SELECT n, {key} AS title_order_zh, in_view, status_order, kind, severity"
    f" FROM pitfalls INDEXED BY idx_pitfalls_by_{index} WHERE title_key_zh {sign} ''"
    for key, index, sign in (("title_key", "title", "="), ("title_key_zh", "title_zh", "<>"))
)
#: The keys with an index of their own, which is named as they are. Few lists are sorted by the
#: others: these read the slim index, that of the usual order, which holds their columns too.
_INDEXED: Final = (SortKey.SEEN, SortKey.TITLE)
#: The slim index, and the narrowest with all that every index of an order holds.
SLIM: Final = "idx_pitfalls_by_seen"
NARROW: Final = "idx_pitfalls_by_title"


def sort_of(query: Query) -> SortKey:
    """The key that a listing without words is sorted by."""
    sort = query.sort
    return SortKey.SEEN if sort is None or sort is SortKey.RELEVANCE else sort


def indexes_of(sort: SortKey, language: str) -> tuple[str, ...]:
    """The indexes that hold the order of a sort key, or at least its columns."""
    if not is_indexed(sort):
        return (SLIM,)
    name = f"idx_pitfalls_by_{sort}"
    return (name, f"{name}_zh") if _is_merged(sort, language) else (name,)


def _is_merged(sort: SortKey, language: str) -> bool:
    return sort is SortKey.TITLE and language.startswith("zh")


def is_indexed(sort: SortKey) -> bool:
    """Whether an index holds the order of a sort key."""
    return sort in _INDEXED


@cache
def _terms(sort: SortKey, language: str, *, reverse: bool) -> tuple[Term, ...]:
    read = _IN_CHINESE if language.startswith("zh") else {}
    return tuple(Term(read.get(column, column), down != reverse) for column, down in _ORDERS[sort])


def in_sql(terms: Sequence[Term], *, turned: bool = False) -> str:
    """An order in SQL, or the other way round."""
    return ", ".join(f"{term.column} {'DESC' if term.down != turned else 'ASC'}" for term in terms)


# The words of a query as one expression for the full-text search


class Searched(NamedTuple):
    """The words of a query, apart from what else has to hold.

    Args:
        expression: for FTS5; empty if nothing of the words can be searched for.
        text: all of the words, to rank by.
        rest: the query without them.
    """

    expression: str
    text: str
    rest: Query


def searched(query: Query) -> Searched | None:
    """What a query searches for; None if it only filters.

    Words on both sides of an ``or`` are among it. Where an ``or`` has words
    and filters, or a minus stands before words, ``storage.query.sql_conditions``
    looks for them.
    """
    found: list[str] = []
    texts: list[str] = []
    rest: list[Condition] = []
    words = (Words(query.words),) if query.words.strip() else ()
    for one in (*words, *query.conditions):
        expressed = _expressed(one)
        if expressed is None:
            rest.append(one)
        else:
            found.append(expressed)
            parts = Query(conditions=(one,)).parts()
            texts += [part.text for part in parts if isinstance(part, Words)]
    if not found:
        return None
    alone = query.replaced(words="", conditions=tuple(rest))
    return Searched(_together(" AND ", found), " ".join(texts), alone)


def _expressed(condition: Condition) -> str | None:
    """The expression for a condition of nothing but words; None if it says more."""
    match condition:
        case Words(text):
            return expression(text)
        case AllOf(of) | AnyOf(of):
            sides = [_expressed(one) for one in of]
            word = " AND " if isinstance(condition, AllOf) else " OR "
            known = [side for side in sides if side is not None]
            return _together(word, known) if len(known) == len(sides) else None
        case _:
            return None


def _together(word: str, sides: list[str]) -> str:
    sides = [side for side in sides if side]
    return sides[0] if len(sides) == 1 else word.join(f"({side})" for side in sides)


class Asked(Frozen):
    """A query as one reader asks it, at one moment."""

    query: Query
    language: str
    now: int
    seen: Seen | None
    me: str = ""

    @property
    def sort(self) -> SortKey:
        """What it is sorted by, matches of words aside."""
        return sort_of(self.query)

    @property
    def is_indexed(self) -> bool:
        """Whether an index holds its order."""
        return is_indexed(self.sort)

    @property
    def is_slim(self) -> bool:
        """Whether the slim index, which holds all that they ask for, is read for its conditions."""
        filters = (one for one in self.query.conditions if isinstance(one, Filter))
        if self.seen is None and any(one.field in _by_bits() for one in filters):
            return False
        return all(
            isinstance(part, Filter) and (part.field in _SLIM or part.field in _by_bits())
            for part in self.query.parts()
        )

    @property
    def is_narrow(self) -> bool:
        """Whether the index of any order answers its conditions."""
        parts = self.query.parts()
        return all(isinstance(one, Filter) and one.field in _NARROW for one in parts)

    @property
    def is_held(self) -> bool:
        """Whether one index holds both its order and what its conditions ask for."""
        return self.is_indexed and (self.sort is SortKey.SEEN or self.is_narrow)

    @property
    def picked(self) -> tuple[Sql, Query] | None:
        """A condition whose answers an index of its own lists, and the rest of the query.

        None if there is none.
        """
        place = next((at for at, one in enumerate(self.query.conditions) if self._picks(one)), -1)
        if place < 0:
            return None
        every = self.query.conditions
        picking = self.query.replaced(conditions=every[place : place + 1])
        rest = self.query.replaced(conditions=every[:place] + every[place + 1 :])
        return self._where(picking), rest

    @property
    def only_tagged(self) -> tuple[Sql, bool] | None:
        """See :func:`storage.query.sql_conditions.only_tagged`."""
        found: tuple[Sql, bool] | None = _conditions().only_tagged(self.query)
        return found

    def among(self, numbers: str, parameters: Sequence[object], rest: Query) -> Sql:
        """The rows of some rowids, as SQL lists them, and what else has to hold of them."""
        condition = self._asked_of(rest)
        rows = f"pitfalls NOT INDEXED WHERE n IN ({numbers}) AND {view(self.query)}"
        return Sql(f"{rows} AND {condition.text}", (*parameters, *condition.parameters))

    def _picks(self, one: Condition) -> bool:
        listed: bool | None = _conditions().picks(one, self.seen)
        alone = self.replaced(query=Query(conditions=(one,)))
        return not alone.is_slim if listed is None else listed

    def _where(self, query: Query, *, in_slim: bool = False) -> Sql:
        return self._asked_of(query, of_all=True, in_slim=in_slim)

    def _asked_of(self, query: Query, **how: bool) -> Sql:
        """The conditions of a query; see :func:`storage.query.sql_conditions.where`."""
        if not query.conditions:
            return Sql("1")
        asked: Sql = _conditions().where(query, self.now, self.me, self.seen, **how)
        return asked

    @property
    def of_all(self) -> Sql:
        """What has to hold, as it is asked of every pitfall."""
        return self._where(self.query, in_slim=self.is_slim)

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of its order; the last one is the rowid."""
        return _terms(self.sort, self.language, reverse=self.query.reverse)

    @property
    def is_falling(self) -> bool:
        """Whether the first of its ``ranks`` goes down, and the others with it."""
        return self.terms[0].down

    @property
    def ranks(self) -> tuple[str, ...]:
        """Its terms as values that all go the same way; the last is the rowid, or minus that."""
        down = self.is_falling
        return tuple(term.value if term.down == down else f"-{term.value}" for term in self.terms)

    @property
    def order(self) -> str:
        """The SQL order."""
        return in_sql(self.terms)

    @property
    def is_usual_within(self) -> bool:
        """Whether what has one value of the first term stands in the order of the slim index."""
        return [term.column for term in self.terms[1:]] == [term.column for term in _LAST_SEEN]

    def precedes(self, here: Sequence[object]) -> Sql:
        """The condition that a row stands before another one, by its ``ranks`` or the first."""
        return self._beside(here, ">" if self.is_falling else "<")

    def follows(self, here: Sequence[object]) -> Sql:
        """The condition that it does not: that it is that one, or stands behind it."""
        return self._beside(here, "<=" if self.is_falling else ">=")

    def _beside(self, here: Sequence[object], sign: str) -> Sql:
        first, *others = self.ranks[: len(here)]
        if others and (most := _MOST.get(first)) and here[0] == most[1]:
            # Nearly all may have none: these are told by the column alone, and without its value.
            is_it = f"AND {most[0]}" if ">" in sign else f"OR NOT ({most[0]})"
            return Sql(f"({others[0]} {sign} ? {is_it})", tuple(here[1:]))
        # As one comparison, which computes each of them at most once.
        marks = ", ".join("?" * len(here))
        return Sql(f"({', '.join((first, *others))}) {sign} ({marks})", tuple(here))

    @property
    def in_order(self) -> str:
        """The table to read, with the index that holds the order.

        Without being told, SQLite would rather look up what is filtered by and then sort it all.
        """
        if _is_merged(self.sort, self.language):
            return f"({_BY_TITLE_ZH})"
        [index] = indexes_of(self.sort, self.language)
        return f"pitfalls INDEXED BY {index}"

    @property
    def found_in_order(self) -> Sql:
        """The index of the order to read, and what has to hold of it, or of the row of each."""
        if self.is_held or not self.is_indexed:
            return self.condition._replace(text=f"{self.in_order} WHERE {self.condition.text}")
        here = self.in_order.replace("pitfalls INDEXED", "pitfalls AS here INDEXED")
        here += " AS here" * _is_merged(self.sort, self.language)
        row = self._asked_of(self.query)
        fits = f"(SELECT {row.text} FROM pitfalls WHERE pitfalls.n = here.n)"
        return row._replace(text=f"{here} WHERE {view(self.query, of_all=True)} AND {fits}")

    @property
    def selected(self) -> str:
        """The rowid, and what SQLite has to be asked for to read the order from two indexes.

        It merges them as far as a page needs, and else sorts all that they hold.
        """
        return "n, title_order_zh" if _is_merged(self.sort, self.language) else "n"

    @cached_property
    def condition(self) -> Sql:
        """What has to hold of every pitfall, read from the index that holds the order."""
        condition = self.of_all
        return condition._replace(text=f"{view(self.query, of_all=True)} AND {condition.text}")

    def rest_of(self, words: Searched) -> Sql:
        """What has to hold of the few that words find, besides them."""
        rest = self._asked_of(words.rest)
        return rest._replace(text=f"{view(words.rest)} AND {rest.text}")

    @property
    def any_status(self) -> Asked:
        """The same without filters on the status."""
        return self.replaced(query=self.query.without("status"))

    def chosen(self, counts: dict[Status, int]) -> int:
        """How many of what was counted pass the filters on the status."""
        return sum(count for status, count in counts.items() if self.takes(status))

    def takes(self, status: str) -> bool:
        """Whether a status passes the filters on it."""
        for one in self.query.conditions:
            filter_ = filter_of(one, "status")
            if filter_ and (status in filter_.values) == isinstance(one, Not):
                return False
        return True
