"""Undo and redo: which user action of a person comes next.

A step is what one user action wrote. The rule is that of every editor: undo
goes back through what stands, newest first; redo goes forward through what was
undone, until something new is done.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from storage.events import Reported, RetroNoted, parse
from storage.fold.state import Draft
from storage.model.records import Text
from storage.model.retro import THE_BOARD
from storage.projection.stored_events import core_events


@dataclass(frozen=True, slots=True)
class Step:
    """One user action: its events as (pitfall, event id, kind), in their order.

    ``title`` is that of the first pitfall it touched.
    """

    events: tuple[tuple[str, str, str], ...]
    title: Text

    @property
    def kinds(self) -> tuple[str, ...]:
        """The event kinds that it wrote, each once."""
        return tuple(dict.fromkeys(kind for _, _, kind in self.events))

    @property
    def pitfalls(self) -> tuple[str, ...]:
        """The pitfalls that it touched, each once; none, if it was about the whole board."""
        touched = dict.fromkeys(pitfall for pitfall, _, _ in self.events)
        return tuple(pitfall for pitfall in touched if pitfall != THE_BOARD)

    def by_pitfall(self) -> list[tuple[str, tuple[str, ...]]]:
        """The ids of its events, for each pitfall."""
        first = itemgetter(0)
        groups = groupby(sorted(self.events, key=first), key=first)
        return [(pitfall, tuple(event for _, event, _ in group)) for pitfall, group in groups]


_NEWEST_DEED = """
SELECT step FROM events
WHERE actor = ?1 AND who = ?2 AND kind <> 'undone'
  AND NOT EXISTS (SELECT 1 FROM voided WHERE voided.event = events.id)
ORDER BY seq DESC LIMIT 1
"""

# An undo that names deeds; one that names undos is a redo.
_NEWEST_UNDO = """
SELECT step FROM events
WHERE actor = ?1 AND who = ?2 AND kind = 'undone'
  AND NOT EXISTS (SELECT 1 FROM voided WHERE voided.event = events.id)
  AND NOT EXISTS (SELECT 1 FROM mentions JOIN events AS named ON named.id = mentions.target
                  WHERE mentions.event = events.id AND named.kind = 'undone')
  AND seq > ifnull((SELECT seq FROM events WHERE actor = ?1 AND who = ?2 AND kind <> 'undone'
                    ORDER BY seq DESC LIMIT 1), 0)
ORDER BY seq DESC LIMIT 1
"""


# From what changed a note, or took such a change back, to the note.
_NOTED = """
WITH RECURSIVE about (id) AS (
  VALUES (?1)
  UNION
  SELECT target FROM mentions JOIN about ON mentions.event = about.id WHERE mentions.pitfall = ?2
)
SELECT events.id, events.line FROM about JOIN events USING (id) WHERE kind = 'retro_noted' LIMIT 1
"""


def newest_undoable(connection: sqlite3.Connection, actor: str, who: str) -> Step | None:
    """The newest deed of a person on this store that stands."""
    return _step(connection, actor, who, _NEWEST_DEED)


def newest_redoable(connection: sqlite3.Connection, actor: str, who: str) -> Step | None:
    """The newest undo of a person that stands, if they did nothing new since."""
    return _step(connection, actor, who, _NEWEST_UNDO)


def deed_of(connection: sqlite3.Connection, undo: Step) -> Step:
    """The deed that an undo step took back."""
    rows = connection.execute(
        "SELECT named.pitfall, named.id, named.kind FROM mentions"
        " JOIN events AS named ON named.id = mentions.target"
        f" WHERE mentions.event IN ({', '.join('?' * len(undo.events))})"
        " ORDER BY named.seq",
        [event for _, event, _ in undo.events],
    ).fetchall()
    return Step(tuple(rows), undo.title)


def _step(connection: sqlite3.Connection, actor: str, who: str, newest: str) -> Step | None:
    found = connection.execute(newest, (actor, who)).fetchone()
    if found is None:
        return None
    rows = connection.execute(
        "SELECT pitfall, id, kind FROM events WHERE actor = ? AND seq >= ? AND step = ?"
        " ORDER BY seq",
        (actor, *found, *found),
    ).fetchall()
    return Step(tuple(rows), _title(connection, *rows[0][:2]))


def _title(connection: sqlite3.Connection, pitfall: str, event: str) -> Text:
    """The title of a pitfall, or the one it was reported by if its report is undone.

    What was noted about no pitfall goes by what it says.
    """
    if pitfall == THE_BOARD:
        return _said(connection, event)
    row = connection.execute(
        "SELECT title, title_zh FROM pitfalls WHERE id = ?", (pitfall,)
    ).fetchone()
    if row:
        return Text.of(*row)
    draft = Draft()
    for one in core_events(connection, pitfall):
        if isinstance(one.body, Reported):
            one.body.apply(draft, one)
    return draft.values.get("title", Text())


def _said(connection: sqlite3.Connection, event: str) -> Text:
    """What the note says that an event is about, now or when it was noted."""
    noted = connection.execute(_NOTED, (event, THE_BOARD)).fetchone()
    if noted is None:
        return Text()
    name, line = noted
    row = connection.execute(
        "SELECT text, text_zh FROM retro_notes WHERE id = ?", (name,)
    ).fetchone()
    if row:
        return Text.of(*row)
    body = parse(line.encode()).body
    return body.headline() if isinstance(body, RetroNoted) else Text()
