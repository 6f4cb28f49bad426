"""What tests of the record share: a clock to set, boards as plain rows, foreign events."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from storage.db.rows import STATE, shape_of
from storage.exports.whole_board import export_events
from storage.imports.importer import ImportReport, import_events
from storage.model.clock import STILL
from storage.model.records import Occurrence
from storage.model.row import PLAN_COLUMNS
from storage.retro.periods import CHANGES
from storage.write.store import Store
from tests.boards import fresh

DAY_MS = 24 * 60 * 60 * 1000
#: Monday, 2026-11-23, 08:00 in UTC.
MONDAY = 1_795_420_800_000

#: What a duplicate gives an original is not among its own states; of a plain one, it is.
_SHOWN = STATE.replace(
    "upstream",
    "iif({id} IN (SELECT original FROM pitfalls WHERE original IS NOT NULL), '', upstream)",
)
_ROWS = {
    "mentions": "SELECT target, event, pitfall FROM mentions",
    "voided": "SELECT event, pitfall FROM voided",
    "pitfalls": "SELECT id, title, title_zh, title_key, title_key_zh, kind, component,"
    " component_zh, severity, status, status_order, workaround, workaround_zh, reproduction,"
    " reproduction_zh, reported_at, reported_by, changed_at, occurrence_count,"
    " not_reproduced_count, first_seen, last_seen, triage, decided_at,"
    " inbox_reason, decline_reason, duplicate_of, original, wakes_on, wakes_at_count, wakes_axis,"
    " wakes_version, wakes_at_version, in_view, regressed_at, regressed, unclear_at,"
    f" workaround_at, fix_at, upstream, seen_in, holds, {PLAN_COLUMNS}, judged, tags,"
    " client_min, client_max, library_min, library_max, client_seen, library_seen"
    " FROM pitfalls",
    "tags": "SELECT pitfall, tag, pitfalls.id, tags.status FROM tags LEFT JOIN pitfalls USING (n)",
    "comments": "SELECT * FROM comments",
    # The key holds the number of a pitfall, which is another one on each board.
    "pitfall_references": "SELECT pitfalls.id, own.n & 4294967295, own.id, own.pitfall,"
    " recorded_on, place, at, who, url, own.title, own.title_zh, source, quote, quote_zh,"
    " quoted_on, official FROM pitfall_references AS own"
    " LEFT JOIN pitfalls ON pitfalls.n = own.n >> 32",
    "signatures": "SELECT * FROM signatures",
    "vendor_replies": "SELECT * FROM vendor_replies",
    "attachments": "SELECT * FROM attachments",
    "not_duplicates": "SELECT * FROM not_duplicates",
    "seen_versions": "SELECT * FROM seen_versions",
    "fixes": "SELECT * FROM fixes",
    "occurrences": f"SELECT {shape_of(Occurrence).selected}, pitfall, verdict FROM occurrences",
    # When something arrived is another time on each machine.
    "states": f"SELECT pitfall, since, until, {_SHOWN.format(id='pitfall')}, fixes FROM states"
    f" WHERE clock <> 'known' UNION ALL SELECT id, reported_at, {STILL},"
    f" {_SHOWN.format(id='id')}, '' FROM pitfalls WHERE is_plain",
    "changes": f"SELECT * FROM {CHANGES}",
    "retro_notes": "SELECT * FROM retro_notes",
    "board_values": "SELECT * FROM board_values",
    "conflicts": "SELECT * FROM conflicts",
    "declined_suggestions": "SELECT * FROM declined_suggestions",
    # Of no texts it is nothing.
    "projection": "SELECT error_texts FROM projection WHERE error_texts <> 0",
    "weekly_occurrences": "SELECT * FROM weekly_occurrences",
    "messages": "SELECT pitfall, digest, message FROM messages",
    "search": "SELECT id, search.title, names, body, syllables, initials, pairs FROM search"
    " LEFT JOIN pitfalls ON n = search.rowid",
    "message_search": "SELECT pitfall, digest, message_search.message FROM message_search"
    " LEFT JOIN messages ON n = message_search.rowid",
}

Dump = dict[str, list[tuple[Any, ...]]]


class Wall:
    """A wall clock that stands still until it is told to move."""

    def __init__(self, ms: int = MONDAY) -> None:
        self.ms = ms

    def __call__(self) -> int:
        return self.ms


def dump(path: Path) -> Dump:
    """Every row that is computed from the events, named by ids and not by its place in the file."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: sorted(connection.execute(sql).fetchall(), key=repr)
            for table, sql in _ROWS.items()
        }


def board_of(rows: Dump) -> Dump:
    """A dump without the bookkeeping of undo: what can be seen on the board."""
    return {table: held for table, held in rows.items() if table not in {"mentions", "voided"}}


def lines_of(path: Path) -> list[bytes]:
    """Every event line of a board, in order of arrival."""
    lines: list[bytes] = []
    export_events(path, lines.append)
    return lines


def take_in(path: Path, lines: Iterable[bytes], now: int = MONDAY) -> ImportReport:
    """Import lines into the board at ``path``, which is started if there is none."""
    if not path.exists():
        fresh(path)
    store = Store.open(path, now=lambda: now)
    try:
        return import_events(store.session, lines)
    finally:
        store.close()


def envelope(**values: Any) -> dict[str, Any]:
    """The fields of an event that nobody's store wrote."""
    return {
        "v": 1,
        "actor": "a" * 32,
        "seq": 1,
        "prev": None,
        "step": 1,
        "hlc": MONDAY << 16,
        "at": MONDAY,
        "who": "Ann",
        "pitfall": "ab12cd34ab12cd34",
        "kind": "reported",
        "body": {"title": "A white picture"},
    } | values


def line(**values: Any) -> bytes:
    """The line of such an event."""
    return json.dumps(envelope(**values), ensure_ascii=False).encode()
