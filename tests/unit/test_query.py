"""The query line: what a person types, as filters and words, and as pitfalls found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.board import Board
from storage.errors import Refused
from storage.exchange.events import import_events
from storage.query import Filter, Query, SortKey, parse, parse_status
from storage.store import Store
from storage.vocabulary import Status
from tests.records import line


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("   ", Query()),
        ("白色图片", Query("白色图片")),
        ("two  words ", Query("two words ")),
        ("status:open", Query(filters=(Filter("status", ("open",)),))),
        ("STATUS:Open", Query(filters=(Filter("status", ("open",)),))),
        ("status:fixed", Query(filters=(Filter("status", ("fixed upstream",)),))),
        ('status:"fixed upstream"', Query(filters=(Filter("status", ("fixed upstream",)),))),
        ("状态:未解决", Query(filters=(Filter("status", ("open",)),))),
        ("状态：有规避方案,官方已修复", parse("status:workaround,fixed")),
        ("严重程度:s1,S2", Query(filters=(Filter("severity", ("S1", "S2")),))),
        ("平台:安卓 渠道:trial-qr", parse("platform:android channel:trial-qr")),
        ("-标签:login", Query(filters=(Filter("tag", ("login",), negated=True),))),
        ("组件:wx.qy.login", Query(filters=(Filter("component", ("wx.qy.login",)),))),
        ('component:"trial version"', Query(filters=(Filter("component", ("trial version",)),))),
        ("sort:-title", Query(sort=SortKey.TITLE, reverse=True)),
        ("排序:last-seen x", Query("x", sort=SortKey.SEEN)),
        ("qy.login:fail", Query("qy.login:fail")),
        ("https://a.b/c?status:open", Query("https://a.b/c?status:open")),
        ('"a quoted: thing"', Query(" a quoted: thing ")),
        ("errcode:40029", Query("errcode:40029")),
        ("status:", Query("status:")),
        ("-", Query("-")),
        ('sev:S1 "', Query(" ", (Filter("severity", ("S1",)),))),
    ],
)
def test_what_is_typed_is_understood(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("status:closed", "status", "closed"),
        ("sev:S9", "severity", "S9"),
        ("sort:age", "sort", "age"),
    ],
)
def test_a_value_that_is_none_is_a_problem_and_the_rest_counts(
    text: str, field: str, value: str
) -> None:
    query = parse(f"{text} kind:bug word")
    [problem] = query.problems
    assert (problem.field, problem.values["value"]) == (field, value)
    assert (query.words, query.filters) == ("word", (Filter("kind", ("bug",)),))


def test_a_status_can_be_said_in_several_ways() -> None:
    for text in ("fixed", "Fixed Upstream", "fixed-upstream", "官方已修复"):
        assert parse_status(text) is Status.FIXED_UPSTREAM
    with pytest.raises(Refused, match="closed"):
        parse_status("closed")


def test_a_query_can_be_changed_in_part() -> None:
    query = parse("status:open tag:a -tag:b word")
    assert query.values_of("tag") == ("a",)
    assert query.having("status", "workaround").values_of("status") == ("workaround",)
    assert query.having("status").values_of("status") == ()
    assert query.without("tag").filters == (Filter("status", ("open",)),)
    assert query.having("kind", "bug", "docs").words == "word"


# What a query finds


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """Three pitfalls, named A, B and C."""
    store = Store.open(tmp_path_factory.mktemp("query") / "board.db")
    a = store.report("A", kind="bug", severity="S1", component="wx.qy.login", tags=["login", "ios"])
    b = store.report("B", kind="docs", severity="S2", component="Trial", workaround="Wait.")
    store.edit(b, {}, tags=["login"])
    store.log_occurrence(a, host="wecom", platform="ios", channel="preview")
    store.log_occurrence(a, host="wechat", platform="android", outcome="not-reproduced")
    store.log_occurrence(b, platform="android", channel="trial-qr")
    c = {"title": "C", "component": {"en": "album", "zh": "相册"}, "status": "fixed upstream"}
    import_events(store, [line(body=c)])
    store.close()
    with Board.open(store.path) as board:
        yield board


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "ABC"),
        ("status:open", "A"),
        ("status:open,fixed", "AC"),
        ("-status:open", "BC"),
        ("kind:docs", "B"),
        ("severity:S1,S2 kind:bug", "A"),
        ("component:WX.QY.LOGIN", "A"),
        ("组件:相册", "C"),
        ("component:Album", "C"),
        ("-component:trial", "AC"),
        ("tag:login", "AB"),
        ("tag:login -tag:ios", "B"),
        ("platform:android", "AB"),
        ("平台:苹果", "A"),
        ("-platform:android", "C"),
        ("outcome:not-reproduced", "A"),
        ("host:wecom,wechat", "A"),
        ("channel:trial-qr", "B"),
        ("id:ab12", "C"),
        ("状态:官方已修复", "C"),
        ("status:closed kind:docs", "B"),
    ],
)
def test_filters_find(board: Board, text: str, found: str) -> None:
    query = parse(text)
    listing = board.find(query)
    rows = listing.page(0, 10)
    assert "".join(sorted(row.title.plain for row in rows)) == found
    assert listing.total == len(found)
    counts = board.counts(query)
    assert sum(counts.values()) == board.find(query.without("status")).total
    for row in rows:
        assert counts[row.status] > 0


def test_several_components_or_tags_are_any_of_them(board: Board) -> None:
    for field, values in (("component", ("trial", "相册")), ("tag", ("ios", "no such tag"))):
        found = board.find(Query().having(field, *values)).page(0, 10)
        assert {row.title.plain for row in found} == ({"B", "C"} if field == "component" else {"A"})


@given(
    st.text(
        st.sampled_from("status:open,tag -\"'*()^{}+NEAR AND OR 中文１：\x00\\%_[]#?;"), max_size=40
    )
)
def test_whatever_is_typed_finds_something_or_nothing(board: Board, text: str) -> None:
    query = parse(text)
    listing = board.find(query)
    assert len(listing.page(0, 10)) == min(listing.total, 10)
    assert sum(board.counts(query).values()) >= listing.total
