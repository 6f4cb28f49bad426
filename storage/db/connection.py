"""Opening the file, and the one helper for a write transaction.

Read-only doors of the record come through here too, so this module loads
nothing but the standard library.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from storage.db.board_files import check_log, exists, foreign_log, has_log, is_full
from storage.errors import N_, Busy, Defect, NotSaved, PitboardError, ReadOnly, Unusable
from storage.text.zones import day_of, week_of

#: "Pitb" in ASCII; tells our files from other SQLite databases.
APPLICATION_ID: Final = 0x50697462
#: The shape of the record tables that this version writes, kept in ``PRAGMA user_version``.
SCHEMA_VERSION: Final = 10
#: The tables of the record. Every other table of a file is computed from them.
RECORD_TABLES: Final = (
    "store",
    "generation",
    "catalogues",
    "events",
    "quarantine",
    "accepted",
    "ignored",
    "contents",
    "sharing",
    "journals",
    "journalled",
    "sharing_notes",
)

_BUSY_MS: Final = 10_000
#: Taken as needed: imports and rebuilds go over the same pages again and again. Sorting takes
#: as much once more, so a rebuild of a million occurrences takes near to 200 MiB in all.
_CACHE_KIB: Final = 53_248
#: What reading a file can raise: SQLite's errors, and text that is damaged so that it is none.
BROKEN: Final = (sqlite3.Error, UnicodeDecodeError)
DAMAGED_ADVICE: Final = N_(
    "Keep the file. “pitboard doctor” shows what is damaged, and “pitboard recover NEW --from FILE”"
    " builds a new board from it, backups and journals."
)


def explain(error: Exception, path: Path) -> PitboardError:
    """SQLite's error as one that says what happened and what to do next."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if isinstance(error, UnicodeDecodeError):
        name = "SQLITE_CORRUPT"
    # What has no room for the index of the log is an error of the disk to SQLite.
    if name.startswith("SQLITE_FULL") or (name.startswith("SQLITE_IOERR") and is_full(path)):
        return NotSaved(
            N_("The disk that holds {path} is full; nothing of this was saved."),
            N_("Free some space and do it again."),
            path=path,
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Busy(
            N_("Another process is using {path} and did not finish in time."),
            N_("Try again in a moment."),
            path=path,
        )
    if name.startswith("SQLITE_READONLY"):
        return ReadOnly(
            N_("{path} can't be written."),
            N_("Check the permissions of the file and of its directory."),
            path=path,
        )
    if name == "SQLITE_NOTADB":
        return Unusable(
            N_("{path} is not a Pitboard file, or its header is damaged; it was left as it is."),
            N_(
                "Name another file with --db or PITBOARD_DB. If it is a board, “pitboard recover"
                " NEW --from FILE” builds a new one from it."
            ),
            path=path,
        )
    if name.startswith("SQLITE_CORRUPT"):
        if has_log(path) and _is_sound_alone(path):
            return foreign_log(path)
        return Unusable(
            N_("{path} is damaged; it was left as it is."),
            DAMAGED_ADVICE,
            path=path,
        )
    if name.startswith("SQLITE_CANTOPEN"):
        return Unusable(
            N_("{path} can't be opened."),
            N_("Check that its directory exists and that you may use it."),
            path=path,
        )
    if name.startswith("SQLITE_IOERR"):
        return NotSaved(
            N_("The disk did not do what was asked ({why})."),
            N_("Nothing of this was saved; check the disk, then do it again."),
            why=str(error),
        )
    if name.startswith("SQLITE_NOMEM"):
        return NotSaved(
            N_("There was not enough memory for this."),
            N_("Nothing of this was saved; close other programs, then do it again."),
        )
    if str(error).startswith(("no such table", "no such column")):
        return Unusable(
            N_("{path} lacks what this version of Pitboard reads and writes there: {why}."),
            N_("Run “pitboard doctor --rebuild”, which computes its tables anew from the events."),
            path=path,
            why=str(error),
        )
    return Defect(
        N_("Pitboard made a mistake: {why} ({kind}). Neither the file nor the disk is at fault."),
        N_("Nothing of this was saved. Please report this message and what you did."),
        why=str(error),
        kind=name or type(error).__name__,
    )


def unreadable(error: Exception, path: Path) -> PitboardError:
    """SQLite's error while reading, where nothing was to be saved."""
    explained_as = explain(error, path)
    if not isinstance(explained_as, NotSaved):
        return explained_as
    return Unusable(
        N_("{path} can't be read: {why}."),
        N_("Run “pitboard doctor” to see what is wrong with it."),
        path=path,
        why=str(error),
    )


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite raises inside into our own errors."""
    try:
        yield
    except BROKEN as error:
        raise explain(error, path) from error


def identify(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of an open file; 0 for an empty one.

    Raises:
        Unusable: if the file belongs to another program.
    """
    with explained(path):
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (application or tables):
        raise Unusable(
            N_("{path} is a database of another program; it was left as it is."),
            N_("Name another file with --db or PITBOARD_DB."),
            path=path,
        )
    return int(version)


def connect_for_writing(path: Path, *, create: int = 0) -> sqlite3.Connection:
    """A connection that may write.

    Autocheckpoint is off: SQLite before 3.51.3 can lose commits when a
    checkpoint meets a writer, so the store checkpoints under its own lock.

    Args:
        path: the database file.
        create: make the file, with these permissions; by default it must be there.

    Raises:
        Unusable: if there is none and none is to be made, or it can't be used.
    """
    if create:
        _create(path, create)
    elif not exists(path):
        raise _no_board(path)
    elif has_log(path):
        # It looks whether that log is the file's own; this connection would write it back.
        connect_for_reading(path).close()
    with explained(path):
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=_BUSY_MS / 1000
        )
        try:
            _set_pragmas(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            keep_beside(connection, "MEMORY")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        except sqlite3.Error:
            connection.close()
            raise
    return connection


def _create(path: Path, mode: int) -> None:
    try:
        # An empty file is a valid empty database; SQLite would create it for all to read.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, mode))
        # What a group shares is for the group, whatever the umask of its first member.
        path.chmod(mode)
    except OSError as error:
        raise cannot_be_created(path, error) from error


def cannot_be_created(path: Path, error: OSError) -> Unusable:
    """Why there can't be a board at ``path``."""
    return Unusable(
        N_("{path} can't be created: {why}."),
        N_("Name another place with --db or PITBOARD_DB."),
        path=path,
        why=error.strerror,
    )


def _no_board(path: Path) -> Unusable:
    return Unusable(
        N_("There is no board at {path}."), N_("Start one with “pitboard init”."), path=path
    )


def keep_beside(connection: sqlite3.Connection, where: str) -> None:
    """Where SQLite keeps what it needs for a while, outside a transaction.

    Args:
        connection: writes the board.
        where: ``MEMORY``, so that what an action may have to take back needs no file of its own; or
            ``FILE``, for sorting more than the memory should hold.
    """
    connection.execute(f"PRAGMA temp_store = {where}")


@contextmanager
def for_a_rebuild(connection: sqlite3.Connection) -> Iterator[None]:
    """Let SQLite sort on the disk, and not overwrite with zeros the tables that are made anew.

    What these held is in the new ones again, for which it would write those pages twice.
    """
    (overwriting,) = connection.execute("PRAGMA secure_delete").fetchone()
    keep_beside(connection, "FILE")
    connection.execute("PRAGMA secure_delete = FAST")
    try:
        yield
    finally:
        # It is closed already where the disk failed.
        with suppress(sqlite3.ProgrammingError):
            connection.execute(f"PRAGMA secure_delete = {overwriting}")
            keep_beside(connection, "MEMORY")


@contextmanager
def sorted_afterwards(
    connection: sqlite3.Connection, table: str, *, unique: bool = False, of: str = ""
) -> Iterator[None]:
    """Fill a table whose indexes are then made in one go, which takes a part of the time.

    Args:
        connection, table: where, inside a write transaction.
        unique: whether no row is looked for by what is unique until then, and none comes twice.
        of: a column, if only the indexes are meant that hold it.
    """
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE tbl_name = ?1 AND type = 'index'"
        " AND (sql LIKE 'CREATE INDEX%' OR ?2 AND sql <> '') AND instr(sql, ?3)",
        (table, unique, of),
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX [{name}]")
    yield
    for _, made_by in indexes:
        connection.execute(made_by)


def roll_back(connection: sqlite3.Connection) -> None:
    """Take the open transaction back; SQLite may have done so already, when a disk failed."""
    if connection.in_transaction:
        with suppress(sqlite3.OperationalError):
            connection.execute("ROLLBACK")


def connect_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that can't write, on a file that exists.

    Raises:
        Unusable: if there is no such file, it can't be read, or the log beside it is not its own.
    """
    if not exists(path):
        raise _no_board(path)
    with explained(path):
        connection = _open_read_only(path, "mode=ro")
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BROKEN as error:
            if not isinstance(error, sqlite3.OperationalError):
                problem = _log_problem(path, connection)
                connection.close()
                if problem is not None:
                    raise problem from error
                raise

            # A WAL database in a directory that can't be written has no room for its index
            # file. Without a WAL nobody is writing, so it can be read as it lies.
            connection.close()
            if has_log(path):
                raise
            return _open_read_only(path, "immutable=1")
    problem = _log_problem(path, connection)
    if problem is not None:
        connection.close()
        raise problem
    return connection


def _is_sound_alone(path: Path) -> bool:
    """Whether a board is undamaged without the log beside it; asked only where it is damaged."""
    try:
        with closing(_open_read_only(path, "immutable=1")) as connection:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error:
        return False
    return bool(found[0] == "ok")


def _log_problem(path: Path, whole: sqlite3.Connection) -> PitboardError | None:
    """Why the log beside a board is not its own; None if it is, or if there is none."""
    if not has_log(path):
        return None
    return check_log(path, whole, lambda: _open_read_only(path, "immutable=1"))


def connect_beside(path: Path) -> sqlite3.Connection:
    """A private, empty database on disk, with the file at ``path`` attached as ``board``.

    SQLite looks for a table there only where the private database has none of its name. The board
    can't be written.

    Raises:
        Unusable: if there is no such file or it can't be read.
    """
    # It says in words why a board can't be read, and knows how it can.
    connect_for_reading(path).close()
    with explained(path):
        connection = sqlite3.connect("", uri=True, isolation_level=None, check_same_thread=False)
        try:
            _set_pragmas(connection)
            keep_beside(connection, "FILE")
            connection.execute(f"PRAGMA main.cache_size = -{_CACHE_KIB}")
            try:
                connection.execute("ATTACH ? AS board", (_address(path, "mode=ro"),))
                connection.execute("SELECT count(*) FROM board.sqlite_master").fetchone()
            except sqlite3.OperationalError:
                # As in :func:`connect_for_reading`.
                if has_log(path):
                    raise
                with suppress(sqlite3.OperationalError):
                    connection.execute("DETACH board")
                connection.execute("ATTACH ? AS board", (_address(path, "immutable=1"),))
        except BROKEN:
            connection.close()
            raise
    return connection


def _open_read_only(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        _address(path, how),
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_MS / 1000,
    )
    _set_pragmas(connection)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _address(path: Path, how: str) -> str:
    if os.name == "nt":
        return f"{path.absolute().as_uri()}?{how}"
    # For ``as_uri`` Python loads what parses addresses of all sorts.
    name = os.fsencode(path.absolute())
    said = (chr(byte) if byte < 128 and byte not in b"%?#" else f"%{byte:02x}" for byte in name)
    return f"file://{''.join(said)}?{how}"


def _set_pragmas(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.create_function("week_of", 1, week_of)
    connection.create_function("day_of", 1, day_of)
