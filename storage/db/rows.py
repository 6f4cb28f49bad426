"""Rows and records: how columns hold a record, and one pitfall with its entries read from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import count
from operator import attrgetter, itemgetter
from typing import Any, Final, Generic, TypeVar

from storage.db.reader import (
    DECISION,
    ROW,
    Reader,
    claimed_decision,
    decision_of,
    names_of,
    recorded_on,
    row_guard,
    row_of,
)
from storage.errors import N_, NotFound
from storage.model.clock import STATUS
from storage.model.environment import FIELDS, Environment
from storage.model.fields import Word, types_of, vocabulary_in
from storage.model.records import (
    Attachment,
    Claim,
    Comment,
    Conflict,
    Evidence,
    Fix,
    Pitfall,
    Reference,
    Signature,
    VendorReply,
)
from storage.model.row import PLAN_COLUMNS, PLAN_NAMES, Kind, Plan, Row, Severity, Status, Text
from storage.model.vocabulary import FixState, Outcome, Verdict

_R = TypeVar("_R")
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


def should_hold(status: str) -> str:
    """That a status, an expression of SQL, says that a fix of ``fixes`` holds where it is for.

    The same as ``should_hold`` of :mod:`storage.model.verdicts`.
    """
    return (
        f"({status} = '{Status.FIXED_UPSTREAM}'"
        f" OR {status} = '{Status.WORKAROUND}' AND fixes.platform IS NOT NULL)"
    )


#: Of ``occurrences``: it was seen where, by the status of then or of later, a fix should hold.
IS_REGRESSION: Final = (
    f"occurrences.verdict <> '' AND occurrences.verdict = '{Verdict.REGRESSION}'"
    " AND EXISTS (SELECT 1 FROM changes JOIN fixes ON fixes.pitfall = changes.pitfall"
    f" WHERE changes.pitfall = occurrences.pitfall AND changes.field = '{STATUS}'"
    f" AND changes.until > occurrences.seen_at AND {should_hold('changes.after')})"
)

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


def tags_in(column: str) -> tuple[str, ...]:
    """The tags in the column of that name, in their order; none of them has a blank."""
    return tuple(column.split(" ")) if column else ()


#: What the occurrences say of a fix, for :func:`evidence_of`. Another fix excuses what is no
#: regression.
PROOF: Final = (
    "id, state, evidence, evidence_at, state = 'disputed' AND NOT EXISTS (SELECT 1 FROM occurrences"
    f" AS o WHERE o.id = evidence AND o.verdict = '{Verdict.REGRESSION}')"
)
#: The newest occurrences first: by when they were seen, then in the record's order.
NEWEST_FIRST: Final = "ORDER BY seen_at DESC, hlc DESC, id DESC"


# How the columns of a table hold a record, by the declared types of its fields


#: What is no column of the table but is asked for beside it.
_BESIDE: Final[Mapping[type[Any], str]] = {Attachment: "here"}
_Make = Callable[[Sequence[Any]], Any]


class RowShape(Generic[_R]):
    """The columns that hold a record, and both ways between it and a row.

    Args:
        record: its class, whose fields are declared with their types.
    """

    def __init__(self, record: type[_R]) -> None:
        self._record = record
        made: dict[str, Any] = {}
        paths: dict[str, str] = {}
        words: set[str] = set()
        for name, kind in types_of(record).items():
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
            made[name] = kind
        self.columns: Final = tuple(paths)
        self._makers = [_maker(name, kind, self.columns.index) for name, kind in made.items()]
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
                values[place] = values[place]._value_
        return values

    @row_guard
    def read(self, row: Any, **beside: object) -> _R:
        """The record in a row of its columns, with what was asked for beside them.

        Raises:
            DamagedValue: if a column holds what its field can't.
        """
        if len(row) != len(self.columns):
            raise ValueError(f"{len(row)} columns in the place of {len(self.columns)}")
        return self._record(*[make(row) for make in self._makers], **beside)


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


def _maker(name: str, kind: Any, place_of: Callable[[str], int]) -> _Make:
    """Makes the value of a field from a row, in which each column has its place."""
    if kind is Environment:
        parts = [_maker(*part, place_of) for part in types_of(kind).items()]
        return lambda row: Environment._make([make(row) for make in parts])
    place = place_of(name)
    if kind is Text:
        behind = place_of(f"{name}_zh")
        return lambda row: Text(row[place], row[behind])
    if kind is bool:
        return lambda row: bool(row[place])
    vocabulary = vocabulary_in(kind)
    if vocabulary is None:
        return itemgetter(place)
    # Looked up so, they are found much faster than by a call.
    words = {word.value: word for word in vocabulary}
    if kind is vocabulary:
        # What is no word is asked for by a call, which says so.
        return lambda row: words.get(row[place]) or vocabulary(row[place])
    return lambda row: (words.get(row[place]) or vocabulary(row[place])) if row[place] else None


# One pitfall from its rows, with its comments, references, fixes and other entries


#: The columns of a pitfall but for its entries, and those of its decision.
_OWN: Final = (
    "title, title_zh, kind, component, component_zh, severity, status, workaround, workaround_zh,"
    " reproduction, reproduction_zh, reported_at, reported_by, changed_at, workaround_at,"
    f" regressed, tags, {PLAN_COLUMNS}"
)
_OWN_NAMES: Final = names_of(_OWN)


@row_guard
def read_pitfall(reader: Reader, pitfall: str) -> Pitfall:
    """A pitfall with all its entries, except its occurrences.

    Raises:
        NotFound: if it is not on this board.
    """
    rows = reader.fetch_all(f"SELECT {_OWN}, {DECISION} FROM pitfalls WHERE id = ?", (pitfall,))
    if not rows:
        raise NotFound(N_("There is no pitfall {id} on this board."), id=pitfall)
    own, decided = rows[0][: len(_OWN_NAMES)], rows[0][len(_OWN_NAMES) :]
    held = dict(zip(_OWN_NAMES, own, strict=True))
    return Pitfall(
        id=pitfall,
        title=Text.of(held["title"], held["title_zh"]),
        kind=Kind(held["kind"]),
        component=Text.of(held["component"], held["component_zh"]),
        severity=Severity(held["severity"]),
        status=Status(held["status"]),
        workaround=Text(held["workaround"], held["workaround_zh"]),
        reproduction=Text(held["reproduction"], held["reproduction_zh"]),
        reported_at=held["reported_at"],
        reported_by=held["reported_by"],
        changed_at=held["changed_at"],
        tags=tags_in(held["tags"]),
        comments=_comments(reader, pitfall),
        references=_references(reader, pitfall),
        signatures=_signatures(reader, pitfall),
        fixes=fixes_of(reader, pitfall),
        decision=decision_of(decided),
        apart=tuple(
            str(other)
            for (other,) in reader.fetch_all(
                "SELECT other FROM not_duplicates WHERE pitfall = ?1 AND recorded_on = ?1"
                " ORDER BY other",
                (pitfall,),
            )
        ),
        vendor_replies=_vendor_replies(reader, pitfall),
        attachments=_attachments(reader, pitfall),
        workaround_at=held["workaround_at"],
        conflicts=_conflicts(reader, pitfall),
        plan=Plan(*(held[name] for name in PLAN_NAMES)),
        regressed=bool(held["regressed"]),
    )


def _conflicts(reader: Reader, pitfall: str) -> tuple[Conflict, ...]:
    """The conflicts of a pitfall, those of its own fields before those of its entries."""
    rows = reader.fetch_all(
        "SELECT name, field, part, about, about_zh,"
        " event, at, who, value, value_zh, decision FROM conflicts"
        " WHERE pitfall = ? ORDER BY part <> '', name, place",
        (pitfall,),
    )
    conflicts: dict[str, Conflict] = {}
    for name, field, part, about, about_zh, event, at, who, value, value_zh, decision in rows:
        claim = Claim(event, at, who, Text(value, value_zh), claimed_decision(decision))
        one = conflicts.get(name) or Conflict(name, field, (), part, Text(about, about_zh))
        conflicts[name] = one._replace(claims=(*one.claims, claim))
    return tuple(conflicts.values())


def own_entries(reader: Reader, table: str, columns: str, pitfall: str) -> list[Any]:
    """The rows of entries that don't count for an original, in their order."""
    sql = f"SELECT {columns} FROM {table} WHERE pitfall = ? ORDER BY place"
    return reader.fetch_all(sql, (pitfall,))


