"""What SQLite raises is explained as what it is: only a failing disk is called one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.db.connection import explain, explained, unreadable
from storage.errors import Busy, Defect, NotSaved, PitboardError, ReadOnly, Unusable
from storage.write.store import Store

_PATH = Path("board.db")

#: Every primary result code of SQLite that stands for a failure, by what it is explained as.
_KINDS: dict[type[PitboardError], tuple[str, ...]] = {
    NotSaved: ("IOERR", "FULL", "NOMEM"),
    Busy: ("BUSY", "LOCKED"),
    ReadOnly: ("READONLY",),
    Unusable: ("NOTADB", "CORRUPT", "CANTOPEN"),
    Defect: (
        *("ERROR", "INTERNAL", "PERM", "ABORT", "INTERRUPT", "PROTOCOL", "SCHEMA", "TOOBIG"),
        *("CONSTRAINT", "MISMATCH", "MISUSE", "NOLFS", "AUTH", "RANGE"),
    ),
}


def _error(code: str, message: str = "why") -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(message)
    error.sqlite_errorname = f"SQLITE_{code}"
    return error


def test_each_code_is_explained_as_what_it_is() -> None:
    for kind, codes in _KINDS.items():
        for code in codes:
            assert type(explain(_error(code), _PATH)) is kind, code
            # Nothing was to be saved where something is only read.
            read = Unusable if kind is NotSaved else kind
            assert type(unreadable(_error(code), _PATH)) is read, code


def test_only_a_failing_disk_is_called_a_disk() -> None:
    for codes in _KINDS.values():
        for code in codes:
            shown = str(explain(_error(code), _PATH))
            assert ("The disk" in shown) == (code in {"IOERR", "FULL"}), shown


@pytest.mark.parametrize(
    ("statement", "kind", "words"),
    [
        ("SELECT 1 FROM nowhere", Unusable, "no such table: nowhere"),
        ("SELECT missing FROM events", Unusable, "no such column: missing"),
        ("SELEC 1", Defect, "syntax error"),
        ("INSERT INTO catalogues (name) VALUES ('wecom')", Defect, "SQLITE_CONSTRAINT"),
        ("SELECT ?", Defect, "ProgrammingError"),
        ("SELECT 1; SELECT 2", Defect, "one statement at a time"),
    ],
)
def test_a_statement_that_fails_is_no_failing_disk(
    tmp_path: Path, statement: str, kind: type[PitboardError], words: str
) -> None:
    path = tmp_path / "board.db"
    Store.open(path).close()
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(kind, match=words) as raised,
        explained(path),
    ):
        connection.execute(statement)
    assert "isk did not" not in str(raised.value)
    assert isinstance(raised.value.__cause__, sqlite3.Error)


def test_a_board_without_a_table_is_repaired_by_what_the_error_says(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    store = Store.open(path)
    pitfall = store.pitfalls.report("White picture")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE comments")
    with pytest.raises(Unusable, match="doctor --rebuild"):
        store.comments.add(pitfall, "Hello")
    store.rebuild()
    store.comments.add(pitfall, "Hello")
    store.close()
