"""The record tables of a board's file: events, blobs, identity, journals and catalogues.

They alone cannot be computed again, so sqlite-utils migrations change them. Everything else in
the file is computed from the events and has no migrations, see :mod:`storage.projection.tables`.
"""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING, Any, Final

from storage.db.connection import APPLICATION_ID, SCHEMA_VERSION
from storage.db.reader import OF_CATALOGUE

if TYPE_CHECKING:
    from sqlite_utils import Database

#: Files with a smaller version were written by commits before the baseline.
_FIRST_WITH_BASELINE: Final = 10


def migrate(connection: sqlite3.Connection) -> None:
    """Give a file, new or of any version before, the record tables of this version.

    Args:
        connection: inside a write transaction.
    """
    # Loaded late: hardly any opening creates or upgrades a board.
    import sqlite_utils.migrations

    migrations = sqlite_utils.migrations.Migrations("pitboard")
    for migration in _MIGRATIONS:
        migrations()(migration)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < _FIRST_WITH_BASELINE:
        connection.execute("DROP TABLE IF EXISTS _sqlite_migrations")
    migrations.apply(sqlite_utils.Database(connection))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


#: By which a store knows that its file was copied, see :mod:`storage.write.quarantine`.
_FILE: Final[dict[str, Any]] = {"machine": str, "path": str, "inode": int}


def baseline(db: Database) -> None:
    """Create the record tables; where an unreleased version made one, add what it lacks."""
    if not db.table("store").exists():
        _create(
            db,
            "store",
            {"actor": str, "seen": int, "doubted_since": int, **_FILE},
            not_null={"actor", "seen"},
        )
        db.table("store").insert({"actor": os.urandom(16).hex(), "seen": 0, "doubted_since": None})
    _create(db, "store", _FILE)
    # Which write-ahead log the file is written with, see :mod:`storage.db.board_files`.
    if not db.table("generation").exists():
        _create(db, "generation", {"name": str, "previous": str}, not_null={"name", "previous"})
        db.table("generation").insert({"name": os.urandom(8).hex(), "previous": ""})
    # The built-in one has an edition; of those that somebody subscribed to it is known where they
    # come from, up to which commit they were taken in, and whether they stay at one.
    subscription = {"actor": str, "uuid": str, "url": str, "licence": str, "pin": str}
    taken = {"taken": str, "taken_at": int}
    _create(db, "catalogues", {"name": str, "edition": int, **subscription, **taken}, pk="name")
    _create_events(db)
    # The bytes of attachments, each kept once by its SHA-256 in hex.
    db.execute(
        "CREATE TABLE IF NOT EXISTS contents (digest TEXT PRIMARY KEY, size INTEGER NOT NULL,"
        " journalled INTEGER NOT NULL DEFAULT 0, data BLOB NOT NULL)"
    )
    db.execute(
        "CREATE INDEX IF NOT EXISTS idx_contents_waiting ON contents (size) WHERE NOT journalled"
    )
    _create_sharing(db)


