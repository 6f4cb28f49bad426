"""The list of version pairs; draws only visible lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from storage.model.records import VersionPair
from storage.model.version_pairs import Contradiction
from tui.text.cells import cut, fit, width
from tui.text.verdicts import columns_of, doubt_word, joined

_GAP: Final = "  "


class VersionList(ScrollView, can_focus=True):
    """A line for each run, with a cursor; what contradicts the others is marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"runs--cursor", "runs--doubt"}

    DEFAULT_CSS = """
    VersionList {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .runs--cursor { background: $block-cursor-blurred-background; }
        &:focus > .runs--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
        & > .runs--doubt { color: $text-warning; text-style: bold; }
    }
    """

    cursor: var[int] = var(0)

    class Moved(Message):
        """The cursor stands on another run, or on none."""

    @dataclass
    class Opened(Message):
        """A run was clicked a second time."""

        run: VersionPair

    def __init__(self, now: int, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._now = now
        self._runs: Sequence[VersionPair] = ()
        self._doubts: Mapping[int, Contradiction] = {}
        self._widths: Sequence[int] = ()

    def show(
        self,
        runs: Sequence[VersionPair],
        doubts: Mapping[int, Contradiction],
        widths: Sequence[int],
        now: int,
    ) -> None:
        """Show some runs; the cursor stays on the one it is on, if that is among them.

        Args:
            runs: in the order of the lines.
            doubts: those that contradict the others, by their places.
            widths: how wide the columns are.
            now: the present in ms, for the ages.
        """
        held = self.run
        self._runs, self._doubts, self._widths, self._now = runs, doubts, widths, now
        self.virtual_size = Size(self.size.width, len(runs))
        self.set_reactive(VersionList.cursor, _place_of(held, runs))
        self.watch_cursor()

    @property
    def run(self) -> VersionPair | None:
        """The run under the cursor."""
        return self._runs[self.cursor] if 0 <= self.cursor < len(self._runs) else None

    @property
    def doubt(self) -> Contradiction | None:
        """How the run under the cursor contradicts the others, if it does."""
        return self._doubts.get(self.cursor)

    def move(self, by: int) -> None:
        """Move the cursor by some lines."""
        self.go(self.cursor + by)

    def go(self, place: int) -> None:
        """Put the cursor on a line, or the nearest that there is."""
        self.cursor = max(0, min(place, len(self._runs) - 1))

    def go_to_end(self) -> None:
        """Put the cursor on the last line."""
        self.go(len(self._runs) - 1)

    @property
    def half_page(self) -> int:
        """How many lines half a page is."""
        return max(1, self.size.height // 2)

    def watch_cursor(self) -> None:
        """Follow the cursor."""
        self._keep_cursor_in_sight()
        self.refresh()
        self.post_message(self.Moved())

    def _keep_cursor_in_sight(self) -> None:
        seen = self.size.height
        if seen:
            first = min(max(self.scroll_offset.y, self.cursor - seen + 1), self.cursor)
            self.scroll_to(y=first, animate=False, force=True, immediate=True)

    def on_resize(self) -> None:
        """Lay the lines out again."""
        self.virtual_size = Size(self.size.width, len(self._runs))
        self._keep_cursor_in_sight()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click opens."""
        place = event.y + self.scroll_offset.y
        if place >= len(self._runs):
            return
        if place == self.cursor and event.chain > 1:
            self.post_message(self.Opened(self._runs[place]))
        self.cursor = place

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        place, cells, style = y + self.scroll_offset.y, self.size.width, self.rich_style
        if not 0 <= place < len(self._runs):
            return Strip.blank(cells, style)
        here = place == self.cursor
        if here:
            style += self.get_component_rich_style("runs--cursor", partial=True)
        doubted = self._doubts.get(place)
        mark = _GAP + doubt_word(doubted.doubt) if doubted else ""
        marked = style
        if not (here and self.has_focus):
            marked += self.get_component_rich_style("runs--doubt", partial=True)
        line = joined(columns_of(self._runs[place], self._now), self._widths)
        # What is marked has to be seen, whatever else has not the room.
        line = cut(f" {line}", cells - width(mark))
        segments = [Segment(line, style), Segment(mark, marked)]
        return Strip(segments).adjust_cell_length(cells, style)


def _place_of(held: VersionPair | None, runs: Sequence[VersionPair]) -> int:
    """Where the same versions stand; at the top if they are gone."""
    if held is None:
        return 0
    same = (held.host, held.client_version, held.platform, held.base_library)
    for place, run in enumerate(runs):
        if same == (run.host, run.client_version, run.platform, run.base_library):
            return place
    return 0


def heading_line(columns: Sequence[str], widths: Sequence[int], cells: int) -> str:
    """The line above the list, in so many cells."""
    return fit(f" {joined(columns, widths)}", cells)
