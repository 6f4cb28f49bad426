"""What a list shows in which columns, and the third pane of a wide terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, NoReturn

import pytest
from rich.cells import cell_len
from textual.geometry import Region
from textual.pilot import Pilot

from storage.query.tree import SortKey
from storage.read.board import Listing
from storage.write.store import Store
from tests.ui.conftest import NOW
from tests.ui.driving import here, messages, running, screen, settled, shown, until
from tui.app import PitboardApp
from tui.text.columns import COLUMNS, columns_named, laid_out
from tui.widgets import pitfall_list
from tui.widgets.board_panes import ListHead, SidePane, SideView
from tui.widgets.pitfall_list import PitfallList

TITLE = "The camera stays black after the second call"


@pytest.fixture
def listed(app: PitboardApp) -> PitboardApp:
    """The app on a board with one pitfall of many occurrences."""
    store = app.session.store()
    pitfall = store.pitfalls.report(TITLE, component="wx.createCameraContext")
    store.occurrences.log(pitfall, platform="android", count=7, seen_at=NOW)
    store.occurrences.log(pitfall, platform="ios", count=400, seen_at=NOW - 200 * 86_400_000)
    return app


def line_of(pilot: Pilot[None], words: str) -> str:
    return next(line for line in shown(pilot).splitlines() if words in line)


async def test_columns_are_chosen_and_ordered_by_keys_and_remembered(
    listed: PitboardApp, start: Callable[..., PitboardApp]
) -> None:
    async with running(listed, size=(120, 40)) as pilot:
        # The severity is hidden, and the component stands before the title.
        await pilot.press("vertical_line", "space", "j", "j", "K", "enter")
        await settled(pilot)
        names = [column.name for column in screen(listed).pitfalls.columns]
        assert names == ["component", "title", "count", "weeks", "seen"]
        line = line_of(pilot, "wx.createCameraContext")
        assert line.index("wx.createCameraContext") < line.index(TITLE[:8])
    again = start()
    async with running(again, size=(120, 40)) as pilot:
        assert [column.name for column in screen(again).pitfalls.columns] == names


async def test_leaving_the_choice_changes_nothing(listed: PitboardApp) -> None:
    async with running(listed, size=(80, 24)) as pilot:
        before = shown(pilot)
        await pilot.press("vertical_line", "j", "J", "space", "escape")
        await settled(pilot)
        assert shown(pilot) == before


async def test_configured_columns_are_shown(
    listed: PitboardApp, start: Callable[..., PitboardApp], tmp_path: Path
) -> None:
    (tmp_path / "config" / "pitboard").mkdir(parents=True)
    settings = tmp_path / "config" / "pitboard" / "config.toml"
    settings.write_text('columns = ["id", "title", "recent", "count", "mood"]\n')
    app = start()
    async with running(app, size=(80, 24)) as pilot:
        await until(pilot, lambda: screen(app).pitfalls.columns[0].name == "id")
        await settled(pilot)
        shown_id = app.session.board.short_id(here(app).id)
        assert f" {shown_id} " in line_of(pilot, TITLE[:30])
        below = shown(pilot).splitlines()
        [at] = [n for n, line in enumerate(below) if TITLE[:30] in line]
        assert below[at + 1].split() == ["7", "407"]
        assert "line 1: “columns: mood”" in messages(pilot)


async def test_titles_alone_take_one_line_each(listed: PitboardApp) -> None:
    async with running(listed, size=(80, 24)) as pilot:
        screen(listed).pitfalls.choose_columns(["severity", "title"])
        await settled(pilot)
        assert screen(listed).pitfalls.row_height == 1
        assert line_of(pilot, TITLE).startswith(f" ● S3 {TITLE}")


@pytest.mark.parametrize("size", [(120, 40), (200, 50)])
async def test_where_there_is_room_the_list_is_above_with_a_line_for_each(
    listed: PitboardApp, size: tuple[int, int]
) -> None:
    async with running(listed, size=size) as pilot:
        board = screen(listed)
        assert board.pitfalls.row_height == 1
        assert board.query_one(ListHead).display
        assert board.pitfalls.region.width >= 119
        assert board.detail.display
        assert board.detail.region.y > board.pitfalls.region.bottom - 1
        await pilot.press("plus")
        await settled(pilot)
        assert not board.detail.display
        await pilot.press("enter", "plus")
        await settled(pilot)
        assert board.detail.region.width == size[0]
        assert not board.query_one("#list-pane").display
        await pilot.press("escape")
        await settled(pilot)
        assert board.detail.region.y > board.pitfalls.region.bottom - 1


@pytest.mark.parametrize("size", [(80, 24), (120, 27), (119, 40), (120, 28), (200, 50)])
async def test_no_row_jumps_after_the_first_paint(
    listed: PitboardApp, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    fit = ListHead.fit

    def fitted(head: ListHead) -> None:
        fit(head)
        seen.append(head.has_class("-shown"))

    monkeypatch.setattr(ListHead, "fit", fitted)
    async with running(listed, size=size) as pilot:
        await settled(pilot)
        assert set(seen) == {screen(listed).pitfalls.in_one_line}


async def test_the_heading_that_sorts_is_whole_with_its_arrow(
    start: Callable[..., PitboardApp],
) -> None:
    async with running(start("zh_CN"), size=(120, 40)) as pilot:
        await settled(pilot)
        assert line_of(pilot, "12 周").rstrip().endswith("最近↓")


async def test_a_click_on_a_heading_sorts_and_a_second_one_turns(listed: PitboardApp) -> None:
    async with running(listed, size=(120, 24)) as pilot:
        board = screen(listed)
        assert not board.query_one(ListHead).display
        await pilot.press("plus")
        await settled(pilot)
        head = line_of(pilot, "COMPONENT")
        await pilot.click(ListHead, offset=(head.index("TITLE"), 0))
        await settled(pilot)
        assert board.search.order is SortKey.TITLE
        assert "TITLE↓" in shown(pilot)
        await pilot.click(ListHead, offset=(head.index("TITLE"), 0))
        await settled(pilot)
        assert board.search.query.reverse
        assert "TITLE↑" in shown(pilot)
        # Headings stand over what they name.
        row = line_of(pilot, "wx.createCameraContext")
        assert row.index("wx.createCameraContext") == line_of(pilot, "COMPONENT").index("COMPONENT")


async def test_chinese_headings_stand_over_their_columns(start: Callable[..., PitboardApp]) -> None:
    app = start("zh_CN")
    app.session.store().pitfalls.report(TITLE, component="wx.createCameraContext")
    async with running(app, size=(120, 40)) as pilot:
        head, row = line_of(pilot, "近 12 周"), line_of(pilot, TITLE)
        assert "最近↓" in head
        assert [cell_len(line) for line in (head, row)] == [119, 119]
        assert cell_len(head[: head.index("组件")]) == row.index("wx.createCameraContext")


@pytest.mark.parametrize("cells", [40, 54, 80, 109, 110, 200])
@pytest.mark.parametrize("in_one_line", [True, False])
def test_columns_never_take_more_room_than_there_is(cells: int, *, in_one_line: bool) -> None:
    for names in (COLUMNS, list(COLUMNS)[::-1], ["title"], ["count", "seen"]):
        columns = columns_named(names)
        layout = laid_out(
            columns, dict.fromkeys(COLUMNS, 30), cells, SortKey.SEEN, in_one_line=in_one_line
        )
        assert 2 + sum(1 + room for _column, room in layout.upper) <= cells
        assert 6 + sum(1 + room for _column, room in layout.lower) <= cells
        assert any(column.name == "title" for column, _room in layout.upper)


async def test_a_wide_terminal_shows_the_timeline_beside_the_detail(
    listed: PitboardApp, start: Callable[..., PitboardApp]
) -> None:
    async with running(listed, size=(160, 40)) as pilot:
        await until(pilot, lambda: "logged an occurrence" in shown(pilot))
        assert "Timeline  P" in shown(pilot)
        await pilot.press("P")
        await until(pilot, lambda: "Environments  P" in shown(pilot))
        await until(pilot, lambda: "✘400" in shown(pilot))
        # It follows the cursor, and takes neither focus nor keys.
        await pilot.press("j")
        await until(pilot, lambda: "✘400" not in shown(pilot))
        assert listed.focused is screen(listed).pitfalls
    again = start()
    async with running(again, size=(160, 40)) as pilot:
        await until(pilot, lambda: "Environments  P" in shown(pilot))
        await pilot.press("P")
        await settled(pilot)
        assert screen(again).side.view is SideView.NOTHING
        assert not third_pane(again)


def third_pane(app: PitboardApp) -> bool:
    """Whether the third pane is there."""
    return any(side.display for side in screen(app).query(SidePane))


async def test_a_narrower_terminal_says_what_the_third_pane_needs(listed: PitboardApp) -> None:
    async with running(listed, size=(120, 40)) as pilot:
        assert not third_pane(listed)
        await pilot.press("P")
        assert "160" in messages(pilot)


async def test_the_third_pane_shows_what_was_just_written(
    listed: PitboardApp, somebody: Store
) -> None:
    async with running(listed, size=(200, 50)) as pilot:
        await until(pilot, lambda: "Timeline  P" in shown(pilot))
        somebody.comments.add(here(listed).id, "Seen by Bob, too")
        await until(pilot, lambda: "Bob" in shown(pilot))


#: Titles, and how they are drawn.
EMOJI: Final = {
    "⚠\ufe0f it fails": "⚠  it fails",
    "1\ufe0f\u20e3 first": "1  first",
    "👨\u200d👩\u200d👧 family": "👨 family",
    "👍🏽 fine": "👍 fine",
    "体验版 🚀": "体验版 🚀",
}


async def test_emoji_that_terminals_measure_in_different_ways_shift_no_divider(
    app: PitboardApp,
) -> None:
    for title in EMOJI:
        app.session.store().pitfalls.report(title)
    async with running(app, size=(120, 60)) as pilot:
        for drawn in EMOJI.values():
            await until(pilot, lambda drawn=drawn: drawn in written(app))
        for line in written(app).splitlines():
            assert cell_len(line) == 120


def written(app: PitboardApp) -> str:
    """What is written to the terminal, line by line, through the filters of lines."""
    lines = []
    for strip in app.screen._compositor.render_strips():
        segments = list(strip)
        for one in app.get_line_filters():
            segments = one.apply(segments, app.screen.background_colors[1])
        lines.append("".join(segment.text for segment in segments))
    return "\n".join(lines)


async def test_the_third_pane_shows_something_else_than_the_tab(listed: PitboardApp) -> None:
    async with running(listed, size=(160, 40)) as pilot:
        await until(pilot, lambda: "Timeline  P" in shown(pilot))
        await pilot.press("O")
        await until(pilot, lambda: "Environments  P" in shown(pilot))
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "Timeline  P" in shown(pilot))


async def test_no_third_pane_stands_empty(listed: PitboardApp) -> None:
    async with running(listed, size=(160, 40)) as pilot:
        await until(pilot, lambda: third_pane(listed))
        screen(listed).search.line.value = "nothing-is-called-this"
        await until(pilot, lambda: screen(listed).pitfalls.row is None and not third_pane(listed))
        screen(listed).search.line.value = ""
        await until(pilot, lambda: third_pane(listed) and "Timeline  P" in shown(pilot))


MINUTE: Final = 60_000


class Clock:
    """One that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def seen_now(board_file: Path, clock: Clock) -> Iterator[PitboardApp]:
    """The app on a board whose one pitfall was seen this minute."""
    with closing(Store.open(board_file, who="Ann", now=clock)) as store:
        pitfall = store.pitfalls.report(TITLE, component="wx.createCameraContext")
        store.occurrences.log(pitfall, platform="android", seen_at=NOW)
    app = PitboardApp(board_file, who="Ann", now=clock)
    yield app
    app.session.close()


