"""Reproduction notes taken apart: steps, what was expected, what happens in their place."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Part(StrEnum):
    """What a section of the notes tells."""

    STEPS = "steps"
    EXPECTED = "expected"
    ACTUAL = "actual"
    REST = "rest"


_CALLED: Final = {
    Part.STEPS: r"(?:[复重]现|操作)?步骤|[复重]现(?:路径|方[式法])|(?:re-?production )?steps"
    r"(?: to reproduce)?|(?:how to )?reproduc(?:e|tion)|to reproduce",
    Part.EXPECTED: r"预期(?:表现|结果|效果|行为)?|期望(?:的?(?:表现|结果|效果|行为))?"
    r"|expected(?: (?:results?|behaviou?rs?))?",
    Part.ACTUAL: r"实际(?:表现|结果|效果|行为)?|(?:问题|bug ?)?(?:的?表现|现象)"
    r"|actual(?: (?:results?|behaviou?rs?))?|what happens|observed(?: results?)?|behaviou?r",
}
_NAMES: Final = "|".join(f"(?P<{part}>{called})" for part, called in _CALLED.items())
#: ``## Steps``, ``**Steps**``, or ``Steps:`` with what follows in the same line.
_HEADING: Final = re.compile(
    rf"\s*(?:#{{1,6}}\s+(?:{_NAMES})\s*[:：]?\s*#*"
    rf"|\*\*(?:{_NAMES.replace('?P<', '?P<bold_')})\s*[:：]?\*\*[:：]?\s*(?P<after_bold>.*)"
    rf"|(?:{_NAMES.replace('?P<', '?P<plain_')})\s*[:：]\s*(?P<after_plain>.*))",
    re.IGNORECASE,
)
_OTHER_HEADING: Final = re.compile(r"\s*#{1,6}\s+\S")
_FENCE: Final = re.compile(r"\s*(```|~~~)")


def parts(notes: str) -> dict[Part, str]:
    """The parts that notes in Markdown are made of, each without its heading.

    A heading is one by its words (``## Expected``, ``**预期**``, ``实际：…``), in English or
    Chinese; what belongs to none of them is the rest.
    """
    held: dict[Part, list[str]] = {}
    now = Part.REST
    fence = ""
    for line in notes.split("\n"):
        mark = _FENCE.match(line)
        heading = None if fence or mark else _HEADING.fullmatch(line)
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]
        if heading is not None:
            now, after = _meant(heading)
            held.setdefault(now, []).extend([after] if after else [])
            continue
        if not fence and not mark and now is not Part.REST and _OTHER_HEADING.match(line):
            now = Part.REST
        held.setdefault(now, []).append(line)
    said = {part: "\n".join(lines).strip("\n") for part, lines in held.items()}
    return {part: text for part, text in said.items() if text.strip()}


def _meant(heading: re.Match[str]) -> tuple[Part, str]:
    """Which part a heading begins, and what follows in the same line."""
    groups = heading.groupdict()
    for prefix in ("", "bold_", "plain_"):
        for part in _CALLED:
            if groups[f"{prefix}{part}"] is not None:
                return part, (groups.get(f"after_{prefix.rstrip('_')}") or "").strip()
    raise AssertionError("a heading names one of the parts")
