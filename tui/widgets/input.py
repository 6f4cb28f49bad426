"""A line to type into that takes a paste as harmless text, or not at all when it is too long."""

from __future__ import annotations

from typing import Final

from textual import events
from textual.message import Message
from textual.widgets import Input

from storage.text.sanitize import harmless

#: What one text of the record can hold, in characters; see ``storage.events.body``.
LONGEST: Final = 20_000


class TooLong(Message):
    """More was pasted than can be kept; nothing of it was taken."""

    def __init__(self, size: int, limit: int) -> None:
        self.size, self.limit = size, limit
        super().__init__()


class Line(Input):
    """An input that takes a paste as one harmless line of at most ``longest`` characters."""

    longest = LONGEST

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if len(event.text) > self.longest:
            self.post_message(TooLong(len(event.text), self.longest))
        else:
            self.insert_text_at_cursor(" ".join(taken(event.text).split("\n")).strip())


def taken(text: str) -> str:
    """What of a paste is taken: its lines, harmless."""
    return harmless(text.replace("\r\n", "\n").replace("\r", "\n"), lines=True)
