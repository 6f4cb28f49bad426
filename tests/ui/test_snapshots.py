"""A few whole screens, as the characters that stand on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from tests.ui.driving import running, settled, shown
from tui.app import PitboardApp


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("keys", [(), ("j", "enter"), ("a",)], ids=["list", "detail", "form"])
async def test_screen(
    start: Callable[..., PitboardApp],
    snapshot: SnapshotAssertion,
    language: str,
    size: tuple[int, int],
    keys: tuple[str, ...],
) -> None:
    app = start(language)
    async with running(app, size=size) as pilot:
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        assert await at_rest(pilot) == snapshot


async def at_rest(pilot: Pilot[None]) -> str:
    """What stands on the screen once nothing changes any more."""
    seen = [shown(pilot)]
    while len(seen) < 8 or len(set(seen[-8:])) > 1:
        await pilot.pause(0.05)
        seen.append(shown(pilot))
        assert len(seen) < 500
    return seen[-1]
