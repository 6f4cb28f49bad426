"""Ours and a floor, run in turn, so that a busy machine slows both."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from statistics import median
from typing import NamedTuple


class Unit(StrEnum):
    """What a figure is counted in."""

    SECONDS = "s"
    KIB = "KiB"
    PAGES = "pages"
    #: Of all there is, such as a recall.
    SHARE = "share"
    #: Of ours to the floor, where no more is known than that.
    RATIO = "ratio"


class Figure(NamedTuple):
    """One row of the table at one size: ours against a floor, in the same unit, or ours alone."""

    what: str
    floor_is: str
    ours: float
    floor: float | None = None
    unit: Unit = Unit.SECONDS


def clocked(work: Callable[[], object]) -> float:
    """How many seconds ``work`` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def used(work: Callable[[], object]) -> float:
    """How many seconds of processor time ``work`` takes, with that of processes that it starts."""
    start = _processor_time()
    work()
    return _processor_time() - start


def _processor_time() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def in_turn(
    ours: Callable[[], float], floor: Callable[[], float], rounds: int, *, warm: bool = True
) -> tuple[float, float]:
    """The medians of two ways to measure, which take turns.

    Args:
        ours, floor: measure once, and say what it took.
        rounds: how often each is asked.
        warm: ask each once before, and forget the answer.
    """
    if warm:
        ours(), floor()
    mine: list[float] = []
    theirs: list[float] = []
    for place in range(rounds):
        turns = [(mine, ours), (theirs, floor)]
        for taken, measure in turns[:: -1 if place % 2 else 1]:
            taken.append(measure())
    return median(mine), median(theirs)


def race(
    ours: Callable[[], object], floor: Callable[[], object], rounds: int
) -> tuple[float, float]:
    """The median seconds of processor time of two ways to do the same work, which take turns."""
    return in_turn(partial(used, ours), partial(used, floor), rounds)


def at(share: float, values: Sequence[float]) -> float:
    """The value that ``share`` of the ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
