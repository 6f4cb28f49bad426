"""Watching a board never changes its record, whatever the pages that it links may say."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from storage.imports.watch.watcher import Watcher
from storage.read.board import Board
from storage.write.store import Store
from tests.boards import fresh
from tests.records import MONDAY, Wall, dump, lines_of
from tests.servers import VENDOR, Reply, page_server, thread

PATH = "/community/develop/doc/0001"
_TEXTS = st.sampled_from(
    [
        "已修复",
        "尚未修复",
        "会在下个版本修复",
        "设计如此",
        "fixed in 4.1.12",
        "+1",
        "\x1b[31m<b>",
        "",
    ]
)
_ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3"]),
        _TEXTS,
        st.booleans(),
        st.integers(MONDAY // 1000 - 9, MONDAY // 1000 + 9),
    ),
    max_size=4,
)
_PAGES = st.one_of(
    _ANSWERS.map(lambda answers: Reply(200, thread(*answers).encode())),
    st.sampled_from([404, 410, 401, 403, 429, 500]).map(Reply),
    st.binary(max_size=40).map(lambda body: Reply(200, body)),
)
#: What somebody does between two looks: nothing, or declines what is suggested.
_VISITS = st.lists(st.tuples(_PAGES, st.booleans(), st.integers(0, 2)), min_size=1, max_size=5)


@given(_VISITS)
def test_watching_changes_no_status_and_writes_no_event(
    visits: list[tuple[Reply, bool, int]],
) -> None:
    with TemporaryDirectory() as room, page_server() as server:
        wall = Wall()
        store = Store.open(fresh(Path(room, "board.db")), who="Ann", now=wall)
        board = Board.open(store.path)
        pitfall = store.pitfalls.report("A white picture", workaround="Wait")
        store.triage.accept(pitfall)
        store.links.add(pitfall, server.url(PATH))
        status = board.pitfall(pitfall).status
        for page, declines, days in visits:
            wall.ms += 1_000 + days * 86_400_000
            server.pages[PATH] = page
            lines, rows = lines_of(store.path), dump(store.path)
            watcher = Watcher(
                store.session,
                lambda host: host == VENDOR,
                lambda may_ask, hosts: server.fetcher(may_ask, hosts, now=wall),
            )
            for link in watcher.links([pitfall]):
                watcher.look(link)
            assert (lines_of(store.path), dump(store.path)) == (lines, rows)
            found = board.inbox.suggestions(pitfall)
            decided = board.inbox.decisions([pitfall], wall.ms)[pitfall]
            assert (decided.triage.value == "inbox") is bool(found)
            assert board.inbox.count(wall.ms) == bool(found)
            assert all(len(one.quote) <= 500 for one in found)
            if found and declines:
                store.triage.decline_suggestions(pitfall)
                assert [event for event in lines_of(store.path) if event not in lines]
        assert board.pitfall(pitfall).status is status
        kinds = {line.split(b'"kind":"')[1].split(b'"')[0] for line in lines_of(store.path)}
        expected = {b"board_made", b"reported", b"accepted", b"reference_added"}
        assert kinds <= expected | {b"suggestion_declined"}
        board.close()
        store.close()
