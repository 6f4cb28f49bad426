"""Sharing under bad conditions: nothing is lost, nothing comes twice, and it is said what was."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from storage.check import check
from storage.db.backup import back_up
from storage.errors import ReadOnly
from storage.imports.importer import import_events
from storage.sharing.git_errors import GitErrorKind, SharingFailed
from storage.sharing.repository import Repository
from storage.sharing.sync import repository_path, share, sync
from storage.text.dates import now_ms
from storage.write.store import Store
from tests.processes import start
from tests.records import dump, lines_of
from tests.sizes import storms
from tests.teams import Team, chained, git, refs


def _agree(team: Team) -> None:
    """All boards hold the same, are sound, and have nothing left to send."""
    paths = [store.path for store in team.stores.values()]
    held = {frozenset(lines_of(path)) for path in paths}
    assert len(held) == 1
    assert all(dump(path) == dump(paths[0]) for path in paths)
    assert all(check(path).sound for path in paths)
    assert all(team.sharing(name).waiting == 0 for name in team.stores)


def _on_remote(remote: Path) -> list[bytes]:
    """Every line of every journal there."""
    found = []
    for ref in refs(remote):
        for path in git(remote, "ls-tree", "-r", "--name-only", ref, "events/").splitlines():
            data = subprocess.run(
                ["git", "-C", str(remote), "show", f"{ref}:{path}"], capture_output=True, check=True
            ).stdout
            found += data.splitlines()
    return found


_SYNC = """
import sys
from pathlib import Path
from storage.write.store import Store
from storage.sharing.sync import sync
from storage.sharing.git_errors import SharingFailed

store = Store.open(Path(sys.argv[1]), who="Doomed")
print("ready", flush=True)
for n in range(1000):
    store.pitfalls.report(f"Pitfall {n} of {sys.argv[1]}")
    try:
        sync(store.session)
    except SharingFailed:
        pass
