"""Lines to write that take a paste as harmless text, or not at all when it is too long.

Apart from the line to type into, which the first paint waits for: a text area is much to load.
"""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from storage.model.fields import LONGEST_PASTE, LONGEST_TEXT
from storage.text.sanitize import from_elsewhere
from tui.text.i18n import ngettext
from tui.widgets.input import TooLong, sanitized_paste


class PlainTextArea(TextArea):
    """A text area that takes a paste as harmless text."""

    # ctrl+z, which undoes in Textual's, suspends the program; this is what shells undo by.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+underscore,ctrl+shift+underscore", "undo", show=False)
    ]

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if len(event.text) > LONGEST_TEXT:
            self.post_message(TooLong(len(event.text), LONGEST_TEXT))
        else:
            self._replace_via_keyboard(sanitized_paste(event.text), *self.selection)


# Where anything is pasted: long logs too, of which it shows the beginning


#: What is shown of a longer text, in characters; more would make each keystroke slow.
_SHOWN: Final = 20_000


class PasteArea(TextArea):
    """A text area that takes what is pasted whole.

    Of a long text it shows the beginning, which can then only be replaced.
    """

    class Pasted(Message):
        """Something was pasted."""

    def __init__(self, placeholder: str, *, id: str | None = None) -> None:
        super().__init__(
            id=id,
            soft_wrap=False,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder=placeholder,
            compact=True,
        )
        self._long = ""
        self._as_pasted = ""

    @property
    def typed(self) -> bool:
        """Whether there is text that no clipboard holds."""
        return self.text != self._as_pasted

    @property
    def whole(self) -> str:
        """All that was pasted and typed."""
        return self._long or self.text

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        size = len(event.text) + (0 if self._long else len(self.text))
        if size > LONGEST_PASTE:
            self.post_message(TooLong(size, LONGEST_PASTE))
            return
        text, typed = from_elsewhere(event.text), self.typed
        if self._long or len(text) + len(self.text) > _SHOWN:
            self._show_beginning(text if self._long else self.text + text)
        else:
            self._replace_via_keyboard(text, *self.selection)
        if not typed:
            self._as_pasted = self.text
        self.post_message(self.Pasted())

    def take(self, text: str) -> None:
        """Put some text there, as if it was pasted."""
        self._show_beginning(from_elsewhere(text))

    def on_resize(self) -> None:
        """When it makes room for what was read, its beginning stays: people know it by that."""
        if not self.has_focus:
            self.call_after_refresh(self.scroll_home, animate=False)

    def _show_beginning(self, text: str) -> None:
        self._long = text if len(text) > _SHOWN else ""
        self.read_only = bool(self._long)
        left = len(text) - _SHOWN
        more = ngettext("{n} more character is read", "{n} more characters are read", left)
        self.text = f"{text[:_SHOWN]}\n… {more.format(n=left)}" if self._long else text
