"""Days and times in UTC, so that they are the same on every machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Events from elsewhere may claim any time; none lies beyond the year 9999.
_LAST_MS: Final = 253_402_300_799_000


def utc_day(at: int) -> str:
    """The day of a time (ms), ISO 8601."""
    return (_EPOCH + timedelta(milliseconds=min(at, _LAST_MS))).date().isoformat()


def iso(at: int | None) -> str | None:
    """A time in ms as ISO 8601 in UTC, to the second; whatever lies beyond year 9999 is its end."""
    if at is None:
        return None
    moment = _EPOCH + timedelta(seconds=min(at, _LAST_MS) // 1000)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


# Weeks as the sparklines count them: from Monday, in UTC, the same on every machine


WEEK_MS: Final = 7 * 24 * 60 * 60 * 1000


#: 1970-01-01 was a Thursday, three days after a Monday.
SINCE_MONDAY_MS: Final = 3 * 24 * 60 * 60 * 1000


def week_of(at: int) -> int:
    """The number of the week that a time in ms falls into."""
    return (at + SINCE_MONDAY_MS) // WEEK_MS
