from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import NotFound, Refused
from storage.model.vocabulary import DeclineReason, Triage
from storage.write.store import Store
from tests.records import MONDAY, dump, lines_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "board.db", who="Lin", now=lambda: MONDAY)
    yield store
    store.close()


def test_a_rehearsal_tells_what_would_change_and_writes_nothing(store: Store) -> None:
    one, two = store.report("One"), store.report("Two", severity="S1")
    told: list[frozenset[str]] = []
    store.subscribe(told.append)
    before = lines_of(store.path), dump(store.path)
    lines = store.rehearse(lambda: store.edit([one, two], {"severity": "S1"}, add_tags=["x"]))
    assert [(line.pitfall, line.field, line.before.plain, line.after.plain) for line in lines] == [
        (one, "severity", "S3", "S1"),
        (one, "tag", "", "x"),
        (two, "tag", "", "x"),
    ]
    assert (lines_of(store.path), dump(store.path)) == before
    assert told == []
    assert store.edit(one, {"severity": "S1"})
    assert len(lines_of(store.path)) == len(before[0]) + 1


def test_a_rehearsed_decision_is_told_whole(store: Store) -> None:
    pitfall = store.report("x")
    [line] = store.rehearse(lambda: store.decline(pitfall, "not-ours", reason="Weather."))
    assert line.decision is not None
    assert line.decision.decline_reason is DeclineReason.NOT_OURS
    assert (line.before.plain, line.after.plain) == (Triage.INBOX, Triage.DECLINED)
    assert line.reason.plain == "Weather."


def test_a_rehearsal_reads_the_sighting_that_would_be_amended(store: Store) -> None:
    pitfall = store.report("x")
    sighting = store.log_occurrence(pitfall, message="a")
    [line] = store.rehearse(lambda: store.amend(pitfall, sighting, {"message": "b"}))
    assert (line.before.plain, line.after.plain) == ("a", "b")


def test_what_would_be_refused_is_refused(store: Store) -> None:
    pitfall = store.report("x")
    with pytest.raises(Refused):
        store.rehearse(lambda: store.set_status(pitfall, "workaround"))
    with pytest.raises(NotFound):
        store.rehearse(lambda: store.accept("cd" * 8))
    store.accept(pitfall)
    assert store.undo().kinds == ("accepted",)


def test_nothing_to_change_is_no_line(store: Store) -> None:
    pitfall = store.report("x")
    assert store.rehearse(lambda: store.edit(pitfall, {"title": "x"})) == []
