"""Draw the README's pictures: ``python .readme/draw.py``.

Needs the project installed, Chromium, and fonts with Latin and Chinese of one width
(DejaVu Sans Mono and Noto Sans Mono CJK).
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import subprocess
import tempfile
from pathlib import Path

from rich.cells import cell_len
from textual.events import Paste
from textual.pilot import Pilot

from tui.app import PitboardApp
from tui.language import speak

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
            store.log_occurrence(pitfall, platform="android", seen_at=NOW - week * WEEK)
    store.set_status(
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
    store.report(
        "qy.login fails at once in the simulator, but not on a phone",
        component="wx.qy.login",
        reproduction="1. Open the project in devtools\n2. Call `wx.qy.login`",
        signatures=["qy.login:fail"],
    )
    store.report("Saved pictures come out white", severity="S2", occurrence={"platform": "android"})


async def draw(
    language: str, theme: str, picture: Path, *keys: str, pasted: str = "", inbox: bool = False
) -> None:
    """One picture of the board at 120×36, after some keys and what is pasted then."""
    speak(language)
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_CONFIG_HOME"] = home
        app = PitboardApp(Path(home) / "board.db", who="Lin", now=lambda: NOW)
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
