"""The retro by keys: periods, figures and what is behind them, plots, notes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from storage.model.records import THE_BOARD
from storage.model.retro import Period, Retro
from storage.reports.retro.figures import RANKINGS
from storage.retro.happened import RetroNoteReader
from storage.retro.report import TIMELINE, RetroReport
from storage.write.store import Store
from tests.processes import PATIENCE
from tests.records import DAY_MS
from tests.ui.conftest import NOW
from tests.ui.driving import messages, settled, shown, type_, until
from tests.ui.filling import field
from tui.app import PitboardApp
from tui.dialogs.form import Form
from tui.screens.retro import RetroScreen
from tui.text.i18n import labelled, speak, translator
from tui.text.retro import FigureLine


@pytest.fixture
def busy(board_file: Path, start: Callable[..., PitboardApp]) -> PitboardApp:
    """A board to which something was done this week, last week, and a month ago."""
    wall = [NOW - 30 * DAY_MS]
    store = Store.open(board_file, who="Lin", now=lambda: wall[0])
    camera = store.pitfalls.report("Camera stays black", severity="S1", component="wx.chooseMedia")
    store.occurrences.log(camera, client_version="4.1.6", platform="ios", host="wecom", count=7)
    wall[0] = NOW - 5 * DAY_MS
    store.status.set(camera, "workaround", workaround="Ask twice.", reason="Found it.")
    login = store.pitfalls.report("Login fails", component="wx.qy.login")
    wall[0] = NOW - 60_000
    store.occurrences.log(login, client_version="4.1.8", platform="android", host="wecom", count=3)
    store.close()
    return start()


async def opened(pilot: Pilot[None]) -> RetroScreen:
    """The retro, read."""
    await settled(pilot)
    await pilot.press("R")
    await until(pilot, lambda: isinstance(pilot.app.screen, RetroScreen))
    await read(pilot)
    retro = pilot.app.screen
    assert isinstance(retro, RetroScreen)
    return retro


async def read(pilot: Pilot[None]) -> None:
    """Wait until the period and the pitfalls behind the line are read."""
    await settled(pilot)
    groups = {"retro", "behind", "story", "command"}
    await until(
        pilot,
        lambda: (
            not any(
                worker.group in groups and worker.is_running
                for worker in pilot.app.workers
                if worker.name != "retro"
            )
        ),
    )
    await settled(pilot)


def figure(pilot: Pilot[None], name: str) -> list[str]:
    """The words of the line that a figure stands in."""
    [line] = [one for one in shown(pilot).splitlines() if one.strip().startswith(name)]
    return line.split("│")[0].strip().removeprefix(name).split()


async def test_figures_beside_those_before(busy: PitboardApp) -> None:
    async with busy.run_test(size=(120, 50)) as pilot:
        await opened(pilot)
        assert "week 2026-W48  2026-11-23 – 2026-11-29" in shown(pilot)
        assert "so far; compared with 2026-W47" in shown(pilot)
        # It is Monday: the first day stands beside the first day.
        assert "first day against the first of 2026-W47" in shown(pilot)
        assert figure(pilot, "opened")[:3] == ["0", "=", "before:"]
        assert figure(pilot, "seen")[:4] == ["3", "✗", "▲", "3"]
        assert figure(pilot, "still open")[:2] == ["1", "="]
        await pilot.press("left")
        await read(pilot)
        assert "2026-W47" in shown(pilot)
        assert figure(pilot, "opened")[:3] == ["1", "✗", "▲"]
        assert figure(pilot, "given a workaround")[0] == "1"
        assert figure(pilot, "first workaround")[-2:] != ["not", "yet"]


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_figure_is_opened_to_its_pitfalls(busy: PitboardApp, size: tuple[int, int]) -> None:
    async with busy.run_test(size=size) as pilot:
        retro = await opened(pilot)
        await pilot.press("left")
        await read(pilot)
        await pilot.press("j")
        await read(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Camera stays black" in shown(pilot))
        assert "given a workaround: 1 matching pitfall" in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "given a workaround" in shown(pilot))
        await pilot.press("enter", "enter")
        await until(pilot, lambda: pilot.app.screen is not retro)
        await until(pilot, lambda: "Ask twice." in shown(pilot))
        # Coming back lands where one was.
        await pilot.press("R")
        await read(pilot)
        assert "2026-W47" in shown(pilot)
        again = pilot.app.screen
        assert isinstance(again, RetroScreen)
        assert again.place.line == 2


async def test_every_sort_of_period(busy: PitboardApp) -> None:
    async with busy.run_test(size=(120, 40)) as pilot:
        retro = await opened(pilot)
        for key, head in (
            ("m", "month 2026-11  2026-11-01 – 2026-11-30"),
            ("Q", "quarter 2026-Q4  2026-10-01 – 2026-12-31"),
            ("s", "sprint of 2 weeks  2026-11-23 – 2026-12-06"),
            ("plus", "sprint of 3 weeks"),
            ("minus", "sprint of 2 weeks"),
            ("minus", "sprint of 1 week  "),
            ("minus", "sprint of 1 week  "),
            ("w", "week 2026-W48"),
        ):
            await pilot.press(key)
            await read(pilot)
            assert head in shown(pilot), key
        await pilot.press("v")
        await until(pilot, lambda: pilot.app.screen is not retro)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "release 4.1.8  2026-11-23" in shown(pilot))
        await read(pilot)
        await pilot.press("left")
        await read(pilot)
        assert "release 4.1.6  2026-10-24 – 2026-11-22" in shown(pilot)
        await pilot.press("p")
        await until(pilot, lambda: "Retro of a period" in shown(pilot))
        await pilot.press(*["backspace"] * 8)
        await type_(pilot, "soon")
        await pilot.press("enter")
        await until(pilot, lambda: "is not a period" in shown(pilot))
        await pilot.press(*["backspace"] * 4)
        await type_(pilot, "2026-10-20..2026-11-02")
        await pilot.press("enter")
        await until(pilot, lambda: "2026-10-20 – 2026-11-02" in shown(pilot))
        await read(pilot)
        assert "compared with 2026-10-06 – 2026-10-19" in shown(pilot)


async def test_nothing_lies_ahead(busy: PitboardApp) -> None:
    async with busy.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await pilot.press("right")
        await until(pilot, lambda: "has not begun yet" in messages(pilot))
        assert "2026-W48" in shown(pilot)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_plots_and_timeline(busy: PitboardApp, language: str) -> None:
    speak(language)
    async with busy.run_test(size=(120, 45)) as pilot:
        await opened(pilot)
        await pilot.press("m")
        await read(pilot)
        await pilot.press("right_square_bracket")
        await settled(pilot)
        drawn = shown(pilot)
        assert "█" in drawn
        assert "▒" in drawn
        assert "iOS" not in drawn
        assert "Android" in drawn
        assert "2026-11-01" in drawn
        await pilot.press("right_square_bracket")
        await read(pilot)
        assert "2026-11-18" in shown(pilot)
        assert "Found it." in shown(pilot)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, RetroScreen))


async def test_regressions_and_what_is_overdue_stand_out(
    board_file: Path, start: Callable[..., PitboardApp]
) -> None:
    with_fix = Store.open(board_file, who="Lin", now=lambda: NOW - 2 * DAY_MS)
    pitfall = with_fix.pitfalls.report("Login fails")
    with_fix.status.set(pitfall, "fixed upstream", axis="client", from_version="4.1.6")
    with_fix.occurrences.log(pitfall, client_version="4.1.8")
    with_fix.retro.note("Ask why", sort="follow-up", due="2026-11-22", pitfall=pitfall)
    with_fix.close()
    async with start().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("m", "O")
        await read(pilot)
        regression = "↻ regression  logged an occurrence: 4.1.8  Login fails"
        await until(pilot, lambda: regression in shown(pilot))
        [reported] = [line for line in shown(pilot).splitlines() if "reported it" in line]
        # Beside it stands the pitfall behind the line under the cursor, once that was read.
        assert reported.split("▏")[0].count("Login fails") == 1
        await pilot.press("right_square_bracket")
        await read(pilot)
        assert "overdue: 2026-11-22  Ask why  Login fails" in shown(pilot)


async def test_a_period_is_exported_to_a_file(busy: PitboardApp, tmp_path: Path) -> None:
    async with busy.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await pilot.press("m", "x")
        await until(pilot, lambda: isinstance(busy.screen, Form))
        path = field(busy, "path")
        assert path.value == "retro-2026-11.html"
        path.value = str(tmp_path / "retro.pdf")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "ends in .html" in shown(pilot))
        path.value = str(tmp_path / "retro.md")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Written to" in messages(pilot))
        assert "2026-11" in (tmp_path / "retro.md").read_text("utf-8")
        # What is there already is left as it is.
        await pilot.press("x")
        await until(pilot, lambda: isinstance(busy.screen, Form))
        field(busy, "path").value = str(tmp_path / "retro.md")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "already" in shown(pilot))
        field(busy, "force").value = "yes"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(busy.screen, RetroScreen))


async def test_a_follow_up_shows_up_next_time_until_it_is_done(
    busy: PitboardApp, board_file: Path
) -> None:
    async with busy.run_test(size=(100, 30)) as pilot:
        await opened(pilot)
        await pilot.press("left")
        await read(pilot)
        await pilot.press("left_square_bracket")
        await pilot.press("a")
        await until(pilot, lambda: "Add a note" in shown(pilot))
        assert field(busy, "sort").value == "note"
        field(busy, "sort").value = "follow-up"
        await type_(pilot, "Ask the vendor")
        await pilot.press("tab")
        await type_(pilot, "Bo")
        await pilot.press("tab")
        await type_(pilot, "下周二")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Noted." in messages(pilot))
        await read(pilot)
        await pilot.press("right")
        await read(pilot)
        assert "by 2026-12-01  @Bo  Ask the vendor" in shown(pilot)
        with RetroNoteReader.open(board_file) as notes:
            [note] = notes.follow_ups()
        await pilot.press("e")
        await until(pilot, lambda: "Edit the note" in shown(pilot))
        await type_(pilot, "!")
        field(busy, "text").value = "Ask them again"
        busy.session.store().entries.edit(THE_BOARD, note.id, {"text": "Ask Li"})
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "meanwhile: “Ask Li”" in shown(pilot))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Saved." in messages(pilot))
        await read(pilot)
        await pilot.press("space")
        await until(pilot, lambda: "Done: " in messages(pilot))
        await read(pilot)
        assert "Nothing is left to follow up." in shown(pilot)
        assert "done on 2026-11-23" in shown(pilot)
        await pilot.press("u")
        await until(pilot, lambda: "Undone" in messages(pilot))
        await read(pilot)
        assert "Nothing is left to follow up." not in shown(pilot)
        with RetroNoteReader.open(board_file) as notes:
            assert notes.note(note.id).owner == "Bo"


async def test_what_is_refused_is_said_and_kept(busy: PitboardApp) -> None:
    async with busy.run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await pilot.press("space")
        await until(pilot, lambda: "There is no follow-up here." in messages(pilot))
        await pilot.press("a")
        await until(pilot, lambda: "Add a note" in shown(pilot))
        await type_(pilot, "Some day")
        await pilot.press("tab", "tab")
        await type_(pilot, "soon")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "not a date" in shown(pilot))
        assert "Some day" in shown(pilot)


async def test_the_timeline_shows_one_sort_of_changes(busy: PitboardApp) -> None:
    async with busy.run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("m")
        await read(pilot)
        await pilot.press("O")
        await read(pilot)
        assert "reported it" in shown(pilot)
        assert "Found it." in shown(pilot)
        await pilot.press("O", "O")
        await until(pilot, lambda: "Only: status" in shown(pilot))
        await until(pilot, lambda: "reported it" not in shown(pilot))
        assert "Found it." in shown(pilot)
        await pilot.press("O")
        await until(pilot, lambda: "Only: occurrences" in shown(pilot))
        await until(pilot, lambda: "Nothing happened." in shown(pilot))


async def test_what_takes_long_is_stopped(
    busy: PitboardApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, went_on = Event(), Event()
    look_back = RetroReport.look_back

    def slowly(
        self: RetroReport, period: Period, now: int, progress: Callable[[int, int], None]
    ) -> Retro:
        def counted(done: int, of: int) -> None:
            if done == 2:
                waiting.set()
                went_on.wait(PATIENCE)
            progress(done, of)

        return look_back(self, period, now, counted)

    async with busy.run_test(size=(80, 24)) as pilot:
        retro = await opened(pilot)
        monkeypatch.setattr(RetroReport, "look_back", slowly)
        await pilot.press("m")
        await until(pilot, waiting.is_set)
        await until(pilot, lambda: "reading, 1 of 6…  esc stops" in shown(pilot))
        # What is on the screen can be read on meanwhile.
        await pilot.press("G")
        await pilot.press("escape")
        await until(pilot, lambda: "stopped; r reads it" in shown(pilot))
        went_on.set()
        await read(pilot)
        assert pilot.app.screen is retro
        assert "month 2026-11" in shown(pilot)
        await pilot.press("r")
        await read(pilot)
        # The head is one line, in a terminal of 80 columns too.
        [head, *_others] = shown(pilot).splitlines()
        assert "month 2026-11" in head
        assert head.rstrip().endswith("so far; compared with 2026-10")


async def test_a_long_timeline_says_that_it_goes_on(
    board_file: Path, start: Callable[..., PitboardApp]
) -> None:
    store = Store.open(board_file, who="Lin", now=lambda: NOW - 60_000)
    pitfall = store.pitfalls.report("Login fails")
    for number in range(TIMELINE):
        store.comments.add(pitfall, f"Tried it {number} times")
    store.close()
    async with start().run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("O")
        await read(pilot)
        await until(pilot, lambda: "These are of the newest" in shown(pilot))
        assert f"These are of the newest {TIMELINE}." in shown(pilot)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_each_list_says_which_figure_it_is_of_and_rankings_are_called_as_in_reports(
    busy: PitboardApp, language: str
) -> None:
    speak(language)
    async with busy.run_test(size=(200, 60)) as pilot:
        retro = await opened(pilot)
        t = translator()
        for ranking in RANKINGS[:2]:
            assert f" {t.gettext(ranking.heading)}" in shown(pilot)
        shown_names = set()
        lines = retro.lines._lines("figures")
        for place, line in enumerate(lines):
            if not isinstance(line, FigureLine) or line.is_heading:
                continue
            assert line.name
            retro.query_one("#retro-figures", OptionList).highlighted = place
            head = retro.query_one("#retro-behind-head", Static)
            begin = labelled(line.name, "").strip()
            await until(pilot, lambda: str(head.content).startswith(begin))  # noqa: B023
            shown_names.add(line.name)
        assert t.gettext("regressed in the period") in shown_names
