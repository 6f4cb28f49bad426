"""Bring the read tables up to date with events that arrived, or compute them anew from all.

What only adds (an occurrence that nothing else speaks of) is added; whatever else arrives refolds
its pitfall. Both paths agree with :func:`storage.projection.update.rebuild`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from itertools import groupby, islice
from operator import attrgetter
from typing import Final, TypeVar

from storage.db.connection import sorted_afterwards
from storage.db.reader import time_zone_of
from storage.events import KINDS, Body, Event, OccurrenceLogged, held
from storage.fold.fold import Folded, fold, folded_with_spans, timeline
from storage.model.clock import Change
from storage.model.records import THE_BOARD, Line, Occurrence, Pitfall
from storage.projection.duplicates_and_history import (
    Row,
    columns_shown,
    in_their_order,
    is_plain,
    regroup,
    states,
    write_changes,
    write_states,
)
from storage.projection.occurrences import (
    PLAIN_OCCURRENCE,
    add_occurrences,
    all_counted,
    count_days_anew,
    fill_occurrences,
    pages_of,
    replace_occurrences,
)
from storage.projection.pitfalls import (
    clear_folded,
    remove_pitfall,
    write_folded,
    write_pitfalls,
)
from storage.projection.search_index import complete
from storage.projection.tables import create_read_tables, drop_read_tables
from storage.projection.verdicts import in_order_of_occurrences
from storage.text.zones import in_zone

_T = TypeVar("_T")
#: Told how many pitfalls of a step are folded again, and how many they are.
Progress = Callable[[int, int], object]

#: The part of a board whose indexes a rebuild sorts in one go. Their pages are full then, and each
#: row that comes to one moves entries of its neighbours; what is left makes room for that.
_SORTED: Final = 0.97

#: How many pitfalls are folded before their rows are written together.
TOGETHER: Final = 200


def project(
    connection: sqlite3.Connection, arrived: Sequence[Event], progress: Progress | None = None
) -> frozenset[str]:
    """Bring the projection up to date after ``arrived`` were inserted; the pitfalls touched."""
    note_mentions(connection, arrived)
    with _days_of_the_board(connection, {event.pitfall for event in arrived}):
        added: list[Occurrence] = []
        changed: dict[str, dict[str, Event]] = {}
        # In the order of arrival, which is that of the file after an import, and of a rebuild.
        groups: dict[str, list[Event]] = {}
        for event in arrived:
            groups.setdefault(event.pitfall, []).append(event)
        for pitfall_id, events in groups.items():
            # Whatever is no occurrence refolds its pitfall, whether it is spoken of or not.
            referred = _referred(connection, pitfall_id) if any(map(is_occurrence, events)) else ()
            for event in events:
                if not is_occurrence(event) or event.id in referred:
                    changed.setdefault(pitfall_id, {})[event.id] = event
                elif isinstance(event.body, OccurrenceLogged):
                    added.append(event.body.freeze(event))
        for done, part in enumerate(in_parts(changed.items(), TOGETHER)):
            if progress:
                progress(done * TOGETHER, len(changed))
            refold(connection, part)
        regroup(connection, changed.keys())
        if added:
            add_occurrences(connection, added)
        return frozenset(event.pitfall for event in arrived)


def withdraw(connection: sqlite3.Connection, removed: Sequence[Event]) -> None:
    """Bring the projection up to date after ``removed`` were taken out of the events."""
    by_pitfall = attrgetter("pitfall")
    groups = [
        (pitfall, list(group))
        for pitfall, group in groupby(sorted(removed, key=by_pitfall), key=by_pitfall)
    ]
    connection.executemany(
        "DELETE FROM mentions WHERE event = ?", [(event.id,) for event in removed]
    )
    with _days_of_the_board(connection, {pitfall for pitfall, _ in groups}):
        _withdraw(connection, groups)


def _withdraw(
    connection: sqlite3.Connection, groups: Sequence[tuple[str, Sequence[Event]]]
) -> None:
    for part in in_parts([(pitfall, dict[str, Event]()) for pitfall, _ in groups], TOGETHER):
        refold(connection, part)
    for pitfall, events in groups:
        # What they amended, hid or took back is again as it was written.
        touched = {target for event in events for target in mentions(event)}
        touched -= _referred(connection, pitfall)
        rows = connection.execute(
            f"{HELD} WHERE pitfall = ? AND kind = 'occurrence_logged'"
            " AND id IN (SELECT value FROM json_each(?))",
            (pitfall, json.dumps(sorted(touched))),
        ).fetchall()
        plain = [held(name, line) for name, line in rows]
        now = [one.body.freeze(one) for one in plain if isinstance(one.body, OccurrenceLogged)]
        gone = {one.id for one in (*events, *plain)}
        replace_occurrences(connection, pitfall, gone, now)
    regroup(connection, [pitfall for pitfall, _ in groups])


@contextmanager
def _days_of_the_board(connection: sqlite3.Connection, touched: Collection[str]) -> Iterator[None]:
    """Fold what follows with days of the time zone that the board has by now.

    Where it has become another one, all that depends on days is counted again.

    Args:
        connection: inside a write transaction.
        touched: the pitfalls whose events are others by now.
    """
    before = time_zone_of(connection)
    if THE_BOARD in touched:
        refold(connection, [(THE_BOARD, {})])
    now = time_zone_of(connection)
    with in_zone(now):
        if now != before:
            count_days_anew(connection)
        yield


def refold(
    connection: sqlite3.Connection,
    changed: Sequence[tuple[str, Mapping[str, Event]]],
    *,
    is_new: bool = False,
) -> int:
    """Fold some pitfalls again and replace their rows; how many events were folded.

    Args:
        connection: inside a write transaction.
        changed: the pitfalls, each with those of its events that are at hand.
        is_new: whether the tables hold nothing of them yet but occurrences, as in a rebuild.
    """
    done = 0
    written: list[tuple[Pitfall, Row, bool]] = []
    come_to: list[tuple[str, Folded]] = []
    shown_then: list[tuple[str, Sequence[Row]]] = []
    changed_then: list[tuple[str, Sequence[Change]]] = []
    replaced = []
    core_of, arrived = _core_events(connection, changed)
    touched_of = _mentioned_occurrences(connection, [name for name, _ in changed])
    for pitfall_id, _ in changed:
        core = core_of.get(pitfall_id, [])
        touched = touched_of.get(pitfall_id, [])
        done += len(core) + len(touched)
        if touched:
            # A rebuild meets here those that speak of themselves and are spoken of as well.
            note_mentions(connection, touched)
            folded, shown = fold([*core, *touched]), None
        else:
            folded, shown = folded_with_spans(core, columns_shown)
        come_to.append((pitfall_id, folded))
        rows, changes = states(core, arrived, shown), folded.changes
        plain = False
        if folded.pitfall is not None:
            # Known already where its events were gone through once.
            now = shown[-1].shown if shown else columns_shown(folded.pitfall)
            plain = is_plain(folded.pitfall, now, rows, changes)
            written.append((folded.pitfall, now[:-1], plain))
        shown_then.append((pitfall_id, () if plain else rows))
        changed_then.append((pitfall_id, () if plain else changes))
        if touched:
            replaced.append((pitfall_id, {event.id for event in touched}, folded.occurrences))
    write_states(connection, shown_then, is_new=is_new)
    write_changes(connection, changed_then, is_new=is_new)
    if not is_new:
        clear_folded(connection, [name for name, _ in changed])
    write_folded(connection, come_to)
    if not is_new:
        for pitfall_id, folded in come_to:
            if folded.pitfall is None:
                remove_pitfall(connection, pitfall_id)
    write_pitfalls(connection, written, is_new=is_new)
    for pitfall_id, names, now in replaced:
        replace_occurrences(connection, pitfall_id, names, now)
    return done


def in_parts(things: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Things in lists of at most so many."""
    things = iter(things)
    while part := list(islice(things, size)):
        yield part


