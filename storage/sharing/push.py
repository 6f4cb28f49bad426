"""Push: new events and attachments go into this store's own journal on the remote."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from itertools import chain
from typing import NamedTuple

from storage.db import blobs
from storage.db.connection import connect_for_reading, explained
from storage.errors import Unusable
from storage.sharing import journal
from storage.sharing.git import Address, Going
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


def send(
    session: WriteSession, repository: Repository, remote: Address, layout: Layout, going: Going
) -> int | None:
    """Send what waits; how many events that were, or None if the journal was written meanwhile.

    The journal on the remote is what the new part is put upon, so whatever became of an
    earlier try, each event goes there once.

    Raises:
        SharingFailed: if the remote does not take it. It still waits.
    """
    with explained(session.path), closing(connect_for_reading(session.path)) as connection:
        batch = _pending_batch(connection)
        if batch.is_empty:
            return 0
        name = JournalName(layout, batch.actor)
        base = repository.journals().get(name)
        count = sum(last - first + 1 for first, last in batch.runs)
        sent: list[str] = []
        damaged: list[int] = []
        files = _files(connection, batch, repository, base, sent, damaged)
        first = next(files, None)
        if first is None:
            # Nothing waits but what is damaged here.
            return 0
        commit = repository.commit(
            base, chain([first], files), at=session.now() // 1000, message=f"{count} events"
        )
    pushed = repository.push(remote, commit, name, going)
    if pushed is PushResult.NO_SUCH_REFS:
        return send(session, repository, remote, Layout.BRANCHES, going)
    if pushed is PushResult.BEHIND:
        return None
    with session.writing():
        journal.mark(session.connection, journal.without(batch.runs, damaged))
        blobs.mark_journalled(session.connection, sent)
        journal.note_taken(session.connection, {name: commit})
    set_state(session, layout=layout)
    return count - len(damaged)


def _pending_batch(connection: sqlite3.Connection) -> PushBatch:
    return PushBatch(
        actor_of(connection),
        journal.unmarked(connection),
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
    numbers = [
        number
        for path in repository.paths(base, "events")
        if (number := segment_number(path)) is not None
    ]
    if not numbers:
        return None
    last = Segment(max(numbers), b"")
    data = repository.file(base, last.path, LARGEST_SEGMENT)
    # One that can't be read stays as it is, and the next one begins.
    return last._replace(data=data) if data is not None else Segment(last.number + 1, b"")
