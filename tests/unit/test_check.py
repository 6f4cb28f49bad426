"""Looking a board over: what is damaged is found and named, and nothing else is."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import storage.check
from storage.check import Report, check
from storage.check.record import EVENTS_BY_STORE
from storage.check.recover import recover
from storage.db import blobs
from storage.db.backup import back_up
from storage.errors import Unusable
from storage.events import event_id, parse
from storage.imports.importer import import_events
from storage.write.store import Store
from tests.boards import fresh
from tests.records import DAY_MS, MONDAY, Wall, dump, line, lines_of
from tests.teams import chained

_REBUILD = "doctor --rebuild"
#: How many events the board below has.
_EVENTS = 13


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A board with something in every table."""
    path = tmp_path / "board.db"
    store = Store.open(fresh(path), now=Wall())
    pitfall = store.pitfalls.report(
        "White picture",
        component="wx.a",
        workaround="Wait.",
        tags=["album"],
        references=["https://a.b/c"],
        signatures=["scan:fail"],
    )
    store.comments.add(pitfall, "Hello")
    store.status.set(pitfall, "fixed upstream", axis="client", from_version="4.1")
    store.occurrences.log(pitfall, message="saveImage:fail", platform="ios", client_version="4.1.8")
    amended = store.occurrences.log(pitfall, message="saveImage:fail", seen_at=MONDAY - 9 * DAY_MS)
    store.entries.edit(pitfall, amended, {"count": 7})
    store.occurrences.log(pitfall)
    store.history.undo()
    import_events(store.session, [line(body={"title": "Theirs"})])
    store.close()
    return path


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount > 0, "this changes nothing"


def messages(report: Report) -> list[str]:
    return [str(finding) for finding in report.findings]


def test_a_sound_board_has_no_findings(board: Path) -> None:
    progress: list[int] = []
    report = check(board, now=Wall(), progress=progress.append)
    assert messages(report) == []
    assert report.sound
    assert (report.events, report.pitfalls, report.occurrences) == (_EVENTS, 2, 2)
    assert progress[-1] == _EVENTS


def test_looking_changes_nothing_and_needs_no_lock(board: Path) -> None:
    before = board.read_bytes()
    store = Store.open(board)
    with store.session.locked():
        assert check(board).sound
    assert board.read_bytes() == before


# Each statement makes one table say something else than the events.
_DAMAGED_PROJECTION = [
    "UPDATE pitfalls SET title = 'Black picture' WHERE title = 'White picture'",
    "UPDATE pitfalls SET title_zh = 'x' WHERE title = 'White picture'",
    "UPDATE pitfalls SET component_zh = 'x' WHERE title = 'White picture'",
    "UPDATE pitfalls SET status = 'open' WHERE title = 'White picture'",
    "UPDATE pitfalls SET status = 'nonsense' WHERE title = 'White picture'",
    "UPDATE pitfalls SET status_order = 0 WHERE title = 'White picture'",
    "UPDATE pitfalls SET changed_at = 1",
    "UPDATE pitfalls SET occurrence_count = occurrence_count + 1",
    "UPDATE pitfalls SET first_seen = 5 WHERE title = 'Theirs'",
    "UPDATE pitfalls SET last_seen = NULL WHERE last_seen IS NOT NULL",
    "DELETE FROM pitfalls WHERE title = 'Theirs'",
    "INSERT INTO pitfalls (n, id, title, kind, severity, status, status_order)"
    " SELECT 99, 'feed', title, kind, severity, status, status_order FROM pitfalls LIMIT 1",
    "UPDATE pitfalls SET triage = 'declined' WHERE title = 'White picture'",
    "UPDATE pitfalls SET original = 'feed' WHERE title = 'White picture'",
    "UPDATE occurrences SET pitfall = 'feed'",
    "UPDATE signatures SET pitfall = 'feed'",
    "DELETE FROM seen_versions",
    "DELETE FROM tags",
    "INSERT INTO tags (pitfall, tag, n) VALUES ('feed', 'ghost', 1)",
    "INSERT INTO tags (pitfall, tag, n) SELECT id, 'ghost', n FROM pitfalls WHERE title = 'Theirs'",
    "UPDATE comments SET text = 'Bye'",
    "UPDATE comments SET pitfall = 'feed'",
    "DELETE FROM pitfall_references",
    "UPDATE signatures SET platform = 'fridge'",
    "UPDATE fixes SET axis = 'server'",
    "DELETE FROM occurrences WHERE count = 1",
    "DELETE FROM occurrences WHERE count = 7",
    "UPDATE occurrences SET note = 'x' WHERE count = 1",
    "UPDATE occurrences SET note = 'x' WHERE count = 7",
    "UPDATE occurrences SET platform = 'fridge'",
    "INSERT INTO occurrences (id, pitfall, seen_at, outcome, count)"
    " SELECT 'feed', id, 1, 'reproduced', 1 FROM pitfalls LIMIT 1",
    "UPDATE weekly_occurrences SET count = count + 1",
    "DELETE FROM weekly_occurrences",
    "INSERT INTO weekly_occurrences VALUES ('feed', 1, 1)",
    "UPDATE messages SET message = 'x'",
    "UPDATE messages SET digest = 'x'",
    "DELETE FROM messages",
    "INSERT INTO messages VALUES (99, 'feed', 'd', 'm')",
    "UPDATE search SET body = 'x' WHERE rowid = 1",
    "DELETE FROM search WHERE rowid = 2",
    "INSERT INTO search (rowid, title) VALUES (99, 'ghost')",
    "DELETE FROM message_search",
    "INSERT INTO message_search (rowid, message) VALUES (99, 'ghost')",
    "DELETE FROM voided",
    "INSERT INTO voided SELECT id, pitfall FROM events WHERE kind = 'reported'",
    "INSERT INTO voided VALUES ('feed', 'feed')",
    "DELETE FROM mentions",
    "UPDATE mentions SET pitfall = 'feed'",
    "INSERT INTO mentions VALUES ('feed', 'feed', 'feed')",
    "UPDATE pitfalls SET fix_at = 1 WHERE title = 'White picture'",
    "UPDATE pitfalls SET fix_at = 1 WHERE title = 'Theirs'",
    "UPDATE pitfalls SET workaround_at = 1 WHERE title = 'Theirs'",
]


