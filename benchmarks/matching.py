"""Known errors in a log, beside grep and ripgrep; look-alikes, beside a bare rapidfuzz."""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import floors, processes, words
from benchmarks.pairs import Figure, Unit, at, clocked, in_turn
from storage.match.known_errors import KnownErrors
from storage.match.similar import SimilarPitfalls
from storage.write.store import Store

if TYPE_CHECKING:
    from benchmarks.measures import Bench

_SEED: Final = 11
_LOG_BYTES: Final = 200_000_000
_LINES_TO_A_HIT: Final = 1_000
#: So many lines differ; then they come again in another order.
_DISTINCT_LINES: Final = 100_000
_ROUNDS: Final = 15
_ASKED: Final = 60
_RAPIDFUZZ: Final = "bare rapidfuzz over all titles"

#: Peers: their name, the command without the file of signatures, and how many signatures.
_PEERS: Final = (
    ("`LC_ALL=C grep -F -f`", ("env", "LC_ALL=C", "grep", "-F", "-f"), 1_000),
    ("`rg -F -f`", ("rg", "-F", "-f"), 200),
)


def matching(bench: Bench) -> Iterator[Figure]:
    """A log searched for known errors, and what is like a title that is typed."""
    yield from _logs(bench)
    yield _nothing_to_read(bench)
    yield from _similar(bench)


def _logs(bench: Bench) -> Iterator[Figure]:
    """Whole commands over one log of 200 MB, in which a line in a thousand is a known error.

    Each of them searches one file with one thread.
    """
    for peer, command, count in _PEERS:
        program = shutil.which(command[0])
        if program is None:
            print(f"{peer}: not installed, left out", file=sys.stderr)
            continue
        folder = bench.folder / f"log-of-{count}"
        folder.mkdir()
        board, signatures, log = _signature_board(folder, count)
        ours = processes.board_command(board, "match", str(log))
        theirs = [program, *command[1:], str(signatures), str(log)]
        # The first run compiles the signatures and keeps them; the peer compiles in every run.
        _same_lines(ours, theirs, bench.folder)
        pair = in_turn(
            partial(processes.processor_seconds_read, ours, bench.folder),
            partial(processes.processor_seconds_read, theirs, bench.folder),
            _ROUNDS,
            warm=False,
        )
        yield Figure(f"a log of 200 MB, {count:,} signatures", peer, *pair)
        peaks = (processes.peak(ours, bench.folder), processes.peak(theirs, bench.folder))
        yield Figure(f"memory of the same, {count:,} signatures", peer, *peaks, Unit.KIB)
        shutil.rmtree(folder)


def _same_lines(ours: Sequence[str], theirs: Sequence[str], home: Path) -> None:
    """A race between two that find different lines would say nothing."""
    found = sum(int(line.split("\t")[2]) for line in processes.said(ours, home).splitlines())
    expected = len(processes.said(theirs, home).splitlines())
    if found != expected:
        raise AssertionError(f"{found} lines found where the peer finds {expected}")


def _signature_board(folder: Path, count: int) -> tuple[Path, Path, Path]:
    """A board of that many known errors, the same as a file of lines, and the log."""
    rng = random.Random(_SEED)
    board, signatures, log = folder / "board.db", folder / "signatures.txt", folder / "build.log"
    known = [_error_text(rng, number) for number in range(count)]
    with closing(Store.open(board, who="benchmark")) as store:
        for text in known:
            store.pitfalls.report(text, signatures=[text])
    signatures.write_text("".join(f"{text}\n" for text in known), encoding="utf-8")
    _write_log(rng, log, known)
    return board, signatures, log


def _error_text(rng: random.Random, number: int) -> str:
    """An error text that no other one holds."""
    api = rng.choice(words.APIS).removeprefix("wx.").removeprefix("qy.")
    return f"{api}:fail {rng.choice(words.EN_TROUBLES)} in module{number:04}x"


