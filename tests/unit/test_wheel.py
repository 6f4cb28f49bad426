"""The wheel is complete: built, installed into a fresh environment, and started from there."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pexpect
import pytest

from tests.conftest import AS_STARTED

ROOT = Path(__file__).parents[2]
_READ = {".py", ".tcss", ".mo", ".toml", ".jinja", ".txt"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what is in the checkout."""
    target = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, ROOT],
        check=True,
        capture_output=True,
    )
    [built] = target.glob("pitboard-*.whl")
    return built


def test_it_holds_every_file_that_is_read_at_run_time(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("tui", "storage", "seeds"):
        for path in (ROOT / folder).rglob("*"):
            if path.parent.name != "locale" and path.suffix in _READ:
                assert path.relative_to(ROOT).as_posix() in held
    manual = [name for name in held if name.endswith("/data/share/man/man1/pitboard.1")]
    assert len(manual) == 1
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in held)


def test_a_fresh_environment_starts_the_board_from_it(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    commands = tmp_path / "venv" / "bin"
    subprocess.run(
        [
            *(commands / "python", "-m", "pip", "install", "--quiet"),
            *("--disable-pip-version-check", "-c", ROOT / ".ci" / "constraints.txt", wheel),
        ],
        # With the machine's own settings and cache of pip.
        env=AS_STARTED,
        check=True,
        capture_output=True,
    )
    surroundings = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TERM": "xterm-256color",
        "PITBOARD_LANG": "zh_CN",
    }
    board = pexpect.spawn(
        str(commands / "pitboard"),
        env=surroundings,
        cwd=tmp_path,
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=60,
    )
    board.expect("未解决")
    board.expect("体验版")
    board.send("q")
    board.expect(pexpect.EOF)
    board.close()
    assert board.exitstatus == 0
    listed = subprocess.run(
        [commands / "pitboard", "list"],
        env=surroundings,
        cwd=tmp_path,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert len(listed.stdout.splitlines()) == 10
