"""``--as-of`` and ``diff``: the board of a day in a shell."""

from __future__ import annotations

import json
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from storage.write.store import Store
from tests.cli.conftest import Pitboard
from tests.records import DAY_MS


def _day(ago: int) -> str:
    """A day as it is called where the command is run."""
    then = datetime.fromtimestamp(time.time() - ago * 86400, ZoneInfo("Asia/Shanghai"))
    return then.date().isoformat()


@pytest.fixture
def past(pitboard: Pitboard) -> tuple[str, str]:
    """Two pitfalls: one of thirty days ago, fixed ten days ago, and one of twenty days ago."""
    now = time.time_ns() // 1_000_000
    wall = [now - 30 * DAY_MS]
    store = Store.open(pitboard.path, who="Ada", now=lambda: wall[0])
    login = store.pitfalls.report("wx.qy.login fails", component="wx.qy.login", kind="tooling")
    store.pitfalls.edit(login, {}, tags=["login"])
    store.occurrences.log(login, message="qy.login:fail", platform="ios", client_version="4.1.6")
    wall[0] = now - 20 * DAY_MS
    album = store.pitfalls.report("Album stays white", severity="S1")
    wall[0] = now - 10 * DAY_MS
    store.status.set(login, "fixed upstream", axis="client", from_version="4.1.8")
    store.pitfalls.edit(login, {"title": "wx.qy.login failed"}, tags=["fixed"])
    store.occurrences.log(login, client_version="4.1.9", platform="ios")
    store.close()
    return login, album


def test_the_list_as_it_was(pitboard: Pitboard, past: tuple[str, str]) -> None:
    login, album = past
    then = pitboard("list", "--as-of", "15d")
    assert [line.split("\t")[:2] for line in then.out.splitlines()] == [
        [login, "open"],
        [album, "open"],
    ]
    assert "wx.qy.login fails" in then.out
    assert "The board as it was at " in then.err
    assert pitboard("list", "--as-of", _day(25)).out.count("\n") == 1
    assert pitboard("list", "--as-of", "15d", "tag:login").out.startswith(login)
    assert pitboard("list", "tag:login").code == 1
    assert pitboard("list", "--as-of", "60d").code == 1


def test_what_is_filtered_by_is_of_then_too(pitboard: Pitboard, past: tuple[str, str]) -> None:
    assert pitboard("list", "has:regression", "--count").out == "1\n"
    for query in ("has:regression", "has:fix", "client:4.1.9", "status:fixed", "tag:fixed"):
        assert pitboard("list", "--count", query, "--as-of", "15d").out == "0\n", query


def test_show_history_inbox_versions_report_and_export(
    pitboard: Pitboard, past: tuple[str, str]
) -> None:
    login, _album = past
    shown = json.loads(pitboard("show", login, "--json", "--as-of", "15d").out)["pitfalls"][0]
    assert (shown["title"], shown["status"], shown["tags"]) == (
        "wx.qy.login fails",
        "open",
        ["login"],
    )
    assert [one["client_version"] for one in shown["occurrences"]] == ["4.1.6"]
    assert "set" not in pitboard("history", login, "--as-of", "15d").out
    assert pitboard("triage", "list", "--count", "--as-of", "25d").out == "1\n"
    assert pitboard("versions", "--as-of", "15d").code == 1
    assert "4.1.9" not in pitboard("bug-report", login, "--as-of", "15d").out
    exported = json.loads(pitboard("export", "--format", "json", "--as-of", "25d").out)
    assert [one["id"] for one in exported] == [login]
    refused = pitboard("export", "--as-of", "25d")
    assert (refused.code, refused.out) == (2, "")
    assert "--format json or csv" in refused.err


def test_what_this_machine_knew(pitboard: Pitboard, past: tuple[str, str]) -> None:
    elsewhere = Pitboard(pitboard.home / "elsewhere")
    elsewhere.home.mkdir()
    elsewhere.path.write_bytes(pitboard.path.read_bytes())
    mine = pitboard.home / "events.jsonl"
    assert pitboard("export", mine).code == 0
    elsewhere.path.unlink()
    assert elsewhere("init", "--empty").code == 0
    assert elsewhere("import", mine).code == 0
    assert elsewhere("list", "--as-of", "15d", "--count").out == "2\n"
    assert elsewhere("list", "--as-of", "15d", "--local", "--count").out == "0\n"
    assert elsewhere("list", "--as-of", _day(0), "--local", "--count").out == "2\n"
    alone = elsewhere("list", "--local")
    assert (alone.code, "--as-of" in alone.err) == (2, True)


@pytest.mark.parametrize("when", ["soon", "2026-02-30", "3000-01-01", ""])
def test_a_moment_that_is_none(pitboard: Pitboard, when: str) -> None:
    refused = pitboard("list", "--as-of", when)
    assert (refused.code, refused.out) == (2, "")
    assert "--as-of" in refused.err


def test_diff(pitboard: Pitboard, past: tuple[str, str]) -> None:
    login, album = past
    lines = [line.split("\t") for line in pitboard("diff", "25d").out.splitlines()]
    assert [line[:5] for line in lines] == [
        ["regressed", login, "S3", "open", "fixed upstream"],
        ["new", album, "S1", "", "open"],
        ["status", login, "S3", "open", "fixed upstream"],
    ]
    data = json.loads(pitboard("diff", "25d", "15d", "--json").out)
    assert [one["id"] for one in data["new"]] == [album]
    assert "status" not in data
    # The other way round is the same stretch of time.
    assert pitboard("diff", "15d", "25d").out == pitboard("diff", "25d", "15d").out
    nothing = pitboard("diff", "5d")
    assert (nothing.code, nothing.out) == (1, "")
    assert "no pitfall is new, changed status, regressed, went quiet or left" in nothing.err
    assert "they were swapped" in pitboard("diff", "15d", "25d").err
    assert "they were swapped" not in pitboard("diff", "25d", "15d").err
    assert "Album stays white" in pitboard.seen("diff", "25d")


def test_gone_quiet_and_gone(pitboard: Pitboard) -> None:
    now = time.time_ns() // 1_000_000
    wall = [now - 100 * DAY_MS]
    store = Store.open(pitboard.path, who="Ada", now=lambda: wall[0])
    quiet = store.pitfalls.report("Seen once")
    store.occurrences.log(quiet)
    strange = store.pitfalls.report("None of ours")
    wall[0] = now - 5 * DAY_MS
    store.triage.decline(strange, "not-ours")
    store.close()
    lines = [line.split("\t") for line in pitboard("diff", "50d").out.splitlines()]
    parts = {line[1]: line[0] for line in lines}
    assert parts == {quiet: "quiet", strange: "gone"}
