"""Plots drawn from characters: as wide as there is room, and nothing that was counted is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.model.retro import Bucket, FlowPoint
from storage.model.row import Status
from storage.model.vocabulary import Platform
from tests.records import DAY_MS, MONDAY
from tui.text.cells import width
from tui.text.vocabulary import compact_count, weekly_bars
from tui.widgets import plots

_GLYPHS = {Status.OPEN: "█", Status.WORKAROUND: "▒", Status.FIXED_UPSTREAM: "░"}
counts = st.integers(0, 3) | st.integers(0, 100_000)


def columns(points: list[dict[Status, int]], cells: int) -> list[str]:
    """The columns of a flow from the bottom up, without what stands beside and below them."""
    drawn = plots.flow([FlowPoint(MONDAY + n * DAY_MS, one) for n, one in enumerate(points)], cells)
    margin = len(str(max(sum(one.values()) for one in points))) + 2
    # Above them are the legend and the name of the axis, below them the axis of days.
    rows = [str(line)[margin:] for line in drawn[2:-2]]
    return ["".join(column) for column in zip(*reversed(rows), strict=True)]


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(Status, counts)), min_size=1, max_size=61))
def test_each_status_that_was_there_is_seen(points: list[dict[Status, int]]) -> None:
    if not any(sum(one.values()) for one in points):
        return
    seen = columns(points, 80)
    wide = len(seen) // len(points)
    for point, column in zip(points, seen[::wide], strict=True):
        for status, glyph in _GLYPHS.items():
            assert (glyph in column) == bool(point[status])


def test_the_highest_is_as_high_as_there_is_room() -> None:
    assert columns([{Status.OPEN: 9}, {Status.OPEN: 3, Status.FIXED_UPSTREAM: 3}], 5) == [
        "█" * 9,
        "░░░███   ",
    ]


@pytest.mark.parametrize("cells", [60, 77, 197])
@given(days=st.lists(st.dictionaries(st.sampled_from(["", *Platform]), st.integers(1, 999))))
def test_no_line_is_longer_than_there_is_room(days: list[dict[str, int]], cells: int) -> None:
    buckets = [Bucket(MONDAY + n * DAY_MS, one) for n, one in enumerate(days)]
    points = [FlowPoint(one.since, {Status.OPEN: len(one.by_platform)}) for one in buckets]
    for line in (*plots.by_platform(buckets, cells), *plots.flow(points, cells)):
        assert width(str(line)) <= cells


def test_platforms_have_one_scale_and_their_days() -> None:
    buckets = [
        Bucket(MONDAY, {"ios": 8, "android": 1}),
        Bucket(MONDAY + DAY_MS, {"ios": 4}),
    ]
    scale, ios, android, axis, days = map(str, plots.by_platform(buckets, 40))
    assert scale == "the highest column: 8 occurrences"
    assert ios.split() == ["iOS", "│" + "█" * 13 + "▄" * 13, "12"]
    assert android.split() == ["Android", "│" + "▁" * 13, "1"]
    assert axis.strip() == "└" + "─" * 26
    assert days.split() == ["2026-11-23", "2026-11-24"]
    assert "one column: 1 day" in "".join(map(str, plots.by_platform(buckets, 80)))


def test_the_axes_of_a_flow_say_what_they_count() -> None:
    points = [FlowPoint(MONDAY + 7 * n * DAY_MS, {Status.OPEN: 8}) for n in range(4)]
    _legend, name, *rows, axis, days = map(str, plots.flow(points, 80))
    assert name == "pitfalls ↑"
    assert [row[:3] for row in rows if "┤" in row] == ["8 ┤", "4 ┤"]
    assert axis.startswith("0 └──")
    assert days.split()[1:5] == ["one", "column:", "7", "days"]


def test_days_that_are_too_many_are_put_together() -> None:
    buckets = [Bucket(MONDAY + n * DAY_MS, {"ios": 1}) for n in range(60)]
    _scale, line, _axis, _days = map(str, plots.by_platform(buckets, 60))
    assert line.split() == ["iOS", "│" + "█" * 30, "60"]


def test_weekly_bars_share_one_scale() -> None:
    """Each step is twice as many, the same for every pitfall."""
    counts = [0, 1, 2, 3, 4, 8, 16, 32, 64, 128, 1_000_000]
    assert weekly_bars(counts) == " ▁▂▂▃▄▅▆▇██"
    assert weekly_bars([1]) != weekly_bars([80])


@pytest.mark.parametrize(
    ("count", "text"), [(0, ""), (7, "7"), (9_999, "9999"), (12_345, "12k"), (2_000_000, "2M")]
)
def test_a_count_takes_at_most_four_cells(count: int, text: str) -> None:
    assert compact_count(count) == text
