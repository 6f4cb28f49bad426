"""history as a story and as data, and restore, which brings back what stood before."""

from __future__ import annotations

import json
import re
from contextlib import closing

import pytest

from storage.write.store import Store
from tests.cli.conftest import Pitboard
from tests.records import DAY_MS, MONDAY, Wall
from tui.text.cells import width


@pytest.fixture
def output(pitboard: Pitboard) -> str:
    """A pitfall to which two people did something on three days."""
    wall = Wall(MONDAY - 2 * DAY_MS)
    with closing(Store.open(pitboard.path, who="Ada", now=wall)) as store:
        name = store.pitfalls.report("White picture", workaround="先用预览渠道", severity="S3")
        values = store.comments.add(name, "They will fix it in the next release")
        wall.ms += DAY_MS
        store.pitfalls.edit(
            name, {"workaround": "先用体验渠道", "severity": "S1"}, reason="Tried it"
        )
        wall.ms += DAY_MS
        store.session.who = "李雷"
        store.entries.edit(name, values, {"text": "They will fix it in 4.1.10"})
        store.status.set(name, "open")
        store.occurrences.log(name, message="fail")
        store.history.undo()
    return name


def data(pitboard: Pitboard, *arguments: str) -> list[dict[str, object]]:
    """What ``history --json`` says."""
    found: list[dict[str, object]] = json.loads(pitboard("history", *arguments, "--json").out)[
        "changes"
    ]
    return found


def test_people_read_it_by_day_by_moment_and_by_word(pitboard, output):
    seen = pitboard.seen("history", output, columns=100, NO_COLOR="1")
    lines = [re.sub(r"^  [0-9a-f]{6}  ", "  ", line) for line in seen.splitlines()]
    assert lines == [
        "Mon 23 Nov 2026",
        "16:00 李雷",
        "  amended the comment  They will fix it in [-the next release-]{+4.1.10+}",
        "  set the status  workaround → open",
        "  (undone) logged an occurrence (reproduced)  fail",
        "  undid a change  logged an occurrence (reproduced): fail",
        "",
        "Sun 22 Nov 2026",
        "16:00 Ada",
        "  changed the workaround  先用[-预览-]{+体验+}渠道",
        "  changed the severity  S3 minor → S1 blocks a release",
        "          because: Tried it",
        "",
        "Sat 21 Nov 2026",
        "16:00 Ada",
        "  reported it  White picture",
        "  commented  They will fix it in the next release",
    ]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "reported it  White picture",
                "logged an occurrence (not reproduced)  iOS",
                "logged an occurrence (reproduced)  iOS",
                "changed the title  White picture → Black picture",
                "(undone) undid a change  changed the title: White picture → Black picture",
                "redid a change  changed the title: White picture → Black picture",
                "(undone) logged an occurrence (reproduced)  Android",
                "undid a change  logged an occurrence (reproduced): Android",
            ],
        ),
        (
            "zh",
            [
                "新增了此坑  White picture",
                "记了一次出现（未复现）  iOS",
                "记了一次出现（已复现）  iOS",
                "修改了标题  White picture → Black picture",
                "（已撤销） 撤销了操作  修改了标题：White picture → Black picture",
                "重做了操作  修改了标题：White picture → Black picture",
                "（已撤销） 记了一次出现（已复现）  Android",
                "撤销了操作  记了一次出现（已复现）：Android",
            ],
        ),
    ],
)
def test_it_says_the_outcome_of_an_occurrence_and_what_was_undone_and_redone(
    pitboard: Pitboard, language: str, lines: list[str]
) -> None:
    wall = Wall(MONDAY)
    with closing(Store.open(pitboard.path, who="Ada", now=wall)) as store:
        name = store.pitfalls.report("White picture")
        store.occurrences.log(name, platform="ios", outcome="not-reproduced")
        store.occurrences.log(name, platform="ios")
        store.pitfalls.edit(name, {"title": "Black picture"})
        store.history.undo()
        store.history.redo()
        store.occurrences.log(name, platform="android")
        store.history.undo()
    seen = pitboard.seen("history", name, columns=100, NO_COLOR="1", PITBOARD_LANG=language)
    assert [line[10:] for line in seen.splitlines() if line.startswith("  ")] == lines


@pytest.mark.parametrize("columns", [30, 80, 200])
def test_it_fits_the_terminal_and_loses_nothing(pitboard, output, columns):
    seen = pitboard.seen("history", columns=columns, NO_COLOR="1").splitlines()
    assert all(width(line) <= max(columns, 34) for line in seen)
    assert "They will fix it in the next release" in " ".join(" ".join(seen).split())


def test_the_history_of_the_board_names_the_pitfalls(pitboard, output):
    assert f"16:00 Ada  {output[:4]}  White picture" in pitboard.seen("history", NO_COLOR="1")


