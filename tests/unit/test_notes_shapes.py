"""Notes in the shapes in which people write them: which parts become pitfalls."""

from __future__ import annotations

import pytest

from storage.imports.notes import ParsedNote, read_note
from storage.model.row import Status


def note(text: str) -> ParsedNote:
    return read_note(text, "note.md")


def titles(text: str) -> list[str]:
    return [one.title for one in note(text).proposals]


NUMBERED = """\
# 会议小程序避坑记录

随手记，想到什么写什么。

## 一、开发环境

基础库 3.2，工具 1.06。

## 二、wx.chooseInvoiceTitle 在鸿蒙上闪退

选完抬头点返回，整个客户端就没了。其他系统正常。

1. 进入报销页
2. 点「选择抬头」
3. 点左上角返回

## 三、列表页怎么分页

页码放在 data 里，触底加一。

## 四、卡片标题最多二十个字

多出来的部分悄悄截掉。

## 五、小结

多用真机。
"""


def test_numbered_headings() -> None:
    read = note(NUMBERED)
    assert [one.title for one in read.proposals] == [
        "wx.chooseInvoiceTitle 在鸿蒙上闪退",
        "卡片标题最多二十个字",
    ]
    assert [(part.heading, part.line, part.why) for part in read.left_out] == [
        ("会议小程序避坑记录", 3, "introduction"),
        ("开发环境", 7, "frame"),
        ("列表页怎么分页", 19, "no-problem"),
        ("小结", 27, "frame"),
    ]
    assert read.left_out[1].text == "基础库 3.2，工具 1.06。"
    first = read.proposals[0]
    assert first.component == "wx.chooseInvoiceTitle"
    assert first.reproduction.startswith("选完抬头点返回")
    assert first.reproduction.endswith("3. 点左上角返回")
    assert first.line == 9


@pytest.mark.parametrize(
    "heading",
    [
        "1. Scanning hangs",
        "1) Scanning hangs",
        "2.3 Scanning hangs",
        "（三）Scanning hangs",
        "四、Scanning hangs",
        "第五坑：Scanning hangs",
        "坑 6：Scanning hangs",
        "Bug #7: Scanning hangs",
        "[x] Scanning hangs",
        "**Scanning hangs**:",
        "Scanning hangs {#scan}",
        "Scanning hangs #12 ~bug",
    ],
)
def test_numbers_and_decorations_do_not_belong_to_a_title(heading: str) -> None:
    assert titles(f"## {heading}\n\nThe camera stays black.\n") == ["Scanning hangs"]


def test_what_counts_in_a_title_stays() -> None:
    heading = "3 条以上的群发失败，第 4 条起报 40003"
    assert titles(f"## {heading}\n\n原因不明。\n") == [heading]
    assert titles("## 2.5D maps are blank\n\nNo error.\n") == ["2.5D maps are blank"]


def test_setext_headings_and_levels_that_are_skipped() -> None:
    text = """\
Field report
============

Album
-----

### Thumbnails are garbled

On tablets only.

##### Deleting fails silently

Nothing is called back.
"""
    assert titles(text) == ["Thumbnails are garbled", "Deleting fails silently"]


def test_a_group_introduces_its_problems_and_is_none() -> None:
    text = """\
## wx.getFileSystemManager

We use it for drafts, and met two traps.

### Writing fails at ten megabytes

The limit is nowhere documented.

### Reading returns an empty file

Right after a restart.
"""
    found = note(text).proposals
    assert [one.title for one in found] == [
        "Writing fails at ten megabytes",
        "Reading returns an empty file",
    ]
    # The interface in the heading above is what both are about.
    assert {one.component for one in found} == {"wx.getFileSystemManager"}


STORY = """\
## 头像上传后变成灰块

### 现象

用 wx.qy.uploadAvatar 上传 HEIC 图片，返回成功，显示灰块。

### 原因分析

服务端不转码。

### 解决方案

先在本地转成 JPEG。
"""


def test_the_parts_of_one_story_are_one_problem() -> None:
    [one] = note(STORY).proposals
    assert one.title == "头像上传后变成灰块"
    assert one.component == "wx.qy.uploadAvatar"
    for heading in ("### 现象", "### 原因分析"):
        assert heading in one.reproduction
    assert one.workaround == "先在本地转成 JPEG。"
    assert "解决方案" not in one.reproduction


def test_a_whole_note_can_be_one_story() -> None:
    text = """\
---
title: Why the login sheet never closes
---
## Symptoms

It stays open after `wx.qy.login` succeeds.

## Solution

Close it by hand.

## References

https://example.org/login-sheet
"""
    [one] = note(text).proposals
    assert one.title == "Why the login sheet never closes"
    assert one.workaround == "Close it by hand."
    assert "Close it" not in one.reproduction
    assert [link.url for link in one.links] == ["https://example.org/login-sheet"]


def test_places_where_it_was_tried_are_no_problems_of_their_own() -> None:
    text = """\
## The keyboard covers the input

### Android

Always.

### iOS

Never.

### Why

Nobody knows.
"""
    [one] = note(text).proposals
    assert one.title == "The keyboard covers the input"
    assert "### iOS" in one.reproduction


