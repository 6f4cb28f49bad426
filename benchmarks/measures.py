"""What is measured: each measure is one action of a person, beside its floor."""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from benchmarks import floors, keystrokes, processes, terminal, words
from benchmarks.boards import Size
from benchmarks.bringing_in import bringing_in
from benchmarks.commands import commands
from benchmarks.filters import filters, orders
from benchmarks.looking_back import looking_back
from benchmarks.matching import matching
from benchmarks.pairs import Figure, Unit, at, clocked, in_turn, race, used
from benchmarks.peers import peers
from benchmarks.running import running
from benchmarks.sharing import sharing
from benchmarks.touching import touching
from benchmarks.travelling import travelling
from storage.query.parser import parse
from storage.read.board import Board, Listing
from storage.text import search_text
from storage.write.store import Store

_SEED: Final = 3
_PAGE: Final = 50
_BARE: Final = "bare sqlite3"
_MATCH: Final = "bare FTS5 `MATCH … LIMIT`"
_DECODED: Final = "read and decode the events"
_LARGE: Final = 20_000
_BARE_INSERT: Final = "bare `INSERT`"
_THREAD: Final = "https://developers.weixin.qq.com/community/develop/doc/"
#: So many of each are written while pages are counted.
_WRITES: Final = 300
#: The bytes of a page in a log, with what stands before it.
_FRAME: Final = 4096 + 24
_OCCURRENCE: Final = {
    "host": "wecom",
    "client_version": "4.1.22",
    "base_library": "3.4.1",
    "platform": "android",
    "device": "HUAWEI P40",
    "channel": "trial-invited",
    "message": "saveImageToPhotosAlbum:fail system permission denied",
}


class Bench(NamedTuple):
    """A board to measure, a folder for what the measures write, and how often to repeat."""

    board: Path
    size: Size
    folder: Path
    rounds: int


Measure = Callable[[Bench], Iterator[Figure]]


def first_paint(bench: Bench) -> Iterator[Figure]:
    """From the start of the process to the first screen with a row of the list."""
    with closing(floors.reader(bench.board)) as connection:
        [first] = connection.execute(floors.PAGE, (1, 0)).fetchall()
    expected = first[2][:12]
    ours, screen, rows = (
        processes.board_command(bench.board),
        processes.script(floors.SCREEN_SCRIPT, bench.board),
        processes.script(floors.ROWS_SCRIPT, bench.board),
    )

    def painted(command: Sequence[str]) -> terminal.Painted:
        return terminal.first_paint(command, expected, bench.folder)

    def seconds(command: Sequence[str]) -> float:
        return painted(command).seconds

    for floor, floor_is in ((screen, "empty Textual app"), (rows, _BARE)):
        pair = in_turn(partial(seconds, ours), partial(seconds, floor), bench.rounds)
        yield Figure("first paint of the board", floor_is, *pair)
    mine, bare = painted(ours).peak, painted(screen).peak
    yield Figure("memory of the board", "empty Textual app", mine, bare, Unit.KIB)


def cursor(bench: Bench) -> Iterator[Figure]:
    """A key that moves the cursor."""
    from benchmarks import moving

    pair = in_turn(*moving.pair(bench.board, bench.size.pitfalls), 3, warm=False)
    yield Figure("moving the cursor", "a list of fixed text", *pair)


def page_and_counts(bench: Bench) -> Iterator[Figure]:
    """Pages from all over the list, and the line of counts."""
    with Board.open(bench.board) as board, closing(floors.reader(bench.board)) as connection:

        def fetch(sql: str) -> None:
            connection.execute(sql).fetchall()

        def pages(listing: Listing, places: Sequence[int]) -> None:
            for place in places:
                listing.page(place, _PAGE)

        def bare_pages(sql: str, places: Sequence[int]) -> None:
            for place in places:
                connection.execute(sql, (_PAGE, place)).fetchall()

        for what, text, sql in (
            ("a page", "", floors.PAGE),
            ("a page of those that are open", "status:open", floors.PAGE_OF_OPEN),
        ):
            listing = board.find(parse(text))
            places = [int(listing.total * share) for share in (0, 0.01, 0.1, 0.5, 0.9, 0.99)]
            ours, bare = partial(pages, listing, places), partial(bare_pages, sql, places)
            yield Figure(what, _BARE, *race(ours, bare, bench.rounds * 3))
        for what, text, sql in (
            ("counts by status", "", floors.COUNTS),
            ("counts of S1 and S2", "severity:S1,S2", floors.COUNTS_OF_SEVERE),
        ):
            counts = partial(board.find, parse(text))
            yield Figure(what, _BARE, *race(counts, partial(fetch, sql), bench.rounds * 3))


def search_as_typed(bench: Bench) -> Iterator[Figure]:
    """After each key: the matches, ranked, and the first page of them."""
    with Board.open(bench.board) as board, closing(floors.reader(bench.board)) as connection:
        queries = keystrokes.drawn(connection)

        def ours(text: str) -> None:
            board.find(parse(text)).page(0, _PAGE)

        def bare(sql: str, text: str) -> None:
            connection.execute(sql, (search_text.expression(text),)).fetchall()

        everything: list[_Taken] = []
        for sort, texts in queries.items():
            taken = []
            for text in texts:
                pair = race(partial(ours, text), partial(bare, floors.MATCH, text), 3)
                taken.append(_Taken(*pair, clocked(partial(bare, floors.RANKED_MATCH, text))))
            everything += taken
            if taken:
                yield _percentile(sort, _MATCH, taken, "unranked")
        yield _percentile("any keystroke", _MATCH, everything, "unranked", 0.5)
        yield _percentile("any keystroke", _MATCH, everything, "unranked")
        yield _percentile("any keystroke", "the same, `ORDER BY rank`", everything, "ranked")
        scan = keystrokes.Scan(connection)
        for language in ("Chinese", "Latin"):
            simple = [sort for sort in queries if sort[0].isdigit() and language in sort]
            asked = [text for sort in simple for text in queries[sort][:10]]
            found = keystrokes.recall(board, scan, asked)
            yield Figure(
                f"recall of {language} searches", "a scan of all text", found, None, Unit.SHARE
            )


