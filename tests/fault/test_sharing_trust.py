"""What a colleague who can push can not do, by accident or on purpose; see docs/trust.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import NotFound
from storage.events import event_id
from storage.query import parse
from storage.read import Board
from storage.write.store import Store
from tests.records import dump, lines_of
from tests.teams import Team, chained, push

MALLORY = "e" * 32


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    team = Team(tmp_path)
    yield team
    team.close()


def ids_of(store: Store) -> list[str]:
    """The ids of all events of a board, in order of arrival."""
    return [event_id(line.rstrip(b"\n")) for line in lines_of(store.path)]


def titles(store: Store) -> set[str]:
    """The titles on a board's list."""
    with Board.open(store.path) as board:
        return {row.title.plain for row in board.find(parse("")).page(0, 99)}


# Undo by others


def test_nobody_can_undo_what_others_wrote(team: Team) -> None:
    pitfalls = [team["Ann"].pitfalls.report(f"Pitfall {n}") for n in range(11)]
    team.sync()
    before = dump(team["Ann"].path)
    ids = ids_of(team["Ann"])
    undone = [
        {"kind": "undone", "pitfall": pitfall, "body": {"events": ids}, "who": "Mallory"}
        for pitfall in pitfalls
    ]
    push(team.remote, f"refs/pitboard/{MALLORY}", chained(MALLORY, *undone))
    assert [one.received for one in team.sync("Ann", "Bo")] == [11, 11]
    assert titles(team["Ann"]) == titles(team["Bo"]) == {f"Pitfall {n}" for n in range(11)}
    after = dump(team["Ann"].path)
    assert after["pitfalls"] == before["pitfalls"]
    assert after["voided"] == []
    with Board.open(team["Ann"].path) as board:
        output, _reported = sorted(
            board.history.timeline(pitfalls[0]), key=lambda line: line.what, reverse=True
        )
    assert output.in_vain
    assert not output.void
    # Whoever wrote it can still undo it, and nobody else has anything to undo.
    assert team["Ann"].history.undo().kinds == ("reported",)
    with pytest.raises(NotFound, match="revert takes back one change"):
        team["Bo"].history.undo()


# Ids


@pytest.mark.parametrize("wrong", ["867d", "0" * 16])
def test_ids_that_take_the_place_of_others_are_refused(team: Team, wrong: str) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    reported = {"pitfall": wrong, "body": {"title": "Mine now"}}
    other = {"body": {"title": "Harmless"}}
    push(team.remote, f"refs/pitboard/{MALLORY}", chained(MALLORY, reported, other))
    [synced] = team.sync("Ann")
    assert synced.received == 1
    assert wrong in str(synced.noticed[0])
    assert titles(team["Ann"]) == {"A white picture", "Harmless"}
    with Board.open(team["Ann"].path) as board:
        assert board.resolve(pitfall[:4]) == pitfall
