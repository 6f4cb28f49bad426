"""Catalogues of others on the board: listed, subscribed to, updated and left."""

from __future__ import annotations

from textual.pilot import Pilot

from storage.query.parser import parse
from tests.catalogues import ENTRY, FIX, Upstream
from tests.ui.driving import messages, running, screen, settled, shown, type_, until
from tui.app import PitboardApp


def found(app: PitboardApp) -> int:
    return app.session.board.find(parse("source:community")).total


async def choose(pilot: Pilot[None], what: str) -> None:
    """Open the dialog, and continue with what it offers."""
    await pilot.press("K")
    await until(pilot, lambda: "Catalogues of the board" in shown(pilot))
    field = pilot.app.screen.field("do")  # type: ignore[attr-defined]
    field.value = what
    await settled(pilot)
    await pilot.press("ctrl+s")


async def test_a_catalogue_is_subscribed_to_updated_and_left(
    app: PitboardApp, upstream: Upstream
) -> None:
    app.session.store()
    async with running(app, size=(80, 24)) as pilot:
        await choose(pilot, "subscribe")
        await until(pilot, lambda: "Subscribe to a catalogue" in shown(pilot))
        await type_(pilot, "/nowhere/at/all")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "no git repository at /nowhere/at/all" in shown(pilot))
        app.screen.field("url").value = str(upstream.folder)  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Take it in?" in shown(pilot))
        assert "1 new pitfall" in shown(pilot)
        assert "CC-BY-4.0" in shown(pilot)
        # Nothing comes in unasked.
        await pilot.press("escape")
        await settled(pilot)
        assert found(app) == 0

        await choose(pilot, "subscribe")
        await until(pilot, lambda: "Subscribe to a catalogue" in shown(pilot))
        app.screen.field("url").value = str(upstream.folder)  # type: ignore[attr-defined]
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Take it in?" in shown(pilot))
        await pilot.press("y")
        await until(pilot, lambda: "Taken in: community, 1 new pitfall." in messages(pilot))
        assert found(app) == 1

        await choose(pilot, "update community")
        await until(pilot, lambda: "community: nothing is new." in messages(pilot))
        upstream.entry(1, ENTRY + FIX)
        upstream.commit()
        upstream.entry(2, "nonsense")
        upstream.commit()
        await choose(pilot, "update community")
        await until(pilot, lambda: "Take it in?" in shown(pilot))
        assert "1 claimed fix" in shown(pilot)
        assert "Later commits hold mistakes" in shown(pilot)
        await pilot.press("y")
        await until(pilot, lambda: "Taken in: community, 1 claimed fix." in messages(pilot))

        await pilot.press("K")
        await until(pilot, lambda: "community  1 pitfall  CC-BY-4.0" in shown(pilot))
        assert "10 pitfalls  built in" in shown(pilot)
        await pilot.press("escape")
        await settled(pilot)
        await choose(pilot, "remove community")
        await until(pilot, lambda: "End the subscription to community" in shown(pilot))
        await pilot.press("space", "ctrl+s")
        await until(pilot, lambda: "The subscription to community has ended." in messages(pilot))
        assert "no longer count here" in messages(pilot)
        assert found(app) == 0
        assert screen(app).pitfalls.total == 10


async def test_the_palette_finds_them_in_both_languages(app: PitboardApp) -> None:
    async with running(app):
        commands = screen(app).commands
        for words in ("catalogues", "subscribe", "目录", "订阅"):
            best = max(commands.values(), key=lambda one: one.rank(words))
            assert best is commands["catalogues"], words
