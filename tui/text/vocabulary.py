"""The vocabulary as people read it: words, marks, dates and ages in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

from storage.errors import N_, NP_
from storage.model.records import Decision, Statement, Wake
from storage.model.vocabulary import (
    Across,
    AttachmentSort,
    Axis,
    CellState,
    Channel,
    DeclineReason,
    FixState,
    Host,
    InboxReason,
    Kind,
    NoteSort,
    Outcome,
    Platform,
    Severity,
    SignatureForm,
    Source,
    StatementSort,
    Status,
    Triage,
    Upstream,
    Verdict,
)
from storage.query.keys import Answer, Has
from storage.query.tree import SortKey
from storage.text.sanitize import harmless
from tui.text.i18n import _, ngettext, pgettext

#: Status is always mark and word, never colour alone.
MARKS: Final = {Status.OPEN: "●", Status.WORKAROUND: "◐", Status.FIXED_UPSTREAM: "✔"}

#: How it stands with the vendor, apart from its status and with marks of its own.
_UPSTREAM_MARKS: Final = {
    Upstream.UNREPORTED: "○",
    Upstream.REPORTED: "↑",
    Upstream.ACKNOWLEDGED: "↓",
    Upstream.CLAIMED_FIXED: "+",
    Upstream.DECLINED: "×",
}
#: The badge of what was seen where it should be fixed.
REGRESSED: Final = "↻"

_WORDS: Final[dict[type[StrEnum], dict[StrEnum, str]]] = {
    Status: {
        Status.OPEN: NP_("Status", "open"),
        Status.WORKAROUND: NP_("Status", "workaround"),
        Status.FIXED_UPSTREAM: NP_("Status", "fixed upstream"),
    },
    Kind: {
        Kind.BUG: NP_("Kind", "bug"),
        Kind.DOCS: NP_("Kind", "docs"),
        Kind.LIMIT: NP_("Kind", "limit"),
        Kind.QUIRK: NP_("Kind", "quirk"),
        Kind.TOOLING: NP_("Kind", "tooling"),
    },
    Severity: {
        Severity.S1: NP_("Severity", "S1 blocks a release"),
        Severity.S2: NP_("Severity", "S2 breaks a feature"),
        Severity.S3: NP_("Severity", "S3 annoys"),
        Severity.S4: NP_("Severity", "S4 is cosmetic"),
    },
    Outcome: {
        Outcome.REPRODUCED: NP_("Outcome", "reproduced"),
        Outcome.NOT_REPRODUCED: NP_("Outcome", "not reproduced"),
    },
    Host: {
        Host.WECOM: NP_("Host", "WeCom"),
        Host.WECHAT: NP_("Host", "WeChat"),
    },
    Platform: {
        Platform.ANDROID: "Android",
        Platform.IOS: "iOS",
        Platform.WINDOWS: "Windows",
        Platform.MACOS: "macOS",
        Platform.HARMONY: NP_("Platform", "HarmonyOS"),
        Platform.DEVTOOLS: NP_("Platform", "devtools"),
    },
    Channel: {
        Channel.DEVTOOLS: NP_("Channel", "devtools"),
        Channel.PREVIEW: NP_("Channel", "preview"),
        Channel.TRIAL_INVITED: NP_("Channel", "trial by invitation"),
        Channel.TRIAL_QR: NP_("Channel", "trial by QR code"),
        Channel.RELEASE: NP_("Channel", "release"),
    },
    Axis: {
        Axis.CLIENT: NP_("Axis", "client release"),
        Axis.LIBRARY: NP_("Axis", "base library"),
        Axis.SERVER: NP_("Axis", "server side"),
        Axis.DEVTOOLS: NP_("Axis", "devtools"),
        Axis.DOCUMENT: NP_("Axis", "document"),
        Axis.LIMIT: NP_("Axis", "limit lifted"),
    },
    Source: {
        Source.COMMUNITY: NP_("Source", "community thread"),
        Source.OFFICIAL: NP_("Source", "official document"),
        Source.POST: NP_("Source", "post"),
        Source.OTHER: NP_("Source", "link"),
    },
    StatementSort: {
        StatementSort.ACKNOWLEDGED: NP_("StatementSort", "acknowledged"),
        StatementSort.WILL_FIX: NP_("StatementSort", "will fix"),
        StatementSort.FIXED: NP_("StatementSort", "fixed"),
        StatementSort.BY_DESIGN: NP_("StatementSort", "by design"),
        StatementSort.DOCUMENT_CHANGED: NP_("StatementSort", "document changed"),
    },
    NoteSort: {
        NoteSort.NOTE: NP_("NoteSort", "note"),
        NoteSort.DECISION: NP_("NoteSort", "decision"),
        NoteSort.FOLLOW_UP: NP_("NoteSort", "follow-up"),
    },
    Upstream: {
        Upstream.UNREPORTED: NP_("Upstream", "unreported"),
        Upstream.REPORTED: NP_("Upstream", "reported"),
        Upstream.ACKNOWLEDGED: NP_("Upstream", "acknowledged"),
        Upstream.CLAIMED_FIXED: NP_("Upstream", "claimed fixed"),
        Upstream.DECLINED: NP_("Upstream", "declined"),
    },
    Triage: {
        Triage.SETTLED: NP_("Triage", "accepted"),
        Triage.INBOX: NP_("Triage", "in the inbox"),
        Triage.SNOOZED: NP_("Triage", "snoozed"),
        Triage.DECLINED: NP_("Triage", "declined"),
        Triage.DUPLICATE: NP_("Triage", "duplicate"),
    },
    InboxReason: {
        InboxReason.NEW: NP_("InboxReason", "new"),
        InboxReason.IMPORTED: NP_("InboxReason", "imported"),
        InboxReason.UNMATCHED: NP_("InboxReason", "unmatched"),
        InboxReason.RETURNED: NP_("InboxReason", "returned"),
        InboxReason.WOKEN: NP_("InboxReason", "woken"),
        InboxReason.REGRESSED: NP_("InboxReason", "regressed"),
        InboxReason.NEEDS_VERSION: NP_("InboxReason", "needs version"),
    },
    DeclineReason: {
        DeclineReason.BY_DESIGN: NP_("DeclineReason", "by design"),
        DeclineReason.NOT_REPRODUCIBLE: NP_("DeclineReason", "not reproducible"),
        DeclineReason.NOT_OURS: NP_("DeclineReason", "not ours"),
    },
    CellState: {
        CellState.REPRODUCED: NP_("CellState", "reproduced"),
        CellState.NOT_REPRODUCED: NP_("CellState", "not reproduced"),
        CellState.STALE: NP_("CellState", "stale"),
    },
    Across: {
        Across.CHANNEL: NP_("Across", "channel"),
        Across.LIBRARY: NP_("Across", "base library"),
        Across.CLIENT: NP_("Across", "app version"),
    },
    AttachmentSort: {
        AttachmentSort.IMAGE: NP_("AttachmentSort", "image"),
        AttachmentSort.TEXT: NP_("AttachmentSort", "text"),
        AttachmentSort.OTHER: NP_("AttachmentSort", "other file"),
    },
    FixState: {
        FixState.CLAIMED: NP_("FixState", "claimed"),
        FixState.VERIFIED: NP_("FixState", "verified"),
        FixState.DISPUTED: NP_("FixState", "disputed"),
    },
    Verdict: {
        Verdict.REGRESSION: NP_("Verdict", "regression"),
        Verdict.STALE: NP_("Verdict", "stale"),
        Verdict.ROLLING_OUT: NP_("Verdict", "rolling out"),
        Verdict.NEEDS_VERSION: NP_("Verdict", "needs version"),
        Verdict.CONFIRMS: NP_("Verdict", "confirms the fix"),
    },
    SignatureForm: {
        SignatureForm.LITERAL: NP_("SignatureForm", "literal text"),
        SignatureForm.GLOB: NP_("SignatureForm", "text with *"),
        SignatureForm.PATTERN: NP_("SignatureForm", "regular expression"),
    },
    Has: {
        Has.WORKAROUND: NP_("Has", "a workaround"),
        Has.REPRODUCTION: NP_("Has", "reproduction notes"),
        Has.REFERENCE: NP_("Has", "a reference"),
        Has.SIGNATURE: NP_("Has", "a signature"),
        Has.FIX: NP_("Has", "a recorded fix"),
        Has.COMMENT: NP_("Has", "a comment"),
        Has.OCCURRENCE: NP_("Has", "an occurrence"),
        Has.ATTACHMENT: NP_("Has", "an attachment"),
        Has.TAG: NP_("Has", "a tag"),
        Has.REGRESSION: NP_("Has", "a regression"),
        Has.CONTEST: NP_("Has", "a conflict"),
    },
    Answer: {
        Answer.YES: NP_("Answer", "yes"),
        Answer.NO: NP_("Answer", "no"),
    },
    SortKey: {
        SortKey.SEEN: NP_("SortKey", "last seen"),
        SortKey.FIRST: NP_("SortKey", "first seen"),
        SortKey.COUNT: NP_("SortKey", "number of occurrences"),
        SortKey.STATUS: NP_("SortKey", "status"),
        SortKey.SEVERITY: NP_("SortKey", "severity"),
        SortKey.COMPONENT: NP_("SortKey", "component"),
        SortKey.TITLE: NP_("SortKey", "title"),
        SortKey.UPDATED: NP_("SortKey", "last changed"),
        SortKey.REPORTED: NP_("SortKey", "when it was reported"),
        SortKey.WAITING: NP_("SortKey", "time in the inbox"),
        SortKey.RELEVANCE: NP_("SortKey", "relevance"),
        SortKey.CLAIMED: NP_("SortKey", "age of the unverified fix"),
        SortKey.VERIFIED: NP_("SortKey", "age of the workaround"),
    },
}


def word(value: StrEnum) -> str:
    """A word of the vocabulary in the reader's language."""
    return pgettext(type(value).__name__, label_of(value))


