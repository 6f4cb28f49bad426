"""Columns of a past list that depend on other pitfalls or on verdicts: duplicates, regressions."""

from __future__ import annotations

import sqlite3
from typing import Final

from storage.as_of.temp_tables import logged_by
from storage.model.history_kinds import OF_ITEMS
from storage.model.moment import STILL, Moment
from storage.model.vocabulary import Status, Verdict

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
JOIN main.events AS target ON target.id = mentions.target
WHERE target.kind IN ('occurrence_logged', {_SPEAKING})
  AND NOT EXISTS (SELECT 1 FROM events WHERE events.id = mentions.event)
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
UPDATE temp.pitfalls SET (regressed_at, unclear_at, fix_at) = (
  SELECT regressed_at, unclear_at, fix_at FROM main.pitfalls AS now WHERE now.id = pitfalls.id)
WHERE fixes <> ''
"""
#: What one fix, the same as today, comes to by what had been logged: ``model.verdicts``.
#: Where neither the status nor what was found has changed since, it is as today.
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
    connection.execute(_JUDGED.format(logged=logged_by(moment, "seen"), at=int(moment.at)))
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


# Follow-ups as they stood at a moment
