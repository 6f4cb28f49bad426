"""The error messages of occurrences, each kept once a pitfall and searched."""

from __future__ import annotations

import hashlib
import sqlite3

from storage.text.search_text import humps, spaced


def digest_of(message: str) -> str:
    """A short name for an error message, by which it is kept once."""
    return hashlib.sha256(message.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def indexed_message(message: str) -> str:
    """An error message as it stands in the table ``message_search``."""
    return f"{spaced(message)} {humps(message)}"


def keep_message(connection: sqlite3.Connection, pitfall_id: str, message: str) -> None:
    """Keep a message of a pitfall and make it searchable, if it is not yet."""
    added = connection.execute(
        "INSERT OR IGNORE INTO messages (pitfall, digest, message) VALUES (?, ?, ?)",
        (pitfall_id, digest_of(message), message),
    )
    if added.rowcount:
        connection.execute(
            "INSERT INTO message_search (rowid, message) VALUES (?, ?)",
            (added.lastrowid, indexed_message(message)),
        )


def forget_messages(connection: sqlite3.Connection, pitfall_id: str) -> None:
    """Forget the messages of a pitfall that none of its occurrences has any more."""
    unused = connection.execute(
        "DELETE FROM messages WHERE pitfall = ?1 AND message NOT IN"
        " (SELECT message FROM occurrences WHERE pitfall = ?1) RETURNING n",
        (pitfall_id,),
    ).fetchall()
    connection.executemany("DELETE FROM message_search WHERE rowid = ?", unused)
