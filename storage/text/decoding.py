"""Detecting the encoding of text files."""

from __future__ import annotations

import codecs
from io import BytesIO
from typing import BinaryIO, Final

_CHUNK: Final = 1024 * 1024
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(stream: BinaryIO) -> str:
    """The encoding of a file: by its mark, else UTF-8 if it is valid, else GB18030 if that is.

    What is neither is read as UTF-8, with a mark for each character that can't be read.

    Args:
        stream: at its beginning; it is read to the end, a piece at a time, and put back.
    """
    start = stream.read(4)
    stream.seek(0)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    return next((name for name in ("utf-8", "gb18030") if _valid(stream, name)), "utf-8")


def text_of(data: bytes) -> str:
    """The text of a file that is small enough to be held, whatever its encoding."""
    return data.decode(encoding_of(BytesIO(data)), "replace").removeprefix("\ufeff")


def _valid(stream: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True
