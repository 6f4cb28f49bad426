"""The rows of pitfalls and of their entries: tags, comments, references, fixes and the rest."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from storage.db.reader import LINKS, Reader, recorded_on
from storage.db.rows import HOLDS, STATE, RowShape, read_pitfall, shape_of, tags_in
from storage.errors import NotFound
from storage.fold.fold import Folded
from storage.model.environment import version_key
from storage.model.records import (
    THE_BOARD,
    Attachment,
    Comment,
    Conflict,
    Fix,
    Pitfall,
    Reference,
    RetroNote,
    Signature,
    VendorReply,
)
from storage.model.row import PLAN_NAMES, Decision, Status, Wake
from storage.model.verdicts import upstream_of
from storage.projection.occurrences import COUNTED, COUNTERS, first_counters, rehome
from storage.projection.search_index import (
    forget,
    index,
    index_again,
    index_groups,
    texts_noted,
)
from storage.projection.tables import derive_columns
from storage.projection.verdicts import judge_all, judge_first, summarize
from storage.text.search_text import order_key

_STATUS_ORDER: Final = {status: place for place, status in enumerate(Status)}

#: The id comes first, which ``COUNTERS`` is asked for.
_VALUES: Final = (
    *("id", *STATE.split(", ")),
    *("workaround", "workaround_zh", "reproduction", "reproduction_zh"),
    *("changed_at", "holds", "tags"),
)
_NO_WAKE: Final = Wake()
_ROW_VALUES: Final = (*_VALUES, "is_plain")
_TAGGED: Final = itemgetter(_VALUES.index("tags"), _VALUES.index("status"))
_HELD_VALUES: Final = f"SELECT n, original, {', '.join(_ROW_VALUES)} FROM pitfalls WHERE id = ?"

_INSERT_PITFALL: Final = f"""
INSERT INTO pitfalls ({", ".join(_ROW_VALUES)}, n, {", ".join(COUNTED)})
VALUES ({", ".join("?" * (len(_ROW_VALUES) + 1 + len(COUNTED)))})
"""


def write_pitfalls(
    connection: sqlite3.Connection,
    pitfalls: Sequence[tuple[Pitfall, Sequence[object], bool]],
    *,
    is_new: bool = False,
) -> None:
    """Replace the rows of some pitfalls; their occurrences stay, and so do their counters.

    Args:
        connection: inside a write transaction.
        pitfalls: each with what :func:`state_of` gives, and whether it is plain, which
            :func:`storage.projection.duplicates_and_history.is_plain` tells.
        is_new: whether none of them has a row yet, as in a rebuild, where all is counted.
    """
    (last,) = connection.execute("SELECT ifnull(max(n), 0) FROM pitfalls").fetchone()
    counted = first_counters(connection, [one.id for one, _, _ in pitfalls]) if is_new else {}
    known: list[tuple[int, Pitfall]] = []
    fresh: list[tuple[int, Pitfall]] = []
    inserted: list[tuple[object, ...]] = []
    homes: list[tuple[int, str, Pitfall]] = []
    tagged: list[tuple[int, Pitfall, str, str]] = []
    for pitfall, state, plain in pitfalls:
        row = None if is_new else connection.execute(_HELD_VALUES, (pitfall.id,)).fetchone()
        if row is None:
            last += 1
            fresh.append((last, pitfall))
            # Inserted with one statement that asks for them, it would write down each page that it
            # changes before it does, to take it back.
            sums = counted.get(pitfall.id) or connection.execute(COUNTERS, (pitfall.id,)).fetchone()
            inserted.append((*_values(pitfall, state), plain, last, *sums))
            homes.append((last, pitfall.id, pitfall))
            tagged.append((last, pitfall, "", ""))
        else:
            n, original, *held = row
            known.append((n, pitfall))
            homes.append((n, original or pitfall.id, pitfall))
            tagged.append((n, pitfall, *_TAGGED(held)))
            _update(connection, n, held, (*_values(pitfall, state), plain))
    connection.executemany(_INSERT_PITFALL, inserted)
    derive_columns(connection, last - len(inserted))
    # All texts of a rebuild are noted at its end.
    noting = nullcontext() if is_new else texts_noted(connection, [one.id for _, _, one in homes])
    with noting:
        clear_items(connection, [(n, one.id) for n, one in known])
        write_items(connection, homes)
    write_tags(connection, tagged)
    index_again(connection, known)
    index(connection, fresh)
    if is_new:
        # Nothing of it was judged, and what has no fixes is not.
        judge_first(connection, [pitfall for _, _, pitfall in homes if pitfall.fixes])
        return
    for home in dict.fromkeys(home for _, home, _ in homes):
        judge_all(connection, home)
    for _, home, pitfall in homes:
        if home != pitfall.id:
            summarize(connection, pitfall.id)


def columns_of(pitfall: Pitfall) -> dict[str, object]:
    """What a pitfall's row holds by itself, by the names of the columns."""
    return dict(zip(_VALUES, _values(pitfall, state_of(pitfall)), strict=True))


