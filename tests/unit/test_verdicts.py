"""What an occurrence says of a fix, in the catalogue's terms."""

from __future__ import annotations

from typing import Any

import pytest

from storage.model.environment import Environment
from storage.model.records import Fix, Occurrence
from storage.model.row import InboxReason, Status, Text, Triage
from storage.model.verdicts import Why, evidence, judge
from storage.model.vocabulary import Axis, FixState, Host, Outcome, Platform, Verdict
from storage.query.parser import parse
from storage.read.board import Board
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY


def fix(axis: Axis = Axis.CLIENT, **values: Any) -> Fix:
    held = {
        "id": "f" * 32,
        "at": MONDAY,
        "who": "Ann",
        "from_version": "",
        "from_date": "",
        "quote": Text(),
        "reference": "",
    }
    return Fix(axis=axis, **(held | values))


def seen(outcome: Outcome = Outcome.REPRODUCED, days_ago: float = 0, **where: Any) -> Occurrence:
    return Occurrence(
        id="0" * 32,
        recorded_on="ab12",
        seen_at=int(MONDAY - days_ago * DAY_MS),
        who="Ann",
        outcome=outcome,
        environment=Environment(**where),
        message="",
        count=1,
        note=Text(),
        logged_at=MONDAY,
    )


CLIENT = fix(from_version="4.1.8")


@pytest.mark.parametrize(
    ("client", "verdict", "why"),
    [
        ("4.0.20", Verdict.STALE, Why.OLDER),
        ("4.1.0", Verdict.STALE, Why.OLDER),
        ("4.1.8", Verdict.REGRESSION, Why.AT_OR_BEYOND),
        ("4.1.8(18808)", Verdict.REGRESSION, Why.AT_OR_BEYOND),
        ("4.1.8.0 beta", Verdict.REGRESSION, Why.AT_OR_BEYOND),
        ("4.1.10", Verdict.REGRESSION, Why.AT_OR_BEYOND),
        ("latest", Verdict.NEEDS_VERSION, Why.NOT_COMPARABLE),
        (None, Verdict.NEEDS_VERSION, Why.NO_VERSION),
    ],
)
def test_a_client_is_judged_by_its_version(client: str | None, verdict: Verdict, why: Why) -> None:
    found = judge(seen(client_version=client), [CLIENT])
    assert found is not None
    assert (found.verdict, found.why) == (verdict, why)
    assert found.fix is CLIENT


def test_what_was_seen_before_the_fix_needs_no_version() -> None:
    found = judge(seen(days_ago=1), [CLIENT])
    assert found is not None
    assert (found.verdict, found.why) == (Verdict.STALE, Why.SEEN_BEFORE)
    assert (found.ours, found.theirs) == ("2026-11-22", "2026-11-23")


def test_a_fix_whose_version_nobody_can_compare_accuses_nobody() -> None:
    found = judge(seen(client_version="4.1.9"), [fix(from_version="the next one")])
    assert found is not None
    assert (found.verdict, found.why) == (Verdict.NEEDS_VERSION, Why.FIX_NOT_COMPARABLE)


def test_the_last_version_affected_is_a_limit_too() -> None:
    last = fix(last_affected="4.1.7")
    assert [
        found.verdict
        for client in ("4.1.6", "4.1.7", "4.1.8")
        if (found := judge(seen(client_version=client), [last]))
    ] == [Verdict.STALE, Verdict.STALE, Verdict.REGRESSION]


@pytest.mark.parametrize("axis", [Axis.SERVER, Axis.DOCUMENT, Axis.LIMIT])
def test_what_is_not_in_the_client_is_judged_by_the_day(axis: Axis) -> None:
    server = fix(axis, from_date="2026-11-20")
    before, after = (judge(seen(days_ago=ago), [server]) for ago in (4, 3))
    assert before is not None
    assert after is not None
    assert (before.verdict, before.why) == (Verdict.STALE, Why.SEEN_BEFORE)
    assert (after.verdict, after.why) == (Verdict.REGRESSION, Why.SEEN_SINCE)


