"""Moving the cursor: the board beside a list of fixed text, both without a terminal.

A key is held down, as one goes through a list: thirty times a second it comes
again. What is counted is the processor time for each.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

_SCREEN: Final = (120, 40)
_KEYS: Final = 60
_INTERVAL: Final = 1 / 30
_FIXED: Final = "● S2 wx.saveImageToPhotosAlbum 在邀请体验版里保存图片到相册显示白色图片"


class FixedList(ScrollView, can_focus=True):
    """As many lines as a board has, all of them the same, with a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
    ]

    cursor: var[int] = var(0)

    def __init__(self, total: int) -> None:
        super().__init__()
        self._total = total

    def on_mount(self) -> None:
        """Take the height of all lines."""
        self.virtual_size = Size(self.size.width, self._total)

    def action_move(self, by: int) -> None:
        """Move the cursor by some lines."""
        self.cursor = max(0, min(self.cursor + by, self._total - 1))

    def watch_cursor(self) -> None:
        """Follow the cursor."""
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, immediate=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        here = y + self.scroll_offset.y == self.cursor
        line = Strip([Segment(_FIXED, Style(reverse=True) if here else Style())])
        return line.adjust_cell_length(self.size.width)


class FixedApp(App[None]):
    """An application that holds such a list and nothing else."""

    def __init__(self, total: int) -> None:
        super().__init__()
        self._total = total

    def compose(self) -> ComposeResult:
        """The list."""
        yield FixedList(self._total)


def board_app(path: Path) -> App[Any]:
    """The board, in a process that looks for garbage as seldom as the command does."""
    from tui import look_for_garbage_seldom
    from tui.app import PitboardApp

    look_for_garbage_seldom()
    return PitboardApp(path, who="benchmark", alone=True)


def seconds_a_key(make: Callable[[], App[Any]], total: int) -> float:
    """The processor time that a key takes which moves the cursor, down and up again."""
    return asyncio.run(_press(make, min(_KEYS, total - 1)))


async def _press(make: Callable[[], App[Any]], keys: int) -> float:
    async with make().run_test(size=_SCREEN) as pilot:
        await pilot.pause(1.0)
        start = time.process_time()
        for key in "j" * keys + "k" * keys:
            pilot.app.simulate_key(key)
            await asyncio.sleep(_INTERVAL)
        taken = time.process_time() - start
        # The last keys are through before the screen goes away.
        await pilot.pause(0.5)
        return taken / (2 * keys)


def pair(path: Path, total: int) -> tuple[Callable[[], float], Callable[[], float]]:
    """The two measurements: the board's, and the floor's."""
    return (
        partial(seconds_a_key, partial(board_app, path), total),
        partial(seconds_a_key, partial(FixedApp, total), total),
    )
