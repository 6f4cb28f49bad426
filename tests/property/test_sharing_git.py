"""Five stores that share a remote, whatever is done and whenever they sync, agree in the end."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.check import check
from storage.sharing.sync import repository_path, sync
from tests.actions import Action, actions, do, series
from tests.records import board_of, dump, lines_of
from tests.teams import Team, git, refs

_STORES = 5
_NAMES = [f"Person {n}" for n in range(_STORES)]


class Sync(NamedTuple):
    """A store syncs."""

    store: int


class Mishap(NamedTuple):
    """Something happens to the remote, or to a store's private repository."""

    sort: str
    store: int


_ACTS = (
    st.tuples(st.integers(0, _STORES - 1), actions())
    | st.builds(Sync, st.integers(0, _STORES - 1))
    | st.builds(
        Mishap,
        st.sampled_from(["rewound", "emptied", "repository lost"]),
        st.integers(0, _STORES - 1),
    )
)


def _happen(team: Team, mishap: Mishap) -> None:
    name = _NAMES[mishap.store]
    ref = team.journal(name)
    match mishap.sort:
        case "emptied":
            for found in refs(team.remote):
                git(team.remote, "update-ref", "-d", found)
        case "rewound" if ref in refs(team.remote):
            commits = git(team.remote, "rev-list", ref).splitlines()
            git(team.remote, "update-ref", ref, commits[len(commits) // 2])
        case "repository lost":
            shutil.rmtree(repository_path(team[name].path), ignore_errors=True)


@given(series(_ACTS, 25))
@settings(max_examples=6)
def test_five_stores_agree(acts: list[tuple[int, Action] | Sync | Mishap]) -> None:
    _agree(acts)


@pytest.mark.storm
@given(series(_ACTS, 25))
@settings(max_examples=500)
def test_five_stores_agree_after_many_histories(
    acts: list[tuple[int, Action] | Sync | Mishap],
) -> None:
    _agree(acts)


def _agree(acts: list[tuple[int, Action] | Sync | Mishap]) -> None:
    with TemporaryDirectory() as room:
        team = Team(Path(room), _NAMES)
        for act in acts:
            if isinstance(act, Sync):
                sync(team[_NAMES[act.store]].session)
            elif isinstance(act, Mishap):
                _happen(team, act)
            else:
                do(team[_NAMES[act[0]]], act[1])
        written = {line for name in _NAMES for line in lines_of(team[name].path)}
        team.sync()
        team.close()
        paths = [team[name].path for name in _NAMES]
        assert all(set(lines_of(path)) == written for path in paths)
        assert all(len(lines_of(path)) == len(written) for path in paths)
        assert all(board_of(dump(path)) == board_of(dump(paths[0])) for path in paths)
        assert all(check(path).sound for path in paths)
        assert all(team.sharing(name).waiting == 0 for name in _NAMES)
