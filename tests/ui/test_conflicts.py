"""Two values on the board, and one key that keeps either."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import seeds
from storage.imports.importer import import_events
from storage.read.board import Board
from storage.write.store import Store
from tests.records import lines_of
from tests.sizes import each_once
from tests.ui.conftest import NOW
from tests.ui.driving import here, messages, running, shown, until
from tui.app import PitboardApp
from tui.dialogs.decisions import ResolveConflict
from tui.screens.board import BoardScreen
from tui.text.cells import width

SIZES = [(80, 24), (120, 40), (200, 50)]
LONG = "Ask for the permission again before saving, and tell the user why it is needed. "


@contextmanager
def _at_once(ann_file: Path, bo_file: Path) -> Iterator[tuple[Store, Store, str]]:
    """Two boards that hold the same pitfall; Ann's takes in afterwards what Bo did on his."""
    ann = Store.open(
        ann_file, who="Ann", catalogue=seeds.lines, edition=seeds.EDITION, now=lambda: NOW - 3_000
    )
    bo = Store.open(bo_file, who="Bo", now=lambda: NOW - 1_000)
    pitfall = ann.pitfalls.report("A white picture", workaround=LONG)
    ann.occurrences.log(pitfall, seen_at=NOW - 5_000)
    ann.comments.add(pitfall, "Here, too")
    import_events(bo.session, lines_of(ann.path))
    yield ann, bo, pitfall
    import_events(ann.session, lines_of(bo.path))
    ann.close()
    bo.close()


@pytest.fixture
def conflicting(board_file: Path, tmp_path: Path) -> str:
    """A pitfall that two people changed at the same time."""
    with _at_once(board_file, tmp_path / "bo.db") as (ann, bo, pitfall):
        ann.pitfalls.edit(pitfall, {"title": "White on Android", "workaround": LONG + "Then wait."})
        bo.pitfalls.edit(
            pitfall, {"title": "White on iOS", "workaround": LONG.replace("again", "twice")}
        )
    return pitfall


@pytest.fixture
def amended(board_file: Path, tmp_path: Path) -> str:
    """A pitfall with a comment that two people amended at the same time."""
    with _at_once(board_file, tmp_path / "bo.db") as (ann, bo, pitfall):
        with Board.open(ann.path) as board:
            [comment] = board.pitfall(pitfall).comments
        ann.entries.edit(pitfall, comment.id, {"text": "Here on Android"})
        bo.entries.edit(pitfall, comment.id, {"text": "Here on iOS"})
    return pitfall


@pytest.mark.parametrize(("size", "language"), each_once(SIZES, ["en", "zh_CN"]))
async def test_both_values_are_shown_with_who_wrote_them(
    start: Callable[..., PitboardApp], conflicting: str, size: tuple[int, int], language: str
) -> None:
    app = start(language)
    async with running(app, size=size) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "White on Android" in shown(pilot))
        text = shown(pilot)
        assert all(width(line) <= size[0] for line in text.splitlines())
        for part in ("White on iOS", "Ann · 2026-11-23", "Bo · 2026-11-23"):
            assert part in text


async def test_a_key_and_a_number_keep_either_and_undo_takes_it_back(
    start: Callable[..., PitboardApp], conflicting: str
) -> None:
    app = start()
    async with running(app) as pilot:
        assert here(app).title.plain == "White on iOS"
        await pilot.press("=")
        await until(pilot, lambda: isinstance(app.screen, ResolveConflict))
        assert "White on Android" in shown(pilot)
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        await until(pilot, lambda: "Kept the title: White on Android" in messages(pilot))
        assert here(app).title.plain == "White on Android"
        assert [one.field for one in here(app).conflicts] == ["workaround"]
        await pilot.press("=")
        await until(pilot, lambda: isinstance(app.screen, ResolveConflict))
        await pilot.press("j", "k", "enter")
        await until(pilot, lambda: not here(app).conflicts)
        await pilot.press("u")
        await until(pilot, lambda: len(here(app).conflicts) == 1)


async def test_escape_leaves_both_and_without_a_conflict_it_says_so(
    start: Callable[..., PitboardApp], conflicting: str
) -> None:
    app = start()
    async with running(app) as pilot:
        await pilot.press("=")
        await until(pilot, lambda: isinstance(app.screen, ResolveConflict))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        assert len(here(app).conflicts) == 2
        await pilot.press("j", "=")
        await until(pilot, lambda: "No conflicts on this pitfall" in messages(pilot))


@pytest.mark.parametrize(
    ("language", "heading", "kept"),
    [
        ("en", "comment “Here on iOS”: text", "Kept the comment “Here on iOS”: text"),
        ("zh_CN", "评论“Here on iOS”的内容", "已保留评论“Here on iOS”的内容"),
    ],
)
@pytest.mark.parametrize("size", SIZES)
async def test_of_an_entry_it_says_which_one_and_which_of_its_fields(
    start: Callable[..., PitboardApp],
    amended: str,
    size: tuple[int, int],
    language: str,
    heading: str,
    kept: str,
) -> None:
    app = start(language)
    async with running(app, size=size) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: heading in shown(pilot))
        await pilot.press("=")
        await until(pilot, lambda: isinstance(app.screen, ResolveConflict))
        assert heading in shown(pilot)
        await pilot.press("2")
        await until(pilot, lambda: kept in " ".join(messages(pilot).split()))
        assert here(app).id == amended
        assert [one.text.plain for one in here(app).comments] == ["Here on Android"]
