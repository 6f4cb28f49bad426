"""Vendor replies, and the bug report for them, from a shell."""

from __future__ import annotations

import json

from storage.model.vocabulary import Source, VendorReplyKind

THREAD = "https://developers.weixin.qq.com/community/develop/doc/000a"


def test_a_statement_with_all_that_can_be_said(pitboard, login):
    ended = pitboard(
        *("vendor-reply", login[:8], "--ref", THREAD, "--kind", "will-fix", "--at", "2026-11-20"),
        *("--author", "技术专员", "--official", "--version", "4.1.12", "--quote", "-"),
        stdin="下个版本\n修复\n",
    )
    assert (ended.code, ended.out) == (0, f"{login}\n")
    assert "Added a vendor reply" in ended.err
    held = pitboard.pitfall(login)
    [reference], [values] = held.references, held.vendor_replies
    assert (reference.url, reference.source) == (THREAD, Source.COMMUNITY)
    assert (values.sort, values.said_on, values.author) == (
        VendorReplyKind.WILL_FIX,
        "2026-11-20",
        "技术专员",
    )
    assert (values.official, values.version, values.quote.plain) == (
        True,
        "4.1.12",
        "下个版本\n修复",
    )
    # The reference came in the same step.
    assert pitboard("undo").code == 0
    assert pitboard.pitfall(login).references == ()


def test_the_only_reference_need_not_be_named_and_ids_can_be(pitboard, login):
    with pitboard.store() as store:
        first = store.links.add(login, THREAD)
    assert pitboard("vendor-reply", login, "--kind", "acknowledged").code == 0
    with pitboard.store() as store:
        store.links.add(login, "https://a.b/c")
    ended = pitboard("vendor-reply", login, "--kind", "fixed")
    assert ended.code == 2
    assert "--ref" in ended.err
    assert pitboard("vendor-reply", login, "--ref", first[:8], "--kind", "by-design").code == 0
    assert pitboard("vendor-reply", login, "--ref", "zz", "--kind", "by-design").code == 2
    assert pitboard("vendor-reply", login, "--ref", "", "--kind", "by-design").code == 2
    assert [one.reference for one in pitboard.pitfall(login).vendor_replies] == [first, first]


def test_what_is_wrong_is_refused(pitboard, login):
    ended = pitboard("vendor-reply", login, "--ref", THREAD)
    assert ended.code == 2
    assert "will-fix" in ended.err
    assert pitboard("vendor-reply", login, "--ref", THREAD, "--kind", "maybe").code == 2
    values = ("vendor-reply", login, "--ref", THREAD, "--kind", "fixed", "--at")
    assert pitboard(*values, "someday").code == 2
    assert pitboard(*values, "2999-01-01").code == 3
    assert pitboard("vendor-reply", "zzzz", "--ref", THREAD, "--kind", "fixed").code == 1
    assert pitboard.pitfall(login).references == ()


def test_on_a_terminal_it_asks_for_what_is_missing(pitboard, login):
    screen = pitboard.terminal("vendor-reply", login)
    screen.expect("URL of the reply:")
    screen.sendline(THREAD)
    screen.expect("What the vendor says.*:")
    screen.sendline("fixed")
    screen.expect("Added a vendor reply")
    screen.expect_exact("\n")
    assert [one.sort for one in pitboard.pitfall(login).vendor_replies] == [VendorReplyKind.FIXED]


def test_show_and_list_tell_how_it_stands_upstream(pitboard, login):
    assert "vendor: ○ unreported" in pitboard("show", login).out
    assert pitboard("list", "--view", "unreported", "--count").out == "1\n"
    pitboard(
        *("vendor-reply", login, "--ref", THREAD, "--kind", "fixed", "--at", "2026-11-20"),
        *("--version", "4.1.12", "--author", "Bo", "--quote", "Done."),
    )
    page = pitboard("show", login).out
    assert "vendor: + claimed fixed" in page
    assert "2026-11-20  Bo: fixed in 4.1.12" in page
    assert "Done." in page
    assert pitboard("list", "upstream:claimed-fixed", "--count").out == "1\n"
    assert pitboard("list", "上游:称已修复", "--count").out == "1\n"
    assert pitboard("list", "upstream:unreported").code == 1
    shown = json.loads(pitboard("show", login, "--json").out)["pitfalls"][0]
    [reference], [values] = shown["references"], shown["vendor_replies"]
    assert shown["upstream"] == "claimed-fixed"
    assert values.pop("id")
    assert values.pop("at")
    assert values == {
        "who": "Ada",
        "reference": reference["id"],
        "said_on": "2026-11-20",
        "author": "Bo",
        "official": False,
        "kind": "fixed",
        "version": "4.1.12",
        "quote": "Done.",
        "recorded_on": login,
    }
    assert "added a vendor reply  fixed in 4.1.12" in pitboard.seen("history", login, NO_COLOR="1")


def test_report_is_data_on_stdout_and_what_is_missing_on_stderr(pitboard, login):
    ended = pitboard("bug-report", login[:6])
    assert ended.code == 0
    assert ended.out.startswith("# wx.qy.login fails\n\n- **Framework**: Mini-program\n")
    assert ended.out.endswith("\n")
    assert "missing: Platform, Client version" in ended.err
    assert login[:4] not in ended.out
    assert pitboard.bytes("bug-report", login).stdout == pitboard.bytes("bug-report", login).stdout
    pitboard(
        *("log", login, "--platform", "ios", "--host", "wecom", "--client-version", "4.1.8"),
        *("--lib", "3.0", "--device", "iPhone 15", "--at", "2026-11-20"),
    )
    pitboard("edit", login, "--reproduction", "## 步骤\n1. 登录\n## 预期\n成功\n## 实际\n失败")
    chinese = pitboard("bug-report", login, "--lang", "zh")
    assert chinese.err == ""
    for line in (
        "- **微信版本**：企业微信 4.1.8",
        "- **基础库版本**：3.0",
        "- **机型**：iPhone 15",
        "1. 登录",
        "成功",
        "失败",
        "| 企业微信 4.1.8 | 3.0 | iOS | iPhone 15 | 1 次，最近 2026-11-20 |",
    ):
        assert line in chinese.out.splitlines()
    assert pitboard("bug-report", "zzzz").code == 1