def _shared(reader: Reader, table: str, columns: str, pitfall: str) -> list[Any]:
    """Entries that count for an original, its own first; a duplicate still shows its own."""
    return reader.fetch_all(
        f"SELECT {columns} FROM {table}"
        # So that both sides have an index.
        f" WHERE {recorded_on(table, '?1')} OR pitfall = ?1 AND pitfall <> recorded_on"
        " ORDER BY recorded_on <> ?1, recorded_on, place",
        (pitfall,),
    )


def _comments(reader: Reader, pitfall: str) -> tuple[Comment, ...]:
    shape = shape_of(Comment)
    return tuple(map(shape.read, own_entries(reader, "comments", shape.selected, pitfall)))


def _references(reader: Reader, pitfall: str) -> tuple[Reference, ...]:
    shape = shape_of(Reference)
    return tuple(map(shape.read, _shared(reader, "pitfall_references", shape.selected, pitfall)))


#: The event that an entry was added by; its id is that of the entry.
_ADDED_BY: Final = "kind <> 'occurrence_logged' AND events.pitfall = recorded_on AND events.id"


def _vendor_replies(reader: Reader, pitfall: str) -> tuple[VendorReply, ...]:
    """In the record's order, whichever of the duplicates each was recorded on."""
    shape = shape_of(VendorReply)
    columns = ", ".join(f"vendor_replies.{one}" for one in shape.columns)
    rows = reader.fetch_all(
        f"SELECT {columns} FROM vendor_replies JOIN events ON {_ADDED_BY} = vendor_replies.id"
        " WHERE vendor_replies.pitfall = ?1 OR recorded_on = ?1"
        " ORDER BY hlc, actor, seq, vendor_replies.id",
        (pitfall,),
    )
    return tuple(map(shape.read, rows))


