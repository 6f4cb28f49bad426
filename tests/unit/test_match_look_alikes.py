"""The nearest known pitfalls, in either language, and why each of them is alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import rapidfuzz
from hypothesis import given
from hypothesis import strategies as st

import seeds
from storage.match.likeness import (
    LikenessBound,
    SimilarityKind,
    SimilarityReason,
    likeness,
    similar_letters,
    weighed_by,
)
from storage.match.similar import SimilarPitfall, SimilarPitfalls
from storage.match.title_features import TitleFeatures, TitleIndex
from storage.model.row import Status
from storage.text.search_text import ratios
from storage.write.store import Store

Report = Callable[..., str]


class AskedOnce:
    """Asks as a command does, each time anew, and of the full-text index."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def near(self, title: str, *arguments: str, **named: Any) -> list[SimilarPitfall]:
        with SimilarPitfalls.once(self._path, few=0) as alike:
            return alike.near(title, *arguments, **named)


@pytest.fixture(params=["in memory", "by the index"])
def alike(store: Store, request: pytest.FixtureRequest) -> Iterator[SimilarPitfalls | AskedOnce]:
    if request.param == "by the index":
        yield AskedOnce(store.path)
        return
    with SimilarPitfalls.open(store.path) as alike:
        yield alike


@pytest.fixture
def report(store: Store) -> Report:
    def report(title: str, component: str = "", **values: object) -> str:
        return store.pitfalls.report(
            title, component=component, kind="bug", severity="S3", **values
        )

    return report


@pytest.fixture
def white(report: Report) -> str:
    return report("wx.saveImageToPhotosAlbum 存出来是白图", "wx.saveImageToPhotosAlbum")


@pytest.fixture
def others(report: Report) -> list[str]:
    """Pitfalls about something else that share a word or two with what the tests ask for."""
    titles = [
        "wx.uploadFile 上传图片失败",
        "选择联系人之后没有回调",
        "安卓上登录页面打不开",
        "Popup keeps its text after closing",
        "wx.qy.shareToExternalMoments ignores the callback",
        "朋友圈一天只能发三条",
        "分享卡片的标题被截断",
    ]
    return [report(title) for title in titles]


def ids(found: list[SimilarPitfall]) -> list[str]:
    return [one.pitfall for one in found]


def reasons(found: SimilarPitfall) -> dict[SimilarityKind, str]:
    return {why.reason: why.value for why in found.because}


def test_the_same_words_come_first(
    alike: SimilarPitfalls, report: Report, others: list[str]
) -> None:
    pitfall = report("安卓上打开登录页面时白屏")
    best = alike.near("登录页面白屏")[0]
    assert best.pitfall == pitfall
    assert (best.title.plain, best.status) == ("安卓上打开登录页面时白屏", Status.OPEN)
    assert 0 < best.score <= 1


@pytest.mark.parametrize(
    "title",
    [
        "wx.saveImageToPhotosAlbum 保存图片变白",
        "保存图片变白（saveImageToPhotosAlbum）",
        "用WX.SAVEIMAGETOPHOTOSALBUM保存图片后相册里一片白",
    ],
)
def test_different_words_around_the_same_api_are_alike(
    alike: SimilarPitfalls, white: str, others: list[str], title: str
) -> None:
    best = alike.near(title)[0]
    assert best.pitfall == white
    assert SimilarityKind.API in reasons(best) or "SAVE" in title


def test_different_words_about_the_same_thing_are_alike_without_an_api(
    alike: SimilarPitfalls, white: str, others: list[str]
) -> None:
    found = {one.pitfall: one for one in alike.near("保存图片变白")}
    assert set(reasons(found[white])) == {SimilarityKind.TITLE}


def test_an_old_title_is_found_by_what_newer_ones_hold_each_for_itself(
    alike: SimilarPitfalls, report: Report
) -> None:
    oldest = report("蓝牙断开以后重新连接没有回调")
    for n in range(30):
        report(f"蓝牙设备第{n}号搜索不到")
        report(f"网络断开第{n}次提示太晚")
        report(f"页面重新打开第{n}次闪退")
    assert alike.near("重新连接断开的蓝牙，回调没有来")[0].pitfall == oldest


def test_that_both_deny_something_is_nothing_in_common(
    alike: SimilarPitfalls, report: Report
) -> None:
    report("不理会第二个参数，回调不执行")
    assert alike.near("登录不行") == []


def test_the_api_of_the_component_counts_too(
    alike: SimilarPitfalls, white: str, others: list[str]
) -> None:
    assert ids(alike.near("图片变白", component="wx.saveImageToPhotosAlbum"))[0] == white


