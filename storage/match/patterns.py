"""Patterns: what hyperscan takes, and why it takes no other.

Hyperscan matches in time that is linear in the text whatever the pattern, but a
pattern that repeats much can take it long to compile, so that is bounded before.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from storage.errors import N_, Refused
from storage.match.signatures import pieces
from storage.model.vocabulary import SignatureForm

#: How many signs a pattern may come to when its counted repeats are written out.
_LONGEST: Final = 500
#: A class of Unicode letters is worth so many signs: it is hundreds of ranges in bytes.
_CLASS_OF_LETTERS: Final = 10

REASON_REPEATS: Final = N_("it repeats too much; write * or + instead of a large count")
REASON_EVERYTHING: Final = N_("it matches nearly everything")
REASON_FLAGS: Final = N_("a flag can't be turned off inside a pattern")

#: Lines that have nothing in common.
_BLAND: Final = (b"ok", b"0", "成功".encode())

_SIGN: Final = (
    r"\\[pP](?:\{[^}]*\}|.)|\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?#[^)]*\)|[()|]|"
    r"\{(?P<from>\d+)(?:,(?P<to>\d*))?\}|."
)
#: Classes that leave something out, and what speaks of more than bytes.
_NOT_A_CLASS: Final = (r"\W", r"\D", r"\S", r"\N", r"\H", r"\V")
_OF_TEXT: Final = r"\\[pPXxR]|\(\*|\\Q|[*+?}][?+]|\(\?[a-zA-Z]"
_TURNED_OFF: Final = r"\(\?[a-zA-Z]*-"


def why_not(pattern: str) -> str | None:
    """Why a pattern can't be looked for, in hyperscan's words or ours; None if it can be."""
    import hyperscan

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
    import hyperscan

    wanted = hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_MULTILINE
    return int(wanted if is_of_bytes(pattern) else wanted | hyperscan.HS_FLAG_UTF8)


def is_of_bytes(pattern: str) -> bool:
    """Whether a pattern matches the same in the bytes of a text, which is faster to look for.

    It is so if whatever stands for one sign of any length stands for any number of them.
    """
    if not pattern.isascii() or re.search(_OF_TEXT, pattern):
        return False
    signs = _signs(pattern)
    return all(
        after in ("*", "+") or not (sign == "." or sign in _NOT_A_CLASS or sign[:2] == "[^")
        for sign, after in pairwise([*signs, ""])
    )


def _signs(pattern: str) -> list[str]:
    return [match.group() for match in re.finditer(_SIGN, pattern, re.DOTALL)]


def by_lines(pattern: str) -> bytes:
    r"""The pattern for a text of many lines, in which ``\A`` and ``\Z`` are a line's ends."""
    ends = {r"\A": "^", r"\Z": "$", r"\z": "$"}
    return "".join(ends.get(sign, sign) for sign in _signs(pattern)).encode("utf-8", "replace")


def compiled(patterns: list[str], mode: int, more_flags: int = 0) -> Any:
    """A database of patterns alone; raises hyperscan's error."""
    import hyperscan

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
    import hyperscan

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
    for match in re.finditer(_SIGN, pattern, re.DOTALL):
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


# Whether a signature that somebody types can be looked for at all


def check_signature(text: str, form: SignatureForm) -> None:
    """Whether a signature can be looked for, and tells errors apart.

    Raises:
        Refused: with the reason that it can't be compiled, or that it would match
            nearly everything.
    """
    if form is SignatureForm.PATTERN:
        reason = why_not(text)
        if reason is not None:
            raise Refused(
                N_("The pattern “{text}” can't be looked for: {why}."),
                field="signature",
                text=text,
                why=reason,
            )
        return
    if not pieces(text, form):
        raise Refused(
            N_("The signature “{text}” would match nearly everything."),
            N_("Give more of the error text."),
            field="signature",
            text=text,
        )