def state_of(pitfall: Pitfall) -> tuple[object, ...]:
    """The columns of ``STATE``."""
    # By ``_value_``, since ``value`` is a property: each state of each pitfall comes through here.
    decision = pitfall.decision
    wake = decision.wake or _NO_WAKE
    return (
        *pitfall.title,
        order_key(pitfall.title.plain),
        order_key(pitfall.title.zh),
        pitfall.kind._value_,
        *pitfall.component,
        pitfall.severity._value_,
        pitfall.status._value_,
        _STATUS_ORDER[pitfall.status],
        pitfall.reported_at,
        pitfall.reported_by,
        decision.triage._value_,
        decision.at,
        decision.inbox_reason.value if decision.inbox_reason else "",
        decision.decline_reason.value if decision.decline_reason else "",
        decision.duplicate_of,
        *wake[:4],
        version_key(wake.version) if wake.version else None,
        upstream_of(pitfall)._value_,
        pitfall.workaround_at,
        *pitfall.plan,
    )


def _values(pitfall: Pitfall, state: Sequence[object]) -> tuple[object, ...]:
    """The columns of ``_VALUES``, of which ``state`` are those of ``STATE``."""
    return (
        pitfall.id,
        *state,
        *pitfall.workaround,
        *pitfall.reproduction,
        pitfall.changed_at,
        _holds(pitfall),
        " ".join(pitfall.tags),
    )


_HELD_OF_PLAN: Final = [(field, HOLDS[field]) for field in PLAN_NAMES]
_HELD_OF_PITFALL: Final = [one for one in HOLDS.items() if one not in _HELD_OF_PLAN]


def _holds(pitfall: Pitfall) -> int:
    """What belongs to a pitfall, as the bits of the column ``holds``."""
    held = sum(bit for field, bit in _HELD_OF_PITFALL if any(getattr(pitfall, field)))
    return held + sum(bit for field, bit in _HELD_OF_PLAN if getattr(pitfall.plan, field))


def _update(
    connection: sqlite3.Connection, n: int, held: Sequence[object], now: Sequence[object]
) -> None:
    """Write the values that differ: SQLite would write every index of a column that it is given."""
    differing = [place for place in range(len(now)) if held[place] != now[place]]
    if differing:
        connection.execute(
            f"UPDATE pitfalls SET {', '.join(f'{_ROW_VALUES[place]} = ?' for place in differing)}"
            " WHERE n = ?",
            (*(now[place] for place in differing), n),
        )


def remove_pitfall(connection: sqlite3.Connection, pitfall_id: str) -> None:
    """Take a pitfall whose report was undone off the board; its occurrences stay."""
    found = connection.execute(
        "DELETE FROM pitfalls WHERE id = ? RETURNING n, original, tags", (pitfall_id,)
    ).fetchone()
    if found is not None:
        n, original, tags = found
        forget(connection, n)
        connection.executemany(_UNTAG, [(tag, n) for tag in tags_in(tags)])
        with texts_noted(connection, [pitfall_id]):
            clear_items(connection, [(n, pitfall_id)])
        judge_all(connection, pitfall_id)
        if original is not None:
            rehome(connection, [(pitfall_id, original, pitfall_id)])
            index_groups(connection, [original])
            update_derived(connection, [original])


# What pitfalls with duplicates have, and how they stand with the vendor, as columns


def update_derived(connection: sqlite3.Connection, names: Iterable[str]) -> None:
    """Derive the upstream state of some pitfalls, and what they have, from all that counts."""
    reader = Reader(connection, Path())
    for name in names:
        try:
            pitfall = read_pitfall(reader, name)
        except NotFound:
            continue
        connection.execute(
            "UPDATE pitfalls SET upstream = ?1, holds = ?2"
            " WHERE id = ?3 AND (upstream, holds) <> (?1, ?2)",
            (upstream_of(pitfall).value, _holds(pitfall), name),
        )


# The entries of a pitfall


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
_TAG: Final = "INSERT INTO tags (pitfall, tag, n, spelled, status) VALUES (?, ?, ?, ?, ?)"
_UNTAG: Final = "DELETE FROM tags WHERE tag = ? COLLATE NOCASE AND n = ?"
#: What of a duplicate counts for the original; what comes first lies in the order of pitfalls.
_SHARED: Final = ("pitfall_references", "signatures", "vendor_replies", "attachments")


def clear_items(connection: sqlite3.Connection, pitfalls: Sequence[tuple[int, str]]) -> None:
    """Take away all that was recorded on some pitfalls, each named by its number and its id."""
    for table in ("comments", "fixes"):
        connection.executemany(f"DELETE FROM {table} WHERE pitfall = ?2", pitfalls)
    connection.executemany(
        "DELETE FROM pitfall_references WHERE n >= ? AND n < ?",
        [(n * LINKS, (n + 1) * LINKS) for n, _ in pitfalls],
    )
    for table in (*_SHARED[1:], "not_duplicates"):
        connection.executemany(f"DELETE FROM {table} WHERE recorded_on = ?2", pitfalls)


