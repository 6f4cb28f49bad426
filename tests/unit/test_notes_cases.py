"""Small notes of each kind that teams have: every problem, its title, workaround and signature."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.imports.import_item import ImportItem
from storage.imports.importer import import_items
from storage.imports.notes import ParsedNote, read_note
from storage.match.known_errors import KnownErrors
from storage.model.row import Status
from storage.write.store import Store

CASES = Path(__file__).parents[1] / "cases"


def note(text: str) -> ParsedNote:
    return read_note(text, "note.md")


def case(name: str) -> ParsedNote:
    return note((CASES / f"{name}.md").read_text("utf-8"))


def titles(read: ParsedNote) -> list[str]:
    return [one.title for one in read.proposals]


def only(text: str) -> ImportItem:
    [one] = note(text).proposals
    return one


# Lists: all items, once some are problems


def test_case_all_items_of_a_list_count() -> None:
    assert titles(case("list-items-all-count")) == [
        "不支持 important",
        "不支持外部字体",
        "view 里的圆角失效",
        "连点按钮会重复跳转页面",
        "input 绑了 value 又绑 bindinput，文字会闪",
    ]


def test_case_a_list_of_four() -> None:
    assert len(case("list-of-four").proposals) == 4


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (
            "# Pitfalls of the canvas\n\n1. It is blank on iOS\n2. Fonts come late\n3. No shadow\n",
            3,
        ),
        ("# 地图的坑\n\n1、真机上标记点不显示\n2、缩放级别只能是整数\n3、图例\n", 3),
        ("# 分享的坑\n\n（1）标题被截断\n（2）图片变形\n", 2),
        ("# 登录页踩坑\n\n• 安卓上闪退\n• 键盘挡住输入框\n• 记住密码\n", 3),
        ("# 踩坑\n\n## 列表页\n\n* 下拉刷新没有反应\n* 骨架屏\n* 底部留白\n", 3),
        (
            "# Known issues\n\n1. ### Map is blank\n\n   Yes.\n\n2. ### Dark mode\n\n   Grey.\n",
            2,
        ),
        ("# 组件的坑\n\n1. 弹窗穿透\n```\ncode\n```\n2. 轮播卡顿\n\n   只在安卓\n3. 图标\n", 3),
        (
            "# 样式踩坑\n\n- 表单\n  - 键盘遮挡\n  - 重复提交\n- 列表\n  - 滚动失效\n  - 圆角\n",
            4,
        ),
    ],
)
def test_every_item_of_a_list_of_problems_is_one(text: str, count: int) -> None:
    assert len(note(text).proposals) == count


@pytest.mark.parametrize(
    "text",
    [
        "## 开发环境\n\n- Windows 10 不能用\n- Node 报错就升级\n",
        "## 上线步骤\n\n1. 打包\n2. 上传\n3. 提交审核\n",
        "# Release\n\n## Done\n\n- New icons\n- Faster start\n",
    ],
)
def test_other_lists_stay_whole(text: str) -> None:
    assert note(text).proposals == ()


# Bugs that messy notes run together


def test_case_a_heading_and_a_list_of_other_bugs() -> None:
    location, picture, popup, contact = case("heading-and-other-bugs").proposals
    assert (location.title, location.status, location.solved) == (
        "getLocation 室内返回空",
        None,
        "",
    )
    assert location.signatures == ("getLocation:fail timeout errcode 90011",)
    assert location.reproduction == "日志: getLocation:fail timeout errcode 90011"
    assert location.fixed_in is None
    assert (picture.signatures, picture.solved) == (("saveImageToPhotosAlbum:fail 10024",), "[x]")
    assert (popup.title, popup.status) == ("popup input text stays", Status.FIXED_UPSTREAM)
    assert popup.fixed_in is not None
    assert popup.fixed_in.version == "4.0.16"
    assert (contact.title, contact.component, contact.status, contact.signatures) == (
        "qy.selectEnterpriseContact 选人后白屏",
        "wx.qy.selectEnterpriseContact",
        None,
        (),
    )


@pytest.mark.parametrize(
    "items",
    [
        "- 只在安卓上\n- 重启后恢复",
        "- request:fail timeout\n- uploadFile:fail timeout",
        "- wx.chooseLocation 也失败\n- wx.openLocation 同样失败",
        "- 改用 wx.getFuzzyLocation 失败\n- wx.openSetting 打不开",
        "- wx.getLocation 在 iOS 上失败\n- wx.getLocation 在鸿蒙上白屏",
        "- wx.getSetting 正常\n- wx.openSetting 正常",
        "- [x] 查权限\n- ~~换基础库~~\n- wx.openSetting 正常",
        "1. wx.openSetting 打不开\n2. wx.login 失败",
        "**原因**：\n\n- wx.openSetting 打不开\n- wx.login 失败",
    ],
)
def test_a_list_that_goes_on_about_its_problem_stays_with_it(items: str) -> None:
    text = f"## getLocation 室内返回空\n\n日志: getLocation:fail timeout\n\n{items}\n"
    assert only(text).title == "getLocation 室内返回空"


def test_case_numbering_that_goes_on_in_another_style() -> None:
    login, share, tap = case("numbering-goes-on").proposals
    assert (login.title, login.workaround) == ("wx.qy.login 偶发失败", "重试三次")
    assert login.signatures == ("wx.qy.login:fail system error 40029",)
    assert (share.title, share.workaround) == ("share card blank on Android", "")
    assert share.signatures == ("shareAppMessage:fail 50012",)
    assert (tap.title, tap.signatures, tap.workaround) == ("点开白屏", (), "")


@pytest.mark.parametrize(
    "below",
    [
        "1) 打开设置页\n2) 点开白屏",
        "步骤：\n\n1、打开设置页\n2、点开白屏",
        "3) 点开白屏",
        "2.0 的基础库上白屏",
        "```\n2) 点开白屏\n```",
        "  2) 点开白屏",
    ],
)
def test_numbers_that_do_not_go_on_stay_below_their_heading(below: str) -> None:
    assert len(note(f"## 1. wx.qy.login 偶发失败\n\n{below}\n").proposals) == 1


def test_case_the_environment_and_what_is_to_be_done_are_no_problems() -> None:
    read = case("environment-and-to-do")
    assert titles(read) == ["弹窗被键盘遮挡", "分享卡片空白", "录音没有声音"]
    assert read.proposals[0].status is Status.FIXED_UPSTREAM
    assert [(part.line, part.text) for part in read.left_out] == [
        (2, "先是环境: win11"),
        (6, "- 待办: 问客服"),
    ]


# Task lists and marks of being solved


def test_case_a_task_list() -> None:
    first, second, third = case("task-list").proposals
    assert [one.title for one in (first, second, third)] == [
        "下拉刷新后列表不更新",
        "首屏卡顿",
        "底部按钮被安全区挡住",
    ]
    assert (second.solved, second.workaround) == ("[x]", "把图片换成懒加载")
    assert second.reproduction == ""
    assert (first.solved, third.solved) == ("", "")


@pytest.mark.parametrize(
    ("item", "title", "mark"),
    [
        ("- ~~图片拉伸变形~~", "图片拉伸变形", "~~"),
        ("- 图片拉伸变形 ✅ 已修复", "图片拉伸变形", "✅ 已修复"),
        ("- ✅ 已解决：图片拉伸变形", "图片拉伸变形", "✅ 已解决："),
        ("- 图片拉伸变形（已修复）", "图片拉伸变形", "（已修复）"),
        ("- 图片拉伸变形【已解决】", "图片拉伸变形", "【已解决】"),
        ("- [X] The map is blank", "The map is blank", "[x]"),
        ("- The map is blank (fixed)", "The map is blank", "(fixed)"),
        ("- The map is blank - resolved", "The map is blank", "- resolved"),
    ],
)
def test_marks_of_being_solved_are_read_and_cut(item: str, title: str, mark: str) -> None:
    first, second = note(f"# 列表的坑\n\n{item}\n- 滚动失效\n").proposals
    assert (first.title, first.solved, first.status) == (title, mark, Status.FIXED_UPSTREAM)
    assert (second.solved, second.status) == ("", None)


def test_what_was_solved_with_a_remedy_can_be_lived_with() -> None:
    one = only("## 图片拉伸变形 ✅ 已修复\n\n**解决**：改用 aspectFit。\n")
    assert (one.title, one.workaround, one.status) == ("图片拉伸变形", "改用 aspectFit。", None)
    one = only("## 图片拉伸变形（官方已修复）\n\n**解决**：改用 aspectFit。\n")
    assert one.status is Status.FIXED_UPSTREAM
    one = only("## 图片拉伸变形\n\n状态：已解决\n\n真机必现。\n")
    assert one.solved == "状态：已解决"


# Tables


def test_case_a_table_inside_a_problem() -> None:
    [one] = case("table-inside-a-problem").proposals
    assert (one.title, one.component, one.signatures) == ("上传总是超时", "", ())
    assert [vague.text for vague in one.vague] == ["Network error", "Permission denied"]
    for part in ("弱网下上传到一半就断。", "| `Network error` | 断网 | 重试 |", "60 秒即可"):
        assert part in one.reproduction


def test_case_a_table_of_contents() -> None:
    read = case("table-of-contents")
    assert titles(read) == ["登录异常"]
    assert [(part.line, part.why) for part in read.left_out] == [(3, "contents")]


@pytest.mark.parametrize(
    "text",
    [
        "## 支付失败\n\n| 错误码 | 原因 |\n|---|---|\n| 1 | 断网 |\n| 2 | 余额不足 |\n",
        "## The map is blank\n\n**Symptom**: grey.\n\n| Error | Fix |\n|---|---|\n| a | b |\n",
        "### Bug 3: 扫码黑屏\n\n| 问题 | 机型 |\n|---|---|\n| 黑屏 | P40 |\n| 闪退 | P50 |\n",
    ],
)
def test_a_table_belongs_to_its_problem(text: str) -> None:
    assert "|---|---|" in only(text).reproduction


def test_a_table_that_is_the_list_of_problems_gives_workarounds_and_signatures() -> None:
    text = """\
