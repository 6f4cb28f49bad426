"""The history of a catalogue: a git repository of somebody else's, read as the events it becomes.

The events are made from commit to commit along the main line, so whoever subscribes later, or
stays at an earlier commit, has the beginning of the same chain. A commit in which any file holds a
mistake is passed over; what it changed comes with the next one that is whole.

Nothing of it is run or checked out, and nothing is read whose size is not known.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from storage.errors import N_, PitboardError, Refused
from storage.events import Event, MalformedEvent
from storage.events.catalogue import (
    FOLDER,
    MANIFEST,
    CatalogueChain,
    Entry,
    Manifest,
    Misprint,
    read_entry,
    read_manifest,
)
from storage.match.generality import check_signature
from storage.model.fields import NamedTuple
from storage.sharing.git import Address, Git, GitProgress, Going, last_words
from storage.sharing.git_errors import GitErrorKind, LimitExceeded, SharingFailed, kind_of_failure
from storage.sharing.repository import Objects, Repository
from storage.sharing.transfer import FETCH, arriving, packs, sweep

#: A catalogue that is larger than this in any way is refused.
LARGEST_FETCH: Final = 50 * 1024 * 1024
LONGEST_FETCH: Final = 10 * 60
MOST_ENTRIES: Final = 20_000
MOST_COMMITS: Final = 20_000
LARGEST_FILE: Final = 128 * 1024
#: The bytes of all versions of all files, and how many mistakes are named.
LARGEST_HISTORY: Final = 256 * 1024 * 1024
MOST_NAMED: Final = 20

_DELETED: Final = N_("an entry is withdrawn, not deleted.")
_FETCHED: Final = "refs/catalogue/fetched"
_COMMIT: Final = re.compile(r"commit ([0-9a-f]{40,64}) (\d+)")
#: A line of ``git log --raw``: the new mode, the new object, what happened, and the path.
_CHANGE: Final = re.compile(r":\d{6} (\d{6}) [0-9a-f]+ ([0-9a-f]+) ([A-Z])\d*\t(.+)")
_ENTRY: Final = re.compile(rf"{FOLDER}/(\d{{4}})-[a-z0-9-]+\.toml")


class ReadHistory(NamedTuple):
    """A catalogue as its history tells it.

    Args:
        manifest: what it says of itself.
        commit: the newest one that is whole; what is taken in goes up to it.
        events: what it becomes.
        misprints: what is wrong with the commits behind that one.
    """

    manifest: Manifest
    commit: str
    events: list[Event]
    misprints: tuple[PitboardError, ...] = ()


class CatalogueRepository:
    """A private copy of a catalogue's repository.

    Args:
        directory: where it lies; made when it is not there.
        ask: whether git may ask the person at the terminal.
    """

    def __init__(self, directory: Path, *, ask: bool = False) -> None:
        self._repository = Repository(directory, ask=ask)
        self._git = Git(directory, ask=ask)

    def fetch(self, remote: Address, going: Going) -> str:
        """Bring the main line of the catalogue here; its newest commit.

        Raises:
            SharingFailed: if it can't be reached.
            LimitExceeded: if it is larger than any catalogue; nothing of it is kept.
        """
        self._repository.settle()
        directory = self._git.directory
        before = _packed(directory)
        started = time.monotonic()

        def watch(progress: GitProgress) -> None:
            sizes = sum(size for _, size in arriving(directory)) + _packed(directory)
            if sizes > LARGEST_FETCH:
                raise _too_large()
            if time.monotonic() - started > LONGEST_FETCH:
                raise LimitExceeded(
                    N_("The catalogue takes longer than {most} minutes, and was left out."),
                    most=LONGEST_FETCH // 60,
                )
            going(progress)

        try:
            done, _, stderr = self._git.reach(remote, FETCH, f"+HEAD:{_FETCHED}", going=watch)
        except BaseException:
            sweep(directory)
            raise
        if not done:
            why = kind_of_failure(stderr), remote.url, last_words(stderr)
            raise SharingFailed(*why, is_catalogue=True)
        if _packed(directory) > max(LARGEST_FETCH, before):
            self._repository.throw_away()
            raise _too_large()
        return self.commit(_FETCHED)

    def commit(self, name: str) -> str:
        """The whole id of a commit that is here.

        Raises:
            Refused: if there is none of that name.
        """
        found = b""
        if re.fullmatch(rf"[0-9a-f]{{4,64}}|{_FETCHED}", name):
            with suppress(SharingFailed):
                found = self._git.run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if not found:
            raise Refused(
                N_("The catalogue has no commit {commit}."),
                N_("Name one by its id, as “git log” shows it."),
                commit=name[:64],
            )
        return found.decode().strip()

    def is_behind(self, old: str, new: str) -> bool:
        """Whether a commit lies on the main line that leads to another one."""
        with suppress(SharingFailed):
            out = self._git.run("rev-list", "--first-parent", f"{old}..{new}", "--parents")
            last = out.decode().split("\n")[-2:-1]
            return old == new or (bool(last) and old in last[0].split()[1:2])
        return False

    def read(self, commit: str, going: Callable[[int], object] = lambda done: None) -> ReadHistory:
        """The catalogue up to a commit.

        Args:
            commit: the last one that counts.
            going: told how many files were read.

        Raises:
            Refused: if no commit holds a catalogue.
            LimitExceeded: if it is larger than any.
        """
        with self._repository.objects() as objects:
            return _History(objects, going).read_log(self._log(commit))

    def committed(self) -> set[str]:
        """The numbers of the entries that subscribers of this folder's own repository have."""
        if not self._git.directory.is_dir():
            return set()
        with suppress(SharingFailed, Refused), self._repository.objects() as objects:
            history = _History(objects, lambda done: None)
            history.read_log(self._log("HEAD"))
            return set(history.told)
        return set()

    def _log(self, commit: str) -> list[str]:
        """What the commits of the main line up to one changed, as git tells it."""
        count = int(self._git.run("rev-list", "--count", "--first-parent", commit))
        if count > MOST_COMMITS:
            raise LimitExceeded(
                N_("The catalogue has {count} commits; {most} is the most that is read."),
                count=count,
                most=MOST_COMMITS,
            )
        log = self._git.run(
            *("log", "--first-parent", "--diff-merges=first-parent", "--reverse", "--root"),
            *("--raw", "--no-abbrev", "--no-renames", "--format=commit %H %ct", commit),
            *("--", MANIFEST, FOLDER),
        )
        return log.decode(errors="replace").splitlines()


