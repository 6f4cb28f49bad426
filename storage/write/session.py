"""The write session: a transaction that appends events and updates the projection.

Validate → writer's lock → ``BEGIN IMMEDIATE`` → insert the events → fold those
pitfalls → commit → signal.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from storage.db.backup import checkpoint
from storage.db.board_files import (
    PRIVATE,
    FileIdentity,
    begin_generation,
    beside,
    file_gone,
    hard_linked,
    has_log,
    identity,
    log_of,
    log_salts,
    mode_of,
    written_state,
)
from storage.db.connection import connect_for_writing, explain, explained, for_a_rebuild, roll_back
from storage.db.reader import is_event, time_zone_of
from storage.errors import N_, Busy, PitboardError, ReadOnly, Unusable
from storage.events import Body, Event
from storage.model.fields import LONGEST_WHO, NamedTuple
from storage.model.records import Line
from storage.projection.search_index import merge
from storage.projection.update import Progress, rebuild
from storage.text.dates import now_ms
from storage.text.zones import in_zone
from storage.write.board_file import WritersLock
from storage.write.quarantine import board_file
from storage.write.transaction import Transaction

#: For so many seconds nobody may have written, while somebody holds the lock, before a writer gives
#: up; and so many it waits in all, while others go on writing.
_LOCK_SECONDS: Final = 10
_QUEUE_SECONDS: Final = 60
#: How often a writer looks whether the lock is free, in seconds: at first, and at most later on.
_FIRST_LOOKS: Final = 0.05
_LAST_LOOKS: Final = 0.002
#: The WAL is written back into the file when it has grown beyond this many bytes.
_CHECKPOINT_BYTES: Final = 4 * 1024 * 1024

#: So many parts of a full-text index may wait to be merged; about so many pages are then written.
_WAITING_PARTS: Final = 16
_MERGED_PAGES: Final = 500

#: After so many of its virtual machine's steps SQLite lets somebody be told that it goes on.
_STEPS_OF_SQLITE: Final = 100_000

Changed = Callable[[frozenset[str]], None]


def each(ids: str | Sequence[str]) -> list[str]:
    """The given ids as a list without repetitions; a single string is one id."""
    return [ids] if isinstance(ids, str) else list(dict.fromkeys(ids))


class WrittenStep(NamedTuple):
    """What one user action wrote: its store, its number there, entries and history lines."""

    actor: str
    step: int
    entries: tuple[str, ...]
    lines: tuple[Line, ...]


class _Rehearsed(Exception):
    """Ends a rehearsed command before its commit."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines


class WriteSession:
    """Serialised, atomic writes to one board file.

    Attributes:
        path: the database file.
        who: the name that the events written here carry, cut to what one may hold.
        now: the wall clock, in milliseconds.
        mode: the permissions of the file, if it is made.
        read_only: why this file can't be written; None if it can be.
        has_written: whether anything was committed.
        keeps_steps: whether what :meth:`writing` commits is kept in ``steps``, which takes
            about as long as to fold it.
        log_set_aside: where a write-ahead log that belonged to no file is kept now.
        has_started: whether it made the board, which of several at once only one does.
        progress: told how far a large step is: the changes that were written so far and 0, then the
            pitfalls of it that were computed and how many they are; twice 0 at its end.
    """

    def __init__(
        self, path: Path, who: str, now: Callable[[], int] = now_ms, mode: int = PRIVATE
    ) -> None:
        self.path = path
        # Names come from files and systems; a lone surrogate could not be written.
        self.who = who.encode(errors="replace").decode()[:LONGEST_WHO]
        self.now = now
        self.read_only: ReadOnly | None = None
        self.has_written = False
        self.keeps_steps = False
        self.steps: list[WrittenStep] = []
        self.log_set_aside: Path | None = None
        self.has_started = False
        self.progress: Progress | None = None
        self._connection: sqlite3.Connection | None = None
        self._thread_guard = threading.RLock()
        self._file: FileIdentity | None = None
        self.mode = mode_of(path) or mode
        self._lock = WritersLock(beside(path, ".lock"), self.mode)
        self._listeners: list[Changed] = []
        self._rehearsing = False

    def subscribe(self, changed: Changed) -> None:
        """Call ``changed`` with the ids of the pitfalls that each write of this session changed."""
        self._listeners.append(changed)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the writer's lock.

        Raises:
            Busy: if another process holds it for ten seconds and writes nothing, or others have
                written for a minute, one after another.
        """
        if self.read_only is not None:
            raise self.read_only
        with self._thread_guard:
            try:
                self._wait_for_lock()
            except OSError as error:
                raise ReadOnly(
                    N_("{path} can't be written: {why}."),
                    N_("Check the permissions and the free space of its directory."),
                    path=self.path,
                    why=error.strerror,
                ) from error
            try:
                self._must_be_the_same_file()
                yield
            finally:
                self._lock.release()

    def _wait_for_lock(self) -> None:
        """Take the writer's lock once it is free.

        The system gives it to whoever looks at the right moment, and a process that writes one
        event after another leaves only short ones. So whoever has waited longer looks more often,
        and nobody gives up because others are quicker: only if nothing goes on.
        """
        began = changed = time.monotonic()
        state, look = written_state(self.path), _FIRST_LOOKS
        while True:
            try:
                self._lock.acquire(_LOCK_SECONDS / 20, look)
            except TimeoutError as error:
                now, look = time.monotonic(), max(look / 2, _LAST_LOOKS)
                before, state = state, written_state(self.path)
                if state != before:
                    changed = now
                if now - changed >= _LOCK_SECONDS or now - began >= _QUEUE_SECONDS:
                    raise Busy(
                        N_("Another process has been writing to {path} for {seconds} seconds."),
                        N_("Nothing of this was saved; try again in a moment."),
                        path=self.path,
                        seconds=int(now - began),
                    ) from error
            else:
                return

    def _must_be_the_same_file(self) -> None:
        """Go on only if what lies at the path is what this session opened, under one name.

        SQLite would go on with a file that was deleted, and what it writes would be gone.

        Raises:
            Unusable: if the file was deleted, renamed or replaced.
            ReadOnly: if it has got another name.
        """
        if self._connection is not None and identity(self.path) != self._file:
            self.close()
            raise file_gone(self.path)
        if linked := hard_linked(self.path):
            raise linked

    @property
    def connection(self) -> sqlite3.Connection:
        """The writing connection, opened when it is first needed. Hold the lock."""
        if self._connection is None:
            self._connection = connect_for_writing(self.path)
            self._file = identity(self.path)
        return self._connection

    @contextmanager
    def writing(self, going_on: Callable[[], None] | None = None) -> Iterator[Transaction]:
        """One user action: everything added inside is written together or not at all.

        Args:
            going_on: called now and then while SQLite works, if that may take seconds.

        Raises:
            NotSaved, Busy, ReadOnly: nothing of it is in the record.
        """
        touched: frozenset[str] = frozenset()
        step: WrittenStep | None = None
        with self.locked(), explained(self.path):
            connection = self.connection
            is_first_in_log, log = not has_log(self.path), log_salts(self.path)
            connection.execute("BEGIN IMMEDIATE")
            if going_on is not None:
                # A handler that returned something else than None or 0 would stop the statement.
                connection.set_progress_handler(going_on, _STEPS_OF_SQLITE)
            try:
                transaction = Transaction(connection, self.who, self.now(), board_file(self.path))
                transaction.progress = self.progress
                with in_zone(time_zone_of(connection)):
                    yield transaction
                if self._rehearsing:
                    raise _Rehearsed(transaction.lines())
                if self.keeps_steps and transaction.arrived:
                    step = WrittenStep(
                        transaction.actor,
                        transaction.step,
                        tuple(transaction.entries()),
                        tuple(transaction.lines()),
                    )
                if transaction.is_changed:
                    touched = transaction.project()
                    if is_first_in_log:
                        begin_generation(connection)
            except BaseException:
                roll_back(connection)
                raise
            finally:
                if self.progress is not None:
                    self.progress(0, 0)
                if going_on is not None:
                    connection.set_progress_handler(None, 0)
            self._commit(connection, transaction.arrived)
            if not is_first_in_log and log_salts(self.path) != log:
                self._name_log()
            self._checkpoint_if_large(connection)
        if step is not None:
            self.steps.append(step)
        self.signal(touched)

    def add(self, pitfalls: str | Sequence[str], body: Body) -> str:
        """Append the same event to a pitfall or several; the first event's id.

        Nothing is folded: only for events that don't depend on the present state.

        Raises:
            NotFound: if one of the pitfalls is not on the board.
        """
        with self.writing() as transaction:
            for pitfall in each(pitfalls):
                transaction.recorded.must_hold(pitfall)
                transaction.add(pitfall, body)
            added = transaction.arrived
        return added[0].id if added else ""

    def rebuild(self, progress: Callable[[int], object] = lambda done: None) -> int:
        """Make the read tables anew from the events; how many events there are.

        Args:
            progress: told the number of events done so far; may raise to stop.
        """
        with self.locked(), for_a_rebuild(self.connection), self.writing():
            done = rebuild(self.connection, progress)
            rows = []
            if self._listeners:
                rows = self.connection.execute("SELECT DISTINCT pitfall FROM events").fetchall()
        self.signal(frozenset(name for (name,) in rows))
        return done

    def rehearse(self, command: Callable[[], object]) -> list[Line]:
        """The history lines that a command would write; nothing is written.

        Args:
            command: calls one writing method of a store with this session.

        Raises:
            Refused, NotFound, Busy, ReadOnly: as the command itself would.
        """
        with self._thread_guard:
            self._rehearsing = True
            try:
                command()
            except _Rehearsed as rehearsed:
                return rehearsed.lines
            finally:
                self._rehearsing = False
        return []

    def signal(self, touched: frozenset[str]) -> None:
        """Tell the subscribers which pitfalls changed; nothing if none did."""
        if touched:
            for listener in self._listeners:
                listener(touched)

    def _commit(self, connection: sqlite3.Connection, arrived: list[Event]) -> None:
        """Commit for certain: a failed COMMIT alone leaves open whether it was done."""
        try:
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            roll_back(connection)
            self._disconnect()
            try:
                saved = bool(arrived) and self._holds(arrived[-1])
            except PitboardError:
                raise Unusable(
                    N_("The disk failed while this was being saved, and can't be asked whether."),
                    N_("Look at the board before you do it again."),
                ) from error
            if not saved:
                raise explain(error, self.path) from error
        except KeyboardInterrupt:
            self.has_written |= not connection.in_transaction
            raise
        self.has_written = True

    def _name_log(self) -> None:
        """Give the log a name that SQLite began anew, which it does once all of it is in the file.

        That can't be known before. What was written has been acknowledged, so a disk that fails
        here is said by what writes next.
        """
        with suppress(sqlite3.Error):
            connection = self.connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                begin_generation(connection)
                connection.execute("COMMIT")
            except BaseException:
                roll_back(connection)
                raise

    def _holds(self, event: Event) -> bool:
        """Whether the file holds an event, asked on a fresh connection."""
        with explained(self.path):
            found = self.connection.execute(
                f"SELECT 1 FROM events WHERE {is_event('?1', '?2')}", (event.pitfall, event.id)
            )
            return found.fetchone() is not None

    def _checkpoint_if_large(self, connection: sqlite3.Connection) -> None:
        with suppress(FileNotFoundError):
            if log_of(self.path).stat().st_size > _CHECKPOINT_BYTES:
                _merge(connection, _WAITING_PARTS)
                checkpoint(connection)

    def close(self) -> None:
        """Close the writing connection; the last one to close writes the WAL back."""
        if self._connection is not None:
            # Whoever writes now merges later. After an import, all commands would: more may wait.
            with suppress(OSError):
                self._lock.acquire(timeout=0)
                try:
                    _merge(self._connection, 2 * _WAITING_PARTS)
                finally:
                    self._lock.release()
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _merge(connection: sqlite3.Connection, waiting: int) -> None:
    """Merge parts of the full-text indexes that hold more; no command waits while it writes."""
    # It only makes searches faster; what goes wrong here is said by what reads or writes next.
    with suppress(sqlite3.Error):
        merge(connection, waiting, _MERGED_PAGES)


class CommandGroup:
    """Commands of one topic that write through the same session."""

    def __init__(self, session: WriteSession) -> None:
        self._session = session
