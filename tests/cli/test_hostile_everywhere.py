"""Hostile text on every screen, in every verb, report and export, byte by byte in a terminal."""

from __future__ import annotations

import csv
import io
import json
import re
import signal
import time
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from storage.events import event_id
from storage.imports.importer import import_events
from storage.query.tree import Query
from storage.read.board import Board
from storage.text.sanitize import first_hostile
from storage.write.store import Store
from tests.cli.conftest import Pitboard
from tests.processes import PATIENCE
from tests.records import DAY_MS
from tests.sizes import sizes, storms

HOSTILE = {
    "escapes": "\x1b[2J\x1b[31mred\x1b]0;title\x07",
    "link": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07copied",
    "eight bits": "\x9b31mred\x9d52;c;ZXZpbA==\x9c",
    "bidi": "abc\u202egpj.exe\u2066\u200f",
    "markup": "[bold]b[/] [/ [@click=app.quit]quit[/] [link=https://evil.example]x[/link]",
    "zero width": "in\u200bvi\u200dsi\ufeffble\u00ad",
    "marks": "e" + "\u0301" * 250,
    "formula": "=cmd|'/C calc'!A0",
    "sum": "@SUM(1+1)*cmd|' /C calc'!A0",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>",
    "template": "{{ 7*7 }} {% raw %} ${7*7} {0} {who} %s %(x)s",
    "option": "--upload-pack=touch owned",
    "path": "../../../../etc/passwd",
    "tabs": "a\tb\rc\x0bd\x00e",
    "markdown": "](javascript:alert(1)) ![x](https://evil.example/p.png) `x` | y |\n# h",
}
_URLS = ("javascript:alert(1)", "data:text/html,<script>1</script>", "file:///etc/passwd", "-x")
#: What we colour with; everything else that begins with an escape is somebody else's.
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def _events(now: int) -> list[bytes]:
    """For each hostile text, a pitfall that says it wherever something can be said."""
    seq = count(1)

    def line(pitfall: str, kind: str, **body: Any) -> bytes:
        number = next(seq)
        values = {"v": 1, "actor": "f" * 32, "seq": number, "prev": None, "step": number}
        values |= {"hlc": (now << 16) + number, "at": now, "who": text[:200], "pitfall": pitfall}
        return json.dumps(values | {"kind": kind, "body": body}).encode()

    lines = []
    for place, text in enumerate(HOSTILE.values()):
        pitfall = f"{place + 1:02x}" * 8
        url = _URLS[place % len(_URLS)]
        reported = {"title": text, "component": text, "reproduction": text}
        lines.append(line(pitfall, "reported", **reported, workaround=text, severity="S1"))
        reference = line(pitfall, "reference_added", url=f"{url}{text}", title=text, quote=text)
        lines.append(reference)
        lines.append(
            line(
                pitfall,
                "statement_added",
                reference=event_id(reference),
                sort="fixed",
                author=text,
                version=text,
                quote=text,
            )
        )
        for kind, body in (
            ("tag_added", {"tag": text}),
            ("comment_added", {"text": text + "\u0301" * 10_000}),
            ("signature_added", {"text": text}),
            ("fix_recorded", {"axis": "client", "from_version": text, "reference": text}),
            ("occurrence_logged", {"message": text, "note": text, "device": text}),
            ("occurrence_logged", {"platform": "ios", "client_version": text, "os_version": text}),
            ("retro_noted", {"text": text, "sort": "follow-up", "owner": text}),
            (
                "attachment_added",
                {"digest": "0" * 64, "size": 5, "label": text, "media": text, "note": text},
            ),
            ("status_set", {"status": "open", "reason": text}),
            ("from_the_future", {"anything": text}),
        ):
            lines.append(line(pitfall, kind, **body))
        conflicting = {"field": "title", "value": f"{text}!", "replaces": event_id(lines[-13])}
        lines.append(line(pitfall, "field_set", **conflicting, reason=text))
    return lines


@pytest.fixture
def board(pitboard: Pitboard) -> Pitboard:
    """A board on which everything is hostile."""
    now = int(time.time() * 1000) - DAY_MS
    store = Store.open(pitboard.path, who="Ada")
    assert import_events(store.session, _events(now)).set_aside == 0
    store.close()
    return pitboard


_VERBS = [
    ("list",),
    ("list", "--json"),
    ("show", "ID"),
    ("show", "ID", "--json"),
    ("history", "ID"),
    ("history", "ID", "--json"),
    ("history",),
    ("diff", "2020-01-01"),
    ("view",),
    (
        "triage",
        "list",
    ),
    ("resolve", "ID"),
    ("resolve", "ID", "--json"),
    ("bug-report", "ID"),
    ("bug-report", "ID", "--lang", "zh"),
    (
        "retro",
        "follow-ups",
    ),
    ("retro", "follow-ups", "--json"),
    ("versions",),
    ("versions", "--json"),
    ("members",),
    ("members", "--json"),
    ("attachment", "list", "ID"),
    ("attachment", "list", "ID", "--json"),
    ("retro", "--since", "2020-01-01"),
    ("retro", "--since", "2020-01-01", "--format", "md"),
    ("retro", "--since", "2020-01-01", "--format", "html"),
    ("retro", "--since", "2020-01-01", "--format", "json"),
    ("retro", "--since", "2020-01-01", "--format", "csv"),
    ("export", "--format", "json"),
    ("export", "--format", "csv"),
    ("doctor",),
]


