"""All signatures as one hyperscan database, and what its ids mean.

The database looks for the anchors of literals and globs, for patterns as they are,
and for what may hide an anchor. It says which lines are worth judging, and which
signatures are worth comparing with a line.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from binascii import crc32
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self

from storage.match.signatures import (
    HIDING,
    Anchor,
    SignaturePart,
    by_lines,
    escaped,
    flags,
    is_fast,
    is_of_bytes,
    load_hyperscan,
    may_hold,
    plan_of,
    spellings,
    together,
    words_asked,
)
from storage.model.fields import NamedTuple
from storage.model.vocabulary import SignatureForm

#: A form and a text: a signature without its limits.
Look = tuple[SignatureForm, str]
_FORMS: Final = {form.value: form for form in SignatureForm}

#: Keep the database if it took longer than this (seconds) to make: it is read in a third of that.
_LONG: Final = 0.01
#: Two words in one line are an expression, which takes hyperscan twenty times as long to compile
#: as a word. With more anchors than this, their other words are compared afterwards.
_FEW: Final = 2_000
#: With more other words than this, comparing them costs more than judging the line.
_MANY: Final = 8


class _Expression(NamedTuple):
    """What hyperscan looks for: the word, if it is one, and what must stand in the line too.

    One of ``others`` must; ``both`` are what the expression itself has seen to.
    """

    expression: bytes
    flags: int
    word: str = ""
    others: tuple[str, ...] = ()
    both: tuple[str, ...] = ()


class SignaturePlan:
    """What to look for, and what the database's ids mean; made of what :func:`plan_of` says."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.looks: list[Look] = [(_FORMS[form], text) for form, text in plan["looks"]]
        #: What must stand in a line for each literal or glob to match.
        self.pieces: list[list[SignaturePart]] = plan["pieces"]
        self.patterns: list[int] = plan["patterns"]
        #: Whether what is scanned must be valid UTF-8.
        self.wants_text = any(not is_of_bytes(self.looks[place][1]) for place in self.patterns)
        #: For each word: its other words, and the signatures that have both.
        self.by_word = _by_word(plan)
        finds = plan["finds"]
        self.words: list[str] = [word for word, _others, _both in finds]
        self.first_pattern = len(finds) - len(self.patterns)
        #: For each id, what a line must hold as well, in small letters, to be worth judging, if
        #: the database does not see to it: one of these.
        self.others = [tuple(map(str.encode, others)) for _word, others, _both in finds]
        #: For each id, the words in small letters that may be far apart in a long line.
        self.both = [tuple(map(str.encode, both)) for _word, _others, both in finds]


