"""``pitboard match``: known pitfalls in files and streams of any shape and size."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from storage.events import SignatureAdded
from storage.match import slow_engine
from storage.model.vocabulary import Channel, Platform, SignatureForm
from tests.engines import engine_of
from tests.processes import PATIENCE

LOG = (
    b"starting\n"
    b'10:00:01 {"errMsg":"wx.qy.login:fail"}\r\n'
    b"nothing here\n"
    b"\x1b[31mqy__login: FAIL\x1b[0m\n"
    b"save:fail denied"
)


@pytest.fixture
def known(pitboard: Any) -> dict[str, str]:
    """The ids of two pitfalls with signatures: one to log in, one to save."""
    with pitboard.store() as store:
        return {
            "login": store.pitfalls.report(
                "Login fails",
                component="wx.qy.login",
                kind="bug",
                severity="S2",
                workaround="Wait for the vendor.\nThen try again.",
                signatures=["qy.login:fail"],
            ),
            "save": store.pitfalls.report(
                "Saving is denied",
                component="wx.save",
                kind="bug",
                severity="S3",
                signatures=["save:fail denied"],
            ),
        }


def rows(out: str) -> list[list[str]]:
    return [line.split("\t") for line in out.splitlines()]


# What is told


def test_without_hyperscan_the_same_is_found_and_said_once(
    pitboard: Any, known: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # It takes for ever on what ends otherwise.
    for_ever = "(?:(?:a|ab|b)+)+[cd][!?]"
    with pitboard.store() as store, store.session.writing() as transaction:
        transaction.add(known["save"], SignatureAdded(text=for_ever, form=SignatureForm.PATTERN))
    log = LOG.decode() + "\n" + "ab" * 3_000 + "\n"
    with engine_of("hyperscan"):
        fast = pitboard("match", stdin=log)
    monkeypatch.setattr(slow_engine, "LIMIT_SECONDS", 0.05)
    with engine_of("slow"):
        slow = pitboard("match", "-", stdin=log)
    assert (slow.code, rows(slow.out)) == (fast.code, rows(fast.out))
    assert "hyperscan" not in fast.err
    assert slow.err.count("hyperscan is not installed") == 1
    assert slow.err.count(f"“{for_ever}” took too long") == 1


def test_each_known_pitfall_is_told_once(pitboard: Any, known: dict[str, str]) -> None:
    (pitboard.home / "log").write_bytes(LOG)
    ended = pitboard("match", pitboard.home / "log")
    assert ended.code == 0
    assert rows(ended.out) == [
        [
            *(known["login"], "workaround", "2", "2", "Login fails"),
            *("Wait for the vendor.␊Then try again.", "qy.login:fail", "qy.login:fail"),
            *(str(pitboard.home / "log"), ""),
        ],
        [
            *(known["save"], "open", "1", "5", "Saving is denied", ""),
            *("save:fail denied", "save:fail denied", str(pitboard.home / "log"), ""),
        ],
    ]


def test_a_stream_is_read_from_stdin(pitboard: Any, known: dict[str, str]) -> None:
    ended = pitboard.taking("match", stdin=LOG)
    assert [row[:4] for row in rows(ended.stdout.decode())] == [
        [known["login"], "workaround", "2", "2"],
        [known["save"], "open", "1", "5"],
    ]
    assert pitboard.taking("match", "-", stdin=LOG).stdout == ended.stdout


def test_nothing_known_is_exit_code_one(pitboard: Any, known: dict[str, str]) -> None:
    ended = pitboard("match", stdin="all is well\n")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "Nothing known is in it.\n"
    assert json.loads(pitboard("match", "--json", stdin="").out)["pitfalls"] == []


def test_a_board_without_signatures_knows_nothing(pitboard: Any) -> None:
    said = "No pitfall of this board has a signature, so nothing can be found."
    advice = "Add one with “pitboard new --signature” or “pitboard edit --signature”."
    for pitfalls in (0, 1):
        if pitfalls:
            with pitboard.store() as store:
                store.pitfalls.report("Unsigned")
        ended = pitboard("match", stdin="qy.login:fail\n")
        assert (ended.code, ended.out, ended.err) == (1, "", f"{said} {advice}\n")
        failed = json.loads(pitboard("match", "--json", stdin="qy.login:fail\n").err)
        assert (failed["code"], failed["message"], failed["hint"]) == (
            *("nothing-found", said),
            advice,
        )
    assert "没有任何特征" in pitboard("--lang", "zh", "match", stdin="x\n").err


def test_json_holds_what_list_holds_and_where_it_was_found(
    pitboard: Any, known: dict[str, str]
) -> None:
    ended = pitboard("match", "--json", stdin=LOG.decode())
    found = json.loads(ended.out)["pitfalls"]
    listed = {one["id"]: one for one in json.loads(pitboard("list", "--json").out)["pitfalls"]}
    added = {"signature", "lines", "first_line", "file", "matched_text"}
    assert [one["id"] for one in found] == [known["login"], known["save"]]
    for one in found:
        assert {key: one[key] for key in one.keys() - added} == listed[one["id"]]
    assert {key: found[0][key] for key in added} == {
        **{"signature": "qy.login:fail", "lines": 2, "first_line": 2, "file": None},
        "matched_text": "qy.login:fail",
    }


def test_people_see_what_to_do(pitboard: Any, known: dict[str, str]) -> None:
    (pitboard.home / "log").write_bytes(LOG)
    seen = pitboard.seen("match", str(pitboard.home / "log"))
    assert known["login"][:4] in seen
    assert "◐ workaround  Login fails" in seen
    assert "2 lines, the first is" in seen
    assert "   Wait for the vendor.\n   Then try again." in seen
    assert "No workaround is known yet." in seen


def test_several_files_are_counted_together(pitboard: Any, known: dict[str, str]) -> None:
    for name in ("a", "b"):
        (pitboard.home / name).write_bytes(b"\n" + LOG)
    ended = pitboard("match", "--json", pitboard.home / "a", pitboard.home / "b")
    login = json.loads(ended.out)["pitfalls"][0]
    assert (login["lines"], login["first_line"]) == (4, 3)
    assert login["file"] == str(pitboard.home / "a")


def test_a_file_that_is_not_there_is_wrong_use(pitboard: Any) -> None:
    ended = pitboard("match", "nowhere.log")
    assert (ended.code, ended.out) == (2, "")
    assert "nowhere.log" in ended.err


def test_files_that_can_be_read_are_read_and_the_others_named(
    pitboard: Any, known: dict[str, str]
) -> None:
    (pitboard.home / "a").write_bytes(b"qy.login:fail\n")
    ended = pitboard("match", "nowhere.log", pitboard.home / "a", pitboard.home)
    assert ended.code == 5
    assert ended.out.split("\t")[0] == known["login"]
    assert "nowhere.log can't be read: No such file or directory." in ended.err
    assert f"{pitboard.home} can't be read: Is a directory." in ended.err
    found = pitboard("match", "nowhere.log", pitboard.home / "a", "--log", "--json")
    assert (found.code, json.loads(found.err)["code"]) == (5, "partial")
    document = json.loads(found.out)
    assert document["unread"] == ["nowhere.log"]
    [occurrence] = pitboard.occurrences(known["login"])
    assert document["logged"] == [occurrence.id]


# Shapes of input


@pytest.mark.parametrize(
    "data",
    [
        b"qy.login:fail",
        b"\x00\xffbinary\x00\n\x80\xe6\x89 qy.login:fail \xff",
        b"\n\n\r\nqy.login:fail\r\n",
        "\ufeffqy.login:fail\n".encode(),
        "a\r\nqy.login:fail\r\n".encode("utf-16"),
        "打开\nqy.login：fail\n".encode("utf-16-be").join([b"\xfe\xff", b""]),
        b"progress 1%\rprogress 2%\rqy.login:fail\r\n",
        b"x" * 3_000_000 + b" qy.login:fail " + b"y" * 3_000_000,
    ],
)
def test_it_is_found_whatever_the_bytes_are(
    pitboard: Any, known: dict[str, str], data: bytes
) -> None:
    ended = pitboard.taking("match", stdin=data)
    assert [row[0] for row in rows(ended.stdout.decode())] == [known["login"]]


def test_a_line_that_does_not_end_takes_no_more_memory_than_others(
    pitboard: Any, known: dict[str, str]
) -> None:
    script = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (300_000_000, 300_000_000))
from tui.cli import main
sys.exit(main(["match"]))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=pitboard.env,
    )
    assert process.stdin is not None
    for _ in range(200):
        process.stdin.write(b"login " + "这是一个长句子，no end in sight, ".encode() * 20_000)
        process.stdin.write(b"fail")
    process.stdin.write(b" qy.login:fail" * 100_000)
    out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert [row[:4] for row in rows(out.decode())] == [[known["login"], "workaround", "1", "1"]]


# --tee


def test_tee_passes_every_byte_on(pitboard: Any, known: dict[str, str]) -> None:
    data = LOG + bytes(range(256)) * 5_000
    ended = pitboard.taking("match", "--tee", stdin=data)
    assert ended.stdout == data
    assert ended.returncode == 0
    assert "Login fails" in ended.stderr.decode()
    assert "Wait for the vendor." in ended.stderr.decode()


def test_tee_leaves_json_to_stderr(pitboard: Any, known: dict[str, str]) -> None:
    ended = pitboard("match", "--tee", "--json", stdin="qy.login:fail\n")
    assert ended.out == "qy.login:fail\n"
    assert json.loads(ended.err)["pitfalls"][0]["id"] == known["login"]


def test_a_reader_that_goes_away_is_no_error(pitboard: Any, known: dict[str, str]) -> None:
    command = f"{sys.executable} -m tui match --tee"
    ended = subprocess.run(
        ["bash", "-c", f"yes qy.login:fail | head -n 300000 | {command} | head -n 1"],
        env=pitboard.env,
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    assert ended.stdout == b"qy.login:fail\n"
    assert ended.stderr == b""


# Limits


def test_platform_and_channel_limit_what_matches(pitboard: Any, known: dict[str, str]) -> None:
    with pitboard.store() as store:
        store.signatures.add(
            known["save"], "pay:fail", platform=Platform.IOS, channel=Channel.RELEASE
        )
    stdin = "pay:fail\n"
    assert pitboard("match", stdin=stdin).code == 0
    assert pitboard("match", "--platform", "ios", stdin=stdin).code == 0
    assert pitboard("match", "--platform", "android", stdin=stdin).code == 1
    assert pitboard("match", "--channel", "preview", stdin=stdin).code == 1


# --log


def test_log_records_one_occurrence_for_each(pitboard: Any, known: dict[str, str]) -> None:
    ended = pitboard(
        *("match", "--log", "--platform", "android", "--client-version", "4.1.22"),
        *("--company", "north"),
        stdin=LOG.decode(),
    )
    assert ended.code == 0
    assert "Logged an occurrence of 2 pitfalls" in ended.err
    [login] = pitboard.occurrences(known["login"])
    assert (login.count, login.message) == (2, '10:00:01 {"errMsg":"wx.qy.login:fail"}')
    assert login.environment.platform is Platform.ANDROID
    assert (login.environment.client_version, login.environment.company) == ("4.1.22", "north")
    [save] = pitboard.occurrences(known["save"])
    assert (save.count, save.message) == (1, "save:fail denied")
    # Both in one step.
    pitboard("undo")
    assert not pitboard.occurrences(known["login"])
    assert not pitboard.occurrences(known["save"])


def test_a_hostile_line_is_logged_harmless(pitboard: Any, known: dict[str, str]) -> None:
    stdin = "\x1b]52;c;eA==\x07 \u202e qy.login:fail \x00\ttail" + "x" * 9_000
    assert pitboard.taking("match", "--log", stdin=stdin.encode()).returncode == 0
    [login] = pitboard.occurrences(known["login"])
    assert "<U+202E>" in login.message
    assert len(login.message) <= 2_000


def test_log_writes_nothing_when_nothing_is_found(pitboard: Any, known: dict[str, str]) -> None:
    before = pitboard.events()
    assert pitboard("match", "--log", stdin="fine\n").code == 1
    assert pitboard.events() == before


# --follow


@contextmanager
def following(pitboard: Any, path: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "match", "--follow", *options, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=pitboard.env,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def printed(process: subprocess.Popen[str]) -> str:
    """The next line that it says."""
    assert process.stderr is not None
    return process.stderr.readline()


def stopped(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Its exit code and what it wrote, after Ctrl-C."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in err
    return process.returncode, out


def test_follow_goes_on_as_the_file_grows(pitboard: Any, known: dict[str, str]) -> None:
    path = pitboard.home / "log"
    path.write_bytes(b"first\nqy.login:fail\n")
    with following(pitboard, path) as process:
        assert "workaround  Login fails" in printed(process)
        with path.open("ab") as file:
            file.write(b"qy.login:fail\nsave:fail ")
            file.flush()
            file.write(b"denied\n")
        assert "Saving is denied" in printed(process)
        code, out = stopped(process)
    assert code == 0
    assert [row[:4] for row in rows(out)] == [
        [known["login"], "workaround", "2", "2"],
        [known["save"], "open", "1", "4"],
    ]


@pytest.mark.parametrize("how", ["cut", "moved"])
def test_follow_begins_anew_with_the_file(pitboard: Any, known: dict[str, str], how: str) -> None:
    path = pitboard.home / "log"
    path.write_bytes(b"a long beginning\n" * 100 + b"qy.login:fail\n")
    with following(pitboard, path) as process:
        assert "Login fails" in printed(process)
        if how == "moved":
            path.rename(pitboard.home / "log.1")
        path.write_bytes(b"save:fail denied\nqy.login:fail\n")
        assert "Saving is denied" in printed(process)
        code, out = stopped(process)
    assert code == 0
    assert {row[0]: row[2] for row in rows(out)} == {known["login"]: "2", known["save"]: "1"}


def test_follow_with_nothing_found_ends_with_one(pitboard: Any, known: dict[str, str]) -> None:
    path = pitboard.home / "log"
    path.write_bytes(b"all is well\n")
    with following(pitboard, path, "--tee") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "all is well\n"
        code, out = stopped(process)
    assert (code, out) == (1, "")


@pytest.mark.parametrize("files", [[], ["-"], ["a", "b"]])
def test_follow_needs_one_file(pitboard: Any, files: list[str]) -> None:
    for name in ("a", "b"):
        Path(pitboard.home / name).touch()
    paths = [one if one == "-" else str(pitboard.home / one) for one in files]
    assert pitboard("match", "--follow", *paths).code == 2


def test_ctrl_c_on_a_pipe_tells_what_was_found(pitboard: Any, known: dict[str, str]) -> None:
    read, write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "match", "--tee"],
        stdin=read,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=pitboard.env,
        text=True,
    )
    os.close(read)
    os.write(write, b"qy.login:fail\n")
    assert process.stdout is not None
    assert process.stdout.readline() == "qy.login:fail\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    with suppress(OSError):
        os.close(write)
    assert process.returncode == 0
    assert "Login fails" in err
    assert "Traceback" not in err


# What it loads


@pytest.mark.parametrize(
    ("stdin", "loaded"),
    [("all is well\n", ["hyperscan"]), ("qy.login:fail\n", ["hyperscan"])],
)
def test_it_loads_no_more_than_reading_does(
    pitboard: Any, known: dict[str, str], stdin: str, loaded: list[str]
) -> None:
    script = """
import sys
from tui.cli import main
main(["match", "--json"])
heavy = ("pydantic", "sqlite_utils", "filelock", "textual", "rapidfuzz", "hyperscan")
print(*[one for one in heavy if one in sys.modules], file=sys.stderr)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script],
        input=stdin,
        capture_output=True,
        text=True,
        env=pitboard.env,
        check=True,
    )
    assert ended.stderr.splitlines()[-1].split() == loaded


# Signatures that are typed


def test_a_signature_that_says_nothing_is_refused(pitboard: Any) -> None:
    ended = pitboard(
        *("new", "A title", "--component", "x", "--kind", "bug", "--severity", "S3"),
        *("--signature", "MiniProgramError"),
    )
    assert ended.code == 3
    assert "would match nearly everything" in ended.err
    assert json.loads(pitboard("list", "--json").out)["pitfalls"] == []
