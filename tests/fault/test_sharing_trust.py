"""What a colleague who can push can not do, by accident or on purpose; see docs/trust.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from storage.check import check
from storage.check.recover import recover
from storage.db import blobs
from storage.db.connection import connect_for_reading
from storage.errors import NotFound, Refused
from storage.events import Event, event_id
from storage.events import parse as parse_event
from storage.imports.importer import import_events
from storage.model.clock import LIMIT
from storage.model.vocabulary import Quarantine
from storage.query.parser import parse
from storage.read.board import Board
from storage.sharing import pull
from storage.sharing.git_errors import GitErrorKind, SharingFailed
from storage.sharing.journal import Layout
from storage.sharing.members import accept, ignore, reset_clock, trust
from storage.sharing.repository import Objects
from storage.sharing.state import ChangeKind, SharingReader, actor_of
from storage.sharing.sync import sync
from storage.write import quarantine as quarantine_rows
from storage.write.store import Store
from tests.boards import fresh
from tests.records import DAY_MS, MONDAY, Wall, board_of, dump, lines_of
from tests.teams import Team, chained, git, push, refs

MALLORY = "e" * 32


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
    assert team["Ann"].history.undo().changes == (("reported", ""),)
    with pytest.raises(NotFound, match="one change of anybody’s is reverted"):
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


# A clock far ahead

_FAR = (1 << 62) - 1


def quarantine(store: Store) -> list[tuple[str, str]]:
    """Who is said to have written what is quarantined on a board, and why it is."""
    with SharingReader.open(store.path) as shared:
        return [(one.who, one.reason.value) for one in shared.quarantine()]


@pytest.mark.parametrize("ahead", [{"hlc": _FAR}, {"at": MONDAY + 2 * DAY_MS}])
def test_one_clock_far_ahead_pins_no_value(team: Team, ahead: dict[str, int]) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    said = {"pitfall": pitfall, "kind": "field_set", "who": "Mallory"}
    pinned = said | {"body": {"field": "title", "value": "Pinned"}} | ahead
    push(team.remote, f"refs/pitboard/{MALLORY}", chained(MALLORY, pinned))
    for name in ("Ann", "Bo"):
        [synced] = team.sync(name)
        assert synced.received == 0
        [noticed] = synced.noticed
        assert "Events of Mallory (store eeeeeeee) claim to be of" in str(noticed)
        assert quarantine(team[name]) == [("Mallory", "future")]
    for name, title in (("Ann", "First"), ("Bo", "Second"), ("Ann", "Third")):
        team[name].pitfalls.edit(pitfall, {"title": title})
        team.sync()
        assert titles(team["Ann"]) == titles(team["Bo"]) == {title}
    [found] = [str(one) for one in check(team["Bo"].path, now=team.wall).findings]
    assert "Mallory" in found
    # Its clock was not taken over.
    newest = parse_event(lines_of(team["Bo"].path)[-1].strip()).envelope.hlc
    assert newest >> 16 <= team.wall.ms


def test_what_is_ahead_counts_once_its_time_has_come(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    later = (MONDAY + 3 * DAY_MS) << 16
    said = {"pitfall": pitfall, "kind": "comment_added", "body": {"text": "Later"}, "hlc": later}
    push(team.remote, f"refs/pitboard/{MALLORY}", chained(MALLORY, said))
    team.sync()
    assert comments(team["Ann"], pitfall) == []
    team.wall.ms = MONDAY + 2 * DAY_MS
    team.sync()
    assert comments(team["Ann"], pitfall) == comments(team["Bo"], pitfall) == ["Later"]
    assert quarantine(team["Ann"]) == []
    assert dump(team["Ann"].path) == dump(team["Bo"].path)
    assert check(team["Ann"].path, now=team.wall).findings == ()


def comments(store: Store, pitfall: str) -> list[str]:
    """The comments on a pitfall."""
    with Board.open(store.path) as board:
        return [one.text.plain for one in board.pitfall(pitfall).comments]


def test_what_is_accepted_counts_and_can_be_written_over(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture", tags=["login"])
    team.sync()
    base = {"pitfall": pitfall, "who": "Mallory", "hlc": _FAR}
    ahead = chained(
        MALLORY,
        base | {"kind": "field_set", "body": {"field": "title", "value": "Ahead"}},
        base | {"kind": "tag_removed", "body": {"tag": "login"}},
    )
    push(team.remote, f"refs/pitboard/{MALLORY}", ahead)
    team.sync("Ann")
    ann = team["Ann"]
    with SharingReader.open(ann.path) as shared:
        names = shared.quarantined_by("Mallory")
        assert names == shared.quarantined_by(MALLORY[:6])
        assert shared.quarantined_by(names[0][:8]) == names[:1]
        with pytest.raises(NotFound):
            shared.quarantined_by("Nobody")
    assert accept(ann.session, names) == 2
    assert titles(ann) == {"Ahead"}
    # Whoever has seen a value can write over it, whatever its clock said.
    ann.pitfalls.edit(pitfall, {"title": "Mine again"})
    assert titles(ann) == {"Mine again"}
    ann.history.undo()
    assert titles(ann) == {"Ahead"}
    # What would not show is refused, and not reported as done.
    before = lines_of(ann.path)
    with pytest.raises(Refused, match="would not show"):
        ann.pitfalls.edit(pitfall, {}, tags=["login"])
    assert lines_of(ann.path) == before
    # Nobody else's board follows.
    team.sync()
    assert titles(team["Bo"]) == {"A white picture"}
    report = check(ann.path, now=team.wall)
    assert report.sound


def test_a_store_whose_own_clock_was_wrong_is_healed(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    ann, right = team["Ann"], team.wall.ms
    team.wall.ms = right + 20 * DAY_MS
    ann.pitfalls.edit(pitfall, {"title": "By a fast clock"})
    comment = ann.comments.add(pitfall, "A coment")
    ann.entries.edit(pitfall, comment, {"text": "A comment"})
    other = ann.pitfalls.report("Another")
    ann.comments.add(other, "Taken back")
    ann.history.undo()
    team.wall.ms = right
    team.sync()
    assert titles(team["Bo"]) == {"A white picture"}
    findings = [str(one) for one in check(ann.path, now=team.wall).findings]
    assert any("doctor --reset-clock" in one for one in findings)
    wanted = titles(ann), comments(ann, pitfall), comments(ann, other)
    assert wanted == ({"By a fast clock", "Another"}, ["A comment"], [])

    assert reset_clock(ann.session) == (6, 0)
    assert (titles(ann), comments(ann, pitfall), comments(ann, other)) == wanted
    ann.pitfalls.edit(pitfall, {"title": "By the right clock"})
    team.sync()
    bo = team["Bo"]
    assert titles(bo) == titles(ann) == {"By the right clock", "Another"}
    assert comments(bo, pitfall) == ["A comment"]
    # What was written ahead of time changes nothing once that time has come.
    team.wall.ms = right + 21 * DAY_MS
    team.sync()
    assert quarantine(bo) == []
    assert board_of(dump(bo.path)) == board_of(dump(ann.path))
    assert comments(bo, pitfall) == ["A comment"]
    assert titles(bo) == {"By the right clock", "Another"}
    assert check(ann.path, now=team.wall).sound


@pytest.mark.parametrize("days", [2, 20, 40, 400])
def test_a_clock_that_was_ahead_is_noticed_however_far(team: Team, days: int) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    ann, right = team["Ann"], team.wall.ms
    team.wall.ms = right + days * DAY_MS
    ann.comments.add(pitfall, "By a fast clock")
    team.wall.ms = right

    def advised() -> list[str]:
        found = check(ann.path, now=team.wall).findings
        return [str(one) for one in found if "doctor --reset-clock" in str(one)]

    assert len(advised()) == 1
    noticed = [str(one) for one in sync(ann.session).noticed]
    assert len(noticed) == 1
    assert "doctor --reset-clock" in noticed[0]
    assert sync(ann.session).noticed == ()
    sync(team["Bo"].session)
    assert comments(team["Bo"], pitfall) == []

    reset_clock(ann.session)
    assert advised() == []
    team.sync()
    assert comments(team["Bo"], pitfall) == ["By a fast clock"]


def test_a_board_that_a_clock_has_pinned_before_is_healed(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    ann = team["Ann"]
    said = {"pitfall": pitfall, "kind": "field_set", "hlc": _FAR, "who": "Mallory"}
    pinned = said | {"body": {"field": "title", "value": "Pinned"}}
    team.wall.ms = LIMIT
    import_events(ann.session, chained(MALLORY, pinned))
    team.wall.ms = MONDAY
    assert titles(ann) == {"Pinned"}
    ann.pitfalls.edit(pitfall, {"title": "Mine"})
    assert titles(ann) == {"Mine"}
    assert reset_clock(ann.session).quarantined == 1
    assert titles(ann) == {"Mine"}
    ann.pitfalls.edit(pitfall, {"title": "Mine again"})
    team.sync()
    assert titles(team["Bo"]) == titles(ann) == {"Mine again"}


# Whose event it is


def actor(store: Store) -> str:
    """The name of a store."""
    with closing(connect_for_reading(store.path)) as connection:
        return actor_of(connection)


def last_of(store: Store) -> tuple[int, str]:
    """The number and the id of the last event of a board."""
    event = parse_event(lines_of(store.path)[-1].strip())
    return event.envelope.seq, event.id


def test_forged_events_of_a_member_are_quarantined_on_its_board(team: Team) -> None:
    ann, bo = team["Ann"], team["Bo"]
    pitfall = ann.pitfalls.report("A white picture")
    team.sync()
    before = actor(ann)
    seq, last = last_of(ann)
    said = {"pitfall": pitfall, "kind": "comment_added", "body": {"text": "Forged"}, "who": "Ann"}
    # In another journal and in hers, following her chain and not.
    push(team.remote, f"refs/pitboard/{MALLORY}", chained(before, said, prev=last, seq=seq + 1))
    for _ in range(2):
        [synced] = team.sync("Ann")
        assert not synced.renamed
    assert actor(ann) == before
    assert comments(ann, pitfall) == []
    assert quarantine(ann) == [("Ann", "not-ours")]
    assert ann.history.undo().changes == (("reported", ""),)
    assert ann.history.redo().changes == (("reported", ""),)
    # Once her store has written on, everybody sees which of the two is hers.
    ann.comments.add(pitfall, "Hers")
    team.sync("Ann", "Bo", "Ann", "Bo")
    assert comments(bo, pitfall) == comments(ann, pitfall) == ["Hers"]
    with SharingReader.open(bo.path) as shared:
        [writer] = [one for one in shared.writers() if one.actor == before]
    assert Quarantine.FORKED in writer.problems
    assert any("contradict what it sent" in str(one) for one in check(bo.path).findings)
    assert any("did not write them" in str(one) for one in check(ann.path).findings)


@pytest.mark.parametrize("comes_first", ["the forged one", "the chain"])
def test_what_is_passed_on_needs_its_chain(team: Team, comes_first: str) -> None:
    ann, bo = team["Ann"], team["Bo"]
    pitfall = ann.pitfalls.report("A white picture")
    said = {"pitfall": pitfall, "kind": "comment_added", "who": "Cy"}
    lines = chained("c" * 32, *(said | {"body": {"text": f"{n}"}} for n in range(3)))
    out_of_order = lines[2:] if comes_first == "the forged one" else lines
    push(team.remote, f"refs/pitboard/{MALLORY}", out_of_order)
    team.sync("Ann", "Bo")
    if comes_first == "the forged one":
        assert quarantine(bo) == [("Cy", "unlinked")]
        with SharingReader.open(bo.path) as shared:
            [writer] = [one for one in shared.writers() if one.actor == "c" * 32]
        assert writer.problems == (Quarantine.UNLINKED,)
        assert any("do not follow" in str(one) for one in check(bo.path).findings)
        push(team.remote, f"refs/pitboard/{MALLORY}", lines)
        team.sync("Ann", "Bo")
    assert quarantine(bo) == []
    assert comments(bo, pitfall) == comments(ann, pitfall) == ["0", "1", "2"]


def test_events_that_were_relayed_count_as_their_store_sends_them(team: Team) -> None:
    bo = team["Bo"]
    said = {"kind": "comment_added", "who": "Cy"}
    lines = chained("c" * 32, {}, *(said | {"body": {"text": f"{n}"}} for n in range(3)))
    push(team.remote, f"refs/pitboard/{MALLORY}", lines[3:])
    team.sync("Bo")
    assert quarantine(bo) == [("Cy", "unlinked")]
    push(team.remote, f"refs/pitboard/{'c' * 32}", lines)
    team.sync("Bo")
    assert quarantine(bo) == []
    assert comments(bo, "ab12cd34ab12cd34") == ["0", "1", "2"]
    assert check(bo.path, now=team.wall).findings == ()


def test_what_waits_and_is_accepted_lets_count_what_follows_it(team: Team) -> None:
    bo = team["Bo"]
    said = {"kind": "comment_added", "who": "Cy"}
    lines = chained("c" * 32, {}, *(said | {"body": {"text": f"{n}"}} for n in range(4)))
    push(team.remote, f"refs/pitboard/{MALLORY}", [lines[0], *lines[2:]])
    team.sync("Bo")
    assert quarantine(bo) == [("Cy", "unlinked")] * 3
    assert accept(bo.session, [event_id(lines[2])]) == 1
    assert quarantine(bo) == []
    assert comments(bo, "ab12cd34ab12cd34") == ["1", "2", "3"]


def _in_turn(length: int, stores: int) -> Iterator[tuple[str, list[Event]]]:
    """The journals of some stores that pass on the chains of three others, dealt among them."""
    comment = {"kind": "comment_added", "body": {"text": "Again"}}
    chains = [chained(author * 32, {}, *[comment] * length) for author in "abc"]
    events = [parse_event(line) for chain in zip(*chains, strict=True) for line in chain]
    for number in range(stores):
        yield f"{number:032x}", events[number::stores]


def test_what_is_passed_on_in_pieces_is_looked_at_as_often_as_it_is_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each waits until the last journal has come; none is read again with each piece till then."""
    read: list[str] = []
    held = quarantine_rows.held

    def noted(name: str, line: bytes) -> Event:
        read.append(name)
        return held(name, line)

    monkeypatch.setattr(quarantine_rows, "held", noted)
    statements = []
    for length in (40, 320):
        store = Store.open(fresh(tmp_path / f"{length}.db"), now=Wall())
        run: list[str] = []
        read.clear()
        with store.session.locked():
            store.session.connection.set_trace_callback(run.append)
        for journal, events in _in_turn(length, stores=5):
            while events:
                piece, events = events[:10], events[10:]
                with store.session.writing() as transaction:
                    transaction.fold_later()
                    transaction.take(piece, sources=dict.fromkeys((e.id for e in piece), journal))
        statements.append(len(run))
        assert quarantine(store) == []
        assert len(read) <= 3 * 3 * (length + 1)
        store.close()
    # Eight times the length, and not its square.
    assert statements[1] <= 9 * statements[0]


