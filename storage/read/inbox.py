"""What waits for a decision at a time: woken snoozes and alarms among it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from storage.db.reader import Reader
from storage.db.rows import DECISION, OCCURRENCE, decision_of, occurrence_of
from storage.model.records import Decision, Occurrence
from storage.model.vocabulary import InboxReason, Triage, Verdict
from storage.query.sql_conditions import REGRESSED, parts, waiting


class Inbox(Reader):
    """The waiting side of a board."""

    def inbox_count(self, now: int) -> int:
        """How many pitfalls wait in the inbox at a time (ms)."""
        counted = (
            self._all(f"SELECT count(*) FROM pitfalls WHERE {part.text}", part.parameters)
            for part in parts(now)
        )
        return sum(int(count) for [(count,)] in counted)

    def regressed_count(self) -> int:
        """How many pitfalls in the board's view were seen where they should be fixed."""
        [(count,)] = self._all(
            # The unary plus keeps the indexes of all that is in view out of it.
            "SELECT count(*) FROM pitfalls WHERE regressed_at IS NOT NULL AND +in_view = 1"
        )
        return int(count)

    def newest_regression(self, pitfall: str) -> Occurrence | None:
        """The last occurrence that was seen where the pitfall should be fixed, if there is one."""
        rows = self._all(
            f"SELECT {OCCURRENCE} FROM occurrences WHERE pitfall = ? AND verdict = ?"
            " ORDER BY seen_at DESC, id DESC LIMIT 1",
            (pitfall, Verdict.REGRESSION.value),
        )
        return occurrence_of(rows[0]) if rows else None

    def next_wake(self, now: int) -> int | None:
        """When the next pitfall wakes that is snoozed until a time (ms); None if none is."""
        [(at,)] = self._all(
            "SELECT min(wakes_on) FROM pitfalls WHERE triage IN ('inbox', 'snoozed')"
            " AND triage = 'snoozed' AND wakes_on > ?",
            (now,),
        )
        return None if at is None else int(at)

    def decisions(self, pitfalls: Iterable[str], now: int) -> dict[str, Decision]:
        """How each of some pitfalls stands in triage at a time (ms).

        A snooze that has ended has brought its pitfall back into the inbox; so has an
        occurrence that contradicts a fix, or may.
        """
        condition, parameters = waiting(now)
        rows = self._all(
            f"SELECT id, {condition}, {REGRESSED}, ifnull(regressed_at, unclear_at), {DECISION}"
            " FROM pitfalls WHERE id IN (SELECT value FROM json_each(?))",
            (*parameters, json.dumps(list(pitfalls))),
        )
        return {
            str(pitfall): _standing(decision_of(decided), alarmed_at, regressed=bool(regressed))
            if waits
            else decision_of(decided)
            for pitfall, waits, regressed, alarmed_at, *decided in rows
        }


def _standing(decided: Decision, alarmed_at: int | None, *, regressed: bool) -> Decision:
    """How a pitfall stands that waits, whatever it waits for."""
    if decided.wake is not None:
        return Decision(Triage.INBOX, decided.wake.on or decided.at, InboxReason.WOKEN)
    if decided.triage is Triage.INBOX or alarmed_at is None:
        return decided
    reason = InboxReason.REGRESSED if regressed else InboxReason.NEEDS_VERSION
    return Decision(Triage.INBOX, alarmed_at, reason)
