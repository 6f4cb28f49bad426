"""The installed command as scripts and people run it: in a pipe, and in a terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pexpect
import pytest

from storage.exports.whole_board import export_events
from storage.model.records import Occurrence, Pitfall
from storage.read.board import Board
from storage.write.store import Store
from tests.boards import begun
from tests.cli.here import can_fork_here, end_as_the_command, run_here, spoken_by
from tests.cli.speaking import speaker
from tests.processes import PATIENCE

ROOT = Path(__file__).parents[2]


def interrupt(screen: Any, awaited: str) -> None:
    """Press Ctrl-C at a prompt, and again, as a person would, where nothing comes of it.

    CPython notices a signal that came between the prompt and the reading behind it with the next
    key only; on a busy machine that happens.
    """
    for _press in range(PATIENCE // 10):
        screen.sendintr()
        if screen.expect_exact([awaited, pexpect.TIMEOUT], timeout=10) == 0:
            return
    raise AssertionError(f"Ctrl-C was pressed in vain: {screen}")


@dataclass(frozen=True)
class Ended:
    """What a run of the command came to."""

    code: int
    out: str
    err: str


class Pitboard:
    """The command on a board of its own, with a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.before: list[str] = []
        self.path = home / "board.db"
        self.env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"),
            "PITBOARD_DB": str(self.path),
            "PITBOARD_WHO": "Ada",
            "PITBOARD_LANG": "en",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "TZ": "Asia/Shanghai",
        }

    def bytes(
        self, *arguments: str | Path, stdin: bytes = b"", **env: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Run it in a pipe, in a process of its own."""
        return subprocess.run(
            [*self.before, sys.executable, "-m", "tui", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            env=self._surroundings(env),
            timeout=PATIENCE,
            check=False,
        )

    def taking(
        self, *arguments: str | Path, stdin: bytes, **env: str
    ) -> subprocess.CompletedProcess[bytes]:
        """Run it in a pipe with these bytes, in this process where that comes to the same.

        In Chinese it runs in a fork of a process that speaks it.
        """
        words = [*map(str, arguments)]
        language = "" if self.before else spoken_by(words, env)
        if not language:
            return self.bytes(*arguments, stdin=stdin, **env)
        if language == "en":
            code, out, err = run_here(words, stdin, self._surroundings(env))
        else:
            surroundings = self._surroundings(env)
            code, out, err = speaker(language).run(words, stdin, surroundings, Path.cwd())
        return subprocess.CompletedProcess(words, code, out, err)

    def __call__(self, *arguments: str | Path, stdin: str | bytes = "", **env: str) -> Ended:
        """Run it in a pipe, in this process where that comes to the same."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        ended = self.taking(*arguments, stdin=data, **env)
        out, err = ended.stdout.decode(), ended.stderr.decode()
        assert "Traceback" not in err, err
        return Ended(ended.returncode, out, err)

    def alone(self, *arguments: str | Path, stdin: str = "", **env: str) -> Ended:
        """Run it in a pipe, in a process of its own."""
        ended = self.bytes(*arguments, stdin=stdin.encode(), **env)
        out, err = ended.stdout.decode(), ended.stderr.decode()
        assert "Traceback" not in err, err
        return Ended(ended.returncode, out, err)

    def _surroundings(self, env: Mapping[str, str]) -> dict[str, str]:
        """Its environment; a variable that is empty is not set."""
        return {name: value for name, value in {**self.env, **env}.items() if value}

    def terminal(self, *arguments: str, columns: int = 80, **env: str) -> Any:
        """Run it in a pseudo-terminal, in a fork of this process where that comes to the same."""
        surroundings = self.env | env
        forked = partial(end_as_the_command, arguments, surroundings)
        return pexpect.spawn(
            sys.executable,
            ["-m", "tui", *arguments],
            env=surroundings,
            preexec_fn=forked if can_fork_here(arguments, env) else None,
            dimensions=(24, columns),
            encoding="utf-8",
            timeout=PATIENCE,
        )

    def seen(self, *arguments: str, columns: int = 80, **env: str) -> str:
        """All that a run in a pseudo-terminal writes."""
        screen = self.terminal(*arguments, columns=columns, **env)
        text: str = screen.read()
        screen.close()
        return text.replace("\r\n", "\n")

    def store(self) -> closing[Store]:
        """The store, to prepare a test without a process for each step."""
        return closing(Store.open(self.path, who="Ada"))

    def pitfall(self, name: str) -> Pitfall:
        """A pitfall as it is on the board, to see what a test did."""
        with Board.open(self.path) as board:
            return board.pitfall(name)

    def occurrences(self, name: str) -> list[Occurrence]:
        """A pitfall's occurrences, newest first."""
        with Board.open(self.path) as board:
            return board.occurrences.of(name)

    def events(self) -> list[bytes]:
        """Every event in the record but that of its creation."""
        lines: list[bytes] = []
        export_events(self.path, lines.append)
        return [line for line in lines if b'"kind":"board_made"' not in line]


@pytest.fixture
def pitboard(tmp_path: Path) -> Pitboard:
    """The command on an empty board."""
    command = Pitboard(tmp_path)
    begun(command.path)
    return command


@pytest.fixture
def login(pitboard: Pitboard) -> str:
    """The id of a pitfall on the board."""
    with pitboard.store() as store:
        return store.pitfalls.report(
            "wx.qy.login fails", component="wx.qy.login", kind="tooling", severity="S2"
        )
