"""Classes whose fields pydantic checks, and the types of the fields that events have.

Pydantic makes of a class a schema, by which its core checks values. To load pydantic for that
takes longer than all else that a command does which writes. So the schemas lie in
``schemas.jsonl``, which ``.ci/schemas.py`` writes anew after a change of the classes, and a command
loads the core alone. For a core of another version than it was written for, pydantic makes the
schemas when they are needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date
from enum import Enum
from functools import cache, cached_property
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Final,
    NoReturn,
    TypeVar,
    dataclass_transform,
    get_origin,
    get_type_hints,
)

# The only place that knows where the core keeps what checks: the package has it from here, beside
# descriptions of schemas that take longer to load and that the command does without.
from pydantic_core._pydantic_core import PydanticCustomError, __version__
from pydantic_core._pydantic_core import SchemaValidator as SchemaValidator
from pydantic_core._pydantic_core import ValidationError as ValidationError

from storage.model.clock import LIMIT
from storage.model.environment import version_as_written
from storage.model.fields import LONGEST_TEXT, LONGEST_WHO, LONGEST_WORDS, Word
from storage.text.sanitize import first_hostile, without_unseen

if TYPE_CHECKING:
    from pydantic import BaseModel, GetCoreSchemaHandler, ValidationInfo
    from pydantic_core.core_schema import CoreSchema

_C = TypeVar("_C", bound=type)


# What is checked of a type; each part is asked by pydantic for what it adds to the schema


class Limits:
    """What a value has to be besides its type, as pydantic's core calls it."""

    def __init__(self, **limits: Any) -> None:
        self._limits = limits

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return {**handler(source), **self._limits}


class Becomes(Limits):
    """What a function makes of a value; it raises a ValueError where it can't.

    Args:
        by: the function, of a module.
        informed: whether it gets a ``ValidationInfo`` as well.
    """

    def __init__(self, by: Callable[..., Any], *, informed: bool = False) -> None:
        kind = "with-info" if informed else "no-info"
        super().__init__(type="function-after", function={"type": kind, "function": by})

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return {"schema": handler(source), **self._limits}


