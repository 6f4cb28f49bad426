"""The file of an open board is deleted, renamed or replaced."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from storage.check import check
from storage.db.backup import back_up
from storage.db.board_files import log_of
from storage.read.board import Board
from storage.write.store import Store
from tests.ui.driving import here, running, settled, shown, type_, until
from tui.app import PitboardApp
from tui.dialogs.general import Confirm, HelpScreen
from tui.screens.board import BoardScreen


def _comments(path: Path, pitfall: str) -> list[str]:
    with Board.open(path) as board:
        return [one.text.plain for one in board.pitfall(pitfall).comments]


def _asked(app: PitboardApp) -> Callable[[], bool]:
    return lambda: isinstance(app.screen, Confirm)


def _told(app: PitboardApp, words: str) -> bool:
    return any(words in one.message for one in app._notifications)


def _looks(app: PitboardApp, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the app finds each time that it looks for its file, from now on."""
    looks: list[object] = []
    watch = app.session.watch_file
    monkeypatch.setattr(app.session, "watch_file", lambda: looks.append(watch()) or looks[-1])
    return looks


async def _commented(pilot: object, app: PitboardApp, text: str) -> str:
    pitfall = here(app).id
    await pilot.press("c")  # type: ignore[attr-defined]
    await settled(pilot)  # type: ignore[arg-type]
    await type_(pilot, text)  # type: ignore[arg-type]
    await pilot.press("ctrl+s")  # type: ignore[attr-defined]
    await settled(pilot)  # type: ignore[arg-type]
    return pitfall


async def test_a_deleted_file_is_noticed_and_written_back(
    app: PitboardApp, board_file: Path
) -> None:
    async with running(app, size=(120, 40)) as pilot:
        pitfall = await _commented(pilot, app, "before it")
        for left in board_file.parent.glob("board.db*"):
            left.unlink()
        await until(pilot, _asked(app))
        await until(pilot, lambda: "Write y" in shown(pilot))
        await pilot.press("y")
        await until(pilot, board_file.exists)
        await until(pilot, lambda: app.session.file_change is None)
        await settled(pilot)
        assert isinstance(app.screen, BoardScreen)
        assert await _commented(pilot, app, "after it") == pitfall
        await until(pilot, lambda: len(_comments(board_file, pitfall)) == 2)
    assert _comments(board_file, pitfall) == ["before it", "after it"]
    assert check(board_file).findings == ()
    assert board_file.stat().st_mode & 0o777 == 0o600


