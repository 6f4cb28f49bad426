"""The charts of a page as geometry: what is drawn where. The page's template gives it a look.

A chart is small enough for a phone at its own size, so that its text is never scaled below
what can be read, and columns stand upon each other, so that their sum can be seen too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from storage.reports.retro.document import Chart

#: More columns than the days of a month are too thin to tell their parts apart.
COLUMNS: Final = 31
#: In units of the drawing, which are about a pixel on a phone.
WIDTH: Final = 360
HEIGHT: Final = 200
#: The room that a digit of a label takes, and that beside a label.
_DIGIT: Final = 7.5
_BESIDE: Final = 8
_TOP: Final = 8
_BOTTOM: Final = 24
#: Between columns, as a part of the room that each has.
_GAP: Final = 0.18
#: The room that the day below a column takes, with some between it and the next.
_DAY: Final = 74


class Block(NamedTuple):
    """The part of a column that one series makes up."""

    key: str
    y: float
    height: float


class Pillar(NamedTuple):
    """The column of a step, and what it says to whoever points at it."""

    x: float
    width: float
    blocks: tuple[Block, ...]
    told: str


class Mark(NamedTuple):
    """A label on an axis; ``anchor`` is the end of it that stands there."""

    at: float
    label: str
    anchor: str = "end"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart as it is drawn, in a frame of ``WIDTH`` by ``HEIGHT``."""

    pillars: tuple[Pillar, ...]
    levels: tuple[Mark, ...]
    days: tuple[Mark, ...]
    left: float
    bottom: float = HEIGHT - _BOTTOM


def drawing(chart: Chart, colon: str, comma: str) -> Drawing:
    """Where everything of a chart stands.

    Args:
        chart: the numbers.
        colon, comma: the marks of the page's language, for what a column says.
    """
    sums = [sum(values) for values in zip(*(one.values for one in chart.series), strict=True)]
    top, step = _scale(max(sums, default=0))
    height = HEIGHT - _TOP - _BOTTOM
    left = _BESIDE + _DIGIT * max(2, len(str(top)))
    room = (WIDTH - left) / len(chart.steps)

    def y(value: int) -> float:
        return round(_TOP + height * (1 - value / top), 2)

    pillars = []
    for place, day in enumerate(chart.steps):
        blocks, below = [], 0
        for one in chart.series:
            if value := one.values[place]:
                above = below + value
                blocks.append(Block(one.key, y(above), round(y(below) - y(above), 2)))
                below = above
        numbers = comma.join(f"{one.name} {one.values[place]}" for one in chart.series)
        x = round(left + room * (place + _GAP / 2), 2)
        width = round(room * (1 - _GAP), 2)
        pillars.append(Pillar(x, width, tuple(blocks), f"{day}{colon}{numbers}"))
    levels = tuple(Mark(y(value), str(value)) for value in range(0, top + 1, step))
    return Drawing(tuple(pillars), levels, _days(chart.steps, left, room), left)


def _scale(most: int) -> tuple[int, int]:
    """A round number no less than ``most``, and the step of two to five levels up to it."""
    unit = 1
    while True:
        for step in (unit, 2 * unit, 5 * unit):
            if most <= 4 * step:
                return max(1, -(-most // step)) * step, step
        unit *= 10


def _days(steps: tuple[str, ...], left: float, room: float) -> tuple[Mark, ...]:
    """The days that there is room for: the first, the last, and some between them."""
    last = len(steps) - 1
    count = max(1, min(last, int((WIDTH - left) // _DAY) - 1))
    marks = []
    for place in sorted({last * n // count for n in range(count + 1)}):
        anchor, at = "middle", (place + 0.5) * room
        if last and place in {0, last}:
            anchor, at = ("start", 0.0) if place == 0 else ("end", room * len(steps))
        # The year stands in the head of the page.
        marks.append(Mark(round(left + at, 2), steps[place][5:], anchor))
    return tuple(marks)
