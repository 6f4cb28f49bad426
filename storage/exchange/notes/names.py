"""The names of the platform's interfaces, as developers write them in passing."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

#: The objects that vendors of mini-programs hang their interfaces on.
_ROOTS: Final = "wx|qy|ww|my|dd|tt|swan|uni"
#: ``wx.qy.login``, ``qy.login`` and ``qy__login``; no part of an address, a file or a longer word.
_NAME: Final = re.compile(
    rf"(?<![\w./@-])(?:{_ROOTS})(?:(?:\.|__)[A-Za-z]\w*?)+(?!\w|\.(?:com|cn|net|org)\b)", re.A
)
_FILE: Final = re.compile(r"\.(?:com|cn|net|org|io|js|ts|css|wxss|wxml|json|html?|png|jpe?g)$")


def names_in(text: str) -> list[str]:
    """The interfaces that ``text`` names, in its order, each as often as it is named.

    However it is spelled, ``qy.login`` is given as ``wx.qy.login``.
    """
    found = (match.group().replace("__", ".") for match in _NAME.finditer(text))
    return [_in_full(name) for name in found if not _FILE.search(name)]


def component_of(heading: str, text: str) -> str:
    """The interface that a section is about: the one it names most, in its heading above all."""
    counts = Counter(names_in(heading) * 3)
    counts.update(names_in(text))
    return max(counts, key=lambda name: counts[name], default="")


def last_part(name: str) -> str:
    """What is left of a name when people leave out where it hangs: ``shareAppMessage``."""
    return name.rpartition(".")[2]


def _in_full(name: str) -> str:
    return f"wx.{name}" if name.startswith("qy.") else name
