"""A retro in words: periods, figures and timeline as lines to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from textual.content import Content

from storage.errors import N_
from storage.model.fields import NamedTuple
from storage.model.retro import (
    COST_WORDS,
    COUNT_WORDS,
    MORE_IS_BETTER,
    NOT_REPRODUCED,
    RANK_WORDS,
    REGRESSIONS_WORDS,
    WAIT_WORDS,
    AgeBand,
    By,
    Count,
    Period,
    PeriodKind,
    Rank,
    Ranked,
    Retro,
    Wait,
    Waited,
    is_better,
)
from storage.model.row import Text
from storage.model.vocabulary import Channel, NoteKind, Outcome, Platform
from storage.retro.periods import length
from storage.retro.report import Behind
from storage.text.sanitize import sanitize
from storage.text.zones import day_of
from tui.text.cells import bar, fit
from tui.text.i18n import _, labelled, ngettext, pgettext, read
from tui.text.vocabulary import ago, word

BYS: Final = {
    By.COMPONENT: N_("Seen by component"),
    By.PLATFORM: N_("Seen by platform"),
    By.CHANNEL: N_("Seen by channel"),
    By.CLIENT: N_("Seen by app version"),
    By.LIBRARY: N_("Seen by base library"),
}
#: The marks of a figure that went in the good or in the bad direction.
BETTER: Final = "✓"
WORSE: Final = "✗"
_SORTS: Final = {
    PeriodKind.WEEK: N_("week"),
    PeriodKind.MONTH: N_("month"),
    PeriodKind.QUARTER: N_("quarter"),
    PeriodKind.RELEASE: N_("release"),
}


def period_words(period: Period) -> str:
    """What a period is called, and its days."""
    days = f"{day_of(period.since)} – {day_of(period.until - 1)}"
    if period.sort is PeriodKind.SPRINT:
        weeks = length(period) // 7
        words = ngettext("sprint of {n} week", "sprint of {n} weeks", weeks)
        return f"{words.format(n=weeks)}  {days}"
    if period.sort is PeriodKind.DAYS:
        return days
    return f"{_called(period)}  {days}"


def period_in_short(period: Period) -> str:
    """The name of a period without its kind; its days, if it has no name."""
    return sanitize(period.name) or f"{day_of(period.since)} – {day_of(period.until - 1)}"


def _called(period: Period) -> str:
    # The name of a release comes from the record.
    return f"{_(_SORTS[period.sort])} {sanitize(period.name)}" if period.name else ""


def compared_words(retro: Retro) -> str:
    """How many days of a running period are compared with which; empty if all are."""
    if retro.compared_days is None:
        return ""
    before = period_in_short(retro.before.period)
    n, m = retro.compared_days
    if m < n:
        words = _("days 1 to {n} against all {m} days of {before}")
    elif n == 1:
        words = _("first day against the first of {before}")
    else:
        words = _("first {n} days against the first {m} of {before}")
    return words.format(n=n, m=m, before=before)


def trend(now: float | None, before: float | None, *, more: bool = False) -> tuple[str, str]:
    """The mark of a figure that went in the good or in the bad direction, and its style.

    Args:
        now, before: the figure; None is beyond every number.
        more: whether more of it is better.
    """
    better = is_better(now, before, more=more)
    if better is None:
        return "  ", ""
    return (f"{BETTER} ", "$text-success") if better else (f"{WORSE} ", "$text-error")


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
    return ngettext("{n} pending", "{n} pending", waited.censored).format(n=waited.censored)


def value_words(by: By, value: str, components: Mapping[str, Text]) -> str:
    """What occurrences are divided by, as the reader knows it.

    Args:
        by: what they are divided by.
        value: as the record holds it.
        components: those named in two languages.
    """
    if not value:
        return _("unspecified")
    if by is By.COMPONENT and value in components:
        return read(components[value])
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


NOTE_MARKS: Final = {NoteKind.NOTE: "·", NoteKind.DECISION: "◆", NoteKind.FOLLOW_UP: "☐"}
DONE: Final = "☑"


# The figures of a period as lines, each of which can be opened to the pitfalls behind it


_NAME: Final = 24
_SHARES: Final = 8
_BAR: Final = 12


class FigureLine(NamedTuple):
    """A line of the figures: a heading has nothing behind it.

    ``pitfall`` is the one that it is about, if it is about one; ``name`` says what is counted.
    """

    content: Content
    behind: Behind | None = None
    pitfall: str = ""
    name: str = ""

    @property
    def is_heading(self) -> bool:
        """Whether it can't be opened."""
        return self.behind is None and not self.pitfall


def figure_lines(retro: Retro) -> Iterator[FigureLine]:
    """All figures, in the order in which a team talks about them."""
    yield from _counts(retro)
    yield from _waits(retro)
    for by in By:
        yield from _shares(retro, by)
    yield from _ranked(_(RANK_WORDS[Rank.FREQUENT]), retro.frequent)
    yield from _ranked(_(RANK_WORDS[Rank.EXPENSIVE]), retro.expensive, _(COST_WORDS))
    yield from _ranked(_(REGRESSIONS_WORDS), retro.regressions)
    yield from _ages(retro)


def _heading(words: str, beside: str = "") -> FigureLine:
    if not beside:
        return FigureLine(Content.styled(f" {words}", "bold $primary"))
    heading = (f" {words}  ", "bold $primary")
    return FigureLine(Content.assemble(heading, (beside, "$text-muted")))


