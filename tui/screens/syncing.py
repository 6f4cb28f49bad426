"""Sharing from the board: syncing by key and by itself, and the mark that tells how it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.message import Message
from textual.worker import get_current_worker

from storage.errors import PitboardError
from tui.screens.travelling import Travelling
from tui.text.i18n import _, ngettext, say
from tui.widgets.counts import CountsBar, SharingMark

if TYPE_CHECKING:
    from storage.sharing.state import SharingState
    from storage.sharing.sync import Steps, SyncResult
    from storage.write.store import Store
    from tui.text.sharing import SyncProgress

#: How often the mark follows a sync that is under way, in seconds.
_FOLLOW_EVERY: Final = 0.3


class Syncing(Travelling):
    """The part of the board's screen that shares it."""

    #: How the sharing stands; None where nothing is shared.
    sharing: SharingState | None = None
    _under_way: SyncProgress | None = None
    #: What kept a sync that came by itself from being done, so that it is told once.
    _told_before: str = ""

    @dataclass
    class SharingRead(Message):
        """It was read how the sharing stands."""

        sharing: SharingState | None

    @property
    def under_way(self) -> SyncProgress:
        """The sync that is under way, if one is."""
        if self._under_way is None:
            # Loaded here, since the first paint does without it.
            from tui.text.sharing import SyncProgress

            self._under_way = SyncProgress()
        return self._under_way

    # How it stands

    def watch_sharing(self) -> None:
        """Read how the sharing stands, and follow a sync that is under way."""
        self.set_interval(_FOLLOW_EVERY, self._follow)
        self.read_sharing()

    @work(thread=True, exclusive=True, group="sharing", exit_on_error=False)
    def read_sharing(self) -> None:
        """Read how the sharing stands."""
        from storage.sharing.state import SharingReader

        worker = get_current_worker()
        try:
            with SharingReader.open(self.session.path) as shared:
                read = self.SharingRead(shared.sharing())
        except PitboardError as error:
            self.post_message(self.Failed(error))
            return
        if not worker.is_cancelled:
            self.post_message(read)

    @on(SharingRead)
    def _take_sharing(self, read: SharingRead) -> None:
        self.sharing = read.sharing
        self._show_mark()

    def _follow(self) -> None:
        if self._under_way is not None and self._under_way.step is not None:
            self._show_mark()

    def _show_mark(self) -> None:
        from tui.text.sharing import badge

        problem = self.sharing is not None and self.sharing.problem is not None
        mark = badge(self.sharing, self.under_way.step)
        self.query_one(CountsBar).show_sharing(mark, problem=problem)

    # Syncing

    @on(SharingMark.Pressed)
    async def _open_sharing(self) -> None:
        await self.run_action("sharing")

    @work(group="join")
    async def action_sync(self) -> None:
        """Send and take what is new; join a remote first if the board is not shared yet."""
        if self.under_way.step is not None:
            self.notify(_("A sync is under way; esc stops it."), markup=False)
        elif self.sharing is None:
            await self._join()
        else:
            await self._sync(by_itself=False)

    async def _join(self) -> None:
        from storage.sharing.sync import share
        from tui.dialogs.form import Said
        from tui.dialogs.sharing import Join

        async def join(said: Said) -> SyncResult:
            url, create = said["url"], said["create"] == "yes"
            return await self._beside(
                lambda store, steps: share(store.session, url, create=create, steps=steps)
            )

        synced = await self.app.push_screen_wait(Join(join, self.under_way))
        if synced is not None:
            self._tell_synced(synced)

    async def _sync(self, *, by_itself: bool) -> None:
        from storage.sharing.sync import sync

        try:
            synced = await self._beside(lambda store, steps: sync(store.session, steps=steps))
        except PitboardError as error:
            # One that comes by itself tells each trouble once, and not every time.
            if not by_itself or say(error) != self._told_before:
                self.notify(say(error), severity="warning", timeout=8, markup=False)
            self._told_before = say(error) if by_itself else ""
            return
        self._told_before = ""
        if not by_itself or synced.received or synced.noticed or synced.renamed:
            self._tell_synced(synced)

    async def _beside(self, what: Callable[[Store, Steps], SyncResult]) -> SyncResult:
        """Sync beside the screen; the mark and the list follow."""

        def sync() -> SyncResult:
            with self.under_way.watched() as steps:
                return what(self.session.store(), steps)

        try:
            synced = await asyncio.to_thread(sync)
        except PitboardError:
            self._look_again()
            raise
        # Cancelled it is only with the screen, on which nothing is to be shown any more.
        self._look_again()
        return synced

    def _look_again(self) -> None:
        self._show_mark()
        self.look_for_changes()

    def _tell_synced(self, synced: SyncResult) -> None:
        from tui.text.sharing import noticed_words, synced_words

        self.done(synced_words(synced))
        noticed = noticed_words(synced)
        for words in noticed[:1]:
            self.notify(words, severity="warning", timeout=10, markup=False)
        if more := len(noticed) - 1 if noticed else 0:
            words = ngettext(
                "{n} more was noticed: & shows it.", "{n} more were noticed: & shows them.", more
            )
            self.notify(words.format(n=more), severity="warning", timeout=10, markup=False)

    # By itself

    def sync_every(self, seconds: float) -> None:
        """From now on, sync by itself where the board is shared and can be written."""
        self.set_interval(seconds, self._sync_by_itself)

    @work(group="join")
    async def _sync_by_itself(self) -> None:
        can = self.session.moment is None and self.session.only_readable is None
        if can and self.sharing is not None and self.under_way.step is None:
            await self._sync(by_itself=True)

    def on_unmount(self) -> None:
        """Stop the sync that is under way: whoever quits does not wait for it."""
        if self._under_way is not None:
            self._under_way.stop()

    @work(group="sharing screen")
    async def action_sharing(self) -> None:
        """Show how the sharing stands."""
        from tui.screens.sharing import SharingScreen

        await self.app.push_screen_wait(SharingScreen(self))
        self.look_for_changes()