def test_what_counts_by_the_end_of_a_sync_is_not_said_to_wait(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull, "_CHUNK_LINES", 1)
    said = {"kind": "comment_added", "who": "Cy"}
    lines = chained("c" * 32, {}, *(said | {"body": {"text": f"{n}"}} for n in range(4)))
    push(team.remote, f"refs/pitboard/{MALLORY}", lines[1::2])
    push(team.remote, f"refs/pitboard/{'f' * 32}", lines[::2])
    [synced] = team.sync("Bo")
    assert synced.received == 5
    assert synced.noticed == ()
    assert quarantine(team["Bo"]) == []


# Bombs


def test_nested_folders_cost_nothing(team: Team) -> None:
    """A tree of 260 KB that names 2^40 files: only what a journal has is looked at."""
    team["Ann"].pitfalls.report("A white picture")
    team.sync("Ann")
    blob = git(team.remote, "hash-object", "-w", "--stdin", data=b"x")
    tree = git(team.remote, "mktree", data=f"100644 blob {blob}\tx\n".encode())
    for _ in range(40):
        entries = "".join(f"040000 tree {tree}\t{name}\n" for name in "ab")
        tree = git(team.remote, "mktree", data=entries.encode())
    form = git(team.remote, "hash-object", "-w", "--stdin", data=b"pitboard-journal 1\n")
    entries = f"100644 blob {form}\tformat\n" + "".join(
        f"040000 tree {tree}\t{name}\n" for name in ("events", "files", "more")
    )
    root = git(team.remote, "mktree", data=entries.encode())
    commit = git(team.remote, *_NAMED, "commit-tree", root, "-m", "x")
    git(team.remote, "update-ref", f"refs/pitboard/{MALLORY}", commit)
    assert [one.received for one in team.sync("Bo", "Bo")] == [1, 0]


