"""The facts of a bug report: parts of the notes, tested environments, error texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from storage.model.environment import Environment, public, version_key
from storage.model.records import Occurrence
from storage.model.vocabulary import Host, Outcome, Platform


class NotesPart(StrEnum):
    """A part of reproduction notes."""

    STEPS = "steps"
    EXPECTED = "expected"
    ACTUAL = "actual"
    REST = "rest"


_PART_HEADINGS: Final = {
    NotesPart.STEPS: r"(?:[复重]现|操作)?步骤|[复重]现(?:路径|方[式法])|(?:re-?production )?steps"
    r"(?: to reproduce)?|(?:how to )?reproduc(?:e|tion)|to reproduce",
    NotesPart.EXPECTED: r"预期(?:表现|结果|效果|行为)?|期望(?:的?(?:表现|结果|效果|行为))?"
    r"|expected(?: (?:results?|behaviou?rs?))?",
    NotesPart.ACTUAL: r"实际(?:表现|结果|效果|行为)?|(?:问题|bug ?)?(?:的?表现|现象)"
    r"|actual(?: (?:results?|behaviou?rs?))?|what happens|observed(?: results?)?|behaviou?r",
}

_ALL_HEADINGS: Final = "|".join(f"(?P<{part}>{words})" for part, words in _PART_HEADINGS.items())

#: ``## Steps``, ``**Steps**``, or ``Steps:`` with what follows in the same line.
_HEADING: Final = re.compile(
    rf"\s*(?:#{{1,6}}\s+(?:{_ALL_HEADINGS})\s*[:：]?\s*#*"
    rf"|\*\*(?:{_ALL_HEADINGS.replace('?P<', '?P<bold_')})\s*[:：]?\*\*[:：]?\s*(?P<after_bold>.*)"
    rf"|(?:{_ALL_HEADINGS.replace('?P<', '?P<plain_')})\s*[:：]\s*(?P<after_plain>.*))",
    re.IGNORECASE,
)

_OTHER_HEADING: Final = re.compile(r"\s*#{1,6}\s+\S")

_FENCE: Final = re.compile(r"\s*(```|~~~)")


def notes_parts(notes: str) -> dict[NotesPart, str]:
    """The parts of notes in Markdown, each without its heading.

    A heading is recognised by its words (``## Expected``, ``**预期**``, ``实际：…``), in English
    or Chinese; text under no such heading is the rest.
    """
    held: dict[NotesPart, list[str]] = {}
    now = NotesPart.REST
    fence = ""
    for line in notes.split("\n"):
        mark = _FENCE.match(line)
        heading = None if fence or mark else _HEADING.fullmatch(line)
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]
        if heading is not None:
            now, after = _heading_part(heading)
            held.setdefault(now, []).extend([after] if after else [])
            continue
        if not fence and not mark and now is not NotesPart.REST and _OTHER_HEADING.match(line):
            now = NotesPart.REST
        held.setdefault(now, []).append(line)
    texts = {part: "\n".join(lines).strip("\n") for part, lines in held.items()}
    return {part: text for part, text in texts.items() if text.strip()}


def _heading_part(heading: re.Match[str]) -> tuple[NotesPart, str]:
    """Which part a heading begins, and what follows in the same line."""
    groups = heading.groupdict()
    for prefix in ("", "bold_", "plain_"):
        for part in _PART_HEADINGS:
            if groups[f"{prefix}{part}"] is not None:
                return part, (groups.get(f"after_{prefix.rstrip('_')}") or "").strip()
    raise AssertionError("a heading names one of the parts")


# The fields of the vendor's form, gathered from the occurrences of a pitfall

#: So many versions and devices are named.
_MOST_VALUES: Final = 5

#: So many error texts are quoted; more of them repeat the same in other words.
_MOST_MESSAGES: Final = 3


@dataclass(frozen=True, slots=True)
class TestedEnvironment:
    """The outcomes of the occurrences in one environment; times in ms."""

    environment: Environment
    reproduced: int = 0
    reproduced_at: int = 0
    not_reproduced: int = 0
    not_reproduced_at: int = 0

    @property
    def last_at(self) -> int:
        """The newest time."""
        return max(self.reproduced_at, self.not_reproduced_at)


def tested_environments(occurrences: Iterable[Occurrence]) -> list[TestedEnvironment]:
    """Each environment with its outcomes, the newest first; what is private is left out."""
    found: dict[Environment, TestedEnvironment] = {}
    for one in occurrences:
        where = public(one.environment)
        held = found.get(where, TestedEnvironment(where))
        if one.outcome is Outcome.REPRODUCED:
            held = replace(
                held,
                reproduced=held.reproduced + one.count,
                reproduced_at=max(held.reproduced_at, one.seen_at),
            )
        else:
            held = replace(
                held,
                not_reproduced=held.not_reproduced + one.count,
                not_reproduced_at=max(held.not_reproduced_at, one.seen_at),
            )
        found[where] = held
    return sorted(found.values(), key=lambda one: (-one.last_at, _sort_key(one.environment)))


def _sort_key(environment: Environment) -> list[str]:
    return [str(value or "") for value in environment]


@dataclass(frozen=True, slots=True)
class FormFields:
    """The form's fields, from where it was reproduced, or else from all environments."""

    platforms: list[Platform]
    clients: list[tuple[Host | None, str]]
    libraries: list[str]
    devices: list[str]


def form_fields(environments: Sequence[TestedEnvironment]) -> FormFields:
    """The form's fields: platforms the newest first, versions from the highest down."""
    chosen = [one.environment for one in environments if one.reproduced]
    chosen = chosen or [one.environment for one in environments]
    clients = dict.fromkeys((one.host, one.client_version) for one in chosen)
    named = [(host, version) for host, version in clients if version]
    libraries = dict.fromkeys(one.base_library for one in chosen if one.base_library)
    devices = dict.fromkeys(one.device for one in chosen if one.device)
    return FormFields(
        platforms=list(dict.fromkeys(one.platform for one in chosen if one.platform)),
        clients=sorted(named, key=lambda one: version_key(one[1]) or "", reverse=True)[
            :_MOST_VALUES
        ],
        libraries=sorted(libraries, key=lambda one: version_key(one) or "", reverse=True)[
            :_MOST_VALUES
        ],
        devices=list(devices)[:_MOST_VALUES],
    )


def error_texts(occurrences: Iterable[Occurrence]) -> list[str]:
    """The error texts that were seen, the newest first."""
    found = dict.fromkeys(one.message.strip("\n") for one in occurrences if one.message.strip())
    return list(found)[:_MOST_MESSAGES]
