"""A real browser without a window, for tests of pages: Chromium, where there is one."""

from __future__ import annotations

import html
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from tests.processes import PATIENCE

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM: Final = next(filter(None, map(shutil.which, _NAMES)), None)

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="There is no Chromium on this machine to look at the page with."
)


def _has_chinese_fonts() -> bool:
    lister = shutil.which("fc-list")
    return lister is not None and bool(
        subprocess.run([lister, ":lang=zh-cn"], capture_output=True, check=False).stdout
    )


needs_chinese_fonts = pytest.mark.skipif(
    not _has_chinese_fonts(), reason="There is no font with Chinese on this machine."
)


class Colour(NamedTuple):
    """The colour of a pixel."""

    red: int
    green: int
    blue: int


class Browser:
    """Runs Chromium once for each question, with a profile of its own that goes with the test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _run(self, page: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        assert CHROMIUM is not None
        return subprocess.run(
            [
                CHROMIUM,
                *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
                *("--disable-background-networking", "--disable-dev-shm-usage"),
                # No name resolves, so that a page which asks anybody would show as broken.
                *("--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr"),
                f"--user-data-dir={self._folder / 'profile'}",
                *arguments,
                page.as_uri(),
            ],
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )

    def says(self, page: Path) -> list[str]:
        """What the browser's console has to say of a page."""
        output = self._run(page, "--dump-dom").stderr.decode(errors="replace")
        return [line for line in output.splitlines() if "CONSOLE" in line]

    def picture(self, page: Path, width: int, height: int, *, dark: bool = False) -> Path:
        """A picture of the page's top in a window of that size."""
        target = self._folder / f"{page.stem}-{width}-{'dark' if dark else 'light'}.png"
        scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
        self._run(page, *scheme, f"--window-size={width},{height}", f"--screenshot={target}")
        return target

    def printed(self, page: Path) -> bytes:
        """The page as a PDF."""
        target = self._folder / f"{page.stem}.pdf"
        self._run(page, "--no-pdf-header-footer", f"--print-to-pdf={target}")
        return target.read_bytes()

    def measured(self, page: Path, width: int, script: str) -> Any:
        """What a function says of the page as it stands in a frame of that width.

        The page itself stays as it is: the function runs in another one around it.

        Args:
            page: the page to look at.
            width: of the frame, in pixels.
            script: the body of a function of ``page`` (its document) and ``view`` (its window)
                that returns what JSON can hold.
        """
        frame = self._folder / "frame.html"
        frame.write_text(
            f"""<!doctype html><meta charset="utf-8"><iframe style="width:{width}px;height:800px"
            srcdoc="{html.escape(page.read_text("utf-8"))}"></iframe><pre></pre><script>
            document.querySelector("iframe").onload = (event) => {{
              const view = event.target.contentWindow, page = view.document;
              const values = (() => {{ {script} }})();
              document.querySelector("pre").textContent = JSON.stringify(values);
            }};</script>""",
            "utf-8",
        )
        dom = self._run(frame, "--virtual-time-budget=5000", "--dump-dom").stdout.decode()
        values = dom.rpartition("<pre>")[2].partition("</pre>")[0]
        return json.loads(html.unescape(values))


def first_pixel(picture: Path) -> Colour:
    """The colour of a picture's upper left corner: the page behind everything."""
    import zlib

    data = picture.read_bytes()
    at, packed = 8, b""
    while at < len(data):
        size = int.from_bytes(data[at : at + 4])
        if data[at + 4 : at + 8] == b"IDAT":
            packed += data[at + 8 : at + 8 + size]
        at += size + 12
    # Before the first line stands the number of its filter; none of them changes a first pixel.
    return Colour(*zlib.decompress(packed)[1:4])
