"""A crowd of writers beside an open board and a backup: no error, a bounded wait, a bounded WAL."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.check import check
from storage.db.backup import back_up
from storage.query.tree import Query
from storage.read.board import Board
from storage.write.store import Store
from tests.processes import finish, start
from tests.records import lines_of
from tests.sizes import sizes

#: The WAL is written back above 4 MiB; a reader and a backup may hold that up for a while.
_LARGEST_WAL = 64 * 1024 * 1024

_WRITER = """
import sys
from pathlib import Path
from storage.write.store import Store

path, pitfall, name, writes = sys.argv[1:]
store = Store.open(Path(path), who=name)
for n in range(int(writes)):
    if n % 4:
        store.occurrences.log(pitfall, note=f"{name} {n}", message="saveImage:fail " * 20)
    else:
        store.pitfalls.report(f"{name} {n}", workaround="x" * 500)
store.close()
"""


@pytest.mark.parametrize(("crowd", "writes"), sizes((6, 60), (16, 500)))
def test_many_writers_beside_a_board_and_a_backup(tmp_path: Path, crowd: int, writes: int) -> None:
    path = tmp_path / "board.db"
    store = Store.open(path)
    pitfall = store.pitfalls.report("A white picture")
    store.close()
    writers = [start(_WRITER, path, pitfall, f"P{n}", writes) for n in range(crowd)]
    wal = path.with_name("board.db-wal")
    largest, copies = 0, 0
    with Board.open(path) as board:
        while any(writer.poll() is None for writer in writers):
            with board.snapshot():
                assert board.find(Query()).page(0, 50)
            largest = max(largest, wal.stat().st_size if wal.exists() else 0)
            if copies < 3:
                back_up(path, tmp_path / f"copy-{copies}.db")
                copies += 1
    # One that starves gives up at last, and fails.
    for writer in writers:
        finish(writer)
    assert largest < _LARGEST_WAL
    assert len(lines_of(path)) == crowd * writes + 1
    assert check(path).findings == ()
    assert all(check(tmp_path / f"copy-{n}.db").sound for n in range(copies))
