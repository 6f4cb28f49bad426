"""Notes, decisions and follow-ups in a shell."""

from __future__ import annotations

import json

from tests.cli.conftest import Pitboard


def test_a_follow_up_comes_up_until_it_is_done(pitboard: Pitboard, login: str) -> None:
    first = pitboard(
        "retro", "note", "Ask the vendor again", "--kind", "follow-up", "--owner", "Lin", "--due",
        "2026-12-01", "--pitfall", login[:6],
    ).out.strip()  # fmt: skip
    second = pitboard(
        "retro", "note", "-", "--kind", "follow-up", stdin="整理体验版渠道\n"
    ).out.strip()
    pitboard("retro", "note", "We stop using qy.login", "--kind", "decision")
    pitboard("retro", "note", "It went well")
    lines = [line.split("\t") for line in pitboard("retro", "follow-ups").out.splitlines()]
    assert lines == [
        [first, "2026-12-01", "", "Lin", login, "Ask the vendor again"],
        [second, "", "", "", "", "整理体验版渠道"],
    ]
    assert "整理体验版渠道" in pitboard.seen("retro", "follow-ups", "--lang", "zh")
    assert pitboard("retro", "done", first[:6]).code == 0
    assert pitboard("retro", "follow-ups").out.startswith(second)
    done = json.loads(pitboard("retro", "follow-ups", "--all", "--json").out)["follow_ups"]
    assert [(one["id"], bool(one["done_on"])) for one in done] == [(second, False), (first, True)]
    again = pitboard("retro", "done", first)
    assert (again.code, "done already" in again.err) == (3, True)
    assert pitboard("undo").code == 0
    assert pitboard("retro", "follow-ups").out.startswith(first)
    assert pitboard("retro", "done", "-", stdin=pitboard("retro", "follow-ups").out).code == 0
    nothing = pitboard("retro", "follow-ups")
    assert (nothing.code, nothing.out) == (1, "")
    assert "nothing left to follow up" in nothing.err


def test_what_is_about_no_pitfall_is_none(pitboard: Pitboard) -> None:
    pitboard("retro", "note", "A note about everything")
    assert pitboard("list", "--count", "triage:settled,inbox,snoozed,declined").out == "0\n"
    assert "A note about everything" in pitboard("history").out
    assert "A note about everything" in pitboard("undo").err
    assert pitboard("history").out.count("\tundone\t") >= 1
    assert "0000" not in pitboard.seen("history")
    [_undone, output, _made] = json.loads(pitboard("history", "--json").out)["changes"]
    assert (output["pitfall"], output["what"]) == (None, "retro_noted")
    assert pitboard("doctor").code == 0


def test_undo_names_the_note_and_no_pitfall(pitboard: Pitboard) -> None:
    asked = pitboard("retro", "note", "Ask them", "--kind", "follow-up").out.strip()
    pitboard("retro", "note", "A quiet week")
    pitboard("retro", "done", asked)
    for verb in ("undo", "redo", "undo"):
        ended = pitboard(verb)
        assert (ended.code, ended.out) == (0, "")
        assert "amended the note “Ask them”: done on" in ended.err
    ended = pitboard("undo")
    assert (ended.out, "(A quiet week)" in ended.err) == ("", True)


def test_what_is_put_right_is_told_in_words(pitboard: Pitboard) -> None:
    noted = pitboard("retro", "note", "Ask them", "--kind", "follow-up").out.strip()
    assert pitboard("retro", "done", noted, "--at", "2026-11-02").code == 0
    output = pitboard.seen("history")
    assert "amended the note “Ask them”: done on" in output
    assert "2026-11-02" in output


def test_what_is_refused(pitboard: Pitboard, login: str) -> None:
    for arguments, code, words in (
        (("retro", "note", ""), 3, "needed"),
        (("retro", "note", "x", "--due", "soon"), 2, "not a date"),
        (("retro", "note", "x", "--pitfall", "ffff"), 1, "No pitfall"),
        (("retro", "done", "ffff"), 1, "No follow-up"),
        (("retro", "done", "-"), 2, "No ids"),
    ):
        ended = pitboard(*arguments)
        assert (ended.code, words in ended.err) == (code, True), (arguments, ended)
    noted = pitboard("retro", "note", "only a note", "--pitfall", login).out.strip()
    assert "no follow-up" in pitboard("retro", "done", noted).err
    assert "only a note" in pitboard("history", login).out


def test_notes_go_with_the_events(pitboard: Pitboard) -> None:
    pitboard("retro", "note", "Shared", "--kind", "follow-up")
    events = pitboard.home / "events.jsonl"
    pitboard("export", events)
    elsewhere = Pitboard(pitboard.home / "elsewhere")
    elsewhere.home.mkdir()
    assert elsewhere("init", "--empty").code == 0
    assert elsewhere("import", events).code == 0
    assert elsewhere("retro", "follow-ups").out == pitboard("retro", "follow-ups").out


def test_a_decision_of_triage_is_told_in_words(pitboard: Pitboard, login: str) -> None:
    assert pitboard("triage", "accept", login, "--reason", "seen by two").code == 0
    output = pitboard("retro", "2d", "--format", "md").out
    assert "accepted (seen by two)" in output
    assert "settled" not in output
