"""Fetch and push: the journals of a remote come here within limits, and this store's goes there.

git sets none: what somebody pushed by accident or on purpose would come to everybody at each sync.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from storage.db import blobs
from storage.db.connection import connect_for_reading, explained
from storage.errors import N_, PitboardError, Unusable
from storage.model.fields import NamedTuple
from storage.sharing import journal
from storage.sharing.git import Address, Git, GitProgress, Going, last_words
from storage.sharing.git_errors import GitErrorKind, LimitExceeded, SharingFailed, kind_of_failure
from storage.sharing.journal import (
    FORMAT,
    FORMAT_PATH,
    LARGEST_SEGMENT,
    JournalName,
    Layout,
    PushResult,
    Segment,
    file_path,
    grown,
    journal_at,
    segment_number,
)
from storage.sharing.state import actor_of, set_state
from storage.write.session import WriteSession

if TYPE_CHECKING:
    from storage.sharing.repository import Repository

#: What is fetched: whatever lies where a journal could, also what is only in its way.
_FETCHED: Final = tuple(
    f"+{layout.place}*:refs/theirs/{layout}*" for layout in (Layout.REFS, Layout.BRANCHES)
)
_PLACES: Final = (Layout.REFS.place, Layout.BRANCHES.place)

#: A fetch that brings more bytes than this, or takes more seconds, is stopped: all attachments of a
#: store (``pull.LARGEST_ATTACHMENTS``) and its events, deflated, are less.
LARGEST_FETCH: Final = 1280 * 1024 * 1024
LONGEST_FETCH: Final = 30 * 60
#: When so many journals of a remote have exceeded that in one sync, the rest waits for the next.
_MOST_EXCEEDING: Final = 2
#: The file that names the refs that exceeded a limit, each behind the commit that it named: they
#: are not fetched again until they name another one.
_LEFT_OUT: Final = "left-out"
#: Fetches what the refspecs behind it name, and does nothing else.
FETCH: Final = (
    "fetch --progress --no-tags --no-write-fetch-head --no-auto-maintenance"
    " --no-recurse-submodules --refmap="
)


def left_out(directory: Path) -> dict[str, str]:
    """The refs of a repository's remote that exceeded a limit, and the commits that they named."""
    try:
        text = (directory / _LEFT_OUT).read_text("utf-8", "replace")
    except FileNotFoundError:
        return {}
    found = (line.partition(" ") for line in text.splitlines())
    return {ref: commit for commit, _, ref in found if ref.startswith(_PLACES)}


def sweep(directory: Path) -> None:
    """Delete what a fetch left in a repository that was stopped or killed."""
    for path, _ in arriving(directory):
        path.unlink(missing_ok=True)


def arriving(directory: Path) -> Iterator[tuple[Path, int]]:
    """The files that a fetch is writing, and their sizes in bytes."""
    return packs(directory, "tmp_*")


def packs(directory: Path, name: str = "pack-*.pack") -> Iterator[tuple[Path, int]]:
    """The packs of a repository, and their sizes in bytes."""
    for path in (directory / "objects" / "pack").glob(name):
        # git may have renamed it just now.
        with suppress(FileNotFoundError):
            yield path, path.stat().st_size


