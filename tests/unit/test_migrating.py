"""A board that the release before wrote becomes one of this release, with all it held."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from storage.as_of.board import PastBoard
from storage.check import check
from storage.db.connection import APPLICATION_ID, SCHEMA_VERSION
from storage.db.schema import fixes, notes, past, record, retro, triage
from storage.events import parse
from storage.model.moment import Moment
from storage.model.retro import Count, Period
from storage.query import Query
from storage.read import Board
from storage.retro.report import Retrospect
from storage.write.store import Store
from tests.processes import run_together
from tests.records import DAY_MS, MONDAY, Wall, dump, lines_of, take_in

#: What the release before had of the file's shape.
_BEFORE = (
    record.the_record,
    record.the_board,
    record.what_belongs_to_a_pitfall,
    record.the_search,
    triage.what_triage_decides,
    triage.what_files_gave,
    fixes.what_fixes_are_worth,
    fixes.what_the_vendor_said,
    fixes.what_runs_where_and_what_is_to_be_reviewed,
    fixes.since_when_it_waits,
    past.what_it_was_like,
    notes.what_a_team_notes,
    retro.what_changed_when,
)


def _written_before(path: Path, lines: list[bytes]) -> None:
    """A file of the release before that holds some events."""
    shape = Migrations("pitboard")
    for migration in _BEFORE:
        shape()(migration)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        shape.apply(Database(connection))
        for event in (parse(line.rstrip(b"\n")) for line in lines):
            said = event.envelope
            connection.execute(
                "INSERT INTO events (id, actor, seq, step, hlc, at, who, pitfall, kind, line)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(event.id, said.actor, said.seq, said.step, said.hlc, said.at, said.who),
                    *(said.pitfall, said.kind, event.line.decode()),
                ),
            )
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")


_OPENER = """
import sys
from pathlib import Path
from storage.write.store import Store

print("ready", flush=True)
sys.stdin.readline()
store = Store.open(Path(sys.argv[1]), who=sys.argv[2])
store.report(f"Written by {sys.argv[2]}")
store.close()
"""


def test_two_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "now.db")
    for n in range(30):
        store.report(f"Pitfall {n}")
    store.close()
    before = tmp_path / "before.db"
    _written_before(before, lines_of(store.path))
    run_together(_OPENER, [(before, f"P{n}") for n in range(4)])
    assert len(lines_of(before)) == 34
    assert check(before).findings == ()
    with closing(sqlite3.connect(before)) as connection:
        names = connection.execute("SELECT name FROM _sqlite_migrations").fetchall()
    assert len(names) == len(set(names))


def test_a_board_of_the_release_before(tmp_path: Path) -> None:
    wall = Wall()
    store = Store.open(tmp_path / "now.db", now=wall)
    pitfall = store.report("White picture", severity="S1")
    store.log_occurrence(pitfall, client_version="4.1.6", platform="ios")
    wall.ms += DAY_MS
    store.set_status(pitfall, "workaround", workaround="Ask twice.")
    store.set_status(pitfall, "open")
    store.undo()
    store.close()
    before = tmp_path / "before.db"
    _written_before(before, lines_of(store.path))
    Store.open(before, now=wall).close()
    same = tmp_path / "same.db"
    take_in(same, [line.rstrip(b"\n") for line in lines_of(store.path)])
    assert dump(before) == dump(same)
    assert check(before).sound
    with PastBoard(before, Moment(MONDAY)) as then:
        [row] = then.find(Query()).page(0, 10)
        assert (row.status.value, row.sightings.count) == ("open", 1)
    with Retrospect.open(before) as looking:
        period = Period(MONDAY, MONDAY + 7 * DAY_MS)
        assert looking.figures(period, wall.ms).counts[Count.WORKED_AROUND] == 1
    with Board.open(before) as board:
        assert board.pitfall(pitfall).workaround.plain == "Ask twice."
