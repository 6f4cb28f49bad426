"""The signatures of a board, and recognising pitfalls by them."""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from threading import Lock
from typing import Any, Final

from storage.db.reader import Reader
from storage.errors import N_, PitboardError
from storage.match import signature_index
from storage.match.normalizer import NormalisedText, StrippedToken, normalise
from storage.match.signature_index import SignatureIndex
from storage.match.signatures import SignaturePart, find, is_fast, locate
from storage.model.fields import NamedTuple
from storage.model.records import Signature
from storage.model.row import Status, Text
from storage.model.vocabulary import Channel, Platform, SignatureForm
from storage.text.sanitize import sanitize

#: When more pitfalls than this have changed, everything is read again.
_MANY: Final = 2_000


class ChangeWatcher(Reader):
    """A reader that knows which pitfalls changed since it last read, occurrences aside."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._version: int | None = None
        self._newest = 0
        self._quarantined: tuple[int, int] = (0, 0)

    @contextmanager
    def _changes(self) -> Iterator[list[str] | None]:
        """The pitfalls to read again, inside; None if it is all of them.

        If that fails, they will be asked for again.
        """
        version = self.version()
        if version == self._version:
            yield []
            return
        [(newest,)] = self.fetch_all("SELECT ifnull(max(n), 0) FROM events")
        # What leaves quarantine, or enters it, is no new event.
        [quarantined] = self.fetch_all("SELECT count(*), total(n) FROM quarantine")
        changed: list[str] | None = None
        # A rebuild writes no event, and may give pitfalls other rowids.
        if self._version is not None and newest > self._newest and quarantined == self._quarantined:
            rows = self.fetch_all(
                "SELECT DISTINCT pitfall FROM events WHERE n > ? AND kind <> 'occurrence_logged'"
                " LIMIT ?",
                (self._newest, _MANY),
            )
            changed = [name for (name,) in rows] if len(rows) < _MANY else None
        yield changed
        self._version, self._newest, self._quarantined = version, newest, quarantined


#: What to look for, each once: many pitfalls may have the same.
_LOOKS: Final = "SELECT DISTINCT form, text FROM signatures ORDER BY text, form"
#: The signatures that look for the same.
_SIGNATURES: Final = (
    "SELECT signatures.pitfall, signatures.id, text, form, platform, channel, recorded_on"
    " FROM signatures JOIN pitfalls ON pitfalls.id = signatures.pitfall"
    " WHERE text = ? AND form = ? ORDER BY signatures.rowid"
)


class RecognisedPitfall(NamedTuple):
    """A known pitfall in a text: by which signature, and where.

    ``line`` counts from 1; ``start`` and ``end`` are character offsets in that
    line, between which ``matched`` stands, or in that and the next one where
    they say it together. ``stripped`` is what was taken out before it was compared.
    """

    pitfall: str
    signature: Signature
    line: int
    start: int
    end: int
    matched: str
    stripped: tuple[StrippedToken, ...]


class OccurrencePlace(NamedTuple):
    """The platform and channel of an error, as far as they are known."""

    platform: Platform | None = None
    channel: Channel | None = None

    def allows(self, signature: Signature) -> bool:
        """Whether a signature may match here; what is not known contradicts nothing."""
        return signature.platform in (None, self.platform or signature.platform) and (
            signature.channel in (None, self.channel or signature.channel)
        )


#: By how much a match says, then by its signature's limits and brevity: the greater, the better.
Rank = tuple[int, int, int]


class MatchedPitfall(NamedTuple):
    """A pitfall with the signature that matched, and how well it matched."""

    rank: Rank
    pitfall: str
    signature: Signature
    match: SignatureMatch


class MatchSummary(NamedTuple):
    """Title, status and workaround of a recognised pitfall, for one line."""

    status: Status
    regressed: bool
    title: Text
    workaround: Text


class KnownErrors(ChangeWatcher):
    """The known error texts of a board; they are read again when the board has changed.

    One thread at a time recognises; others wait.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._lock = Lock()
        self._texts = 0
        self._made: dict[int, list[tuple[str, Signature]]] = {}
        self._judge: LineMatcher | None = None

    def recognise(
        self, text: str, platform: Platform | None = None, channel: Channel | None = None
    ) -> list[RecognisedPitfall]:
        """The pitfalls whose signatures match, best first, each once.

        The best signature is the one that says most: the longest, and rather one that is
        limited to this platform or channel. One that goes on in the next line is
        found, too, since terminals and chats break a message anywhere.

        Args:
            text: the error text, in any number of lines.
            platform, channel: where it was seen; a signature that is limited to
                another one does not match, None is unknown and contradicts none.
        """
        where = OccurrencePlace(platform, channel)
        best: dict[str, tuple[Rank, RecognisedPitfall]] = {}
        lines = text.replace("\r\n", "\n").split("\n")
        with self._lock:
            judge = None if self._rules_out(lines) else self._fresh()
            if judge is None:
                return []
            for number, line, broken in _readings(lines):
                if not judge.index.kept.may_match(line):
                    continue
                judged = judge.judge(line)
                for rank, pitfall, signature, match in self.behind(judged, where):
                    if pitfall not in best or rank > best[pitfall][0]:
                        start, end = judge.place(line, judged, match)
                        if broken and not start < broken < end:
                            continue
                        place = (number, start, end, line[start:end])
                        stripped = judged.normalised.stripped
                        best[pitfall] = (
                            rank,
                            RecognisedPitfall(pitfall, signature, *place, stripped),
                        )
        # Of equal rank, the one that comes first.
        ranked = sorted(best.values(), key=lambda one: one[0], reverse=True)
        return [recognised for _, recognised in ranked]

    def judge(self) -> LineMatcher | None:
        """The matcher for the current signatures; None if there are none."""
        with self._lock:
            return self._fresh()

    def shortfalls(self) -> Iterator[PitboardError]:
        """Why signatures were not looked for as fast, or as surely, as can be."""
        if self._judge is None:
            return
        if not is_fast():
            yield PitboardError(
                N_("hyperscan is not installed, so signatures were looked for more slowly."),
                N_("Where there is a package of it, “pip install hyperscan” installs it."),
            )
        for pattern in self._judge.index.given_up:
            yield PitboardError(
                N_("The pattern “{text}” took too long and was left out."),
                N_("Write it with fewer repeats."),
                text=sanitize(pattern),
            )

    def behind(self, judged: MatchedLine, where: OccurrencePlace) -> Iterator[MatchedPitfall]:
        """The pitfalls and signatures of the matches that apply at this place."""
        for match in judged.matches:
            for pitfall, signature in self._signatures(match.look):
                if where.allows(signature):
                    limits = (signature.platform is not None) + (signature.channel is not None)
                    rank = match.says, limits, -len(signature.text)
                    yield MatchedPitfall(rank, pitfall, signature, match)

    def pitfalls(self, look: int, where: OccurrencePlace) -> list[str]:
        """The pitfalls that a signature identifies at this place."""
        return [pitfall for pitfall, signature in self._signatures(look) if where.allows(signature)]

    def summaries(self, pitfalls: Iterable[str]) -> dict[str, MatchSummary]:
        """The summary of each pitfall; a stream may hold very many."""
        rows = self.fetch_all(
            "SELECT id, status, regressed, title, title_zh, workaround, workaround_zh"
            " FROM pitfalls WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(pitfalls)),),
        )
        return {
            name: MatchSummary(
                Status(status), bool(regressed), Text.of(title, title_zh), Text(*workaround)
            )
            for name, status, regressed, title, title_zh, *workaround in rows
        }

    def _signatures(self, look: int) -> list[tuple[str, Signature]]:
        if look not in self._made and self._judge is not None:
            form, text = self._judge.index.plan.looks[look]
            rows = self.fetch_all(_SIGNATURES, (text, form.value))
            self._made[look] = [_signature(row) for row in rows]
        return self._made[look]

    def _fresh(self) -> LineMatcher | None:
        """The judge, after reading the signatures again if they may have changed."""
        with self._changes() as changed:
            if changed is None or changed:
                self._read()
        return self._judge

    def _rules_out(self, lines: Sequence[str]) -> bool:
        """Whether what is kept beside the board tells that no line matches, before it is loaded."""
        if self._judge is not None:
            return False
        name = signature_index.cache_name(self._digest())
        path = signature_index.cache_path(self.path)
        kept = signature_index.load_cached(path, name, asked_alone=True)
        return kept is not None and not any(
            kept.may_match(text) for _number, text, _broken in _readings(lines)
        )

    def _read(self) -> None:
        self._made.clear()
        texts = self._digest()
        if self._judge is not None and texts == self._texts:
            return
        kept_at = signature_index.cache_path(self.path)
        index = SignatureIndex.read(kept_at, signature_index.cache_name(texts)) if texts else None
        if texts and index is None:
            with self.snapshot():
                texts = self._digest()
                looks = [(SignatureForm(form), text) for form, text in self.fetch_all(_LOOKS)]
            index = SignatureIndex.made(looks, kept_at, signature_index.cache_name(texts))
        self._texts = texts
        self._judge = LineMatcher(index) if index is not None else None

    def _digest(self) -> int:
        """The digest of all that is looked for; 0 if there is nothing."""
        [(texts,)] = self.fetch_all("SELECT error_texts FROM projection")
        return int(texts)


