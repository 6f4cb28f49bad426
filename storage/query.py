"""The query language: what a person types into the query line, as filters and words.

``status:open component:wx.qy.login 白色图片`` — a known key with a colon
filters, anything else is searched for, so that pasted error text such as
``qy.login:fail`` needs no quoting. A leading ``-`` turns a filter round, commas
give several values, double quotes keep blanks. ``sort:title`` or
``sort:-severity`` sorts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple

from storage.errors import N_, Refused
from storage.vocabulary import Channel, Host, Kind, Outcome, Platform, Severity, Status


class SortKey(StrEnum):
    """What the board's list can be sorted by."""

    RELEVANCE = "relevance"
    SEEN = "seen"
    STATUS = "status"
    SEVERITY = "severity"
    COMPONENT = "component"
    TITLE = "title"


class Filter(NamedTuple):
    """One condition: the field has one of the values, or none of them if ``negated``."""

    field: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query; the empty one finds everything, last seen first."""

    words: str = ""
    filters: tuple[Filter, ...] = ()
    sort: SortKey | None = None
    reverse: bool = False
    problems: tuple[Refused, ...] = field(default=())

    def without(self, name: str) -> Query:
        """This query without its filters on a field."""
        return replace(self, filters=tuple(f for f in self.filters if f.field != name))

    def having(self, name: str, *values: str) -> Query:
        """This query with a filter on a field instead of those that it has."""
        kept = self.without(name)
        return replace(kept, filters=(*kept.filters, Filter(name, values))) if values else kept

    def values_of(self, name: str) -> tuple[str, ...]:
        """The values that a field is filtered by."""
        return tuple(v for f in self.filters if f.field == name and not f.negated for v in f.values)


_FIXED_VALUES: Final[Mapping[str, type[StrEnum] | None]] = {
    "status": Status,
    "kind": Kind,
    "severity": Severity,
    "host": Host,
    "platform": Platform,
    "channel": Channel,
    "outcome": Outcome,
    "sort": SortKey,
    "component": None,
    "tag": None,
    "id": None,
}

#: Chinese and short spellings of keys and values.
_KEY_SPELLINGS: Final = {
    "sev": "severity",
    "comp": "component",
    "状态": "status",
    "类型": "kind",
    "严重程度": "severity",
    "组件": "component",
    "标签": "tag",
    "平台": "platform",
    "渠道": "channel",
    "排序": "sort",
}
_VALUE_SPELLINGS: Final = {
    "fixed": Status.FIXED_UPSTREAM,
    "fixed-upstream": Status.FIXED_UPSTREAM,
    "未解决": Status.OPEN,
    "有规避方案": Status.WORKAROUND,
    "官方已修复": Status.FIXED_UPSTREAM,
    "安卓": Platform.ANDROID,
    "苹果": Platform.IOS,
    "鸿蒙": Platform.HARMONY,
    "last-seen": SortKey.SEEN,
    "last_seen": SortKey.SEEN,
}

_TOKEN: Final = re.compile(
    r"""(?P<negated>-)?(?P<key>[^\W\d]+)[:：](?P<value>"[^"]*"|[^\s"]+)|(?P<word>"[^"]*"|\S+)"""
)


def parse_status(text: str) -> Status:
    """The status that a person means: ``fixed`` will do for ``fixed upstream``.

    Raises:
        Refused: if it is none.
    """
    try:
        return Status(_VALUE_SPELLINGS.get(text.casefold(), text.casefold()))
    except ValueError:
        raise _unknown("status", text, Status) from None


def parse(text: str) -> Query:
    """The query that ``text`` is; what can't be understood stands in ``problems``."""
    words: list[str] = []
    filters: list[Filter] = []
    problems: list[Refused] = []
    sort: SortKey | None = None
    reverse = False
    for match in _TOKEN.finditer(text):
        key = (match["key"] or "").casefold()
        key = _KEY_SPELLINGS.get(key, key)
        if key not in _FIXED_VALUES:
            words.append(match.group().replace('"', " "))
            continue
        value = match["value"].strip('"')
        if key == "sort":
            reverse = value.startswith("-")
            value = value.removeprefix("-")
        try:
            values = _values(key, value)
        except Refused as problem:
            problems.append(problem)
            continue
        if key == "sort":
            sort = SortKey(values[0])
        else:
            filters.append(Filter(key, values, bool(match["negated"])))
    # A blank at the end says that the last word is whole.
    tail = " " if words and text[-1:].isspace() else ""
    return Query(" ".join(words) + tail, tuple(filters), sort, reverse, tuple(problems))


def _values(key: str, value: str) -> tuple[str, ...]:
    allowed = _FIXED_VALUES[key]
    if allowed is None:
        return (value,)
    found = []
    for one in value.split(","):
        spelled = _VALUE_SPELLINGS.get(one.casefold(), one.casefold())
        match = next((v for v in allowed if v.value.casefold() == spelled), None)
        if match is None:
            raise _unknown(key, one, allowed)
        found.append(match.value)
    return tuple(found)


