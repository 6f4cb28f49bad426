"""The names of attached files: labels that a person reads, and never paths.

Whoever wrote a label may have meant a path, an option, a device or an escape sequence by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePath
from typing import Final

from storage.text.sanitize import cleaned

#: What a file is called whose name has nothing in it that could be kept.
NAMELESS: Final = "file"

_LONGEST_LABEL: Final = 200
_LONGEST_NAME: Final = 100
#: File systems count bytes, and a number may have to be added.
_LONGEST_NAME_BYTES: Final = 200
_LONGEST_ENDING: Final = 16
_SEPARATORS: Final = re.compile(r"[/\\]")
#: What Windows or a shell takes for something else.
_MEANT_OTHERWISE: Final = re.compile(r'[<>:"|?*$`\\/]')
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(?:\.|$)", re.I)


def label_of(name: str) -> str:
    """The label of a file by its name: without its folders and without hostile signs."""
    base = _SEPARATORS.split(name.rstrip("/\\"))[-1]
    return _cut(cleaned(unicodedata.normalize("NFC", base)).strip(), _LONGEST_LABEL) or NAMELESS


def file_name(label: str) -> str:
    """A name under which a file with that label can be kept on any system."""
    name = _MEANT_OTHERWISE.sub("_", label_of(label)).lstrip(".-~ ")
    name = _cut(name, _LONGEST_NAME, _LONGEST_NAME_BYTES).rstrip(". ") or NAMELESS
    return f"_{name}" if _DEVICE.match(name) else name


def file_names(labels: Iterable[str]) -> list[str]:
    """Such names for several files, no two the same on any system."""
    taken: set[str] = set()
    names = []
    for label in labels:
        whole = PurePath(file_name(label))
        name, number = whole.name, 1
        while name.casefold() in taken:
            number += 1
            name = f"{whole.stem}-{number}{whole.suffix}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _cut(name: str, longest: int, most_bytes: int = 4 * _LONGEST_LABEL) -> str:
    """As much of a name as may be kept; its ending stays, for it says what the file is."""
    ending = PurePath(name).suffix
    if len(ending) > _LONGEST_ENDING:
        ending = ""
    stem = name.removesuffix(ending)[: longest - len(ending)]
    room = most_bytes - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore") + ending
