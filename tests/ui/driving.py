"""Driving the app as a person does: keys, pastes, and what stands on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from storage.model.records import Pitfall
from tui.app import PitboardApp
from tui.screens.board import BoardScreen

_KEYS = {
    " ": "space",
    "/": "slash",
    ":": "colon",
    ".": "full_stop",
    "-": "minus",
    "@": "at",
    "?": "question_mark",
}


#: Workers that a start waits for.
BEGUN = frozenset({"settle in", "find", "load"})


@asynccontextmanager
async def running(
    app: PitboardApp, *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    """The app, running and settled, in a terminal of so many columns and lines."""
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        yield pilot


async def type_(pilot: Pilot[None], text: str) -> None:
    """Type text, key by key."""
    for sign in text:
        await pilot.press(_KEYS.get(sign, sign))


async def paste(pilot: Pilot[None], text: str) -> None:
    """Paste text where the focus is."""
    focused = pilot.app.screen.focused
    assert focused is not None
    focused.post_message(events.Paste(text))
    await pilot.pause()


async def until(pilot: Pilot[None], true: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something is true; fails if it never is.

    It looks as often as fits into so many seconds on a machine that does nothing else. A busy
    one takes longer between two looks, and so is given longer.
    """
    for _ in range(int(seconds / 0.02)):
        # To ask each widget for its turn costs more than what is waited for: once it has come.
        await asyncio.sleep(0.02)
        pilot.app.screen._on_timer_update()
        if true():
            await pilot.pause(0)
            return
    raise AssertionError(f"never: {shown(pilot)}")


def screen(app: PitboardApp) -> BoardScreen:
    """The board's screen, whatever stands before it."""
    [board] = [one for one in app.screen_stack if isinstance(one, BoardScreen)]
    return board


def here(app: PitboardApp) -> Pitfall:
    """The pitfall under the cursor, read afresh."""
    row = screen(app).pitfalls.row
    assert row is not None
    return app.session.board.pitfall(row.id)


def shown(pilot: Pilot[None]) -> str:
    """What stands on the screen, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def query_line(app: PitboardApp) -> Input:
    """The query line."""
    return screen(app).query_one("#query", Input)


async def settled(pilot: Pilot[None]) -> None:
    """Wait until what was typed has had its effect, and the board is read."""
    await at_rest(pilot)
    while any(one.group in BEGUN and not one.is_finished for one in pilot.app.workers):
        await pilot.pause(0.02)
    await at_rest(pilot)


async def at_rest(pilot: Pilot[None]) -> None:
    """Wait until every key has had its effect."""
    app = pilot.app
    assert isinstance(app, PitboardApp)
    await pilot.pause(0)
    await app.keyboard.settled()
    await pilot.pause(0)
    if app._exception is not None:
        raise app._exception


def messages(pilot: Pilot[None]) -> str:
    """What the newest messages say, in one line each."""
    return "\n".join(str(one.message) for one in pilot.app._notifications)
