"""Disks that are full, files that can't be written, and files that are no boards."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from storage.check import check
from storage.db.backup import back_up
from storage.db.connection import SCHEMA_VERSION
from storage.errors import NotSaved, ReadOnly, Refused, Unusable
from storage.query.tree import Query
from storage.read.board import Board
from storage.write.board_file import look
from storage.write.store import Store
from tests.processes import finish, run, start
from tests.records import dump, lines_of

_NOBODY = 65_534

_LARGE = "A long story. " * 1_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "board.db")
    yield store
    store.close()


def _limit_pages(store: Store, most: int) -> None:
    with store.session.locked():
        store.session.connection.execute(f"PRAGMA max_page_count = {most}")


def test_a_full_disk_saves_nothing_and_the_same_action_succeeds_once_there_is_space(
    store: Store,
) -> None:
    pitfall = store.pitfalls.report("The picture is white")
    before, lines = dump(store.path), lines_of(store.path)
    _limit_pages(store, 1)  # SQLite takes this as: no more than there are.
    with pytest.raises(NotSaved, match="is full"):
        store.comments.add(pitfall, _LARGE)
    assert (dump(store.path), lines_of(store.path)) == (before, lines)
    assert check(store.path).findings == ()

    _limit_pages(store, 1_000_000)
    store.comments.add(pitfall, _LARGE)
    with Board.open(store.path) as board:
        assert len(board.pitfall(pitfall).comments) == 1
    assert len(lines_of(store.path)) == len(lines) + 1
    assert check(store.path).findings == ()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of four mebibytes; skips where none may be mounted."""
    room = tmp_path / "disk"
    room.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(room)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield room
    finally:
        subprocess.run(["umount", str(room)], check=True)


def test_a_disk_that_runs_full_and_is_given_space(small_disk: Path) -> None:
    store = Store.open(small_disk / "board.db")
    pitfall = store.pitfalls.report("The picture is white")
    written = 0

    def fill() -> None:
        nonlocal written
        while written < 1_000:
            store.comments.add(pitfall, f"{written} {_LARGE}")
            written += 1

    with pytest.raises(NotSaved, match="is full"):
        fill()
    assert len(lines_of(store.path)) == written + 1
    # What is there can be read, and nothing of the last action is.
    with Board.open(store.path) as board:
        assert len(board.pitfall(pitfall).comments) == written
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    store.comments.add(pitfall, f"{written} {_LARGE}")
    store.close()
    assert len(lines_of(store.path)) == written + 2
    assert check(store.path).findings == ()


def test_a_disk_that_others_have_filled_is_said_to_be_full(small_disk: Path) -> None:
    store = Store.open(small_disk / "board.db")
    pitfall = store.pitfalls.report("The picture is white")
    store.close()
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4_096):
            pass
    before = lines_of(store.path)
    with pytest.raises(NotSaved, match="is full"):
        store.comments.add(pitfall, "A comment")
    filler.unlink()
    assert lines_of(store.path) == before
    store.comments.add(pitfall, "A comment")
    store.close()
    assert check(store.path).findings == ()


_BELOW_A_CEILING = """
import resource, sys
from pathlib import Path
from storage.errors import NotSaved
from storage.write.store import Store

path, pitfall, room, text = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]
store = Store.open(path)
store.comments.add(pitfall, "There is space")
ceiling = path.with_name(path.name + "-wal").stat().st_size + room
resource.setrlimit(resource.RLIMIT_FSIZE, (ceiling, resource.RLIM_INFINITY))
try:
    store.comments.add(pitfall, text)
except NotSaved:
    print("not saved")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(store.comments.add(pitfall, text))
store.close()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
@pytest.mark.parametrize("room", [0, 4_096, 20_000])
def test_a_write_cut_short_by_the_system_is_not_saved(store: Store, room: int) -> None:
    pitfall = store.pitfalls.report("The picture is white")
    refused, saved = run(_BELOW_A_CEILING, store.path, pitfall, room, _LARGE)
    assert refused == "not saved"
    with Board.open(store.path) as board:
        held = board.pitfall(pitfall).comments
    assert [comment.text.plain for comment in held] == ["There is space", _LARGE]
    assert held[-1].id == saved
    assert check(store.path).findings == ()


_AS_SOMEBODY_ELSE = """
import os, sys
from pathlib import Path
from storage.read.board import Board
from storage.errors import ReadOnly
from storage.query.tree import Query
from storage.write.store import Store

path, user = Path(sys.argv[1]), int(sys.argv[2])
if user != os.geteuid():
    os.setgroups([])
    os.setuid(user)
with Board.open(path) as board:
    print(*(row.title.plain for row in board.find(Query()).page(0, 9)))
store = Store.open(path)
try:
    store.pitfalls.report("Mine")
except ReadOnly as error:
    print(error)