class Then(Limits):
    """What a text has to be as well once it is as it will be kept, without blanks around it."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return {"type": "chain", "steps": [handler(source), {"type": "str", **self._limits}]}


#: Validation context of what a person typed here, as against what came from elsewhere.
TYPED: Final = {"typed": True}


def _refuse_hostile(text: str, info: ValidationInfo | None, *, lines: bool) -> str:
    if info is None or not info.context:
        return text
    text = without_unseen(text)
    found = first_hostile(text, lines=lines)
    if found is not None:
        line, sign = found
        raise PydanticCustomError(
            "hostile", "line {line} holds {sign}, which can't be kept", {"line": line, "sign": sign}
        )
    return text.strip() if not lines else text.strip("\n")


def plain_words(text: str, info: ValidationInfo) -> str:
    """One line as it is kept."""
    return _refuse_hostile(text, info, lines=False)


def plain_version(text: str, info: ValidationInfo) -> str:
    """A version as it is kept: one that was recorded elsewhere, or before, stays as it is."""
    return version_as_written(plain_words(text, info)) if info.context else text


def plain_lines(text: str, info: ValidationInfo | None) -> str:
    """Several lines as they are kept; without ``info`` those that nobody typed here."""
    return _refuse_hostile(text.replace("\r\n", "\n"), info, lines=True)


def iso_date(value: str) -> str:
    """A day as ISO 8601 writes it with hyphens, or nothing; a ValueError if it is neither."""
    return date.fromisoformat(value).isoformat() if value else value


EventId = Annotated[str, Limits(pattern=r"^[0-9a-f]{32}$")]
PitfallId = Annotated[str, Limits(pattern=r"^[0-9a-f]{4,64}$")]
#: A short name for a text: the first half of its SHA-256's first half, in hex.
Digest = Annotated[str, Limits(pattern=r"^[0-9a-f]{16}$")]
#: Of an envelope.
Whole = Annotated[int, Limits(ge=0, lt=LIMIT, strict=True)]
Who = Annotated[str, Limits(max_length=LONGEST_WHO)]
#: Of a body: a number of something, or a time in ms.
Count = Annotated[int, Limits(ge=0, lt=LIMIT >> 16)]
#: One line, as in a title.
Words = Annotated[str, Limits(max_length=LONGEST_WORDS), Becomes(plain_words, informed=True)]
Version = Annotated[str, Limits(max_length=LONGEST_WORDS), Becomes(plain_version, informed=True)]
SomeWords = Annotated[Words, Then(min_length=1)]
Tag = Annotated[Words, Then(min_length=1, pattern=r"^\S+$")]
#: A day, or nothing.
Day = Annotated[Words, Becomes(iso_date)]
#: A link's address, in one line.
Address = Annotated[str, Limits(max_length=2_000), Becomes(plain_words, informed=True)]
SomeAddress = Annotated[Address, Then(min_length=1)]
#: Several lines, as in reproduction notes.
Lines = Annotated[str, Limits(max_length=LONGEST_TEXT), Becomes(plain_lines, informed=True)]
SomeLines = Annotated[Lines, Then(min_length=1)]
#: The same in every language at once, as in the catalogue: {"en": …, "zh": …}.
WordsByLanguage = Annotated[dict[str, Words], Limits(min_length=1, max_length=20)]
LinesByLanguage = Annotated[dict[str, Lines], Limits(min_length=1, max_length=20)]


# A class and its schema


#: What pydantic made of each class, a line for each.
SCHEMAS: Final = Path(__file__).with_name("schemas.jsonl")
#: What pydantic's core sets in a value; the class on which others of these build has these slots.
CORE_SLOTS: Final = (
    "__dict__",
    "__pydantic_extra__",
    "__pydantic_fields_set__",
    "__pydantic_private__",
)


class Schema:
    """How pydantic's core checks the fields of a class, and what they are in JSON.

    Args:
        of: the class.
    """

    def __init__(self, of: type) -> None:
        self.of = of
        self._of_fields: dict[str, SchemaValidator] = {}

    @cached_property
    def core(self) -> CoreSchema:
        """The schema as pydantic's core takes it."""
        start = f'{{"{self.of.__name__}":'
        for line in _kept():
            if line.startswith(start):
                [found] = json.loads(line, object_hook=_meant).values()
                return found  # type: ignore[no-any-return]
        return schema_of(self.of)

    @cached_property
    def fields(self) -> Mapping[str, dict[str, Any]]:
        """What the schema says of each field."""
        found: Any = self.core
        while found["type"] != "model-fields":
            found = found["schema"]
        return dict(found["fields"])

    @cached_property
    def values(self) -> SchemaValidator:
        """What makes values of the class, of a dict or of JSON."""
        return SchemaValidator(self.core)

    @cached_property
    def recorded(self) -> SchemaValidator:
        """The same of what is recorded: it calls nothing that looks at what is typed alone."""
        return SchemaValidator(_of_the_record(self.core))

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """What the fields are that may be left out."""
        schemas = {name: field["schema"] for name, field in self.fields.items()}
        return {name: one["default"] for name, one in schemas.items() if one["type"] == "default"}

    def json_name(self, name: str) -> str:
        """What one of the fields is called in JSON."""
        return str(self.fields[name].get("serialization_alias", name))

    def vocabulary(self, name: str) -> type[Word] | None:
        """The vocabulary of one of the fields; None if it has none, or there is no such field."""
        found = self.fields.get(name, {})
        while "schema" in found:
            found = found["schema"]
        return found["cls"] if found.get("type") == "enum" else None

    def of_field(self, name: str) -> SchemaValidator:
        """What checks a value of one of the fields."""
        if name not in self._of_fields:
            self._of_fields[name] = SchemaValidator(self.fields[name]["schema"])
        return self._of_fields[name]


def _of_the_record(part: Any) -> Any:
    """A part of a schema without the functions that leave what nobody types as it is."""
    match part:
        case {"function": {"function": by}, "schema": one} if by in (plain_words, plain_version):
            return _of_the_record(one)
        case dict():
            return {name: _of_the_record(value) for name, value in part.items()}
        case list():
            return [_of_the_record(value) for value in part]
        case _:
            return part


def core_series() -> str:
    """The version of pydantic's core that is installed, without its last number.

    That one says that faults were mended; what the others say decides how a schema is read.
    """
    return __version__.rpartition(".")[0]


@cache
def _kept() -> list[str]:
    """The schemas that are kept, as JSON; none if they were made for another core."""
    with suppress(FileNotFoundError), SCHEMAS.open("rb") as lines:
        if json.loads(next(lines)) == {"pydantic_core": core_series()}:
            return lines.read().decode().splitlines()
    return []


def _meant(found: dict[str, Any]) -> Any:
    """What a part of a schema means in Python; ``kept_as`` is its reverse."""
    if "python" in found:
        module, _, name = found["python"].partition(":")
        return attrgetter(name)(import_module(module))
    if "tuple" in found:
        return tuple(found["tuple"])
    if found.get("type") == "enum":
        found["members"] = list(found["cls"])
    return found


