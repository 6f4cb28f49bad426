"""A signature tells one error from others; what any log may say is none."""

from __future__ import annotations

import pytest

from seeds.reading import entries
from seeds.sealing import sealed
from storage.db.reader import Reader
from storage.errors import Refused
from storage.events import SignatureAdded
from storage.imports.notes.error_texts import error_texts
from storage.match.generality import (
    Vagueness,
    board_hits,
    check_signature,
    everyday_hits,
    recent_hits,
    sifted,
    vagueness,
)
from storage.model.records import Signature
from storage.model.vocabulary import SignatureForm
from storage.write.store import Store
from tests.records import MONDAY

pytestmark = pytest.mark.usefixtures("engine")

STOCK = (
    "Permission denied",
    "Network error",
    "Access denied",
    "User not found",
    "Invalid signature",
    "timeout",
    "Request timeout (5000ms)",
    "Too many redirects",
    '{"error":"User not found","status":404}',
    "TypeError: Cannot read property of undefined",
    "HTTP 500 Internal Server Error",
    "connect ECONNREFUSED",
    "网络错误",
    "请求失败，请稍后再试",
    "用户不存在",
    "签名错误",
    "权限不足",
)
SPECIFIC = (
    "openDoc:fail only by tap",
    "saveImageToPhotosAlbum:fail system permission denied",
    "request:fail url not in domain list",
    "uni.login:fail",
    "dd.getAuthCode fail",
    "errCode: 80201",
    "Permission denied 301002",
    "取 Token 失败 (91402): NOTEXIST",
    "cannot read property 'focus' of undefined",
    "Undefined symbol: _OBJC_CLASS_$_XXView",
    "打开失败 内部错误",
    "该企业未安装此应用",
    "没有小程序后台体验权限",
    "redirect_uri 参数错误",
)
LABELS = ("APP-12", "wx1234567890abcdef", "问题3.2", "Bug #3", "8.0.40", "a@example.com", "case 4a")


@pytest.mark.parametrize("text", STOCK)
def test_stock_words_alone_are_no_signature(text: str) -> None:
    with pytest.raises(Refused, match="no signature") as refused:
        check_signature(text, SignatureForm.LITERAL)
    assert refused.value.field == "signature"
    assert sifted([text]).kept == ()


@pytest.mark.parametrize("text", SPECIFIC)
def test_beside_an_api_a_code_or_a_word_of_its_own_they_are(text: str) -> None:
    check_signature(text, SignatureForm.LITERAL)
    assert sifted([text]) == ((text,), ())


@pytest.mark.parametrize("text", LABELS)
def test_ids_and_labels_are_no_signatures(text: str) -> None:
    assert vagueness(text) is Vagueness.LABEL


@pytest.mark.parametrize("text", ["wx.login", "chooseMedia", "qy__login"])
def test_a_bare_name_is_in_every_line_about_the_api(text: str) -> None:
    assert vagueness(text) is Vagueness.NAME
    assert vagueness(f"{text} failed") is None


@pytest.mark.parametrize(
    ("text", "form", "why"),
    [
        ("permission * denied", SignatureForm.GLOB, Vagueness.STOCK),
        (r"permission\s+denied", SignatureForm.PATTERN, Vagueness.STOCK),
        ("网络.{0,4}错误", SignatureForm.PATTERN, Vagueness.STOCK),
        ("openDoc:* denied", SignatureForm.GLOB, None),
        (r"qy\.login:fail", SignatureForm.PATTERN, None),
        (r"\b4\d{4}\b", SignatureForm.PATTERN, None),
    ],
)
def test_globs_and_patterns_are_judged_by_their_words(
    text: str, form: SignatureForm, why: Vagueness | None
) -> None:
    assert vagueness(text, form) is why


def test_what_nobody_typed_needs_a_word_of_an_error() -> None:
    kept, refused = sifted(
        [
            "白图",
            "方案A",
            "scanCode:fail",
            "runtime error: invalid memory address or nil pointer dereference",
            "白图",
        ]
    )
    assert kept == ("scanCode:fail",)
    assert [(one.text, one.why) for one in refused] == [
        ("白图", Vagueness.LABEL),
        ("方案A", Vagueness.LABEL),
        ("runtime error: invalid memory address or nil pointer dereference", Vagueness.EVERYDAY),
    ]


def test_what_everyday_logs_hold_is_shown_by_its_lines() -> None:
    assert list(everyday_hits("Too many redirects")) == [
        "requests.exceptions.TooManyRedirects: Exceeded 30 redirects. Too many redirects"
    ]
    assert "Error: socket hang up" in everyday_hits("hang *", SignatureForm.GLOB)
    assert "Error: socket hang up" in everyday_hits(r"hang\s?up", SignatureForm.PATTERN)
    assert not list(everyday_hits("openDoc:fail only by tap"))


def test_the_catalogue_holds_nothing_too_general() -> None:
    bodies = [event.body for event in sealed(entries())]
    texts = [one.text for one in bodies if isinstance(one, SignatureAdded)]
    assert texts
    assert sifted(texts).refused == ()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Permission denied",
            "permission DENIED.",
            "Network error",
            "Network Error",
            "NetworkError",
        ),
        *("Access denied", "Access denied for user", "User not found", "Invalid signature"),
        *("Too many redirects", "Error: 500 Internal Server Error", "TypeError: Failed to fetch"),
        *(
            "Request failed with status code 404",
            "EACCES: permission denied",
            "connect ECONNREFUSED",
        ),
        *(
            "网络错误",
            "请求失败，请稍后重试",
            "系统繁忙",
            "无权限",
            "参数错误",
            "undefined",
            "timeout",
        ),
        *("net::ERR_CONNECTION_RESET", "axios: Error: Network Error", "Unexpected token <", "123"),
    ],
)
def test_stock_words_of_any_log_are_too_general(text: str) -> None:
    assert not sifted([text]).kept


