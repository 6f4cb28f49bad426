"""The event of something that a team notes when it looks back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, field_validator

from storage.errors import N_, NP_
from storage.events.body import Lines, LinesByLanguage, Words, text
from storage.events.items import Item, iso_date
from storage.model.records import Text
from storage.model.retro import THE_BOARD, RetroNote
from storage.model.vocabulary import HistorySort, NoteSort

if TYPE_CHECKING:
    from storage.events.envelope import Event


class RetroNoted(Item):
    """A note, a decision or a follow-up, of one pitfall or of the whole board.

    Fields:
        owner: who took it on.
        due, done_on: days, ISO 8601; empty if there is none.
    """

    kind: ClassVar[str] = "retro_noted"
    history_words: ClassVar[str] = N_("noted in the retro")
    history_sort: ClassVar[HistorySort | None] = HistorySort.COMMENTS
    entry: ClassVar[str] = NP_("Item", "note")

    text: Annotated[Lines, Field(min_length=1)] | LinesByLanguage
    sort: NoteSort = NoteSort.NOTE
    owner: Words = ""
    due: Words = ""
    done_on: Words = ""

    _check_dates = field_validator("due", "done_on")(iso_date)

    def freeze(self, event: Event) -> RetroNote:
        """This note as a reader gets it."""
        return RetroNote(
            id=event.id,
            pitfall="" if event.pitfall == THE_BOARD else event.pitfall,
            at=event.envelope.at,
            who=event.envelope.who,
            sort=self.sort,
            text=text(self.text),
            owner=self.owner,
            due=self.due,
            done_on=self.done_on,
        )

    def headline(self) -> Text:
        """What it says; that it was done is said as well."""
        said = text(self.text)
        if not self.done_on:
            return said
        return Text(*(words and f"{words} ✓ {self.done_on}" for words in said))
