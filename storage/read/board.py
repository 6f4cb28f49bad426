"""The read side of a board."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from storage.db.reader import Reader
from storage.db.stored_pitfall import read_pitfall
from storage.model.records import Pitfall
from storage.query import Query
from storage.read.entries import AttachmentReader, DuplicateReader, FixReader, OccurrenceReader
from storage.read.history import HistoryReader
from storage.read.inbox import InboxReader
from storage.read.listing import Listing, ListReader
from storage.read.names import NameReader
from storage.read.version_pairs import VersionPairReader
from storage.text import search_text


class Board:
    """Reads one board: a reader, and a part for each topic that shares it.

    It reads through its own connection, loads neither pydantic nor sqlite-utils until a history
    is asked for, and never reads more rows than asked for.

    Args:
        reader: reads the file; closed with the board.
        listing, duplicates, version_pairs: instead of those that read the present board.
    """

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
        self.list = listing or ListReader(reader)
        self.occurrences = OccurrenceReader(reader)
        self.fixes = FixReader(reader)
        self.duplicates = duplicates or DuplicateReader(reader)
        self.attachments = AttachmentReader(reader)
        self.history = HistoryReader(reader)
        self.inbox = InboxReader(reader)
        self.names = NameReader(reader)
        self.version_pairs = version_pairs or VersionPairReader(reader)

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
        candidates: int = search_text.CANDIDATES,
        now: int | None = None,
    ) -> Listing:
        """The result of a query; see :meth:`ListReader.find`."""
        return self.list.find(query, language=language, candidates=candidates, now=now)

    def pitfall(self, pitfall: str) -> Pitfall:
        """A pitfall with all its entries, except its occurrences.

        Raises:
            NotFound: if it is not on this board.
        """
        self._reader.prepare([pitfall])
        return read_pitfall(self._reader, pitfall)

    def resolve(self, prefix: str) -> str:
        """The id that begins with ``prefix``; see :meth:`NameReader.resolve`."""
        return self.names.resolve(prefix)

    def short_id(self, pitfall: str) -> str:
        """The shortest prefix, of four characters or more, that is unique on this board."""
        return self.names.short_id(pitfall)

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment. Keep it short: it pins the WAL."""
        return self._reader.snapshot()

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
