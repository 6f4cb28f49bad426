"""The words of a query as one expression for the full-text search."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from storage.query.tree import AllOf, AnyOf, Condition, Query, Words
from storage.text.search_text import expression


class Searched(NamedTuple):
    """The words of a query, apart from what else has to hold.

    Args:
        expression: for FTS5; empty if nothing of the words can be searched for.
        text: all of the words, to rank by.
        rest: the query without them.
    """

    expression: str
    text: str
    rest: Query


def searched(query: Query) -> Searched | None:
    """What a query searches for; None if it only filters.

    Words on both sides of an ``or`` are among it. Where an ``or`` has words
    and filters, or a minus stands before words, ``storage.query.sql_conditions``
    looks for them.
    """
    found: list[str] = []
    texts: list[str] = []
    rest: list[Condition] = []
    words = (Words(query.words),) if query.words.strip() else ()
    for one in (*words, *query.conditions):
        expressed = _expressed(one)
        if expressed is None:
            rest.append(one)
        else:
            found.append(expressed)
            parts = Query(conditions=(one,)).parts()
            texts += [part.text for part in parts if isinstance(part, Words)]
    if not found:
        return None
    alone = replace(query, words="", conditions=tuple(rest))
    return Searched(_together(" AND ", found), " ".join(texts), alone)


def _expressed(condition: Condition) -> str | None:
    """The expression for a condition of nothing but words; None if it says more."""
    match condition:
        case Words(text):
            return expression(text)
        case AllOf(of) | AnyOf(of):
            sides = [_expressed(one) for one in of]
            word = " AND " if isinstance(condition, AllOf) else " OR "
            known = [side for side in sides if side is not None]
            return _together(word, known) if len(known) == len(sides) else None
        case _:
            return None


def _together(word: str, sides: list[str]) -> str:
    sides = [side for side in sides if side]
    return sides[0] if len(sides) == 1 else word.join(f"({side})" for side in sides)
