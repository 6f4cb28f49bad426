"""``pitboard serve``: who is let in, what they may do, and how it ends."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from aiohttp import WSServerHandshakeError

from tests.cli.conftest import Pitboard
from tests.processes import PATIENCE
from tests.served import ShownPage, browser, served
from tui.serve import server as server_module
from tui.serve.server import MOST_PAGES, PageServer

#: Stands for the board: writes back what it is sent, and ends when its page does.
_ECHO = """
import os, sys
def put(kind, data):
    os.write(1, kind + len(data).to_bytes(4, "big") + data)
os.write(1, b"__GANGLION__\\n")
put(b"D", b"size " + os.environ["COLUMNS"].encode() + b"x" + os.environ["ROWS"].encode())
stdin = sys.stdin.buffer
while head := stdin.read(5):
    data = stdin.read(int.from_bytes(head[1:], "big"))
    if b"quit" in data or data == b"q":
        break
    put(b"D", head[:1] + b" " + data)
put(b"M", b'{"type": "exit"}')
"""

#: Says what is no message, and ends neither with its page nor with its input.
_STUBBORN = """
import os, signal, sys
os.write(1, b"__GANGLION__\\n")
for kind, data in ((b"D", b"pid %d." % os.getpid()), (b"M", b"no JSON")):
    os.write(1, kind + len(data).to_bytes(4, "big") + data)
while True:
    signal.pause()
