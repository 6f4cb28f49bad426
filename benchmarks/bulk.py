"""One large job in a process of its own: ``python -m benchmarks.bulk JOB BOARD FOLDER``.

It prints the seconds that the job took, without what prepares it, and its peak memory.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from typing import Final

from benchmarks import floors
from benchmarks.pairs import used
from benchmarks.processes import peak_so_far
from tui import look_for_garbage_seldom


def import_events(board: Path, folder: Path) -> float:
    """Take the board's events, as a file of lines from elsewhere, into an empty board."""
    from storage.exports.whole_board import export_events
    from storage.imports.importer import import_events, read_lines
    from storage.write.store import Store

    exported = folder / "events.jsonl"
    with exported.open("wb") as file:
        export_events(board, file.write)
    with closing(Store.open(folder / "imported.db")) as store, exported.open("rb") as file:
        return used(lambda: import_events(store.session, read_lines(file)))


def import_floor(board: Path, folder: Path) -> float:
    """Insert the same rows into tables of the same shape, folding nothing."""
    from storage.db.connection import connect_for_writing
    from storage.db.schema import migrate
    from storage.projection.tables import READ_TABLES, create_read_tables

    with closing(floors.reader(board)) as connection:
        held = floors.contents(connection, ("events", *READ_TABLES))
    with closing(connect_for_writing(folder / "bare.db")) as connection:
        migrate(connection)
        create_read_tables(connection)
        return used(lambda: floors.insert_all(connection, held))


def rebuild(board: Path, folder: Path) -> float:
    """Throw the projection away and fold every event again."""
    from storage.write.store import Store

    with closing(Store.open(Path(copyfile(board, folder / "rebuilt.db")))) as store:
        return used(store.rebuild)


def rebuild_floor(board: Path, folder: Path) -> float:
    """Read and decode every event."""
    return used(lambda: floors.read_and_decode(board))


_JOBS: Final[dict[str, Callable[[Path, Path], float]]] = {
    "import": import_events,
    "import-floor": import_floor,
    "rebuild": rebuild,
    "rebuild-floor": rebuild_floor,
}

if __name__ == "__main__":
    # As the command does.
    look_for_garbage_seldom()
    job, board, folder = sys.argv[1:]
    print(_JOBS[job](Path(board), Path(folder)), peak_so_far())
