"""Changing the text of a query, so that the change can be seen and changed back."""

from __future__ import annotations

from storage.query.keys import spelled
from storage.query.parser import parse
from storage.query.tree import Filter, Place, SortKey, filter_of


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
    stands_beside = whole.conditions == (Filter(field, (value,)), *rest.conditions)
    return f"{filter_text} {text if stands_beside else f'({text})'}".strip()


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


def _without(text: str, place: Place) -> str:
    return f"{text[: place.start].rstrip()} {text[place.end :].lstrip()}".strip()
