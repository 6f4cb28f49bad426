"""The built-in catalogue: what it holds, that it never changes, and how boards take it."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import seeds
from seeds.reading import entries, read
from seeds.sealing import ACTOR, pitfall_id, sealed
from storage.events import Event, parse
from storage.events.catalogue import Entry, Misprint
from storage.match.generality import check_signature
from storage.model.records import Occurrence, Pitfall
from storage.model.row import Status, Text
from storage.model.verdicts import upstream_of
from storage.model.vocabulary import Upstream
from storage.query.parser import parse as query
from storage.read.board import Board
from storage.write.store import Store

TRIAL = Text("trial version", "体验版")
ALBUM = Text("wx.saveImageToPhotosAlbum")
LOGIN = Text("wx.qy.login")
MOMENTS = Text("wx.qy.shareToExternalMoments")
POPUP = Text("popup with input", "弹窗与 input")

TABLE = {
    "two-trial-versions": ("quirk", TRIAL, "workaround"),
    "invited-trial-per-company": ("quirk", TRIAL, "workaround"),
    "invited-trial-stays-old": ("quirk", TRIAL, "workaround"),
    "trial-link-internal-error": ("bug", TRIAL, "workaround"),
    "album-white-picture-android": ("bug", ALBUM, "open"),
    "album-error-though-saved": ("quirk", ALBUM, "workaround"),
    "qy-login-fails-in-devtools": ("tooling", LOGIN, "workaround"),
    "moments-three-posts-a-day": ("limit", MOMENTS, "workaround"),
    "moments-callback-ignored": ("docs", MOMENTS, "workaround"),
    "popup-input-keeps-text": ("bug", POPUP, "open"),
}

TRIAL_PAGE = "https://developer.work.weixin.qq.com/document/path/92380"
ALBUM_PAGE = "https://developers.weixin.qq.com/miniprogram/dev/api/media/image/wx.saveImageToPhotosAlbum.html"
LOGIN_PAGE = (
    "https://developers.weixin.qq.com/miniprogram/dev/dev_wxwork/dev-doc/qywx-api/login"
    "/wxqylogin.html"
)
MOMENTS_PAGE = "https://developer.work.weixin.qq.com/document/path/97005"
INPUT_PAGE = "https://developers.weixin.qq.com/miniprogram/dev/component/input.html"
LOGIN_THREAD = (
    "https://developers.weixin.qq.com/community/develop/doc/0000c0d9be84d82a990c4902756400"
    "?highlight=invoke%20result%3Aqy.login,qy.login%3Afail"
)
MOMENTS_THREAD = (
    "https://developers.weixin.qq.com/community/enterprisewechat/doc/000e22cd200f005fb6eca583b51400"
)
#: Every entry has the official page that applies, and the thread that the note names.
LINKS = {
    "two-trial-versions": [TRIAL_PAGE],
    "invited-trial-per-company": [TRIAL_PAGE],
    "invited-trial-stays-old": [TRIAL_PAGE],
    "trial-link-internal-error": [TRIAL_PAGE],
    "album-white-picture-android": [ALBUM_PAGE],
    "album-error-though-saved": [ALBUM_PAGE],
    "qy-login-fails-in-devtools": [LOGIN_THREAD, LOGIN_PAGE],
    "moments-three-posts-a-day": [MOMENTS_PAGE],
    "moments-callback-ignored": [MOMENTS_PAGE, MOMENTS_THREAD],
    "popup-input-keeps-text": [INPUT_PAGE],
}

# An entry added with a later release: `GOLDEN` gets a new last line, (its last seq, that event's
# id, the hash over all ids so far); `hash_of` computes it. The lines that stand here never change:
# if they no longer hold, boards that were joined would show every entry twice.
GOLDEN = [
    (
        83,
        "aa204b7fe8dec18aeae3dd73b749005a",
        "6a6e0928bb1f79beea1d0f442c733cc75c98906c58270de2f7fea04f241d7e00",
    ),
]
FIRST = "ba578de5b2205c0f5e570c9e66461a2a"

#: An entry such as a later release may bring.
LATER = """
day = 2030-01-02
tags = ["later"]

