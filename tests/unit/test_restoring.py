"""Restoring what stood before a change, and when there is nothing to restore."""

from __future__ import annotations

import pytest

from storage.errors import NotFound, PitboardError, Refused
from storage.imports.importer import import_events
from storage.model.records import Line, Pitfall
from storage.model.row import Status, Text
from storage.read.board import Board
from storage.write.store import Store
from tests.records import line, lines_of


def read(store: Store, pitfall: str) -> Pitfall:
    with Board.open(store.path) as board:
        return board.pitfall(pitfall)


def newest(store: Store, pitfall: str) -> Line:
    with Board.open(store.path) as board:
        return board.history.timeline(pitfall)[0]


def change(store: Store, pitfall: str, what: str) -> str:
    """The newest event of a kind in a pitfall's history."""
    with Board.open(store.path) as board:
        return next(one.event for one in board.history.timeline(pitfall) if one.what == what)


def refused(store: Store, pitfall: str, event: str, error: type[PitboardError], why: str) -> None:
    before = lines_of(store.path)
    with pytest.raises(error, match=why):
        store.history.revert(pitfall, event)
    assert lines_of(store.path) == before


def test_a_value_is_again_what_it_was_before_the_change_and_history_says_why(store: Store) -> None:
    pitfall = store.pitfalls.report("x", workaround="Use the preview")
    store.pitfalls.edit(pitfall, {"workaround": "Use the trial"})
    event = newest(store, pitfall).event
    store.pitfalls.edit(pitfall, {"workaround": "Wait"})
    store.history.revert(pitfall, event)
    assert read(store, pitfall).workaround == Text("Use the preview")
    output = newest(store, pitfall)
    assert (output.what, output.before.plain, output.after.plain) == (
        "field_set",
        "Wait",
        "Use the preview",
    )
    assert output.reason == Text(
        f"restored the value from before {event[:8]} (Ann)", f"恢复了 {event[:8]}（Ann）之前的值"
    )


def test_restoring_is_one_step_of_undo_and_can_be_restored_itself(store: Store) -> None:
    pitfall = store.pitfalls.report("x", severity="S3")
    store.pitfalls.edit(pitfall, {"severity": "S1"})
    store.history.revert(pitfall, newest(store, pitfall).event)
    assert read(store, pitfall).severity == "S3"
    store.history.undo()
    assert read(store, pitfall).severity == "S1"
    store.history.redo()
    store.history.revert(pitfall, change(store, pitfall, "field_set"))
    assert read(store, pitfall).severity == "S1"


def test_a_text_in_languages_comes_back_in_all_of_them(store: Store) -> None:
    import_events(store.session, [line(body={"title": {"en": "White picture", "zh": "白色图片"}})])
    store.pitfalls.edit("ab12cd34ab12cd34", {"title": "Something else"})
    store.history.revert("ab12cd34ab12cd34", newest(store, "ab12cd34ab12cd34").event)
    assert read(store, "ab12cd34ab12cd34").title == Text("White picture", "白色图片")


def test_what_came_from_elsewhere_comes_back_whatever_it_holds(store: Store) -> None:
    import_events(store.session, [line(body={"title": "\x1b[1m"})])
    store.pitfalls.edit("ab12cd34ab12cd34", {"title": "Plain"})
    store.history.revert("ab12cd34ab12cd34", newest(store, "ab12cd34ab12cd34").event)
    assert read(store, "ab12cd34ab12cd34").title == Text("\x1b[1m")