def test_a_base_library_is_given_time_to_reach_everybody() -> None:
    library = fix(Axis.LIBRARY, from_version="2.30.4", from_date="2026-11-01")
    rolling = judge(seen(base_library="2.30.4"), [library])
    assert rolling is not None
    assert (rolling.verdict, rolling.theirs) == (Verdict.ROLLING_OUT, "2026-12-01")
    late = judge(seen(base_library="2.30.4", days_ago=-9), [library])
    assert late is not None
    assert late.verdict is Verdict.REGRESSION
    at_once = fix(Axis.LIBRARY, from_version="2.30.4", from_date="2026-11-01", grace_days=0)
    known = judge(seen(base_library="2.30.4"), [at_once])
    assert known is not None
    assert known.verdict is Verdict.REGRESSION


def test_a_fix_for_one_platform_says_nothing_of_another() -> None:
    ios = fix(from_version="4.1.8", platform=Platform.IOS)
    assert judge(seen(platform=Platform.ANDROID, client_version="4.1.9"), [ios]) is None
    unknown = judge(seen(client_version="4.1.9"), [ios])
    assert unknown is not None
    assert (unknown.verdict, unknown.why) == (Verdict.NEEDS_VERSION, Why.NO_PLATFORM)
    old = judge(seen(client_version="4.1.7"), [ios])
    assert old is not None
    assert old.verdict is Verdict.STALE, "older than the fix, whatever it was seen on"
    here = judge(seen(platform=Platform.IOS, client_version="4.1.9"), [ios])
    assert here is not None
    assert here.verdict is Verdict.REGRESSION


def test_a_fix_in_one_app_says_nothing_of_the_other() -> None:
    wecom = fix(from_version="4.1.8", host=Host.WECOM)
    assert judge(seen(host=Host.WECHAT, client_version="8.0.50"), [wecom]) is None
    assert judge(seen(host=Host.WECOM, client_version="4.1.9"), [wecom]) is not None


def test_the_simulator_is_not_asked_for_a_client_release() -> None:
    assert judge(seen(platform=Platform.DEVTOOLS), [CLIENT]) is None
    devtools = fix(Axis.DEVTOOLS, from_version="1.06.2409")
    assert judge(seen(platform=Platform.ANDROID), [devtools]) is None
    found = judge(seen(platform=Platform.DEVTOOLS, devtools_version="1.06.2409"), [devtools])
    assert found is not None
    assert found.verdict is Verdict.REGRESSION


def test_whatever_leaves_an_excuse_excuses() -> None:
    server = fix(Axis.SERVER, id="a" * 32, from_date="2026-11-01")
    later = fix(id="b" * 32, from_version="4.2.0")
    for fixes in ([CLIENT, server, later], [later, server, CLIENT]):
        excused = judge(seen(client_version="4.1.9"), fixes)
        assert excused is not None
        assert (excused.verdict, excused.fix) == (Verdict.STALE, later)
        blamed = judge(seen(client_version="4.2.0"), fixes)
        assert blamed is not None
        assert blamed.verdict is Verdict.REGRESSION


def test_not_reproduced_confirms_at_or_beyond_and_says_nothing_before() -> None:
    good = seen(Outcome.NOT_REPRODUCED, client_version="4.1.8")
    found = judge(good, [CLIENT])
    assert found is not None
    assert found.verdict is Verdict.CONFIRMS
    assert judge(seen(Outcome.NOT_REPRODUCED, client_version="4.1.7"), [CLIENT]) is None
    assert judge(seen(Outcome.NOT_REPRODUCED), [CLIENT]) is None


def test_the_newest_evidence_decides_what_a_fix_is() -> None:
    old_bad = seen(days_ago=2, client_version="4.1.9")
    new_good = seen(Outcome.NOT_REPRODUCED, client_version="4.1.8")
    assert evidence(CLIENT, []).state is FixState.CLAIMED
    assert evidence(CLIENT, [seen(client_version="4.1.0")]).state is FixState.CLAIMED
    assert evidence(CLIENT, [old_bad]).state is FixState.DISPUTED
    for held in ([old_bad, new_good], [new_good, old_bad]):
        assert evidence(CLIENT, held).state is FixState.VERIFIED


# On a board


def waits(board: Board, pitfall: str) -> InboxReason | None:
    decision = board.inbox.decisions([pitfall], MONDAY)[pitfall]
    return decision.inbox_reason if decision.triage is Triage.INBOX else None