QUESTIONS = """\
## Questions from the second sprint

Collected by the mobile team.

**Q: Why does `wx.qy.getContext` return an empty object?**
A: It is called before the page is ready. See [the thread](https://example.org/t/7).

**Q: How do I read the department's name?**
A: It is the second field.

**Q3. The sheet closes by itself**

A: On Windows the focus is lost and nothing tells us.

```
getContext:fail no context
```
"""


def test_bold_questions_below_a_single_heading() -> None:
    first, second = note(QUESTIONS).proposals
    assert first.title == "Why does `wx.qy.getContext` return an empty object?"
    assert first.component == "wx.qy.getContext"
    assert first.reproduction.startswith("A: It is called before")
    assert [link.url for link in first.links] == ["https://example.org/t/7"]
    assert second.title == "The sheet closes by itself"
    assert second.signatures == ("getContext:fail no context",)
    assert "A: On Windows" in second.reproduction


def test_chinese_questions_and_headings_that_are_not_marked() -> None:
    text = """\
# 联调问题汇总

问1：为什么 wx.qy.selectExternalContact 返回空数组？
答：没有授权。

问2：消息体超过 2048 字节会怎样？
答：静默丢失，没有任何报错。

问3：文档在哪里？
答：在知识库。
"""
    assert titles(text) == [
        "为什么 wx.qy.selectExternalContact 返回空数组？",
        "消息体超过 2048 字节会怎样？",
    ]
    text = "一、扫码后白屏\n\n真机必现。\n\n二、录音超时\n\n三分钟就断。\n"
    assert titles(text) == ["扫码后白屏", "录音超时"]


def test_bold_words_below_a_problem_are_parts_of_it() -> None:
    text = """\
### Uploads fail behind a proxy

**Symptom**

`uploadFile:fail tunnel`

**First try**

A second domain. It failed as well.

**Fix**

None.
"""
    [one] = note(text).proposals
    assert "**First try**" in one.reproduction


TABLE = """\
Dos and don'ts of the printer plugin
------------------------------------

| Module | Don't | Do | See |
|:--|---|---|---|
| wx.print | call it from onShow | call it from a tap | [why](https://example.org/tap) |
| queue | add more than 20 jobs | split them | |
| preview | — | keep it open | |
"""


def test_each_row_of_a_table_of_donts_that_states_a_problem() -> None:
    first, second = note(TABLE).proposals
    assert first.title == "wx.print: Don't: call it from onShow"
    assert second.title == "queue: Don't: add more than 20 jobs"
    assert [link.url for link in first.links] == ["https://example.org/tap"]
    # A table of this row alone, with its names.
    assert first.reproduction.splitlines() == [
        "| Module | Don't | Do | See |",
        "|:--|---|---|---|",
        "| wx.print | call it from onShow | call it from a tap | [why](https://example.org/tap) |",
    ]


def test_tables_of_errors_and_remedies_in_chinese() -> None:
    text = """\
# 接口联调

| 错误码 | 问题 | 解决办法 |
|---|---|---|
| 60011 | 无权限读取部门 | 在后台勾选可见范围 |
| 301002 | 正常 | |
"""
    [one] = note(text).proposals
    assert one.title == "无权限读取部门"
    assert "60011" in one.reproduction


def test_a_table_that_belongs_to_a_problem_stays_with_it() -> None:
    text = """\
## The map jumps to the wrong city

| Device | What happens |
|---|---|
| P40 | jumps |
| iPhone 12 | nothing |
"""
    [one] = note(text).proposals
    assert one.title == "The map jumps to the wrong city"


ISSUES = """\
# Release 5.1

## Done

- New icons
- Faster start

## Known issues

* [ ] **The share sheet stays open** after `wx.shareAppMessage`; on Android 14 it never closes.

  We close it by hand, see https://gitlab.example.com/app/-/issues/12
* [x] wx.getLocation fails with `getLocation:fail timeout` indoors #14 ~bug
* [ ] Ask design for a splash screen
* [ ] At most nine pictures can be chosen at once
"""


def test_lists_of_known_issues_as_forges_keep_them() -> None:
    first, second, design, third = note(ISSUES).proposals
    assert first.title == "The share sheet stays open"
    assert first.component == "wx.shareAppMessage"
    assert [link.url for link in first.links] == ["https://gitlab.example.com/app/-/issues/12"]
    assert "We close it by hand" in first.reproduction
    assert second.title == "wx.getLocation fails with `getLocation:fail timeout` indoors"
    assert second.signatures == ("getLocation:fail timeout",)
    assert (second.solved, second.status) == ("[x]", Status.FIXED_UPSTREAM)
    # Once some items are pitfalls, all of them are.
    assert design.title == "Ask design for a splash screen"
    assert third.title == "At most nine pictures can be chosen at once"


def test_steps_below_a_problem_are_no_problems() -> None:
    text = """\
## Recording stops

It fails after a minute.

1. Start it, which must not fail
2. Wait; nothing happens, no error
"""
    [one] = note(text).proposals
    assert "2. Wait" in one.reproduction


