"""A pitfall with its entries: occurrences, fixes, duplicates and attachments; the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from storage.db import blobs
from storage.db.connection import explained
from storage.db.reader import (
    DECISION,
    SUGGESTED,
    BoardPart,
    Reader,
    decision_of,
    from_json,
    id_array,
    row_guard,
)
from storage.db.rows import (
    NEWEST_FIRST,
    PROOF,
    duplicates_of,
    evidence_of,
    fixes_of,
    original_of,
    own_entries,
    read_pitfall,
    shape_of,
)
from storage.model.environment import Environment
from storage.model.fields import NamedTuple
from storage.model.records import Attachment, Evidence, Fix, Occurrence, Pitfall, Tally
from storage.model.row import Decision, InboxReason, OccurrenceTotals, Row, Status, Triage
from storage.model.verdicts import ReplySuggestion, should_hold
from storage.model.vocabulary import (
    Across,
    Channel,
    Host,
    Outcome,
    Platform,
    VendorReplyKind,
    Verdict,
)
from storage.query.tree import REGRESSED, UNCLEAR, Sql, parts, waiting
from storage.text.zones import day_of, zone

_IMPORTED_TEXT: Final = """
SELECT json_extract(CAST(line AS TEXT), '$.body.text') FROM events
WHERE pitfall = ? AND kind = 'imported' AND kind <> 'occurrence_logged'
  AND NOT EXISTS (SELECT 1 FROM voided WHERE voided.event = events.id)
ORDER BY hlc DESC, actor DESC, seq DESC, id DESC LIMIT 1
"""


class PitfallReader(BoardPart):
    """Reads whole pitfalls."""

    def read(self, pitfall: str) -> Pitfall:
        """A pitfall with all its entries, except its occurrences.

        Raises:
            NotFound: if it is not on this board.
        """
        self._reader.prepare([pitfall])
        return read_pitfall(self._reader, pitfall)

    def imported_text(self, pitfall: str) -> str:
        """The part of a file that a pitfall was read from last; empty if it came from none."""
        rows = self._reader.fetch_all(_IMPORTED_TEXT, (pitfall,))
        return str(rows[0][0] or "") if rows else ""


class JudgedBy(NamedTuple):
    """What the occurrences of a pitfall are judged by: the fixes and the status of its original."""

    fixes: tuple[Fix, ...] = ()
    status: Status = Status.OPEN

    def is_believed(self, fix: Fix) -> bool:
        """Whether the status says that a fix holds; if not, nothing that disputes it regressed."""
        return should_hold(fix, self.status)


class FixReader(BoardPart):
    """Reads fixes, and what the occurrences say of them."""

    def judging(self, pitfall: str) -> JudgedBy:
        """What a pitfall's occurrences are judged by."""
        self._reader.prepare([pitfall])
        original = original_of(self._reader, pitfall)
        rows = self._reader.fetch_all("SELECT status FROM pitfalls WHERE id = ?", (original,))
        status = Status(rows[0][0]) if rows else Status.OPEN
        return JudgedBy(fixes_of(self._reader, original), status)

    @row_guard
    def evidence(self, pitfall: str) -> dict[str, Evidence]:
        """What the occurrences say of each fix of a pitfall, by the fix's id."""
        self._reader.prepare([pitfall])
        rows = own_entries(self._reader, "fixes", PROOF, pitfall)
        return {row[0]: evidence_of(row) for row in rows}


class DuplicateReader(BoardPart):
    """Reads which pitfalls are duplicates of each other, and which are not."""

    def of(self, pitfall: str) -> list[Row]:
        """The pitfalls that are marked as duplicates of this one, the first marked first."""
        return duplicates_of(self._reader, pitfall)

    def original(self, pitfall: str) -> str:
        """The pitfall that this one is a duplicate of; itself, unless it is one."""
        return original_of(self._reader, pitfall)

    def excluded(self, pitfall: str) -> frozenset[str]:
        """The pitfalls that are marked as not a duplicate of this one, from either side."""
        self._reader.prepare([pitfall])
        rows = self._reader.fetch_all(
            "SELECT other FROM not_duplicates WHERE pitfall = ?", (pitfall,)
        )
        return frozenset(str(other) for (other,) in rows)


