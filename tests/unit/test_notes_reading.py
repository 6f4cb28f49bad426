"""What is read from a note: its head, names, error texts and links; and that nothing hurts."""

from __future__ import annotations

import re

import pytest

from storage.errors import Refused
from storage.imports.import_item import LeftOutReason
from storage.imports.notes import LONGEST_NOTE, ParsedNote, read_note
from storage.imports.notes.error_texts import error_texts
from storage.imports.notes.links import component_of
from storage.match.error_text import names_in
from storage.model.vocabulary import is_web_address

BODY = "\n## The sheet is blank\n\nAlways.\n"


def note(text: str, file: str = "note.md", **values: str) -> ParsedNote:
    return read_note(text, file, **values)


# Front matter


@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: Field notes\ndate: 2024-03-09 10:11:12\ntags: [wecom, trial runs]\n---\n",
        "title: Field notes\ndate: 2024-03-09 10:11:12\ntags:\n  - wecom\n  - trial runs\n---\n",
        "\ufefftitle: Field notes\r\ndate: 2024/3/9\r\ntags: wecom, trial runs\r\n---\r\n",
        "---\nTitle: 'Field notes'\nupdated: 2024年3月9日\ntag: wecom，trial runs\n---\n",
        "---\nlayout: post\ntitle: Field notes\ndate: 2024-03-09T10:11+08:00\n"
        "tags: [wecom, trial runs]\n---",
    ],
)
def test_front_matter_with_and_without_its_opening(head: str) -> None:
    read = note(f"{head}\n{BODY}")
    assert (read.name, read.day) == ("Field notes 2024-03-09", "2024-03-09")
    [one] = read.proposals
    assert one.title == "The sheet is blank"
    assert one.tags == ("wecom", "trial-runs")
    assert one.day == "2024-03-09"


def test_the_line_of_an_entry_is_that_of_the_file() -> None:
    [one] = note(f"title: x\n---\n{BODY}").proposals
    assert one.line == 4
    [one] = note(f"---\ntitle: x\n---\n{BODY}").proposals
    assert one.line == 5


def test_what_looks_like_front_matter_and_is_none() -> None:
    [one] = note("Warning: login fails\n---\n\nOn all phones.\n").proposals
    assert one.title == "Warning: login fails"
    assert one.tags == ()
    read = note(f"# title: x\n---\n{BODY}")
    assert len(read.proposals) == 1


@pytest.mark.parametrize(
    "head",
    [
        "title: [unclosed",
        "title: {a: b}\ndate: [1]\ntags: {x: y}",
        "title: 2024-99-99\ndate: 2024-99-99\ntags: 7",
        "date: !!python/object/apply:os.system [true]",
        "title: *nothing",
        "- a\n- b",
        "just words",
        "? [a]\n: b",
        "&a [*a]",
        "title: " + "[" * 5_000,
        "a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\ntags: [*c,*c,*c]",
        "a: &a {x: 1}\ntags:\n  <<: [*a,*a]",
        "title: " + "x" * 20_000,
        "title: \x00",
        "date: 99999999999999999999999",
        "tags: [1, null, [x], {y: z}, '']",
    ],
)
def test_hostile_front_matter_does_no_harm(head: str) -> None:
    read = note(f"---\n{head}\n---\n{BODY}", day="2020-01-01")
    [one] = read.proposals
    assert one.title == "The sheet is blank"
    assert read.day == "2020-01-01"
    assert len(one.source) <= 300
    assert len(one.tags) <= 3


def test_a_note_without_a_title_is_known_by_its_file() -> None:
    assert note(BODY, "wecom.md", day="2020-01-01").name == "wecom.md"
    assert note(BODY, "").name == "The sheet is blank"
    assert note(BODY, "wecom.md", name="Lin's notes").name == "Lin's notes"
    [one], [other] = note(BODY, "a.md").proposals, note(BODY, "b.md").proposals
    assert one.pitfall != other.pitfall
    # The text and the day don't name it.
    [again] = note(BODY.replace("Always", "Never"), "a.md", day="2021-01-01").proposals
    assert one.pitfall == again.pitfall


def test_a_book_is_no_note() -> None:
    with pytest.raises(Refused, match="too long"):
        note("x" * (LONGEST_NOTE + 1))


