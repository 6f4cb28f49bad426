"""One board, opened for a person: readers for the screen, the store for deeds.

Reading needs neither pydantic nor sqlite-utils, so the store is opened only
when the first deed (or a catalogue to be filled in) asks for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import seeds
from storage.board import Board
from storage.connection import SCHEMA_VERSION
from storage.errors import Busy, NotSaved, PitboardError, ReadOnly
from storage.opening import look, only_readable

if TYPE_CHECKING:
    from storage.match import Known, LookAlike, LookAlikes, Recognised
    from storage.store import Store
    from storage.vocabulary import Channel, Platform

_R = TypeVar("_R")


def wall_ms() -> int:
    """The wall clock in milliseconds."""
    return time.time_ns() // 1_000_000


class Session:
    """The board at ``path`` as one person works with it.

    Args:
        path: the database file; a new board is started if there is none.
        who: gives the person's name when something is written.
        now: the wall clock in milliseconds.

    ``only_readable`` says why nothing can be written, if that is so.

    Raises:
        Unusable: if the file is not a board.
    """

    def __init__(
        self, path: Path, who: Callable[[], str], now: Callable[[], int] = wall_ms
    ) -> None:
        self.path = path
        self.now = now
        #: As long as nothing is configured: how long a new base library takes to reach everybody,
        #: and after how long what was tried says nothing any more, both in days.
        self.grace_days, self.stale_after_days = 30, 180
        self._who = who
        self._store: Store | None = None
        self._look_alikes: LookAlikes | None = None
        self._known: Known | None = None
        self._one_at_a_time = threading.Lock()
        self._guard = threading.Lock()
        self._local = threading.local()
        found = look(path)
        self.only_readable: PitboardError | None = only_readable(path, found)
        if found is None or not found.is_ready(seeds.EDITION):
            try:
                self.store()
            except (ReadOnly, Busy, NotSaved) as error:
                # A board that only lacks the newest catalogue can be read as it is.
                if found is None or found.version < SCHEMA_VERSION:
                    raise
                self.only_readable = error

    def store(self) -> Store:
        """The store, opened when it is first needed."""
        from storage.store import Store

        with self._guard:
            if self._store is None:
                self._store = Store.open(
                    self.path,
                    who=self._who(),
                    catalogue=seeds.lines,
                    edition=seeds.EDITION,
                    now=self.now,
                )
            return self._store

    @property
    def board(self) -> Board:
        """The read side, with a connection of this thread's own."""
        board: Board | None = getattr(self._local, "board", None)
        if board is None:
            board = self._local.board = Board.open(self.path)
        return board

    def state(self) -> tuple[int, int | None]:
        """What is another when there is something to read again.

        That is when somebody wrote, here or in another process, or when a snooze has ended.
        """
        return self.board.version(), self.board.next_wake(self.now())

    def near(
        self,
        title: str,
        message: str = "",
        component: str = "",
        *,
        limit: int = 5,
        besides: Collection[str] = (),
    ) -> list[LookAlike]:
        """The pitfalls nearest to a title and an error text; to be asked beside the screen.

        All threads share one set of titles in memory. The arguments are those of
        :meth:`storage.match.LookAlikes.near`.
        """
        from storage.match import LookAlikes

        with self._one_at_a_time:
            if self._look_alikes is None:
                self._look_alikes = LookAlikes.open(self.path)
            return self._look_alikes.near(title, message, component, limit=limit, besides=besides)

    def recognise(
        self, text: str, platform: Platform | None = None, channel: Channel | None = None
    ) -> list[Recognised]:
        """The pitfalls whose signatures stand in a text; to be asked beside the screen.

        All threads share one set of signatures in memory. The arguments are those of
        :meth:`storage.match.Known.recognise`.
        """
        from storage.match import Known

        with self._one_at_a_time:
            if self._known is None:
                self._known = Known.open(self.path)
            return self._known.recognise(text, platform, channel)

    def close(self) -> None:
        """Close the store, this thread's reader, the titles and the signatures in memory."""
        if self._known is not None:
            self._known.close()
        if self._look_alikes is not None:
            self._look_alikes.close()
        if self._store is not None:
            self._store.close()
        board: Board | None = getattr(self._local, "board", None)
        if board is not None:
            board.close()
            del self._local.board
