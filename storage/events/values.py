"""Events of a pitfall's single values: reported, one field set, status set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, Self

from storage.errors import N_
from storage.events.checked import (
    CORE_SLOTS,
    Address,
    Becomes,
    Day,
    Digest,
    EventId,
    Lines,
    LinesByLanguage,
    Schema,
    Tag,
    Words,
    WordsByLanguage,
    checked,
)
from storage.events.event import Body, Write, text
from storage.model.row import (
    PLAN_NAMES,
    Decision,
    InboxReason,
    Kind,
    Severity,
    Status,
    Text,
    Triage,
)
from storage.model.vocabulary import HistoryCategory

if TYPE_CHECKING:
    from pydantic import Field, ValidationInfo

    from storage.events.event import Event
    from storage.fold.state import Draft

FieldName = Literal[
    "title",
    "kind",
    "component",
    "severity",
    "workaround",
    "reproduction",
    "assignee",
    "due",
    "ticket",
]


def says_something(title: str | dict[str, str]) -> str | dict[str, str]:
    """A title that is not empty."""
    if not text(title).plain:
        raise ValueError("a pitfall needs a title")
    return title


Title = Annotated[Words | WordsByLanguage, Becomes(says_something)]


def _folded(value: str | dict[str, str] | Kind | Severity) -> Text:
    return Text(value.value) if isinstance(value, Kind | Severity) else text(value)


@checked
class Reported(Body):
    """A pitfall enters the board, with what is known of it at first.

    One with ``inbox`` waits there for a decision; one without is settled.
    """

    kind: ClassVar[str] = "reported"
    history_words: ClassVar[str] = N_("reported it")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.VALUES

    title: Title
    sort: Annotated[Kind, Field(alias="kind")] = Kind.BUG
    component: Words | WordsByLanguage = ""
    severity: Severity = Severity.S3
    status: Status = Status.OPEN
    workaround: Lines | LinesByLanguage = ""
    reproduction: Lines | LinesByLanguage = ""
    assignee: Words = ""
    due: Day = ""
    ticket: Address = ""
    inbox: InboxReason | None = None

    def apply(self, draft: Draft, event: Event) -> None:
        """Bring the pitfall into being and set its values."""
        if draft.reported is None:
            draft.reported = event
        values = {
            "title": text(self.title),
            "kind": Text(self.sort),
            "component": text(self.component),
            "severity": Text(self.severity),
            "status": Text(self.status),
            "workaround": text(self.workaround),
            "reproduction": text(self.reproduction),
        }
        draft.report(values | {name: Text(getattr(self, name)) for name in PLAN_NAMES}, event)
        if self.inbox is not None:
            waiting = Decision(Triage.INBOX, event.envelope.at, inbox_reason=self.inbox)
            draft.decide(waiting, event)


@checked
class FieldSet(Write):
    """One single value takes a new value."""

    kind: ClassVar[str] = "field_set"
    history_words: ClassVar[str] = N_("changed a field")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.VALUES

    field: FieldName
    value: Any
    reason: Lines | LinesByLanguage = ""

    def check(self, info: ValidationInfo) -> Self:
        """The value is one that the field can have when a pitfall is reported."""
        fits = Reported.schema.of_field("sort" if self.field == "kind" else self.field)
        vars(self)["value"] = fits.validate_python(self.value, context=info.context)
        return self

    def apply(self, draft: Draft, event: Event) -> None:
        """The last write in the events' order stands."""
        draft.set(self.field, _folded(self.value), event, self.reason, self.knew)


@checked
class WorkaroundConfirmed(Body):
    """Somebody tried the workaround that stands, and it still works."""

    kind: ClassVar[str] = "workaround_confirmed"
    history_words: ClassVar[str] = N_("confirmed that the workaround works")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.VALUES

    note: Lines | LinesByLanguage = ""

    def apply(self, draft: Draft, event: Event) -> None:
        """It is verified once more."""
        draft.confirm_workaround(event, self.note)


@checked
class StatusSet(Write):
    """A pitfall's status changes; ``fix`` names the fix record that it rests on."""

    kind: ClassVar[str] = "status_set"
    history_words: ClassVar[str] = N_("set the status")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.STATUS

    status: Status
    reason: Lines | LinesByLanguage = ""
    fix: EventId | None = None

    def apply(self, draft: Draft, event: Event) -> None:
        """The last write in the events' order stands."""
        before = draft.values.get("status", Text()).plain
        if self.status is Status.FIXED_UPSTREAM and before in (Status.OPEN, Status.WORKAROUND):
            draft.status_before_fix = Status(before)
        draft.set("status", Text(self.status), event, self.reason, self.knew)


# Events of a pitfall's set of tags


@checked
class TagAdded(Body):
    """A tag joins the set."""

    kind: ClassVar[str] = "tag_added"
    history_words: ClassVar[str] = N_("added the tag")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.VALUES

    tag: Tag

    def apply(self, draft: Draft, event: Event) -> None:
        """Add it; adding twice is adding once."""
        draft.change("tag", Text(), Text(self.tag))
        draft.tags.add(self.tag)


@checked
class TagRemoved(Body):
    """A tag leaves the set."""

    kind: ClassVar[str] = "tag_removed"
    history_words: ClassVar[str] = N_("removed the tag")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.VALUES

    tag: Tag

    def apply(self, draft: Draft, event: Event) -> None:
        """Remove it, if it is there."""
        draft.change("tag", Text(self.tag), Text())
        draft.tags.discard(self.tag)


# The event that says what a file gave a pitfall


_NONE: Final[dict[str, str]] = {}


@checked
class LooseLink:
    """A link of the file that belongs to no pitfall in particular, kept here."""

    __slots__ = CORE_SLOTS

    schema: ClassVar[Schema]

    url: Address
    title: Words = ""


@checked
class Imported(Body):
    """A file was brought in, and this is what it gave.

    Fields:
        source: the file's name for people; key: by which it knows the pitfall again.
        day: when the file says that it was written, ISO 8601.
        values: for each single value that it gave, a digest of it.
        items: digests of the tags, signatures and links that it gave.
        links: those that belong to none of its pitfalls in particular.
        text: the part of the file that it was read from, as it is written there.

    By the digests the next import of the file tells what changed in it since,
    whatever people changed on the board meanwhile.
    """

    kind: ClassVar[str] = "imported"
    history_words: ClassVar[str] = N_("imported it from a file")
    history_category: ClassVar[HistoryCategory | None] = HistoryCategory.VALUES

    source: Words = ""
    key: Words = ""
    day: Words = ""
    values: dict[str, Digest] = _NONE
    items: tuple[Digest, ...] = ()
    links: tuple[LooseLink, ...] = ()
    text: Lines = ""

    @classmethod
    def holds_more(cls, values: Mapping[str, Any]) -> bool:
        """Whether it has fields that this version does not know, or one of its links does."""
        links = values.get("links", ())
        known = LooseLink.schema.fields.keys()
        return super().holds_more(values) or any(not link.keys() <= known for link in links)

    def apply(self, draft: Draft, event: Event) -> None:
        """Note it for the timeline; what it gave are events of their own."""
        origin = f"{self.source} ({self.day})" if self.day else self.source
        draft.change("imported", Text(), Text("  ".join([origin, *map(_named, self.links)])))


def _named(link: LooseLink) -> str:
    return f"{link.title} <{link.url}>" if link.title else link.url
