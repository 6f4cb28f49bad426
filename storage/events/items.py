"""Events that only add to a pitfall: comments, references, signatures, fixes.

Each item is named by the id of the event that added it, and can be amended or
hidden on its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from storage.errors import N_, NP_
from storage.events.checked import (
    Address,
    Becomes,
    Day,
    EventId,
    Limits,
    Lines,
    LinesByLanguage,
    SomeAddress,
    SomeLines,
    SomeWords,
    Version,
    Words,
    WordsByLanguage,
    checked,
)
from storage.events.event import Item, text
from storage.model import records
from storage.model.fields import LARGEST_ATTACHMENT
from storage.model.records import THE_BOARD, RetroNote
from storage.model.row import Text
from storage.model.vocabulary import (
    Axis,
    Channel,
    HistoryCategory,
    Host,
    NoteKind,
    Platform,
    SignatureForm,
    Source,
    VendorReplyKind,
    is_web_address,
)

if TYPE_CHECKING:
    from pydantic import ValidationInfo

    from storage.events.event import Event


def opens_in_a_browser(url: str, info: ValidationInfo) -> str:
    """An address: any can be kept, but only that of a page can be typed as a reference."""
    if info.context and not is_web_address(url):
        raise ValueError("a reference is an address that begins with https:// or http://")
    return url


Url = Annotated[SomeAddress, Becomes(opens_in_a_browser, informed=True)]


@checked
class CommentAdded(Item):
    """Somebody said something about a pitfall."""

    kind: ClassVar[str] = "comment_added"
    history_words: ClassVar[str] = N_("commented")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.COMMENTS
    entry: ClassVar[str] = NP_("Item", "comment")
    record: ClassVar[type] = records.Comment

    text: SomeLines | LinesByLanguage

    def freeze(self, event: Event) -> records.Comment:
        """This comment as a reader gets it."""
        return records.Comment(event.id, event.envelope.at, event.envelope.who, text(self.text))

    def headline(self) -> Text:
        """The comment itself."""
        return text(self.text)


@checked
class ReferenceAdded(Item):
    """A link to a thread, a document or a post, and what the vendor said there."""

    kind: ClassVar[str] = "reference_added"
    history_words: ClassVar[str] = N_("added a reference")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.REFERENCES
    entry: ClassVar[str] = NP_("Item", "reference")
    record: ClassVar[type] = records.Reference

    url: Url
    title: Words | WordsByLanguage = ""
    source: Source = Source.OTHER
    quote: Lines | LinesByLanguage = ""
    quoted_on: Day = ""
    official: bool = False

    def freeze(self, event: Event) -> records.Reference:
        """This reference as a reader gets it."""
        return records.Reference(
            id=event.id,
            at=event.envelope.at,
            who=event.envelope.who,
            url=self.url,
            title=text(self.title),
            source=self.source,
            quote=text(self.quote),
            quoted_on=self.quoted_on,
            official=self.official,
            recorded_on=event.pitfall,
        )

    def headline(self) -> Text:
        """Its title, or its address."""
        return text(self.title) if self.title else Text(self.url)


@checked
class SignatureAdded(Item):
    """Error text that gives the pitfall away."""

    kind: ClassVar[str] = "signature_added"
    history_words: ClassVar[str] = N_("added a signature")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.VALUES
    entry: ClassVar[str] = NP_("Item", "signature")
    record: ClassVar[type] = records.Signature
    essential: ClassVar[frozenset[str]] = frozenset(("form", "platform", "channel"))

    text: SomeWords
    form: SignatureForm = SignatureForm.LITERAL
    platform: Platform | None = None
    channel: Channel | None = None

    def freeze(self, event: Event) -> records.Signature:
        """This signature as a reader gets it."""
        return records.Signature(
            event.id, self.text, self.form, self.platform, self.channel, event.pitfall
        )

    def headline(self) -> Text:
        """The signature's text."""
        return Text(self.text)


