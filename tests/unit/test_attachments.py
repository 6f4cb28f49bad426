"""Attachments: bytes kept once beside the events, labels that are no paths, undo and sharing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.as_of.board import AsOfBoard
from storage.check import check
from storage.db import blobs
from storage.db.blobs import Upload
from storage.errors import NotFound, Refused, Unusable
from storage.model.clock import Moment
from storage.model.fields import LARGEST_ATTACHMENT
from storage.model.vocabulary import attachment_kind, ending_to_view, media_of
from storage.read.board import Board
from storage.text.sanitize import file_name, file_names, first_hostile, label_of
from storage.write.store import Store
from tests.records import MONDAY, Wall, dump, lines_of, take_in

PNG = b"\x89PNG\r\n\x1a\n picture"
HOSTILE = [
    "../../x",
    "..\\..\\x.exe",
    "/etc/passwd",
    "\x1b]8;;https://evil.example\x07x\x1b]8;;\x07",
    "invoice\u202egpj.exe",
    "-rf",
    "--to=/",
    ".bashrc",
    "CON",
    "con.txt",
    "LPT1",
    "a" * 5_000 + ".png",
    "é" + "\u0301" * 10_000,
    "图" * 400 + ".png",
    "a\nb\tc\x00d",
    "$(reboot)`x`|y",
    "..",
    "...",
    "",
    " . ",
    "\ud800\udfff",
]


def read(store: Store) -> Board:
    return Board.open(store.path)


def execute(store: Store, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(store.path)) as connection, connection:
        return connection.execute(sql).fetchall()


def test_a_file_is_attached_with_its_bytes(store):
    pitfall = store.pitfalls.report("White picture")
    name = store.attachments.add(
        pitfall, Upload(PNG, "/home/ann/shots/white.png", "After the login")
    )
    with read(store) as board:
        [held] = board.pitfall(pitfall).attachments
        assert board.attachments.content(held) == PNG
    assert (held.id, held.label, held.media) == (name, "white.png", "image/png")
    assert (held.size, held.digest) == (len(PNG), blobs.digest_of(PNG))
    assert (held.who, held.note.plain, held.here) == ("Ann", "After the login", True)
    assert check(store.path).findings == ()


def test_files_go_on_several_in_one_step_and_are_kept_once(store):
    pitfalls = [store.pitfalls.report("One"), store.pitfalls.report("Two")]
    store.attachments.add(pitfalls, [Upload(PNG, "a.png"), Upload(b"log", "b.log")])
    with read(store) as board:
        assert [len(board.pitfall(one).attachments) for one in pitfalls] == [2, 2]
    assert execute(store, "SELECT count(*) FROM contents") == [(2,)]
    store.history.undo()
    with read(store) as board:
        assert [board.pitfall(one).attachments for one in pitfalls] == [(), ()]
    store.history.redo()
    with read(store) as board:
        [first, _log] = board.pitfall(pitfalls[0]).attachments
        assert board.attachments.content(first) == PNG


def test_it_shows_an_occurrence(store):
    pitfall = store.pitfalls.report("White picture")
    seen = store.occurrences.log(pitfall, message="white", attached=[Upload(b"log", "a.log")])
    store.attachments.add(pitfall, Upload(PNG, "a.png"), occurrence=seen)
    with read(store) as board:
        assert {one.occurrence for one in board.pitfall(pitfall).attachments} == {seen}
    with pytest.raises(NotFound):
        store.attachments.add(pitfall, Upload(PNG, "a.png"), occurrence="0" * 32)
    comment = store.comments.add(pitfall, "No occurrence")
    with pytest.raises(NotFound):
        store.attachments.add(pitfall, Upload(PNG, "a.png"), occurrence=comment)


def test_a_report_comes_with_its_files(store):
    pitfall = store.pitfalls.report("White picture", attached=[Upload(PNG, "a.png")])
    with read(store) as board:
        assert len(board.pitfall(pitfall).attachments) == 1
    store.history.undo()
    with read(store) as board, pytest.raises(NotFound):
        board.pitfall(pitfall)


@pytest.mark.parametrize("data", [b"", b"x" * (LARGEST_ATTACHMENT + 1)], ids=["empty", "large"])
def test_what_cannot_be_kept_is_refused(store, data):
    pitfall = store.pitfalls.report("White picture")
    before = lines_of(store.path)
    with pytest.raises(Refused):
        store.attachments.add(pitfall, [Upload(PNG, "good.png"), Upload(data, "bad.png")])
    assert lines_of(store.path) == before
    assert execute(store, "SELECT count(*) FROM contents") == [(0,)]


def test_no_bytes_are_kept_without_their_event(store):
    pitfall = store.pitfalls.report("White picture")
    before = lines_of(store.path)
    with pytest.raises(NotFound):
        store.attachments.add([pitfall, "0" * 16], Upload(PNG, "a.png"))
    assert lines_of(store.path) == before
    assert execute(store, "SELECT count(*) FROM contents") == [(0,)]


def test_the_largest_is_kept(store):
    pitfall = store.pitfalls.report("White picture")
    store.attachments.add(pitfall, Upload(b"x" * LARGEST_ATTACHMENT, "large.log"))
    with read(store) as board:
        [held] = board.pitfall(pitfall).attachments
    assert held.size == LARGEST_ATTACHMENT


def test_nothing_is_kept_by_a_rehearsal(store):
    pitfall = store.pitfalls.report("White picture")
    [line] = store.rehearse(lambda: store.attachments.add(pitfall, Upload(PNG, "a.png")))
    assert (line.what, line.after.plain) == ("attachment_added", "a.png")
    assert execute(store, "SELECT count(*) FROM contents") == [(0,)]


def test_label_and_note_can_be_put_right_and_nothing_else(store):
    pitfall = store.pitfalls.report("White picture")
    name = store.attachments.add(pitfall, Upload(PNG, "IMG_0001.png"))
    store.entries.edit(pitfall, name, {"label": "white.png", "note": "On Android"})
    with read(store) as board:
        [held] = board.pitfall(pitfall).attachments
    assert (held.label, held.note.plain) == ("white.png", "On Android")
    for changes in ({"digest": "0" * 64}, {"size": 1}, {"media": "text/plain"}):
        with pytest.raises(Refused):
            store.entries.edit(pitfall, name, changes)
    store.history.revert(pitfall, _newest(store, pitfall))
    with read(store) as board:
        assert board.pitfall(pitfall).attachments[0].label == "IMG_0001.png"


def test_it_is_hidden_and_restored(store):
    pitfall = store.pitfalls.report("White picture")
    name = store.attachments.add(pitfall, Upload(PNG, "white.png"))
    store.entries.hide(pitfall, name)
    with read(store) as board:
        assert board.pitfall(pitfall).attachments == ()
    store.history.revert(pitfall, _newest(store, pitfall))
    with read(store) as board:
        assert len(board.pitfall(pitfall).attachments) == 1


def _newest(store: Store, pitfall: str) -> str:
    with read(store) as board:
        return board.history.timeline(pitfall)[0].event


def test_those_of_a_duplicate_count_for_the_original(store):
    one, other = store.pitfalls.report("One"), store.pitfalls.report("Other")
    name = store.attachments.add(other, Upload(PNG, "white.png"))
    store.triage.mark_duplicate(other, one)
    with read(store) as board:
        assert [held.id for held in board.pitfall(one).attachments] == [name]
        assert [held.id for held in board.pitfall(other).attachments] == [name]
    store.entries.edit(one, name, {"label": "shown.png"})
    assert check(store.path).findings == ()
    store.triage.requeue(other)
    with read(store) as board:
        assert board.pitfall(one).attachments == ()


def test_it_is_found_by_its_label(store):
    from storage.query.parser import parse

    pitfall = store.pitfalls.report(
        "White picture", attached=[Upload(b"log", "vconsole-export.log")]
    )
    with read(store) as board:
        for query in ("vconsole", "has:attachment", "有:附件"):
            assert [row.id for row in board.find(parse(query)).page(0, 10)] == [pitfall], query


def test_the_past_holds_what_was_attached_then(store, wall):
    pitfall = store.pitfalls.report("White picture")
    store.attachments.add(pitfall, Upload(PNG, "first.png"))
    then = wall.ms
    wall.ms += 1000
    store.attachments.add(pitfall, Upload(b"log", "later.log"))
    with AsOfBoard(store.path, Moment(then)) as past:
        [held] = past.pitfall(pitfall).attachments
        assert (held.label, held.here, past.attachments.content(held)) == ("first.png", True, PNG)


def test_events_arrive_without_the_bytes(store, tmp_path):
    pitfall = store.pitfalls.report("White picture")
    store.attachments.add(pitfall, Upload(PNG, "white.png"))
    other = tmp_path / "other.db"
    take_in(other, [line.rstrip(b"\n") for line in lines_of(store.path)])
    with Board.open(other) as board:
        [held] = board.pitfall(pitfall).attachments
        assert not held.here
        assert board.attachments.content(held) is None
    report = check(other)
    assert report.sound
    assert [finding.severity for finding in report.findings] == ["note"]
    joined = Store.open(other, now=Wall())
    with joined.session.locked():
        assert blobs.missing(joined.session.connection) == [held.digest]
        blobs.put(joined.session.connection, PNG, journalled=True)
        assert blobs.missing(joined.session.connection) == []
        assert blobs.waiting(joined.session.connection) == []
    joined.close()
    assert dump(other)["attachments"] == dump(store.path)["attachments"]
    with Board.open(other) as board:
        assert board.attachments.content(held) == PNG


def test_a_rebuild_keeps_the_bytes(store):
    pitfall = store.pitfalls.report("White picture")
    store.attachments.add(pitfall, Upload(PNG, "white.png"))
    store.rebuild()
    with read(store) as board:
        [held] = board.pitfall(pitfall).attachments
        assert board.attachments.content(held) == PNG


def test_damaged_bytes_are_found_and_put_right_by_attaching_again(store):
    pitfall = store.pitfalls.report("White picture")
    store.attachments.add(pitfall, Upload(PNG, "white.png"))
    execute(store, "UPDATE contents SET data = x'00'")
    with read(store) as board, pytest.raises(Unusable):
        board.attachments.content(board.pitfall(pitfall).attachments[0])
    assert not check(store.path).sound
    store.attachments.add(pitfall, Upload(PNG, "white.png"))
    assert check(store.path).sound


def test_what_lies_in_a_journal_stays_marked(store):
    with store.session.locked():
        digest = blobs.put(store.session.connection, PNG)
        assert blobs.waiting(store.session.connection) == [(digest, len(PNG))]
        blobs.mark_journalled(store.session.connection, [digest])
        blobs.put(store.session.connection, PNG)
        assert blobs.waiting(store.session.connection) == []
        blobs.forget_journalled(store.session.connection)
        assert blobs.waiting(store.session.connection) == [(digest, len(PNG))]


@pytest.mark.parametrize("label", HOSTILE, ids=lambda label: ascii(label[:12]))
def test_hostile_labels_become_harmless_ones(store, label):
    pitfall = store.pitfalls.report("White picture")
    store.attachments.add(pitfall, Upload(PNG, label))
    with read(store) as board:
        [held] = board.pitfall(pitfall).attachments
    assert held.label
    assert len(held.label) <= 200
    assert first_hostile(held.label) is None
    assert "/" not in held.label
    assert "\\" not in held.label


@given(st.text() | st.sampled_from(HOSTILE))
def test_a_label_makes_a_name_that_is_safe_on_any_system(label):
    name = file_name(label)
    assert Path("room", name).parent == Path("room")
    assert 0 < len(name) <= 101
    assert len(name.encode()) <= 201
    assert not name.startswith((".", "-", "~", " "))
    assert not name.endswith((".", " "))
    assert first_hostile(name) is None
    assert not set(name) & set('<>:"|?*\\/$`')
    assert name.split(".")[0].lower() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert file_name(name) == name


@given(st.lists(st.sampled_from(["a.png", "A.PNG", "a-2.png", "../a.png", "b"]), max_size=6))
def test_no_two_files_get_one_name(labels):
    names = file_names(labels)
    assert len({name.casefold() for name in names}) == len(labels)


@given(st.text())
def test_a_label_is_its_own_label(name):
    assert label_of(label_of(name)) == label_of(name)


@pytest.mark.parametrize(
    ("data", "label", "media", "kind", "ending"),
    [
        (PNG, "x.exe", "image/png", "image", ".png"),
        (b"\xff\xd8\xff\xe0", "", "image/jpeg", "image", ".jpg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "x", "image/webp", "image", ".webp"),
        (b"\0\0\0\x18ftypmp42", "x.mp4", "video/mp4", "other", ".mp4"),
        (b"%PDF-1.7", "x", "application/pdf", "other", ".pdf"),
        (b"E 14:03 fail", "x.log", "text/plain", "text", ".txt"),
        (b'{"a": 1}', "x.json", "application/json", "text", ".txt"),
        ("登录失败".encode("gbk"), "x.log", "text/plain", "text", ".txt"),
        (b"#!/bin/sh\nreboot", "x.sh", "text/plain", "text", ".txt"),
        (b"[Desktop Entry]", "x.desktop", "text/plain", "text", ".txt"),
        (b"<svg onload='x'/>", "x.svg", "text/plain", "text", ".txt"),
        (b"MZ\x90\0\x03\0\xff\xff", "x.png", "application/octet-stream", "other", ""),
        (b"PK\x03\x04", "x.png", "application/zip", "other", ""),
    ],
)
def test_bytes_say_what_a_file_is(data, label, media, kind, ending):
    assert media_of(data, label) == media
    assert attachment_kind(media) == kind
    assert ending_to_view(data) == ending


def test_dates_are_those_of_the_action(store):
    pitfall = store.pitfalls.report("White picture", attached=[Upload(PNG, "a.png")])
    with read(store) as board:
        assert board.pitfall(pitfall).attachments[0].at == MONDAY
