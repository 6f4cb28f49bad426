"""What the list showed when, and moments as people write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from storage.as_of.board import AsOfBoard, differences
from storage.as_of.refold import follow_ups_at
from storage.errors import Refused
from storage.events import Event, parse
from storage.fold.fold import Span, fold, spans
from storage.fold.state import Draft, Liveness
from storage.model.clock import STILL, Moment
from storage.query.parser import parse as query
from storage.text.dates import as_of
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY, Wall, line

_REPORT = {"title": "White picture"}


def _event(at: int, kind: str, seq: int, **body: object) -> Event:
    return parse(line(at=at, hlc=at << 16, seq=seq, kind=kind, body=body))


def _spans(*events: Event) -> list[tuple[int, int, str]]:
    found: list[Span[str]] = spans(
        events, lambda event: event.envelope.at, lambda pitfall: pitfall.status.value
    )
    return [tuple(span) for span in found]


def test_a_span_lasts_until_something_else_is_shown() -> None:
    assert _spans(
        _event(10, "reported", 1, **_REPORT),
        _event(20, "comment_added", 2, text="Me too"),
        _event(30, "status_set", 3, status="workaround"),
        _event(40, "field_set", 4, field="severity", value="S1"),
    ) == [(10, 30, "open"), (30, STILL, "workaround")]


def test_what_was_undone_later_was_so_until_then() -> None:
    done = _event(20, "status_set", 2, status="workaround")
    undone = _event(30, "undone", 3, events=[done.id])
    redone = _event(40, "undone", 4, events=[undone.id])
    report = _event(10, "reported", 1, **_REPORT)
    assert _spans(report, done, undone, redone) == [
        (10, 20, "open"),
        (20, 30, "workaround"),
        (30, 40, "open"),
        (40, STILL, "workaround"),
    ]


def test_a_report_that_was_taken_back_was_there_in_between() -> None:
    report = _event(10, "reported", 1, **_REPORT)
    gone = _event(30, "undone", 2, events=[report.id])
    assert _spans(report, gone) == [(10, 30, "open")]
    assert _spans(gone, report, _event(50, "undone", 3, events=[gone.id])) == [
        (10, 30, "open"),
        (50, STILL, "open"),
    ]


def test_an_event_before_another_in_the_record_may_be_there_after_it() -> None:
    early = _event(10, "reported", 1, **_REPORT)
    late = parse(line(at=50, hlc=20 << 16, seq=2, kind="status_set", body={"status": "workaround"}))
    newest = parse(line(at=30, hlc=60 << 16, seq=3, kind="status_set", body={"status": "open"}))
    # What stands last in the record wins, whenever it came.
    assert _spans(early, late, newest) == [(10, STILL, "open")]


@pytest.mark.parametrize("undo", ["newest", "again and again"])
def test_many_undos_on_one_pitfall_cost_what_their_number_says(
    undo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded = []
    take = Draft.take

    def counted(draft: Draft, event: Event) -> None:
        folded.append(event.id)
        take(draft, event)

    monkeypatch.setattr(Draft, "take", counted)
    work = []
    for number in (250, 1_000):
        folded.clear()
        history = [_event(1, "reported", 1, **_REPORT)]
        for n in range(2, number):
            status = ("open", "workaround")[n % 2]
            history.append(_event(n, "status_set", n, status=status, reason=f"{n}"))
        undone = {"newest": history[:0:-1], "again and again": history[-1:]}
        named = undone[undo][0].id
        for n in range(number, 2 * number):
            event = _event(n, "undone", n, events=[named])
            history.append(event)
            if undo == "again and again":
                # An undo, its redo, an undo of the same again, …
                named = event.id if n % 2 else undone[undo][0].id
            elif n - number + 1 < len(undone[undo]):
                named = undone[undo][n - number + 1].id
        assert len(_spans(*history)) > number / 4
        work.append(len(folded))
    # Four times the number, and not sixteen times the work.
    assert work[1] <= 5 * work[0]


@pytest.mark.parametrize("undo", ["an undo of the last one", "oldest", "as the clock goes back"])
def test_no_history_costs_more_than_its_length_explains(
    undo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no person does: then it is the fold of what was there at some of the times."""
    monkeypatch.setattr("storage.fold.fold._LEAST_WORK", 0)
    done = 0

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            nonlocal done
            done += 1
            return function(*arguments)

        return call

    work = []
    for number in (400, 1_600):
        history = [_event(1, "reported", 1, **_REPORT)]
        for n in range(2, number):
            status = ("open", "workaround")[n % 2]
            history.append(_event(n, "status_set", n, status=status, reason=f"{n}"))
        named = history[1:]
        for n in range(number, 2 * number):
            at = 9 * number - n if undo == "as the clock goes back" else n
            target = named[-1] if undo == "an undo of the last one" else named[n - number - 2]
            history.append(_event(at, "undone", n, events=[target.id]))
            named.append(history[-1])
        done = 0
        with monkeypatch.context() as patched:
            patched.setattr(Draft, "take", counted(Draft.take))
            patched.setattr(Liveness, "is_live", counted(Liveness.is_live))
            found = _spans(*history)
        work.append(done)
        pitfall = fold(history).pitfall
        assert pitfall is not None
        assert found[-1][1:] == (STILL, pitfall.status)
        for since, _, shown in found[:: len(found) // 8 + 1]:
            then = fold(event for event in history if event.envelope.at <= since).pitfall
            assert then is not None
            assert then.status == shown
    assert work[1] <= 5 * work[0]


NOW = int(datetime(2026, 11, 26, 12).astimezone().timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "then"),
    [
        ("2026-11-20", datetime(2026, 11, 20, 23, 59, 59, 999_000)),
        ("2026-11-20 14:03", datetime(2026, 11, 20, 14, 3)),
        ("2026-11-26", datetime(2026, 11, 26, 12)),
        ("yesterday", datetime(2026, 11, 25, 23, 59, 59, 999_000)),
        ("昨天", datetime(2026, 11, 25, 23, 59, 59, 999_000)),
        ("2w", datetime(2026, 11, 12, 12)),
        ("3 days ago", datetime(2026, 11, 23, 12)),
        ("2周前", datetime(2026, 11, 12, 12)),
        ("6h", datetime(2026, 11, 26, 6)),
    ],
)
def test_a_moment_as_people_write_it(text: str, then: datetime) -> None:
    assert as_of(text, NOW) == int(then.astimezone().timestamp() * 1000)


