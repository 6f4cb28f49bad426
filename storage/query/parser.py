"""Parses tokens to a query; any text gives a query, mistakes are reported beside it."""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest
from typing import Final

from storage.errors import N_
from storage.model.fields import NamedTuple
from storage.query.keys import (
    CLOSES,
    OR_WORDS,
    Key,
    QueryToken,
    QueryTokenKind,
    Reads,
    cut,
    key_of,
    keys_by_spelling,
)
from storage.query.tree import (
    AllOf,
    AnyOf,
    Condition,
    Filter,
    Mistake,
    Not,
    Query,
    SortKey,
    TextRange,
    Value,
    Words,
    nearest,
)
from storage.query.values import values_of
from storage.text.search_text import folded

#: SQLite refuses expressions that are a thousand levels deep, and nobody types these.
MOST_CONDITIONS: Final = 200
DEEPEST: Final = 20

_AND: Final = {"and", "且", "并且"}
_NOT: Final = {"not", "非"}
#: Error texts say “not supported”, so the word turns round only what is no plain word.
_TURNED_BY_A_WORD: Final = {QueryTokenKind.OPEN, QueryTokenKind.FILTER, QueryTokenKind.PHRASE}
_SIGNS: Final = {"-": True, "－": True, "+": False, "＋": False}
_MINUSES: Final = [sign for sign, negates in _SIGNS.items() if negates]
#: How long and how like a key a word must be to be taken for it, misspelled; the first number
#: is for keys that take fixed values, the second for those that take anything.
_MISSPELLED: Final = (4, 7)
_LIKE_A_KEY: Final = 0.8


def parse(text: str) -> Query:
    """The query that ``text`` is; what can't be understood stands in ``problems``."""
    if not text.isascii():
        # Halves of characters that no file holds, as a terminal may pass them on.
        text = text.encode("utf-8", "replace").decode("utf-8")
    reader = _Reader(text)
    tokens = [*cut(text)]
    for token, after in zip_longest(tokens, tokens[1:]):
        reader.take(token, after)
    return reader.query()