def _referred(connection: sqlite3.Connection, pitfall_id: str) -> set[str]:
    """The ids that a pitfall's events amend, hide or take back."""
    rows = connection.execute(
        "SELECT target FROM mentions WHERE pitfall = ?", (pitfall_id,)
    ).fetchall()
    return {target for (target,) in rows}


# Events as the file holds them, read back and checked, and which of them speak of others


#: An event's id and its line, as :func:`storage.events.held` takes them.
HELD: Final = "SELECT id, CAST(line AS BLOB) FROM events"


def core_events(connection: sqlite3.Connection, pitfall_id: str) -> list[Event]:
    """A pitfall's events without its occurrences."""
    return _core_events(connection, [(pitfall_id, {})])[0].get(pitfall_id, [])


def _core_events(
    connection: sqlite3.Connection, changed: Sequence[tuple[str, Mapping[str, Event]]]
) -> tuple[dict[str, list[Event]], dict[str, int]]:
    """The events of some pitfalls without their occurrences, and when those from elsewhere came.

    Args:
        connection: reads the board.
        changed: each pitfall with events by their ids that need not be parsed again.

    Returns:
        the events by their pitfalls, and the times (ms) by the events.
    """
    parsed = {name: event for _, events in changed for name, event in events.items()}
    rows = connection.execute(
        "SELECT pitfall, id, CAST(line AS BLOB), arrived_at FROM events"
        " WHERE pitfall IN (SELECT value FROM json_each(?)) AND kind <> 'occurrence_logged'",
        (json.dumps([pitfall for pitfall, _ in changed]),),
    ).fetchall()
    found: dict[str, list[Event]] = {}
    for pitfall, name, line, _ in rows:
        found.setdefault(pitfall, []).append(parsed.get(name) or held(name, line))
    return found, {name: at for _, name, _, at in rows if at is not None}


