"""Inputs that take a paste as harmless text, or not at all when it is too long."""

from __future__ import annotations

from typing import Final

from textual import events
from textual.message import Message
from textual.widgets import Input, TextArea

from storage.plaintext import harmless

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
            self.insert_text_at_cursor(" ".join(_taken(event.text).split("\n")).strip())


class Lines(TextArea):
    """A text area that takes a paste as harmless text."""

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if len(event.text) > LONGEST:
            self.post_message(TooLong(len(event.text), LONGEST))
        else:
            self._replace_via_keyboard(_taken(event.text), *self.selection)


def _taken(text: str) -> str:
    return harmless(text.replace("\r\n", "\n").replace("\r", "\n"), lines=True)
