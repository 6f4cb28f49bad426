"""Error texts that say the same come out the same, and what was taken out can be shown."""

from __future__ import annotations

import pytest

from storage.match.normalizer import NormalisedText, StrippedToken, TokenKind, normalise


def out(text: str, sort: TokenKind) -> list[str]:
    """What of a sort is taken out of a text."""
    return [one.text for one in normalise(text).stripped if one.sort is sort]


@pytest.mark.parametrize(
    "text",
    [
        "qy.login:fail",
        "wx.qy.login:fail",
        "QY.Login:FAIL",
        "qy__login:fail",
        "wx.qy__login : fail",
        "ｑｙ．ｌｏｇｉｎ：ｆａｉｌ",
        '"qy.login:fail"',
        "“qy.login:fail”",
        '{"errMsg":"qy.login:fail"}',
        "{'errMsg': 'qy.login:fail'}",
        '{ errMsg: "qy.login:fail" }',
        r'"{\"errMsg\":\"qy.login:fail\"}"',
        r'{"err_msg":"\u0071\u0079.login\uff1afail"}',
        "MiniProgramError {errMsg: qy.login:fail}",
        "Uncaught (in promise) MiniProgramError\nqy.login:fail",
        "invoke result:qy.login,qy.login:fail",
        "2026-11-20 10:00:00.123 qy.login:fail",
        "[2026/11/20T10:00:00Z] qy.login:fail",
        "10:00:00 AM qy.login:fail",
        "Fri Nov 20 2026 10:00:00 GMT+0800 (中国标准时间) qy.login:fail",
        "2026年11月20日 10:00:00 qy.login:fail",
        "\x1b[31mqy.lo\x1b[0mgin:fail\x1b[0m",
        "WAService.js?t=wechat&s=1700000000:2 qy.login:fail",
        "qy.login:fail\n    at Function.success (WAService.js:2:345)\n    at https://x.cn/a.js:1:2",
        "qy.login:fail, hint: [1586_abc.X]",
        "qy.login:fail rid: 64d1-5f-3e",
        'qy.login:fail, "req_id": "AbC123"',
        "qy.login:fail, from ip: 10.1.2.3",
        "qy.login:fail\r",
    ],
)
def test_one_error_in_many_wrappings_is_one(text: str) -> None:
    assert normalise(text).text.removesuffix(",") == "qy.login:fail"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("request:fail timeout 5000ms", "request:fail timeout 30 ms"),
        ("upload 3 of 10", "upload 12 of 900"),
        ("page 123456789 gone", "page 987654321 gone"),
        ("共 3 条", "共 15 条"),
        ("SDK 2.19.4 too old", "SDK 3.0.1 too old"),
        ("pid 12345 died", "pid 99 died"),
        ("user 5f3e9a77c2d41b06 unknown", "user 00aa17bb2299cc33 unknown"),
        ("session 0xdeadbeef lost", "session 0x1 lost"),
        (
            "no 123e4567-e89b-12d3-a456-426614174000 here",
            "no 00000000-aaaa-4444-8888-123456789abc here",
        ),
        ("openid oGZUI0egBJY1zhBYw2KhdUfwVJJE bad", "openid o6_bmjrPTlm6_2sgVt7hMZOPfL2M bad"),
        ("GET https://a.cn/x?token=1&t=2 failed", "GET https://a.cn/x?token=abc failed"),
        ("connect 10.0.0.1:443 refused", "connect 192.168.1.20:80 refused"),
        ("打开失败，内部错误", "打开失败 内部错误"),
        ("fail 内部错误", "fail内部错误"),
    ],
)
def test_what_varies_makes_no_difference(one: str, other: str) -> None:
    assert normalise(one).key == normalise(other).key


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('{"errCode":-1}', ("-1",)),
        ("errcode: 40029", ("40029",)),
        ("err_code=12", ("12",)),
        ("errno 600001", ("600001",)),
        ("错误码：301002", ("301002",)),
        ("login:fail 40029", ("40029",)),
        ("60011 no privilege", ("60011",)),
        ("request:fail statusCode 502", ("502",)),
        (
            "invalid credential, more info at https://open.work.weixin.qq.com/devtool/query?e=40001",
            ("40001",),
        ),
        ("errcode 40001 … devtool/query?e=40001", ("40001",)),
        ("errcode: 40029, errno: 5", ("40029", "5")),
        ("timeout 5000ms at line 12345", ()),
        ("/orders/123456", ()),
        ("no code at all", ()),
    ],
)
def test_error_codes_stay(text: str, codes: tuple[str, ...]) -> None:
    found = normalise(text)
    assert found.codes == codes
    assert all(code in found.text for code in codes)


