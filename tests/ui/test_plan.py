"""Who takes care of a pitfall and until when, on the board."""

from __future__ import annotations

from storage.model.row import Plan
from storage.text.zones import day_of
from tests.records import DAY_MS
from tests.ui.conftest import NOW
from tests.ui.driving import messages, running, screen, settled, shown, type_, until
from tui.app import PitboardApp

YESTERDAY = day_of(NOW - DAY_MS)


async def test_what_is_chosen_is_assigned_to_oneself_by_a_key(app: PitboardApp) -> None:
    store = app.session.store()
    names = [store.pitfalls.report(title, tags=["ours"]) for title in ("One", "Two")]
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("slash")
        await type_(pilot, "tag:ours")
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("space", "space", "M")
        await settled(pilot)
        board = app.session.board
        plans = [board.pitfall(name).plan for name in names]
        assert plans == [Plan(assignee=store.session.who)] * 2
        assert "Assigned to you" in messages(pilot)
        assert not screen(app).pitfalls.marked
        await pilot.press("asterisk", "M")
        await settled(pilot)
        assert "Already assigned to you" in messages(pilot)
        # Both at once: it was one step.
        await pilot.press("u")
        await settled(pilot)
        assert [board.pitfall(name).plan for name in names] == [Plan()] * 2
        await until(
            pilot,
            lambda: f"Undone: changed the assignee: – → {store.session.who} — " in messages(pilot),
        )
        assert messages(pilot).endswith("and 1 more")


async def test_the_view_of_what_is_mine_lists_the_most_urgent_first(app: PitboardApp) -> None:
    store = app.session.store()
    store.pitfalls.report("Later", assignee="me", due="2099-01-01")
    store.pitfalls.report("Late", assignee="me", due=YESTERDAY)
    store.pitfalls.report("Theirs", assignee="Somebody else", due=YESTERDAY)
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("slash")
        await type_(pilot, "assignee:me sort:due")
        await pilot.press("enter")
        await settled(pilot)
        pitfalls = screen(app).pitfalls
        rows = [pitfalls.row_at(place) for place in range(pitfalls.total)]
        assert [row.title.plain for row in rows if row is not None] == ["Late", "Later"]
        lines = shown(pilot).splitlines()
        # The mark says it, and so do the words beside it.
        assert any("! Late " in line for line in lines)
        assert any(f"! overdue: {YESTERDAY}" in line for line in lines)
        assert not any("! Later" in line for line in lines)
        # What it is sorted by stands where else the age does.
        [late] = [line for line in lines if "! Late " in line]
        assert late.rstrip().endswith(YESTERDAY)


async def test_the_form_takes_a_day_as_people_write_it(app: PitboardApp) -> None:
    store = app.session.store()
    pitfall = store.pitfalls.report("One")
    async with running(app, size=(120, 40)) as pilot:
        screen(app).go_to(pitfall)
        await settled(pilot)
        await pilot.press("e")
        await settled(pilot)
        form = app.screen
        form.field("due").value = "someday"  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert "“someday” is not a date" in shown(pilot)
        form.field("due").value = "tomorrow"  # type: ignore[attr-defined]
        form.field("assignee").value = "me"  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await until(pilot, lambda: app.screen is not form)
        plan = app.session.board.pitfall(pitfall).plan
        assert plan == Plan(assignee=store.session.who, due=day_of(NOW + DAY_MS))


async def test_columns_show_it(app: PitboardApp) -> None:
    app.session.store().pitfalls.report("One", assignee="Lin", due=YESTERDAY, ticket="WX-7")
    async with running(app, size=(160, 40)) as pilot:
        screen(app).pitfalls.choose_columns(["title", "assignee", "due", "ticket"])
        await settled(pilot)
        lines = shown(pilot).splitlines()
        line = next(line for line in lines if "! One" in line)
        assert line.index("Lin") < line.index(f"! {YESTERDAY}") < line.index("WX-7")


async def test_triage_brings_up_what_is_overdue_and_a_new_day_lets_it_go(app: PitboardApp) -> None:
    store = app.session.store()
    pitfall = store.pitfalls.report("One", due=day_of(NOW))
    store.triage.accept(pitfall)
    async with running(app, size=(120, 40)) as pilot:
        assert app.session.board.inbox.count(app.session.now()) == 0
        before = app.session.state()
        later = NOW + DAY_MS
        app.session.now = store.session.now = lambda: later
        assert app.session.state() != before
        await pilot.press("i")
        await until(pilot, lambda: "· overdue · waiting since" in shown(pilot))
        await pilot.press("e")
        await settled(pilot)
        form = app.screen
        form.field("due").value = "tomorrow"  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "The inbox is empty" in shown(pilot))
        assert app.session.board.pitfall(pitfall).plan.due == day_of(later + DAY_MS)
