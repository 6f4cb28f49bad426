from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Select

from storage.imports.importer import import_items
from storage.imports.notes import read_note
from storage.model.records import Pitfall
from storage.model.row import DeclineReason, InboxReason, Triage
from storage.write.store import Store
from tests.records import DAY_MS, Wall
from tests.ui.conftest import NOW
from tests.ui.driving import here, messages, running, screen, settled, shown, type_, until
from tui.app import PitboardApp
from tui.dialogs.pitfalls import PitfallField
from tui.screens.triage import TriageScreen
from tui.widgets.bars import (
    CountsBar,
)
from tui.widgets.match_lists import DuplicateCandidates


def triage(app: PitboardApp) -> TriageScreen:
    assert isinstance(app.screen, TriageScreen)
    return app.screen


def at_hand(app: PitboardApp) -> Pitfall:
    [one] = [one for one in app.screen_stack if isinstance(one, TriageScreen)]
    assert one.pitfalls.row is not None
    return app.session.board.pitfall(one.pitfalls.row.id)


def left(app: PitboardApp) -> int:
    """How many still wait, as the screen shows them."""
    [one] = [one for one in app.screen_stack if isinstance(one, TriageScreen)]
    return one.pitfalls.total


@asynccontextmanager
async def running_triage(
    app: PitboardApp, *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    """The app, running, with the first of three pitfalls of the inbox at hand."""
    async with running(app, size=size) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "1 of 3" in shown(pilot))
        yield pilot


def decided(app: PitboardApp, pitfall: Pitfall) -> Triage:
    return app.session.board.pitfall(pitfall.id).decision.triage


@pytest.fixture
def waiting(app: PitboardApp) -> list[str]:
    """Three pitfalls that wait for a decision, on a board with the catalogue."""
    store = app.session.store()
    return [
        store.pitfalls.report("保存图片变白", component="wx.saveImageToPhotosAlbum"),
        store.pitfalls.report("The album says no", inbox="imported"),
        store.pitfalls.report(
            "qy.login:fail", inbox="unmatched", occurrence={"message": "qy.login:fail"}
        ),
    ]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_inbox_is_gone_through_one_by_one(
    app: PitboardApp, waiting: list[str], size: tuple[int, int]
) -> None:
    async with running_triage(app, size=size) as pilot:
        assert at_hand(app).id == waiting[0]
        await until(pilot, lambda: "wx.saveImageToPhotosAlbum" in shown(pilot))
        assert "Likely the same" in shown(pilot)
        await pilot.press("j")
        await until(pilot, lambda: "2 of 3" in shown(pilot))
        assert "imported" in shown(pilot)
        await pilot.press("j", "j", "k", "k")
        await until(pilot, lambda: "1 of 3" in shown(pilot))


async def test_a_digit_decides_and_undo_comes_back_to_it(
    app: PitboardApp, waiting: list[str]
) -> None:
    async with running_triage(app, size=(120, 40)) as pilot:
        pitfall = at_hand(app)
        await pilot.press("1")
        await until(pilot, lambda: "2 of 3" in shown(pilot))
        assert decided(app, pitfall) is Triage.SETTLED
        assert "Accepted: 保存图片变白" in shown(pilot)
        assert not messages(pilot)
        assert at_hand(app).id == waiting[1]
        await pilot.press("j")
        await until(pilot, lambda: "3 of 3" in shown(pilot))
        await pilot.press("u")
        await until(pilot, lambda: left(app) == 3)
        assert decided(app, pitfall) is Triage.INBOX
        await until(pilot, lambda: at_hand(app).id == pitfall.id)


async def test_digits_in_one_burst_decide_one_after_the_other(
    app: PitboardApp, waiting: list[str]
) -> None:
    async with running_triage(app) as pilot:
        await pilot.press("1", "1", "1")
        await until(pilot, lambda: "The inbox is empty" in shown(pilot))
        states = {app.session.board.pitfall(one).decision.triage for one in waiting}
        assert states == {Triage.SETTLED}


