"""Pydantic at the door: what a person typed becomes a typed value, or a clear refusal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from pydantic import ValidationError

from storage.errors import N_, Refused
from storage.events import Body, SignatureAdded

_B = TypeVar("_B", bound=Body)

# Pydantic's own words are for programmers; these are for whoever typed the value.
_WORDS = {
    "missing": N_("{field}: this is needed."),
    "string_too_short": N_("{field}: this is needed."),
    "too_short": N_("{field}: this is needed."),
    "string_too_long": N_("{field}: too long; {max_length} characters can be kept."),
    "string_pattern_mismatch": N_("{field}: “{value}” may not hold blanks."),
    "enum": N_("{field}: “{value}” is none of {expected}."),
    "literal_error": N_("{field}: “{value}” is none of {expected}."),
    "greater_than_equal": N_("{field}: must be {ge} or more."),
    "less_than_equal": N_("{field}: must be {le} or less."),
    "int_parsing": N_("{field}: “{value}” is not a whole number."),
    "hostile": N_("{field}: line {line} holds {sign}, which can't be kept; take it out."),
    "value_error": N_("{field}: {why}."),
    "extra_forbidden": N_("{field}: there is nothing of that name; there are {known}."),
}

#: What our own validators say, so that a screen can translate it.
REASONS = (
    N_("a pitfall needs a title"),
    N_("a fix needs the version or the date from which it holds, or the last one affected"),
    N_("a reference is an address that begins with https:// or http://"),
    N_("a snooze ends at one of a date, a number of sightings, or a version"),
    N_("a snooze until a version needs one that can be compared: 4.1.8"),
)


def typed(kind: type[_B], /, **values: object) -> _B:
    """A body from what a person typed; None and blank values count as not said.

    Raises:
        Refused: naming the field and what is wrong with it.
    """
    said = {
        name: value
        for name, value in values.items()
        if value is not None and (value != "" or name in {"value", "text", "title", "tag", "url"})
    }
    try:
        body = kind.typed(**said)
    except ValidationError as error:
        # A single value is refused by its own name, not as the value of an event.
        raise refusal(error, str(values.get("field", "")), kind.model_fields) from error
    if isinstance(body, SignatureAdded):
        # Loaded late: most of what people type holds no signature.
        from storage.match.signatures import check_signature

        check_signature(body.text, body.form)
    return body


def refusal(error: ValidationError, field: str, known: Iterable[str] = ()) -> Refused:
    """What is wrong with a value, in words for whoever typed it or chose it.

    Args:
        error: what pydantic says.
        field: which value, if the error does not tell that itself.
        known: the names of the values that there are.
    """
    first = error.errors(include_url=False)[0]
    field = field or next((part for part in first["loc"] if isinstance(part, str)), "")
    context = dict(first.get("ctx") or {})
    why = str(context.pop("error", first["msg"]))
    if why.startswith(("day is out of range", "Invalid isoformat", "month must be", "year ")):
        return Refused(
            N_("{field}: “{value}” is not a date."),
            N_("Write it as 2026-11-23."),
            field=field,
            value=first["input"],
        )
    template = _WORDS.get(first["type"], N_("{field}: {why}."))
    if template == _WORDS["value_error"] and (not field or isinstance(first["input"], dict)):
        template = N_("{why}.")
    if "expected" in context:
        # Pydantic joins them in English: 'bug', 'docs' or 'limit'.
        context["expected"] = context["expected"].replace("' or '", "', '").replace("'", "")
    values = {"value": first["input"], "why": why, "known": ", ".join(known), **context}
    return Refused(template, field=field, **values)
