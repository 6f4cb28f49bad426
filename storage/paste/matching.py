"""The known pitfalls that a text may be about: recognised ones first, then similar ones."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from storage.errors import NotFound
from storage.model.records import Pitfall
from storage.read import Board

if TYPE_CHECKING:
    from storage.match import RecognisedPitfall, SimilarPitfall

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