def test_a_postscript_that_states_its_own_trap() -> None:
    text = """\
## 预览码半小时就失效

重新生成即可。

PS：不同子公司的预览码必须分开生成，否则打开的是别人的版本。

PS：祝好。
"""
    first, second = note(text).proposals
    assert first.title == "预览码半小时就失效"
    assert "PS：不同子公司" in first.reproduction
    assert second.title == "不同子公司的预览码必须分开生成，否则打开的是别人的版本"
    assert second.reproduction.startswith("PS：不同子公司")


def test_several_of_one_name_are_told_apart_by_how_they_begin() -> None:
    text = """\
## 录音接口踩坑

安卓上，
录不到声音。静音也没用。

## 录音接口踩坑

苹果上只能录一分钟。

## 录音接口踩坑

苹果上只能录一分钟。
"""
    found = note(text).proposals
    assert [one.title for one in found] == [
        "录音接口踩坑：安卓上，录不到声音",
        "录音接口踩坑：苹果上只能录一分钟",
        "录音接口踩坑：苹果上只能录一分钟 (2)",
    ]
    assert len({one.pitfall for one in found}) == 3


def test_a_heading_that_only_counts_gets_its_title_from_the_text() -> None:
    text = "## 踩坑记录 1\n\nhttps://example.org/x\n\n定位接口在室内返回空。再试一次就好。\n"
    assert titles(text) == ["定位接口在室内返回空"]


def test_a_note_without_any_heading() -> None:
    [one] = note("The camera stays black and `startRecord:fail busy` is logged.\n").proposals
    assert one.title == "The camera stays black and `startRecord:fail busy` is logged"
    assert note("Hello there.\n").proposals == ()
    assert note("").proposals == ()
    assert note("\n\n---\n\n").proposals == ()


@pytest.mark.parametrize(
    "heading",
    [
        *("背景", "一、前言", "项目背景", "总结：", "参考资料", "相关链接", "更新日志", "关于作者"),
        *("Background", "1. Introduction", "Summary", "Further reading", "See also", "TL;DR"),
    ],
)
def test_the_frame_of_a_note_reports_nothing(heading: str) -> None:
    text = f"## {heading}\n\n报错、失败、白屏，坑很多。It fails, crashes and must never be used.\n"
    assert titles(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "## 如何接入扫码\n\n注意先在后台配置，必须用 https。\n",
        "## How to upload\n\nMake sure that you only use the button. Note the version.\n",
        "## 错误处理\n\n所有接口都走统一的错误处理和异常上报。\n",
        "## The build works\n\nNo errors, without any problems, and error handling is in place.\n",
        "## 我们的团队\n\n十个人，三只猫。\n",
    ],
)
def test_what_only_sounds_like_a_problem(text: str) -> None:
    assert titles(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("## The document says otherwise\n\nThe docs are wrong: no second argument.\n", "docs"),
        ("## 回调参数\n\n官方文档写的是第二个参数，实测毫无作用。\n", "docs"),
        ("## 群发限制\n\n每天最多 3 条。\n", "limit"),
        ("## At most five tabs\n\nThe sixth is refused.\n", "limit"),
        ("## 开发者工具编译失败\n\n清缓存。\n", "tooling"),
        ("## Devtools fail to build\n\nnpm is to blame.\n", "tooling"),
        ("## 分享后白屏\n\n必现。\n", "bug"),
        ("## The page crashes\n\nAlways.\n", "bug"),
        ("## 两套体验版\n\n注意，它们互相隔离，权限也有区别。\n", "quirk"),
    ],
)
def test_the_kind_is_guessed(text: str, kind: str) -> None:
    [one] = note(text).proposals
    assert one.kind == kind
    assert one.severity == "S3"


def test_code_and_comments_are_no_prose() -> None:
    text = """\
## Sample

<!-- this fails, crashes and never works -->

```js
// broken: error, fail, crash
throw new Error("no")
```
"""
    assert titles(text) == []


def test_notes_are_kept_as_they_were_written() -> None:
    body = """\
Steps, *all* of them:

1. Open \x20
2. Tap

> quoted ![the sheet](../img/sheet.png "hm")

```sh
npm run build   # fails
```

[thread]: https://example.org/thread
Line one\\
line two"""
    [one] = note(f"# The sheet is blank\n\n{body}\n").proposals
    assert one.reproduction == body


def test_long_titles_and_long_notes_are_cut_and_say_so() -> None:
    heading = "The scanner fails " + "again and " * 60 + "again"
    [one] = note(f"# {heading}\n\nBlank.\n").proposals
    assert len(one.title) == 300
    assert one.title.endswith("…")
    assert heading in one.reproduction
    [one] = note("# 白屏\n\n" + "很长的一行。\n" * 9_000).proposals
    assert len(one.reproduction) <= 20_000
    assert "原文更长" in one.reproduction
    [one] = note("# Blank\n\n" + "a long line\n" * 9_000).proposals
    assert "cut here: the file has" in one.reproduction
