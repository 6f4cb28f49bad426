"""Editing in the person's own editor: nothing changes by itself and no text is lost."""

from __future__ import annotations

import stat
import sys
import tempfile

import pytest

from storage.model.row import Text
from tui.services.external_programs import document, parse_document

REPRODUCTION = "# Steps\n\n1. one\n\n==== workaround ====\n\\==== signatures ====\n\n  code\n\ttab"


@pytest.fixture
def name(pitboard):
    with pitboard.store() as store:
        return store.pitfalls.report(
            "wx.qy.login：登录失败",
            component="wx.qy.login",
            reproduction=REPRODUCTION,
            tags=["a", "b"],
            signatures=["qy.login:fail", "title: no title"],
        )


@pytest.fixture
def editor(tmp_path):
    """Make an editor of a shell command that finds the document in $1; the command's name."""

    def make(command: str) -> str:
        path = tmp_path / "an editor"
        path.write_text(f"#!/bin/sh\n{command}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return f"'{path}' --wait"

    # The document is the last argument, after the options.
    return lambda command: make(f"shift\n{command}")


def kept_texts(pitboard) -> list[str]:
    return [
        path.read_bytes().decode(errors="replace")
        for path in (pitboard.home / "state").rglob("*")
        if path.is_file()
    ]


def test_what_is_looked_at_and_saved_stays_as_it_is(pitboard, name, editor):
    before = pitboard.events()
    for look in (
        "true",
        'cp "$1" "$1.x" && cat "$1.x" > "$1"',
        'sed -i "s/$/\\r/" "$1"',
        'echo >> "$1"',
    ):
        ended = pitboard("edit", name, EDITOR=editor(look))
        assert ended.code == 0
        assert "Nothing changed" in ended.err
    assert pitboard.events() == before
    assert kept_texts(pitboard) == []


def test_an_emptied_document_changes_nothing(pitboard, name, editor):
    before = pitboard.events()
    assert "Nothing changed" in pitboard("edit", name, EDITOR=editor(': > "$1"')).err
    assert pitboard.events() == before


def test_what_is_changed_is_changed_and_nothing_else(pitboard, name, editor):
    ended = pitboard(
        *("edit", name),
        EDITOR=editor(
            """sed -i '1,9s/^title:.*/title: 登录/; s/^tags:.*/tags: b c/; s/1. one/1. 一/' "$1" """
        ),
    )
    assert (ended.code, ended.out) == (0, f"{name}\n")
    pitfall = pitboard.pitfall(name)
    assert pitfall.title.plain == "登录"
    assert pitfall.tags == ("b", "c")
    assert pitfall.reproduction.plain == REPRODUCTION.replace("one", "一")
    assert [one.text for one in pitfall.signatures] == ["qy.login:fail", "title: no title"]
    assert "登录" in pitboard("history", name).out


def test_visual_goes_before_editor(pitboard, name, editor):
    ended = pitboard("edit", name, VISUAL=editor("true"), EDITOR="false")
    assert ended.code == 0


@pytest.mark.parametrize("command", ["", "/nowhere/editor", "false", "'"])
def test_without_an_editor_that_works_it_is_exit_2(pitboard, monkeypatch, name, command):
    before = pitboard.events()
    room = pitboard.home / "room"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    ended = pitboard("edit", name, EDITOR=command)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err
    assert "What you typed" not in ended.err
    assert pitboard.events() == before
    assert not [*room.iterdir()]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("s/^severity:.*/severity: S9/", 3),
        ("s/^title:.*/title:/", 3),
        ("s/^kind:.*/kynd: bug/", 2),
        ("s/1. one/1. \\x1b[31m/", 3),
        ("s/1. one/1. \\xff/", 2),
    ],
)
def test_what_is_refused_is_kept(pitboard, name, editor, change, code):
    before = pitboard.events()
    hours_of_work = "s/code/hours of work/"
    ended = pitboard("edit", name, EDITOR=editor(f"sed -i '{change}; {hours_of_work}' \"$1\""))
    assert (ended.code, ended.out) == (code, "")
    [kept] = kept_texts(pitboard)
    assert "hours of work" in kept
    assert str(pitboard.home / "state") in ended.err
    assert pitboard.events() == before
    for path in (pitboard.home / "state").rglob("*.md"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.fixture
def raced(pitboard, name, editor):
    """An editor in which a person changes title and tags while somebody else does in a shell."""
    command = f'PITBOARD_DB="{pitboard.path}" "{sys.executable}" -m tui edit {name}'
    return editor(
        f"{command} --title 'From a shell' --component wx.shell >/dev/null\n"
        """sed -i 's/^title:.*/title: Mine/; s/^tags:.*/tags: a b c/' "$1" """
    )


def test_what_somebody_else_wrote_meanwhile_is_not_replaced_unseen(pitboard, name, raced):
    ended = pitboard("edit", name, EDITOR=raced)
    assert (ended.code, ended.out) == (3, "")
    assert "Changed on the board meanwhile:\ntitle: From a shell\n" in ended.err
    assert "component" not in ended.err
    held = pitboard.pitfall(name)
    assert (held.title.plain, held.tags) == ("From a shell", ("a", "b"))
    [kept] = kept_texts(pitboard)
    assert "title: Mine" in kept


@pytest.mark.parametrize("answer", ["y", "n"])
def test_at_a_terminal_it_is_asked_whether_to_replace_it(pitboard, name, raced, answer):
    screen = pitboard.terminal("edit", name, EDITOR=raced)
    screen.expect_exact("title: From a shell")
    screen.expect_exact("Replace it?")
    screen.sendline(answer)
    screen.read()
    screen.close()
    held = pitboard.pitfall(name)
    if answer == "y":
        assert (held.title.plain, held.tags) == ("Mine", ("a", "b", "c"))
    else:
        assert (held.title.plain, held.tags) == ("From a shell", ("a", "b"))
        [kept] = kept_texts(pitboard)
        assert "title: Mine" in kept
    assert held.component.plain == "wx.shell"


def test_text_on_stdin_that_is_refused_is_kept(pitboard):
    with pitboard.store() as store:
        name = store.pitfalls.report("x")
    paste = "好" * 3_500_000
    ended = pitboard("log", name, "--message", "-", stdin=paste)
    assert ended.code == 3
    assert len(ended.err) < 1_000
    assert kept_texts(pitboard) == [paste]
    assert pitboard("log", name, "--message", "-", "--note", "-", stdin="x").code == 2


def test_stdin_that_is_no_text_is_exit_2(pitboard, name):
    ended = pitboard.bytes("comment", name, "-", stdin=b"\xff\xfe\x00")
    assert ended.returncode == 2
    assert b"UTF-8" in ended.stderr


def test_the_editor_never_sees_a_hostile_sign(pitboard, name):
    title = Text("a\x1b\u202eb\nkind: docs")
    text = document(pitboard.pitfall(name)._replace(title=title))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert parse_document(text)["kind"] == "bug"
