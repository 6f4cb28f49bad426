"""The files of the built-in catalogue, whose texts are said in English and Chinese."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from storage.events.catalogue import ENDING, Entry, Misprint, read_entry

_LANGUAGES: Final = {"en", "zh"}


def read(name: str, text: str) -> Entry:
    """The entry that the file called ``name`` holds.

    Raises:
        Misprint: naming the file, the place and what is wrong there.
    """
    entry = read_entry(name, text)
    for part, value in entry.texts():
        in_both = isinstance(value, dict) and value.keys() == _LANGUAGES and all(value.values())
        if value and not in_both:
            raise Misprint(name, "{part} is to be said in both languages, as en and zh", part=part)
    return entry


def entries() -> list[Entry]:
    """The catalogue's entries in the order of their numbers."""
    found = [
        file
        for file in files(__package__).joinpath("wecom").iterdir()
        if file.name.endswith(ENDING)
    ]
    found.sort(key=lambda file: file.name)
    return [read(file.name, file.read_text(encoding="utf-8")) for file in found]
