"""Fetching pages politely: a request per host and ten seconds, robots.txt, redirects by our rules.

Nothing is sent but what a request needs: no cookies, no credentials.
"""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Final
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from storage.errors import N_, Refused
from storage.imports.watch.request import (
    INTERNET,
    AddressPolicy,
    FetchFailed,
    NotAsked,
    ServerAnswer,
    WebAddress,
    ask,
    web_address,
)
from storage.model.fields import NamedTuple
from storage.model.vocabulary import WatchOutcome
from storage.text.dates import now_ms
from storage.text.sanitize import encoding_of, from_elsewhere

#: Seconds for all of a page with its redirects.
DEADLINE_SECONDS: Final = 15.0
MOST_REDIRECTS: Final = 3
#: Seconds between two requests to a host, unless its robots.txt asks for more.
PAUSE_SECONDS: Final = 10.0
_LONGEST_PAUSE: Final = 60.0
#: Requests of one run.
MOST_REQUESTS: Final = 50
#: A host that asks for more time than this (ms) is asked again after it all the same.
_LONGEST_CLOSED: Final = 7 * 86_400_000
_ROBOTS_LAST: Final = 86_400_000
_LARGEST_ROBOTS: Final = 512 * 1024
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
#: How the address of a page looks that wants to know who asks.
_LOGIN: Final = re.compile(
    r"(?<![a-z])(login|signin|sign-in|qrconnect|oauth2?|passport|sso)(?![a-z])", re.IGNORECASE
)
_ROBOT: Final = "pitboard"
_TEXT_ENDINGS: Final = ("json", "xml", "html")


class HostState(NamedTuple):
    """What is remembered of a host between two requests, in ms.

    ``robots`` is its robots.txt; None if it was never fetched.
    """

    asked_at: int = 0
    closed_until: int = 0
    robots: str | None = None
    robots_at: int = 0


class FetchedPage(NamedTuple):
    """A page as it came; ``is_same`` says that the server did not send it again."""

    url: str
    body: bytes = b""
    media: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    is_same: bool = False

    def text(self) -> str:
        """All of it as text.

        Raises:
            FetchFailed: if it is none.
        """
        media = self.media
        if media and not media.startswith("text/") and not media.endswith(_TEXT_ENDINGS):
            raise FetchFailed(
                WatchOutcome.UNREADABLE, N_("it is no text but {media}"), media=media[:60]
            )
        return page_text(self.url, self.body, self.charset)


