"""Files in and out: event lines, and all pitfalls as JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.events import LONGEST_LINE
from storage.exports import whole_board as exporting
from storage.exports.json_shapes import as_history, as_json, as_listed, as_shown
from storage.exports.whole_board import export_csv, export_events, export_json
from storage.imports import importer as importing
from storage.imports.importer import import_events, read_lines
from storage.model.environment import Environment
from storage.read.board import Board
from storage.text.dates import iso
from storage.text.sanitize import sanitize
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY, dump, line, lines_of

# Event lines


def test_lines_go_out_as_they_came_in_and_in_that_order(store: Store) -> None:
    odd = b'{"zzz": 1, ' + line(seq=9, who="李雷")[1:]
    later = line(v=7, kind="moved_to_the_moon", body={"crater": "哥白尼"})
    import_events(store.session, [odd, later, line()])
    written: list[bytes] = []
    assert export_events(store.path, written.append) == 3
    assert written == [odd + b"\n", later + b"\n", line() + b"\n"]


def test_more_lines_than_a_page_go_out_and_come_in(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line(seq=n, kind="occurrence_logged", body={}) for n in range(1, 26)]
    monkeypatch.setattr(exporting, "_PAGE", 5)
    monkeypatch.setattr(importing, "_CHUNK_LINES", 4)
    heard: list[frozenset[str]] = []
    store.subscribe(heard.append)
    report = import_events(store.session, lines * 2)
    assert (report.added, report.known, report.refused, report.set_aside) == (25, 25, (), 0)
    assert len(heard) == 7
    assert [one.strip() for one in lines_of(store.path)] == lines


def test_what_is_garbled_is_set_aside_with_its_number(store: Store) -> None:
    lines = [
        b"",
        line(),
        b"Dear diary",
        b"  \r\n",
        line(seq=2, who="Bo") + b"\r\n",
        line()[:50],
        b"\xff\xfe",
        b"x" * (LONGEST_LINE + 1),
        line(seq=3, kind="later", body={}) + b"\n",
    ]
    report = import_events(store.session, lines)
    assert (report.added, report.known, report.set_aside) == (3, 0, 4)
    assert [number for number, _ in report.refused] == [3, 6, 7, 8]
    assert all("line" in str(why) for _, why in report.refused)
    again = import_events(store.session, lines)
    assert (again.added, again.known, again.set_aside) == (0, 3, 4)


def test_so_much_garbage_is_counted_and_not_kept(store: Store) -> None:
    report = import_events(store.session, (b"garbage" for _ in range(importing.NAMED_AT_MOST + 5)))
    assert len(report.refused) == importing.NAMED_AT_MOST
    assert report.set_aside == importing.NAMED_AT_MOST + 5


def test_a_file_with_windows_line_breaks_holds_the_same_events(store: Store) -> None:
    import_events(store.session, [line(), line(seq=2)])
    windows = b"\xef\xbb\xbf" + b"\r\n".join([line(), line(seq=2)]) + b"\r\n"
    report = import_events(store.session, read_lines(io.BytesIO(windows)))
    assert (report.added, report.known, report.set_aside) == (0, 2, 0)


class _Tape(io.RawIOBase):
    """Endless text without a line break, which counts how much of it is asked for at once."""

    def __init__(self, size: int, tail: bytes) -> None:
        self._left = size
        self._tail = io.BytesIO(tail)
        self.most = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size > 0
        self.most = max(self.most, size)
        given = min(size, self._left)
        self._left -= given
        return b"x" * given if given else self._tail.readline(size)


def test_an_overlong_line_is_skipped_without_being_held() -> None:
    tape = _Tape(50 * LONGEST_LINE, b"the end of it\nshort\n\nlast")
    lines = list(read_lines(tape))  # type: ignore[arg-type]
    assert [len(one) for one in lines] == [LONGEST_LINE + 1, 5, 0, 4]
    assert tape.most < 2 * LONGEST_LINE


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b""])
def test_the_longest_line_that_can_be_is_read_whole(ending: bytes) -> None:
    longest = b"x" * LONGEST_LINE
    assert list(read_lines(io.BytesIO(longest + ending))) == [longest]
    over = list(read_lines(io.BytesIO(longest + b"yz" + ending + b"next")))
    assert over[0] == longest + b"y"
    assert over[1:] == ([b"next"] if ending else [])


# Shapes


def _full(store: Store) -> str:
    pitfall = store.pitfalls.report(
        "White picture",
        component="wx.a",
        workaround="Wait.",
        tags=["b", "a"],
        references=["https://a.b/c"],
        signatures=["scan:fail"],
    )
    store.comments.add(pitfall, "Hello")
    store.status.set(pitfall, "fixed upstream", axis="client", from_version="4.1", quote="Done")
    store.occurrences.log(pitfall, seen_at=MONDAY - DAY_MS, host="wecom", message="m", count=2)
    store.occurrences.log(pitfall, seen_at=MONDAY - 9 * DAY_MS, outcome="not-reproduced")
    return pitfall


def test_a_pitfall_has_the_same_keys_everywhere(store: Store) -> None:
    pitfall = _full(store)
    with Board.open(store.path) as board:
        held, totals = board.pitfall(pitfall), board.occurrences.totals(pitfall)
        listed = as_listed(held, totals, "en")
        shown = as_shown(
            held,
            totals,
            board.occurrences.of(pitfall),
            "en",
            fixes=board.fixes.judging(pitfall).fixes,
        )
    assert shown.items() >= listed.items()
    ids = {
        "references": shown["references"][0].pop("id"),
        "signatures": shown["signatures"][0].pop("id"),
        "comments": shown["comments"][0].pop("id"),
        "fixes": shown["fixes"][0].pop("id"),
    }
    assert all(len(one) == 32 for one in ids.values())
    assert [len(one.pop("id")) for one in shown["occurrences"]] == [32, 32]
    nowhere = Environment()._asdict()
    at = "2026-11-23T08:00:00Z"
    assert shown == {
        "id": pitfall,
        "title": "White picture",
        "status": "fixed upstream",
        "regressed": False,
        "upstream": "claimed-fixed",
        "kind": "bug",
        "severity": "S3",
        "component": "wx.a",
        "assignee": None,
        "due": None,
        "ticket": None,
        "tags": ["a", "b"],
        "triage": "inbox",
        "inbox_reason": "new",
        "decline_reason": None,
        "duplicate_of": None,
        "waiting_since": at,
        "snoozed_until": None,
        "duplicates": [],
        "not_duplicates": [],
        "workaround": "Wait.",
        "reproduction": "",
        "references": [
            {
                "url": "https://a.b/c",
                "title": "",
                "source": "other",
                "quote": "",
                "quoted_on": "",
                "official": False,
                "recorded_on": pitfall,
            }
        ],
        "signatures": [
            {
                "text": "scan:fail",
                "form": "literal",
                "platform": None,
                "channel": None,
                "recorded_on": pitfall,
            }
        ],
        "occurrence_count": 2,
        "not_reproduced_count": 1,
        "first_seen": "2026-11-22T08:00:00Z",
        "last_seen": "2026-11-22T08:00:00Z",
        "reported_at": at,
        "reported_by": "Ann",
        "source": None,
        "changed_at": at,
        "workaround_verified_at": at,
        "occurrences": [
            nowhere
            | {
                "recorded_on": pitfall,
                "seen_at": "2026-11-22T08:00:00Z",
                "who": "Ann",
                "outcome": "reproduced",
                "host": "wecom",
                "message": "m",
                "count": 2,
                "note": "",
                "verifies": None,
                "verdict": "stale",
                "verdict_because": "seen-before",
                "verdict_fix": ids["fixes"],
            },
            nowhere
            | {
                "recorded_on": pitfall,
                "seen_at": "2026-11-14T08:00:00Z",
                "who": "Ann",
                "outcome": "not-reproduced",
                "message": "",
                "count": 1,
                "note": "",
                "verifies": None,
                "verdict": None,
                "verdict_because": None,
                "verdict_fix": None,
            },
        ],
        "comments": [{"at": at, "who": "Ann", "text": "Hello"}],
        "fixes": [
            {
                "at": at,
                "who": "Ann",
                "axis": "client",
                "from_version": "4.1",
                "from_date": "",
                "affected_since": "",
                "last_affected": "",
                "platform": None,
                "host": None,
                "quote": "Done",
                "reference": "",
                "official": False,
                "grace_days": 30,
                "state": "claimed",
                "evidence": None,
                "evidence_at": None,
            }
        ],
        "vendor_replies": [],
        "attachments": [],
        "conflicts": [],
    }


def test_texts_are_in_the_reader_s_language(store: Store) -> None:
    title = {"en": "White picture", "zh": "白色图片"}
    import_events(
        store.session, [line(body={"title": title, "workaround": {"en": "Wait.", "zh": "等"}})]
    )
    with Board.open(store.path) as board:
        held, seen = board.pitfall("ab12cd34ab12cd34"), board.occurrences.totals("ab12cd34ab12cd34")
        [change] = board.history.timeline("ab12cd34ab12cd34")
    for language, shown in (("en", ("White picture", "Wait.")), ("zh_CN", ("白色图片", "等"))):
        listed = as_listed(held, seen, language)
        assert (listed["title"], listed["workaround"]) == shown
        assert as_history(change, language)["after"] == shown[0]


def test_history_says_what_changed(store: Store) -> None:
    pitfall = store.pitfalls.report("x")
    store.pitfalls.edit(pitfall, {"severity": "S1"}, reason="Blocks us")
    store.history.undo()
    with Board.open(store.path) as board:
        undone, changed, _ = (as_history(one, "en") for one in board.history.timeline(pitfall))
    assert undone["names"] == [changed["event"]]
    assert len(changed.pop("event")) == 32
    assert changed == {
        "pitfall": pitfall,
        "at": "2026-11-23T08:00:00Z",
        "who": "Ann",
        "category": "values",
        "what": "field_set",
        "field": "severity",
        "part": "",
        "about": "",
        "before": "S3",
        "after": "S1",
        "difference": [],
        "reason": "Blocks us",
        "undone": True,
        "redo": False,
        "names": [],
        "outcome": None,
        "holds_more": False,
        "decision": None,
    }
    assert (undone["what"], undone["undone"]) == ("undone", False)


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (None, None),
        (0, "1970-01-01T00:00:00Z"),
        (MONDAY + 999, "2026-11-23T08:00:00Z"),
        (1 << 61, "9999-12-31T23:59:59Z"),
    ],
)
def test_any_time_that_an_event_can_claim_can_be_written(
    at: int | None, written: str | None
) -> None:
    assert iso(at) == written


def test_json_is_readable_and_fools_no_terminal() -> None:
    value = {"白": ["\x1b[2J", "\u202eabc", "\x9b", "\U000e0041", "é 用户", "\x7f", "\n"]}
    text = as_json(value)
    assert sanitize(text) == text
    assert "用户" in text
    assert json.loads(text) == value
    assert json.loads(as_json(value, indent=2)) == value


# Tables


def _exported(store: Store, export: Callable[..., None], language: str = "en") -> str:
    pieces: list[str] = []
    with Board.open(store.path) as board:
        export(board, language, pieces.append)
    return "".join(pieces)


def test_every_pitfall_is_in_the_json(store: Store) -> None:
    assert json.loads(_exported(store, export_json)) == []
    pitfall = _full(store)
    other = store.pitfalls.report("白")
    listed: list[dict[str, Any]] = json.loads(_exported(store, export_json))
    assert [one["id"] for one in listed] == [pitfall, other]
    with Board.open(store.path) as board:
        assert listed == [
            as_listed(board.pitfall(one), board.occurrences.totals(one), "en")
            for one in (pitfall, other)
        ]


def test_every_pitfall_is_in_the_csv(store: Store) -> None:
    pitfall = _full(store)
    store.links.add(pitfall, "https://d.e/f")
    text = _exported(store, export_csv)
    assert text.endswith("\r\n")
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    assert row == {
        "id": pitfall,
        "title": "White picture",
        "status": "fixed upstream",
        "kind": "bug",
        "severity": "S3",
        "component": "wx.a",
        "assignee": "",
        "due": "",
        "ticket": "",
        "tags": "a\nb",
        "workaround": "Wait.",
        "reproduction": "",
        "references": "https://a.b/c\nhttps://d.e/f",
        "signatures": "scan:fail",
        "occurrence_count": "2",
        "not_reproduced_count": "1",
        "first_seen": "2026-11-22T08:00:00Z",
        "last_seen": "2026-11-22T08:00:00Z",
    }


@pytest.mark.parametrize("export", [export_json, export_csv])
def test_more_than_a_page_goes_out_while_others_write(
    store: Store, export: Callable[..., None]
) -> None:
    import_events(
        store.session,
        (line(seq=n, pitfall=f"{n:016x}", body={"title": f"{n}"}) for n in range(1, 451)),
    )
    written: list[str] = []

    def write(piece: str) -> None:
        # What is seen meanwhile would move up to the front of the list.
        if len(written) in {100, 300}:
            store.occurrences.log(f"{1:016x}")
        written.append(piece)

    with Board.open(store.path) as board:
        export(board, "en", write)
    text = "".join(written)
    rows = json.loads(text) if export is export_json else csv.DictReader(io.StringIO(text))
    assert sorted(one["id"] for one in rows) == [f"{n:016x}" for n in range(1, 451)]


@pytest.mark.parametrize(
    "title",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\u3000=1",
        '"=1',
        "'=1",
        " '\"=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\ufeff=1",
        "\n=1",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_text(store: Store, title: str) -> None:
    import_events(
        store.session, [line(body={"title": title, "workaround": title, "component": title})]
    )
    [row] = csv.DictReader(io.StringIO(_exported(store, export_csv), newline=""))
    for name in ("title", "workaround", "component"):
        assert row[name][0] == "'" or row[name][0] in "␍<"
        assert row[name].removeprefix("'") == sanitize(title, lines=True)


@pytest.mark.parametrize("title", ["a=1", "白色", "1-2", "e@mail", "'quoted'", "[x]"])
def test_other_cells_stay_as_they_are(store: Store, title: str) -> None:
    store.pitfalls.report(title)
    [row] = csv.DictReader(io.StringIO(_exported(store, export_csv), newline=""))
    assert row["title"] == title


def test_exporting_writes_nothing(store: Store) -> None:
    _full(store)
    before = dump(store.path), store.path.read_bytes()
    for export in (export_json, export_csv):
        _exported(store, export)
    lines_of(store.path)
    assert (dump(store.path), store.path.read_bytes()) == before
