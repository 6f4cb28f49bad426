"""Events as the file holds them, read back and checked, and which of them speak of others."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from storage.events import Event, OccurrenceLogged, held
from storage.fold.fold import timeline
from storage.model.records import Line

#: An event's id and its line, as :func:`storage.events.held` takes them.
HELD: Final = "SELECT id, CAST(line AS BLOB) FROM events"


def core_events(
    connection: sqlite3.Connection, pitfall_id: str, parsed: Mapping[str, Event] | None = None
) -> list[Event]:
    """A pitfall's events without its occurrences.

    Args:
        connection: reads the board.
        pitfall_id: the pitfall.
        parsed: events by their ids that need not be parsed again.
    """
    rows = connection.execute(
        f"{HELD} WHERE pitfall = ? AND kind <> 'occurrence_logged'",
        (pitfall_id,),
    ).fetchall()
    parsed = parsed or {}
    return [parsed.get(event) or held(event, line) for event, line in rows]


def mentioned_occurrences(connection: sqlite3.Connection, pitfall_id: str) -> list[Event]:
    """The occurrences of a pitfall that its events speak of: they amend, hide or undo them."""
    rows = connection.execute(
        "SELECT DISTINCT events.id, CAST(line AS BLOB)"
        " FROM mentions JOIN events ON events.id = mentions.target"
        " WHERE mentions.pitfall = ?1 AND events.pitfall = ?1 AND kind = 'occurrence_logged'",
        (pitfall_id,),
    ).fetchall()
    return [held(event, line) for event, line in rows]


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
