"""What runs where, what contradicts it, and workarounds that are confirmed, in a shell."""

from __future__ import annotations

import json

import pytest

from tui.text.cells import width

PLACE = ("--host", "wecom", "--platform", "ios")
SAID = {"host": "wecom", "platform": "ios", "client_version": "4.1.8", "base_library": "2.30.1"}
TOO_OLD = "Base library 2.3.1 is older than any that WeCom 4.1.8 was seen with on iOS"


@pytest.fixture
def seen(pitboard, login):
    """The board after three occurrences of one pair of versions, and one of another."""
    with pitboard.store() as store:
        store.occurrences.log(login, **SAID, count=3, seen_at=1_795_420_800_000)
        later = SAID | {"client_version": "4.1.10(2)", "platform": "android"}
        store.occurrences.log(login, **later, outcome="not-reproduced")
        store.signatures.add(login, "qy.login:fail")
    return login


# What runs where


def test_a_board_that_knows_nothing_says_so(pitboard, login):
    ended = pitboard("versions")
    assert (ended.code, ended.out) == (1, "")
    assert "base library" in ended.err
    assert json.loads(pitboard("versions", "--json").out)["pairs"] == []


def test_scripts_get_lines_with_tabs(pitboard, seen):
    ended = pitboard("versions")
    assert (ended.code, ended.err) == (0, "")
    rows = [line.split("\t") for line in ended.out.splitlines()]
    assert [row[:5] for row in rows] == [
        ["wecom", "4.1.10(2)", "android", "2.30.1", "1"],
        ["wecom", "4.1.8", "ios", "2.30.1", "3"],
    ]
    assert rows[1][5:] == ["2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z", ""]


def test_it_is_narrowed_to_a_platform_and_a_host_app(pitboard, seen):
    assert pitboard("versions", "--platform", "ios").out.split("\t")[1] == "4.1.8"
    assert pitboard("versions", "--host", "wecom").out.count("\n") == 2
    assert pitboard("versions", "--host", "wechat").code == 1
    assert pitboard("versions", "--platform", "palm").code == 2


def test_json_holds_the_doubt(pitboard, seen):
    pitboard("log", seen, *PLACE, "--client-version", "4.1.8", "--lib", "2.3.1")
    found = json.loads(pitboard("versions", "--json", "--platform", "ios").out)["pairs"]
    assert [(one["base_library"], one["count"], one["doubt"]) for one in found] == [
        ("2.30.1", 3, None),
        ("2.3.1", 1, "too-old"),
    ]
    assert {"host", "client_version", "platform", "first_seen", "last_seen"} < found[0].keys()
    assert pitboard("versions").out.splitlines()[-1].endswith("\ttoo-old")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_people_get_a_table_that_fits(pitboard, seen, language, columns):
    pitboard("log", seen, *PLACE, "--client-version", "4.1.8 (beta for all)", "--lib", "2.3.1")
    shown = pitboard.seen("versions", columns=columns, PITBOARD_LANG=language, NO_COLOR="1")
    lines = shown.splitlines()
    assert len(lines) == 4
    assert all(width(line) <= columns for line in lines)
    assert "!" in lines[-1]
    assert "4.1.10(2)" in lines[1]


# Its warnings


def test_logging_what_contradicts_it_is_done_and_told(pitboard, seen):
    where = (*PLACE, "--client-version", "4.1.8")
    ended = pitboard("log", seen, *where, "--lib", "2.3.1")
    assert (ended.code, ended.out) == (0, f"{seen}\n")
    assert f"{TOO_OLD}: 2.30.1 to 2.30.1." in ended.err
    assert len(pitboard.occurrences(seen)) == 3
    assert TOO_OLD not in pitboard("log", seen, *where, "--lib", "2.30.2").err


