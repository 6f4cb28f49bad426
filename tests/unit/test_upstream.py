"""Vendor replies: statements in the record, and the upstream state that they come to."""

from __future__ import annotations

from typing import Any

import pytest

from storage.check import check
from storage.errors import NotFound, Refused
from storage.model.records import Reference, VendorReply
from storage.model.row import Text
from storage.model.verdicts import replies_on, upstream
from storage.model.vocabulary import Source, Upstream, VendorReplyKind
from storage.query.parser import parse
from storage.read.board import Board
from storage.write.store import Store
from tests.records import DAY_MS, MONDAY, dump

THREAD = "https://developers.weixin.qq.com/community/develop/doc/000a"
POST = "https://example.com/post"


def link(
    source: Source = Source.COMMUNITY, *, official: bool = False, id: str = "a", quote: str = ""
) -> Reference:
    url, said = "https://a.b", Text(quote)
    return Reference(id, MONDAY, "Ann", url, Text(), source, said, "", official, recorded_on="ab12")


def reply(sort: str, on: str = "", *, official: bool = True, **more: Any) -> VendorReply:
    held = {"id": "c", "at": MONDAY, "who": "Ann", "reference": "a", "author": "", "version": ""}
    return VendorReply(
        **(held | more),
        said_on=on,
        official=official,
        sort=VendorReplyKind(sort),
        quote=Text(),
        recorded_on="ab12",
    )


@pytest.mark.parametrize(
    ("references", "state"),
    [
        ([], Upstream.UNREPORTED),
        ([link(Source.POST), link(Source.OTHER)], Upstream.UNREPORTED),
        ([link(Source.COMMUNITY)], Upstream.REPORTED),
        ([link(Source.OFFICIAL)], Upstream.UNREPORTED),
        ([link(Source.OFFICIAL, quote="Android is not supported")], Upstream.REPORTED),
        ([link(Source.OFFICIAL, official=True)], Upstream.REPORTED),
        ([link(Source.POST, official=True)], Upstream.REPORTED),
    ],
)
def test_it_is_reported_where_the_vendor_reads_or_spoke(
    references: list[Reference], state: Upstream
) -> None:
    assert upstream(references, []) is state


@pytest.mark.parametrize(
    ("sort", "state"),
    [
        ("acknowledged", Upstream.ACKNOWLEDGED),
        ("will-fix", Upstream.ACKNOWLEDGED),
        ("fixed", Upstream.CLAIMED_FIXED),
        ("document-changed", Upstream.CLAIMED_FIXED),
        ("by-design", Upstream.DECLINED),
    ],
)
def test_what_was_said_decides(sort: str, state: Upstream) -> None:
    assert upstream([link()], [reply(sort)]) is state
    assert upstream([link()], [reply(sort, official=False)]) is state
    assert upstream([link(Source.POST)], [reply(sort)]) is state
    assert upstream([link(Source.POST)], [reply(sort, official=False)]) is Upstream.UNREPORTED


def test_the_newest_day_counts_and_on_one_day_the_records_order() -> None:
    fixed, denied = reply("fixed", "2026-10-02"), reply("by-design", "2026-10-01")
    assert upstream([link()], [fixed, denied]) is Upstream.CLAIMED_FIXED
    same_day = [reply("fixed", "2026-10-02"), reply("by-design", "2026-10-02")]
    assert upstream([link()], same_day) is Upstream.DECLINED
    assert upstream([link()], same_day[::-1]) is Upstream.CLAIMED_FIXED
    # One without a day is as old as its recording: 2026-11-23.
    assert (
        upstream([link()], [reply("by-design"), reply("fixed", "2026-11-22")]) is Upstream.DECLINED
    )
    assert upstream([link()], [reply("by-design"), reply("fixed", "2026-11-24")]) is (
        Upstream.CLAIMED_FIXED
    )


def test_somebody_elses_word_does_not_override_the_vendors() -> None:
    theirs, anothers = reply("will-fix", "2026-10-01"), reply("fixed", "2026-11-01", official=False)
    assert upstream([link()], [theirs, anothers]) is Upstream.ACKNOWLEDGED
    assert upstream([link()], [anothers]) is Upstream.CLAIMED_FIXED


def held(store: Store, pitfall: str) -> Any:
    with Board.open(store.path) as board:
        return board.pitfall(pitfall)


def found(store: Store, query: str) -> set[str]:
    with Board.open(store.path) as board:
        return {row.id for row in board.find(parse(query)).page(0, 100)}


def test_a_statement_at_a_new_address_brings_its_reference_in_one_step(store: Store) -> None:
    pitfall = store.pitfalls.report("White picture")
    assert found(store, "upstream:unreported") == {pitfall}
    name = store.links.add_reply(
        pitfall,
        THREAD,
        sort="will-fix",
        said_on="2026-11-20",
        author="小程序技术专员",
        official=True,
        version="4.1.10",
        quote="下个版本修复",
    )
    now = held(store, pitfall)
    [reference], [reply] = now.references, now.vendor_replies
    assert (reference.url, reference.source) == (THREAD, Source.COMMUNITY)
    assert reply == VendorReply(
        id=name,
        at=MONDAY,
        who="Ann",
        reference=reference.id,
        said_on="2026-11-20",
        author="小程序技术专员",
        official=True,
        sort=VendorReplyKind.WILL_FIX,
        version="4.1.10",
        quote=Text("下个版本修复"),
        recorded_on=pitfall,
    )
    assert replies_on(now, reference.id) == [reply]
    assert found(store, "upstream:acknowledged") == {pitfall} == found(store, "上游：已确认")
    assert found(store, "下个版本") == {pitfall} == found(store, "技术专员")
    store.links.add_reply(pitfall, THREAD, sort="fixed", said_on="2026-11-21", official=True)
    assert held(store, pitfall).references == (reference,)
    assert found(store, "upstream:claimed-fixed") == {pitfall}
    store.history.undo()
    store.history.undo()
    assert (held(store, pitfall).references, held(store, pitfall).vendor_replies) == ((), ())
    assert found(store, "upstream:unreported") == {pitfall}
    store.history.redo()
    assert found(store, "-upstream:unreported") == {pitfall}


