"""Error text → known pitfalls.

``normalise`` takes out of an error text what differs from one occurrence to the
next; ``KnownErrors`` recognises the board's signatures in it; ``SimilarPitfalls`` finds the
nearest known pitfalls where no signature matches. All of it only reads: neither
pydantic nor sqlite-utils is loaded, and hyperscan and rapidfuzz only when there is
something to look for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from storage.match.generality import check_signature, recent_hits, too_general
    from storage.match.known_errors import KnownErrors, RecognisedPitfall
    from storage.match.likeness import SimilarityKind, SimilarityReason
    from storage.match.normalizer import NormalisedText, StrippedToken, TokenKind, normalise
    from storage.match.similar import SimilarPitfall, SimilarPitfalls

__all__ = [
    "KnownErrors",
    "NormalisedText",
    "RecognisedPitfall",
    "SimilarPitfall",
    "SimilarPitfalls",
    "SimilarityKind",
    "SimilarityReason",
    "StrippedToken",
    "TokenKind",
    "check_signature",
    "normalise",
    "recent_hits",
    "too_general",
]

#: Where each of them is, to be imported when it is asked for: who reads a log compares no titles.
_MODULES: Final = {
    "similar": ("SimilarPitfall", "SimilarPitfalls"),
    "likeness": ("SimilarityKind", "SimilarityReason"),
    "generality": ("check_signature", "recent_hits", "too_general"),
    "known_errors": ("KnownErrors", "RecognisedPitfall"),
    "normalizer": ("NormalisedText", "TokenKind", "StrippedToken", "normalise"),
}


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
