"""Temporary tables with a board's past state, which shadow those of the file.

SQLite looks for a table among a connection's temporary ones first. So whatever reads
``pitfalls`` or ``occurrences`` with this connection reads them as they were, with the same
statements as ever. Nothing of the file is written.

The list is there at once: its columns come from ``states`` and its counters from one index.
What belongs to a pitfall is folded again when it is asked for (:mod:`storage.as_of.refold`).
"""

from __future__ import annotations

import re
import sqlite3
from typing import Final

from storage.db.reader import is_event
from storage.db.rows import NEWEST_FIRST, STATE, originals, should_hold
from storage.model.clock import STILL, ClockKind, Moment
from storage.model.environment import version_key
from storage.model.row import Status
from storage.model.vocabulary import Verdict
from storage.projection.tables import derive_columns
from storage.read.history import OF_ITEMS

#: What is empty until pitfalls are folded again.
ITEMS: Final = (
    "tags",
    "comments",
    "pitfall_references",
    "signatures",
    "vendor_replies",
    "attachments",
    "not_duplicates",
    "fixes",
    "conflicts",
)

_STATES: Final = f"""
INSERT INTO temp.pitfalls (n, id, {STATE}, fixes, is_same, workaround, reproduction,
  occurrence_count, not_reproduced_count, first_seen, last_seen)
SELECT ifnull(n, -row_number() OVER ()), shown.pitfall, {STATE}, fixes,
  until = {STILL}, '', '', ifnull(yes, 0), ifnull(no, 0), first, last
FROM (
  SELECT (SELECT n FROM main.pitfalls WHERE id = states.pitfall) AS n, pitfall, {STATE}, fixes,
    until
  FROM main.states
  WHERE clock IN ('both', '{{clock}}') AND since <= {{at}} AND until > {{at}}
  UNION ALL SELECT n, id, {STATE}, '', {STILL} FROM main.pitfalls
  WHERE is_plain AND reported_at <= {{at}}
) AS shown
LEFT JOIN (
  SELECT pitfall, sum(CASE outcome WHEN 'reproduced' THEN count END) AS yes,
    sum(CASE outcome WHEN 'reproduced' THEN 0 ELSE count END) AS no,
    min(CASE outcome WHEN 'reproduced' THEN seen_at END) AS first,
    max(CASE outcome WHEN 'reproduced' THEN seen_at END) AS last
  FROM main.occurrences WHERE {{logged}} GROUP BY pitfall
) AS seen ON seen.pitfall = shown.pitfall
"""

_VERSIONS: Final = """
INSERT INTO temp.seen_versions (pitfall, axis, version, key)
SELECT pitfall, axis, version, version_key(version) FROM (
  SELECT DISTINCT pitfall, 'client' AS axis, client_version AS version FROM occurrences
  WHERE client_version <> ''
  UNION ALL SELECT DISTINCT pitfall, 'library', base_library FROM occurrences
  WHERE base_library <> '')
"""
_WAKES_BY_VERSION: Final = """
SELECT 1 FROM temp.pitfalls WHERE triage = 'snoozed' AND wakes_version <> '' LIMIT 1
"""


def fill_temp_tables(connection: sqlite3.Connection, moment: Moment) -> None:
    """Lay the tables of a moment over those of a file that was opened to be read."""
    fill_events(connection, moment)
    connection.create_function("version_key", 1, version_key, deterministic=True)
    connection.execute("CREATE TEMP TABLE restated (pitfall TEXT PRIMARY KEY) WITHOUT ROWID")
    # What watching links found is of the present.
    for table in (*ITEMS, "seen_versions", "suggestions"):
        _copy_shape(connection, table)
    connection.execute(_made_by(connection, "pitfalls"))
    for column in ("fixes TEXT NOT NULL DEFAULT ''", "is_same INTEGER NOT NULL DEFAULT 0"):
        connection.execute(f"ALTER TABLE temp.pitfalls ADD COLUMN {column}")
    logged = logged_by(moment)
    connection.execute(_STATES.format(logged=logged, clock=moment.clock, at=int(moment.at)))
    connection.execute("CREATE UNIQUE INDEX temp.idx_pitfalls_id ON pitfalls (id)")
    _lay_occurrences(connection, logged)
    if connection.execute(_WAKES_BY_VERSION).fetchone():
        fill_versions(connection)


