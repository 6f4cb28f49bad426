"""The event kinds: one small class each, its data and its rule in the fold together.

A kind is loaded when it is first asked for, here or by its event's name: a command writes and
folds few of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from storage.errors import N_, PitboardError, Unusable
from storage.events.checked import TYPED, ValidationError
from storage.events.event import (
    LONGEST_LINE,
    VERSION,
    Body,
    Decided,
    Envelope,
    Event,
    Item,
    Undone,
    Write,
    canonical,
    event_id,
)
from storage.events.occurrences import OccurrenceLogged, columns_of
from storage.model.records import THE_BOARD
from storage.model.vocabulary import HistoryCategory

if TYPE_CHECKING:
    from storage.events.decisions import (
        Accepted,
        BoardMade,
        Declined,
        DuplicateMarked,
        ItemAmended,
        ItemHidden,
        ItemShown,
        MarkedNotDuplicate,
        Returned,
        Snoozed,
        SuggestionDeclined,
        TimeZoneSet,
    )
    from storage.events.items import (
        AttachmentAdded,
        CommentAdded,
        FixRecorded,
        ReferenceAdded,
        RetroNoted,
        SignatureAdded,
        VendorReplyAdded,
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

__all__ = [
    "KINDS",
    "LONGEST_LINE",
    "TYPED",
    "VERSION",
    "Accepted",
    "AttachmentAdded",
    "BoardMade",
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
    "SuggestionDeclined",
    "TagAdded",
    "TagRemoved",
    "TimeZoneSet",
    "Undone",
    "VendorReplyAdded",
    "WorkaroundConfirmed",
    "Write",
    "canonical",
    "event_id",
    "held",
    "held_columns",
    "kinds_of",
    "parse",
    "parse_stored",
    "seal",
    "sort_of",
]

#: Every kind of event, and where its class is.
_PLACES: Final = {
    "reported": "values:Reported",
    "field_set": "values:FieldSet",
    "status_set": "values:StatusSet",
    "tag_added": "values:TagAdded",
    "tag_removed": "values:TagRemoved",
    "comment_added": "items:CommentAdded",
    "reference_added": "items:ReferenceAdded",
    "signature_added": "items:SignatureAdded",
    "occurrence_logged": "occurrences:OccurrenceLogged",
    "fix_recorded": "items:FixRecorded",
    "accepted": "decisions:Accepted",
    "declined": "decisions:Declined",
    "snoozed": "decisions:Snoozed",
    "duplicate_marked": "decisions:DuplicateMarked",
    "returned": "decisions:Returned",
    "told_apart": "decisions:MarkedNotDuplicate",
    "suggestion_declined": "decisions:SuggestionDeclined",
    "imported": "values:Imported",
    "statement_added": "items:VendorReplyAdded",
    "attachment_added": "items:AttachmentAdded",
    "retro_noted": "items:RetroNoted",
    "item_amended": "decisions:ItemAmended",
    "item_hidden": "decisions:ItemHidden",
    "item_shown": "decisions:ItemShown",
    "undone": "event:Undone",
    "workaround_confirmed": "values:WorkaroundConfirmed",
    "board_made": "decisions:BoardMade",
    "time_zone_set": "decisions:TimeZoneSet",
}
_MODULES: Final = {
    name: module for module, _, name in (place.partition(":") for place in _PLACES.values())
}
_loaded: Final[dict[str, type[Body]]] = {}


def _load(name: str) -> Any:
    """The class of a kind, loaded now; from then on it is an attribute of this module."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found


if not TYPE_CHECKING:
    # Named otherwise, it would make every name one that this module has.
    __getattr__ = _load


class _Kinds(Mapping[str, type[Body]]):
    """The classes of all kinds, each loaded when it is asked for."""

    def __getitem__(self, kind: str) -> type[Body]:
        if kind not in _loaded:
            _loaded[kind] = _load(_PLACES[kind].partition(":")[2])
        return _loaded[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in _PLACES

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


KINDS: Final[Mapping[str, type[Body]]] = _Kinds()


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
    (
        *("retro_noted", "item_amended", "item_hidden", "item_shown", "undone"),
        *("board_made", "time_zone_set"),
    )
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


def parse(line: bytes, name: str | None = None) -> Event:
    """The event that ``line`` (its exact bytes, without a line break) holds.

    A kind or a version that is not known here, or a body that its kind does
    not allow, is no fault: the event is kept with ``body`` None. One with more
    fields than are known here is read by those that are (:meth:`Body.read`).

    Args:
        line: those bytes.
        name: what :func:`event_id` says of them, where that is known.

    Raises:
        MalformedEvent: if the line is no event of any version, or its pitfall can't exist.
    """
    event = parse_stored(line, name)
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


def parse_stored(line: bytes, name: str | None = None) -> Event:
    """The event that a line holds, whatever it belongs to: what is stored stays readable."""
    if len(line) > LONGEST_LINE:
        raise MalformedEvent(
            N_("The line is longer than an event can be ({size} bytes)."), size=len(line)
        )
    if not _is_one_line(line):
        raise MalformedEvent(N_("The line is not an event: it holds a line break."))
    try:
        envelope = Envelope.schema.values.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        if place:
            raise MalformedEvent(
                N_("The line is not an event: “{place}” is missing or can't be read."), place=place
            ) from error
        raise MalformedEvent(N_("The line is not an event: it is no JSON object.")) from error
    return Event(name or event_id(line), line, envelope, *_body(envelope))


def held(name: object, line: object) -> Event:
    """The event of a name as the record holds it.

    Args:
        name: its id.
        line: its bytes, as the file has them.

    Raises:
        DamagedEvent: if it is not as it was written.
    """
    if isinstance(line, bytes):
        try:
            event = parse_stored(line)
        except MalformedEvent as error:
            raise DamagedEvent(name) from error
        if event.id == name:
            return event
    raise DamagedEvent(name)


def held_columns(name: object, line: object) -> dict[str, Any] | None:
    """The occurrence of a name as the record holds it, by :func:`occurrences.columns_of`.

    Returns:
        None if it must be read by :func:`held`, which tells what is the matter.
    """
    if not isinstance(line, bytes) or len(line) > LONGEST_LINE or not _is_one_line(line):
        return None
    return columns_of(name, line) if event_id(line) == name else None


#: As numbers, they are found in a quarter of the time that their bytes take.
_LINE_FEED: Final = ord("\n")
_CARRIAGE_RETURN: Final = ord("\r")


def _is_one_line(line: bytes) -> bool:
    return _LINE_FEED not in line and _CARRIAGE_RETURN not in line


def _body(envelope: Envelope) -> tuple[Body | None, bool]:
    kind = _loaded.get(envelope.kind) or KINDS.get(envelope.kind)
    if kind is None or envelope.v > VERSION:
        return None, True
    if envelope.pitfall == THE_BOARD and envelope.kind not in _OF_THE_BOARD:
        return None, False
    try:
        return kind.read(envelope.body)
    except ValidationError:
        return None, True


def seal(envelope: Envelope, body: Body | None) -> Event:
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
