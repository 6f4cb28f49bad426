"""Several boards: which one is meant, and their names in the settings."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from platformdirs import PlatformDirs

from tests.boards import fresh
from tests.cli.conftest import Pitboard
from tui.services import boards


@pytest.fixture
def work(pitboard: Pitboard, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below the home directory, in which the command runs; no variable names a board."""
    folder = pitboard.home / "work" / "app" / "src"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    pitboard.env["PITBOARD_DB"] = ""
    return folder


@pytest.fixture
def app(pitboard: Pitboard, work: Path) -> Path:
    """A board that is called “app”."""
    file = pitboard.home / "app.db"
    fresh(file)
    assert pitboard("boards", "add", "app", file).code == 0
    return file


def chosen(pitboard: Pitboard, *before: str, **env: str) -> tuple[str, str]:
    """The board that is meant, and by what."""
    held = json.loads(pitboard(*before, "path", "--json", **env).out)
    return held["file"], held["chosen_by"]


def test_the_order_of_what_names_a_board(pitboard, work, app):
    default = str(pitboard.home / "data" / "pitboard" / "board.db")
    assert chosen(pitboard) == (default, "default")
    (work.parent / ".pitboard").write_text('board = "app"\n')
    assert chosen(pitboard) == (str(app), ".pitboard")
    assert chosen(pitboard, PITBOARD_DB="x.db") == ("x.db", "PITBOARD_DB")
    assert chosen(pitboard, "--db", "y.db", PITBOARD_DB="x.db") == ("y.db", "--db")
    assert chosen(pitboard, "--board", "app", PITBOARD_DB="x.db") == (str(app), "--board")


def test_the_nearest_file_counts_and_none_above_the_home_directory(pitboard, work, app):
    other = pitboard.home / "other.db"
    assert pitboard("boards", "add", "other", other).code == 0
    (pitboard.home / ".pitboard").write_text('board = "other"\n')
    assert chosen(pitboard) == (str(other), ".pitboard")
    (work.parent.parent / ".pitboard").write_text('board = "app"\n')
    assert chosen(pitboard) == (str(app), ".pitboard")
    assert chosen(pitboard, HOME=str(work)) == (
        str(pitboard.home / "data" / "pitboard" / "board.db"),
        "default",
    )


def test_why_says_what_chose_it(pitboard, work, app):
    why = ("path", "--why")
    assert "It is the default" in pitboard(*why).out
    assert pitboard("--db", app, *why).out == f"{app}\n--db names it.\n"
    assert "PITBOARD_DB names it" in pitboard(*why, PITBOARD_DB=str(app)).out
    assert "as --board says" in pitboard("--board", "app", *why).out
    (work / ".pitboard").write_text('board = "app"')
    assert f"as {work / '.pitboard'} says" in pitboard(*why).out


@pytest.mark.parametrize("verb", [("list",), ("path",), ("init",), ("new", "x"), ("doctor",)])
def test_an_unknown_name_makes_nothing_and_falls_back_to_nothing(pitboard, work, verb):
    (work / ".pitboard").write_text('board = "ghost"\n')
    for before in ((), ("--board", "ghost")):
        ended = pitboard(*before, *verb)
        assert (ended.code, ended.out) == (2, "")
        assert "Add it: pitboard boards add ghost FILE" in ended.err
    assert not (pitboard.home / "data").exists()


def test_a_name_without_its_file_is_not_made_but_by_init(pitboard, work):
    file = pitboard.home / "new.db"
    added = pitboard("boards", "add", "new", file)
    assert "Create it: pitboard --board new init" in added.err
    for verb in (("list",), ("new", "x"), ("log", "867d")):
        assert pitboard("--board", "new", *verb).code == 2
        assert not file.exists()
    assert pitboard("--board", "new", "init").code == 0
    assert pitboard("--board", "new", "list", "--count").code == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"app",
        b'board = ""',
        b"board = 3",
        b'board = "app"\nmore = 1',
        b'board = "../app.db"',
        b'board = "/etc/passwd"',
        b'board = "https://example.com/x"',
        b"\xff\xfe",
        b'board = "app"' + b" " * 5000,
    ],
)
def test_a_file_that_says_anything_else_is_refused(pitboard, work, app, content):
    (work / ".pitboard").write_bytes(content)
    ended = pitboard("list")
    assert (ended.code, ended.out) == (2, "")
    assert str(work / ".pitboard") in ended.err


