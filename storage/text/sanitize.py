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

from storage.errors import N_, Refused

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
#: Each of them. To look for one takes a tenth of the search for a run, and no pattern: Chinese has
#: none.
_EACH_MARK: Final = frozenset(
    chr(code)
    for first, last in re.findall("(.)-(.)", _MARKS)
    for code in range(ord(first), ord(last) + 1)
)
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
    # Whatever is hostile can't be printed, as Python sees it; of the rest, breaks and tabs alone.
    shown = text
    if not (text.replace("\n", "").replace("\t", "") if lines else text).isprintable():
        shown = re.sub(_HOSTILE if lines else _HOSTILE_OR_BREAK, _visible, text)
    if shown.isascii() or _EACH_MARK.isdisjoint(shown):
        return shown
    return re.sub(_SMEAR, r"\1…", shown)


def cleaned(text: str) -> str:
    """``text`` in one line without what :func:`sanitize` would make visible."""
    return re.sub(_SMEAR, r"\1", re.sub(_HOSTILE_OR_BREAK, "", text))


#: What comes along when text is copied, and nobody can see or take out: break hints and marks of
#: byte order. Joiners stay, which emoji and some scripts need.
_UNSEEN: Final = str.maketrans(dict.fromkeys("\u00ad\u200b\u2060\ufeff"))


def without_unseen(text: str) -> str:
    """A typed or pasted text without the signs of no width that say nothing."""
    return text if text.isascii() else text.translate(_UNSEEN)


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


# Text from elsewhere: files, pipes and pastes. One decoder and one rule for all of them


_CHUNK: Final = 1024 * 1024
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # It begins with the mark of UTF-16, and so comes first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Whatever bytes of Big5, Shift-JIS or a picture happen to spell in GB18030 are mostly rare signs.
_COMMON_SHARE: Final = 0.75
#: Colours, links and titles that programs write for a terminal.
_ESCAPES: Final = (
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"
    r"|\x1b\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)"
    r"|\x1b[P^_X][^\x1b]{0,4096}\x1b\\"
    r"|\x1b[ -/]{0,8}[0-Z\\^-~]"
)
_BREAKS: Final = "\r\n?|[\u2028\u2029\x85\x0b\x0c]"


def from_elsewhere(text: str) -> str:
    """A text that nobody typed here: without colours, and with other control characters visible.

    Every break of lines becomes ``\\n``. What is typed is refused instead, see
    :func:`first_hostile`.
    """
    if "\x1b" in text or "\x9b" in text:
        text = re.sub(_ESCAPES, "", text)
    return sanitize(re.sub(_BREAKS, "\n", text.removeprefix("\ufeff")), lines=True)


def encoding_of(stream: BinaryIO, name: str) -> str:
    """The encoding of a file: by its mark, else UTF-8 if it is valid, else GB18030 if that is.

    Args:
        stream: at its beginning; it is read to the end, a chunk at a time, and put back.
        name: what a person calls it.

    Raises:
        Refused: if it is none of these.
    """
    start = stream.read(4)
    stream.seek(0)
    first = _marked(start) or "utf-8"
    at = _first_unreadable(stream, first)
    if at is None:
        return first
    if first == "utf-8" and _first_unreadable(stream, "gb18030") is None:
        return "gb18030"
    begins = max(0, at - _AROUND)
    stream.seek(begins)
    around = stream.read(2 * _AROUND)
    stream.seek(0)
    if around[at - begins] == 0 and has_few_zeros(around):
        raise Refused(
            N_("Byte {at} of {name} is a NUL, which no text holds, so nothing of it was taken."),
            N_("Take it out, or save the text again as UTF-8; then do it again."),
            at=at + 1,
            name=name,
        )
    raise Refused(
        N_("Byte {at} of {name} can't be read as text in {encoding}, so nothing of it was taken."),
        N_("Save it as UTF-8, then do it again."),
        at=at + 1,
        name=name,
        encoding=first.removesuffix("-sig").upper(),
    )


#: So many bytes before and behind a byte tell what it is among.
_AROUND: Final = 100


def has_few_zeros(data: bytes) -> bool:
    """Whether the zeros in some bytes can be slips: UTF-16 and what is no text hold many."""
    return data.count(b"\0") * 8 < len(data)


