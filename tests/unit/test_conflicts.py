"""Two values written at the same time: both are shown, either can be kept, the rest joins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import seeds
from storage.check import check
from storage.errors import NotFound, Refused
from storage.imports.importer import import_events
from storage.model.records import Conflict
from storage.model.row import Status, Triage
from storage.query.parser import parse
from storage.read.board import Board
from storage.write.store import Store
from tests.boards import fresh
from tests.records import MONDAY, Wall, dump, lines_of


class Two:
    """Two boards that hold the same pitfall."""

    def __init__(self, room: Path) -> None:
        self.wall = Wall(MONDAY)
        self.ann = Store.open(fresh(room / "ann.db"), who="Ann", now=self.wall)
        self.bo = Store.open(fresh(room / "bo.db"), who="Bo", now=self.wall)
        self.pitfall = self.ann.pitfalls.report("A white picture", workaround="Ask twice.")
        self.exchange()

    def exchange(self) -> None:
        import_events(self.bo.session, lines_of(self.ann.path))
        import_events(self.ann.session, lines_of(self.bo.path))

    def conflicts(self, store: Store | None = None) -> dict[str, Conflict]:
        with Board.open((store or self.ann).path) as board:
            return {one.name: one for one in board.pitfall(self.pitfall).conflicts}

    def value(self, name: str) -> str:
        with Board.open(self.ann.path) as board:
            return str(getattr(board.pitfall(self.pitfall), name).plain)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    two = Two(tmp_path)
    yield two
    two.ann.close()
    two.bo.close()


def _both_wrote(two: Two) -> None:
    two.ann.pitfalls.edit(two.pitfall, {"title": "White on Android"})
    two.wall.ms += 60_000
    two.bo.pitfalls.edit(two.pitfall, {"title": "White on iOS"})
    two.exchange()


def test_both_are_shown_with_who_and_when(two: Two) -> None:
    _both_wrote(two)
    assert two.conflicts(two.ann) == two.conflicts(two.bo)
    [conflict] = two.conflicts().values()
    assert conflict.field == "title"
    assert [(one.value.plain, one.who, one.at) for one in conflict.claims] == [
        ("White on iOS", "Bo", MONDAY + 60_000),
        ("White on Android", "Ann", MONDAY),
    ]
    assert two.value("title") == "White on iOS"
    with Board.open(two.ann.path) as board:
        assert [row.id for row in board.find(parse("has:conflict")).page(0, 9)] == [two.pitfall]
        assert board.find(parse("-has:conflict")).total == 0


@pytest.mark.parametrize("kept", [0, 1])
def test_either_can_be_kept_and_that_is_one_step(two: Two, kept: int) -> None:
    _both_wrote(two)
    claim = two.conflicts()["title"].claims[kept]
    two.ann.conflicts.resolve(two.pitfall, "title", claim.event)
    assert two.value("title") == claim.value.plain
    assert two.conflicts() == {}
    two.exchange()
    assert two.conflicts(two.bo) == {}
    assert dump(two.ann.path) == dump(two.bo.path)
    two.ann.history.undo()
    assert len(two.conflicts()) == 1
    two.ann.history.redo()
    assert two.conflicts() == {}
    assert check(two.ann.path).sound


def test_whoever_writes_anew_has_seen_both(two: Two) -> None:
    _both_wrote(two)
    two.ann.pitfalls.edit(two.pitfall, {"title": "White everywhere"})
    two.exchange()
    assert two.conflicts() == two.conflicts(two.bo) == {}


def test_different_values_and_the_same_value_join_silently(two: Two) -> None:
    two.ann.pitfalls.edit(two.pitfall, {"severity": "S1", "component": "wx.chooseImage"})
    two.bo.pitfalls.edit(
        two.pitfall, {"severity": "S1", "workaround": "Ask three times."}, add_tags=["ios"]
    )
    two.bo.comments.add(two.pitfall, "Here, too")
    two.exchange()
    assert two.conflicts() == {}
    assert two.value("workaround") == "Ask three times."
    assert two.value("component") == "wx.chooseImage"


def test_what_is_taken_back_is_in_conflict_no_more(two: Two) -> None:
    _both_wrote(two)
    two.bo.history.undo()
    two.exchange()
    assert two.conflicts() == {}
    assert two.value("title") == "White on Android"


def test_a_write_over_one_that_was_taken_back_later_knew_what_that_one_knew(two: Two) -> None:
    two.ann.pitfalls.edit(two.pitfall, {"title": "First"})
    two.exchange()
    two.bo.pitfalls.edit(two.pitfall, {"title": "Second"})
    two.exchange()
    two.ann.history.undo()
    two.exchange()
    assert two.conflicts() == two.conflicts(two.bo) == {}
    assert two.value("title") == "Second"


def test_three_values_of_three_people(two: Two, tmp_path: Path) -> None:
    cy = Store.open(tmp_path / "cy.db", who="Cy", now=two.wall)
    import_events(cy.session, lines_of(two.ann.path))
    cy.pitfalls.edit(two.pitfall, {"title": "White on the desktop"})
    import_events(two.ann.session, lines_of(cy.path))
    _both_wrote(two)
    assert [one.who for one in two.conflicts()["title"].claims] == ["Bo", "Ann"]
    cy.close()


def test_a_third_person_who_writes_anew_has_seen_both(two: Two, tmp_path: Path) -> None:
    _both_wrote(two)
    cy = Store.open(tmp_path / "cy.db", who="Cy", now=two.wall)
    import_events(cy.session, lines_of(two.ann.path))
    assert len(two.conflicts(cy)) == 1
    cy.pitfalls.edit(two.pitfall, {"title": "White everywhere"})
    assert two.conflicts(cy) == {}
    import_events(two.ann.session, lines_of(cy.path))
    assert two.conflicts() == {}
    cy.close()


def test_a_status_and_its_fix(two: Two) -> None:
    two.ann.status.set(two.pitfall, "fixed upstream", axis="client", from_version="4.1.10")
    two.wall.ms += 1
    two.bo.status.set(two.pitfall, "open", reason="It does not help")
    two.exchange()
    conflict = two.conflicts()["status"]
    assert [one.value.plain for one in conflict.claims] == ["open", "fixed upstream"]
    two.bo.conflicts.resolve(two.pitfall, "status", conflict.claims[1].event)
    with Board.open(two.bo.path) as board:
        assert board.pitfall(two.pitfall).status is Status.FIXED_UPSTREAM


def test_decisions_of_triage(two: Two) -> None:
    two.ann.triage.accept(two.pitfall)
    two.wall.ms += 1
    two.bo.triage.decline(two.pitfall, "by-design")
    two.exchange()
    conflict = two.conflicts()["triage"]
    decisions = [one.decision for one in conflict.claims]
    assert [one and one.triage for one in decisions] == [Triage.DECLINED, Triage.SETTLED]
    two.ann.conflicts.resolve(two.pitfall, "triage", conflict.claims[1].event)
    with Board.open(two.ann.path) as board:
        assert board.pitfall(two.pitfall).decision.triage is Triage.SETTLED
    assert two.conflicts() == {}


def test_the_same_decision_at_the_same_time_is_none(two: Two) -> None:
    two.ann.triage.accept(two.pitfall)
    two.wall.ms += 1
    two.bo.triage.accept(two.pitfall)
    two.exchange()
    assert two.conflicts() == {}


def test_what_the_rules_forbid_by_now_is_refused(two: Two) -> None:
    two.ann.status.set(two.pitfall, "open")
    two.exchange()
    two.ann.pitfalls.edit(two.pitfall, {"workaround": ""})
    two.wall.ms += 1
    two.bo.pitfalls.edit(two.pitfall, {"workaround": "Ask three times."})
    two.exchange()
    two.bo.status.set(two.pitfall, "workaround")
    gone = two.conflicts(two.bo)["workaround"].claims[1]
    with pytest.raises(Refused, match="needs a workaround"):
        two.bo.conflicts.resolve(two.pitfall, "workaround", gone.event)
    with pytest.raises(NotFound, match="No value"):
        two.bo.conflicts.resolve(two.pitfall, "workaround", "0" * 32)


def _amended_at_once(two: Two, item: str, ann: dict[str, Any], bo: dict[str, Any]) -> None:
    two.exchange()
    two.ann.entries.edit(two.pitfall, item, ann)
    two.wall.ms += 60_000
    two.bo.entries.edit(two.pitfall, item, bo)
    two.exchange()


@pytest.mark.parametrize("kept", [0, 1])
def test_of_an_entry_both_are_shown_and_either_can_be_kept(two: Two, kept: int) -> None:
    comment = two.ann.comments.add(two.pitfall, "Here, too")
    _amended_at_once(two, comment, {"text": "On Android, too"}, {"text": "On iOS, too"})
    assert two.conflicts(two.ann) == two.conflicts(two.bo)
    [conflict] = two.conflicts().values()
    assert (conflict.field, conflict.part) == ("comment_added", "text")
    assert conflict.about.plain == "On iOS, too"
    assert [(one.value.plain, one.who, one.at) for one in conflict.claims] == [
        ("On iOS, too", "Bo", MONDAY + 60_000),
        ("On Android, too", "Ann", MONDAY),
    ]
    claim = conflict.claims[kept]
    two.ann.conflicts.resolve(two.pitfall, conflict.name, claim.event)
    two.exchange()
    for store in (two.ann, two.bo):
        with Board.open(store.path) as board:
            [shown] = board.pitfall(two.pitfall).comments
            assert shown.text == claim.value
        assert two.conflicts(store) == {}
        assert check(store.path).sound
    assert dump(two.ann.path) == dump(two.bo.path)
    two.ann.history.undo()
    assert list(two.conflicts()) == [conflict.name]


def test_different_fields_of_an_entry_join_silently(two: Two) -> None:
    seen = two.ann.occurrences.log(two.pitfall, platform="ios")
    _amended_at_once(two, seen, {"message": "errCode:1"}, {"note": "after an update", "count": 2})
    assert two.conflicts() == {}
    with Board.open(two.bo.path) as board:
        [one] = board.occurrences.of(two.pitfall)
        assert (one.message, one.note.plain, one.count) == ("errCode:1", "after an update", 2)


def test_of_one_amendment_each_field_is_in_conflict_for_itself(two: Two) -> None:
    thread = two.ann.links.add(two.pitfall, "https://example.com/1", title="A thread")
    both = {"title": "The thread", "quote": "We look into it."}
    _amended_at_once(two, thread, both, {"title": "A long thread", "quote": "By design."})
    title, quote = (two.conflicts()[f"{thread}.{part}"] for part in ("title", "quote"))
    two.ann.conflicts.resolve(two.pitfall, title.name, title.claims[1].event)
    assert list(two.conflicts()) == [quote.name]
    two.exchange()
    with Board.open(two.bo.path) as board:
        [reference] = board.pitfall(two.pitfall).references
        assert (reference.title.plain, reference.quote.plain) == ("The thread", "By design.")
    with pytest.raises(NotFound, match="No value"):
        two.ann.conflicts.resolve(two.pitfall, title.name, title.claims[1].event)


def test_whoever_amends_anew_has_seen_both(two: Two) -> None:
    comment = two.ann.comments.add(two.pitfall, "Here, too")
    _amended_at_once(two, comment, {"text": "On Android, too"}, {"text": "On iOS, too"})
    two.bo.entries.edit(two.pitfall, comment, {"text": "Everywhere"})
    two.exchange()
    assert two.conflicts() == two.conflicts(two.bo) == {}


def test_restoring_an_earlier_value_of_an_entry_settles_it_too(two: Two) -> None:
    comment = two.ann.comments.add(two.pitfall, "Here, too")
    _amended_at_once(two, comment, {"text": "On Android, too"}, {"text": "On iOS, too"})
    [conflict] = two.conflicts().values()
    two.ann.history.revert(two.pitfall, conflict.claims[0].event)
    two.exchange()
    assert two.conflicts() == two.conflicts(two.bo) == {}


def test_what_is_out_of_sight_is_in_conflict_no_more_until_it_is_shown_again(two: Two) -> None:
    comment = two.ann.comments.add(two.pitfall, "Here, too")
    _amended_at_once(two, comment, {"text": "On Android, too"}, {"text": "On iOS, too"})
    two.ann.entries.hide(two.pitfall, comment)
    assert two.conflicts() == {}
    two.ann.history.undo()
    assert len(two.conflicts()) == 1


def test_a_value_that_no_longer_goes_with_the_others_is_refused(two: Two) -> None:
    two.ann.status.set(
        two.pitfall, "fixed upstream", axis="client", from_version="4.1", last_affected="4.0"
    )
    with Board.open(two.ann.path) as board:
        [fix] = board.pitfall(two.pitfall).fixes
    _amended_at_once(two, fix.id, {"from_version": ""}, {"from_version": "4.2"})
    two.bo.entries.edit(two.pitfall, fix.id, {"last_affected": ""})
    [conflict] = two.conflicts(two.bo).values()
    with pytest.raises(Refused, match="a fix needs the version"):
        two.bo.conflicts.resolve(two.pitfall, conflict.name, conflict.claims[1].event)
    assert list(two.conflicts(two.bo)) == [conflict.name]


def test_restoring_a_value_that_no_longer_goes_with_the_others_says_why(two: Two) -> None:
    two.ann.fixes.record(two.pitfall, axis="client", last_affected="4.0")
    with Board.open(two.ann.path) as board:
        [fix] = board.pitfall(two.pitfall).fixes
    two.ann.entries.edit(two.pitfall, fix.id, {"from_version": "4.1"})
    with Board.open(two.ann.path) as board:
        given = board.history.timeline(two.pitfall)[0].event
    two.ann.entries.edit(two.pitfall, fix.id, {"last_affected": ""})
    with pytest.raises(Refused, match="a fix needs the version"):
        two.ann.history.revert(two.pitfall, given)


def test_the_catalogue_never_conflicts_with_what_a_person_wrote(tmp_path: Path) -> None:
    first = Store.open(tmp_path / "a.db", catalogue=seeds.lines, edition=seeds.EDITION)
    with Board.open(first.path) as board:
        pitfall = board.find(parse("")).page(0, 1)[0].id
    first.pitfalls.edit(pitfall, {"severity": "S1"})
    import_events(first.session, seeds.lines())
    with Board.open(first.path) as board:
        assert board.pitfall(pitfall).conflicts == ()
    first.close()
