"""The record, and the first shape of the board that is computed from it."""

from __future__ import annotations

import secrets

from sqlite_utils import Database

_ITEM = {"id": str, "pitfall": str, "place": int}


def the_record(db: Database) -> None:
    """The events, in order of arrival, as the exact bytes of their lines."""
    db.table("store").create(
        {"actor": str, "seen": int, "doubted_since": int}, not_null={"actor", "seen"}
    )
    db.table("store").insert({"actor": secrets.token_hex(16), "seen": 0, "doubted_since": None})
    db.table("catalogues").create({"name": str, "edition": int}, pk="name")
    db.table("events").create(
        {
            "n": int,
            "id": str,
            "actor": str,
            "seq": int,
            "step": int,
            "hlc": int,
            "at": int,
            "who": str,
            "pitfall": str,
            "kind": str,
            "line": str,
        },
        pk="n",
        not_null={"id", "actor", "seq", "step", "hlc", "at", "who", "pitfall", "kind", "line"},
    )
    db.table("events").create_index(["id"], unique=True)
    db.table("events").create_index(["actor", "seq"])
    # Occurrences are found through their own table, so this index stays as small as the rest.
    db.execute(
        "CREATE INDEX idx_events_of_pitfall ON events (pitfall) WHERE kind <> 'occurrence_logged'"
    )


def the_board(db: Database) -> None:
    """One pitfall a row, with its counters; each way of sorting reads one index."""
    db.table("mentions").create(
        {"target": str, "event": str, "pitfall": str}, pk=("target", "event")
    )
    db.table("mentions").create_index(["pitfall"])
    db.table("voided").create({"event": str, "pitfall": str}, pk="event")
    db.table("voided").create_index(["pitfall"])
    db.table("pitfalls").create(
        {
            "n": int,
            "id": str,
            "title": str,
            "title_zh": str,
            "kind": str,
            "component": str,
            "component_zh": str,
            "severity": str,
            "status": str,
            "status_order": int,
            "workaround": str,
            "workaround_zh": str,
            "reproduction": str,
            "reproduction_zh": str,
            "reported_at": int,
            "reported_by": str,
            "changed_at": int,
            "occurrence_count": int,
            "first_seen": int,
            "last_seen": int,
        },
        pk="n",
        not_null={"id", "title", "kind", "severity", "status", "status_order"},
    )
    db.table("pitfalls").create_index(["id"], unique=True)
    # The trailing columns let a filtered page skip rows without touching the table. The
    # listing names these indexes in its queries.
    filters = "status, kind, severity"
    for name, keys in (
        ("seen", "last_seen DESC, n DESC"),
        ("status", "status_order, last_seen DESC, n DESC"),
        ("severity", "severity, last_seen DESC, n DESC"),
        ("component", "component, last_seen DESC, n DESC"),
        ("component_zh", "component_zh, last_seen DESC, n DESC"),
        ("title", "title COLLATE NOCASE, n DESC"),
        ("title_zh", "title_zh COLLATE NOCASE, n DESC"),
    ):
        db.execute(f"CREATE INDEX idx_pitfalls_by_{name} ON pitfalls ({keys}, {filters})")
    # Counts by status under a filter read this alone.
    db.execute(
        "CREATE INDEX idx_pitfalls_counts"
        " ON pitfalls (status, kind, severity, component, component_zh)"
    )


def what_belongs_to_a_pitfall(db: Database) -> None:
    """Tags, comments, references, signatures, fixes and occurrences."""
    db.table("tags").create({"pitfall": str, "tag": str}, pk=("pitfall", "tag"))
    db.table("tags").create_index(["tag", "pitfall"])
    said = {"at": int, "who": str}
    quote = {"quote": str, "quote_zh": str}
    for name, columns in (
        ("comments", _ITEM | said | {"text": str, "text_zh": str}),
        (
            "pitfall_references",
            _ITEM
            | said
            | {"url": str, "title": str, "title_zh": str, "source": str}
            | quote
            | {"quoted_on": str, "official": int},
        ),
        ("signatures", _ITEM | {"text": str, "form": str, "platform": str, "channel": str}),
        (
            "fixes",
            _ITEM
            | said
            | {"axis": str, "from_version": str, "from_date": str}
            | quote
            | {"reference": str},
        ),
    ):
        db.table(name).create(columns, pk="id")
        db.table(name).create_index(["pitfall", "place"])
    db.table("occurrences").create(
        {
            "n": int,
            "id": str,
            "pitfall": str,
            "seen_at": int,
            "who": str,
            "outcome": str,
            "host": str,
            "client_version": str,
            "base_library": str,
            "platform": str,
            "os_version": str,
            "device": str,
            "channel": str,
            "permission": str,
            "devtools_version": str,
            "company": str,
            "message": str,
            "count": int,
            "note": str,
            "note_zh": str,
        },
        pk="n",
        not_null={"id", "pitfall", "seen_at", "outcome", "count"},
    )
    db.table("occurrences").create_index(["id"], unique=True)
    db.execute(
        "CREATE INDEX idx_occurrences_of_pitfall"
        " ON occurrences (pitfall, seen_at DESC, id DESC, outcome, count)"
    )
    db.execute(
        "CREATE TABLE weekly_sightings (pitfall TEXT, week INTEGER, count INTEGER NOT NULL,"
        " PRIMARY KEY (pitfall, week)) WITHOUT ROWID"
    )


def the_search(db: Database) -> None:
    """Full text, already cut so that Chinese is found; see ``storage.text.search_text``."""
    db.table("messages").create(
        {"n": int, "pitfall": str, "digest": str, "message": str}, pk="n", not_null={"digest"}
    )
    db.table("messages").create_index(["pitfall", "digest"], unique=True)
    db.execute("CREATE VIRTUAL TABLE search USING fts5 (title, names, body, prefix='1 2 3')")
    db.execute("CREATE VIRTUAL TABLE message_search USING fts5 (message, prefix='1 2 3')")
