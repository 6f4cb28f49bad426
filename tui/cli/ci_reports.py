"""Reports for build servers and editors of the known pitfalls that a log holds.

Each format is a function from the findings to its text. Whatever comes from the record or the
log has been made harmless (:mod:`storage.text.sanitize`), and is escaped as its format asks.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote

from storage.match.stream_scanner import StreamFinding, StreamHit
from storage.model.environment import FIELDS, Environment
from storage.model.records import Occurrence, Pitfall, Text
from storage.model.verdicts import judge
from storage.model.vocabulary import FixState, Outcome, Severity, Status, Verdict
from storage.read.board import Board
from storage.text.dates import now_ms
from storage.text.sanitize import sanitize
from tui.text.i18n import _, ngettext, read
from tui.text.matches import workaround_text
from tui.text.vocabulary import marked, word

#: What names the place where there is no file: findings of a stream.
STREAM: Final = "stdin"
SEVERITIES: Final = tuple(one.value for one in Severity)
#: Where GitHub takes the summary of a step from.
SUMMARY_VARIABLE: Final = "GITHUB_STEP_SUMMARY"
#: So many annotations of each level GitHub shows of one step; it drops the others unsaid.
GITHUB_MOST: Final = 10


class Level(StrEnum):
    """How bad a finding is for the build."""

    ERROR = "error"
    """It fails the build (``--fail-on``), or was fixed upstream and is back."""
    WARNING = "warning"
    """It is known and not fixed."""
    NOTICE = "notice"
    """It is fixed upstream: the build runs on something older."""


class SourcePlace(NamedTuple):
    """A line of a file, its path relative to the root; line and column count from 1.

    ``is_source`` if the log names the line, rather than that the place is in the log itself.
    """

    path: str
    line: int
    column: int = 0
    is_source: bool = False


class CiFinding(NamedTuple):
    """A known pitfall in a build's log: ``file`` is the log, "" for a stream."""

    pitfall: Pitfall
    short: str
    hit: StreamHit
    file: str
    place: SourcePlace
    is_regression: bool
    fails: bool

    @property
    def level(self) -> Level:
        """How bad it is for the build."""
        if self.fails or self.is_regression:
            return Level.ERROR
        if self.pitfall.status is Status.FIXED_UPSTREAM:
            return Level.NOTICE
        return Level.WARNING

    @property
    def title(self) -> str:
        """What the pitfall is called."""
        return sanitize(read(self.pitfall.title))

    @property
    def matched(self) -> str:
        """What of the log's line the signature matched."""
        return sanitize(self.hit.matched.strip())

    @property
    def headline(self) -> str:
        """Status and title in a line; of a regression it says so."""
        words = word(Verdict.REGRESSION) if self.is_regression else marked(self.pitfall.status)
        return f"{words}: {self.title}"

    @property
    def details(self) -> list[str]:
        """The other lines: where it is in the log, what to do, and how to see the rest."""
        first = f"{sanitize(self.file) or STREAM}:{self.hit.first_line}"
        where = ngettext(
            "line {first}: {matched}", "{n} lines, the first is {first}: {matched}", self.hit.lines
        ).format(n=self.hit.lines, first=first, matched=self.matched)
        return [where, *workaround_text(self.pitfall).splitlines(), f"pitboard show {self.short}"]


def judged(
    board: Board,
    findings: Iterable[StreamFinding],
    root: Path,
    environment: Mapping[str, Any],
    fail_on: str | None,
) -> list[CiFinding]:
    """What findings mean for a build.

    Args:
        board: holds the pitfalls.
        findings: what the build's logs hold.
        root: the folder of the sources.
        environment: where the build ran, as far as that was said.
        fail_on: what fails the build: ``known``, ``regression``, or a severity and what is worse.

    Raises:
        PitboardError: if the board can't be read.
    """
    top = root.resolve()
    where = Environment(**{field.name: field.read(environment[field.name]) for field in FIELDS})
    made: list[CiFinding] = []
    for hit, file in findings:
        pitfall = board.pitfall(hit.pitfall)
        is_regression = _is_regression(board, pitfall, where)
        fails = (
            fail_on == "known"
            or (fail_on == "regression" and is_regression)
            or (fail_on in SEVERITIES and pitfall.severity.value <= fail_on)
        )
        place = place_in_sources(hit.line, top) or place_in_log(hit, file, top)
        short = board.short_id(pitfall.id)
        made.append(CiFinding(pitfall, short, hit, file, place, is_regression, fails))
    return made


