"""A reading connection to one board, and the rows of its list; see also :mod:`storage.db.rows`."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, Self, TypeVar

from storage.db.connection import BROKEN, DAMAGED_ADVICE, connect_for_reading, unreadable
from storage.errors import N_, NotFound, Unusable
from storage.model.clock import FIRST
from storage.model.row import (
    PLAN_COLUMNS,
    PLAN_NAMES,
    Decision,
    DeclineReason,
    InboxReason,
    Kind,
    OccurrenceTotals,
    Plan,
    Row,
    Severity,
    Status,
    Text,
    Triage,
    Wake,
)
from storage.text.sanitize import without_unseen
from storage.text.zones import use_zone

_T = TypeVar("_T")
_R = TypeVar("_R")

_WITHOUT_ZONE: Final = "UTC"
_TIME_ZONE: Final = "SELECT value FROM board_values WHERE name = 'time_zone'"


def time_zone_of(connection: sqlite3.Connection) -> str:
    """The name of the time zone in which a board's days begin: UTC if it has none of its own."""
    try:
        row = connection.execute(_TIME_ZONE).fetchone()
    except BROKEN:
        # What is wrong with the file is said by whoever reads of it what was asked for.
        return _WITHOUT_ZONE
    return str(row[0]) if row else _WITHOUT_ZONE


#: Which read tables this version computes, and how; a file names the one that its tables have. It
#: is what ``declared_version`` of :mod:`storage.projection.tables` gives, as a test checks, and
#: is written out so that what reads a board need not load all that describes its tables.
PROJECTION_VERSION: Final = "4-270d27aa"


def projection_version(connection: sqlite3.Connection) -> str:
    """The version of the read tables that a file holds; empty if it holds none."""
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'projection'").fetchone()
    row = there and connection.execute("SELECT version FROM projection").fetchone()
    return str(row[0]) if row else ""