def test_a_regression_waits_in_the_inbox_and_one_step_reopens(store: Store) -> None:
    pitfall = store.pitfalls.report("A white picture", workaround="Ask for the album first")
    store.triage.accept(pitfall)
    store.status.set(pitfall, "fixed upstream", axis="client", from_version="4.1.8")
    store.session.now.ms += 1  # type: ignore[attr-defined]
    with Board.open(store.path) as board:
        store.occurrences.log(pitfall, client_version="4.1.0")
        assert waits(board, pitfall) is None
        store.occurrences.log(pitfall)
        assert waits(board, pitfall) is InboxReason.NEEDS_VERSION
        store.occurrences.log(pitfall, client_version="4.1.10", platform="android")
        assert waits(board, pitfall) is InboxReason.REGRESSED
        assert board.inbox.count(MONDAY) == 1 == board.inbox.regressed_count()
        for text in ("has:regression", "verdict:回归", "fix:有争议", "inbox:yes", "verdict:stale"):
            assert [row.id for row in board.find(parse(text)).page(0, 9)] == [pitfall], text
        assert board.find(parse("fix:verified,claimed")).total == 0
        [recorded] = board.pitfall(pitfall).fixes
        assert board.fixes.evidence(pitfall)[recorded.id].state is FixState.DISPUTED
        store.session.now.ms += 1  # type: ignore[attr-defined]
        store.status.reopen(pitfall, reason="seen on 4.1.10")
        assert board.pitfall(pitfall).status is Status.WORKAROUND
        assert waits(board, pitfall) is None
        assert board.inbox.regressed_count() == 0
        store.history.undo()
        assert board.pitfall(pitfall).status is Status.FIXED_UPSTREAM
        assert waits(board, pitfall) is InboxReason.REGRESSED


def test_a_fix_for_one_platform_warns_while_the_others_keep_their_workaround(
    store: Store,
) -> None:
    pitfall = store.pitfalls.report("A white picture", workaround="Ask for the album first")
    store.triage.accept(pitfall)
    store.fixes.record(pitfall, axis="client", from_version="4.1.8", platform="ios")
    store.session.now.ms += 1  # type: ignore[attr-defined]
    with Board.open(store.path) as board:
        store.occurrences.log(pitfall, client_version="4.1.9", platform="android")
        store.occurrences.log(pitfall, client_version="4.1.9")
        assert waits(board, pitfall) is None
        store.occurrences.log(pitfall, client_version="4.1.9", platform="ios")
        assert waits(board, pitfall) is InboxReason.REGRESSED


def test_a_duplicates_occurrences_are_judged_by_the_originals_fixes(store: Store) -> None:
    original, other = (
        store.pitfalls.report("A white picture"),
        store.pitfalls.report("Pictures are white"),
    )
    store.triage.accept([original, other])
    store.occurrences.log(other, client_version="4.1.9")
    store.status.set(original, "fixed upstream", axis="client", from_version="4.1.8")
    with Board.open(store.path) as board:
        assert waits(board, original) is None
        store.session.now.ms += 1  # type: ignore[attr-defined]
        store.triage.mark_duplicate(other, original)
        assert board.find(parse("verdict:regression")).total == 1
        store.history.undo()
        assert board.find(parse("verdict:regression")).total == 0


def test_a_verification_names_the_fix_and_confirms_it(store: Store) -> None:
    pitfall = store.pitfalls.report("A white picture")
    fixed = store.fixes.record(
        pitfall, status="fixed upstream", axis="client", from_version="4.1.8", official=True
    )
    tried = store.fixes.verify(
        pitfall, fixed, "not-reproduced", client_version="4.1.8", platform="ios"
    )
    with Board.open(store.path) as board:
        assert board.pitfall(pitfall).status is Status.FIXED_UPSTREAM
        [held] = board.occurrences.of(pitfall)
        assert (held.id, held.fix) == (tried, fixed)
        found = board.fixes.evidence(pitfall)[fixed]
        assert (found.state, found.occurrence, found.at) == (FixState.VERIFIED, tried, MONDAY)
        store.entries.hide(pitfall, tried)
        assert board.fixes.evidence(pitfall)[fixed].state is FixState.CLAIMED
