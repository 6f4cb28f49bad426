"""Import items or events from a file → the board: a preview, then the import itself."""

from __future__ import annotations

import codecs
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from storage.db.connection import connect_for_reading, explained
from storage.db.reader import is_event
from storage.errors import N_, PitboardError, Refused
from storage.events import LONGEST_LINE, Body, Event, MalformedEvent, parse
from storage.fold.fold import draft_of
from storage.imports.import_item import ImportItem, MappedState, UnreadableItem
from storage.imports.merge import merging, newest_import, reporting, said, same
from storage.match.generality import RefusedSignature
from storage.projection.update import core_events
from storage.write.board_file import look
from storage.write.session import WriteSession

#: So many proposals are written in one transaction, and are one step of undo.
TOGETHER: Final = 2_000
#: How many of what was refused, and of what will come, is kept to be shown; all are counted.
_REFUSED_KEPT: Final = 1_000
_SHOWN: Final = 200

Arriving = Iterable[ImportItem | UnreadableItem]
Progress = Callable[[int], None]


class ImportState(StrEnum):
    """The state of an import item relative to the board."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class PreviewedItem:
    """An import item with its state."""

    state: ImportState
    proposal: ImportItem


@dataclass(frozen=True, slots=True)
class ImportTally:
    """The counts of an import or of its preview.

    ``shown`` holds the first proposals, new and changed ones before the
    others; ``refused`` the first parts of which no pitfall can be made, with
    the line of each; ``set_aside`` counts these all. ``vague`` are the first error
    texts of what is new or changed that are no signatures. ``states`` counts what the
    states of a tracker were taken for.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    shown: tuple[PreviewedItem, ...] = ()
    refused: tuple[UnreadableItem, ...] = ()
    set_aside: int = 0
    vague: tuple[RefusedSignature, ...] = ()
    states: tuple[tuple[MappedState, int], ...] = ()

    @property
    def proposals(self) -> int:
        """How many pitfalls the file has."""
        return self.new + self.changed + self.same


def preview(
    path: Path,
    arriving: Arriving,
    progress: Progress = lambda done: None,
    each: Callable[[PreviewedItem], None] | None = None,
) -> ImportTally:
    """The result that an import would have; nothing is written.

    Args:
        path: the board's file; there may be none yet.
        arriving: what the file holds.
        progress: told how many of these are done.
        each: told of each proposal, if given.

    Raises:
        Unusable: if there is something at ``path`` that is no board.
    """
    counting = _Counting()
    with ExitStack() as open_:
        connection = None
        if look(path) is not None:
            open_.enter_context(explained(path))
            connection = open_.enter_context(closing(connect_for_reading(path)))
        for number, one in enumerate(_each_once(arriving), 1):
            if isinstance(one, UnreadableItem):
                counting.refuse(one)
            else:
                state = _compared(connection, one)[0] if connection else ImportState.NEW
                counting.count(state, one)
                if each is not None:
                    each(PreviewedItem(state, one))
            progress(number)
    return counting.tally


def import_items(
    session: WriteSession, arriving: Arriving, progress: Progress = lambda done: None
) -> ImportTally:
    """Import the items; those that the board has already change nothing.

    Each transaction takes some thousands, and is one step of undo: a note is
    one, a long list is several.

    Args:
        session: takes them.
        arriving: what the file holds. If it ends early, what came before stays.
        progress: told how many of these are done.

    Raises:
        NotSaved, Busy, ReadOnly: what came before is in the record; bringing
            the file in again goes on from there.
    """
    counting = _Counting()
    done = 0
    for part in _parts(_each_once(arriving), TOGETHER):
        with session.writing() as transaction:
            for one in part:
                if isinstance(one, UnreadableItem):
                    counting.refuse(one)
                    continue
                state, bodies = _compared(session.connection, one)
                for body in bodies:
                    transaction.add(one.pitfall, body)
                counting.count(state, one)
        done += len(part)
        progress(done)
    return counting.tally


def _compared(
    connection: sqlite3.Connection, proposal: ImportItem
) -> tuple[ImportState, Iterable[Body]]:
    """The state of an item, and the events that import it."""
    before = newest_import(connection, proposal.pitfall)
    if before is None:
        held = connection.execute("SELECT 1 FROM pitfalls WHERE id = ?", (proposal.pitfall,))
        # What is on the board, and not by way of a file, is no file's to change.
        return (ImportState.SAME, ()) if held.fetchone() else (ImportState.NEW, reporting(proposal))
    if same(before, said(proposal)):
        return ImportState.SAME, ()
    draft = draft_of(core_events(connection, proposal.pitfall))
    if draft.reported is None:
        return ImportState.NEW, reporting(proposal)
    return ImportState.CHANGED, merging(draft, before, proposal)


def _each_once(arriving: Arriving) -> Iterator[ImportItem | UnreadableItem]:
    """The items; a second one for the same pitfall is refused, since it would undo the first."""
    met: set[int] = set()
    for one in arriving:
        if isinstance(one, ImportItem):
            name = int(one.pitfall, 16)
            if name in met:
                why: PitboardError = Refused(
                    N_("“{key}” is in this file twice; the first one counts."), key=one.key
                )
                one = UnreadableItem(one.line, why)
            met.add(name)
        yield one


