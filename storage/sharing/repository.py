"""The private bare repository next to a board: the remote as it was last fetched.

It is a cache: thrown away, it is fetched again. ``refs/theirs`` are the journals of the remote.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, Final, NamedTuple

from storage.sharing.git import Address, Git, Going, last_words, on_the_way
from storage.sharing.git_errors import GitErrorKind, SharingFailed, kind_of_failure
from storage.sharing.journal import JournalName, Layout

_CONFIG: Final = """\
[core]
\trepositoryformatversion = 0
\tfilemode = false
\tbare = true
"""
_EMPTY_TREE: Final = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_JOURNAL: Final = re.compile(r"refs/theirs/(refs|branches)/([0-9a-f]{32})")
#: Without these git takes it for no repository: making it was broken off, or it was damaged.
_NEEDED: Final = ("HEAD", "config", "objects", "refs")
_REJECTED: Final = re.compile(r"^!\t[^\t]*\t(.*)$", re.MULTILINE)


_PLACES: Final = {Layout.REFS: "refs/pitboard", Layout.BRANCHES: "refs/heads/pitboard"}


class TreeEntry(NamedTuple):
    """A file of a journal that is new or has changed."""

    path: str
    blob: str


class PushResult(StrEnum):
    """What became of a push."""

    DONE = "done"
    BEHIND = "behind"
    """Somebody has written this journal meanwhile."""
    NO_SUCH_REFS = "no-such-refs"
    """The host takes no refs of this layout."""


class Repository:
    """The journals of a remote on this machine.

    Args:
        directory: where it lies; made when it is not there.
        ask: whether git may ask the person at the terminal.
    """

    def __init__(self, directory: Path, *, ask: bool = False) -> None:
        self.directory = directory
        self._git = Git(directory, ask=ask)

    def settle(self) -> None:
        """Make it ready, with no settings and no hooks but our own: it may come from elsewhere."""
        if self.directory.is_symlink():
            self.directory.unlink()
        if not all((self.directory / needed).exists() for needed in _NEEDED):
            shutil.rmtree(self.directory, ignore_errors=True)
            self.directory.mkdir(mode=0o700)
            self._git.run("init", "--quiet", "--bare", "--template=", str(self.directory))
        config = self.directory / "config"
        if config.is_symlink() or config.read_text("utf-8", "replace") != _CONFIG:
            fresh = self.directory / f"config.new-{os.getpid()}"
            fresh.write_text(_CONFIG, "utf-8")
            fresh.replace(config)
        for foreign in ("config.worktree", "commondir", "objects/info/alternates"):
            (self.directory / foreign).unlink(missing_ok=True)
        # What a killed git left; nobody else writes here while the lock of sharing is held.
        for lock in (*self.directory.glob("*.lock"), *self.directory.glob("refs/**/*.lock")):
            lock.unlink(missing_ok=True)

    def throw_away(self) -> None:
        """Begin anew: whatever it held comes again from the remote."""
        shutil.rmtree(self.directory, ignore_errors=True)
        self.settle()

    def fetch(self, remote: Address, going: Going = on_the_way) -> dict[str, SharingFailed]:
        """Bring every journal of the remote here.

        Where one of them is damaged there, the others come in nevertheless.

        Returns: what was wrong with single journals, by the refs of the remote.

        Raises:
            SharingFailed: if nothing could be fetched.
        """
        refspecs = [f"+{place}/*:refs/theirs/{layout}/*" for layout, place in _PLACES.items()]
        done, _, stderr = self._fetch(remote, refspecs, going, prune=True)
        if done:
            return {}
        kind = kind_of_failure(stderr)
        if kind is not GitErrorKind.DAMAGED:
            raise self._failed(kind, remote, stderr)
        return self._fetch_one_by_one(remote, going)

    def _fetch_one_by_one(self, remote: Address, going: Going) -> dict[str, SharingFailed]:
        listed, out, stderr = self._git.reach(remote, "ls-remote --refs --quiet", going=going)
        if not listed:
            raise self._failed(kind_of_failure(stderr), remote, stderr)
        found = [line.partition("\t")[2] for line in out.splitlines()]
        wrong = {}
        for layout, place in _PLACES.items():
            for ref in found:
                actor = ref.removeprefix(f"{place}/")
                if not re.fullmatch("[0-9a-f]{32}", actor):
                    continue
                refspec = f"+{ref}:refs/theirs/{layout}/{actor}"
                done, _, stderr = self._fetch(remote, [refspec], going)
                if not done:
                    wrong[ref] = self._failed(kind_of_failure(stderr), remote, stderr)
        if wrong and len(wrong) == len(found):
            raise next(iter(wrong.values()))
        return wrong

    def _fetch(
        self, remote: Address, refspecs: Sequence[str], going: Going, *, prune: bool = False
    ) -> tuple[bool, str, str]:
        command = (
            "fetch --progress --no-tags --no-write-fetch-head --no-auto-maintenance"
            " --no-recurse-submodules --refmap="
        )
        return self._git.reach(
            remote, command + (" --prune" if prune else ""), *refspecs, going=going
        )

    def journals(self) -> dict[JournalName, str]:
        """The commits of the journals on the remote, as they were fetched last."""
        out = self._git.run(
            "for-each-ref", "--format=%(objectname) %(objecttype) %(refname)", "refs/theirs"
        )
        found = {}
        for line in out.decode(errors="replace").splitlines():
            commit, sort, ref = line.split(" ", 2)
            if sort == "commit" and (name := _JOURNAL.fullmatch(ref)):
                found[JournalName(Layout(name[1]), name[2])] = commit
        return found

    def follows(self, new: str, old: str) -> bool:
        """Whether a commit came out of another, so that nothing was lost in between."""
        if new == old:
            return True
        asked = f"{old}^{{commit}}\n".encode()
        if self._git.run("cat-file", "--batch-check", data=asked).endswith(b" missing\n"):
            # What a commit came out of is fetched with it.
            return False
        out = self._git.run("rev-list", "--max-count=1", old, f"^{new}")
        return not out.strip()

    def changed(self, new: str, old: str | None = None) -> list[TreeEntry]:
        """The files of a commit that another one does not hold like this."""
        out = self._git.run(
            *("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-ext-diff", "--no-abbrev"),
            *(old or _EMPTY_TREE, new),
        )
        parts = out.decode(errors="replace").split("\0")
        found = []
        for stderr, path in zip(parts[::2], parts[1::2], strict=False):
            _, mode, _, blob, status = stderr.removeprefix(":").split(" ")
            # Links and submodules are no files of a journal.
            if status != "D" and mode in ("100644", "100755"):
                found.append(TreeEntry(path, blob))
        return found

    def sizes(self, entries: Sequence[TreeEntry]) -> dict[str, int]:
        """How large some files are, in bytes, by their blobs; those that are missing are not in."""
        if not entries:
            return {}
        asked = "".join(f"{entry.blob}\n" for entry in entries).encode()
        out = self._git.run("cat-file", "--batch-check", data=asked).decode()
        answers = (line.split(" ") for line in out.splitlines())
        return {answer[0]: int(answer[2]) for answer in answers if answer[1:2] == ["blob"]}

    def read(self, entries: Iterable[TreeEntry]) -> Iterator[tuple[TreeEntry, bytes]]:
        """The bytes of some files, one at a time. Ask for their sizes before.

        Raises:
            SharingFailed: if one is damaged.
        """
        with self._git.talking("cat-file", "--batch") as (asked, answers):
            for entry in entries:
                asked.write(entry.blob.encode() + b"\n")
                asked.flush()
                head = answers.readline().split()
                if len(head) != 3:
                    raise SharingFailed(GitErrorKind.DAMAGED, str(self.directory), entry.path)
                data = answers.read(int(head[2]))
                answers.readline()
                yield entry, data

    def file(self, commit: str, path: str, largest: int) -> bytes | None:
        """A file of a commit; None if there is none, or it is larger than that."""
        asked = f"{commit}:{path}\n".encode()
        answer = self._git.run("cat-file", "--batch-check", data=asked).decode().split()
        if len(answer) != 3 or answer[1] != "blob" or int(answer[2]) > largest:
            return None
        return self._git.run("cat-file", "blob", answer[0])

    def paths(self, commit: str, under: str) -> list[str]:
        """The files of a commit under one of its folders."""
        out = self._git.run("ls-tree", "-r", "-z", "--name-only", commit, f"{under}/")
        return [path for path in out.decode(errors="replace").split("\0") if path]

    def commit(
        self, base: str | None, files: Iterable[tuple[str, bytes]], at: int, message: str
    ) -> str:
        """Write a commit with new or changed files on top of another one; its name.

        Args:
            base: the commit that it follows.
            files: paths and bytes, taken one at a time.
            at: when, in seconds.
            message: for whoever looks at the repository with git.
        """
        with self._git.talking("fast-import", "--quiet", "--force") as (put, _):
            put.write(b"commit refs/ours\n")
            put.write(b"committer pitboard <pitboard@localhost> %d +0000\n" % at)
            _put_data(put, message.encode())
            if base:
                put.write(b"from %s\n" % base.encode())
            for path, data in files:
                put.write(b"M 100644 inline %s\n" % path.encode())
                _put_data(put, data)
        return self._git.run("rev-parse", "--verify", "refs/ours").decode().strip()

    def push(
        self, remote: Address, commit: str, name: JournalName, going: Going = on_the_way
    ) -> PushResult:
        """Send a journal to the remote.

        Raises:
            SharingFailed: if the remote can't be reached, or does not take it.
        """
        ref = f"{_PLACES[name.layout]}/{name.actor}"
        done, out, stderr = self._git.reach(
            remote, "push --porcelain --progress --no-verify", f"{commit}:{ref}", going=going
        )
        if done:
            self._git.run("update-ref", f"refs/theirs/{name.layout}/{name.actor}", commit)
            return PushResult.DONE
        reasons = " ".join(_REJECTED.findall(out))
        if re.search(r"\[rejected\]|failed to update ref|cannot lock ref|incorrect old", reasons):
            return PushResult.BEHIND
        if "[remote rejected]" in reasons and "unpacker error" not in reasons:
            if name.layout is Layout.REFS:
                return PushResult.NO_SUCH_REFS
            raise SharingFailed(GitErrorKind.READ_ONLY, remote.url, reasons[:300])
        kind = kind_of_failure(stderr)
        if kind is GitErrorKind.NO_PERMISSION:
            kind = GitErrorKind.READ_ONLY
        raise self._failed(kind, remote, stderr)

    def tidy(self) -> None:
        """Let git pack what has become many small files, which it does rarely."""
        with suppress(SharingFailed):
            self._git.run("gc", "--auto", "--quiet")

    def _failed(self, kind: GitErrorKind, remote: Address, stderr: str) -> SharingFailed:
        return SharingFailed(kind, remote.url, last_words(stderr))


def _put_data(put: IO[bytes], data: bytes) -> None:
    put.write(b"data %d\n" % len(data))
    put.write(data)
    put.write(b"\n")