def test_the_spellings_of_an_api_are_one(alike: SimilarPitfalls, report: Report) -> None:
    pitfall = report("开发者工具里 wx.qy.login 报错")
    for name in ("qy.login", "qy__login", "wx.qy.login", "Wx.Qy.Login"):
        [found] = alike.near(f"{name} broken")
        assert found.pitfall == pitfall
        assert reasons(found)[SimilarityKind.API] == name
    assert alike.near("wx.qy.loginOut broken") == []


def test_an_api_named_without_its_owner_is_the_same_and_its_words_count_once(
    alike: SimilarPitfalls, others: list[str]
) -> None:
    [found] = alike.near("shareToExternalMoments:ok but nobody sees it")
    assert found.pitfall == others[4]
    assert found.because == (SimilarityReason(SimilarityKind.API, "shareToExternalMoments"),)
    assert SimilarityKind.API not in reasons(
        alike.near("wx.shareToExternalMoments:ok but nobody")[0]
    )


def test_a_name_that_is_only_nearly_the_same_shares_its_words(
    alike: SimilarPitfalls, white: str, others: list[str]
) -> None:
    [found] = alike.near("saveImageToPhotoAlbum")
    assert (found.pitfall, SimilarityKind.API in reasons(found)) == (white, False)


def test_shared_words_are_told_each_once(alike: SimilarPitfalls, report: Report) -> None:
    report("点开链接报错，打开以后就关了")
    [found] = alike.near("体验版又打不开，点开白屏")
    words = reasons(found)[SimilarityKind.WORDS].split(", ")
    assert not [one for one in words for other in words if one != other and one in other]


def test_english_titles_share_words(
    alike: SimilarPitfalls, report: Report, others: list[str]
) -> None:
    pitfall = report("Login fails in devtools while devices are fine")
    [found, *_] = alike.near("login broken again in devtools today")
    assert found.pitfall == pitfall
    assert reasons(found)[SimilarityKind.WORDS] == "devtools, login"


def test_of_words_as_long_as_each_other_the_first_are_looked_for(
    alike: SimilarPitfalls, report: Report
) -> None:
    pitfall = report("An Android phone without permission leaves a white picture in its album")
    [found] = alike.near("picture saved to album is blank white")
    assert found.pitfall == pitfall


def test_a_title_that_is_nearly_the_same_is_called_similar(
    alike: SimilarPitfalls, report: Report
) -> None:
    pitfall = report("Two trial versions exist side by side")
    [found] = alike.near("two trial version exist side-by-side")
    assert (found.pitfall, found.because) == (pitfall, (SimilarityReason(SimilarityKind.TITLE),))
    assert found.score > 0.75


def test_the_same_message_says_most(
    store: Store, alike: SimilarPitfalls, report: Report, others: list[str]
) -> None:
    pitfall = report("拿不到 code")
    store.occurrences.log(
        pitfall, message='{"errMsg":"getAuth:fail invalid scope, hint: [1586_a]","rid":"5f"}'
    )
    [found] = alike.near("", "10:00:00 MiniProgramError getAuth:fail invalid scope, hint: [99]")
    assert found.pitfall == pitfall
    assert reasons(found)[SimilarityKind.MESSAGE] == "getauth:fail invalid scope"


def test_a_signature_is_a_message_too(alike: SimilarPitfalls, report: Report) -> None:
    pitfall = report("拿不到 code", signatures=["getAuth:fail invalid scope"])
    [found] = alike.near("授权失败", "getAuth:fail invalid scope")
    assert (found.pitfall, found.because[0].reason) == (pitfall, SimilarityKind.MESSAGE)


def test_the_same_error_code_is_said(
    store: Store, alike: SimilarPitfalls, report: Report, others: list[str]
) -> None:
    pitfall = report("拿不到 code")
    store.occurrences.log(pitfall, message="something else: errcode 40029")
    [found] = alike.near("another thing", '{"errcode":40029,"errmsg":"invalid code"}')
    assert (found.pitfall, reasons(found)) == (pitfall, {SimilarityKind.CODE: "40029"})


def test_codes_that_every_error_has_make_nothing_alike(
    store: Store, alike: SimilarPitfalls, report: Report
) -> None:
    pitfall = report("拿不到 code")
    store.occurrences.log(pitfall, message="something else: errcode -1")
    assert alike.near("another thing", "errcode -1") == []


def test_only_the_component_in_common_is_too_little(alike: SimilarPitfalls, report: Report) -> None:
    report("A first thing", "trial version")
    assert alike.near("Quite another", component="trial version") == []


@pytest.mark.parametrize("title", ["", " ", "x", "的", "zzz", '"', "* OR (", "\x00"])
def test_where_nothing_is_alike_nothing_is_suggested(
    alike: SimilarPitfalls, others: list[str], title: str
) -> None:
    assert alike.near(title) == []


