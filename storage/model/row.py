"""A line of the board's list: the words and values that it is made of, as a reader of it gets them.

They stand apart from those of a pitfall's entries, which a list does without: each vocabulary takes
0.8 M instructions to make. Of times, ids and named tuples see :mod:`storage.model.records`.
"""

from typing import Annotated, Final, Self

from storage.errors import N_, NP_
from storage.model.fields import Field, NamedTuple, Word, declared


class Status(Word):
    """Where a pitfall stands: these three and no other."""

    OPEN = "open", NP_("Status", "open"), "未解决"
    WORKAROUND = "workaround", NP_("Status", "workaround"), "有规避方案 规避"
    FIXED_UPSTREAM = (
        "fixed upstream",
        NP_("Status", "fixed upstream"),
        "fixed 官方已修复 已修复 fixed-upstream",
    )


class Kind(Word):
    """What sort of pit it is."""

    BUG = "bug", NP_("Kind", "bug"), "缺陷"
    DOCS = "docs", NP_("Kind", "docs"), "文档"
    LIMIT = "limit", NP_("Kind", "limit"), "限制"
    QUIRK = "quirk", NP_("Kind", "quirk"), "怪异行为"
    TOOLING = "tooling", NP_("Kind", "tooling"), "工具"


class Severity(Word):
    """S1 blocks a release, S2 breaks a feature, S3 annoys, S4 is cosmetic."""

    S1 = "S1", NP_("Severity", "S1 blocks a release")
    S2 = "S2", NP_("Severity", "S2 breaks a feature")
    S3 = "S3", NP_("Severity", "S3 minor")
    S4 = "S4", NP_("Severity", "S4 is cosmetic")


class Triage(Word):
    """What was decided about a pitfall's place on the board."""

    SETTLED = "settled", NP_("Triage", "accepted"), "已接受 accepted"
    INBOX = "inbox", NP_("Triage", "in the inbox"), "待分诊"
    SNOOZED = "snoozed", NP_("Triage", "snoozed"), "已暂缓 暂缓"
    DECLINED = "declined", NP_("Triage", "declined"), "已驳回 驳回"
    DUPLICATE = "duplicate", NP_("Triage", "duplicate"), "重复"


class InboxReason(Word):
    """Why a pitfall waits for a decision."""

    NEW = "new", NP_("InboxReason", "new")
    IMPORTED = "imported", NP_("InboxReason", "imported")
    DUPLICATE = "duplicate", NP_("InboxReason", "duplicate elsewhere")
    UNMATCHED = "unmatched", NP_("InboxReason", "unmatched")
    RETURNED = "returned", NP_("InboxReason", "returned")
    WOKEN = "woken", NP_("InboxReason", "woken")
    REGRESSED = "regressed", NP_("InboxReason", "regressed")
    NEEDS_VERSION = "needs-version", NP_("InboxReason", "needs version")
    VENDOR_REPLY = "vendor-reply", NP_("InboxReason", "vendor reply")
    OVERDUE = "overdue", NP_("InboxReason", "overdue")


class DeclineReason(Word):
    """Why a pitfall was declined."""

    BY_DESIGN = "by-design", NP_("DeclineReason", "by design"), "设计如此"
    NOT_REPRODUCIBLE = "not-reproducible", NP_("DeclineReason", "not reproducible"), "无法复现"
    NOT_OURS = "not-ours", NP_("DeclineReason", "not ours"), "非平台问题"


# What was agreed on about a pitfall: who takes care of it, until when, under which ticket


#: How a person calls themselves where a name is asked for, in lower case.
ME: Final = ("me", "我", "自己")
#: How a person says that there is nobody, no day or no ticket, in lower case.
NONE: Final = ("none", "nobody", "无", "无人", "未指派")
#: The name of the catalogue that comes with Pitboard.
BUILT_IN: Final = "wecom"


