"""Similar pitfalls: those nearest to a title and an error text, and why."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from itertools import combinations, islice
from pathlib import Path
from typing import Any, Final, Self

from storage.db.reader import listed
from storage.match.known_errors import ChangeWatcher
from storage.match.likeness import (
    Similarity,
    SimilarityReason,
    likeness,
    similar_letters,
    weighed_by,
)
from storage.match.normalizer import CODE, VARYING
from storage.match.signatures import rareness
from storage.match.title_features import (
    TitleFeatures,
    TitleIndex,
    TitleSearch,
)
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
    """A pitfall as it is compared with others, and which one it counts for."""

    n: int
    title: Text
    component: Text
    status: Status
    regressed: bool
    original: str

    @property
    def titles(self) -> str:
        """Its title in every language, a line each."""
        return "\n".join(filter(None, self.title))

    @property
    def components(self) -> str:
        """Its component in every language, a line each."""
        return "\n".join(filter(None, self.component))


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
            weight = weighed_by((self._search or self._titles).share)
            best: dict[str, Similarity] = {}
            known = {
                name: TitleFeatures(row.titles, "\n".join(texts.get(name, ())), row.components)
                for name, row in rows.items()
                if not {name, row.original} & apart
            }
            letters = similar_letters(wanted, list(known.values()))
            for (name, features), one in zip(known.items(), letters, strict=True):
                found = likeness(wanted, features, one, weight)
                original = rows[name].original
                before = best.get(original)
                if found.score > (before.score if before else _TOO_LITTLE):
                    best[original] = found
            ranked = sorted(best, key=lambda name: -best[name].score)[:limit]
            rows |= self._facts("id", [name for name in ranked if name not in rows])
        return [
            SimilarPitfall(
                name,
                rows[name].title,
                rows[name].status,
                best[name].score,
                best[name].because(),
                rows[name].regressed,
            )
            for name in ranked
            if name in rows
        ]

    def _refresh(self) -> None:
        """Read the titles of what has changed since the last time."""
        with self._changes() as changed:
            if changed is None:
                self._read_all()
            elif changed:
                for row in self._facts("id", changed).values():
                    self._titles.put(row.n, row.titles.split("\n"))

    def _read_all(self) -> None:
        self._titles = TitleIndex()
        # They stand before the long texts, which are not read.
        for n, *titles in self.fetch_all("SELECT n, title, title_zh FROM pitfalls"):
            self._titles.put(n, titles)

    def _candidates(self, wanted: TitleFeatures) -> Iterable[int]:
        """The rowids of what may be alike, by title and by the names of APIs."""
        if self._search is not None:
            found = dict.fromkeys(self._search.nearest(wanted.title, _CANDIDATES))
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
        return {
            name: _Facts(
                n,
                Text.of(title, title_zh),
                Text.of(one, one_zh),
                Status(status),
                bool(again),
                original,
            )
            for n, name, title, title_zh, one, one_zh, status, again, original in rows
        }
