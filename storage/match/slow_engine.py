"""What stands in for hyperscan where it is not installed: the same finds, more slowly.

It has the names of hyperscan that this package uses. Words are looked for one after the other;
patterns are run by the ``regex`` module, line by line, each for a limited time: it backtracks, so
a pattern that hyperscan answers in linear time may take it for ever. One that exceeds its time is
given up for the rest of the text, which :attr:`Database.given_up` tells.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, Self

from storage.errors import N_, PitboardError
from storage.model.fields import NamedTuple

HS_MODE_BLOCK: Final = 1
HS_MODE_STREAM: Final = 2
HS_FLAG_CASELESS: Final = 1
HS_FLAG_MULTILINE: Final = 4
HS_FLAG_UTF8: Final = 32
HS_FLAG_SOM_LEFTMOST: Final = 256

#: The longest unit that is searched whole, in bytes, and how far one begins behind another: those
#: of :mod:`storage.match.stream_scanner`.
_WINDOW: Final = 16 * 1024
_STEP: Final = _WINDOW // 2
#: A pattern may take so many seconds of the processor on one unit.
LIMIT_SECONDS: Final = 0.25
#: And on a whole text so many, and so many for each byte of it.
_LEAST_BUDGET: Final = 1.0
_BUDGET_FOR_A_BYTE: Final = 2e-6

_Note = Callable[[int, int, int, int, object], object]


class error(Exception):  # noqa: N801  # called as hyperscan calls it
    """An expression can't be looked for."""


class MissingEngine(PitboardError):
    """Nothing is installed that can run a pattern."""


# What a pattern may hold, and what its signs are to the regex module


#: One sign of a pattern.
SIGN: Final = (
    r"\\[pP](?:\{[^}]*\}|.)|\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?#[^)]*\)|[()|]|"
    r"\{(?P<from>\d+)(?:,(?P<to>\d*))?\}|."
)


def signs_of(pattern: str) -> list[str]:
    """The signs of a pattern, one after the other: characters, escapes, classes, counts."""
    return [match.group() for match in re.finditer(SIGN, pattern, re.DOTALL)]


#: What hyperscan refuses, and in which words.
_REFUSED: Final = (
    (r"\(\?(?:<?[=!])", "Zero-width assertions are not supported"),
    (r"\(\?>|(?:[*+?]|\{\d+(?:,\d*)?\})\+", "Possessive quantifiers are not supported"),
    (r"\\(?:[1-9]|[gk])|\(\?P=", "Back-references are unsupported"),
    (r"\(\?(?:[R&|(+-]|P>|\d)|\(\*", "Subpattern references and verbs are not supported"),
    (r"\\[CGKNRX]|\\c", "An escape is not supported"),
)
_WORD: Final = "A-Za-z0-9_"
_BLANK: Final = r"\t\n\x0b\f\r "
#: ASCII alone, as hyperscan has them.
_CLASSES: Final = {"w": _WORD, "d": "0-9", "s": _BLANK, "h": r"\t ", "v": r"\n\x0b\f\r"}
_SIGNS: Final = {
    **{rf"\{name}": f"[{held}]" for name, held in _CLASSES.items()},
    **{rf"\{name.upper()}": f"[^{held}]" for name, held in _CLASSES.items()},
    r"\e": r"\x1b",
    r"\b": f"(?:(?<=[{_WORD}])(?![{_WORD}])|(?<![{_WORD}])(?=[{_WORD}]))",
    r"\B": f"(?:(?<=[{_WORD}])(?=[{_WORD}])|(?<![{_WORD}])(?![{_WORD}]))",
}


def translated(signs: Sequence[str]) -> str:
    """A pattern for the regex module.

    Args:
        signs: of the pattern (:func:`signs_of`).

    Raises:
        error: if it holds what hyperscan would refuse.
    """
    bare = "".join("x" if sign.startswith(("[", r"\\", r"\Q")) else sign for sign in signs)
    bare = re.sub(r"\\[^1-9gkCGKNRXc]", "x", bare)
    for refused, why in _REFUSED:
        if re.search(refused, bare):
            raise error(why)
    # A class that ends is one sign; the regex module would end another where one within it ends.
    if any(sign in ("[", "[]", "[^]") for sign in signs):
        raise error("Unterminated character class")
    return "".join(_translated_signs(signs))


