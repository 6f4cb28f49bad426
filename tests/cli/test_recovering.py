"""``pitboard recover``: a new board from what is left, and what it says of it."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Pitboard

NEW = ("--kind", "bug", "--component", "wx.chooseImage", "--severity", "S2")


def test_a_damaged_board_becomes_a_new_one(pitboard: Pitboard) -> None:
    [pitfall] = pitboard("new", "A white picture", *NEW).out.split()
    pitboard("backup", pitboard.home / "backup.db")
    pitboard("comment", pitfall, "After the backup")
    data = bytearray(pitboard.path.read_bytes())
    data[4096:8192] = bytes(4096)
    pitboard.path.write_bytes(data)
    assert pitboard("doctor").code == 3
    new = pitboard.home / "new.db"
    ended = pitboard("recover", new, "--from", pitboard.home / "backup.db")
    assert ended.out == f"{new}\n"
    assert "events" in ended.err
    assert "A white picture" in pitboard("list", "--db", str(new)).out
    assert pitboard("doctor", "--db", str(new)).code == 0
    again = pitboard("recover", new)
    assert (again.code, again.out) == (3, "")


@pytest.mark.parametrize(("first", "last"), [(0, 16), (16, 100), (100, 3_000)])
def test_whoever_meets_a_damaged_header_is_sent_to_recover(
    pitboard: Pitboard, first: int, last: int
) -> None:
    pitboard("new", "A white picture", *NEW)
    data = bytearray(pitboard.path.read_bytes())
    data[first:last] = b"\xff" * (last - first)
    pitboard.path.write_bytes(data)
    for verb in (("list",), ("show", "abcd"), ("new", "Another"), ("doctor",)):
        ended = pitboard(*verb)
        assert ended.code in (3, 4)
        said = ended.out + ended.err
        assert "damaged" in said
        assert "pitboard recover" in said
    new = pitboard.home / "new.db"
    assert pitboard("recover", new, "--from", pitboard.path).code == 1, "more may have been there"
    assert "A white picture" in pitboard("list", "--db", str(new)).out


def test_as_data(pitboard: Pitboard) -> None:
    pitboard("new", "A white picture", *NEW)
    ended = pitboard("recover", pitboard.home / "new.db", "--json")
    assert ended.code == 0
    values = json.loads(ended.out)
    assert values["complete"]
    assert values["was_whole"]
    assert values["sources"][0]["found"] == values["sources"][0]["added"] > 0


def test_nothing_can_come_of_nothing(pitboard: Pitboard) -> None:
    pitboard.path.write_bytes(b"\x00" * 50_000)
    ended = pitboard("recover", pitboard.home / "new.db")
    assert (ended.code, ended.out) == (3, "")
    assert "Not one event" in ended.err
    assert not (pitboard.home / "new.db").exists()
    assert pitboard("recover", pitboard.home / "new.db", "--from", "nowhere.db").code == 1
