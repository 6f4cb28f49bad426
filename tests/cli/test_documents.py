"""Every command line of the README and the pages of docs runs, page by page, on a new board.

A page's ``sh`` blocks are one bash script. ``pitboard`` is a function there, which hands its call
to this process, so that a page takes the time of its verbs and not of as many starts of Python.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.boards import catalogued
from tests.cli.conftest import Pitboard

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
#: Written in front of a block of the README that sets up the tests themselves.
TEST_COMMAND = "<!-- test command -->\n"

#: Each call has a folder: its words, its environment and its stdin, then the answer.
CALLING = r"""
set -euo pipefail
pitboard() {
  local call code
  call=$(mktemp -d "$CALLS/XXXXXX")
  printf '%s\0' "$@" > "$call/words"
  env -0 > "$call/env"
  cat > "$call/stdin"
  mkfifo "$call/code"
  echo "$call" >> "$CALLS/asked"
  read -r code < "$call/code"
  cat "$call/err" >&2
  cat "$call/out"
  return "$code"
}
"""

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")


def blocks(text: str) -> list[str]:
    """The ``sh`` blocks of a page that can be run."""
    text = re.sub(re.escape(TEST_COMMAND) + r"```sh\n.*?```\n", "", text, flags=re.S)
    return re.findall(r"^```sh\n(.*?)^```$", text, re.S | re.M)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_line_runs(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Pitboard(tmp_path / "home")
    calls, folder = tmp_path / "calls", tmp_path / "folder"
    for path in (run.home, calls, folder):
        path.mkdir()
    catalogued(run.path)
    monkeypatch.chdir(folder)
    script = tmp_path / "script.sh"
    script.write_text(CALLING + "\n".join(blocks((ROOT / page).read_text("utf-8"))), "utf-8")
    code, err = run_script(run, script, calls)
    assert code == 0, err


def run_script(run: Pitboard, script: Path, calls: Path) -> tuple[int, str]:
    """Run a script and answer its calls; its exit code, and all that it wrote to stderr."""
    asked = calls / "asked"
    os.mkfifo(asked)
    # Open for writing too, so that it does not end between two calls.
    with os.fdopen(os.open(asked, os.O_RDWR), "rb", buffering=0) as line_of_calls:
        with (script.parent / "out").open("wb") as out, (script.parent / "err").open("wb") as err:
            bash = subprocess.Popen(
                ["bash", str(script)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=run.env | {"CALLS": str(calls)},
            )
        while bash.poll() is None:
            if select.select([line_of_calls], [], [], 0.05)[0]:
                for call in line_of_calls.read(65_536).decode().split():
                    answer(run, Path(call))
    return bash.returncode, (script.parent / "err").read_text("utf-8")


def answer(run: Pitboard, call: Path) -> None:
    """Do what one call of a script asks for."""
    words = (call / "words").read_bytes().decode().split("\0")[:-1]
    exported = dict(
        line.split("=", 1) for line in (call / "env").read_text("utf-8").split("\0") if line
    )
    changed = {
        name: exported[name]
        for name in run.env.keys() & exported.keys()
        if exported[name] != run.env[name]
    }
    ended = run(*words, stdin=(call / "stdin").read_text("utf-8"), **changed)
    (call / "out").write_text(ended.out, "utf-8")
    failed = f"“pitboard {' '.join(words)}” ended with {ended.code}\n" if ended.code else ""
    (call / "err").write_text(ended.err + failed, "utf-8")
    (call / "code").write_text(f"{ended.code}\n", "utf-8")


def test_a_line_that_fails_is_named(tmp_path: Path) -> None:
    run = Pitboard(tmp_path)
    script = tmp_path / "script.sh"
    calls = tmp_path / "calls"
    calls.mkdir()
    script.write_text(CALLING + "pitboard path\npitboard nonsense | cat\necho after\n", "utf-8")
    code, err = run_script(run, script, calls)
    assert code == 2
    assert "No such command 'nonsense'" in err
    assert "“pitboard nonsense” ended with 2" in err
    assert (tmp_path / "out").read_text("utf-8") == f"{run.path}\n"


# What needs jq


@pytest.mark.skipif(shutil.which("jq") is None, reason="there is no jq")
def test_the_examples_with_jq_run(tmp_path: Path) -> None:
    text = (ROOT / "docs/scripts.md").read_text("utf-8")
    [block] = re.findall(r"^```sh jq\n(.*?)^```$", text, re.S | re.M)
    run = Pitboard(tmp_path / "home")
    calls, script = tmp_path / "calls", tmp_path / "script.sh"
    for path in (run.home, calls):
        path.mkdir()
    catalogued(run.path)
    script.write_text(f"{CALLING}cd {run.home}\n{block}", "utf-8")
    code, err = run_script(run, script, calls)
    assert code == 0, err
    written = (tmp_path / "out").read_text("utf-8")
    for answer in ('"part": "count"', "S2 → S1", "\n0\n", "not-found: "):
        assert answer in written, answer
