"""A catalogue: its entries' files, validated, and the events that they become.

The events of a catalogue are a function of its files alone, the same bytes on every machine: who
subscribes to it on two boards that are joined has each pitfall once.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final, Literal, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from storage.errors import N_, PitboardError, Refused, refused_value
from storage.events import (
    TYPED,
    VERSION,
    Body,
    Envelope,
    Event,
    OccurrenceLogged,
    ReferenceAdded,
    Reported,
    SignatureAdded,
    StatusSet,
    TagAdded,
    TagRemoved,
    seal,
)
from storage.events.checked import Words, WordsByLanguage
from storage.events.decisions import Accepted, Declined, ItemHidden
from storage.events.items import FixRecorded
from storage.events.values import FieldSet
from storage.model.fields import NamedTuple
from storage.model.row import DeclineReason, Status

_T = TypeVar("_T", bound=BaseModel)

#: The file that describes a catalogue, and the folder of its entries.
MANIFEST: Final = "pitboard.toml"
FOLDER: Final = "entries"
ENDING: Final = ".toml"


class Misprint(PitboardError):
    """A file of a catalogue that does not hold what it should.

    Args:
        file: its name.
        template: what is wrong with it.
        values: what fills that.
    """

    code = "misprint"

    def __init__(self, file: str, template: str, **values: object) -> None:
        super().__init__(
            N_("{file}: {problem}"), file=file, problem=PitboardError(template, "", **values)
        )


def midnight(day: date) -> int:
    """The beginning of ``day`` in UTC, in milliseconds."""
    return int(datetime.combine(day, time(), UTC).timestamp()) * 1000


class Manifest(BaseModel):
    """What a catalogue says of itself.

    ``uuid`` names it for ever, ``name`` is what people call it, ``licence`` what may be done with
    its texts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    uuid: UUID
    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    licence: Annotated[Words, Field(min_length=1)]
    version: Annotated[Literal[1], Field(alias="schema")]

    @property
    def actor(self) -> str:
        """Who writes its events."""
        return hashlib.sha256(f"pitboard catalogue {self.uuid}".encode()).hexdigest()[:32]

    def pitfall(self, number: str) -> str:
        """The id of the pitfall that an entry is, on every board."""
        return hashlib.sha256(f"{self.uuid} {number}".encode()).hexdigest()[:16]


def _tag(value: Any) -> Any:
    return {"tag": value}


def _dated(raw: Any) -> Any:
    """An occurrence's table with ``seen_on``, which people can read, as ``seen_at``."""
    if not isinstance(raw, dict) or "seen_on" not in raw:
        return raw
    rest = {name: value for name, value in raw.items() if name != "seen_on"}
    if type(raw["seen_on"]) is not date or "seen_at" in rest:
        raise ValueError("seen_on is a date such as 2022-04-10, and takes the place of seen_at")
    return rest | {"seen_at": midnight(raw["seen_on"])}


class Withdrawal(BaseModel):
    """That an entry no longer holds, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    because: DeclineReason = DeclineReason.NOT_REPRODUCIBLE
    reason: Words | WordsByLanguage


class Entry(BaseModel):
    """One pitfall of a catalogue; its parts are the bodies of the events that it becomes.

    ``slug`` comes from the file's name and ``day`` dates the events; an
    occurrence of another day says so with ``seen_on``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    day: date
    report: Reported
    tags: tuple[Annotated[TagAdded, BeforeValidator(_tag)], ...] = ()
    references: tuple[ReferenceAdded, ...] = ()
    signatures: tuple[SignatureAdded, ...] = ()
    fixes: tuple[FixRecorded, ...] = ()
    occurrences: tuple[Annotated[OccurrenceLogged, BeforeValidator(_dated)], ...] = ()
    withdrawn: Withdrawal | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.report.status is Status.WORKAROUND and not self.report.workaround:
            raise ValueError("the status “workaround” needs a workaround text")
        if self.report.status is Status.FIXED_UPSTREAM:
            raise ValueError(
                "a fix of a catalogue is a claim: say it in [[fixes]] and leave the status"
            )
        return self

    def texts(self) -> Iterator[tuple[str, str | dict[str, str]]]:
        """What people read, by name; an API's name is the same in every language."""
        yield "title", self.report.title
        if isinstance(self.report.component, dict):
            yield "component", self.report.component
        yield "workaround", self.report.workaround
        yield "reproduction", self.report.reproduction
        for reference in self.references:
            yield "the title of a reference", reference.title
            yield "the quote of a reference", reference.quote
        for occurrence in self.occurrences:
            yield "the note of an occurrence", occurrence.note

    def items(self) -> Iterator[Body]:
        """What is added to the pitfall, in the order of the record."""
        yield from self.references
        yield from self.signatures
        yield from self.fixes
        yield from self.occurrences


def read_entry(name: str, text: str) -> Entry:
    """The entry that the file called ``name`` (``NNNN-slug.toml``) holds.

    Raises:
        Misprint: naming the file, the place and what is wrong there.
    """
    number, _, slug = name.removesuffix(ENDING).partition("-")
    if len(number) != 4 or not (number.isascii() and number.isdecimal()):
        raise Misprint(name, N_("an entry's file is called NNNN-slug.toml."))
    return _validated(name, text, lambda data: data | {"slug": slug}, Entry)


def read_manifest(text: str) -> Manifest:
    """What a catalogue says of itself.

    Raises:
        Misprint: naming the place and what is wrong there.
    """
    return _validated(MANIFEST, text, lambda data: data, Manifest)


