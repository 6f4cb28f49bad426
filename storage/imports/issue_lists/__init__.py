"""Lists of issues, as trackers and spreadsheets write them: JSON, JSON lines, CSV, TSV."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePath
from typing import BinaryIO, Final, Literal

from storage.db.connection import connect_for_reading, explained
from storage.imports.import_item import ImportItem, UnreadableItem, issue_id
from storage.imports.issue_lists.columns import ColumnMapping, columns_of, has_usual_title
from storage.imports.issue_lists.files import json_records, names_of, table_records
from storage.imports.issue_lists.rows import BARE_NUMBER, RecordReader, SourceRecord
from storage.text.sanitize import encoding_of
from storage.text.search_text import load_rapidfuzz
from storage.write.board_file import look

__all__ = ["Columns", "IssueList", "has_usual_title", "names_of"]

#: The names of JSON's columns are those of the first entries.
_LOOKED_AT: Final = 200
#: So many bytes hold the names above a table.
_HEAD: Final = 64 * 1024
#: What makes one export of a list another file than the next: dates, counts, copies.
_OF_THE_DAY: Final = re.compile(r"[\W\d_]+")


class IssueList:
    """A list of issues in a file; read again from its beginning as often as is asked.

    Args:
        stream: the file; it must be able to go back to its beginning.
        form: how it is written.
        file: its name, without a folder; empty if it has none.
        asked: what a person says of its columns; see :func:`columns_of`.
        board: the board's file, on which the list may be known under another name.
        name: the list's name, if its keys are to be told from those of other
            lists. Without it a key such as ``APP-12`` names the same issue
            everywhere, and a bare number one of this file's lists, whose name
            is the file's without digits and marks.

    Raises:
        Refused: about the field ``map``, if the columns can't be understood.
    """

    def __init__(
        self,
        stream: BinaryIO,
        form: Literal["json", "csv"],
        file: str,
        asked: Sequence[str] = (),
        name: str = "",
        board: Path | None = None,
    ) -> None:
        self._stream = stream
        self._read = json_records if form == "json" else table_records
        stream.seek(0)
        self.encoding = encoding_of(stream, name or file or "-")
        self._columns = columns_of(self._names(form) or ["title"], asked)
        #: Columns of JSON that no entry at the beginning had.
        self._later: dict[str, None] = {}
        self._file = name or file or "stdin"
        self._reading = RecordReader(
            self._columns, self._file, name or _list_name(file), everywhere=bool(name)
        )
        if board is not None and not name:
            first = [
                one
                for one in islice(self.arriving(), _LOOKED_AT)
                if isinstance(one, ImportItem) and BARE_NUMBER.fullmatch(one.key)
            ]
            if other := _known_as(board, first):
                self._reading = RecordReader(self._columns, self._file, other, everywhere=False)

    @property
    def columns(self) -> ColumnMapping:
        """Which column says what, as far as the list was read."""
        return replace(self._columns, unused=(*self._columns.unused, *self._later))

    def arriving(self) -> Iterator[ImportItem | UnreadableItem]:
        """The pitfalls that the list proposes, and in their places what none can be made of."""
        known = {*self._columns.unused}.union(
            *(column.names for column in self._columns.of.values())
        )
        for one in self._records():
            if not isinstance(one, SourceRecord):
                yield one
                continue
            self._later.update(dict.fromkeys(name for name in one.cells if name not in known))
            yield self._reading.proposal(one)

    def _names(self, form: str) -> list[str]:
        """The names of the columns, as far as the beginning of the file tells them."""
        if form == "csv":
            self._stream.seek(0)
            return names_of(self._stream.read(_HEAD).decode(self.encoding, "replace"))
        first = [
            one for one in islice(self._records(), _LOOKED_AT) if isinstance(one, SourceRecord)
        ]
        return [name for one in first for name in one.cells]

    def _records(self) -> Iterator[SourceRecord | UnreadableItem]:
        self._stream.seek(0)
        return self._read(self._stream, self.encoding)


# A list that was imported before from a file of another name


#: So many of its rows must have the number and the title of rows of the other.
_LEAST_SHARED: Final = 2
#: How much alike, of a hundred, two titles of one row are.
_ALIKE: Final = 55.0
_OF_KEYS: Final = """
SELECT json_extract(line, '$.body.source'), json_extract(line, '$.body.key'), pitfall, title
FROM events JOIN pitfalls ON pitfalls.id = events.pitfall
WHERE events.kind = 'imported'
  AND json_extract(line, '$.body.key') IN (SELECT value FROM json_each(?))
"""


def _list_name(file: str) -> str:
    """A file's name without what makes one export of a list another file than the next."""
    return _OF_THE_DAY.sub("", PurePath(file).stem).casefold()


def _known_as(board: Path, first: Sequence[ImportItem]) -> str:
    """The name of the list that the board knows by another file; empty if there is none.

    Args:
        board: the board's file; there may be none yet.
        first: the first items that have no more than a number as a key.
    """
    if len(first) < _LEAST_SHARED or look(board) is None:
        return ""
    titles = {one.key: one.title for one in first}
    shared: Counter[str] = Counter()
    with explained(board), closing(connect_for_reading(board)) as connection:
        ids = json.dumps([one.pitfall for one in first])
        own = "SELECT 1 FROM pitfalls WHERE id IN (SELECT value FROM json_each(?))"
        if connection.execute(own, (ids,)).fetchone():
            return ""
        rows = connection.execute(_OF_KEYS, (json.dumps(list(titles)),)).fetchall()
    for source, key, pitfall, title in dict.fromkeys(rows):
        name = _list_name(str(source))
        if pitfall == issue_id(name, str(key)) and _alike(titles[str(key)], title):
            shared[name] += 1
    name, count = max(shared.items(), key=lambda one: one[1], default=("", 0))
    return name if count >= max(_LEAST_SHARED, len(first) // 2) else ""


def _alike(one: str, other: str) -> bool:
    rapidfuzz = load_rapidfuzz()
    return bool(rapidfuzz.fuzz.ratio(one, other) >= _ALIKE)
