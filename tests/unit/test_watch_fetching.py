"""Fetching pages: what may be asked, how often, how long and how much."""

from __future__ import annotations

import gzip
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator

import pytest

from storage.imports.watch.fetch import Fetcher, HostState, page_text
from storage.imports.watch.request import (
    INTERNET,
    LARGEST_PAGE,
    FetchFailed,
    NotAsked,
    is_public,
    web_address,
)
from storage.model.vocabulary import Source, WatchOutcome, source_of
from tests.processes import PATIENCE
from tests.records import MONDAY
from tests.servers import VENDOR, PageServer, Reply, html, page_server


@pytest.fixture
def server() -> Iterator[PageServer]:
    with page_server() as running:
        yield running


def refusal(fetcher: Fetcher, url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        fetcher.fetch(url)
    return failed.value


# Which addresses


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.5.4", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "239.1.2.3", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "ff0e::1", "fec0::1"),
        *(
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "2002:7f00:1::",
        ),
        *("2001:0:1::1", "2001:db8::1", "::7f00:1", "fe80::1%eth0"),
    ],
)
def test_an_address_that_is_not_of_the_internet_is_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "203.205.254.1", "2408:8706::1", "2606:4700::1111"])
def test_an_address_of_the_internet_is_allowed(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/page",
        "http://[::1]:{port}/page",
        "http://localhost:{port}/page",
        "http://2130706433:{port}/page",
        "http://127.1:{port}/page",
        "http://0x7f.1:{port}/page",
    ],
)
def test_this_machine_is_never_asked_unless_a_test_allows_it(server: PageServer, url: str) -> None:
    policy = INTERNET._replace(ports=frozenset((server.port,)))
    failed = refusal(server.fetcher(policy=policy), url.format(port=server.port))
    assert failed.outcome in (WatchOutcome.REFUSED, WatchOutcome.OFFLINE)
    assert server.asked == []


def test_every_address_of_a_name_is_checked(server: PageServer) -> None:
    public = INTERNET._replace(resolve=lambda host, port: ["203.205.254.1", "10.0.0.1"])
    failed = refusal(server.fetcher(policy=public), f"http://{VENDOR}/page")
    assert failed.outcome is WatchOutcome.REFUSED
    assert "10.0.0.1" in str(failed)


def test_of_several_checked_addresses_the_next_is_tried(server: PageServer) -> None:
    """The first one is this machine's too, and nobody listens there."""
    server.pages["/page"] = html("x")
    policy = server.policy(
        resolve=lambda host, port: ["::1", "127.0.0.1"],
        allows=lambda address: str(address) in ("::1", "127.0.0.1"),
    )
    assert server.fetcher(policy=policy).fetch(server.url("/page")).body == b"x"


def test_a_name_is_resolved_once_for_a_request_and_the_checked_address_is_asked(
    server: PageServer,
) -> None:
    """A resolver that says something else the second time is not asked a second time."""
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["10.9.9.9"]])
    server.pages["/page"] = html("<p>Hello</p>")
    policy = server.policy(resolve=lambda host, port: next(answers))
    assert server.fetcher(policy=policy).fetch(server.url("/page")).body == b"<p>Hello</p>"
    # robots.txt and the page, each with one answer of its own.
    assert next(answers) == ["10.9.9.9"]
    assert [host for host, _path, _headers in server.asked] == [VENDOR, VENDOR]


