"""Sending to a team's chat, and the keys of its robots, which nobody gets to see.

Only by HTTPS and only to the address itself: nothing is redirected, and no proxy is used that the
settings do not name.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import socket
import ssl
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from hashlib import sha256
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from storage.errors import N_, PitboardError
from storage.model.fields import NamedTuple
from storage.text.sanitize import sanitize
from tui.services.chat_channels import (
    LARGEST_ANSWER,
    ChatChannel,
    ChatKind,
    Message,
    SendResult,
    SendState,
    judged,
    payload,
)

#: For connecting, and again for the answer.
SECONDS: Final = 5.0
#: How long to wait before each further try, where a robot can't be reached.
_PAUSES: Final = (2.0, 8.0)
_A_MINUTE: Final = 60.0
#: WeCom and DingTalk take no more from one robot.
_IN_A_MINUTE: Final = 20
#: Of what a robot says of an error.
_LONGEST_REASON: Final = 200

#: A key has fewer bytes; a larger file is something else.
_LONGEST_KEY: Final = 4_096
#: Of a key that is shorter, its last four characters would be too much.
_LONG_ENOUGH: Final = 16
#: So many characters of a key in a row give it away.
_TELLING: Final = 8


class BadChannel(PitboardError):
    """A channel can't be used as it is set up; nothing was sent there."""

    code = "bad-channel"


