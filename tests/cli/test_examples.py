"""Every example in the help of a verb runs, on a board with the catalogue."""

from __future__ import annotations

import json
import shlex
from itertools import takewhile
from pathlib import Path

import click
import pytest

from storage.events.catalogue import MANIFEST
from tests.boards import catalogued
from tests.catalogues import ABOUT
from tests.cli.conftest import Pitboard
from tui.cli.group import Verb, Verbs, pitboard
from tui.text.verbs import GROUPS, VERBS

#: What needs a remote, another program or a person; none of it is a wrong use.
ELSEWHERE = (
    *(
        "pitboard share git@",
        "npm run",
        "pitboard attachment open",
        "pitboard sync",
        "pitboard config edit",
        # It goes on until somebody ends it.
        "pitboard serve",
        # A watched page is somebody else's; what it comes to is tested in test_watch.py.
        "pitboard watch",
        "pitboard triage decline-reply",
    ),
    *("pitboard catalogue subscribe", "pitboard catalogue update w", "pitboard catalogue remove"),
    *("pitboard members accept", "pitboard members ignore", "pitboard members trust"),
)
#: What comes before an example.
BEFORE = {
    "pitboard view rename ios": ["pitboard view save ios status:open"],
    "pitboard view remove ios": ["pitboard view save ios status:open"],
    "pitboard triage list": ["pitboard triage requeue 867d"],
    "pitboard triage": ["pitboard triage requeue 867d"],
    "pitboard undo": ["pitboard comment 867d Hello"],
    "pitboard redo": ["pitboard comment 867d Hello", "pitboard undo"],
    "pitboard verify 867d --not-reproduced": ["pitboard fix 867d --axis client --from 4.1.8"],
    "pitboard reopen": ["pitboard status 867d fixed --axis client --from 4.1.8"],
    "pitboard versions": ["pitboard log 867d --platform ios --client-version 4.1.8 --lib 3.7.0"],
    "pitboard attachment": ["pitboard attach 867d error.txt"],
    "pitboard recover": ["pitboard backup copy.db"],
    "pitboard backup --restore": ["pitboard backup copy.db"],
    "pitboard boards remove": ["pitboard boards add wecom wecom.db"],
    "pitboard config get": ["pitboard config set who Lin"],
    "pitboard config unset": ["pitboard config set theme nord"],
    "pitboard retro follow-ups": ["pitboard retro note Ask --kind follow-up"],
}
#: Where an id is only an example.
ID = "3f1c"
#: What finds nothing on a board where nothing happened yet.
MAY_FIND_NOTHING = (
    *("pitboard resolve", "pitboard share", "pitboard diff", "pitboard list"),
    *("pitboard members q", "pitboard catalogue update", "pitboard notify"),
)


def _examples() -> list[str]:
    context = click.Context(pitboard)
    lines = [group.example for group in GROUPS]
    for verb in VERBS:
        command = Verbs().get_command(context, verb)
        assert isinstance(command, Verb)
        lines += command.examples
    return [*dict.fromkeys(lines)]


@pytest.mark.parametrize("line", [one for one in _examples() if not one.startswith(ELSEWHERE)])
def test_an_example_runs(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Pitboard(tmp_path)
    catalogued(run.path)
    monkeypatch.chdir(tmp_path)
    Path("error.txt").write_text("打开失败 内部错误\n", "utf-8")
    Path("build.log").write_text("打开失败 内部错误\n", "utf-8")
    Path("note.md").write_text("# Map\n\n## Map stays blank\n\nOn iPad it is blank.\n", "utf-8")
    Path("issues.csv").write_text("title,body\nMap stays blank,On iPad\n", "utf-8")
    Path("screenshots").mkdir()
    for folder in (Path(), Path("pitfalls")):
        (folder / "entries").mkdir(parents=True)
        (folder / MANIFEST).write_text(ABOUT)
    for start, earlier in BEFORE.items():
        if line.startswith(start):
            for one in earlier:
                assert run(*shlex.split(one)[1:]).code == 0, one
    # A folder of the whole machine is one of the test's own.
    Path("team").mkdir(mode=0o770)
    Path("team").chmod(0o2770)
    line = line.replace("/srv/team", str(tmp_path / "team"))
    line = line.replace(f" {ID}", f" {_named(run, line)}") if f" {ID}" in line else line
    # Where a shell sends what it writes is not for the command to see.
    words = takewhile(lambda word: word not in {"|", ">"}, shlex.split(line))
    ended = run(*[*words][1:])
    if line.startswith("pitboard resolve 867d --value"):
        assert "There is no value 2" in ended.err
        return
    allowed = {0, 1} if line.startswith(MAY_FIND_NOTHING) else {0}
    assert ended.code in allowed, ended.err


def _named(run: Pitboard, line: str) -> str:
    """The id of what an example changes: a new follow-up, comment or change."""
    if line.startswith("pitboard retro"):
        return run("retro", "note", "Ask", "--kind", "follow-up").out.strip()
    if line.startswith("pitboard revert"):
        run("edit", "867d", "--severity", "S4")
    else:
        run("comment", "867d", "Hello")
    newest: str = json.loads(run("history", "867d", "--limit", "1", "--json").out)["changes"][0][
        "event"
    ]
    return newest