async def test_ages_move_on_by_themselves(
    seen_now: PitboardApp, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pitfall_list, "AGES_SECONDS", 0.02)
    async with running(seen_now, size=(120, 40)) as pilot:
        await until(pilot, lambda: line_of(pilot, TITLE).split("│")[0].rstrip().endswith("now"))
        clock.now += 10 * MINUTE
        await until(pilot, lambda: "10 min" in line_of(pilot, TITLE))


@pytest.mark.parametrize("columns", [80, 120])
async def test_ages_move_on_without_reading_and_without_painting_what_stays(
    seen_now: PitboardApp, clock: Clock, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    async with running(seen_now, size=(columns, 24)) as pilot:
        await settled(pilot)
        pitfalls = screen(seen_now).pitfalls
        painted: list[Region] = []
        refresh = pitfalls.refresh

        def noted(*regions: Region, **more: bool) -> PitfallList:
            painted.extend(regions or (pitfalls.region,))
            return refresh(*regions, **more)

        def read(*_arguments: object) -> NoReturn:
            raise AssertionError("the list was read again")

        monkeypatch.setattr(pitfalls, "refresh", noted)
        monkeypatch.setattr(Listing, "page", read)
        clock.now += MINUTE - 1
        pitfalls.pass_time()
        assert painted == []
        clock.now += 1
        pitfalls.pass_time()
        assert [region.height for region in painted] == [1]
        await settled(pilot)
        assert "1 min" in shown(pilot)
