"""What of a moment's list depends on more than one pitfall, or on how occurrences are judged."""

from __future__ import annotations

import sqlite3
from typing import Final

from storage.past.moment import STILL, Moment
from storage.past.overlay import logged_by
from storage.vocabulary import Status, Verdict

#: What counts for another pitfall than today.
_REHOMED: Final = """
SELECT past.id FROM temp.pitfalls AS past LEFT JOIN main.pitfalls AS now ON now.id = past.id
WHERE (past.original IS NOT NULL OR now.original IS NOT NULL)
  AND past.original IS NOT now.original
"""
#: Groups of duplicates to which something was done since.
_REGROUPED: Final = """
SELECT DISTINCT pitfall FROM main.events
WHERE kind <> 'occurrence_logged'
  AND pitfall IN (SELECT id FROM temp.pitfalls WHERE original IS NOT NULL
                  UNION SELECT original FROM temp.pitfalls WHERE original IS NOT NULL)
  AND id NOT IN (SELECT id FROM events WHERE kind <> 'occurrence_logged')
"""
#: Pitfalls with an occurrence that was amended, hidden, taken back or brought back since.
_SPOKEN_OF: Final = """
SELECT DISTINCT mentions.pitfall FROM main.mentions
JOIN main.events AS target ON target.id = mentions.target
WHERE target.kind = 'occurrence_logged'
  AND NOT EXISTS (SELECT 1 FROM events WHERE events.id = mentions.event)
"""
#: Pitfalls whose fixes were others than today's, or which have several.
_JUDGED_OTHERWISE: Final = f"""
SELECT past.id FROM temp.pitfalls AS past
WHERE past.fixes <> '' AND (
  past.fixes IS NOT (
    SELECT fixes FROM main.states
    WHERE states.pitfall = past.id AND clock IN ('both', 'at') AND until = {STILL})
  OR (SELECT count(*) FROM main.fixes WHERE fixes.pitfall = past.id) > 1)
"""
#: What one fix, the same as today, comes to by what had been logged; see ``storage.verdicts``.
_JUDGED: Final = f"""
UPDATE temp.pitfalls SET (regressed_at, unclear_at, fix_at) = (
  SELECT
    max(CASE WHEN verdict = '{Verdict.REGRESSION}' AND (status = '{Status.FIXED_UPSTREAM}'
      OR status = '{Status.WORKAROUND}' AND fixes.platform IS NOT NULL)
      THEN max(logged_at, fixes.at) END),
    max(CASE WHEN verdict = '{Verdict.NEEDS_VERSION}' AND status = '{Status.FIXED_UPSTREAM}'
      THEN max(logged_at, fixes.at) END),
    CASE WHEN ifnull(max(verdict IN ('{Verdict.REGRESSION}', '{Verdict.CONFIRMS}')), 0) = 0
      THEN fixes.at END
  FROM main.fixes LEFT JOIN main.occurrences AS seen
    ON seen.pitfall = fixes.pitfall AND seen.verdict <> '' AND {{logged}}
  WHERE fixes.pitfall = pitfalls.id)
WHERE pitfalls.fixes <> '' AND id NOT IN (SELECT pitfall FROM temp.restated)
"""


def settle(connection: sqlite3.Connection, moment: Moment) -> list[str]:
    """Finish the list of a moment, all but for some pitfalls; those have to be folded again."""
    _find_originals(connection)
    again = {
        str(name)
        for sql in (_REHOMED, _REGROUPED, _SPOKEN_OF, _JUDGED_OTHERWISE)
        for (name,) in connection.execute(sql).fetchall()
    }
    connection.execute(_JUDGED.format(logged=logged_by(moment, "seen")))
    return sorted(again)


def _find_originals(connection: sqlite3.Connection) -> None:
    """For which pitfall each duplicate counted."""
    said = dict(
        connection.execute(
            "SELECT id, duplicate_of FROM temp.pitfalls WHERE duplicate_of <> ''"
        ).fetchall()
    )
    if not said:
        return
    # Duplicates are rare, and whoever has none does not wait for what knows of them.
    from storage.projection.duplicates import originals

    there = {
        of
        for of in said.values()
        if connection.execute("SELECT 1 FROM temp.pitfalls WHERE id = ?", (of,)).fetchone()
    } | said.keys()
    connection.executemany(
        "UPDATE temp.pitfalls SET original = ?2 WHERE id = ?1", originals(said, there).items()
    )
