"""The upstream state: whatever order statements came in, and whoever else says something."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.model.records import Reference, VendorReply
from storage.model.verdicts import upstream
from storage.model.vocabulary import Source, Upstream, VendorReplyKind
from tests.unit.test_upstream import link, reply

_DAYS = [f"2026-11-{day:02}" for day in range(1, 20)]
_IDS = st.sampled_from("abc")

references = st.lists(
    st.builds(
        link,
        st.sampled_from(Source),
        official=st.booleans(),
        id=_IDS,
        quote=st.sampled_from(["", "It is known."]),
    ),
    max_size=3,
)
#: No two on one day: on one day the record's order decides.
vendor_replies = st.lists(
    st.builds(
        reply,
        st.sampled_from([sort.value for sort in VendorReplyKind]),
        st.sampled_from(_DAYS),
        official=st.booleans(),
        reference=_IDS,
    ),
    max_size=6,
    unique_by=lambda one: one.said_on,
)


@given(references, vendor_replies, st.randoms(use_true_random=False))
def test_the_order_in_which_they_came_says_nothing(
    held: list[Reference], output: list[VendorReply], random
) -> None:
    shuffled = list(output)
    random.shuffle(shuffled)
    assert upstream(held, output) is upstream(held, shuffled)


@given(references, vendor_replies)
def test_nobody_else_overrides_the_vendors_own(
    held: list[Reference], output: list[VendorReply]
) -> None:
    official = [one for one in output if one.official]
    if official:
        assert upstream(held, output) is upstream(held, official)
        assert upstream(held, output) not in (Upstream.UNREPORTED, Upstream.REPORTED)


@given(references, vendor_replies, st.sampled_from(VendorReplyKind))
def test_the_newest_official_word_stands(
    held: list[Reference], output: list[VendorReply], sort: VendorReplyKind
) -> None:
    newest = reply(sort.value, "2026-11-30")
    assert upstream(held, [newest, *output]) is upstream(held, [newest])
    older = newest._replace(said_on="2026-10-01")
    if any(one.official for one in output):
        assert upstream(held, [*output, older]) is upstream(held, output)


@given(references, vendor_replies)
def test_without_the_vendor_nothing_is_reported(
    held: list[Reference], output: list[VendorReply]
) -> None:
    elsewhere = [one._replace(source=Source.POST, official=False) for one in held]
    theirs = [one._replace(official=False) for one in output]
    assert upstream(elsewhere, theirs) is Upstream.UNREPORTED
