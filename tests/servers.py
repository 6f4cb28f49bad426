"""A server on this machine that stands for those of the internet, and pages as it may send them."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from storage.imports.watch.fetch import Fetcher, HostState
from storage.imports.watch.request import AddressPolicy

VENDOR = "developers.weixin.qq.com"
#: Seconds between two bytes of a server that never comes to an end.
_DRIP = 0.02


class Reply(NamedTuple):
    """What the server sends for a path; ``drips`` never ends."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}
    drips: str = ""


class PageServer:
    """Answers from a table of paths, and keeps what it was asked.

    Attributes:
        pages: what it sends; a path that is not there is 404.
        asked: host, path and headers of each request.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Reply | Callable[[], Reply]] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.resolved: list[str] = []
        self.paused: list[float] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host = (self.headers.get("Host") or "").partition(":")[0]
                outer.asked.append((host, self.path, dict(self.headers)))
                held = outer.pages.get(self.path, Reply(404, b"nothing here"))
                outer.send(self, held() if callable(held) else held)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @staticmethod
    def send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        """Send a reply, at once or a byte at a time."""
        handler.close_connection = True
        try:
            if reply.drips == "status":
                _drip(handler, b"HTTP/1.1 200 OK" + b" " * 10_000)
                return
            handler.send_response(reply.status)
            if reply.drips == "headers":
                handler.flush_headers()
                _drip(handler, b"X-Slow: " + b"x" * 10_000)
                return
            for name, value in reply.headers.items():
                handler.send_header(name, value)
            if reply.drips == "body":
                handler.end_headers()
                _drip(handler, b"x" * 10_000)
                return
            if reply.status not in (204, 304):
                handler.send_header("Content-Length", str(len(reply.body)))
            handler.end_headers()
            handler.wfile.write(reply.body)
        except OSError:
            # Whoever asked has gone away, as they should.
            return

    def resolve(self, host: str, _port: int) -> list[str]:
        """Every name is this machine's."""
        self.resolved.append(host)
        return ["127.0.0.1"]

    def policy(self, **changed: Any) -> AddressPolicy:
        """Lets requests go to this server, and nowhere else."""
        values: dict[str, Any] = {
            "resolve": self.resolve,
            "allows": lambda address: str(address) == "127.0.0.1",
            "ports": frozenset((self.port,)),
        }
        return AddressPolicy(**(values | changed))

    def fetcher(
        self,
        may_ask: Callable[[str], bool] = lambda host: True,
        hosts: dict[str, HostState] | None = None,
        **settings: Any,
    ) -> Fetcher:
        """A fetcher that waits for nothing."""
        values: dict[str, Any] = {"policy": self.policy(), "pause": self.paused.append}
        return Fetcher(may_ask, {} if hosts is None else hosts, **(values | settings))

    def url(self, path: str, host: str = VENDOR) -> str:
        """The address of a path of this server, at a host's name."""
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for, robots.txt aside."""
        return [path for _host, path, _headers in self.asked if path != "/robots.txt"]

    def close(self) -> None:
        """Stop it."""
        self._server.shutdown()
        self._server.server_close()


def _drip(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    for place in range(len(data)):
        handler.wfile.write(data[place : place + 1])
        handler.wfile.flush()
        time.sleep(_DRIP)


@contextmanager
def page_server(tls: ssl.SSLContext | None = None) -> Iterator[PageServer]:
    """A server for as long as it is needed, with TLS if it is given what for."""
    server = PageServer(tls)
    try:
        yield server
    finally:
        server.close()


def html(text: str, **headers: str) -> Reply:
    """A page of the web."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(200, text.encode(), {"Content-Type": "text/html; charset=utf-8"} | named)


def thread(*answers: tuple[Any, ...], title: str = "登录后白屏", text: str = "扫码后白屏") -> str:
    """A thread of the vendor's community as its JSON route gives it.

    Args:
        answers: id, text, perhaps whether it has the official mark, and when it was written (s).
        title, text: of the question.
    """
    comments = []
    for key, said, *rest in answers:
        official, at = [*rest, *(False, 1_795_500_000)[len(rest) :]]
        comments.append(
            {
                "CommentId": key,
                "Content": f"<p>{said}</p>",
                "NickName": "社区技术运营专员" if official else "小王",
                "CreateTime": at,
                "IsOfficial": int(official),
            }
        )
    question = {"DocId": "0001", "Title": title, "Content": f"<p>{text}</p>", "CreateTime": 1}
    return json.dumps({"success": True, "data": question | {"comments": comments}})


def community_page(*answers: tuple[str, str, str, bool], title: str = "登录后白屏") -> str:
    """A thread of the community as a saved page: id, author, text and official mark of answers."""
    items = "".join(
        f'<li class="post_comment_item" data-commentid="{key}"><span class="post_comment_nickname">'
        f"{author}</span>{'<i class=official_tag>官方</i>' if official else ''}"
        f'<em class="post_comment_time">2026-11-25 10:00</em>'
        f'<div class="post_comment_content"><p>{text}</p></div></li>'
        for key, author, text, official in answers
    )
    return (
        f'<html><head><meta charset="utf-8"><title>{title} | 微信开放社区</title></head><body>'
        f'<h1 class="post_title">{title}</h1><div class="post_content"><p>扫码后白屏</p></div>'
        f'<ul class="post_comment_list">{items}</ul></body></html>'
    )
