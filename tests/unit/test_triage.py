from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.check import check
from storage.errors import NotFound, Refused
from storage.exports.whole_board import export_events
from storage.imports.importer import import_events
from storage.model.row import Decision, DeclineReason, InboxReason, Triage
from storage.query.parser import parse
from storage.query.tree import Query
from storage.read.board import Board
from storage.write.store import Store
from tests.boards import fresh
from tests.earlier import written_by
from tests.records import DAY_MS, MONDAY


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(fresh(tmp_path / "board.db"), who="Lin", now=lambda: MONDAY)
    yield store
    store.close()


@pytest.fixture
def board(store: Store) -> Iterator[Board]:
    store.pitfalls.report("The first of all")
    with Board.open(store.path) as board:
        yield board


def listed(board: Board, query: str = "") -> set[str]:
    listing = board.find(parse(query) if query else Query())
    return {row.id for row in listing.page(0, 100)}


def test_what_is_reported_waits_in_the_inbox(store: Store, board: Board) -> None:
    pitfall = store.pitfalls.report("White picture", inbox="imported")
    decision = board.pitfall(pitfall).decision
    assert (decision.triage, decision.inbox_reason) == (Triage.INBOX, InboxReason.IMPORTED)
    assert decision.at == MONDAY


def test_a_report_comes_with_the_occurrence_it_was_found_by(store: Store, board: Board) -> None:
    pitfall = store.pitfalls.report(
        "qy.login:fail", inbox="unmatched", occurrence={"message": "qy.login:fail", "count": 3}
    )
    assert board.occurrences.totals(pitfall).count == 3
    store.history.undo()
    with pytest.raises(NotFound):
        board.pitfall(pitfall)


def test_accepting_asks_for_severity_and_component_at_once(store: Store, board: Board) -> None:
    pitfalls = [store.pitfalls.report("One"), store.pitfalls.report("Two")]
    store.triage.accept(pitfalls, severity="S1", component="wx.qy.login")
    for pitfall in pitfalls:
        held = board.pitfall(pitfall)
        assert held.decision.triage is Triage.SETTLED
        assert (held.severity, held.component.plain) == ("S1", "wx.qy.login")
    store.history.undo()
    assert {board.pitfall(one).decision.triage for one in pitfalls} == {Triage.INBOX}
    assert {board.pitfall(one).severity for one in pitfalls} == {"S3"}


def test_what_is_declined_leaves_the_board_and_keeps_its_history(
    store: Store, board: Board
) -> None:
    pitfall = store.pitfalls.report("It rains")
    store.occurrences.log(pitfall, message="wet")
    store.triage.decline(pitfall, "not-ours", reason="Weather.")
    assert pitfall not in listed(board)
    assert board.pitfall(pitfall).decision.decline_reason is DeclineReason.NOT_OURS
    lines = board.history.timeline(pitfall)
    assert {"reported", "occurrence_logged", "declined"} <= {line.what for line in lines}
    assert [line.reason.plain for line in lines if line.what == "declined"] == ["Weather."]
    store.triage.requeue(pitfall)
    assert pitfall in listed(board)
    assert board.pitfall(pitfall).decision.inbox_reason is InboxReason.RETURNED


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"until": MONDAY + DAY_MS, "occurrences": 2},
        {"occurrences": 0},
        {"axis": "client", "version": "latest"},
        {"version": "4.1.8"},
        {"until": MONDAY - DAY_MS},
    ],
)
def test_a_snooze_ends_at_one_thing_ahead(
    store: Store, board: Board, values: dict[str, int]
) -> None:
    pitfall = store.pitfalls.report("x")
    with pytest.raises(Refused):
        store.triage.snooze(pitfall, **values)  # type: ignore[arg-type]
    assert board.pitfall(pitfall).decision.triage is Triage.INBOX


def test_a_snooze_counts_further_occurrences(store: Store, board: Board) -> None:
    pitfall = store.pitfalls.report("x")
    store.occurrences.log(pitfall, count=4)
    store.triage.snooze(pitfall, occurrences=2)
    wake = board.pitfall(pitfall).decision.wake
    assert wake is not None
    assert wake.at_count == 6


