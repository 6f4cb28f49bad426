"""Events → pitfall: the one pure function behind board, history, undo, sharing and repair.

It is total (any subset of events, in any arrival order, repeated or not, folds
without an error) and a function of the set of events alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, takewhile
from operator import attrgetter
from typing import Any, Final, Generic, NamedTuple, TypeVar

from storage.events import Decided, Event, OccurrenceLogged, Undone, Write, sort_of
from storage.fold.state import Draft, Liveness, reaches
from storage.model.clock import STILL, Change, changes
from storage.model.records import THE_BOARD, Did, Line, Occurrence, Pitfall, RetroNote
from storage.model.row import Text

_ORDER: Final = attrgetter("order")
#: So many changes say what an undo took back: more than a line has room for.
MOST_LINES: Final = 100


class Folded(NamedTuple):
    """What a pitfall's events come to; ``pitfall`` is None until it is reported.

    ``changes`` are those of its status and of its workaround, ``values`` its single values,
    ``declined`` the posts that are no vendor reply, each with the digest of its text.
    """

    pitfall: Pitfall | None
    occurrences: tuple[Occurrence, ...]
    notes: tuple[RetroNote, ...]
    void: frozenset[str]
    changes: tuple[Change, ...]
    values: Mapping[str, Text]
    declined: frozenset[tuple[str, str]]


def in_order(events: Iterable[Event]) -> list[Event]:
    """Each event once, in the order that is the same on every machine."""
    return sorted({event.id: event for event in events}.values(), key=_ORDER)


def void_among(events: Iterable[Event]) -> frozenset[str]:
    """The ids that a live undo names.

    An undo counts only for events of its own actor, and reaches only those with a smaller
    number: so going from the greatest number to the smallest settles each undo before what it
    names.
    """
    by_id = {event.id: event for event in events}
    undos = [event for event in by_id.values() if isinstance(event.body, Undone)]
    void: set[str] = set()
    for undo in sorted(undos, key=lambda event: event.envelope.seq, reverse=True):
        if undo.id not in void:
            void.update(undoes(undo, by_id))
    return frozenset(void)


def undoes(undo: Event, by_id: Mapping[str, Event]) -> Iterator[str]:
    """The ids of those among some events that an undo, if it is live itself, makes void."""
    assert isinstance(undo.body, Undone)
    for name in undo.body.events:
        if (named := by_id.get(name)) and reaches(undo, named):
            yield name


def _steps(
    ordered: list[Event], void: frozenset[str], *, tells: bool = False
) -> Iterator[tuple[Event, Draft]]:
    """Each live event with the draft after it, which ``tells`` what it changed or not."""
    draft = Draft(tells=tells)
    for event in ordered:
        draft.changes.clear()
        draft.holds_more = False
        if event.id not in void:
            draft.take(event)
        elif isinstance(event.body, Write):
            draft.heads.take_back(event, event.body.knew)
        yield event, draft


def draft_of(events: Iterable[Event]) -> Draft:
    """The draft after all of one pitfall's ``events``; for rules that look at what stands."""
    ordered = in_order(events)
    draft = Draft()
    for _, draft in _steps(ordered, void_among(ordered)):
        pass
    return draft


def draft_before(events: Iterable[Event], event: str) -> Draft:
    """The draft as one of the events found it, without what was taken back at any time since."""
    ordered = in_order(events)
    before = list(takewhile(lambda one: one.id != event, ordered))
    draft = Draft()
    for _, draft in _steps(before, void_among(ordered)):
        pass
    return draft


def fold(events: Iterable[Event]) -> Folded:
    """What ``events``, all of one pitfall, come to.

    Args:
        events: any of the pitfall's events, in any order, repeated or not.
    """
    ordered = in_order(events)
    void = void_among(ordered)
    draft = Draft()
    for _, draft in _steps(ordered, void):
        pass
    return _folded(draft, void, draft.pitfall())


def _folded(draft: Draft, void: frozenset[str], pitfall: Pitfall | None) -> Folded:
    changed = changes(draft.turns, pitfall.reported_at) if pitfall is not None else ()
    return Folded(pitfall, *draft.logged(), void, changed, draft.values, frozenset(draft.declined))


