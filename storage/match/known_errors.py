"""The signatures of a board, and the pitfalls that they give away."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, NamedTuple

from storage.match import cache
from storage.match.judging import Judge, Judged, Match
from storage.match.normalizer import Stripped
from storage.match.watching import Watching
from storage.model.records import Signature, Text
from storage.model.vocabulary import Channel, Platform, SignatureForm, Status

_SIGNATURES: Final = (
    "SELECT signatures.pitfall, signatures.id, text, form, platform, channel, recorded_on"
    " FROM signatures JOIN pitfalls ON pitfalls.id = signatures.pitfall"
    " ORDER BY signatures.rowid"
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A known pitfall in a text: by which signature, and where.

    ``line`` counts from 1; ``start`` and ``end`` are character offsets in that
    line, between which ``matched`` stands. ``stripped`` is what was taken out
    of the line before it was compared.
    """

    pitfall: str
    signature: Signature
    line: int
    start: int
    end: int
    matched: str
    stripped: tuple[Stripped, ...]


class Where(NamedTuple):
    """Where an error was seen, as far as that is known."""

    platform: Platform | None = None
    channel: Channel | None = None

    def allows(self, signature: Signature) -> bool:
        """Whether a signature may match here; what is not known contradicts nothing."""
        return signature.platform in (None, self.platform or signature.platform) and (
            signature.channel in (None, self.channel or signature.channel)
        )


#: By how much a match says, then by its signature's limits and brevity: the greater, the better.
Rank = tuple[int, int, int]


class Behind(NamedTuple):
    """A pitfall that a match gives away, by which of its signatures, and how well."""

    rank: Rank
    pitfall: str
    signature: Signature
    match: Match


class Told(NamedTuple):
    """What is told in a line of a pitfall that was recognised."""

    status: Status
    title: Text
    workaround: Text


class Known(Watching):
    """The known error texts of a board; they are read again when the board has changed.

    One thread at a time recognises; others wait.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._lock = Lock()
        self._rows: list[list[Any]] = []
        self._made: dict[int, list[tuple[str, Signature]]] = {}
        self._judge: Judge | None = None

    def recognise(
        self, text: str, platform: Platform | None = None, channel: Channel | None = None
    ) -> list[Recognised]:
        """The pitfalls whose signatures match, best first, each once.

        The best signature is the one that says most: the longest, and rather one that is
        limited to this platform or channel.

        Args:
            text: the error text, in any number of lines.
            platform, channel: where it was seen; a signature that is limited to
                another one does not match, None is unknown and contradicts none.
        """
        where = Where(platform, channel)
        best: dict[str, tuple[Rank, Recognised]] = {}
        with self._lock:
            judge = self._fresh()
            if judge is None:
                return []
            for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
                judged = judge.judge(line)
                for rank, pitfall, signature, match in self.behind(judged, where):
                    if pitfall not in best or rank > best[pitfall][0]:
                        start, end = judge.place(line, judged, match)
                        best[pitfall] = (
                            rank,
                            Recognised(
                                pitfall,
                                signature,
                                number,
                                start,
                                end,
                                line[start:end],
                                judged.normalised.stripped,
                            ),
                        )
        # Of equal rank, the one that comes first.
        ranked = sorted(best.values(), key=lambda one: one[0], reverse=True)
        return [recognised for _, recognised in ranked]

    def judge(self) -> Judge | None:
        """What judges a line by the signatures as they are now; None if there are none."""
        with self._lock:
            return self._fresh()

    def behind(self, judged: Judged, where: Where) -> Iterator[Behind]:
        """The pitfalls and signatures behind the matches, as far as they count here."""
        for match in judged.matches:
            for pitfall, signature in self._signatures(match.look):
                if where.allows(signature):
                    limits = (signature.platform is not None) + (signature.channel is not None)
                    rank = match.says, limits, -len(signature.text)
                    yield Behind(rank, pitfall, signature, match)

    def pitfalls(self, look: int, where: Where) -> list[str]:
        """The pitfalls that a signature can give away here."""
        return [pitfall for pitfall, signature in self._signatures(look) if where.allows(signature)]

    def told(self, pitfalls: Iterable[str]) -> dict[str, Told]:
        """What there is to say in a line of each pitfall; a stream may hold very many."""
        rows = self._all(
            "SELECT id, status, title, title_zh, workaround, workaround_zh FROM pitfalls"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(pitfalls)),),
        )
        return {
            name: Told(Status(status), Text.of(title, title_zh), Text(*workaround))
            for name, status, title, title_zh, *workaround in rows
        }

    def _signatures(self, look: int) -> list[tuple[str, Signature]]:
        if look not in self._made:
            self._made[look] = [_signature(row) for row in self._rows[look]]
        return self._made[look]

    def _fresh(self) -> Judge | None:
        """The judge, after reading the signatures again if they may have changed."""
        with self._changes() as changed:
            if changed is None or changed:
                self._read()
        return self._judge

    def _read(self) -> None:
        by_look: dict[tuple[str, str], list[Any]] = {}
        for row in self._all(_SIGNATURES):
            by_look.setdefault((row[3], row[2]), []).append(row)
        self._rows = list(by_look.values())
        self._made.clear()
        looks = [(SignatureForm(form), text) for form, text in by_look]
        if self._judge is None or self._judge.index.looks != looks:
            self._judge = Judge(looks, cache.place(self.path)) if looks else None


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
