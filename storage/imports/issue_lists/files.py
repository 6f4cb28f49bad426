"""Files of records: CSV, TSV, JSON and JSON lines, read one record at a time."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from itertools import islice
from typing import Any, BinaryIO, Final

from storage.errors import N_, Refused
from storage.imports.import_item import UnreadableItem
from storage.imports.issue_lists.rows import SourceRecord, flattened
from storage.model.fields import NamedTuple
from storage.text.sanitize import from_elsewhere

_DELIMITERS: Final = ",\t;|"
#: A line that is longer, in characters, is not of a table.
_LONGEST_LINE: Final = 1_000_000
#: A cell that is longer, in characters, is one whose quotation mark was forgotten.
_LONGEST_CELL: Final = 4_000_000
_SNIFFED_ROWS: Final = 20
#: Excel says in the first line by what it separates.
_SEPARATOR: Final = re.compile(r"sep=(.)\s*")


def table_records(stream: BinaryIO, encoding: str) -> Iterator[SourceRecord | UnreadableItem]:
    """The rows of a table, and in their places what can't be read.

    Args:
        stream: at its beginning.
        encoding: of its text.
    """
    text = TextIOWrapper(stream, encoding, newline="")
    try:
        lines = _Lines(text)
        first = [line for line in islice(lines, _SNIFFED_ROWS) if line]
        separator = _SEPARATOR.fullmatch(first[0]) if first else None
        delimiter = separator[1] if separator else delimiter_of(first)
        yield from _rows(lines.from_start(first), delimiter, skipped=bool(separator))
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
    if lines and (separator := _SEPARATOR.fullmatch(lines[0])):
        lines, delimiter = lines[1:], separator[1]
    else:
        delimiter = delimiter_of(lines)
    try:
        return [name.strip() for name in next(csv.reader(lines, delimiter=delimiter), [])]
    except csv.Error:
        return []


def _rows(
    lines: _Lines, delimiter: str, *, skipped: bool
) -> Iterator[SourceRecord | UnreadableItem]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter)
    names: list[str] | None = None
    while True:
        begins = lines.number + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field larger" in str(error):
                yield UnreadableItem(begins, _unclosed())
                return
            yield UnreadableItem(begins, Refused(N_("It is no row of a table.")))
            continue
        if lines.ended:
            # A row ends with its line, unless a quotation mark is open.
            yield UnreadableItem(begins, _unclosed())
            return
        if skipped:
            skipped = False
        elif names is None:
            names = [name.strip() for name in row] if any(row) else None
        elif lines.overlong.intersection(range(begins, lines.number + 1)):
            yield UnreadableItem(begins, Refused(N_("The line is too long for a table.")))
        elif any(cell.strip() for cell in row[len(names) :]):
            yield UnreadableItem(
                begins,
                Refused(
                    N_("It has {cells} cells, and there are {columns} columns."),
                    N_("Put a cell with the separator in it between quotation marks."),
                    cells=len(row),
                    columns=len(names),
                ),
            )
        elif any(cell.strip() for cell in row):
            yield SourceRecord(begins, _cells(names, row))


def _unclosed() -> Refused:
    return Refused(
        N_("A quotation mark that is opened here is never closed; what follows was left out."),
        N_("Close it, or double the quotation marks within a cell, and import the file again."),
    )


def _cells(names: list[str], row: list[str]) -> dict[str, tuple[str, ...]]:
    """What a row says; columns of one name are one."""
    cells: dict[str, tuple[str, ...]] = {}
    for name, cell in zip(names, row, strict=False):
        if name and (value := from_elsewhere(cell).strip()):
            cells[name] = (*cells.get(name, ()), value)
    return cells


class _Lines:
    """The lines of a file, counted from 1; of those too long to be held, only the numbers."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._before: list[str] = []
        self.number = 0
        #: Whether a line was asked for after the last one.
        self.ended = False
        self.overlong: set[int] = set()

    def from_start(self, lines: list[str]) -> _Lines:
        """The same file, whose first ``lines`` were read already."""
        self._before = lines[::-1]
        self.number, self.ended = 0, False
        return self

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        self.number += 1
        if self._before:
            return self._before.pop()
        line = self._text.readline(_LONGEST_LINE)
        if not line:
            self.ended = True
            raise StopIteration
        if len(line) == _LONGEST_LINE:
            self.overlong.add(self.number)
            while len(self._text.readline(_LONGEST_LINE)) == _LONGEST_LINE:
                pass
            line = "\n"
        return line


