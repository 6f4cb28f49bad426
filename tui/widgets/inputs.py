"""Single-line inputs, of forms and for queries.

Pastes are sanitised or refused when too long; paths of files, keys and values are completed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual import events, on
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.suggester import Suggester
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from storage.model.fields import LONGEST_TEXT
from storage.query.tree import Mistake
from storage.text.sanitize import sanitize
from tui import deferred
from tui.services.background import in_thread
from tui.text.cells import cut, fit, width
from tui.text.vocabulary import completion_help

if TYPE_CHECKING:
    from storage.query import completion
    from storage.query.completion import Completions, Suggestion
else:
    completion = deferred("storage.query.completion")


class TooLong(Message):
    """More was pasted than can be kept; nothing of it was taken."""

    def __init__(self, size: int, limit: int) -> None:
        self.size, self.limit = size, limit
        super().__init__()


_MORE: Final = "…"


class LineInput(Input):
    """An input that takes a paste as one harmless line of at most ``longest`` characters."""

    longest = LONGEST_TEXT

    def render_line(self, y: int) -> Strip:
        """The text; ``…`` at the end of the line says that there is more of it."""
        strip, room = super().render_line(y), self.scrollable_content_region.width
        beginning = int(self.scroll_offset.x)
        is_whole = width(self.value or self.placeholder) - beginning <= room
        at = width(self.value[: self.cursor_position]) - beginning
        # The cursor is to be seen, whatever it stands on.
        if y or is_whole or (self.has_focus and at >= room - 1):
            return strip
        style = next((one.style for one in strip.crop(room - 1, room)), None)
        return Strip.join([strip.crop(0, room - 1), Strip([Segment(_MORE, style)], 1)])

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if len(event.text) > self.longest:
            self.post_message(TooLong(len(event.text), self.longest))
        else:
            self.insert_text_at_cursor(" ".join(sanitized_paste(event.text).split("\n")).strip())


def sanitized_paste(text: str) -> str:
    """What of a paste is taken: its lines, harmless."""
    return sanitize(text.replace("\r\n", "\n").replace("\r", "\n"), lines=True)


# Completing the path of a file while it is typed


class PathSuggester(Suggester):
    """Completes the path of a file, as a shell does."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The first path that begins so."""
        return await asyncio.to_thread(_completed, value)


def _completed(value: str) -> str | None:
    folder, slash, beginning = value.rpartition("/")
    try:
        held = sorted(Path(f"{folder}{slash}" or ".").expanduser().iterdir())
        found = next(
            one
            for one in held
            if one.name.startswith(beginning) and (beginning or not one.name.startswith("."))
        )
        ending = "/" if found.is_dir() else ""
    except (OSError, RuntimeError, StopIteration, ValueError):
        return None
    whole = f"{folder}{slash}{found.name}{ending}"
    return whole if sanitize(whole) == whole else None


# The query line: an input that offers keys and values in a list below it


#: What completes a text with the cursor at a place.
Complete = Callable[[str, int], "Completions"]
#: Who types nothing for so long waits for an answer.
_PAUSE_SECONDS: Final = 1.0


