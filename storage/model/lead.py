"""What a pitfall comes to today: its status, fixes, evidence and vendor replies as one answer.

Everything that shows a pitfall in short (preview, paste, triage, detail, ``pitboard show``) shows
this, so that no two of its lines can contradict each other. It is a function of the values alone:
the same record gives the same answer on every machine.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, Protocol

from storage.model.fields import NamedTuple
from storage.model.records import Evidence, Fix
from storage.model.row import InboxReason, Status
from storage.model.verdicts import with_fixes
from storage.model.vocabulary import FixState, Upstream


class Condition(StrEnum):
    """What a status means, once the fixes and what was seen since are taken into account."""

    UNSOLVED = "unsolved"
    """Nobody knows a way around it, and no fix is recorded."""
    AVOIDABLE = "avoidable"
    """There is something to do meanwhile, and no fix is recorded."""
    FIX_CLAIMED = "fix-claimed"
    """A fix is recorded, and nobody has tried it."""
    FIX_HOLDS = "fix-holds"
    """A fix is recorded, and the newest test at or beyond it did not reproduce."""
    FIX_FAILS = "fix-fails"
    """It was seen again at or beyond a fix."""


class NextStep(StrEnum):
    """What should be done next about a pitfall."""

    DECIDE = "decide"
    """It waits for triage."""
    REOPEN = "reopen"
    """It is called fixed and is not."""
    REPORT_AGAIN = "report-again"
    """The recorded fix does not hold: the vendor should know."""
    VERIFY = "verify"
    """The fix is to be tried."""
    SET_FIXED = "set-fixed"
    """The fix holds, and the status does not say so yet."""
    RECORD_FIX = "record-fix"
    """The vendor says that it is fixed, and no fix is recorded."""
    ADD_WORKAROUND = "add-workaround"
    """Nobody has written down what to do meanwhile."""
    REPORT = "report"
    """The vendor has not been told."""
    NOTHING = "nothing"
    """Nothing but to wait."""


class StatusHolder(Protocol):
    """Whatever tells in short how a pitfall stands: a row, a pitfall, a candidate, its lead."""

    @property
    def status(self) -> Status:
        """Its status."""

    @property
    def regressed(self) -> bool:
        """Whether it was seen where it should be fixed, and nothing newer verifies the fix."""


def shown_state(one: StatusHolder) -> Status | InboxReason:
    """How a pitfall stands, in the one word that every list, line and head shows.

    That is its status, unless it is called fixed and was seen again.
    """
    if one.regressed and one.status is Status.FIXED_UPSTREAM:
        return InboxReason.REGRESSED
    return one.status


class Lead(NamedTuple):
    """The answer: what it means now, by which fix, how the vendor stands, what is next.

    ``fix`` is the one that decides the condition, with its ``evidence``; both are empty where no
    fix is recorded.
    """

    status: Status
    condition: Condition
    has_workaround: bool
    upstream: Upstream
    step: NextStep
    fix: Fix | None = None
    evidence: Evidence = Evidence()

    @property
    def regressed(self) -> bool:
        """As of a row, where it is called fixed."""
        return self.condition is Condition.FIX_FAILS


def lead(
    status: Status,
    *,
    has_workaround: bool,
    fixes: Sequence[Fix],
    evidence: Mapping[str, Evidence],
    upstream: Upstream,
    waits: bool,
) -> Lead:
    """What a pitfall comes to.

    Args:
        status: its status.
        has_workaround: whether a workaround is written down.
        fixes: its fixes, in any order.
        evidence: what each is found to be, by its id; a fix without any is only claimed.
        upstream: how it stands with the vendor; see ``storage.model.verdicts.upstream_of``.
        waits: whether it waits for a decision.
    """
    fix = _deciding(fixes, evidence)
    found = evidence.get(fix.id, Evidence()) if fix is not None else Evidence()
    condition = _condition(status, fix, found, has_workaround=has_workaround)
    upstream = with_fixes(upstream, status, fixes)
    step = _next(status, condition, upstream, has_workaround=has_workaround, waits=waits)
    return Lead(status, condition, has_workaround, upstream, step, fix, found)


def _deciding(fixes: Sequence[Fix], evidence: Mapping[str, Evidence]) -> Fix | None:
    """The fix by which the condition is judged: one that fails, else one untried, else the last.

    One that failed before another fix, which explains that, decides nothing.
    """
    order = (FixState.DISPUTED, FixState.CLAIMED, FixState.VERIFIED)

    def place(fix: Fix) -> tuple[bool, int, int, int, str]:
        found = evidence.get(fix.id, Evidence())
        return found.excused, order.index(found.state), -(found.at or 0), -fix.at, fix.id

    return min(fixes, key=place, default=None)


_CONDITIONS = {
    FixState.CLAIMED: Condition.FIX_CLAIMED,
    FixState.VERIFIED: Condition.FIX_HOLDS,
    FixState.DISPUTED: Condition.FIX_FAILS,
}


def _condition(
    status: Status, fix: Fix | None, found: Evidence, *, has_workaround: bool
) -> Condition:
    if fix is not None and not found.excused:
        return _CONDITIONS[found.state]
    if fix is not None:
        return Condition.FIX_CLAIMED
    if status is Status.FIXED_UPSTREAM:
        return Condition.FIX_CLAIMED
    return Condition.AVOIDABLE if has_workaround else Condition.UNSOLVED


def _next(
    status: Status, condition: Condition, upstream: Upstream, *, has_workaround: bool, waits: bool
) -> NextStep:
    is_fixed = status is Status.FIXED_UPSTREAM
    if condition is Condition.FIX_FAILS and is_fixed:
        return NextStep.REOPEN
    if waits:
        return NextStep.DECIDE
    if condition is Condition.FIX_FAILS:
        return NextStep.REPORT_AGAIN
    if condition is Condition.FIX_CLAIMED:
        return NextStep.VERIFY
    if condition is Condition.FIX_HOLDS:
        return NextStep.NOTHING if is_fixed else NextStep.SET_FIXED
    if upstream is Upstream.CLAIMED_FIXED:
        return NextStep.RECORD_FIX
    if not has_workaround:
        return NextStep.ADD_WORKAROUND
    return NextStep.REPORT if upstream is Upstream.UNREPORTED else NextStep.NOTHING


# How often signatures have matched of late


#: So many days back hits are counted.
HIT_DAYS: Final = (1, 7, 30)
HIT_MS: Final = max(HIT_DAYS) * 24 * 60 * 60 * 1000


class Hits(NamedTuple):
    """How many occurrences were recognised in the last day, 7 days and 30 days."""

    day: int = 0
    week: int = 0
    month: int = 0
