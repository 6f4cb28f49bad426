"""An answer that can't be written: exit code and message speak of what was done."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from storage.events import parse
from storage.write.session import WriteSession
from tests.cli.conftest import Pitboard
from tests.processes import PATIENCE
from tests.sizes import storms
from tui.cli.group import Verbs
from tui.cli.group import pitboard as group
from tui.cli.open_board import ReadingVerb
from tui.text.verbs import VERBS

#: How each verb that changes something is called on a board with one pitfall; ``{id}`` is its id.
WRITING: dict[str, str] = {
    "new": "new Blank --component map --kind bug --severity S3",
    "log": "log {id} --note again",
    "paste": "paste --to {id}",
    "attach": "attach {id} {home}/shot.txt",
    "match": "match --log",
    "config timezone": "config timezone Europe/Berlin",
    "status": "status {id} workaround --workaround Wait",
    "edit": "edit {id} --tag later",
    "comment": "comment {id} again",
    "link": "link {id} https://a.example/y",
    "vendor-reply": "vendor-reply {id} --kind will-fix --ref https://a.example/x",
    "entry edit": "entry edit {id} {comment} text=again",
    "entry hide": "entry hide {id} {comment}",
    "fix": "fix {id} --axis client --from 4.1.8",
    "verify": "verify {fixed} --reproduced --client-version 4.1.9 --platform ios",
    "reopen": "reopen {fixed}",
    "undo": "undo",
    "redo": "redo",
    "revert": "revert {id} {edited}",
    "retro note": "retro note Earlier",
    "retro done": "retro done {note}",
    "import": "import - --as notes --yes",
    "triage accept": "triage accept {fresh}",
    "triage decline": "triage decline {fresh} --kind not-ours",
    "triage snooze": "triage snooze {fresh} --occurrences 5",
    "triage requeue": "triage requeue {id}",
    "triage duplicate": "triage duplicate {fresh} --of {id}",
    "triage not-duplicate": "triage not-duplicate {fresh} {id}",
}
#: What is not called here: it takes a terminal or a remote, writes no event, or only reads.
OTHERS = {
    *("share", "sync", "resolve", "triage", "view save", "view rename", "view remove"),
    *("init", "backup", "doctor", "recover"),
    # These need another store, see test_sharing.py.
    *("members quarantine", "members accept", "members ignore", "members trust"),
    # One writes no event, the other needs a suggestion; see test_watch.py.
    *("watch", "triage decline-reply"),
    # What these do is outside the board; see test_notify.py and test_agents.py.
    *("notify", "notify list", "notify test", "skill", "mcp"),
    "signature",
    # These write no event; see test_config.py and test_boards.py.
    *("config", "config list", "config get", "config set", "config unset", "config edit"),
    *("config schema", "boards", "boards list", "boards add", "boards remove"),
    *("schema", "man"),
    # What is written there is written by pages; see test_serve.py.
    "serve",
    # These need a repository of somebody else's; see test_catalogues.py.
    *("catalogue list", "catalogue subscribe", "catalogue update", "catalogue remove"),
    *("catalogue", "catalogue check", "catalogue contribute"),
    *("diff", "members", "path", "completion", "view", "view list", "retro", "attachment", "entry"),
}
_STDIN = "# Notes\n\n## Blank map\n\n**map** shows nothing: fail map\n"


def _arguments(pitboard: Pitboard, login: str, verb: str) -> list[str]:
    (pitboard.home / "shot.txt").write_text("a log line\n", "utf-8")
    with pitboard.store() as store:
        store.signatures.add(login, "map shows nothing: fail map")
        store.links.add(login, "https://a.example/x")
        fixed = store.pitfalls.report("Fixed by the vendor")
        store.status.set(fixed, "fixed upstream", axis="client", from_version="4.1.8")
        names = {
            "id": login,
            "home": str(pitboard.home),
            "fixed": fixed,
            "fresh": store.pitfalls.report("Waits in the inbox", inbox="new"),
            "comment": store.comments.add(login, "before it"),
        }
        store.pitfalls.edit(login, {"component": "map"})
        names["edited"] = parse(pitboard.events()[-1].rstrip()).id
        if verb == "retro done":
            names["note"] = pitboard("retro", "note", "Ask", "--kind", "follow-up").out.strip()
        if verb == "redo":
            store.history.undo()
    return WRITING[verb].format(**names).split()


def _run(pitboard: Pitboard, arguments: list[str], **how: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        input=_STDIN,
        stderr=subprocess.PIPE,
        env=pitboard.env,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
        **how,
    )


def _full(pitboard: Pitboard, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    with Path("/dev/full").open("wb") as full:
        return _run(pitboard, arguments, stdout=full)


def _closed(pitboard: Pitboard, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return _run(pitboard, arguments, preexec_fn=lambda: os.close(1))


def _unread(pitboard: Pitboard, arguments: list[str]) -> subprocess.CompletedProcess[str]:
    reads, writes = os.pipe()
    os.close(reads)
    try:
        return _run(pitboard, arguments, stdout=writes)
    finally:
        os.close(writes)


_WAYS: list[Callable[[Pitboard, list[str]], subprocess.CompletedProcess[str]]] = [
    _full,
    _closed,
    _unread,
]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("verb", "way"),
    storms(
        # A usual run tries each verb in one way, and each way with every third verb.
        [(verb, _WAYS[at % len(_WAYS)]) for at, verb in enumerate(WRITING)],
        [
            (verb, way)
            for at, verb in enumerate(WRITING)
            for way in _WAYS
            if way is not _WAYS[at % len(_WAYS)]
        ],
    ),
)
def test_what_was_done_is_not_reported_as_not_done(
    pitboard: Pitboard,
    login: str,
    verb: str,
    way: Callable[[Pitboard, list[str]], subprocess.CompletedProcess[str]],
) -> None:
    arguments = _arguments(pitboard, login, verb)
    before = len(pitboard.events())
    ended = way(pitboard, arguments)
    assert ended.returncode == 0, ended.stderr
    # That one writes nothing to stdout.
    expected = "Done: " if verb == "retro done" else "It is done, but the answer could not be"
    assert expected in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "ignored" not in ended.stderr
    assert len(pitboard.events()) > before


@pytest.mark.parametrize(
    "arguments",
    [["backup", "copy.db"], ["--db", "new.db", "init"], ["attachment", "save", "{id}", "all"]],
    ids=" ".join,
)
def test_a_file_that_was_made_is_made(
    pitboard: Pitboard, login: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pitboard.home)
    pitboard.env["PYTHONPATH"] = str(Path(__file__).parents[2])
    (pitboard.home / "shot.txt").write_text("a log line\n", "utf-8")
    assert pitboard("attach", login, pitboard.home / "shot.txt").code == 0
    (pitboard.home / "shot.txt").unlink()
    ended = _full(pitboard, [one.format(id=login) for one in arguments])
    assert ended.returncode == 0, ended.stderr
    assert "It is done, but the answer could not be written" in ended.stderr


def test_it_is_so_without_a_buffer_too(pitboard: Pitboard, login: str) -> None:
    pitboard.env["PYTHONUNBUFFERED"] = "1"
    ended = _full(pitboard, ["comment", login, "kept"])
    assert ended.returncode == 0, ended.stderr
    assert len(pitboard.events()) == 2


def test_what_was_refused_stays_refused(pitboard: Pitboard, login: str) -> None:
    ended = _full(pitboard, ["comment", "ffff", "to nobody"])
    assert ended.returncode == 1
    assert "It is done" not in ended.stderr


_LOSSES = [(_full, 4), (_closed, 4), (_unread, 141)]
_ANSWERS = [
    ["list"],
    ["show", "{id}"],
    ["show", "{id}", "--json"],
    ["export"],
    ["export", "--format", "csv"],
    ["path"],
    ["--help"],
    ["comment", "{id}", "x", "--dry-run"],
    ["completion", "bash"],
]


@pytest.mark.parametrize(
    ("arguments", "way", "code"),
    storms(
        # A usual run tries each answer in one way, and each way with every third answer.
        [(words, *_LOSSES[at % len(_LOSSES)]) for at, words in enumerate(_ANSWERS)],
        [
            (words, *loss)
            for at, words in enumerate(_ANSWERS)
            for loss in _LOSSES
            if loss is not _LOSSES[at % len(_LOSSES)]
        ],
    ),
)
def test_where_the_answer_is_all_its_loss_is_an_error(
    pitboard: Pitboard,
    login: str,
    arguments: list[str],
    way: Callable[[Pitboard, list[str]], subprocess.CompletedProcess[str]],
    code: int,
) -> None:
    before = pitboard.events()
    ended = way(pitboard, [one.format(id=login) for one in arguments])
    assert ended.returncode == code
    expected = "" if code == 141 else "The answer could not be written"
    assert ended.stderr.startswith(expected) or expected in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "ignored" not in ended.stderr
    assert pitboard.events() == before


@pytest.mark.parametrize("closed", [(0,), (2,), (0, 1, 2), (1, 2)])
def test_closed_streams_touch_no_file(
    pitboard: Pitboard, login: str, closed: tuple[int, ...]
) -> None:
    def close() -> None:
        for number in closed:
            os.close(number)

    before = len(pitboard.events())
    ended = subprocess.run(
        [sys.executable, "-m", "tui", "comment", login, "in the dark"],
        env=pitboard.env,
        preexec_fn=close,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0
    assert len(pitboard.events()) == before + 1
    assert pitboard("doctor").code == 0


def test_every_verb_that_writes_is_tried() -> None:
    context = click.Context(group)
    writing = {
        verb for verb in VERBS if not isinstance(Verbs().get_command(context, verb), ReadingVerb)
    }
    assert writing == WRITING.keys() | OTHERS


# Ctrl-C


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_interrupt_says_whether_anything_was_saved(
    pitboard: Any, login: str, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    commit = WriteSession._commit

    def interrupted(session: WriteSession, *rest: Any) -> None:
        if when == "after":
            commit(session, *rest)
        raise KeyboardInterrupt

    monkeypatch.setattr(WriteSession, "_commit", interrupted)
    ended = pitboard("comment", login, "half a thought")
    monkeypatch.undo()
    assert ended.code == 130
    words = "what was done before is saved" if when == "after" else "nothing was saved"
    assert words in ended.err
    assert ("half a thought" in pitboard("show", login).out) == (when == "after")


def test_an_interrupt_of_which_a_library_made_another_error_is_one(
    pitboard: Any, login: str
) -> None:
    """As what loads a module does; nothing of it is a traceback."""
    script = """
import os, signal, sys
from storage.write.session import WriteSession
from tui.__main__ import run

def broken(*_):
    try:
        os.kill(os.getpid(), signal.SIGINT)
        sum(range(10**6))
    except BaseException:
        pass
    raise RuntimeError("a class could not be made")

WriteSession._commit = broken
sys.exit(run())
"""
    ended = subprocess.run(
        [sys.executable, "-c", script, "comment", login, "half a thought"],
        env=pitboard.env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 130
    assert ended.stderr.strip() == "Stopped; nothing was saved."
