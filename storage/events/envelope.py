"""The event envelope: one small immutable line, named by the hash of its bytes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from storage.model.clock import LIMIT

if TYPE_CHECKING:
    from storage.events.body import Body

VERSION: Final = 1
LONGEST_LINE: Final = 64 * 1024

EventId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
PitfallId = Annotated[str, Field(pattern=r"^[0-9a-f]{4,64}$")]
_Whole = Annotated[int, Field(ge=0, lt=LIMIT, strict=True)]


class Envelope(BaseModel):
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

    model_config = ConfigDict(frozen=True, extra="ignore")

    v: _Whole
    actor: EventId
    seq: Annotated[int, Field(ge=1, lt=LIMIT, strict=True)]
    prev: EventId | None
    step: _Whole
    hlc: _Whole
    at: _Whole
    who: Annotated[str, Field(max_length=200)]
    pitfall: PitfallId
    kind: Annotated[str, Field(min_length=1, max_length=60)]
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
        envelope.model_dump(), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()
