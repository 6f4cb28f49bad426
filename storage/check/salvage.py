"""What SQLite can still read of a damaged file, row by row around what it can't."""

from __future__ import annotations

import json
import mmap
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self

from storage.db.blobs import digest_of
from storage.db.connection import BROKEN
from storage.events import LONGEST_LINE, event_id
from storage.model.fields import LARGEST_ATTACHMENT

#: So many rows are read at once, as long as that works.
_PAGE: Final = 512
#: No row takes fewer bytes, so a file can't hold more rows than that.
_SMALLEST_ROW: Final = 200


class Salvage:
    """Reads a copy of a file that may be damaged anywhere; opening the file itself could change it.

    ``whole`` says whether SQLite could read all that there is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.whole = True
        self._room = TemporaryDirectory(prefix="pitboard-")
        self._copy = Path(self._room.name, "board.db")
        shutil.copyfile(path, self._copy)
        # What was not written back yet; as bytes, since SQLite takes it away once it is.
        self._wal = Path(self._room.name, "wal")
        wal = path.with_name(f"{path.name}-wal")
        if wal.exists():
            shutil.copyfile(wal, self._wal)
            shutil.copyfile(wal, self._copy.with_name("board.db-wal"))
        self._connection = sqlite3.connect(self._copy, isolation_level=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._room.cleanup()

    def lines(self) -> Iterator[bytes]:
        """The lines of all events that can be verified, some of them perhaps twice."""
        if self._rows("SELECT count(*) FROM sqlite_master") is None:
            self.whole = False
        else:
            yield from self._read()
        if not self.whole:
            yield from carved(self._copy)
            yield from carved_from(rows_of(self._copy))
        if self._wal.exists():
            # Behind a frame that is damaged, SQLite silently takes it to be at its end.
            yield from carved(self._wal)
            yield from carved_from(rows_behind(self._wal, self._copy))

    def contents(self) -> Iterator[bytes]:
        """The bytes of all attachments that are what their names say."""
        for (digest,) in self._rows("SELECT digest FROM contents") or ():
            for (data,) in self._rows("SELECT data FROM contents WHERE digest = ?", digest) or ():
                if isinstance(data, bytes) and digest_of(data) == digest:
                    yield data
        if not self.whole:
            rows = [rows_of(self._copy)]
            rows += [rows_behind(self._wal, self._copy)] if self._wal.exists() else []
            yield from filter(None, map(attached_in, chain.from_iterable(rows)))

    def highest(self) -> dict[str, int]:
        """The number of each store's last event, as far as the index still tells."""
        rows = self._rows("SELECT actor, max(seq) FROM events GROUP BY actor") or ()
        return {
            actor: seq for actor, seq in rows if isinstance(actor, str) and isinstance(seq, int)
        }

    def ignored(self) -> dict[str, int]:
        """The stores that were ignored here, and since when (ms, 0 for all), as far as it tells."""
        rows = self._rows("SELECT actor, since FROM ignored") or ()
        return {
            actor: since
            for actor, since in rows
            if isinstance(actor, str) and isinstance(since, int)
        }

    def url(self) -> str:
        """The remote that the board was shared through; empty if there is none, or no telling."""
        rows = self._rows("SELECT url FROM sharing")
        return str(rows[0][0]) if rows else ""

    def _read(self) -> Iterator[bytes]:
        """Row after row; where that breaks off, from the other end, and then number by number.

        Where a page leads astray, each of these ways finds rows that the others miss.
        """
        yield from self._along("quarantine", "ASC")
        yield from self._along("events", "ASC")
        # Rows that a table has lost are still in its index.
        if self._rows("PRAGMA quick_check(1)") != [("ok",)]:
            self.whole = False
        if not self.whole:
            yield from self._along("events", "DESC")
            newest = self._rows("SELECT max(n) FROM events")
            last = self._copy.stat().st_size // _SMALLEST_ROW
            if newest is not None and isinstance(newest[0][0], int):
                last = min(last, newest[0][0])
            for first in range(1, last + 1, _PAGE):
                yield from self._between(first, first + _PAGE - 1)

    def _along(self, table: str, order: str) -> Iterator[bytes]:
        """The verified lines from one end of a table, until one can't be read."""
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = ?", table):
            return
        asked = f"SELECT CAST(id AS BLOB), CAST(line AS BLOB) FROM {table} NOT INDEXED"
        try:
            for name, line in self._connection.execute(f"{asked} ORDER BY n {order}"):
                yield from self._verified(name, line)
        except BROKEN:
            self.whole = False

    def _between(self, first: int, last: int) -> Iterator[bytes]:
        """The verified lines of some rows; where they can't be read together, of fewer."""
        rows = self._rows(
            "SELECT CAST(id AS BLOB), CAST(line AS BLOB) FROM events WHERE n BETWEEN ? AND ?",
            first,
            last,
        )
        if rows is not None:
            for name, line in rows:
                yield from self._verified(name, line)
        elif first < last:
            middle = (first + last) // 2
            yield from self._between(first, middle)
            yield from self._between(middle + 1, last)

    def _verified(self, name: object, line: object) -> Iterator[bytes]:
        if isinstance(line, bytes) and event_id(line).encode() == name:
            yield line
        else:
            self.whole = False

    def _rows(self, sql: str, *values: object) -> list[Any] | None:
        """The rows that a query gives; None if they can't be read."""
        with suppress(*BROKEN):
            return self._connection.execute(sql, values).fetchall()
        return None


