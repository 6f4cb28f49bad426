"""Importing events that were written elsewhere, so that boards can be joined."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from storage.db.connection import connect_for_reading, explained
from storage.errors import PitboardError
from storage.events import LONGEST_LINE, Event, MalformedEvent, parse
from storage.write.board_file import look
from storage.write.session import WriteSession

_HOLDS: Final = (
    "SELECT 1 FROM events WHERE id = ?1 UNION ALL SELECT 1 FROM quarantine WHERE id = ?1"
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
                name = parse(line).id
            except MalformedEvent as why:
                set_aside += 1
                if len(refused) < NAMED_AT_MOST:
                    refused.append((number, why))
                continue
            held = connection and connection.execute(_HOLDS, (name,)).fetchone()
            if held or name in met:
                known += 1
            else:
                met.add(name)
    return ImportReport(len(met), known, tuple(refused), set_aside)


def _bare(line: bytes) -> bytes:
    return line.removesuffix(b"\n").removesuffix(b"\r")
