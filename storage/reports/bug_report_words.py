"""The words of a bug report, in the two languages of the vendor's community."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from storage.model.vocabulary import Channel, Host, Kind, Platform, StatementSort
from storage.reports.words import is_chinese, word


class Say(StrEnum):
    """What a report says in words of its own."""

    FRAMEWORK = "Framework"
    PROBLEM = "Problem type"
    API = "API"
    PLATFORM = "Platform"
    CLIENT = "Client version"
    LIBRARY = "Base library"
    DEVICE = "Device"
    BEHAVIOUR = "Behaviour"
    EXPECTED = "Expected"
    STEPS = "Steps to reproduce"
    ENVIRONMENTS = "Environments"
    ERRORS = "Error messages"
    LINKS = "Links"
    SYSTEM = "System"
    CHANNEL = "Channel"
    PERMISSION = "Permission"
    TOOLS = "Devtools"
    REPRODUCED = "Reproduced"
    NOT_REPRODUCED = "Not reproduced"
    MINI_PROGRAM = "Mini-program"
    TO_FILL_IN = "(to be filled in)"
    COUNTED = "{n}×, last on {day}"
    MORE = "… and {n} more environments"
    OFFICIAL = "the vendor"
    SOMEBODY = "somebody"
    IN_VERSION = "{sort} in {version}"
    COLON = ": "
    COMMA = ", "


_ZH: Final = {
    Say.FRAMEWORK: "框架类型",
    Say.PROBLEM: "问题类型",
    Say.API: "API",
    Say.PLATFORM: "终端类型",
    Say.CLIENT: "微信版本",
    Say.LIBRARY: "基础库版本",
    Say.DEVICE: "机型",
    Say.BEHAVIOUR: "当前表现",
    Say.EXPECTED: "预期表现",
    Say.STEPS: "复现步骤",
    Say.ENVIRONMENTS: "复现环境",
    Say.ERRORS: "报错信息",
    Say.LINKS: "相关链接",
    Say.SYSTEM: "系统",
    Say.CHANNEL: "渠道",
    Say.PERMISSION: "权限",
    Say.TOOLS: "开发者工具",
    Say.REPRODUCED: "复现",
    Say.NOT_REPRODUCED: "未复现",
    Say.MINI_PROGRAM: "小程序",
    Say.TO_FILL_IN: "（待补充）",
    Say.COUNTED: "{n} 次，最近 {day}",
    Say.MORE: "…… 另有 {n} 种环境",
    Say.OFFICIAL: "官方",
    Say.SOMEBODY: "有人",
    Say.IN_VERSION: "{sort}，版本 {version}",
    Say.COLON: "：",
    Say.COMMA: "、",
}

#: As the community's form calls them.
_KINDS: Final = {
    Kind.BUG: ("Bug", "Bug"),
    Kind.DOCS: ("Documentation", "文档"),
    Kind.LIMIT: ("Undocumented limit", "限制"),
    Kind.QUIRK: ("Unexpected behaviour", "行为异常"),
    Kind.TOOLING: ("Devtools", "开发者工具"),
}


class Wording:
    """A report's words in one language (a locale name such as ``zh_CN``)."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._chinese = is_chinese(language)

    def __call__(self, say: Say, **values: object) -> str:
        """Words of the report's own."""
        words = _ZH[say] if self._chinese else say.value
        return words.format(**values) if values else words

    def word(self, value: Host | Platform | Channel | Kind | StatementSort) -> str:
        """A word of the vocabulary."""
        if isinstance(value, Kind):
            return _KINDS[value][self._chinese]
        return word(value, self.language)
