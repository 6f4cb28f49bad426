"""The values of which several stand, because people wrote them at the same time."""

from __future__ import annotations

from sqlite_utils import Database


def what_is_contested(db: Database) -> None:
    """Each claim a row, the one that stands at place 0; ``decision`` is one of triage, as JSON.

    Of an item, ``field`` is the kind of event that added it, ``part`` its own field, and
    ``about`` its headline.
    """
    db.execute(
        "CREATE TABLE contested (pitfall TEXT, name TEXT, place INTEGER, field TEXT NOT NULL,"
        " part TEXT NOT NULL, about TEXT NOT NULL, about_zh TEXT NOT NULL, event TEXT NOT NULL,"
        " at INTEGER NOT NULL, who TEXT NOT NULL, value TEXT NOT NULL, value_zh TEXT NOT NULL,"
        " decision TEXT NOT NULL, PRIMARY KEY (pitfall, name, place)) WITHOUT ROWID"
    )
