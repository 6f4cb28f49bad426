"""Looking a board over: is the file whole, are the events as written, is the board their fold?

It only reads, in one snapshot and by pages, so that a board in use can be looked over and a large
one does not fill the memory. The fold goes into a private database on disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from storage.check.read_tables import compare_with_rebuild
from storage.check.record import NAMED_AT_MOST, Finding, Findings, Recorded, look_at_contents
from storage.db.connection import SCHEMA_VERSION, connect_beside, connect_for_reading, identify
from storage.errors import N_, Unusable
from storage.projection.tables import PROJECTION_VERSION, projection_version
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
        progress: called with the number of events done; each is read, and then folded.

    Raises:
        Unusable: if there is no board there, or it can't be opened at all.
    """
    findings = Findings()
    counts: dict[str, int] = {}
    with findings.going_on():
        with closing(connect_for_reading(path)) as board:
            version = identify(board, path)
            if not version:
                raise Unusable(N_("{path} is a database without a board in it."), path=path)
            is_current = (
                version == SCHEMA_VERSION and projection_version(board) == PROJECTION_VERSION
            )
        with closing(connect_beside(path)) as connection:
            if version < SCHEMA_VERSION:
                # Which had no quarantine.
                connection.execute(
                    "CREATE TEMP VIEW quarantine AS SELECT *, '' AS reason FROM board.events"
                    " WHERE 0"
                )
            connection.execute("BEGIN")
            with findings.going_on():
                _look_at_file(connection, findings)
            with findings.going_on():
                counts = _count(connection)
            total = counts.get("events", 0)
            with findings.going_on():
                total += connection.execute("SELECT count(*) FROM quarantine").fetchone()[0]
            recorded = Recorded(connection, findings)
            with findings.going_on():
                recorded.look_over(now(), lambda done: progress(done // 2))
                if recorded.seen != total:
                    findings.damage(N_("Not every event can be reached."))
            if is_current:
                look_at_contents(connection, findings)
                with findings.going_on():
                    compare_with_rebuild(
                        connection,
                        findings,
                        damaged=recorded.damaged,
                        progress=lambda done: progress((total + min(done, total)) // 2),
                    )
            else:
                findings.note(
                    N_("Another version of Pitboard wrote this; only its events were looked at.")
                )
            progress(total)
    return Report(findings.all(), **counts)


def _look_at_file(connection: sqlite3.Connection, findings: Findings) -> None:
    for (found,) in connection.execute(f"PRAGMA board.integrity_check({NAMED_AT_MOST})").fetchall():
        if found != "ok":
            findings.damage(N_("SQLite finds the file damaged: {why}."), why=found)


def _count(connection: sqlite3.Connection) -> dict[str, int]:
    return {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("events", "pitfalls", "occurrences")
    }
