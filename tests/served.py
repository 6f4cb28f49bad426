"""A board that is served: the command in a process of its own, and what a page shows of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType

from tests.processes import PATIENCE

#: A page's size in cells.
COLUMNS, LINES = 100, 30


class ShownPage:
    """A page without a browser: what is typed goes to the board, what it shows to a screen."""

    def __init__(self, socket: ClientWebSocketResponse, columns: int = COLUMNS) -> None:
        self._socket = socket
        self._screen = pyte.Screen(columns, LINES)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def text(self) -> str:
        """What it shows, without the blanks at the ends of lines."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    async def send(self, *message: Any) -> None:
        """Send a message as the script of a page does."""
        await self._socket.send_json([*message])

    async def type(self, text: str) -> None:
        """Type, or paste, some text."""
        await self.send("stdin", text)

    async def shows(self, text: str, seconds: float = PATIENCE) -> None:
        """Wait until it shows some text.

        Raises:
            AssertionError: it ended, or did not show it.
        """
        try:
            async with asyncio.timeout(seconds):
                # A line that is longer than the page goes on in the next one.
                while "".join(text.split()) not in "".join(self.text.split()):
                    message = await self._socket.receive()
                    assert message.type in (WSMsgType.BINARY, WSMsgType.TEXT), (message, self.text)
                    if message.type is WSMsgType.BINARY:
                        self._stream.feed(message.data)
        except TimeoutError:
            raise AssertionError(f"{text!r} is not in\n{self.text}") from None

    async def ended(self, seconds: float = PATIENCE) -> int | None:
        """Wait until the server closes it; the code that it gives."""
        async with asyncio.timeout(seconds):
            while (await self._socket.receive()).type in (WSMsgType.BINARY, WSMsgType.TEXT):
                pass
        return self._socket.close_code


class Browser:
    """A browser that has a cookie of a server, or none."""

    def __init__(self, session: ClientSession, address: str) -> None:
        self.session = session
        parts = urlsplit(address)
        self.origin = f"{parts.scheme}://{parts.netloc}"

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Ask for something; the status and the text."""
        async with self.session.get(
            f"{self.origin}{path}", headers=headers, allow_redirects=False
        ) as answer:
            return answer.status, await answer.text()

    @asynccontextmanager
    async def page(self, **headers: str) -> AsyncIterator[ShownPage]:
        """Open a page of the board."""
        async with self.session.ws_connect(
            f"{self.origin}/ws?width={COLUMNS}&height={LINES}",
            headers={"Origin": self.origin} | headers,
        ) as socket:
            page = ShownPage(socket)
            await page.send("focus")
            yield page


@asynccontextmanager
async def browser(address: str, *, enters: bool = True) -> AsyncIterator[Browser]:
    """A browser; it opens the address first, unless it shall have no cookie."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        opened = Browser(session, address)
        if enters:
            parts = urlsplit(address)
            status, _text = await opened.get(f"{parts.path}?{parts.query}")
            assert status == 200
        yield opened


class Server:
    """``pitboard serve`` in a process of its own.

    Attributes:
        address: what it printed.
        said: what it wrote to stderr, once it has ended.
        code: its exit code, once it has ended.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.said = ""
        self.code: int | None = None


@asynccontextmanager
async def served(python: str, *arguments: str, env: Mapping[str, str]) -> AsyncIterator[Server]:
    """Serve a board with ``--json`` on a port that is free, and end it as ctrl+c does."""
    process = await asyncio.create_subprocess_exec(
        *(python, "-m", "tui", "serve", "--json", "--port", "0", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=env,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            document = await process.stdout.readuntil(b"}\n")
        server = Server(json.loads(document)["address"])
        yield server
        process.send_signal(2)
        async with asyncio.timeout(PATIENCE):
            _out, said = await process.communicate()
        server.said, server.code = said.decode(), process.returncode
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
