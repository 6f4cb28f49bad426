"""Boards of earlier versions, whose record is taken over, and read tables that are made anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.check import check
from storage.db.connection import RECORD_TABLES, SCHEMA_VERSION
from storage.db.reader import PROJECTION_VERSION
from storage.errors import ReadOnly
from storage.projection.sql_views import VIEW_COLUMNS
from storage.projection.tables import LOCAL_TABLES, READ_TABLES
from storage.query.tree import Query
from storage.read.board import Board
from storage.write.board_file import look
from storage.write.store import Store
from tests.earlier import EARLIER, written_by
from tests.processes import run_together, start
from tests.records import dump, lines_of, take_in

_TITLES = ["Black picture", "White picture"]


def _rows(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def _shape(path: Path) -> set[tuple[str, str]]:
    """Each table with its columns, and each index with its definition."""
    shape = set()
    for kind, name, sql in _rows(
        path, "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    ):
        if kind == "table":
            shape.add((name, str(_rows(path, f"PRAGMA table_xinfo ({name})"))))
        else:
            shape.add((name, sql.replace('"', "")))
    return shape


#: Of tables that have got more columns since, those that earlier versions wrote.
_COLUMNS = {
    "events": "n, id, actor, seq, step, hlc, at, who, pitfall, kind, line",
    "store": "actor, seen, doubted_since",
    "catalogues": "name, edition",
    "sharing": "url, layout, joined_at, tried_at, synced_at, problem, details, sent, received",
}


def _record(path: Path) -> dict[str, list[Any]]:
    there = {name for (name,) in _rows(path, "SELECT name FROM sqlite_master")}
    return {
        table: _rows(path, f"SELECT {_COLUMNS.get(table, '*')} FROM {table}")
        for table in RECORD_TABLES
        if table in there
    }


def test_there_is_a_board_of_each_version() -> None:
    versions = {name.split("-")[1] for name in EARLIER}
    assert versions == {str(version) for version in range(1, SCHEMA_VERSION)}


@pytest.mark.parametrize("name", EARLIER)
def test_a_board_of_an_earlier_version_keeps_its_record_and_computes_the_rest(
    tmp_path: Path, name: str
) -> None:
    path = written_by(name, tmp_path / "board.db")
    before = _record(path)
    found = look(path)
    assert found is not None
    assert found.version == int(name.split("-")[1])
    assert not found.is_readable

    Store.open(path).close()
    assert look(path) == (SCHEMA_VERSION, 3, True)
    after = _record(path)
    assert {table: after[table] for table in before} == before
    # One of them holds an attachment that was never named.
    found = [finding.message for finding in check(path).findings]
    assert found == ["{count} attachments, {size} bytes, belong to no event."] * len(found)
    with Board.open(path) as board:
        assert sorted(row.title.plain for row in board.find(Query()).page(0, 9)) == _TITLES
    same = tmp_path / "same.db"
    take_in(same, [line.rstrip(b"\n") for line in lines_of(path)])
    assert dump(path) == dump(same)
    assert _shape(path) == _shape(same)

    store = Store.open(path)
    store.pitfalls.report("Written afterwards")
    store.close()
    assert [finding.message for finding in check(path).findings] == found


def test_a_version_five_board_keeps_its_attachments_and_how_it_is_shared(tmp_path: Path) -> None:
    path = written_by("version-5-last", tmp_path / "board.db")
    Store.open(path).close()
    assert _rows(path, "SELECT url, layout, sent FROM sharing") == [
        ("https://git.example.com/team/pitfalls.git", "refs", 3)
    ]
    assert _rows(path, "SELECT * FROM journals") == [("refs", "b" * 32, "c" * 40)]
    assert _rows(path, "SELECT * FROM journalled") == [(1, 3)]
    assert _rows(path, "SELECT size, data FROM contents") == [(9, b"log line\n")]
    with Board.open(path) as board:
        [row] = [row for row in board.find(Query()).page(0, 9) if row.title.plain == _TITLES[1]]
        [attachment] = board.pitfall(row.id).attachments
        assert board.attachments.content(attachment) == b"log line\n"


_OPENER = """
import sys
from pathlib import Path
from storage.write.store import Store

