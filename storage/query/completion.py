"""Completion of a query while it is typed, and changes of its text by filters and sort keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final, Protocol

from storage.model.fields import NamedTuple, Word
from storage.query.keys import (
    CLOSES,
    KEYS,
    VALUE,
    Answer,
    Has,
    Key,
    QueryToken,
    QueryTokenKind,
    Reads,
    cut,
    keys_by_spelling,
    spelled,
)
from storage.query.parser import parse
from storage.query.tree import Filter, Query, SortKey, TextRange, filter_of, nearest
from storage.query.values import NEVER, OVERDUE
from storage.text.sanitize import sanitize
from storage.text.search_text import folded

#: How many are offered at most, unless said otherwise.
MOST: Final = 8
#: Fewer letters begin too many words that only want to be searched for.
_SHORTEST: Final = 2

_BEGINS_A_KEY: Final = r"[^\W\d][\w\-－]*"
#: What may stand before a value: a comparison, or the sign of an order.
_SIGNS: Final = r"[<>=≤≥＜＞＝]+|[-+－＋]"
_REST_OF_A_VALUE: Final = r"[^\s,，、()（）]*"
#: Values between parentheses, and the one that is typed behind them.
_BEGUN_LIST: Final = (
    rf"[(（]\s*((?:{VALUE}(?:\s*[,，、]\s*|\s+(?:or|或|或者)\s+))*)"
    r"""([^\s()（）,，、"“]*|["“][^"”]*)"""
)
_NEEDS_QUOTES: Final = r'[\s,，、()（）"“]'
#: Values to begin with where any number of others would do, in English and in Chinese.
_EXAMPLES: Final = {
    Reads.TIME: (("<1w", "<4w", ">12w", NEVER), ("<1周", "<4周", ">12周", "从未")),
    Reads.DAY: ((OVERDUE, "<1w", "none", "tomorrow"), ("逾期", "<1周", "无", "明天")),
    Reads.NUMBER: ((">=5", ">=20", "1"),) * 2,
}


class CompletionNames(Protocol):
    """Where names come from that only a board knows."""

    def matching(self, field: str, part: str, language: str, limit: int) -> list[str]:
        """Values of a field that hold ``part``, the likeliest first."""


class Suggestion(NamedTuple):
    """One way to go on.

    Args:
        text: what would stand there; a key with its colon.
        key: the name of the key.
        value: the value as the record spells it; empty where the key is offered.
    """

    text: str
    key: str
    value: str = ""


class Completions(NamedTuple):
    """What could stand from ``start`` to before ``end``, the likeliest first."""

    start: int
    end: int
    offers: tuple[Suggestion, ...] = ()


def complete(
    text: str, cursor: int, names: CompletionNames | None, language: str = "en", most: int = MOST
) -> Completions:
    """What could stand at the cursor; nothing where plain words are typed.

    Args:
        text: the query so far.
        cursor: where the cursor stands in it.
        names: completes components, tags, people and versions; None to do without.
        language: of the reader; Chinese is offered in Chinese.
        most: how many are offered at most.
    """
    nothing = Completions(cursor, cursor)
    tokens = [*cut(text[:cursor])]
    if not tokens or tokens[-1].place.end < cursor:
        return nothing
    token = tokens[-1]
    if token.sort is QueryTokenKind.FILTER:
        return _values(text, cursor, token, names, language, most)
    ends = text[cursor : cursor + 1]
    if token.sort is QueryTokenKind.WORD and (not ends or ends.isspace() or ends in ")）"):
        offers = _keys(token.text, language)
        return Completions(cursor - len(token.text), cursor, tuple(offers)[:most])
    return nothing


def _keys(begun: str, language: str) -> Iterator[Suggestion]:
    begun = folded(begun)
    if not re.fullmatch(_BEGINS_A_KEY, begun) or (begun.isascii() and len(begun) < _SHORTEST):
        return
    for key in KEYS:
        if spelled := _spelling(key, begun, chinese=language.startswith("zh")):
            yield Suggestion(f"{spelled}:", key.name)


def _values(
    text: str,
    cursor: int,
    token: QueryToken,
    names: CompletionNames | None,
    language: str,
    most: int,
) -> Completions:
    key = token.key
    assert key is not None
    start, begun = cursor, ""
    given = [value for value, _place in token.values]
    if text[cursor - 1] in CLOSES:
        # The values between parentheses are complete.
        return Completions(cursor, cursor)
    if token.unread is not None:
        listed = re.compile(_BEGUN_LIST, re.IGNORECASE).fullmatch(text, token.unread.start, cursor)
        if listed is None:
            return Completions(cursor, cursor)
        given = [one.strip('"“”') for one in re.findall(VALUE, listed[1])]
        begun, start = listed[2].lstrip('"“'), listed.start(2)
    elif token.open_quote is not None:
        start, begun = token.open_quote, text[token.open_quote + 1 : cursor]
    elif token.values and token.values[-1][1].end == cursor:
        if text[cursor - 1] in '"”':
            return Completions(cursor, cursor)
        begun = given.pop()
        signs = re.match(_SIGNS, begun) if key.words else None
        begun = begun[signs.end() :] if signs else begun
        start = cursor - len(begun)
    rest = re.compile(_REST_OF_A_VALUE).match(text, cursor)
    end = rest.end() if rest else cursor
    chinese = language.startswith("zh") or not text[token.place.start : start].isascii()
    offers = [
        offer
        for offer in _offered(key, begun, chinese, names, language, most + len(given))
        if offer.text.strip('"') not in given
    ]
    if [offer.text.casefold() for offer in offers] == [text[start:end].casefold()]:
        offers = []
    return Completions(start, end, tuple(offers[:most]))


def _offered(
    key: Key, begun: str, chinese: bool, names: CompletionNames | None, language: str, most: int
) -> Iterable[Suggestion]:
    if key.words:
        for word in key.words:
            if spelled := _spelling(word, begun, chinese=chinese):
                yield Suggestion(_quoted(spelled), key.name, word.value)
    elif key.reads in _EXAMPLES:
        for example in _EXAMPLES[key.reads][chinese]:
            if example.startswith(begun):
                yield Suggestion(example, key.name, example)
    elif names is not None and key.reads is not Reads.PREFIX:
        bare = begun.lstrip("<>=≤≥＜＞＝") if key.reads is Reads.VERSION else begun
        sign = begun[: len(begun) - len(bare)]
        if key.name == "assignee":
            for own in ("我", "无") if chinese else ("me", "none"):
                if own.startswith(begun):
                    yield Suggestion(own, key.name, own)
        for name in names.matching(key.name, bare, language, most):
            # What can't be typed is not offered.
            if '"' not in name and sanitize(name) == name:
                yield Suggestion(sign + _quoted(name), key.name, name)


def _spelling(spelled: Key | Word, begun: str, *, chinese: bool) -> str | None:
    """How to spell it so that it begins as what was typed; None if it never does."""
    begun = folded(begun)
    likely = spelled.zh if chinese else spelled.en
    for one in (likely, spelled.en, *spelled.spellings):
        if one.casefold().startswith(begun):
            return one
    return None


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(_NEEDS_QUOTES, value) else value


# The nearest query that finds something


#: So many names of a board are compared with one that is misspelt, and so many queries are tried.
_COMPARED: Final = 1_000
_TRIED: Final = 5
#: What people take for keys whose values are found by the words alone.
_WORDS_OF: Final = frozenset(
    ["title", "name", "text", "message", "words", "标题", "名称", "报错", "消息", "内容"]
)


def nearest_query(
    text: str, names: CompletionNames, language: str, count: Callable[[Query], int]
) -> str:
    """A query that finds something and differs in one value from one that finds nothing.

    Args:
        text: the query that finds nothing, as it was typed.
        names: what components, tags, people and versions there are.
        language: of the reader.
        count: how many a query finds.

    Returns:
        The text of the query; empty if none is near.
    """
    for other in islice(_near_queries(text, names, language), _TRIED):
        if not (query := parse(other)).problems and count(query):
            return other
    return ""


def _near_queries(text: str, names: CompletionNames, language: str) -> Iterator[str]:
    for token in cut(text):
        begin, end = text[: token.place.start], text[token.place.end :]
        yield from (f"{begin}{one}{end}" for one in _meant_by_word(token))
        key = token.key
        if key is None or key.reads not in (Reads.TEXT, Reads.VERSION):
            continue
        for value, place in token.values:
            if re.search(r"[<>=≤≥＜＞＝*]|\.\.", value):
                continue
            known = names.matching(key.name, "", language, _COMPARED)
            # Who reads Chinese types the words of the record, too.
            known += names.matching(key.name, "", "en", _COMPARED) if language != "en" else []
            by_case = {name.casefold(): name for name in reversed(known)}
            near = nearest(value.casefold(), [one.casefold() for one in known])
            # A version of fewer parts is no version that anybody has seen, but begins some.
            others = [f"{value}.*"] if key.reads is Reads.VERSION else []
            others += [_quoted(by_case[near])] if near and near != value.casefold() else []
            yield from (f"{text[: place.start]}{one}{text[place.end :]}" for one in others)


def _meant_by_word(token: QueryToken) -> Iterator[str]:
    """What a word may mean that looks like a filter, and is none: its key is not known."""
    found = re.fullmatch(r"([^\W\d][\w\-－]*)[:：=＝](.+)", token.text)
    if token.sort is not QueryTokenKind.WORD or found is None:
        return
    name, value = folded(found[1]), found[2]
    minus, other = ("-", "") if token.negated else ("", "-")
    if name in keys_by_spelling():
        yield f"{minus}{name}:{value}"
    elif name in _WORDS_OF:
        yield f"{minus}{_quoted(value)}"
    elif Answer.spelled(name) is Answer.NO and (lacked := Has.spelled(value)):
        yield f"{other}has:{lacked}"
    elif held := nearest(name, Has) if (answer := Answer.spelled(value)) else "":
        yield f"{minus if answer is Answer.YES else other}has:{held}"


# Changing the text of a query, so that the change can be seen and changed back


def refiltered(text: str, field: str, value: str | None, language: str = "en") -> str:
    """The query with a filter on ``field``, in front, instead of those that it has.

    Args:
        text: the query as it was typed.
        field: the name of a key.
        value: as the record spells it; None for no filter on it.
        language: of the reader, whose spelling is written.
    """
    places = [
        filter_.place
        for one in parse(text).conditions
        if (filter_ := filter_of(one, field)) and filter_.place
    ]
    for place in sorted(places, reverse=True):
        text = _without(text, place)
    if value is None:
        return text
    filter_text = spelled(field, value, language)
    whole = parse(f"{filter_text} {text}")
    rest = parse(text)
    joins_alternatives = whole.conditions == (Filter(field, (value,)), *rest.conditions)
    return f"{filter_text} {text if joins_alternatives else f'({text})'}".strip()


def resorted(text: str, sort: SortKey | None, *, reverse: bool, language: str = "en") -> str:
    """The query with an order, in front, instead of the one that it has.

    Args:
        text: the query as it was typed.
        sort: None for no order of its own.
        reverse: whether the order is turned round.
        language: of the reader, whose spelling is written.
    """
    while place := parse(text).sort_place:
        text = _without(text, place)
    if sort is None:
        return text
    sign = "" if not reverse else "+" if sort.falls else "-"
    return f"{spelled('sort', sort.value, language)}{sign} {text}".strip()


def _without(text: str, place: TextRange) -> str:
    return f"{text[: place.start].rstrip()} {text[place.end :].lstrip()}".strip()
