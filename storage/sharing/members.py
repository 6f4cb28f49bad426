"""Members: what others changed, summed up for each person, and what of theirs counts here.

Ignoring a store, trusting it again and accepting quarantined events are local: nothing of it is
sent, each board decides for itself.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Final

from storage.errors import N_, PitboardError, Refused
from storage.events import Event, held, sort_of
from storage.model.clock import DAY_MS, FIRST, LIMIT, reading_at, wall_of
from storage.model.fields import NamedTuple
from storage.model.vocabulary import HistoryCategory, Quarantine
from storage.projection.update import rebuild, withdraw
from storage.sharing.state import ChangeKind, MemberChanges, actor_of
from storage.text.dates import iso
from storage.write.quarantine import WORDS, Arrival, quarantined, withhold
from storage.write.session import WriteSession
from storage.write.transaction import Transaction

_SORTS: Final = {
    "reported": ChangeKind.NEW,
    "occurrence_logged": ChangeKind.OCCURRENCES,
    "comment_added": ChangeKind.COMMENTS,
    "item_hidden": ChangeKind.HIDDEN,
    "undone": ChangeKind.UNDONE,
}


def _kind_of_change(kind: str) -> ChangeKind:
    """As what an event of a kind is counted."""
    if sort_of(kind) is HistoryCategory.TRIAGE:
        return ChangeKind.DECIDED
    return _SORTS.get(kind, ChangeKind.EDITED)


class SyncChanges:
    """Counts what comes in."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], Counter[ChangeKind]] = {}
        self._held: list[str] = []

    def count(self, counted: Sequence[Event], arrived: Sequence[Arrival]) -> None:
        """Note events that count by now, and those that came in and are quarantined."""
        said = [event.envelope for event in counted]
        # The catalogue is nobody's, and that a board was created changed nothing.
        found = Counter(
            (one.actor, one.who, one.kind)
            for one in said
            if one.hlc >= FIRST and one.kind != "board_made"
        )
        for (actor, who, kind), count in found.items():
            counts = self._counts.setdefault((actor, who), Counter())
            counts[_kind_of_change(kind)] += count
        self._held += [
            event.id for event, reason, _ in arrived if reason not in (None, Quarantine.IGNORED)
        ]

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
                    "n IN (SELECT value FROM json_each(?))",
                    (json.dumps(forked),),
                    Quarantine.FORKED,
                )
                withdraw(session.connection, events)
            session.signal(frozenset(event.pitfall for event in events))
            self.count((), [Arrival(event, Quarantine.FORKED, "") for event in events])
        # What has come in since then may have let some of it count.
        held: dict[tuple[str, str, Quarantine], list[Event]] = {}
        with session.locked():
            for event, reason, _ in quarantined(
                session.connection,
                "id IN (SELECT value FROM json_each(?))",
                json.dumps(self._held),
            ):
                said = event.envelope
                held.setdefault((said.actor, said.who, reason), []).append(event)
        for (actor, who, reason), events in held.items():
            noticed.append((f"{actor} {reason} {events[0].id}", waiting(reason, who, events)))


def forks(session: WriteSession) -> list[int]:
    """The rows of events that were passed on in the place of another that their store sent."""
    with session.locked():
        connection = session.connection
        rows = connection.execute(
            "SELECT passed.actor, min(passed.seq) FROM events AS passed"
            " JOIN events AS sent ON sent.actor = passed.actor AND sent.seq = passed.seq"
            " AND sent.id <> passed.id AND sent.relayed_by IS NULL"
            " WHERE passed.relayed_by NOT NULL GROUP BY passed.actor"
        ).fetchall()
        found: list[int] = []
        for actor, first in rows:
            forked: dict[str, int] = {}
            for n, name, seq, prev in connection.execute(
                "SELECT n, id, seq, json_extract(line, '$.prev') FROM events"
                " WHERE actor = ? AND seq >= ? AND relayed_by NOT NULL ORDER BY seq",
                (actor, first),
            ).fetchall():
                other = connection.execute(
                    "SELECT 1 FROM events WHERE actor = ? AND seq = ? AND id <> ?"
                    " AND relayed_by IS NULL",
                    (actor, seq, name),
                ).fetchone()
                if other is not None or prev in forked:
                    forked[name] = n
            found += forked.values()
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


# What counts here


def ignore(session: WriteSession, actor: str, since: int | None = None) -> int:
    """Leave a store out of the board, here and now; how many of its events no longer count.

    Args:
        session: the board.
        actor: the store.
        since: only what it wrote from then on (ms), by its own clock, and whatever follows that.

    Raises:
        Refused: if it is this store itself.
    """
    with session.writing() as transaction:
        if actor == transaction.actor:
            raise Refused(
                N_("This is the store of this board itself."),
                N_("“pitboard undo” takes back what was written here."),
            )
        connection = session.connection
        restored = _trust(transaction, connection, actor)
        (first,) = connection.execute(
            "SELECT ifnull(min(seq), ?4) FROM events WHERE actor = ?1 AND (at >= ?2 OR hlc >= ?3)",
            (actor, since or 0, reading_at(since or 0), LIMIT),
        ).fetchone()
        connection.execute("INSERT INTO ignored VALUES (?, ?, ?)", (actor, since or 0, first))
        # Those that were left out before and count for a moment were never folded.
        events = withhold(
            connection,
            "actor = ? AND (seq >= ? OR at >= ? OR hlc >= ?)",
            (actor, first, since or 0, reading_at(since or 0)),
            Quarantine.IGNORED,
        )
        for reason in Quarantine:
            if reason is not Quarantine.IGNORED:
                transaction.reconsider(_quarantined(connection, actor, reason))
        again = {event.id for event in restored}
        out = {event.id for event in events}
        transaction.released = [one for one in transaction.released if one.id not in out]
        _take_off(connection, [event for event in events if event.id not in again])
    session.signal(frozenset(event.pitfall for event in events))
    return len(events)