def _marked(start: bytes) -> str:
    """The encoding whose mark a text begins with; empty without one."""
    return next((one for mark, one in _BYTE_ORDER_MARKS if start.startswith(mark)), "")


def text_of(data: bytes, name: str) -> str:
    """The text of a file or a pipe, whatever its encoding, as :func:`from_elsewhere` has it.

    Args:
        data: all of it.
        name: what a person calls it.

    Raises:
        Refused: if it is no text; never are the wrong characters read.
    """
    return from_elsewhere(data.decode(encoding_of(BytesIO(data), name)))


#: One byte in so many, besides those of characters that its ends cut, may be no text.
_STRAY: Final = 1_000


def most_of(data: bytes, name: str) -> tuple[str, int]:
    """What :func:`text_of` has, also of UTF-8 with a few bytes that are none.

    A log cut by its size begins and ends within a character; such ends are dropped, and what
    is between is replaced by U+FFFD.

    Returns:
        The text, and how many bytes of it could not be read.

    Raises:
        Refused: if it is no text.
    """
    begins = re.match(rb"[\x80-\xbf]{0,3}", data)
    inner = data[begins.end() if begins else 0 :]
    text, read = codecs.utf_8_decode(inner, "replace", False)
    kept = data.decode(errors="ignore").encode()
    lost = len(data) - len(kept) + kept.count(b"\0")
    stray = lost - (len(data) - read)
    is_text = lost * 4 <= len(data) and stray <= max(1, len(data) // _STRAY)
    if lost and is_text and _marked(data[:4]) in ("", "utf-8-sig"):
        # Bytes of GB18030 hardly ever spell a character of three bytes, which Chinese has in UTF-8;
        # those of UTF-8 may well be valid GB18030.
        wide = len(kept) - len(kept.translate(None, bytes(range(0xE0, 0xF5))))
        if lost <= 3 * wide or _first_unreadable(BytesIO(data), "gb18030") is not None:
            return from_elsewhere(text), lost
    return text_of(data, name), 0


#: So many bytes at the beginning tell UTF-16 without a mark; fewer may not.
_LOOKED_AT: Final = 4096
ENOUGH: Final = 4


def utf_16(beginning: bytes) -> str:
    """In which UTF-16 a stream is, by its mark or by what it looks like; empty if in none.

    Without a mark every other byte of Latin text is zero, and hardly one between: digits, blanks
    and line ends, which a log begins with, are that in every language.
    """
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    looked_at = beginning[:_LOOKED_AT]
    first, second = (looked_at[place::2].count(0) for place in (0, 1))
    most = max(first, second)
    if len(looked_at) < ENOUGH or most * 8 < len(looked_at) or min(first, second) * 8 > most:
        return ""
    return "utf-16-be" if first > second else "utf-16-le"


def line_in_utf8(line: bytes) -> bytes:
    """A line of a log in UTF-8 if it is in GB18030; else as it is."""
    try:
        line.decode()
    except UnicodeDecodeError:
        if _first_unreadable(BytesIO(line), "gb18030") is None:
            return line.decode("gb18030").encode()
    return line


def _first_unreadable(stream: BinaryIO, encoding: str) -> int | None:
    """The byte, from 0, from which a stream is no text in an encoding; None if all of it is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    others = common = 0
    try:
        while True:
            chunk = stream.read(_CHUNK)
            text = decoder.decode(chunk, final=not chunk)
            if "\0" in text:
                plain = encoding.removesuffix("-sig")
                plain += "-le" if encoding in ("utf-16", "utf-32") else ""
                rest = text[text.index("\0") :].encode(plain)
                return stream.tell() - len(decoder.getstate()[0]) - len(rest)
            if encoding == "gb18030":
                here = len(text) - len(text.encode("ascii", "ignore"))
                others += here
                common += len(text.encode("gb2312", "ignore")) - (len(text) - here)
            if not chunk:
                # In GB2312 each of them has two bytes.
                return None if common >= 2 * _COMMON_SHARE * others else 0
    except UnicodeDecodeError as error:
        # What was left of the chunk before stands in front of this one.
        return stream.tell() - len(error.object) + error.start
    finally:
        stream.seek(0)
