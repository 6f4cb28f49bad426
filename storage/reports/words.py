"""Words of the vocabulary in the two languages that reports are written in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from storage.model.vocabulary import Channel, Host, NoteSort, Platform, StatementSort, Status

_DEVTOOLS: Final = ("devtools", "开发者工具")
#: By sort of word, since one word means different things in different sorts.
_WORDS: Final[Mapping[type[StrEnum], Mapping[StrEnum, tuple[str, str]]]] = {
    Status: {
        Status.OPEN: ("open", "未解决"),
        Status.WORKAROUND: ("workaround", "有规避方案"),
        Status.FIXED_UPSTREAM: ("fixed upstream", "官方已修复"),
    },
    Host: {
        Host.WECOM: ("WeCom", "企业微信"),
        Host.WECHAT: ("WeChat", "微信"),
    },
    Platform: {
        Platform.ANDROID: ("Android", "Android"),
        Platform.IOS: ("iOS", "iOS"),
        Platform.WINDOWS: ("Windows", "Windows"),
        Platform.MACOS: ("macOS", "macOS"),
        Platform.HARMONY: ("HarmonyOS", "HarmonyOS"),
        Platform.DEVTOOLS: _DEVTOOLS,
    },
    Channel: {
        Channel.DEVTOOLS: _DEVTOOLS,
        Channel.PREVIEW: ("preview", "预览"),
        Channel.TRIAL_INVITED: ("trial by invitation", "邀请体验版"),
        Channel.TRIAL_QR: ("trial by QR code", "扫码体验版"),
        Channel.RELEASE: ("release", "正式版"),
    },
    StatementSort: {
        StatementSort.ACKNOWLEDGED: ("acknowledged", "已确认"),
        StatementSort.WILL_FIX: ("will be fixed", "将修复"),
        StatementSort.FIXED: ("fixed", "已修复"),
        StatementSort.BY_DESIGN: ("by design", "设计如此"),
        StatementSort.DOCUMENT_CHANGED: ("document changed", "文档已更新"),
    },
    NoteSort: {
        NoteSort.NOTE: ("note", "记录"),
        NoteSort.DECISION: ("decision", "决定"),
        NoteSort.FOLLOW_UP: ("follow-up", "待办"),
    },
}


def is_chinese(language: str) -> bool:
    """Whether a locale name such as ``zh_CN`` asks for Chinese."""
    return language.startswith("zh")


def word(value: StrEnum, language: str) -> str:
    """A word of the vocabulary in the language of a report."""
    return _WORDS[type(value)][value][is_chinese(language)]
