"""The board's time zone: in it a day begins, and a week with its Monday, for every reader."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from storage.errors import N_, Refused

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: Events from elsewhere may claim any time; this one every time zone can write.
_LAST_MS: Final = 253_402_128_000_000

WEEK_MS: Final = 7 * 24 * 60 * 60 * 1000
#: After its next Monday there may be no day.
_LAST_WEEK: Final = _LAST_MS // WEEK_MS - 1
#: 1970-01-01 was a Thursday, three days after a Monday.
_SINCE_MONDAY: Final = timedelta(days=3)
_OFFSET: Final = r"(?:utc|gmt)?([+-])(\d{1,2})(?::?([0-5]\d))?"
#: What is a zone on this machine alone, or counts leap seconds.
_OF_THIS_MACHINE: Final = r"localtime|posixrules|factory|(?:posix|right)/.*"
_CITIES: Final = dict.fromkeys(
    ("beijing", "china", "北京", "北京时间", "上海", "中国"), "Asia/Shanghai"
)


class Zone:
    """A time zone.

    Args:
        name: an IANA name (``Asia/Shanghai``), an offset from UTC (``+08:00``), or nothing for
            that of this machine. One that is not known here counts as UTC.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _zone(self) -> tzinfo | None:
        return _tzinfo(self.name) or UTC if self.name else None

    @property
    def is_known(self) -> bool:
        """Whether this machine knows its rules."""
        return not self.name or _tzinfo(self.name) is not None

    def local(self, at: int) -> datetime:
        """A time (ms) as the clocks show it there."""
        return (_EPOCH + timedelta(milliseconds=min(at, _LAST_MS))).astimezone(self._zone)

    def ms(self, local: datetime) -> int:
        """The time (ms) at which clocks there show one; one with an offset of its own is that."""
        if local.tzinfo is None:
            local = local.replace(tzinfo=self._zone) if self._zone else local.astimezone()
        return (local - _EPOCH) // timedelta(milliseconds=1)

    def begins(self, day: date) -> int:
        """When a day begins there (ms)."""
        return self.ms(datetime(day.year, day.month, day.day))

    def week_of(self, at: int) -> int:
        """The number of the week that a time (ms) falls into."""
        return (self.local(at).date() - _EPOCH.date() + _SINCE_MONDAY).days // 7

    def week_begins(self, week: int) -> int:
        """When the week of a number begins there (ms)."""
        return self.begins(_EPOCH.date() - _SINCE_MONDAY + timedelta(weeks=week))