class _History:
    """Goes through the commits of a catalogue, the first one first."""

    def __init__(self, objects: Objects, going: Callable[[int], object]) -> None:
        self._objects = objects
        self._going = going
        self._manifest: Manifest | None = None
        self._chain: CatalogueChain | None = None
        #: Which files there are of each number, and what was read of them.
        self._files: dict[str, dict[str, str]] = {}
        self._read: dict[str, Entry] = {}
        self._misprints: dict[str, Misprint] = {}
        #: What the chain says of each entry, by number, and which of them have changed since.
        self.told: dict[str, Entry] = {}
        self._changed: set[str] = set()
        self._bytes = self._count = 0

    def read_log(self, log: list[str]) -> ReadHistory:
        whole = ""
        for commit, seconds, changes in _commits(log):
            self._take(changes)
            if not self._misprints and self._manifest is not None:
                self._tell(seconds * 1000)
                whole = commit
        if self._manifest is None or self._chain is None:
            raise Refused(
                N_("There is no catalogue: {why}"),
                N_("“pitboard catalogue check FOLDER” tells what is missing."),
                why=next(iter(self._misprints.values()), Misprint(MANIFEST, N_("it is missing."))),
            )
        named = tuple(list(self._misprints.values())[:MOST_NAMED])
        return ReadHistory(self._manifest, whole, self._chain.events, named)

    def _take(self, changes: list[tuple[str, str, str]]) -> None:
        """What a commit changed, read and checked."""
        touched: set[str] = set()
        for path, mode, blob in changes:
            if path == MANIFEST:
                self._take_manifest(mode, blob)
            elif found := _ENTRY.fullmatch(path):
                files = self._files.setdefault(found[1], {})
                files.pop(path, None)
                if mode in ("100644", "100755"):
                    files[path] = blob
                touched.add(found[1])
        if len(self._files) > MOST_ENTRIES:
            raise LimitExceeded(
                N_("The catalogue has more than {most} entries, and was left out."),
                most=MOST_ENTRIES,
            )
        for number in sorted(touched):
            self._misprints.pop(number, None)
            if not self._files[number] and number not in self.told:
                # It came and went within commits that nobody took in.
                self._changed.discard(number)
                continue
            self._changed.add(number)
            try:
                self._read[number] = self._entry(number)
            except Misprint as wrong:
                self._misprints[number] = wrong

    def _take_manifest(self, mode: str, blob: str) -> None:
        before = self._manifest
        try:
            if mode != "100644":
                raise Misprint(MANIFEST, N_("it is missing."))
            manifest = read_manifest(self._text(MANIFEST, blob))
            if before is not None and manifest.uuid != before.uuid:
                raise Misprint(MANIFEST, N_("its uuid can't change."))
        except Misprint as wrong:
            self._misprints[MANIFEST] = wrong
        else:
            self._misprints.pop(MANIFEST, None)
            self._manifest = manifest

    def _entry(self, number: str) -> Entry:
        files = self._files[number]
        if len(files) > 1:
            raise Misprint(", ".join(sorted(files)), N_("each number is given once."))
        if not files:
            raise Misprint(f"{FOLDER}/{number}", _DELETED)
        [(path, blob)] = files.items()
        name = path.removeprefix(f"{FOLDER}/")
        return read_entry(name, self._text(name, blob))

    def _text(self, name: str, blob: str) -> str:
        """What a file holds."""
        found = self._objects.look(blob)
        if found is None or found.kind != "blob":
            raise SharingFailed(GitErrorKind.DAMAGED, "", name)
        if found.size > LARGEST_FILE:
            raise _too_long(name)
        self._bytes += found.size
        if self._bytes > LARGEST_HISTORY:
            raise LimitExceeded(
                N_("All that the catalogue ever held is more than {most} MB."),
                most=LARGEST_HISTORY // 1024**2,
            )
        self._count += 1
        self._going(self._count)
        try:
            return self._objects.read(blob).decode("utf-8")
        except UnicodeDecodeError as error:
            raise Misprint(name, N_("it is not UTF-8.")) from error

    def _tell(self, at: int) -> None:
        """Write into the chain what has changed, which is whole."""
        manifest = self._manifest
        assert manifest is not None
        chain = self._chain = self._chain or CatalogueChain(manifest.actor)
        for number in sorted(self._changed):
            pitfall, entry = manifest.pitfall(number), self._read[number]
            before = self.told.get(number)
            try:
                if before is None:
                    chain.add(pitfall, entry, manifest.name)
                else:
                    chain.change(pitfall, before, entry, manifest.name, at)
            except MalformedEvent as error:
                raise Refused(
                    N_("The entry {number} of the catalogue holds too long a text: {why}"),
                    number=number,
                    why=str(error),
                ) from error
            self.told[number] = entry
        self._changed.clear()


