"""The settings: whatever the files hold, they load, and what is wrong is named."""

from __future__ import annotations

import pytest

from tui.services.config import load, remember_theme


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
    remember_theme("gruvbox", tmp_path)
    assert load(tmp_path).config.theme == "gruvbox"
    assert settings.read_text() == 'theme = "nord"\n'
    settings.write_text('theme = "dracula"\n')
    assert load(tmp_path).config.theme == "dracula"
    (tmp_path / "choices.json").write_text("{")
    assert load(tmp_path).config.theme == "dracula"
