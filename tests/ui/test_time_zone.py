"""The board's time zone on the screen: set, taken back, and set by somebody else."""

from __future__ import annotations

from storage.text.zones import zone
from storage.write.store import Store
from tests.ui.conftest import NOW
from tests.ui.driving import here, messages, paste, settled, shown, until
from tests.ui.filling import field, fill, opened, saved
from tui.app import PitboardApp

#: Sunday, 23:30 in UTC; Monday in Shanghai.
EVENING = NOW - 8 * 3_600_000 - 30 * 60_000


async def test_the_zone_is_set_for_all_days_and_taken_back(
    app: PitboardApp, somebody: Store
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        pitfall = here(app)
        somebody.occurrences.log(pitfall.id, seen_at=EVENING, message="late at night")
        await pilot.press("r")
        await until(pilot, lambda: "2026-11-22" in shown(pilot))
        await opened(pilot, "ctrl+t")
        assert field(app, "zone").value == "UTC"
        fill(app, zone="Mars")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "is not a time zone" in shown(pilot))
        fill(app, zone="shanghai")
        await saved(pilot)
        await until(pilot, lambda: "2026-11-23" in shown(pilot))
        assert zone().name == "Asia/Shanghai"
        await pilot.press("u")
        await until(pilot, lambda: "2026-11-22" in shown(pilot))
        assert "set the time zone" in messages(pilot)


async def test_a_zone_that_a_colleague_set_shows_at_once(app: PitboardApp, somebody: Store) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        pitfall = here(app)
        somebody.occurrences.log(pitfall.id, seen_at=EVENING)
        await pilot.press("r")
        await until(pilot, lambda: "2026-11-22" in shown(pilot))
        somebody.board.set_time_zone("Asia/Shanghai")
        await until(pilot, lambda: "2026-11-23" in shown(pilot))


async def test_a_pasted_time_is_one_of_the_boards_zone(app: PitboardApp, somebody: Store) -> None:
    somebody.board.set_time_zone("+08:00")
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, "p")
        await paste(pilot, "2026-11-20 14:40:01 qy.login:fail\n")
        await until(pilot, lambda: field(app, "at").value == "2026-11-20 14:40")
