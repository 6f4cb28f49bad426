"""The query language: what a person types, as words, conditions, an order, and mistakes."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import pytest

from storage.errors import Refused, Spelled
from storage.model.environment import version_key
from storage.model.row import Status
from storage.query.keys import KEYS, Key, Reads
from storage.query.parser import parse
from storage.query.tree import (
    AllOf,
    AnyOf,
    Between,
    Bound,
    Condition,
    Filter,
    Not,
    Query,
    SortKey,
    TextRange,
    Value,
    Words,
)
from storage.query.values import NEVER, parse_status
from tui.text.i18n import LANGUAGES, say, speak

DAY = 24 * 60 * 60 * 1000
OPEN = Filter("status", ("open",))
BUG = Filter("kind", ("bug",))
X = Filter("tag", ("x",))


def only(text: str) -> Filter:
    """The filter that a query is."""
    query = parse(text)
    assert (query.problems, query.words) == ((), "")
    [filter_] = query.conditions
    assert isinstance(filter_, Filter)
    return filter_


def value(text: str) -> Value:
    """The one value of the filter that a query is."""
    [value] = only(text).values
    return value


# Words and filters


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("   ", Query()),
        ("白色图片", Query("白色图片")),
        ("two  words ", Query("two words ")),
        ("status:open", Query(conditions=(OPEN,))),
        ("STATUS:Open", Query(conditions=(OPEN,))),
        ("status:fixed", Query(conditions=(Filter("status", ("fixed upstream",)),))),
        ('status:"fixed upstream"', parse("status:fixed")),
        ("状态:未解决", Query(conditions=(OPEN,))),
        ("状态：“未解决”", Query(conditions=(OPEN,))),
        ("状态：有规避方案，官方已修复", parse("status:workaround,fixed")),
        ("状态:已修复、规避", parse("status:fixed,workaround")),
        ("严重程度:s1,S2", Query(conditions=(Filter("severity", ("S1", "S2")),))),
        ("平台:安卓 渠道:trial-qr", parse("platform:android channel:trial-qr")),
        ("-标签:x", Query(conditions=(Not(X),))),
        ("-login", Query(conditions=(Not(Words("login")),))),
        ('-"not there" x', Query("x", (Not(Words('"not there" ')),))),
        ("组件:wx.qy.*", Query(conditions=(Filter("component", ("wx.qy.*",)),))),
        ('component:"trial version",b', parse('组件:"trial version"，b')),
        ("tag:x,", Query(conditions=(X,))),
        ("status:open status:open", Query(conditions=(OPEN, OPEN))),
        ("a status:open b kind:bug", Query("a b", (OPEN, BUG))),
        ('"two words" x', Query('"two words" x')),
        ("“两个 词”", Query('"两个 词"')),
        ('""', Query()),
        ("id:AB12", Query(conditions=(Filter("id", ("ab12",)),))),
        ("有:规避方案 待分诊:是", parse("has:workaround inbox:yes")),
    ],
)
def test_what_is_typed_is_understood(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("wide", "text"),
    [
        ("ｓｔａｔｕｓ：ｏｐｅｎ", "status:open"),
        ("ｌａｓｔ－ｓｅｅｎ：＜２ｗ", "last-seen:<2w"),
        ("ｓｅｖ：＜＝Ｓ２", "sev:<=S2"),
        ("－trial", "-trial"),
        ("－状态：未解决", "-状态:未解决"),
        ("－（ｔａｇ：x ｏｒ b）", "-(tag:x or b)"),
        ("ｎｏｔ ｔａｇ：＊", "not tag:*"),
        ("组件：（－x，b）", "组件:(-x,b)"),
        ("ｓｔａｔｕｓ：ｏｏｐｅｎ", "status:oopen"),
        ("ｃｏｍｐｏｎｅｎｎｔ：x", "componennt:x"),
    ],
)
def test_signs_of_full_width_are_read_as_their_ascii(wide: str, text: str) -> None:
    """As a Chinese input method gives them."""

    def comes_to(typed: str) -> object:
        query = parse(typed)
        places = "".join(typed[one.start : one.end] for one in query.problems)
        suggested = [one.suggestion for one in query.problems]
        plain = unicodedata.normalize("NFKC", places)
        return query.words, query.conditions, query.sort, plain, suggested

    assert comes_to(wide) == comes_to(text)


@pytest.mark.parametrize("text", ["－１", "err －１２", "a － b", "ｑｙ.ｌｏｇｉｎ：ｆａｉｌ"])
def test_text_of_full_width_is_only_text(text: str) -> None:
    query = parse(text)
    assert (query.words, query.conditions, query.problems) == (text, (), ())


@pytest.mark.parametrize(
    "text",
    [
        "invoke result:qy.login,qy.login:fail",
        "qy.login:fail",
        "errcode:40029",
        "https://a.b/c?status:open",
        "x:fail (1)",
        "(in promise) MiniProgramError",
        "wx.login() failed (see app.js:12:3)",
        "at Object.success (pages/index/index.js:12:34)",
        "saveImageToPhotosAlbum:fail system permission not granted",
        "errCode: -12001",
        "err -1 - nothing --save ->",
        "platform: iOS, id: 3",
        "foo) bar",
        "truncated (here",
        "登录失败（错误码 1）",
        "or",
        "and",
        "not",
        "a - b",
    ],
)
def test_pasted_text_is_only_text(text: str) -> None:
    query = parse(text)
    assert (query.conditions, query.problems) == ((), ())
    assert without_parentheses(query.words) == without_parentheses(text)


@pytest.mark.parametrize("text", ["-", "－", "status:open -"])
def test_a_minus_at_the_end_is_a_negation_that_is_begun(text: str) -> None:
    query = parse(text)
    [mistake] = query.problems
    assert (query.words, mistake.unfinished) == ("", True)
    assert text[mistake.start : mistake.end] == text[-1]


@pytest.mark.parametrize("text", ["(", "((((", "（ ", "-(", "sort:title (("])
def test_a_parenthesis_behind_which_nothing_stands_is_a_group_that_is_begun(text: str) -> None:
    query = parse(text)
    assert (query.words, query.conditions) == ("", ())
    assert query.problems
    assert {str(mistake) for mistake in query.problems} == {"This parenthesis is not closed."}
    assert all(mistake.unfinished for mistake in query.problems)


def without_parentheses(text: str) -> list[str]:
    return "".join(sign for sign in text if sign not in "()（）").split()


@pytest.mark.parametrize(
    "text",
    [
        '{"errMsg":"x:fail (1)"}',
        '"errMsg":"qy.login:fail"',
        '{"errMsg": "truncated here',
        "提示“打开失败”，内部错误",
        '[{"a":1},{"b":"c d"}]',
    ],
)
def test_quotes_in_pasted_text_are_no_mistake(text: str) -> None:
    query = parse(text)
    assert (query.conditions, query.problems) == ((), ())
    assert query.words


def test_a_filter_stands_among_pasted_text() -> None:
    query = parse("platform:ios qy.login:fail (code -1) is not supported status:open ")
    assert query.words == "qy.login:fail code -1 is not supported "
    assert query.conditions == (Filter("platform", ("ios",)), OPEN)


# Or, and, not, parentheses


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("status:open or tag:x", AnyOf((OPEN, X))),
        ("状态:未解决 或 标签:x", AnyOf((OPEN, X))),
        ("status:open OR tag:x", AnyOf((OPEN, X))),
        ("status:open kind:bug or tag:x", AnyOf((AllOf((OPEN, BUG)), X))),
        ("status:open and kind:bug or tag:x", AnyOf((AllOf((OPEN, BUG)), X))),
        ("(status:open or kind:bug) or tag:x", AnyOf((OPEN, BUG, X))),
        ("not status:open", Not(OPEN)),
        ("非 状态:未解决", Not(OPEN)),
        ("not -status:open", OPEN),
        ("-(status:open)", Not(OPEN)),
        ("-(-(status:open))", OPEN),
        ("not (status:open tag:x)", Not(AllOf((OPEN, X)))),
        ("-（状态:未解决 或 标签:x）", Not(AnyOf((OPEN, X)))),
        ("(((status:open)))", OPEN),
        ("status:open or", OPEN),
        ("(status:open or ) or or tag:x or", AnyOf((OPEN, X))),
        ("() status:open ( )", OPEN),
        ("white picture or tag:x", AnyOf((Words("white picture "), X))),
        ("a or b", AnyOf((Words("a "), Words("b")))),
        ("(a or tag:x)", AnyOf((Words("a "), X))),
        ("not (status:open", Not(OPEN)),
    ],
)
def test_conditions_are_put_together(text: str, condition: Condition) -> None:
    assert parse(text).conditions == (condition,)


def test_groups_stand_beside_words() -> None:
    query = parse("(login (or 登录)) (status:open or tag:x) -(kind:bug tag:x)")
    assert query.conditions == (
        AnyOf((OPEN, X)),
        Not(AllOf((BUG, X))),
    )
    assert query.words == "login or 登录"


def test_a_deep_query_is_a_problem_and_a_deep_pile_of_nothing_is_not() -> None:
    assert parse("(" * 5_000 + "status:open" + ")" * 5_000).conditions == (OPEN,)
    deep = "(tag:a -" * 60 + "tag:b" + ")" * 60
    [problem] = parse(f"{deep} status:open").problems
    assert "too deep" in str(problem)
    assert parse(f"{deep} status:open").conditions[-1] == OPEN


@pytest.mark.parametrize("text", ["-a " * 5_000, "a or " * 5_000, "tag:" + "x," * 5_000 + "y"])
def test_very_many_conditions_are_one_problem(text: str) -> None:
    assert len({*map(str, parse(text).problems)}) <= 1
    many = " ".join(f"-tag:{n}" for n in range(300))
    query = parse(many)
    assert len(query.conditions) == 200
    [problem] = query.problems
    assert "200 conditions" in str(problem)
    assert many[problem.start : problem.end] == "-tag:200"


# Values


def ms(*date: int) -> int:
    return int(datetime(*date).astimezone().timestamp() * 1000)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        (">2w", None, Bound(14 * DAY, False, True)),
        (">=2w", None, Bound(14 * DAY, True, True)),
        ("<2w", Bound(14 * DAY, False, True), None),
        ("2w", Bound(14 * DAY, True, True), None),
        ("＜２周", Bound(14 * DAY, False, True), None),
        (">3mo", None, Bound(90 * DAY, False, True)),
        ("<90m", Bound(DAY // 16, False, True), None),
        ("2w..4w", Bound(28 * DAY, True, True), Bound(14 * DAY, True, True)),
        ("4w..2w", Bound(28 * DAY, True, True), Bound(14 * DAY, True, True)),
        (">2026-10-01", Bound(ms(2026, 10, 2)), None),
        (">=2026-10-01", Bound(ms(2026, 10, 1)), None),
        ("<2026-10-01", None, Bound(ms(2026, 10, 1), False)),
        ("<=2026-10-01", None, Bound(ms(2026, 10, 1 + 1), False)),
        ("2026-10-01", Bound(ms(2026, 10, 1)), Bound(ms(2026, 10, 2), False)),
        ("2026/10/1", Bound(ms(2026, 10, 1)), Bound(ms(2026, 10, 2), False)),
        ("2026年10月1日", Bound(ms(2026, 10, 1)), Bound(ms(2026, 10, 2), False)),
        ("2026-12", Bound(ms(2026, 12, 1)), Bound(ms(2027, 1, 1), False)),
        ("2026年", Bound(ms(2026, 1, 1)), Bound(ms(2027, 1, 1), False)),
        ("2026-10-01..2026-11-01", Bound(ms(2026, 10, 1)), Bound(ms(2026, 11, 2), False)),
        ("2026-11-01..2026-10-01", Bound(ms(2026, 10, 1)), Bound(ms(2026, 11, 2), False)),
        ("2026-10-01..", Bound(ms(2026, 10, 1)), None),
        ("..2026-10", None, Bound(ms(2026, 11, 1), False)),
        ("2026-10-01T14:03", Bound(ms(2026, 10, 1, 14, 3)), Bound(ms(2026, 10, 1, 14, 4), False)),
    ],
)
def test_times_are_dates_ages_and_ranges(
    values: str, low: Bound | None, high: Bound | None
) -> None:
    for key in ("seen", "first", "updated", "reported", "最近出现", "last-seen"):
        assert value(f"{key}:{values}") == Between(low, high)


def test_never_is_a_time_too() -> None:
    assert value("seen:never") == NEVER == value("最近出现:从未")


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ("5", Bound(5), Bound(5)),
        (">=5", Bound(5), None),
        ("≥５", Bound(5), None),
        (">5", Bound(5, False), None),
        ("<5", None, Bound(5, False)),
        ("5..10", Bound(5), Bound(10)),
        ("10..5", Bound(5), Bound(10)),
    ],
)
def test_numbers_are_compared(values: str, low: Bound | None, high: Bound | None) -> None:
    assert value(f"count:{values}") == Between(low, high) == value(f"次数：{values}")


def key(version: str) -> str:
    key = version_key(version)
    assert key is not None
    return key


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ("<2.14.1", None, Bound(key("2.14.1"), False)),
        (">=4.1.8", Bound(key("4.1.8")), None),
        ("2.14", Bound(key("2.14.0")), Bound(key("2.14.0"))),
        ("2.14.*", Bound(key("2.14")), Bound(key("2.15"), False)),
        ("2.9..2.14", Bound(key("2.9")), Bound(key("2.14"))),
        ("2.14..2.9", Bound(key("2.9")), Bound(key("2.14"))),
        ("<=2.14.*", None, Bound(key("2.15"), False)),
    ],
)
def test_versions_are_compared(values: str, low: Bound | None, high: Bound | None) -> None:
    assert value(f"lib:{values}") == Between(low, high) == value(f"基础库:{values}")
    assert only(f"client:{values}") == Filter("client", (Between(low, high),))


@pytest.mark.parametrize(
    ("values", "severities"),
    [
        ("<=S2", ("S1", "S2")),
        ("<s2", ("S1",)),
        ("＞＝S3", ("S3", "S4")),
        ("S2..S3", ("S2", "S3")),
        ("S3..S2,S4", ("S2", "S3", "S4")),
        (">S4", ()),
    ],
)
def test_severities_are_compared(values: str, severities: tuple[str, ...]) -> None:
    assert only(f"severity:{values}") == Filter("severity", severities)


@pytest.mark.parametrize(
    ("text", "sort", "reverse"),
    [
        ("sort:title", SortKey.TITLE, False),
        ("sort:-title", SortKey.TITLE, True),
        ("sort:title-", SortKey.TITLE, True),
        ("sort:+title", SortKey.TITLE, False),
        ("sort:-severity", SortKey.SEVERITY, True),
        ("sort:last-seen", SortKey.SEEN, False),
        ("sort:last-seen-", SortKey.SEEN, False),
        ("sort:last-seen+", SortKey.SEEN, True),
        ("排序:次数", SortKey.COUNT, False),
        ("排序：首次出现＋", SortKey.FIRST, True),
        ("sort:updated", SortKey.UPDATED, False),
        ("sort:reported", SortKey.REPORTED, False),
        ("-sort:title", SortKey.TITLE, True),
        ("(sort:title)", SortKey.TITLE, False),
        ("sort:title sort:title", SortKey.TITLE, False),
    ],
)
def test_a_minus_sorts_downwards_and_a_plus_upwards(
    text: str, sort: SortKey, reverse: bool
) -> None:
    assert parse(text) == Query(sort=sort, reverse=reverse)


# Mistakes


@pytest.mark.parametrize(
    "text", ["sort:title sort:seen", "排序:标题 x sort:-title", "-sort:due sort:due"]
)
def test_a_second_order_is_no_silent_change_of_the_first(text: str) -> None:
    query = parse(text)
    [problem] = query.problems
    assert str(problem).endswith("there is an order already; leave one of the two out.")
    assert text[problem.start : problem.end] == text.split()[-1]
    assert not problem.unfinished


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("status:opne", "“open”?", "“未解决”？"),
        ("平台:安桌", "“安卓”?", "“安卓”？"),
        ("sort:titel", "“title”?", "“标题”？"),
    ],
)
def test_a_suggestion_is_in_the_language_of_the_words_beside_it(
    text: str, english: str, chinese: str
) -> None:
    [problem] = parse(text).problems
    try:
        for name, meant in (("en", english), ("zh_CN", chinese)):
            speak(name)
            assert say(problem).endswith(meant)
    finally:
        speak("en")


@pytest.mark.parametrize(
    ("text", "wrong", "suggestion"),
    [
        ("x status:opne", "opne", "open"),
        ("status:work", "work", "workaround"),
        ("status:open,clsed", "clsed", ""),
        ("平台:安桌", "安桌", "安卓"),
        ("platform:andriod", "andriod", "android"),
        ("sev:S9", "S9", ""),
        ("severity:<=X", "<=X", ""),
        ("sort:size", "size", ""),
        ("sort:-sevrity", "-sevrity", "severity"),
        ("has:workarund", "workarund", "workaround"),
        ("inbox:maybe", "maybe", ""),
        ("statsu:open", "statsu", "status"),
        ("-platfrom:ios", "platfrom", "platform"),
        ("componnent:x", "componnent", "component"),
        ("seen:lately", "lately", ""),
        ("seen:2026-02-30", "2026-02-30", ""),
        ("seen:9999", "9999", ""),
        ("seen:..", "..", ""),
        ("updated:>never", ">never", ""),
        ("count:many", "many", ""),
        ("count:" + "9" * 400, "9" * 400, ""),
        ("lib:newest", "newest", ""),
        ("lib:<2.x.1", "<2.x.1", ""),
        ("(status:open or tag:x", "(", ""),
        ("-(login", "-(", ""),
        ('component:"trial version', '"', ""),
        ('"white picture', '"', ""),
        ("“白色 图片", "“", ""),
        ("login status:", "status:", ""),
        ("tag:,", "tag:,", ""),
    ],
)
def test_a_mistake_has_a_place_and_a_suggestion(text: str, wrong: str, suggestion: str) -> None:
    [problem] = parse(text).problems
    assert text[problem.start : problem.end] == wrong
    assert problem.suggestion == suggestion
    assert suggestion in str(problem)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_a_mistake_names_key_and_values_as_the_reader_types_them(key: Key, language: str) -> None:
    try:
        speak(language)
        for name in key.spellings:
            for value in ("", "x" * 300, "§x"):
                for problem in parse(f"{name}:{value}").problems:
                    spelling = key.en if language == "en" else key.zh
                    assert say(problem).startswith((f"{spelling}:", f"{spelling}："))
                    expected = problem.values.get("expected")
                    if isinstance(expected, Spelled):
                        words = expected.en if language == "en" else expected.zh
                        assert words in say(problem)
                        for word in re.split(", |、", words):
                            assert not parse(f"{spelling}:{word}").problems
    finally:
        speak("en")


def test_what_is_right_counts_beside_a_mistake() -> None:
    query = parse("(status:closed or kind:bug) word sev:S9")
    assert (query.words, query.conditions) == ("word", (BUG,))
    assert [problem.field for problem in query.problems] == ["status", "severity"]
    assert query.problems[0].values["value"] == "closed"


def test_what_may_still_become_right_says_so() -> None:
    for text in ("status:", "(status:open", '"white pic'):
        assert [problem.unfinished for problem in parse(text).problems] == [True]
    assert not parse("status:bogus").problems[0].unfinished


# Changing a query


def test_a_status_can_be_said_in_several_ways() -> None:
    for text in ("fixed", "Fixed Upstream", "fixed-upstream", "官方已修复"):
        assert parse_status(text) is Status.FIXED_UPSTREAM
    with pytest.raises(Refused, match="closed"):
        parse_status("closed")


@pytest.mark.parametrize(
    "key", [key for key in KEYS if key.name != "sort"], ids=lambda key: key.name
)
@pytest.mark.parametrize(
    "listed", ["({} or {})", "({} OR {})", "({}, {})", "（{} 或 {}）", "( {}、{} )"]
)
def test_values_between_parentheses_are_alternatives(key: Key, listed: str) -> None:
    words = [word.en for word in key.words][:2] or (
        ["3", "4"] if key.reads is Reads.NUMBER else ["2026-11-02", "2026-11-03"]
    )
    wanted = parse(f"{key.en}:{','.join(words)}")
    found = parse(f"{key.en}:{listed.format(*words)}")
    assert found.problems == wanted.problems == ()
    assert [one.values for one in found.conditions if isinstance(one, Filter)] == [
        one.values for one in wanted.conditions if isinstance(one, Filter)
    ]
    assert found.words == ""


def test_alternatives_stand_in_a_group_and_behind_a_minus() -> None:
    query = parse('(-tag:(x or "two words") or kind:bug) black')
    assert query.problems == ()
    assert query.words == "black"
    [either] = query.conditions
    assert isinstance(either, AnyOf)
    assert either.of == (Not(Filter("tag", ("x", "two words"))), BUG)


@pytest.mark.parametrize("inside", ["a b", "a and b", "a or -b", "", "a or", "(a) or b"])
def test_what_is_no_list_of_values_is_said_to_be_none(inside: str) -> None:
    query = parse(f"tag:({inside}) kind:bug")
    assert BUG in query.conditions
    assert not [one for one in query.conditions if isinstance(one, Filter) and one.field == "tag"]
    assert [say(problem) for problem in query.problems] == [
        "tag: tag:a,b asks for any of several values, tag:a tag:b for all."
    ]


def test_conditions_of_the_same_parts_are_not_the_same() -> None:
    both = (Filter("kind", ("bug",)), Filter("status", ("open",)))
    assert AllOf(both) == AllOf(both)
    assert AllOf(both) != AnyOf(both)
    assert len({AllOf(both), AnyOf(both), AllOf(both)}) == 2
    assert Filter("kind", ("bug",), TextRange(1, 2)) == Filter("kind", ("bug",))


def test_a_condition_is_frozen_and_has_all_its_fields() -> None:
    one = Filter("kind", ("bug",))
    with pytest.raises(AttributeError):
        one.field = "status"  # type: ignore[misc]
    for wrong in ({"field": "kind"}, {"field": "kind", "values": (), "value": ()}):
        with pytest.raises(TypeError):
            Filter(**wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        one.replaced(value=())
    assert one.replaced(field="status") == Filter("status", ("bug",))


def test_a_query_can_be_changed_in_part() -> None:
    query = parse("status:open tag:x -tag:b word (tag:c or kind:bug)")
    assert query.values_of("tag") == ("x",)
    assert query.having("status", "workaround").values_of("status") == ("workaround",)
    assert query.having("status").values_of("status") == ()
    assert query.without("tag").conditions == (OPEN, AnyOf((Filter("tag", ("c",)), BUG)))
    assert query.having("kind", "bug", "docs").words == "word"
    assert query.speaks_of("kind")
    assert not query.speaks_of("id", "inbox")


@pytest.mark.parametrize(
    ("word", "prefix"), [("#867d", "867d"), ("＃８６７Ｄ", "867d"), ("#867d51af", "867d51af")]
)
def test_an_id_is_found_as_people_write_it(word: str, prefix: str) -> None:
    [found], [same] = parse(word).conditions, parse(f"id:{prefix}").conditions
    assert isinstance(found, Filter)
    assert isinstance(same, Filter)
    assert (found.field, found.values) == (same.field, same.values)


@pytest.mark.parametrize("word", ["#8", "#album", "867d", "#12345678901234567"])
def test_other_words_stay_words(word: str) -> None:
    assert not [one for one in parse(word).conditions if isinstance(one, Filter)]


def test_days_are_named_by_words_and_weeks_by_numbers() -> None:
    day, week = 24 * 60 * 60 * 1000, 7 * 24 * 60 * 60 * 1000
    for word, length in (("today", day), ("昨天", day), ("2026-W48", week)):
        [found] = parse(f"seen:{word}").conditions
        assert isinstance(found, Filter)
        [span] = found.values
        assert isinstance(span, Between)
        assert span.low is not None
        assert span.high is not None
        assert abs(int(span.high.value) - int(span.low.value) - length) <= 60 * 60 * 1000
