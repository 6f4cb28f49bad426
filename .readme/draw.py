"""Draw the README's pictures: ``python .readme/draw.py``.

Needs the project installed, Chromium, and fonts with Latin and Chinese of one width
(DejaVu Sans Mono and Noto Sans Mono CJK).
"""

from __future__ import annotations

import asyncio
import html
import os
import random
import re
import subprocess
import tempfile
from pathlib import Path

from rich.cells import cell_len
from textual.events import Paste
from textual.pilot import Pilot

from storage.read import Board
from tui.app import PitboardApp
from tui.text.i18n import speak

HERE = Path(__file__).parent
#: Monday, 2026-11-23, 08:00 in UTC.
NOW = 1_795_420_800_000
WEEK = 7 * 24 * 60 * 60 * 1000
#: The width of a cell in Textual's export.
CELL = 12.2
FONTS = "'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace"


def live_with(app: PitboardApp) -> None:
    """Put a few months of a team's life onto the catalogue."""
    board, store = app.session.board, app.session.store()
    from storage.query import parse

    def named(words: str) -> str:
        return board.find(parse(words)).page(0, 1)[0].id

    for words, weeks in (
        ("white picture", (11, 9, 8, 6, 5, 3, 3, 2, 2, 1, 0)),
        ("qy.login", (7, 7, 7, 1, 1)),
        ("opening a trial link", (10, 6, 4, 2)),
        ("second argument", (8, 5)),
    ):
        pitfall = named(words)
        for week in weeks:
            store.occurrences.log(pitfall, platform="android", seen_at=NOW - week * WEEK)
    store.status.set(
        named("second argument"),
        "fixed upstream",
        axis="document",
        from_date="2026-11-02",
        reason="the page now shows success, fail and complete",
    )


#: What a colleague sent: the community's template, and what the device says of itself.
PASTED = """\
终端类型：iPhone 13
渠道：邀请体验版
复现：点开体验链接
报错：打开失败 内部错误
{"environment":"wxwork","version":"4.1.22","SDKVersion":"2.30.4","platform":"android"}
"""


def wait_in_the_inbox(app: PitboardApp) -> None:
    """Two reports that nobody has decided about."""
    store = app.session.store()
    store.pitfalls.report(
        "qy.login fails at once in the simulator, but not on a phone",
        component="wx.qy.login",
        reproduction="1. Open the project in devtools\n2. Call `wx.qy.login`",
        signatures=["qy.login:fail"],
    )
    store.pitfalls.report(
        "Saved pictures come out white", severity="S2", occurrence={"platform": "android"}
    )


#: What a team lived through in four months: the day, and what was done then.
REPORTED = (
    ("wx.chooseMedia crashes on HarmonyOS", "wx.chooseMedia", "S1"),
    ("wx.qy.getContext returns the wrong entry", "wx.qy.getContext", "S2"),
    ("onShow 在分享卡片进入时触发两次", "App.onShow", "S3"),
    ("wx.downloadFile stops at 50 MB without an error", "wx.downloadFile", "S2"),
)


