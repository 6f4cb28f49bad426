"""Each verb does the same in a process of its own as in this one, where most tests run it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.cli.conftest import Ended
from tui.text.verbs import VERBS

#: For each verb a call, and what it reads; ``ID`` is a pitfall, ``X`` the name of nothing.
CALLS: dict[str, tuple[list[str], str]] = {
    "list": (["--json"], ""),
    "show": (["ID"], ""),
    "history": (["ID"], ""),
    "diff": (["2020-01-01"], ""),
    "view": ([], ""),
    "view list": (["--json"], ""),
    "view save": (["ours", "status:open"], ""),
    "view rename": (["X", "Y"], ""),
    "view remove": (["X"], ""),
    "versions": ([], ""),
    "log": (["ID", "--platform", "android"], ""),
    "new": (["白屏", "--severity", "S1", "--kind", "bug", "--component", "wx.login"], ""),
    "paste": ([], "wx.qy.login:fail timeout\n"),
    "match": ([], "wx.qy.login fails: again\n"),
    "attach": (["ID", "-"], "a log\n"),
    "triage": ([], ""),
    "triage list": ([], ""),
    "triage accept": (["ID", "--severity", "S1"], ""),
    "triage duplicate": (["ID", "--of", "X"], ""),
    "triage not-duplicate": (["ID", "X"], ""),
    "triage decline": (["ID", "--kind", "by-design"], ""),
    "triage decline-reply": (["ID"], ""),
    "triage snooze": (["ID", "--occurrences", "3"], ""),
    "triage requeue": (["ID"], ""),
    "status": (["ID", "workaround", "--workaround", "wait"], ""),
    "edit": (["ID", "--component", "-"], "wx.login"),
    "comment": (["ID", "-"], "说明\n"),
    "link": (["ID", "https://a.example/b"], ""),
    "vendor-reply": (["ID", "--ref", "https://a.example/b", "--kind", "by-design"], ""),
    "entry": ([], ""),
    "entry edit": (["ID", "X", "text=other"], ""),
    "entry hide": (["ID", "X"], ""),
    "signature": ([], ""),
    "signature test": (["wx.qy.login:fail timeout"], ""),
    "attachment": ([], ""),
    "attachment list": (["ID"], ""),
    "attachment save": (["ID", "ALL"], ""),
    "attachment open": (["ID", "1"], ""),
    "undo": ([], ""),
    "redo": ([], ""),
    "revert": (["ID", "X"], ""),
    "fix": (["ID", "--axis", "client", "--from", "4.1.8"], ""),
    "verify": (["ID", "--reproduced"], ""),
    "reopen": (["ID"], ""),
    "watch": (["--dry-run"], ""),
    "bug-report": (["ID"], ""),
    "retro": (["--since", "2020-01-01", "--format", "json"], ""),
    "retro note": (["we meet on Monday"], ""),
    "retro follow-ups": ([], ""),
    "retro done": (["X"], ""),
    "share": (["/nowhere/remote.git"], ""),
    "sync": ([], ""),
    "notify": ([], ""),
    "notify test": (["team"], ""),
    "notify list": ([], ""),
    "members": ([], ""),
    "members quarantine": ([], ""),
    "members accept": (["X"], ""),
    "members ignore": (["X"], ""),
    "members trust": (["X"], ""),
    "catalogue": ([], ""),
    "catalogue list": ([], ""),
    "catalogue subscribe": (["nowhere"], ""),
    "catalogue update": ([], ""),
    "catalogue remove": (["nothing"], ""),
    "catalogue check": (["."], ""),
    "catalogue contribute": (["ID"], ""),
    "resolve": (["ID"], ""),
    "init": ([], ""),
    "import": (["-", "--as", "json"], '[{"title": "又白屏"}]'),
    "export": ([], ""),
    "backup": (["."], ""),
    "doctor": ([], ""),
    "recover": (["."], ""),
    "path": ([], ""),
    "serve": (["--read-only", "--as", "Lin"], ""),
    "boards": ([], ""),
    "boards list": ([], ""),
    "boards add": (["work", "work.db"], ""),
    "boards remove": (["work"], ""),
    "config": ([], ""),
    "config list": ([], ""),
    "config get": (["theme"], ""),
    "config set": (["theme", "nord"], ""),
    "config unset": (["theme"], ""),
    "config edit": ([], ""),
    "config schema": ([], ""),
    "config timezone": (["Europe/Berlin"], ""),
    "skill": ([], ""),
    "mcp": (["--json"], ""),
    "schema": (["list"], ""),
    "man": ([], ""),
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
    words = [*verb.split(), *(login if word == "ID" else word for word in arguments)]
    with pitboard.store() as store:
        store.signatures.add(login, "wx.qy.login fails")
    board = pitboard.path.read_bytes()
    here = pitboard(*words, stdin=stdin)
    pitboard.path.write_bytes(board)
    assert unnamed(pitboard.alone(*words, stdin=stdin)) == unnamed(here)
