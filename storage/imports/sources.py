"""Opening a file to import: its format, detected by content first and by name second."""

from __future__ import annotations

import codecs
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from pathlib import Path, PurePath
from typing import BinaryIO, Final

from storage.db.connection import connect_for_reading, explained
from storage.errors import N_, Refused
from storage.imports.import_item import (
    ImportedSection,
    ImportItem,
    ImportLink,
    LeftOutText,
    UnreadableItem,
    note_id,
)
from storage.imports.issue_lists import IssueList, has_usual_title, names_of
from storage.imports.issue_lists.columns import ColumnMapping
from storage.imports.merge import newest_import
from storage.imports.notes import LONGEST_NOTE, lacks_its_opening, read_note
from storage.text.sanitize import encoding_of, from_elsewhere, has_few_zeros
from storage.text.search_text import load_rapidfuzz
from storage.write.board_file import look

_HEAD: Final = 64 * 1024
_LOOKED_AT: Final = 50
#: What an event's line holds, and no other JSON does.
_EVENT: Final = re.compile(
    rb'^(?:\xef\xbb\xbf)?\s*\{(?=.*"actor")(?=.*"hlc")(?=.*"pitfall")(?=.*"kind")'
)
_JSON: Final = re.compile(r"\s*(?:\[\s*[\[{\]\"\d]|\{\s*[\"}])")
#: Front matter, a heading in either way, something in bold at a line's beginning.
_MARKDOWN: Final = re.compile(
    r"\A---\s*$|^#{1,6}[ \t]+\S|^[^\s#|>*+-].*\n(?:={3,}|-{3,})[ \t]*$|^(?:[-*]\s+)?\*\*\S", re.M
)


class SourceFormat(StrEnum):
    """What a file that is brought in can be."""

    EVENTS = "events"
    NOTES = "notes"
    JSON = "json"
    CSV = "csv"


_FORM_OF_ENDING: Final = {
    ".md": SourceFormat.NOTES,
    ".markdown": SourceFormat.NOTES,
    ".mdx": SourceFormat.NOTES,
    ".txt": SourceFormat.NOTES,
    ".csv": SourceFormat.CSV,
    ".tsv": SourceFormat.CSV,
    ".json": SourceFormat.JSON,
    ".jsonl": SourceFormat.JSON,
    ".ndjson": SourceFormat.JSON,
}


@dataclass(frozen=True, slots=True)
class ImportSource:
    """A note or a list that is ready to be imported.

    Args:
        name: its name for people; day: when it was written, ISO 8601, if it says so.
        arriving: gives what it holds, as often as it is asked.
        sections: of a note, its headings, with what was taken and left out below each.
        spread: of a note, the links that stand apart and were told to belong to some pitfalls.
        loose: of a note, the links that belong to no pitfall in particular.
        gone: of a note, the titles of pitfalls that it gave before and no longer speaks of.
        mapped: of a list, which column says what, as far as it was read.
        encoding: in which it is written.
    """

    form: SourceFormat
    name: str
    arriving: Callable[[], Iterable[ImportItem | UnreadableItem]]
    day: str = ""
    sections: tuple[ImportedSection, ...] = ()
    spread: tuple[ImportLink, ...] = ()
    loose: tuple[ImportLink, ...] = ()
    gone: tuple[str, ...] = ()
    mapped: Callable[[], ColumnMapping] | None = None
    encoding: str = "utf-8"

    @property
    def columns(self) -> ColumnMapping | None:
        """Of a list, which column says what; more of JSON's are known once it was read."""
        return self.mapped() if self.mapped is not None else None

    @property
    def left_out(self) -> tuple[LeftOutText, ...]:
        """The parts of a note that are on no pitfall, in its order."""
        return tuple(part for section in self.sections for part in section.left_out)


@contextmanager
def opened(path: Path, board: Path) -> Iterator[BinaryIO]:
    """A file to be brought in, open for reading.

    Args:
        path: of the file.
        board: the board's file, which nobody may open beside SQLite: closing it would drop
            the locks that this process holds on it.

    Raises:
        Refused: if it is the board itself, or belongs to it.
        OSError: if it can't be read.
    """
    if path.name.startswith(board.name) and path.parent.resolve() == board.parent.resolve():
        raise Refused(N_("{path} is this board itself."), path=path)
    with path.open("rb") as stream:
        yield stream


