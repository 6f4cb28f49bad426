"""What is offered while a query is typed, and how its text is changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.query.completion import Completions, Suggestion, complete, refiltered, resorted
from storage.query.parser import parse
from storage.query.tree import SortKey
from storage.read.board import Board
from storage.write.store import Store
from tests.boards import catalogued


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """A board with components, tags, people and versions."""
    path = tmp_path_factory.mktemp("names") / "board.db"
    store = Store.open(path, who="Lin Wei")
    for component in ("wx.login", "wx.qy.login", "wx.qy.login", "trial version", "相册", 'a"b'):
        pitfall = store.pitfalls.report("x", component=component, tags=["login", "ios"])
    store.pitfalls.report("x", tags=["login"])
    for version in ("2.9.1", "2.14.0", "2.14.1"):
        store.occurrences.log(pitfall, base_library=version, client_version="4.1.8")
    store.close()
    with Board.open(path) as board:
        yield board


def offered(text: str, board: Board | None = None, language: str = "en") -> list[str]:
    return [
        offer.text for offer in complete(text, len(text), board and board.names, language).offers
    ]


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("", []),
        ("s", []),
        ("st", ["status:"]),
        ("se", ["severity:", "seen:"]),
        ("SEV", ["severity:"]),
        ("last", ["last-seen:"]),
        ("login sta", ["status:"]),
        ("login ", []),
        ("login", []),
        ("x.sta", []),
        ("-sta", ["status:"]),
        ("(pla", ["platform:"]),
        ("状", ["状态:"]),
        ("status:", ["open", "workaround", "fixed"]),
        ("status:W", ["workaround"]),
        ("status:open", []),
        ("status:open,", ["workaround", "fixed"]),
        ("status:open ", []),
        ("状态:", ["未解决", "有规避方案", "官方已修复"]),
        ("状态：有", ["有规避方案"]),
        ("severity:<=", ["S1", "S2", "S3", "S4"]),
        ("sort:-t", ["title"]),
        ("ｓｔ", ["status:"]),
        ("ｓ", []),
        ("－ｓｔａ", ["status:"]),
        ("ｓｔａｔｕｓ：ｗ", ["workaround"]),
        ("sort:－ｔ", ["title"]),
        ("seen:<", ["<1w", "<4w"]),
        ("has:re", ["reproduction", "reference", "regression"]),
        ("component:login", []),
        ("unknown:", []),
    ],
)
def test_keys_and_fixed_values_are_offered(text: str, offers: list[str]) -> None:
    assert offered(text) == offers


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("component:LOGIN", ["wx.qy.login", "wx.login"]),
        ("component:tr", ['"trial version"']),
        ('component:"tr', ['"trial version"']),
        ("组件:相", ["相册"]),
        ("tag:", ["login", "ios"]),
        ("tag:login,", ["ios"]),
        ("by:lin", ['"Lin Wei"']),
        ("lib:", ["2.14.1", "2.14.0", "2.9.1"]),
        ("lib:<2.14", ["<2.14.1", "<2.14.0"]),
        ("client:", ["4.1.8"]),
        ("id:", []),
        ("component:nothing", []),
        ("tag:(", ["login", "ios"]),
        ("tag:(i", ["ios", "login"]),
        ("tag:(io", ["ios"]),
        ("-tag:（IO", ["ios"]),
        ("tag:(ios, ", ["login"]),
        ("tag:(ios or lo", ["login"]),
        ("(tag:(io", ["ios"]),
        ("tag:(io x", []),
        ("tag:(ios)", []),
        ("tag:(ios, login)", []),
        ('component:(wx.login, "tri', ['"trial version"']),
        ('component:("trial version", ', ["wx.qy.login", "wx.login", "相册"]),
        ('component:"trial version",', ["wx.qy.login", "wx.login", "相册"]),
        ("状态:(未", ["未解决"]),
    ],
)
def test_names_come_from_the_board(board: Board, text: str, offers: list[str]) -> None:
    assert offered(text, board) == offers


def test_a_name_that_can_not_be_typed_is_not_offered(board: Board) -> None:
    assert 'a"b' in board.names.matching("component", "", "en", 9)
    assert not any("a" in text and "b" in text for text in offered("component:a", board))


def test_a_reader_of_chinese_is_offered_chinese() -> None:
    assert offered("状", language="zh_CN") == ["状态:"]
    assert offered("sta", language="zh_CN") == ["status:"]
    assert offered("status:", language="zh_CN") == ["未解决", "有规避方案", "官方已修复"]
    assert offered("status:f", language="zh_CN") == ["fixed"]
    assert offered("severity:", language="zh_CN") == ["S1", "S2", "S3", "S4"]
    assert offered("最近出现:", language="zh_CN") == ["<1周", "<4周", ">12周", "从未"]


def test_an_offer_says_what_it_stands_for_and_where_it_goes() -> None:
    text = "login -平台:安 x"
    assert complete(text, len("login -平台:安"), None) == Completions(
        10, 11, (Suggestion("安卓", "platform", "android"),)
    )
    assert complete("tag:(ios, lo", 12, None)[:2] == (10, 12)
    # The rest of a value is replaced with it; inside of a word nothing is offered.
    assert complete("status:open x", len("status:o"), None)[:2] == (7, 11)
    assert complete("status:open", len("sta"), None).offers == ()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_is_offered_is_understood(board: Board, language: str) -> None:
    for start in "abcdefghijklmnopqrstuvwxyz状严组标平渠宿复类有最首更新次基应报待分排":
        for second in ("", *"abcdefghijklmnopqrstuvwxyz"):
            for key in complete(start + second, len(start + second), None, language, 99).offers:
                for value in complete(key.text, len(key.text), board.names, language, 99).offers:
                    query = parse(key.text + value.text)
                    assert not query.problems, key.text + value.text
                    assert query.conditions or query.sort


@pytest.mark.parametrize(
    ("before", "fixed", "none"),
    [
        ("", "status:fixed", ""),
        ("login", "status:fixed login", "login"),
        ("login status:open tag:x", "status:fixed login tag:x", "login tag:x"),
        ("login -状态:未解决", "status:fixed login", "login"),
        ("not status:open x", "status:fixed x", "x"),
        ("a or tag:x", "status:fixed (a or tag:x)", "a or tag:x"),
        ("(a or tag:x)", "status:fixed (a or tag:x)", "(a or tag:x)"),
        ("(status:open or a)", "status:fixed (status:open or a)", "(status:open or a)"),
        ('"status:open" x', 'status:fixed "status:open" x', '"status:open" x'),
    ],
)
def test_a_filter_is_written_into_the_text(before: str, fixed: str, none: str) -> None:
    assert refiltered(before, "status", "fixed upstream") == fixed
    assert refiltered(before, "status", None) == none


def test_what_is_written_is_in_the_readers_language() -> None:
    assert refiltered("x", "status", "open", "zh_CN") == "状态:未解决 x"
    assert resorted("x", SortKey.SEEN, reverse=True, language="zh_CN") == "排序:最近出现+ x"


@pytest.mark.parametrize("sort", list(SortKey))
@pytest.mark.parametrize("reverse", [False, True])
def test_an_order_is_written_into_the_text(sort: SortKey, reverse: bool) -> None:
    for before in ("", "x", "sort:title x sort:-seen", "-sort:title x"):
        after = resorted(before, sort, reverse=reverse)
        query = parse(after)
        assert (query.sort, query.reverse) == (sort, reverse)
        assert query.words.strip() == parse(before).words.strip()
        assert parse(resorted(after, None, reverse=reverse)).sort is None


def test_the_catalogue_reports_in_the_readers_language_and_takes_care_of_nothing(
    tmp_path: Path,
) -> None:
    with Board.open(catalogued(tmp_path / "board.db")) as board:
        for language in ("en", "zh_CN"):
            assert board.names.matching("assignee", "", language, 9) == []
        assert board.names.matching("by", "", "en", 9) == ["field notes"]
        assert board.names.matching("by", "", "zh_CN", 9) == ["现场笔记"]
        assert board.find(parse("by:现场笔记")).total == board.find(parse("")).total
