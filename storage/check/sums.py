"""Whether what occurrences add up to is what they add up to, and is found."""

from __future__ import annotations

import sqlite3
from typing import Final

from storage.check.findings import NAMED_AT_MOST, Findings
from storage.errors import N_
from storage.projection import digest_of, indexed_message
from storage.weeks import SINCE_MONDAY_MS, WEEK_MS

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
