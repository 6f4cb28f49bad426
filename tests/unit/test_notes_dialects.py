"""Notes as people write them: HTML, numbered paragraphs, labels that come again, checklists."""

from __future__ import annotations

import pytest

from storage.imports.import_item import ImportItem, LeftOutReason
from storage.imports.notes import ParsedNote, read_note
from storage.model.row import Status


def note(text: str) -> ParsedNote:
    return read_note(text, "note.md")


def titles(read: ParsedNote) -> list[str]:
    return [one.title for one in read.proposals]


def helped(read: ParsedNote) -> list[str]:
    return [one.workaround for one in read.proposals]


# HTML

TABLE = """\
<h1>常见问题</h1>

<table>
<thead><tr><th>问题</th><th>报错</th><th>处理</th></tr></thead>
<tr><td>选人接口无权限</td><td><code>selectEnterpriseContact:fail no permission</code></td>
<td>在管理后台<b>开启</b>通讯录权限，见<a href="https://example.org/a">这里</a></td></tr>

<tr>
  <td>获取不到 agentConfig | 偶现</td>
  <td>agentConfig:fail 40093</td>
  <td></td>
</tr>
</table>

以上由测试组收集。
"""


def test_a_table_in_html_lists_problems() -> None:
    read = note(TABLE)
    first, second = read.proposals
    assert (first.title, first.line) == ("选人接口无权限", 5)
    assert first.workaround == "在管理后台开启通讯录权限，见这里"
    assert first.signatures == ("selectEnterpriseContact:fail no permission",)
    assert [one.url for one in first.links] == ["https://example.org/a"]
    assert first.reproduction.startswith("| 问题 | 报错 | 处理 |\n| --- |")
    assert (second.title, second.line) == ("获取不到 agentConfig | 偶现", 8)
    assert second.component == "wx.agentConfig"
    assert [(one.line, one.text) for one in read.left_out] == [(15, "以上由测试组收集。")]


@pytest.mark.parametrize(
    "text",
    [
        "<table>\n<tr><th>问题</th></tr>\n",
        "<table><tr></tr></table>\n\n<table>\n\n# 踩坑\n\n- 安卓闪退\n- iOS 白屏\n",
        "<table><tr><td>问题<table><tr><td>x</td></tr></table></td></tr><tr><td>a</td></tr></table>",
        "<tr><td>问题</td></tr></table>\n<pre>\nx\n",
        "# 踩坑\n\n<table><tr><th>问题</th></tr><tr><td>闪退</td></tr></table> 尾注\n",
        "<table><caption>尾注</caption><tr><th>问题</th></tr><tr><td>闪退</td></tr></table>",
    ],
)
def test_html_that_is_not_whole_loses_nothing(text: str) -> None:
    read = note(text)
    there = "".join(
        [one.title + one.reproduction + one.workaround for one in read.proposals]
        + [one.text for one in read.left_out]
    )
    assert all(word in there for word in ("问题", "闪退", "尾注") if word in text)


HTML = """\
<h2>一些坑</h2>
<ul>
<li>ios 上 input 聚焦后 <code>fixed</code> 定位失效</li>
<li>用 <b>wx.previewImage</b> 预览 base64 图片白屏</li>
</ul>

<h2>wx.getLocation 一直返回 fail</h2>
<p><b>现象</b>：PC 端调用直接失败</p>
<pre><code>
getLocation:fail system permission denied
</code></pre>
<p><b>解决</b>：打开系统定位权限</p>
<details>
<summary>wx.qy.openUserProfile 打开空白</summary>

userid 加密了。

</details>
"""


def test_headings_lists_and_paragraphs_in_html() -> None:
    first, second, third, fourth = note(HTML).proposals
    assert first.title == "ios 上 input 聚焦后 `fixed` 定位失效"
    assert second.component == "wx.previewImage"
    assert third.title == "wx.getLocation 一直返回 fail"
    assert third.workaround == "打开系统定位权限"
    assert third.signatures == ("getLocation:fail system permission denied",)
    assert (fourth.title, fourth.reproduction) == (
        "wx.qy.openUserProfile 打开空白",
        "userid 加密了。",
    )


# Labels, numbers and bold lines that stand for headings