@pytest.mark.parametrize("text", ["", "soon", "2026-11-31", "2026-11-27", "tomorrow", "-2w"])
def test_a_moment_that_is_none(text: str) -> None:
    with pytest.raises(Refused):
        as_of(text, NOW)


def test_differences_are_told_most_severe_first(tmp_path: Path) -> None:
    wall = Wall()
    store = Store.open(tmp_path / "board.db", now=wall)
    minor, major = (
        store.pitfalls.report("B", severity="S3"),
        store.pitfalls.report("A", severity="S1"),
    )
    wall.ms += DAY_MS
    store.status.set([minor, major], "workaround", workaround="x")
    store.close()
    with (
        AsOfBoard(store.path, Moment(MONDAY)) as before,
        AsOfBoard(store.path, Moment(wall.ms)) as after,
    ):
        found = differences(before, MONDAY, after, wall.ms)
        assert [one.after.id for one in found.restated] == [major, minor]
        assert not found.new
        assert found.any
        assert not differences(after, wall.ms, after, wall.ms).any


def test_a_occurrence_of_several_counts_as_several_then_as_now(tmp_path: Path) -> None:
    wall = Wall()
    store = Store.open(tmp_path / "board.db", now=wall)
    pitfall = store.pitfalls.report("White picture")
    store.occurrences.log(pitfall, count=3)
    store.occurrences.log(pitfall, count=2, outcome="not-reproduced")
    wall.ms += DAY_MS
    store.occurrences.log(pitfall, count=5)
    store.close()
    with AsOfBoard(store.path, Moment(MONDAY)) as past:
        [row] = past.find(query("")).page(0, 10)
        assert (row.totals.count, row.totals.not_reproduced) == (3, 2)
        assert past.find(query("count:>=3")).total == 1
        assert past.find(query("count:>=4")).total == 0


def test_a_occurrence_that_was_taken_back_and_brought_back_was_gone_in_between(
    tmp_path: Path,
) -> None:
    wall = Wall()
    store = Store.open(tmp_path / "board.db", now=wall)
    store.occurrences.log(store.pitfalls.report("White picture"))
    wall.ms += DAY_MS
    store.history.undo()
    wall.ms += DAY_MS
    store.history.redo()
    store.close()
    counts = []
    for days in range(3):
        with AsOfBoard(store.path, Moment(MONDAY + days * DAY_MS)) as past:
            [row] = past.find(query("")).page(0, 1)
            counts.append(row.totals.count)
    assert counts == [1, 0, 1]


def test_what_takes_longer_tells_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    wall = Wall()
    store = Store.open(tmp_path / "board.db", now=wall)
    pitfall = store.pitfalls.report("White picture", tags=["album"])
    wall.ms += DAY_MS
    store.pitfalls.edit(pitfall, {}, tags=["other"])
    store.close()
    with AsOfBoard(store.path, Moment(MONDAY)) as past:
        output: list[float] = []

        def stop(share: float) -> None:
            output.append(share)
            raise KeyboardInterrupt

        past.report_progress(stop)
        assert past.find(query("")).total == 1
        with pytest.raises(KeyboardInterrupt):
            past.find(query("tag:album"))
        assert output == [0]
        past.report_progress(output.append)
        assert past.find(query("tag:album")).total == 1
        assert past.find(query("tag:other")).total == 0
        # It is done once.
        assert output == [0, 0]


def test_follow_ups_as_they_stood(tmp_path: Path) -> None:
    wall = Wall()
    store = Store.open(tmp_path / "board.db", now=wall)
    pitfall = store.pitfalls.report("White picture")
    late = store.retro.note("Ask again", sort="follow-up", due="2026-12-24", pitfall=pitfall)
    soon = store.retro.note("Call them", sort="follow-up", due="2026-11-30")
    store.retro.note("We stop here", sort="decision")
    wall.ms += DAY_MS
    store.retro.finish(soon)
    store.entries.hide(pitfall, late)
    store.close()
    then = follow_ups_at(store.path, Moment(MONDAY))
    assert [(one.id, one.done_on) for one in then] == [(soon, ""), (late, "")]
    [now] = follow_ups_at(store.path, Moment(wall.ms))
    assert (now.id, now.done_on) == (soon, "2026-11-24")
    assert follow_ups_at(store.path, Moment(MONDAY - 1)) == ()
