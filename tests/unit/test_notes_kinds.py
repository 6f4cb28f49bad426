"""Notes of every kind, as teams write them: what the board gets of each."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from storage.imports.import_item import ImportItem
from storage.imports.importer import import_items
from storage.imports.notes import read_note
from storage.model.row import Status
from storage.model.vocabulary import Axis, Platform
from storage.query.parser import parse
from storage.read.board import Board
from storage.write.store import Store
from tests.processes import ROOT

#: ``=== name``, a note, ``--- right``, and a line of JSON for each pitfall.
KINDS = re.findall(
    r"^=== (\S+)\n(.*?)\n--- right\n(.*?)(?:\n\n|\Z)",
    (ROOT / "tests/cases/notes-of-every-kind.txt").read_text("utf-8"),
    re.MULTILINE | re.DOTALL,
)


def said(item: ImportItem) -> dict[str, Any]:
    """What an item says, without what is as usual."""
    usual = Status.WORKAROUND if item.workaround else Status.OPEN
    found = {
        "title": item.title,
        "component": item.component,
        "signatures": list(item.signatures),
        "workaround": item.workaround,
        "status": "" if item.status_on_board is usual else item.status_on_board.value,
        "severity": "" if item.severity == "S3" else item.severity.value,
        "fixed_in": f"{item.fixed_in.axis.value} {item.fixed_in.version}" if item.fixed_in else "",
    }
    return {name: value for name, value in found.items() if value}


@pytest.mark.parametrize(
    ("text", "right"), [pytest.param(text, right, id=name) for name, text, right in KINDS]
)
def test_notes_of_every_kind(text: str, right: str) -> None:
    expected = [json.loads(line) for line in right.splitlines()]
    assert [said(one) for one in read_note(text + "\n", "note.md").proposals] == expected


# What a note says of versions and devices


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("官方已修复于 4.0.16。", "client 4.0.16"),
        ("企业微信 4.1.20 版本已修复。", "client 4.1.20"),
        ("基础库 2.30.1 已修复", "library 2.30.1"),
        ("It is fixed in 4.0.16.", "client 4.0.16"),
        ("Fixed in WeCom 4.1.8", "client 4.1.8"),
        ("fixed since base library 3.3.4", "library 3.3.4"),
        ("修复版本：4.1.30", "client 4.1.30"),
        ("4.1.8 未修复。", ""),
        ("not fixed in 4.0.16", ""),
        ("升级到 4.1.8 后就有了。", ""),
        ("Fixed in vant 1.10.2", ""),
        ("2.0.1 已修复", ""),
    ],
)
def test_the_version_of_a_fix_is_read(text: str, right: str) -> None:
    [one] = read_note(f"# 坑\n\n## 地图白屏\n\n真机白屏。{text}\n", "note.md").proposals
    assert said(one).get("fixed_in", "") == right
    assert (one.status_on_board is Status.FIXED_UPSTREAM) is bool(right)


def test_a_fix_is_recorded_and_recorded_once(store: Store) -> None:
    text = "# 坑\n\n## 地图白屏\n\n真机白屏。官方已修复于 4.0.16。\n"
    import_items(store.session, read_note(text, "note.md").proposals)
    import_items(store.session, read_note(f"{text}\n再看。\n", "note.md").proposals)
    with Board.open(store.path) as board:
        [row] = board.find(parse("")).page(0, 9)
        [fix] = board.pitfall(row.id).fixes
    assert (fix.axis, fix.from_version, fix.official) == (Axis.CLIENT, "4.0.16", True)
    assert row.status is Status.FIXED_UPSTREAM


TABLE = """# 问题列表

