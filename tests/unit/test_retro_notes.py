"""What a team notes when it looks back: through the store, and read again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.check import check
from storage.errors import NotFound, Refused
from storage.model.row import Text
from storage.model.vocabulary import NoteKind
from storage.read.board import Board
from storage.retro.happened import RetroNoteReader
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY, Wall, dump


@pytest.fixture
def notes(store: Store) -> Iterator[RetroNoteReader]:
    with RetroNoteReader.open(store.path) as notes:
        yield notes


def test_a_note_says_who_and_when_and_about_what(store: Store, notes: RetroNoteReader) -> None:
    pitfall = store.pitfalls.report("White picture")
    about = store.retro.note("Ask again", sort="follow-up", owner="Bo", due="2026-12-01",
                             pitfall=pitfall)  # fmt: skip
    whole = store.retro.note("A quiet week")
    first, second = sorted(notes.notes(MONDAY, MONDAY + 1), key=lambda one: one.text)
    assert (first.id, first.sort, first.pitfall, first.owner) == (whole, NoteKind.NOTE, "", "")
    assert (second.id, second.sort, second.pitfall) == (about, NoteKind.FOLLOW_UP, pitfall)
    assert (second.owner, second.due, second.who) == ("Bo", "2026-12-01", "Ann")
    assert notes.notes(MONDAY + 1, MONDAY + DAY_MS) == ()


def test_follow_ups_are_due_until_they_are_done(
    store: Store, notes: RetroNoteReader, wall: Wall
) -> None:
    late = store.retro.note("Late", sort="follow-up", due="2026-12-24")
    soon = store.retro.note("Soon", sort="follow-up", due="2026-11-30")
    some = store.retro.note("Some day", sort="follow-up")
    store.retro.note("Not to be done", sort="decision")
    wall.ms += 7 * DAY_MS
    assert [one.id for one in notes.due(wall.ms)] == [soon, late, some]
    assert notes.due(MONDAY) == ()
    store.retro.finish([soon, some])
    assert [one.id for one in notes.due(wall.ms)] == [late]
    assert notes.note(soon).done_on == "2026-11-30"
    store.history.undo()
    assert [one.id for one in notes.due(wall.ms)] == [soon, late, some]
    assert check(store.path).sound


def test_a_note_is_amended_hidden_and_taken_back(store: Store, notes: RetroNoteReader) -> None:
    noted = store.retro.note("Ask them", sort="follow-up")
    store.entries.edit("0" * 16, noted, {"text": "Ask them on Monday", "owner": "Bo"})
    assert (notes.note(noted).text.plain, notes.note(noted).owner) == ("Ask them on Monday", "Bo")
    store.entries.hide("0" * 16, noted)
    with pytest.raises(NotFound):
        notes.note(noted)
    assert store.history.undo().changes == (("item_hidden", ""),)
    assert notes.note(noted).owner == "Bo"
    store.history.undo()
    assert store.history.undo().titles == (Text("Ask them"),)
    assert notes.notes(0, MONDAY + DAY_MS) == ()


def test_what_is_about_no_pitfall_is_no_pitfall(store: Store) -> None:
    output: list[frozenset[str]] = []
    store.retro.note("Everything")
    store.subscribe(output.append)
    with Board.open(store.path) as board:
        assert board.list.glances() == {}
        [line] = board.history.newest_changes(10)
    assert (line.pitfall, line.what, line.after.plain) == ("", "retro_noted", "Everything")
    before = dump(store.path)
    store.rebuild()
    assert dump(store.path) == before


def test_a_step_goes_by_the_note_that_it_changed(store: Store) -> None:
    first = store.retro.note("First", sort="follow-up")
    store.retro.note("Second")
    store.entries.edit("0" * 16, first, {"text": "The first"})
    store.retro.finish(first)
    step = store.history.undo()
    assert (step.titles, step.pitfalls) == ((Text("The first"),), ())
    assert store.history.redo().titles == (Text("The first"),)
    store.entries.hide("0" * 16, first)
    # What is out of sight goes by what was noted first.
    assert store.history.undo().titles == (Text("First"),)


def test_what_is_refused(store: Store, wall: Wall) -> None:
    note = store.retro.note("Only a note")
    done = store.retro.note("Done", sort="follow-up")
    store.retro.finish(done, done_on="2026-11-20")
    for refused in (
        lambda: store.retro.note(" "),
        lambda: store.retro.note("x", sort="wish"),
        lambda: store.retro.note("x", due="tomorrow"),
        lambda: store.retro.finish(note),
        lambda: store.retro.finish(done),
        lambda: store.retro.finish(done, done_on="2026-12-01"),
    ):
        with pytest.raises(Refused):
            refused()
    for unknown in ("0" * 32, done[:8]):
        with pytest.raises(NotFound):
            store.retro.finish(unknown)
    with pytest.raises(NotFound):
        store.retro.note("x", pitfall="abcd")
