"""The settings: whatever the files hold, they load, and what is wrong is named."""

from __future__ import annotations

import json

import pytest

from tui.services.config import load, remember


def test_without_files_there_are_defaults(tmp_path):
    config, problems = load(tmp_path / "none")
    assert (config.who, config.theme, config.keys) == ("", "", {})
    assert problems == ()


def test_every_setting_is_read(tmp_path):
    (tmp_path / "config.toml").write_text(
        'who = "Ada"\ntheme = "nord"\n[keys]\nundo = "ctrl+z"\nquit = ["q", "ctrl+q"]\n'
    )
    config, problems = load(tmp_path)
    assert problems == ()
    assert (config.who, config.theme) == ("Ada", "nord")
    assert config.keys == {"undo": "ctrl+z", "quit": "q,ctrl+q"}


@pytest.mark.parametrize("content", [b"who =", b"\xff\xfe", b"\0", b"[keys", b"who = 1\nwho = 2"])
def test_a_broken_file_is_reported_and_defaults_are_used(tmp_path, content):
    (tmp_path / "config.toml").write_bytes(content)
    config, [problem] = load(tmp_path)
    assert config.who == ""
    assert str(tmp_path / "config.toml") in str(problem)


def test_one_bad_setting_does_not_cost_the_others(tmp_path):
    (tmp_path / "config.toml").write_text(
        'who = 3\ntheme = "nord"\ncolour = "red"\n[keys]\nundo = "z"\nredo = 1\n'
    )
    config, problems = load(tmp_path)
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
    config, problems = load(tmp_path)
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