def test_a_snooze_waits_for_a_version_that_was_not_seen_yet(store: Store, board: Board) -> None:
    pitfall = store.pitfalls.report("x")
    store.occurrences.log(store.pitfalls.report("y"), client_version="4.1.10", base_library="2.0")
    for seen in ("4.1.9", "4.1.10"):
        with pytest.raises(Refused, match=r"4\.1\.10"):
            store.triage.snooze(pitfall, axis="client", version=seen)
    store.triage.snooze(pitfall, axis="library", version="2.1")
    assert board.inbox.decisions([pitfall], MONDAY)[pitfall].triage is Triage.SNOOZED
    store.occurrences.log(store.pitfalls.report("z"), base_library="2.1.0")
    assert board.inbox.decisions([pitfall], MONDAY)[pitfall].inbox_reason is InboxReason.WOKEN


def test_a_decision_stands_until_a_snooze_ends(store: Store, board: Board) -> None:
    late, soon, off = (
        store.pitfalls.report("x"),
        store.pitfalls.report("y"),
        store.pitfalls.report("z"),
    )
    store.triage.snooze(late, until=MONDAY + 2 * DAY_MS)
    store.triage.snooze(soon, until=MONDAY + DAY_MS)
    store.triage.decline(off, "by-design")
    then = MONDAY + DAY_MS
    standing = board.inbox.decisions([late, soon, off, "cd" * 8], then)
    assert standing == {
        late: board.pitfall(late).decision,
        soon: Decision(Triage.INBOX, then, InboxReason.WOKEN),
        off: board.pitfall(off).decision,
    }


def test_what_a_snooze_woke_waits_since_then(store: Store, board: Board) -> None:
    [first] = listed(board)
    woken = store.pitfalls.report("Snoozed until tomorrow")
    store.triage.snooze(woken, until=MONDAY + DAY_MS)
    store.session.now = lambda: MONDAY + DAY_MS // 2
    later = store.pitfalls.report("Reported meanwhile")
    then = MONDAY + 2 * DAY_MS
    assert board.inbox.next_wake(MONDAY) == MONDAY + DAY_MS
    assert board.inbox.next_wake(then) is None
    waiting = board.find(parse("inbox:yes sort:waiting"), now=then)
    assert [row.id for row in waiting.page(0, 9)] == [first, later, woken]
    assert [waiting.place(one) for one in (first, later, woken)] == [0, 1, 2]


# Duplicates


@pytest.fixture
def pair(store: Store) -> tuple[str, str]:
    """An original and what will be its duplicate, each with something of every sort."""
    names = []
    for title, message, url in (
        ("The picture is white", "saveImage:fail white", "https://a.b/1"),
        ("存出来是白图", "saveImage:fail", "https://a.b/2"),
    ):
        pitfall = store.pitfalls.report(title, references=[url], signatures=[message])
        store.occurrences.log(
            pitfall, message=message, seen_at=MONDAY, platform="android", client_version="4.1.8"
        )
        names.append(pitfall)
    return names[0], names[1]


def test_what_is_known_of_a_duplicate_counts_for_the_original(
    store: Store, board: Board, pair: tuple[str, str]
) -> None:
    original, duplicate = pair
    store.triage.mark_duplicate(duplicate, original)
    held = board.pitfall(original)
    assert [one.url for one in held.references] == ["https://a.b/1", "https://a.b/2"]
    assert [one.text for one in held.signatures] == ["saveImage:fail white", "saveImage:fail"]
    assert [one.text for one in held.own_signatures] == ["saveImage:fail white"]
    assert board.occurrences.totals(original).count == 2
    assert {one.recorded_on for one in board.occurrences.of(original)} == {original, duplicate}
    assert [tally.reproduced for tally in board.occurrences.environments(original)] == [2]
    assert listed(board, "白图") == {original}
    assert duplicate not in listed(board)
    assert board.find(parse("saveImage:fail")).page(0, 9)[0].id == original
    assert [row.id for row in board.duplicates.of(original)] == [duplicate]
    assert board.duplicates.original(duplicate) == original


def test_later_occurrences_of_a_duplicate_count_too(
    store: Store, board: Board, pair: tuple[str, str]
) -> None:
    original, duplicate = pair
    store.triage.mark_duplicate(duplicate, original)
    occurrence = store.occurrences.log(duplicate, count=5, message="a new one")
    assert board.occurrences.totals(original).count == 7
    assert board.occurrences.totals(duplicate).count == 0
    assert {one.count for one in board.occurrences.of(duplicate)} == {5, 1}
    store.entries.edit(original, occurrence, {"count": 1})
    assert board.occurrences.totals(original).count == 3
    store.entries.hide(original, occurrence)
    assert board.occurrences.totals(original).count == 2
    assert check(store.path).sound


