"""Several pitfalls in one call: ids from arguments and stdin, previews, one step of undo."""

from __future__ import annotations

import pytest

from storage.model.row import Severity, Status, Triage
from tui.cli.output import ProgressLine


@pytest.fixture
def two(pitboard):
    """Two pitfalls in the inbox; only the first has a workaround."""
    with pitboard.store() as store:
        return (
            store.pitfalls.report("wx.qy.login fails", component="wx.qy.login"),
            store.pitfalls.report("相册保存白图", severity="S1"),
        )


def triage(pitboard, names):
    return [pitboard.pitfall(one).decision.triage for one in names]


@pytest.mark.parametrize(
    "verb",
    [
        ["triage", "accept", "{0}", "{1}", "--severity", "S4"],
        ["triage", "decline", "{0}", "{1}", "--kind", "not-ours"],
        ["triage", "snooze", "{0}", "{1}", "--occurrences", "2"],
        ["triage", "requeue", "{0}", "{1}"],
        ["status", "{0}", "{1}", "workaround", "--workaround", "wait"],
        ["comment", "{0}", "{1}", "the same here"],
        ["edit", "{0}", "{1}", "--kind", "docs", "--component", "wx", "--tag", "a"],
        ["log", "{0}", "{1}", "--message", "x:fail"],
        ["link", "{0}", "{1}", "https://example.com/1"],
    ],
    ids=lambda verb: verb[0],
)
def test_one_call_is_one_step_of_undo(pitboard, two, verb):
    listed = pitboard("list", "--json", "triage:settled,inbox,snoozed,declined").out
    ended = pitboard(*(one.format(*two) for one in verb))
    assert (ended.code, ended.out) == (0, f"{two[0]}\n{two[1]}\n")
    assert "2 pitfalls" in ended.err
    assert "Traceback" not in ended.err
    assert pitboard("list", "--json", "triage:settled,inbox,snoozed,declined").out != listed or (
        verb[0] in {"comment", "return"}
    )
    undone = pitboard("undo")
    assert sorted(undone.out.split()) == sorted(two)
    assert pitboard("list", "--json", "triage:settled,inbox,snoozed,declined").out == listed


def test_ids_come_from_stdin_as_list_writes_them(pitboard, two):
    listed = pitboard("list").out
    ended = pitboard("triage", "accept", "-", "--severity", "S2", stdin=listed)
    assert (ended.code, sorted(ended.out.split())) == (0, sorted(two))
    assert triage(pitboard, two) == [Triage.SETTLED] * 2
    assert {pitboard.pitfall(one).severity for one in two} == {Severity.S2}
    ended = pitboard("comment", "-", "same", stdin="\n".join(one[:8] for one in two))
    assert len(ended.out.split()) == 2
    # What a verb writes is what the next one reads.
    assert pitboard("edit", "-", "--tag", "x", stdin=ended.out).out == ended.out


def test_ids_are_taken_once(pitboard, two):
    ended = pitboard("log", two[0], two[0][:8], "-", stdin=f"{two[0]}\tqy\n\n")
    assert ended.out == f"{two[0]}\n"
    assert len(pitboard.occurrences(two[0])) == 1


@pytest.mark.parametrize(
    ("verb", "stdin", "code"),
    [
        (["triage", "accept", "-"], "", 1),
        (["triage", "accept", "-"], "\n  \n", 1),
        (["triage", "accept", "-"], "zzzz\n", 1),
        (["triage", "accept", "-", "--reason", "-"], "x", 2),
        (["triage", "accept", "-", "-"], "x", 2),
        (["comment", "-"], "x", 2),
        (["triage", "accept"], "", 2),
        (["triage", "accept", "-"], "\udcff", 2),
    ],
)
def test_ids_on_stdin_that_are_none(pitboard, two, verb, stdin, code):
    before = pitboard.events()
    ended = pitboard.taking(*verb, stdin=stdin.encode(errors="surrogateescape"))
    assert (ended.returncode, ended.stdout) == (code, b"")
    assert b"Traceback" not in ended.stderr
    assert ended.stderr
    assert pitboard.events() == before


def test_all_or_none_and_the_one_at_fault_is_named(pitboard, two):
    pitboard("edit", two[0], "--workaround", "wait")
    before = pitboard.events()
    ended = pitboard("status", *two, "workaround")
    assert (ended.code, ended.out) == (3, "")
    assert "workaround text" in ended.err
    assert f"{two[1][:4]}  相册保存白图" in ended.err
    assert two[0][:4] not in ended.err
    assert pitboard.events() == before
    assert pitboard("status", two[0], "zzzz", "open").code == 1
    assert pitboard.events() == before


