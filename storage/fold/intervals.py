"""From when until when the list showed what of a pitfall."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from operator import attrgetter
from typing import Final, Generic, NamedTuple, TypeVar

from storage.events import Event, Undone
from storage.fold.fold import in_order, void_among
from storage.fold.state import Draft
from storage.model.moment import STILL
from storage.model.records import Pitfall

_S = TypeVar("_S")

#: What these do, the list does not show.
_NOT_LISTED: Final = frozenset(
    {"comment_added", "tag_added", "tag_removed", "signature_added", "imported", "told_apart"}
)


class Span(NamedTuple, Generic[_S]):
    """What was shown of a pitfall from ``since`` up to, and without, ``until`` (ms)."""

    since: int
    until: int
    shown: _S


def spans(
    events: Iterable[Event],
    when: Callable[[Event], int],
    shown: Callable[[Pitfall], _S],
) -> list[Span[_S]]:
    """What was shown of a pitfall at each time, the first first; nothing for when it was not there.

    At a time it is the fold of the events that were there by then, whatever came or was
    undone later.

    Args:
        events: all of one pitfall, occurrences aside, in any order.
        when: gives the time from which an event was there.
        shown: gives what is shown of a pitfall; spans that show the same are one.
    """
    found: list[Span[_S]] = []
    there = _There()
    for at, arrived in groupby(sorted(in_order(events), key=when), when):
        group = list(arrived)
        there.take(group)
        if all(event.envelope.kind in _NOT_LISTED for event in group):
            continue
        pitfall = there.draft.pitfall()
        now = None if pitfall is None else shown(pitfall)
        if found and found[-1].until == STILL:
            if pitfall is not None and now == found[-1].shown:
                continue
            found[-1] = found[-1]._replace(until=at)
        if now is not None:
            found.append(Span(at, STILL, now))
    return found


class _There:
    """The events that are there, and what they come to."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self.draft = Draft()

    def take(self, arrived: list[Event]) -> None:
        """Some more are there; they are folded alone where nothing speaks of what was before."""
        is_after = not self._events or arrived[0].order > self._events[-1].order
        self._events += arrived
        takes_back = any(isinstance(event.body, Undone) for event in arrived)
        if takes_back or not is_after:
            self._events.sort(key=attrgetter("order"))
            void = void_among(self._events)
            self.draft = Draft()
            arrived = [event for event in self._events if event.id not in void]
        for event in arrived:
            self.draft.take(event)
        self.draft.changes.clear()
