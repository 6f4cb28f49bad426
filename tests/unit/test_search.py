"""Search that works for Chinese, for names of interfaces, and for whatever is pasted."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.model.row import Status
from storage.query.parser import parse
from storage.query.tree import Query, SortKey
from storage.read.board import Board
from storage.text import search_text
from storage.text.search_text import CANDIDATES, expression
from storage.write.store import Store
from tests.records import MONDAY, Wall


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """Pitfalls with speaking titles; what they hold is in the cases below."""
    store = Store.open(tmp_path_factory.mktemp("search") / "board.db", now=Wall())
    store.pitfalls.report(
        "白色图片", component="wx.saveImageToPhotosAlbum", workaround="Save it twice."
    )
    store.pitfalls.report(
        "登录失败", component="wx.qy.login", signatures=["qy__login:fail no permission"]
    )
    store.pitfalls.report(
        "体验版打不开", reproduction="用邀请的账号打开，提示用户点了返回", tags=["trial"]
    )
    album = store.pitfalls.report("The album says error though it saved")
    store.comments.add(album, "见 ＡＢＣ－１２３ 号反馈")
    store.links.add(album, "https://a.b/c", title="Thread", quote="Resolved in 微信 8.0.50")
    popup = store.pitfalls.report("popup keeps text")
    store.occurrences.log(popup, message="showModal:fail cancel 用户取消 getPhoneNumberXyz")
    store.pitfalls.report("login in the title")
    gone = store.pitfalls.report("消失的坑")
    store.pitfalls.edit(gone, {"title": "another one"})
    store.close()
    with Board.open(store.path) as board:
        yield board


def found(board: Board, words: str) -> list[str]:
    return [row.title.plain for row in board.find(parse(words)).page(0, 50)]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("白", "白色图片"),
        ("图片", "白色图片"),
        ("白色图片", "白色图片"),
        ("色图", "白色图片"),
        ("白 片", "白色图片"),
        ("用户点了返回", "体验版打不开"),
        ("邀请的账号 返回", "体验版打不开"),
        ("wx.qy.login", "登录失败"),
        ("qy.login", "登录失败"),
        ("qy__login", "登录失败"),
        ("QY.Login", "登录失败"),
        ("ｑｙ．ｌｏｇｉｎ", "登录失败"),
        ("qy.login:fail", "登录失败"),
        ("permission", "登录失败"),
        ("perm", "登录失败"),
        ("saveImage", "白色图片"),
        ("photos", "白色图片"),
        ("album", "白色图片"),
        ("saveimagetophotosalbum", "白色图片"),
        ("twice", "白色图片"),
        ("trial", "体验版打不开"),
        ("abc-123", "The album says error though it saved"),
        ("ＡＢＣ", "The album says error though it saved"),
        ("８.0.50", "The album says error though it saved"),
        ("微信8.0.50", "The album says error though it saved"),
        ("cancel", "popup keeps text"),
        ("用户取消", "popup keeps text"),
        ("phone number", "popup keeps text"),
        ("POPUP KEEPS", "popup keeps text"),
    ],
)
def test_it_is_found(board: Board, words: str, title: str) -> None:
    assert title in found(board, words)


@pytest.mark.parametrize(
    "words",
    ["图白", "消失", "返回了", "logi ", "qy.logout", "twice thrice", "白 黑", "---", "，。"],
)
def test_it_is_not_found(board: Board, words: str) -> None:
    assert found(board, words) == []


def test_titles_come_first(board: Board) -> None:
    assert found(board, "login")[0] == "login in the title"
    assert "登录失败" in found(board, "login")
    assert found(board, "album")[0] == "The album says error though it saved"


def test_a_filter_holds_among_what_is_found(board: Board) -> None:
    assert found(board, "login status:open") == found(board, "login")
    assert found(board, "login status:workaround") == []
    assert found(board, "twice status:workaround") == ["白色图片"]


def test_what_is_found_can_be_sorted(board: Board) -> None:
    titles = found(board, "login sort:title")
    assert titles == sorted(titles, key=search_text.order_key)
    assert found(board, "login sort:-title") == titles[::-1]


@pytest.mark.parametrize(
    "typed",
    [
        '" OR NEAR( * -',
        '"',
        "'",
        "*",
        "a*b",
        "-",
        "--",
        "(",
        ")))",
        "AND",
        "OR OR OR",
        "NOT x",
        "NEAR(a b, 5)",
        "title:x",
        "{title names} : x",
        "^a",
        "a + b",
        "x\x00y",
        "\ud800",
        "⺀",
        "・",
        "%_\\",
        "'; DROP TABLE events; --",
        "a" * 10_000,
        "word " * 3_000,
        "字" * 3_000,
        "a.b." * 2_000,
    ],
    ids=lambda typed: repr(typed[:20]),
)
def test_whatever_is_typed_raises_nothing(board: Board, typed: str) -> None:
    for query in (parse(typed), Query(typed), Query(typed, sort=SortKey.TITLE)):
        listing = board.find(query)
        assert len(listing.page(0, 100)) == listing.total
        assert sum(board.find(query).counts.values()) == listing.total


def test_the_newest_of_very_many_are_ranked(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = Store.open(tmp_path_factory.mktemp("many") / "board.db", now=Wall(MONDAY))
    for n in range(12):
        store.pitfalls.report(f"common {n}")
    store.close()
    with Board.open(store.path) as board:
        listing = board.find(parse("common"), candidates=10)
        assert listing.total == 10
        assert {row.title.plain for row in listing.page(0, 20)} == {
            f"common {n}" for n in range(2, 12)
        }
        assert not board.find(parse("common")).bounded
        assert CANDIDATES > 12


def test_only_the_beginning_of_a_very_long_query_counts() -> None:
    assert expression("图片" * 5_000) == expression("图片" * 150)
    assert len(expression("word " * 100_000)) < 1_000


def parts_of(path: Path) -> int:
    """How many parts the full-text index of error messages has."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT DISTINCT segid FROM message_search_idx").fetchall()
    return len(rows)


