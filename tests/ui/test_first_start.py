"""The first start: what this is, and the jobs that one begins with, until one of them is done."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from storage.query.parser import parse
from tests.ui.driving import query_line, running, screen, settled, shown, type_, until
from tui.app import PitboardApp

NAME = "Known bugs of a platform"


async def test_a_new_board_says_how_to_begin_and_shows_its_list(app: PitboardApp) -> None:
    async with running(app) as pilot:
        assert NAME in shown(pilot)
        assert "p Paste an error  / Search  n Report pitfall" in shown(pilot)
        # It stands above the list, and covers nothing of it.
        lines = shown(pilot).splitlines()
        [at] = [n for n, line in enumerate(lines) if "p Paste an error" in line]
        assert lines[at + 1].startswith((" ● S2 ", " ● S3 "))


async def test_a_click_on_a_job_begins_it(app: PitboardApp) -> None:
    async with running(app) as pilot:
        lines = shown(pilot).splitlines()
        [at] = [n for n, line in enumerate(lines) if "p Paste an error" in line]
        await pilot.click(offset=(lines[at].index("/ Search") + 3, at))
        await settled(pilot)
        assert query_line(app).has_focus


async def test_a_search_that_finds_something_ends_it_for_this_board(
    app: PitboardApp, start: Callable[..., PitboardApp]
) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_(pilot, "nothing-is-called-this")
        await settled(pilot)
        assert NAME in shown(pilot)
        await pilot.press("escape", "slash")
        await type_(pilot, "album")
        await pilot.press("enter")
        await until(pilot, lambda: NAME not in shown(pilot))
    again = start()
    async with running(again) as pilot:
        assert NAME not in shown(pilot)


async def test_a_report_ends_it(app: PitboardApp) -> None:
    async with running(app) as pilot:
        app.session.store().pitfalls.report("A new one")
        await until(pilot, lambda: NAME not in shown(pilot))


async def test_another_board_begins_anew(
    app: PitboardApp, start: Callable[..., PitboardApp]
) -> None:
    async with running(app) as pilot:
        screen(app).end_first_steps()
        await settled(pilot)
    app.session.close()
    for path in app.session.path.parent.glob("board.db*"):
        path.unlink()
    PitboardApp(app.session.path, who="Ann").session.close()
    again = start()
    async with running(again) as pilot:
        assert NAME in shown(pilot)


# An empty list


async def test_an_empty_list_names_the_filter_that_empties_it(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_(pilot, "status:open xyzzy")
        await pilot.press("enter")
        await until(pilot, lambda: "Without “xyzzy” there are 2." in shown(pilot))
        assert shown(pilot).count("esc to clear") == 1
        await pilot.press("escape")
        await settled(pilot)
        assert screen(app).pitfalls.total == 10


async def test_an_empty_list_names_the_nearest_query_that_finds_something(
    app: PitboardApp,
) -> None:
    store = app.session.store()
    store.occurrences.log(store.pitfalls.report("A white picture"), client_version="4.1.8")
    async with running(app) as pilot:
        for typed, meant in (("client:4.1", "client:4.1.*"), ("tag:albun", "tag:album")):
            await pilot.press("slash")
            await type_(pilot, typed)
            await pilot.press("enter")
            await until(pilot, lambda meant=meant: f"Did you mean “{meant}”?" in shown(pilot))
            await pilot.press("escape")
            await settled(pilot)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tag:album tag:input", "Without “tag:input” there are 2."),
        ("status:open status:fixed tag:album", "Without “status:fixed” there is 1."),
        ("component:wx.qy.* component:trial*", "Without “component:wx.qy.*” there are 4."),
        ("tag:input tag:input xyzzy", "Without “xyzzy” there is 1."),
    ],
)
async def test_of_filters_on_one_field_an_empty_list_leaves_out_only_one(
    app: PitboardApp, query: str, words: str
) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_(pilot, query)
        await pilot.press("enter")
        await until(pilot, lambda: "Without “" in " ".join(shown(pilot).split()))
        assert words in " ".join(shown(pilot).split())
        # What it promises is what the rest of the query finds.
        named = words.split("“")[1].split("”")[0]
        [promised] = re.findall(r"there (?:is|are) (\d+)", words)
        rest = parse(query.replace(named, "", 1))
        assert app.session.board.find(rest, now=app.session.now()).total == int(promised)


async def test_an_empty_list_of_one_filter_names_that(app: PitboardApp) -> None:
    async with running(app, size=(60, 20)) as pilot:
        await pilot.press("slash")
        await type_(pilot, "component:wx.nothing")
        await until(pilot, lambda: "No pitfalls match “component:wx.nothing”" in shown(pilot))
        assert "Press esc to clear it." in " ".join(shown(pilot).split())


async def test_a_minus_that_is_being_typed_keeps_the_last_list(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_(pilot, "-")
        await settled(pilot)
        assert screen(app).pitfalls.total == 10
        assert "No pitfalls match" not in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Behind the minus" in shown(pilot))


@pytest.mark.parametrize("text", ["nothing of that kind", "xyzzy sta", "login kind"])
async def test_words_that_begin_like_a_key_are_answered(app: PitboardApp, text: str) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_(pilot, text)
        await until(pilot, lambda: "No pitfalls match" in shown(pilot))


async def test_a_key_that_is_being_typed_is_a_word_until_its_colon(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_(pilot, "login")
        await until(pilot, lambda: 0 < screen(app).pitfalls.total < 10)
        found = screen(app).pitfalls.total
        await type_(pilot, " sta")
        await until(pilot, lambda: screen(app).pitfalls.total == 0)
        await type_(pilot, "tus:")
        await until(pilot, lambda: screen(app).pitfalls.total == found)
        await type_(pilot, "workaround")
        await settled(pilot)
        assert screen(app).pitfalls.total == found


async def test_a_value_that_is_being_typed_keeps_the_last_list(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("slash")
        await type_(pilot, "component:wx.")
        await settled(pilot)
        assert screen(app).pitfalls.total == 10
        await type_(pilot, "qy.login")
        await until(pilot, lambda: screen(app).pitfalls.total == 1)
        await pilot.press("backspace")
        await settled(pilot)
        assert screen(app).pitfalls.total == 1
        # What is left unfinished finds nothing, and says so.
        await pilot.press("enter")
        await until(pilot, lambda: screen(app).pitfalls.total == 0)
        assert "No pitfalls match" in shown(pilot)
