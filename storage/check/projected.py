"""Whether the tables that the board reads are what the events come to."""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import Final

from storage.check.blobs import held_occurrences, look_at_messages, look_at_sums, report_occurrence
from storage.check.findings import NAMED_AT_MOST, Findings
from storage.db.rows import STATE
from storage.errors import N_, NotFound
from storage.events import DamagedEvent, Event
from storage.fold.fold import Folded, fold
from storage.model.records import Pitfall
from storage.model.retro import THE_BOARD
from storage.model.vendor_status import upstream_of
from storage.model.vocabulary import Status
from storage.projection import history
from storage.projection.duplicates import alone, originals
from storage.projection.history import held_changes
from storage.projection.search_index import indexed
from storage.projection.stored_events import core_events, mentioned_occurrences
from storage.projection.verdicts import Judged, judged
from storage.read import Board
from storage.retro.notes import RetroNoteReader

_PAGE: Final = 500
# One more than is named, so that a report says that there are more.
_LIMIT: Final = f"LIMIT {NAMED_AT_MOST + 1}"

_NOT_AT_HOME: Final = f"""
SELECT DISTINCT recorded_on FROM {{table}} LEFT JOIN pitfalls ON pitfalls.id = recorded_on
WHERE {{table}}.pitfall <> ifnull(original, recorded_on)
{_LIMIT}
"""

_SEARCHED: Final = """
SELECT search.title, search.names, search.body, pitfalls.title_zh, component_zh, status_order,
  upstream
FROM pitfalls LEFT JOIN search ON search.rowid = n WHERE id = ?
"""

#: What has a fix, or says that something was judged.
_JUDGED: Final = """
SELECT DISTINCT pitfall FROM fixes
UNION SELECT DISTINCT pitfall FROM occurrences WHERE verdict <> ''
UNION SELECT id FROM pitfalls WHERE regressed_at IS NOT NULL OR unclear_at IS NOT NULL
"""
_HELD_VERDICTS: Final = "SELECT id, verdict FROM occurrences WHERE pitfall = ? AND verdict <> ''"
_HELD_EVIDENCE: Final = "SELECT id, state, evidence, evidence_at FROM fixes WHERE pitfall = ?"
_HELD_ALARMS: Final = "SELECT regressed_at, unclear_at FROM pitfalls WHERE id = ?"

_WRONG_CLAIMS: Final = f"""
SELECT id FROM pitfalls LEFT JOIN (
  SELECT pitfall, min(at) AS claimed_at FROM fixes WHERE state = 'claimed' GROUP BY pitfall)
  ON pitfall = id
WHERE fix_at IS NOT claimed_at {_LIMIT}
"""

_OF_NO_PITFALL: Final = "pitfall NOT IN (SELECT id FROM pitfalls)"

#: For each table, which of its rows nothing in the record accounts for.
_STRANGERS: Final = {
    "pitfalls": "NOT EXISTS (SELECT 1 FROM events"
    " WHERE pitfall = pitfalls.id AND kind <> 'occurrence_logged')",
    "occurrences": "NOT EXISTS (SELECT 1 FROM events"
    " WHERE events.id = occurrences.id AND kind = 'occurrence_logged')",
    "changes": _OF_NO_PITFALL,
    "contested": _OF_NO_PITFALL,
    "retro_notes": "NOT EXISTS (SELECT 1 FROM events WHERE events.id = retro_notes.id)",
    "states": "NOT EXISTS (SELECT 1 FROM events"
    " WHERE events.pitfall = states.pitfall AND kind <> 'occurrence_logged')",
    "voided": "NOT EXISTS (SELECT 1 FROM events"
    " WHERE events.id = voided.event AND events.pitfall = voided.pitfall)",
    "tags": _OF_NO_PITFALL,
    "comments": _OF_NO_PITFALL,
    "pitfall_references": _OF_NO_PITFALL,
    "signatures": _OF_NO_PITFALL,
    "statements": _OF_NO_PITFALL,
    "attachments": _OF_NO_PITFALL,
    "told_apart": "recorded_on NOT IN (SELECT id FROM pitfalls)",
    "fixes": _OF_NO_PITFALL,
    "search": "rowid NOT IN (SELECT n FROM pitfalls)",
    "message_search": "rowid NOT IN (SELECT n FROM messages)",
}