# Names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("wx.qy.login and qy.login, or qy__login", ["wx.qy.login"] * 3),
        ("调用wx.getLocation失败", ["wx.getLocation"]),
        ("`ww.openUserChat()`；uni.share", ["ww.openUserChat", "uni.share"]),
        ("wx.com, https://wx.qq.com/wx.js, a.wx.b, wx.wxss, mywx.login, wx.", []),
        ("wx.canvas.toBlob. Then", ["wx.canvas.toBlob"]),
    ],
)
def test_names_of_interfaces(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_the_component_comes_from_the_title_then_the_error_then_the_symptom() -> None:
    assert component_of("wx.a fails", ["b:fail"], "wx.b wx.b") == "wx.a"
    assert (
        component_of("it fails", ["openDoc:fail no tap"], "wx.a, then wx.openDoc") == "wx.openDoc"
    )
    assert component_of("it fails", ["qy.login:fail"], "wx.a") == "wx.qy.login"
    assert component_of("it fails", ["share:fail"], "", root="uni") == "uni.share"
    assert component_of("it fails", [], "wx.a wx.b wx.b") == "wx.b"
    assert component_of("it fails", [], "") == ""


def test_the_first_of_several_interfaces_is_not_the_component() -> None:
    assert component_of("it fails", [], "wx.b wx.a") == ""
    assert component_of("it fails", [], "Call wx.b first. Then wx.a never returns.") == "wx.a"


@pytest.mark.parametrize(
    ("text", "component"),
    [
        ("movable-view 里的 input 失焦", "movable-view"),
        ("`<scroll-view>` 横向滚动失效", "scroll-view"),
        ("`textarea` 层级太高", "textarea"),
        ("map 组件在安卓上闪退", "map"),
        ("input 绑了 value 又绑 bindinput", ""),
        ("canvasContext.drawImage 画不出来", "canvasContext.drawImage"),
        ("innerAudioContext.onCanplay 不触发", "innerAudioContext.onCanplay"),
        ("uni.chooseImage 崩溃", "uni.chooseImage"),
        ("my.getAuthCode 没有回调", "my.getAuthCode"),
        ("dd.biz.util.openLink 打不开", "dd.biz.util.openLink"),
        ("tt.login fails", "tt.login"),
        ("lark.showToast fails", "lark.showToast"),
        ("my.cnf is not read", ""),
    ],
)
def test_components_of_other_vendors_and_tags(text: str, component: str) -> None:
    assert component_of(text, [], "") == component
    assert component_of("", [], text) == component


# Error texts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "报 invoke result:qy.login,qy.login:fail，真机正常",
            ("invoke result:qy.login,qy.login:fail",),
        ),
        ("返回 `chooseImage:fail cancel`。", ("chooseImage:fail cancel",)),
        (
            "It logs getLocation:fail:auth denied when the user refuses.",
            ("getLocation:fail:auth denied",),
        ),
        (
            "TypeError: Cannot read property 'a' of undefined\n然后白屏",
            ("TypeError: Cannot read property 'a' of undefined",),
        ),
        (
            '{"errcode":40029,"errmsg":"invalid code"}',
            ('"errcode":40029,"errmsg":"invalid code"',),
        ),
        ('{"errmsg":"invalid code","errcode":40029}', ("invalid code", '"errcode":40029')),
        ("**报错信息**：打不开，系统繁忙", ("打不开，系统繁忙",)),
        ("症状：\n```\n取 Token 失败 (91402): NOTEXIST\n```", ("取 Token 失败 (91402): NOTEXIST",)),
        ("日志里有\n> cannot read 'x' of undefined, sir.", ("cannot read 'x' of undefined, sir.",)),
        ("Logged:\n```text\n12:01:02 ERROR boot\nat a (b.js:1)\n```", ("ERROR boot",)),
        ("errCode: 80201", ("errCode: 80201",)),
        ("点击后报错“打不开，系统繁忙”", ("打不开，系统繁忙",)),
        ("提示「请在客户端打开」的错误", ("请在客户端打开",)),
        ('It fails with "Page is gone" at once', ("Page is gone",)),
        ("点击“更新版本”，再点「上传」", ()),
        ("success、`fail`、`complete()` 三个回调，错误回调 `onError`", ()),
        ("提示“更新成功”", ()),
        ("a:b:c, http://fail.example.org/x:fail", ("x:fail",)),
    ],
)
def test_error_texts(text: str, found: tuple[str, ...]) -> None:
    assert error_texts(text) == found


def test_nothing_is_cut_out_of_a_program() -> None:
    code = """\
It fails:

```js
throw new Error("login:fail no permission")
const errMsg = "upload:fail"
wx.x({ fail: e => log("failed") })
// => x:fail no permission
```
"""
    assert error_texts(code) == ("x:fail no permission",)


def test_what_a_machine_prints_is_taken_line_by_line_and_whole() -> None:
    log = "\n".join(f"upload:fail at step {n}, see the log." for n in range(100))
    found = error_texts(f"```\n{log}\n```")
    assert len(found) == 8
    assert found[0] == "upload:fail at step 0, see the log."
    text = "真机报\n```\nerror build: Undefined symbol: _OBJC_CLASS_$_XXView\n```"
    assert error_texts(text) == ("Undefined symbol: _OBJC_CLASS_$_XXView",)


