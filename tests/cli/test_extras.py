"""What the README's first command installs is enough: an extra is missed by its own verb alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Pitboard

ROOT = Path(__file__).parents[2]
#: The modules that come with each extra.
MODULES = {
    "fast": ("hyperscan",),
    "watch": ("urllib3", "lxml"),
    "images": ("textual_image", "PIL"),
    "mcp": ("mcp",),
    "serve": ("textual_serve", "aiohttp"),
}
#: Of each extra the verb that can't do without, if there is one.
NEEDED = ("watch", "mcp", "serve")
#: Hides modules from a process, as if they were not installed.
HIDING = """
from importlib.machinery import PathFinder

found = PathFinder.find_spec


def find(name, path=None, target=None):
    return None if name.partition(".")[0] in {hidden!r} else found(name, path, target)


PathFinder.find_spec = staticmethod(find)
"""


@pytest.fixture
def bare(pitboard: Pitboard, tmp_path: Path) -> Pitboard:
    """The command where no extra is installed, and somebody has settings."""
    folder = tmp_path / "site"
    folder.mkdir()
    hidden = {one for names in MODULES.values() for one in names}
    (folder / "sitecustomize.py").write_text(HIDING.format(hidden=hidden))
    pitboard.env["PYTHONPATH"] = f"{folder}:{pitboard.env['PYTHONPATH']}"
    settings = pitboard.home / "config" / "pitboard" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('who = "Ann"\n')
    return pitboard


def test_every_extra_is_hidden() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    assert {*MODULES} == {*extras} - {"test", "dev"}


def test_what_needs_no_extra_works_without(bare: Pitboard, tmp_path: Path) -> None:
    bare.env["PITBOARD_DB"] = ""
    board = tmp_path / "mine.db"
    note = tmp_path / "note.md"
    note.write_text("- wx.qy.login says qy.login:fail\n")
    for words in (
        ("--db", board, "init"),
        ("boards", "add", "mine", board),
        ("boards",),
        ("--board", "mine", "import", note),
        ("--board", "mine", "new", "A white picture", "--signature", "saveImage:fail"),
        ("--board", "mine", "list"),
        ("--board", "mine", "match", note),
        ("--board", "mine", "triage", "list"),
        ("boards", "remove", "mine"),
    ):
        ended = bare.alone(*words)
        assert ended.code == 0, (words, ended)
    for extra in NEEDED:
        ended = bare.alone("--db", board, extra)
        assert ended.code == 3
        assert f".[{extra}]'" in ended.err
