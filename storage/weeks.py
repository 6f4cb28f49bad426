"""Weeks as the sparklines count them: from Monday, in UTC, the same on every machine."""

from __future__ import annotations

from typing import Final

WEEK_MS: Final = 7 * 24 * 60 * 60 * 1000
#: 1970-01-01 was a Thursday, three days after a Monday.
SINCE_MONDAY_MS: Final = 3 * 24 * 60 * 60 * 1000


def week_of(at: int) -> int:
    """The number of the week that a time in ms falls into."""
    return (at + SINCE_MONDAY_MS) // WEEK_MS