def _translated_signs(signs: Sequence[str]) -> Iterator[str]:
    before = ""
    for sign in signs:
        if sign.startswith("[") and len(sign) > 1:
            yield _class(sign)
        elif sign.startswith(r"\Q"):
            yield re.escape(sign[2:].removesuffix(r"\E"))
        elif before == r"\x" and (braced := re.fullmatch(r"\{([0-9a-fA-F]+)\}", sign)):
            yield f"{int(braced[1], 16):02x}" if int(braced[1], 16) < 0x100 else ""
        elif sign in ("{", "}"):
            yield f"\\{sign}"
        elif not sign.startswith("(?#"):
            yield _SIGNS.get(sign, sign)
        before = sign


def _class(sign: str) -> str:
    """A class of signs, with those of ASCII alone where it names them."""
    negated: list[str] = []

    def plain(escape: re.Match[str]) -> str:
        name = escape[1]
        if name.isupper() and name.lower() in _CLASSES:
            negated.append(name.lower())
            return ""
        return _CLASSES.get(name, escape[0])

    def quoted(part: re.Match[str]) -> str:
        return "".join(f"\\x{ord(one):02x}" if one.isascii() else one for one in part[1])

    inner = re.sub(r"\\Q(.*?)\\E", quoted, sign[1:-1].removeprefix("^"), flags=re.DOTALL)
    inner = re.sub(r"\\(.)", plain, inner, flags=re.DOTALL)
    inner = inner.replace("[", r"\[") if "[:" not in inner else inner
    parts = [f"[{inner}]"] if inner else []
    parts += [f"[^{_CLASSES[name]}]" for name in negated]
    any_of = parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
    if sign[1:2] != "^":
        return any_of
    return f"[^{inner}]" if parts == [f"[{inner}]"] else rf"(?:(?!{any_of})(?s:.))"


# Expressions: words, two words of one line, bytes, and patterns


class _Words(NamedTuple):
    """A word, or two that stand in one line in this order; in small letters."""

    number: int
    first: bytes
    second: bytes = b""


_LITERAL: Final = re.compile(rb"(?:\\[^0-9A-Za-z]|[^\\.^$*+?{}\[\]|()])+")


def _literal(expression: bytes) -> bytes | None:
    """The bytes that an escaped expression stands for, in small letters; None if it is another."""
    if not _LITERAL.fullmatch(expression):
        return None
    return re.sub(rb"\\(.)", rb"\1", expression, flags=re.DOTALL).lower()


class Database:
    """Expressions that are looked for together.

    Args:
        mode: of streams, or of blocks.
    """

    def __init__(self, mode: int) -> None:
        self.mode = mode
        self.words: list[_Words] = []
        self.bytes: list[tuple[int, re.Pattern[bytes]]] = []
        self.patterns: dict[int, Any] = {}
        #: The numbers of the patterns that took too long.
        self.given_up: set[int] = set()
        self.spent: dict[int, float] = {}
        self.scanned = 0

    def compile(
        self, expressions: Sequence[bytes], ids: Sequence[int], flags: Sequence[int]
    ) -> None:
        """Take the expressions.

        Raises:
            error: if one can't be looked for.
        """
        for number, expression, flag in zip(ids, expressions, flags, strict=True):
            if flag & HS_FLAG_MULTILINE:
                longest = bool(flag & HS_FLAG_SOM_LEFTMOST)
                self.patterns[number] = _pattern(expression.decode(), longest=longest)
                continue
            found = [_literal(part) for part in expression.split(b".*")]
            match found:
                case [bytes() as word]:
                    self.words.append(_Words(number, word))
                case [bytes() as first, bytes() as second]:
                    self.words.append(_Words(number, first, second))
                case _:
                    self.bytes.append((number, re.compile(expression, re.IGNORECASE)))

    def stream(self, match_event_handler: _Note) -> Stream:
        """A stream to scan, which tells each find."""
        return Stream(self, match_event_handler)

    def scan(self, data: bytes, match_event_handler: _Note) -> None:
        """Tell where each pattern matches first, and as long as it can."""
        text = data.decode("utf-8", "replace")
        for number, pattern in self.patterns.items():
            try:
                found = pattern.search(text, timeout=LIMIT_SECONDS)
            except TimeoutError:
                found = None
            if found is not None:
                start = len(text[: found.start()].encode())
                end = start + len(found.group().encode())
                match_event_handler(number, start, end, 0, None)

    def found_in(self, text: str) -> Iterator[int]:
        """The patterns that match a unit, those left out that have taken too long."""
        for number, pattern in self.patterns.items():
            if number in self.given_up:
                continue
            begun = time.thread_time()
            try:
                if pattern.search(text, timeout=LIMIT_SECONDS):
                    yield number
            except TimeoutError:
                self.given_up.add(number)
            spent = self.spent.get(number, 0.0) + time.thread_time() - begun
            self.spent[number] = spent
            if spent > _LEAST_BUDGET + self.scanned * _BUDGET_FOR_A_BYTE:
                self.given_up.add(number)


