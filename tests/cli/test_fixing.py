"""Fixes in a shell: recorded, verified, contradicted, and taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Ended, Pitboard


def made(pitboard: Pitboard) -> str:
    values = ("--component", "album", "--kind", "bug", "--severity", "S2")
    ended = pitboard("new", "A white picture", "--workaround", "Ask first", *values)
    assert ended.code == 0
    return ended.out.strip()


def shown(pitboard: Pitboard, pitfall: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(pitboard("show", pitfall, "--json").out)["pitfalls"][0]
    return held


def test_a_fix_says_what_is_known_and_leaves_the_status(pitboard: Pitboard) -> None:
    pitfall = made(pitboard)
    ended = pitboard(
        *("fix", pitfall, "--axis", "client", "--from", "4.1.8", "--from", "2026-11-20"),
        *("--platform", "ios", "--ref", "https://example.com/x", "--quote", "Fixed.", "--official"),
    )
    assert ended.code == 0
    assert "Recorded a fix of" in ended.err
    held = shown(pitboard, pitfall)
    assert held["status"] == "workaround"
    [fix] = held["fixes"]
    assert fix | {"id": "", "at": "", "who": ""} == {
        "id": "",
        "at": "",
        "who": "",
        "axis": "client",
        "from_version": "4.1.8",
        "from_date": "2026-11-20",
        "affected_since": "",
        "last_affected": "",
        "platform": "ios",
        "host": None,
        "quote": "Fixed.",
        "reference": "https://example.com/x",
        "official": True,
        "grace_days": 30,
        "state": "claimed",
        "evidence": None,
        "evidence_at": None,
    }


def test_the_same_fix_is_recorded_once(pitboard: Pitboard) -> None:
    pitfall = made(pitboard)
    same = ("fix", pitfall, "--axis", "client", "--from", "4.1.8")
    assert pitboard(*same).code == 0
    again = pitboard(*same)
    assert (again.code, again.err) == (
        3,
        "This fix is already recorded. Edit it, or verify it on a device.\n",
    )
    # The status can rest on it, however it is said, and another one is another fix.
    assert pitboard(*same, "--status", "fixed").code == 0
    assert pitboard("status", pitfall, "open").code == 0
    assert pitboard("status", pitfall, "fixed", *same[2:]).code == 0
    assert len(shown(pitboard, pitfall)["fixes"]) == 1
    assert pitboard(*same, "--platform", "ios").code == 0
    assert len(shown(pitboard, pitfall)["fixes"]) == 2
    # One that is hidden can be recorded anew.
    pitboard("status", pitfall, "workaround")
    for one in shown(pitboard, pitfall)["fixes"]:
        assert pitboard("entry", "hide", pitfall, one["id"]).code == 0
    assert pitboard(*same).code == 0


def test_a_fix_for_one_platform_suggests_to_keep_the_workaround(pitboard: Pitboard) -> None:
    pitfall = made(pitboard)
    ended = pitboard(
        *("fix", pitfall, "--axis", "client", "--last-affected", "4.1.7"),
        *("--platform", "ios", "--status", "fixed"),
    )
    assert ended.code == 0
    assert "keeps the workaround for the others" in ended.err
    assert shown(pitboard, pitfall)["status"] == "fixed upstream"


def test_a_version_nobody_can_compare_is_kept_and_said_to_be_so(pitboard: Pitboard) -> None:
    pitfall = made(pitboard)
    ended = pitboard("fix", pitfall, "--axis", "client", "--from", "the next one")
    assert ended.code == 0
    assert "“the next one” is kept, but can't be compared" in ended.err
    ended = pitboard("status", pitfall, "fixed", "--axis", "client", "--from", "8.x")
    assert "“8.x” is kept, but can't be compared" in ended.err
    assert shown(pitboard, pitfall)["fixes"][0]["from_version"] == "the next one"


def test_a_fix_that_says_nothing_is_refused_with_what_is_missing(pitboard: Pitboard) -> None:
    pitfall = made(pitboard)
    for arguments, missing in (
        (("--axis", "client"), "needs the version or the date"),
        (("--from", "4.1.8"), "needs its axis"),
    ):
        ended = pitboard("fix", pitfall, *arguments)
        assert ended.code == 3
        assert missing in ended.err
    assert shown(pitboard, pitfall)["fixes"] == []


def verdicts(pitboard: Pitboard, pitfall: str) -> dict[str, tuple[str | None, str | None]]:
    return {
        one["client_version"] or "": (one["verdict"], one["verdict_because"])
        for one in shown(pitboard, pitfall)["occurrences"]
    }


def test_a_regression_waits_in_the_inbox_and_is_reopened(pitboard: Pitboard) -> None:
    pitfall = made(pitboard)
    pitboard("triage", "accept", pitfall)
    fixed = ("--axis", "client", "--from", "4.1.8", "--status", "fixed")
    assert pitboard("fix", pitfall, *fixed).code == 0
    pitboard("log", pitfall, "--client-version", "4.1.0")
    assert pitboard("triage", "list").code == 1
    pitboard("log", pitfall, "--client-version", "4.1.10")
    assert verdicts(pitboard, pitfall) == {
        "4.1.0": ("stale", "older"),
        "4.1.10": ("regression", "at-or-beyond"),
    }
    assert "regressed" in pitboard("triage", "list").out
    assert pitboard("list", "has:regression", "fix:disputed").out.startswith(pitfall)
    ended = pitboard("reopen", pitfall)
    assert ended.code == 0
    assert "Reopened" in ended.err
    held = shown(pitboard, pitfall)
    assert (held["status"], held["triage"]) == ("workaround", "settled")
    assert "The fix does not hold." in pitboard("history", pitfall).out
    assert pitboard("triage", "list").code == 1
    assert pitboard("reopen", pitfall).code == 3
    assert pitboard("undo").code == 0
    assert shown(pitboard, pitfall)["status"] == "fixed upstream"


def test_what_is_logged_says_that_it_is_a_regression(pitboard: Pitboard) -> None:
    pitfall = made(pitboard)
    quiet = pitboard("log", pitfall, "--client-version", "4.1.9")
    assert "↻" not in quiet.err
    fixed = ("--axis", "client", "--from", "4.1.8", "--status", "fixed")
    assert pitboard("fix", pitfall, *fixed).code == 0
    text = "saveImage:fail white picture"
    pitboard("edit", pitfall, "--signature", text)
    words = "↻ regression: 4.1.9 is at or beyond the fix in client release 4.1.8"
    seen = ("--client-version", "4.1.9")
    assert words not in pitboard("log", pitfall, *seen, "--dry-run").err
    for ended in (
        pitboard("log", pitfall, *seen),
        pitboard("verify", pitfall, "--reproduced", *seen),
        pitboard("paste", "--log", *seen, stdin=text),
        pitboard("match", "--log", *seen, stdin=text),
    ):
        assert (ended.code, words in ended.err) == (0, True), ended.err
    other = pitboard("new", "Another picture").out.strip()
    several = pitboard("log", pitfall, other, *seen, "--yes").err
    assert f"{pitfall[:4]}  {words}" in several


def test_a_regression_leaves_the_inbox_with_a_newer_verification(pitboard: Pitboard) -> None:
    pitfall = made(pitboard)
    pitboard("triage", "accept", pitfall)
    fixed = ("--axis", "client", "--from", "4.1.8", "--status", "fixed")
    assert pitboard("fix", pitfall, *fixed).code == 0

    said = "saveImage:fail white picture"
    pitboard("edit", pitfall, "--signature", said)

    def agree(is_back: bool) -> None:
        assert (pitboard("triage", "list").code == 0) is is_back
        assert bool(pitboard("list", "inbox:yes").out) is is_back
        assert (shown(pitboard, pitfall)["inbox_reason"] == "regressed") is is_back
        assert ("in the inbox: regressed" in pitboard("show", pitfall).out) is is_back
        assert ("↻ regressed" in pitboard("show", pitfall).out) is is_back
        for listing in (
            pitboard("list"),
            pitboard("match", stdin=said),
            pitboard("paste", stdin=said),
        ):
            [row] = [line for line in listing.out.splitlines() if pitfall in line]
            assert row.split("\t")[-1] == ("regressed" if is_back else "")

    seen = ("--client-version", "4.1.10", "--at")
    pitboard("log", pitfall, *seen, "2026-11-20")
    agree(True)
    pitboard("verify", pitfall, "--not-reproduced", *seen, "2026-11-19")
    agree(True)
    pitboard("verify", pitfall, "--not-reproduced", *seen, "2026-11-21")
    agree(False)
    pitboard("undo")
    agree(True)
    pitboard("redo")
    agree(False)
    pitboard("log", pitfall, *seen, "2026-11-22")
    agree(True)


@pytest.mark.parametrize("seen_at", ["2026-11-20", "today"])
@pytest.mark.parametrize("status", ["workaround", "fixed"])
def test_a_fix_that_cannot_be_compared_hides_no_regression(
    pitboard: Pitboard, status: str, seen_at: str
) -> None:
    pitfall = made(pitboard)
    pitboard("triage", "accept", pitfall)
    ios = ("--axis", "client", "--from", "4.1.8", "--platform", "ios", "--status", status)
    assert pitboard("fix", pitfall, *ios).code == 0
    pitboard("log", pitfall, "--platform", "ios", "--client-version", "4.1.9", "--at", seen_at)
    before = pitboard("triage", "list").out
    assert "regressed" in before
    assert pitboard("fix", pitfall, "--axis", "client", "--from", "banana").code == 0
    assert pitboard("triage", "list").out == before
    assert pitboard("list", "has:regression").out.startswith(pitfall)
    assert "↻ regression: 4.1.9 is at" in pitboard("show", pitfall).out
    assert pitboard("doctor", "--rebuild").code == 0
    assert pitboard("triage", "list").out == before
    pitboard("fix", pitfall, "--axis", "client", "--from", "4.1.10")
    assert pitboard("triage", "list").code == 1


def test_a_verification_confirms_the_newest_fix(pitboard: Pitboard) -> None:
    pitfall = made(pitboard)
    assert pitboard("verify", pitfall, "--not-reproduced").code == 1
    pitboard("fix", pitfall, "--axis", "client", "--from", "4.1.8")
    assert pitboard("verify", pitfall, "--client-version", "4.1.8").code == 2
    nothing: Ended = pitboard("verify", pitfall, "--not-reproduced")
    assert nothing.code == 0
    assert "says nothing of the fix" in nothing.err
    tried = pitboard(
        *("verify", pitfall, "--not-reproduced", "--client-version", "4.1.8(18808)"),
        *("--platform", "android", "--note", "saved five pictures"),
    )
    assert tried.code == 0
    assert "says nothing" not in tried.err
    held = shown(pitboard, pitfall)
    [fix] = held["fixes"]
    assert fix["state"] == "verified"
    newest = next(one for one in held["occurrences"] if one["id"] == fix["evidence"])
    assert (newest["verifies"], newest["verdict"]) == (fix["id"], "confirms")
    assert pitboard("list", "fix:已验证").out.startswith(pitfall)


def test_a_version_older_than_the_fix_is_named_as_the_reason(pitboard: Pitboard) -> None:
    pitfall = made(pitboard)
    pitboard("fix", pitfall, "--axis", "client", "--from", "4.0.12")
    tried = ("verify", pitfall, "--not-reproduced")
    older = pitboard(*tried, "--client-version", "4.0.8")
    assert (older.code, "Give the version" in older.err) == (0, False)
    assert "4.0.8 is older than the fix in client release 4.0.12." in older.err
    assert "Give the version" in pitboard(*tried).err
    assert "says nothing" not in pitboard(*tried, "--client-version", "4.0.12").err


def test_reopening_what_is_not_fixed_names_the_way_out_of_the_inbox(
    pitboard: Pitboard, login: str
) -> None:
    refused = pitboard("reopen", login)
    assert (refused.code, "pitboard triage accept ID" in refused.err) == (3, True)


@pytest.mark.parametrize("platform", [(), ("--platform", "ios")])
@pytest.mark.parametrize("status", ["open", "workaround", "fixed upstream"])
def test_every_place_says_the_same_of_what_was_seen_again(
    pitboard: Pitboard, status: str, platform: tuple[str, ...]
) -> None:
    pitfall = pitboard("new", "A white picture", "--workaround", "Ask first").out.strip()
    pitboard("triage", "accept", pitfall)
    recorded = pitboard(
        "fix",
        pitfall,
        "--axis",
        "client",
        "--from",
        "4.1.8",
        *platform,
        "--status",
        status.split()[0],
    )
    assert recorded.code == 0, recorded.err
    pitboard("log", pitfall, "--client-version", "4.1.9", "--platform", "ios")

    is_back = status == "fixed upstream" or (status == "workaround" and bool(platform))
    held = shown(pitboard, pitfall)
    assert (held["status"], held["regressed"]) == (status, is_back)
    assert [fix["state"] for fix in held["fixes"]] == ["disputed"]
    [row] = json.loads(pitboard("list", "--json").out)["pitfalls"]
    assert row["regressed"] is is_back
    assert bool(pitboard("list", "has:regression").out) is is_back
    assert bool(pitboard("triage", "list").out) is is_back
    counts = json.loads(pitboard("retro", "this-week", "--json").out)["counts"]
    assert counts["regressed"]["now"] == is_back
    words = "↻ regression: 4.1.9 is at" if is_back else "✘ disputed: 4.1.9 is at"
    assert words in pitboard("show", pitfall).out


@pytest.mark.parametrize("since", ["4.1.9", "4.1。9", "4,1,9", "4，1，9", "４．１．９"])
@pytest.mark.parametrize("seen", ["4.1.8", "４．１．８", "4。1，8"])
def test_versions_from_a_chinese_keyboard_mean_the_same(
    pitboard: Pitboard, since: str, seen: str
) -> None:
    pitfall = made(pitboard)
    assert pitboard("status", pitfall, "fixed", "--axis", "client", "--from", since).code == 0
    logged = pitboard("log", pitfall, "--client-version", seen)
    assert logged.code == 0
    assert "regression" not in logged.err.casefold()
    held = shown(pitboard, pitfall)
    assert held["fixes"][0]["from_version"] == "4.1.9"
    assert held["occurrences"][0]["client_version"] == "4.1.8"
    for query in ("client:<4.1.9", "client:4.1.8", "client:４．１．８", "client:4。1。8"):
        assert pitboard("list", query).out.startswith(pitfall[:4])
    assert pitboard("list", "has:regression").out == ""
    assert pitboard("verify", pitfall, "--reproduced", "--client-version", "４。２").code == 0
    assert pitboard("list", "has:regression").out.startswith(pitfall[:4])