[report]
kind = "docs"
title = { en = "A later entry", zh = "后来的条目" }
reproduction = { en = "Steps", zh = "步骤" }
"""


def hash_of(ids: list[str]) -> str:
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()


def events() -> list[Event]:
    return [parse(line) for line in seeds.lines()]


def with_one_more() -> list[bytes]:
    return [event.line for event in sealed([*entries(), read("0011-later.toml", LATER)])]


def open_board(path: Path, **options: object) -> Store:
    values = {"catalogue": seeds.lines, "edition": seeds.EDITION} | options
    return Store.open(path, **values)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    path = tmp_path_factory.mktemp("catalogue") / "board.db"
    open_board(path).close()
    with Board.open(path) as opened:
        yield opened


def pitfall(board: Board, slug: str) -> Pitfall:
    return board.pitfall(pitfall_id(slug))


def found(board: Board, words: str) -> set[str]:
    names = {pitfall_id(slug): slug for slug in TABLE}
    return {names[row.id] for row in board.find(query(words)).page(0, 100)}


def event_ids(path: Path) -> list[str]:
    with Board.open(path) as board:
        lines = board.history.newest_changes(10_000)
    return sorted({line.event for line in lines})


# What it holds


def test_the_ten_entries_are_those_of_the_table(board: Board) -> None:
    assert [entry.slug for entry in entries()] == list(TABLE)
    assert board.find(query("")).total == 10
    held = {slug: pitfall(board, slug) for slug in TABLE}
    assert {s: (p.kind, p.component, p.status) for s, p in held.items()} == TABLE
    assert {p.reported_by for p in held.values()} == {"field notes"}


def test_everything_that_people_read_is_there_in_both_languages(board: Board) -> None:
    for slug in TABLE:
        entry = pitfall(board, slug)
        texts = [entry.title, entry.reproduction]
        texts += [entry.workaround] if entry.status is Status.WORKAROUND else []
        texts += [reference.title for reference in entry.references]
        texts += [reference.quote for reference in entry.references if reference.quote.plain]
        texts += [seen.note for seen in board.occurrences.of(entry.id) if seen.note.plain]
        for text in texts:
            assert text.plain, slug
            assert any("\u4e00" <= sign <= "\u9fff" for sign in text.zh), (slug, text)
        for heading in ("Steps", "Expected", "Actual"):
            assert f"## {heading}\n" in entry.reproduction.plain, slug
        for heading in ("步骤", "预期", "实际"):
            assert f"## {heading}\n" in entry.reproduction.zh, slug
        assert entry.tags, slug
        assert all(tag == tag.lower() for tag in entry.tags)


def test_each_reference_stands_where_it_belongs(board: Board) -> None:
    held = {slug: pitfall(board, slug).references for slug in TABLE}
    assert {slug: [one.url for one in links] for slug, links in held.items()} == LINKS
    for link in (link for links in held.values() for link in links):
        thread = link.url in (LOGIN_THREAD, MOMENTS_THREAD)
        assert link.source == ("community" if thread else "official")
        # Nobody of the vendor's spoke there.
        assert not link.official
    [answer] = [one for one in held["moments-callback-ignored"] if one.quote.plain]
    assert "success" in answer.quote.plain
    assert "success" in answer.quote.zh


def test_only_a_thread_makes_an_entry_reported(board: Board) -> None:
    reported = {slug for slug in TABLE if upstream_of(pitfall(board, slug)) is Upstream.REPORTED}
    assert reported == {"qy-login-fails-in-devtools", "moments-callback-ignored"}


@pytest.mark.parametrize("slug", TABLE)
def test_an_open_entry_has_no_advice_in_its_notes(board: Board, slug: str) -> None:
    """What to do is the workaround of an entry, where people look for it."""
    entry = pitfall(board, slug)
    headings = re.findall("^## (.*)", entry.reproduction.plain, re.M)
    assert "What to do" not in headings
    assert "怎么办" not in entry.reproduction.zh
    assert bool(entry.workaround.plain) == (entry.status is Status.WORKAROUND)


def test_the_quoted_error_texts_are_signatures(board: Board) -> None:
    login = {one.text for one in pitfall(board, "qy-login-fails-in-devtools").signatures}
    assert login >= {
        "invoke result:qy.login,qy.login:fail",
        "qy.login:fail",
        "wx.qy.login fail",
    }
    link = {one.text for one in pitfall(board, "trial-link-internal-error").signatures}
    assert "打开失败 内部错误" in link
    assert min(map(len, login | link)) >= 8


def day_of(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


def seen(board: Board, slug: str) -> dict[tuple[str | None, ...], Occurrence]:
    return {
        (one.environment.host, one.environment.platform, one.outcome): one
        for one in board.occurrences.of(pitfall_id(slug))
    }


def test_each_signature_can_be_looked_for() -> None:
    for entry in entries():
        for signature in entry.signatures:
            check_signature(signature.text, signature.form)


def test_the_white_picture_differs_by_platform_alone(board: Board) -> None:
    pictures = seen(board, "album-white-picture-android")
    assert set(pictures) == {
        ("wecom", "android", "reproduced"),
        ("wecom", "ios", "not-reproduced"),
    }
    [same] = {(o.environment.channel, o.environment.permission) for o in pictures.values()}
    assert same == ("trial-invited", "not a trial member / 非体验成员")


def test_the_popup_differs_by_host_alone(board: Board) -> None:
    assert set(seen(board, "popup-input-keeps-text")) == {
        ("wecom", None, "reproduced"),
        ("wechat", None, "not-reproduced"),
    }


def test_the_login_failed_in_devtools_and_not_on_devices(board: Board) -> None:
    logins = board.occurrences.of(pitfall_id("qy-login-fails-in-devtools"))
    assert {(day_of(one.seen_at), one.environment.platform, one.outcome) for one in logins} == {
        ("2021-04-23", "devtools", "reproduced"),
        ("2022-04-10", "devtools", "reproduced"),
        ("2022-04-10", None, "not-reproduced"),
    }


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("打开失败", "trial-link-internal-error"),
        ("打开失败 内部错误", "trial-link-internal-error"),
        ("白图", "album-white-picture-android"),
        ("朋友圈", "moments-three-posts-a-day"),
        ("弹窗", "popup-input-keeps-text"),
        ("更新版本", "invited-trial-stays-old"),
        ("white picture", "album-white-picture-android"),
        ("three posts", "moments-three-posts-a-day"),
        ("second argument", "moments-callback-ignored"),
        ("qy.login:fail", "qy-login-fails-in-devtools"),
        ("component:体验版 tag:company", "invited-trial-per-company"),
        ("标签:企业 标签:体验*", "invited-trial-per-company"),
    ],
)
def test_searching_in_either_language_finds_the_entry(board: Board, words: str, slug: str) -> None:
    assert slug in found(board, words)


# That it never changes


def test_what_has_been_released_is_still_the_same() -> None:
    ids = [event.id for event in events()]
    assert ids[0] == FIRST
    for count, last, digest in GOLDEN:
        assert (ids[count - 1], hash_of(ids[:count])) == (last, digest)
    assert len(ids) == GOLDEN[-1][0], "new events: see how to add them above"
    assert len(GOLDEN) == seeds.EDITION


def test_it_is_one_chain_of_one_actor() -> None:
    chain = events()
    assert [event.envelope.seq for event in chain] == list(range(1, len(chain) + 1))
    assert [event.envelope.prev for event in chain] == [None, *(e.id for e in chain[:-1])]
    assert {event.envelope.actor for event in chain} == {ACTOR}
    assert [event.order for event in chain] == sorted(event.order for event in chain)
    assert all(event.body is not None for event in chain)
    steps = {event.envelope.step: event for event in chain}
    assert [chain[step - 1].envelope.kind for step in steps] == ["reported"] * 10
    assert len({event.pitfall[:4] for event in steps.values()}) == 10


def test_its_bytes_depend_on_nothing_around_it() -> None:
    lines = seeds.lines()
    assert seeds.lines() == lines
    output = "import hashlib, seeds; print(hashlib.sha256(b'\\n'.join(seeds.lines())).hexdigest())"
    for surroundings in (
        {"LC_ALL": "C", "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "1", "PYTHONUTF8": "0"},
        {"LC_ALL": "zh_CN.GBK", "TZ": "America/New_York", "PYTHONHASHSEED": "2"},
    ):
        assert run(output, **surroundings) == hashlib.sha256(b"\n".join(lines)).hexdigest()


def test_importing_it_loads_nothing_heavy() -> None:
    heavy = {"pydantic", "tomllib", "storage", "importlib.resources"}
    assert run(f"import seeds, sys; print({heavy!r} & set(sys.modules) or 'light')") == "light"


def run(code: str, **surroundings: str) -> str:
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | surroundings
    output = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    return output.stdout.strip()


# How boards take it


def test_two_boards_hold_the_same_events_and_opening_again_adds_none(tmp_path: Path) -> None:
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    for path in (one, other, one):
        open_board(path).close()
    assert event_ids(one) == event_ids(other) == sorted(event.id for event in events())


def test_a_later_edition_adds_its_entry_and_leaves_what_people_wrote(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    edited = pitfall_id("popup-input-keeps-text")
    store = open_board(path)
    store.pitfalls.edit(edited, {"title": "Our own words"})
    store.close()
    open_board(path, catalogue=with_one_more, edition=seeds.EDITION + 1).close()
    with Board.open(path) as board:
        assert board.find(query("")).total == 11
        assert board.pitfall(edited).title == Text("Our own words")
        assert board.pitfall(pitfall_id("later")).title == Text("A later entry", "后来的条目")


def test_later_entries_come_after_the_released_ones_and_before_what_people_write() -> None:
    lines = with_one_more()
    assert lines[: len(seeds.lines())] == seeds.lines()
    day_after = datetime(2022, 4, 11, tzinfo=UTC).timestamp() * 1000
    assert parse(lines[-1]).envelope.hlc >> 16 < day_after < parse(lines[-1]).envelope.at


def test_a_board_started_without_it_stays_without_it(tmp_path: Path) -> None:
    path = tmp_path / "board.db"
    for options in ({"catalogue": None}, {}, {"edition": seeds.EDITION + 1}):
        open_board(path, **options).close()
        with Board.open(path) as board:
            assert board.find(query("")).total == 0


# What its door refuses


@pytest.mark.parametrize(
    ("before", "after", "values"),
    [
        ("title =", "titel =", "report.titel"),
        ("tags =", "tag =", "tag: there is nothing of that name"),
        ('zh = "后来的条目"', 'de = "Später"', "both languages"),
        ("A later", "A\\u202elater", "<U+202E>"),
        ('"docs"', '"dogs"', "report.kind"),
        ('kind = "docs"', 'status = "workaround"', "needs a workaround"),
        ('kind = "docs"', 'status = "fixed upstream"', "a claim"),
        ("day = 2030-01-02", "day = 2030-31-02", "0011-later.toml"),
        ('"later"', '"two words"', "tags.0.tag"),
    ],
)
def test_a_misprint_is_named_with_its_place(before: str, after: str, values: str) -> None:
    with pytest.raises(Misprint, match=r"0011-later\.toml: .") as refused:
        read("0011-later.toml", LATER.replace(before, after))
    assert values in str(refused.value)


@pytest.mark.parametrize("name", ["later.toml", "11-later.toml", "0011-Later.toml", "0011.toml"])
def test_a_file_is_named_by_number_and_slug(name: str) -> None:
    with pytest.raises(Misprint):
        read(name, LATER)


def test_a_occurrence_of_another_day_says_so() -> None:
    entry: Entry = read("0011-later.toml", f"{LATER}\n[[occurrences]]\nseen_on = 2021-04-23\n")
    assert entry.occurrences[0].seen_at == datetime(2021, 4, 23, tzinfo=UTC).timestamp() * 1000
    with pytest.raises(Misprint, match="seen_on"):
        read("0011-later.toml", f'{LATER}\n[[occurrences]]\nseen_on = "yesterday"\n')


def test_tags_are_typed_and_completed_in_either_language(tmp_path: Path) -> None:
    store = open_board(tmp_path / "board.db")
    with Board.open(store.path) as opened:
        begun = opened.names.matching("tag", "体验", "zh_CN", 9)
        assert begun == ["体验版"]
        assert "trial-version" in opened.names.matching("tag", "trial", "en", 9)
        found = {row.id for row in opened.find(query("标签:体验版")).page(0, 100)}
        assert found == {row.id for row in opened.find(query("tag:trial-version")).page(0, 100)}
        assert len(found) == 5
    store.close()


def test_tags_that_begin_with_what_is_typed_are_offered_first(tmp_path: Path) -> None:
    store = open_board(tmp_path / "board.db")
    for _ in range(3):
        store.pitfalls.report("x", tags=["新登录", "My-Login"])
    store.pitfalls.report("y", tags=["登录页", "LOGIN-PAGE"])
    with Board.open(store.path) as opened:
        chinese = opened.names.matching("tag", "登录", "zh_CN", 9)
        # The tag of the catalogue is shown in Chinese, and begins as it was typed in either.
        latin = opened.names.matching("tag", "Login", "zh_CN", 9)
        english = opened.names.matching("tag", "Login", "en", 9)
    store.close()
    assert {*chinese[:2]} == {"登录", "登录页"}
    assert chinese[2:] == ["新登录"]
    assert ({*latin[:2]}, latin[2:]) == ({"登录", "LOGIN-PAGE"}, ["My-Login"])
    assert ({*english[:2]}, english[2:]) == ({"login", "LOGIN-PAGE"}, ["My-Login"])


def test_what_a_person_wrote_stands_even_when_the_clock_is_wrong(tmp_path: Path) -> None:
    store = Store.open(
        tmp_path / "b.db", catalogue=seeds.lines, edition=seeds.EDITION, now=lambda: 0
    )
    with Board.open(store.path) as board:
        [row] = board.find(query("")).page(0, 1)
        store.pitfalls.edit(row.id, {"title": "mine"})
        assert board.pitfall(row.id).title.plain == "mine"
    store.close()
