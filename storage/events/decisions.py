"""Events about what is there already: decided in triage, an item amended or hidden, the board.

A decision of triage is a single value: the last one in the events' order stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from storage.errors import N_
from storage.events.checked import (
    Count,
    EventId,
    Limits,
    Lines,
    LinesByLanguage,
    PitfallId,
    SomeAddress,
    SomeWords,
    ValidationError,
    Version,
    checked,
)
from storage.events.event import Body, Decided, Write
from storage.model.clock import LIMIT, TIME_ZONE
from storage.model.environment import version_key
from storage.model.records import THE_BOARD
from storage.model.row import Decision, DeclineReason, InboxReason, Text, Triage, Wake
from storage.model.vocabulary import HistoryCategory

if TYPE_CHECKING:
    from pydantic import ValidationInfo

    from storage.events.event import Event
    from storage.fold.state import Draft


@checked
class Accepted(Decided):
    """It is a pitfall of ours and stays on the board."""

    kind: ClassVar[str] = "accepted"
    history_words: ClassVar[str] = N_("accepted it")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.TRIAGE

    def decision(self, at: int) -> Decision:
        """Settled."""
        return Decision(Triage.SETTLED, at)


@checked
class Declined(Decided):
    """It leaves the board's default view; its history stays."""

    kind: ClassVar[str] = "declined"
    history_words: ClassVar[str] = N_("declined it")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.TRIAGE

    because: DeclineReason

    def decision(self, at: int) -> Decision:
        """Declined, and why."""
        return Decision(Triage.DECLINED, at, decline_reason=self.because)


@checked
class Snoozed(Decided):
    """It leaves the inbox until something happens: one of a time, a number, a version.

    Fields:
        until: a time in ms.
        sightings: how many more of them, from the ``seen`` at the time of the decision.
        axis, version: the version, of the host app or of the base library, that somebody has.
    """

    kind: ClassVar[str] = "snoozed"
    history_words: ClassVar[str] = N_("snoozed it")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.TRIAGE

    until: Count | None = None
    sightings: Annotated[int, Limits(ge=1, lt=LIMIT >> 16)] | None = None
    seen: Count = 0
    axis: Literal["client", "library"] | None = None
    version: Version = ""

    def check(self, _info: ValidationInfo) -> Self:
        """It ends at one thing, which can be told."""
        ends = (self.until is not None, self.sightings is not None, bool(self.version))
        if sum(ends) != 1:
            raise ValueError(
                "a snooze ends at one of a date, a number of occurrences, or a version"
            )
        if self.version and (self.axis is None or version_key(self.version) is None):
            raise ValueError("a snooze until a version needs one that can be compared: 4.1.8")
        return self

    def decision(self, at: int) -> Decision:
        """Snoozed, and what wakes it."""
        wake = Wake(
            on=self.until,
            at_count=None if self.sightings is None else self.seen + self.sightings,
            axis=self.axis or "",
            version=self.version,
        )
        return Decision(Triage.SNOOZED, at, wake=wake)


@checked
class DuplicateMarked(Decided):
    """It is the same as another pitfall, and what is known of it counts there."""

    kind: ClassVar[str] = "duplicate_marked"
    history_words: ClassVar[str] = N_("marked it as a duplicate")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.TRIAGE

    of: PitfallId

    def decision(self, at: int) -> Decision:
        """A duplicate, and of which pitfall."""
        return Decision(Triage.DUPLICATE, at, duplicate_of=self.of)


@checked
class Returned(Decided):
    """It goes back to the inbox, whatever was decided before."""

    kind: ClassVar[str] = "returned"
    history_words: ClassVar[str] = N_("returned it to the inbox")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.TRIAGE

    def decision(self, at: int) -> Decision:
        """Waiting once more."""
        return Decision(Triage.INBOX, at, inbox_reason=InboxReason.RETURNED)


@checked
class MarkedNotDuplicate(Body):
    """It is not the same as another pitfall, however alike; never suggested again."""

    kind: ClassVar[str] = "told_apart"
    history_words: ClassVar[str] = N_("marked it as not a duplicate")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.TRIAGE

    other: PitfallId

    def apply(self, draft: Draft, event: Event) -> None:
        """Remember it on this side; readers look from both."""
        draft.mark_not_duplicate(self.other)


@checked
class SuggestionDeclined(Body):
    """What was found at a reference is no vendor reply; never suggested again, to anybody.

    Fields:
        url: of the page.
        post: names what was said among all that is said there.
        digest: of its text; what says something else by now may be suggested again.
    """

    kind: ClassVar[str] = "suggestion_declined"
    history_words: ClassVar[str] = N_("declined a suggested vendor reply")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.TRIAGE

    url: SomeAddress
    post: SomeWords
    digest: EventId
    quote: Lines = ""

    def apply(self, draft: Draft, event: Event) -> None:
        """Remember it by post and text."""
        draft.decline_suggestion(self.post, self.digest, self.quote or self.url)


# Changes of what is there already: an item amended or hidden


@checked
class ItemAmended(Write):
    """Some fields of an item take new values."""

    kind: ClassVar[str] = "item_amended"
    history_words: ClassVar[str] = N_("amended an entry")
    entry_words: ClassVar[str] = N_("amended the {entry}")

    item: EventId
    changes: Annotated[dict[str, Any], Limits(min_length=1)]
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
            amended, draft.holds_more = type(body).read(vars(body) | self.changes)
        except ValidationError:
            draft.holds_more = True
            return
        if known:
            draft.amend(self.item, amended, known, event, self.reason, self.knew)


@checked
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


@checked
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


@checked
class BoardMade(Body):
    """A board was made, in a time zone that it has until somebody sets one.

    Of boards that were joined, the first one's zone counts.
    """

    kind: ClassVar[str] = "board_made"
    history_words: ClassVar[str] = N_("created the board")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.VALUES

    zone: SomeWords

    def apply(self, draft: Draft, event: Event) -> None:
        """Take the zone if there is none yet; of a pitfall it says nothing."""
        if event.pitfall == THE_BOARD and TIME_ZONE not in draft.values:
            draft.set(TIME_ZONE, Text(self.zone), event)


@checked
class TimeZoneSet(Write):
    """The board takes a time zone, in which its days begin."""

    kind: ClassVar[str] = "time_zone_set"
    history_words: ClassVar[str] = N_("set the time zone")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.VALUES

    zone: SomeWords

    def apply(self, draft: Draft, event: Event) -> None:
        """Set it; of a pitfall it says nothing."""
        if event.pitfall == THE_BOARD:
            draft.set(TIME_ZONE, Text(self.zone), event, knew=self.knew)
