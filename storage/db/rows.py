"""Rows and records: how columns hold a record, and checks of what is read from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import wraps
from itertools import count
from operator import attrgetter
from typing import Any, Final, Generic, ParamSpec, TypeVar, get_type_hints

from storage.errors import N_, Unusable
from storage.model.clock import FIRST
from storage.model.environment import (
    FIELDS,
    PLAN_COLUMNS,
    PLAN_NAMES,
    Environment,
    Plan,
    environment_of,
)
from storage.model.fields import Word, vocabulary_in
from storage.model.records import (
    Attachment,
    Decision,
    Evidence,
    OccurrenceTotals,
    Row,
    Text,
    Wake,
)
from storage.model.vocabulary import (
    DeclineReason,
    FixState,
    InboxReason,
    Kind,
    Outcome,
    Severity,
    Status,
    Triage,
    Verdict,
)

#: As a condition on ``events``: a pitfall that comes from a catalogue was reported by these.
OF_CATALOGUE: Final = f"kind = 'reported' AND hlc < {FIRST}"
FROM_A_CATALOGUE: Final = f"SELECT pitfall FROM events WHERE {OF_CATALOGUE}"
#: What that catalogue is called: by its subscription here; else as it called itself in the event.
CATALOGUE_NAME: Final = (
    "ifnull((SELECT name FROM catalogues WHERE catalogues.actor = events.actor), who)"
)

_P = ParamSpec("_P")


_R = TypeVar("_R")


class DamagedValue(Unusable, ValueError):
    """A column holds what no such column can hold; SQLite keeps no sums by which it would know."""


def row_guard(make: Callable[_P, _R]) -> Callable[_P, _R]:
    """Have what reads rows say that the file is damaged, where a value is none it can have."""

    @wraps(make)
    def made(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return make(*args, **kwargs)
        except DamagedValue:
            raise
        except (ValueError, TypeError, KeyError) as error:
            raise DamagedValue(
                N_("The board's file is damaged: {why}."),
                N_("Run “pitboard doctor” to see what is damaged, and keep a copy of the file."),
                why=str(error),
            ) from error

    return made


ROW: Final = (
    "n, id, title, title_zh, kind, component, component_zh, severity, status,"
    " occurrence_count, first_seen, last_seen, not_reproduced_count, triage, inbox_reason,"
    f" regressed, workaround_at, fix_at, {PLAN_COLUMNS}"
)
#: The columns of ``pitfalls`` that change only where somebody did something to a pitfall, and
#: that hold no long text; ``states`` holds them for each time.
STATE: Final = (
    "title, title_zh, title_key, title_key_zh, kind, component, component_zh, severity, status,"
    " status_order, reported_at, reported_by, triage, decided_at, inbox_reason, decline_reason,"
    " duplicate_of, wakes_on, wakes_at_count, wakes_axis, wakes_version, wakes_at_version,"
    f" upstream, workaround_at, {PLAN_COLUMNS}"
)


def _bits(words: Mapping[str, type[Word]]) -> dict[str, dict[str, int]]:
    place = count()
    return {column: {word.value: 1 << next(place) for word in words[column]} for column in words}


#: The columns of an occurrence that are words, and the bit of each word in ``pitfalls.seen_in``.
SEEN_IN: Final = _bits(
    {
        "outcome": Outcome,
        **{field.name: field.words for field in FIELDS if field.words is not None},
    }
)

#: The states of fixes and the verdicts on occurrences, and the bit of each in ``pitfalls.judged``.
JUDGED: Final = _bits({"state": FixState, "verdict": Verdict})

#: What a pitfall can have, by its fields; the bit of each in ``pitfalls.holds``.
HOLDS: Final = {
    field: 1 << place
    for place, field in enumerate(
        (
            *("reproduction", "references", "signatures", "fixes", "comments", "attachments"),
            *("tags", "conflicts", *PLAN_NAMES),
        )
    )
}
#: Later than any time (ms): pitfalls without anything to verify sort behind all others.
NEVER_VERIFIED: Final = 1 << 62
DECISION: Final = (
    "triage, decided_at, inbox_reason, decline_reason, duplicate_of,"
    " wakes_on, wakes_at_count, wakes_axis, wakes_version"
)


#: A vendor reply that watching found and nobody has taken up, declined or seen; of few pitfalls.
SUGGESTED: Final = (
    "suggestions AS s CROSS JOIN pitfalls AS p ON p.id = s.pitfall"
    " WHERE p.triage = 'settled' AND s.found_at > p.decided_at"
    " AND EXISTS (SELECT 1 FROM pitfall_references AS r"
    "  WHERE r.pitfall = s.pitfall AND r.url = s.url)"
    " AND NOT EXISTS (SELECT 1 FROM declined_suggestions AS d"
    "  WHERE d.pitfall = s.pitfall AND d.post = s.post AND d.digest = s.digest)"
    " AND NOT EXISTS (SELECT 1 FROM vendor_replies AS v JOIN pitfall_references AS r"
    "  ON r.id = v.reference WHERE v.pitfall = s.pitfall AND r.pitfall = s.pitfall"
    "  AND r.url = s.url AND (v.at >= s.found_at OR (s.quote <> '' AND v.quote = s.quote)))"
)


#: What the occurrences say of a fix, for :func:`evidence_of`. Another fix excuses what is no
#: regression.
PROOF: Final = (
    "id, state, evidence, evidence_at, state = 'disputed' AND NOT EXISTS (SELECT 1 FROM occurrences"
    f" AS o WHERE o.id = evidence AND o.verdict = '{Verdict.REGRESSION}')"
)
#: The newest occurrences first: by when they were seen, then in the record's order.
NEWEST_FIRST: Final = "ORDER BY seen_at DESC, hlc DESC, id DESC"


def names_of(columns: str) -> tuple[str, ...]:
    """What the columns of a SELECT are called, so that a row is read by name."""
    return tuple(one.rpartition(" AS ")[2].strip() for one in columns.split(","))


_ROW_NAMES: Final = names_of(ROW)
_DECISION_NAMES: Final = names_of(DECISION)

_W = TypeVar("_W", bound=StrEnum)


def _by_spelling(vocabulary: type[_W]) -> dict[str, _W]:
    """The words of a vocabulary: looked up so, they are found much faster than by a call."""
    return {word.value: word for word in vocabulary}


_KINDS: Final = _by_spelling(Kind)
_SEVERITIES: Final = _by_spelling(Severity)
_STATUSES: Final = _by_spelling(Status)
_TRIAGES: Final = _by_spelling(Triage)


@row_guard
def row_of(row: Any) -> Row:
    """A line of the list, from the columns of ``ROW``."""
    held = dict(zip(_ROW_NAMES, row, strict=True))
    return Row(
        rowid=held["n"],
        id=held["id"],
        title=Text.of(held["title"], held["title_zh"]),
        kind=_KINDS[held["kind"]],
        component=Text.of(held["component"], held["component_zh"]),
        severity=_SEVERITIES[held["severity"]],
        status=_STATUSES[held["status"]],
        totals=OccurrenceTotals(
            held["occurrence_count"],
            held["first_seen"],
            held["last_seen"],
            held["not_reproduced_count"],
        ),
        triage=_TRIAGES[held["triage"]],
        inbox_reason=InboxReason(held["inbox_reason"]) if held["inbox_reason"] else None,
        regressed=bool(held["regressed"]),
        workaround_at=held["workaround_at"],
        fix_at=held["fix_at"],
        plan=Plan(*(held[name] for name in PLAN_NAMES)),
    )


@row_guard
def decision_of(columns: Sequence[Any]) -> Decision:
    """A decision, from the columns of ``DECISION``."""
    held = dict(zip(_DECISION_NAMES, columns, strict=True))
    wake = Wake(
        on=held["wakes_on"],
        at_count=held["wakes_at_count"],
        axis=held["wakes_axis"],
        version=held["wakes_version"],
    )
    return Decision(
        triage=Triage(held["triage"]),
        at=held["decided_at"],
        inbox_reason=InboxReason(held["inbox_reason"]) if held["inbox_reason"] else None,
        decline_reason=DeclineReason(held["decline_reason"]) if held["decline_reason"] else None,
        duplicate_of=held["duplicate_of"],
        wake=wake if held["triage"] == Triage.SNOOZED else None,
    )


@row_guard
def claimed_decision(text: str) -> Decision | None:
    """A decision of triage as a claim holds it, in JSON; None of an empty text."""
    if not text:
        return None
    # Loaded here, since few pitfalls are in conflict.
    import json

    fields = json.loads(text)
    return Decision(
        triage=Triage(fields["triage"]),
        at=fields["at"],
        inbox_reason=InboxReason(fields["inbox_reason"]) if fields["inbox_reason"] else None,
        decline_reason=DeclineReason(fields["decline_reason"])
        if fields["decline_reason"]
        else None,
        duplicate_of=fields["duplicate_of"],
        wake=Wake(**fields["wake"]) if fields["wake"] else None,
    )


# How the columns of a table hold a record, by the declared types of its fields


#: What is no column of the table but is asked for beside it.
_BESIDE: Final[Mapping[type[Any], str]] = {Attachment: "here"}


_Held = dict[str, Any]


class RowShape(Generic[_R]):
    """The columns that hold a record, and both ways between it and a row.

    Args:
        record: its class, whose fields are declared with their types.
    """

    def __init__(self, record: type[_R]) -> None:
        self._record = record
        self._makers: dict[str, Callable[[_Held], Any]] = {}
        paths: dict[str, str] = {}
        words: set[str] = set()
        for name, kind in get_type_hints(record).items():
            if name == _BESIDE.get(record):
                continue
            if kind is Text:
                paths |= {name: f"{name}.plain", f"{name}_zh": f"{name}.zh"}
            elif kind is Environment:
                paths |= {one.name: f"{name}.{one.name}" for one in FIELDS}
                words |= {one.name for one in FIELDS if one.words is not None}
            else:
                paths[name] = name
                words |= {name} if vocabulary_in(kind) else set()
            self._makers[name] = _maker(name, kind)
        self.columns: Final = tuple(paths)
        self.selected: Final = ", ".join(paths)
        self._get = attrgetter(*paths.values())
        self._words = [place for place, column in enumerate(paths) if column in words]

    def insert(self, table: str, *beside: str, verb: str = "INSERT") -> str:
        """The statement that writes :meth:`row` and the values of the columns ``beside``."""
        columns = (*self.columns, *beside)
        return (
            f"{verb} INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        )

    def row(self, one: _R, *beside: object) -> list[object]:
        """A record as a row, with the values of columns beside it."""
        values = [*self._get(one), *beside]
        # Plain strings: for members of an enum, sqlite3 looks for an adapter each time.
        for place in self._words:
            if values[place] is not None:
                values[place] = values[place].value
        return values

    @row_guard
    def read(self, row: Any, **beside: object) -> _R:
        """The record in a row of its columns, with what was asked for beside them.

        Raises:
            DamagedValue: if a column holds what its field can't.
        """
        held = dict(zip(self.columns, row, strict=True))
        return self._record(**{name: make(held) for name, make in self._makers.items()}, **beside)


@row_guard
def evidence_of(row: Any) -> Evidence:
    """What a fix is found to be, from the columns of ``PROOF``."""
    _fix, state, occurrence, at, excused = row
    return Evidence(FixState(state), occurrence, at, bool(excused))


_SHAPES: Final[dict[type[Any], RowShape[Any]]] = {}


def shape_of(record: type[_R]) -> RowShape[_R]:
    """The shape of a record; made when it is first asked for, since few commands need them all."""
    if record not in _SHAPES:
        _SHAPES[record] = RowShape(record)
    return _SHAPES[record]


def _maker(name: str, kind: Any) -> Callable[[_Held], Any]:
    """Makes the value of a field from the columns."""
    vocabulary = vocabulary_in(kind)
    if kind is Text:
        return lambda held: Text(held[name], held[f"{name}_zh"])
    if kind is Environment:
        return environment_of
    if kind is bool:
        return lambda held: bool(held[name])
    if vocabulary is None:
        return lambda held: held[name]
    if kind is vocabulary:
        return lambda held: vocabulary(held[name])
    return lambda held: vocabulary(held[name]) if held[name] else None
