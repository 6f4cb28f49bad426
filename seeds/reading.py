"""An entry's file, validated: the bodies of its events, or what is wrong and where."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from importlib.resources import files
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from storage.events import (
    TYPED,
    Body,
    OccurrenceLogged,
    ReferenceAdded,
    Reported,
    SignatureAdded,
    TagAdded,
)
from storage.model.vocabulary import Status

_LANGUAGES: Final = {"en", "zh"}
_ENDING: Final = ".toml"


class Misprint(ValueError):
    """A file of the catalogue that does not hold an entry."""


def midnight(day: date) -> int:
    """The beginning of ``day`` in UTC, in milliseconds."""
    return int(datetime.combine(day, time(), UTC).timestamp()) * 1000


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


class Entry(BaseModel):
    """One pitfall of the catalogue; its parts are the bodies of the events that it becomes.

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
    occurrences: tuple[Annotated[OccurrenceLogged, BeforeValidator(_dated)], ...] = ()

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        report = self.report
        if report.status is Status.WORKAROUND and not report.workaround:
            raise ValueError("the status “workaround” needs a workaround text")
        if report.status is Status.FIXED_UPSTREAM:
            raise ValueError("the status “fixed upstream” needs a fix record, which no entry holds")
        for name, value in self._texts():
            in_both = isinstance(value, dict) and value.keys() == _LANGUAGES and all(value.values())
            if value and not in_both:
                raise ValueError(f"{name} is to be said in both languages, as en and zh")
        return self

    def _texts(self) -> Iterator[tuple[str, str | dict[str, str]]]:
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

    def bodies(self) -> Iterator[Body]:
        """Its events' bodies in the order of the record, the report first."""
        yield self.report
        yield from self.tags
        yield from self.references
        yield from self.signatures
        yield from self.occurrences


def read(name: str, text: str) -> Entry:
    """The entry that the file called ``name`` (``NNNN-slug.toml``) holds.

    Raises:
        Misprint: naming the file, the place and what is wrong there.
    """
    number, _, slug = name.removesuffix(_ENDING).partition("-")
    if len(number) != 4 or not number.isdecimal():
        raise Misprint(f"{name}: a file of the catalogue is called NNNN-slug.toml")
    try:
        return Entry.model_validate(
            tomllib.loads(text) | {"slug": slug}, context=TYPED, extra="forbid"
        )
    except tomllib.TOMLDecodeError as error:
        raise Misprint(f"{name}: {error}") from error
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, fault['loc']))} {fault['msg']}".strip()
            for fault in error.errors(include_url=False)
        )
        raise Misprint(f"{name}: {'; '.join(faults)}") from error


def entries() -> list[Entry]:
    """The catalogue's entries in the order of their numbers."""
    found = [
        file
        for file in files(__package__).joinpath("wecom").iterdir()
        if file.name.endswith(_ENDING)
    ]
    found.sort(key=lambda file: file.name)
    return [read(file.name, file.read_text(encoding="utf-8")) for file in found]
