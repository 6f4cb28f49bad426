"""A damaged file never tells a wrong event, and a new board is built from what can be verified.

The full size is 5,000 damaged files: ``pytest -m storm tests/fault/test_damage.py``.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

import seeds
from storage.check import check
from storage.check.recover import Gap, recover
from storage.db.backup import back_up
from storage.db.blobs import Upload
from storage.errors import PitboardError, Refused, Unusable
from storage.exports.whole_board import export_events
from storage.query.tree import Query
from storage.read.board import Board
from storage.sharing.sync import share
from storage.write.store import Store
from tests.records import dump, lines_of
from tests.sizes import sizes


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A board of some hundred events, with long texts and an attachment."""
    store = Store.open(tmp_path / "board.db", catalogue=seeds.lines, edition=seeds.EDITION)
    for n in range(40):
        pitfall = store.pitfalls.report(f"Pitfall {n}", workaround="x" * (n * 300), severity="S2")
        for occurrence in range(5):
            store.occurrences.log(pitfall, message=f"saveImage:fail {occurrence}", platform="ios")
        store.comments.add(pitfall, f"Comment {n}")
    store.attachments.add(pitfall, Upload(b"\x89PNG" + bytes(20_000), "white.png"))
    store.close()
    return store.path


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 1, 4, 32])):
        place = chance.randrange(len(data))
        data[place] ^= 1 << chance.randrange(8)


