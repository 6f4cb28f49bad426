"""What a report is made from, and its figures: each declared once for every format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from storage.errors import N_, NP_
from storage.model.fields import NamedTuple
from storage.model.records import Pitfall
from storage.model.retro import (
    COUNT_WORDS,
    MORE_IS_BETTER,
    NOT_REPRODUCED,
    RANK_WORDS,
    REGRESSIONS_WORDS,
    By,
    Count,
    Figures,
    Happened,
    Rank,
    Ranked,
    Retro,
)
from storage.model.vocabulary import Translator
from storage.read.board import Board

#: A ranking names so many pitfalls, with their workarounds.
LONGEST_RANKING: Final = 10
_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


@dataclass(frozen=True, slots=True)
class Material:
    """What a report in one language is made from.

    Args:
        retro: the period's figures.
        translator: speaks the report's language.
        pitfalls: those that the rankings name.
        short_id: gives the name of a pitfall to people.
        describe: a line of the timeline in words.
    """

    retro: Retro
    translator: Translator
    pitfalls: Mapping[str, Pitfall]
    short_id: Callable[[str], str]
    describe: Callable[[Happened], str]

    @property
    def language(self) -> str:
        """A locale name such as ``zh_CN``."""
        return self.translator.language

    @property
    def end(self) -> int:
        """Up to when (ms) the report reaches: the period's end, or the present before that."""
        until = self.retro.now.period.until
        return min(until, self.retro.flow[-1].at) if self.retro.flow else until


def gather(
    board: Board, retro: Retro, translator: Translator, describe: Callable[[Happened], str]
) -> Material:
    """The material of a report; of the record it reads a few dozen pitfalls.

    Args:
        board: reads the record.
        retro, translator, describe: as in :class:`Material`.
    """
    ids = {one.row.id for ranking in RANKINGS for one in ranking.of(retro)}
    pitfalls = {pitfall: board.pitfall(pitfall) for pitfall in ids}
    return Material(retro, translator, pitfalls, board.short_id, describe)


class Headline(NamedTuple):
    """A figure of the period that is read first.

    Args:
        section, key: its names in CSV; ``counts`` is an object of its own in JSON.
        label: what people call it, a message.
        unit: what is counted.
        value: reads it from the figures of a period.
        context: of the message, if one English word has several meanings.
        json_key: its name in JSON, where that is another one.
        more_is_better: whether it is good that there are more; None if it is neither.
    """

    section: str
    key: str
    label: str
    unit: str
    value: Callable[[Figures], int]
    context: str = ""
    json_key: str = ""
    more_is_better: bool | None = False

    def name(self, translator: Translator) -> str:
        """What people call it."""
        if self.context:
            words = translator.pgettext(self.context, self.label)
        else:
            words = translator.gettext(self.label)
        return words[:1].upper() + words[1:]


def _count(count: Count) -> Headline:
    words = COUNT_WORDS[count]
    return Headline(
        *("counts", count.value, words, "pitfalls", lambda figures: figures.counts[count]),
        more_is_better=count in MORE_IS_BETTER,
    )


HEADLINES: Final = (
    *map(_count, Count),
    Headline(
        "occurrences",
        "reproduced",
        NP_("retro report", "Occurrences"),
        "occurrences",
        lambda figures: figures.occurrences,
        "retro report",
        "occurrences",
    ),
    Headline(
        "occurrences",
        "not-reproduced",
        NOT_REPRODUCED,
        "occurrences",
        lambda figures: figures.not_reproduced,
        json_key="not_reproduced",
        more_is_better=None,
    ),
)

#: What occurrences are divided by.
DIVISIONS: Final = {
    By.COMPONENT: N_("Component"),
    By.PLATFORM: N_("Platform"),
    By.CHANNEL: N_("Channel"),
    By.CLIENT: N_("Client version"),
    By.LIBRARY: N_("Base library"),
}


class Ranking(NamedTuple):
    """A ranking of pitfalls: its names for links, CSV and JSON, its heading, and where it is."""

    key: str
    csv_key: str
    json_key: str
    heading: str
    whole: Callable[[Retro], tuple[Ranked, ...]]
    has_cost: bool = False

    def of(self, retro: Retro) -> tuple[Ranked, ...]:
        """As much of it as a report names."""
        return self.whole(retro)[:LONGEST_RANKING]


RANKINGS: Final = (
    Ranking(
        "frequent",
        Rank.FREQUENT.value,
        "most_frequent",
        RANK_WORDS[Rank.FREQUENT],
        lambda retro: retro.frequent,
    ),
    Ranking(
        "expensive",
        Rank.EXPENSIVE.value,
        "most_expensive",
        RANK_WORDS[Rank.EXPENSIVE],
        lambda retro: retro.expensive,
        has_cost=True,
    ),
    Ranking(
        "regressions",
        "regressions",
        "regressions",
        REGRESSIONS_WORDS,
        lambda retro: retro.regressions,
    ),
)


def seconds(ms: int | None) -> int | None:
    """A duration as data has it; None if it is not known."""
    return None if ms is None else ms // 1000


def duration(ms: int | None, translator: Translator) -> str:
    """A duration in words; None is longer than anything has waited yet."""
    if ms is None:
        return translator.gettext("not yet")
    if ms < _HOUR:
        return translator.gettext("{n} min").format(n=ms // _MINUTE)
    if ms < 2 * _DAY:
        return translator.gettext("{n} h").format(n=ms // _HOUR)
    return translator.gettext("{n} d").format(n=ms // _DAY)
