"""A bug report as Markdown: the same record gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from storage.errors import NP_
from storage.model.environment import FIELDS, Environment
from storage.model.fields import Field, Word
from storage.model.records import Occurrence, Pitfall, VendorReply
from storage.model.row import PLAN_FIELDS, Kind
from storage.model.verdicts import replies_on
from storage.model.vocabulary import SignatureForm, Translator, is_web_address
from storage.read.board import Board
from storage.reports.bug_report_facts import (
    NotesPart,
    error_texts,
    form_fields,
    notes_parts,
    tested_environments,
)
from storage.text.sanitize import sanitize

#: The newest occurrences are enough; nobody reads a report of more.
_READ: Final = 2_000
_ROWS: Final = 20
_LINES_OF_A_MESSAGE: Final = 40
#: What the community's form calls the kinds.
_KINDS: Final = {
    Kind.BUG: "Bug",
    Kind.DOCS: NP_("bug report", "Documentation"),
    Kind.LIMIT: NP_("bug report", "Undocumented limit"),
    Kind.QUIRK: NP_("bug report", "Unexpected behaviour"),
    Kind.TOOLING: NP_("bug report", "Devtools"),
}

Day = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class BugReport:
    """A report for the vendor's community.

    Args:
        text: the whole of it, in Markdown.
        missing: labels of what the vendor will ask for and the record lacks.
    """

    text: str
    missing: tuple[str, ...]


def bug_report(board: Board, pitfall: str, translator: Translator, day: Day) -> BugReport:
    """The report of a pitfall, occurrences of its duplicates included.

    Args:
        board: reads the record.
        pitfall: its id.
        translator: speaks the report's language.
        day: writes the day of a time in ms.

    Raises:
        NotFound: if it is not on this board.
    """
    return write_report(
        board.pitfall(pitfall), board.occurrences.of(pitfall, _READ), translator, day
    )


def write_report(
    pitfall: Pitfall, occurrences: Sequence[Occurrence], translator: Translator, day: Day
) -> BugReport:
    """The report of a pitfall that was read, with its occurrences, the newest first."""
    report = _Report(pitfall, occurrences, translator, day)
    text = "\n".join(report.lines()) + "\n"
    return BugReport(text, tuple(report.missing))


class _Report:
    """Writes one report and collects what is missing."""

    def __init__(
        self, pitfall: Pitfall, occurrences: Sequence[Occurrence], t: Translator, day: Day
    ) -> None:
        self._pitfall = pitfall
        self._occurrences = occurrences
        self._t = t
        self._colon = t.gettext(": ")
        self._comma = t.pgettext("list", ", ")
        self._day = day
        self._environments = tested_environments(occurrences)
        self._parts = notes_parts(self._read(pitfall.reproduction.read(t.language)))
        self.missing: list[str] = []

    def lines(self) -> Iterator[str]:
        """The lines of the report."""
        yield f"# {self._title}"
        yield ""
        for label, value in self._fields():
            yield f"- **{label}**{self._colon}{value or self._lacks(label)}"
        for heading, lines in self._sections():
            if lines:
                yield from ("", f"## {heading}", "", *lines)

    def _sections(self) -> Iterator[tuple[str, list[str]]]:
        t = self._t
        yield t.gettext("Behaviour"), self._behaviour()
        yield from (
            (label, self._part(part) or [self._lacks(label)])
            for label, part in (
                (t.gettext("Expected"), NotesPart.EXPECTED),
                # Notes without parts are taken for steps.
                (
                    t.gettext("Steps to reproduce"),
                    NotesPart.STEPS if self._has_steps else NotesPart.REST,
                ),
            )
        )
        environments = t.pgettext("bug report", "Environments")
        yield environments, self._environment_table() or [self._lacks(environments)]
        yield t.gettext("Error messages"), self._errors()
        yield t.gettext("Links"), self._links()

    @property
    def _title(self) -> str:
        return _one_line(self._pitfall.title.read(self._t.language))

    def _lacks(self, label: str) -> str:
        self.missing.append(label)
        return self._t.gettext("(to be filled in)")

    def _fields(self) -> Iterator[tuple[str, str]]:
        found, t = form_fields(self._environments), self._t
        clients = [
            " ".join(part for part in (host and t.word(host), _one_line(version)) if part)
            for host, version in found.clients
        ]
        yield t.gettext("Framework"), t.gettext("Mini-program")
        yield t.gettext("Problem type"), t.pgettext("bug report", _KINDS[self._pitfall.kind])
        yield "API", _one_line(self._pitfall.component.read(t.language))
        for field in PLAN_FIELDS:
            # What only the team agreed on is none of the vendor's business.
            if field.bug_report and (value := getattr(self._pitfall.plan, field.name)):
                yield t.pgettext("bug report", field.bug_report), _one_line(value)
        yield t.pgettext("bug report", "Platform"), self._listed(map(t.word, found.platforms))
        yield t.pgettext("bug report", "Client version"), self._listed(clients)
        yield t.gettext("Base library"), self._listed(map(_one_line, found.libraries))
        yield t.gettext("Device"), self._listed(map(_one_line, found.devices))

    def _listed(self, values: Iterable[str]) -> str:
        return self._comma.join(values)

    # Notes

    def _behaviour(self) -> list[str]:
        """What happens: from the notes, or else the title."""
        rest = self._part(NotesPart.REST) if self._has_steps else []
        return self._part(NotesPart.ACTUAL) or rest or [self._title]

    @property
    def _has_steps(self) -> bool:
        return NotesPart.STEPS in self._parts

    def _part(self, part: NotesPart) -> list[str]:
        text = self._parts.get(part)
        return text.split("\n") if text else []

    # Environments

    def _environment_table(self) -> list[str]:
        if not self._environments:
            return []
        t, shown = self._t, self._environments[:_ROWS]
        columns = [
            *(
                (
                    t.pgettext("bug report", field.bug_report),
                    [self._value(one.environment, field) for one in shown],
                )
                for field in FIELDS
                if field.bug_report and not field.private
            ),
            (
                t.gettext("Reproduced"),
                [self._counted(one.reproduced, one.reproduced_at) for one in shown],
            ),
            (
                t.gettext("Not reproduced"),
                [self._counted(one.not_reproduced, one.not_reproduced_at) for one in shown],
            ),
        ]
        filled = [(name, cells) for name, cells in columns if any(cells)]
        rows = zip(*(cells for _name, cells in filled), strict=True)
        lines = [
            _row(name for name, _cells in filled),
            _row("---" for _column in filled),
            *(_row(cell or "–" for cell in row) for row in rows),
        ]
        if more := len(self._environments) - len(shown):
            lines += ["", t.gettext("… and {n} more environments").format(n=more)]
        return lines

    def _value(self, where: Environment, field: Field) -> str:
        """The value of a field, and of those that stand beside it."""
        values = [
            self._t.word(value) if isinstance(value, Word) else value
            for one in FIELDS
            if field.name in (one.name, one.beside) and (value := getattr(where, one.name))
        ]
        return " ".join(values)

    def _counted(self, count: int, at: int) -> str:
        if not count:
            return ""
        return self._t.gettext("{n}×, last on {day}").format(n=count, day=self._day(at))

    # Error texts and links

    def _errors(self) -> list[str]:
        texts = error_texts(self._occurrences) or [
            one.text for one in self._pitfall.signatures if one.form is SignatureForm.LITERAL
        ]
        return [line for text in texts for line in (*_fenced(self._read(text)), "")][:-1]

    def _links(self) -> list[str]:
        lines = []
        for one in self._pitfall.references:
            if is_web_address(one.url):
                title = _one_line(one.title.read(self._t.language))
                before = f"{title}{self._colon}" if title else ""
                lines.append(f"- {before}<{_one_line(one.url).replace('>', '%3E')}>")
                lines += [
                    f"  - {self._reply(reply)}" for reply in replies_on(self._pitfall, one.id)
                ]
        return lines

    def _reply(self, one: VendorReply) -> str:
        t = self._t
        answer = t.word(one.sort)
        if one.version:
            in_version = t.pgettext("bug report", "{sort} in {version}")
            answer = in_version.format(sort=answer, version=_one_line(one.version))
        unnamed = t.gettext("the vendor") if one.official else t.pgettext("bug report", "someone")
        who = _one_line(one.author) or unnamed
        quote = _one_line(one.quote.read(t.language))
        before = f"{one.said_on} " if one.said_on else ""
        return f"{before}{who}{self._colon}{answer}" + (f" “{quote}”" if quote else "")

    def _read(self, text: str) -> str:
        return sanitize(text, lines=True).expandtabs(4)


def _one_line(text: str) -> str:
    return sanitize(" ".join(text.split()))


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(_one_line(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def _fenced(text: str) -> list[str]:
    """Text as a block of code that nothing in it can end."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    lines = text.split("\n")
    cut = lines[:_LINES_OF_A_MESSAGE] + (["…"] if len(lines) > _LINES_OF_A_MESSAGE else [])
    return [fence, *cut, fence]
