"""The table of environments: its cells, its cursor, and what stands behind a cell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.pilot import Pilot

from storage.write.store import Store
from tests.records import DAY_MS
from tests.sizes import each_once
from tests.ui.conftest import NOW
from tests.ui.driving import running, screen, settled, shown, until
from tui.app import PitboardApp
from tui.text.i18n import speak
from tui.widgets.matrix import Matrix


@pytest.fixture
def tried(app: PitboardApp) -> Iterator[str]:
    """A pitfall that is fixed on iOS and was tried here and there, once long ago."""
    store = Store.open(app.session.path, who="Bob", now=lambda: NOW - 9 * DAY_MS)
    pitfall = store.pitfalls.report("A white picture", workaround="Ask for the album first")
    where = {"host": "wecom", "channel": "trial-qr"}
    store.occurrences.log(
        pitfall, **where, platform="ios", client_version="4.0.20", base_library="2.14.1", count=3
    )
    store.triage.accept(pitfall)
    store.close()
    store = app.session.store()
    store.fixes.record(pitfall, axis="client", from_version="4.1.8", platform="ios")
    long_ago = {"channel": "release", "seen_at": NOW - 400 * DAY_MS}
    store.occurrences.log(pitfall, host="wecom", platform="harmony", **long_ago)
    # At one time: the one that was logged later decides.
    store.occurrences.log(
        pitfall, **where, platform="android", client_version="4.1.9", outcome="not-reproduced"
    )
    store.occurrences.log(
        pitfall, **where, platform="android", client_version="4.1.10", base_library="2.30.4"
    )
    store.occurrences.log(
        pitfall,
        host="wecom",
        channel="release",
        platform="ios",
        client_version="4.1.8(18808)",
        outcome="not-reproduced",
    )
    yield pitfall
    speak("en")


async def table(app: PitboardApp, pilot: Pilot[None], pitfall: str) -> Matrix:
    """Open a pitfall, and go to the table."""
    await settled(pilot)
    screen(app).go_to(pitfall)
    await settled(pilot)
    await pilot.press("enter", "m")
    await until(pilot, lambda: isinstance(app.screen.focused, Matrix))
    return screen(app).query_one(Matrix)


def line_with(pilot: Pilot[None], words: str) -> str:
    return next(line for line in shown(pilot).splitlines() if words in line)


async def test_a_cell_says_state_count_and_day(app: PitboardApp, tried: str) -> None:
    async with app.run_test(size=(200, 50)) as pilot:
        await table(app, pilot, tried)
        by_qr = line_with(pilot, "trial by QR code  ")
        # What was seen before the fix for iOS says nothing of it now.
        assert "◷ ✘3 11-14" in by_qr
        assert "✘ ✘1 ✔1 11-23" in by_qr
        release = line_with(pilot, "release  ")
        assert "✔ 1 11-23" in release
        assert "◷ ✘1 2025-10-19" in release
        assert "✘ reproduced  ✔ not reproduced  ◷ stale  · untested" in shown(pilot)


async def test_a_click_on_a_cell_lists_what_is_behind_it(app: PitboardApp, tried: str) -> None:
    async with app.run_test(size=(200, 50)) as pilot:
        await table(app, pilot, tried)
        lines = shown(pilot).splitlines()
        [y] = [n for n, line in enumerate(lines) if "trial by QR code  " in line][:1]
        x = lines[y].index("✘ ✘1 ✔1")
        await pilot.hover(offset=(x + 1, y))
        await settled(pilot)
        await pilot.click(offset=(x + 1, y))
        await until(pilot, lambda: "trial by QR code  (esc: all)" in shown(pilot))
        assert "Android" in line_with(pilot, "(esc: all)")
        assert "✘ ✘1 ✔1" in under_the_cursor(pilot)
        # A heading is no cell.
        await pilot.click(offset=(x + 1, y - 4))
        await settled(pilot)
        assert "(esc: all)" in shown(pilot)


def under_the_cursor(pilot: Pilot[None]) -> str:
    """What stands in the cells that are drawn the other way round."""
    strips = pilot.app.screen._compositor.render_strips()
    segments = [segment for strip in strips for segment in strip]
    return "".join(one.text for one in segments if one.style and one.style.reverse).strip()


async def test_the_cursor_can_be_seen_without_colour(app: PitboardApp, tried: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await table(app, pilot, tried)
        await until(pilot, lambda: "✘ ✘1 ✔1 11-23" in under_the_cursor(pilot))
        await pilot.press("l")
        await until(pilot, lambda: "◷ ✘3 11-14" in under_the_cursor(pilot))
        await pilot.press("b")
        await until(pilot, lambda: screen(app).pitfalls.has_focus)
        assert "◷S" not in under_the_cursor(pilot)


async def test_one_key_turns_the_table_to_versions_and_back(app: PitboardApp, tried: str) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        matrix = await table(app, pilot, tried)
        await pilot.press("m")
        await until(pilot, lambda: "2.30.4" in shown(pilot))
        assert shown(pilot).index("2.30.4 ") < shown(pilot).index("2.14.1 ")
        await pilot.press("m")
        await until(pilot, lambda: "4.0.20 " in shown(pilot))
        labels = [str(value) for _host, value in matrix._rows]
        assert labels == ["4.1.10", "4.1.9", "4.1.8(18808)", "4.0.20", "None"]
        await pilot.press("m")
        await until(pilot, lambda: "trial by QR code" in shown(pilot))


async def test_enter_shows_what_is_behind_a_cell_and_escape_all_again(
    app: PitboardApp, tried: str
) -> None:
    async with app.run_test(size=(80, 50)) as pilot:
        await table(app, pilot, tried)
        await until(pilot, lambda: "4.0.20" in shown(pilot) and "4.1.10" in shown(pilot))
        await pilot.press("k", "up", "h", "left", "j", "down", "enter")
        await until(pilot, lambda: "WeCom · Android · trial by QR code  (esc: all)" in shown(pilot))
        assert "4.1.10" in shown(pilot)
        assert "4.0.20" not in shown(pilot)
        await pilot.press("l", "enter")
        await until(pilot, lambda: "WeCom · iOS · trial by QR code" in shown(pilot))
        assert "4.0.20" in shown(pilot)
        assert "4.1.10" not in shown(pilot)
        await pilot.press("right", "enter")
        await until(pilot, lambda: "Not tried there yet" in shown(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "4.0.20" in shown(pilot) and "4.1.10" in shown(pilot))
        assert "esc: all" not in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: screen(app).pitfalls.has_focus)


async def test_what_others_log_leaves_cursor_and_list_where_they_are(
    app: PitboardApp, tried: str
) -> None:
    async with app.run_test(size=(80, 50)) as pilot:
        await table(app, pilot, tried)
        await pilot.press("l", "enter")
        await until(pilot, lambda: "WeCom · iOS · trial by QR code" in shown(pilot))
        app.session.store().occurrences.log(
            tried, host="wecom", channel="trial-qr", platform="ios", client_version="4.1.11"
        )
        await until(pilot, lambda: "4.1.11" in shown(pilot))
        assert "WeCom · iOS · trial by QR code  (esc: all)" in shown(pilot)
        assert "4.1.10" not in shown(pilot)


async def test_behind_a_version_stand_its_own_occurrences(app: PitboardApp, tried: str) -> None:
    async with app.run_test(size=(80, 50)) as pilot:
        matrix = await table(app, pilot, tried)
        await pilot.press("m", "m")
        await until(pilot, lambda: matrix.across == "client")
        await pilot.press("enter")
        await until(pilot, lambda: "WeCom · Android · 4.1.10" in shown(pilot))
        assert "4.1.9 " not in shown(pilot).partition("esc: all")[2]


async def test_every_occurrence_shows_its_verdict_and_why(app: PitboardApp, tried: str) -> None:
    async with app.run_test(size=(80, 60)) as pilot:
        await table(app, pilot, tried)
        words = " ".join(shown(pilot).split())
        assert "✔ confirms the fix: 4.1.8(18808) is at or beyond the fix in client release" in words
        assert "◷ stale: 4.0.20 is older than the fix in client release 4.1.8" in words
        await pilot.press("right_square_bracket")
        await settled(pilot)
        assert "◷ stale: 4.0.20 is older" in " ".join(shown(pilot).split())


@pytest.mark.parametrize(("size", "language"), each_once([(80, 24), (120, 40)], ["en", "zh_CN"]))
async def test_what_is_wider_than_the_screen_scrolls_with_the_cursor(
    app: PitboardApp, tried: str, size: tuple[int, int], language: str
) -> None:
    speak(language)
    store = app.session.store()
    for platform in ("windows", "macos", "devtools"):
        store.occurrences.log(tried, host="wecom", platform=platform, channel="preview", count=999)
    async with app.run_test(size=size) as pilot:
        matrix = await table(app, pilot, tried)
        await pilot.press(*["l"] * 9)
        await settled(pilot)
        drawn = matrix.region
        seen = matrix.parent.region  # type: ignore[union-attr]
        assert drawn.right <= seen.right + 2
        await pilot.press(*["h"] * 9)
        await settled(pilot)
        assert "Android" in shown(pilot)


async def test_a_chosen_age_makes_evidence_stale(app: PitboardApp, tried: str) -> None:
    app.session.stale_after_days = 500
    async with running(app, size=(200, 50)) as pilot:
        app.session.stale_after_days = 500
        await table(app, pilot, tried)
        assert "✘ 1 2025-10-19" in line_with(pilot, "release  ")


async def test_in_triage_the_same_key_shows_the_table(app: PitboardApp, tried: str) -> None:
    app.session.store().triage.requeue(tried)
    async with running(app, size=(120, 40)) as pilot:
        await pilot.press("i")
        await until(pilot, lambda: "1 of 1" in shown(pilot))
        await settled(pilot)
        await pilot.press("m")
        await until(pilot, lambda: "✘ ✘1 ✔1 11-23" in shown(pilot))
        await pilot.press("m")
        await until(pilot, lambda: "2.30.4" in shown(pilot))
