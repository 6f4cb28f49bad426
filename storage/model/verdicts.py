"""What an occurrence says of a fix: the one place that judges.

A verdict is a function of the occurrence and of the fixes that stand, and of nothing
else: not of the order in which they were written, nor of the day on which it is asked.
Whatever leaves an excuse excuses, but a fix that can't be compared: a regression lies at or
beyond every other fix that holds where it was seen. On one axis a later version never has
the milder verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from storage.model.environment import Environment, version_key
from storage.model.fields import NamedTuple
from storage.model.records import Evidence, Fix, Occurrence, Pitfall, Reference, Tally, VendorReply
from storage.model.row import Status
from storage.model.vocabulary import (
    Axis,
    CellState,
    FixState,
    Outcome,
    Platform,
    Source,
    Upstream,
    VendorReplyKind,
    Verdict,
)
from storage.text.zones import day_of, zone

_DAY_MS: Final = 24 * 60 * 60 * 1000
_LAST_MS: Final = 253_402_214_400_000  # 9999-12-31, the last day that can be written


class Standing(StrEnum):
    """Where an occurrence stands to one fix; the first that holds for any fix decides."""

    BEFORE = "before"
    ROLLING_OUT = "rolling-out"
    UNCLEAR = "unclear"
    BEYOND = "beyond"
    # A fix whose version can't be compared: seen before it was recorded, without a day; or since.
    RECORDED_LATER = "recorded-later"
    NOT_COMPARABLE = "not-comparable"


class Why(StrEnum):
    """What made it stand there."""

    OLDER = "older"
    """Its version is older than the fix."""
    AT_OR_BEYOND = "at-or-beyond"
    """Its version is that of the fix or a later one."""
    SEEN_BEFORE = "seen-before"
    """It was seen before the fix held."""
    SEEN_SINCE = "seen-since"
    """It was seen on the day of the fix or later."""
    IN_GRACE = "in-grace"
    """The base library may not have reached everybody yet."""
    NO_VERSION = "no-version"
    """Nobody said in which version it was seen."""
    NOT_COMPARABLE = "not-comparable"
    """Its version is none that can be compared."""
    FIX_NOT_COMPARABLE = "fix-not-comparable"
    """The version of the fix is none that can be compared, or is not known."""
    NO_PLATFORM = "no-platform"
    """The fix is for one platform, and nobody said on which it was seen."""


class Judgement(NamedTuple):
    """A verdict, the fix that decided it, and why.

    ``ours`` is the version or the day (ISO 8601) of the occurrence, ``theirs`` that of
    the fix, or the day on which its grace ends.
    """

    verdict: Verdict
    fix: Fix
    why: Why
    ours: str = ""
    theirs: str = ""


class Stance(NamedTuple):
    """Where an occurrence stands to a fix, and why."""

    standing: Standing
    why: Why
    ours: str = ""
    theirs: str = ""


#: What a reproduced occurrence is, by where it stands to the fix that decides.
_VERDICTS: Final = {
    Standing.BEFORE: Verdict.STALE,
    Standing.ROLLING_OUT: Verdict.ROLLING_OUT,
    Standing.UNCLEAR: Verdict.NEEDS_VERSION,
    Standing.BEYOND: Verdict.REGRESSION,
    Standing.RECORDED_LATER: Verdict.STALE,
    Standing.NOT_COMPARABLE: Verdict.NEEDS_VERSION,
}
_RANKS: Final = {standing: rank for rank, standing in enumerate(Standing)}
#: The field of an environment whose version is compared with a fix along an axis.
VERSION_FIELDS: Final = {
    Axis.CLIENT: "client_version",
    Axis.LIBRARY: "base_library",
    Axis.DEVTOOLS: "devtools_version",
}


def judge(occurrence: Occurrence, fixes: Iterable[Fix]) -> Judgement | None:
    """What an occurrence of a pitfall, or of its duplicates, says of its fixes; None if nothing.

    One that did not reproduce says something only at or beyond all of them: it confirms.
    """
    return judge_at(occurrence, positions(occurrence, fixes))


def positions(occurrence: Occurrence, fixes: Iterable[Fix]) -> list[tuple[Stance, Fix]]:
    """Where an occurrence stands to those of some fixes that hold where it was seen."""
    return [(one, fix) for fix in fixes if (one := position(occurrence, fix)) is not None]


def judge_at(occurrence: Occurrence, found: Sequence[tuple[Stance, Fix]]) -> Judgement | None:
    """What :func:`judge` says of an occurrence that stands so to the fixes."""
    if not found:
        return None
    # Of several the same one on every machine.
    one, fix = min(found, key=lambda pair: (_RANKS[pair[0].standing], pair[1].id))
    verdict = _VERDICTS[one.standing]
    if occurrence.outcome is Outcome.NOT_REPRODUCED:
        if one.standing is not Standing.BEYOND:
            return None
        verdict = Verdict.CONFIRMS
    return Judgement(verdict, fix, one.why, one.ours, one.theirs)


def position(occurrence: Occurrence, fix: Fix) -> Stance | None:
    """Where an occurrence stands to a fix; None if the fix does not hold where it was seen."""
    where = occurrence.environment
    if _is_elsewhere(where, fix):
        return None
    found = (_by_version if fix.axis in VERSION_FIELDS else _by_day)(occurrence, fix)
    is_of_any = fix.platform is not None and where.platform is None
    if is_of_any and found.standing in (Standing.ROLLING_OUT, Standing.UNCLEAR, Standing.BEYOND):
        # What lies before the fix does so on every platform.
        return Stance(Standing.UNCLEAR, Why.NO_PLATFORM)
    return found


def evidence(fix: Fix, occurrences: Iterable[Occurrence]) -> Evidence:
    """What a fix is found to be: the newest occurrence at or beyond it decides."""
    placed = ((one, found) for one in occurrences for found, _ in positions(one, [fix]))
    beyond = [one for one, found in placed if found.standing is Standing.BEYOND]
    if not beyond:
        return Evidence()
    newest = max(beyond, key=lambda one: one.place)
    return Evidence(state_by(newest), newest.id, newest.seen_at)


def regressed(status: Status, fixes: Iterable[Fix], found: Mapping[str, Evidence]) -> bool:
    """Whether a pitfall was seen again where it should be fixed, and nothing newer verifies that.

    Args:
        status: its status.
        fixes: the fixes by which it is judged.
        found: what each is found to be, by its id.
    """
    proofs = ((fix, found[fix.id]) for fix in fixes if fix.id in found)
    return any(
        proof.state is FixState.DISPUTED and not proof.excused and should_hold(fix, status)
        for fix, proof in proofs
    )


def state_by(occurrence: Occurrence) -> FixState:
    """What an occurrence at or beyond a fix says of it."""
    return FixState.DISPUTED if occurrence.outcome is Outcome.REPRODUCED else FixState.VERIFIED


def alarms(judged: Judgement | None, status: Status) -> bool:
    """Whether a verdict is to be decided about.

    What nobody calls fixed needs no alarm; where a fix for one platform leaves the others
    their workaround, it is an alarm that it is back on that one.
    """
    if judged is None or judged.verdict not in (Verdict.REGRESSION, Verdict.NEEDS_VERSION):
        return False
    if status is Status.WORKAROUND and judged.verdict is not Verdict.REGRESSION:
        return False
    return should_hold(judged.fix, status)


def should_hold(fix: Fix, status: Status) -> bool:
    """Whether a status says that a fix holds where it is for."""
    if status is Status.WORKAROUND:
        return fix.platform is not None
    return status is Status.FIXED_UPSTREAM


def newest_day(fixes: Sequence[Fix]) -> int | None:
    """When the last of some fixes began to hold, in ms; None if there is none.

    What was tried before then says nothing of how things are now.
    """
    return max((_day_ms(_day_of(fix)) for fix in fixes), default=None)


def _is_elsewhere(where: Environment, fix: Fix) -> bool:
    if not _holds(fix, where):
        return True
    # The simulator has no client release, and a phone no version of the devtools.
    in_devtools = where.platform is Platform.DEVTOOLS or bool(where.devtools_version)
    if fix.axis is Axis.CLIENT:
        return in_devtools and not where.client_version
    if fix.axis is Axis.DEVTOOLS:
        return where.platform is not None and not in_devtools
    return False


def _by_version(occurrence: Occurrence, fix: Fix) -> Stance:
    ours = _version_of(occurrence.environment, fix.axis)
    theirs = fix.from_version or fix.last_affected
    our_key, their_key = version_key(ours), version_key(theirs)
    if their_key is not None and our_key is not None:
        # Without the first good version, the last bad one is the limit.
        if our_key < their_key or (our_key == their_key and not fix.from_version):
            return Stance(Standing.BEFORE, Why.OLDER, ours, theirs)
        return _reached(occurrence, fix, ours, theirs)
    if occurrence.seen_at < _day_ms(_day_of(fix)):
        standing = Standing.BEFORE if our_key is None or fix.from_date else Standing.RECORDED_LATER
        return Stance(standing, Why.SEEN_BEFORE, day_of(occurrence.seen_at), _day_of(fix))
    if not ours:
        return Stance(Standing.UNCLEAR, Why.NO_VERSION, theirs=theirs)
    if our_key is None:
        return Stance(Standing.UNCLEAR, Why.NOT_COMPARABLE, ours, theirs)
    return Stance(Standing.NOT_COMPARABLE, Why.FIX_NOT_COMPARABLE, ours, theirs)


def _reached(occurrence: Occurrence, fix: Fix, ours: str, theirs: str) -> Stance:
    """A version at or beyond the fix; a base library may not be everybody's yet."""
    if fix.axis is Axis.LIBRARY:
        ends = min(_day_ms(_day_of(fix)) + fix.grace_days * _DAY_MS, _LAST_MS)
        if occurrence.seen_at < ends:
            return Stance(Standing.ROLLING_OUT, Why.IN_GRACE, ours, day_of(ends))
    return Stance(Standing.BEYOND, Why.AT_OR_BEYOND, ours, theirs)


