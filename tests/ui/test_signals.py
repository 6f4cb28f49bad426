"""A signal under every dialog: the terminal is restored, and what was typed is offered again."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import termios
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from storage.db.blobs import Upload
from storage.db.connection import connect_for_reading
from storage.sharing.members import ignore
from storage.sharing.state import actor_of
from storage.sharing.sync import share, sync
from storage.text.dates import now_ms
from storage.write.store import Store
from tests.boards import catalogued, fresh
from tests.sizes import storms
from tests.teams import chained, push
from tests.ui.bursts import burst, key_event, keys_of
from tests.ui.driving import at_rest, running, settled, shown
from tests.ui.terminals import Terminal, drafts
from tests.ui.test_watch import QUOTE, URL, look
from tui.app import PitboardApp
from tui.commands import BOARD, SCREENS, commands_on
from tui.commands.command import DIFF, RETRO, SHARING, TRIAGE, VERSIONS
from tui.dialogs.form import Form
from tui.services.boards import CONFIG_FILE, config_directory
from tui.services.saved_views import save

SIGNALS: Final = (signal.SIGHUP, signal.SIGTERM)
#: How one gets from the board to each screen, and there to something that its commands act on.
WAYS: Final = {
    BOARD: "slash 'camera_says_no enter",
    TRIAGE: "i",
    RETRO: "R",
    VERSIONS: "L",
    DIFF: "D '2w enter",
    SHARING: "ampersand",
}
#: How one gets to where a command opens its dialog, where that is not so at first.
FURTHER: Final = {
    (BOARD, "edit_view"): "left_curly_bracket",
    (RETRO, "edit_note"): "R right_square_bracket right_square_bracket right_square_bracket",
    # One report is decided on at once, marked ones by a form.
    (TRIAGE, "accept"): "i space",
    (TRIAGE, "duplicate"): "i space",
    (TRIAGE, "decline"): "i space",
    (TRIAGE, "mark_not_duplicate"): "i space",
}
#: Commands whose label ends in an ellipsis for something else than a dialog.
NO_DIALOGS: Final = {"edit_in_editor"}
#: What else can be open: a list of a field, a question, completions.
MORE: Final = {
    "a select": "s enter",
    "a question": "c 'half_a_thought escape",
    "refused": "n tab 'half_a_thought ctrl+s",
    "a search": "slash 'half_a_thought",
    "a pasted text": "p 'qy.login:fail_half_a_thought",
    "marked": "space j space c 'half_a_thought",
    "help and its search": "question_mark 'un",
}
#: Every how manyth of them a usual run tries.
EVERY: Final = 12
#: What is typed where text can be typed.
TYPED: Final = "half a thought"
#: The modes of a terminal that are on while the board runs, and must be off when it has ended.
MODES: Final = (b"1049", b"1000", b"1003", b"1006", b"2004")
#: The columns and lines of the terminals.
SIZE: Final = (100, 30)


def dialogs() -> dict[str, str]:
    """The keys that open each dialog that the declarations of commands open, by a name."""
    declared = {
        f"{screen} {one.id}": (
            f"{FURTHER.get((screen, one.id), WAYS[screen])} {one.keys.split(',')[0]}"
        )
        for screen in SCREENS
        for one in commands_on(screen)
        if one.label.endswith("…") and one.id not in NO_DIALOGS
    }
    return declared | MORE


def cases() -> list[object]:
    """Each dialog with each signal; a usual run tries some, with the signals in turn."""
    every = [(name, number) for name in dialogs() for number in SIGNALS]
    usual = every[:: 2 * EVERY + 1]
    return storms(usual, [one for one in every if one not in usual])


@pytest.fixture(scope="module")
def busy_board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A board on which each command has something to act on. No test changes it."""
    room = tmp_path_factory.mktemp("busy")
    remote = room / "team.git"
    with (
        closing(Store.open(catalogued(room / "ann.db", now_ms()), who="Ann")) as ann,
        closing(Store.open(fresh(room / "bo.db"), who="Bo")) as bo,
        closing(Store.open(fresh(room / "cy.db"), who="Cy")) as cy,
    ):
        camera = ann.pitfalls.report(
            "Camera says no",
            component="wx.chooseMedia",
            workaround="Ask again",
            occurrence={"message": "chooseMedia:fail", "client_version": "4.1.9"},
        )
        ann.triage.accept(camera)
        ann.status.set(camera, "fixed upstream", axis="client", from_version="4.1.8")
        ann.links.add(camera, URL)
        ann.attachments.add(camera, [Upload(b"a log", "device.log")])
        ann.pitfalls.report("Camera says nothing", inbox="imported")
        ann.retro.note("Ask the vendor", sort="follow-up")
        look(ann)
        look(ann, ("7", "官方专员", QUOTE, True))
        for store in (ann, bo, cy):
            share(store.session, str(remote), create=store is ann)
        ann.pitfalls.edit(camera, {"workaround": "Ask twice"})
        bo.pitfalls.edit(camera, {"workaround": "Ask later"})
        cy.pitfalls.report("A white picture")
        ahead = {"hlc": (1 << 62) - 1, "who": "Mallory", "body": {"title": "Ahead"}}
        push(remote, f"refs/pitboard/{'e' * 32}", chained("e" * 32, ahead))
        for store in (bo, cy, ann):
            sync(store.session)
        with closing(connect_for_reading(cy.path)) as connection:
            ignore(ann.session, actor_of(connection))
    return room / "ann.db"


