"""list, show and history: what they write for scripts and for people."""

from __future__ import annotations

import csv
import json
import re

import pytest

from tests.boards import fresh
from tests.cli.conftest import Pitboard
from tui.text.cells import width

MONDAY = 1_795_420_800_000
LISTED = {
    "id",
    "title",
    "status",
    "upstream",
    "kind",
    "severity",
    "component",
    "tags",
    "workaround",
    "reproduction",
    "references",
    "signatures",
    "occurrence_count",
    "not_reproduced_count",
    "first_seen",
    "last_seen",
}


@pytest.fixture
def three(pitboard, login):
    """Three pitfalls: open, with a workaround, fixed; the first was seen last."""
    with pitboard.store() as store:
        album = store.pitfalls.report(
            "相册保存白图", severity="S1", workaround="授权", tags=["album"]
        )
        popup = store.pitfalls.report("popup keeps its text", component="input", kind="quirk")
        store.status.set(popup, "fixed upstream", axis="client", from_version="4.1.2")
        store.occurrences.log(login, seen_at=MONDAY, count=3, message="qy.login:fail")
    return login, album, popup


def ids(ended):
    return [line.split("\t")[0] for line in ended.out.splitlines()]


def test_a_piped_list_is_a_line_of_tabs_for_each(pitboard, three):
    ended = pitboard("list", "login")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        f"{three[0]}\topen\tS2\twx.qy.login\twx.qy.login fails\t3\t2026-11-23T08:00:00Z\t\n"
    )


def test_json_lists_every_field(pitboard, three):
    ended = pitboard("list", "--json", "--sort", "severity")
    listed = json.loads(ended.out)["pitfalls"]
    assert listed[0]["id"] == three[1]
    assert all(one.keys() >= LISTED for one in listed)
    assert listed[0]["tags"] == ["album"]
    assert "相册保存白图" in ended.out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--status", "open"], {0}),
        (["--status", "fixed"], {2}),
        (["--status", "fixed upstream", "--status", "workaround"], {1, 2}),
        (["--severity", "s1"], {1}),
        (["--kind", "quirk"], {2}),
        (["--component", "wx.qy.login"], {0}),
        (["--tag", "album"], {1}),
        (["status:open,workaround"], {0, 1}),
        (["相册"], {1}),
        (["qy.login:fail"], {0}),
        (["popup", "text"], {2}),
    ],
)
def test_options_and_words_choose(pitboard, three, arguments, expected):
    assert set(ids(pitboard("list", *arguments))) == {three[place] for place in expected}


def test_the_order_and_the_number_can_be_said(pitboard, three):
    by_title = ids(pitboard("list", "--sort", "title"))
    assert ids(pitboard("list", "--sort", "title", "--reverse")) == by_title[::-1]
    assert ids(pitboard("list", "--sort", "title", "--limit", "2")) == by_title[:2]


@pytest.mark.parametrize("arguments", [["nosuchthing"], ["--tag", "none"], ["--json", "nosuch"]])
def test_an_empty_list_is_exit_1(pitboard, arguments):
    ended = pitboard("list", *arguments)
    assert ended.code == 1
    if "--json" in arguments:
        assert json.loads(ended.out) == {"schema": 1, "total": 0, "pitfalls": []}
        assert json.loads(ended.err)["code"] == "nothing-found"
    else:
        assert ended.out == ""
    assert ended.err


@pytest.mark.parametrize(
    "arguments", [["status:wrong"], ["--status", "wrong"], ["--kind", "x"], ["--limit", "-1"]]
)
def test_an_impossible_filter_is_exit_2_and_lists_nothing(pitboard, login, arguments):
    ended = pitboard("list", *arguments)
    assert (ended.code, ended.out) == (2, "")


