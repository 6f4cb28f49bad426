"""The text of errors and logs: a stream decoded to lines, and the tokens that a line is made of.

The regular expressions of tokens are tried at each place in the order in which they are listed, on
text that is folded already. Each begins with a sign or a set of signs, by which Python's ``re``
passes over those that can't match, and every repeat is bounded or can't be entered twice at one
place, so that no text makes them slow.
"""

from __future__ import annotations

import codecs
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from storage.model.fields import NamedTuple
from storage.text.sanitize import ENOUGH, line_in_utf8, utf_16

#: A line's colours, and what JSON writes for a sign; the deeper it is wrapped, the more
#: backslashes there are.
_REWRITTEN: Final = r"\x1b\[[0-9;:?]{0,30}[A-Za-z]|(?<!\\)\\+(?:u([0-9A-Fa-f]{4})|[nrt]|([\"'/]))"

_CLOCK: Final = r"(?:\d{1,2}(?::\d{2}){1,2}(?:[.,:]\d{1,9})?|\d{1,2}时\d{1,2}分(?:\d{1,2}秒)?)"
_ZONE: Final = r"(?:\s?(?:gmt|utc)?[-+]\d{2}:?\d{2}(?![a-z0-9])|\s?(?:z|utc|gmt)(?![a-z0-9]))?"
_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_WEEKDAYS: Final = "mon|tue|wed|thu|fri|sat|sun"
_DAY: Final = r"[a-z]{0,6}\s\s?\d{1,2},?(?:\s\d{4})?,?\s"
_DAYTIME: Final = rf"{_DAY}{_CLOCK}{_ZONE}(?:\s?\([^()\n]{{1,40}}\))?"
_SOURCE: Final = r"(?:jsx?|tsx?|mjs|cjs|vue|wxs|wxml|html|java|kt|swift|py|go|php)"
_PLACE: Final = r":\d{1,9}(?::\d{1,9})?"
_SOURCE_PLACE: Final = rf"\.{_SOURCE}(?:\?[^\s()\"']{{0,300}}?)?{_PLACE}"
_QUOTES: Final = r"[\"'\s]{0,4}"
_UNIT: Final = (
    r"(?:(?:ms|s|secs?|seconds?|mins?|minutes?|h|hours?|days?|[kmg]i?b|bytes?|r?px|times)"
    r"(?![a-z0-9_])|[次秒毫分天个条张行位倍]|小时)"
)
#: Said after a first sign that may not stand inside a name, and after a last one.
_BEGIN: Final = r"(?<![a-z0-9_$.].)"
_END: Final = r"(?![a-z0-9_])"


def _after_first(names: str) -> str:
    """An expression for the rest of a name of three letters, of which the first was read."""
    rests = dict.fromkeys(name[1:] for name in names.split("|"))
    return f"(?:{'|'.join(rests)})(?<={names})"


class _Pattern(NamedTuple):
    """An expression: the kind of token that it finds, its first sign, and the rest."""

    kind: str
    first: str
    rest: str
    begins: bool = True
    ends: bool = True


