"""pitboard import LIST: JSON and CSV, with a mapping, bad rows named, nothing twice."""

from __future__ import annotations

import json

import pytest

ISSUES = """\
Issue key,Summary,Description,Priority,Reporter
APP-1,Black camera,On tablets,High,Lin
APP-2,,nothing said,Low,Wu
APP-3,Two badges,,Odd,Wu
APP-4,Late, very late,,Low,Wu
"""


@pytest.fixture
def issues(pitboard):
    path = pitboard.home / "issues.csv"
    path.write_text(ISSUES, "utf-8")
    return path


def test_good_rows_come_in_and_bad_ones_are_named(pitboard, issues):
    ended = pitboard("import", issues)
    assert ended.code == 5
    assert len(ended.out.split()) == 2
    assert "key ← Issue key, title ← Summary" in ended.err
    assert "Not taken: Reporter" in ended.err
    assert "Line 3 was set aside: It has no title." in ended.err
    assert "Line 5 was set aside: It has 6 cells" in ended.err
    again = pitboard("import", issues)
    assert (again.code, again.out) == (5, "")
    assert "0 new, 0 changed, 2 the same" in again.err


def test_a_mapping(pitboard, issues):
    maps = ["--map", "severity=Priority:Odd=S4", "--map", "tags=Reporter"]
    ended = pitboard("import", issues, *maps)
    found = {pitboard.pitfall(one).title.plain: pitboard.pitfall(one) for one in ended.out.split()}
    assert (found["Two badges"].severity, found["Two badges"].tags) == ("S4", ("Wu",))
    assert found["Black camera"].severity == "S2"


@pytest.mark.parametrize("values", ["colour=Priority", "title=Nothing", "title"])
def test_a_mapping_that_can_not_be_meant_is_exit_2(pitboard, issues, values):
    ended = pitboard("import", issues, "--map", values)
    assert (ended.code, ended.out) == (2, "")
    assert pitboard.events() == []


def test_a_mapping_is_for_lists(pitboard):
    assert pitboard("import", "-", "--map", "title=x", stdin="# a\n\nfails\n").code == 2


def test_a_dry_run_names_what_is_new_and_what_is_not(pitboard, issues):
    first = pitboard("import", "--dry-run", issues)
    assert first.code == 5
    assert [line.split("\t")[0] for line in first.out.splitlines()] == ["new", "new"]
    assert "Line 3 " in first.err
    assert pitboard.events() == []
    pitboard("import", issues)
    issues.write_text(ISSUES.replace("On tablets", "On phones"))
    second = pitboard("import", "--dry-run", issues)
    assert [line.split("\t")[0] for line in second.out.splitlines()] == ["changed", "same"]


def test_json_from_a_pipe_in_any_shape(pitboard):
    listed = [{"key": "B-1", "title": "a"}, {"key": "B-2", "title": "b"}]
    lines = "\n".join(map(json.dumps, listed))
    first = pitboard("import", "-", stdin=json.dumps({"issues": listed}, indent=1))
    assert (first.code, len(first.out.split())) == (0, 2)
    for text in (json.dumps(listed), lines):
        again = pitboard("import", "-", stdin=text)
        assert (again.code, again.out) == (0, "")


def test_what_is_no_object_is_named_by_its_place_in_the_list(pitboard):
    ended = pitboard("import", "-", stdin='[{"title": "N"}, null, 5, [true]]')
    assert ended.code == 5
    for number, value in ((2, "null"), (3, "5"), (4, "[true]")):
        assert f"Entry {number} of the list is no object: {value}." in ended.err


def test_what_holds_nothing_that_can_be_read_is_refused(pitboard):
    assert pitboard("import", "-", stdin="Key,Title\n1,\n2,\n").code == 3
    assert pitboard("import", "--json", "-", stdin="Key,Title\n1,\n2,\n").code == 3


def test_many_bad_rows_are_counted(pitboard):
    text = "Key,Title\n" + "".join(f"{n},\n" for n in range(50)) + "K-1,good\n"
    ended = pitboard("import", "-", stdin=text)
    assert ended.code == 5
    assert ended.err.count("was set aside") == 20
    assert "And 30 more of the same." in ended.err
    assert len(ended.out.split()) == 1


