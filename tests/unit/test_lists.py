"""Lists of issues from trackers and spreadsheets: columns, values, and what can't be read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from storage.errors import Refused
from storage.exports.whole_board import export_csv, export_json
from storage.imports.import_item import ImportItem, UnreadableItem
from storage.imports.issue_lists import IssueList
from storage.read.board import Board
from storage.text.sanitize import first_hostile
from storage.write.store import Store


def read(
    text: str | bytes, *maps: str, form: str = "csv", file: str = "issues.csv", name: str = ""
) -> list[ImportItem | UnreadableItem]:
    data = text if isinstance(text, bytes) else text.encode()
    assert form in ("csv", "json")
    listed = IssueList(io.BytesIO(data), form, file, maps, name)
    found = list(listed.arriving())
    assert list(listed.arriving()) == found or any(isinstance(one, UnreadableItem) for one in found)
    return found


def proposals(text: str | bytes, *maps: str, **how: str) -> list[ImportItem]:
    found = read(text, *maps, **how)
    assert all(isinstance(one, ImportItem) for one in found), found
    return [one for one in found if isinstance(one, ImportItem)]


def refusals(found: list[ImportItem | UnreadableItem]) -> list[tuple[int, str]]:
    return [(one.line, str(one.why)) for one in found if isinstance(one, UnreadableItem)]


JIRA = """\
Issue key,Summary,Issue Type,Priority,Status,Labels,Labels,Description,Created,Component/s,Reporter
APP-7,Camera stays black,Bug,High,To Do,camera,tablet,"On tablets.
Always, even after a restart",10/Apr/22 1:47 PM,wx.createCameraContext,Lin
APP-8,Icons are blurred,Task,Lowest,Closed,,,,2022-04-11,,Wu
"""


def test_an_export_of_a_tracker() -> None:
    first, second = proposals(JIRA)
    assert first.title == "Camera stays black"
    assert first.key == "APP-7"
    assert first.reproduction == "On tablets.\nAlways, even after a restart"
    assert (first.kind, first.severity) == ("bug", "S2")
    assert first.tags == ("camera", "tablet")
    assert first.component == "wx.createCameraContext"
    assert first.day == "2022-04-10"
    assert first.line == 2
    assert (second.severity, second.day, second.line) == ("S4", "2022-04-11", 4)
    # What the list says and the record has no word for is kept in its words.
    assert second.reproduction == "Issue Type: Task"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_chinese_spreadsheet(encoding: str, delimiter: str) -> None:
    rows = [
        ["编号", "标题", "描述", "严重程度", "标签", "链接", "创建时间"],
        [
            "Q-1",
            "上传后白屏",
            "必现；换网络也一样",
            "致命",
            "上传，图片",
            "https://a.example.org/1",
            "2024年3月9日",
        ],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    [one] = proposals(text.getvalue().encode(encoding))
    assert one.title == "上传后白屏"
    assert one.reproduction == "必现；换网络也一样"
    assert one.severity == "S1"
    assert one.tags == ("上传", "图片")
    assert [link.url for link in one.links] == ["https://a.example.org/1"]
    assert one.day == "2024-03-09"


def test_excel_says_in_its_first_line_what_separates() -> None:
    [one] = proposals("sep=;\r\nTitle;Notes\r\nA, b;c\r\n")
    assert (one.title, one.reproduction) == ("A, b", "c")


GITHUB = [
    {
        "number": 12,
        "title": "Login sheet flickers",
        "body": "Every time.",
        "state": "open",
        "labels": [{"name": "needs info"}, {"name": "ui"}],
        "url": "https://api.example.org/12",
        "html_url": "https://example.org/12",
        "created_at": "2024-03-09T10:00:00Z",
        "user": {"login": "lin"},
        "closed_at": None,
    }
]
SERVER = {
    "total": 1,
    "issues": [
        {
            "key": "APP-9",
            "fields": {
                "summary": "Map jumps",
                "priority": {"name": "Critical"},
                "labels": ["map"],
                "status": {"name": "In Progress"},
            },
        }
    ],
}


def test_json_of_forges() -> None:
    [one] = proposals(json.dumps(GITHUB), form="json")
    assert one.title == "Login sheet flickers"
    assert one.key == "12"
    assert one.tags == ("needs-info", "ui")
    assert [link.url for link in one.links] == ["https://example.org/12"]
    assert one.day == "2024-03-09"
    assert one.reproduction == "Every time."


@pytest.mark.parametrize("indent", [None, 2])
def test_json_with_the_list_inside(indent: int | None) -> None:
    [one] = proposals(json.dumps(SERVER, indent=indent), form="json")
    assert (one.key, one.title, one.severity, one.tags) == ("APP-9", "Map jumps", "S1", ("map",))
    inner = json.dumps({"data": {"items": SERVER["issues"]}}, indent=indent)
    assert [other.pitfall for other in proposals(inner, form="json")] == [one.pitfall]


def test_json_lines_and_a_single_object() -> None:
    lines = '{"title": "a", "items": ["x"]}\n\n{"title": "b"}\n'
    assert [one.title for one in proposals(lines, form="json")] == ["a", "b"]
    assert [one.line for one in proposals(lines, form="json")] == [1, 3]
    [one] = proposals('{\n "title": "only",\n "tags": ["x"]\n}', form="json")
    assert (one.title, one.tags) == ("only", ("x",))


@pytest.mark.parametrize("text", ["", "[]", "\n\n", '{"issues": []}'])
@pytest.mark.parametrize("form", ["csv", "json"])
def test_nothing_comes_of_nothing(text: str, form: str) -> None:
    if form == "csv" and text.strip():
        return
    assert [one for one in read(text, form=form) if isinstance(one, ImportItem)] == []


def test_bad_rows_are_named_by_their_lines_and_the_rest_comes() -> None:
    found = read(
        'Key,Title,Notes\nA-1,"a\nlonger title",x\nA-2,,y\nA-3,with, commas, in it\n\nA-4,d\n'
    )
    assert [one.title for one in found if isinstance(one, ImportItem)] == ["a longer title", "d"]
    (first, no_title), (second, too_many) = refusals(found)
    assert (first, second) == (4, 5)
    assert "title" in no_title
    assert "4 cells" in too_many
    assert "quotation marks" in too_many


def test_bad_json_is_named_and_what_stands_before_it_comes() -> None:
    found = read('{"title": "a"}\n{broken\n[1]\n{"title": "b"}\n', form="json")
    assert [one.title for one in found if isinstance(one, ImportItem)] == ["a", "b"]
    assert [line for line, _why in refusals(found)] == [2, 3]
    found = read('[{"title": "a"},\n {"title": "b" "c"},\n {"title": "d"}]', form="json")
    assert [one.title for one in found if isinstance(one, ImportItem)] == ["a"]
    [(line, why)] = refusals(found)
    assert line == 2
    assert "JSON" in why
    found = read("[" * 100_000, form="json")
    assert len(refusals(found)) == 1


def test_a_line_without_an_end_is_not_held() -> None:
    found = read("Title,Notes\na,b\n" + "x" * 3_000_000 + "\nc,d\n")
    assert [one.title for one in found if isinstance(one, ImportItem)] == ["a", "c"]
    [(line, why)] = refusals(found)
    assert (line, "too long" in why) == (3, True)


@pytest.mark.parametrize("count", [3, 4_000, 100_000])
def test_a_quotation_mark_that_is_not_closed_is_named_and_ends_the_list(count: int) -> None:
    rows = "".join(f"{n},t{n},{'x' * 60}\n" for n in range(count))
    found = read(f'Key,Title,Notes\n1a,before it,x\n1b,"open,x\n{rows}')
    assert [one.title for one in found if isinstance(one, ImportItem)] == ["before it"]
    [(line, why)] = refusals(found)
    assert (line, "never closed" in why) == (3, True)


def test_a_long_cell_that_is_closed_is_one_row() -> None:
    # More than the 131,072 characters that a reader of CSV takes by itself.
    text = "x\n" * 70_000
    first, second = proposals(f'Key,Title,Notes\n1,One,"{text}"\n2,"Two",\n')
    assert (first.title, second.title) == ("One", "Two")


# A person's mapping


def test_a_person_says_which_column_says_what() -> None:
    text = "Name,Prio,What,How,Title\nFlash is on,High,dark room,tap,no\nGrain,Low,,,no\n"
    maps = ("title=name", "severity=Prio:high=S1,Low=S4", "notes=What+How", "tags=")
    first, second = proposals(text, *maps)
    assert (first.title, first.severity, first.reproduction) == (
        "Flash is on",
        "S1",
        "dark room\n\ntap",
    )
    assert (second.title, second.severity) == ("Grain", "S4")


def test_columns_with_marks_in_their_names() -> None:
    text = 'Title: short,"Level: 1=high"\nA,1\n'
    [one] = proposals(text, "title=Title: short", "severity=Level: 1=high:1=S1")
    assert (one.title, one.severity) == ("A", "S1")


def test_what_a_person_named_must_be_understood() -> None:
    text = "Title,Prio,When\na,odd,2024-01-01\nb,High,someday\nc,Low,\n"
    found = read(text, "severity=Prio", "date=When")
    assert [one.title for one in found if isinstance(one, ImportItem)] == ["c"]
    (_, severity), (_, day) = refusals(found)
    assert "“odd” is none of S1, S2, S3, S4" in severity
    assert "severity=Prio:odd=S1" in severity
    assert "“someday” is not a date" in day


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ("colour=Prio", "names no field"),
        ("title", "names no field"),
        ("title=Summary", "no column “Summary”"),
        ("severity=Prio:High", "no column"),
        ("notes=Prio+Nothing", "no column"),
        ("title=", "No column holds a title"),
    ],
)
def test_a_mapping_that_can_not_be_meant(values: str, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        read("Title,Prio\na,High\n", values)
    assert refused.value.field == "map"


def test_a_list_without_a_title_says_which_columns_it_has() -> None:
    with pytest.raises(Refused, match="the columns are: A, B") as refused:
        read("A,B\n1,2\n")
    assert "title=Summary" in str(refused.value)


# Identity


def test_an_issue_is_known_by_its_key_wherever_it_is_listed() -> None:
    [one] = proposals("Key,Title\nAPP-1,a\n", file="monday.csv")
    [other] = proposals('[{"key": "APP-1", "title": "renamed"}]', form="json", file="x.json")
    assert one.pitfall == other.pitfall
    [named] = proposals("Key,Title\nAPP-1,a\n", name="ours")
    assert named.pitfall != one.pitfall


def test_a_bare_number_names_an_issue_of_its_list_only() -> None:
    def only(text: str, **how: str) -> str:
        [one] = proposals(text, **how)
        return one.pitfall

    text = "ID,Title\n1,a\n"
    assert only(text, file="issues-2024-03-09.csv") == only(text, file="issues (2).csv")
    assert only(text, file="issues.csv") != only(text, file="bugs.csv")
    assert only(text, file="bugs.csv", name="issues") == only(text, file="x.csv", name="issues")


def test_without_a_key_it_is_title_and_address() -> None:
    text = "Title,Link\na,https://example.org/1\na,https://example.org/2\na,\n"
    found = proposals(text)
    assert len({one.pitfall for one in found}) == 3
    again = proposals("Link,Title,Notes\nhttps://example.org/1,a,more\n")
    assert again[0].pitfall == found[0].pitfall


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_we_exported_keeps_its_ids(tmp_path: Path, form: str) -> None:
    store = Store.open(tmp_path / "board.db", who="Ann")
    pitfall = store.pitfalls.report(
        "=Blank sheet",
        component="wx.x",
        severity="S1",
        kind="docs",
        tags=["a", "b"],
        references=["https://example.org/1"],
        signatures=["x:fail", "y:fail"],
        workaround="Wait.",
        reproduction="Tap.\n\nTwice.",
    )
    store.close()
    text: list[str] = []
    with Board.open(tmp_path / "board.db") as board:
        (export_csv if form == "csv" else export_json)(board, "en", text.append)
    [one] = proposals("".join(text), form=form)
    assert one.pitfall == pitfall
    assert (one.title, one.component, one.severity, one.kind) == (
        "=Blank sheet",
        "wx.x",
        "S1",
        "docs",
    )
    assert one.tags == ("a", "b")
    assert [link.url for link in one.links] == ["https://example.org/1"]
    assert one.signatures == ("x:fail", "y:fail")
    assert (one.workaround, one.reproduction) == ("Wait.", "Tap.\n\nTwice.")


# Hostile cells


def test_hostile_cells_are_kept_within_bounds() -> None:
    issue = {
        "title": "\x1b[31m" + "x" * 400 + "\ud800",
        "url": ["javascript:alert(1)", "https://example.org/1 https://example.org/2"],
        "description": "y\x00\n" * 30_000,
        "tags": ["a b", "", "z" * 500],
        "component": {"name": "deep", "more": {"a": {"b": {"c": {"d": "e"}}}}},
        "key": 10**30,
        "created": True,
        "error": "first:fail\n\nsecond:fail\n",
    }
    [one] = proposals(json.dumps([issue]), form="json")
    assert len(one.title) == 300
    assert one.title.startswith("x" * 299)
    assert first_hostile(one.title + one.reproduction, lines=True) is None
    assert len(one.reproduction) <= 20_000
    assert [link.url for link in one.links] == ["https://example.org/1", "https://example.org/2"]
    assert one.tags[0] == "a-b"
    assert max(map(len, one.tags)) == 300
    assert one.signatures == ("first:fail", "second:fail")
    assert one.day == ""
    [other] = proposals(json.dumps([issue | {"description": "short", "title": "t"}]), form="json")
    # What is no address to open stays where it can be read.
    assert "url: javascript:alert(1)" in other.reproduction