# Events found in the raw bytes of a file, whatever is left of its structure


_START: Final = re.compile(rb'\{"')
#: The id, the other columns and the record's header before a line, in bytes, and some more.
_BEFORE: Final = 1_500
_ID: Final = re.compile(rb"[0-9a-f]{32}")
_DIGEST: Final = re.compile(rb"[0-9a-f]{64}")
#: The header of a record and what follows it up to the end of the first column, at most.
_LONGEST_HEADER: Final = 100
_NUMBERS: Final = 9
_WINDOW: Final = 16 * 1024 * 1024
_DECODER: Final = json.JSONDecoder()


def carved(path: Path) -> Iterator[bytes]:
    """The verified event lines in the bytes of a file, each as often as it lies there.

    Lines that go on on another page are not found; see ``storage.check.salvage``.

    Args:
        path: any file; nobody may be using it as a database meanwhile.
    """
    with path.open("rb") as file:
        before = b""
        while chunk := file.read(_WINDOW):
            data = before + chunk
            yield from _lines(data, begin=max(0, len(before) - LONGEST_LINE))
            before = data[-(LONGEST_LINE + _BEFORE) :]


def carved_from(rows: Iterable[bytes]) -> Iterator[bytes]:
    """The verified event lines in the bytes of some rows."""
    for row in rows:
        yield from _lines(row, begin=0)


def attached_in(row: bytes) -> bytes | None:
    """The bytes of an attachment that a row of ``contents`` holds, if they are what it says."""
    found = _DIGEST.search(row, 0, _LONGEST_HEADER)
    if found is None:
        return None
    # Between its name and its bytes, which come last, stand two small numbers.
    for start in range(found.end(), found.end() + _NUMBERS + 1):
        if digest_of(row[start:]) == found.group().decode():
            return row[start:]
    return None


def _lines(data: bytes, begin: int) -> Iterator[bytes]:
    place = begin
    while found := _START.search(data, place):
        place = found.end()
        start = found.start()
        names = set(_ID.findall(data[max(0, start - _BEFORE) : start]))
        if not names:
            continue
        line = _object(data[start : start + LONGEST_LINE])
        if line and event_id(line).encode() in names:
            yield line
            place = start + len(line)


def _object(data: bytes) -> bytes | None:
    """The JSON object that some bytes begin with; None if it is not whole."""
    # What follows a line may be no text at all.
    text = data.decode(errors="surrogateescape")
    try:
        _, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return text[:end].encode(errors="surrogateescape")


