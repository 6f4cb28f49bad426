"""Folded pitfalls → rows: the only writer of the tables that the board reads.

Everything here runs inside the store's write transaction.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple

from storage.models import Occurrence, Pitfall
from storage.search import humps, spaced
from storage.vocabulary import Outcome, Status
from storage.weeks import SINCE_MONDAY_MS, WEEK_MS, week_of

_STATUS_ORDER = {status: place for place, status in enumerate(Status)}

_UPSERT_PITFALL = """
INSERT INTO pitfalls (id, title, title_zh, kind, component, component_zh, severity, status,
  status_order, workaround, workaround_zh, reproduction, reproduction_zh, reported_at,
  reported_by, changed_at, occurrence_count)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, title_zh = excluded.title_zh,
  kind = excluded.kind, component = excluded.component, component_zh = excluded.component_zh,
  severity = excluded.severity, status = excluded.status, status_order = excluded.status_order,
  workaround = excluded.workaround, workaround_zh = excluded.workaround_zh,
  reproduction = excluded.reproduction, reproduction_zh = excluded.reproduction_zh,
  reported_at = excluded.reported_at, reported_by = excluded.reported_by,
  changed_at = excluded.changed_at
RETURNING n
"""

_INSERT_OCCURRENCE = """
INSERT OR IGNORE INTO occurrences (id, pitfall, seen_at, who, outcome, host, client_version,
  base_library, platform, os_version, device, channel, permission, devtools_version, company,
  message, count, note, note_zh)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

_BUMP_PITFALL = """
UPDATE pitfalls SET occurrence_count = occurrence_count + ?1,
  first_seen = CASE WHEN ?2 IS NULL THEN first_seen ELSE min(ifnull(first_seen, ?2), ?2) END,
  last_seen = CASE WHEN ?2 IS NULL THEN last_seen ELSE max(ifnull(last_seen, ?2), ?2) END
WHERE id = ?3
"""

_RECOUNT_PITFALL = """
UPDATE pitfalls SET (occurrence_count, first_seen, last_seen) = (
  SELECT ifnull(sum(count), 0),
    min(CASE outcome WHEN 'reproduced' THEN seen_at END),
    max(CASE outcome WHEN 'reproduced' THEN seen_at END)
  FROM occurrences WHERE pitfall = ?1)
WHERE id = ?1
"""


