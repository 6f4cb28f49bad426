"""What can be clicked: each part of a line does what its key does, and shows that it would."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from storage.query.tree import SortKey
from tests.ui.driving import running, screen, settled, shown, until
from tui.app import PitboardApp
from tui.widgets.board_panes import ViewTabs


def place_of(pilot: Pilot[None], words: str) -> tuple[int, int]:
    """Where some words begin on the screen."""
    lines = shown(pilot).splitlines()
    [row] = [n for n, line in enumerate(lines) if words in line][:1]
    return lines[row].index(words), row


def underlined(pilot: Pilot[None], row: int) -> str:
    """What is underlined in a row of the screen."""
    strip = pilot.app.screen._compositor.render_strips()[row]
    return "".join(one.text for one in strip if one.style is not None and one.style.underline)


async def test_the_next_step_of_the_lead_is_a_link(app: PitboardApp) -> None:
    async with running(app, size=(120, 40)) as pilot:
        await until(pilot, lambda: "next: write down a workaround" in shown(pilot))
        at = place_of(pilot, "next: write down")
        await pilot.click(offset=at)
        await settled(pilot)
        # It is what e does.
        await until(pilot, lambda: app.screen is not screen(app))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_keys_and_views_show_what_a_click_takes(
    app: PitboardApp, size: tuple[int, int]
) -> None:
    async with running(app, size=size) as pilot:
        x, y = place_of(pilot, "search  a log")
        await pilot.hover(offset=(x + 1, y))
        await settled(pilot)
        assert underlined(pilot, y) == "search"
        x, y = place_of(pilot, "Blocking")
        await pilot.hover(offset=(x + 2, y))
        await settled(pilot)
        assert "Blocking" in underlined(pilot, y)
        await pilot.click(offset=(x + 2, y))
        await settled(pilot)
        assert screen(app).views.view.name == "blocking"
        assert screen(app).query_one(ViewTabs).region.y == y


async def test_a_click_on_the_order_sorts_by_the_next_column(app: PitboardApp) -> None:
    async with running(app, size=(120, 40)) as pilot:
        x, y = place_of(pilot, "10 pitfalls")
        await pilot.click(offset=(x, y))
        await settled(pilot)
        assert screen(app).search.order is SortKey.STATUS
        assert "by status" in shown(pilot)
