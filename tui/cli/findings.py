"""What of the known pitfalls a stream holds, as people and scripts read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from storage.match.known_errors import Known
from storage.match.stream_scanner import Found
from storage.model.records import Pitfall
from storage.text.sanitize import harmless
from tui.cli.output import columns
from tui.text.i18n import language, ngettext, read

if TYPE_CHECKING:
    from storage.read import Board

_INDENT: Final = "   "
#: An occurrence keeps so much of the line that it was seen in.
_LONGEST_MESSAGE: Final = 2_000


class Finding(NamedTuple):
    """A known pitfall in what was read; ``file`` is where its first line is, "" for a stream."""

    found: Found
    file: str


def joined(findings: Iterable[Finding]) -> list[Finding]:
    """Each pitfall once, with the lines of all files, in the order in which they came."""
    by_pitfall: dict[str, Finding] = {}
    for one in findings:
        name = one.found.pitfall
        if name in by_pitfall:
            before = by_pitfall[name]
            lines = before.found.lines + one.found.lines
            by_pitfall[name] = before._replace(found=replace(before.found, lines=lines))
        else:
            by_pitfall[name] = one
    return list(by_pitfall.values())


def as_data(board: Board, finding: Finding) -> dict[str, Any]:
    """A finding as JSON holds it: the pitfall as a list holds it, and where it was found."""
    # Loaded here and below, since lines for scripts do without.
    from storage.exports.json_shapes import as_listed

    found = finding.found
    listed = as_listed(board.pitfall(found.pitfall), board.sightings(found.pitfall), language())
    return listed | {
        "signature": found.signature.text,
        "lines": found.lines,
        "first_line": found.first_line,
        "file": finding.file or None,
        "matched_text": found.matched,
    }


def as_rows(known: Known, findings: Sequence[Finding]) -> Iterator[Sequence[object]]:
    """The findings as lines for scripts."""
    told = known.told(one.found.pitfall for one in findings)
    for found, file in findings:
        pitfall = told[found.pitfall]
        yield (
            found.pitfall,
            pitfall.status.value,
            found.lines,
            found.first_line,
            read(pitfall.title),
            read(pitfall.workaround),
            found.signature.text,
            found.matched,
            file,
        )


def as_text(board: Board, findings: Iterable[Finding]) -> Iterator[str]:
    """The findings for people: what is known, where it is, what to do."""
    from tui.text.cells import cut, wrap
    from tui.text.workaround_text import remedy

    for finding in findings:
        pitfall = board.pitfall(finding.found.pitfall)
        yield cut(_head(board, pitfall), columns())
        yield cut(f"{_INDENT}{_where(finding)}", columns())
        for line in remedy(pitfall).splitlines():
            for piece in wrap(line, columns() - len(_INDENT)):
                yield f"{_INDENT}{piece}".rstrip()


def in_a_line(board: Board, finding: Finding) -> str:
    """What is known and where it is, as it is told the moment it is found."""
    return f"{_head(board, board.pitfall(finding.found.pitfall))}  {_where(finding)}"


def _head(board: Board, pitfall: Pitfall) -> str:
    from tui.text.vocabulary import marked

    title = harmless(read(pitfall.title))
    return f"{board.short_id(pitfall.id)}  {marked(pitfall.status)}  {title}"


def _where(finding: Finding) -> str:
    """In how many lines it is, where the first one is, and what stands there."""
    found = finding.found
    first = harmless(
        f"{finding.file}:{found.first_line}" if finding.file else str(found.first_line)
    )
    return ngettext(
        "line {first}: {matched}", "{n} lines, the first is {first}: {matched}", found.lines
    ).format(n=found.lines, first=first, matched=harmless(found.matched.strip()))


def as_occurrence(finding: Finding) -> dict[str, Any]:
    """The fields of the occurrence that a finding is worth, its environment aside."""
    line = harmless(finding.found.line.strip().expandtabs())
    return {"count": finding.found.lines, "message": line[:_LONGEST_MESSAGE]}
