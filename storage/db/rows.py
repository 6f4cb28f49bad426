"""The shapes of a board's rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from storage.errors import N_, Unusable
from storage.model.records import (
    Decision,
    OccurrenceTotals,
    Row,
    Text,
    Wake,
)
from storage.model.vocabulary import (
    DeclineReason,
    InboxReason,
    Kind,
    Severity,
    Status,
    Triage,
)

_P = ParamSpec("_P")


_R = TypeVar("_R")


class DamagedValue(Unusable, ValueError):
    """A column holds what no such column can hold; SQLite keeps no sums by which it would know."""


def undamaged(make: Callable[_P, _R]) -> Callable[_P, _R]:
    """Have what reads rows say that the file is damaged, where a value is none it can have."""

    @wraps(make)
    def made(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return make(*args, **kwargs)
        except DamagedValue:
            raise
        except (ValueError, TypeError, KeyError) as error:
            raise DamagedValue(
                N_("The board's file is damaged: {why}."),
                N_("Run “pitboard doctor” to see what is damaged, and keep a copy of the file."),
                why=str(error),
            ) from error

    return made


ROW: Final = (
    "n, id, title, title_zh, kind, component, component_zh, severity, status,"
    " occurrence_count, first_seen, last_seen, triage, inbox_reason,"
    " regressed_at IS NOT NULL, workaround_at, fix_at"
)
#: The columns of ``pitfalls`` that change only where somebody did something to a pitfall, and
#: that hold no long text; ``states`` holds them for each time.
STATE: Final = (
    "title, title_zh, kind, component, component_zh, severity, status, status_order, reported_at,"
    " reported_by, triage, decided_at, inbox_reason, decline_reason, duplicate_of, wakes_on,"
    " wakes_at_count, wakes_axis, wakes_version, wakes_at_version, upstream, workaround_at"
)
#: Later than any time (ms): pitfalls without anything to verify sort behind all others.
NEVER_VERIFIED: Final = 1 << 62
DECISION: Final = (
    "triage, decided_at, inbox_reason, decline_reason, duplicate_of,"
    " wakes_on, wakes_at_count, wakes_axis, wakes_version"
)

_W = TypeVar("_W", bound=StrEnum)


def _by_spelling(vocabulary: type[_W]) -> dict[str, _W]:
    """The words of a vocabulary: looked up so, they are found much faster than by a call."""
    return {word.value: word for word in vocabulary}


_KINDS: Final = _by_spelling(Kind)
_SEVERITIES: Final = _by_spelling(Severity)
_STATUSES: Final = _by_spelling(Status)
_TRIAGES: Final = _by_spelling(Triage)


@undamaged
def row_of(row: Any) -> Row:
    """A line of the list, from the columns of ``ROW``."""
    n, pitfall, title, title_zh, kind, component, component_zh, severity, status, *rest = row
    *seen, triage, waiting, regressed, workaround_at, fix_at = rest
    return Row(
        rowid=n,
        id=pitfall,
        title=Text.of(title, title_zh),
        kind=_KINDS[kind],
        component=Text.of(component, component_zh),
        severity=_SEVERITIES[severity],
        status=_STATUSES[status],
        sightings=OccurrenceTotals(*seen),
        triage=_TRIAGES[triage],
        inbox_reason=InboxReason(waiting) if waiting else None,
        regressed=bool(regressed),
        workaround_at=workaround_at,
        fix_at=fix_at,
    )


@undamaged
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


@undamaged
def claimed_decision(text: str) -> Decision | None:
    """A decision of triage as a claim holds it, in JSON; None of an empty text."""
    if not text:
        return None
    said = json.loads(text)
    return Decision(
        triage=Triage(said["triage"]),
        at=said["at"],
        inbox_reason=InboxReason(said["inbox_reason"]) if said["inbox_reason"] else None,
        decline_reason=DeclineReason(said["decline_reason"]) if said["decline_reason"] else None,
        duplicate_of=said["duplicate_of"],
        wake=Wake(**said["wake"]) if said["wake"] else None,
    )