def test_a_status_comes_back(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    store.status.set(pitfall, "workaround", workaround="Wait")
    store.history.revert(pitfall, change(store, pitfall, "status_set"))
    assert read(store, pitfall).status is Status.OPEN


def test_tags_come_back_and_go(store: Store) -> None:
    pitfall = store.pitfalls.report("x", tags=["login"])
    store.pitfalls.edit(pitfall, {}, tags=["album"])
    store.history.revert(pitfall, change(store, pitfall, "tag_removed"))
    store.history.revert(pitfall, change(store, pitfall, "tag_added"))
    assert read(store, pitfall).tags == ("album",)


def test_all_that_was_amended_at_once_comes_back_at_once(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    seen = store.occurrences.log(pitfall, platform="ios", count=2)
    store.entries.edit(pitfall, seen, {"platform": "android", "count": 5})
    store.history.revert(pitfall, change(store, pitfall, "item_amended"))
    with Board.open(store.path) as board:
        [held] = board.occurrences.of(pitfall)
    assert (held.environment.platform, held.count) == ("ios", 2)


def test_what_was_hidden_is_seen_again_in_its_old_place_with_what_was_amended(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    first = store.comments.add(pitfall, "first")
    store.comments.add(pitfall, "second")
    store.entries.hide(pitfall, first)
    assert [one.text.plain for one in read(store, pitfall).comments] == ["second"]
    hidden = newest(store, pitfall).event
    store.history.revert(pitfall, hidden)
    assert [one.text.plain for one in read(store, pitfall).comments] == ["first", "second"]
    line = newest(store, pitfall)
    assert (line.what, line.field, line.after.plain) == (
        "item_shown",
        "comment_added",
        "first",
    )
    store.history.undo()
    assert [one.text.plain for one in read(store, pitfall).comments] == ["second"]
    refused(store, pitfall, change(store, pitfall, "item_shown"), Refused, "already undone")


def test_a_hidden_occurrence_counts_again(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    seen = store.occurrences.log(pitfall, count=3)
    store.entries.hide(pitfall, seen)
    store.history.revert(pitfall, newest(store, pitfall).event)
    with Board.open(store.path) as board:
        assert board.occurrences.totals(pitfall).count == 3


def test_amending_tells_which_fields_changed_from_what_to_what(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    fix = store.fixes.record(pitfall, axis="client", from_version="4.1.8")
    store.entries.edit(pitfall, fix, {"from_version": "4.1.10", "official": True}, "They wrote so")
    with Board.open(store.path) as board:
        output = [one for one in board.history.timeline(pitfall) if one.what == "item_amended"]
    assert [(one.field, one.part, one.before.plain, one.after.plain) for one in output] == [
        ("fix_recorded", "official", "no", "yes"),
        ("fix_recorded", "from_version", "4.1.8", "4.1.10"),
    ]
    assert {(one.about.plain, one.reason.plain) for one in output} == {
        ("client 4.1.8", "They wrote so")
    }


# Refused


def test_what_stands_already_is_not_restored(store: Store) -> None:
    pitfall = store.pitfalls.report("x", severity="S3")
    store.pitfalls.edit(pitfall, {"severity": "S1"})
    event = newest(store, pitfall).event
    store.pitfalls.edit(pitfall, {"severity": "S3"})
    refused(store, pitfall, event, Refused, "already current")


def test_what_changed_nothing_has_nothing_to_restore(store: Store) -> None:
    same = line(kind="field_set", seq=2, body={"field": "severity", "value": "S3"})
    import_events(store.session, [line(), same])
    store.pitfalls.edit("ab12cd34ab12cd34", {"severity": "S1"})
    first = line(kind="field_set", seq=2, body={"field": "severity", "value": "S3"})
    with Board.open(store.path) as board:
        event = next(
            one for one in board.history.timeline("ab12cd34ab12cd34") if one.after.plain == "S3"
        ).event
    assert first == same
    refused(store, "ab12cd34ab12cd34", event, Refused, "changed nothing")


@pytest.mark.parametrize("what", ["reported", "comment_added", "occurrence_logged", "accepted"])
def test_what_replaced_nothing_has_nothing_to_restore(store: Store, what: str) -> None:
    pitfall = store.pitfalls.report("x")
    store.comments.add(pitfall, "said")
    store.occurrences.log(pitfall)
    store.triage.accept(pitfall)
    refused(store, pitfall, change(store, pitfall, what), Refused, "no earlier value")


def test_what_was_taken_back_is_not_restored(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    store.pitfalls.edit(pitfall, {"title": "y"})
    event = newest(store, pitfall).event
    store.history.undo()
    refused(store, pitfall, event, Refused, "already undone")


def test_the_rules_of_a_status_hold_for_what_is_restored(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    store.status.set(pitfall, "workaround", workaround="Wait")
    refused(store, pitfall, change(store, pitfall, "field_set"), Refused, "needs a workaround text")
    event = change(store, pitfall, "status_set")
    store.history.revert(pitfall, event)
    store.pitfalls.edit(pitfall, {"workaround": ""})
    refused(
        store, pitfall, change(store, pitfall, "status_set"), Refused, "needs a workaround text"
    )


def test_what_is_not_in_the_history_is_not_found(store: Store) -> None:
    pitfall, other = store.pitfalls.report("x"), store.pitfalls.report("y")
    store.pitfalls.edit(other, {"title": "z"})
    refused(store, pitfall, "0" * 32, NotFound, "holds no change")
    refused(store, pitfall, newest(store, other).event, NotFound, "holds no change")
    refused(store, "feed", newest(store, other).event, NotFound, "no pitfall feed")


def test_a_change_is_named_by_the_beginning_of_its_id(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    event = newest(store, pitfall).event
    with Board.open(store.path) as board:
        assert board.history.change_named(pitfall, event[:6].upper()) == event
        for wrong, why in (
            ("", "is empty"),
            ("g", "holds no change"),
            ("0" * 33, "holds no change"),
        ):
            with pytest.raises(NotFound, match=why):
                board.history.change_named(pitfall, wrong)
