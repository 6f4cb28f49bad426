"""Whatever is typed as a query is understood or pointed at, and never an exception."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.query.completion import complete, refiltered, resorted
from storage.query.keys import KEYS
from storage.query.parser import parse
from storage.query.tree import Query, SortKey
from storage.query.values import words_spelled
from storage.read.board import Board
from storage.write.store import Store

_SPELLINGS = [spelling for key in KEYS for spelling in key.spellings]
_VALUES = [word for key in KEYS for word in words_spelled(key)]
_VALUES += ["2.14.1", "2.*", "2w", "3个月", "2026-10-01", "2026年", "never", "wx.qy.*", "0", "S2"]
_SIGNS = [*"():：（）\"“”-—,，、<>=≤*.%_\\'[]{}^+~?;|&\t\n\x00\u202e\ud800＞１", "..", " ", "  "]
_WORDS = ["or", "OR", "或", "and", "not", "非", "login", "登录", "NEAR", "a" * 300, "x:y", "-1"]

#: Pieces of the language in any order, as somebody types or pastes them.
pieces = st.sampled_from([*_SPELLINGS, *_VALUES, *_SIGNS, *_WORDS])
terms = st.builds(
    "{}{}:{}{}{}".format,
    st.sampled_from(["", "-", "(", "not ", "-("]),
    st.sampled_from(_SPELLINGS),
    st.sampled_from(["", "<", ">=", "..", '"']),
    st.sampled_from(_VALUES),
    st.sampled_from(["", ")", '"', "..", " or", ",x", "-"]),
)
typed = st.one_of(
    st.text(max_size=60),
    st.lists(pieces, max_size=25).map("".join),
    st.lists(st.one_of(terms, pieces), max_size=12).map(" ".join),
)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """A small board with something of everything."""
    store = Store.open(tmp_path_factory.mktemp("fuzzed") / "board.db", who="Ann")
    for title, component in (("login", "wx.qy.login"), ("登录", "相册"), ("x:y", "")):
        pitfall = store.pitfalls.report(
            title, component=component, tags=["login"], workaround="Wait."
        )
        store.occurrences.log(pitfall, message="x:y", platform="ios", base_library="2.14.1")
    store.triage.snooze(pitfall, occurrences=9)
    store.close()
    with Board.open(store.path) as board:
        yield board


@given(typed)
@example("(" * 3_000 + "tag:a" + ")" * 3_000)
@example("(tag:a -" * 500 + "tag:b" + ")" * 500)
@example("tag:a or " * 3_000)
@example("a -b " * 3_000)
@example("tag:" + "*a" * 90)
@example("id:" + ",".join(map(str, range(40_000))))
@example("seen:" + "9" * 5_000)
@example("lib:" + "9" * 90 + ".*")
@example("seen:0001-01-01 first:9999-12-31 updated:9999")
@example('"' * 2_001)
@example("“" * 5_000)
def test_every_text_is_a_query_that_can_be_asked(board: Board, text: str) -> None:
    query = parse(text)
    for problem in query.problems:
        assert 0 <= problem.start <= problem.end <= len(text)
        assert str(problem)
    for sort in (query.sort, SortKey.TITLE):
        asked = Query(query.words, query.conditions, sort, query.reverse)
        listing = board.find(asked)
        rows = listing.page(0, 10)
        assert len(rows) == min(listing.total, 10)
        assert sum(listing.counts.values()) >= listing.total
        for place, row in enumerate(rows):
            assert listing.place(row.id) == place


@given(typed, st.data())
def test_every_text_can_be_completed_anywhere(board: Board, text: str, data: st.DataObject) -> None:
    cursor = data.draw(st.integers(0, len(text)))
    language = data.draw(st.sampled_from(["en", "zh_CN"]))
    start, end, offers = complete(text, cursor, board.names, language)
    assert 0 <= start <= cursor <= end <= len(text)
    for offer in offers:
        again = text[:start] + offer.text
        parse(again)
        complete(again, len(again), board.names, language)


@given(typed, st.sampled_from(["open", "fixed upstream", None]))
def test_every_text_can_be_filtered_by_a_status(text: str, status: str | None) -> None:
    after = parse(refiltered(text, "status", status))
    if not set(text) & set('()（）"“”'):
        assert after.values_of("status") == ((status,) if status else ())


@given(typed, st.sampled_from(list(SortKey)), st.booleans())
def test_every_text_can_be_given_an_order(text: str, sort: SortKey, reverse: bool) -> None:
    after = parse(resorted(text, sort, reverse=reverse))
    if not parse(text).problems:
        assert (after.sort, after.reverse) == (sort, reverse)


@given(st.lists(st.sampled_from(["a", "b:c", "(d", "e)", "“f”", '"g', "{", "}", "或者说"])))
def test_text_without_the_language_is_searched_for_as_it_is(words: list[str]) -> None:
    query = parse(" ".join(words))
    assert not query.conditions
