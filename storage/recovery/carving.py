"""Events found in the raw bytes of a file, whatever is left of its structure.

A row of ``events`` lies in the file as its id, its columns and its line, one after the other.
So a line counts only if the id that its bytes have stands shortly before it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from storage.db.blobs import digest_of
from storage.events import LONGEST_LINE, event_id

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

    Lines that go on on another page are not found; see ``storage.recovery.rows``.

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
