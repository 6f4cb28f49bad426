"""What holds for every screen: commands and answers reach it only while it is there."""

from __future__ import annotations

import ast
import asyncio
import threading
from pathlib import Path

import pyte
import pytest
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.css.match import _check_selectors
from textual.screen import Screen
from textual.widgets import Static

from storage.errors import PitboardError, ReadOnly
from storage.model.clock import Moment
from tests.processes import PATIENCE
from tests.ui.bursts import burst, keys_of
from tests.ui.driving import messages, running, screen, settled, until
from tui.app import PitboardApp
from tui.commands import BOARD, SCREENS, commands_on
from tui.dialogs import forms, general, importing, new_pitfall, paste, pitfalls
from tui.dialogs.pitfalls import Chosen
from tui.screens.command_screen import CommandScreen
from tui.widgets.detail import Detail

ROOT = Path(__file__).parents[2]


def another(app: PitboardApp, name: str) -> CommandScreen[object]:
    """A screen that one goes to from the board."""
    arguments = {"diff": (0, app.session.now()), "sharing": (screen(app).sync,)}
    made = app.make_screen(name, *arguments.get(name, ()))
    assert isinstance(made, CommandScreen)
    return made


@pytest.mark.parametrize("name", sorted({*SCREENS} - {"board"}))
async def test_no_answer_and_no_command_reaches_a_screen_that_was_left(
    app: PitboardApp, name: str
) -> None:
    async with running(app) as pilot:
        left = another(app, name)
        await app.push_screen(left)
        await until(pilot, lambda: app.screen is left)
        goes_on, taken = threading.Event(), []

        def late() -> int:
            goes_on.wait(PATIENCE)
            return 1

        def fail() -> int:
            goes_on.wait(PATIENCE)
            raise PitboardError("It failed.")

        answered = left.read(late, taken.append, group="late")
        failed = left.read(fail, taken.append, group="fail", failed=taken.append)
        left.dismiss(None)
        await until(pilot, lambda: app.screen is screen(app) and not left.is_running)
        goes_on.set()
        await until(pilot, lambda: not answered.is_running and not failed.is_running)
        for command in left.commands:
            left.run_command(command)
        await settled(pilot)
        assert taken == []
        assert app.screen is screen(app)
        assert not messages(pilot)


async def test_a_detail_of_a_screen_that_is_left_is_made_no_further(app: PitboardApp) -> None:
    async with running(app) as pilot:
        left = another(app, "triage")
        await app.push_screen(left)
        await until(pilot, lambda: app.screen is left)
        await settled(pilot)
        detail = left.query_one(Detail)
        await detail.remove_children()
        leaving = detail.remove()
        await detail.show(app.session.board, None)
        await leaving
        left.dismiss(None)
        await settled(pilot)
        assert not messages(pilot)


async def test_an_answer_reaches_a_screen_below_a_dialog(app: PitboardApp) -> None:
    async with running(app) as pilot:
        taken: list[int] = []
        await app.push_screen(Screen())
        screen(app).read(lambda: 1, taken.append, group="late")
        await until(pilot, lambda: taken == [1])


@pytest.mark.parametrize("folder", ["screens", "commands", "widgets"])
def test_threads_answer_by_one_function(folder: str) -> None:
    """Only :mod:`tui.services.background` knows when an answer comes too late."""
    for path in (ROOT / "tui" / folder).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "thread":
                raise AssertionError(f"{path.name}:{node.value.lineno}")


WRITING = [one.id for one in commands_on(BOARD) if one.writes]


@pytest.mark.parametrize("why", ["past", "read-only"])
async def test_no_command_that_writes_runs_where_nothing_can_be_written(
    app: PitboardApp, why: str
) -> None:
    async with running(app) as pilot:
        board = screen(app)
        if why == "past":
            app.session.go_back_to(Moment(app.session.now()))
            refusal = "nothing can be changed in the past"
        else:
            app.session.only_readable = ReadOnly("This file can only be read.")
            refusal = "This file can only be read."
        assert len(WRITING) > 25
        for command in WRITING:
            app.clear_notifications()
            board.run_command(command)
            await until(pilot, lambda: refusal in messages(pilot))
            assert app.screen is board, command


