"""What waits for a decision at a time, woken snoozes among it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from storage.board.rows import DECISION, decision_of
from storage.models import Decision
from storage.query.waiting import waiting
from storage.reader import Reader
from storage.vocabulary import InboxReason, Triage


class Inbox(Reader):
    """The waiting side of a board."""

    def inbox_count(self, now: int) -> int:
        """How many pitfalls wait in the inbox at a time (ms), woken ones among them."""
        condition, parameters = waiting(now)
        [(count,)] = self._all(f"SELECT count(*) FROM pitfalls WHERE {condition}", parameters)
        return int(count)

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

        A snooze that has ended has brought its pitfall back into the inbox.
        """
        condition, parameters = waiting(now)
        rows = self._all(
            f"SELECT id, {condition}, {DECISION} FROM pitfalls"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (*parameters, json.dumps(list(pitfalls))),
        )
        return {
            str(pitfall): _standing(decision_of(decided), bool(waits))
            for pitfall, waits, *decided in rows
        }


def _standing(decided: Decision, waits: bool) -> Decision:
    if decided.wake is None or not waits:
        return decided
    return Decision(Triage.INBOX, decided.wake.on or decided.at, InboxReason.WOKEN)
