"""One request to a server that is not ours: to an address that was checked, and never for long.

A name is resolved once, every address of it is checked, and the connection goes to the one that
was checked. A thread ends a request at its deadline: the timeouts of sockets do not stop a
server that sends a byte at a time.
"""

from __future__ import annotations

import http.client
import queue
import socket
import ssl
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from time import monotonic
from typing import Final
from urllib.parse import quote, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from storage.errors import N_, PitboardError
from storage.model.fields import NamedTuple
from storage.model.vocabulary import WatchOutcome

#: Seconds for a connection, and for the next bytes.
CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 20.0
#: The largest page, unpacked or not.
LARGEST_PAGE: Final = 2 * 1024 * 1024
#: So many addresses of a host are tried.
_MOST_ADDRESSES: Final = 4
_CHUNK: Final = 16 * 1024
_PORTS: Final = {"http": 80, "https": 443}


class FetchFailed(PitboardError):
    """Why a page was not fetched.

    Attributes:
        outcome: what that comes to.
        retry_after: in how many ms the host wants to be asked again; None if it does not say.
    """

    def __init__(
        self,
        outcome: WatchOutcome,
        message: str,
        *,
        retry_after: int | None = None,
        **values: object,
    ) -> None:
        self.outcome = outcome
        self.retry_after = retry_after
        super().__init__(message, "", **values)


class NotAsked(FetchFailed):
    """Why no server was asked: it says nothing of the page."""


# Addresses


Ip = IPv4Address | IPv6Address

#: What :mod:`ipaddress` takes for global and is not, or hides another address.
_NOT_PUBLIC: Final = tuple(
    map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10"))
)


def is_public(address: Ip) -> bool:
    """Whether an address is one of the internet, and not of this machine or its networks."""
    if isinstance(address, IPv6Address) and (
        address.ipv4_mapped is not None
        or address.scope_id is not None
        or any(address in network for network in _NOT_PUBLIC)
    ):
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_reserved
        or address.is_unspecified
    )


def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, as the system resolves it.

    Raises:
        OSError: if it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[4][0]) for place in found))


class AddressPolicy(NamedTuple):
    """Where requests may go: how names are resolved, which addresses and which ports are allowed.

    The default is the internet. Tests give another one for servers on this machine.
    """

    resolve: Callable[[str, int], Sequence[str]] = look_up
    allows: Callable[[Ip], bool] = is_public
    ports: frozenset[int] | None = frozenset(_PORTS.values())
    tls: ssl.SSLContext | None = None


INTERNET: Final = AddressPolicy()


class WebAddress(NamedTuple):
    """An address that may be fetched, in parts; ``host`` is in lower case ASCII."""

    scheme: str
    host: str
    port: int
    target: str

    def __str__(self) -> str:
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}{port}{self.target}"


def web_address(url: str) -> WebAddress:
    """An address in its parts, without its fragment; the same for every spelling of one.

    Raises:
        FetchFailed: if it is none that is fetched.
    """
    refused = FetchFailed(WatchOutcome.REFUSED, N_("{url} is no web address"), url=url)
    if any(sign.isspace() or not sign.isprintable() or sign == "\\" for sign in url):
        raise refused
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        if not host.isascii():
            host = host.encode("idna").decode()
    except ValueError as error:
        raise refused from error
    if parts.scheme not in _PORTS or not host or "%" in host:
        raise refused
    if "@" in parts.netloc:
        raise FetchFailed(WatchOutcome.REFUSED, N_("an address with a name and a password"))
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=-._~?")
    target = f"{path}?{query}" if query else path
    return WebAddress(parts.scheme, host.lower(), port or _PORTS[parts.scheme], target)


# One request


class ServerAnswer(NamedTuple):
    """What a server answers, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _Cut:
    """Ends a connection from another thread, whatever the other side does."""

    def __init__(self) -> None:
        self.is_cut = False
        self._twin: socket.socket | None = None

    def watch(self, connected: socket.socket) -> socket.socket:
        """The socket, which can be ended from now on."""
        self._twin = connected.dup()
        if self.is_cut:
            self()
        return connected

    def __call__(self) -> None:
        self.is_cut = True
        if self._twin is not None:
            with suppress(OSError):
                self._twin.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Nothing is to be ended any more."""
        if self._twin is not None:
            self._twin.close()


class _Plain(HTTPConnection):
    """Goes to addresses that were checked, whatever its host's name is by now."""

    checked: Sequence[str]
    cut: _Cut
    seconds: float

    def _new_conn(self) -> socket.socket:
        return self.cut.watch(_connected(self.checked, self.port, self.seconds))


class _Tls(HTTPSConnection):
    """The same with TLS; the certificate must be one of the host's name."""

    checked: Sequence[str]
    cut: _Cut
    seconds: float

    def _new_conn(self) -> socket.socket:
        return self.cut.watch(_connected(self.checked, self.port, self.seconds))