@pytest.mark.parametrize(
    "url",
    [
        *(
            "file:///etc/passwd",
            "ftp://a.example/x",
            "javascript:alert(1)",
            "https://",
            "a.example",
        ),
        *("http://a b.example/", "http://a.example\\@b.example/", "http://a.example:99999/"),
        *("https://user:secret@a.example/", "https://user@a.example/", "http://a.exam\x00ple/"),
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(FetchFailed) as failed:
        web_address(url)
    assert failed.value.outcome is WatchOutcome.REFUSED
    assert "secret" not in str(failed.value)


def test_an_address_has_one_spelling() -> None:
    spellings = ("HTTPS://A.Example:443/x y".replace(" ", "%20"), "https://a.example./x%20y#part")
    assert {str(web_address(url)) for url in spellings} == {"https://a.example/x%20y"}
    assert str(web_address("http://例子.example/路?问=1")) == (
        "http://xn--fsqu00a.example/%E8%B7%AF?%E9%97%AE=1"
    )


def test_a_source_is_told_by_its_host_and_not_by_what_an_address_mentions() -> None:
    assert source_of(f"https://{VENDOR}/community/develop/doc/1") is Source.COMMUNITY
    assert source_of(f"https://{VENDOR}/miniprogram/dev") is Source.OFFICIAL
    assert source_of("https://developer.work.weixin.qq.com/document") is Source.OFFICIAL
    for url in (
        f"https://evil.example/{VENDOR}/community/1",
        f"https://{VENDOR}.evil.example/community/1",
        f"https://evil.example/?to=https://{VENDOR}/community/",
        f"https://evil{VENDOR}/community/1",
        "https://[bad/community",
    ):
        assert source_of(url) is Source.OTHER, url


def test_only_hosts_that_may_be_asked_are_asked(server: PageServer) -> None:
    fetcher = server.fetcher(lambda host: host == VENDOR)
    for host in ("other.example", f"{VENDOR}.evil.example", f"x{VENDOR}"):
        with pytest.raises(NotAsked):
            fetcher.fetch(server.url("/page", host))
    assert server.asked == []


# What is sent


def test_a_request_says_who_asks_and_nothing_of_the_person(server: PageServer) -> None:
    server.pages["/robots.txt"] = Reply(404, b"", {"Set-Cookie": "a=b"})
    server.pages["/page"] = html("x", Set_Cookie="session=1; Path=/")
    fetcher = server.fetcher()
    fetcher.fetch(server.url("/page"))
    fetcher.fetch(server.url("/page"), '"tag"', "Mon, 23 Nov 2026 08:00:00 GMT")
    for _host, _path, headers in server.asked:
        assert headers["User-Agent"].startswith("Pitboard/")
        assert not {"Cookie", "Authorization", "Referer"} & set(headers)
    assert server.asked[-1][2]["If-None-Match"] == '"tag"'
    assert server.asked[-1][2]["If-Modified-Since"] == "Mon, 23 Nov 2026 08:00:00 GMT"


# Time and size


@pytest.mark.parametrize("part", ["status", "headers", "body"])
def test_a_server_that_sends_a_byte_at_a_time_is_left(server: PageServer, part: str) -> None:
    server.pages["/page"] = Reply(drips=part)
    failed = refusal(server.fetcher(deadline=0.4), server.url("/page"))
    assert failed.outcome is WatchOutcome.OFFLINE
    assert "too slow" in str(failed)


def test_a_resolver_that_never_answers_is_left(server: PageServer) -> None:
    never = threading.Event()

    def resolve(_host: str, _port: int) -> list[str]:
        never.wait(PATIENCE)
        return ["127.0.0.1"]

    failed = refusal(
        server.fetcher(policy=server.policy(resolve=resolve), deadline=0.2), server.url("/page")
    )
    never.set()
    assert failed.outcome is WatchOutcome.OFFLINE


def test_a_bomb_is_not_unpacked(server: PageServer) -> None:
    bomb = gzip.compress(b"\0" * (10 * LARGEST_PAGE))
    server.pages["/page"] = Reply(200, bomb, {"Content-Encoding": "gzip"})
    failed = refusal(server.fetcher(), server.url("/page"))
    assert failed.outcome is WatchOutcome.UNREADABLE
    assert "larger than 2 MiB" in str(failed)


def test_a_large_page_is_left_and_a_packed_one_is_read(server: PageServer) -> None:
    server.pages["/large"] = Reply(200, b"x" * (LARGEST_PAGE + 1))
    server.pages["/packed"] = Reply(200, gzip.compress(b"Hello"), {"Content-Encoding": "gzip"})
    server.pages["/damaged"] = Reply(200, b"Hello", {"Content-Encoding": "gzip"})
    server.pages["/strange"] = Reply(200, b"Hello", {"Content-Encoding": "br"})
    fetcher = server.fetcher()
    assert refusal(fetcher, server.url("/large")).outcome is WatchOutcome.UNREADABLE
    assert fetcher.fetch(server.url("/packed")).body == b"Hello"
    assert refusal(fetcher, server.url("/damaged")).outcome is WatchOutcome.UNREADABLE
    assert refusal(fetcher, server.url("/strange")).outcome is WatchOutcome.UNREADABLE


# Redirects


def to(place: str) -> Reply:
    return Reply(302, b"", {"Location": place})


def test_three_redirects_are_followed_and_no_fourth(server: PageServer) -> None:
    for n in range(5):
        server.pages[f"/{n}"] = to(f"/{n + 1}")
    server.pages["/5"] = html("<p>Here</p>")
    assert server.fetcher().fetch(server.url("/2")).url == server.url("/5")
    failed = refusal(server.fetcher(), server.url("/1"))
    assert failed.outcome is WatchOutcome.REFUSED
    assert server.paths()[-4:] == ["/1", "/2", "/3", "/4"]


@pytest.mark.parametrize(
    ("place", "outcome"),
    [
        ("https://open.weixin.qq.com/connect/qrconnect?a=b", WatchOutcome.LOGIN),
        ("/account/login?to=/page", WatchOutcome.LOGIN),
        ("file:///etc/passwd", WatchOutcome.REFUSED),
        ("http://user:pw@a.example/", WatchOutcome.REFUSED),
        ("http://169.254.169.254/latest/meta-data", WatchOutcome.REFUSED),
        ("//other.example/page", WatchOutcome.REFUSED),
    ],
)
def test_a_redirect_goes_nowhere_that_may_not_be_asked(
    server: PageServer, place: str, outcome: WatchOutcome
) -> None:
    server.pages["/page"] = to(place)
    failed = refusal(server.fetcher(lambda host: host == VENDOR), server.url("/page"))
    assert failed.outcome is outcome
    assert server.paths() == ["/page"]


def test_a_page_with_lesson_in_its_name_is_no_login(server: PageServer) -> None:
    server.pages["/page"] = to("/lessons")
    server.pages["/lessons"] = html("<p>Here</p>")
    assert server.fetcher().fetch(server.url("/page")).body == b"<p>Here</p>"


# Politeness


def test_a_host_is_asked_once_in_ten_seconds(server: PageServer) -> None:
    server.pages["/page"] = html("x")
    now = [MONDAY]

    def pause(seconds: float) -> None:
        server.paused.append(seconds)
        now[0] += int(seconds * 1000)

    hosts: dict[str, HostState] = {}
    fetcher = server.fetcher(hosts=hosts, now=lambda: now[0], pause=pause)
    fetcher.fetch(server.url("/page"))
    now[0] += 4_000
    fetcher.fetch(server.url("/page"))
    assert server.paused == [10, 6]
    # The next run knows when this one asked.
    server.fetcher(hosts=hosts, now=lambda: now[0], pause=pause).fetch(server.url("/page"))
    assert server.paused == [10, 6, 10]
    fetcher.fetch(server.url("/page", "other.example"))
    assert server.paused == [10, 6, 10, 10]


def test_robots_txt_is_obeyed_and_asked_for_once_a_day(server: PageServer) -> None:
    server.pages["/robots.txt"] = Reply(
        200,
        b"User-agent: *\nDisallow: /private\nCrawl-delay: 30\n\nUser-agent: pitboard\nAllow: /\n",
    )
    server.pages["/private"] = server.pages["/page"] = html("x")
    hosts: dict[str, HostState] = {}
    now = [MONDAY]
    fetcher = server.fetcher(hosts=hosts, now=lambda: now[0])
    fetcher.fetch(server.url("/private"))
    server.pages["/robots.txt"] = Reply(200, b"User-agent: Pitboard\nDisallow: /private")
    fetcher.fetch(server.url("/private"))
    now[0] += 2 * 86_400_000
    assert refusal(fetcher, server.url("/private")).outcome is WatchOutcome.REFUSED
    fetcher.fetch(server.url("/page"))
    assert [path for _host, path, _headers in server.asked].count("/robots.txt") == 2


@pytest.mark.parametrize("status", [500, 503, 429])
def test_without_an_answer_about_robots_nothing_is_asked(server: PageServer, status: int) -> None:
    server.pages["/robots.txt"] = Reply(status)
    server.pages["/page"] = html("x")
    refusal(server.fetcher(), server.url("/page"))
    assert server.paths() == []


@pytest.mark.parametrize(
    ("value", "ms"),
    [
        ("120", 120_000),
        ("Mon, 23 Nov 2026 08:05:00 GMT", 300_000),
        ("9" * 400, 7 * 86_400_000),
        ("soon", None),
        ("Mon, 99 Nov 2026 08:05:00 GMT", None),
    ],
)
def test_a_host_that_wants_time_gets_it(server: PageServer, value: str, ms: int | None) -> None:
    server.pages["/page"] = Reply(429, b"", {"Retry-After": value})
    now = [MONDAY]
    fetcher = server.fetcher(now=lambda: now[0])
    failed = refusal(fetcher, server.url("/page"))
    assert (failed.outcome, failed.retry_after) == (WatchOutcome.REFUSED, ms)
    server.pages["/page"] = html("x")
    if ms is None:
        fetcher.fetch(server.url("/page"))
        return
    now[0] += ms - 1
    assert isinstance(refusal(fetcher, server.url("/page")), NotAsked)
    now[0] += 1
    fetcher.fetch(server.url("/page"))
    assert server.paths() == ["/page", "/page"]


def test_a_run_makes_so_many_requests(server: PageServer) -> None:
    server.pages["/page"] = html("x")
    fetcher = server.fetcher(most=3)
    fetcher.fetch(server.url("/page"))
    fetcher.fetch(server.url("/page"))
    assert isinstance(refusal(fetcher, server.url("/page")), NotAsked)
    assert fetcher.left == 0


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, WatchOutcome.GONE),
        (410, WatchOutcome.GONE),
        (401, WatchOutcome.LOGIN),
        (403, WatchOutcome.REFUSED),
        (451, WatchOutcome.REFUSED),
        (500, WatchOutcome.OFFLINE),
        (418, WatchOutcome.UNREADABLE),
    ],
)
def test_what_a_status_comes_to(server: PageServer, status: int, outcome: WatchOutcome) -> None:
    server.pages["/page"] = Reply(status)
    assert refusal(server.fetcher(), server.url("/page")).outcome is outcome


