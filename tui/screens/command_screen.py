"""What all screens share: their keys run commands, and they read again what somebody wrote."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual import on
from textual.binding import BindingsMap
from textual.screen import Screen
from textual.worker import Worker

from storage.errors import PitboardError
from tui.commands import commands_on
from tui.commands.command import bindings
from tui.commands.context import CommandContext
from tui.services.background import in_thread, is_there
from tui.services.session import Session
from tui.text.i18n import say
from tui.widgets.clickable_lines import KeyLine

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

    # Commands

    def key_line(self) -> KeyLine:
        """The last line, which names the most needed commands."""
        ranked = [one for one in self.commands.values() if one.on[self.NAME]]
        return KeyLine(sorted(ranked, key=lambda one: one.on[self.NAME]))

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
        try:
            if reason := command.when(self.context):
                self.notify(reason, severity="warning", markup=False)
            elif (running := command.run(self.context)) is not None:
                self.start(running, name)
        except PitboardError as error:
            self.tell(error)

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
        self.notify(say(error), severity="error", timeout=8, markup=False)

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