def form_of(stream: BinaryIO, file: str) -> SourceFormat:
    """What a file is.

    Args:
        stream: at its beginning, and put back there.
        file: its name; empty if it has none.

    Raises:
        Refused: if neither content nor name tells.
    """
    head = stream.read(_HEAD)
    stream.seek(0)
    ending = _FORM_OF_ENDING.get(PurePath(file).suffix.lower())
    if not head.strip():
        return ending or SourceFormat.EVENTS
    if any(_EVENT.match(line) for line in head.splitlines()[:_LOOKED_AT]):
        return SourceFormat.EVENTS
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        with suppress(UnicodeDecodeError):
            # Its last character may be cut in two.
            if codecs.utf_8_decode(head, "strict", False) and has_few_zeros(head):
                # A text but for that byte, of which this says where it is.
                encoding_of(stream, file or "-")
        raise Refused(
            N_("{name} holds no text."),
            N_("It takes notes in Markdown, lists in JSON or CSV, and events."),
            name=file or "-",
        )
    # Its last character may be cut in two.
    text = from_elsewhere(head.decode(encoding_of(stream, file or "-"), "ignore"))
    if _JSON.match(text):
        return SourceFormat.JSON
    is_table = has_usual_title(names_of(text))
    is_note = bool(_MARKDOWN.search(text)) or lacks_its_opening(text.splitlines())
    if is_table != is_note:
        return SourceFormat.CSV if is_table else SourceFormat.NOTES
    if ending is not None:
        return ending
    if is_table:
        return SourceFormat.CSV
    raise Refused(
        N_("{name} is not recognised as notes, a list or a file of events."),
        N_("Say what it is: --as notes, --as events, --as json or --as csv."),
        name=file or "-",
    )


def incoming(
    stream: BinaryIO,
    form: SourceFormat,
    board: Path,
    *,
    file: str = "",
    day: str = "",
    asked: Sequence[str] = (),
    name: str = "",
) -> ImportSource:
    """A note or a list, ready to be looked at and brought in.

    Args:
        stream: the file; it must be able to go back to its beginning.
        form: what it is; anything but events.
        board: the board's file, which tells what of a note is known.
        file: the file's name, without a folder.
        day: of a note that says none itself, ISO 8601.
        asked: of a list, what a person says of its columns.
        name: by which to know it again, whatever title and name the file has.

    Raises:
        Refused: if it can't be read as that.
    """
    if form is not SourceFormat.NOTES:
        found = IssueList(
            stream, "csv" if form is SourceFormat.CSV else "json", file, asked, name, board
        )
        return ImportSource(
            form,
            name or file,
            found.arriving,
            mapped=lambda: found.columns,
            encoding=found.encoding,
        )
    stream.seek(0)
    encoding = encoding_of(stream, file or "-")
    # A character has four bytes at most; the last one of a note that is too long may be cut.
    text = from_elsewhere(stream.read(4 * LONGEST_NOTE + 1).decode(encoding, "ignore"))
    note = read_note(text, file, day=day, name=name)
    proposals, gone = recognised(board, note.proposals)
    return ImportSource(
        form,
        note.name,
        lambda: proposals,
        day=note.day,
        sections=note.sections,
        spread=note.spread,
        loose=note.loose,
        gone=tuple(gone),
    )


# A note that was brought in before: which of its problems are which pitfalls


#: How much alike, of a hundred, two texts are that stand below the same heading or another one.
_ALIKE_BELOW_ONE_HEADING: Final = 30.0
_ALIKE: Final = 60.0
#: So much of a text is compared.
_COMPARED: Final = 4_000
#: A text that is shorter says too little; its title is compared with it.
_TELLING: Final = 20


# The name stands in the line as JSON writes it.
_OF_A_SOURCE: Final = """
SELECT DISTINCT events.pitfall, title, reproduction
FROM events JOIN pitfalls ON pitfalls.id = events.pitfall
WHERE events.kind = 'imported' AND instr(line, ?)
"""


@dataclass(frozen=True, slots=True)
class ImportedPitfall:
    """A pitfall that the note gave before: by which key, and what stands on it now."""

    pitfall: str
    key: str
    title: str
    text: str


