"""The board: list, counts, query, detail, keys."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import OptionList, TextArea

import seeds
from storage.errors import Unusable
from storage.model.row import Status
from storage.query.tree import SortKey
from storage.read.board import Board
from storage.read.history import HistoryReader
from storage.read.listing import ListReader
from storage.write.store import Store
from tests.ui.driving import (
    here,
    messages,
    paste,
    query_line,
    running,
    screen,
    settled,
    shown,
    type_,
    until,
)
from tui.app import PitboardApp
from tui.commands import BOARD, COMMANDS, commands_on
from tui.dialogs.general import Confirm, HelpScreen
from tui.screens.board import BoardScreen
from tui.screens.versions import VersionList
from tui.services.terminal import _READ_AFTER
from tui.text.cells import width
from tui.widgets.bars import CountsBar
from tui.widgets.detail import Detail
from tui.widgets.pitfall_list import PitfallList
from tui.widgets.timeline import HistoryList


async def test_it_opens_with_the_catalogue(app: PitboardApp) -> None:
    async with running(app) as pilot:
        assert screen(app).pitfalls.total == 10
        assert "2 open" in shown(pilot)
        assert "8 workaround" in shown(pilot)
        assert shown(pilot).count("wx.saveImageToPhotosAlbum") >= 2


async def test_it_can_be_left_before_the_detail_is_made(
    app: PitboardApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_begun, make = asyncio.Event(), Detail._make_parts

    async def begin(self: Detail) -> None:
        is_begun.set()
        await asyncio.sleep(0)
        await make(self)

    monkeypatch.setattr(Detail, "_make_parts", begin)
    # Whatever goes wrong in the app, leaving it raises.
    async with app.run_test(size=(120, 40)):
        await is_begun.wait()


@pytest.mark.parametrize("lines", [24, 14])
async def test_the_cursor_moves_by_the_keys_of_the_trade(app: PitboardApp, lines: int) -> None:
    async with running(app, size=(80, lines)) as pilot:
        places = []
        for key in ("down", "down", "up", "end", "home", "pagedown"):
            await pilot.press(key)
            places.append(screen(app).pitfalls.cursor)
        assert places[:5] == [1, 2, 1, 9, 0]
        assert places[5] > 1
        await pilot.press("g")
        places = []
        for key in ("j", "down", "k", "G", "g", "ctrl+d", "ctrl+u"):
            await pilot.press(key)
            places.append(screen(app).pitfalls.cursor)
        assert places[:5] == [1, 2, 1, 9, 0]
        assert places[5] > 1
        assert places[6] == 0


@pytest.mark.parametrize("widget", [PitfallList, HistoryList, VersionList])
def test_no_list_keeps_a_key_of_a_command_for_itself(widget: type[Widget]) -> None:
    """A widget's own binding goes before the screen's, so the command would never run."""
    keys = {key for command in COMMANDS for key in command.keys.split(",")}
    assert not keys & widget._merge_bindings().key_to_bindings.keys()


async def test_arrows_move_the_cursor_on_a_list_that_scrolls(app: PitboardApp) -> None:
    store = app.session.store()
    for number in range(40):
        store.pitfalls.report(f"Camera {number} says no")
    async with running(app) as pilot:
        places = []
        for key in ("down", "down", "up", "end", "up", "home", "pagedown", "pageup"):
            await pilot.press(key)
            places.append(screen(app).pitfalls.cursor)
        assert places[:6] == [1, 2, 1, 49, 48, 0]
        assert places[6] > 1
        assert places[7] == 0


async def test_enter_opens_the_detail_and_escape_leaves_it(app: PitboardApp) -> None:
    async with running(app) as pilot:
        assert not screen(app).detail.display
        await pilot.press("enter")
        await settled(pilot)
        assert "Reproduction" in shown(pilot)
        assert not screen(app).query_one("#list-pane").region.area
        await pilot.press("escape")
        await settled(pilot)
        assert screen(app).pitfalls.has_focus


async def test_list_and_detail_stand_side_by_side_from_100_columns(app: PitboardApp) -> None:
    async with running(app, size=(99, 30)) as pilot:
        assert not screen(app).detail.display
        await pilot.resize_terminal(100, 30)
        await settled(pilot)
        assert screen(app).detail.display
        assert screen(app).pitfalls.display
        assert "Reproduction" in shown(pilot)
        await pilot.press("plus")
        await settled(pilot)
        assert not screen(app).detail.display
        await pilot.press("plus")
        await settled(pilot)
        assert screen(app).detail.display


async def test_the_detail_follows_the_cursor(app: PitboardApp) -> None:
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("j", "j")
        await until(pilot, lambda: screen(app).detail.pitfall == here(app))


async def test_where_only_the_list_is_in_sight_the_detail_is_ready_and_up_to_date(
    app: PitboardApp, somebody: Store
) -> None:
    async with running(app) as pilot:
        await pilot.press("j")
        await until(pilot, lambda: screen(app).detail.pitfall == here(app))
        assert not screen(app).detail.display
        somebody.pitfalls.edit(here(app).id, {"workaround": "Wait for a second, then ask anew."})
        await pilot.press("enter")
        await until(pilot, lambda: "Wait for a second, then ask anew." in shown(pilot))


async def test_tabs_turn_both_ways_and_each_says_something(app: PitboardApp) -> None:
    async with running(app, size=(120, 50)) as pilot:
        heads = {
            "environments": "reproduced",
            "timeline": "reported it",
            "references": "Official document:",
        }
        for tab, words in heads.items():
            await pilot.press("right_square_bracket")
            await settled(pilot)
            assert screen(app).detail.tab == tab
            assert words in shown(pilot)
        await pilot.press("left_square_bracket")
        await settled(pilot)
        assert screen(app).detail.tab == "timeline"


async def test_environments_tell_what_reproduced_what_did_not_and_what_is_untested(
    app: PitboardApp,
) -> None:
    async with running(app, size=(120, 40)) as pilot:
        await type_(pilot, "/white picture")
        await settled(pilot)
        await pilot.press("enter", "right_square_bracket")
        await settled(pilot)
        [row] = [line for line in shown(pilot).splitlines() if "trial by invitation  " in line]
        cells = [cell.strip() for cell in row.split("trial by invitation")[1].split("  ")]
        # What the catalogue tells of was tried years ago, and may be otherwise today.
        assert [cell for cell in cells if cell][:3] == ["◷ ✘1 2022-04-10", "◷ ✔1 2022-04-10", "·"]


async def test_searching_narrows_as_one_types_and_escape_brings_all_back(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_(pilot, "qy.log")
        await until(pilot, lambda: 0 < screen(app).pitfalls.total < 10)
        assert here(app).component.plain == "wx.qy.login"
        await pilot.press("escape")
        await until(pilot, lambda: screen(app).pitfalls.total == 10)
        assert screen(app).pitfalls.has_focus


async def test_pasted_error_text_finds_its_pitfall(app: PitboardApp) -> None:
    async with running(app) as pilot:
        query_line(app).value = "打开失败 内部错误"
        await until(pilot, lambda: screen(app).pitfalls.total == 1)
        assert "打开失败" in here(app).title.zh


async def test_a_filter_that_is_not_known_is_said_and_the_rest_counts(app: PitboardApp) -> None:
    async with running(app) as pilot:
        query_line(app).value = "status:bogus severity:S2"
        await settled(pilot)
        assert "“bogus” is none of open, workaround, fixed." in shown(pilot)
        assert screen(app).pitfalls.total == 4


async def test_f_goes_through_the_statuses_and_the_query_line_says_so(app: PitboardApp) -> None:
    async with running(app) as pilot:
        totals = []
        for _ in range(4):
            await pilot.press("f")
            await settled(pilot)
            totals.append((query_line(app).value, screen(app).pitfalls.total))
        assert totals == [
            ("status:open", 2),
            ("status:workaround", 8),
            ("status:fixed", 0),
            ("", 10),
        ]


async def test_clicking_a_count_filters(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.click("#counts", offset=(2, 0))
        await until(pilot, lambda: screen(app).pitfalls.total == 2)
        await pilot.click("#counts", offset=(2, 0))
        await until(pilot, lambda: screen(app).pitfalls.total == 10)


async def test_sorting_keeps_the_cursor_on_its_pitfall(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("j", "j", "j")
        before = here(app).id
        for words in ("by status", "by severity", "by component", "by title", "by last seen"):
            await pilot.press("z")
            await until(pilot, lambda words=words: words in shown(pilot))
            assert here(app).id == before
        await pilot.press("Z")
        await until(pilot, lambda: "↑" in shown(pilot))
        assert here(app).id == before


async def test_the_mouse_chooses_and_opens(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.click("#list", offset=(10, 4))
        assert screen(app).pitfalls.cursor == 2
        await pilot.click("#list", offset=(10, 4), times=2)
        await settled(pilot)
        assert screen(app).detail.display


async def test_the_list_reads_no_more_than_it_shows(
    start: Callable[..., PitboardApp], board_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(board_file, who="Ann")
    with store.session.writing() as transaction:
        from storage.events import Reported

        for number in range(3000):
            transaction.add(f"{number:016x}", Reported.typed(title=f"Pitfall {number}"))
    store.close()
    read: list[int] = []
    pages = ListReader.sorted_page

    def watched(self: ListReader, *args: int) -> object:
        rows = pages(self, *args)
        read.append(len(rows))
        return rows

    monkeypatch.setattr(ListReader, "sorted_page", watched)
    app = start()
    async with running(app) as pilot:
        assert screen(app).pitfalls.total == 3000
        assert sum(read) <= 64
        await pilot.press("G")
        await settled(pilot)
        assert screen(app).pitfalls.cursor == 2999
        assert sum(read) <= 3 * 64
        assert "Pitfall 0" in shown(pilot)


async def test_every_command_is_bound_and_stands_in_help_and_palette(
    app: PitboardApp,
) -> None:
    async with running(app, size=(100, 180)) as pilot:
        bound = {binding.id for binding in screen(app)._bindings.key_to_bindings["j"]}
        assert bound == {"down"}
        commands = commands_on(BOARD)
        for command in commands:
            bound = screen(app)._bindings.key_to_bindings[command.keys.split(",")[0]]
            assert f"run({command.id!r})" in {binding.action for binding in bound}
        await pilot.press("question_mark")
        await settled(pilot)
        assert isinstance(app.screen, HelpScreen)
        on_screen = shown(pilot)
        for command in commands:
            assert command.help in on_screen, command.id
        await pilot.press("escape", "ctrl+p")
        await settled(pilot)
        assert app.screen.query_one(OptionList).option_count == len(commands) - 1


@pytest.mark.parametrize(
    ("wide", "ascii_"),
    [("ｊ", "j"), ("Ｇ", "G"), ("？", "?"), ("、", "/"), ("：", ":"), ("】", "]")],
)
async def test_a_key_of_an_input_method_does_what_its_ascii_does(
    start: Callable[..., PitboardApp], wide: str, ascii_: str
) -> None:
    seen = []
    for typed in (wide, ascii_):
        async with running(start()) as pilot:
            await type_(pilot, typed)
            await settled(pilot)
            seen.append(shown(pilot))
    assert seen[0] == seen[1]


async def test_signs_of_full_width_are_text_where_text_is_typed(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await type_(pilot, "／ｐ。？")
        assert query_line(app).value == "ｐ。？"
        await pilot.press("escape", "escape")
        await type_(pilot, "：？")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))


async def test_a_users_keymap_changes_keys(
    start: Callable[..., PitboardApp], tmp_path, somebody: Store
) -> None:
    (tmp_path / "config" / "pitboard").mkdir(parents=True)
    (tmp_path / "config" / "pitboard" / "config.toml").write_text('[keys]\ndown = "f9"\n')
    app = start()
    async with running(app) as pilot:
        await settled(pilot)
        await pilot.press("f9")
        assert screen(app).pitfalls.cursor == 1


async def test_a_theme_is_remembered(start: Callable[..., PitboardApp]) -> None:
    app = start()
    async with running(app) as pilot:
        await settled(pilot)
        assert app.theme == "pitboard-dark"
        app.theme = "pitboard-light"
        await settled(pilot)
    again = start()
    assert again.theme == "pitboard-light"


async def test_every_row_takes_the_colours_of_another_theme(app: PitboardApp) -> None:
    async with running(app) as pilot:
        pitfalls = screen(app).pitfalls
        before = [pitfalls.render_line(y) for y in range(8)]
        app.theme = "textual-light"
        await settled(pilot)
        after = [pitfalls.render_line(y) for y in range(8)]
        assert [line.text for line in before] == [line.text for line in after]
        assert all(one != other for one, other in zip(before, after, strict=True))


async def test_moving_leaves_one_row_under_the_cursor(app: PitboardApp) -> None:
    async with running(app) as pilot:
        pitfalls = screen(app).pitfalls
        await pilot.press(*"jjGkg" + "j")
        await settled(pilot)
        drawn = screen(app)._compositor.render_strips()
        area = pitfalls.region
        lines = [drawn[area.y + y].crop(0, area.width - 1) for y in range(pitfalls.size.height)]
        grounds = [{segment.style.bgcolor for segment in line if segment.style} for line in lines]
        assert grounds[2] == grounds[3] != grounds[0]
        assert all(ground == grounds[0] for ground in [*grounds[:2], *grounds[4:]])


async def test_another_process_changes_the_board_without_moving_the_cursor(
    app: PitboardApp, somebody: Store
) -> None:
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("j", "j")
        before = here(app)
        assert BoardScreen.WATCH_SECONDS <= 1, "what others write is seen within two seconds"
        somebody.pitfalls.report("Something new from Bob", workaround="wait")
        somebody.occurrences.log(before.id, message="again")
        await until(pilot, lambda: "Something new from Bob" in shown(pilot))
        assert here(app).id == before.id


async def test_go_to_finds_ids_titles_and_commands(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("G")
        wanted = here(app)
        await pilot.press("g", "colon")
        await type_(pilot, app.session.board.short_id(wanted.id))
        await pilot.press("enter")
        await settled(pilot)
        assert here(app).id == wanted.id
        await pilot.press("escape", "colon")
        await type_(pilot, "zzqq")
        await until(pilot, lambda: "No pitfall or command matches." in shown(pilot))
        await pilot.press("escape", "colon")
        await type_(pilot, "report a new")
        await pilot.press("enter")
        await settled(pilot)
        assert app.screen.query(TextArea)


def offered_by_go_to(app: PitboardApp) -> list[str]:
    """What “:” offers, each by its kind and id."""
    options = app.screen.query_one(OptionList)
    return [str(options.get_option_at_index(n).id) for n in range(options.option_count)]


@pytest.mark.parametrize(
    ("language", "typed", "first"),
    [
        ("en", "un", "command undo"),
        ("zh", "un", "command undo"),
        ("zh", "撤销", "command undo"),
        ("en", "in", "command inbox"),
        ("en", "wx", "pitfall"),
    ],
)
async def test_go_to_offers_first_what_begins_as_is_typed(
    start: Callable[..., PitboardApp], language: str, typed: str, first: str
) -> None:
    app = start(language)
    async with running(app) as pilot:
        await pilot.press("colon")
        await type_(pilot, typed)
        await settled(pilot)
        offered = offered_by_go_to(app)
        assert offered[0].startswith(first), offered
        pitfalls = [one for one in offered if one.startswith("pitfall")]
        assert len(pitfalls) >= (3 if typed in ("in", "wx") else 0), offered


@pytest.mark.parametrize("key", ["colon", "ctrl+p"])
@pytest.mark.parametrize(
    ("language", "typed", "verb"),
    [
        ("en", "export", "export"),
        ("zh", "导出", "export"),
        ("zh", "ｂａｃｋｕｐ", "backup"),
        ("en", "repair", "doctor"),
        ("zh", "网页", "serve"),
    ],
)
async def test_what_is_done_in_a_shell_alone_is_named_to_those_who_look_for_it(
    start: Callable[..., PitboardApp], key: str, language: str, typed: str, verb: str
) -> None:
    async with running(start(language)) as pilot:
        await pilot.press(key)
        await settled(pilot)
        assert "pitboard" not in shown(pilot)
        await type_(pilot, typed)
        await until(pilot, lambda: f"pitboard {verb}" in shown(pilot))
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: f"pitboard {verb} --help" in messages(pilot))


async def test_a_terminal_that_is_too_small_is_told_so(app: PitboardApp) -> None:
    async with running(app, size=(40, 10)) as pilot:
        assert "This terminal is 40×10." in shown(pilot)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert "8 workaround" in shown(pilot)


async def test_quit_goes_back_first(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("q")
        await settled(pilot)
        assert app.is_running
        assert screen(app).pitfalls.has_focus
        await pilot.press("q")
        await pilot.pause()
        assert app._exit


@pytest.mark.parametrize("status", list(Status))
async def test_marks_take_one_status_together(app: PitboardApp, status: Status) -> None:
    async with running(app) as pilot:
        await pilot.press("space", "space")
        marked = list(screen(app).pitfalls.marked)
        assert len(marked) == 2
        assert "2 marked" in shown(pilot)
        needs = {
            Status.WORKAROUND: {"workaround": "wait"},
            Status.FIXED_UPSTREAM: {"axis": "client", "from_version": "4.1.8"},
        }
        await screen(app).context.write(
            lambda store: store.status.set(marked, status, **needs.get(status, {}))
        )
        assert {app.session.board.pitfall(one).status for one in marked} == {status}
        await pilot.press("u")
        await settled(pilot)
        await pilot.press("escape")
        assert not screen(app).pitfalls.marked


async def test_a_board_of_a_newer_version_is_read_and_says_why_it_is_not_written(
    start: Callable[..., PitboardApp], board_file: Path
) -> None:
    Store.open(board_file, catalogue=seeds.lines, edition=seeds.EDITION).close()
    with closing(sqlite3.connect(board_file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    app = start()
    async with running(app) as pilot:
        assert "written by a newer Pitboard" in shown(pilot)
        assert screen(app).pitfalls.total == 10
        await pilot.press("u")
        await until(pilot, lambda: "can only be read here" in messages(pilot))


@pytest.mark.parametrize("desktop", [True, False])
async def test_a_reference_opens_in_the_browser_or_is_copied_where_there_is_none(
    app: PitboardApp, monkeypatch: pytest.MonkeyPatch, desktop: bool
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    if desktop:
        monkeypatch.setenv("DISPLAY", ":0")
    opened: list[str] = []
    monkeypatch.setattr(app, "open_url", opened.append)
    async with running(app, size=(120, 40)) as pilot:
        query_line(app).value = "qy.login"
        await until(pilot, lambda: screen(app).pitfalls.total < 10)
        [link, *_more] = [one.url for one in here(app).references]
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("o")
        await settled(pilot)
        assert opened == ([link] if desktop else [])
        assert desktop or app.clipboard == link
        await pilot.press("y")
        assert app.clipboard == here(app).id
        await pilot.press("Y")
        assert app.clipboard == link


@pytest.mark.parametrize("lines", [20, 21])
async def test_no_row_is_cut_in_half(app: PitboardApp, lines: int) -> None:
    async with running(app, size=(80, lines)) as pilot:
        for key in ("G", "g", "G", "k", "z", "Z", "ctrl+u"):
            await pilot.press(key)
            await settled(pilot)
            first = shown(pilot).splitlines()[screen(app).pitfalls.region.y]
            assert first[1] in "●◐✔", (key, first)


async def test_what_is_pasted_into_the_query_line_is_one_harmless_line_of_some_length(
    app: PitboardApp,
) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await settled(pilot)
        await paste(pilot, "y" * 10_000_000)
        await until(pilot, lambda: "10000000 characters" in messages(pilot))
        assert query_line(app).value == ""
        await paste(pilot, "invoke result:\n  qy.login:fail\x1b[0m")
        assert query_line(app).value == "invoke result:   qy.login:fail␛[0m"


async def test_a_board_that_can_no_longer_be_read_says_so_and_stays_open(
    app: PitboardApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_args: object, **_more: object) -> None:
        raise Unusable("{path} is damaged; it was left as it is.", path=app.session.path)

    async with running(app, size=(120, 40)) as pilot:
        for part, read in (
            (ListReader, "sorted_page"),
            (Board, "pitfall"),
            (HistoryReader, "timeline"),
            (Board, "find"),
            (Board, "version"),
        ):
            with monkeypatch.context() as patched:
                patched.setattr(part, read, damaged)
                app.clear_notifications()
                await pilot.press("r", "j", "right_square_bracket")
                await until(pilot, lambda: "is damaged" in messages(pilot))
        assert app.is_running
        await pilot.press("r")
        await until(pilot, lambda: screen(app).pitfalls.row is not None)


async def test_messages_do_not_pile_up_and_go_with_the_next_key(
    app: PitboardApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(app) as pilot:
        app.notify("done", markup=False)
        app.notify("done, too", markup=False)
        app.notify("look here", severity="warning", markup=False)
        app.notify("look here", severity="warning", markup=False)
        await pilot.pause()
        assert [one.message for one in app._notifications] == ["done, too", "look here"]
        await pilot.press("j")
        assert len(list(app._notifications)) == 2
        monkeypatch.setitem(_READ_AFTER, "information", 0.0)
        await pilot.press("j")
        assert [one.message for one in app._notifications] == ["look here"]
        monkeypatch.setitem(_READ_AFTER, "warning", 0.0)
        await pilot.press("j")
        await settled(pilot)
        assert not list(app._notifications)
        assert "look here" not in shown(pilot)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_marks_and_the_boards_name_go_before_words(
    start: Callable[..., PitboardApp], language: str
) -> None:
    async with running(start(language)) as pilot:
        bar = screen(pilot.app).query_one(CountsBar)
        bar.show_regressed(30, chosen=False)
        bar.show_inbox(110)
        bar.show_sharing("⇅ 3↑", problem=True)
        bar.show_board("小程序")
        await settled(pilot)
        line = shown(pilot).splitlines()[0]
        assert all(part in line for part in ("小程序", "↻ 30", "✉ 110", "⇅ 3↑"))
        assert width(line) <= 80
        await pilot.resize_terminal(120, 24)
        words = "regressed" if language == "en" else "回归"
        await until(pilot, lambda: words in shown(pilot).splitlines()[0])


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_how_many_are_marked_is_said_however_narrow_it_is(
    start: Callable[..., PitboardApp], language: str
) -> None:
    async with running(start(language)) as pilot:
        await pilot.press("space", "j", "space")
        await settled(pilot)
        bar = screen(pilot.app).query_one(CountsBar)
        bar.show_regressed(3, chosen=False)
        bar.show_inbox(11)
        bar.show_sharing("⇅", problem=False)
        bar.show_board("a board of ours")
        await settled(pilot)
        line = shown(pilot).splitlines()[0]
        assert {"en": "2 marked", "zh_CN": "已标记 2 个"}[language] in line, line
        assert width(line) <= 80


async def test_the_last_line_names_what_helps_where_one_is(app: PitboardApp) -> None:
    def keys(pilot: Pilot[None]) -> str:
        return shown(pilot).splitlines()[-1].strip()

    async with running(app) as pilot:
        assert keys(pilot).startswith("⏎ open  / search")
        await pilot.press("slash")
        await settled(pilot)
        # A letter would be text here.
        assert keys(pilot) == "⏎ list  esc back  ^p palette"
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert keys(pilot).startswith("esc back  ] tabs  a log")
        await pilot.press("]", "]")
        await settled(pilot)
        assert "< revert" in keys(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert keys(pilot).startswith("⏎ open")


async def test_an_order_that_was_typed_goes_with_its_words_and_a_chosen_one_stays(
    app: PitboardApp,
) -> None:
    async with running(app) as pilot:
        search = screen(app).search
        await pilot.press("slash")
        await type_(pilot, "sort:title")
        await settled(pilot)
        assert search.order is SortKey.TITLE
        await pilot.press("escape")
        await settled(pilot)
        assert search.order is SortKey.SEEN
        assert not screen(app).views.is_altered
        await pilot.press("z")
        chosen = search.order
        assert chosen is not SortKey.SEEN
        await pilot.press("slash")
        await type_(pilot, "login")
        await settled(pilot)
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert search.order is chosen


async def test_the_overview_says_what_was_seen_last(app: PitboardApp) -> None:
    async with running(app) as pilot:
        app.session.store().pitfalls.report(
            "Map is blank",
            component="map",
            occurrence={"message": "map:fail 42", "platform": "ios"},
        )
        await until(pilot, lambda: "Map is blank" in shown(pilot))
        await pilot.press("g", "enter")
        await until(pilot, lambda: "map:fail 42" in shown(pilot))
        assert "Newest occurrences" in shown(pilot)


@pytest.mark.parametrize("columns", [50, 80])
async def test_a_question_is_shown_to_its_end(app: PitboardApp, columns: int) -> None:
    words = "Stop sharing this board? " + "What was received and sent stays here " * 2 + "for good."
    async with running(app, size=(columns, 24)) as pilot:
        await app.push_screen(Confirm(words, "Stop", "Keep"))
        await until(pilot, lambda: "for good." in shown(pilot))


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_chinese_characters_where_keys_are_letters_are_answered_once(
    start: Callable[..., PitboardApp], language: str
) -> None:
    app = start(language)
    words = {"en": "switch the input method", "zh": "输入法切换到英文"}[language]
    async with running(app) as pilot:
        await type_(pilot, "ｊ")
        await settled(pilot)
        assert screen(app).pitfalls.cursor == 1
        assert words not in messages(pilot)
        await type_(pilot, "撤销，记录")
        await settled(pilot)
        assert messages(pilot).count(words) == 1
        # Where text is typed, it is text.
        await pilot.press("slash")
        await type_(pilot, "体验")
        await until(pilot, lambda: query_line(app).value == "体验")
        assert messages(pilot).count(words) == 1
