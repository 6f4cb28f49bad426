"""A query's conditions as SQL on ``pitfalls``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from storage.db.reader import CATALOGUE_NAME, FROM_A_CATALOGUE, typed_id
from storage.db.rows import HOLDS, JUDGED, SEEN_IN
from storage.model.environment import FIELDS, CatalogueAuthor
from storage.model.fields import NamedTuple
from storage.model.row import ME, PLAN_NAMES, Status, Triage
from storage.model.vocabulary import CatalogueTag
from storage.query.keys import Answer, Has
from storage.query.tree import (
    AXES,
    PAST_DUE,
    AllOf,
    AnyOf,
    Between,
    Bound,
    Condition,
    Filter,
    Not,
    Query,
    Seen,
    Sql,
    Value,
    Words,
    among,
    asleep,
    by_bits,
    due_in_slim,
    has_one_end,
    joined,
    listed_among,
    parts,
    waiting,
)
from storage.query.values import NEVER, OVERDUE, of_the_catalogue
from storage.text.search_text import AS_WRITTEN, expression
from storage.text.zones import day_of

#: The columns of ``pitfalls`` that are compared as they are.
_COLUMNS: Final = {
    "kind": "kind",
    "severity": "severity",
    "seen": "last_seen",
    "first": "first_seen",
    "updated": "changed_at",
    "reported": "reported_at",
    "count": "occurrence_count",
    "upstream": "upstream",
    "workaround": "workaround_at",
    "claimed": "fix_at",
}
#: The columns of ``occurrences`` by the keys that ask for them.
OCCURRENCE_COLUMNS: Final = {"outcome": "outcome"} | {
    field.key: field.name for field in FIELDS if field.key and not field.is_version
}
_STATUSES: Final = [status.value for status in Status]
_PARTS: Final = {
    # It was written at some time, and has not been taken away since: its text is not read.
    Has.WORKAROUND: "workaround_at IS NOT NULL",
    Has.REPRODUCTION: f"holds & {HOLDS['reproduction']}",
    Has.REFERENCE: f"holds & {HOLDS['references']}",
    Has.SIGNATURE: f"holds & {HOLDS['signatures']}",
    Has.FIX: f"holds & {HOLDS['fixes']}",
    Has.COMMENT: f"holds & {HOLDS['comments']}",
    Has.OCCURRENCE: "occurrence_count > 0",
    Has.ATTACHMENT: f"holds & {HOLDS['attachments']}",
    Has.TAG: f"holds & {HOLDS['tags']}",
    Has.REGRESSION: "regressed",
    Has.CONFLICT: f"holds & {HOLDS['conflicts']}",
} | {Has(name): f"holds & {HOLDS[name]}" for name in PLAN_NAMES}
#: The sign that sorts after all others.
_LAST: Final = "\U0010ffff"

#: Filters of which a small index lists what they find: by any value, or by one of these.
PICKING: Final[Mapping[str, tuple[Value, ...]]] = {
    "tag": (),
    "id": (),
    "inbox": (Answer.YES,),
    "triage": (Triage.INBOX, Triage.SNOOZED),
    "due": (OVERDUE,),
}


def picks(one: Condition, seen: Seen | None) -> bool | None:
    """Whether an index lists what a condition finds; None if that depends on the slim index."""
    if not isinstance(one, Filter):
        return False
    if one.field in PICKING:
        return not PICKING[one.field] or {*one.values} <= {*PICKING[one.field]}
    if one.field in AXES and seen is not None:
        # Bits tell at once of many, and by themselves of none where others share them.
        keys = seen[AXES[one.field]]
        ranges = (value for value in one.values if isinstance(value, Between))
        return not any(has_one_end(value) or by_bits(value, keys)[0] for value in ranges)
    return None


def where(
    query: Query,
    now: int,
    me: str,
    seen: Seen | None,
    *,
    of_all: bool = False,
    in_slim: bool = False,
) -> Sql:
    """The conditions of a query; its words and the view are looked after elsewhere.

    Args:
        query: the parsed query.
        now: in milliseconds, for ages and for what was snoozed until a time.
        me: the name of whoever asks.
        seen: the versions that pitfalls were seen in, by the axes that the query asks for; None
            on a board of a date, whose columns don't tell where pitfalls were seen.
        of_all: whether every pitfall will be asked, and not only a few:
            occurrences are then read once, not for each pitfall.
        in_slim: whether the slim index is gone through for it.
    """
    asking = _Asking(now, of_all, in_slim, seen, me)
    parts = [asking.sql(one) for one in query.conditions]
    # What a row itself tells comes first: SQLite looks up the rest for what is left.
    parts.sort(key=lambda part: "SELECT" in part.text)
    return joined(" AND ", parts) if parts else Sql("1")


def only_tagged(query: Query) -> tuple[Sql, bool] | None:
    """A condition on ``tags``, and whether what has none of them is asked for.

    None if the query asks for anything else.
    """
    match query.conditions:
        case (Filter("tag", values),):
            return _tagged(values), False
        case (Not(Filter("tag", values)),):
            return _tagged(values), True
        case _:
            return None


def _tagged(values: tuple[Value, ...]) -> Sql:
    """The condition that a row of ``tags`` has one of some names."""
    # As it is shown, with a sign before it.
    bare = tuple(str(value).lstrip("#＃") for value in values)
    names = (*dict.fromkeys((*values, *bare)), *of_the_catalogue(bare, CatalogueTag))
    return joined(" OR ", _named("tag", names))


class _Asking(NamedTuple):
    """Writes conditions for one moment; the arguments are those of ``where``."""

    now: int
    of_all: bool
    in_slim: bool
    seen: Seen | None
    me: str

    def sql(self, condition: Condition) -> Sql:
        """One condition."""
        match condition:
            case Filter(field, values):
                return joined(" OR ", self._any_of(field, values)) if values else Sql("0")
            case Words(text):
                return _found(expression(text))
            case Not(of):
                inner = self.sql(of)
                # What is not known is not so either.
                return Sql(f"{inner.text} IS NOT TRUE", inner.parameters)
            case AllOf(of):
                return joined(" AND ", map(self.sql, of))
            case AnyOf(of):
                return joined(" OR ", map(self.sql, of))

    def _any_of(self, field: str, values: tuple[Value, ...]) -> Iterator[Sql]:
        """Conditions on a field of which one has to hold."""
        if field == "status":
            # Its place among them, which the indexes hold.
            places = tuple(_STATUSES.index(str(value)) for value in {*values})
            yield Sql(f"status_order IN ({', '.join('?' * len(places))})", places)
        elif field in _COLUMNS:
            yield from self._compared(_COLUMNS[field], values)
        elif field in OCCURRENCE_COLUMNS:
            column = OCCURRENCE_COLUMNS[field]
            if self.seen is not None and column in SEEN_IN:
                bits = SEEN_IN[column]
                yield Sql("seen_in & ?", (sum(bits[str(value)] for value in {*values}),))
                return
            yield self._seen_in("occurrences", self._compared(column, values))
        elif field in AXES:
            yield from self._in_versions(AXES[field], values)
        elif self.seen is not None and field in ("fix", "verdict"):
            bits = JUDGED["state" if field == "fix" else field]
            yield Sql("judged & ?", (sum(bits[str(value)] for value in {*values}),))
        elif field == "verdict":
            # As the partial index over what was judged says it.
            verdict = joined(" OR ", self._compared("verdict", values))
            yield self._seen_in("occurrences", [joined(" AND ", (Sql("verdict <> ''"), verdict))])
        elif field == "fix":
            yield self._seen_in("fixes", self._compared("state", values))
        elif field == "tag":
            tag = _tagged(values)
            yield among(f"SELECT n FROM tags WHERE {tag.text}", tag.parameters)
        elif field == "component":
            yield from _named("component", values)
            yield from _named("component_zh", values)
        elif field == "source":
            name = joined(" OR ", _named(CATALOGUE_NAME, values))
            yield Sql(f"id IN ({FROM_A_CATALOGUE} AND ({name.text}))", name.parameters)
        elif field == "by":
            yield from _named("reported_by", (*values, *of_the_catalogue(values, CatalogueAuthor)))
        elif field == "assignee":
            yield from _named("assignee", (*values, *((self.me,) if ME[0] in values else ())))
        elif field == "due":
            yield from self._due(values)
        elif field == "ticket":
            if "" in values:
                yield Sql(f"NOT holds & {HOLDS['ticket']}")
            # As the partial index says it; of an address, its end is enough.
            named = [value for value in values if value]
            if named:
                ends = (f"*/{value}" for value in named if "*" not in str(value))
                ticket = joined(" OR ", _named("ticket", (*named, *ends)))
                text = f"n IN (SELECT n FROM pitfalls WHERE ticket <> '' AND {ticket.text})"
                yield Sql(text, ticket.parameters)
        elif field == "has":
            yield from (Sql(_PARTS[Has(str(value))]) for value in values)
        elif field == "id":
            # Ids are lower-case hex, after which a tilde sorts.
            begun = (typed_id(str(value)) for value in values)
            yield from (Sql("id >= ? AND id < ?", (one, f"{one}~")) for one in begun)
        else:
            yield from (self._decided(field, str(value)) for value in values)

    def _in_versions(self, axis: str, values: tuple[Value, ...]) -> Iterator[Sql]:
        """Conditions on the versions of an axis in which pitfalls were seen."""
        listed = []
        for value in values:
            if self.seen is None or not isinstance(value, Between):
                listed.append(value)
            elif has_one_end(value):
                end = "max" if value.high is None else "min"
                yield from self._compared(f"{axis}_{end}", (value,))
            elif self.of_all and not self.in_slim:
                listed.append(value)
            else:
                yield self._between(axis, value, *by_bits(value, self.seen[axis]))
        if listed:
            yield self._in_rows(axis, tuple(listed))

    def _between(self, axis: str, value: Between, alone: int, shared: int) -> Sql:
        """The condition that a pitfall was seen in a range with two ends.

        It was if it has a bit that is of these versions ``alone``. If it has one that is ``shared``
        with others, its lowest and its highest version tell most, and its rows the rest.
        """
        above, below = Between(low=value.low), Between(high=value.high)

        def is_(end: str, side: Between) -> Sql:
            return joined("", self._compared(f"{axis}_{end}", (side,)))

        has_alone, has_shared = (Sql(f"{axis}_seen & ?", (bits,)) for bits in (alone, shared))
        row = self._replace(of_all=False)._in_rows(axis, (value,))
        sure = joined(" OR ", (is_("min", above), is_("max", below), row))
        within = (has_shared, is_("min", below), is_("max", above), sure)
        return joined(" OR ", (has_alone, joined(" AND ", within)))

    def _in_rows(self, axis: str, values: tuple[Value, ...]) -> Sql:
        """The condition that the rows of what was seen have one of several versions."""
        # For one pitfall, its own few versions are read, and not all those of the axis: with the
        # plus, SQLite finds them by their table's key.
        key = joined(" OR ", self._compared("key" if self.of_all else "+key", values))
        on_axis = joined(" AND ", (Sql("axis = ?", (axis,)), key))
        rows = f"SELECT 1 FROM seen_versions WHERE {on_axis.text}" if self.of_all else ""
        return self._seen_in("seen_versions", [on_axis])._replace(rows=rows)

    def _seen_in(self, table: str, several: Iterable[Sql]) -> Sql:
        """That a pitfall's rows in a table of what was seen hold one of several conditions."""
        inner = joined(" OR ", several)
        if self.of_all:
            text = f"id IN (SELECT pitfall FROM {table} WHERE {inner.text})"
        else:
            mine = f"{table}.pitfall = pitfalls.id"
            text = f"EXISTS (SELECT 1 FROM {table} WHERE {mine} AND {inner.text})"
        return Sql(text, inner.parameters)

    def _compared(self, column: str, values: tuple[Value, ...]) -> Iterator[Sql]:
        """Conditions on one column: the plain values at once, and each range."""
        plain = tuple(value for value in values if isinstance(value, str) and value != NEVER)
        if plain:
            yield Sql(f"{column} IN ({', '.join('?' * len(plain))})", plain)
        for value in values:
            if value == NEVER:
                yield Sql(f"{column} IS NULL")
            elif isinstance(value, Between):
                ends = [
                    Sql(f"{column} {sign}{'=' * end.inclusive} ?", (self._at(end),))
                    for sign, end in ((">", value.low), ("<", value.high))
                    if end is not None
                ]
                yield joined(" AND ", ends)

    def _due(self, values: tuple[Value, ...]) -> Iterator[Sql]:
        """Conditions on the day by which it is due; what has none answers to no range."""
        for value in values:
            if isinstance(value, Between):
                ends = [
                    Sql(f"due {sign}{'=' * end.inclusive} ?", (self._day_at(end),))
                    for sign, end in ((">", value.low), ("<", value.high))
                    if end is not None
                ]
                yield joined(" AND ", [Sql("due <> ''"), *ends])
            elif value == OVERDUE:
                yield Sql(PAST_DUE, (day_of(self.now),))
            else:
                yield Sql("due = ''")

    def _day_at(self, end: Bound) -> str:
        """A day, or the one that lies so many ms ahead."""
        return end.value if isinstance(end.value, str) else day_of(self.now + end.value)

    def _at(self, end: Bound) -> int | str:
        return self.now - int(end.value) if end.ago else end.value

    def _decided(self, field: str, value: str) -> Sql:
        """What triage has come to."""
        if value == Triage.SNOOZED:
            return listed_among([asleep(self.now)]) if self.of_all else asleep(self.now)
        if field == "triage" and value != Triage.INBOX:
            return Sql("triage = ?", (value,))
        of_all = due_in_slim(self.now) if self.in_slim else listed_among(parts(self.now))
        due = of_all if self.of_all else waiting(self.now)
        return Sql(f"{due.text} IS NOT TRUE", due.parameters) if value == Answer.NO else due