def test_a_duplicate_is_told_from_its_original_again(
    store: Store, board: Board, pair: tuple[str, str]
) -> None:
    original, duplicate = pair
    before = board.pitfall(original), board.occurrences.totals(original)
    store.triage.mark_duplicate(duplicate, original)
    store.triage.requeue(duplicate)
    assert (board.pitfall(original), board.occurrences.totals(original)) == before
    assert board.occurrences.totals(duplicate).count == 1
    assert listed(board, "白图") == {duplicate}


def test_groups_are_flat(store: Store, board: Board, pair: tuple[str, str]) -> None:
    original, duplicate = pair
    third = store.pitfalls.report("Third")
    store.occurrences.log(third)
    store.triage.mark_duplicate(third, duplicate)
    store.triage.mark_duplicate(duplicate, original)
    assert board.duplicates.original(third) == original
    assert board.occurrences.totals(original).count == 3
    fourth = store.pitfalls.report("Fourth")
    store.triage.mark_duplicate(fourth, third)
    assert board.pitfall(fourth).decision.duplicate_of == original
    for _ in range(3):
        store.history.undo()
    assert board.duplicates.original(third) == duplicate
    assert board.occurrences.totals(duplicate).count == 2
    assert check(store.path).sound


def test_no_pitfall_is_a_duplicate_of_itself(
    store: Store, board: Board, pair: tuple[str, str]
) -> None:
    original, duplicate = pair
    with pytest.raises(Refused):
        store.triage.mark_duplicate(original, original)
    store.triage.mark_duplicate(duplicate, original)
    with pytest.raises(Refused):
        store.triage.mark_duplicate(original, duplicate)
    assert board.duplicates.original(original) == original


def test_two_people_marking_each_others_agree_on_the_original(
    store: Store, board: Board, pair: tuple[str, str], tmp_path: Path
) -> None:
    lines: list[bytes] = []
    export_events(store.path, lines.append)
    other = Store.open(tmp_path / "other.db", who="Mei", now=lambda: MONDAY)
    import_events(other.session, b"".join(lines).splitlines())
    one, two = pair
    store.triage.mark_duplicate(one, two)
    other.triage.mark_duplicate(two, one)
    for here, there in ((store, other), (other, store)):
        lines = []
        export_events(here.path, lines.append)
        import_events(there.session, b"".join(lines).splitlines())
    other.close()
    with Board.open(tmp_path / "other.db") as theirs:
        assert {board.duplicates.original(name) for name in pair} == {min(pair)}
        assert {theirs.duplicates.original(name) for name in pair} == {min(pair)}
    assert check(store.path).sound


def test_a_duplicate_of_nothing_on_this_board_stays_in_view(
    store: Store, board: Board, pair: tuple[str, str]
) -> None:
    original = store.pitfalls.report("Soon gone")
    store.triage.mark_duplicate(pair[0], original)
    lines: list[bytes] = []
    export_events(store.path, lines.append)
    kept = [line for line in b"".join(lines).splitlines() if b"Soon gone" not in line]
    path = store.path.with_name("half.db")
    half = Store.open(path, who="Mei", now=lambda: MONDAY)
    import_events(half.session, kept)
    half.close()
    with Board.open(path) as board_:
        assert pair[0] in listed(board_)
        assert board_.occurrences.totals(pair[0]).count == 1
    assert check(path).sound


def test_told_apart_is_seen_from_both_sides(
    store: Store, board: Board, pair: tuple[str, str]
) -> None:
    one, two = pair
    store.triage.not_duplicate(one, two)
    assert (board.duplicates.excluded(one), board.duplicates.excluded(two)) == ({two}, {one})
    store.history.undo()
    assert not board.duplicates.excluded(one)
    assert not board.duplicates.excluded(two)


def test_a_rebuild_comes_to_the_same(store: Store, board: Board, pair: tuple[str, str]) -> None:
    store.triage.mark_duplicate(pair[1], pair[0])
    store.triage.not_duplicate(pair[0], store.pitfalls.report("Another"))
    store.rebuild()
    assert check(store.path).sound
    assert board.occurrences.totals(pair[0]).count == 2


def test_what_was_reported_before_there_was_triage_is_accepted(tmp_path: Path) -> None:
    path = written_by("version-1", tmp_path / "old.db")
    Store.open(path, who="Lin", now=lambda: MONDAY).close()
    assert check(path).sound
    with Board.open(path) as board:
        [pitfall] = listed(board, "client:<4.1.7")
        assert board.pitfall(pitfall).decision.triage is Triage.SETTLED
