"""When which pitfall's status and workaround changed: what the figures of a period count.

Pure: what was set, in the record's order, becomes what changed, in the order of the days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from storage.model.clock import STILL

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
    turns = list(turns)
    found: list[Change] = []
    for field in (STATUS, WORKAROUND):
        of_field = [
            turn._replace(at=max(turn.at, reported_at)) for turn in turns if turn.field == field
        ]
        differing = list(_differing(_by_day(of_field)))
        ends = [turn.at for _, turn in differing[1:]] + [STILL]
        found += [
            Change(turn.event, field, turn.at, until, before, turn.after)
            for (before, turn), until in zip(differing, ends, strict=False)
        ]
    return tuple(found)


def _by_day(turns: list[Transition]) -> Iterator[Transition]:
    """Those that were the last in the record's order at some time, in the order of time."""
    last = -1
    for place in sorted(range(len(turns)), key=lambda place: turns[place].at):
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