# 常见错误

| 问题 | 错误信息 | 解决方案 |
|---|---|---|
| 登录没有反应 | `login:fail no host` | 换成 `wx.qy.login` |
| 选图闪退 | Network error | 无 |
| 正常 | | |
"""
    read = note(text)
    first, second = read.proposals
    assert (first.title, first.workaround) == ("登录没有反应", "换成 `wx.qy.login`")
    assert first.signatures == ("login:fail no host",)
    assert (second.workaround, second.signatures) == ("", ())
    assert [(part.line, part.text) for part in read.left_out] == [(7, "| 正常 | | |")]


@pytest.mark.parametrize(
    "text",
    [
        "# 目录\n\n| 问题 | 链接 |\n|---|---|\n| 白屏 | [看](#a) |\n\n## 白屏\n\n必现。\n",
        "| Issue | Where |\n|---|---|\n| Blank map | [here](b.md) |\n\n## Blank map\n\nAlways.\n",
        "# 手册\n\n| 问题 | 时间 |\n|---|---|\n| 白屏 | 5分钟 |\n\n## 白屏\n\n必现。\n",
        "# 手册\n\n## 目录\n\n- [白屏](#a)\n- [黑屏](#b)\n\n## 白屏\n\n必现。\n",
    ],
)
def test_contents_are_no_problems(text: str) -> None:
    read = note(text)
    assert len(read.proposals) == 1
    assert {part.why for part in read.left_out} <= {"contents", "introduction"}
    assert any(part.why == "contents" for part in read.left_out)


# Titles


def test_case_numbering_before_a_title() -> None:
    [one] = case("numbered-problem-title").proposals
    assert (one.title, one.reproduction) == ("上传总是超时", "弱网下上传到一半就断。")


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "问题3.2：上传超时",
            "1、上传超时",
            "❌ 问题：上传超时",
            "Pitfall #4 上传超时",
            "坑2：上传超时",
        ),
        *(
            "Issue 3 - 上传超时",
            "Bug 12: 上传超时",
            "3.1.2 上传超时",
            "【坑】上传超时",
            "①上传超时",
        ),
        *("1️⃣ 上传超时", "Q7: 上传超时", "⚠️ 上传超时", "问题一：上传超时", "**错误：** 上传超时"),
        *(
            "第3个坑：上传超时",
            "[问题 5] 上传超时",
            "4. 🐛 上传超时",
            "症状: 上传超时",
            "#6 上传超时",
        ),
    ],
)
def test_numbers_labels_and_pictures_are_cut_whole(heading: str) -> None:
    assert only(f"### {heading}\n\n弱网下失败。\n").title == "上传超时"


@pytest.mark.parametrize(
    "heading",
    ["2.5D 地图失败", "3 条以上失败", "40003 报错", "问题反馈页白屏", "Error boundary is blank"],
)
def test_what_is_no_numbering_stays(heading: str) -> None:
    assert only(f"### {heading}\n\n必现。\n").title == heading


def test_case_only_the_item_names_the_problem() -> None:
    [one] = case("only-item-names-the-problem").proposals
    assert one.title == "真机上找不到 `.framework`"
    assert one.signatures == ("Undefined symbol: _OBJC_CLASS_$_XXView",)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("## 问题 3\n\n真机上录音没有声音。重启也没用。\n", "真机上录音没有声音"),
        ("## Android 问题\n\n**现象**\n\n返回键没有反应。\n", "返回键没有反应"),
        ("## Issue 2\n\n**Symptom:** The sheet stays open.\n", "The sheet stays open"),
        ("## 其他问题\n\n* 分享卡片是空白\n", "分享卡片是空白"),
        (
            "---\ntitle: React error #418\n---\n\n## 现象\n\n白屏。\n\n## 解决\n\n升级。\n",
            "React error #418",
        ),
        ("---\ntitle: 登录: 白屏\n---\n\n### 现象\n\n必现。\n\n### 原因\n\n未知。\n", "登录: 白屏"),
    ],
)
def test_a_generic_heading_takes_its_title_from_below(text: str, title: str) -> None:
    assert only(text).title == title


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("title: React error #418", "React error #418"),
        ("title: 小程序: 踩坑", "小程序: 踩坑"),
        ("title: [WeCom] field notes", "[WeCom] field notes"),
        ('title: "Quoted: yes"', "Quoted: yes"),
        ("title: @mention first", "@mention first"),
        ("title: C# and F#", "C# and F#"),
    ],
)
def test_front_matter_is_read_as_its_writers_mean_it(head: str, name: str) -> None:
    assert note(f"---\n{head}\n---\n\n## It fails\n\nAlways.\n").name == name


# Workarounds


def test_case_a_workaround_below_a_heading() -> None:
    [one] = case("workaround-heading").proposals
    assert one.workaround == "五秒后用 wx.showModal 提示，再轮询订单。"
    assert one.component == "wx.requestVirtualPayment"
    assert "解决方案" not in one.reproduction


@pytest.mark.parametrize(
    "remedy",
    [
        *(
            "**解决方案**\n\n用缓存。",
            "### 解决办法\n\n用缓存。",
            "解决：用缓存。",
            "【解决】用缓存。",
        ),
        *(
            "**规避：** 用缓存。",
            "处理方法：用缓存。",
            "- **解决方法**：用缓存。",
            "✅ **解决方案**：用缓存。",
        ),
        *(
            "**Workaround:** 用缓存。",
            "Fix: 用缓存。",
            "#### Solution\n\n用缓存。",
            "### 3. 解决方案\n\n用缓存。",
        ),
        *("> 解决：用缓存。", "**How to fix**\n\n用缓存。", "__解决__\n用缓存。"),
    ],
)
def test_what_stands_below_a_remedy_is_the_workaround(remedy: str) -> None:
    one = only(f"## 首屏一直白屏\n\n必现。\n\n{remedy}\n")
    assert (one.title, one.workaround, one.reproduction) == ("首屏一直白屏", "用缓存。", "必现。")


def test_a_remedy_ends_where_another_label_or_heading_stands() -> None:
    text = """\
