"""Fetch: the journals of a remote come into the private repository, within limits.

git sets none: what somebody pushed by accident or on purpose would come to everybody at each sync.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from storage.errors import N_, PitboardError
from storage.sharing.git import Address, Git, GitProgress, Going, last_words
from storage.sharing.git_errors import GitErrorKind, LimitExceeded, SharingFailed, kind_of_failure
from storage.sharing.journal import Layout, journal_at

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
    for path, _ in _arriving(directory):
        path.unlink(missing_ok=True)


def _arriving(directory: Path) -> Iterator[tuple[Path, int]]:
    """The files that a fetch is writing, and their sizes in bytes."""
    for path in (directory / "objects" / "pack").glob("tmp_*"):
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
        except LimitExceeded:
            return self._one_by_one()
        except SharingFailed as failed:
            if failed.kind is not GitErrorKind.DAMAGED:
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
        command = (
            "fetch --progress --no-tags --no-write-fetch-head --no-auto-maintenance"
            " --no-recurse-submodules --refmap="
        ) + (" --prune" if prune else "")
        before, refs = dict(self._packs()), self._refs()
        started = time.monotonic()

        def too_large() -> LimitExceeded:
            return LimitExceeded(
                N_("The ref {ref} was left out: it brings more than {most} MB."),
                most=LARGEST_FETCH // 1024**2,
            )

        def watch(progress: GitProgress) -> None:
            if sum(size for _, size in _arriving(self._git.directory)) > LARGEST_FETCH:
                raise too_large()
            if time.monotonic() - started > LONGEST_FETCH:
                raise LimitExceeded(
                    N_("The ref {ref} was left out: it takes longer than {most} minutes."),
                    most=LONGEST_FETCH // 60,
                )
            self._going(progress)

        try:
            done, _, stderr = self._git.reach(self._remote, command, *refspecs, going=watch)
        except BaseException:
            sweep(self._git.directory)
            raise
        arrived = {path: size for path, size in self._packs() if path not in before}
        if sum(arrived.values()) > LARGEST_FETCH:
            # It was there before anybody looked.
            self._take_back(refs, arrived)
            raise too_large()
        if done:
            return
        kind = kind_of_failure(stderr)
        if kind is GitErrorKind.TOO_LARGE:
            raise LimitExceeded(
                N_("The ref {ref} was left out: it takes more memory than any journal.")
            )
        raise SharingFailed(kind, self._remote.url, last_words(stderr))

    def _packs(self) -> Iterator[tuple[Path, int]]:
        """The packs of the repository, and their sizes in bytes."""
        for path in (self._git.directory / "objects" / "pack").glob("pack-*.pack"):
            with suppress(FileNotFoundError):
                yield path, path.stat().st_size

    def _refs(self) -> dict[str, str]:
        """The refs of the repository that stand for those of the remote, and their commits."""
        out = self._git.run("for-each-ref", "--format=%(refname) %(objectname)", "refs/theirs")
        found = (line.partition(" ") for line in out.decode(errors="replace").splitlines())
        return {ref: commit for ref, _, commit in found}

    def _take_back(self, refs: dict[str, str], packs: Iterable[Path]) -> None:
        """Let the repository be what it was before a fetch: its refs, and which packs it lacked."""
        # One that goes may be in the way of one that comes back.
        for changes in (
            [f"delete {ref}\n" for ref in self._refs().keys() - refs.keys()],
            [f"update {ref} {commit}\n" for ref, commit in refs.items()],
        ):
            self._git.run("update-ref", "--stdin", data="".join(changes).encode())
        for path in packs:
            for part in path.parent.glob(f"{path.stem}.*"):
                part.unlink(missing_ok=True)

    def _listed(self) -> dict[str, str]:
        """The refs of the remote that lie where journals do, and the commits that they name."""
        places = [f"{place}*" for place in _PLACES]
        done, out, stderr = self._git.reach(
            self._remote, "ls-remote --refs --quiet", *places, going=self._going
        )
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