def _is_regression(board: Board, pitfall: Pitfall, where: Environment) -> bool:
    """Whether what was seen now was fixed upstream before; the environment says it, if it can."""
    now = now_ms()
    seen = Occurrence("", pitfall.id, now, "", Outcome.REPRODUCED, where, "", 1, Text(""), now)
    found = judge(seen, board.fixes.judging(pitfall.id))
    if found is not None and found.verdict is not Verdict.NEEDS_VERSION:
        return found.verdict is Verdict.REGRESSION
    evidence = board.fixes.evidence(pitfall.id).values()
    return any(one.state is FixState.DISPUTED for one in evidence)


# Where in the sources a line of a log is from


#: A path with the line behind it, as compilers, engines and test runners write it:
#: ``a/b.js:3:7``, ``a/b.ts(3,7)``, ``File "a/b.py", line 3``.
_PLACES: Final = (
    re.compile(r"""["'](?P<path>[^"'\n]{1,300})["'], line (?P<line>\d{1,7})()"""),
    re.compile(
        r"(?P<path>[^\s\"'<>|*?()\[\]{},;=]{1,300}?)(?::|\()(?P<line>\d{1,7})(?:[:,] ?(\d{1,6}))?"
    ),
)
_SCHEME: Final = re.compile(r"^(?:file|webpack(?:-internal)?):/{2,3}(?:[\w.-]*/)?(?=\.|/|\w)")


def place_in_sources(line: str, root: Path) -> SourcePlace | None:
    """The first place in a line of a log that is in a file below ``root``; None if there is none.

    Args:
        line: the text.
        root: the folder of the sources, resolved.
    """
    for pattern in _PLACES:
        for found in pattern.finditer(line):
            path = _below(found["path"], root)
            number = int(found["line"])
            if path is not None and number:
                return SourcePlace(path, number, int(found[3] or 0), is_source=True)
    return None


def _below(named: str, root: Path) -> str | None:
    """A path of a log relative to the root, with slashes; None if no file below it has it."""
    if "://" in named:
        named = unquote(_SCHEME.sub("", named))
        if "://" in named:
            return None
    try:
        # What leads out of the root, by dots or by a link, is not below it.
        found = (root / named).resolve()
        return sanitize(found.relative_to(root).as_posix()) if found.is_file() else None
    except (OSError, ValueError):
        return None


def place_in_log(hit: StreamHit, file: str, root: Path) -> SourcePlace:
    """Where in the log a finding is; the log's path is relative to the root if it is below it."""
    path = sanitize(file) or STREAM
    return SourcePlace(
        _below(str(Path(file).absolute()), root) or path if file else path, hit.first_line
    )


# The formats


def as_github(findings: Sequence[CiFinding]) -> str:
    """Workflow commands of GitHub Actions; what it would not show goes to the step's summary."""
    shown: list[str] = []
    rest: list[CiFinding] = []
    counts = dict.fromkeys(Level, 0)
    for one in findings:
        counts[one.level] += 1
        if counts[one.level] > GITHUB_MOST:
            rest.append(one)
            continue
        place = one.place
        where = {"file": place.path, "line": place.line, "col": place.column}
        known = where if place.is_source else {}
        properties = {**known, "title": f"Pitboard {one.short}"}
        written = ",".join(
            f"{key}={_property(value)}" for key, value in properties.items() if value
        )
        text = "\n".join((one.headline, *one.details))
        shown.append(f"::{one.level} {written}::{_data(text)}")
    if rest and not _add_to_summary(rest):
        # Indented, so that no title can pass for a command.
        shown += [f"  {one.short}  {one.headline}" for one in rest]
    return _lines(shown)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")


def _add_to_summary(findings: Sequence[CiFinding]) -> bool:
    """Write findings into the summary of this step; False if GitHub names none."""
    target = os.environ.get(SUMMARY_VARIABLE)
    if not target:
        return False
    heads = (_("Pitfall"), _("Status"), _("Title"), _("Place"))
    rows = [
        (one.short, marked(one.pitfall.status), one.title, f"{one.place.path}:{one.place.line}")
        for one in findings
    ]
    table = [heads, ("---",) * len(heads), *(tuple(map(_cell, row)) for row in rows)]
    with Path(target).open("a", encoding="utf-8") as file:
        file.write("\n" + _lines(f"| {' | '.join(row)} |" for row in table))
    return True


def _cell(text: str) -> str:
    """A text in a table of Markdown as it is: no markup, no address, nobody's name called."""
    return re.sub(r"[^\w\s.,/+-]", lambda sign: f"&#{ord(sign.group())};", text)


