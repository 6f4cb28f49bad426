"""Triage decisions, each one step of undo however many pitfalls it applies to."""

from __future__ import annotations

from collections.abc import Sequence

from storage import events as kinds
from storage.errors import N_, Refused
from storage.events import Decided
from storage.fold.conflicts import TRIAGE, over
from storage.write import validation
from storage.write.session import CommandGroup, each
from storage.write.transaction import Transaction
from storage.write.validation import typed


class TriageCommands(CommandGroup):
    """Triage decisions."""

    def accept(
        self,
        pitfalls: str | Sequence[str],
        *,
        severity: str | None = None,
        component: str | None = None,
        reason: str = "",
    ) -> None:
        """Accept pitfalls: they leave the inbox and stay on the board.

        Args:
            pitfalls: an id, or several, all in one step.
            severity, component: their new values, if given.
            reason: why, for the timeline.
        """
        accepted = typed(kinds.Accepted, reason=reason)
        fields = {"severity": severity, "component": component}
        values = [
            typed(kinds.FieldSet, field=field, value=value)
            for field, value in fields.items()
            if value is not None
        ]
        with self._session.writing() as transaction:
            for pitfall in each(pitfalls):
                draft = transaction.live(pitfall)
                for body in values:
                    present = draft.values[body.field]
                    if body.value not in (present.plain, present.zh or present.plain):
                        transaction.add(pitfall, over(draft, body.field, body))
                _decide(transaction, pitfall, accepted)

    def decline(self, pitfalls: str | Sequence[str], because: str, *, reason: str = "") -> None:
        """Decline pitfalls: they leave the default view; their history stays.

        Args:
            pitfalls: an id, or several.
            because: a :class:`storage.model.vocabulary.DeclineReason` value.
            reason: free text, for the timeline.
        """
        self._decide_all(pitfalls, typed(kinds.Declined, because=because, reason=reason))

    def snooze(
        self,
        pitfalls: str | Sequence[str],
        *,
        until: int | None = None,
        occurrences: int | None = None,
        axis: str | None = None,
        version: str = "",
        reason: str = "",
    ) -> None:
        """Take pitfalls out of the inbox until a day, a number of occurrences, or a version.

        Args:
            pitfalls: an id, or several.
            until: a time in ms, in the future.
            occurrences: the number of further occurrences.
            axis, version: ``client`` or ``library``, and the version to wait for.
            reason: why, for the timeline.
        """
        snoozed = typed(
            kinds.Snoozed,
            until=until,
            sightings=occurrences,
            axis=axis,
            version=version,
            reason=reason,
        )
        if until is not None:
            validation.is_ahead(until, self._session.now())
        with self._session.writing() as transaction:
            if snoozed.axis is not None and snoozed.version:
                validation.is_unseen(snoozed.version, transaction.newest_seen(snoozed.axis))
            for pitfall in each(pitfalls):
                seen = transaction.occurrence_count(pitfall) if snoozed.sightings is not None else 0
                _decide(transaction, pitfall, snoozed.model_copy(update={"seen": seen}))

    def mark_duplicate(self, pitfalls: str | Sequence[str], of: str, *, reason: str = "") -> None:
        """Mark pitfalls as duplicates of another one, into which they merge.

        Args:
            pitfalls: an id, or several.
            of: the other pitfall; if that is itself a duplicate, its original is used.
            reason: why, for the timeline.
        """
        with self._session.writing() as transaction:
            transaction.live(of)
            original = transaction.original(of)
            for pitfall in each(pitfalls):
                validation.may_be_duplicate(pitfall, original)
                marked = typed(kinds.DuplicateMarked, of=original, reason=reason)
                _decide(transaction, pitfall, marked)

    def requeue(self, pitfalls: str | Sequence[str], *, reason: str = "") -> None:
        """Put pitfalls back into the inbox, whatever was decided before."""
        self._decide_all(pitfalls, typed(kinds.Returned, reason=reason))

    def not_duplicate(self, pitfall: str, others: str | Sequence[str]) -> None:
        """Mark a pitfall as not a duplicate of others, which are then no longer suggested."""
        with self._session.writing() as transaction:
            draft = transaction.live(pitfall)
            for other in each(others):
                transaction.live(other)
                if other == pitfall:
                    raise Refused(N_("A pitfall can't be a non-duplicate of itself."))
                if other not in draft.apart:
                    transaction.add(pitfall, typed(kinds.MarkedNotDuplicate, other=other))

    def _decide_all(self, pitfalls: str | Sequence[str], body: Decided) -> None:
        with self._session.writing() as transaction:
            for pitfall in each(pitfalls):
                _decide(transaction, pitfall, body)


def _decide(transaction: Transaction, pitfall: str, body: Decided) -> None:
    transaction.add(pitfall, over(transaction.live(pitfall), TRIAGE, body))
