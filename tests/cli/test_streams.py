"""What the command does with its streams: hostile text, pipes that close, locales, Ctrl-C."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pexpect
import pytest

from storage.events import event_id
from storage.imports.importer import import_events
from storage.sharing.members import accept
from storage.sharing.state import SharingReader
from storage.text.sanitize import first_hostile
from tests.cli.conftest import interrupt
from tests.processes import PATIENCE

PITFALL = "cd" * 8
HOSTILE = (
    "\x1b]52;c;cm0gLXJm\x07\x1b[31mred\x9b2J \u202egpj.exe\u2066 \x00\x08\x7f"
    " [bold]b[/] [/ [@click=app.quit]q[/] a\tb\r\nc \U000e0041 "
)


def hostile_events() -> Iterator[bytes]:
    """A pitfall from elsewhere whose every text is hostile, and whose times are absurd."""
    bodies = [
        (
            "reported",
            {
                **dict.fromkeys(("title", "component", "reproduction"), HOSTILE),
                **{"workaround": HOSTILE, "status": "workaround"},
            },
        ),
        ("tag_added", {"tag": "evil\x1b\u202e"}),
        ("comment_added", {"text": HOSTILE}),
        ("signature_added", {"text": HOSTILE}),
        ("reference_added", {"url": HOSTILE, "title": HOSTILE, "quote": HOSTILE, "official": True}),
        (
            "statement_added",
            {
                **{"sort": "fixed", "author": HOSTILE, "version": HOSTILE, "quote": HOSTILE},
                "reference": None,
            },
        ),
        ("occurrence_logged", {"message": HOSTILE, "note": HOSTILE, "device": HOSTILE}),
        ("fix_recorded", {"axis": "client", "from_version": HOSTILE, "quote": HOSTILE}),
        ("status_set", {"status": "open", "reason": HOSTILE}),
        ("snoozed", {"axis": "client", "version": f"4.1 {HOSTILE}"[:60], "reason": HOSTILE}),
        ("declined", {"because": "not-ours", "reason": HOSTILE}),
        ("returned", {"reason": HOSTILE}),
        ("no\x1bsuch", {"x": HOSTILE}),
    ]
    line = b""
    for seq, (kind, body) in enumerate(bodies, 1):
        if kind == "statement_added":
            body = body | {"reference": event_id(line)}
        line = json.dumps(
            {
                **{"v": 1, "actor": "ab" * 16, "seq": seq, "prev": None, "step": seq},
                **{"hlc": seq, "at": (1 << 61) + seq, "who": HOSTILE[:100]},
                **{"pitfall": PITFALL, "kind": kind, "body": body},
            }
        ).encode()
        yield line


@pytest.fixture
def hostile(pitboard):
    """The id of a pitfall whose every text is hostile."""
    with pitboard.store() as store:
        report = import_events(store.session, hostile_events())
        # Their times are absurd, so that somebody has to accept them.
        with SharingReader.open(store.path) as shared:
            accept(store.session, [one.id for one in shared.quarantine()])
    assert report.set_aside == 0
    return PITFALL


READING = [
    ["list"],
    ["list", "--json"],
    ["show", "{id}"],
    ["show", "{id}", "--json"],
    ["bug-report", "{id}"],
    ["bug-report", "{id}", "--lang", "zh"],
    ["triage", "list"],
    ["triage", "list", "--json"],
    ["triage", "accept", "{id}", "--severity", "S1", "--dry-run"],
    ["history"],
    ["history", "{id}"],
    ["history", "{id}", "--json"],
    ["show", "c", "--lang", "zh"],
    ["export", "--format", "json"],
]


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_nothing_hostile_leaves_by_a_pipe(pitboard, hostile, arguments):
    ended = pitboard(*(one.format(id=hostile) for one in arguments))
    assert ended.code == 0
    assert first_hostile(ended.out.replace("\t", " "), lines=True) is None
    assert "[@click=app.quit]" in ended.out or "history" in arguments


@pytest.mark.parametrize("arguments", [*READING, ["export"]], ids=" ".join)
def test_nothing_hostile_reaches_a_terminal(pitboard, hostile, arguments):
    seen = pitboard.seen(*(one.format(id=hostile) for one in arguments), NO_COLOR="1")
    assert first_hostile(seen.replace("\t", " "), lines=True) is None


def test_nothing_hostile_reaches_whoever_decides(pitboard, hostile):
    screen = pitboard.terminal("triage", NO_COLOR="1")
    screen.expect_exact("q quit")
    seen = screen.before
    screen.send("1")
    screen.expect("Severity.*:")
    screen.sendline("")
    screen.expect("Component.*:")
    seen += screen.before + screen.after
    interrupt(screen, "q quit")
    seen += screen.before
    screen.send("q")
    seen += screen.read()
    assert "[@click=app.quit]" in seen
    assert first_hostile(seen.replace("\r\n", "\n").replace("^C", ""), lines=True) is None


def test_tabs_and_breaks_of_the_record_are_not_those_of_the_line(pitboard, hostile):
    [line] = pitboard("list").out.splitlines()
    assert line.count("\t") == 7
    for line in pitboard("history", hostile).out.splitlines():
        assert line.count("\t") == 14


def test_json_keeps_the_exact_text(pitboard, hostile):
    shown = json.loads(pitboard("show", hostile, "--json").out)["pitfalls"][0]
    assert shown["title"] == HOSTILE
    assert shown["comments"][0]["text"] == HOSTILE.replace("\r\n", "\n")


def test_nothing_hostile_is_said_on_stderr(pitboard, hostile):
    for arguments in (["comment", "cdcd", HOSTILE.replace("\0", "")], ["list", "status:\x1b[31m"]):
        ended = pitboard(*arguments)
        assert ended.code != 0
        assert first_hostile(ended.err, lines=True) is None
    done = pitboard("comment", "cdcd", "fine")
    assert done.code == 0
    assert first_hostile(done.err, lines=True) is None


def test_a_reader_that_goes_away_is_no_error(pitboard):
    with pitboard.store() as store:
        for n in range(60):
            store.pitfalls.report(f"title {n}", reproduction="long text " * 1_000)
    run = subprocess.Popen(
        [sys.executable, "-m", "tui", "list", "--json"],
        env=pitboard.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.read(1)
    run.stdout.close()
    assert run.stderr.read() == b""
    run.stderr.close()
    assert run.wait(PATIENCE) == 141


@pytest.mark.parametrize("arguments", [["list"], ["list", "--json"], ["export"]], ids=" ".join)
def test_output_that_can_not_be_written_is_exit_4(pitboard, login, arguments):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        run = subprocess.run(
            [sys.executable, "-m", "tui", *arguments],
            env=pitboard.env,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert run.returncode == 4
    assert b"No space left" in run.stderr
    assert b"Traceback" not in run.stderr


@pytest.mark.parametrize(
    "locale",
    [
        {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "gbk"},
    ],
)
def test_pipes_are_utf8_whatever_the_locale(pitboard, locale):
    with pitboard.store() as store:
        store.pitfalls.report("企业微信 ✔ 😀")
    assert "企业微信 ✔ 😀" in pitboard("list", **locale).out


def test_an_argument_that_is_no_text_is_exit_2(pitboard, login):
    for arguments in (["list", "\udcff"], ["show", "\udcff"], ["new", "\udcff"]):
        assert pitboard(*arguments).code in {1, 2, 3}


def test_ctrl_c_is_exit_130(pitboard, login):
    screen = pitboard.terminal("comment", login)
    screen.expect("Comment:")
    interrupt(screen, "nothing was saved")
    screen.read()
    screen.close()
    assert screen.exitstatus == 130


def test_without_a_terminal_there_is_no_board_to_open(pitboard):
    ended = pitboard()
    assert (ended.code, ended.out) == (2, "")
    assert "terminal" in ended.err


def test_the_board_is_drawn_on_the_terminal_wherever_stderr_goes(pitboard, login, tmp_path):
    log = tmp_path / "err.log"
    screen = pexpect.spawn(
        "/bin/sh",
        ["-c", f'exec "{sys.executable}" -m tui 2>"{log}"'],
        env=pitboard.env | {"TERM": "xterm-256color"},
        dimensions=(24, 80),
        encoding="utf-8",
        timeout=PATIENCE,
    )
    screen.expect("login")
    screen.send("\x11")
    screen.expect(pexpect.EOF)
    screen.close()
    assert (screen.exitstatus, log.read_text("utf-8")) == (0, "")


def test_help_names_every_verb_and_exit_code(pitboard):
    from tui.text.verbs import VERBS

    ended = pitboard("--help")
    assert ended.code == 0
    for verb in VERBS:
        assert f"\n  {verb} " in ended.out
        assert "..." not in ended.out.split(f"\n  {verb} ")[1].splitlines()[0]
    assert "\n  4  " in ended.out
    assert pitboard("nonsense").code == 2
    assert pitboard("--version").out.startswith("pitboard ")


def test_reading_loads_little(pitboard, login):
    code = (
        "import sys; from tui.cli import main; code = main(sys.argv[1:]);"
        "heavy = {'pydantic', 'sqlite_utils', 'textual', 'filelock', 'rich.console'};"
        "print(*sorted(heavy & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    for arguments in (
        *(["list"], ["list", "login", "--json"], ["show", login], ["path"]),
        *(["triage", "list"], ["triage", "list", "--json"], ["triage", "list", "--count"]),
    ):
        run = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=pitboard.env,
            capture_output=True,
            check=True,
        )
        assert run.stderr.decode().strip() == ""