def test_parts_of_the_index_are_merged_beside_the_writing(store: Store) -> None:
    pitfall = store.pitfalls.report("Blank map")
    for number in range(40):
        store.occurrences.log(pitfall, message=f"fail number {number} word{number}x")
    # No occurrence waited for it.
    assert parts_of(store.path) == 40
    store.close()
    assert parts_of(store.path) < 16
    with Board.open(store.path) as board:
        for number in range(40):
            assert board.find(parse(f"word{number}x")).total == 1


# Chinese in either form, as it is read, and signs


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """Titles in simplified and in traditional characters, and some with emoji."""
    store = Store.open(tmp_path_factory.mktemp("chinese") / "board.db", now=Wall())
    for title in (
        "体验版打不开",
        "體驗版白屏",
        "登录重复弹窗",
        "上传率很低",
        "🚀 crashes at launch",
        "支付❤️失败",
        "西安的用户",
        "先登录",
        "tybalt is a name",
    ):
        store.pitfalls.report(title)
    told = store.pitfalls.report("Another one")
    store.comments.add(told, "見開發者社區")
    store.close()
    with Board.open(store.path) as board:
        yield board


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("体验版", {"体验版打不开", "體驗版白屏"}),
        ("體驗版", {"体验版打不开", "體驗版白屏"}),
        ("开发者社区", {"Another one"}),
        ("🚀", {"🚀 crashes at launch"}),
        ("🚀crashes", {"🚀 crashes at launch"}),
        ("❤", {"支付❤️失败"}),
        ("失败", {"支付❤️失败"}),
        ("🎉", set()),
        ("tiyanban", {"体验版打不开", "體驗版白屏"}),
        ("tiyanbanb", {"體驗版白屏"}),
        ("TYBDBK", {"体验版打不开"}),
        ("bp", {"體驗版白屏"}),
        ("chongfu", {"登录重复弹窗"}),
        ("cftc", {"登录重复弹窗"}),
        ("lv", {"上传率很低"}),
        ("xian", {"西安的用户", "先登录"}),
        ("denglu tc", {"登录重复弹窗"}),
        ("kdf", set()),
        ("bps", set()),
        # What stands in a title is found before what is only read like it.
        ("tyb", {"tybalt is a name"}),
        ("-tyb", None),
        ('"bp"', set()),
    ],
)
def test_chinese_is_found_in_either_form_and_as_it_is_read(
    chinese: Board, words: str, titles: set[str] | None
) -> None:
    if titles is None:
        assert len(found(chinese, words)) == 9
    else:
        assert set(found(chinese, words)) == titles


def test_what_is_read_so_can_be_filtered_and_counted(chinese: Board) -> None:
    listing = chinese.find(parse("tiyanban status:open"))
    assert (listing.total, listing.counts[Status.OPEN]) == (2, 2)
    assert chinese.find(parse("tiyanban status:fixed")).total == 0
    assert chinese.find(parse("tiyanban sort:title")).total == 2


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_chinese_titles_are_sorted_by_pinyin(chinese: Board, language: str) -> None:
    rows = chinese.find(Query(sort=SortKey.TITLE), language=language).page(0, 50)
    assert [row.title.plain for row in rows] == [
        "Another one",
        "登录重复弹窗",
        "上传率很低",
        "體驗版白屏",
        "体验版打不开",
        "tybalt is a name",
        "西安的用户",
        "先登录",
        "支付❤️失败",
        "🚀 crashes at launch",
    ]


def test_a_new_title_is_found_as_it_is_read(tmp_path: Path) -> None:
    with closing(Store.open(tmp_path / "board.db", now=Wall())) as store:
        name = store.pitfalls.report("体验版打不开")
        store.pitfalls.edit(name, {"title": "支付失败"})
        other = store.pitfalls.report("Zero")
        store.triage.mark_duplicate(other, name)
        with Board.open(store.path) as board:
            assert found(board, "tyb") == []
            assert found(board, "zfsb") == ["支付失败"]
        store.pitfalls.edit(other, {"title": "扫码黑屏"})
        with Board.open(store.path) as board:
            # A pitfall is found by the titles of its duplicates, too.
            assert found(board, "smhp") == ["支付失败"]


def test_readings_and_forms_are_of_one_character_each() -> None:
    han = search_text._han()
    assert len(han.read) > 6_000
    assert all(re.fullmatch("[a-z]{1,6}", syllable) for syllable in han.read.values())
    assert not set(han.simplified.values()) & {chr(number) for number in han.simplified}
    # A form that is simplified already stays what it is.
    for sign in "体验版重复著乾":
        assert search_text.searchable(sign) == sign