def _write_log(rng: random.Random, path: Path, known: Sequence[str]) -> None:
    lines = [_log_line(rng) for _ in range(_DISTINCT_LINES)]
    written = 0
    with path.open("wb") as file:
        while written < _LOG_BYTES:
            rng.shuffle(lines)
            for start in range(0, len(lines), _LINES_TO_A_HIT):
                some = lines[start : start + _LINES_TO_A_HIT - 1]
                hit = f"[error] {rng.choice(known)} (request {rng.getrandbits(32):08x})\n"
                written += file.write("".join((*some, hit)).encode())


def _log_line(rng: random.Random) -> str:
    """A line as a build or a device writes it: most of them are about nothing known."""
    text = rng.choice(
        (
            f"compile {words.page_name(rng)} in {rng.randint(1, 900)} ms",
            f"{rng.choice(words.APIS)}:ok rid: {rng.getrandbits(64):016x}",
            f"{rng.choice(words.EN_REMARKS)} {words.version(rng)}",
            rng.choice(words.ZH_REMARKS),
            words.message(rng, rng.choice(words.APIS)).split("\n")[0],
        )
    )
    clock = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
    source = f"miniprogram/{words.page_name(rng)} appservice-{rng.randint(1, 8)}"
    return f"2026-11-20 {clock}.{rng.randint(0, 999):03} [{rng.choice('IWE')}] {source}: {text}\n"


def _nothing_to_read(bench: Bench) -> Figure:
    """``pitboard match`` at the end of a pipe through which nothing comes."""
    ours = processes.board_command(bench.board, "match")
    floor = processes.script(floors.LIST_SCRIPT, bench.board)
    pair = in_turn(
        # That nothing was found is exit code 1.
        partial(processes.processor_seconds_read, ours, bench.folder, ends_with=1),
        partial(processes.processor_seconds_read, floor, bench.folder),
        bench.rounds * 3,
    )
    return Figure("`pitboard match` of nothing", "click + sqlite3", *pair)


def _similar(bench: Bench) -> Iterator[Figure]:
    """What is like a title and an error text that nothing on the board says so."""
    rng = random.Random(_SEED)
    with (
        SimilarPitfalls.open(bench.board) as alike,
        KnownErrors.open(bench.board) as known,
        closing(floors.reader(bench.board)) as connection,
    ):
        titles = [title for (title,) in connection.execute("SELECT title FROM pitfalls")]
        asked = [_asked(rng) for _ in range(_ASKED)]
        # What is held in memory is read once, when the form opens.
        alike.near(*asked[0])
        taken = [
            (
                clocked(partial(alike.near, title, message)),
                clocked(partial(_bare_nearest, title, titles)),
                clocked(partial(known.recognise, message)),
                clocked(partial(_bare_recognise, connection, message)),
            )
            for title, message in asked
        ]
    near, bare, recognised, scanned = (list(column) for column in zip(*taken, strict=True))
    yield Figure("look-alikes of a title, p95", _RAPIDFUZZ, at(0.95, near), at(0.95, bare))
    yield Figure("look-alikes of a title, p50", _RAPIDFUZZ, at(0.5, near), at(0.5, bare))
    yield Figure(
        "a pasted error text recognised, p50",
        "`instr` over all signatures",
        at(0.5, recognised),
        at(0.5, scanned),
    )


def _asked(rng: random.Random) -> tuple[str, str]:
    chinese = rng.random() < 0.5
    api = rng.choice(words.APIS)
    return words.title(rng, api, chinese=chinese), words.message(rng, api)


def _bare_nearest(title: str, titles: Sequence[str]) -> None:
    from rapidfuzz import fuzz, process

    process.extract(title, titles, scorer=fuzz.ratio, limit=5)


def _bare_recognise(connection: sqlite3.Connection, message: str) -> None:
    connection.execute(
        "SELECT pitfall FROM signatures WHERE instr(?, text) LIMIT 5", (message,)
    ).fetchall()
