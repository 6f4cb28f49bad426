"""The Timeline tab: a story by day, with a cursor, a filter, and what stood before restored."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot

from storage.write.store import Store
from tests.records import DAY_MS, Wall
from tests.ui.conftest import NOW
from tests.ui.driving import here, messages, running, screen, settled, shown, until
from tui.app import PitboardApp
from tui.widgets.timeline import HistoryList

LONG = "Open the page and wait. " * 9


@pytest.fixture
def board_file(tmp_path: Path) -> Path:
    """A board with one pitfall, to which something was done on three days."""
    wall = Wall(NOW - 2 * DAY_MS)
    with closing(Store.open(tmp_path / "board.db", who="Bob", now=wall)) as store:
        pitfall = store.pitfalls.report(
            "White picture", severity="S3", workaround=f"{LONG}Use preview."
        )
        comment = store.comments.add(pitfall, "They will fix it")
        wall.ms += DAY_MS
        store.pitfalls.edit(
            pitfall, {"workaround": f"{LONG}Use trial.\nThen log in."}, reason="It works"
        )
        store.pitfalls.edit(pitfall, {"severity": "S1"})
        wall.ms += DAY_MS
        store.entries.hide(pitfall, comment)
        store.occurrences.log(pitfall, message="fail")
        store.history.undo()
    return tmp_path / "board.db"


async def at_the_timeline(pilot: Pilot[None]) -> None:
    """Open the pitfall, and its timeline."""
    await settled(pilot)
    for key in ("enter", "O"):
        await pilot.press(key)
        await settled(pilot)


def at(app: PitboardApp) -> str:
    """What the change under the cursor did to what."""
    line = screen(app).query_one(HistoryList).line
    return f"{line.what} {line.field}".strip() if line is not None else ""


async def go_to(pilot: Pilot[None], app: PitboardApp, what: str) -> None:
    """Walk down to a change."""
    await pilot.press("g")
    for _ in range(9):
        if at(app) == what:
            return
        await pilot.press("j")
    raise AssertionError(f"never at {what}: {shown(pilot)}")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_is_told_by_day_with_what_changed_and_why(
    app: PitboardApp, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await at_the_timeline(pilot)
        assert screen(app).detail.tab == "timeline"
        seen = shown(pilot)
        days = [seen.index(f"{day} Nov 2026") for day in ("Mon 23", "Sun 22", "Sat 21")]
        assert days == sorted(days)
        for words in (
            "08:00 Bob",
            "hid the comment  They will fix it",
            "(undone) logged an occurrence (reproduced)  fail",
            "changed the severity  S3 minor → S1 blocks a release",
            "because: It works",
        ):
            assert words in seen


async def test_the_keys_walk_through_the_changes(app: PitboardApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await at_the_timeline(pilot)
        assert isinstance(app.focused, HistoryList)
        assert at(app) == "item_hidden comment_added"
        for key, there in (
            ("j", "occurrence_logged occurrence_logged"),
            ("k", "item_hidden comment_added"),
            ("k", "item_hidden comment_added"),
            ("G", "comment_added comment_added"),
            ("g", "item_hidden comment_added"),
            ("ctrl+d", "field_set workaround"),
            ("ctrl+u", "item_hidden comment_added"),
        ):
            await pilot.press(key)
            assert at(app) == there, key


async def test_a_long_change_unfolds_and_folds_again(app: PitboardApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await at_the_timeline(pilot)
        await go_to(pilot, app, "field_set workaround")

        def told() -> str:
            return " ".join(shown(pilot).partition("References")[2].split())

        assert "… the page and wait. Use [-preview-]{+trial.⏎ Then…" in shown(pilot)
        assert "page and wait. Open the page" not in told()
        await pilot.press("enter")
        await pilot.pause()
        assert "page and wait. Open the page" in told()
        assert "Then log in+}." in shown(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert "page and wait. Open the page" not in told()


async def test_the_filter_goes_through_the_sorts_that_there_are(app: PitboardApp) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await at_the_timeline(pilot)
        seen = []
        for _ in range(4):
            await pilot.press("O")
            await pilot.pause()
            [line] = [line for line in shown(pilot).splitlines() if "O goes on" in line]
            seen.append(line.partition("only ")[2].partition(" · O")[0])
        assert seen == [
            "values · 4 lines are hidden",
            "occurrences · 6 lines are hidden",
            "comments · 5 lines are hidden",
            "undone · 5 lines are hidden",
        ]
        assert at(app) == "occurrence_logged occurrence_logged"
        await pilot.press("O")
        await pilot.pause()
        assert "O goes on" not in shown(pilot)


async def test_one_key_restores_what_stood_before_and_undo_takes_that_back(
    app: PitboardApp,
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await at_the_timeline(pilot)
        await go_to(pilot, app, "field_set severity")
        await pilot.press("less_than_sign")
        await until(pilot, lambda: here(app).severity == "S3")
        await until(pilot, lambda: "Restored what was before" in messages(pilot))
        await settled(pilot)
        # The cursor stays where it was, below what was written just now.
        assert at(app) == "field_set severity"
        assert "because: restored the value from before" in shown(pilot)
        await pilot.press("u")
        await until(pilot, lambda: here(app).severity == "S1")


async def test_a_hidden_comment_is_shown_again(app: PitboardApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await at_the_timeline(pilot)
        await pilot.press("less_than_sign")
        await until(pilot, lambda: here(app).comments)


async def test_what_can_t_be_restored_is_said(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("less_than_sign")
        await until(pilot, lambda: "Go to a change in the timeline first" in messages(pilot))
        await at_the_timeline(pilot)
        await pilot.press("G", "less_than_sign")
        await until(pilot, lambda: "no earlier value" in messages(pilot))


async def test_older_occurrences_are_counted_below(app: PitboardApp) -> None:
    async with running(app) as pilot:
        name = here(app).id
        app.session.store().occurrences.log_many([(name, {}) for _ in range(203)])
        await at_the_timeline(pilot)
        await pilot.press("G")
        await pilot.pause()
        assert "… and 3 older occurrences" in shown(pilot)


async def test_a_click_moves_the_cursor_and_a_second_one_unfolds(app: PitboardApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await at_the_timeline(pilot)
        await pilot.click(HistoryList, offset=(4, 8))
        assert at(app) == "field_set workaround"
        await pilot.click(HistoryList, offset=(4, 8), times=2)
        await pilot.pause()
        assert "page and wait. Open the page" in " ".join(shown(pilot).split())


async def test_triage_scrolls_it_and_its_keys_stay_those_of_the_inbox(app: PitboardApp) -> None:
    async with running(app, size=(120, 40)) as pilot:
        name = here(app).id
        app.session.store().occurrences.log_many([(name, {}) for _ in range(50)])
        await pilot.press("i")
        await settled(pilot)
        await pilot.press("O")
        await settled(pilot)
        assert "08:00 Ann" in shown(pilot)
        await pilot.press("ctrl+d")
        await settled(pilot)
        assert "08:00 Ann" not in shown(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_answer_stands_above_every_tab(app: PitboardApp, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await at_the_timeline(pilot)
        for _ in range(4):
            lines = iter([line.strip() for line in shown(pilot).splitlines()])
            assert any(line.startswith("◐ workaround") for line in lines)
            assert next(lines).startswith("Open the page and wait.")
            await pilot.press("]")
            await settled(pilot)
