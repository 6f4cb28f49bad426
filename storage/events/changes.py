"""Events about other events: an item amended or hidden, a step taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, ValidationError

from storage.errors import N_
from storage.events.event import Body, EventId, Lines, LinesByLanguage, Write

if TYPE_CHECKING:
    from storage.events.event import Event
    from storage.fold.state import Draft


class ItemAmended(Write):
    """Some fields of an item take new values."""

    kind: ClassVar[str] = "item_amended"
    history_words: ClassVar[str] = N_("amended an entry")
    entry_words: ClassVar[str] = N_("amended the {entry}")

    item: EventId
    changes: Annotated[dict[str, Any], Field(min_length=1)]
    reason: Lines | LinesByLanguage = ""

    def mentions(self) -> tuple[str, ...]:
        """The item."""
        return (self.item,)

    def apply(self, draft: Draft, event: Event) -> None:
        """Change the item; changes that its kind does not allow or know are left out."""
        held = draft.items.get(self.item) or draft.hidden.get(self.item)
        if held is None:
            return
        _, body = held
        known = [name for name in self.changes if name in type(body).names()]
        try:
            amended, draft.holds_more = type(body).read(body.model_dump() | self.changes)
        except ValidationError:
            draft.holds_more = True
            return
        if known:
            draft.amend(self.item, amended, known, event, self.reason, self.knew)


class ItemHidden(Body):
    """An item is no longer shown."""

    kind: ClassVar[str] = "item_hidden"
    history_words: ClassVar[str] = N_("hid an entry")
    entry_words: ClassVar[str] = N_("hid the {entry}")

    item: EventId
    reason: Lines | LinesByLanguage = ""

    def mentions(self) -> tuple[str, ...]:
        """The item."""
        return (self.item,)

    def apply(self, draft: Draft, event: Event) -> None:
        """Take the item out of sight."""
        draft.hide(self.item, self.reason)


class ItemShown(Body):
    """An item that was hidden is shown again, as it is by then."""

    kind: ClassVar[str] = "item_shown"
    history_words: ClassVar[str] = N_("showed an entry again")
    entry_words: ClassVar[str] = N_("showed the {entry} again")

    item: EventId
    reason: Lines | LinesByLanguage = ""

    def mentions(self) -> tuple[str, ...]:
        """The item."""
        return (self.item,)

    def apply(self, draft: Draft, event: Event) -> None:
        """Bring the item back into sight."""
        draft.show(self.item, self.reason)
