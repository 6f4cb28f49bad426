"""A moment to look back at, and what people write for one."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

#: Later than any time (ms): the end of what still is so.
STILL: Final = 1 << 62


class ClockKind(StrEnum):
    """By which clock something was there at a moment; spelled as ``states.clock`` holds it."""

    AT = "at"
    """Somebody had done it, whoever knew of it by then."""
    KNOWN = "known"
    """This machine knew of it."""


class Moment(NamedTuple):
    """What was there up to ``at`` (ms), by one of two clocks."""

    at: int
    clock: ClockKind = ClockKind.AT
