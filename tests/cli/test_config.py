"""The settings: whatever the files hold, they load, and what is wrong is named."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from tests.cli.conftest import Pitboard
from tui.services.chat_channels import ChatChannel
from tui.services.config import PATTERNED, Config, load, remember
from tui.services.config_file import settings_schema


def test_without_files_there_are_defaults(tmp_path):
    config, problems, _text = load(tmp_path / "none")
    assert (config.who, config.theme, config.keys) == ("", "", {})
    assert problems == ()


def test_every_setting_is_read(tmp_path):
    (tmp_path / "config.toml").write_text(
        'who = "Ada"\ntheme = "nord"\n[keys]\nundo = "ctrl+z"\nquit = ["q", "ctrl+q"]\n'
    )
    config, problems, _text = load(tmp_path)
    assert problems == ()
    assert (config.who, config.theme) == ("Ada", "nord")
    assert config.keys == {"undo": "ctrl+z", "quit": "q,ctrl+q"}


@pytest.mark.parametrize("content", [b"who =", b"\xff\xfe", b"\0", b"[keys", b"who = 1\nwho = 2"])
def test_a_broken_file_is_reported_and_defaults_are_used(tmp_path, content):
    (tmp_path / "config.toml").write_bytes(content)
    config, [problem], _text = load(tmp_path)
    assert config.who == ""
    assert str(tmp_path / "config.toml") in str(problem)


def test_one_bad_setting_does_not_cost_the_others(tmp_path):
    (tmp_path / "config.toml").write_text(
        'who = 3\ntheme = "nord"\ncolour = "red"\n[keys]\nundo = "z"\nredo = 1\n'
    )
    config, problems, _text = load(tmp_path)
    assert (config.who, config.theme, config.keys) == ("", "nord", {"undo": "z"})
    values = " ".join(map(str, problems))
    assert all(name in values for name in ("“who”", "“colour”", "“keys.redo”"))


def test_the_theme_chosen_last_stands(tmp_path):
    settings = tmp_path / "config.toml"
    settings.write_text('theme = "nord"\n')
    remember({"theme": "gruvbox"}, tmp_path)
    assert load(tmp_path).config.theme == "gruvbox"
    assert settings.read_text() == 'theme = "nord"\n'
    settings.write_text('theme = "dracula"\n')
    assert load(tmp_path).config.theme == "dracula"
    (tmp_path / "choices.json").write_text("{")
    assert load(tmp_path).config.theme == "dracula"


def test_an_unknown_column_is_told_with_its_line_and_the_others_stand(tmp_path):
    (tmp_path / "config.toml").write_text(
        'who = "Ada"\n\ncolumns = [\n  "title",\n  "colour",\n  "count",\n]\n[keys]\nundo = 3\n'
    )
    config, problems, _text = load(tmp_path)
    assert config.columns == ["title", "count"]
    column, key = map(str, problems)
    assert "line 5: “columns: colour”" in column
    assert "severity, title, component" in column
    assert "line 9: “keys.undo”" in key


def test_columns_chosen_on_the_board_stand_until_others_are_configured(tmp_path):
    remember({"columns": ["title", "id"]}, tmp_path)
    assert load(tmp_path).config.columns == ["title", "id"]
    remember({"theme": "nord"}, tmp_path)
    assert load(tmp_path).config.columns == ["title", "id"]
    (tmp_path / "config.toml").write_text('columns = ["title", "kind"]\n')
    assert load(tmp_path).config.columns == ["title", "kind"]


def test_boards_on_which_somebody_has_started_are_remembered(tmp_path):
    for name in ("one", "two", "one"):
        remember({"started": name}, tmp_path)
    assert json.loads((tmp_path / "choices.json").read_text())["started"] == ["one", "two"]


def settings_of(pitboard: Pitboard, text: str = "") -> Path:
    """The file of the settings, with a text in it."""
    path = pitboard.home / "config" / "pitboard" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    if text:
        path.write_text(text)
    return path


WRONG = """\
# Lin's settings
theme = "norde"
grace_days = "x"
wat = "red"

[keys]
undo = "z"
redo = "ctrl+i"
edit = "blah"
undoo = "x"

