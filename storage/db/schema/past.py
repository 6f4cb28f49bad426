"""What the board was like on a day, without folding every pitfall again."""

from __future__ import annotations

from typing import Final

from sqlite_utils import Database

#: The columns of ``pitfalls`` that a state holds, with their sorts.
_STATE: Final = (
    ("title", "TEXT NOT NULL"),
    ("title_zh", "TEXT NOT NULL"),
    ("kind", "TEXT NOT NULL"),
    ("component", "TEXT NOT NULL"),
    ("component_zh", "TEXT NOT NULL"),
    ("severity", "TEXT NOT NULL"),
    ("status", "TEXT NOT NULL"),
    ("status_order", "INTEGER NOT NULL"),
    ("reported_at", "INTEGER NOT NULL"),
    ("reported_by", "TEXT NOT NULL"),
    ("triage", "TEXT NOT NULL"),
    ("decided_at", "INTEGER NOT NULL"),
    ("inbox_reason", "TEXT NOT NULL"),
    ("decline_reason", "TEXT NOT NULL"),
    ("duplicate_of", "TEXT NOT NULL"),
    ("wakes_on", "INTEGER"),
    ("wakes_at_count", "INTEGER"),
    ("wakes_axis", "TEXT NOT NULL"),
    ("wakes_version", "TEXT NOT NULL"),
    ("wakes_at_version", "TEXT"),
    ("upstream", "TEXT NOT NULL"),
    ("workaround_at", "INTEGER"),
    ("fixes", "TEXT NOT NULL"),
)


def what_it_was_like(db: Database) -> None:
    """When foreign events arrived, and what the list showed of each pitfall, and until when."""
    # Of what was written here that is ``at``; only what came from elsewhere has another one.
    db.execute("ALTER TABLE events ADD COLUMN arrived_at INTEGER")
    db.execute("CREATE INDEX idx_events_arrived ON events (arrived_at) WHERE arrived_at NOT NULL")
    # What was done in a period, without what was seen in it.
    db.execute("CREATE INDEX idx_events_done ON events (at) WHERE kind <> 'occurrence_logged'")
    columns = ", ".join(f"{name} {sort}" for name, sort in _STATE)
    db.execute(
        "CREATE TABLE states (n INTEGER PRIMARY KEY, pitfall TEXT NOT NULL, clock TEXT NOT NULL,"
        f" since INTEGER NOT NULL, until INTEGER NOT NULL, {columns})"
    )
    db.execute("CREATE INDEX idx_states_of_pitfall ON states (pitfall, clock, since)")
    # With the day of logging in the index, the counters of a day read no rows of occurrences.
    db.execute("DROP INDEX idx_occurrences_of_pitfall")
    db.execute(
        "CREATE INDEX idx_occurrences_of_pitfall ON occurrences"
        " (pitfall, seen_at DESC, id DESC, outcome, count, host, platform, channel, logged_at)"
    )
    db.execute("DROP INDEX idx_occurrences_judged")
    db.execute(
        "CREATE INDEX idx_occurrences_judged ON occurrences (pitfall, verdict, logged_at)"
        " WHERE verdict <> ''"
    )
