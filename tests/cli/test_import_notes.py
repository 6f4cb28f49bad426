"""pitboard import NOTES.md: a preview, a question, the action; in pipes and in terminals."""

from __future__ import annotations

import os
import re

import pexpect
import pytest

from tui.text.cells import width

NOTE = """\
# Kiosk app, what went wrong

## wx.scanCode stays black on tablets

Restarting fails to help: `scanCode:fail busy`. See [the thread](https://example.org/scan).

## Badges print twice

The tray is to blame.

## How we test

By hand.

## Links

- [A poem](https://example.org/poem)
- [scanCode on tablets](https://example.org/tablets)
"""


@pytest.fixture
def note(pitboard):
    path = pitboard.home / "kiosk.md"
    path.write_text(NOTE, "utf-8")
    os.utime(path, (1_709_942_400, 1_709_942_400))
    return path


def test_a_note_comes_in_and_says_what_it_did(pitboard, note):
    ended = pitboard("import", note)
    assert ended.code == 0
    ids = ended.out.split()
    assert len(ids) == 2
    assert "kiosk.md (2024-03-09): 2 new, 0 changed, 0 the same" in ended.err
    assert "1 error text, 2 links" in ended.err
    assert "reports no problem" in ended.err
    assert "1 link that stands apart went to" in ended.err
    assert "A poem" in ended.err
    assert "Imported: 2 new" in ended.err
    shown = {pitboard.pitfall(name).title.plain: pitboard.pitfall(name) for name in ids}
    scan = shown["wx.scanCode stays black on tablets"]
    assert [one.text for one in scan.signatures] == ["scanCode:fail busy"]
    assert [one.title.plain for one in scan.references] == ["the thread", "scanCode on tablets"]
    assert pitboard("triage", "list").out.count("imported") == 2


def test_the_same_again_is_nothing_new(pitboard, note):
    pitboard("import", note)
    held = pitboard.events()
    again = pitboard("import", note)
    assert (again.code, again.out) == (0, "")
    assert "0 new, 0 changed, 2 the same" in again.err
    assert "There is nothing new in it." in again.err
    assert pitboard.events() == held


def test_a_dry_run_writes_the_preview_as_data_and_nothing_else(pitboard, note):
    before = pitboard.events()
    ended = pitboard("import", "--dry-run", note)
    assert ended.code == 0
    rows = [line.split("\t") for line in ended.out.splitlines()]
    assert [row[0] for row in rows] == ["new", "new"]
    assert rows[0][2:] == [
        "wx.scanCode stays black on tablets",
        *("wx.scanCode", "bug", "S3", "1", "2"),
    ]
    assert pitboard.events() == before
    assert set(pitboard("import", note).out.split()) == {row[1] for row in rows}


def test_a_note_from_a_pipe(pitboard):
    ended = pitboard("import", "-", stdin=NOTE)
    assert ended.code == 0
    assert "Kiosk app, what went wrong: 2 new" in ended.err


def test_undo_takes_a_whole_note_back(pitboard, note):
    pitboard("import", note)
    assert pitboard("undo").code == 0
    assert pitboard("list").out == ""
    assert len(pitboard("import", note).out.split()) == 2


def test_a_file_that_is_nothing_of_that(pitboard):
    path = pitboard.home / "words"
    path.write_text("just words\n")
    ended = pitboard("import", path)
    assert (ended.code, ended.out) == (3, "")
    assert "--as notes" in ended.err
    assert pitboard("import", path, "--as", "notes").code == 0
    path.write_bytes(b"\x7fELF\0\0\0")
    assert pitboard("import", path).code == 3
    assert pitboard("import", path, "--map", "title=x", "--as", "notes").code == 2


def test_hostile_notes_are_told_harmlessly(pitboard):
    path = pitboard.home / "evil.md"
    text = "# \x1b]0;owned\x07 fails \u202e\n\n`x:fail\x1b[31m` 打不开\n\n## Ref\n\n- [\x1b[2J](https://e.org/)\n"
    path.write_text(text, "utf-8")
    ended = pitboard("import", path)
    assert ended.code == 0
    for values in (ended.out, ended.err, pitboard("show", ended.out.strip()).out):
        assert "\x1b" not in values
        assert "\u202e" not in values


def test_a_person_is_asked(pitboard, note):
    screen = pitboard.terminal("import", str(note), columns=100)
    screen.expect("wx.scanCode stays black on tablets")
    screen.expect_exact("Import this?")
    screen.sendline("n")
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 130
    assert pitboard.events() == []

    screen = pitboard.terminal("import", str(note), columns=100)
    screen.expect_exact("Import this?")
    screen.sendline("")
    screen.expect_exact("Imported: 2 new")
    screen.expect(pexpect.EOF)
    screen.close()
    assert screen.exitstatus == 0
    assert len(pitboard("list").out.splitlines()) == 2


def test_who_is_sure_is_not_asked(pitboard, note):
    seen = pitboard.seen("import", "--yes", str(note))
    assert "Import this?" not in seen
    assert "Imported: 2 new" in seen


def test_the_preview_keeps_to_the_terminal(pitboard, note):
    note.write_text(NOTE.replace("Badges print twice", "打印" * 60 + "失败"), "utf-8")
    seen = pitboard.seen("import", "--dry-run", str(note), columns=60)
    rows = [line for line in seen.splitlines() if re.match(r"\s+new ", line)]
    assert len(rows) == 2
    assert max(map(width, rows)) <= 60


def test_the_preview_leaves_room_for_titles_that_name_their_component(pitboard, note):
    title = "wx.scanCode fails on tablets of the second floor and nowhere else"
    note.write_text(NOTE.replace("wx.scanCode stays black on tablets", title), "utf-8")
    assert title in pitboard.seen("import", "--dry-run", str(note), columns=100)


def test_in_chinese(pitboard, note):
    assert pitboard("import", note, PITBOARD_LANG="zh_CN").code == 0
