"""The board's time zone in the record: whose counts, and what is counted again when it changes."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from storage.check import check
from storage.events import BoardMade, TimeZoneSet
from storage.imports.importer import import_events
from storage.model.clock import LIMIT
from storage.model.records import THE_BOARD
from storage.read.board import Board
from storage.text.zones import Zone, in_zone, week_of, zone
from storage.write.store import Store
from tests.boards import fresh
from tests.records import MONDAY, Wall, dump, lines_of

#: 2026-11-22 23:30 in Shanghai.
EVENING = MONDAY - (8 * 60 + 8 * 60 + 30) * 60_000


def made(path: Path, name: str, at: int = MONDAY) -> Store:
    """A board that was made in a zone, at a time."""
    return Store.open(path, who="Ann", now=Wall(at), zone=lambda: name)


def zone_of(path: Path) -> str:
    with Board.open(path):
        return zone().name


def test_of_joined_boards_the_first_ones_zone_counts_until_one_is_set(tmp_path: Path) -> None:
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    made(first, "Asia/Shanghai", MONDAY - 1_000).close()
    with closing(made(second, "Europe/Berlin")) as store:
        import_events(store.session, lines_of(first))
        assert zone_of(second) == "Asia/Shanghai"
        store.board.set_time_zone("America/New_York")
        assert zone_of(second) == "America/New_York"
    with closing(Store.open(first, now=Wall())) as store:
        import_events(store.session, lines_of(second))
    assert zone_of(first) == "America/New_York"
    assert dump(first) == dump(second)


def test_what_depends_on_days_is_counted_again(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    with closing(made(path, "Asia/Shanghai")) as store:
        name = store.pitfalls.report("White screen")
        store.status.set(name, "fixed upstream", axis="server", from_date="2026-11-23")
        store.occurrences.log(name, seen_at=EVENING)
        in_shanghai = dump(path)
        assert [verdict for *_, verdict in in_shanghai["occurrences"]] == ["stale"]
        store.board.set_time_zone("Pacific/Kiritimati")
        there = dump(path)
        assert [verdict for *_, verdict in there["occurrences"]] == ["regression"]
        [(_, week, _)], [(_, before, _)] = (
            rows["weekly_occurrences"] for rows in (there, in_shanghai)
        )
        assert week == before + 1
        store.rebuild()
        assert dump(path) == there
        store.history.undo()
        again = dump(path)
        for table in ("occurrences", "weekly_occurrences", "pitfalls", "fixes", "board_values"):
            assert again[table] == in_shanghai[table]
    assert check(path).findings == ()


def test_a_zone_that_this_machine_does_not_know_counts_as_utc_and_doctor_says_so(
    tmp_path: Path,
) -> None:
    path = tmp_path / "board.db"
    with closing(made(path, "Asia/Shanghai")) as store:
        with store.session.writing() as transaction:
            transaction.add(THE_BOARD, TimeZoneSet(zone="Mars/Olympus"))
        assert store.rebuild()
    report = check(path)
    assert report.sound
    assert report.time_zone == "Mars/Olympus"
    assert [finding.values["zone"] for finding in report.findings] == ["Mars/Olympus"]
    assert Zone("Mars/Olympus").begins(date(2026, 11, 23)) == Zone("UTC").begins(date(2026, 11, 23))


def test_of_a_pitfall_such_an_event_says_nothing(tmp_path: Path) -> None:
    path = fresh(tmp_path / "board.db")
    with closing(Store.open(path, now=Wall())) as store:
        name = store.pitfalls.report("White screen")
        with store.session.writing() as transaction:
            transaction.add(name, TimeZoneSet(zone="Asia/Shanghai"))
            transaction.add(name, BoardMade(zone="Asia/Tokyo"))
    assert zone_of(path) == "UTC"
    assert check(path).findings == ()


@pytest.mark.parametrize("name", ["America/New_York", "Europe/Berlin", "+14:00"])
def test_weeks_and_days_join_without_a_gap(name: str) -> None:
    there = Zone(name)
    for week in range(2_950, 3_010):
        begins = there.week_begins(week)
        assert (there.week_of(begins), there.week_of(begins - 1)) == (week, week - 1)
        assert there.local(begins).weekday() == 0
    assert there.local(there.begins(date(2026, 3, 29))).date() == date(2026, 3, 29)


@pytest.mark.parametrize(
    "name",
    ["", "UTC", "Asia/Shanghai", "America/New_York", "Pacific/Apia", "Africa/Monrovia", "-23:59"],
)
def test_a_week_is_the_same_however_many_times_are_asked_for(name: str) -> None:
    there = Zone(name)
    begins = [there.week_begins(week) for week in (1, 2, 100, 2_191, 2_950, 2_981, 80_000)]
    times = {begun + near for begun in begins for near in (-90_000_000, -1, 0, 1, 90_000_000)}
    # The end of all that can be written, and what claims to be later.
    times |= {0, LIMIT - 1} | set(range(253_401_000_000_000, 253_403_000_000_000, 10**8))
    with in_zone(name):
        for at in [*times, *times]:
            assert week_of(at) == there.week_of(at), at


def test_what_counts_again_tells_that_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.write.session._STEPS_OF_SQLITE", 10)
    told: list[None] = []
    with closing(made(tmp_path / "board.db", "UTC")) as store:
        store.occurrences.log(store.pitfalls.report("x"), count=3)
        assert store.board.set_time_zone("Asia/Tokyo", lambda: told.append(None)) == "Asia/Tokyo"
        assert told
        # Nobody is told of what comes later.
        told.clear()
        store.pitfalls.report("y")
        assert not told
