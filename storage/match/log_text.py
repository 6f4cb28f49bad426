"""Decodes a stream of bytes to UTF-8 lines without colours and carriage returns."""

from __future__ import annotations

import codecs
import os
import re
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from storage.text.sanitize import line_in_utf8

_COLOUR: Final = rb"\x1b\[[0-9;:?]{0,30}[A-Za-z]|\x1b\][^\x07\x1b\n]{0,4096}(?:\x07|\x1b\\)"
#: What may go on in the next chunk: a line's end, a colour, a sign of several bytes.
_UNFINISHED: Final = (
    rb"(?:\r|\x1b(?:\[[0-9;:?]{0,30})?"
    rb"|[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z"
)
_LONGEST_UNFINISHED: Final = 32
#: A longer line is decoded in parts.
_LONGEST_LINE: Final = 1024 * 1024


class LogDecoder:
    """Cleans chunk by chunk; what a chunk cuts in two is held back for the next one.

    Args:
        strict: make it valid UTF-8, of the same length, as hyperscan wants it for
            patterns; else bytes that are no text stay as they are.
    """

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._held = b""
        self._decode: Callable[[bytes, bool], bytes] | None = None

    def clean(self, chunk: bytes, *, last: bool = False) -> bytes:
        """The next part of the stream."""
        if self._decode is None:
            chunk = self._held + chunk
            self._held = b""
            if len(chunk) < 2 and not last:
                self._held = chunk
                return b""
            self._decode = _decoder(chunk)
        data = self._held + self._decode(chunk, last)
        self._held = b""
        if not last:
            unfinished = _unfinished().search(data, max(0, len(data) - _LONGEST_UNFINISHED))
            if unfinished is not None:
                self._held = data[unfinished.start() :]
                data = data[: unfinished.start()]
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n")
        if b"\x1b" in data:
            # What is left of one that lay in another is no colour any more.
            data = re.sub(_COLOUR, b"", data).replace(b"\x1b", b" ")
        if not data.isascii():
            data = self._in_utf8(data, last)
        return data

    def _in_utf8(self, data: bytes, last: bool) -> bytes:
        """Lines in GB18030, as programs on Chinese Windows write them, in UTF-8."""
        try:
            data.decode()
        except UnicodeDecodeError:
            pass
        else:
            return data
        if not last and len(data) - (ends := data.rfind(b"\n") + 1) < _LONGEST_LINE:
            # A line tells its encoding only as a whole.
            self._held, data = data[ends:] + self._held, data[:ends]
        data = b"\n".join(map(line_in_utf8, data.split(b"\n")))
        return _valid(data) if self._strict else data


def _decoder(beginning: bytes) -> Callable[[bytes, bool], bytes]:
    """What makes UTF-8 of a stream that begins as UTF-16 does, as PowerShell writes it."""
    if not beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return lambda chunk, _last: chunk
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    return lambda chunk, last: decoder.decode(chunk, last).encode("utf-8", "replace")


def _valid(data: bytes) -> bytes:
    """The data with a question mark for each byte that is not UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogateescape").encode("utf-8", "replace")
    return data


@lru_cache(1)
def _unfinished() -> re.Pattern[bytes]:
    return re.compile(_UNFINISHED)


# Streams of bytes to sieve: files, pipes, and a file that grows


_AT_ONCE: Final = 1024 * 1024


#: How often a growing file is looked at, in seconds.
_PAUSE: Final = 0.2


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """What a file or a pipe holds, as it comes: a pipe's reader does not wait for a full chunk."""
    while chunk := os.read(file.fileno(), _AT_ONCE):
        yield chunk


def growing(path: Path, pause: Callable[[float], object] = time.sleep) -> Iterator[bytes]:
    """What a file holds and what is written to it from then on, without an end.

    An empty chunk says that the file begins anew: it was cut short, or another one took
    its place.

    Args:
        path: where the file lies.
        pause: waits so many seconds.
    """
    while True:
        with path.open("rb", buffering=0) as file:
            done = 0
            while True:
                for chunk in chunks(file):
                    done += len(chunk)
                    yield chunk
                if _begins_anew(path, file, done):
                    # What was written before the other one took its place.
                    yield from chunks(file)
                    break
                pause(_PAUSE)
        yield b""


def _begins_anew(path: Path, file: BinaryIO, done: int) -> bool:
    """Whether there is a new file at the path, or less in the file than was read."""
    held = os.fstat(file.fileno())
    try:
        now = path.stat()
    except OSError:
        # Between the old one and the new one there may be none.
        return False
    return held.st_size < done or not os.path.samestat(held, now)


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a log, decoded, one after the other."""
    decoder = LogDecoder(strict=True)
    held = b""
    with path.open("rb") as file:
        for chunk in chunks(file):
            *whole, held = (held + decoder.clean(chunk)).split(b"\n")
            yield from (line.decode("utf-8", "replace") for line in whole)
    if rest := held + decoder.clean(b"", last=True):
        yield from rest.decode("utf-8", "replace").splitlines()
