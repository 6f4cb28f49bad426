"""Suggested vendor replies in triage: shown with their reasons, enter records, 3 declines."""

from __future__ import annotations

import pytest
from textual.widgets import Input, Select, Static, TextArea

from storage.imports.watch.watcher import Watcher
from storage.model.row import Triage
from storage.model.vocabulary import VendorReplyKind
from storage.write.store import Store
from tests.servers import VENDOR, community_page
from tests.ui.driving import running, screen, settled, shown, until
from tui.app import PitboardApp
from tui.dialogs.references import AddVendorReply, EditReference
from tui.screens.triage import TriageScreen

URL = f"https://{VENDOR}/community/develop/doc/0001"
QUOTE = "该问题已修复，请更新到 4.1.12"


def look(store: Store, *answers: tuple[str, str, str, bool]) -> None:
    """Look at the page of all links to ``URL``, which holds these answers now."""
    watcher = Watcher(store.session)
    with store.session.locked():
        rows = store.session.connection.execute("SELECT id FROM pitfalls").fetchall()
    [link] = [one for one in watcher.links(name for (name,) in rows) if one.url == URL]
    watcher.look_at_file(link, community_page(*answers).encode())


@pytest.fixture
def suggested(app: PitboardApp, somebody: Store) -> str:
    """A pitfall for which a vendor reply is suggested, and one more that waits."""
    store = app.session.store()
    pitfall = store.pitfalls.report("A white picture")
    store.triage.accept(pitfall)
    store.links.add(pitfall, "https://a.example/other")
    store.links.add(pitfall, URL)
    store.pitfalls.report("Another")
    look(somebody)
    look(somebody, ("7", "官方专员", QUOTE, True))
    return pitfall


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_enter_opens_the_form_with_all_that_is_suggested(
    app: PitboardApp, suggested: str, size: tuple[int, int]
) -> None:
    async with running(app, size=size) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "vendor reply" in shown(pilot))
        words = str(app.screen.query_one("#suggestion-text", Static).content)
        for part in ("Vendor reply? fixed 4.1.12 (official badge; 已修复)", "官方专员", URL, QUOTE):
            assert part in words, part
        assert "record it" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AddVendorReply))
        form = app.screen
        assert form.query_one("#field-reference Input", Input).value == URL
        assert form.query_one("#field-sort Select", Select).value == VendorReplyKind.FIXED
        assert form.query_one("#field-author Input", Input).value == "官方专员"
        # The page says a day that lies ahead of the clock of this test.
        assert form.query_one("#field-said_on Input", Input).value == ""
        assert form.query_one("#field-version Input", Input).value == "4.1.12"
        assert form.query_one("#field-quote TextArea", TextArea).text == QUOTE
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
        await until(pilot, lambda: "Another" in shown(pilot))
        [reply] = app.session.board.pitfall(suggested).vendor_replies
        assert (reply.sort, reply.official, reply.quote.plain, reply.version) == (
            VendorReplyKind.FIXED,
            True,
            QUOTE,
            "4.1.12",
        )
        assert app.session.board.inbox.suggestions(suggested) == []
        assert not app.screen.has_class("-suggested")


async def test_3_declines_what_is_suggested_and_not_the_pitfall(
    app: PitboardApp, suggested: str
) -> None:
    async with running(app) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "Vendor reply?" in shown(pilot))
        await pilot.press("3")
        await until(pilot, lambda: "Declined the suggested vendor reply" in shown(pilot))
        board = app.session.board
        assert board.inbox.suggestions(suggested) == []
        assert board.pitfall(suggested).decision.triage is Triage.SETTLED
        await pilot.press("u")
        await until(pilot, lambda: "Vendor reply?" in shown(pilot))
        assert len(board.inbox.suggestions(suggested)) == 1


async def test_of_a_page_that_is_gone_the_reference_is_edited(
    app: PitboardApp, suggested: str, somebody: Store
) -> None:
    with somebody.session.writing():
        somebody.session.connection.execute(
            "UPDATE suggestions SET kind = '', why = '[\"gone\"]', quote = '', post = 'gone'"
        )
    async with running(app) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "the page is gone" in shown(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, EditReference))
        assert app.screen.query_one("#field-url Input", Input).value == URL


async def test_on_the_board_the_form_is_a_key_away_and_the_inbox_counts_it(
    app: PitboardApp, suggested: str
) -> None:
    async with running(app) as pilot:
        assert app.session.board.inbox.count(app.session.now()) == 2
        await until(pilot, lambda: screen(app).pitfalls.row is not None)
        screen(app).go_to(suggested)
        await settled(pilot)
        await pilot.press("0")
        await until(pilot, lambda: isinstance(app.screen, AddVendorReply))
        assert app.screen.query_one("#field-version Input", Input).value == "4.1.12"
        await pilot.press("escape")


async def test_hostile_words_of_a_page_are_shown_as_they_are(
    app: PitboardApp, suggested: str, somebody: Store
) -> None:
    look(somebody, ("9", "[red]x[/", "[/b] 已修复 [link=x]", True))
    async with running(app) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "[/b] 已修复 [link=x]" in shown(pilot))
        assert "[red]x[/" in shown(pilot)


async def test_in_chinese(start, somebody: Store, suggested: str) -> None:
    chinese = start("zh_CN")
    async with running(chinese) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "官方标识" in shown(pilot))
        assert "官方已修复" not in shown(pilot).split("官方标识")[0][-20:]
