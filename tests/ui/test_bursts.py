"""Keys that are typed ahead: none is lost, and each acts where it acts when typed slowly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from storage.write.store import Store
from tests.boards import catalogued
from tests.processes import PATIENCE
from tests.ui.bursts import burst, key_event, keys_of, send, state
from tests.ui.conftest import NOW
from tests.ui.driving import at_rest, running, screen, shown
from tui.app import PitboardApp
from tui.commands import BOARD, COMMANDS, SCREENS, commands_on
from tui.dialogs.form import Form
from tui.services import saved_views
from tui.services.background import MOVING

# Every pair of keys, on every screen and in every dialog

#: Where pairs of keys are pressed: the keys that go there, whose command keys are tried there, and
#: every how manyth of them a usual run begins with; the storm begins with each.
PLACES: Final = {
    "board": ("", BOARD, 5),
    "pitfall": ("enter", BOARD, 15),
    "search": ("slash 'qy", BOARD, 15),
    "help": ("question_mark", BOARD, 20),
    "palette": ("ctrl+p", BOARD, 20),
    "triage": ("i", "triage", 6),
    "retro": ("R", "retro", 5),
    "sharing": ("ampersand", "sharing", 5),
    "versions": ("L", "versions", 5),
    "diff": ("D '2w enter", "diff", 5),
}
#: Letters that the queue of keys tells from others by their names, each of which stands for itself.
TOLD_APART: Final = MOVING | {"q"}
#: The storm takes the first keys of a place in so many slices, each with an app of its own.
SLICES: Final = 8
#: What one presses in a dialog.
IN_DIALOGS: Final = ("escape", "enter", "tab", "ctrl+s", "ctrl+q", "down", "space", "x", "ctrl+e")
#: What a usual run presses of that.
SOME_IN_DIALOGS: Final = (("ctrl+s", "x"), ("escape", "escape"), ("enter", "ctrl+q"))
#: Every how manyth dialog and recorded sequence a usual run takes; the storm takes each.
EVERY: Final = 4
#: The key that a usual run pairs a key with: so many further on in the alphabet.
SAMPLED: Final = 7


def keys_on(name: str) -> list[str]:
    """The keys of all commands of a screen."""
    return sorted({key for one in commands_on(name) for key in one.keys.split(",")})


def opening_dialogs() -> list[str]:
    """The keys of the board's commands after which a dialog follows."""
    return sorted(
        one.keys.split(",")[0]
        for one in commands_on(BOARD)
        if one.label.endswith("…") or one.id in {"sync", "help", "palette"}
    )


