"""The store: the write side of a board, its commands in groups over one write session."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from pathlib import Path

from storage import events
from storage.db.backup import Restored, restore, write_back, write_log_back
from storage.db.board_files import (
    FOR_A_GROUP,
    PRIVATE,
    discard,
    file_gone,
    room_for_a_group,
    set_log_aside,
)
from storage.db.connection import (
    SCHEMA_VERSION,
    cannot_be_created,
    connect_for_writing,
    explained,
    for_a_rebuild,
    identify,
    roll_back,
)
from storage.db.reader import PROJECTION_VERSION, projection_version
from storage.db.schema import migrate
from storage.events import parse
from storage.model.records import THE_BOARD, Line
from storage.model.row import BUILT_IN
from storage.projection.tables import create_read_tables, drop_read_tables
from storage.projection.update import rebuild
from storage.text.dates import now_ms
from storage.write.board_file import FileState, look, only_readable
from storage.write.entries import (
    AttachmentCommands,
    BoardCommands,
    CommentCommands,
    EntryCommands,
    LinkCommands,
    RetroCommands,
    SignatureCommands,
)
from storage.write.history import HistoryCommands
from storage.write.pitfalls import FixCommands, OccurrenceCommands, PitfallCommands, StatusCommands
from storage.write.session import Changed, WriteSession
from storage.write.transaction import Transaction
from storage.write.triage import ConflictCommands, TriageCommands


class Store:
    """The write side of a board; the only way to its events.

    Every command raises :class:`storage.errors.Refused` when a rule of the
    record forbids the change, and ``NotSaved``, ``Busy`` or ``ReadOnly`` when
    the file can't be written. Whichever it raises, nothing of it is written.

    Attributes:
        session: appends events and updates the projection; for code that
            writes events or tables itself, such as imports and sharing.
    """

    def __init__(self, session: WriteSession) -> None:
        self.session = session
        self.pitfalls = PitfallCommands(session)
        self.occurrences = OccurrenceCommands(session)
        self.comments = CommentCommands(session)
        self.links = LinkCommands(session)
        self.signatures = SignatureCommands(session)
        self.attachments = AttachmentCommands(session)
        self.entries = EntryCommands(session)
        self.status = StatusCommands(session)
        self.fixes = FixCommands(session)
        self.triage = TriageCommands(session)
        self.history = HistoryCommands(session)
        self.conflicts = ConflictCommands(session)
        self.retro = RetroCommands(session)
        self.board = BoardCommands(session)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        who: str = "somebody",
        catalogue: Callable[[], Iterable[bytes]] | None = None,
        edition: int = 0,
        now: Callable[[], int] = now_ms,
        progress: Callable[[int], None] = lambda done: None,
        for_a_group: bool = False,
        zone: Callable[[], str] | None = None,
    ) -> Store:
        """Open the board at ``path``; create it if there is no file.

        A board of an earlier version is upgraded, which takes about as long as
        :meth:`rebuild`.

        Args:
            path: the database file.
            who: the person's name, for the events written here.
            catalogue: returns the event lines of the built-in catalogue; None creates
                a board without it, and leaves an existing board as it is.
            edition: the edition of that catalogue; a board that already holds
                it, or was created without one, is left as it is.
            now: the wall clock, in milliseconds.
            progress: called with the number of events done, while it is upgraded.
            for_a_group: let a board that is created be written by the group of its directory.
            zone: gives the name of the time zone of a board that is created; without one, its
                days begin in UTC.

        Raises:
            Unusable: if the file is not a board; it is left as it is.
            Refused: if the directory is not one that a group shares, but should be.
        """
        session = WriteSession(path, who, now, FOR_A_GROUP if for_a_group else PRIVATE)
        prepare(session, catalogue, edition, progress, zone)
        return cls(session)

    @staticmethod
    def restore(path: Path, backup: Path) -> Restored:
        """Put a checked copy of a backup at ``path``, and keep the board that is there beside it.

        Raises:
            Refused, Unusable, NotSaved, Busy: as :func:`storage.db.backup.restore` says; the board
                is as it was.
        """
        session = WriteSession(path, "")
        _make_room(path, session.mode)
        with session.locked():
            restored = restore(path, backup, session.mode)
            _sync_directory(path.resolve().parent)
        return restored

    @staticmethod
    def bring_back(path: Path, still_open: sqlite3.Connection) -> None:
        """Write a deleted board to its path again; see :func:`storage.db.backup.write_back`."""
        session = WriteSession(path, "")
        _make_room(path, session.mode)
        with session.locked():
            write_back(path, still_open)
            _sync_directory(path.resolve().parent)

    @staticmethod
    def set_old_log_aside(path: Path) -> Path | None:
        """Move the log of a file that was replaced out of the way of the one that lies there now.

        Returns:
            Where it is kept; None if there was nothing in it.
        """
        with WriteSession(path, "").locked():
            return set_log_aside(path)

    @property
    def path(self) -> Path:
        """The database file."""
        return self.session.path

    @property
    def who(self) -> str:
        """The name that the events written here carry."""
        return self.session.who

    def subscribe(self, changed: Changed) -> None:
        """Call ``changed`` with the ids of the pitfalls that each command here changed."""
        self.session.subscribe(changed)

    def rehearse(self, command: Callable[[], object]) -> list[Line]:
        """The history lines that a command would write; see :meth:`WriteSession.rehearse`."""
        return self.session.rehearse(command)

    def rebuild(self, progress: Callable[[int], None] = lambda done: None) -> int:
        """Drop the projection and rebuild it from the events.

        Args:
            progress: called with the number of events done so far.

        Returns: the number of events.
        """
        return self.session.rebuild(progress)

    def close(self) -> None:
        """Close the writing connection; the last one to close writes the WAL back."""
        self.session.close()


# Making what lies at a path a board of this version


Catalogue = Callable[[], Iterable[bytes]]
Progress = Callable[[int], None]
Zone = Callable[[], str]


def prepare(
    session: WriteSession,
    catalogue: Catalogue | None,
    edition: int,
    progress: Progress = lambda done: None,
    zone: Zone | None = None,
) -> None:
    """Make what lies at the session's path a board of this version, if it is not one already.

    Args:
        session: writes it.
        catalogue: gives the lines of the built-in catalogue; None does without it.
        edition: of that catalogue.
        progress: called with the number of events done, while the board is computed anew.
        zone: gives the name of the time zone of a board that is created; None leaves it without.
    """
    found = look(session.path)
    if found is None:
        _make_room(session.path, session.mode)
        with session.locked():
            if not session.path.exists():
                _start(session, catalogue, edition, zone)
                return
        found = _look_again(session.path)
    session.read_only = only_readable(session.path, found)
    if found.version > SCHEMA_VERSION:
        return
    if not found.is_readable:
        _upgrade(session, progress)
        found = _look_again(session.path)
    if catalogue is not None and not found.is_ready(edition):
        install(session, catalogue, edition)


def _look_again(path: Path) -> FileState:
    """What lies at ``path``, where a board was a moment ago."""
    found = look(path)
    if found is None:
        raise file_gone(path)
    return found


def install(session: WriteSession, catalogue: Catalogue, edition: int) -> None:
    """Add what of the catalogue the board does not hold yet."""
    with session.writing() as transaction:
        held = [parse(line) for line in catalogue()]
        transaction.take(held, witnessed=False)
        _note_edition(session.connection, edition, held)


def _make_room(path: Path, mode: int) -> None:
    try:
        if mode == FOR_A_GROUP:
            room_for_a_group(path.parent)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_be_created(path, error) from error


def _start(
    session: WriteSession, catalogue: Catalogue | None, edition: int, zone: Zone | None
) -> None:
    """Start a board beside its place and move it there whole, so that no half one is ever seen."""
    fresh = session.path.with_name(f".{session.path.name}.new-{os.getpid()}")
    try:
        # SQLite would apply what was left of another file to this one.
        session.log_set_aside = set_log_aside(session.path)
    except OSError as error:
        raise cannot_be_created(session.path, error) from error
    try:
        with (
            explained(session.path),
            closing(connect_for_writing(fresh, create=session.mode)) as connection,
        ):
            connection.execute("BEGIN IMMEDIATE")
            migrate(connection)
            create_read_tables(connection)
            transaction = Transaction(connection, session.who, session.now())
            held = [parse(line) for line in catalogue()] if catalogue is not None else []
            transaction.take(held, witnessed=False)
            if zone is not None:
                transaction.add(THE_BOARD, events.BoardMade(zone=zone()))
            transaction.project()
            _note_edition(connection, None if catalogue is None else edition, held)
            connection.execute("COMMIT")
            write_log_back(connection, session.path)
        fresh.rename(session.path)
        session.has_started = True
        _sync_directory(session.path.parent)
    finally:
        discard(fresh)


def _note_edition(
    connection: sqlite3.Connection, edition: int | None, held: Sequence[events.Event]
) -> None:
    """Note which edition of the built-in catalogue the board holds, and who writes it."""
    connection.execute(
        "INSERT INTO catalogues (name, edition, actor) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (name) DO UPDATE SET edition = ?2, actor = ifnull(?3, actor)",
        (BUILT_IN, edition, held[0].envelope.actor if held else None),
    )


def _sync_directory(directory: Path) -> None:
    """Let the names in a directory survive a loss of power."""
    # Windows can't open a directory, and does not need to: its renames are journalled.
    with suppress(PermissionError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _upgrade(session: WriteSession, progress: Progress) -> None:
    """Take over the record of an earlier version and compute the rest anew, or leave all as it was.

    One transaction does both: whatever ends it too soon, the file is what it was.
    """
    with session.locked(), explained(session.path):
        connection = session.connection
        version = identify(connection, session.path)
        is_current = projection_version(connection) == PROJECTION_VERSION
        if version > SCHEMA_VERSION or (version == SCHEMA_VERSION and is_current):
            return  # Another process did it meanwhile.
        with for_a_rebuild(connection):
            connection.execute("BEGIN IMMEDIATE")
            try:
                if version < SCHEMA_VERSION:
                    drop_read_tables(connection)
                    migrate(connection)
                rebuild(connection, progress)
                connection.execute("COMMIT")
            except BaseException:
                roll_back(connection)
                raise