def timeline(events: Iterable[Event]) -> list[Line]:
    """The history of one pitfall, oldest first, with what was taken back marked so."""
    ordered = in_order(events)
    void = void_among(ordered)
    by_id = {event.id: event for event in ordered}
    lines: list[Line] = []
    for event, draft in _steps(ordered, void, tells=True):
        meta = event.envelope
        base = Line(
            event=event.id,
            pitfall="" if event.pitfall == THE_BOARD else event.pitfall,
            at=meta.at,
            who=meta.who,
            what=meta.kind,
            void=event.id in void,
            known=event.body is not None,
        )
        if isinstance(event.body, OccurrenceLogged):
            base = base._replace(outcome=event.body.outcome)
        if base.void and event.body is not None:
            draft = draft.sketch()
            event.body.apply(draft, event)
        base = base._replace(holds_more=event.holds_more or draft.holds_more)
        if meta.kind == "reported":
            title = draft.values.get("title", Text())
            lines.append(base._replace(field="title", after=title))
        else:
            if isinstance(event.body, Decided):
                base = base._replace(decision=draft.decision)
            lines.extend(base._replace(**change._asdict()) for change in draft.changes or [Did()])
    lines = [line._replace(sort=sort_of(line.what, line.field)) for line in lines]
    taken_back = _taken_back(lines, by_id)
    return [line._replace(**taken_back.get(line.event, {})) for line in lines]


def bare_lines(lines: Iterable[Line]) -> tuple[Line, ...]:
    """What was done by some lines, each thing once and at most ``MOST_LINES`` of them.

    They leave out when, by whom, why and where it was done, what became of it and what is unknown.
    """
    bare: Any = {"event": "", "pitfall": "", "at": 0, "who": "", "reason": Text()}
    bare |= {"void": False, "holds_more": False}
    once: dict[Line, None] = {}
    for line in lines:
        once[line._replace(**bare)] = None
        if len(once) == MOST_LINES:
            break
    return tuple(once)


def _taken_back(lines: Iterable[Line], by_id: Mapping[str, Event]) -> dict[str, dict[str, Any]]:
    """What each undo among some events is about in the end: fields of its line, by its id."""
    undos = [event for event in by_id.values() if isinstance(event.body, Undone)]
    found: dict[str, dict[str, Any]] = {}
    by_event = groupby(lines if undos else (), attrgetter("event"))
    lines_of: dict[str, Sequence[Line]] = {event: list(own) for event, own in by_event}
    # An undo reaches smaller numbers alone: what it names is known before it.
    for undo in sorted(undos, key=lambda event: event.envelope.seq):
        names = tuple(undoes(undo, by_id))
        took_back = bare_lines(line for name in names for line in lines_of[name])
        lines_of[undo.id] = took_back
        redoes = bool(names) and all(one in found and not found[one]["redoes"] for one in names)
        about = {"names": names, "in_vain": not names}
        found[undo.id] = {**about, "took_back": took_back, "redoes": redoes}
    return found


# From when until when the list showed what of a pitfall


