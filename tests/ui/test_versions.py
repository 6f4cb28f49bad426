"""What runs where on the screen, its warnings, and the review of what nobody verified."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from storage.model.row import Row
from storage.write.store import Store
from tests.records import DAY_MS
from tests.sizes import each_once
from tests.ui.conftest import NOW
from tests.ui.driving import (
    here,
    messages,
    paste,
    query_line,
    running,
    screen,
    settled,
    shown,
    type_,
    until,
)
from tui.app import PitboardApp
from tui.dialogs.form import Form
from tui.screens import sharing, versions
from tui.screens.board import BoardScreen
from tui.screens.versions import VersionsScreen
from tui.text.cells import width
from tui.text.i18n import speak

SIZES = [(80, 24), (120, 40), (200, 50)]
SAID: dict[str, Any] = {
    "host": "wecom",
    "platform": "ios",
    "client_version": "4.1.8",
    "base_library": "2.30.1",
}


@pytest.fixture
def seen(somebody: Store) -> str:
    """The pitfall of which a few occurrences were logged, one of them against the others."""
    pitfall = somebody.pitfalls.report("Login fails")
    somebody.occurrences.log(pitfall, **SAID, count=3)
    somebody.occurrences.log(pitfall, **SAID | {"platform": "android", "base_library": "2.30.4"})
    somebody.occurrences.log(pitfall, **SAID | {"base_library": "2.3.1"})
    return pitfall


async def opened(pilot: Any, app: PitboardApp) -> VersionsScreen:
    await settled(pilot)
    await pilot.press("L")
    await until(pilot, lambda: isinstance(app.screen, VersionsScreen))
    versions = app.screen
    assert isinstance(versions, VersionsScreen)
    await until(pilot, lambda: versions.runs.run is not None or "Nothing" in shown(pilot))
    return versions


@pytest.mark.parametrize(("size", "language"), each_once(SIZES, ["en", "zh_CN"]))
async def test_the_table_is_shown_at_any_size(
    start: Callable[..., PitboardApp], seen: str, size: tuple[int, int], language: str
) -> None:
    app = start(language)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, app)
        lines = shown(pilot).splitlines()
        assert all(width(line) <= size[0] for line in lines)
        assert ["4.1.8" in line for line in lines[2:5]] == [True] * 3
        assert [line.count("!") for line in lines[2:6]] == [0, 0, 1, 0]
        assert "2.30.4" in lines[2]
        assert "2.30.1" in lines[3]
        assert "2.3.1" in lines[4]


async def test_one_key_shows_one_platform_after_the_other(app: PitboardApp, seen: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        heads = [shown(pilot).splitlines()[0]]
        for _ in range(3):
            await pilot.press("f")
            await pilot.pause()
            heads.append(shown(pilot).splitlines()[0])
        assert [head.split("  ")[1] for head in heads] == [
            "all platforms · 3 lines · 1 doubtful",
            "Android · 1 line",
            "iOS · 2 lines · 1 doubtful",
            "all platforms · 3 lines · 1 doubtful",
        ]


@pytest.mark.parametrize(("key", "module"), [("L", versions), ("ampersand", sharing)])
async def test_ages_move_on_while_a_screen_stays_open(
    board_file: Path, seen: str, monkeypatch: pytest.MonkeyPatch, key: str, module: ModuleType
) -> None:
    assert seen
    monkeypatch.setattr(module, "AGES_SECONDS", 0.02)
    now = NOW + 1_000 + DAY_MS
    app = PitboardApp(board_file, who="Ann", now=lambda: now)
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: "24h" in shown(pilot))
        now += 9 * DAY_MS
        await until(pilot, lambda: "10d" in shown(pilot) and "24h" not in shown(pilot))
    app.session.close()


async def test_what_is_wrong_with_a_line_is_told_below(app: PitboardApp, seen: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        versions = await opened(pilot, app)
        assert "older than any" not in shown(pilot)
        await pilot.press("G")
        await until(pilot, lambda: "older than any" in shown(pilot))
        assert versions.runs.doubt is not None
        await pilot.press("k")
        await until(pilot, lambda: "older than any" not in shown(pilot))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_enter_shows_the_pitfalls_seen_there(
    start: Callable[..., PitboardApp], seen: str, language: str
) -> None:
    app = start(language)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        await until(pilot, lambda: screen(app).pitfalls.total == 1)
        assert here(app).id == seen
        values = query_line(app).value
        assert ("client:4.1.8" in values, "2.30.1" in values) == (language == "en", True)


@pytest.mark.parametrize("key", ["escape", "q", "b"])
async def test_it_is_left_without_a_query(app: PitboardApp, seen: str, key: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        assert query_line(app).value == ""


async def test_an_empty_table_says_what_fills_it(app: PitboardApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        assert "both an app version and a base library" in shown(pilot)
        await pilot.press("enter", "f", "G", "j", "ctrl+d")
        assert isinstance(app.screen, VersionsScreen)


async def test_it_follows_what_others_write(app: PitboardApp, seen: str, somebody: Store) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        versions = await opened(pilot, app)
        await pilot.press("j")
        held = versions.runs.run
        somebody.occurrences.log(seen, **SAID | {"client_version": "4.1.10"})
        await until(pilot, lambda: "4.1.10" in shown(pilot))
        assert versions.runs.run == held, "the cursor stays where it was"


async def test_it_is_found_in_the_palette_and_has_keys_of_its_own(
    app: PitboardApp, seen: str
) -> None:
    async with running(app) as pilot:
        await pilot.press("ctrl+p")
        await type_(pilot, "base library")
        await until(pilot, lambda: "App ↔ base library versions" in shown(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, VersionsScreen))
        await pilot.press("question_mark")
        await until(pilot, lambda: "Cycle the platform filter" in shown(pilot))


async def test_long_tables_scroll_and_strange_versions_do_nothing(
    app: PitboardApp, somebody: Store
) -> None:
    pitfall = somebody.pitfalls.report("Login fails")
    somebody.occurrences.log_many(
        (pitfall, SAID | {"client_version": f"4.1.{n}", "base_library": "[b]x[/b]"})
        for n in range(60)
    )
    async with app.run_test(size=(80, 24)) as pilot:
        versions = await opened(pilot, app)
        assert "[b]x[/b]" in shown(pilot)
        await pilot.press("G")
        await until(pilot, lambda: " 4.1.0 " in shown(pilot))
        await pilot.press("g", "ctrl+d", "ctrl+d", "j")
        assert versions.runs.run is not None
        assert versions.runs.run.client_version == "4.1.38"
        await pilot.press("enter")
        await until(pilot, lambda: screen(app).pitfalls.total == 1)
        assert "lib:" not in query_line(app).value, "what can't be compared can't be asked for"


# Its warnings


async def test_logging_what_contradicts_it_is_told_and_done(app: PitboardApp, seen: str) -> None:
    async with running(app) as pilot:
        screen(app).go_to(seen)
        await pilot.press("a")
        await until(pilot, lambda: app.screen.query("#field-base_library"))
        form: Any = app.screen
        for name, value in (SAID | {"base_library": "1.0"}).items():
            form.field(name).value = value
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "older than any" in messages(pilot))
        await until(pilot, lambda: "Logged an occurrence" in messages(pilot))
        held = app.session.board.occurrences.of(seen)
        assert [one.environment.base_library for one in held].count("1.0") == 1
        assert len(app.session.board.occurrences.of(seen)) == 4


async def test_pasting_what_contradicts_it_is_told_and_done(
    app: PitboardApp, seen: str, somebody: Store
) -> None:
    somebody.signatures.add(seen, "qy.login:fail nobody")
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("p")
        await until(pilot, lambda: app.screen is not screen(app))
        await paste(
            pilot,
            '{"environment":"wxwork","version":"4.1.8","platform":"ios",'
            '"SDKVersion":"1.0"}\nqy.login:fail nobody',
        )
        await until(pilot, lambda: "Login fails" in shown(pilot))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "older than any" in messages(pilot))
        await until(pilot, lambda: len(app.session.board.occurrences.of(seen)) == 4)


# The review


async def test_a_workaround_is_confirmed_with_a_key(app: PitboardApp) -> None:
    async with running(app) as pilot:
        query_line(app).value = "status:workaround"
        await settled(pilot)
        held = here(app)
        assert held.workaround_at != NOW
        await pilot.press("C")
        await until(pilot, lambda: "The workaround still works" in shown(pilot))
        assert "last verified on" in shown(pilot)
        await type_(pilot, "tried")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Confirmed the workaround" in messages(pilot))
        assert here(app).workaround_at == NOW
        assert app.session.board.history.timeline(held.id)[0].reason.plain == "tried"
        await pilot.press("u")
        await until(pilot, lambda: here(app).workaround_at == held.workaround_at)


async def test_several_of_which_one_has_no_workaround_stay_in_the_form(
    app: PitboardApp, somebody: Store
) -> None:
    somebody.pitfalls.report("Login fails")
    somebody.pitfalls.report("Login fails again", workaround="Wait.")
    async with running(app) as pilot:
        query_line(app).value = "-qy.login Login"
        await until(pilot, lambda: screen(app).pitfalls.total == 2)
        await settled(pilot)
        await pilot.press("asterisk", "C")
        await until(pilot, lambda: isinstance(app.screen, Form))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "no workaround that could be confirmed" in shown(pilot))
        assert app.screen is not screen(app)


@pytest.mark.parametrize(("size", "language"), each_once(SIZES, ["en", "zh_CN"]))
async def test_the_views_of_the_review_show_their_ages(
    start: Callable[..., PitboardApp], somebody: Store, size: tuple[int, int], language: str
) -> None:
    speak(language)
    somebody.session.now = lambda: NOW - 90 * DAY_MS
    claimed = somebody.pitfalls.report("Claimed")
    somebody.fixes.record(claimed, axis="client", from_version="4.1.8")
    stale = somebody.pitfalls.report("Stale", workaround="restart")
    app = start()
    async with running(app, size=size) as pilot:
        board = screen(app)
        names = [view.name for view in board.views.known]
        for name, pitfall, age in (("unverified", claimed, "3"), ("stale", stale, "3")):
            board.views.choose(board.views.known[names.index(name)])
            await settled(pilot)
            rows: list[Row] = [
                row
                for place in range(board.pitfalls.total)
                if (row := board.pitfalls.row_at(place))
            ]
            assert pitfall in [row.id for row in rows]
            line = await _line_of(pilot, "Claimed" if pitfall == claimed else "Stale", size)
            assert age in line
            assert all(width(one) <= size[0] for one in shown(pilot).splitlines())
            if language == "en":
                assert f"{'claimed' if pitfall == claimed else 'workaround'} 3mo" in line


async def _line_of(pilot: Any, title: str, size: tuple[int, int]) -> str:
    """What a row of the list says, both its lines where it has two."""
    lines = shown(pilot).splitlines()
    [place] = [n for n, line in enumerate(lines) if re.search(rf"S3 +{title}", line)]
    return "\n".join(lines[place : place + 2])


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_the_tabs_of_all_views_can_be_reached_and_none_is_cut(
    start: Callable[..., PitboardApp], language: str
) -> None:
    app = start(language)
    async with running(app) as pilot:
        views = screen(app).views.known
        for view in views:
            tabs = shown(pilot).splitlines()[1]
            assert view.label in tabs
            assert width(tabs) <= 80
            shown_labels = [one.label for one in views if one.label in tabs]
            is_all = shown_labels == [one.label for one in views]
            assert is_all or "‹" in tabs or "›" in tabs, "what is left out is pointed at"
            assert "…" not in tabs
            await pilot.press("right_curly_bracket")
            await settled(pilot)
