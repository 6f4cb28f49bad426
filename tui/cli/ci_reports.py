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
from typing import Any, Final
from urllib.parse import quote

from storage.match.stream_scanner import StreamFinding
from storage.model.environment import Environment, typed_environment
from storage.model.fields import NamedTuple
from storage.model.records import Occurrence, Pitfall
from storage.model.row import Severity, Status, Text
from storage.model.verdicts import judge
from storage.model.vocabulary import Outcome, Verdict
from storage.read.board import Board
from storage.text.dates import now_ms
from storage.text.sanitize import sanitize
from tui.cli.known_errors import STREAM, SourcePlace, place_in_log, place_in_sources
from tui.text.i18n import _, ngettext, read
from tui.text.matches import workaround_text
from tui.text.vocabulary import state_words, word

#: What is in place of the pitfall's id where nothing known explains a log.
UNKNOWN: Final = "unknown"
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


class CiFinding(NamedTuple):
    """What a build's log holds: a known pitfall, or that nothing known explains it.

    Args:
        id, short: of the pitfall; :data:`UNKNOWN` where there is none.
        title: what it is called, in a line.
        status: what stands before the title: the status, that it is back, or the logs.
        details: the other lines: where it is in the log, what to do, and how to see the rest.
        place: where it is.
        level: how bad it is for the build.
        lines: so many lines of the log hold it.
        pitfall: None where nothing is known.
        fails: whether it fails the build.
    """

    id: str
    short: str
    title: str
    status: str
    details: tuple[str, ...]
    place: SourcePlace
    level: Level
    lines: int
    pitfall: Pitfall | None
    fails: bool

    @property
    def headline(self) -> str:
        """Status and title in a line."""
        return f"{self.status}: {self.title}"


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
    where = typed_environment(environment)
    made: list[CiFinding] = []
    for hit, file in findings:
        pitfall = board.pitfall(hit.pitfall)
        is_regression = _is_regression(board, pitfall, where)
        fails = (
            fail_on == "known"
            or (fail_on == "regression" and is_regression)
            or (fail_on in SEVERITIES and pitfall.severity.value <= fail_on)
        )
        is_fixed = pitfall.status is Status.FIXED_UPSTREAM
        place = place_in_sources(hit.line, top) or place_in_log(hit.first_line, file, top)
        short, title = board.short_id(pitfall.id), sanitize(read(pitfall.title))
        status = word(Verdict.REGRESSION) if is_regression else state_words(pitfall)
        log = ngettext(
            "line {first}: {matched}", "{n} lines, the first is {first}: {matched}", hit.lines
        ).format(
            n=hit.lines,
            first=f"{sanitize(file) or STREAM}:{hit.first_line}",
            matched=sanitize(hit.matched.strip()),
        )
        made.append(
            CiFinding(
                *(pitfall.id, short, title, status),
                (log, *workaround_text(board, pitfall).splitlines(), f"pitboard show {short}"),
                place,
                Level.ERROR
                if fails or is_regression
                else (Level.NOTICE if is_fixed else Level.WARNING),
                hit.lines,
                pitfall,
                fails,
            )
        )
    return made


def unexplained(logs: Sequence[str], root: Path) -> CiFinding:
    """That no log holds anything known, which fails the build; of stdin the name is empty."""
    title = _("Nothing known is in it.")
    names = ", ".join(sanitize(log) or STREAM for log in logs)
    advice = _("“pitboard paste” shows what is only like it, and can report it.")
    place = place_in_log(1, logs[0], root.resolve())
    return CiFinding(
        *(UNKNOWN, UNKNOWN, title, names, (advice,)),
        place,
        Level.ERROR,
        1,
        pitfall=None,
        fails=True,
    )


def _is_regression(board: Board, pitfall: Pitfall, where: Environment) -> bool:
    """Whether what was seen now was fixed upstream before; the environment says it, if it can."""
    now = now_ms()
    seen = Occurrence("", pitfall.id, now, "", Outcome.REPRODUCED, where, "", 1, Text(""), now)
    by = board.fixes.judging(pitfall.id)
    found = judge(seen, by.fixes)
    if found is not None and found.verdict is not Verdict.NEEDS_VERSION:
        return found.verdict is Verdict.REGRESSION and by.is_believed(found.fix)
    return pitfall.regressed


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
        (one.short, one.status, one.title, f"{one.place.path}:{one.place.line}") for one in findings
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
            "check_name": f"pitboard-{one.id}",
            "fingerprint": fingerprint(one),
            "severity": "info"
            if one.level is Level.NOTICE
            else names[one.pitfall.severity if one.pitfall else Severity.S2],
            "location": {"path": one.place.path, "lines": {"begin": one.place.line}},
        }
        for one in findings
    ]
    return _json(report)


def fingerprint(finding: CiFinding) -> str:
    """What stays the same of a finding from build to build, wherever in its file it stands."""
    place = finding.place.path if finding.place.is_source else ""
    return hashlib.sha256(f"{finding.id}\n{place}".encode()).hexdigest()


def as_sarif(findings: Sequence[CiFinding]) -> str:
    """SARIF 2.1.0, as code scanning reads it."""
    levels = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTICE: "note"}
    rules = [
        {
            "id": one.id,
            "name": f"Pitfall {one.short}",
            "shortDescription": {"text": one.title},
            "help": {"text": "\n".join(one.details[one.pitfall is not None :])},
            "defaultConfiguration": {"level": levels[one.level]},
        }
        | ({} if one.pitfall is None else {"properties": _properties(one.pitfall)})
        for one in findings
    ]
    results = [
        {
            "ruleId": one.id,
            "ruleIndex": place,
            "level": levels[one.level],
            "message": {"text": _without_links("\n".join((one.headline, *one.details)))},
            "locations": [{"physicalLocation": _location(one.place)}],
            "partialFingerprints": {"pitboard/v1": fingerprint(one)},
            "occurrenceCount": one.lines,
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


def _properties(pitfall: Pitfall) -> dict[str, Any]:
    return {
        "tags": [sanitize(tag) for tag in pitfall.tags],
        "severity": pitfall.severity.value,
        "status": pitfall.status.value,
    }


def _without_links(text: str) -> str:
    """A message of SARIF in which brackets are no link (SARIF 2.1.0, 3.11.6)."""
    return re.sub(r"[\\\[\]]", r"\\\g<0>", text)


def _location(place: SourcePlace) -> dict[str, Any]:
    region = {"startLine": place.line} | ({"startColumn": place.column} if place.column else {})
    return {"artifactLocation": {"uri": quote(place.path)}, "region": region}


def as_junit(findings: Sequence[CiFinding]) -> str:
    """Test cases of JUnit: the known are skipped; what fails, is back or is unexplained fails."""
    # Loaded here, since only this format is XML.
    from xml.etree import ElementTree as Xml

    failures = sum(one.level is Level.ERROR for one in findings)
    counts = {"tests": str(len(findings)), "errors": "0", "failures": str(failures)}
    counts["skipped"] = str(len(findings) - failures)
    top = Xml.Element("testsuites", counts)
    suite = Xml.SubElement(top, "testsuite", {"name": "pitboard", **counts})
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