class Reader:
    """Reads one board through its own connection.

    Attributes:
        connection: the connection; its errors are SQLite's own.
        path: the database file, for the texts of errors.
        me: gives the name of whoever asks; None for that of this account.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self.me: Callable[[], str] | None = None
        self._remembered: dict[Hashable, Any] = {}
        self._remembered_at: int | None = None

    @classmethod
    def open(cls, path: Path) -> Self:
        """The board at ``path``; this process shows days of its time zone from now on.

        Raises:
            Unusable: if there is none that can be read.
        """
        reader = cls(connect_for_reading(path), path)
        reader.take_up_time_zone()
        return reader

    def take_up_time_zone(self) -> None:
        """Show days of the board's time zone, which may have become another one, from now on."""
        use_zone(self.time_zone())

    def time_zone(self) -> str:
        """The name of the time zone in which the board's days begin."""
        return time_zone_of(self.connection)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fetch_all(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Every row at once: an open cursor would pin the WAL.

        Raises:
            Unusable: if the file can't be read.
        """
        try:
            return self.connection.execute(sql, parameters).fetchall()
        except BROKEN as error:
            raise unreadable(error, self.path) from error

    def prepare(self, pitfalls: Sequence[str]) -> None:
        """Make the entries of pitfalls readable; here they are.

        A past board computes them only when they are asked for.
        """

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment. Keep it short: it pins the WAL."""
        self.fetch_all("BEGIN")
        try:
            yield
        finally:
            if self.connection.in_transaction:
                self.fetch_all("COMMIT")

    def version(self) -> int:
        """A number that changes whenever another connection has written."""
        [(version,)] = self.fetch_all("PRAGMA data_version")
        return int(version)

    def remembered(self, asked: Hashable, read: Callable[[], _T]) -> _T:
        """What ``read`` gives, or gave for the same question since anybody wrote.

        Args:
            asked: the question; each answer is of one type.
            read: reads the answer.
        """
        if (now := self.version()) != self._remembered_at:
            self._remembered, self._remembered_at = {}, now
        if asked not in self._remembered:
            self._remembered[asked] = read()
        answer: _T = self._remembered[asked]
        return answer


def typed_id(text: str) -> str:
    """The beginning of an id as people copy it from a chat, or type it on a Chinese keyboard."""
    return unicodedata.normalize("NFKC", without_unseen(text)).strip().removeprefix("#").lower()


def given_id(text: str) -> str:
    """The same of an id that must be there; raises ``NotFound`` if it is empty."""
    if not (begins := typed_id(text)):
        advice = N_(
            "Give its first characters; “pitboard list” and “pitboard history ID” show ids."
        )
        raise NotFound(N_("The id is empty."), advice)
    return begins


def id_array(ids: Iterable[str]) -> str:
    """Ids as SQLite's ``json_each`` reads them; there may be more than SQLite binds.

    They are letters and digits; whatever else is among them names nothing and is left out.
    """
    return "[" + ", ".join(f'"{one}"' for one in ids if one.isalnum()) + "]"


def listed(rowids: Iterable[int]) -> str:
    """Whole numbers of our own as an SQL list; there may be more than SQLite binds."""
    return ", ".join(map(str, rowids))


# What the parts of a board have in common


class BoardPart:
    """Reads one topic of a board; the parts of a board share its reader."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader


# One pitfall from its rows, with its comments, references, fixes and other entries


# The lines of a list, and decisions, as the columns of ``pitfalls`` hold them


#: As a condition on ``events``: a pitfall that comes from a catalogue was reported by these.
OF_CATALOGUE: Final = f"kind = 'reported' AND hlc < {FIRST}"


def is_event(pitfall: str, event: str, events: str = "events") -> str:
    """The SQL condition that a row of ``events`` is the one of an id, recorded on a pitfall.

    Ids are random. What is written together on one pitfall is found by that and the id, on one page
    of an index; by its id alone only an occurrence is.
    """
    same = f"{events}.pitfall = {pitfall} AND {events}.id = {event}"
    return (
        f"({events}.kind <> 'occurrence_logged' AND {same}"
        f" OR {events}.kind = 'occurrence_logged' AND {same})"
    )


#: The ``n`` of a pitfall's reference is that of the pitfall, so often, and its place.
LINKS: Final = 1 << 32


def recorded_on(table: str, pitfall: str) -> str:
    """The SQL condition that what counts for an original was recorded on one pitfall."""
    first = f"(SELECT own.n * {LINKS} FROM pitfalls AS own WHERE own.id = {pitfall})"
    links = f"n BETWEEN {first} AND {first} + {LINKS - 1}"
    return links if table == "pitfall_references" else f"recorded_on = {pitfall}"


#: The events that an object names in JSON, id → pitfall.
NAMED_EVENTS: Final = (
    f"json_each(?1) AS named CROSS JOIN events ON {is_event('named.value', 'named.key')}"
)

FROM_A_CATALOGUE: Final = f"SELECT pitfall FROM events WHERE {OF_CATALOGUE}"
#: What that catalogue is called: by its subscription here; else as it called itself in the event.
CATALOGUE_NAME: Final = (
    "ifnull((SELECT name FROM catalogues WHERE catalogues.actor = events.actor), who)"
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
#: The catalogues that some pitfalls come from, of an array of ids.
SOURCES: Final = (
    f"SELECT pitfall, {CATALOGUE_NAME} FROM events WHERE {OF_CATALOGUE}"
    " AND kind <> 'occurrence_logged' AND pitfall IN (SELECT value FROM json_each(?))"
)
_P = ParamSpec("_P")


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
                DAMAGED_ADVICE,
                why=str(error),
            ) from error

    return made


ROW: Final = (
    "n, id, title, title_zh, kind, component, component_zh, severity, status,"
    " occurrence_count, first_seen, last_seen, not_reproduced_count, triage, inbox_reason,"
    f" regressed, workaround_at, fix_at, {PLAN_COLUMNS}"
)
#: What the column ``in_view`` says: it was not declined, and is no duplicate.
IN_VIEW: Final = f"triage <> '{Triage.DECLINED}' AND original IS NULL"
#: Later than any time (ms): pitfalls without anything to verify sort behind all others.
NEVER_VERIFIED: Final = 1 << 62
DECISION: Final = (
    "triage, decided_at, inbox_reason, decline_reason, duplicate_of,"
    " wakes_on, wakes_at_count, wakes_axis, wakes_version"
)


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
    wake = Wake(held["wakes_on"], held["wakes_at_count"], held["wakes_axis"], held["wakes_version"])
    return Decision(
        triage=Triage(held["triage"]),
        at=held["decided_at"],
        inbox_reason=InboxReason(held["inbox_reason"]) if held["inbox_reason"] else None,
        decline_reason=DeclineReason(held["decline_reason"]) if held["decline_reason"] else None,
        duplicate_of=held["duplicate_of"],
        wake=wake if held["triage"] == Triage.SNOOZED else None,
    )


def from_json(text: str) -> Any:
    """What a column, or a query, gives as JSON; few do.

    Raises:
        ValueError: if it is none.
    """
    # Loaded here for those few.
    import json

    return json.loads(text)


@row_guard
def claimed_decision(text: str) -> Decision | None:
    """A decision of triage as a claim holds it, in JSON; None of an empty text."""
    if not text:
        return None
    fields = from_json(text)
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
