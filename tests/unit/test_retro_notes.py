"""What a team notes when it looks back: through the store, and read again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.check import check
from storage.errors import NotFound, Refused
from storage.model.vocabulary import NoteSort
from storage.read import Board
from storage.retro.notes import Notes
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY, Wall, dump


@pytest.fixture
def notes(store: Store) -> Iterator[Notes]:
    with Notes.open(store.path) as notes:
        yield notes


def test_a_note_says_who_and_when_and_about_what(store: Store, notes: Notes) -> None:
    pitfall = store.report("White picture")
    about = store.note_retro("Ask again", sort="follow-up", owner="Bo", due="2026-12-01",
                             pitfall=pitfall)  # fmt: skip
    whole = store.note_retro("A quiet week")
    first, second = sorted(notes.notes(MONDAY, MONDAY + 1), key=lambda one: one.text)
    assert (first.id, first.sort, first.pitfall, first.owner) == (whole, NoteSort.NOTE, "", "")
    assert (second.id, second.sort, second.pitfall) == (about, NoteSort.FOLLOW_UP, pitfall)
    assert (second.owner, second.due, second.who) == ("Bo", "2026-12-01", "Ann")
    assert notes.notes(MONDAY + 1, MONDAY + DAY_MS) == ()


def test_follow_ups_are_due_until_they_are_done(store: Store, notes: Notes, wall: Wall) -> None:
    late = store.note_retro("Late", sort="follow-up", due="2026-12-24")
    soon = store.note_retro("Soon", sort="follow-up", due="2026-11-30")
    some = store.note_retro("Some day", sort="follow-up")
    store.note_retro("Not to be done", sort="decision")
    wall.ms += 7 * DAY_MS
    assert [one.id for one in notes.due(wall.ms)] == [soon, late, some]
    assert notes.due(MONDAY) == ()
    store.finish_follow_ups([soon, some])
    assert [one.id for one in notes.due(wall.ms)] == [late]
    assert notes.note(soon).done_on == "2026-11-30"
    store.undo()
    assert [one.id for one in notes.due(wall.ms)] == [soon, late, some]
    assert check(store.path).sound


def test_a_note_is_amended_hidden_and_taken_back(store: Store, notes: Notes) -> None:
    noted = store.note_retro("Ask them", sort="follow-up")
    store.amend("0" * 16, noted, {"text": "Ask them on Monday", "owner": "Bo"})
    assert (notes.note(noted).text.plain, notes.note(noted).owner) == ("Ask them on Monday", "Bo")
    store.hide("0" * 16, noted)
    with pytest.raises(NotFound):
        notes.note(noted)
    assert store.undo().kinds == ("item_hidden",)
    assert notes.note(noted).owner == "Bo"
    store.undo()
    assert store.undo().title.plain == "Ask them"
    assert notes.notes(0, MONDAY + DAY_MS) == ()


def test_what_is_about_no_pitfall_is_no_pitfall(store: Store) -> None:
    told: list[frozenset[str]] = []
    store.note_retro("Everything")
    store.subscribe(told.append)
    with Board.open(store.path) as board:
        assert board.glances() == {}
        [line] = board.newest_changes(10)
    assert (line.pitfall, line.what, line.after.plain) == ("", "retro_noted", "Everything")
    before = dump(store.path)
    store.rebuild()
    assert dump(store.path) == before


def test_a_step_goes_by_the_note_that_it_changed(store: Store) -> None:
    first = store.note_retro("First", sort="follow-up")
    store.note_retro("Second")
    store.amend("0" * 16, first, {"text": "The first"})
    store.finish_follow_ups(first)
    step = store.undo()
    assert (step.title.plain, step.pitfalls) == ("The first", ())
    assert store.redo().title.plain == "The first"
    store.hide("0" * 16, first)
    # What is out of sight goes by what was noted first.
    assert store.undo().title.plain == "First"


def test_what_is_refused(store: Store, wall: Wall) -> None:
    note = store.note_retro("Only a note")
    done = store.note_retro("Done", sort="follow-up")
    store.finish_follow_ups(done, done_on="2026-11-20")
    for refused in (
        lambda: store.note_retro(" "),
        lambda: store.note_retro("x", sort="wish"),
        lambda: store.note_retro("x", due="tomorrow"),
        lambda: store.finish_follow_ups(note),
        lambda: store.finish_follow_ups(done),
        lambda: store.finish_follow_ups(done, done_on="2026-12-01"),
    ):
        with pytest.raises(Refused):
            refused()
    for unknown in ("0" * 32, done[:8]):
        with pytest.raises(NotFound):
            store.finish_follow_ups(unknown)
    with pytest.raises(NotFound):
        store.note_retro("x", pitfall="abcd")
