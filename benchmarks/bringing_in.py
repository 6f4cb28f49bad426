"""A list of issues brought in, the first time and once more, beside the rows that come of it.

``python -m benchmarks.bringing_in JOB BOARD FOLDER`` is one such job in a process of its own; it
prints the seconds that it took, without what prepares it, and its peak memory.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from benchmarks import floors, processes
from benchmarks.pairs import Figure, Unit, clocked, in_turn

if TYPE_CHECKING:
    from benchmarks.measures import Bench

_ROWS: Final = "bare `executemany` of the rows"
_READ: Final = "`csv` and a bare `SELECT` for each row"
_SECTIONS: Final = 10
_LARGE: Final = 20_000


def bringing_in(bench: Bench) -> Iterator[Figure]:
    """A list of as many issues as the board has pitfalls, and a note."""
    peaks: dict[str, float] = {}

    def seconds(job: str) -> float:
        with TemporaryDirectory(dir=bench.folder) as folder:
            command = [
                sys.executable,
                "-m",
                "benchmarks.bringing_in",
                job,
                str(bench.board),
                folder,
            ]
            taken, peaks[job] = map(float, processes.said(command, bench.folder).split())
        return taken

    # Large jobs are steady enough to be done once.
    rounds = 1 if bench.size.pitfalls > _LARGE else 3
    for job, what, floor_is in (
        ("list", "a list of issues brought in", _ROWS),
        ("again", "the same list once more", _READ),
        ("note", "a note of ten problems read", "its Markdown parsed"),
    ):
        ours, floor = partial(seconds, job), partial(seconds, f"{job}-floor")
        yield Figure(what, floor_is, *in_turn(ours, floor, rounds, warm=False))
    yield Figure(
        "memory of bringing in a list", _READ, peaks["list"], peaks["again-floor"], Unit.KIB
    )


def _issues(board: Path, folder: Path) -> Path:
    """The board's pitfalls as a tracker would write them out."""
    path = folder / "issues.csv"
    with closing(floors.reader(board)) as connection, path.open("w", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(
            ["Issue key", "Summary", "Description", "Priority", "Component", "Labels", "Link"]
        )
        for n, *text in connection.execute(
            "SELECT n, title, reproduction, severity, component FROM pitfalls ORDER BY n"
        ):
            table.writerow([f"APP-{n}", *text, "trial", f"https://example.org/browse/APP-{n}"])
    return path


def _bring_in(store_path: Path, issues: Path) -> float:
    from storage.imports.importer import import_items
    from storage.imports.issue_lists import IssueList
    from storage.write.store import Store

    with closing(Store.open(store_path)) as store, issues.open("rb") as file:

        def work() -> None:
            import_items(store.session, IssueList(file, "csv", issues.name).arriving())

        return clocked(work)


def first_time(board: Path, folder: Path) -> float:
    """Bring a list into an empty board."""
    return _bring_in(folder / "board.db", _issues(board, folder))


def rows_floor(board: Path, folder: Path) -> float:
    """Insert the rows that come of it into tables of the same shape."""
    from storage.db.connection import connect_for_writing
    from storage.db.schema import migrate
    from storage.projection.tables import READ_TABLES, create_read_tables

    _bring_in(folder / "board.db", _issues(board, folder))
    with closing(floors.reader(folder / "board.db")) as connection:
        held = floors.contents(connection, ("events", *READ_TABLES))
    with closing(connect_for_writing(folder / "bare.db")) as connection:
        migrate(connection)
        create_read_tables(connection)
        return clocked(lambda: floors.insert_all(connection, held))


def once_more(board: Path, folder: Path) -> float:
    """Bring the same list in again, which changes nothing."""
    issues = _issues(board, folder)
    _bring_in(folder / "board.db", issues)
    return _bring_in(folder / "board.db", issues)


def read_floor(board: Path, folder: Path) -> float:
    """Read the list and look each row up."""
    issues = _issues(board, folder)

    def work() -> None:
        with closing(floors.reader(board)) as connection, issues.open(encoding="utf-8") as file:
            for n, _row in enumerate(csv.reader(file)):
                connection.execute("SELECT id FROM pitfalls WHERE n = ?", (n,)).fetchone()

    return clocked(work)


def note(board: Path, folder: Path) -> float:
    """Read a note."""
    from storage.imports.notes import read_note

    text = _note(board)
    return clocked(lambda: [read_note(text, "note.md") for _ in range(_SECTIONS)])


def note_floor(board: Path, folder: Path) -> float:
    """Parse it."""
    from markdown_it import MarkdownIt

    text = _note(board)
    parser = MarkdownIt("js-default")
    return clocked(lambda: [parser.parse(text) for _ in range(_SECTIONS)])


def _note(board: Path) -> str:
    with closing(floors.reader(board)) as connection:
        rows = connection.execute(
            "SELECT title, reproduction FROM pitfalls ORDER BY n LIMIT ?", (_SECTIONS,)
        ).fetchall()
    return "\n\n".join(f"## {title}\n\n{text}" for title, text in rows)


_JOBS: Final[dict[str, Callable[[Path, Path], float]]] = {
    "list": first_time,
    "list-floor": rows_floor,
    "again": once_more,
    "again-floor": read_floor,
    "note": note,
    "note-floor": note_floor,
}

if __name__ == "__main__":
    job, board, folder = sys.argv[1:]
    print(_JOBS[job](Path(board), Path(folder)), processes.peak_so_far())
