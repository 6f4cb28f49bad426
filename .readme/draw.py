"""Draw every picture of the documents: ``python .readme/draw.py``.

Needs the project installed with its ``images`` extra, Chromium, and fonts with Latin and Chinese of
one width (DejaVu Sans Mono and Noto Sans Mono CJK). The board in the pictures is made up by
``lived_on``, the same at every drawing.
"""

from __future__ import annotations

import asyncio
import html
import os
import random
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from rich.cells import cell_len
from textual.events import Paste
from textual.pilot import Pilot

import seeds
from seeds.sealing import pitfall_id
from storage.write.store import Store
from tui.app import PitboardApp
from tui.text.i18n import speak

HERE = Path(__file__).parent
#: Monday, 2026-11-23, 08:00 in UTC.
NOW = 1_795_420_800_000
DAY = 24 * 60 * 60 * 1000
#: How long the team has had its board.
DAYS = 112
#: The size of a picture, in cells.
SIZE = (120, 34)
#: The width of a cell in Textual's export.
CELL = 12.2
FONTS = "'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace"
#: So many colours draw a terminal; a picture with them has a quarter of the bytes.
COLOURS = 128
#: The height of the line below a frame, in pixels.
CAPTION = 56

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

#: What is in the clipboard of somebody whose trial link just failed.
COPIED = """\
终端类型：iPhone 13
渠道：邀请体验版
复现：点开体验链接
报错：打开失败 内部错误
{"environment":"wxwork","version":"4.1.22","SDKVersion":"2.30.4","platform":"android"}
"""


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


def lived_on(path: Path, language: str) -> None:
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


# The board in a terminal, as SVG


@contextmanager
def board(language: str) -> Iterator[PitboardApp]:
    """The app on that board, in a home of its own."""
    speak(language)
    with tempfile.TemporaryDirectory() as home:
        # A terminal of all colours, whatever this is drawn in.
        os.environ |= {"XDG_CONFIG_HOME": home, "COLORTERM": "truecolor", "TERM": "xterm-256color"}
        path = Path(home) / "board.db"
        lived_on(path, language)
        app = PitboardApp(path, who="Lin", now=lambda: NOW)
        yield app
        app.session.close()


async def draw(language: str, theme: str, name: str, *keys: str) -> None:
    """One picture of the board after some keys."""
    with board(language) as app:
        async with app.run_test(size=SIZE) as pilot:
            app.theme = theme
            await _press(pilot, *keys)
            # The detail follows the cursor when it rests.
            await pilot.pause(2)
            _photograph(_picture(app), HERE / name)


async def draw_main_job(name: str) -> None:
    """The main job as an animation: from an error in the clipboard to its workaround."""
    frames: list[Path] = []
    with board("en") as app, tempfile.TemporaryDirectory() as folder:

        def frame(caption: str, content: str) -> None:
            frames.append(Path(folder) / f"{len(frames)}.png")
            _photograph(content, frames[-1], caption)

        async with app.run_test(size=SIZE) as pilot:
            app.theme = "pitboard-dark"
            await _press(pilot)
            await pilot.pause(2)
            picture = _picture(app)
            frame("1   The trial link fails. Copy the error, as it is.", _note(picture, COPIED))
            frame("2   Open the board and press p.", picture)
            await _press(pilot, "p")
            assert app.screen.focused is not None
            app.screen.focused.post_message(Paste(COPIED))
            await pilot.pause(3)
            frame("3   Paste. The fields are read, and the pitfall is known.", _picture(app))
            await _press(pilot, "enter")
            await pilot.pause(1)
            await _press(pilot, "enter")
            await pilot.pause(2)
            frame("4   Press enter. It is logged, and here is the workaround.", _picture(app))
        _animate(frames, HERE / name)