## 首屏白屏

**现象**：必现。

**解决方案**：

1. 清缓存
2. 重启

```js
wx.clearStorage()
```

**原因**：缓存太大。

### 参考

https://example.org/a
"""
    one = only(text)
    assert one.workaround == "1. 清缓存\n2. 重启\n\n```js\nwx.clearStorage()\n```"
    assert "缓存太大" in one.reproduction
    assert "example.org" in one.reproduction
    assert one.component == ""


def test_several_remedies_keep_their_names() -> None:
    text = "## 首屏白屏\n\n必现。\n\n### 临时方案\n\n刷新。\n\n### 最终方案\n\n升级基础库。\n"
    assert only(text).workaround == "临时方案\n\n刷新。\n\n最终方案\n\n升级基础库。"


@pytest.mark.parametrize("said", ["无", "暂无", "None.", "待官方修复", "No workaround yet", "未知"])
def test_a_remedy_that_is_none_is_no_workaround(said: str) -> None:
    one = only(f"## 首屏白屏\n\n必现。\n\n**解决方案**：{said}\n")
    assert one.workaround == ""
    assert said in one.reproduction


def test_a_remedy_inside_a_line_or_below_an_item() -> None:
    text = """\
# 表单的坑

- 键盘遮挡输入框。解决办法：设置 cursor-spacing
- 连点会提交两次
  - 用锁挡住第二次