def test_no_more_than_asked_for(alike: SimilarPitfalls, report: Report) -> None:
    for number in range(9):
        report(f"wx.qy.login fails {number}")
    assert len(alike.near("wx.qy.login fails")) == 5
    assert len(alike.near("wx.qy.login fails", limit=2)) == 2


def test_the_two_languages_of_a_title_are_compared(tmp_path: Path) -> None:
    import seeds

    path = tmp_path / "seeded.db"
    Store.open(path, catalogue=seeds.lines, edition=seeds.EDITION).close()
    with SimilarPitfalls.open(path) as alike:
        [zh] = alike.near("体验版有两套，互相隔离", limit=1)
        [en] = alike.near("Two trial versions side by side", limit=1)
        assert zh.pitfall == en.pitfall
        assert zh.title.zh


# What is not suggested


def test_neither_itself_nor_what_was_told_apart(
    store: Store, alike: SimilarPitfalls, report: Report
) -> None:
    one, two, three = (report(f"wx.qy.login fails {word}") for word in ("here", "there", "too"))
    assert set(ids(alike.near("wx.qy.login fails", besides=[one]))) == {two, three}
    store.triage.not_duplicate(one, two)
    assert ids(alike.near("wx.qy.login fails", besides=[one])) == [three]
    assert ids(alike.near("wx.qy.login fails", besides=[two])) == [three]
    assert len(alike.near("wx.qy.login fails")) == 3


def test_a_duplicates_title_counts_for_its_original(
    store: Store, alike: SimilarPitfalls, report: Report, white: str
) -> None:
    duplicate = report("Pictures come out blank")
    store.triage.mark_duplicate([duplicate], white)
    [found] = alike.near("pictures come out blank")
    assert found.pitfall == white
    assert found.title.plain == "wx.saveImageToPhotosAlbum 存出来是白图"
    assert alike.near("pictures come out blank", besides=[white]) == []


# What changes


def test_what_changes_on_the_board_is_read_again(
    store: Store, alike: SimilarPitfalls, report: Report, white: str
) -> None:
    assert alike.near("Popup keeps its text") == []
    pitfall = report("Popup keeps its text")
    assert ids(alike.near("Popup keeps its text")) == [pitfall]
    store.pitfalls.edit(pitfall, {"title": "Something else altogether"})
    assert alike.near("Popup keeps its text") == []
    assert ids(alike.near("something else altogether")) == [pitfall]
    store.history.undo()
    assert ids(alike.near("Popup keeps its text")) == [pitfall]
    store.history.undo()
    assert alike.near("Popup keeps its text") == []
    assert ids(alike.near("wx.saveImageToPhotosAlbum"))[0] == white


def test_a_rebuilt_board_is_read_again(
    store: Store, alike: SimilarPitfalls, report: Report, white: str
) -> None:
    pitfall = report("Popup keeps its text")
    assert ids(alike.near("Popup keeps its text")) == [pitfall]
    store.rebuild()
    assert ids(alike.near("Popup keeps its text")) == [pitfall]


# What any report has, and what says more


CATALOGUE_QUESTIONS = (
    "没有小程序后台体验权限的账号，安卓手机调用保存相册 API，会保存白色图片。",
    "企业微信没有小程序后台体验权限的账号，调用保存图片到相册 API，报错，保存白色图片",
    "没有小程序后台体验权限，保存白色图片",
    "没有小程序后台体验权限时，真机上保存图片到相册报错，内容是白色图片",
    "Without trial permission in the admin console an Android phone saves a white picture",
)


@pytest.mark.parametrize("title", CATALOGUE_QUESTIONS)
def test_the_permission_and_the_platform_say_more_than_common_words(
    tmp_path: Path, title: str
) -> None:
    path = tmp_path / "board.db"
    Store.open(path, catalogue=seeds.lines, edition=seeds.EDITION).close()
    with SimilarPitfalls.open(path) as alike:
        first, *others = alike.near(title)
    assert first.pitfall.startswith("d860")
    assert all(one.score < first.score for one in others if one.pitfall.startswith("505b"))


@pytest.mark.parametrize(
    "title",
    ["企业微信真机内容问题报错", "Test", "小程序出现问题", "A bug: test of an issue in WeCom"],
)
def test_what_any_report_has_is_nothing_in_common(tmp_path: Path, title: str) -> None:
    path = tmp_path / "board.db"
    Store.open(path, catalogue=seeds.lines, edition=seeds.EDITION).close()
    with SimilarPitfalls.open(path) as alike:
        assert alike.near(title) == []


def test_a_word_that_half_the_board_has_counts_for_nothing(
    alike: SimilarPitfalls, report: Report
) -> None:
    for number in range(30):
        report(f"商城订单第{'一二三四五六七八九十'[number % 10]}页{'甲乙丙'[number // 10]}不刷新")
    wanted = report("扫码枪扫不出商城券")
    found = alike.near("商城订单里扫码枪没有声音")
    assert found[0].pitfall == wanted


