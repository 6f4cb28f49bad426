"""What the documents name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui.actions import ACTIONS
from tui.cli.group import VERBS

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "benchmarks/README.md", "tui/locale/README.md")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_it_names_is_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    named = re.findall(r"`((?:storage|tui|seeds|tests|benchmarks|\.ci)/[\w./]+)`", text)
    named += re.findall(r"\]\(([\w./]+)\)", text)
    for path in named:
        assert (ROOT / path).exists() or (ROOT / name).parent.joinpath(path).exists(), path


def test_every_verb_that_the_readme_shows_exists() -> None:
    shown = set(re.findall(r"^pitboard (\w+)", (ROOT / "README.md").read_text("utf-8"), re.M))
    assert shown
    for verb in shown:
        assert verb in VERBS


def test_every_key_of_the_readme_is_bound() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    keys = {key for action in ACTIONS for key in (action.shown, *action.keys.split(","))}
    [tour] = re.findall(r"\*\*On the board\*\*(.*?)\n\n", text, re.S)
    for key in re.findall(r"`([^`]+)`", tour):
        assert key in keys, key
