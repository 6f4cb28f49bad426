"""The labels of bug templates, and the lines on which they stand."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from storage.paste.template_labels import LABELS, SECTIONS, SYSTEMS
from storage.text.search_text import folded

#: By their first sign, longer ones first: those that may stand before a value with nothing between.
_LEADING: Final[dict[str, list[str]]] = {}
for _label in sorted(LABELS.keys() - set(SYSTEMS), key=len, reverse=True):
    _LEADING.setdefault(_label[0], []).append(_label)
_LONGEST: Final = 80
#: Bullets, quotes, boxes and numbers before a label.
_LEAD: Final = re.compile(r"(?:[\s\-*+•·●>#|]|\[[ x]\] |\(?\d{1,2}[.)、]\s?)*")
_OPENING: Final = "[【「*("
_SEPARATOR: Final = re.compile(r"\s*[:=]\s*|\s*(?:[\])】」]|\*\*)\s*[:=]?\s*")
_HINT: Final = re.compile(r"\([^()]{0,40}\)?")
_AROUND: Final = re.compile(r"[\s\[\](){}【】「」*_#`|:=?]+|号?[是为]?$")
_PARTS: Final = re.compile(
    r"[,;、|\t]|\s{2,}"
    r"|\s(?=(?:系统|操作系统|机型|手机|微信|企业微信|企微|基础库|终端|平台)\S{0,6}[\s:])"
)
_VALUE: Final = re.compile(r"号?[\s\])】:=]{0,4}v?(?=\d|安卓|android|ios)", re.IGNORECASE)


class Labelled(NamedTuple):
    """A label that was found, what it names, and what follows it on its line."""

    names: str
    label: str
    value: str


def labelled(text: str) -> Labelled | None:
    """The label with which a line, or a part of one, begins."""
    lead = _LEAD.match(text)
    body = text[lead.end() :] if lead else text
    head, value = _cut(body)
    if (label := _key(head)) in LABELS:
        return Labelled(LABELS[label], label, _clean(value))
    return None if value else _leading(body)


def _cut(body: str) -> tuple[str, str]:
    """What stands before the separator that ends a label, and after it."""
    inner = body.lstrip(_OPENING)
    # A hint in brackets may hold what looks like a separator: 终端类型(如:Android/iOS).
    plain = _HINT.sub(lambda hint: "\0" * len(hint.group()), inner[:_LONGEST])
    if found := _SEPARATOR.search(plain):
        return inner[: found.start()], inner[found.end() :]
    return (body, "") if len(body) <= _LONGEST else ("", "")


def _key(head: str) -> str:
    """A label as ``LABELS`` spells it."""
    return _AROUND.sub("", folded(_HINT.sub("", head))) if len(head) <= _LONGEST else ""


def _leading(body: str) -> Labelled | None:
    """A label with its value right behind it: 微信版本 7.0.3, 基础库2.30.4."""
    inner = body[:_LONGEST].lstrip(_OPENING)
    start = inner.lower()
    for label in _LEADING.get(start[:1], ()):
        if start.startswith(label) and (found := _VALUE.match(start, len(label))):
            named = LABELS[label]
            value = _clean(body[len(body[:_LONGEST]) - len(inner) + found.end() :])
            return None if named in SECTIONS else Labelled(named, label, value)
    return None


def _clean(value: str) -> str:
    return value.strip(" \t*_`|[]【】")


def parts(text: str) -> list[str]:
    """The parts of a line that may each have a label of their own."""
    return [part for part in _PARTS.split(text) if part.strip()]


def row(text: str) -> list[str] | None:
    """What the labels in a row of them name, if the line holds two or more and nothing else.

    Beside another label the name of a system is its value: 终端类型: Android, 企业微信 安卓.
    """
    cells = cells_of(text)
    keys = [_key(cell) for cell in cells]
    systems = sum(key in SYSTEMS for key in keys)
    if len(keys) < 2 or any(key not in LABELS for key in keys) or 0 < systems < len(keys):
        return None
    return [LABELS[key] for key in keys]


def cells_of(text: str) -> list[str]:
    """The cells of a row: between bars, tabs or wide gaps, else between blanks."""
    text = text[:1_000].strip().strip("|")
    for gap in (r"\s*\|\s*", r"\t+", r"\s{2,}", r"\s+"):
        cells = [cell.strip() for cell in re.split(gap, text) if cell.strip()]
        if len(cells) > 1:
            return cells
    return cells


def is_rule(text: str) -> bool:
    """Whether a line only rules a table."""
    return bool(text.strip()) and not text.strip(" |:-=+")
