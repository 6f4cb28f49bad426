"""What lies at a path, and making it a board of this version.

Looking is cheap and loads only the standard library; starting or migrating a
board loads the rest.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from storage.db.connection import (
    SCHEMA_VERSION,
    connect_for_reading,
    connect_for_writing,
    explained,
    identify,
    keep_beside,
    roll_back,
)
from storage.errors import N_, ReadOnly, Unusable
from storage.projection.tables import PROJECTION_VERSION, projection_version

if TYPE_CHECKING:
    from storage.write.session import WriteSession

Catalogue = Callable[[], Iterable[bytes]]
Progress = Callable[[int], None]

#: The name of the built-in catalogue in the table ``catalogues``.
BUILT_IN: Final = "wecom"


class FileState(NamedTuple):
    """What lies at a path.

    ``edition`` is None on a board that does without the catalogue; ``is_current`` says whether
    its read tables are those of this version.
    """

    version: int
    edition: int | None
    is_current: bool = True

    @property
    def is_readable(self) -> bool:
        """Whether it can be read as it is."""
        return self.version > SCHEMA_VERSION or (self.version == SCHEMA_VERSION and self.is_current)

    def is_ready(self, edition: int) -> bool:
        """Whether a program that ships this catalogue edition has nothing to write first."""
        if self.version > SCHEMA_VERSION:
            return True
        return self.is_readable and (self.edition is None or self.edition >= edition)


def look(path: Path) -> FileState | None:
    """What lies at ``path``; None if there is nothing yet.

    Raises:
        Unusable: if it is something else than a board.
    """
    if not path.exists():
        return None
    if path.is_dir():
        raise Unusable(
            N_("{path} is a directory, not a board."), N_("Name a file in it."), path=path
        )
    if path.stat().st_size == 0:
        raise Unusable(
            N_("{path} is an empty file, not a board; it was left as it is."),
            N_("If nothing was ever in it, remove it and start again; else restore a backup."),
            path=path,
        )
    with closing(connect_for_reading(path)) as connection:
        version = identify(connection, path)
        if version == 0:
            raise Unusable(
                N_("{path} is a database without a board in it; it was left as it is."),
                N_("Name another file with --db or PITBOARD_DB."),
                path=path,
            )
        edition, is_current = None, False
        if version == SCHEMA_VERSION:
            with explained(path):
                is_current = projection_version(connection) == PROJECTION_VERSION
                held = connection.execute(
                    "SELECT edition FROM catalogues WHERE name = ?", (BUILT_IN,)
                ).fetchone()
            edition = held[0] if held else None
    return FileState(version, edition, is_current)


def only_readable(path: Path, found: FileState | None) -> ReadOnly | None:
    """Why what lies at ``path`` can be read here but not written; None if it can be."""
    if found is not None and found.version > SCHEMA_VERSION:
        return ReadOnly(
            N_("{path} was written by a newer Pitboard, so it can only be read here."),
            N_("Install the newer version to write to it."),
            path=path,
        )
    if found is not None and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return ReadOnly(
            N_("{path} can only be read here."),
            N_("Check the permissions of the file and of its directory."),
            path=path,
        )
    return None


def prepare(
    session: WriteSession,
    catalogue: Catalogue | None,
    edition: int,
    progress: Progress = lambda done: None,
) -> None:
    """Make what lies at the session's path a board of this version, if it is not one already.

    Args:
        session: writes it.
        catalogue: gives the lines of the built-in catalogue; None does without it.
        edition: of that catalogue.
        progress: called with the number of events done, while the board is computed anew.
    """
    found = look(session.path)
    if found is None:
        _make_room(session.path)
        with session.locked():
            if not session.path.exists():
                _start(session, catalogue, edition)
                return
        found = look(session.path)
        assert found is not None
    session.read_only = only_readable(session.path, found)
    if found.version > SCHEMA_VERSION:
        return
    if not found.is_readable:
        _upgrade(session, progress)
        found = look(session.path)
        assert found is not None
    if catalogue is not None and not found.is_ready(edition):
        install(session, catalogue, edition)


def install(session: WriteSession, catalogue: Catalogue, edition: int) -> None:
    """Add what of the catalogue the board does not hold yet."""
    from storage.events import parse

    with session.writing() as transaction:
        transaction.take((parse(line) for line in catalogue()), witnessed=False)
        _note_edition(session.connection, edition)


def _make_room(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(
            N_("{path} can't be created: {why}."),
            N_("Name another place with --db or PITBOARD_DB."),
            path=path,
            why=error.strerror,
        ) from error


def _start(session: WriteSession, catalogue: Catalogue | None, edition: int) -> None:
    """Start a board beside its place and move it there whole, so that no half one is ever seen."""
    from storage.db.schema import migrate
    from storage.events import parse
    from storage.projection.tables import create_read_tables
    from storage.write.transaction import Transaction

    fresh = session.path.with_name(f".{session.path.name}.new-{os.getpid()}")
    try:
        with explained(session.path), closing(connect_for_writing(fresh)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            migrate(connection)
            create_read_tables(connection)
            if catalogue is not None:
                transaction = Transaction(connection, session.who, session.now())
                transaction.take((parse(line) for line in catalogue()), witnessed=False)
                transaction.project()
            _note_edition(connection, None if catalogue is None else edition)
            connection.execute("COMMIT")
        fresh.rename(session.path)
        _sync_directory(session.path.parent)
    finally:
        fresh.unlink(missing_ok=True)


def _note_edition(connection: sqlite3.Connection, edition: int | None) -> None:
    connection.execute(
        "INSERT INTO catalogues (name, edition) VALUES (?1, ?2)"
        " ON CONFLICT (name) DO UPDATE SET edition = ?2",
        (BUILT_IN, edition),
    )


def _sync_directory(directory: Path) -> None:
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
    # Loaded here, since hardly any opening needs it.
    from storage.db.schema import migrate
    from storage.projection.rebuild import rebuild
    from storage.projection.tables import drop_read_tables

    with session.locked(), explained(session.path):
        connection = session.connection
        version = identify(connection, session.path)
        is_current = projection_version(connection) == PROJECTION_VERSION
        if version > SCHEMA_VERSION or (version == SCHEMA_VERSION and is_current):
            return  # Another process did it meanwhile.
        keep_beside(connection, "FILE")
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
        finally:
            keep_beside(connection, "MEMORY")
