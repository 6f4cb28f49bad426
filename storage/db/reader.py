"""A reading connection to one board, and one pitfall with its entries read through it."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from storage.db.connection import BROKEN, connect_for_reading, unreadable
from storage.db.rows import (
    DECISION,
    ROW,
    claimed_decision,
    decision_of,
    names_of,
    row_guard,
    row_of,
    shape_of,
)
from storage.errors import N_, NotFound
from storage.model.environment import PLAN_COLUMNS, PLAN_NAMES, Plan
from storage.model.records import (
    Attachment,
    Claim,
    Comment,
    Conflict,
    Fix,
    Pitfall,
    Reference,
    Row,
    Signature,
    Text,
    VendorReply,
)
from storage.model.vocabulary import (
    Kind,
    Severity,
    Status,
)
from storage.text.sanitize import without_unseen
from storage.text.zones import use_zone

_T = TypeVar("_T")

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


#: The columns of a pitfall but for its entries, and those of its decision.
_OWN: Final = (
    "title, title_zh, kind, component, component_zh, severity, status, workaround, workaround_zh,"
    " reproduction, reproduction_zh, reported_at, reported_by, changed_at, workaround_at,"
    f" regressed, {PLAN_COLUMNS}"
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
        tags=tuple(
            str(tag)
            for (tag,) in reader.fetch_all(
                "SELECT tag FROM tags WHERE pitfall = ? ORDER BY tag", (pitfall,)
            )
        ),
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
        " WHERE recorded_on = ?1 OR pitfall = ?1 AND pitfall <> recorded_on"
        " ORDER BY recorded_on <> ?1, recorded_on, place",
        (pitfall,),
    )


def _comments(reader: Reader, pitfall: str) -> tuple[Comment, ...]:
    shape = shape_of(Comment)
    return tuple(map(shape.read, own_entries(reader, "comments", shape.selected, pitfall)))


def _references(reader: Reader, pitfall: str) -> tuple[Reference, ...]:
    shape = shape_of(Reference)
    return tuple(map(shape.read, _shared(reader, "pitfall_references", shape.selected, pitfall)))


def _vendor_replies(reader: Reader, pitfall: str) -> tuple[VendorReply, ...]:
    """In the record's order, whichever of the duplicates each was recorded on."""
    shape = shape_of(VendorReply)
    columns = ", ".join(f"vendor_replies.{one}" for one in shape.columns)
    rows = reader.fetch_all(
        f"SELECT {columns} FROM vendor_replies JOIN events ON events.id = vendor_replies.id"
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
        f" {columns} FROM attachments JOIN events ON events.id = attachments.id"
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
