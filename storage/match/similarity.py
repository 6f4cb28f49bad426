"""How much a known pitfall is like another, and in what."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from storage.match.title_features import Traits, words_of
from storage.text.search_text import folded


class Reason(StrEnum):
    """In what a known pitfall is like another."""

    API = "api"
    CODE = "code"
    MESSAGE = "message"
    TITLE = "title"
    WORDS = "words"
    COMPONENT = "component"


class Why(NamedTuple):
    """One thing in which two are alike: the API, the code, the words that they share."""

    reason: Reason
    value: str = ""


class Likeness(NamedTuple):
    """How much two are alike, from 0 to 1, and in what, what counts most first."""

    score: float
    reasons: tuple[Why, ...]
    wanted: Traits
    known: Traits

    def because(self) -> tuple[Why, ...]:
        """The reasons, with the words that both share, which are looked up only to be shown."""
        return tuple(
            why._replace(value=_listed(self.wanted, self.known))
            if why.reason is Reason.WORDS
            else why
            for why in self.reasons
        )


#: What each thing in common is worth by itself; together they come nearer to 1.
_WORTH: Final = {
    Reason.MESSAGE: 0.8,
    Reason.API: 0.45,
    Reason.CODE: 0.4,
    Reason.COMPONENT: 0.15,
}
_WORTH_OF_TITLE: Final = 0.9
#: From here on two titles are called similar, and from there on two share words.
_SIMILAR: Final = 0.7
_SHARING: Final = 0.3
#: Two English sentences about different things have this much in common, letter by letter.
_BY_CHANCE: Final = 45.0
_SAME_MESSAGE: Final = 88.0
_MOST_WORDS: Final = 4
#: How much a word that only what is wanted has counts against them, and one only known.
_MISSING: Final = 0.7
_MORE: Final = 0.1


def likeness(wanted: Traits, known: Traits) -> Likeness:
    """How much a known pitfall is like what is wanted."""
    parts: list[tuple[float, Why]] = []
    same_message = _same_message(wanted, known)
    if same_message:
        parts.append((_WORTH[Reason.MESSAGE], Why(Reason.MESSAGE, same_message)))
    names = wanted.names_in(known)
    if names:
        parts.append((_WORTH[Reason.API], Why(Reason.API, names[0])))
    elif wanted.components & known.components:
        component = known.component.split("\n")[0]
        parts.append((_WORTH[Reason.COMPONENT], Why(Reason.COMPONENT, component)))
    codes = sorted(code for code in wanted.codes if known.may_have(code) and code in known.codes)
    if codes:
        parts.append((_WORTH[Reason.CODE], Why(Reason.CODE, codes[0])))
    similar = max(_similar_letters(wanted, known), _similar_words(wanted, known, words_of(names)))
    if similar >= _SIMILAR:
        parts.append((_WORTH_OF_TITLE * similar, Why(Reason.TITLE)))
    elif similar >= _SHARING and wanted.words_in(known, names):
        parts.append((_WORTH_OF_TITLE * similar, Why(Reason.WORDS)))
    parts.sort(key=lambda part: -part[0])
    unlike = 1.0
    for worth, _why in parts:
        unlike *= 1 - worth
    return Likeness(1 - unlike, tuple(why for _worth, why in parts), wanted, known)


def _same_message(wanted: Traits, known: Traits) -> str:
    """An error text that both have, or nearly; empty if there is none."""
    from rapidfuzz import fuzz, process

    for key in wanted.keys:
        best = process.extractOne(
            key, list(known.keys), scorer=fuzz.ratio, score_cutoff=_SAME_MESSAGE
        )
        if best is not None:
            return known.keys[best[0]]
    return ""


def _similar_letters(wanted: Traits, known: Traits) -> float:
    from rapidfuzz import fuzz

    title = folded(wanted.title)
    best = max((fuzz.ratio(title, folded(one)) for one in known.title.split("\n")), default=0.0)
    return max(0.0, (best - _BY_CHANCE) / (100 - _BY_CHANCE)) if title else 0.0


def _similar_words(wanted: Traits, known: Traits, besides: frozenset[str]) -> float:
    """The words in common beside those that only one has, in the language that is more alike.

    The words of an API that both name are left out, since the API counts by itself.
    What is wanted is often a few words of what a title says in full, so a word that only the
    known one has counts little (Tversky's index with unequal weights).
    """
    said = wanted.words - besides
    return max((_tversky(said, words - besides) for words in known.words_by_language), default=0.0)


def _tversky(wanted: frozenset[str], known: frozenset[str]) -> float:
    shared = _weight(wanted & known)
    if not shared:
        return 0.0
    missing, more = _weight(wanted - known), _weight(known - wanted)
    return shared / (shared + _MISSING * missing + _MORE * more)


def _weight(words: Iterable[str]) -> float:
    """Words together; a Latin one says more than one Chinese character."""
    return sum(2.0 if len(word) > 1 else 1.0 for word in words)


def _listed(wanted: Traits, known: Traits) -> str:
    """The words in common; characters that stand side by side in both titles are one word."""
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
    runs = [run for run in found if run and not any(run in one for one in found if one != run)]
    latin = sorted(word for word in shared if len(word) > 1)
    latin.sort(key=len, reverse=True)
    return ", ".join([*runs, *map(wanted.as_written, latin)][:_MOST_WORDS])