def look_back(path: Path) -> None:
    """A board with a past to look back on, the same at every drawing."""
    import seeds
    from storage.query import parse
    from storage.write.store import Store

    wall, rng, day = [NOW - 120 * WEEK // 7], random.Random(5), WEEK // 7
    store = Store.open(
        path, who="Lin", catalogue=seeds.lines, edition=seeds.EDITION, now=lambda: wall[0]
    )
    with Board.open(path) as board:
        ids = [row.id for row in board.find(parse("")).page(0, 10)]
    for number in range(120):
        wall[0] = NOW - (120 - number) * day
        if number % 25 == 3:
            title, component, severity = REPORTED[number // 25 % len(REPORTED)]
            ids.append(store.pitfalls.report(title, component=component, severity=severity))
        for _ in range(rng.choice((0, 1, 1, 2, 3))):
            wall[0] += 60_000
            store.occurrences.log(
                rng.choice(ids[:4] * 3 + ids),
                count=rng.choice((1, 1, 2, 4)),
                platform=rng.choice(("android", "android", "ios", "harmony")),
                channel=rng.choice(("trial-qr", "trial-invited", "release")),
                host="wecom",
                client_version="4.1.9" if number > 80 else "4.1.6",
            )
        if number == 70:
            store.status.set(ids[3], "workaround", workaround="Remount the input.", reason="tried")
        if number == 85:
            store.status.set(ids[2], "fixed upstream", axis="client", from_version="4.1.9")
        if number == 100:
            store.status.reopen(ids[2], reason="seen in 4.1.9 again")
        if number == 112:
            store.retro.note(
                "Ask the vendor about 4.1.9", sort="follow-up", owner="Lin", due="2026-12-01"
            )
    store.close()


def draw_page(picture: Path) -> None:
    """The page of a quarter, in Chinese."""
    with tempfile.TemporaryDirectory() as home:
        board, page = Path(home) / "board.db", Path(home) / "page.html"
        look_back(board)
        subprocess.run(
            [
                *("pitboard", "--db", str(board), "retro", "2026-Q4", "--lang", "zh"),
                *("--output", str(page)),
            ],
            check=True,
            capture_output=True,
        )
        _photograph(page, picture, 1100, 900)


async def draw(
    language: str,
    theme: str,
    picture: Path,
    *keys: str,
    pasted: str = "",
    inbox: bool = False,
    past: bool = False,
) -> None:
    """One picture of the board at 120×36, after some keys and what is pasted then."""
    speak(language)
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_CONFIG_HOME"] = home
        if past:
            look_back(Path(home) / "board.db")
        app = PitboardApp(Path(home) / "board.db", who="Lin", now=lambda: NOW)
        if not past:
            live_with(app)
        if inbox:
            wait_in_the_inbox(app)
        async with app.run_test(size=(120, 36)) as pilot:
            app.theme = theme
            await _press(pilot, *keys)
            if pasted and app.screen.focused is not None:
                app.screen.focused.post_message(Paste(pasted))
                await pilot.pause(2)
            svg = app.export_screenshot()
        app.session.close()
    # No fonts from elsewhere: the picture needs nothing but itself.
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;]+;", f"font-family: {FONTS};", svg)
    _render(re.sub(r'(textLength=")[\d.]+("[^>]*>)([^<]*)', _in_cells, svg), picture)


def _in_cells(match: re.Match[str]) -> str:
    """A text as long as its cells: the export counts characters, and Chinese takes two cells."""
    start, rest, text = match.groups()
    return f"{start}{CELL * cell_len(html.unescape(text)):.1f}{rest}{text}"


async def _press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.pause(1)
    for key in keys:
        await pilot.press(key)
        await pilot.pause(0.5)


def _render(svg: str, picture: Path) -> None:
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert found is not None
    width, height = (round(float(side)) for side in found.groups())
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "picture.html"
        page.write_text(
            f"<meta charset=utf-8><body style='margin:0;background:transparent'>{svg}", "utf-8"
        )
        _photograph(page, picture, width, height)


def _photograph(page: Path, picture: Path, width: int, height: int) -> None:
    subprocess.run(
        [
            *("chromium", "--headless", "--no-sandbox", "--hide-scrollbars"),
            *(f"--window-size={width},{height}", f"--screenshot={picture}", page.as_uri()),
        ],
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    asyncio.run(draw("en", "pitboard-dark", HERE / "board.png"))
    asyncio.run(draw("zh_CN", "pitboard-light", HERE / "board.zh.png", "right_square_bracket"))
    asyncio.run(draw("en", "pitboard-dark", HERE / "paste.png", "p", pasted=PASTED))
    asyncio.run(draw("en", "pitboard-dark", HERE / "triage.png", "i", inbox=True))
    quarter = ("R", "Q", "down", "down")
    asyncio.run(draw("en", "pitboard-dark", HERE / "retro.png", *quarter, past=True))
    draw_page(HERE / "retro.page.png")
