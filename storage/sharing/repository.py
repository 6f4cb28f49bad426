"""The private bare repository next to a board: the remote as it was last fetched.

It is a cache: thrown away, it is fetched again. ``refs/theirs`` are the journals of the remote.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from storage.errors import N_, PitboardError
from storage.model.fields import NamedTuple
from storage.sharing.git import Address, Git, Going, last_words, on_the_way
from storage.sharing.git_errors import GitErrorKind, LimitExceeded, SharingFailed, kind_of_failure
from storage.sharing.journal import (
    FORMAT_PATH,
    JournalName,
    Layout,
    PushResult,
    segment_number,
    version_of,
)
from storage.sharing.transfer import JournalFetch, left_out, sweep

_CONFIG: Final = """\
[core]
\trepositoryformatversion = 0
\tfilemode = false
\tbare = true
"""
#: No folder of a journal is larger than this as git keeps it, in bytes: some 25,000 files.
LARGEST_FOLDER: Final = 1024 * 1024
_LARGEST_FORMAT: Final = 100
_LAYOUTS: Final = "|".join(Layout)
_JOURNAL: Final = re.compile(rf"refs/theirs/({_LAYOUTS})/([0-9a-f]{{32}})")
#: Without these git takes it for no repository: making it was broken off, or it was damaged.
_NEEDED: Final = ("HEAD", "config", "objects", "refs")
_REJECTED: Final = re.compile(r"^!\t[^\t]*\t(.*)$", re.MULTILINE)


class TreeEntry(NamedTuple):
    """An entry of a folder of a journal; ``mode`` as git writes it."""

    mode: str
    path: str
    blob: str

    @property
    def is_file(self) -> bool:
        """Whether it is a file: links, submodules and folders are no files of a journal."""
        return self.mode in ("100644", "100755")


class GitObject(NamedTuple):
    """What is known of an object before it is read; ``size`` in bytes."""

    name: str
    kind: str
    size: int


class Objects:
    """The objects of a repository, asked for one at a time.

    Nothing is read before its size is known, and no folder is entered that was not asked for: a
    few hundred kilobytes of nested folders can name more files than any memory holds.
    """

    def __init__(self, directory: Path, looking: _Pipe, reading: _Pipe) -> None:
        self._directory = directory
        self._looking = looking
        self._reading = reading

    def look(self, name: str) -> GitObject | None:
        """What an object is, by its id or as ``COMMIT:PATH``; None if there is none."""
        asked, answers = self._looking
        asked.write(name.encode() + b"\n")
        asked.flush()
        answer = answers.readline().decode(errors="replace").split()
        if not answer:
            raise SharingFailed(GitErrorKind.DAMAGED, str(self._directory), name)
        return GitObject(answer[0], answer[1], int(answer[2])) if len(answer) == 3 else None

    def read(self, blob: str) -> bytes:
        """The bytes of an object. Look at its size before.

        Raises:
            SharingFailed: if it is missing or damaged.
        """
        asked, answers = self._reading
        asked.write(blob.encode() + b"\n")
        asked.flush()
        head = answers.readline().split()
        if len(head) != 3:
            raise SharingFailed(GitErrorKind.DAMAGED, str(self._directory), blob)
        data = answers.read(int(head[2]))
        answers.readline()
        return data

    def folder(self, name: str) -> list[TreeEntry]:
        """The entries of one folder, as ``COMMIT:PATH``; nothing if there is none.

        Raises:
            LimitExceeded: if it has more than any folder of a journal has.
        """
        found = self.look(name)
        if found is None or found.kind != "tree":
            return []
        if found.size > LARGEST_FOLDER:
            raise LimitExceeded(
                N_("The journal of the store {actor} was left out: {place} lists too many files."),
                place=name.partition(":")[2],
            )
        return list(_entries(self.read(found.name)))

    def version(self, commit: str) -> int | None:
        """The version of the journal of a commit; None if it is none."""
        found = self.look(f"{commit}:{FORMAT_PATH}")
        if found is None or found.kind != "blob" or found.size > _LARGEST_FORMAT:
            return None
        return version_of(self.read(found.name))

    def segments(self, commit: str) -> list[TreeEntry]:
        """The files of events of a commit, in their order.

        Raises:
            LimitExceeded: if its folder is larger than any.
        """
        return sorted(
            (
                entry
                for entry in self.folder(f"{commit}:events")
                if entry.is_file and segment_number(f"events/{entry.path}") is not None
            ),
            key=lambda entry: entry.path,
        )


def _entries(tree: bytes) -> Iterator[TreeEntry]:
    """The entries of a folder as git keeps it: mode, name, and the 20 bytes of an id."""
    place = 0
    while (end := tree.find(b"\0", place)) >= 0:
        mode, _, path = tree[place:end].decode(errors="replace").partition(" ")
        place = end + 21
        yield TreeEntry(mode, path, tree[end + 1 : place].hex())


_Pipe = tuple[IO[bytes], IO[bytes]]


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
        sweep(self.directory)

    def throw_away(self) -> None:
        """Begin anew: whatever it held comes again from the remote."""
        shutil.rmtree(self.directory, ignore_errors=True)
        self.settle()

    def fetch(self, remote: Address, going: Going = on_the_way) -> dict[str, PitboardError]:
        """Bring every journal of the remote here, within limits; see :class:`JournalFetch`."""
        return JournalFetch(self._git, remote, self._known, going).fetch()

    def _known(self) -> set[str]:
        """The refs of the remote that came in before; none of a damaged repository."""
        with suppress(SharingFailed):
            return {name.ref for name in self.journals()}
        return set()

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

    def blocking(self, name: JournalName) -> str:
        """The ref of the remote that leaves no room for a journal's; empty if none does.

        A ref is a file or a folder: where one is called as the folder of another, or the other
        way round, only one of them can be. One that was left out leaves no room, either.
        """
        for ref in left_out(self.directory):
            if ref == name.ref or name.ref.startswith(f"{ref}/") or ref.startswith(f"{name.ref}/"):
                return ref
        out = self._git.run("for-each-ref", "--format=%(refname)", "refs/theirs")
        for ref in out.decode(errors="replace").splitlines():
            if name.fetched.startswith(f"{ref}/") or ref.startswith(f"{name.fetched}/"):
                return ref.replace(f"refs/theirs/{name.layout}", name.layout.place, 1)
        return ""

    def sent(self) -> str:
        """The last commit that was made here of this store's own journal; empty if none was."""
        out = self._git.run("for-each-ref", "--format=%(objectname)", "refs/ours")
        return out.decode().strip()

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

    @contextmanager
    def objects(self) -> Iterator[Objects]:
        """Reads objects one by one, for as long as the context lasts."""
        with (
            self._git.talking("cat-file", "--batch-check") as looking,
            self._git.talking("cat-file", "--batch") as reading,
        ):
            yield Objects(self.directory, looking, reading)

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
        done, out, stderr = self._git.reach(
            remote, "push --porcelain --progress --no-verify", f"{commit}:{name.ref}", going=going
        )
        if done:
            self._git.run("update-ref", name.fetched, commit)
            return PushResult.DONE
        reasons = " ".join(_REJECTED.findall(out))
        if re.search(r"\[rejected\]|failed to update ref|cannot lock ref|incorrect old", reasons):
            return PushResult.BEHIND
        if "[remote rejected]" in reasons and "unpacker error" not in reasons:
            if name.layout.startswith("refs"):
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