def _by_day(occurrence: Occurrence, fix: Fix) -> Stance:
    seen, day = day_of(occurrence.seen_at), _day_of(fix)
    if occurrence.seen_at < _day_ms(day):
        return Stance(Standing.BEFORE, Why.SEEN_BEFORE, seen, day)
    return Stance(Standing.BEYOND, Why.SEEN_SINCE, seen, day)


def _version_of(where: Environment, axis: Axis) -> str:
    return getattr(where, VERSION_FIELDS[axis]) or ""


def _day_of(fix: Fix) -> str:
    """The day from which a fix holds; if nobody knows, that on which it was recorded."""
    return fix.from_date or day_of(fix.at)


def _day_ms(day: str) -> int:
    """When a day begins in the board's time zone, which is the same on every machine."""
    return zone().begins(date.fromisoformat(day))


# What is known of an environment: whether its newest evidence still says anything


def state_of(tally: Tally, fixes: Iterable[Fix], now: int, stale_after_days: int) -> CellState:
    """What the occurrences of one kind of environment say today.

    The newest decides. It is stale if it is older than the last fix that holds there, or than
    ``stale_after_days``.

    Args:
        tally: what they came to.
        fixes: the pitfall's.
        now: in ms.
        stale_after_days: after how many days evidence says nothing any more.
    """
    fixed_at = newest_day([fix for fix in fixes if _holds(fix, tally)])
    limit = max(now - stale_after_days * _DAY_MS, fixed_at or 0)
    if tally.last_at < limit:
        return CellState.STALE
    yes, no = tally.last_reproduced or 0, tally.last_not_reproduced or 0
    if yes > no or (yes == no and tally.newest is Outcome.REPRODUCED):
        return CellState.REPRODUCED
    return CellState.NOT_REPRODUCED


