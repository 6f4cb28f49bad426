"""``pitboard share``, ``sync``, ``who`` and ``keep``: what they write, and what they come to."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.text import dates
from storage.write.store import Store
from tests.cli.conftest import Pitboard
from tests.teams import chained, push

NEW = ("--kind", "bug", "--component", "wx.chooseImage", "--severity", "S2")


class Colleague:
    """The command on somebody else's board."""

    def __init__(self, pitboard: Pitboard, room: Path) -> None:
        self._pitboard, self.path = pitboard, room / "colleague.db"

    def __call__(self, *arguments: str) -> Any:
        return self._pitboard("--db", str(self.path), *arguments, PITBOARD_WHO="Bo")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return tmp_path / "team.git"


@pytest.fixture
def colleague(pitboard: Pitboard, tmp_path: Path, remote: Path) -> Colleague:
    colleague = Colleague(pitboard, tmp_path)
    colleague("init", "--empty")
    assert colleague("share", str(remote), "--create").code == 0
    return colleague


def test_a_team_of_two(pitboard: Pitboard, colleague: Colleague, remote: Path) -> None:
    made = colleague("new", "A white picture", *NEW)
    assert colleague("sync").out == "1\t0\n"
    joined = pitboard("share", str(remote))
    assert joined.code == 0
    # With that of the colleague's board that it was created.
    assert joined.out.split("\t")[1] == "2\n"
    [pitfall] = made.out.split()
    assert "A white picture" in pitboard("show", pitfall).out
    assert pitboard("comment", pitfall, "Here, too").code == 0
    assert pitboard("sync").out == "1\t0\n"
    assert colleague("sync").out.split("\t")[0] == "0"
    assert "Here, too" in colleague("show", pitfall).out


def test_who_joins_takes_the_time_zone_of_the_team(
    pitboard: Pitboard, colleague: Colleague, remote: Path
) -> None:
    colleague("config", "timezone", "Europe/Berlin")
    colleague("sync")
    # Set later than the team's.
    pitboard("config", "timezone", "Asia/Tokyo")
    told = pitboard("share", str(remote)).err
    assert "Europe/Berlin, as the team's are" in told
    colleague("sync")
    for board in (pitboard, colleague):
        assert board("config", "timezone").out == "Europe/Berlin\n"
    # From then on it is anybody's to set.
    pitboard("config", "timezone", "Asia/Tokyo")
    assert "as the team's" not in pitboard("sync").err
    colleague("sync")
    assert colleague("config", "timezone").out == "Asia/Tokyo\n"


def test_how_it_stands(pitboard: Pitboard, colleague: Colleague, remote: Path) -> None:
    before = pitboard("share")
    assert (before.code, before.out) == (1, "")
    assert "not shared" in before.err
    assert json.loads(pitboard("share", "--json").out)["sharing"] is None
    pitboard("share", str(remote))
    pitboard("new", "Mine", *NEW)
    stands = json.loads(pitboard("share", "--json").out)["sharing"]
    assert stands["url"] == str(remote)
    assert stands["waiting"] == 1
    assert stands["problem"] is None
    remote.rename(remote.with_name("away.git"))
    failed = pitboard("sync")
    assert (failed.code, failed.out) == (4, "")
    assert "no git repository" in failed.err
    problem = json.loads(pitboard("share", "--json").out)["sharing"]["problem"]
    assert problem["kind"] == "nothing-there"
    assert "no git repository" in problem["message"]
    screen = pitboard.seen("share")
    assert "pending: 1 event" in screen
    assert "no git repository" in screen


