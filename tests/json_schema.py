"""What of a JSON value is not as its schema says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@_FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    """Whether it names a time with its zone."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """What holds values against a schema, of which it is known that it is one."""
    return Draft202012Validator(schema, format_checker=_FORMATS)


def must_be_a_schema(schema: dict[str, Any]) -> None:
    """Hold a schema against that of schemas.

    Raises:
        SchemaError: if it is no schema.
    """
    Draft202012Validator.check_schema(schema)


def problems(value: Any, against: Draft202012Validator) -> list[str]:
    """What of a value is not as a schema says, each with its place."""
    return [f"{one.json_path}: {one.message}" for one in against.iter_errors(value)]
