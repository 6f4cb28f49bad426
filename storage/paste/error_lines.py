"""Which lines of a text are error text, and which only surround it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

_ERROR: Final = re.compile(
    r"err(?:msg|code|no)|error|fail|exception|uncaught|traceback|fatal|panic|crash|abort|rejected"
    r"|denied|deny|refused|time[d ]*out|cannot |can't |could not|unable to|no permission"
    r"|not (?:defined|found|supported?|allowed|iterable|an? (?:object|function))"
    r"|层错误|\bERR!|undefined|invalid|unexpected|invoke result|(?-i:\bE[A-Z]{4,12}\b)",
    re.IGNORECASE,
)
#: What a call says when all is well.
_WELL: Final = re.compile(
    r"err(?:or)?_?msg[\"']?\s{0,3}:\s{0,3}[\"']?[\w.]{0,60}:?ok\b"
    r"|err_?(?:or)?(?:code|no)[\"']?\s{0,3}:\s{0,3}[\"']?0\b|\b(?:no|0) errors?\b",
    re.IGNORECASE,
)
#: Short Chinese that a program says, as against a person.
_SAYS: Final = re.compile(r"失败|错误|异常|报错|超时|无权限|没有权限|不存在|不支持|被拒绝")
_PERSON: Final = re.compile(
    r"我|你|他|大家|请问|求助|怎么|为什么|为啥|什么|吗|呢|了,|解决|[?]|时候?[,会]|的时候"
)
_LONGEST_SAYING: Final = 40
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_FRAME: Final = re.compile(
    r"^\s*(?:at\s+\S|\S{0,80}@\s?\S{0,200}:\d|\S{1,60} @ \S|\(anonymous\)|forEach@|global code@"
    r"|[\w<>.$ \[\]]{0,80}\(?\S{0,200}\.js\S{0,200}:\d+)"
)
_NOISE: Final = re.compile(
    r"\s*(?:\[system\]|\[Deprecation\]|\[自动热重载\]|\[基础库\]"
    r"|wx\.getSystemInfo(?:Sync)? is deprecated|Lazy code loading is enabled"
    r"|\[worker\] reportRealtimeAction:fail not support)"
)
_CODE: Final = re.compile(r"[{}<>=$]|;\s*$|\w\(|//|^\s*\S+$")
_LOOKED_AT: Final = 4_000


def is_error(text: str) -> bool:
    """Whether a line is error text, as programs write it."""
    text = text[:_LOOKED_AT]
    if len(_CHINESE.findall(text)) > len(text) // 3:
        return is_saying(text)
    return bool(_ERROR.search(_WELL.sub("", text)))


def is_saying(text: str) -> bool:
    """Whether a line of Chinese is what a program says: 打开失败 内部错误."""
    text = text.strip()
    return len(text) <= _LONGEST_SAYING and bool(_SAYS.search(text)) and not _PERSON.search(text)


def is_frame(text: str) -> bool:
    """Whether a line is a frame of a stack."""
    return bool(_FRAME.match(text[:_LOOKED_AT]))


def is_noise(text: str) -> bool:
    """Whether a line is what a console always says."""
    return bool(_NOISE.match(text))


def is_prose(text: str) -> bool:
    """Whether a person may have written a line: it is Chinese, or neither error text nor code."""
    return is_chinese(text) or not (is_error(text) or _CODE.search(text[:_LOOKED_AT]))


def is_chinese(text: str) -> bool:
    """Whether a person may have written a line in Chinese."""
    return bool(_CHINESE.search(text[:_LOOKED_AT]))


# When it happened, where a text says so


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
