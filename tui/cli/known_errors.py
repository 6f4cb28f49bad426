"""Known pitfalls in a text or a stream, and what was read of a paste: for people, scripts, JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from storage.match.known_errors import KnownErrors
from storage.match.likeness import PitfallMatch, matches
from storage.match.similar import SimilarPitfalls
from storage.model.fields import NamedTuple
from storage.model.records import Pitfall
from storage.model.row import regression_word
from storage.model.vocabulary import Channel, Platform
from storage.read.board import Board
from storage.text.dates import zoned
from storage.text.sanitize import sanitize
from tui import deferred
from tui.cli.input import OneOf, ask
from tui.cli.output import columns, for_people, styled
from tui.text.cells import cut, fit, width
from tui.text.fields import value_word
from tui.text.i18n import _, field_word, language, ngettext, read
from tui.text.matches import match_reason, workaround_lines
from tui.text.vocabulary import moment, state_words

if TYPE_CHECKING:
    from storage.exports import json_shapes
    from storage.match.stream_scanner import StreamHit
    from storage.paste.extraction import ExtractedValue, FieldContradiction, PasteResult
else:
    # What is written for people does without.
    json_shapes = deferred("storage.exports.json_shapes")

_MOST: Final = 5
_INDENT: Final = "   "
#: How many lines are shown of what to do about one that is only like it.
_GLANCE: Final = 3


def known_ones(
    board: Board,
    text: str,
    *,
    title: str,
    message: str = "",
    component: str = "",
    platform: str | None = None,
    channel: str | None = None,
) -> list[PitfallMatch]:
    """The known pitfalls that a text may be about, best first.

    Args:
        board: where they are.
        text: what is searched for signatures.
        title, message, component: what is compared with the known ones.
        platform, channel: where it was seen, as the vocabulary spells them.
    """
    # Through the board's connection, which closes it: to open the file again takes as long as this.
    recognised = KnownErrors(board.connection, board.path).recognise(
        text,
        Platform(platform) if platform else None,
        Channel(channel) if channel else None,
    )
    titles = SimilarPitfalls.once(board.path, through=board.connection)
    near = titles.near(title, message, component, limit=_MOST) if title or message else []
    return matches(board, recognised, near, _MOST)


def numbered(
    board: Board,
    found: Sequence[PitfallMatch],
    *,
    remedies: bool = True,
    inside: str = "",
    tells_line: bool = True,
) -> Iterator[str]:
    """The lines of a numbered list of matches, each with why and what to do about it.

    They leave room for what is put ``inside``, in front of each.

    Args:
        board: where they are.
        found: the matches.
        remedies: whether to say what to do about each.
        inside: what is put in front of each line.
        tells_line: whether the text that was looked through was given as lines.
    """
    room = columns() - len(inside)
    cells = room - len(_INDENT)
    for number, match in enumerate(found, 1):
        title = sanitize(read(match.pitfall.title))
        head = f"{number}  {board.short_id(match.pitfall.id)}  {state_words(match.pitfall)}  "
        yield cut(f"{head}{title}", room)
        yield _INDENT + cut(match_reason(match, tells_line=tells_line), cells)
        if remedies:
            pieces = workaround_lines(board, match.pitfall, cells, _bold())
            if match.recognised is None and len(pieces) > _GLANCE:
                pieces[_GLANCE:] = ["…"]
            yield from (f"{_INDENT}{piece}".rstrip() for piece in pieces)


def ask_which(
    question: str,
    found: Sequence[PitfallMatch],
    others: Mapping[str, Sequence[str]],
    default: str,
) -> str:
    """A number of the list, or one of the other answers, each with other ways to say it."""
    numbers = {str(number): () for number in range(1, len(found) + 1)}
    return ask(question, among=OneOf({**numbers, **others}), default=default)


def as_match(board: Board, match: PitfallMatch) -> dict[str, Any]:
    """A match as JSON holds it: the pitfall as a list holds it, and what says that it is one."""
    found, alike = match.recognised, match.alike
    return _as_listed(board, match.pitfall) | {
        "by": "signature" if found is not None else "look-alike",
        "signature": found.signature.text if found is not None else None,
        "first_line": found.line if found is not None else None,
        "matched_text": found.matched if found is not None else None,
        "score": alike.score if alike is not None else None,
        "because": [
            {"reason": one.reason.value, "value": one.value}
            for one in (alike.because if alike is not None else ())
        ],
    }


def _as_listed(board: Board, pitfall: Pitfall) -> dict[str, Any]:
    [held] = board.inbox.standing([pitfall], board.now())
    return json_shapes.as_listed(held, board.occurrences.totals(pitfall.id), language())


def found_data(board: Board, findings: Iterable[tuple[StreamHit, str]]) -> list[dict[str, Any]]:
    """Pitfalls found in a stream as JSON holds them, each with the file that it was found in."""
    return [_as_found(board, found, file) for found, file in findings]


def _as_found(board: Board, found: StreamHit, file: str) -> dict[str, Any]:
    """A pitfall found in a stream, as JSON holds it: as in a list, and where it was found."""
    return _as_listed(board, board.pitfall(found.pitfall)) | {
        "signature": found.signature.text,
        "lines": found.lines,
        "first_line": found.first_line,
        "file": file or None,
        "matched_text": found.matched,
    }


def found_lines(board: Board, found: StreamHit, file: str) -> Iterator[str]:
    """A pitfall found in a stream, for people: what is known, where it is, what to do."""
    pitfall = board.pitfall(found.pitfall)
    yield cut(_head(board, pitfall), columns())
    yield cut(f"{_INDENT}{_where(found, file)}", columns())
    for piece in workaround_lines(board, pitfall, columns() - len(_INDENT), _bold()):
        yield f"{_INDENT}{piece}".rstrip()


def _bold() -> Callable[[str], str] | None:
    return partial(styled, bold=True) if for_people() else None


def found_in_a_line(board: Board, found: StreamHit) -> str:
    """A pitfall found in a stream, in the line that is written at once."""
    return f"{_head(board, board.pitfall(found.pitfall))}  {_where(found, '')}"


def _head(board: Board, pitfall: Pitfall) -> str:
    title = sanitize(read(pitfall.title))
    return f"{board.short_id(pitfall.id)}  {state_words(pitfall)}  {title}"


def _where(found: StreamHit, file: str) -> str:
    """In how many lines it is, where the first one is, and what stands there."""
    first = sanitize(f"{file}:{found.first_line}" if file else str(found.first_line))
    return ngettext(
        "line {first}: {matched}", "{n} lines, the first is {first}: {matched}", found.lines
    ).format(n=found.lines, first=first, matched=sanitize(found.matched.strip()))


# What was read from a pasted text, written for people, for scripts, and as JSON


_PAGE_INDENT: Final = "  "
#: A page shows how a message begins; the record keeps all of it.
_MOST_LINES: Final = 12


def paste_page(
    board: Board, pasted: PasteResult, given: Mapping[str, Any], found: Sequence[PitfallMatch]
) -> Iterator[str]:
    """The lines of a page for people, those sections only that have something to say.

    Args:
        board: where the matches are.
        pasted: what was read.
        given: what the options say, which counts more.
        found: the known pitfalls that it may be.
    """
    sections = (
        (_("Read"), _fields(pasted, given)),
        (_("Contradictions"), _contradictions(_unsettled(pasted, given))),
        (_("Left open"), _contradictions(_unsettled(pasted, given, is_open=True))),
        (_("Error message"), _lines(pasted.message)),
        (_("Note"), _lines(_leftover(pasted))),
        (_("Not kept"), _lines("\n".join(pasted.left_out))),
        (_("Known pitfalls"), list(numbered(board, found, inside=_PAGE_INDENT))),
    )
    shown = [(heading, lines) for heading, lines in sections if lines]
    for place, (heading, lines) in enumerate(shown):
        if place:
            yield ""
        yield styled(heading, bold=True)
        yield from (f"{_PAGE_INDENT}{line}".rstrip() for line in lines)


def _fields(pasted: PasteResult, given: Mapping[str, Any]) -> list[str]:
    rows = {n: (one.value, _place(one)) for n, one in pasted.values.items() if n not in given}
    rows |= {
        name: (str(value), _("from the options"))
        for name, value in given.items()
        if name not in {"message", "note", "seen_at"}
    }
    shown = {field_word(name): (value_word(name, value), at) for name, (value, at) in rows.items()}
    at = given.get("seen_at", pasted.seen_at)
    if at is not None:
        shown[field_word("seen_at")] = (moment(at), "")
    labels = max(map(width, shown), default=0)
    values = max((width(value) for value, _at in shown.values()), default=0)
    return [
        cut(f"{fit(label, labels)}  {fit(value, values)}  {at}", columns() - len(_PAGE_INDENT))
        for label, (value, at) in shown.items()
    ]


def _unsettled(
    pasted: PasteResult, given: Mapping[str, Any], *, is_open: bool = False
) -> list[FieldContradiction]:
    """The fields of which the text says several things, or of which it leaves one open."""
    unsettled = (one for one in pasted.contradictions if one.field not in given)
    return [one for one in unsettled if one.is_open == is_open]


def _contradictions(found: Sequence[FieldContradiction]) -> list[str]:
    return [
        f"{field_word(one.field)}: "
        + _(" or ").join(f"{value_word(one.field, it.value)} ({_place(it)})" for it in one.readings)
        for one in found
    ]


def _leftover(pasted: PasteResult) -> str:
    """What was said besides the error message."""
    return "\n".join(filter(None, (pasted.reproduction, pasted.note)))


def _place(reading: ExtractedValue) -> str:
    return _("line {n}: {words}").format(n=reading.line, words=sanitize(reading.words))


def _lines(text: str) -> list[str]:
    lines = sanitize(text, lines=True).expandtabs(4).splitlines()
    return [*lines[:_MOST_LINES], "…"] if len(lines) > _MOST_LINES else lines


def paste_rows(
    pasted: PasteResult, given: Mapping[str, Any], found: Sequence[PitfallMatch]
) -> Iterator[list[object]]:
    """The lines for scripts, as the verb's help describes them."""
    for name, found_value in pasted.values.items():
        if name not in given:
            yield ["read", name, found_value.value, found_value.line, found_value.words]
    for name, value in ({"seen_at": pasted.seen_at} | dict(given)).items():
        if value is not None:
            yield ["read", name, zoned(value) if name == "seen_at" else value, "", ""]
    for kind, is_open in (("contradiction", False), ("open", True)):
        for one in _unsettled(pasted, given, is_open=is_open):
            for value in one.readings:
                yield [kind, one.field, value.value, value.line, value.words]
    for line in pasted.message.splitlines():
        yield ["message", line]
    for line in _leftover(pasted).splitlines():
        yield ["note", line]
    for pair in pasted.left_out:
        yield ["left-out", pair]
    for match in found:
        yield [
            "match",
            match.pitfall.id,
            match.pitfall.status.value,
            read(match.pitfall.title),
            "signature" if match.recognised is not None else "look-alike",
            match_reason(match),
            read(match.pitfall.workaround),
            regression_word(match.pitfall.regressed),
        ]


