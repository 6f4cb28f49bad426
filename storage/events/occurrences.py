"""The event of a dated occurrence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from storage.errors import N_, NP_
from storage.events.event import EventId, Item, Lines, LinesByLanguage, Words, text
from storage.model import records
from storage.model.clock import LIMIT
from storage.model.environment import NAMES, Environment
from storage.model.records import Text
from storage.model.vocabulary import Channel, HistoryCategory, Host, NetworkType, Outcome, Platform

if TYPE_CHECKING:
    from storage.events.event import Event


class OccurrenceLogged(Item):
    """Somebody ran into the pitfall, or tried to and did not.

    ``seen_at`` (ms) is when, if not when it was logged; ``fix`` names the fix that it
    was to verify; the environment's fields are all optional. An outcome that is not known
    here is neither of the two, so such an occurrence is kept without being counted.
    """

    kind: ClassVar[str] = "occurrence_logged"
    history_words: ClassVar[str] = N_("logged an occurrence")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.OCCURRENCES
    entry: ClassVar[str] = NP_("Item", "occurrence")
    record: ClassVar[type] = records.Occurrence
    essential: ClassVar[frozenset[str]] = frozenset(("outcome",))

    outcome: Outcome = Outcome.REPRODUCED
    count: Annotated[int, Field(ge=1, le=1_000_000_000)] = 1
    seen_at: Annotated[int, Field(ge=0, lt=LIMIT >> 16)] | None = None
    message: Lines = ""
    note: Lines | LinesByLanguage = ""
    host: Host | None = None
    client_version: Words | None = None
    base_library: Words | None = None
    platform: Platform | None = None
    os_version: Words | None = None
    device: Words | None = None
    channel: Channel | None = None
    network_type: NetworkType | None = None
    permission: Words | None = None
    devtools_version: Words | None = None
    company: Words | None = None
    fix: EventId | None = None

    def freeze(self, event: Event) -> records.Occurrence:
        """This occurrence as a reader gets it."""
        return records.Occurrence(
            id=event.id,
            recorded_on=event.pitfall,
            seen_at=event.envelope.at if self.seen_at is None else self.seen_at,
            who=event.envelope.who,
            outcome=self.outcome,
            environment=Environment._make(getattr(self, name) for name in NAMES),
            message=self.message,
            count=self.count,
            note=text(self.note),
            logged_at=event.envelope.at,
            fix=self.fix or "",
            hlc=event.envelope.hlc,
        )

    def headline(self) -> Text:
        """Its message or note, else where it was seen."""
        if self.message:
            return Text(self.message)
        where = (self.host, self.client_version, self.platform, self.device, self.channel)
        return text(self.note) if self.note else Text(" · ".join(str(one) for one in where if one))
