"""What the documents name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui.cli.verbs import VERBS
from tui.commands import COMMANDS
from tui.dialogs.new_pitfall import NewPitfall
from tui.dialogs.paste import Paste

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "benchmarks/README.md", "tui/locale/README.md")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_it_names_is_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    named = re.findall(r"`((?:storage|tui|seeds|tests|benchmarks|\.ci)/[\w./]+)`", text)
    named += re.findall(r"\]\(([\w./]+)\)", text)
    for path in named:
        assert (ROOT / path).exists() or (ROOT / name).parent.joinpath(path).exists(), path


def test_the_map_names_every_folder() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"`((?:storage|tui|seeds|tests|benchmarks)/(?:\w+/)?)`", text))
    folders = {
        f"{one.parent.relative_to(ROOT).as_posix()}/"
        for top in ("storage", "tui")
        for one in (ROOT / top).glob("*/__init__.py")
    }
    assert folders | {"storage/", "tui/", "seeds/", "tests/", "benchmarks/"} <= named


def test_every_verb_that_the_readme_shows_exists() -> None:
    shown = set(re.findall(r"^pitboard ([\w-]+)", (ROOT / "README.md").read_text("utf-8"), re.M))
    assert shown
    for verb in shown:
        assert verb in VERBS


def test_every_key_of_the_readme_is_bound() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    keys = {key for one in COMMANDS for key in (*one.shown.split(), *one.keys.split(","))}
    for dialog in (NewPitfall(None, None), Paste(None)):
        keys |= {binding.key for _, binding in dialog._bindings}
    # Taken by Textual's own input line.
    keys |= {"→"}
    prose = re.sub(r"```.*?```|^\|.*?$", "", text, flags=re.S | re.M)
    named = set(re.findall(r"`(ctrl\+\w|space|enter|esc|tab|[^\w`]|\w)`", prose))
    assert {"p", "a", "1", "H", "space", "ctrl+l"} <= named
    # What marks a match, and what the query language is made of, are no keys.
    assert named - keys <= set("=≈↻<>-⇅!")
