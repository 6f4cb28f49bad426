"""Version pairs: which base library each client version was seen with, on which platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static

from storage.model.version_pairs import Contradiction, VersionPair, contradicting
from storage.model.vocabulary import Platform
from tui.commands.command import VERSIONS
from tui.screens.command_screen import WatchingScreen
from tui.services.session import Session
from tui.text.cells import cut, fit, width
from tui.text.i18n import _, ngettext
from tui.text.verdicts import (
    asked_of,
    columns_of,
    contradiction_words,
    doubt_word,
    headings,
    joined,
    platform_word,
    widths_of,
)
from tui.widgets.pitfall_list import AGES_SECONDS


class VersionList(ScrollView, can_focus=True, inherit_bindings=False):
    """A line for each run, with a cursor; what contradicts the others is marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"runs--cursor", "runs--doubt"}

    DEFAULT_CSS = """
    VersionList {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .runs--cursor {
            background: $block-cursor-blurred-background;
            text-style: $block-cursor-blurred-text-style;
        }
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


class VersionsScreen(WatchingScreen[str | None]):
    """The table; it is left with a query for the pitfalls seen somewhere, or with none."""

    NAME = VERSIONS
    CSS_PATH = "versions.tcss"
    AUTO_FOCUS = "#runs"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._runs: Sequence[VersionPair] = ()
        self._doubts: Mapping[int, Contradiction] = {}
        self._platform: Platform | None = None
        self._widths: Sequence[int] = ()

    def compose(self) -> ComposeResult:
        """What is shown, the table, what is wrong with the line under the cursor, keys."""
        yield Static(id="runs-head", markup=False)
        yield Static(id="runs-headings", markup=False)
        yield VersionList(self.session.now(), id="runs")
        yield Static(id="runs-empty", markup=False)
        yield Static(id="runs-told", markup=False)
        yield self.key_line()

    def on_mount(self) -> None:
        """Read the table, and again whenever somebody wrote; let the ages move on."""
        self.query_one("#runs-head", Static).update(_heading(_("reading…")))
        self.start_watching()
        self.set_interval(AGES_SECONDS, self.pass_time)

    def pass_time(self) -> None:
        """Say the ages of now; nothing is read for them."""
        if self._runs:
            self._widths = widths_of(self._runs, self.session.now())
            self._show()

    @property
    def runs(self) -> VersionList:
        """The table."""
        return self.query_one(VersionList)

    # Reading

    def read_again(self) -> None:
        """Read everything again."""

        def read() -> tuple[Sequence[VersionPair], Mapping[int, Contradiction]]:
            runs = self.session.board.version_pairs.all()
            return runs, contradicting(runs)

        self.read(read, self._take, group="runs")

    def _take(self, read: tuple[Sequence[VersionPair], Mapping[int, Contradiction]]) -> None:
        self._runs, self._doubts = read
        self._widths = widths_of(self._runs, self.session.now())
        if self._platform not in self._platforms:
            self._platform = None
        self._show()

    # Showing

    @property
    def _platforms(self) -> list[Platform | None]:
        """All, then each platform that there is a line of."""
        there = {run.platform for run in self._runs}
        return [None, *(platform for platform in Platform if platform in there)]

    def _show(self) -> None:
        shown = [
            (place, run)
            for place, run in enumerate(self._runs)
            if self._platform in (None, run.platform)
        ]
        doubts = {
            line: self._doubts[place]
            for line, (place, _run) in enumerate(shown)
            if place in self._doubts
        }
        self.runs.show([run for _place, run in shown], doubts, self._widths, self.session.now())
        self.set_class(not self._runs, "-empty")
        where = platform_word(self._platform) if self._platform else _("all platforms")
        count = ngettext("{n} line", "{n} lines", len(shown)).format(n=len(shown))
        doubted = ngettext("{n} doubtful", "{n} doubtful", len(doubts)).format(n=len(doubts))
        text = f"{where} · {count}" + (f" · {doubted}" if doubts else "")
        self.query_one("#runs-head", Static).update(_heading(text if self._runs else ""))
        self.query_one("#runs-empty", Static).update(
            Content(
                _(
                    "Nothing is known yet of what runs where.\n"
                    "It comes from occurrences that say both an app version and a base library:\n"
                    "log one with a, or paste a report with p, on the board.\n\nq back"
                )
            )
        )
        self._show_headings()

    def on_resize(self) -> None:
        """Fit the headings."""
        self._show_headings()

    def _show_headings(self) -> None:
        if self._widths:
            line = heading_line(headings(), self._widths, self.size.width)
            self.query_one("#runs-headings", Static).update(Content(line))

    @on(VersionList.Moved)
    def _tell_of_line(self) -> None:
        """Say what is wrong with the line under the cursor."""
        run, doubt = self.runs.run, self.runs.doubt
        text = contradiction_words(run, doubt) if run is not None and doubt is not None else ""
        self.query_one("#runs-told", Static).update(Content(text))
        self.set_class(bool(text), "-doubtful")

    # Keys

    def move(self, by: int) -> None:
        """Go down by some lines, or up."""
        self.runs.move(by)

    def page(self, by: int) -> None:
        """Go down by half a page (1), or up (-1)."""
        self.runs.move(by * self.runs.half_page)

    def go(self, place: int) -> None:
        """Go to the first line (0), or to the last (-1)."""
        self.runs.go_to_end() if place else self.runs.go(0)

    def show_next_platform(self) -> None:
        """Show the next platform only, then all again."""
        ring = self._platforms
        self._platform = ring[(ring.index(self._platform) + 1) % len(ring)]
        self._show()

    @on(VersionList.Opened)
    def open(self) -> None:
        """Show the pitfalls that were seen there, on the board."""
        if (run := self.runs.run) is not None:
            self.dismiss(asked_of(run))


def _heading(text: str) -> Content:
    head = Content.styled(_("App ↔ base library versions"), "bold $primary")
    return Content.assemble(head, f"  {text}") if text else head


# The list of version pairs; draws only visible lines


_GAP: Final = "  "


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