def _truncate(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _zero_page(data: bytearray, chance: random.Random) -> None:
    page = chance.randrange(len(data) // 4096)
    data[page * 4096 : (page + 1) * 4096] = bytes(4096)


def _swap_pages(data: bytearray, chance: random.Random) -> None:
    one, other = (4096 * chance.randrange(1, len(data) // 4096) for _ in range(2))
    first, second = data[one : one + 4096], data[other : other + 4096]
    data[one : one + 4096], data[other : other + 4096] = second, first


_HARMS: list[Callable[[bytearray, random.Random], None]] = [
    _flip,
    _flip,
    _truncate,
    _zero_page,
    _swap_pages,
]


def _damaged(whole: Path, target: Path, chance: random.Random) -> None:
    data = bytearray(whole.read_bytes())
    chance.choice(_HARMS)(data, chance)
    target.write_bytes(data)


def _told(path: Path) -> list[bytes]:
    """The events that the file gives out, as far as it can be read."""
    lines: list[bytes] = []
    with suppress(PitboardError):
        export_events(path, lines.append)
    return [line.rstrip(b"\n") for line in lines]


@pytest.mark.parametrize("files", sizes(20, 5_000))
def test_no_event_is_ever_told_wrong_and_recovery_saves_what_it_can(
    board: Path, tmp_path: Path, files: int
) -> None:
    written = {line.rstrip(b"\n") for line in lines_of(board)}
    chance = random.Random(11)
    saved = 0
    for number in range(files):
        harmed = tmp_path / f"harmed-{number}.db"
        _damaged(board, harmed, chance)
        output = _told(harmed)
        if not set(output) <= written or len(output) < len(written):
            # Whatever is not as it was written is found by looking the file over.
            with suppress(PitboardError):
                assert not check(harmed).sound, number
        new = tmp_path / f"new-{number}.db"
        try:
            recovered = recover(harmed, new)
        except Unusable:
            assert not set(output) & written
            continue
        held = {line.rstrip(b"\n") for line in lines_of(new)}
        assert held <= written, number
        assert set(output) & written <= held, number
        assert check(new).sound, number
        if held < written:
            assert not recovered.complete, number
        saved += len(held)
        for left in (*tmp_path.glob("harmed-*"), *tmp_path.glob("new-*")):
            left.unlink()
    # A flipped bit or a lost page costs a few events, and not the board.
    assert saved > 0.6 * len(written) * files


def test_a_backup_and_a_file_of_events_fill_what_is_missing(board: Path, tmp_path: Path) -> None:
    backup, exported = tmp_path / "backup.db", tmp_path / "events.jsonl"
    back_up(board, backup)
    store = Store.open(board)
    later = store.pitfalls.report("After the backup")
    store.close()
    exported.write_bytes(b"".join(lines_of(board)[-1:]) + b"{garbled\n")
    written = lines_of(board)
    board.write_bytes(board.read_bytes()[:100])
    new = tmp_path / "new.db"
    recovered = recover(
        board, new, [backup, exported], catalogue=seeds.lines, edition=seeds.EDITION
    )
    assert set(lines_of(new)) == set(written)
    assert [source.added for source in recovered.sources] == [0, len(written) - 1, 1]
    assert recovered.gaps == ()
    assert not recovered.complete, "nobody knows what a file of 100 bytes held before"
    with Board.open(new) as opened:
        assert opened.pitfall(later).title.plain == "After the backup"
        assert opened.attachments.count() == 1
    assert check(new).sound


def test_the_journals_of_sharing_fill_what_is_missing(board: Path, tmp_path: Path) -> None:
    store = Store.open(board)
    share(store.session, str(tmp_path / "team.git"), create=True)
    store.close()
    written, rows = lines_of(board), dump(board)
    board.write_bytes(b"no database at all" * 1_000)
    recovered = recover(board, tmp_path / "new.db")
    assert set(lines_of(tmp_path / "new.db")) == set(written)
    assert dump(tmp_path / "new.db") == rows
    # The bytes of what is attached come with the first sync.
    assert recovered.missing_contents == 1


def test_what_is_missing_is_named(board: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(board)) as connection, connection:
        [(actor,)] = connection.execute("SELECT actor FROM store").fetchall()
        connection.execute("DELETE FROM events WHERE actor = ? AND seq BETWEEN 10 AND 12", (actor,))
        connection.execute("UPDATE events SET line = '{}' WHERE actor = ? AND seq = 20", (actor,))
    recovered = recover(board, tmp_path / "new.db")
    assert recovered.gaps == (Gap(actor, 10, 12), Gap(actor, 20, 20))
    assert not recovered.complete
    assert not recovered.whole


def test_the_damaged_file_and_whatever_is_in_the_way_stay_as_they_are(
    board: Path, tmp_path: Path
) -> None:
    data = bytearray(board.read_bytes())
    _zero_page(data, random.Random(3))
    board.write_bytes(data)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    target = tmp_path / "target.db"
    target.write_text("precious")
    with pytest.raises(Refused, match="something at"):
        recover(board, target)
    target.unlink()
    recover(board, target)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before | {
        target.name: target.read_bytes()
    }


def test_what_was_not_written_back_is_found_behind_a_damaged_frame(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "board.db")
    for n in range(20):
        store.pitfalls.report(f"Pitfall {n}")
    copy, wal = tmp_path / "copy.db", tmp_path / "copy.db-wal"
    shutil.copyfile(store.path, copy)
    data = bytearray((tmp_path / "board.db-wal").read_bytes())
    written = lines_of(store.path)
    store.close()
    data[len(data) // 2] ^= 1
    wal.write_bytes(data)
    recover(copy, tmp_path / "new.db")
    assert len(lines_of(tmp_path / "new.db")) >= len(written) - 1
    with Board.open(tmp_path / "new.db") as opened:
        assert len(opened.find(Query()).page(0, 50)) >= 19


@pytest.mark.parametrize("harm", ["no header", "no schema", "no pages of the tree"])
def test_long_events_are_found_although_sqlite_can_open_nothing(
    board: Path, tmp_path: Path, harm: str
) -> None:
    written = {line.rstrip(b"\n") for line in lines_of(board)}
    assert max(map(len, written)) > 10_000
    data = bytearray(board.read_bytes())
    if harm == "no header":
        data[:100] = bytes(100)
    elif harm == "no schema":
        data[:4096] = bytes(4096)
    else:
        for start in range(0, len(data), 4096):
            if data[start] in (0x02, 0x05) or not start:
                data[start : start + 4096] = bytes(4096)
    board.write_bytes(data)
    recovered = recover(board, tmp_path / "new.db")
    assert {line.rstrip(b"\n") for line in lines_of(tmp_path / "new.db")} == written
    # The picture as well, of 20,000 bytes.
    assert recovered.missing_contents == 0
    assert check(tmp_path / "new.db").sound


def test_long_events_are_found_that_were_not_written_back(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "board.db")
    for n in range(8):
        store.pitfalls.report(f"Pitfall {n}", workaround=f"{n}" * n * 2_000)
    copy, wal = tmp_path / "copy.db", tmp_path / "copy.db-wal"
    shutil.copyfile(store.path, copy)
    data = bytearray((tmp_path / "board.db-wal").read_bytes())
    written = set(lines_of(store.path))
    store.close()
    data[:32] = bytes(32)
    wal.write_bytes(data)
    recover(copy, tmp_path / "new.db")
    assert set(lines_of(tmp_path / "new.db")) == written