_S = TypeVar("_S")
#: What these do, the list does not show.
_NOT_LISTED: Final = frozenset(
    (
        *("comment_added", "tag_added", "tag_removed", "signature_added", "imported"),
        *("told_apart", "suggestion_declined"),
    )
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
    undone later. Where that takes more than the number of events explains, as undos of undos of
    undos do, it is so at some of the later times only, the last among them.

    Args:
        events: all of one pitfall, occurrences aside, in any order.
        when: gives the time from which an event was there.
        shown: gives what is shown of a pitfall; spans that show the same are one.
    """
    return _spans(_moments(in_order(events), when), shown)


def folded_with_spans(
    events: Iterable[Event], shown: Callable[[Pitfall], _S]
) -> tuple[Folded, list[Span[_S]] | None]:
    """What a pitfall's events come to, and what was shown of it by when they were written.

    Both come of going through the events once, if they were written in their order and none
    takes anything back; else there are no spans, and :func:`spans` has to be asked.
    """
    ordered = in_order(events)
    times = [event.envelope.at for event in ordered]
    if times != sorted(times) or _undoes(ordered):
        return fold(ordered), None
    there = _InOrder()
    pitfall: Pitfall | None = None
    is_current = False

    def moments() -> Iterator[tuple[int, Pitfall | None]]:
        nonlocal pitfall, is_current
        for at, arrived in groupby(ordered, lambda event: event.envelope.at):
            events = there.take([*arrived])
            is_current = any(event.envelope.kind not in _NOT_LISTED for event in events)
            if is_current:
                pitfall = there.draft().pitfall()
                yield at, pitfall

    found = _spans(moments(), shown)
    if not is_current:
        pitfall = there.draft().pitfall()
    return _folded(there.draft(), frozenset(), pitfall), found


def _spans(
    moments: Iterable[tuple[int, Pitfall | None]], shown: Callable[[Pitfall], _S]
) -> list[Span[_S]]:
    found: list[Span[_S]] = []
    for at, pitfall in moments:
        now = None if pitfall is None else shown(pitfall)
        if found and found[-1].until == STILL:
            if pitfall is not None and now == found[-1].shown:
                continue
            found[-1] = found[-1]._replace(until=at)
        if now is not None:
            found.append(Span(at, STILL, now))
    return found


#: How many events may be folded or become live or void for each event of a pitfall, and besides;
#: a person who undoes everything step by step gets nowhere near it.
_MOST_WORK: Final = 64
_LEAST_WORK: Final = 100_000
#: At how many of the times that are left a pitfall is then folded.
_SAMPLES: Final = 32


def _moments(
    ordered: list[Event], when: Callable[[Event], int]
) -> Iterator[tuple[int, Pitfall | None]]:
    """The times at which what is listed of a pitfall may have changed, and the pitfall then."""
    by_time = sorted(ordered, key=when)
    groups = [(at, list(arrived)) for at, arrived in groupby(by_time, when)]
    there = _There() if by_time != ordered or _undoes(ordered) else _InOrder()
    most = _LEAST_WORK + _MOST_WORK * len(ordered)
    for place, (at, arrived) in enumerate(groups):
        if there.work > most:
            yield from _sampled(groups, place)
            return
        if any(event.envelope.kind not in _NOT_LISTED for event in there.take(arrived)):
            yield at, there.draft().pitfall()


def _sampled(
    groups: list[tuple[int, list[Event]]], first: int
) -> Iterator[tuple[int, Pitfall | None]]:
    """As above, at some of the times from one on; each is folded from the beginning."""
    there = [event for _, arrived in groups[:first] for event in arrived]
    every = -(-(len(groups) - first) // _SAMPLES)
    for place, (at, arrived) in enumerate(groups[first:], first + 1):
        there += arrived
        if (len(groups) - place) % every == 0:
            yield at, draft_of(there).pitfall()


#: How many events are folded between two marks, and how many marks are held.
_BETWEEN_MARKS: Final = 32
_MOST_MARKS: Final = 64


def _undoes(events: Iterable[Event]) -> bool:
    return any(event.body is not None and event.body.kind == Undone.kind for event in events)


class _InOrder:
    """What events come to that are there in the record's order, and none of which is taken back."""

    work = 0

    def __init__(self) -> None:
        self._draft = Draft()

    def take(self, arrived: list[Event]) -> list[Event]:
        """Some more are there; these."""
        for event in arrived:
            self._draft.take(event)
        return arrived

    def draft(self) -> Draft:
        """What they come to."""
        return self._draft


class _There:
    """The events that are there, and what they come to.

    What takes back a change or comes in between is folded from a mark before it, a copy of the
    draft, and not from the beginning, and only when it is asked for: many undos on one pitfall cost
    what their number says.
    """

    def __init__(self) -> None:
        self._liveness = Liveness()
        self._live: list[Event] = []
        self._marks: list[tuple[int, Draft]] = []
        self._folded = 0
        #: How many of the live events, from the first one on, are what they were when folded.
        self._sound = 0
        self._draft = Draft()
        self._folds = 0

    @property
    def work(self) -> int:
        """How many events were folded, and became live or void."""
        return self._folds + self._liveness.work

    def take(self, arrived: list[Event]) -> list[Event]:
        """Some more are there; those that became live or void by that, undos aside."""
        changed = self._liveness.take(arrived)
        first = len(self._live)
        for event in sorted(changed, key=_ORDER):
            place = bisect_left(self._live, event.order, key=_ORDER)
            is_there = place < len(self._live) and self._live[place].id == event.id
            if is_there == self._liveness.is_live(event):
                continue
            if is_there:
                del self._live[place]
            else:
                self._live.insert(place, event)
            first = min(first, place)
        self._sound = min(self._sound, first)
        return changed

    def draft(self) -> Draft:
        """What the live events come to."""
        if self._sound < self._folded:
            while self._marks and self._marks[-1][0] > self._sound:
                self._marks.pop()
            self._folded, mark = self._marks[-1] if self._marks else (0, Draft())
            self._draft = mark.copy()
        self._folds += len(self._live) - self._folded
        for event in self._live[self._folded :]:
            self._draft.take(event)
            self._folded += 1
            if self._folded % _BETWEEN_MARKS == 0:
                self._marks.append((self._folded, self._draft.copy()))
                if len(self._marks) > _MOST_MARKS:
                    # Of those that lie far back, every other one will do.
                    del self._marks[: _MOST_MARKS // 2 : 2]
        self._sound = self._folded
        return self._draft