def test_show_as_json_holds_all(pitboard, login):
    with pitboard.store() as store:
        store.occurrences.log(login, seen_at=MONDAY, platform="ios", outcome="not-reproduced")
        store.comments.add(login, "again")
        store.status.set(login, "fixed upstream", axis="server", from_date="2026-11-01")
        store.links.add(login, "https://example.com/1", quote="solved", official=True)
    shown = json.loads(pitboard("show", login[:6], "--json").out)["pitfalls"][0]
    assert shown.keys() >= LISTED | {"occurrences", "comments", "fixes"}
    assert shown["status"] == "fixed upstream"
    assert shown["occurrences"][0]["platform"] == "ios"
    assert shown["occurrences"][0]["outcome"] == "not-reproduced"
    assert shown["comments"][0]["text"] == "again"
    assert shown["fixes"][0]["from_date"] == "2026-11-01"
    assert shown["references"][0]["official"] is True


def test_show_puts_the_workaround_first(pitboard, three):
    page = pitboard("show", three[1]).out
    headings = re.findall(r"^(?!\s)[A-Z]\w+.*$", page, re.M)
    assert headings[0] == "Workaround"
    assert "  授权\n" in page


def test_the_kind_of_a_source_is_not_said_twice(pitboard, login):
    page = "https://developers.weixin.qq.com/doc/"
    for title in ("Official document: wx.login", "How to log in", ""):
        assert pitboard("link", login, page + title[:3], "--title", title).code == 0
    said = pitboard("show", login).out
    assert "  Official document: wx.login\n" in said
    assert "  official document: How to log in\n" in said
    assert "  official document\n" in said
    chinese = pitboard("--lang", "zh", "show", login).out
    assert "  官方文档：How to log in\n" in chinese


def test_an_id_may_be_shortened_while_it_is_unique(pitboard):
    with pitboard.store() as store:
        names = [store.pitfalls.report(f"pitfall {n}") for n in range(17)]
    first = next(one[0] for one in names if sum(other[0] == one[0] for other in names) > 1)
    ended = pitboard("show", first)
    assert (ended.code, ended.out) == (2, "")
    candidates = [line.split()[0] for line in ended.err.splitlines() if line.startswith("  ")]
    assert sorted(candidates) == sorted(
        one[: len(candidates[0])] for one in names if one[0] == first
    )
    assert pitboard("show", names[0]).code == 0


@pytest.mark.parametrize("verb", ["show", "history"])
@pytest.mark.parametrize("name", ["zzzz", "%", "", "'"])
def test_an_id_that_is_none_is_exit_1(pitboard, login, verb, name):
    ended = pitboard(verb, name)
    assert (ended.code, ended.out) == (1, "")
    assert "pitboard list" in ended.err


