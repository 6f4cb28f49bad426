"""The command as people and scripts start it, one whole process at a time."""

from __future__ import annotations

from collections.abc import Iterator
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
_FLOOR: Final = "click + sqlite3"


def commands(bench: Bench) -> Iterator[Figure]:
    """What is listed, shown and logged, each beside a script that does the least for it."""
    listing = processes.board_command(bench.board, "list", "--limit", str(_PAGE))
    least = processes.script(floors.LIST_SCRIPT, bench.board)
    yield _raced(bench, "`pitboard list`", listing, least)
    peaks = (processes.peak(listing, bench.folder), processes.peak(least, bench.folder))
    yield Figure("memory of `pitboard list`", _FLOOR, *peaks, "KiB")
    with closing(floors.reader(bench.board)) as connection:
        [first] = connection.execute(floors.PAGE, (1, 0)).fetchall()
    pitfall = str(first[1])
    yield _raced(
        bench,
        "`pitboard show`",
        processes.board_command(bench.board, "show", pitfall),
        [*processes.script(floors.SHOW_SCRIPT, bench.board), pitfall],
    )
    written = Path(copyfile(bench.board, bench.folder / "logged.db"))
    with closing(floors.writer(written)) as connection:
        floors.plain_table(connection, 3)
    yield _raced(
        bench,
        "`pitboard log`",
        processes.board_command(written, "log", pitfall, "--host", "wecom"),
        [*processes.script(floors.LOG_SCRIPT, written), pitfall],
    )


def _raced(bench: Bench, what: str, ours: list[str], floor: list[str]) -> Figure:
    seconds = partial(processes.seconds, home=bench.folder)
    pair = in_turn(partial(seconds, ours), partial(seconds, floor), bench.rounds * 3)
    return Figure(what, _FLOOR, *pair)
