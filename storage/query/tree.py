"""A parsed query as a small tree of frozen values, and the mistakes found in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from storage.db.reader import SUGGESTED
from storage.errors import N_, NP_, Refused
from storage.model.fields import Frozen, NamedTuple, Word
from storage.model.row import Status
from storage.text.zones import day_of


class SortKey(Word):
    """What the board's list can be sorted by."""

    SEEN = "seen", NP_("SortKey", "last seen"), "最近出现 last-seen last_seen"
    FIRST = "first", NP_("SortKey", "first seen"), "首次出现 first-seen first_seen"
    COUNT = "count", NP_("SortKey", "number of occurrences"), "次数"
    STATUS = "status", NP_("SortKey", "status"), "状态"
    SEVERITY = "severity", NP_("SortKey", "severity"), "严重程度"
    COMPONENT = "component", NP_("SortKey", "component"), "组件"
    TITLE = "title", NP_("SortKey", "title"), "标题"
    UPDATED = "updated", NP_("SortKey", "last changed"), "更新 changed"
    REPORTED = "reported", NP_("SortKey", "when it was reported"), "新增 created"
    WAITING = "waiting", NP_("SortKey", "time in the inbox"), "等待"
    RELEVANCE = "relevance", NP_("SortKey", "relevance"), "相关度"
    CLAIMED = "claimed", NP_("SortKey", "age of the unverified fix"), "待验证"
    DUE = "due", NP_("SortKey", "due date"), "截止日期 截止"
    VERIFIED = "verified", NP_("SortKey", "age of the workaround"), "规避方案 验证"

    @property
    def falls(self) -> bool:
        """Whether it goes from the greatest to the least unless told otherwise."""
        return self in _FALLING


_FALLING: Final = {
    SortKey.RELEVANCE,
    SortKey.SEEN,
    SortKey.FIRST,
    SortKey.COUNT,
    SortKey.UPDATED,
    SortKey.REPORTED,
}


class TextRange(NamedTuple):
    """Where something stands in the query's text: from ``start`` to before ``end``."""

    start: int
    end: int


class Bound(NamedTuple):
    """One end of a range.

    ``value`` is a number, the key of a version, or a time in ms; ``ago`` says
    that it is so many ms before now.
    """

    value: int | str
    inclusive: bool = True
    ago: bool = False


class Between(NamedTuple):
    """Values from ``low`` to ``high``; an end that is None is open."""

    low: Bound | None = None
    high: Bound | None = None

    def holds(self, key: str) -> bool:
        """Whether the key of a version lies in it."""
        low, high = self
        return (low is None or key > str(low.value) or (low.inclusive and key == low.value)) and (
            high is None or key < str(high.value) or (high.inclusive and key == high.value)
        )


#: What a field is compared with: a word as the record spells it, or a range.
Value: TypeAlias = str | Between


class Filter(Frozen, aside=("place",)):
    """The field has one of the values. ``place`` is where that was said, if it was typed."""

    field: str
    values: tuple[Value, ...]
    place: TextRange | None = None


class Words(NamedTuple):
    """Words and "phrases" to be searched for, all of them; see ``search_text.expression``."""

    text: str


class Not(Frozen):
    """What does not answer to ``of``."""

    of: Condition


class AllOf(Frozen):
    """What answers to every one of at least two."""

    of: tuple[Condition, ...]


class AnyOf(Frozen):
    """What answers to one of at least two."""

    of: tuple[Condition, ...]


Condition: TypeAlias = Filter | Words | Not | AllOf | AnyOf


class Query(Frozen, aside=("sort_place",)):
    """A parsed query; the empty one finds all that is in view, last seen first.

    ``words`` are searched for and ranked, and each of the ``conditions`` has
    to hold; ``sort_place`` is where the order was said, if it was typed;
    ``problems`` says what could not be understood and was left out.
    """

    words: str = ""
    conditions: tuple[Condition, ...] = ()
    sort: SortKey | None = None
    reverse: bool = False
    sort_place: TextRange | None = None
    problems: tuple[Mistake, ...] = ()

    def without(self, name: str) -> Query:
        """This query without its own filters on a field; those below an ``or`` stay."""
        kept = (one for one in self.conditions if filter_of(one, name) is None)
        return self.replaced(conditions=tuple(kept))

    def having(self, name: str, *values: Value) -> Query:
        """This query with a filter on a field instead of those that it has."""
        kept = self.without(name)
        if not values:
            return kept
        return kept.replaced(conditions=(*kept.conditions, Filter(name, values)))

    def narrowed(self, other: Query) -> Query:
        """What answers to this query and to another one, whose order goes before."""
        sorting = other if other.sort else self
        words = f"{self.words.strip()} {other.words}" if other.words.strip() else self.words
        return sorting.replaced(
            words=words.lstrip(),
            conditions=(*self.conditions, *other.conditions),
            problems=(*self.problems, *other.problems),
        )

    def values_of(self, name: str) -> tuple[Value, ...]:
        """The values that a field is filtered by."""
        return tuple(
            value
            for one in self.conditions
            if isinstance(one, Filter) and one.field == name
            for value in one.values
        )

    def parts(self) -> Iterator[Filter | Words]:
        """Every filter and all words below the conditions, however deep."""
        waiting: list[Condition] = [*self.conditions]
        while waiting:
            match waiting.pop():
                case Not(of):
                    waiting.append(of)
                case AllOf(of) | AnyOf(of):
                    waiting += of
                case part:
                    yield part

    def speaks_of(self, *names: str) -> bool:
        """Whether a filter on one of the fields stands anywhere in it."""
        return any(isinstance(part, Filter) and part.field in names for part in self.parts())


