"""The read side of a board."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from importlib import import_module
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, Self, TypeAlias, TypeVar

from storage.db.reader import BoardPart, Reader, from_json, row_guard
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


#: So much of either end of an order without an index is read at once.
_OUTERMOST: Final = 128
#: There, a smaller sample tells as well what is to be sorted.
_SMALLER: Final = 4
#: Of what an index of titles does not tell, so much is looked up row by row, and more in one pass.
_LOOKED_UP: Final = 1 / 25
#: A sample errs by fewer standard deviations than these ninety-nine times in a hundred.
_DEVIATIONS: Final = 2.6
#: A part of an order: the place of the first one, and rowids from there on.
Part: TypeAlias = tuple[int, list[int]]


class Glance(NamedTuple):
    """What two boards are compared by; ``last_seen`` is in ms."""

    status: str
    last_seen: int | None
    regressed: bool


class Places(NamedTuple):
    """What is known of the places in an order without an index.

    Args:
        samples: for each size needed, which part of all it is, and its rows’ ``ranks`` in order.
        rowids: by their places, as far as they were read.
    """

    samples: dict[int, tuple[float, list[tuple[object, ...]]]]
    rowids: dict[int, int]


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
        # The first page needs not to know how many there are.
        total = self.total if offset else offset + limit
        if self._asked.is_indexed:
            if not self._asked.is_held:
                passed = min(offset + limit, self.total - offset)
                if passed > self.total * _LOOKED_UP:
                    self._found = self._reader.in_order(self._asked, self._among)
                    return self.page(offset, limit)
            return self._reader.sorted_page(self._asked, offset, limit, total)
        if limit > _OUTERMOST:
            # Who asks for all gives no number that anything could be counted up to.
            total = self.total
        return self._reader.rows(self._rowids(offset, min(offset + limit, total)))

    def read_ahead(self, place: int, count: int) -> None:
        """Find out what stands up to ``count`` places around one, so that it is read at once."""
        if self._found is None and not self._asked.is_indexed:
            self._rowids(max(0, place - count), min(place + count, self.total))

    def _rowids(self, start: int, end: int) -> list[int]:
        """The rowids from one place to before another one, in an order without an index."""
        if self._places is None:
            self._places = self._reader.places(self._asked)
        known = self._places.rowids
        if any(place not in known for place in range(start, end)):
            if end <= _OUTERMOST:
                self._read_around(0, _OUTERMOST, self._places, _SMALLER)
            elif self.total - start <= _OUTERMOST:
                first = max(0, self.total - _OUTERMOST)
                self._read_around(first, self.total, self._places, _SMALLER)
            else:
                self._read_around(start, end, self._places, 1)
        return [known[place] for place in range(start, end) if place in known]

    def _read_around(self, start: int, end: int, places: Places, smaller: int) -> None:
        """Read the rowids of some places, as far as there are so many.

        A sample tells about which rows stand around them: these are read with as many on either
        side as the sample may err by, and more of them where that was not enough.

        Args:
            start, end: from the first place to before the other one.
            places: what is known; is added to.
            smaller: a sample is so many times smaller.
        """
        if smaller not in places.samples:
            places.samples[smaller] = self._reader.sample(self._asked, smaller)
        share, sample = places.samples[smaller]
        known, size = places.rowids, len(sample)
        if start:
            share = size / self.total
        deviations = _DEVIATIONS
        while any(place not in known for place in range(start, end)):
            low = int(start * share - deviations * _error(start * share, size))
            high = int(end * share + deviations * _error(end * share, size)) + 1
            if low <= 0 and high >= size:
                known.update(enumerate(self._reader.in_order(self._asked)))
                return
            ends = _bound(sample, low), _bound(sample, high)
            first, found = self._reader.between(self._asked, *ends, self.total)
            known.update(enumerate(found, first))
            deviations *= 4

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
            self._found = self._reader.in_order(self._asked, self._among)
        if self._found is not None:
            n = self._reader.rowid(pitfall)
            return self._found.index(n) if n in self._found else None
        return self._reader.place(self._asked, pitfall)


def _error(place: float, size: int) -> float:
    """The standard deviation of how many of a sample stand before a place in it, and one more."""
    return 1 + sqrt(max(0, place * (1 - place / max(1, size))))


def _bound(sample: list[tuple[object, ...]], at: int) -> tuple[object, ...]:
    """What a row of a sample is told from others by: its first column alone, if none has that too.

    Nothing beyond either end.
    """
    if not 0 < at < len(sample):
        return ()
    around = [row[0] for row in sample[at - 1 : at + 2]]
    return sample[at][: 1 if around.count(sample[at][0]) == 1 else None]


@row_guard
def sorted_part(found: str, size: int, *, falling: bool) -> list[int]:
    """The rowids of what a pass found, in its order: ``size`` ranks of each, in one JSON array."""
    values = from_json(found)
    ranks = [values[at::size] for at in range(size)]
    part = [*range(len(ranks[0]))]
    # As most times differ, few need be told apart by their rowids, too.
    for rank in ranks[-2 if len({*ranks[-2]}) == len(part) else -1 :: -1]:
        part.sort(key=rank.__getitem__, reverse=falling)
    return [abs(ranks[-1][at]) for at in part]


# The board, and its parts


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