def _holds(fix: Fix, where: Tally | Environment) -> bool:
    """Whether a fix may hold in a place; what was not said may be anywhere."""
    is_there = fix.platform is None or where.platform in (None, fix.platform)
    return is_there and (fix.host is None or where.host in (None, fix.host))


# How a pitfall stands with the vendor: derived from its references and what was said there


#: Where one speaks to the vendor, or the vendor to everybody.
_OF_THE_VENDOR: Final = (Source.COMMUNITY, Source.OFFICIAL)
_SAYS: Final = {
    VendorReplyKind.ACKNOWLEDGED: Upstream.ACKNOWLEDGED,
    VendorReplyKind.WILL_FIX: Upstream.ACKNOWLEDGED,
    VendorReplyKind.FIXED: Upstream.CLAIMED_FIXED,
    VendorReplyKind.DOCUMENT_CHANGED: Upstream.CLAIMED_FIXED,
    VendorReplyKind.BY_DESIGN: Upstream.DECLINED,
}


def upstream(references: Iterable[Reference], vendor_replies: Iterable[VendorReply]) -> Upstream:
    """The upstream state that references and vendor replies come to.

    A pitfall is unreported until it has a reference that is a community thread, an official
    document with a quote about it, or one where one of the vendor's own spoke; from then on it
    is reported. A document without a quote only describes the API. Vendor replies say more, and the
    newest one counts, by the day on which it was said (that of its recording, if nobody said
    one), and on one day by the record's order:

    - acknowledged, will fix: acknowledged;
    - fixed, document changed: claimed fixed;
    - by design: declined.

    What the vendor's own said outranks what others said, however new: an unofficial
    "fixed" does not override an official "will fix". What others said counts only where
    no official reply does, and only at a reference by which the pitfall is reported:
    a stranger's post is not the vendor's answer.

    Args:
        references: those that count for the pitfall.
        vendor replies: what was said there, in the record's order.
    """
    references, vendor_replies = list(references), list(vendor_replies)
    heard_at = {one.id for one in references if one.source in _OF_THE_VENDOR or one.official}
    counted = [one for one in vendor_replies if one.official] or [
        one for one in vendor_replies if one.reference in heard_at
    ]
    if counted:
        return _SAYS[sorted(counted, key=_day)[-1].sort]
    reported = any(
        one.official
        or one.source is Source.COMMUNITY
        or (one.source is Source.OFFICIAL and one.quote.plain)
        for one in references
    )
    return Upstream.REPORTED if reported else Upstream.UNREPORTED


