"""An event: its envelope, one small immutable line named by the hash of its bytes, and the base
of the bodies of all kinds.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Self, cast

from storage.errors import N_
from storage.events.checked import (
    CORE_SLOTS,
    TYPED,
    EventId,
    Limits,
    Lines,
    LinesByLanguage,
    PitfallId,
    Schema,
    ValidationError,
    Who,
    Whole,
    as_json,
    checked,
)
from storage.model.clock import LIMIT
from storage.model.row import Decision, Text
from storage.model.vocabulary import HistoryCategory

if TYPE_CHECKING:
    from storage.fold.state import Draft
    from storage.model import records

    #: What an item is to a reader.
    Added = (
        records.Attachment
        | records.Comment
        | records.Fix
        | records.Occurrence
        | records.Reference
        | records.RetroNote
        | records.Signature
        | records.VendorReply
    )


VERSION: Final = 1
LONGEST_LINE: Final = 64 * 1024


@checked
class Envelope:
    """What every event says of itself, whatever its kind.

    Fields:
        v: version of the format; a later one is kept and passed on, not folded.
        actor: the store that wrote it, 128 random bits as hex.
        seq: counts that actor's events from 1; prev: the id of the one before,
            so that a gap or a changed line shows.
        step: the ``seq`` of the first event of the same user action, the unit of undo.
        hlc: the reading that orders events; at: wall-clock ms, for people only.
        who: the person's name. It is a claim, not a proof.
        pitfall: the pitfall that it belongs to.
        kind, body: what happened.
    """

    __slots__ = CORE_SLOTS

    schema: ClassVar[Schema]

    v: Whole
    actor: EventId
    seq: Annotated[int, Limits(ge=1, lt=LIMIT, strict=True)]
    prev: EventId | None
    step: Whole
    hlc: Whole
    at: Whole
    who: Who
    pitfall: PitfallId
    kind: Annotated[str, Limits(min_length=1, max_length=60)]
    body: dict[str, Any]


class Event:
    """An event as it lies in the record: its exact bytes, read once.

    ``body`` is None when this version does not know how to fold it; ``holds_more`` is
    true then, and when the line has fields or words that this version does not know.
    """

    __slots__ = ("body", "envelope", "holds_more", "id", "line")

    def __init__(
        self,
        event_id: str,
        line: bytes,
        envelope: Envelope,
        body: Body | None,
        holds_more: bool = False,
    ) -> None:
        self.id = event_id
        self.line = line
        self.envelope = envelope
        self.body = body
        self.holds_more = holds_more

    @property
    def order(self) -> tuple[int, str, int, str]:
        """The place of this event among all events, the same on every machine."""
        return (self.envelope.hlc, self.envelope.actor, self.envelope.seq, self.id)

    @property
    def pitfall(self) -> str:
        """The id of the pitfall that this event belongs to."""
        return self.envelope.pitfall

    def __repr__(self) -> str:
        return f"<Event {self.envelope.kind} {self.id[:8]} of {self.envelope.pitfall[:8]}>"


def event_id(line: bytes) -> str:
    """The name of a line: the first 32 hex digits of the SHA-256 of its bytes."""
    return hashlib.sha256(line).hexdigest()[:32]


def canonical(envelope: Envelope) -> bytes:
    """The bytes of a new event: UTF-8 JSON, keys sorted, no blanks, no line break."""
    return json.dumps(
        vars(envelope), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def text(value: str | dict[str, str]) -> Text:
    """A body's words as a reader's :class:`Text`."""
    if isinstance(value, str):
        return Text(value)
    # In the order of the languages' names, whatever the order in the line.
    plain = value.get("en") or next((value[name] for name in sorted(value) if value[name]), "")
    return Text.of(plain, value.get("zh", ""))


def as_written(value: Text) -> str | dict[str, str]:
    """A reader's :class:`Text` as a body says it."""
    return {"en": value.plain, "zh": value.zh} if value.zh else value.plain


#: What pydantic calls a word that its vocabulary does not hold.
_UNKNOWN_WORD: Final = frozenset(("enum", "literal_error"))


