"""A disk that fails at one system call: nothing is lost, and each action is done exactly once.

``strace`` lets the N-th write or sync of a process fail. In full size (``pytest -m storm``)
that is every one of them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage.check import check
from storage.db.backup import back_up
from storage.write.store import Store
from tests.fault.tracing import STRACE, can_trace
from tests.processes import PATIENCE, ROOT
from tests.records import lines_of
from tests.sizes import sizes

pytestmark = pytest.mark.skipif(not can_trace(), reason="nothing may be traced here with strace")

# Does some actions, each again if it failed and is not on the board, as the messages advise.
_DEEDS = """
import sys
from pathlib import Path
from storage.read.board import Board
from storage.errors import PitboardError
from storage.write.entries import Upload
from storage.query.tree import Query
from storage.write.store import Store

path = Path(sys.argv[1])
failures = []

def there(text):
    with Board.open(path) as board:
        for row in board.find(Query()).page(0, 50):
            pitfall = board.pitfall(row.id)
            said = [pitfall.title, pitfall.workaround, *(one.text for one in pitfall.comments)]
            said = [one.plain for one in said] + [one.label for one in pitfall.attachments]
            said += [one.note.plain for one in board.occurrences.of(row.id)]
            if text in said:
                return True
    return False

def do(text, action):
    for _ in range(4):
        try:
            return action()
        except PitboardError as error:
            assert error.advice, error
            failures.append(str(error))
            if there(text):
                return
    raise SystemExit(f"never done: {text} {failures}")

store = None
def opened():
    global store
    store = store or Store.open(path, who="Ann")
    return store

pitfall = sys.argv[2]
do("the title", lambda: opened().pitfalls.report("the title", signatures=["e:fail"]))
do(
    "the occurrence",
    lambda: opened().occurrences.log(pitfall, note="the occurrence", platform="ios"),
)
do("the comment", lambda: opened().comments.add(pitfall, "the comment"))
do("the meanwhile", lambda: opened().status.set(pitfall, "workaround", workaround="the meanwhile"))
do("the large", lambda: opened().attachments.add(pitfall, Upload(b"x" * 100_000, "the large")))
do("the last", lambda: opened().comments.add(pitfall, "the last"))
print(len(failures))
"""

#: Which call fails how.
_FAULTS = [
    ("pwrite64", "ENOSPC"),
    ("pwrite64", "EIO"),
    ("fdatasync", "EIO"),
    ("fsync,fdatasync", "EIO"),
    ("ftruncate,fallocate", "ENOSPC"),
]


def _run(path: Path, pitfall: str, trace: Path, inject: str = "") -> int:
    """How often something failed while the actions were done."""
    assert STRACE is not None
    words = [STRACE, "-f", "-o", str(trace), "-e", "trace=pwrite64,fsync,fdatasync,ftruncate"]
    words += ["-e", f"inject={inject}"] if inject else []
    done = subprocess.run(
        [*words, sys.executable, "-c", _DEEDS, str(path), pitfall],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def _copies(path: Path, text: str) -> int:
    """How many events say a text."""
    return sum(f'"{text}"'.encode() in line for line in lines_of(path))


@pytest.mark.parametrize(("calls", "error"), _FAULTS)
@pytest.mark.parametrize("every", sizes(small=False, full=True))
def test_one_call_that_fails_costs_nothing(
    tmp_path: Path, calls: str, error: str, every: bool
) -> None:
    board = tmp_path / "board.db"
    store = Store.open(board)
    pitfall = store.pitfalls.report("before")
    store.close()
    trace = tmp_path / "trace"
    whole = Path(shutil.copy(board, tmp_path / "whole.db"))
    assert _run(whole, pitfall, trace) == 0
    names = calls.replace(",", "|")
    there_are = len(re.findall(rf"^\d+ +(?:{names})\(", trace.read_text(), re.M))
    step = 1 if every else max(1, there_are // 3)
    for number in range(1, there_are + 1, step):
        copy = Path(shutil.copy(board, tmp_path / f"{number}.db"))
        _run(copy, pitfall, trace, f"{calls}:error={error}:when={number}")
        for text in ("title", "occurrence", "comment", "meanwhile", "large", "last"):
            assert _copies(copy, f"the {text}") == 1, (number, text)
        assert check(copy).findings == ()


#: What makes a file with a board in it: its arguments, where {new} is that file.
_MAKING = [
    ("--db", "{new}", "init"),
    ("--db", "{old}", "recover", "{new}"),
]


@pytest.mark.parametrize("arguments", _MAKING, ids=" ".join)
def test_a_disk_that_runs_full_while_a_board_is_made_leaves_none(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    old = tmp_path / "old.db"
    store = Store.open(old)
    store.pitfalls.report("before")
    back_up(old, tmp_path / "copy.db")
    store.close()
    trace = tmp_path / "trace"

    def make(room: Path, inject: str = "") -> int:
        room.mkdir()
        words = [one.format(new=room / "new.db", old=tmp_path / "copy.db") for one in arguments]
        tracing = [str(STRACE), "-f", "-o", str(trace), "-e", "trace=pwrite64"]
        tracing += ["-e", f"inject=pwrite64:error=ENOSPC:when={inject}"] if inject else []
        return subprocess.run(
            [*tracing, sys.executable, "-m", "tui", *words],
            capture_output=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            timeout=PATIENCE,
        ).returncode

    assert make(tmp_path / "whole") == 0
    writes = trace.read_text().count("pwrite64(")
    assert writes > 20
    for number in (writes - writes // 8, writes):
        room = tmp_path / str(number)
        if make(room, f"{number}+") == 0:
            assert check(room / "new.db").findings == (), number
        else:
            left = [one.name for one in room.iterdir() if not one.name.endswith(".lock")]
            assert left == [], number