def as_gitlab(findings: Sequence[CiFinding]) -> str:
    """A Code Quality report of GitLab."""
    names = dict(zip(Severity, ("blocker", "critical", "major", "minor"), strict=True))
    report = [
        {
            "description": f"{one.headline} ({one.short})",
            "check_name": f"pitboard-{one.pitfall.id}",
            "fingerprint": fingerprint(one),
            "severity": "info" if one.level is Level.NOTICE else names[one.pitfall.severity],
            "location": {"path": one.place.path, "lines": {"begin": one.place.line}},
        }
        for one in findings
    ]
    return _json(report)


def fingerprint(finding: CiFinding) -> str:
    """What stays the same of a finding from build to build, wherever in its file it stands."""
    place = finding.place.path if finding.place.is_source else ""
    return hashlib.sha256(f"{finding.pitfall.id}\n{place}".encode()).hexdigest()


def as_sarif(findings: Sequence[CiFinding]) -> str:
    """SARIF 2.1.0, as code scanning reads it."""
    levels = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTICE: "note"}
    rules = [
        {
            "id": one.pitfall.id,
            "name": f"Pitfall {one.short}",
            "shortDescription": {"text": one.title},
            "help": {"text": "\n".join(one.details[1:])},
            "defaultConfiguration": {"level": levels[one.level]},
            "properties": {
                "tags": [sanitize(tag) for tag in one.pitfall.tags],
                "severity": one.pitfall.severity.value,
                "status": one.pitfall.status.value,
            },
        }
        for one in findings
    ]
    results = [
        {
            "ruleId": one.pitfall.id,
            "ruleIndex": place,
            "level": levels[one.level],
            "message": {"text": _without_links("\n".join((one.headline, *one.details)))},
            "locations": [{"physicalLocation": _location(one.place)}],
            "partialFingerprints": {"pitboard/v1": fingerprint(one)},
            "occurrenceCount": one.hit.lines,
        }
        for place, one in enumerate(findings)
    ]
    return _json(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": {"name": "Pitboard", "rules": rules}},
                    "columnKind": "unicodeCodePoints",
                    "results": results,
                }
            ],
        }
    )


def _without_links(text: str) -> str:
    """A message of SARIF in which brackets are no link (SARIF 2.1.0, 3.11.6)."""
    return re.sub(r"[\\\[\]]", r"\\\g<0>", text)


def _location(place: SourcePlace) -> dict[str, Any]:
    region = {"startLine": place.line} | ({"startColumn": place.column} if place.column else {})
    return {"artifactLocation": {"uri": quote(place.path)}, "region": region}


def as_junit(findings: Sequence[CiFinding], *, unexplained: str = "") -> str:
    """Test cases of JUnit: the known are skipped; what fails, is back or is unexplained fails."""
    # Loaded here, since only this format is XML.
    from xml.etree import ElementTree as Xml

    failures = sum(one.level is Level.ERROR for one in findings)
    counts = {"tests": str(len(findings) + bool(unexplained)), "errors": "0"}
    counts |= {
        "failures": str(failures + bool(unexplained)),
        "skipped": str(len(findings) - failures),
    }
    top = Xml.Element("testsuites", counts)
    suite = Xml.SubElement(top, "testsuite", {"name": "pitboard", **counts})
    if unexplained:
        case = Xml.SubElement(suite, "testcase", {"classname": "pitboard", "name": unexplained})
        Xml.SubElement(case, "failure", {"message": unexplained})
    for one in findings:
        name = _xml(f"{one.short} {one.title}")
        place = {"file": _xml(one.place.path), "line": str(one.place.line)}
        about = {"classname": "pitboard", "name": name, **place}
        case = Xml.SubElement(suite, "testcase", about)
        kind = "failure" if one.level is Level.ERROR else "skipped"
        inner = Xml.SubElement(case, kind, {"message": _xml(one.headline)})
        inner.text = _xml("\n".join(one.details))
    Xml.indent(top)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Xml.tostring(top, encoding="unicode")}\n'


def _xml(text: str) -> str:
    """A text without what XML 1.0 can't hold; control characters are visible symbols already."""
    return re.sub("[\ufffe\uffff]", "", text)


def as_gcc(findings: Sequence[CiFinding]) -> str:
    """Lines as a compiler writes them, which editors jump by."""
    words = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTICE: "note"}
    return _lines(
        f"{one.place.path}:{one.place.line}:{one.place.column or 1}: {words[one.level]}:"
        f" {one.headline} [{one.short}]"
        for one in findings
    )


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


#: The formats that are for machines, by their names.
REPORTS: Final[Mapping[str, Callable[[Sequence[CiFinding]], str]]] = {
    "github": as_github,
    "gitlab": as_gitlab,
    "sarif": as_sarif,
    "junit": as_junit,
    "gcc": as_gcc,
}
