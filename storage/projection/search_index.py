"""The rows by which pitfalls are found, see :mod:`storage.text.search_text`."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from storage.db.connection import sorted_afterwards
from storage.db.reader import Reader
from storage.db.rows import duplicates_of, read_pitfall
from storage.model.records import Pitfall
from storage.model.row import Text
from storage.text.search_text import characters_apart, humps, paired, pronounced, searchable, spaced

_Indexed = tuple[str, str, str, str, str, str]

#: Full text, with every CJK character a token of its own, see :mod:`storage.text.search_text`.
#: A row of ``search`` has the ``n`` of its pitfall, one of ``message_search`` of its message.
INDEXED: Final = {
    # Syllables and initials are how the Chinese of a title is read; by pairs, titles are compared.
    "search": "title, names, body, syllables, initials, pairs",
    "message_search": "message",
}

#: What FTS5 keeps together of an index, in bytes. What one message adds is small, and goes before
#: the merged part, which in pieces of this size leaves room for it on its page of the file. In
#: pieces of a page, as by default, it leaves none, and SQLite writes two more pages each time.
_TOGETHER: Final = {"search": 4050, "message_search": 1200}

#: The writer of an occurrence waits for no merging of the index: that is done beside its
#: transaction (:func:`merge`), long before so many parts wait.
_WAITING_PARTS: Final = 64

_INSERT: Final = f"INSERT INTO search (rowid, {INDEXED['search']}) VALUES (?, ?, ?, ?, ?, ?, ?)"


def create_indexes() -> Iterator[str]:
    """The statements that create the indexes of full text, empty."""
    for table, columns in INDEXED.items():
        yield f"CREATE VIRTUAL TABLE {table} USING fts5 ({columns}, prefix='1 2 3', columnsize=0)"
        yield f"INSERT INTO {table} ({table}, rank) VALUES ('pgsz', {_TOGETHER[table]})"
        yield f"INSERT INTO {table} ({table}, rank) VALUES ('automerge', 0)"
        yield f"INSERT INTO {table} ({table}, rank) VALUES ('crisismerge', {_WAITING_PARTS})"


def indexed(pitfall: Pitfall, duplicates: Iterable[Text] = ()) -> _Indexed:
    """A pitfall's row in the table ``search``; it is found by its duplicates' titles too."""
    title, names, body = _searchable(pitfall, duplicates)
    names = f"{spaced(names)} {humps(f'{title} {names}')}"
    title = searchable(title)
    read = pronounced(title.replace(" ", ""))
    return characters_apart(title), names, spaced(body), *read, paired(title)


def _searchable(pitfall: Pitfall, duplicates: Iterable[Text]) -> tuple[str, str, str]:
    """What of a pitfall can be searched, in every language: title, names and the rest."""
    titles = [*pitfall.title, *(words for title in duplicates for words in title if words)]
    names = [*pitfall.component, *pitfall.tags, *(s.text for s in pitfall.signatures)]
    body = [*pitfall.workaround, *pitfall.reproduction]
    for comment in pitfall.comments:
        body += comment.text
    for reference in pitfall.references:
        body += [*reference.title, *reference.quote]
    for reply in pitfall.vendor_replies:
        body += [reply.author, reply.version, *reply.quote]
    for attachment in pitfall.attachments:
        body += [attachment.label, *attachment.note]
    for fix in pitfall.fixes:
        body += [fix.from_version, *fix.quote]
    return "\n".join(titles), "\n".join(names), "\n".join(body)


def index(connection: sqlite3.Connection, pitfalls: Iterable[tuple[int, Pitfall]]) -> None:
    """Write the rows of pitfalls that have no duplicates and no row yet."""
    connection.executemany(_INSERT, ((n, *indexed(pitfall)) for n, pitfall in pitfalls))


def index_again(connection: sqlite3.Connection, pitfalls: Iterable[tuple[int, Pitfall]]) -> None:
    """Replace the rows of those pitfalls, without duplicates, that read otherwise now."""
    for n, pitfall in pitfalls:
        _replace(connection, n, indexed(pitfall))


def index_groups(connection: sqlite3.Connection, names: Iterable[str]) -> None:
    """Make the rows of pitfalls again from the tables, with what their duplicates give them."""
    reader = Reader(connection, Path())
    for name in names:
        n = connection.execute("SELECT n FROM pitfalls WHERE id = ?", (name,)).fetchone()
        if n is not None:
            titles = [duplicate.title for duplicate in duplicates_of(reader, name)]
            _replace(connection, n[0], indexed(read_pitfall(reader, name), titles))


def _replace(connection: sqlite3.Connection, n: int, now: _Indexed) -> None:
    held = connection.execute(
        f"SELECT {INDEXED['search']} FROM search WHERE rowid = ?", (n,)
    ).fetchone()
    if held != now:
        forget(connection, n)
        _insert(connection, n, now)


def _insert(connection: sqlite3.Connection, n: int, now: _Indexed) -> None:
    connection.execute(_INSERT, (n, *now))


def forget(connection: sqlite3.Connection, n: int) -> None:
    """Take the row of a pitfall away."""
    connection.execute("DELETE FROM search WHERE rowid = ?", (n,))


# Merging: each transaction adds a small part to a full-text index, and many parts slow a search


#: The tables of full text.
_TABLES: Final = ("search", "message_search")
#: Where FTS5 keeps the structure of an index: a cookie of four bytes, then two numbers, that of
#: levels and that of parts.
_STRUCTURE: Final = 10


def merge(connection: sqlite3.Connection, waiting: int, pages: int) -> None:
    """Merge some parts of the full-text indexes that hold many.

    Args:
        connection: writes the board; outside a transaction.
        waiting: so many parts are left to wait.
        pages: at most about so many pages are written of each index.
    """
    for table in _TABLES:
        if _parts(connection, table) > waiting:
            connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', ?)", (pages,))


def complete(connection: sqlite3.Connection) -> None:
    """What is written of all pitfalls and messages at once, at the end of a rebuild.

    That is the digest of all error texts; and the full-text indexes become one part each: it
    leaves about as many parts as may be, and one of the next writes would merge them all.
    """
    texts = connection.execute("SELECT DISTINCT form, text FROM signatures")
    come = sum(_number_of(form, text) for form, text in texts)
    connection.execute("UPDATE projection SET error_texts = ?", (come & _BITS,))
    for table in _TABLES:
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


def _parts(connection: sqlite3.Connection, table: str) -> int:
    """How many parts an index has."""
    (structure,) = connection.execute(
        f"SELECT block FROM {table}_data WHERE id = ?", (_STRUCTURE,)
    ).fetchone()
    _levels, place = _number(structure, 4)
    return _number(structure, place)[0]


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A number as SQLite writes it, seven bits a byte, and where the next one begins."""
    value = 0
    while data[place] & 0x80:
        value = value << 7 | data[place] & 0x7F
        place += 1
    return value << 7 | data[place], place + 1


