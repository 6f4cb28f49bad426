"""Driving the app as a person does: keys, pastes, and what stands on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import textual.app
import textual.pilot
from rich.console import RenderableType
from textual import events
from textual._compositor import Compositor
from textual._context import active_app
from textual.app import App
from textual.keys import _character_to_key
from textual.message_pump import MessagePump
from textual.notifications import Notification
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from storage.model.records import Pitfall
from tui.app import PitboardApp
from tui.screens.board import BoardScreen
from tui.services.background import COMMANDS, READS, Keyboard, is_at_work

_KEYS = {
    " ": "space",
    "/": "slash",
    ":": "colon",
    ".": "full_stop",
    "-": "minus",
    "@": "at",
    "?": "question_mark",
}


#: How many turns of the event loop a key is given to have its effect, before it is waited for what
#: the widgets are at work on.
_TURNS = 200


async def _wait_for_those_at_work(pilot: Pilot[None], timeout: float = 30.0) -> bool:
    """Wait until all widgets have handled what they were sent; whether no error came meanwhile.

    Pilot asks each of a hundred widgets, which costs more than what most keys do. One that waits
    for its next message has handled all others.
    """
    app = pilot.app
    if not app._screen_stack:
        return False
    at_work: list[MessagePump] = []
    for _turn in range(_TURNS):
        await asyncio.sleep(0)
        if app._exception is not None or not app._screen_stack:
            return False
        if isinstance(app, PitboardApp) and not app.keyboard.is_empty:
            continue
        at_work = [
            one for one in (app, *app.screen.walk_children(with_self=True)) if is_at_work(one)
        ]
        if not at_work:
            break
    handled = asyncio.Event()
    left = 0

    def handle() -> None:
        nonlocal left
        left -= 1
        if not left:
            handled.set()

    left = sum(one.call_later(handle) for one in {app, app.screen, *at_work})
    if left:
        ends = [asyncio.ensure_future(one.wait()) for one in (handled, app._exception_event)]
        _, pending = await asyncio.wait(ends, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        for one in pending:
            one.cancel()
        assert len(pending) < len(ends), "the screen handles no messages"
    if app._screen_stack and app.screen.is_running:
        # Lay out what has changed; it is drawn once somebody looks.
        app.screen._on_timer_update()
    return not left


Pilot._wait_for_screen = _wait_for_those_at_work  # type: ignore[method-assign,assignment]

#: As long as a key is waited for whose effect a test holds up, in seconds.
_HELD_UP = 1.0


async def _until_calm(*_seconds: float) -> None:
    """Wait until every key was handed on, and what it asked for is read.

    Pilot sleeps after each key, twice, until a fiftieth of a second has gone without work.
    """
    app = active_app.get()
    end = monotonic() + _HELD_UP
    await asyncio.sleep(0)
    while _is_active(app) and monotonic() < end:
        await asyncio.sleep(0 if app._message_queue.values else 0.001)


def _is_active(app: App[Any]) -> bool:
    """Whether a key or a new size waits, a widget is at work, or a thread reads for a key."""
    if app._exception is not None or not app._screen_stack or not isinstance(app, PitboardApp):
        return False
    return bool(
        not app.keyboard.is_empty
        or app._resize_event
        or app.screen._callbacks
        or any(
            one.group in COMMANDS | READS and Keyboard._is_for(one, app.screen)
            for one in app.workers
        )
        or any(is_at_work(one) for one in (app, *app.screen.walk_children(with_self=True)))
    )


textual.app.wait_for_idle = _until_calm  # type: ignore[assignment]
textual.pilot.wait_for_idle = _until_calm  # type: ignore[assignment, attr-defined]

_render_update = Compositor.render_update
#: Whether somebody looks at the screen.
_is_looked_at = False


def _render_if_looked_at(
    compositor: Compositor,
    full: bool = False,
    screen_stack: list[Screen[Any]] | None = None,
    simplify: bool = False,
) -> RenderableType | None:
    """Draw what changed, if somebody looks; else it is drawn with the next look.

    The frames between two keys, of which each key has several, cost a quarter of all.
    """
    if not (full or simplify or _is_looked_at) and active_app.get().is_headless:
        return None
    return _render_update(compositor, full, screen_stack, simplify)


Compositor.render_update = _render_if_looked_at  # type: ignore[method-assign]


def look(app: App[Any]) -> None:
    """Lay out and draw what has changed since the last look."""
    global _is_looked_at
    if not app._screen_stack or not app.screen.is_running:
        return
    _is_looked_at = True
    try:
        app.screen._on_timer_update()
        if app.screen._compositor._dirty_regions and not app._batch_count:
            app.screen._compositor_refresh()
    finally:
        _is_looked_at = False


# A busy machine takes longer to look than a message is shown; what a key takes away is gone.
Notification.has_expired = property(lambda _notification: False)  # type: ignore[method-assign,assignment]

#: Workers that a start waits for.
BEGUN = frozenset({"settle in", "find", "load"})


@asynccontextmanager
async def running(
    app: PitboardApp, *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    """The app, running and settled, in a terminal of so many columns and lines."""
    async with app.run_test(size=size) as pilot:
        await begun(pilot)
        yield pilot


async def type_(pilot: Pilot[None], text: str) -> None:
    """Type text, key by key."""
    for sign in text:
        if sign.isascii() or sign.isalnum():
            await pilot.press(_KEYS.get(sign, sign))
        else:
            # Pilot forgets which sign it is if its name has several words.
            assert pilot.app._driver is not None
            key = events.Key(_character_to_key(sign), sign)
            pilot.app._driver.send_message(key.set_sender(pilot.app))
            await _until_calm()


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
    await _until_calm()
    for _ in range(int(seconds / 0.02)):
        pilot.app.screen._on_timer_update()
        if true():
            await pilot.pause(0)
            return
        # To ask each widget for its turn costs more than what is waited for.
        await asyncio.sleep(0.02)
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
    """Wait until what was typed has had its effect, and the board is read; then draw it."""
    await begun(pilot)
    look(pilot.app)


async def begun(pilot: Pilot[None]) -> None:
    """Wait until the board is read, as after a start, without drawing it before a key is typed."""
    await _handled(pilot)
    while any(one.group in BEGUN and not one.is_finished for one in pilot.app.workers):
        await pilot.pause(0.02)
    await _handled(pilot)


async def at_rest(pilot: Pilot[None]) -> None:
    """Wait until every key has had its effect, and draw it."""
    await _handled(pilot)
    look(pilot.app)


async def _handled(pilot: Pilot[None]) -> None:
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