class Presser:
    """Presses pairs of keys at a place, and comes back there after each that led away."""

    def __init__(self, pilot: Pilot[None], app: PitboardApp, way: str) -> None:
        self._pilot, self._app, self._way = pilot, app, keys_of(way)
        self._place: tuple[object, ...] = ()
        self._depth = 0

    def where(self) -> tuple[object, ...]:
        """What tells the place from others: the screens, what has the focus, what is typed."""
        app, stack = self._app, self._app.screen_stack
        typed = [one.value for above in stack for one in above.walk_children(Input)]
        texts = [one.text for one in app.screen.walk_children(TextArea)]
        focused = app.focused and app.focused.id
        return (*map(type, stack), focused, *typed, *texts, app.session.moment)

    async def go(self) -> None:
        """Go to the place, from wherever the last pair led."""
        app, board = self._app, screen(self._app)
        while self._place and len(app.screen_stack) > self._depth:
            app.screen.dismiss(None)
            await at_rest(self._pilot)
        if self.where() == self._place and not board.pitfalls.marked:
            return
        while app.screen is not board:
            app.screen.dismiss(None)
            await at_rest(self._pilot)
        app.session.come_back()
        board.pitfalls.clear_marks()
        board.search.line.value = ""
        board.go_to_list()
        await at_rest(self._pilot)
        await burst(self._pilot, self._way)
        self._place, self._depth = self.where(), len(self._app.screen_stack)

    async def press(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Press each pair in one burst."""
        for pair in pairs:
            await self._press(pair)

    async def _press(self, keys: tuple[str, ...]) -> None:
        await self.go()
        try:
            await burst(self._pilot, keys)
        except Exception as error:
            error.add_note(f"pressed {keys}")
            raise
        assert self._app.is_running, keys
        assert self._app.keyboard.is_empty, keys
        assert self._app.screen.is_running, keys

    async def press_slice(self, keys: Sequence[str], slice_: int) -> None:
        """Press a slice of the keys as the first, each with all as the second.

        Letters that are text where they arrive all do the same, and so do those that nothing is
        bound to: one of them stands for the others.
        """
        await self.go()
        for first in self._telling(keys)[slice_::SLICES]:
            await self._press((first,))
            await self.press([(first, second) for second in self._telling(keys)])

    def _telling(self, keys: Sequence[str]) -> list[str]:
        """The keys that do something of their own here, and one for each kind of the others."""
        focused, bound = self._app.focused, self._app.screen.active_bindings
        own, stands_for = [], {}
        for event in map(key_event, keys):
            is_text = focused is not None and focused.check_consume_key(event.key, event.character)
            if (
                not event.is_printable
                or event.key in TOLD_APART
                or not (is_text or event.key not in bound)
            ):
                own.append(event.key)
            else:
                stands_for.setdefault(is_text, event.key)
        return [*own, *stands_for.values()]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key gives up waiting, and none stops what is read, since the machine is busy."""
    for name in ("_LONGEST_WAIT", "_LONG_READ_WAIT"):
        monkeypatch.setattr(f"tui.services.background.{name}", PATIENCE)


@pytest.fixture
def lasting(app: PitboardApp, monkeypatch: pytest.MonkeyPatch) -> PitboardApp:
    """The app on a board with something in the inbox; it goes on when it is asked to quit."""
    store = app.session.store()
    for number in range(3):
        store.pitfalls.report(f"Camera {number} says no", inbox="imported")
    monkeypatch.setattr(app, "exit", lambda *_, **__: None)
    monkeypatch.setattr(app, "open_url", lambda *_, **__: None)
    return app


@pytest.mark.parametrize("place", PLACES)
async def test_no_pair_of_keys_in_one_burst_ends_the_program(
    lasting: PitboardApp, place: str
) -> None:
    way, name, every = PLACES[place]
    keys = keys_on(name)
    async with running(lasting, size=(100, 30)) as pilot:
        pairs = ((keys[at], keys[(at + SAMPLED) % len(keys)]) for at in range(0, len(keys), every))
        await Presser(pilot, lasting, way).press(pairs)


@pytest.mark.storm
@pytest.mark.parametrize("slice_", range(SLICES))
@pytest.mark.parametrize("place", PLACES)
async def test_no_pair_at_all_ends_the_program(
    lasting: PitboardApp, place: str, slice_: int
) -> None:
    way, name, _every = PLACES[place]
    async with running(lasting, size=(100, 30)) as pilot:
        await Presser(pilot, lasting, way).press_slice(keys_on(name), slice_)


async def test_no_pair_of_keys_in_a_dialog_ends_the_program(lasting: PitboardApp) -> None:
    async with running(lasting, size=(100, 30)) as pilot:
        for key in opening_dialogs()[::EVERY]:
            await Presser(pilot, lasting, key).press(SOME_IN_DIALOGS)


@pytest.mark.storm
@pytest.mark.parametrize("key", opening_dialogs())
async def test_no_pair_of_keys_in_a_dialog_at_all(lasting: PitboardApp, key: str) -> None:
    async with running(lasting, size=(100, 30)) as pilot:
        pairs = ((one, two) for one in IN_DIALOGS for two in IN_DIALOGS)
        await Presser(pilot, lasting, key).press(pairs)


def test_every_screen_with_commands_is_a_place() -> None:
    assert {name for _way, name, _every in PLACES.values()} == {*SCREENS}
    assert len(opening_dialogs()) > 25
    assert {key for one in COMMANDS for key in one.keys.split(",")}


# The same in one burst as one by one

#: Longer than any pause in typing that something waits for.
PAUSE_SECONDS: Final = 0.3

RECORDED: Final = (
    "R q",
    "R escape",
    "R q j j",
    "R w q",
    "R w escape j",
    "R left left q",
    "i q",
    "i 1 1 1",
    "i 1 ctrl+s 1 ctrl+s 1 ctrl+s",
    "i j 3 'not_ours ctrl+s k 2",
    "L q j",
    "ampersand escape j",
    "D '2w enter enter",
    "] ] ]",
    "enter ] ] ] [ q",
    "/ 'qy.login enter enter",
    "/ 'status:op tab escape j",
    "/ 'camera escape escape",
    "a 'qy.login:fail_it_says tab tab '4.1.9",
    "a 'first ctrl+s a 'second ctrl+s j a 'third ctrl+s",
    "c 'seen_here_too ctrl+s c 'and_here ctrl+s u u",
    "n 'A_new_one tab 'wx.chooseMedia ctrl+s / 'new_one enter",
    "a 'half_a_thought escape escape ctrl+s",
    "s down enter escape",
    ": 'retro enter q",
    "ctrl+p 'inbox enter q",
    "c 'half ctrl+p '_a_thought ctrl+s",
    "? 'undo escape j j",
    "space j space c 'to_both ctrl+s",
    "t '1d enter j t",
    "p 'qy.login:fail ctrl+l enter",
    "v v v",
    "} } {",
    "f f j",
    "/ 'status:open enter w 'cameras enter W escape",
    "/ 'nothing-is-called-this enter e escape escape j",
)


@pytest.mark.parametrize(
    "recorded",
    [
        pytest.param(one, marks=pytest.mark.storm if at % EVERY else ())
        for at, one in enumerate(RECORDED)
    ],
)
async def test_a_burst_does_what_the_same_keys_do_one_by_one(
    start: Callable[..., PitboardApp], board_file: Path, recorded: str
) -> None:
    with closing(Store.open(catalogued(board_file, NOW), who="Ann", now=lambda: NOW)) as store:
        for number in range(3):
            store.pitfalls.report(f"Camera {number} says no", inbox="imported")
    files = {path: path.read_bytes() for path in board_file.parent.glob("board.db*")}
    found = []
    for slowly in (True, False):
        for path in board_file.parent.glob("board.db*"):
            path.unlink()
        for path, content in files.items():
            path.write_bytes(content)
        app = start()
        app.open_url = lambda *_, **__: None  # type: ignore[method-assign]
        async with running(app, size=(100, 30)) as pilot:
            for part in recorded.split() if slowly else [recorded]:
                await burst(pilot, keys_of(part))
                # What follows a pause in typing is there, too.
                await pilot.pause(PAUSE_SECONDS)
                await at_rest(pilot)
            found.append(state(app))
        app.session.close()
    assert found[0] == found[1]


def send_paste(pilot: Pilot[None], text: str) -> None:
    """Paste a text, as a terminal does."""
    driver = pilot.app._driver
    assert driver is not None
    driver.send_message(Paste(text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("机型：iPhone 13\n系统：安卓\nqy.login:fail", "check what is marked ≠"),
        ("saveImageToPhotosAlbum saves a white picture", "check which pitfall it is"),
        ("Zzyzx: quux frobnicated", "no known pitfall matches; check the title"),
    ],
)
@pytest.mark.parametrize("key", ["enter", "ctrl+s"])
async def test_what_nobody_has_seen_of_a_paste_is_not_logged(
    app: PitboardApp, text: str, said: str, key: str
) -> None:
    async with running(app) as pilot:
        before = state(app)["record"]
        send(pilot, ["p"])
        send_paste(pilot, text)
        send(pilot, [key, key])
        await at_rest(pilot)
        assert state(app)["record"] == before
        assert said in shown(pilot)
        # It stays: what was read of a paste is not read once more after the pause of typing.
        await pilot.pause(PAUSE_SECONDS)
        await at_rest(pilot)
        assert said in shown(pilot)
        await burst(pilot, [key])
        assert state(app)["record"] != before


@pytest.mark.parametrize("key", ["enter", "ctrl+s"])
async def test_a_known_error_without_contradictions_is_logged_at_once(
    app: PitboardApp, key: str
) -> None:
    async with running(app) as pilot:
        before = state(app)["record"]
        send(pilot, ["p"])
        # Which trial version it was is left open, and contradicts nothing.
        send_paste(pilot, "体验版里打开很慢\nqy.login:fail")
        await burst(pilot, [key])
        assert state(app)["record"] != before


async def test_a_click_on_what_is_shown_logs_what_was_typed_ahead(app: PitboardApp) -> None:
    async with running(app) as pilot:
        before = state(app)["record"]
        send(pilot, ["p"])
        send_paste(pilot, "机型：iPhone 13\n系统：安卓\nqy.login:fail")
        await burst(pilot, ["ctrl+s"])
        assert state(app)["record"] == before
        await pilot.click("#save")
        await at_rest(pilot)
        assert state(app)["record"] != before


async def test_keys_wait_for_what_a_command_writes(app: PitboardApp) -> None:
    async with running(app) as pilot:
        first, second = (screen(app).pitfalls.row_at(place) for place in (0, 1))
        assert first is not None
        await burst(pilot, keys_of("c 'a_thought ctrl+s j c"))
        assert isinstance(app.screen, Form)
        assert app.screen.values["text"] == ""
        board = app.session.board
        assert [one.text.plain for one in board.pitfall(first.id).comments] == ["a thought"]
        assert screen(app).pitfalls.row == second


async def test_views_of_ones_own_are_turned_to_before_the_board_has_read_them(
    app: PitboardApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved_views.save("cameras", "camera")
    may_read, load = threading.Event(), saved_views.load

    def slow() -> saved_views.LoadedViews:
        may_read.wait(PATIENCE)
        return load()

    monkeypatch.setattr(saved_views, "load", slow)
    async with app.run_test(size=(100, 30)) as pilot:
        send(pilot, keys_of("left_curly_bracket W"))
        for _ in range(50):
            await pilot.pause(0.01)
        may_read.set()
        await at_rest(pilot)
        assert isinstance(app.screen, Form)
        assert app.screen.values["name"] == "cameras"
