"""Files that lie wrongly: logs without their board, boards of two names, and what is no board."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.check import check
from storage.db.backup import back_up
from storage.errors import PitboardError, ReadOnly, Refused, Unusable
from storage.query.tree import Query
from storage.read.board import Board
from storage.write.board_file import look
from storage.write.store import Store
from tests.records import lines_of

#: Writes one pitfall for each title after the path, and is killed before it can tidy up.
_KILLED = """
import os, signal, sys
from pathlib import Path
from storage.write.store import Store

store = Store.open(Path(sys.argv[1]))
for title in sys.argv[2:]:
    store.pitfalls.report(title)
os.kill(os.getpid(), signal.SIGKILL)
"""


def _killed_after(path: Path, *titles: str) -> None:
    ended = subprocess.run([sys.executable, "-c", _KILLED, path, *titles], check=False)
    assert ended.returncode < 0
    assert path.resolve().with_name(f"{path.resolve().name}-wal").stat().st_size > 0


def _report(path: Path, *titles: str) -> None:
    with closing(Store.open(path)) as store:
        for title in titles:
            store.pitfalls.report(title)


def _titles(path: Path) -> list[str]:
    with Board.open(path) as board:
        return sorted(row.title.plain for row in board.find(Query()).page(0, 100))


# Logs without their board


def test_a_log_without_its_board_is_kept_and_the_new_board_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    _killed_after(path, *(f"Lost {n}" for n in range(20)))
    path.unlink()

    with closing(Store.open(path)) as store:
        kept = store.session.log_set_aside
        assert kept is not None
        assert kept.parent == tmp_path
        assert kept.stat().st_size > 0
        store.pitfalls.report("After it")
    assert check(path).findings == ()
    assert _titles(path) == ["After it"]


def test_recover_finds_the_changes_in_a_log_that_was_set_aside(tmp_path: Path) -> None:
    from storage.check.recover import recover

    path = tmp_path / "board.db"
    _killed_after(path, "Nearly lost")
    path.unlink()
    with closing(Store.open(path)) as store:
        kept = store.session.log_set_aside
        assert kept is not None
        store.pitfalls.report("After it")
    recover(path, tmp_path / "new.db", [kept])
    assert _titles(tmp_path / "new.db") == ["After it", "Nearly lost"]


def test_an_empty_log_and_its_index_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    (tmp_path / "board.db-wal").touch()
    (tmp_path / "board.db-shm").write_bytes(b"\xff" * 32768)
    with closing(Store.open(path)) as store:
        assert store.session.log_set_aside is None
        store.pitfalls.report("First")
    assert check(path).findings == ()
    assert _titles(path) == ["First"]


# A log of another file


def _replace(how: str, backup: Path, path: Path) -> None:
    if how == "copied over":
        path.write_bytes(backup.read_bytes())
    else:
        shutil.copy(backup, backup.with_suffix(".copy"))
        backup.with_suffix(".copy").rename(path)


@pytest.mark.parametrize("how", ["copied over", "moved there"])
@pytest.mark.parametrize("made_by", ["pitboard", "cp"])
def test_a_backup_put_over_a_live_log_is_noticed_and_nothing_is_changed(
    tmp_path: Path, how: str, made_by: str
) -> None:
    path, backup = tmp_path / "board.db", tmp_path / "backup.db"
    _report(path, "In the backup")
    if made_by == "pitboard":
        back_up(path, backup)
    else:
        shutil.copy(path, backup)
    _report(path, "Between")
    _killed_after(path, "In the log")
    log = path.with_name("board.db-wal").read_bytes()
    _replace(how, backup, path)

    for attempt in (look, Board.open, Store.open, check):
        with pytest.raises(Unusable, match="does not belong to"):
            attempt(path)
    assert path.read_bytes() == backup.read_bytes()
    assert path.with_name("board.db-wal").read_bytes() == log

    restored = Store.restore(path, backup)
    assert _titles(path) == ["In the backup"]
    assert check(path).findings == ()
    assert restored.kept is not None
    assert restored.kept.with_name(f"{restored.kept.name}-wal").read_bytes() == log


def test_a_backup_of_the_same_log_is_noticed_too(tmp_path: Path) -> None:
    path, backup = tmp_path / "board.db", tmp_path / "backup.db"
    _report(path, "Before")
    _killed_after(path, "In both")
    back_up(path, backup)
    _killed_after(path, "In the log only")
    path.write_bytes(backup.read_bytes())
    with pytest.raises(Unusable, match="does not belong to"):
        look(path)


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE generation",
        "UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'generation'",
        "UPDATE sqlite_master SET rootpage = 99999 WHERE name IN ('pitfalls', 'events')",
    ],
)
def test_a_log_with_which_a_board_can_not_be_read_is_another_ones(
    tmp_path: Path, change: str
) -> None:
    """As pages of two files come together: nothing in them may tell to which the log belongs."""
    path, other = tmp_path / "board.db", tmp_path / "other.db"
    _report(other, "Before")
    with closing(sqlite3.connect(other, isolation_level=None)) as guest:
        guest.execute("PRAGMA writable_schema = ON")
        guest.execute(change)
        shutil.copy(other, path)
        shutil.copy(other.with_name("other.db-wal"), path.with_name("board.db-wal"))
    with pytest.raises(Unusable, match="does not belong to"):
        _titles(path)
    assert path.with_name("board.db-wal").stat().st_size


def test_a_log_belongs_to_its_board_before_during_and_after_it_is_written_back(
    tmp_path: Path,
) -> None:
    path = tmp_path / "board.db"
    _report(path, "First")
    for turn in range(3):
        _killed_after(path, f"Turn {turn}")
        assert look(path) is not None
        with closing(sqlite3.connect(path)) as reader, closing(sqlite3.connect(path)) as guest:
            # A reader keeps the log from being emptied; a guest writes it back as far as it may.
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            _killed_after(path, f"Turn {turn}, again")
            guest.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            assert look(path) is not None
            _report(path, f"Turn {turn}, beside a reader")
            assert look(path) is not None
    assert len(_titles(path)) == 10
    assert check(path).findings == ()


@pytest.mark.parametrize("how", ["PASSIVE", "FULL"])
def test_a_log_that_was_begun_anew_does_not_belong_to_a_copy_from_before_it(
    tmp_path: Path, how: str
) -> None:
    """Another program wrote it back whole, and did not empty it: SQLite begins at its start."""
    path, before, during = (tmp_path / f"{name}.db" for name in ("board", "before", "during"))
    _report(path, "First")
    with closing(sqlite3.connect(path)) as guest:
        guest.execute("SELECT count(*) FROM events").fetchone()
        _report(path, "Second")
        shutil.copy(path, before)
        assert look(path) is not None
        guest.execute(f"PRAGMA wal_checkpoint({how})").fetchall()
        _report(path, "Third")
        shutil.copy(path, during)
        log = path.with_name("board.db-wal").read_bytes()
        assert _titles(path) == ["First", "Second", "Third"]
    assert check(path).findings == ()
    for copy in (before, during):
        copy.with_name(f"{copy.name}-wal").write_bytes(log)
    with pytest.raises(Unusable, match="does not belong to"):
        _titles(before)
    assert _titles(during) == ["First", "Second", "Third"]


def test_a_log_that_was_written_back_in_part_belongs_to_a_copy_from_before_and_after(
    tmp_path: Path,
) -> None:
    """It holds all that the file lacks, so the board is whole with either."""
    path, before, after = (tmp_path / f"{name}.db" for name in ("board", "before", "after"))
    _report(path, "First")
    with closing(sqlite3.connect(path)) as guest, closing(sqlite3.connect(path)) as reader:
        guest.execute("SELECT count(*) FROM events").fetchone()
        _report(path, "Second")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        shutil.copy(path, before)
        _report(path, "Third")
        [(_, frames, written)] = guest.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        assert 0 < written < frames
        _report(path, "Fourth")
        shutil.copy(path, after)
        log = path.with_name("board.db-wal").read_bytes()
    for copy in (before, after):
        copy.with_name(f"{copy.name}-wal").write_bytes(log)
        assert _titles(copy) == ["First", "Fourth", "Second", "Third"]
        assert check(copy).findings == ()


def test_a_copied_folder_is_a_board_with_its_log(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    _report(tmp_path / "one" / "board.db", "First")
    _killed_after(tmp_path / "one" / "board.db", "In the log")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    assert _titles(tmp_path / "two" / "board.db") == ["First", "In the log"]


# Restoring


def test_restoring_keeps_the_board_with_all_that_was_in_its_log(tmp_path: Path) -> None:
    path, backup = tmp_path / "board.db", tmp_path / "backup.db"
    _report(path, "In the backup")
    back_up(path, backup)
    before = backup.read_bytes()
    _killed_after(path, "Later")

    restored = Store.restore(path, backup)
    assert _titles(path) == ["In the backup"]
    assert (restored.events, restored.before) == (len(lines_of(path)), len(lines_of(path)) + 1)
    assert restored.kept is not None
    assert _titles(restored.kept) == ["In the backup", "Later"]
    assert backup.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    _report(path, "Goes on")
    assert check(path).findings == ()
    assert not [one for one in tmp_path.iterdir() if ".new-" in one.name]


def test_restoring_where_there_is_no_board_makes_one(tmp_path: Path) -> None:
    path, backup = tmp_path / "board.db", tmp_path / "backup.db"
    _report(path, "In the backup")
    back_up(path, backup)
    path.unlink()
    assert Store.restore(path, backup).kept is None
    assert _titles(path) == ["In the backup"]


def test_restoring_in_place_of_a_damaged_board_keeps_its_bytes(tmp_path: Path) -> None:
    path, backup = tmp_path / "board.db", tmp_path / "backup.db"
    _report(path, "In the backup")
    back_up(path, backup)
    path.write_bytes(b"\0" * 8192)
    restored = Store.restore(path, backup)
    assert restored.before is None
    assert restored.kept is not None
    assert restored.kept.read_bytes() == b"\0" * 8192
    assert _titles(path) == ["In the backup"]


def test_a_damaged_backup_is_not_restored(tmp_path: Path) -> None:
    path, backup = tmp_path / "board.db", tmp_path / "backup.db"
    _report(path, "First")
    back_up(path, backup)
    data = bytearray(backup.read_bytes())
    data[4096 * 3 : 4096 * 6] = b"\xa5" * (4096 * 3)
    backup.write_bytes(data)
    _report(path, "Second")
    with pytest.raises(PitboardError):
        Store.restore(path, backup)
    assert _titles(path) == ["First", "Second"]
    assert not [one for one in tmp_path.iterdir() if ".new-" in one.name or "replaced" in one.name]


def test_a_board_is_not_restored_from_itself_or_from_nothing(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    _report(path, "First")
    with pytest.raises(Refused, match="itself"):
        Store.restore(path, path)
    with pytest.raises(Unusable, match="no board"):
        Store.restore(path, tmp_path / "nothing.db")
    assert _titles(path) == ["First"]


def test_a_store_does_not_write_into_a_file_that_was_replaced(tmp_path: Path) -> None:
    path, backup = tmp_path / "board.db", tmp_path / "backup.db"
    with closing(Store.open(path)) as store:
        store.pitfalls.report("First")
        back_up(path, backup)
        store.pitfalls.report("Second")
        Store.restore(path, backup)
        with pytest.raises(Unusable, match="Another file was put"):
            store.pitfalls.report("Into nothing")
        store.pitfalls.report("Into what lies there now")
    assert _titles(path) == ["First", "Into what lies there now"]
    assert check(path).findings == ()


def test_a_store_does_not_write_into_a_file_that_was_deleted(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    with closing(Store.open(path)) as store:
        store.pitfalls.report("First")
        path.unlink()
        with pytest.raises(Unusable, match="deleted or renamed"):
            store.pitfalls.report("Into nothing")
        with pytest.raises(Unusable, match="no board"):
            store.pitfalls.report("Into nothing")
    assert not path.exists()


# Several names for one file


def test_a_file_of_two_names_is_read_and_not_written(tmp_path: Path) -> None:
    path, other = tmp_path / "board.db", tmp_path / "other.db"
    _report(path, "First")
    other.hardlink_to(path)
    for name in (path, other):
        assert _titles(name) == ["First"]
        with closing(Store.open(name)) as store, pytest.raises(ReadOnly, match="2 names"):
            store.pitfalls.report("Lost")
    other.unlink()
    _report(path, "Second")
    assert _titles(path) == ["First", "Second"]


def test_a_name_that_is_added_to_an_open_board_stops_its_writes(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    with closing(Store.open(path)) as store:
        store.pitfalls.report("First")
        (tmp_path / "other.db").hardlink_to(path)
        with pytest.raises(ReadOnly, match="2 names"):
            store.pitfalls.report("Lost")


def test_a_link_and_what_it_leads_to_are_one_board_with_one_lock(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    path, link = tmp_path / "elsewhere" / "board.db", tmp_path / "link.db"
    _report(path, "First")
    link.symlink_to(path)
    _killed_after(link, "By the link")
    _report(link, "By the link, again")
    assert _titles(path) == _titles(link) == ["By the link", "By the link, again", "First"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["elsewhere", "link.db"]


def test_a_link_that_leads_nowhere_is_not_replaced(tmp_path: Path) -> None:
    link = tmp_path / "board.db"
    link.symlink_to(tmp_path / "unmounted" / "board.db")
    for attempt in (look, Board.open, Store.open):
        with pytest.raises(Unusable, match="where there is nothing"):
            attempt(link)
    assert link.is_symlink()
    assert [one.name for one in tmp_path.iterdir()] == ["board.db"]


# What is no file


@pytest.mark.parametrize("kind", ["named pipe", "socket", "directory", "device"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "board.db"
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        if kind == "named pipe":
            os.mkfifo(path)
        elif kind == "socket":
            listening.bind(str(path))
        elif kind == "directory":
            path.mkdir()
        else:
            path = Path("/dev/null")
        for attempt in (look, Board.open, Store.open):
            with pytest.raises(Unusable, match=f"is a {kind}, not a board"):
                attempt(path)
    assert not list(tmp_path.glob("*-wal"))


@pytest.mark.parametrize("name", ["file:board.db?mode=rwc", ":memory:"])
def test_a_name_that_is_none_to_sqlite_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for attempt in (look, Board.open, Store.open):
        with pytest.raises(Unusable, match="to SQLite"):
            attempt(Path(name))
    assert not list(tmp_path.iterdir())


# A file for several accounts


def test_a_board_for_a_group_is_for_it_with_all_that_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "team" / "board.db"
    before = os.umask(0o077)
    try:
        with closing(Store.open(path, for_a_group=True)) as store:
            store.pitfalls.report("First")
            modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(
        ["board.db", "board.db-shm", "board.db-wal", "board.db.lock"], 0o660
    )
    assert path.parent.stat().st_mode & (stat.S_ISGID | stat.S_IWGRP)

    backup = tmp_path / "backup.db"
    back_up(path, backup)
    Store.restore(path, backup)
    assert stat.S_IMODE(path.stat().st_mode) == 0o660


def test_a_directory_that_keeps_its_files_from_the_group_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="would not belong to its group"):
        Store.open(tmp_path / "board.db", for_a_group=True)
    assert not list(tmp_path.iterdir())


def test_a_file_whose_number_is_beyond_what_sqlite_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows and some file systems give such numbers; a copy is still told by them."""
    real = Path.stat

    def numbered(path: Path, **how: Any) -> os.stat_result:
        found = real(path, **how)
        values = list(found)
        values[stat.ST_INO] += (1 << 64) - (1 << 62)
        return os.stat_result(values)

    board, copy = tmp_path / "board.db", tmp_path / "copy.db"
    monkeypatch.setattr(Path, "stat", numbered)
    with closing(Store.open(board)) as store:
        store.pitfalls.report("A white picture")
    shutil.copy(board, copy)
    actors = []
    for path in (board, copy):
        with closing(Store.open(path)) as store:
            store.pitfalls.report("Another")
        with closing(sqlite3.connect(path)) as connection:
            actors += connection.execute("SELECT actor FROM store").fetchall()
    assert actors[0] != actors[1]


def test_a_board_that_is_deleted_while_it_is_updated_is_said_to_be_gone(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    store = Store.open(path)
    store.pitfalls.report("A white picture")
    with store.session.locked():
        store.session.connection.execute("UPDATE projection SET version = ''")
    store.close()
    with pytest.raises(Unusable, match="deleted or renamed"):
        Store.open(path, progress=lambda _done: path.unlink(missing_ok=True))
    assert not path.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such name")
def test_a_board_whose_name_is_not_utf_8_is_written_as_any_other(tmp_path: Path) -> None:
    path = Path(os.fsdecode(bytes(tmp_path) + b"/b\xff.db"))
    _report(path, "first")
    _report(path, "second")
    assert {"first", "second"} <= {*_titles(path)}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such folder")
def test_where_no_file_can_be_made_nobody_else_is_said_to_write() -> None:
    with pytest.raises(ReadOnly, match="can't be written"):
        Store.open(Path("/proc/x.db"))
