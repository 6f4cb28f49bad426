"""Going back: the board as it was, and what became of it since."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import NoActiveWorker, get_current_worker

from storage.errors import N_, PitboardError
from storage.model.moment import Moment
from tui.screens.reviewing import Reviewing
from tui.text.as_of import banner
from tui.text.i18n import _
from tui.text.vocabulary import moment as written
from tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from tui.screens.retro_period import LookedAt


class LeftOff(PitboardError):
    """Nobody waits any more for what was being read."""


class Travelling(Reviewing):
    """The part of the board's screen that looks back.

    ``looked_at`` is where one was in the retro, to come back to.
    """

    looked_at: LookedAt | None = None

    @dataclass
    class GoingOn(Message):
        """How far it is with what takes longer; all of it is done at 1."""

        share: float

    @work(group="travel")
    async def action_travel(self) -> None:
        """Go back to a moment, or come back from one."""
        if self.session.moment is not None:
            self.session.come_back()
            self._arrive()
            self.done(_("Back to today."))
            return
        from tui.dialogs.as_of import Travel, moment
        from tui.dialogs.form import Said

        async def go(said: Said) -> Moment:
            then = moment(said, self.session.now())
            await asyncio.to_thread(self.session.go_back_to, then, self._going_on)
            return then

        if await self.app.push_screen_wait(Travel(go)) is not None:
            self._arrive()

    def _arrive(self) -> None:
        """Show the board of the moment that the session has gone to."""
        self.pitfalls.clear_marks()
        moment = self.session.moment
        self.set_class(moment is not None, "-past")
        if moment is not None:
            self._say(banner(moment))
        self.query_one(KeyLine).refresh()
        self.ask(self.asked, keep=True)

    def _say(self, words: str) -> None:
        self.query_one("#past", Static).update(Content(words))

    def _going_on(self, share: float) -> None:
        """Tell how far it is; stop if something else is asked for meanwhile."""
        try:
            if get_current_worker().is_cancelled:
                raise LeftOff(N_("Left off."))
        except NoActiveWorker:
            return
        self.post_message(self.GoingOn(share))

    @on(GoingOn)
    def _show_going_on(self, going_on: GoingOn) -> None:
        moment = self.session.moment
        if moment is not None:
            words = banner(moment)
            if going_on.share < 1:
                share = f"{going_on.share:.0%}"
                words = _("{share} of what changed since is looked up; esc stops.").format(
                    share=share
                )
            self._say(words)

    @work(group="retro")
    async def action_retro(self) -> None:
        """Look back over a period; come back to the pitfall that was opened there."""
        from tui.screens.retro import RetroScreen
        from tui.screens.retro_period import LookedAt

        retro = RetroScreen(self.session, self.looked_at or LookedAt())
        opened = await self.app.push_screen_wait(retro)
        self.looked_at = retro.looked_at
        self.look_for_changes()
        if opened is not None:
            self.go_to(opened)
            self.call_after_refresh(self.action_open)

    @work(group="travel")
    async def action_compare(self) -> None:
        """Show what became of the board; come back to the pitfall that was opened there."""
        from tui.dialogs.as_of import Compare, stretch
        from tui.dialogs.form import Said
        from tui.screens.board_diff import BecomingScreen

        async def compare(said: Said) -> tuple[int, int]:
            return stretch(said, self.session.now())

        moment = self.session.moment
        form = Compare(compare, written(moment.at) if moment is not None else "")
        asked = await self.app.push_screen_wait(form)
        if asked is None:
            return
        opened = await self.app.push_screen_wait(BecomingScreen(self.session, *asked))
        if opened is not None:
            self.go_to(opened)
            self.call_after_refresh(self.action_open)
