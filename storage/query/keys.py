"""The keys of the query language and their fixed values, as they are spelled in two languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum, StrEnum, auto
from functools import cache
from typing import Final

from storage.errors import N_
from storage.model.vocabulary import (
    Channel,
    FixState,
    Host,
    Kind,
    Outcome,
    Platform,
    Severity,
    Status,
    Triage,
    Upstream,
    Verdict,
)
from storage.query.tree import SortKey


class Has(StrEnum):
    """What a pitfall can have or lack."""

    WORKAROUND = "workaround"
    REPRODUCTION = "reproduction"
    REFERENCE = "reference"
    SIGNATURE = "signature"
    FIX = "fix"
    COMMENT = "comment"
    OCCURRENCE = "occurrence"
    ATTACHMENT = "attachment"
    TAG = "tag"
    REGRESSION = "regression"
    CONTEST = "contest"


class Answer(StrEnum):
    """What a question of yes or no takes."""

    YES = "yes"
    NO = "no"


class Reads(Enum):
    """How the value of a key is read."""

    WORD = auto()
    """One of a few fixed words."""
    TEXT = auto()
    """A name as the board has it; ``*`` stands for anything."""
    PREFIX = auto()
    """The beginning of an id."""
    TIME = auto()
    NUMBER = auto()
    VERSION = auto()


class Spelled:
    """What can be spelled in several ways, the record's own way first."""

    spellings: tuple[str, ...]

    @property
    def en(self) -> str:
        """The spelling to offer in English: one that needs no quotes."""
        return next(one for one in self.spellings if one.isascii() and " " not in one)

    @property
    def zh(self) -> str:
        """The spelling to offer in Chinese; the English one where everybody writes that."""
        return next((one for one in self.spellings if not one.isascii()), self.en)


class Word(Spelled):
    """One fixed value of a key; ``value`` is how the record spells it, ``member`` what it means."""

    def __init__(self, member: StrEnum, more: str) -> None:
        self.member = member
        self.value = str(member)
        self.spellings = (self.value, *more.split())


class Key(Spelled):
    """One key; ``name`` is the field that it filters, ``words`` are its fixed values.

    ``help`` is shown beside the key where it is offered, in the reader's language.
    """

    def __init__(
        self,
        name: str,
        more: str,
        reads: Reads,
        words: Mapping[StrEnum, str] | None = None,
        *,
        help: str,
    ) -> None:
        self.name = name
        self.help = help
        self.spellings = (name, *more.split())
        self.reads = reads
        self.words = tuple(Word(value, spelled) for value, spelled in (words or {}).items())


_STATUSES: Final[Mapping[StrEnum, str]] = {
    Status.OPEN: "未解决",
    Status.WORKAROUND: "有规避方案 规避",
    Status.FIXED_UPSTREAM: "fixed 官方已修复 已修复 fixed-upstream",
}
_PLATFORMS: Final[Mapping[StrEnum, str]] = {
    Platform.ANDROID: "安卓",
    Platform.IOS: "苹果",
    Platform.WINDOWS: "",
    Platform.MACOS: "mac",
    Platform.HARMONY: "鸿蒙 harmonyos",
    Platform.DEVTOOLS: "开发者工具",
}
_CHANNELS: Final[Mapping[StrEnum, str]] = {
    Channel.DEVTOOLS: "开发者工具",
    Channel.PREVIEW: "预览",
    Channel.TRIAL_INVITED: "邀请体验版",
    Channel.TRIAL_QR: "扫码体验版",
    Channel.RELEASE: "正式版",
}
_KINDS: Final[Mapping[StrEnum, str]] = {
    Kind.BUG: "缺陷",
    Kind.DOCS: "文档",
    Kind.LIMIT: "限制",
    Kind.QUIRK: "怪异行为",
    Kind.TOOLING: "工具",
}
_PARTS: Final[Mapping[StrEnum, str]] = {
    Has.WORKAROUND: "规避方案",
    Has.REPRODUCTION: "复现步骤",
    Has.REFERENCE: "参考 references",
    Has.SIGNATURE: "特征 signatures",
    Has.FIX: "官方修复 fixes",
    Has.COMMENT: "评论 comments",
    Has.OCCURRENCE: "出现记录 occurrences",
    Has.ATTACHMENT: "附件 attachments",
    Has.TAG: "标签 tags",
    Has.REGRESSION: "回归",
    Has.CONTEST: "分歧 contested",
}
_VERDICTS: Final[Mapping[StrEnum, str]] = {
    Verdict.REGRESSION: "回归",
    Verdict.STALE: "旧版本 stale-client",
    Verdict.ROLLING_OUT: "灰度中",
    Verdict.NEEDS_VERSION: "缺版本",
    Verdict.CONFIRMS: "已确认",
}
_FIX_STATES: Final[Mapping[StrEnum, str]] = {
    FixState.CLAIMED: "待验证",
    FixState.VERIFIED: "已验证",
    FixState.DISPUTED: "有争议",
}
_UPSTREAM: Final[Mapping[StrEnum, str]] = {
    Upstream.UNREPORTED: "未反馈",
    Upstream.REPORTED: "已反馈",
    Upstream.ACKNOWLEDGED: "已确认",
    Upstream.CLAIMED_FIXED: "称已修复 claimed",
    Upstream.DECLINED: "已拒绝",
}
_TRIAGES: Final[Mapping[StrEnum, str]] = {
    Triage.SETTLED: "已接受 accepted",
    Triage.INBOX: "待分诊",
    Triage.SNOOZED: "已暂缓 暂缓",
    Triage.DECLINED: "已驳回 驳回",
    Triage.DUPLICATE: "重复",
}
_ORDERS: Final[Mapping[StrEnum, str]] = {
    SortKey.SEEN: "最近出现 last-seen last_seen",
    SortKey.FIRST: "首次出现 first-seen first_seen",
    SortKey.COUNT: "次数",
    SortKey.STATUS: "状态",
    SortKey.SEVERITY: "严重程度",
    SortKey.COMPONENT: "组件",
    SortKey.TITLE: "标题",
    SortKey.UPDATED: "更新 changed",
    SortKey.REPORTED: "新增 created",
    SortKey.WAITING: "等待",
    SortKey.RELEVANCE: "相关度",
    SortKey.CLAIMED: "待验证",
    SortKey.VERIFIED: "规避方案 验证",
}

