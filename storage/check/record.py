"""Whether the events are as they were written, and what an examination finds."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from storage.db import blobs
from storage.db.connection import BROKEN
from storage.errors import N_, PitboardError, Unusable
from storage.events import Event, MalformedEvent, parse_stored
from storage.model.clock import claims_future
from storage.model.vocabulary import Quarantine
from storage.sharing.members import waiting, written_ahead
from storage.text.dates import iso

# What an examination finds, and what to do about it


#: Of the record something is lost or changed; of what was computed from it, something differs.
Severity = Literal["damage", "differs", "note"]

#: Of findings that say the same of different things, so many are named.
NAMED_AT_MOST: Final = 20

RESTORE: Final = N_(
    "Keep the file; “pitboard recover” builds a new one from it, backups and journals."
)
REBUILD: Final = N_("Run “pitboard doctor --rebuild”; the events themselves are not touched.")
ASK: Final = N_("Import the events of the board that they came from once more.")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and what to do; sentences are templates."""

    severity: Severity
    message: str
    advice: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip().format(**self.values)


class Findings:
    """The findings so far; of those that say the same, only the first are named."""

    def __init__(self) -> None:
        self._all: list[Finding] = []
        self._times: Counter[str] = Counter()

    def damage(self, message: str, advice: str = RESTORE, **values: object) -> None:
        """Something of the record itself is lost or changed."""
        self._add(Finding("damage", message, advice, values))

    def differs(self, message: str, **values: object) -> None:
        """Something that was computed from the events is not what they come to."""
        self._add(Finding("differs", message, REBUILD, values))

    def note(self, message: str, advice: str = "", **values: object) -> None:
        """Something that is as it may be, but worth knowing."""
        self._add(Finding("note", message, advice, values))

    def _add(self, finding: Finding) -> None:
        if finding in self._all:
            return
        self._times[finding.message] += 1
        if self._times[finding.message] <= NAMED_AT_MOST:
            self._all.append(finding)

    def all(self) -> tuple[Finding, ...]:
        """What was found, in the order in which it was."""
        beyond = sum(max(0, times - NAMED_AT_MOST) for times in self._times.values())
        more = [Finding("note", N_("And {count} more of the same."), values={"count": beyond})]
        return (*self._all, *(more if beyond else ()))

    @contextmanager
    def going_on(self, advice: str = RESTORE) -> Iterator[None]:
        """What SQLite can't read is a finding, and the rest is looked at all the same."""
        try:
            yield
        except (*BROKEN, PitboardError) as error:
            cause = error if isinstance(error, BROKEN) else error.__cause__
            name = getattr(cause, "sqlite_errorname", "SQLITE_ERROR")
            if not isinstance(cause, BROKEN) or name.startswith("SQLITE_CANTOPEN"):
                raise
            if name == "SQLITE_NOTADB" and isinstance(error, PitboardError):
                # It says that this may be no board at all.
                self.damage(error.message, error.advice, **error.values)
                return
            self.damage(
                N_("The file can't be read any further here: {why}."), advice, why=str(cause)
            )


# Whether the events are as they were written


_PAGE: Final = 500

#: Of the columns between an event's id and its line.
_PITFALL: Final = 6

_COLUMNS: Final = "n, id, actor, seq, step, hlc, at, who, pitfall, kind, CAST(line AS BLOB) AS line"
#: With what is quarantined: it belongs to its store's chain as well. Both come in the order of an
#: index; from a query around them, SQLite sorts all that is left for each page.
EVENTS_BY_STORE: Final = f"""
SELECT {_COLUMNS}, '' AS reason FROM events WHERE (actor, seq, n) > (?1, ?2, ?3)
UNION ALL SELECT {_COLUMNS}, reason FROM quarantine WHERE (actor, seq, n) > (?1, ?2, ?3)
ORDER BY actor, seq, n LIMIT ?4
"""