def filter_of(condition: Condition, name: str) -> Filter | None:
    """The filter on a field that a condition is, or turns round; None if it is another one."""
    inner = condition.of if isinstance(condition, Not) else condition
    return inner if isinstance(inner, Filter) and inner.field == name else None


# What can't be understood in a query: what, where it stands, and what was perhaps meant


class Mistake(Refused):
    """A part of a query that can't be understood; the rest counts.

    Args:
        message, advice: as for every error.
        start, end: where it stands in the text that was typed.
        suggestion: what could stand there instead, if anything is near.
        unfinished: whether it may still become right as one types on.
        values: fill the templates.
    """

    def __init__(
        self,
        message: str,
        advice: str = "",
        *,
        start: int = 0,
        end: int = 0,
        suggestion: str = "",
        unfinished: bool = False,
        **values: object,
    ) -> None:
        self.start, self.end = start, end
        self.suggestion = suggestion
        self.unfinished = unfinished
        if suggestion:
            advice = N_("Did you mean “{suggestion}”?")
            values["suggestion"] = suggestion
        super().__init__(message, advice, **values)  # type: ignore[arg-type]


def nearest(word: str, known: Iterable[str], likeness: float | None = None) -> str:
    """The known word that ``word`` was perhaps meant to be; empty if none is near.

    Args:
        word: as it was typed, in lower case.
        known: in the order of preference.
        likeness: from 0 (anything) to 1 (the same); by default what suits the word.
    """
    # Loaded here, since only a mistake needs it.
    from difflib import get_close_matches

    if likeness is None:
        # A Chinese word is half wrong with one of its two characters.
        likeness = 0.6 if word.isascii() else 0.5
    known = list(known)
    begun = [one for one in known if word and one.startswith(word)]
    near = begun or get_close_matches(word, known, 1, likeness)
    return near[0] if near else ""


# What a query comes to as SQL, as far as it needs no conditions; see sql_conditions for those


#: The axes of versions by the keys that ask for them.
AXES: Final = {"lib": "library", "client": "client"}
#: Whoever asks for these wants to see what has left the board, too.
_BEYOND_THE_VIEW: Final = ("triage", "inbox", "id")


class Sql(NamedTuple):
    """A condition on ``pitfalls``, what its question marks stand for, and the same as a query.

    ``listed`` is one that reads nothing else than the rowids, ``rows`` one for the rows by which
    they are found, a few for each; both are empty if there is none.
    """

    text: str
    parameters: tuple[object, ...] = ()
    listed: str = ""
    rows: str = ""


class SeenVersion(NamedTuple):
    """A version that pitfalls were seen in: its key, and the bit that it shares with others."""

    key: str
    bit: int


#: The versions that pitfalls were seen in, by their axis.
Seen: TypeAlias = Mapping[str, Sequence[SeenVersion]]


def by_bits(value: Between, seen: Iterable[SeenVersion]) -> tuple[int, int]:
    """The bits of a range's versions: those that tell of nothing else, and those that may.

    Args:
        value: the range.
        seen: all versions of its axis on the board.
    """
    inside = outside = 0
    for key, bit in seen:
        if value.holds(key):
            inside |= bit
        else:
            outside |= bit
    return inside & ~outside, inside & outside


def has_one_end(value: Value) -> bool:
    """Whether a value is a range with one end, so that the lowest or the highest decides."""
    return isinstance(value, Between) and (value.low is None) != (value.high is None)