def fill_events(connection: sqlite3.Connection, moment: Moment) -> None:
    """Lay the events of a moment over those of a file that was opened to be read."""
    # The file itself was opened so that it can't be written.
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(
        f"CREATE TEMP VIEW events AS SELECT * FROM main.events WHERE {_there(moment)}"
    )


def fill_versions(connection: sqlite3.Connection) -> None:
    """Note in which versions each pitfall had been seen, unless that is done."""
    if not connection.execute("SELECT 1 FROM temp.seen_versions LIMIT 1").fetchone():
        connection.execute(_VERSIONS)


def make_index(connection: sqlite3.Connection, name: str) -> None:
    """An index of ``pitfalls`` over the pitfalls of the moment, unless it is there."""
    made = connection.execute("SELECT 1 FROM temp.sqlite_master WHERE name = ?", (name,)).fetchone()
    if made is None:
        (sql,) = connection.execute(
            "SELECT sql FROM main.sqlite_master WHERE name = ?", (name,)
        ).fetchone()
        connection.execute(sql.replace(name, f"temp.{name}", 1))


def logged_by(moment: Moment, table: str = "occurrences") -> str:
    """The SQL condition that an occurrence of the file, in ``table``, had been logged."""
    at = int(moment.at)
    if moment.clock is ClockKind.AT:
        return f"{table}.logged_at <= {at}"
    arrived = "SELECT id FROM main.events WHERE kind = 'occurrence_logged' AND arrived_at"
    # What came from a clock that is fast was known before it was logged.
    return (
        f"({table}.logged_at <= {at} AND {table}.id NOT IN ({arrived} > {at})"
        f" OR {table}.id IN ({arrived} <= {at} AND at > {at}))"
    )


def _there(moment: Moment) -> str:
    at = int(moment.at)
    return f"at <= {at}" if moment.clock is ClockKind.AT else f"ifnull(arrived_at, at) <= {at}"