def _counts(retro: Retro) -> Iterator[FigureLine]:
    yield _heading(_("Pitfalls"), compared_words(retro))
    for count in Count:
        now, before = retro.now.counts.get(count, 0), retro.before.counts.get(count, 0)
        mark = trend(now, before, more=count in MORE_IS_BETTER)
        name = _(COUNT_WORDS[count])
        yield FigureLine(_compared(name, now, before, mark), count, name=name)
    legend = _("{better} better  {worse} worse than before").format(better=BETTER, worse=WORSE)
    yield _heading(_("Occurrences"), legend)
    now, before = retro.now.occurrences, retro.before.occurrences
    seen = _compared(_("seen"), now, before, trend(now, before))
    yield FigureLine(seen, Outcome.REPRODUCED, name=_("seen"))
    now, before = retro.now.not_reproduced, retro.before.not_reproduced
    tried = _compared(_(NOT_REPRODUCED), now, before, ("  ", ""))
    yield FigureLine(tried, Outcome.NOT_REPRODUCED, name=_(NOT_REPRODUCED))


def _compared(name: str, now: int, before: int, mark: tuple[str, str]) -> Content:
    """A figure beside that of the period before.

    Args:
        name: what is counted.
        now, before: the figure.
        mark: of its direction, with its style.
    """
    was = _("before: {n}").format(n=before)
    text, style = mark
    return Content.assemble(
        f"   {fit(name, _NAME)}",
        (f"{now:>7}   ", "bold"),
        (text, style),
        (f"{fit(difference(now, before), 8)} {was}", "$text-muted"),
    )


def _waits(retro: Retro) -> Iterator[FigureLine]:
    yield _heading(_("Waiting times, from the report on"))
    names = (_("median"), _("P90"), _("done"), _("before"))
    yield FigureLine(Content.styled(_row("", *names), "$text-muted"))
    for wait in Wait:
        now, before = retro.now.waits.get(wait), retro.before.waits.get(wait)
        if now is None:
            continue
        was = span(before.median) if before is not None and before.cases else "–"
        name = _(WAIT_WORDS[wait])
        if not now.cases:
            yield FigureLine(Content(_row(name, "–", "–", _("none pending"), was)))
            continue
        got = _("{reached} of {cases}").format(reached=now.reached, cases=now.cases)
        text = _row(name, span(now.median), span(now.p90), got, was)
        mark = trend(now.median, before.median) if before and before.cases else ("", "")
        yield FigureLine(Content.assemble(text, "  ", mark), (wait, True), name=name)
        if now.censored:
            pending = still_words(now)
            yield FigureLine(
                Content(f"     {pending}"), (wait, False), name=labelled(name, pending)
            )


def _row(name: str, half: str, most: str, got: str, was: str) -> str:
    return f"   {fit(name, _NAME)}{fit(half, 9)}{fit(most, 9)}{fit(got, 13)}{was}"


def _shares(retro: Retro, by: By) -> Iterator[FigureLine]:
    now, before = retro.now.shares.get(by, ()), retro.before.shares.get(by, ())
    if not now:
        return
    yield _heading(_(BYS[by]))
    was = {share.value: share.occurrences for share in before}
    most = max(share.occurrences for share in now)
    for share in now[:_SHARES]:
        name = sanitize(value_words(by, share.value, retro.components))
        text = difference(share.occurrences, was.get(share.value, 0))
        yield FigureLine(
            Content.assemble(
                f"   {fit(name, _NAME)}",
                (f"{share.occurrences:>7}", "bold"),
                (f"   {fit(text, 8)} ", "$text-muted"),
                (bar(share.occurrences, most, _BAR), "$accent"),
            ),
            (by, share.value),
            name=labelled(_(BYS[by]), name),
        )
    if rest := now[_SHARES:]:
        words = ngettext("{n} other", "{n} others", len(rest)).format(n=len(rest))
        seen = sum(share.occurrences for share in rest)
        content = Content.styled(f"   {fit(words, _NAME)}{seen:>7}", "$text-muted")
        others = tuple(share.value for share in rest)
        yield FigureLine(content, (by, others), name=labelled(_(BYS[by]), words))


def _ranked(heading: str, ranked: Sequence[Ranked], by_cost: str = "") -> Iterator[FigureLine]:
    """A ranking, ``by_cost`` in words or else by occurrences."""
    if not ranked:
        return
    yield _heading(heading, by_cost)
    for one in ranked:
        number = one.cost if by_cost else one.occurrences
        title = sanitize(read(one.row.title))
        yield FigureLine(
            Content.assemble((f"{number:>7}", "bold"), f"  {one.row.severity}  {title}"),
            pitfall=one.row.id,
            name=heading,
        )


def _ages(retro: Retro) -> Iterator[FigureLine]:
    bands = retro.now.ages
    if not any(band.pitfalls for band in bands):
        return
    heading = pgettext("retro report", "Ages of workarounds")
    yield _heading(heading, _("median age {age}").format(age=span(retro.now.workaround_age)))
    most = max(band.pitfalls for band in bands)
    for band in bands:
        words = band_words(band)
        yield FigureLine(
            Content.assemble(
                f"   {fit(words, _NAME)}",
                (f"{band.pitfalls:>7}   ", "bold"),
                (bar(band.pitfalls, most, _BAR), "$accent"),
            ),
            band,
            name=labelled(heading, words),
        )
