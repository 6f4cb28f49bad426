"""The change that reverts another change: it writes the value from before again."""

from __future__ import annotations

from typing import Any, Final

from pydantic import ValidationError

from storage.errors import N_, Refused
from storage.events import (
    Body,
    Event,
    FieldSet,
    ItemAmended,
    ItemHidden,
    ItemShown,
    StatusSet,
    TagAdded,
    TagRemoved,
    VendorReplyAdded,
)
from storage.events.body import said_again
from storage.fold.conflicts import over, over_item
from storage.fold.state import Draft
from storage.model.vocabulary import Status
from storage.write import invariants
from storage.write.validation import refusal

#: As many digits of an event's id as name it to people.
_ENOUGH: Final = 8


def revert_of(event: Event, before: Draft, now: Draft) -> Body:
    """The change that reverts an event.

    Args:
        event: the change to revert.
        before: the state before that change.
        now: the present state.

    Raises:
        Refused: if there is no earlier value, or a rule of the record forbids it.
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
            return earlier_values(now, item, fields, reason) if fields else None
        case ItemHidden(item=item):
            return ItemShown(item=item, reason=reason)
        case ItemShown(item=item) if item in now.items:
            invariants.may_hide(now, item)
            return ItemHidden(item=item, reason=reason)
        case _:
            return None


def earlier_values(
    draft: Draft, item: str, values: dict[str, Any], reason: dict[str, Any]
) -> ItemAmended:
    """The change that gives fields of an entry the values that they had before.

    Args:
        draft: the present state.
        item: the entry's id.
        values: field name → earlier value, as JSON.
        reason: why, in every language.

    Raises:
        Refused: if they contradict its other fields, such as a fix without a beginning.
        NotFound: if the entry, or the reference that it names, is hidden by now.
    """
    _, body = invariants.item_of(draft, item)
    try:
        amended = type(body).model_validate(body.model_dump() | values)
    except ValidationError as error:
        raise refusal(error, "") from error
    if isinstance(amended, VendorReplyAdded) and "reference" in values:
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