async def test_nothing_is_written_while_the_file_is_gone_and_it_is_said_once(
    app: PitboardApp, board_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(app, size=(120, 40)) as pilot:
        board_file.rename(board_file.with_name("moved.db"))
        await until(pilot, _asked(app))
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("c")
        await settled(pilot)
        assert isinstance(app.screen, BoardScreen), "what writes is refused"
        looks = _looks(app, monkeypatch)
        await until(pilot, lambda: len(looks) > 2)
        assert isinstance(app.screen, BoardScreen), "it is asked once"
        assert not board_file.exists()
        board_file.with_name("moved.db").rename(board_file)
        await until(pilot, lambda: app.session.file_change is None)
        pitfall = await _commented(pilot, app, "it is back")
        await until(pilot, lambda: _comments(board_file, pitfall) == ["it is back"])


async def test_what_needs_no_file_works_while_it_is_asked(
    app: PitboardApp, board_file: Path
) -> None:
    async with running(app, size=(120, 40)) as pilot:
        board_file.rename(board_file.with_name("moved.db"))
        await until(pilot, _asked(app))
        await pilot.press("ctrl+c")
        await until(pilot, lambda: _told(app, "q quits from the list"))
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(app.screen, BoardScreen)


async def test_q_quits_while_it_is_asked(app: PitboardApp, board_file: Path) -> None:
    async with running(app, size=(120, 40)) as pilot:
        board_file.rename(board_file.with_name("moved.db"))
        await until(pilot, _asked(app))
        await pilot.press("q")
        await until(pilot, lambda: app._exit)


@pytest.mark.parametrize("how", ["deleted", "replaced"])
async def test_what_is_typed_is_kept(app: PitboardApp, board_file: Path, how: str) -> None:
    backup = board_file.with_name("backup.db")
    back_up(board_file, backup)
    async with running(app, size=(120, 40)) as pilot:
        pitfall = here(app).id
        await pilot.press("c")
        await settled(pilot)
        await type_(pilot, "half a comment")
        form = app.screen
        if how == "deleted":
            board_file.unlink()
        else:
            backup.replace(board_file)
        await until(pilot, lambda: app.session.file_change is not None)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert app.screen is form
        assert "half a comment" in [one.text for one in form.query(TextArea)] + [
            one.value for one in form.query(Input)
        ]
        assert app.session.file_change is not None
        await pilot.press("escape")
        await settled(pilot)
        if isinstance(app.screen, Confirm) and app.screen is not form:
            await pilot.press("y")
        await until(pilot, _asked(app))
        await pilot.press("y")
        await until(pilot, lambda: app.session.file_change is None)
        await settled(pilot)
        assert await _commented(pilot, app, "whole") == pitfall
        await until(pilot, lambda: _comments(board_file, pitfall) == ["whole"])
    assert check(board_file).findings == ()


async def test_another_board_in_its_place_is_opened(
    app: PitboardApp, board_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    with closing(Store.open(other, who="Bo")) as store:
        store.pitfalls.report("Only on the other board")
    async with running(app, size=(120, 40)) as pilot:
        await _commented(pilot, app, "on the first")
        Store.restore(board_file, other)
        await until(pilot, _asked(app))
        await until(pilot, lambda: "Open y" in shown(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "Only on the other board" in shown(pilot))
        pitfall = await _commented(pilot, app, "on the other")
        await until(pilot, lambda: _comments(board_file, pitfall) == ["on the other"])
    assert check(board_file).findings == ()


async def test_a_board_made_where_one_was_deleted_is_offered_instead(
    app: PitboardApp, board_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    with closing(Store.open(other, who="Bo")) as store:
        store.pitfalls.report("Only on the new board")
    async with running(app, size=(120, 40)) as pilot:
        for left in board_file.parent.glob("board.db*"):
            left.unlink()
        await until(pilot, lambda: "Write y" in shown(pilot))
        other.rename(board_file)
        await until(pilot, lambda: "Open y" in shown(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "Only on the new board" in shown(pilot))
        await until(pilot, lambda: app.session.file_change is None)


async def test_a_file_that_was_put_over_a_log_by_hand_is_opened_without_it(
    app: PitboardApp, board_file: Path, tmp_path: Path
) -> None:
    with closing(Store.open(tmp_path / "other.db", who="Bo")) as store:
        store.pitfalls.report("Only on the other board")
    async with running(app, size=(120, 40)) as pilot:
        await _commented(pilot, app, "in the log")
        log = log_of(board_file).read_bytes()
        app.session.watch_file()
        (tmp_path / "other.db").replace(board_file)
        await until(pilot, _asked(app))
        await pilot.press("y")
        await until(pilot, lambda: "Only on the other board" in shown(pilot))
        assert _told(app, "is kept as")
        pitfall = await _commented(pilot, app, "on the other")
        await until(pilot, lambda: _comments(board_file, pitfall) == ["on the other"])
    [kept] = board_file.parent.glob("board.db-wal.*")
    assert kept.read_bytes() == log
    assert check(board_file).findings == ()


async def test_what_is_no_board_is_not_opened(app: PitboardApp, board_file: Path) -> None:
    async with running(app, size=(120, 40)) as pilot:
        shutil.copy(__file__, board_file.with_name("text"))
        board_file.with_name("text").replace(board_file)
        await until(pilot, _asked(app))
        await pilot.press("y")
        await until(pilot, lambda: _told(app, "not a Pitboard file"))
        assert app.session.file_change is not None
