"""Look-alikes beside a new pitfall, and an occurrence of a known one instead of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from tests.ui.driving import (
    here,
    messages,
    paste,
    running,
    settled,
    shown,
    type_,
    until,
)
from tui.app import PitboardApp
from tui.dialogs.form import Form
from tui.dialogs.forms import LogOccurrence
from tui.dialogs.general import Confirm
from tui.dialogs.new_pitfall import NewPitfall
from tui.dialogs.pitfalls import PitfallField
from tui.screens.board import BoardScreen
from tui.widgets.match_lists import MatchList


def form(app: PitboardApp) -> NewPitfall:
    assert isinstance(app.screen, NewPitfall), app.screen
    return app.screen


async def opened(pilot: Pilot[None]) -> None:
    await settled(pilot)
    await pilot.press("n")
    await until(pilot, lambda: isinstance(pilot.app.screen, NewPitfall))
    await settled(pilot)


@asynccontextmanager
async def running_report(
    app: PitboardApp, *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    async with running(app, size=size) as pilot:
        await opened(pilot)
        yield pilot


async def back(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, BoardScreen))
    await settled(pilot)


def offered(app: PitboardApp) -> MatchList:
    return form(app).query_one(MatchList)


async def test_the_nearest_known_ones_stand_below_while_the_title_is_typed(
    app: PitboardApp,
) -> None:
    async with running_report(app) as pilot:
        assert "Known ones" not in shown(pilot)
        await type_(pilot, "wx.saveImageToPhotosAlbum white picture")
        await until(pilot, lambda: offered(app).found)
        await settled(pilot)
        seen = shown(pilot)
        assert "Similar known pitfalls" in seen
        assert "wx.saveImageToPhotosAlbum" in seen
        assert "≈" in seen
        assert "Save ^s" in seen
        assert form(app).field("title").value == "wx.saveImageToPhotosAlbum white picture"


async def test_a_signature_in_the_error_text_is_recognised_first(app: PitboardApp) -> None:
    async with running_report(app, size=(120, 40)) as pilot:
        await type_(pilot, "white picture")
        form(app).field("signatures").enter()
        await pilot.pause()
        await paste(pilot, "invoke result:qy.login,qy.login:fail")
        await until(pilot, lambda: offered(app).found and offered(app).found[0].recognised)
        await settled(pilot)
        assert "= signature “" in shown(pilot)


async def test_enter_on_one_logs_an_occurrence_with_all_that_was_typed(app: PitboardApp) -> None:
    async with running_report(app) as pilot:
        await type_(pilot, "login is broken again")
        for name, text in (("signatures", "qy.login:fail"), ("reproduction", "1. open it")):
            form(app).field(name).enter()
            await pilot.pause()
            await paste(pilot, text)
        await until(pilot, lambda: offered(app).found)
        await pilot.press("ctrl+l")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LogOccurrence))
        await settled(pilot)
        log = app.screen
        assert isinstance(log, LogOccurrence)
        assert log.field("message").value == "qy.login:fail"
        assert "login is broken again" in log.field("note").value
        assert "1. open it" in log.field("note").value
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, NewPitfall))
        assert form(app).field("title").value == "login is broken again", "nothing is lost"
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LogOccurrence))
        await settled(pilot)
        await pilot.press("ctrl+s")
        await back(pilot)
        assert "Logged an occurrence" in messages(pilot)
        assert "wx.qy.login" in here(app).title.plain
        [newest, *_] = app.session.board.occurrences.of(here(app).id)
        assert newest.message == "qy.login:fail"
        assert "login is broken again" in newest.note.plain


async def test_it_can_still_be_reported_as_new(app: PitboardApp) -> None:
    async with running_report(app) as pilot:
        await type_(pilot, "qy.login")
        await until(pilot, lambda: offered(app).found)
        await pilot.press("ctrl+s")
        await back(pilot)
        assert here(app).title.plain == "qy.login"
        assert "Reported" in messages(pilot)


async def test_without_words_nothing_is_offered_and_leaving_asks_as_before(
    app: PitboardApp,
) -> None:
    async with running_report(app) as pilot:
        await type_(pilot, "qy.login")
        await until(pilot, lambda: offered(app).found)
        for _ in "qy.login":
            await pilot.press("backspace")
        await until(pilot, lambda: not offered(app).found)
        await pilot.press("ctrl+l")
        assert not offered(app).has_focus
        await type_(pilot, "x")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Confirm))


async def test_what_a_signature_would_match_stands_below_it(app: PitboardApp) -> None:
    async with running_report(app) as pilot:
        field = form(app).field("signatures")
        field.enter()
        await pilot.pause()
        await paste(pilot, "Permission denied\nCannot connect to the Docker daemon\nqy.login:fail")
        await until(pilot, lambda: "any error may say that" in field.note)
        first, second, *rest = field.note.splitlines()
        assert first.startswith("“Permission denied”")
        assert "matches everyday logs" in second
        assert all("of this board" in line for line in rest)


async def test_where_it_was_seen_is_reported_with_it_if_that_is_ticked(app: PitboardApp) -> None:
    store = app.session.store()
    known = store.pitfalls.report("Known")
    store.occurrences.log(known, platform="ios", client_version="4.1.8")
    async with running_report(app, size=(80, 40)) as pilot:
        assert not form(app).field("platform").display
        await type_(pilot, "zq")
        form(app).field("seen").enter()
        await pilot.press("space")
        await until(pilot, lambda: form(app).field("platform").display)
        assert form(app).field("platform").is_remembered
        assert "from your last entry" in shown(pilot)
        form(app).field("client_version").value = "4.1.9"
        form(app).field("signatures").value = "zq:fail"
        await pilot.press("ctrl+s")
        await back(pilot)
        await until(pilot, lambda: "with an occurrence" in messages(pilot))
        [seen] = app.session.board.occurrences.of(here(app).id)
        assert (seen.environment.platform, seen.environment.client_version, seen.message) == (
            "ios",
            "4.1.9",
            "zq:fail",
        )


@pytest.mark.parametrize("keys", [[], ["enter"]], ids=["in the list", "while it is read"])
async def test_the_cursor_goes_to_a_report_that_is_redone(
    app: PitboardApp, keys: list[str]
) -> None:
    async with running(app) as pilot:
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, Form))
        await type_(pilot, "Zeta stays black")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: here(app).title.plain == "Zeta stays black")
        await settled(pilot)
        await pilot.press(*keys, "u")
        await until(pilot, lambda: here(app).title.plain != "Zeta stays black")
        await pilot.press("U")
        await until(pilot, lambda: here(app).title.plain == "Zeta stays black")
        await settled(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Form))
        assert app.screen.query_one(PitfallField).value == here(app).id
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        # What changed another one leaves the cursor where it is.
        await pilot.press(*["escape"] * len(keys), "g", "c")
        await until(pilot, lambda: isinstance(app.screen, Form))
        await type_(pilot, "a comment")
        await pilot.press("ctrl+s")
        await settled(pilot)
        first = here(app).id
        await pilot.press("j", "u", "U")
        await until(pilot, lambda: "Redone: commented" in messages(pilot))
        assert here(app).id != first