def test_json_says_all_of_a_change_and_what_became_of_each_word(pitboard, output):
    amended = next(one for one in data(pitboard, output) if one["what"] == "item_amended")
    assert {name: amended[name] for name in ("category", "field", "part", "who", "undone")} == {
        "category": "comments",
        "field": "comment_added",
        "part": "text",
        "who": "李雷",
        "undone": False,
    }
    assert amended["difference"] == [
        {"kind": "kept", "text": "They will fix it in "},
        {"kind": "removed", "text": "the next release"},
        {"kind": "added", "text": "4.1.10"},
    ]


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        (["--kind", "status"], ["status_set"]),
        (
            ["--kind", "comments", "--kind", "STATUS"],
            ["status_set", "item_amended", "comment_added"],
        ),
        (["--kind", "taken-back"], ["undone", "occurrence_logged"]),
        (["--kind", "occurrences"], ["occurrence_logged"]),
        (["--kind", "values", "--limit", "1"], ["field_set"]),
        (["--until", "2026-11-21"], ["comment_added", "reported"]),
        (["--since", "2026-11-22", "--until", "2026-11-22"], ["field_set", "field_set"]),
        (["--since", "2026-11-23", "--kind", "status"], ["status_set"]),
    ],
)
def test_only_what_is_asked_for(pitboard, output, asked, kinds):
    assert [one["what"] for one in data(pitboard, output, *asked)] == kinds
    assert [one["what"] for one in data(pitboard, *asked)] == kinds


def test_nothing_of_that_sort_is_exit_1(pitboard, output):
    assert pitboard("history", output, "--kind", "fixes").code == 1
    assert pitboard("history", output, "--kind", "nonsense").code == 2
    assert pitboard("history", output, "--since", "someday").code == 2


def test_a_change_is_restored_by_the_name_that_history_shows(pitboard, output):
    seen = pitboard.seen("history", output, NO_COLOR="1")
    [name] = re.findall(r"^  ([0-9a-f]{6})  changed the workaround", seen, re.MULTILINE)
    ended = pitboard("revert", output[:4], name)
    assert (ended.code, ended.out) == (0, f"{output}\n")
    assert "White picture" in ended.err
    assert pitboard.pitfall(output).workaround.plain == "先用预览渠道"
    newest = data(pitboard, output)[0]
    assert f"before {name}" in str(newest["reason"])
    assert pitboard("undo").code == 0
    assert pitboard.pitfall(output).workaround.plain == "先用体验渠道"


@pytest.mark.parametrize(
    ("what", "code", "why"),
    [
        ("comment_added", 3, "no earlier value"),
        ("occurrence_logged", 3, "already undone"),
        ("", 1, "holds no change"),
    ],
)
def test_what_can_t_be_restored_is_said_and_nothing_is_written(pitboard, output, what, code, why):
    names = [one["event"] for one in data(pitboard, output) if one["what"] == what] or ["0000"]
    before = pitboard.events()
    ended = pitboard("revert", output, str(names[0]))
    assert (ended.code, ended.out) == (code, "")
    assert why in ended.err
    assert pitboard.events() == before


@pytest.mark.parametrize(
    ("language", "undone"),
    [
        ("en", "logged an occurrence (not reproduced): boom"),
        ("zh", "记了一次出现（未复现）：boom"),
    ],
)
def test_undo_and_redo_answer_with_what_they_took_back(
    pitboard: Pitboard, language: str, undone: str
) -> None:
    with closing(Store.open(pitboard.path, who="Ada", now=Wall(MONDAY))) as store:
        name = store.pitfalls.report("White picture")
        store.occurrences.log(name, message="crash")
        store.occurrences.log(name, message="boom", outcome="not-reproduced")
    for verb in ("undo", "redo"):
        assert undone in pitboard(verb, PITBOARD_LANG=language).err
    seen = pitboard.seen("history", name, columns=100, NO_COLOR="1", PITBOARD_LANG=language)
    assert seen.count(f"  {undone}\n") == 2, "the undo and the redo; the occurrence has blanks"


def test_of_an_action_of_many_changes_undo_says_what_they_were(pitboard: Pitboard) -> None:
    with closing(Store.open(pitboard.path, who="Ada", now=Wall(MONDAY))) as store:
        name = store.pitfalls.report("White picture", tags=["album"])
        long = "x" * 200
        store.pitfalls.edit(name, {"workaround": long})
        store.pitfalls.edit(name, {"workaround": long + "y"})
        store.pitfalls.edit(
            name, {"severity": "S1", "due": "2027-01-01", "component": "wx", "kind": "limit"}
        )
    said = [pitboard("undo").err for _ in range(4)]
    words = ("severity", "due date", "component", "kind")
    assert all(f"changed the {one}" in said[0] for one in words)
    assert "→" not in said[0]
    assert f"Undone in {name[:4]}: changed the workaround (White" in said[1]
    assert re.search(r"changed the workaround: – → x+… \(White", said[2])
    assert "reported it, added the tag: album (White picture)" in said[3]


def test_piped_it_says_what_an_undo_and_a_redo_took_back(pitboard: Pitboard) -> None:
    with closing(Store.open(pitboard.path, who="Ada", now=Wall(MONDAY))) as store:
        name = store.pitfalls.report("White picture")
        store.pitfalls.edit(name, {"severity": "S1", "due": "2027-01-01"})
        store.history.undo()
        store.occurrences.log(name, outcome="not-reproduced")
        store.history.undo()
        store.history.redo()
    rows = [line.split("\t") for line in pitboard("history", name).out.splitlines()]
    redo, undo, logged, undid, *edited, reported = rows
    assert redo[12:] == ["redo", "occurrence_logged:not-reproduced", undo[9]]
    assert undo[12:] == ["undo", "occurrence_logged:not-reproduced", logged[9]]
    assert (redo[8], undo[8], logged[11]) == ("", "undone", "not-reproduced")
    assert undid[12] == "undo"
    assert set(undid[13].split()) == {"field_set:severity", "field_set:due"}
    assert set(undid[14].split()) == {one[9] for one in edited}
    assert reported[11:] == [""] * 4, "nothing stands where there is nothing to say"
