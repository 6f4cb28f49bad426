"""Pull: events of the remote's journals come into the board, as a union of both sets.

A journal is read as somebody's who may mean no good: nothing is read whose size is not known,
each file once, and a journal that exceeds a limit is left out and named while the others come in.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from typing import Final

from storage.db import blobs
from storage.db.connection import connect_for_reading
from storage.db.reader import PROJECTION_VERSION, projection_version
from storage.errors import N_, PitboardError
from storage.events import LONGEST_LINE, Event, MalformedEvent, event_id, parse
from storage.sharing import journal
from storage.sharing.git_errors import GitErrorKind, LimitExceeded, SharingFailed
from storage.sharing.journal import LARGEST_SEGMENT, JournalName, file_path
from storage.sharing.members import SyncChanges
from storage.sharing.repository import Objects, Repository, TreeEntry
from storage.write.quarantine import Arrival, named
from storage.write.session import WriteSession

#: So many events are written together, whosever they are: what several people wrote about one
#: pitfall is then folded once.
_CHUNK_LINES: Final = 5_000
#: Of the lines that were set aside in one file, so many are named.
_NAMED: Final = 20

#: The most journals that are taken in, and what is taken of each.
MOST_JOURNALS: Final = 1_000
MOST_SEGMENTS: Final = 2_000
LARGEST_JOURNAL: Final = 512 * 1024 * 1024
MOST_DAMAGED_LINES: Final = 1_000
#: The bytes of all attachments that one store named.
LARGEST_ATTACHMENTS: Final = 1024 * 1024 * 1024

#: When more events than this come in one pull, and so many times more than the board held, they are
#: only inserted, and all is folded once at the end; few events take more bytes than that.
_LARGE: Final = 20_000
_TIMES_LARGER: Final = 2
_BYTES_OF_AN_EVENT: Final = 1_000

#: Told how many bytes of how many were taken in; may raise to stop.
Taken = Callable[[int, int], object]
#: Segments of a journal, each with its size, in their order.
_Changed = list[tuple[TreeEntry, int]]


class JournalPull:
    """Imports the fetched journals into a board.

    Args:
        session: takes the events, some thousands in each transaction.
        repository: holds the journals.
        taken: told how far it is.
        changes: counts what others changed.
    """

    def __init__(
        self, session: WriteSession, repository: Repository, taken: Taken, changes: SyncChanges
    ) -> None:
        self._session = session
        self._repository = repository
        self._taken = taken
        self._chunk: list[Event] = []
        self._sources: dict[str, str] = {}
        self._come: dict[JournalName, str] = {}
        self._authentic: Collection[str] = ()
        self._done = self._total = self._held = self._arrived = 0
        self._folds_later = False
        self._newer = 0
        self.received = 0
        self._changes = changes
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
            (self._own,) = connection.execute("SELECT actor FROM store").fetchone()
            (self._held,) = connection.execute("SELECT count(*) FROM events").fetchone()
            # One before may have been stopped before its rebuild.
            self._folds_later = projection_version(connection) != PROJECTION_VERSION
        lost = [name for name, commit in known.items() if not self._holds(theirs, name, commit)]
        for name in lost:
            self._note_lost(name, whole=name not in theirs)
        if lost:
            with self._session.writing():
                journal.forget(self._session.connection)
            known = {}
        with self._repository.objects() as objects:
            # What comes in all is known before the first of it is folded, or left to be folded.
            new = {n: at for n, at in self._bounded(theirs, known).items() if known.get(n) != at}
            coming = [(n, at, self._changed(objects, n, at, known.get(n))) for n, at in new.items()]
            for name, commit, changed in coming:
                if changed is not None:
                    self._take(objects, name, commit, changed)
            self._write()
            if self._folds_later:
                self._session.rebuild(lambda n: self._taken(n, self._held + self.received))
            self._take_files(objects, theirs)
        self._changes.settle_forks(self._session, self.noticed)
        if self._newer:
            newer = PitboardError(
                N_("Changes that came in and hold more than this version shows: {count}."),
                N_("Nothing of them is lost; a newer Pitboard shows it."),
                count=self._newer,
            )
            self.noticed.append((f"newer {self._session.now()}", newer))

    def _holds(self, theirs: dict[JournalName, str], name: JournalName, commit: str) -> bool:
        return name in theirs and self._repository.follows(theirs[name], commit)

    def _bounded(
        self, theirs: dict[JournalName, str], known: dict[JournalName, str]
    ) -> dict[JournalName, str]:
        """The journals to take in: those that are known, then others up to a limit."""
        names = sorted(theirs, key=lambda name: (name not in known, name.actor != self._own))
        for name in names[MOST_JOURNALS:]:
            limit = LimitExceeded(
                N_("The journal of the store {actor} was left out: there are more than {most}."),
                most=MOST_JOURNALS,
            )
            self._leave_out(name, theirs[name], limit)
        return {name: theirs[name] for name in names[:MOST_JOURNALS]}

    # Events

    def _take(self, objects: Objects, name: JournalName, commit: str, changed: _Changed) -> None:
        """Take in the events of one journal, and remember how far it has come."""
        if name.actor == self._own:
            self._authentic = self._written_here(objects)
        end = self._done + sum(size for _, size in changed)
        try:
            self._take_segments(objects, name, changed)
        except LimitExceeded as limit:
            self._leave_out(name, commit, limit)
            self._total -= end - self._done
            return
        self._come[name] = commit

    def _is_readable(self, objects: Objects, name: JournalName, commit: str) -> bool:
        version = objects.version(commit)
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

    def _changed(
        self, objects: Objects, name: JournalName, commit: str, before: str | None
    ) -> _Changed | None:
        """The segments of a journal that have changed; None if it can't be read, or is left out."""
        if not self._is_readable(objects, name, commit):
            return None
        held = set(objects.segments(before)) if before else set()
        found = [entry for entry in objects.segments(commit) if entry not in held]
        if len(found) > MOST_SEGMENTS:
            many = N_(
                "The journal of the store {actor} was left out: it has {count} files of events."
            )
            self._leave_out(name, commit, LimitExceeded(many, count=len(found)))
            return None
        changed = []
        for entry in found:
            known = objects.look(entry.blob)
            if known is None:
                raise SharingFailed(
                    GitErrorKind.DAMAGED, str(self._repository.directory), entry.path
                )
            changed.append((entry, known.size))
        total = sum(size for _, size in changed)
        if total > LARGEST_JOURNAL:
            large = N_(
                "The journal of the store {actor} was left out: its events take {size} bytes."
            )
            self._leave_out(name, commit, LimitExceeded(large, size=total))
            return None
        self._total += total
        return changed

    def _take_segments(self, objects: Objects, name: JournalName, changed: _Changed) -> None:
        # One file under many names is read once.
        met: set[str] = set()
        refused = 0
        for entry, size in changed:
            if size > LARGEST_SEGMENT:
                self._set_aside(
                    name,
                    f"events/{entry.path}",
                    N_("{place} in the journal of the store {actor} is too large ({size} bytes)."),
                    size=size,
                )
            elif entry.blob not in met:
                met.add(entry.blob)
                refused += self._take_events(
                    name, f"events/{entry.path}", objects.read(entry.blob), refused
                )
            self._done += size
            self._taken(self._done, self._total)

    def _take_events(self, name: JournalName, place: str, data: bytes, refused_before: int) -> int:
        """Take in the events of a segment; how many lines of it are none."""
        refused: list[tuple[int, PitboardError]] = []
        met: set[str] = set()
        for number, line in enumerate(data.split(b"\n"), 1):
            if not line:
                continue
            identity = event_id(line)
            if identity not in met:
                met.add(identity)
                try:
                    event = parse(line[: LONGEST_LINE + 1], identity)
                except MalformedEvent as bad:
                    refused.append((number, bad))
                else:
                    self._chunk.append(event)
                    # Whoever passed it on, it counts as its own store's if that sent it, too.
                    if event.envelope.actor == name.actor:
                        self._sources[event.id] = name.actor
                    else:
                        self._sources.setdefault(event.id, name.actor)
            if len(self._chunk) == _CHUNK_LINES:
                self._write()
                self._taken(self._done, self._total)
            if refused_before + len(refused) > MOST_DAMAGED_LINES:
                raise LimitExceeded(
                    N_(
                        "The journal of the store {actor} was left out: more than {most} of its"
                        " lines are damaged."
                    ),
                    most=MOST_DAMAGED_LINES,
                )
        for number, why in refused[:_NAMED]:
            self._set_aside(
                name,
                f"{place}:{number}",
                N_("Line {place} in the journal of the store {actor} is damaged: {why}"),
                why=str(why),
            )
        if len(refused) > _NAMED:
            self._set_aside(
                name,
                place,
                N_("{count} more lines of {place} in the journal of {actor} are damaged."),
                count=len(refused) - _NAMED,
            )
        return len(refused)

    def _written_here(self, objects: Objects) -> frozenset[str]:
        """The ids of the events of our own journal that were sent from here.

        After a backup was put in place, the journal holds events of ours that the board lacks.
        """
        sent = self._repository.sent()
        found: set[str] = set()
        for entry in objects.segments(sent) if sent else ():
            known = objects.look(entry.blob)
            if known is not None and known.size <= LARGEST_SEGMENT:
                found.update(map(event_id, objects.read(entry.blob).split(b"\n")))
        return frozenset(found)

    def _write(self) -> None:
        """Write what was read so far, and which journals have come in whole."""
        if not (self._chunk or self._come):
            return
        coming = self._arrived + (self._total - self._done) // _BYTES_OF_AN_EVENT
        self._folds_later |= coming > max(_LARGE, _TIMES_LARGER * self._held)
        with self._session.writing() as transaction:
            connection = self._session.connection
            if self._folds_later:
                transaction.fold_later(self._count)
            first = transaction.next_number
            new = transaction.take(self._chunk, sources=self._sources, authentic=self._authentic)
            come = {one.event.id for one in new}
            known = [event for event in self._chunk if event.id not in come]
            held = journal.numbers_of(connection, named(known))
            held += [(first, transaction.next_number - 1)] if new else []
            journal.mark(connection, held)
            journal.note_taken(connection, self._come)
        self._arrived += len(new)
        self._count([one.event for one in new if one.reason is None] + transaction.released, new)
        self._chunk, self._sources, self._come = [], {}, {}

    def _count(self, counted: Sequence[Event], arrived: Sequence[Arrival] = ()) -> None:
        """Count what is on the board from now on, and what came in."""
        self.received += len(counted)
        self._newer += sum(event.holds_more for event in counted)
        self._changes.count(counted, arrived)

    # Attachments

    def _take_files(self, objects: Objects, theirs: dict[JournalName, str]) -> None:
        """Take in the bytes that attachments name and that are not here, from whoever has them.

        What no attachment names is not even looked at.
        """
        with closing(connect_for_reading(self._session.path)) as connection:
            wanted = dict(_wanted(connection))
            waiting = dict(blobs.waiting(connection))
        for name, commit in theirs.items():
            there = []
            for digest, size in [*wanted.items(), *waiting.items()]:
                found = objects.look(f"{commit}:{file_path(digest)}")
                if found is None or found.kind != "blob":
                    continue
                data = objects.read(found.name) if found.size == size else b""
                if blobs.digest_of(data) == digest:
                    there.append(digest)
                    if wanted.pop(digest, None) is not None:
                        with self._session.writing():
                            blobs.put(self._session.connection, data, journalled=True)
                else:
                    self._set_aside(
                        name,
                        file_path(digest),
                        N_("The attachment {place} of the store {actor} is damaged."),
                    )
            if sent := [digest for digest in there if digest in waiting]:
                with self._session.writing():
                    blobs.mark_journalled(self._session.connection, sent)
                waiting = {one: size for one, size in waiting.items() if one not in sent}

    # What was noticed

    def _set_aside(self, name: JournalName, place: str, message: str, **values: object) -> None:
        content = PitboardError(
            message,
            N_("The rest came in. The person who wrote it still has it: ask them to sync."),
            place=place,
            actor=name.actor[:8],
            **values,
        )
        self.noticed.append((f"{name.actor} {place}", content))

    def _leave_out(self, name: JournalName, commit: str, limit: LimitExceeded) -> None:
        said = PitboardError(
            limit.message,
            N_(
                "All others came in. No Pitboard writes such a journal: ask who may push to"
                " the remote, and delete its ref there."
            ),
            **(limit.values | {"actor": name.actor[:8]}),
        )
        self.noticed.append((f"{name.actor} {commit}", said))

    def _note_lost(self, name: JournalName, *, whole: bool) -> None:
        message = (
            N_("The remote no longer holds the journal of the store {actor}.")
            if whole
            else N_("The remote holds an older journal of the store {actor} than before.")
        )
        said = PitboardError(
            message,
            N_("Nothing is lost here; what it lacks is sent again."),
            actor=name.actor[:8],
        )
        self.noticed.append((f"{name.actor} lost {self._session.now()}", said))


def _wanted(connection: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """The digests and sizes of attachments whose bytes are not here, as far as they may come."""
    rows = connection.execute(
        "SELECT digest, size, sum(size) OVER (PARTITION BY actor ORDER BY seq, attachments.id)"
        " FROM attachments CROSS JOIN events"
        " ON events.pitfall = recorded_on AND events.id = attachments.id"
        " AND kind <> 'occurrence_logged'"
    ).fetchall()
    held = {digest for (digest,) in connection.execute("SELECT digest FROM contents")}
    for digest, size, so_far in rows:
        if digest not in held and so_far <= LARGEST_ATTACHMENTS:
            yield digest, size