print("ready", flush=True)
sys.stdin.readline()
store = Store.open(Path(sys.argv[1]), who=sys.argv[2])
store.pitfalls.report(f"Written by {sys.argv[2]}")
store.close()
"""


def test_processes_that_start_together_upgrade_once(tmp_path: Path) -> None:
    path = written_by("version-3", tmp_path / "board.db")
    before = len(lines_of(written_by("version-3", tmp_path / "other.db")))
    run_together(_OPENER, [(path, f"P{n}") for n in range(4)])
    # Each reports one pitfall; what else a report writes is the same for each.
    with Board.open(path) as board:
        assert len(board.find(Query()).page(0, 99)) == 2 + 4
    assert len(lines_of(path)) == before + 4
    assert check(path).findings == ()
    assert _rows(path, "SELECT name FROM _sqlite_migrations") == [("baseline",)]


_KILLED = """
import os, sys
from pathlib import Path
from storage.write.store import Store

def die(done):
    os.kill(os.getpid(), 9)

Store.open(Path(sys.argv[1]), progress=die)
"""


def test_an_upgrade_that_is_killed_leaves_the_board_as_it_was(tmp_path: Path) -> None:
    path = written_by("version-4", tmp_path / "board.db")
    before = _shape(path)
    process = start(_KILLED, path)
    process.communicate()
    assert process.returncode == -9
    assert _shape(path) == before
    assert _rows(path, "PRAGMA user_version") == [(4,)]
    Store.open(path).close()
    assert check(path).findings == ()


def test_an_upgrade_that_fails_leaves_the_board_as_it_was(tmp_path: Path) -> None:
    def stop(done: int) -> None:
        raise KeyboardInterrupt

    path = written_by("version-4", tmp_path / "board.db")
    before = _shape(path)
    with pytest.raises(KeyboardInterrupt):
        Store.open(path, progress=stop)
    assert _shape(path) == before
    Store.open(path).close()
    assert check(path).findings == ()


def test_read_tables_of_another_version_are_made_anew_with_progress(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    store = Store.open(path)
    pitfall = store.pitfalls.report("White picture")
    store.occurrences.log(pitfall)
    store.close()
    sound, shape = dump(path), _shape(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE projection SET version = 'another'")
        connection.execute("UPDATE pitfalls SET title = 'Computed otherwise'")
        connection.execute("DROP TABLE comments")
        connection.execute("CREATE TABLE only_there (n)")
    found = look(path)
    assert found is not None
    assert not found.is_readable
    output: list[int] = []
    Store.open(path, progress=output.append).close()
    assert output[-1] == len(lines_of(path))
    assert (dump(path), _shape(path)) == (sound, shape)
    assert _rows(path, "SELECT version FROM projection") == [(PROJECTION_VERSION,)]
    # A second opening has nothing to do.
    Store.open(path, progress=lambda done: pytest.fail("made anew again")).close()


def test_a_newer_board_is_only_read(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        connection.execute("UPDATE projection SET version = 'newer'")
        connection.commit()
    store = Store.open(path)
    with pytest.raises(ReadOnly, match="newer Pitboard"):
        store.pitfalls.report("x")
    assert _rows(path, "SELECT version FROM projection") == [("newer",)]


def test_every_table_is_of_the_record_or_computed(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    Store.open(path).close()
    names = {
        name
        for (name,) in _rows(path, "SELECT name FROM pragma_table_list WHERE type <> 'shadow'")
        if not name.startswith("sqlite_")
    }
    computed = {*READ_TABLES, *VIEW_COLUMNS}
    assert names == {*RECORD_TABLES, *LOCAL_TABLES, *computed, "projection", "_sqlite_migrations"}