async def test_commands_that_need_a_pitfall_say_so_where_there_is_none(app: PitboardApp) -> None:
    async with running(app) as pilot:
        board = screen(app)
        board.search.line.value = "nothing-is-called-this"
        await until(pilot, lambda: board.pitfalls.row is None)
        for command in ("comment", "edit", "set_status", "accept", "copy_id", "open_reference"):
            app.clear_notifications()
            board.run_command(command)
            await until(pilot, lambda: "There is no pitfall here." in messages(pilot))
            assert app.screen is board


async def test_widgets_have_the_styles_that_textual_finds_for_them(app: PitboardApp) -> None:
    """Our quicker way from rules to styles leads to the same ones, also after many a change."""
    async with running(app, size=(120, 40)) as pilot:
        await burst(pilot, keys_of("space ] tab escape e tab 'x escape escape i R q a tab tab"))
        one_of_each = {
            (type(node), node.id, *node.classes): node
            for above in app.screen_stack
            for node in above.walk_children(with_self=True)
        }
        assert len(one_of_each) > 60
        sheet = app.stylesheet
        for node in one_of_each.values():
            path = node.css_path_nodes
            for rule in sheet.rules:
                found = [
                    one.specificity
                    for one in rule.selector_set
                    if _check_selectors(one.selectors, path)
                ]
                assert list(sheet._check_rule(rule, path)) == found, (node, rule.css)
            styles = node.styles.base
            before = set(styles.css_lines)
            styles.reset()
            sheet.apply(node)
            assert set(styles.css_lines) == before, node


def test_every_key_of_a_dialog_has_an_action(app: PitboardApp) -> None:
    """A key whose action was renamed would be lost without a word."""
    board = app.session.board
    dialogs = (
        general.Confirm("", "", ""),
        pitfalls.GoTo(board, ()),
        general.HelpScreen(()),
        importing.ImportDialog(app.session),
        new_pitfall.NewPitfall(app.session, lambda _form: asyncio.sleep(0, False)),
        paste.Paste(app.session, lambda _pitfall: None),
        forms.AddComment(Chosen((), ())),
    )
    for dialog in dialogs:
        for _key, binding in dialog._bindings:
            where, _dot, name = binding.action.partition("(")[0].rpartition(".")
            place = app if where == "app" else dialog
            assert hasattr(place, f"action_{name}"), (dialog, binding)


class _Covered(App[None]):
    """Narrow parts side by side, and a line of wide characters in front of them."""

    CSS = """
    Screen { layers: below above; }
    Horizontal { layer: below; }
    Horizontal Static { width: 3; }
    #front { layer: above; width: 13; offset: 2 0; }
    """

    def compose(self) -> ComposeResult:
        with Horizontal():
            for number in range(8):
                yield Static("界线" if number == 4 else f"{number}··", id=f"part-{number}")
        yield Static("一二三四五六!", id="front")


async def test_no_wide_character_is_torn_by_what_lies_behind_it() -> None:
    app = _Covered()
    async with app.run_test(size=(24, 2)):
        [line, *_rest] = app.screen._compositor.render_strips()
        assert line.text == "0·一二三四五六!5··6··7··"
        # What changes behind it is drawn up to where something else comes into sight.
        terminal = pyte.Screen(24, 2)
        stream = pyte.Stream(terminal)
        stream.feed(app.screen._compositor.render_full_update().render_segments(app.console))
        for number in range(8):
            app.screen._compositor._dirty_regions.add(app.query_one(f"#part-{number}").region)
            update = app.screen._compositor.render_partial_update()
            assert update is not None
            stream.feed(update.render_segments(app.console))
            row = "".join(terminal.buffer[0][x].data for x in range(24))
            assert row == line.text
