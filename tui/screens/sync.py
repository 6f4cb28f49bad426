"""Syncing from the board, by key and by itself, and the mark that tells its status."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from storage.errors import PitboardError
from storage.text.sanitize import sanitize
from tui.text.cells import cut
from tui.text.i18n import _, ngettext, read, say
from tui.widgets.bars import CountsBar

if TYPE_CHECKING:
    from storage.sharing.state import SharingState
    from storage.sharing.sync import Steps, SyncResult
    from storage.write.store import Store
    from tui.screens.board import BoardScreen
    from tui.text.sharing import SyncProgress

#: How often the mark follows a sync that is under way, in seconds.
_FOLLOW_EVERY: Final = 0.3
#: Of so many people it is told what they changed; & shows all.
_CHANGES_TOLD: Final = 3
_LONGEST_TITLE: Final = 50


class Sync:
    """The sharing of a board: its status, and the sync that is under way.

    Args:
        board: the screen that shows it.
    """

    def __init__(self, board: BoardScreen) -> None:
        self.board = board
        self._session = board.session
        #: The status; None where nothing is shared.
        self.sharing: SharingState | None = None
        #: What kept an automatic sync from being done, so that it is told once.
        self._last_problem = ""

    @cached_property
    def under_way(self) -> SyncProgress:
        """The sync that is under way, if one is."""
        # Loaded here, since the first paint does without it.
        from tui.text.sharing import SyncProgress

        return SyncProgress()

    # The status

    def watch(self) -> None:
        """Read the status, and follow a sync that is under way."""
        self.board.set_interval(_FOLLOW_EVERY, self._follow)
        self.read()

    def read(self) -> None:
        """Read the status."""

        def read() -> SharingState | None:
            # Loaded here, since the first paint does without it.
            from storage.sharing.state import SharingReader

            with SharingReader.open(self._session.path) as shared:
                return shared.sharing()

        self.board.read(read, self._take, group="sharing")

    def _take(self, sharing: SharingState | None) -> None:
        self.sharing = sharing
        self._show_mark()

    def _follow(self) -> None:
        if self.is_under_way:
            self._show_mark()

    @property
    def is_under_way(self) -> bool:
        """Whether a sync is under way; asking loads nothing."""
        return "under_way" in vars(self) and self.under_way.step is not None

    def _show_mark(self) -> None:
        problem = self.sharing is not None and self.sharing.problem is not None
        mark = self.under_way.badge(self.sharing)
        self.board.query_one(CountsBar).show_sharing(mark, problem=problem)

    # Syncing

    async def run(self, *, by_itself: bool = False) -> None:
        """Send and take what is new, and say what came of it.

        Args:
            by_itself: whether nobody asked for it; then only news are told.
        """
        # Loaded here, since it applies events, which need pydantic.
        from storage.sharing.sync import sync

        try:
            synced = await asyncio.to_thread(
                self.watched, lambda store, steps: sync(store.session, steps=steps)
            )
        except PitboardError as error:
            if not by_itself or say(error) != self._last_problem:
                self.board.context.warn(say(error), 8)
            self._last_problem = say(error) if by_itself else ""
            return
        self._last_problem = ""
        if not by_itself or synced.received or synced.conflicts or synced.noticed or synced.renamed:
            self.tell(synced)

    def watched(self, sync: Callable[[Store, Steps], SyncResult]) -> SyncResult:
        """Sync in a thread; the mark and the list follow.

        Raises:
            PitboardError: it could not be done, or not all of it.
        """
        try:
            with self.under_way.watched() as steps:
                return sync(self._session.store(), steps)
        finally:
            self.board.call_later(self._look_again)

    def _look_again(self) -> None:
        self._show_mark()
        self.board.look_for_changes()

    def tell(self, synced: SyncResult) -> None:
        """Say what a sync sent and took, and what it noticed."""
        on, lines = self.board.context, self.under_way.words_of(synced, self._title)
        on.done("\n".join([lines.synced, *lines.changes[:_CHANGES_TOLD]]))
        if conflicts := lines.conflicts:
            words = _("Press = on one to resolve it; has:conflict lists them.")
            on.warn(f"{conflicts}\n{words}", 15)
        if lines.unusual:
            on.warn("\n".join(lines.unusual), 10)
        for words in lines.noticed[:1]:
            on.warn(words, 10)
        if more := len(lines.noticed) - 1 if lines.noticed else 0:
            words = ngettext(
                "{n} more was noticed: & shows it.", "{n} more were noticed: & shows them.", more
            )
            on.warn(words.format(n=more), 10)

    def _title(self, pitfall: str) -> str:
        board = self._session.board
        title = cut(sanitize(read(board.pitfall(pitfall).title)), _LONGEST_TITLE)
        return f"{board.short_id(pitfall)} {title}"

    # By itself

    def repeat(self, seconds: float) -> None:
        """From now on, sync by itself where the board is shared and can be written."""
        self.board.set_interval(seconds, self._sync_by_itself)

    def _sync_by_itself(self) -> None:
        can = self._session.moment is None and self._session.only_readable is None
        if can and self.sharing is not None and not self.is_under_way:
            self.board.start(self.run(by_itself=True), "sync by itself")

    def stop(self) -> bool:
        """Stop the sync that is under way; whether one was."""
        return self.is_under_way and self.under_way.stop()
