"""The tokens of a query, each with its range in the text.

Pasted error text has colons, quotes and parentheses of its own, so a piece is
more than plain text only where that can be meant:

* a key is one of the language's own, at the beginning of a piece, with a value
  right behind its colon;
* a quote opens a phrase behind a blank or at the beginning of a value, if another
  one closes it before a blank;
* a parenthesis opens a group at the beginning of a piece, and closes one that
  is open unless it belongs to one inside of the same word;
* a minus behind a blank turns round what begins right behind it with a letter,
  a quote or a parenthesis: ``-1`` is an error code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

from storage.model.fields import NamedTuple
from storage.query.keys import Key, key_of
from storage.query.tree import TextRange


class QueryTokenKind(Enum):
    """What a piece is."""

    OPEN = auto()
    CLOSE = auto()
    FILTER = auto()
    PHRASE = auto()
    WORD = auto()


class QueryToken(NamedTuple):
    """One piece of the text.

    Args:
        sort: what it is.
        place: where it stands, its minus included.
        text: a word as it stands there; a phrase without its quotes.
        negated: whether a minus stands before it.
        key: of a filter.
        values: of a filter, each with its place; none if the text ends before one.
        open_quote: where a quote stands that nothing closes.
    """

    sort: QueryTokenKind
    place: TextRange
    text: str = ""
    negated: bool = False
    key: Key | None = None
    values: tuple[tuple[str, TextRange], ...] = ()
    open_quote: int | None = None


#: Patterns are compiled when a text needs them, and kept by :mod:`re`.
_MINUS: Final = r'-(?=[^\W\d]|["“(（])'
_KEY: Final = r"([^\W\d][\w-]*)[:：]"
_CLOSING_QUOTE: Final = {'"': '"', "“": "”"}
#: What ends a word, or may: a blank, or a parenthesis.
_TURNS: Final = r"[\s()（）]"
_TURNS_OF_A_VALUE: Final = r"[\s()（）,，、]"
_COMMAS: Final = ",，、"
_ENDS_A_PHRASE: Final = " \t\n\r\u3000)）"
_OPENS: Final = "(（"
_CLOSES: Final = ")）"


def cut(text: str) -> Iterator[QueryToken]:
    """The pieces of a query, in the order of the text."""
    place = depth = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        token = _piece(text, place, depth)
        depth += (token.sort is QueryTokenKind.OPEN) - (token.sort is QueryTokenKind.CLOSE)
        yield token
        place = token.place.end


def _piece(text: str, start: int, depth: int) -> QueryToken:
    fresh = start == 0 or text[start - 1].isspace() or text[start - 1] in _OPENS
    negated = fresh and re.compile(_MINUS).match(text, start) is not None
    at = start + negated
    if text[at] in _OPENS:
        return QueryToken(QueryTokenKind.OPEN, TextRange(start, at + 1), negated=negated)
    if text[at] in _CLOSES and depth:
        return QueryToken(QueryTokenKind.CLOSE, TextRange(start, at + 1))
    keyed = re.compile(_KEY).match(text, at)
    if keyed and (key := key_of(keyed[1])):
        filter_ = _filter(text, start, keyed.end(), depth, key, negated=negated)
        if filter_ is not None:
            return filter_
    end = _end(text, at, depth, _TURNS)
    open_quote = None
    if fresh and text[at] in _CLOSING_QUOTE:
        closed = _closed(text, at)
        if closed is not None and (closed == len(text) or text[closed] in _ENDS_A_PHRASE):
            return QueryToken(
                QueryTokenKind.PHRASE, TextRange(start, closed), text[at + 1 : closed - 1], negated
            )
        # Text that has quotes before this one was copied, and only its end is missing.
        if closed is None and text.find(text[at]) == at and text[at + 1 :].strip():
            open_quote = at
    return QueryToken(
        QueryTokenKind.WORD, TextRange(start, end), text[at:end], negated, open_quote=open_quote
    )


def _filter(
    text: str, start: int, at: int, depth: int, key: Key, *, negated: bool
) -> QueryToken | None:
    """The filter whose values begin at ``at``; None if none do and more text follows."""
    values: list[tuple[str, TextRange]] = []
    open_quote = None
    end = at
    while end < len(text):
        begins = end
        if text[begins] in _CLOSING_QUOTE:
            closed = _closed(text, begins)
            if closed is None:
                open_quote, end = begins, len(text)
                break
            value, end = text[begins + 1 : closed - 1], closed
        else:
            end = _end(text, begins, depth, _TURNS_OF_A_VALUE)
            value = text[begins:end]
        if value.strip():
            values.append((value, TextRange(begins, end)))
        if end == len(text) or text[end] not in _COMMAS:
            break
        end += 1
    if not values and end < len(text):
        return None
    return QueryToken(
        QueryTokenKind.FILTER,
        TextRange(start, end),
        negated=negated,
        key=key,
        values=tuple(values),
        open_quote=open_quote,
    )


def _end(text: str, at: int, depth: int, turns: str) -> int:
    """Where the word at ``at`` ends: before a blank, or a parenthesis that closes a group."""
    inside = 0
    for turn in re.compile(turns).finditer(text, at):
        sign = turn.group()
        if sign in _OPENS:
            inside += 1
        elif sign in _CLOSES:
            if not inside and depth:
                return turn.start()
            inside -= bool(inside)
        elif sign.isspace() or not inside:
            return turn.start()
    return len(text)


def _closed(text: str, at: int) -> int | None:
    """Where the quote at ``at`` has ended; None if nothing closes it."""
    closing = text.find(_CLOSING_QUOTE[text[at]], at + 1)
    return closing + 1 if closing >= 0 else None