def test_a_platform_is_the_same_in_both_languages(alike: SimilarPitfalls, report: Report) -> None:
    android = report("Camera stays black on Android")
    report("Camera stays black on iOS")
    assert alike.near("安卓上 Camera black")[0].pitfall == android


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("iOS 上打开会话没反应", "iOS: 客服消息发不出去"),
        ("打不开页面", "通讯录打了又开"),
        ("iPhone 白屏", "iPhone 12 无法录音"),
        ("macOS crashes", "macOS shows two windows"),
    ],
)
def test_a_platform_or_two_characters_apart_are_no_likeness(
    alike: SimilarPitfalls, report: Report, asked: str, known: str
) -> None:
    report(known)
    assert alike.near(asked) == []


def test_what_is_shared_is_named_by_words_and_apis(alike: SimilarPitfalls, report: Report) -> None:
    ours = report("iOS 上 wx.openEnterpriseChat 打开会话没反应")
    [found] = alike.near("wx.openEnterpriseChat 在 iOS 打开会话闪退")
    assert found.pitfall == ours
    assert reasons(found)[SimilarityKind.API] == "wx.openEnterpriseChat"
    assert "iOS" not in reasons(found).values()
    words = reasons(found).get(SimilarityKind.WORDS, "打开会话").split(", ")
    assert "打开会话" in words
    assert all(len(word) > 1 for word in words)


_LETTERS = st.text("ab图。\n ", max_size=12)


@given(wanted=_LETTERS, held=st.lists(_LETTERS, max_size=6))
def test_letters_in_common_are_counted_as_rapidfuzz_counts_them(
    wanted: str, held: list[str]
) -> None:
    assert ratios(wanted, held) == pytest.approx(
        [rapidfuzz.fuzz.ratio(wanted, text) for text in held]
    )


def test_few_titles_and_many_are_asked_for_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    titles = TitleIndex()
    for rowid in range(200):
        titles.put(
            rowid, (f"画布 {rowid % 7} 保存图片变白 {rowid % 3}", f"canvas {rowid % 11} goes white")
        )
    titles.put(4, ())
    few = [titles.nearest(title, 20) for title in ("保存图片变白 2", "canvas 10")]
    monkeypatch.setattr("storage.match.title_features._MANY_TITLES", 0)
    assert [titles.nearest(title, 20) for title in ("保存图片变白 2", "canvas 10")] == few
    assert few[0]
    assert few[1]


_SAID: Final = st.lists(
    st.sampled_from(
        [
            *(
                "wx.qy.login",
                "qy.login",
                "saveImage",
                "login",
                "Images",
                "安卓",
                "Android",
                "ＡＰＩ",
            ),
            *(
                "保存图片",
                "图片",
                "相册权限",
                "album permission",
                "体验",
                "错误",
                "40029",
                "変わる",
                " ",
            ),
        ]
    ),
    max_size=5,
).map("".join)
_FEATURES: Final = st.builds(TitleFeatures, _SAID, st.just(""), _SAID)


@given(
    wanted=st.builds(TitleFeatures, _SAID, st.sampled_from(["", "errcode 40029"]), _SAID),
    known=st.one_of(
        _FEATURES,
        st.builds(TitleFeatures, st.builds("{}\n{}".format, _SAID, _SAID), _SAID, _SAID),
    ),
    shares=st.dictionaries(st.sampled_from(["login", "图", "片", "image"]), st.floats(0, 1)),
)
def test_nothing_is_more_like_another_than_it_may_be_at_most(
    wanted: TitleFeatures, known: TitleFeatures, shares: dict[str, float]
) -> None:
    weight = weighed_by(lambda word: shares.get(word, 0.0))
    [letters] = similar_letters(wanted, [known])
    found = likeness(wanted, known, letters, weight)
    assert found.score <= LikenessBound(wanted, weight).of(known, letters) + 1e-9


def test_an_old_title_is_found_on_a_board_whose_newer_ones_hold_each_of_its_words(
    alike: SimilarPitfalls, report: Report
) -> None:
    places, troubles = ("工作台", "侧边栏", "朋友圈", "管理后台"), ("卡顿", "黑屏", "闪退")
    oldest = report("日程提醒在横屏时重复触发")
    for n in range(40):
        report(f"{places[n % 4]}日程提醒{troubles[n % 3]}{n}")
        report(f"{places[n % 4]}{troubles[n % 3]}以后重复触发{n}")
        report(f"{places[n % 4]}打开文档{troubles[n % 3]}{n}")
        report(f"{places[n % 4]}上传附件{troubles[n % 3]}{n}")
    assert alike.near("重复触发的日程提醒")[0].pitfall == oldest
