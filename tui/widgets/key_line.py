"""The last line: as many keys as fit, the most needed first, never half a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.text.cells import width
from tui.text.i18n import _

if TYPE_CHECKING:
    from tui.commands.command import Command


class KeyLine(Widget):
    """Keys and their names; a click does what the key does. In the past, only what looks.

    Args:
        commands: the most needed first.
    """

    DEFAULT_CSS = """
    KeyLine { height: 1; dock: bottom; background: $panel; color: $text-muted; }
    """

    @dataclass
    class Pressed(Message):
        """The name of a command was clicked."""

        command: str

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__()
        self._commands = commands
        self._places: list[tuple[int, int, str]] = []

    def render(self) -> RenderResult:
        """The keys, in the order of their rank."""
        parts: list[tuple[str, str] | str] = []
        self._places.clear()
        x = 0
        looks_back = self.screen.has_class("-past")
        for command in self._commands:
            if looks_back and command.writes:
                continue
            name = _(command.name)
            cells = width(f" {command.shown} {name} ")
            if x + cells > self.size.width:
                continue
            self._places.append((x, x + cells, command.id))
            parts += [(f" {command.shown} ", "bold $accent"), f"{name} "]
            x += cells
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """Do what the key under the mouse does."""
        for start, end, command in self._places:
            if start <= event.x < end:
                self.post_message(self.Pressed(command))
