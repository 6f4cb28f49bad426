"""A board that four people wrote on for four months, made up for pictures: always the same."""

from __future__ import annotations

import random
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

import seeds
from seeds.sealing import pitfall_id
from storage.write.store import Store

#: Monday, 2026-11-23, 08:00 in UTC.
NOW = 1_795_420_800_000
DAY = 24 * 60 * 60 * 1000
#: How long the team has had its board.
DAYS = 112

LINK, LOGIN, ALBUM = map(
    pitfall_id,
    ("trial-link-internal-error", "qy-login-fails-in-devtools", "album-white-picture-android"),
)
MOMENTS = pitfall_id("moments-callback-ignored")

#: Titles that the team gave to entries of the catalogue, short enough for a list.
TITLES = {
    "two-trial-versions": (
        "Two trial versions, each with its own build",
        "体验版有两套，代码和名单各管各的",
    ),
    "invited-trial-per-company": (
        "Invited trials differ between companies",
        "邀请体验版在不同企业之间隔离",
    ),
    "invited-trial-stays-old": (
        "Invited trial stays old without 更新版本",
        "不点“更新版本”，分享的还是旧版",
    ),
    "trial-link-internal-error": (
        "Trial link fails: 打开失败 内部错误",
        "体验链接报错“打开失败 内部错误”",
    ),
    "album-white-picture-android": (
        "Android saves a white picture to the album",
        "安卓存到相册的是白图",
    ),
    "album-error-though-saved": (
        "Saving a picture fails though it is saved",
        "图片存成功了，接口仍然报错",
    ),
    "qy-login-fails-in-devtools": (
        "qy.login fails in devtools, not on devices",
        "开发者工具里 qy.login 失败，真机正常",
    ),
    "moments-three-posts-a-day": (
        "Customers see three posts a day at most",
        "客户一天最多看到 3 条朋友圈",
    ),
    "moments-callback-ignored": (
        "Moments share ignores its callback",
        "分享到朋友圈不执行回调",
    ),
    "popup-input-keeps-text": (
        "Popup input keeps its text after closing",
        "关掉弹窗，input 的文字还留在页面上",
    ),
}


class Reported(NamedTuple):
    """A pitfall that the team reported; ``often`` is how much it is met beside others."""

    who: str
    day: int
    title: tuple[str, str]
    component: str
    severity: str
    kind: str
    often: int


MEDIA, CARD, CONTEXT, DOWNLOAD, MAP, SCALE, VIDEO, CLIPBOARD = REPORTED = (
    Reported(
        *("Ada", 4, ("chooseMedia crashes on HarmonyOS", "鸿蒙上 chooseMedia 闪退")),
        *("wx.chooseMedia", "S1", "bug", 9),
    ),
    Reported(
        *("陈晨", 11, ("onShow runs twice from a shared card", "从分享卡片进入时 onShow 触发两次")),
        *("App.onShow", "S3", "quirk", 4),
    ),
    Reported(
        *("Lin", 19, ("getContext names the wrong entry", "getContext 返回的入口不对")),
        *("wx.qy.getContext", "S2", "bug", 6),
    ),
    Reported(
        *("Marco", 30, ("downloadFile stops silently at 50 MB", "downloadFile 超过 50 MB 就中断")),
        *("wx.downloadFile", "S2", "limit", 5),
    ),
    Reported(
        *("Ada", 44, ("Map stays blank after rotation", "横竖屏切换后地图空白")),
        *("map", "S3", "bug", 3),
    ),
    Reported(
        *("陈晨", 58, ("openLocation ignores the scale", "openLocation 的 scale 不生效")),
        *("wx.openLocation", "S4", "docs", 2),
    ),
    Reported(
        *("Lin", 71, ("Video keeps playing in the background", "切到后台后视频还在播放")),
        *("video", "S3", "bug", 4),
    ),
    Reported(
        *("Marco", 83, ("Clipboard is empty on iOS 19", "iOS 19 上读不到剪贴板")),
        *("wx.getClipboardData", "S2", "bug", 5),
    ),
)
#: The catalogue's own that this team meets, and how often.
MET = ((LINK, 7), (LOGIN, 6), (ALBUM, 8), (MOMENTS, 3))


class Team:
    """The people who write to one board, and the time at which they do."""

    PEOPLE = ("Lin", "Ada", "陈晨", "Marco")

    def __init__(self, path: Path, stores: ExitStack) -> None:
        self.now = NOW - DAYS * DAY
        self._stores = {
            who: stores.enter_context(
                closing(
                    Store.open(
                        path,
                        who=who,
                        catalogue=seeds.lines,
                        edition=seeds.EDITION,
                        now=lambda: self.now,
                    )
                )
            )
            for who in self.PEOPLE
        }

    def __getitem__(self, who: str) -> Store:
        """Somebody's store, a minute after whatever was done last."""
        self.now += 60_000
        return self._stores[who]

    def day(self, number: int) -> None:
        """Go on to the morning of a day, counted from the first one."""
        self.now = NOW - (DAYS - number) * DAY


