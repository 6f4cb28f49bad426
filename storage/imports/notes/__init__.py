"""A developer's note (a blog post, a Markdown file) as the pitfalls that it reports.

:func:`read_note` is the door. It works in steps, a module each: the Markdown as headings with
what stands below them (``outline``), cut into the problems that are reported (``segments`` and
``items``, by the words in ``scoring``), each under a title and a key (``candidates``), with its
workaround (``remedies``, by the ``labels``), error texts and links.

Nothing is lost on the way: each line of a note is on one of its pitfalls, or in what was left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from storage.errors import N_, Refused
from storage.imports import import_item as bounded
from storage.imports.import_item import (
    ImportedSection,
    ImportItem,
    ImportLink,
    LeftOutReason,
    LeftOutText,
    note_id,
)
from storage.imports.notes import scoring
from storage.imports.notes.candidates import (
    ProblemCandidate,
    cleaned,
    keys,
    kind_of,
    solved_mark,
    title_and_severity,
    titles,
)
from storage.imports.notes.links import LinkTarget, belonging, component_of
from storage.imports.notes.outline import (
    Outline,
    OutlineSection,
    lacks_its_opening,
    links_in,
    outline,
    unused_front_matter,
)
from storage.imports.notes.remedies import fixed_in, is_fixed_by_vendor
from storage.imports.notes.segments import is_open_frame, problems
from storage.imports.notes.tables import is_contents
from storage.match.error_text import names_in
from storage.match.generality import sifted
from storage.model.row import Severity, Status
from storage.model.vocabulary import is_web_address

__all__ = ["LONGEST_NOTE", "ParsedNote", "lacks_its_opening", "read_note"]

#: A note that is longer, in characters, is none.
LONGEST_NOTE: Final = 4_000_000
_LOOSE_IN_ONE: Final = 100
_GUESSED: Final = frozenset({"kind", "severity", "component"})
_ROOT: Final = re.compile(r"(?<![\w./@-])(wx|uni|my|dd|tt|swan|lark)\.[a-z]")
#: A line that only draws: a rule, the end of a fence, the head of a table.
_DRAWING: Final = re.compile(r"[\W_]*")


@dataclass(frozen=True, slots=True)
class ParsedNote:
    """A note that was read, with its pitfalls.

    Args:
        name: by which it is known again, for people.
        day: when it was written, ISO 8601; may be empty.
        proposals: the pitfalls that it reports, in its order.
        sections: its headings, with what was taken and what was left out below each.
        spread: its links that stand elsewhere, and were shown to belong to some of the proposals.
        loose: its links that belong to no pitfall in particular. The first
            proposal holds them; with very many, the next ones as well.
    """

    name: str
    day: str
    proposals: tuple[ImportItem, ...]
    sections: tuple[ImportedSection, ...]
    spread: tuple[ImportLink, ...]
    loose: tuple[ImportLink, ...]

    @property
    def left_out(self) -> tuple[LeftOutText, ...]:
        """The parts of it that are on no proposal, in its order."""
        return tuple(part for section in self.sections for part in section.left_out)


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
    roots = Counter(_ROOT.findall(text)).most_common(1)
    components = [_component(piece, roots[0][0] if roots else "wx") for piece in pieces]
    links, spread, loose = _links(note, pieces, components)
    proposals: list[ImportItem] = []
    cut: list[LeftOutText] = []
    for piece, title, key, component, own in zip(
        pieces, titles(pieces, source), keys(pieces), components, links, strict=True
    ):
        reproduction = _reproduction(piece, title)
        errors = sifted(map(bounded.one_line, piece.errors))
        fixed = fixed_in(f"{piece.heading}\n{piece.text}\n{piece.source}\n{piece.state}")
        solved = solved_mark(piece) or (fixed.words if fixed else "")
        severity = title_and_severity(piece.heading)[1]
        proposals.append(
            ImportItem(
                pitfall=note_id(source, key),
                source=source,
                key=key,
                title=title,
                reproduction=bounded.notes(reproduction),
                component=component,
                workaround=bounded.workaround(piece.split.workaround),
                kind=kind_of(piece.heading, piece.text, len(piece.errors)),
                severity=severity or Severity.S3,
                status=Status.FIXED_UPSTREAM if fixed else _status(piece, solved),
                tags=bounded.tags(note.head.tags),
                signatures=errors.kept,
                vague=errors.refused,
                links=bounded.links(own),
                day=day,
                line=piece.line + 1 - note.added,
                guessed=_GUESSED - {"severity"} if severity else _GUESSED,
                solved=solved,
                fixed_in=fixed,
                environment=piece.environment,
                text=bounded.workaround("\n".join(note.lines[line] for line in piece.lines)),
            )
        )
        if rest := bounded.cut_off(reproduction, piece.split.workaround):
            lines = piece.line + 1 - note.added, piece.end - note.added
            cut.append(LeftOutText(*lines, title, LeftOutReason.TOO_LONG, rest))
    return ParsedNote(
        name=source,
        day=day,
        proposals=tuple(_with_loose(proposals, loose)),
        sections=tuple(_sections(note, pieces, proposals, cut)),
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
    """What stands below the heading, and the heading itself where the title holds less of it."""
    said = _letters(cleaned(piece.heading))
    first, body = piece.above, piece.split.notes
    if not said or (said in _letters(title) and "](" not in first):
        return body
    if piece.is_item and (not first or body.startswith(first)):
        return body
    return f"{first}\n\n{body}"


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _status(piece: ProblemCandidate, solved: str) -> Status | None:
    """What is solved, and doesn't say how, was fixed by the vendor; else there is a workaround."""
    if solved and (not piece.split.workaround or is_fixed_by_vendor(solved)):
        return Status.FIXED_UPSTREAM
    return None


