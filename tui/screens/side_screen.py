"""What the screens beside the board share: their keys, what can't be read, what somebody wrote."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.binding import BindingsMap
from textual.message import Message
from textual.screen import Screen

from storage.errors import PitboardError
from tui.commands import Action, bindings
from tui.screens.help import HelpScreen
from tui.services.session import Session
from tui.text.i18n import say

_R = TypeVar("_R")


class Aside(Screen[_R], Generic[_R]):
    """A screen that one goes to from the board, and comes back from.

    Args:
        session: the board as one person works with it.
    """

    #: What can be done there.
    actions: ClassVar[tuple[Action, ...]] = ()

    @dataclass
    class Failed(Message):
        """The board could not be read."""

        error: PitboardError

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(bindings(self.actions))])

    @on(Failed)
    def tell_failed(self, failed: Failed) -> None:
        """Say what went wrong."""
        self.notify(say(failed.error), severity="error", timeout=8, markup=False)

    def action_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(HelpScreen(self.actions))

    def action_palette(self) -> None:
        """Find a command by its name."""
        self.app.action_command_palette()


class Watching(Aside[_R], Generic[_R]):
    """One that reads again whenever somebody wrote, here or in another process."""

    WATCH_SECONDS: ClassVar[float] = 1.0

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
                self.tell_failed(self.Failed(error))
            self._version = None
            return
        if version != self._version:
            self._version = version
            self.action_read_again()

    @abstractmethod
    def action_read_again(self) -> object:
        """Read everything again, beside the screen."""