class _Counting:
    """Counts items, and keeps those to be shown."""

    def __init__(self) -> None:
        self._counts: Counter[ImportState] = Counter()
        self._shown: dict[ImportState, list[PreviewedItem]] = {state: [] for state in ImportState}
        self._refused: list[UnreadableItem] = []
        self._set_aside = 0
        self._vague: dict[RefusedSignature, None] = {}
        self._states: Counter[MappedState] = Counter()

    def count(self, state: ImportState, proposal: ImportItem) -> None:
        self._counts[state] += 1
        if len(self._shown[state]) < _SHOWN:
            self._shown[state].append(PreviewedItem(state, proposal))
        if len(self._states) < _SHOWN:
            self._states.update(proposal.states)
        if state is not ImportState.SAME and len(self._vague) < _REFUSED_KEPT:
            self._vague.update(dict.fromkeys(proposal.vague))

    def refuse(self, one: UnreadableItem) -> None:
        self._set_aside += 1
        if len(self._refused) < _REFUSED_KEPT:
            self._refused.append(one)

    @property
    def tally(self) -> ImportTally:
        shown: Sequence[PreviewedItem] = [one for held in self._shown.values() for one in held]
        return ImportTally(
            new=self._counts[ImportState.NEW],
            changed=self._counts[ImportState.CHANGED],
            same=self._counts[ImportState.SAME],
            shown=tuple(shown[:_SHOWN]),
            refused=tuple(self._refused),
            set_aside=self._set_aside,
            vague=tuple(self._vague),
            states=tuple(self._states.most_common()),
        )


def _parts(
    arriving: Iterable[ImportItem | UnreadableItem], size: int
) -> Iterator[list[ImportItem | UnreadableItem]]:
    arriving = iter(arriving)
    while part := list(islice(arriving, size)):
        yield part


# Events that somebody exported


_HOLDS: Final = (
    f"SELECT 1 FROM events WHERE {is_event('?2', '?1')}"
    " UNION ALL SELECT 1 FROM quarantine WHERE id = ?1"
)
_CHUNK_LINES: Final = 20_000
_CHUNK_BYTES: Final = 32 * 1024 * 1024
#: How many of the lines that were set aside a report names; it counts them all.
NAMED_AT_MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to.

    ``added`` events were new and ``known`` ones were not; ``refused`` names the
    first lines that were set aside, by their numbers from 1, and why;
    ``set_aside`` counts them all. Of what was added, ``quarantined`` events are kept
    and do not count.
    """

    added: int = 0
    known: int = 0
    refused: tuple[tuple[int, PitboardError], ...] = ()
    set_aside: int = 0
    quarantined: int = 0


def read_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a file without their line breaks, none longer than an event can be by much.

    Of an overlong line only the beginning is given, one byte more than an
    event can have; the rest is skipped without being held in memory.
    """
    start = codecs.BOM_UTF8
    while line := stream.readline(LONGEST_LINE + len(b"\r\n")):
        whole = line.endswith(b"\n")
        yield _bare(line.removeprefix(start))[: LONGEST_LINE + 1]
        start = b""
        while not whole and (rest := stream.readline(LONGEST_LINE)):
            whole = rest.endswith(b"\n")


def import_events(session: WriteSession, lines: Iterable[bytes]) -> ImportReport:
    """Take in events that were written elsewhere; those that are known already change nothing.

    A line that is no event is set aside and the rest comes in. Events of
    unknown kinds or later versions are kept.

    Args:
        session: takes them, some thousands in each transaction.
        lines: with or without their line breaks; blank ones are skipped. See
            :func:`read_lines` for files from elsewhere.

    Raises:
        NotSaved, Busy, ReadOnly: what came before is in the record; importing
            again goes on from there.
    """
    added = known = set_aside = size = quarantined = 0
    refused: list[tuple[int, PitboardError]] = []
    chunk: list[Event] = []

    def take() -> int:
        nonlocal quarantined
        with session.writing() as transaction:
            new = transaction.take(chunk)
        quarantined += sum(one.reason is not None for one in new)
        return len(new)

    for number, line in enumerate(lines, 1):
        line = _bare(line)
        if not line.strip():
            continue
        try:
            chunk.append(parse(line))
        except MalformedEvent as why:
            set_aside += 1
            if len(refused) < NAMED_AT_MOST:
                refused.append((number, why))
            continue
        size += len(line)
        if len(chunk) == _CHUNK_LINES or size >= _CHUNK_BYTES:
            new = take()
            added, known, size = added + new, known + len(chunk) - new, 0
            chunk.clear()
    if chunk:
        new = take()
        added, known = added + new, known + len(chunk) - new
    return ImportReport(added, known, tuple(refused), set_aside, quarantined)


def preview_events(path: Path, lines: Iterable[bytes]) -> ImportReport:
    """What taking in ``lines`` would come to; nothing is written.

    Args:
        path: the board's file; there may be none yet.
        lines: as for :func:`import_events`.
    """
    known, set_aside = 0, 0
    refused: list[tuple[int, PitboardError]] = []
    met: set[str] = set()
    with ExitStack() as open_:
        connection = None
        if look(path) is not None:
            open_.enter_context(explained(path))
            connection = open_.enter_context(closing(connect_for_reading(path)))
        for number, line in enumerate(lines, 1):
            if not (line := _bare(line)).strip():
                continue
            try:
                event = parse(line)
            except MalformedEvent as why:
                set_aside += 1
                if len(refused) < NAMED_AT_MOST:
                    refused.append((number, why))
                continue
            named = event.id, event.pitfall
            held = connection and connection.execute(_HOLDS, named).fetchone()
            if held or event.id in met:
                known += 1
            else:
                met.add(event.id)
    return ImportReport(len(met), known, tuple(refused), set_aside)


def _bare(line: bytes) -> bytes:
    return line.removesuffix(b"\n").removesuffix(b"\r")
