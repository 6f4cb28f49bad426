"""The list of what could come next in the query line, over what stands below it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from storage.query.completion import Completions, Offer
from storage.text.sanitize import harmless
from tui.text.cells import cut, fit, width
from tui.text.query_help import explained

_GAP: Final = 2


class Offers(Widget):
    """Offers, of which one is highlighted; the query line moves through them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"offers--highlighted", "offers--muted"}

    DEFAULT_CSS = """
    Offers {
        overlay: screen;
        constrain: inside inside;
        display: none;
        background: $panel;
        color: $foreground;
        & > .offers--highlighted {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
        }
        & > .offers--muted { color: $text-muted; }
    }
    """

    @dataclass
    class Chosen(Message):
        """An offer was clicked."""

        offer: Offer

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.completions = Completions(0, 0)
        self._highlighted = 0
        self.was_moved = False

    @property
    def is_open(self) -> bool:
        """Whether something is offered."""
        return bool(self.display)

    @property
    def highlighted(self) -> Offer:
        """The offer to take."""
        return self.completions.offers[self._highlighted]

    def show(self, completions: Completions, x: int) -> None:
        """Offer something at a column of the screen; nothing if there is nothing to offer."""
        self.completions = completions
        self._highlighted, self.was_moved = 0, False
        self.display = bool(completions.offers)
        if completions.offers:
            left, right = self._columns()
            self.styles.width = min(left + right + _GAP + 2 if right else left + 2, self._room)
            self.styles.height = len(completions.offers)
            self.styles.offset = (x, 0)
            self.refresh(layout=True)

    def close(self) -> None:
        """Offer nothing more."""
        self.display = False

    def move(self, by: int) -> None:
        """Highlight another offer."""
        self._highlighted = (self._highlighted + by) % len(self.completions.offers)
        self.was_moved = True
        self.refresh()

    @property
    def _room(self) -> int:
        return self.screen.size.width

    def _columns(self) -> tuple[int, int]:
        """The widths of the offers and of what explains them.

        Once there is nothing to offer any more, it may be drawn a last time before it is hidden.
        """
        offers = self.completions.offers
        longest = max((width(harmless(one.text)) for one in offers), default=0)
        left = min(longest, self._room - 2)
        right = max((width(explained(one)) for one in offers), default=0)
        return left, min(right, max(self._room - left - _GAP - 2, 0))

    def render(self) -> RenderResult:
        """One line for each."""
        left, right = self._columns()
        muted = self.get_visual_style("offers--muted")
        chosen = self.get_visual_style("offers--highlighted")
        lines = []
        for place, offer in enumerate(self.completions.offers):
            text = f" {fit(harmless(offer.text), left)} "
            meaning = f" {fit(cut(explained(offer), right), right)} " if right else ""
            style = chosen if place == self._highlighted else muted
            lines.append(
                Content.assemble((text + meaning, chosen))
                if place == self._highlighted
                else Content.assemble(text, (meaning, style))
            )
        return Content("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        """Take the offer under the mouse."""
        event.stop()
        if 0 <= event.y < len(self.completions.offers):
            self.post_message(self.Chosen(self.completions.offers[event.y]))
