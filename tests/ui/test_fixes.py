"""Fixes on the board: recorded, put right, verified, disputed, and gone back from."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.model.records import Fix
from storage.model.row import InboxReason, Status, Triage
from storage.model.vocabulary import Axis, Host, Outcome, Platform
from storage.query.tree import Filter, Query
from storage.write.store import Store
from tests.ui.conftest import NOW
from tests.ui.driving import here, messages, query_line, running, screen, settled, shown, until
from tests.ui.filling import field, fill, opened, running_form, saved
from tui.app import PitboardApp
from tui.dialogs.form import Form
from tui.screens.triage import TriageScreen
from tui.text.vocabulary import MARKS, word


def of_status(status: Status) -> Filter:
    return Filter("status", (status.value,))


def fixes(app: PitboardApp) -> tuple[Fix, ...]:
    return here(app).fixes


async def test_a_fix_needs_only_what_is_known_and_proposes_that_it_is_fixed(
    app: PitboardApp,
) -> None:
    async with running_form(app, "F") as pilot:
        assert not field(app, "grace_days").display
        assert field(app, "status").value == "fixed upstream"
        assert not field(app, "status").changed
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "needs its axis" in shown(pilot))
        fill(app, axis="client")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "The last version affected" in shown(pilot))
        fill(app, from_version="4.1.8(18808)", reference="https://example.com/9", official="yes")
        await saved(pilot)
        [fix] = fixes(app)
        assert (fix.axis, fix.from_version) == (Axis.CLIENT, "4.1.8(18808)")
        assert fix.official
        assert here(app).status is Status.FIXED_UPSTREAM


@pytest.mark.parametrize(
    ("language", "refusal"),
    [
        ("en", "client release, base library, server side, devtools, document, limit lifted."),
        ("zh", "注明修复途径：应用版本、基础库、服务端、开发者工具、文档、解除限制。"),
    ],
)
async def test_a_refused_form_names_what_it_offers_and_not_what_is_typed_in_a_shell(
    start: Callable[..., PitboardApp], language: str, refusal: str
) -> None:
    async with running_form(start(language), "F") as pilot:
        await pilot.press("ctrl+s")
        await settled(pilot)
        said = "".join(shown(pilot).replace("│", "").split())
        assert refusal.replace(" ", "") in said


async def test_counts_list_and_detail_say_one_status_after_each_step(app: PitboardApp) -> None:
    pitfall = app.session.store().pitfalls.report("A white picture")
    async with running(app, size=(120, 40)) as pilot:
        screen(app).go_to(pitfall)
        seen = []

        async def agree() -> None:
            status = here(app).status
            mark, name = MARKS[status], word(status)
            total = app.session.board.find(Query(conditions=(of_status(status),))).total

            def agrees() -> bool:
                head, *lines = shown(pilot).splitlines()
                [row] = [one for one in lines if re.search(r" S3 .*A white picture", one)]
                return (
                    f"{mark} {total} {name}" in head
                    and f"{mark} S3" in row
                    and any(f"{mark} {name}" in one for one in lines)
                )

            await until(pilot, agrees)
            seen.append(status)

        await agree()
        await opened(pilot, "F")
        fill(app, axis="client", from_version="4.1.9")
        await saved(pilot)
        await agree()
        for key in ("u", "U"):
            await pilot.press(key)
            await settled(pilot)
            await agree()
        await opened(pilot, "6")
        await saved(pilot)
        await agree()
        await pilot.press("u")
        await settled(pilot)
        await agree()
        fixed = Status.FIXED_UPSTREAM
        assert seen == [Status.OPEN, fixed, Status.OPEN, fixed, Status.OPEN, fixed]


async def test_a_fix_in_full_leaves_the_status_when_told_to(app: PitboardApp) -> None:
    pitfall = app.session.store().pitfalls.report("A white picture")
    async with running(app, size=(120, 40)) as pilot:
        screen(app).go_to(pitfall)
        await opened(pilot, "F")
        fill(app, axis="library")
        await settled(pilot)
        assert field(app, "grace_days").display
        fill(
            app,
            from_version="2.30.4",
            from_date="2026-11-01",
            last_affected="2.30.3",
            affected_since="2.20.0",
            host="wecom",
            quote="修复了",
            grace_days="14",
        )
        field(app, "status").value = ""
        await saved(pilot)
        [fix] = fixes(app)
        assert (fix.from_date, fix.last_affected, fix.affected_since) == (
            "2026-11-01",
            "2.30.3",
            "2.20.0",
        )
        assert (fix.host, fix.grace_days, fix.quote.plain) == (Host.WECOM, 14, "修复了")
        assert here(app).status is Status.OPEN
        for words in (
            "from 2.30.4 of 2026-11-01",
            "affected: 2.20.0 to 2.30.3",
            "14 days of grace",
        ):
            assert words in shown(pilot)
        await pilot.press("u")
        await until(pilot, lambda: not fixes(app))


async def test_what_cannot_be_compared_is_kept_and_said_to_be_so(app: PitboardApp) -> None:
    async with running_form(app, "F", size=(80, 40)) as pilot:
        fill(app, axis="client", from_version="4.1.8")
        await settled(pilot)
        assert "can't be compared" not in shown(pilot)
        fill(app, from_version="the next one")
        await until(pilot, lambda: "can't be compared" in shown(pilot))
        fill(app, from_date="2026-02-30")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "is not a date" in shown(pilot))
        fill(app, from_date="")
        await saved(pilot)
        assert fixes(app)[0].from_version == "the next one"


@pytest.mark.parametrize(
    ("status", "workaround", "suggested"),
    [
        ("open", "", ""),
        ("open", "Ask for the album first", "workaround"),
        ("workaround", "Ask for the album first", ""),
    ],
)
async def test_a_fix_for_one_platform_suggests_the_workaround_for_the_others(
    app: PitboardApp, status: str, workaround: str, suggested: str
) -> None:
    store = app.session.store()
    pitfall = store.pitfalls.report("A white picture", workaround=workaround)
    store.status.set(pitfall, status)
    async with running(app, size=(80, 40)) as pilot:
        screen(app).go_to(pitfall)
        await opened(pilot, "F")
        fill(app, axis="client", from_version="4.1.8", status="fixed upstream")
        await settled(pilot)
        fill(app, platform="ios")
        await until(pilot, lambda: "A fix for one platform" in shown(pilot))
        assert field(app, "status").value == suggested
        fill(app, platform="android", status="fixed upstream")
        await settled(pilot)
        assert field(app, "status").value == "fixed upstream"
        fill(app, status=suggested or "open" if status == "open" else "workaround")
        await saved(pilot)
        assert here(app).status == (suggested or status)
        assert fixes(app)[0].platform is Platform.ANDROID


async def test_a_fix_is_put_right_or_hidden(app: PitboardApp) -> None:
    store = app.session.store()
    pitfall = store.pitfalls.report("A white picture")
    store.fixes.record(pitfall, axis="client", from_version="4.1.8", platform="ios")
    second = store.fixes.record(pitfall, axis="library", from_version="2.30.4", grace_days=7)
    async with running(app, size=(80, 40)) as pilot:
        screen(app).go_to(pitfall)
        await opened(pilot, "F")
        fill(app, fix=second)
        await until(pilot, lambda: field(app, "from_version").value == "2.30.4")
        assert not field(app, "status").display
        assert field(app, "grace_days").value == "7"
        fill(app, from_version="2.30.5", platform="android")
        await saved(pilot)
        first, amended = fixes(app)
        assert (amended.id, amended.from_version, amended.platform, amended.grace_days) == (
            second,
            "2.30.5",
            Platform.ANDROID,
            7,
        )
        await opened(pilot, "F")
        fill(app, fix=first.id)
        await until(pilot, lambda: field(app, "from_version").value == "4.1.8")
        fill(app, hidden="yes")
        await saved(pilot)
        assert [fix.id for fix in fixes(app)] == [second]


async def test_what_somebody_wrote_into_a_fix_meanwhile_is_not_replaced_unseen(
    app: PitboardApp, somebody: Store
) -> None:
    store = app.session.store()
    pitfall = store.pitfalls.report("A white picture")
    store.fixes.record(pitfall, axis="client", from_version="4.1.2", platform="ios")
    fix = store.fixes.record(pitfall, axis="client", from_version="4.1.8", platform="ios")
    async with running(app, size=(80, 40)) as pilot:
        screen(app).go_to(pitfall)
        await opened(pilot, "F")
        fill(app, fix=fix)
        await until(pilot, lambda: field(app, "from_version").value == "4.1.8")
        somebody.entries.edit(pitfall, fix, {"from_version": "4.1.9", "quote": "Fixed."})
        fill(app, from_version="4.1.10")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "meanwhile: “4.1.9”" in shown(pilot))
        assert fixes(app)[1].from_version == "4.1.9"
        assert field(app, "fix").value == fix
        assert field(app, "quote").value == "Fixed."
        await saved(pilot)
        assert (fixes(app)[1].from_version, fixes(app)[1].quote.plain) == ("4.1.10", "Fixed.")
        # One that is new replaces nothing.
        await opened(pilot, "F")
        somebody.entries.edit(pitfall, fix, {"from_version": "4.1.11"})
        fill(app, axis="client", from_version="4.2.0")
        await saved(pilot)
        assert [one.from_version for one in fixes(app)] == ["4.1.2", "4.1.11", "4.2.0"]


async def test_choosing_a_fix_and_leaving_loses_nothing(app: PitboardApp) -> None:
    store = app.session.store()
    pitfall = store.pitfalls.report("A white picture")
    fix = store.fixes.record(pitfall, axis="client", from_version="4.1.8", platform="ios")
    async with running(app) as pilot:
        screen(app).go_to(pitfall)
        await opened(pilot, "F")
        fill(app, fix=fix)
        await until(pilot, lambda: field(app, "from_version").value == "4.1.8")
        await settled(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen(app))


async def test_verifying_says_what_the_fix_is_found_to_be(app: PitboardApp) -> None:
    store = app.session.store()
    pitfall = store.pitfalls.report("A white picture")
    # With room for the fixes below two occurrences.
    async with running(app, size=(120, 60)) as pilot:
        screen(app).go_to(pitfall)
        await settled(pilot)
        await pilot.press("V")
        await until(pilot, lambda: "Press F to record one" in messages(pilot))
        store.fixes.record(pitfall, axis="server", from_date="2026-10-01")
        newest = store.fixes.record(pitfall, axis="client", from_version="4.1.8")
        await until(pilot, lambda: shown(pilot).count("? claimed") == 2)
        await opened(pilot, "V")
        assert field(app, "fix").value == newest
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Say whether it reproduced here" in shown(pilot))
        fill(app, outcome="not-reproduced", platform="ios", client_version="4.1.8", note="thrice")
        await saved(pilot)
        [tried] = app.session.board.occurrences.of(pitfall)
        assert (tried.fix, tried.outcome, tried.note.plain) == (
            newest,
            Outcome.NOT_REPRODUCED,
            "thrice",
        )
        await until(pilot, lambda: "✔ verified 2026-11-23" in shown(pilot))
        await opened(pilot, "V")
        assert field(app, "client_version").value == "4.1.8"
        fill(app, outcome="reproduced", client_version="4.1.9", at="2026-11-23 07:00")
        await saved(pilot)
        # The newest evidence is still the one that was seen later.
        await until(pilot, lambda: "✔ verified 2026-11-23" in shown(pilot))
        assert len(app.session.board.occurrences.of(pitfall)) == 2


@pytest.fixture
def regressed(app: PitboardApp) -> str:
    """A pitfall that is fixed in 4.1.8 and was seen in 4.1.10."""
    store = Store.open(app.session.path, who="Bob", now=lambda: NOW - 1000)
    pitfall = store.pitfalls.report("A white picture", workaround="Ask for the album first")
    store.triage.accept(pitfall)
    store.status.set(pitfall, "fixed upstream", axis="client", from_version="4.1.8")
    store.close()
    app.session.store().occurrences.log(pitfall, client_version="4.1.10", platform="ios")
    return pitfall


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_a_regression_is_counted_badged_and_filtered_by(
    app: PitboardApp, regressed: str, size: tuple[int, int]
) -> None:
    async with running(app, size=size) as pilot:
        assert "↻ 1 regressed" in shown(pilot)
        assert re.search(r"↻ S\d +A white picture", shown(pilot))
        counts = shown(pilot).splitlines()[0]
        await pilot.click("#counts", offset=(counts.index("↻"), 0))
        await settled(pilot)
        assert query_line(app).value == "has:regression"
        assert screen(app).pitfalls.total == 1
        counts = shown(pilot).splitlines()[0]
        # It is of the whole board, and beside the counts of a query it says so.
        assert re.search(r"↻ 1 (regressed )?in all", counts)
        await pilot.click("#counts", offset=(counts.index("↻"), 0))
        await settled(pilot)
        assert query_line(app).value == ""
        await pilot.press("f", "f", "f", "f")
        await settled(pilot)
        assert query_line(app).value == "has:regression"
        await pilot.press("f")
        await settled(pilot)
        assert query_line(app).value == ""


async def test_without_a_regression_nothing_is_said_of_any(app: PitboardApp) -> None:
    async with running(app, size=(120, 40)) as pilot:
        assert "regressed" not in shown(pilot)
        await pilot.press("f", "f", "f", "f")
        await settled(pilot)
        assert query_line(app).value == ""


async def test_one_key_goes_back_with_the_reason_filled_in(
    app: PitboardApp, regressed: str
) -> None:
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, TriageScreen))
        await until(pilot, lambda: "1 of 1 · regressed" in shown(pilot))
        await pilot.press("6")
        await until(pilot, lambda: isinstance(app.screen, Form))
        reason = field(app, "reason").value
        assert "4.1.10 is at or beyond the fix in client release 4.1.8" in reason
        assert "seen 2026-11-23 08:00 by Ann" in reason
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "The inbox is empty" in shown(pilot))
        held = app.session.board.pitfall(regressed)
        assert held.status is Status.WORKAROUND
        assert held.decision.triage is Triage.SETTLED
        assert any(
            line.reason.plain == reason for line in app.session.board.history.timeline(regressed)
        )
        await pilot.press("u")
        await until(pilot, lambda: "1 of 1 · regressed" in shown(pilot))


async def test_what_needs_a_version_says_so_in_triage(app: PitboardApp, regressed: str) -> None:
    store = app.session.store()
    store.history.undo()
    store.occurrences.log(regressed)
    decision = app.session.board.inbox.decisions([regressed], NOW)[regressed]
    assert decision.inbox_reason is InboxReason.NEEDS_VERSION
    async with running(app) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "1 of 1 · needs version" in shown(pilot))


async def test_what_can_not_be_done_is_said_before_a_form_is_filled_in(app: PitboardApp) -> None:
    pitfall = app.session.store().pitfalls.report("A white picture")
    async with running(app) as pilot:
        screen(app).go_to(pitfall)
        await settled(pilot)
        for key, why in (
            ("6", "nothing is to be reopened"),
            ("C", "It has no workaround yet"),
            ("V", "It has no fix record yet"),
            ("equals_sign", "No conflicts"),
        ):
            await pilot.press(key)
            await until(pilot, lambda why=why: why in messages(pilot))
            assert app.screen is screen(app)


async def test_the_configured_days_of_grace_stand_in_the_form(
    app: PitboardApp, tmp_path: Path
) -> None:
    config = tmp_path / "config" / "pitboard"
    config.mkdir(parents=True)
    (config / "config.toml").write_text("grace_days = 14\nstale_after_days = 0\n", "utf-8")
    async with app.run_test(size=(80, 40)) as pilot:
        await until(pilot, lambda: "stale_after_days" in messages(pilot))
        assert "it is too small" in messages(pilot)
        assert app.session.stale_after_days == 180
        await opened(pilot, "F")
        fill(app, axis="library")
        await until(pilot, lambda: field(app, "grace_days").display)
        assert field(app, "grace_days").value == "14"


async def test_the_version_that_decides_is_asked_first(app: PitboardApp) -> None:
    store = app.session.store()
    pitfall = store.pitfalls.report("Devtools show nothing")
    store.fixes.record(pitfall, axis="devtools", from_version="1.06")
    async with running(app, size=(120, 40)) as pilot:
        screen(app).go_to(pitfall)
        await settled(pilot)
        await opened(pilot, "V")
        await pilot.press("n", "tab")
        assert field(app, "devtools_version").has_pseudo_class("focus-within")
        assert "1.06 or later" in shown(pilot)
        await pilot.press("1", "full_stop", "0", "6", "enter")
        await until(pilot, lambda: app.screen is screen(app))
        await until(pilot, lambda: "verified by us on" in shown(pilot))
