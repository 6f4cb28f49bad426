"""Lines to write that take a paste as harmless text, or not at all when it is too long; selects.

Apart from the line to type into, which the first paint waits for: a text area is much to load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import ClassVar, Final

from textual import _wrap, events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Button, Select, TextArea
from textual.widgets._select import SelectOverlay

from storage.model.fields import LONGEST_PASTE, LONGEST_TEXT, Word
from storage.text.sanitize import from_elsewhere
from storage.text.search_text import folded, pronounced
from tui.text.cells import units
from tui.text.fields import cut_words
from tui.widgets.inputs import TooLong, sanitized_paste


def _chunks(text: str) -> Iterator[tuple[int, int, str]]:
    """What a line may be broken between: as Textual's, but for Chinese, which has no blanks."""
    if max(text, default="") < "\u2e80":
        yield from _CHUNKS(text)
        return
    start = 0
    for unit in units(text):
        yield start, start + len(unit), unit
        start += len(unit)


_CHUNKS: Final = _wrap.chunks
_wrap.chunks = _chunks


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
        more = cut_words("note", len(text) - _SHOWN)
        self.text = f"{text[:_SHOWN]}\n… {more}" if self._long else text


# One of several words


#: So long after a letter, in seconds, the next one goes on with the same search.
_SEARCH_SECONDS: Final = 2.0


#: The most lines that an open list takes.
_MOST_LINES: Final = 12


class Choices(Select[str]):
    """A select that is searched by typing, also while it is closed, by Latin initials too."""

    #: The key that opens the list, until the list has it.
    _opened_by: events.Key | None = None

    def compose(self) -> ComposeResult:
        """As Textual's, but a slow typist or machine still goes on with the same search."""
        for part in super().compose():
            if isinstance(part, SelectOverlay):
                part._search_reset_delay = _SEARCH_SECONDS
            yield part

    def watch_expanded(self, expanded: bool) -> None:
        """Open the list where it covers no button: above, where there is more room than below."""
        if not expanded:
            return
        overlay = self.query_one(SelectOverlay)
        buttons = [one.region.y for one in self.screen.query(Button)]
        ends = min((y for y in buttons if y >= self.region.bottom), default=self.screen.size.height)
        above, below = self.region.y, ends - self.region.bottom
        is_above = below < min(overlay.option_count, _MOST_LINES) and above > below
        lines = max(1, min(overlay.option_count, _MOST_LINES, above if is_above else below))
        overlay.styles.max_height = lines
        overlay.styles.offset = (0, -lines - self.region.height if is_above else 0)

    def keep_highlighted(self) -> bool:
        """Choose what is highlighted in the open list; whether that changes the value."""
        if not self.expanded:
            return False
        before, highlighted = self.value, self.query_one(SelectOverlay).highlighted
        self.expanded = False
        if highlighted is not None:
            self.value = self._options[highlighted][1]
        return self.value != before

    @on(SelectOverlay.Dismiss)
    def _left(self, event: SelectOverlay.Dismiss) -> None:
        """Whoever goes on from the list has chosen; only escape leaves the value as it was."""
        if event.lost_focus:
            self.keep_highlighted()

    async def _on_key(self, event: events.Key) -> None:
        """Open it and look for what is typed, unless the key does something else here."""
        is_search = event.is_printable and event.key != "space" and not self.expanded
        if is_search and event.key not in self.screen.active_bindings:
            event.stop()
            event.prevent_default()
            self._opened_by = events.Key(event.key, event.character)
            self.action_show_overlay()

    @on(events.DescendantFocus)
    def _entered(self, event: events.DescendantFocus) -> None:
        """Search for what opened the list; not before it has the focus, which begins a search."""
        if self._opened_by is not None and isinstance(event.widget, SelectOverlay):
            event.widget.post_message(self._opened_by)
            self._opened_by = None


def _matching_option(overlay: SelectOverlay, query: str) -> int | None:
    """The only option that is meant by what was typed; None if none is, or several are.

    What is shown counts, its pinyin initials, and the option as the record or English spells it.
    What is one of these goes before what begins so, that before what begins a later word, and
    before what only holds it, for which a single letter says too little.

    Textual's own looks at plain strings alone, in which markup would be interpreted.
    """
    query = folded(query)
    select = overlay.parent
    values = [value for _prompt, value in select._options] if isinstance(select, Select) else []
    names = [
        _names(str(option.prompt), value)
        for option, value in zip_longest(overlay.options, values)
        if option is not None
    ]
    ways: tuple[Callable[[str], bool], ...] = (
        lambda name: name == query,
        lambda name: name.startswith(query),
        lambda name: f" {query}" in name.replace("-", " "),
        lambda name: len(query) > 1 and query in name,
    )
    for way in ways:
        found = [place for place, of_one in enumerate(names) if any(map(way, of_one))]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _names(prompt: str, value: object) -> list[str]:
    """All that one may type for an option."""
    names = [prompt, pronounced(prompt)[1].replace(" ", "")]
    if isinstance(value, Word):
        names += [value.label, *value.spellings]
    return [folded(name) for name in names]


SelectOverlay._find_search_match = _matching_option  # type: ignore[assignment, method-assign]
