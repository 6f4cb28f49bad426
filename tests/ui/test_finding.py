"""The query line as it is typed into, and the views above it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from storage.imports.importer import import_events
from storage.query.keys import KEYS
from storage.write.store import Store
from tests.records import line as event
from tests.ui.driving import (
    look,
    messages,
    query_line,
    running,
    screen,
    settled,
    shown,
    type_,
    until,
)
from tui.app import PitboardApp
from tui.services.views import built_in
from tui.text.cells import width
from tui.text.i18n import speak
from tui.widgets.board_panes import ViewTabs
from tui.widgets.inputs import CompletionMenu, QueryLine

COUNTS, VIEWS, QUERY, BELOW = range(4)


def line(pilot: Pilot[None], number: int) -> str:
    return shown(pilot).splitlines()[number]


def offered(app: PitboardApp) -> list[str]:
    line = query_line(app)
    assert isinstance(line, QueryLine)
    return [offer.text for offer in line.offers.completions.offers] if line.is_offering else []


async def typing(pilot: Pilot[None], app: PitboardApp, text: str) -> None:
    """Type into the query line."""
    await pilot.press("slash")
    await until(pilot, lambda: query_line(app).has_focus)
    await type_(pilot, text)
    await settled(pilot)


# Completion


async def test_keys_and_values_are_completed_while_typing(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await typing(pilot, app, "sta")
        await until(pilot, lambda: offered(app) == ["status:"])
        await pilot.press("tab")
        assert query_line(app).value == "status:"
        await until(pilot, lambda: offered(app) == ["open", "workaround", "fixed"])
        assert "workaround" in line(pilot, BELOW + 1)
        await pilot.press("down", "enter")
        assert query_line(app).value == "status:workaround "
        await until(pilot, lambda: screen(app).pitfalls.total == 8)
        assert offered(app) == []
        assert query_line(app).has_focus
        await type_(pilot, "platform:io")
        await until(pilot, lambda: offered(app) == ["ios"])
        await pilot.press("right")
        assert query_line(app).value == "status:workaround platform:ios "


#: Each once, although many keys begin with the same letter.
BEGINNINGS = sorted(
    {spelling[:letters] for key in KEYS for spelling in key.spellings for letters in (1, 2, 3)}
)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_the_beginning_of_any_key_can_be_typed(
    start: Callable[..., PitboardApp], language: str
) -> None:
    app = start(language)
    async with running(app) as pilot:
        await typing(pilot, app, "")
        for beginning in BEGINNINGS:
            query_line(app).value = beginning[:-1]
            query_line(app).action_end()
            await type_(pilot, beginning[-1])
            assert query_line(app).value == beginning
            look(app)
        for key in KEYS:
            query_line(app).value = ""
            query_line(app).insert_text_at_cursor(f"{key.name}:")
            await pilot.pause()
            assert not key.words or offered(app), key.name
            look(app)


async def test_names_from_the_board_are_offered(app: PitboardApp, somebody: Store) -> None:
    import_events(somebody.session, [event(body={"title": "x", "component": "wx.qy.\x1b[31mx"})])
    somebody.pitfalls.report("x", tags=["[bold]"])
    async with running(app) as pilot:
        await typing(pilot, app, "component:qy")
        await until(pilot, lambda: "wx.qy.login" in offered(app))
        assert not any("\x1b" in name for name in offered(app))
        await pilot.press("escape", "escape")
        await typing(pilot, app, "tag:")
        query_line(app).insert_text_at_cursor("[b")
        await until(pilot, lambda: offered(app) == ["[bold]"])
        assert "[bold]" in line(pilot, BELOW)
        await pilot.press("tab")
        await until(pilot, lambda: screen(app).pitfalls.total == 1)


async def test_the_list_of_offers_does_not_get_in_the_way(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await typing(pilot, app, "login")
        assert offered(app) == []
        await pilot.press("escape")
        await typing(pilot, app, "the")
        # With nothing offered, these keys do what they always do.
        await pilot.press("down")
        assert screen(app).pitfalls.cursor == 1
        await pilot.press("escape")
        await typing(pilot, app, "se")
        await until(pilot, lambda: offered(app) == ["severity:", "seen:"])
        await pilot.press("enter")
        await settled(pilot)
        assert query_line(app).value == "se"
        assert screen(app).pitfalls.has_focus
        assert offered(app) == []


async def test_escape_closes_the_list_before_it_leaves_the_query(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await typing(pilot, app, "status:")
        await until(pilot, lambda: bool(offered(app)))
        await pilot.press("escape")
        assert (offered(app), query_line(app).value) == ([], "status:")
        await pilot.press("escape")
        await settled(pilot)
        assert query_line(app).value == ""
        assert screen(app).pitfalls.has_focus


async def test_an_offer_can_be_clicked(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await typing(pilot, app, "status:")
        await until(pilot, lambda: bool(offered(app)))
        await pilot.click(CompletionMenu, offset=(2, 2))
        await settled(pilot)
        assert query_line(app).value == "status:fixed "
        assert query_line(app).has_focus


@pytest.mark.parametrize("size", [(80, 24), (50, 12), (120, 40)])
async def test_offers_stay_on_the_screen(app: PitboardApp, size: tuple[int, int]) -> None:
    async with running(app, size=size) as pilot:
        await pilot.press("slash")
        await settled(pilot)
        query_line(app).insert_text_at_cursor("坑 " * 60 + "has:")
        await until(pilot, lambda: bool(offered(app)))
        await settled(pilot)
        region = screen(app).query_one(CompletionMenu).region
        assert screen(app).region.contains_region(region)
        assert all(width(one) <= size[0] for one in shown(pilot).splitlines())
        assert "reproduction" in shown(pilot)


async def test_a_reader_of_chinese_is_offered_chinese(start: Callable[..., PitboardApp]) -> None:
    speak("zh_CN")
    app = start()
    async with running(app) as pilot:
        await pilot.press("slash")
        await settled(pilot)
        query_line(app).insert_text_at_cursor("状")
        await until(pilot, lambda: offered(app) == ["状态:"])
        await pilot.press("tab")
        await until(pilot, lambda: offered(app)[:1] == ["未解决"])
        await pilot.press("tab")
        await until(pilot, lambda: screen(app).pitfalls.total == 2)


# Mistakes


async def test_a_mistake_is_pointed_at_under_the_query_line(app: PitboardApp) -> None:
    async with running(app) as pilot:
        query_line(app).value = "login 状态:未解抉 (sev:S9"
        await settled(pilot)
        query, marks, *_rest = shown(pilot).splitlines()[QUERY:]
        assert query == " login 状态:未解抉 (sev:S9"
        assert marks.index("^") == width(" login 状态:")
        assert marks.count("^") == width("未解抉") + 2
        assert "Didyoumean“未解决”?" in "".join(shown(pilot).split())
        query_line(app).value = "login"
        await until(pilot, lambda: "^" not in shown(pilot))


async def test_a_mistake_that_is_made_often_is_said_once_and_pointed_at_each_time(
    app: PitboardApp,
) -> None:
    async with running(app) as pilot:
        query_line(app).value = "((( status:open sev:S9 sev:S9"
        await settled(pilot)
        _query, marks, *_rest = shown(pilot).splitlines()[QUERY:]
        assert marks.rstrip() == " ^^^                 ^^     ^^"
        assert shown(pilot).count("not closed") == shown(pilot).count("“S9” is none of") == 1
        query_line(app).value = "((("
        await until(pilot, lambda: "S9” is" not in shown(pilot))
        assert shown(pilot).splitlines()[QUERY + 1].rstrip() == " ^^^"
        assert shown(pilot).count("not closed") == 1


async def test_what_is_being_typed_is_no_mistake_yet(
    app: PitboardApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A busy machine takes longer for a key than the pause that ends what is being typed.
    monkeypatch.setattr("tui.widgets.inputs._PAUSE_SECONDS", 600.0)
    async with running(app) as pilot:
        await typing(pilot, app, "status:wo")
        await until(pilot, lambda: bool(offered(app)))
        assert "none of" not in shown(pilot)
        await type_(pilot, "x")
        await settled(pilot)
        assert "none of" not in shown(pilot)
        await type_(pilot, " ")
        await until(pilot, lambda: "“wox” is none of" in shown(pilot))
        await pilot.press("escape")
        await typing(pilot, app, '"white')
        assert "not closed" not in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "not closed" in shown(pilot))


async def test_whatever_is_typed_the_board_goes_on(app: PitboardApp) -> None:
    async with running(app) as pilot:
        for text in (
            "(status:open",
            "seen:2026-99-99",
            "(" * 500,
            "tag:a or " * 500,
            "status:[31m",
            "[/]:[",
        ):
            await pilot.press("slash")
            query_line(app).value = text
            await settled(pilot)
            await pilot.press("enter", "f", "z", "Z")
            await settled(pilot)
            assert app.is_running, text


# Views


def active(app: PitboardApp) -> tuple[str, bool]:
    return screen(app).views.view.name, screen(app).views.is_altered


async def test_views_are_tabs_that_ask_their_queries(app: PitboardApp) -> None:
    async with running(app) as pilot:
        for label in ("All", "Inbox", "Blocking", "Workarounds", "Fixed"):
            assert label in line(pilot, VIEWS)
        await pilot.press("left_curly_bracket")
        await settled(pilot)
        assert active(app) == (built_in()[-1].name, False)
        assert query_line(app).value == built_in()[-1].query
        assert built_in()[-1].label in line(pilot, VIEWS)
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: screen(app).pitfalls.total == 10)
        assert active(app) == ("all", False)
        at = line(pilot, VIEWS).index("Workarounds")
        await pilot.click(ViewTabs, offset=(at + 2, 0))
        await until(pilot, lambda: screen(app).pitfalls.total == 8)
        assert query_line(app).value == "status:workaround"


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (["}", "}"], "severity:S1 status:open,workaround"),
        (["}", "}", "{"], "inbox:yes sort:waiting"),
        (["f", "f"], "status:workaround"),
    ],
)
async def test_typing_goes_on_at_the_end_of_what_was_chosen(
    app: PitboardApp, keys: list[str], chosen: str
) -> None:
    async with running(app) as pilot:
        await pilot.press(*keys)
        await typing(pilot, app, " login")
        assert query_line(app).value == f"{chosen} login"


async def test_a_view_that_is_altered_has_a_star(app: PitboardApp) -> None:
    async with running(app) as pilot:
        at = line(pilot, VIEWS).index("Workarounds")
        await pilot.click(ViewTabs, offset=(at + 2, 0))
        await settled(pilot)
        assert "*" not in line(pilot, VIEWS)
        await pilot.press("Z")
        await settled(pilot)
        assert "Workarounds*" in line(pilot, VIEWS)
        await pilot.press("Z")
        await settled(pilot)
        assert active(app) == ("workarounds", False)
        query_line(app).value = "status:workaround trial"
        await settled(pilot)
        assert "Workarounds*" in line(pilot, VIEWS)
        query_line(app).value = "  状态:有规避方案 "
        await settled(pilot)
        assert active(app) == ("workarounds", False)
        await pilot.press("slash", "escape")
        await settled(pilot)
        assert active(app) == ("all", False)


def views_file(tmp_path: Path) -> Path:
    path = tmp_path / "config" / "pitboard" / "views.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


async def test_a_query_is_kept_as_a_view_changed_and_removed(
    start: Callable[..., PitboardApp], tmp_path: Path
) -> None:
    app = start()
    async with running(app) as pilot:
        query_line(app).value = "status:open tag:album"
        await settled(pilot)
        await pilot.press("z", "Z", "w")
        await until(pilot, lambda: "Save as a view" in shown(pilot))
        await type_(pilot, "all")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "is built in" in shown(pilot))
        await type_(pilot, "um")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Saved the view “allum”" in messages(pilot))
        await until(pilot, lambda: active(app) == ("allum", False))
        assert query_line(app).value == "sort:status- status:open tag:album"
    saved = json.loads(views_file(tmp_path).read_text("utf-8"))
    assert saved == {"views": [{"name": "allum", "query": "sort:status- status:open tag:album"}]}

    again = start()
    async with again.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: screen(again).views.known[-1].name == "allum")
        await pilot.press("W")
        await until(pilot, lambda: "is built in" in messages(pilot))
        await pilot.press("left_curly_bracket", "W")
        await until(pilot, lambda: "Edit the view" in shown(pilot))
        await type_(pilot, "s")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "allums" in line(pilot, VIEWS))
        await until(pilot, lambda: active(again) == ("allums", False))
        await pilot.press("W")
        await until(pilot, lambda: "Edit the view" in shown(pilot))
        await pilot.press("tab", "tab", "space", "ctrl+s")
        await until(pilot, lambda: "Removed the view “allums”" in messages(pilot))
        await until(pilot, lambda: active(again) == ("all", False))
    assert json.loads(views_file(tmp_path).read_text("utf-8")) == {"views": []}


@pytest.mark.parametrize(
    ("query", "words"), [("status:bogus", "none of"), ("(((", "This parenthesis is not closed.")]
)
async def test_a_query_with_a_mistake_is_not_kept(
    app: PitboardApp, tmp_path: Path, query: str, words: str
) -> None:
    async with running(app) as pilot:
        query_line(app).value = query
        await settled(pilot)
        await pilot.press("z", "w")
        await until(pilot, lambda: words in messages(pilot))
        assert not views_file(tmp_path).exists()


async def test_a_view_is_not_changed_to_a_query_with_a_mistake(
    app: PitboardApp, tmp_path: Path
) -> None:
    kept = json.dumps({"views": [{"name": "albums", "query": "tag:album"}]})
    views_file(tmp_path).write_text(kept)
    async with running(app) as pilot:
        await until(pilot, lambda: screen(app).views.known[-1].name == "albums")
        await pilot.press("left_curly_bracket", "W")
        await until(pilot, lambda: "Edit the view" in shown(pilot))
        app.screen.field("query").value = "((("  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "This parenthesis is not closed." in shown(pilot))
    assert views_file(tmp_path).read_text() == kept


async def test_a_view_with_a_mistake_shows_it(app: PitboardApp, tmp_path: Path) -> None:
    held = [("a\u202eb", "x"), ("c", "x\x1b[31m"), ("old", "sev:S9")]
    views = [{"name": name, "query": query} for name, query in held]
    views_file(tmp_path).write_text(json.dumps({"views": views}))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: [view.name for view in screen(app).views.known if view.is_own])
        assert screen(app).views.known[-1].name == "old"
        assert len(screen(app).views.known) == len(built_in()) + 1, (
            "what can't be shown is left out"
        )
        await pilot.press("left_curly_bracket")
        await until(pilot, lambda: "“S9” is none of" in shown(pilot))
        assert line(pilot, BELOW) == "     ^^"


async def test_saving_a_view_stays_on_the_open_pitfall(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("j", "j", "j", "j", "enter")
        await settled(pilot)
        row = screen(app).pitfalls.row
        assert row is not None
        await pilot.press("w")
        await until(pilot, lambda: "Save as a view" in shown(pilot))
        await type_(pilot, "allum")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: active(app) == ("allum", False))
        await settled(pilot)
        assert screen(app).pitfalls.row == row


@pytest.mark.parametrize("content", ["{", '{"views": [{"name": ""}]}'])
async def test_damaged_views_are_told_and_the_built_in_ones_are_there(
    app: PitboardApp, tmp_path: Path, content: str
) -> None:
    views_file(tmp_path).write_text(content)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "views.json" in messages(pilot))
        assert "Inbox" in line(pilot, VIEWS)
        query_line(app).value = "x"
        await settled(pilot)
        await pilot.press("w")
        await until(pilot, lambda: "Save as a view" in shown(pilot))
        await type_(pilot, "x")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "can't be read" in shown(pilot))
        assert views_file(tmp_path).read_text() == content


async def test_more_views_than_fit_keep_the_active_one_in_sight(
    app: PitboardApp, tmp_path: Path
) -> None:
    held = [{"name": f"视图 {n} of mine", "query": f"tag:{n}"} for n in range(30)]
    views_file(tmp_path).write_text(json.dumps({"views": held}))
    async with app.run_test(size=(60, 24)) as pilot:
        await until(pilot, lambda: len(screen(app).views.known) > 30)
        for n in (29, 28):
            await pilot.press("left_curly_bracket")
            await until(pilot, lambda n=n: f"视图 {n} of mine" in line(pilot, VIEWS))
            assert width(line(pilot, VIEWS)) <= 60
        assert line(pilot, VIEWS).startswith("‹")


async def test_a_low_terminal_has_no_line_for_the_views(app: PitboardApp) -> None:
    async with running(app, size=(80, 15)) as pilot:
        assert isinstance(screen(app).query_one("#query"), Input)
        assert "Blocking" not in shown(pilot)
        assert line(pilot, 1).startswith(" /")
        await pilot.press("left_curly_bracket")
        await settled(pilot)
        assert query_line(app).value == built_in()[-1].query
        await pilot.press("right_curly_bracket")
        await settled(pilot)
        await pilot.resize_terminal(80, 16)
        await settled(pilot)
        assert "Blocking" in line(pilot, VIEWS)


async def test_an_empty_list_says_why_and_what_to_do(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_(pilot, "frobnicate")
        await until(pilot, lambda: "Press esc to clear" in shown(pilot))
        assert shown(pilot).count("No pitfalls") == 1


async def test_who_pauses_is_told_what_can_not_be_understood(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_(pilot, "status:/foo:bar")
        await until(pilot, lambda: "“/foo:bar” is none of open" in shown(pilot))
        # The list is still there, and typing goes on.
        assert screen(app).pitfalls.total == 10
        for _ in "/foo:bar":
            await pilot.press("backspace")
        await until(pilot, lambda: offered(app) == ["open", "workaround", "fixed"])
        await until(pilot, lambda: "is none of" not in shown(pilot))


@pytest.mark.parametrize("word", ["work", "sta", "login sta", "tag"])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_word_that_may_become_a_key_is_looked_for_while_it_is_typed(
    start: Callable[..., PitboardApp], language: str, word: str
) -> None:
    app = start(language)
    async with running(app) as pilot:
        await typing(pilot, app, word)
        await until(pilot, lambda: bool(offered(app)) and screen(app).pitfalls.total < 10)
        typed = answered(app)
        await pilot.press("enter")
        await settled(pilot)
        assert answered(app) == typed
        assert any(typed)


def answered(app: PitboardApp) -> tuple[list[str], str]:
    """The pitfalls that the list shows, and why it shows none."""
    pitfalls = screen(app).pitfalls
    rows = (pitfalls.row_at(place) for place in range(pitfalls.total))
    return [row.id for row in rows if row is not None], pitfalls.why_empty
