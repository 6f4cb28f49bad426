"""What became of a board between two moments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from storage.board import Board
from storage.models import Row
from storage.vocabulary import Status

#: What was not seen for so long has gone quiet: twelve weeks, as the view “Quiet” has it.
QUIET_MS: Final = 12 * 7 * 24 * 60 * 60 * 1000


class Changed(NamedTuple):
    """A pitfall as it was at both moments."""

    before: Row
    after: Row


@dataclass(frozen=True, slots=True)
class Differences:
    """What became of a board; each part in the order of severity, then of the title.

    ``new`` had not been on the board, ``gone`` has left its view since (declined, a duplicate,
    or its report taken back); ``restated`` has another status; ``regressed`` was seen where it
    should be fixed, and had not been; ``quiet`` was not seen for twelve weeks, and
    had been at the first moment.
    """

    new: tuple[Row, ...]
    gone: tuple[Row, ...]
    restated: tuple[Changed, ...]
    regressed: tuple[Changed, ...]
    quiet: tuple[Changed, ...]

    @property
    def any(self) -> bool:
        """Whether anything became of it."""
        return bool(self.new or self.gone or self.restated or self.regressed or self.quiet)


def differences(earlier: Board, earlier_at: int, later: Board, later_at: int) -> Differences:
    """What became of a board.

    Args:
        earlier, later: the board at two moments; the later one may be that of today.
        earlier_at, later_at: those moments (ms).
    """
    before, after = earlier.in_view(), later.in_view()
    both = [Changed(before[name], after[name]) for name in after if name in before]
    return Differences(
        new=tuple(_sorted(row for name, row in after.items() if name not in before)),
        gone=tuple(_sorted(row for name, row in before.items() if name not in after)),
        restated=_changes(one for one in both if one.before.status is not one.after.status),
        regressed=_changes(one for one in both if one.after.regressed and not one.before.regressed),
        quiet=_changes(
            one
            for one in both
            if one.after.status is not Status.FIXED_UPSTREAM
            and not _is_quiet(one.before, earlier_at)
            and _is_quiet(one.after, later_at)
        ),
    )


def _is_quiet(row: Row, at: int) -> bool:
    seen = row.sightings.last_seen
    return seen is None or seen < at - QUIET_MS


def _sorted(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.severity, row.title.plain, row.id))


def _changes(changed: Iterable[Changed]) -> tuple[Changed, ...]:
    return tuple(
        sorted(changed, key=lambda one: (one.after.severity, one.after.title.plain, one.after.id))
    )
