"""What the documents name exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from benchmarks.table import SUMMARY
from docs.generate import (
    FIGURES,
    JSON_PAGE,
    KEYS_PAGE,
    MANUAL,
    REFERENCE,
    SCHEMAS,
    figures_page,
    json_page,
    json_schemas,
    keys_page,
    manual,
    printed_key,
    reference,
)
from storage.model.environment import FIELDS
from storage.query.keys import KEYS
from tui.cli.group import Verbs, pitboard
from tui.commands import COMMANDS
from tui.dialogs.new_pitfall import NewPitfall
from tui.dialogs.paste import Paste
from tui.services.config import Config
from tui.services.views import built_in
from tui.text.verbs import VERBS

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
    pages = [name for name in PAGES if name not in ("docs/reference.md", "docs/json.md")]
    text = "".join((ROOT / name).read_text("utf-8") for name in pages)
    assert not [verb for verb in VERBS if not re.search(rf"pitboard {verb}\b", text)]


def test_every_key_that_is_named_is_bound() -> None:
    text = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", *JOBS))
    keys = {key for one in COMMANDS for key in (*one.shown.split(), *one.keys.split(","))}
    for dialog in (NewPitfall(None, None), Paste(None, print)):
        keys |= {binding.key for _, binding in dialog._bindings}
    # Taken by Textual itself: its input line, suspending, undoing what was typed.
    keys |= {"→", "ctrl+z", "ctrl+_"}
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.S))
    named = {one for one in spans if re.fullmatch(r"ctrl\+\w|space|enter|esc|tab|\W|\w", one)}
    assert {"p", "a", "1", "H", "space", "ctrl+l"} <= named
    # What marks a match or a field, and what the query language and ages are made of, are no keys.
    assert named - keys <= set("≈↻⇅↺!.hd")


# What is derived from declarations, or compared with them


def test_the_reference_is_current() -> None:
    assert reference() == REFERENCE.read_text("utf-8"), "run: python -m docs.generate"


def test_the_schemas_their_page_and_the_manual_are_current() -> None:
    assert json_page() == JSON_PAGE.read_text("utf-8"), "run: python -m docs.generate"
    assert manual() == MANUAL.read_text("utf-8"), "run: python -m docs.generate"
    assert json_schemas() == SCHEMAS.read_text("utf-8"), "run: python -m docs.generate"


def test_the_tables_of_keys_are_current() -> None:
    text = KEYS_PAGE.read_text("utf-8")
    assert keys_page(text) == text, "run: python -m docs.generate"


def test_the_reference_holds_every_verb_option_and_query_key() -> None:
    text = REFERENCE.read_text("utf-8")
    context = click.Context(pitboard)
    for verb in VERBS:
        command = Verbs().get_command(context, verb)
        assert command is not None
        assert f"#### `pitboard {verb}`\n" in text
        for option in command.params:
            if isinstance(option, click.Option):
                assert all(f"`{name}`" in text for name in option.opts), (verb, option.opts)
    for key in KEYS:
        assert f"| `{key.en}:` | `{key.zh}:` |" in text


def _spans(name: str) -> Iterator[list[str]]:
    """The words of each call of the command in code, blocks that do not run included."""
    text = (ROOT / name).read_text("utf-8")
    for code in re.findall(r"```sh.*?\n(.*?)```|`([^`\n]+)`", text, re.S):
        text = re.sub(r"--(?:db|board|lang) \S+ ", "", "".join(code).replace("\\\n", ""))
        for line in text.splitlines():
            for call in re.findall(r"(?:^|\$\(|\| |=\w+ |\")pitboard ([^|#;]*)", line):
                yield re.findall(r"[^\s)\"']+", call)


@pytest.mark.parametrize("name", ["README.md", *PAGES])
def test_every_option_that_is_shown_is_one_of_its_verb(name: str) -> None:
    context = click.Context(pitboard)
    for words in _spans(name):
        verb = max(
            (v for v in VERBS if words[: len(v.split())] == v.split()), key=len, default=None
        )
        command = Verbs().get_command(context, verb) if verb else pitboard
        assert command is not None
        known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
        shown = {word.partition("=")[0] for word in words if re.match(r"--\w|-\w$", word)}
        assert not shown - known - {"--help", "-h"}, words


def test_the_built_in_views_are_on_the_page_of_find() -> None:
    text = (ROOT / "docs" / "find.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([a-z]+)` \| `?([^`|]+?)`? \|$", text, re.M))
    assert {view.name: view.query or "everything" for view in built_in()}.items() <= rows.items()


def test_every_key_of_a_form_is_on_the_page_of_keys() -> None:
    text = KEYS_PAGE.read_text("utf-8")
    found = 0
    for path in (ROOT / "tui").rglob("*.py"):
        for keys, id_ in re.findall(r'Binding\("([^"]+)".*?id="(\w+\.\w+)"', path.read_text()):
            row = re.search(rf"^\| `{re.escape(id_)}` \| ([^|]+) \|", text, re.M)
            assert row is not None, id_
            printed = ", ".join(f"`{printed_key(key)}`" for key in keys.split(","))
            assert row[1] == printed, id_
            found += 1
    assert found >= 10


def test_every_setting_is_documented_with_its_default_and_limits() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = {
        name: (values, default)
        for name, values, default in re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", text, re.M)
    }
    for name, field in Config.model_fields.items():
        values, default = rows[name]
        bounds = [
            str(bound)
            for limit in field.metadata
            for bound in (getattr(limit, "ge", None), getattr(limit, "le", None))
            if bound is not None
        ]
        assert all(bound in values for bound in bounds), name
        if isinstance(field.default, int):
            assert default == str(field.default), name
    assert {"who", "theme", "keys"} <= rows.keys()


def test_every_environment_variable_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    read = {
        name
        for top in ("storage", "tui")
        for path in (ROOT / top).rglob("*.py")
        for name in re.findall(
            r'environ(?:ment)?\.get\("(\w+)"|"(PITBOARD_\w+)"', path.read_text("utf-8")
        )
        for name in name
        if name
    }
    # What systems set, and the locale's own.
    read -= {"TERM", "LANGUAGE", "PATH", "XDG_CONFIG_HOME"}
    assert {"PITBOARD_DB", "PITBOARD_LANG", "PITBOARD_WHO", "EDITOR"} <= read
    assert not {name for name in read if f"`{name}`" not in text}


def test_the_fields_of_an_environment_are_on_the_page_of_json() -> None:
    text = JSON_PAGE.read_text("utf-8")
    assert not [field.name for field in FIELDS if f"`{field.name}`" not in text]


@pytest.mark.parametrize("page", FIGURES, ids=lambda page: str(page.relative_to(ROOT)))
def test_figures_are_those_that_were_measured(page: Path) -> None:
    assert figures_page(page) == page.read_text("utf-8")


def test_each_row_of_the_readme_was_measured() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    table = text.partition("## Speed")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", table, re.MULTILINE)
    # Below the heading and its rule.
    assert [row for row, _first in rows[2:]] == list(SUMMARY)
    assert "–" not in [first for _row, first in rows]
