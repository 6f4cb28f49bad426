"""JSON Schemas of what ``--json`` writes, derived from its shapes.

The shapes are declared once, in ``shapes.txt``. There the vocabularies are those of
:mod:`storage.model.vocabulary`, an environment has the fields that
:mod:`storage.model.environment` declares, a change the kinds of events. Every document that a test
asks for is validated against its schema.

A shape begins in the first column: its name, that of the shape whose keys it has too, and what it
is; "#" goes on with that. Behind "@" are the verbs that write it. Then come its keys with their
types: text unless it says otherwise, "~" for a key that may be missing, "?" for null, [ ] for a
list, { } for an object with any keys, "|" between words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Final

from storage.events import KINDS
from storage.imports.importer import ImportState
from storage.imports.sources import SourceFormat
from storage.match.likeness import SimilarityKind
from storage.model import row, vocabulary
from storage.model.environment import FIELDS
from storage.model.fields import NamedTuple
from storage.model.row import PLAN_FIELDS
from storage.model.version_pairs import Doubt
from storage.read.history import SpanKind
from tui.services.boards import ChosenBy
from tui.services.chat_channels import ChatKind
from tui.services.notify import ChannelOutcome
from tui.text.verbs import VERBS

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
#: The shape of the object on stderr.
ERROR: Final = "error"

_HEAD: Final = re.compile(r"(\w+)(?:\((\w+)\))? (.*)")
_VOCABULARIES: Final = {
    one.__name__: one
    for one in (
        *(one for one in (vars(row) | vars(vocabulary)).values() if isinstance(one, type)),
        *(
            ImportState,
            SourceFormat,
            SimilarityKind,
            Doubt,
            SpanKind,
            ChosenBy,
            ChannelOutcome,
            ChatKind,
        ),
    )
    if issubclass(one, Enum)
}
_HEX: Final = "^[0-9a-f]{%d}$"
_TYPES: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "string"},
    "number": {"type": "integer"},
    "real": {"type": "number"},
    "yes": {"type": "boolean"},
    "any": {},
    "one": {"const": 1},
    "time": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "pitfall": {"type": "string", "pattern": _HEX % 16},
    "event": {"type": "string", "pattern": _HEX % 32},
}
#: Keys that stand for declared fields.
_DECLARED: Final = {"*Environment": FIELDS, "*Plan": PLAN_FIELDS}


class _Shape(NamedTuple):
    base: str
    description: str
    verbs: tuple[str, ...]
    keys: tuple[str, ...]


@cache
def _shapes() -> dict[str, _Shape]:
    """The declared shapes by their names."""
    found: dict[str, _Shape] = {}
    name = ""
    for line in Path(__file__).with_name("shapes.txt").read_text("utf-8").splitlines():
        text = line.strip()
        if not line.startswith(" "):
            head = _HEAD.fullmatch(text)
            assert head is not None, text
            name = head[1]
            found[name] = _Shape(head[2] or "", head[3], (), ())
        elif text.startswith("# "):
            shape = found[name]
            found[name] = shape._replace(description=f"{shape.description} {text[2:]}")
        elif text.startswith("@ "):
            found[name] = found[name]._replace(verbs=tuple(text[2:].split(", ")))
        else:
            found[name] = found[name]._replace(keys=(*found[name].keys, *text.split()))
    return found


def shapes_of(verb: str) -> list[str]:
    """The names of the shapes that a verb may write; what only changes the board has one."""
    return [name for name, shape in _shapes().items() if verb in shape.verbs] or ["Changed"]


def verbs() -> list[str]:
    """Every verb that writes a document."""
    return [*(name for name, entry in VERBS.items() if entry.place), "help"]


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of what a verb writes, or of errors, with all that it refers to.

    Args:
        name: a verb, or :data:`ERROR`.
    """
    named = ["Error"] if name == ERROR else shapes_of(name)
    referred = [{"$ref": f"#/$defs/{one}"} for one in named]
    whole = referred[0] if len(referred) == 1 else {"anyOf": referred}
    definitions: dict[str, Any] = {}
    _define(named, definitions)
    return {"$schema": DRAFT, "title": f"pitboard {name} --json", **whole, "$defs": definitions}


def all_schemas() -> dict[str, Any]:
    """The JSON Schemas of all documents in one; ``verbs`` says which belongs to a verb."""
    definitions: dict[str, Any] = {}
    _define([*_shapes()], definitions)
    return {
        "$schema": DRAFT,
        "title": "pitboard --json",
        "verbs": {verb: [f"#/$defs/{one}" for one in shapes_of(verb)] for verb in verbs()},
        ERROR: "#/$defs/Error",
        "$defs": definitions,
    }


def _define(names: list[str], definitions: dict[str, Any]) -> None:
    """Add the definitions of shapes, and of those that they refer to."""
    for name in names:
        if name not in definitions:
            definitions[name] = _definition(name)
            found = re.findall(r"#/\$defs/(\w+)", repr(definitions[name]))
            _define(found, definitions)


def _definition(name: str) -> dict[str, Any]:
    keys = list(_keys(name))
    return {
        "description": _shapes()[name].description,
        "type": "object",
        "properties": {key: value for key, value, _is_required in keys},
        "required": [key for key, _value, is_required in keys if is_required],
        "additionalProperties": False,
    }


def _keys(name: str) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """The keys of a shape: each with its schema, and whether it is always there."""
    shape = _shapes()[name]
    if shape.base:
        yield from _keys(shape.base)
    for written in shape.keys:
        if written in _DECLARED:
            for field in _DECLARED[written]:
                known = _TYPES["day"] if field.is_day else _words([*(field.words or ())])
                yield field.name, _or_null({"description": field.label, **known}), True
            continue
        key, _colon, kind = written.partition(":")
        yield key.removesuffix("~"), _type(kind or "text"), not key.endswith("~")


def _type(kind: str) -> dict[str, Any]:
    if kind.endswith("?"):
        return _or_null(_type(kind[:-1]))
    if kind.startswith("["):
        return {"type": "array", "items": _type(kind[1:-1])}
    if kind.startswith("{"):
        return {"type": "object", "additionalProperties": _type(kind[1:-1])}
    if "|" in kind:
        return _words([one.replace("_", " ") for one in kind.split("|") if one])
    if kind == "event-kind":
        # A newer version may have more.
        return {"anyOf": [_words([*KINDS]), {"type": "string"}]}
    if kind in _VOCABULARIES:
        return _words([one.value for one in _VOCABULARIES[kind]])
    return _TYPES.get(kind, {"$ref": f"#/$defs/{kind}"})


def _words(words: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": words} if words else {"type": "string"}


def _or_null(value: dict[str, Any]) -> dict[str, Any]:
    if "enum" in value:
        return {**value, "type": ["string", "null"], "enum": [*value["enum"], None]}
    if isinstance(value.get("type"), str):
        return {**value, "type": [value["type"], "null"]}
    return {"anyOf": [value, {"type": "null"}]}
