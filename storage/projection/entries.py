"""The rows of what belongs to a pitfall: tags, comments, references, vendor replies, fixes, …"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Final

from storage.db.rows import RowShape, shape_of
from storage.model.records import (
    THE_BOARD,
    Attachment,
    Comment,
    Conflict,
    Decision,
    Fix,
    Pitfall,
    Reference,
    RetroNote,
    Signature,
    VendorReply,
)

#: Each table of items, whose rows it holds, and the field of a pitfall with them.
_ITEMS: Final[Sequence[tuple[str, type[Any], str]]] = (
    ("comments", Comment, "comments"),
    ("pitfall_references", Reference, "references"),
    ("signatures", Signature, "signatures"),
    ("vendor_replies", VendorReply, "vendor_replies"),
    ("attachments", Attachment, "attachments"),
    ("fixes", Fix, "fixes"),
)
_IN_THE_RECORDS_ORDER: Final = ("vendor_replies", "attachments")
#: What of a duplicate counts for the original.
_SHARED: Final = ("pitfall_references", "signatures", "vendor_replies", "attachments")


def clear_items(connection: sqlite3.Connection, pitfall_ids: Iterable[str]) -> None:
    """Take away all that was recorded on some pitfalls."""
    cleared = [(pitfall,) for pitfall in pitfall_ids]
    for table in ("tags", "comments", "fixes"):
        connection.executemany(f"DELETE FROM {table} WHERE pitfall = ?", cleared)
    for table in (*_SHARED, "not_duplicates"):
        connection.executemany(f"DELETE FROM {table} WHERE recorded_on = ?", cleared)


def rehome_items(connection: sqlite3.Connection, recorded_on: str, counts_for: str) -> None:
    """Let what of a pitfall counts for its original count for another one."""
    for table in _SHARED:
        connection.execute(
            f"UPDATE {table} SET pitfall = ? WHERE recorded_on = ?", (counts_for, recorded_on)
        )


def write_items(connection: sqlite3.Connection, pitfalls: Sequence[tuple[str, Pitfall]]) -> None:
    """Write the items of pitfalls, each with the pitfall that it counts for."""
    connection.executemany(
        "INSERT INTO tags VALUES (?, ?)", [(p.id, tag) for _, p in pitfalls for tag in p.tags]
    )
    for table, record, name in _ITEMS:
        shape: RowShape[Any] = shape_of(record)
        is_shared, has_place = table in _SHARED, table not in _IN_THE_RECORDS_ORDER
        connection.executemany(
            shape.insert(table, "pitfall", *(["place"] if has_place else [])),
            [
                shape.row(one, counts_for if is_shared else p.id, *([place] if has_place else []))
                for counts_for, p in pitfalls
                for place, one in enumerate(getattr(p, name))
            ],
        )
    connection.executemany(
        "INSERT OR IGNORE INTO not_duplicates VALUES (?, ?, ?)",
        [
            (one, other, p.id)
            for _, p in pitfalls
            for apart in p.apart
            for one, other in ((p.id, apart), (apart, p.id))
        ],
    )


# The rows of what a team noted when it looked back


def write_notes(
    connection: sqlite3.Connection, recorded_on: str, notes: Iterable[RetroNote]
) -> None:
    """Replace the notes that were recorded on a pitfall, or on the whole board."""
    pitfall = "" if recorded_on == THE_BOARD else recorded_on
    connection.execute("DELETE FROM retro_notes WHERE pitfall = ?", (pitfall,))
    shape = shape_of(RetroNote)
    connection.executemany(shape.insert("retro_notes"), [shape.row(one) for one in notes])


# The rows of the values that several people wrote at the same time


def write_conflicts(
    connection: sqlite3.Connection, pitfall: str, conflicts: Iterable[Conflict]
) -> None:
    """Replace the conflicts of a pitfall."""
    connection.execute("DELETE FROM conflicts WHERE pitfall = ?", (pitfall,))
    connection.executemany(
        "INSERT INTO conflicts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(pitfall, conflict.name, place, conflict.field, conflict.part, *conflict.about),
                *(claim.event, claim.at, claim.who, *claim.value, _as_json(claim.decision)),
            )
            for conflict in conflicts
            for place, claim in enumerate(conflict.claims)
        ],
    )


def _as_json(decision: Decision | None) -> str:
    if decision is None:
        return ""
    wake = decision.wake and decision.wake._asdict()
    return json.dumps(decision._asdict() | {"wake": wake}, sort_keys=True)
