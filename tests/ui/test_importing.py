"""Bringing a file in from the board: a look first, then the action, and escape stops either."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from textual.widgets import Button, Static, TextArea
from textual.worker import Worker

from storage.exports.whole_board import export_events
from storage.imports import importer
from storage.imports.importer import import_items
from storage.imports.notes import read_note
from storage.model.row import Status, Triage
from storage.query.tree import Query
from storage.write.store import Store
from tests.ui.conftest import NOW
from tests.ui.driving import messages, running, screen, settled, shown, until
from tui.app import PitboardApp
from tui.dialogs import import_preview
from tui.dialogs.forms import CorrectField
from tui.dialogs.importing import ImportDialog
from tui.screens.board import BoardScreen
from tui.screens.triage import TriageScreen
from tui.widgets.inputs import LineInput

NOTE = """\
# Uploads in the visitor app

## wx.uploadFile never calls back on Windows

Neither success nor fail is called. We saw `uploadFile:fail interrupted` in the log.

## Summary

Use the phone.
"""


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "uploads.md"
    path.write_text(NOTE, "utf-8")
    return path


async def asked_for(pilot, path: Path | str) -> ImportDialog:
    """Press I and name a file."""
    await settled(pilot)
    await pilot.press("I")
    await until(pilot, lambda: isinstance(pilot.app.screen, ImportDialog))
    dialog = pilot.app.screen
    dialog.query_one(LineInput).value = str(path)
    await pilot.press("enter")
    return dialog


def can_go(dialog: ImportDialog) -> bool:
    return not dialog.query_one("#go", Button).disabled


async def test_a_note_is_shown_then_brought_in_then_known(app: PitboardApp, note: Path) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        dialog = await asked_for(pilot, note)
        await until(pilot, lambda: can_go(dialog))
        await pilot.pause()
        assert "1 new, 0 changed, 0 the same" in shown(pilot)
        assert "wx.uploadFile never calls back on Windows" in shown(pilot)
        assert "left out: background, links, plans or help" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Imported: 1 new" in shown(pilot))
        # What was taken of each heading, and what was not, until it is closed.
        assert "1 taken" in shown(pilot)
        assert "Use the phone." in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        await settled(pilot)
        assert "Imported: 1 new" in messages(pilot)
        [row] = app.session.board.find(Query(words="uploadFile")).page(0, 5)
        pitfall = app.session.board.pitfall(row.id)
        assert pitfall.decision.triage is Triage.INBOX
        assert [one.text for one in pitfall.signatures] == ["uploadFile:fail interrupted"]
        assert "Neither success nor fail" in pitfall.reproduction.plain

        dialog = await asked_for(pilot, note)
        await until(pilot, lambda: "There is nothing new in it." in shown(pilot))
        assert not can_go(dialog)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))

        note.write_text(note.read_text("utf-8").replace("uploadFile", "chooseFile"), "utf-8")
        dialog = await asked_for(pilot, note)
        await until(pilot, lambda: can_go(dialog))
        await pilot.press("enter")
        await until(pilot, lambda: "Triage inbox i" in shown(pilot))
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))


async def test_events_of_another_board_come_in_as_well(app: PitboardApp, tmp_path: Path) -> None:
    other = Store.open(tmp_path / "other.db", who="Bob", now=lambda: NOW)
    other.pitfalls.report("The map is upside down")
    other.close()
    with (tmp_path / "theirs.jsonl").open("wb") as file:
        export_events(tmp_path / "other.db", file.write)
    async with app.run_test(size=(100, 30)) as pilot:
        dialog = await asked_for(pilot, tmp_path / "theirs.jsonl")
        await until(pilot, lambda: can_go(dialog))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        await until(pilot, lambda: "The map is upside down" in shown(pilot))


@pytest.mark.parametrize("name", ["nowhere.md", ".", "picture.png", "board.db", "board.db-wal"])
async def test_what_can_not_be_read_is_said_where_it_was_typed(
    app: PitboardApp, tmp_path: Path, name: str
) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = await asked_for(pilot, tmp_path / name)
        problem = dialog.query_one("#import-problem", Static)
        await until(pilot, lambda: str(problem.content))
        assert not can_go(dialog)
        await pilot.press("x")
        await until(pilot, lambda: not str(problem.content))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))


async def test_another_path_is_looked_at_before_it_comes(app: PitboardApp, note: Path) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        dialog = await asked_for(pilot, note)
        await until(pilot, lambda: can_go(dialog))
        dialog.query_one(LineInput).value = str(note.with_name("other.md"))
        await until(pilot, lambda: not can_go(dialog))
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert app.screen is dialog


async def test_the_columns_of_a_list_can_be_named(app: PitboardApp, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Id,Betreff,Prio\nX-1,Trap one,Hoch\nX-2,Trap two,Egal\n", "utf-8")
    async with app.run_test(size=(100, 30)) as pilot:
        dialog = await asked_for(pilot, path)
        columns = dialog.query_one("#import-columns", LineInput)
        await until(pilot, lambda: columns.has_focus)
        assert "title=Summary" in str(dialog.query_one("#import-problem", Static).content)
        columns.value = "title=Betreff； severity=Prio:Hoch=S1"
        await pilot.press("enter")
        await until(pilot, lambda: can_go(dialog))
        assert "title ← Betreff, severity ← Prio" in shown(pilot)
        assert "“Egal” is none of S1, S2, S3, S4" in shown(pilot)
        columns.value = "title=Betreff; severity=Prio:Hoch=S1,Egal=S4"
        await until(pilot, lambda: not can_go(dialog))
        columns.focus()
        await pilot.press("enter")
        await until(pilot, lambda: can_go(dialog))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        await settled(pilot)
        rows = app.session.board.find(Query(words="Trap")).page(0, 5)
        assert {row.title.plain: row.severity.value for row in rows} == {
            "Trap one": "S1",
            "Trap two": "S4",
        }


async def test_another_file_has_other_columns(app: PitboardApp, note: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Key,Title\nX-1,Trap one\n", "utf-8")
    async with app.run_test(size=(100, 30)) as pilot:
        dialog = await asked_for(pilot, path)
        await until(pilot, lambda: can_go(dialog))
        columns = dialog.query_one("#import-columns", LineInput)
        assert columns.display
        columns.value = "title=Key"
        dialog.query_one("#import-path", LineInput).value = str(note)
        dialog.query_one("#import-path", LineInput).focus()
        await until(pilot, lambda: not columns.display)
        await pilot.press("enter")
        await until(pilot, lambda: can_go(dialog))
        assert not columns.display


async def test_escape_stops_a_long_list_and_says_what_came(
    app: PitboardApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "TOGETHER", 5)
    path = tmp_path / "issues.csv"
    path.write_text("Title,Key\n" + "".join(f"Trap {n},T-{n}\n" for n in range(300)), "utf-8")

    def until_stopped(
        worker: Worker[None], arriving: Iterable[object], reached: object = None
    ) -> Iterator[object]:
        for number, one in enumerate(arriving):
            while number == 100 and not worker.is_cancelled:
                time.sleep(0.01)
            if worker.is_cancelled:
                return
            yield one

    async with app.run_test(size=(100, 30)) as pilot:
        dialog = await asked_for(pilot, path)
        await until(pilot, lambda: can_go(dialog))
        assert "300 new" in shown(pilot)
        monkeypatch.setattr(import_preview, "_until", until_stopped)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.session.board.find(Query(words="Trap")).total == 100)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        await until(pilot, lambda: "Stopped before the end." in messages(pilot))
        assert app.session.board.find(Query(words="Trap")).total == 100
        assert screen(app).pitfalls.row is not None


async def test_the_path_is_completed(app: PitboardApp, note: Path) -> None:
    async with running(app, size=(100, 30)) as pilot:
        await pilot.press("I")
        await until(pilot, lambda: isinstance(app.screen, ImportDialog))
        line = app.screen.query_one(LineInput)
        line.value = f"{note.parent}/upl"
        line.cursor_position = len(line.value)
        await until(pilot, lambda: line._suggestion)
        await pilot.press("right")
        assert line.value == str(note)


async def test_hostile_text_of_a_file_is_shown_harmlessly(app: PitboardApp, tmp_path: Path) -> None:
    path = tmp_path / "evil.md"
    path.write_text("# [red]\x1b[31m‮ wx.x fails [/]\n\nNothing happens: `x:fail`", "utf-8")
    async with app.run_test(size=(100, 30)) as pilot:
        dialog = await asked_for(pilot, path)
        await until(pilot, lambda: can_go(dialog))
        await pilot.pause()
        assert "\x1b" not in shown(pilot)
        assert "[red]<U+202E> wx.x fails [/]" in shown(pilot)


async def test_what_was_imported_is_corrected_beside_its_text_in_triage(
    app: PitboardApp, note: Path
) -> None:
    proposals = read_note(note.read_text("utf-8"), note.name).proposals
    import_items(app.session.store().session, proposals)
    async with running(app, size=(100, 30)) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
        await settled(pilot)
        [row] = app.session.board.find(Query(words="uploadFile")).page(0, 5)
        for key, text in (("7", "It never calls back"), ("8", "Use the phone"), ("9", "x:fail 7")):
            await until(pilot, lambda: isinstance(app.screen, TriageScreen))
            await pilot.press(key)
            await until(pilot, lambda: isinstance(app.screen, CorrectField))
            assert "We saw `uploadFile:fail interrupted`" in shown(pilot)
            control = app.screen.focused
            if isinstance(control, LineInput):
                control.value = text
            else:
                assert isinstance(control, TextArea)
                control.text = text
            await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
        pitfall = app.session.board.pitfall(row.id)
        assert pitfall.title.plain == "It never calls back"
        assert (pitfall.status, pitfall.workaround.plain) == (Status.WORKAROUND, "Use the phone")
        assert [one.text for one in pitfall.own_signatures] == ["x:fail 7"]
