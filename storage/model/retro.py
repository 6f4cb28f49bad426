"""What a retro is about: a period, its figures, and what is behind them; frozen and inert.

Times are milliseconds since 1970; days are those of the board's time zone, so that a period is
the same for every reader. What each figure means is in ``storage/retro/README.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import inf
from typing import Final

from storage.errors import N_
from storage.model.fields import NamedTuple
from storage.model.records import Line, RetroNote
from storage.model.row import Decision, Row, Status, Text
from storage.model.vocabulary import HistoryCategory


class PeriodKind(StrEnum):
    """What sort of stretch of time a retro looks back over."""

    WEEK = "week"
    SPRINT = "sprint"
    MONTH = "month"
    QUARTER = "quarter"
    RELEASE = "release"
    DAYS = "days"


#: How many weeks a sprint may take.
SPRINT_WEEKS: Final = range(1, 9)


class ReportFormat(StrEnum):
    """What a report is written as."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"
    CSV = "csv"


class Count(StrEnum):
    """A figure that counts pitfalls."""

    OPENED = "opened"
    WORKED_AROUND = "given-a-workaround"
    FIXED = "fixed"
    REOPENED = "reopened"
    STILL_OPEN = "still-open"
    REGRESSED = "regressed"


#: What people call them: the screen so, a report with a capital letter.
COUNT_WORDS: Final = {
    Count.OPENED: N_("opened"),
    Count.WORKED_AROUND: N_("given a workaround"),
    Count.FIXED: N_("fixed upstream"),
    Count.REOPENED: N_("reopened"),
    Count.STILL_OPEN: N_("still open"),
    Count.REGRESSED: N_("regressed in the period"),
}
#: The figure of tests that did not reproduce.
NOT_REPRODUCED: Final = N_("not reproduced")
#: Of these figures more is better; of the others that count pitfalls, fewer.
MORE_IS_BETTER: Final = frozenset((Count.WORKED_AROUND, Count.FIXED))


class Wait(StrEnum):
    """A figure that measures a time from the report of a pitfall."""

    WORKAROUND = "first-workaround"
    ANSWER = "first-answer"
    FIX = "first-fix"
    VERIFICATION = "verification"


#: What pitfalls wait for, as screen and report call it.
WAIT_WORDS: Final = {
    Wait.WORKAROUND: N_("first workaround"),
    Wait.ANSWER: N_("vendor's first answer"),
    Wait.FIX: N_("vendor's fix"),
    Wait.VERIFICATION: N_("fix verified by us"),
}


class By(StrEnum):
    """What the occurrences of a period are divided by."""

    COMPONENT = "component"
    PLATFORM = "platform"
    CHANNEL = "channel"
    CLIENT = "client"
    LIBRARY = "library"


class Rank(StrEnum):
    """What pitfalls of a period are ranked by."""

    FREQUENT = "most-frequent"
    EXPENSIVE = "most-expensive"


#: What the rankings are called, as screen and report call them, and what the second one is by.
RANK_WORDS: Final = {
    Rank.FREQUENT: N_("Most frequent"),
    Rank.EXPENSIVE: N_("Most expensive"),
}
COST_WORDS: Final = N_("Occurrences, weighted by severity.")
#: The ranking of what regressed.
REGRESSIONS_WORDS: Final = N_("Seen again where it should be fixed")


class Period(NamedTuple):
    """Whole days from ``since`` up to, and without, ``until`` (both ms).

    ``name`` is what people call it: ``2026-W48``, ``2026-11``, ``2026-Q4``, the version of a
    release; empty for a sprint and for days of one's own.
    """

    since: int
    until: int
    sort: PeriodKind = PeriodKind.DAYS
    name: str = ""


class Release(NamedTuple):
    """A client version that was newer than any before it, and when (ms) it was first seen."""

    version: str
    first_seen: int


