"""The JSON shapes of exported data: the same keys for every command and file.

Reading commands come through here, so this module loads only the standard
library and the models.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from storage.model.records import (
    Attachment,
    Comment,
    Conflict,
    Evidence,
    Fix,
    Line,
    Occurrence,
    Pitfall,
    Reference,
    RetroNote,
    Signature,
    VendorReply,
)
from storage.model.row import Decision, OccurrenceTotals, Text, Triage, Wake
from storage.model.verdicts import judge, upstream_of
from storage.model.vocabulary import attachment_kind
from storage.read.history import words_changed
from storage.text.dates import zoned
from storage.text.sanitize import sanitize

#: Compiled when first needed: a class of Chinese characters takes a millisecond.
_SUSPECT: Final = "[^ -~\n\u4e00-\u9fff]"


def as_json(value: object, indent: int | None = None) -> str:
    """``value`` as JSON that a person can read and no terminal is fooled by.

    Chinese stays Chinese; what :func:`storage.text.sanitize.sanitize` would change is
    written as an escape, so nothing is lost.
    """
    return re.sub(_SUSPECT, _escaped, json.dumps(value, ensure_ascii=False, indent=indent))


def _escaped(match: re.Match[str]) -> str:
    sign = match.group()
    return sign if sanitize(sign, lines=True) == sign else json.dumps(sign)[1:-1]


def as_listed(pitfall: Pitfall, totals: OccurrenceTotals, language: str) -> dict[str, Any]:
    """A pitfall as a list of them holds it.

    Args:
        pitfall: with all that belongs to it.
        totals: its counters.
        language: of the reader, a locale name such as ``zh_CN``.
    """
    return {
        "id": pitfall.id,
        "title": pitfall.title.read(language),
        "status": pitfall.status.value,
        "regressed": pitfall.regressed,
        "upstream": upstream_of(pitfall).value,
        "kind": pitfall.kind.value,
        "severity": pitfall.severity.value,
        "component": pitfall.component.read(language),
        **{name: value or None for name, value in pitfall.plan._asdict().items()},
        "tags": list(pitfall.tags),
        "triage": pitfall.decision.triage.value,
        "inbox_reason": pitfall.decision.inbox_reason,
        "decline_reason": pitfall.decision.decline_reason,
        "duplicate_of": pitfall.decision.duplicate_of or None,
        "workaround": pitfall.workaround.read(language),
        "reproduction": pitfall.reproduction.read(language),
        "references": [_reference(one, language) for one in pitfall.references],
        "signatures": [_signature(one) for one in pitfall.signatures],
        "occurrence_count": totals.count,
        "not_reproduced_count": totals.not_reproduced,
        "first_seen": zoned(totals.first_seen),
        "last_seen": zoned(totals.last_seen),
    }


def as_note(note: RetroNote, language: str) -> dict[str, Any]:
    """A note, a decision or a follow-up of a retro.

    Args:
        note: what was noted.
        language: of the reader.
    """
    return {
        "id": note.id,
        "kind": note.sort.value,
        "text": note.text.read(language),
        "owner": note.owner,
        "due": note.due or None,
        "done_on": note.done_on or None,
        "pitfall": note.pitfall or None,
        "at": zoned(note.at),
        "who": note.who,
    }


def as_waiting(pitfall: Pitfall, totals: OccurrenceTotals, language: str) -> dict[str, Any]:
    """A pitfall as the inbox holds it: as it is listed, and since when it waits.

    Args:
        pitfall: with its decision as it stands now, woken if it has woken.
        totals, language: as for :func:`as_listed`.
    """
    waits = pitfall.decision.triage is Triage.INBOX
    since = zoned(pitfall.decision.at) if waits else None
    return as_listed(pitfall, totals, language) | {"waiting_since": since}


def as_shown(
    pitfall: Pitfall,
    totals: OccurrenceTotals,
    occurrences: Iterable[Occurrence],
    language: str,
    *,
    duplicates: Iterable[str] = (),
    not_duplicates: Iterable[str] = (),
    fixes: Sequence[Fix] = (),
    evidence: Mapping[str, Evidence] | None = None,
    source: str = "",
) -> dict[str, Any]:
    """A pitfall on its own: as it is listed, with all that belongs to it.

    Args:
        pitfall, totals, language: as for :func:`as_waiting`.
        occurrences: those to show, in the order in which to show them.
        duplicates, not_duplicates: the ids of those that count for it, and of those that somebody
            said it is not the same as.
        fixes: those that its occurrences are judged by.
        evidence: what each of its own fixes is found to be.
        source: the catalogue that it comes from.
    """
    return as_waiting(pitfall, totals, language) | {
        "snoozed_until": _wake(pitfall.decision.wake),
        "duplicates": list(duplicates),
        "not_duplicates": sorted(not_duplicates),
        "reported_at": zoned(pitfall.reported_at),
        "reported_by": pitfall.reported_by,
        "source": source or None,
        "changed_at": zoned(pitfall.changed_at),
        "occurrences": [as_occurrence(one, fixes, language) for one in occurrences],
        "workaround_verified_at": zoned(pitfall.workaround_at),
        "comments": [_comment(one, language) for one in pitfall.comments],
        "fixes": [
            _fix(one, (evidence or {}).get(one.id, Evidence()), language) for one in pitfall.fixes
        ],
        "vendor_replies": [_vendor_reply(one, language) for one in pitfall.vendor_replies],
        "attachments": [as_attachment(one, language) for one in pitfall.attachments],
        "conflicts": [as_conflict(one, language) for one in pitfall.conflicts],
    }


def as_conflict(conflict: Conflict, language: str) -> dict[str, Any]:
    """A value that several people wrote at the same time; the first claim is the one shown.

    Args:
        conflict: the value.
        language: of the reader.
    """
    return {
        "name": conflict.name,
        "field": conflict.field,
        "part": conflict.part,
        "about": conflict.about.read(language),
        "claims": [
            {
                "event": claim.event,
                "at": zoned(claim.at),
                "who": claim.who,
                "value": as_value(conflict.part, claim.value, language),
            }
            for claim in conflict.claims
        ],
    }


def as_attachment(one: Attachment, language: str) -> dict[str, Any]:
    """A file that was attached, without its bytes."""
    return {
        "id": one.id,
        "at": zoned(one.at),
        "who": one.who,
        "label": one.label,
        "kind": attachment_kind(one.media).value,
        "media": one.media,
        "size": one.size,
        "digest": one.digest,
        "occurrence": one.occurrence or None,
        "note": one.note.read(language),
        "here": one.here,
        "recorded_on": one.recorded_on,
    }


def as_history(line: Line, language: str) -> dict[str, Any]:
    """One change in a pitfall's history."""
    return {
        "event": line.event,
        "pitfall": line.pitfall or None,
        "at": zoned(line.at),
        "who": line.who,
        "category": line.sort,
        "what": line.what,
        "field": line.field,
        "part": line.part,
        "about": line.about.read(language),
        "before": as_value(line.part, line.before, language),
        "after": as_value(line.part, line.after, language),
        "difference": [
            {"kind": span.sort.value, "text": span.text} for span in words_changed(line, language)
        ],
        "reason": line.reason.read(language),
        "undone": line.void,
        "redo": line.redoes,
        "names": list(line.names),
        "outcome": line.outcome,
        "holds_more": line.holds_more,
        "decision": _decision(line.decision),
    }