# The error messages of occurrences, each kept once a pitfall and searched


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


#: One in so many messages of a rebuild comes when their index is made. Its pages are full then, and
#: each message of an occurrence would move entries of its neighbours; this makes room on all pages.
_LATE: Final = 32


@contextmanager
def filling_messages(
    connection: sqlite3.Connection,
) -> Iterator[Callable[[list[tuple[str, str]]], None]]:
    """Keep messages of pitfalls on a board that has none; gives what takes some, each of them new.

    Args:
        connection: inside a write transaction.
    """
    numbers = count(1)
    late: list[tuple[str, str]] = []

    def keep(messages: list[tuple[str, str]]) -> None:
        late.extend(messages[::_LATE])
        del messages[::_LATE]
        _keep_messages(connection, list(zip(messages, numbers, strict=False)))

    with sorted_afterwards(connection, "messages", unique=True):
        yield keep
    _keep_messages(connection, list(zip(late, numbers, strict=False)))


def _keep_messages(
    connection: sqlite3.Connection, messages: Sequence[tuple[tuple[str, str], int]]
) -> None:
    connection.executemany(
        "INSERT INTO messages (n, pitfall, digest, message) VALUES (?, ?, ?, ?)",
        [(n, pitfall, digest_of(message), message) for (pitfall, message), n in messages],
    )
    connection.executemany(
        "INSERT INTO message_search (rowid, message) VALUES (?, ?)",
        [(n, indexed_message(message)) for (_, message), n in messages],
    )


def forget_messages(connection: sqlite3.Connection, pitfall_id: str) -> None:
    """Forget the messages of a pitfall that none of its occurrences has any more."""
    unused = connection.execute(
        "DELETE FROM messages WHERE pitfall = ?1 AND message NOT IN"
        " (SELECT message FROM occurrences WHERE pitfall = ?1) RETURNING n",
        (pitfall_id,),
    ).fetchall()
    connection.executemany("DELETE FROM message_search WHERE rowid = ?", unused)


# The error texts by which pitfalls are recognised: a digest of them, each once


_TEXTS_OF: Final = (
    "SELECT DISTINCT form, text FROM signatures"
    " WHERE recorded_on IN (SELECT value FROM json_each(?))"
)
_ELSEWHERE: Final = (
    "SELECT 1 FROM signatures WHERE text = ? AND form = ?"
    " AND recorded_on NOT IN (SELECT value FROM json_each(?)) LIMIT 1"
)
#: As many bits as can be added without leaving the whole numbers of SQLite.
_BITS: Final = (1 << 62) - 1


@contextmanager
def texts_noted(connection: sqlite3.Connection, pitfalls: Iterable[str]) -> Iterator[None]:
    """Bring the digest up to date with what is written inside to the signatures of some pitfalls.

    It is a sum, so that it does not depend on the order in which texts come and go.
    """
    names = json.dumps(list(pitfalls))
    before = {*connection.execute(_TEXTS_OF, (names,)).fetchall()}
    yield
    after = {*connection.execute(_TEXTS_OF, (names,)).fetchall()}
    come = 0
    for form, text in before ^ after:
        if not connection.execute(_ELSEWHERE, (text, form, names)).fetchall():
            number = _number_of(form, text)
            come += number if (form, text) in after else -number
    if come:
        connection.execute(
            "UPDATE projection SET error_texts = (error_texts + ?) & ?", (come & _BITS, _BITS)
        )


def _number_of(form: str, text: str) -> int:
    return int(digest_of(f"{form} {text}"), 16)
