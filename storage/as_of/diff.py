"""The difference of a board between two moments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from storage.model.records import Row
from storage.model.vocabulary import Status
from storage.read import Board
from storage.read.listing import Glance

#: What was not seen for so long has gone quiet: twelve weeks, as the view “Quiet” has it.
QUIET_MS: Final = 12 * 7 * 24 * 60 * 60 * 1000


class PitfallDiff(NamedTuple):
    """A pitfall at both moments."""

    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class BoardDiff:
    """The changes of a board, each list ordered by severity, then title.

    ``new`` had not been on the board, ``gone`` has left its view since (declined, a duplicate,
    or its report taken back); ``restated`` has another status; ``regressed`` was seen where it
    should be fixed, and had not been; ``quiet`` was not seen for twelve weeks, and
    had been at the first moment.
    """

    new: tuple[Row, ...]
    gone: tuple[Row, ...]
    restated: tuple[PitfallDiff, ...]
    regressed: tuple[PitfallDiff, ...]
    quiet: tuple[PitfallDiff, ...]

    @property
    def any(self) -> bool:
        """Whether anything changed."""
        return bool(self.new or self.gone or self.restated or self.regressed or self.quiet)


def differences(earlier: Board, earlier_at: int, later: Board, later_at: int) -> BoardDiff:
    """The changes of a board.

    Args:
        earlier, later: the board at two moments; the later one may be that of today.
        earlier_at, later_at: those moments (ms).
    """
    before, after = earlier.list.glances(), later.list.glances()
    both = before.keys() & after.keys()
    restated = [name for name in both if before[name].status != after[name].status]
    regressed = [name for name in both if after[name].regressed and not before[name].regressed]
    quiet = [
        name
        for name in both
        if after[name].status != Status.FIXED_UPSTREAM
        and not _is_quiet(before[name], earlier_at)
        and _is_quiet(after[name], later_at)
    ]
    changed = _changes(earlier, later, {*restated, *regressed, *quiet})
    return BoardDiff(
        new=tuple(_sorted(_rows(later, after.keys() - before.keys()))),
        gone=tuple(_sorted(_rows(earlier, before.keys() - after.keys()))),
        restated=_those(changed, restated),
        regressed=_those(changed, regressed),
        quiet=_those(changed, quiet),
    )


def _is_quiet(one: Glance, at: int) -> bool:
    return one.last_seen is None or one.last_seen < at - QUIET_MS


def _rows(board: Board, names: Collection[str]) -> list[Row]:
    return board.list.these(list(names)).page(0, len(names))


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.severity, row.title.plain, row.id))


def _changes(earlier: Board, later: Board, names: Collection[str]) -> dict[str, PitfallDiff]:
    """Some pitfalls at both moments, in display order."""
    before = {row.id: row for row in _rows(earlier, names)}
    return {row.id: PitfallDiff(before[row.id], row) for row in _sorted(_rows(later, names))}


def _those(changed: Mapping[str, PitfallDiff], names: Collection[str]) -> tuple[PitfallDiff, ...]:
    wanted = set(names)
    return tuple(one for name, one in changed.items() if name in wanted)