async def test_a_duplicate_is_the_candidate_under_the_cursor(
    app: PitboardApp, waiting: list[str]
) -> None:
    async with running(app) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: triage(app).candidate is not None)
        pitfall, likely = at_hand(app), triage(app).query_one(DuplicateCandidates).in_order
        await pilot.press("tab", "enter")
        await until(pilot, lambda: left(app) == 2)
        assert app.session.board.duplicates.original(pitfall.id) == likely[0]


async def test_a_decision_is_said_whole_or_ends_in_an_ellipsis(app: PitboardApp) -> None:
    store = app.session.store()
    title = "点开体验链接报错“打开失败 内部错误”，" * 2
    store.pitfalls.report(f"{title}其一", inbox="imported")
    store.pitfalls.report("很长" * 100, inbox="imported")
    async with running(app) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "1 of 2" in shown(pilot))
        await type_(pilot, "1")
        await until(pilot, lambda: "1 left" in shown(pilot) or "2 of 2" in shown(pilot))
        await settled(pilot)
        assert f"Accepted:{title}其一".replace(" ", "") in "".join(shown(pilot).split())
        await type_(pilot, "1")
        await until(pilot, lambda: "The inbox is empty" in shown(pilot))
        await settled(pilot)
        said = shown(pilot).rsplit("Accepted: ", 1)[1]
        assert "很…" in said or "长…" in said
        assert "b board" in shown(pilot)


async def test_the_candidate_is_shown_with_what_it_comes_to(
    app: PitboardApp, waiting: list[str]
) -> None:
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: triage(app).candidate is not None)
        lead = triage(app).query_one("#likely-lead")
        await until(pilot, lambda: lead.display)
        first = str(lead.render())
        await pilot.press("down")
        await until(pilot, lambda: str(lead.render()) != first)
        assert at_hand(app).id == waiting[0]
        await pilot.press("2")
        await until(pilot, lambda: left(app) == 2)
        original = app.session.board.duplicates.original(waiting[0])
        assert original != waiting[0]


async def test_what_is_no_duplicate_is_not_suggested_again(
    app: PitboardApp, waiting: list[str]
) -> None:
    async with running(app) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: triage(app).candidate is not None)
        likely = triage(app).query_one(DuplicateCandidates).in_order
        await pilot.press("4")
        await until(pilot, lambda: likely[0] in app.session.board.duplicates.excluded(waiting[0]))
        await until(
            pilot, lambda: likely[0] not in triage(app).query_one(DuplicateCandidates).in_order
        )


async def test_no_reason_is_made_up(app: PitboardApp, waiting: list[str]) -> None:
    async with running_triage(app) as pilot:
        pitfall = at_hand(app)
        await pilot.press("3")
        await until(pilot, lambda: "Decline" in shown(pilot))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Choose why it is declined." in shown(pilot))
        assert decided(app, pitfall) is Triage.INBOX


async def test_declining_takes_it_off_the_board(app: PitboardApp, waiting: list[str]) -> None:
    async with running_triage(app, size=(120, 40)) as pilot:
        pitfall = at_hand(app)
        await pilot.press("3")
        await until(pilot, lambda: "Decline" in shown(pilot))
        app.screen.query_one("#field-because Select", Select).value = "not-ours"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: left(app) == 2)
        decision = app.session.board.pitfall(pitfall.id).decision
        assert decision.decline_reason is DeclineReason.NOT_OURS
        await pilot.press("b")
        await settled(pilot)
        assert pitfall.id not in {row.id for row in screen(app).search.listing.page(0, 100)}