"""


@pytest.mark.parametrize("seed", storms(range(2), range(2, 200)))
def test_syncs_that_are_killed_are_continued(team: Team, seed: int) -> None:
    chance = random.Random(seed)
    # The processes go by the machine's clock.
    team.wall.ms = now_ms()
    team["Ann"].pitfalls.report("A white picture")
    team.sync()
    for _ in range(3):
        processes = [start(_SYNC, store.path) for store in team.stores.values()]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.05, 0.5))
        for process in processes:
            process.send_signal(signal.SIGKILL)
            process.communicate()
    team.sync()
    _agree(team)
    on_remote = _on_remote(team.remote)
    assert sorted(on_remote) == sorted({line.rstrip(b"\n") for line in lines_of(team["Ann"].path)})


def _alter(remote: Path, ref: str, path: str, data: bytes) -> None:
    """Another file at that path of a journal, as somebody with write access could put it there."""
    index = remote / "index.tmp"
    environment = os.environ | {"GIT_INDEX_FILE": str(index)}
    blob = git(remote, "hash-object", "-w", "--stdin", data=data)
    for words in (
        ["read-tree", ref],
        ["update-index", "--add", "--cacheinfo", f"100644,{blob},{path}"],
    ):
        subprocess.run(["git", "-C", str(remote), *words], env=environment, check=True)
    tree = (
        subprocess.run(
            ["git", "-C", str(remote), "write-tree"],
            env=environment,
            check=True,
            capture_output=True,
        )
        .stdout.decode()
        .strip()
    )
    index.unlink()
    name = ("-c", "user.name=x", "-c", "user.email=x")
    commit = git(remote, *name, "commit-tree", tree, "-p", ref, "-m", "x")
    git(remote, "update-ref", ref, commit)


def test_damaged_and_truncated_lines_are_set_aside_and_the_rest_comes_in(team: Team) -> None:
    for n in range(4):
        team["Ann"].pitfalls.report(f"Pitfall {n}")
    team.sync("Ann")
    ref = team.journal("Ann")
    whole = b"".join(lines_of(team["Ann"].path))
    lines = whole.splitlines(keepends=True)
    lines[1] = b'{"v":1,"act\xff\n'
    damaged = b"".join(lines)[:-40]
    _alter(team.remote, ref, "events/000001.jsonl", damaged)
    assert team.sync("Bo")[0].received == 2
    assert len(team.notes("Bo")) == 2
    assert "damaged" in str(team.notes("Bo")[0].what)
    assert "events/000001.jsonl:2" in str(team.notes("Bo")[0].what)
    # Whoever wrote them holds them still, and notices that they are not there any more.
    git(team.remote, "update-ref", ref, f"{ref}~1")
    team.sync()
    _agree(team)


def test_files_that_are_too_large_are_not_read(team: Team) -> None:
    team["Ann"].pitfalls.report("A white picture")
    team.sync("Ann")
    ref = team.journal("Ann")
    _alter(team.remote, ref, "events/000002.jsonl", b"x" * (9 * 1024 * 1024))
    attached = [
        {"kind": "attachment_added", "body": {"digest": f"ab{sign * 62}", "size": 22, "label": "x"}}
        for sign in "cd"
    ]
    import_events(team["Ann"].session, chained("a" * 32, {}, *attached))
    team.sync("Ann")
    _alter(team.remote, ref, f"files/ab/{'c' * 62}", b"x" * (11 * 1024 * 1024))
    _alter(team.remote, ref, f"files/ab/{'d' * 62}", b"not what its name says")
    assert team.sync("Bo")[0].received == 4
    told = " ".join(str(note.what) for note in team.notes("Bo"))
    assert told.count("too large") == 1
    assert told.count("is damaged") == 2


def test_a_remote_that_was_rewound_costs_nothing(team: Team) -> None:
    for n in range(3):
        team["Ann"].pitfalls.report(f"Pitfall {n}")
        team.sync()
    ref = team.journal("Ann")
    git(team.remote, "update-ref", ref, f"{ref}~2")
    team["Bo"].pitfalls.report("Meanwhile")
    synced = team.sync("Bo")[0]
    assert "older journal" in str(synced.noticed[0])
    team.sync()
    _agree(team)
    late = Store.open(team.room / "late.db", now=team.wall)
    share(late.session, str(team.remote))
    assert dump(late.path) == dump(team["Ann"].path)
    late.close()


@pytest.mark.parametrize("who", ["Ann", "Bo"])
def test_an_emptied_remote_is_filled_again_by_whoever_comes_first(team: Team, who: str) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    team["Bo"].comments.add(pitfall, "Here, too")
    team.sync()
    shutil.rmtree(team.remote)
    git(team.room, "init", "-q", "--bare", str(team.remote))
    [synced] = team.sync(who)
    assert all("no longer holds" in str(values) for values in synced.noticed)
    assert len(synced.noticed) == 2
    late = Store.open(team.room / "late.db", now=team.wall)
    assert share(late.session, str(team.remote)).received == 2
    late.close()
    team.sync()
    _agree(team)


def test_a_copied_board_goes_on_as_a_store_of_its_own(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    back_up(team["Ann"].path, team.room / "copy.db")
    team.stores["copy"] = team.open("copy")
    team["copy"].comments.add(pitfall, "Written on the copy")
    team["Ann"].comments.add(pitfall, "Written on the first one")
    before = team.journal("Ann")
    assert [one.renamed for one in team.sync("Ann", "copy")] == [False, True]
    assert team.journal("copy") != team.journal("Ann") == before
    team["copy"].comments.add(pitfall, "And once more")
    team.sync()
    _agree(team)
    assert len(refs(team.remote)) == 2


def test_a_copy_with_its_repository_and_both_in_use_at_once(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    team["Ann"].close()
    for path in team.room.glob("Ann.db*"):
        target = team.room / path.name.replace("Ann", "copy")
        shutil.copytree(path, target) if path.is_dir() else shutil.copy(path, target)
    team.stores["copy"] = team.open("copy")
    for n in range(3):
        team["copy"].comments.add(pitfall, f"copy {n}")
        team["Ann"].comments.add(pitfall, f"first {n}")
        team.sync("copy", "Ann")
    team.sync()
    _agree(team)
    assert len(lines_of(team["Ann"].path)) == 7


def test_a_restored_backup_gets_back_what_it_had_sent(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    back_up(team["Ann"].path, team.room / "backup.db")
    team["Ann"].comments.add(pitfall, "After the backup")
    team.sync()
    _put_the_backup_in_place(team)
    shutil.rmtree(team.room / "Ann.db.git")
    team["Ann"].comments.add(pitfall, "After the restore")
    team.sync()
    _agree(team)
    assert len(lines_of(team["Ann"].path)) == 3


def _put_the_backup_in_place(team: Team) -> None:
    """Ann goes on with her backup, beside the repository of later."""
    team["Ann"].close()
    for path in team.room.glob("Ann.db*"):
        if path.is_file():
            path.unlink()
    (team.room / "backup.db").rename(team.room / "Ann.db")
    team.stores["Ann"] = team.open("Ann")


def _objects(repository: Path) -> list[Path]:
    return sorted(path for path in (repository / "objects").rglob("*") if path.is_file())


@pytest.mark.parametrize("harm", ["truncated", "emptied", "removed"])
def test_a_damaged_private_repository_is_fetched_again(team: Team, harm: str) -> None:
    for n in range(5):
        team["Ann"].pitfalls.report(f"Pitfall {n}")
        team.sync()
    for path in _objects(repository_path(team["Bo"].path)):
        path.chmod(0o600)
        if harm == "removed":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[: 10 if harm == "truncated" else 0])
    team["Ann"].pitfalls.report("One more")
    team["Bo"].pitfalls.report("Another")
    team.sync()
    _agree(team)


def test_one_damaged_journal_on_the_remote_keeps_no_other_back(team: Team) -> None:
    team["Ann"].pitfalls.report("A white picture")
    team.sync("Ann")
    broken = refs(team.remote)[team.journal("Ann")]
    team["Bo"].pitfalls.report("Another one")
    team.sync("Bo")
    late = Store.open(team.room / "late.db", now=team.wall)
    path = team.remote / "objects" / broken[:2] / broken[2:]
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:10])
    synced = share(late.session, str(team.remote))
    assert synced.received == 1
    assert any("damaged" in str(values) for values in synced.noticed)
    late.close()


def test_a_journal_of_a_newer_pitboard_stays_where_it_is(team: Team) -> None:
    team["Ann"].pitfalls.report("A white picture")
    team.sync("Ann")
    _alter(team.remote, team.journal("Ann"), "format", b"pitboard-journal 2\n")
    team["Bo"].pitfalls.report("Another one")
    [synced] = team.sync("Bo")
    assert (synced.sent, synced.received) == (1, 0)
    assert "newer Pitboard" in str(synced.noticed[0])


def test_a_disk_that_is_full_on_the_remote(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    team["Ann"].pitfalls.report("A white picture")
    (team.remote / "objects").chmod(0o500)
    before = team.remote.stat().st_mode
    try:
        if os.access(team.remote / "objects", os.W_OK):
            pytest.skip("whoever may do everything can't be kept from writing")
        with pytest.raises(SharingFailed) as failed:
            team.sync("Ann")
        assert failed.value.kind is GitErrorKind.READ_ONLY
    finally:
        (team.remote / "objects").chmod(before)
    assert team.sync("Ann")[0].sent == 1


def test_what_is_known_of_the_remote_can_be_lost(team: Team) -> None:
    """A store that finds what it has in its own journal does not send it again."""
    team["Ann"].pitfalls.report("A white picture")
    team.sync()
    with closing(sqlite3.connect(team["Ann"].path)) as connection, connection:
        connection.execute("DELETE FROM journalled")
        connection.execute("DELETE FROM journals")
    Repository(repository_path(team["Ann"].path)).throw_away()
    assert team.sync("Ann")[0].sent == 0
    assert len(_on_remote(team.remote)) == 1


def test_sync_of_boards_in_turn_stays_bounded(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    for n in range(10):
        team["Ann"].comments.add(pitfall, f"{n}")
        team["Bo"].comments.add(pitfall, f"{n}")
        team.sync()
    with closing(sqlite3.connect(team["Bo"].path)) as connection:
        assert connection.execute("SELECT count(*) FROM journalled").fetchone() == (1,)
    assert sync(team["Bo"].session).sent == 0


def test_a_backup_that_is_put_in_place_beside_the_repository_of_later(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    back_up(team["Ann"].path, team.room / "backup.db")
    team["Bo"].comments.add(pitfall, "After the backup of somebody else's board")
    team.sync()
    _put_the_backup_in_place(team)
    team.sync()
    _agree(team)
    assert len(lines_of(team["Ann"].path)) == 2


def test_an_event_that_is_damaged_here_is_left_out_and_moves_nothing_again(team: Team) -> None:
    for n in range(3):
        team["Ann"].pitfalls.report(f"Pitfall {n}")
    with closing(sqlite3.connect(team["Ann"].path)) as connection, connection:
        connection.execute("UPDATE events SET line = replace(line, 'Pitfall 1', 'Pitfall X')")
    assert [one.sent for one in team.sync("Ann", "Ann")] == [2, 0]
    before = refs(team.remote)
    assert team.sync("Ann")[0].sent == 0
    assert refs(team.remote) == before
    assert team.sync("Bo")[0].received == 2
    assert team.sharing("Ann").waiting == 1


@pytest.mark.parametrize("left", ["HEAD", "HEAD config", "HEAD config objects"])
def test_a_private_repository_that_was_half_made_is_made_anew(team: Team, left: str) -> None:
    team["Ann"].pitfalls.report("A white picture")
    repository = repository_path(team["Ann"].path)
    for path in repository.iterdir():
        if path.name not in left.split():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert team.sync("Ann")[0].sent == 1


def test_what_was_noticed_is_told_once(team: Team) -> None:
    team["Ann"].pitfalls.report("A white picture")
    team.sync("Ann")
    _alter(team.remote, team.journal("Ann"), "format", b"pitboard-journal 2\n")
    assert [len(one.noticed) for one in team.sync("Bo", "Bo")] == [1, 0]
    assert len(team.notes("Bo")) == 1


def test_a_host_that_refuses_both_layouts_is_asked_again_for_the_first(team: Team) -> None:
    team["Ann"].pitfalls.report("A white picture")
    git(team.remote, "config", "receive.hideRefs", "refs/")
    with pytest.raises(SharingFailed):
        team.sync("Ann")
    assert team.sharing("Ann").layout == "refs"
    git(team.remote, "config", "--unset", "receive.hideRefs")
    team.sync()
    assert set(refs(team.remote)) == {team.journal("Ann")}


def test_a_board_that_can_only_be_read_is_not_synced(team: Team) -> None:
    team["Ann"].session.read_only = ReadOnly("It can only be read.")
    with pytest.raises(ReadOnly):
        team.sync("Ann")
