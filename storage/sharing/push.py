"""Push: new events and attachments go into this store's own journal on the remote."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from itertools import chain
from typing import NamedTuple

from storage.db import blobs
from storage.db.connection import connect_for_reading, explained
from storage.errors import N_, PitboardError, Unusable
from storage.sharing import journal
from storage.sharing.git import Address, Going
from storage.sharing.git_errors import GitErrorKind, SharingFailed
from storage.sharing.journal import (
    FORMAT,
    FORMAT_PATH,
    LARGEST_SEGMENT,
    JournalName,
    Layout,
    Segment,
    file_path,
    grown,
    segment_number,
)
from storage.sharing.repository import PushResult, Repository
from storage.sharing.state import actor_of, set_state
from storage.write.session import WriteSession


class PushBatch(NamedTuple):
    """What is to be pushed: runs of events by number, and attachments by digest."""

    actor: str
    runs: Sequence[journal.Run]
    digests: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to send."""
        return not (self.runs or self.digests)


class Sent(NamedTuple):
    """How many events were sent, and what was noticed.

    ``events`` is None if the journal was written meanwhile.
    """

    events: int | None
    noticed: Sequence[tuple[str, PitboardError]] = ()


def send(
    session: WriteSession, repository: Repository, remote: Address, layout: Layout, going: Going
) -> Sent:
    """Send what waits.

    The journal on the remote is what the new part is put upon, so whatever became of an
    earlier try, each event goes there once.

    Raises:
        SharingFailed: if the remote does not take it. It still waits.
    """
    with explained(session.path), closing(connect_for_reading(session.path)) as connection:
        batch = _pending_batch(connection)
        if batch.is_empty:
            return Sent(0)
        name, noticed = _unblocked(repository, remote, JournalName(layout, batch.actor))
        base = repository.journals().get(name)
        count = sum(last - first + 1 for first, last in batch.runs)
        sent: list[str] = []
        damaged: list[int] = []
        files = _files(connection, batch, repository, base, sent, damaged)
        first = next(files, None)
        if first is None:
            # Nothing waits but what is damaged here.
            return Sent(0, noticed)
        commit = repository.commit(
            base, chain([first], files), at=session.now() // 1000, message=f"{count} events"
        )
    pushed = repository.push(remote, commit, name, going)
    if pushed is PushResult.NO_SUCH_REFS:
        layouts = list(Layout)
        following = layouts[layouts.index(name.layout) + 1]
        return send(session, repository, remote, following, going)
    if pushed is PushResult.BEHIND:
        return Sent(None, noticed)
    with session.writing():
        journal.mark(session.connection, journal.without(batch.runs, damaged))
        blobs.mark_journalled(session.connection, sent)
        journal.note_taken(session.connection, {name: commit})
    set_state(session, layout=name.layout)
    return Sent(count - len(damaged), noticed)


def _unblocked(
    repository: Repository, remote: Address, wanted: JournalName
) -> tuple[JournalName, list[tuple[str, PitboardError]]]:
    """The journal to write: under another ref where the remote has no room for the wanted one.

    Raises:
        SharingFailed: if there is no room for any.
    """
    blocking = repository.blocking(wanted)
    if not blocking:
        return wanted, []
    for layout in Layout:
        name = JournalName(layout, wanted.actor)
        if not repository.blocking(name):
            said = PitboardError(
                N_("The ref {blocking} on the remote leaves no room for {ref}."),
                N_(
                    "This board goes on under {new}. Somebody who may push made it; take it away"
                    " with: git push {url} --delete {blocking}"
                ),
                blocking=blocking,
                ref=wanted.ref,
                new=name.ref,
                url=remote.url,
            )
            return name, [(f"blocked {wanted.ref} {blocking}", said)]
    raise SharingFailed(GitErrorKind.BLOCKED, remote.url, blocking)


def _pending_batch(connection: sqlite3.Connection) -> PushBatch:
    return PushBatch(
        actor_of(connection),
        journal.to_send(connection),
        [digest for digest, _ in blobs.waiting(connection)],
    )


def _files(
    connection: sqlite3.Connection,
    batch: PushBatch,
    repository: Repository,
    base: str | None,
    sent: list[str],
    damaged: list[int],
) -> Iterator[tuple[str, bytes]]:
    """The files of the journal that change, one at a time.

    ``sent`` takes the digests of attachments, ``damaged`` the numbers of events that are not as
    they were written: these wait for “pitboard recover”, and keep nothing else back.
    """
    if base is None:
        yield FORMAT_PATH, FORMAT
    last = last_segment(repository, base) if base else None
    for segment in grown(last, journal.lines(connection, batch.runs, damaged)):
        yield segment.path, segment.data
    for digest in batch.digests:
        # One that is damaged here waits for "pitboard doctor", and keeps nothing else back.
        with suppress(Unusable):
            if (data := blobs.get(connection, digest)) is not None:
                yield file_path(digest), data
                sent.append(digest)


def last_segment(repository: Repository, base: str) -> Segment | None:
    """The segment that a journal goes on with; None if it has none yet."""
    with repository.objects() as objects:
        entries = objects.segments(base)
        if not entries:
            return None
        number = segment_number(f"events/{entries[-1].path}") or 0
        found = objects.look(entries[-1].blob)
        if found is None or found.size > LARGEST_SEGMENT:
            # One that can't be read stays as it is, and the next one begins.
            return Segment(number + 1, b"")
        return Segment(number, objects.read(found.name))
