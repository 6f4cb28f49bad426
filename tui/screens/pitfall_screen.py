"""What board and triage share: a list of pitfalls, and the detail of the one under the cursor."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, Generic, TypeVar

from textual import on
from textual.getters import query_one
from textual.timer import Timer
from textual.widgets import OptionList

from storage.errors import NotFound, PitboardError
from storage.model.records import Row
from tui.commands.attachments import show
from tui.commands.context import PitfallContext
from tui.screens.command_screen import CommandScreen
from tui.services.background import MOVING
from tui.services.images import can_show, is_picture
from tui.services.session import Session
from tui.widgets.detail import Detail, DetailBody
from tui.widgets.matrix import Matrix
from tui.widgets.pitfall_list import PitfallList
from tui.widgets.timeline import HistoryList

_R = TypeVar("_R")
_SETTLE_SECONDS: Final = 0.05


class PitfallScreen(CommandScreen[_R], Generic[_R]):
    """A list, and the detail of the pitfall under its cursor."""

    #: Whether pitfalls are marked in the list only, and not while one is read.
    marks_list_only: ClassVar[bool] = False

    pitfalls = query_one("#list", PitfallList)
    detail = query_one("#detail", Detail)

    context: PitfallContext[Any]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._settle: Timer | None = None

    def make_context(self) -> PitfallContext[Any]:
        """What its commands are given."""
        return PitfallContext(self)

    @property
    def reading(self) -> bool:
        """Whether the focus is in the detail."""
        return self.detail.has_pseudo_class("focus-within")

    @abstractmethod
    def go_to(self, pitfall: str) -> None:
        """Put the cursor on a pitfall, whatever the list shows now."""

    @abstractmethod
    def marks_changed(self) -> None:
        """Say how many are marked."""

    def likely(self) -> Sequence[Row]:
        """The pitfalls that the one under the cursor is likely a duplicate of, best first."""
        return ()

    # The pitfall under the cursor

    @on(PitfallList.Moved)
    def _moved(self) -> None:
        if self._settle is not None:
            self._settle.stop()
        self._settle = self.set_timer(_SETTLE_SECONDS, self.show_detail)

    def is_settling(self, key: str) -> bool:
        """Whether a key has to wait for the detail of the pitfall that was just gone to."""
        return self._settle is not None and key not in MOVING

    async def show_detail(self) -> None:
        """Show the pitfall under the cursor in the detail.

        Where there is no room for both panes it is made ready behind the list, so that opening
        it only brings it into sight.
        """
        self._settle = None
        if not self.query("#detail") or not self.detail.is_attached:
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

    @on(PitfallList.Opened)
    def _opened(self) -> None:
        self.open()

    @on(PitfallList.Unreadable)
    def _unreadable(self, event: PitfallList.Unreadable) -> None:
        self.tell(event.error)

    # Moving

    @property
    def _moving_part(self) -> DetailBody | HistoryList | OptionList | None:
        """What the keys move in the detail; None if they move in the list."""
        if not self.reading:
            return None
        if isinstance(self.focused, OptionList | HistoryList):
            return self.focused
        return self.query_one(DetailBody)

    def move(self, by: int) -> None:
        """Go down by some lines, or up, in the list or in the detail."""
        part = self._moving_part
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

    def page(self, by: int) -> None:
        """Go down by half a page (1), or up (-1)."""
        part = self._moving_part
        # More than a single line, which is another key.
        rows = self.pitfalls.half_page if part is None else max(2, part.size.height // 2)
        self.move(by * rows)

    def go(self, place: int) -> None:
        """Go to the first (0), or to the last (-1)."""
        part = self._moving_part
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

    # In the detail

    def in_detail(self, turn: Callable[[], object]) -> None:
        """Change what the detail shows, having brought it into sight."""
        if self.detail.display:
            turn()
        else:
            self.open()
            self.call_after_refresh(turn)

    def turn_tab(self, by: int) -> None:
        """Show the next tab (1), or the one before (-1)."""
        if self.detail.display:
            self.detail.turn_tab(by)
        else:
            self.open()

    def turn_history(self) -> None:
        """Show the timeline, of the next kind of changes only."""
        self.in_detail(self.detail.turn_history)

    @on(OptionList.OptionSelected, "#references")
    def _entry_chosen(self, event: OptionList.OptionSelected) -> None:
        """The list of references takes the key itself."""
        event.stop()
        self.open_entry()

    def open_entry(self) -> None:
        """Open the reference or attachment under the cursor; a picture here, if possible."""
        chosen = self.context.attachment
        if chosen is not None and is_picture(chosen) and can_show(self.app):
            self.start(show(self.context, chosen))
        else:
            self.run_command("open_reference")
