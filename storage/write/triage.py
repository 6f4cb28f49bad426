"""Decisions: triage, and choosing one of the values that several people wrote at once.

Each is one step of undo, however many pitfalls it applies to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from storage import events as kinds
from storage.db.reader import SUGGESTED
from storage.errors import N_, NotFound, Refused
from storage.events import Decided, Event, Write
from storage.events.event import as_written
from storage.fold.conflicts import TRIAGE, of_item, over
from storage.fold.fold import draft_of
from storage.fold.state import Draft
from storage.model.records import Claim, Conflict
from storage.model.row import Status
from storage.write import validation
from storage.write.history import earlier_values
from storage.write.session import CommandGroup, each
from storage.write.transaction import Transaction
from storage.write.validation import typed

if TYPE_CHECKING:
    from storage.events.values import FieldName


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
                draft = transaction.recorded.live(pitfall)
                for body in values:
                    present = draft.values[body.field]
                    if body.value not in (present.plain, present.zh or present.plain):
                        transaction.add(pitfall, over(draft, body.field, body))
                _decide(transaction, pitfall, accepted)

    def decline(self, pitfalls: str | Sequence[str], because: str, *, reason: str = "") -> None:
        """Decline pitfalls: they leave the default view; their history stays.

        Args:
            pitfalls: an id, or several.
            because: a :class:`storage.model.row.DeclineReason` value.
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
                validation.is_unseen(
                    snoozed.version, transaction.recorded.newest_seen(snoozed.axis)
                )
            for pitfall in each(pitfalls):
                seen = (
                    transaction.recorded.occurrence_count(pitfall)
                    if snoozed.sightings is not None
                    else 0
                )
                _decide(transaction, pitfall, snoozed.replaced(seen=seen))

    def mark_duplicate(self, pitfalls: str | Sequence[str], of: str, *, reason: str = "") -> None:
        """Mark pitfalls as duplicates of another one, into which they merge.

        Args:
            pitfalls: an id, or several.
            of: the other pitfall; if that is itself a duplicate, its original is used.
            reason: why, for the timeline.
        """
        with self._session.writing() as transaction:
            transaction.recorded.live(of)
            original = transaction.recorded.original(of)
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
            draft = transaction.recorded.live(pitfall)
            for other in each(others):
                transaction.recorded.live(other)
                if other == pitfall:
                    raise Refused(N_("A pitfall can't be a non-duplicate of itself."))
                if other not in draft.apart:
                    transaction.add(pitfall, typed(kinds.MarkedNotDuplicate, other=other))

    def decline_suggestions(self, pitfall: str) -> None:
        """Decline the vendor replies that are suggested for a pitfall, now and for everybody.

        Raises:
            NotFound: if none is.
        """
        columns = ("url", "post", "digest", "quote")
        with self._session.writing() as transaction:
            transaction.recorded.live(pitfall)
            rows = self._session.connection.execute(
                f"SELECT s.{', s.'.join(columns)} FROM {SUGGESTED} AND s.pitfall = ?", (pitfall,)
            ).fetchall()
            if not rows:
                raise NotFound(N_("No vendor reply is suggested for this pitfall."))
            for row in rows:
                values = dict(zip(columns, row, strict=True))
                transaction.add(pitfall, typed(kinds.SuggestionDeclined, **values))

    def _decide_all(self, pitfalls: str | Sequence[str], body: Decided) -> None:
        with self._session.writing() as transaction:
            for pitfall in each(pitfalls):
                _decide(transaction, pitfall, body)


def _decide(transaction: Transaction, pitfall: str, body: Decided) -> None:
    transaction.add(pitfall, over(transaction.recorded.live(pitfall), TRIAGE, body))


# Resolving conflicts: choosing one of the values that people wrote at the same time


#: Why, in every language that a reader may have: it is kept as it is written.
_REASON: Final[dict[str, Any]] = {
    "en": "kept, of what several people wrote at the same time",
    "zh": "多人同时写入，保留了这一个",
}


class ConflictCommands(CommandGroup):
    """Resolving conflicts."""

    def resolve(self, pitfall: str, name: str, event: str) -> None:
        """Choose one of the conflicting values, whether it is the one shown or not.

        Args:
            pitfall: the pitfall with the conflict.
            name: the name of the value, from the :class:`Conflict`.
            event: the id of the event that wrote the chosen value.

        Raises:
            NotFound: if there is no conflict of that name with a value of that event.
            Refused: if a rule of the record forbids that value by now.
        """
        with self._session.writing() as transaction:
            transaction.recorded.must_hold(pitfall)
            history = transaction.recorded.history(pitfall, event)
            draft = draft_of(history.values())
            for conflict in draft.conflicts():
                for claim in conflict.claims:
                    if (conflict.name, claim.event) == (name, event):
                        body = _written_again(conflict, claim, history[event], draft)
                        transaction.add(pitfall, body)
                        return
        raise NotFound(
            N_("No value that several people wrote at the same time is {id}."),
            N_("“pitboard resolve ID” lists them."),
            id=event,
        )


def _written_again(conflict: Conflict, claim: Claim, written: Event, draft: Draft) -> Write:
    """The value of a claim as a new write that replaces all values of the conflict."""
    match written.body:
        case Decided() as decided if claim.decision is not None:
            return over(draft, conflict.name, decided.replaced(reason=_REASON))
        case kinds.ItemAmended(changes=changes):
            item, part = of_item(conflict.name)
            return earlier_values(draft, item, {part: changes[part]}, _REASON)
        case _ if conflict.name == "status":
            status = Status(claim.value.plain)
            validation.may_become(draft, status, workaround="", fix=None)
            fix = written.body.fix if isinstance(written.body, kinds.StatusSet) else None
            return over(draft, "status", kinds.StatusSet(status=status, reason=_REASON, fix=fix))
        case _:
            value = as_written(claim.value)
            validation.may_take(draft, conflict.name, claim.value.plain)
            body = kinds.FieldSet(
                field=cast("FieldName", conflict.name), value=value, reason=_REASON
            )
            return over(draft, conflict.name, body)
