"""A new board from the events that can be verified: of the damaged one, backups and journals."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.check.salvage import Salvage
from storage.db import blobs
from storage.db.backup import in_the_way, move_into_place
from storage.db.connection import connect_for_reading
from storage.errors import N_, NotFound, Unusable
from storage.imports.events import import_events, read_lines
from storage.model.clock import FIRST
from storage.sharing.git_errors import SharingFailed
from storage.sharing.journal import LARGEST_SEGMENT, segment_number
from storage.sharing.repository import Repository
from storage.sharing.sync import repository_path
from storage.write.open_board import Catalogue, install
from storage.write.session import WriteSession
from storage.write.store import Store

_SQLITE: Final = b"SQLite format 3\0"

Progress = Callable[[str, int], object]


@dataclass(frozen=True, slots=True)
class RecoverySource:
    """Where events were looked for: how many were found there, and how many were new then."""

    name: str
    found: int
    added: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Events of a store that are nowhere to be had, by their numbers."""

    actor: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came of it. ``missing_contents`` counts attachments whose bytes are nowhere."""

    sources: tuple[RecoverySource, ...]
    gaps: tuple[Gap, ...]
    missing_contents: int
    whole: bool
    url: str

    @property
    def complete(self) -> bool:
        """Whether nothing can be missing.

        A file that could not be read whole may have held more at its end than anybody knows of.
        """
        return self.whole and not self.gaps and not self.missing_contents


def recover(
    path: Path,
    target: Path,
    others: Sequence[Path] = (),
    *,
    who: str = "somebody",
    catalogue: Catalogue | None = None,
    edition: int = 0,
    progress: Progress = lambda name, done: None,
) -> Recovered:
    """Build a new board at ``target``; whatever it is built from stays as it is.

    Args:
        path: the damaged board.
        target: the new file.
        others: backups, other boards, and files of event lines.
        who: the person's name, for what is written on the new board later.
        catalogue, edition: the built-in one, added where the board held one.
        progress: lines where it looks and how many events it has found there.

    Raises:
        Refused: if there is something at ``target`` already.
        Unusable: if nothing can be read anywhere.
        NotSaved: if the disk that is to hold the new board failed.
    """
    if target.exists() or target.is_symlink():
        raise in_the_way(target)
    for named in (path, *others):
        _must_be_there(named)
    beside = target.with_name(f".{target.name}.new-{os.getpid()}")
    try:
        with Salvage(path) as damaged:
            with closing(Store.open(beside, who=who)) as store:
                found = list(_take_all(store.session, damaged, others, progress))
                if not sum(source.added for source in found):
                    raise Unusable(
                        N_("Not one event can be read, neither of {path} nor of anything else."),
                        N_("Name what copies you have: “pitboard recover FILE --from BACKUP”."),
                        path=path,
                    )
                if catalogue is not None and _holds_catalogue(store.session):
                    install(store.session, catalogue, edition)
            gaps, missing = _look_for_gaps(beside, damaged.highest())
            move_into_place(beside, target)
            return Recovered(tuple(found), gaps, missing, damaged.whole, damaged.url())
    finally:
        for left in beside.parent.glob(f"{beside.name}*"):
            left.unlink()


def _take_all(
    session: WriteSession, damaged: Salvage, others: Sequence[Path], progress: Progress
) -> Iterator[RecoverySource]:
    yield _take_board(session, damaged, progress)
    for other in others:
        if _is_board(other):
            with Salvage(other) as copy:
                yield _take_board(session, copy, progress)
        else:
            with other.open("rb") as file:
                yield _take(session, str(other), read_lines(file), progress)
    journals = repository_path(damaged.path)
    if journals.is_dir():
        yield _take(session, str(journals), _journalled(journals), progress)


def _take_board(session: WriteSession, board: Salvage, progress: Progress) -> RecoverySource:
    """Take in the events of a board, and the bytes of its attachments."""
    taken = _take(session, str(board.path), board.lines(), progress)
    for data in board.contents():
        with session.writing():
            blobs.put(session.connection, data)
    return taken


def _take(
    session: WriteSession, name: str, lines: Iterable[bytes], progress: Progress
) -> RecoverySource:
    def counted() -> Iterator[bytes]:
        for done, line in enumerate(lines, 1):
            if not done % 1_000:
                progress(name, done)
            yield line

    report = import_events(session, counted())
    return RecoverySource(name, report.added + report.known, report.added)


def _journalled(directory: Path) -> Iterator[bytes]:
    """The lines of all journals that were fetched, as far as git can read them."""
    repository = Repository(directory)
    with suppress(SharingFailed):
        for commit in repository.journals().values():
            with suppress(SharingFailed):
                entries = [
                    entry
                    for entry in repository.changed(commit)
                    if segment_number(entry.path) is not None
                ]
                sizes = repository.sizes(entries)
                readable = [one for one in entries if sizes.get(one.blob, 0) <= LARGEST_SEGMENT]
                for _, data in repository.read(one for one in readable if one.blob in sizes):
                    yield from data.split(b"\n")


def _holds_catalogue(session: WriteSession) -> bool:
    with closing(connect_for_reading(session.path)) as connection:
        found = connection.execute("SELECT 1 FROM events WHERE hlc < ? LIMIT 1", (FIRST,))
        return found.fetchone() is not None


def _look_for_gaps(board: Path, highest: dict[str, int]) -> tuple[tuple[Gap, ...], int]:
    """What is missing between the events of each store, and behind them where that is known."""
    with closing(connect_for_reading(board)) as connection:
        held = connection.execute(
            "SELECT DISTINCT actor, seq FROM events ORDER BY actor, seq"
        ).fetchall()
        missing = len(blobs.missing(connection))
    gaps: list[Gap] = []
    reached: dict[str, int] = dict.fromkeys(highest, 0)
    for actor, seq in held:
        after = reached.get(actor, 0)
        if seq > after + 1:
            gaps.append(Gap(actor, after + 1, seq - 1))
        reached[actor] = seq
    for actor, seq in highest.items():
        if seq > reached[actor]:
            gaps.append(Gap(actor, reached[actor] + 1, seq))
    return tuple(gaps), missing


def _must_be_there(path: Path) -> None:
    if not path.is_file():
        raise NotFound(N_("There is no file {path}."), N_("Check the path."), path=path)


def _is_board(path: Path) -> bool:
    """Whether a file is a database, damaged or not, rather than lines of text."""
    with path.open("rb") as file:
        head = file.read(4096)
    return head.startswith(_SQLITE) or b"\0" in head
