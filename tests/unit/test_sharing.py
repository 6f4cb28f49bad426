"""A board and its remote come into step: joining, syncing, leaving, and what is told of it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.db import blobs
from storage.db.blobs import Upload
from storage.db.reader import PROJECTION_VERSION, projection_version
from storage.errors import Refused
from storage.events import event_id
from storage.imports.importer import import_events
from storage.model.vocabulary import Platform
from storage.query.parser import parse
from storage.query.tree import Query
from storage.read.board import Board
from storage.sharing import pull
from storage.sharing.git_errors import GitErrorKind, SharingFailed
from storage.sharing.journal import SEALED_AT
from storage.sharing.state import SharingReader
from storage.sharing.sync import SyncStage, SyncStep, leave, repository_path, share, sync
from storage.write.store import Store
from tests.records import dump, line, lines_of
from tests.teams import Team, chained, git, refs


def test_what_one_writes_the_other_reads(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture", signatures=["saveImage:fail"])
    team["Bo"].pitfalls.report("Another one")
    first, second, third, _ = team.sync()
    assert (first.sent, first.received) == (2, 0)
    assert (second.sent, second.received) == (1, 2)
    assert (third.sent, third.received) == (0, 1)
    team["Bo"].status.set(pitfall, "workaround", workaround="Ask twice.")
    team.sync("Bo", "Ann")
    with Board.open(team["Ann"].path) as board:
        assert board.pitfall(pitfall).workaround.plain == "Ask twice."
    assert dump(team["Ann"].path) == dump(team["Bo"].path)


def test_what_a_newer_version_wrote_counts_as_far_as_it_is_known(team: Team) -> None:
    logged = {"platform": "ios", "gravity": 9.81}
    lines = chained(
        "a" * 32,
        {},
        {"kind": "occurrence_logged", "body": logged},
        {"kind": "moved_to_the_moon", "body": {}},
    )
    import_events(team["Bo"].session, lines)
    team.sync("Bo")
    [synced] = team.sync("Ann")
    [noticed] = synced.noticed
    assert "more than this version shows: 2." in str(noticed)
    assert {one + b"\n" for one in lines} <= set(lines_of(team["Ann"].path))
    with Board.open(team["Ann"].path) as board:
        [occurrence] = board.occurrences.of("ab12cd34ab12cd34")
    assert occurrence.environment.platform is Platform.IOS
    [again] = team.sync("Ann")
    assert not again.noticed


def test_each_store_writes_its_own_ref_and_only_adds_to_it(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    before = refs(team.remote)
    assert set(before) == {team.journal("Ann")}
    team["Bo"].comments.add(pitfall, "Here, too")
    team.sync()
    after = refs(team.remote)
    assert set(after) == {team.journal("Ann"), team.journal("Bo")}
    assert after[team.journal("Ann")] == before[team.journal("Ann")]
    team["Ann"].comments.add(pitfall, "On iOS only")
    team.sync("Ann")
    git(
        team.remote,
        "merge-base",
        "--is-ancestor",
        before[team.journal("Ann")],
        refs(team.remote)[team.journal("Ann")],
    )


@pytest.fixture
def much(team: Team, monkeypatch: pytest.MonkeyPatch) -> Team:
    """Ann has sent far more than Bo has; a pull takes ten lines in at a time."""
    monkeypatch.setattr(pull, "_LARGE", 15)
    monkeypatch.setattr(pull, "_CHUNK_LINES", 10)
    for number in range(12):
        pitfall = team["Ann"].pitfalls.report(
            f"Number {number}", signatures=[f"openBox{number}:fail in room"]
        )
        team["Ann"].occurrences.log(pitfall, message=f"fail {number}x", base_library="2.14.1")
        team["Ann"].status.set(pitfall, "workaround", workaround="Ask twice.")
        team["Ann"].comments.add(pitfall, "Here, too")
    team["Ann"].triage.mark_duplicate(pitfall, team["Ann"].pitfalls.report("The same"))
    team["Ann"].history.undo()
    team["Bo"].pitfalls.report("Of Bo")
    team.sync("Ann")
    return team


def is_current(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return projection_version(connection) == PROJECTION_VERSION


def test_much_at_once_is_folded_once_at_the_end(much: Team) -> None:
    bo, seen = much["Bo"], []
    sync(bo.session, steps=lambda step: seen.append((step.stage, is_current(bo.path))))
    assert (SyncStage.TAKING, False) in seen
    assert is_current(bo.path)
    much.sync("Ann")
    assert dump(much["Ann"].path) == dump(bo.path)
    with Board.open(bo.path) as board:
        assert board.find(parse("fail 7x")).total == 1


class _Stopped(Exception):
    """Somebody stopped it."""


def test_a_pull_that_was_stopped_before_it_folded_leaves_a_board_that_is_made_anew(
    much: Team,
) -> None:
    def stop(step: SyncStep) -> None:
        if step.stage is SyncStage.TAKING and not is_current(much["Bo"].path):
            raise _Stopped

    with pytest.raises(_Stopped):
        sync(much["Bo"].session, steps=stop)
    # What is written meanwhile is not lost, and the next pull folds what the first one left.
    much["Bo"].pitfalls.report("Meanwhile")
    much["Bo"].close()
    much.stores["Bo"] = much.open("Bo")
    assert is_current(much["Bo"].path)
    with Board.open(much["Bo"].path) as board:
        assert 2 < board.find(Query()).total < 15
    much.sync()
    assert dump(much["Ann"].path) == dump(much["Bo"].path)


def test_nothing_new_moves_nothing(team: Team) -> None:
    team["Ann"].pitfalls.report("A white picture")
    team.sync()
    before = refs(team.remote)
    assert [(one.sent, one.received) for one in team.sync()] == [(0, 0)] * 4
    assert refs(team.remote) == before


def test_segments_are_sealed_and_lie_there_as_they_were_written(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    for n in range(60):
        team["Ann"].comments.add(pitfall, f"{n} " + "x" * 19_000)
        if n % 20 == 5:
            team.sync("Ann")
    team.sync("Ann")
    ref = team.journal("Ann")
    paths = git(team.remote, "ls-tree", "-r", "--name-only", ref).splitlines()
    assert paths == ["events/000001.jsonl", "events/000002.jsonl", "format"]
    first = git(team.remote, "show", f"{ref}:events/000001.jsonl")
    assert SEALED_AT <= len(first) < SEALED_AT + 20_000
    second = git(team.remote, "show", f"{ref}:events/000002.jsonl")
    assert f"{first}\n{second}\n".encode() == b"".join(lines_of(team["Ann"].path))
    team.sync("Bo")
    assert dump(team["Ann"].path) == dump(team["Bo"].path)


def test_what_came_by_file_is_sent_on_byte_for_byte(team: Team) -> None:
    newer = line(v=9, kind="from_the_future", body={"b": 1, "a": [{"z": None}]})
    odd = line(seq=2, prev=event_id(newer), kind="comment_added", body={"text": "kept"})
    odd = odd.replace(b", ", b" ,\t")
    import_events(team["Ann"].session, [newer, odd])
    team.sync()
    assert lines_of(team["Bo"].path) == [newer + b"\n", odd + b"\n"]


def test_how_it_stands(team: Team) -> None:
    before = team.sharing("Ann")
    assert (before.url, before.waiting, before.problem) == (str(team.remote), 0, None)
    team["Ann"].pitfalls.report("A white picture", tags=["login"])
    assert team.sharing("Ann").waiting == 2
    team.wall.ms += 1_000
    team.sync("Ann")
    after = team.sharing("Ann")
    assert (after.waiting, after.sent, after.received) == (0, 2, 0)
    assert after.synced_at == team.wall.ms


def test_who_wrote_what(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    team.wall.ms += 5_000
    team["Bo"].comments.add(pitfall, "Here, too")
    team["Bo"].session.who = "Cy"
    team["Bo"].comments.add(pitfall, "And here")
    team.sync()
    with SharingReader.open(team["Ann"].path) as shared:
        writers = shared.writers()
    assert [
        ({person.name: person.events for person in writer.people}, writer.here)
        for writer in writers
    ] == [({"Bo": 1, "Cy": 1}, False), ({"Ann": 1}, True)]
    assert writers[0].last_at == team.wall.ms


def test_a_new_board_gets_everything_and_says_how_far_it_is(team: Team) -> None:
    for n in range(30):
        team["Ann"].pitfalls.report(f"Pitfall {n}")
    team.sync()
    late = Store.open(team.room / "late.db", who="Di", now=team.wall)
    steps: list[SyncStep] = []
    assert share(late.session, str(team.remote), steps=steps.append).received == 30
    assert {step.stage for step in steps} >= {SyncStage.TAKING}
    assert all(step.done <= step.total for step in steps)
    assert dump(late.path) == dump(team["Ann"].path)
    late.close()


def test_joining_again_is_a_sync_and_another_remote_is_refused(team: Team) -> None:
    team["Ann"].pitfalls.report("A white picture")
    assert share(team["Ann"].session, str(team.remote)).sent == 1
    with pytest.raises(Refused, match="shared through"):
        share(team["Ann"].session, str(team.room / "other.git"), create=True)


def test_leaving_keeps_everything_and_another_remote_gets_it_all(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team["Bo"].pitfalls.report("Another one")
    team.sync()
    leave(team["Bo"].session)
    assert not repository_path(team["Bo"].path).exists()
    with pytest.raises(Refused, match="not shared"):
        sync(team["Bo"].session)
    with pytest.raises(Refused, match="not shared"):
        leave(team["Bo"].session)
    team["Bo"].comments.add(pitfall, "Written alone")
    assert share(team["Bo"].session, str(team.room / "other.git"), create=True).sent == 3
    assert share(team["Bo"].session, str(team.room / "other.git")).sent == 0


def test_a_sync_that_is_stopped_goes_on_from_there(team: Team) -> None:
    for n in range(30):
        team["Ann"].pitfalls.report(f"Pitfall {n}")
    team.sync("Ann")

    def stop(step: SyncStep) -> None:
        if step.stage is SyncStage.TAKING:
            raise SharingFailed(GitErrorKind.STOPPED)

    with pytest.raises(SharingFailed, match="stopped"):
        sync(team["Bo"].session, steps=stop)
    stopped = team.sharing("Bo").problem
    assert stopped is not None
    assert stopped.kind is GitErrorKind.STOPPED
    team.sync("Bo")
    assert team.sharing("Bo").problem is None
    assert dump(team["Ann"].path) == dump(team["Bo"].path)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("{room}/nothing.git", GitErrorKind.NOTHING_THERE),
        ("https://host.invalid/board.git", GitErrorKind.OFFLINE),
        ("https://127.0.0.1:9/board.git", GitErrorKind.OFFLINE),
        ("ssh://git@127.0.0.1:9/board.git", GitErrorKind.OFFLINE),
    ],
)
def test_a_remote_that_can_not_be_reached_joins_nothing(
    team: Team, url: str, kind: GitErrorKind
) -> None:
    store = Store.open(team.room / "alone.db")
    with pytest.raises(SharingFailed) as failed:
        share(store.session, url.format(room=team.room))
    assert failed.value.kind is kind
    with SharingReader.open(store.path) as shared:
        assert shared.sharing() is None
    store.close()


def test_a_remote_that_is_gone_for_a_while_costs_nothing(team: Team) -> None:
    team["Ann"].pitfalls.report("A white picture")
    away = team.room / "away.git"
    team.remote.rename(away)
    with pytest.raises(SharingFailed) as failed:
        team.sync("Ann")
    assert failed.value.kind is GitErrorKind.NOTHING_THERE
    problem = team.sharing("Ann").problem
    assert problem is not None
    assert str(problem) == str(failed.value)
    assert team.sharing("Ann").waiting == 1
    away.rename(team.remote)
    assert team.sync("Ann")[0].sent == 1


def test_without_git_it_says_so(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(team.room))
    with pytest.raises(SharingFailed, match="needs the git command"):
        team.sync("Ann")


def test_a_repository_of_something_else_is_refused_where_journals_would_lie(team: Team) -> None:
    other = team.room / "other.git"
    git(team.room, "init", "-q", "--bare", str(other))
    tree = git(other, "mktree", data=b"")
    commit = git(other, "-c", "user.name=x", "-c", "user.email=x", "commit-tree", tree, "-m", "x")
    git(other, "update-ref", f"refs/pitboard/{'e' * 32}", commit)
    store = Store.open(team.room / "alone.db")
    with pytest.raises(SharingFailed, match="not written by Pitboard"):
        share(store.session, str(other))
    store.close()


def test_a_project_of_ones_own_can_carry_the_board(team: Team) -> None:
    project = team.room / "project"
    git(team.room, "init", "-q", "-b", "main", str(project))
    (project / "app.js").write_text("wx.login()\n")
    git(project, "add", "app.js")
    git(project, "-c", "user.name=x", "-c", "user.email=x", "commit", "-qm", "x")
    before = refs(project)["refs/heads/main"], git(project, "status", "--porcelain")
    store = Store.open(team.room / "alone.db")
    store.pitfalls.report("A white picture")
    assert share(store.session, str(project)).sent == 1
    assert (refs(project)["refs/heads/main"], git(project, "status", "--porcelain")) == before
    store.close()


def test_a_folder_that_holds_something_is_not_made_a_remote(team: Team) -> None:
    store = Store.open(team.room / "alone.db")
    full = team.room / "full"
    full.mkdir()
    (full / "letter.txt").write_text("Dear all")
    with pytest.raises(Refused, match="something else"):
        share(store.session, str(full), create=True)
    with pytest.raises(Refused, match="Only a folder"):
        share(store.session, "https://host.invalid/board.git", create=True)
    assert sorted(path.name for path in full.iterdir()) == ["letter.txt"]
    store.close()


def test_a_host_that_refuses_other_refs_gets_branches(team: Team) -> None:
    strict = team.room / "strict.git"
    git(team.room, "init", "-q", "--bare", str(strict))
    git(strict, "config", "receive.hideRefs", "refs/pitboard")
    git(strict, "config", "uploadpack.hideRefs", "refs/pitboard")
    stores = [Store.open(team.room / f"strict{n}.db", now=team.wall) for n in range(2)]
    stores[0].pitfalls.report("A white picture")
    share(stores[0].session, str(strict))
    share(stores[1].session, str(strict))
    stores[1].pitfalls.report("Another one")
    sync(stores[1].session)
    sync(stores[0].session)
    assert dump(stores[0].path) == dump(stores[1].path)
    assert all(ref.startswith("refs/heads/pitboard/") for ref in refs(strict))
    assert len(refs(strict)) == 2
    for store in stores:
        store.close()


def test_a_remote_that_may_only_be_read_gives_and_says_so(team: Team) -> None:
    team["Ann"].pitfalls.report("A white picture")
    team.sync("Ann")
    git(team.remote, "config", "receive.hideRefs", "refs/")
    team["Bo"].pitfalls.report("Another one")
    with pytest.raises(SharingFailed) as failed:
        team.sync("Bo")
    assert failed.value.kind is GitErrorKind.READ_ONLY
    assert len(lines_of(team["Bo"].path)) == 2
    assert team.sharing("Bo").waiting == 1


def test_the_private_repository_is_a_cache(team: Team) -> None:
    team["Ann"].pitfalls.report("A white picture")
    team.sync()
    shutil.rmtree(repository_path(team["Ann"].path))
    team["Ann"].pitfalls.report("Another one")
    assert team.sync("Ann")[0].sent == 1
    team.sync("Bo")
    assert dump(team["Ann"].path) == dump(team["Bo"].path)


def test_two_syncs_at_once(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.sharing.sync._WAIT_SECONDS", 0)

    def another(step: SyncStep) -> None:
        with pytest.raises(SharingFailed) as failed:
            sync(team["Ann"].session)
        assert failed.value.kind is GitErrorKind.BUSY
        asked.append(step)

    asked: list[SyncStep] = []
    team["Bo"].pitfalls.report("A white picture")
    team.sync("Bo")
    sync(team["Ann"].session, steps=another)
    assert asked


def test_attachments_are_shared_with_the_events_and_lie_there_once(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    picture = Upload(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 50, "screen.png")
    team["Ann"].attachments.add(pitfall, [picture, Upload(b"log", "wx.log")])
    assert team.sharing("Ann").waiting_files == 2
    team.sync()
    assert team.sharing("Ann").waiting_files == 0
    team["Bo"].attachments.add(pitfall, picture)
    assert team.sharing("Bo").waiting_files == 0
    team.sync()
    with Board.open(team["Bo"].path) as board:
        held = board.pitfall(pitfall).attachments
    assert [(one.label, one.here) for one in held] == [
        ("screen.png", True),
        ("wx.log", True),
        ("screen.png", True),
    ]
    with closing(sqlite3.connect(team["Bo"].path)) as connection:
        assert blobs.get(connection, held[0].digest) == picture.data
    stored = git(team.remote, "cat-file", "--batch-all-objects", "--batch-check").count(" blob 12")
    assert stored == 1


def test_an_attachment_that_is_damaged_here_keeps_nothing_back(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team["Ann"].attachments.add(pitfall, [Upload(b"whole", "a.log"), Upload(b"harmed", "b.log")])
    with closing(sqlite3.connect(team["Ann"].path)) as connection, connection:
        connection.execute("UPDATE contents SET data = x'00' WHERE size = 6")
    team.sync()
    assert team.sharing("Ann").waiting_files == 1
    with Board.open(team["Bo"].path) as board:
        assert [one.here for one in board.pitfall(pitfall).attachments] == [True, False]