class _Reader:
    """Takes the pieces of one text, one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._groups = [Group()]
        self._not_before: QueryToken | None = None
        self._conditions = 0
        self._is_too_deep = False
        self._sort: SortKey | None = None
        self._reverse = False
        self._sort_place: TextRange | None = None
        self._problems: list[Mistake] = []

    def take(self, token: QueryToken, after: QueryToken | None) -> None:
        """Take the next piece; ``after`` is the one behind it."""
        if token.sort is QueryTokenKind.WORD and self._is_operator(token, after):
            return
        negated = token.negated != (self._not_before is not None)
        if self._not_before is not None:
            token = token._replace(place=TextRange(self._not_before.place.start, token.place.end))
        self._not_before = None
        match token.sort:
            case QueryTokenKind.OPEN:
                self._groups.append(Group(token.place, negated))
            case QueryTokenKind.CLOSE:
                self._close(self._groups.pop(), token.place)
            case QueryTokenKind.FILTER:
                self._take_filter(token, negated)
            case QueryTokenKind.PHRASE:
                self._take_words(token, f'"{token.text}"', negated)
            case QueryTokenKind.WORD:
                self._take_word(token, negated, is_last=after is None)

    def query(self) -> Query:
        """What has come of it; what was left open ends with the text."""
        end = TextRange(len(self._text), len(self._text))
        # Words behind a parenthesis that nothing closes are text as it was copied; without any,
        # it asks for nothing, and would find everything.
        is_empty = all(group.is_empty for group in self._groups)
        while len(self._groups) > 1:
            group = self._groups.pop()
            if is_empty or not group.is_plain:
                message = N_("This parenthesis is not closed.")
                self._problem(Mistake(message, unfinished=True), group.place)
            self._close(group, end)
        words, conditions = self._top()
        return Query(
            words,
            conditions,
            self._sort,
            self._reverse,
            self._sort_place,
            tuple(sorted(self._problems, key=lambda problem: problem.start)),
        )

    def _top(self) -> tuple[str, tuple[Condition, ...]]:
        """The words that have to be found, and all else that has to hold."""
        whole = self._groups[0].closed()
        parts = [one.condition for one in whole.parts(AllOf)] if whole else []
        words = "".join(one.text for one in parts if isinstance(one, Words)).rstrip()
        # A blank at the end says that the last word is whole.
        tail = " " if words and self._text[-1:].isspace() else ""
        return words + tail, tuple(one for one in parts if not isinstance(one, Words))

    # Words

    def _is_operator(self, token: QueryToken, after: QueryToken | None) -> bool:
        """Take the piece as ``or``, ``and`` or ``not``, if that is what it is."""
        word, group = folded(token.text), self._groups[-1]
        if token.negated:
            return False
        if word in OR_WORDS:
            return not self._may_add(token.place) or group.part()
        if word in _AND:
            return group.is_begun
        if word in _NOT and after is not None and after.sort in _TURNED_BY_A_WORD:
            self._not_before = token
            return True
        return False

    def _take_word(self, token: QueryToken, negated: bool, *, is_last: bool) -> None:
        if is_last and token.text in _MINUSES:
            # Between words it is a dash of the text.
            message = N_("Behind the minus is nothing yet: say what must not be found.")
            self._problem(Mistake(message, unfinished=True), token.place)
            return
        if token.open_quote is not None:
            self._unclosed_quote(token.open_quote)
        misspelled = _misspelled(token.text)
        if (name := _id_in(token.text)) is not None:
            if self._may_add(token.place):
                self._add(Filter("id", (name,), token.place), negated)
        elif misspelled is not None:
            mistake, length = misspelled
            start = token.place.end - len(token.text)
            self._problem(mistake, TextRange(start, start + length))
        else:
            self._take_words(token, token.text.replace('"', " "), negated)

    def _take_words(self, token: QueryToken, text: str, negated: bool) -> None:
        if text.strip(' "') and (not negated or self._may_add(token.place)):
            ends = token.place.end == len(self._text)
            self._add(Words(text if ends else f"{text} "), negated)

    # Filters

    def _take_filter(self, token: QueryToken, negated: bool) -> None:
        assert token.key is not None
        if token.open_quote is not None:
            self._unclosed_quote(token.open_quote)
        elif token.unread is not None:
            self._unread(token.key, token.unread)
        elif not token.values:
            message = N_("{field}: say which.")
            self._problem(Mistake(message, unfinished=True, field=token.key.spelled), token.place)
        elif token.key.name == "sort":
            place = TextRange(token.values[0][1].start, token.place.end)
            typed = ",".join(value for value, _place in token.values)
            before = self._sort_place and (self._sort, self._reverse)
            if self._take_sort(token.key, typed, place, negated=negated):
                self._sort_place = token.place
                if before not in (None, (self._sort, self._reverse)):
                    message = N_("{field}: there is an order already; leave one of the two out.")
                    self._problem(Mistake(message, field=token.key.spelled), token.place)
        else:
            values: dict[Value, None] = {}
            for typed, place in token.values:
                read = self._values(token.key, typed, place)
                if read is None:
                    return
                values.update(dict.fromkeys(read))
            if self._may_add(token.place, len(values)):
                self._add(Filter(token.key.name, tuple(values), token.place), negated)

    def _unread(self, key: Key, place: TextRange) -> None:
        """Say what to write instead of what stands between parentheses behind a key."""
        if self._text[place.end - 1] not in CLOSES:
            message = N_("This parenthesis is not closed.")
            self._problem(
                Mistake(message, unfinished=True), TextRange(place.start, place.start + 1)
            )
            return
        message = N_(
            "{field}: {field}:a,b asks for any of several values, {field}:a {field}:b for all."
        )
        self._problem(Mistake(message, field=key.spelled), place)

    def _take_sort(self, key: Key, typed: str, place: TextRange, *, negated: bool) -> bool:
        signs = [_SIGNS[sign] for sign in (typed[0], typed[-1]) if sign in _SIGNS]
        values = self._values(key, typed.strip("".join(_SIGNS)), place)
        if values:
            self._sort = SortKey(str(values[0]))
            falls = self._sort.falls
            self._reverse = falls != (signs[0] if signs else negated or falls)
        return bool(values)

    def _values(self, key: Key, typed: str, place: TextRange) -> tuple[Value, ...] | None:
        try:
            return values_of(key, typed)
        except Mistake as mistake:
            self._problem(mistake, place)
            return None

    # Building

    def _close(self, group: Group, place: TextRange) -> None:
        built = group.closed()
        if built is None:
            return
        if built.depth > DEEPEST:
            if not self._is_too_deep:
                message = N_("These parentheses are nested too deep.")
                self._problem(Mistake(message), TextRange(group.place.start, place.end))
            self._is_too_deep = True
        else:
            self._groups[-1].add(built)

    def _add(self, condition: Condition, negated: bool) -> None:
        built = Built(condition)
        self._groups[-1].add(built.negated() if negated else built)

    def _may_add(self, place: TextRange, many: int = 1) -> bool:
        """Whether so many more conditions can be taken; says so once if they can't."""
        before = self._conditions
        self._conditions += many
        if before <= MOST_CONDITIONS < self._conditions:
            message = N_("A query can have {most} conditions; what is more than that is left out.")
            self._problem(Mistake(message, most=MOST_CONDITIONS), place)
        return self._conditions <= MOST_CONDITIONS

    # Problems

    def _unclosed_quote(self, at: int) -> None:
        message = N_("This quotation mark is not closed.")
        self._problem(Mistake(message, unfinished=True), TextRange(at, at + 1))

    def _problem(self, mistake: Mistake, place: TextRange) -> None:
        self._groups[-1].is_begun = True
        mistake.start, mistake.end = place
        self._problems.append(mistake)