class Recorded:
    """The examination of the events.

    ``seen`` counts those looked at; ``damaged`` holds the pitfalls of those that can't be read.

    Args:
        connection: in a snapshot.
        findings: takes what is found.
    """

    def __init__(self, connection: sqlite3.Connection, findings: Findings) -> None:
        self._connection = connection
        self._findings = findings
        self._newer = 0
        self._quarantined: dict[tuple[str, str, Quarantine], list[Event]] = {}
        self.seen = 0
        self.damaged: set[str] = set()

    def look_over(self, now: int, progress: Callable[[int], None]) -> None:
        """Look at every event, store by store, in the order in which it was written."""
        own = self._connection.execute(
            "SELECT actor, max(seen, ifnull((SELECT hlc FROM events WHERE actor = store.actor"
            " ORDER BY seq DESC, n DESC LIMIT 1), 0)) FROM store"
        ).fetchall()
        if len(own) != 1:
            self._findings.damage(N_("The file does not say which store it is."))
        elif claims_future(own[0][1], now):
            self._findings.note(
                N_("This board's clock says {until}, more than a day ahead of this machine's."),
                N_(
                    "What is written here waits on other boards. If this machine's clock is right,"
                    " run “pitboard doctor --reset-clock”."
                ),
                until=iso(own[0][1] >> 16),
            )
        elif (ahead := written_ahead(self._connection, now)) is not None:
            self._findings.note(ahead.message, ahead.advice, **ahead.values)
        chain = Chain(self._findings, own[0][0] if own else "")
        last: tuple[object, ...] = ("", 0, 0)
        while True:
            rows = self._connection.execute(EVENTS_BY_STORE, (*last, _PAGE)).fetchall()
            self.seen += len(rows)
            for row in rows:
                *row, reason = row
                event = self._event(row)
                if event is None:
                    continue
                if reason != Quarantine.NOT_OURS:
                    chain.follow(event)
                if reason:
                    whose = (event.envelope.actor, event.envelope.who, Quarantine(reason))
                    self._quarantined.setdefault(whose, []).append(event)
                else:
                    self._newer += event.holds_more
                    if event.envelope.actor != chain.own:
                        self._look_at_clock(event, now)
            progress(self.seen)
            if len(rows) < _PAGE:
                break
            n, _, actor, seq, *_ = rows[-1]
            last = (actor, seq, n)
        for (_, who, why), events in self._quarantined.items():
            said = waiting(why, who, events)
            self._findings.note(said.message, said.advice, **said.values)
        if self._newer:
            self._findings.note(
                N_("Changes that hold more than this version shows: {count}."),
                N_("Nothing of them is lost; a newer Pitboard shows it."),
                count=self._newer,
            )

    def _event(self, row: Any) -> Event | None:
        """The event that a row holds, if it holds one as it was written."""
        n, name, *columns, line = row
        event = self._parsed(n, name, line)
        if event is None:
            if isinstance(columns[_PITFALL], str):
                self.damaged.add(columns[_PITFALL])
            return None
        written = event.envelope
        expected = [
            written.actor,
            written.seq,
            written.step,
            written.hlc,
            written.at,
            written.who,
            written.pitfall,
        ]
        if columns != [*expected, written.kind]:
            self._findings.damage(
                N_("The columns of event {event} do not say what it says."), event=name
            )
            return None
        return event

    def _parsed(self, n: int, name: object, line: object) -> Event | None:
        if not isinstance(line, bytes):
            self._findings.damage(N_("Row {n} of the events holds no text."), n=n)
            return None
        try:
            event = parse_stored(line)
        except MalformedEvent as why:
            self._findings.damage(N_("Row {n} of the events holds none: {why}"), n=n, why=str(why))
            return None
        if event.id != name:
            self._findings.damage(N_("Event {event} was changed after it was written."), event=name)
            return None
        return event

    def _look_at_clock(self, event: Event, now: int) -> None:
        if claims_future(event.envelope.hlc, now):
            self._findings.note(
                N_("Event {event}, written by {who}, claims to be from the future."),
                N_(
                    "It counts as later than others until that time has come:"
                    " “pitboard doctor --reset-clock” quarantines it."
                ),
                event=event.id,
                who=event.envelope.who,
            )