def test_a_paste_that_contradicts_it_is_logged_and_told(pitboard, seen):
    text = "qy.login:fail\n企业微信版本：4.1.8\n基础库版本：2.3.1\n终端类型：iOS\n"
    options = ("--host", "wecom", "--platform", "ios", "--client-version", "4.1.8")
    read = pitboard("paste", *options, "--lib", "2.3.1", stdin=text)
    assert TOO_OLD not in read.err, "nothing is logged yet"
    ended = pitboard("paste", "--log", *options, "--lib", "2.3.1", stdin=text)
    assert ended.code == 0
    assert TOO_OLD in ended.err
    assert len(pitboard.occurrences(seen)) == 3


def test_a_match_that_contradicts_it_is_logged_and_told(pitboard, seen):
    options = (*PLACE, "--client-version", "4.1.8", "--lib", "2.3.1")
    ended = pitboard("match", "--log", *options, stdin="qy.login:fail\n")
    assert ended.code == 0
    assert TOO_OLD in ended.err
    assert len(pitboard.occurrences(seen)) == 3


def test_hostile_versions_are_shown_and_do_nothing(pitboard, seen):
    from tests.records import line, take_in

    values = SAID | {"client_version": "4.1.8\x1b[31m", "base_library": "1.0\u202e"}
    take_in(pitboard.path, [line(kind="occurrence_logged", pitfall=seen, body=values)])
    for shown in (pitboard("versions").out, pitboard.seen("versions", NO_COLOR="1")):
        assert "␛" in shown
        assert "\u202e" not in shown
        assert "\x1b[31m" not in shown


# Confirming workarounds


@pytest.fixture
def two(pitboard):
    """Two with a workaround, written a year ago, and one without."""
    with pitboard.store() as store:
        present = store.session.now()
        store.session.now = lambda: present - 365 * 24 * 3_600_000
        ids = [
            store.pitfalls.report("One", workaround="restart"),
            store.pitfalls.report("Two", workaround="wait"),
            store.pitfalls.report("Three"),
        ]
    return ids


def stale(pitboard):
    return [row.split("\t")[0] for row in pitboard("list", "--view", "stale").out.splitlines()]


def test_what_is_confirmed_is_no_longer_stale(pitboard, two):
    assert stale(pitboard) == two[:2]
    ended = pitboard("verify", "--workaround", two[0], two[1], "--yes", "--note", "on both phones")
    assert (ended.code, ended.out.split()) == (0, two[:2])
    assert stale(pitboard) == []
    assert "workaround_confirmed\t\t\t\ton both phones" in pitboard("history", two[0]).out
    assert pitboard("undo").code == 0
    assert stale(pitboard) == two[:2], "one undo takes both back"


def test_what_has_no_workaround_is_refused(pitboard, two):
    before = pitboard.events()
    ended = pitboard("verify", "--workaround", two[0], two[2])
    assert ended.code == 3
    assert "no workaround" in ended.err
    assert "Three" in ended.err
    assert pitboard.events() == before


def test_a_dry_run_confirms_nothing(pitboard, two):
    before = pitboard.events()
    ended = pitboard("verify", "--workaround", two[0], "--dry-run")
    assert ended.code == 0
    assert ended.out.startswith(f"{two[0]}\tworkaround_confirmed")
    assert pitboard.events() == before


def test_the_table_shows_the_age_that_it_is_sorted_by(pitboard, two):
    with pitboard.store() as store:
        store.fixes.record(two[2], axis="client", from_version="4.1.8")
    shown = pitboard.seen("list", "--view", "stale", columns=100, NO_COLOR="1").splitlines()
    assert shown[0].endswith("WORKAROUND")
    assert [line.split()[-1] for line in shown[1:]] == ["1y", "1y"]
    shown = pitboard.seen("list", "--view", "unverified", columns=100, NO_COLOR="1").splitlines()
    assert shown[0].endswith("CLAIMED")
    assert shown[1].split()[-1] == "now"
    assert pitboard.seen("list", columns=100, NO_COLOR="1").splitlines()[0].endswith("LAST")


def test_the_age_can_be_asked_for(pitboard, two):
    assert pitboard("list", "workaround:>52w", "sort:verified-").out.split("\t")[0] == two[1]
    assert pitboard("list", "规避方案:从未").out.split("\t")[0] == two[2]
    assert pitboard("list", "claimed:<1d").code == 1
