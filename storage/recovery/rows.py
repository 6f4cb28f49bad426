"""The rows of tables, put together from the raw bytes of a file.

They lie on the leaves of a tree, and one that is too long for its page goes on on others, each of
which names the next. All that is found without anything else of the database: no header, no
schema, no tree.

Source: the file format of SQLite, https://www.sqlite.org/fileformat2.html, "B-tree Pages", "Cell
Payload Overflow Pages", "WAL File Format".
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from storage.db.blobs import LARGEST

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
_LONGEST_ROW: Final = LARGEST + 4_096

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