def test_nobody_there_is_offline(server: PageServer) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    policy = server.policy(ports=frozenset((port,)))
    failed = refusal(server.fetcher(policy=policy), f"http://{VENDOR}:{port}/")
    assert failed.outcome is WatchOutcome.OFFLINE
    missing = server.policy(resolve=lambda host, port: [])
    failed = refusal(server.fetcher(policy=missing), server.url("/"))
    assert failed.outcome is WatchOutcome.OFFLINE


# TLS


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server with a certificate of the vendor's name takes, and who trusts it."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl")
    room = tmp_path_factory.mktemp("tls")
    key, certificate = room / "key.pem", room / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "36500"),
            *("-keyout", str(key), "-out", str(certificate), "-subj", f"/CN={VENDOR}"),
            *("-addext", f"subjectAltName=DNS:{VENDOR}"),
        ],
        check=True,
        capture_output=True,
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)
    return serving, ssl.create_default_context(cafile=certificate)


def test_a_certificate_must_be_of_the_name_that_is_asked(
    tls: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    serving, trusting = tls
    with page_server(serving) as server:
        server.pages["/page"] = html("x")
        fetcher = server.fetcher(policy=server.policy(tls=trusting))
        assert fetcher.fetch(f"https://{VENDOR}:{server.port}/page").body == b"x"
        for policy, host in (
            (server.policy(tls=trusting), "other.example"),
            (server.policy(), VENDOR),
        ):
            failed = refusal(server.fetcher(policy=policy), f"https://{host}:{server.port}/page")
            assert failed.outcome is WatchOutcome.REFUSED
            assert "can't be trusted" in str(failed)


def test_https_never_leads_to_http(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    serving, trusting = tls
    with page_server(serving) as server:
        server.pages["/page"] = to(f"http://{VENDOR}:{server.port}/other")
        fetcher = server.fetcher(policy=server.policy(tls=trusting))
        failed = refusal(fetcher, f"https://{VENDOR}:{server.port}/page")
        assert failed.outcome is WatchOutcome.REFUSED
        assert "without TLS" in str(failed)


def test_a_handshake_that_never_ends_is_left(server: PageServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        policy = server.policy(ports=frozenset((port,)))
        fetcher = server.fetcher(policy=policy, deadline=0.3)
        assert refusal(fetcher, f"https://{VENDOR}:{port}/").outcome is WatchOutcome.OFFLINE


# Bytes


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("\ufeff已修复".encode(), "gbk"),
        ("已修复".encode("utf-16"), ""),
        ("已修复".encode("gb18030"), "gb2312"),
        ('<meta charset="gb18030">已修复'.encode("gb18030"), ""),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=gbk">已修复'.encode("gbk"),
            "",
        ),
        ("已修复".encode(), ""),
        ("这个问题在最新版本里已修复，请更新后再试一下。".encode("gb18030"), ""),
        # What the header says is not so, or no charset at all.
        ("已修复".encode(), "gb2312, but not really"),
        ("已修复。".encode(), "utf-16"),
        ("已修复".encode(), "rot13"),
    ],
)
def test_the_charset_is_found(body: bytes, charset: str) -> None:
    assert "已修复" in page_text("https://a.example/", body, charset)


def test_bytes_that_are_no_text_are_unreadable() -> None:
    with pytest.raises(FetchFailed) as failed:
        page_text("https://a.example/", b"\x89PNG\x00\xff\xfe\x00", "")
    assert failed.value.outcome is WatchOutcome.UNREADABLE
