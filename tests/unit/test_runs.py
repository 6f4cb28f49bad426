"""What runs where, what contradicts it, and what nobody has verified for how long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from storage.errors import Refused
from storage.model.environment import Environment
from storage.model.version_pairs import (
    Contradiction,
    Doubt,
    VersionPair,
    contradicting,
    contradiction,
)
from storage.model.vocabulary import Host, Platform
from storage.query.parser import parse
from storage.read.board import Board
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY, Wall, dump

IOS = {"host": "wecom", "platform": "ios"}


def run(client: str, library: str, count: int = 1, **values: Any) -> VersionPair:
    held: dict[str, Any] = {"host": Host.WECOM, "platform": Platform.IOS, "occurrences": count}
    held |= {"first_seen": MONDAY, "last_seen": MONDAY} | values
    return VersionPair(client_version=client, base_library=library, count=count, **held)


def where(client: str | None, library: str | None, **values: Any) -> Environment:
    held: dict[str, Any] = {"host": Host.WECOM, "platform": Platform.IOS} | values
    return Environment(client_version=client, base_library=library, **held)


#: 4.1.8 with 2.30.1 to 3.0.2, and after it 4.1.10 with up to 3.4.1.
SEEN = (
    run("4.1.10", "3.4.1", 2),
    run("4.1.10", "3.0.2"),
    run("4.1.8", "3.0.2"),
    run("4.1.8(18808)", "2.30.1", 2),
)


# What contradicts


@pytest.mark.parametrize(
    ("client", "library", "doubt"),
    [
        ("4.1.8", "2.3.1", Doubt.TOO_OLD),
        ("4.1.8(1)", "2.30.0", Doubt.TOO_OLD),
        ("4.1.8", "2.30.1", None),
        ("4.1.8", "2.31", None),
        ("4.1.8", "3.0.2.0", None),
        # No newer than what a later client was seen with.
        ("4.1.8", "3.4.1", None),
        ("4.1.8", "3.4.2", Doubt.TOO_NEW),
        # Of the newest client a newer library is news.
        ("4.1.10", "3.5.0", None),
        ("4.1.10", "3.0.1", Doubt.TOO_OLD),
        # Nobody knows a client that was never seen.
        ("4.1.9", "1.0", None),
        ("4.1.8", "beta", None),
        ("latest", "2.3.1", None),
        (None, "2.3.1", None),
        ("4.1.8", None, None),
    ],
)
def test_a_library_is_compared_with_those_seen_there(
    client: str | None, library: str | None, doubt: Doubt | None
) -> None:
    found = contradiction(where(client, library), SEEN)
    assert (found and found.doubt) == doubt


def test_a_contradiction_says_what_was_seen_instead() -> None:
    assert contradiction(where("4.1.8", "2.3.1"), SEEN) == Contradiction(
        Doubt.TOO_OLD, "2.30.1", "3.0.2"
    )
    assert contradiction(where("4.1.8", "9.9"), SEEN) == Contradiction(
        Doubt.TOO_NEW, "2.30.1", "3.4.1"
    )


def test_two_occurrences_are_not_enough() -> None:
    assert contradiction(where("4.1.8", "2.3.1"), [run("4.1.8", "2.30.1", 2)]) is None
    few_later = [run("4.1.8", "2.30.1", 3), run("4.1.10", "2.30.1", 2)]
    assert contradiction(where("4.1.8", "9.9"), few_later) is None


def test_an_older_library_was_right_in_its_time() -> None:
    """A client version is given newer libraries, so those that were seen first are the oldest."""
    old, new = run("4.1.8", "2.30.1"), run("4.1.8", "2.31.0", 9, first_seen=MONDAY + DAY_MS)
    assert contradicting([old, new]) == {}
    assert contradiction(where("4.1.8", "2.30.1"), [new], MONDAY) is None
    assert contradiction(where("4.1.8", "2.30.1"), [new], MONDAY + DAY_MS) is not None
    assert list(contradicting([run("4.1.8", "2.30.1", first_seen=MONDAY + 2 * DAY_MS), new])) == [0]


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"platform": Platform.ANDROID},
        {"host": Host.WECHAT},
        {"host": None},
        {"platform": None},
        {"platform": Platform.DEVTOOLS},
    ],
)
def test_only_the_same_app_and_platform_contradict(elsewhere: dict[str, Any]) -> None:
    assert contradiction(where("4.1.8", "2.3.1", **elsewhere), SEEN) is None


def test_in_devtools_the_library_is_a_setting() -> None:
    seen = [run("4.1.8", "2.30.1", 9, platform=Platform.DEVTOOLS)]
    odd = where("4.1.8", "1.0", platform=Platform.DEVTOOLS)
    assert contradiction(odd, seen) is None
    assert contradicting([*seen, run("4.1.8", "1.0", platform=Platform.DEVTOOLS)]) == {}


def test_a_line_that_rests_on_one_occurrence_can_contradict_and_one_of_two_can_not() -> None:
    assert list(contradicting([*SEEN, run("4.1.8", "2.3.1")])) == [4]
    assert list(contradicting([*SEEN, run("4.1.8", "2.3.1", 40, occurrences=1)])) == [4]
    assert contradicting([*SEEN, run("4.1.8", "2.3.1", occurrences=2)]) == {}
    spelled_otherwise = [run("4.1.8", "2.3.1"), run("4.1.8(7)", "2.3.1.0")]
    assert contradicting([*SEEN, *spelled_otherwise]) == {}


# The table of a board


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def store(tmp_path: Path, wall: Wall) -> Any:
    store = Store.open(tmp_path / "board.db", now=wall)
    yield store
    store.close()


def pairs(store: Store, **only: Any) -> list[tuple[Any, ...]]:
    with Board.open(store.path) as board:
        return [
            (r.host, r.client_version, r.platform, r.base_library, r.count)
            for r in board.version_pairs.all(**only)
        ]


def test_the_table_is_of_all_pitfalls_and_outcomes_newest_versions_first(store: Store) -> None:
    one, other = store.pitfalls.report("One"), store.pitfalls.report("Other")
    for pitfall, client, library, more in (
        (one, "4.1.8", "2.30.1", {}),
        (other, "4.1.8", "2.30.1", {"outcome": "not-reproduced", "count": 4}),
        (one, "4.1.10", "2.9", {}),
        (one, "4.1.10", "2.30.1", {}),
        (one, "4.1.10", "2.30.1", {"platform": "android"}),
        (one, "4.1.10(2)", "latest", {}),
        (one, "8.0.54", "3.7.0", {"host": "wechat"}),
        (one, "8.0.54", "3.7.0", {"host": None, "platform": None}),
        # Neither of these says both.
        (one, "4.1.8", None, {}),
        (one, None, "2.30.1", {}),
    ):
        store.occurrences.log(
            pitfall, **IOS | {"client_version": client, "base_library": library} | more
        )
    assert pairs(store) == [
        ("wecom", "4.1.10", "android", "2.30.1", 1),
        ("wecom", "4.1.10", "ios", "2.30.1", 1),
        ("wecom", "4.1.10", "ios", "2.9", 1),
        ("wecom", "4.1.10(2)", "ios", "latest", 1),
        ("wecom", "4.1.8", "ios", "2.30.1", 5),
        ("wechat", "8.0.54", "ios", "3.7.0", 1),
        (None, "8.0.54", None, "3.7.0", 1),
    ]
    assert [line[1] for line in pairs(store, platform=Platform.ANDROID)] == ["4.1.10"]
    assert [line[1] for line in pairs(store, host=Host.WECHAT)] == ["8.0.54"]
    assert pairs(store, host=Host.WECHAT, platform=Platform.ANDROID) == []


def test_the_table_follows_undo_and_says_when(store: Store, wall: Wall) -> None:
    pitfall = store.pitfalls.report("One")
    values = IOS | {"client_version": "4.1.8", "base_library": "2.30.1"}
    store.occurrences.log(pitfall, **values, seen_at=MONDAY - 9 * DAY_MS)
    store.occurrences.log(pitfall, **values)
    with Board.open(store.path) as board:
        [held] = board.version_pairs.all()
        assert (held.first_seen, held.last_seen) == (MONDAY - 9 * DAY_MS, MONDAY)
        assert (held.count, held.occurrences) == (2, 2)
    store.history.undo()
    store.history.undo()
    assert pairs(store) == []


def test_a_board_tells_what_would_contradict_it(store: Store) -> None:
    pitfall = store.pitfalls.report("One")
    values = IOS | {"client_version": "4.1.8", "base_library": "2.30.1"}
    with Board.open(store.path) as board:
        assert board.version_pairs.contradiction(where("4.1.8", "2.3.1")) is None
        store.occurrences.log(pitfall, **values, count=3)
        found = board.version_pairs.contradiction(where("4.1.8", "2.3.1"))
        assert found is not None
        assert found.doubt is Doubt.TOO_OLD
        assert board.version_pairs.contradiction(where("4.1.8", "2.3.1", platform=None)) is None
        # It is never refused, and one more that says the same settles it.
        store.occurrences.log(pitfall, **values | {"base_library": "2.3.1"})
        assert list(contradicting(board.version_pairs.all())) == [1]
        assert board.version_pairs.contradiction(where("4.1.8", "2.3.1")) is None


# What nobody has verified


def ages(store: Store, text: str, now: int | None = None) -> list[str]:
    with Board.open(store.path) as board:
        listing = board.find(parse(text), now=now)
        rows = listing.page(0, 9)
        assert [listing.place(row.id) for row in rows] == list(range(len(rows)))
        return [row.title.plain for row in rows]


def test_a_workaround_is_as_old_as_its_last_confirmation(store: Store, wall: Wall) -> None:
    old = store.pitfalls.report("Old", workaround="restart")
    store.pitfalls.report("None")
    wall.ms += 30 * DAY_MS
    store.pitfalls.report("Young", workaround="wait")
    now = wall.ms + 60 * DAY_MS
    assert ages(store, "sort:verified") == ["Old", "Young", "None"]
    assert ages(store, "workaround:>12w", now) == ["Old"]
    assert ages(store, "workaround:<12w", now) == ["Young"]
    assert ages(store, "规避方案:从未") == ["None"]
    wall.ms = now
    store.fixes.confirm_workaround(old, "on both phones")
    assert ages(store, "workaround:>12w", now) == []
    assert ages(store, "sort:verified") == ["Young", "Old", "None"]
    with Board.open(store.path) as board:
        assert board.pitfall(old).workaround_at == now
        line = board.history.timeline(old)[0]
        assert (line.what, line.reason.plain) == ("workaround_confirmed", "on both phones")
    store.history.undo()
    assert ages(store, "workaround:>12w", now) == ["Old"]
    store.pitfalls.edit(old, {"workaround": "restart twice"})
    assert ages(store, "workaround:>12w", now) == [], "whoever writes one has tried it"


def test_a_workaround_that_is_taken_away_has_no_age(store: Store) -> None:
    pitfall = store.pitfalls.report("One")
    store.pitfalls.edit(pitfall, {"workaround": "restart"})
    store.pitfalls.edit(pitfall, {"workaround": ""})
    with Board.open(store.path) as board:
        assert board.pitfall(pitfall).workaround_at is None


def test_what_has_no_workaround_can_not_be_confirmed(store: Store, wall: Wall) -> None:
    one, other = store.pitfalls.report("One", workaround="restart"), store.pitfalls.report("Other")
    before = dump(store.path)
    wall.ms += DAY_MS
    with pytest.raises(Refused) as refused:
        store.fixes.confirm_workaround([one, other])
    assert refused.value.advice
    assert dump(store.path) == before
    store.fixes.confirm_workaround([one])
    assert dump(store.path) != before


@pytest.mark.parametrize("verified", [True, False])
def test_a_claim_is_as_old_as_the_oldest_fix_that_nobody_tried(
    store: Store, wall: Wall, verified: bool
) -> None:
    one, other = store.pitfalls.report("One"), store.pitfalls.report("Other")
    store.fixes.record(one, axis="client", from_version="4.1.8")
    wall.ms += DAY_MS
    store.fixes.record(other, axis="server", from_date="2026-11-01")
    wall.ms += DAY_MS
    store.fixes.record(one, axis="library", from_version="3.0", from_date="2026-01-01")
    assert ages(store, "fix:claimed sort:claimed") == ["One", "Other"]
    assert ages(store, "claimed:>36h", wall.ms) == ["One"]
    outcome = "not-reproduced" if verified else "reproduced"
    store.occurrences.log(one, **IOS, client_version="4.1.8", outcome=outcome)
    with Board.open(store.path) as board:
        [row] = board.find(parse("one")).page(0, 1)
        assert row.fix_at == MONDAY + 2 * DAY_MS, "that of the base library is claimed still"
    store.occurrences.log(one, **IOS, base_library="3.0", outcome=outcome)
    assert ages(store, "fix:claimed sort:claimed") == ["Other"]
    assert ages(store, "sort:claimed") == ["Other", "One"]
    store.history.undo()
    assert ages(store, "fix:claimed sort:claimed") == ["Other", "One"]


def test_the_ages_are_the_same_after_a_rebuild(store: Store, wall: Wall) -> None:
    one, other = (
        store.pitfalls.report("One", workaround="x"),
        store.pitfalls.report("Other", workaround="y"),
    )
    store.fixes.record(one, axis="client", from_version="4.1.8")
    store.fixes.record(other, axis="client", from_version="4.1.8")
    wall.ms += DAY_MS
    store.fixes.confirm_workaround([one, other])
    store.occurrences.log(other, **IOS, client_version="4.2", outcome="not-reproduced")
    store.triage.mark_duplicate(other, one)
    before = dump(store.path)
    store.rebuild()
    assert dump(store.path) == before
