"""Sharing a board with a remote, and syncing both."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from storage.db.connection import connect_for_reading
from storage.db.reader import time_zone_of
from storage.errors import N_, PitboardError, Refused, not_created
from storage.fold.fold import fold
from storage.model.clock import TIME_ZONE
from storage.model.fields import NamedTuple
from storage.model.records import THE_BOARD
from storage.projection.update import core_events
from storage.sharing import journal
from storage.sharing.git import Address, Git, GitProgress, Transport, address
from storage.sharing.git_errors import GitErrorKind, SharingFailed, kind_of_failure
from storage.sharing.journal import Layout
from storage.sharing.members import SyncChanges, written_ahead
from storage.sharing.pull import JournalPull
from storage.sharing.repository import Repository
from storage.sharing.state import (
    MemberChanges,
    SharingReader,
    SharingState,
    actor_of,
    note,
    set_state,
)
from storage.sharing.transfer import send
from storage.write.entries import BoardCommands
from storage.write.session import WriteSession


class SyncStage(StrEnum):
    """What a sync is doing."""

    FETCHING = "fetching"
    TAKING = "taking"
    SENDING = "sending"


class SyncStep(NamedTuple):
    """How far a sync is: ``done`` of ``total`` objects or bytes, both 0 before it is known."""

    stage: SyncStage
    done: int = 0
    total: int = 0


#: Told how far it is, some times a second; may raise to stop it.
Steps = Callable[[SyncStep], object]


class SyncResult(NamedTuple):
    """The result of a sync: events sent and received, and what was noticed.

    ``renamed`` if this file was found to be a copy and goes on as a store of its own;
    ``changes`` is what others changed, unusual amounts first; ``conflicts`` are the ids of the
    pitfalls on which it brought a conflict.
    """

    sent: int
    received: int
    noticed: tuple[PitboardError, ...] = ()
    renamed: bool = False
    changes: tuple[MemberChanges, ...] = ()
    conflicts: tuple[str, ...] = ()


def nobody(step: SyncStep) -> None:
    """Nobody looks at the progress."""


#: How long a sync waits for another one of the same board, in seconds: a git that a killed one was
#: just starting holds the lock for a moment longer.
_WAIT_SECONDS: Final = 5
#: How often a journal that somebody else wrote meanwhile is taken in and tried again.
_TRIES: Final = 5


def repository_path(path: Path) -> Path:
    """Where the private repository of the board at ``path`` lies."""
    return path.with_name(f"{path.name}.git")


def share(
    session: WriteSession,
    url: str,
    *,
    create: bool = False,
    steps: Steps = nobody,
    ask: bool = False,
) -> SyncResult:
    """Join a board to a remote, and bring both into step for the first time.

    Args:
        session: the board.
        url: the remote, as :func:`storage.sharing.git.address` takes it.
        create: make a bare folder there if there is none.
        steps: told how far it is; may raise to stop it.
        ask: whether git may ask the person at the terminal.

    Raises:
        Refused: if the address can't be used, or the board is shared already.
        SharingFailed: if the remote can't be reached or is none of ours. Then nothing is joined.
    """
    remote = address(url)
    present = _sharing(session)
    if present is not None and present.url != remote.url:
        raise Refused(
            N_("This board is shared through {url} already."),
            N_("Leave that one first: “pitboard share --leave”."),
            url=present.url,
        )
    if present is None:
        with _alone(session):
            if create:
                _create(remote)
            repository = Repository(repository_path(session.path), ask=ask)
            # Whatever lies there is of another time.
            repository.throw_away()
            repository.fetch(
                remote, lambda progress: steps(SyncStep(SyncStage.FETCHING, *progress))
            )
            _must_be_ours(repository, remote)
            with session.writing():
                session.connection.execute(
                    "INSERT INTO sharing (url, layout, joined_at, problem, details, sent, received)"
                    " VALUES (?, ?, ?, '', '', 0, 0)",
                    (remote.url, Layout.REFS, session.now()),
                )
    return sync(session, steps=steps, ask=ask)


def leave(session: WriteSession) -> None:
    """Share the board no longer. What came in stays, and so does what was sent.

    Raises:
        Refused: if it is not shared.
    """
    if _sharing(session) is None:
        raise _not_shared()
    with _alone(session):
        with session.writing():
            for table in ("sharing", "sharing_notes"):
                session.connection.execute(f"DELETE FROM {table}")
            journal.forget(session.connection)
        shutil.rmtree(repository_path(session.path), ignore_errors=True)


def sync(session: WriteSession, *, steps: Steps = nobody, ask: bool = False) -> SyncResult:
    """Take what is new on the remote and send what is new here.

    Stopped or killed at any point, the next one goes on from there: nothing is lost, and
    nothing comes in or goes out twice.

    Args:
        session, steps, ask: as for :func:`share`.

    Raises:
        Refused: if the board is not shared.
        SharingFailed: what kept it from being done, which is kept with the board until it is.
        NotSaved, Busy, ReadOnly: if the board can't be written.
    """
    present = _sharing(session)
    if present is None:
        raise _not_shared()
    with _alone(session):
        set_state(session, tried_at=session.now())
        before = _conflicts(session)
        try:
            synced = _sync(session, present, steps, ask)
        except SharingFailed as failed:
            set_state(session, problem=failed.kind, details=failed.details)
            raise
        set_state(
            session,
            synced_at=session.now(),
            problem="",
            details="",
            sent=synced.sent,
            received=synced.received,
            actor=synced.actor,
            changes=json.dumps(synced.changes),
        )
        conflicts = [pitfall for pitfall, name in _conflicts(session) - before]
    return SyncResult(
        synced.sent,
        synced.received,
        tuple(synced.noticed),
        present.actor not in ("", synced.actor),
        synced.changes,
        tuple(sorted(set(conflicts))),
    )


def _conflicts(session: WriteSession) -> set[tuple[str, str]]:
    """The conflicts of the board: the pitfall of each, and what is in conflict."""
    with closing(connect_for_reading(session.path)) as connection:
        return {*connection.execute("SELECT DISTINCT pitfall, name FROM conflicts").fetchall()}


class _Synced(NamedTuple):
    """What was done, before it is told; ``actor`` is whose board it is now."""

    sent: int
    received: int
    noticed: list[PitboardError]
    changes: tuple[MemberChanges, ...]
    actor: str


def _sync(session: WriteSession, present: SharingState, steps: Steps, ask: bool) -> _Synced:
    remote = address(present.url)
    repository = Repository(repository_path(session.path), ask=ask)
    try:
        synced = _in_step(session, repository, remote, steps)
    except SharingFailed as failed:
        if failed.kind is not GitErrorKind.DAMAGED:
            raise
        # It may be our own copy of the journals; whatever that held lies on the remote or here.
        repository.throw_away()
        synced = _in_step(session, repository, remote, steps)
    repository.tidy()
    return synced


def _in_step(
    session: WriteSession, repository: Repository, remote: Address, steps: Steps
) -> _Synced:
    received = 0
    noticed: list[PitboardError] = []
    changes = SyncChanges()
    for _ in range(_TRIES):
        repository.settle()
        wrong = repository.fetch(
            remote, lambda progress: steps(SyncStep(SyncStage.FETCHING, *progress))
        )
        noticed += note(session, list(wrong.items()))
        pull = JournalPull(
            session,
            repository,
            lambda done, total: steps(SyncStep(SyncStage.TAKING, done, total)),
            changes,
        )
        pull.pull_all()
        received += pull.received
        noticed += note(session, pull.noticed)
        present = _sharing(session)
        if present is not None and present.synced_at is None:
            noticed += _take_zone(session)
        layout = Layout(present.layout) if present else Layout.REFS
        sent = send(session, repository, remote, layout, _telling(steps))
        noticed += note(session, sent.noticed)
        if sent.events is not None:
            with closing(connect_for_reading(session.path)) as connection:
                actor = actor_of(connection)
                ahead = written_ahead(connection, session.now(), sent.events + 1)
            if ahead is not None:
                noticed += note(session, [(f"ahead {actor} {ahead.values['until']}", ahead)])
            return _Synced(sent.events, received, noticed, changes.members(), actor)
    raise SharingFailed(GitErrorKind.BUSY, remote.url)


def _take_zone(session: WriteSession) -> list[PitboardError]:
    """Give a board that joins a team the team's time zone; what is told of it.

    The zone of the first board that was made would count, or the one that was set last: the days
    of everybody would become those of whoever joins with an older board.
    """
    with closing(connect_for_reading(session.path)) as connection:
        ours = actor_of(connection)
        theirs = [one for one in core_events(connection, THE_BOARD) if one.envelope.actor != ours]
        held = time_zone_of(connection)
    team = fold(theirs).values.get(TIME_ZONE)
    if team is None or team.plain == held:
        return []
    zone = BoardCommands(session).set_time_zone(team.plain)
    return [
        PitboardError(
            N_("The days of this board are from now on those of {zone}, as the team's are."),
            zone=zone,
        )
    ]


def _telling(steps: Steps) -> Callable[[GitProgress], object]:
    return lambda progress: steps(SyncStep(SyncStage.SENDING, *progress))


def _sharing(session: WriteSession) -> SharingState | None:
    with SharingReader.open(session.path) as shared:
        return shared.sharing()


def _not_shared() -> Refused:
    return Refused(
        N_("This board is not shared."), N_("Join it to a remote: “pitboard share URL”.")
    )


@contextmanager
def _alone(session: WriteSession) -> Iterator[None]:
    """One sync of a board at a time, whoever runs it; what the system refuses is said in words."""
    if session.read_only is not None:
        raise session.read_only
    try:
        with FileLock(f"{repository_path(session.path)}.lock", timeout=_WAIT_SECONDS, mode=0o600):
            yield
    except Timeout as error:
        raise SharingFailed(GitErrorKind.BUSY) from error
    except OSError as error:
        text = f"{error.filename}: {error.strerror}"
        raise SharingFailed(kind_of_failure(text), str(session.path), text) from error


def _must_be_ours(repository: Repository, remote: Address) -> None:
    """Go on only if nothing but journals lies where journals lie."""
    found = repository.journals()
    with repository.objects() as objects:
        is_ours = any(objects.version(commit) is not None for commit in found.values())
    if found and not is_ours:
        raise SharingFailed(GitErrorKind.NOT_PITBOARD, remote.url)


def _create(remote: Address) -> None:
    """A bare repository in a folder that the whole team may write to."""
    if remote.transport is not Transport.FILE:
        raise Refused(
            N_("Only a folder can be created from here."),
            N_("Create an empty repository on the host, then share through its address."),
        )
    folder = Path(remote.url)
    if (folder / "HEAD").is_file():
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(
            N_("{path} holds something else already; it was left as it is."),
            N_("Name a folder that is empty or does not exist yet."),
            path=folder,
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_created(folder, error, N_("Name a folder that you may write to.")) from error
    Git(folder).run("init", "--quiet", "--bare", "--shared=group", "--template=", str(folder))
