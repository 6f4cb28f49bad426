"""Versions as people and programs write them."""

from __future__ import annotations

import re
from typing import Final

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
