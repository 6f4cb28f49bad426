"""The event of something that was said of a pitfall at one of its references."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import field_validator

from storage.events.body import Lines, LinesByLanguage, Words, text
from storage.events.envelope import EventId
from storage.events.items import Item, iso_date
from storage.model import records
from storage.model.records import Text
from storage.model.vocabulary import StatementSort

if TYPE_CHECKING:
    from storage.events.envelope import Event


class StatementAdded(Item):
    """Somebody, mostly one of the vendor's own, said how it stands with a pitfall.

    Fields:
        reference: the event that added the reference where it was said.
        said_on: the day, ISO 8601; empty if it is not known.
        version: the one that it is fixed in, or will be.
    """

    kind: ClassVar[str] = "statement_added"

    reference: EventId
    sort: StatementSort
    said_on: Words = ""
    author: Words = ""
    official: bool = False
    version: Words = ""
    quote: Lines | LinesByLanguage = ""

    _check_date = field_validator("said_on")(iso_date)

    def freeze(self, event: Event) -> records.Statement:
        """This statement as a reader gets it."""
        return records.Statement(
            id=event.id,
            at=event.envelope.at,
            who=event.envelope.who,
            reference=self.reference,
            said_on=self.said_on,
            author=self.author,
            official=self.official,
            sort=self.sort,
            version=self.version,
            quote=text(self.quote),
            recorded_on=event.pitfall,
        )

    def headline(self) -> Text:
        """Its sort, and the version that it names."""
        return Text(f"{self.sort} {self.version}".strip())
