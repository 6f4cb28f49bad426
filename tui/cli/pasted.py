"""What was read from a pasted text, written for people, for scripts, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from storage.paste import Pasted, Reading
from storage.paste.matching import Match
from storage.read import Board
from storage.text.dates import iso
from storage.text.sanitize import harmless
from tui.cli.known_errors import as_match, numbered
from tui.cli.output import columns, styled
from tui.environment import value_word
from tui.text.cells import cut, fit, width
from tui.text.i18n import _, field_word, read
from tui.text.vocabulary import moment
from tui.text.workaround_text import why

_INDENT: Final = "  "
#: A page shows how a message begins; the record keeps all of it.
_MOST_LINES: Final = 12


def page(
    board: Board, pasted: Pasted, told: Mapping[str, Any], found: Sequence[Match]
) -> Iterator[str]:
    """The lines of a page for people, those sections only that have something to say.

    Args:
        board: where the matches are.
        pasted: what was read.
        told: what the options say, which counts more.
        found: the known pitfalls that it may be.
    """
    sections = (
        (_("Read"), _fields(pasted, told)),
        (_("Contradictions"), _contradictions(pasted, told)),
        (_("Error message"), _lines(pasted.message)),
        (_("Note"), _lines(_said_besides(pasted))),
        (_("Known pitfalls"), list(numbered(board, found))),
    )
    shown = [(heading, lines) for heading, lines in sections if lines]
    for place, (heading, lines) in enumerate(shown):
        if place:
            yield ""
        yield styled(heading, bold=True)
        yield from (f"{_INDENT}{line}".rstrip() for line in lines)


def _fields(pasted: Pasted, told: Mapping[str, Any]) -> list[str]:
    said = {
        name: (reading.value, _place(reading))
        for name, reading in pasted.said.items()
        if name not in told
    }
    said |= {
        name: (str(value), _("as you said"))
        for name, value in told.items()
        if name not in {"message", "note", "seen_at"}
    }
    shown = {field_word(name): (value_word(name, value), at) for name, (value, at) in said.items()}
    at = told.get("seen_at", pasted.seen_at)
    if at is not None:
        shown[field_word("seen_at")] = (moment(at), "")
    labels = max(map(width, shown), default=0)
    values = max((width(value) for value, _at in shown.values()), default=0)
    return [
        cut(f"{fit(label, labels)}  {fit(value, values)}  {at}", columns() - len(_INDENT))
        for label, (value, at) in shown.items()
    ]


def _contradictions(pasted: Pasted, told: Mapping[str, Any]) -> list[str]:
    return [
        f"{field_word(one.field)}: "
        + _(" or ").join(
            f"{value_word(one.field, reading.value)} ({_place(reading)})"
            for reading in one.readings
        )
        for one in pasted.contradictions
        if one.field not in told
    ]


def _said_besides(pasted: Pasted) -> str:
    """What was said besides the error message."""
    return "\n".join(filter(None, (pasted.reproduction, pasted.note)))


def _place(reading: Reading) -> str:
    return _("line {n}: {words}").format(n=reading.line, words=harmless(reading.words))


def _lines(text: str) -> list[str]:
    lines = harmless(text, lines=True).expandtabs(4).splitlines()
    return [*lines[:_MOST_LINES], "…"] if len(lines) > _MOST_LINES else lines


def rows(pasted: Pasted, told: Mapping[str, Any], found: Sequence[Match]) -> Iterator[list[object]]:
    """The lines for scripts, as the verb's help describes them."""
    for name, reading in pasted.said.items():
        if name not in told:
            yield ["read", name, reading.value, reading.line, reading.words]
    for name, value in told.items():
        yield ["read", name, value, "", ""]
    for one in pasted.contradictions:
        for reading in one.readings if one.field not in told else ():
            yield ["contradiction", one.field, reading.value, reading.line, reading.words]
    if pasted.seen_at is not None and "seen_at" not in told:
        yield ["read", "seen_at", iso(pasted.seen_at), "", ""]
    for line in pasted.message.splitlines():
        yield ["message", line]
    for line in _said_besides(pasted).splitlines():
        yield ["note", line]
    for match in found:
        yield [
            "match",
            match.pitfall.id,
            match.pitfall.status.value,
            read(match.pitfall.title),
            "signature" if match.recognised is not None else "look-alike",
            why(match),
            read(match.pitfall.workaround),
        ]


def as_data(
    board: Board, pasted: Pasted, told: Mapping[str, Any], found: Sequence[Match]
) -> dict[str, Any]:
    """All of it as one JSON object."""
    seen_at = told.get("seen_at", pasted.seen_at)
    return {
        "read": {name: _reading(reading) for name, reading in pasted.said.items()}
        | {
            name: {"value": value, "line": None, "words": None}
            for name, value in told.items()
            if name != "seen_at"
        },
        "contradictions": [
            {"field": one.field, "values": [_reading(reading) for reading in one.readings]}
            for one in pasted.contradictions
            if one.field not in told
        ],
        "message": told.get("message", pasted.message),
        "reproduction": pasted.reproduction,
        "note": told.get("note", pasted.note),
        "seen_at": iso(seen_at),
        "urls": list(pasted.urls),
        "matches": [as_match(board, match) for match in found],
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {"value": reading.value, "line": reading.line, "words": reading.words}
