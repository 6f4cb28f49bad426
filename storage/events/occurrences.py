"""The event of a dated occurrence."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from storage.errors import N_, NP_
from storage.events.checked import (
    Count,
    EventId,
    Limits,
    Lines,
    LinesByLanguage,
    Schema,
    SchemaValidator,
    ValidationError,
    Version,
    Words,
    checked,
    plain_lines,
    plain_version,
    plain_words,
)
from storage.events.event import VERSION, Envelope, Item, text
from storage.model import records
from storage.model.environment import NAMES, Environment
from storage.model.fields import Word
from storage.model.records import THE_BOARD
from storage.model.row import Text
from storage.model.vocabulary import Channel, HistoryCategory, Host, NetworkType, Outcome, Platform

if TYPE_CHECKING:
    from storage.events.event import Event


@checked
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
    count: Annotated[int, Limits(ge=1, le=1_000_000_000)] = 1
    seen_at: Count | None = None
    message: Lines = ""
    note: Lines | LinesByLanguage = ""
    host: Host | None = None
    client_version: Version | None = None
    base_library: Version | None = None
    platform: Platform | None = None
    os_version: Version | None = None
    device: Words | None = None
    channel: Channel | None = None
    network_type: NetworkType | None = None
    permission: Words | None = None
    devtools_version: Version | None = None
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


# The same from a line alone: a board is rebuilt from little else


def columns_of(name: str, line: bytes) -> dict[str, Any] | None:
    """What :meth:`OccurrenceLogged.freeze` makes of an event, as plain values by their columns.

    No envelope, body and record is made, of which a row would be the only use.

    Args:
        name: the event's id.
        line: its bytes, which are known to be those that it is named by.

    Returns:
        None if the line must be read as any other: it holds what this version does not know, or
        is no occurrence.
    """
    try:
        said = _of_a_line().validate_json(line)
    except ValidationError:
        return None
    values: dict[str, Any] = said["body"]
    at, pitfall = said["at"], said["pitfall"]
    if said["kind"] != OccurrenceLogged.kind or said["v"] > VERSION or pitfall == THE_BOARD:
        return None
    note = values["note"]
    values["note"], values["note_zh"] = text(note) if note else ("", "")
    # As the core would let ``plain_lines`` do, by a call for each message.
    if "\r" in values["message"]:
        values["message"] = plain_lines(values["message"], None)
    values["id"], values["recorded_on"], values["logged_at"] = name, pitfall, at
    values["who"], values["hlc"], values["fix"] = said["who"], said["hlc"], values["fix"] or ""
    if values["seen_at"] is None:
        values["seen_at"] = at
    return values


@cache
def _of_a_line() -> SchemaValidator:
    """What checks an occurrence's envelope and body at once, by the schemas of their own fields."""
    body = {"type": "typed-dict", "fields": _plain_fields(OccurrenceLogged.schema)}
    line = _plain_fields(Envelope.schema) | {"body": {"type": "typed-dict-field", "schema": body}}
    return SchemaValidator({"type": "typed-dict", "fields": line})


def _plain_fields(schema: Schema) -> dict[str, Any]:
    """The fields of a class as those of a dictionary, in which words are plain strings."""
    return {
        name: {
            "type": "typed-dict-field",
            "schema": _plain(field["schema"]),
            "required": field["schema"]["type"] != "default",
        }
        for name, field in schema.fields.items()
    }


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    if schema["type"] == "enum":
        return {"type": "literal", "expected": [word.value for word in schema["cls"]]}
    if schema.get("function", {}).get("function") in (plain_words, plain_version, plain_lines):
        # Those look at what a person types alone, the other is called if a message needs it.
        return _plain(schema["schema"])
    plain = dict(schema)
    if "schema" in plain:
        plain["schema"] = _plain(plain["schema"])
    if isinstance(plain.get("default"), Word):
        plain["default"] = plain["default"].value
    return plain