def draw_report(name: str) -> None:
    """The page of a quarter, in Chinese."""
    with tempfile.TemporaryDirectory() as home:
        path, page = Path(home) / "board.db", Path(home) / "page.html"
        lived_on(path, "zh_CN")
        subprocess.run(
            [
                *("pitboard", "--db", str(path), "retro", "2026-Q4", "--lang", "zh"),
                *("--output", str(page)),
            ],
            check=True,
            capture_output=True,
        )
        _take(page, HERE / name, 1100, 900)


async def _press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.pause(1)
    for key in keys:
        await pilot.press(key)
        await pilot.pause(0.5)


def _picture(app: PitboardApp) -> str:
    """What the terminal shows, as SVG."""
    svg = app.export_screenshot()
    # No fonts from elsewhere: the picture needs nothing but itself.
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;]+;", f"font-family: {FONTS};", svg)
    return re.sub(r'(textLength=")[\d.]+("[^>]*>)([^<]*)', _in_cells, svg)


def _in_cells(match: re.Match[str]) -> str:
    """A text as long as its cells: the export counts characters, and Chinese takes two cells."""
    start, rest, text = match.groups()
    return f"{start}{CELL * cell_len(html.unescape(text)):.1f}{rest}{text}"


# Pictures by a browser


def _size(content: str) -> tuple[int, int]:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', content)
    assert found is not None
    width, height = (round(float(side)) for side in found.groups())
    return width, height


def _note(like: str, text: str) -> str:
    """A text on a sheet of the size of a picture."""
    width, height = _size(like)
    return (
        f'<div data-size=\'viewBox="0 0 {width} {height}"\' style="width:{width}px;'
        f"height:{height}px;background:#16161a;border-radius:8px;box-sizing:border-box;"
        f"padding:{height // 4}px 140px;font:30px/1.7 {FONTS};color:#e6e6e6;"
        'white-space:pre-wrap;overflow-wrap:anywhere">'
        f"{html.escape(text)}</div>"
    )


def _photograph(content: str, picture: Path, caption: str = "") -> None:
    """Take a picture of what has a view box, with a line below it that says what it shows."""
    width, height = _size(content)
    below = (
        f'<div style="font:600 26px/{CAPTION}px system-ui,sans-serif;color:#fff;'
        f'background:#2b5fd9;padding:0 28px;white-space:pre">{html.escape(caption)}</div>'
    )
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "picture.html"
        page.write_text(
            "<meta charset=utf-8><body style='margin:0;background:transparent'>"
            f"<div style='line-height:0'>{content}</div>{below if caption else ''}",
            "utf-8",
        )
        _take(page, picture, width, height + (CAPTION if caption else 0))


def _take(page: Path, picture: Path, width: int, height: int) -> None:
    subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--hide-scrollbars"),
            *(f"--window-size={width},{height}", f"--screenshot={picture}", page.as_uri()),
        ],
        check=True,
        capture_output=True,
    )
    with Image.open(picture) as taken:
        taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
            picture, optimize=True
        )


def _animate(frames: Sequence[Path], animation: Path) -> None:
    """Join frames to a GIF that repeats; the last one stays longest."""
    pictures = [Image.open(frame).convert("RGB") for frame in frames]
    width = 900
    scaled = [
        one.resize((width, one.height * width // one.width), Image.Resampling.LANCZOS).quantize(
            COLOURS // 2, dither=Image.Dither.NONE
        )
        for one in pictures
    ]
    scaled[0].save(
        *(animation,),
        save_all=True,
        append_images=scaled[1:],
        duration=[3000, 2500, 5000, 6000],
        loop=0,
        optimize=True,
    )


async def _draw_all() -> None:
    await draw_main_job("paste.gif")
    await draw("en", "pitboard-dark", "board.png")
    await draw("zh_CN", "pitboard-light", "board.zh.png", "right_square_bracket")
    await draw("en", "pitboard-dark", "triage.png", "i", "G")
    await draw("en", "pitboard-dark", "retro.png", "R", "Q", "down", "down")


if __name__ == "__main__":
    asyncio.run(_draw_all())
    draw_report("retro.page.png")
