"""Values as they were read, how far each is to be trusted, and which of them agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Final, NamedTuple

from storage.text.search_text import folded

#: The fields of an environment, in the order in which they are told.
FIELDS: Final = (
    "platform",
    "channel",
    "host",
    "client_version",
    "base_library",
    "os_version",
    "device",
    "permission",
    "devtools_version",
    "company",
)


class Exactness(IntEnum):
    """How far a value is to be trusted, by where it stood."""

    #: Said of what stands beside: WeCom carries a WeChat and names that one's version as well.
    BESIDE = 0
    PROSE = 1
    LABEL = 2
    #: Written by a program into a log: a user agent, the mark that devtools puts behind a line.
    PROGRAM = 3
    #: Printed by the device itself: ``wx.getSystemInfo`` and its kin.
    DEVICE = 4


class Reading(NamedTuple):
    """A value of a field, and where it was read: the line (from 1) and its words."""

    field: str
    value: str
    line: int
    words: str
    exactness: Exactness


def by_field(readings: Iterable[Reading]) -> dict[str, list[Reading]]:
    """The readings of each field, the most trustworthy first, else in the order of the text."""
    sorted_in: dict[str, list[Reading]] = {}
    for reading in readings:
        sorted_in.setdefault(reading.field, []).append(reading)
    for held in sorted_in.values():
        held.sort(key=lambda reading: (-reading.exactness, reading.line))
    return sorted_in


def different(readings: Iterable[Reading]) -> list[Reading]:
    """One reading of each value; values that say the same, more or less exactly, are one."""
    kept: list[Reading] = []
    for reading in readings:
        agree = _AGREEMENT.get(reading.field, _same)
        if not any(agree(reading.value, other.value) for other in kept):
            kept.append(reading)
        if len(kept) == _MOST_VALUES:
            break
    return kept


#: Nobody chooses among more; a log of a whole fleet is no bug report.
_MOST_VALUES: Final = 6


def _same(one: str, other: str) -> bool:
    return folded(one) == folded(other)


def _versions_agree(one: str, other: str) -> bool:
    """``4.1`` and ``4.1.8`` may be the same; ``4.1.8`` and ``4.1.9`` are not."""
    shorter, longer = sorted((_numbers(one), _numbers(other)), key=len)
    return longer[: len(shorter)] == shorter


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d{1,9}", version.partition("(")[0])]


_APPLE: Final = ("iphone", "ipad", "apple", "苹果")
_MAKERS: Final = (
    _APPLE,
    ("huawei", "华为"),
    ("honor", "荣耀"),
    ("xiaomi", "小米", "redmi", "红米"),
    ("oppo",),
    ("vivo", "iqoo"),
    ("samsung", "三星", "galaxy"),
    ("oneplus", "一加"),
    ("pixel", "google"),
)


def _maker(device: str) -> tuple[str, ...]:
    found = (names for names in _MAKERS if any(name in device for name in names))
    return next(found, ())


def _devices_agree(one: str, other: str) -> bool:
    """A phone's number (``M2012K11AC``) and its name (``红米 K40``) may be the same phone.

    Apple's names are the only ones that both a device and its owner use.
    """
    one, other = ("".join(folded(name).split()) for name in (one, other))
    if one in other or other in one:
        return True
    makers = {_maker(one), _maker(other)}
    return () in makers or (len(makers) == 1 and _APPLE not in makers)


_AGREEMENT: Final[dict[str, Callable[[str, str], bool]]] = {
    "client_version": _versions_agree,
    "base_library": _versions_agree,
    "os_version": _versions_agree,
    "devtools_version": _versions_agree,
    "device": _devices_agree,
}
