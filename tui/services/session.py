"""One board, opened for a person: readers for the screen, the store for actions.

Reading needs neither pydantic nor sqlite-utils, so the store is opened only
when the first action (or a catalogue to be filled in) asks for it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import seeds
from storage.db.board_files import FileIdentity, file_gone, identity, log_of
from storage.errors import N_, Busy, NotSaved, PitboardError, ReadOnly
from storage.read.board import Board
from storage.text.dates import now_ms
from storage.text.zones import machine_zone
from storage.write.board_file import FileState, look, only_readable
from tui.services.boards import CHOICES_FILE, config_directory
from tui.services.drafts import DraftBoard, FormDraft, draft_board, lost_lately
from tui.text.i18n import saving_words, say

if TYPE_CHECKING:
    from storage.as_of.board import AsOfBoard
    from storage.match.known_errors import KnownErrors, RecognisedPitfall
    from storage.match.similar import SimilarPitfall, SimilarPitfalls
    from storage.model.clock import Moment
    from storage.model.vocabulary import Channel, Platform
    from storage.write.store import Store
    from tui.screens.retro_parts import RetroPlace

_R = TypeVar("_R")


def past_is_read_only() -> ReadOnly:
    """Why nothing is written where one looks at the board of a day."""
    return ReadOnly(
        N_("This is the board as it was: nothing can be changed in the past."),
        N_("Press t to come back to today."),
    )


def _shown_read_only() -> ReadOnly:
    """Why nothing is written where the board is only shown."""
    return ReadOnly(
        N_("The board is shown here to be read; nothing can be changed."),
        N_("Ask the person who serves it to serve it without --read-only."),
    )


class FileChange(Enum):
    """What became of the file of a board that is open."""

    GONE = "gone"
    REPLACED = "replaced"


def _store_class() -> type[Store]:
    # Loaded here, since the first paint writes nothing.
    from storage.write.store import Store

    return Store


class Session:
    """The board at ``path`` as one person works with it.

    Args:
        path: the database file; a new board is started if there is none.
        who: gives the person's name when something is written.
        now: the wall clock in milliseconds.
        guest: somebody who is shown it by another person: whose drafts are theirs alone.
        is_read_only: write nothing, whatever the file allows.

    ``moment`` is the one in the past that it has gone back to; None in the present.
    ``only_readable`` says why nothing can be written, if that is so.

    Raises:
        Unusable: if the file is not a board.
    """

    def __init__(
        self,
        path: Path,
        who: Callable[[], str],
        now: Callable[[], int] = now_ms,
        *,
        guest: str = "",
        is_read_only: bool = False,
    ) -> None:
        self.path = path
        self._guest = guest
        self._is_read_only = is_read_only
        self.moment: Moment | None = None
        #: Where the person was in the retro, to come back to.
        self.retro_place: RetroPlace | None = None
        self._wall = now
        self._past: list[AsOfBoard] = []
        #: As long as nothing is configured: how long a new base library takes to reach everybody,
        #: and after how long what was tried says nothing any more, both in days.
        self.grace_days, self.stale_after_days = 30, 180
        self._who = who
        self._store: Store | None = None
        self._similar: SimilarPitfalls | None = None
        self._known: KnownErrors | None = None
        self._said: set[str] = set()
        #: How far the step is that is being written, as a write session tells it.
        self._saving = 0, 0
        self._one_at_a_time = threading.Lock()
        self._guard = threading.Lock()
        self._local = threading.local()
        #: Which file it is, how it has changed since, and how often another one was taken up.
        self._file = identity(path)
        #: The write-ahead log that lay beside it while it was that file.
        self._log: FileIdentity | None = None
        self.file_change: FileChange | None = None
        self._generation = 0
        self._store_name = ""
        found = look(path)
        self.only_readable: PitboardError | None = self._why_only_readable(found)
        if found is None or not found.is_ready(seeds.EDITION):
            try:
                self.store()
            except (ReadOnly, Busy, NotSaved) as error:
                # A board that only lacks the newest catalogue can be read as it is.
                if found is None or not found.is_readable:
                    raise
                self.only_readable = error
        self._file = identity(path)

    @property
    def refusal(self) -> PitboardError | None:
        """Why nothing can be written now: it is the past, or the file is gone or read-only."""
        if self.moment is not None:
            return past_is_read_only()
        if self.file_change is not None:
            return file_gone(self.path)
        return self.only_readable if isinstance(self.only_readable, ReadOnly) else None

    def now(self) -> int:
        """What is now (ms): the moment that it has gone back to, else the wall clock."""
        return self._wall() if self.moment is None else self.moment.at

    def go_back_to(
        self, moment: Moment, going_on: Callable[[float], None] = lambda share: None
    ) -> None:
        """Show the board of a moment from now on; to be called beside the screen.

        Args:
            moment: in the past.
            going_on: told the share that is done of what takes longer; may raise to stop it.

        Raises:
            PitboardError: the board can't be read; it stays as it was.
        """
        # Loaded here, since the present is shown first.
        from storage.as_of.board import AsOfBoard

        past = AsOfBoard(self.path, moment)
        past.report_progress(going_on)
        past.asked_by(self._who)
        self._past.append(past)
        self.moment = moment

    def come_back(self) -> None:
        """Show the board of today again."""
        # Whoever still reads the one of the past does so to the end: it is closed with the rest.
        self.moment = None

    def store(self) -> Store:
        """The store, opened when it is first needed.

        Raises:
            ReadOnly: in the past, or if the board is only shown.
        """
        if self.moment is not None:
            raise past_is_read_only()
        self._must_be_writable()
        with self._guard:
            if self._store is None:
                if identity(self.path) != self._file:
                    raise file_gone(self.path)
                self._store = _store_class().open(
                    self.path,
                    who=self._who(),
                    catalogue=seeds.lines,
                    edition=seeds.EDITION,
                    now=self._wall,
                    zone=machine_zone,
                )
                self._store.session.progress = self._note_progress
            return self._store

    def _note_progress(self, done: int, total: int) -> None:
        self._saving = done, total

    @property
    def saving_words(self) -> str:
        """How far a large step is that is being written; empty of one that is quick."""
        return saving_words(*self._saving) if any(self._saving) else ""

    def _must_be_writable(self) -> None:
        if self._is_read_only:
            raise _shown_read_only()

    def _why_only_readable(self, found: FileState | None) -> PitboardError | None:
        return _shown_read_only() if self._is_read_only else only_readable(self.path, found)

    @property
    def board(self) -> Board:
        """The read side, with a connection of this thread's own; in the past all share one."""
        if self.moment is not None:
            return self._past[-1]
        board: Board | None = getattr(self._local, "board", None)
        if board is not None and self._local.generation != self._generation:
            board.close()
            board = None
        if board is None:
            if self.file_change is not None:
                raise file_gone(self.path)
            board = self._local.board = Board.open(self.path)
            board.asked_by(self._who)
            self._local.generation = self._generation
        # Somebody may have set another one since.
        board.take_up_time_zone()
        return board

    def draft_board(self) -> DraftBoard:
        """The board as drafts are kept for it; as it was known last, if it can't be read."""
        with suppress(PitboardError):
            self._store_name = self.board.store_name()
        of_guest = f"\n{self._guest}" if self._guest else ""
        return draft_board(self.path, self._store_name + of_guest)

    def lost_drafts(self) -> list[FormDraft]:
        """What was typed on this board of late and lost against anybody's will."""
        return lost_lately(self.draft_board())

    # The file itself

    def watch_file(self) -> FileChange | None:
        """How the file has changed since it was opened; None if it is still the same one."""
        now = identity(self.path)
        if now == self._file:
            self.file_change = None
            self._log = identity(log_of(self.path))
        else:
            self.file_change = FileChange.GONE if now is None else FileChange.REPLACED
        return self.file_change

    def bring_back(self, held: Board) -> None:
        """Write the board to its path again, from what this process still has open of it.

        Args:
            held: the board, opened before its file was deleted.

        Raises:
            PitboardError: it could not be written; all is as it was.
        """
        self._must_be_writable()
        _store_class().bring_back(self.path, held.connection)
        self.take_up_file()

    def take_up_file(self) -> Path | None:
        """Work with the file that lies at the path now.

        Returns:
            Where the log of the file before it is kept, which lay in the way; None if none did.

        Raises:
            PitboardError: it is no board; all is as it was.
        """
        kept = None
        if self._log is not None and identity(log_of(self.path)) == self._log:
            # SQLite would apply it to a file that it does not belong to.
            self._must_be_writable()
            kept = _store_class().set_old_log_aside(self.path)
        found = look(self.path)
        if found is None:
            raise file_gone(self.path)
        with self._guard, self._one_at_a_time:
            for held in (self._store, self._similar, self._known):
                if held is not None:
                    held.close()
            self._store = self._similar = self._known = None
            self._generation += 1
            self._file, self.file_change = identity(self.path), None
            self.only_readable = self._why_only_readable(found)
        if not found.is_ready(seeds.EDITION):
            self.store()
        return kept

    def state(self) -> tuple[int, int | None]:
        """What is another when there is something to read again.

        That is when somebody wrote, here or in another process, or when a snooze has ended; never
        in the past.
        """
        if self.moment is not None:
            return 0, self.moment.at
        return self.board.version(), self.board.inbox.next_wake(self.now())

    def near(
        self,
        title: str,
        message: str = "",
        component: str = "",
        *,
        limit: int = 5,
        besides: Collection[str] = (),
    ) -> list[SimilarPitfall]:
        """The pitfalls nearest to a title and an error text; to be asked beside the screen.

        All threads share one set of titles in memory. The arguments are those of
        :meth:`storage.match.similar.SimilarPitfalls.near`.
        """
        # Loaded here, since the first paint compares nothing.
        from storage.match.similar import SimilarPitfalls

        with self._one_at_a_time:
            if self._similar is None:
                self._similar = SimilarPitfalls.open(self.path)
            return self._similar.near(title, message, component, limit=limit, besides=besides)

    def recognise(
        self, text: str, platform: Platform | None = None, channel: Channel | None = None
    ) -> list[RecognisedPitfall]:
        """The pitfalls whose signatures stand in a text; to be asked beside the screen.

        All threads share one set of signatures in memory. The arguments are those of
        :meth:`storage.match.known_errors.KnownErrors.recognise`.
        """
        # Loaded here, since the first paint compares nothing.
        from storage.match.known_errors import KnownErrors

        with self._one_at_a_time:
            if self._known is None:
                self._known = KnownErrors.open(self.path)
            return self._known.recognise(text, platform, channel)

    def new_shortfalls(self) -> list[str]:
        """Why recognising was not as fast, or as sure, as can be; each is said once."""
        known = () if self._known is None else self._known.shortfalls()
        new = [words for words in map(say, known) if words not in self._said]
        self._said.update(new)
        return new

    def close(self) -> None:
        """Close the store, this thread's reader, the titles and the signatures in memory."""
        if self._known is not None:
            self._known.close()
        if self._similar is not None:
            self._similar.close()
        if self._store is not None:
            self._store.close()
        for past in self._past:
            past.close()
        self._past.clear()
        board: Board | None = getattr(self._local, "board", None)
        if board is not None:
            board.close()
            del self._local.board


def last_choices() -> Mapping[str, object]:
    """What was chosen on the board last time, read without loading what checks settings."""
    try:
        choices = json.loads((config_directory() / CHOICES_FILE).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return choices if isinstance(choices, dict) else {}
