"""When it happened, where a text says so."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

#: A build's date stands behind its version and says nothing of the sighting.
_BUILT: Final = re.compile(r"WeChatLib|\bbuil[dt]\b", re.IGNORECASE)
_CLOCK: Final = (
    r"(?P<half>上午|下午|晚上)?\s?(?P<hour>\d{1,2})[:点时](?P<minute>\d{2})(?:[:分](?P<second>\d{2}))?"
    r"(?:[.,]\d{1,9})?\s?(?P<zone>Z|(?:GMT|UTC)?[+-]\d{2}:?\d{2})?"
)
_ISO: Final = re.compile(
    r"(?<![\d.])(?P<year>20\d{2})[-/年.](?P<month>\d{1,2})[-/月.](?P<day>\d{1,2})(?![\d.])日?"
    rf"(?:[\sT,]{{0,3}}{_CLOCK})?"
)
_SCRIPT: Final = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?P<name>[A-Z][a-z]{2}) (?P<day>\d{2}) (?P<year>20\d{2})"
    rf" {_CLOCK}"
)
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"


def moment(text: str, *, whole_day: bool = False) -> int | None:
    """The first time that ``text`` names, in ms; without a zone it is the reader's own.

    Args:
        text: a line, with half-width signs.
        whole_day: whether a day without a time of day counts, as its beginning.
    """
    if _BUILT.search(text):
        return None
    found = _SCRIPT.search(text) or _ISO.search(text)
    if found is None or not (whole_day or found["hour"]):
        return None
    parts = found.groupdict()
    try:
        month = _MONTHS.index(parts["name"]) // 3 + 1 if parts.get("name") else int(parts["month"])
        at = datetime(int(parts["year"]), month, int(parts["day"]))
        at += timedelta(hours=_hour(parts), minutes=int(parts["minute"] or 0))
        at += timedelta(seconds=int(parts["second"] or 0))
        return int(_placed(at, parts["zone"] or "").timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return None


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts["hour"] or 0)
    return hour + 12 if parts["half"] in {"下午", "晚上"} and hour < 12 else hour


def _placed(at: datetime, zone: str) -> datetime:
    if not zone:
        return at.astimezone()
    if zone == "Z":
        return at.replace(tzinfo=UTC)
    sign, digits = zone.lstrip("GMTUC")[0], re.sub(r"\D", "", zone)
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return at.replace(tzinfo=timezone(-offset if sign == "-" else offset))