class AttachmentReader(BoardPart):
    """Reads the bytes of attachments, and counts them."""

    def content(self, attachment: Attachment) -> bytes | None:
        """The bytes of an attachment; None if they have not arrived.

        Raises:
            Unusable: if they are damaged.
        """
        with explained(self._reader.path):
            return blobs.get(self._reader.connection, attachment.digest)

    def count(self) -> int:
        """The number of attachments on the board."""
        [(count,)] = self._reader.fetch_all("SELECT count(*) FROM attachments")
        return int(count)


# The occurrences of a pitfall: one by one, counted, and by environment


#: The column by which environments are grouped besides host and platform.
_ACROSS: Final = {
    Across.CHANNEL: "channel",
    Across.LIBRARY: "base_library",
    Across.CLIENT: "client_version",
}
#: So many messages are compared with the signatures of a pitfall.
_MOST_MESSAGES: Final = 500


class OccurrenceReader(BoardPart):
    """Reads occurrences."""

    @row_guard
    def of(
        self, pitfall: str, limit: int = -1, offset: int = 0, *, within: Tally | None = None
    ) -> list[Occurrence]:
        """A pitfall's occurrences, newest first.

        Args:
            pitfall: the pitfall's id.
            limit: the maximum number; -1 for all.
            offset: the number of newest ones to skip.
            within: only those that this tally counts.
        """
        condition, whose = shown_with(self._reader, pitfall)
        where: tuple[object, ...] = whose
        if within is not None:
            column = _ACROSS[within.across]
            condition += f" AND host IS ? AND platform IS ? AND ifnull({column}, '') = ?"
            where += (within.host, within.platform, within.version or within.channel or "")
        shape = shape_of(Occurrence)
        rows = self._reader.fetch_all(
            f"SELECT {shape.selected} FROM occurrences WHERE {condition}"
            f" {NEWEST_FIRST} LIMIT ? OFFSET ?",
            (*where, limit, offset),
        )
        return [shape.read(row) for row in rows]

    def messages_since(self, pitfall: str, since: int) -> list[tuple[int, str]]:
        """When the newest occurrences since a time (ms) were seen, and their error messages."""
        condition, whose = shown_with(self._reader, pitfall)
        rows = self._reader.fetch_all(
            f"SELECT seen_at, message FROM occurrences WHERE {condition} AND seen_at > ?"
            " AND outcome = 'reproduced' AND message <> '' ORDER BY seen_at DESC LIMIT ?",
            (*whose, since, _MOST_MESSAGES),
        )
        return [(int(at), str(message)) for at, message in rows]

    def totals(self, pitfall: str) -> OccurrenceTotals:
        """How often a pitfall occurred, first and last."""
        rows = self._reader.fetch_all(
            "SELECT occurrence_count, first_seen, last_seen, not_reproduced_count FROM pitfalls"
            " WHERE id = ?",
            (pitfall,),
        )
        return OccurrenceTotals(*rows[0]) if rows else OccurrenceTotals()

    def newest_regression(self, pitfall: str) -> Occurrence | None:
        """The last occurrence at or beyond a fix of the pitfall; None if there is none."""
        self._reader.prepare([pitfall])
        shape = shape_of(Occurrence)
        rows = self._reader.fetch_all(
            f"SELECT {shape.selected} FROM occurrences WHERE pitfall = ? AND verdict = ?"
            f" {NEWEST_FIRST} LIMIT 1",
            (pitfall, Verdict.REGRESSION.value),
        )
        return shape.read(rows[0]) if rows else None

    @row_guard
    def environments(self, pitfall: str, across: Across = Across.CHANNEL) -> list[Tally]:
        """A pitfall's occurrences by host, platform and channel or version."""
        condition, whose = shown_with(self._reader, pitfall)
        rows = self._reader.fetch_all(
            f"SELECT host, platform, nullif({_ACROSS[across]}, ''),"
            " sum(CASE outcome WHEN 'reproduced' THEN count ELSE 0 END),"
            " sum(CASE outcome WHEN 'reproduced' THEN 0 ELSE count END), max(seen_at),"
            " max(CASE outcome WHEN 'reproduced' THEN seen_at END),"
            " max(CASE outcome WHEN 'reproduced' THEN NULL ELSE seen_at END)"
            f" FROM occurrences WHERE {condition} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            whose,
        )
        by_channel = across is Across.CHANNEL
        return [
            Tally(
                host=Host(host) if host else None,
                platform=Platform(platform) if platform else None,
                channel=Channel(value) if value and by_channel else None,
                reproduced=yes,
                not_reproduced=no,
                last_at=last,
                version=None if by_channel else value,
                across=across,
                last_reproduced=last_yes,
                last_not_reproduced=last_no,
                newest=Outcome.REPRODUCED
                if last_yes != last_no
                else self._newest_outcome(condition, whose, across, (host, platform, value)),
            )
            for host, platform, value, yes, no, last, last_yes, last_no in rows
        ]

    def _newest_outcome(
        self, condition: str, whose: tuple[str, ...], across: Across, key: tuple[Any, ...]
    ) -> Outcome:
        """The outcome of the newest occurrence of an environment, by its host, platform, value."""
        [(outcome,)] = self._reader.fetch_all(
            f"SELECT outcome FROM occurrences WHERE {condition} AND host IS ? AND platform IS ?"
            f" AND nullif({_ACROSS[across]}, '') IS ? {NEWEST_FIRST} LIMIT 1",
            (*whose, *key),
        )
        return Outcome(outcome)

    def last_environment(self) -> Environment:
        """The environment of the occurrence that this store logged last."""
        shape = shape_of(Occurrence)
        rows = self._reader.fetch_all(
            f"SELECT {shape.selected} FROM occurrences WHERE id = (SELECT id FROM events"
            " WHERE actor = (SELECT actor FROM store) AND kind = 'occurrence_logged'"
            " ORDER BY seq DESC LIMIT 1)"
        )
        return shape.read(rows[0]).environment if rows else Environment()