def _component(piece: ProblemCandidate, root: str) -> str:
    found = component_of(cleaned(piece.heading), piece.errors, piece.split.symptom, root=root)
    above = names_in(" ".join(piece.under[-1:]))
    return bounded.one_line(found or next(iter(above), ""))


def _links(
    note: Outline, pieces: Sequence[ProblemCandidate], components: Sequence[str]
) -> tuple[list[list[ImportLink]], tuple[ImportLink, ...], tuple[ImportLink, ...]]:
    """The links of each piece; those of them that stand apart; and those that belong to none."""
    own = [[link for link in piece.links if is_web_address(link.url)] for piece in pieces]
    held = {link.url for links in own for link in links}
    everywhere = [
        *(link for section in note.root.sections for link in section.links),
        *links_in(note.root.whole),
        *(link for _line, link in note.definitions),
    ]
    others = bounded.links(
        link for link in everywhere if link.url not in held and is_web_address(link.url)
    )
    about = [
        LinkTarget(cleaned(piece.heading), component, f"{piece.text}\n{piece.source}")
        for piece, component in zip(pieces, components, strict=True)
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


# What was taken, and what was not


def _sections(
    note: Outline,
    pieces: Sequence[ProblemCandidate],
    proposals: Sequence[ImportItem],
    cut: Sequence[LeftOutText],
) -> Iterator[ImportedSection]:
    """The headings of a note in its order; each of its lines is taken or left out below one."""
    taken = {line for piece in pieces for line in piece.lines}
    frames: set[int] = set()
    for section in note.root.sections:
        is_framed = scoring.is_frame(section.heading) or section.begin in frames
        if is_framed and section.level and not is_open_frame(section):
            frames.update(child.begin for child in section.sections)
        left = list(_left_out(note, section, taken, is_framed=is_framed and section.level > 0))
        lines = range(section.begin + 1 - note.added, section.own_end + 1 - note.added)
        left += [one for one in cut if one.line in lines]
        found = tuple(one.title for one in proposals if one.line in lines)
        if section.level or left or found:
            heading = bounded.one_line(cleaned(section.heading)) if section.level else ""
            yield ImportedSection(lines.start, section.level, heading, found, tuple(left))


def _left_out(
    note: Outline, section: OutlineSection, taken: set[int], *, is_framed: bool
) -> Iterator[LeftOutText]:
    """The runs of lines right below a heading that are on no pitfall."""
    heading = bounded.one_line(cleaned(section.heading)) if section.level else ""
    if not section.level:
        for line in unused_front_matter(note.lines[: section.body]):
            yield LeftOutText(
                line + 1 - note.added,
                line + 1 - note.added,
                "",
                LeftOutReason.FRONT_MATTER,
                note.lines[line].strip(),
            )
    tables = [one for one in section.blocks if one.node.type == "table"]
    headings = [cleaned(one.heading) for one in note.root.sections if one.level] if tables else []
    contents = [one for one in tables if is_contents(one.node, headings)]
    why = LeftOutReason.NO_PROBLEM
    if is_framed:
        why = LeftOutReason.CONTENTS if _is_contents(section) else LeftOutReason.FRAME
    elif _is_contents(section):
        why = LeftOutReason.CONTENTS
    elif section.children or any(section.body <= line < section.own_end for line in taken):
        why = LeftOutReason.INTRODUCTION
    run: list[int] = []
    for line in range(section.body, section.own_end + 1):
        if line < section.own_end and line not in taken:
            run.append(line)
            continue
        shown = [one for one in run if not _DRAWING.fullmatch(note.lines[one])]
        if shown:
            text = note.source(shown[0], shown[-1] + 1)
            in_contents = any(one.begin <= shown[0] < one.end for one in contents)
            yield LeftOutText(
                shown[0] + 1 - note.added,
                shown[-1] + 1 - note.added,
                heading,
                LeftOutReason.CONTENTS if in_contents else why,
                text,
            )
        run = []


def _is_contents(section: OutlineSection) -> bool:
    """Whether all that stands below a heading are links."""
    words = "".join(one.text for one in section.blocks)
    links = "".join(link.title for link in links_in(section.blocks))
    return bool(links) and len(_letters(words)) <= 1.2 * len(_letters(links))
