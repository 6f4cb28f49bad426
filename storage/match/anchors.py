"""Anchors: what a line must hold, as bytes, before it is worth judging.

Of each signature the rarest word is looked for. The normaliser never makes a word
out of two, so a line that matches holds that word as it is, in either case, but for
three ways of writing it: full-width letters, letters that JSON escaped, and the
names of an error code. The first two let any line through; they hardly occur.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from storage.match.normalizer import CODE, VARYING
from storage.match.signature_text import Piece

#: Every spelling of an error code's name, as ``storage.match.error_tokens`` has them.
_CODE_NAMES: Final = (
    *(f"err{o}{blank}{name}" for o in ("", "or") for blank in ("", "_") for name in ("code", "no")),
    "错误码",
    "错误代码",
    "返回码",
    "devtool",
)

#: Expressions over bytes for what may hide any word: full-width letters and digits; the same and
#: ASCII ones escaped; a word that is escaped in part.
HIDING: Final = (
    rb"\xef\xbc[\x90-\x99\xa1-\xba\xbf]",
    rb"\xef\xbd[\x81-\x9a]",
    rb"\\u00[3-7][0-9a-f]",
    rb"\\uff[1-5][0-9a-f]",
    rb"[\x80-\xff]\\+u[0-9a-f]{4}",
    rb"\\u[0-9a-f]{4}[\x80-\xff]",
)

#: Words of which error logs are full.
_FREQUENT: Final = frozenset(
    re.findall(
        r"\w+",
        "fail failed failure error errors err exception warning warn info debug invoke result"
        " request response message timeout system function object undefined null true false"
        " code data the and for not with from this that page pages api wx qy login success"
        " complete invalid permission denied internal network server client user file path"
        " open read write call called to of is in on at 失败 错误 异常 报错 成功",
    )
)


class Anchor(NamedTuple):
    """A signature's rarest word, and another of its words that a line must hold too, or none.

    The other one is ASCII, so that its bytes are there whenever the anchor was found as it is;
    ``follows`` says that it stands after the anchor.
    """

    word: str
    other: str = ""
    follows: bool = False


def anchor(pieces: Sequence[Piece]) -> Anchor:
    """The anchor of a literal or a glob."""
    words = [word.removeprefix("-") for piece in pieces for word in piece.words if word != VARYING]
    at = max(range(len(words)), key=lambda place: rareness(words[place]))
    others = [
        place
        for place, one in enumerate(words)
        if place != at and one.isascii() and one not in CODE
    ]
    if not others:
        return Anchor(words[at])
    other = max(others, key=lambda place: rareness(words[place]))
    return Anchor(words[at], words[other], other > at)


def rareness(word: str) -> float:
    """How seldom a word may be expected in error texts: the greater, the more it says."""
    if word in CODE:
        return 1
    length = len(word) if word.isascii() else 2.5 * len(word)
    return length / 3 if word in _FREQUENT else length


def together(anchor: Anchor) -> bytes:
    """Both words of an anchor in one line, as an expression over bytes in either case."""
    word, other = escaped(anchor.word), escaped(anchor.other)
    return word + b".*" + other if anchor.follows else other + b".*" + word


def spellings(word: str) -> Iterator[bytes]:
    """The other ways in which a word may stand in a line, as expressions over bytes.

    A word in letters that JSON may escape is known by its first sign, escaped,
    and the backslash of the next: there are as many backslashes as it is wrapped deep.
    """
    if not word.isascii() and ord(word[0]) < 0x10000:
        yield b"u%04x" % ord(word[0]) + (rb"\\" if len(word) > 1 else b"")
    if word in CODE:
        yield from (escaped(name) for name in _CODE_NAMES if name != word)


def escaped(word: str) -> bytes:
    """A word as an expression that matches its bytes."""
    return re.escape(word.encode())
