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
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))
#: Pages on a job, which tell it by keys.
JOBS = tuple(f"docs/{name}.md" for name in ("find", "report", "triage", "fixes", "retro", "share"))
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "benchmarks/README.md",
    "tui/locale/README.md",
    *PAGES,
)


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


@pytest.mark.parametrize("name", ["README.md", *PAGES])
def test_every_verb_that_is_shown_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    shown = set(re.findall(r"^pitboard ([a-z][\w-]+)|`pitboard ([a-z][\w-]+)", text, re.M))
    for verb in {first or second for first, second in shown}:
        assert verb in VERBS or verb == "help", verb


def test_every_verb_has_a_page() -> None:
    text = "".join((ROOT / name).read_text("utf-8") for name in PAGES)
    assert not [verb for verb in VERBS if not re.search(rf"pitboard {verb}\b", text)]


def test_every_command_of_a_screen_is_on_the_page_of_keys() -> None:
    text = (ROOT / "docs" / "keys.md").read_text("utf-8")
    assert not [one.id for one in COMMANDS if f"`{one.id}`" not in text]


def test_every_key_that_is_named_is_bound() -> None:
    text = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", *JOBS))
    keys = {key for one in COMMANDS for key in (*one.shown.split(), *one.keys.split(","))}
    for dialog in (NewPitfall(None, None), Paste(None)):
        keys |= {binding.key for _, binding in dialog._bindings}
    # Taken by Textual's own input line.
    keys |= {"→"}
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
    named = {one for one in spans if re.fullmatch(r"ctrl\+\w|space|enter|esc|tab|\W|\w", one)}
    assert {"p", "a", "1", "H", "space", "ctrl+l"} <= named
    # What marks a match, and what the query language and ages are made of, are no keys.
    assert named - keys <= set("≈↻⇅!.hd")
