"""Times, days and versions as people write them."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from storage.errors import N_, Refused


class Since(NamedTuple):
    """Where a fix begins: a version or a day (ISO 8601); the other one is empty."""

    version: str = ""
    day: str = ""


def moment(text: str, field: str = "") -> int:
    """A day or a time in the reader's time zone, as milliseconds since 1970.

    Args:
        text: ISO 8601, with a blank or a ``T`` before the time; a day is its beginning.
        field: named by the refusal.

    Raises:
        Refused: if there is no such time.
    """
    try:
        at = int(datetime.fromisoformat(text.strip()).astimezone().timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        at = -1
    if at < 0:
        raise Refused(
            N_("“{value}” is not a time."),
            N_("Write it as 2026-11-20 or 2026-11-20 14:03."),
            field=field,
            value=text,
        )
    return at


def day(text: str, field: str = "") -> str:
    """A day, as ISO 8601 writes it.

    Raises:
        Refused: if there is no such day.
    """
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise Refused(
            N_("“{value}” is not a date."),
            N_("Write it as 2026-11-23."),
            field=field,
            value=text,
        ) from None


def since(text: str, field: str = "") -> Since:
    """The version or the day from which a fix holds: a day if it is written as one.

    Raises:
        Refused: if it looks like a day that does not exist.
    """
    text = text.strip()
    parts = text.split("-")
    if len(parts) == 3 and len(parts[0]) == 4 and all(part.isdigit() for part in parts):
        return Since(day=day(text, field))
    return Since(version=text)


def whole_number(text: str, field: str = "") -> int:
    """A whole number.

    Raises:
        Refused: if it is none.
    """
    try:
        return int(text)
    except ValueError:
        raise Refused(N_("“{value}” is not a whole number."), field=field, value=text) from None