| 问题 | 平台 | 版本 | 机型 | 基础库 | 解决方案 |
|---|---|---|---|---|---|
| 地图白屏 | Android | 4.1.20 | 小米 13 | 3.3.4 | 改用 2d |
| 分享卡片丢图 | iOS | 4.1.22 | iPhone 14 | 3.4.1 | 无 |
"""


def test_columns_of_a_table_say_where_it_was_seen(store: Store) -> None:
    note = read_note(TABLE, "note.md", day="2026-11-02")
    import_items(store.session, note.proposals)
    with Board.open(store.path) as board:
        seen = {
            row.title.plain: [one.environment for one in board.occurrences.of(row.id)]
            for row in board.find(parse("")).page(0, 9)
        }
    [blank] = seen["地图白屏"]
    assert (blank.platform, blank.client_version) == (Platform.ANDROID, "4.1.20")
    assert (blank.device, blank.base_library) == ("小米 13", "3.3.4")
    [lost] = seen["分享卡片丢图"]
    assert (lost.platform, lost.device) == (Platform.IOS, "iPhone 14")
    again = import_items(store.session, note.proposals)
    assert (again.new, again.changed, again.same) == (0, 0, 2)


def test_the_inbox_has_the_order_of_the_file(store: Store) -> None:
    names = [f"第{n}页白屏" for n in range(20)]
    text = "# 坑\n\n" + "".join(f"- {name}\n" for name in names)
    import_items(store.session, read_note(text, "note.md").proposals)
    with Board.open(store.path) as board:
        rows = board.find(parse("inbox:yes sort:waiting"), now=store.session.now()).page(0, 30)
    assert [row.title.plain for row in rows] == names


@pytest.mark.parametrize("number", ["", "2、", "3. ", "（4）", "5.1 ", "六、", "问题 7："])
@pytest.mark.parametrize(
    ("label", "severity"), [("【高】", "S2"), ("[P1] ", "S2"), ("【P0】", "S1")]
)
def test_the_severity_before_a_title_counts_behind_a_number(
    number: str, label: str, severity: str
) -> None:
    [item] = read_note(f"# 踩坑\n\n## {number}{label}首页白屏\n\n打开就白屏。\n", "n.md").proposals
    assert (item.title, item.severity.value) == ("首页白屏", severity)


_TABLE = """| 问题 | 平台 | 版本 | 规避 |
|---|---|---|---|
| 登录无回调 | iOS | 4.1.10 | 升级 |
| 分享图丢失 | Android | 4.1.8 | 换 JPG |
"""


@pytest.mark.parametrize("heading", ["# 踩坑", "## 登录相关", "## 已知问题"])
@pytest.mark.parametrize(
    "items",
    [
        ["1. 首页白屏，打开就白", "2. 扫码失败，没有任何反应", "3. 报错 scanCode:fail busy"],
        ["- 首页白屏，打开就白"],
    ],
    ids=["numbered", "one"],
)
def test_a_table_of_problems_below_a_list_of_them_is_no_part_of_an_item(
    heading: str, items: list[str]
) -> None:
    listed = "\n".join(items)
    for text in (f"{listed}\n\n{_TABLE}", f"{_TABLE}\n{listed}\n"):
        note = read_note(f"{heading}\n\n{text}", "n.md")
        assert len(note.proposals) == len(items) + 2
        assert not note.left_out
        rows = [one for one in note.proposals if one.workaround]
        assert [one.title for one in rows] == ["登录无回调", "分享图丢失"]
        others = [one for one in note.proposals if one not in rows]
        assert not any("|" in one.reproduction for one in others)


@pytest.mark.parametrize("dated", ["（2026 年）", " 2026", "(2025-2026)", "【持续更新】", ""])
@pytest.mark.parametrize("below", ["", "\n## 登录失败\n\nqy.login 没有回调，直接超时。\n"])
def test_the_title_of_a_collection_is_no_pitfall(dated: str, below: str) -> None:
    introduction = "本文记录我们项目里遇到的问题，持续更新。"
    note = read_note(f"# 企业微信小程序踩坑记录{dated}\n\n{introduction}\n{below}", "n.md")
    assert [one.title for one in note.proposals] == (["登录失败"] if below else [])
    assert [one.text for one in note.left_out] == [introduction]


# Long notes take time in proportion to their length


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (
            "| 问题 | 方案 |\n|---|---|\n"
            + "".join(f"| {n} 白屏 | 刷新 |\n" for n in range(1_000)),
            1_000,
        ),
        ("[" * 60_000, 1),
        ("".join(f"{'  ' * depth}- 白屏\n" for depth in range(300)), 1),
    ],
    ids=["table", "brackets", "nested"],
)
def test_a_long_note_is_read(text: str, count: int) -> None:
    assert len(read_note(f"# 坑\n\n{text}\n", "note.md").proposals) == count
