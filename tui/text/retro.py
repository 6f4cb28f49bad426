"""The words of a retro."""

from __future__ import annotations

from typing import Final

from storage.errors import N_
from storage.model.retro import AgeBand, By, Count, Period, PeriodSort, Rank, Wait, Waited
from storage.model.vocabulary import Channel, Platform
from storage.text.dates import utc_day
from storage.text.sanitize import harmless
from tui.text.i18n import _, ngettext
from tui.text.vocabulary import ago, word

COUNTS: Final = {
    Count.OPENED: N_("opened"),
    Count.WORKED_AROUND: N_("given a workaround"),
    Count.FIXED: N_("fixed"),
    Count.REOPENED: N_("reopened"),
    Count.STILL_OPEN: N_("still open"),
    Count.REGRESSED: N_("regressed"),
}
WAITS: Final = {
    Wait.WORKAROUND: N_("first workaround"),
    Wait.ANSWER: N_("vendor's first answer"),
    Wait.FIX: N_("vendor's fix"),
    Wait.VERIFICATION: N_("fix verified by us"),
}
BYS: Final = {
    By.COMPONENT: N_("Seen by component"),
    By.PLATFORM: N_("Seen by platform"),
    By.CHANNEL: N_("Seen by channel"),
    By.CLIENT: N_("Seen by app version"),
    By.LIBRARY: N_("Seen by base library"),
}
RANKS: Final = {
    Rank.FREQUENT: N_("Most frequent"),
    Rank.EXPENSIVE: N_("Most expensive: sightings by severity"),
}
_SORTS: Final = {
    PeriodSort.WEEK: N_("week"),
    PeriodSort.MONTH: N_("month"),
    PeriodSort.QUARTER: N_("quarter"),
    PeriodSort.RELEASE: N_("release"),
}
_WEEK_MS: Final = 7 * 24 * 60 * 60 * 1000


def period_words(period: Period) -> str:
    """What a period is called, and its days."""
    days = f"{utc_day(period.since)} – {utc_day(period.until - 1)}"
    if period.sort is PeriodSort.SPRINT:
        weeks = (period.until - period.since) // _WEEK_MS
        words = ngettext("sprint of {n} week", "sprint of {n} weeks", weeks)
        return f"{words.format(n=weeks)}  {days}"
    if period.sort is PeriodSort.DAYS:
        return days
    return f"{_called(period)}  {days}"


def period_in_short(period: Period) -> str:
    """What a period is called; its days, if it has no name."""
    return _called(period) or f"{utc_day(period.since)} – {utc_day(period.until - 1)}"


def _called(period: Period) -> str:
    # The name of a release comes from the record.
    return f"{_(_SORTS[period.sort])} {harmless(period.name)}" if period.name else ""


def difference(now: int, before: int) -> str:
    """How a number compares with that of the period before, told by a sign and not by colour."""
    if now == before:
        return "="
    return f"▲ {now - before}" if now > before else f"▼ {before - now}"


def span(ms: int | None) -> str:
    """A stretch of time, in a number and a unit; longer than is known, if it is None."""
    return _("not yet") if ms is None else ago(0, ms) if ms >= 60_000 else _("at once")


def still_words(waited: Waited) -> str:
    """How many still wait, and so are counted as having waited at least so long."""
    return ngettext("{n} still waits", "{n} still wait", waited.censored).format(n=waited.censored)


def value_words(by: By, value: str) -> str:
    """What occurrences are divided by, as the reader knows it."""
    if not value:
        return _("not said")
    if by is By.PLATFORM:
        return word(Platform(value))
    if by is By.CHANNEL:
        return word(Channel(value))
    return value


def band_words(band: AgeBand) -> str:
    """A band of ages."""
    if band.below is None:
        return _("{weeks} weeks and more").format(weeks=band.weeks)
    if band.weeks == 0:
        return _("under {below} weeks").format(below=band.below)
    return _("{weeks} to {below} weeks").format(weeks=band.weeks, below=band.below)