def test_a_folder_or_a_dangling_link_of_that_name_is_refused(pitboard, work, app):
    (work / ".pitboard").mkdir()
    assert pitboard("list").code == 2
    (work / ".pitboard").rmdir()
    (work / ".pitboard").symlink_to("nowhere")
    assert pitboard("list").code == 2


def test_db_and_board_exclude_each_other(pitboard, work, app):
    for call in (("--db", "x", "--board", "app", "list"), ("list", "--board", "app", "--db", "x")):
        ended = pitboard(*call)
        assert ended.code == 2
        assert "not both" in ended.err
    assert pitboard("--board", "", "list").code == 2


def test_boards_are_listed_added_and_removed(pitboard, work, app):
    rows = [line.split("\t") for line in pitboard("--board", "app", "boards").out.splitlines()]
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("default", "missing", ""),
        ("app", "exists", "*"),
    ]
    assert pitboard("boards", "add", "app", app).code == 0
    taken = pitboard("boards", "add", "app", "other.db")
    assert taken.code == 3
    assert "pitboard boards remove app" in taken.err
    (work / "notes.md").write_text("# A white picture\n")
    with closing(sqlite3.connect(work / "recipes.db")) as recipes:
        recipes.execute("CREATE TABLE recipes (name)")
    for file, what in (
        ("recipes.db", "is a database of another program"),
        ("notes.md", "is not a Pitboard file"),
        (".", "is a directory, not a board"),
    ):
        refused = pitboard("boards", "add", "strange", work / file)
        assert (refused.code, what in refused.err) == (3, True), refused.err
        assert "Name " in refused.err
        assert "strange" not in pitboard("boards").out
    assert (
        "notes.md holds text; it is no board" in pitboard("doctor", "--db", work / "notes.md").err
    )
    for name in ("default", "a/b", "a ", "../x", "", "-x"):
        assert pitboard("boards", "add", "--", name, "x.db").code == 3, name
    assert pitboard("boards", "add", "here", "here.db").code == 0
    listed = json.loads(pitboard("boards", "list", "--json").out)["boards"]
    assert {one["name"]: one["file"] for one in listed}["here"] == str(work / "here.db")
    assert pitboard("boards", "remove", "app").code == 0
    assert app.exists()
    assert pitboard("boards", "remove", "app").code == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("words", ["pitboard --board", "pitboard boards remove"])
def test_names_are_completed(pitboard, work, app, shell, words):
    assert pitboard("boards", "add", "other", "other.db").code == 0

    def offered(begun: str) -> list[str]:
        ended = pitboard(
            _PITBOARD_COMPLETE=f"{shell}_complete",
            COMP_WORDS=f"{words} {begun}",
            COMP_CWORD=begun if shell == "fish" else str(len(words.split())),
        )
        return [one for one in re.split(r"[\s,]", ended.out) if one in ("app", "other", "default")]

    assert offered("a") == ["app"]
    assert offered("o") == ["other"]
    assert offered("d") == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs alone is asked")
@pytest.mark.parametrize("where", ["/elsewhere", "relative", ""])
def test_places_are_those_that_platformdirs_names(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", where and f"{where}/{name.lower()}")
    named = PlatformDirs("pitboard", appauthor=False)
    assert boards.default_board() == named.user_data_path / "board.db"
    assert boards.config_directory() == named.user_config_path
    assert boards.drafts_directory() == named.user_state_path / "drafts"
    assert boards.viewed_directory() == named.user_cache_path / "viewed"


@pytest.mark.parametrize("name", ["团队", "别的 项目", "Проект два"])
def test_a_board_may_have_a_name_in_any_script(pitboard, tmp_path, name):
    assert pitboard("boards", "add", name, tmp_path / "t.db").code == 0
    assert pitboard("--board", name, "path").out.strip() == str(tmp_path / "t.db")
    listed = json.loads(pitboard("boards", "list", "--json").out)["boards"]
    assert name in {one["name"] for one in listed}
    (pitboard.home / ".pitboard").write_text(f'board = "{name}"\n', "utf-8")
    assert pitboard("boards", "remove", name).code == 0


@pytest.mark.parametrize("name", ["200/board.db", "team.db"])
def test_a_file_in_place_of_a_name_is_told_of_db(pitboard: Pitboard, name: str) -> None:
    ended = pitboard("--board", name, "list")
    assert ended.code == 2
    assert f"There is no board “{name}”" in ended.err
    assert "--db" in ended.err