def trust(session: WriteSession, actor: str) -> int:
    """Count again what a store wrote that was ignored; how many of its events that were.

    Raises:
        Refused: if it is not ignored.
    """
    with session.writing() as transaction:
        connection = session.connection
        known = connection.execute("SELECT 1 FROM ignored WHERE actor = ?", (actor,)).fetchone()
        if known is None:
            raise Refused(N_("The store {actor} is not ignored."), actor=actor[:8])
        return len(_trust(transaction, connection, actor))


def _trust(transaction: Transaction, connection: sqlite3.Connection, actor: str) -> list[Event]:
    connection.execute("DELETE FROM ignored WHERE actor = ?", (actor,))
    return transaction.reconsider(_quarantined(connection, actor, Quarantine.IGNORED))


def _quarantined(connection: sqlite3.Connection, actor: str, reason: Quarantine) -> list[str]:
    rows = connection.execute(
        "SELECT id FROM quarantine WHERE actor = ? AND reason = ?", (actor, reason)
    ).fetchall()
    return [name for (name,) in rows]


def accept(session: WriteSession, names: Sequence[str]) -> int:
    """Count quarantined events from now on, whatever their clocks and chains say; how many.

    What claims to be of this store is taken for its own: the store goes on under another name.
    Those of a store that is ignored stay where they are.

    Args:
        session: the board.
        names: the ids of the events.
    """
    with session.writing() as transaction:
        counted = transaction.reconsider(names, accepted=True)
        session.connection.executemany(
            "INSERT OR IGNORE INTO accepted (event) VALUES (?)",
            [(event.id,) for event in counted],
        )
        transaction.follow_up(counted)
    return len(counted)


def _take_off(connection: sqlite3.Connection, events: Sequence[Event]) -> None:
    """Take events off the board, which were moved into quarantine."""
    (left,) = connection.execute("SELECT count(*) FROM events").fetchone()
    if len(events) > left:
        rebuild(connection)
    else:
        withdraw(connection, events)


# A clock that was wrong

#: Of the last events of a store, the latest time of one that is ahead and that it did not undo.
_AHEAD: Final = """
SELECT max(max(hlc >> 16, at)) FROM
  (SELECT id, hlc, at FROM events WHERE actor = ?1 ORDER BY seq DESC LIMIT ?2)
WHERE max(hlc >> 16, at) > ?3 AND id NOT IN (
  SELECT undone.value FROM events,
    json_each(CASE WHEN json_valid(line) THEN line END, '$.body.events') AS undone
  WHERE actor = ?1 AND kind = 'undone')
"""


def written_ahead(connection: sqlite3.Connection, now: int, last: int = -1) -> PitboardError | None:
    """That a fast clock dated changes of this board, which is why they wait elsewhere.

    Args:
        connection: reads the board.
        now: the wall clock (ms).
        last: how many of its last events are looked at; all by default.

    Returns: None if there are none.
    """
    limit = now + DAY_MS
    found = connection.execute(_AHEAD, (actor_of(connection), last, limit)).fetchone()[0]
    if found is None:
        return None
    return PitboardError(
        N_("Changes of this board say {until}, more than a day ahead of this machine's clock."),
        N_(
            "They wait on other boards until then. If this machine's clock is right, run"
            " “pitboard doctor --reset-clock”."
        ),
        until=iso(found),
    )


class ClockReset(NamedTuple):
    """What turning the clock back came to.

    ``rewritten`` counts this store's own events that were written once more with the right time,
    ``quarantined`` those of others that wait for their time now.
    """

    rewritten: int
    quarantined: int


def reset_clock(session: WriteSession) -> ClockReset:
    """Heal a board whose clock is ahead, because this machine's was, or because others' were.

    What this store wrote ahead of time is undone and written once more with the present time, so
    that it counts on every board; what others wrote so is quarantined until its time has come.
    """
    with session.writing() as transaction:
        connection = session.connection
        ahead = "max(hlc >> 16, at) > ?"
        limit = session.now() + DAY_MS
        theirs = withhold(
            connection,
            f"actor <> ? AND {ahead} AND id NOT IN (SELECT event FROM accepted)",
            (transaction.actor, limit),
            Quarantine.FUTURE,
        )
        _take_off(connection, theirs)
        rows = connection.execute(
            f"SELECT id, CAST(line AS BLOB) FROM events WHERE actor = ? AND {ahead} ORDER BY seq",
            (transaction.actor, limit),
        ).fetchall()
        own = [held(name, line) for name, line in rows]
        (seen,) = connection.execute(
            "SELECT ifnull(max(hlc), 0) FROM events WHERE hlc <= ?", (reading_at(limit),)
        ).fetchone()
        transaction.rewrite(own, seen)
    session.signal(frozenset(event.pitfall for event in theirs))
    return ClockReset(len(own), len(theirs))
