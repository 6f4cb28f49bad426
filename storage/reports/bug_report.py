"""A bug report as Markdown: the same record gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from storage.model.records import Environment, Occurrence, Pitfall, Statement
from storage.model.urls import is_web_address
from storage.model.vendor_status import said_at
from storage.model.versions import version_key
from storage.model.vocabulary import Host, Outcome, Platform, SignatureForm
from storage.read import Board
from storage.reports.bug_report_words import Say, Wording
from storage.text.sanitize import harmless

#: The newest occurrences say how it is; a report of more is read by nobody.
_READ: Final = 2_000
_ROWS: Final = 20
_LINES_OF_A_MESSAGE: Final = 40

Day = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class BugReport:
    """A report for the vendor's community.

    Args:
        text: the whole of it, in Markdown.
        missing: what the vendor will ask for and the record does not say.
    """

    text: str
    missing: tuple[str, ...]


def bug_report(board: Board, pitfall: str, language: str, day: Day) -> BugReport:
    """The report of a pitfall, with what its duplicates add.

    Args:
        board: reads the record.
        pitfall: its id.
        language: of the report, a locale name such as ``zh_CN``.
        day: writes the day of a time in ms.

    Raises:
        NotFound: if it is not on this board.
    """
    return write_report(board.pitfall(pitfall), board.occurrences(pitfall, _READ), language, day)


def write_report(
    pitfall: Pitfall, occurrences: Sequence[Occurrence], language: str, day: Day
) -> BugReport:
    """The report of a pitfall that was read, with its occurrences, the newest first."""
    report = _Report(pitfall, occurrences, Wording(language), day)
    text = "\n".join(report.lines()) + "\n"
    return BugReport(text, tuple(report.missing))


class _Report:
    """Writes one report, and notes what is missing as it comes to it."""

    def __init__(
        self, pitfall: Pitfall, occurrences: Sequence[Occurrence], say: Wording, day: Day
    ) -> None:
        self._pitfall = pitfall
        self._occurrences = occurrences
        self._say = say
        self._day = day
        self._tried = tried(occurrences)
        self._parts = parts(self._read(pitfall.reproduction.read(say.language)))
        self.missing: list[str] = []

    def lines(self) -> Iterator[str]:
        """The lines of the report."""
        yield f"# {self._title}"
        yield ""
        for what, value in self._fields():
            said = value or self._lacks(what)
            yield f"- **{self._say(what)}**{self._say(Say.COLON)}{said}"
        for heading, lines in (
            (Say.BEHAVIOUR, self._behaviour()),
            (Say.EXPECTED, self._part(Say.EXPECTED, Part.EXPECTED)),
            (Say.STEPS, self._steps()),
            (Say.ENVIRONMENTS, self._environments()),
            (Say.ERRORS, self._errors()),
            (Say.LINKS, self._links()),
        ):
            if lines:
                yield from ("", f"## {self._say(heading)}", "", *lines)

    @property
    def _title(self) -> str:
        return _one_line(self._pitfall.title.read(self._say.language))

    def _lacks(self, what: Say) -> str:
        self.missing.append(self._say(what))
        return self._say(Say.TO_FILL_IN)

    def _fields(self) -> Iterator[tuple[Say, str]]:
        found, say = fields(self._tried), self._say
        clients = [
            " ".join(part for part in (host and say.word(host), _one_line(version)) if part)
            for host, version in found.clients
        ]
        yield Say.FRAMEWORK, say(Say.MINI_PROGRAM)
        yield Say.PROBLEM, say.word(self._pitfall.kind)
        yield Say.API, _one_line(self._pitfall.component.read(say.language))
        yield Say.PLATFORM, say(Say.COMMA).join(map(say.word, found.platforms))
        yield Say.CLIENT, say(Say.COMMA).join(clients)
        yield Say.LIBRARY, say(Say.COMMA).join(map(_one_line, found.libraries))
        yield Say.DEVICE, say(Say.COMMA).join(map(_one_line, found.devices))

    # What is told

    def _behaviour(self) -> list[str]:
        """What happens; its title says it where the notes do not, and so do notes without parts."""
        told = self._parts.get(Part.ACTUAL) or (
            self._parts.get(Part.REST) if self._has_steps else ""
        )
        return told.split("\n") if told else [self._title]

    @property
    def _has_steps(self) -> bool:
        return Part.STEPS in self._parts

    def _part(self, what: Say, part: Part) -> list[str]:
        told = self._parts.get(part)
        return told.split("\n") if told else [self._lacks(what)]

    def _steps(self) -> list[str]:
        if self._has_steps:
            return self._part(Say.STEPS, Part.STEPS)
        # Notes that are not told in parts are steps, as far as anybody knows.
        return self._part(Say.STEPS, Part.REST)

    # Where

    def _environments(self) -> list[str]:
        if not self._tried:
            return [self._lacks(Say.ENVIRONMENTS)]
        say, shown = self._say, self._tried[:_ROWS]
        columns = [
            (say(Say.CLIENT), [self._client(one) for one in shown]),
            (say(Say.LIBRARY), [one.environment.base_library or "" for one in shown]),
            (say(Say.SYSTEM), [self._system(one) for one in shown]),
            (say(Say.DEVICE), [one.environment.device or "" for one in shown]),
            (say(Say.CHANNEL), [self._channel(one) for one in shown]),
            (say(Say.PERMISSION), [one.environment.permission or "" for one in shown]),
            (say(Say.TOOLS), [one.environment.devtools_version or "" for one in shown]),
            (
                say(Say.REPRODUCED),
                [self._counted(one.reproduced, one.reproduced_at) for one in shown],
            ),
            (
                say(Say.NOT_REPRODUCED),
                [self._counted(one.not_reproduced, one.not_reproduced_at) for one in shown],
            ),
        ]
        told = [(name, cells) for name, cells in columns if any(cells)]
        rows = zip(*(cells for _name, cells in told), strict=True)
        lines = [
            _row(name for name, _cells in told),
            _row("---" for _column in told),
            *(_row(cell or "–" for cell in row) for row in rows),
        ]
        if more := len(self._tried) - len(shown):
            lines += ["", say(Say.MORE, n=more)]
        return lines

    def _client(self, one: Tried) -> str:
        where = one.environment
        host = self._say.word(where.host) if where.host else ""
        return f"{host} {where.client_version or ''}".strip()

    def _system(self, one: Tried) -> str:
        where = one.environment
        platform = self._say.word(where.platform) if where.platform else ""
        return f"{platform} {where.os_version or ''}".strip()

    def _channel(self, one: Tried) -> str:
        channel = one.environment.channel
        return self._say.word(channel) if channel else ""

    def _counted(self, count: int, at: int) -> str:
        return self._say(Say.COUNTED, n=count, day=self._day(at)) if count else ""

    # Beside that

    def _errors(self) -> list[str]:
        texts = messages(self._occurrences) or [
            one.text for one in self._pitfall.signatures if one.form is SignatureForm.LITERAL
        ]
        return [line for text in texts for line in (*_fenced(self._read(text)), "")][:-1]

    def _links(self) -> list[str]:
        lines = []
        for one in self._pitfall.references:
            if is_web_address(one.url):
                title = _one_line(one.title.read(self._say.language))
                before = f"{title}{self._say(Say.COLON)}" if title else ""
                lines.append(f"- {before}<{_one_line(one.url).replace('>', '%3E')}>")
                lines += [f"  - {self._said(said)}" for said in said_at(self._pitfall, one.id)]
        return lines

    def _said(self, one: Statement) -> str:
        say = self._say
        told = say.word(one.sort)
        if one.version:
            told = say(Say.IN_VERSION, sort=told, version=_one_line(one.version))
        who = _one_line(one.author) or say(Say.OFFICIAL if one.official else Say.SOMEBODY)
        quote = _one_line(one.quote.read(say.language))
        before = f"{one.said_on} " if one.said_on else ""
        return f"{before}{who}{say(Say.COLON)}{told}" + (f" “{quote}”" if quote else "")

    def _read(self, text: str) -> str:
        return harmless(text, lines=True).expandtabs(4)


def _one_line(text: str) -> str:
    return harmless(" ".join(text.split()))


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(_one_line(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def _fenced(text: str) -> list[str]:
    """Text as a block of code that nothing in it can end."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = text.split("\n")
    cut = lines[:_LINES_OF_A_MESSAGE] + (["…"] if len(lines) > _LINES_OF_A_MESSAGE else [])
    return [fence, *cut, fence]


