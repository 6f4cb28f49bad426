"""The keys of the query language and their fixed values, as they are spelled in two languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum, auto
from functools import cache
from typing import Final

from storage.errors import N_, NP_, Spelled
from storage.model.environment import FIELDS, PLAN_FIELDS
from storage.model.fields import Field, Word, spelling_in_chinese, spelling_in_english
from storage.model.vocabulary import (
    FixState,
    Kind,
    Outcome,
    Severity,
    Status,
    Triage,
    Upstream,
    Verdict,
)
from storage.query.tree import SortKey


class Has(Word):
    """What a pitfall can have or lack."""

    WORKAROUND = "workaround", NP_("Has", "a workaround"), "规避方案"
    REPRODUCTION = "reproduction", NP_("Has", "reproduction notes"), "复现步骤"
    REFERENCE = "reference", NP_("Has", "a reference"), "参考 references"
    SIGNATURE = "signature", NP_("Has", "a signature"), "特征 signatures"
    FIX = "fix", NP_("Has", "a recorded fix"), "官方修复 fixes"
    COMMENT = "comment", NP_("Has", "a comment"), "评论 comments"
    OCCURRENCE = "occurrence", NP_("Has", "an occurrence"), "出现记录 occurrences"
    ATTACHMENT = "attachment", NP_("Has", "an attachment"), "附件 attachments"
    TAG = "tag", NP_("Has", "a tag"), "标签 tags"
    REGRESSION = "regression", NP_("Has", "a regression"), "回归"
    CONFLICT = "conflict", NP_("Has", "a conflict"), "分歧 conflicts"
    ASSIGNEE = "assignee", NP_("Has", "an assignee"), "负责人 owner"
    DUE = "due", NP_("Has", "a due date"), "截止日期 截止 deadline"
    TICKET = "ticket", NP_("Has", "a vendor ticket"), "官方工单 工单 tickets"


class Answer(Word):
    """What a question of yes or no takes."""

    YES = "yes", NP_("Answer", "yes"), "是 y true"
    NO = "no", NP_("Answer", "no"), "否 n false"


class Reads(Enum):
    """How the value of a key is read."""

    WORD = auto()
    """One of a few fixed words."""
    TEXT = auto()
    """A name as the board has it; ``*`` stands for anything."""
    PREFIX = auto()
    """The beginning of an id."""
    TIME = auto()
    DAY = auto()
    """A day that may lie ahead: an age is counted from today on."""
    NUMBER = auto()
    VERSION = auto()


class Key:
    """One key of the query language.

    Args:
        spellings: blanks between; the first one is its name, by which the rest asks for it.
        reads: how its value is read.
        words: its fixed values, if it has such.
        help: shown beside the key where it is offered, in the reader's language.
    """

    def __init__(
        self,
        spellings: str,
        reads: Reads,
        words: type[Word] | None = None,
        *,
        help: str,
    ) -> None:
        self.spellings = tuple(spellings.split())
        self.name = self.spellings[0]
        self.help = help
        self.reads = reads
        self.words: tuple[Word, ...] = tuple(words or ())

    @property
    def spelled(self) -> Spelled:
        """Its name for a message."""
        return Spelled(self.name, self.en, self.zh)

    @property
    def en(self) -> str:
        """The spelling to offer in English."""
        return spelling_in_english(self.spellings)

    @property
    def zh(self) -> str:
        """The spelling to offer in Chinese."""
        return spelling_in_chinese(self.spellings)


def _of_environment(reads: Reads, *first: str) -> list[Key]:
    """The keys of an environment's fields that are read so, those named before the others."""
    fields = sorted(
        (field for field in FIELDS if field.query and _reads(field) is reads),
        key=lambda field: (*first, field.name).index(field.name),
    )
    return [Key(field.query, reads, field.words, help=field.query_help) for field in fields]


def _of_plan(name: str) -> Key:
    """The key of a field of the plan."""
    [field] = (one for one in PLAN_FIELDS if one.name == name)
    return Key(field.query, _reads(field), help=field.query_help)


def _reads(field: Field) -> Reads:
    if field.words is not None:
        return Reads.WORD
    if field.is_day:
        return Reads.DAY
    return Reads.VERSION if field.is_version else Reads.TEXT


#: In the order in which completion offers them.
KEYS: Final = (
    Key("status 状态", Reads.WORD, Status, help=N_("status")),
    Key(
        "severity 严重程度 sev 级别",
        Reads.WORD,
        Severity,
        help=N_("how much it hurts; <=S2 is S1 and S2"),
    ),
    Key("component 组件 comp 接口", Reads.TEXT, help=N_("the vendor's API or surface; * for any")),
    Key("tag 标签 tags", Reads.TEXT, help=N_("its tags; * for any")),
    *_of_environment(Reads.WORD, "platform", "channel"),
    Key(
        "outcome 复现结果 结果",
        Reads.WORD,
        Outcome,
        help=N_("whether it was reproduced"),
    ),
    Key("kind 类型", Reads.WORD, Kind, help=N_("kind of pitfall")),
    Key("has 有 含", Reads.WORD, Has, help=N_("what belongs to it")),
    Key("fix 官方修复 修复", Reads.WORD, FixState, help=N_("state of its fixes")),
    Key("verdict 判定", Reads.WORD, Verdict, help=N_("what an occurrence says of a fix")),
    Key("upstream 官方 上游", Reads.WORD, Upstream, help=N_("status with the vendor")),
    Key(
        "seen 最近出现 出现 last-seen last_seen",
        Reads.TIME,
        help=N_("when it was last seen: <2w, 2026-10-01"),
    ),
    Key(
        "first 首次出现 first-seen first_seen",
        Reads.TIME,
        help=N_("when it was first seen: >8w, 2026-10"),
    ),
    Key("updated 更新 修改 changed", Reads.TIME, help=N_("when it was last changed")),
    Key("reported 新增 报告 created", Reads.TIME, help=N_("when it was reported")),
    Key("count 次数", Reads.NUMBER, help=N_("how many occurrences: >=5")),
    *_of_environment(Reads.VERSION, "base_library"),
    _of_plan("assignee"),
    _of_plan("due"),
    _of_plan("ticket"),
    Key(
        "source 来源 catalogue", Reads.TEXT, help=N_("the catalogue that it comes from; * for any")
    ),
    Key("by 报告人 who", Reads.TEXT, help=N_("who reported it")),
    Key(
        "inbox 待分诊",
        Reads.WORD,
        Answer,
        help=N_("whether it waits for a decision"),
    ),
    Key("triage 分诊", Reads.WORD, Triage, help=N_("what was decided about it")),
    Key("id 编号", Reads.PREFIX, help=N_("how its id begins")),
    Key(
        "workaround 规避方案 workaround-age",
        Reads.TIME,
        help=N_("when its workaround was written or last verified: >8w"),
    ),
    Key("claimed 待验证", Reads.TIME, help=N_("when its oldest unverified fix was recorded: >4w")),
    Key("sort 排序", Reads.WORD, SortKey, help=N_("the order; - is downwards, + upwards")),
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
    typed = spelling.casefold()
    for word in key.words:
        if any(typed == one.casefold() for one in word.spellings):
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
