"""The read side of a board."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, Self, TypeVar

from storage.db.reader import BoardPart, Reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.model.records import Pitfall
    from storage.query.tree import Query
    from storage.read.entries import (
        AttachmentReader,
        DuplicateReader,
        FixReader,
        InboxReader,
        OccurrenceReader,
        PitfallReader,
    )
    from storage.read.history import HistoryReader
    from storage.read.listing import Listing, ListReader
    from storage.read.names import NameReader, VersionPairReader
    from storage.read.notices import NoticeReader

_P = TypeVar("_P", bound=BoardPart)

_FIRST_STEPS: Final = """
SELECT actor, EXISTS (
    SELECT 1 FROM events
    WHERE events.actor = store.actor AND kind IN ('reported', 'occurrence_logged')
) FROM store
"""


class _Part(Generic[_P]):
    """A part of a board, loaded and made when it is first asked for: a verb does without most.

    Args:
        place: its module and class, “module:Class”.
    """

    def __init__(self, place: str) -> None:
        self._module, _, self._class = place.partition(":")

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, board: Board, _owner: type) -> _P:
        part: _P = getattr(import_module(self._module), self._class)(board._reader)
        # From now on it is found there, before this is asked.
        vars(board)[self._name] = part
        return part


class Board:
    """Reads one board: a reader, and a part for each topic that shares it.

    It reads through its own connection, loads neither pydantic nor sqlite-utils until a history
    is asked for, and never reads more rows than asked for.

    Args:
        reader: reads the file; closed with the board.
        listing, duplicates, version_pairs: instead of those that read the present board.
    """

    list: _Part[ListReader] = _Part("storage.read.listing:ListReader")
    occurrences: _Part[OccurrenceReader] = _Part("storage.read.entries:OccurrenceReader")
    fixes: _Part[FixReader] = _Part("storage.read.entries:FixReader")
    duplicates: _Part[DuplicateReader] = _Part("storage.read.entries:DuplicateReader")
    attachments: _Part[AttachmentReader] = _Part("storage.read.entries:AttachmentReader")
    history: _Part[HistoryReader] = _Part("storage.read.history:HistoryReader")
    inbox: _Part[InboxReader] = _Part("storage.read.entries:InboxReader")
    names: _Part[NameReader] = _Part("storage.read.names:NameReader")
    version_pairs: _Part[VersionPairReader] = _Part("storage.read.names:VersionPairReader")
    notices: _Part[NoticeReader] = _Part("storage.read.notices:NoticeReader")
    _pitfalls: _Part[PitfallReader] = _Part("storage.read.entries:PitfallReader")

    def __init__(
        self,
        reader: Reader,
        *,
        listing: ListReader | None = None,
        duplicates: DuplicateReader | None = None,
        version_pairs: VersionPairReader | None = None,
    ) -> None:
        self._reader = reader
        self.path = reader.path
        given = {"list": listing, "duplicates": duplicates, "version_pairs": version_pairs}
        vars(self).update((name, part) for name, part in given.items() if part is not None)

    @classmethod
    def open(cls, path: Path) -> Board:
        """The board at ``path``.

        Raises:
            Unusable: if there is none that can be read.
        """
        return Board(Reader.open(path))

    def find(
        self,
        query: Query,
        *,
        language: str = "en",
        candidates: int | None = None,
        now: int | None = None,
    ) -> Listing:
        """The result of a query; see :meth:`ListReader.find`."""
        return self.list.find(query, language=language, candidates=candidates, now=now)

    def asked_by(self, me: Callable[[], str]) -> None:
        """Take what ``me`` gives for the name that “me” means in a query."""
        self._reader.me = me

    def pitfall(self, pitfall: str) -> Pitfall:
        """A pitfall with all its entries, except its occurrences.

        Raises:
            NotFound: if it is not on this board.
        """
        return self._pitfalls.read(pitfall)

    def imported_text(self, pitfall: str) -> str:
        """The part of a file that a pitfall was read from last; empty if it came from none."""
        return self._pitfalls.imported_text(pitfall)

    def resolve(self, prefix: str) -> str:
        """The id that begins with ``prefix``; see :meth:`NameReader.resolve`."""
        return self.names.resolve(prefix)

    def short_id(self, pitfall: str) -> str:
        """The shortest prefix, of four characters or more, that is unique on this board."""
        return self.names.short_id(pitfall)

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment. Keep it short: it pins the WAL."""
        return self._reader.snapshot()

    @property
    def connection(self) -> sqlite3.Connection:
        """What it reads through, to copy a board whose file was deleted."""
        return self._reader.connection

    def take_up_time_zone(self) -> None:
        """Show days of this board's time zone, as it is now, from now on."""
        self._reader.take_up_time_zone()

    def first_steps(self) -> tuple[str, bool]:
        """This store's id, and whether anybody reported or logged something in it."""
        [(store, is_begun)] = self._reader.fetch_all(_FIRST_STEPS)
        return str(store), bool(is_begun)

    def store_name(self) -> str:
        """The name of the store that the file holds."""
        [(name,)] = self._reader.fetch_all("SELECT actor FROM store")
        return str(name)

    def version(self) -> int:
        """A number that changes whenever another connection has written."""
        return self._reader.version()

    def close(self) -> None:
        """Close the connection."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
