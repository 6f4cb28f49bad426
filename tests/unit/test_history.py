"""What the lines of a history are about, and which of them are read."""

from __future__ import annotations

import pytest

from storage.events import KINDS, kinds_of, sort_of
from storage.model.records import Line
from storage.model.row import Text
from storage.model.vocabulary import HistoryCategory
from storage.read.board import Board
from storage.read.history import OF_ITEMS, SpanKind, is_of, words_changed
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY, Wall


def a_line(what: str, **values: object) -> Line:
    return Line("0" * 32, "ab12cd34ab12cd34", MONDAY, "Ann", what)._replace(**values)  # type: ignore[arg-type]


def test_every_kind_of_event_is_of_a_sort_and_every_sort_has_kinds() -> None:
    sorts = {sort_of(kind) for kind in KINDS if kind not in OF_ITEMS}
    assert sorts == set(HistoryCategory)
    for kind in OF_ITEMS:
        assert sort_of(kind, "fix_recorded") is HistoryCategory.FIXES
    assert sort_of("later") is None
    assert set(KINDS) == set(kinds_of(HistoryCategory))
    assert set(OF_ITEMS) == {kind for kind, body in KINDS.items() if body.entry_words}


def test_what_was_taken_back_is_of_two_sorts() -> None:
    void = a_line("comment_added", void=True, sort=HistoryCategory.COMMENTS)
    assert is_of(void, [HistoryCategory.TAKEN_BACK])
    assert is_of(void, [HistoryCategory.COMMENTS])
    assert not is_of(void, [HistoryCategory.FIXES])
    assert is_of(void, [])


@pytest.mark.parametrize(
    ("line", "compared"),
    [
        (a_line("field_set", field="workaround"), True),
        (a_line("field_set", field="title"), False),
        (a_line("item_amended", field="comment_added", part="text"), True),
        (a_line("item_amended", field="fix_recorded", part="from_version"), False),
        (a_line("item_hidden", field="comment_added"), False),
    ],
)
def test_only_long_texts_are_compared_word_by_word(line: Line, compared: bool) -> None:
    spans = words_changed(line._replace(before=Text("a b"), after=Text("a c", "甲")), "en")
    assert bool(spans) is compared
    if compared:
        assert [span.sort for span in spans] == [SpanKind.KEPT, SpanKind.REMOVED, SpanKind.ADDED]
    assert words_changed(line._replace(after=Text("a c")), "en") == ()


def test_the_newest_changes_of_some_sorts_in_some_days(store: Store, wall: Wall) -> None:
    one, other = store.pitfalls.report("x"), store.pitfalls.report("y")
    for _ in range(5):
        wall.ms += DAY_MS
        store.comments.add(one, "said")
        store.pitfalls.edit(other, {"title": f"y{wall.ms}"})
    store.history.undo()
    with Board.open(store.path) as board:

        def found(
            *sorts: HistoryCategory, limit: int = 99, days: tuple[int, int] = (0, 9)
        ) -> list[str]:
            since, until = (MONDAY + day * DAY_MS for day in days)
            lines = board.history.newest_changes(limit, sorts=sorts, between=(since, until))
            return [line.what for line in lines]

        assert found(HistoryCategory.COMMENTS) == ["comment_added"] * 5
        assert found(HistoryCategory.COMMENTS, limit=2) == ["comment_added"] * 2
        assert found(HistoryCategory.TAKEN_BACK) == ["undone", "field_set"]
        assert found(HistoryCategory.TAKEN_BACK, limit=1) == ["undone"]
        assert found(HistoryCategory.FIXES) == []
        assert found(HistoryCategory.COMMENTS, days=(2, 4)) == ["comment_added"] * 2
        assert found(days=(0, 1)) == ["reported", "reported"]


def test_occurrences_that_are_not_told_of_are_counted(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    for _ in range(5):
        store.occurrences.log(pitfall, count=3)
    with Board.open(store.path) as board:
        assert board.history.older_occurrences(pitfall, 2) == 3
        assert board.history.older_occurrences(pitfall) == 0


def test_each_change_of_several_pitfalls_stands_in_the_history_once(store: Store) -> None:
    for number in range(5):
        store.pitfalls.report(f"Pitfall {number}", occurrence={"platform": "ios"})
    with Board.open(store.path) as board:
        lines = board.history.newest_changes(100)
        assert len({line.event for line in lines}) == len(lines)
        assert sum(line.what == "occurrence_logged" for line in lines) == 5
        for line in lines:
            assert line.event in {one.event for one in board.history.timeline(line.pitfall)}