def test_leaving(pitboard: Pitboard, colleague: Colleague, remote: Path) -> None:
    pitboard("share", str(remote))
    assert pitboard("share", "--leave").code == 0
    assert pitboard("share", "--leave").code == 3
    assert pitboard("sync").code == 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("share", "ext::sh -c touch%20owned"), 3),
        (("share", "--", "--upload-pack=touch owned"), 3),
        (("share", "--upload-pack=touch owned"), 2),
        (("share", "http://host/board.git"), 3),
        (("share", "https://nohost.invalid/board.git"), 4),
        (("share", "--create"), 2),
        (("share", "--leave", "/somewhere"), 2),
        (("sync",), 3),
    ],
)
def test_what_can_not_be_done(
    pitboard: Pitboard, tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    ended = pitboard(*arguments)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err
    assert not list(tmp_path.rglob("owned"))


def test_who(pitboard: Pitboard, colleague: Colleague, remote: Path) -> None:
    colleague("new", "A white picture", *NEW)
    colleague("sync")
    pitboard("share", str(remote))
    pitboard("new", "王的", *NEW, PITBOARD_WHO="王小明")
    rows = [line.split("\t") for line in pitboard("members").out.splitlines()]
    assert {(row[1], row[2], row[3]) for row in rows[:3]} == {
        ("here", "王小明", "1"),
        ("here", "Ada", "1"),
        ("", "Bo", "2"),
    }
    writers = json.loads(pitboard("members", "--json").out)["stores"]
    assert [writer["here"] for writer in writers[:2]] == [True, False]
    screen = pitboard.seen("members")
    assert "this board" in screen
    assert "王小明" in screen


def test_progress_is_told_to_people_alone(
    pitboard: Pitboard, colleague: Colleague, remote: Path
) -> None:
    pitboard("share", str(remote))
    assert "Up to date" in pitboard.seen("sync")
    assert pitboard("sync", "--json").err == ""
    assert json.loads(pitboard("sync", "--json").out) == {
        "schema": 1,
        "sent": 0,
        "received": 0,
        "renamed": False,
        "noticed": [],
        "changes": [],
        "conflicts": [],
    }


def test_keeping_a_value(pitboard: Pitboard, colleague: Colleague, remote: Path) -> None:
    [pitfall] = colleague("new", "A white picture", *NEW).out.split()
    colleague("sync")
    pitboard("share", str(remote))
    assert pitboard("resolve", pitfall).code == 1
    pitboard("edit", pitfall, "--title", "White on Android")
    colleague("edit", pitfall, "--title", "White on iOS")
    pitboard("sync")
    told = colleague("sync").err
    assert f"1 pitfall in conflict: “{pitfall[:4]} White on " in told
    assert "pitboard resolve" in told
    assert json.loads(pitboard("sync", "--json").out)["conflicts"] == [pitfall]
    assert "conflict" not in pitboard("sync").err
    rows = [line.split("\t") for line in pitboard("resolve", pitfall).out.splitlines()]
    assert [(row[0], row[1]) for row in rows] == [("1", "title"), ("2", "title")]
    assert {row[4] for row in rows} == {"White on Android", "White on iOS"}
    assert pitfall[:4] in pitboard("list", "has:conflict").out
    shown = pitboard("show", pitfall).out
    assert "White on Android" in shown
    assert "White on iOS" in shown
    [conflict] = json.loads(pitboard("show", pitfall, "--json").out)["pitfalls"][0]["conflicts"]
    assert {claim["who"] for claim in conflict["claims"]} == {"Ada", "Bo"}
    wrong = pitboard("resolve", pitfall, "--value", "7")
    assert wrong.code == 2
    assert "pitboard resolve" in wrong.err
    both = ("--value", rows[0][2], "--value", "2")
    assert pitboard("resolve", pitfall, *both).code == 2
    # An event names the same value however many conflicts are left.
    assert pitboard("resolve", pitfall, "--value", rows[1][2][:8]).code == 0
    assert pitboard("resolve", pitfall).code == 1
    assert pitboard.pitfall(conflict_id(pitboard, pitfall)).title.plain == rows[1][4]


def test_keeping_what_was_amended_at_the_same_time(
    pitboard: Pitboard, colleague: Colleague, remote: Path
) -> None:
    [pitfall] = colleague("new", "A white picture", *NEW).out.split()
    colleague("sync")
    pitboard("share", str(remote))
    pitfall = conflict_id(pitboard, pitfall)
    with pitboard.store() as store:
        seen = store.occurrences.log(pitfall, message="errCode:1")
    pitboard("sync")
    colleague("sync")
    days = ("2026-11-01T08:00:00Z", "2026-11-02T09:00:00Z")
    for path, day in zip((pitboard.path, colleague.path), days, strict=True):
        with closing(Store.open(path)) as store:
            store.entries.edit(pitfall, seen, {"seen_at": dates.moment(day)})
    colleague("sync")
    pitboard("sync")
    rows = [line.split("\t") for line in pitboard("resolve", pitfall).out.splitlines()]
    assert {row[1] for row in rows} == {f"{seen}.seen_at"}
    assert {row[4] for row in rows} == {"2026-11-01T16:00:00+08:00", "2026-11-02T17:00:00+08:00"}
    [conflict] = json.loads(pitboard("resolve", pitfall, "--json").out)["conflicts"]
    assert conflict["name"] == f"{seen}.seen_at"
    assert (conflict["field"], conflict["part"]) == ("occurrence_logged", "seen_at")
    assert conflict["about"] == "errCode:1"
    assert {claim["value"] for claim in conflict["claims"]} == {row[4] for row in rows}
    assert "occurrence “errCode:1”: when" in pitboard("show", pitfall).out
    assert "occurrence “errCode:1”: when" in pitboard("resolve", pitfall, "--value", "2").err
    assert pitboard("resolve", pitfall).code == 1


def conflict_id(pitboard: Pitboard, prefix: str) -> str:
    [row] = [line for line in pitboard("list").out.splitlines() if line.startswith(prefix[:4])]
    return str(json.loads(pitboard("show", row.split("\t")[0], "--json").out)["pitfalls"][0]["id"])


def test_what_others_changed_is_told_and_can_be_left_out(
    pitboard: Pitboard, colleague: Colleague, remote: Path
) -> None:
    made = colleague("new", "A white picture", *NEW)
    [pitfall] = made.out.split()
    colleague("sync")
    joined = pitboard("share", str(remote))
    assert "Bo: 1 new" in joined.err
    assert pitboard("show", pitfall).code == 0
    ignored = pitboard("members", "ignore", "Bo", "--json")
    assert json.loads(ignored.out)["events"] == 2
    assert pitboard("show", pitfall).code == 1
    assert "⚠ ignored" in pitboard.seen("members")
    [store] = [
        line.split("\t")[0] for line in pitboard("members").out.splitlines() if "ignored" in line
    ]
    assert pitboard("members", "trust", store[:4]).code == 0
    assert pitboard("show", pitfall).code == 0
    assert pitboard("members", "trust", store[:4]).code == 3
    assert pitboard("members", "ignore", "Nobody").code == 1
    assert pitboard("members", "ignore", "Bo", "--since", "2100-01-01").code == 0
    assert pitboard("show", pitfall).code == 0


def test_what_is_quarantined_is_listed_and_accepted(pitboard: Pitboard, remote: Path) -> None:
    pitboard("new", "A white picture", *NEW)
    pitboard("share", str(remote), "--create")
    ahead = {"hlc": (1 << 62) - 1, "who": "Mallory", "pitfall": "ab12cd34ab12cd34"}
    push(remote, f"refs/pitboard/{'e' * 32}", chained("e" * 32, ahead))
    synced = pitboard("sync")
    assert "Events of Mallory (store eeeeeeee) claim to be of 4199-11-24" in synced.err
    assert "clock ahead" in pitboard.seen("members", "quarantine")
    [listed] = pitboard("members", "quarantine").out.splitlines()
    assert listed.split("\t")[1:4] == ["future", "e" * 32, "Mallory"]
    [one] = json.loads(pitboard("members", "quarantine", "--json").out)["events"]
    assert (one["reason"], one["name"]) == ("future", "Mallory")
    assert "Mallory" in pitboard("doctor").out
    assert pitboard("show", "ab12").code == 1
    assert pitboard("members", "accept", one["event"][:6]).code == 0
    assert pitboard("show", "ab12").code == 0
    assert pitboard("members", "quarantine").code == 1
    # Somebody wanted it, so that turning the clock back leaves it.
    assert "0 of others wait" in pitboard("doctor", "--reset-clock").err
    clean = str(remote.with_name("clean.db"))
    assert pitboard("recover", clean, "--without", "eeeeeeee").code == 0
    assert pitboard("--db", clean, "show", "ab12").code == 1
    assert pitboard("recover", str(remote.with_name("o.db")), "--without", "Bo").code == 2
