"""The board of a moment in the past, as the screen shows that it is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static
from textual.worker import NoActiveWorker

from tui.services.background import go_on, is_there
from tui.text.dates import banner
from tui.text.i18n import _
from tui.widgets.header import KeyLine

if TYPE_CHECKING:
    from tui.screens.board import BoardScreen


class AsOf:
    """Which moment the board shows.

    Args:
        board: the screen that shows it.
    """

    def __init__(self, board: BoardScreen) -> None:
        self._board = board

    def arrive(self) -> None:
        """Show the board of the moment that the session has gone to."""
        board, moment = self._board, self._board.session.moment
        board.pitfalls.clear_marks()
        board.set_class(moment is not None, "-past")
        if moment is not None:
            self._say(banner(moment))
        board.query_one(KeyLine).refresh()
        board.search.ask_again()

    def going_on(self, share: float) -> None:
        """Tell from a thread how far it is with what takes longer; all of it is done at 1.

        Raises:
            LoadingCancelled: something else is asked for meanwhile.
        """
        try:
            go_on()
        except NoActiveWorker:
            return
        self._board.call_later(self._show_going_on, share)

    def _show_going_on(self, share: float) -> None:
        moment = self._board.session.moment
        if moment is None or not is_there(self._board):
            return
        words = banner(moment)
        if share < 1:
            words = _("{share} of what changed since is looked up; esc stops.").format(
                share=f"{share:.0%}"
            )
        self._say(words)

    def _say(self, words: str) -> None:
        self._board.query_one("#past", Static).update(Content(words))
