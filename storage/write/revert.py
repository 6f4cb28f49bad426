"""Restoring what stood before one change: the change that brings it back."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError

from storage.errors import N_, NotFound, Refused
from storage.events import (
    Body,
    Decided,
    Event,
    FieldSet,
    ItemAmended,
    ItemHidden,
    ItemShown,
    StatementAdded,
    StatusSet,
    TagAdded,
    TagRemoved,
    Write,
)
from storage.events.body import said_again
from storage.fold.conflicts import of_item, over, over_item
from storage.fold.fold import draft_before, draft_of, in_order, void_among
from storage.fold.state import Draft
from storage.model.records import Claim, Contest
from storage.model.vocabulary import Status
from storage.write import invariants
from storage.write.attachments import Attaching
from storage.write.validation import refusal

#: As many digits of an event's id as name it to people.
_ENOUGH: Final = 8


class Restoring(Attaching):
    """The side of the store that brings back what stood before."""

    def restore(self, pitfall: str, event: str) -> None:
        """Write what stood before one change again; everything since stays in the record.

        Args:
            pitfall: whose history holds the change.
            event: the id of the change.

        Raises:
            NotFound: if the history holds no such change.
            Refused: if it replaced nothing, was taken back, what was there before it stands
                already, or the record's rules forbid that.
        """
        with self.writing() as transaction:
            pitfall = transaction.owner(pitfall, event)
            transaction.must_hold(pitfall)
            events = transaction.history(pitfall, event)
            if event not in events:
                raise NotFound(
                    N_("The history of this pitfall holds no change {id}."),
                    N_("“pitboard history ID” shows the names of the changes."),
                    id=event,
                )
            if event in void_among(in_order(events.values())):
                raise Refused(
                    N_("This change was taken back already."), N_("What was before it stands.")
                )
            before, now = draft_before(events.values(), event), draft_of(events.values())
            transaction.add(pitfall, restoring(events[event], before, now))


def restoring(event: Event, before: Draft, now: Draft) -> Body:
    """The change that restores what stood before an event.

    Args:
        event: the change whose effect is not wanted.
        before: what it found.
        now: what stands.

    Raises:
        Refused: if there is nothing to restore, or the record's rules forbid it.
    """
    body = _reverse(event, before, now)
    if body is None:
        raise Refused(
            N_("There is no earlier value of it that could be restored."),
            N_("What only adds can be hidden or undone; a decision is taken anew."),
        )
    if event.body is None or not _would_change(event.body, event, before):
        raise Refused(N_("This changed nothing, so there is nothing to restore."))
    if not _would_change(body, event, now):
        raise Refused(N_("What was there before this change stands already."))
    return body


def _reverse(event: Event, before: Draft, now: Draft) -> Body | None:
    reason = _reason(event)
    match event.body:
        case FieldSet(field=field) if field in before.values:
            value = before.values[field]
            invariants.may_take(now, field, value.plain)
            return over(now, field, FieldSet(field=field, value=said_again(value), reason=reason))
        case StatusSet() if "status" in before.values:
            status = Status(before.values["status"].plain)
            invariants.may_become(now, status, workaround="", fix=None)
            return over(now, "status", StatusSet(status=status, reason=reason))
        case TagAdded(tag=tag):
            return TagRemoved(tag=tag)
        case TagRemoved(tag=tag):
            return TagAdded(tag=tag)
        case ItemAmended(item=item, changes=changes) if item in before.items:
            _, body = before.items[item]
            fields = body.model_dump(mode="json", include=set(changes))
            return amendment(now, item, fields, reason) if fields else None
        case ItemHidden(item=item):
            return ItemShown(item=item, reason=reason)
        case ItemShown(item=item) if item in now.items:
            invariants.may_hide(now, item)
            return ItemHidden(item=item, reason=reason)
        case _:
            return None


def amendment(
    draft: Draft, item: str, values: dict[str, Any], reason: dict[str, Any]
) -> ItemAmended:
    """Some fields of an item with values that stood there before, as far as these go with the rest.

    Args:
        draft: what stands.
        item: its id.
        values: of those fields, as the record keeps them.
        reason: why, in every language.

    Raises:
        Refused: if they do not, such as a fix that would be left without its beginning.
        NotFound: if the item is out of sight by now, or the reference that it is to name.
    """
    _, body = invariants.item_of(draft, item)
    try:
        amended = type(body).model_validate(body.model_dump() | values)
    except ValidationError as error:
        raise refusal(error, "") from error
    if isinstance(amended, StatementAdded) and "reference" in values:
        invariants.refers(draft, amended.reference)
    return over_item(draft, ItemAmended(item=item, changes=values, reason=reason))


def _would_change(body: Body, event: Event, draft: Draft) -> bool:
    """Whether a draft would be another one after ``body``; ``event`` lends its envelope."""
    after = draft.copy()
    body.apply(after, event)
    return _state(after) != _state(draft)


def _state(draft: Draft) -> tuple[object, ...]:
    return draft.values, draft.tags, draft.items


def _reason(event: Event) -> dict[str, Any]:
    """Why, in every language that a reader may have: it is kept as it is written."""
    who, name = event.envelope.who or "–", event.id[:_ENOUGH]
    return {
        "en": f"restored the value from before {name} ({who})",
        "zh": f"恢复了 {name}（{who}）之前的值",
    }


# Keeping one of the values that several people wrote at the same time


#: Why, in every language that a reader may have: it is kept as it is written.
_REASON: Final[dict[str, Any]] = {
    "en": "kept, of what several people wrote at the same time",
    "zh": "多人同时写入，保留了这一个",
}


class Keeping(Restoring):
    """The side of the store that ends a contest."""

    def keep(self, pitfall: str, name: str, event: str) -> None:
        """Keep one of the values of which several stand, whether it is on top or beside.

        Args:
            pitfall: where they stand.
            name: that of the value, as a :class:`Contest` has it.
            event: the one that wrote the value to keep.

        Raises:
            NotFound: if no value of that name that the event wrote is contested.
            Refused: if the record's rules forbid that value by now.
        """
        with self.writing() as transaction:
            transaction.must_hold(pitfall)
            history = transaction.history(pitfall, event)
            draft = draft_of(history.values())
            for contest in draft.contests():
                for claim in contest.claims:
                    if (contest.name, claim.event) == (name, event):
                        body = _once_more(contest, claim, history[event], draft)
                        transaction.add(pitfall, body)
                        return
        raise NotFound(
            N_("No value that several people wrote at the same time is {id}."),
            N_("“pitboard keep ID” lists them."),
            id=event,
        )


def _once_more(contest: Contest, claim: Claim, written: Event, draft: Draft) -> Write:
    """The value of a claim as a new write that knows the others."""
    match written.body:
        case Decided() as decided if claim.decision is not None:
            return over(draft, contest.name, decided.model_copy(update={"reason": _REASON}))
        case ItemAmended(changes=changes):
            item, part = of_item(contest.name)
            return amendment(draft, item, {part: changes[part]}, _REASON)
        case _ if contest.name == "status":
            status = Status(claim.value.plain)
            invariants.may_become(draft, status, workaround="", fix=None)
            fix = written.body.fix if isinstance(written.body, StatusSet) else None
            return over(draft, "status", StatusSet(status=status, reason=_REASON, fix=fix))
        case _:
            value = said_again(claim.value)
            invariants.may_take(draft, contest.name, claim.value.plain)
            body = FieldSet(field=contest.name, value=value, reason=_REASON)
            return over(draft, contest.name, body)
