"""The shapes of a board's rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from storage.models import Decision, Environment, Occurrence, Row, Sightings, Text, Wake
from storage.vocabulary import (
    Channel,
    DeclineReason,
    Host,
    InboxReason,
    Kind,
    Outcome,
    Platform,
    Severity,
    Status,
    Triage,
)

ROW: Final = (
    "n, id, title, title_zh, kind, component, component_zh, severity, status,"
    " occurrence_count, first_seen, last_seen, triage, inbox_reason"
)
OCCURRENCE: Final = (
    "id, recorded_on, seen_at, who, outcome, message, count, note, note_zh, host, client_version,"
    " base_library, platform, os_version, device, channel, permission, devtools_version, company"
)
DECISION: Final = (
    "triage, decided_at, inbox_reason, decline_reason, duplicate_of,"
    " wakes_on, wakes_at_count, wakes_axis, wakes_version"
)


def row_of(row: Any) -> Row:
    """A line of the list, from the columns of ``ROW``."""
    n, pitfall, title, title_zh, kind, component, component_zh, severity, status, *rest = row
    *seen, triage, waiting = rest
    return Row(
        rowid=n,
        id=pitfall,
        title=Text.of(title, title_zh),
        kind=Kind(kind),
        component=Text.of(component, component_zh),
        severity=Severity(severity),
        status=Status(status),
        sightings=Sightings(*seen),
        triage=Triage(triage),
        inbox_reason=InboxReason(waiting) if waiting else None,
    )


def occurrence_of(row: Any) -> Occurrence:
    """An occurrence, from the columns of ``OCCURRENCE``."""
    name, recorded_on, seen_at, who, outcome, message, count, note, note_zh, *where = row
    host, client, library, platform, os_version, device, channel, *rest = where
    return Occurrence(
        id=name,
        recorded_on=recorded_on,
        seen_at=seen_at,
        who=who,
        outcome=Outcome(outcome),
        environment=Environment(
            Host(host) if host else None,
            client,
            library,
            Platform(platform) if platform else None,
            os_version,
            device,
            Channel(channel) if channel else None,
            *rest,
        ),
        message=message,
        count=count,
        note=Text(note, note_zh),
    )


def decision_of(columns: Sequence[Any]) -> Decision:
    """A decision, from the columns of ``DECISION``."""
    triage, at, waiting, declined, duplicate_of, *wakes = columns
    return Decision(
        triage=Triage(triage),
        at=at,
        inbox_reason=InboxReason(waiting) if waiting else None,
        decline_reason=DeclineReason(declined) if declined else None,
        duplicate_of=duplicate_of,
        wake=Wake(*wakes) if triage == Triage.SNOOZED else None,
    )