# JSON and JSON lines, read an object at a time, so that no file is too large


_CHUNK: Final = 256 * 1024
#: An object that is longer, in characters, is not one issue.
_LONGEST: Final = 8 * 1024 * 1024
#: Under these names lists stand in objects, and objects with such lists in others.
_LISTS: Final = (
    *("issues", "items", "data", "results", "records", "rows", "values", "list", "entries"),
    *("pitfalls", "bugs", "tickets", "nodes"),
)
_BLANK: Final = " \t\r\n\ufeff"
#: Numbers stay as they are written.
_DECODER: Final = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


class _Value(NamedTuple):
    line: int
    value: Any


def json_records(stream: BinaryIO, encoding: str) -> Iterator[SourceRecord | UnreadableItem]:
    """The objects of a list, and in their places what can't be read.

    The list is the whole file, or stands in an object under a usual name
    (``{"issues": [...]}``), or each object has a line of its own.

    Args:
        stream: at its beginning.
        encoding: of its text.
    """
    text = TextIOWrapper(stream, encoding)
    try:
        found = _line_by_line(text) if _is_lines(text) else _Document(text).values()
        for number, one in enumerate(found, 1):
            if isinstance(one, UnreadableItem):
                yield one
            elif isinstance(one.value, dict):
                yield SourceRecord(one.line, flattened(one.value))
            else:
                # A number is read as its text.
                value = one.value if isinstance(one.value, str) else json.dumps(one.value)
                words = N_("Entry {number} of the list is no object: {value}.")
                why = Refused(words, number=number, value=value[:60])
                yield UnreadableItem(one.line, why)
    finally:
        # The file belongs to the caller, who may want to read it again.
        text.detach()


def _is_lines(text: TextIOWrapper) -> bool:
    """Whether each line holds an object of its own: the first or the second one tells."""
    read = iter(lambda: text.readline(_LONGEST), "")
    lines = list(islice((line for line in read if line.strip("\ufeff \t\r\n")), 2))
    text.seek(0)
    if not lines or lines[0].lstrip("\ufeff \t").startswith("["):
        return False
    first, second = map(_decoded, (lines[0], "".join(lines[1:])))
    if not isinstance(first, dict) or isinstance(second, dict):
        return isinstance(second, dict)
    return not any(isinstance(first.get(name), list | dict) for name in _LISTS)


