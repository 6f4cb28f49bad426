"""The inbox and the verbs that decide: what is listed, what lands in the record, what is said."""

from __future__ import annotations

import json
import re

import pytest

from storage.model.row import DeclineReason, InboxReason, Severity, Triage
from tui.text.cells import width

HOUR_MS = 3_600_000


@pytest.fixture
def waiting(pitboard):
    """Three in the inbox, for different reasons; the second waits longest."""
    with pitboard.store() as store:
        names = {}
        for title, reason, ago in (
            ("qy.login fails", "new", 2),
            ("相册保存白图", "imported", 9),
            ("unknown error -1", "unmatched", 1),
        ):
            present = store.session.now
            store.session.now = lambda ago=ago, present=present: present() - ago * HOUR_MS
            names[reason] = store.pitfalls.report(
                title, component="wx", severity="S2", inbox=reason
            )
            store.session.now = present
        store.occurrences.log(names["new"], count=3)
    return names


def ids(ended):
    return [line.split("\t")[0] for line in ended.out.splitlines()]


def decision(pitboard, name):
    return pitboard.pitfall(name).decision


# The inbox


def test_the_inbox_lists_whoever_waits_longest_first(pitboard, waiting):
    ended = pitboard("triage", "list")
    assert (ended.code, ended.err) == (0, "")
    rows = [line.split("\t") for line in ended.out.splitlines()]
    assert [row[0] for row in rows] == [waiting[why] for why in ("imported", "new", "unmatched")]
    assert rows[1][1:6] == ["new", "S2", "wx", "qy.login fails", "3"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", rows[1][6])


def test_the_inbox_as_json(pitboard, waiting):
    listed = json.loads(pitboard("triage", "list", "--json").out)["pitfalls"]
    assert [one["inbox_reason"] for one in listed] == ["imported", "new", "unmatched"]
    assert {one["triage"] for one in listed} == {"inbox"}
    since = [one["waiting_since"] for one in listed]
    assert since == sorted(since)
    [shown] = json.loads(pitboard("list", "--json", "login").out)["pitfalls"]
    assert listed[1].items() >= shown.items()


def test_the_inbox_can_be_counted(pitboard, waiting):
    assert pitboard("triage", "list", "--count").out == "3\n"


@pytest.mark.parametrize(("arguments", "out"), [([], ""), (["--count"], "0\n")])
def test_an_empty_inbox_says_so_kindly(pitboard, arguments, out):
    ended = pitboard("triage", "list", *arguments)
    assert (ended.code, ended.out) == (1, out)
    assert "Well done" in ended.err


def test_people_get_the_inbox_as_a_table(pitboard, waiting):
    for columns in (40, 80, 120):
        table = pitboard.seen("triage", "list", columns=columns, NO_COLOR="1").splitlines()
        assert len(table) == 4
        assert all(width(line) <= columns for line in table)
    assert "imported" in table[1]
    assert table[1].endswith("9h")


def test_what_woke_is_in_the_inbox_again(pitboard, waiting):
    name = waiting["new"]
    assert pitboard("triage", "snooze", name, "--occurrences", "2").code == 0
    assert name not in ids(pitboard("triage", "list"))
    pitboard("log", name, "--count", "2")
    assert name in ids(pitboard("triage", "list"))
    [row] = [line for line in pitboard("triage", "list").out.splitlines() if line.startswith(name)]
    assert row.split("\t")[1] == "woken"
    assert (
        json.loads(pitboard("show", name, "--json").out)["pitfalls"][0]["inbox_reason"] == "woken"
    )
    assert "in the inbox: woken" in pitboard("show", name).out


def test_every_document_names_the_reason_of_the_inbox(pitboard, waiting):
    name = waiting["new"]
    pitboard("edit", name, "--signature", "login:fail no permission for this corp")
    pitboard("triage", "snooze", name, "--occurrences", "2")

    def stands() -> set[tuple[str, str | None]]:
        log = "login:fail no permission for this corp"
        documents = (
            pitboard("list", "--json", "triage:inbox,snoozed,settled"),
            pitboard("show", name, "--json"),
            pitboard("match", "--json", stdin=log),
            pitboard("export", "--json"),
        )
        of = [json.loads(one.out)["pitfalls"] for one in documents]
        of.append(json.loads(pitboard("paste", "--json", stdin=log).out)["matches"])
        found = [one for pitfalls in of for one in pitfalls if one["id"] == name]
        assert len(found) == len(of)
        return {(one["triage"], one["inbox_reason"]) for one in found}

    assert stands() == {("snoozed", None)}
    pitboard("log", name, "--count", "2")
    assert stands() == {("inbox", "woken")}
    pitboard("triage", "accept", name)
    assert stands() == {("settled", None)}


def test_triage_without_a_terminal_is_the_inbox(pitboard, waiting):
    assert pitboard("triage").out == pitboard("triage", "list").out
    pitboard("triage", "accept", *waiting.values())
    assert pitboard("triage").code == 1


# Deciding


def test_accept_says_what_it_is_found_to_be(pitboard, waiting):
    name = waiting["new"]
    ended = pitboard("triage", "accept", name[:8], "--severity", "S1", "--component", "wx.qy.login")
    assert (ended.code, ended.out) == (0, f"{name}\n")
    assert "Accepted" in ended.err
    held = pitboard.pitfall(name)
    assert (held.severity, held.component.plain) == (Severity.S1, "wx.qy.login")
    assert held.decision.triage is Triage.SETTLED
    pitboard("undo")
    assert pitboard.pitfall(name).severity is Severity.S2
    assert decision(pitboard, name).triage is Triage.INBOX


def test_decline_needs_a_reason_of_three(pitboard, waiting):
    name = waiting["new"]
    assert pitboard("triage", "decline", name).code == 2
    assert pitboard("triage", "decline", name, "--kind", "boring").code == 2
    ended = pitboard(
        "triage", "decline", name, "--kind", "by-design", "--reason", "-", stdin="Read it.\n"
    )
    assert ended.code == 0
    assert decision(pitboard, name).decline_reason is DeclineReason.BY_DESIGN
    assert name not in ids(pitboard("list"))
    history = pitboard.seen("history", name, NO_COLOR="1")
    assert "declined: by design\n" in history
    assert "because: Read it." in history
    assert "declined: by design, since 20" in pitboard("show", name).out
    assert (
        json.loads(pitboard("show", name, "--json").out)["pitfalls"][0]["decline_reason"]
        == "by-design"
    )


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--until", "2127-12-01"], "snoozed until 2127-12-01"),
        (["--until", "2127-12-01 09:30"], "snoozed until 2127-12-01 09:30"),
        (["--occurrences", "2"], "snoozed until it was seen 5 times in all"),
        (["--client", "9.1"], "snoozed until client release 9.1 is seen"),
        (["--lib", "3.7.0"], "snoozed until base library 3.7.0 is seen"),
    ],
)
def test_snooze_ends_at_one_thing(pitboard, waiting, arguments, shown):
    name = waiting["new"]
    assert pitboard("triage", "snooze", name, *arguments).code == 0
    assert f"{shown}, since" in pitboard("show", name).out
    assert shown in pitboard.seen("history", name, NO_COLOR="1")
    assert name not in ids(pitboard("triage", "list"))
    until = json.loads(pitboard("show", name, "--json").out)["pitfalls"][0]["snoozed_until"]
    assert sum(value is not None for value in until.values()) in {1, 2}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 2),
        (["--until", "2w", "--occurrences", "3"], 2),
        (["--until", "soon"], 2),
        (["--until", "2020-01-01"], 3),
        (["--occurrences", "0"], 2),
        (["--client", ""], 2),
        (["--client", "latest"], 3),
        (["--client", "9.1", "--lib", "3.7"], 2),
    ],
)
def test_an_impossible_snooze_leaves_no_trace(pitboard, waiting, arguments, code):
    before = pitboard.events()
    ended = pitboard("triage", "snooze", waiting["new"], *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err
    assert pitboard.events() == before


def test_a_duplicate_counts_for_its_original(pitboard, waiting):
    original, duplicate = waiting["imported"], waiting["new"]
    ended = pitboard("triage", "duplicate", duplicate, "--of", original[:8])
    assert (ended.code, ended.out) == (0, f"{duplicate}\n")
    assert original[:4] in ended.err
    shown = json.loads(pitboard("show", original, "--json").out)["pitfalls"][0]
    assert (shown["duplicates"], shown["occurrence_count"]) == ([duplicate], 3)
    assert shown["occurrences"][0]["recorded_on"] == duplicate
    assert (
        json.loads(pitboard("show", duplicate, "--json").out)["pitfalls"][0]["duplicate_of"]
        == original
    )
    assert f"duplicate of {original[:4]}: 相册保存白图" in pitboard("show", duplicate).out
    page = pitboard("show", original).out
    assert f"Duplicates\n  {duplicate[:4]}  qy.login fails\n" in page
    assert "workaround of its duplicate" not in page
    assert pitboard("edit", duplicate, "--workaround", "重试三次").code == 0
    told = f"workaround of its duplicate {duplicate[:4]}: 重试三次"
    assert told in pitboard("show", original).out
    assert pitboard("edit", original, "--workaround", "重试三次").code == 0
    assert told not in pitboard("show", original).out
    assert f"duplicate of {original[:4]}" in pitboard.seen("history", duplicate, NO_COLOR="1")
    assert pitboard("triage", "requeue", duplicate).code == 0
    assert json.loads(pitboard("show", original, "--json").out)["pitfalls"][0]["duplicates"] == []
    assert decision(pitboard, duplicate).inbox_reason is InboxReason.RETURNED
    assert "back in the inbox" in pitboard.seen("history", duplicate, NO_COLOR="1")


def test_circles_of_duplicates_are_refused_in_words(pitboard, waiting):
    one, two = waiting["imported"], waiting["new"]
    assert pitboard("triage", "duplicate", one, "--of", one).code == 3
    pitboard("triage", "duplicate", one, "--of", two)
    ended = pitboard("triage", "duplicate", two, "--of", one)
    assert ended.code == 3
    assert "duplicate of itself" in ended.err
    assert pitboard("triage", "duplicate", one).code == 2
    assert pitboard("triage", "duplicate", one, "--of", "zzzz").code == 1


def test_what_was_told_apart_is_shown_on_both(pitboard, waiting):
    one, two, three = waiting.values()
    ended = pitboard("triage", "not-duplicate", one, two[:8], three)
    assert (ended.code, ended.out) == (0, f"{one}\n")
    shown = json.loads(pitboard("show", one, "--json").out)["pitfalls"][0]
    assert shown["not_duplicates"] == sorted([two, three])
    assert json.loads(pitboard("show", two, "--json").out)["pitfalls"][0]["not_duplicates"] == [one]
    assert f"Not the same as\n  {one[:4]}  qy.login fails\n" in pitboard("show", two).out
    assert f"not the same as {two[:4]}" in pitboard.seen("history", one, NO_COLOR="1")
    pitboard("undo")
    assert json.loads(pitboard("show", one, "--json").out)["pitfalls"][0]["not_duplicates"] == []
    assert pitboard("triage", "not-duplicate", one).code == 2
    assert pitboard("triage", "not-duplicate", one, one).code == 2


@pytest.mark.parametrize(
    "verb",
    [
        ["triage", "accept", "{id}"],
        ["triage", "decline", "{id}", "--kind", "not-ours"],
        ["triage", "snooze", "{id}", "--until", "2w"],
        ["triage", "requeue", "{id}"],
        ["triage", "duplicate", "{id}", "--of", "{known}"],
        ["triage", "duplicate", "{known}", "--of", "{id}"],
        ["triage", "not-duplicate", "{known}", "{id}"],
    ],
    ids=" ".join,
)
def test_what_is_not_on_the_board_is_exit_1(pitboard, waiting, verb):
    before = pitboard.events()
    ended = pitboard(*(one.format(id="zzzz", known=waiting["new"]) for one in verb))
    assert (ended.code, ended.out) == (1, "")
    assert "pitboard list" in ended.err
    assert pitboard.events() == before


def test_history_as_json_says_what_was_decided(pitboard, waiting):
    name = waiting["new"]
    pitboard("triage", "decline", name, "--kind", "not-ours")
    pitboard("triage", "duplicate", name, "--of", waiting["imported"])
    marked, declined, *_, reported = json.loads(pitboard("history", name, "--json").out)["changes"]
    assert marked["decision"]["duplicate_of"] == waiting["imported"]
    assert (marked["field"], marked["before"], marked["after"]) == (
        *("triage", "declined", "duplicate"),
    )
    assert declined["decision"]["decline_reason"] == "not-ours"
    assert reported["decision"] is None


def test_undo_says_which_decision_it_took_back(pitboard, waiting):
    pitboard("triage", "decline", waiting["new"], "--kind", "not-ours")
    assert "declined: not ours" in pitboard("undo").err
    assert decision(pitboard, waiting["new"]).triage is Triage.INBOX
