"""Quarantine: events that are kept here and not folded, and for what reason.

Whoever may push to the shared remote can write anything under any name; docs/trust.md is the
model. What must not count, or not yet, lies in the table ``quarantine``, whose rows are those of
``events`` with a reason: whatever folds or reads events never meets them.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from storage.db.reader import NAMED_EVENTS
from storage.errors import N_
from storage.events import Envelope, Event, held
from storage.model.clock import DAY_MS, wall_of
from storage.model.fields import NamedTuple
from storage.model.vocabulary import Quarantine

_COLUMNS: Final = (
    "n, id, actor, seq, step, hlc, at, who, pitfall, kind, line, arrived_at, relayed_by"
)
_VALUES: Final = ", ".join("?" * len(_COLUMNS.split(", ")))
_INSERT: Final = f"INSERT OR IGNORE INTO events ({_COLUMNS}) VALUES ({_VALUES})"
_HOLD: Final = (
    f"INSERT OR IGNORE INTO quarantine ({_COLUMNS}, reason, due) VALUES ({_VALUES}, ?, ?)"
)

#: What each reason comes to in a sentence, and what can be done.
WORDS: Final[Mapping[Quarantine, tuple[str, str]]] = {
    Quarantine.FUTURE: (
        N_("Events of {who} (store {actor}) claim to be of {until} and are quarantined: {count}."),
        N_("They count once that time has come. “pitboard members accept {actor}” takes them now."),
    ),
    Quarantine.NOT_OURS: (
        N_("Events claim to be of this store, which did not write them, and wait: {count}."),
        N_(
            "Somebody forged them, or another copy of this board file wrote them. If it was you:"
            " “pitboard members accept {actor}”."
        ),
    ),
    Quarantine.UNLINKED: (
        N_("Events that claim to be of {who} (store {actor}) do not follow its others: {count}."),
        N_("They count once that store sends what is missing. Ask {who}; or accept them."),
    ),
    Quarantine.FORKED: (
        N_("Events that claim to be of {who} (store {actor}) contradict what it sent: {count}."),
        N_("Somebody else may have written them: ask {who}."),
    ),
    Quarantine.IGNORED: (
        N_("Events of {who} (store {actor}) that are ignored here: {count}."),
        N_("“pitboard members trust {actor}” counts them again."),
    ),
}


def is_ahead(said: Envelope, now: int) -> bool:
    """Whether an event's clock is more than a day ahead of the wall clock ``now`` (ms)."""
    return due_at(said) > now


def due_at(said: Envelope) -> int:
    """From when on (ms) an event's clock is no more than a day ahead."""
    return wall_of(said.hlc, said.at) - DAY_MS


class Arrival(NamedTuple):
    """An event that came in: why it is quarantined (None if it counts), and who passed it on."""

    event: Event
    reason: Quarantine | None
    relayed_by: str | None


