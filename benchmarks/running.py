"""What runs where: the table from all occurrences, and whether one more contradicts it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Final

from benchmarks import floors, processes
from benchmarks.pairs import Figure, in_turn, race
from storage.model.environment import Environment
from storage.model.vocabulary import Host, Platform
from storage.read.board import Board

if TYPE_CHECKING:
    from benchmarks.measures import Bench

_BARE: Final = "bare sqlite3"
_OCCURRENCE: Final = Environment(
    host=Host.WECOM, platform=Platform.IOS, client_version="3.4.1", base_library="2.1.1"
)


def running(bench: Bench) -> Iterator[Figure]:
    """``pitboard versions`` as a process, and what logging an occurrence asks of the table."""
    ours = processes.board_command(bench.board, "versions")
    floor = processes.script(floors.RUNS_SCRIPT, bench.board)
    seconds = partial(processes.seconds, home=bench.folder)
    yield Figure(
        "`pitboard versions`",
        "click + sqlite3",
        *in_turn(partial(seconds, ours), partial(seconds, floor), bench.rounds),
    )
    with Board.open(bench.board) as board, closing(floors.reader(bench.board)) as connection:
        ask = partial(board.version_pairs.contradiction, _OCCURRENCE)
        yield Figure(
            "does it contradict what runs where",
            _BARE,
            *race(ask, partial(_bare, connection), bench.rounds),
        )


def _bare(connection: sqlite3.Connection) -> None:
    connection.execute(floors.RUNS_OF_IOS).fetchall()