def test_a_list_in_gb18030(pitboard):
    path = pitboard.home / "导出.csv"
    path.write_bytes("标题,描述\n上传后白屏,必现\n".encode("gb18030"))
    ended = pitboard("import", path)
    assert "Read as GB18030." in ended.err
    assert pitboard.pitfall(ended.out.strip()).title.plain == "上传后白屏"


def test_an_export_of_ours_changes_nothing_here_and_keeps_its_ids_there(pitboard, login):
    exported = pitboard("export", "--format", "csv").out
    here = pitboard("import", "-", stdin=exported)
    assert (here.code, here.out) == (0, "")
    other = pitboard.home / "other.db"
    pitboard("--db", other, "init", "--empty")
    there = pitboard("--db", other, "import", "-", stdin=exported)
    assert there.out == f"{login}\n"


def test_numbers_of_two_lists_are_told_apart_by_their_names(pitboard):
    for name in ("web.csv", "app.csv", "app-2.csv"):
        (pitboard.home / name).write_text("id,title\n7,Seventh\n")
    web = pitboard("import", pitboard.home / "web.csv").out
    app = pitboard("import", pitboard.home / "app.csv").out
    assert web != app
    assert pitboard("import", pitboard.home / "app-2.csv").out == ""
    assert pitboard("import", pitboard.home / "web.csv", "--source", "app").out == ""


def test_a_person_sees_what_comes_and_is_asked(pitboard, issues):
    screen = pitboard.terminal("import", str(issues), columns=100)
    screen.expect_exact("2 new, 0 changed, 0 the same")
    screen.expect_exact("Black camera")
    screen.expect_exact("Line 3 was set aside")
    screen.expect_exact("Import this?")
    screen.sendline("y")
    screen.expect_exact("Imported: 2 new")
    screen.wait()
    assert screen.exitstatus == 5


def test_events_can_be_looked_at_before(pitboard, login):
    exported = pitboard("export", "--format", "events").out
    other = pitboard.home / "other.db"
    pitboard("--db", other, "init", "--empty")
    looked = pitboard("--db", other, "import", "--dry-run", "-", stdin=exported + "{x\n")
    assert (looked.code, looked.out) == (5, "")
    assert "2 events are new, and 0 are known" in looked.err
    assert pitboard("--db", other, "list", "--count").out == "0\n"
    known = pitboard("import", "--dry-run", "-", stdin=exported * 2)
    assert known.code == 0
    assert "0 events are new, and 4 are known" in known.err


def test_whoever_stops_a_long_list_keeps_what_came(pitboard):
    path = pitboard.home / "long.csv"
    path.write_text("Key,Title\n" + "".join(f"K-{n},Trap {n}\n" for n in range(60_000)))
    screen = pitboard.terminal("import", "--yes", str(path))
    screen.expect(r"\d+ entries")
    screen.sendintr()
    screen.expect_exact("Stopped; what came before is kept")
    screen.wait()
    assert screen.exitstatus == 130
    assert 0 < len(pitboard.events()) < 120_000
    assert pitboard("doctor").code == 0


def test_columns_of_the_environment_are_read_together_and_named(pitboard):
    path = pitboard.home / "seen.csv"
    path.write_text("Title,Platform,客户端版本\nBlack camera,iOS,4.1.8\n", "utf-8")
    ended = pitboard("import", path)
    assert (ended.code, len(ended.out.split())) == (0, 1)
    assert "environment ← Platform+客户端版本" in ended.err


def test_an_unknown_severity_or_kind_is_listed_with_what_it_became(pitboard):
    path = pitboard.home / "odd.csv"
    rows = "Title,Severity,Kind,Status\nOne,S9,banana,Open\nTwo,S1,docs,Open\n"
    path.write_text(rows, "utf-8")
    ended = pitboard("import", path)
    assert "Severity: S9 → S3, since it is not known (1)" in ended.err
    assert "Kind: banana → bug, since it is not known (1)" in ended.err
    assert "severity=Severity:S9=S2" in ended.err
    mapped = pitboard("import", path, "--map", "severity=Severity:S9=S2")
    assert "S9 →" not in mapped.err
