from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import NotFound, Refused
from storage.model.row import DeclineReason, Triage
from storage.write.store import Store
from tests.records import MONDAY, dump, lines_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "board.db", who="Lin", now=lambda: MONDAY)
    yield store
    store.close()


def test_a_rehearsal_tells_what_would_change_and_writes_nothing(store: Store) -> None:
    one, two = store.pitfalls.report("One"), store.pitfalls.report("Two", severity="S1")
    output: list[frozenset[str]] = []
    store.subscribe(output.append)
    before = lines_of(store.path), dump(store.path)
    lines = store.rehearse(
        lambda: store.pitfalls.edit([one, two], {"severity": "S1"}, add_tags=["x"])
    )
    assert [(line.pitfall, line.field, line.before.plain, line.after.plain) for line in lines] == [
        (one, "severity", "S3", "S1"),
        (one, "tag", "", "x"),
        (two, "tag", "", "x"),
    ]
    assert (lines_of(store.path), dump(store.path)) == before
    assert output == []
    assert store.pitfalls.edit(one, {"severity": "S1"})
    assert len(lines_of(store.path)) == len(before[0]) + 1


def test_a_rehearsed_decision_is_told_whole(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    [line] = store.rehearse(lambda: store.triage.decline(pitfall, "not-ours", reason="Weather."))
    assert line.decision is not None
    assert line.decision.decline_reason is DeclineReason.NOT_OURS
    assert (line.before.plain, line.after.plain) == (Triage.INBOX, Triage.DECLINED)
    assert line.reason.plain == "Weather."


def test_a_rehearsal_reads_the_occurrence_that_would_be_amended(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    occurrence = store.occurrences.log(pitfall, message="a")
    [line] = store.rehearse(lambda: store.entries.edit(pitfall, occurrence, {"message": "b"}))
    assert (line.before.plain, line.after.plain) == ("a", "b")


def test_what_would_be_refused_is_refused(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    with pytest.raises(Refused):
        store.rehearse(lambda: store.status.set(pitfall, "workaround"))
    with pytest.raises(NotFound):
        store.rehearse(lambda: store.triage.accept("cd" * 8))
    store.triage.accept(pitfall)
    assert store.history.undo().changes == (("accepted", ""),)


def test_nothing_to_change_is_no_line(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    assert store.rehearse(lambda: store.pitfalls.edit(pitfall, {"title": "x"})) == []
