"""Scans a stream of any size: which known pitfalls are in it, how often, and where first.

Hyperscan goes over the bytes as they come; only a line in which it finds something
is cut out, normalised and judged. Of a stream no more is held than a chunk and the
longest line that is judged whole. A longer line is judged in windows that overlap.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Final

from storage.match.error_text import LogDecoder
from storage.match.known_errors import (
    KnownErrors,
    LineMatcher,
    MatchedLine,
    MatchedPitfall,
    OccurrencePlace,
)
from storage.match.normalizer import key_of
from storage.match.signature_index import LineCounter, PlainText, SignatureIndex
from storage.model.fields import NamedTuple
from storage.model.records import Signature

#: The length in bytes of a window on a long line, which is the longest line judged whole.
WINDOW: Final = 16 * 1024
_STEP: Final = WINDOW // 2
#: The bytes of names and of words in other letters, and how many a window may cut off.
_NAME_BYTES: Final = bytes(
    byte for byte in range(256) if byte >= 0x80 or chr(byte).isalnum() or byte in b"_.$"
)
_LONGEST_CUT: Final = 99
#: So much is scanned at once: all that is found in it is held in memory.
_AT_ONCE: Final = 256 * 1024
#: Where a find ends.
_END: Final = itemgetter(1)


@dataclass(slots=True)
class StreamHit:
    """A known pitfall in a stream: by which signature, in how many lines, and where first.

    ``line`` is the text of the first of them (or a window on it), ``matched`` what of
    it the signature matched.
    """

    pitfall: str
    signature: Signature
    lines: int
    first_line: int
    line: str
    matched: str


@dataclass(slots=True)
class _Line:
    """A line of the stream by its byte offsets; it may not be ended yet."""

    start: int
    end: int | None
    #: The pitfalls that have been counted in it, and the finds that can only lead to these.
    counted: set[str] = field(default_factory=set)
    settled: set[int] = field(default_factory=set)

    def is_settled(self, number: int, at: int) -> bool:
        """Whether a find at a byte of this or a later line has nothing to add."""
        return number in self.settled and (self.end is None or at <= self.end)


@dataclass(slots=True)
class _Unit:
    """What is judged in one go: a line, or a window on one."""

    start: int
    text: bytes
    small: bytes
    judged: bool = False
    #: The finds in it that were looked at.
    seen: set[int] = field(default_factory=set)
    #: What ``normalise`` leaves of it, once that was asked for.
    key: str | None = None


class _Aim(NamedTuple):
    """What a find can lead to: these signatures and pitfalls; to any of them, if there are none."""

    looks: list[int]
    pitfalls: set[str]


class StreamScanner:
    """Scans one stream; ``found`` holds the hits so far.

    Args:
        known: the signatures of a board.
        where: where the stream is from; a signature of somewhere else does not match.
    """

    def __init__(self, known: KnownErrors, where: OccurrencePlace | None = None) -> None:
        self.found: dict[str, StreamHit] = {}
        self._known = known
        self._where = where or OccurrencePlace()
        self._judge = known.judge()
        self._hits: list[tuple[int, int]] = []
        #: What of the stream is still held, and where in it that begins.
        self._data = b""
        self._base = 0
        #: How many lines there are before a place.
        self._lines = self._counted_to = 0
        self._counter = LineCounter()
        #: What a find, by its number, can lead to.
        self._aims: dict[int, _Aim] = {}
        #: The line that is not ended yet, and the units of it that were looked at last.
        self._line = _Line(0, None)
        self._units: dict[int, _Unit] = {}
        if self._judge is not None:
            strict = self._judge.index.plan.wants_text
            self._cleaner = LogDecoder(strict=strict, is_plain=PlainText().holds)
            self._note = _noting(self._hits)
            self._stream = self._judge.index.stream(self._note)
            self._stream.__enter__()

    def feed(self, chunk: bytes) -> None:
        """The next bytes of the stream."""
        if self._judge is not None:
            for start in range(0, len(chunk), _AT_ONCE):
                data = self._cleaner.clean(chunk[start : start + _AT_ONCE])
                self._stream.scan(data)
                self._take(self._judge, data, last=False)

    def close(self) -> None:
        """The stream has ended."""
        if self._judge is not None:
            data = self._cleaner.clean(b"", last=True)
            self._stream.scan(data)
            self._stream.__exit__(None, None, None)
            self._take(self._judge, data, last=True)

    def _take(self, judge: LineMatcher, data: bytes, *, last: bool) -> None:
        """Look at what was found in the next bytes, which were scanned."""
        self._hits.sort(key=_END)
        rest = data.find(b"\n") + 1 if self._data else 0
        if rest:
            # Only the end of the line that is held is joined to it: the rest is not copied.
            self._data += data[:rest]
            self._look_at(judge, bisect(self._hits, self._base + len(self._data), key=_END))
            self._data = data
            self._base -= rest
        else:
            self._data += data
        self._look_at(judge, len(self._hits), last=last)

    def _look_at(self, judge: LineMatcher, hits: int, *, last: bool = False) -> None:
        """Look at the first finds, which are in what is held, and hold less."""
        self._line.end = self._end_of_line(self._line.start, last=last)
        if hits:
            self._hits[:hits] = self._sift(judge, self._hits[:hits], last=last)
        self._let_go(last=last)

    def _sift(
        self, judge: LineMatcher, hits: Iterable[tuple[int, int]], *, last: bool
    ) -> list[tuple[int, int]]:
        """Judge what was found; the finds that wait for the rest of their line come back."""
        others = judge.index.plan.others
        waiting: list[tuple[int, int]] = []
        for hit in hits:
            number, end = hit
            if self._line.is_settled(number, end - 1):
                continue
            if others[number] and self._is_dismissed(end - 1 - self._base, others[number]):
                continue
            self._go_to(end - 1, last=last)
            for start, stop in self._spans(end - 1, last=last):
                if stop is None:
                    waiting.append(hit)
                    break
                unit = self._units.get(start) or self._unit(start, stop)
                if unit.judged or number in unit.seen:
                    continue
                unit.seen.add(number)
                if _is_worth_judging(judge.index, number, unit):
                    self._judge_unit(judge, unit, number)
        return waiting

    def _is_dismissed(self, at: int, wanted: tuple[bytes, ...]) -> bool:
        """Whether the line around a place in what is held lacks what it must hold as well.

        Most finds end here, so this is quick, and leaves to others what is not simple: a line
        that is long, or not whole.
        """
        data = self._data
        end = data.find(b"\n", at, at + WINDOW)
        start = data.rfind(b"\n", max(0, at - WINDOW), at)
        return start >= 0 and end >= 0 and not _holds(data[start:end].lower(), wanted)

    def _go_to(self, at: int, *, last: bool) -> None:
        """Make the line current that a byte is in; a line's end is in it."""
        line = self._line
        if line.end is None or at <= line.end:
            return
        start = self._data.rfind(b"\n", 0, at - self._base) + 1 + self._base
        self._line = _Line(start, self._end_of_line(start, at, last=last))
        self._units.clear()

    def _number(self) -> int:
        """The number of the current line, from 1; lines are counted when it is asked for."""
        start = self._line.start
        if start > self._counted_to:
            # What is no longer held of a long line has no end of one.
            counted = max(self._counted_to - self._base, 0)
            self._lines += self._counter.count(self._data, counted, start - self._base)
            self._counted_to = start
        return self._lines + 1

    def _end_of_line(self, start: int, at: int = 0, *, last: bool) -> int | None:
        found = self._data.find(b"\n", max(start, at, self._base) - self._base)
        if found >= 0:
            return self._base + found
        return self._base + len(self._data) if last else None

    def _spans(self, at: int, *, last: bool) -> Iterator[tuple[int, int | None]]:
        """The units of the current line that hold a byte; one without an end is not whole yet."""
        start, end = self._line.start, self._line.end
        seen = self._base + len(self._data) if end is None else end
        if seen - start <= WINDOW:
            yield start, end
            return
        # The windows begin every step; one that ends with the line is the last one.
        first = max(0, (at - start - WINDOW) // _STEP + 1)
        for place in range(first, (at - start) // _STEP + 1):
            window = start + place * _STEP
            if window + WINDOW <= seen:
                yield window, window + WINDOW
            elif end is None:
                yield window, None
                return
            else:
                yield window, end
                return

    def _unit(self, start: int, stop: int) -> _Unit:
        text = self._data[start - self._base : stop - self._base]
        # A name that a window cuts is whole in the one beside it.
        if start > self._line.start:
            text = text[:_LONGEST_CUT].lstrip(_NAME_BYTES) + text[_LONGEST_CUT:]
        if stop != self._line.end:
            text = text[:-_LONGEST_CUT] + text[-_LONGEST_CUT:].rstrip(_NAME_BYTES)
        if len(self._units) > 2:
            # Those of a long line follow one another; only the last two can hold the same byte.
            del self._units[min(self._units)]
        self._units[start] = unit = _Unit(start, text, text.lower())
        return unit

    def _judge_unit(self, judge: LineMatcher, unit: _Unit, number: int) -> None:
        """Judge a unit in which something was found, and count what it holds.

        Where the find can only lead to pitfalls that are known to be in the stream, just its
        own signatures are compared; other finds see to others.
        """
        line = unit.text.decode("utf-8", "replace")
        aim = self._aims.get(number) or self._aim(judge, number)
        if aim.pitfalls and aim.pitfalls <= self.found.keys():
            if unit.key is None:
                unit.key = key_of(line)
            for match in judge.compare(unit.key, aim.looks):
                for pitfall in self._known.pitfalls(match.look, self._where):
                    self._count(pitfall)
        else:
            self._count_all(judge, line, judge.judge(line))
            unit.judged = True
        if aim.pitfalls and aim.pitfalls <= self._line.counted:
            self._line.settled.add(number)

    def _aim(self, judge: LineMatcher, number: int) -> _Aim:
        looks = judge.index.looks_of(number)
        pitfalls = {one for look in looks for one in self._known.pitfalls(look, self._where)}
        self._aims[number] = _Aim(looks, pitfalls)
        return self._aims[number]

    def _count(self, pitfall: str) -> None:
        """Count a line for a pitfall that is known to be in the stream, once for the whole line."""
        if pitfall not in self._line.counted:
            self._line.counted.add(pitfall)
            self.found[pitfall].lines += 1

    def _count_all(self, judge: LineMatcher, line: str, judged: MatchedLine) -> None:
        """Count (a part of) a line for all pitfalls in it."""
        best: dict[str, MatchedPitfall] = {}
        for one in self._known.behind(judged, self._where):
            if one.pitfall not in best or one.rank > best[one.pitfall].rank:
                best[one.pitfall] = one
        for pitfall, one in best.items():
            if pitfall in self.found:
                self._count(pitfall)
            else:
                self._line.counted.add(pitfall)
                start, end = judge.place(line, judged, one.match)
                self.found[pitfall] = StreamHit(
                    pitfall, one.signature, 1, self._number(), line, line[start:end]
                )

    def _let_go(self, *, last: bool) -> None:
        """Hold no more than the line that is not ended, and of a long one the last window."""
        newest = self._data.rfind(b"\n")
        if newest >= 0:
            self._go_to(self._base + newest + 1, last=last)
            self._number()
            self._data = self._data[newest + 1 :]
            self._base += newest + 1
        if len(self._data) > WINDOW:
            self._base += len(self._data) - WINDOW
            self._data = self._data[-WINDOW:]


def _is_worth_judging(index: SignatureIndex, number: int, unit: _Unit) -> bool:
    """Whether a unit holds all that must stand beside what was found in it."""
    others = index.plan.others[number]
    return all(map(unit.small.__contains__, index.plan.both[number])) and (
        not others or _holds(unit.small, others)
    )


def _holds(text: bytes, wanted: tuple[bytes, ...]) -> bool:
    return any(map(text.__contains__, wanted))


def _noting(hits: list[tuple[int, int]]) -> Callable[[int, int, int, int, object], None]:
    append = hits.append

    def note(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        append((number, end))

    return note


# What whole streams hold


class StreamFinding(NamedTuple):
    """A known pitfall in what was read; ``file`` is where its first line is, "" for a stream."""

    found: StreamHit
    file: str


def joined(findings: Iterable[StreamFinding]) -> list[StreamFinding]:
    """Each pitfall once, with the lines of all files, in the order in which they came."""
    by_pitfall: dict[str, StreamFinding] = {}
    for one in findings:
        name = one.found.pitfall
        if name in by_pitfall:
            before = by_pitfall[name]
            lines = before.found.lines + one.found.lines
            by_pitfall[name] = before._replace(found=replace(before.found, lines=lines))
        else:
            by_pitfall[name] = one
    return list(by_pitfall.values())


def scanned(
    known: KnownErrors,
    seen: OccurrencePlace,
    stream: Iterable[bytes],
    notice: Callable[[StreamHit], None] | None = None,
) -> Iterator[StreamHit]:
    """What is found in a stream, which an empty chunk begins anew.

    Args:
        known: what is looked for.
        seen: where the stream is from.
        stream: the stream.
        notice: is told of each new pitfall at once.
    """
    # Made once something comes: a large board's signatures take a tenth of a second to read.
    scanner: StreamScanner | None = None
    for chunk in stream:
        if not chunk:
            yield from _ended(scanner)
            scanner = None
            continue
        scanner = scanner or StreamScanner(known, seen)
        before = len(scanner.found)
        scanner.feed(chunk)
        if notice is not None:
            for found in list(scanner.found.values())[before:]:
                notice(found)
    yield from _ended(scanner)


def _ended(scanner: StreamScanner | None) -> Iterable[StreamHit]:
    """All that was found in a stream that has ended; it may have been empty."""
    if scanner is None:
        return ()
    scanner.close()
    return scanner.found.values()