def _validated(
    name: str, text: str, more: Callable[[dict[str, Any]], dict[str, Any]], shape: type[_T]
) -> _T:
    try:
        return shape.model_validate(more(tomllib.loads(text)), context=TYPED, extra="forbid")
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        if place is None:
            raise Misprint(name, N_("it is no TOML: its end is missing.")) from error
        line, column = place.groups()
        raise Misprint(
            name, N_("line {line}, column {column} is no TOML."), line=line, column=column
        ) from error
    except ValidationError as error:
        refused = _refusal(error)
        raise Misprint(name, refused.message, **refused.values) from error


#: What tells most of a file, where pydantic names several faults: a name that is misspelt makes
#: another one missing, and a text that is no text in one language is none in several, either.
_TELLING: Final = ("extra_forbidden", "hostile")


def _refusal(error: ValidationError) -> Refused:
    faults = error.errors(include_url=False)
    fault = min(faults, key=lambda one: one["type"] not in _TELLING)
    # Of a choice of types pydantic names each one, as “function-after[…]” or “dict[…]”.
    place = (str(part) for part in fault["loc"] if not re.search(r"[\[(]", str(part)))
    return refused_value(fault, ".".join(place))


# Entries and what becomes of them → events


#: What an entry's withdrawal is the value of, among those that the chain wrote.
_DECISION: Final = "decision"
#: The single values of a pitfall that a change of an entry sets, by their names in the record.
_VALUES: Final = ("title", "kind", "component", "severity", "workaround", "reproduction")


class _Written(NamedTuple):
    """What the chain wrote of a pitfall: the last write of each value, and what adds its items."""

    writes: dict[str, str]
    items: dict[str, str]


class CatalogueChain:
    """The events of a catalogue, one after another; each entry or change of one is a step.

    Their clock readings are their numbers, below every reading that a person's event can have
    (``storage.model.clock.FIRST``). So whatever a person ever wrote sorts after the whole
    catalogue, and stands, even where an entry came later.

    Args:
        actor: who writes them.
    """

    def __init__(self, actor: str) -> None:
        self.events: list[Event] = []
        self._actor = actor
        self._written: dict[str, _Written] = {}

    def add(self, pitfall: str, entry: Entry, who: str) -> None:
        """A new entry: the report first, then what belongs to it.

        Raises:
            MalformedEvent: if a part of it is too long for an event.
        """
        written = self._written[pitfall] = _Written({}, {})
        step, at = len(self.events) + 1, midnight(entry.day)
        reported = self._append(pitfall, entry.report, who, at, step)
        written.writes.update(dict.fromkeys((*_VALUES, "status"), reported.id))
        for tag in entry.tags:
            self._append(pitfall, tag, who, at, step)
        for item in entry.items():
            written.items[_key(item)] = self._append(pitfall, item, who, at, step).id
        self._withdraw(pitfall, None, entry, who, at, step)

    def change(self, pitfall: str, before: Entry, after: Entry, who: str, at: int) -> None:
        """An entry changed at a time (ms): what differs, each naming what it takes the place of.

        Raises:
            MalformedEvent: as :meth:`add`.
        """
        written, step = self._written[pitfall], len(self.events) + 1
        old, new = (one.report.dump(only=Reported.schema.fields) for one in (before, after))
        for name in _VALUES:
            if old[name] != new[name]:
                body = FieldSet(field=name, value=new[name], replaces=written.writes[name])
                written.writes[name] = self._append(pitfall, body, who, at, step).id
        if old["status"] != new["status"]:
            status = StatusSet(status=after.report.status, replaces=written.writes["status"])
            written.writes["status"] = self._append(pitfall, status, who, at, step).id
        tags = [tuple(tag.tag for tag in one.tags) for one in (before, after)]
        for tag in tags[0]:
            if tag not in tags[1]:
                self._append(pitfall, TagRemoved(tag=tag), who, at, step)
        for tag in tags[1]:
            if tag not in tags[0]:
                self._append(pitfall, TagAdded(tag=tag), who, at, step)
        items = {_key(item): item for item in after.items()}
        for key in [key for key in written.items if key not in items]:
            hidden = ItemHidden(item=written.items.pop(key))
            self._append(pitfall, hidden, who, at, step)
        for key, item in items.items():
            if key not in written.items:
                written.items[key] = self._append(pitfall, item, who, at, step).id
        self._withdraw(pitfall, before, after, who, at, step)

    def _withdraw(
        self, pitfall: str, before: Entry | None, after: Entry, who: str, at: int, step: int
    ) -> None:
        """Decline what is withdrawn, and accept what no longer is."""
        if (before.withdrawn if before is not None else None) == after.withdrawn:
            return
        writes = self._written[pitfall].writes
        standing, gone = writes.get(_DECISION), after.withdrawn
        body = (
            Accepted(replaces=standing)
            if gone is None
            else Declined(because=gone.because, reason=gone.reason, replaces=standing)
        )
        writes[_DECISION] = self._append(pitfall, body, who, at, step).id

    def _append(self, pitfall: str, body: Body, who: str, at: int, step: int) -> Event:
        seq = len(self.events) + 1
        envelope = Envelope(
            v=VERSION,
            actor=self._actor,
            seq=seq,
            prev=self.events[-1].id if self.events else None,
            step=step,
            hlc=seq,
            at=at,
            who=who,
            pitfall=pitfall,
            kind=body.kind,
            body=body.dump(),
        )
        event = seal(envelope, body)
        self.events.append(event)
        return event


def _key(item: Body) -> str:
    """By which an item is known again in another version of its entry."""
    return f"{item.kind} {json.dumps(item.dump())}"