def label_of(value: StrEnum) -> str:
    """The message of a vocabulary's value; its context is the name of its class."""
    return _WORDS[type(value)][value]


def marked(status: Status) -> str:
    """A status as mark and word."""
    return f"{MARKS[status]} {word(status)}"


def upstream_words(state: Upstream) -> str:
    """How a pitfall stands with the vendor, as mark and word."""
    return _("upstream: {state}").format(state=f"{_UPSTREAM_MARKS[state]} {word(state)}")


def statement_words(one: Statement) -> str:
    """What was said, in a line without the quote: when, by whom, and what it comes to."""
    told = word(one.sort)
    if one.version:
        version = harmless(one.version)
        told = _("{sort} in {version}").format(sort=told, version=version)
    author = harmless(one.author) or (_("the vendor") if one.official else _("somebody"))
    if one.official and one.author:
        author = _("{author} (vendor)").format(author=author)
    said = _("{author}: {told}").format(author=author, told=told)
    return f"{harmless(one.said_on) or '–'}  {said}"


#: Events from elsewhere may claim any time; this one every time zone can write.
_LAST_MS: Final = 253_402_128_000_000


def _local(at: int) -> datetime:
    return datetime.fromtimestamp(min(at, _LAST_MS) / 1000).astimezone()


def day(at: int | None) -> str:
    """The day of a time in ms, in the reader's time zone; a dash if there is none."""
    return "–" if at is None else _local(at).strftime("%Y-%m-%d")