async def test_a_snooze_needs_one_thing_that_ends_it(app: PitboardApp, waiting: list[str]) -> None:
    async with running_triage(app) as pilot:
        pitfall = at_hand(app)
        await pilot.press("H", "ctrl+s")
        await until(pilot, lambda: "Give exactly one end of the snooze" in shown(pilot))
        app.screen.query_one("#field-occurrences Input", Input).value = "2"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: left(app) == 2)
        assert decided(app, pitfall) is Triage.SNOOZED
        app.session.store().occurrences.log(pitfall.id, count=2)
        await until(pilot, lambda: left(app) == 3)


@pytest.mark.parametrize("key", ["b", "i"])
async def test_a_snooze_that_ends_shows_without_anybody_writing(board_file: Path, key: str) -> None:
    wall = Wall(NOW)
    app = PitboardApp(board_file, who="Ann", now=wall)
    store = app.session.store()
    pitfall = store.pitfalls.report("Until tomorrow")
    store.triage.snooze(pitfall, until=NOW + DAY_MS)
    async with running(app) as pilot:
        assert "✉ 0 inbox" in shown(pilot)
        await pilot.press(key)
        wall.ms += DAY_MS
        if key == "b":
            await until(pilot, lambda: "✉ 1 inbox" in shown(pilot))
        else:
            await until(pilot, lambda: "woken · waiting since 2026-11-24" in shown(pilot))
    app.session.close()


async def test_an_empty_inbox_says_so_kindly(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "The inbox is empty" in shown(pilot))
        await pilot.press("1")
        await until(pilot, lambda: "There is no pitfall here" in messages(pilot))
        await pilot.press("b")
        await until(pilot, lambda: app.screen is screen(app))


async def test_the_key_line_names_no_key_that_would_do_nothing(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "The inbox is empty" in shown(pilot))
        triage = app.screen
        assert isinstance(triage, TriageScreen)
        needed = triage.needed()
        assert not {"accept", "duplicate", "decline", "snooze", "open"} & {one.id for one in needed}
        assert not any(one.when(triage.context) for one in needed)