class Opened(NamedTuple):
    """What a dialog shows and holds once text was typed into it.

    Args:
        keys: what opens it and fills it in.
        signs: what stands on the screen then, and did not before.
        drafts: what was typed into each open form that keeps it.
    """

    keys: list[str]
    signs: list[str]
    drafts: list[dict[str, str]]


async def opened(pilot: Pilot[None], way: str, *, is_filled_in: bool) -> Opened:
    """Open a dialog; unless that is done, type into the first field of it that takes text."""
    app = pilot.app
    *before, last = keys_of(way)
    await burst(pilot, before)
    await settled(pilot)
    seen = shown(pilot)
    keys = [last]
    await burst(pilot, keys)
    await settled(pilot)
    heading = [one for one in phrases(pilot) if one not in seen][:1]
    if isinstance(app.screen, Form) and not is_filled_in:
        for _field in app.screen.fields():
            if isinstance(app.focused, Input | TextArea):
                break
            keys.append("tab")
            await burst(pilot, ["tab"])
        typed = list(TYPED)
        await burst(pilot, typed)
        keys += typed
    typed_signs = [TYPED] if TYPED in shown(pilot) else []
    forms = [one for one in app.screen_stack if isinstance(one, Form)]
    kept = [one.unsaved() for one in forms if one.draft is not None and one.changed]
    return Opened([*before, *keys], heading + typed_signs, kept)


def phrases(pilot: Pilot[None]) -> list[str]:
    """The words on the screen, without ages and frames, from top to bottom."""
    parts = re.split(r"\s{2,}|[^\w\s.,:…?!()“”'/-]", shown(pilot))
    return [one.strip() for one in parts if re.fullmatch(r"[^\d]{6,}", one.strip())]


def as_bytes(keys: list[str]) -> str:
    """What a terminal sends for keys."""
    named = {"enter": "\r", "escape": "\x1b", "tab": "\t", "down": "\x1b[B"}
    return "".join(
        named.get(key)
        or (chr(ord(key[-1]) & 31) if key.startswith("ctrl+") else key_event(key).character or "")
        for key in keys
    )


