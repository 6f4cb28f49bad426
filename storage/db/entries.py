"""What belongs to one pitfall: comments, references, statements, fixes, duplicates, …"""

from __future__ import annotations

from typing import Any

from storage.db import blobs
from storage.db.connection import explained
from storage.db.reader import Reader
from storage.db.rows import (
    ATTACHMENT,
    FIX,
    ROW,
    STATEMENT,
    attachment_of,
    claimed_decision,
    fix_of,
    row_of,
    statement_of,
    undamaged,
)
from storage.model.records import (
    Attachment,
    Claim,
    Comment,
    Contest,
    Evidence,
    Fix,
    Reference,
    Row,
    Signature,
    Statement,
    Text,
)
from storage.model.vocabulary import Channel, FixState, Platform, SignatureForm, Source


class Items(Reader):
    """The items of a pitfall; those of its duplicates that count for it are among them."""

    def duplicates(self, pitfall: str) -> list[Row]:
        """The pitfalls that count for this one, the first marked first."""
        rows = self._all(
            f"SELECT {ROW} FROM pitfalls WHERE original = ? ORDER BY decided_at, id", (pitfall,)
        )
        return [row_of(row) for row in rows]

    def original(self, pitfall: str) -> str:
        """The pitfall that this one counts for; itself, unless it is a duplicate."""
        rows = self._all("SELECT ifnull(original, id) FROM pitfalls WHERE id = ?", (pitfall,))
        return str(rows[0][0]) if rows else pitfall

    def apart_from(self, pitfall: str) -> frozenset[str]:
        """The pitfalls that somebody said are not the same as this one, from either side."""
        rows = self._all("SELECT other FROM told_apart WHERE pitfall = ?", (pitfall,))
        return frozenset(str(other) for (other,) in rows)

    def _contests(self, pitfall: str) -> tuple[Contest, ...]:
        """The values of which several stand, the pitfall's own before those of its items."""
        rows = self._all(
            "SELECT name, field, part, about, about_zh,"
            " event, at, who, value, value_zh, decision FROM contested"
            " WHERE pitfall = ? ORDER BY part <> '', name, place",
            (pitfall,),
        )
        contests: dict[str, Contest] = {}
        for name, field, part, about, about_zh, event, at, who, value, value_zh, decision in rows:
            claim = Claim(event, at, who, Text(value, value_zh), claimed_decision(decision))
            one = contests.get(name) or Contest(name, field, (), part, Text(about, about_zh))
            contests[name] = one._replace(claims=(*one.claims, claim))
        return tuple(contests.values())

    def _items(self, table: str, columns: str, pitfall: str) -> list[Any]:
        sql = f"SELECT {columns} FROM {table} WHERE pitfall = ? ORDER BY place"
        return self._all(sql, (pitfall,))

    def _shared(self, table: str, columns: str, pitfall: str) -> list[Any]:
        """Items that count for an original, its own first; a duplicate still shows its own."""
        return self._all(
            f"SELECT {columns} FROM {table} WHERE pitfall = ?1 OR recorded_on = ?1"
            " ORDER BY recorded_on <> ?1, recorded_on, place",
            (pitfall,),
        )

    @undamaged
    def _comments(self, pitfall: str) -> tuple[Comment, ...]:
        rows = self._items("comments", "id, at, who, text, text_zh", pitfall)
        return tuple(Comment(i, at, who, Text(*words)) for i, at, who, *words in rows)

    @undamaged
    def _references(self, pitfall: str) -> tuple[Reference, ...]:
        columns = (
            "id, at, who, url, title, title_zh, source, quote, quote_zh, quoted_on, official,"
            " recorded_on"
        )
        return tuple(
            Reference(
                i, at, who, url, Text(t, t_zh), Source(source), Text(q, q_zh), on, bool(o), own
            )
            for i, at, who, url, t, t_zh, source, q, q_zh, on, o, own in self._shared(
                "pitfall_references", columns, pitfall
            )
        )

    @undamaged
    def _statements(self, pitfall: str) -> tuple[Statement, ...]:
        """In the record's order, whichever of the duplicates each was recorded on."""
        columns = ", ".join(f"statements.{one}" for one in STATEMENT.split(", "))
        rows = self._all(
            f"SELECT {columns} FROM statements JOIN events ON events.id = statements.id"
            " WHERE statements.pitfall = ?1 OR recorded_on = ?1"
            " ORDER BY hlc, actor, seq, statements.id",
            (pitfall,),
        )
        return tuple(map(statement_of, rows))

    @undamaged
    def _attachments(self, pitfall: str) -> tuple[Attachment, ...]:
        """In the record's order, whichever of the duplicates each was recorded on."""
        columns = ", ".join(f"attachments.{one}" for one in ATTACHMENT.split(", "))
        rows = self._all(
            f"SELECT {columns}, EXISTS (SELECT 1 FROM contents"
            "  WHERE contents.digest = attachments.digest)"
            " FROM attachments JOIN events ON events.id = attachments.id"
            " WHERE attachments.pitfall = ?1 OR recorded_on = ?1"
            " ORDER BY hlc, actor, seq, attachments.id",
            (pitfall,),
        )
        return tuple(map(attachment_of, rows))

    def content(self, attachment: Attachment) -> bytes | None:
        """The bytes of an attachment; None if they have not arrived.

        Raises:
            Unusable: if they are damaged.
        """
        with explained(self.path):
            return blobs.get(self._connection, attachment.digest)

    def attachment_count(self) -> int:
        """How many attachments there are on the board."""
        [(count,)] = self._all("SELECT count(*) FROM attachments")
        return int(count)

    @undamaged
    def _signatures(self, pitfall: str) -> tuple[Signature, ...]:
        rows = self._shared("signatures", "id, text, form, platform, channel, recorded_on", pitfall)
        return tuple(
            Signature(
                i,
                text,
                SignatureForm(form),
                Platform(platform) if platform else None,
                Channel(channel) if channel else None,
                own,
            )
            for i, text, form, platform, channel, own in rows
        )

    @undamaged
    def _fixes(self, pitfall: str) -> tuple[Fix, ...]:
        return tuple(map(fix_of, self._items("fixes", FIX, pitfall)))

    def judging_fixes(self, pitfall: str) -> tuple[Fix, ...]:
        """The fixes by which the occurrences of a pitfall are judged: those of its original."""
        return self._fixes(self.original(pitfall))

    @undamaged
    def evidence(self, pitfall: str) -> dict[str, Evidence]:
        """What each fix of a pitfall is found to be, by the fix's id."""
        columns = "id, state, evidence, evidence_at"
        return {
            name: Evidence(FixState(state), occurrence, at)
            for name, state, occurrence, at in self._items("fixes", columns, pitfall)
        }