def _found(words: str) -> Sql:
    """That the full-text search finds a pitfall by its own text or by an error message."""
    if not words:
        return Sql("0")
    return Sql(
        "(n IN (SELECT rowid FROM search WHERE search MATCH ?)"
        " OR id IN (SELECT pitfall FROM messages WHERE n IN"
        "  (SELECT rowid FROM message_search WHERE message_search MATCH ?)))",
        (f"{AS_WRITTEN}({words})", words),
    )


def _named(column: str, values: tuple[Value, ...]) -> Iterator[Sql]:
    """Conditions that a name is one of several, in either case; ``*`` stands for anything."""
    names = [str(value) for value in values]
    whole = tuple(name for name in names if "*" not in name)
    if whole:
        yield Sql(f"{column} COLLATE NOCASE IN ({', '.join('?' * len(whole))})", whole)
    for name in names:
        if name and not name.strip("*"):
            # Anything, but not nothing.
            yield Sql(f"{column} <> ''")
        elif name.endswith("*") and name.count("*") == 1:
            # As ``LIKE`` has it, which takes three times as long.
            begun = (name[:-1], f"{name[:-1]}{_LAST}")
            of = f"{column} COLLATE NOCASE"
            yield Sql(f"({of} >= ? AND {of} < ?)", begun)
        elif "*" in name:
            yield Sql(f"{column} LIKE ? ESCAPE '\\'", (_like(name),))


def _like(glob: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", glob).replace("*", "%")
