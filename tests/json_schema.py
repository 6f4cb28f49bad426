"""A validator for the part of JSON Schema that our schemas use; it refuses any other keyword."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}
_KNOWN = {
    *("$schema", "$defs", "$ref", "title", "description", "type", "enum", "const", "pattern"),
    *("format", "anyOf", "items", "properties", "required", "additionalProperties"),
}


def problems(value: Any, schema: dict[str, Any]) -> list[str]:
    """What of a value is not as a schema says, each with its place."""
    return list(_problems(value, schema, schema.get("$defs", {}), "$"))


def _problems(value: Any, schema: dict[str, Any], defs: dict[str, Any], at: str) -> Iterator[str]:
    assert schema.keys() <= _KNOWN, schema.keys() - _KNOWN
    if "$ref" in schema:
        yield from _problems(value, defs[schema["$ref"].removeprefix("#/$defs/")], defs, at)
    if "anyOf" in schema:
        tried = [list(_problems(value, one, defs, at)) for one in schema["anyOf"]]
        if all(tried):
            yield from min(tried, key=len)
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        kinds = tuple(kind for name in names for kind in _TYPES[name])
        # Of JSON, true is no number.
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            yield f"{at}: {value!r} is not {names}"
            return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        yield f"{at}: {value!r} is not {schema['const']!r}"
    if isinstance(value, str):
        yield from _text_problems(value, schema, at)
    if isinstance(value, list) and "items" in schema:
        for place, one in enumerate(value):
            yield from _problems(one, schema["items"], defs, f"{at}[{place}]")
    if isinstance(value, dict):
        yield from _object_problems(value, schema, defs, at)


def _text_problems(value: str, schema: dict[str, Any], at: str) -> Iterator[str]:
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{at}: {value!r} does not match {schema['pattern']}"
    try:
        if schema.get("format") == "date":
            date.fromisoformat(value)
        elif schema.get("format") == "date-time" and datetime.fromisoformat(value).tzinfo is None:
            yield f"{at}: {value!r} has no time zone"
    except ValueError:
        yield f"{at}: {value!r} is no {schema['format']}"


def _object_problems(
    value: dict[str, Any], schema: dict[str, Any], defs: dict[str, Any], at: str
) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{at}: {key} is missing" for key in schema.get("required", ()) if key not in value)
    more = schema.get("additionalProperties", True)
    for key, one in value.items():
        if key in known:
            yield from _problems(one, known[key], defs, f"{at}.{key}")
        elif more is False:
            yield f"{at}: {key} is not declared"
        elif isinstance(more, dict):
            yield from _problems(one, more, defs, f"{at}.{key}")
