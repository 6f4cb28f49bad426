"""Stock words alone are no signature."""

from __future__ import annotations

import pytest

from storage.match import too_general


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
    assert too_general(text)


@pytest.mark.parametrize(
    "text",
    [
        *("getLocation:fail timeout", "wx.login: permission denied", "uni.request:fail timeout"),
        *("permission denied, errcode 40029", '"errcode":40029', "errCode: -1 network error"),
        *("openDoc:fail only by tap", "cannot read property 'focus' of undefined"),
        *("取 Token 失败 (91402): NOTEXIST", "Undefined symbol: _OBJC_CLASS_$_XXView"),
        *("打不开，系统繁忙", "没有小程序后台体验权限", "Page is gone", "React error #418"),
        "TypeError: Cannot read property 'memberList' of undefined",
    ],
)
def test_an_api_a_code_or_a_telling_word_is_enough(text: str) -> None:
    assert not too_general(text)
