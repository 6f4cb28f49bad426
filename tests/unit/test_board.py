"""Reading a board: the list and its pages, one pitfall and its names, weeks and history."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest

from storage.db.reader import recorded_on
from storage.errors import Ambiguous, NotFound, Unusable
from storage.imports.importer import import_events
from storage.model.environment import Environment
from storage.model.row import (
    InboxReason,
    Kind,
    OccurrenceTotals,
    Row,
    Severity,
    Status,
    Text,
    Triage,
)
from storage.model.vocabulary import Across, Channel, Host, Platform
from storage.query.parser import parse
from storage.query.tree import Query, SortKey
from storage.read.board import Board
from storage.read.listing import COUNTS_IN_VIEW
from storage.text.search_text import order_key
from storage.text.zones import week_of
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY, Wall, line


@pytest.fixture
def board(store: Store) -> Iterator[Board]:
    with Board.open(store.path) as board:
        yield board


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """Forty pitfalls that share values in every mixture, some of them never seen."""
    path = tmp_path_factory.mktemp("crowded") / "board.db"
    store = Store.open(path, now=Wall())
    kinds = product(("S1", "S3"), ("", "wx.b", "wx.A"), ("", "Wait."), (None, 3, 1))
    for n, (severity, component, workaround, day) in enumerate(kinds):
        pitfall = store.pitfalls.report(
            f"{'zZaA'[n % 4]} {n % 7}",
            severity=severity,
            component=component,
            workaround=workaround,
        )
        if n == 0:
            store.occurrences.log(pitfall, seen_at=0)
        elif day is not None:
            store.occurrences.log(pitfall, seen_at=MONDAY - day * DAY_MS)
    values = {"title": {"en": "no", "zh": "准一号"}, "component": {"en": "x", "zh": "登录"}}
    import_events(
        store.session, [line(pitfall=f"{n:016x}", seq=n, body=values) for n in range(1, 5)]
    )
    store.close()
    with Board.open(path) as board:
        yield board


def last_seen(row: Row) -> int:
    """Never seen counts as seen before all others."""
    seen = row.totals.last_seen
    return -1 if seen is None else seen


# The list


_ORDER: dict[SortKey, Callable[[Row], Any]] = {
    SortKey.SEEN: lambda row: -last_seen(row),
    SortKey.STATUS: lambda row: (list(Status).index(row.status), -last_seen(row)),
    SortKey.SEVERITY: lambda row: (row.severity, -last_seen(row)),
    SortKey.COMPONENT: lambda row: (row.component.plain, -last_seen(row)),
    SortKey.TITLE: lambda row: order_key(row.title.plain),
}


@pytest.mark.parametrize("sort", _ORDER)
def test_the_list_is_sorted(crowded: Board, sort: SortKey) -> None:
    rows = crowded.find(Query(sort=sort)).page(0, 100)
    assert len(rows) == 40
    keys = [_ORDER[sort](row) for row in rows]
    assert keys == sorted(keys)
    # Among equals the one that came later stands first, so that new ones show.
    for one, other in pairwise(rows):
        if _ORDER[sort](one) == _ORDER[sort](other):
            assert one.rowid > other.rowid


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("sort", _ORDER)
def test_the_reverse_order_is_the_order_reversed(
    crowded: Board, sort: SortKey, language: str
) -> None:
    down, up = (
        crowded.find(Query(sort=sort, reverse=reverse), language=language).page(0, 100)
        for reverse in (False, True)
    )
    assert up == down[::-1]


def test_titles_are_sorted_as_they_are_read(crowded: Board) -> None:
    rows = crowded.find(Query(sort=SortKey.TITLE), language="zh_CN").page(0, 100)
    # It is read zhun yi hao, which is behind z.
    assert [row.title.read("zh_CN") for row in rows[-4:]] == ["准一号"] * 4
    assert rows != crowded.find(Query(sort=SortKey.TITLE), language="en").page(0, 100)


@pytest.mark.parametrize("text", ["", "severity:S1", "sort:-component", "z", "a sort:title"])
def test_pages_join_to_the_whole_and_every_row_knows_its_place(crowded: Board, text: str) -> None:
    listing = crowded.find(parse(text))
    whole = listing.page(0, listing.total)
    assert len(whole) == listing.total > 3
    for size in (1, 7, 100):
        pages = [listing.page(offset, size) for offset in range(0, listing.total, size)]
        assert [row for page in pages for row in page] == whole
    assert [listing.place(row.id) for row in whole] == list(range(len(whole)))
    assert listing.page(listing.total, 5) == []
    assert listing.page(listing.total - 1, 5) == whole[-1:]


def test_what_does_not_answer_has_no_place(crowded: Board) -> None:
    other = crowded.find(parse("severity:S3")).page(0, 1)[0].id
    for text in ("severity:S1", "z severity:S1"):
        assert crowded.find(parse(text)).place(other) is None
    assert crowded.find(Query()).place("ffff") is None


def test_the_empty_board_is_empty(board: Board) -> None:
    for query in (Query(), parse("x"), parse("status:open sort:title")):
        listing = board.find(query)
        assert (listing.total, listing.page(0, 10)) == (0, [])
        assert set(board.find(query).counts.values()) == {0}
    assert not board.names.components()
    assert not board.names.tags()
    assert not board.history.newest_changes(9)
    assert board.occurrences.last_environment() == Environment()
    with pytest.raises(NotFound):
        board.resolve("ab")


def test_counts_leave_the_status_filter_aside(store: Store, board: Board) -> None:
    store.pitfalls.report("one")
    store.pitfalls.report("two", workaround="Wait.")
    store.pitfalls.report("three", workaround="Wait.", kind="docs")
    wanted = {Status.OPEN: 1, Status.WORKAROUND: 2, Status.FIXED_UPSTREAM: 0}
    assert board.find(Query()).counts == wanted == board.find(parse("status:open")).counts
    assert board.find(parse("kind:bug")).counts == wanted | {Status.WORKAROUND: 1}
    assert board.find(parse("three status:open")).counts == {
        Status.OPEN: 0,
        Status.WORKAROUND: 1,
        Status.FIXED_UPSTREAM: 0,
    }


def test_what_has_left_the_board_is_counted_in_no_status(store: Store, board: Board) -> None:
    first = store.pitfalls.report("one")
    waiting, other, gone = (store.pitfalls.report(t, workaround="Wait.") for t in "abc")
    assert board.find(Query()).counts[Status.WORKAROUND] == 3
    store.triage.decline(gone, "by-design")
    store.triage.mark_duplicate(other, waiting)
    store.status.set(first, "fixed upstream", axis="client", from_version="4.1.9")
    wanted = {Status.OPEN: 0, Status.WORKAROUND: 1, Status.FIXED_UPSTREAM: 1}
    # Of all, of those that a filter takes, and of those that are gone through row by row.
    for text in ("", "kind:bug", "count:0"):
        assert board.find(parse(text)).counts == wanted, text
    store.triage.decline(store.pitfalls.report("d"), "by-design")
    assert board.find(Query()).counts == wanted
    assert board.find(parse("triage:declined")).total == 2
    # What waits for a decision and what is settled are counted from an index each.
    for decide in (store.triage.requeue, store.triage.accept):
        for pitfall in (first, waiting):
            decide(pitfall)
            for text in ("", "kind:bug"):
                assert board.find(parse(text)).counts == wanted, (decide, text)


def test_a_duplicate_counts_by_its_status_until_its_original_comes(
    store: Store, board: Board
) -> None:
    here = {"pitfall": "ab12cd34ab12cd34"}
    said = {"title": "b", "kind": "bug", "status": "fixed upstream"}
    lines = [
        line(**here, kind="reported", body=said),
        line(**here, kind="duplicate_marked", seq=2, hlc=2, body={"of": "cd34ab12cd34ab12"}),
    ]
    import_events(store.session, lines)
    for text in ("", "kind:bug", "triage:duplicate"):
        assert board.find(parse(text)).counts[Status.FIXED_UPSTREAM] == 1, text
    original = {**here, "pitfall": "cd34ab12cd34ab12"}
    said = {"title": "a", "kind": "bug"}
    import_events(store.session, [line(**original, kind="reported", seq=3, hlc=3, body=said)])
    assert board.find(Query()).counts == {**dict.fromkeys(Status, 0), Status.OPEN: 1}


def test_counts_and_links_are_searched_for_and_not_gone_through(store: Store) -> None:
    links = f"SELECT id FROM pitfall_references WHERE {recorded_on('pitfall_references', '?1')}"
    with closing(sqlite3.connect(store.path)) as connection:
        for sql, values, searches in (
            (COUNTS_IN_VIEW, (), len(Status) * 2 - 1),
            (links, ("x",), 3),
        ):
            rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
            plan = [row[-1] for row in rows]
            assert sum(step.startswith("SEARCH") for step in plan) == searches, plan
            # SQLite counts all rows from the pages of an index.
            scanned = [step for step in plan if step.startswith("SCAN") and "CONSTANT" not in step]
            assert all("COVERING INDEX" in step for step in scanned), plan


def test_a_row_says_what_the_pitfall_says(store: Store, board: Board) -> None:
    pitfall = store.pitfalls.report(
        "x", kind="limit", component="wx.a", severity="S2", workaround="Wait."
    )
    store.occurrences.log(pitfall, seen_at=MONDAY - DAY_MS, count=3)
    store.occurrences.log(pitfall, outcome="not-reproduced", count=2)
    [row] = board.find(Query()).page(0, 10)
    assert row == Row(
        rowid=row.rowid,
        id=pitfall,
        title=Text("x"),
        kind=Kind.LIMIT,
        component=Text("wx.a"),
        severity=Severity.S2,
        status=Status.WORKAROUND,
        totals=OccurrenceTotals(3, MONDAY - DAY_MS, MONDAY - DAY_MS, 2),
        triage=Triage.INBOX,
        inbox_reason=InboxReason.NEW,
        workaround_at=MONDAY,
    )


def test_it_notices_what_others_write(store: Store, board: Board) -> None:
    before = board.version()
    assert board.version() == before
    store.pitfalls.report("x")
    assert board.version() != before
    assert board.find(Query()).total == 1


def test_a_snapshot_is_of_one_moment(store: Store, board: Board) -> None:
    with board.snapshot():
        assert board.find(Query()).total == 0
        store.pitfalls.report("x")
        assert board.find(Query()).total == 0
    assert board.find(Query()).total == 1


# Weeks


def test_weeks_begin_on_mondays() -> None:
    assert week_of(MONDAY - 8 * 60 * 60 * 1000) == week_of(MONDAY)
    assert week_of(MONDAY - 8 * 60 * 60 * 1000 - 1) == week_of(MONDAY) - 1
    assert week_of(0) == 0
    assert week_of(4 * DAY_MS) == 1


def test_occurrences_are_counted_by_weeks(store: Store, board: Board) -> None:
    one, other = store.pitfalls.report("x"), store.pitfalls.report("y")
    for days, count in ((0, 1), (0, 2), (7, 4), (70, 8)):
        store.occurrences.log(one, seen_at=MONDAY - days * DAY_MS, count=count)
    store.occurrences.log(one, outcome="not-reproduced", count=100)
    week = week_of(MONDAY)
    assert board.list.weeks([one, other], week, 3) == {one: [0, 4, 3], other: [0, 0, 0]}
    assert board.list.weeks([one], week - 1, 2) == {one: [0, 4]}
    assert board.list.weeks([one], week, 11) == {one: [8, *[0] * 8, 4, 3]}
    assert board.list.weeks([], week, 3) == {}


# Names


def test_any_unique_beginning_of_an_id_will_do(store: Store, board: Board) -> None:
    ids = tuple(one.ljust(16, "0") for one in ("abcd1234", "abcd1299", "abce", "ffff1", "ffff2"))
    import_events(
        store.session,
        [line(pitfall=name, seq=n, body={"title": name}) for n, name in enumerate(ids, 1)],
    )
    shorts = {name: board.short_id(name) for name in ids}
    assert list(shorts.values()) == ["abcd123", "abcd129", "abce", "ffff1", "ffff2"]
    for name, short in shorts.items():
        assert board.resolve(short) == board.resolve(name) == name
        assert board.resolve(f" {short.upper()} ") == name
    assert board.resolve("abce") == ids[2]
    with pytest.raises(Ambiguous) as several:
        board.resolve("abc")
    assert several.value.candidates == [
        ("abcd123", Text(ids[0])),
        ("abcd129", Text(ids[1])),
        ("abce", Text(ids[2])),
    ]
    for nothing in ("0", "abcd12345", "", " ", "zz", "%", "'"):
        with pytest.raises(NotFound):
            board.resolve(nothing)


def test_what_is_not_on_the_board_is_not_found(board: Board) -> None:
    with pytest.raises(NotFound, match="abcd"):
        board.pitfall("abcd")
    assert board.occurrences.totals("abcd") == OccurrenceTotals()
    assert not board.occurrences.of("abcd")
    assert not board.history.timeline("abcd")


# One pitfall


def test_occurrences_come_newest_first_and_by_pages(store: Store, board: Board) -> None:
    pitfall = store.pitfalls.report("x")
    logged = [store.occurrences.log(pitfall, seen_at=MONDAY - n * DAY_MS) for n in (2, 0, 1)]
    newest_first = [logged[1], logged[2], logged[0]]
    assert [one.id for one in board.occurrences.of(pitfall)] == newest_first
    assert [one.id for one in board.occurrences.of(pitfall, 1, 1)] == newest_first[1:2]


def test_environments_are_tallied(store: Store, board: Board) -> None:
    pitfall = store.pitfalls.report("x")
    store.occurrences.log(pitfall, host="wecom", platform="ios", count=2)
    store.occurrences.log(pitfall, host="wecom", platform="ios", outcome="not-reproduced")
    store.occurrences.log(pitfall, seen_at=5)
    nowhere, ios = board.occurrences.environments(pitfall)
    assert (nowhere.host, nowhere.reproduced, nowhere.last_at) == (None, 1, 5)
    assert (ios.host, ios.platform, ios.channel) == (Host.WECOM, Platform.IOS, None)
    assert (ios.reproduced, ios.not_reproduced, ios.last_at) == (2, 1, MONDAY)


def test_components_and_tags_come_by_use(store: Store, board: Board) -> None:
    store.pitfalls.report("x", component="b", tags=["t", "u"])
    store.pitfalls.report("y", component="b", tags=["u"])
    store.pitfalls.report("z", component="a")
    store.pitfalls.report("none")
    assert board.names.components() == ["b", "a"]
    assert board.names.tags() == ["u", "t"]


def test_the_timeline_tells_it_newest_first_with_what_was_taken_back(
    store: Store, board: Board
) -> None:
    pitfall = store.pitfalls.report("x", severity="S3")
    store.pitfalls.edit(pitfall, {"severity": "S1"})
    store.occurrences.log(pitfall, message="fail")
    store.pitfalls.edit(pitfall, {"severity": "S2"})
    store.history.undo()
    import_events(
        store.session, [line(pitfall=pitfall, kind="moved", body={}, hlc=(MONDAY + 9) << 16)]
    )
    output = [
        (one.what, one.before.plain, one.after.plain, one.void)
        for one in board.history.timeline(pitfall)
    ]
    assert output == [
        ("moved", "", "", False),
        ("undone", "", "", False),
        ("field_set", "S1", "S2", True),
        ("occurrence_logged", "", "fail", False),
        ("field_set", "S3", "S1", False),
        ("reported", "", "x", False),
    ]
    assert [one.known for one in board.history.timeline(pitfall)] == [False, *[True] * 5]


def test_the_timeline_shows_as_many_occurrences_as_asked_for(store: Store, board: Board) -> None:
    pitfall = store.pitfalls.report("x")
    for _ in range(5):
        store.occurrences.log(pitfall)
    assert len(board.history.timeline(pitfall, occurrences=2)) == 3
    assert len(board.history.timeline(pitfall)) == 6


def test_the_newest_changes_are_those_that_arrived_last(store: Store, board: Board) -> None:
    one, other = store.pitfalls.report("x"), store.pitfalls.report("y")
    store.comments.add(one, "late")
    early = line(pitfall=other, kind="comment_added", body={"text": "early, heard late"}, hlc=1)
    import_events(store.session, [early])
    changes = board.history.newest_changes(3)
    assert [(one.pitfall, one.what) for one in changes] == [
        (other, "comment_added"),
        (one, "comment_added"),
        (other, "reported"),
    ]


def test_a_closed_file_is_explained(store: Store) -> None:
    board = Board.open(store.path)
    board.close()
    with pytest.raises(Exception, match="closed"):
        board.find(Query())
    with pytest.raises(Unusable, match="no board"):
        Board.open(store.path.with_name("other.db"))


def test_a_file_of_another_shape_can_not_be_read_and_nothing_is_called_unsaved(
    tmp_path: Path,
) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE t (x)")
    with Board.open(tmp_path / "other.db") as board, pytest.raises(Unusable, match="no such table"):
        board.find(Query())


def test_environments_are_tallied_across_versions_and_listed_behind_each(
    store: Store, board: Board
) -> None:
    pitfall = store.pitfalls.report("x")
    where = {"host": "wecom", "platform": "ios"}
    store.occurrences.log(pitfall, **where, base_library="2.30.4", channel="preview", count=2)
    late = store.occurrences.log(
        pitfall, **where, base_library="2.30.4", seen_at=MONDAY - 1, outcome="not-reproduced"
    )
    unsaid = store.occurrences.log(pitfall, **where, client_version="4.1.8")
    by_library = board.occurrences.environments(pitfall, Across.LIBRARY)
    assert [(one.version, one.reproduced, one.not_reproduced) for one in by_library] == [
        (None, 1, 0),
        ("2.30.4", 2, 1),
    ]
    nothing, library = by_library
    assert (library.last_reproduced, library.last_not_reproduced) == (MONDAY, MONDAY - 1)
    assert (library.channel, library.across) == (None, Across.LIBRARY)
    assert [one.id for one in board.occurrences.of(pitfall, within=nothing)] == [unsaid]
    assert len(board.occurrences.of(pitfall, within=library)) == 2
    assert [one.id for one in board.occurrences.of(pitfall, 1, 1, within=library)] == [late]
    by_client = board.occurrences.environments(pitfall, Across.CLIENT)
    assert [one.version for one in by_client] == [None, "4.1.8"]
    preview = next(
        one for one in board.occurrences.environments(pitfall) if one.channel is Channel.PREVIEW
    )
    assert len(board.occurrences.of(pitfall, within=preview)) == 1
