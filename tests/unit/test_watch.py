"""Watching the links of a board: what is kept, what is suggested, and what becomes of that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import Busy
from storage.imports.watch.request import FetchFailed
from storage.imports.watch.watcher import LookedAt, WatchedLink, Watcher
from storage.model.clock import DAY_MS
from storage.model.row import InboxReason, Triage
from storage.model.verdicts import ReplySuggestion
from storage.model.vocabulary import VendorReplyKind, WatchOutcome
from storage.query.parser import parse
from storage.read.board import Board
from storage.sharing.sync import share, sync
from storage.write.store import Store
from tests.boards import fresh
from tests.records import MONDAY, Wall, dump, lines_of
from tests.servers import VENDOR, PageServer, Reply, html, page_server, thread
from tests.teams import Team

PATH = "/community/develop/doc/0001"


class Watched:
    """A board with one pitfall that links a page of a server, and how to look at it."""

    def __init__(self, room: Path, server: PageServer) -> None:
        self.server = server
        self.wall = Wall()
        self.store = Store.open(fresh(room / "board.db"), who="Ann", now=self.wall)
        self.board = Board.open(self.store.path)
        self.url = server.url(PATH)
        self.pitfall = self.store.pitfalls.report("A white picture")
        self.store.triage.accept(self.pitfall)
        self.store.links.add(self.pitfall, self.url)
        self.wall.ms += 1_000

    def watcher(self) -> Watcher:
        return Watcher(
            self.store.session,
            lambda host: host == VENDOR,
            lambda may_ask, hosts: self.server.fetcher(may_ask, hosts, now=self.wall),
        )

    def link(self) -> WatchedLink:
        return self.watcher().links([self.pitfall])[0]

    def look(self) -> LookedAt:
        watcher = self.watcher()
        [link] = watcher.links([self.pitfall])
        return watcher.look(link)

    def say(self, *answers: tuple[str, str, bool, int]) -> None:
        """The thread holds these answers from now on."""
        self.server.pages[PATH] = Reply(
            200,
            thread(*answers).encode(),
            {"Content-Type": "application/json", "ETag": f'"{len(answers)}"'},
        )

    def waits(self) -> InboxReason | None:
        found = self.board.inbox.decisions([self.pitfall], self.wall.ms)[self.pitfall]
        return found.inbox_reason if found.triage is Triage.INBOX else None

    def suggested(self) -> list[ReplySuggestion]:
        return self.board.inbox.suggestions(self.pitfall)

    def close(self) -> None:
        self.board.close()
        self.store.close()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with page_server() as server:
        found = Watched(tmp_path, server)
        yield found
        found.close()


OLD = ("1", "请提供代码片段", True, MONDAY // 1000 - 100)
FIXED = ("2", "该问题已修复，请更新到 4.1.12", True, MONDAY // 1000 + 100)


def test_only_a_page_that_changed_is_suggested(watched: Watched) -> None:
    watched.say(OLD)
    assert (watched.look().outcome, watched.waits()) == (WatchOutcome.SAME, None)
    assert (watched.look().outcome, watched.waits()) == (WatchOutcome.SAME, None)
    watched.say(OLD, FIXED)
    looked = watched.look()
    assert looked.outcome is WatchOutcome.CHANGED
    assert watched.waits() is InboxReason.VENDOR_REPLY
    [found] = watched.suggested()
    assert (found.kind, found.why, found.version, found.official, found.url) == (
        VendorReplyKind.FIXED,
        ("official", "已修复"),
        "4.1.12",
        True,
        watched.url,
    )
    assert found.quote == "该问题已修复，请更新到 4.1.12"
    assert [row.id for row in watched.board.find(parse("inbox:yes")).page(0, 9)] == [
        watched.pitfall
    ]
    assert watched.board.inbox.count(watched.wall.ms) == 1
    # It is said once, and stays until somebody does something about it.
    assert watched.look().outcome is WatchOutcome.SAME
    assert watched.suggested() == [found]


def test_an_answer_that_is_older_than_the_link_is_no_news_at_the_first_look(
    watched: Watched,
) -> None:
    watched.say(OLD, FIXED)
    assert watched.look().outcome is WatchOutcome.CHANGED
    assert watched.waits() is InboxReason.VENDOR_REPLY


def test_what_is_overdue_besides_waits_once_and_for_the_reply(watched: Watched) -> None:
    watched.store.pitfalls.edit(watched.pitfall, {"due": "2026-11-23"})
    watched.say(OLD, FIXED)
    watched.look()
    watched.wall.ms += DAY_MS
    assert watched.waits() is InboxReason.VENDOR_REPLY
    assert watched.board.inbox.count(watched.wall.ms) == 1
    watched.store.triage.decline_suggestions(watched.pitfall)
    assert watched.waits() is InboxReason.OVERDUE
    assert watched.board.inbox.count(watched.wall.ms) == 1
    watched.store.triage.accept(watched.pitfall)
    assert watched.waits() is None
    assert watched.board.inbox.count(watched.wall.ms) == 0


def test_validators_are_sent_and_kept_only_with_what_could_be_read(watched: Watched) -> None:
    watched.say(OLD)
    watched.look()
    held = watched.server.pages[PATH]
    watched.server.pages[PATH] = Reply(200, b"<html><p>x</p>", {"ETag": '"new"'})
    watched.server.pages["/community/ngi/doc/detail/0001"] = Reply(500)
    assert watched.look().outcome is WatchOutcome.UNREADABLE
    watched.server.pages[PATH] = Reply(304)
    assert watched.look().outcome is WatchOutcome.SAME
    sent = [headers.get("If-None-Match") for _host, path, headers in watched.server.asked]
    assert [one for one in sent if one] == ['"1"', '"1"']
    watched.server.pages[PATH] = held
    assert watched.look().outcome is WatchOutcome.SAME


def test_what_is_unreadable_never_counts_as_changed(watched: Watched) -> None:
    watched.say(OLD)
    watched.look()
    for reply in (html("<p>已修复</p>"), Reply(500), Reply(401), Reply(403), Reply(200, b"\0\xff")):
        watched.server.pages[PATH] = reply
        looked = watched.look()
        assert looked.outcome is not WatchOutcome.CHANGED
        assert looked.why is not None
        assert watched.waits() is None
    watched.say(OLD, FIXED)
    assert watched.look().outcome is WatchOutcome.CHANGED


def test_a_page_is_gone_when_it_is_so_twice_a_day_apart(watched: Watched) -> None:
    watched.server.pages[PATH] = Reply(404)
    assert (watched.look().outcome, watched.waits()) == (WatchOutcome.GONE, None)
    watched.wall.ms += DAY_MS - 1
    assert (watched.look().outcome, watched.waits()) == (WatchOutcome.GONE, None)
    watched.wall.ms += 1
    assert watched.look().outcome is WatchOutcome.GONE
    assert watched.waits() is InboxReason.VENDOR_REPLY
    [found] = watched.suggested()
    assert (found.kind, found.why) == (None, ("gone",))


def test_a_page_that_came_back_between_is_not_gone(watched: Watched) -> None:
    watched.server.pages[PATH] = Reply(404)
    watched.look()
    watched.wall.ms += DAY_MS
    watched.say(OLD)
    watched.look()
    watched.server.pages[PATH] = Reply(404)
    watched.wall.ms += DAY_MS
    watched.look()
    assert watched.waits() is None


def test_a_failing_page_is_looked_at_after_1_3_and_7_days(watched: Watched) -> None:
    watched.server.pages[PATH] = Reply(500)
    for days in (1, 3, 7, 7):
        watched.look()
        watched.wall.ms += days * DAY_MS - 1
        assert watched.watcher().waits(watched.link(), only_due=False)
        watched.wall.ms += 1
        assert not watched.watcher().waits(watched.link(), only_due=True)
    watched.say(OLD)
    watched.look()
    assert not watched.watcher().waits(watched.link(), only_due=False)
    assert watched.watcher().waits(watched.link(), only_due=True)
    watched.wall.ms += DAY_MS
    assert not watched.watcher().waits(watched.link(), only_due=True)


def test_a_host_that_wants_time_is_left_alone_by_the_next_run(watched: Watched) -> None:
    watched.server.pages[PATH] = Reply(429, b"", {"Retry-After": str(3 * 86_400)})
    watched.look()
    asked = len(watched.server.asked)
    watched.wall.ms += 2 * DAY_MS
    assert watched.look().outcome is WatchOutcome.REFUSED
    assert len(watched.server.asked) == asked


def test_two_runs_do_not_ask_at_the_same_time(watched: Watched) -> None:
    with watched.watcher().alone(), pytest.raises(Busy), watched.watcher().alone():
        pass
    with watched.watcher().alone():
        pass


def test_other_hosts_are_not_asked(watched: Watched) -> None:
    other = watched.store.pitfalls.report("Another")
    watched.store.links.add(other, watched.server.url("/x", "evil.example"))
    watched.store.links.add(other, "https://user:secret@a.example/")
    watched.store.links.add(other, f"{watched.url}#answer-2")
    watcher = watched.watcher()
    links = watcher.links([other, watched.pitfall])
    assert {link.host for link in links} == {VENDOR, "evil.example"}
    [both] = [link for link in links if link.host == VENDOR]
    assert set(both.pitfalls) == {other, watched.pitfall}
    [evil] = [link for link in links if link.host != VENDOR]
    assert watcher.look(evil).outcome is WatchOutcome.REFUSED
    assert watched.server.asked == []
    assert watched.watcher().held([evil.url])[evil.url].failures == 0


def test_a_host_that_leads_to_one_that_is_not_asked_is_not_asked_at_once_again(
    watched: Watched,
) -> None:
    elsewhere = watched.server.url("/x", "evil.example")
    watched.server.pages[PATH] = Reply(302, b"", {"Location": elsewhere})
    assert watched.look().outcome is WatchOutcome.REFUSED
    assert [path for _host, path, _headers in watched.server.asked] == ["/robots.txt", PATH]
    paused = len(watched.server.paused)
    watched.look()
    assert [path for _host, path, _headers in watched.server.asked[2:]] == [PATH]
    assert len(watched.server.paused) == paused + 1


def test_the_other_route_is_read_where_the_page_can_not_be(watched: Watched) -> None:
    """It is of the vendor's host and https; here the page itself says what the route would."""
    watched.server.pages[PATH] = html("<html><body><div id=app></div></body></html>")
    assert watched.look().outcome is WatchOutcome.UNREADABLE
    assert watched.server.paths() == [PATH]