@checked
class FixRecorded(Item):
    """What the vendor resolved, on which axis, from which version or date.

    Versions are kept as the vendor writes them; those that can't be compared
    (``storage.model.environment``) judge nothing. ``grace_days`` is how long a new base library
    takes to reach everybody.
    """

    kind: ClassVar[str] = "fix_recorded"
    history_words: ClassVar[str] = N_("recorded a fix")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.FIXES
    entry: ClassVar[str] = NP_("Item", "fix")
    record: ClassVar[type] = records.Fix
    essential: ClassVar[frozenset[str]] = frozenset(("platform", "host"))

    axis: Axis
    from_version: Version = ""
    from_date: Day = ""
    affected_since: Version = ""
    last_affected: Version = ""
    platform: Platform | None = None
    host: Host | None = None
    quote: Lines | LinesByLanguage = ""
    reference: Address = ""
    official: bool = False
    grace_days: Annotated[int, Limits(ge=0, le=366)] = 30

    def check(self, _info: ValidationInfo) -> Self:
        """It begins somewhen."""
        if not (self.from_version or self.from_date or self.last_affected):
            raise ValueError(
                "a fix needs the version or the date from which it holds, or the last one affected"
            )
        return self

    def freeze(self, event: Event) -> records.Fix:
        """This fix as a reader gets it."""
        return records.Fix(
            id=event.id,
            at=event.envelope.at,
            who=event.envelope.who,
            axis=self.axis,
            from_version=self.from_version,
            from_date=self.from_date,
            quote=text(self.quote),
            reference=self.reference,
            official=self.official,
            platform=self.platform,
            host=self.host,
            affected_since=self.affected_since,
            last_affected=self.last_affected,
            grace_days=self.grace_days,
        )

    def headline(self) -> Text:
        """Axis and version or date."""
        return Text(f"{self.axis} {self.from_version or self.from_date or self.last_affected}")


# The event of something that was said of a pitfall at one of its references


@checked
class VendorReplyAdded(Item):
    """Somebody, mostly one of the vendor's own, said how it stands with a pitfall.

    Fields:
        reference: the event that added the reference where it was said.
        said_on: the day, ISO 8601; empty if it is not known.
        version: the one that it is fixed in, or will be.
    """

    kind: ClassVar[str] = "statement_added"
    history_words: ClassVar[str] = N_("added a vendor reply")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.REFERENCES
    entry: ClassVar[str] = NP_("Item", "vendor reply")
    record: ClassVar[type] = records.VendorReply

    reference: EventId
    sort: VendorReplyKind
    said_on: Day = ""
    author: Words = ""
    official: bool = False
    version: Version = ""
    quote: Lines | LinesByLanguage = ""

    def freeze(self, event: Event) -> records.VendorReply:
        """This reply as a reader gets it."""
        return records.VendorReply(
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


# The event of a file that was attached to a pitfall, or to one of its occurrences


@checked
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
    history_words: ClassVar[str] = N_("attached a file")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.ATTACHMENTS
    entry: ClassVar[str] = NP_("Item", "attachment")
    record: ClassVar[type] = records.Attachment

    digest: Annotated[str, Limits(pattern="^[0-9a-f]{64}$")]
    size: Annotated[int, Limits(ge=1, le=LARGEST_ATTACHMENT)]
    label: SomeWords
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


# The event of something that a team notes when it looks back


@checked
class RetroNoted(Item):
    """A note, a decision or a follow-up, of one pitfall or of the whole board.

    Fields:
        owner: who took it on.
        due, done_on: days, ISO 8601; empty if there is none.
    """

    kind: ClassVar[str] = "retro_noted"
    history_words: ClassVar[str] = N_("noted in the retro")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.COMMENTS
    entry: ClassVar[str] = NP_("Item", "note")
    record: ClassVar[type] = records.RetroNote

    text: SomeLines | LinesByLanguage
    sort: NoteKind = NoteKind.NOTE
    owner: Words = ""
    due: Day = ""
    done_on: Day = ""

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
        shown = text(self.text)
        if not self.done_on:
            return shown
        return Text(*(words and f"{words} ✓ {self.done_on}" for words in shown))
