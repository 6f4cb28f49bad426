"""How much a known pitfall is like another, and in what; which ones a text may be about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from enum import StrEnum
from functools import cache
from math import log
from typing import TYPE_CHECKING, Final

from storage.errors import NotFound
from storage.match.title_features import (
    PLATFORM_NAMES,
    TRAIT,
    TitleFeatures,
    words_of,
)
from storage.model.fields import NamedTuple
from storage.model.records import Pitfall
from storage.text.search_text import folded, load_rapidfuzz, ratios

if TYPE_CHECKING:
    from storage.match.known_errors import RecognisedPitfall
    from storage.match.similar import SimilarPitfall
    from storage.read.board import Board


class SimilarityKind(StrEnum):
    """In what a known pitfall is like another."""

    API = "api"
    CODE = "code"
    MESSAGE = "message"
    TITLE = "title"
    WORDS = "words"
    COMPONENT = "component"


class SimilarityReason(NamedTuple):
    """One thing in which two are alike: the API, the code, the words that they share."""

    reason: SimilarityKind
    value: str = ""


class Similarity(NamedTuple):
    """How much two are alike, from 0 to 1, and in what, what counts most first."""

    score: float
    reasons: tuple[SimilarityReason, ...]
    wanted: TitleFeatures
    known: TitleFeatures

    def because(self) -> tuple[SimilarityReason, ...]:
        """The reasons, with the words that both share, which are looked up only to be shown."""
        return tuple(
            why._replace(value=_listed(self.wanted, self.known))
            if why.reason is SimilarityKind.WORDS
            else why
            for why in self.reasons
        )


#: What each thing in common is worth by itself; together they come nearer to 1.
_WORTH: Final = {
    SimilarityKind.MESSAGE: 0.8,
    SimilarityKind.API: 0.45,
    SimilarityKind.CODE: 0.4,
    SimilarityKind.COMPONENT: 0.15,
}
_WORTH_OF_TITLE: Final = 0.9
#: From here on two titles are called similar, and from there on two share words.
_SIMILAR: Final = 0.7
_SHARING: Final = 0.3
#: So many characters that stand apart, of two titles that share no word, say the same in others:
#: “保存图片变白”, “存出来是白图”. Two may stand in any two titles.
_FEWEST_CHARACTERS: Final = 3
#: Two English sentences about different things have this much in common, letter by letter.
_BY_CHANCE: Final = 45.0
_SAME_MESSAGE: Final = 88.0
_MOST_WORDS: Final = 4
#: How much a word that only what is wanted has counts against them, and one only known.
_MISSING: Final = 0.7
_MORE: Final = 0.1
#: What a share of the titles may hold and still say something.
_HALF: Final = 0.5
#: A word that no more than this share of the titles holds counts in full.
_RARE: Final = 0.05
#: How much a platform or a permission counts, where a Chinese character counts 1.
_WORTH_OF_TRAIT: Final = 3.0


def weighed_by(share: Callable[[str], float]) -> Callable[[str], float]:
    """What says how much a word counts; it remembers that of each.

    A Latin word says more than one Chinese character, a platform or a permission more than either,
    and what many titles hold says little.

    Args:
        share: the share of the board's titles that hold a word.
    """

    @cache
    def weight(word: str) -> float:
        if word.startswith(TRAIT):
            return _WORTH_OF_TRAIT
        return (2.0 if len(word) > 1 else 1.0) * _rarity(share(word))

    return weight


def _rarity(share: float) -> float:
    """How much a word counts that a share of the titles holds: from 0 to 1."""
    if share >= _HALF:
        return 0.0
    return 1.0 if share <= _RARE else log(_HALF / share) / log(_HALF / _RARE)


def likeness(
    wanted: TitleFeatures, known: TitleFeatures, letters: float, weight: Callable[[str], float]
) -> Similarity:
    """How much a known pitfall is like what is wanted.

    Args:
        wanted, known: what is compared.
        letters: how much their letters are alike, see :func:`similar_letters`.
        weight: how much a word counts, see :func:`weighed_by`.
    """
    parts: list[tuple[float, SimilarityReason]] = []
    same_message = _same_message(wanted, known)
    if same_message:
        parts.append(
            (_WORTH[SimilarityKind.MESSAGE], SimilarityReason(SimilarityKind.MESSAGE, same_message))
        )
    names = wanted.names_in(known)
    if names:
        parts.append((_WORTH[SimilarityKind.API], SimilarityReason(SimilarityKind.API, names[0])))
    elif wanted.components & known.components:
        component = known.component.split("\n")[0]
        parts.append(
            (
                _WORTH[SimilarityKind.COMPONENT],
                SimilarityReason(SimilarityKind.COMPONENT, component),
            )
        )
    codes = sorted(code for code in wanted.codes if known.may_have(code) and code in known.codes)
    if codes:
        parts.append((_WORTH[SimilarityKind.CODE], SimilarityReason(SimilarityKind.CODE, codes[0])))
    similar = max(letters, _similar_words(wanted, known, words_of(names), weight))
    if similar >= _SIMILAR:
        parts.append((_WORTH_OF_TITLE * similar, SimilarityReason(SimilarityKind.TITLE)))
    elif similar >= _SHARING and (shared := wanted.words_in(known, names)):
        if _listed(wanted, known):
            parts.append((_WORTH_OF_TITLE * similar, SimilarityReason(SimilarityKind.WORDS)))
        elif sum(len(word) == 1 for word in shared) >= _FEWEST_CHARACTERS:
            parts.append((_WORTH_OF_TITLE * similar, SimilarityReason(SimilarityKind.TITLE)))
    parts.sort(key=lambda part: -part[0])
    unlike = 1.0
    for worth, _why in parts:
        unlike *= 1 - worth
    return Similarity(1 - unlike, tuple(why for _worth, why in parts), wanted, known)


class LikenessBound:
    """How much a pitfall may be like what is wanted at most, told in a fraction of the time.

    Most of what is looked at can't be among the nearest, so its words are never made out.

    Args:
        wanted: what others are compared with.
        weight: how much a word counts, see :func:`weighed_by`.
    """

    def __init__(self, wanted: TitleFeatures, weight: Callable[[str], float]) -> None:
        self._wanted = wanted
        self._names = [name.rpartition(".")[2] for name in wanted.names]
        # The words of an API that both name count no more. Which of them that is, is not known
        # here: those that are in common count, and those that are missing do not.
        named = words_of(wanted.names.values())
        self._words = [(word, weight(word), word not in named) for word in wanted.words]

    def of(self, known: TitleFeatures, letters: float) -> float:
        """No less than the score that :func:`likeness` gives.

        Args:
            known: what is compared.
            letters: as for that function.
        """
        if known.message:
            return 1.0
        whole = f"{known.title}\n{known.component}".lower()
        names_one = any(name in whole for name in self._names)
        unlike = 1.0
        if names_one:
            unlike = 1 - _WORTH[SimilarityKind.API]
        elif self._wanted.components:
            unlike = 1 - _WORTH[SimilarityKind.COMPONENT]
        if any(map(known.may_have, self._wanted.codes)):
            unlike *= 1 - _WORTH[SimilarityKind.CODE]
        similar = max(letters, self._words_in_common(known, names_one=names_one))
        return 1 - unlike * (1 - _WORTH_OF_TITLE * similar)

    def _words_in_common(self, known: TitleFeatures, *, names_one: bool) -> float:
        """What :func:`_tversky` gives at most: what is not in a title at all is not shared."""
        titles = "\n".join((known.title, *known.folded))
        shared = missing = 0.0
        for word, worth, counts in self._words:
            # Platforms and permissions have several names.
            if word in titles or word.startswith(TRAIT):
                shared += worth
            elif counts or not names_one:
                missing += worth
        return shared / (shared + _MISSING * missing) if shared else 0.0


def _same_message(wanted: TitleFeatures, known: TitleFeatures) -> str:
    """An error text that both have, or nearly; empty if there is none."""
    for key in wanted.keys if known.keys else ():
        rapidfuzz = load_rapidfuzz()
        best = rapidfuzz.process.extractOne(
            key, list(known.keys), scorer=rapidfuzz.fuzz.ratio, score_cutoff=_SAME_MESSAGE
        )
        if best is not None:
            return known.keys[best[0]]
    return ""


def similar_letters(wanted: TitleFeatures, known: Sequence[TitleFeatures]) -> list[float]:
    """How much the title of each is like what is wanted, letter by letter: from 0 to 1.

    All are compared at once, which takes a third of the time.
    """
    title = "\n".join(wanted.folded)
    if not title:
        return [0.0] * len(known)
    held = list(dict.fromkeys(one for features in known for one in features.folded))
    found = dict(zip(held, ratios(title, held), strict=True))
    best = [max(map(found.__getitem__, features.folded)) for features in known]
    return [max(0.0, (one - _BY_CHANCE) / (100 - _BY_CHANCE)) for one in best]


def _similar_words(
    wanted: TitleFeatures,
    known: TitleFeatures,
    besides: frozenset[str],
    weight: Callable[[str], float],
) -> float:
    """The words in common beside those that only one has, in the language that is more alike.

    The words of an API that both name are left out, since the API counts by itself.
    What is wanted is often a few words of what a title says in full, so a word that only the
    known one has counts little (Tversky's index with unequal weights).
    """
    length = wanted.words - besides
    return max(
        (_tversky(length, words - besides, weight) for words in known.words_by_language),
        default=0.0,
    )


def _tversky(
    wanted: frozenset[str], known: frozenset[str], weight: Callable[[str], float]
) -> float:
    shared = sum(map(weight, wanted & known))
    if not shared:
        return 0.0
    missing, more = sum(map(weight, wanted - known)), sum(map(weight, known - wanted))
    return shared / (shared + _MISSING * missing + _MORE * more)


def _listed(wanted: TitleFeatures, known: TitleFeatures) -> str:
    """The words in common; characters that stand side by side in both titles are one word.

    Empty if they share no word: a character by itself is none, and a platform alone is no reason.
    """
    shared = wanted.words_in(known, wanted.names_in(known))
    title = folded(known.title)
    found: dict[str, None] = {}
    run = ""
    for sign in f"{folded(wanted.title)}\n":
        if sign in shared and run + sign in title:
            run += sign
        else:
            found[run] = None
            run = sign if sign in shared else ""
    runs = [
        run for run in found if len(run) > 1 and not any(run in one for one in found if one != run)
    ]
    traits = sorted(word.removeprefix(TRAIT) for word in shared if word.startswith(TRAIT))
    latin = sorted(word for word in shared if len(word) > 1 and not word.startswith(TRAIT))
    latin.sort(key=len, reverse=True)
    if not (runs or latin or any(word not in PLATFORM_NAMES for word in traits)):
        return ""
    return ", ".join([*traits, *runs, *map(wanted.as_written, latin)][:_MOST_WORDS])


# The pitfalls that a text may be about: recognised ones first, then similar ones


#: Nobody reads through more.
MOST: Final = 6


class PitfallMatch(NamedTuple):
    """A known pitfall that a text may be about, and why."""

    pitfall: Pitfall
    recognised: RecognisedPitfall | None = None
    alike: SimilarPitfall | None = None


def matches(
    board: Board,
    recognised: Iterable[RecognisedPitfall],
    alike: Iterable[SimilarPitfall],
    most: int = MOST,
) -> list[PitfallMatch]:
    """The pitfalls that were found, each once, best first.

    Args:
        board: where they are read.
        recognised: those whose signature stands in the text.
        alike: those that are only like it.
        most: how many are wanted.
    """
    by_signature = {one.pitfall: one for one in recognised}
    by_likeness = {one.pitfall: one for one in alike}
    found: list[PitfallMatch] = []
    for name in dict.fromkeys((*by_signature, *by_likeness)):
        # One that was taken back a moment ago is no match any more.
        with suppress(NotFound):
            pitfall = board.pitfall(name)
            found.append(PitfallMatch(pitfall, by_signature.get(name), by_likeness.get(name)))
        if len(found) == most:
            break
    return found
