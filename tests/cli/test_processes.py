"""Each verb does the same in a process of its own as in this one, where most tests run it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cli.conftest import Ended
from tui.cli.group import VERBS

#: For each verb a call, and what it reads; ``ID`` is a pitfall, ``X`` the name of nothing.
CALLS: dict[str, tuple[list[str], str]] = {
    "list": (["--json"], ""),
    "show": (["ID"], ""),
    "history": (["ID"], ""),
    "diff": (["2020-01-01"], ""),
    "view": (["list"], ""),
    "inbox": ([], ""),
    "triage": ([], ""),
    "accept": (["ID", "--severity", "S1"], ""),
    "duplicate": (["ID", "--of", "X"], ""),
    "decline": (["ID", "--because", "by-design"], ""),
    "snooze": (["ID", "--sightings", "3"], ""),
    "return": (["ID"], ""),
    "apart": (["ID", "X"], ""),
    "new": (["白屏", "--severity", "S1", "--kind", "bug", "--component", "wx.login"], ""),
    "log": (["ID", "--platform", "android"], ""),
    "paste": ([], "wx.qy.login:fail timeout\n"),
    "match": ([], "wx.qy.login fails: again\n"),
    "status": (["ID", "workaround", "--workaround", "wait"], ""),
    "fix": (["ID", "--axis", "client", "--from", "4.1.8"], ""),
    "verify": (["ID", "--reproduced"], ""),
    "reopen": (["ID"], ""),
    "edit": (["ID", "--component", "-"], "wx.login"),
    "comment": (["ID", "-"], "说明\n"),
    "ref": (["ID", "https://a.example/b"], ""),
    "statement": (["ID", "--ref", "https://a.example/b", "--sort", "by-design"], ""),
    "amend": (["ID", "X", "text=other"], ""),
    "hide": (["ID", "X"], ""),
    "attach": (["ID", "-"], "a log\n"),
    "attachments": (["ID"], ""),
    "report": (["ID"], ""),
    "confirm": (["ID"], ""),
    "note": (["we meet on Monday"], ""),
    "follow-ups": ([], ""),
    "done": (["X"], ""),
    "versions": ([], ""),
    "retro": (["--since", "2020-01-01", "--format", "json"], ""),
    "restore": (["ID", "X"], ""),
    "keep": (["ID"], ""),
    "share": (["/nowhere/remote.git"], ""),
    "sync": ([], ""),
    "who": ([], ""),
    "undo": ([], ""),
    "redo": ([], ""),
    "export": ([], ""),
    "import": (["-", "--as", "json"], '[{"title": "又白屏"}]'),
    "doctor": ([], ""),
    "recover": (["."], ""),
    "backup": (["."], ""),
    "init": ([], ""),
    "path": ([], ""),
    "completion": (["fish"], ""),
}


def unnamed(ended: Ended) -> Ended:
    """What a command came to, without the names of events and the times that are new each time."""
    new = re.compile(r"\b[0-9a-f]{4,}\b|\d{4}-\d\d-\d\dT[\d:.+Z-]+|\d\d:\d\d(:\d\d)?")
    return Ended(ended.code, new.sub("…", ended.out), new.sub("…", ended.err))


def test_every_verb_is_compared() -> None:
    assert list(CALLS) == list(VERBS)


@pytest.mark.parametrize("verb", CALLS)
def test_it_is_the_same_in_a_process_of_its_own(pitboard: Any, login: str, verb: str) -> None:
    arguments, stdin = CALLS[verb]
    words = [verb, *(login if word == "ID" else word for word in arguments)]
    with pitboard.store() as store:
        store.signatures.add(login, "wx.qy.login fails")
    board = pitboard.path.read_bytes()
    here = pitboard(*words, stdin=stdin)
    pitboard.path.write_bytes(board)
    assert unnamed(pitboard.alone(*words, stdin=stdin)) == unnamed(here)
