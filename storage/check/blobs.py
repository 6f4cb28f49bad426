"""Whether the bytes of attachments are what their digests say, and all of them here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from storage.check.findings import NAMED_AT_MOST, Findings
from storage.db import blobs
from storage.db.rows import OCCURRENCE, occurrence_of
from storage.errors import N_, Unusable
from storage.events import Event
from storage.model.records import Occurrence
from storage.projection.search_index import digest_of, indexed_message
from storage.text.dates import SINCE_MONDAY_MS, WEEK_MS

_NEXT: Final = "SELECT digest FROM contents WHERE digest > ? ORDER BY digest LIMIT 1"
_NOT_HERE: Final = f"""
SELECT DISTINCT label, recorded_on FROM attachments
WHERE digest NOT IN (SELECT digest FROM contents) ORDER BY at LIMIT {NAMED_AT_MOST + 1}
"""
_AGAIN: Final = N_("Attach the same file once more; whoever shares this board may hold it whole.")


def look_at_contents(connection: sqlite3.Connection, findings: Findings) -> None:
    """Read every attachment's bytes, one after the other, and ask which are not here.

    Args:
        connection: in a snapshot.
        findings: takes what is found.
    """
    with findings.going_on():
        last = ""
        while row := connection.execute(_NEXT, (last,)).fetchone():
            (last,) = row
            try:
                blobs.get(connection, last)
            except Unusable as damaged:
                findings.damage(damaged.message, _AGAIN, **damaged.values)
    with findings.going_on():
        for label, pitfall in connection.execute(_NOT_HERE).fetchall():
            findings.note(
                N_("The bytes of “{label}”, attached to pitfall {pitfall}, are not here yet."),
                N_("“pitboard sync” fetches them once whoever attached it has sent them."),
                label=label,
                pitfall=pitfall,
            )


# Occurrences as the board holds them, for comparing with their events


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


# Whether what occurrences add up to is what they add up to, and is found


_PAGE: Final = 500


# One more than is named, so that a report says that there are more.
_LIMIT: Final = f"LIMIT {NAMED_AT_MOST + 1}"


_WRONG_COUNTERS: Final = f"""
SELECT id FROM pitfalls LEFT JOIN (
  SELECT pitfall, sum(count) AS total,
    min(CASE outcome WHEN 'reproduced' THEN seen_at END) AS first,
    max(CASE outcome WHEN 'reproduced' THEN seen_at END) AS last
  FROM occurrences GROUP BY pitfall) ON pitfall = id
WHERE (occurrence_count, first_seen, last_seen) IS NOT (ifnull(total, 0), first, last)
{_LIMIT}
"""


_WEEKS: Final = "SELECT pitfall, week, count FROM weekly_sightings"


_REAL_WEEKS: Final = f"""
SELECT pitfall, (seen_at + {SINCE_MONDAY_MS}) / {WEEK_MS}, sum(count) FROM occurrences
WHERE outcome = 'reproduced' GROUP BY 1, 2
"""


_MESSAGES: Final = "SELECT pitfall, message FROM messages"


_REAL_MESSAGES: Final = "SELECT pitfall, message FROM occurrences WHERE message <> ''"


_VERSIONS: Final = "SELECT pitfall, axis, version FROM seen_versions"


_REAL_VERSIONS: Final = """
SELECT * FROM (
  SELECT pitfall, 'client', client_version FROM occurrences WHERE client_version <> ''
  UNION SELECT pitfall, 'library', base_library FROM occurrences WHERE base_library <> '')
"""


def look_at_sums(connection: sqlite3.Connection, findings: Findings) -> None:
    """Counters, weeks, messages and versions beside the occurrences they are made from."""
    for message, sql in (
        (
            N_("The counters of pitfall {pitfall} are not those of its occurrences."),
            _WRONG_COUNTERS,
        ),
        (
            N_("The weekly sightings of pitfall {pitfall} are not those of its occurrences."),
            _differing(_WEEKS, _REAL_WEEKS),
        ),
        (
            N_("The messages of pitfall {pitfall} are not those of its occurrences."),
            _differing(_MESSAGES, _REAL_MESSAGES),
        ),
        (
            N_(
                "The versions in which pitfall {pitfall} was seen are not those of its occurrences."
            ),
            _differing(_VERSIONS, _REAL_VERSIONS),
        ),
    ):
        for (name,) in connection.execute(sql).fetchall():
            findings.differs(message, pitfall=name)


def look_at_messages(connection: sqlite3.Connection, findings: Findings) -> None:
    """Whether each message is found by what it says."""
    last = 0
    while True:
        rows = connection.execute(
            "SELECT n, pitfall, digest, messages.message, message_search.message FROM messages"
            " LEFT JOIN message_search ON message_search.rowid = n"
            " WHERE n > ? ORDER BY n LIMIT ?",
            (last, _PAGE),
        ).fetchall()
        for last, pitfall, digest, message, found_by in rows:
            if (digest, found_by) != (digest_of(message), indexed_message(message)):
                findings.differs(
                    N_("A message of pitfall {pitfall} is not found by what it says."),
                    pitfall=pitfall,
                )
        if len(rows) < _PAGE:
            return


def _differing(held: str, real: str) -> str:
    """The pitfalls for which two selections, each beginning with the pitfall, differ."""
    return (
        f"SELECT DISTINCT pitfall FROM (SELECT * FROM ({real} EXCEPT {held})"
        f" UNION ALL SELECT * FROM ({held} EXCEPT {real})) {_LIMIT}"
    )
