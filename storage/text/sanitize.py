"""Text from the record is data: sanitising for every sink, and safe names of attached files.

Terminal escape sequences, control characters and invisible or direction-changing
marks can make a screen say what the record does not (CVE-2021-42574, "Trojan
Source"; OSC 52 writes to the clipboard). They are refused when typed and shown
as visible symbols when they come from elsewhere.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO, Final

_INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f"
)
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f"
#: Patterns are compiled when they are first used, and kept by :mod:`re`: most texts need none.
_HOSTILE: Final = f"[{_CONTROL}{_INVISIBLE}]"
_HOSTILE_OR_BREAK: Final = f"[\t\n{_CONTROL}{_INVISIBLE}]"
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
# No script stacks more marks than this on one letter; a longer run only smears the screen.
_SMEAR: Final = f"([{_MARKS}]{{4}})[{_MARKS}]+"


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code == 0x7F:
        return "␡"
    return chr(0x2400 + code) if code < 0x20 else f"<U+{code:04X}>"


def sanitize(text: str, *, lines: bool = False) -> str:
    """``text`` with everything a terminal or a reader could be fooled by made visible.

    Args:
        text: anything from the record.
        lines: keep line breaks and tabs, for places that show several lines;
            otherwise they become visible symbols too, so that one value stays on one line.
    """
    # Whatever is hostile can't be printed, as Python sees it.
    shown = text
    if not text.isprintable():
        shown = re.sub(_HOSTILE if lines else _HOSTILE_OR_BREAK, _visible, text)
    return shown if shown.isascii() else re.sub(_SMEAR, r"\1…", shown)


def cleaned(text: str) -> str:
    """``text`` in one line without what :func:`sanitize` would make visible."""
    return re.sub(_SMEAR, r"\1", re.sub(_HOSTILE_OR_BREAK, "", text))


def first_hostile(text: str, *, lines: bool = False) -> tuple[int, str] | None:
    """Where ``text`` first holds what may not be typed: (line from 1, its visible form)."""
    match = re.search(_HOSTILE if lines else _HOSTILE_OR_BREAK, text)
    if match is None:
        return None
    return text.count("\n", 0, match.start()) + 1, _visible(match)


# The names of attached files: labels that a person reads, and never paths


#: What a file is called whose name has nothing in it that could be kept.
NAMELESS: Final = "file"


_LONGEST_LABEL: Final = 200


_LONGEST_NAME: Final = 100


#: File systems count bytes, and a number may have to be added.
_LONGEST_NAME_BYTES: Final = 200


_LONGEST_ENDING: Final = 16


_SEPARATORS: Final = r"[/\\]"


#: What Windows or a shell takes for something else.
_MEANT_OTHERWISE: Final = r'[<>:"|?*$`\\/]'


_DEVICE: Final = r"(?i)(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\.|$)"


def label_of(name: str) -> str:
    """The label of a file by its name: without its folders and without hostile signs."""
    base = re.split(_SEPARATORS, name.rstrip("/\\"))[-1]
    return _cut(cleaned(unicodedata.normalize("NFC", base)).strip(), _LONGEST_LABEL) or NAMELESS


def file_name(label: str) -> str:
    """A name under which a file with that label can be kept on any system."""
    name = re.sub(_MEANT_OTHERWISE, "_", label_of(label)).lstrip(".-~ ")
    name = _cut(name, _LONGEST_NAME, _LONGEST_NAME_BYTES).rstrip(". ") or NAMELESS
    return f"_{name}" if re.match(_DEVICE, name) else name


def file_names(labels: Iterable[str]) -> list[str]:
    """Such names for several files, no two the same on any system."""
    taken: set[str] = set()
    names = []
    for label in labels:
        whole = PurePath(file_name(label))
        name, number = whole.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{whole.stem}-{number}{whole.suffix}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _cut(name: str, longest: int, most_bytes: int = 4 * _LONGEST_LABEL) -> str:
    """As much of a name as may be kept; its ending stays, for it says what the file is."""
    ending = PurePath(name).suffix
    if len(ending) > _LONGEST_ENDING:
        ending = ""
    stem = name.removesuffix(ending)[: longest - len(ending)]
    room = most_bytes - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore") + ending


# Detecting the encoding of text files


_CHUNK: Final = 1024 * 1024


_BYTE_ORDER_MARKS: Final = (
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
    for mark, encoding in _BYTE_ORDER_MARKS:
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
