"""Looking a board over: is the file whole, are the events as written, is the board their fold?

It only reads, in one snapshot and by pages, so that a board in use can be looked over and a large
one does not fill the memory. The fold goes into a private database on disk.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.check.record import (
    NAMED_AT_MOST,
    REBUILD,
    Finding,
    Findings,
    Recorded,
    look_at_contents,
)
from storage.db.board_files import exists
from storage.db.connection import SCHEMA_VERSION, connect_beside, connect_for_reading, identify
from storage.db.reader import PROJECTION_VERSION, projection_version, time_zone_of
from storage.errors import N_, Unusable
from storage.events import DamagedEvent
from storage.model.fields import NamedTuple
from storage.projection.tables import READ_TABLES
from storage.projection.update import rebuild
from storage.text.dates import now_ms
from storage.text.zones import Zone

__all__ = ["Finding", "Report", "check"]

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and how much there was to look at."""

    findings: tuple[Finding, ...]
    events: int = 0
    pitfalls: int = 0
    occurrences: int = 0
    time_zone: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is damaged; notes do no harm."""
        return all(finding.severity == "note" for finding in self.findings)

    @property
    def is_record_whole(self) -> bool:
        """Whether every event is as it was written, so that a rebuild makes the rest sound."""
        return all(finding.severity != "damage" for finding in self.findings)


#: So many bytes tell what a file is.
_HEAD: Final = 64 * 1024


def check(
    path: Path, *, now: Callable[[], int] = now_ms, progress: Progress = lambda done: None
) -> Report:
    """Look the board at ``path`` over.

    Args:
        path: the board's file; it may be damaged.
        now: the wall clock, in milliseconds.
        progress: called with the number of events done; each is read, and then folded.

    Raises:
        Unusable: if there is no board there, or it can't be opened at all.
    """
    if exists(path) and _is_text(path):
        raise Unusable(
            N_("{path} holds text; it is no board, and was left as it is."),
            N_("Name another file with --db or PITBOARD_DB."),
            path=path,
        )
    findings = Findings()
    counts: dict[str, int] = {}
    zone = ""
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
            if is_current:
                zone = _time_zone(connection, findings)
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
    return Report(findings.all(), **counts, time_zone=zone)


def _is_text(path: Path) -> bool:
    """Whether a file begins with text: what is left of a board holds zeros and other controls."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return bool(head) and re.search(rb"[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]", head) is None


def _look_at_file(connection: sqlite3.Connection, findings: Findings) -> None:
    # Where a view comes first in the schema, SQLite (3.40) leaves the list of free pages out.
    for part in (NAMED_AT_MOST, "sqlite_schema"):
        for (found,) in connection.execute(f"PRAGMA board.integrity_check({part})").fetchall():
            if found != "ok":
                findings.damage(N_("SQLite finds the file damaged: {why}."), why=found)


def _time_zone(connection: sqlite3.Connection, findings: Findings) -> str:
    """The board's time zone, by its name; a note says if this machine does not know its rules."""
    name = time_zone_of(connection)
    if not Zone(name).is_known:
        findings.note(
            N_("This machine doesn't know the board's time zone {zone}; its days are in UTC here."),
            N_("Install the time zones of your system, or the Python package tzdata."),
            zone=name,
        )
    return name


def _count(connection: sqlite3.Connection) -> dict[str, int]:
    return {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("events", "pitfalls", "occurrences")
    }


# The read tables, compared with what a rebuild makes of the events


_PITFALL: Final = N_("Pitfall {pitfall} is not what its events come to.")

#: What a finding says of a table, if it is not that the pitfall differs.
_MESSAGES: Final = {
    "mentions": N_("The list of which event speaks of which is not that of the events."),
    "voided": N_("What was taken back on pitfall {pitfall} is not what its events say."),
    "occurrences": N_(
        "Occurrence {occurrence} of pitfall {pitfall} is not what its events come to."
    ),
    "weekly_occurrences": N_(
        "The weekly occurrences of pitfall {pitfall} are not those of its occurrences."
    ),
    "seen_versions": N_(
        "The versions in which pitfall {pitfall} was seen are not those of its occurrences."
    ),
    "messages": N_("The messages of pitfall {pitfall} are not those of its occurrences."),
    "search": N_("Pitfall {pitfall} is not sorted or found by what it says."),
    "message_search": N_("A message of pitfall {pitfall} is not found by what it says."),
    "states": N_("What pitfall {pitfall} was like in the past is not what its events say."),
    "changes": N_("When pitfall {pitfall} changed is not what its events say."),
    "declined_suggestions": N_(
        "Which vendor replies were declined on pitfall {pitfall} is not what its events say."
    ),
    "retro_notes": N_("What was noted on {pitfall} in a retro is not what its events say."),
}
_STRANGERS: Final = N_("{count} rows of the table {table} belong to no event.")

#: The tables of full text have no columns but those that are searched: what each row belongs to.
_OWNERS: Final = {
    "search": ("pitfalls", "id"),
    "message_search": ("messages", "pitfall"),
}


class _Table(NamedTuple):
    """What is compared of a table's rows; numbers that are local to a file are left out.

    ``source`` is what follows FROM, with the schema to fill in; ``key`` has a unique index, and is
    empty if no columns have one; ``pitfall`` names the pitfall that a row was recorded on.
    """

    name: str
    source: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    pitfall: str