def _unknown(key: str, value: str, allowed: type[StrEnum]) -> Refused:
    return Refused(
        N_("{field}: “{value}” is none of {expected}."),
        field=key,
        value=value,
        expected=", ".join(allowed),
    )


_COLUMN_FILTERS: Final = {"status", "kind", "severity"}
_OCCURRENCE_FILTERS: Final = {"host", "platform", "channel", "outcome"}


def where(query: Query, *, of_all: bool = False) -> tuple[str, list[str]]:
    """The query's filters as an SQL condition on ``pitfalls``, and its parameters.

    Args:
        query: the parsed query.
        of_all: whether every pitfall will be asked, and not only the first few
            that answer: occurrences are then read once, not for each pitfall.
    """
    conditions: list[str] = []
    parameters: list[str] = []
    for one in query.filters:
        marks = ", ".join("?" * len(one.values))
        if one.field in _COLUMN_FILTERS:
            condition = f"{one.field} IN ({marks})"
        elif one.field in _OCCURRENCE_FILTERS:
            # The names come from the fixed set above, never from what was typed.
            condition = (
                f"id IN (SELECT pitfall FROM occurrences WHERE {one.field} IN ({marks}))"
                if of_all
                else "EXISTS (SELECT 1 FROM occurrences WHERE occurrences.pitfall = pitfalls.id"
                f" AND occurrences.{one.field} IN ({marks}))"
            )
        elif one.field == "tag":
            condition = "id IN (SELECT pitfall FROM tags WHERE tag IN (" + marks + "))"
        elif one.field == "id":
            condition = "id LIKE ? || '%'"
        else:
            condition = (
                f"(component COLLATE NOCASE IN ({marks})"
                f" OR component_zh COLLATE NOCASE IN ({marks}))"
            )
            parameters += one.values
        conditions.append(f"NOT {condition}" if one.negated else condition)
        parameters += one.values
    return " AND ".join(conditions) or "1", parameters


class _Term(NamedTuple):
    """One term of an order: a column, and whether it goes down."""

    column: str
    down: bool = False
    collation: str = ""

    def sql(self, *, reverse: bool) -> str:
        way = "DESC" if self.down != reverse else "ASC"
        return f"{self.column}{self.collation} {way}"


_LAST_SEEN: Final = (_Term("last_seen", down=True), _Term("n", down=True))
_NOCASE: Final = " COLLATE NOCASE"
_ORDERS: Final = {
    SortKey.SEEN: _LAST_SEEN,
    SortKey.STATUS: (_Term("status_order"), *_LAST_SEEN),
    SortKey.SEVERITY: (_Term("severity"), *_LAST_SEEN),
    SortKey.COMPONENT: (_Term("component{zh}"), *_LAST_SEEN),
    SortKey.TITLE: (_Term("title{zh}", collation=_NOCASE), _Term("n", down=True)),
}


def sort_of(query: Query) -> SortKey:
    """The key that a listing without words is sorted by."""
    return query.sort if query.sort not in (None, SortKey.RELEVANCE) else SortKey.SEEN


def _terms(sort: SortKey, language: str) -> list[_Term]:
    zh = "_zh" if language.startswith("zh") else ""
    return [term._replace(column=term.column.format(zh=zh)) for term in _ORDERS[sort]]


def order_by(sort: SortKey, *, reverse: bool, language: str) -> str:
    """The SQL order of a sort key, which one index serves in either direction."""
    return ", ".join(term.sql(reverse=reverse) for term in _terms(sort, language))


def sort_columns(sort: SortKey, language: str) -> str:
    """The columns that a sort key looks at, as SQL names them."""
    return ", ".join(term.column for term in _terms(sort, language))


def precedes(
    sort: SortKey, here: Sequence[object], *, reverse: bool, language: str
) -> tuple[str, list[object]]:
    """The SQL condition that a row stands before another one in an order, and its parameters.

    Args:
        sort: the sort key.
        here: the other row's values of ``sort_columns``.
        reverse: whether the order is turned round.
        language: of the reader.
    """
    cases: list[str] = []
    parameters: list[object] = []
    equal = ""
    equals: list[object] = []
    for term, value in zip(_terms(sort, language), here, strict=True):
        # Never seen sorts as seen before all others, as SQLite sorts its nulls.
        mine, other = f"ifnull({term.column}, -1)", "ifnull(?, -1)"
        sign = ">" if term.down != reverse else "<"
        cases.append(f"({equal}{mine} {sign} {other}{term.collation})")
        parameters += [*equals, value]
        equal += f"{mine} = {other}{term.collation} AND "
        equals.append(value)
    return f"({' OR '.join(cases)})", parameters
