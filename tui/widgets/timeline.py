"""The timeline tab: who changed what, when, from what to what, and why."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

from storage.model.records import Line
from storage.model.vocabulary import HistoryCategory
from storage.read.history import is_of
from tui.text.history import (
    StyledText,
    TimelineHeading,
    TimelineRow,
    Tone,
    change_rows,
    cut_row,
    timeline,
    wrap_row,
)
from tui.text.i18n import ngettext
from tui.text.vocabulary import word


class TimelinePane(Vertical):
    """The history of one pitfall as a story, of one sort of changes or of all."""

    DEFAULT_CSS = """
    TimelinePane {
        height: 100%;
        & > #timeline-told { height: auto; color: $text-warning; display: none; }
        &.-filtered > #timeline-told { display: block; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.sort: HistoryCategory | None = None
        self._lines: Sequence[Line] = ()
        self._older = 0
        self._short_id: Callable[[str], str] = str
        self._judged: Mapping[str, str] = {}

    def compose(self) -> ComposeResult:
        """What is left out, and the changes."""
        yield Static(id="timeline-told", markup=False)
        yield HistoryList(id="history")

    def show(
        self,
        lines: Sequence[Line],
        short_id: Callable[[str], str],
        judged: Mapping[str, str],
        older: int = 0,
    ) -> None:
        """Show a pitfall's history.

        Args:
            lines: the changes, newest first.
            short_id: gives the name of a pitfall to people.
            judged: what occurrences say of the fixes, in words, by the occurrence's id.
            older: how many occurrences are older than those that the lines tell of.
        """
        self._lines, self._short_id, self._judged, self._older = lines, short_id, judged, older
        self._show()

    def turn(self) -> None:
        """Show only the next sort of changes that there is, then all again."""
        there = [
            sort for sort in HistoryCategory if any(is_of(line, [sort]) for line in self._lines)
        ]
        ring = [None, *there]
        here = ring.index(self.sort) if self.sort in ring else 0
        self.sort = ring[(here + 1) % len(ring)]
        self._show()

    def _show(self) -> None:
        shown = [line for line in self._lines if self.sort is None or is_of(line, [self.sort])]
        hidden = len(self._lines) - len(shown)
        self.set_class(self.sort is not None, "-filtered")
        if self.sort is not None:
            self.query_one("#timeline-told", Static).update(
                Content(
                    ngettext(
                        "only {sort} · {n} line is hidden · O goes on",
                        "only {sort} · {n} lines are hidden · O goes on",
                        hidden,
                    ).format(sort=word(self.sort), n=hidden)
                )
            )
        ending = self._ending()
        self.query_one(HistoryList).show(shown, self._short_id, self._judged, ending)

    def _ending(self) -> list[TimelineHeading]:
        if not self._older or self.sort not in (None, HistoryCategory.OCCURRENCES):
            return []
        parts = ngettext(
            "… and {n} older occurrence; “pitboard history” tells of all",
            "… and {n} older occurrences; “pitboard history” tells of all",
            self._older,
        ).format(n=self._older)
        return [TimelineHeading((StyledText(parts, Tone.ASIDE),), wraps=True)]


# The history as lines: draws only those that are seen, however many there are


_INDENT: Final = 2
_FURTHER: Final = 4
_Name = tuple[str, str, str]


class HistoryList(ScrollView, can_focus=True, inherit_bindings=False):
    """What was done, with a cursor on the changes; each can be unfolded."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "history--cursor",
        *(f"history--{tone}" for tone in Tone),
    }

    DEFAULT_CSS = """
    HistoryList {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        background: transparent;
        & > .history--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
        & > .history--day { color: $accent; text-style: bold; }
        & > .history--when { color: $secondary; }
        & > .history--who { text-style: bold; }
        & > .history--before { color: $secondary; }
        & > .history--after { text-style: bold; }
        & > .history--said { color: $text-primary; }
        & > .history--removed { color: $text-error; text-style: strike; }
        & > .history--added { color: $text-success; text-style: bold; }
        & > .history--reason { text-style: italic; }
        & > .history--aside { color: $secondary; }
        & > .history--undone { color: $secondary; text-style: strike; }
        & > .history--taken-back { text-style: bold; }
    }
    """

    cursor: var[int] = var(0)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._parts: list[TimelineHeading | Line] = []
        #: The places of the changes among the parts, and the rows at which the parts begin.
        self._places: list[int] = []
        self._starts: list[int] = [0]
        self._drawn: dict[int, list[TimelineRow]] = {}
        self._unfolded: set[_Name] = set()
        self._judged: Mapping[str, str] = {}
        self._short_id: Callable[[str], str] = str
        self._ending: Sequence[TimelineHeading] = ()

    def show(
        self,
        lines: Sequence[Line],
        short_id: Callable[[str], str],
        judged: Mapping[str, str],
        ending: Sequence[TimelineHeading] = (),
    ) -> None:
        """Show some changes; the cursor stays on the one it is on, if that is among them.

        Args:
            lines: the changes, newest first.
            short_id: gives the name of a pitfall to people.
            judged: what occurrences say of the fixes, in words, by the occurrence's id.
            ending: what stands below all of them.
        """
        held = self.line
        self._short_id, self._judged = short_id, judged
        self._parts = [*timeline(lines), *ending]
        self._places = [n for n, part in enumerate(self._parts) if isinstance(part, Line)]
        names = [_name(self._line_at(place)) for place in range(len(self._places))]
        at = names.index(_name(held)) if held is not None and _name(held) in names else 0
        self.set_reactive(HistoryList.cursor, at)
        self._lay_out()

    @property
    def line(self) -> Line | None:
        """The change under the cursor."""
        return self._line_at(self.cursor) if self.cursor < len(self._places) else None

    def _line_at(self, place: int) -> Line:
        line = self._parts[self._places[place]]
        assert isinstance(line, Line)
        return line

    # Moving

    def move(self, by: int) -> None:
        """Move the cursor by some changes."""
        self.go(self.cursor + by)

    def go(self, place: int) -> None:
        """Put the cursor on a change, or the nearest that there is."""
        self.cursor = max(0, min(place, len(self._places) - 1))

    def go_to_end(self) -> None:
        """Put the cursor on the last change."""
        self.go(len(self._places) - 1)

    def page(self, by: int) -> None:
        """Move the cursor by so many rows, by one change at least."""
        if self._places:
            row = self._starts[self._places[self.cursor]] + by
            place = self._change_at(max(0, row))
            self.go(place if place != self.cursor else self.cursor + (1 if by > 0 else -1))

    def toggle(self) -> None:
        """Unfold the change under the cursor, or fold it again."""
        if self.line is not None:
            self._unfolded ^= {_name(self.line)}
            self._lay_out()

    def _change_at(self, row: int) -> int:
        """The change that stands in a row, or the last one above it."""
        part = min(bisect_right(self._starts, row) - 1, len(self._parts) - 1)
        return max(0, bisect_right(self._places, part) - 1)

    def watch_cursor(self) -> None:
        """Follow the cursor."""
        self._keep_cursor_in_sight()
        self.refresh()

    def _keep_cursor_in_sight(self) -> None:
        seen = self.size.height
        if not seen or not self._places:
            return
        part = self._places[self.cursor]
        top, bottom = self._starts[part], self._starts[part + 1]
        if self.cursor == len(self._places) - 1:
            # What stands below all of them is to be seen, too.
            bottom = self._starts[-1]
        # The headings above it belong to it, as far as there is room.
        while part and isinstance(self._parts[part - 1], TimelineHeading):
            part -= 1
        above = self._starts[part] if bottom - self._starts[part] <= seen else top
        first = min(max(self.scroll_offset.y, bottom - seen), above)
        self.scroll_to(y=first, animate=False, force=True, immediate=True)

    def on_resize(self) -> None:
        """Lay the lines out again."""
        self._lay_out()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click unfolds."""
        row = event.y + self.scroll_offset.y
        if not self._places or row >= self._starts[-1]:
            return
        place = self._change_at(row)
        if place == self.cursor and event.chain > 1:
            self.toggle()
        self.cursor = place

    # Drawing

    def _lay_out(self) -> None:
        self._drawn.clear()
        heights = [self._height(n) for n in range(len(self._parts))]
        self._starts = [0, *accumulate(heights)]
        self.virtual_size = Size(self._cells, self._starts[-1])
        self._keep_cursor_in_sight()
        self.refresh()

    @property
    def _cells(self) -> int:
        """How wide a row is, beside the scrollbar."""
        return max(1, self.scrollable_content_region.width)

    def _height(self, place: int) -> int:
        part = self._parts[place]
        if isinstance(part, TimelineHeading):
            return len(self._rows(place)) if part.wraps else 1
        if _name(part) in self._unfolded:
            return len(self._rows(place))
        return 1 + bool(part.reason.plain) + bool(self._judged.get(part.event))

    def _rows(self, place: int) -> list[TimelineRow]:
        """The rows of a part, made when they are first seen."""
        if place not in self._drawn:
            self._drawn[place] = self._made(self._parts[place])
        return self._drawn[place]

    def _made(self, part: TimelineHeading | Line) -> list[TimelineRow]:
        cells = self._cells
        if isinstance(part, TimelineHeading):
            return wrap_row(part.row, cells) if part.wraps else [cut_row(part.row, cells)]
        unfolded = _name(part) in self._unfolded
        parts = change_rows(
            part, self._short_id, self._judged.get(part.event, ""), in_short=not unfolded
        )
        rows: list[TimelineRow] = []
        for n, paragraph in enumerate(parts):
            indent = _FURTHER if n else _INDENT
            if not unfolded:
                rows.append(_indented(cut_row(paragraph, cells - indent), indent))
                continue
            for row in wrap_row(paragraph, max(1, cells - _FURTHER)):
                rows.append(_indented(row, _FURTHER if rows else indent))
        return rows

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        row, cells, style = y + self.scroll_offset.y, self._cells, self.rich_style
        if row >= self._starts[-1]:
            return Strip.blank(cells, style)
        place = bisect_right(self._starts, row) - 1
        here = self.has_focus and bool(self._places) and place == self._places[self.cursor]
        if here:
            style += self.get_component_rich_style("history--cursor", partial=True)
        segments = [
            Segment(text, style + self._style_of(tone, coloured=not here))
            for text, tone in self._rows(place)[row - self._starts[place]]
        ]
        return Strip(segments).adjust_cell_length(cells, style)

    def _style_of(self, tone: Tone, *, coloured: bool) -> Style:
        """The style of a tone; where the cursor stands the colours are the cursor's."""
        style = self.get_component_rich_style(f"history--{tone}", partial=True)
        return style if coloured else style.without_color


def _name(line: Line) -> _Name:
    """What tells a line of the history from all others."""
    return line.event, line.field, line.part


def _indented(row: TimelineRow, cells: int) -> TimelineRow:
    first, *rest = row
    return (first._replace(text=" " * cells + first.text), *rest)