# A bug report for the vendor's community, written from the record


__all__ = ["BugReport", "bug_report", "write_report"]


# Reproduction notes taken apart: steps, what was expected, what happens in their place


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


# What the vendor's form asks for, gathered from the occurrences of a pitfall


#: Of versions and devices, so many are named.
_NAMED: Final = 5


#: Error texts that are all told; more of them say the same in other words.
_MESSAGES: Final = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """What the occurrences in one environment came to; the days are times in ms."""

    environment: Environment
    reproduced: int = 0
    reproduced_at: int = 0
    not_reproduced: int = 0
    not_reproduced_at: int = 0

    @property
    def last_at(self) -> int:
        """When somebody tried last."""
        return max(self.reproduced_at, self.not_reproduced_at)


def tried(occurrences: Iterable[Occurrence]) -> list[Tried]:
    """Each environment with what was seen in it, the newest first.

    Whose account it was is nobody's business outside, so companies are left out.
    """
    found: dict[Environment, Tried] = {}
    for one in occurrences:
        where = one.environment._replace(company=None)
        held = found.get(where, Tried(where))
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
    return sorted(found.values(), key=lambda one: (-one.last_at, _told(one.environment)))


def _told(environment: Environment) -> list[str]:
    return [str(value or "") for value in environment]


@dataclass(frozen=True, slots=True)
class Fields:
    """The form's fields, from where it was reproduced, or else from where it was tried."""

    platforms: list[Platform]
    clients: list[tuple[Host | None, str]]
    libraries: list[str]
    devices: list[str]


def fields(environments: Sequence[Tried]) -> Fields:
    """The form's fields: platforms the newest first, versions from the highest down."""
    chosen = [one.environment for one in environments if one.reproduced]
    chosen = chosen or [one.environment for one in environments]
    clients = dict.fromkeys((one.host, one.client_version) for one in chosen)
    named = [(host, version) for host, version in clients if version]
    libraries = dict.fromkeys(one.base_library for one in chosen if one.base_library)
    devices = dict.fromkeys(one.device for one in chosen if one.device)
    return Fields(
        platforms=list(dict.fromkeys(one.platform for one in chosen if one.platform)),
        clients=sorted(named, key=lambda one: version_key(one[1]) or "", reverse=True)[:_NAMED],
        libraries=sorted(libraries, key=lambda one: version_key(one) or "", reverse=True)[:_NAMED],
        devices=list(devices)[:_NAMED],
    )


def messages(occurrences: Iterable[Occurrence]) -> list[str]:
    """The error texts that were seen, the newest first."""
    found = dict.fromkeys(one.message.strip("\n") for one in occurrences if one.message.strip())
    return list(found)[:_MESSAGES]