def view(query: Query, *, of_all: bool = False) -> str:
    """The condition that a pitfall has not left the board, unless such are asked for.

    Args:
        query: the parsed query.
        of_all: as for ``where``. Of a few, those that have left are taken away, since to
            read the column a row has to be read to its end.
    """
    if query.speaks_of(*_BEYOND_THE_VIEW):
        return "1"
    return "in_view = 1" if of_all else "n NOT IN (SELECT n FROM pitfalls WHERE in_view = 0)"


def joined(word: str, parts: Iterable[Sql]) -> Sql:
    """One condition of several, at least one, with ``AND`` or ``OR`` between them."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]._replace(text=f"({parts[0].text})")
    values = tuple(one for part in parts for one in part.parameters)
    return Sql(f"({word.join(part.text for part in parts)})", values)


# What waits in the inbox: the one condition that everybody asks with


#: A snooze ends at a time, at a number of occurrences, or when a version is seen.
_WOKEN: Final = (
    "(wakes_on <= ? OR occurrence_count >= wakes_at_count OR wakes_at_version <="
    " (SELECT max(key) FROM seen_versions WHERE axis = wakes_axis))"
)
#: As the partial index over what waits says it, without which SQLite does not use that.
_UNDECIDED: Final = "triage IN ('inbox', 'snoozed')"
#: What was seen where it should be fixed since somebody decided last, and nothing newer verifies
#: the fix; and where nobody can tell. Each is a condition that its own partial index answers.
REGRESSED: Final = "(regressed_at IS NOT NULL AND regressed AND regressed_at > decided_at)"
UNCLEAR: Final = "(unclear_at IS NOT NULL AND unclear_at > decided_at)"
#: As :meth:`storage.model.row.Plan.is_overdue`, and as its partial index, say it.
PAST_DUE: Final = f"(due <> '' AND due < ? AND status <> '{Status.FIXED_UPSTREAM}')"
#: Whoever decided after the day by which it was due knew that it had passed. That day ends within
#: 36 hours of its beginning in UTC, wherever the board is; SQLite is quick to compare that.
_DECIDED_BEFORE: Final = (
    "decided_at < (strftime('%s', due) + 36 * 3600) * 1000 AND day_of(decided_at) <= due"
)


def _undecided(now: int) -> Sql:
    return Sql(f"{_UNDECIDED} AND (triage = 'inbox' OR {_WOKEN})", (now,))


def _alarms(now: int) -> tuple[Sql, ...]:
    """What brings back a pitfall that was decided on, the most urgent first."""
    return (
        Sql(f"triage = 'settled' AND {REGRESSED}"),
        Sql(f"triage = 'settled' AND {UNCLEAR}"),
        Sql(f"triage = 'settled' AND n IN (SELECT p.n FROM {SUGGESTED})"),
        Sql(f"triage = 'settled' AND {PAST_DUE} AND {_DECIDED_BEFORE}", (day_of(now),)),
    )


def waiting(now: int) -> Sql:
    """The condition that a decision is due.

    Args:
        now: in milliseconds; what was snoozed until then has woken.
    """
    return joined(" OR ", (_undecided(now), *_alarms(now)))


def parts(now: int) -> tuple[Sql, ...]:
    """Conditions of which a pitfall that waits fulfils exactly one; ``now`` as for ``waiting``.

    SQLite answers each from an index of its own, and goes through all rows for their sum.
    """
    found, others = [_undecided(now)], Sql("")
    for one in _alarms(now):
        found.append(Sql(one.text + others.text, one.parameters + others.parameters))
        text = f"{others.text} AND ({one.text}) IS NOT TRUE"
        others = Sql(text, others.parameters + one.parameters)
    return tuple(found)


def due_in_slim(now: int) -> Sql:
    """The same as ``waiting``, as the slim index tells it, but for what is few."""
    woken = Sql(f"{_UNDECIDED} AND triage = 'snoozed' AND {_WOKEN}", (now,))
    few = listed_among((woken, *_alarms(now)[2:]))
    return Sql(f"(is_due OR {few.text})", few.parameters)


def listed_among(several: Sequence[Sql]) -> Sql:
    """That a pitfall is among those that fulfil one of several conditions, each found by itself."""
    found = " UNION ALL ".join(f"SELECT n FROM pitfalls WHERE {one.text}" for one in several)
    return among(found, tuple(value for one in several for value in one.parameters))


def among(found: str, parameters: tuple[object, ...]) -> Sql:
    """That a pitfall's rowid is one of those that a query finds."""
    return Sql(f"n IN ({found})", parameters, found)


def asleep(now: int) -> Sql:
    """The condition that it is snoozed and has not woken."""
    return Sql(f"({_UNDECIDED} AND triage = 'snoozed' AND {_WOKEN} IS NOT TRUE)", (now,))