def test_it_is_amended_and_hidden_like_any_item(store: Store) -> None:
    pitfall = store.pitfalls.report("White picture", references=[THREAD])
    [reference] = held(store, pitfall).references
    name = store.links.add_reply(pitfall, reference.id, sort="acknowledged")
    store.entries.edit(pitfall, name, {"sort": "by-design", "author": "Bo"})
    [reply] = held(store, pitfall).vendor_replies
    assert (reply.sort, reply.author) == (VendorReplyKind.BY_DESIGN, "Bo")
    assert found(store, "upstream:declined") == {pitfall}
    with pytest.raises(NotFound):
        store.entries.edit(pitfall, name, {"reference": "0" * 32})
    store.entries.hide(pitfall, name)
    assert held(store, pitfall).vendor_replies == ()
    assert found(store, "upstream:reported") == {pitfall}


def test_it_goes_out_of_sight_with_its_reference_and_comes_back_with_it(store: Store) -> None:
    pitfall = store.pitfalls.report("White picture")
    store.links.add_reply(pitfall, THREAD, sort="fixed")
    store.entries.hide(pitfall, held(store, pitfall).references[0].id)
    assert held(store, pitfall).vendor_replies == ()
    assert found(store, "upstream:unreported") == {pitfall}
    store.history.undo()
    assert found(store, "upstream:claimed-fixed") == {pitfall}


def test_what_was_said_of_a_duplicate_counts_for_its_original(store: Store) -> None:
    original, duplicate = (
        store.pitfalls.report("White picture"),
        store.pitfalls.report("The picture is white"),
    )
    store.links.add_reply(duplicate, THREAD, sort="fixed", said_on="2026-11-01")
    store.links.add_reply(original, POST, sort="by-design", said_on="2026-10-01", official=True)
    everyone = "triage:settled,inbox,duplicate"
    assert found(store, f"{everyone} upstream:declined") == {original}
    store.triage.mark_duplicate(duplicate, original)
    assert [one.sort for one in held(store, original).vendor_replies] == ["fixed", "by-design"]
    assert found(store, f"{everyone} upstream:declined") == {original}
    store.links.add_reply(duplicate, THREAD, sort="fixed", said_on="2026-11-02", official=True)
    assert found(store, f"{everyone} upstream:claimed-fixed") == {original, duplicate}
    # At the address that the duplicate gives it, it is said of the duplicate.
    third = store.links.add_reply(original, THREAD, sort="will-fix", said_on="2026-11-03")
    assert {one.recorded_on for one in held(store, original).vendor_replies if one.id == third} == {
        duplicate
    }
    replies = held(store, original).vendor_replies
    assert [one for one in replies if one.recorded_on == original] == [replies[1]]
    store.triage.requeue(duplicate)
    assert found(store, f"{everyone} upstream:declined") == {original}
    assert check(store.path).findings == ()
    before = dump(store.path)
    store.rebuild()
    assert dump(store.path) == before


def test_it_needs_a_sort_a_reference_and_a_day_that_has_come(store: Store) -> None:
    pitfall = store.pitfalls.report("White picture")
    with pytest.raises(NotFound):
        store.links.add_reply(pitfall, "0" * 32, sort="fixed")
    with pytest.raises(NotFound):
        store.links.add_reply("0" * 16, THREAD, sort="fixed")
    for wrong, field in (
        ({}, "sort"),
        ({"sort": "perhaps"}, "sort"),
        ({"sort": "fixed", "said_on": "yesterday"}, "said_on"),
        ({"sort": "fixed", "said_on": "2026-11-26"}, "said_on"),
        ({"sort": "fixed", "quote": "\x1b[2J"}, "quote"),
    ):
        with pytest.raises(Refused) as refused:
            store.links.add_reply(pitfall, THREAD, **wrong)
        assert refused.value.field == field
    comment = store.comments.add(pitfall, "no reference")
    with pytest.raises(NotFound):
        store.links.add_reply(pitfall, comment, sort="fixed")
    assert held(store, pitfall).references == ()


def test_a_state_that_is_not_so_is_found(store: Store) -> None:
    pitfall = store.pitfalls.report("White picture", references=[THREAD])
    with store.session.writing():
        store.session.connection.execute("UPDATE pitfalls SET upstream = 'declined'")
    [finding] = check(store.path).findings
    assert pitfall in str(finding.values)
    store.rebuild()
    assert check(store.path).findings == ()


def test_history_tells_it(store: Store) -> None:
    pitfall = store.pitfalls.report("White picture")
    store.links.add_reply(pitfall, THREAD, sort="will-fix", version="4.1.10")
    with Board.open(store.path) as board:
        newest = board.history.timeline(pitfall)[0]
    assert (newest.what, newest.after.plain) == ("statement_added", "will-fix 4.1.10")


def test_the_days_of_statements_are_those_of_utc() -> None:
    late = reply("fixed", at=MONDAY + 20 * DAY_MS)
    assert upstream([link()], [late, reply("by-design", "2026-12-12")]) is Upstream.CLAIMED_FIXED
