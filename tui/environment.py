"""The values of an environment as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from storage.model.vocabulary import Channel, Host, Platform
from storage.text.sanitize import harmless
from tui.text.vocabulary import word

_FIXED: Final[Mapping[str, type[StrEnum]]] = {
    "platform": Platform,
    "channel": Channel,
    "host": Host,
}


def value_word(field: str, value: str) -> str:
    """A value of an environment's field: a word of the vocabulary, or the text as it stands."""
    kind = _FIXED.get(field)
    return word(kind(value)) if kind is not None else harmless(value)