[boards]
"a/b" = "x.db"
"""


def test_all_that_is_wrong_is_named_with_its_line(pitboard):
    path = settings_of(pitboard, WRONG)
    ended = pitboard("config", "list")
    assert ended.code == 3
    told = dict(
        line.removeprefix(f"{path}, line ").split(": ", 1) for line in ended.err.splitlines()
    )
    assert told == {
        "2": "“theme” is left out: there is no theme “norde”. Is “nord” meant?",
        "3": "“grace_days” is left out: it must be a whole number.",
        "4": "“wat” is left out: there is no setting of that name.",
        "7": "“keys.undo” is left out: “z” is the key of “sort”. Choose another key, or give “sort”"
        " another one, too.",
        "8": "“keys.redo” is left out: terminals send “ctrl+i” as “tab”.",
        "9": '“keys.edit” is left out: there is no key “blah”. Examples: "a", "?", "f5", "ctrl+l"',
        "10": "“keys.undoo” is left out: there is no command “undoo”. Is “undo” meant?",
        "13": "“boards.a/b” is left out: a name has letters, digits, spaces, “-” and “_”.",
    }


def patterned(model: type[BaseModel]) -> Iterator[str]:
    """The settings of a model that have a pattern."""
    schema = model.model_json_schema()
    for name, about in schema["properties"].items():
        if '"pattern"' in json.dumps(about):
            yield name


def test_every_setting_with_a_pattern_says_what_it_wants(pitboard):
    names = {*patterned(Config), *patterned(ChatChannel)}
    assert names == {*PATTERNED, "name"}
    wrong = '[[notify]]\nname = "a"\nkind = "irc"\nurl_env = "X"\nproxy = "x"\n'
    settings_of(pitboard, f'watch_hosts = ["https://a.b"]\n{wrong}')
    said = pitboard("config", "list").err
    assert "line 1: “watch_hosts: https://a.b” is left out: it must be the name of a host" in said
    assert "line 4: “notify.1.kind” is left out: there is no such chat. There are: wecom, " in said
    assert "line 6: “notify.1.proxy” is left out: it must be an address such as http://" in said


def test_a_theme_that_is_refused_is_listed_with_the_one_in_its_place(pitboard):
    settings_of(pitboard, 'theme = "norde"\n')
    ended = pitboard("config", "list")
    assert ended.code == 3
    assert "theme\tpitboard-dark\tdefault" in ended.out
    assert pitboard("config", "get", "theme").out == "pitboard-dark\n"
    seen = pitboard.seen("config", "list", NO_COLOR="1")
    assert re.search(
        r"^theme\s+pitboard-dark\s+\(default; “norde” is refused\)", seen, re.MULTILINE
    )


def test_a_key_goes_from_one_command_to_another(pitboard):
    settings_of(pitboard, '[keys]\nundo = "z"\nsort = "u"\n')
    assert pitboard("config", "list").err == ""


def test_a_setting_is_listed_read_set_and_unset(pitboard):
    assert pitboard("config", "get", "theme").out == "pitboard-dark\n"
    assert pitboard("config", "get", "who").out == "Ada\n"
    assert pitboard("config", "set", "columns", "id,title").code == 0
    assert 'columns\t["id", "title"]\tset' in pitboard("config", "list").out
    assert pitboard("config", "unset", "columns").code == 0
    assert pitboard("config", "set", "theme", "nord").code == 0
    assert pitboard("config", "set", "grace_days", "7").code == 0
    assert pitboard("config", "set", "keys.undo", '["ctrl+n", "f8"]').code == 0
    assert pitboard("config", "get", "theme").out == "nord\n"
    assert pitboard("config", "get", "keys.undo").out == "ctrl+n,f8\n"
    listed = json.loads(pitboard("config", "list", "--json").out)
    assert {one["name"]: one["value"] for one in listed["settings"] if one["set"]} == {
        "theme": "nord",
        "grace_days": 7,
        "keys.undo": "ctrl+n,f8",
    }
    assert pitboard("config", "unset", "keys.undo").code == 0
    assert pitboard("config", "get", "keys.undo").code == 1
    assert pitboard("config", "unset", "keys.undo").code == 1
    assert settings_of(pitboard).read_text().split("\n")[:2] == ['theme = "nord"', "grace_days = 7"]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("theme", "norde", "there is no theme “norde”"),
        ("grace_days", "soon", "it must be a whole number"),
        ("grace_days", "400", "it is too large"),
        ("keys.undo", "z", "“z” is the key of “sort”"),
        ("keys.undo", "ctrl+q", "“ctrl+q” is reserved"),
        ("keys.undoo", "x", "there is no command “undoo”"),
        ("boards.a/b", "x.db", "a name has letters"),
    ],
)
def test_a_value_that_can_not_be_used_is_refused_and_nothing_is_written(pitboard, name, value, why):
    before = settings_of(pitboard, 'who = "Lin"\n').read_bytes()
    ended = pitboard("config", "set", name, value)
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith(f"“{name}” can't be set so: {why}")
    assert settings_of(pitboard).read_bytes() == before


@pytest.mark.parametrize("name", ["whoo", "keys", "who.x", "nothing"])
def test_a_setting_that_does_not_exist_is_not_found(pitboard, name):
    for verb in (("get",), ("set",), ("unset",)):
        ended = pitboard("config", *verb, name, *(["x"] if verb == ("set",) else []))
        assert ended.code == 1
        assert "setting" in ended.err


def test_comments_line_ends_mark_link_and_permissions_stay(pitboard):
    path = settings_of(pitboard)
    kept = pitboard.home / "dotfiles.toml"
    written = '\ufeff# mine\r\nwho = "Lin"  # me\r\n\r\n[keys]\r\nundo = "x"\r\n'
    kept.write_bytes(written.encode())
    kept.chmod(0o640)
    path.symlink_to(kept)
    assert pitboard("config", "set", "who", "Ada").code == 0
    assert pitboard("config", "set", "keys.redo", "ctrl+r").code == 0
    assert path.is_symlink()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    expected = written.replace("Lin", "Ada") + 'redo = "ctrl+r"\r\n'
    assert kept.read_bytes() == expected.encode()


@pytest.mark.parametrize("content", [b"who =", b"\xff\xfe", b"[keys"])
def test_a_file_that_can_not_be_read_is_never_written(pitboard, content):
    path = settings_of(pitboard)
    path.write_bytes(content)
    for call in (("set", "who", "x"), ("unset", "who")):
        ended = pitboard("config", *call)
        assert ended.code != 0
        assert str(path) in ended.err
    assert path.read_bytes() == content


def test_what_is_edited_is_kept_and_looked_at(pitboard):
    editor = pitboard.home / "editor"
    editor.write_text('#!/bin/sh\necho \'theme = "norde"\' >> "$1"\n')
    editor.chmod(0o755)
    path = settings_of(pitboard, '# mine\nwho = "Lin"\n')
    ended = pitboard("config", "edit", EDITOR=str(editor))
    assert ended.code == 3
    assert "line 3: “theme” is left out" in ended.err
    assert path.read_text() == '# mine\nwho = "Lin"\ntheme = "norde"\n'
    assert pitboard("config", "edit", EDITOR="true").code == 3
    path.unlink()
    assert pitboard("config", "edit", EDITOR="true").code == 0
    assert not path.exists()


def test_the_schema_describes_every_setting():
    described = settings_schema()
    assert set(described["properties"]) == set(Config.model_fields)
    assert all(one["description"] for one in described["properties"].values())
    assert {"type": "array", "items": {"minLength": 1, "type": "string"}} in (
        described["properties"]["keys"]["additionalProperties"]["anyOf"]
    )


def test_the_language_is_said_to_be_no_setting(pitboard):
    assert "PITBOARD_LANG" in pitboard("config", "set", "lang", "zh").err


def test_help_is_among_what_may_be_meant(pitboard):
    assert "Did you mean 'help'?" in pitboard("hlep").err


def test_what_is_wrong_is_said_each_time(pitboard: Pitboard) -> None:
    report = ("new", "A", "--component", "b", "--kind", "bug", "--severity", "S3")
    path = settings_of(pitboard, 'who = "Lin"\n')
    assert "left out" not in pitboard(*report).err
    path.write_text('who = "Lin"\ntheme = 3\n')
    for _ in range(2):
        assert "line 2: “theme” is left out" in pitboard(*report).err
    path.write_text('who = "Lin"\n')
    assert "left out" not in pitboard(*report).err
    # What can't be read is told, whatever was right before.
    path.unlink()
    path.mkdir()
    for _ in range(2):
        assert "config.toml can't be read" in pitboard(*report).err