def test_a_title_and_signatures_belong_to_one(pitboard, two):
    before = pitboard.events()
    for values in (["--title", "x"], ["--signature", "x"], ["--unsign", "x"], []):
        assert pitboard("edit", *two, *values).code == 2
    assert pitboard.events() == before


def test_nothing_changed_in_several(pitboard, two):
    ended = pitboard("edit", *two, "--kind", "bug")
    assert ended.code == 0
    assert "Nothing changed in 2 pitfalls" in ended.err


# Previews


def test_a_dry_run_shows_what_would_change_and_writes_nothing(pitboard, two):
    before = pitboard.events()
    ended = pitboard("triage", "accept", *two, "--severity", "S1", "--dry-run")
    assert ended.code == 0
    assert [line.split("\t") for line in ended.out.splitlines()] == [
        [two[0], "field_set", "severity", "S3", "S1", "wx.qy.login fails"],
        [two[0], "accepted", "triage", "inbox", "settled", "wx.qy.login fails"],
        [two[1], "accepted", "triage", "inbox", "settled", "相册保存白图"],
    ]
    seen = pitboard.seen("triage", "decline", *two, "--kind", "not-ours", "--dry-run", NO_COLOR="1")
    assert f"{two[0][:4]}  wx.qy.login fails\n  in the inbox: new → declined: not ours\n" in seen
    seen = pitboard.seen(
        "status", two[0], "workaround", "--workaround", "a", "--dry-run", NO_COLOR="1"
    )
    assert "changed the workaround: – → a\n  set the status: open → workaround\n" in seen
    assert pitboard.events() == before


def test_a_dry_run_says_when_nothing_would_change(pitboard, two):
    ended = pitboard("edit", two[0], "--severity", "S3", "--dry-run")
    assert (ended.code, ended.out) == (0, "")
    assert "Nothing would change" in ended.err


def test_a_dry_run_refuses_what_would_be_refused(pitboard, two):
    ended = pitboard("status", two[0], "workaround", "--dry-run")
    assert (ended.code, ended.out) == (3, "")


def test_a_person_is_shown_several_and_asked(pitboard, two):
    before = pitboard.events()
    screen = pitboard.terminal("triage", "decline", *two, "--kind", "not-ours")
    screen.expect_exact("wx.qy.login fails")
    screen.expect_exact("in the inbox: new → declined: not ours")
    screen.expect_exact("相册保存白图")
    screen.expect("Change 2 pitfalls.*:")
    screen.sendline("n")
    screen.expect("nothing was saved")
    screen.wait()
    assert pitboard.events() == before
    screen = pitboard.terminal("triage", "decline", *two, "--kind", "not-ours")
    screen.expect("Change 2 pitfalls.*:")
    screen.sendline("")
    screen.expect("Declined 2 pitfalls")
    screen.wait()
    assert triage(pitboard, two) == [Triage.DECLINED] * 2


def test_a_person_who_is_sure_is_not_asked(pitboard, two):
    assert "Change" not in pitboard.seen("status", *two, "open", "--yes")
    assert "Change" not in pitboard.seen("triage", "accept", two[0])
    assert "Declined 2" in pitboard.seen("triage", "decline", *two, "--kind", "not-ours", "-y")


def test_a_long_preview_names_the_first(pitboard):
    with pitboard.store() as store:
        names = [store.pitfalls.report(f"pitfall {n}") for n in range(23)]
    screen = pitboard.terminal("triage", "accept", *names)
    screen.expect_exact("… and 3 more")
    screen.expect("Change 23 pitfalls.*:")
    screen.sendline("y")
    screen.expect("Accepted 23 pitfalls")
    screen.wait()
    assert {pitboard.pitfall(one).status for one in names} == {Status.OPEN}
    assert set(triage(pitboard, names)) == {Triage.SETTLED}


def test_a_large_change_says_how_far_it_is(pitboard, two, monkeypatch):
    said = []
    monkeypatch.setattr(ProgressLine, "say", lambda _line, words: said.append(words))
    tags = [word for n in range(250) for word in ("--tag", f"t{n}")]
    assert pitboard("edit", two[0], *tags).code == 0
    assert said == ["Saving: 200 changes…", "Saving: 0 of 1 pitfalls…"]
    assert pitboard("undo").code == 0
    assert said[2:] == ["Saving: 0 of 1 pitfalls…"]