# Whether each store's events are all there, in the order in which it wrote them


class Chain:
    """One actor's events as they go by in their order: numbered from 1, each naming the last.

    ``own`` is this store's name.
    """

    def __init__(self, findings: Findings, own: str) -> None:
        self._findings = findings
        self.own = own
        self._actor = ""
        self._seq = 0
        self._here: set[str | None] = {None}
        self._before: set[str | None] | None = None
        self._forked = False

    def follow(self, event: Event) -> None:
        """Take the next event; they come ordered by store and number."""
        said = event.envelope
        if said.actor != self._actor:
            self._actor, self._seq, self._here, self._forked = said.actor, 0, {None}, False
        if said.seq == self._seq:
            self._note_fork(event)
            self._here.add(event.id)
        else:
            missing = said.seq - self._seq - 1
            self._before = None if missing else self._here
            self._here, self._seq = {event.id}, said.seq
            if missing:
                self._broken(
                    N_("{count} events of the store {actor} before number {seq} are missing."),
                    count=missing,
                    seq=said.seq,
                )
        if self._before is not None and said.prev not in self._before:
            self._broken(
                N_("Event {event} of the store {actor} does not follow the one before it."),
                event=event.id,
            )

    def _note_fork(self, event: Event) -> None:
        if not self._forked:
            self._forked = True
            self._findings.note(
                N_("Several events have number {seq} of the store {actor}: its chain is forked."),
                N_(
                    "A copy of its board file wrote on, or somebody else wrote under its name;"
                    " ask {who}. Nothing is lost."
                ),
                who=event.envelope.who,
                actor=self._actor[:8],
                seq=self._seq,
            )

    def _broken(self, message: str, **values: object) -> None:
        values["actor"] = self._actor[:8]
        if self._actor == self.own:
            self._findings.damage(message, RESTORE, **values)
        else:
            self._findings.note(message, ASK, **values)


# Whether the bytes of attachments are what their digests say, and all of them here


_NEXT: Final = "SELECT digest FROM contents WHERE digest > ? ORDER BY digest LIMIT 1"
_NOT_HERE: Final = f"""
SELECT DISTINCT label, recorded_on FROM attachments
WHERE digest NOT IN (SELECT digest FROM contents) ORDER BY at LIMIT {NAMED_AT_MOST + 1}
"""

_AGAIN: Final = N_(
    "Attach the same file once more; somebody who shares this board may have all of it."
)

_ORPHANS: Final = """
SELECT count(*), ifnull(sum(size), 0) FROM contents WHERE digest NOT IN (
  SELECT json_extract(line, '$.body.digest') FROM events
  WHERE kind = 'attachment_added' AND json_valid(line)
  UNION SELECT json_extract(line, '$.body.digest') FROM quarantine
  WHERE kind = 'attachment_added' AND json_valid(line))
"""


def look_at_contents(connection: sqlite3.Connection, findings: Findings) -> None:
    """Read every attachment's bytes, one after the other, and ask which are not here.

    Args:
        connection: in a snapshot.
        findings: takes what is found.
    """
    with findings.going_on():
        last = ""
        while row := connection.execute(_NEXT, (last,)).fetchone():
            (last,) = row
            try:
                blobs.get(connection, last)
            except Unusable as damaged:
                findings.damage(damaged.message, _AGAIN, **damaged.values)
    with findings.going_on():
        for label, pitfall in connection.execute(_NOT_HERE).fetchall():
            findings.note(
                N_("The bytes of “{label}”, attached to pitfall {pitfall}, are not here yet."),
                N_("“pitboard sync” fetches them once the person who attached it has sent them."),
                label=label,
                pitfall=pitfall,
            )
    with findings.going_on():
        [(count, size)] = connection.execute(_ORPHANS).fetchall()
        if count:
            findings.note(
                N_("{count} attachments, {size} bytes, belong to no event."),
                N_("They do no harm; a board that “pitboard recover” builds is without them."),
                count=count,
                size=size,
            )
