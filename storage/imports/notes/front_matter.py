"""The head of a note: title, date and tags, as blogs write them above the text.

Hexo takes front matter without its opening ``---`` too
(https://hexo.io/docs/front-matter).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

_DASHES: Final = "---"
#: No blog writes more above a text; a longer head is text.
_LONGEST: Final = 16_000
#: Without its opening line, a head is told from a heading underlined with dashes by these.
_USUAL: Final = re.compile(
    r"(?:title|date|updated|tags|categories|layout|permalink|author|draft|slug|description)\s*:",
)
_DAY: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")


class FrontMatter(BaseModel):
    """What of a note's head is of use here; whatever else it says is left out.

    ``day`` is ISO 8601; a value of a sort that it can't be counts as not said.
    """

    model_config = ConfigDict(frozen=True)

    title: str = ""
    day: str = ""
    tags: tuple[str, ...] = ()

    @field_validator("title", mode="before")
    @classmethod
    def _only_text(cls, value: object) -> str:
        return value if isinstance(value, str) else ""

    @field_validator("day", mode="before")
    @classmethod
    def _only_days(cls, value: object) -> str:
        return day_in(value) if isinstance(value, str) else ""

    @field_validator("tags", mode="before")
    @classmethod
    def _only_words(cls, value: object) -> tuple[str, ...]:
        if isinstance(value, str):
            return tuple(word for word in re.split(r"[,，、;；]", value) if word.strip())
        listed = value if isinstance(value, list) else []
        return tuple(one for one in listed if isinstance(one, str))


def day_in(text: str) -> str:
    """The first day that ``text`` names, as ISO 8601; empty if it names none."""
    found = _DAY.search(text)
    if found is None:
        return ""
    try:
        return date(*map(int, found.groups())).isoformat()
    except ValueError:
        return ""


def lacks_its_opening(lines: list[str]) -> bool:
    """Whether ``lines`` begin with front matter, and without the dashes above it."""
    first = next((line for line in lines[:5] if line.strip()), "")
    if not _USUAL.match(first.lower()):
        return False
    size = 0
    for line in lines:
        if line.rstrip() == _DASHES:
            return True
        size += len(line)
        if size > _LONGEST or line.startswith("#") or re.match(r"\s*```", line):
            return False
    return False


def read_front_matter(head: str) -> FrontMatter:
    """What the lines between the dashes say; nothing, if they can't be read.

    The loader makes no values but text, lists and mappings, so that no date,
    number or reference can do harm by being made.
    """
    if len(head) > _LONGEST:
        return FrontMatter()
    try:
        said: Any = yaml.load(head, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return FrontMatter()
    if not isinstance(said, dict):
        return FrontMatter()
    named = {str(name).lower(): value for name, value in said.items() if isinstance(name, str)}
    try:
        return FrontMatter(
            title=named.get("title"),
            day=named.get("date") or named.get("updated"),
            tags=named.get("tags") or named.get("tag"),
        )
    except (ValidationError, RecursionError):
        return FrontMatter()
