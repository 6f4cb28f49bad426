"""One large job in a process of its own: ``python -m benchmarks.bulk JOB BOARD FOLDER``.

It prints the seconds that the job took, without what prepares it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from typing import Final

from benchmarks import floors
from benchmarks.pairs import clocked


def import_events(board: Path, folder: Path) -> float:
    """Take the board's events, as lines from elsewhere, into an empty board."""
    from storage.events import parse
    from storage.store import Store

    with closing(floors.reader(board)) as connection:
        lines = [
            line.encode() for (line,) in connection.execute("SELECT line FROM events ORDER BY n")
        ]
    store = Store.open(folder / "imported.db")

    def work() -> None:
        with store.writing() as transaction:
            transaction.take(map(parse, lines))

    taken = clocked(work)
    store.close()
    return taken


def import_floor(board: Path, folder: Path) -> float:
    """Insert the same rows into tables of the same shape, folding nothing."""
    from storage.connection import connect_for_writing
    from storage.schema import PROJECTION, migrate

    with closing(floors.reader(board)) as connection:
        held = floors.contents(connection, ("events", *PROJECTION))
    with closing(connect_for_writing(folder / "bare.db")) as connection:
        migrate(connection)
        return clocked(lambda: floors.insert_all(connection, held))


def rebuild(board: Path, folder: Path) -> float:
    """Throw the projection away and fold every event again."""
    from storage.connection import connect_for_writing
    from storage.refold import rebuild as fold_again

    copy = Path(copyfile(board, folder / "rebuilt.db"))
    with closing(connect_for_writing(copy)) as connection:

        def work() -> None:
            connection.execute("BEGIN IMMEDIATE")
            fold_again(connection)
            connection.execute("COMMIT")

        return clocked(work)


def rebuild_floor(board: Path, folder: Path) -> float:
    """Read and decode every event."""
    return clocked(lambda: floors.read_and_decode(board))


_JOBS: Final[dict[str, Callable[[Path, Path], float]]] = {
    "import": import_events,
    "import-floor": import_floor,
    "rebuild": rebuild,
    "rebuild-floor": rebuild_floor,
}

if __name__ == "__main__":
    job, board, folder = sys.argv[1:]
    print(_JOBS[job](Path(board), Path(folder)))