class Fetcher:
    """Fetches pages, one after the other.

    Args:
        may_ask: whether a host may be asked at all.
        hosts: what is known of each host; kept up to date.
        policy: where requests may go.
        now: the wall clock, in ms.
        pause: waits for some seconds between two requests to a host.
        deadline: in seconds, for all of a page.
        most: how many requests may be made.
    """

    def __init__(
        self,
        may_ask: Callable[[str], bool],
        hosts: dict[str, HostState],
        *,
        policy: AddressPolicy = INTERNET,
        now: Callable[[], int] = now_ms,
        pause: Callable[[float], object] = time.sleep,
        deadline: float = DEADLINE_SECONDS,
        most: int = MOST_REQUESTS,
    ) -> None:
        self.hosts = hosts
        self.left = most
        self._may_ask = may_ask
        self._policy = policy
        self._now = now
        self._pause = pause
        self._deadline = deadline

    def fetch(self, url: str, etag: str = "", last_modified: str = "") -> FetchedPage:
        """A page.

        Args:
            url: its address.
            etag, last_modified: of the page as it is known; a server need not send it again then.

        Raises:
            FetchFailed: if it can't be had, or may not.
        """
        held = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        final, answer = self._follow(url, {name: value for name, value in held.items() if value})
        if answer.status == http.client.NOT_MODIFIED:
            return FetchedPage(final, is_same=True)
        if answer.status != http.client.OK:
            raise self._refusal(answer)
        media, charset = _media(answer.headers.get("Content-Type", ""))
        return FetchedPage(
            final,
            answer.body,
            media,
            charset,
            answer.headers.get("ETag", "")[:500],
            answer.headers.get("Last-Modified", "")[:100],
        )

    def _follow(
        self, url: str, headers: Mapping[str, str], *, is_robots: bool = False
    ) -> tuple[str, ServerAnswer]:
        """The last of a chain of redirects, and where that was."""
        place, seconds = web_address(url), self._deadline
        for _hop in range(MOST_REDIRECTS + 1):
            self._must_be_welcome(place)
            if not is_robots:
                self._obey_robots(place)
            answer, seconds = self._ask(place, headers, seconds)
            if answer.status not in _REDIRECTS or not answer.headers.get("Location"):
                return str(place), answer
            following = web_address(urljoin(str(place), answer.headers["Location"]))
            if _LOGIN.search(f"{following.host}{following.target.partition('?')[0]}"):
                raise FetchFailed(WatchOutcome.LOGIN, N_("the page wants to know who reads it"))
            if place.scheme == "https" and following.scheme == "http":
                raise FetchFailed(
                    WatchOutcome.REFUSED, N_("it leads to {url}, without TLS"), url=str(following)
                )
            place = following
        raise FetchFailed(
            WatchOutcome.REFUSED, N_("it leads on more than {n} times"), n=MOST_REDIRECTS
        )

    def _must_be_welcome(self, place: WebAddress) -> None:
        if not self._may_ask(place.host):
            raise NotAsked(
                WatchOutcome.REFUSED, N_("{host} is not among your watch_hosts"), host=place.host
            )
        if self._policy.ports is not None and place.port not in self._policy.ports:
            raise FetchFailed(WatchOutcome.REFUSED, N_("port {port} is not asked"), port=place.port)
        until = self.hosts.get(place.host, HostState()).closed_until
        if until > self._now():
            raise NotAsked(
                WatchOutcome.REFUSED,
                N_("{host} asked for time"),
                host=place.host,
                retry_after=until - self._now(),
            )

    def _refusal(self, answer: ServerAnswer) -> FetchFailed:
        """What an answer that brings no page comes to."""
        match answer.status:
            case 404 | 410:
                outcome = WatchOutcome.GONE
            case 401 | 407:
                outcome = WatchOutcome.LOGIN
            case 403 | 429 | 451 | 503:
                outcome = WatchOutcome.REFUSED
            case status if status >= http.client.INTERNAL_SERVER_ERROR:
                outcome = WatchOutcome.OFFLINE
            case _:
                outcome = WatchOutcome.UNREADABLE
        later = self._retry_after(answer.headers.get("Retry-After", ""))
        message = N_("the server answers {status}")
        return FetchFailed(outcome, message, retry_after=later, status=answer.status)

    def _retry_after(self, text: str) -> int | None:
        """In how many ms a server wants to be asked again; it says seconds, or a date."""
        if text.strip().isdecimal():
            # Of so many digits that they can't be meant, a few are enough.
            wanted = int(text.strip()[:9]) * 1000
        else:
            try:
                wanted = int(parsedate_to_datetime(text).timestamp() * 1000) - self._now()
            except (ValueError, TypeError, OverflowError):
                return None
        return min(max(wanted, 0), _LONGEST_CLOSED)

    # robots.txt

    def _obey_robots(self, place: WebAddress) -> None:
        """Go on only if a host lets robots see a page."""
        state = self.hosts.get(place.host, HostState())
        if state.robots is None or not 0 <= self._now() - state.robots_at < _ROBOTS_LAST:
            held = self._fetch_robots(place)
            state = self.hosts.get(place.host, HostState())._replace(
                robots=held, robots_at=self._now()
            )
            self.hosts[place.host] = state
        if not _parsed(state.robots or "").can_fetch(_ROBOT, str(place)):
            raise FetchFailed(
                WatchOutcome.REFUSED, N_("the robots.txt of {host} forbids it"), host=place.host
            )

    def _fetch_robots(self, place: WebAddress) -> str:
        """A host's robots.txt; nothing if it has none, as RFC 9309 has it."""
        _final, answer = self._follow(str(place._replace(target="/robots.txt")), {}, is_robots=True)
        if answer.status == http.client.OK:
            return answer.body[:_LARGEST_ROBOTS].decode("utf-8", "replace")
        if answer.status >= http.client.INTERNAL_SERVER_ERROR or answer.status == 429:
            raise self._refusal(answer)
        return ""

    # The request itself

    def _ask(
        self, place: WebAddress, headers: Mapping[str, str], seconds: float
    ) -> tuple[ServerAnswer, float]:
        """What a server answers, and the seconds that are left."""
        self._take_turn(place.host)
        started = time.monotonic()
        answer = ask(place, headers, max(seconds, 0.01), self._policy)
        later = self._retry_after(answer.headers.get("Retry-After", ""))
        if answer.status in (429, 503) and later:
            state = self.hosts.get(place.host, HostState())
            self.hosts[place.host] = state._replace(closed_until=self._now() + later)
        return answer, seconds - (time.monotonic() - started)

    def _take_turn(self, host: str) -> None:
        """Wait until a host may be asked again."""
        if self.left <= 0:
            raise NotAsked(WatchOutcome.REFUSED, N_("a run makes {n} requests"), n=MOST_REQUESTS)
        self.left -= 1
        state = self.hosts.get(host, HostState())
        wanted = _parsed(state.robots or "").crawl_delay(_ROBOT) or PAUSE_SECONDS
        pause = min(max(float(wanted), PAUSE_SECONDS), _LONGEST_PAUSE)
        waits = state.asked_at / 1000 + pause - self._now() / 1000
        if 0 < waits <= pause:
            self._pause(waits)
        self.hosts[host] = state._replace(asked_at=self._now())


def _parsed(robots: str) -> RobotFileParser:
    parser = RobotFileParser()
    parser.parse(robots.splitlines())
    return parser


def _media(content_type: str) -> tuple[str, str]:
    """The type of what was sent, and the charset that its header names."""
    media, *parameters = content_type.lower().split(";")
    named = (one.partition("=") for one in parameters)
    charset = next((value for name, _sign, value in named if name.strip() == "charset"), "")
    return media.strip(), charset.strip(" \"'")[:40]


# From bytes to text


#: The charsets that pages name, and how they are decoded.
_CHARSETS: Final = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80", "cp936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "windows-1252"), "cp1252"),
}
_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_META: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE
)
_META_WITHIN: Final = 4096


def page_text(url: str, body: bytes, charset: str = "") -> str:
    """The text of a page: by its mark, its header, its meta element, else UTF-8, else GB18030.

    Raises:
        FetchFailed: if it is no text.
    """
    meta = _META.search(body[:_META_WITHIN])
    named = (charset, meta[1].decode("ascii", "replace") if meta else "")
    if not body.startswith(_BYTE_ORDER_MARKS):
        for name in named:
            encoding = _CHARSETS.get(name.lower())
            if encoding is not None:
                with suppress(UnicodeDecodeError):
                    return from_elsewhere(body.decode(encoding))
    try:
        return from_elsewhere(body.decode(encoding_of(BytesIO(body), url)))
    except Refused as error:
        raise FetchFailed(
            WatchOutcome.UNREADABLE, N_("it is in no encoding that is known")
        ) from error
