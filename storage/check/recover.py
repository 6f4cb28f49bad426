"""A new board from the events that can be verified: of the damaged one, backups and journals."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from storage.check.salvage import Salvage
from storage.db import blobs
from storage.db.backup import in_the_way, move_into_place, write_log_back
from storage.db.board_files import discard
from storage.db.connection import connect_for_reading, connect_for_writing
from storage.errors import N_, NotFound, Unusable
from storage.imports.importer import import_events, read_lines
from storage.model.clock import FIRST
from storage.model.fields import NamedTuple
from storage.sharing.git_errors import LimitExceeded, SharingFailed
from storage.sharing.journal import LARGEST_SEGMENT
from storage.sharing.members import ignore
from storage.sharing.repository import Repository
from storage.sharing.sync import repository_path
from storage.write.session import WriteSession
from storage.write.store import Catalogue, Store, install

_SQLITE: Final = b"SQLite format 3\0"

Progress = Callable[[str, int], object]


class RecoverySource(NamedTuple):
    """Where events were looked for: how many were found there, and how many were new then."""

    name: str
    found: int
    added: int


class Gap(NamedTuple):
    """Events of a store that are nowhere to be had, by their numbers."""

    actor: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Recovered:
    """What came of it.

    ``missing_contents`` counts attachments whose bytes are nowhere, ``ignored`` are the stores
    that were ignored on the damaged board and are on the new one.
    """

    sources: tuple[RecoverySource, ...]
    gaps: tuple[Gap, ...]
    missing_contents: int
    whole: bool
    url: str
    ignored: tuple[str, ...] = ()

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
    without: Sequence[str] = (),
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
        without: stores whose events are left out, by the beginnings of their names.
        who: the person's name, for what is written on the new board later.
        catalogue, edition: the built-in one, added where the board held one.
        progress: told where it looks and how many events it has found there.

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
                found = list(_take_all(_Taker(store.session, without, progress), damaged, others))
                if not sum(source.added for source in found):
                    raise Unusable(
                        N_("Not one event can be read, neither of {path} nor of anything else."),
                        N_("Name what copies you have: “pitboard recover FILE --from BACKUP”."),
                        path=path,
                    )
                if catalogue is not None and _holds_catalogue(store.session):
                    install(store.session, catalogue, edition)
                ignored = damaged.ignored()
                for actor, since in ignored.items():
                    ignore(store.session, actor, since or None)
            highest = {
                actor: seq
                for actor, seq in damaged.highest().items()
                if not actor.startswith(tuple(without))
            }
            with closing(connect_for_writing(beside)) as connection:
                write_log_back(connection, target)
            gaps, missing = _look_for_gaps(beside, highest)
            move_into_place(beside, target)
            whole, url = damaged.whole, damaged.url()
            return Recovered(tuple(found), gaps, missing, whole, url, tuple(ignored))
    finally:
        discard(beside)


def _take_all(taker: _Taker, damaged: Salvage, others: Sequence[Path]) -> Iterator[RecoverySource]:
    yield taker.take_board(damaged)
    for other in others:
        if _is_board(other):
            with Salvage(other) as copy:
                yield taker.take_board(copy)
        else:
            with other.open("rb") as file:
                yield taker.take(str(other), read_lines(file))
    journals = repository_path(damaged.path)
    if journals.is_dir():
        yield taker.take(str(journals), _journalled(journals))


class _Taker:
    """Takes events into the new board.

    Args:
        session: of the new board.
        without: the beginnings of the names of stores whose events are left out.
        progress: told where it looks and how many events it has found there.
    """

    def __init__(self, session: WriteSession, without: Sequence[str], progress: Progress) -> None:
        self._session = session
        self._without = tuple(without)
        self._progress = progress

    def take_board(self, board: Salvage) -> RecoverySource:
        """Take in the events of a board, and the bytes of the attachments that they name."""
        taken = self.take(str(board.path), board.lines())
        with closing(connect_for_reading(self._session.path)) as connection:
            named = {digest for (digest,) in connection.execute(_NAMED)}
        for data in board.contents():
            if blobs.digest_of(data) in named:
                with self._session.writing():
                    blobs.put(self._session.connection, data)
        return taken

    def take(self, name: str, lines: Iterable[bytes]) -> RecoverySource:
        """Take in some lines."""

        def counted() -> Iterator[bytes]:
            for done, line in enumerate(lines, 1):
                if not done % 1_000:
                    self._progress(name, done)
                if not (self._without and self._is_left_out(line)):
                    yield line

        report = import_events(self._session, counted())
        return RecoverySource(name, report.added + report.known, report.added)

    def _is_left_out(self, line: bytes) -> bool:
        with suppress(ValueError, RecursionError):
            said = json.loads(line)
            actor = said.get("actor") if isinstance(said, dict) else None
            return isinstance(actor, str) and actor.startswith(self._without)
        return False


#: The digests of all attachments, also of those that are hidden or wait in quarantine.
_NAMED: Final = " UNION ".join(
    f"SELECT json_extract(line, '$.body.digest') FROM {table}"
    " WHERE kind = 'attachment_added' AND json_valid(line)"
    for table in ("events", "quarantine")
)


def _journalled(directory: Path) -> Iterator[bytes]:
    """The lines of all journals that were fetched, as far as git can read them."""
    repository = Repository(directory)
    with suppress(SharingFailed):
        for commit in repository.journals().values():
            with suppress(SharingFailed, LimitExceeded), repository.objects() as objects:
                for entry in objects.segments(commit):
                    found = objects.look(entry.blob)
                    if found is not None and found.size <= LARGEST_SEGMENT:
                        yield from objects.read(found.name).split(b"\n")


def _holds_catalogue(session: WriteSession) -> bool:
    with closing(connect_for_reading(session.path)) as connection:
        found = connection.execute("SELECT 1 FROM events WHERE hlc < ? LIMIT 1", (FIRST,))
        return found.fetchone() is not None


def _look_for_gaps(board: Path, highest: dict[str, int]) -> tuple[tuple[Gap, ...], int]:
    """What is missing between the events of each store, and behind them where that is known."""
    with closing(connect_for_reading(board)) as connection:
        held = connection.execute(
            "SELECT actor, seq FROM events UNION SELECT actor, seq FROM quarantine"
            " ORDER BY actor, seq"
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