class QueryLine(LineInput):
    """An input that offers keys and values in a list below it, made when it first does.

    While something is offered, ``tab`` and ``right`` take it, ``up`` and
    ``down`` choose, ``escape`` closes the list; all other keys do what they
    always do, and so do these where nothing is offered.

    Args:
        complete: looks up what could come next; asked in a thread.
        placeholder: what is shown while nothing is typed.
        id: of the widget.
    """

    class Settled(Message):
        """What is offered has changed, or nothing is offered any more."""

    def __init__(self, complete: Complete, *, placeholder: str, id: str) -> None:
        super().__init__(placeholder=placeholder, id=id, select_on_focus=False, compact=True)
        self._complete = complete
        #: Runs while somebody types, and a moment longer.
        self._pause: Timer | None = None

    @property
    def offers(self) -> CompletionMenu:
        """The list."""
        for menu in self.screen.query(CompletionMenu):
            return menu
        menu = CompletionMenu(id="offers")
        self.screen.mount(menu, after=self)
        return menu

    @property
    def is_offering(self) -> bool:
        """Whether something is offered."""
        return any(menu.is_open for menu in self.screen.query(CompletionMenu))

    def write(self, text: str) -> None:
        """Put other text there; whoever types next goes on at its end."""
        self.value = text
        self.cursor_position = len(text)

    def still_typed(self, mistake: Mistake) -> bool:
        """Whether a mistake may yet become right, because its word is being typed.

        Who pauses where nothing is offered is told of it.
        """
        if not self.has_focus or (self._pause is None and not self.is_offering):
            return False
        at_end = self.cursor_position == len(self.value)
        here = mistake.start <= self.cursor_position <= mistake.end
        return here or (mistake.unfinished and at_end)

    # Offering

    @on(LineInput.Changed)
    def _look_up(self) -> None:
        if not self.has_focus:
            self._close()
            return
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE_SECONDS, self._paused)
        text, cursor = self.value, self.cursor_position
        in_thread(
            self,
            lambda: self._complete(text, cursor),
            lambda completions: self._offer(completions, text, cursor),
            # The list below says that the board can't be read.
            failed=lambda _error: None,
            group="complete",
        )

    def _paused(self) -> None:
        self._pause = None
        self.post_message(self.Settled())

    def _offer(self, completions: Completions, text: str, cursor: int) -> None:
        if self.has_focus and (text, cursor) == (self.value, self.cursor_position):
            before = width(self.value[: completions.start])
            if completions.offers or self.is_offering:
                self.offers.show(completions, self.content_offset_x + before)
            self.post_message(self.Settled())

    @property
    def content_offset_x(self) -> int:
        """The column at which the text begins, less what is scrolled out of sight."""
        return self.content_region.x - self.region.x - int(self.scroll_offset.x)

    def _close(self) -> None:
        if self.is_offering:
            self.offers.close()
            self.post_message(self.Settled())

    def take(self, offer: Suggestion) -> None:
        """Put an offer where it belongs; a value is followed by a blank."""
        start, end, _offers = self.offers.completions
        self._close()
        blank = "" if not offer.value or self.value[end : end + 1].isspace() else " "
        self.replace(offer.text + blank, start, end)
        self.cursor_position = start + len(offer.text) + 1 * bool(offer.value)

    async def _on_key(self, event: events.Key) -> None:
        if not self.is_offering:
            return
        match event.key:
            case "tab":
                self.take(self.offers.highlighted)
            case "right" if self.cursor_position == len(self.value):
                self.take(self.offers.highlighted)
            case "enter" if self.offers.was_moved:
                self.take(self.offers.highlighted)
            case "down":
                self.offers.move(1)
            case "up":
                self.offers.move(-1)
            case "escape":
                self._close()
            case _:
                return
        event.stop()
        event.prevent_default()

    def _on_blur(self, event: events.Blur) -> None:
        self._close()
        self.post_message(self.Settled())


# The list of what could come next in the query line, over what stands below it


_GAP: Final = 2


class CompletionMenu(Widget):
    """Offers, of which one is highlighted; the query line moves through them.

    It pushes the list down, since what is found while somebody types may be the answer.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"offers--highlighted", "offers--muted"}

    DEFAULT_CSS = """
    CompletionMenu {
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

    class Chosen(Message):
        """An offer was clicked."""

        def __init__(self, offer: Suggestion) -> None:
            super().__init__()
            self.offer = offer

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.completions = completion.Completions(0, 0)
        self._highlighted = 0
        self.was_moved = False

    @property
    def is_open(self) -> bool:
        """Whether something is offered."""
        return bool(self.display)

    @property
    def highlighted(self) -> Suggestion:
        """The offer to take."""
        return self.completions.offers[self._highlighted]

    def show(self, completions: Completions, x: int) -> None:
        """Offer something at a column of the screen; nothing if there is nothing to offer."""
        self.completions = completions
        self._highlighted, self.was_moved = 0, False
        self.display = bool(completions.offers)
        if completions.offers:
            left, right = self._columns()
            cells = min(left + right + _GAP + 2 if right else left + 2, self._room)
            self.styles.width = cells
            self.styles.height = len(completions.offers)
            self.styles.offset = (min(x, self._room - cells), 0)
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
        longest = max((width(sanitize(one.text)) for one in offers), default=0)
        left = min(longest, self._room - 2)
        right = max((width(completion_help(one)) for one in offers), default=0)
        return left, min(right, max(self._room - left - _GAP - 2, 0))

    def render(self) -> RenderResult:
        """One line for each."""
        left, right = self._columns()
        muted = self.get_visual_style("offers--muted")
        chosen = self.get_visual_style("offers--highlighted")
        lines = []
        for place, offer in enumerate(self.completions.offers):
            text = f" {fit(sanitize(offer.text), left)} "
            meaning = f" {fit(cut(completion_help(offer), right), right)} " if right else ""
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