def _looked_over(text: str) -> None:
    found = first_hostile(text.replace("\t", " ").replace("\r\n", "\n"), lines=True)
    assert found is None, text.splitlines()[found[0] - 1][:200]


@pytest.mark.parametrize("arguments", _VERBS, ids=" ".join)
@pytest.mark.parametrize("one_in", sizes(8, 1))
def test_no_verb_lets_anything_through(
    board: Pitboard, arguments: tuple[str, ...], one_in: int
) -> None:
    ids = [f"{place + 1:02x}" * 8 for place in range(len(HOSTILE))] if "ID" in arguments else [""]
    # In a usual run each verb takes some of them, and another one others.
    ids = ids[_VERBS.index(arguments) % len(ids) % 8 :: one_in]
    for pitfall in ids:
        words = [pitfall if word == "ID" else word for word in arguments]
        piped = board(*words)
        assert piped.code in (0, 1), piped.err
        _looked_over(piped.out)
        _looked_over(piped.err)
        if "--json" in words or words[-1] == "json":
            json.loads(piped.out)
    seen = board.seen(*words)
    _looked_over(_COLOURS.sub("", seen))


def test_cells_that_a_spreadsheet_would_run_are_text(board: Pitboard) -> None:
    for words in (
        ("export", "--format", "csv"),
        ("retro", "--since", "2020-01-01", "--format", "csv"),
    ):
        rows = csv.reader(io.StringIO(board(*words).out))
        cells = [cell for row in rows for cell in row]
        assert any("cmd|" in cell for cell in cells) or words[0] == "retro"
        assert not [cell for cell in cells if cell[:1] in tuple("=+@\t\r") and len(cell) > 1]


def test_a_page_runs_nothing(board: Pitboard) -> None:
    page = board("retro", "--since", "2020-01-01", "--format", "html").out
    assert "<script" not in page.lower()
    assert not re.search(r"<[^>]*\son\w+\s*=", page)
    assert not re.search(r"(?:href|src)\s*=\s*[\"']?\s*(?:javascript|data|file):", page, re.I)


#: Keys that go through every screen and every dialog of the board.
_KEYS = (
    *("enter", "]", "]", "]", "escape", "j", "enter", "escape"),
    *("a", "escape", "e", "escape", "s", "escape", "c", "escape", "F", "escape", "l", "escape"),
    *("A", "escape", "=", "escape", "@", "escape", "V", "escape", "H", "escape"),
    *("i", "j", "q", "L", "j", "q", "&", "j", "q", "R", "]", "]", "]", "q", "?", "escape"),
    *(":", "escape", "D", "escape", "t", "escape", "B", "y", "Y", "o", "/", "escape"),
)
_CODES = {"enter": "\r", "escape": "\x1b"}


@pytest.mark.parametrize("columns", storms([80], [160]))
def test_nothing_gets_through_the_board_to_the_terminal(board: Pitboard, columns: int) -> None:
    screen = board.terminal(columns=columns)
    log = io.StringIO()
    screen.logfile_read = log
    screen.expect("1", timeout=PATIENCE)
    for place in range(3):
        for key in _KEYS:
            screen.send(_CODES.get(key, key))
            try:
                screen.read_nonblocking(1_000_000, timeout=0.12)
            except Exception as silent:
                if type(silent).__name__ != "TIMEOUT":
                    raise
        screen.send("\x1b\x1b" + "j" * (5 * (place + 1)))
    # Closing gives up a tenth of a second after the last signal, which a busy machine needs.
    screen.kill(signal.SIGKILL)
    screen.wait()
    wrote = log.getvalue()
    for sign in (
        "\u202e",
        "\u2066",
        "\u200f",
        "\u200b",
        "\ufeff",
        "\x9b",
        "\x9d",
        "\x00",
    ):
        assert sign not in wrote
    for sequence in ("\x1b]8;;https://evil", "ZXZpbA==\x07", "ZXZpbA==\x1b", "\x1b]0;title"):
        assert sequence not in wrote
    with Board.open(board.path) as opened:
        assert len(opened.find(Query()).page(0, 100)) == len(HOSTILE)


def test_labels_of_attachments_are_never_paths(board: Pitboard, tmp_path: Path) -> None:
    room = tmp_path / "saved"
    room.mkdir()
    for place in range(len(HOSTILE)):
        board("attachment", "save", f"{place + 1:02x}" * 8, "ALL", "--to", str(room))
    assert list(room.iterdir()) == []
    assert not list(tmp_path.glob("owned"))
