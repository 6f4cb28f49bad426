"""Events about other events: an item amended or hidden, a step taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, ValidationError

from storage.events.body import Body, Lines, LinesByLanguage
from storage.events.envelope import EventId
from storage.models import Text

if TYPE_CHECKING:
    from storage.events.envelope import Event
    from storage.fold import Draft


class ItemAmended(Body):
    """Some fields of an item take new values."""

    kind: ClassVar[str] = "item_amended"

    item: EventId
    changes: Annotated[dict[str, Any], Field(min_length=1)]
    reason: Lines | LinesByLanguage = ""

    def mentions(self) -> tuple[str, ...]:
        """The item."""
        return (self.item,)

    def apply(self, draft: Draft, event: Event) -> None:
        """Change the item; changes that its kind does not allow are left out."""
        if self.item not in draft.items:
            return
        added, body = draft.items[self.item]
        try:
            amended = type(body).model_validate(body.model_dump() | self.changes)
        except ValidationError:
            return
        draft.items[self.item] = (added, amended)
        draft.change(body.kind, body.headline(), amended.headline(), self.reason)


class ItemHidden(Body):
    """An item is no longer shown; undo shows it again."""

    kind: ClassVar[str] = "item_hidden"

    item: EventId
    reason: Lines | LinesByLanguage = ""

    def mentions(self) -> tuple[str, ...]:
        """The item."""
        return (self.item,)

    def apply(self, draft: Draft, event: Event) -> None:
        """Take the item out of sight."""
        if self.item in draft.items:
            _, body = draft.items.pop(self.item)
            draft.change(body.kind, body.headline(), Text(), self.reason)


class Undone(Body):
    """One user action's events on this pitfall are void; undoing an undo is redo."""

    kind: ClassVar[str] = "undone"

    events: Annotated[tuple[EventId, ...], Field(min_length=1)]

    def mentions(self) -> tuple[str, ...]:
        """The events taken back."""
        return self.events

    def apply(self, draft: Draft, event: Event) -> None:
        """Nothing to do: the fold leaves void events out before it begins."""
