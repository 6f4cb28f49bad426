"""The event of a file that was attached to a pitfall, or to one of its occurrences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from storage.db.blobs import LARGEST
from storage.events.body import Lines, LinesByLanguage, Words, text
from storage.events.envelope import EventId
from storage.events.items import Item
from storage.model import records
from storage.model.records import Text

if TYPE_CHECKING:
    from storage.events.envelope import Event


class AttachmentAdded(Item):
    """Somebody attached a file. Its bytes lie beside the events, under their digest.

    Fields:
        digest: the SHA-256 of the bytes, in hex.
        size: how many there are.
        label: what the file was called; it names nothing on any disk.
        media: what it was taken for; never believed where it is opened.
        occurrence: the occurrence that it shows; empty if it shows the pitfall itself.
    """

    kind: ClassVar[str] = "attachment_added"

    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=1, le=LARGEST)]
    label: Annotated[Words, Field(min_length=1)]
    media: Words = ""
    occurrence: EventId | Literal[""] = ""
    note: Lines | LinesByLanguage = ""

    def freeze(self, event: Event) -> records.Attachment:
        """This attachment as a reader gets it; whether its bytes are here, the board knows."""
        return records.Attachment(
            id=event.id,
            at=event.envelope.at,
            who=event.envelope.who,
            digest=self.digest,
            size=self.size,
            label=self.label,
            media=self.media,
            occurrence=self.occurrence,
            note=text(self.note),
            recorded_on=event.pitfall,
        )

    def headline(self) -> Text:
        """Its label."""
        return Text(self.label)