@pytest.mark.parametrize(
    "text",
    [
        *("getLocation:fail timeout", "wx.login: permission denied", "uni.request:fail timeout"),
        *("permission denied, errcode 40029", '"errcode":40029', "errCode: -2 network error"),
        *("openDoc:fail only by tap", "cannot read property 'focus' of undefined"),
        *("取 Token 失败 (91402): NOTEXIST", "Undefined symbol: _OBJC_CLASS_$_XXView"),
        *("打不开，系统繁忙", "没有小程序后台体验权限", "Page is gone", "React error #418"),
        "TypeError: Cannot read property 'memberList' of undefined",
    ],
)
def test_an_api_a_code_or_a_telling_word_is_enough(text: str) -> None:
    assert sifted([text]).kept


@pytest.mark.parametrize(
    "text",
    """
    404 Not Found | 502 Bad Gateway | 500 Internal Server Error | 403 Forbidden | Unauthorized
    request:fail | invoke:fail | config:fail | login:fail | getSystemInfo:ok | -1 | 80001
    null | undefined | NaN | Error: undefined | [object Object] | errcode: -1 | errCode: 0 | ok
    {"errcode":-1,"errmsg":"system error"} | errMsg: "request:fail" | code=500 | Unknown error
    系统错误 | 系统繁忙 | 系统繁忙，请稍后再试 | 网络异常 | 网络异常，请检查网络 | 未知错误
    操作失败 | 加载失败 | 白屏 | 闪退
    当前网络不可用，请检查网络设置 | 服务器开小差了，请稍后重试 | 网络不给力 | 请重新登录
    登录已过期 | 支付失败 | 报错 | 渲染层错误
    参数错误 | 无权限 | 没有权限 | 接口异常 | 数据异常 | 请求超时 | 用户取消
    Uncaught (in promise) | Script error. | onError: Script error | this.setData is not a function
    Cannot read property 'setData' of undefined | Cannot read property 'length' of undefined
    thirdScriptError sdk uncaught third Error | appservice error | SSL handshake failed | CORS error
    socket hang up | certificate has expired | ECONNRESET | Failed to fetch | Load failed
    fail cancel
    AxiosError: Network Error | Error: timeout | token expired | invalid token | wx is not defined
    at Object.<anonymous> | npm ERR! | Module not found | Page not found | out of memory
    """.replace("\n", " | ").split(" | "),
)
def test_what_logs_of_anything_say_becomes_no_signature_by_itself(text: str) -> None:
    assert not text.strip() or not sifted([text.strip()]).kept


# On a board, and of late


def test_hits_are_counted_by_occurrence_and_by_signature() -> None:
    hour, now = 3_600_000, MONDAY
    messages = [
        (now - hour, "scanCode:fail busy\nscanCode:fail busy again"),
        (now - 2 * 24 * hour, "invoke result: scanCode:fail busy"),
        (now - 20 * 24 * hour, "scanCode:fail no camera"),
        (now - 40 * 24 * hour, "scanCode:fail busy"),
        (now - hour, "something else"),
    ]

    def signature(name: str, text: str) -> Signature:
        return Signature(name, text, SignatureForm.LITERAL, None, None, "")

    busy, fail = signature("1", "scanCode:fail busy"), signature("2", "scanCode:fail")
    every, each = recent_hits(messages, [busy, fail], now)
    assert every == (1, 2, 3)
    assert each == {"1": (1, 2, 2), "2": (1, 2, 3)}


def test_the_messages_of_a_board_that_a_signature_matches(store: Store) -> None:
    pitfall = store.pitfalls.report("It fails")
    store.occurrences.log(pitfall, message="first line\nscanCode:fail busy")
    store.occurrences.log(pitfall, message="another")
    with Reader.open(store.path) as reader:
        assert board_hits(reader, "scanCode:fail", SignatureForm.LITERAL) == [
            (pitfall, "scanCode:fail busy")
        ]
        assert board_hits(reader, r"^another$", SignatureForm.PATTERN) == [(pitfall, "another")]
        assert board_hits(reader, "nothing:fail", SignatureForm.LITERAL) == []


@pytest.mark.parametrize(
    "text",
    [
        *("request:fail", "request:fail timeout", "request:fail abort", "request:fail -1"),
        *("wx.request:fail timeout", "uploadFile:fail timeout", "downloadFile:fail"),
        *("connectSocket:fail", "request:fail -2:net::ERR_FAILED"),
    ],
)
def test_what_any_request_says_that_failed_is_no_signature_unless_typed(text: str) -> None:
    assert sifted([text]).kept == ()
    assert list(everyday_hits(text)), "whoever types it is told what it hits"
    check_signature(text, SignatureForm.LITERAL)


@pytest.mark.parametrize(
    "text", ["qy.login:ok code=", '{"errMsg":"request:ok"}', "wx.getLocation:ok", "chooseImage: ok"]
)
def test_what_a_call_says_that_succeeded_is_never_a_signature(text: str) -> None:
    assert sifted([text]).kept == ()
    assert error_texts(f"报错：\n\n```\n{text}\n```\n") == ()
    with pytest.raises(Refused):
        check_signature(text, SignatureForm.LITERAL)


@pytest.mark.parametrize(
    "text", ["qy.login:ok, then qy.getUserInfo:fail no auth", "qy.login:ok errCode: 80201"]
)
def test_what_went_wrong_behind_a_success_is_one(text: str) -> None:
    check_signature(text, SignatureForm.LITERAL)
