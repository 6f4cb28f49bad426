"""Signatures as they are compared: literal and glob texts, and patterns for hyperscan.

A signature's text is normalised as an error text is. A glob is cut at its stars
first; its pieces must follow one another in one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from types import ModuleType
from typing import Any, Final

from storage.errors import N_
from storage.match import slow_engine
from storage.match.normalizer import CODE, VARYING, normalise, small_letters
from storage.match.slow_engine import SIGN, signs_of
from storage.model.fields import NamedTuple
from storage.model.vocabulary import SignatureForm

_INSIDE_A_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._")
#: Fewer bytes than this, which is a Chinese character, stand in nearly every line.
_FEWEST: Final = 3


class SignaturePart(NamedTuple):
    """A run of words to be found; an open end may lie inside a word."""

    key: str
    open_start: bool = False
    open_end: bool = False

    @property
    def words(self) -> list[str]:
        """The words of its key."""
        return re.split("[ ._]", self.key)

    def find(self, key: str, start: int) -> int:
        """Where it stands in a normalised line at or after ``start``; -1 if it doesn't.

        A name is not begun in its middle: ``login:fail`` is not ``qy.login:fail``. It may
        go on (``failed``), but not if it ends in a number, which would be another one.
        """
        at = key.find(self.key, start)
        while at >= 0:
            end = at + len(self.key)
            if (self.open_start or self._begins(key, at)) and (
                self.open_end or self._ends(key, end)
            ):
                return at
            at = key.find(self.key, at + 1)
        return at

    def _begins(self, key: str, at: int) -> bool:
        first = self.key[0]
        return not (at and first in _INSIDE_A_NAME and key[at - 1] in _INSIDE_A_NAME)

    def _ends(self, key: str, end: int) -> bool:
        return not (self.key[-1].isdecimal() and key[end : end + 1].isdecimal())


def pieces(text: str, form: SignatureForm) -> tuple[SignaturePart, ...]:
    """What must stand in a line for a literal or a glob to match.

    Nothing if that would be so of nearly every line, which is then no signature.
    """
    found: list[SignaturePart] = []
    parts = text.split("*") if form is SignatureForm.GLOB else [text]
    for place, part in enumerate(parts):
        found += _piece(
            part,
            open_start=place > 0 and _goes_on(part[:1]),
            open_end=place < len(parts) - 1 and _goes_on(part[-1:]),
        )
    known = sum(len(word.encode()) for piece in found for word in piece.words)
    return tuple(found) if known >= _FEWEST else ()


def _goes_on(sign: str) -> bool:
    """Whether what a star stands beside may be the rest of a word."""
    return sign.isalnum()


def _piece(
    text: str, *, open_start: bool = False, open_end: bool = False
) -> tuple[SignaturePart, ...]:
    normalised = normalise(text)
    if all(word.text in (VARYING, CODE) for word in normalised.words):
        return ()
    return (SignaturePart(normalised.key, open_start, open_end),)


def find(wanted: Sequence[SignaturePart], key: str) -> tuple[int, int] | None:
    """Where all pieces stand in a normalised line, one after the other: its start and end there."""
    start = end = -1
    for piece in wanted:
        at = piece.find(key, max(end, 0))
        if at < 0:
            return None
        start = at if start < 0 else start
        end = at + len(piece.key)
    return (start, end) if start >= 0 else None


# Anchors: what a line must hold, as bytes, before it is worth judging


#: Every spelling of an error code's name, as ``storage.match.error_text`` has them.
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


def anchor(pieces: Sequence[SignaturePart]) -> Anchor:
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


#: What may hide a word in a line: signs of full width, what is escaped, and colours.
_MAY_HIDE: Final = re.compile(r"[\\\x1b\uff10-\uff5a]")
#: In a line of no more characters, all that a signature is looked for by is found as it stands.
_LONGEST_ASKED: Final = 1_000
#: More words are looked for by hyperscan as soon.
_MANY_ASKED: Final = 5_000


def words_asked(plan: dict[str, Any]) -> dict[str, list[str]] | None:
    """The words of which a line must hold one to be worth judging, each with one of its others.

    A word without others is enough. None if patterns, or too many words, would have to be asked.
    """
    others: dict[str, set[str]] = {}
    for word, other, _follows in filter(None, plan["anchors"]):
        others.setdefault(word, set()).add(other)
        if word in CODE:
            others |= {name: {""} for name in _CODE_NAMES if name != word}
    asked = {word: [] if "" in beside else sorted(beside) for word, beside in others.items()}
    return None if plan["patterns"] or len(asked) > _MANY_ASKED else asked


def may_hold(asked: Mapping[str, Sequence[str]], line: str) -> bool:
    """Whether a line may hold one of the words, see :func:`words_asked`.

    To normalise one line, or to load hyperscan, takes a tenth of “pitboard new”.
    """
    if len(line) > _LONGEST_ASKED or _MAY_HIDE.search(line):
        return True
    key = small_letters(line)
    found = (beside for word, beside in asked.items() if word in key)
    return any(not beside or any(other in key for other in beside) for beside in found)


def escaped(word: str) -> bytes:
    """A word as an expression that matches its bytes."""
    return re.escape(word.encode())


# Patterns: what hyperscan takes, and why it takes no other


#: How many signs a pattern may come to when its counted repeats are written out.
_LONGEST: Final = 500
#: A class of Unicode letters is worth so many signs: it is hundreds of ranges in bytes.
_CLASS_OF_LETTERS: Final = 10
REASON_REPEATS: Final = N_("it repeats too much; write * or + instead of a large count")
REASON_EVERYTHING: Final = N_("it matches nearly everything")
REASON_FLAGS: Final = N_("a flag can't be turned off inside a pattern")
#: Lines that have nothing in common.
_BLAND: Final = (b"ok", b"0", "成功".encode())
#: Classes that leave something out, and what speaks of more than bytes.
_NOT_A_CLASS: Final = (r"\W", r"\D", r"\S", r"\N", r"\H", r"\V")
_OF_TEXT: Final = r"\\[pPXxR]|\(\*|\\Q|[*+?}][?+]|\(\?[a-zA-Z]"
_TURNED_OFF: Final = r"\(\?[a-zA-Z]*-"


def load_hyperscan() -> ModuleType:
    """Patterns over streams, in one pass of linear time; else what stands in for hyperscan."""
    try:
        # Loaded here, since only text that is searched needs it.
        import hyperscan
    except ImportError:
        return slow_engine
    return hyperscan


def is_fast() -> bool:
    """Whether signatures are looked for by hyperscan."""
    return load_hyperscan().__name__ == "hyperscan"


def why_not(pattern: str) -> str | None:
    """Why a pattern can't be looked for, in hyperscan's words or ours; None if it can be."""
    hyperscan = load_hyperscan()
    if re.search(_TURNED_OFF, pattern):
        return REASON_FLAGS
    if _written_out(pattern) > _LONGEST:
        return REASON_REPEATS
    try:
        database = compiled([pattern], hyperscan.HS_MODE_STREAM)
    except hyperscan.error as error:
        reason = str(error).rstrip(".")
        return REASON_EVERYTHING if "empty buffer" in reason else reason
    return REASON_EVERYTHING if all(matches(database, line) for line in _BLAND) else None


def flags(pattern: str) -> int:
    """How a pattern is read: in either case and line by line, as bytes if that is the same."""
    hyperscan = load_hyperscan()
    wanted = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_MULTILINE
    return int(wanted if is_of_bytes(pattern) else wanted | hyperscan.HS_FLAG_UTF8)


def is_of_bytes(pattern: str) -> bool:
    """Whether a pattern matches the same in the bytes of a text, which is faster to look for.

    It is so if whatever stands for one sign of any length stands for any number of them.
    """
    if not pattern.isascii() or re.search(_OF_TEXT, pattern):
        return False
    signs = signs_of(pattern)
    return all(
        after in ("*", "+") or not (sign == "." or sign in _NOT_A_CLASS or sign[:2] == "[^")
        for sign, after in pairwise([*signs, ""])
    )


def by_lines(pattern: str) -> bytes:
    r"""The pattern for a text of many lines, in which ``\A`` and ``\Z`` are a line's ends."""
    ends = {r"\A": "^", r"\Z": "$", r"\z": "$"}
    return "".join(ends.get(sign, sign) for sign in signs_of(pattern)).encode("utf-8", "replace")