def _create_events(db: Database) -> None:
    """The events in order of arrival: the exact bytes of each line, and columns taken from it."""
    columns = {
        "n": int,
        "id": str,
        "actor": str,
        "seq": int,
        "step": int,
        "hlc": int,
        "at": int,
        "who": str,
        "pitfall": str,
        "kind": str,
        "line": str,
    }
    # Only what came from elsewhere has an ``arrived_at`` of its own; of the rest it is ``at``.
    # Where another store's journal or a file brought it, ``relayed_by`` is whose that was.
    columns_of_arrival = {"arrived_at": int, "relayed_by": str}
    required = columns.keys() - {"n"}
    _create(db, "events", {**columns, **columns_of_arrival}, pk="n", not_null=required)
    # What is kept and not folded, with why, and when (ms) it will be. The numbers ``n`` of both
    # tables are one series, so that what changes its table keeps its number.
    waiting = {"reason": str, "due": int}
    _create(
        db,
        "quarantine",
        {**columns, **columns_of_arrival, **waiting},
        pk="n",
        not_null={*required, "reason"},
    )
    for table in ("events", "quarantine"):
        db.table(table).create_index(["actor", "seq"], if_not_exists=True)
    db.table("quarantine").create_index(["id"], unique=True, if_not_exists=True)
    # Events of the future that somebody here has accepted.
    _create(db, "accepted", {"event": str}, pk="event")
    # Stores that somebody here ignores: all that they wrote from a number on, or after a time (ms).
    _create(
        db,
        "ignored",
        {"actor": str, "since": int, "first": int},
        pk="actor",
        not_null={"since", "first"},
    )
    db.execute(
        "CREATE INDEX IF NOT EXISTS idx_quarantine_due ON quarantine (due) WHERE due NOT NULL"
    )
    db.execute(
        "CREATE INDEX IF NOT EXISTS idx_events_relayed ON events (actor, seq)"
        " WHERE relayed_by NOT NULL"
    )
    for dropped in ("id", "of_pitfall"):
        db.execute(f"DROP INDEX IF EXISTS idx_events_{dropped}")
    for name, indexed, condition in (
        # What is written together on a pitfall lies together; see ``is_event``. An id is there
        # once: it is made of the line, which says the pitfall and the kind.
        ("change", "pitfall, id", "kind <> 'occurrence_logged'"),
        # Occurrences are found through their own table, so the others stay as small as the rest.
        ("occurrence", "id", "kind = 'occurrence_logged'"),
        ("done", "at", "kind <> 'occurrence_logged'"),
        ("imported", "pitfall", "kind = 'imported'"),
        ("arrived", "arrived_at", "arrived_at NOT NULL"),
        ("of_catalogue", "actor", OF_CATALOGUE),
    ):
        unique = "UNIQUE " if name in ("change", "occurrence") else ""
        db.execute(
            f"CREATE {unique}INDEX IF NOT EXISTS idx_events_{name} ON events ({indexed})"
            f" WHERE {condition}"
        )


def _create_sharing(db: Database) -> None:
    """The remote, which events its journals hold, and what was noticed there."""
    _create(
        db,
        "sharing",
        {
            "url": str,
            "layout": str,
            "joined_at": int,
            "tried_at": int,
            "synced_at": int,
            "problem": str,
            "details": str,
            "sent": int,
            "received": int,
            # Whose board it was at the last sync, and what others had changed by then, as JSON.
            "actor": str,
            "changes": str,
        },
        not_null={"url", "layout", "joined_at", "problem", "details", "sent", "received"},
    )
    # How far each journal was taken in: as old as the events are when a backup replaces them.
    db.execute(
        "CREATE TABLE IF NOT EXISTS journals (layout TEXT, actor TEXT, taken TEXT NOT NULL,"
        " PRIMARY KEY (layout, actor)) WITHOUT ROWID"
    )
    # Runs of ``events.n``: what arrives together is one row, and what is written here costs none.
    db.execute(
        "CREATE TABLE IF NOT EXISTS journalled (first INTEGER PRIMARY KEY, last INTEGER NOT NULL)"
    )
    # What was set aside or noticed, once each; ``told`` fills the sentences, as JSON.
    _create(
        db,
        "sharing_notes",
        {"place": str, "at": int, "message": str, "advice": str, "told": str},
        pk="place",
        not_null={"at", "message", "advice", "told"},
    )


def _create(db: Database, name: str, columns: dict[str, Any], **options: Any) -> None:
    """Create a table, or add to an existing one the columns that it lacks."""
    table = db.table(name)
    if not table.exists():
        table.create(columns, **options)
        return
    held = table.columns_dict
    for column, kind in columns.items():
        if column not in held:
            table.add_column(column, kind)


#: In the order of release, from the first one on. A migration, once released, never changes.
_MIGRATIONS: Final = (baseline,)
