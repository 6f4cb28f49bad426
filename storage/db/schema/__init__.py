"""The shape of the file: tables and indexes, as sqlite-utils migrations.

``events`` is the record, and ``contents`` the bytes of what is attached to it; what
``PROJECTION`` names is computed from the events and can be thrown away and folded again.
A migration, once released, never changes.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from storage.db.connection import APPLICATION_ID, SCHEMA_VERSION, keep_beside
from storage.db.schema import alarms, contests, fixes, notes, past, record, retro, sharing, triage
from storage.projection.rebuild import rebuild

#: In the order in which they were released, and are applied.
_IN_ORDER: Final = (
    record.the_record,
    record.the_board,
    record.what_belongs_to_a_pitfall,
    record.the_search,
    triage.what_triage_decides,
    triage.what_files_gave,
    fixes.what_fixes_are_worth,
    fixes.what_the_vendor_said,
    fixes.what_runs_where_and_what_is_to_be_reviewed,
    fixes.since_when_it_waits,
    past.what_it_was_like,
    notes.what_a_team_notes,
    retro.what_changed_when,
    sharing.what_is_shared,
    sharing.what_is_attached,
    contests.what_is_contested,
    alarms.what_the_counts_read,
)

#: The tables that a rebuild empties and fills again.
PROJECTION: Final = (
    "mentions",
    "voided",
    "pitfalls",
    "tags",
    "comments",
    "pitfall_references",
    "signatures",
    "statements",
    "attachments",
    "told_apart",
    "fixes",
    "occurrences",
    "weekly_sightings",
    "seen_versions",
    "messages",
    "search",
    "message_search",
    "states",
    "changes",
    "retro_notes",
    "contested",
)


migrations: Final = Migrations("pitboard")
for _migration in _IN_ORDER:
    migrations()(_migration)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to this version's shape. The caller holds the writer's lock.

    The version is written last: a migration that is killed is done again from where it was.
    """
    migrations.apply(Database(connection))
    if connection.execute("SELECT 1 FROM events LIMIT 1").fetchone():
        keep_beside(connection, "FILE")
        connection.execute("BEGIN IMMEDIATE")
        rebuild(connection)
        connection.execute("COMMIT")
        keep_beside(connection, "MEMORY")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
