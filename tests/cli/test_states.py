"""How a pitfall stands is one answer: the same mark and word in every place that shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Input, OptionList

from storage.match.similar import SimilarPitfalls
from storage.model.row import Status
from storage.model.verdicts import evidence, state_of
from storage.model.vocabulary import CellState, Outcome
from storage.query.parser import parse
from storage.read.board import Board
from storage.write.store import Store
from tests.cli.conftest import Pitboard
from tests.cli.test_agents import agent, said
from tests.records import DAY_MS, MONDAY, Wall
from tui.cli.known_errors import known_ones
from tui.dialogs.pitfalls import GoTo
from tui.text.lead import headline, lead_facts, lead_lines
from tui.widgets.match_lists import DuplicateCandidates, MatchList
from tui.widgets.pitfall_list import PitfallList

_ROOT: Final = Path(__file__).parents[2]
_THEN: Final = MONDAY - 30 * DAY_MS

#: What became of a pitfall, step by step, and how a fixed one stands then.
_STORIES: Final = {
    "": Status.FIXED_UPSTREAM,
    "fix": Status.FIXED_UPSTREAM,
    "fix tried": Status.FIXED_UPSTREAM,
    "fix seen": None,
    "fix seen tried": Status.FIXED_UPSTREAM,
    "fix tried seen": None,
    # In one millisecond: the record's order tells which is the newer.
    "fix seen=tried": Status.FIXED_UPSTREAM,
    "fix tried=seen": None,
    # What was seen before a later fix is explained by that.
    "fix seen later": Status.FIXED_UPSTREAM,
    "fix seen later tried": Status.FIXED_UPSTREAM,
}
_MARKS: Final = {"●": "open", "◐": "workaround", "✔": "fixed upstream", "↻": "regressed"}


def stories() -> Iterator[tuple[str, Status, str]]:
    """The name of a pitfall, its status, and what became of it."""
    for status in Status:
        for number, story in enumerate(_STORIES):
            yield f"Zork {status.name.lower().replace('_', ' ')} {number}.", status, story


def code(title: str) -> str:
    """What stands in an error message that the pitfall is known by."""
    return title.lower().replace(" ", "").rstrip(".")


def told(store: Store, wall: Wall, title: str, status: Status, story: str) -> str:
    """Make a pitfall of which a story is true."""
    wall.ms = _THEN
    todo = "Wait." if status is Status.WORKAROUND else ""
    pitfall = store.pitfalls.report(title, workaround=todo, signatures=[f"{code(title)}:fail"])
    store.triage.accept(pitfall)
    fix = {"axis": "client", "from_version": "4.1.8"}
    if status is Status.FIXED_UPSTREAM:
        server = {"axis": "server", "from_date": "2026-11-20"}
        store.status.set(pitfall, status.value, **(fix if story else server))
    elif story:
        store.fixes.record(pitfall, **fix)
    for step in story.split()[1:]:
        wall.ms += DAY_MS
        at = wall.ms
        for each in step.split("="):
            wall.ms += 1
            outcome = {"seen": "reproduced", "tried": "not-reproduced"}.get(each)
            if outcome is None:
                store.fixes.record(pitfall, axis="client", from_version="4.2.0")
            else:
                store.occurrences.log(
                    pitfall, outcome=outcome, seen_at=at, client_version="4.1.9", platform="ios"
                )
    return pitfall


@pytest.fixture
def board(pitboard: Pitboard) -> Iterator[Board]:
    wall = Wall()
    with closing(Store.open(pitboard.path, who="Ada", now=wall)) as store:
        for story in stories():
            told(store, wall, *story)
    with Board.open(pitboard.path) as opened:
        yield opened


def expected() -> dict[str, str]:
    """The mark of each pitfall, by its title."""
    marks = {Status.OPEN: "●", Status.WORKAROUND: "◐", Status.FIXED_UPSTREAM: "✔"}
    return {
        title: "↻" if status is Status.FIXED_UPSTREAM and _STORIES[story] is None else marks[status]
        for title, status, story in stories()
    }


def marks_in(lines: Iterable[str]) -> dict[str, str]:
    """The mark before each title, or behind it, whatever else is in its line."""
    found = {}
    for line in lines:
        for title in re.findall(r"Zork [a-z ]+ \d+\.", line):
            found[title] = "".join(re.findall(f"[{''.join(_MARKS)}]", line))
    return found


def test_lists_and_pages_of_the_command_say_what_the_lead_says(pitboard, board):
    rows = board.find(parse("")).page(0, 99)
    wanted = expected()
    assert {row.title.plain for row in rows} == wanted.keys()
    leads = {}
    for row in rows:
        facts = lead_facts(board, board.pitfall(row.id), MONDAY)
        [state, _rest] = headline(facts)
        mark, _, words = state[0].partition(" ")
        leads[row.title.plain] = mark
        assert words == _MARKS[mark]
        block = "\n".join("".join(part for part, _tone in line) for line in lead_lines(facts, str))
        # No two lines of the block contradict each other.
        assert ("but seen again" in block) == ("doesn't hold" in block)
        if mark == "↻":
            assert "but seen again on 4.1.9" in block
        elif mark == "✔":
            assert "but seen again" not in block
    assert leads == wanted
    listed = pitboard.seen("list", "--limit", "99", columns=160)
    assert marks_in(listed.splitlines()) == wanted
    for mark, words in _MARKS.items():
        assert listed.count(f"{mark} {words}") == [*wanted.values()].count(mark)
    text = "\n".join(f"{code(title)}:fail" for title in wanted)
    (pitboard.home / "log.txt").write_text(text)
    matched = pitboard.seen("match", str(pitboard.home / "log.txt"), columns=160)
    assert marks_in(matched.splitlines()) == wanted
    held = json.loads(pitboard("list", "--json", "--limit", "99").out)["pitfalls"]
    marks = {Status.OPEN: "●", Status.WORKAROUND: "◐", Status.FIXED_UPSTREAM: "✔"}
    assert {
        one["title"]: "↻" if one["regressed"] else marks[Status(one["status"])] for one in held
    } == wanted
    for row in rows:
        head = pitboard("show", row.id).out.splitlines()[1]
        mark = wanted[row.title.plain]
        assert f" · {mark} {_MARKS[mark]} · " in head
    # What is counted, what is found and what has the mark are the same.
    again = {title for title, mark in wanted.items() if mark == "↻"}
    assert board.inbox.regressed_count() == len(again)
    found = board.find(parse("has:regression")).page(0, 99)
    assert {row.title.plain for row in found} == again


def test_what_was_seen_both_ways_at_one_time_is_decided_by_the_record(board):
    for row in board.find(parse("")).page(0, 99):
        story = [*_STORIES][int(row.title.plain.split()[-1].rstrip("."))]
        if "=" not in story:
            continue
        [tally] = board.occurrences.environments(row.id)
        fixes = board.pitfall(row.id).fixes
        [proof] = board.fixes.evidence(row.id).values()
        [newest, _older] = board.occurrences.of(row.id)
        is_seen = story.endswith("=seen")
        assert proof.occurrence == newest.id
        assert newest.outcome is (Outcome.REPRODUCED if is_seen else Outcome.NOT_REPRODUCED)
        state = state_of(tally, (), MONDAY, 999)
        assert state is (CellState.REPRODUCED if is_seen else CellState.NOT_REPRODUCED)
        assert evidence(fixes[0], [newest, _older]) == proof


async def test_an_agent_is_told_the_same(pitboard, board):
    wanted = expected()
    rows = board.find(parse("")).page(0, 99)
    async with agent(pitboard) as client:
        for row in rows:
            mark = wanted[row.title.plain]
            for text in (
                await said(client, "search", query=code(row.title.plain)),
                await said(client, "show", id=row.id),
                await said(client, "match", text=f"{code(row.title.plain)}:fail"),
            ):
                assert f"{mark} {_MARKS[mark]}" in text


class _Bare(App[None]):
    """Lists of pitfalls as the screens have them, and nothing else."""

    def compose(self) -> ComposeResult:
        yield PitfallList(lambda: MONDAY)
        yield MatchList()
        yield DuplicateCandidates()


def prompts(options: OptionList) -> list[str]:
    """The first line of each option."""
    texts = [str(options.get_option_at_index(n).prompt) for n in range(options.option_count)]
    return [text.splitlines()[0] for text in texts]


async def test_lists_on_the_screen_say_the_same(board):
    wanted = expected()
    async with _Bare().run_test(size=(120, 100)) as pilot:
        listed = pilot.app.query_one(PitfallList)
        listed.styles.height = 100
        listed.show(board.find(parse("")))
        await pilot.pause()
        lines = [listed.render_line(y).text for y in range(100)]
        assert marks_in(lines) == wanted
        found = {}
        for title in wanted:
            matched = known_ones(board, f"{code(title)}:fail", title="")
            pilot.app.query_one(MatchList).show(matched, board.short_id)
            [line] = (one for one in prompts(pilot.app.query_one(MatchList)) if title in one)
            mark = wanted[title]
            assert line == f"{mark} {_MARKS[mark]}  {title}"
            with SimilarPitfalls.once(board.path) as alike:
                near = alike.near(title, limit=40)
            pilot.app.query_one(DuplicateCandidates).show(near, board.short_id)
            found |= marks_in(prompts(pilot.app.query_one(DuplicateCandidates)))
        assert found == wanted
        palette = GoTo(board, [])
        pilot.app.push_screen(palette)
        await pilot.pause()
        found = {}
        for row in board.find(parse("")).page(0, 99):
            palette.query_one(Input).value = row.id
            await pilot.pause()
            found |= marks_in(prompts(palette.query_one(OptionList)))
        assert found == wanted


def test_no_place_shows_a_status_as_how_a_pitfall_stands():
    """What shows a pitfall asks for its state: a status alone says nothing of regressions."""
    bare = re.compile(r"(?:MARKS\[|marked\(|\bword\()[\w.]+\.status\b")
    shown = {
        f"{path.relative_to(_ROOT)}: {found.group()}"
        for folder in ("tui", "storage")
        for path in (_ROOT / folder).rglob("*.py")
        for found in bare.finditer(path.read_text("utf-8"))
    }
    assert shown == set()
    assert all(map(bare.search, ("MARKS[row.status]", "marked(part.status)", "{word(a.b.status)}")))
