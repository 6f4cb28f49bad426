"""``pitboard watch``: what it looks at, what it writes, and what it never asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.imports.watch.fetch import Fetcher
from tests.cli.conftest import Pitboard
from tests.servers import VENDOR, PageServer, Reply, community_page, page_server, thread
from tui.cli import watch as verb

PATH = "/community/develop/doc/0001"
NOW = 4_000_000_000


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PageServer]:
    with page_server() as running:

        def made(*hosts: Any) -> Fetcher:
            return running.fetcher(*hosts)

        monkeypatch.setattr(verb, "make_fetcher", made)
        yield running


@pytest.fixture
def linked(pitboard: Pitboard, server: PageServer) -> str:
    pitfall = pitboard("new", "A white picture").out.strip()
    pitboard("link", pitfall, server.url(PATH))
    pitboard("triage", "accept", pitfall)
    return pitfall


def said(pitboard: Pitboard, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(pitboard(*words, "--json").out)
    return found


def test_a_page_that_changed_waits_in_the_inbox(
    pitboard: Pitboard, server: PageServer, linked: str
) -> None:
    url = server.url(PATH)
    server.pages[PATH] = Reply(200, thread().encode())
    assert pitboard("watch", linked).out == f"same\t{linked}\t{url}\t\t\n"
    server.pages[PATH] = Reply(200, thread(("2", "已修复，4.1.12 起", True)).encode())
    done = pitboard("watch", linked[:6])
    assert done.out == f"changed\t{linked}\t{url}\tfixed\tofficial; 已修复\n"
    assert "Looked at 1 page: changed 1." in done.err
    assert "1 pitfall waits in the inbox" in done.err
    assert pitboard("triage", "list").out.split("\t")[:2] == [linked, "vendor-reply"]
    [waiting] = said(pitboard, "triage", "list")["pitfalls"]
    assert (waiting["status"], waiting["inbox_reason"]) == ("open", "vendor-reply")
    declined = said(pitboard, "triage", "decline-reply", linked)
    assert [change["what"] for change in declined["changes"]] == ["suggestion_declined"]
    assert pitboard("triage", "list").code == 1
    assert pitboard("triage", "decline-reply", linked).code == 1
    pitboard("undo")
    assert pitboard("triage", "list").code == 0
    pitboard("vendor-reply", linked, "--ref", url, "--kind", "fixed", "--quote", "x")
    assert pitboard("triage", "list").code == 1


def test_what_is_written_as_json(pitboard: Pitboard, server: PageServer, linked: str) -> None:
    server.pages[PATH] = Reply(200, thread(("2", "已修复", True, NOW)).encode())
    document = said(pitboard, "watch", linked)
    [page] = document["pages"]
    assert (page["outcome"], page["title"], page["why"]) == ("changed", "登录后白屏", "")
    [found] = document["suggestions"]
    assert (found["kind"], found["why"], found["official"]) == (
        "fixed",
        ["official", "已修复"],
        True,
    )


def test_a_dry_run_asks_nobody(pitboard: Pitboard, server: PageServer, linked: str) -> None:
    assert pitboard("watch", "--dry-run").out == f"\t{linked}\t{server.url(PATH)}\t\t\n"
    document = said(pitboard, "watch", "--dry-run", "tag:none or white")
    assert [page["outcome"] for page in document["pages"]] == [None]
    assert server.asked == []


def test_what_is_not_due_is_left(pitboard: Pitboard, server: PageServer, linked: str) -> None:
    server.pages[PATH] = Reply(200, thread().encode())
    pitboard("watch", "--due")
    asked = len(server.asked)
    done = pitboard("watch", "--due")
    assert (done.code, done.out, len(server.asked)) == (0, "", asked)
    assert pitboard("watch", "status:fixed").code == 1
    assert (
        "links a web page" in json.loads(pitboard("watch", "status:fixed", "--json").err)["message"]
    )


def test_the_host_of_another_is_not_asked(
    pitboard: Pitboard, server: PageServer, linked: str
) -> None:
    pitboard("link", linked, server.url("/x", "blog.example"))
    pitboard("link", linked, server.url("/x", f"{VENDOR}.evil.example"))
    server.pages[PATH] = Reply(200, thread().encode())
    done = pitboard("watch", linked)
    assert "not asked: blog.example" in done.err
    assert {host for host, _path, _headers in server.asked} == {VENDOR}
    assert pitboard("config", "set", "watch_hosts", "blog.example,!other.example").code == 0
    server.pages["/x"] = Reply(200, b"<main>Hello</main>")
    pitboard("watch", linked)
    assert {host for host, path, _headers in server.asked if path == "/x"} == {"blog.example"}
    assert pitboard("config", "set", "watch_hosts", "https://a.example/").code == 3


def test_nobody_there_is_told_by_the_exit_code(
    pitboard: Pitboard, server: PageServer, linked: str
) -> None:
    server.pages["/robots.txt"] = Reply(500)
    done = pitboard("watch", linked)
    assert done.code == 4
    assert done.out.startswith("offline\t")


def test_a_saved_page_is_read(
    pitboard: Pitboard, server: PageServer, linked: str, tmp_path: Path
) -> None:
    page, url = tmp_path / "page.html", server.url(PATH)
    page.write_bytes(community_page(("1", "小王", "+1", False)).encode("gb18030"))
    pitboard("watch", linked, "--from-file", str(page), "--url", url)
    text = community_page(("1", "小王", "+1", False), ("2", "专员", "该问题已修复", True))
    page.write_text(text, "utf-8")
    document = said(pitboard, "watch", "--from-file", str(page), "--url", url, "--dry-run")
    assert [post["key"] for post in document["pages"][0]["posts"]] == ["doc", "1", "2"]
    assert [post["official"] for post in document["pages"][0]["posts"]] == [False, False, True]
    assert [one["kind"] for one in document["suggestions"]] == ["fixed"]
    assert pitboard("triage", "list").code == 1
    pitboard("watch", "--from-file", "-", "--url", url, stdin=text)
    assert pitboard("triage", "list").code == 0
    other = pitboard("watch", "--from-file", str(page), "--url", f"https://{VENDOR}/community/9")
    assert "nothing was kept" in other.err
    assert (other.code, "same" in other.out) == (1, False)
    assert server.asked == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--from-file", "x"), 2, "go together"),
        (("--url", "https://a.example/"), 2, "go together"),
        (("--from-file", "nowhere.html", "--url", "https://a.example/"), 2, "can't be read"),
        (("--from-file", "-", "--url", "file:///etc/passwd"), 3, "no web address"),
        (("--from-file", "-", "--url", f"https://{VENDOR}/community/1"), 3, "no thread"),
        (("sort:nothing",), 2, "sort"),
    ],
)
def test_what_can_not_be_used_is_said(
    pitboard: Pitboard, words: tuple[str, ...], code: int, said: str
) -> None:
    done = pitboard("watch", *words, stdin="<html><p>x</p>")
    assert done.code == code
    assert said in done.err


def test_without_the_extra_it_says_how_to_get_it(
    pitboard: Pitboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.cli.open_board.find_spec", lambda _name: None)
    done = pitboard("watch")
    assert (done.code, done.out) == (3, "")
    assert ".[watch]'" in done.err


def test_the_loop_of_triage_records_or_declines_what_is_suggested(
    pitboard: Pitboard, server: PageServer, linked: str
) -> None:
    server.pages[PATH] = Reply(200, thread(("2", "已修复，4.1.12 起", True, NOW)).encode())
    pitboard("watch", linked)
    screen = pitboard.terminal("triage", NO_COLOR="1")
    screen.expect_exact("Vendor reply? fixed 4.1.12 (official badge; 已修复)")
    screen.expect_exact("3 decline the reply")
    screen.expect_exact("0 record the reply")
    screen.send("3")
    screen.expect_exact("Declined the suggested vendor reply.")
    screen.wait()
    pitboard("undo")
    screen = pitboard.terminal("triage", NO_COLOR="1")
    screen.expect_exact("0 record the reply")
    screen.send("0")
    screen.expect_exact("Recorded the vendor reply.")
    screen.expect_exact("The inbox is empty")
    screen.wait()
    [reply] = pitboard.pitfall(linked).vendor_replies
    assert (reply.sort, reply.version, reply.official) == ("fixed", "4.1.12", True)


def test_a_person_is_asked_once_about_a_host(pitboard: Pitboard) -> None:
    pitfall = pitboard("new", "A white picture").out.strip()
    pitboard("link", pitfall, "https://blog.example/post")
    screen = pitboard.terminal("watch", pitfall, NO_COLOR="1")
    screen.expect_exact("Look at pages of blog.example from now on?")
    screen.sendline("n")
    screen.expect_exact("Looked at 0 pages")
    screen.wait()
    assert "!blog.example" in pitboard("config", "get", "watch_hosts").out
    screen = pitboard.terminal("watch", pitfall, NO_COLOR="1")
    screen.expect_exact("Looked at 0 pages")
    assert "from now on" not in screen.before
    screen.wait()


def test_a_duplicates_links_are_looked_at_with_the_original(
    pitboard: Pitboard, server: PageServer, linked: str
) -> None:
    original = pitboard("new", "White pictures").out.strip()
    pitboard("triage", "duplicate", linked, "--of", original)
    server.pages[PATH] = Reply(200, thread().encode())
    assert pitboard("watch", linked).out.split("\t")[:2] == ["same", original]
