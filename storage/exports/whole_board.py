"""The whole board as a JSON array, a CSV table or lines of events, written as they are read."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any, Final

from storage.db.connection import connect_for_reading, explained
from storage.exports.json_shapes import as_json, as_listed, as_occurrence
from storage.model.environment import Environment
from storage.model.row import PLAN_NAMES, Row, Triage
from storage.query.tree import Query
from storage.read.board import Board
from storage.text.sanitize import sanitize

Write = Callable[[str], object]

#: What a CSV file begins with, so that Excel on Windows takes it for UTF-8; a pipe has none.
BYTE_ORDER_MARK: Final = "\ufeff"
_PAGE: Final = 200
_COLUMNS: Final = (
    "id",
    "title",
    "status",
    "kind",
    "severity",
    "component",
    *PLAN_NAMES,
    "tags",
    "workaround",
    "reproduction",
    "references",
    "signatures",
    "occurrence_count",
    "not_reproduced_count",
    "first_seen",
    "last_seen",
)
_OCCURRENCE_COLUMNS: Final = (
    *("pitfall", "title", "id", "seen_at", "who", "outcome", "count"),
    *Environment._fields,
    *("message", "note", "verifies", "verdict", "verdict_because", "verdict_fix", "recorded_on"),
)
# What spreadsheets take for a formula, some of them after blanks or a quotation mark, or in
# full width (OWASP, "CSV Injection").
_FORMULA: Final = re.compile("[\t\r\n]|[\\s\"'\ufeff\u200b]*[=+\\-@＝＋－＠]")


def export_json(board: Board, language: str, write: Write) -> None:
    """Write every pitfall as an element of one JSON array, in the shape of ``as_listed``.

    Args:
        board: read as of one moment.
        language: of the reader, for texts that stand in two.
        write: takes the text, piece by piece.
    """
    _write_array(board, pitfalls(board, language), write)


def _write_array(board: Board, values: Iterable[dict[str, Any]], write: Write) -> None:
    before = "["
    with board.snapshot():
        for one in values:
            write(f"{before}\n{as_json(one)}")
            before = ","
    write("[]\n" if before == "[" else "\n]\n")


def export_csv(board: Board, language: str, write: Write) -> None:
    """Write every pitfall as one row of a CSV table, under a row of names (RFC 4180).

    A list stands in one cell, an entry to a line: references by their
    addresses, signatures by their texts. Excel reads Chinese in it only from a file that begins
    with a byte-order mark (:data:`BYTE_ORDER_MARK`), which ``write`` is not given.

    Args:
        board, language, write: as for :func:`export_json`.
    """
    table = csv.writer(_Sink(write))
    table.writerow(_COLUMNS)
    with board.snapshot():
        for one in pitfalls(board, language):
            one["references"] = [reference["url"] for reference in one["references"]]
            one["signatures"] = [signature["text"] for signature in one["signatures"]]
            table.writerow([cell(one[name]) for name in _COLUMNS])


def export_occurrences_json(board: Board, language: str, write: Write) -> None:
    """Write every occurrence as an element of one JSON array, each with its pitfall.

    Args:
        board, language, write: as for :func:`export_json`.
    """
    _write_array(board, occurrences(board, language), write)


def export_occurrences_csv(board: Board, language: str, write: Write) -> None:
    """Write every occurrence as one row of a CSV table, each with its pitfall.

    Args:
        board, language, write: as for :func:`export_json`.
    """
    table = csv.writer(_Sink(write))
    table.writerow(_OCCURRENCE_COLUMNS)
    with board.snapshot():
        for one in occurrences(board, language):
            table.writerow([cell(one[name]) for name in _OCCURRENCE_COLUMNS])


def occurrences(board: Board, language: str) -> Iterator[dict[str, Any]]:
    """Every occurrence in the shape of ``as_occurrence``, with the pitfall that it counts for."""
    for row in chain.from_iterable(_pages(board, language)):
        fixes = board.fixes.judging(row.id).fixes
        of = {"pitfall": row.id, "title": row.title.read(language)}
        for one in board.occurrences.of(row.id):
            yield of | as_occurrence(one, fixes, language)


class _Sink:
    """The one method of a file that the csv module needs."""

    def __init__(self, write: Write) -> None:
        self.write = write


def pitfalls(board: Board, language: str) -> Iterator[dict[str, Any]]:
    """Every pitfall in the shape of ``as_listed``."""
    for rows in _pages(board, language):
        held = board.inbox.standing([board.pitfall(row.id) for row in rows], board.now())
        for one, row in zip(held, rows, strict=True):
            yield as_listed(one, row.totals, language)


def _pages(board: Board, language: str) -> Iterator[Sequence[Row]]:
    # Whatever was decided: what has left the board's view is part of the record.
    listing = board.find(Query().having("triage", *Triage), language=language)
    for offset in range(0, listing.total, _PAGE):
        yield listing.page(offset, _PAGE)


def cell(value: object) -> str:
    """What stands in a cell for a value: none of it is taken for a formula."""
    if value is None or isinstance(value, int):
        return "" if value is None else str(value)
    text = "\n".join(value) if isinstance(value, list) else str(value)
    text = sanitize(text, lines=True)
    return f"'{text}" if _FORMULA.match(text) else text


def uncelled(text: str) -> str:
    """The text of a cell that :func:`export_csv` wrote."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text


#: What writes the whole board, by what of it and the format.
EXPORTS: Final[Mapping[tuple[str, str], Callable[[Board, str, Write], None]]] = {
    ("pitfalls", "json"): export_json,
    ("pitfalls", "csv"): export_csv,
    ("occurrences", "json"): export_occurrences_json,
    ("occurrences", "csv"): export_occurrences_csv,
}


# Exporting events: each the exact bytes of its line, so that boards can be joined


_EVENTS_AT_ONCE: Final = 1_000


def export_events(path: Path, write: Callable[[bytes], object]) -> int:
    """Write every event's line as it is stored, in order of arrival; how many there were.

    Args:
        path: the board's file.
        write: takes whole lines, with their line breaks.

    Raises:
        Unusable: if there is no board that can be read, or an event of it is damaged.
    """
    # Loaded here, since tables are written without the classes of events, which need pydantic.
    from storage.events import DamagedEvent, event_id

    done, last = 0, 0
    with explained(path), closing(connect_for_reading(path)) as connection:
        while True:
            # As a BLOB, the line comes as its bytes and not by way of text.
            rows = connection.execute(
                "SELECT n, id, CAST(line AS BLOB) FROM events WHERE n > ? ORDER BY n LIMIT ?",
                (last, _EVENTS_AT_ONCE),
            ).fetchall()
            for last, name, line in rows:
                if not isinstance(line, bytes) or event_id(line) != name:
                    raise DamagedEvent(name)
                write(line + b"\n")
            done += len(rows)
            if len(rows) < _EVENTS_AT_ONCE:
                return done
