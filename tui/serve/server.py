"""The server of ``pitboard serve``: who is let in, what they are sent, a process for each page.

Any page that a browser shows can send requests to this machine, and any program here can ask, too.
So a page is only let in by an address that was printed, which works once and leaves a cookie; the
names of the host and of the page that asks must be the very ones of that address.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import re
import secrets
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from aiohttp import WSMsgType, web

from storage.errors import N_, Busy
from tui.serve.page import LAST_SECONDS, PageProcess, cells, page_command
from tui.text.i18n import _, language

#: So many pages can be open at once: each has a process of its own.
MOST_PAGES: Final = 8
#: How often a page is asked whether it is still there, in seconds.
_HEARTBEAT_SECONDS: Final = 15.0
#: A message of a page, such as a pasted log, has so many bytes at most.
_LONGEST_MESSAGE: Final = 16 * 1024 * 1024
#: The files of a page by their addresses: ours, and those of textual-serve.
_FILES: Final = {
    "/page.js": ("tui.serve", "page.js", "text/javascript"),
    "/page.css": ("tui.serve", "page.css", "text/css"),
    "/textual.js": ("textual_serve", "static/js/textual.js", "text/javascript"),
    "/xterm.css": ("textual_serve", "static/css/xterm.css", "text/css"),
    "/mono.ttf": (
        "textual_serve",
        "static/fonts/RobotoMono-VariableFont_wght.ttf",
        "font/ttf",
    ),
}
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), clipboard-read=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Server": "Pitboard",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

#: The name of a host. Its last part has a letter: systems take other numbers than dotted ones, too.
_NAME: Final = re.compile(
    r"(?=.{1,253}$)(?:[a-z0-9_-]{1,63}\.)*(?!0x)(?=[^.]*[a-z])[a-z0-9_-]{1,63}", re.I | re.A
)

_Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class PageServer:
    """Serves one board on one address of this machine.

    Args:
        path: the board's file.
        host: the name or address in the browser's address; the server listens there alone.
        port: the port; 0 for any that is free.
        who: writes; empty for the person who serves the board.
        is_read_only: whether nothing can be written.
    """

    def __init__(
        self, path: Path, host: str, port: int, *, who: str = "", is_read_only: bool = False
    ) -> None:
        self._command = page_command(path, who, is_read_only=is_read_only)
        self._host = host
        self._port = port
        self._name = ""
        self._tokens: set[str] = set()
        self._cookies: set[str] = set()
        self._pages: set[web.WebSocketResponse] = set()

    # Addresses

    @property
    def origin(self) -> str:
        """What its address begins with, as browsers name the origin of its pages."""
        return f"http://{self._name}"

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._port

    def new_address(self) -> str:
        """An address that lets one browser in, once."""
        token = secrets.token_urlsafe(32)
        self._tokens.add(token)
        return f"{self.origin}/?token={token}"

    @property
    def _cookie(self) -> str:
        # Browsers send a cookie to every port of a host.
        return f"pitboard-{self._port}"

    # Serving

    def run(self, started: Callable[[], None], more: Callable[[], None]) -> None:
        """Serve as :meth:`serve` does, until ctrl+c at the latest."""
        # Where signals do not end it, ctrl+c does.
        with suppress(KeyboardInterrupt):
            asyncio.run(self.serve(started, more))

    async def serve(self, started: Callable[[], None], more: Callable[[], None]) -> None:
        """Serve until a signal ends it.

        Args:
            started: called once it listens.
            more: called whenever the person at the terminal presses enter.

        Raises:
            Busy: the address can't be listened on.
        """
        # Without the log of requests: it would print tokens.
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=LAST_SECONDS)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, self._host, self._port).start()
            except (OSError, UnicodeError) as error:
                number = getattr(error, "errno", None)
                raise Busy(
                    N_("{host}, port {port} can't be listened on: {why}."),
                    N_("Choose another port with --port; 0 takes any that is free."),
                    host=self._host,
                    port=str(self._port),
                    why=os.strerror(number) if number and number > 0 else str(error),
                ) from error
            self._port = runner.addresses[0][1]
            self._name = _host_name(self._host, self._port)
            started()
            await _until_a_signal(more)
        finally:
            for page in [*self._pages]:
                await page.close(code=1001)
            await runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._guard])
        application.on_response_prepare.append(self._say_what_is_allowed)
        routes = {"/": self._index, "/ws": self._socket, **dict.fromkeys(_FILES, _file)}
        application.add_routes(
            # Asking for the headers alone would use a token up.
            [web.get(address, answer, allow_head=False) for address, answer in routes.items()]
        )
        return application

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Answer) -> web.StreamResponse:
        """Let in who may come in."""
        self._must_be_let_in(request)
        return await handler(request)

    async def _say_what_is_allowed(
        self, _request: web.Request, response: web.StreamResponse
    ) -> None:
        """Everything that is sent says what a browser may do with it."""
        response.headers.update(_HEADERS)
        response.headers["Content-Security-Policy"] = self._policy()

    def _must_be_let_in(self, request: web.Request) -> None:
        """Check the host, the origin, and the cookie.

        Raises:
            web.HTTPException: with the reason, for people.
        """
        if request.headers.getall("Host", []) != [self._name]:
            raise web.HTTPMisdirectedRequest(
                text=_("The board is served as {address}.").format(address=self.origin)
            )
        origins = request.headers.getall("Origin", [])
        if origins not in ([], [self.origin]) or (request.path == "/ws" and not origins):
            raise web.HTTPForbidden(text=_("The board takes no requests of other pages."))
        if not (self._is_known(request) or (request.path == "/" and "token" in request.query)):
            raise web.HTTPForbidden(text=_ask_for_address())

    def _is_known(self, request: web.Request) -> bool:
        return request.cookies.get(self._cookie) in self._cookies

    def _policy(self) -> str:
        """What a page may load and do: of this server alone, and nobody may show it in a frame."""
        return (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            f" font-src 'self'; img-src 'self' data:; connect-src 'self' ws://{self._name};"
            " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )

    # Pages

    async def _index(self, request: web.Request) -> web.Response:
        token = request.query.get("token")
        if token is None:
            return self._page()
        if self._is_known(request):
            raise web.HTTPSeeOther("/")
        if "prefetch" in request.headers.get("Sec-Purpose", ""):
            # A browser that only guesses what its person will ask for.
            raise web.HTTPServiceUnavailable
        if token not in self._tokens:
            raise web.HTTPForbidden(text=_ask_for_address())
        self._tokens.remove(token)
        cookie = secrets.token_urlsafe(32)
        self._cookies.add(cookie)
        # The page goes on by itself: a cookie of this kind is not sent by an address that another
        # page led to.
        response = _document(
            '<link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url=/">'
        )
        response.set_cookie(self._cookie, cookie, path="/", httponly=True, samesite="Strict")
        return response

    def _page(self) -> web.Response:
        if len(self._pages) >= MOST_PAGES:
            raise web.HTTPServiceUnavailable(text=_too_many())
        template = files("tui.serve").joinpath("page.html").read_text("utf-8")
        words = {
            "language": language().replace("_", "-"),
            "socket": f"ws://{self._name}/ws",
            "opening": _("Opening the board…"),
            "ended": _("This page's board has ended."),
            "again": _("Open it again"),
            "needs_script": _("The board needs JavaScript."),
        }
        return _document(template.format_map({name: escape(one) for name, one in words.items()}))

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        if len(self._pages) >= MOST_PAGES:
            raise web.HTTPServiceUnavailable(text=_too_many())
        page = web.WebSocketResponse(
            heartbeat=_HEARTBEAT_SECONDS, max_msg_size=_LONGEST_MESSAGE, compress=False
        )
        if not page.can_prepare(request):
            raise web.HTTPUpgradeRequired(text=_("The board itself opens this address."))
        self._pages.add(page)
        try:
            await page.prepare(request)
            await self._show(page, *(_asked(request, name) for name in ("width", "height")))
        finally:
            self._pages.remove(page)
        return page

    async def _show(self, page: web.WebSocketResponse, width: int, height: int) -> None:
        process = PageProcess(self._command, page)
        await process.start(width, height)
        try:
            async for message in page:
                if message.type is not WSMsgType.TEXT or not await process.take(_read(message)):
                    await page.close(code=1003)
        finally:
            await process.stop()


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is named by; None if it is a name.

    Raises:
        ValueError: if it is neither, or stands for every address of the machine.
    """
    if host.lower() == "localhost":
        return ipaddress.ip_address("127.0.0.1")
    if _NAME.fullmatch(host):
        return None
    address = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    if address.is_unspecified or getattr(address, "scope_id", None):
        raise ValueError(host)
    return address


