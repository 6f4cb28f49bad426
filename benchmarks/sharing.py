"""A board shared among twenty stores, each in its own journal: the first clone, a day's sync.

``python -m benchmarks.sharing JOB BOARD FOLDER`` is one such job in a process of its own; it
prints the seconds that it took, without what prepares it, its peak memory in KiB and the bytes
that git moved, as the pack that it sends.
"""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks import floors, processes
from benchmarks.boards import ACTORS, END_MS, Hand
from benchmarks.pairs import Figure, Unit, in_turn, used
from tui import look_for_garbage_seldom

if TYPE_CHECKING:
    from benchmarks.measures import Bench

_REFS: Final = "refs/pitboard/"
_A_DAY: Final = 1_000
_LARGE: Final = 20_000
_FILE: Final = "the same events from a file"
_OWN: Final = "the first clone"
_PLAIN: Final = "`git fetch` and `git push` of the same files"
_DEFLATED: Final = "the same lines, deflated"


def sharing(bench: Bench) -> Iterator[Figure]:
    """The first clone, and a day's sync of 1,000 events out and 1,000 in."""
    peaks: dict[str, float] = {}
    moved: dict[str, float] = {}

    def seconds(job: str) -> float:
        with TemporaryDirectory(dir=bench.folder) as folder:
            module = "benchmarks.bulk" if job == "import" else "benchmarks.sharing"
            command = [sys.executable, "-m", module, job, str(bench.board), folder]
            taken, peaks[job], *rest = map(float, processes.said(command, bench.folder).split())
            moved[job] = rest[0] if rest else 0
        return taken

    rounds = 1 if bench.size.pitfalls > _LARGE else 3
    pair = in_turn(partial(seconds, "clone"), partial(seconds, "import"), rounds, warm=False)
    yield Figure("first clone of a shared board", _FILE, *pair)
    yield Figure("memory of the first clone", _FILE, peaks["clone"], peaks["import"], Unit.KIB)
    if bench.size.pitfalls <= _LARGE:
        pair = in_turn(partial(seconds, "clone-dealt"), partial(seconds, "clone"), 1, warm=False)
        yield Figure("first clone, each journal with events of all stores", _OWN, *pair)
    seconds("deflated")
    yield Figure(
        "bytes moved by the first clone",
        _DEFLATED,
        *_kib(moved["clone"], moved["deflated"]),
        Unit.KIB,
    )
    pair = in_turn(partial(seconds, "day"), partial(seconds, "day-floor"), rounds, warm=False)
    yield Figure("sync of a day: 1,000 events out, 1,000 in", _PLAIN, *pair)
    yield Figure("memory of a day's sync", _OWN, peaks["day"], peaks["clone"], Unit.KIB)
    yield Figure(
        "bytes moved by a day's sync", _DEFLATED, *_kib(moved["day"], moved["day-floor"]), Unit.KIB
    )


def _kib(*amounts: float) -> tuple[float, ...]:
    return tuple(amount / 1024 for amount in amounts)


class Took(NamedTuple):
    """What a job took: seconds, its peak memory in KiB, and the bytes moved."""

    seconds: float
    peak: float
    moved: int = 0


def clone(board: Path, folder: Path) -> Took:
    """Join an empty board to a remote with the journals of twenty stores."""
    remote = _remote(_of_stores(board), folder)
    return _alone("share", folder / "fresh.db", remote)._replace(moved=_pack(remote))


def clone_dealt(board: Path, folder: Path) -> Took:
    """The same, but what each store wrote lies in pieces in the journals of all the others."""
    remote = _remote(_dealt(board), folder)
    return _alone("share", folder / "fresh.db", remote)._replace(moved=_pack(remote))


def deflated(board: Path, _folder: Path) -> Took:
    """How many bytes the lines of all events are when they are deflated together."""
    from storage.exports.whole_board import export_events

    squeeze = zlib.compressobj()
    size = 0

    def write(line: bytes) -> None:
        nonlocal size
        size += len(squeeze.compress(line))

    taken = used(lambda: export_events(board, write))
    return Took(taken, processes.peak_so_far(), size + len(squeeze.flush()))


def day(board: Path, folder: Path) -> Took:
    """Sync a board that is in step, after a day on which it and a colleague wrote."""
    remote, path, before = _a_day_later(board, folder)
    return _alone("sync", path, remote)._replace(moved=_pack(remote, before.values()))


def sync(path: Path, _remote: Path) -> Took:
    """Sync the board at ``path``."""
    from storage.sharing.sync import sync
    from storage.write.store import Store

    with closing(Store.open(path)) as store:
        return Took(used(lambda: sync(store.session)), processes.peak_so_far())


def share(path: Path, remote: Path) -> Took:
    """Join a new board to a remote."""
    from storage.sharing.sync import share
    from storage.write.store import Store

    with closing(Store.open(path)) as store:
        return Took(used(lambda: share(store.session, str(remote))), processes.peak_so_far())


def _alone(job: str, path: Path, remote: Path) -> Took:
    """Do a job in a process that has prepared nothing."""
    command = [sys.executable, "-m", "benchmarks.sharing", job, str(path), str(remote)]
    seconds, peak, moved = map(float, processes.said(command, path.parent).split())
    return Took(seconds, peak, int(moved))


