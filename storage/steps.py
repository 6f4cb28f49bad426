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

from storage.events import Reported, RetroNoted
from storage.fold import Draft
from storage.models import Text
from storage.refold import core_events


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
        """The pitfalls that it touched, each once."""
        return tuple(dict.fromkeys(pitfall for pitfall, _, _ in self.events))

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
    return Step(tuple(rows), _title(connection, rows[0][0]))


def _title(connection: sqlite3.Connection, pitfall: str) -> Text:
    """The title of a pitfall, or the one it was reported by if its report is undone.

    What was noted about no pitfall goes by what it says.
    """
    row = connection.execute(
        "SELECT title, title_zh FROM pitfalls WHERE id = ?", (pitfall,)
    ).fetchone()
    if row:
        return Text.of(*row)
    draft = Draft()
    for event in core_events(connection, pitfall):
        if isinstance(event.body, Reported | RetroNoted):
            event.body.apply(draft, event)
    if notes := draft.notes():
        return notes[-1].text
    return draft.values.get("title", Text())
