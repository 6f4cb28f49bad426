"""What a report is made from: the figures, and what the record says of the pitfalls they name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from storage.model.records import Pitfall
from storage.model.retro import Happened, Ranked, Retro
from storage.read import Board

#: Of each ranking so many are told, with their workarounds.
LONGEST_RANKING: Final = 10


@dataclass(frozen=True, slots=True)
class Material:
    """What a report in one language is made from.

    Args:
        retro: the period's figures.
        language: of the report, a locale name such as ``zh_CN``.
        pitfalls: those that the rankings name.
        short_id: gives the name of a pitfall to people.
        tell: a line of the timeline in words.
    """

    retro: Retro
    language: str
    pitfalls: Mapping[str, Pitfall]
    short_id: Callable[[str], str]
    tell: Callable[[Happened], str]

    @property
    def end(self) -> int:
        """Up to when (ms) the period is told: its end, or the present if it is not over."""
        until = self.retro.now.period.until
        return min(until, self.retro.flow[-1].at) if self.retro.flow else until

    def ranked(self, ranking: tuple[Ranked, ...]) -> tuple[Ranked, ...]:
        """As much of a ranking as is told."""
        return ranking[:LONGEST_RANKING]


def gather(board: Board, retro: Retro, language: str, tell: Callable[[Happened], str]) -> Material:
    """The material of a report; of the record it reads a few dozen pitfalls.

    Args:
        board: reads the record.
        retro, language, tell: as in :class:`Material`.
    """
    named = {
        one.row.id
        for ranking in (retro.frequent, retro.expensive, retro.regressions)
        for one in ranking[:LONGEST_RANKING]
    }
    pitfalls = {pitfall: board.pitfall(pitfall) for pitfall in named}
    return Material(retro, language, pitfalls, board.short_id, tell)
