"""The board's list: draws only the lines that are seen, from the rows that it reads for them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from storage.errors import PitboardError
from storage.model.row import Row
from storage.query.tree import SortKey
from storage.read.board import Listing
from storage.text.zones import week_of
from tui.text.cells import fit, width, wrap
from tui.text.columns import (
    DEFAULT,
    TITLE,
    WEEKS_COUNTED,
    ListColumn,
    ListedRow,
    ListLayout,
    columns_named,
    laid_out,
    lower_words,
    upper_words,
)

_PAGE: Final = 32
_PAGES_KEPT: Final = 32
_LINES_KEPT: Final = 512
#: From this width on a row is one line; below it, two.
_ONE_LINE: Final = 110
#: How often the ages on a screen move on, in seconds.
AGES_SECONDS: Final = 60.0
_BOLD: Final = Style(bold=True)


class PitfallList(ScrollView, can_focus=True, inherit_bindings=False):
    """A listing as lines, with a cursor and marks.

    At any size of board it holds a few pages of rows and nothing else.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"list--{part}"
        for part in ("cursor", "muted", "open", "workaround", "fixed", "spark", "mark")
    }

    DEFAULT_CSS = """
    PitfallList {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .list--cursor {
            background: $block-cursor-blurred-background;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus > .list--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
        & > .list--muted { color: $secondary; }
        & > .list--open { color: $text-error; }
        & > .list--workaround { color: $text-warning; }
        & > .list--fixed { color: $text-success; }
        & > .list--spark { color: $accent; }
        & > .list--mark { color: $primary; text-style: bold; }
    }
    """

    cursor: var[int] = var(0)

    class Moved(Message):
        """The cursor stands on another pitfall, or on none."""

        def __init__(self, row: Row | None) -> None:
            super().__init__()
            self.row = row

    class Opened(Message):
        """A pitfall was clicked a second time."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    class Unreadable(Message):
        """A page of the list could not be read."""

        def __init__(self, error: PitboardError) -> None:
            super().__init__()
            self.error = error

    class Measured(Message):
        """The columns have other widths."""

    def __init__(self, clock: Callable[[], int], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._clock, self._now = clock, clock()
        self._listing: Listing | None = None
        #: Gives the name of a pitfall to people, where its column was chosen.
        self.short_id: Callable[[str], str] = str
        self.columns: Sequence[ListColumn] = columns_named(DEFAULT)
        #: The widest text of each column among the rows that were read.
        self._widest: dict[str, int] = {}
        self._laid_out: tuple[tuple[object, ...], ListLayout] | None = None
        self._pages: OrderedDict[int, tuple[list[Row], dict[str, list[int]]]] = OrderedDict()
        #: Lines as they were drawn, neither marked nor under the cursor, by width and place.
        self._drawn: dict[tuple[int, int], Strip] = {}
        self.marked: dict[str, Row] = {}
        #: Why nothing is listed, and what to do about it.
        self.why_empty = ""
        #: Where the range begins that the next ``v`` marks, while one is being drawn.
        self.range_from: int | None = None

    # What it shows

    def show(self, listing: Listing, place: int | None = None) -> None:
        """Show a listing, with the cursor at ``place`` or as near as can be to where it was."""
        self._listing = listing
        self._now = self._clock()
        self.range_from = None
        self._pages.clear()
        self._drawn.clear()
        self._widest.clear()
        self._measure()
        self.set_reactive(PitfallList.cursor, self._clamp(self.cursor if place is None else place))
        self._keep_cursor_in_sight()
        self.refresh()
        self.post_message(self.Moved(self.row))

    def choose_columns(self, names: Sequence[str]) -> None:
        """Show these columns, in this order."""
        self.columns = columns_named(names)
        self._pages.clear()
        self._drawn.clear()
        self._widest.clear()
        self._measure()
        self._keep_cursor_in_sight()
        self.refresh()
        self.post_message(self.Measured())

    @property
    def total(self) -> int:
        """How many pitfalls the listing has."""
        return self._listing.total if self._listing else 0

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.row_at(self.cursor)

    @property
    def row_height(self) -> int:
        """How many lines a row takes at this width."""
        return 1 if self.in_one_line or self.columns[-1].name == TITLE else 2

    @property
    def in_one_line(self) -> bool:
        """Whether all columns stand in one line, which can have headings."""
        return self.size.width >= _ONE_LINE

    def row_at(self, place: int) -> Row | None:
        """The row at a place in the listing, read with its page when it is first needed."""
        if self._listing is None or not 0 <= place < self._listing.total:
            return None
        rows, _weeks = self._page(place // _PAGE)
        within = place % _PAGE
        return rows[within] if within < len(rows) else None

    def _page(self, number: int) -> tuple[list[Row], dict[str, list[int]]]:
        if number in self._pages:
            self._pages.move_to_end(number)
            return self._pages[number]
        assert self._listing is not None
        try:
            rows = self._listing.with_sources(self._listing.page(number * _PAGE, _PAGE))
            weeks = self._listing.weeks((row.id for row in rows), week_of(self._now), WEEKS_COUNTED)
        except PitboardError as error:
            rows, weeks = [], {}
            self.post_message(self.Unreadable(error))
        self._pages[number] = (rows, weeks)
        if len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        self._widen(rows, weeks)
        return rows, weeks

    def _widen(self, rows: Sequence[Row], weeks: dict[str, list[int]]) -> None:
        """Make room for what the columns say of some rows."""
        before = dict(self._widest)
        for column in self.columns:
            if column.name != TITLE:
                words = (column.cell(self._listed(row, weeks[row.id])) for row in rows)
                widest = self._widest.get(column.name, 0)
                self._widest[column.name] = max(widest, 0, *map(width, words))
        if self._widest != before:
            self._drawn.clear()
            self.refresh()
            self.post_message(self.Measured())

    def _listed(self, row: Row, weeks: Sequence[int]) -> ListedRow:
        chosen = any(column.name == "id" for column in self.columns)
        return ListedRow(row, weeks, self.short_id(row.id) if chosen else "", self.sort, self._now)

    @property
    def sort(self) -> SortKey:
        """What it is sorted by."""
        return self._listing.sort if self._listing is not None else SortKey.SEEN

    @property
    def layout_of_columns(self) -> ListLayout:
        """The columns that there is room for, and their widths."""
        # Each line that is drawn asks; only these change the answer.
        now = (self.columns, self._widest.copy(), self.size.width, self.sort, self.in_one_line)
        if self._laid_out is None or self._laid_out[0] != now:
            layout = laid_out(*now[:-1], in_one_line=self.in_one_line)
            self._laid_out = now, layout
        return self._laid_out[1]

    # Moving

    def move(self, by: int) -> None:
        """Move the cursor by some rows."""
        self.cursor = self._clamp(self.cursor + by)

    def go(self, place: int) -> None:
        """Put the cursor at a place; negative ones count from the end."""
        self.cursor = self._clamp(place if place >= 0 else self.total + place)

    @property
    def half_page(self) -> int:
        """How many rows half a page is."""
        return max(1, self.size.height // self.row_height // 2)

    def toggle_mark(self) -> None:
        """Mark the row under the cursor, or take its mark away, and go on to the next."""
        if (row := self.row) is not None:
            if self.marked.pop(row.id, None) is None:
                self.marked[row.id] = row
            self.refresh()
            self.move(1)

    def toggle_range(self) -> None:
        """Begin a range at the cursor; the second time mark all from there to the cursor."""
        if self.range_from is None:
            self.range_from = self.cursor if self.row is not None else None
        else:
            first, last = sorted((self.range_from, self.cursor))
            self._mark(first, last - first + 1)
            self.range_from = None
        self.refresh()

    def mark_all(self) -> None:
        """Mark every pitfall that is listed."""
        self._mark(0, self.total)
        self.refresh()

    def _mark(self, first: int, count: int) -> None:
        if self._listing is None:
            return
        try:
            self.marked.update((row.id, row) for row in self._listing.page(first, count))
        except PitboardError as error:
            self.post_message(self.Unreadable(error))

    def clear_marks(self) -> None:
        """Take all marks away."""
        self.marked.clear()
        self.range_from = None
        self.refresh()

    def _clamp(self, place: int) -> int:
        return max(0, min(place, self.total - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Follow the cursor; where nothing scrolls, only its old and its new row are drawn."""
        self._keep_cursor_in_sight()
        if self.range_from is None:
            for place in (before, after):
                self.refresh_lines(place * self.row_height, self.row_height)
        else:
            self.refresh()
        self.post_message(self.Moved(self.row))

    def _keep_cursor_in_sight(self) -> None:
        """Scroll by whole rows, so that no row is ever cut in half."""
        height = self.row_height
        seen = self.size.height // height
        if seen == 0:
            return
        first = self.scroll_offset.y // height
        first = min(max(first, self.cursor - seen + 1), self.cursor)
        self.scroll_to(y=first * height, animate=False, force=True, immediate=True)

    def _measure(self) -> None:
        height = self.row_height
        # An odd line at the bottom stays blank, so that the top row is whole at the very end too.
        odd = self.size.height % height
        self.virtual_size = Size(self.size.width, self.total * height + odd)

    def on_resize(self) -> None:
        """Lay the rows out again."""
        self._measure()
        self._keep_cursor_in_sight()
        self.post_message(self.Measured())

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click opens."""
        place = (event.y + self.scroll_offset.y) // self.row_height
        row = self.row_at(place)
        if row is None:
            return
        if place == self.cursor and event.chain > 1:
            self.post_message(self.Opened(row))
        self.cursor = place

    # Drawing

    def on_mount(self) -> None:
        """Let the ages move on by themselves."""
        self.set_interval(AGES_SECONDS, self.pass_time)

    def pass_time(self) -> None:
        """Draw the lines in sight again that say another age by now; nothing is read for them."""
        before = [self.render_line(y) for y in range(self.size.height)]
        self._now = self._clock()
        self._drawn.clear()
        for y, line in enumerate(before):
            if self.render_line(y) != line:
                self.refresh_line(y + self.scroll_offset.y)

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        line = y + self.scroll_offset.y
        place, part = divmod(line, self.row_height)
        row = self.row_at(place)
        cells = self.size.width
        if row is None:
            reason = [] if self.total else list(wrap(self.why_empty, cells - 4))
            if not 0 < line <= len(reason):
                return Strip.blank(cells, self.rich_style)
            muted = self.rich_style + self.get_component_rich_style("list--muted", partial=True)
            return Strip([Segment(fit("  " + reason[line - 1], cells), muted)])
        if place == self.cursor or row.id in self.marked or self._in_range(place):
            return self._line(row, place, part)
        if (cells, line) not in self._drawn:
            if len(self._drawn) >= _LINES_KEPT:
                self._drawn.clear()
            self._drawn[cells, line] = self._line(row, place, part)
        return self._drawn[cells, line]

    def notify_style_update(self) -> None:
        """Draw every line again in its new colours."""
        self._drawn.clear()
        super().notify_style_update()

    def _line(self, row: Row, place: int, part: int) -> Strip:
        """A row's line, or the upper (0) or lower one (1) of two."""
        cells, pen, layout = self.size.width, self._pen(place), self.layout_of_columns
        listed = self._listed(row, self._page(place // _PAGE)[1][row.id])
        if part == 0:
            mark = "▌" if row.id in self.marked else "▏" if self._in_range(place) else " "
            words = [(mark, "mark"), *upper_words(layout.upper, listed)]
        else:
            words = lower_words(layout.lower, listed, cells)
        segments = [Segment(text, pen(part)) for text, part in words]
        return Strip(segments).adjust_cell_length(cells, pen(""))

    def _in_range(self, place: int) -> bool:
        """Whether a place lies in the range that is being drawn."""
        if self.range_from is None:
            return False
        first, last = sorted((self.range_from, self.cursor))
        return first <= place <= last

    def _pen(self, place: int) -> Callable[[str], Style]:
        """The style of each part of a row; under the focused cursor all parts have one."""
        base = self.rich_style
        is_cursor = place == self.cursor
        if is_cursor:
            base += self.get_component_rich_style("list--cursor", partial=True)

        def pen(part: str) -> Style:
            if part == TITLE:
                return base + _BOLD
            if not part or (is_cursor and self.has_focus):
                return base
            return base + self.get_component_rich_style(f"list--{part}", partial=True)

        return pen
