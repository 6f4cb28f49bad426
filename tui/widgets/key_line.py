"""The last line: as many keys as fit, the most needed first, never half a word."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from tui.commands import ACTIONS, WRITING, Action
from tui.text.cells import width
from tui.text.i18n import _


class KeyLine(Widget):
    """Keys and their names; a click does what the key does. In the past, only what looks."""

    DEFAULT_CSS = """
    KeyLine { height: 1; dock: bottom; background: $panel; color: $text-muted; }
    """

    def __init__(self, actions: Sequence[Action] = ACTIONS) -> None:
        super().__init__()
        self._actions = sorted((a for a in actions if a.rank), key=lambda action: action.rank)
        self._places: list[tuple[int, int, str]] = []

    def render(self) -> RenderResult:
        """The keys, in the order of their rank."""
        parts: list[tuple[str, str] | str] = []
        self._places.clear()
        x = 0
        looks_back = self.screen.has_class("-past")
        for action in self._actions:
            if looks_back and action.id in WRITING:
                continue
            name = _(action.name)
            cells = width(f" {action.shown} {name} ")
            if x + cells > self.size.width:
                continue
            self._places.append((x, x + cells, action.id))
            parts += [(f" {action.shown} ", "bold $accent"), f"{name} "]
            x += cells
        return Content.assemble(*parts)

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the mouse does."""
        for start, end, action in self._places:
            if start <= event.x < end:
                await self.screen.run_action(action)