def _asked(request: web.Request, name: str) -> int:
    """A number of the address of a socket; what is none is a terminal's usual one."""
    text = request.query.get(name, "")
    usual = {"width": 80, "height": 24}[name]
    return cells(int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else usual


def _read(message: Any) -> Any:
    try:
        return message.json()
    except (ValueError, RecursionError):
        return None


async def _file(request: web.Request) -> web.Response:
    """A file of a page; there are no others, whatever an address says."""
    package, name, kind = _FILES[request.path]
    body = files(package).joinpath(name).read_bytes()
    return web.Response(body=body, content_type=kind)


def _document(text: str) -> web.Response:
    return web.Response(text=f"<!doctype html>\n{text}", content_type="text/html")


def _ask_for_address() -> str:
    return _(
        "This address lets nobody in: it was used before, or it is not of this server. Press enter"
        " where “pitboard serve” runs for another one."
    )


def _too_many() -> str:
    return _("{n} pages are open, and there can be no more. Close one.").format(n=MOST_PAGES)


def _host_name(host: str, port: int) -> str:
    """What browsers send as the name of the host."""
    name = f"[{host}]" if ":" in host else host.lower()
    return name if port == 80 else f"{name}:{port}"


async def _until_a_signal(more: Callable[[], None]) -> None:
    """Wait for a signal that ends the server; enter at a terminal asks for another address."""
    loop, is_over = asyncio.get_running_loop(), asyncio.Event()
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    listens = sys.stdin is not None and sys.stdin.isatty()

    def read() -> None:
        if sys.stdin.readline():
            more()
        else:
            loop.remove_reader(sys.stdin)

    # Windows has neither; ctrl+c ends it there by itself.
    with suppress(NotImplementedError):
        for name in names:
            loop.add_signal_handler(getattr(signal, name), is_over.set)
        if listens:
            loop.add_reader(sys.stdin, read)
    try:
        await is_over.wait()
    finally:
        with suppress(NotImplementedError):
            for name in names:
                loop.remove_signal_handler(getattr(signal, name))
            if listens:
                loop.remove_reader(sys.stdin)
