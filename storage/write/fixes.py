"""The status of pitfalls, the vendor's fixes, and whether fixes and workarounds hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from storage import events as kinds
from storage.errors import N_, NotFound
from storage.fold.conflicts import TRIAGE, over
from storage.model.vocabulary import Status
from storage.write import validation
from storage.write.pitfalls import new_occurrence
from storage.write.session import CommandGroup, each
from storage.write.validation import typed

#: Any of these fields makes it a fix, not only a change of status.
_BEGINNINGS: Final = ("axis", "from_version", "from_date", "last_affected")


class StatusCommands(CommandGroup):
    """Setting the status of pitfalls."""

    def set(
        self,
        pitfalls: str | Sequence[str],
        status: str,
        *,
        reason: str = "",
        workaround: str = "",
        **fix_fields: Any,
    ) -> None:
        """Set the status of one pitfall or several, with the workaround or the fix that it needs.

        Args:
            pitfalls: an id, or several that change in one step.
            status: a :class:`Status` value.
            reason: why, for the timeline.
            workaround: replaces the present workaround.
            fix_fields: the fields of a :class:`FixRecorded`, to record the fix in the same step.
        """
        change = typed(kinds.StatusSet, status=status, reason=reason)
        meanwhile = (
            typed(kinds.FieldSet, field="workaround", value=workaround)
            if workaround.strip()
            else None
        )
        fix = _fix(fix_fields) if any(map(fix_fields.get, _BEGINNINGS)) else None
        with self._session.writing() as transaction:
            for pitfall in each(pitfalls):
                draft = transaction.recorded.live(pitfall)
                validation.may_become(draft, change.status, workaround=workaround, fix=fix)
                if meanwhile is not None and meanwhile.value not in draft.values["workaround"]:
                    transaction.add(pitfall, over(draft, "workaround", meanwhile))
                rests_on = transaction.add(pitfall, fix).id if fix is not None else None
                resting = change.model_copy(update={"fix": rests_on})
                transaction.add(pitfall, over(draft, "status", resting))

    def reopen(self, pitfalls: str | Sequence[str], *, reason: str = "") -> None:
        """Go back to the status from before the fix, and take them out of the inbox.

        Args:
            pitfalls: an id, or several that change in one step.
            reason: why, for the timeline.
        """
        with self._session.writing() as transaction:
            for pitfall in each(pitfalls):
                draft = transaction.recorded.live(pitfall)
                before = validation.status_before_fix(draft)
                change = typed(kinds.StatusSet, status=before, reason=reason)
                transaction.add(pitfall, over(draft, "status", change))
                transaction.add(pitfall, over(draft, TRIAGE, typed(kinds.Accepted, reason=reason)))


class FixCommands(CommandGroup):
    """Recording fixes, and confirming what works."""

    def record(self, pitfall: str, *, status: str | None = None, **fields: Any) -> str:
        """Record a fix of the vendor's; its id.

        Args:
            pitfall: the pitfall that it resolves.
            status: the pitfall's new status, if it changes.
            fields: the fields of :class:`FixRecorded`.
        """
        fix = _fix(fields)
        change = typed(kinds.StatusSet, status=status) if status is not None else None
        with self._session.writing() as transaction:
            draft = transaction.recorded.live(pitfall)
            if change is not None:
                validation.may_become(draft, change.status, workaround="", fix=fix)
            recorded = transaction.add(pitfall, fix)
            if change is not None and change.status != draft.values["status"].plain:
                rests_on = recorded.id if change.status is Status.FIXED_UPSTREAM else None
                resting = change.model_copy(update={"fix": rests_on})
                transaction.add(pitfall, over(draft, "status", resting))
        return recorded.id

    def verify(self, pitfall: str, fix: str, outcome: str, **fields: Any) -> str:
        """Log whether a fix holds in an environment; the occurrence's id.

        Args:
            pitfall: the pitfall that was tried.
            fix: the id of the fix.
            outcome: an :class:`Outcome` value: reproduced or not.
            fields: the other fields of :class:`OccurrenceLogged`.
        """
        tried = new_occurrence({**fields, "fix": fix, "outcome": outcome}, self._session.now())
        with self._session.writing() as transaction:
            _, recorded = validation.item_of(transaction.recorded.live(pitfall), fix)
            if not isinstance(recorded, kinds.FixRecorded):
                raise NotFound(N_("This pitfall has no fix {id}."), id=fix)
            transaction.add(pitfall, tried)
            [added] = transaction.arrived
        return added.id

    def confirm_workaround(self, pitfalls: str | Sequence[str], note: str = "") -> None:
        """Confirm that the workaround still works.

        Args:
            pitfalls: an id, or several, all in one step.
            note: how it was tried, for the timeline.

        Raises:
            Refused: if one of them has no workaround.
        """
        confirmed = typed(kinds.WorkaroundConfirmed, note=note)
        with self._session.writing() as transaction:
            for pitfall in each(pitfalls):
                validation.has_workaround(transaction.recorded.live(pitfall))
                transaction.add(pitfall, confirmed)


def _fix(fields: Mapping[str, Any]) -> kinds.FixRecorded:
    """The event body of a new fix, from the fields of :class:`FixRecorded`."""
    axis, *beginnings = (fields.get(name) or "" for name in _BEGINNINGS)
    validation.fix_is_complete(axis, beginnings)
    return typed(kinds.FixRecorded, **fields)