def mentioned_occurrences(connection: sqlite3.Connection, pitfall_id: str) -> list[Event]:
    """The occurrences of a pitfall that its events speak of: they amend, hide or undo them."""
    return _mentioned_occurrences(connection, [pitfall_id]).get(pitfall_id, [])


def _mentioned_occurrences(
    connection: sqlite3.Connection, names: Sequence[str]
) -> dict[str, list[Event]]:
    """The same of several pitfalls, by their names."""
    rows = connection.execute(
        "SELECT DISTINCT events.pitfall, events.id, CAST(line AS BLOB)"
        " FROM mentions JOIN events ON events.id = mentions.target"
        " WHERE mentions.pitfall IN (SELECT value FROM json_each(?))"
        " AND events.pitfall = mentions.pitfall AND kind = 'occurrence_logged'",
        (json.dumps(names),),
    ).fetchall()
    found: dict[str, list[Event]] = {}
    for pitfall, name, line in rows:
        found.setdefault(pitfall, []).append(held(name, line))
    return found


def history_of(
    connection: sqlite3.Connection, pitfall_id: str, occurrences: str, parameters: Sequence[object]
) -> list[Line]:
    """A pitfall's history, oldest first.

    Args:
        connection: reads the board.
        pitfall_id: the pitfall.
        occurrences: the ids of the occurrences to be told of, as an SQL query or list; those that
            other events speak of come in any case.
        parameters: of that query.
    """
    events = core_events(connection, pitfall_id)
    events += mentioned_occurrences(connection, pitfall_id)
    there = {event.id for event in events}
    rows = connection.execute(
        f"{HELD} WHERE kind = 'occurrence_logged' AND id IN ({occurrences})", parameters
    ).fetchall()
    events += [held(name, line) for name, line in rows if name not in there]
    return timeline(events)