_PATTERNS: Final = (
    # Times
    _Pattern(
        "time", r"\d", rf"\d{{3}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?(?:[t\s]\s?{_CLOCK}{_ZONE})?"
    ),
    _Pattern("time", r"\d", r"\d?:\d{2}:\d{2}(?:[.,:]\d{1,9})?(?:\s?[ap]m)?"),
    # One for all names: a pattern for each took half of the time in which all are compiled.
    _Pattern(
        "time",
        "[adfjmnostw]",
        rf"(?:{_after_first(_MONTHS)}|{_after_first(_WEEKDAYS)}[a-z]{{0,6}},?\s(?:{_MONTHS}))"
        rf"{_DAYTIME}",
    ),
    # Stack frames, and the place in a source that a console sets beside a message
    _Pattern(
        "frame",
        "a",
        rf"t\s[^\n()]{{1,200}}\((?:[^\n()]{{0,500}}{_PLACE}|<anonymous>|native[^()\n]{{0,99}})\)",
        ends=False,
    ),
    _Pattern("frame", "a", rf"t\s(?:async\s)?[^\s()]{{1,500}}?{_PLACE}"),
    _Pattern(
        "frame", "@", rf"(?:https?|file|webpack|app)[^\s@()\"']{{1,500}}?{_PLACE}", begins=False
    ),
    _Pattern("frame", "f", r"ile\s\"[^\"\n]{1,500}\",\sline\s\d{1,9}(?:,\sin\s\S{1,99})?"),
    _Pattern("frame", "h", rf"ttps?://[^\s\"'()<>?]{{0,299}}{_SOURCE_PLACE}"),
    _Pattern("frame", r"[\w/\\.@~-]", rf"[\w/\\.@~-]{{0,199}}{_SOURCE_PLACE}"),
    # What the platform and its consoles wrap a message in
    _Pattern("wrapping", "u", r"ncaught(?:\s{0,4}\(in promise\)|(?![a-z0-9_]))", ends=False),
    _Pattern("wrapping", "m", r"iniprogramerror"),
    _Pattern(
        "wrapping",
        "i",
        rf"nvoke\sresult(?:{_QUOTES}:{_QUOTES}[\w.]{{1,99}}\s?,|{_END})",
        ends=False,
    ),
    _Pattern("wrapping", "e", r"rr_?msg"),
    # What the vendor's servers add to it
    _Pattern("hint", "h", r"int\s?:\s?\[[^\]\n]{0,500}\]", ends=False),
    _Pattern("request", "r", rf"(?:id|eq(?:uest)?_?id){_QUOTES}[:=]{_QUOTES}[\w.-]{{1,200}}"),
    _Pattern("request", "[tl]", rf"(?:race|og)_?id{_QUOTES}[:=]{_QUOTES}[\w.-]{{1,200}}"),
    _Pattern("address", "f", r"rom\sip\s?:?\s?[0-9a-f.:]{3,45}"),
    _Pattern("address", "m", r"ore\sinfo\sat"),
    # The only part of an address that is kept for certain is an error code
    _Pattern("code", "h", r"ttps?://[^\s\"'<>?]{0,200}devtool/query\?e=(?P<at>-?\d{1,9})"),
    _Pattern("code", "d", r"evtool/query\?e=(?P<of>-?\d{1,9})", begins=False),
    _Pattern("address", r"\d", r"\d{0,2}(?:\.\d{1,3}){3}(?::\d{1,5})?(?!\.\d)"),
    _Pattern("address", "[0-9a-f]", r"[0-9a-f]{0,3}(?<!:)(?::[0-9a-f]{1,4}){7}(?!:)"),
    _Pattern(
        "address", r"\?", r"[\w.%\[\]-]{1,99}=[^\s\"'<>(),;，。；、（）]{0,2000}", False, False
    ),
    # How an address is reached and whose object a name belongs to are not even worth showing
    _Pattern("nothing", "[hwf]", r"(?:ttps?|ss?|ebpack|ile)://+", ends=False),
    _Pattern("nothing", "w", r"x[._]+(?:wx[._]+)*(?=[a-z])", ends=False),
    _Pattern("hex", "0", r"x[0-9a-f]{1,99}"),
    _Pattern("hex", "[0-9a-f]", r"[0-9a-f]{7}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    _Pattern("hex", "[0-9a-f]", r"(?<=(?=[a-f]*\d[a-f]*\d).)(?<=(?=\d*[a-f]).)[0-9a-f]{7,}"),
    # Its length comes first: nearly every word fails there.
    _Pattern(
        "hex",
        "[a-z0-9]",
        r"(?<=(?=[a-z0-9_-]{20}).)(?<=(?=(?:[a-z_-]{0,40}\d){3}).)(?<=(?=\d*[a-z]).)[a-z0-9_-]{19,}",
    ),
    # What stays
    _Pattern("key", "e", r"rr(?:or)?_?(?:code|no)", begins=False),
    _Pattern("key", "[错返]", r"(?:误代?码|回码)", False, False),
    _Pattern("varying", "#", r"#*(?:v?\d+(?:[.,]\d+)*(?![a-z0-9_]))?", False, False),
    _Pattern(
        "number", r"[-+]", rf"(?<![\w#].)v?\d+(?:[.,]\d+)*(?:{_END}|(?={_UNIT}))", False, False
    ),
    _Pattern(
        "number",
        "[v0-9]",
        rf"(?<![a-z0-9_].)(?:(?<=v)\d+|(?<!v)\d*)(?:[.,]\d+)*(?:{_END}|(?={_UNIT}))",
        False,
        False,
    ),
    _Pattern("word", "[a-z0-9]", r"[a-z0-9]*", False, False),
    _Pattern("word", r"[^\W\x00-\x7f]", r"[^\W\x00-\x7f]*", False, False),
)

#: Where a text that was normalised may hold a piece that was not one before: at a word that begins
#: one, and where letters, digits and joints alternate.
_AGAIN: Final = (
    r"(?<![a-z0-9])(?:at|uncaught|miniprogramerror|invoke|err_?msg|r?id|(?:req|request|trace|log)id|from|more|wx|https?|wss?"
    r"|file|webpack)(?![a-z0-9])|[a-z]\d|\d[a-z]|[a-z0-9]-|_|\d[.,]\d|\.[a-z]{2,5}:\d"
)


@lru_cache(1)
def scanner() -> re.Pattern[str]:
    """All patterns as one expression; ``kinds`` says what a match of it is."""
    ways = (
        pattern.first
        + (_BEGIN if pattern.begins else "")
        + f"(?:{pattern.rest})"
        + (_END if pattern.ends else "")
        # An empty group names what matched: before the first sign it would hide that from ``re``.
        + f"(?P<{pattern.kind}_{number}>)"
        for number, pattern in enumerate(_PATTERNS)
    )
    # Python's \d is a digit of any script, but an anchor is looked for in bytes.
    return re.compile("|".join(ways).replace(r"\d", "[0-9]"))


@lru_cache(1)
def kinds() -> dict[int, str]:
    """The kind of token by the number of the group that matched last."""
    return {number: name.partition("_")[0] for name, number in scanner().groupindex.items()}


@lru_cache(1)
def unit() -> re.Pattern[str]:
    """A word that makes the number before it an amount."""
    return re.compile(_UNIT)


@lru_cache(1)
def again() -> re.Pattern[str]:
    """Where a text that was normalised must be looked at again."""
    return re.compile(_AGAIN)


@lru_cache(1)
def rewritten() -> re.Pattern[str]:
    """What stands for something else, or for nothing."""
    return re.compile(_REWRITTEN)


# Compiled when they are first used, and kept by :mod:`re`: a title needs none of them.


#: The objects that vendors of mini-programs hang their interfaces on.
ROOTS: Final = "wx|qy|ww|my|dd|tt|swan|uni|lark|ks|qq|jd"
#: ``wx.qy.login``, ``qy.login`` and ``qy__login``; ``canvasContext.draw`` and others that one is
#: given; no part of an address, a file or a longer word.
_NAME: Final = (
    rf"(?a)(?<![\w./@-])(?:(?:{ROOTS})(?:(?:\.|__)[A-Za-z]\w*?)+"
    r"|(?:[A-Za-z]+(?:Context|Manager|Observer)|(?:Upload|Download|Request|Socket)Task"
    r"|(?:upload|download|request|socket)Task|[Ss]electorQuery)\.[a-z]\w*?)"
    r"(?!\w|\.(?:com|cn|net|org)\b)"
)
_FILE: Final = (
    r"\.(?:com|cn|net|org|io|js|ts|css|wxss|wxml|json|html?|png|jpe?g|cnf|ini|ya?ml|md|py|sh)$"
)
#: A word with a hump is looked through for one hump, since to try each takes seconds in Base64.
_CALLED: Final = r"(?<![\w.])((?=[a-z]\w*?[A-Z])\w++|[a-z]{4,})\s?[:\uff1a]\s?fail\b"


def names_in(text: str) -> list[str]:
    """The interfaces that ``text`` names, in its order, each as often as it is named.

    However it is spelled, ``qy.login`` is given as ``wx.qy.login``.
    """
    found = (match.group().replace("__", ".") for match in re.finditer(_NAME, text))
    return [in_full(name) for name in found if not re.search(_FILE, name)]


def in_full(name: str) -> str:
    """A name with the object that its interface hangs on."""
    return f"wx.{name}" if name.startswith("qy.") else name


def component_in(title: str, errors: Iterable[str]) -> str:
    """The API that a title names, else the one that an error text is about."""
    for name in names_in(title):
        return name
    for error in errors:
        for name in names_in(error):
            return name
        if called := re.search(_CALLED, error):
            return f"wx.{called[1]}"
    return ""


#: ``qy.login:ok code=``, ``"errMsg": "request:ok"``.
_SUCCEEDED: Final = (
    r"(?ai)\W*(?:err(?:or)?_?msg[\"']?\s?[:=]\s?[\"']?)?"
    r"[a-z_$][\w.$]{0,80}\s?[:\uff1a]\s?ok(?![a-z\d_])"
)
_WENT_WRONG: Final = (
    r"(?i)fail|error(?!_?(?:msg|code)\b)|exception|denied|invalid|失败|错误|异常|报错"
    r"|err(?:or)?_?(?:code|no)\W{0,4}-?0{0,9}[1-9]"
)


def says_success(text: str) -> bool:
    """Whether a text is what a call says that succeeded, and nothing behind it went wrong."""
    found = re.match(_SUCCEEDED, text)
    return found is not None and re.search(_WENT_WRONG, text[found.end() :]) is None


# A log as it comes, decoded to lines without colours and carriage returns

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
        is_plain: tells quickly of some bytes that they are UTF-8 with nothing to clean.
    """

    def __init__(self, *, strict: bool, is_plain: Callable[[bytes], bool] | None = None) -> None:
        self._strict = strict
        self._is_plain = is_plain
        self._held = b""
        self._decode: Callable[[bytes, bool], bytes] | None = None

    def clean(self, chunk: bytes, *, last: bool = False) -> bytes:
        """The next part of the stream."""
        if self._decode is None:
            chunk = self._held + chunk
            self._held = b""
            if len(chunk) < ENOUGH and not last:
                self._held = chunk
                return b""
            self._decode = _decoder(chunk)
        data = self._held + self._decode(chunk, last)
        self._held = b""
        if not last:
            seen = max(0, len(data) - _LONGEST_UNFINISHED)
            unfinished = re.compile(_UNFINISHED).search(data, seen)
            if unfinished is not None:
                self._held = data[unfinished.start() :]
                data = data[: unfinished.start()]
        if self._is_plain is not None and self._is_plain(data):
            return data
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
    if not (encoding := utf_16(beginning)):
        return lambda chunk, _last: chunk
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    return lambda chunk, last: decoder.decode(chunk, last).encode("utf-8", "replace")


def _valid(data: bytes) -> bytes:
    """The data with a question mark for each byte that is not UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogateescape").encode("utf-8", "replace")
    return data


#: As much as is scanned at once, so that it is not copied.
_AT_ONCE: Final = 256 * 1024
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
    except OSError:  # Between the old one and the new one there may be none.
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