def moment(at: int) -> str:
    """A time in ms to the minute, in the reader's time zone."""
    return _local(at).strftime("%Y-%m-%d %H:%M")


_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


def ago(at: int | None, now: int) -> str:
    """How long ago a time in ms was, in at most four cells of English: ``5m``, ``3d``, ``4y``."""
    if at is None:
        return "–"
    passed = max(0, now - at)
    for unit, length, limit in (
        (N_("{n}m"), _MINUTE, _HOUR),
        (N_("{n}h"), _HOUR, 2 * _DAY),
        (N_("{n}d"), _DAY, 60 * _DAY),
        (N_("{n}mo"), 30 * _DAY, 365 * _DAY),
    ):
        if passed < limit:
            n = passed // length
            return _("now") if n == 0 and unit == "{n}m" else _(unit).format(n=n)
    return _("{n}y").format(n=passed // (365 * _DAY))


def times(count: int) -> str:
    """How many occurrences, in words."""
    return ngettext("{n} occurrence", "{n} occurrences", count).format(n=count)


#: As many digits of an id as are enough on any board, where no board is at hand to ask.
_ENOUGH_OF_AN_ID: Final = 8


def shortened(pitfall: str) -> str:
    """An id as people can type it, without asking the board what is unique."""
    return harmless(pitfall[:_ENOUGH_OF_AN_ID])


def decision_words(decision: Decision, short_id: Callable[[str], str] = shortened) -> str:
    """What was decided in triage, in one line; nothing if nobody had to decide.

    Args:
        decision: the decision.
        short_id: gives the name of a pitfall to people.
    """
    match decision.triage:
        case Triage.INBOX if decision.inbox_reason is not None:
            return _("in the inbox: {why}").format(why=word(decision.inbox_reason))
        case Triage.SNOOZED if decision.wake is not None:
            return wake_words(decision.wake)
        case Triage.DECLINED if decision.decline_reason is not None:
            return _("declined: {why}").format(why=word(decision.decline_reason))
        case Triage.DUPLICATE:
            return _("duplicate of {id}").format(id=short_id(decision.duplicate_of))
        case Triage.SETTLED if not decision.at:
            return ""
        case _:
            return word(decision.triage)


def wake_words(wake: Wake) -> str:
    """Until what a pitfall is snoozed."""
    if wake.on is not None:
        midnight = _local(wake.on).strftime("%H:%M") == "00:00"
        return _("snoozed until {when}").format(when=(day if midnight else moment)(wake.on))
    if wake.at_count is not None:
        return ngettext(
            "snoozed until it was seen once",
            "snoozed until it was seen {n} times in all",
            wake.at_count,
        ).format(n=wake.at_count)
    return _("snoozed until {axis} {version} is seen").format(
        axis=word(Axis(wake.axis)), version=harmless(wake.version)
    )


_BARS: Final = " ▁▂▃▄▅▆▇█"


def sparkline(counts: Sequence[int], top: int | None = None) -> str:
    """One cell for each count, ``top`` full, or else the highest; blank if nothing was counted."""
    top = max(counts, default=0) if top is None else top
    if top == 0:
        return " " * len(counts)
    return "".join(_BARS[-(-count * 8 // top)] for count in counts)
