"""The event that says what a file gave a pitfall."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from storage.errors import N_
from storage.events.body import Address, Body, Words
from storage.model.records import Text
from storage.model.vocabulary import HistorySort

if TYPE_CHECKING:
    from storage.events.envelope import Event
    from storage.fold.state import Draft

#: A short name for a text: the first half of its SHA-256's first half, in hex.
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class LooseLink(BaseModel):
    """A link of the file that belongs to no pitfall in particular, kept here."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    url: Address
    title: Words = ""


class Imported(Body):
    """A file was brought in, and this is what it gave.

    Fields:
        source: the file's name for people; key: by which it knows the pitfall again.
        day: when the file says that it was written, ISO 8601.
        values: for each single value that it gave, a digest of it.
        items: digests of the tags, signatures and links that it gave.
        links: those that belong to none of its pitfalls in particular.

    By the digests the next import of the file tells what changed in it since,
    whatever people changed on the board meanwhile.
    """

    kind: ClassVar[str] = "imported"
    history_words: ClassVar[str] = N_("brought it in from a file")
    history_sort: ClassVar[HistorySort | None] = HistorySort.VALUES

    source: Words = ""
    key: Words = ""
    day: Words = ""
    values: dict[str, Digest] = Field(default_factory=dict)
    items: tuple[Digest, ...] = ()
    links: tuple[LooseLink, ...] = ()

    @classmethod
    def holds_more(cls, values: Mapping[str, Any]) -> bool:
        """Whether it has fields that this version does not know, or one of its links does."""
        links = values.get("links", ())
        known = LooseLink.model_fields.keys()
        return super().holds_more(values) or any(not link.keys() <= known for link in links)

    def apply(self, draft: Draft, event: Event) -> None:
        """Note it for the timeline; what it gave are events of their own."""
        told = f"{self.source} ({self.day})" if self.day else self.source
        draft.change("imported", Text(), Text("  ".join([told, *map(_named, self.links)])))


def _named(link: LooseLink) -> str:
    return f"{link.title} <{link.url}>" if link.title else link.url
