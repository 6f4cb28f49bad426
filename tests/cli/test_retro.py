"""The verb retro: which period it means, what goes where, and that it is the same again."""

from __future__ import annotations

import csv
import json
import re
from contextlib import closing
from io import StringIO

import pytest

from storage.exports.whole_board import export_events
from storage.imports.importer import import_events
from storage.text.sanitize import first_hostile
from storage.write.store import Store
from tests.cli.test_streams import HOSTILE
from tests.records import DAY_MS, MONDAY, Wall, line

#: Of the two weeks before ``MONDAY``.
WEEK = "2026-W47"
WEEK_BEFORE = "2026-W46"


@pytest.fixture
def lived(pitboard):
    """A board with three weeks of a team's life, and the id of a pitfall that was worked around."""
    wall = Wall(MONDAY - 14 * DAY_MS)
    with closing(Store.open(pitboard.path, who="Ada", now=wall)) as store:
        login = store.pitfalls.report("Login | fails", component="wx.qy.login", severity="S1")
        white = store.pitfalls.report("The picture is white", severity="S3", tags=["@all"])
        store.links.add(login, "https://developers.weixin.qq.com/community/develop/doc/000a")
        for day in range(10):
            wall.ms = MONDAY - (10 - day) * DAY_MS
            store.occurrences.log(login, platform="android", client_version="4.1.20")
            if day % 2:
                store.occurrences.log(white, platform="ios", count=3)
        wall.ms = MONDAY - 2 * DAY_MS
        store.status.set(login, "workaround", workaround="Open it from the work bench.")
        wall.ms = MONDAY - DAY_MS
        store.status.set(
            white, "fixed upstream", axis="client", from_version="4.1.22", reason="seen in it"
        )
    return login


def counts(pitboard, *arguments):
    """The figures of a period, each beside that of the period before."""
    ended = pitboard("retro", *arguments, "--format", "json")
    assert ended.code == 0, ended.err
    return {
        name: (one["now"], one["before"]) for name, one in json.loads(ended.out)["counts"].items()
    }


def days(pitboard, *arguments):
    ended = pitboard("retro", *arguments, "--format", "json")
    assert ended.code == 0, ended.err
    period = json.loads(ended.out)["period"]
    return period["first_day"], period["last_day"]


def test_the_figures_are_those_of_the_period(pitboard, lived):
    assert counts(pitboard, WEEK) == {
        "opened": (0, 2),
        "given-a-workaround": (1, 0),
        "fixed": (1, 0),
        "reopened": (0, 0),
        "still-open": (0, 2),
        "regressed": (0, 0),
    }
    data = json.loads(pitboard("retro", WEEK, "--format", "json").out)
    assert data["occurrences"] == {"now": 7 + 4 * 3, "before": 3 + 3}
    assert [one["occurrences"] for one in data["most_frequent"]] == [12, 7]
    assert data["most_expensive"][0]["id"] == lived
    assert data["most_expensive"][0]["workaround"] == "Open it from the work bench."


def test_periods_as_people_call_them(pitboard, lived):
    assert days(pitboard, WEEK) == ("2026-11-16", "2026-11-22")
    assert days(pitboard, "2026-11") == ("2026-11-01", "2026-11-30")
    assert days(pitboard, "--since", "2026-11-10", "--until", "2026-11-12") == (
        *("2026-11-10", "2026-11-12"),
    )
    assert days(pitboard, "2026-11-10..2026-11-12") == ("2026-11-10", "2026-11-12")
    assert days(pitboard, "4.1.20")[0] == "2026-11-13"
    assert days(pitboard) == days(pitboard, "last-week")
    assert days(pitboard, "--sprint", "3") == days(pitboard, "last-sprint", "--sprint", "3")
    assert days(pitboard, "--sprint", "1") == days(pitboard, "last-week")