def _pattern(expression: str, *, longest: bool) -> Any:
    try:
        # Loaded here, since only few boards hold patterns.
        import regex
    except ImportError as missing:
        raise MissingEngine(
            N_("Patterns can't be looked for: neither hyperscan nor regex is installed."),
            N_("Run “pip install regex”, or install Pitboard again."),
        ) from missing

    flags = regex.IGNORECASE | regex.MULTILINE | regex.VERSION0
    try:
        pattern = regex.compile(
            translated(signs_of(expression)), flags | (regex.POSIX if longest else 0)
        )
    except regex.error as refused:
        words = str(refused).replace("missing )", "Missing close parenthesis")
        raise error(words) from refused
    return pattern


class Stream:
    """One text that comes in parts.

    Args:
        database: what is looked for.
        note: told the number and the end of each find; the end of a pattern's is that of its unit.
    """

    def __init__(self, database: Database, note: _Note) -> None:
        self._database, self._note = database, note
        #: The bytes of the unit that is not ended, where they begin, and how much was searched.
        self._held = b""
        self._base = self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # A text that is empty is a line; nothing behind the last line break is none.
        if self._held or not self._base:
            self._search(self._held, 0, len(self._held))

    def scan(self, data: bytes) -> None:
        """The next bytes."""
        buffer = self._held + data
        self._database.scanned += len(data)
        self._look_for_words(buffer)
        at, patterns = 0, bool(self._database.patterns)
        while True:
            end = buffer.find(b"\n", at)
            stop = len(buffer) if end < 0 else end
            while stop - at > _WINDOW:
                if patterns:
                    self._search(buffer, at, at + _WINDOW)
                at += _STEP
            if end < 0:
                break
            if patterns:
                self._search(buffer, at, stop)
            at = end + 1
        self._held, self._seen = buffer[at:], self._base + len(buffer)
        self._base += at

    def _search(self, buffer: bytes, start: int, stop: int) -> None:
        text = buffer[start:stop].decode("utf-8", "replace")
        for number in self._database.found_in(text):
            self._note(number, 0, self._base + stop, 0, None)

    def _look_for_words(self, buffer: bytes) -> None:
        small = buffer.lower()
        lines: list[int] | None = None
        for number, first, second in self._database.words:
            if first not in small or second not in small:
                continue
            if not second:
                self._tell(number, (end for _start, end in _places(first, small)))
                continue
            if lines is None:
                lines = [start for start, _end in _places(b"\n", small)]
            self._tell(number, _in_one_line(small, first, second, lines))
        for number, expression in self._database.bytes:
            self._tell(number, (match.end() for match in expression.finditer(buffer)))

    def _tell(self, number: int, ends: Iterator[int]) -> None:
        for end in ends:
            # What was found in the part that is held was told before.
            if self._base + end > self._seen:
                self._note(number, 0, self._base + end, 0, None)


def _places(word: bytes, text: bytes) -> Iterator[tuple[int, int]]:
    at = text.find(word)
    while at >= 0:
        yield at, at + len(word)
        at = text.find(word, at + 1)


def _in_one_line(text: bytes, first: bytes, second: bytes, lines: Sequence[int]) -> Iterator[int]:
    """The ends of a word that stands behind another one in its line."""
    ends = [end for _start, end in _places(first, text)]
    for start, end in _places(second, text):
        before = bisect_right(ends, start)
        if before:
            line = bisect_right(lines, start)
            if not line or lines[line - 1] < ends[before - 1]:
                yield end


# What only hyperscan can do


def loadb(_data: bytes, _mode: int) -> Database:
    """A database as it was kept; there is none of this engine.

    Raises:
        error: always.
    """
    raise error("it is kept by hyperscan alone")


def dumpb(_database: Database) -> bytes:
    """What is kept of a database: nothing, since it is made in no time."""
    return b""


class Scratch:
    """Room for a database, which needs none."""

    def __init__(self, database: Database) -> None:
        self.database = database
