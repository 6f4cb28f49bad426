"""attach and attachments: files in by path, labels out as names; nothing run or overwritten."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from storage.imports.importer import import_events
from storage.model.fields import LARGEST_ATTACHMENT
from storage.text.sanitize import first_hostile
from tests.records import line

PNG = b"\x89PNG\r\n\x1a\n picture"
HOSTILE = [
    "../../x",
    "\x1b]8;;https://evil.example\x07x",
    "invoice\u202egpj.exe",
    "-rf",
    "CON",
    "é" + "\u0301" * 1000,
]


@pytest.fixture
def shot(tmp_path: Path) -> Path:
    path = tmp_path / "白色 picture.png"
    path.write_bytes(PNG)
    return path


def test_files_are_attached_and_listed(pitboard, login, shot, tmp_path):
    log = tmp_path / "vconsole.log"
    log.write_bytes(b"E 14:03 login:fail\n")
    ended = pitboard("attach", login, shot, log, "--note", "The page is white")
    assert (ended.code, ended.out) == (0, f"{login}\n")
    assert "Attached 2 files" in ended.err
    ended = pitboard("attachment", "list", login)
    rows = [row.split("\t") for row in ended.out.splitlines()]
    assert [row[:5] for row in rows] == [
        ["1", "image", str(len(PNG)), "白色 picture.png", "Ada"],
        ["2", "text", "19", "vconsole.log", "Ada"],
    ]
    held = json.loads(pitboard("attachment", "list", login, "--json").out)["attachments"]
    assert [(one["media"], one["here"], one["note"]) for one in held] == [
        ("image/png", True, "The page is white"),
        ("text/plain", True, "The page is white"),
    ]
    assert json.loads(pitboard("show", login, "--json").out)["pitfalls"][0]["attachments"] == held
    assert "vconsole.log" in pitboard("show", login).out


def test_the_list_for_people(pitboard, login, shot):
    pitboard("attach", login, shot, "--note", "The page is white")
    seen = pitboard.seen("attachment", "list", login, NO_COLOR="1")
    assert "▣ image" in seen
    assert "白色 picture.png" in seen
    assert "The page is white" in seen


def test_nothing_is_attached(pitboard, login):
    ended = pitboard("attachment", "list", login)
    assert (ended.code, ended.out) == (1, "")


def test_stdin_is_attached(pitboard, login):
    assert pitboard("attach", login, "-", "--label", "run.log", stdin="fail\n").code == 0
    assert "run.log" in pitboard("attachment", "list", login).out
    ended = pitboard("attach", login, "-", "-", stdin="fail\n")
    assert ended.code == 2


def test_what_cannot_be_attached_is_refused_in_words(pitboard, login, tmp_path):
    before = pitboard.events()
    (tmp_path / "empty").touch()
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(LARGEST_ATTACHMENT + 1)
    for path, code, words in (
        (tmp_path / "nowhere.png", 1, "There is no file"),
        (tmp_path, 3, "is a directory"),
        (tmp_path / "empty", 3, "There is nothing in it."),
        (large, 3, "too large"),
        ("-", 3, "There is nothing in it."),
    ):
        ended = pitboard("attach", login, path)
        assert ended.code == code, path
        assert words in ended.err
    assert pitboard("attach", login, "-", stdin="x" * (LARGEST_ATTACHMENT + 1)).code == 3
    assert pitboard("attach", login, large, tmp_path / "empty", "--label", "x").code == 2
    assert pitboard.events() == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(pitboard, login, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    ended = pitboard("attach", login, tmp_path / "pipe")
    assert ended.code == 3
    assert "no ordinary file" in ended.err


def test_it_shows_an_occurrence(pitboard, login, shot):
    pitboard("log", login, "--message", "fail", "--attach", shot)
    [seen] = pitboard.occurrences(login)
    for values in ("newest", seen.id[:6], seen.id):
        assert pitboard("attach", login, shot, "--occurrence", values).code == 0
    held = pitboard.pitfall(login).attachments
    assert [one.occurrence for one in held] == [seen.id] * 4
    assert pitboard("attach", login, shot, "--occurrence", "zz").code == 2


def test_a_new_pitfall_comes_with_a_file(pitboard, shot):
    output = ("--component", "wx.login", "--kind", "bug", "--severity", "S2")
    ended = pitboard("new", "A white page", *output, "--attach", shot)
    assert ended.code == 0
    assert len(pitboard.pitfall(ended.out.strip()).attachments) == 1


def test_one_undo_takes_all_of_it_back(pitboard, login, shot):
    pitboard("attach", login, shot, shot)
    assert "attached a file" in pitboard("undo").err
    assert pitboard.pitfall(login).attachments == ()


def test_saving(pitboard, login, shot, tmp_path):
    pitboard("attach", login, shot, shot)
    room = tmp_path / "room"
    assert pitboard("attachment", "save", login, "1", "--to", room).code == 3
    room.mkdir()
    ended = pitboard("attachment", "save", login, "all", "--to", room)
    assert ended.code == 0
    paths = [Path(path) for path in ended.out.splitlines()]
    assert [path.name for path in paths] == ["白色 picture.png", "白色 picture-2.png"]
    assert {path.read_bytes() for path in paths} == {PNG}
    if sys.platform != "win32":
        assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    paths[0].write_bytes(b"mine")
    assert pitboard("attachment", "save", login, "1", "--to", room).code == 3
    assert paths[0].read_bytes() == b"mine"
    assert pitboard("attachment", "save", login, "1", "--to", room, "--force").code == 0
    assert paths[0].read_bytes() == PNG
    assert pitboard("attachment", "save", login, "3", "--to", room).code == 3
    assert pitboard("attachment", "save", login, "x", "--to", room).code == 2
    assert {path.name for path in room.iterdir()} == {path.name for path in paths}


def test_a_link_is_followed_if_one_says_so_and_never_replaced(pitboard, login, shot, tmp_path):
    pitboard("attach", login, shot)
    room, mine, new = tmp_path / "room", tmp_path / "mine", tmp_path / "new"
    room.mkdir()
    mine.write_bytes(b"mine")
    mine.chmod(0o640)
    link = room / shot.name
    link.symlink_to(mine)
    assert pitboard("attachment", "save", login, "1", "--to", room).code == 3
    assert mine.read_bytes() == b"mine"
    assert pitboard("attachment", "save", login, "1", "--to", room, "--force").code == 0
    assert link.is_symlink()
    assert mine.read_bytes() == PNG
    assert stat.S_IMODE(mine.stat().st_mode) == 0o640
    link.unlink()
    link.symlink_to(new)
    assert pitboard("attachment", "save", login, "1", "--to", room).code == 3
    assert not new.exists()
    assert pitboard("attachment", "save", login, "1", "--to", room, "--force").code == 0
    assert new.read_bytes() == PNG
    assert {one.name for one in room.iterdir()} == {shot.name}


@pytest.mark.parametrize("label", HOSTILE, ids=lambda label: ascii(label[:12]))
def test_hostile_labels_of_others_name_nothing(pitboard, login, tmp_path, label):
    """Another store may write any label into its events."""
    pitboard("attach", login, "-", stdin="fail")
    [held] = pitboard.pitfall(login).attachments
    body = {"digest": held.digest, "size": held.size, "label": label[:300], "media": "image/png"}
    with pitboard.store() as store:
        import_events(store.session, [line(pitfall=login, kind="attachment_added", body=body)])
    assert len(pitboard.pitfall(login).attachments) == 2
    for arguments in (
        ["attachment", "list", login],
        ["attachment", "list", login, "--json"],
        ["show", login],
    ):
        ended = pitboard(*arguments)
        assert first_hostile(ended.out.replace("\t", " "), lines=True) is None
    room = tmp_path / "a" / "room"
    room.mkdir(parents=True)
    before = {path for path in tmp_path.rglob("*") if room not in path.parents}
    ended = pitboard("attachment", "save", login, "ALL", "--to", room)
    assert ended.code == 0
    assert {path for path in tmp_path.rglob("*") if room not in path.parents} == before
    assert len(list(room.iterdir())) == 2
    assert not [path.name for path in room.iterdir() if path.name[0] in ".-"]


@pytest.fixture
def viewer(pitboard, tmp_path):
    """A desktop whose viewer notes what it was given."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "xdg-open"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$HOME/given"\n')
    program.chmod(0o755)
    pitboard.env |= {
        "PATH": f"{programs}{os.pathsep}{pitboard.env['PATH']}",
        "DISPLAY": ":9",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    return tmp_path / "given"


@pytest.mark.skipif(sys.platform != "linux", reason="the viewer of other systems has another name")
@pytest.mark.parametrize(
    ("data", "label", "ending"),
    [(PNG, "run me.desktop", ".png"), (b"#!/bin/sh\nreboot", "x; reboot #.sh", ".txt")],
)
def test_the_viewer_is_given_a_name_of_ours(pitboard, login, viewer, tmp_path, data, label, ending):
    file = tmp_path / "file"
    file.write_bytes(data)
    pitboard("attach", login, file, "--label", label)
    ended = pitboard("attachment", "open", login, "1")
    assert ended.code == 0, ended.err
    [path] = [Path(given) for given in viewer.read_text().splitlines()]
    assert path.name == f"attachment{ending}"
    assert path.read_bytes() == data
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_cannot_be_told_is_not_opened(pitboard, login, viewer, tmp_path):
    file = tmp_path / "setup.png"
    file.write_bytes(b"MZ\x90\0\x03\0\xff\xff")
    pitboard("attach", login, file)
    ended = pitboard("attachment", "open", login, "1")
    assert ended.code == 3
    assert "not opened" in ended.err
    assert not viewer.exists()


def test_without_a_desktop_it_says_to_save(pitboard, login, shot):
    pitboard("attach", login, shot)
    ended = pitboard("attachment", "open", login, "1")
    if sys.platform == "linux":
        assert ended.code == 3
        assert "Save it" in ended.err
    assert pitboard("attachment", "list", login, "--open", "1", "--save", "1").code == 2


def test_an_export_says_that_it_carries_no_bytes(pitboard, login, shot, tmp_path):
    pitboard("attach", login, shot)
    ended = pitboard("export", tmp_path / "events.jsonl")
    assert "backup" in ended.err
    other = tmp_path / "other.db"
    assert pitboard("--db", other, "init", "--empty").code == 0
    assert pitboard("--db", other, "import", tmp_path / "events.jsonl").code == 0
    held = json.loads(pitboard("--db", other, "attachment", "list", login, "--json").out)[
        "attachments"
    ]
    assert [one["here"] for one in held] == [False]
    ended = pitboard("--db", other, "attachment", "save", login, "1", "--to", tmp_path)
    assert ended.code == 1
    assert "not arrived" in ended.err
    ended = pitboard("--db", other, "doctor")
    assert ended.code == 0
    assert "not here yet" in ended.out
    copy = tmp_path / "copy.db"
    assert pitboard("backup", copy).code == 0
    assert json.loads(pitboard("--db", copy, "attachment", "list", login, "--json").out)[
        "attachments"
    ][0]["here"]


def test_it_was_so_on_a_day(pitboard, login, shot):
    pitboard("attach", login, shot)
    assert pitboard("attachment", "list", login, "--as-of", "2020-01-01").code == 1


def test_a_dry_run_writes_nothing(pitboard, login, shot):
    before = pitboard.events()
    ended = pitboard("log", login, "--attach", shot, "--dry-run")
    assert "attachment_added" in ended.out
    assert pitboard.events() == before