@pytest.mark.parametrize("statement", _DAMAGED_PROJECTION)
def test_a_board_that_is_not_what_its_events_say_is_found_and_rebuilt(
    board: Path, statement: str
) -> None:
    sound = dump(board)
    change(board, statement)
    assert dump(board) != sound
    report = check(board, now=Wall())
    assert not report.sound
    assert all(_REBUILD in finding for finding in messages(report))

    store = Store.open(board)
    assert store.rebuild() == _EVENTS
    store.close()
    assert check(board, now=Wall()).findings == ()
    assert dump(board) == sound


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP INDEX idx_pitfalls_by_seen", "index idx_pitfalls_by_seen is missing"),
        ("ALTER TABLE tags ADD COLUMN colour TEXT", "table or index tags is missing"),
        (
            "INSERT INTO search (rowid, title, names, body)"
            " SELECT n + 100, title, '', '' FROM pitfalls",
            "2 rows of the table search belong to no event",
        ),
    ],
)
def test_a_shape_that_this_version_does_not_make_is_found_and_rebuilt(
    board: Path, statement: str, words: str
) -> None:
    with closing(sqlite3.connect(board, isolation_level=None)) as connection:
        connection.execute(statement)
    [found] = messages(check(board, now=Wall()))
    assert words in found
    assert _REBUILD in found
    store = Store.open(board)
    store.rebuild()
    store.close()
    assert check(board, now=Wall()).findings == ()


def test_what_is_twice_in_a_table_without_a_key_is_found(board: Path) -> None:
    change(board, "INSERT INTO message_search (message) SELECT message FROM message_search LIMIT 1")
    [found] = messages(check(board, now=Wall()))
    assert "1 rows of the table message_search" in found


