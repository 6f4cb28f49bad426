"""Folds pitfalls as of a moment into the temporary tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Final

from storage.as_of.temp_tables import ITEMS, fill_events, logged_by
from storage.db.connection import connect_for_reading, explained
from storage.events import Event
from storage.fold.fold import Folded, fold
from storage.model.clock import Moment
from storage.model.records import Pitfall, RetroNote
from storage.model.vocabulary import NoteKind
from storage.projection.occurrences import count_occurrences, insert_occurrences
from storage.projection.pitfalls import (
    columns_of,
    update_derived,
    write_conflicts,
    write_items,
    write_tags,
)
from storage.projection.update import core_events, mentioned_occurrences
from storage.projection.verdicts import judge_all

_AT_ONCE: Final = 200

#: Single values that the file holds and ``states`` does not, of what nobody changed since.
_SAME: Final = """
UPDATE temp.pitfalls
SET (workaround, workaround_zh, reproduction, reproduction_zh, changed_at, holds, tags) =
  (SELECT workaround, workaround_zh, reproduction, reproduction_zh, changed_at, holds, tags
   FROM main.pitfalls AS now WHERE now.id = pitfalls.id)
WHERE id NOT IN (SELECT pitfall FROM temp.restated)
"""


class Refold:
    """Folds pitfalls as of a moment, each once, together with their duplicates.

    Args:
        connection: with the tables of the moment laid over.
        moment: that moment.
    """

    def __init__(self, connection: sqlite3.Connection, moment: Moment) -> None:
        self._connection = connection
        self._logged = logged_by(moment)
        self._everything = False

    def refold(self, names: Iterable[str]) -> None:
        """Fold some pitfalls and their duplicates."""
        if self._everything:
            return
        groups = dict.fromkeys(one for name in names for one in self._group(name))
        wanted = [name for name in groups if not self._is_refolded(name)]
        if not wanted:
            return
        homes = {name: self._home(name) for name in wanted}
        folded = {name: self._fold(name) for name in wanted}
        written: list[tuple[int, str, Pitfall]] = []
        for name, (found, touched) in folded.items():
            if found.pitfall is not None:
                number = self._write_values(found.pitfall)
                written.append((number, homes[name], found.pitfall))
            self._write_occurrences(name, homes[name], found, touched)
        write_items(self._connection, written)
        write_tags(self._connection, [(n, one, "", "") for n, _home, one in written])
        for home in sorted(set(homes.values())):
            count_occurrences(self._connection, home)
            judge_all(self._connection, home)
        update_derived(self._connection, sorted(set(homes.values())))

    def refold_all(self, going_on: Callable[[float], None] = lambda share: None) -> None:
        """Fold again whatever somebody changed since, and take the rest as it is.

        Args:
            going_on: told the share that is done; may raise to stop.
        """
        if self._everything:
            return
        names = self._changed_since()
        for done in range(0, len(names), _AT_ONCE):
            going_on(done / len(names))
            self.refold(names[done : done + _AT_ONCE])
        same = "id NOT IN (SELECT pitfall FROM temp.restated)"
        for table in ITEMS:
            own = ("tags", "comments", "fixes", "conflicts")
            whose = "pitfall" if table in own else "recorded_on"
            self._connection.execute(
                f"INSERT OR IGNORE INTO temp.{table} SELECT * FROM main.{table}"
                f" WHERE {whose} IN (SELECT id FROM temp.pitfalls WHERE {same})"
            )
        self._connection.execute(_SAME)
        self._everything = True

    def _changed_since(self) -> list[str]:
        """The pitfalls that somebody changed since, or whose fixes were verified or disputed."""
        rows = self._connection.execute(
            "SELECT pitfall FROM main.events WHERE kind <> 'occurrence_logged'"
            " AND id NOT IN (SELECT id FROM events WHERE kind <> 'occurrence_logged')"
            " AND pitfall IN (SELECT id FROM temp.pitfalls)"
            " UNION SELECT pitfall FROM main.fixes WHERE evidence <> ''"
            " AND evidence NOT IN"
            " (SELECT id FROM events WHERE id = evidence AND kind = 'occurrence_logged')"
        ).fetchall()
        return [name for (name,) in rows]

    def _group(self, name: str) -> list[str]:
        home = self._home(name)
        rows = self._connection.execute("SELECT id FROM pitfalls WHERE original = ?", (home,))
        return [home, *(one for (one,) in rows.fetchall())]

    def _home(self, name: str) -> str:
        row = self._connection.execute(
            "SELECT original FROM pitfalls WHERE id = ? AND original IS NOT NULL", (name,)
        ).fetchone()
        return str(row[0]) if row else name

    def _is_refolded(self, name: str) -> bool:
        found = self._connection.execute("SELECT 1 FROM restated WHERE pitfall = ?", (name,))
        return found.fetchone() is not None

    def _fold(self, name: str) -> tuple[Folded, list[Event]]:
        touched = mentioned_occurrences(self._connection, name)
        return fold([*core_events(self._connection, name), *touched]), touched

    def _write_values(self, pitfall: Pitfall) -> int:
        """Write the row of a pitfall; the number of that row."""
        columns = columns_of(pitfall)
        [(number,)] = self._connection.execute(
            f"UPDATE pitfalls SET {', '.join(f'{name} = ?' for name in columns)} WHERE id = ?"
            " RETURNING n",
            (*columns.values(), pitfall.id),
        ).fetchall()
        write_conflicts(self._connection, [(pitfall.id, pitfall.conflicts)])
        return int(number)

    def _write_occurrences(
        self, name: str, home: str, found: Folded, touched: Collection[Event]
    ) -> None:
        """The occurrences recorded on a pitfall: those that others speak of as they were."""
        columns = [
            row[1]
            for row in self._connection.execute("PRAGMA main.table_info (occurrences)")
            if row[1] not in ("n", "pitfall", "verdict")
        ]
        counted = self._connection.execute(
            "SELECT original FROM main.pitfalls WHERE id = ?", (name,)
        ).fetchone()
        held_at = (counted and counted[0]) or name
        marks = ", ".join("?" * len(touched))
        self._connection.execute(
            f"INSERT INTO restated_occurrences (pitfall, verdict, {', '.join(columns)})"
            f" SELECT ?, '', {', '.join(columns)} FROM main.occurrences"
            f" WHERE pitfall = ? AND recorded_on = ? AND {self._logged} AND id NOT IN ({marks})",
            (home, held_at, name, *(event.id for event in touched)),
        )
        self._connection.execute("INSERT INTO restated VALUES (?)", (name,))
        insert_occurrences(self._connection, found.occurrences)


# Follow-ups as they stood at a moment


_NOTED_ON: Final = "SELECT DISTINCT pitfall FROM events WHERE kind = 'retro_noted'"


def follow_ups_at(path: Path, moment: Moment) -> tuple[RetroNote, ...]:
    """All follow-ups of a moment: those that nobody had done, then the others, the last done first.

    Args:
        path: the board's file.
        moment: in the past.
    """
    connection = connect_for_reading(path)
    try:
        with explained(path):
            fill_events(connection, moment)
            streams = connection.execute(_NOTED_ON).fetchall()
            notes = [
                note for (name,) in streams for note in fold(core_events(connection, name)).notes
            ]
    finally:
        connection.close()
    follow_ups = [note for note in notes if note.sort is NoteKind.FOLLOW_UP]
    follow_ups.sort(key=lambda note: (note.due == "", note.due, note.at, note.id))
    follow_ups.sort(key=lambda note: note.done_on, reverse=True)
    return tuple(sorted(follow_ups, key=lambda note: note.done_on != ""))