def compiled(patterns: list[str], mode: int, more_flags: int = 0) -> Any:
    """A database of patterns alone; raises hyperscan's error."""
    hyperscan = load_hyperscan()
    database = hyperscan.Database(mode=mode)
    database.compile(
        expressions=[by_lines(pattern) for pattern in patterns],
        ids=list(range(len(patterns))),
        flags=[flags(pattern) | more_flags for pattern in patterns],
    )
    return database


def matches(database: Any, line: bytes) -> bool:
    """Whether anything that a streaming database looks for stands in a line of UTF-8."""
    found: list[int] = []

    def note(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
        found.append(number)

    with database.stream(match_event_handler=note) as stream:
        stream.scan(line)
    return bool(found)


@lru_cache(256)
def _locator(pattern: str) -> Any:
    """A database that knows where the pattern's matches begin; None if that is asking too much."""
    hyperscan = load_hyperscan()
    try:
        return compiled([pattern], hyperscan.HS_MODE_BLOCK, hyperscan.HS_FLAG_SOM_LEFTMOST)
    except hyperscan.error:
        return None


def locate(pattern: str, line: str) -> tuple[int, int]:
    """Where a pattern that matches does so: its first, longest match in characters."""
    database = _locator(pattern)
    if database is None:
        return 0, len(line)
    data = line.encode()
    spans: list[tuple[int, int]] = []

    def note(_id: int, start: int, end: int, _flags: int, _context: object) -> None:
        if spans and start == spans[-1][0]:
            spans[-1] = (start, end)
        elif len(spans) < 1000:
            spans.append((start, end))

    database.scan(data, match_event_handler=note)
    start = min((start for start, _ in spans), default=0)
    end = max((end for at, end in spans if at == start), default=len(data))
    return len(data[:start].decode()), len(data[:end].decode("utf-8", "ignore"))


def _written_out(pattern: str) -> int:
    """How long a pattern is when every counted repeat is written out."""
    open_groups = [0]
    last = 0
    for match in re.finditer(SIGN, pattern, re.DOTALL):
        sign = match.group()
        if sign == "(":
            open_groups.append(0)
            last = 0
        elif sign == ")" and len(open_groups) > 1:
            last = open_groups.pop()
            open_groups[-1] += last
        elif match["from"]:
            most = int(match["to"] or match["from"])
            open_groups[-1] += last * (max(most, 1) - 1)
            last *= max(most, 1)
        else:
            last = _CLASS_OF_LETTERS if sign[:2] in (r"\p", r"\P") else 1
            open_groups[-1] += last
    return sum(open_groups)


def plan_of(looks: Sequence[tuple[SignatureForm, str]]) -> dict[str, Any]:
    """For each signature its pieces and its anchor, and the patterns; JSON can hold it.

    A signature that can't be looked for, as one that came from elsewhere may be, is left out.
    """
    wanted = [() if form is SignatureForm.PATTERN else pieces(text, form) for form, text in looks]
    return {
        "pieces": wanted,
        "anchors": [anchor(one) if one else None for one in wanted],
        "patterns": [
            place
            for place, (form, text) in enumerate(looks)
            if form is SignatureForm.PATTERN and why_not(text) is None
        ],
    }