def test_an_error_code_has_one_name_however_it_is_given() -> None:
    texts = ("errCode: 40029", "err_code 40029", "错误码 40029", "…/devtool/query?e=40029")
    assert {normalise(text).key for text in texts} == {"errcode 40029"}


def test_different_codes_are_different_errors() -> None:
    assert normalise("login:fail 40029").key != normalise("login:fail 40001").key


def test_what_was_taken_out_is_there_to_be_shown() -> None:
    text = (
        '[2026-11-20 10:00:00.123] MiniProgramError {"errMsg":"x:fail, hint: [15_a]"} 12 s'
        " rid: 5f-3e from ip: 1.2.3.4 0xff\n  at f (a.js:1:2)"
    )
    assert normalise(text).stripped == (
        StrippedToken(TokenKind.TIME, "2026-11-20 10:00:00.123"),
        StrippedToken(TokenKind.WRAPPING, "MiniProgramError"),
        StrippedToken(TokenKind.WRAPPING, "errMsg"),
        StrippedToken(TokenKind.HINT, "hint: [15_a]"),
        StrippedToken(TokenKind.NUMBER, "12"),
        StrippedToken(TokenKind.REQUEST, "rid: 5f-3e"),
        StrippedToken(TokenKind.ADDRESS, "from ip: 1.2.3.4"),
        StrippedToken(TokenKind.HEX, "0xff"),
        StrippedToken(TokenKind.FRAME, "at f (a.js:1:2)"),
    )


def test_what_was_taken_out_is_shown_as_it_was_written() -> None:
    assert out("\x1b[2mＴ 2026－11－20 １０:00:00\x1b[0m x", TokenKind.TIME) == [
        "2026－11－20 １０:00:00"
    ]
    assert out(r"\"err\u004dsg\": 1", TokenKind.WRAPPING) == [r"err\u004dsg"]


def test_names_are_not_taken_for_what_varies() -> None:
    text = "pages/order123/index face2face format (5 of 6) uncaughtException errMsgs at noon"
    assert normalise(text).text == (
        "pages/order123/index face2face format # of # uncaughtexception errmsgs at noon"
    )


def test_words_know_where_they_stood() -> None:
    text = r'{"errMsg":"\u6253\u5f00失败 QY.Login"}'
    words = normalise(text).words
    assert [text[word.start : word.end] for word in words] == [
        r"\u6253\u5f00失败",
        "QY",
        "Login",
    ]


@pytest.mark.parametrize("text", ["", " ", "\ud800", "\x00\x1b[", "errMsg", '{"errMsg":""}', "🙈"])
def test_there_may_be_nothing_left(text: str) -> None:
    assert normalise(text).text == ""


@pytest.mark.parametrize(
    "text",
    [
        "at " * 20_000,
        "a" * 100_000,
        "1:" * 50_000,
        "at a (" * 20_000,
        "hint: [" * 20_000,
        "/a.b" * 20_000,
        "\\" * 100_000,
        "0a" * 50_000,
        "wx." * 30_000,
        '"' * 100_000,
    ],
)
def test_no_text_makes_it_slow(text: str) -> None:
    # A repeat that is tried from each of its own places would take minutes.
    assert isinstance(normalise(text), NormalisedText)
