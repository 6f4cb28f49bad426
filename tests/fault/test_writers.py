"""Many writers and a reader on one board, and a writer that dies."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from storage.check import check
from storage.events import event_id
from storage.query.tree import Query
from storage.read.board import Board
from storage.write.store import Store
from tests.processes import finish, run_together, start
from tests.records import lines_of

_PROCESSES = 8
_WRITES = 40

# Each line that it writes names an event that the store has acknowledged.
_WRITER = """
import itertools, sys
from pathlib import Path
from storage.write.store import Store

path, pitfall, name, writes = sys.argv[1:]
store = Store.open(Path(path), who=name)
for n in itertools.count() if writes == "for ever" else range(int(writes)):
    if n % 4:
        print(store.occurrences.log(pitfall, message=f"{name} {n % 3}"), flush=True)
    else:
        print(store.comments.add(pitfall, f"{name} says {n}" * 50), flush=True)
store.close()
"""

_OPENER = """
import json, sys
from pathlib import Path
from storage.write.store import Store

def catalogue():
    for seq in range(1, 4):
        yield json.dumps({
            "v": 1, "actor": "c" * 32, "seq": seq, "prev": None, "step": seq, "hlc": seq, "at": seq,
            "who": "Catalogue", "pitfall": f"{seq:016x}", "kind": "reported",
            "body": {"title": f"Built-in {seq}"},
        }).encode()

print("ready", flush=True)
sys.stdin.readline()
store = Store.open(Path(sys.argv[1]), catalogue=catalogue, edition=1)
store.pitfalls.report("Mine")
store.close()
"""


@pytest.fixture
def board(tmp_path: Path) -> tuple[Path, str]:
    path = tmp_path / "board.db"
    store = Store.open(path)
    pitfall = store.pitfalls.report("The picture is white")
    store.close()
    return path, pitfall


def _ids(path: Path) -> set[str]:
    return {event_id(line.removesuffix(b"\n")) for line in lines_of(path)}


def test_eight_writers_and_a_reader(board: tuple[Path, str]) -> None:
    path, pitfall = board
    writers = [start(_WRITER, path, pitfall, f"P{n}", _WRITES) for n in range(_PROCESSES)]
    seen = []
    with Board.open(path) as reader:
        while any(writer.poll() is None for writer in writers):
            with reader.snapshot():
                [row] = reader.find(Query()).page(0, 10)
                assert row.totals.count == len(reader.occurrences.of(pitfall))
                seen.append(row.totals.count + len(reader.pitfall(pitfall).comments))
    acknowledged = [event for writer in writers for event in finish(writer)]
    assert seen == sorted(seen)
    assert len(set(acknowledged)) == _PROCESSES * _WRITES
    assert _ids(path) > set(acknowledged)
    assert len(_ids(path)) == _PROCESSES * _WRITES + 1
    assert check(path).findings == ()


@pytest.mark.parametrize("acknowledged_before", [1, 6, 23])
def test_a_writer_that_is_killed_loses_nothing_acknowledged(
    board: tuple[Path, str], acknowledged_before: int
) -> None:
    path, pitfall = board
    writer = start(_WRITER, path, pitfall, "Doomed", "for ever")
    assert writer.stdout is not None
    heard = [line.strip() for line in itertools.islice(writer.stdout, acknowledged_before)]
    writer.kill()
    # Not with ``communicate``, which knows nothing of what has been read ahead.
    heard += [line.strip() for line in writer.stdout]
    writer.communicate()
    acknowledged = {line for line in heard if len(line) == 32}
    assert len(acknowledged) >= acknowledged_before
    assert acknowledged <= _ids(path)
    assert check(path).findings == ()

    store = Store.open(path)
    after = store.comments.add(pitfall, "Life goes on")
    store.close()
    # At most the one write that nobody was told of.
    assert len(_ids(path) - acknowledged - {after}) <= 2
    assert check(path).findings == ()


@pytest.mark.parametrize("attempt", range(3))
def test_processes_that_start_one_board_at_once_share_it(tmp_path: Path, attempt: int) -> None:
    path = tmp_path / "new" / "board.db"
    run_together(_OPENER, [(path,)] * 4)
    with Board.open(path) as board:
        titles = sorted(row.title.plain for row in board.find(Query()).page(0, 100))
    assert titles == ["Built-in 1", "Built-in 2", "Built-in 3", *["Mine"] * 4]
    report = check(path)
    assert report.events == 7
    assert report.sound
    left = {entry.name for entry in path.parent.iterdir()}
    assert left <= {"board.db", "board.db-wal", "board.db-shm", "board.db.lock"}


def test_a_long_reader_keeps_its_moment_and_the_wal_is_emptied_after_it(
    board: tuple[Path, str],
) -> None:
    path, pitfall = board
    wal = path.with_name("board.db-wal")
    large = 4 * 1024 * 1024
    store = Store.open(path)
    with Board.open(path) as reader:
        with reader.snapshot():
            assert reader.pitfall(pitfall).comments == ()
            while not wal.exists() or wal.stat().st_size <= large:
                store.comments.add(pitfall, "x" * 20_000)
            assert reader.pitfall(pitfall).comments == ()
        store.comments.add(pitfall, "The reader is gone")
        assert wal.stat().st_size == 0
        assert reader.pitfall(pitfall).comments[-1].text.plain == "The reader is gone"
    store.close()
    assert check(path).findings == ()
