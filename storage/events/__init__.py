"""The event kinds: one small class each, its data and its rule in the fold together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from pydantic import ValidationError

from storage.errors import N_, PitboardError, Unusable
from storage.events.body import TYPED, Body, Write
from storage.events.changes import ItemAmended, ItemHidden, ItemShown, Undone
from storage.events.envelope import (
    LONGEST_LINE,
    VERSION,
    Envelope,
    Event,
    canonical,
    event_id,
)
from storage.events.items import (
    AttachmentAdded,
    CommentAdded,
    FixRecorded,
    Item,
    ReferenceAdded,
    RetroNoted,
    SignatureAdded,
    VendorReplyAdded,
)
from storage.events.occurrences import OccurrenceLogged
from storage.events.triage import (
    Accepted,
    Decided,
    Declined,
    DuplicateMarked,
    MarkedNotDuplicate,
    Returned,
    Snoozed,
)
from storage.events.values import (
    FieldSet,
    Imported,
    Reported,
    StatusSet,
    TagAdded,
    TagRemoved,
    WorkaroundConfirmed,
)
from storage.model.retro import THE_BOARD
from storage.model.vocabulary import HistoryCategory

__all__ = [
    "ITEMS",
    "KINDS",
    "LONGEST_LINE",
    "TYPED",
    "VERSION",
    "Accepted",
    "AttachmentAdded",
    "Body",
    "CommentAdded",
    "DamagedEvent",
    "Decided",
    "Declined",
    "DuplicateMarked",
    "Envelope",
    "Event",
    "FieldSet",
    "FixRecorded",
    "Imported",
    "Item",
    "ItemAmended",
    "ItemHidden",
    "ItemShown",
    "MalformedEvent",
    "MarkedNotDuplicate",
    "OccurrenceLogged",
    "ReferenceAdded",
    "Reported",
    "RetroNoted",
    "Returned",
    "SignatureAdded",
    "Snoozed",
    "StatusSet",
    "TagAdded",
    "TagRemoved",
    "Undone",
    "VendorReplyAdded",
    "WorkaroundConfirmed",
    "Write",
    "canonical",
    "event_id",
    "held",
    "kinds_of",
    "parse",
    "parse_stored",
    "seal",
    "sort_of",
]

KINDS: Final[dict[str, type[Body]]] = {
    body.kind: body
    for body in (
        Reported,
        FieldSet,
        StatusSet,
        TagAdded,
        TagRemoved,
        CommentAdded,
        ReferenceAdded,
        SignatureAdded,
        OccurrenceLogged,
        FixRecorded,
        Accepted,
        Declined,
        Snoozed,
        DuplicateMarked,
        Returned,
        MarkedNotDuplicate,
        Imported,
        VendorReplyAdded,
        AttachmentAdded,
        RetroNoted,
        ItemAmended,
        ItemHidden,
        ItemShown,
        Undone,
        WorkaroundConfirmed,
    )
}


#: The kinds that add something which can be amended and hidden.
ITEMS: Final[dict[str, type[Item]]] = {
    kind: body for kind, body in KINDS.items() if issubclass(body, Item)
}


def sort_of(kind: str, of: str = "") -> HistoryCategory | None:
    """What sort of change an event of a kind is; None if the kind is not known here.

    Args:
        kind: of the event.
        of: the kind of event that added the item, if it changes one.
    """
    if kind not in KINDS:
        return None
    sort = KINDS[kind].history_category
    return sort_of(of) if sort is None and of else sort


def kinds_of(sorts: Iterable[HistoryCategory]) -> list[str]:
    """The kinds of events among which the changes of some sorts are."""
    wanted = {None, *sorts}
    return [kind for kind, body in KINDS.items() if body.history_category in wanted]


#: The kinds of what can be about the board itself, and so about no pitfall.
_OF_THE_BOARD: Final = frozenset(
    body.kind for body in (RetroNoted, ItemAmended, ItemHidden, ItemShown, Undone)
)
#: Whatever arrives belongs to a pitfall with such an id; older lines may hold others.
_PITFALL_ID: Final = re.compile(r"[0-9a-f]{16}")


class MalformedEvent(PitboardError):
    """A line that is not an event and can't be kept."""


class DamagedEvent(Unusable):
    """The file no longer holds an event as it was written."""

    def __init__(self, name: object) -> None:
        super().__init__(
            N_("Event {event} is not as it was written: the board's file is damaged."),
            N_("Keep the file; “pitboard recover” builds a new one from it, backups and journals."),
            event=name,
        )


def parse(line: bytes) -> Event:
    """The event that ``line`` (its exact bytes, without a line break) holds.

    A kind or a version that is not known here, or a body that its kind does
    not allow, is no fault: the event is kept with ``body`` None. One with more
    fields than are known here is read by those that are (:meth:`Body.read`).

    Raises:
        MalformedEvent: if the line is no event of any version, or its pitfall can't exist.
    """
    event = parse_stored(line)
    pitfall, kind = event.pitfall, event.envelope.kind
    if not _PITFALL_ID.fullmatch(pitfall):
        raise MalformedEvent(
            N_("“{id}” is not the id of a pitfall: it has 16 hex digits."), id=pitfall
        )
    if pitfall == THE_BOARD and kind in KINDS and kind not in _OF_THE_BOARD:
        raise MalformedEvent(
            N_("The id {id} is reserved for the board itself; no pitfall can have it."), id=pitfall
        )
    return event


def parse_stored(line: bytes) -> Event:
    """The event that a line holds, whatever it belongs to: what is stored stays readable."""
    if len(line) > LONGEST_LINE:
        raise MalformedEvent(
            N_("The line is longer than an event can be ({size} bytes)."), size=len(line)
        )
    if b"\n" in line or b"\r" in line:
        raise MalformedEvent(N_("The line is not an event: it holds a line break."))
    try:
        envelope = Envelope.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise MalformedEvent(
            N_("The line is not an event: {why}"), why=f"{place} {first['msg']}".strip()
        ) from error
    return Event(event_id(line), line, envelope, *_body(envelope))


def held(name: object, line: object) -> Event:
    """The event of a name as the record holds it.

    Args:
        name: its id.
        line: its bytes, as the file has them.

    Raises:
        DamagedEvent: if it is not as it was written.
    """
    if isinstance(line, bytes):
        with suppress(MalformedEvent):
            event = parse_stored(line)
            if event.id == name:
                return event
    raise DamagedEvent(name)


def _body(envelope: Envelope) -> tuple[Body | None, bool]:
    kind = KINDS.get(envelope.kind)
    if kind is None or envelope.v > VERSION:
        return None, True
    if envelope.pitfall == THE_BOARD and envelope.kind not in _OF_THE_BOARD:
        return None, False
    try:
        return kind.read(envelope.body)
    except ValidationError:
        return None, True


def seal(envelope: Envelope, body: Body) -> Event:
    """A new event as it will lie in the record.

    Raises:
        MalformedEvent: if it is too long for a line.
    """
    line = canonical(envelope)
    if len(line) > LONGEST_LINE:
        raise MalformedEvent(
            N_("This is too long for one entry: {size} bytes, and {limit} can be kept."),
            N_("Keep the part that matters and put the rest behind a reference."),
            size=len(line),
            limit=LONGEST_LINE,
        )
    return Event(event_id(line), line, envelope, body)
