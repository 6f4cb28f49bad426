"""``signature test``, and how often signatures matched of late."""

from __future__ import annotations

import json

from tests.processes import ROOT

UNRELATED = ROOT / "tests" / "cases" / "unrelated.log"


def test_a_signature_of_stock_words_is_refused_with_what_it_would_match(pitboard, login):
    tried = pitboard("signature", "test", "Permission denied", "--against", UNRELATED)
    assert tried.code == 3
    verdict, *lines = [line.split("\t") for line in tried.out.splitlines()]
    assert verdict[:2] == ["verdict", "refused"]
    assert "any error may say that" in verdict[2]
    assert ["file", "git@example.com: Permission denied (publickey)."] in lines
    assert {kind for kind, *_ in lines} == {"everyday", "file"}


def test_a_telling_one_is_tried_on_the_board(pitboard, login):
    pitboard("log", login, "--message", "wx.qy.login:fail denied")
    tried = json.loads(pitboard("signature", "test", "qy.login:fail", "--json").out)
    assert (tried["verdict"], tried["why"], tried["everyday"]) == ("fine", None, [])
    assert {"id": login, "line": "wx.qy.login:fail denied"} in tried["board"]


def test_what_everyday_logs_hold_is_flagged(pitboard, login):
    text = "Cannot connect to the Docker daemon at"
    tried = pitboard("signature", "test", text)
    assert tried.code == 0
    assert tried.out.startswith("verdict\ttoo general\t")
    screen = pitboard.terminal("signature", "test", text)
    screen.expect_exact("is too general")
    screen.wait()


def test_hits_of_the_last_days_are_shown_on_the_pitfall(pitboard, login):
    pitboard("edit", login, "--signature", "qy.login:fail")
    log = pitboard.home / "build.log"
    log.write_text("qy.login:fail\nqy.login:fail\n")
    pitboard("match", "--log", log)
    shown = json.loads(pitboard("show", login, "--json").out)["pitfalls"][0]
    assert shown["hits"] == {"day": 1, "week": 1, "month": 1}
    assert {"day": 1, "week": 1, "month": 1} in shown["signature_hits"].values()
    assert "hits in 1/7/30 days: 1/1/1" in pitboard("show", login).out


def test_after_imports_unrelated_logs_match_nothing(pitboard, login):
    for name in ("zentao.csv", "gh-issues.json"):
        pitboard("import", ROOT / "tests" / "cases" / name, "--yes")
    stock = pitboard.home / "list.csv"
    stock.write_text(
        "Key,Title,Error\nA-1,Upload stops,Permission denied\nA-2,Login stops,Access denied\n"
        "A-3,Page stops,jwt: Invalid signature\nA-4,Data stops,axios: Error: Network Error\n"
    )
    pitboard("import", stock, "--yes")
    assert pitboard("match", UNRELATED).code == 1


def test_a_signature_that_everyday_logs_hold_is_flagged_where_it_is_added(pitboard, login):
    text = "Cannot connect to the Docker daemon at"
    edited = pitboard("edit", login, "--signature", text)
    assert edited.code == 0
    assert "matches everyday logs" in edited.err
    assert "matches" not in pitboard("edit", login, "--signature", "qy.login:fail").err
