"""One entry of a list of issues, whatever it was written in: texts under names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

#: An entry of JSON may lie so deep in others; what lies deeper is left out.
_DEEPEST: Final = 4
#: What an object in a list is called, in order of preference.
_NAMES: Final = ("title", "name", "text", "label", "displayName", "value", "content", "key", "id")
_ADDRESSES: Final = ("html_url", "web_url", "url", "href", "link")


class Record(NamedTuple):
    """The line where it begins, from 1, and for each column that says something what it says."""

    line: int
    cells: Mapping[str, tuple[str, ...]]


def flattened(value: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """An object of JSON as columns: an object in it gives columns such as ``fields.summary``."""
    return dict(_columns(value, "", _DEEPEST))


def _columns(
    value: Mapping[str, Any], prefix: str, depth: int
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, held in value.items():
        match held:
            case dict() if depth:
                yield from _columns(held, f"{prefix}{name}.", depth - 1)
            case list():
                texts = tuple(text for one in held if (text := _text(one)))
                if texts:
                    yield f"{prefix}{name}", texts
            case _ if text := _text(held):
                yield f"{prefix}{name}", (text,)


def _text(value: object) -> str:
    """A single value as text; of an object, what it is called and where it is."""
    match value:
        case str():
            return value.strip()
        case bool():
            return "true" if value else "false"
        case dict():
            name = next((str(value[one]) for one in _NAMES if value.get(one)), "")
            address = next((str(value[one]) for one in _ADDRESSES if value.get(one)), "")
            return f"{name} {address}".strip()
        case None | list():
            return ""
        case _:
            return str(value)
