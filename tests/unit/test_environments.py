"""What is known of an environment today."""

from __future__ import annotations

from typing import Any

import pytest

from storage.model.records import Fix, Tally
from storage.model.row import Text
from storage.model.verdicts import state_of
from storage.model.vocabulary import Axis, CellState, Host, Platform
from tests.records import DAY_MS, MONDAY

IOS_FIX = Fix(
    "f" * 32, MONDAY, "Ann", Axis.CLIENT, "4.1.8", "2026-11-20", Text(), "", platform=Platform.IOS
)


def seen(yes: float | None = None, no: float | None = None, **where: Any) -> Tally:
    """What was reproduced and not reproduced so many days ago."""
    yes_at = None if yes is None else int(MONDAY - yes * DAY_MS)
    no_at = None if no is None else int(MONDAY - no * DAY_MS)
    return Tally(
        host=where.get("host"),
        platform=where.get("platform"),
        channel=None,
        reproduced=int(yes is not None),
        not_reproduced=int(no is not None),
        last_at=max(at for at in (yes_at, no_at) if at is not None),
        last_reproduced=yes_at,
        last_not_reproduced=no_at,
    )


@pytest.mark.parametrize(
    ("tally", "state"),
    [
        (seen(yes=1), CellState.REPRODUCED),
        (seen(no=1), CellState.NOT_REPRODUCED),
        (seen(yes=2, no=1), CellState.NOT_REPRODUCED),
        (seen(yes=1, no=2), CellState.REPRODUCED),
        (seen(yes=1, no=1), CellState.REPRODUCED),
        (seen(yes=180), CellState.REPRODUCED),
        (seen(yes=181), CellState.STALE),
    ],
)
def test_the_newest_evidence_decides_until_it_is_too_old(tally: Tally, state: CellState) -> None:
    assert state_of(tally, [], MONDAY, 180) is state


@pytest.mark.parametrize(
    ("where", "state"),
    [
        ({"platform": Platform.IOS}, CellState.STALE),
        ({}, CellState.STALE),
        ({"platform": Platform.ANDROID}, CellState.REPRODUCED),
        ({"platform": Platform.IOS, "host": Host.WECHAT}, CellState.STALE),
    ],
)
def test_what_is_older_than_a_fix_that_holds_there_is_stale(
    where: dict[str, Any], state: CellState
) -> None:
    assert state_of(seen(yes=5, **where), [IOS_FIX], MONDAY, 180) is state
    assert state_of(seen(yes=1, **where), [IOS_FIX], MONDAY, 180) is CellState.REPRODUCED
