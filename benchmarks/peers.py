"""Other programs that keep a list of troubles, beside ours, where they are installed.

They do not do the same: none of them folds events, searches Chinese or knows what was seen
where. But a person who starts them waits for the same things: something new to be written, and
the list.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Final

from benchmarks import floors, processes
from benchmarks.pairs import Figure, in_turn

if TYPE_CHECKING:
    from benchmarks.measures import Bench

_PAGE: Final = 50
_TITLE: Final = "wx.qy.login 在邀请体验版里不回调"


def peers(bench: Bench) -> Iterator[Figure]:
    """Something new, and the list: beside Taskwarrior, and beside the tickets of Fossil."""
    written = Path(copyfile(bench.board, bench.folder / "reported.db"))
    new = processes.board_command(
        *(written, "new", _TITLE, "--component", "wx.qy.login"),
        *("--kind", "bug", "--severity", "S2"),
    )
    listing = processes.board_command(bench.board, "list", "--limit", str(_PAGE))
    if task := _installed("task"):
        command = _tasks(task, bench)
        yield _raced(bench, "`pitboard new`", "`task add`", new, [*command, "add", _TITLE])
        theirs = [*command, "list", f"limit:{_PAGE}"]
        yield _raced(bench, "`pitboard list`", "`task list`", listing, theirs)
    if fossil := _installed("fossil"):
        repository = _tickets(fossil, bench.folder)
        add = [
            fossil,
            "ticket",
            "add",
            "title",
            _TITLE,
            "--user",
            "benchmark",
            "-R",
            str(repository),
        ]
        yield _raced(bench, "`pitboard new`", "`fossil ticket add`", new, add)


def _installed(program: str) -> str | None:
    found = shutil.which(program)
    if found is None:
        print(f"{program}: not installed, left out", file=sys.stderr)
    return found


def _tasks(task: str, bench: Bench) -> list[str]:
    """Taskwarrior over as many tasks as the board has pitfalls, by the same titles."""
    settings = bench.folder / "taskrc"
    settings.write_text(f"data.location={bench.folder / 'tasks'}\nconfirmation=off\n", "utf-8")
    with closing(floors.reader(bench.board)) as connection:
        titles = [title for (title,) in connection.execute("SELECT title FROM pitfalls")]
    tasks = "\n".join(json.dumps({"description": title}) for title in titles)
    command = [task, f"rc:{settings}", "rc.verbose=nothing", "rc.gc=off"]
    _done([*command, "import", "-"], bench.folder, tasks)
    return command


def _tickets(fossil: str, folder: Path) -> Path:
    """An empty repository of Fossil."""
    repository = folder / "tickets.fossil"
    _done([fossil, "init", "-A", "benchmark", str(repository)], folder)
    return repository


def _done(command: Sequence[str], home: Path, given: str = "") -> None:
    subprocess.run(
        command,
        env=processes.environment(home),
        input=given,
        encoding="utf-8",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )


def _raced(bench: Bench, what: str, peer: str, ours: list[str], theirs: list[str]) -> Figure:
    seconds = partial(processes.processor_seconds, home=bench.folder)
    pair = in_turn(partial(seconds, ours), partial(seconds, theirs), bench.rounds)
    return Figure(what, peer, *pair)
