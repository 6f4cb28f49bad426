"""Similar pitfalls: those nearest to a title and an error text, and why."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import combinations, islice
from math import log
from pathlib import Path
from typing import Any, Final, Self

from storage.db.reader import listed
from storage.match.known_errors import ChangeWatcher
from storage.match.likeness import (
    LikenessBound,
    Similarity,
    SimilarityReason,
    likeness,
    similar_letters,
    weighed_by,
)
from storage.match.normalizer import CODE, VARYING
from storage.match.signatures import rareness
from storage.match.title_features import FEW_TITLES, TitleFeatures, TitleIndex, parts_of, words_of
from storage.model.fields import NamedTuple
from storage.model.row import Status, Text
from storage.text import search_text

#: At most so many candidates come from each way of looking for them.
_CANDIDATES: Final = 50
#: At most so many names, codes and lines of an error text are looked for.
_NAMES: Final = 3
#: At most so many error texts of a pitfall are compared.
_TEXTS: Final = 5
#: Whatever is no more like than this is not worth showing.
_TOO_LITTLE: Final = 0.3
#: So many words of an error text are looked for together.
_WORDS_OF_A_MESSAGE: Final = 3


class SimilarPitfall(NamedTuple):
    """A known pitfall that is like what was asked for; ``score`` goes from 0 to 1."""

    pitfall: str
    title: Text
    status: Status
    score: float
    because: tuple[SimilarityReason, ...]
    regressed: bool = False


class _Facts(NamedTuple):
    """A pitfall as it is compared with others and shown, and which one it counts for."""

    n: int
    title: str
    title_zh: str
    component: str
    component_zh: str
    status: str
    regressed: int
    original: str

    def features(self, messages: Iterable[str]) -> TitleFeatures:
        """What of it is compared; its title and component in every language, a line each."""
        return TitleFeatures(
            "\n".join(filter(None, (self.title, self.title_zh))),
            "\n".join(messages),
            "\n".join(filter(None, (self.component, self.component_zh))),
        )


#: So many rowids are read of each part, and of two that stand together.
_READ_OF_EACH: Final = 25
_READ_OF_TWO: Final = 100
#: So many of the parts that many titles hold, the rarest, are looked for together.
_TOGETHER: Final = 5
#: Two parts say the same where this share of the titles that hold one holds the other.
_SAME: Final = 0.6


class TitleSearch:
    """Finds near titles through the full-text index, for one question of a short-lived process.

    It looks for the titles that share rare words, or pairs of Chinese characters, with the one
    that is asked for. To read and fold all of a hundred thousand would take a second.

    Args:
        fetch: runs a query on the board.
    """

    def __init__(self, fetch: Callable[[str, Sequence[object]], list[Any]]) -> None:
        self._fetch = fetch
        self._shares: dict[str, float] = {}

    def share(self, word: str) -> float:
        """The share of the titles that hold a word of the title that was asked for."""
        return self._shares.get(word, 0.0)

    def nearest(self, wanted: TitleFeatures, limit: int) -> list[int]:
        """The rowids of the titles that have most words in common with one, as far as is known."""
        [(newest,)] = self._fetch("SELECT ifnull(max(n), 0) FROM pitfalls", ())
        parts = parts_of(wanted.title)
        held = {part: self._holding(words, _READ_OF_EACH) for part, words in parts.items()}
        # These are only the newest; how far they reach back says how many there are.
        shares = {
            part: len(found) / (newest if len(found) < _READ_OF_EACH else newest - found[-1] + 1)
            for part, found in held.items()
            if found
        }
        self._shares = shares if newest >= FEW_TITLES else {}
        found = [(part, n) for part, those in held.items() for n in those]
        # What many titles hold says more where it stands beside another.
        frequent = _apart(held, sorted(shares, key=shares.__getitem__))[:_TOGETHER]
        for place, part in enumerate(frequent[:-1], 1):
            others = " OR ".join(parts[other] for other in frequent[place:])
            both = self._holding(f"({parts[part]}) AND ({others})", _READ_OF_TWO)
            found += [(part, n) for n in both]
        named = words_of(wanted.names.values())

        def says(word: str) -> float:
            # What stands in every title says nothing, nor does what is not even looked for.
            rarity = -log(min(shares.get(word, 1.0), 1.0))
            return rarity * (2 if len(word) > 1 else 1) * (2 if word in named else 1)

        return _by_words(found, says)[:limit]

    def _holding(self, words: str, limit: int) -> list[int]:
        """The newest rowids of titles that answer to an expression, newest first."""
        rows = self._fetch(
            "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?",
            (words, limit),
        )
        return [n for (n,) in rows]


def _apart(held: dict[str, list[int]], rarest: Iterable[str]) -> list[str]:
    """The parts that many titles hold, and of those that stand in the same titles one.

    Args:
        held: the newest rowids that hold each part, newest first.
        rarest: the parts, the rarest first.
    """
    found: list[str] = []
    for part in rarest:
        those = held[part]
        # A character by itself stands beside any other.
        is_frequent = len(part) > 1 and len(those) == _READ_OF_EACH
        if is_frequent and not any(_say_the_same(those, held[other]) for other in found):
            found.append(part)
    return found


def _say_the_same(one: list[int], other: list[int]) -> bool:
    """Whether most of the rowids are the same, as far back as both reach."""
    oldest = max(one[-1], other[-1])
    within = {n for n in one if n >= oldest}
    return len(within.intersection(other)) > _SAME * len(within)


def _by_words(found: list[tuple[str, int]], says: Callable[[str], float]) -> list[int]:
    """The rowids in the order of how much the words say that they are known to hold.

    Args:
        found: parts, each with a rowid that holds it.
        says: how much a word says.
    """
    bits: dict[str, int] = {}
    holds: dict[int, int] = {}
    masks: dict[str, int] = {}
    for part, n in found:
        if part not in masks:
            words = [part] if part.isascii() else part
            masks[part] = sum(bits.setdefault(word, 1 << len(bits)) for word in {*words})
        holds[n] = holds.get(n, 0) | masks[part]
    worth = {
        mask: sum(says(word) for word, bit in bits.items() if mask & bit)
        for mask in {*holds.values()}
    }
    return sorted(holds, key=lambda n: (-worth[holds[n]], -n))


#: So many titles are read and folded in the time in which the full-text index answers.
_FEW: Final = 1_000


class SimilarPitfalls(ChangeWatcher):
    """The titles of a board, held in memory; those that have changed are read again.

    It is for one thread at a time.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._titles = TitleIndex()
        self._search: TitleSearch | None = None

    @classmethod
    def once(
        cls, path: Path, *, few: int = _FEW, through: sqlite3.Connection | None = None
    ) -> Self:
        """For one question: the titles of a larger board are found by its full-text index.

        Args:
            path: the board's file.
            few: a board of no more pitfalls than this is read whole all the same.
            through: a connection that reads it, whose owner closes it; by default one of its own.
        """
        similar = cls.open(path) if through is None else cls(through, path)
        [(newest,)] = similar.fetch_all("SELECT ifnull(max(n), 0) FROM pitfalls")
        if newest > few:
            similar._search = TitleSearch(similar.fetch_all)
        return similar

    def near(
        self,
        title: str,
        message: str = "",
        component: str = "",
        *,
        limit: int = 5,
        besides: Collection[str] = (),
    ) -> list[SimilarPitfall]:
        """The nearest known pitfalls, best first.

        A duplicate's title and messages count for its original.

        Args:
            title: what is being reported, in either language.
            message: its error text, if there is one.
            component: the API or surface, if it was said.
            limit: at most so many.
            besides: pitfalls that this is about; neither they nor what was declared
                not to be the same as one of them are suggested.
        """
        wanted = TitleFeatures(title, message, component)
        with self.snapshot():
            if self._search is None:
                self._refresh()
            texts = self._error_texts(wanted)
            rows = self._facts("n", self._candidates(wanted))
            rows |= self._facts("id", texts)
            apart = self._apart(besides)
            known = {
                name: row.features(texts.get(name, ()))
                for name, row in rows.items()
                if not {name, row.original} & apart
            }
            best = self._nearest(wanted, known, rows, limit)
            rows |= self._facts("id", [name for name in best if name not in rows])
        return [
            SimilarPitfall(
                name,
                Text.of(rows[name].title, rows[name].title_zh),
                Status(rows[name].status),
                found.score,
                found.because(),
                bool(rows[name].regressed),
            )
            for name, found in best.items()
            if name in rows
        ]

    def _nearest(
        self,
        wanted: TitleFeatures,
        known: dict[str, TitleFeatures],
        rows: dict[str, _Facts],
        limit: int,
    ) -> dict[str, Similarity]:
        """The originals of the nearest of some pitfalls, best first; of equal ones the earlier.

        Those that may be nearest are compared first, and what can't be is not compared at all.
        """
        weight = weighed_by((self._search or self._titles).share)
        bound = LikenessBound(wanted, weight)
        letters = dict(zip(known, similar_letters(wanted, list(known.values())), strict=True))
        at_most = {name: bound.of(features, letters[name]) for name, features in known.items()}
        best: dict[str, Similarity] = {}
        places: dict[str, int] = {}
        for name in sorted(known, key=at_most.__getitem__, reverse=True):
            nearest = sorted((found.score for found in best.values()), reverse=True)[:limit]
            if at_most[name] < max(_TOO_LITTLE, nearest[-1] if len(nearest) == limit else 0.0):
                break
            found = likeness(wanted, known[name], letters[name], weight)
            original = rows[name].original
            before = best.get(original)
            if found.score > (before.score if before else _TOO_LITTLE):
                best[original], places[original] = found, rows[name].n
        ranked = sorted(best, key=lambda name: (-best[name].score, places[name]))[:limit]
        return {name: best[name] for name in ranked}

    def _refresh(self) -> None:
        """Read the titles of what has changed since the last time."""
        with self._changes() as changed:
            if changed is None:
                self._read_all()
            elif changed:
                for row in self._facts("id", changed).values():
                    self._titles.put(row.n, (row.title, row.title_zh))

    def _read_all(self) -> None:
        self._titles = TitleIndex()
        # They stand before the long texts, which are not read.
        for n, *titles in self.fetch_all("SELECT n, title, title_zh FROM pitfalls"):
            self._titles.put(n, titles)

    def _candidates(self, wanted: TitleFeatures) -> Iterable[int]:
        """The rowids of what may be alike, by title and by the names of APIs."""
        if self._search is not None:
            found = dict.fromkeys(self._search.nearest(wanted, 2 * _CANDIDATES))
        else:
            found = dict.fromkeys(self._titles.nearest(wanted.title, _CANDIDATES))
            found.update(dict.fromkeys(self._searched(wanted.title)))
        latin = sorted(wanted.latin, key=rareness, reverse=True)[:_NAMES]
        for pair in combinations(latin, 2):
            found.update(dict.fromkeys(self._searched('"{}" "{}" '.format(*pair))))
        for name in islice(wanted.names, _NAMES):
            found.update(dict.fromkeys(self._searched(f'"{name}"', "{title names} : ")))
        return found

    def _error_texts(self, wanted: TitleFeatures) -> dict[str, list[str]]:
        """Error texts, by pitfall, that share a code or the rarest words with what is wanted."""
        wordings = [f'"{code}"' for code in sorted(wanted.codes)[:_NAMES]]
        for key in islice(wanted.keys, _NAMES):
            known = [word for word in dict.fromkeys(key.split()) if word not in (VARYING, CODE)]
            words = sorted(known, key=rareness, reverse=True)
            wordings.append(" ".join(f'"{word}"' for word in words[:_WORDS_OF_A_MESSAGE]))
        found: dict[str, dict[str, None]] = {}
        for wording in wordings:
            expression = search_text.expression(wording)
            if not expression:
                continue
            messages = self.fetch_all(
                "SELECT pitfall, message FROM messages WHERE n IN (SELECT rowid FROM message_search"
                " WHERE message_search MATCH ? ORDER BY rowid DESC LIMIT ?)",
                (expression, _CANDIDATES),
            )
            signatures = self.fetch_all(
                "SELECT recorded_on, text FROM signatures WHERE recorded_on IN (SELECT id FROM"
                f" pitfalls WHERE n IN ({listed(self._searched(wording, '{names} : '))}))"
                " AND form = 'literal'"
            )
            for name, text in (*messages, *signatures):
                found.setdefault(name, {})[text] = None
        return {name: list(islice(held, _TEXTS)) for name, held in found.items()}

    def _searched(self, words: str, columns: str = search_text.AS_WRITTEN) -> list[int]:
        """The newest rowids of what holds all of some words."""
        expression = search_text.expression(words)
        if not expression:
            return []
        rows = self.fetch_all(
            "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?",
            (f"{columns}({expression})", _CANDIDATES),
        )
        return [n for (n,) in rows]

    def _apart(self, besides: Collection[str]) -> set[str]:
        """What must not be suggested: what this is about, and what is not the same."""
        names = json.dumps(list(besides))
        rows = self.fetch_all(
            "SELECT other FROM not_duplicates WHERE pitfall IN (SELECT value FROM json_each(?))",
            (names,),
        )
        return {*besides, *(other for (other,) in rows)}

    def _facts(self, column: str, values: Iterable[object]) -> dict[str, _Facts]:
        """What is compared and shown of some pitfalls, named by one column, by their ids."""
        rows = self.fetch_all(
            "SELECT n, id, title, title_zh, component, component_zh, status,"
            " regressed, ifnull(original, id) FROM pitfalls"
            f" WHERE {column} IN (SELECT value FROM json_each(?))",
            (json.dumps(list(values)),),
        )
        return {name: _Facts(n, *facts) for n, name, *facts in rows}
