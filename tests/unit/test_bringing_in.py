"""Bringing files in, again and again: only what changed comes, and nobody's words are lost."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path

import pytest

from storage.imports import importer
from storage.imports.importer import ImportTally, import_items, preview
from storage.imports.issue_lists import IssueList
from storage.imports.notes import read_note
from storage.imports.sources import recognised
from storage.model.records import Pitfall
from storage.model.row import InboxReason, Status, Triage
from storage.query.tree import Query
from storage.read.board import Board
from storage.write.store import Store
from tests.records import Wall, board_of, dump, lines_of, take_in

NOTE = """\
---
title: Visitor app, field notes
date: 2024-03-09
tags: [visitor]
---

## wx.scanCode stays black on tablets

Restarting helps. See [the thread](https://example.org/scan).

## Badges print twice

The printer says `print:fail busy`, and prints again.

## At most nine photos a visit

The tenth is silently lost.

## Links

- [A poem](https://example.org/poem)
"""


def bring(store: Store, text: str, **how: str) -> tuple[ImportTally, list[str]]:
    """Look at a note, then bring it in; what came, and which titles are gone."""
    proposals, gone = recognised(store.path, read_note(text, "note.md", **how).proposals)
    before = lines_of(store.path)
    looked = preview(store.path, proposals)
    assert lines_of(store.path) == before
    came = import_items(store.session, proposals)
    assert came == looked
    return came, gone


def counts(tally: ImportTally) -> tuple[int, int, int]:
    return tally.new, tally.changed, tally.same


def pitfalls(store: Store) -> dict[str, Pitfall]:
    """Every pitfall on the board by its title."""
    with Board.open(store.path) as board:
        rows = board.find(Query()).page(0, 100)
        return {row.title.plain: board.pitfall(row.id) for row in rows}


def by_title(store: Store, title: str) -> Pitfall:
    return pitfalls(store)[title]


def test_each_problem_waits_in_the_inbox_with_all_that_the_note_gives(store: Store) -> None:
    tally, gone = bring(store, NOTE)
    assert (counts(tally), gone) == ((3, 0, 0), [])
    scan = by_title(store, "wx.scanCode stays black on tablets")
    assert scan.decision.triage is Triage.INBOX
    assert scan.decision.inbox_reason is InboxReason.IMPORTED
    assert scan.component.plain == "wx.scanCode"
    assert scan.tags == ("visitor",)
    assert scan.status is Status.OPEN
    [reference] = scan.references
    assert (reference.url, reference.title.plain) == ("https://example.org/scan", "the thread")
    badges = by_title(store, "Badges print twice")
    assert [one.text for one in badges.signatures] == ["print:fail busy"]
    with Board.open(store.path) as board:
        assert board.occurrences.of(badges.id) == []
        [imported] = [one for one in board.history.timeline(scan.id) if one.what == "imported"]
    # The day and the link that belongs to none in particular are in the history.
    assert imported.after.plain == (
        "Visitor app, field notes 2024-03-09 (2024-03-09)  A poem <https://example.org/poem>"
    )


def test_the_same_again_changes_nothing(store: Store) -> None:
    bring(store, NOTE)
    held = lines_of(store.path)
    tally, _gone = bring(store, NOTE.replace("\n", "\r\n"))
    assert counts(tally) == (0, 0, 3)
    assert lines_of(store.path) == held


def test_two_colleagues_get_the_same_pitfalls(store: Store, tmp_path: Path) -> None:
    bring(store, NOTE)
    with closing(Store.open(tmp_path / "other.db", who="Bo", now=Wall())) as other:
        bring(other, NOTE)
        assert {one.id for one in pitfalls(other).values()} == {
            one.id for one in pitfalls(store).values()
        }
    take_in(store.path, lines_of(tmp_path / "other.db"))
    take_in(tmp_path / "other.db", lines_of(store.path))
    assert board_of(dump(store.path)) == board_of(dump(tmp_path / "other.db"))
    assert counts(bring(store, NOTE)[0]) == (0, 0, 3)


def test_only_what_changed_in_the_file_is_set(store: Store) -> None:
    bring(store, NOTE)
    scan = by_title(store, "wx.scanCode stays black on tablets")
    store.triage.accept(scan.id, severity="S1", component="camera")
    store.pitfalls.edit(scan.id, {"title": "Black camera"})
    changed = NOTE.replace("Restarting helps.", "Restarting helps, `scanCode:fail` or not.")
    changed = changed.replace("tags: [visitor]", "tags: [visitor, print]")
    tally, _gone = bring(store, changed)
    assert counts(tally) == (0, 3, 0)
    now = by_title(store, "Black camera")
    assert now.id == scan.id
    assert "scanCode:fail` or not" in now.reproduction.plain
    assert [one.text for one in now.signatures] == ["scanCode:fail"]
    assert now.tags == ("print", "visitor")
    # A person's words and decisions stand, and nobody is told what the file did not change.
    assert (now.severity, now.component.plain) == ("S1", "camera")
    assert now.decision.triage is Triage.SETTLED
    assert now.comments == ()
    assert by_title(store, "Badges print twice").tags == ("print", "visitor")


def test_where_both_changed_the_same_the_file_speaks_in_a_comment(store: Store) -> None:
    bring(store, NOTE)
    scan = by_title(store, "wx.scanCode stays black on tablets")
    store.pitfalls.edit(scan.id, {"reproduction": "Only with gloves.", "title": "Black"})
    changed = NOTE.replace("Restarting helps.", "Nothing helps.")
    tally, _gone = bring(store, changed)
    assert counts(tally) == (0, 1, 2)
    now = by_title(store, "Black")
    assert now.reproduction.plain == "Only with gloves."
    [comment] = now.comments
    assert "Nothing helps. See [the thread]" in comment.text.plain
    assert "复现步骤" in comment.text.zh
    # It has been said once.
    assert counts(bring(store, changed)[0]) == (0, 0, 3)
    assert len(by_title(store, "Black").comments) == 1


def test_a_text_that_a_person_took_out_stays_out(store: Store) -> None:
    bring(store, NOTE)
    badges = by_title(store, "Badges print twice")
    store.entries.hide(badges.id, badges.signatures[0].id)
    store.pitfalls.edit(badges.id, {"reproduction": ""}, tags=[])
    bring(store, NOTE.replace("and prints again", "and prints once more"))
    now = by_title(store, "Badges print twice")
    assert (now.signatures, now.tags, now.reproduction.plain) == ((), (), "")
    assert "once more" in now.comments[0].text.plain


def test_what_the_file_no_longer_gives_goes_unless_a_person_added_to_it(store: Store) -> None:
    bring(store, NOTE)
    scan = by_title(store, "wx.scanCode stays black on tablets")
    store.signatures.add(scan.id, "our:own")
    fewer = NOTE.replace("See [the thread](https://example.org/scan).", "").replace("busy", "bsy")
    bring(store, fewer.replace("tags: [visitor]", ""))
    now = by_title(store, "wx.scanCode stays black on tablets")
    assert (now.references, now.tags) == ((), ())
    assert [one.text for one in now.signatures] == ["our:own"]
    assert [one.text for one in by_title(store, "Badges print twice").signatures] == [
        "print:fail bsy"
    ]
    bring(store, NOTE)
    back = by_title(store, "wx.scanCode stays black on tablets")
    store.entries.edit(back.id, back.references[0].id, {"quote": "Known.", "official": True})
    bring(store, fewer)
    assert len(by_title(store, "wx.scanCode stays black on tablets").references) == 1


def test_a_section_that_is_gone_is_told_and_left_alone(store: Store) -> None:
    bring(store, NOTE)
    cut = NOTE.replace("## At most nine photos a visit", "").replace(
        "The tenth is silently lost.", ""
    )
    tally, gone = bring(store, cut)
    assert gone == ["At most nine photos a visit"]
    assert "At most nine photos a visit" in pitfalls(store)
    assert tally.new == 0


def test_a_heading_that_was_reworded_is_the_same_pitfall(store: Store) -> None:
    bring(store, NOTE)
    badges = by_title(store, "Badges print twice")
    reworded = NOTE.replace("## Badges print twice", "## Every badge comes out two times, an error")
    tally, gone = bring(store, reworded)
    assert (counts(tally), gone) == ((0, 1, 2), [])
    assert by_title(store, "Every badge comes out two times, an error").id == badges.id
    # A new problem under the old heading is another one.
    more = reworded + "\n## Badges print twice\n\nOn Mondays the tray is empty and fails.\n"
    tally, gone = bring(store, more)
    assert (tally.new, gone) == (1, [])
    assert by_title(store, "Badges print twice").id != badges.id
    assert counts(bring(store, more)[0]) == (0, 0, 4)


SAME = """\
## 相册接口踩坑

安卓上保存的图片是白的，重启无效。

## 相册接口踩坑

没有授权全部权限时，保存成功也报错。
"""


def test_several_of_one_name_stay_who_they_are(store: Store) -> None:
    bring(store, SAME)
    before = {one.reproduction.plain: one.id for one in pitfalls(store).values()}
    first, second = SAME.split("\n\n## ")
    swapped = (
        f"## {second.strip()}\n\n## 相册接口踩坑\n\n苹果上只能存一张，第二张失败。\n\n{first}\n"
    )
    tally, gone = bring(store, swapped)
    assert (tally.new, tally.changed, gone) == (1, 0, [])
    after = {one.reproduction.plain: one.id for one in pitfalls(store).values()}
    assert {text: after[text] for text in before} == before
    assert len(set(after.values())) == 3


def test_an_import_is_one_step_of_undo_and_can_come_again(store: Store) -> None:
    bring(store, NOTE)
    step = store.history.undo()
    assert len(step.pitfalls) == 3
    assert pitfalls(store) == {}
    tally, _gone = bring(store, NOTE)
    assert counts(tally) == (3, 0, 0)
    assert len(pitfalls(store)) == 3
    bring(store, NOTE.replace("Restarting", "Waiting"))
    store.history.undo()
    tally, _gone = bring(store, NOTE)
    assert counts(tally) == (0, 0, 3)


def test_the_name_of_a_note_can_be_given(store: Store) -> None:
    bring(store, NOTE, name="ours")
    renamed = NOTE.replace("title: Visitor app, field notes", "title: Old notes")
    assert counts(bring(store, renamed, name="ours")[0]) == (0, 0, 3)
    assert counts(bring(store, renamed)[0]) == (3, 0, 0)


def test_a_look_needs_no_board(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    proposals, gone = recognised(path, read_note(NOTE, "").proposals)
    assert counts(preview(path, proposals)) == (3, 0, 0)
    assert gone == []
    assert not path.exists()


# Lists


def listed(text: str, *maps: str) -> IssueList:
    return IssueList(io.BytesIO(text.encode()), "csv", "issues.csv", maps)


ISSUES = (
    "Key,Title,Notes,Workaround,Prio\nA-1,Black camera,tablets,restart,High\nA-2,Two badges,,,Low\n"
)


def test_a_list_comes_in_once_and_then_what_changed(store: Store) -> None:
    assert counts(import_items(store.session, listed(ISSUES).arriving())) == (2, 0, 0)
    camera = by_title(store, "Black camera")
    assert (camera.status, camera.workaround.plain) == (Status.WORKAROUND, "restart")
    assert camera.decision.inbox_reason is InboxReason.IMPORTED
    held = lines_of(store.path)
    assert counts(import_items(store.session, listed(ISSUES).arriving())) == (0, 0, 2)
    assert lines_of(store.path) == held
    store.pitfalls.edit(camera.id, {"workaround": "restart twice"})
    changed = ISSUES.replace("restart", "wait").replace("Low", "High")
    mapped = listed(changed, "severity=Prio").arriving()
    assert counts(import_items(store.session, mapped)) == (0, 2, 0)
    now = by_title(store, "Black camera")
    assert (now.workaround.plain, now.severity) == ("restart twice", "S2")
    assert "wait" in now.comments[0].text.plain
    assert by_title(store, "Two badges").severity == "S2"


def test_a_workaround_that_the_status_rests_on_stays(store: Store) -> None:
    import_items(store.session, listed(ISSUES).arriving())
    import_items(store.session, listed(ISSUES.replace("restart", "")).arriving())
    assert by_title(store, "Black camera").workaround.plain == "restart"


def test_a_second_row_of_one_key_is_refused_whatever_it_says(store: Store) -> None:
    twice = listed(ISSUES + "A-1,Another,,,\nA-3,New,,,\n")
    tally = import_items(store.session, twice.arriving())
    assert counts(tally) == (3, 0, 0)
    [second] = tally.refused
    assert second.line == 4
    assert "A-1" in str(second.why)
    assert counts(import_items(store.session, twice.arriving())) == (0, 0, 3)


def test_what_is_on_the_board_by_hand_is_not_a_files_to_change(store: Store) -> None:
    pitfall = store.pitfalls.report("Ours", severity="S1")
    text = f"id,title,severity,occurrence_count\n{pitfall},Theirs,S4,0\n"
    assert counts(import_items(store.session, listed(text).arriving())) == (0, 0, 1)
    assert by_title(store, "Ours").severity == "S1"


def test_a_long_list_is_written_in_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importer, "TOGETHER", 10)
    heard: list[frozenset[str]] = []
    output: list[int] = []
    store.subscribe(heard.append)
    text = "Key,Title\n" + "".join(f"K-{n},{'' if n % 7 == 0 else n}\n" for n in range(35))
    tally = import_items(store.session, listed(text).arriving(), output.append)
    assert (tally.new, tally.set_aside, len(tally.refused)) == (30, 5, 5)
    assert output == [10, 20, 30, 35]
    assert len(heard) == 4
    assert len(store.history.undo().pitfalls) < 10
    assert counts(import_items(store.session, listed(text).arriving())) == (
        len(heard[-1]),
        0,
        30 - len(heard[-1]),
    )


def test_of_very_many_only_some_are_kept_to_be_shown(store: Store) -> None:
    text = "Key,Title\n" + "".join(f"K-{n},{'' if n % 2 else n}\n" for n in range(3000))
    tally = preview(store.path, listed(text).arriving())
    assert (tally.new, tally.set_aside, tally.proposals) == (1500, 1500, 1500)
    assert len(tally.shown) == 200
    assert len(tally.refused) == 1000
