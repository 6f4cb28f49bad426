"""The two panes: moving in the list and in the detail, and between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual import on
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import OptionList

from storage.errors import NotFound, PitboardError
from tui.commands import ACTIONS, Action
from tui.services.session import Session
from tui.text.i18n import say
from tui.widgets.detail import Detail, DetailBody
from tui.widgets.matrix import Matrix
from tui.widgets.pitfall_list import PitfallList
from tui.widgets.timeline import HistoryList

_SETTLE_SECONDS: Final = 0.05


class Panes(Screen[str | None]):
    """The moving part of the board's screen: keys go to the pane that has the focus."""

    session: Session
    #: What can be done here, for palette and help.
    actions: Sequence[Action] = ACTIONS

    def __init__(self) -> None:
        super().__init__()
        self._settle: Timer | None = None

    @property
    def pitfalls(self) -> PitfallList:
        """The list."""
        return self.query_one("#list", PitfallList)

    @property
    def detail(self) -> Detail:
        """The detail."""
        return self.query_one("#detail", Detail)

    # The pitfall under the cursor

    @on(PitfallList.Moved)
    def _moved(self) -> None:
        if self._settle is not None:
            self._settle.stop()
        self._settle = self.set_timer(_SETTLE_SECONDS, self.show_detail)

    async def show_detail(self) -> None:
        """Show the pitfall under the cursor in the detail.

        Where there is no room for both panes it is made ready behind the list, so that opening
        it only brings it into sight.
        """
        if not self.detail.is_attached:
            return
        board, row = self.session.board, self.pitfalls.row
        if row is None:
            await self.detail.show(board, None)
            return
        try:
            await self.detail.show(board, board.pitfall(row.id), board.short_id(row.id))
        except NotFound:
            # Taken off the board a moment ago; the list is about to say so.
            return
        except PitboardError as error:
            self.tell(error)

    def tell(self, error: PitboardError) -> None:
        """Say what went wrong and what to do."""
        self.notify(say(error), severity="error", timeout=8, markup=False)

    @on(PitfallList.Opened)
    async def _opened(self) -> None:
        await self.action_open()

    # Moving

    @property
    def reading(self) -> bool:
        """Whether the focus is in the detail."""
        return self.detail.has_pseudo_class("focus-within")

    def _scrolls(self) -> DetailBody | HistoryList | OptionList | None:
        if not self.reading:
            return None
        if isinstance(self.focused, OptionList | HistoryList):
            return self.focused
        return self.query_one(DetailBody)

    def _move(self, by: int) -> None:
        part = self._scrolls()
        if part is None:
            self.pitfalls.move(by)
        elif isinstance(part, HistoryList):
            part.move(by) if abs(by) == 1 else part.page(by)
        elif abs(by) == 1 and isinstance(self.focused, Matrix) and self.focused.move(by):
            return
        elif isinstance(part, OptionList):
            part.action_cursor_down() if by > 0 else part.action_cursor_up()
        else:
            part.scroll_relative(y=by, animate=False)

    def action_down(self) -> None:
        """Go down."""
        self._move(1)

    def action_up(self) -> None:
        """Go up."""
        self._move(-1)

    def action_page_down(self) -> None:
        """Go half a page down."""
        self._move(self._half_page())

    def action_page_up(self) -> None:
        """Go half a page up."""
        self._move(-self._half_page())

    def _half_page(self) -> int:
        """How many rows are half a page of what scrolls."""
        part = self._scrolls()
        # More than a single step, which is another key.
        return self.pitfalls.half_page if part is None else max(2, part.size.height // 2)

    def action_first(self) -> None:
        """Go to the first."""
        self._go(0)

    def action_last(self) -> None:
        """Go to the last."""
        self._go(-1)

    def _go(self, place: int) -> None:
        """Go to the first, or to the last if it is -1."""
        part = self._scrolls()
        if part is None:
            self.pitfalls.go(place)
        elif isinstance(part, HistoryList):
            part.go_to_end() if place else part.go(place)
        elif isinstance(part, OptionList):
            part.action_last() if place else part.action_first()
        elif place:
            part.scroll_end(animate=False)
        else:
            part.scroll_home(animate=False)

    async def action_open(self) -> None:
        """Open the pitfall under the cursor, or the reference under it; unfold a change."""
        if self.reading and self.detail.tab == "references":
            await self.run_action("open_reference")
            return
        if isinstance(self.focused, HistoryList):
            self.detail.unfold()
            return
        if self.pitfalls.row is None:
            return
        self.turn_to(reading=True, zooms="-zoom-list")
        # Only what is laid out can take the focus.
        self.call_after_refresh(self._read_detail)

    def turn_to(self, *, reading: bool, zooms: str) -> None:
        """Have the detail or the list in sight where there is room for one.

        A class of the screen's would style each of its widgets again, which takes half of the
        time that opening takes; these say something of the two panes alone.

        Args:
            reading: whether it is the detail.
            zooms: the zoom that ends by this.
        """
        self.set_class(reading, "-reading", update=False)
        self.remove_class(zooms, update=False)
        for pane in (self.query_one("#list-pane"), self.detail):
            self.app.stylesheet.apply(pane)

    async def _read_detail(self) -> None:
        await self.show_detail()
        self.detail.focus_body()

    def action_board(self) -> None:
        """Go to the list."""
        self.turn_to(reading=False, zooms="-zoom-detail")
        self.call_after_refresh(self.pitfalls.focus)

    async def action_next_pane(self) -> None:
        """Go to the other pane."""
        if self.reading:
            self.action_board()
        else:
            await self.action_open()

    async def action_next_tab(self) -> None:
        """Show the next tab."""
        await self._turn_tab(1)

    async def action_previous_tab(self) -> None:
        """Show the tab before."""
        await self._turn_tab(-1)

    async def _turn_tab(self, by: int) -> None:
        if self.detail.display:
            await self.detail.turn_tab(by)
        else:
            await self.action_open()

    async def action_turn_table(self) -> None:
        """Show the environments, across the next of channel, base library and app version."""
        if not self.detail.display:
            await self.action_open()
            self.call_after_refresh(self.detail.turn_table)
        else:
            await self.detail.turn_table()

    async def action_turn_history(self) -> None:
        """Show the timeline, of the next sort of changes only."""
        if not self.detail.display:
            await self.action_open()
            self.call_after_refresh(self.detail.turn_history)
        else:
            await self.detail.turn_history()

    def action_zoom(self) -> None:
        """Give the whole screen to this pane, or share it again."""
        if self.has_class("-narrow"):
            self.action_board() if self.has_class("-reading") else self.call_later(self.action_open)
            return
        pane = "-zoom-detail" if self.reading else "-zoom-list"
        self.toggle_class(pane)
        self.call_after_refresh(self.show_detail)