async def test_enter_opens_it_on_the_board(app: PitboardApp, waiting: list[str]) -> None:
    async with running_triage(app) as pilot:
        await pilot.press("j")
        await until(pilot, lambda: "2 of 3" in shown(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen(app))
        assert here(app).id == waiting[1]


async def test_the_count_in_the_header_is_the_inbox(app: PitboardApp, waiting: list[str]) -> None:
    async with running(app) as pilot:
        assert "✉ 3 inbox" in shown(pilot).splitlines()[0]
        app.session.store().triage.accept(waiting)
        await until(pilot, lambda: "✉ 0 inbox" in shown(pilot).splitlines()[0])
        assert app.screen.query_one(CountsBar)


# Several at once


async def test_a_range_is_marked_and_accepted_as_one_step(
    app: PitboardApp, waiting: list[str]
) -> None:
    async with running_triage(app) as pilot:
        await pilot.press("v", "j", "j", "v")
        await until(pilot, lambda: "3 marked" in shown(pilot))
        await pilot.press("1")
        await until(pilot, lambda: "and 2 more" in shown(pilot))
        assert "in the inbox: imported → " in shown(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "The inbox is empty" in shown(pilot))
        await pilot.press("u")
        await until(pilot, lambda: left(app) == 3)


async def test_what_a_colleague_decided_is_not_decided_again(
    app: PitboardApp, waiting: list[str]
) -> None:
    async with running_triage(app) as pilot:
        await pilot.press("asterisk")
        await until(pilot, lambda: "3 marked" in shown(pilot))
        app.session.store().triage.decline(waiting[1], "not-ours")
        await until(pilot, lambda: "2 marked" in shown(pilot))
        await pilot.press("1", "ctrl+s")
        await until(pilot, lambda: "The inbox is empty" in shown(pilot))
        assert app.session.board.pitfall(waiting[1]).decision.triage is Triage.DECLINED


async def test_what_is_marked_is_not_offered_as_its_own_original(
    app: PitboardApp, waiting: list[str]
) -> None:
    twins = [app.session.store().pitfalls.report("wx.qy.twin fails") for _ in range(2)]
    async with running(app) as pilot:
        await pilot.press("i", "G")
        await until(
            pilot, lambda: triage(app).query_one(DuplicateCandidates).in_order[:1] == twins[:1]
        )
        await pilot.press("k", "v", "j", "v")
        await until(pilot, lambda: "2 marked" in shown(pilot))
        await until(
            pilot, lambda: triage(app).query_one(DuplicateCandidates).in_order[:1] == twins[:1]
        )
        await pilot.press("2")
        await until(pilot, lambda: "Mark as duplicate" in shown(pilot))
        assert app.screen.query_one(PitfallField).value not in twins


async def test_a_woken_one_is_previewed_as_it_stands(app: PitboardApp) -> None:
    store = app.session.store()
    pitfalls = [store.pitfalls.report("One"), store.pitfalls.report("Two")]
    store.triage.snooze(pitfalls, occurrences=1)
    store.occurrences.log(pitfalls)
    async with running(app) as pilot:
        await pilot.press("i", "asterisk", "1")
        await until(pilot, lambda: shown(pilot).count("in the inbox: woken → ") == 2)


async def test_all_that_is_listed_can_be_edited_at_once(app: PitboardApp) -> None:
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("asterisk")
        await until(pilot, lambda: "10 marked" in shown(pilot))
        await pilot.press("e")
        await until(pilot, lambda: "and 9 more" in shown(pilot))
        assert shown(pilot).count("unchanged") == 2, "kind and severity"
        app.screen.query_one("#field-severity Select", Select).value = "S4"
        await until(pilot, lambda: "S3 → S4" in shown(pilot))
        app.screen.query_one("#field-add_tags Input", Input).value = "album"
        await until(pilot, lambda: "+#album" in shown(pilot))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen(app))
        await settled(pilot)
        held = [app.session.board.pitfall(r.id) for r in screen(app).search.listing.page(0, 10)]
        assert {one.severity for one in held} == {"S4"}
        assert all("album" in one.tags for one in held)
        await pilot.press("u")
        await settled(pilot)
        held = [app.session.board.pitfall(r.id) for r in screen(app).search.listing.page(0, 10)]
        assert {one.severity for one in held} != {"S4"}


async def test_a_comment_on_several_is_previewed(app: PitboardApp) -> None:
    async with running(app) as pilot:
        await pilot.press("space", "space", "c")
        await until(pilot, lambda: "Comment:" in shown(pilot))
        # Also before it is written: no form adds an empty one.
        await until(pilot, lambda: shown(pilot).count("gets the comment") == 2)
        await type_(pilot, "seen")
        await until(pilot, lambda: shown(pilot).count("gets the comment") == 2)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen(app))
        held = [app.session.board.pitfall(r.id) for r in screen(app).search.listing.page(0, 2)]
        assert [one.comments[-1].text.plain for one in held] == ["seen", "seen"]


async def test_an_occurrence_and_a_reference_of_several(app: PitboardApp) -> None:
    async with running(app) as pilot:
        marked = [row.id for row in screen(app).search.listing.page(0, 2)]
        await pilot.press("space", "space", "a")
        await until(pilot, lambda: "Log an occurrence:" in shown(pilot))
        await type_(pilot, "white")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen(app))
        seen = {app.session.board.occurrences.of(one)[0].message for one in marked}
        assert seen == {"white"}
        await settled(pilot)
        for one in marked:
            screen(app).go_to(one)
            await pilot.press("space")
        await pilot.press("l")
        await until(pilot, lambda: "Add a reference:" in shown(pilot))
        app.screen.query_one("#field-url Input", Input).value = "https://example.com"
        await until(pilot, lambda: shown(pilot).count("gets the reference") == 2)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is screen(app))
        held = [app.session.board.pitfall(one).references[-1].url for one in marked]
        assert held == ["https://example.com"] * 2
        await pilot.press("u", "u")

        def logged() -> set[str]:
            return {app.session.board.occurrences.of(one)[0].message for one in marked}

        await until(pilot, lambda: logged() != {"white"})


