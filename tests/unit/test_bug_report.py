"""The bug report for the vendor's community, from the record."""

from __future__ import annotations

from pathlib import Path

import pytest

import seeds
from storage.paste.reader import read
from storage.query.tree import Query
from storage.read.board import Board
from storage.reports.bug_report import BugReport, bug_report
from storage.reports.bug_report_facts import NotesPart, notes_parts
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY
from tui.text.i18n import translator

NOTES = """Since the last release.

## Steps

1. Save a picture.

```
## Expected
is not a heading in here
```

## Expected

The picture.

## Actual

A white one.

## Notes

Nobody knows why.
"""
THREAD = "https://developers.weixin.qq.com/community/develop/doc/000a"


def in_utc(at: int) -> str:
    return f"day {(at - MONDAY) // DAY_MS}"


def written(store: Store, pitfall: str, language: str = "en") -> BugReport:
    with Board.open(store.path) as board:
        return bug_report(board, pitfall, translator(language), in_utc)


def full(store: Store) -> str:
    pitfall = store.pitfalls.report(
        "White picture",
        component="wx.saveImageToPhotosAlbum",
        reproduction=NOTES,
        workaround="Ask for the permission.",
    )
    phone = {"host": "wecom", "platform": "android", "os_version": "14", "device": "Pixel 8"}
    for client, library, days in (("4.1.9", "2.30.4", 3), ("4.1.10(18808)", "2.30.4", 2)):
        store.occurrences.log(
            pitfall,
            **phone,
            client_version=client,
            base_library=library,
            channel="trial-qr",
            seen_at=MONDAY - days * DAY_MS,
            message="saveImage:fail\n  at a | b ```",
            company="acme",
            count=2,
        )
    store.occurrences.log(
        pitfall, host="wecom", platform="ios", client_version="4.1.11", outcome="not-reproduced"
    )
    store.links.add_reply(
        pitfall,
        THREAD,
        sort="will-fix",
        said_on="2026-11-20",
        author="技术专员",
        official=True,
        version="4.1.12",
        quote="下个版本\n修复",
    )
    store.links.add(pitfall, "https://a.b/c", title="A [post]")
    return pitfall


EXPECTED = """\
# White picture

- **Framework**: Mini-program
- **Problem type**: Bug
- **API**: wx.saveImageToPhotosAlbum
- **Platform**: Android
- **Client version**: WeCom 4.1.10(18808), WeCom 4.1.9
- **Base library**: 2.30.4
- **Device**: Pixel 8

## Behaviour

A white one.

## Expected

The picture.

## Steps to reproduce

1. Save a picture.

```
## Expected
is not a heading in here
```

## Environments

| Client version | Base library | System | Device | Channel | Reproduced | Not reproduced |
| --- | --- | --- | --- | --- | --- | --- |
| WeCom 4.1.11 | – | iOS | – | – | – | 1×, last on day 0 |
| WeCom 4.1.10(18808) | 2.30.4 | Android 14 | Pixel 8 | trial by QR code | 2×, last on day -2 | – |
| WeCom 4.1.9 | 2.30.4 | Android 14 | Pixel 8 | trial by QR code | 2×, last on day -3 | – |

## Error messages

````
saveImage:fail
  at a | b ```
````

## Links

- <https://developers.weixin.qq.com/community/develop/doc/000a>
  - 2026-11-20 技术专员: will fix in 4.1.12 “下个版本 修复”
- A [post]: <https://a.b/c>
"""


def test_it_says_all_that_the_record_says(store: Store) -> None:
    report = written(store, full(store))
    assert report.text == EXPECTED
    assert report.missing == ()


def test_the_same_record_gives_the_same_bytes_and_no_ids(store: Store) -> None:
    pitfall = full(store)
    before = written(store, pitfall, "zh_CN")
    store.rebuild()
    assert written(store, pitfall, "zh_CN") == before
    with Board.open(store.path) as board:
        held = board.pitfall(pitfall)
        items = [*held.references, *held.vendor_replies, *board.occurrences.of(pitfall)]
    for name in (pitfall, *(one.id for one in items)):
        assert name[:8] not in before.text
    assert "acme" not in before.text


def test_in_chinese_it_has_the_fields_of_the_communitys_template(store: Store) -> None:
    report = written(store, full(store), "zh_CN")
    for line in (
        "- **框架类型**：小程序",
        "- **问题类型**：Bug",
        "- **API**：wx.saveImageToPhotosAlbum",
        "- **终端类型**：Android",
        "- **微信版本**：企业微信 4.1.10(18808)、企业微信 4.1.9",
        "- **基础库版本**：2.30.4",
        "- **机型**：Pixel 8",
        "  - 2026-11-20 技术专员：将修复，版本 4.1.12 “下个版本 修复”",
    ):
        assert line in report.text.splitlines()
    for heading in ("当前表现", "预期表现", "复现步骤", "复现环境", "报错信息", "相关链接"):
        assert f"## {heading}" in report.text.splitlines()