def mentions(event: Event) -> tuple[str, ...]:
    """The ids of the events that ``event`` speaks of, as the table ``mentions`` holds them.

    An occurrence that this version can't read speaks of itself: it has no row
    by which the timeline could find it.
    """
    if event.body is not None:
        return event.body.mentions()
    return (event.id,) if is_occurrence(event) else ()


def note_mentions(connection: sqlite3.Connection, events: Iterable[Event]) -> None:
    """Add to the table ``mentions`` which events some events speak of."""
    connection.executemany(
        "INSERT OR IGNORE INTO mentions (target, event, pitfall) VALUES (?, ?, ?)",
        [(target, event.id, event.pitfall) for event in events for target in mentions(event)],
    )


def is_occurrence(event: Event) -> bool:
    """Whether an event logs an occurrence, be it one that this version can read or not."""
    return event.envelope.kind == OccurrenceLogged.kind


# Compute all read tables anew from the events


def rebuild(
    connection: sqlite3.Connection, progress: Callable[[int], object] = lambda done: None
) -> int:
    """Drop the read tables, create them and fold every event again; how many events there were.

    Incremental and full rebuilds agree. Occurrences come first, so that each pitfall is written
    once with its counters.

    Args:
        connection: inside a write transaction.
        progress: told the number of events done so far.
    """
    drop_read_tables(connection)
    create_read_tables(connection)
    for page in pages_of(connection, f"kind IN ({_mentioning()})"):
        note_mentions(connection, [held(*row) for row in page])
    # Its time zone comes first.
    refold(connection, [(THE_BOARD, {})])
    with in_zone(time_zone_of(connection)):
        with in_order_of_occurrences(connection):
            _fold_all(connection, progress)
        duplicates = connection.execute("SELECT id FROM pitfalls WHERE duplicate_of <> ''")
        regroup(connection, [pitfall for (pitfall,) in duplicates.fetchall()])
    complete(connection)
    return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


def _fold_all(connection: sqlite3.Connection, progress: Callable[[int], object]) -> None:
    done = 0
    (newest,) = connection.execute("SELECT ifnull(max(n), 0) FROM events").fetchone()
    most = int(newest * _SORTED)
    for pages, filling in (
        (
            pages_of(connection, PLAIN_OCCURRENCE, up_to=most),
            sorted_afterwards(connection, "occurrences", unique=True),
        ),
        (pages_of(connection, PLAIN_OCCURRENCE, after=most), nullcontext()),
    ):
        with filling:
            for page in pages:
                unread = fill_occurrences(connection, page)
                note_mentions(connection, unread)
                done += len(page) - len(unread)
                progress(done)
    in_order_of_arrival = connection.execute(
        "SELECT pitfall FROM events WHERE kind <> 'occurrence_logged' AND pitfall <> ?"
        " GROUP BY pitfall ORDER BY min(n)",
        (THE_BOARD,),
    ).fetchall()
    most = int(len(in_order_of_arrival) * _SORTED)
    with (
        all_counted(connection, lambda: progress(done)),
        sorted_afterwards(connection, "changes"),
        in_their_order(connection, "changes", "pitfall, place"),
        in_their_order(connection, "states", "pitfall, clock, since"),
    ):
        for pitfalls, filling in (
            (in_order_of_arrival[:most], sorted_afterwards(connection, "pitfalls")),
            (in_order_of_arrival[most:], nullcontext()),
        ):
            with filling:
                for part in in_parts(pitfalls, TOGETHER):
                    done += refold(connection, [(pitfall, {}) for (pitfall,) in part], is_new=True)
                    progress(done)


def _mentioning() -> str:
    """The kinds that speak of other events, as an SQL list."""
    return ", ".join(
        f"'{kind}'" for kind, body in KINDS.items() if body.mentions is not Body.mentions
    )