def _id_in(word: str) -> str | None:
    """The id that a word names, as people write it in a chat: ``#867d``; None if it does not."""
    if word[:1] not in ("#", "＃"):
        return None
    found = re.fullmatch("#([0-9a-f]{4,16})", unicodedata.normalize("NFKC", word).lower())
    return found[1] if found else None


def _misspelled(word: str) -> tuple[Mistake, int] | None:
    """What is wrong with a word that is a filter but for its key, and how long that key is."""
    found = re.match(r"([^\W\d][\w\-－]*)[:：]([^\s,，、]+)", word)
    if found is None or len(found[1]) < min(_MISSPELLED):
        return None
    typed, value = found.groups()
    near = nearest(folded(typed), keys_by_spelling(), _LIKE_A_KEY)
    key = key_of(near)
    if key is None or len(typed) < _MISSPELLED[key.reads in (Reads.TEXT, Reads.PREFIX)]:
        return None
    try:
        values_of(key, value)
    except Mistake:
        return None
    message = N_("There is no key “{value}”.")
    return Mistake(message, suggestion=near, value=typed), len(typed)


# Putting conditions together: what parentheses, ``or`` and minus make of them


class Built(NamedTuple):
    """A condition, and how many levels lie below it."""

    condition: Condition
    depth: int = 0

    def parts(self, kind: type[AllOf] | type[AnyOf]) -> list[Built]:
        """Its parts, if it is of that kind; else itself."""
        if isinstance(self.condition, kind):
            return [Built(part, self.depth - 1) for part in self.condition.of]
        return [self]

    def negated(self) -> Built:
        """What does not answer to it."""
        if isinstance(self.condition, Not):
            return Built(self.condition.of, self.depth - 1)
        return Built(Not(self.condition), self.depth + 1)


def _joined(kind: type[AllOf] | type[AnyOf], several: list[Built]) -> Built:
    if len(several) == 1:
        return several[0]
    below = max(one.depth for one in several)
    return Built(kind(tuple(one.condition for one in several)), below + 1)


_NOWHERE: Final = TextRange(0, 0)


class Group:
    """What stands between two parentheses, or in the whole query.

    ``alternatives`` are parted by ``or``; ``is_begun`` says that something stands
    in the last one, be it a mistake.

    Args:
        place: where the group was opened.
        negated: whether a minus stands before it.
    """

    def __init__(self, place: TextRange = _NOWHERE, negated: bool = False) -> None:
        self.place = place
        self.negated = negated
        self.alternatives: list[list[Built]] = [[]]
        self.is_begun = False

    def add(self, built: Built) -> None:
        """One more that has to hold; words that follow each other are looked for together."""
        self.is_begun = True
        here = self.alternatives[-1]
        for part in built.parts(AllOf):
            words = part.condition
            before = here[-1].condition if here else None
            if isinstance(words, Words) and isinstance(before, Words):
                here[-1] = Built(Words(before.text + words.text))
            else:
                here.append(part)

    def part(self) -> bool:
        """Begin another alternative; False if nothing stands before it."""
        if not self.is_begun:
            return len(self.alternatives) > 1
        self.alternatives.append([])
        self.is_begun = False
        return True

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it, not even a mistake."""
        return not self.is_begun and len(self.alternatives) == 1

    @property
    def is_plain(self) -> bool:
        """Whether it holds nothing but words."""
        [first, *others] = self.alternatives
        words = all(isinstance(one.condition, Words) for one in first)
        return words and not others and not self.negated

    def closed(self) -> Built | None:
        """The group as one condition; None if it is empty."""
        sides = [_joined(AllOf, side) for side in self.alternatives if side]
        if not sides:
            return None
        built = _joined(AnyOf, [part for side in sides for part in side.parts(AnyOf)])
        return built.negated() if self.negated else built
