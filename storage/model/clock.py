"""The hybrid logical clock that orders events, and when a pitfall changed.

After Kulkarni et al., "Logical Physical Clocks" (2014), in one integer: wall
milliseconds shifted left by 16, with the low bits counting events of the same
millisecond. An event is always later than every event its writer had seen,
whatever the wall clocks say.

:func:`changes` turns what was set, in the record's order, into what changed, in the order of the
days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from storage.errors import N_, Refused
from storage.model.fields import NamedTuple

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

        Raises:
            Refused: if the wall clock stands before 1970, which no event can say.
        """
        if wall_ms < 0:
            raise Refused(
                N_("This machine's clock stands before 1970, so nothing was saved."),
                N_("Set the clock, then do it again."),
            )
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


# When a pitfall's status and workaround changed: what the figures of a period count


STATUS: Final = "status"
WORKAROUND: Final = "workaround"

#: What can become of a workaround; where there is none, it is the empty string.
WRITTEN: Final = "written"
CONFIRMED: Final = "confirmed"


class Transition(NamedTuple):
    """One live event sets a field, or confirms that it still holds."""

    event: str
    at: int
    field: str
    after: str


class Change(NamedTuple):
    """A field is ``after``, and no more ``before``, from ``at`` until ``until`` (both ms).

    ``before`` is empty for what comes with the report.
    """

    event: str
    field: str
    at: int
    until: int
    before: str
    after: str


def changes(turns: Iterable[Transition], reported_at: int) -> tuple[Change, ...]:
    """What changed on a pitfall and when, each field by itself, the first change first.

    On a day, a field is what the last event in the record's order says of those that were
    there by then, as everywhere; so an event whose clock is behind changes nothing where a
    later one was there already. Nothing changes before the report.

    Args:
        turns: those of one pitfall that stand, in the record's order.
        reported_at: when it was reported (ms).
    """
    by_field: dict[str, list[Transition]] = {STATUS: [], WORKAROUND: []}
    for turn in turns:
        reached = turn if turn.at >= reported_at else turn._replace(at=reported_at)
        by_field[turn.field].append(reached)
    found: list[Change] = []
    for field, of_field in by_field.items():
        ordered = of_field if len(of_field) < 2 else _by_day(of_field)
        differing = list(_differing(ordered))
        ends = [turn.at for _, turn in differing[1:]] + [STILL]
        found += [
            Change(turn.event, field, turn.at, until, before, turn.after)
            for (before, turn), until in zip(differing, ends, strict=False)
        ]
    return tuple(found)


def _by_day(turns: list[Transition]) -> Iterator[Transition]:
    """Those that were the last in the record's order at some time, in the order of time."""
    last = -1
    times = [turn.at for turn in turns]
    for place in sorted(range(len(turns)), key=times.__getitem__):
        if place > last:
            last = place
            yield turns[place]


def _differing(turns: Iterable[Transition]) -> Iterator[tuple[str, Transition]]:
    """Those that change something, each with what was before."""
    before = ""
    for turn in turns:
        if turn.after == CONFIRMED and not before:
            continue
        if turn.after != before or (turn.field == WORKAROUND and turn.after):
            yield before, turn
            before = turn.after
