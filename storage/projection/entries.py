"""The rows of what belongs to a pitfall: tags, comments, references, statements, fixes, …"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from storage.db.rows import ATTACHMENT, FIX, VENDOR_REPLY
from storage.model.records import Conflict, Decision, Pitfall
from storage.model.retro import THE_BOARD, RetroNote

#: What of a duplicate counts for the original.
_SHARED: Final = ("pitfall_references", "signatures", "statements", "attachments")


def clear_items(connection: sqlite3.Connection, pitfall_ids: Iterable[str]) -> None:
    """Take away all that was recorded on some pitfalls."""
    cleared = [(pitfall,) for pitfall in pitfall_ids]
    for table in ("tags", "comments", "fixes"):
        connection.executemany(f"DELETE FROM {table} WHERE pitfall = ?", cleared)
    for table in (*_SHARED, "told_apart"):
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
    connection.executemany(
        "INSERT INTO comments VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (c.id, p.id, i, c.at, c.who, *c.text)
            for _, p in pitfalls
            for i, c in enumerate(p.comments)
        ],
    )
    connection.executemany(
        "INSERT INTO pitfall_references VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(r.id, counts_for, i, r.at, r.who, r.url, *r.title, r.source.value),
                *(*r.quote, r.quoted_on, r.official, r.recorded_on),
            )
            for counts_for, p in pitfalls
            for i, r in enumerate(p.references)
        ],
    )
    connection.executemany(
        "INSERT INTO signatures VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (s.id, counts_for, i, s.text, s.form, s.platform, s.channel, s.recorded_on)
            for counts_for, p in pitfalls
            for i, s in enumerate(p.signatures)
        ],
    )
    connection.executemany(
        f"INSERT INTO statements (pitfall, {VENDOR_REPLY}) VALUES ({', '.join('?' * 13)})",
        [
            (
                *(counts_for, s.id, s.at, s.who, s.reference, s.said_on, s.author, s.official),
                *(s.sort.value, s.version, *s.quote, s.recorded_on),
            )
            for counts_for, p in pitfalls
            for s in p.vendor_replies
        ],
    )
    connection.executemany(
        f"INSERT INTO attachments (pitfall, {ATTACHMENT}) VALUES ({', '.join('?' * 12)})",
        [
            (
                *(counts_for, a.id, a.at, a.who, a.digest, a.size, a.label, a.media),
                *(a.occurrence, *a.note, a.recorded_on),
            )
            for counts_for, p in pitfalls
            for a in p.attachments
        ],
    )
    connection.executemany(
        f"INSERT INTO fixes (pitfall, place, {FIX}) VALUES ({', '.join('?' * 17)})",
        [
            (
                *(p.id, i, f.id, f.at, f.who, f.axis.value, f.from_version, f.from_date, *f.quote),
                *(f.reference, f.official, f.platform and f.platform.value),
                *(f.host and f.host.value, f.affected_since, f.last_affected, f.grace_days),
            )
            for _, p in pitfalls
            for i, f in enumerate(p.fixes)
        ],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO told_apart VALUES (?, ?, ?)",
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
    connection.executemany(
        "INSERT INTO retro_notes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(one.id, one.pitfall, one.at, one.who, one.sort.value, *one.text),
                *(one.owner, one.due, one.done_on),
            )
            for one in notes
        ],
    )


# The rows of the values that several people wrote at the same time


def write_conflicts(
    connection: sqlite3.Connection, pitfall: str, conflicts: Iterable[Conflict]
) -> None:
    """Replace what is contested on a pitfall."""
    connection.execute("DELETE FROM contested WHERE pitfall = ?", (pitfall,))
    connection.executemany(
        "INSERT INTO contested VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
