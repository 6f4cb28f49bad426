"""The keys of the query language, their fixed values in two languages, and what a text is cut into.

Pasted error text has colons, quotes and parentheses of its own, so a piece of a query is more than
plain text only where that can be meant:

* a key is one of the language's own, at the beginning of a piece, with a value right behind its
  colon;
* a quote opens a phrase behind a blank or at the beginning of a value, if another one closes it
  before a blank;
* a parenthesis opens a group at the beginning of a piece, and closes one that is open unless it
  belongs to one inside of the same word;
* a minus behind a blank turns round what begins right behind it with a letter, a quote or a
  parenthesis: ``-1`` is an error code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from functools import cache
from typing import Final

from storage.errors import N_, NP_, Spelled
from storage.model.environment import FIELDS
from storage.model.fields import Field, NamedTuple, Word, spelling_in_chinese, spelling_in_english
from storage.model.row import PLAN_FIELDS, Kind, Severity, Status, Triage
from storage.model.vocabulary import FixState, Outcome, Upstream, Verdict
from storage.query.tree import SortKey, TextRange
from storage.text.search_text import folded


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
    """The key that a person means, in letters of either width; None if it is none."""
    return keys_by_spelling().get(folded(spelling))


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


# The tokens of a query, each with its range in the text


class QueryTokenKind(Enum):
    """What a piece is."""

    OPEN = auto()
    CLOSE = auto()
    FILTER = auto()
    PHRASE = auto()
    WORD = auto()


class QueryToken(NamedTuple):
    """One piece of the text.

    Args:
        sort: what it is.
        place: where it stands, its minus included.
        text: a word as it stands there; a phrase without its quotes.
        negated: whether a minus stands before it.
        key: of a filter.
        values: of a filter, each with its place; none if the text ends before one.
        open_quote: where a quote stands that nothing closes.
        unread: what stands between parentheses and is no list of values.
    """

    sort: QueryTokenKind
    place: TextRange
    text: str = ""
    negated: bool = False
    key: Key | None = None
    values: tuple[tuple[str, TextRange], ...] = ()
    open_quote: int | None = None
    unread: TextRange | None = None


#: Patterns are compiled when a text needs them, and kept by :mod:`re`.
_MINUS: Final = r'[-－](?=[^\W\d]|["“(（])'
_KEY: Final = r"([^\W\d][\w\-－]*)[:：]"
#: Several values between parentheses, any of which is asked for: ``(a or b)``, ``(a, b)``.
VALUE: Final = r'(?:"[^"]*"|“[^”]*”|(?![-－][^\W\d])[^\s()（）,，、"“]+)'
_LISTED: Final = (
    rf"[(（]\s*{VALUE}(?:(?:\s*[,，、]\s*|\s+(?:or|或|或者)\s+){VALUE})*\s*[)）](?=[\s)）]|$)"
)
#: The words between alternatives.
OR_WORDS: Final = frozenset({"or", "或", "或者"})
_CLOSING_QUOTE: Final = {'"': '"', "“": "”"}
#: What ends a word, or may: a blank, or a parenthesis.
_TURNS: Final = r"[\s()（）]"
_TURNS_OF_A_VALUE: Final = r"[\s()（）,，、]"
_COMMAS: Final = ",，、"
_ENDS_A_PHRASE: Final = " \t\n\r\u3000)）"
_OPENS: Final = "(（"
CLOSES: Final = ")）"


def cut(text: str) -> Iterator[QueryToken]:
    """The pieces of a query, in the order of the text."""
    place = depth = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        token = _piece(text, place, depth)
        depth += (token.sort is QueryTokenKind.OPEN) - (token.sort is QueryTokenKind.CLOSE)
        yield token
        place = token.place.end


def _piece(text: str, start: int, depth: int) -> QueryToken:
    fresh = start == 0 or text[start - 1].isspace() or text[start - 1] in _OPENS
    negated = fresh and re.compile(_MINUS).match(text, start) is not None
    at = start + negated
    if text[at] in _OPENS:
        return QueryToken(QueryTokenKind.OPEN, TextRange(start, at + 1), negated=negated)
    if text[at] in CLOSES and depth:
        return QueryToken(QueryTokenKind.CLOSE, TextRange(start, at + 1))
    keyed = re.compile(_KEY).match(text, at)
    if keyed and (key := key_of(keyed[1])):
        filter_ = _filter(text, start, keyed.end(), depth, key, negated=negated)
        if filter_ is not None:
            return filter_
    end = _end(text, at, depth, _TURNS)
    open_quote = None
    if fresh and text[at] in _CLOSING_QUOTE:
        closed = _closed(text, at)
        if closed is not None and (closed == len(text) or text[closed] in _ENDS_A_PHRASE):
            return QueryToken(
                QueryTokenKind.PHRASE, TextRange(start, closed), text[at + 1 : closed - 1], negated
            )
        # Text that has quotes before this one was copied, and only its end is missing.
        if closed is None and text.find(text[at]) == at and text[at + 1 :].strip():
            open_quote = at
    return QueryToken(
        QueryTokenKind.WORD, TextRange(start, end), text[at:end], negated, open_quote=open_quote
    )


def _filter(
    text: str, start: int, at: int, depth: int, key: Key, *, negated: bool
) -> QueryToken | None:
    """The filter whose values begin at ``at``; None if none do and more text follows."""
    if text[at : at + 1] in (*_OPENS,):
        return _in_parentheses(text, start, at, key, negated=negated)
    values: list[tuple[str, TextRange]] = []
    open_quote = None
    end = at
    while end < len(text):
        begins = end
        if text[begins] in _CLOSING_QUOTE:
            closed = _closed(text, begins)
            if closed is None:
                open_quote, end = begins, len(text)
                break
            value, end = text[begins + 1 : closed - 1], closed
        else:
            end = _end(text, begins, depth, _TURNS_OF_A_VALUE)
            value = text[begins:end]
        if value.strip():
            values.append((value, TextRange(begins, end)))
        if end == len(text) or text[end] not in _COMMAS:
            break
        end += 1
    if not values and end < len(text):
        return None
    return QueryToken(
        QueryTokenKind.FILTER,
        TextRange(start, end),
        negated=negated,
        key=key,
        values=tuple(values),
        open_quote=open_quote,
    )


def _in_parentheses(text: str, start: int, at: int, key: Key, *, negated: bool) -> QueryToken:
    """The filter whose values stand between parentheses from ``at`` on."""
    listed = re.compile(_LISTED, re.IGNORECASE).match(text, at)
    if listed is None:
        ends = (text.find(closing, at) + 1 for closing in CLOSES)
        closed = min(filter(None, ends), default=len(text))
        unread = TextRange(at, closed)
        place = TextRange(start, closed)
        return QueryToken(QueryTokenKind.FILTER, place, negated=negated, key=key, unread=unread)
    found = re.compile(VALUE).finditer(text, at + 1, listed.end())
    values = [(one[0].strip('"“”'), TextRange(*one.span())) for one in found]
    alternatives = [one for one in values if folded(one[0]) not in OR_WORDS] or values
    place = TextRange(start, listed.end())
    return QueryToken(
        QueryTokenKind.FILTER, place, negated=negated, key=key, values=tuple(alternatives)
    )


def _end(text: str, at: int, depth: int, turns: str) -> int:
    """Where the word at ``at`` ends: before a blank, or a parenthesis that closes a group."""
    inside = 0
    for turn in re.compile(turns).finditer(text, at):
        sign = turn.group()
        if sign in _OPENS:
            inside += 1
        elif sign in CLOSES:
            if not inside and depth:
                return turn.start()
            inside -= bool(inside)
        elif sign.isspace() or not inside:
            return turn.start()
    return len(text)


def _closed(text: str, at: int) -> int | None:
    """Where the quote at ``at`` has ended; None if nothing closes it."""
    closing = text.find(_CLOSING_QUOTE[text[at]], at + 1)
    return closing + 1 if closing >= 0 else None
