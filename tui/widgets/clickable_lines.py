"""Lines of which each part can be clicked: view tabs, keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from storage.text.sanitize import sanitize
from tui.services.views import View
from tui.text.cells import cut, width
from tui.text.i18n import _

if TYPE_CHECKING:
    from tui.commands.command import Command

_T = TypeVar("_T")


class ClickableLine(Widget, Generic[_T]):
    """A line of which some parts can be clicked; the one under the mouse is underlined."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        #: From which cell to before which one each part stands, as it was drawn last.
        self._places: list[tuple[int, int, _T]] = []
        self._hovered: _T | None = None

    def _part_at(self, x: int) -> _T | None:
        return next((part for start, end, part in self._places if start <= x < end), None)

    def _hover(self, part: _T | None) -> None:
        if part != self._hovered:
            self._hovered = part
            self.refresh()

    def _underlined(self, part: _T, style: str = "") -> str:
        """A style, and that the mouse is there if it is."""
        return f"{style} underline".strip() if part == self._hovered else style

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what a click would take."""
        self._hover(self._part_at(event.x))

    def on_leave(self) -> None:
        """Nothing is under the mouse any more."""
        self._hover(None)

    def on_click(self, event: events.Click) -> None:
        """Take the part under the mouse."""
        if (part := self._part_at(event.x)) is not None:
            self.clicked(part)

    def clicked(self, part: _T) -> None:
        """A part was clicked."""


# The views as a line of tabs


class ViewTabs(ClickableLine[View]):
    """One tab for each view; a click chooses it. The one that is altered has a star."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"views--active"}

    DEFAULT_CSS = """
    ViewTabs {
        height: 1;
        background: $panel;
        color: $text-muted;
        & > .views--active { color: $text-primary; text-style: bold underline; }
    }
    """

    @dataclass
    class Chosen(Message):
        """A view was clicked."""

        view: View

    def __init__(self, views: Sequence[View], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._views = list(views)
        self._active = 0
        self._is_altered = False

    def show(self, views: Sequence[View], active: View, *, is_altered: bool) -> None:
        """Show the views, which of them is asked, and whether the query says something else."""
        self._views = list(views)
        self._active = self._views.index(active)
        self._is_altered = is_altered
        self.refresh()

    def render(self) -> RenderResult:
        """As many tabs as fit, the active one among them."""
        first, last = self._window()
        parts: list[Content | str] = ["‹" if first else " "]
        self._places.clear()
        x = 1
        for place in range(first, last):
            label = self._label(place)
            self._places.append((x, x + width(label) + 2, self._views[place]))
            style = self.get_visual_style("views--active") if place == self._active else ""
            words = Content.styled(label, style)
            parts += [" ", words.stylize(self._underlined(self._views[place])), " "]
            x += width(label) + 2
        if last < len(self._views):
            parts.append("›")
        return Content.assemble(*parts)

    def _label(self, place: int) -> str:
        label = sanitize(self._views[place].label)
        star = "*" if place == self._active and self._is_altered else ""
        return cut(label, max(self.size.width - 6, 1)) + star

    def _window(self) -> tuple[int, int]:
        """The first tab that is shown, and the one behind the last."""
        first, last = self._active, self._active + 1
        room = self.size.width - 2 - width(self._label(self._active)) - 2
        while True:
            # To the left first, so that the first views stay where they are.
            for place in (first - 1, last):
                if 0 <= place < len(self._views):
                    needed = width(self._label(place)) + 2
                    if needed <= room:
                        room -= needed
                        first, last = min(first, place), max(last, place + 1)
                        break
            else:
                return first, last

    def clicked(self, part: View) -> None:
        """Choose a view."""
        self.post_message(self.Chosen(part))


# The last line: as many keys as fit, the most needed first, never half a word


class KeyLine(ClickableLine[str]):
    """Keys and their names; a click does what the key does. In the past, only what looks.

    Args:
        commands: the most needed first.
        in_words: whether it names them by their labels, where there is room.
    """

    DEFAULT_CSS = """
    KeyLine { height: 1; dock: bottom; background: $panel; color: $text-muted; }
    """

    @dataclass
    class Pressed(Message):
        """The name of a command was clicked."""

        command: str

    def __init__(self, commands: Sequence[Command], *, in_words: bool = False) -> None:
        super().__init__()
        self._commands, self._in_words = commands, in_words

    def render(self) -> RenderResult:
        """The keys, in the order of their rank."""
        parts: list[tuple[str, str] | str] = []
        self._places.clear()
        x = 0
        looks_back = self.screen.has_class("-past")
        for command in self._commands:
            if looks_back and command.writes:
                continue
            name = _(command.label if self._in_words else command.name).rstrip("…")
            cells = width(f" {command.shown} {name} ")
            if x + cells > self.size.width:
                continue
            self._places.append((x, x + cells, command.id))
            parts += [
                (f" {command.shown} ", "bold $accent"),
                (name, self._underlined(command.id)),
                " ",
            ]
            x += cells
        return Content.assemble(*parts)

    def clicked(self, part: str) -> None:
        """Do what a key does."""
        self.post_message(self.Pressed(part))
