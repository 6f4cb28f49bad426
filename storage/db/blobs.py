"""The bytes of attachments: each kept once in the board's file, named by its SHA-256."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from storage.errors import N_, Refused, Unusable
from storage.model.media_types import LARGEST_ATTACHMENT


def digest_of(data: bytes) -> str:
    """The name of some bytes: their SHA-256 in hex."""
    # Loaded here, since a list asks for no bytes, and OpenSSL comes with it.
    import hashlib

    return hashlib.sha256(data).hexdigest()


def put(connection: sqlite3.Connection, data: bytes, *, journalled: bool = False) -> str:
    """Keep some bytes, inside a write transaction; their digest.

    Args:
        connection: writes the board.
        data: what is kept; nothing is done if it is here already.
        journalled: whether it lies in a journal on the remote.

    Raises:
        Refused: if there are none, or too many.
    """
    may_be_kept(data)
    digest = digest_of(data)
    # What is here already is replaced where it was damaged.
    connection.execute(
        "INSERT INTO contents (digest, size, journalled, data) VALUES (?1, ?2, ?3, ?4)"
        " ON CONFLICT (digest) DO UPDATE"
        " SET journalled = max(journalled, ?3), size = ?2, data = ?4"
        " WHERE journalled < ?3 OR size <> ?2 OR data <> ?4",
        (digest, len(data), journalled, data),
    )
    return digest


def may_be_kept(data: bytes) -> None:
    """Go on only if some bytes can be attached.

    Raises:
        Refused: if there are none, or too many.
    """
    if not data:
        raise Refused(N_("There is nothing in it."), N_("Attach a file that is not empty."))
    if len(data) > LARGEST_ATTACHMENT:
        raise too_large(len(data))


def too_large(size: int) -> Refused:
    """Why so many bytes are not attached."""
    return Refused(
        N_("It is too large to be attached: {size} bytes, and {limit} can be kept."),
        N_("Cut out the part that matters, or add a reference to where it lies."),
        size=size,
        limit=LARGEST_ATTACHMENT,
    )


def get(connection: sqlite3.Connection, digest: str) -> bytes | None:
    """The bytes of that name; None if they have not arrived.

    Raises:
        Unusable: if they are damaged.
    """
    row = connection.execute(
        "SELECT size, data FROM contents WHERE digest = ?", (digest,)
    ).fetchone()
    if row is None:
        return None
    size, data = row
    if len(data) != size or digest_of(data) != digest:
        raise Unusable(
            N_("The attachment {digest} is damaged in the board's file."),
            N_("Run “pitboard doctor”; whoever shares this board with you may hold it whole."),
            digest=digest[:12],
        )
    return bytes(data)


def waiting(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """The digest and the size of whatever lies in no journal on the remote yet."""
    return connection.execute(
        "SELECT digest, size FROM contents WHERE NOT journalled ORDER BY digest"
    ).fetchall()


def missing(connection: sqlite3.Connection) -> list[str]:
    """The digests that attachments name and whose bytes have not arrived."""
    rows = connection.execute(
        "SELECT DISTINCT digest FROM attachments"
        " WHERE digest NOT IN (SELECT digest FROM contents) ORDER BY digest"
    ).fetchall()
    return [digest for (digest,) in rows]


def mark_journalled(connection: sqlite3.Connection, digests: Iterable[str]) -> None:
    """Note that some of them lie in a journal on the remote."""
    connection.executemany(
        "UPDATE contents SET journalled = 1 WHERE digest = ?", [(digest,) for digest in digests]
    )


def forget_journalled(connection: sqlite3.Connection) -> None:
    """Nothing is known of what lies on the remote."""
    connection.execute("UPDATE contents SET journalled = 0 WHERE journalled")