def test_no_room_for_comparing_is_no_damage(board: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = storage.check.connect_beside

    def on_a_small_disk(path: Path) -> sqlite3.Connection:
        connection = beside(path)
        connection.execute("PRAGMA main.max_page_count = 20")
        return connection

    monkeypatch.setattr(storage.check, "connect_beside", on_a_small_disk)
    report = check(board, now=Wall())
    assert report.sound
    [found] = messages(report)
    assert "no room" in found


def test_a_damaged_event_says_nothing_of_other_pitfalls(board: Path) -> None:
    change(board, "UPDATE events SET line = '' WHERE kind = 'comment_added'")
    assert not any(_REBUILD in one for one in messages(check(board, now=Wall())))
    # Another pitfall is compared all the same.
    change(board, "UPDATE pitfalls SET title = 'x' WHERE title = 'Theirs'")
    assert any("not what its events come to" in one for one in messages(check(board, now=Wall())))


_DAMAGED_EVENTS = {
    "UPDATE events SET line = replace(line, 'Hello', 'Howdy') WHERE line LIKE '%Hello%'": (
        "was changed after it was written"
    ),
    "UPDATE events SET who = 'Mallory' WHERE n = 2": "do not say what it says",
    "UPDATE events SET pitfall = 'feed' WHERE kind = 'comment_added'": "do not say what it says",
    "UPDATE events SET kind = 'later' WHERE kind = 'comment_added'": "do not say what it says",
    "UPDATE events SET hlc = hlc + 1 WHERE n = 1": "do not say what it says",
    "UPDATE events SET line = '' WHERE n = 3": "Row 3 of the events holds none",
    "UPDATE events SET line = x'ff00' WHERE n = 3": "Row 3 of the events holds none",
    "DELETE FROM events WHERE kind = 'comment_added'": "1 events of the store",
    "DELETE FROM events WHERE n = 1": "1 events of the store",
    "DELETE FROM store": "does not say which store it is",
}


@pytest.mark.parametrize(("statement", "words"), _DAMAGED_EVENTS.items())
def test_damage_to_the_record_itself_is_found(board: Path, statement: str, words: str) -> None:
    change(board, statement)
    report = check(board, now=Wall())
    assert not report.sound
    [found] = [finding for finding in messages(report) if words in finding]
    assert "pitboard recover" in found


def test_a_line_that_was_forged_with_its_id_breaks_the_chain(board: Path) -> None:
    values = json.loads(next(one for one in lines_of(board) if b"Hello" in one))
    values["body"]["text"] = "Howdy"
    forged = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with closing(sqlite3.connect(board, isolation_level=None)) as connection:
        connection.execute(
            "UPDATE events SET line = ?, id = ? WHERE kind = 'comment_added'",
            (forged, event_id(forged.encode())),
        )
    report = check(board, now=Wall())
    assert not report.sound
    assert any("does not follow the one before it" in finding for finding in messages(report))


def _foreign(board: Path, *lines: bytes) -> Report:
    store = Store.open(board, now=Wall())
    import_events(store.session, lines)
    store.close()
    return check(board, now=Wall())


def test_what_another_store_has_not_passed_on_yet_is_a_note(board: Path) -> None:
    report = _foreign(board, line(actor="f" * 32, seq=4, kind="later", body={}))
    assert report.sound
    found, newer = messages(report)
    assert "more than this version shows: 1." in newer
    assert "3 events of the store ffffffff before number 4 are missing" in found
    assert "Import" in found


def test_a_foreign_chain_that_does_not_join_is_a_note(board: Path) -> None:
    report = _foreign(board, line(seq=2, prev="e" * 32, kind="later", body={}))
    assert report.sound
    found, newer = messages(report)
    assert "does not follow" in found
    assert "more than this version shows: 1." in newer


def test_a_fork_is_noted_once(board: Path) -> None:
    first, second = (
        chained("f" * 32, *({"kind": "later", "body": {"n": n}} for n in range(start, start + 3)))
        for start in (0, 5)
    )
    report = _foreign(board, *first, *second)
    assert report.sound
    found, newer = messages(report)
    assert "Several events have number 1 of the store ffffffff" in found
    assert "more than this version shows: 6." in newer


def test_an_event_from_the_future_is_quarantined_and_told(board: Path) -> None:
    ahead = (MONDAY + 3 * DAY_MS) << 16
    report = _foreign(board, line(actor="f" * 32, who="Marty", hlc=ahead))
    assert report.sound
    [found] = messages(report)
    assert "Events of Marty (store ffffffff) claim to be of 2026-11-26T08:00:00Z" in found
    assert "pitboard members accept" in found


def test_what_can_not_be_understood_is_no_damage(board: Path) -> None:
    unread = line(actor="d" * 32, kind="occurrence_logged", body={"count": "many"})
    taken_back = line(actor="c" * 32, kind="occurrence_logged", body={"count": "some"})
    report = _foreign(
        board,
        line(actor="e" * 32, v=9),
        unread,
        taken_back,
        line(actor="b" * 32, kind="undone", body={"events": [event_id(taken_back)]}),
        line(actor="9" * 32, kind="undone", body={}),
    )
    assert report.sound
    [newer] = messages(report)
    assert "Changes that hold more than this version shows: 4." in newer
    before = dump(board)
    store = Store.open(board)
    store.rebuild()
    store.close()
    assert dump(board) == before
    assert messages(check(board, now=Wall())) == [newer]


def test_what_holds_more_than_is_known_is_counted(board: Path) -> None:
    report = _foreign(
        board,
        line(actor="e" * 32, kind="occurrence_logged", body={"platform": "visionos", "g": 1}),
        line(actor="d" * 32, kind="tag_added", body={"tag": "moon", "colour": "grey"}),
        line(actor="c" * 32, kind="tag_added", body={"tag": "sun"}),
    )
    [newer] = messages(report)
    assert "Changes that hold more than this version shows: 2." in newer


def test_findings_that_say_the_same_are_named_so_many_times(board: Path) -> None:
    store = Store.open(board)
    import_events(
        store.session, (line(pitfall=f"{n:016x}", seq=n, prev=None) for n in range(2, 60))
    )
    store.close()
    change(board, "UPDATE pitfalls SET reported_by = 'Mallory'")
    report = check(board, now=Wall())
    wrong = [one for one in messages(report) if "not what its events come to" in one]
    assert len(wrong) == 20
    assert "more of the same" in messages(report)[-1]


@pytest.mark.parametrize("part", [0.02, 0.2, 0.4, 0.6, 0.8, 0.97])
def test_a_file_with_a_hole_is_examined_as_far_as_it_goes(board: Path, part: float) -> None:
    with board.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(4096, int(size * part) // 4096 * 4096))
        file.write(b"\xa5" * 4096)
    report = check(board, now=Wall())
    assert not report.sound
    assert any("malformed" in finding for finding in messages(report))


def test_what_sqlite_finds_is_passed_on(board: Path) -> None:
    with board.open("r+b") as file:
        file.seek(36)  # The number of free pages, in the file's header.
        file.write((9_999).to_bytes(4, "big"))
    report = check(board, now=Wall())
    assert not report.sound
    assert report.events == _EVENTS
    assert any("SQLite finds the file damaged" in finding for finding in messages(report))


def test_a_file_cut_short_is_damaged(board: Path) -> None:
    with board.open("r+b") as file:
        file.truncate(board.stat().st_size // 2)
    assert not check(board, now=Wall()).sound


@pytest.mark.parametrize("statement", ["DROP TABLE events", "DROP TABLE tags", "DROP TABLE store"])
def test_a_missing_table_is_a_finding(board: Path, statement: str) -> None:
    with closing(sqlite3.connect(board)) as connection:
        connection.execute(statement)
    report = check(board, now=Wall())
    assert not report.sound
    assert any("can't be read any further" in finding for finding in messages(report))


def test_a_destroyed_beginning_is_a_finding(board: Path) -> None:
    with board.open("r+b") as file:
        file.write(b"\0" * 4096)
    report = check(board)
    assert not report.sound
    assert report.events == 0
    [said] = messages(report)
    assert "not a Pitboard file, or its header is damaged" in said


def test_a_text_is_no_damaged_board(tmp_path: Path) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text("# 相册保存白图\n\nAsk for the album first.\n", "utf-8")
    with pytest.raises(Unusable, match="holds text; it is no board"):
        check(notes)
    assert notes.read_text("utf-8").startswith("# 相册")


def test_there_must_be_something_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="no board"):
        check(tmp_path / "nothing.db")
    (tmp_path / "empty").touch()
    with pytest.raises(Unusable, match="without a board"):
        check(tmp_path / "empty")
    with closing(sqlite3.connect(tmp_path / "foreign")) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    with pytest.raises(Unusable, match="another program"):
        check(tmp_path / "foreign")


def test_a_damaged_board_is_not_copied(board: Path, tmp_path: Path) -> None:
    size = board.stat().st_size
    with board.open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xa5" * 4096)
    with pytest.raises(Unusable, match="damaged"):
        back_up(board, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_an_attachment_that_no_event_names_is_told_and_not_recovered(
    board: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(board)) as connection, connection:
        digest = blobs.put(connection, b"nobody names it")
    report = check(board, now=Wall())
    assert report.sound
    [found] = messages(report)
    assert "1 attachments, 15 bytes, belong to no event" in found
    recover(board, tmp_path / "new.db")
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        assert blobs.get(connection, digest) is None
    assert check(tmp_path / "new.db", now=Wall()).findings == ()


def test_a_board_without_a_store_can_be_built(board: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean.db"
    recover(board, clean, without=["a" * 8])
    actors = {parse(one.strip()).envelope.actor for one in lines_of(clean)}
    assert "a" * 32 not in actors
    assert actors
    assert check(clean, now=Wall()).findings == ()


def test_events_are_read_in_their_order_without_being_sorted(board: Path) -> None:
    # Else each page sorts all that is left, and a large board takes hours.
    with closing(sqlite3.connect(board)) as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {EVENTS_BY_STORE}", ("", 0, 0, 9)).fetchall()
    plan = [row[-1] for row in rows]
    assert [step for step in plan if step.startswith("SEARCH")]
    assert not [step for step in plan if "TEMP B-TREE" in step], plan


def test_bytes_that_are_no_text_are_called_no_text(tmp_path: Path) -> None:
    path = tmp_path / "noise.db"
    path.write_bytes(bytes(range(1, 256)))
    [found] = messages(check(path, now=Wall()))
    assert "is not a Pitboard file, or its header is damaged" in found
