"""What is known of an environment: whether its newest evidence still says anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from storage.model.records import Fix, Tally
from storage.model.verdicts import newest_day
from storage.model.vocabulary import CellState

_DAY_MS: Final = 24 * 60 * 60 * 1000


def state_of(tally: Tally, fixes: Iterable[Fix], now: int, stale_after_days: int) -> CellState:
    """What the occurrences of one kind of environment say today.

    The newest decides; where both were seen at the same time, it reproduced. It is stale if
    it is older than the last fix that holds there, or than ``stale_after_days``.

    Args:
        tally: what they came to.
        fixes: the pitfall's.
        now: in ms.
        stale_after_days: after how many days evidence says nothing any more.
    """
    fixed_at = newest_day([fix for fix in fixes if _holds(fix, tally)])
    limit = max(now - stale_after_days * _DAY_MS, fixed_at or 0)
    if tally.last_at < limit:
        return CellState.STALE
    reproduced, not_reproduced = tally.last_reproduced, tally.last_not_reproduced
    if reproduced is not None and reproduced >= (not_reproduced or 0):
        return CellState.REPRODUCED
    return CellState.NOT_REPRODUCED


def _holds(fix: Fix, tally: Tally) -> bool:
    """Whether a fix may hold where these were seen; what was not said may be anywhere."""
    elsewhere = (
        fix.platform is not None and tally.platform not in (None, fix.platform),
        fix.host is not None and tally.host not in (None, fix.host),
    )
    return not any(elsewhere)
