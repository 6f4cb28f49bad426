"""export, import, doctor, backup, init, path, completion, and the files they meet."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path

import pexpect
import pytest

from storage.read.board import Board
from tests.earlier import EARLIER, written_by
from tests.processes import PATIENCE
from tui.text.verbs import VERBS


@pytest.fixture
def other(pitboard):
    """The path of a second board, which is not there yet."""
    return pitboard.home / "other.db"


def test_events_go_to_another_board_and_come_but_once(pitboard, login, other):
    exported = pitboard("export", "--format", "events").out
    to_stdout = pitboard("export", "-", "--format", "events")
    assert (to_stdout.out, to_stdout.err) == (exported, "")
    assert len(exported.splitlines()) == 2
    assert pitboard("--db", other, "init", "--empty").code == 0
    first = pitboard("--db", other, "import", "-", stdin=exported)
    assert (first.code, first.out) == (0, f"{login}\n")
    again = pitboard("--db", other, "import", "-", stdin=exported)
    assert (again.code, again.out) == (0, "")
    assert "2 were known" in again.err
    assert pitboard("--db", other, "list").out == pitboard("list").out


def test_lines_that_are_no_events_are_named_and_the_rest_comes_in(pitboard, login, other):
    path = pitboard.home / "events.jsonl"
    assert pitboard("export", path).code == 0
    path.write_bytes(b"{garbled\n" + path.read_bytes() + b"\xff\xfe\x1b]0;x\x07\n" + b"[]\n" * 40)
    pitboard("--db", other, "init", "--empty")
    ended = pitboard("--db", other, "import", path)
    assert (ended.code, ended.out) == (5, f"{login}\n")
    assert "Line 1 " in ended.err
    assert "Line 4 " in ended.err
    assert "22 more" in ended.err
    assert "\x1b" not in ended.err


@pytest.mark.parametrize("source", ["/nowhere/events", "."])
def test_a_file_that_can_not_be_read_is_exit_2(pitboard, source):
    ended = pitboard("import", source)
    assert (ended.code, ended.out) == (2, "")


def test_json_and_csv_hold_every_pitfall(pitboard, login):
    with pitboard.store() as store:
        formula = store.pitfalls.report("=HYPERLINK(1)")
    listed = json.loads(pitboard("export", "--format", "json").out)
    assert {one["id"] for one in listed} == {login, formula}
    rows = list(csv.DictReader(StringIO(pitboard("export", "--format", "csv").out)))
    assert {row["id"] for row in rows} == {login, formula}
    assert "'=HYPERLINK(1)" in {row["title"] for row in rows}


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.json", "["), ("a.csv", "\ufeffid,"), ("a.jsonl", '{"actor"'), ("a", "{")],
)
def test_the_ending_of_a_file_tells_its_format(pitboard, login, name, begins):
    ended = pitboard("export", pitboard.home / name)
    assert (ended.code, ended.out) == (0, "")
    assert (pitboard.home / name).read_text().startswith(begins)


def _written(pitboard, path):
    """The verbs that write a file, each to a path."""
    return {
        "export": ("export", path, "--format", "csv", "--force"),
        "retro": ("retro", "--output", path, "--format", "md", "--force"),
    }


@pytest.mark.parametrize("verb", ["export", "retro"])
def test_a_link_is_followed_and_its_target_keeps_its_mode(pitboard, login, tmp_path, verb):
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    assert pitboard(*_written(pitboard, link)[verb]).code == 0
    assert link.is_symlink()
    assert target.read_text() != "old"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert {one.name for one in tmp_path.iterdir()} >= {"real.csv", "link.csv"}
    assert not list(tmp_path.glob(".*.new*"))


@pytest.mark.parametrize("verb", ["export", "retro"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_stays_a_pipe_and_gets_the_bytes(pitboard, login, tmp_path, verb):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    ended = pitboard(*_written(pitboard, pipe)[verb])
    assert ended.code == 3
    assert "nobody reads" in ended.err
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert pitboard(*_written(pitboard, pipe)[verb]).code == 0
        assert os.read(reader, 60_000)
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_terminal_is_written_to_and_a_failing_one_is_named(pitboard, login, monkeypatch):
    """A pseudo-terminal is a character device, as /dev/full is."""
    ours, theirs = os.openpty()
    try:
        name = Path(os.ttyname(theirs))
        ended = pitboard("export", name, "--format", "csv", "--force")
        assert (ended.code, stat.S_ISCHR(name.stat().st_mode)) == (0, True)
        assert b"title" in os.read(ours, 60_000)

        def full(*_: object) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "set_blocking", full)
        ended = pitboard("export", name, "--format", "csv", "--force")
        assert ended.code == 3
        assert "No space left" in ended.err
        assert stat.S_ISCHR(name.stat().st_mode)
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_directory_is_refused_in_words(pitboard, login, tmp_path):
    ended = pitboard("export", tmp_path, "--format", "csv", "--force")
    assert ended.code == 3
    assert "is a directory" in ended.err
    room = tmp_path / "room"
    (room / "log.txt").mkdir(parents=True)
    assert pitboard("attach", login, "-", "--label", "log.txt", stdin="fail").code == 0
    ended = pitboard("attachment", "save", login, "1", "--to", room, "--force")
    assert ended.code == 3
    assert "is a directory" in ended.err


def test_nothing_is_written_over_unless_asked_for(pitboard, login):
    path = pitboard.home / "a.json"
    path.write_text("mine")
    assert pitboard("export", path).code == 3
    assert path.read_text() == "mine"
    assert pitboard("export", path, "--force").code == 0
    assert path.read_text().startswith("[")
    board = pitboard.path.read_bytes()
    assert pitboard("export", "--format", "events", pitboard.path, "--force").code == 3
    assert pitboard.path.read_bytes() == board
    assert pitboard("export", "/nowhere/a.json").code == 3


def test_a_backup_is_a_board(pitboard, login):
    copy = pitboard.home / "copy.db"
    ended = pitboard("backup", copy)
    assert (ended.code, ended.out) == (0, f"{copy}\n")
    assert login in pitboard("--db", copy, "list").out
    assert pitboard("backup", copy).code == 3
    assert pitboard("--db", pitboard.home / "none.db", "backup", copy).code == 2
    assert not (pitboard.home / "none.db").exists()


def test_doctor_finds_nothing_then_damage_then_heals(pitboard, login):
    sound = pitboard("doctor")
    assert sound.code == 0
    assert "sound: 2 events, 1 pitfalls" in sound.out
    with sqlite3.connect(pitboard.path) as connection:
        connection.execute("UPDATE pitfalls SET title = 'forged\x1b[31m'")
    connection.close()
    damaged = pitboard("doctor", "--json")
    assert damaged.code == 3
    report = json.loads(damaged.out)
    assert (report["sound"], report["record_whole"]) == (False, True)
    assert {one["severity"] for one in report["findings"]} == {"differs"}
    assert "--rebuild" in damaged.out
    told = pitboard("doctor")
    assert "✗ tables differ: 2 events" in told.out
    assert "nothing is lost" in told.err
    assert "\x1b" not in pitboard("doctor").out
    asked = pitboard.terminal("doctor")
    asked.expect("Compute the tables again")
    asked.sendline("n")
    asked.expect(pexpect.EOF)
    asked.close()
    assert asked.exitstatus == 3
    asked = pitboard.terminal("doctor")
    asked.expect("Compute the tables again")
    asked.sendline("y")
    asked.expect(pexpect.EOF)
    asked.close()
    assert asked.exitstatus == 0
    assert pitboard("doctor").code == 0
    assert pitboard("doctor", "--rebuild").code == 0
    assert pitboard.pitfall(login).title.plain == "wx.qy.login fails"


def test_init_starts_a_board_once(pitboard, other):
    ended = pitboard("init", "--db", other)
    assert (ended.code, ended.out) == (0, f"{other}\n")
    assert "new board" in ended.err
    assert len(pitboard("--db", other, "list").out.splitlines()) == 10
    again = pitboard("init", "--db", other)
    assert (again.code, again.out) == (0, f"{other}\n")
    assert pitboard("init", "--empty", "--db", other).code == 3
    assert len(pitboard("--db", other, "list").out.splitlines()) == 10


def test_the_first_reading_at_the_default_place_starts_a_board_and_says_where(pitboard):
    ended = pitboard("list", PITBOARD_DB="")
    assert len(ended.out.splitlines()) == 10
    assert str(pitboard.home / "data" / "pitboard" / "board.db") in ended.err
    assert pitboard("list", PITBOARD_DB="").err == ""


def test_the_board_lies_where_option_environment_or_platform_says(pitboard, other):
    assert pitboard("path", "--db", other).out == f"{other}\n"
    assert pitboard("path").out == f"{pitboard.path}\n"
    assert pitboard("path", PITBOARD_DB="~/x.db").out == f"{pitboard.home}/x.db\n"
    default = pitboard("path", PITBOARD_DB="").out.strip()
    assert default == str(pitboard.home / "data" / "pitboard" / "board.db")
    assert not other.exists()


@pytest.mark.parametrize(
    "content", [b"", b"just some text\n" * 100, b"SQLite format 3\0" + b"\xff" * 4096]
)
def test_a_file_that_is_no_board_is_left_alone(pitboard, content):
    pitboard.path.write_bytes(content)
    for verb in (["list"], ["new", "x"], ["backup", "b"]):
        ended = pitboard(*verb)
        assert (ended.code, ended.out) == (3, "")
        assert str(pitboard.path) in ended.err
    assert pitboard("doctor").code == 3
    assert pitboard.path.read_bytes() == content


def test_a_database_of_another_program_is_left_alone(pitboard, other):
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    assert pitboard("--db", other, "list").code == 3
    assert pitboard("--db", pitboard.home, "list").code == 3


@pytest.mark.parametrize("name", EARLIER)
def test_a_board_of_an_earlier_version_is_brought_up_to_date_and_read(pitboard, name):
    pitboard.path.unlink()
    written_by(name, pitboard.path)
    listed = pitboard("list", "picture")
    assert listed.code == 0, listed.err
    assert ("White picture" in listed.out, "Black picture" in listed.out) == (True, True)
    assert pitboard("doctor").code == 0


def test_a_newer_board_is_read_and_not_written(pitboard, login):
    with sqlite3.connect(pitboard.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    read = pitboard("list")
    assert (read.code, login in read.out) == (0, True)
    assert "newer Pitboard" in read.err
    assert pitboard("comment", login, "x").code == 4


def test_a_board_that_can_not_be_written_is_read_and_exit_4(pitboard, login):
    pitboard.path.chmod(0o400)
    pitboard.home.chmod(0o500)
    if os.geteuid() == 0:
        # Root may write anywhere, unless it gives that up.
        if not shutil.which("setpriv"):
            pytest.skip("root may write anywhere")
        pitboard.before = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    try:
        assert login in pitboard("list").out
        assert pitboard("comment", login, "x").code == 4
        assert pitboard("doctor", "--rebuild").code == 4
    finally:
        pitboard.home.chmod(0o700)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(pitboard, shell):
    ended = pitboard("completion", shell)
    assert ended.code == 0
    assert "_PITBOARD_COMPLETE" in ended.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("pitboard sho", ["show\tShow a pitfall with everything recorded on it."]),
        ("pitboard triage not", [f"not-duplicate\t{VERBS['triage not-duplicate'].help}"]),
        ("pitboard retro no", [f"note\t{VERBS['retro note'].help}"]),
        ("pitboard retro last-w", ["last-week"]),
        ("pitboard triage decline abcd --kind by", ["by-design"]),
        ("pitboard status abcd wo", ["workaround"]),
        ("pitboard log abcd --platform an", ["android"]),
    ],
)
def test_completion_of_verbs_and_values(pitboard, words, expected):
    assert completed(pitboard, words) == expected


def test_completion_of_ids_says_their_titles(pitboard, login):
    with pitboard.store() as store:
        store.comments.add(login, "so that it stays")
    assert completed(pitboard, f"pitboard show {login[:2]}") == [f"{login[:4]}\twx.qy.login fails"]
    assert completed(pitboard, "pitboard --db /nowhere/x.db show 1") == []


def completed(pitboard, words):
    """What fish would be told for a line that ends in these words."""
    ended = pitboard(
        _PITBOARD_COMPLETE="fish_complete", COMP_WORDS=words, COMP_CWORD=words.split()[-1]
    )
    assert ended.err == ""
    return [line.removeprefix("plain,") for line in ended.out.splitlines() if line]


# A board that was named has to be there


#: Each verb, with arguments that it takes, that must not make a board where one was named.
_ON_NO_BOARD = [
    *(("list",), ("show", "867d"), ("history",), ("retro",), ("triage",), ("triage", "list")),
    *(("versions",), ("members",), ("export",), ("doctor",), ("doctor", "--rebuild")),
    *(("diff", "2026-01-01"), ("bug-report", "867d"), ("match",), ("paste",), ("sync",)),
    *(("comment", "867d", "x"), ("log", "867d"), ("undo",), ("redo",), ("backup", "copy.db")),
    *(("edit", "867d", "--tag", "x"), ("status", "867d", "open"), ("share", "/nowhere")),
    ("new", "T", "--component", "", "--kind", "bug", "--severity", "S3"),
    ("import", "-", "--as", "notes"),
    ("import", "-", "--as", "events", "--dry-run"),
]


@pytest.mark.parametrize("arguments", _ON_NO_BOARD, ids=" ".join)
@pytest.mark.parametrize("by", ["option", "variable"])
def test_no_verb_makes_a_board_where_one_was_named(pitboard, arguments, by):
    path = pitboard.home / "mis spelt" / "board.db"
    named = ("--db", path) if by == "option" else ()
    env = {} if by == "option" else {"PITBOARD_DB": str(path)}
    ended = pitboard(*named, *arguments, stdin="# A note\n\n**x** fails\n", **env)
    assert (ended.code, ended.out) == (2, "")
    assert f"pitboard --db '{path}' init" in ended.err
    assert not path.parent.exists()


def test_the_screen_makes_no_board_where_one_was_named(pitboard):
    seen = pitboard.seen("--db", str(pitboard.home / "nothing.db"))
    assert "There is no board at" in seen
    assert not (pitboard.home / "nothing.db").exists()


def test_an_empty_name_is_not_the_default_board(pitboard, login):
    ended = pitboard("--db", "", "comment", login, "for another board")
    assert ended.code == 2
    assert len(pitboard.events()) == 1


# Backups, and the way back


def test_a_backup_is_restored_and_the_board_kept(pitboard, login):
    copy = pitboard.home / "copy.db"
    assert pitboard("backup", copy).code == 0
    assert pitboard("comment", login, "after it").code == 0
    ended = pitboard("backup", "--restore", copy)
    assert (ended.code, ended.out) == (0, f"{pitboard.path}\n")
    assert "Restored" in ended.err
    assert len(pitboard.events()) == 1
    [kept] = pitboard.home.glob("board.db.replaced-*")
    assert str(kept) in ended.err
    assert "after it" in pitboard("--db", kept, "show", login).out


@pytest.mark.parametrize("arguments", [(), ("copy.db", "--restore", "other.db")])
def test_a_backup_needs_one_file(pitboard, arguments):
    assert pitboard("backup", *arguments).code == 2


def test_what_was_left_of_a_deleted_board_is_named(pitboard, login):
    log = pitboard.path.with_name("board.db-wal")
    log.write_bytes(b"\0" * 4096)
    pitboard.path.unlink()
    ended = pitboard("init", "--empty")
    assert (ended.code, ended.out) == (0, f"{pitboard.path}\n")
    [kept] = pitboard.home.glob("board.db-wal.*")
    assert str(kept) in ended.err
    assert kept.read_bytes() == b"\0" * 4096


def test_a_board_of_two_names_says_why_it_is_not_written(pitboard, login):
    (pitboard.home / "other.db").hardlink_to(pitboard.path)
    ended = pitboard("comment", login, "lost")
    assert (ended.code, ended.out) == (4, "")
    assert "2 names (hard links)" in ended.err
    read = pitboard("list")
    assert read.code == 0
    assert "2 names (hard links)" in read.err


def test_a_board_for_a_group_is_made_in_a_directory_for_it(pitboard):
    path = pitboard.home / "team" / "board.db"
    ended = pitboard("--db", path, "init", "--group")
    assert (ended.code, ended.out) == (0, f"{path}\n")
    assert path.stat().st_mode & 0o777 == 0o660
    assert pitboard("--db", path, "init", "--group").code == 3
    private = pitboard.home / "private.db"
    ended = pitboard("--db", private, "init", "--group")
    assert (ended.code, ended.out) == (3, "")
    assert "chmod 2770" in ended.err
    assert not private.exists()


def test_doctor_tells_damage_of_the_record_from_changed_tables(pitboard, login):
    with closing(sqlite3.connect(pitboard.path)) as connection, connection:
        connection.execute("UPDATE pitfalls SET status = 'open', title = 'forged'")
        connection.execute("UPDATE events SET line = replace(line, 'login', 'logout')")
    report = json.loads(pitboard("doctor", "--json").out)
    assert (report["sound"], report["record_whole"]) == (False, False)
    told = pitboard("doctor")
    assert "✗ damaged" in told.out
    assert "nothing is lost" not in told.err


def test_a_csv_file_begins_with_a_byte_order_mark_and_a_pipe_does_not(pitboard, login):
    for what in ("pitfalls", "occurrences"):
        path = pitboard.home / f"{what}.csv"
        assert pitboard("export", "--what", what, path).code == 0
        piped = pitboard("export", "--what", what, "--format", "csv").out
        assert path.read_bytes() == b"\xef\xbb\xbf" + piped.encode()
    report = pitboard.home / "retro.csv"
    assert pitboard("retro", "--output", report).code == 0
    assert report.read_bytes().startswith(b"\xef\xbb\xbf")
    pitboard("--db", pitboard.home / "other.db", "init", "--empty")
    other = pitboard("--db", pitboard.home / "other.db", "import", pitboard.home / "pitfalls.csv")
    assert (other.code, other.out) == (0, f"{login}\n")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "＝"])
def test_formulas_are_defused_and_come_back_as_they_were(pitboard, login, sign):
    title = f"{sign.strip()}cmd|' /C calc'!A0"
    pitboard("edit", login, "--title", title)
    [row] = csv.DictReader(StringIO(pitboard("export", "--format", "csv").out))
    assert row["title"] == f"'{title}"
    path = pitboard.home / "board.csv"
    pitboard("export", path)
    other = pitboard.home / "other.db"
    pitboard("--db", other, "init", "--empty")
    pitboard("--db", other, "import", path)
    with Board.open(other) as board:
        assert board.pitfall(login).title.plain == title


def test_occurrences_are_exported_with_pitfall_environment_and_verdict(pitboard, login):
    pitboard("fix", login, "--axis", "client", "--from", "4.1.8")
    pitboard("log", login, "--platform", "ios", "--client-version", "4.1.9", "--note", "=1+1")
    [row] = csv.DictReader(
        StringIO(pitboard("export", "--what", "occurrences", "--format", "csv").out)
    )
    assert (row["pitfall"], row["title"]) == (login, "wx.qy.login fails")
    assert (row["platform"], row["client_version"], row["note"]) == ("ios", "4.1.9", "'=1+1")
    assert row["verdict"] == "regression"
    [one] = json.loads(pitboard("export", "--what", "occurrences", "--format", "json").out)
    assert one["id"] == row["id"]
    assert json.loads(pitboard("export", "--what", "occurrences", "--json").out)["total"] == 1
    assert pitboard("export", "--what", "occurrences", pitboard.home / "x.events").code == 2


# Completion in live shells

#: What each shell is started as, and how it takes the script.
SHELLS = {
    "bash": (["--norc", "--noprofile", "-i"], 'eval "$(pitboard completion bash)"'),
    "zsh": (
        ["-f", "-i"],
        'autoload -U compinit; compinit -u -D; eval "$(pitboard completion zsh)"',
    ),
    "fish": (["--no-config", "-i"], "pitboard completion fish | source"),
}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_live_shell_completes_verbs_options_and_values(pitboard, login, shell):
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell} on this machine")
    folder = pitboard.home / "bin"
    folder.mkdir()
    command = folder / "pitboard"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tui "$@"\n')
    command.chmod(0o755)
    assert pitboard("boards", "add", "work", pitboard.home / "work.db").code == 0
    arguments, setup = SHELLS[shell]
    env = pitboard.env | {"PATH": f"{folder}:{pitboard.env['PATH']}", "PS1": "$ ", "TERM": "xterm"}
    env |= {name: os.environ[name] for name in ("FPATH", "MODULE_PATH") if name in os.environ}
    live = pexpect.spawn(
        program, arguments, env=env, encoding="utf-8", timeout=PATIENCE, dimensions=(24, 200)
    )
    live.sendline(f"{setup}; echo rea''dy")
    live.expect("ready")
    # Each line runs as it was completed, and the command's answer shows what that was.
    for typed, answer in (
        ("pitboard doct\t", "sound: "),
        ("pitboard list --limi\t1", "wx.qy.login fails"),
        ("pitboard list status:o\t", "wx.qy.login fails"),
        (f"pitboard show {login[:3]}\t", "Reported"),
        ("pitboard boards remove wor\t", "Removed the name “work”"),
    ):
        live.sendline(typed)
        live.expect(answer)
    live.close(force=True)
