"""Draw every picture of the documents: ``python .readme/draw.py``.

Needs the project installed with its ``images`` extra, Chromium, and fonts with Latin and Chinese of
one width (DejaVu Sans Mono and Noto Sans Mono CJK). The board in them is that of
``example_board.py``, the same at every drawing.
"""

from __future__ import annotations

import asyncio
import html
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from example_board import NOW, make_example_board
from PIL import Image
from rich.cells import cell_len
from textual.events import Paste
from textual.pilot import Pilot

from tui.app import PitboardApp
from tui.text.i18n import speak

HERE = Path(__file__).parent
#: The size of a picture, in cells.
SIZE = (120, 34)
#: The width of a cell in Textual's export.
CELL = 12.2
FONTS = "'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace"
#: So many colours draw a terminal; a picture with them has a quarter of the bytes.
COLOURS = 128
#: The height of the line below a frame, in pixels.
CAPTION = 56

#: What is in the clipboard of somebody whose trial link just failed.
COPIED = """\
终端类型：iPhone 13
渠道：邀请体验版
复现：点开体验链接
报错：打开失败 内部错误
{"environment":"wxwork","version":"4.1.22","SDKVersion":"2.30.4","platform":"android"}
"""


# The board in a terminal, as SVG


@contextmanager
def board(language: str) -> Iterator[PitboardApp]:
    """The app on that board, in a home of its own."""
    speak(language)
    with tempfile.TemporaryDirectory() as home:
        # A terminal of all colours, whatever this is drawn in.
        os.environ |= {"XDG_CONFIG_HOME": home, "COLORTERM": "truecolor", "TERM": "xterm-256color"}
        path = Path(home) / "board.db"
        make_example_board(path, language)
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
        make_example_board(path, "zh_CN")
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