async def test_what_is_reported_on_the_board_waits_in_the_inbox(app: PitboardApp) -> None:
    async with running(app):
        store: Store = app.session.store()
        pitfall = store.pitfalls.report("A new one")
        decision = app.session.board.pitfall(pitfall).decision
        assert decision.inbox_reason is InboxReason.NEW


# What was imported, beside what was read from it

NOTES = """## Problem: the picture is white
Symptom: on Android the saved picture is white
Error: `saveImageToPhotosAlbum:fail invalid file type`
Workaround: ask for the permission first
"""


@pytest.fixture
def imported(app: PitboardApp) -> PitboardApp:
    """The app on a board with a pitfall that was read from a file, and one that was not."""
    store = app.session.store()
    import_items(store.session, read_note(NOTES, "notes.md").proposals)
    store.pitfalls.report("Nothing was imported here")
    return app


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_the_imported_text_stands_by_the_pitfall(
    imported: PitboardApp, size: tuple[int, int]
) -> None:
    async with running(imported, size=size) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "Imported text  7 title  8 workaround  9 sig" in shown(pilot))
        await settled(pilot)
        assert "Symptom: on Android the saved picture is white" in shown(pilot)
        assert "Error: `saveImageToPhotosAlbum:fail invalid" in shown(pilot)
        # What it is compared with stays in sight, too.
        assert "Likely the same" in shown(pilot)
        await pilot.press("j")
        await until(pilot, lambda: "Imported text" not in shown(pilot))
        await pilot.press("k")
        await until(pilot, lambda: "Imported text" in shown(pilot))


async def test_a_click_on_what_corrects_it_opens_that_form(imported: PitboardApp) -> None:
    async with running(imported) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "9 signatures" in shown(pilot))
        await settled(pilot)
        [line] = [line for line in shown(pilot).splitlines() if "9 signatures" in line]
        row = shown(pilot).splitlines().index(line)
        await pilot.click(offset=(line.index("8 workaround") + 2, row))
        await until(pilot, lambda: "Correct what was imported" in shown(pilot))
        assert imported.screen.values == {"workaround": "ask for the permission first"}


async def test_a_correction_does_not_replace_unseen_what_somebody_wrote_meanwhile(
    imported: PitboardApp, somebody: Store
) -> None:
    async with running(imported) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "7 title" in shown(pilot))
        await settled(pilot)
        pitfall = at_hand(imported).id
        await pilot.press("7")
        await until(pilot, lambda: "Correct what was imported" in shown(pilot))
        await settled(pilot)
        somebody.pitfalls.edit(pitfall, {"title": "From a shell"})
        imported.screen.query_one("#field-title Input", Input).value = "Mine"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "meanwhile: “From a shell”" in shown(pilot))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(imported.screen, TriageScreen))
        assert imported.session.board.pitfall(pitfall).title.plain == "Mine"


async def test_tab_goes_to_the_candidates_the_imported_text_and_back(
    imported: PitboardApp,
) -> None:
    async with running(imported) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: triage(imported).candidate is not None)
        places = []
        for _press in range(3):
            await pilot.press("tab")
            await settled(pilot)
            assert imported.focused is not None
            places.append(imported.focused.id)
        assert places[:2] == ["likely", "source"]
        assert places[2] not in ("likely", "source")


async def test_what_differs_from_the_candidate_is_marked(app: PitboardApp) -> None:
    store = app.session.store()
    known = store.pitfalls.report("The camera stays black", component="wx.createCameraContext")
    store.occurrences.log(known, platform="android", message="camera:fail denied by the system")
    store.triage.accept(known)
    report = store.pitfalls.report(
        "The camera stays black at once", component="wx.createCameraContext"
    )
    store.occurrences.log(report, platform="ios", message="camera:fail denied by the user")
    async with running(app, size=(200, 50)) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: triage(app).candidate == known)
        await until(pilot, lambda: "≠ platform iOS → Android" in shown(pilot))
        assert "= component wx.createCameraContext" in shown(pilot)
        assert "≠ camera:fail denied by the [-user-]{+system+}" in shown(pilot)


