"""The names of the platform's interfaces, as developers write them in passing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

#: The objects that vendors of mini-programs hang their interfaces on.
ROOTS: Final = "wx|qy|ww|my|dd|tt|swan|uni|lark|ks|qq|jd"


#: ``wx.qy.login``, ``qy.login`` and ``qy__login``; ``canvasContext.draw`` and others that one is
#: given; no part of an address, a file or a longer word.
_NAME: Final = re.compile(
    rf"(?<![\w./@-])(?:(?:{ROOTS})(?:(?:\.|__)[A-Za-z]\w*?)+"
    r"|(?:[A-Za-z]+(?:Context|Manager|Observer)|(?:Upload|Download|Request|Socket)Task"
    r"|(?:upload|download|request|socket)Task|[Ss]electorQuery)\.[a-z]\w*?)"
    r"(?!\w|\.(?:com|cn|net|org)\b)",
    re.A,
)


_FILE: Final = re.compile(
    r"\.(?:com|cn|net|org|io|js|ts|css|wxss|wxml|json|html?|png|jpe?g|cnf|ini|ya?ml|md|py|sh)$"
)
_CALLED: Final = re.compile(r"(?<![\w.])([a-z]\w*[A-Z]\w*|[a-z]{4,})\s?[:\uff1a]\s?fail\b")


def names_in(text: str) -> list[str]:
    """The interfaces that ``text`` names, in its order, each as often as it is named.

    However it is spelled, ``qy.login`` is given as ``wx.qy.login``.
    """
    found = (match.group().replace("__", ".") for match in _NAME.finditer(text))
    return [in_full(name) for name in found if not _FILE.search(name)]


def in_full(name: str) -> str:
    """A name with the object that its interface hangs on."""
    return f"wx.{name}" if name.startswith("qy.") else name


def component_in(title: str, errors: Iterable[str]) -> str:
    """The API that a title names, else the one that an error text is about."""
    for name in names_in(title):
        return name
    for error in errors:
        for name in names_in(error):
            return name
        if called := _CALLED.search(error):
            return f"wx.{called[1]}"
    return ""
