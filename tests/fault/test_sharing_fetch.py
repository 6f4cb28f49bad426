"""A fetch is bounded: what is too large on a remote is left out, named, and not tried again."""

from __future__ import annotations

import hashlib
import random
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest

from storage.read.board import Board
from storage.sharing import transfer
from storage.sharing.git import Address, Git
from storage.sharing.sync import repository_path
from storage.write.store import Store
from tests.processes import PATIENCE
from tests.records import dump
from tests.teams import Team, chained, git, push

MALLORY = "e" * 32


def comments(store: Store, pitfall: str) -> list[str]:
    """The comments on a pitfall."""
    with Board.open(store.path) as board:
        return [one.text.plain for one in board.pitfall(pitfall).comments]


def incompressible(megabytes: int, seed: int = 7) -> bytes:
    """Bytes that no packing makes smaller, the same for each seed."""
    return random.Random(seed).randbytes(megabytes * 1024 * 1024)


@pytest.fixture
def little_is_fetched(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A fetch may bring a megabyte, and is looked at all the time, or so rarely, in seconds."""
    monkeypatch.setattr(transfer, "LARGEST_FETCH", 1024**2)
    monkeypatch.setattr("storage.sharing.git._LOOK_EVERY", getattr(request, "param", 0))


#: Whether the limit is met while the fetch goes on or when it was faster than any look at it.
WHENEVER_IT_IS_LOOKED_AT = pytest.mark.parametrize("little_is_fetched", [0, 600], indirect=True)


def cached(store: Store) -> int:
    """The bytes of the private repository beside a board."""
    folder = repository_path(store.path) / "objects"
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())


@WHENEVER_IT_IS_LOOKED_AT
@pytest.mark.usefixtures("little_is_fetched")
def test_a_journal_that_is_too_large_to_fetch_keeps_no_other_back(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    reach = Git.reach

    def counted(git: Git, remote: Address, command: str, *more: str, **how: Any) -> Any:
        asked.append(command.split()[0])
        return reach(git, remote, command, *more, **how)

    monkeypatch.setattr(Git, "reach", counted)
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync("Ann")
    huge = f"refs/pitboard/{MALLORY}"
    push(team.remote, huge, chained(MALLORY, {}), {"files/ab/cd": incompressible(6)})
    [synced] = team.sync("Bo")
    assert synced.received == 1
    [said] = synced.noticed
    assert str(said).startswith(f"The ref {huge} was left out: it brings more than 1 MB.")
    assert f"git push {team.remote} --delete {huge}" in str(said)
    assert cached(team["Bo"]) < 512 * 1024
    # Sharing goes on in both directions, and tries none of it again.
    team["Bo"].comments.add(pitfall, "Still here")
    asked.clear()
    assert team.sync("Bo")[0].noticed == ()
    assert asked == ["ls-remote", "fetch", "push"]
    team.sync("Ann")
    assert comments(team["Ann"], pitfall) == ["Still here"]
    # Once it names something else, it comes in.
    push(team.remote, huge, chained(MALLORY, {"pitfall": "ab12cd34ab12cd34"}))
    assert team.sync("Bo")[0].received == 1
    assert cached(team["Bo"]) < 512 * 1024


@pytest.mark.usefixtures("little_is_fetched")
@pytest.mark.parametrize("ref", ["refs/pitboard/more", "refs/pitboard-old/x"])
def test_what_is_no_journal_and_too_large_is_not_fetched_twice(team: Team, ref: str) -> None:
    team["Ann"].pitfalls.report("A white picture")
    team.sync("Ann")
    push(team.remote, ref, files={"x": incompressible(6)})
    assert [one.received for one in team.sync("Bo", "Bo")] == [1, 0]
    assert cached(team["Bo"]) < 512 * 1024
    assert list(transfer.left_out(repository_path(team["Bo"].path))) == [ref]
    team["Ann"].pitfalls.report("Another")
    team.sync("Ann")
    assert team.sync("Bo")[0].received == 1


@WHENEVER_IT_IS_LOOKED_AT
@pytest.mark.usefixtures("little_is_fetched")
def test_a_journal_of_ones_own_that_was_made_too_large_keeps_nobody_from_sending(
    team: Team,
) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    push(team.remote, team.journal("Ann"), files={"files/ab/cd": incompressible(6)})
    team["Ann"].comments.add(pitfall, "Sent all the same")
    [synced] = team.sync("Ann")
    assert synced.sent == 1
    assert sum(team.journal("Ann") in str(one) for one in synced.noticed) == 2
    team.sync("Bo")
    assert comments(team["Bo"], pitfall) == ["Sent all the same"]
    assert dump(team["Ann"].path) == dump(team["Bo"].path)
    assert team.sharing("Ann").waiting == 0


@pytest.mark.usefixtures("little_is_fetched")
def test_many_journals_that_are_too_large_are_not_all_tried(team: Team) -> None:
    team["Ann"].pitfalls.report("A white picture")
    team.sync()
    team["Ann"].pitfalls.report("Another")
    team.sync("Ann")
    for n in range(4):
        push(team.remote, f"refs/pitboard/{n:032}", files={"x": incompressible(6, n)})
    [first, second, third] = team.sync("Bo", "Bo", "Bo")
    assert [one.received for one in (first, second, third)] == [1, 0, 0]
    assert sum("brings more than" in str(one) for one in first.noticed) == 2
    assert sum("was not fetched" in str(one) for one in first.noticed) == 2
    assert sum("brings more than" in str(one) for one in second.noticed) == 2
    assert third.noticed == ()


@pytest.mark.parametrize("is_done_by_then", [False, True])
def test_a_fetch_that_takes_too_long_is_stopped(
    team: Team, monkeypatch: pytest.MonkeyPatch, is_done_by_then: bool
) -> None:
    team["Ann"].pitfalls.report("A white picture")
    team.sync("Ann")
    monkeypatch.setattr("storage.sharing.git._LOOK_EVERY", 0)
    monkeypatch.setattr(transfer, "LONGEST_FETCH", 0)
    if is_done_by_then:
        stop = Git._stop

        def too_late(git: Git, process: subprocess.Popen[bytes]) -> None:
            process.wait(PATIENCE)
            stop(git, process)

        monkeypatch.setattr(Git, "_stop", too_late)
    [synced] = team.sync("Bo")
    assert synced.received == 0
    assert "takes longer than 0 minutes" in str(synced.noticed[0])


def test_a_pack_that_asks_for_much_memory_is_left_out(team: Team) -> None:
    """A file that git keeps as little more than a difference, and is 640 MB unpacked."""
    team["Ann"].pitfalls.report("A white picture")
    team.sync("Ann")
    push(team.remote, f"refs/pitboard/{MALLORY}", chained(MALLORY, {}))
    _push_a_difference(team.remote, f"refs/pitboard/{MALLORY}")
    [synced] = team.sync("Bo")
    assert synced.received == 1
    [said] = [str(one) for one in synced.noticed]
    assert "takes more memory than any journal" in said


def _push_a_difference(remote: Path, ref: str) -> None:
    """Put a file at a ref that git keeps as a small difference and that is 640 MB."""
    base, copies, unit = b"\0" * 0xFFFFFF, 40, 0xFFFFFF
    copied = b"\xf0" + unit.to_bytes(3, "little")
    difference = _length(len(base)) + _length(copies * unit) + copied * copies
    blob = hashlib.sha1(b"blob %d\0" % len(base) + base).digest()
    whole = hashlib.sha1(b"blob %d\0" % (copies * unit))
    for _ in range(copies):
        whole.update(base)
    objects = [
        _packed(3, len(base)) + zlib.compress(base),
        _packed(7, len(difference)) + blob + zlib.compress(difference),
    ]
    pack = b"PACK" + struct.pack(">II", 2, len(objects)) + b"".join(objects)
    pack += hashlib.sha1(pack).digest()
    git(remote, "index-pack", "--stdin", data=pack)
    form = git(remote, "hash-object", "-w", "--stdin", data=b"pitboard-journal 1\n")
    entries = f"100644 blob {form}\tformat\n100644 blob {whole.hexdigest()}\tx\n"
    root = git(remote, "mktree", data=entries.encode())
    commit = git(remote, "-c", "user.name=x", "-c", "user.email=x", "commit-tree", root, "-m", "x")
    git(remote, "update-ref", ref, commit)


def _length(size: int) -> bytes:
    """A length as a difference of git's holds it."""
    out = bytearray()
    while size >= 0x80:
        out.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([*out, size])


def _packed(kind: int, size: int) -> bytes:
    """The head of an object in a pack."""
    first = kind << 4 | size & 0xF
    return bytes([first | 0x80]) + _length(size >> 4) if size > 0xF else bytes([first])