class JournalFetch:
    """Brings the journals of a remote into a repository.

    Args:
        git: of the repository.
        remote: where the journals lie.
        known: the refs of the remote that came in before, which are fetched first.
        going: told how far it is; may raise to stop it.
    """

    def __init__(
        self, git: Git, remote: Address, known: Callable[[], Collection[str]], going: Going
    ) -> None:
        self._git = git
        self._remote = remote
        self._known = known
        self._going = going
        self._left_out = left_out(git.directory)

    def fetch(self) -> dict[str, PitboardError]:
        """Bring every journal of the remote here.

        Where one of them is damaged there or exceeds a limit, the others come in nevertheless.

        Returns: what was wrong with single refs of the remote, by their names and commits.

        Raises:
            SharingFailed: if nothing could be fetched.
        """
        if self._left_out:
            there = self._listed()
            self._leave_out({k: one for k, one in self._left_out.items() if there.get(k) == one})
        try:
            self._within_limits([*_FETCHED, *(f"^{ref}" for ref in self._left_out)], prune=True)
        except (LimitExceeded, SharingFailed) as failed:
            if isinstance(failed, SharingFailed) and failed.kind is not GitErrorKind.DAMAGED:
                raise
            return self._one_by_one()
        return {}

    def _one_by_one(self) -> dict[str, PitboardError]:
        """Fetch each journal by itself, those that are known first."""
        listed = self._listed()
        known = self._known()
        wrong: dict[str, PitboardError] = {}
        exceeding: dict[str, str] = {}
        for ref in sorted(listed.keys() - self._left_out, key=lambda ref: (ref not in known, ref)):
            place = f"{ref} {listed[ref]}"
            if len(exceeding) == _MOST_EXCEEDING:
                wrong[f"{place} waits"] = PitboardError(
                    N_("The ref {ref} was not fetched: others before it exceeded the limits."),
                    N_("It is tried again at the next sync."),
                    ref=ref,
                )
                continue
            name = journal_at(ref)
            if name is None:
                # It was not needed yet, and may be what was too large.
                self._leave_out(self._left_out | {ref: listed[ref]})
                continue
            try:
                self._within_limits([f"+{ref}:{name.fetched}"])
            except SharingFailed as failed:
                wrong[place] = failed
            except LimitExceeded as limit:
                exceeding[ref] = listed[ref]
                self._leave_out(self._left_out | exceeding)
                wrong[place] = PitboardError(
                    limit.message,
                    N_(
                        "The others came in. If nobody needs what lies there:"
                        " git push {url} --delete {ref}"
                    ),
                    **(limit.values | {"ref": ref, "url": self._remote.url}),
                )
        failures = [error for error in wrong.values() if isinstance(error, SharingFailed)]
        if failures and len(failures) == len(listed):
            raise failures[0]
        return wrong

    def _within_limits(self, refspecs: Sequence[str], *, prune: bool = False) -> None:
        """Fetch some refs.

        Raises:
            LimitExceeded: if a limit stopped it; nothing of it is kept.
            SharingFailed: if git fails.
        """
        directory, started = self._git.directory, time.monotonic()
        before, refs = dict(packs(directory)), self._refs()

        def too_large() -> LimitExceeded:
            return LimitExceeded(
                N_("The ref {ref} was left out: it brings more than {most} MB."),
                most=LARGEST_FETCH // 1024**2,
            )

        def watch(progress: GitProgress) -> None:
            if sum(size for _, size in arriving(directory)) > LARGEST_FETCH:
                raise too_large()
            if time.monotonic() - started > LONGEST_FETCH:
                raise LimitExceeded(
                    N_("The ref {ref} was left out: it takes longer than {most} minutes."),
                    most=LONGEST_FETCH // 60,
                )
            self._going(progress)

        try:
            done, _, stderr = self._git.reach(
                self._remote, FETCH + " --prune" * prune, *refspecs, going=watch
            )
        except BaseException as stopped:
            sweep(directory)
            if isinstance(stopped, LimitExceeded):
                # git may have been done by then.
                self._take_back(refs, before)
            raise
        if sum(size for path, size in packs(directory) if path not in before) > LARGEST_FETCH:
            # It was there before anybody looked.
            self._take_back(refs, before)
            raise too_large()
        if done:
            return
        kind = kind_of_failure(stderr)
        if kind is GitErrorKind.TOO_LARGE:
            raise LimitExceeded(
                N_("The ref {ref} was left out: it takes more memory than any journal.")
            )
        raise SharingFailed(kind, self._remote.url, last_words(stderr))

    def _refs(self) -> dict[str, str]:
        """The refs of the repository that stand for those of the remote, and their commits."""
        out = self._git.run("for-each-ref", "--format=%(refname) %(objectname)", "refs/theirs")
        found = (line.partition(" ") for line in out.decode(errors="replace").splitlines())
        return {ref: commit for ref, _, commit in found}

    def _take_back(self, refs: dict[str, str], kept: Collection[Path]) -> None:
        """Let the repository be what it was before a fetch: its refs, and which packs it had."""
        # One that goes may be in the way of one that comes back.
        for changes in (
            [f"delete {ref}\n" for ref in self._refs().keys() - refs.keys()],
            [f"update {ref} {commit}\n" for ref, commit in refs.items()],
        ):
            self._git.run("update-ref", "--stdin", data="".join(changes).encode())
        for path in [path for path, _ in packs(self._git.directory) if path not in kept]:
            for part in path.parent.glob(f"{path.stem}.*"):
                part.unlink(missing_ok=True)

    def _listed(self) -> dict[str, str]:
        """The refs of the remote that lie where journals do, and the commits that they name."""
        command, places = "ls-remote --refs --quiet", (f"{place}*" for place in _PLACES)
        done, out, stderr = self._git.reach(self._remote, command, *places, going=self._going)
        if not done:
            raise SharingFailed(kind_of_failure(stderr), self._remote.url, last_words(stderr))
        found = (line.partition("\t") for line in out.splitlines())
        return {ref: commit for commit, _, ref in found if ref.startswith(_PLACES)}

    def _leave_out(self, refs: dict[str, str]) -> None:
        """Remember the refs that exceeded a limit."""
        self._left_out = refs
        path = self._git.directory / _LEFT_OUT
        path.unlink(missing_ok=True)
        if refs:
            lines = (f"{commit} {ref}\n" for ref, commit in refs.items())
            path.write_text("".join(lines), "utf-8")


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
