"""What a board knows of the remote that it is shared through, and the bytes of attachments."""

from __future__ import annotations

from sqlite_utils import Database


def what_is_shared(db: Database) -> None:
    """The remote, which events lie in a journal there, and what came of it."""
    db.table("sharing").create(
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
        },
        not_null={"url", "layout", "joined_at", "problem", "details", "sent", "received"},
    )
    # How far each journal there has been taken in: kept here, so that it is as old as the events
    # are when a backup is put in their place.
    db.execute(
        "CREATE TABLE journals (layout TEXT, actor TEXT, taken TEXT NOT NULL,"
        " PRIMARY KEY (layout, actor)) WITHOUT ROWID"
    )
    # Runs of ``events.n``: what arrives together is one row, and what is written here costs none.
    db.execute("CREATE TABLE journalled (first INTEGER PRIMARY KEY, last INTEGER NOT NULL)")
    # What was set aside or noticed, once each; ``told`` fills the sentences, as JSON.
    db.table("sharing_notes").create(
        {"place": str, "at": int, "message": str, "advice": str, "told": str},
        pk="place",
        not_null={"at", "message", "advice", "told"},
    )


def what_is_attached(db: Database) -> None:
    """Attachments, and their bytes: each named by its SHA-256 (hex) and kept once."""
    db.execute(
        "CREATE TABLE contents (digest TEXT PRIMARY KEY, size INTEGER NOT NULL,"
        " journalled INTEGER NOT NULL DEFAULT 0, data BLOB NOT NULL)"
    )
    db.execute("CREATE INDEX idx_contents_waiting ON contents (size) WHERE NOT journalled")
    db.table("attachments").create(
        {
            "id": str,
            "pitfall": str,
            "recorded_on": str,
            "at": int,
            "who": str,
            "digest": str,
            "size": int,
            "label": str,
            "media": str,
            "occurrence": str,
            "note": str,
            "note_zh": str,
        },
        pk="id",
        not_null={"pitfall", "recorded_on", "digest", "size", "label", "media", "occurrence"},
    )
    for column in ("pitfall", "recorded_on", "digest"):
        db.table("attachments").create_index([column])
