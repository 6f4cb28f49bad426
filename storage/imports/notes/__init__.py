"""A developer's note (a blog post, a Markdown file) as the pitfalls that it reports.

:func:`read_note` is the door. It works in four steps, a module each: the
Markdown as headings with what stands below them (``sections``), cut into the
problems that are reported (``cutting``, by the signs in ``signs``), each with
its names, error texts and links, under a title and a key (``titles``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from storage.errors import N_, Refused
from storage.imports import import_item as bounded
from storage.imports.import_item import ImportItem, ImportLink, note_id
from storage.imports.notes import scoring
from storage.imports.notes.candidates import ProblemCandidate, cleaned, keys, titles
from storage.imports.notes.links import LinkTarget, belonging, component_of
from storage.imports.notes.outline import Outline, lacks_its_opening, links_in, outline
from storage.imports.notes.segments import problems
from storage.match.generality import sifted
from storage.model.vocabulary import is_web_address

__all__ = ["LONGEST_NOTE", "ParsedNote", "lacks_its_opening", "read_note"]

#: A note that is longer, in characters, is none.
LONGEST_NOTE: Final = 4_000_000
_LOOSE_IN_ONE: Final = 100
_GUESSED: Final = frozenset({"kind", "severity", "component"})


@dataclass(frozen=True, slots=True)
class ParsedNote:
    """A note that was read, with its pitfalls.

    Args:
        name: by which it is known again, for people.
        day: when it was written, ISO 8601; may be empty.
        proposals: the pitfalls that it reports, in its order.
        left_out: the headings of what neither reports a problem nor links to one.
        spread: its links that stand elsewhere, and were told to belong to some of the proposals.
        loose: its links that belong to no pitfall in particular. The first
            proposal holds them; with very many, the next ones as well.
    """

    name: str
    day: str
    proposals: tuple[ImportItem, ...]
    left_out: tuple[str, ...]
    spread: tuple[ImportLink, ...]
    loose: tuple[ImportLink, ...]


def read_note(text: str, file: str, *, day: str = "", name: str = "") -> ParsedNote:
    """The pitfalls that a note reports.

    Args:
        text: the whole note, in Markdown.
        file: the name of its file, without a folder; empty if it has none.
        day: its day (ISO 8601), if it doesn't say one itself.
        name: by which to know it again, whatever title and file it has.

    Raises:
        Refused: if it is far too long to be a note, or nested far too deeply.
    """
    try:
        return _read(text, file, day=day, name=name)
    except RecursionError as error:
        raise Refused(
            N_("{name} nests lists, quotes or emphasis too deeply for a note."),
            N_("Look for a long run of one sign in it, and take that out."),
            name=file,
        ) from error


def _read(text: str, file: str, *, day: str, name: str) -> ParsedNote:
    if len(text) > LONGEST_NOTE:
        raise Refused(
            N_("{name} is too long for a note: {n} characters."),
            N_("Split it and import the parts."),
            name=file,
            n=len(text),
        )
    note = outline(text)
    pieces = problems(note)
    source = bounded.one_line(name or _name_of(note, file))
    day = note.head.day or day
    links, spread, loose = _links(note, pieces)
    proposals = [
        ImportItem(
            pitfall=note_id(source, key),
            source=source,
            key=key,
            title=title,
            reproduction=_reproduction(piece, title),
            component=_component(piece),
            kind=scoring.kind_of(piece.heading, piece.text, len(piece.errors)),
            tags=bounded.tags(note.head.tags),
            signatures=words.kept,
            vague=words.refused,
            links=bounded.links(own),
            day=day,
            line=piece.line + 1 - note.added,
            guessed=_GUESSED,
        )
        for piece, title, key, own, words in zip(
            pieces,
            titles(pieces, source),
            keys(pieces),
            links,
            (sifted(map(bounded.one_line, piece.errors)) for piece in pieces),
            strict=True,
        )
    ]
    return ParsedNote(
        name=source,
        day=day,
        proposals=tuple(_with_loose(proposals, loose)),
        left_out=_left_out(note, pieces),
        spread=spread,
        loose=loose,
    )


def _name_of(note: Outline, file: str) -> str:
    """Its title and date, which stay when the file moves; else its file's name."""
    if note.head.title.strip():
        return " ".join(f"{note.head.title} {note.head.day}".split())
    headings = [child.heading for child in note.root.children if child.heading]
    return file or (headings[0] if headings else "")


def _reproduction(piece: ProblemCandidate, title: str) -> str:
    """What stands below the heading, and the heading itself where the title had to be cut."""
    whole = f"{piece.above}\n\n{piece.source}" if title.endswith("…") else piece.source
    return bounded.notes(whole)


def _component(piece: ProblemCandidate) -> str:
    found = component_of(piece.heading, piece.text) or component_of(
        " ".join(piece.under[-1:]), "\n".join(piece.code)
    )
    return bounded.one_line(found)


def _links(
    note: Outline, pieces: Sequence[ProblemCandidate]
) -> tuple[list[list[ImportLink]], tuple[ImportLink, ...], tuple[ImportLink, ...]]:
    """The links of each piece; those of them that stand apart; and those that belong to none."""
    own = [[link for link in piece.links if is_web_address(link.url)] for piece in pieces]
    held = {link.url for links in own for link in links}
    everywhere = [*links_in(note.root.whole), *(link for _line, link in note.definitions)]
    others = bounded.links(
        link for link in everywhere if link.url not in held and is_web_address(link.url)
    )
    about = [
        LinkTarget(cleaned(piece.heading), _component(piece), f"{piece.text}\n{piece.source}")
        for piece in pieces
    ]
    spread: list[ImportLink] = []
    loose: list[ImportLink] = []
    for link, places in zip(others, belonging(others, about), strict=True):
        for place in places:
            own[place].append(link)
        (spread if places else loose).append(link)
    return own, tuple(spread), tuple(loose)


def _with_loose(proposals: Sequence[ImportItem], loose: Sequence[ImportLink]) -> list[ImportItem]:
    parts = [loose[n : n + _LOOSE_IN_ONE] for n in range(0, len(loose), _LOOSE_IN_ONE)]
    return [
        replace(one, loose=tuple(parts[place])) if place < len(parts) else one
        for place, one in enumerate(proposals)
    ]


def _left_out(note: Outline, pieces: Sequence[ProblemCandidate]) -> tuple[str, ...]:
    """The headings below which nothing was found, links aside."""
    return tuple(
        bounded.one_line(cleaned(leaf.heading))
        for leaf in note.root.leaves
        if leaf.level
        and not any(piece.line < leaf.end and leaf.begin < piece.end for piece in pieces)
        and not (scoring.is_frame(leaf.heading) and any(links_in(leaf.blocks)))
    )