def compare_with_rebuild(
    connection: sqlite3.Connection,
    findings: Findings,
    *,
    damaged: Collection[str] = (),
    progress: Callable[[int], None] = lambda done: None,
) -> None:
    """Compute the read tables anew beside the board, and name what differs.

    Args:
        connection: of :func:`storage.db.connection.connect_beside`, in a transaction.
        findings: takes what is found.
        damaged: pitfalls of which events are damaged; there is nothing to fold of them.
        progress: called with the number of events folded so far.
    """
    if damaged:
        _leave_out(connection, damaged)
    try:
        rebuild(connection, progress)
    except DamagedEvent as event:
        findings.damage(event.message, event.advice, **event.values)
        return
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname != "SQLITE_FULL":
            raise
        # The board is only read: it is the disk for temporary files that is full.
        findings.note(
            N_("There is no room to compute the board anew, so nothing was compared with it."),
            N_("Free some space, or set SQLITE_TMPDIR to a directory with more; then do it again."),
        )
        return
    with findings.going_on(REBUILD):
        _compare_shapes(connection, findings)
    for table in READ_TABLES:
        with findings.going_on(REBUILD):
            _compare(connection, findings, table, set(damaged))


def _leave_out(connection: sqlite3.Connection, damaged: Collection[str]) -> None:
    """Let the rebuild find no events of some pitfalls: it looks among temporary views first."""
    connection.execute("CREATE TEMP TABLE damaged (pitfall TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.executemany("INSERT INTO damaged VALUES (?)", [(name,) for name in damaged])
    connection.execute(
        "CREATE TEMP VIEW events AS SELECT * FROM board.events"
        " WHERE pitfall NOT IN (SELECT pitfall FROM temp.damaged)"
    )


def _compare_shapes(connection: sqlite3.Connection, findings: Findings) -> None:
    """Whether the board has each read table, and each index, as this version makes it."""
    rows = connection.execute(
        "SELECT name FROM (SELECT name, sql FROM main.sqlite_master"
        " EXCEPT SELECT name, sql FROM board.sqlite_master)"
    ).fetchall()
    for (name,) in rows:
        findings.differs(
            N_("The table or index {name} is missing, or not what this version makes."), name=name
        )


def _compare(
    connection: sqlite3.Connection, findings: Findings, name: str, damaged: Collection[str]
) -> None:
    table = _table(connection, name)
    differing = _differing(table) if table.key else _on_one_side(table)
    strangers = 0
    for pitfall, item in connection.execute(differing).fetchmany(NAMED_AT_MOST + 1 + len(damaged)):
        if pitfall is None:
            strangers += 1
        elif pitfall not in damaged:
            findings.differs(_MESSAGES.get(name, _PITFALL), pitfall=pitfall, occurrence=item)
    if not table.key and not damaged:
        held, made = (
            connection.execute(f"SELECT count(*) FROM {schema}.{name}").fetchone()[0]
            for schema in ("board", "main")
        )
        # The same row twice is on both sides.
        strangers = max(strangers, held - made)
    if strangers:
        findings.differs(_STRANGERS, count=strangers, table=name)


def _table(connection: sqlite3.Connection, name: str) -> _Table:
    columns = tuple(
        column
        for _, column, *_, hidden in connection.execute(f"PRAGMA main.table_xinfo ({name})")
        if not hidden and column != "n"
    )
    if name in _OWNERS:
        owners, owner = _OWNERS[name]
        source = (
            f"(SELECT owners.{owner} AS pitfall, {', '.join(f'found.{one}' for one in columns)}"
            f" FROM {{schema}}.{name} AS found"
            f" LEFT JOIN {{schema}}.{owners} AS owners ON owners.n = found.rowid)"
        )
        return _Table(name, source, ("pitfall", *columns), (), "pitfall")
    key: tuple[str, ...] = ()
    for _, index, unique, *_ in connection.execute(f"PRAGMA main.index_list ({name})").fetchall():
        if unique:
            info = connection.execute(f"PRAGMA main.index_info ({index})").fetchall()
            key = tuple(column for *_, column in info)
    if "n" in key:
        # Which is another one in the rebuild.
        key = ()
    pitfall = next(one for one in ("recorded_on", "pitfall", "id") if one in columns)
    return _Table(name, f"{{schema}}.{name}", columns, key, pitfall)


def _differing(table: _Table) -> str:
    """The query for rows that differ from, or lack, the one of the same key."""
    held, made = (table.source.format(schema=schema) for schema in ("board", "main"))
    same = " AND ".join(f"held.{name} = made.{name}" for name in table.key)
    left, right = (
        ", ".join(f"{side}.{name}" for name in table.columns) for side in ("held", "made")
    )
    first = table.key[0]
    item = "{side}.id" if table.name == "occurrences" else "''"
    return (
        f"SELECT held.{table.pitfall}, {item.format(side='held')}"
        f" FROM {held} AS held LEFT JOIN {made} AS made ON {same}"
        f" WHERE made.{first} IS NULL OR ({left}) IS NOT ({right})"
        f" UNION SELECT made.{table.pitfall}, {item.format(side='made')}"
        f" FROM {made} AS made LEFT JOIN {held} AS held ON {same} WHERE held.{first} IS NULL"
    )


def _on_one_side(table: _Table) -> str:
    """The query for rows that only the board or only the rebuild has."""
    held, made = (
        f"SELECT {', '.join(table.columns)} FROM {table.source.format(schema=schema)}"
        for schema in ("board", "main")
    )
    return (
        f"SELECT DISTINCT {table.pitfall}, '' FROM"
        f" (SELECT * FROM ({held} EXCEPT {made}) UNION ALL SELECT * FROM ({made} EXCEPT {held}))"
    )
