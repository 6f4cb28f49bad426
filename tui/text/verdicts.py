"""Fixes and verdicts in the reader's words: the board and the command say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from storage.model.records import Evidence, Fix, Occurrence
from storage.model.verdicts import Judgement, Why, judge
from storage.model.vocabulary import Axis, FixState, Verdict
from storage.text.sanitize import harmless
from tui.text.i18n import _, ngettext
from tui.text.vocabulary import REGRESSED, day, word

#: A verdict and the state of a fix are always mark and word, never colour alone.
VERDICT_MARKS: Final = {
    Verdict.REGRESSION: REGRESSED,
    Verdict.STALE: "◷",
    Verdict.ROLLING_OUT: "◔",
    Verdict.NEEDS_VERSION: "?",
    Verdict.CONFIRMS: "✔",
}
STATE_MARKS: Final = {FixState.CLAIMED: "?", FixState.VERIFIED: "✔", FixState.DISPUTED: "✘"}


def verdict_words(judged: Judgement) -> str:
    """A verdict and its reason in one line: ``↻ regression: 4.1.10 is at or beyond …``."""
    return _("{verdict}: {why}").format(
        verdict=f"{VERDICT_MARKS[judged.verdict]} {word(judged.verdict)}", why=reason(judged)
    )


def judgements(occurrences: Iterable[Occurrence], fixes: Sequence[Fix]) -> dict[str, str]:
    """What each of some occurrences says of the fixes, in a line, by its id; without the silent."""
    judged = ((one.id, judge(one, fixes)) for one in occurrences)
    return {name: verdict_words(found) for name, found in judged if found is not None}


def reason(judged: Judgement) -> str:
    """Why a verdict is what it is, in one line."""
    fix = judged.fix
    return _reason_words(judged).format(
        ours=harmless(judged.ours),
        theirs=harmless(judged.theirs),
        axis=word(fix.axis),
        platform=word(fix.platform) if fix.platform is not None else "",
    )


def _reason_words(judged: Judgement) -> str:
    """A reason with places for ``ours``, ``theirs``, ``axis`` and ``platform``."""
    by_last_affected = not judged.fix.from_version
    match judged.why:
        case Why.OLDER if by_last_affected:
            return _("{ours} is not beyond {axis} {theirs}, the last one affected")
        case Why.OLDER:
            return _("{ours} is older than the fix in {axis} {theirs}")
        case Why.AT_OR_BEYOND if by_last_affected:
            return _("{ours} is beyond {axis} {theirs}, the last one affected")
        case Why.AT_OR_BEYOND:
            return _("{ours} is at or beyond the fix in {axis} {theirs}")
        case Why.SEEN_BEFORE:
            return _("seen on {ours}, before the fix of {theirs} ({axis})")
        case Why.SEEN_SINCE:
            return _("seen on {ours}, since the fix of {theirs} ({axis})")
        case Why.IN_GRACE:
            return _("{axis} {ours} may reach some people only by {theirs}")
        case Why.NO_VERSION:
            return _("its version was not said; the fix is in the {axis}")
        case Why.NOT_COMPARABLE:
            return _("its version “{ours}” can't be compared with the fix in {axis} {theirs}")
        case Why.FIX_NOT_COMPARABLE if not judged.theirs:
            return _("nobody knows the version of the fix ({axis})")
        case Why.FIX_NOT_COMPARABLE:
            return _("the version of the fix, “{theirs}” ({axis}), can't be compared")
        case Why.NO_PLATFORM:
            return _("the fix is for {platform} alone, and the platform was not said")


def fix_words(fix: Fix) -> str:
    """What a fix is called where there is one line for it: axis, beginning, where it holds."""
    named = _("{axis}, {since}").format(axis=word(fix.axis), since=since(fix))
    return " · ".join([named, *_where(fix)])


def since(fix: Fix) -> str:
    """From when a fix holds: its version, its day, or the last version affected."""
    if fix.from_version and fix.from_date:
        words = _("from {version} of {day}")
    elif fix.from_version or fix.from_date:
        words = _("from {since}")
    else:
        words = _("beyond {last}")
    return words.format(
        version=harmless(fix.from_version),
        day=harmless(fix.from_date),
        since=harmless(fix.from_version or fix.from_date),
        last=harmless(fix.last_affected),
    )


def fix_details(fix: Fix) -> list[str]:
    """What else is known of a fix: where it holds, which versions it spares, its grace."""
    told = _where(fix)
    if fix.affected_since and fix.last_affected:
        told.append(
            _("affected: {first} to {last}").format(
                first=harmless(fix.affected_since), last=harmless(fix.last_affected)
            )
        )
    elif fix.affected_since:
        told.append(_("affected since {first}").format(first=harmless(fix.affected_since)))
    elif fix.last_affected and (fix.from_version or fix.from_date):
        told.append(_("last affected {last}").format(last=harmless(fix.last_affected)))
    if fix.axis is Axis.LIBRARY:
        told.append(
            ngettext("{n} day of grace", "{n} days of grace", fix.grace_days).format(
                n=fix.grace_days
            )
        )
    return told


def _where(fix: Fix) -> list[str]:
    return [word(one) for one in (fix.platform, fix.host) if one is not None]


def state_words(evidence: Evidence) -> str:
    """The state of a fix as mark and word, with the day of what shows it."""
    state = f"{STATE_MARKS[evidence.state]} {word(evidence.state)}"
    return f"{state} {day(evidence.at)}" if evidence.at is not None else state