class _BulkZone(Zone):
    """One that is asked about very many times while its rules stay what they are."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._weeks: dict[int, tuple[int, int]] = {}
        self._begins: dict[date, int] = {}

    def begins(self, day: date) -> int:
        """As the base says it; it remembers each day, of which there are few."""
        found = self._begins.get(day)
        if found is None:
            found = self._begins[day] = super().begins(day)
        return found

    def week_of(self, at: int) -> int:
        """As the base says it; of each seven days it remembers the week and when the next begins.

        They are counted from the Thursday on which time begins, so that wherever one is, a single
        Monday begins among them.
        """
        place = at // WEEK_MS
        if place >= _LAST_WEEK:
            return super().week_of(at)
        found = self._weeks.get(place)
        if found is None:
            week = super().week_of(place * WEEK_MS)
            found = self._weeks[place] = week, self.week_begins(week + 1)
        week, next_begins = found
        return week + (at >= next_begins)


def _tzinfo(name: str) -> tzinfo | None:
    """The rules of a zone; None if this machine knows none of that name."""
    if name == "UTC":
        return UTC
    if found := re.fullmatch(_OFFSET, name.casefold()):
        ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        with suppress(ValueError):
            return timezone(-ahead if found[1] == "-" else ahead)
        return None
    if re.fullmatch(_OF_THIS_MACHINE, name.casefold()):
        return None
    # Of what is no zone it raises a KeyError of its own, or what its file system says.
    with suppress(KeyError, ValueError, OSError):
        rules: tzinfo = _zoneinfo().ZoneInfo(name)
        return rules
    return None


def zone_names() -> list[str]:
    """The names of all time zones that this machine knows and others may know, too."""
    known = sorted(_zoneinfo().available_timezones())
    return [name for name in known if not re.fullmatch(_OF_THIS_MACHINE, name.casefold())]


def _zoneinfo() -> ModuleType:
    # Loaded late, since most of what is read names no day.
    return import_module("zoneinfo")


_process = Zone("")
_asked: Callable[[], str] | None = None
_inside: Final = ContextVar[Zone | None]("zone", default=None)


def zone() -> Zone:
    """The time zone of the board at hand; that of this machine until there is one."""
    inside = _inside.get()
    if inside is None and _asked is not None:
        use_zone(_asked())
    return inside or _process


def ask_zone(asked: Callable[[], str]) -> None:
    """Let this process show days of a board that is not open yet.

    Args:
        asked: gives the name of its zone, if that is needed before the board is opened; nothing
            if there is no board yet.
    """
    global _asked
    _asked = asked


def use_zone(name: str) -> None:
    """From now on this process shows a board of that time zone."""
    global _process, _asked
    _asked = None
    if name != _process.name:
        _process = Zone(name)


@contextmanager
def in_zone(name: str) -> Iterator[None]:
    """What is computed inside is of a board of that time zone."""
    token = _inside.set(_BulkZone(name))
    try:
        yield
    finally:
        _inside.reset(token)


def zone_name(text: str, field: str = "") -> str:
    """The name of a time zone as the record keeps it.

    Args:
        text: an IANA name in any case, ``+8``, ``UTC+08:00``, ``北京``.
        field: named by the refusal.

    Raises:
        Refused: if there is no such zone.
    """
    written = unicodedata.normalize("NFKC", text).strip()
    key = written.casefold().replace(" ", "_")
    if found := re.fullmatch(_OFFSET, key):
        name = f"{found[1]}{int(found[2]):02}:{found[3] or '00'}"
        if _tzinfo(name) is not None:
            return "UTC" if name[1:] == "00:00" else name
    elif key in {"utc", "z", "gmt"}:
        return "UTC"
    elif key in _CITIES:
        return _CITIES[key]
    elif key:
        known = {name.casefold(): name for name in zone_names()}
        if name := known.get(key, "") or next(
            (known[one] for one in sorted(known) if one.rpartition("/")[2] == key), ""
        ):
            return name
        if _tzinfo(written) is not None:
            return written
    raise Refused(
        N_("“{value}” is not a time zone."),
        N_("Write it as Asia/Shanghai, Europe/Berlin, UTC or +08:00."),
        field=field,
        value=text,
    )


def machine_zone() -> str:
    """The name of this machine's time zone; its present offset where nothing says the name."""
    named = os.environ.get("TZ")
    places = [_linked_zone(), _written_zone()] if named is None else [named.removeprefix(":")]
    for place in places:
        name = place.rpartition("zoneinfo/")[2]
        if name in {"UTC", "Etc/UTC", "Etc/UCT", "Etc/GMT"}:
            return "UTC"
        if "/" in name and _tzinfo(name) is not None:
            return name
    offset = datetime.now().astimezone().utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _linked_zone() -> str:
    with suppress(OSError):
        return str(Path("/etc/localtime").resolve())
    return ""


def _written_zone() -> str:
    with suppress(OSError, UnicodeDecodeError):
        return Path("/etc/timezone").read_text("utf-8").strip()
    return ""


def day_of(at: int) -> str:
    """The day of a time (ms) in the board's time zone, ISO 8601."""
    return zone().local(at).date().isoformat()


def week_of(at: int) -> int:
    """The number of the week that a time (ms) falls into in the board's time zone."""
    return zone().week_of(at)