def test_history_says_who_when_what_and_why(pitboard, login):
    with pitboard.store() as store:
        store.status.set(login, "workaround", workaround="reload", reason="until May")
        store.history.undo()
        store.status.set(login, "workaround", workaround="reload twice", reason="tried it")
    lines = [line.split("\t") for line in pitboard("history", login).out.splitlines()]
    newest = lines[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", newest[0])
    assert newest[1:] == [
        login,
        "Ada",
        "status_set",
        "status",
        "open",
        "workaround",
        "tried it",
        "",
        newest[9],
        "",
        *("", "", "", ""),
    ]
    assert re.fullmatch(r"[0-9a-f]{32}", newest[9])
    assert [line[3] for line in lines].count("undone") == 1
    assert [line[8] for line in lines].count("undone") == 2
    changes = json.loads(pitboard("history", login, "--json", "--limit", "2").out)["changes"]
    assert [one["field"] for one in changes] == ["status", "workaround"]
    assert changes[0]["reason"] == "tried it"


def test_history_of_the_whole_board(pitboard, three):
    lines = [line.split("\t") for line in pitboard("history").out.splitlines()]
    assert {line[1] for line in lines if line[3] != "board_made"} == set(three)
    assert len(pitboard("history", "--limit", "3").out.splitlines()) == 3


def test_an_empty_history_is_exit_1(pitboard):
    fresh(pitboard.home / "empty.db")
    assert pitboard("history", "--json", "--db", pitboard.home / "empty.db").code == 1


def test_people_get_a_table_that_fits(pitboard, three):
    for columns in (40, 80, 120):
        table = pitboard.seen("list", columns=columns, NO_COLOR="1").splitlines()
        assert "\x1b" not in "".join(table)
        assert len(table) == 4
        assert all(width(line) <= columns for line in table)
        assert any("◐ workaround" in line for line in table)
    assert "wx.qy.login" in table[1]
    # Chinese takes two cells, and what follows it still stands in line.
    assert len({width(line) for line in table[1:]} | {width(table[0])}) == 1


def test_the_table_says_that_there_is_more(pitboard, three):
    seen = pitboard.seen("list", "--limit", "2")
    assert "2 of 3" in seen


def test_colours_are_for_terminals_that_want_them(pitboard, three):
    assert "\x1b[" in pitboard.seen("list")
    assert "\x1b[" not in pitboard.seen("list", TERM="dumb")
    assert "\x1b[" not in pitboard("show", three[0]).out


def test_a_page_for_people_is_wrapped_and_a_piped_one_is_not(pitboard):
    line = "很长的复现步骤 " * 20 + "end"
    with pitboard.store() as store:
        name = store.pitfalls.report("a title", reproduction=line)
    assert line in pitboard("show", name).out
    seen = pitboard.seen("show", name, NO_COLOR="1").splitlines()
    assert all(width(one) <= 80 for one in seen)
    assert "".join("".join(seen).split()).count("很长的复现步骤") == 20


def test_the_language_can_be_said_on_either_side_of_the_verb(pitboard, login):
    assert pitboard("--lang", "zh", "list").out == pitboard("list", "--lang=zh_CN").out
    assert pitboard("--lang", "fr", "list").code == 2


def test_what_was_not_reproduced_is_logged_and_not_counted(pitboard, login):
    with pitboard.store() as store:
        store.occurrences.log(login, seen_at=MONDAY, count=2)
        store.occurrences.log(login, seen_at=MONDAY, outcome="not-reproduced")
    assert "2 reproduced, 1 not" in pitboard("show", login).out
    shown = json.loads(pitboard("show", login, "--json").out)["pitfalls"][0]
    assert (shown["occurrence_count"], shown["not_reproduced_count"]) == (2, 1)
    assert len(shown["occurrences"]) == 2
    [listed] = json.loads(pitboard("list", "--json").out)["pitfalls"]
    assert listed["occurrence_count"] == 2
    assert (pitboard("list", "count:3").code, pitboard("list", "count:2").code) == (1, 0)
    pitboard("export", pitboard.home / "board.csv")
    [row] = csv.DictReader((pitboard.home / "board.csv").read_text("utf-8-sig").splitlines())
    assert (row["occurrence_count"], row["not_reproduced_count"]) == ("2", "1")


def test_an_ending_that_is_no_format_is_refused_unless_the_format_is_given(pitboard, login):
    target = pitboard.home / "board.xyz"
    refused = pitboard("export", target)
    assert (refused.code, target.exists()) == (2, False)
    assert ".xyz" in refused.err
    assert ".json, .csv" in refused.err
    assert pitboard("export", "--format", "json", target).code == 0
    assert json.loads(target.read_text("utf-8"))


def test_a_terminal_shows_bold_text_and_no_asterisks(pitboard: Pitboard, login: str) -> None:
    text = "1. Wait **until the bar at the top has run through to its very end**, `a**b**c`\n2 ** 3"
    with pitboard.store() as store:
        store.status.set(login, "workaround", workaround=text)
    shown = pitboard.seen("show", login, columns=40)
    assert "**until" not in shown
    assert "\x1b[1muntil the bar at the top" in shown
    # It goes on after a break of the line.
    assert "\x1b[1mhas run through" in shown or "\x1b[1mrun through" in shown
    for kept in ("`a**b**c`", "2 ** 3"):
        assert kept in shown
    assert not {"\x01", "\x02"} & {*shown}
    # A program gets the Markdown as it is.
    assert (
        "**until the bar at the top has run through to its very end**"
        in pitboard("show", login).out
    )