def _made_by(connection: sqlite3.Connection, table: str) -> str:
    """The statement that makes a table like one of the file among the temporary ones."""
    (sql,) = connection.execute(
        "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    return str(sql).replace("CREATE TABLE", "CREATE TEMP TABLE", 1)


def _copy_shape(connection: sqlite3.Connection, table: str) -> None:
    connection.execute(_made_by(connection, table))
    for name, sql in connection.execute(
        "SELECT name, sql FROM main.sqlite_master"
        " WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
        (table,),
    ).fetchall():
        connection.execute(re.sub(rf"\[?{name}\]?", f"temp.[{name}]", sql, count=1))


def _lay_occurrences(connection: sqlite3.Connection, logged: str) -> None:
    """What had been logged, and in its place what is folded again.

    What is written to the view goes where what is folded again is kept.
    """
    columns = [row[1] for row in connection.execute("PRAGMA main.table_info (occurrences)")]
    made_by = _made_by(connection, "occurrences")
    connection.execute(re.sub(r"\[?\"?occurrences\"?\]?", "restated_occurrences", made_by, count=1))
    connection.execute("CREATE UNIQUE INDEX temp.idx_restated_id ON restated_occurrences (id)")
    connection.execute(
        "CREATE INDEX temp.idx_restated_of ON restated_occurrences (pitfall, verdict)"
    )
    # Only a pitfall with a fix judges; one that had none yet had nothing judged.
    verdict = (
        "CASE WHEN pitfall IN (SELECT id FROM temp.pitfalls WHERE fixes <> '')"
        " THEN verdict ELSE '' END AS verdict"
    )
    held = ", ".join(verdict if name == "verdict" else name for name in columns)
    connection.execute(
        f"CREATE TEMP VIEW occurrences AS SELECT {held} FROM main.occurrences WHERE {logged}"
        " AND recorded_on NOT IN (SELECT pitfall FROM temp.restated)"
        f" UNION ALL SELECT {', '.join(columns)} FROM temp.restated_occurrences"
    )
    kept = ", ".join(name for name in columns if name != "n")
    new = ", ".join(
        f"ifnull(NEW.{name}, '')" if name == "verdict" else f"NEW.{name}"
        for name in columns
        if name != "n"
    )
    connection.execute(
        "CREATE TEMP TRIGGER occurrences_added INSTEAD OF INSERT ON occurrences BEGIN"
        f" INSERT INTO restated_occurrences ({kept}) VALUES ({new}); END"
    )
    connection.execute(
        "CREATE TEMP TRIGGER occurrences_judged INSTEAD OF UPDATE OF verdict ON occurrences BEGIN"
        " UPDATE restated_occurrences SET verdict = NEW.verdict WHERE id = OLD.id; END"
    )


# Columns of a past list that depend on other pitfalls or on verdicts: duplicates, regressions


#: What counts for another pitfall than today, and both of those.
_REHOMED: Final = """
WITH moved (id, past, now) AS (
  SELECT here.id, here.original, now.original FROM temp.pitfalls AS here
  LEFT JOIN main.pitfalls AS now ON now.id = here.id
  WHERE here.original IS NOT NULL AND here.original IS NOT now.original
  UNION SELECT now.id, here.original, now.original FROM main.pitfalls AS now
  JOIN temp.pitfalls AS here ON here.id = now.id
  WHERE now.original IS NOT NULL AND here.original IS NOT now.original)
SELECT id FROM moved UNION SELECT past FROM moved UNION SELECT now FROM moved
"""

#: Groups of duplicates to which something was done since.
_REGROUPED: Final = """
SELECT DISTINCT pitfall FROM main.events
WHERE kind <> 'occurrence_logged'
  AND pitfall IN (SELECT id FROM temp.pitfalls WHERE original IS NOT NULL
                  UNION SELECT original FROM temp.pitfalls WHERE original IS NOT NULL)
  AND id NOT IN (SELECT id FROM events WHERE kind <> 'occurrence_logged')
"""
#: What an event may speak of that speaks of an occurrence, as redoing what was undone does.
_SPEAKING: Final = ", ".join(f"'{kind}'" for kind in (*OF_ITEMS, "undone"))
#: Pitfalls with an occurrence that was amended, hidden, taken back or brought back since.
_SPOKEN_OF: Final = f"""
SELECT DISTINCT mentions.pitfall FROM main.mentions
JOIN main.events AS target ON {is_event("mentions.pitfall", "mentions.target", "target")}
WHERE target.kind IN ('occurrence_logged', {_SPEAKING})
  AND NOT EXISTS (SELECT 1 FROM events WHERE {is_event("mentions.pitfall", "mentions.event")})
"""

#: Pitfalls whose fixes were others than today's, or which have several.
_JUDGED_OTHERWISE: Final = f"""
SELECT past.id FROM temp.pitfalls AS past
WHERE fixes <> '' AND NOT is_same AND fixes IS NOT (
  SELECT fixes FROM main.states
  WHERE states.pitfall = past.id AND clock IN ('both', 'at') AND until = {STILL})
UNION SELECT id FROM temp.pitfalls WHERE fixes <> ''
  AND id IN (SELECT pitfall FROM main.fixes GROUP BY pitfall HAVING count(*) > 1)
"""

#: What the occurrences say of the fixes today; without a fix, nothing.
_AS_TODAY: Final = """
UPDATE temp.pitfalls SET (regressed_at, regressed, unclear_at, fix_at) = (
  SELECT regressed_at, regressed, unclear_at, fix_at FROM main.pitfalls AS now
  WHERE now.id = pitfalls.id)
WHERE fixes <> ''
"""

_SHOULD_HOLD: Final = should_hold("status")
#: What one fix, the same as today, comes to by what had been logged: ``model.verdicts``.
#: Where neither the status nor what was found has changed since, it is as today.
_JUDGED: Final = f"""
UPDATE temp.pitfalls SET (regressed_at, regressed, unclear_at, fix_at) = (
  SELECT
    max(CASE WHEN verdict = '{Verdict.REGRESSION}' AND {_SHOULD_HOLD}
      THEN max(logged_at, fixes.at) END),
    ifnull({_SHOULD_HOLD} AND '{Verdict.REGRESSION}' = (
      SELECT last.verdict FROM main.occurrences AS last
      WHERE last.pitfall = fixes.pitfall AND last.verdict <> '' AND {{last_logged}}
        AND last.verdict IN ('{Verdict.REGRESSION}', '{Verdict.CONFIRMS}')
      {NEWEST_FIRST} LIMIT 1), 0),
    max(CASE WHEN verdict = '{Verdict.NEEDS_VERSION}' AND status = '{Status.FIXED_UPSTREAM}'
      THEN max(logged_at, fixes.at) END),
    CASE WHEN ifnull(max(verdict IN ('{Verdict.REGRESSION}', '{Verdict.CONFIRMS}')), 0) = 0
      THEN fixes.at END
  FROM main.fixes LEFT JOIN main.occurrences AS seen
    ON seen.pitfall = fixes.pitfall AND seen.verdict <> '' AND {{logged}}
    AND verdict IN ('{Verdict.REGRESSION}', '{Verdict.NEEDS_VERSION}', '{Verdict.CONFIRMS}')
  WHERE fixes.pitfall = pitfalls.id)
WHERE pitfalls.fixes <> '' AND NOT (
  is_same AND ifnull(max(regressed_at, {{at}}), {{at}}) = {{at}}
  AND ifnull(max(unclear_at, {{at}}), {{at}}) = {{at}}
  AND (fix_at IS NOT NULL OR EXISTS (
    SELECT 1 FROM main.fixes JOIN main.occurrences AS seen ON seen.id = fixes.evidence
    WHERE fixes.pitfall = pitfalls.id AND {{logged}})))
"""


def settle(connection: sqlite3.Connection, moment: Moment) -> list[str]:
    """Finish the list of a moment, all but for some pitfalls; those have to be folded again."""
    _find_originals(connection)
    again = {
        str(name)
        for sql in (_REHOMED, _REGROUPED, _SPOKEN_OF, _JUDGED_OTHERWISE)
        for (name,) in connection.execute(sql).fetchall()
        if name is not None
    }
    connection.execute(_AS_TODAY)
    logged = {"logged": logged_by(moment, "seen"), "last_logged": logged_by(moment, "last")}
    connection.execute(_JUDGED.format(**logged, at=int(moment.at)))
    derive_columns(connection)
    # From here on, as in the file.
    triggers = "SELECT sql FROM main.sqlite_master WHERE type = 'trigger' AND tbl_name = 'pitfalls'"
    for (sql,) in connection.execute(triggers).fetchall():
        connection.execute(str(sql).replace("CREATE TRIGGER", "CREATE TEMP TRIGGER", 1))
    return sorted(again)


def _find_originals(connection: sqlite3.Connection) -> None:
    """For which pitfall each duplicate counted."""
    duplicates = dict(
        connection.execute(
            "SELECT id, duplicate_of FROM temp.pitfalls WHERE duplicate_of <> ''"
        ).fetchall()
    )
    if not duplicates:
        return
    there = {
        of
        for of in duplicates.values()
        if connection.execute("SELECT 1 FROM temp.pitfalls WHERE id = ?", (of,)).fetchone()
    } | duplicates.keys()
    connection.executemany(
        "UPDATE temp.pitfalls SET original = ?2 WHERE id = ?1", originals(duplicates, there).items()
    )
