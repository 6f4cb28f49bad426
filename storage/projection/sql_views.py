"""Views for guests, who read the file with other tools: ISO dates, words, names and ids.

They hold what the read tables hold, and are made and dropped with them. Their columns follow from
the declared fields; unlike the tables, they keep their meaning from version to version.
"""

from __future__ import annotations

from typing import Final

from storage.model.environment import NAMES
from storage.model.row import PLAN_NAMES

_DAY: Final = 24 * 60 * 60
#: A time in ms as ISO 8601 in UTC; null stays null.
_time: Final = "strftime('%Y-%m-%dT%H:%M:%SZ', {} / 1000, 'unixepoch')".format
_yes: Final = "CASE WHEN {} THEN 'yes' ELSE 'no' END".format
#: Where an empty text says that nothing is known, it is null here.
_text: Final = "nullif(t.{}, '')".format
#: What has no Chinese says the same in both languages.
_zh: Final = "coalesce(nullif(t.{0}_zh, ''), nullif(t.{0}, ''))".format

#: Which pitfall something counts for, by its id and its title.
_OF: Final = {"pitfall_id": "t.pitfall", "pitfall_title": "p.title"}
_JOIN: Final = "LEFT JOIN pitfalls AS p ON p.id = t.pitfall"

#: Each view's columns with what they hold, and where from.
_VIEWS: Final[dict[str, tuple[dict[str, str], str]]] = {
    "pitfalls_view": (
        {
            "id": "t.id",
            "title": _text("title"),
            "title_zh": _zh("title"),
            **{name: f"t.{name}" for name in ("status", "upstream", "kind", "severity")},
            "component": _text("component"),
            "component_zh": _zh("component"),
            **{name: _text(name) for name in PLAN_NAMES},
            "tags": "replace(nullif(t.tags, ''), ' ', ', ')",
            "on_board": _yes("t.in_view"),
            "triage": "t.triage",
            **{name: _text(name) for name in ("inbox_reason", "decline_reason")},
            "duplicate_of_id": _text("duplicate_of"),
            "occurrence_count": "ifnull(t.occurrence_count, 0)",
            "not_reproduced_count": "t.not_reproduced_count",
            "first_seen": _time("t.first_seen"),
            "last_seen": _time("t.last_seen"),
            "reported_at": _time("t.reported_at"),
            "reported_by": "t.reported_by",
            "changed_at": _time("t.changed_at"),
            "regressed": _yes("t.regressed"),
            "regressed_at": _time("t.regressed_at"),
            "workaround": _text("workaround"),
            "workaround_zh": _zh("workaround"),
            "reproduction": _text("reproduction"),
            "reproduction_zh": _zh("reproduction"),
            "workaround_verified_at": _time("t.workaround_at"),
        },
        "pitfalls AS t",
    ),
    "occurrences_view": (
        {
            "id": "t.id",
            **_OF,
            "recorded_on_id": "t.recorded_on",
            "seen_at": _time("t.seen_at"),
            "logged_at": _time("t.logged_at"),
            "who": "t.who",
            "outcome": "t.outcome",
            "count": "t.count",
            **{name: _text(name) for name in NAMES},
            "message": _text("message"),
            "note": _text("note"),
            "note_zh": _zh("note"),
            "verifies_fix_id": _text("fix"),
            "verdict": _text("verdict"),
        },
        f"occurrences AS t {_JOIN}",
    ),
    "fixes_view": (
        {
            "id": "t.id",
            **_OF,
            "recorded_at": _time("t.at"),
            "who": "t.who",
            "axis": "t.axis",
            **{
                name: _text(name)
                for name in ("from_version", "from_date", "affected_since", "last_affected")
            },
            **{name: _text(name) for name in ("platform", "host", "reference")},
            "quote": _text("quote"),
            "quote_zh": _zh("quote"),
            "official": _yes("t.official"),
            "grace_days": "t.grace_days",
            "state": "t.state",
            "evidence_occurrence_id": _text("evidence"),
            "evidence_at": _time("t.evidence_at"),
        },
        f"fixes AS t {_JOIN}",
    ),
    "links_view": (
        {
            "id": "t.id",
            **_OF,
            "recorded_on_id": "t.recorded_on",
            "added_at": _time("t.at"),
            "who": "t.who",
            "url": "t.url",
            "title": _text("title"),
            "title_zh": _zh("title"),
            "source": "t.source",
            "quote": _text("quote"),
            "quote_zh": _zh("quote"),
            "quoted_on": _text("quoted_on"),
            "official": _yes("t.official"),
            "vendor_reply": "(SELECT sort FROM vendor_replies AS r WHERE r.reference = t.id"
            " ORDER BY said_on DESC, at DESC LIMIT 1)",
        },
        f"pitfall_references AS t {_JOIN}",
    ),
    "history_view": (
        {
            "event_id": "t.id",
            **_OF,
            "at": _time("t.at"),
            "who": "t.who",
            # As the kind is called in the record, without its underscores.
            "what": "replace(t.kind, '_', ' ')",
            "store_id": "t.actor",
            "step": "t.step",
            "undone": _yes("EXISTS (SELECT 1 FROM voided WHERE voided.event = t.id)"),
            # The event as JSON; a view may not take it apart where schemas are not trusted.
            "event": "t.line",
        },
        f"events AS t {_JOIN}",
    ),
    "weekly_view": (
        {
            **_OF,
            # Weeks are counted from the Monday before 1970, in the board's time zone.
            "week_begins": f"date(t.week * {7 * _DAY} - {3 * _DAY}, 'unixepoch')",
            "occurrence_count": "t.count",
        },
        f"weekly_occurrences AS t {_JOIN}",
    ),
}

#: The columns of each view, in their order.
VIEW_COLUMNS: Final = {name: tuple(columns) for name, (columns, _source) in _VIEWS.items()}
#: What creates the views, once the read tables are there.
CREATE_VIEWS: Final = tuple(
    f"CREATE VIEW {name} AS SELECT"
    f" {', '.join(f'{value} AS {column}' for column, value in columns.items())} FROM {source}"
    for name, (columns, source) in _VIEWS.items()
)