def _connected(addresses: Sequence[str], port: int | None, seconds: float) -> socket.socket:
    """A connection to the first of some addresses that answers; a machine may lack IPv6."""
    ends = monotonic() + seconds
    for left in range(len(addresses), 1, -1):
        with suppress(OSError):
            patience = max((ends - monotonic()) / left, 0.01)
            return socket.create_connection((addresses[-left], port), patience)
    return socket.create_connection((addresses[-1], port), max(ends - monotonic(), 0.01))


def ask(
    place: WebAddress, headers: Mapping[str, str], seconds: float, policy: AddressPolicy
) -> ServerAnswer:
    """What a server answers to a GET; a redirect is an answer.

    Args:
        place: where.
        headers: besides those that every request has.
        seconds: for all of it.
        policy: where requests may go.

    Raises:
        FetchFailed: if there is no answer.
    """
    started = monotonic()
    addresses = _checked(place, min(seconds, CONNECT_SECONDS), policy)
    seconds -= monotonic() - started
    patience = min(max(seconds, 0.01), CONNECT_SECONDS)
    cut, connection = _Cut(), _connection(place, patience, policy)
    connection.checked, connection.cut, connection.seconds = addresses, cut, patience
    watchdog = threading.Timer(max(seconds, 0), cut)
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.connect()
        connection.sock.settimeout(READ_SECONDS)
        connection.request(
            "GET",
            place.target,
            headers={**_headers(), **headers},
            preload_content=False,
            decode_content=False,
        )
        response = connection.getresponse()
        body = _body(response)
        if cut.is_cut:
            raise _too_slow()
        return ServerAnswer(response.status, response.headers, body)
    except ssl.SSLError as error:
        raise _too_slow() if cut.is_cut else _no_tls(place, error) from error
    except (HTTPError, OSError, http.client.HTTPException, ValueError) as error:
        raise _too_slow() if cut.is_cut else _unreachable(place, error) from error
    finally:
        watchdog.cancel()
        connection.close()
        cut.close()


def _connection(place: WebAddress, seconds: float, policy: AddressPolicy) -> _Plain | _Tls:
    if place.scheme == "http":
        return _Plain(place.host, place.port, timeout=seconds)
    return _Tls(place.host, place.port, timeout=seconds, ssl_context=policy.tls or _tls())


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _checked(place: WebAddress, seconds: float, policy: AddressPolicy) -> Sequence[str]:
    """The addresses to connect to: every one of the host's is allowed."""
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            answers.put(policy.resolve(place.host, place.port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    # The system's resolver knows no deadline.
    threading.Thread(target=resolve, daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty as error:
        raise _too_slow() from error
    if isinstance(found, Exception) or not found:
        raise FetchFailed(WatchOutcome.OFFLINE, N_("{host} is not found"), host=place.host)
    for address in found:
        try:
            is_allowed = policy.allows(ip_address(address))
        except ValueError:
            is_allowed = False
        if not is_allowed:
            raise FetchFailed(
                WatchOutcome.REFUSED,
                N_("{host} is at {address}, which is no public address"),
                host=place.host,
                address=address,
            )
    return found[:_MOST_ADDRESSES]


def _headers() -> dict[str, str]:
    return {
        "User-Agent": f"Pitboard/{_version()} (pitboard watch: looks for changed links)",
        "Accept": "text/html, application/xhtml+xml, application/json;q=0.9, text/plain;q=0.8",
        "Accept-Encoding": "gzip, identity",
        "Connection": "close",
    }


def _version() -> str:
    try:
        return version("pitboard")
    except PackageNotFoundError:
        return "0"


def _body(response: BaseHTTPResponse) -> bytes:
    """All that a server sends, unpacked here, so that no more is unpacked than may be."""
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchFailed(WatchOutcome.UNREADABLE, N_("it is packed as {coding}"), coding=coding)
    unpacked = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in coding else None
    body, received = bytearray(), 0
    while chunk := response.read(_CHUNK, decode_content=False):
        received += len(chunk)
        try:
            body += unpacked.decompress(chunk, LARGEST_PAGE + 1 - len(body)) if unpacked else chunk
        except zlib.error as error:
            raise FetchFailed(WatchOutcome.UNREADABLE, N_("what was sent is damaged")) from error
        if max(len(body), received) > LARGEST_PAGE:
            raise FetchFailed(
                WatchOutcome.UNREADABLE, N_("it is larger than {n} MiB"), n=LARGEST_PAGE >> 20
            )
    return bytes(body)


def _too_slow() -> FetchFailed:
    return FetchFailed(WatchOutcome.OFFLINE, N_("the server is too slow"))


def _no_tls(place: WebAddress, error: ssl.SSLError) -> FetchFailed:
    message = N_("{host} can't be trusted: {why}")
    why = getattr(error, "verify_message", "") or error.reason or str(error)
    return FetchFailed(WatchOutcome.REFUSED, message, host=place.host, why=why)


def _unreachable(place: WebAddress, error: Exception) -> FetchFailed:
    message = N_("{host} can't be reached: {why}")
    why = getattr(error, "strerror", None) or type(error).__name__
    return FetchFailed(WatchOutcome.OFFLINE, message, host=place.host, why=why)
