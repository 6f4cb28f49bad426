"""Lists of issues, as trackers and spreadsheets write them: JSON, JSON lines, CSV, TSV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import PurePath
from typing import BinaryIO, Final, Literal

from storage.imports.import_item import ImportItem, UnreadableItem
from storage.imports.issue_lists.columns import columns_of, has_usual_title
from storage.imports.issue_lists.files import json_records, names_of, table_records
from storage.imports.issue_lists.rows import RecordReader, SourceRecord
from storage.text.sanitize import encoding_of

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
    ) -> None:
        self._stream = stream
        self._read = json_records if form == "json" else table_records
        stream.seek(0)
        self.encoding = encoding_of(stream)
        self.columns = columns_of(self._names(form) or ["title"], asked)
        source = name or _OF_THE_DAY.sub("", PurePath(file).stem).casefold()
        self._reading = RecordReader(
            self.columns, name or file or "stdin", source, everywhere=bool(name)
        )

    def arriving(self) -> Iterator[ImportItem | UnreadableItem]:
        """The pitfalls that the list proposes, and in their places what none can be made of."""
        for one in self._records():
            yield self._reading.proposal(one) if isinstance(one, SourceRecord) else one

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
