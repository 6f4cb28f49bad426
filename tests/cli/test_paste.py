"""``pitboard paste`` in a pipe and in a terminal, and look-alikes before ``pitboard new`` saves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from storage.model.row import InboxReason, Status, Triage
from storage.model.vocabulary import Channel, Platform
from storage.text import dates
from tests.cli.conftest import Pitboard

DEVICE = '{"system":"Android 13","platform":"android","SDKVersion":"2.30.4"}'
KNOWN = f"{DEVICE}\n渠道：邀请体验版\nqy.login:fail\n"


@pytest.fixture
def known(pitboard: Pitboard) -> str:
    """The id of a pitfall that a signature gives away."""
    with pitboard.store() as store:
        return store.pitfalls.report(
            "wx.qy.login fails in devtools",
            component="wx.qy.login",
            workaround="Look at your own network first.",
            signatures=["qy.login:fail"],
        )


def rows(out: str, kind: str) -> list[list[str]]:
    return [cells[1:] for line in out.splitlines() if (cells := line.split("\t"))[0] == kind]


def test_it_says_what_was_read_and_which_known_pitfall_it_is(
    pitboard: Pitboard, known: str
) -> None:
    ended = pitboard("paste", stdin=KNOWN + "终端类型：iOS\n")
    assert ended.code == 0
    assert ["base_library", "2.30.4", "1", '"SDKVersion":"2.30.4"'] in rows(ended.out, "read")
    assert [row[:3] for row in rows(ended.out, "contradiction")] == [
        ["platform", "android", "1"],
        ["platform", "ios", "4"],
    ]
    assert rows(ended.out, "message") == [["qy.login:fail"]]
    [match] = rows(ended.out, "match")
    assert match[:4] == [known, "workaround", "wx.qy.login fails in devtools", "signature"]
    assert "in line 3" in match[4]
    assert match[5] == "Look at your own network first."
    assert pitboard.occurrences(known) == []


def test_what_is_more_than_is_kept_is_said_wherever_it_is_read_or_logged(
    pitboard: Pitboard, known: str
) -> None:
    told = "".join(f"Then the {n}th page came back blank and nobody saw why.\n" for n in range(200))
    errors = "".join(f"Error: qy.login:fail {n:04}\n    at run (app.js:{n})\n" for n in range(300))
    text = f"{KNOWN}{errors}\n{told}"
    for how in ((), ("--log",), ("--log", "--json")):
        ended = pitboard("paste", *how, stdin=text)
        assert ended.code == 0
        assert "more characters are read; the note keeps the first 6000" in ended.err
        assert "more characters are read; the error message keeps the first 8000" in ended.err
    cut = json.loads(ended.out)["cut"]
    newest, *_ = pitboard.occurrences(known)
    assert len(newest.message) + cut["message"] == len("qy.login:fail\n" + errors.rstrip())
    assert len(newest.note.plain) + cut["note"] >= len(told.rstrip())
    # What an option says in its place is whole.
    ended = pitboard("paste", "--log", "--note", "blank", "--message", "qy.login:fail", stdin=text)
    assert "more characters are read" not in ended.err


def test_the_workaround_of_a_duplicate_is_told_with_its_original(
    pitboard: Pitboard, known: str
) -> None:
    with pitboard.store() as store:
        again = store.pitfalls.report(
            "登录失败", workaround="重试三次", signatures=["qy.login:fail -1001"]
        )
        store.triage.mark_duplicate(again, known)
    (pitboard.home / "error.txt").write_text("qy.login:fail -1001\n", "utf-8")
    for verb in ("paste", "match"):
        shown = pitboard.seen(verb, str(pitboard.home / "error.txt"))
        assert "Look at your own network first." in shown
        assert f"workaround of its duplicate {again[:4]}: 重试三次" in shown


@pytest.mark.parametrize("columns", [78, 79, 80])
def test_a_workaround_is_wrapped_before_the_terminal_does(pitboard: Pitboard, columns: int) -> None:
    with pitboard.store() as store:
        store.pitfalls.report("登录失败", workaround="恢复登录" * 30, signatures=["qy.login:fail"])
    (pitboard.home / "error.txt").write_text(KNOWN, "utf-8")
    shown = pitboard.seen("paste", str(pitboard.home / "error.txt"), columns=columns)
    pieces = [line for line in shown.splitlines() if "恢复登录" in line]
    assert len(pieces) > 1
    assert all(line.startswith("     ") for line in pieces)
    assert "".join(line.strip() for line in pieces) == "恢复登录" * 30


@pytest.mark.parametrize("text", ["", " \n\n", DEVICE])
def test_what_says_nothing_of_an_error_is_no_new_pitfall(pitboard: Pitboard, text: str) -> None:
    for options in ((), ("--inbox",), ("--log", "--inbox", "--json")):
        ended = pitboard("paste", *options, stdin=text)
        assert ended.code == 1
        said = json.loads(ended.err)["message"] if "--json" in options else ended.err.strip()
        assert said == "Nothing in it says what went wrong."
    assert pitboard("paste", "--inbox", "--message", "it broke", stdin=text).code == 0


def test_a_file_can_be_read_instead(pitboard: Pitboard, known: str, tmp_path: Path) -> None:
    log = tmp_path / "ci.log"
    log.write_bytes("\ufeff错误 qy.login:fail\n".encode())
    ended = pitboard("paste", log)
    assert ended.code == 0
    assert rows(ended.out, "match")[0][0] == known
    assert pitboard("paste", tmp_path / "none").code == 2


def test_a_log_that_was_cut_within_a_character_still_leads_to_its_workaround(
    pitboard: Pitboard, known: str
) -> None:
    damaged = "提测\n报错: qy.login:fail\n渠道: 邀请体验版".encode()[1:-1]
    ended = pitboard("paste", "--log", stdin=damaged)
    assert ended.code == 0
    assert rows(ended.out, "match")[0][5] == "Look at your own network first."
    said = "4 bytes of Standard input could not be read as UTF-8; all else was read."
    assert said in ended.err.splitlines()
    [occurrence] = pitboard.occurrences(known)
    assert occurrence.message == "qy.login:fail"
    before = len(pitboard.events())
    refused = pitboard("comment", known, "-", stdin=damaged)
    assert refused.code == 2
    assert "Byte 1 of Standard input can't be read as text in UTF-8" in refused.err
    assert pitboard("paste", "--inbox", stdin=bytes(range(256))).code == 2
    assert len(pitboard.events()) == before


def test_what_is_too_long_to_be_pasted_is_refused_at_once(
    pitboard: Pitboard, tmp_path: Path
) -> None:
    log = tmp_path / "ci.log"
    log.write_bytes(b"qy.login:fail\n" * 4_000_000)
    for ended in (
        pitboard("paste", log, "--inbox"),
        pitboard("paste", "--inbox", stdin="qy.login:fail\n" * 100_000),
    ):
        assert (ended.code, ended.out) == (2, "")
        assert "1000000 characters" in ended.err
        assert "pitboard match FILE" in ended.err


def test_what_is_known_is_not_put_into_the_inbox(pitboard: Pitboard, known: str) -> None:
    before = pitboard.events()
    ended = pitboard("paste", "--inbox", stdin=KNOWN)
    assert ended.code == 1
    assert pitboard.events() == before
    assert "It is known" in ended.err
    assert "--log" in ended.err
    assert known in ended.out


def test_what_is_not_known_ends_with_one(pitboard: Pitboard) -> None:
    ended = pitboard("paste", stdin="something quite new: fail\n")
    assert ended.code == 1
    assert rows(ended.out, "message") == [["something quite new: fail"]]
    assert "--inbox" in ended.err


def test_log_logs_against_the_signature_with_all_that_was_read(
    pitboard: Pitboard, known: str
) -> None:
    ended = pitboard("paste", "--log", stdin=KNOWN + "复现步骤：\n1. 打开\n")
    assert ended.code == 0
    assert rows(ended.out, "logged") == [[known]]
    assert "Logged an occurrence" in ended.err
    [occurrence] = pitboard.occurrences(known)
    assert occurrence.message == "qy.login:fail"
    assert "1. 打开" in occurrence.note.plain
    assert occurrence.environment.platform is Platform.ANDROID
    assert occurrence.environment.channel is Channel.TRIAL_INVITED


def test_log_alone_does_not_log_against_what_is_only_like_it(
    pitboard: Pitboard, known: str
) -> None:
    ended = pitboard("paste", "--log", stdin="wx.qy.login does nothing in devtools\n")
    assert ended.code == 1
    assert not rows(ended.out, "logged")
    assert pitboard.occurrences(known) == []


def test_to_logs_where_it_is_told_to(pitboard: Pitboard, known: str) -> None:
    assert pitboard("paste", "--to", known[:6], stdin="it did nothing\n").code == 0
    [occurrence] = pitboard.occurrences(known)
    assert occurrence.note.plain == "it did nothing"
    assert pitboard("paste", "--to", "ffff", stdin="x").code == 1
    assert pitboard("paste", "--to", known, "--log", stdin="x").code == 2


def test_inbox_keeps_what_no_signature_knows(pitboard: Pitboard, known: str) -> None:
    values = "机型：Pixel 9\nfrobnicate:fail quux\n复现步骤：\n1. 打开\nhttps://example.com/a\n"
    ended = pitboard("paste", "--log", "--inbox", stdin=values)
    assert ended.code == 0
    [[name]] = rows(ended.out, "reported")
    pitfall = pitboard.pitfall(name)
    assert pitfall.title.plain == "frobnicate:fail quux"
    assert pitfall.status is Status.OPEN
    assert pitfall.decision.triage is Triage.INBOX
    assert pitfall.decision.inbox_reason is InboxReason.UNMATCHED
    assert "1. 打开" in pitfall.reproduction.plain
    assert [one.url for one in pitfall.references] == ["https://example.com/a"]
    [occurrence] = pitboard.occurrences(name)
    assert occurrence.environment.device == "Pixel 9"
    again = pitboard("paste", "--log", "--inbox", stdin=KNOWN)
    assert rows(again.out, "logged") == [[known]]


def test_options_count_more_than_what_was_read(pitboard: Pitboard, known: str) -> None:
    ended = pitboard(
        *("paste", "--log", "--platform", "ios", "--lib", "3.3.3", "--count", "4"),
        *("--at", "2026-11-20 14:03", "--note", "as told", "--message", "qy.login:fail again"),
        stdin=KNOWN + "终端类型：鸿蒙\n",
    )
    assert ended.code == 0
    assert not rows(ended.out, "contradiction")
    [occurrence] = pitboard.occurrences(known)
    assert occurrence.environment.platform is Platform.IOS
    assert occurrence.environment.base_library == "3.3.3"
    assert (occurrence.count, occurrence.note.plain) == (4, "as told")
    assert occurrence.message == "qy.login:fail again"


def test_json_holds_all_of_it(pitboard: Pitboard, known: str) -> None:
    ended = pitboard("paste", "--json", "--log", stdin=KNOWN)
    values = json.loads(ended.out)
    assert values["read"]["platform"] == {
        "value": "android",
        "line": 1,
        "words": '"platform":"android"',
    }
    assert values["message"] == "qy.login:fail"
    [match] = values["matches"]
    assert match["id"] == known
    assert (match["by"], match["signature"]) == ("signature", "qy.login:fail")
    assert (match["first_line"], match["matched_text"]) == (3, "qy.login:fail")
    assert values["logged"] == known
    assert values["reported"] is None
    alone = json.loads(pitboard("paste", "--json", stdin=KNOWN).out)
    assert "logged" not in alone


def test_hostile_text_fools_no_terminal(pitboard: Pitboard) -> None:
    hostile = "Error \x1b]52;c;aGk=\x07 fail \u202e\u200b\n机型：a\x1b[2Jb\n"
    for arguments in (("paste",), ("paste", "--json"), ("paste", "--inbox")):
        ended = pitboard(*arguments, stdin=hostile)
        for sign in "\x1b\x07\u202e\u200b":
            assert sign not in ended.out + ended.err


def test_reading_what_was_pasted_loads_nothing_that_only_writing_needs(
    pitboard: Pitboard, known: str
) -> None:
    asked = (
        "import io, sys, tui.cli; sys.stdin = io.TextIOWrapper(io.BytesIO(b'qy.login:fail'));"
        "tui.cli.main(['paste']);"
        "print(*[m for m in ('pydantic', 'sqlite_utils', 'textual') if m in sys.modules])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", asked], env=pitboard.env, capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines()[-1] == ""


def test_a_person_gets_a_page_and_is_asked_which_one_it_was(
    pitboard: Pitboard, known: str, tmp_path: Path
) -> None:
    with pitboard.store() as store:
        other = store.pitfalls.report("Another that fails", signatures=["qy.login:fail"])
    log = tmp_path / "pasted.txt"
    log.write_text(KNOWN, encoding="utf-8")
    screen = pitboard.terminal("paste", "--log", str(log))
    screen.expect("Which one was it")
    page = screen.before
    for words in ("Read", "base library", "2.30.4", "Known pitfalls", "Look at your own network"):
        assert words in page
    screen.sendline("2")
    screen.expect("Logged an occurrence")
    screen.read()
    counts = sorted(len(pitboard.occurrences(name)) for name in (known, other))
    assert counts == [0, 1]


def test_what_is_typed_at_a_terminal_ends_with_ctrl_d(pitboard: Pitboard, known: str) -> None:
    screen = pitboard.terminal("paste", "--log")
    screen.expect("Ctrl-D")
    screen.sendline("qy.login:fail")
    screen.sendeof()
    screen.expect("Logged an occurrence")
    screen.read()
    assert len(pitboard.occurrences(known)) == 1


# Look-alikes before a new pitfall is saved

NEW = ("new", "wx.qy.login fails in devtools again", "--component", "wx.qy.login")
ALL = (*NEW, "--kind", "bug", "--severity", "S3", "--signature", "qy.login:fail")


def test_in_a_pipe_look_alikes_are_told_and_the_report_is_made(
    pitboard: Pitboard, known: str
) -> None:
    ended = pitboard(*ALL)
    assert ended.code == 0
    assert "Known pitfalls that are like it" in ended.err
    assert "signature “qy.login:fail”: qy.login:fail" in ended.err
    assert "Look at your own network first." in ended.err
    assert pitboard.pitfall(ended.out.strip()).title.plain == NEW[1]


def test_skip_if_similar_reports_nothing_that_may_be_known(pitboard: Pitboard, known: str) -> None:
    before = len(pitboard.events())
    ended = pitboard(*ALL, "--skip-if-similar")
    assert ended.code == 3
    assert "nothing was reported" in ended.err
    assert len(pitboard.events()) == before


def test_skip_if_similar_reports_what_nothing_is_like(pitboard: Pitboard) -> None:
    assert pitboard(*ALL, "--skip-if-similar").code == 0


def test_on_a_terminal_an_occurrence_of_the_known_one_can_be_logged_instead(
    pitboard: Pitboard, known: str
) -> None:
    screen = pitboard.terminal(*ALL, "--reproduction", "1. open it")
    screen.expect("Log an occurrence of one of them instead")
    screen.sendline("1")
    screen.expect("Logged an occurrence")
    screen.read()
    [occurrence] = pitboard.occurrences(known)
    assert occurrence.message == "qy.login:fail"
    assert NEW[1] in occurrence.note.plain
    assert "1. open it" in occurrence.note.plain


def test_on_a_terminal_known_ones_are_shown_before_anything_else_is_asked(
    pitboard: Pitboard, known: str
) -> None:
    screen = pitboard.terminal("new", NEW[1])
    screen.expect("Known pitfalls that are like it")
    assert "Component" not in screen.before
    screen.expect("Log an occurrence of one of them instead")
    screen.sendline("1")
    screen.expect("Logged an occurrence")
    assert len(pitboard.occurrences(known)) == 1
    screen = pitboard.terminal("new", NEW[1])
    screen.expect("Log an occurrence of one of them instead")
    screen.sendline("new")
    for question in ("Component.*wx.qy.login.*:", "Kind.*bug.*:", "Severity.*S3.*:"):
        screen.expect(question)
        screen.sendline("")
    screen.expect("Reported ([0-9a-f]+)")


@pytest.mark.parametrize(("answer", "reported"), [("new", 1), ("leave", 0)])
def test_on_a_terminal_it_can_be_reported_or_left(
    pitboard: Pitboard, known: str, answer: str, reported: int
) -> None:
    before = len(pitboard.events())
    screen = pitboard.terminal(*ALL)
    screen.expect("Log an occurrence of one of them instead")
    screen.sendline(answer)
    screen.read()
    screen.close()
    assert screen.exitstatus == (0 if reported else 130)
    assert (len(pitboard.events()) > before) is bool(reported)


@pytest.mark.parametrize(
    ("language", "asks", "answer", "code"),
    [
        ("en", "(1, new, leave)", "NEW", None),
        ("en", "(1, new, leave)", "１", 0),
        ("zh", "（1、new 新增、leave 离开）", "新增", None),
        ("zh", "（1、new 新增、leave 离开）", "Ｎｅｗ", None),
        ("zh", "（1、new 新增、leave 离开）", "离开", 130),
        ("zh", "（1、new 新增、leave 离开）", "１", 0),
    ],
)
def test_a_question_is_answered_in_the_readers_words_and_in_either_case_and_width(
    pitboard: Pitboard, known: str, language: str, asks: str, answer: str, code: int | None
) -> None:
    screen = pitboard.terminal("new", NEW[1], columns=200, PITBOARD_LANG=language)
    screen.expect_exact(asks)
    screen.sendline("nothing")
    screen.expect("nothing”(不是其中之一：| is none of these: )1")
    screen.expect_exact(asks)
    screen.sendline(answer)
    if code is None:
        screen.expect("wx.qy.login")
        screen.sendline("")
        kinds = "（bug 缺陷、docs 文档" if language == "zh" else "(bug, docs"
        screen.expect_exact(kinds)
        screen.sendline("ＤＯＣＳ" if language == "en" else "文档")
        screen.expect("S3")
        screen.sendline("ｓ1")
    screen.read()
    screen.close()
    assert screen.exitstatus == (code or 0)
    if code is None:
        reported = json.loads(pitboard("list", "kind:docs", "severity:S1", "--json").out)
        assert reported["total"] == 1


@pytest.mark.parametrize(("answer", "changed"), [("Ｙ", True), ("是", True), ("否", False)])
def test_a_yes_is_taken_in_chinese_and_in_full_width(
    pitboard: Pitboard, known: str, answer: str, changed: bool
) -> None:
    with pitboard.store() as store:
        other = store.pitfalls.report("Another")
    screen = pitboard.terminal("edit", known, other, "--severity", "S1", PITBOARD_LANG="zh")
    screen.expect_exact("[Y/n]")
    screen.sendline(answer)
    screen.read()
    assert (pitboard.pitfall(other).severity == "S1") is changed


def test_the_workaround_of_a_known_one_is_shown_without_marks_on_a_terminal(
    pitboard: Pitboard, known: str
) -> None:
    with pitboard.store() as store:
        store.pitfalls.edit(known, {"workaround": "Look **on a device** first, with `wx.login`."})
    screen = pitboard.terminal("new", NEW[1])
    screen.expect("Log an occurrence of one of them instead")
    assert "Look on a device first, with `wx.login`." in screen.before
    screen.sendline("leave")
    screen.read()
    (pitboard.home / "app.log").write_text("qy.login:fail\n", "utf-8")
    seen = pitboard.seen("match", str(pitboard.home / "app.log"))
    assert "Look \x1b[1mon a device\x1b[0m first" in seen


def test_a_time_that_was_pasted_is_one_of_the_boards_zone(pitboard: Pitboard, known: str) -> None:
    assert pitboard("config", "timezone", "+08:00").code == 0
    text = "2026-11-20 14:40:01 qy.login:fail\n"
    for how, stdin in ((("paste", "--log"), text), (("log", known, "--at", text[:19]), "")):
        assert pitboard(*how, stdin=stdin, TZ="America/New_York").code == 0
    logged, typed = pitboard.occurrences(known)
    assert dates.iso(logged.seen_at) == dates.iso(typed.seen_at) == "2026-11-20T06:40:01Z"


@pytest.mark.parametrize(
    ("given", "time"),
    [((), "2026-11-20T14:40:01"), (("--at", "2026-11-01"), "2026-11-01T00:00:00")],
)
def test_a_time_is_written_for_scripts_in_one_way(
    pitboard: Pitboard, known: str, given: tuple[str, ...], time: str
) -> None:
    pitboard("config", "timezone", "+08:00")
    ended = pitboard("paste", *given, stdin="2026-11-20 14:40:01 qy.login:fail\n")
    [read] = [row for row in rows(ended.out, "read") if row[0] == "seen_at"]
    assert read[1] == f"{time}+08:00"


def test_a_trial_version_that_is_not_told_is_left_open_and_contradicts_nothing(
    pitboard: Pitboard, known: str
) -> None:
    text = "体验版打开很慢\nqy.login:fail\n"
    ended = pitboard("paste", stdin=text)
    assert rows(ended.out, "contradiction") == []
    channels = [row[:3] for row in rows(ended.out, "open")]
    assert channels == [["channel", "trial-invited", "1"], ["channel", "trial-qr", "1"]]
    read = json.loads(pitboard("paste", "--json", stdin=text).out)
    assert read["contradictions"] == []
    assert [one["field"] for one in read["left_open"]] == ["channel"]
    several = pitboard("paste", stdin=f"{text}正式版也一样\n")
    assert [row[1] for row in rows(several.out, "contradiction")][-1] == "release"
    assert rows(several.out, "open") == []
