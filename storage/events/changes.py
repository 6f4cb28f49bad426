"""Events about other events, an item amended or hidden; and about the board itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, ValidationError

from storage.errors import N_
from storage.events.event import Body, EventId, Lines, LinesByLanguage, Words, Write
from storage.model.clock import TIME_ZONE
from storage.model.records import THE_BOARD, Text
from storage.model.vocabulary import HistoryCategory

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


# Values of the board itself


class BoardMade(Body):
    """A board was made, in a time zone that it has until somebody sets one.

    Of boards that were joined, the first one's zone counts.
    """

    kind: ClassVar[str] = "board_made"
    history_words: ClassVar[str] = N_("created the board")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.VALUES

    zone: Annotated[Words, Field(min_length=1)]

    def apply(self, draft: Draft, event: Event) -> None:
        """Take the zone if there is none yet; of a pitfall it says nothing."""
        if event.pitfall == THE_BOARD and TIME_ZONE not in draft.values:
            draft.set(TIME_ZONE, Text(self.zone), event)


class TimeZoneSet(Write):
    """The board takes a time zone, in which its days begin."""

    kind: ClassVar[str] = "time_zone_set"
    history_words: ClassVar[str] = N_("set the time zone")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.VALUES

    zone: Annotated[Words, Field(min_length=1)]

    def apply(self, draft: Draft, event: Event) -> None:
        """Set it; of a pitfall it says nothing."""
        if event.pitfall == THE_BOARD:
            draft.set(TIME_ZONE, Text(self.zone), event, knew=self.knew)
