"""The board as it was, and what became of it, by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import seeds
from storage.model.row import Kind, OccurrenceTotals, Row, Severity, Status, Text
from storage.read.board import Board
from storage.write.store import Store
from tests.records import DAY_MS
from tests.ui.conftest import NOW
from tests.ui.driving import messages, running, settled, shown, type_, until
from tui.app import PitboardApp
from tui.screens.board_diff import diff_lines
from tui.text.cells import width
from tui.text.history import DiffRow
from tui.text.i18n import speak


@pytest.fixture
def app_with_a_past(board_file: Path, start: Callable[..., PitboardApp]) -> PitboardApp:
    """A board to which something was done one, two and three weeks ago."""
    wall = [NOW - 21 * DAY_MS]
    store = Store.open(
        board_file, who="Lin", catalogue=seeds.lines, edition=seeds.EDITION, now=lambda: wall[0]
    )
    with Board.open(board_file) as board:
        trial, posts = board.resolve("867d"), board.resolve("3327")
    wall[0] = NOW - 14 * DAY_MS
    store.pitfalls.report("Camera stays black", severity="S1", component="wx.chooseMedia")
    wall[0] = NOW - 7 * DAY_MS
    store.status.set(trial, "fixed upstream", axis="client", from_version="4.1.8", reason="said")
    store.status.set(posts, "open", reason="It does not help any more.")
    store.close()
    return start()


async def test_going_back_and_coming_back(app_with_a_past: PitboardApp) -> None:
    app = app_with_a_past
    async with running(app, size=(120, 40)) as pilot:
        assert "1 fixed upstream" in shown(pilot)
        await pilot.press("t")
        await type_(pilot, "10d")
        await pilot.press("enter")
        await until(pilot, lambda: "The board as it was at 2026-11-13 08:00" in shown(pilot))
        await settled(pilot)
        assert "0 fixed upstream" in shown(pilot)
        assert "Camera stays black" in shown(pilot)
        for key in ("s", "a", "n", "u", "i", "space", "e"):
            await pilot.press(key)
        await until(pilot, lambda: "nothing can be changed in the past" in messages(pilot))
        assert len(app.screen_stack) == 1
        await pilot.press("t")
        await settled(pilot)
        assert "1 fixed upstream" in shown(pilot)
        assert "as it was" not in shown(pilot)
        await pilot.press("s")
        await until(pilot, lambda: len(app.screen_stack) == 2)


async def test_in_the_past_the_lead_offers_no_key_for_what_is_next(
    app_with_a_past: PitboardApp,
) -> None:
    app = app_with_a_past
    step = "next: write down a workaround"
    async with running(app, size=(120, 40)) as pilot:
        await until(pilot, lambda: f"{step}  e" in shown(pilot))
        await pilot.press("t")
        await type_(pilot, "10d")
        await pilot.press("enter")
        await until(pilot, lambda: "Read-only. Press t to return." in shown(pilot))
        await settled(pilot)
        assert step in shown(pilot)
        assert f"{step}  e" not in shown(pilot)
        await pilot.press("t")
        await until(pilot, lambda: f"{step}  e" in shown(pilot))


async def test_changes_run_until_now_in_chinese(start: Callable[..., PitboardApp]) -> None:
    async with running(start("zh_CN"), size=(120, 40)) as pilot:
        await pilot.press("D")
        await until(pilot, lambda: "现在" in shown(pilot))
        assert "刚刚" not in shown(pilot)


async def test_before_anything_was_known_here(app_with_a_past: PitboardApp) -> None:
    async with running(app_with_a_past, size=(120, 40)) as pilot:
        await pilot.press("t")
        await type_(pilot, "4w")
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "what this machine knew" in shown(pilot))
        await pilot.press("down", "enter", "ctrl+s")
        await until(pilot, lambda: "as this machine knew it" in shown(pilot))
        await settled(pilot)
        assert "0 open" in shown(pilot)
        assert "No pitfalls yet" in shown(pilot)


async def test_a_moment_that_is_none_is_said_beside_its_field(
    app_with_a_past: PitboardApp,
) -> None:
    async with running(app_with_a_past) as pilot:
        await pilot.press("t")
        await type_(pilot, "2027-01-01")
        await pilot.press("enter")
        await until(pilot, lambda: "lies ahead" in shown(pilot))
        assert "2027-01-01" in shown(pilot)


async def test_filters_of_items_look_at_the_past(app_with_a_past: PitboardApp) -> None:
    async with running(app_with_a_past, size=(120, 40)) as pilot:
        await pilot.press("t")
        await type_(pilot, "10d")
        await pilot.press("enter")
        await until(pilot, lambda: "The board as it was" in shown(pilot))
        await pilot.press("slash")
        await type_(pilot, "has:fix")
        await settled(pilot)
        assert "0 pitfalls" in shown(pilot)
        await pilot.press("escape", "t")
        await settled(pilot)
        await pilot.press("slash")
        await type_(pilot, "has:fix")
        await settled(pilot)
        assert "1 pitfall " in shown(pilot)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_what_became_of_the_board(app_with_a_past: PitboardApp, language: str) -> None:
    speak(language)
    app = app_with_a_past
    async with running(app) as pilot:
        await pilot.press("D")
        await type_(pilot, "3w")
        await pilot.press("enter")
        await until(pilot, lambda: "Camera stays black" in shown(pilot))
        assert "867d" in shown(pilot)
        assert "3327" in shown(pilot)
        await pilot.press("enter")
        await settled(pilot)
        row = app.screen.pitfalls.row  # type: ignore[attr-defined]
        assert row.title.plain == "Camera stays black"


def test_the_titles_of_a_comparison_stand_below_each_other() -> None:
    def row(title: str, status: Status) -> Row:
        facts = Kind.BUG, Text("map"), Severity.S2, status, OccurrenceTotals()
        return Row(1, title, Text(title), *facts)

    found = [
        DiffRow(None, row("开始", Status.OPEN)),
        DiffRow(row("Begins", Status.OPEN), row("Begins", Status.FIXED_UPSTREAM)),
    ]
    # Of two ids one needs more digits.
    ids = {"开始": "9af1", "Begins": "0ad0a"}
    lines = {
        one.after.id: line.plain
        for one, line in zip(found, diff_lines(found, ids.__getitem__), strict=True)
    }
    starts = {width(line[: line.index(title)]) for title, line in lines.items()}
    assert len(starts) == 1, lines