class Secret:
    """Text that is shown as its last four characters, wherever it is shown."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return f"…{self._text[-4:]}" if len(self._text) >= _LONG_ENOUGH else "…"

    __str__ = __repr__

    @property
    def fingerprint(self) -> str:
        """By which it is known again, and which does not tell it."""
        return sha256(f"pitboard notify {self._text}".encode()).hexdigest()[:16]

    def reveal(self) -> str:
        """The text itself, for the one who sends it."""
        return self._text

    def is_in(self, text: str) -> bool:
        """Whether a text holds a telling part of it."""
        inside, key = text.casefold(), self._text.casefold()
        return bool(key) and any(
            key[start : start + _TELLING] in inside
            for start in range(max(1, len(key) - _TELLING + 1))
        )


class ChatAddress(NamedTuple):
    """Where a robot listens: host and port, and the rest of its address, which is its key."""

    host: str
    port: int
    path: Secret
    secret: Secret | None = None
    """Of its signature."""

    @property
    def fingerprint(self) -> str:
        """By which this address with this secret is known again."""
        return Secret(
            f"{self.host}:{self.port} {self.path.reveal()}"
            f" {self.secret.reveal() if self.secret else ''}"
        ).fingerprint


def address_of(channel: ChatChannel, environment: Mapping[str, str] = os.environ) -> ChatAddress:
    """Where a channel's robot listens.

    Raises:
        BadChannel: if that is not there, is nothing that can be used, or lies open to others; no
            part of it is in the error.
    """
    if channel.url_env is not None:
        place = channel.url_env
        text = environment.get(place, "").strip()
    else:
        place = channel.url_file or ""
        text = _in_file(channel.name, Path(place).expanduser())
    if not text:
        raise BadChannel(
            N_("The address of the channel “{name}” is missing: {place} is empty or not set."),
            N_("Put the robot's whole address there."),
            name=channel.name,
            place=place,
        )
    secret = None
    if channel.secret_env is not None:
        secret = Secret(environment.get(channel.secret_env, "").strip())
        if not secret.reveal():
            raise BadChannel(
                N_("The secret of the channel “{name}” is missing: {place} is empty or not set."),
                name=channel.name,
                place=channel.secret_env,
            )
    return _taken_apart(channel.name, text)._replace(secret=secret)


def _in_file(name: str, path: Path) -> str:
    """What the file of a key holds, which nobody else may read."""
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
                raise BadChannel(
                    N_("Others can read {path}, which holds the key of the channel “{name}”."),
                    N_("Make it yours alone: chmod 600 {path}"),
                    name=name,
                    path=path,
                )
            held = file.read(_LONGEST_KEY + 1)
    except OSError as error:
        raise BadChannel(
            N_("{path}, which holds the key of the channel “{name}”, can't be read: {why}."),
            name=name,
            path=path,
            why=error.strerror or type(error).__name__,
        ) from error
    return held[:_LONGEST_KEY].decode("ascii", "replace").strip()


def _taken_apart(name: str, text: str) -> ChatAddress:
    """A robot's address; what it says is repeated nowhere."""
    if not text.startswith("https://"):
        raise BadChannel(
            N_("The address of the channel “{name}” does not begin with https://."),
            N_("Anything else would show the key to the network."),
            name=name,
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", 443 if parts.port is None else parts.port
    except ValueError:
        host, port = "", 0
    is_plain = text.isascii() and text.isprintable() and not re.search(r"[\s\\\"<>]", text)
    if not (is_plain and host and port and "@" not in parts.netloc) or parts.fragment:
        raise BadChannel(
            N_("The address of the channel “{name}” can't be used."),
            N_("Copy it again from the robot's page, without a name or a password in it."),
            name=name,
        )
    query = f"?{parts.query}" if parts.query else ""
    return ChatAddress(host, port, Secret(f"{parts.path or '/'}{query}"))


def scrubbed(text: str, secrets: Iterable[Secret]) -> str:
    """What a server said, unless it repeats a telling part of a key."""
    return "" if any(one.is_in(text) for one in secrets) else text


# Sending


class ChatSender:
    """Sends messages to robots, as slowly as they want it.

    Args:
        context: by which certificates are checked; that of the system by default.
        sleep, now: waiting, and the wall clock (seconds).
        seconds: for connecting, and again for the answer.
    """

    def __init__(
        self,
        context: ssl.SSLContext | None = None,
        *,
        sleep: Callable[[float], object] = time.sleep,
        now: Callable[[], float] = time.time,
        seconds: float = SECONDS,
    ) -> None:
        self._context = context or ssl.create_default_context()
        self._sleep = sleep
        self._now = now
        self._seconds = seconds

    def send(
        self, channel: ChatChannel, address: ChatAddress, message: Message, sent: list[float]
    ) -> SendResult:
        """Send a message; where the robot can't be reached, try again in 2 and in 8 seconds.

        Args:
            channel, address: where.
            message: what.
            sent: when something was sent there lately (seconds); this one is added.
        """
        self._wait_for_room(sent)
        pauses = [*_PAUSES]
        may_wait = True
        while True:
            sent.append(self._now())
            result = self._once(channel, address, payload(channel, message))
            if result.state is SendState.UNREACHABLE and pauses:
                self._sleep(pauses.pop(0))
            elif result.state is SendState.LIMITED and may_wait:
                may_wait = False
                self._sleep(_A_MINUTE)
            else:
                return result

    def _wait_for_room(self, sent: list[float]) -> None:
        """Wait until a minute has fewer messages than a robot takes; forget the older ones."""
        now = self._now()
        # A clock that was set back must not keep anybody waiting.
        sent[:] = [at for at in sent if now - _A_MINUTE < at <= now]
        if len(sent) >= _IN_A_MINUTE:
            self._sleep(sent[-_IN_A_MINUTE] + _A_MINUTE - now)

    def _once(self, channel: ChatChannel, address: ChatAddress, body: dict[str, Any]) -> SendResult:
        path = address.path.reveal()
        if address.secret is not None:
            path, body = _signed(channel.kind, path, body, address.secret, self._now())
        try:
            status, answer = self._post(
                channel,
                address,
                path,
                json.dumps(body, ensure_ascii=False).encode(errors="replace"),
            )
        except (OSError, HTTPException, ValueError) as error:
            # What a library says may hold the address, so it is said in our words.
            return SendResult(SendState.UNREACHABLE, _why(error))
        secrets = [address.path, *([address.secret] if address.secret is not None else ())]
        result = judged(channel.kind, status, answer)
        said = scrubbed(result.said, secrets)
        return result._replace(said=sanitize(said)[:_LONGEST_REASON])

    def _post(
        self, channel: ChatChannel, address: ChatAddress, path: str, body: bytes
    ) -> tuple[int, bytes]:
        host, port = address.host, address.port
        if channel.proxy is not None:
            proxy = urlsplit(channel.proxy)
            host, port = proxy.hostname or "", proxy.port or 0
        connection = HTTPSConnection(host, port, timeout=self._seconds, context=self._context)
        # Whatever the process has set for all: the path is the key.
        connection.set_debuglevel(0)
        if channel.proxy is not None:
            connection.set_tunnel(address.host, address.port)
        with closing(connection):
            connection.connect()
            with self._deadline(connection.sock):
                connection.request(
                    "POST",
                    path,
                    body,
                    {
                        "Content-Type": "application/json; charset=utf-8",
                        "Accept-Encoding": "identity",
                        "User-Agent": "pitboard",
                        "Connection": "close",
                    },
                )
                with connection.getresponse() as response:
                    return response.status, response.read(LARGEST_ANSWER + 1)

    @contextmanager
    def _deadline(self, connected: socket.socket) -> Iterator[None]:
        """End what takes longer in all: a timeout is only that of each part that comes in."""
        is_over = threading.Event()

        def end() -> None:
            is_over.set()
            try:
                # Below TLS, so that the thread that reads finds the end of the stream.
                socket.socket.shutdown(connected, socket.SHUT_RDWR)
            except OSError:
                # It is closed already.
                return

        timer = threading.Timer(self._seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, HTTPException) as error:
            if is_over.is_set():
                raise TimeoutError from error
            raise
        finally:
            timer.cancel()
        if is_over.is_set():
            raise TimeoutError


def _signed(
    kind: ChatKind, path: str, body: dict[str, Any], secret: Secret, now: float
) -> tuple[str, dict[str, Any]]:
    """Path and body with the robot's signature, which holds for an hour."""
    if kind is ChatKind.DINGTALK:
        at = str(int(now * 1000))
        sign = _hmac(secret.reveal(), f"{at}\n{secret.reveal()}")
        joint = "&" if "?" in path else "?"
        return f"{path}{joint}timestamp={at}&sign={quote(sign, safe='')}", body
    at = str(int(now))
    return path, {"timestamp": at, "sign": _hmac(f"{at}\n{secret.reveal()}", ""), **body}


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), sha256).digest()).decode()


def _why(error: Exception) -> str:
    match error:
        case TimeoutError():
            return N_("it does not answer in time")
        case ssl.SSLCertVerificationError():
            return N_("its certificate can't be verified")
        case socket.gaierror():
            return N_("its name is not known")
        case ConnectionRefusedError():
            return N_("it takes no connection")
        case _:
            return N_("the connection failed")
