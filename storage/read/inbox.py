"""The inbox at a given time, with snoozes that ended and regressions."""

from __future__ import annotations

from collections.abc import Iterable

from storage.db.reader import BoardPart, id_array
from storage.db.rows import DECISION, decision_of
from storage.model.records import Decision
from storage.model.vocabulary import InboxReason, Triage
from storage.query.sql_conditions import REGRESSED, parts, waiting


class InboxReader(BoardPart):
    """Reads what is in the inbox."""

    def count(self, now: int) -> int:
        """The number of pitfalls in the inbox at a time (ms)."""
        counted = (
            self._reader.fetch_all(
                f"SELECT count(*) FROM pitfalls WHERE {part.text}", part.parameters
            )
            for part in parts(now)
        )
        return sum(int(count) for [(count,)] in counted)

    def regressed_count(self) -> int:
        """The number of pitfalls in the default view with a regression."""
        [(count,)] = self._reader.fetch_all(
            # The unary plus keeps the indexes of all that is in view out of it.
            "SELECT count(*) FROM pitfalls WHERE regressed_at IS NOT NULL AND +in_view = 1"
        )
        return int(count)

    def next_wake(self, now: int) -> int | None:
        """When the next snooze until a day ends (ms); None if there is none."""
        [(at,)] = self._reader.fetch_all(
            "SELECT min(wakes_on) FROM pitfalls WHERE triage IN ('inbox', 'snoozed')"
            " AND triage = 'snoozed' AND wakes_on > ?",
            (now,),
        )
        return None if at is None else int(at)

    def decisions(self, pitfalls: Iterable[str], now: int) -> dict[str, Decision]:
        """The triage state of each of some pitfalls at a time (ms).

        A snooze that ended puts its pitfall back into the inbox; so does an occurrence that
        contradicts a fix, or may.
        """
        condition, parameters = waiting(now)
        rows = self._reader.fetch_all(
            f"SELECT id, {condition}, {REGRESSED}, ifnull(regressed_at, unclear_at), {DECISION}"
            " FROM pitfalls WHERE id IN (SELECT value FROM json_each(?))",
            (*parameters, id_array(pitfalls)),
        )
        return {
            str(pitfall): _inbox_state(decision_of(decided), alarmed_at, regressed=bool(regressed))
            if waits
            else decision_of(decided)
            for pitfall, waits, regressed, alarmed_at, *decided in rows
        }


def _inbox_state(decided: Decision, alarmed_at: int | None, *, regressed: bool) -> Decision:
    """The triage state of a pitfall that is in the inbox, whatever for."""
    if decided.wake is not None:
        return Decision(Triage.INBOX, decided.wake.on or decided.at, InboxReason.WOKEN)
    if decided.triage is Triage.INBOX or alarmed_at is None:
        return decided
    reason = InboxReason.REGRESSED if regressed else InboxReason.NEEDS_VERSION
    return Decision(Triage.INBOX, alarmed_at, reason)
