"""Fresh boards as copies of one that was started before: migrating each anew takes much longer."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import seeds
from storage.events import BoardMade
from storage.model.records import THE_BOARD
from storage.write.store import Store

#: When a board with the catalogue was started, if it does not matter.
_ONCE: Final = 1_795_420_800_000


class _Template(NamedTuple):
    """A board's file, and the name of the actor in it, which stands there once."""

    data: bytes
    actor: bytes


def fresh(path: Path) -> Path:
    """Start a board without the catalogue at ``path``, as a store of its own; the path."""
    return _start(path, _template(None))


def catalogued(path: Path, started: int = _ONCE) -> Path:
    """Start a board with the catalogue at ``path``, as a store of its own; the path.

    Args:
        path: where nothing is yet.
        started: when the catalogue arrived there, in milliseconds.
    """
    return _start(path, _template(started))


def begun(path: Path) -> Path:
    """Start Ada's board in Shanghai at ``path``, as “pitboard init” does there; the path.

    Its actor is the same in each test of a process, since the event of its start names it.
    """
    return _write(path, _begun())


def _start(path: Path, template: _Template) -> Path:
    actor = secrets.token_hex(16).encode()
    return _write(path, template.data.replace(template.actor, actor))


def _write(path: Path, data: bytes) -> Path:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(data)
    return path


@cache
def _begun() -> bytes:
    with TemporaryDirectory() as room:
        path = fresh(Path(room, "board.db"))
        with closing(Store.open(path, who="Ada")) as store, store.session.writing() as writing:
            writing.add(THE_BOARD, BoardMade(zone="Asia/Shanghai"))
        with closing(sqlite3.connect(path)) as connection, connection:
            # Elsewhere it would else be a copy, which goes on as an actor of its own.
            connection.execute("UPDATE store SET machine = NULL, path = NULL, inode = NULL")
        return path.read_bytes()


@cache
def _template(started: int | None) -> _Template:
    with TemporaryDirectory() as room:
        path = Path(room, "board.db")
        if started is None:
            store = Store.open(path)
        else:
            now: Callable[[], int] = lambda: started  # noqa: E731
            store = Store.open(path, catalogue=seeds.lines, edition=seeds.EDITION, now=now)
        store.close()
        with closing(sqlite3.connect(path)) as connection:
            (actor,) = connection.execute("SELECT actor FROM store").fetchone()
        data = path.read_bytes()
    assert data.count(actor.encode()) == 1
    return _Template(data, actor.encode())