# What becomes of a suggestion


def suggest(watched: Watched) -> ReplySuggestion:
    watched.say(OLD)
    watched.look()
    watched.say(OLD, FIXED)
    watched.look()
    [found] = watched.suggested()
    watched.wall.ms += 1_000
    return found


def test_a_declined_suggestion_never_comes_back_and_undo_brings_it_back(watched: Watched) -> None:
    found = suggest(watched)
    watched.store.triage.decline_suggestions(watched.pitfall)
    assert (watched.suggested(), watched.waits()) == ([], None)
    watched.store.history.undo()
    assert watched.suggested() == [found]
    watched.store.history.redo()
    watched.store.rebuild()
    assert watched.suggested() == []
    # A machine that sees the answer for the first time suggests it no more.
    with watched.store.session.writing():
        watched.store.session.connection.execute("DELETE FROM watched")
    watched.look()
    assert (watched.suggested(), watched.waits()) == ([], None)
    [line] = [
        one for one in watched.board.history.timeline(watched.pitfall) if one.field == "suggestion"
    ]
    assert line.after.plain == found.quote


def test_a_day_that_lies_ahead_is_not_suggested(watched: Watched) -> None:
    watched.say(OLD)
    watched.look()
    watched.say(OLD, ("2", "已修复", True, MONDAY // 1000 + 40 * 86_400))
    watched.look()
    [found] = watched.suggested()
    assert found.said_on == ""
    watched.store.links.add_reply(watched.pitfall, found.url, sort="fixed", said_on=found.said_on)


def test_what_an_answer_says_instead_is_suggested_again(watched: Watched) -> None:
    suggest(watched)
    watched.store.triage.decline_suggestions(watched.pitfall)
    watched.say(OLD, ("2", "撤回：会在 4.1.14 修复", True, MONDAY // 1000 + 100))
    watched.look()
    [found] = watched.suggested()
    assert found.kind is VendorReplyKind.WILL_FIX


def test_a_reply_that_is_recorded_at_the_link_takes_it_up(watched: Watched) -> None:
    found = suggest(watched)
    watched.store.links.add_reply(watched.pitfall, found.url, sort="fixed", quote="edited")
    assert (watched.suggested(), watched.waits()) == ([], None)
    watched.store.history.undo()
    assert watched.suggested() == [found]


def test_to_accept_it_says_that_it_was_seen(watched: Watched) -> None:
    suggest(watched)
    watched.store.triage.accept(watched.pitfall)
    assert (watched.suggested(), watched.waits()) == ([], None)


def test_without_its_link_nothing_is_suggested(watched: Watched) -> None:
    suggest(watched)
    [link] = watched.board.pitfall(watched.pitfall).references
    watched.store.entries.hide(watched.pitfall, link.id)
    assert (watched.suggested(), watched.waits()) == ([], None)


def test_the_board_of_a_day_holds_no_suggestions_of_today(watched: Watched) -> None:
    from storage.as_of.board import AsOfBoard
    from storage.model.clock import Moment

    suggest(watched)
    with AsOfBoard(watched.store.path, Moment(watched.wall.ms)) as past:
        assert past.inbox.count(watched.wall.ms) == 0
        assert past.find(parse("inbox:yes"), now=watched.wall.ms).total == 0


def test_declining_is_for_the_whole_team(tmp_path: Path) -> None:
    with page_server() as server:
        team = Team(tmp_path)
        ann = Watched(tmp_path, server)
        share(ann.store.session, str(team.remote))
        bo = team["Bo"]
        sync(bo.session)
        suggest(ann)
        board = Board.open(bo.path)
        watcher = Watcher(
            bo.session,
            lambda host: host == VENDOR,
            lambda may_ask, hosts: server.fetcher(may_ask, hosts, now=ann.wall),
        )
        bo.session.now = ann.wall
        [link] = watcher.links([ann.pitfall])
        assert not link.is_ours
        watcher.look(link)
        assert len(board.inbox.suggestions(ann.pitfall)) == 1
        bo.triage.decline_suggestions(ann.pitfall)
        sync(bo.session)
        sync(ann.store.session)
        assert ann.suggested() == []
        board.close()
        ann.close()
        team.close()


# The record


def test_watching_writes_nothing_to_the_record(watched: Watched) -> None:
    lines, rows = lines_of(watched.store.path), dump(watched.store.path)
    suggest(watched)
    watched.server.pages[PATH] = Reply(404)
    watched.look()
    assert (lines_of(watched.store.path), dump(watched.store.path)) == (lines, rows)
    watched.store.rebuild()
    assert len(watched.suggested()) == 1
    assert dump(watched.store.path) == rows


def test_a_saved_page_says_what_a_look_would(watched: Watched) -> None:
    watcher = watched.watcher()
    [link] = watcher.links([watched.pitfall])
    looked = watcher.look_at_file(link, thread(OLD).encode(), keep=False)
    assert looked.outcome is WatchOutcome.SAME
    assert watcher.held([link.url])[link.url].content is None
    watcher.look_at_file(link, thread(OLD).encode())
    looked = watcher.look_at_file(link, thread(OLD, FIXED).encode())
    assert looked.outcome is WatchOutcome.CHANGED
    assert len(watched.suggested()) == 1
    with pytest.raises(FetchFailed):
        watcher.look_at_file(link, b"<html><p>x</p>")
    assert watched.server.asked == []
