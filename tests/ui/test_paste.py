"""Pasting anything on the board: what was read, what contradicts, and one Enter to log it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.widgets import Static, TextArea

from storage.model.row import InboxReason, Triage
from storage.model.vocabulary import Channel, Host, Platform
from storage.write.store import Store
from tests.engines import engine_of
from tests.sizes import each_once
from tests.ui.driving import here, messages, paste, running, screen, settled, shown, type_, until
from tests.ui.test_hostile import HOSTILE
from tui.app import PitboardApp
from tui.dialogs.general import Confirm
from tui.dialogs.paste import Paste
from tui.screens.board import BoardScreen
from tui.text.cells import width
from tui.text.fields import value_word
from tui.widgets.match_lists import ContradictionChoice, MatchList

LOGIN = """{"system":"Android 13","platform":"android","SDKVersion":"2.30.4","environment":"wxwork"}
企业微信版本：4.1.8
渠道：邀请体验版
报错信息：
MiniProgramError
{"errMsg":"invoke result:qy.login,qy.login:fail"}
"""
UNKNOWN = (
    "机型：Pixel 9\nfrobnicateTheGadget:fail quux\n复现步骤：\n1. 打开\nhttps://example.com/a\n"
)


def dialog(app: PitboardApp) -> Paste:
    assert isinstance(app.screen, Paste), app.screen
    return app.screen


def value(app: PitboardApp, name: str) -> str:
    return dialog(app).field(name).value


async def opened(pilot: Pilot[None]) -> None:
    await settled(pilot)
    await pilot.press("p")
    await until(pilot, lambda: isinstance(pilot.app.screen, Paste))
    await until(pilot, lambda: pilot.app.screen.focused is not None)


@asynccontextmanager
async def running_paste(
    app: PitboardApp, *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    async with running(app, size=size) as pilot:
        await opened(pilot)
        yield pilot


async def pasted(pilot: Pilot[None], app: PitboardApp, text: str) -> None:
    """Paste a text where the focus is, and wait until it was looked at."""
    await paste(pilot, text)
    await until(pilot, lambda: not dialog(app).looking and offered(app).option_count)
    await settled(pilot)


def offered(app: PitboardApp) -> MatchList:
    return dialog(app).query_one(MatchList)


async def logged(pilot: Pilot[None]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, BoardScreen))
    await settled(pilot)


async def test_one_enter_after_the_paste_logs_a_known_error_with_all_that_was_read(
    app: PitboardApp,
) -> None:
    async with running_paste(app) as pilot:
        await pasted(pilot, app, LOGIN)
        seen = shown(pilot)
        for words in ("Android", "WeCom", "4.1.8", "2.30.4", "trial by invitation"):
            assert words in seen
        assert "signature “" in seen
        assert "in line 6" in seen
        assert "Check your own network and proxy" in seen
        await pilot.press("enter")
        await logged(pilot)
        assert "Logged an occurrence" in messages(pilot)
        assert "wx.qy.login" in here(app).title.plain
        [newest, *_] = app.session.board.occurrences.of(here(app).id)
        assert newest.message.splitlines()[0] == "MiniProgramError"
        where = newest.environment
        assert (where.host, where.platform) == (Host.WECOM, Platform.ANDROID)
        assert (where.client_version, where.base_library) == ("4.1.8", "2.30.4")
        assert where.channel is Channel.TRIAL_INVITED
        await until(pilot, lambda: "Check your own network and proxy" in shown(pilot))


async def test_enter_right_behind_the_paste_counts_when_the_error_is_known(
    app: PitboardApp,
) -> None:
    async with running_paste(app) as pilot:
        await paste(pilot, LOGIN)
        await pilot.press("enter")
        await logged(pilot)
        assert "wx.qy.login" in here(app).title.plain


async def test_a_look_alike_shows_its_workaround_and_another_one_can_be_chosen(
    app: PitboardApp,
) -> None:
    async with running_paste(app) as pilot:
        await pasted(pilot, app, "wx.saveImageToPhotosAlbum saves a white picture on Android")
        first = offered(app).chosen
        assert first is not None
        assert "≈" in shown(pilot)
        await pilot.press("down")
        await until(pilot, lambda: offered(app).chosen not in (None, first))
        second = offered(app).chosen
        assert second is not None
        workaround = second.pitfall.workaround.plain.split("\n")[0][:20]
        assert workaround in shown(pilot)
        await pilot.press("ctrl+s")
        await logged(pilot)
        assert here(app).id == second.pitfall.id


async def test_what_is_none_of_the_known_ones_goes_into_the_inbox_with_all_that_was_said(
    app: PitboardApp,
) -> None:
    async with running_paste(app) as pilot:
        await pasted(pilot, app, UNKNOWN)
        await pilot.press("end")
        await until(pilot, lambda: offered(app).found and offered(app).chosen is None)
        assert value(app, "title") == "frobnicateTheGadget:fail quux"
        assert "none of these" in shown(pilot)
        await pilot.press("enter")
        await logged(pilot)
        pitfall = here(app)
        assert pitfall.title.plain == "frobnicateTheGadget:fail quux"
        assert pitfall.decision.triage is Triage.INBOX
        assert pitfall.decision.inbox_reason is InboxReason.UNMATCHED
        assert "1. 打开" in pitfall.reproduction.plain
        assert [one.url for one in pitfall.references] == ["https://example.com/a"]
        [occurrence] = app.session.board.occurrences.of(pitfall.id)
        assert occurrence.environment.device == "Pixel 9"
        assert occurrence.message == "frobnicateTheGadget:fail quux"


async def test_one_undo_takes_back_what_was_put_into_the_inbox(app: PitboardApp) -> None:
    async with running_paste(app) as pilot:
        await pasted(pilot, app, UNKNOWN)
        await pilot.press("end", "enter")
        await logged(pilot)
        pitfall = here(app).id
        await pilot.press("u")
        await until(pilot, lambda: app.session.board.list.rowid(pitfall) is None)


async def test_contradictions_are_shown_and_one_key_takes_the_other_value(
    app: PitboardApp,
) -> None:
    async with running_paste(app) as pilot:
        await pasted(pilot, app, LOGIN + "\n终端类型：iOS\n")
        assert "[Android]" in shown(pilot)
        assert "iOS" in shown(pilot)
        assert value(app, "platform") == Platform.ANDROID
        await pilot.press("ctrl+o")
        await until(pilot, lambda: not dialog(app).looking)
        await settled(pilot)
        assert value(app, "platform") == Platform.IOS
        assert "[iOS]" in shown(pilot)
        dialog(app).query_one(ContradictionChoice).focus()
        await pilot.press("space")
        await until(pilot, lambda: value(app, "platform") == Platform.ANDROID)
        await pilot.press("ctrl+s")
        await logged(pilot)
        [newest, *_] = app.session.board.occurrences.of(here(app).id)
        assert newest.environment.platform is Platform.ANDROID


async def test_which_trial_version_it_was_is_asked_and_not_guessed(app: PitboardApp) -> None:
    async with running_paste(app) as pilot:
        await pasted(pilot, app, 'qy.login:fail {"envVersion":"trial"}')
        assert value(app, "channel") == ""
        await pilot.press("ctrl+o")
        await until(pilot, lambda: value(app, "channel") == Channel.TRIAL_INVITED)


async def test_what_a_person_wrote_stays_when_more_is_pasted(app: PitboardApp) -> None:
    async with running_paste(app, size=(120, 40)) as pilot:
        await pasted(pilot, app, "qy.login:fail\n")
        dialog(app).field("device").enter()
        await type_(pilot, "Nokia")
        dialog(app).query_one("#paste-text", TextArea).focus()
        await pilot.pause()
        await pasted(pilot, app, '{"SDKVersion":"2.30.4","brand":"HUAWEI","model":"P60"}')
        assert value(app, "device") == "Nokia"
        assert value(app, "base_library") == "2.30.4"
        assert value(app, "message") == "qy.login:fail"
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Confirm))


async def test_typing_is_read_as_well_and_asked_about_before_it_is_lost(
    app: PitboardApp,
) -> None:
    async with running_paste(app) as pilot:
        await type_(pilot, "qy.login:fail")
        await until(pilot, lambda: value(app, "message") == "qy.login:fail")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Confirm))


async def test_leaving_a_mere_paste_asks_nothing(app: PitboardApp) -> None:
    async with running_paste(app) as pilot:
        await pasted(pilot, app, LOGIN)
        await pilot.press("escape")
        await logged(pilot)
        # It may have left the clipboard meanwhile.
        await opened(pilot)
        assert "What you typed here at" in shown(pilot)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: value(app, "base_library") == "2.30.4")
        assert dialog(app).query_one("#paste-text", TextArea).text == LOGIN


async def test_of_an_empty_paste_nothing_is_kept(app: PitboardApp) -> None:
    async with running_paste(app) as pilot:
        await paste(pilot, " \n")
        await settled(pilot)
        await pilot.press("escape")
        await logged(pilot)
        await opened(pilot)
        assert "What you typed here at" not in shown(pilot)


async def test_a_log_of_a_megabyte_is_read_whole_and_shown_by_its_beginning(
    app: PitboardApp,
) -> None:
    noise = "".join(f"info: line {n} of what a build says\n" for n in range(25_000))
    async with running_paste(app) as pilot:
        await paste(pilot, noise + "invoke result:qy.login,qy.login:fail\n")
        await until(pilot, lambda: offered(app).option_count, seconds=60)
        area = dialog(app).query_one("#paste-text", TextArea)
        assert len(area.text) < 21_000
        assert area.text.endswith("more characters are read; the note keeps the first 6000")
        assert value(app, "message") == "invoke result:qy.login,qy.login:fail"
        await pilot.press("enter")
        await logged(pilot)
        assert "wx.qy.login" in here(app).title.plain


async def test_what_is_more_than_is_kept_of_a_paste_is_said(app: PitboardApp) -> None:
    told = "".join(f"Then the {n}th page came back blank and nobody saw why.\n" for n in range(200))
    async with running_paste(app, size=(120, 40)) as pilot:
        await pasted(pilot, app, "invoke result:qy.login,qy.login:fail\n\n" + told)
        note = value(app, "note")
        more = len(told.strip()) - len(note)
        assert 5_900 < len(note) <= 6_000
        words = f"… {more} more characters are read; the note keeps the first 6000"
        assert str(dialog(app).query_one("#paste-left-out", Static).content) == words
        assert words[:40] in shown(pilot)
        await pilot.press("enter")
        await logged(pilot)
        assert len(app.session.board.occurrences.of(here(app).id)[0].note.plain) == len(note)


async def test_what_the_record_refuses_is_said_and_nothing_is_lost(app: PitboardApp) -> None:
    async with running_paste(app) as pilot:
        await pasted(pilot, app, "qy.login:fail\n")
        count = dialog(app).field("count")
        count.enter()
        await type_(pilot, "x")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "is not a whole number" in shown(pilot))
        assert value(app, "message") == "qy.login:fail"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_hostile_text_is_shown_and_kept_as_visible_signs(
    app: PitboardApp, size: tuple[int, int], somebody: Store
) -> None:
    async with running_paste(app, size=size) as pilot:
        await pasted(pilot, app, f"机型：{HOSTILE}\nError {HOSTILE}\n系统：iOS\n系统：安卓\n")
        for sign in "\x1b\x07\u202e\x9b\x00\u200b":
            assert sign not in shown(pilot)
        await pilot.press("end", "enter")
        await logged(pilot)
        [occurrence] = app.session.board.occurrences.of(here(app).id)
        assert "<U+202E>" in occurrence.message


async def test_an_empty_paste_is_refused_for_its_missing_title(app: PitboardApp) -> None:
    async with running_paste(app) as pilot:
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "a pitfall needs a title" in shown(pilot))
        await pilot.press("escape")
        await logged(pilot)
        assert screen(app).pitfalls.row is not None


async def test_with_one_of_two_devices_its_system_is_taken(app: PitboardApp) -> None:
    async with running_paste(app, size=(120, 40)) as pilot:
        await pasted(pilot, app, "iPhone 13 (iOS 16.2) 和 小米 11 (Android 12) 上都白屏")
        assert [value(app, name) for name in ("device", "platform", "os_version")] == [
            "iPhone 13",
            "ios",
            "16.2",
        ]
        choices = dialog(app).query(ContradictionChoice)
        [device] = [one for one in choices if one._field == "device"]
        device.focus()
        await pilot.press("ctrl+o")
        await until(pilot, lambda: value(app, "device") == "小米 11")
        assert (value(app, "platform"), value(app, "os_version")) == ("android", "12")
        await until(pilot, lambda: not dialog(app).looking)
        await until(pilot, lambda: "[小米 11]" in shown(pilot) and "[12]" in shown(pilot))


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (
            "小米 11 白屏\niPhone 13 (iOS 16.2) 白屏",
            ("小米 11", "", ""),
            ("iPhone 13", "ios", "16.2"),
        ),
        (
            "iPhone 13 上白屏\n小米 11 (Android 12) 上也白屏",
            ("iPhone 13", "ios", ""),
            ("小米 11", "android", "12"),
        ),
        (
            "小米 11 (Android 12) 白屏\niPhone 13 白屏",
            ("小米 11", "android", "12"),
            ("iPhone 13", "ios", ""),
        ),
        (
            "机型：小米 11\n系统：Android 12\n基础库：3.2.1\niPhone 13 也白屏",
            ("小米 11", "android", "12"),
            ("iPhone 13", "ios", ""),
        ),
        (
            "小米 11 (Android 12) 白屏\n华为 Mate 60 (Android 12) 也白屏",
            ("小米 11", "android", "12"),
            ("华为 Mate 60", "android", "12"),
        ),
    ],
)
async def test_back_from_the_other_device_nothing_of_it_is_left(
    app: PitboardApp,
    text: str,
    first: tuple[str, str, str],
    second: tuple[str, str, str],
) -> None:
    async with running_paste(app, size=(120, 40)) as pilot:

        def device() -> tuple[str, ...]:
            return tuple(value(app, name) for name in ("device", "platform", "os_version"))

        await pasted(pilot, app, text)
        assert device() == first
        [choice] = [one for one in dialog(app).query(ContradictionChoice) if one._field == "device"]
        choice.focus()
        for expected in (second, first):
            await pilot.press("ctrl+o")
            await until(pilot, lambda: not dialog(app).looking)
            await settled(pilot)
            assert device() == expected
        await pilot.press("ctrl+s")
        await logged(pilot)


async def test_what_is_not_kept_of_an_object_is_listed(app: PitboardApp) -> None:
    async with running_paste(app, size=(120, 40)) as pilot:
        await pasted(pilot, app, '{"SDKVersion":"3.2.1","platform":"ios","[/]":1,"scene":1011}')
        assert "Not kept: [/]: 1; scene: 1011" in shown(pilot)


async def test_where_all_is_kept_nothing_is_listed(app: PitboardApp) -> None:
    async with running_paste(app) as pilot:
        await pasted(pilot, app, "白屏")
        assert "Not kept" not in shown(pilot)


async def test_the_hint_names_only_keys_that_work_where_the_focus_is(app: PitboardApp) -> None:
    async with running(app, size=(100, 30)) as pilot:
        await pilot.press("p")
        await settled(pilot)
        assert "o: open" not in shown(pilot), "there is nothing to open yet"
        await paste(pilot, "qy.login:fail")
        await settled(pilot)
        assert app.screen.query_one(MatchList).has_focus
        assert "⏎: log   o: open   n: new" in shown(pilot)
        await pilot.press("ctrl+l")
        await settled(pilot)
        assert "^l, then o: open" in shown(pilot)


async def test_chinese_labels_take_one_line(start: Callable[..., PitboardApp]) -> None:
    app = start("zh_CN")
    async with running(app, size=(80, 24)) as pilot:
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, Paste))
        labels = app.screen.query("#paste-environment .label")
        await until(pilot, lambda: all(label.size.height for label in labels if label.display))
        assert {label.size.height for label in labels} <= {0, 1}


@pytest.mark.parametrize(("size", "language"), each_once([(80, 24), (120, 40)], ["en", "zh_CN"]))
async def test_a_contradicting_value_is_never_broken(
    start: Callable[..., PitboardApp], size: tuple[int, int], language: str
) -> None:
    app = start(language)
    async with running_paste(app, size=size) as pilot:
        text = "开发者工具上、HUAWEI Mate 60 Pro 上都失败\n终端类型：iPhone 13 Pro Max\n" + LOGIN
        await pasted(pilot, app, text)
        choices = list(dialog(app).query(ContradictionChoice))
        assert choices
        for choice in choices:
            lines = choice._lines(choice.size.width)
            assert len(lines) == choice.size.height
            assert all(width(line.plain.rstrip()) <= choice.size.width for line in lines)
            whole = "\n".join(line.plain for line in lines)
            assert all(value_word(choice._field, one.value) in whole for one in choice._readings)


async def test_where_nothing_matches_no_key_opens_a_match(app: PitboardApp) -> None:
    async with running_paste(app) as pilot:
        await pasted(pilot, app, "Zzyzx: quux frobnicated\n")
        assert "no known pitfall matches" in shown(pilot)
        assert "n: title" in shown(pilot)
        assert "o: open" not in shown(pilot)


async def test_that_signatures_are_looked_for_slowly_is_said_once(app: PitboardApp) -> None:
    with engine_of("slow"):
        async with running_paste(app) as pilot:
            await pasted(pilot, app, "打开失败 内部错误")
            await until(pilot, lambda: "hyperscan is not installed" in messages(pilot))
            await pasted(pilot, app, "again")
            await settled(pilot)
            assert messages(pilot).count("hyperscan is not installed") <= 1
            pilot.app.clear_notifications()
            await pasted(pilot, app, "and again")
            assert "hyperscan" not in messages(pilot)