def shown_with(reader: Reader, pitfall: str) -> tuple[str, tuple[str, ...]]:
    """The SQL condition of the occurrences to show with a pitfall, and its parameters.

    Those of a duplicate count for the original, and are shown with either.
    """
    original = original_of(reader, pitfall)
    if original == pitfall:
        return "pitfall = ?", (pitfall,)
    return "pitfall = ? AND recorded_on = ?", (original, pitfall)


# The inbox at a given time, with snoozes that ended and regressions


class InboxReader(BoardPart):
    """Reads what is in the inbox."""

    def count(self, now: int) -> int:
        """The number of pitfalls in the inbox at a time (ms)."""
        return sum(
            # Most of them don't depend on the time, and are asked for with each answer of a query.
            self._count(part)
            if part.parameters
            else self._reader.remembered(part.text, partial(self._count, part))
            for part in parts(now)
        )

    def regressed_count(self) -> int:
        """The number of pitfalls in the default view that regressed."""
        # The unary plus keeps the indexes of all that is in view out of it.
        regressed = Sql("regressed_at IS NOT NULL AND regressed AND +in_view = 1")
        return self._reader.remembered(regressed.text, partial(self._count, regressed))

    def _count(self, condition: Sql) -> int:
        counted = f"SELECT count(*) FROM pitfalls WHERE {condition.text}"
        return int(self._reader.fetch_all(counted, condition.parameters)[0][0])

    def next_wake(self, now: int) -> int | None:
        """When the next snooze until a day, or the next due day, ends (ms); None if none does."""
        [(at, due)] = self._reader.fetch_all(
            "SELECT (SELECT min(wakes_on) FROM pitfalls WHERE triage IN ('inbox', 'snoozed')"
            "  AND triage = 'snoozed' AND wakes_on > ?),"
            " (SELECT min(due) FROM pitfalls WHERE due <> '' AND due >= ? AND triage = 'settled')",
            (now, day_of(now)),
        )
        return min(
            (*([int(at)] if at is not None else []), *([_end_of(due)] if due else [])), default=None
        )

    def decisions(self, pitfalls: Iterable[str], now: int) -> dict[str, Decision]:
        """The triage state of each of some pitfalls at a time (ms).

        A snooze that ended puts its pitfall back into the inbox; so does an occurrence that
        contradicts a fix, or may, what may be a vendor reply, and a due day that has passed.
        """
        condition, parameters, *_ = waiting(now)
        rows = self._reader.fetch_all(
            f"SELECT id, {condition}, {REGRESSED}, CASE WHEN {REGRESSED} THEN regressed_at"
            f" WHEN {UNCLEAR} THEN unclear_at END, due, {DECISION}"
            " FROM pitfalls WHERE id IN (SELECT value FROM json_each(?))",
            (*parameters, id_array(pitfalls)),
        )
        found_at = dict(
            self._reader.fetch_all(f"SELECT s.pitfall, max(s.found_at) FROM {SUGGESTED} GROUP BY 1")
        )
        return {
            str(pitfall): _inbox_state(
                *(decision_of(decided), alarmed_at, found_at.get(pitfall), due),
                regressed=bool(regressed),
            )
            if waits
            else decision_of(decided)
            for pitfall, waits, regressed, alarmed_at, due, *decided in rows
        }

    def standing(self, pitfalls: Sequence[Pitfall], now: int) -> list[Pitfall]:
        """The same pitfalls, each with the decision about it as it stands at a time (ms)."""
        decided = self.decisions([one.id for one in pitfalls], now)
        return [one._replace(decision=decided[one.id]) for one in pitfalls]

    @row_guard
    def suggestions(self, pitfall: str) -> list[ReplySuggestion]:
        """The vendor replies that watching suggests for a pitfall, the newest first."""
        names = ", ".join(f"s.{name}" for name in ReplySuggestion._fields)
        rows = self._reader.fetch_all(
            f"SELECT {names} FROM {SUGGESTED} AND s.pitfall = ? ORDER BY s.found_at DESC, s.url",
            (pitfall,),
        )
        return list(map(suggestion_of, rows))


