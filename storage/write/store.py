"""The store: the write side of a board, its commands in groups over one write session."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from storage.db.backup import Restored
from storage.db.board_files import FOR_A_GROUP, PRIVATE
from storage.model.records import Line
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
from storage.write.open_board import bring_back, prepare, put_back, set_old_log_aside
from storage.write.pitfalls import FixCommands, OccurrenceCommands, PitfallCommands, StatusCommands
from storage.write.session import Changed, WriteSession, wall_ms
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
        now: Callable[[], int] = wall_ms,
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
        """Put a backup in place of the board; see :func:`storage.write.open_board.put_back`."""
        return put_back(path, backup)

    @staticmethod
    def bring_back(path: Path, still_open: sqlite3.Connection) -> None:
        """Write a deleted board again; see :func:`storage.write.open_board.bring_back`."""
        bring_back(path, still_open)

    @staticmethod
    def set_old_log_aside(path: Path) -> Path | None:
        """Keep a replaced file's log; see :func:`storage.write.open_board.set_old_log_aside`."""
        return set_old_log_aside(path)

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
