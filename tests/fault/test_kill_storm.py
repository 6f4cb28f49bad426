"""Kill storms: stores, commands and running boards write, and are killed whenever.

The full size is 2,000 kills and 100,000 acknowledged writes: ``pytest -m storm
tests/fault/test_kill_storm.py``.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import IO

import pytest

import seeds
from storage.check import check
from storage.write.store import Store
from tests.processes import ROOT
from tests.sizes import sizes

_PREAMBLE = """
import itertools, sys
from pathlib import Path

path, name = Path(sys.argv[1]), sys.argv[2]
def acknowledged(text):
    print(text, flush=True)
"""

_STORE = (
    _PREAMBLE
    + """
from storage.write.store import Store
store = Store.open(path, who=name)
for n in itertools.count():
    text = f"{name} {n}"
    if n % 25 == 0:
        pitfall = store.pitfalls.report(text)
    elif n % 5:
        store.occurrences.log(pitfall, note=text, platform="ios")
    else:
        store.comments.add(pitfall, text)
    acknowledged(text)
"""
)

_COMMAND = (
    _PREAMBLE
    + """
import subprocess
from storage.write.store import Store
pitfall = Store.open(path, who=name).pitfalls.report(name)
acknowledged(name)
for n in itertools.count():
    text = f"{name} {n}"
    words = ["log", pitfall, "--note", text] if n % 2 else ["comment", pitfall, text]
    command = [sys.executable, "-m", "tui", "--db", str(path), *words]
    if subprocess.run(command, capture_output=True).returncode == 0:
        acknowledged(text)
"""
)

_BOARD = (
    _PREAMBLE
    + """
import asyncio
from tui.app import PitboardApp
from tui.dialogs.forms import AddComment
from tui.screens.board import BoardScreen

async def until(pilot, true):
    while not true():
        await pilot.pause(0.01)

async def main():
    app = PitboardApp(path, who=name)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.pitfalls.row is not None)
        for n in itertools.count():
            text = f"{name} {n}"
            await pilot.press("c")
            await until(pilot, lambda: isinstance(app.screen, AddComment))
            app.screen.field("text").value = text
            await pilot.press("ctrl+s")
            await until(pilot, lambda: isinstance(app.screen, BoardScreen))
            acknowledged(text)

asyncio.run(main())
"""
)

_WRITERS = [_STORE] * 4 + [_COMMAND] * 2 + [_BOARD] * 2


class _Writer:
    """A process that writes, and the lines by which it said that something was saved."""

    def __init__(
        self, script: str, path: Path, name: str, home: Path, complaints: IO[bytes]
    ) -> None:
        self.heard: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-c", script, str(path), name],
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(home)},
            # What it has started is killed with it.
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith("\n"):
                self.heard.append(line.strip())

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._listener.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


def _held(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            text
            for sql in (
                "SELECT title FROM pitfalls",
                "SELECT note FROM occurrences",
                "SELECT text FROM comments",
            )
            for (text,) in connection.execute(sql)
        }


@pytest.fixture
def complaints(tmp_path: Path) -> Iterator[IO[bytes]]:
    """Where writers say why they end by themselves."""
    with (tmp_path / "complaints").open("ab") as file:
        yield file


@pytest.mark.parametrize(
    # No process lives longer than so many seconds before it is killed.
    ("least_kills", "least_writes", "longest_life"),
    sizes((12, 200, 3.0), (2_000, 100_000, 20.0)),
)
def test_whatever_was_acknowledged_is_there(
    tmp_path: Path, complaints: IO[bytes], least_kills: int, least_writes: int, longest_life: float
) -> None:
    path = tmp_path / "board.db"
    Store.open(path, catalogue=seeds.lines, edition=seeds.EDITION).close()
    chance = random.Random(7)
    kills, output = 0, 0
    acknowledged: set[str] = set()
    number = 0

    def start(script: str) -> _Writer:
        nonlocal number
        number += 1
        return _Writer(script, path, f"W{number}", tmp_path, complaints)

    writers = [start(script) for script in _WRITERS]
    while kills < least_kills or len(acknowledged) < least_writes:
        time.sleep(chance.uniform(0, longest_life / len(writers)))
        place = chance.randrange(len(writers))
        writers[place].kill()
        acknowledged.update(writers[place].heard)
        kills += 1
        writers[place] = start(_WRITERS[place])
        if kills // 100 > output:
            output = kills // 100
            print(f"{kills} kills, {len(acknowledged)} writes", file=sys.stderr)
            assert acknowledged <= _held(path)
    for writer in writers:
        writer.kill()
        acknowledged.update(writer.heard)
    assert acknowledged <= _held(path)
    # A writer that ends by itself may have waited too long for others; none is written wrong.
    said = Path(complaints.name).read_text("utf-8")
    assert not re.search(r"^(Attribute|Import|Name|Syntax|Type)Error", said, re.M), said
    # Also those that somebody was killed in: the board is the fold of its events.
    assert check(path).findings == ()
    print(f"{kills} kills, {len(acknowledged)} acknowledged writes", file=sys.stderr)