def _commits(log: list[str]) -> Iterator[tuple[str, int, list[tuple[str, str, str]]]]:
    """Of each commit its id, its time (s), and what it changed: path, mode, object."""
    commit, at = "", 0
    changes: list[tuple[str, str, str]] = []
    for line in log:
        if found := _COMMIT.fullmatch(line):
            if commit:
                yield commit, at, changes
            commit, at, changes = found[1], int(found[2]), []
        elif found := _CHANGE.fullmatch(line):
            mode = "" if found[3] == "D" else found[1]
            changes.append((found[4], mode, found[2]))
    if commit:
        yield commit, at, changes


def _packed(directory: Path) -> int:
    """The bytes of the packs of a repository."""
    return sum(size for _, size in packs(directory))


def _too_long(name: str) -> Misprint:
    """A file that holds more than any of a catalogue."""
    return Misprint(name, N_("it has more than {most} KB."), most=LARGEST_FILE // 1024)


def _too_large() -> LimitExceeded:
    return LimitExceeded(
        N_("The catalogue is larger than {most} MB, and was left out."),
        most=LARGEST_FETCH // 1024**2,
    )


# A catalogue of one's own, on this disk


def mistakes(folder: Path) -> tuple[int, list[PitboardError]]:
    """How many entries a folder holds, and what is wrong with its files, each named.

    Where it is the folder of a repository, what was committed before counts, too: an entry that
    subscribers have is not deleted.
    """
    wrong: list[PitboardError] = []
    numbers: Counter[str] = Counter()
    entries = sorted((folder / FOLDER).glob("*"))
    for file in (folder / MANIFEST, *entries):
        try:
            text = _read(file)
            if file.name == MANIFEST:
                read_manifest(text)
                continue
            numbers[file.name[:4]] += 1
            if numbers[file.name[:4]] > 1:
                raise Misprint(file.name, N_("each number is given once."))
            for one in read_entry(file.name, text).signatures:
                check_signature(one.text, one.form)
        except Misprint as misprint:
            wrong.append(misprint)
        except Refused as refused:
            wrong.append(Misprint(file.name, refused.message, **refused.values))
    committed = CatalogueRepository(folder / ".git").committed()
    for number in sorted(committed - numbers.keys()):
        wrong.append(Misprint(f"{FOLDER}/{number}", _DELETED))
    return len(entries), wrong


def is_shallow(folder: Path) -> bool:
    """Whether only the last commits were fetched, so that what was there before can't be told."""
    return (folder / ".git" / "shallow").exists()


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise _too_long(file.name)
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise Misprint(file.name, N_("it is not UTF-8.")) from error
    except OSError as error:
        raise Misprint(
            file.name, N_("it can't be read: {why}."), why=error.strerror or str(error)
        ) from error
