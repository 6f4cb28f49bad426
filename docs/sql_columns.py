"""What the columns of the views for SQL mean, and the words in them: for data.md and Datasette."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from storage.events import KINDS
from storage.model import row, vocabulary
from storage.model.environment import FIELDS
from storage.projection.sql_views import VIEW_COLUMNS


class ViewPage(NamedTuple):
    """What a row of a view is, which columns Datasette counts, and what the columns mean."""

    row: str
    facets: tuple[str, ...]
    columns: Mapping[str, str]


#: What a column means in every view that has it and says nothing else of it.
_EVERYWHERE: Final = {
    "pitfall_id": "`id` of `pitfalls_view`; for what came from a duplicate, the original",
    "pitfall_title": "title of that pitfall",
    "recorded_on_id": "pitfall on which it was recorded: `pitfall_id`, or a duplicate of it",
    "who": "name of the person who recorded it",
    **{one.name: one.help[0].lower() + one.help[1:].removesuffix(".") for one in FIELDS},
}
VIEWS: Final = {
    "pitfalls_view": ViewPage(
        "a pitfall",
        ("status", "severity", "kind", "upstream", "regressed", "on_board"),
        {
            "id": "id of the pitfall, 16 hex digits",
            "title": "what goes wrong, in one line",
            "status": "where the team stands; set by people",
            "upstream": "where the vendor stands; computed from links, vendor replies and fixes",
            "kind": "kind of pitfall",
            "severity": "how much it hurts, `S1` most",
            "component": "API or part that it is about",
            "assignee": "name of the person who takes care of it",
            "due": "day by which it is due",
            "ticket": "number or address of the vendor's ticket about it",
            "tags": "all tags in one text: `a, b`",
            "on_board": "`yes` unless declined or a duplicate; the board lists only these",
            "triage": "what was decided about its place on the board; a regression, a due date or"
            " the end of a snooze brings it into the board's inbox without changing this",
            "inbox_reason": "why it was put into the inbox; null if it was not",
            "decline_reason": "why it was declined; null if it was not",
            "duplicate_of_id": "the pitfall that it was marked a duplicate of",
            "occurrence_count": "times reproduced: the sum of `count` of these occurrences",
            "not_reproduced_count": "times tried and not reproduced, summed likewise",
            "first_seen": "first time reproduced; null if it never was",
            "last_seen": "last time reproduced; null if it never was",
            "reported_at": "when it was recorded on the board",
            "reported_by": "who recorded it",
            "changed_at": "last change other than an occurrence",
            "regressed": "`yes` while newest evidence disputes a fix that its `status` rests on",
            "regressed_at": "when its newest regression was logged, also if it holds again",
            "workaround": "what to do instead",
            "reproduction": "how to reproduce it",
            "workaround_verified_at": "when the workaround was written or last verified",
        },
    ),
    "occurrences_view": ViewPage(
        "an occurrence, with its environment and verdict",
        ("platform", "outcome", "verdict", "who"),
        {
            "id": "id of the occurrence",
            "seen_at": "when it was seen",
            "logged_at": "when it was recorded, the same or later",
            "outcome": "whether the pitfall showed",
            "count": "times that this record stands for: sum it, since `count(*)` counts records",
            "message": "error message as logged",
            "note": "what was said about it",
            "verifies_fix_id": "the fix that somebody meant to try; says nothing of the result",
            "verdict": "what it says about the fixes; null if none applies, or if it was"
            " not reproduced where a fix does not reach",
        },
    ),
    "fixes_view": ViewPage(
        "a fix, with its state",
        ("axis", "state", "official", "platform"),
        {
            "id": "id of the fix",
            "pitfall_id": "pitfall on which it was recorded, also if that is a duplicate",
            "recorded_at": "when it was recorded",
            "axis": "what has to be new enough; also says what the versions are of",
            "from_version": "first good version on the axis",
            "from_date": "first good day; null: the day of `recorded_at`",
            "affected_since": "first bad version; for information, no verdict depends on it",
            "last_affected": "last bad version; the limit where `from_version` is null",
            "platform": "the only platform that it holds on; null: all",
            "host": "the only host app that it holds in; null: all",
            "reference": "address or text where it is announced",
            "quote": "what is announced there",
            "official": "`yes` if the recorder said that the vendor announced it; not checked",
            "grace_days": "days after `from_date` in which a base library is still rolled out",
            "state": "what the newest evidence says; computed",
            "evidence_occurrence_id": "the occurrence that decides `state`; null while claimed",
            "evidence_at": "when that was seen",
        },
    ),
    "links_view": ViewPage(
        "a link, with what the vendor replied last",
        ("source", "official", "vendor_reply"),
        {
            "id": "id of the link",
            "added_at": "when it was added",
            "url": "address",
            "title": "title of the page",
            "source": "type of place; computed from the address unless somebody chose it",
            "quote": "words of the page that somebody copied into the link",
            "quoted_on": "day of that quote",
            "official": "`yes` if the recorder said that `quote` is the vendor's; not checked",
            "vendor_reply": "kind of the newest vendor reply recorded at the link, also of one that"
            " is not official; its text and author are not in `quote`, see `pitboard show`",
        },
    ),
    "history_view": ViewPage(
        "a change: an event of the record",
        ("what", "undone", "who"),
        {
            "event_id": "id of the event",
            "pitfall_id": "pitfall on which it was recorded, also if that is a duplicate;"
            " all zeros: the board itself",
            "at": "when, by the clock of the machine that recorded it",
            "who": "who did it",
            "what": "kind of change",
            "store_id": "copy of the board, on one machine, that recorded it",
            "step": "number of the user action: events with the same `store_id` and `step` were"
            " one action, and are undone together",
            "undone": "`yes` if it was undone since; not the same as `what` = `undone`",
            "event": "the event as JSON; sort by its `$.hlc` where events have one second",
        },
    ),
    "weekly_view": ViewPage(
        "the occurrences of a pitfall in a week",
        (),
        {
            "week_begins": "Monday, in the board's time zone",
            "occurrence_count": "times reproduced in that week: a sum of `count`",
        },
    ),
}

#: What the words in columns mean, where their label does not say it.
WORDS: Final[dict[type[vocabulary.Word], dict[str, str]]] = {
    row.Status: {
        "open": "no way round it is known",
        "workaround": "there is one, in `workaround`",
        "fixed upstream": "the team takes it as fixed; check `regressed` and `state`",
    },
    vocabulary.Upstream: {
        "unreported": "no link shows that the vendor knows",
        "reported": "there is a community thread, an official document with a quote,"
        " or an official link",
        "acknowledged": "the newest reply that counts is `acknowledged` or `will-fix`",
        "claimed-fixed": "there is a fix, the status says so, or the reply is `fixed`"
        " or `document-changed`",
        "declined": "the newest reply that counts is `by-design`",
    },
    row.Kind: {
        "bug": "does not do what is documented",
        "docs": "the document is wrong or silent",
        "limit": "a limit or quota",
        "quirk": "works, but not as one expects",
        "tooling": "only in the tools around it",
    },
    row.Severity: {},
    row.Triage: {
        "settled": "accepted, nothing to decide",
        "inbox": "waits for a decision",
        "snoozed": "put off until a day, a number of occurrences or a version",
        "declined": "not taken onto the board, see `decline_reason`",
        "duplicate": "counts for `duplicate_of_id`",
    },
    row.InboxReason: {
        "new": "reported here",
        "imported": "came from a file",
        "duplicate": "a file calls it a duplicate of another",
        "unmatched": "an error that no pitfall matches",
        "returned": "somebody put it back",
        "woken": "its snooze ended",
        "regressed": "it has a new regression",
        "needs-version": "it has an occurrence whose version is missing",
        "vendor-reply": "a watched page seems to have a reply",
        "overdue": "its due date has passed",
    },
    row.DeclineReason: {},
    vocabulary.Outcome: {},
    vocabulary.Verdict: {
        "regression": "reproduced at or beyond every fix that applies there",
        "stale": "reproduced in a version older than a fix, or before its day",
        "rolling-out": "reproduced within `grace_days` of a fix of the base library",
        "needs-version": "reproduced, but the version is missing or can't be compared",
        "confirms": "not reproduced at or beyond all fixes",
    },
    vocabulary.Host: {},
    vocabulary.Platform: {},
    vocabulary.Channel: {},
    vocabulary.NetworkType: {},
    vocabulary.Axis: {
        "client": "`client_version`",
        "library": "`base_library`",
        "server": "the day, `from_date`",
        "devtools": "`devtools_version`",
        "document": "the day on which the document changed",
        "limit": "the day on which a limit was lifted",
    },
    vocabulary.FixState: {
        "claimed": "nobody has tried it at or beyond the fix",
        "verified": "the newest occurrence at or beyond the fix is not reproduced",
        "disputed": "the newest occurrence at or beyond the fix is reproduced",
    },
    vocabulary.Source: {
        "community": "thread of the vendor's community",
        "official": "other page on a host of the vendor",
        "post": "post elsewhere, if somebody chose it",
        "other": "any other address",
    },
    vocabulary.VendorReplyKind: {},
}
#: Which words stand in which columns.
WORDS_IN: Final = {
    "status": row.Status,
    "upstream": vocabulary.Upstream,
    "kind": row.Kind,
    "severity": row.Severity,
    "triage": row.Triage,
    "inbox_reason": row.InboxReason,
    "decline_reason": row.DeclineReason,
    "outcome": vocabulary.Outcome,
    "verdict": vocabulary.Verdict,
    "host": vocabulary.Host,
    "platform": vocabulary.Platform,
    "channel": vocabulary.Channel,
    "network_type": vocabulary.NetworkType,
    "axis": vocabulary.Axis,
    "state": vocabulary.FixState,
    "source": vocabulary.Source,
    "vendor_reply": vocabulary.VendorReplyKind,
}


def meaning(view: str, column: str) -> str:
    """What a column of a view means.

    Raises:
        KeyError: if nobody has explained it.
    """
    own = VIEWS[view].columns
    if column.endswith("_zh"):
        return f"`{column.removesuffix('_zh')}` in Chinese, where there is no Chinese the same text"
    return own[column] if column in own else _EVERYWHERE[column]


def words() -> list[tuple[str, str, str]]:
    """Each column of fixed words, each word, and what it means."""
    rows = [
        (column, word.value, WORDS[kind].get(word.value, word.label.removeprefix(f"{word.value} ")))
        for column, kind in WORDS_IN.items()
        for word in kind
    ]
    done = [("what", kind.replace("_", " "), body.history_words) for kind, body in KINDS.items()]
    return rows + done


def unexplained() -> list[tuple[str, str]]:
    """The columns of the views that nobody has explained, and explanations of none."""
    of_views = {(view, column) for view, columns in VIEW_COLUMNS.items() for column in columns}
    told = {(view, column) for view, page in VIEWS.items() for column in page.columns}
    missing = {
        (view, column)
        for view, column in of_views - told
        if not column.endswith("_zh") and column not in _EVERYWHERE
    }
    return sorted(missing | (told - of_views))