@row_guard
def suggestion_of(row: Any) -> ReplySuggestion:
    """A suggestion of watching, from the columns of its fields in their order."""
    found = ReplySuggestion(*row)
    return found._replace(
        kind=VendorReplyKind(found.kind) if found.kind else None,
        why=tuple(from_json(str(row[4]))),
        official=bool(found.official),
    )


def _inbox_state(
    decided: Decision, alarmed_at: int | None, found_at: int | None, due: str, *, regressed: bool
) -> Decision:
    """The triage state of a pitfall that is in the inbox, whatever for."""
    if decided.wake is not None:
        return Decision(Triage.INBOX, decided.wake.on or decided.at, InboxReason.WOKEN)
    if decided.triage is Triage.INBOX:
        return decided
    if alarmed_at is not None:
        reason = InboxReason.REGRESSED if regressed else InboxReason.NEEDS_VERSION
        return Decision(Triage.INBOX, alarmed_at, reason)
    if found_at is not None:
        return Decision(Triage.INBOX, found_at, InboxReason.VENDOR_REPLY)
    return Decision(Triage.INBOX, _end_of(due), InboxReason.OVERDUE)


def _end_of(day: str) -> int:
    """When a day (ISO 8601) ends in the board's time zone (ms); of the last one, its beginning."""
    following = min(date.fromisoformat(day), date.max - timedelta(days=1)) + timedelta(days=1)
    return zone().begins(following)
