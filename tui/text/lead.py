"""What a pitfall comes to today, in the reader's words: the same on every screen and in a shell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import Final

from storage.errors import N_
from storage.model.fields import NamedTuple
from storage.model.lead import HIT_MS, Condition, Hits, Lead, NextStep, lead, shown_state
from storage.model.records import Pitfall
from storage.model.row import InboxReason, OccurrenceTotals, Status, Triage
from storage.model.verdicts import upstream_of
from storage.model.vocabulary import Outcome
from storage.read.board import Board
from storage.text.sanitize import sanitize
from tui.text.i18n import _, listed, read
from tui.text.verdicts import fix_words
from tui.text.vocabulary import day, plan_words, state_words, times, upstream_words, word

#: Where it was seen last, the newest occurrences tell.
_NEWEST: Final = 20
#: A workaround of more than this is whole in its own section, and begins in the block.
_LINES_WHOLE: Final = 3
_CHARACTERS_WHOLE: Final = 240
_CHARACTERS_BEGUN: Final = 100


class LeadTone(StrEnum):
    """What a part of the block is, as its style; the words say the same without it."""

    BAD = "bold $text-error"
    MEANWHILE = "bold $text-warning"
    GOOD = "bold $text-success"
    PLAIN = ""
    QUIET = "$text-muted"
    KEY = "bold $accent"
    #: A text in Markdown, which may have several lines.
    MARKDOWN = "markdown"


#: A line of the block: its parts, each with its tone.
LeadLine = tuple[tuple[str, LeadTone], ...]


class NextStepWords(NamedTuple):
    """A next step: the command that does it on the screen and in a shell, and what it does."""

    command: str
    verb: str
    words: str


STEPS: Final = {
    NextStep.DECIDE: NextStepWords("inbox", "triage", N_("decide about it in triage")),
    NextStep.REOPEN: NextStepWords("reopen", "reopen", N_("reopen it: the fix doesn't hold")),
    NextStep.REPORT_AGAIN: NextStepWords(
        "copy_report", "bug-report", N_("tell the vendor that the fix doesn't hold")
    ),
    NextStep.VERIFY: NextStepWords("verify", "verify", N_("verify the fix on a device")),
    NextStep.SET_FIXED: NextStepWords("set_status", "status", N_("set it to fixed upstream")),
    NextStep.RECORD_FIX: NextStepWords("record_fix", "fix", N_("record the vendor's fix")),
    NextStep.ADD_WORKAROUND: NextStepWords("edit", "edit", N_("write down a workaround")),
    NextStep.REPORT: NextStepWords("copy_report", "bug-report", N_("report it to the vendor")),
}


class LeadFacts(NamedTuple):
    """What the block says of a pitfall: what it comes to, and how often and where it was seen."""

    lead: Lead
    workaround: str
    totals: OccurrenceTotals
    platforms: tuple[str, ...]
    seen_again: str
    hits: Hits
    #: What was agreed on, in words, each with whether it is overdue.
    plan: tuple[tuple[str, bool], ...] = ()
    #: Whether it waits for a decision about a regression.
    alarmed: bool = False

    @property
    def is_short(self) -> bool:
        """Whether the block has room for the whole workaround."""
        lines = self.workaround.splitlines()
        return len(lines) <= _LINES_WHOLE and len(self.workaround) <= _CHARACTERS_WHOLE


def lead_facts(board: Board, pitfall: Pitfall, now: int) -> LeadFacts:
    """Read what the block says of a pitfall at a time (ms).

    Raises:
        PitboardError: if the board can't be read.
    """
    decision = board.inbox.decisions([pitfall.id], now)[pitfall.id]
    workaround = sanitize(read(pitfall.workaround), lines=True).strip()
    found = lead(
        pitfall.status,
        has_workaround=bool(workaround),
        fixes=pitfall.fixes,
        evidence=board.fixes.evidence(pitfall.id),
        upstream=upstream_of(pitfall),
        waits=decision.triage is Triage.INBOX,
    )
    newest = board.occurrences.of(pitfall.id, _NEWEST)
    seen = [one for one in newest if one.outcome is Outcome.REPRODUCED]
    platforms = dict.fromkeys(
        word(one.environment.platform) for one in seen if one.environment.platform is not None
    )
    again = next((one for one in newest if one.id == found.evidence.occurrence), None)
    version = ""
    if again is not None:
        where = again.environment
        version = where.client_version or where.base_library or where.devtools_version or ""
    return LeadFacts(
        found,
        workaround,
        board.occurrences.totals(pitfall.id),
        tuple(platforms),
        sanitize(version),
        hits_of(board, pitfall, now)[0],
        tuple(plan_words(pitfall.plan, pitfall.status, now)),
        decision.inbox_reason is InboxReason.REGRESSED,
    )


def hits_of(board: Board, pitfall: Pitfall, now: int) -> tuple[Hits, dict[str, Hits]]:
    """How often a pitfall was recognised of late, and by each of its signatures."""
    if not pitfall.signatures:
        return Hits(), {}
    messages = board.occurrences.messages_since(pitfall.id, now - HIT_MS)
    if not messages:
        return Hits(), {one.id: Hits() for one in pitfall.signatures}
    # Loaded here, since most pitfalls were not recognised of late.
    from storage.match.generality import recent_hits

    return recent_hits(messages, pitfall.signatures, now)


def hit_words(hits: Hits) -> str:
    """How often something was recognised; empty if it was not for a month."""
    if not hits.month:
        return ""
    return _("hits in 1/7/30 days: {day}/{week}/{month}").format(**hits._asdict())


def lead_lines(
    facts: LeadFacts,
    step: Callable[[NextStepWords], str],
    *,
    whole: bool = False,
    in_triage: bool = False,
) -> Iterator[LeadLine]:
    """The block, line by line: what it means, what to do, how often and where, what is next.

    Args:
        facts: what was read.
        step: the key or the verb of a next step; empty where it can't be taken.
        whole: whether a long workaround is shown to its end.
        in_triage: whether it is shown where it is decided about, which needs no hint to do so.
    """
    yield headline(facts)
    if workaround := workaround_begun(facts, whole=whole):
        yield ("  ", LeadTone.PLAIN), (workaround, LeadTone.MARKDOWN)
    # The vendor first, so that mark and word stand in one line however narrow it is.
    yield ((f"{upstream_words(facts.lead.upstream)} · {_seen(facts)}", LeadTone.QUIET),)
    if facts.plan:
        yield tuple(_plan_parts(facts.plan))
    if (following := next_step(facts, in_triage=in_triage)) is not None:
        key = step(following)
        words = _("next: {step}").format(step=_(following.words))
        yield ((words, LeadTone.PLAIN), (f"  {key}" if key else "", LeadTone.KEY))


def next_step(facts: LeadFacts, *, in_triage: bool) -> NextStepWords | None:
    """What is next, in words; nothing where there is nothing to do, or where it is being done."""
    if in_triage and facts.lead.step is NextStep.DECIDE:
        return None
    return STEPS.get(facts.lead.step)


def _plan_parts(plan: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, LeadTone]]:
    for place, (words, is_overdue) in enumerate(plan):
        if place:
            yield " · ", LeadTone.QUIET
        yield words, LeadTone.BAD if is_overdue else LeadTone.PLAIN


def headline(facts: LeadFacts) -> LeadLine:
    """The status, and what it means now."""
    found = facts.lead
    is_fixed = found.status is Status.FIXED_UPSTREAM
    # A tick and “fixed” would say the opposite of what follows where it was seen again.
    status = state_words(found)
    fix = fix_words(found.fix) if found.fix is not None else ""
    if fix and shown_state(found) is not Status.FIXED_UPSTREAM:
        fix = _("fix recorded: {fix}").format(fix=fix)
    parts = [part for part in (fix, _meaning(facts)) if part]
    rest = " · ".join(["", *parts])
    return (status, _STATUS_TONES[found.condition, is_fixed]), (rest, _TONES[found.condition])


def _meaning(facts: LeadFacts) -> str:
    found = facts.lead
    match found.condition:
        case Condition.UNSOLVED:
            return _("no workaround yet")
        case Condition.AVOIDABLE if found.status is Status.OPEN:
            return _("what to do meanwhile:")
        case Condition.AVOIDABLE:
            return ""
        case Condition.FIX_CLAIMED:
            return _("not verified by us yet")
        case Condition.FIX_HOLDS if facts.alarmed:
            return _("seen again, then verified by us on {day}").format(day=day(found.evidence.at))
        case Condition.FIX_HOLDS:
            return _("verified by us on {day}").format(day=day(found.evidence.at))
        case Condition.FIX_FAILS if facts.seen_again:
            return _("but seen again on {version} ({day})").format(
                version=facts.seen_again, day=day(found.evidence.at)
            )
        case Condition.FIX_FAILS:
            return _("but seen again on {day}").format(day=day(found.evidence.at))


def workaround_begun(facts: LeadFacts, *, whole: bool = False) -> str:
    """The workaround, or how it begins; ``whole`` if it is shown to its end."""
    words = facts.workaround
    if words and not whole and not facts.is_short:
        # A mark may be cut from its other half.
        begun = re.sub(r"\*\*|`|^#+ ", "", words.splitlines()[0])
        words, rest = begun[:_CHARACTERS_BEGUN], begun[_CHARACTERS_BEGUN:]
        if re.match("[!-~]", rest):
            # No part of a word, unless it is all that there is.
            words = re.sub("(?<=[^!-~])[!-~]+$", "", words)
        words = words.rstrip(" .。…") + " …"
    if words and facts.lead.condition is Condition.FIX_HOLDS:
        # It is still needed by those who can't update.
        words = _("before that: {workaround}").format(workaround=words)
    return words


def _seen(facts: LeadFacts) -> str:
    return " · ".join(filter(None, (_last_seen(facts), hit_words(facts.hits))))


def _last_seen(facts: LeadFacts) -> str:
    if not facts.totals.logged:
        return _("no occurrence logged yet")
    words = times(facts.totals)
    if facts.totals.last_seen is None:
        return words
    last = day(facts.totals.last_seen)
    if not facts.platforms:
        return _("{times} · last seen {day}").format(times=words, day=last)
    return _("{times} · last seen {day} on {platforms}").format(
        times=words, day=last, platforms=listed(facts.platforms)
    )


_TONES: Final = {
    Condition.UNSOLVED: LeadTone.PLAIN,
    Condition.AVOIDABLE: LeadTone.PLAIN,
    Condition.FIX_CLAIMED: LeadTone.MEANWHILE,
    Condition.FIX_HOLDS: LeadTone.GOOD,
    Condition.FIX_FAILS: LeadTone.BAD,
}
_STATUS_TONES: Final = {
    (condition, is_fixed): (
        _TONES[condition]
        if is_fixed
        else LeadTone.BAD
        if condition in (Condition.UNSOLVED, Condition.FIX_FAILS)
        else LeadTone.MEANWHILE
    )
    for condition in Condition
    for is_fixed in (False, True)
}
#: Of a pitfall that was reported again and again, so many other workarounds say enough.
_MOST_WORKAROUNDS: Final = 3


def duplicates_workarounds(board: Board, pitfall: Pitfall) -> list[str]:
    """What its duplicates say to do and it does not itself, in lines that name the duplicate."""
    known = {read(pitfall.workaround).strip()}
    lines: list[str] = []
    for row in board.duplicates.of(pitfall.id):
        if row.workaround_at is None or len(known) > _MOST_WORKAROUNDS:
            continue
        words = read(board.pitfall(row.id).workaround).strip()
        if words and words not in known:
            known.add(words)
            said = _("workaround of its duplicate {id}: {words}")
            words = said.format(id=board.short_id(row.id), words=sanitize(words, lines=True))
            lines += words.splitlines()
    return lines
