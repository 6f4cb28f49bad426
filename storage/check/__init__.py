"""Looking a board over: is the file whole, are the events as written, is the board their fold?

It only reads, in one snapshot and by pages, so that a board in use can be
looked over and a large one does not fill the memory. Every occurrence is
compared with its event, and the sums with the occurrences; so nothing has to be
held of a pitfall but what a fold needs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage.check.blobs import look_at_contents
from storage.check.findings import NAMED_AT_MOST, Finding, Findings
from storage.check.projected import Projected
from storage.check.record import Recorded
from storage.db.connection import SCHEMA_VERSION, connect_for_reading, identify
from storage.db.reader import Reader
from storage.errors import N_, Unusable
from storage.read import Board
from storage.write.session import wall_ms

__all__ = ["Finding", "Report", "check"]

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and how much there was to look at."""

    findings: tuple[Finding, ...]
    events: int = 0
    pitfalls: int = 0
    occurrences: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing is damaged; notes do no harm."""
        return all(finding.severity != "damage" for finding in self.findings)


def check(
    path: Path, *, now: Callable[[], int] = wall_ms, progress: Progress = lambda done: None
) -> Report:
    """Look the board at ``path`` over.

    Args:
        path: the board's file; it may be damaged.
        now: the wall clock, in milliseconds.
        progress: told the number of events looked at so far.

    Raises:
        Unusable: if there is no board there, or it can't be opened at all.
    """
    findings = Findings()
    counts: dict[str, int] = {}
    with findings.going_on(), closing(connect_for_reading(path)) as connection:
        version = identify(connection, path)
        if not version:
            raise Unusable(N_("{path} is a database without a board in it."), path=path)
        board = Board(Reader(connection, path))
        with board.snapshot():
            with findings.going_on():
                _look_at_file(connection, findings)
            with findings.going_on():
                counts = _count(connection)
            known = version == SCHEMA_VERSION
            recorded = Recorded(connection, findings, projected=known)
            with findings.going_on():
                recorded.look_over(now(), progress)
                if recorded.seen != counts.get("events"):
                    findings.damage(N_("Not every event can be reached."))
            if known:
                Projected(board, connection, findings).look_over()
                look_at_contents(connection, findings)
            else:
                findings.note(
                    N_("Another version of Pitboard wrote this; only its events were looked at.")
                )
    return Report(findings.all(), **counts)


def _look_at_file(connection: sqlite3.Connection, findings: Findings) -> None:
    for (found,) in connection.execute(f"PRAGMA integrity_check({NAMED_AT_MOST})").fetchall():
        if found != "ok":
            findings.damage(N_("SQLite finds the file damaged: {why}."), why=found)


def _count(connection: sqlite3.Connection) -> dict[str, int]:
    return {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("events", "pitfalls", "occurrences")
    }
