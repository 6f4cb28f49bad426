"""The bare scripts: the least that Python and SQLite need for the same work.

They know the tables, and nothing else of Pitboard.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

_COLUMNS: Final = (
    "n, id, title, title_zh, kind, component, component_zh, severity, status,"
    " occurrence_count, first_seen, last_seen"
)
PAGE: Final = f"SELECT {_COLUMNS} FROM pitfalls ORDER BY last_seen DESC, n DESC LIMIT ? OFFSET ?"
PAGE_BY: Final = (
    f"SELECT {_COLUMNS} FROM pitfalls WHERE in_view ORDER BY {{order}} LIMIT ? OFFSET ?"
)
PAGE_OF_OPEN: Final = (
    f"SELECT {_COLUMNS} FROM pitfalls WHERE status = 'open'"
    " ORDER BY last_seen DESC, n DESC LIMIT ? OFFSET ?"
)
COUNTS: Final = "SELECT status, count(*) FROM pitfalls GROUP BY status"
COUNTS_OF_SEVERE: Final = (
    "SELECT status, count(*) FROM pitfalls WHERE severity IN ('S1', 'S2') GROUP BY status"
)
COUNTS_OF: Final = "SELECT status, count(*) FROM pitfalls WHERE {condition} GROUP BY status"
PAGE_OF: Final = (
    f"SELECT {_COLUMNS} FROM pitfalls WHERE {{condition}} ORDER BY last_seen DESC, n DESC LIMIT ?"
)
NAMES: Final = (
    "SELECT component FROM pitfalls WHERE component LIKE '%log%'"
    " GROUP BY component ORDER BY count(*) DESC LIMIT 8"
)
MATCH: Final = (
    f"SELECT {_COLUMNS} FROM pitfalls WHERE n IN"
    " (SELECT rowid FROM search WHERE search MATCH ? LIMIT 50)"
)
RANKED_MATCH: Final = (
    f"SELECT {_COLUMNS} FROM pitfalls WHERE n IN"
    " (SELECT rowid FROM search WHERE search MATCH ? ORDER BY rank LIMIT 50)"
)

#: As our command does: Python looks for garbage seldom, and not at the end.
_SELDOM: Final = """
import atexit, gc
gc.set_threshold(100_000)
atexit.register(gc.freeze)
"""

_RUNS: Final = (
    "SELECT host, platform, client_version, base_library, sum(count), min(seen_at), max(seen_at)"
    " FROM occurrences WHERE client_version <> '' AND base_library <> ''{}"
    " GROUP BY host, platform, client_version, base_library"
)
RUNS: Final = _RUNS.format("")
RUNS_OF_IOS: Final = _RUNS.format(" AND host = 'wecom' AND platform = 'ios'")

#: ``versions`` as a script; its argument is the file.
RUNS_SCRIPT: Final = f"""{_SELDOM}import sqlite3, sys
import click

connection = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
for row in connection.execute({RUNS!r}).fetchall():
    click.echo("\\t".join(map(str, row)))
"""

#: ``list`` as a script; its argument is the file.
LIST_SCRIPT: Final = f"""{_SELDOM}import sqlite3, sys
import click

connection = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
for row in connection.execute({PAGE!r}, (50, 0)).fetchall():
    click.echo("\\t".join(map(str, row)))
"""

_OF_ONE: Final = (
    "SELECT * FROM pitfalls WHERE id = ?",
    "SELECT * FROM comments WHERE pitfall = ?",
    "SELECT r.* FROM pitfalls AS p JOIN pitfall_references AS r"
    " ON r.n >= p.n * 4294967296 AND r.n < (p.n + 1) * 4294967296 WHERE p.id = ?",
    "SELECT * FROM fixes WHERE pitfall = ?",
    "SELECT * FROM occurrences WHERE pitfall = ? ORDER BY seen_at DESC LIMIT 20",
)

#: ``show`` as a script; its arguments are the file and the pitfall.
SHOW_SCRIPT: Final = f"""{_SELDOM}import sqlite3, sys
import click

connection = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
for query in {_OF_ONE!r}:
    for row in connection.execute(query, (sys.argv[2],)).fetchall():
        click.echo("\\t".join(map(str, row)))
"""

#: ``log`` and ``new`` as a script, durable like ours; its arguments are the file and a text.
WRITE_SCRIPT: Final = f"""{_SELDOM}import sqlite3, sys
import click

connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA synchronous = FULL")
connection.execute("INSERT INTO floor_of_3 VALUES (NULL, ?, ?, 0)", (sys.argv[2], "wecom"))
click.echo(sys.argv[2])
"""

#: The first rows of the list as text in a terminal, by SQLite alone.
ROWS_SCRIPT: Final = f"""
import sqlite3, sys

connection = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
for row in connection.execute({PAGE!r}, (20, 0)).fetchall():
    print(row[8], row[7], row[2])
"""

#: The same rows in an application of Textual that does nothing else, and looks for no garbage
#: before its first paint, as ours.
SCREEN_SCRIPT: Final = f"""
import gc, sqlite3, sys
gc.disable()
from textual.app import App
from textual.widgets import Static

connection = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
rows = connection.execute({PAGE!r}, (20, 0)).fetchall()

class Bare(App):
    def compose(self):
        yield Static("\\n".join(f"{{row[8]}} {{row[7]}} {{row[2]}}" for row in rows), markup=False)

Bare().run()
"""


def reader(path: Path) -> sqlite3.Connection:
    """A bare connection that reads."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def writer(path: Path) -> sqlite3.Connection:
    """A bare connection whose every statement is durable when it returns."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    return connection


def plain_table(connection: sqlite3.Connection, columns: int) -> str:
    """Make a table without indexes; the statement that inserts a row into it."""
    name = f"floor_of_{columns}"
    connection.execute(
        f"CREATE TABLE {name} (n INTEGER PRIMARY KEY, {', '.join(f'c{c}' for c in range(columns))})"
    )
    return f"INSERT INTO {name} VALUES (NULL, {', '.join('?' * columns)})"


def contents(connection: sqlite3.Connection, tables: Iterable[str]) -> dict[str, list[Any]]:
    """The rows of some tables, with the rowids of those that search."""
    return {
        table: connection.execute(
            f"SELECT {', '.join(_columns(connection, table))} FROM {table}"
        ).fetchall()
        for table in tables
    }


def insert_all(connection: sqlite3.Connection, held: dict[str, list[Any]]) -> None:
    """The rows of every table into tables of the same shape, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    for table, rows in held.items():
        if rows:
            columns = _columns(connection, table)
            marks = ", ".join("?" * len(columns))
            connection.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows
            )
    connection.execute("COMMIT")


def _columns(connection: sqlite3.Connection, table: str) -> Sequence[str]:
    # Not those that SQLite computes, which nobody can insert.
    columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
    return ["rowid", *columns] if "search" in table else columns


def read_and_decode(path: Path) -> int:
    """Read every event and decode its JSON; how many there were."""
    done = 0
    with closing(reader(path)) as connection:
        for (line,) in connection.execute("SELECT line FROM events ORDER BY n"):
            json.loads(line)
            done += 1
    return done
