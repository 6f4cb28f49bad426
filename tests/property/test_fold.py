"""The fold is total, and a function of the set of events alone."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from storage.events import Event, Undone, parse
from storage.fold.fold import fold, in_order, timeline
from tests.histories import ACTORS, PITFALLS, events


def of_one(drawn: list[Event]) -> list[Event]:
    """The events of the pitfall that most of them belong to."""
    return [event for event in drawn if event.pitfall == PITFALLS[0]]


@given(events(), st.data())
def test_neither_order_nor_repetition_matters(drawn: list[Event], data: st.DataObject) -> None:
    history = of_one(drawn)
    again = data.draw(st.lists(st.sampled_from(history), max_size=5)) if history else []
    shuffled = data.draw(st.permutations(history + again))
    assert fold(shuffled) == fold(history)
    assert timeline(shuffled) == timeline(history)


@given(events(), st.data())
def test_any_subset_folds(drawn: list[Event], data: st.DataObject) -> None:
    history = of_one(drawn)
    kept = [event for event in history if data.draw(st.booleans())]
    folded = fold(kept)
    reported = any(
        event.body is not None and event.envelope.kind == "reported" and event.id not in folded.void
        for event in kept
    )
    assert (folded.pitfall is not None) == reported
    assert {one.id for one in folded.occurrences} <= {
        event.id for event in kept if event.envelope.kind == "occurrence_logged"
    }


@given(events())
def test_an_event_is_void_exactly_if_a_later_undo_of_its_own_actor_names_it(
    drawn: list[Event],
) -> None:
    history = in_order(of_one(drawn))
    void = fold(history).void
    named_by_what_stands = {
        event.id
        for event in history
        for undo in history
        if isinstance(undo.body, Undone)
        and undo.id not in void
        and event.id in undo.body.events
        and undo.envelope.actor == event.envelope.actor
        and undo.envelope.seq > event.envelope.seq
    }
    assert void == named_by_what_stands


@given(events(), st.sampled_from(ACTORS))
def test_no_actor_takes_back_what_others_wrote(drawn: list[Event], actor: str) -> None:
    history = of_one(drawn)
    without = [
        event
        for event in history
        if not (isinstance(event.body, Undone) and event.envelope.actor == actor)
    ]
    others = {event.id for event in history if event.envelope.actor != actor}
    assert fold(history).void & others == fold(without).void & others


@given(events())
def test_what_is_void_or_unknown_might_as_well_not_be_there(drawn: list[Event]) -> None:
    history = of_one(drawn)
    folded = fold(history)
    output = [event for event in history if event.body is not None and event.id not in folded.void]
    without_undos = [event for event in output if not isinstance(event.body, Undone)]
    assert fold(without_undos)[:2] == folded[:2]


@given(events())
def test_the_timeline_tells_of_every_event(drawn: list[Event]) -> None:
    history = in_order(of_one(drawn))
    lines = timeline(history)
    assert list(dict.fromkeys(line.event for line in lines)) == [event.id for event in history]
    void = fold(history).void
    assert {line.event for line in lines if line.void} == void
    known = {event.id for event in history if event.body is not None}
    assert {line.event for line in lines if line.known} == known


_NAMES = st.sampled_from(["network", "Kind", "zh", ""])
_MORE = st.dictionaries(_NAMES, st.none() | st.integers() | st.lists(st.text(max_size=3)))


def _from_a_newer_version(event: Event, more: dict[str, object]) -> Event:
    """An event as a version would have written it that knows more fields."""
    values = json.loads(event.line)
    values["body"] = more | values["body"]
    if event.envelope.kind == "item_amended":
        values["body"]["changes"] = more | values["body"]["changes"]
    read = parse(json.dumps(values).encode())
    # Under the same name, since others speak of it by that.
    return Event(event.id, read.line, read.envelope, read.body, read.holds_more)


@given(events(), st.data())
def test_fields_of_a_newer_version_change_nothing(drawn: list[Event], data: st.DataObject) -> None:
    history = of_one(drawn)
    newer = [
        event if event.body is None else _from_a_newer_version(event, data.draw(_MORE))
        for event in history
    ]
    assert fold(newer) == fold(history)
    output = timeline(newer)
    assert [line._replace(holds_more=False) for line in output] == [
        line._replace(holds_more=False) for line in timeline(history)
    ]
    with_more = {event.id for event in newer if event.holds_more}
    assert with_more <= {line.event for line in output if line.holds_more}