_NAMED = ("-c", "user.name=x", "-c", "user.email=x")


def test_one_file_under_many_names_is_read_once(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    reading = Objects.read

    def counted(objects: Objects, name: str) -> bytes:
        read.append(name)
        return reading(objects, name)

    monkeypatch.setattr(Objects, "read", counted)
    data = b"".join(line + b"\n" for line in chained(MALLORY, {}))
    names = {f"events/{n:06}.jsonl": data for n in range(1, 201)}
    push(team.remote, f"refs/pitboard/{MALLORY}", files=names)
    assert team.sync("Bo")[0].received == 1
    assert max(Counter(read).values()) == 1


_LEFT_OUT = {
    "too many files": {f"events/{n:06}.jsonl": b"%d\n" % n for n in range(1, 30)},
    "too many damaged lines": {"events/000001.jsonl": b"garbage\n" * 3 + b"more\n" * 9},
    "too large": {f"events/{n:06}.jsonl": b"%d" % n + b"\n" * 4_000 for n in range(1, 9)},
}


@pytest.mark.parametrize("files", _LEFT_OUT.values(), ids=_LEFT_OUT.keys())
def test_a_limit_leaves_out_that_journal_and_names_it(
    team: Team, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, limit in (
        ("MOST_SEGMENTS", 20),
        ("MOST_DAMAGED_LINES", 1),
        ("LARGEST_JOURNAL", 30_000),
    ):
        monkeypatch.setattr(pull, name, limit)
    team["Ann"].pitfalls.report("A white picture")
    team.sync("Ann")
    push(team.remote, f"refs/pitboard/{MALLORY}", files=files)
    [first, again] = team.sync("Bo", "Bo")
    assert (first.received, again.received) == (1, 0)
    assert any("store eeeeeeee was left out" in str(one) for one in first.noticed)
    assert again.noticed == ()


def test_a_crowd_of_journals_is_bounded(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pull, "MOST_JOURNALS", 3)
    team["Ann"].pitfalls.report("A white picture")
    team.sync()
    for n in range(5):
        lines = chained(f"{n:032}", {"pitfall": f"{n + 1:016}"})
        push(team.remote, f"refs/pitboard/{n:032}", lines)
    [synced] = team.sync("Bo")
    assert synced.received == 2
    assert sum("was left out" in str(one) for one in synced.noticed) == 3
    # Whoever was here before is not crowded out.
    team["Ann"].pitfalls.report("Another")
    team.sync("Ann")
    assert team.sync("Bo")[0].received == 1


def test_attachments_that_no_event_names_are_not_stored(team: Team) -> None:
    named, unnamed = b"a log line", bytes(1024 * 1024)
    digests = [blobs.digest_of(data) for data in (named, unnamed)]
    attached = {"digest": digests[0], "size": len(named), "label": "a.log"}
    push(
        team.remote,
        f"refs/pitboard/{MALLORY}",
        chained(MALLORY, {}, {"kind": "attachment_added", "body": attached}),
        {f"files/{digests[0][:2]}/{digests[0][2:]}": named}
        | {f"files/{digests[1][:2]}/{digests[1][2:]}": unnamed},
    )
    team.sync("Bo")
    with closing(connect_for_reading(team["Bo"].path)) as connection:
        held = connection.execute("SELECT digest FROM contents").fetchall()
    assert held == [(digests[0],)]


def _chain_of_duplicates(length: int) -> list[bytes]:
    names = [f"{n + 1:016x}" for n in range(length)]
    reported = [{"pitfall": name} for name in names]
    marked = [
        {"pitfall": one, "kind": "duplicate_marked", "body": {"of": other}}
        for one, other in pairwise(names)
    ]
    return chained(MALLORY, *reported, *marked)


def test_a_chain_of_duplicates_costs_what_its_length_says(tmp_path: Path) -> None:
    statements = []
    for length in (100, 800):
        store = Store.open(fresh(tmp_path / f"{length}.db"), now=Wall())
        run: list[str] = []
        with store.session.locked():
            store.session.connection.set_trace_callback(run.append)
        import_events(store.session, _chain_of_duplicates(length))
        statements.append(len(run))
        store.close()
    # Eight times the length, and not its square.
    assert statements[1] <= 9 * statements[0]
    whole = dump(tmp_path / "800.db")
    store.rebuild()
    store.close()
    assert dump(tmp_path / "800.db") == whole
    end = f"{800:016x}"
    with Board.open(tmp_path / "800.db") as board:
        assert len(board.duplicates.of(end)) == 799


# Being shut out


@pytest.mark.parametrize("blocking", ["{journal}/x", "refs/pitboard"])
def test_a_ref_in_the_way_keeps_nobody_from_sending(team: Team, blocking: str) -> None:
    ann, bo = team["Ann"], team["Bo"]
    pitfall = ann.pitfalls.report("A white picture")
    team.sync()
    blocking = blocking.format(journal=team.journal("Ann"))
    [commit] = set(refs(team.remote).values())
    for ref in refs(team.remote):
        git(team.remote, "update-ref", "-d", ref)
    git(team.remote, "update-ref", blocking, commit)
    ann.comments.add(pitfall, "Sent all the same")
    [synced] = team.sync("Ann")
    assert synced.sent >= 1
    [noticed] = [str(one) for one in synced.noticed if "leaves no room" in str(one)]
    assert blocking in noticed
    bo.comments.add(pitfall, "Here, too")
    team.sync()
    team.sync()
    assert set(comments(ann, pitfall)) == {"Sent all the same", "Here, too"}
    assert dump(ann.path) == dump(bo.path)
    assert team.sharing("Ann").waiting == team.sharing("Bo").waiting == 0


def test_refs_in_the_way_of_several_places(team: Team) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    [commit] = set(refs(team.remote).values())
    for ref in refs(team.remote):
        git(team.remote, "update-ref", "-d", ref)
    for ref in ("refs/pitboard", "refs/heads/pitboard"):
        git(team.remote, "update-ref", ref, commit)
    team["Ann"].comments.add(pitfall, "Sent all the same")
    team.sync()
    assert comments(team["Bo"], pitfall) == ["Sent all the same"]
    for ref in refs(team.remote):
        git(team.remote, "update-ref", "-d", ref)
    for layout in Layout:
        git(team.remote, "update-ref", layout.place, commit)
    team["Ann"].comments.add(pitfall, "Nowhere to go")
    with pytest.raises(SharingFailed) as failed:
        team.sync("Ann")
    assert failed.value.kind is GitErrorKind.BLOCKED


# Ignoring, and what others changed


def test_a_store_is_ignored_and_trusted_again(team: Team) -> None:
    ann, bo = team["Ann"], team["Bo"]
    pitfall = ann.pitfalls.report("A white picture", tags=["login"])
    occurrence = ann.occurrences.log(pitfall, message="saveImage:fail", client_version="4.1.8")
    comment = ann.comments.add(pitfall, "Hello")
    team.sync()
    before = board_of(dump(ann.path))
    bo.pitfalls.report("Theirs")
    bo.pitfalls.edit(pitfall, {"title": "Defaced"}, tags=["x"])
    bo.entries.edit(pitfall, occurrence, {"count": 9})
    bo.entries.hide(pitfall, comment)
    bo.occurrences.log(pitfall, message="another:fail")
    team.sync()
    defaced = dump(ann.path)
    with SharingReader.open(ann.path) as shared:
        assert shared.store_named("Bo") == shared.store_named(actor(bo)[:4]) == actor(bo)
    ignore(ann.session, actor(bo))
    assert board_of(dump(ann.path)) == before
    assert check(ann.path, now=team.wall).sound
    # What it writes from then on does not count either, and all of it can be had again.
    bo.comments.add(pitfall, "Later")
    team.sync()
    assert board_of(dump(ann.path)) == before
    with SharingReader.open(ann.path) as shared:
        [writer] = [one for one in shared.writers() if one.actor == actor(bo)]
    assert writer.ignored_since == 0
    trust(ann.session, actor(bo))
    assert dump(ann.path) == dump(bo.path) != defaced
    with pytest.raises(Refused, match="not ignored"):
        trust(ann.session, actor(bo))
    with pytest.raises(Refused, match="this board itself"):
        ignore(ann.session, actor(ann))


def test_a_recovered_board_ignores_whom_the_damaged_one_ignored(team: Team, tmp_path: Path) -> None:
    pitfall = team["Ann"].pitfalls.report("A white picture")
    team.sync()
    team["Bo"].comments.add(pitfall, "Early")
    team.wall.ms += DAY_MS
    team["Bo"].comments.add(pitfall, "Late")
    team.sync()
    ann = team["Ann"]
    ignore(ann.session, actor(team["Bo"]), team.wall.ms - 1_000)
    assert comments(ann, pitfall) == ["Early"]
    new = tmp_path / "new.db"
    recovered = recover(ann.path, new)
    assert recovered.ignored == (actor(team["Bo"]),)
    with closing(Store.open(new, now=team.wall)) as store:
        assert comments(store, pitfall) == ["Early"]
        assert trust(store.session, actor(team["Bo"])) == 1
        assert comments(store, pitfall) == ["Early", "Late"]


def test_a_store_is_ignored_from_a_time_on(team: Team) -> None:
    ann, bo = team["Ann"], team["Bo"]
    pitfall = ann.pitfalls.report("A white picture")
    team.sync()
    bo.comments.add(pitfall, "Before")
    team.wall.ms += 10_000
    since = team.wall.ms
    bo.comments.add(pitfall, "After")
    team.sync()
    ignore(ann.session, actor(bo), since)
    assert comments(ann, pitfall) == ["Before"]
    ignore(ann.session, actor(bo))
    assert comments(ann, pitfall) == []
    ignore(ann.session, actor(bo), since)
    assert comments(ann, pitfall) == ["Before"]
    assert trust(ann.session, actor(bo)) == 1
    assert comments(ann, pitfall) == ["Before", "After"]


def test_what_others_changed_is_summed_up(team: Team) -> None:
    ann, bo = team["Ann"], team["Bo"]
    pitfall = ann.pitfalls.report("A white picture")
    notes = [ann.comments.add(pitfall, f"{n}") for n in range(60)]
    team.sync()
    bo.pitfalls.edit(pitfall, {"title": "B", "severity": "S1"})
    bo.pitfalls.report("Another")
    bo.session.who = "Cy"
    for note in notes:
        bo.entries.hide(pitfall, note)
    _, synced = team.sync("Bo", "Ann")
    assert [(one.name, one.counts, one.unusual) for one in synced.changes] == [
        ("Cy", {ChangeKind.HIDDEN: 60}, True),
        ("Bo", {ChangeKind.EDITED: 2, ChangeKind.NEW: 1}, False),
    ]
    assert team.sharing("Ann").changes == synced.changes
