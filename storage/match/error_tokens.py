"""The tokens of error texts: the regular expressions of the normaliser.

They are tried at each place in the order in which they stand here, on text that is
folded already. Each begins with a sign or a set of signs, by which Python's ``re``
passes over those that can't match, and every repeat is bounded or can't be entered
twice at one place, so that no text makes them slow.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

#: A line's colours, and what JSON writes for a sign; the deeper it is wrapped, the more
#: backslashes there are.
_REWRITTEN: Final = r"\x1b\[[0-9;:?]{0,30}[A-Za-z]|(?<!\\)\\+(?:u([0-9A-Fa-f]{4})|[nrt]|([\"'/]))"

_CLOCK: Final = r"(?:\d{1,2}(?::\d{2}){1,2}(?:[.,:]\d{1,9})?|\d{1,2}时\d{1,2}分(?:\d{1,2}秒)?)"
_ZONE: Final = r"(?:\s?(?:gmt|utc)?[-+]\d{2}:?\d{2}(?![a-z0-9])|\s?(?:z|utc|gmt)(?![a-z0-9]))?"
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
_WEEKDAYS: Final = "mon tue wed thu fri sat sun"
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


class _Piece(NamedTuple):
    """An expression: the sort of piece that it finds, its first sign, and the rest."""

    sort: str
    first: str
    rest: str
    begins: bool = True
    ends: bool = True


_PIECES: Final = (
    # Times
    _Piece(
        "time", r"\d", rf"\d{{3}}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?(?:[t\s]\s?{_CLOCK}{_ZONE})?"
    ),
    _Piece("time", r"\d", r"\d?:\d{2}:\d{2}(?:[.,:]\d{1,9})?(?:\s?[ap]m)?"),
    *(_Piece("time", name[0], name[1:] + _DAYTIME) for name in _MONTHS.split()),
    *(
        _Piece(
            "time", name[0], rf"{name[1:]}[a-z]{{0,6}},?\s(?:{_MONTHS.replace(' ', '|')}){_DAYTIME}"
        )
        for name in _WEEKDAYS.split()
    ),
    # Stack frames, and the place in a source that a console sets beside a message
    _Piece(
        "frame",
        "a",
        rf"t\s[^\n()]{{1,200}}\((?:[^\n()]{{0,500}}{_PLACE}|<anonymous>|native[^()\n]{{0,99}})\)",
        ends=False,
    ),
    _Piece("frame", "a", rf"t\s(?:async\s)?[^\s()]{{1,500}}?{_PLACE}"),
    _Piece(
        "frame", "@", rf"(?:https?|file|webpack|app)[^\s@()\"']{{1,500}}?{_PLACE}", begins=False
    ),
    _Piece("frame", "f", r"ile\s\"[^\"\n]{1,500}\",\sline\s\d{1,9}(?:,\sin\s\S{1,99})?"),
    _Piece("frame", "h", rf"ttps?://[^\s\"'()<>?]{{0,299}}{_SOURCE_PLACE}"),
    _Piece("frame", r"[\w/\\.@~-]", rf"[\w/\\.@~-]{{0,199}}{_SOURCE_PLACE}"),
    # What the platform and its consoles wrap a message in
    _Piece("wrapping", "u", r"ncaught(?:\s{0,4}\(in promise\)|(?![a-z0-9_]))", ends=False),
    _Piece("wrapping", "m", r"iniprogramerror"),
    _Piece(
        "wrapping",
        "i",
        rf"nvoke\sresult(?:{_QUOTES}:{_QUOTES}[\w.]{{1,99}}\s?,|{_END})",
        ends=False,
    ),
    _Piece("wrapping", "e", r"rr_?msg"),
    # What the vendor's servers add to it
    _Piece("hint", "h", r"int\s?:\s?\[[^\]\n]{0,500}\]", ends=False),
    _Piece("request", "r", rf"(?:id|eq(?:uest)?_?id){_QUOTES}[:=]{_QUOTES}[\w.-]{{1,200}}"),
    _Piece("request", "[tl]", rf"(?:race|og)_?id{_QUOTES}[:=]{_QUOTES}[\w.-]{{1,200}}"),
    _Piece("address", "f", r"rom\sip\s?:?\s?[0-9a-f.:]{3,45}"),
    _Piece("address", "m", r"ore\sinfo\sat"),
    # The only part of an address that is kept for certain is an error code
    _Piece("code", "h", r"ttps?://[^\s\"'<>?]{0,200}devtool/query\?e=(?P<at>-?\d{1,9})"),
    _Piece("code", "d", r"evtool/query\?e=(?P<of>-?\d{1,9})", begins=False),
    _Piece("address", r"\d", r"\d{0,2}(?:\.\d{1,3}){3}(?::\d{1,5})?(?!\.\d)"),
    _Piece("address", "[0-9a-f]", r"[0-9a-f]{0,3}(?<!:)(?::[0-9a-f]{1,4}){7}(?!:)"),
    _Piece("address", r"\?", r"[\w.%\[\]-]{1,99}=[^\s\"'<>(),;，。；、（）]{0,2000}", False, False),
    # How an address is reached and whose object a name belongs to are not even worth showing
    _Piece("nothing", "[hwf]", r"(?:ttps?|ss?|ebpack|ile)://+", ends=False),
    _Piece("nothing", "w", r"x[._]+(?:wx[._]+)*(?=[a-z])", ends=False),
    _Piece("hex", "0", r"x[0-9a-f]{1,99}"),
    _Piece("hex", "[0-9a-f]", r"[0-9a-f]{7}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    _Piece("hex", "[0-9a-f]", r"(?<=(?=[a-f]*\d[a-f]*\d).)(?<=(?=\d*[a-f]).)[0-9a-f]{7,}"),
    # Its length comes first: nearly every word fails there.
    _Piece(
        "hex",
        "[a-z0-9]",
        r"(?<=(?=[a-z0-9_-]{20}).)(?<=(?=(?:[a-z_-]{0,40}\d){3}).)(?<=(?=\d*[a-z]).)[a-z0-9_-]{19,}",
    ),
    # What stays
    _Piece("key", "e", r"rr(?:or)?_?(?:code|no)", begins=False),
    _Piece("key", "[错返]", r"(?:误代?码|回码)", False, False),
    _Piece("varying", "#", r"#*(?:v?\d+(?:[.,]\d+)*(?![a-z0-9_]))?", False, False),
    _Piece("number", r"[-+]", rf"(?<![\w#].)v?\d+(?:[.,]\d+)*(?:{_END}|(?={_UNIT}))", False, False),
    _Piece(
        "number",
        "[v0-9]",
        rf"(?<![a-z0-9_].)(?:(?<=v)\d+|(?<!v)\d*)(?:[.,]\d+)*(?:{_END}|(?={_UNIT}))",
        False,
        False,
    ),
    _Piece("word", "[a-z0-9]", r"[a-z0-9]*", False, False),
    _Piece("word", r"[^\W\x00-\x7f]", r"[^\W\x00-\x7f]*", False, False),
)


#: Where a text that was normalised may hold a piece that was not one before: at a word that begins
#: one, and where letters, digits and joints alternate.
_AGAIN: Final = (
    r"(?<![a-z0-9])(?:at|uncaught|miniprogramerror|invoke|err_?msg|r?id|(?:req|request|trace|log)id|from|more|wx|https?|wss?"
    r"|file|webpack)(?![a-z0-9])|[a-z]\d|\d[a-z]|[a-z0-9]-|_|\d[.,]\d|\.[a-z]{2,5}:\d"
)


@lru_cache(1)
def scanner() -> re.Pattern[str]:
    """All pieces as one expression; ``sorts`` says what a match of it is."""
    ways = (
        piece.first
        + (_BEGIN if piece.begins else "")
        + f"(?:{piece.rest})"
        + (_END if piece.ends else "")
        # An empty group names what matched: before the first sign it would hide that from ``re``.
        + f"(?P<{piece.sort}_{number}>)"
        for number, piece in enumerate(_PIECES)
    )
    # Python's \d is a digit of any script, but an anchor is looked for in bytes.
    return re.compile("|".join(ways).replace(r"\d", "[0-9]"))


@lru_cache(1)
def sorts() -> dict[int, str]:
    """The sort of piece by the number of the group that matched last."""
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
