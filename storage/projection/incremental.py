"""Bring the read tables up to date with events that arrived.

What only adds (an occurrence that nothing else speaks of) is added; whatever else arrives refolds
its pitfall. Both paths agree with :func:`storage.projection.rebuild.rebuild`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import Final, TypeVar

from storage.events import Event, OccurrenceLogged
from storage.fold.fold import fold
from storage.model.records import Occurrence
from storage.projection.duplicates import regroup
from storage.projection.entries import write_conflicts, write_notes
from storage.projection.history import write_changes, write_states
from storage.projection.occurrences import add_occurrences, replace_occurrences
from storage.projection.pitfalls import remove_pitfall, write_pitfalls
from storage.projection.stored_events import (
    core_events,
    is_occurrence,
    mentioned_occurrences,
    note_mentions,
)

_T = TypeVar("_T")

#: How many pitfalls are folded before their rows are written together.
TOGETHER: Final = 200


def project(connection: sqlite3.Connection, arrived: Sequence[Event]) -> frozenset[str]:
    """Bring the projection up to date after ``arrived`` were inserted; the pitfalls touched."""
    note_mentions(connection, arrived)
    by_pitfall = attrgetter("pitfall")
    added: list[Occurrence] = []
    changed: dict[str, dict[str, Event]] = {}
    for pitfall_id, group in groupby(sorted(arrived, key=by_pitfall), key=by_pitfall):
        events = list(group)
        # Whatever is no occurrence refolds its pitfall, whether it is spoken of or not.
        spoken_of = _spoken_of(connection, pitfall_id) if any(map(is_occurrence, events)) else set()
        for event in events:
            if not is_occurrence(event) or event.id in spoken_of:
                changed.setdefault(pitfall_id, {})[event.id] = event
            elif isinstance(event.body, OccurrenceLogged):
                added.append(event.body.freeze(event))
    for part in in_parts(changed.items(), TOGETHER):
        refold(connection, part)
    regroup(connection, changed.keys())
    if added:
        add_occurrences(connection, added)
    return frozenset(event.pitfall for event in arrived)


def refold(
    connection: sqlite3.Connection, changed: Sequence[tuple[str, Mapping[str, Event]]]
) -> int:
    """Fold some pitfalls again and replace their rows; how many events were folded.

    Args:
        connection: inside a write transaction.
        changed: the pitfalls, each with those of its events that are at hand.
    """
    done = 0
    written = []
    replaced = []
    for pitfall_id, parsed in changed:
        core = core_events(connection, pitfall_id, parsed)
        touched = mentioned_occurrences(connection, pitfall_id)
        # A rebuild meets here those that speak of themselves and are spoken of as well.
        note_mentions(connection, touched)
        done += len(core) + len(touched)
        folded = fold([*core, *touched])
        write_states(connection, pitfall_id, core)
        write_changes(connection, pitfall_id, folded.changes)
        write_notes(connection, pitfall_id, folded.notes)
        conflicts = folded.pitfall.conflicts if folded.pitfall is not None else ()
        write_conflicts(connection, pitfall_id, conflicts)
        connection.execute("DELETE FROM voided WHERE pitfall = ?", (pitfall_id,))
        connection.executemany(
            "INSERT INTO voided (event, pitfall) VALUES (?, ?)",
            [(event, pitfall_id) for event in folded.void],
        )
        if folded.pitfall is None:
            remove_pitfall(connection, pitfall_id)
        else:
            written.append(folded.pitfall)
        if touched:
            replaced.append((pitfall_id, {event.id for event in touched}, folded.occurrences))
    write_pitfalls(connection, written)
    for pitfall_id, names, now in replaced:
        replace_occurrences(connection, pitfall_id, names, now)
    return done


def in_parts(things: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Things in lists of at most so many."""
    things = iter(things)
    while part := list(islice(things, size)):
        yield part


def _spoken_of(connection: sqlite3.Connection, pitfall_id: str) -> set[str]:
    """The ids that a pitfall's events amend, hide or take back."""
    rows = connection.execute(
        "SELECT target FROM mentions WHERE pitfall = ?", (pitfall_id,)
    ).fetchall()
    return {target for (target,) in rows}
