"""The events of one user action, while they are being written."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import Any, Final

from storage.db import blobs
from storage.db.reader import NAMED_EVENTS
from storage.events import VERSION, Body, Envelope, Event, Undone, Write, held, parse_stored, seal
from storage.fold.fold import timeline
from storage.model.clock import Clock, claims_future
from storage.model.records import Line
from storage.model.vocabulary import Quarantine
from storage.projection.update import TOGETHER, Progress, core_events, mentions, project
from storage.write.quarantine import (
    Arrival,
    BoardFile,
    Gate,
    insert,
    next_number,
    quarantined,
    release,
    requarantine,
)
from storage.write.recorded_state import RecordedState, refuse_what_is_covered

#: So many ids of events fit into one line with room to spare.
_UNDONE_AT_ONCE: Final = 1_000
_NAME: Final = re.compile("[0-9a-f]{32}")
#: Besides writes of values, what can be covered by what claims to be later.
_REPLACING: Final = frozenset(("tag_added", "tag_removed", "item_hidden", "item_shown"))
#: What may come to count by others that come in, and at which of some places such waits.
_FOR_OTHERS: Final = (Quarantine.UNLINKED, Quarantine.FORKED)
_WAITING: Final = (
    "SELECT DISTINCT held.actor, held.seq FROM json_each(?) AS place CROSS JOIN quarantine AS held"
    " ON held.actor = json_extract(place.value, '$[0]')"
    " AND held.seq = json_extract(place.value, '$[1]')"
    " WHERE held.reason IN (?, ?) ORDER BY held.actor, held.seq"
)


class Transaction:
    """The events of one user action, as they are being written."""

    def __init__(
        self, connection: sqlite3.Connection, who: str, now: int, file: BoardFile | None = None
    ) -> None:
        self._connection = connection
        #: What the board holds, as the checks before a write need it.
        self.recorded = RecordedState(connection)
        self._who = who
        self._now = now
        self.progress: Progress | None = None
        self.arrived: list[Event] = []
        #: What was quarantined, and counts from now on.
        self.released: list[Event] = []
        self._folds_later = False
        self._released_to: Callable[[Sequence[Event]], object] | None = None
        self.actor, seen, doubted, *held_file = connection.execute(
            "SELECT actor, seen, doubted_since, machine, path, inode FROM store"
        ).fetchone()
        last = connection.execute(
            "SELECT seq, id, hlc FROM events WHERE actor = ? ORDER BY seq DESC, n DESC LIMIT 1",
            (self.actor,),
        ).fetchone()
        self._seq: int = last[0] if last else 0
        self._prev: str | None = last[1] if last else None
        self._clock = Clock(max(seen, last[2]) if last else seen, doubted)
        #: What the file says of the clock, with what was written here last.
        self._told = self._clock
        self._step = self._seq + 1
        #: Of the next event that is written or comes in.
        self.next_number = next_number(connection)
        self._is_healing = False
        if file is not None:
            self._note_file(file, BoardFile(*held_file))
        self._release_due()

    def _note_file(self, now: BoardFile, before: BoardFile) -> None:
        """Go on as another store if this file is a copy of the one that was written before."""
        if now == before:
            return
        if before.is_copied_to(now):
            self._become_another()
        self._connection.execute(
            "UPDATE store SET machine = ?, path = ?, inode = ?",
            (now.machine or before.machine, now.path, now.inode),
        )

    def _release_due(self) -> None:
        """Count the quarantined events whose time has come."""
        rows = self._connection.execute(
            "SELECT id FROM quarantine WHERE due <= ?", (self._now,)
        ).fetchall()
        if rows:
            self.reconsider([name for (name,) in rows])

    def reconsider(self, names: Sequence[str], *, accepted: bool = False) -> list[Event]:
        """Count those of some quarantined events that may count by now; these.

        Args:
            names: their ids.
            accepted: whether somebody takes them, whatever their clocks and chains say.
        """
        waiting = quarantined(
            self._connection, "id IN (SELECT value FROM json_each(?))", json.dumps(list(names))
        )
        gate = Gate(self._connection, self.actor, self._now)
        return self._weigh(gate, waiting, accepted=accepted)[0]

    def _weigh(
        self,
        gate: Gate,
        waiting: Iterable[tuple[Event, Quarantine, str | None]],
        *,
        accepted: bool = False,
    ) -> tuple[list[Event], bool]:
        """Count what may count by now of what waits; these, and whether any reason is another."""
        counted, is_changed = [], False
        for event, reason, relayed_by in waiting:
            now = gate.reason(event, relayed_by, accepted=accepted)
            is_changed = is_changed or now is not reason
            if now is None:
                is_restored = reason is Quarantine.IGNORED
                release(self._connection, [event.id], None if is_restored else self._now)
                counted.append(event)
            elif now is not reason:
                requarantine(self._connection, event, now)
        if self._released_to is None:
            self.released += counted
        else:
            self._released_to(counted)
        if not accepted:
            for event in counted:
                self._clock = self._clock.witness(event.envelope.hlc)
        if any(event.envelope.actor == self.actor for event in counted):
            self._become_another()
        return counted, is_changed

    def add(self, pitfall_id: str, body: Body) -> Event:
        """Append one event of this store."""
        return self._add(pitfall_id, body.kind, body.dump(), body)

    def _add(
        self, pitfall_id: str, kind: str, values: dict[str, Any], body: Body | None = None
    ) -> Event:
        self._clock = self._clock.tick(self._now)
        self._seq += 1
        envelope = Envelope(
            v=VERSION,
            actor=self.actor,
            seq=self._seq,
            prev=self._prev,
            step=self._step,
            hlc=self._clock.seen,
            at=self._now,
            who=self._who,
            pitfall=pitfall_id,
            kind=kind,
            body=values,
        )
        event = seal(envelope, body)
        if body is None:
            event = parse_stored(event.line)
        self._prev = event.id
        self._told = self._told._replace(seen=self._clock.seen)
        self._insert(event)
        if self.progress and not len(self.arrived) % TOGETHER:
            self.progress(len(self.arrived), 0)
        return event

    def rewrite(self, events: Sequence[Event], seen: int) -> None:
        """Undo some of this store's events, and write the same once more with the present time.

        Args:
            events: in the order in which they were written.
            seen: the reading that this store's clock goes on from.
        """
        self._clock = Clock(seen)
        self._note_clock()
        self._is_healing = True
        for pitfall in dict.fromkeys(event.pitfall for event in events):
            undone = [event.id for event in events if event.pitfall == pitfall]
            for start in range(0, len(undone), _UNDONE_AT_ONCE):
                part = tuple(undone[start : start + _UNDONE_AT_ONCE])
                self.add(pitfall, Undone(events=part))
        names: dict[str, str] = {}
        steps: dict[int, int] = {}
        for event in events:
            # What speaks of one of them speaks of the new one from now on.
            body = _NAME.sub(
                lambda found: names.get(found[0], found[0]), json.dumps(event.envelope.body)
            )
            self._step = steps.setdefault(event.envelope.step, self._seq + 1)
            new = self._add(event.pitfall, event.envelope.kind, json.loads(body))
            names[event.id] = new.id

    def keep_blob(self, data: bytes) -> None:
        """Store the bytes of an attachment; bytes that are stored already are left as they are.

        Raises:
            Refused: if there are none, or too many.
        """
        blobs.put(self._connection, data)

    def take(
        self,
        events: Iterable[Event],
        *,
        witnessed: bool = True,
        sources: Mapping[str, str] | None = None,
        authentic: Collection[str] = (),
    ) -> list[Arrival]:
        """Insert events that were written elsewhere; those that were new.

        What must not count here is quarantined: see :class:`storage.write.quarantine.Gate`.

        Args:
            events: parsed lines, in any order, repeated or not.
            witnessed: whether they move this store's clock. A catalogue's do
                not: its dates say nothing of the time here.
            sources, authentic: as for that class.
        """
        if not witnessed:
            added = [event for event in events if self._insert(event, arrived_at=self._now)]
            return [Arrival(event, None, None) for event in added]
        events = list(events)
        gate = Gate(self._connection, self.actor, self._now, sources, authentic)
        new = gate.admit(events)
        insert(self._connection, self.next_number, new, self._now)
        self.next_number += len(new)
        counted = [one.event for one in new if one.reason is None]
        self.arrived += counted
        if counted:
            self._clock = self._clock.witness(max(event.envelope.hlc for event in counted))
        if any(event.envelope.actor == self.actor for event in counted):
            self._become_another()
        if self._connection.execute("SELECT 1 FROM quarantine LIMIT 1").fetchone() is not None:
            # What came in its own store's journal counts for that, and may contradict its like.
            own = (event.envelope for event in events if gate.relayed_by(event) is None)
            sent = {(said.actor, said.seq) for said in own}
            linked = [one.event for one in new if one.reason is not Quarantine.UNLINKED]
            self._follow_up(sent | _next_places(linked) | {(actor, seq + 1) for actor, seq in sent})
        return new

    def follow_up(self, events: Iterable[Event]) -> None:
        """Count what waited for some events, which count by now, and what waited for that."""
        self._follow_up(_next_places(events))

    def _follow_up(self, places: Collection[tuple[str, int]]) -> None:
        """Look again at what waits at some places in the chains of stores, and behind them.

        Each place is looked at once, and the one behind it only if something changed there: what
        waits for other gaps is not even read.

        Args:
            places: actors and numbers.
        """
        due = self._connection.execute(
            _WAITING, (json.dumps(list(places)), *_FOR_OTHERS)
        ).fetchall()
        gate = Gate(self._connection, self.actor, self._now)
        # Sorted, it is a heap already.
        while due:
            actor, seq = heappop(due)
            waiting = quarantined(
                self._connection,
                "actor = ? AND seq = ? AND reason IN (?, ?)",
                *(actor, seq, *_FOR_OTHERS),
            )
            behind = actor, seq + 1
            if self._weigh(gate, waiting)[1] and (not due or due[0] != behind):
                heappush(due, behind)

    def _become_another(self) -> None:
        """Go on as a new actor: the file was copied or restored.

        The other copy may write as this actor, too; two steps with one number would be undone
        as one.
        """
        self.actor, self._seq, self._prev, self._step = os.urandom(16).hex(), 0, None, 1
        self._connection.execute("UPDATE store SET actor = ?", (self.actor,))
        self._note_clock()

    def _note_clock(self) -> None:
        """Write down the clock, which nothing that this store wrote tells."""
        self._connection.execute(
            "UPDATE store SET seen = ?, doubted_since = ?",
            (self._clock.seen, self._clock.doubted_since),
        )
        self._told = self._clock

    def _insert(self, event: Event, arrived_at: int | None = None) -> bool:
        """Insert an event, which arrived when it was written unless another time is given."""
        arrival = Arrival(event, None, None)
        is_new = bool(insert(self._connection, self.next_number, [arrival], arrived_at))
        self.next_number += is_new
        self.arrived += [event] if is_new else []
        return is_new

    @property
    def step(self) -> int:
        """The number of this user action among those of its store."""
        return self._step

    def entries(self) -> list[str]:
        """The ids of the entries that what arrived so far adds, changes, undoes or redoes."""
        found: dict[str, None] = {}
        events: list[Event] = list(self.arrived)
        while events:
            undone: dict[str, str] = {}
            for event in events:
                if isinstance(event.body, Undone):
                    undone |= dict.fromkeys(event.body.events, event.pitfall)
                elif event.body is not None and event.body.entry:
                    found[event.id] = None
                elif item := getattr(event.body, "item", ""):
                    found[str(item)] = None
            events = self._held(undone)
        return list(found)

    def lines(self) -> list[Line]:
        """What arrived so far as the history will tell it, pitfall by pitfall."""
        arrived = {event.id for event in self.arrived}
        events = [*self.arrived, *self._referred()]
        lines: list[Line] = []
        for pitfall in dict.fromkeys(event.pitfall for event in self.arrived):
            these = [event for event in events if event.pitfall == pitfall]
            history = timeline([*core_events(self._connection, pitfall), *these])
            lines += [line for line in history if line.event in arrived]
        return lines

    def _referred(self) -> list[Event]:
        """The events that those which arrived amend, hide or take back."""
        return self._held({name: one.pitfall for one in self.arrived for name in mentions(one)})

    def _held(self, names: Mapping[str, str]) -> list[Event]:
        """The events of some ids, each with the pitfall that it is recorded on."""
        rows = self._connection.execute(
            f"SELECT events.id, CAST(events.line AS BLOB) FROM {NAMED_EVENTS}", (json.dumps(names),)
        ).fetchall()
        return [held(name, line) for name, line in rows]

    def fold_later(self, released_to: Callable[[Sequence[Event]], object] | None = None) -> None:
        """Leave what arrives in this transaction to a rebuild, which has to follow.

        Args:
            released_to: gets what was quarantined and counts from now on, instead of
                ``released`` keeping it: that may be as much as a board holds.

        Until then the file says that its read tables are not current, so that whoever opens it
        next makes them anew, should this process be killed before it does.
        """
        self._connection.execute("UPDATE projection SET version = ''")
        self._folds_later = True
        self._released_to = released_to

    @property
    def is_changed(self) -> bool:
        """Whether anything counts that did not before."""
        return bool(self.arrived or self.released or self._folds_later)

    def project(self) -> frozenset[str]:
        """Fold what arrived into the tables that the board reads; the pitfalls touched."""
        if self._clock != self._told:
            self._note_clock()
        if self._folds_later:
            return frozenset()
        touched = project(self._connection, [*self.released, *self.arrived], self.progress)
        self._must_show()
        return touched

    def _must_show(self) -> None:
        """Refuse what would not be visible: something from the future stands over it.

        Raises:
            Refused: naming what that is.
        """
        own = [
            event
            for event in self.arrived
            if event.envelope.actor == self.actor
            and (isinstance(event.body, Write) or event.envelope.kind in _REPLACING)
        ]
        is_doubtful = claims_future(self._clock.seen, self._now) or (
            self._connection.execute("SELECT 1 FROM accepted LIMIT 1").fetchone() is not None
        )
        if not own or not is_doubtful or self._is_healing:
            return
        refuse_what_is_covered(self._connection, own)


def _next_places(events: Iterable[Event]) -> set[tuple[str, int]]:
    return {(event.envelope.actor, event.envelope.seq + 1) for event in events}