class _Taken(NamedTuple):
    """The seconds that one query took: ours, and the floors."""

    ours: float
    unranked: float
    ranked: float


def _percentile(
    name: str, floor_is: str, taken: Sequence[_Taken], floor: str, share: float = 0.95
) -> Figure:
    ours = at(share, [one.ours for one in taken])
    bare = at(share, [getattr(one, floor) for one in taken])
    return Figure(f"search, {name}, p{share * 100:.0f}", floor_is, ours, bare)


def durable_write(bench: Bench) -> Iterator[Figure]:
    """One action: its processor time, and the pages that it writes into the file's log.

    How long the disk takes to keep them is no matter of ours. The text is another one each time.
    """
    copy = Path(copyfile(bench.board, bench.folder / "written.db"))
    with closing(floors.writer(copy)) as bare, closing(Store.open(copy, who="benchmark")) as store:
        pitfalls = [pitfall for (pitfall,) in bare.execute("SELECT id FROM pitfalls").fetchall()]
        write = Writing(pitfalls)
        jobs = {
            "one occurrence": (
                lambda: store.occurrences.log(write.pitfall(), **write.occurrence()),
                _bare_insert(bare, lambda: (write.pitfall(), *write.occurrence().values())),
            ),
            "a new pitfall": (
                lambda: store.pitfalls.report(**write.report()),
                _bare_insert(bare, lambda: tuple(map(str, write.report().values()))),
            ),
        }
        for what, (ours, floor) in jobs.items():
            pair = in_turn(partial(used, ours), partial(used, floor), bench.rounds * 10)
            yield Figure(f"{what}, processor time", _BARE_INSERT, *pair)
            pages = [count for _ in range(_WRITES) if (count := _pages(copy, ours))]
            yield _pages_written(f"{what}, pages written: mean", sum(pages) / len(pages))
            yield _pages_written(f"{what}, pages written: 99 of 100 at most", at(0.99, pages))


class Writing:
    """What is written, in words that differ from one time to the next.

    Args:
        pitfalls: the ids of those that occur.
    """

    def __init__(self, pitfalls: Sequence[str]) -> None:
        self._pitfalls = pitfalls
        self._rng = random.Random(_SEED)

    def pitfall(self) -> str:
        """The id of one of them."""
        return self._rng.choice(self._pitfalls)

    def occurrence(self) -> dict[str, Any]:
        """The fields of an occurrence."""
        message = words.message(self._rng, words.component(self._rng))
        return _OCCURRENCE | {"device": self._rng.choice(words.DEVICES), "message": message}

    def report(self) -> dict[str, Any]:
        """The fields of a new pitfall."""
        rng, chinese = self._rng, self._rng.random() < 0.5
        named = words.component(rng)
        return {
            "title": words.title(rng, named, chinese=chinese),
            "component": named,
            "workaround": words.remedy(rng, chinese=chinese),
            "reproduction": words.notes(rng, named, chinese=chinese),
            "tags": rng.sample(words.TAGS, 1),
            "references": [f"{_THREAD}{rng.getrandbits(32):x}"],
        }


def _bare_insert(
    connection: sqlite3.Connection, row: Callable[[], tuple[object, ...]]
) -> Callable[[], object]:
    insert = floors.plain_table(connection, len(row()))
    return lambda: connection.execute(insert, row())


def _pages_written(what: str, pages: float) -> Figure:
    return Figure(what, "", pages, None, Unit.PAGES)


def _pages(path: Path, work: Callable[[], object]) -> int:
    """How many pages ``work`` writes into the log of a file; 0 where that was written back."""
    log = path.with_name(f"{path.name}-wal")
    before = log.stat().st_size
    work()
    after = log.stat().st_size
    return (after - before) // _FRAME if after >= before else 0


def bulk(bench: Bench) -> Iterator[Figure]:
    """Taking in a whole board's events, and folding them all again."""
    peaks: dict[str, float] = {}

    def seconds(job: str) -> float:
        with TemporaryDirectory(dir=bench.folder) as folder:
            command = [sys.executable, "-m", "benchmarks.bulk", job, str(bench.board), folder]
            taken, peaks[job] = map(float, processes.said(command, bench.folder).split())
        return taken

    # Large jobs are steady enough to be done once.
    rounds = 1 if bench.size.pitfalls > _LARGE else 3
    for job, what, floor_is in (
        ("import", "import of all events", "bare `executemany` of the rows"),
        ("rebuild", "rebuild from the events", _DECODED),
    ):
        ours, floor = partial(seconds, job), partial(seconds, f"{job}-floor")
        yield Figure(what, floor_is, *in_turn(ours, floor, rounds, warm=False))
    for job in ("import", "rebuild"):
        yield Figure(f"memory of the {job}", _DECODED, peaks[job], peaks["rebuild-floor"], Unit.KIB)


#: Every measure by the name that chooses it on the command line.
MEASURES: Final[dict[str, Measure]] = {
    "paint": first_paint,
    "cursor": cursor,
    "commands": commands,
    "page": page_and_counts,
    "filters": filters,
    "orders": orders,
    "touch": touching,
    "travelling": travelling,
    "retro": looking_back,
    "search": search_as_typed,
    "match": matching,
    "versions": running,
    "write": durable_write,
    "bulk": bulk,
    "import": bringing_in,
    "share": sharing,
    "peers": peers,
}