def write_tags(
    connection: sqlite3.Connection, tagged: Iterable[tuple[int, Pitfall, str, str]]
) -> None:
    """Let the pitfalls of a tag be found, by what has become of those of some pitfalls.

    Args:
        connection: inside a write transaction.
        tagged: pitfalls, each with its number, and the tags and the status its row held before.
    """
    gone: list[tuple[str, int]] = []
    come: list[tuple[str, str, int, str, str]] = []
    for n, pitfall, before, status in tagged:
        held = tags_in(before)
        if held != pitfall.tags or (held and status != pitfall.status):
            gone += [(tag, n) for tag in held]
            like = Counter[str]()
            for tag in pitfall.tags:
                spelled = tag if like[tag.lower()] else ""
                like[tag.lower()] += 1
                come.append((pitfall.id, tag, n, spelled, pitfall.status.value))
    connection.executemany(_UNTAG, gone)
    connection.executemany(_TAG, come)


def rehome_items(connection: sqlite3.Connection, name: str, counts_for: str) -> None:
    """Let what of a pitfall counts for its original count for another one."""
    for table in _SHARED:
        connection.execute(
            f"UPDATE {table} SET pitfall = ?1 WHERE {recorded_on(table, '?2')}", (counts_for, name)
        )


def write_items(
    connection: sqlite3.Connection, pitfalls: Sequence[tuple[int, str, Pitfall]]
) -> None:
    """Write the items of pitfalls, each with its number and the pitfall that it counts for."""
    for table, record, name in _ITEMS:
        shape: RowShape[Any] = shape_of(record)
        beside = ["pitfall"]
        beside += [] if table in _IN_THE_RECORDS_ORDER else ["place"]
        beside += ["n"] if table == "pitfall_references" else []
        used = len(beside)
        connection.executemany(
            shape.insert(table, *beside),
            [
                shape.row(
                    one, *(home if table in _SHARED else p.id, place, n * LINKS + place)[:used]
                )
                for n, home, p in pitfalls
                for place, one in enumerate(getattr(p, name))
            ],
        )
    connection.executemany(
        "INSERT OR IGNORE INTO not_duplicates VALUES (?, ?, ?)",
        [
            (one, other, p.id)
            for _, _, p in pitfalls
            for apart in p.apart
            for one, other in ((p.id, apart), (apart, p.id))
        ],
    )


# The rows of what a team noted when it looked back


def clear_folded(connection: sqlite3.Connection, recorded_on: Sequence[str]) -> None:
    """Take away what is folded of pitfalls or the board besides their rows and their entries."""
    connection.executemany(
        "DELETE FROM retro_notes WHERE pitfall = ?",
        [("" if name == THE_BOARD else name,) for name in recorded_on],
    )
    cleared = [(name,) for name in recorded_on]
    for table in ("conflicts", "voided", "declined_suggestions"):
        connection.executemany(f"DELETE FROM {table} WHERE pitfall = ?", cleared)
    if THE_BOARD in recorded_on:
        connection.execute("DELETE FROM board_values")


def write_folded(connection: sqlite3.Connection, folded: Iterable[tuple[str, Folded]]) -> None:
    """Write what is folded of pitfalls or the board besides their rows and their entries.

    Args:
        connection: inside a write transaction, after :func:`clear_folded`.
        folded: what each comes to, by what it was recorded on.
    """
    folded = list(folded)
    shape = shape_of(RetroNote)
    connection.executemany(
        shape.insert("retro_notes"),
        [shape.row(note) for _, found in folded for note in found.notes],
    )
    connection.executemany(
        "INSERT INTO declined_suggestions VALUES (?, ?, ?)",
        [(name, post, digest) for name, found in folded for post, digest in found.declined],
    )
    # The single values of a pitfall are in its row.
    connection.executemany(
        "INSERT INTO board_values VALUES (?, ?, ?)",
        [
            (value, THE_BOARD, text.plain)
            for name, found in folded
            if name == THE_BOARD
            for value, text in found.values.items()
        ],
    )
    connection.executemany(
        "INSERT INTO voided (event, pitfall) VALUES (?, ?)",
        [(event, name) for name, found in folded for event in found.void],
    )
    write_conflicts(
        connection, [(name, found.pitfall.conflicts) for name, found in folded if found.pitfall]
    )


# The rows of the values that several people wrote at the same time


def write_conflicts(
    connection: sqlite3.Connection, conflicts: Iterable[tuple[str, Iterable[Conflict]]]
) -> None:
    """Write the conflicts of pitfalls, each with its own."""
    connection.executemany(
        "INSERT INTO conflicts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(pitfall, conflict.name, place, conflict.field, conflict.part, *conflict.about),
                *(claim.event, claim.at, claim.who, *claim.value, _as_json(claim.decision)),
            )
            for pitfall, those in conflicts
            for conflict in those
            for place, claim in enumerate(conflict.claims)
        ],
    )


def _as_json(decision: Decision | None) -> str:
    if decision is None:
        return ""
    wake = decision.wake and decision.wake._asdict()
    return json.dumps(decision._asdict() | {"wake": wake}, sort_keys=True)