def make_example_board(path: Path, language: str) -> None:
    """A board with four months of four people's work on it.

    Args:
        path: where it is written.
        language: of the titles that people gave.
    """
    chance, ids, chinese = random.Random(7), dict[Reported, str](), language != "en"
    with ExitStack() as stores:
        team = Team(path, stores)
        for slug, titles in TITLES.items():
            team["Lin"].pitfalls.edit(pitfall_id(slug), {"title": titles[chinese]})
        often = dict(MET)
        for number in range(DAYS):
            team.day(number)
            for one in REPORTED:
                if one.day == number:
                    name = ids[one] = team[one.who].pitfalls.report(
                        one.title[chinese],
                        component=one.component,
                        severity=one.severity,
                        kind=one.kind,
                    )
                    often[name] = one.often
                    if one is not CLIPBOARD:
                        team["Lin"].triage.accept(name)
            for _ in range(chance.choice((0, 1, 1, 2, 3))):
                _seen(team, chance, often, number)
            _decided(team, number, ids)
        for number, name in enumerate((LOGIN, ids[DOWNLOAD], ids[VIDEO], ids[MEDIA], LINK)):
            team.now = NOW - (5 - number) * DAY // 2
            team[Team.PEOPLE[number % 4]].occurrences.log(name, platform="ios", **_PLACE)
        team.now = NOW - DAY // 8
        team["Ada"].pitfalls.report(
            ("qy.login fails at once in the simulator", "模拟器里 qy.login 直接失败")[chinese],
            component="wx.qy.login",
            reproduction="1. Open the project in devtools\n2. Call `wx.qy.login`",
            signatures=["qy.login:fail"],
        )


_PLACE = {"host": "wecom", "client_version": "4.1.22", "channel": "release"}


def _seen(team: Team, chance: random.Random, often: dict[str, int], number: int) -> None:
    """Somebody meets one of the pitfalls, in one of the usual places."""
    [name] = chance.choices([*often], [*often.values()])
    platform = chance.choice(("android", "android", "ios", "harmony"))
    channel = chance.choice(("trial-qr", "trial-invited", "release"))
    where = {"platform": platform, "channel": channel, "host": "wecom"}
    if name == LOGIN:
        where = {"platform": "devtools", "channel": "devtools"}
    elif name == LINK:
        where["channel"] = "trial-invited"
    team[chance.choice(Team.PEOPLE)].occurrences.log(
        name,
        count=chance.choice((1, 1, 2, 3)),
        client_version="4.1.22" if number > 74 else "4.1.9",
        base_library="3.7.0" if number > 60 else "3.5.8",
        **where,
    )


def _decided(team: Team, number: int, ids: dict[Reported, str]) -> None:
    """What was done on a day besides reporting and logging."""
    if number == 25:
        team["Ada"].status.set(
            ids[MEDIA],
            "workaround",
            workaround="Ask for one picture at a time: `count: 1`.",
            reason="tried on two phones",
        )
    elif number == 40:
        team["Marco"].status.set(
            ids[DOWNLOAD],
            "workaround",
            workaround="Download in parts with a `Range` header, and join them.",
        )
    elif number == 66:
        team["Lin"].status.set(ids[CONTEXT], "fixed upstream", axis="client", from_version="4.1.20")
    elif number == 68:
        team["Ada"].links.add_reply(
            ids[MEDIA],
            "https://developers.weixin.qq.com/community/develop/doc/000a2c",
            sort="will-fix",
            official=True,
            author="小程序技术专员",
            version="4.1.24",
            said_on="2026-10-10",
        )
    elif number == 75:
        team["Ada"].status.set(
            ids[MAP], "workaround", workaround="Hide the map with `wx:if`, and show it again."
        )
    elif number == 70:
        team["陈晨"].comments.add(ids[CARD], "Only if the card was shared from a group.")
    elif number == 92:
        for platform in ("android", "ios"):
            team["Marco"].occurrences.log(
                MOMENTS, outcome="not-reproduced", platform=platform, **_PLACE
            )
    elif number == 90:
        team["Lin"].status.set(
            MOMENTS,
            "fixed upstream",
            axis="document",
            from_date="2026-10-30",
            reason="the page now shows success, fail and complete",
        )
    elif number == 104:
        team["Lin"].retro.note(
            "Ask the vendor about 4.1.22", sort="follow-up", owner="Lin", due="2026-12-01"
        )
        team["Ada"].retro.note("No release on Fridays until the link opens", sort="decision")