def check_restored(terminal: Terminal, number: int) -> None:
    """The process ends by a signal, and leaves the terminal as a shell wants it."""
    rest = terminal.child.read()
    *_, local, _speed, _speed, _characters = termios.tcgetattr(terminal.child.child_fd)
    assert local & termios.ECHO
    assert local & termios.ICANON
    terminal.child.close()
    assert terminal.child.exitstatus == 128 + number
    for mode in MODES:
        assert rest.rfind(b"\x1b[?" + mode + b"l") > rest.rfind(b"\x1b[?" + mode + b"h"), mode
    assert rest.rfind(b"\x1b[?25h") > rest.rfind(b"\x1b[?25l")


@pytest.mark.parametrize(("name", "number"), cases())
async def test_a_signal_under_a_dialog(
    terminal: Callable[..., Terminal],
    busy_board: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    number: signal.Signals,
) -> None:
    way = dialogs()[name]
    state = tmp_path / "state"
    save("cameras", "camera")
    settings = config_directory() / CONFIG_FILE
    settings.write_text(f"[boards]\nteam = '{busy_board}'\n")
    app = PitboardApp(busy_board, who="Ann")
    with closing(app.session):
        async with running(app, size=SIZE) as pilot:
            monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
            there = await opened(pilot, way, is_filled_in=name in MORE)
            assert there.signs, shown(pilot)
            board = terminal(*SIZE, board=busy_board)
            board.until("Camera says no")
            board.child.send(as_bytes(there.keys))
            for words in there.signs:
                board.until(words)
            board.child.kill(number)
            check_restored(board, number)
            monkeypatch.setenv("XDG_STATE_HOME", str(state))
            found = [json.loads(path.read_text()) for path in drafts(tmp_path)]
            assert [one["values"] for one in found] == there.drafts
            for path in drafts(tmp_path):
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
                assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
            assert len(app.session.lost_drafts()) == len(there.drafts)
            if there.drafts and name not in MORE:
                app.screen.dismiss(None)
                await at_rest(pilot)
                await burst(pilot, keys_of(way)[-1:])
                await settled(pilot)
                await burst(pilot, ["ctrl+r"])
                assert isinstance(app.screen, Form)
                assert app.screen.unsaved() == there.drafts[0]


@pytest.mark.parametrize("number", storms(SIGNALS[:1], SIGNALS[1:]))
def test_a_signal_while_a_paste_comes_in(
    terminal: Callable[..., Terminal], tmp_path: Path, number: signal.Signals
) -> None:
    board = terminal()
    board.until("fixed upstream")
    board.child.send("c")
    board.until("Comment:")
    board.child.send("typed before \x1b[200~and half of a paste")
    board.until("typed before")
    board.child.kill(number)
    check_restored(board, number)
    [kept] = drafts(tmp_path)
    assert json.loads(kept.read_text())["values"] == {"text": "typed before "}


_GIT = """\
#!/bin/sh
case "$*" in
  *" fetch "*) echo $$ >> {begun}; exec sleep 1000 ;;
  *) exec {git} "$@" ;;
esac
"""


@pytest.mark.parametrize("number", storms(SIGNALS[1:], SIGNALS[:1]))
def test_a_signal_under_a_sync_ends_what_it_has_started(
    terminal: Callable[..., Terminal], busy_board: Path, tmp_path: Path, number: signal.Signals
) -> None:
    begun, room = tmp_path / "begun", tmp_path / "bin"
    room.mkdir()
    git = room / "git"
    git.write_text(_GIT.format(begun=begun, git=shutil.which("git")))
    git.chmod(0o700)
    path = os.pathsep.join((str(room), os.environ["PATH"]))
    board = terminal(*SIZE, board=busy_board, PATH=path)
    board.until("Camera says no")
    board.child.send("S")
    while not begun.exists() or not begun.read_text().endswith("\n"):
        board.until("")
    board.child.send("chalf a thought")
    board.until("half a thought")
    board.child.kill(number)
    check_restored(board, number)
    assert len(drafts(tmp_path)) == 1
    for process in map(int, begun.read_text().split()):
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
