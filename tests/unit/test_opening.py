"""What lies at a path, and what opening it makes of it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.check import check
from storage.db.connection import SCHEMA_VERSION
from storage.errors import Unusable
from storage.events import parse
from storage.query.tree import Query
from storage.read.board import Board
from storage.write.board_file import FileState, look
from storage.write.store import Store
from tests.processes import run
from tests.records import line as foreign
from tests.records import lines_of


def _titles(path: Path) -> list[str]:
    with Board.open(path) as board:
        return sorted(row.title.plain for row in board.find(Query()).page(0, 100))


def _catalogue(editions: int) -> Iterator[bytes]:
    for seq in range(1, editions + 1):
        yield foreign(seq=seq, hlc=seq, pitfall=f"{seq:016x}", body={"title": f"Built-in {seq}"})


def test_nothing_is_there_at_first(tmp_path: Path) -> None:
    assert look(tmp_path / "board.db") is None
    with pytest.raises(Unusable, match="no board"):
        Board.open(tmp_path / "board.db")
    assert list(tmp_path.iterdir()) == []


def test_a_board_is_started_with_the_catalogue_and_needs_it_no_more(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    Store.open(path, catalogue=lambda: _catalogue(2), edition=1)
    assert _titles(path) == ["Built-in 1", "Built-in 2"]
    found = look(path)
    assert found is not None
    assert found.is_ready(1)
    assert not found.is_ready(2)

    Store.open(path, catalogue=lambda: pytest.fail("asked for again"), edition=1)
    assert len(lines_of(path)) == 2


def test_a_later_edition_adds_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    Store.open(path, catalogue=lambda: _catalogue(2), edition=1)
    store = Store.open(path, catalogue=lambda: _catalogue(3), edition=2)
    assert _titles(path) == ["Built-in 1", "Built-in 2", "Built-in 3"]
    assert look(path) == FileState(SCHEMA_VERSION, 2)
    # An earlier program leaves it as it is.
    Store.open(path, catalogue=lambda: _catalogue(2), edition=1)
    assert look(path) == FileState(SCHEMA_VERSION, 2)
    store.close()


def test_a_board_that_was_started_without_the_catalogue_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    Store.open(path)
    assert look(path) == FileState(SCHEMA_VERSION, None)
    Store.open(path, catalogue=lambda: pytest.fail("asked for"), edition=7)
    assert _titles(path) == []


def test_a_later_edition_leaves_what_was_reworded_here(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    store = Store.open(path, catalogue=lambda: _catalogue(1), edition=1)
    store.pitfalls.edit(f"{1:016x}", {"title": "Reworded here"})
    Store.open(path, catalogue=lambda: _catalogue(2), edition=2)
    assert _titles(path) == ["Built-in 2", "Reworded here"]
    store.close()


def test_a_start_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield next(_catalogue(1))
        raise RuntimeError("out of catalogue")

    path = tmp_path / "board.db"
    with pytest.raises(RuntimeError, match="out of catalogue"):
        Store.open(path, catalogue=broken, edition=1)
    assert not path.exists()
    assert not [entry for entry in tmp_path.iterdir() if ".new-" in entry.name]
    Store.open(path)
    assert check(path).findings == ()


def test_the_file_says_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    Store.open(path)
    with closing(sqlite3.connect(path)) as connection:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    assert application.to_bytes(4, "big") == b"Pitb"
    assert journal == "wal"


def test_two_boards_are_two_actors(tmp_path: Path) -> None:
    for name in ("one", "other"):
        store = Store.open(tmp_path / name)
        store.pitfalls.report("x")
        store.close()
    [one], [other] = (lines_of(tmp_path / name) for name in ("one", "other"))
    assert parse(one.strip()).envelope.actor != parse(other.strip()).envelope.actor


def test_looking_loads_only_what_reading_needs(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    Store.open(path).close()
    script = (
        "import sys; from pathlib import Path\n"
        "from storage.read.board import Board; from storage.write.board_file import look\n"
        "from storage.exports import json_shapes, whole_board\n"
        "look(Path(sys.argv[1])); Board.open(Path(sys.argv[1])).close()\n"
        "whole_board.export_csv(Board.open(Path(sys.argv[1])), 'en', lambda text: None)\n"
        "print(sorted({'pydantic', 'sqlite_utils', 'filelock'} & set(sys.modules)))"
    )
    assert run(script, path) == ["[]"]


@pytest.mark.parametrize("name", [b"a?mode=rw#b", b"100%25 %3f", "坑.db".encode(), b"a b"])
def test_a_file_of_any_name_is_the_one_that_is_opened(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    with closing(Store.open(path, who="Ada")) as store:
        store.pitfalls.report("Held there")
    assert {os.fsencode(one.name) for one in tmp_path.iterdir()} & {name} == {name}
    assert _titles(path) == ["Held there"]
