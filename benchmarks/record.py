"""What was measured last: ``measured.json``, from which every table of figures is written.

It has a line for each figure. Beside it stands the machine's pace at that minute, so that figures
of a slow machine and of a quick one can stand in one table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from benchmarks import floors, processes
from benchmarks.boards import Size
from benchmarks.pairs import Figure, Unit

MEASURED: Final = Path(__file__).with_name("measured.json")
#: The pace to which all times are brought: so many seconds of processor time takes the script of
#: click and sqlite3 that lists a board, on the quiet two-core machine of the targets.
PACE: Final = 0.037
_ROUNDS: Final = 15


class Measured(NamedTuple):
    """A figure of a board of some size.

    Args:
        size: of the board.
        figure: as it was measured, in that machine's seconds.
        day: when, as ``2026-11-30``; empty if it is not kept.
        pace: the machine's at that minute, see :data:`PACE`.
    """

    size: Size
    figure: Figure
    day: str
    pace: float

    @property
    def ours(self) -> float:
        """Our side: a time as it would be at :data:`PACE`, all else as it is."""
        return self.figure.ours * self._to_pace

    @property
    def floor(self) -> float | None:
        """The other side, likewise; None where there is none."""
        return None if self.figure.floor is None else self.figure.floor * self._to_pace

    @property
    def _to_pace(self) -> float:
        return PACE / self.pace if self.figure.unit is Unit.SECONDS else 1.0


def read(path: Path = MEASURED) -> list[Measured]:
    """Every figure that is kept, in the order of the tables."""
    held = json.loads(path.read_text("utf-8"))
    return [
        Measured(
            Size(*one["size"]),
            Figure(one["what"], one["beside"], one["ours"], one["floor"], Unit(one["unit"])),
            one["day"],
            one["pace"],
        )
        for one in held
    ]


def keep(fresh: Iterable[Measured], path: Path = MEASURED) -> None:
    """Put figures in the place of those of the same name, floor and size, or at the end."""
    held = {_key(one): one for one in read(path)} | {_key(one): one for one in fresh}
    _write(held.values(), path)


def pace_of(board: Path, home: Path) -> float:
    """The machine's pace now: the median of some runs, in seconds.

    Args:
        board: any board.
        home: a folder for the process.
    """
    script = processes.script(floors.LIST_SCRIPT, board)
    return median(processes.processor_seconds(script, home=home) for _ in range(_ROUNDS))


def _key(one: Measured) -> tuple[str, str, Size]:
    return one.figure.what, one.figure.floor_is, one.size


def _write(measured: Iterable[Measured], path: Path) -> None:
    lines = [
        json.dumps(
            {
                "what": one.figure.what,
                "beside": one.figure.floor_is,
                "size": one.size,
                "ours": _rounded(one.figure.ours),
                "floor": _rounded(one.figure.floor),
                "unit": one.figure.unit,
                "day": one.day,
                "pace": _rounded(one.pace),
            },
            ensure_ascii=False,
        )
        for one in measured
    ]
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