@pytest.mark.parametrize(
    ("arguments", "values"),
    [
        (["never"], "is not a period"),
        (["2026-W54"], "is not a period"),
        (["--since", "soon"], "is not a date"),
        (["--until", "2026-11-01"], "--since"),
        ([WEEK, "--since", "2026-11-01"], "not both"),
        (["--sprint", "9"], "1<=x<=8"),
        (["--format", "pdf"], "pdf"),
    ],
)
def test_what_is_wrong_is_refused_in_a_sentence(pitboard, lived, arguments, values):
    ended = pitboard("retro", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert values in ended.err


def test_a_board_without_a_past_has_a_retro_too(pitboard):
    ended = pitboard("retro", "--format", "md")
    assert ended.code == 0
    assert "| Opened | 0 | 0 | 0 |" in ended.out
    for form in ("html", "json", "csv"):
        assert pitboard("retro", "--format", form).code == 0
    assert pitboard.seen("retro", NO_COLOR="1").startswith("Retro ")


def test_what_a_team_noted_is_told_and_what_is_due_shows_up_next_time(pitboard, lived):
    with closing(Store.open(pitboard.path, who="Ada", now=Wall(MONDAY - 9 * DAY_MS))) as store:
        store.retro.note("Ask again", sort="follow-up", owner="Lin", due="2026-11-18")
        store.retro.note("Test on two phones", sort="decision", pitfall=lived)
    noted, later = (
        json.loads(pitboard("retro", week, "--format", "json").out) for week in (WEEK_BEFORE, WEEK)
    )
    assert {one["text"] for one in noted["notes"]} == {"Ask again", "Test on two phones"}
    assert later["notes"] == []
    assert [(one["owner"], one["due"]) for one in later["due"]] == [("Lin", "2026-11-18")]
    assert (
        "| 2026-11-18 (overdue) | Lin | Ask again |"
        in pitboard("retro", WEEK, "--format", "md").out
    )


# Where it goes


def test_a_file_gets_the_format_of_its_ending_and_is_not_written_over(pitboard, lived):
    for name, begin in (
        ("a.html", "<!doctype html>"),
        ("a.md", "# Retro"),
        ("a.json", "{\n"),
        ("a.csv", "\ufeffsection,"),
        ("a.txt", "# Retro"),
    ):
        target = pitboard.home / name
        ended = pitboard("retro", WEEK, "--output", target)
        assert (ended.code, ended.out) == (0, "")
        assert "Written to" in ended.err
        assert target.read_text("utf-8").startswith(begin)
    refused = pitboard("retro", WEEK_BEFORE, "--output", target)
    assert refused.code == 3
    assert "2026-W47" in target.read_text("utf-8")
    assert pitboard("retro", WEEK_BEFORE, "--output", target, "--force").code == 0
    assert "2026-W46" in target.read_text("utf-8")
    over = ("--output", pitboard.path, "--format", "md", "--force")
    assert pitboard("retro", WEEK, *over).code == 3
    assert pitboard("retro", WEEK, "--output", pitboard.home / "no" / "a.md").code == 3


@pytest.mark.parametrize("verb", [("export",), ("retro", "--output")])
def test_an_unknown_ending_is_refused_with_those_that_are_known(pitboard, lived, verb):
    target = pitboard.home / "r.pdf"
    refused = pitboard(*verb, target)
    assert (refused.code, target.exists()) == (2, False)
    assert "“.pdf” is no ending of" in refused.err
    assert ".json" in refused.err
    assert pitboard(*verb, target, "--format", "json").code == 0


def test_a_pipe_gets_a_line_for_each_number(pitboard, lived):
    lines = [line.split("\t") for line in pitboard("retro", WEEK).out.splitlines()]
    assert {len(line) for line in lines} == {6}
    assert ["counts", "opened", "", "pitfalls", "0", "2"] in lines
    assert ["shares", "platform", "android", "occurrences", "7", "3"] in lines
    table = list(csv.reader(StringIO(pitboard("retro", WEEK, "--format", "csv").out)))
    assert table[1:] == lines


def test_a_terminal_gets_the_most_important_of_it(pitboard, lived):
    for columns in (60, 80, 120):
        seen = pitboard.seen("retro", WEEK, columns=columns, NO_COLOR="1")
        lines = seen.splitlines()
        assert lines[0] == "Retro 2026-W47"
        assert max(map(len, lines)) <= columns
        assert re.search(r"^Given a workaround +1 +0 +\+1 ✓ better$", seen, re.M)
        # As the screen calls it, and an occurrence.
        assert re.search(r"^Not reproduced +\d", seen, re.M)
        assert "Login | fails" in seen
        assert "## " not in seen
    chinese = pitboard.seen("retro", WEEK, "--lang", "zh", NO_COLOR="1")
    assert re.search(r"^找到规避方案 +1 +0 +\+1 ✓ 好转$", chinese, re.M)


# The same record gives the same bytes


FORMS = ["md", "html", "json", "csv"]


@pytest.mark.parametrize("form", FORMS)
def test_a_period_that_is_over_is_the_same_bytes_anywhere(pitboard, lived, tmp_path, form):
    first = pitboard.taking("retro", WEEK, "--format", form, stdin=b"").stdout
    assert first
    for env in (
        *({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"}),
        *({"TZ": "America/Los_Angeles"}, {"LANG": "C", "LC_ALL": "C"}, {"PITBOARD_WHO": "Bo"}),
    ):
        assert pitboard.taking("retro", WEEK, "--format", form, stdin=b"", **env).stdout == first
    lines: list[bytes] = []
    export_events(pitboard.path, lines.append)
    other = tmp_path / "other.db"
    # Events that come in another order make other rows of the same record.
    with closing(Store.open(other)) as store:
        import_events(store.session, lines[::-1])
    again = pitboard.taking("retro", WEEK, "--format", form, "--db", other, stdin=b"").stdout
    assert again == first


def test_what_happens_afterwards_changes_no_figure_of_a_week_that_is_over(pitboard, lived):
    def printed():
        data = json.loads(pitboard("retro", WEEK, "--format", "json").out)
        return [
            data[name] for name in ("counts", "waits", "shares", "flow", "occurrences_over_time")
        ]

    before = printed()
    with pitboard.store() as store:
        store.occurrences.log(store.pitfalls.report("Later"), platform="ios")
        store.comments.add(lived, "later")
        store.status.set(lived, "fixed upstream", axis="server", from_date="2026-11-24")
    assert printed() == before


# Hostile text


def hostile_events():
    """Events of the week whose every text is hostile."""
    bodies = [
        ("reported", {"title": HOSTILE, "component": HOSTILE, "severity": "S1"}),
        ("occurrence_logged", {"message": HOSTILE, "client_version": HOSTILE}),
        ("comment_added", {"text": HOSTILE}),
        ("reference_added", {"url": f"https://a.b/{HOSTILE}", "title": HOSTILE}),
        ("reference_added", {"url": "javascript:alert(1)", "title": HOSTILE}),
        ("field_set", {"field": "workaround", "value": HOSTILE}),
        ("status_set", {"status": "workaround", "reason": HOSTILE}),
    ]
    at = MONDAY - 3 * DAY_MS
    for seq, (kind, body) in enumerate(bodies, 1):
        yield line(
            seq=seq,
            step=seq,
            hlc=(at << 16) + seq,
            at=at + seq,
            who=HOSTILE[:100],
            kind=kind,
            body=body | ({"seen_at": at} if kind == "occurrence_logged" else {}),
        )


@pytest.mark.parametrize("form", [None, *FORMS])
def test_nothing_hostile_leaves(pitboard, form):
    with pitboard.store() as store:
        assert import_events(store.session, hostile_events()).set_aside == 0
    asked = ["retro", WEEK, "--format", form] if form else ["retro", WEEK]
    for language in ("en", "zh"):
        ended = pitboard(*asked, "--lang", language)
        assert ended.code == 0
        assert "app.quit" in ended.out
        text = ended.out.replace("\t", " ").replace("\r\n", "\n")
        assert first_hostile(text, lines=True) is None
        seen = pitboard.seen(*asked, "--lang", language, NO_COLOR="1")
        assert first_hostile(seen.replace("\t", " "), lines=True) is None


def test_what_came_as_fixed_does_not_wait_for_its_fix(pitboard, tmp_path):
    with pitboard.store() as store:
        store.pitfalls.report("It waits")
        fixed = store.pitfalls.report("With a fix")
        store.status.set(fixed, "fixed upstream", axis="client", from_version="4.1.0")
    listed = tmp_path / "list.json"
    listed.write_text('[{"title": "By a list", "status": "fixed"}]')
    assert pitboard("import", str(listed), "-y").code == 0
    rows = csv.reader(StringIO(pitboard("retro", "this-week").out), delimiter="\t")
    waits = {row[2]: row[4] for row in rows if row[:2] == ["waits", "first-fix"]}
    assert (waits["reached"], waits["censored"]) == ("2", "1")
