"""Pull: events of the remote's journals come into the board, as a union of both sets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Final

from storage.db import blobs
from storage.db.connection import connect_for_reading
from storage.errors import N_, PitboardError
from storage.events import LONGEST_LINE, Event, MalformedEvent, parse
from storage.model.media_types import LARGEST_ATTACHMENT
from storage.sharing import journal
from storage.sharing.git_errors import GitErrorKind, SharingFailed
from storage.sharing.journal import (
    FORMAT_PATH,
    LARGEST_SEGMENT,
    JournalName,
    digest_at,
    segment_number,
    version_of,
)
from storage.sharing.repository import Repository, TreeEntry
from storage.write.session import WriteSession

#: So many events are written together, whosever they are: what several people wrote about one
#: pitfall is then folded once.
_CHUNK_LINES: Final = 5_000
_LARGEST_FORMAT: Final = 100
#: Of the lines that were set aside in one file, so many are named.
_NAMED: Final = 20

#: Told how many bytes of how many were taken in; may raise to stop.
Taken = Callable[[int, int], object]


class JournalPull:
    """Imports the fetched journals into a board.

    Args:
        session: takes the events, some thousands in each transaction.
        repository: holds the journals.
        taken: told how far it is.
    """

    def __init__(self, session: WriteSession, repository: Repository, taken: Taken) -> None:
        self._session = session
        self._repository = repository
        self._taken = taken
        self._chunk: list[Event] = []
        self._come: dict[JournalName, str] = {}
        self._done = self._total = 0
        self._newer = 0
        self.received = 0
        self.noticed: list[tuple[str, PitboardError]] = []

    def pull_all(self) -> None:
        """Take in every journal as far as it is new here.

        Where the remote lost something, all that is known of what lies there is found out
        anew, so that whatever it lost is sent from here.

        Raises:
            SharingFailed: if our own repository is damaged.
            NotSaved, Busy, ReadOnly: what came before is in the record.
        """
        theirs = self._repository.journals()
        with closing(connect_for_reading(self._session.path)) as connection:
            known = journal.taken(connection)
        lost = [name for name, commit in known.items() if not self._holds(theirs, name, commit)]
        for name in lost:
            self._note_lost(name, whole=name not in theirs)
        if lost:
            with self._session.writing():
                journal.forget(self._session.connection)
            known = {}
        for name, commit in theirs.items():
            if known.get(name) != commit:
                self._take(name, commit, known.get(name))
        self._write()
        if self._newer:
            newer = PitboardError(
                N_("Changes that came in and hold more than this version shows: {count}."),
                N_("Nothing of them is lost; a newer Pitboard shows it."),
                count=self._newer,
            )
            self.noticed.append((f"newer {self._session.now()}", newer))

    def _holds(self, theirs: dict[JournalName, str], name: JournalName, commit: str) -> bool:
        return name in theirs and self._repository.follows(theirs[name], commit)

    def _take(self, name: JournalName, commit: str, before: str | None) -> None:
        """Take in one journal, and remember how far it has come."""
        if not self._is_readable(name, commit):
            return
        entries = self._repository.changed(commit, before)
        sizes = self._repository.sizes(entries)
        segments = sorted(
            (entry for entry in entries if segment_number(entry.path) is not None),
            key=lambda entry: segment_number(entry.path) or 0,
        )
        files = [entry for entry in entries if digest_at(entry.path) is not None]
        bounded = [
            *self._bounded(name, segments, sizes, LARGEST_SEGMENT),
            *self._bounded(name, files, sizes, LARGEST_ATTACHMENT),
        ]
        self._total += sum(sizes[entry.blob] for entry in bounded)
        for entry, data in self._repository.read(bounded):
            if digest_at(entry.path):
                self._take_file(name, entry, data)
            else:
                self._take_events(name, entry, data)
            self._done += len(data)
            self._taken(self._done, self._total)
        self._come[name] = commit

    def _is_readable(self, name: JournalName, commit: str) -> bool:
        content = self._repository.file(commit, FORMAT_PATH, _LARGEST_FORMAT)
        version = version_of(content or b"")
        if version == 1:
            return True
        place = f"{name.actor} {commit}"
        if version is None:
            self.noticed.append((place, SharingFailed(GitErrorKind.NOT_PITBOARD, name.actor[:8])))
        else:
            newer = PitboardError(
                N_("The journal of the store {actor} was written by a newer Pitboard."),
                N_("Install the newer version to take it in; until then it stays on the remote."),
                actor=name.actor[:8],
            )
            self.noticed.append((place, newer))
        return False

    def _bounded(
        self, name: JournalName, entries: Sequence[TreeEntry], sizes: dict[str, int], largest: int
    ) -> Iterator[TreeEntry]:
        """The files that are there and not larger than any that Pitboard writes."""
        for entry in entries:
            size = sizes.get(entry.blob)
            if size is None:
                raise SharingFailed(
                    GitErrorKind.DAMAGED, str(self._repository.directory), entry.path
                )
            if size > largest:
                self._set_aside(
                    name,
                    entry.path,
                    N_("{place} in the journal of the store {actor} is too large ({size} bytes)."),
                    size=size,
                )
            else:
                yield entry

    def _take_events(self, name: JournalName, entry: TreeEntry, data: bytes) -> None:
        refused: list[tuple[int, PitboardError]] = []
        for number, line in enumerate(data.split(b"\n"), 1):
            if not line.strip():
                continue
            try:
                self._chunk.append(parse(line[: LONGEST_LINE + 1]))
            except MalformedEvent as bad:
                refused.append((number, bad))
            if len(self._chunk) == _CHUNK_LINES:
                self._write()
                self._taken(self._done, self._total)
        for number, why in refused[:_NAMED]:
            self._set_aside(
                name,
                f"{entry.path}:{number}",
                N_("Line {place} in the journal of the store {actor} is damaged: {why}"),
                why=str(why),
            )
        if len(refused) > _NAMED:
            self._set_aside(
                name,
                entry.path,
                N_("{count} more lines of {place} in the journal of {actor} are damaged."),
                count=len(refused) - _NAMED,
            )

    def _write(self) -> None:
        """Write what was read so far, and which journals have come in whole."""
        with self._session.writing() as transaction:
            connection = self._session.connection
            (before,) = connection.execute("SELECT coalesce(max(n), 0) FROM events").fetchone()
            new = transaction.take(self._chunk)
            added = {event.id for event in transaction.arrived}
            known = [event.id for event in self._chunk if event.id not in added]
            held = connection.execute(
                "SELECT n FROM events WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(known),),
            ).fetchall()
            arrived = [(before + 1, before + new)] if new else []
            journal.mark(connection, [*arrived, *((n, n) for (n,) in held)])
            journal.note_taken(connection, self._come)
        self.received += new
        self._newer += sum(event.holds_more for event in transaction.arrived)
        self._chunk, self._come = [], {}

    def _take_file(self, name: JournalName, entry: TreeEntry, data: bytes) -> None:
        if not data or blobs.digest_of(data) != digest_at(entry.path):
            self._set_aside(
                name,
                entry.path,
                N_("The attachment {place} of the store {actor} is damaged."),
            )
            return
        with self._session.writing():
            blobs.put(self._session.connection, data, journalled=True)

    def _set_aside(self, name: JournalName, place: str, message: str, **values: object) -> None:
        content = PitboardError(
            message,
            N_("The rest came in. Whoever wrote it holds it still: ask them to sync."),
            place=place,
            actor=name.actor[:8],
            **values,
        )
        self.noticed.append((f"{name.actor} {place}", content))

    def _note_lost(self, name: JournalName, *, whole: bool) -> None:
        message = (
            N_("The remote no longer holds the journal of the store {actor}.")
            if whole
            else N_("The remote holds an older journal of the store {actor} than before.")
        )
        content = PitboardError(
            message,
            N_("Nothing is lost here; what it lacks is sent again."),
            actor=name.actor[:8],
        )
        self.noticed.append((f"{name.actor} lost {self._session.now()}", content))