class SignatureIndex:
    """What to look for, compiled; made by :meth:`made` or :meth:`read`."""

    def __init__(self, kept: CachedDatabase, database: Any) -> None:
        self.kept = kept
        self._database = database

    @classmethod
    def read(cls, path: Path, name: bytes) -> Self | None:
        """What was kept under that name, see :func:`cache_name`; None if nothing can be used."""
        hyperscan, kept = load_hyperscan(), load_cached(path, name)
        if kept is None:
            return None
        try:
            database = hyperscan.loadb(kept.database, hyperscan.HS_MODE_STREAM)
            database.scratch = hyperscan.Scratch(database)
        except hyperscan.error:
            # It is of another version or for another processor.
            return None
        return cls(kept, database)

    @classmethod
    def made(cls, looks: Sequence[Look], keep_at: Path | None = None, name: bytes = b"") -> Self:
        """Compiled anew, and kept if that is worth it.

        Args:
            looks: the signatures' forms and texts, each once.
            keep_at: where it may be kept; None to do without.
            name: under which name.
        """
        started = time.monotonic()
        plan = plan_of(looks)
        expressions = list(_expressions(looks, plan))
        # To write the expressions anew takes longer than to read all that is kept.
        plan["finds"] = [(one.word, one.others, one.both) for one in expressions]
        plan["looks"] = looks
        database = _compiled(expressions)
        made = CachedDatabase(words_asked(plan), json.dumps(plan).encode(), b"")
        if keep_at is not None and time.monotonic() - started > _LONG:
            dumped = load_hyperscan().dumpb(database)
            save_cached(keep_at, name, made._replace(database=dumped))
        return cls(made, database)

    @cached_property
    def plan(self) -> SignaturePlan:
        """What the finds mean, read once there is one: most titles hold no signature."""
        return SignaturePlan(json.loads(self.kept.plan))

    def pieces(self, look: int) -> list[SignaturePart]:
        """What must stand in a line for a literal or a glob to match."""
        return [SignaturePart(*one) for one in self.plan.pieces[look]]

    @property
    def given_up(self) -> list[str]:
        """The patterns that have taken too long and are looked for no more; none of hyperscan."""
        numbers = sorted(getattr(self._database, "given_up", ()))
        return [
            self.plan.looks[self.plan.patterns[one - self.plan.first_pattern]][1] for one in numbers
        ]

    def stream(self, note: Callable[[int, int, int, int, object], object]) -> Any:
        """A stream to scan bytes with; ``note`` gets the id and the end of each find.

        Hyperscan's binding does not keep ``note`` alive, so the caller must.
        """
        return self._database.stream(match_event_handler=note)

    def candidates(self, key: str) -> list[int]:
        """The literals and globs that a normalised line may match, in the same order each time."""
        words = dict.fromkeys(self.plan.words[one] for one in sorted(self._found_in(key.encode())))
        return [
            place
            for word in words
            for other, places in self.plan.by_word.get(word, {}).items()
            if other in key
            for place in places
        ]

    def matching_patterns(self, line: bytes) -> list[int]:
        """The patterns that match a line of UTF-8."""
        if not self.plan.patterns:
            return []
        found = self._found_in(line)
        return [
            place
            for number, place in enumerate(self.plan.patterns, self.plan.first_pattern)
            if number in found
        ]

    def looks_of(self, number: int) -> list[int]:
        """The literals and globs that a find may lead to; none if it may be something else."""
        by_other = self.plan.by_word.get(self.plan.words[number], {})
        if self.plan.both[number]:
            # Beside its other words the word is another find.
            return by_other[self.plan.both[number][1].decode()]
        return [look for looks in by_other.values() for look in looks]

    def _found_in(self, data: bytes) -> set[int]:
        found: set[int] = set()

        def note(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            found.add(number)

        with self.stream(note) as stream:
            stream.scan(data)
        return found


def _by_word(plan: dict[str, Any]) -> dict[str, dict[str, list[int]]]:
    found: dict[str, dict[str, list[int]]] = {}
    for place, one in enumerate(plan["anchors"]):
        if one is not None:
            found.setdefault(one[0], {}).setdefault(one[1], []).append(place)
    return found


def _expressions(looks: Sequence[Look], plan: dict[str, Any]) -> Iterator[_Expression]:
    """What to look for: anchors, what may hide one, patterns; their places are their ids."""
    caseless = int(load_hyperscan().HS_FLAG_CASELESS)
    anchors = dict.fromkeys(Anchor(*one) for one in plan["anchors"] if one is not None)
    others: dict[str, dict[str, None]] = {}
    for one in anchors:
        others.setdefault(one.word, {})[one.other] = None
    few = len(anchors) <= _FEW
    for word, beside in others.items():
        if few and "" not in beside:
            continue
        enough = "" in beside or len(beside) > _MANY
        yield _Expression(escaped(word), caseless, word, () if enough else tuple(beside))
    for one in anchors if few else ():
        if "" not in others[one.word]:
            both = (one.word, one.other)
            yield _Expression(together(one), caseless, one.word, both=both)
    for word in others:
        for spelling in spellings(word):
            yield _Expression(spelling, caseless, word)
    for hidden in HIDING:
        yield _Expression(hidden, caseless)
    for place in plan["patterns"]:
        yield _Expression(by_lines(looks[place][1]), flags(looks[place][1]))


def _compiled(expressions: Sequence[_Expression]) -> Any:
    hyperscan = load_hyperscan()
    database = hyperscan.Database(mode=hyperscan.HS_MODE_STREAM)
    database.compile(
        expressions=[one.expression for one in expressions],
        ids=list(range(len(expressions))),
        flags=[one.flags for one in expressions],
    )
    return database


# A log that needs no cleaning, and the lines of one, told by hyperscan as well

#: UTF-8 without carriage returns and escapes, to its end.
_PLAIN: Final = (
    rb"\A(?:[\x00-\x0c\x0e-\x1a\x1c-\x7f]|[\xc2-\xdf][\x80-\xbf]"
    rb"|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]"
    rb"|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2})+\z"
)
#: To compile that takes as long as to look at so many bytes in the other way.
_WORTH_COMPILING: Final = 4 * 1024 * 1024
#: In no more bytes than this, lines are counted as quickly without it.
_SHORT: Final = 4 * 1024
_LINES: Final = rb"\A(?:(?:[^\n]*\n){16})+"


class _Passes:
    """Passes of one expression over a log's pieces, once enough went by that it is worth compiling.

    Without hyperscan there are none.
    """

    def __init__(self, expression: bytes) -> None:
        self._expression = expression
        self._passed = 0
        self._database: Any = None

    def ends_in(self, data: bytes, length: int) -> list[int] | None:
        """Where it matches, if it is worth it; ``length`` is what it saves to look at otherwise."""
        if self._database is None:
            self._passed += length
            if self._passed < _WORTH_COMPILING or not is_fast():
                return None
            hyperscan = load_hyperscan()
            self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
            self._database.compile(expressions=[self._expression], ids=[0], flags=[0])
        ends: list[int] = []

        def note(_number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            ends.append(end)

        self._database.scan(data, match_event_handler=note)
        return ends


class PlainText:
    """Tells of a log's pieces that they are UTF-8 with nothing to clean, in one pass over each.

    To decode a piece and to search it for each sign that is taken out costs three times as much.
    Of the first pieces, and without hyperscan, nothing is told.
    """

    def __init__(self) -> None:
        self._passes = _Passes(_PLAIN)

    def holds(self, data: bytes) -> bool:
        """Whether the bytes are known to be plain."""
        return bool(self._passes.ends_in(data, len(data)))


class LineCounter:
    """Counts the lines that end in parts of a log: told of each sixteenth one by hyperscan.

    That takes two thirds of the time of ``bytes.count``.
    """

    def __init__(self) -> None:
        self._passes = _Passes(_LINES)
        #: Where each sixteenth line of what was counted in last ends.
        self._data = b""
        self._ends: list[int] | None = None

    def count(self, data: bytes, start: int, end: int) -> int:
        """How many lines end between two places."""
        if end - start >= _SHORT and data is not self._data:
            self._data, self._ends = data, self._passes.ends_in(data, end - start)
        if end - start < _SHORT or self._ends is None:
            return data.count(b"\n", start, end)
        return _lines_before(end, self._ends, data) - _lines_before(start, self._ends, data)


def _lines_before(place: int, sixteenths: Sequence[int], data: bytes) -> int:
    whole = bisect(sixteenths, place)
    return 16 * whole + data.count(b"\n", sixteenths[whole - 1] if whole else 0, place)


# A compiled database kept beside the board, since many signatures take seconds to compile

_MAGIC: Final = b"pitboard signatures\n"
#: The code by which a database comes out of signatures: with other code it is another one.
_MADE_BY: Final = ("error_text", "normalizer", "signatures", "signature_index")


class CachedDatabase(NamedTuple):
    """What is kept: what lines are asked for, the plan of what hits mean, as JSON, the database."""

    asked: dict[str, list[str]] | None
    plan: bytes
    database: bytes

    def may_match(self, line: str) -> bool:
        """Whether a line is worth being normalised and judged."""
        return self.asked is None or may_hold(self.asked, line)


def cache_path(board: Path) -> Path:
    """Where the cache of the board at that path lies."""
    return board.with_name(f".{board.name}.signatures")


def cache_name(texts: int) -> bytes:
    """The name of the database of the signatures with that digest, made by this code, in hex."""
    digest = hashlib.sha256()
    for module in _MADE_BY:
        digest.update(Path(__file__).with_name(f"{module}.py").read_bytes())
    digest.update(str(texts).encode())
    return digest.hexdigest().encode()


def load_cached(path: Path, name: bytes, *, asked_alone: bool = False) -> CachedDatabase | None:
    """What was kept under that name; None if there is nothing, or nothing to be trusted."""
    head = _MAGIC + name + b"\n"
    try:
        with path.open("rb") as file:
            if not _is_ours_alone(os.fstat(file.fileno())) or file.read(len(head)) != head:
                return None
            asked = _sealed(file.readline().rstrip(b"\n"))
            rest = b"" if asked_alone else _sealed(file.read())
    except OSError:
        return None
    if asked is None or rest is None:
        return None
    plan, _, database = rest.partition(b"\n")
    return CachedDatabase(json.loads(asked), plan, database)


def _sealed(data: bytes) -> bytes | None:
    # A checksum tells damage; who can have written the file is told by its owner and its mode.
    seal, _, sealed = data.partition(b" ")
    return sealed if b"%08x" % crc32(sealed) == seal else None


def save_cached(path: Path, name: bytes, kept: CachedDatabase) -> None:
    """Keep a database instead of what was kept before; where that can't be done, do without."""
    asked, rest = json.dumps(kept.asked).encode(), kept.plan + b"\n" + kept.database
    parts = (_MAGIC, name, crc32(asked), asked, crc32(rest), rest)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        try:
            handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(b"%b%b\n%08x %b\n%08x %b" % parts)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


def _is_ours_alone(status: os.stat_result) -> bool:
    """Whether nobody else can have written the file; Windows keeps the user's folders private."""
    return os.name == "nt" or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)