def test_what_is_missing_is_listed_and_marked(store: Store) -> None:
    bare = store.pitfalls.report("It fails")
    report = written(store, bare)
    assert report.missing == (
        *("API", "Platform", "Client version", "Base library", "Device"),
        *("Expected", "Steps to reproduce", "Environments"),
    )
    assert report.text.count("(to be filled in)") == len(report.missing)
    assert "## Behaviour\n\nIt fails\n" in report.text
    chinese = written(store, bare, "zh")
    assert chinese.missing[:3] == ("API", "终端类型", "微信版本")
    assert chinese.text.count("（待补充）") == len(chinese.missing)


def test_notes_that_are_not_told_in_parts_are_the_steps(store: Store) -> None:
    pitfall = store.pitfalls.report("It fails", reproduction="Open it twice.")
    report = written(store, pitfall)
    assert "## Steps to reproduce\n\nOpen it twice.\n" in report.text
    assert "Steps to reproduce" not in report.missing


def test_without_a_message_the_signatures_tell_the_error(store: Store) -> None:
    pitfall = store.pitfalls.report("It fails", signatures=["qy.login:fail"])
    store.signatures.add(pitfall, "qy.*:fail", form="glob")
    assert "```\nqy.login:fail\n```" in written(store, pitfall).text
    assert "qy.*" not in written(store, pitfall).text


def test_what_its_duplicates_saw_is_in_it(store: Store) -> None:
    pitfall, other = store.pitfalls.report("It fails"), store.pitfalls.report("It fails, too")
    store.occurrences.log(other, device="Mate 60", platform="harmony")
    store.triage.mark_duplicate(other, pitfall)
    assert "- **Device**: Mate 60" in written(store, pitfall).text


def test_many_environments_are_cut(store: Store) -> None:
    pitfall = store.pitfalls.report("It fails")
    store.occurrences.log_many((pitfall, {"device": f"Phone {n}"}) for n in range(25))
    text = written(store, pitfall).text
    assert "… and 5 more environments" in text
    assert text.count("| Phone") == 20


def test_text_from_elsewhere_is_harmless_and_stays_in_its_cell(store: Store) -> None:
    pitfall = store.pitfalls.report("It fails")
    store.occurrences.log(pitfall, device="a | b", permission="c\\d")
    assert "| a \\| b |" in written(store, pitfall).text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_catalogue_has_its_parts_in_both_languages(tmp_path: Path, language: str) -> None:
    store = Store.open(tmp_path / "seeds.db", catalogue=seeds.lines, edition=seeds.EDITION)
    with Board.open(store.path) as board:
        reports = [
            bug_report(board, row.id, translator(language), in_utc)
            for row in board.find(Query()).page(0, 100)
        ]
    store.close()
    steps, expected = (
        ("Steps to reproduce", "Expected")
        if language == "en"
        else (
            "复现步骤",
            "预期表现",
        )
    )
    assert len(reports) >= 10
    assert all(steps not in one.missing and expected not in one.missing for one in reports)


def test_what_was_written_can_be_pasted_back(store: Store) -> None:
    report = written(store, full(store), "zh_CN")
    found = read(report.text.replace("**", ""), now=MONDAY)
    assert found.environment.base_library == "2.30.4"
    assert found.environment.device == "Pixel 8"


@pytest.mark.parametrize(
    ("notes", "found"),
    [
        ("", {}),
        ("Just so.", {NotesPart.REST: "Just so."}),
        (
            "步骤：\n1. 打开\n预期：正常\n实际：白屏",
            {NotesPart.STEPS: "1. 打开", NotesPart.EXPECTED: "正常", NotesPart.ACTUAL: "白屏"},
        ),
        (
            "**Steps to reproduce:**\n1. Open\n**Actual** White",
            {NotesPart.STEPS: "1. Open", NotesPart.ACTUAL: "White"},
        ),
        (
            "### 复现步骤\n1\n### 预期结果 ###\n2\n### 其他\n3",
            {NotesPart.STEPS: "1", NotesPart.EXPECTED: "2", NotesPart.REST: "### 其他\n3"},
        ),
        ("## Expected\n## Actual\nx", {NotesPart.ACTUAL: "x"}),
        ("It was expected: nothing", {NotesPart.REST: "It was expected: nothing"}),
    ],
)
def test_notes_are_taken_apart(notes: str, found: dict[NotesPart, str]) -> None:
    assert notes_parts(notes) == found