@dataclass_transform(frozen_default=True, kw_only_default=True)
def checked(of: _C) -> _C:
    """Have the fields of a class checked whenever a value of it is made. Its values are frozen.

    It gets ``schema``. A method ``check`` of the class sees each value as a whole, and the
    ``ValidationInfo``; it returns the value, or raises a ValueError.
    """
    found: Any = of
    found.schema = Schema(of)
    found.__init__, found.__setattr__, found.__delattr__ = _init, _no_setting, _no_deleting
    found.__eq__, found.__hash__, found.__repr__ = _equals, None, _shown
    # Asked by pydantic for a field that has this class as its type.
    found.__get_pydantic_core_schema__ = classmethod(lambda cls, *_: schema_of(cls))
    return of


def _init(self: Any, **values: Any) -> None:
    self.schema.values.validate_python(values, self_instance=self)


def as_json(value: Any, only: Collection[str] | None = None, *, whole: bool = False) -> Any:
    """A value of a body as JSON holds it; of one of these classes, only what was said.

    Args:
        value: the value.
        only: of one of these classes, the fields that are wanted, whether said or not.
        whole: whether all fields are, and those of what is in it.
    """
    match value:
        case Enum():
            return value.value
        case tuple() | list():
            return [as_json(one, whole=whole) for one in value]
        case dict():
            return {name: as_json(one, whole=whole) for name, one in value.items()}
    schema = getattr(value, "schema", None)
    if schema is None:
        return value
    held, defaults = vars(value), schema.defaults
    names = held if only is None else [name for name in held if name in only]
    whole = whole or only is not None
    return {
        schema.json_name(name): as_json(held[name], whole=whole)
        for name in names
        if whole or name not in defaults or held[name] != defaults[name]
    }


def _no_setting(self: object, name: str, _value: object) -> NoReturn:
    raise AttributeError(f"{type(self).__name__}.{name} can't be set")


def _no_deleting(self: object, name: str) -> NoReturn:
    raise AttributeError(f"{type(self).__name__}.{name} can't be deleted")


def _equals(self: object, other: object) -> bool:
    return vars(self) == vars(other) if type(other) is type(self) else NotImplemented


def _shown(self: object) -> str:
    fields = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
    return f"{type(self).__name__}({fields})"


# Making the schemas, for which pydantic is loaded


#: What a schema says for its JSON schema, which we make no use of; and what its class says.
_LEFT_OUT: Final = frozenset(("metadata", "members"))
#: By what parts of a schema name each other.
_REFS: Final = ("ref", "schema_ref")


def model_of(of: type) -> type[BaseModel]:
    """The fields of one of these classes as a model of pydantic."""
    pydantic: Any = import_module("pydantic")
    names = vars(import_module(checked.__module__)) | {"Field": pydantic.Field}
    hints = get_type_hints(of, localns=names, include_extras=True)
    fields = {
        name: (hint, getattr(of, name, ...))
        for name, hint in hints.items()
        if get_origin(hint) is not ClassVar
    }
    settings = pydantic.ConfigDict(extra="ignore")
    return pydantic.create_model(  # type: ignore[no-any-return]
        of.__name__, __config__=settings, __module__=of.__module__, **fields
    )


def schema_of(of: type) -> CoreSchema:
    """What pydantic makes of one of these classes now."""
    adapter: Any = import_module("pydantic").TypeAdapter(model_of(of))
    schema = {**adapter.core_schema, "cls": of}
    if hasattr(of, "check"):
        function = {"type": "with-info", "function": of.check}
        schema = {"type": "function-after", "function": function, "schema": schema}
    return schema


def kept_as(part: Any) -> Any:
    """A part of a schema as JSON holds it."""
    match part:
        case Enum():
            return {"python": f"{type(part).__module__}:{type(part).__name__}.{part.name}"}
        case {"type": str()}:
            plain = {name: kept_as(part[name]) for name in part if name not in _LEFT_OUT}
            # What stands behind a colon is where it lies in memory.
            return plain | {name: part[name].partition(":")[0] for name in _REFS if name in part}
        case dict():
            return {name: kept_as(value) for name, value in part.items()}
        case list():
            return [kept_as(value) for value in part]
        case tuple():
            return {"tuple": [kept_as(value) for value in part]}
        case None | str() | int() | float():
            return part
        case _:
            return {"python": f"{part.__module__}:{part.__qualname__}"}


def schema_lines() -> Iterator[str]:
    """The file of all schemas, line by line."""
    events = import_module(__package__)
    loose_link = import_module(f"{__package__}.values").LooseLink
    yield json.dumps({"pydantic_core": core_series()}) + "\n"
    for of in (events.Envelope, loose_link, *events.KINDS.values()):
        yield json.dumps({of.__name__: kept_as(schema_of(of))}) + "\n"