# The rows of tables, put together from the raw bytes of a file


#: The size of SQLite's pages by default, which no board departs from.
PAGE: Final = 4096
_LEAF_OF_A_TABLE: Final = 0x0D
_HEADER_OF_THE_FILE: Final = 100
_HEADER_OF_A_LEAF: Final = 8
_HEADER_OF_THE_WAL: Final = 32
_HEADER_OF_A_FRAME: Final = 24
#: The most that lies on the page itself, and the least where it goes on elsewhere.
_MOST: Final = PAGE - 35
_LEAST: Final = (PAGE - 12) * 32 // 255 - 23
#: What goes on holds four bytes for the page that follows.
_BEYOND: Final = PAGE - 4
#: No row is longer than that of the largest attachment.
_LONGEST_ROW: Final = LARGEST_ATTACHMENT + 4_096
_Read = Callable[[int], bytes]


def rows_of(path: Path) -> Iterator[bytes]:
    """The rows in a file, as raw bytes, of whichever table.

    Args:
        path: a database, however damaged; nobody may be using it meanwhile.
    """
    with _mapped(path) as data:
        for number in range(1, len(data) // PAGE + 1):
            yield from _rows(_page(data, number), number == 1, lambda one: _page(data, one))


def rows_behind(wal: Path, path: Path) -> Iterator[bytes]:
    """The same of what was not written back yet.

    Args:
        wal: what stands beside the database, however damaged.
        path: the database, which holds the pages that the WAL does not.
    """
    with _mapped(wal) as frames, _mapped(path) as data:
        newest = {number: page for number, page in _frames(frames) if number}

        def read(number: int) -> bytes:
            return newest.get(number) or _page(data, number)

        for number, page in _frames(frames):
            yield from _rows(page, number == 1, read)


def _mapped(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        # An empty file can't be mapped.
        size = path.stat().st_size
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else mmap.mmap(-1, 1)


def _page(data: mmap.mmap, number: int) -> bytes:
    """A page by its number, from 1; as much of it as there is."""
    return data[(number - 1) * PAGE : number * PAGE] if number > 0 else b""


def _frames(data: mmap.mmap) -> Iterator[tuple[int, bytes]]:
    """Each page in a WAL, older ones first, with its number."""
    whole = _HEADER_OF_A_FRAME + PAGE
    for start in range(_HEADER_OF_THE_WAL, len(data) - whole + 1, whole):
        number = int.from_bytes(data[start : start + 4])
        yield number, data[start + _HEADER_OF_A_FRAME : start + whole]


def _rows(page: bytes, is_first: bool, read: _Read) -> Iterator[bytes]:
    """The rows that begin on a page."""
    header = _HEADER_OF_THE_FILE if is_first else 0
    if len(page) < PAGE or page[header] != _LEAF_OF_A_TABLE:
        return
    places = header + _HEADER_OF_A_LEAF
    for place in range(places, places + 2 * int.from_bytes(page[header + 3 : header + 5]), 2):
        cell = int.from_bytes(page[place : place + 2])
        if places <= cell < PAGE and (row := _row(page, cell, read)):
            yield row


def _row(page: bytes, cell: int, read: _Read) -> bytes:
    """The row of a cell; empty if a part of it can't be found."""
    size, start = _varint(page, cell)
    _rowid, start = _varint(page, start)
    if size <= _MOST:
        return page[start : start + size]
    if size > _LONGEST_ROW:
        return b""
    here = _LEAST + (size - _LEAST) % _BEYOND
    end = start + (here if here <= _MOST else _LEAST)
    row = bytearray(page[start:end])
    following = int.from_bytes(page[end : end + 4])
    while len(row) < size:
        more = read(following)
        if len(more) < PAGE:
            return b""
        following = int.from_bytes(more[:4])
        row += more[4 : 4 + size - len(row)]
    return bytes(row)


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where what follows it begins."""
    value = 0
    for byte in data[place : place + 8]:
        place += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place
    return value << 8 | int.from_bytes(data[place : place + 1]), place + 1