- 下拉刷新失效
  - 只在安卓 12 上出现
- 日期显示 NaN
  > 把 - 换成 /
- 上传失败，日志里有
  > upload:fail 413 too big
"""
    lock, twice, pull, date, upload = note(text).proposals
    assert (lock.title, lock.workaround) == ("键盘遮挡输入框", "设置 cursor-spacing")
    assert (twice.title, twice.workaround) == ("连点会提交两次", "用锁挡住第二次")
    assert (pull.workaround, pull.reproduction) == ("", "- 只在安卓 12 上出现")
    assert date.workaround == "把 - 换成 /"
    assert (upload.workaround, upload.signatures) == ("", ("upload:fail 413 too big",))


def test_an_answer_that_says_what_to_do_is_a_workaround() -> None:
    text = (
        "## FAQ\n\nQ: The map is blank?\nA: Set the key first.\n\nQ: It crashes?\nA: It is old.\n"
    )
    blank, crash = note(text).proposals
    assert (blank.workaround, crash.workaround) == ("Set the key first.", "")
    assert "It is old." in crash.reproduction


# Signatures and components


def test_case_quoted_errors() -> None:
    found = [one.signatures for one in case("quoted-errors").proposals]
    assert found == [
        ("openDoc:fail can only be called from a tap, see the manual.",),
        ("cannot read property 'focus' of undefined",),
        ("取 Token 失败 (91402): NOTEXIST",),
    ]


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        (
            "控制台输出：\n```\nthis.getOpenerEventChannel is not a function\n```",
            "this.getOpenerEventChannel is not a function",
        ),
        (
            "**报错**：`INVALID_LOGIN, access not allowed for app wxabc`",
            "INVALID_LOGIN, access not allowed for app wxabc",
        ),
        (
            "The log says:\n> RENDER LAYER ERROR: insertBefore failed, see trace",
            "RENDER LAYER ERROR: insertBefore failed, see trace",
        ),
        (
            "### 错误日志\n\n```text\nunexpected page benchmark data, code 92\n```",
            "unexpected page benchmark data, code 92",
        ),
    ],
)
def test_what_is_announced_as_an_error_is_a_signature_whole(text: str, signature: str) -> None:
    assert only(f"## 页面白屏\n\n{text}\n").signatures == (signature,)


def test_stock_words_are_no_signatures_but_with_an_interface() -> None:
    text = "## 上传失败\n\n报错 `Permission denied`，也报 `uploadFile:fail permission denied`。\n"
    one = only(text)
    assert one.signatures == ("uploadFile:fail permission denied",)
    assert [vague.text for vague in one.vague] == ["Permission denied"]
    assert "`Permission denied`" in one.reproduction


def test_case_the_component_comes_from_the_error_and_never_from_the_remedy() -> None:
    opened, drawn = case("component-from-error").proposals
    assert (opened.component, opened.signatures) == ("wx.openDoc", ("openDoc:fail only by tap",))
    assert (drawn.component, drawn.workaround) == ("", "改用 `wx.canvasPutImageData` 写像素。")


# Introductions and frames


def test_case_an_introduction() -> None:
    read = case("introduction")
    assert titles(read) == ["地图组件在安卓上闪退"]
    [part] = read.left_out
    assert (part.line, part.why, part.heading) == (2, "introduction", "踩坑记录")
    assert "平时开发里遇到的坑和解决方法" in part.text
    assert [link.url for link in read.proposals[0].loose] == ["https://example.com/old"]


@pytest.mark.parametrize(
    ("heading", "why"),
    [
        *(
            (one, "frame")
            for one in ("背景", "后续计划", "获取帮助", "错误监控", "Roadmap", "Get help")
        ),
        *(
            (one, "frame")
            for one in ("Error monitoring", "仍然无法解决？", "需要更多帮助？", "监控告警")
        ),
        ("使用方法", "no-problem"),
    ],
)
def test_frames_are_named_and_no_problems(heading: str, why: str) -> None:
    text = f"# 手册\n\n## {heading}\n\n报错、失败、白屏。It fails, an error.\n\n## 白屏\n\n必现。\n"
    read = note(text)
    assert titles(read) == ["白屏"]
    [part] = read.left_out
    assert (part.line, part.last, part.heading, part.why) == (5, 5, heading, why)


@pytest.mark.parametrize(
    "section",
    [
        "### 问题 2：头像\n\n换了没变。",
        "### Issue 4: avatars\n\nThey stay.",
        "### Error: avatars\n\nThey stay.",
        "### 头像\n\n**现象**：换了没变。",
        "### 头像\n\n**Symptom**\n\nThey stay.",
        "### 头像\n\n#### 症状\n\n换了没变。\n\n#### 解决\n\n等。",
    ],
)
def test_a_label_decides_before_words_do(section: str) -> None:
    assert len(note(f"# 手册\n\n{section}\n\n### 团队\n\n十个人。\n").proposals) == 1


# After all of them


def test_no_log_of_other_programs_matches_after_all_of_them(store: Store) -> None:
    for path in sorted(CASES.glob("*.md")):
        import_items(store.session, read_note(path.read_text("utf-8"), path.name).proposals)
    log = (CASES / "unrelated.log").read_text("utf-8")
    with KnownErrors.open(store.path) as known:
        assert [line for line in log.splitlines() if known.recognise(line)] == []
