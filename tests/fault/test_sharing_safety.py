"""What lies on a remote, or beside a board, can't make anything run, and the user's own
repository is never touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from storage.sharing.git_errors import SharingFailed
from storage.sharing.sync import repository_path, share, sync
from storage.write.store import Store
from tests.teams import Team, git, refs

_HOOKS = (
    "pre-receive",
    "update",
    "post-receive",
    "post-update",
    "reference-transaction",
    "push-to-checkout",
    "pre-push",
    "pre-auto-gc",
    "post-checkout",
    "post-merge",
)


def _trap(repository: Path, proof: Path) -> None:
    """Hooks and settings in a repository that would run something, if anything ever did."""
    command = f"touch {proof}"
    hooks = repository / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in _HOOKS:
        hook = hooks / name
        hook.write_text(f"#!/bin/sh\n{command}-{name}\nexit 0\n")
        hook.chmod(0o755)
    for key, value in {
        "core.hooksPath": str(hooks),
        "core.fsmonitor": command,
        "core.sshCommand": command,
        "core.gitProxy": command,
        "core.askPass": command,
        "core.alternateRefsCommand": command,
        "core.pager": command,
        "core.editor": command,
        "credential.helper": f"!{command}",
        "uploadpack.packObjectsHook": command,
        "remote.origin.url": f"ext::{command}",
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": command,
        "extensions.partialClone": "origin",
        "gc.auto": "1",
        "gpg.program": command,
        "url.ext::sh.insteadOf": "/",
        "alias.upload-pack": f"!{command}",
        "filter.x.clean": command,
    }.items():
        git(repository, "config", key, value)


def test_a_folder_with_traps_is_only_a_folder(team: Team, tmp_path: Path) -> None:
    proof = tmp_path / "ran"
    _trap(team.remote, proof)
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    team["Bo"].comments.add(pitfall, "Here, too")
    team.sync()
    assert len(refs(team.remote)) == 2
    assert list(tmp_path.glob("ran*")) == []


def test_a_private_repository_that_came_with_the_board_runs_nothing(
    team: Team, tmp_path: Path
) -> None:
    proof = tmp_path / "ran"
    team["Ann"].pitfalls.report("A white picture")
    team.sync()
    _trap(repository_path(team["Ann"].path), proof)
    team["Ann"].pitfalls.report("Another one")
    team.sync()
    assert list(tmp_path.glob("ran*")) == []


def test_the_repository_that_one_stands_in_is_never_touched(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    git(tmp_path, "init", "-q", "-b", "main", str(project))
    (project / "app.js").write_text("wx.login()\n")
    git(project, "add", "app.js")
    _trap(project / ".git", tmp_path / "ran")
    index = (project / ".git" / "index").read_bytes()
    before = sorted(path.name for path in (project / ".git").iterdir())
    monkeypatch.chdir(project)
    # As in a hook of git's, which hands on where it is.
    for name, value in {
        "GIT_DIR": str(project / ".git"),
        "GIT_WORK_TREE": str(project),
        "GIT_INDEX_FILE": str(project / ".git" / "index"),
        "GIT_OBJECT_DIRECTORY": str(project / ".git" / "objects"),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.sshCommand",
        "GIT_CONFIG_VALUE_0": "false",
    }.items():
        monkeypatch.setenv(name, value)
    team["Ann"].pitfalls.report("A white picture")
    team.sync()
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    assert (project / ".git" / "index").read_bytes() == index
    assert sorted(path.name for path in (project / ".git").iterdir()) == before
    assert refs(project) == {}
    assert len(refs(team.remote)) == 1
    assert list(tmp_path.glob("ran*")) == []


def test_an_address_that_is_rewritten_to_another_transport_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text(f'[url "ext::touch {tmp_path}/ran ;"]\n\tinsteadOf = https://\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    store = Store.open(tmp_path / "board.db")
    with pytest.raises(SharingFailed):
        share(store.session, "https://git.example.com/board.git")
    store.close()
    assert list(tmp_path.glob("ran*")) == []


def test_the_users_own_settings_hold(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text(f'[url "{team.remote}"]\n\tinsteadOf = https://git.example.com/board.git\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    team["Ann"].pitfalls.report("A white picture")
    team.sync()
    store = Store.open(tmp_path / "board.db")
    assert share(store.session, "https://git.example.com/board.git").received == 1
    sync(store.session)
    store.close()
