"""The read side of a board."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, Self, TypeVar

from storage.db.reader import BoardPart, Reader
from storage.model.fields import NamedTuple
from storage.text.dates import now_ms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from storage.model.records import Pitfall
    from storage.model.row import Row, Status
    from storage.query.sql_order import Asked
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
    from storage.read.listing import ListReader
    from storage.read.names import NameReader, VersionPairReader
    from storage.read.notices import NoticeReader
    from storage.read.places import Places

_P = TypeVar("_P", bound=BoardPart)

_FIRST_STEPS: Final = """
SELECT actor, EXISTS (
    SELECT 1 FROM events
    WHERE events.actor = store.actor AND kind IN ('reported', 'occurrence_logged')
) FROM store
"""

#: Each version once: a step jumps over all pitfalls of one.
SEEN_VERSIONS: Final = """
WITH RECURSIVE distinct_keys (key) AS (
  SELECT min(key) FROM seen_versions WHERE axis = ?1
  UNION ALL SELECT (SELECT min(key) FROM seen_versions WHERE axis = ?1 AND key > before.key)
  FROM distinct_keys AS before WHERE key IS NOT NULL)
SELECT key, (SELECT bit FROM seen_versions WHERE axis = ?1 AND key = here.key LIMIT 1)
FROM distinct_keys AS here WHERE key IS NOT NULL
"""


# A listing: the result of a query, by pages


#: Of what an index of titles does not tell, so much is looked up row by row, and more in one pass.
_LOOKED_UP: Final = 1 / 25


class Glance(NamedTuple):
    """What two boards are compared by; ``last_seen`` is in ms."""

    status: str
    last_seen: int | None
    regressed: bool


class Listing:
    """The result of a query: its size, and any page of it.

    ``counts`` says how many of each status there would be without a filter on
    it, and ``bounded`` that there are more matches than the ``total``
    candidates which were ranked; ``sort`` is what it is sorted by, matches of
    words aside. It holds the rowids of what answers, unless
    an index can be read in their place; ``among`` are they in no order.
    """

    def __init__(
        self,
        reader: ListReader,
        asked: Asked,
        counts: dict[Status, int] | None = None,
        found: list[int] | None = None,
        *,
        among: list[int] | None = None,
        bounded: bool = False,
    ) -> None:
        self._reader = reader
        self._asked = asked
        self._counts = counts
        self._found = found
        self._among = among
        self._places: Places | None = None
        self.sort = asked.sort
        self.bounded = bounded

    @property
    def counts(self) -> dict[Status, int]:
        """How many of each status there would be; counted when that is first asked for."""
        if self._counts is None:
            self._counts = self._reader.counted(self._asked)
        return self._counts

    @property
    def total(self) -> int:
        """How many there are."""
        return self._asked.chosen(self.counts) if self._found is None else len(self._found)

    def page(self, offset: int, limit: int) -> list[Row]:
        """At most ``limit`` rows from ``offset`` on, in the listing's order."""
        if self._found is not None:
            return self._reader.rows(self._found[offset : offset + limit])
        if self._asked.is_indexed:
            # The first page needs not to know how many there are.
            total = self.total if offset else limit
            if not self._asked.is_held:
                passed = min(offset + limit, self.total - offset)
                if passed > self.total * _LOOKED_UP:
                    self._found = self._reader.places.in_order(self._asked, self._among)
                    return self.page(offset, limit)
            return self._reader.sorted_page(self._asked, offset, limit, total)
        return self._reader.rows(self._rowids(offset, offset + limit))

    def read_ahead(self, place: int, count: int) -> None:
        """Find out what stands up to ``count`` places around one, so that it is read at once."""
        if self._found is None and not self._asked.is_indexed:
            self._rowids(max(0, place - count), place + count)

    def _rowids(self, start: int, end: int) -> list[int]:
        """The rowids from one place to before another one, in an order without an index."""
        reader = self._reader.places
        if self._places is None:
            self._places = reader.known(self._asked)
        return reader.rowids(self._asked, self._places, start, end, lambda: self.total)

    def with_sources(self, rows: Iterable[Row]) -> list[Row]:
        """Some of its rows, with the catalogues that they come from."""
        return self._reader.with_sources(rows)

    def weeks(self, pitfalls: Iterable[str], last_week: int, weeks: int) -> dict[str, list[int]]:
        """Occurrences of some of its pitfalls by weeks, as :meth:`ListReader.weeks` gives them."""
        return self._reader.weeks(pitfalls, last_week, weeks)

    def read_with(self, reader: ListReader) -> Listing:
        """This listing, read through another connection (each thread has its own)."""
        other = Listing(reader, self._asked, self._counts, self._found, bounded=self.bounded)
        other._places, other._among = self._places, self._among
        return other

    def place(self, pitfall: str) -> int | None:
        """Where a pitfall stands in the listing, from 0; None if it is not in it."""
        if self._found is None and self._asked.is_indexed and not self._asked.is_held:
            self._found = self._reader.places.in_order(self._asked, self._among)
        if self._found is not None:
            n = self._reader.rowid(pitfall)
            return self._found.index(n) if n in self._found else None
        return self._reader.place(self._asked, pitfall)


# The board, and its parts


class LatePart(Generic[_P]):
    """A part of a board, loaded and made when it is first asked for: a verb does without most.

    Args:
        place: its module and class, “module:Class”.
    """

    def __init__(self, place: str) -> None:
        self._module, _, self._class = place.partition(":")

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, board: Board | BoardPart, _owner: type) -> _P:
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

    list: LatePart[ListReader] = LatePart("storage.read.listing:ListReader")
    occurrences: LatePart[OccurrenceReader] = LatePart("storage.read.entries:OccurrenceReader")
    fixes: LatePart[FixReader] = LatePart("storage.read.entries:FixReader")
    duplicates: LatePart[DuplicateReader] = LatePart("storage.read.entries:DuplicateReader")
    attachments: LatePart[AttachmentReader] = LatePart("storage.read.entries:AttachmentReader")
    history: LatePart[HistoryReader] = LatePart("storage.read.history:HistoryReader")
    inbox: LatePart[InboxReader] = LatePart("storage.read.entries:InboxReader")
    names: LatePart[NameReader] = LatePart("storage.read.names:NameReader")
    version_pairs: LatePart[VersionPairReader] = LatePart("storage.read.names:VersionPairReader")
    notices: LatePart[NoticeReader] = LatePart("storage.read.notices:NoticeReader")
    _pitfalls: LatePart[PitfallReader] = LatePart("storage.read.entries:PitfallReader")

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
        lazily: bool = False,
    ) -> Listing:
        """The result of a query; see :meth:`ListReader.find`."""
        return self.list.find(
            query, language=language, candidates=candidates, now=now, lazily=lazily
        )

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

    def is_empty(self) -> bool:
        """Whether it holds no pitfall, not even one that has left the list."""
        return not self._reader.fetch_all("SELECT 1 FROM pitfalls LIMIT 1")

    def first_steps(self) -> tuple[str, bool]:
        """This store's id, and whether anybody reported or logged something in it."""
        [(store, is_begun)] = self._reader.fetch_all(_FIRST_STEPS)
        return str(store), bool(is_begun)

    def store_name(self) -> str:
        """The name of the store that the file holds."""
        [(name,)] = self._reader.fetch_all("SELECT actor FROM store")
        return str(name)

    def now(self) -> int:
        """The time (ms) that it is a board of: the wall clock's."""
        return now_ms()

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