class Gate:
    """Decides which events that come in count here.

    Args:
        connection: inside a write transaction.
        own: this store's actor.
        now: the wall clock (ms).
        sources: whose journal each event came in, by event id; None if a file brought them, which
            is what its reader vouches for.
        authentic: ids of events of this store's own that it did write, though it holds them no
            more.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        own: str,
        now: int,
        sources: Mapping[str, str] | None = None,
        authentic: Collection[str] = (),
    ) -> None:
        self._connection = connection
        self._own = own
        self._now = now
        self._sources = sources
        self._authentic = authentic
        self._decided: dict[str, tuple[Envelope, Quarantine | None]] = {}
        rows = connection.execute("SELECT actor, since, first FROM ignored").fetchall()
        self._ignored: dict[str, tuple[int, int]] = {actor: (s, f) for actor, s, f in rows}

    def admit(self, events: Iterable[Event]) -> list[Arrival]:
        """What to do with each event that is new here, in the order of the events."""
        new = {event.id: event for event in events}
        for name in self._known(new):
            del new[name]
        found = {}
        for event in sorted(new.values(), key=lambda one: (one.envelope.seq, one.id)):
            relayed_by = self.relayed_by(event)
            reason = self.reason(event, relayed_by)
            self._decided[event.id] = event.envelope, reason
            found[event.id] = Arrival(event, reason, relayed_by)
        return [found[name] for name in new]

    def reason(
        self, event: Event, relayed_by: str | None, *, accepted: bool = False
    ) -> Quarantine | None:
        """Why an event must not count; None if it may.

        Args:
            event: the event.
            relayed_by: whose journal it came in, if not in its own store's.
            accepted: whether somebody takes it whatever its clock and its chain say.
        """
        said = event.envelope
        if self._is_ignored(said):
            return Quarantine.IGNORED
        if said.actor == self._own and event.id not in self._authentic and not accepted:
            return Quarantine.NOT_OURS
        if is_ahead(said, self._now) and not accepted:
            return Quarantine.FUTURE
        if relayed_by is None or accepted:
            return None
        if self._is_forked(event):
            return Quarantine.FORKED
        # Who imports a file has it from somebody, and need not have all of it.
        return None if relayed_by == self._own else self._broken_link(said)

    def _known(self, events: Mapping[str, Event]) -> list[str]:
        """Which of them are here; those that came in their own store's journal are noted so."""
        names = named(events.values())
        known: list[str] = []
        for table, which in (
            ("events", f"SELECT events.n, events.id FROM {NAMED_EVENTS}"),
            (
                "quarantine",
                "SELECT held.n, held.id FROM json_each(?1) AS named"
                " CROSS JOIN quarantine AS held ON held.id = named.key",
            ),
        ):
            found = self._connection.execute(which, (names,)).fetchall()
            self._connection.executemany(
                f"UPDATE {table} SET relayed_by = NULL WHERE n = ? AND relayed_by NOT NULL",
                [(n,) for n, name in found if self.relayed_by(events[name]) is None],
            )
            known += [name for _, name in found]
        return known

    def relayed_by(self, event: Event) -> str | None:
        """In whose journal an event comes in, if not in its own store's."""
        if self._sources is None:
            return self._own
        source = self._sources.get(event.id, self._own)
        return None if source == event.envelope.actor else source

    def _is_ignored(self, said: Envelope) -> bool:
        if said.actor not in self._ignored:
            return False
        since, first = self._ignored[said.actor]
        return said.seq >= first or wall_of(said.hlc, said.at) >= since

    def _is_forked(self, event: Event) -> bool:
        """Whether its own store sent another event of its number, or it follows such a one."""
        said = event.envelope
        for table in ("events", "quarantine"):
            other = self._connection.execute(
                f"SELECT 1 FROM {table} WHERE actor = ? AND seq = ? AND id <> ?"
                " AND relayed_by IS NULL",
                (said.actor, said.seq, event.id),
            ).fetchone()
            if other is not None:
                return True
        before = self._before(said)
        return before is not None and before[2] is Quarantine.FORKED

    def _broken_link(self, said: Envelope) -> Quarantine | None:
        if said.prev is None:
            return None if said.seq == 1 else Quarantine.UNLINKED
        before = self._before(said)
        if before is None or before[:2] != (said.actor, said.seq - 1):
            return Quarantine.UNLINKED
        return Quarantine.UNLINKED if before[2] is Quarantine.UNLINKED else None

    def _before(self, said: Envelope) -> tuple[str, int, Quarantine | None] | None:
        """The actor, the number and the reason of the event that one follows, if it is here."""
        if said.prev is None:
            return None
        if said.prev in self._decided:
            before, reason = self._decided[said.prev]
            return before.actor, before.seq, reason
        row = self._connection.execute(
            "SELECT actor, seq, NULL FROM events WHERE actor = ?2 AND seq = ?3 AND id = ?1"
            " UNION ALL SELECT actor, seq, reason FROM quarantine WHERE id = ?1",
            (said.prev, said.actor, said.seq - 1),
        ).fetchone()
        return None if row is None else (row[0], row[1], Quarantine(row[2]) if row[2] else None)


# The rows


def named(events: Iterable[Event]) -> str:
    """Some events as ``NAMED_EVENTS`` takes them."""
    return json.dumps({event.id: event.pitfall for event in events})


def next_number(connection: sqlite3.Connection) -> int:
    """The number that the next event gets; both tables share one series."""
    (last,) = connection.execute(
        "SELECT max(ifnull((SELECT max(n) FROM events), 0),"
        " ifnull((SELECT max(n) FROM quarantine), 0))"
    ).fetchone()
    return int(last) + 1


def insert(
    connection: sqlite3.Connection, number: int, arrivals: Iterable[Arrival], arrived_at: int | None
) -> int:
    """Insert events where they belong; how many of them were not there.

    Args:
        connection: inside a write transaction.
        number: of the first row.
        arrivals: the events.
        arrived_at: when they arrived (ms); None if they were written here.
    """
    rows: dict[str, list[tuple[object, ...]]] = {_INSERT: [], _HOLD: []}
    for n, (event, reason, relayed_by) in enumerate(arrivals, number):
        said = event.envelope
        row = (
            *(n, event.id, said.actor, said.seq, said.step, said.hlc, said.at, said.who),
            *(said.pitfall, said.kind, event.line.decode(), arrived_at, relayed_by),
        )
        if reason is None:
            rows[_INSERT].append(row)
        else:
            due = due_at(said) if reason is Quarantine.FUTURE else None
            rows[_HOLD].append((*row, reason, due))
    return sum(connection.executemany(sql, those).rowcount for sql, those in rows.items() if those)