def upstream_of(pitfall: Pitfall) -> Upstream:
    """The upstream state of a pitfall as it was read."""
    said = Upstream.UNREPORTED
    if pitfall.references or pitfall.vendor_replies:
        said = upstream(pitfall.references, pitfall.vendor_replies)
    return with_fixes(said, pitfall.status, pitfall.fixes)


def with_fixes(said: Upstream, status: Status, fixes: Sequence[Fix]) -> Upstream:
    """A fix, and a status that says so, is the vendor's last word, whatever was said before."""
    return Upstream.CLAIMED_FIXED if fixes or status is Status.FIXED_UPSTREAM else said


def replies_on(pitfall: Pitfall, reference: str) -> list[VendorReply]:
    """What was said at one of a pitfall's references, the oldest first."""
    return sorted((one for one in pitfall.vendor_replies if one.reference == reference), key=_day)


def _day(one: VendorReply) -> str:
    return one.said_on or day_of(one.at)


# What was found at a reference and may be a vendor reply


class ReplySuggestion(NamedTuple):
    """What a watched page seems to say of a pitfall; local to a board's file.

    ``post`` and ``digest`` name what was said there, the same on every machine; ``kind`` is None
    where the page is only gone. ``why`` are words of the page, or ``official``, ``document`` or
    ``gone``. ``found_at`` is in ms.
    """

    url: str
    post: str
    digest: str
    kind: VendorReplyKind | None
    why: tuple[str, ...]
    quote: str
    author: str = ""
    official: bool = False
    said_on: str = ""
    version: str = ""
    pitfall: str = ""
    found_at: int = 0