class Waited(NamedTuple):
    """How long the pitfalls of a period waited for something (ms).

    ``reached`` got it within the period; ``censored`` did not by its end, and count as having
    waited at least that long. A quantile is None if too few of them reached it to know.
    """

    reached: int
    censored: int
    median: int | None
    p90: int | None

    @property
    def cases(self) -> int:
        """How many waited."""
        return self.reached + self.censored


class Share(NamedTuple):
    """How often a value was seen in a period; ``value`` is empty where nobody said."""

    value: str
    occurrences: int
    pitfalls: int


class Ranked(NamedTuple):
    """A pitfall of a period, how often it was seen in it, and what that cost."""

    row: Row
    occurrences: int
    cost: int


class AgeBand(NamedTuple):
    """How many workarounds are of an age, in whole weeks: ``weeks`` ≤ age < ``below``.

    ``below`` is None in the last band.
    """

    weeks: int
    below: int | None
    pitfalls: int


class FlowPoint(NamedTuple):
    """How many pitfalls of each status there were at a moment (ms)."""

    at: int
    counts: Mapping[Status, int]


class Bucket(NamedTuple):
    """How often each platform saw something from ``since`` on, until the next bucket."""

    since: int
    by_platform: Mapping[str, int]


class Figures(NamedTuple):
    """The figures of one period. ``workaround_age`` is the median (ms) of all workarounds."""

    period: Period
    counts: Mapping[Count, int]
    waits: Mapping[Wait, Waited]
    occurrences: int
    not_reproduced: int
    shares: Mapping[By, tuple[Share, ...]]
    ages: tuple[AgeBand, ...]
    workaround_age: int | None


#: What the timeline calls the occurrence of a pitfall where it should be fixed: the kind of its
#: event, as it is the only sort of occurrence that it shows.
REGRESSION: Final = "occurrence_logged"


class Happened(NamedTuple):
    """A line of a period's timeline: what an event did to which pitfall.

    ``title`` is that of the pitfall, which is empty for what is about none; all else is as in
    :class:`storage.model.records.Line`.
    """

    event: str
    pitfall: str
    title: Text
    at: int
    who: str
    what: str
    field: str = ""
    before: Text = Text()
    after: Text = Text()
    reason: Text = Text()
    part: str = ""
    about: Text = Text()
    decision: Decision | None = None
    sort: HistoryCategory | None = None

    @property
    def is_regression(self) -> bool:
        """Whether it is the occurrence of a pitfall where it should be fixed."""
        return self.what == REGRESSION

    def as_line(self) -> Line:
        """The same as a line of its pitfall's history."""
        return Line(
            *(self.event, self.pitfall, self.at, self.who, self.what, self.field),
            *(self.before, self.after, self.reason),
            decision=self.decision,
            part=self.part,
            about=self.about,
            sort=self.sort,
        )


class Retro(NamedTuple):
    """A period as a team looks back on it, beside the one before.

    ``notes`` were written in the period; ``due`` are follow-ups of any time that nobody had
    done by its end. ``components`` are those named in two languages, by the plain name.
    ``compared_days`` says how many days of a period that is not over, and how many of the one
    before, the figures are of: as many, unless that one was shorter. None where all are.
    """

    now: Figures
    before: Figures
    flow: tuple[FlowPoint, ...]
    buckets: tuple[Bucket, ...]
    frequent: tuple[Ranked, ...]
    expensive: tuple[Ranked, ...]
    regressions: tuple[Ranked, ...]
    timeline: tuple[Happened, ...]
    notes: tuple[RetroNote, ...]
    due: tuple[RetroNote, ...]
    components: Mapping[str, Text]
    compared_days: tuple[int, int] | None = None


def is_better(now: float | None, before: float | None, *, more: bool = False) -> bool | None:
    """Whether a figure went in the good direction; None if it is as it was.

    Args:
        now, before: the figure; None is beyond every number, as what nobody has reached yet.
        more: whether more of it is better.
    """
    one, other = (inf if value is None else value for value in (now, before))
    return None if one == other else (one > other) == more
