"""The views as a line of tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from storage.text.sanitize import harmless
from tui.services.views import View
from tui.text.cells import cut, width


class ViewTabs(Widget):
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
        self._places: list[tuple[int, int, View]] = []

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
            parts += [" ", Content.styled(label, style), " "]
            x += width(label) + 2
        if last < len(self._views):
            parts.append("›")
        return Content.assemble(*parts)

    def _label(self, place: int) -> str:
        label = harmless(self._views[place].label)
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

    def on_click(self, event: events.Click) -> None:
        """Choose the view under the mouse."""
        for start, end, view in self._places:
            if start <= event.x < end:
                self.post_message(self.Chosen(view))