"""


@pytest.fixture
def open_room() -> Iterator[Path]:
    """A directory that every user of the machine can look into."""
    room = Path(tempfile.mkdtemp())
    room.chmod(0o755)
    yield room
    room.chmod(0o755)
    shutil.rmtree(room)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
@pytest.mark.parametrize("writable_directory", [False, True])
def test_what_may_not_be_written_can_be_read(open_room: Path, writable_directory: bool) -> None:
    path = open_room / "board.db"
    store = Store.open(path)
    store.pitfalls.report("Yours")
    store.close()
    path.with_name("board.db.lock").unlink()
    path.chmod(0o444)
    open_room.chmod(0o777 if writable_directory else 0o555)
    before = path.read_bytes()
    user = _NOBODY if os.geteuid() == 0 else os.geteuid()
    read, refused = run(_AS_SOMEBODY_ELSE, path, user)
    assert read == "Yours"
    assert "can only be read here" in refused
    assert path.read_bytes() == before


def test_a_newer_board_is_read_and_never_written(store: Store) -> None:
    pitfall = store.pitfalls.report("From the future")
    store.close()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = dump(store.path)

    newer = Store.open(store.path)
    for action in (
        lambda: newer.pitfalls.report("Mine"),
        lambda: newer.comments.add(pitfall, "Mine"),
        newer.history.undo,
        newer.rebuild,
    ):
        with pytest.raises(ReadOnly, match="written by a newer Pitboard"):
            action()
    with Board.open(store.path) as board:
        assert [row.title.plain for row in board.find(Query()).page(0, 9)] == ["From the future"]
        assert board.pitfall(pitfall).title.plain == "From the future"
    assert dump(store.path) == before
    report = check(store.path)
    assert report.sound
    assert "Another version" in str(report.findings[0])
    found = look(store.path)
    assert found is not None
    assert found.version == 99 > SCHEMA_VERSION


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
        connection.execute("INSERT INTO recipes VALUES ('tea')")
        connection.commit()


def _foreign_with_an_id(path: Path) -> None:
    _foreign(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 42")


def _text(path: Path) -> None:
    path.write_text("My dear diary, today the picture was white again.\n" * 200)


def _empty_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 0")
        connection.execute("VACUUM")


@pytest.mark.parametrize(
    "make", [_foreign, _foreign_with_an_id, _text, _empty_database, Path.touch]
)
def test_what_is_no_board_is_refused_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "thing"
    make(path)
    before = path.read_bytes()
    for attempt in (
        lambda: Store.open(path),
        lambda: look(path),
        lambda: back_up(path, tmp_path / "copy"),
    ):
        with pytest.raises(Unusable, match="thing"):
            attempt()
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["thing"]


def test_a_directory_is_no_board(tmp_path: Path) -> None:
    for attempt in (Store.open, look):
        with pytest.raises(Unusable, match="is a directory"):
            attempt(tmp_path)
    with pytest.raises(Unusable):
        check(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_can_not_be_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unusable, match="can't be"):
        Store.open(tmp_path / "file" / "board.db")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_a_board_is_private(tmp_path: Path) -> None:
    room = tmp_path / "deep" / "room"
    store = Store.open(room / "board.db")
    store.pitfalls.report("Secret")
    assert stat.S_IMODE(room.stat().st_mode) == 0o700
    files = list(room.iterdir())
    assert len(files) > 1
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    back_up(store.path, room / "copy.db")
    store.close()
    assert stat.S_IMODE((room / "copy.db").stat().st_mode) == 0o600


_BUSY_WRITER = """
import sys
from pathlib import Path
from storage.write.store import Store

store = Store.open(Path(sys.argv[1]))
print("ready", flush=True)
for n in range(60):
    store.comments.add(sys.argv[2], f"{n}")
"""


def test_a_copy_made_while_others_write_is_a_board_of_one_moment(store: Store) -> None:
    pitfall = store.pitfalls.report("The picture is white")
    writer = start(_BUSY_WRITER, store.path, pitfall)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "ready\n"
    copies = [store.path.with_name(f"copy {n}.db") for n in range(4)]
    for copy in copies:
        back_up(store.path, copy)
    finish(writer)
    every = lines_of(store.path)
    for copy in copies:
        assert check(copy).findings == ()
        held = lines_of(copy)
        assert held == every[: len(held)]
    last = Store.open(copies[-1])
    assert last.comments.add(pitfall, "The copy can be written")
    last.close()
    assert check(copies[-1]).findings == ()
    assert lines_of(store.path) == every


def test_a_copy_never_takes_the_place_of_something(store: Store, tmp_path: Path) -> None:
    store.pitfalls.report("The picture is white")
    there = tmp_path / "there.db"
    there.write_text("mine")
    dangling = tmp_path / "dangling.db"
    dangling.symlink_to(tmp_path / "nowhere")
    for target in (there, dangling, store.path):
        with pytest.raises(Refused, match="already"):
            back_up(store.path, target)
    with pytest.raises(Refused, match="can't be created"):
        back_up(store.path, tmp_path / "no such room" / "copy.db")
    assert there.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()
    assert not [entry for entry in tmp_path.iterdir() if ".new-" in entry.name]
