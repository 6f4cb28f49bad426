"""Which pitfall each duplicate counts for, and moving there what is known of it.

A duplicate names another pitfall, which may be a duplicate itself: the chain is
followed to its end, so that groups are flat. Where two people marked each other's
pitfall at the same time there is no end; then the smallest id of the circle is the
original, on every machine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping

from storage.model.records import Pitfall
from storage.projection.occurrences import rehome
from storage.projection.pitfalls import rehome_items, update_derived
from storage.projection.search_index import index_groups

#: More names than SQLite binds at once would be asked about in vain.
_AT_ONCE = 400


def originals(originals_of: Mapping[str, str], there: Collection[str]) -> dict[str, str]:
    """The original of each duplicate, as far as it is on the board.

    Args:
        originals_of: duplicate → the pitfall that it was said to be the same as.
        there: which of the pitfalls named are on the board.
    """
    ends: dict[str, str] = {}
    for duplicate in originals_of:
        # Each pitfall is met once: where its chain ends, it ends for all that lead there.
        trail: dict[str, int] = {}
        at = duplicate
        while at in originals_of and at not in ends and at not in trail:
            trail[at] = len(trail)
            at = originals_of[at]
        end = min(list(trail)[trail[at] :]) if at in trail else ends.get(at, at)
        ends |= dict.fromkeys(trail, end)
    return {one: end for one, end in ends.items() if one != end and end in there}


def alone(pitfall: Pitfall) -> Pitfall:
    """A pitfall as it was read, without what its duplicates give it."""
    return pitfall._replace(
        references=tuple(one for one in pitfall.references if one.recorded_on == pitfall.id),
        vendor_replies=tuple(
            one for one in pitfall.vendor_replies if one.recorded_on == pitfall.id
        ),
        attachments=tuple(one for one in pitfall.attachments if one.recorded_on == pitfall.id),
        signatures=pitfall.own_signatures,
    )


def regroup(connection: sqlite3.Connection, touched: Collection[str]) -> None:
    """Bring the groups of duplicates up to date after some pitfalls were written or removed."""
    if not _concerned(connection, touched):
        return
    rows = connection.execute(
        "SELECT id, duplicate_of, original FROM pitfalls"
        " WHERE duplicate_of <> '' OR original IS NOT NULL"
    ).fetchall()
    originals_of = {name: of for name, of, _ in rows if of}
    there = {
        of
        for of in originals_of.values()
        if connection.execute("SELECT 1 FROM pitfalls WHERE id = ?", (of,)).fetchone()
    } | originals_of.keys()
    now = originals(originals_of, there)
    stale = set()
    moves = []
    for name, _, held in rows:
        original = now.get(name)
        if original != held:
            connection.execute("UPDATE pitfalls SET original = ? WHERE id = ?", (original, name))
            moves.append((name, held or name, original or name))
            rehome_items(connection, name, original or name)
            stale |= {name, held, original} - {None}
        elif original is not None and name in touched:
            stale.add(original)
    rehome(connection, moves)
    groups = sorted(stale | (set(now.values()) & set(touched)))
    index_groups(connection, groups)
    update_derived(connection, groups)


def _concerned(connection: sqlite3.Connection, touched: Collection[str]) -> bool:
    """Whether any of the pitfalls is a duplicate, was one, or has one."""
    names = list(touched)
    for start in range(0, len(names), _AT_ONCE):
        part = names[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(part))
        found = connection.execute(
            f"SELECT 1 FROM pitfalls WHERE id IN ({marks})"
            " AND (duplicate_of <> '' OR original IS NOT NULL)"
            f" UNION ALL SELECT 1 FROM pitfalls WHERE duplicate_of <> ''"
            f" AND duplicate_of IN ({marks})"
            f" UNION ALL SELECT 1 FROM pitfalls WHERE original IN ({marks}) LIMIT 1",
            (*part, *part, *part),
        ).fetchone()
        if found is not None:
            return True
    return False
