"""A real browser without a window, for tests of pages: Chromium, where there is one."""

from __future__ import annotations

import asyncio
import base64
import html
import json
import re
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyte
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse

from tests.processes import PATIENCE

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM: Final = next(filter(None, map(shutil.which, _NAMES)), None)

#: How often a page is shown that has not loaded: on a busy machine its virtual time is over sooner.
_LOOKS: Final = 10

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
        [value] = self.measured_each([(page, width)], script)
        return value

    def measured_each(self, frames: Sequence[tuple[Path, int]], script: str) -> list[Any]:
        """What a function says of each of some pages, each in a frame of its width."""
        frame = self._folder / "frame.html"
        framed = "".join(
            f'''<iframe style="width:{width}px;height:800px"
            srcdoc="{html.escape(page.read_text("utf-8"))}"></iframe>'''
            for page, width in frames
        )
        frame.write_text(
            f"""<!doctype html><meta charset="utf-8">{framed}<pre></pre><script>
            addEventListener("load", () => {{
              const values = [...document.querySelectorAll("iframe")].map((frame) => {{
                const view = frame.contentWindow, page = view.document;
                return (() => {{ {script} }})();
              }});
              document.querySelector("pre").textContent = JSON.stringify(values);
            }});</script>""",
            "utf-8",
        )
        for _attempt in range(_LOOKS):
            dom = self._run(frame, "--virtual-time-budget=5000", "--dump-dom").stdout.decode()
            text = dom.rpartition("<pre>")[2].partition("</pre>")[0]
            if text:
                values: list[Any] = json.loads(html.unescape(text))
                return values
        raise AssertionError(f"Chromium never loaded the page before it showed it: {dom[:500]}")


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


class LivePage:
    """A page that stays open, driven as a person would: by what DevTools' protocol types.

    Args:
        socket: of the page, as DevTools names it.
    """

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        #: What happened in the page, by the names of DevTools' events.
        self.events: list[dict[str, Any]] = []
        self._screen: pyte.Screen | None = None
        self._fed = 0

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask for one thing; its result."""
        self._number += 1
        number = self._number
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            message = await self._socket.receive_json(timeout=PATIENCE)
            if message.get("id") == number:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result
            self.events.append(message)

    async def says(self, expression: str) -> Any:
        """The value of an expression in the page, once it is there."""
        answer = await self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def until(self, expression: str, seconds: float = PATIENCE) -> Any:
        """Wait for an expression to be true; its value."""
        end = time.monotonic() + seconds
        while not (value := await self.says(expression)):
            assert time.monotonic() < end, expression
            await asyncio.sleep(0.05)
        return value

    def shown(self) -> str:
        """What the terminal in the page shows, by what its socket has brought."""
        for event in self.events[self._fed :]:
            match event:
                case {"method": "Network.webSocketCreated", "params": {"url": url}}:
                    if size := re.search(r"width=(\d+)&height=(\d+)", url):
                        self._screen = pyte.Screen(int(size[1]), int(size[2]))
                        self._stream = pyte.ByteStream(self._screen)
                case {"method": "Network.webSocketFrameReceived", "params": {"response": frame}}:
                    if frame["opcode"] == 2:
                        self._stream.feed(base64.b64decode(frame["payloadData"]))
        self._fed = len(self.events)
        return "\n".join(self._screen.display) if self._screen else ""

    async def type(self, text: str) -> None:
        """Press the key of each character."""
        for one in text:
            key = {"\r": "Enter", "\x1b": "Escape"}.get(one, one)
            code = {"\r": 13, "\x1b": 27}.get(one, ord(one.upper()))
            shown = {"text": one} if key == one or one == "\r" else {}
            await self.press(key, code, **shown)

    async def press(self, key: str, code: int, **more: Any) -> None:
        """Press one key and let it go."""
        for kind in ("keyDown", "keyUp"):
            await self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **more
            )

    async def picture(self, target: Path) -> Path:
        """What it shows, as a PNG."""
        answer = await self.call("Page.captureScreenshot")
        target.write_bytes(base64.b64decode(answer["data"]))
        return target


@asynccontextmanager
async def live_page(folder: Path, *options: str) -> AsyncIterator[LivePage]:
    """An empty page of a Chromium with a profile of its own."""
    assert CHROMIUM is not None
    profile = folder / "live"
    chromium = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
        *("--disable-background-networking", "--no-first-run", "--remote-debugging-port=0"),
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        *(f"--user-data-dir={profile}", "--window-size=1000,700", *options, "about:blank"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        port = profile / "DevToolsActivePort"
        for _ in range(20 * PATIENCE):
            if port.exists() and "\n" in port.read_text():
                break
            await asyncio.sleep(0.05)
        at = f"http://127.0.0.1:{port.read_text().splitlines()[0]}"
        async with ClientSession() as session:
            async with session.get(f"{at}/json/list") as answer:
                pages = [one for one in await answer.json() if one["type"] == "page"]
            async with session.ws_connect(
                pages[0]["webSocketDebuggerUrl"], max_msg_size=0
            ) as socket:
                page = LivePage(socket)
                for name in ("Page", "Runtime", "Log", "Network"):
                    await page.call(f"{name}.enable")
                yield page
    finally:
        with suppress(ProcessLookupError):
            chromium.kill()
        await chromium.wait()