def recognised(path: Path, proposals: Sequence[ImportItem]) -> tuple[list[ImportItem], list[str]]:
    """The problems of a note under the ids that they have on the board.

    Args:
        path: the board's file; there may be none yet.
        proposals: those of one note.

    Returns: the proposals, and the titles of those pitfalls that the note no
        longer speaks of.
    """
    if not proposals or look(path) is None:
        return list(proposals), []
    with explained(path), closing(connect_for_reading(path)) as connection:
        known = _known(connection, proposals[0].source)
    pairs = _paired(proposals, known)
    taken = {one.pitfall for one in known}
    found = []
    for place, proposal in enumerate(proposals):
        if place in pairs:
            found.append(replace(proposal, pitfall=pairs[place].pitfall))
        else:
            found.append(_unlike(proposal, taken))
            taken.add(found[-1].pitfall)
    still = {one.pitfall for one in pairs.values()}
    return found, [one.title for one in known if one.pitfall not in still]


def _known(connection: sqlite3.Connection, source: str) -> list[ImportedPitfall]:
    """The pitfalls that a note of that name gave last."""
    needle = f'"source":{json.dumps(source, ensure_ascii=False)}'
    known = []
    for pitfall, title, text in connection.execute(_OF_A_SOURCE, (needle,)).fetchall():
        given = newest_import(connection, pitfall)
        if given is not None and given.source == source:
            known.append(ImportedPitfall(pitfall, given.key, title, text))
    return sorted(known, key=lambda one: one.key)


def _paired(
    proposals: Sequence[ImportItem], known: Sequence[ImportedPitfall]
) -> dict[int, ImportedPitfall]:
    """The pitfall that each proposal is, by its place; those that are new are not there."""
    pairs: dict[int, ImportedPitfall] = {}
    free = list(known)
    left = list(range(len(proposals)))

    def pair(place: int, one: ImportedPitfall) -> None:
        pairs[place] = one
        free.remove(one)
        left.remove(place)

    for anchor in dict.fromkeys(_anchor(one.key) for one in proposals):
        places = [place for place in left if _anchor(proposals[place].key) == anchor]
        named = [one for one in free if _anchor(one.key) == anchor]
        if len(places) == len(named) == 1:
            pair(places[0], named[0])
        else:
            _pair_alike(proposals, places, named, _ALIKE_BELOW_ONE_HEADING, pair)
    _pair_alike(proposals, list(left), list(free), _ALIKE, pair)
    return pairs


def _pair_alike(
    proposals: Sequence[ImportItem],
    places: Sequence[int],
    known: Sequence[ImportedPitfall],
    least: float,
    pair: Callable[[int, ImportedPitfall], None],
) -> None:
    """Pair what is most alike first."""
    if not places or not known:
        return
    ratio = load_rapidfuzz().fuzz.ratio
    alike = []
    for place in places:
        for number, one in enumerate(known):
            ours, theirs = _compared(proposals[place].title, proposals[place].reproduction, one)
            score = ratio(ours, theirs, score_cutoff=least)
            if score >= least:
                alike.append((-score, place, number))
    done_places: set[int] = set()
    done_known: set[int] = set()
    for _score, place, number in sorted(alike):
        if place not in done_places and number not in done_known:
            pair(place, known[number])
            done_places.add(place)
            done_known.add(number)


def _compared(title: str, text: str, one: ImportedPitfall) -> tuple[str, str]:
    if min(len(text), len(one.text)) < _TELLING:
        text, other = f"{title}\n{text}", f"{one.title}\n{one.text}"
    else:
        other = one.text
    return text[:_COMPARED], other[:_COMPARED]


def _unlike(proposal: ImportItem, taken: set[str]) -> ImportItem:
    """A proposal under an id that is none of those taken."""
    if proposal.pitfall not in taken:
        return proposal
    anchor = _anchor(proposal.key)
    for number in count(2):
        key = f"{anchor}#{number}"
        if (pitfall := note_id(proposal.source, key)) not in taken:
            return replace(proposal, key=key, pitfall=pitfall)
    raise AssertionError


def _anchor(key: str) -> str:
    """The heading in a key, without the number among several of its name."""
    return key.rpartition("#")[0]
