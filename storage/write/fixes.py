"""Statuses, fixes and what verifies them: what people say of how a pitfall stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from storage.errors import N_, NotFound
from storage.events import (
    Accepted,
    FieldSet,
    FixRecorded,
    OccurrenceLogged,
    ReferenceAdded,
    StatementAdded,
    StatusSet,
    WorkaroundConfirmed,
)
from storage.fold.conflicts import TRIAGE, over
from storage.model.urls import is_web_address, source_of
from storage.model.vocabulary import Status
from storage.write import invariants
from storage.write.triage import Triaging, each
from storage.write.validation import typed

#: What makes it a fix record and not a change of status alone.
_BEGINNINGS: Final = ("axis", "from_version", "from_date", "last_affected")


class Fixing(Triaging):
    """The fixing side of the store."""

    def set_status(
        self,
        pitfalls: str | Sequence[str],
        status: str,
        *,
        reason: str = "",
        workaround: str = "",
        **fix_said: Any,
    ) -> None:
        """Set the status of one pitfall or several, with what the status needs.

        Args:
            pitfalls: an id, or several that are to change in one step.
            status: a :class:`Status` value.
            reason: why, for the timeline.
            workaround: what to do meanwhile; replaces the workaround that stands.
            fix_said: the fields of a new :class:`FixRecorded`, if the fix is to be recorded, too.
        """
        change = typed(StatusSet, status=status, reason=reason)
        meanwhile = (
            typed(FieldSet, field="workaround", value=workaround) if workaround.strip() else None
        )
        fix = _fix(fix_said) if any(map(fix_said.get, _BEGINNINGS)) else None
        with self.writing() as transaction:
            for pitfall in each(pitfalls):
                draft = transaction.live(pitfall)
                invariants.may_become(draft, change.status, workaround=workaround, fix=fix)
                if meanwhile is not None and meanwhile.value not in draft.values["workaround"]:
                    transaction.add(pitfall, over(draft, "workaround", meanwhile))
                rests_on = transaction.add(pitfall, fix).id if fix is not None else None
                resting = change.model_copy(update={"fix": rests_on})
                transaction.add(pitfall, over(draft, "status", resting))

    def record_fix(self, pitfall: str, *, status: str | None = None, **said: Any) -> str:
        """Record what the vendor resolved; the fix's id.

        Args:
            pitfall: what it resolves.
            status: what the pitfall's status is to be from now on, if it changes.
            said: the fields of :class:`FixRecorded`.
        """
        fix = _fix(said)
        change = typed(StatusSet, status=status) if status is not None else None
        with self.writing() as transaction:
            draft = transaction.live(pitfall)
            if change is not None:
                invariants.may_become(draft, change.status, workaround="", fix=fix)
            recorded = transaction.add(pitfall, fix)
            if change is not None and change.status != draft.values["status"].plain:
                rests_on = recorded.id if change.status is Status.FIXED_UPSTREAM else None
                resting = change.model_copy(update={"fix": rests_on})
                transaction.add(pitfall, over(draft, "status", resting))
        return recorded.id

    def reopen(self, pitfalls: str | Sequence[str], *, reason: str = "") -> None:
        """Go back to the status from before the fix, and take them out of the inbox.

        Args:
            pitfalls: an id, or several that change in one step.
            reason: why, for the timeline.
        """
        with self.writing() as transaction:
            for pitfall in each(pitfalls):
                draft = transaction.live(pitfall)
                before = invariants.status_before_fix(draft)
                change = typed(StatusSet, status=before, reason=reason)
                transaction.add(pitfall, over(draft, "status", change))
                transaction.add(pitfall, over(draft, TRIAGE, typed(Accepted, reason=reason)))

    def verify(self, pitfall: str, fix: str, outcome: str, **said: Any) -> str:
        """Log that a fix holds in an environment, or does not; the occurrence's id.

        Args:
            pitfall: what was tried.
            fix: the fix that was to be verified.
            outcome: an :class:`Outcome` value: reproduced, or not.
            said: the other fields of :class:`OccurrenceLogged`.
        """
        tried = self.sighting({**said, "fix": fix, "outcome": outcome})
        with self.writing() as transaction:
            _, recorded = invariants.item_of(transaction.live(pitfall), fix)
            if not isinstance(recorded, FixRecorded):
                raise NotFound(N_("This pitfall has no fix {id}."), id=fix)
            transaction.add(pitfall, tried)
            [added] = transaction.arrived
        return added.id

    def confirm_workaround(self, pitfalls: str | Sequence[str], note: str = "") -> None:
        """Say that the workaround was tried and still works.

        Args:
            pitfalls: an id, or several that are confirmed in one step.
            note: how it was tried, for the timeline.

        Raises:
            Refused: if one of them has no workaround.
        """
        confirmed = typed(WorkaroundConfirmed, note=note)
        with self.writing() as transaction:
            for pitfall in each(pitfalls):
                invariants.has_workaround(transaction.live(pitfall))
                transaction.add(pitfall, confirmed)

    def sighting(self, said: Mapping[str, Any]) -> OccurrenceLogged:
        """The body of a new occurrence, from its fields.

        Raises:
            Refused: if it lies in the future, or a field is wrong.
        """
        occurrence = typed(OccurrenceLogged, **said)
        if occurrence.seen_at is not None:
            invariants.was_in_the_past(occurrence.seen_at, self.now())
        return occurrence


def _fix(said: Mapping[str, Any]) -> FixRecorded:
    """A new fix record, from the fields of :class:`FixRecorded`."""
    axis, *beginnings = (said.get(name) or "" for name in _BEGINNINGS)
    invariants.fix_is_complete(axis, beginnings)
    return typed(FixRecorded, **said)


# What the vendor said: statements at the references of a pitfall


#: Stands for the reference until it is known; every statement has one.
_NONE_YET = "0" * 32


class Stating(Fixing):
    """The side of the store that listens to the vendor."""

    def add_statement(self, pitfall: str, reference: str, **said: Any) -> str:
        """Note what somebody said of a pitfall, mostly one of the vendor's own; its id.

        Args:
            pitfall: what was spoken of.
            reference: where it was said: the id of one of its references, or a web address,
                which becomes a reference in the same step if none of them has it.
            said: the other fields of :class:`StatementAdded`.

        Raises:
            NotFound: if the pitfall has no such reference.
        """
        statement = typed(StatementAdded, reference=_NONE_YET, **said)
        invariants.was_said(statement.said_on, self.now())
        link = None
        if is_web_address(reference):
            link = typed(ReferenceAdded, url=reference, source=source_of(reference))
        with self.writing() as transaction:
            transaction.live(pitfall)
            if link is not None:
                known = transaction.reference_to(pitfall, link.url)
                reference = known or transaction.add(pitfall, link).id
            owner = transaction.owner(pitfall, reference)
            if link is None or known:
                invariants.refers(transaction.live(owner), reference)
            body = statement.model_copy(update={"reference": reference})
            added = transaction.add(owner, body)
        return added.id
