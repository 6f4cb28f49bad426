"""What passes between a pitfall and the vendor, on the board."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList

from storage.model.vocabulary import Source, VendorReplyKind
from storage.write.store import Store
from tests.ui.driving import here, messages, query_line, running, screen, settled, shown, until
from tests.ui.test_forms import field, fill, opened, saved
from tui.app import PitboardApp
from tui.dialogs.form import Form
from tui.text.i18n import speak

THREAD = "https://developers.weixin.qq.com/community/develop/doc/000a"


async def references(pilot) -> None:
    """Open the pitfall under the cursor at its references."""
    await settled(pilot)
    await pilot.press("enter", "left_square_bracket")
    await until(pilot, lambda: screen(pilot.app).detail.tab == "references")
    await settled(pilot)


def without_links(app: PitboardApp, store: Store) -> str:
    """Hide the links that the catalogue gave to the pitfall under the cursor; its id."""
    pitfall = here(app)
    for reference in pitfall.references:
        store.entries.hide(pitfall.id, reference.id)
    return pitfall.id


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_what_was_said_stands_below_its_reference_and_in_the_head(
    app: PitboardApp, somebody: Store, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        without_links(app, somebody)
        await pilot.press("r")
        await references(pilot)
        assert "vendor: ○ unreported" in shown(pilot)
        await opened(pilot, "A")
        assert field(app, "reference").has_pseudo_class("focus-within")
        fill(
            app,
            reference=THREAD,
            sort="will-fix",
            said_on="2026-11-20",
            author="Bo",
            official="yes",
            version="4.1.12",
            quote="Soon.",
        )
        await saved(pilot)
        [reference], [reply] = here(app).references, here(app).vendor_replies
        assert (reference.url, reference.source) == (THREAD, Source.COMMUNITY)
        assert (reply.sort, reply.official) == (VendorReplyKind.WILL_FIX, True)
        assert "Added a vendor reply" in messages(pilot)
        await until(pilot, lambda: "Bo (vendor): will fix in 4.1.12" in shown(pilot))
        seen = shown(pilot)
        assert "2026-11-20" in seen
        assert "“Soon.”" in seen
        assert "vendor: ↓ acknowledged" in seen
        # The status is another thing.
        assert "● open" in seen


async def test_the_form_is_for_the_chosen_reference_and_refuses_beside_its_field(
    app: PitboardApp, somebody: Store
) -> None:
    async with running(app, size=(120, 40)) as pilot:
        pitfall = without_links(app, somebody)
        first = somebody.links.add(pitfall, "https://a.b/c")
        second = somebody.links.add(pitfall, THREAD)
        await pilot.press("r")
        await references(pilot)
        await pilot.press("j")
        await opened(pilot, "A")
        assert field(app, "reference").value == THREAD
        assert field(app, "sort").has_pseudo_class("focus-within")
        fill(app, said_on="someday")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "“someday” is not a date" in shown(pilot))
        fill(app, said_on="", reference="nowhere")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Where was it said?" in shown(pilot))
        fill(app, reference=THREAD, sort="by-design")
        await saved(pilot)
        [reply] = here(app).vendor_replies
        assert (reply.reference, reply.sort) == (second, VendorReplyKind.BY_DESIGN)
        assert first != second
        assert [one.id for one in here(app).references] == [first, second]


async def test_a_statement_is_edited_hidden_and_brought_back(
    app: PitboardApp, somebody: Store
) -> None:
    async with running(app, size=(120, 40)) as pilot:
        somebody.links.add_reply(without_links(app, somebody), THREAD, sort="fixed", author="Bo")
        await pilot.press("r")
        await references(pilot)
        await pilot.press("j")
        await opened(pilot, "e")
        assert field(app, "author").value == "Bo"
        fill(app, author="Li", sort="acknowledged")
        await saved(pilot)
        [reply] = here(app).vendor_replies
        assert (reply.author, reply.sort) == ("Li", VendorReplyKind.ACKNOWLEDGED)
        # The cursor stays on it.
        assert screen(app).detail.chosen_reply == reply
        await opened(pilot, "e")
        fill(app, hidden="yes")
        await saved(pilot)
        assert here(app).vendor_replies == ()
        # On the reference, e is for that.
        await opened(pilot, "e")
        assert field(app, "url").value == THREAD
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("u")
        await until(pilot, lambda: here(app).vendor_replies)


async def test_enter_on_a_statement_opens_the_reference_where_it_was_said(
    app: PitboardApp, somebody: Store
) -> None:
    async with running(app) as pilot:
        somebody.links.add(here(app).id, "https://a.b/c")
        somebody.links.add_reply(here(app).id, THREAD, sort="fixed")
        await pilot.press("r")
        await references(pilot)
        await pilot.press("j", "j", "Y")
        assert screen(app).focused is screen(app).query_one("#references", OptionList)
        assert app.clipboard == THREAD


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_b_copies_the_report_and_says_what_is_missing(
    app: PitboardApp, somebody: Store, language: str
) -> None:
    speak(language)
    async with running(app) as pilot:
        pitfall = somebody.pitfalls.report("It fails")
        await settled(pilot)
        screen(app).go_to(pitfall)
        await settled(pilot)
        await pilot.press("B")
        await until(pilot, lambda: app.clipboard.startswith("# It fails"))
        field_of_it, lacks = ("框架类型", "基础库版本")
        if language == "en":
            field_of_it, lacks = "Framework", "Base library"
        assert f"**{field_of_it}**" in app.clipboard
        await until(pilot, lambda: lacks in messages(pilot))
        assert pitfall not in app.clipboard


async def test_the_palette_and_triage_have_both(app: PitboardApp, somebody: Store) -> None:
    pitfall = somebody.pitfalls.report("It fails")
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("ctrl+p")
        await settled(pilot)
        await pilot.press(*"bug", "space", *"report")
        await until(pilot, lambda: "Copy a bug report for the vendor" in shown(pilot))
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("i")
        await settled(pilot)
        await pilot.press("A")
        await until(pilot, lambda: isinstance(app.screen, Form))
        fill(app, reference=THREAD, sort="fixed")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: not isinstance(app.screen, Form))
        assert app.session.board.pitfall(pitfall).vendor_replies


async def test_a_view_shows_what_nobody_reported(app: PitboardApp, somebody: Store) -> None:
    async with running(app, size=(120, 40)) as pilot:
        told_them = here(app).id
        before = screen(app).pitfalls.total
        somebody.links.add(told_them, THREAD)
        names = [view.name for view in screen(app).views.known]
        await pilot.press(*["right_curly_bracket"] * names.index("unreported"))
        await until(pilot, lambda: query_line(app).value == "upstream:unreported")
        await settled(pilot)
        await until(pilot, lambda: screen(app).pitfalls.total < before)
        with_it = {row.id for row in app.session.board.find(screen(app).search.query).page(0, 100)}
        assert told_them not in with_it