def paste_data(
    board: Board, pasted: PasteResult, given: Mapping[str, Any], found: Sequence[PitfallMatch]
) -> dict[str, Any]:
    """All of it as one JSON object."""
    seen_at = given.get("seen_at", pasted.seen_at)
    return {
        "read": {name: _reading(reading) for name, reading in pasted.values.items()}
        | {
            n: {"value": one, "line": None, "words": None}
            for n, one in given.items()
            if n != "seen_at"
        },
        "contradictions": [_as_choice(one) for one in _unsettled(pasted, given)],
        "left_open": [_as_choice(one) for one in _unsettled(pasted, given, is_open=True)],
        "message": given.get("message", pasted.message),
        "reproduction": pasted.reproduction,
        "note": given.get("note", pasted.note),
        "seen_at": zoned(seen_at),
        "urls": list(pasted.urls),
        "left_out": list(pasted.left_out),
        "cut": {name: n for name, n in pasted.cut.items() if name not in given},
        "matches": [as_match(board, match) for match in found],
    }


def _as_choice(one: FieldContradiction) -> dict[str, Any]:
    return {"field": one.field, "values": [_reading(reading) for reading in one.readings]}


def _reading(reading: ExtractedValue) -> dict[str, Any]:
    return {"value": reading.value, "line": reading.line, "words": reading.words}


# Where in the sources a line of a log is from


class SourcePlace(NamedTuple):
    """A line of a file, its path relative to the root; line and column count from 1.

    ``is_source`` if the log names the line, rather than that the place is in the log itself.
    """

    path: str
    line: int
    column: int = 0
    is_source: bool = False


#: What names the place where there is no file: findings of a stream.
STREAM: Final = "stdin"
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
    except (OSError, RuntimeError, ValueError):
        # Of links that lead in a circle Python may say so in its own way.
        return None


def place_in_log(line: int, file: str, root: Path) -> SourcePlace:
    """A line of a log, whose path is relative to the root if it is below it."""
    path = sanitize(file) or STREAM
    return SourcePlace(_below(str(Path(file).absolute()), root) or path if file else path, line)