class Plan(NamedTuple):
    """What was agreed on about a pitfall; what is not known is empty.

    ``due`` is a day as ISO 8601 writes it, in the board's time zone; it ends with that day.
    """

    assignee: Annotated[
        str,
        Field(
            label=N_("assignee"),
            help=N_("Who takes care of it; “me” is you, an empty text nobody."),
            metavar="NAME",
            example="Ann",
            heading=N_("ASSIGNEE"),
            query="assignee 负责人 指派给 处理人 owner",
            query_help=N_("who takes care of it: me, a name, none"),
        ),
    ] = ""
    due: Annotated[
        str,
        Field(
            label=N_("due date"),
            help=N_("The day by which it is due: 2026-12-01, friday, 2w, or an empty text."),
            metavar="DATE",
            example="2026-12-01",
            heading=N_("DUE"),
            is_day=True,
            query="due 截止日期 截止 deadline",
            query_help=N_("when it is due: overdue, <1w, 2026-12-01, none"),
        ),
    ] = ""
    ticket: Annotated[
        str,
        Field(
            label=N_("vendor ticket"),
            help=N_("The number or address of the vendor's ticket about it."),
            metavar="NUMBER|URL",
            example="WX-20417",
            heading=N_("TICKET"),
            query="ticket 官方工单 工单",
            query_help=N_("the vendor's ticket: a number or address, * for any, none"),
            bug_report=NP_("bug report", "Ticket"),
        ),
    ] = ""

    def is_overdue(self, status: Status, today: str) -> bool:
        """Whether its day has passed and the vendor has not fixed it.

        Args:
            status: of the pitfall.
            today: the present day in the board's time zone, as ISO 8601 writes it.
        """
        return bool(self.due) and self.due < today and status is not Status.FIXED_UPSTREAM


PLAN_FIELDS: Final = declared(Plan)
PLAN_NAMES: Final = Plan._fields
#: The columns of ``pitfalls`` that hold it, as SQL lists them.
PLAN_COLUMNS: Final = ", ".join(PLAN_NAMES)


# The line itself


class Text(NamedTuple):
    """Words that may stand in two languages; ``zh`` is empty for plain text."""

    plain: str = ""
    zh: str = ""

    @classmethod
    def of(cls, plain: str, zh: str) -> Self:
        """Words in two languages, which are one where both say the same."""
        return cls(plain, "" if zh == plain else zh)

    def read(self, language: str) -> str:
        """The words for a reader of ``language`` (a locale name such as ``zh_CN``)."""
        return self.zh if self.zh and language.startswith("zh") else self.plain


class Wake(NamedTuple):
    """What ends a snooze: a time (ms), a number of occurrences, or a version on an axis."""

    on: int | None = None
    at_count: int | None = None
    axis: str = ""
    version: str = ""


class Decision(NamedTuple):
    """What was decided about a pitfall in triage, and when (ms)."""

    triage: Triage = Triage.SETTLED
    at: int = 0
    inbox_reason: InboxReason | None = None
    decline_reason: DeclineReason | None = None
    duplicate_of: str = ""
    wake: Wake | None = None


#: How a pitfall stands that nobody has to decide about, such as one of the catalogue.
SETTLED: Final = Decision()


class OccurrenceTotals(NamedTuple):
    """The counters over a pitfall's occurrences.

    ``count`` and when it was seen are of those that reproduced. One that was not reproduced is in
    the log, and adds to ``not_reproduced`` alone.
    """

    count: int = 0  # type: ignore[assignment]
    first_seen: int | None = None
    last_seen: int | None = None
    not_reproduced: int = 0

    @property
    def logged(self) -> int:
        """How many are in the log, whatever their outcome."""
        return self.count + self.not_reproduced


class Row(NamedTuple):
    """A line of the board's list. ``rowid`` is its place in this file only.

    ``regressed`` if it was seen where it should be fixed, and nothing newer verifies the fix.
    ``workaround_at`` is when (ms) its workaround was written or confirmed last, ``fix_at``
    when the oldest of its fixes was recorded that nobody has verified or disputed yet.
    ``source`` is the catalogue that it comes from, where ``Listing.with_sources`` was asked.
    """

    rowid: int
    id: str
    title: Text
    kind: Kind
    component: Text
    severity: Severity
    status: Status
    totals: OccurrenceTotals
    triage: Triage = Triage.SETTLED
    inbox_reason: InboxReason | None = None
    regressed: bool = False
    workaround_at: int | None = None
    fix_at: int | None = None
    plan: Plan = Plan()
    source: str = ""


def regression_word(regressed: bool) -> str:
    """What a line for scripts says beside the status: ``regressed``, or nothing."""
    return InboxReason.REGRESSED.value if regressed else ""
