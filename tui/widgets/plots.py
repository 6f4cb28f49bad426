"""A place for plots, which are drawn as wide as it is."""

from __future__ import annotations

from textual import events
from textual.containers import VerticalScroll
from textual.message import Message


class Plots(VerticalScroll):
    """Says when it has another width, to be drawn anew."""

    class Resized(Message):
        """It has another width."""

    def on_resize(self, event: events.Resize) -> None:
        """Say so."""
        self.post_message(self.Resized())