# Links

LINKED = """\
## wx.qy.openChat does nothing on Windows

No callback at all.

## wx.qy.openChat closes the sheet

Only on phones; it fails to keep the focus.

## 日历同步延迟一天

时区写死了，只能自己加减。

## 扫码登录后白屏

清缓存没有效果。

## 参考

1. [openChat on Windows: no callback](https://example.org/chat/windows)
2. [About openChat](https://example.org/about?api=wx.qy.openChat)
3. <https://example.org/doc/wx.qy.openChat.html>
4. 日历同步的时区问题：https://example.org/calendar.
5. [扫码登录白屏的讨论](https://example.org/scan (a title))
6. [A poem](https://example.org/poem) [old][gone] [local](./x.md) [bad](javascript:alert(1))
7. ![only a picture](https://example.org/p.png)

[gone]: https://example.org/unused
[never]: https://example.org/definition "Defined and not used"
"""


def test_links_are_spread_over_what_they_belong_to() -> None:
    read = note(LINKED)
    windows, sheet, calendar, scan = read.proposals
    urls = [
        [link.url.removeprefix("https://example.org/") for link in one.links]
        for one in read.proposals
    ]
    assert urls == [
        ["chat/windows", "about?api=wx.qy.openChat", "doc/wx.qy.openChat.html"],
        ["about?api=wx.qy.openChat", "doc/wx.qy.openChat.html"],
        ["calendar"],
        ["scan"],
    ]
    assert calendar.links[0].title == "日历同步的时区问题"
    assert windows.links[0].title == "openChat on Windows: no callback"
    loose = {link.url.rpartition("/")[2]: link.title for link in read.loose}
    assert loose == {"poem": "A poem", "unused": "old", "definition": "Defined and not used"}
    assert windows.loose == read.loose
    assert not sheet.loose
    assert not scan.loose
    assert {part.heading for part in read.left_out} == {"参考"}
    assert {part.why for part in read.left_out} == {LeftOutReason.FRAME}


def test_no_web_address_of_a_note_is_lost() -> None:
    there = set(re.findall(r"https://example\.org/[\w./?=]*\w", LINKED)) - {
        "https://example.org/p.png"
    }
    read = note(LINKED)
    kept = {link.url for one in read.proposals for link in (*one.links, *one.loose)}
    assert kept == there
    assert all(map(is_web_address, kept))


def test_very_many_loose_links_are_kept_by_several() -> None:
    links = "".join(f"- https://example.org/{n}\n" for n in range(150))
    text = f"## A fails\n\nx\n\n## B fails\n\ny\n\n## Links\n\n{links}"
    first, second = note(text).proposals
    assert (len(first.loose), len(second.loose)) == (100, 50)


def test_links_inside_a_problem_are_its_own_wherever_they_stand() -> None:
    text = """\
## Printing fails

- In a list: [a](https://example.org/a)

> quoted https://example.org/b

| table |
|---|
| <https://example.org/c> |

<a href="https://example.org/d">html</a> （见 https://example.org/e）。

[![alt](p.png)](https://example.org/f)
"""
    [one] = note(text).proposals
    assert [link.url[-1] for link in one.links] == ["a", "b", "c", "d", "e", "f"]


# Hostile text


def test_control_characters_are_kept_as_they_came() -> None:
    [one] = note("# \x1b[31mred\u202e fails \x00\x07\n\nx\x1b]0;y\x07\ud800\n").proposals
    assert "\x1b[31mred\u202e fails" in one.title
    assert "\x1b]0;y\x07\ufffd" in one.reproduction
    assert one.reproduction.encode()


@pytest.mark.parametrize(
    "text",
    [
        "> " * 3_000 + "fails",
        "- " * 3_000 + "fails",
        "[" * 20_000,
        "![" * 10_000,
        "*a " * 10_000,
        "`" * 10_001,
        "#" * 10_000,
        "# a\n" * 3_000,
        "| a " * 3_000 + "|\n" + "|---" * 3_000 + "|\n",
        "<" * 20_000,
        "[a]: <" * 3_000,
        "(((((((((" * 2_000 + "https://" + "(" * 10_000,
        "fail:" * 10_000,
        "wx." * 10_000,
        "“" * 10_000 + "报错",
        "文档" + "文" * 50_000,
        "a,b:fail" * 5_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_text_made_to_hurt_is_read_soon(text: str) -> None:
    read = note(text)
    assert all(len(one.title) <= 300 for one in read.proposals)


def test_a_note_that_nests_without_end_is_refused() -> None:
    with pytest.raises(Refused, match="too deeply"):
        read_note("**" * 3_000 + "x" + "**" * 3_000, "deep.md")