#: A text of more lines is a log, in which each line is by itself.
_MOST_BROKEN: Final = 200


def _readings(lines: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """What is to be judged: its line, from 1, its text, and where it is broken, 0 if nowhere.

    First each line; then each with the next, as one that was broken between words or within one.
    """
    for number, line in enumerate(lines, 1):
        yield number, line, 0
    if len(lines) > _MOST_BROKEN:
        return
    for number, (line, following) in enumerate(pairwise(lines), 1):
        first, second = line.rstrip(), following.strip()
        if first and second:
            for between in ("", " "):
                yield number, first + between + second, len(first)


def _signature(row: Any) -> tuple[str, Signature]:
    pitfall, name, text, form, platform, channel, recorded_on = row
    return pitfall, Signature(
        name,
        text,
        SignatureForm(form),
        Platform(platform) if platform else None,
        Channel(channel) if channel else None,
        recorded_on,
    )


# Judging a line: which signatures match it, and where


class SignatureMatch(NamedTuple):
    """A match: the index of the signature among those looked for.

    ``says`` is how much of the line it speaks for: the more, the less it
    matches by chance. ``span`` is where it stands in the line's key, None for a pattern.
    """

    look: int
    says: int
    span: tuple[int, int] | None = None


class MatchedLine(NamedTuple):
    """A normalised line with its matches."""

    normalised: NormalisedText
    matches: list[SignatureMatch]


class LineMatcher:
    """Matches lines against all signatures.

    Args:
        index: the signatures, compiled.
    """

    def __init__(self, index: SignatureIndex) -> None:
        self.index = index
        #: The parts of the signatures that were compared, and how much they say.
        self._wanted: dict[int, tuple[list[SignaturePart], int]] = {}

    def judge(self, line: str) -> MatchedLine:
        """The signatures that match a line (without its end)."""
        normalised = normalise(line)
        matches = self.compare(normalised.key, self.index.candidates(normalised.key))
        for look in self.index.matching_patterns(line.encode("utf-8", "replace")):
            # Half of a pattern is signs that stand for others.
            matches.append(SignatureMatch(look, len(self.index.plan.looks[look][1]) // 2))
        return MatchedLine(normalised, matches)

    def compare(self, key: str, looks: Iterable[int]) -> list[SignatureMatch]:
        """Those of some literals and globs that match a line, by its key."""
        matches: list[SignatureMatch] = []
        for look in looks:
            if look not in self._wanted:
                parts = self.index.pieces(look)
                self._wanted[look] = parts, sum(len(part.key) for part in parts)
            parts, says = self._wanted[look]
            span = find(parts, key)
            if span is not None:
                matches.append(SignatureMatch(look, says, span))
        return matches

    def place(self, line: str, judged: MatchedLine, match: SignatureMatch) -> tuple[int, int]:
        """Where in the line a signature matches."""
        if match.span is None:
            return locate(self.index.plan.looks[match.look][1], line)
        return _in_text(judged.normalised, *match.span)


def _in_text(normalised: NormalisedText, start: int, end: int) -> tuple[int, int]:
    """Where in the text stands what was found between two places of its key."""
    starts: list[int] = []
    length = 0
    for word in normalised.words:
        starts.append(length)
        length += len(word.text) + 1
    first = bisect(starts, start) - 1
    last = bisect(starts, end - 1) - 1
    word = normalised.words[last]
    cut = end - starts[last]
    whole = word.end - word.start != len(word.text)
    return normalised.words[first].start, word.end if whole else word.start + cut
