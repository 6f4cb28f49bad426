"""The command as people and scripts start it: the processor time of whole processes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from itertools import count, repeat
from pathlib import Path
from shutil import copyfile
from typing import TYPE_CHECKING, Final

from benchmarks import floors, processes, words
from benchmarks.pairs import Figure, Unit, in_turn

if TYPE_CHECKING:
    from benchmarks.measures import Bench

_PAGE: Final = 50
_SEED: Final = 5
#: So often each command runs, and its floor in turn.
_ROUNDS: Final = 15
_FLOOR: Final = "click + sqlite3"


def commands(bench: Bench) -> Iterator[Figure]:
    """What is listed, shown, logged and reported, each beside the least script that does it."""
    listing = processes.board_command(bench.board, "list", "--limit", str(_PAGE))
    least = processes.script(floors.LIST_SCRIPT, bench.board)
    yield _raced(bench, "`pitboard list`", listing, least)
    peaks = (processes.peak(listing, bench.folder), processes.peak(least, bench.folder))
    yield Figure("memory of `pitboard list`", _FLOOR, *peaks, Unit.KIB)
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
    least = processes.script(floors.WRITE_SCRIPT, written)
    yield _raced(
        bench,
        "`pitboard log`",
        processes.board_command(written, "log", pitfall, "--host", "wecom"),
        [*least, pitfall],
    )
    rng = random.Random(_SEED)
    titles = (words.title(rng, "wx.qy.login", chinese=True) for _ in count())
    rest = ("--component", "wx.qy.login", "--kind", "bug", "--severity", "S2")
    ours = (processes.board_command(written, "new", title, *rest) for title in titles)
    yield _raced(bench, "`pitboard new`", ours, [*least, "wx.qy.login 在邀请体验版里不回调"])


def _raced(
    bench: Bench, what: str, ours: list[str] | Iterator[list[str]], floor: list[str]
) -> Figure:
    """Two commands in turn; ours may be another one each time."""
    seconds = partial(processes.processor_seconds, home=bench.folder)
    each = repeat(ours) if isinstance(ours, list) else ours
    pair = in_turn(lambda: seconds(next(each)), partial(seconds, floor), _ROUNDS)
    return Figure(what, _FLOOR, *pair)
