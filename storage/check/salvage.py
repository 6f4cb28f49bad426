"""What SQLite can still read of a damaged file, row by row around what it can't."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self

from storage.db.blobs import digest_of
from storage.db.connection import BROKEN
from storage.events import event_id
from storage.recovery.carving import attached_in, carved, carved_from
from storage.recovery.rows import rows_behind, rows_of

#: So many rows are read at once, as long as that works.
_PAGE: Final = 512
#: No row takes fewer bytes, so a file can't hold more rows than that.
_SMALLEST_ROW: Final = 200


class Salvage:
    """Reads a copy of a file that may be damaged anywhere; opening the file itself could change it.

    ``whole`` says whether SQLite could read all that there is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.whole = True
        self._room = TemporaryDirectory(prefix="pitboard-")
        self._copy = Path(self._room.name, "board.db")
        shutil.copyfile(path, self._copy)
        # What was not written back yet; as bytes, since SQLite takes it away once it is.
        self._wal = Path(self._room.name, "wal")
        wal = path.with_name(f"{path.name}-wal")
        if wal.exists():
            shutil.copyfile(wal, self._wal)
            shutil.copyfile(wal, self._copy.with_name("board.db-wal"))
        self._connection = sqlite3.connect(self._copy, isolation_level=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._room.cleanup()

    def lines(self) -> Iterator[bytes]:
        """The lines of all events that can be verified, some of them perhaps twice."""
        if self._rows("SELECT count(*) FROM sqlite_master") is None:
            self.whole = False
        else:
            yield from self._read()
        if not self.whole:
            yield from carved(self._copy)
            yield from carved_from(rows_of(self._copy))
        if self._wal.exists():
            # Behind a frame that is damaged, SQLite silently takes it to be at its end.
            yield from carved(self._wal)
            yield from carved_from(rows_behind(self._wal, self._copy))

    def contents(self) -> Iterator[bytes]:
        """The bytes of all attachments that are what their names say."""
        for (digest,) in self._rows("SELECT digest FROM contents") or ():
            for (data,) in self._rows("SELECT data FROM contents WHERE digest = ?", digest) or ():
                if isinstance(data, bytes) and digest_of(data) == digest:
                    yield data
        if not self.whole:
            rows = [rows_of(self._copy)]
            rows += [rows_behind(self._wal, self._copy)] if self._wal.exists() else []
            yield from filter(None, map(attached_in, chain.from_iterable(rows)))

    def highest(self) -> dict[str, int]:
        """The number of each store's last event, as far as the index still tells."""
        rows = self._rows("SELECT actor, max(seq) FROM events GROUP BY actor") or ()
        return {
            actor: seq for actor, seq in rows if isinstance(actor, str) and isinstance(seq, int)
        }

    def url(self) -> str:
        """The remote that the board was shared through; empty if there is none, or no telling."""
        rows = self._rows("SELECT url FROM sharing")
        return str(rows[0][0]) if rows else ""

    def _read(self) -> Iterator[bytes]:
        """Row after row; where that breaks off, from the other end, and then number by number.

        Where a page leads astray, each of these ways finds rows that the others miss.
        """
        yield from self._along("ASC")
        # Rows that a table has lost are still in its index.
        if self._rows("PRAGMA quick_check(1)") != [("ok",)]:
            self.whole = False
        if not self.whole:
            yield from self._along("DESC")
            newest = self._rows("SELECT max(n) FROM events")
            last = self._copy.stat().st_size // _SMALLEST_ROW
            if newest is not None and isinstance(newest[0][0], int):
                last = min(last, newest[0][0])
            for first in range(1, last + 1, _PAGE):
                yield from self._between(first, first + _PAGE - 1)

    def _along(self, order: str) -> Iterator[bytes]:
        """The verified lines from one end of the table, until one can't be read."""
        asked = "SELECT CAST(id AS BLOB), CAST(line AS BLOB) FROM events NOT INDEXED"
        try:
            for name, line in self._connection.execute(f"{asked} ORDER BY n {order}"):
                yield from self._verified(name, line)
        except BROKEN:
            self.whole = False

    def _between(self, first: int, last: int) -> Iterator[bytes]:
        """The verified lines of some rows; where they can't be read together, of fewer."""
        rows = self._rows(
            "SELECT CAST(id AS BLOB), CAST(line AS BLOB) FROM events WHERE n BETWEEN ? AND ?",
            first,
            last,
        )
        if rows is not None:
            for name, line in rows:
                yield from self._verified(name, line)
        elif first < last:
            middle = (first + last) // 2
            yield from self._between(first, middle)
            yield from self._between(middle + 1, last)

    def _verified(self, name: object, line: object) -> Iterator[bytes]:
        if isinstance(line, bytes) and event_id(line).encode() == name:
            yield line
        else:
            self.whole = False

    def _rows(self, sql: str, *values: object) -> list[Any] | None:
        """The rows that a query gives; None if they can't be read."""
        with suppress(*BROKEN):
            return self._connection.execute(sql, values).fetchall()
        return None
