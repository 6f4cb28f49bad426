"""Resolving conflicts: choosing one of the values that several people wrote at the same time."""

from __future__ import annotations

from typing import Any, Final

from storage import events as kinds
from storage.errors import N_, NotFound
from storage.events import Decided, Event, Write
from storage.events.body import as_written
from storage.fold.conflicts import of_item, over
from storage.fold.fold import draft_of
from storage.fold.state import Draft
from storage.model.records import Claim, Conflict
from storage.model.vocabulary import Status
from storage.write import validation
from storage.write.history import earlier_values
from storage.write.session import CommandGroup

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
            transaction.must_hold(pitfall)
            history = transaction.history(pitfall, event)
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
            return over(draft, conflict.name, decided.model_copy(update={"reason": _REASON}))
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
            body = kinds.FieldSet(field=conflict.name, value=value, reason=_REASON)
            return over(draft, conflict.name, body)
