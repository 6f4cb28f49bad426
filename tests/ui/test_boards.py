"""Several boards: the name in the header, and going to another one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from storage.model.row import Status
from tests.boards import fresh
from tests.ui.driving import running, settled, shown, type_, until
from tui.text.vocabulary import MARKS


@pytest.fixture
def named(tmp_path: Path, board_file: Path) -> Path:
    """Settings that name the board of the test, another one, and one without a file."""
    settings = tmp_path / "config" / "pitboard"
    settings.mkdir(parents=True)
    other = tmp_path / "other.db"
    fresh(other)
    (settings / "config.toml").write_text(
        f'[boards]\nwecom = "{board_file}"\nsecond = "{other}"\nghost = "{tmp_path / "none.db"}"\n'
    )
    return other


def header(pilot: Pilot[None]) -> str:
    """The name that the header shows before the counts; empty if it shows none."""
    return shown(pilot).splitlines()[0].partition(MARKS[Status.OPEN])[0].strip()


async def test_a_board_among_several_has_its_name_in_the_header(named, app):
    async with running(app) as pilot:
        await until(pilot, lambda: header(pilot) == "wecom")
        await pilot.resize_terminal(80, 24)
        # What the list shows follows the inbox still.
        line = shown(pilot).splitlines()[0]
        assert re.search(r"✉ \d+( inbox)? +\S", line), line


async def test_the_only_board_needs_none(app):
    async with running(app) as pilot:
        await pilot.pause()
        assert header(pilot) == ""


async def test_another_board_is_gone_to(named, app):
    async with running(app) as pilot:
        await pilot.press("N")
        await type_(pilot, "second")
        await settled(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.next_board is not None)
    assert app.next_board == named


async def test_a_board_with_a_space_in_its_name_is_gone_to(app, tmp_path, board_file):
    other = tmp_path / "other.db"
    fresh(other)
    settings = tmp_path / "config" / "pitboard" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'[boards]\nwecom = "{board_file}"\n"别的 项目" = "{other}"\n', "utf-8")
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("N")
        await until(pilot, lambda: "别的 项目" in shown(pilot))
        await type_(pilot, "别的")
        await settled(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.next_board is not None)
    assert app.next_board == other


async def test_a_board_without_a_file_is_not_gone_to(named, app):
    async with running(app) as pilot:
        await pilot.press("N")
        await type_(pilot, "ghost")
        await settled(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: any("no board" in one.message for one in app._notifications))
        assert app.next_board is None
        assert app.is_running


async def test_without_names_the_command_says_how_to_give_one(app):
    async with running(app) as pilot:
        await pilot.press("N")
        await until(pilot, lambda: any("boards add" in one.message for one in app._notifications))
