"""What pages say, and what that suggests: adapters, hostile markup, negations, stock answers."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from storage.imports.watch.fetch import page_text
from storage.imports.watch.pages import PageContent, Post, other_route, read_page
from storage.imports.watch.request import FetchFailed
from storage.imports.watch.suggestions import quote_of, said_in, suggestion
from storage.model.vocabulary import VendorReplyKind, WatchOutcome
from tests.records import MONDAY
from tests.servers import VENDOR, community_page, thread

THREAD = f"https://{VENDOR}/community/develop/doc/000ae8d6348af08e7000bc546"
DOCUMENT = "https://developer.work.weixin.qq.com/document/path/90269"
POST = "https://a.example/post"


def outcome(url: str, text: str) -> WatchOutcome:
    with pytest.raises(FetchFailed) as failed:
        read_page(url, text)
    return failed.value.outcome


# Any page


def test_of_any_page_the_main_text_and_the_title_are_read() -> None:
    page = (
        "<html><head><title> A\n page </title><style>p{}</style></head><body><nav>Menu</nav>"
        "<script>var a = '已修复'</script><main><h1>Title</h1><p>One <b>two</b><br>three</p>"
        "<!-- x --><p>four</p></main><aside>Read this</aside><footer>2026</footer></body></html>"
    )
    content = read_page(POST, page)
    assert content.title == "A page"
    assert [post.text for post in content.posts] == ["Title\nOne two\nthree\nfour"]


def test_what_changes_with_every_visit_does_not_count() -> None:
    page = (
        "<html><body><main><p>Known limits</p></main><footer>{}</footer><nav>{}</nav></body></html>"
    )
    one, other = (read_page(POST, page.format(n, n)) for n in (1, 2))
    assert one == other


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("", WatchOutcome.UNREADABLE),
        ("<html><body><script>render()</script></body></html>", WatchOutcome.UNREADABLE),
        ('{"a": "b"}', WatchOutcome.UNREADABLE),
        ("<html><body><p>该帖子已被删除</p></body></html>", WatchOutcome.GONE),
        ("<html><title>x</title><body>请登录后查看</body></html>", WatchOutcome.LOGIN),
        ("<html><body>Please log in to see this page</body></html>", WatchOutcome.LOGIN),
    ],
)
def test_a_page_without_content_is_none(page: str, found: WatchOutcome) -> None:
    assert outcome(POST, page) is found


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000,
        "<div " + "a " * 100_000 + ">x",
        "<" * 500_000,
        "&" * 500_000,
        "<p class='" + "a_" * 200_000 + "'>x",
        "<table><tr><td>" * 50_000,
        "<a href='" * 50_000,
        "<!--" * 100_000,
        "\x00\x1b[31m<p>x</p>" * 1_000,
        "<svg><math><mtext>" * 30_000,
        '<meta charset="utf-8">' * 30_000,
    ],
    ids=range(11),
)
@pytest.mark.parametrize("url", [POST, THREAD])
def test_hostile_markup_is_read_or_unreadable(url: str, markup: str) -> None:
    said = ""
    with suppress(FetchFailed):
        text = page_text(url, f"<html><title>x</title><body>{markup}".encode())
        said = "".join(post.text for post in read_page(url, text).posts)
    assert "\x1b" not in said


def test_signs_that_a_page_writes_as_entities_are_visible() -> None:
    page = "<html><title>a&#8238;b</title><body><main>fixed&#8238; in&#x200b; 4.1.12</main>"
    content = read_page(POST, page)
    assert content.title == "a<U+202E>b"
    assert content.posts[0].text == "fixed<U+202E> in<U+200B> 4.1.12"


@pytest.mark.parametrize(
    "document",
    [
        "[" * 200_000,
        '{"a":' * 100_000,
        json.dumps({"data": [[]] * 200_000}),
        json.dumps({"data": {"Content": 1, "DocId": [], "Title": {}}}),
        json.dumps({"data": {"comments": [{"CommentId": None, "Content": {"x": 1}}]}}),
        '{"data": {"Title": "x", "DocId": "1", "Content": ',
        "{}",
    ],
    ids=range(7),
)
def test_hostile_json_is_unreadable(document: str) -> None:
    assert outcome(THREAD, document) is WatchOutcome.UNREADABLE


# The vendor's community


def test_a_thread_is_read_from_its_json_route() -> None:
    content = read_page(
        THREAD,
        thread(("7", "已复现&nbsp;<b>跟进</b>", True), ("8", "我也<br>遇到", False, 1_795_600_000)),
    )
    assert content.title == "登录后白屏"
    assert [(post.key, post.text, post.author, post.official) for post in content.posts] == [
        ("doc", "扫码后白屏", "", False),
        ("7", "已复现 跟进", "社区技术运营专员", True),
        ("8", "我也\n遇到", "小王", False),
    ]
    assert content.posts[2].at == 1_795_600_000_000
    assert content.marks == ("official",)


def test_a_thread_is_read_from_the_state_in_its_page() -> None:
    state = thread(("7", "已修复</script>".replace("<", "\\u003c"), True))
    page = f"<html><body><div id=app></div><script>window.__INITIAL_STATE__ = {state};a()</script>"
    assert [post.key for post in read_page(THREAD, page).posts] == ["doc", "7"]


def test_a_thread_is_read_from_a_saved_page() -> None:
    content = read_page(
        THREAD, community_page(("7", "官方专员", "已修复", True), ("8", "小王", "谢谢", False))
    )
    assert content.title == "登录后白屏"
    assert [(post.key, post.text, post.author, post.official) for post in content.posts] == [
        ("doc", "扫码后白屏", "", False),
        ("7", "已修复", "官方专员", True),
        ("8", "谢谢", "小王", False),
    ]
    assert content.posts[1].at == 1_795_572_000_000


def test_a_name_alone_makes_nobody_official() -> None:
    [_doc, post] = read_page(THREAD, community_page(("7", "企业微信官方", "已修复", False))).posts
    assert not post.official
    answer = {
        "CommentId": "7",
        "Content": "已修复",
        "NickName": "官方",
        "CreateTime": 1_795_500_000,
    }
    document = {"DocId": "1", "Title": "a", "Content": "b", "list": [answer]}
    for mark, is_official in (({}, False), ({"official": "no"}, False), ({"is_official": 1}, True)):
        answer |= mark
        assert read_page(THREAD, json.dumps(document)).posts[1].official is is_official


def test_a_structure_that_is_not_known_is_unreadable() -> None:
    pages = (
        "<html><body><h1>登录后白屏</h1><p>已修复</p></body></html>",
        community_page().replace("post_content", "x7f3"),
        community_page(("7", "小王", "已修复", False)).replace("post_comment_content", "x7f3"),
        json.dumps({"success": True, "data": {"question": {"t": "a", "c": "b"}}}),
    )
    for page in pages:
        assert outcome(THREAD, page) is WatchOutcome.UNREADABLE, page


def test_an_answer_of_the_route_says_that_the_thread_is_gone_or_wants_a_login() -> None:
    assert outcome(THREAD, '{"success": false, "msg": "帖子不存在"}') is WatchOutcome.GONE
    assert outcome(THREAD, '{"success": false, "msg": "请先登录"}') is WatchOutcome.LOGIN
    assert outcome(THREAD, '{"success": false, "msg": "系统繁忙"}') is WatchOutcome.UNREADABLE


def test_recommended_threads_are_no_part_of_a_thread() -> None:
    document = json.loads(thread(("7", "已收到", True)))
    document["data"]["recommend"] = [{"DocId": "9", "Title": "Else", "Content": "已修复"}]
    assert [post.key for post in read_page(THREAD, json.dumps(document)).posts] == ["doc", "7"]


def test_a_thread_has_another_route() -> None:
    assert other_route(THREAD) == (
        f"https://{VENDOR}/community/ngi/doc/detail/000ae8d6348af08e7000bc546"
    )
    assert other_route(f"https://{VENDOR}/community/ngi/doc/detail/1") is None
    assert other_route("https://evil.example/community/develop/doc/1") is None


# What is said


@pytest.mark.parametrize(
    ("text", "kind", "version"),
    [
        ("该问题已修复，请升级到 4.1.12 版本", VendorReplyKind.FIXED, "4.1.12"),
        ("已经全量修复", VendorReplyKind.FIXED, ""),
        ("This was fixed in 4.1.10.", VendorReplyKind.FIXED, "4.1.10"),
        ("Fixed.", VendorReplyKind.FIXED, ""),
        ("会在下个版本修复", VendorReplyKind.WILL_FIX, ""),
        ("预计 3.8.1 基础库修复", VendorReplyKind.WILL_FIX, "3.8.1"),
        ("未来版本会修复", VendorReplyKind.WILL_FIX, ""),
        ("It will be fixed in the next release", VendorReplyKind.WILL_FIX, ""),
        ("Will be fixed in 4.1.12.", VendorReplyKind.WILL_FIX, "4.1.12"),
        ("这是设计如此", VendorReplyKind.BY_DESIGN, ""),
        ("目前暂不支持该能力", VendorReplyKind.BY_DESIGN, ""),
        ("This is by design.", VendorReplyKind.BY_DESIGN, ""),
        ("文档已更新", VendorReplyKind.DOCUMENT_CHANGED, ""),
        ("已复现，正在跟进", VendorReplyKind.ACKNOWLEDGED, ""),
        ("We are looking into it", VendorReplyKind.ACKNOWLEDGED, ""),
    ],
)
def test_what_a_text_comes_to(text: str, kind: VendorReplyKind, version: str) -> None:
    said = said_in(text)
    assert said is not None
    assert (said.kind, said.version) == (kind, version)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "未修复",
            "尚未修复",
            "该问题还没有修复",
            "没有被修复",
            "暂未解决",
            "仍未修复",
            "无法修复",
        ),
        *(
            "尚未定位到原因，已反馈",
            "4.1.10 并未修复，已经反馈",
            "修复不了",
            "问题未彻底解决，已复现",
        ),
        *("It is not fixed", "This isn't fixed yet", "not yet fixed in 4.1.8", "never resolved"),
        *("Won't be fixed", "It is still not working", "unresolved", "cannot be fixed"),
        *("修复了吗？", "这个问题是否已修复", "什么时候会修复", "Is this fixed?", "请问已修复了没"),
        *("希望会修复", "如果已修复请告知", "我也遇到了", "同样的问题", "+1", ""),
    ],
)
def test_negations_and_questions_come_to_nothing(text: str) -> None:
    assert said_in(text) is None


def test_a_quote_has_at_most_500_characters_and_what_was_found() -> None:
    assert quote_of("已修复") == "已修复"
    long = f"{'前文。' * 400}已修复，请更新。{'后文。' * 400}"
    quote = quote_of(long, "已修复，请更新。")
    assert len(quote) <= 500
    assert quote.startswith("已修复，请更新。")


# What is suggested


def page(*posts: Post) -> PageContent:
    return PageContent("t", posts)


BEFORE = page(Post("doc", "Q", at=MONDAY - 9), Post("1", "已收到", "A", True, MONDAY - 8))


def test_a_new_official_answer_is_suggested_with_its_reasons() -> None:
    now = page(*BEFORE.posts, Post("2", "已修复，4.1.12 起", "专员", True, MONDAY))
    found = suggestion(THREAD, BEFORE, now, 0)
    assert found is not None
    assert (found.kind, found.why, found.version) == (
        VendorReplyKind.FIXED,
        ("official", "已修复"),
        "4.1.12",
    )
    assert (found.author, found.official, found.said_on) == ("专员", True, "2026-11-23")


@pytest.mark.parametrize(
    "post",
    [
        Post("2", "你好，麻烦通过点击下方“反馈信息”按钮，提供出现问题的机型", "专员", True, MONDAY),
        Post("2", "你好,麻烦通过点击下方「反馈信息」按钮提供信息。已修复", "专员", True, MONDAY),
        Post("2", "尚未修复", "专员", True, MONDAY),
        Post("2", "我也遇到了", "小王", False, MONDAY),
        Post("2", "已反馈", "小王", False, MONDAY),
        Post("1", "已 收到", "A", True, MONDAY),
        Post("x", "已收到", "A", True, MONDAY),
    ],
)
def test_what_is_no_news_is_not_suggested(post: Post) -> None:
    """The stock answer, a negation, a chat, the same text at another place or with other blanks."""
    document = json.loads(thread((post.key, post.text, post.official)))
    read = read_page(THREAD, json.dumps(document)).posts[1]
    now = page(*(one for one in BEFORE.posts if one.key != post.key), read)
    assert suggestion(THREAD, BEFORE, now, 0) is None


@pytest.mark.parametrize(
    "text",
    ["本回答由AI生成：该问题已修复", "【AI 回答】已修复", "以上内容由人工智能自动生成 已修复"],
)
def test_the_answer_of_a_machine_is_no_news(text: str) -> None:
    now = read_page(THREAD, thread(("2", text, True)))
    assert suggestion(THREAD, BEFORE, now, 0) is None
    marked = json.loads(thread(("2", "已修复", True)))
    marked["data"]["comments"][0]["isAI"] = True
    assert suggestion(THREAD, BEFORE, read_page(THREAD, json.dumps(marked)), 0) is None


def test_an_official_answer_without_known_words_acknowledges() -> None:
    now = page(*BEFORE.posts, Post("2", "请提供一下代码片段", "专员", True, MONDAY))
    found = suggestion(THREAD, BEFORE, now, 0)
    assert found is not None
    assert (found.kind, found.why) == (VendorReplyKind.ACKNOWLEDGED, ("official",))


def test_at_the_first_look_only_what_is_newer_than_the_link_is_news() -> None:
    now = page(Post("1", "已修复", "A", True, MONDAY))
    assert suggestion(THREAD, None, now, MONDAY) is None
    assert suggestion(THREAD, None, page(Post("1", "已修复", "A", True)), 0) is None
    assert suggestion(THREAD, None, now, MONDAY - 1) is not None


def test_of_a_changed_document_the_new_lines_are_quoted() -> None:
    before = read_page(DOCUMENT, "<main><p>One</p><p>Two</p></main>")
    now = read_page(DOCUMENT, "<main><p>One</p><p>Zero</p><p>Two</p></main>")
    found = suggestion(DOCUMENT, before, now, 0)
    assert found is not None
    assert (found.kind, found.why, found.quote) == (
        VendorReplyKind.DOCUMENT_CHANGED,
        ("document",),
        "Zero",
    )
    assert suggestion(POST, before, now, 0) is None
    fixed = read_page(POST, "<main><p>One</p><p>Two: fixed in 4.1.10.</p></main>")
    found = suggestion(POST, before, fixed, 0)
    assert found is not None
    assert (found.kind, found.official) == (VendorReplyKind.FIXED, False)


def test_a_mark_that_was_found_since_is_news() -> None:
    before = page(Post("2", "已修复", "专员", False, MONDAY))
    found = suggestion(THREAD, before, page(Post("2", "已修复", "专员", True, MONDAY)), 0)
    assert found is not None
    assert found.official
