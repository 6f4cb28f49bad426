"""A robot of a team chat on loopback, over HTTPS with a certificate that only tests trust."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, NamedTuple

#: Certificate and key of 127.0.0.1, good for nothing else.
CERTIFICATE = Path(__file__).parent / "cases" / "loopback.pem"
FINE = b'{"errcode": 0, "errmsg": "ok"}'


class Posted(NamedTuple):
    """A request that the robot got."""

    path: str
    headers: dict[str, str]
    body: Any


class Answered(NamedTuple):
    """What the robot answers."""

    body: bytes = FINE
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Robot:
    """Listens on loopback, keeps what it gets, and answers as it is told."""

    def __init__(self) -> None:
        self.posted: list[Posted] = []
        #: The next answers; when none is left, it takes what it gets.
        self.answers: list[Answered] = []
        #: Does something with each request before it is answered.
        self.before: Callable[[], object] = lambda: None
        robot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(size))
                robot.posted.append(Posted(self.path, dict(self.headers), body))
                robot.before()
                answer = robot.answers.pop(0) if robot.answers else Answered()
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Quiet(HTTPServer):
            def handle_error(self, *_: object) -> None:
                """A client may have gone."""

        self._server = Quiet(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(
        self, path: str = "/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
    ) -> str:
        return f"https://127.0.0.1:{self.port}{path}"

    @property
    def texts(self) -> list[str]:
        """The texts of what it got, of whatever kind."""
        return [text_of(one.body) for one in self.posted]


def text_of(body: dict[str, Any]) -> str:
    """The text of a message of any kind of robot."""
    for name in ("markdown", "text", "content"):
        if isinstance(body.get(name), dict):
            return str(body[name].get("content", body[name].get("text")))
    return str(body["text"])


@contextmanager
def robot() -> Iterator[Robot]:
    """A robot that listens until the end."""
    one = Robot()
    one._thread.start()
    try:
        yield one
    finally:
        one._server.shutdown()
        one._server.server_close()
        one._thread.join()


def trusting() -> ssl.SSLContext:
    """A client's context that trusts the robot, and checks it as any other."""
    return ssl.create_default_context(cafile=CERTIFICATE)
