"""The board in a real pseudo-terminal: what a person sees, does, and finds again."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from storage.query.tree import Query
from storage.read.board import Board
from storage.write.store import Store
from tests.boards import catalogued
from tests.processes import PATIENCE
from tests.ui.terminals import Terminal, drafts


def test_what_one_does_is_there_after_closing_and_coming_back(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    first = terminal()
    first.until("8 workaround")
    first.child.send("a\x1b[200~saveImage:fail\nsecond line\x1b[201~")
    first.until("second line")
    first.child.send("\x13")
    first.until("Logged an occurrence")
    first.child.send("c")
    first.child.send("to be taken back\x13")
    first.until("Commented on")
    first.child.send("u")
    first.until("Undone: commented")
    first.child.send("q")
    assert first.ends() == 0
    again = terminal()
    again.until("now")
    again.child.send("\r")
    again.until("2 reproduced, 1 not")
    again.child.send("\x11")
    assert again.ends() == 0
    with Board.open(tmp_path / "b.db") as board:
        [row] = board.find(Query()).page(0, 1)
        assert board.occurrences.of(row.id)[0].message == "saveImage:fail\nsecond line"
        assert not board.pitfall(row.id).comments
        assert any(line.void for line in board.history.timeline(row.id))


def test_the_palette_is_loaded_when_it_is_opened(terminal: Callable[..., Terminal]) -> None:
    # In a process of its own, in which Textual was loaded without it.
    board = terminal()
    board.until("8 workaround")
    board.child.send("\x10")
    board.until("Find a command")
    board.child.send("theme")
    board.until("Choose theme")
    board.child.send("\r")
    board.until("Find a theme")
    board.child.send("nothing like it")
    board.until("No matching command")
    board.child.send("\x1b")
    board.child.send("Tnord")
    board.until("nord")
    board.child.send("\r")
    board.child.send("q")
    assert board.ends() == 0


def test_the_editor_takes_the_screen_and_gives_it_back(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/^==== workaround ====$/&\\nwritten outside/" "$1"\n')
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    board = terminal(120, 40, EDITOR=str(editor))
    board.until("8 workaround")
    board.child.send("E")
    board.until("Saved")
    board.until("written outside")


def test_the_editor_replaces_nothing_unseen_that_was_written_meanwhile(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    catalogued(tmp_path / "b.db")
    with closing(Store.open(tmp_path / "b.db", who="Ada")) as store:
        pitfall = store.pitfalls.report("Before")
    command = f'PITBOARD_DB="{tmp_path}/b.db" "{sys.executable}" -m tui edit {pitfall}'
    editor = tmp_path / "editor"
    change = "s/^title:.*/title: Mine/; s/^component:.*/component: wx.mine/"
    editor.write_text(
        f"#!/bin/sh\n{command} --title 'From a shell' >/dev/null\nsed -i '{change}' \"$1\"\n"
    )
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    board = terminal(120, 40, EDITOR=str(editor))
    board.until("8 workaround")
    board.child.send(f":{pitfall}\r")
    board.until("Before")
    board.child.send("E")
    board.until("title: From a shell")
    board.child.send("n")
    board.until("What you typed is in")
    with Board.open(tmp_path / "b.db") as read:
        assert read.pitfall(pitfall).title.plain == "From a shell"
        assert not read.pitfall(pitfall).component.plain


def test_without_an_editor_it_says_what_to_set(terminal: Callable[..., Terminal]) -> None:
    board = terminal()
    board.until("8 workaround")
    board.child.send("E")
    board.until("No editor is set")


def test_chinese_lines_up_and_is_chosen_by_the_environment(
    terminal: Callable[..., Terminal],
) -> None:
    board = terminal(PITBOARD_LANG="zh_CN")
    board.until("未解决")
    board.until("体验版")
    # A character of two cells leaves the cell after it empty: ages still end at one column.
    ends = set()
    for number, line in enumerate(board.screen.display):
        if line.rstrip().endswith("年"):
            row = board.screen.buffer[number]
            ends.add(max(x for x in range(80) if row[x].data == "年"))
    assert len(ends) == 1


def test_a_tiny_terminal_and_no_colour(terminal: Callable[..., Terminal]) -> None:
    tiny = terminal(40, 10)
    tiny.until("This terminal is 40×10.")
    # Rich takes it for one of 80 × 25.
    dumb = terminal(80, 24, TERM="dumb")
    dumb.until("8 workaround")
    dumb.child.send("j")
    dumb.until("? help")
    assert "8 workaround" in dumb.text.splitlines()[0]
    plain = terminal(NO_COLOR="1")
    text = plain.until("8 workaround")
    assert "●" in text
    assert "◐" in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is an empty file"),
        (b"this is no database at all, " * 100, "is not a Pitboard file"),
    ],
)
def test_a_file_that_is_no_board_is_left_alone(
    terminal: Callable[..., Terminal], tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "b.db").write_bytes(content)
    refused = terminal(200, 24)
    refused.until(words)
    assert refused.ends() not in (0, None)
    assert (tmp_path / "b.db").read_bytes() == content


# Signals, and what they leave behind


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_restores_the_terminal_and_keeps_the_draft(
    terminal: Callable[..., Terminal], tmp_path: Path, number: signal.Signals
) -> None:
    first = terminal()
    first.until("fixed upstream")
    first.child.send("chalf a thought")
    first.until("half a thought")
    first.child.kill(number)
    rest = first.rest()
    assert first.child.exitstatus == 128 + number
    for mode in (b"1049", b"1000", b"1003", b"2004"):
        assert rest.rfind(b"\x1b[?" + mode + b"l") > rest.rfind(b"\x1b[?" + mode + b"h"), mode
    [kept] = drafts(tmp_path)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    again = terminal()
    again.until("Not saved when Pitboard ended")
    again.child.send("c")
    again.until("was not saved")
    again.child.send("\x12")
    again.until("half a thought")
    again.child.send("\x13")
    again.until("Commented on")
    assert not drafts(tmp_path)


def test_a_terminal_that_is_closed_leaves_the_draft(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    first = terminal()
    first.until("fixed upstream")
    first.child.send("chalf a thought")
    first.until("half a thought")
    process = first.child.pid
    first.child.close(force=False)
    assert drafts(tmp_path)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def started_on(slave: int, tmp_path: Path) -> subprocess.Popen[bytes]:
    """The board on a terminal that does not control its process, so that no hang-up is sent."""
    return subprocess.Popen(
        [sys.executable, "-m", "tui"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PITBOARD_DB": str(tmp_path / "b.db"),
            "PYTHONPATH": os.pathsep.join(sys.path),
            "TERM": "xterm-256color",
        },
        start_new_session=True,
    )


def test_a_terminal_that_vanishes_without_a_signal_ends_the_board(tmp_path: Path) -> None:
    catalogued(tmp_path / "b.db")
    master, slave = os.openpty()
    board = started_on(slave, tmp_path)
    os.close(slave)
    os.read(master, 1)
    os.close(master)
    assert board.wait(PATIENCE) == 128 + signal.SIGHUP


def test_a_terminal_that_takes_nothing_more_does_not_hold_up_the_end(tmp_path: Path) -> None:
    catalogued(tmp_path / "b.db")
    master, slave = os.openpty()
    board = started_on(slave, tmp_path)
    os.close(slave)
    os.read(master, 1)
    for _ in range(200):
        # Each answer is more than the terminal takes, since nobody reads it.
        os.write(master, b"?\x1b\x1b")
        time.sleep(0.01)
    board.send_signal(signal.SIGTERM)
    assert board.wait(PATIENCE) == 128 + signal.SIGTERM
    os.close(master)


#: What is pasted, and what then stands on the screen.
ANY_BYTES: Final = (
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe", "PNG"),
    ("打开失败 内部错误".encode("gb18030"), "打开失败 内部错误"),
    (b"\x1b[31minvoke result:qy.login,qy.login:fail\x1b[0m", "result:qy.login,qy.login:fail"),
    (b"one\x1b[Atwo\x1bthree", "one"),
)


@pytest.mark.parametrize(
    ("key", "pastes"),
    # What is pasted into a dialog of its own is read into other fields.
    [*((key, ANY_BYTES) for key in "/nc"), *(("p", (one,)) for one in ANY_BYTES)],
)
def test_any_bytes_can_be_pasted(
    terminal: Callable[..., Terminal], key: str, pastes: Sequence[tuple[bytes, str]]
) -> None:
    board = terminal()
    board.until("fixed upstream")
    board.child.send(key)
    for pasted, shown in pastes:
        board.child.send(b"\x1b[200~" + pasted + b"\x1b[201~")
        board.until(shown)
        # The line is emptied for the next one.
        board.child.send("\x15")
    board.child.send("\x11y\x11")
    assert board.ends() == 0


def test_keys_that_are_no_utf_8_end_nothing(terminal: Callable[..., Terminal]) -> None:
    board = terminal()
    board.until("fixed upstream")
    board.child.send(b"/\xce\xd2x")
    board.until("x")
    board.child.send("\x11")
    assert board.ends() == 0


def test_an_interrupt_ends_nothing(terminal: Callable[..., Terminal]) -> None:
    board = terminal()
    # From the first byte that it writes, long before anything is mounted.
    board.until_written(b"\x1b[?1049h")
    for _ in range(5):
        board.child.kill(signal.SIGINT)
    board.until("fixed upstream")
    board.child.kill(signal.SIGINT)
    board.until("q quits from the list")
    board.child.send("q")
    assert board.ends() == 0


def test_what_follows_escape_at_once_is_a_key_of_its_own(
    terminal: Callable[..., Terminal],
) -> None:
    board = terminal()
    board.until("fixed upstream")
    # What a terminal sends for alt+c, too.
    board.child.send("/qy\x1bc")
    board.until("Comment:")
    # Of alt+1 and its like some keyboards make other characters, none of which is typed.
    board.child.send("hello\x1b1")
    board.until("Discard changes?")
    board.child.send("\x1b")
    board.until("hello ")


def test_suspending_gives_the_terminal_back_and_takes_it_again(
    terminal: Callable[..., Terminal],
) -> None:
    board = terminal()
    board.until("fixed upstream")
    board.child.send("c")
    board.until("Comment:")
    board.child.send("\x1a")
    board.until_written(b"\x1b[?1049l")
    board.child.kill(signal.SIGCONT)
    board.child.send("goes on")
    board.until("goes on")


def test_nothing_is_left_on_the_screen_that_is_left(terminal: Callable[..., Terminal]) -> None:
    # A multiplexer that became larger meanwhile puts what is there among the lines of the shell.
    board = terminal()
    board.until("fixed upstream")
    board.child.send("q")
    rest = board.rest()
    left = rest[: rest.rindex(b"\x1b[?1049l")]
    assert b"fixed upstream" not in left[left.rindex(b"\x1b[H\x1b[2J") :]