"""


class Serving:
    """A server in this process, in front of what writes back what it is sent."""

    def __init__(self, server: PageServer) -> None:
        self.server = server
        self.asked: list[str] = []

    def address(self) -> str:
        """A new address that lets one browser in."""
        return self.server.new_address()


@pytest_asyncio.fixture
async def serving(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Serving]:
    monkeypatch.setattr(
        server_module, "page_command", lambda *_, **__: [sys.executable, "-c", _ECHO]
    )
    server = PageServer(tmp_path / "board.db", "127.0.0.1", 0)
    is_there = asyncio.Event()
    task = asyncio.create_task(server.serve(is_there.set, lambda: None))
    await asyncio.wait_for(is_there.wait(), PATIENCE)
    yield Serving(server)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


# The handshake


async def test_an_address_lets_one_browser_in_once(serving: Serving) -> None:
    address = serving.address()
    async with browser(address) as first, browser(address, enters=False) as second:
        status, page = await first.get("/")
        assert status == 200
        assert 'id="terminal"' in page
        assert "token" not in page
        parts = urlsplit(address)
        # Who has been let in may open it again, or reload it.
        assert (await first.get(f"/?{parts.query}"))[0] == 303
        status, page = await second.get(f"/?{parts.query}")
        assert (status, "lets nobody in" in page) == (403, True)
        assert (await second.get("/"))[0] == 403
        async with browser(serving.address()) as third:
            assert (await third.get("/"))[0] == 200


async def test_the_cookie_is_for_this_server_alone(serving: Serving) -> None:
    async with browser(serving.address(), enters=False) as one:
        parts = urlsplit(serving.address())
        async with one.session.get(f"{one.origin}/?{parts.query}") as answer:
            [cookie] = answer.headers.getall("Set-Cookie")
    assert re.fullmatch(
        rf"pitboard-{parts.port}=[\w-]{{43}}; HttpOnly; Path=/; SameSite=Strict", cookie
    )


@pytest.mark.parametrize(
    ("method", "headers"), [("HEAD", {}), ("POST", {}), ("GET", {"Sec-Purpose": "prefetch"})]
)
async def test_only_opening_an_address_uses_it_up(
    serving: Serving, method: str, headers: dict[str, str]
) -> None:
    address = serving.address()
    async with (
        browser(address, enters=False) as one,
        one.session.request(method, address, headers=headers) as answer,
    ):
        assert answer.status in (405, 503)
        assert "Set-Cookie" not in answer.headers
    async with browser(address) as other:
        assert (await other.get("/"))[0] == 200


#: What a page of the server must not be reached by: headers, and the status. “{port}” is its own.
_FOREIGN = [
    ({"Host": "localhost:{port}"}, 421),
    ({"Host": "127.0.0.1"}, 421),
    ({"Host": "127.0.0.1:1"}, 421),
    ({"Host": "attacker.example"}, 421),
    ({"Host": "attacker.example:{port}"}, 421),
    ({"Host": "127.0.0.1:{port}.attacker.example"}, 421),
    ({"Host": "0.0.0.0:{port}"}, 421),
    ({"Host": ""}, 421),
    ({"Origin": "http://attacker.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": ""}, 403),
    ({"Origin": "http://localhost:{port}"}, 403),
    ({"Origin": "http://127.0.0.1"}, 403),
    ({"Origin": "http://127.0.0.1:1"}, 403),
    ({"Origin": "https://127.0.0.1:{port}"}, 403),
    ({"Origin": "http://127.0.0.1:{port}/"}, 403),
    ({"Origin": "http://127.0.0.1:{port}.attacker.example"}, 403),
    ({"Origin": "http://127.0.0.1:{port}@attacker.example"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), _FOREIGN)
@pytest.mark.parametrize("path", ["/", "/ws", "/textual.js"])
async def test_another_host_or_origin_is_let_in_nowhere(
    serving: Serving, headers: dict[str, str], status: int, path: str
) -> None:
    port = str(serving.server.port)
    sent = {name: value.replace("{port}", port) for name, value in headers.items()}
    async with browser(serving.address()) as one:
        if path == "/ws":
            with pytest.raises(WSServerHandshakeError) as refused:
                async with one.page(**sent):
                    pass
            assert refused.value.status == status
        else:
            assert (await one.get(path, **sent))[0] == status


async def test_a_socket_needs_an_origin_and_a_cookie(serving: Serving) -> None:
    async with browser(serving.address()) as one, browser(serving.address(), enters=False) as two:
        with pytest.raises(WSServerHandshakeError) as refused:
            async with one.session.ws_connect(f"{one.origin}/ws"):
                pass
        assert refused.value.status == 403
        for cookie in ("", f"pitboard-{serving.server.port}=guess", "pitboard-1=guess"):
            with pytest.raises(WSServerHandshakeError) as refused:
                async with two.page(**({"Cookie": cookie} if cookie else {})):
                    pass
            assert refused.value.status == 403
        # A page's address is no page, and a token is no cookie.
        assert (await one.get("/ws", Origin=one.origin))[0] == 426
        query = urlsplit(serving.address()).query
        with pytest.raises(WSServerHandshakeError) as refused:
            async with two.session.ws_connect(
                f"{two.origin}/ws?{query}", headers={"Origin": two.origin}
            ):
                pass
        assert refused.value.status == 403


async def test_a_token_of_another_server_or_a_guess_lets_nobody_in(serving: Serving) -> None:
    async with browser(serving.address(), enters=False) as one:
        for token in ("", "0", "a" * 43, "坑", "%00", "../", "a" * 5_000):
            assert (await one.get(f"/?token={token}"))[0] == 403


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/js/textual.js",
        "/../../etc/passwd",
        "/static/../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/page.js/../page.py",
        "/page.py",
        "/textual.js%00",
        "//textual.js",
        "/download/1",
        "/favicon.ico",
    ],
)
async def test_there_are_no_other_files(serving: Serving, path: str) -> None:
    for enters, expected in ((True, {404}), (False, {403})):
        async with browser(serving.address(), enters=enters) as one:
            reader, writer = await asyncio.open_connection("127.0.0.1", serving.server.port)
            [*cookies] = one.session.cookie_jar
            held = "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies)
            # As it is: a client would tidy the path.
            lines = [f"GET {path} HTTP/1.1", f"Host: {urlsplit(one.origin).netloc}"]
            lines += [f"Cookie: {held}"] * bool(held) + ["Connection: close", "", ""]
            writer.write("\r\n".join(lines).encode())
            answer = (await reader.read()).decode()
            writer.close()
        assert int(answer.split()[1]) in expected
        assert "root:" not in answer


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD", "TRACE"])
@pytest.mark.parametrize("path", ["/", "/ws", "/page.js"])
async def test_there_are_no_other_methods(serving: Serving, method: str, path: str) -> None:
    async with browser(serving.address()) as one:
        headers = {"Origin": one.origin}
        async with one.session.request(method, f"{one.origin}{path}", headers=headers) as answer:
            assert answer.status == 405
            assert answer.headers["Allow"] == "GET"


async def test_every_answer_says_what_a_browser_may_do(serving: Serving) -> None:
    async with browser(serving.address()) as one:
        for path, kind in (
            ("/", "text/html"),
            ("/textual.js", "text/javascript"),
            ("/xterm.css", "text/css"),
            ("/page.css", "text/css"),
            ("/page.js", "text/javascript"),
            ("/mono.ttf", "font/ttf"),
            ("/nothing", "text/plain"),
            ("/?token=guess", "text/html"),
        ):
            async with one.session.get(f"{one.origin}{path}") as answer:
                headers = answer.headers
            assert headers["Content-Type"].startswith(kind)
            policy = headers["Content-Security-Policy"]
            for part in ("default-src 'none'", "script-src 'self';", "frame-ancestors 'none'"):
                assert part in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Cache-Control"] == "no-store"
            assert "Python" not in headers["Server"]


async def test_eight_pages_are_open_at_once(serving: Serving) -> None:
    async with browser(serving.address()) as one:
        pages = [one.page() for _ in range(MOST_PAGES)]
        opened = [await page.__aenter__() for page in pages]
        for page in opened:
            await page.shows("size 100x30")
        with pytest.raises(WSServerHandshakeError) as refused:
            async with one.page():
                pass
        assert refused.value.status == 503
        status, text = await one.get("/")
        assert (status, "8 pages are open" in text) == (503, True)
        await opened[0].type("q")
        assert await opened[0].ended() == 1000
        # There is room once its process has ended.
        async with asyncio.timeout(PATIENCE):
            while (await one.get("/"))[0] != 200:
                await asyncio.sleep(0.05)
        async with one.page() as another:
            await another.shows("size 100x30")
        for page in pages:
            await page.__aexit__(None, None, None)


# What a page sends


async def test_what_is_typed_arrives_whole(serving: Serving) -> None:
    async with browser(serving.address()) as one, one.page() as page:
        await page.type("打开失败 👩‍💻")
        await page.shows("D 打开失败")
        await page.send("resize", {"width": 10**9, "height": -5})
        await page.shows('"width": 1000, "height": 1')
        await page.send("focus")
        await page.shows('"type": "focus"')
        # Half of a character outside the first plane, as a broken script may send it.
        await page.type("half \ud83d.")
        await page.shows("half ?.")


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_board_that_does_not_end_is_ended(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.serve.page.LAST_SECONDS", 0.2)
    serving.server._command = [sys.executable, "-c", _STUBBORN]
    async with browser(serving.address()) as one, one.page() as page:
        await page.shows("pid ")
        [pid] = re.findall(r"pid (\d+)\.", page.text)
        # What it says is no message, so the page is closed.
        await page.ended()
        async with asyncio.timeout(PATIENCE):
            while is_running(int(pid)):
                await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        "null",
        '["stdin", 1]',
        '["stdin"]',
        '["resize", {"width": "a", "height": 1}]',
        '["resize", {"width": 1e999, "height": 1}]',
        '["open_url", "http://attacker.example"]',
        "[" * 100_000,
    ],
)
async def test_what_no_page_sends_closes_it(serving: Serving, sent: str) -> None:
    async with browser(serving.address()) as one:
        async with one.session.ws_connect(
            f"{one.origin}/ws?width=abc&height=99999999", headers={"Origin": one.origin}
        ) as socket:
            page = ShownPage(socket)
            await page.shows("size 80x24")
            await socket.send_str(sent)
            assert await page.ended() == 1003
        async with one.page() as another:
            await another.shows("size")


# The command


def test_it_is_used_rightly(pitboard: Pitboard, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = pitboard("serve", "--read-only", "--as", "Lin")
    assert (ended.code, ended.out) == (2, "")
    assert "leave --as out" in ended.err
    for host in (
        *("fe80::1%lo", "http://a", "x" * 254),
        *("0.0.0.0", "::", "[::]", "", " ", "0", "127.1", "2130706433", "0x7f.1", "0x7f000001"),
        *("::0", "a b", "a:80", "坑", "a..b", "\a", "-\n", "."),
    ):
        ended = pitboard("serve", "--host", host)
        assert (ended.code, "--host needs the one name" in ended.err) == (2, True)
    for name in ("", " ", "two\nlines", "a" * 201):
        assert pitboard("serve", "--as", name).code == 2
    ended = pitboard("serve", PITBOARD_DB=str(pitboard.home / "none.db"))
    assert (ended.code, "There is no board at" in ended.err) == (2, True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = pitboard("serve", "--port", str(taken.getsockname()[1]))
        assert (ended.code, ended.out) == (4, "")
        assert "Choose another port with --port" in ended.err
    ended = pitboard("serve", "--host", "no.such.host.invalid")
    assert (ended.code, ended.out) == (4, "")
    monkeypatch.setattr("tui.cli.open_board.find_spec", lambda _name: None)
    ended = pitboard("serve")
    assert (ended.code, ended.out) == (3, "")
    assert ".[serve]'" in ended.err


def test_without_a_terminal_the_board_names_the_verb(pitboard: Pitboard) -> None:
    driver = "textual.drivers.web_driver:WebDriver"
    ended = pitboard(TEXTUAL_DRIVER=driver)
    assert ended.code == 2
    assert "pitboard serve" in ended.err


async def test_it_shows_the_board_and_says_nothing_of_its_visitors(
    pitboard: Pitboard, login: str
) -> None:
    async with (
        served(sys.executable, env=pitboard.env) as server,
        browser(server.address) as one,
        one.page() as page,
    ):
        await page.shows("wx.qy.login fails")
        await page.type("/zzzz")
        await page.shows("No pitfalls match")
    assert (server.code, server.said) == (0, "")


async def test_what_is_written_has_the_name_that_was_given(pitboard: Pitboard, login: str) -> None:
    async with (
        served(sys.executable, "--as", "Lin", env=pitboard.env) as server,
        browser(server.address) as one,
        one.page() as page,
    ):
        await page.shows("wx.qy.login fails")
        await page.type("c")
        await page.shows("Save")
        await page.type("\x1b[200~第一行\n第二行\x1b[201~")
        await page.shows("第二行")
        await page.type("\x13")
        await page.shows("Commented on")
        await page.type("q")
        assert await page.ended() == 1000
    assert server.code == 0
    [comment] = pitboard.pitfall(login).comments
    assert (comment.who, comment.text.plain) == ("Lin", "第一行\n第二行")


async def test_read_only_is_read_only(pitboard: Pitboard, login: str) -> None:
    before = pitboard.events()
    async with (
        served(sys.executable, "--read-only", env=pitboard.env) as server,
        browser(server.address) as one,
        one.page() as page,
    ):
        await page.shows("wx.qy.login fails")
        for key in "csenapMu":
            await page.type(key)
            await page.shows("nothing can be changed")
        await page.type("/\r")
    assert server.code == 0
    assert pitboard.events() == before


async def test_what_is_of_the_machine_is_off(pitboard: Pitboard, login: str) -> None:
    async with (
        served(sys.executable, env=pitboard.env) as server,
        browser(server.address) as one,
        one.page() as page,
    ):
        await page.shows("wx.qy.login fails")
        for key in "@>INwE":
            await page.type(key)
            await page.shows("Not in a browser")
            await page.type("\x1b")
    assert server.code == 0
    assert not (pitboard.home / "config").exists()


async def test_what_was_being_typed_is_kept_when_the_page_goes(
    pitboard: Pitboard, login: str
) -> None:
    async with (
        served(sys.executable, "--as", "Lin", env=pitboard.env) as server,
        browser(server.address) as one,
    ):
        async with one.page() as page:
            await page.shows("wx.qy.login fails")
            await page.type("c")
            await page.shows("Save")
            await page.type("half a thought")
            await page.shows("half a thought")
        async with one.page() as page:
            await page.shows("Not saved when Pitboard ended")
        # It is theirs, and not of the person who serves the board.
    async with (
        served(sys.executable, env=pitboard.env) as server,
        browser(server.address) as one,
        one.page() as page,
    ):
        await page.shows("wx.qy.login fails")
        await page.type("c")
        await page.shows("Save")
        assert "half a thought" not in page.text


async def test_a_board_that_can_not_be_shown_says_why(pitboard: Pitboard, login: str) -> None:
    async with served(sys.executable, env=pitboard.env) as server:
        pitboard.path.unlink()
        async with browser(server.address) as one, one.page() as page:
            await page.shows("was deleted or renamed")
            assert await page.ended() == 1000
    assert server.code == 0
