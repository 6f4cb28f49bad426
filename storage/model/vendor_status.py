"""How a pitfall stands with the vendor: derived from its references and what was said there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from storage.model.records import Pitfall, Reference, VendorReply
from storage.model.vocabulary import Source, StatementSort, Upstream
from storage.text.dates import utc_day

#: Where one speaks to the vendor, or the vendor to everybody.
_OF_THE_VENDOR: Final = (Source.COMMUNITY, Source.OFFICIAL)
_SAYS: Final = {
    StatementSort.ACKNOWLEDGED: Upstream.ACKNOWLEDGED,
    StatementSort.WILL_FIX: Upstream.ACKNOWLEDGED,
    StatementSort.FIXED: Upstream.CLAIMED_FIXED,
    StatementSort.DOCUMENT_CHANGED: Upstream.CLAIMED_FIXED,
    StatementSort.BY_DESIGN: Upstream.DECLINED,
}


def upstream(references: Iterable[Reference], vendor_replies: Iterable[VendorReply]) -> Upstream:
    """The upstream state that references and statements come to.

    A pitfall is unreported until it has a reference that is a community thread or an
    official page, or one where one of the vendor's own spoke; from then on it is
    reported. Statements say more, and the newest one counts, by the day on which it was
    said (that of its recording, if nobody said one), and on one day by the record's order:

    - acknowledged, will fix: acknowledged;
    - fixed, document changed: claimed fixed;
    - by design: declined.

    What the vendor's own said outranks what others said, however new: an unofficial
    "fixed" does not override an official "will fix". What others said counts only where
    no official statement does, and only at a reference by which the pitfall is reported:
    a stranger's post is not the vendor's answer.

    Args:
        references: those that count for the pitfall.
        statements: what was said there, in the record's order.
    """
    heard_at = {one.id for one in references if one.source in _OF_THE_VENDOR or one.official}
    vendor_replies = list(vendor_replies)
    counted = [one for one in vendor_replies if one.official] or [
        one for one in vendor_replies if one.reference in heard_at
    ]
    if counted:
        return _SAYS[sorted(counted, key=_day)[-1].sort]
    return Upstream.REPORTED if heard_at else Upstream.UNREPORTED


def upstream_of(pitfall: Pitfall) -> Upstream:
    """The upstream state of a pitfall as it was read."""
    return upstream(pitfall.references, pitfall.vendor_replies)


def said_at(pitfall: Pitfall, reference: str) -> list[VendorReply]:
    """What was said at one of a pitfall's references, the oldest first."""
    return sorted((one for one in pitfall.vendor_replies if one.reference == reference), key=_day)


def _day(one: VendorReply) -> str:
    return one.said_on or utc_day(one.at)
