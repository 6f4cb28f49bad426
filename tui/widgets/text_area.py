"""Lines to write that take a paste as harmless text, or not at all when it is too long.

Apart from the line to type into, which the first paint waits for: a text area is much to load.
"""

from __future__ import annotations

from textual import events
from textual.widgets import TextArea

from tui.widgets.input import LONGEST, TooLong, taken


class Lines(TextArea):
    """A text area that takes a paste as harmless text."""

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if len(event.text) > LONGEST:
            self.post_message(TooLong(len(event.text), LONGEST))
        else:
            self._replace_via_keyboard(taken(event.text), *self.selection)