#: In the order in which completion offers them.
KEYS: Final = (
    Key("status", "状态", Reads.WORD, _STATUSES, help=N_("how it stands")),
    Key(
        "severity",
        "严重程度 sev 级别",
        Reads.WORD,
        dict.fromkeys(Severity, ""),
        help=N_("how much it hurts; <=S2 is S1 and S2"),
    ),
    Key(
        "component", "组件 comp 接口", Reads.TEXT, help=N_("the vendor's API or surface; * for any")
    ),
    Key("tag", "标签 tags", Reads.TEXT, help=N_("its tags; * for any")),
    Key("platform", "平台", Reads.WORD, _PLATFORMS, help=N_("the system it was seen on")),
    Key("channel", "渠道", Reads.WORD, _CHANNELS, help=N_("the channel it was seen in")),
    Key(
        "host",
        "宿主应用 宿主",
        Reads.WORD,
        {Host.WECOM: "企业微信", Host.WECHAT: "微信"},
        help=N_("the app it was seen in"),
    ),
    Key(
        "outcome",
        "复现结果 结果",
        Reads.WORD,
        {Outcome.REPRODUCED: "已复现 复现", Outcome.NOT_REPRODUCED: "未复现"},
        help=N_("whether it was reproduced"),
    ),
    Key("kind", "类型", Reads.WORD, _KINDS, help=N_("what sort of pit it is")),
    Key("has", "有 含", Reads.WORD, _PARTS, help=N_("what belongs to it")),
    Key("fix", "官方修复 修复", Reads.WORD, _FIX_STATES, help=N_("state of its fixes")),
    Key("verdict", "判定", Reads.WORD, _VERDICTS, help=N_("what an occurrence says of a fix")),
    Key("upstream", "上游 官方", Reads.WORD, _UPSTREAM, help=N_("where it stands with the vendor")),
    Key(
        "seen",
        "最近出现 出现 last-seen last_seen",
        Reads.TIME,
        help=N_("when it was last seen: <2w, 2026-10-01"),
    ),
    Key(
        "first",
        "首次出现 first-seen first_seen",
        Reads.TIME,
        help=N_("when it was first seen: >8w, 2026-10"),
    ),
    Key("updated", "更新 修改 changed", Reads.TIME, help=N_("when it was last changed")),
    Key("reported", "新增 报告 created", Reads.TIME, help=N_("when it was reported")),
    Key("count", "次数", Reads.NUMBER, help=N_("how many occurrences: >=5")),
    Key(
        "lib",
        "基础库 library base_library",
        Reads.VERSION,
        help=N_("base libraries it was seen in: <2.14.1"),
    ),
    Key(
        "client",
        "应用版本 客户端 client_version",
        Reads.VERSION,
        help=N_("app versions it was seen in: >=4.1.8"),
    ),
    Key("by", "报告人 who", Reads.TEXT, help=N_("who reported it")),
    Key(
        "inbox",
        "待分诊",
        Reads.WORD,
        {Answer.YES: "是 y true", Answer.NO: "否 n false"},
        help=N_("whether it waits for a decision"),
    ),
    Key("triage", "分诊", Reads.WORD, _TRIAGES, help=N_("what was decided about it")),
    Key("id", "编号", Reads.PREFIX, help=N_("how its id begins")),
    Key(
        "workaround",
        "规避方案 workaround-age",
        Reads.TIME,
        help=N_("when its workaround was last verified: >8w"),
    ),
    Key(
        "claimed", "待验证", Reads.TIME, help=N_("when its oldest unverified fix was recorded: >4w")
    ),
    Key("sort", "排序", Reads.WORD, _ORDERS, help=N_("the order; - is downwards, + upwards")),
)


@cache
def keys_by_spelling() -> Mapping[str, Key]:
    """Every way to spell a key, in lower case."""
    return {spelling: key for key in KEYS for spelling in key.spellings}


def key_of(spelling: str) -> Key | None:
    """The key that a person means; None if it is none."""
    return keys_by_spelling().get(spelling.casefold())


def word_of(key: Key, spelling: str) -> str | None:
    """The value that a person means, as the record spells it; None if the key has none such."""
    spelled = spelling.casefold()
    for word in key.words:
        if any(spelled == one.casefold() for one in word.spellings):
            return word.value
    return None


def spelled(field: str, value: str, language: str) -> str:
    """A filter on a field by a value that needs no quotes, as a reader of ``language`` writes it.

    Args:
        field: the name of a key.
        value: as the record spells it, if it is one of the key's fixed values.
        language: of the reader.
    """
    key, chinese = keys_by_spelling()[field], language.startswith("zh")
    for word in key.words:
        if word.value == value:
            value = word.zh if chinese else word.en
    return f"{key.zh if chinese else key.en}:{value}"


def words_spelled(key: Key) -> Iterable[str]:
    """Every way to spell a value of a key, what is offered first before the rest."""
    yield from (word.en for word in key.words)
    yield from (one for word in key.words for one in word.spellings if one != word.en)
