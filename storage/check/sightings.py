"""Occurrences as the board holds them, for comparing with their events."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from storage.check.findings import Findings
from storage.db.rows import OCCURRENCE, occurrence_of
from storage.errors import N_
from storage.events import Event
from storage.model.records import Occurrence


def held_occurrences(
    connection: sqlite3.Connection, events: Iterable[Event]
) -> dict[str, Occurrence | None]:
    """The rows of those events' occurrences; None for one that can't be read as such."""
    names = [event.id for event in events]
    rows = connection.execute(
        f"SELECT {OCCURRENCE} FROM occurrences WHERE id IN ({', '.join('?' * len(names))})", names
    ).fetchall()
    held: dict[str, Occurrence | None] = {}
    for row in rows:
        try:
            held[row[0]] = occurrence_of(row)
        except ValueError:
            held[row[0]] = None
    return held


def report_occurrence(findings: Findings, event: Event) -> None:
    """Say that an occurrence's row is not what its events come to."""
    findings.differs(
        N_("Occurrence {occurrence} of pitfall {pitfall} is not what its events come to."),
        occurrence=event.id,
        pitfall=event.pitfall,
    )