class Projected:
    """The examination of the tables that are made from the events.

    Args:
        board: reads them.
        connection: the board's own, in a snapshot.
        findings: takes what is found.
    """

    def __init__(self, board: Board, connection: sqlite3.Connection, findings: Findings) -> None:
        self._board = board
        self._connection = connection
        self._findings = findings
        self._notes = RetroNoteReader(connection, board.path)

    def look_over(self) -> None:
        """Look at every pitfall, at the sums, at what is searched, and for rows of nobody."""
        for part in (
            self._look_at_pitfalls,
            self._look_at_groups,
            partial(look_at_sums, self._connection, self._findings),
            partial(look_at_messages, self._connection, self._findings),
            self._look_at_verdicts,
            self._look_at_claims,
            self._look_for_strangers,
        ):
            with self._findings.going_on():
                part()

    def _look_at_pitfalls(self) -> None:
        last = ""
        while True:
            names = self._connection.execute(
                "SELECT DISTINCT pitfall FROM events"
                " WHERE kind <> 'occurrence_logged' AND pitfall > ? ORDER BY pitfall LIMIT ?",
                (last, _PAGE),
            ).fetchall()
            for (last,) in names:
                try:
                    core = core_events(self._connection, last)
                    touched = mentioned_occurrences(self._connection, last)
                except DamagedEvent:
                    continue  # Damaged events are found as such; there is nothing to fold.
                folded = fold([*core, *touched])
                self._look_at_values(last, folded.pitfall)
                self._look_at_void(last, folded)
                self._look_at_states(last, core)
                self._look_at_changes(last, folded)
                self._look_at_notes(last, folded)
                self._look_at_touched(touched, folded)
            if len(names) < _PAGE:
                return

    def _look_at_values(self, name: str, wanted: Pitfall | None) -> None:
        held: Pitfall | str | None
        try:
            held = self._board.pitfall(name)
        except NotFound:
            held = None
        except ValueError as error:
            held = str(error)  # Some value is none that a pitfall can have.
        if isinstance(held, Pitfall) and wanted is not None:
            # What its duplicates give it is theirs, and looked at with them.
            held = alone(held)
        if held != wanted:
            self._findings.differs(
                N_("Pitfall {pitfall} is not what its events come to."), pitfall=name
            )
        elif wanted is not None:
            found_by = self._connection.execute(_SEARCHED, (name,)).fetchone()
            if found_by != self._searched(name):
                self._findings.differs(
                    N_("Pitfall {pitfall} is not sorted or found by what it says."), pitfall=name
                )

    def _look_at_void(self, name: str, folded: Folded) -> None:
        held = self._connection.execute("SELECT event FROM voided WHERE pitfall = ?", (name,))
        if {event for (event,) in held.fetchall()} != folded.void:
            self._findings.differs(
                N_("What was taken back on pitfall {pitfall} is not what its events say."),
                pitfall=name,
            )

    def _look_at_changes(self, name: str, folded: Folded) -> None:
        """When its status and its workaround changed."""
        if held_changes(self._connection, name) != folded.changes:
            self._findings.differs(
                N_("When pitfall {pitfall} changed is not what its events say."), pitfall=name
            )

    def _look_at_states(self, name: str, events: list[Event]) -> None:
        """What the list showed of a pitfall at each time."""
        held = self._connection.execute(
            f"SELECT clock, since, until, {STATE}, fixes FROM states WHERE pitfall = ?", (name,)
        ).fetchall()
        if sorted(held, key=repr) != sorted(
            history.states(self._connection, name, events), key=repr
        ):
            self._findings.differs(
                N_("What pitfall {pitfall} was like in the past is not what its events say."),
                pitfall=name,
            )

    def _look_at_notes(self, name: str, folded: Folded) -> None:
        """What a team noted when it looked back."""
        pitfall = "" if name == THE_BOARD else name
        if self._notes.of_pitfall(pitfall) != set(folded.notes):
            self._findings.differs(
                N_("What was noted on {pitfall} in a retro is not what its events say."),
                pitfall=name,
            )

    def _look_at_touched(self, touched: list[Event], folded: Folded) -> None:
        """Occurrences that other events speak of."""
        wanted = {one.id: one for one in folded.occurrences}
        held = held_occurrences(self._connection, touched)
        for event in touched:
            if held.get(event.id) != wanted.get(event.id):
                report_occurrence(self._findings, event)

    def _searched(self, name: str) -> tuple[object, ...]:
        """What a pitfall is searched and sorted by, in the columns of ``_SEARCHED``."""
        pitfall = self._board.pitfall(name)
        return (
            *indexed(pitfall, [one.title for one in self._board.duplicates.of(name)]),
            pitfall.title.zh or pitfall.title.plain,
            pitfall.component.zh or pitfall.component.plain,
            list(Status).index(pitfall.status),
            upstream_of(pitfall).value,
        )

    def _look_at_groups(self) -> None:
        """Whether each duplicate counts for the pitfall that the events make its original."""
        said = dict(
            self._connection.execute(
                "SELECT id, duplicate_of FROM pitfalls WHERE duplicate_of <> ''"
            ).fetchall()
        )
        there = {name for (name,) in self._connection.execute("SELECT id FROM pitfalls").fetchall()}
        wanted = originals(said, there)
        held = dict(
            self._connection.execute(
                "SELECT id, original FROM pitfalls WHERE original IS NOT NULL"
            ).fetchall()
        )
        for name in sorted(wanted.keys() | held.keys()):
            if wanted.get(name) != held.get(name):
                self._findings.differs(
                    N_("Pitfall {pitfall} does not count for the pitfall it is a duplicate of."),
                    pitfall=name,
                )
        for table in (
            "occurrences",
            "pitfall_references",
            "signatures",
            "statements",
            "attachments",
        ):
            for (name,) in self._connection.execute(_NOT_AT_HOME.format(table=table)).fetchall():
                self._findings.differs(
                    N_("What was recorded on pitfall {pitfall} counts for the wrong one."),
                    pitfall=name,
                )

    def _look_at_verdicts(self) -> None:
        """Whether what each occurrence says of the fixes is what it is judged to say."""
        for (name,) in self._connection.execute(_JUDGED).fetchall():
            status = self._connection.execute(
                "SELECT status FROM pitfalls WHERE id = ?", (name,)
            ).fetchone()
            held = Judged(
                dict(self._connection.execute(_HELD_VERDICTS, (name,)).fetchall()),
                {row[0]: row[1:] for row in self._connection.execute(_HELD_EVIDENCE, (name,))},
                self._connection.execute(_HELD_ALARMS, (name,)).fetchone() or (None, None),
            )
            try:
                wanted = judged(self._connection, name, status and Status(status[0]))
            except ValueError:
                continue  # Some value is none that an occurrence can have; it is found as such.
            if held != wanted:
                self._findings.differs(
                    N_("What the occurrences of pitfall {pitfall} say of its fixes is not so."),
                    pitfall=name,
                )

    def _look_at_claims(self) -> None:
        """Whether the age of what is claimed is that of the fixes."""
        for (name,) in self._connection.execute(_WRONG_CLAIMS).fetchall():
            self._findings.differs(
                N_("Since when a fix of pitfall {pitfall} is merely claimed is not so."),
                pitfall=name,
            )

    def _look_for_strangers(self) -> None:
        for table, condition in _STRANGERS.items():
            (count,) = self._connection.execute(
                f"SELECT count(*) FROM {table} WHERE {condition}"
            ).fetchone()
            if count:
                self._findings.differs(
                    N_("{count} rows of the table {table} belong to no event."),
                    count=count,
                    table=table,
                )
