"""Tables with a row of names above them (RFC 4180), read a row at a time."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from itertools import islice
from typing import BinaryIO, Final

from storage.errors import N_, Refused
from storage.imports.import_item import Unreadable
from storage.imports.issue_lists.rows import Record

_DELIMITERS: Final = ",\t;|"
#: A line that is longer, in characters, is not of a table.
_LONGEST_LINE: Final = 1_000_000
_SNIFFED_ROWS: Final = 20
#: Excel says in the first line by what it separates.
_SEPARATOR: Final = re.compile(r"sep=(.)\s*")


def table_records(stream: BinaryIO, encoding: str) -> Iterator[Record | Unreadable]:
    """The rows of a table, and in their places what can't be read.

    Args:
        stream: at its beginning.
        encoding: of its text.
    """
    text = TextIOWrapper(stream, encoding, errors="replace", newline="")
    try:
        lines = _Lines(text)
        first = [line for line in islice(lines, _SNIFFED_ROWS) if line]
        told = _SEPARATOR.fullmatch(first[0]) if first else None
        delimiter = told[1] if told else delimiter_of(first)
        yield from _rows(lines.from_start(first), delimiter, skipped=bool(told))
    finally:
        # The file belongs to the caller, who may want to read it again.
        text.detach()


def delimiter_of(lines: Iterable[str]) -> str:
    """What separates the cells of a table: what cuts its first lines into the same number."""
    lines = list(lines)

    def evenness(delimiter: str) -> tuple[float, int]:
        try:
            sizes = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            return 0, 0
        names = sizes[0] if sizes else 0
        return (sizes.count(names) / len(sizes) if names > 1 else 0), names

    return max(_DELIMITERS, key=evenness)


def names_of(head: str) -> list[str]:
    """The names above the columns of a table that begins with ``head``."""
    lines = head.splitlines(keepends=True)[:_SNIFFED_ROWS]
    if lines and (told := _SEPARATOR.fullmatch(lines[0])):
        lines, delimiter = lines[1:], told[1]
    else:
        delimiter = delimiter_of(lines)
    try:
        return [name.strip() for name in next(csv.reader(lines, delimiter=delimiter), [])]
    except csv.Error:
        return []


def _rows(lines: _Lines, delimiter: str, *, skipped: bool) -> Iterator[Record | Unreadable]:
    reader = csv.reader(lines, delimiter=delimiter)
    names: list[str] | None = None
    while True:
        begins = lines.number + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            why = Refused(N_("It is no row of a table: {why}."), why=str(error))
            yield Unreadable(begins, why)
            continue
        if skipped:
            skipped = False
        elif names is None:
            names = [name.strip() for name in row] if any(row) else None
        elif lines.overlong.intersection(range(begins, lines.number + 1)):
            yield Unreadable(begins, Refused(N_("The line is too long for a table.")))
        elif any(cell.strip() for cell in row[len(names) :]):
            yield Unreadable(
                begins,
                Refused(
                    N_("It has {cells} cells, and there are {columns} columns."),
                    N_("A cell with the separator in it stands between quotation marks."),
                    cells=len(row),
                    columns=len(names),
                ),
            )
        elif any(cell.strip() for cell in row):
            yield Record(begins, _cells(names, row))


def _cells(names: list[str], row: list[str]) -> dict[str, tuple[str, ...]]:
    """What a row says; columns of one name are one."""
    cells: dict[str, tuple[str, ...]] = {}
    for name, cell in zip(names, row, strict=False):
        if name and (said := cell.strip()):
            cells[name] = (*cells.get(name, ()), said)
    return cells


class _Lines:
    """The lines of a file, counted from 1; of those too long to be held, only the numbers."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._before: list[str] = []
        self.number = 0
        self.overlong: set[int] = set()

    def from_start(self, lines: list[str]) -> _Lines:
        """The same file, whose first ``lines`` were read already."""
        self._before = lines[::-1]
        self.number = 0
        return self

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        self.number += 1
        if self._before:
            return self._before.pop()
        line = self._text.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) == _LONGEST_LINE:
            self.overlong.add(self.number)
            while len(self._text.readline(_LONGEST_LINE)) == _LONGEST_LINE:
                pass
            line = "\n"
        return line