def day_floor(board: Path, folder: Path) -> Took:
    """Fetch and push the same with git alone; the bytes are those of the lines, deflated."""
    from storage.sharing.sync import repository_path

    remote, path, before = _a_day_later(board, folder)
    copy = folder / "copy.git"
    _git("clone", "--quiet", "--mirror", str(remote), str(copy))
    for ref, commit in before.items():
        _git("-C", str(copy), "update-ref", ref, commit)
    _alone("sync", path, remote)
    [own] = set(_refs(remote)) - set(before)
    _git("-C", str(remote), "update-ref", "-d", own)
    ours = str(repository_path(path))

    def work() -> None:
        _git("-C", str(copy), "fetch", "--quiet", str(remote), "+refs/pitboard/*:refs/pitboard/*")
        _git("-C", ours, "push", "--quiet", str(remote), f"refs/ours:{own}")

    taken = used(work)
    lines = list(islice(_lines(board), 2 * _A_DAY))
    return Took(taken, processes.peak_so_far(), len(zlib.compress(b"".join(lines))))


def _a_day_later(board: Path, folder: Path) -> tuple[Path, Path, dict[str, str]]:
    """A remote, a board that was in step with it, and where the refs stood by then."""
    from storage.events import OccurrenceLogged, parse
    from storage.sharing.journal import grown
    from storage.sharing.repository import Repository
    from storage.sharing.sync import share
    from storage.sharing.transfer import last_segment
    from storage.write.store import Store

    remote = _remote(_of_stores(board), folder)
    store = Store.open(Path(copyfile(board, folder / "ours.db")), who="Ann")
    share(store.session, str(remote))
    before = _refs(remote)
    with closing(floors.reader(board)) as connection:
        [(pitfall,)] = connection.execute("SELECT id FROM pitfalls LIMIT 1").fetchall()
        ref = min(before)
        [(last,)] = connection.execute(
            "SELECT CAST(line AS BLOB) FROM events WHERE actor = ? ORDER BY seq DESC LIMIT 1",
            (ref.removeprefix(_REFS),),
        ).fetchall()
    store.occurrences.log_many((pitfall, {"message": f"saveImage:fail {n}"}) for n in range(_A_DAY))
    hand = Hand(ref.removeprefix(_REFS), parse(last))
    text = (OccurrenceLogged(seen_at=END_MS, message=f"saveImage:fail {n}") for n in range(_A_DAY))
    lines = [hand.write(pitfall, END_MS, "Bo", body).line for body in text]
    repository = Repository(remote)
    files = grown(last_segment(repository, before[ref]), lines)
    changed = ((segment.path, segment.data) for segment in files)
    _git("-C", str(remote), "update-ref", ref, repository.commit(before[ref], changed, 0, "day"))
    _git("-C", str(remote), "update-ref", "-d", "refs/ours")
    store.close()
    return remote, store.path, before


def _remote(journals: Iterable[tuple[str, list[bytes]]], folder: Path) -> Path:
    """A bare folder with some journals, each given by its store's name and its lines."""
    from storage.sharing.journal import FORMAT, FORMAT_PATH, grown
    from storage.sharing.repository import Repository

    remote = folder / "remote.git"
    repository = Repository(remote)
    repository.settle()
    for store, lines in journals:
        segments = ((segment.path, segment.data) for segment in grown(None, lines))
        commit = repository.commit(None, _begun(FORMAT_PATH, FORMAT, segments), 0, "journal")
        _git("-C", str(remote), "update-ref", f"{_REFS}{store}", commit)
    _git("-C", str(remote), "update-ref", "-d", "refs/ours")
    _git("-C", str(remote), "gc", "--quiet")
    return remote


def _of_stores(board: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Each store with the lines that it wrote, as its journal has them."""
    with closing(floors.reader(board)) as connection:
        for (actor,) in connection.execute("SELECT DISTINCT actor FROM events").fetchall():
            rows = connection.execute(
                "SELECT CAST(line AS BLOB) FROM events WHERE actor = ? ORDER BY seq", (actor,)
            )
            yield actor, [line for (line,) in rows]


def _dealt(board: Path) -> Iterator[tuple[str, list[bytes]]]:
    """As many stores, to each of which every so-manieth line is dealt, whoever wrote it."""
    for number in range(ACTORS):
        lines = islice(_lines(board), number, None, ACTORS)
        yield f"{number:032x}", [line.rstrip(b"\n") for line in lines]


def _begun(
    path: str, data: bytes, rest: Iterator[tuple[str, bytes]]
) -> Iterator[tuple[str, bytes]]:
    yield path, data
    yield from rest


def _lines(board: Path) -> Iterator[bytes]:
    with closing(floors.reader(board)) as connection:
        for (line,) in connection.execute("SELECT line FROM events ORDER BY n"):
            yield line.encode() + b"\n"


def _refs(remote: Path) -> dict[str, str]:
    out = _git("-C", str(remote), "for-each-ref", "--format=%(refname) %(objectname)")
    return dict(line.split(" ") for line in out.decode().splitlines())


def _pack(remote: Path, besides: Iterable[str] = ()) -> int:
    """How many bytes the pack has that git sends for all journals but what is there already."""
    words = ("pack-objects", "--revs", "--thin", "--stdout", "--delta-base-offset", "--quiet")
    asked = "\n".join([*_refs(remote).values(), *(f"^{commit}" for commit in besides)])
    return len(_git("-C", str(remote), *words, data=asked.encode()))


def _git(*arguments: str, data: bytes | None = None) -> bytes:
    done = subprocess.run(["git", *arguments], input=data, capture_output=True, check=True)
    return done.stdout


_JOBS: Final[dict[str, Callable[[Path, Path], Took]]] = {
    "clone": clone,
    "clone-dealt": clone_dealt,
    "deflated": deflated,
    "day": day,
    "day-floor": day_floor,
    "share": share,
    "sync": sync,
}

if __name__ == "__main__":
    # As the command does.
    look_for_garbage_seldom()
    job, board, folder = sys.argv[1:]
    print(*_JOBS[job](Path(board), Path(folder)))