def quarantined(
    connection: sqlite3.Connection, condition: str, *values: object
) -> list[tuple[Event, Quarantine, str | None]]:
    """The quarantined events of a condition on the table's columns, each store's in its order."""
    rows = connection.execute(
        "SELECT id, CAST(line AS BLOB), reason, relayed_by FROM quarantine"
        f" WHERE {condition} ORDER BY actor, seq",
        values,
    ).fetchall()
    return [
        (held(name, line), Quarantine(reason), relayed_by)
        for name, line, reason, relayed_by in rows
    ]


def release(connection: sqlite3.Connection, names: Iterable[str], arrived_at: int | None) -> None:
    """Move quarantined events to those that count, under their old numbers.

    Args:
        connection: inside a write transaction.
        names: their ids.
        arrived_at: since when this board knows of them (ms); None leaves that as it is.
    """
    columns = _COLUMNS.replace("arrived_at", "ifnull(?1, arrived_at)")
    for name in names:
        connection.execute(
            f"INSERT INTO events ({_COLUMNS}) SELECT {columns} FROM quarantine WHERE id = ?2",
            (arrived_at, name),
        )
        connection.execute("DELETE FROM quarantine WHERE id = ?", (name,))


def requarantine(connection: sqlite3.Connection, event: Event, reason: Quarantine) -> None:
    """Keep a quarantined event for another reason than before."""
    due = due_at(event.envelope) if reason is Quarantine.FUTURE else None
    connection.execute(
        "UPDATE quarantine SET reason = ?, due = ? WHERE id = ?", (reason, due, event.id)
    )


def withhold(
    connection: sqlite3.Connection, condition: str, values: Sequence[object], reason: Quarantine
) -> list[Event]:
    """Move events that count into quarantine; they still stand in the read tables.

    Args:
        connection: inside a write transaction.
        condition: on the columns of ``events``, with its values.
        values: of that condition.
        reason: why.

    Returns: the events, which :func:`storage.projection.update.withdraw` takes off the board.
    """
    rows = connection.execute(
        f"SELECT n, id, CAST(line AS BLOB) FROM events WHERE {condition}", tuple(values)
    ).fetchall()
    events = {n: held(name, line) for n, name, line in rows}
    for n, event in events.items():
        connection.execute(
            f"INSERT INTO quarantine ({_COLUMNS}, reason, due)"
            f" SELECT {_COLUMNS}, ?, ? FROM events WHERE n = ?",
            (reason, due_at(event.envelope) if reason is Quarantine.FUTURE else None, n),
        )
        connection.execute("DELETE FROM events WHERE n = ?", (n,))
    return list(events.values())


# Which file it is: by that a store knows that it was copied


class BoardFile(NamedTuple):
    """Where a store's file is: machine, path and file identity, as far as they are known."""

    machine: str | None
    path: str | None
    inode: int | None

    def is_copied_to(self, now: BoardFile) -> bool:
        """Whether ``now`` is another file than this one, rather than this one moved."""
        if self.inode is None or now.inode is None:
            return False
        if self.machine and now.machine and self.machine != now.machine:
            return True
        if self.inode != now.inode:
            return True
        # It was moved, or has several names, unless the first one is still there on another disk.
        return self.path != now.path and self._is_still_there(now)

    def _is_still_there(self, now: BoardFile) -> bool:
        if self.path is None or now.path is None:
            return False
        with suppress(OSError):
            first, second = Path(self.path).stat(), Path(now.path).stat()
            return first.st_ino == self.inode and first.st_dev != second.st_dev
        return False


def board_file(path: Path) -> BoardFile:
    """Which file a board is in now."""
    try:
        found = path.stat()
    except OSError:
        return BoardFile(None, None, None)
    # SQLite holds UTF-8; Windows and some file systems number files beyond what it holds.
    where = bytes(path.absolute()).decode("utf-8", "replace")
    return BoardFile(_machine(), where, found.st_ino & _LARGEST_NUMBER)


_LARGEST_NUMBER: Final = (1 << 63) - 1


@cache
def _machine() -> str:
    """A name of this machine that tells nobody which one it is; empty if it has none.

    macOS keeps none in a file. Its file systems never give a file's number again, so that there
    the number alone tells a copy.
    """
    if name := _name_in_registry():
        return hashlib.sha256(f"pitboard {name}".encode()).hexdigest()[:16]
    for place in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        with suppress(OSError):
            if name := Path(place).read_text("ascii", "replace").strip():
                return hashlib.sha256(f"pitboard {name}".encode()).hexdigest()[:16]
    return ""


def _name_in_registry() -> str:
    """What Windows calls this machine; empty elsewhere."""
    if sys.platform == "win32":
        # There alone is such a module.
        import winreg

        with (
            suppress(OSError),
            winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key,
        ):
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])
    return ""
