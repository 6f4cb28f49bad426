"""The figures of a period, on small histories: each means what ``storage/retro/README.md`` says."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from seeds.sealing import pitfall_id
from storage.model.retro import (
    AgeBand,
    By,
    Count,
    Figures,
    Period,
    PeriodKind,
    Rank,
    Retro,
    Wait,
    Waited,
    is_better,
)
from storage.model.row import Status, Text
from storage.model.vocabulary import Outcome
from storage.reports.retro.sections import shares
from storage.retro.periods import period_of
from storage.retro.report import RetroReport
from storage.write.store import Store
from tests.boards import catalogued
from tests.records import DAY_MS, MONDAY, Wall, lines_of, take_in
from tui.text.i18n import translator

#: The week that begins on the Monday, and the one before.
WEEK = period_of(PeriodKind.WEEK, MONDAY)
LAST_WEEK = period_of(PeriodKind.WEEK, MONDAY - 7 * DAY_MS)
SUNDAY = MONDAY + 6 * DAY_MS


def figures(store: Store, period: Period = WEEK, now: int = SUNDAY) -> Figures:
    with RetroReport.open(store.path) as retro:
        return retro.figures(period, now)


def look_back(store: Store, period: Period = WEEK, now: int = SUNDAY) -> Retro:
    with RetroReport.open(store.path) as retro:
        return retro.look_back(period, now)


def counts(store: Store, period: Period = WEEK, now: int = SUNDAY) -> dict[Count, int]:
    return {name: n for name, n in figures(store, period, now).counts.items() if n}


def waited(store: Store, wait: Wait, period: Period = WEEK, now: int = SUNDAY) -> Waited:
    return figures(store, period, now).waits[wait]


# Counts


def test_what_became_of_pitfalls_is_counted_where_it_happened(store: Store, wall: Wall) -> None:
    wall.ms = MONDAY - 5 * DAY_MS
    old = store.pitfalls.report("Reported last week")
    wall.ms = MONDAY
    store.pitfalls.report("Comes with a workaround", workaround="Wait a second")
    store.status.set(old, "workaround", workaround="Log in again")
    wall.ms = MONDAY + DAY_MS
    store.status.set(old, "fixed upstream", axis="server", from_date="2026-11-24")
    wall.ms = MONDAY + 8 * DAY_MS
    store.status.set(old, "open", reason="It is back")
    assert counts(store, LAST_WEEK) == {Count.OPENED: 1, Count.STILL_OPEN: 1}
    assert counts(store) == {Count.OPENED: 1, Count.WORKED_AROUND: 2, Count.FIXED: 1}
    following = Period(WEEK.until, WEEK.until + 7 * DAY_MS)
    later = MONDAY + 9 * DAY_MS
    assert counts(store, following, later) == {Count.REOPENED: 1, Count.STILL_OPEN: 1}


def test_back_from_a_fix_that_did_not_hold_a_workaround_is_no_new_one(
    store: Store, wall: Wall
) -> None:
    wall.ms = MONDAY - 5 * DAY_MS
    pitfall = store.pitfalls.report("It fails", workaround="Log in again")
    wall.ms = MONDAY
    store.status.set(pitfall, "fixed upstream", axis="server", from_date="2026-11-23")
    wall.ms = MONDAY + DAY_MS
    store.status.reopen(pitfall, reason="Seen again")
    assert counts(store) == {Count.FIXED: 1, Count.REOPENED: 1}


def test_what_is_undone_did_not_happen(store: Store, wall: Wall) -> None:
    pitfall = store.pitfalls.report("A white picture")
    store.status.set(pitfall, "workaround", workaround="Wait")
    assert counts(store)[Count.WORKED_AROUND] == 1
    wall.ms += 30 * DAY_MS
    store.history.undo()
    assert counts(store) == {Count.OPENED: 1, Count.STILL_OPEN: 1}
    store.history.redo()
    assert counts(store) == {Count.OPENED: 1, Count.WORKED_AROUND: 1}


def test_declined_pitfalls_count_nowhere(store: Store) -> None:
    pitfall = store.pitfalls.report("Not ours", occurrence={"platform": "ios"})
    store.triage.decline(pitfall, "not-ours")
    found = figures(store)
    assert not any(found.counts.values())
    assert (found.occurrences, found.shares[By.PLATFORM]) == (0, ())
    assert all(one.cases == 0 for one in found.waits.values())


def test_a_duplicate_counts_for_its_original(store: Store) -> None:
    original = store.pitfalls.report("A white picture", occurrence={"count": 2})
    double = store.pitfalls.report("The picture is white", occurrence={"count": 3})
    store.triage.mark_duplicate(double, original)
    found = figures(store)
    assert (found.counts[Count.OPENED], found.occurrences) == (1, 5)
    [leads] = look_back(store).frequent
    assert (leads.row.id, leads.occurrences) == (original, 5)


def test_an_event_that_arrives_late_counts_on_its_own_day(
    store: Store, wall: Wall, tmp_path: Path
) -> None:
    pitfall = store.pitfalls.report("A white picture")
    theirs = tmp_path / "theirs.db"
    take_in(theirs, lines_of(store.path))
    colleague = Store.open(theirs, who="Bo", now=Wall(MONDAY + DAY_MS))
    colleague.status.set(pitfall, "workaround", workaround="Wait")
    colleague.close()
    assert Count.WORKED_AROUND not in counts(store)
    lines = lines_of(theirs)
    store.close()
    take_in(store.path, lines, now=MONDAY + 40 * DAY_MS)
    assert counts(store)[Count.WORKED_AROUND] == 1


def test_a_regression_counts_in_the_period_in_which_it_was_seen(store: Store, wall: Wall) -> None:
    pitfall = store.pitfalls.report("A white picture")
    store.status.set(pitfall, "fixed upstream", axis="client", from_version="4.1.8")
    wall.ms = MONDAY + DAY_MS
    store.occurrences.log(pitfall, client_version="4.1.9", host="wecom", count=4)
    store.occurrences.log(pitfall, client_version="4.1.7", host="wecom")
    retro = look_back(store)
    assert retro.now.counts[Count.REGRESSED] == 1
    [leads] = retro.regressions
    assert (leads.row.id, leads.occurrences) == (pitfall, 4)
    output = [one.what for one in retro.timeline]
    assert output.count("occurrence_logged") == 1
    assert Count.REGRESSED not in counts(store, LAST_WEEK)


# Waiting


def test_waiting_ends_when_it_came_and_else_at_the_end(store: Store, wall: Wall) -> None:
    wall.ms = MONDAY - 10 * DAY_MS
    first, second = store.pitfalls.report("One"), store.pitfalls.report("Two")
    wall.ms = MONDAY + DAY_MS
    store.status.set(first, "workaround", workaround="Wait")
    assert waited(store, Wait.WORKAROUND, LAST_WEEK) == Waited(0, 2, None, None)
    assert waited(store, Wait.WORKAROUND) == Waited(1, 1, 11 * DAY_MS, None)
    following = Period(WEEK.until, WEEK.until + 7 * DAY_MS)
    assert waited(store, Wait.WORKAROUND, following, WEEK.until) == Waited(0, 1, None, None)
    with RetroReport.open(store.path) as retro:
        assert retro.behind(WEEK, (Wait.WORKAROUND, True), SUNDAY) == [first]
        assert retro.behind(WEEK, (Wait.WORKAROUND, False), SUNDAY) == [second]


def test_what_came_with_the_report_was_not_waited_for(store: Store) -> None:
    store.pitfalls.report("One", workaround="Wait")
    assert waited(store, Wait.WORKAROUND) == Waited(1, 0, 0, 0)


def test_an_answer_counts_from_the_day_on_which_it_was_given(store: Store, wall: Wall) -> None:
    wall.ms = MONDAY
    pitfall = store.pitfalls.report("A white picture")
    wall.ms = MONDAY + 5 * DAY_MS
    thread = store.links.add(pitfall, "https://developers.weixin.qq.com/community/develop/doc/1")
    values = {"sort": "acknowledged", "said_on": "2026-11-26"}
    store.links.add_reply(pitfall, thread, official=False, **values)
    assert waited(store, Wait.ANSWER).reached == 0
    store.links.add_reply(pitfall, thread, official=True, **values)
    reported = MONDAY - WEEK.since
    assert waited(store, Wait.ANSWER) == Waited(1, 0, *[3 * DAY_MS - reported] * 2)
    store.links.add(
        pitfall, "https://a.b/c", official=True, quote="We know.", quoted_on="2026-11-20"
    )
    assert waited(store, Wait.ANSWER) == Waited(1, 0, 0, 0)


def test_a_fix_and_its_verification(store: Store, wall: Wall) -> None:
    pitfall = store.pitfalls.report("A white picture")
    wall.ms = MONDAY + 2 * DAY_MS
    fix = store.fixes.record(pitfall, axis="client", from_version="4.1.8")
    assert waited(store, Wait.FIX) == Waited(1, 0, 2 * DAY_MS, 2 * DAY_MS)
    assert waited(store, Wait.VERIFICATION) == Waited(0, 1, None, None)
    wall.ms = MONDAY + 3 * DAY_MS
    store.fixes.verify(pitfall, fix, "not-reproduced", client_version="4.1.8", host="wecom")
    assert waited(store, Wait.VERIFICATION) == Waited(1, 0, 3 * DAY_MS, 3 * DAY_MS)
    store.fixes.record(pitfall, axis="server", from_date="2026-11-24")
    assert waited(store, Wait.FIX).median == WEEK.since + DAY_MS - MONDAY


def test_the_day_of_a_fix_begins_in_the_time_zone_that_the_board_has_by_then(store: Store) -> None:
    pitfall = store.pitfalls.report("A white picture")
    store.fixes.record(pitfall, axis="server", from_date="2026-11-24")
    for zone, hours in (("UTC", 0), ("Asia/Shanghai", -8), ("America/New_York", 5)):
        if hours:
            store.board.set_time_zone(zone)
        begins = WEEK.since + DAY_MS + hours * DAY_MS // 24
        assert waited(store, Wait.FIX).median == begins - MONDAY, zone


def test_a_period_that_is_not_over_ends_now(store: Store, wall: Wall) -> None:
    store.pitfalls.report("A white picture")
    wall.ms = MONDAY + 3 * DAY_MS
    late = store.pitfalls.report("Later")
    with RetroReport.open(store.path) as retro:
        now = MONDAY + DAY_MS
        assert retro.figures(WEEK, now).counts[Count.OPENED] == 1
        assert late not in retro.behind(WEEK, Count.OPENED, now)
        assert retro.look_back(WEEK, now).flow[-1].at == now + 1


# Occurrences


def test_occurrences_are_counted_and_divided(store: Store) -> None:
    one = store.pitfalls.report("One", component="wx.login")
    two = store.pitfalls.report("Two")
    store.occurrences.log(one, platform="ios", client_version="4.1.8", count=3)
    store.occurrences.log(two, platform="ios")
    store.occurrences.log(two, count=2)
    store.occurrences.log(two, outcome="not-reproduced", count=7)
    store.occurrences.log(one, seen_at=MONDAY - 3 * DAY_MS, count=50)
    found = figures(store)
    assert (found.occurrences, found.not_reproduced) == (6, 7)
    assert found.shares[By.PLATFORM] == (("ios", 4, 2), ("", 2, 1))
    assert found.shares[By.CLIENT] == (("", 3, 1), ("4.1.8", 3, 1))
    assert found.shares[By.COMPONENT] == (("", 3, 1), ("wx.login", 3, 1))
    assert figures(store, LAST_WEEK).occurrences == 50
    with RetroReport.open(store.path) as retro:
        assert retro.behind(WEEK, (By.PLATFORM, "ios"), SUNDAY) == [one, two]
        assert retro.behind(WEEK, (By.PLATFORM, ("", "ios")), SUNDAY) == sorted([one, two])
        assert retro.behind(WEEK, Outcome.NOT_REPRODUCED, SUNDAY) == [two]


def test_all_that_was_seen_is_opened_and_not_only_what_leads(store: Store) -> None:
    often = store.pitfalls.report("Often", occurrence={"count": 2})
    once = {store.pitfalls.report(f"Once {n}", occurrence={"count": 1}) for n in range(12)}
    with RetroReport.open(store.path) as retro:
        assert len(retro.behind(WEEK, Rank.FREQUENT, SUNDAY)) == 10
        first, *rest = retro.behind(WEEK, Outcome.REPRODUCED, SUNDAY)
    assert (first, set(rest)) == (often, once)


def test_the_most_expensive_is_not_the_most_frequent(store: Store) -> None:
    blemish = store.pitfalls.report("Blemish", severity="S4", occurrence={"count": 7})
    blocker = store.pitfalls.report("Blocker", severity="S1", occurrence={"count": 1})
    retro = look_back(store)
    assert [(one.row.id, one.occurrences) for one in retro.frequent] == [(blemish, 7), (blocker, 1)]
    assert [(one.row.id, one.cost) for one in retro.expensive] == [(blocker, 8), (blemish, 7)]
    with RetroReport.open(store.path) as reader:
        assert reader.behind(WEEK, Rank.EXPENSIVE, SUNDAY) == [blocker, blemish]


# Ages, flow, timeline


def test_a_workaround_ages_from_when_it_was_written_or_confirmed(store: Store, wall: Wall) -> None:
    wall.ms = MONDAY - 100 * DAY_MS
    pitfall = store.pitfalls.report("A white picture", workaround="Wait")
    store.pitfalls.report("Another", workaround="Wait")
    wall.ms = MONDAY + DAY_MS
    store.fixes.confirm_workaround(pitfall)
    found = figures(store, now=WEEK.until)
    assert {(band.weeks, band.pitfalls) for band in found.ages if band.pitfalls} == {
        (0, 1),
        (12, 1),
    }
    assert found.workaround_age == WEEK.until - MONDAY - DAY_MS
    before = figures(store, LAST_WEEK)
    assert [band.pitfalls for band in before.ages] == [0, 0, 2, 0, 0]
    with RetroReport.open(store.path) as retro:
        assert retro.behind(WEEK, AgeBand(0, 4, 1), WEEK.until) == [pitfall]


def test_the_flow_leads_from_what_was_to_what_is(store: Store, wall: Wall) -> None:
    wall.ms = MONDAY - 10 * DAY_MS
    pitfall = store.pitfalls.report("Old")
    wall.ms = MONDAY + DAY_MS
    store.status.set(pitfall, "workaround", workaround="Wait")
    store.pitfalls.report("New", occurrence={"platform": "ios", "count": 2})
    retro = look_back(store, now=WEEK.until)
    assert len(retro.flow) == 8
    assert [point.counts[Status.OPEN] for point in retro.flow] == [1, 1, 1, 1, 1, 1, 1, 1]
    assert [point.counts[Status.WORKAROUND] for point in retro.flow] == [0, 0, 1, 1, 1, 1, 1, 1]
    assert [bucket.by_platform for bucket in retro.buckets] == [
        *({}, {"ios": 2}),
        *[{}] * 5,
    ]


def test_the_timeline_tells_what_stands_newest_first(store: Store, wall: Wall) -> None:
    pitfall = store.pitfalls.report("A white picture")
    wall.ms += DAY_MS
    store.comments.add(pitfall, "Seen again")
    store.status.set(pitfall, "workaround", workaround="Wait")
    store.history.undo()
    store.occurrences.log(pitfall)
    note = store.retro.note("Ask the vendor weekly", sort="follow-up", due="2026-12-01")
    with RetroReport.open(store.path) as retro:
        output = retro.timeline(WEEK, SUNDAY)
        assert {one.what for one in output} == {"reported", "comment_added", "retro_noted"}
        assert output[-1].what == "reported"
        [comment] = retro.timeline(WEEK, SUNDAY, kinds=["comment_added"])
        assert (comment.pitfall, comment.title.plain, comment.who) == (
            pitfall,
            "A white picture",
            "Ann",
        )
        assert len(retro.timeline(WEEK, SUNDAY, limit=1, offset=1)) == 1
        back = retro.look_back(WEEK, SUNDAY)
        assert [one.id for one in back.notes] == [one.id for one in back.due] == [note]


def test_releases_are_versions_that_were_newer_than_any_before(store: Store) -> None:
    pitfall = store.pitfalls.report("A white picture")
    for days, version, host in (
        (30, "4.1.30", "wecom"),
        (20, "4.1.36", None),
        (10, "4.1.31", "wecom"),
        (9, "8.0.50", "wechat"),
        (5, "4.2.0", "wecom"),
    ):
        where = {"host": host} if host else {}
        store.occurrences.log(
            pitfall, client_version=version, seen_at=MONDAY - days * DAY_MS, **where
        )
    with RetroReport.open(store.path) as retro:
        assert [one.version for one in retro.releases()] == ["4.1.30", "4.1.36", "4.2.0"]


def test_long_work_tells_how_far_it_is_and_can_be_ended(store: Store) -> None:
    class Enough(Exception):
        pass

    def stop(done: int, of: int) -> None:
        if done == 3:
            raise Enough

    output: list[tuple[int, int]] = []
    with RetroReport.open(store.path) as retro:
        retro.look_back(WEEK, SUNDAY, lambda done, of: output.append((done, of)))
        assert [done for done, _ in output] == list(range(1, output[0][1] + 1))
        with pytest.raises(Enough):
            retro.look_back(WEEK, SUNDAY, stop)
        assert retro.look_back(WEEK, SUNDAY).now.occurrences == 0


def test_a_component_of_two_languages_is_named_in_the_readers(tmp_path: Path) -> None:
    path = catalogued(tmp_path / "board.db")
    with closing(Store.open(path, now=lambda: MONDAY)) as store:
        store.occurrences.log(pitfall_id("trial-link-internal-error"), platform="ios")
        retro = look_back(store)
    [share] = retro.now.shares[By.COMPONENT]
    assert share.value == "trial version"
    assert retro.components[share.value] == Text("trial version", "体验版")
    for language, name in (("en", "trial version"), ("zh_CN", "体验版")):
        [table, *_others] = shares(retro, translator(language)).blocks
        assert table.rows[0][0] == (name,)


def test_a_running_quarter_is_compared_with_as_many_days_of_the_last_one(
    store: Store, wall: Wall
) -> None:
    """Sixty days are not compared with ninety-two."""
    first, late = MONDAY - 140 * DAY_MS, MONDAY - 60 * DAY_MS
    pitfall = store.pitfalls.report("White screen")
    for seen_at in (first, late, MONDAY):
        store.occurrences.log(pitfall, seen_at=seen_at)
    quarter = period_of(PeriodKind.QUARTER, MONDAY)
    running = look_back(store, quarter, MONDAY)
    assert running.compared_days == (54, 54)
    assert (running.now.occurrences, running.before.occurrences) == (1, 1)
    whole = look_back(store, quarter, quarter.until)
    assert whole.compared_days is None
    assert (whole.now.occurrences, whole.before.occurrences) == (1, 2)


@pytest.mark.parametrize(
    ("now", "before", "more", "better"),
    [
        (3, 2, False, False),
        (2, 3, False, True),
        (3, 2, True, True),
        (2, 2, False, None),
        (None, 2, False, False),
        (2, None, False, True),
        (None, None, False, None),
    ],
)
def test_a_figure_goes_in_a_good_or_in_a_bad_direction(
    now: int | None, before: int | None, more: bool, better: bool | None
) -> None:
    assert is_better(now, before, more=more) is better
