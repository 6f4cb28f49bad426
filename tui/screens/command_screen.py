"""What all screens share: their keys run commands, and they read again what somebody wrote."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from textual import events, on
from textual.binding import ActiveBinding, BindingsMap
from textual.getters import query_one
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import OptionList
from textual.worker import Worker

from storage.errors import NotFound, PitboardError
from storage.model.row import Row
from tui import deferred
from tui.commands import commands_on
from tui.commands.command import Command, bindings
from tui.commands.context import CommandContext, PitfallContext
from tui.commands.references import show
from tui.services.background import MOVING, in_thread, is_there
from tui.services.session import Session
from tui.services.terminal import can_show, is_picture
from tui.text.i18n import _, say, say_in_form
from tui.widgets.bars import KeyLine
from tui.widgets.detail import Detail, DetailBody
from tui.widgets.pitfall_list import PitfallList

if TYPE_CHECKING:
    from tui.widgets import matrix, timeline
else:
    # What only some keys do: the first paint waits for none of it.
    matrix = deferred("tui.widgets.matrix")
    timeline = deferred("tui.widgets.timeline")

_R = TypeVar("_R")
_T = TypeVar("_T")


class CommandScreen(Screen[_R], Generic[_R]):
    """A screen of the board whose keys run commands.

    Args:
        session: the board as one person works with it.
    """

    #: Its name in the declarations of commands.
    NAME: ClassVar[str]
    #: How often it looks for what somebody wrote, in seconds.
    WATCH_SECONDS: ClassVar[float] = 1.0

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.commands = {command.id: command for command in commands_on(self.NAME)}
        # Made here, and not in the class, because they speak the reader's language.
        keys = BindingsMap(bindings(self.commands.values()))
        inherited = self._bindings.copy()
        # Of two bindings of one key Textual runs the first: ours go before its own.
        for key in keys.key_to_bindings:
            inherited.key_to_bindings.pop(key, None)
        self._bindings = BindingsMap.merge([inherited, keys])
        self.context = self.make_context()

    def make_context(self) -> CommandContext[Any]:
        """What its commands are given."""
        return CommandContext(self)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Style all again that comes into sight, but not what was made and styled just now."""
        event.refresh_styles &= self.stack_updates > 0

    # Commands

    def key_line(self) -> KeyLine:
        """The last line, which names the most needed commands."""
        return KeyLine(self.needed, id="keys")

    def needed(self) -> Sequence[Command]:
        """The commands that the last line names: what can be done now, the most needed first."""
        ranked = [one for one in self.commands.values() if one.on[self.NAME]]
        can_be_done = (one for one in ranked if not one.when(self.context))
        return sorted(can_be_done, key=lambda one: one.on[self.NAME])

    @on(KeyLine.Pressed)
    def _key_clicked(self, event: KeyLine.Pressed) -> None:
        self.run_command(event.command)

    def action_run(self, name: str) -> None:
        """Run a command, for its key."""
        self.run_command(name)

    def run_command(self, name: str) -> None:
        """Run a command, unless it can't be done now; then say why.

        Keys, key line, palette and ``:`` all come here.
        """
        command = self.commands[name]
        if not is_there(self):
            return
        refusal = self.session.refusal
        if command.writes and refusal is not None:
            self.notify(say(refusal), severity="warning", timeout=10, markup=False)
            return
        if command.is_local and self.app.is_web:
            words = _(
                "Not in a browser: this uses files or settings of the machine that serves it."
            )
            self.notify(words, severity="warning", markup=False)
            return
        try:
            if reason := command.when(self.context):
                self.notify(reason, severity="warning", markup=False)
            elif (running := command.run(self.context)) is not None:
                self.start(running, name)
        except PitboardError as error:
            self.tell(error)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """As Textual's; what writes is disabled while nothing can be written, and its key says why.

        Textual's own way to disable an action would swallow the key.
        """
        found = super().active_bindings
        if self.session.refusal is None:
            return found
        writing = {command.id for command in self.commands.values() if command.writes}
        return {
            key: one._replace(enabled=one.enabled and one.binding.id not in writing)
            for key, one in found.items()
        }

    def start(self, running: Awaitable[None], name: str = "") -> None:
        """Go on with what waits for a dialog or the store, while keys come in."""

        async def run() -> None:
            try:
                await running
            except PitboardError as error:
                self.tell(error)

        self.run_worker(run(), name=name, group="command")

    def tell(self, error: PitboardError) -> None:
        """Say what went wrong and what to do."""
        self.notify(say_in_form(error), severity="error", timeout=8, markup=False)

    def show_done(self, words: str) -> None:
        """Say what was done."""
        self.notify(words, timeout=4, markup=False)

    def show_undone(self, pitfalls: Sequence[str]) -> None:
        """Show the pitfalls of the step that was undone or redone, where that helps."""

    def read(
        self,
        what: Callable[[], _T],
        then: Callable[[_T], object],
        *,
        group: str,
        failed: Callable[[PitboardError], object] | None = None,
    ) -> Worker[None]:
        """Read something in a thread, and show it; see :func:`in_thread`."""
        return in_thread(self, what, then, failed or self.tell, group=group)

    # What commands of several screens do on this one

    @abstractmethod
    def look_for_changes(self) -> None:
        """Read again what somebody changed."""

    @abstractmethod
    def read_again(self) -> None:
        """Read everything again."""

    @abstractmethod
    def move(self, by: int) -> None:
        """Go down by some lines, or up."""

    @abstractmethod
    def page(self, by: int) -> None:
        """Go down by half a page (1), or up (-1)."""

    @abstractmethod
    def go(self, place: int) -> None:
        """Go to the first line (0), or to the last (-1)."""

    def open(self) -> None:
        """Open what is under the cursor."""

    def next_pane(self) -> None:
        """Go to the other pane."""

    def back(self) -> None:
        """Go back by one step."""
        self.dismiss(None)

    def go_to_list(self) -> None:
        """Go to the list of the board."""
        self.dismiss(None)

    def quit(self) -> None:
        """Leave this screen."""
        self.dismiss(None)


class WatchingScreen(CommandScreen[_R], Generic[_R]):
    """One that reads everything again whenever somebody wrote, here or in another process."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._version: int | None = None

    def start_watching(self) -> None:
        """Read, and from now on again after each change."""
        self.set_interval(self.WATCH_SECONDS, self.look_for_changes)
        self.look_for_changes()

    def look_for_changes(self) -> None:
        """Read again if somebody wrote."""
        try:
            version = self.session.board.version()
        except PitboardError as error:
            # Once, and not every second.
            if self._version is not None:
                self.tell(error)
            self._version = None
            return
        if version != self._version:
            self._version = version
            self.read_again()


# What board and triage share: a list of pitfalls, and the detail of the one under the cursor


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
    def _moving_part(self) -> DetailBody | timeline.HistoryList | OptionList | None:
        """What the keys move in the detail; None if they move in the list."""
        if not self.reading:
            return None
        if isinstance(self.focused, OptionList | timeline.HistoryList):
            return self.focused
        return self.query_one(DetailBody)

    def move(self, by: int) -> None:
        """Go down by some lines, or up, in the list or in the detail."""
        part = self._moving_part
        if part is None:
            self.pitfalls.move(by)
        elif isinstance(part, timeline.HistoryList):
            part.move(by) if abs(by) == 1 else part.page(by)
        elif abs(by) == 1 and isinstance(self.focused, matrix.Matrix) and self.focused.move(by):
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
        elif isinstance(part, timeline.HistoryList):
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