def digest_of(message: str) -> str:
    """A short name for an error message, by which it is kept once."""
    return hashlib.sha256(message.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def write_pitfall(connection: sqlite3.Connection, pitfall: Pitfall) -> None:
    """Replace the rows of one pitfall; its occurrences and counters stay."""
    known = connection.execute("SELECT n FROM pitfalls WHERE id = ?", (pitfall.id,)).fetchone()
    (rowid,) = connection.execute(
        _UPSERT_PITFALL,
        (
            pitfall.id,
            pitfall.title.plain,
            pitfall.title.zh or pitfall.title.plain,
            pitfall.kind,
            pitfall.component.plain,
            pitfall.component.zh or pitfall.component.plain,
            pitfall.severity,
            pitfall.status,
            _STATUS_ORDER[pitfall.status],
            *pitfall.workaround,
            *pitfall.reproduction,
            pitfall.reported_at,
            pitfall.reported_by,
            pitfall.changed_at,
        ),
    ).fetchone()
    if known is None:
        connection.execute(_RECOUNT_PITFALL, (pitfall.id,))
    else:
        _clear_items(connection, pitfall.id)
    _write_items(connection, pitfall)
    _index(connection, rowid, pitfall, known=known is not None)


def remove_pitfall(connection: sqlite3.Connection, pitfall_id: str) -> None:
    """Take a pitfall whose report was undone off the board; its occurrences stay."""
    found = connection.execute(
        "DELETE FROM pitfalls WHERE id = ? RETURNING n", (pitfall_id,)
    ).fetchone()
    if found is not None:
        connection.execute("DELETE FROM search WHERE rowid = ?", found)
        _clear_items(connection, pitfall_id)


def add_occurrences(connection: sqlite3.Connection, occurrences: Iterable[Occurrence]) -> None:
    """Insert occurrences that nothing amends or takes back, and count them."""
    for one in occurrences:
        inserted = connection.execute(_INSERT_OCCURRENCE, _occurrence_row(one)).rowcount
        if not inserted:
            continue
        seen = one.seen_at if one.outcome is Outcome.REPRODUCED else None
        connection.execute(_BUMP_PITFALL, (one.count, seen, one.pitfall))
        if seen is not None:
            connection.execute(
                "INSERT INTO weekly_sightings VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET count = count + excluded.count",
                (one.pitfall, week_of(seen), one.count),
            )
        if one.message:
            _keep_message(connection, one.pitfall, one.message)


def replace_occurrences(
    connection: sqlite3.Connection, pitfall_id: str, touched: Iterable[str], now: list[Occurrence]
) -> None:
    """Replace the ``touched`` occurrences of a pitfall by what they are now, and recount."""
    connection.executemany("DELETE FROM occurrences WHERE id = ?", [(one,) for one in touched])
    connection.executemany(_INSERT_OCCURRENCE, [_occurrence_row(one) for one in now])
    connection.execute(_RECOUNT_PITFALL, (pitfall_id,))
    connection.execute("DELETE FROM weekly_sightings WHERE pitfall = ?", (pitfall_id,))
    connection.execute(
        "INSERT INTO weekly_sightings"
        " SELECT pitfall, (seen_at + ?1) / ?2, sum(count) FROM occurrences"
        " WHERE pitfall = ?3 AND outcome = 'reproduced' GROUP BY 2",
        (SINCE_MONDAY_MS, WEEK_MS, pitfall_id),
    )
    _forget_messages(connection, pitfall_id)
    for one in now:
        if one.message:
            _keep_message(connection, pitfall_id, one.message)


def _occurrence_row(one: Occurrence) -> tuple[object, ...]:
    return (
        one.id,
        one.pitfall,
        one.seen_at,
        one.who,
        one.outcome,
        *astuple(one.environment),
        one.message,
        one.count,
        *one.note,
    )


def _keep_message(connection: sqlite3.Connection, pitfall_id: str, message: str) -> None:
    added = connection.execute(
        "INSERT OR IGNORE INTO messages (pitfall, digest, message) VALUES (?, ?, ?)",
        (pitfall_id, digest_of(message), message),
    )
    if added.rowcount:
        connection.execute(
            "INSERT INTO message_search (rowid, message) VALUES (?, ?)",
            (added.lastrowid, indexed_message(message)),
        )


def _forget_messages(connection: sqlite3.Connection, pitfall_id: str) -> None:
    unused = connection.execute(
        "DELETE FROM messages WHERE pitfall = ?1 AND message NOT IN"
        " (SELECT message FROM occurrences WHERE pitfall = ?1) RETURNING n",
        (pitfall_id,),
    ).fetchall()
    connection.executemany("DELETE FROM message_search WHERE rowid = ?", unused)


def _clear_items(connection: sqlite3.Connection, pitfall_id: str) -> None:
    for table in ("tags", "comments", "pitfall_references", "signatures", "fixes"):
        connection.execute(f"DELETE FROM {table} WHERE pitfall = ?", (pitfall_id,))


def _write_items(connection: sqlite3.Connection, pitfall: Pitfall) -> None:
    me = pitfall.id
    connection.executemany("INSERT INTO tags VALUES (?, ?)", [(me, tag) for tag in pitfall.tags])
    connection.executemany(
        "INSERT INTO comments VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(c.id, me, i, c.at, c.who, *c.text) for i, c in enumerate(pitfall.comments)],
    )
    connection.executemany(
        "INSERT INTO pitfall_references VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (r.id, me, i, r.at, r.who, r.url, *r.title, r.source, *r.quote, r.quoted_on, r.official)
            for i, r in enumerate(pitfall.references)
        ],
    )
    connection.executemany(
        "INSERT INTO signatures VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (s.id, me, i, s.text, s.form, s.platform, s.channel)
            for i, s in enumerate(pitfall.signatures)
        ],
    )
    connection.executemany(
        "INSERT INTO fixes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (f.id, me, i, f.at, f.who, f.axis, f.from_version, f.from_date, *f.quote, f.reference)
            for i, f in enumerate(pitfall.fixes)
        ],
    )


def _index(connection: sqlite3.Connection, rowid: int, pitfall: Pitfall, *, known: bool) -> None:
    row = indexed(pitfall)
    if known:
        held = connection.execute(
            "SELECT title, names, body FROM search WHERE rowid = ?", (rowid,)
        ).fetchone()
        if held == row:
            return
        connection.execute("DELETE FROM search WHERE rowid = ?", (rowid,))
    connection.execute(
        "INSERT INTO search (rowid, title, names, body) VALUES (?, ?, ?, ?)", (rowid, *row)
    )


def indexed(pitfall: Pitfall) -> tuple[str, str, str]:
    """A pitfall's row in the table ``search``."""
    title, names, body = searchable(pitfall)
    return spaced(title), f"{spaced(names)} {humps(f'{title} {names}')}", spaced(body)


def indexed_message(message: str) -> str:
    """An error message as it stands in the table ``message_search``."""
    return f"{spaced(message)} {humps(message)}"


def searchable(pitfall: Pitfall) -> tuple[str, str, str]:
    """What of a pitfall can be searched, in every language: title, names and the rest."""
    names = [*pitfall.component, *pitfall.tags, *(s.text for s in pitfall.signatures)]
    body = [*pitfall.workaround, *pitfall.reproduction]
    for comment in pitfall.comments:
        body += comment.text
    for reference in pitfall.references:
        body += [*reference.title, *reference.quote]
    for fix in pitfall.fixes:
        body += [fix.from_version, *fix.quote]
    return "\n".join(pitfall.title), "\n".join(names), "\n".join(body)
