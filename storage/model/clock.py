"""The hybrid logical clock that orders events.

After Kulkarni et al., "Logical Physical Clocks" (2014), in one integer: wall
milliseconds shifted left by 16, with the low bits counting events of the same
millisecond. An event is always later than every event its writer had seen,
whatever the wall clocks say.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

_SHIFT = 16
#: The name of the time zone among the values of a board.
TIME_ZONE: Final = "time_zone"
DAY_MS: Final = 24 * 60 * 60 * 1000
_BELIEVABLE_MS = 30 * DAY_MS

#: The first reading that a person's event can have, whatever the wall clock says; the
#: catalogues count below it, so that whatever a person wrote stands.
FIRST: Final = 1 << 32
#: Readings at or beyond this are refused at the door, and never reached by ticking.
LIMIT: Final = 1 << 62


class Clock(NamedTuple):
    """What one store knows of time.

    Args:
        seen: the greatest reading seen in any event, 0 before the first.
        doubted_since: the wall clock (ms) when it first stood unbelievably far
            ahead of what was seen; None while it is believed.
    """

    seen: int = 0
    doubted_since: int | None = None

    def tick(self, wall_ms: int) -> Clock:
        """The clock after one more event, written at ``wall_ms``; its ``seen`` is the reading.

        A wall clock more than 30 days ahead of what was seen only ticks
        logically, so that one wrong clock cannot push every other store's
        events behind its own. When it still stands there a day later, it was
        a quiet month and not a wrong clock, and is believed again.
        """
        ahead = wall_ms - (self.seen >> _SHIFT)
        if self.seen and ahead > _BELIEVABLE_MS:
            since = wall_ms if self.doubted_since is None else self.doubted_since
            if not DAY_MS <= wall_ms - since <= _BELIEVABLE_MS:
                return Clock(self.seen + 1, since if since <= wall_ms else wall_ms)
        # After a reading at the limit, one store's events stay in order by their seq alone.
        return Clock(min(max(wall_ms << _SHIFT, self.seen + 1, FIRST), LIMIT - 1))

    def witness(self, reading: int) -> Clock:
        """The clock after seeing another store's event."""
        return Clock(max(self.seen, reading), self.doubted_since)


def reading_at(wall_ms: int) -> int:
    """The reading of a clock that stands at ``wall_ms`` and has not ticked yet."""
    return wall_ms << _SHIFT


def claims_future(reading: int, wall_ms: int) -> bool:
    """Whether a reading lies more than 24 hours after ``wall_ms``."""
    return (reading >> _SHIFT) > wall_ms + DAY_MS


def wall_of(reading: int, at: int) -> int:
    """The latest time (ms) that an event claims: by its reading, or by when it was written."""
    return max(reading >> _SHIFT, at)


# A moment to look back at, and what people write for one


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