async def test_progress_counts_what_was_decided(app: PitboardApp) -> None:
    store = app.session.store()
    for number in range(15):
        store.pitfalls.report(f"Report {number} of nothing like the others {number * 7919}")
    async with running(app, size=(80, 24)) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "1 of 15" in shown(pilot))
        await pilot.press("1", "1", "1")
        await until(pilot, lambda: "4 of 15" in shown(pilot))
        # The result is in its line, and covers nothing.
        assert not messages(pilot)
        assert "Accepted: Report 2" in shown(pilot).splitlines()[-2]
        await pilot.press("u")
        await until(pilot, lambda: "3 of 15" in shown(pilot))
        assert "left" not in shown(pilot).splitlines()[0]
        # What is passed over is not decided.
        await pilot.press("j", "j")
        await until(pilot, lambda: "5 of 15 · 13 left" in shown(pilot))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_many_candidates_leave_room_for_what_the_one_under_the_cursor_comes_to(
    app: PitboardApp, size: tuple[int, int]
) -> None:
    store = app.session.store()
    for number in range(5):
        known = store.pitfalls.report(f"The map is blank {number}", component="map", severity="S2")
        store.triage.accept(known)
    report = store.pitfalls.report("The map is blank", component="map")
    async with running(app, size=size) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: triage(app).candidate is not None)
        lead = triage(app).query_one("#likely-lead")
        await until(pilot, lambda: "≠ severity S3 → S2" in shown(pilot))
        visible = triage(app).query_one("#candidate")
        assert visible.size.height >= 4
        assert lead.region.y < visible.region.bottom
        # One key goes to another candidate, also in a burst with the one that decides.
        second = triage(app).query_one(DuplicateCandidates).in_order[1]
        await pilot.press("down", "2")
        await until(pilot, lambda: left(app) == 0)
    assert app.session.board.duplicates.original(report) == second


async def test_an_arrow_says_so_where_there_is_no_other_candidate(app: PitboardApp) -> None:
    app.session.store().pitfalls.report("Nothing is like this zzz")
    async with running(app) as pilot:
        await pilot.press("i", "down")
        await until(pilot, lambda: "j and k go to other reports" in shown(pilot))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_candidate_with_another_error_code_is_asked_about(
    app: PitboardApp, size: tuple[int, int]
) -> None:
    store = app.session.store()
    known = store.pitfalls.report("Scanning a code ends at once", component="wx.scanCode")
    store.occurrences.log(known, message='{"errMsg":"scanCode:fail","errCode":40029}')
    store.triage.accept(known)
    report = store.pitfalls.report("Scanning a code ends at once", component="wx.scanCode")
    store.occurrences.log(report, message='{"errMsg":"scanCode:fail","errCode":41001}')
    async with running(app, size=size) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: triage(app).candidate == known)
        await until(pilot, lambda: "≠ error code 41001 → 40029" in shown(pilot))
        # Who types ahead merges nothing: the safe answer has the focus.
        await pilot.press("2", "enter")
        await settled(pilot)
        assert triage(app).candidate == known
        assert app.session.board.duplicates.original(report) == report
        await pilot.press("2")
        await until(pilot, lambda: "The error codes differ: 41001 in the report" in shown(pilot))
        # The whole question, in a small terminal too.
        assert "duplicate?" in shown(pilot)
        await pilot.press("y")
        await until(pilot, lambda: left(app) == 0)
        assert app.session.board.duplicates.original(report) == known
        await pilot.press("u")
        await until(pilot, lambda: left(app) == 1)
        assert app.session.board.duplicates.original(report) == report
