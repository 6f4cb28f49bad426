"""The normaliser: removes from an error text what varies between occurrences.

Two occurrences of one error differ in case and width, in what wraps the message, in
times, ids, addresses and numbers. What is left is a run of words, and the error
codes among them: ``{"errMsg":"qy.login:fail","errCode":-1}`` and
``MiniProgramError wx.qy__login：FAIL, errcode -1`` are the same words.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final

from storage.match.error_text import again, kinds, scanner, unit
from storage.match.error_text import rewritten as what_is_rewritten
from storage.model.fields import NamedTuple


class TokenKind(StrEnum):
    """The kind of a token that was removed from an error text."""

    WRAPPING = "wrapping"
    TIME = "time"
    FRAME = "frame"
    HINT = "hint"
    REQUEST = "request"
    ADDRESS = "address"
    HEX = "hex"
    NUMBER = "number"


class StrippedToken(NamedTuple):
    """A removed token, as it was in the text."""

    sort: TokenKind
    text: str


class NormalisedWord(NamedTuple):
    """A word that stayed, what joins it to the one before, and where it stood in the text."""

    text: str
    joint: str
    start: int
    end: int


class NormalisedText(NamedTuple):
    """An error text without what varies.

    ``text`` is fit to be shown, with ``#`` for a number that varies; ``codes`` are the
    error codes in it, each once, in order; ``words`` are what ``text`` is made of.
    """

    text: str
    codes: tuple[str, ...] = ()
    stripped: tuple[StrippedToken, ...] = ()
    words: tuple[NormalisedWord, ...] = ()

    @property
    def key(self) -> str:
        """The words as they are compared: only what joins a name counts of what is between."""
        return _key_of(self.words)


#: Stands for a number that varies.
VARYING: Final = "#"
#: The one name of whatever introduces an error code.
CODE: Final = "errcode"

#: The sorts of pieces of which a word stays.
_STAYS: Final = frozenset({"word", "number", "varying", "key"})
_NAME_JOINTS: Final = (".", "_")
_JOINTS: Final = {":": ":", "=": "=", "/": "/", ",": ", ", ";": "; ", ".": ". "}

#: Words after which a number is an error code, whatever its length.
_CODE_WORDS: Final = frozenset({CODE, "code", "status", "statuscode", "ret", "retcode", "http"})
#: Words after which a number of three digits or more is one.
_FAILURES: Final = frozenset(
    {"fail", "failed", "failure", "error", "err", "exception", "失败", "错误", "异常", "报错"}
)
#: Words after which a number is a place or an amount, even where it has the length of a code.
_COUNTED: Final = frozenset(
    {"line", "col", "column", "port", "pid", "id", "uid", "size", "length", "count", "cost", "took"}
)
#: The vendor's codes have so many digits; what is longer is an id or a time.
_CODE_DIGITS: Final = range(5, 8)
#: Latin letters in lower case and of the usual width, one for one; other scripts stay as they are,
#: so that every word but one in full-width letters can be looked for in bytes.
_FOLDS: Final = (
    {sign: sign + 32 for sign in range(ord("A"), ord("Z") + 1)}
    | {sign: ord(chr(sign - 0xFEE0).lower()) for sign in range(0xFF01, 0xFF5F)}
    | {0x3000: ord(" ")}
)


def normalise(text: str) -> NormalisedText:
    """An error text without what varies from one occurrence to the next."""
    return _settled(text, _pass(text))


def _settled(text: str, found: NormalisedText) -> NormalisedText:
    # What was taken out can bring two pieces together that make another one.
    while again().search(found.text) and _once_more(found.text)[0] != found.text:
        found = _merged(text, found, _pass(found.text))
    return found


def key_of(text: str) -> str:
    """The key of a text normalised, in half the time: nothing is told of what was taken out.

    Where only its first time and its ids have changed since it was asked for, it is not
    normalised again.
    """
    folded = small_letters(rewritten(text)[0])
    if len(folded) > _LONGEST_USUAL_TEXT:
        return _key_of_folded(folded)
    return _usual_line(_with_usual_ids(folded))


def _key_of_folded(folded: str) -> str:
    text, key = _left_of(folded)
    while again().search(text):
        more, more_key = _once_more(text)
        if more == text:
            break
        text, key = more, more_key
    return key


def _left_of(folded: str) -> tuple[str, str]:
    """What one pass leaves of a text, and the key of that."""
    words = _Scan(folded).words
    return _text_of(words), _key_of(words)


def _once_more(text: str) -> tuple[str, str]:
    return _usual_once_more(text) if len(text) <= _LONGEST_USUAL_TEXT else _left_of(text)


#: A time that begins a text is its first token, which is taken out, and no pattern of a token tells
#: one digit from another one. A zone is taken out with a date alone.
_FIRST_TIME: Final = (
    r"\[?(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}[ t])?[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{3})?"
    r"(?=[] +-]|(?(date)z[] ]|(?!)))"
)
#: Hexadecimal between blanks or brackets, with a letter and two digits, which every token takes
#: whole or not at all, whichever digits they are: one that counts decimal digits would have to end
#: within it, and one whose length is bounded ends behind it in a text of a usual length.
_ID: Final = r"(?<=[ (\[])(?=[a-f]*[0-9][a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,32}(?=[] )]|\Z)"
_ZEROS: Final = str.maketrans("123456789", "000000000")


def _with_usual_ids(folded: str) -> str:
    """The same text for all that differ in their first time and ids alone: it has their key."""
    time = _first_time().match(folded)
    if time is not None:
        folded = time.group().translate(_ZEROS) + folded[time.end() :]
    return _ids().sub(_usual_id, folded)


def _usual_id(found: re.Match[str]) -> str:
    return ("0a" * 16)[: found.end() - found.start()]


@lru_cache(1)
def _first_time() -> re.Pattern[str]:
    return re.compile(_FIRST_TIME)


@lru_cache(1)
def _ids() -> re.Pattern[str]:
    return re.compile(_ID)


def _pass(text: str) -> NormalisedText:
    plain, places = rewritten(text)
    scan = _Scan(small_letters(plain))
    words = (
        NormalisedWord(word, joint, places.start(start), places.end(end))
        for word, joint, start, end in scan.words
    )
    return NormalisedText(
        _text_of(scan.words),
        tuple(scan.codes),
        tuple(
            StrippedToken(sort, text[places.start(a) : places.end(b)]) for a, b, sort in scan.out
        ),
        tuple(words),
    )


#: Where texts vary, what is left of them varies little; but not all that is long is remembered.
_LONGEST_USUAL_TEXT: Final = 500
_usual_once_more: Final = lru_cache(4_000)(_left_of)
_usual_line: Final = lru_cache(4_000)(_key_of_folded)


def small_letters(plain: str) -> str:
    """A text as words of error texts are spelled, see ``_FOLDS``."""
    return plain.lower() if plain.isascii() else plain.translate(_FOLDS)


def _text_of(words: Iterable[_Word]) -> str:
    return "".join([joint + word for word, joint, _, _ in words])


def _key_of(words: Iterable[_Word]) -> str:
    return "".join(
        [(joint if joint in _NAME_JOINTS else " ") + word for word, joint, _, _ in words]
    )[1:]


def _merged(text: str, first: NormalisedText, second: NormalisedText) -> NormalisedText:
    """What the second pass, over what the first one left, found in the text itself."""
    starts: list[int] = []
    length = 0
    for word in first.words:
        starts.append(length + len(word.joint))
        length += len(word.joint) + len(word.text)

    def place(word: NormalisedWord) -> NormalisedWord:
        held = first.words[bisect(starts, word.start) - 1]
        last = first.words[bisect(starts, word.end - 1) - 1]
        return word._replace(start=held.start, end=last.end)

    return NormalisedText(
        second.text,
        tuple(dict.fromkeys(first.codes + second.codes)),
        first.stripped + tuple(one for one in second.stripped if one.text != VARYING),
        tuple(map(place, second.words)),
    )


#: A :class:`NormalisedWord` without its names: to make one takes eight times as long, and of most
#: lines of a log no more than the key is wanted.
_Word = tuple[str, str, int, int]


class _Scan:
    """Goes over a folded text: the words that stay, what is taken out, the codes."""

    def __init__(self, folded: str) -> None:
        self.words: list[_Word] = []
        self.codes: dict[str, None] = {}
        self.out: list[tuple[int, int, TokenKind]] = []
        self._numbers: set[int] = set()
        #: Whether two words have nothing between them.
        self._abut = False
        self._go_over(folded)
        if self._numbers or self._abut:
            self._settle()

    def _go_over(self, folded: str) -> None:
        # One loop, since a line of a log holds some twenty pieces.
        words, numbers, sort_of = self.words, self._numbers, kinds()
        gap, apart, done = "", False, 0
        for match in scanner().finditer(folded):
            start, end = match.span()
            gap += folded[done:start]
            done = end
            sort = sort_of[match.lastindex or 0]
            if sort in _STAYS:
                word = match.group()
                if sort == "number" or word.isdecimal():
                    numbers.add(len(words))
                    word = word.removeprefix("+")
                elif sort != "word":
                    word = VARYING if sort == "varying" else CODE
                joint = ""
                if words:
                    # Most words stand beside one another.
                    joint = " " if gap == " " else _joint_of(gap, apart)
                    if not joint:
                        self._abut = True
                words.append((word, joint, start, end))
                gap, apart = "", False
            elif sort == "code":
                code = match["at"] or match["of"]
                self.out.append((start, end, TokenKind.ADDRESS))
                joint = _joint_of(gap, apart=True) if words else ""
                numbers.add(len(words) + 1)
                words.append((CODE, joint, start, end))
                words.append((code, ":", end - len(code), end))
                gap, apart = "", False
            elif sort == "nothing":
                apart = apart or not gap
            else:
                self.out.append((start, end, TokenKind(sort)))
                apart = True

    def _settle(self) -> None:
        """Tell the numbers that are error codes, or parts of names, from those that vary."""
        words: list[_Word] = []
        before = ""
        for place, (word, joint, start, end) in enumerate(self.words):
            if place in self._numbers and joint not in _NAME_JOINTS:
                if _is_code(word, joint, before, self.words[place + 1 : place + 2]):
                    self.codes[word] = None
                else:
                    self.out.append((start, end, TokenKind.NUMBER))
                    word = VARYING
            if not joint and words:
                if word == before == VARYING:
                    continue
                if _would_be_one(before, word):
                    joint = " "
            words.append((word, joint, start, end))
            before = word
        self.words = words
        self.out.sort()


def _joint(gap: str, apart: bool) -> str:
    """A gap in its one spelling; ``apart`` if something was taken out of it."""
    if not apart:
        if gap in {"", ".", "_", "-"}:
            return gap
        if not gap.strip("._"):
            return "."
    return next((_JOINTS[sign] for sign in gap if sign in _JOINTS), " ")


_LONGEST_USUAL_GAP: Final = 8
_usual_joint: Final = lru_cache(1_000)(_joint)


def _joint_of(gap: str, apart: bool) -> str:
    # Gaps are few, but one that is very long is not worth remembering.
    return _usual_joint(gap, apart) if len(gap) <= _LONGEST_USUAL_GAP else _joint(gap, apart)


def _is_code(number: str, joint: str, before: str, after: Sequence[_Word]) -> bool:
    """Whether a number is an error code, by its form and by the words around it."""
    digits = number.removeprefix("-")
    if not digits.isdecimal() or joint == "/":
        return False
    for word, next_joint, _, _ in after:
        if next_joint in {"", " "} and unit().match(word):
            return False
    return (
        before in _CODE_WORDS
        or (before in _FAILURES and len(digits) >= 3)
        or (before not in _COUNTED and len(digits) in _CODE_DIGITS)
        or digits != number
    )


def _would_be_one(before: str, word: str) -> bool:
    """Whether two words with nothing between them would be read as one."""
    last, first = before[-1], word[0]
    return last.isalnum() and first.isalnum() and last.isascii() == first.isascii()


# A text without its colours and escapes, and where what is left of it stood


class OffsetMap(NamedTuple):
    """Where the characters of a rewritten text stood; empty if it was not rewritten."""

    starts: list[int]
    ends: list[int]

    def start(self, at: int) -> int:
        """Where a piece that begins at this place began."""
        return self.starts[at] if self.starts else at

    def end(self, at: int) -> int:
        """Where a piece that ends at this place ended."""
        return self.ends[at - 1] if self.ends else at


def rewritten(text: str) -> tuple[str, OffsetMap]:
    """The text without colours and with the signs that JSON escaped, and where they stood."""
    if "\\" not in text and "\x1b" not in text:
        return text, OffsetMap([], [])
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in what_is_rewritten().finditer(text):
        start, end = match.span()
        pieces.append(text[done:start])
        starts += range(done, start)
        ends += range(done + 1, start + 1)
        done = end
        if text[start] == "\\":
            sign = chr(int(match[1], 16)) if match[1] else match[2] or " "
            pieces.append(" " if "\ud800" <= sign <= "\udfff" else sign)
            starts.append(start)
            ends.append(end)
    pieces.append(text[done:])
    starts += range(done, len(text))
    ends += range(done + 1, len(text) + 1)
    return "".join(pieces), OffsetMap(starts, ends)