def _attachments(reader: Reader, pitfall: str) -> tuple[Attachment, ...]:
    """In the record's order, whichever of the duplicates each was recorded on."""
    shape = shape_of(Attachment)
    columns = ", ".join(f"attachments.{one}" for one in shape.columns)
    rows = reader.fetch_all(
        f"SELECT EXISTS (SELECT 1 FROM contents WHERE contents.digest = attachments.digest),"
        f" {columns} FROM attachments JOIN events ON {_ADDED_BY} = attachments.id"
        " WHERE attachments.pitfall = ?1 OR recorded_on = ?1"
        " ORDER BY hlc, actor, seq, attachments.id",
        (pitfall,),
    )
    return tuple(shape.read(row, here=bool(here)) for here, *row in rows)


def _signatures(reader: Reader, pitfall: str) -> tuple[Signature, ...]:
    shape = shape_of(Signature)
    return tuple(map(shape.read, _shared(reader, "signatures", shape.selected, pitfall)))


def fixes_of(reader: Reader, pitfall: str) -> tuple[Fix, ...]:
    """The fixes of a pitfall, in their order."""
    shape = shape_of(Fix)
    return tuple(map(shape.read, own_entries(reader, "fixes", shape.selected, pitfall)))


def duplicates_of(reader: Reader, pitfall: str) -> list[Row]:
    """The pitfalls that are marked as duplicates of this one, the first marked first."""
    rows = reader.fetch_all(
        f"SELECT {ROW} FROM pitfalls WHERE original = ? ORDER BY decided_at, id", (pitfall,)
    )
    return [row_of(row) for row in rows]


def original_of(reader: Reader, pitfall: str) -> str:
    """The pitfall that this one is a duplicate of; itself, unless it is one."""
    rows = reader.fetch_all("SELECT ifnull(original, id) FROM pitfalls WHERE id = ?", (pitfall,))
    return str(rows[0][0]) if rows else pitfall


def originals(originals_of: Mapping[str, str], there: Collection[str]) -> dict[str, str]:
    """The original of each duplicate, as far as it is on the board.

    A duplicate names another pitfall, which may be a duplicate itself: the chain is followed to
    its end, so that groups are flat. Where two people marked each other's pitfall at the same time
    there is no end; then the smallest id of the circle is the original, on every machine.

    Args:
        originals_of: duplicate → the pitfall that it was said to be the same as.
        there: which of the pitfalls named are on the board.
    """
    ends: dict[str, str] = {}
    for duplicate in originals_of:
        # Each pitfall is met once: where its chain ends, it ends for all that lead there.
        trail: dict[str, int] = {}
        at = duplicate
        while at in originals_of and at not in ends and at not in trail:
            trail[at] = len(trail)
            at = originals_of[at]
        end = min(list(trail)[trail[at] :]) if at in trail else ends.get(at, at)
        ends |= dict.fromkeys(trail, end)
    return {one: end for one, end in ends.items() if one != end and end in there}
