"""Operating systems and hosts by the names that people and programs give them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from storage.model.vocabulary import Platform

#: Around a name that stands for itself, and is no part of another or of a path.
_FROM: Final = r"(?<![a-z._-])(?<![a-z]/)"
_TO: Final = r"(?![a-z_]|[/.][a-z])"
#: Names of systems, as a pattern with a group for each.
SYSTEM: Final = (
    rf"(?P<android>安卓|{_FROM}android{_TO})"
    rf"|(?P<ios>{_FROM}(?:ios|ipados|iphone os){_TO}|苹果)"
    rf"|(?P<harmony>鸿蒙|{_FROM}(?:(?:open)?harmony ?(?:os)?(?: ?next)?|ohos){_TO})"
    rf"|(?P<windows>{_FROM}(?:windows(?: nt)?{_TO}|win(?=\d)))"
    rf"|(?P<macos>{_FROM}mac(?: ?os(?: x)?)?{_TO})"
    rf"|(?P<devtools>开发者工具|开发工具|模拟器|{_FROM}(?:devtools?|simulator){_TO})"
)
_SYSTEM: Final = re.compile(
    rf"(?:{SYSTEM})(?:系统|手机|版本|[\s:=v_/-]){{0,4}}(?P<number>\d{{1,9}}(?:[._]\d{{1,9}}){{0,4}})?",
    re.IGNORECASE,
)


class OperatingSystem(NamedTuple):
    """A system and its version; either may be empty."""

    platform: Platform | str = ""
    version: str = ""


def system(text: str) -> OperatingSystem:
    """The first system that ``text`` names: ``Android 13``, ``iOS 17.1.2``, ``iPhone OS 17_1``."""
    found = _SYSTEM.search(text)
    if found is None:
        return OperatingSystem()
    return OperatingSystem(platform_of(found), (found["number"] or "").replace("_", "."))


def platform_of(found: re.Match[str]) -> Platform:
    """Which platform a match of ``SYSTEM`` names."""
    return next(platform for platform in Platform if found[platform.value])


# Versions as people and programs write them


_VERSION: Final = re.compile(r"[vV]?(\d{1,9}(?:\.\d{1,9}){0,5})")


#: Where WeChat's versions begin to be unlike WeCom's; it left 5 behind in 2014.
_WECHATS: Final = 6


def version(text: str) -> str:
    """The version that ``text`` begins with or holds, without its ``v``; empty if there is none."""
    found = _VERSION.search(text)
    return found[1] if found else ""


def major(text: str) -> int:
    """The first number of a version."""
    return int(text.partition(".")[0] or 0)


def may_be_wecoms(text: str) -> bool:
    """Whether a version said to be WeChat's is rather the one of the WeCom around it.

    The community's template asks for 微信版本 and nothing else, so people put WeCom's there.
    """
    return major(text) < _WECHATS