@checked
class Body(ABC):
    """The data of one event kind and its rule in the fold, together.

    A body from a newer version is read by what is known of it (:meth:`read`); what a
    person typed is refused if any of it is unknown (:meth:`typed`).

    To add a kind: subclass, set ``kind``, ``history_words`` and ``history_category``, write
    ``apply``, name the class in ``storage.events``, and run
    ``.ci/schemas.py``. Undo, history, time travel and sharing follow.
    """

    __slots__ = CORE_SLOTS

    schema: ClassVar[Schema]
    kind: ClassVar[str]
    #: What the history says that it did, a message.
    history_words: ClassVar[str]
    #: The same where the item is known that it changes, with ``{entry}`` for what that is called.
    entry_words: ClassVar[str] = ""
    #: What people call the entry that it adds, a message; empty if it adds none.
    entry: ClassVar[str] = ""
    #: What a reader gets of that entry, which declares what people call its fields.
    record: ClassVar[type] = type(None)
    #: What sort of change that is; None for one of an item, which is of the item's sort.
    history_category: ClassVar[HistoryCategory | None] = None
    #: Optional fields without which the body would say something else, such as a fix that
    #: holds on one platform only: with an unknown word in one, it is not folded.
    essential: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def apply(self, draft: Draft, event: Event) -> None:
        """Change ``draft`` as this event says; never fails, whatever came before."""

    def mentions(self) -> tuple[str, ...]:
        """The ids of the events that this one changes the meaning of."""
        return ()

    def dump(self, only: Collection[str] | None = None) -> dict[str, Any]:
        """The JSON object that goes into the envelope: what was said, or just some fields."""
        return dict(as_json(self, only))

    def replaced(self, **changes: object) -> Self:
        """The same with other values of some fields, which are right already."""
        copy = object.__new__(type(self))
        object.__setattr__(copy, "__dict__", vars(self) | changes)
        return copy

    @classmethod
    def typed(cls, /, **values: object) -> Self:
        """A body from what a person typed.

        Raises:
            ValidationError: if a value is not allowed, or a field is not known.
        """
        return cast(Self, cls.schema.values.validate_python(values, context=TYPED, extra="forbid"))

    @classmethod
    def whole(cls, values: Mapping[str, Any]) -> Self:
        """A body of a JSON object, all of which is allowed.

        Raises:
            ValidationError: if a value is not, or one is missing.
        """
        return cast(Self, cls.schema.recorded.validate_python(values))

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> tuple[Self, bool]:
        """The body that an event holds, as far as this version knows it, and if it holds more.

        A field that is not known is left out. So is a word that its vocabulary does not
        hold, unless the field is required or ``essential``: the rest of what was said
        stays true, and an occurrence on an unknown platform still counts.

        Raises:
            ValidationError: if what is known is not allowed, or says too little.
        """
        try:
            return cls.whole(values), cls.holds_more(values)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_context=False, include_input=False)
            words = [fault["loc"] for fault in faults if fault["type"] in _UNKNOWN_WORD]
            # Not those inside a field, which may be one of several shapes that it can have.
            left_out = cls.names(optional=True) & {loc[0] for loc in words if len(loc) == 1}
            if not left_out:
                raise
            known = {name: value for name, value in values.items() if name not in left_out}
            return cls.whole(known), True

    @classmethod
    def holds_more(cls, values: Mapping[str, Any]) -> bool:
        """Whether an event's body has fields that this version does not know."""
        return not values.keys() <= cls.names()

    @classmethod
    @cache
    def names(cls, *, optional: bool = False) -> frozenset[str]:
        """The names of the fields in the JSON object; or only of those that may be left out."""
        return frozenset(
            cls.schema.json_name(name)
            for name in cls.schema.fields
            if not optional or (name in cls.schema.defaults and name not in cls.essential)
        )


@checked
class Write(Body):
    """A single value is written; see ``storage.fold.conflicts``.

    Fields:
        replaces: the write that stood when this one was written; None if there was none.
        settles: those that stood beside it, because two people wrote at the same time.
    """

    replaces: EventId | None = None
    settles: tuple[EventId, ...] = ()

    @property
    def knew(self) -> tuple[str, ...] | None:
        """The writes that this one names; None if it takes the place of whatever there is."""
        return None if self.replaces is None else (self.replaces, *self.settles)


@checked
class Decided(Write):
    """A decision about a pitfall."""

    reason: Lines | LinesByLanguage = ""

    @abstractmethod
    def decision(self, at: int) -> Decision:
        """The decision as a reader gets it, taken ``at`` (ms)."""

    def apply(self, draft: Draft, event: Event) -> None:
        """The last decision in the events' order stands."""
        draft.decide(self.decision(event.envelope.at), event, self.reason, self.knew)


@checked
class Item(Body):
    """Something that is added to a pitfall."""

    def apply(self, draft: Draft, event: Event) -> None:
        """Add it under its event's id."""
        draft.items[event.id] = (event, self)
        draft.change(self.kind, Text(), self.headline())

    @abstractmethod
    def freeze(self, event: Event) -> Added:
        """This item as a reader gets it."""

    @abstractmethod
    def headline(self) -> Text:
        """What the timeline says of it, in a line."""


@checked
class Undone(Body):
    """One user action's events on this pitfall are void; undoing an undo is redo."""

    kind: ClassVar[str] = "undone"
    history_words: ClassVar[str] = N_("undid a change")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.TAKEN_BACK

    events: Annotated[tuple[EventId, ...], Limits(min_length=1)]

    def mentions(self) -> tuple[str, ...]:
        """The events taken back."""
        return self.events

    def apply(self, draft: Draft, event: Event) -> None:
        """Nothing to do: the fold leaves void events out before it begins."""