def test_labels_that_come_again_each_begin_a_problem() -> None:
    read = note(
        "**问题1**：切后台再回来 audio 停止播放\n\n**原因**：没有配置\n\n"
        "**方案**：配置它\n\n---\n\n"
        "**问题2**：`wx.setStorage` 存 Map 取出来是空对象\n\n**方案**：存之前转成数组\n"
    )
    assert titles(read) == [
        "切后台再回来 audio 停止播放",
        "`wx.setStorage` 存 Map 取出来是空对象",
    ]
    assert helped(read) == ["配置它", "存之前转成数组"]
    assert [one.component for one in read.proposals] == ["", "wx.setStorage"]


def test_labels_without_blank_lines_between_them() -> None:
    read = note(
        "问题：侧边栏 wx.qy.getCurExternalContact 报错\n"
        '{"errMsg":"qy.getCurExternalContact:fail:no permission"}\n'
        "解决：管理后台里勾选\n\n"
        "问题：PC 端 wx.chooseImage 只能选一张\n解决：无，等官方修复\n\n问题：鸿蒙上图标不显示\n"
    )
    assert titles(read) == [
        "侧边栏 wx.qy.getCurExternalContact 报错",
        "PC 端 wx.chooseImage 只能选一张",
        "鸿蒙上图标不显示",
    ]
    assert helped(read) == ["管理后台里勾选", "", ""]
    assert read.proposals[1].status_on_board is Status.OPEN
    assert "无，等官方修复" in read.proposals[1].reproduction


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Bug: the map is blank\nFix: wait\n\nBug: no sound\nFix: play twice\n", 2),
        ("现象：白屏\n解决：重启\n\n现象：闪退\n解决：降级\n", 2),
        ("# 坑\n\n现象：白屏。解决办法：重启\n现象：闪退。解决办法：降级\n", 2),
        # One problem, seen in two ways.
        ("## 登录失败\n\n现象：安卓白屏\n现象：iOS 闪退\n解决：重启\n", 1),
        ("## 登录\n\n问题：偶尔失败\n\n解决：重试\n", 1),
    ],
)
def test_how_many_problems_labels_make(text: str, count: int) -> None:
    assert len(note(text).proposals) == count


def test_chinese_numbers_above_lists_are_headings() -> None:
    read = note(
        "# 开发笔记\n\n一、登录相关\n\n1、登录态过期后 checkSession 仍然返回成功\n"
        "解决：自己在后台存过期时间。\n\n"
        "2、拒绝授权后再次调用不弹窗\n解决方法：用 openSetting 引导。\n\n"
        "二、支付相关\n\n1、iOS 虚拟支付不可用\n这是平台限制。\n\n2、支付成功后 navigateTo 没反应\n"
        "规避：setTimeout 300ms。\n"
    )
    assert titles(read) == [
        "登录态过期后 checkSession 仍然返回成功",
        "拒绝授权后再次调用不弹窗",
        "iOS 虚拟支付不可用",
        "支付成功后 navigateTo 没反应",
    ]
    assert helped(read) == [
        "自己在后台存过期时间。",
        "用 openSetting 引导。",
        "",
        "setTimeout 300ms。",
    ]


def test_bold_lines_below_a_heading_of_errors_each_name_one() -> None:
    read = note(
        "## Common errors\n\n**Error: `invalid credential, access_token is not latest`**\n\n"
        "The token was refreshed elsewhere.\n\n**Error: `40029 invalid code`**\n\nUsed twice.\n\n"
        "Solution: call `wx.login` again.\n\n**The page after `wx.navigateTo`**\n\nTen pages.\n"
    )
    assert titles(read) == [
        "invalid credential, access_token is not latest",
        "40029 invalid code",
        "The page after `wx.navigateTo`",
    ]
    assert helped(read) == ["", "call `wx.login` again.", ""]


def test_a_sentence_that_announces_problems_makes_a_list_of_them() -> None:
    read = note(
        "# Notes 2024-05-01\n\nToday we hit 3 issues:\n\n"
        "1. `wx.qy.login` times out behind a proxy\n   - Fix: no proxy\n2. Big files\n"
        "3. ~~The title is cut~~ (fixed in 4.1.20)\n\n"
        "Also: the console prints `qy.getContext:fail not ready` in H5; load it first.\n"
    )
    assert titles(read) == [
        "`wx.qy.login` times out behind a proxy",
        "Big files",
        "The title is cut",
        "the console prints `qy.getContext:fail not ready` in H5",
    ]
    assert read.proposals[2].reproduction == ""
    assert read.proposals[3].signatures == ("qy.getContext:fail not ready",)


# What introductions hold