def as_value(part: str, value: Text, language: str) -> str:
    """A value that stood somewhere, for data; a time is written as in every other field.

    Args:
        part: the field of an item that it stood in; empty if it is the pitfall's own.
        value: what stood there.
        language: of the reader.
    """
    # The one time among the fields that can be amended.
    if part == "seen_at" and value.plain.isdecimal():
        return zoned(int(value.plain)) or ""
    return value.read(language)


def _decision(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {
        "triage": decision.triage.value,
        "decline_reason": decision.decline_reason,
        "duplicate_of": decision.duplicate_of or None,
        "snoozed_until": _wake(decision.wake),
    }


def _wake(wake: Wake | None) -> dict[str, Any] | None:
    if wake is None:
        return None
    return {
        "time": zoned(wake.on),
        "occurrence_count": wake.at_count,
        "axis": wake.axis or None,
        "version": wake.version or None,
    }


def _reference(one: Reference, language: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "title": one.title.read(language),
        "source": one.source.value,
        "quote": one.quote.read(language),
        "quoted_on": one.quoted_on,
        "official": one.official,
        "recorded_on": one.recorded_on,
    }


def _vendor_reply(one: VendorReply, language: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": zoned(one.at),
        "who": one.who,
        "reference": one.reference,
        "said_on": one.said_on,
        "author": one.author,
        "official": one.official,
        "kind": one.sort.value,
        "version": one.version,
        "quote": one.quote.read(language),
        "recorded_on": one.recorded_on,
    }


def _signature(one: Signature) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": one.text,
        "form": one.form.value,
        "platform": one.platform,
        "channel": one.channel,
        "recorded_on": one.recorded_on,
    }


def _occurrence(one: Occurrence, language: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "recorded_on": one.recorded_on,
        "seen_at": zoned(one.seen_at),
        "who": one.who,
        "outcome": one.outcome.value,
        **one.environment._asdict(),
        "message": one.message,
        "count": one.count,
        "note": one.note.read(language),
    }


def as_occurrence(one: Occurrence, fixes: Sequence[Fix], language: str) -> dict[str, Any]:
    """An occurrence, and what it says of the fixes."""
    found = judge(one, fixes)
    return _occurrence(one, language) | {
        "verifies": one.fix or None,
        "verdict": None if found is None else found.verdict.value,
        "verdict_because": None if found is None else found.why.value,
        "verdict_fix": None if found is None else found.fix.id,
    }


def _comment(one: Comment, language: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": zoned(one.at),
        "who": one.who,
        "text": one.text.read(language),
    }


def _fix(one: Fix, found: Evidence, language: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": zoned(one.at),
        "who": one.who,
        "axis": one.axis.value,
        "from_version": one.from_version,
        "from_date": one.from_date,
        "affected_since": one.affected_since,
        "last_affected": one.last_affected,
        "platform": one.platform,
        "host": one.host,
        "quote": one.quote.read(language),
        "reference": one.reference,
        "official": one.official,
        "grace_days": one.grace_days,
        "state": found.state.value,
        "evidence": found.occurrence or None,
        "evidence_at": zoned(found.at),
    }
