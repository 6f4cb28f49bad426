"""What others changed: counted for each person while their events come in, told after a sync."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Final

from storage.errors import PitboardError
from storage.events import Event
from storage.model.clock import FIRST, wall_of
from storage.projection.update import withdraw
from storage.sharing.state import ChangeSort, MemberChanges
from storage.text.dates import iso
from storage.write.quarantine import WORDS, Arrival, Quarantine, withhold
from storage.write.session import WriteSession

_SORTS: Final = {
    "reported": ChangeSort.NEW,
    "occurrence_logged": ChangeSort.OCCURRENCES,
    "comment_added": ChangeSort.COMMENTS,
    "item_hidden": ChangeSort.HIDDEN,
    "undone": ChangeSort.UNDONE,
    "accepted": ChangeSort.DECIDED,
    "declined": ChangeSort.DECIDED,
    "snoozed": ChangeSort.DECIDED,
    "duplicate_marked": ChangeSort.DECIDED,
    "returned": ChangeSort.DECIDED,
    "told_apart": ChangeSort.DECIDED,
}


class SyncChanges:
    """Counts what comes in."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], Counter[ChangeSort]] = {}
        self._held: dict[tuple[str, str, Quarantine], list[Event]] = {}

    def count(self, counted: Sequence[Event], arrived: Sequence[Arrival]) -> None:
        """Note events that count by now, and those that came in and are quarantined."""
        for event in counted:
            said = event.envelope
            # The catalogue is nobody's.
            if said.hlc >= FIRST:
                counts = self._counts.setdefault((said.actor, said.who), Counter())
                counts[_SORTS.get(said.kind, ChangeSort.EDITED)] += 1
        for event, reason, _ in arrived:
            if reason is not None and reason is not Quarantine.IGNORED:
                said = event.envelope
                self._held.setdefault((said.actor, said.who, reason), []).append(event)

    def members(self) -> tuple[MemberChanges, ...]:
        """What each person changed, unusual amounts first."""
        found = [MemberChanges(*whose, dict(counts)) for whose, counts in self._counts.items()]
        return tuple(sorted(found, key=lambda one: (not one.unusual, -sum(one.counts.values()))))

    def settle_forks(self, session: WriteSession, noticed: list[tuple[str, PitboardError]]) -> None:
        """Quarantine what was passed on and its own store contradicts by now; name what waits."""
        forked = forks(session)
        if forked:
            with session.writing():
                events = withhold(
                    session.connection,
                    "id IN (SELECT value FROM json_each(?))",
                    (json.dumps(forked),),
                    Quarantine.FORKED,
                )
                withdraw(session.connection, events)
            session.signal(frozenset(event.pitfall for event in events))
            self.count((), [Arrival(event, Quarantine.FORKED, "") for event in events])
        for (actor, who, reason), events in self._held.items():
            noticed.append((f"{actor} {reason} {events[0].id}", waiting(reason, who, events)))


def forks(session: WriteSession) -> list[str]:
    """The ids of events that were passed on under a number for which their store sent another."""
    with session.locked():
        connection = session.connection
        rows = connection.execute(
            "SELECT passed.actor, min(passed.seq) FROM events AS passed"
            " JOIN events AS sent ON sent.actor = passed.actor AND sent.seq = passed.seq"
            " AND sent.id <> passed.id AND sent.relayed_by IS NULL"
            " WHERE passed.relayed_by NOT NULL GROUP BY passed.actor"
        ).fetchall()
        found: list[str] = []
        for actor, first in rows:
            forked: set[str] = set()
            for name, seq, prev in connection.execute(
                "SELECT id, seq, json_extract(line, '$.prev') FROM events"
                " WHERE actor = ? AND seq >= ? AND relayed_by NOT NULL ORDER BY seq",
                (actor, first),
            ).fetchall():
                other = connection.execute(
                    "SELECT 1 FROM events WHERE actor = ? AND seq = ? AND id <> ?"
                    " AND relayed_by IS NULL",
                    (actor, seq, name),
                ).fetchone()
                if other is not None or prev in forked:
                    forked.add(name)
            found += sorted(forked)
    return found


def waiting(reason: Quarantine, who: str, events: Sequence[Event]) -> PitboardError:
    """What quarantined events of one person come to in a sentence, and what can be done."""
    last = max(wall_of(event.envelope.hlc, event.envelope.at) for event in events)
    message, advice = WORDS[reason]
    return PitboardError(
        message,
        advice,
        count=len(events),
        who=who or "–",
        actor=events[0].envelope.actor[:8],
        until=iso(last),
    )
