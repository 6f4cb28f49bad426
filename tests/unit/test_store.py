"""What people do to a board: each action, what it needs, what it leaves alone, and its undoing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, Timeout

from storage.db.backup import back_up
from storage.db.board_files import PRIVATE
from storage.errors import Busy, NotFound, ReadOnly, Refused
from storage.events import TagAdded, parse
from storage.fold.fold import timeline
from storage.imports.importer import import_events
from storage.model.records import Pitfall
from storage.model.row import Kind, Severity, Status, Text
from storage.model.vocabulary import Axis, Outcome, Platform, Source
from storage.read.board import Board
from storage.read.names import person
from storage.write import store as store_module
from storage.write.board_file import WritersLock
from storage.write.history import Step
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY, Wall, dump, line, lines_of

_FIX = {"axis": "client", "from_version": "4.1.30"}


def read(store: Store, pitfall: str) -> Pitfall:
    with Board.open(store.path) as board:
        return board.pitfall(pitfall)


def status(store: Store, pitfall: str) -> Status:
    return read(store, pitfall).status


def written_by(store: Store, action: Callable[[], object]) -> list[str]:
    """The kinds of the events that an action writes."""
    before = len(lines_of(store.path))
    action()
    return [parse(one.strip()).envelope.kind for one in lines_of(store.path)[before:]]


# Reporting


def test_a_report_says_all_at_once(store: Store) -> None:
    pitfall = store.pitfalls.report(
        "  保存的图片是白色 ",
        kind="quirk",
        component="wx.saveImageToPhotosAlbum",
        severity="S2",
        workaround="Save twice.\n",
        reproduction="1. Open\n\t2. Save\r\n",
        tags=["album", "album", "安卓"],
        references=[
            "https://developers.weixin.qq.com/community/develop/doc/1",
            "https://developer.work.weixin.qq.com/document/path/1",
            "http://blog.example/post",
        ],
        signatures=["saveImage:fail", "saveImage:fail"],
    )
    held = read(store, pitfall)
    assert held.title == Text("保存的图片是白色")
    assert (held.kind, held.severity, held.status) == (Kind.QUIRK, Severity.S2, Status.WORKAROUND)
    assert held.workaround == Text("Save twice.")
    assert held.reproduction == Text("1. Open\n\t2. Save")
    assert held.tags == ("album", "安卓")
    assert [one.source for one in held.references] == [
        Source.COMMUNITY,
        Source.OFFICIAL,
        Source.OTHER,
    ]
    assert [one.text for one in held.signatures] == ["saveImage:fail"]
    assert (held.reported_at, held.changed_at, held.reported_by) == (MONDAY, MONDAY, "Ann")


def test_a_report_without_a_workaround_is_open(store: Store) -> None:
    assert status(store, store.pitfalls.report("x")) is Status.OPEN
    assert status(store, store.pitfalls.report("x", workaround=" \n ")) is Status.OPEN


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"title": "\x1b]0;gotcha\x07"}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"title": "a\ud800"}, "title"),
        ({"title": "x", "kind": "oops"}, "kind"),
        ({"title": "x", "severity": "S5"}, "severity"),
        ({"title": "x", "reproduction": "fine\nnot\u202e fine"}, "reproduction"),
        ({"title": "x", "workaround": "x" * 20_001}, "workaround"),
        ({"title": "x", "tags": ["two words"]}, "tag"),
        ({"title": "x", "tags": [""]}, "tag"),
        ({"title": "x", "references": ["javascript:alert(1)"]}, "url"),
        ({"title": "x", "references": ["https://a b"]}, "url"),
        ({"title": "x", "signatures": [""]}, "text"),
    ],
    ids=repr,
)
def test_a_report_that_can_not_be_kept_names_what_is_wrong(
    store: Store, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        store.pitfalls.report(**values)
    assert refused.value.field == field
    assert str(refused.value)
    assert lines_of(store.path) == []


def test_a_name_that_can_not_be_written_is_made_writable(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "board.db", who="An\udc80n" + "n" * 300)
    held = read(store, store.pitfalls.report("x"))
    assert held.reported_by.startswith("An?n")
    assert len(held.reported_by) == 200
    store.close()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here to be asked")
def test_a_name_from_git_may_be_in_any_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_bytes(b"[user]\n\tname = An\xffn\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    assert person() == "An\ufffdn"
    assert person("Bo") == "Bo"


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here to be asked")
@pytest.mark.parametrize(
    "text",
    [
        "[user]\n\tname = Ann Lee\n",
        "[user]\n\temail = ann@example.com\n\tname=  Ann  \n\tname = Bo\n",
        "[User] NAME = 安\n[core]\n\tname = x\n",
        "\ufeff# mine\n[user] ; me\n\tname = Ann ; not so\n",
        '[user]\n\tname = "Ann # Lee"\n',
        "[user]\n\tname = Ann \\\n Lee\n",
        '[alias]\n\tx = "a \\\n[user]\\\nname = Bo"\n[user]\nname = Ann\n',
        '[user "work"]\n\tname = Bo\n[user.home]\n\tname = Cy\n[user]\n\tname = Ann\n',
        "[include]\n\tpath = other\n[user]\n\tname = Ann\n",
        "[user]\n\tname = Ann\n[include]\n\tpath = other\n",
        "[user]\n\tname =\n",
        "[core]\n",
    ],
)
@pytest.mark.parametrize("place", [".gitconfig", ".config/git/config", "work/.git/config"])
def test_a_name_is_read_from_the_files_of_git_as_git_reads_it(
    text: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_", "PITBOARD_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOGNAME", "login")
    work = tmp_path / "work"
    subprocess.run(["git", "init", "--quiet", work], check=True)
    if place.startswith("work"):
        (tmp_path / ".gitconfig").write_text("[user]\n\tname = Elsewhere\n", "utf-8")
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.with_name("other").write_text("[user]\n\tname = Included\n", "utf-8")
    (work / "below").mkdir()
    monkeypatch.chdir(work / "below")
    asked = subprocess.run(
        ["git", "config", "--get", "user.name"], capture_output=True, encoding="utf-8", check=False
    )
    assert person() == (asked.stdout.strip() or "login")


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here to be asked")
def test_a_linked_work_tree_has_the_name_of_its_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_", "PITBOARD_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    git = ["git", "-C", str(tmp_path / "main"), "-c", "user.name=x", "-c", "user.email=x@x.x"]
    subprocess.run(["git", "init", "--quiet", tmp_path / "main"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "Start"], check=True)
    subprocess.run([*git, "worktree", "add", "--quiet", tmp_path / "linked"], check=True)
    subprocess.run(["git", "-C", tmp_path / "main", "config", "user.name", "Ann"], check=True)
    monkeypatch.chdir(tmp_path / "linked")
    # Without git there is nobody else to ask.
    monkeypatch.setenv("PATH", "")
    assert person() == "Ann"


def test_git_is_not_started_for_a_plain_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_", "PITBOARD_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")
    (tmp_path / ".gitconfig").write_text("[user]\n\tname = Ann\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert person() == "Ann"


# Editing


def test_an_edit_writes_only_what_differs(store: Store, wall: Wall) -> None:
    pitfall = store.pitfalls.report("Old", component="wx.a", severity="S3")
    wall.ms += 1000
    kinds = written_by(
        store,
        lambda: store.pitfalls.edit(
            pitfall, {"title": " New ", "component": "wx.a", "kind": "docs"}
        ),
    )
    assert kinds == ["field_set", "field_set"]
    held = read(store, pitfall)
    assert (held.title, held.kind) == (Text("New"), Kind.DOCS)
    assert held.changed_at == wall.ms
    assert not store.pitfalls.edit(pitfall, {"title": "New"})
    assert store.pitfalls.edit(pitfall, {"title": "Newer"})


@pytest.mark.parametrize("field", ["component", "workaround", "reproduction"])
def test_a_value_can_be_taken_away(store: Store, field: str) -> None:
    pitfall = store.pitfalls.report("x", **{field: "something"})
    store.status.set(pitfall, "open")
    assert store.pitfalls.edit(pitfall, {field: ""})
    assert getattr(read(store, pitfall), field) == Text()


def test_a_title_can_not_be_taken_away(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    with pytest.raises(Refused, match="needs a title"):
        store.pitfalls.edit(pitfall, {"title": " "})


def test_what_nobody_knows_can_not_be_edited(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    with pytest.raises(Refused):
        store.pitfalls.edit(pitfall, {"status": "open"})
    with pytest.raises(NotFound):
        store.pitfalls.edit("abcd", {"title": "y"})


def test_a_text_in_two_languages_is_not_rewritten_by_saving_either(store: Store) -> None:
    import_events(store.session, [line(body={"title": {"en": "White picture", "zh": "白色图片"}})])
    for same in ("White picture", "白色图片"):
        assert not store.pitfalls.edit("ab12cd34ab12cd34", {"title": same})
    assert store.pitfalls.edit("ab12cd34ab12cd34", {"title": "Black picture"})
    assert read(store, "ab12cd34ab12cd34").title.read("zh_CN") == "Black picture"


def test_tags_become_what_is_asked_for(store: Store) -> None:
    pitfall = store.pitfalls.report("x", tags=["b", "a"])
    assert not store.pitfalls.edit(pitfall, {}, tags=["a", "b", "a", " b "])
    kinds = written_by(store, lambda: store.pitfalls.edit(pitfall, {}, tags=["b", "c"]))
    assert kinds == ["tag_added", "tag_removed"]
    assert read(store, pitfall).tags == ("b", "c")
    store.pitfalls.edit(pitfall, {}, tags=[])
    assert read(store, pitfall).tags == ()


def test_signatures_become_what_is_asked_for_and_keep_their_ids(store: Store) -> None:
    pitfall = store.pitfalls.report("x", signatures=["a:fail", "b:fail"])
    [kept, _] = read(store, pitfall).signatures
    assert not store.pitfalls.edit(pitfall, {}, signatures=["a:fail", " b:fail ", ""])
    store.pitfalls.edit(pitfall, {}, signatures=["a:fail", "c:fail", "c:fail"])
    held = read(store, pitfall).signatures
    assert [one.text for one in held] == ["a:fail", "c:fail"]
    assert held[0] == kept


def test_an_edit_that_is_refused_in_part_writes_nothing(store: Store) -> None:
    pitfall = store.pitfalls.report("x", workaround="Wait.")
    before = lines_of(store.path)
    with pytest.raises(Refused, match="needs a workaround text"):
        store.pitfalls.edit(pitfall, {"title": "y", "workaround": ""}, tags=["z"])
    assert lines_of(store.path) == before


def test_the_reason_of_an_edit_is_told(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    store.pitfalls.edit(pitfall, {"severity": "S1"}, reason="It blocks the release")
    with Board.open(store.path) as board:
        newest = board.history.timeline(pitfall)[0]
    assert (newest.field, newest.before.plain, newest.after.plain) == ("severity", "S3", "S1")
    assert newest.reason.plain == "It blocks the release"


# Status


def test_workaround_needs_a_text(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    for blank in ("", " \n"):
        with pytest.raises(Refused, match="needs a workaround text") as refused:
            store.status.set(pitfall, "workaround", workaround=blank)
        assert refused.value.field == "workaround"
    store.status.set(pitfall, "workaround", workaround="Save twice.", reason="Found one")
    held = read(store, pitfall)
    assert (held.status, held.workaround.plain) == (Status.WORKAROUND, "Save twice.")


def test_a_workaround_that_stands_is_enough(store: Store) -> None:
    pitfall = store.pitfalls.report("x", workaround="Save twice.")
    store.status.set(pitfall, "open")
    kinds = written_by(
        store, lambda: store.status.set(pitfall, "workaround", workaround="Save twice.\n")
    )
    assert kinds == ["status_set"]
    assert status(store, pitfall) is Status.WORKAROUND


def test_fixed_upstream_needs_a_fix_record(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    with pytest.raises(Refused, match="needs a fix record") as refused:
        store.status.set(pitfall, "fixed upstream")
    assert refused.value.field == "axis"
    for values, field in (
        ({"from_version": "4.1"}, "axis"),
        ({"axis": "client"}, "from_version"),
        ({"axis": "moon", "from_version": "1"}, "axis"),
        ({"axis": "client", "from_date": "last week"}, "from_date"),
        ({"axis": "client", "from_date": "2026-02-30"}, "from_date"),
    ):
        with pytest.raises(Refused) as refused:
            store.status.set(pitfall, "fixed upstream", **values)
        assert refused.value.field == field
    assert status(store, pitfall) is Status.OPEN
    store.status.set(pitfall, "fixed upstream", **_FIX, quote="Fixed in 4.1.30")
    held = read(store, pitfall)
    assert held.status is Status.FIXED_UPSTREAM
    assert [(one.axis, one.from_version, one.quote.plain) for one in held.fixes] == [
        (Axis.CLIENT, "4.1.30", "Fixed in 4.1.30")
    ]


def test_a_fix_record_that_stands_is_enough(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    store.status.set(pitfall, "fixed upstream", **_FIX)
    store.status.set(pitfall, "open", reason="It is back")
    store.status.set(pitfall, "fixed upstream")
    assert status(store, pitfall) is Status.FIXED_UPSTREAM
    assert len(read(store, pitfall).fixes) == 1


@pytest.mark.parametrize("wrong", ["closed", "fixed", "", "OPEN"])
def test_there_are_three_statuses_and_no_other(store: Store, wrong: str) -> None:
    pitfall = store.pitfalls.report("x")
    with pytest.raises(Refused) as refused:
        store.status.set(pitfall, wrong)
    assert refused.value.field == "status"


def test_several_change_together_or_not_at_all(store: Store) -> None:
    ready, not_ready = store.pitfalls.report("x", workaround="Wait."), store.pitfalls.report("y")
    store.status.set(ready, "open")
    with pytest.raises(Refused):
        store.status.set([ready, not_ready], "workaround")
    assert status(store, ready) is Status.OPEN
    store.status.set([ready, not_ready], "workaround", workaround="Wait.")
    assert {status(store, ready), status(store, not_ready)} == {Status.WORKAROUND}
    assert set(store.history.undo().pitfalls) == {ready, not_ready}
    assert {status(store, ready), status(store, not_ready)} == {Status.OPEN}


def test_what_a_status_rests_on_can_not_go(store: Store) -> None:
    pitfall = store.pitfalls.report("x", workaround="Wait.")
    with pytest.raises(Refused, match="needs a workaround text"):
        store.pitfalls.edit(pitfall, {"workaround": " "})
    store.status.set(pitfall, "fixed upstream", **_FIX)
    [fix] = read(store, pitfall).fixes
    with pytest.raises(Refused, match="rests on this fix"):
        store.entries.hide(pitfall, fix.id)
    store.pitfalls.edit(pitfall, {"workaround": ""})
    store.status.set(pitfall, "fixed upstream", axis="server", from_date="2026-11-20")
    store.entries.hide(pitfall, fix.id)
    assert [one.axis for one in read(store, pitfall).fixes] == [Axis.SERVER]


# Items


def test_an_occurrence_says_where_and_when(store: Store, wall: Wall) -> None:
    pitfall = store.pitfalls.report("x")
    day = MONDAY - 3 * DAY_MS
    event = store.occurrences.log(
        pitfall, platform="android", device="P60", count="3", seen_at=day, note="", message=None
    )
    with Board.open(store.path) as board:
        [one] = board.occurrences.of(pitfall)
        assert board.occurrences.last_environment() == one.environment
    assert (one.id, one.count, one.seen_at, one.who) == (event, 3, day, "Ann")
    assert (one.environment.platform, one.environment.device) == (Platform.ANDROID, "P60")
    assert one.environment.host is None
    assert one.outcome is Outcome.REPRODUCED


def test_an_occurrence_without_a_day_was_seen_now(store: Store, wall: Wall) -> None:
    pitfall = store.pitfalls.report("x")
    wall.ms += 5
    store.occurrences.log(pitfall)
    with Board.open(store.path) as board:
        assert board.occurrences.totals(pitfall).last_seen == wall.ms


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"seen_at": MONDAY + DAY_MS + 1}, "seen_at"),
        ({"platform": "fridge"}, "platform"),
        ({"count": 0}, "count"),
        ({"count": "many"}, "count"),
        ({"outcome": "maybe"}, "outcome"),
        ({"device": "P\x0760"}, "device"),
        ({"mood": "bad"}, "mood"),
    ],
    ids=repr,
)
def test_an_occurrence_that_can_not_be(store: Store, values: dict[str, Any], field: str) -> None:
    pitfall = store.pitfalls.report("x")
    with pytest.raises(Refused) as refused:
        store.occurrences.log(pitfall, **values)
    assert refused.value.field == field


def test_items_can_be_amended_on_their_own(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    comment = store.comments.add(pitfall, "Frist")
    reference = store.links.add(pitfall, "https://a.b/c", quote="Known", official=True)
    signature = store.signatures.add(pitfall, "scan:fail", platform="ios")
    occurrence = store.occurrences.log(pitfall, note="on my desk", host="wecom", count=2)
    store.entries.edit(pitfall, comment, {"text": "First\n"}, reason="Typo")
    store.entries.edit(pitfall, reference, {"quote": None, "title": " The thread "})
    store.entries.edit(pitfall, signature, {"form": "glob", "text": "scan*:fail"})
    store.entries.edit(pitfall, occurrence, {"note": None, "count": 5, "host": None})
    held = read(store, pitfall)
    assert [one.text.plain for one in held.comments] == ["First"]
    [link] = held.references
    assert (link.quote, link.title, link.official) == (Text(), Text("The thread"), True)
    assert [(one.text, one.form, one.platform) for one in held.signatures] == [
        ("scan*:fail", "glob", "ios")
    ]
    with Board.open(store.path) as board:
        [logged] = board.occurrences.of(pitfall)
        assert board.occurrences.totals(pitfall).count == 5
    assert (logged.id, logged.note, logged.environment.host) == (
        occurrence,
        Text(),
        None,
    )


def test_an_amendment_is_held_to_the_same_rules(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    store.status.set(pitfall, "fixed upstream", **_FIX)
    [fix] = read(store, pitfall).fixes
    comment = store.comments.add(pitfall, "Hello")
    reference = store.links.add(pitfall, "https://a.b/c")
    occurrence = store.occurrences.log(pitfall)
    before = lines_of(store.path)
    changes: list[tuple[str, dict[str, Any]]] = [
        (fix.id, {"from_version": ""}),
        (comment, {"text": ""}),
        (comment, {"mood": "bad"}),
        (comment, {}),
        (reference, {"url": "javascript:alert(1)"}),
        (occurrence, {"seen_at": MONDAY + 2 * DAY_MS}),
        (occurrence, {"message": "\x1b[2J"}),
    ]
    for item, change in changes:
        with pytest.raises(Refused):
            store.entries.edit(pitfall, item, change)
    for wrong in ("0" * 32, lines_of(store.path)[0].decode()[:32]):
        with pytest.raises(NotFound):
            store.entries.edit(pitfall, wrong, {"text": "x"})
    assert lines_of(store.path) == before


def test_an_item_belongs_to_its_pitfall(store: Store) -> None:
    one, other = store.pitfalls.report("x"), store.pitfalls.report("y")
    comment, occurrence = store.comments.add(one, "Hello"), store.occurrences.log(one)
    for item in (comment, occurrence):
        with pytest.raises(NotFound):
            store.entries.hide(other, item)


def test_what_is_hidden_is_gone_until_it_is_undone(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    comment, occurrence = (
        store.comments.add(pitfall, "Oops"),
        store.occurrences.log(pitfall, count=4),
    )
    store.entries.hide(pitfall, comment, reason="Wrong pitfall")
    store.entries.hide(pitfall, occurrence)
    assert read(store, pitfall).comments == ()
    with Board.open(store.path) as board:
        assert board.occurrences.totals(pitfall).count == 0
    with pytest.raises(NotFound):
        store.entries.hide(pitfall, comment)
    store.history.undo()
    store.history.undo()
    assert [one.id for one in read(store, pitfall).comments] == [comment]
    with Board.open(store.path) as board:
        assert board.occurrences.totals(pitfall).count == 4


def test_nothing_can_be_added_to_what_is_not_there(store: Store) -> None:
    actions: list[Callable[[], object]] = [
        lambda: store.comments.add("abcd", "Hello"),
        lambda: store.occurrences.log("abcd"),
        lambda: store.links.add("abcd", "https://a.b/c"),
        lambda: store.signatures.add("abcd", "scan:fail"),
        lambda: store.status.set("abcd", "open"),
    ]
    for action in actions:
        with pytest.raises(NotFound, match="abcd"):
            action()
    assert lines_of(store.path) == []


# Taking back


def test_undo_says_what_it_took_back(store: Store) -> None:
    pitfall = store.pitfalls.report("The picture is white", tags=["album"])
    step = store.history.undo()
    assert isinstance(step, Step)
    assert step.changes == (("reported", ""), ("tag_added", ""))
    assert step.pitfalls == (pitfall,)
    assert step.titles == (Text("The picture is white"),)
    with pytest.raises(NotFound):
        read(store, pitfall)
    again = store.history.redo()
    assert again == step
    assert read(store, pitfall).tags == ("album",)
    changes = {"severity": "S1", "due": "2027-01-01", "component": "wx"}
    store.pitfalls.edit(pitfall, changes)
    fields = ("field_set", "severity"), ("field_set", "due"), ("field_set", "component")
    assert sorted(store.history.undo().changes) == sorted(fields)
    assert sorted(store.history.redo().changes) == sorted(fields)


def test_there_is_an_end_to_undo_and_redo(store: Store) -> None:
    with pytest.raises(NotFound, match="nothing to undo"):
        store.history.undo()
    store.pitfalls.report("x")
    with pytest.raises(NotFound, match="nothing to redo"):
        store.history.redo()
    store.history.undo()
    with pytest.raises(NotFound, match="nothing to undo"):
        store.history.undo()


def test_a_new_action_ends_redo(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    store.comments.add(pitfall, "one")
    store.history.undo()
    store.comments.add(pitfall, "two")
    with pytest.raises(NotFound, match="nothing to redo"):
        store.history.redo()
    assert [one.text.plain for one in read(store, pitfall).comments] == ["two"]


def test_undo_takes_back_only_what_this_store_did(store: Store, tmp_path: Path) -> None:
    pitfall = store.pitfalls.report("x")
    other = Store.open(tmp_path / "other.db", who="Bo")
    import_events(other.session, lines_of(store.path))
    other.comments.add(pitfall, "Theirs")
    import_events(store.session, lines_of(other.path))
    assert store.history.undo().changes == (("reported", ""),)
    assert other.history.undo().changes == (("comment_added", ""),)
    with pytest.raises(NotFound):
        other.history.undo()
    other.close()


def test_a_copied_board_is_a_store_of_its_own_from_its_first_write_on(
    store: Store, tmp_path: Path, wall: Wall
) -> None:
    pitfall = store.pitfalls.report("x")
    back_up(store.path, tmp_path / "copy.db")
    copy = Store.open(tmp_path / "copy.db", who="Ann at home", now=wall)
    mine = store.comments.add(pitfall, "At work")
    copy.comments.add(pitfall, "At home")
    import_events(copy.session, lines_of(store.path))
    import_events(store.session, lines_of(copy.path))
    copy.comments.add(pitfall, "Later, at home")
    actors = {parse(one.strip()).envelope.actor for one in lines_of(store.path)}
    actors |= {parse(one.strip()).envelope.actor for one in lines_of(copy.path)}
    assert len(actors) == 2
    # Undo on one never takes back what was done on the other.
    assert [one.id for one in store.history.undo().events] == [mine]
    import_events(store.session, lines_of(copy.path))
    assert {one.text.plain for one in read(store, pitfall).comments} == {
        "At home",
        "Later, at home",
    }
    copy.close()


def test_a_board_that_was_moved_is_the_same_store(store: Store, tmp_path: Path) -> None:
    pitfall = store.pitfalls.report("x")
    store.close()
    store.path.rename(tmp_path / "elsewhere.db")
    moved = Store.open(tmp_path / "elsewhere.db", who="Ann")
    moved.comments.add(pitfall, "From there")
    assert moved.history.undo().changes == (("comment_added", ""),)
    assert moved.history.undo().changes == (("reported", ""),)
    moved.close()


def test_a_board_of_two_names_is_one_store(store: Store, tmp_path: Path) -> None:
    pitfall = store.pitfalls.report("x")
    link = tmp_path / "link.db"
    link.symlink_to(store.path)
    linked = Store.open(link, who="Ann")
    linked.comments.add(pitfall, "By the link")
    store.comments.add(pitfall, "By its own name")
    linked.close()
    assert store.history.undo().changes == (("comment_added", ""),)
    assert store.history.undo().changes == (("comment_added", ""),)
    assert store.history.undo().changes == (("reported", ""),)


def test_taking_one_s_own_events_in_again_changes_nothing(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    import_events(store.session, lines_of(store.path))
    store.comments.add(pitfall, "Still me")
    assert len({parse(one.strip()).envelope.actor for one in lines_of(store.path)}) == 1
    store.history.undo()
    assert store.history.undo().changes == (("reported", ""),)


# Listeners, time and locks


def test_listeners_hear_which_pitfalls_changed(store: Store) -> None:
    heard: list[frozenset[str]] = []
    store.subscribe(heard.append)
    one, other = store.pitfalls.report("x"), store.pitfalls.report("y")
    store.status.set([one, other], "workaround", workaround="Wait.")
    store.pitfalls.edit(one, {"title": "x"})
    with pytest.raises(Refused):
        store.status.set(one, "fixed upstream")
    store.history.undo()
    assert heard == [{one}, {other}, {one, other}, {one, other}]
    store.rebuild()
    assert heard[-1] == {one, other}


def test_a_board_is_rebuilt_again_and_again(store: Store) -> None:
    pitfall = store.pitfalls.report("x", tags=["one"])
    store.occurrences.log(pitfall, message="openDoc:fail", client_version="4.1.8")
    before = dump(store.path)
    for _ in range(2):
        store.rebuild()
    assert dump(store.path) == before


def test_a_wrong_clock_does_not_disturb_the_order(store: Store, wall: Wall) -> None:
    pitfall = store.pitfalls.report("x")
    for title, skew in (("early", -900 * DAY_MS), ("late", 900 * DAY_MS), ("last", -DAY_MS)):
        wall.ms = MONDAY + skew
        store.pitfalls.edit(pitfall, {"title": title})
    held = read(store, pitfall)
    assert held.title == Text("last")
    assert held.changed_at == MONDAY + 900 * DAY_MS
    events = [parse(one.strip()) for one in lines_of(store.path)]
    assert [one.after.plain for one in timeline(reversed(events))] == ["x", "early", "late", "last"]


def test_a_action_waits_its_turn_and_says_so_when_it_takes_too_long(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    pitfall = store.pitfalls.report("x")
    monkeypatch.setattr("storage.write.session._LOCK_SECONDS", 0.05)
    other = Store.open(store.path)
    with store.session.locked(), pytest.raises(Busy, match="has been writing"):
        other.comments.add(pitfall, "Let me")
    other.comments.add(pitfall, "Now")
    assert [one.text.plain for one in read(store, pitfall).comments] == ["Now"]
    other.close()


def test_the_lock_is_one_with_filelocks_own_however_it_is_taken(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    path = store.path.with_name(f"{store.path.name}.lock")
    free = FileLock(path, timeout=0)
    with store.session.locked(), store.session.locked(), pytest.raises(Timeout):
        free.acquire()
    with free.acquire(), pytest.raises(TimeoutError):
        WritersLock(path, PRIVATE).acquire(timeout=0)
    # A link is not followed, and filelock says so.
    path.rename(path.with_suffix(".other"))
    path.symlink_to(path.with_suffix(".other"))
    with pytest.raises(ReadOnly, match="can't be written"):
        store.comments.add(pitfall, "Through a link")
    path.unlink()
    # Removed by somebody, it is made again by filelock, and then taken at once.
    for text in ("One", "Two"):
        store.comments.add(pitfall, text)
        with free.acquire():
            assert path.exists()
    assert [one.text.plain for one in read(store, pitfall).comments] == ["One", "Two"]


@pytest.mark.parametrize("longest", [60, 0.1])
def test_an_action_gives_up_only_if_nothing_goes_on_or_others_write_for_very_long(
    store: Store, monkeypatch: pytest.MonkeyPatch, longest: float
) -> None:
    pitfall = store.pitfalls.report("x")
    monkeypatch.setattr("storage.write.session._LOCK_SECONDS", 0.05)
    monkeypatch.setattr("storage.write.session._QUEUE_SECONDS", longest)
    with closing(Store.open(store.path)) as other, ThreadPoolExecutor(1) as beside:
        looks = 0

        def written(_: Path) -> tuple[tuple[int, int], ...]:
            """Somebody has written each time that it looks."""
            nonlocal looks
            looks += 1
            return ((looks, looks),)

        monkeypatch.setattr("storage.write.session.written_state", written)
        with store.session.locked():
            waits = beside.submit(other.comments.add, pitfall, "Let me")
            # Many times as long as one that writes nothing may hold the lock.
            while looks < 100 and not waits.done():
                time.sleep(0.01)
        if longest == 60:
            assert waits.result()
        else:
            assert isinstance(waits.exception(), Busy)


def test_a_store_that_was_closed_opens_again_when_it_is_needed(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    store.close()
    store.close()
    assert store.pitfalls.edit(pitfall, {"title": "y"})


def test_nobody_takes_back_what_somebody_else_did_in_the_same_file(store: Store) -> None:
    pitfall = store.pitfalls.report("A white picture")
    store.comments.add(pitfall, "Ann's")
    store.session.who = "Bo"
    with pytest.raises(NotFound, match="nothing to undo"):
        store.history.undo()
    store.comments.add(pitfall, "Bo's")
    store.session.who = "Ann"
    store.history.undo()
    with Board.open(store.path) as board:
        assert [one.text.plain for one in board.pitfall(pitfall).comments] == ["Bo's"]
    store.session.who = "Bo"
    with pytest.raises(NotFound, match="nothing to redo"):
        store.history.redo()
    store.session.who = "Ann"
    store.history.redo()
    with Board.open(store.path) as board:
        assert len(board.pitfall(pitfall).comments) == 2


def test_a_workaround_that_is_gone_is_verified_no_more(store: Store, wall: Wall) -> None:
    pitfall = store.pitfalls.report("A white picture", workaround="Ask twice.")
    assert read(store, pitfall).workaround_at == wall.ms
    store.status.set(pitfall, "open")
    store.pitfalls.edit(pitfall, {"workaround": ""})
    assert read(store, pitfall).workaround_at is None
    with pytest.raises(Refused, match="no workaround"):
        store.fixes.confirm_workaround(pitfall)


def test_an_edit_of_an_entry_that_changes_nothing_is_not_recorded(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    comment = store.comments.add(pitfall, "First")
    occurrence = store.occurrences.log(pitfall, platform="ios", count=2)
    before = Counter(lines_of(store.path))
    assert not store.entries.edit(pitfall, comment, {"text": "First\n"}, reason="Again")
    assert not store.entries.edit(pitfall, occurrence, {"platform": "ios", "host": None})
    assert Counter(lines_of(store.path)) == before
    assert store.entries.edit(pitfall, occurrence, {"platform": "ios", "count": 3})
    [amended] = (Counter(lines_of(store.path)) - before).elements()
    assert json.loads(amended)["body"]["changes"] == {"count": 3}


def tags_of(store: Store, pitfall: str) -> tuple[str, ...]:
    return read(store, pitfall).tags


def test_a_tag_is_written_as_the_board_has_it_in_any_case(store: Store) -> None:
    first = store.pitfalls.report("x", tags=["Camera", "camera"])
    assert tags_of(store, first) == ("Camera",)
    second = store.pitfalls.report("y", tags=["CAMERA", "new"])
    assert tags_of(store, second) == ("Camera", "new")
    store.pitfalls.edit(second, {}, add_tags=["New", "cameras"])
    assert tags_of(store, second) == ("Camera", "cameras", "new")
    store.pitfalls.edit(second, {}, tags=["NEW", "camera"])
    assert tags_of(store, second) == ("Camera", "new")
    store.pitfalls.edit(second, {}, remove_tags=["CAMERA"])
    assert tags_of(store, second) == ("new",)


def test_the_case_of_a_tag_is_changed_by_removing_and_adding_it(store: Store) -> None:
    pitfall = store.pitfalls.report("x", tags=["Camera"])
    store.pitfalls.edit(pitfall, {}, add_tags=["camera"], remove_tags=["Camera"])
    assert tags_of(store, pitfall) == ("camera",)


def test_tags_that_came_in_two_cases_are_told_apart_by_their_case(store: Store) -> None:
    pitfall = store.pitfalls.report("x", tags=["Camera"])
    with store.session.writing() as transaction:
        # As a colleague's board may have written it at the same time.
        transaction.add(pitfall, TagAdded(tag="camera"))
    store.pitfalls.edit(pitfall, {}, tags=["Camera", "camera"])
    assert tags_of(store, pitfall) == ("Camera", "camera")
    store.pitfalls.edit(pitfall, {}, remove_tags=["Camera"])
    assert tags_of(store, pitfall) == ("camera",)


def test_only_the_one_that_made_a_board_says_so(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    look = store_module.look

    def look_late(path: Path) -> object:
        """Another process makes the board right after this one saw that there is none."""
        found = look(path)
        if found is None:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(store_module, "look", look)
                first.append(Store.open(path))
        return found

    first: list[Store] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_module, "look", look_late)
        second = Store.open(path)
    assert [one.session.has_started for one in (*first, second)] == [True, False]
    for one in (*first, second):
        one.close()


def test_a_clock_before_1970_is_said_in_words(tmp_path: Path) -> None:
    wall = Wall()
    store = Store.open(tmp_path / "board.db", now=wall)
    pitfall = store.pitfalls.report("A white picture")
    before = lines_of(store.path)
    wall.ms = -3_600_000
    actions: list[Callable[[], object]] = [
        lambda: store.pitfalls.report("Another"),
        lambda: store.comments.add(pitfall, "Early"),
        lambda: store.occurrences.log(pitfall),
        store.history.undo,
    ]
    for action in actions:
        with pytest.raises(Refused, match="clock stands before 1970"):
            action()
    assert lines_of(store.path) == before
    with pytest.raises(Refused, match="clock stands before 1970"):
        Store.open(tmp_path / "another.db", now=wall, zone=lambda: "UTC")
    assert not (tmp_path / "another.db").exists()


def test_a_large_step_says_how_far_it_is(store: Store) -> None:
    pitfalls = [store.pitfalls.report("A white picture"), store.pitfalls.report("Another")]
    told: list[tuple[int, int]] = []
    store.session.progress = lambda done, total: told.append((done, total))
    store.pitfalls.edit(pitfalls, {}, add_tags=[f"tag{n}" for n in range(250)])
    assert told == [(200, 0), (400, 0), (0, 2), (0, 0)]
    told.clear()
    store.history.undo()
    assert told[-2:] == [(0, 2), (0, 0)]