def test_an_error_text_in_an_introduction_is_not_lost() -> None:
    read = note(
        "# 企业微信踩坑记录\n\n记录一下踩过的坑。\n\n"
        "报 `qy.login:fail no permission` 的话先重启开发者工具。\n\n"
        "## 图片上传白屏\n\n真机上复现。\n\n## 地图闪退\n\n只在安卓。\n"
    )
    first = read.proposals[0]
    assert first.title == "报 `qy.login:fail no permission` 的话先重启开发者工具"
    assert first.signatures == ("qy.login:fail no permission",)
    assert first.component == "wx.qy.login"
    [left] = read.left_out
    assert (left.why, left.text) == (LeftOutReason.INTRODUCTION, "记录一下踩过的坑。")


def test_a_text_that_anything_says_makes_no_introduction_a_problem() -> None:
    read = note(
        "# 踩坑记录\n\n有时会报 `timeout`。\n\n## 图片白屏\n\n真机。\n\n## 地图闪退\n\n安卓。\n"
    )
    assert titles(read) == ["图片白屏", "地图闪退"]


# What is solved, and what is no problem


def items(text: str) -> dict[str, ImportItem]:
    return {one.title: one for one in note(text).proposals}


def test_a_column_of_states_says_what_is_solved() -> None:
    found = items(
        "# 问题汇总表\n\n| 问题 | 方案 | 状态 |\n|--|--|--|\n| 上传超时 | 分片上传 | 已解决 |\n"
        "| 选图为空 | - | 未解决 |\n| 进度为 0 | | ✅ 官方已修复（4.1.8） |\n"
    )
    assert {title: one.solved for title, one in found.items()} == {
        "上传超时": "已解决",
        "选图为空": "",
        "进度为 0": "✅ 官方已修复（4.1.8）",
    }
    assert [one.status_on_board for one in found.values()] == [
        Status.WORKAROUND,
        Status.OPEN,
        Status.FIXED_UPSTREAM,
    ]


@pytest.mark.parametrize(
    "mark",
    [
        "✅ 已修复（3.2.1）",
        "（已在 8.0.33 版本修复）",
        "(fixed in 4.1.20)",
        "[已解决]",
        "- fixed since 8.0",
    ],
)
def test_a_version_beside_the_mark_is_no_part_of_the_title(mark: str) -> None:
    [(title, one)] = items(f"# 踩坑\n\n- 键盘弹起后页面不回弹 {mark}\n").items()
    assert title == "键盘弹起后页面不回弹"
    assert one.solved == mark


def test_an_arrow_leads_from_what_is_solved_to_what_was_done() -> None:
    found = items(
        "# 遗留问题\n\n- [ ] 点击 → 首页白屏\n- [x] 暗黑模式下看不清 → 加 `darkmode: true`\n"
    )
    assert [*found] == ["点击 → 首页白屏", "暗黑模式下看不清"]
    assert found["暗黑模式下看不清"].workaround == "加 `darkmode: true`"


@pytest.mark.parametrize(
    "text",
    [
        "# 上线检查清单\n\n- [x] 登录流程\n- [x] 支付回调\n- [ ] 隐私协议弹窗\n",
        "# Release checklist\n\n- [x] Log in\n- [x] Pay\n",
        "# Tasks\n\n- [x] Rename the page\n- [x] Write the docs\n",
        "## Not bugs\n\n- slow network\n- wrong password\n",
        "## 这些不是问题\n\n## 非 bug\n\n- 网络慢导致超时\n",
    ],
)
def test_checklists_and_what_is_no_bug_are_left_out(text: str) -> None:
    read = note(text)
    assert read.proposals == ()
    assert read.left_out


@pytest.mark.parametrize(
    "text",
    [
        "无，等官方",
        "暂无，只能等修复",
        "等待官方修复",
        "暂时没办法",
        "None, waiting for a fix",
        "无解",
    ],
)
def test_waiting_is_no_workaround(text: str) -> None:
    [one] = note(f"## 小程序在鸿蒙上闪退\n\n现象：打开就退出\n\n解决方案：{text}\n").proposals
    assert (one.workaround, one.status_on_board) == ("", Status.OPEN)
    assert text in one.reproduction


def test_symptoms_with_their_remedies_in_one_line_keep_their_lines() -> None:
    text = "# 样式的坑\n\n现象：首页白屏。解决办法：延时再画\n现象：图标错位。解决办法：换成图片\n"
    first, second = note(text).proposals
    assert [(one.title, one.line, one.workaround) for one in (first, second)] == [
        ("首页白屏", 3, "延时再画"),
        ("图标错位", 4, "换成图片"),
    ]
    assert [one.text for one in (first, second)] == text.splitlines()[2:]