def _decoded(line: str) -> object:
    try:
        return _DECODER.decode(line.strip().lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None


def _line_by_line(text: TextIOWrapper) -> Iterator[_Value | UnreadableItem]:
    number = 0
    while line := text.readline(_LONGEST):
        number += 1
        whole = line.endswith("\n") or len(line) < _LONGEST
        while not whole:
            whole = len(text.readline(_LONGEST)) < _LONGEST
        if line.strip():
            try:
                yield _Value(number, _DECODER.decode(line.strip().lstrip("\ufeff")))
            except (ValueError, RecursionError) as error:
                yield UnreadableItem(number, _broken(error))


#: What is said instead of the library's own words.
_NO_JSON: Final = (
    ("Expecting ','", N_("a comma is missing")),
    ("Expecting ':'", N_("a colon is missing")),
    ("Expecting property name", N_("a name between quotation marks is missing")),
    ("Expecting value", N_("a value is missing")),
    ("Unterminated string", N_("a quotation mark is not closed")),
    ("Extra data", N_("there is more after its end")),
    ("Invalid control character", N_("a text holds a control character or a line break")),
)
_NOT_AS_JSON: Final = N_("it is not written as JSON has to be")
_TOO_DEEP: Final = N_("it is nested too deeply")


def _broken(error: Exception) -> Refused:
    said = getattr(error, "msg", "")
    why = next((words for begins, words in _NO_JSON if said.startswith(begins)), _NOT_AS_JSON)
    return Refused(N_("It is no JSON: {why}."), why=_TOO_DEEP if not said else why)


def _is_empty_list(document: dict[str, Any]) -> bool:
    """Whether an object is there for a list alone, and there is nothing in that."""
    return any(document.get(name) == [] for name in _LISTS) and "title" not in document


class _Document:
    """One value of JSON, of which only as much is held as the object at hand needs."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._held = ""
        self._at = 0
        self._line = 1
        self._ended = False

    def values(self) -> Iterator[_Value | UnreadableItem]:
        """The elements of the list that the document is or holds; else the object that it is."""
        try:
            if self._next() == "[":
                yield from self._elements()
            else:
                whole: dict[str, Any] = {}
                found = False
                for one in self._members(whole):
                    found = True
                    yield one
                if not found and not _is_empty_list(whole):
                    yield _Value(1, whole)
        except (ValueError, RecursionError) as error:
            # After a mistake nobody can tell where the next object begins.
            yield UnreadableItem(self._line, _broken(error))

    def _members(self, others: dict[str, Any]) -> Iterator[_Value]:
        """The elements of the first usual list in an object; ``others`` takes the rest of it."""
        self._expect("{")
        while self._next() != "}":
            name = self._value()
            self._expect(":")
            sign = self._next()
            usual = isinstance(name, str) and name.lower() in _LISTS
            if usual and sign == "[" and self._second() == "{":
                yield from self._elements()
                return
            if usual and sign == "{":
                inner: dict[str, Any] = {}
                found = False
                for one in self._members(inner):
                    found = True
                    yield one
                if found:
                    return
                others[str(name)] = inner
            else:
                others[str(name)] = self._value()
            if self._next() == ",":
                self._at += 1
        self._at += 1

    def _elements(self) -> Iterator[_Value]:
        self._expect("[")
        while self._next() != "]":
            line = self._line
            yield _Value(line, self._value())
            if self._next() == ",":
                self._at += 1
            elif self._next() != "]":
                raise json.JSONDecodeError("Expecting ',' delimiter", self._held, self._at)
        self._at += 1

    def _next(self) -> str:
        """The next sign that is not blank; empty at the end."""
        while True:
            while self._at < len(self._held):
                sign = self._held[self._at]
                if sign not in _BLANK:
                    return sign
                self._line += sign == "\n"
                self._at += 1
            if not self._more(_CHUNK):
                return ""

    def _second(self) -> str:
        """The sign after the next one."""
        while True:
            rest = self._held[self._at + 1 : self._at + _CHUNK].lstrip(_BLANK)
            if rest or not self._more(_CHUNK):
                return rest[:1]

    def _expect(self, sign: str) -> None:
        if self._next() != sign:
            raise json.JSONDecodeError(f"Expecting '{sign}'", self._held, self._at)
        self._at += 1

    def _value(self) -> Any:
        """The value that begins here."""
        self._next()
        size = _CHUNK
        while True:
            try:
                value, end = _DECODER.raw_decode(self._held, self._at)
            except ValueError:
                # It may go on beyond what is held.
                if len(self._held) - self._at > _LONGEST:
                    raise ValueError("an object is too long") from None
                if not self._more(size):
                    raise
                size *= 2
                continue
            if end == len(self._held) and self._more(_CHUNK):
                continue
            self._line += self._held.count("\n", self._at, end)
            self._at = end
            return value

    def _more(self, size: int) -> bool:
        """Hold some more of the file, and less of what is done with; whether there was more."""
        chunk = "" if self._ended else self._text.read(size)
        self._ended = not chunk
        self._held, self._at = self._held[self._at :] + chunk, 0
        return bool(chunk)
