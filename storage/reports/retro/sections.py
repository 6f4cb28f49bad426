"""A report's document: title and lead, then the sections of figures and of pitfalls in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from storage.model.retro import (
    WAIT_WORDS,
    AgeBand,
    By,
    Figures,
    FlowPoint,
    Period,
    Retro,
    Share,
    Wait,
    is_better,
)
from storage.model.row import Status, Text
from storage.model.vocabulary import Channel, Platform, Translator
from storage.reports.retro.document import (
    Bar,
    Block,
    Cell,
    Chart,
    KeyFigure,
    KeyFigures,
    Paragraph,
    ReportDocument,
    ReportSection,
    Series,
    Table,
    TableColumn,
    Trend,
    Typed,
)
from storage.reports.retro.figures import DIVISIONS, HEADLINES, Material, duration
from storage.reports.retro.pitfall_sections import PitfallSections
from storage.text.zones import day_of, zone

#: So many of the values that occurrences are divided by have a row of their own.
_NAMED: Final = 8
_VOCABULARY: Final = {By.PLATFORM: Platform, By.CHANNEL: Channel}


def document_of(material: Material) -> ReportDocument:
    """The report on a period. It has no wall clock in it: the same record, the same report."""
    t = material.translator
    retro, period = material.retro, material.retro.now.period
    days, before = _days(period, t), _days(retro.before.period, t)
    if retro.compared_days is None:
        period_line = t.gettext("{days} (days of the time zone {zone}), compared with {before}.")
    else:
        period_line = t.gettext("{days} (days of the time zone {zone}).")
    lead: list[Cell] = [(period_line.format(days=days, before=before, zone=zone().name),)]
    if material.end < period.until:
        so_far = t.gettext("The period is not over: this is how it stood on {day}.")
        lead.append((so_far.format(day=day_of(material.end)),))
    if retro.compared_days is not None:
        lead.append((_compared(period.name or days, retro.before.period.name or before, retro, t),))
    pitfalls = PitfallSections(material)
    sections = (
        headlines(retro, t),
        over_time(retro, t),
        *pitfalls.rankings(),
        waits(retro, t),
        shares(retro, t),
        ages(retro, t),
        pitfalls.due(),
        pitfalls.notes(),
        pitfalls.timeline(),
    )
    names = t.gettext("What stands before a title names the pitfall, as in")
    origin = t.gettext(
        "Written by Pitboard from the events of the record alone: the same record and the same"
        " period give the same report."
    )
    return ReportDocument(
        title=t.gettext("Retro {name}").format(name=period.name or days),
        language=t.language,
        lead=tuple(lead),
        sections=tuple(section for section in sections if section is not None),
        colophon=(
            (names, " ", Typed("pitboard show ID"), t.pgettext("end of sentence", ".")),
            (origin,),
        ),
    )


def _compared(name: str, before: str, retro: Retro, t: Translator) -> str:
    """Which days of a running period are compared with which of the one before."""
    assert retro.compared_days is not None
    n, m = retro.compared_days
    if m < n:
        words = t.gettext("Day 1 to {n} of {name} against all {m} days of {before}.")
    elif n == 1:
        words = t.gettext("The first day of {name} against the first of {before}.")
    else:
        words = t.gettext("The first {n} days of {name} against the first {m} of {before}.")
    return words.format(n=n, m=m, name=name, before=before)


def _trend(now: float | None, before: float | None, more: bool | None, t: Translator) -> Cell:
    """Whether a figure went in the good direction; nothing if that can't be said."""
    better = None if more is None else is_better(now, before, more=more)
    if better is None:
        return ()
    words = t.gettext("✓ better") if better else t.gettext("✗ worse")
    return " ", Trend(better, words)


def _days(period: Period, t: Translator) -> str:
    """From its first to its last day."""
    first, last = day_of(period.since), day_of(period.until - 1)
    return t.gettext("{first} to {last}").format(first=first, last=last)


def headlines(retro: Retro, t: Translator) -> ReportSection:
    """The counts of the period, each with that of the period before."""
    headings = (
        t.gettext("Figure"),
        t.gettext("This period"),
        t.gettext("Before"),
        t.gettext("Change"),
    )
    shown = []
    for headline in HEADLINES:
        now, before = headline.value(retro.now), headline.value(retro.before)
        change = (_change(now, before), *_trend(now, before, headline.more_is_better, t))
        shown.append(KeyFigure(headline.name(t), str(now), str(before), change))
    return ReportSection("figures", t.gettext("Figures"), (KeyFigures(headings, tuple(shown)),))


def _change(now: int, before: int) -> str:
    """By how much a figure changed, with its sign."""
    return f"{now - before:+d}".replace("-", "−") if now != before else "0"


def over_time(retro: Retro, t: Translator) -> ReportSection | None:
    """Pitfalls by status and occurrences by platform over time; None without data."""
    blocks: list[Block] = []
    if retro.flow:
        blocks.append(_flow(retro.flow, t))
    if any(any(one.by_platform.values()) for one in retro.buckets):
        blocks.append(_occurrences(retro, t))
    return ReportSection("over-time", t.gettext("Over time"), tuple(blocks)) if blocks else None


def _flow(points: Sequence[FlowPoint], t: Translator) -> Chart:
    # A point at midnight is the end of the day before.
    steps = tuple(day_of(max(0, point.at - 1)) for point in points)
    series = tuple(
        Series(
            status.name.lower().replace("_", "-"),
            t.word(status),
            tuple(point.counts.get(status, 0) for point in points),
        )
        for status in Status
    )
    ends = {
        f"{name}{when}": one.values[place]
        for name, one in zip(("open", "workaround", "fixed"), series, strict=True)
        for when, place in (("_before", 0), ("", -1))
    }
    summary = t.gettext(
        "From {first} to {last}, the open ones went from {open_before} to {open}, those with a"
        " workaround from {workaround_before} to {workaround}, those fixed upstream from"
        " {fixed_before} to {fixed}."
    )
    summary = summary.format(first=steps[0], last=steps[-1], **ends)
    return Chart(
        t.gettext("Pitfalls by status"),
        summary,
        t.gettext("End of day"),
        t.pgettext("retro report", "Pitfalls"),
        steps,
        series,
        adds_up=False,
    )


def _occurrences(retro: Retro, t: Translator) -> Chart:
    buckets = retro.buckets
    steps = tuple(day_of(bucket.since) for bucket in buckets)
    known = {name for bucket in buckets for name, n in bucket.by_platform.items() if n}
    order = [*map(str, Platform), *sorted(known - set(Platform))]
    series = tuple(
        Series(
            name or "not-said",
            _value(By.PLATFORM, name, t),
            tuple(bucket.by_platform.get(name, 0) for bucket in buckets),
        )
        for name in order
        if name in known
    )
    summary = t.gettext("{n} occurrences from {first} to {last}: {platforms}.").format(
        n=sum(sum(one.values) for one in series),
        first=steps[0],
        # The last step is named by its first day; the period goes on to its own end.
        last=day_of(retro.flow[-1].at - 1),
        platforms=t.pgettext("list", ", ").join(f"{one.name} {sum(one.values)}" for one in series),
    )
    return Chart(
        t.gettext("Occurrences by platform"),
        summary,
        t.gettext("From"),
        t.pgettext("retro report", "Occurrences"),
        steps,
        series,
        adds_up=True,
    )


def waits(retro: Retro, t: Translator) -> ReportSection:
    """How long pitfalls waited for a workaround, an answer, a fix: median and P90."""
    columns = (
        TableColumn(t.gettext("Until")),
        TableColumn(t.gettext("Median"), is_number=True),
        TableColumn(t.gettext("(before)"), is_number=True),
        TableColumn(t.gettext("P90"), is_number=True),
        TableColumn(t.gettext("Reached"), is_number=True),
        TableColumn(t.gettext("Still waiting"), is_number=True),
    )
    rows = tuple(_waited(retro, one, t) for one in Wait)
    explanation = t.gettext(
        "Counted from the report of a pitfall; nine of ten waited no longer than P90. Those that"
        " still waited when the period ended count as having waited at least that long, so that"
        " a half or nine of ten may not be reached yet."
    )
    explained = Paragraph((explanation,), is_aside=True)
    return ReportSection("waits", t.gettext("Waiting times"), (Table(columns, rows), explained))


def _waited(retro: Retro, wait: Wait, t: Translator) -> tuple[Cell, ...]:
    now, before = retro.now.waits[wait], retro.before.waits[wait]
    trend = _trend(now.median, before.median, False, t) if now.cases and before.cases else ()
    return (
        (t.gettext(WAIT_WORDS[wait]),),
        (duration(now.median, t) if now.cases else "–", *trend),
        (duration(before.median, t) if before.cases else "–",),
        (duration(now.p90, t) if now.cases else "–",),
        (str(now.reached),),
        (str(now.censored),),
    )


def shares(retro: Retro, t: Translator) -> ReportSection | None:
    """Occurrences by component, platform, channel and versions; None if there were none."""
    tables = tuple(_divided(retro, by, t) for by in By if retro.now.shares.get(by))
    return ReportSection("shares", t.gettext("Where it was seen"), tables) if tables else None


def _divided(retro: Retro, by: By, t: Translator) -> Table:
    before = {one.value: one.occurrences for one in retro.before.shares.get(by, ())}
    values = sorted(retro.now.shares[by], key=lambda one: (-one.occurrences, one.value))
    most = max(one.occurrences for one in values)
    named, others = values[:_NAMED], values[_NAMED:]
    rows = [
        _share(_value(by, one.value, t, retro.components), one, before.get(one.value, 0), most)
        for one in named
    ]
    if others:
        rows.append(_rest(others, before, most, t))
    columns = (
        TableColumn(t.gettext(DIVISIONS[by])),
        TableColumn(""),
        TableColumn(t.pgettext("retro report", "Occurrences"), is_number=True),
        TableColumn(t.gettext("Before"), is_number=True),
        TableColumn(t.pgettext("retro report", "Pitfalls"), is_number=True),
    )
    return Table(columns, tuple(rows))


def _share(name: str, one: Share, before: int, most: int) -> tuple[Cell, ...]:
    bar = Bar(one.occurrences / most if most else 0)
    return (name,), (bar,), (str(one.occurrences),), (str(before),), (str(one.pitfalls),)


def _rest(
    others: Sequence[Share], before: Mapping[str, int], most: int, t: Translator
) -> tuple[Cell, ...]:
    """The remaining values; a pitfall may have several of them, so pitfalls are not counted."""
    occurrences = sum(one.occurrences for one in others)
    seen_before = sum(before.get(one.value, 0) for one in others)
    bar = Bar(min(1, occurrences / most) if most else 0)
    name = t.gettext("(others: {n})").format(n=len(others))
    return (name,), (bar,), (str(occurrences),), (str(seen_before),), ("–",)


def _value(
    by: By, value: str, t: Translator, components: Mapping[str, Text] = MappingProxyType({})
) -> str:
    """A value that occurrences are divided by, as people call it."""
    if not value:
        return t.gettext("(unspecified)")
    if by is By.COMPONENT and value in components:
        return components[value].read(t.language)
    words = _VOCABULARY.get(by)
    return t.word(words(value)) if words is not None and value in list(words) else value


def ages(retro: Retro, t: Translator) -> ReportSection | None:
    """The ages of workarounds; None if there are none."""
    now: Figures = retro.now
    if not any(band.pitfalls for band in now.ages):
        return None
    most = max(band.pitfalls for band in now.ages)
    columns = (
        TableColumn(t.gettext("Age")),
        TableColumn(""),
        TableColumn(t.pgettext("retro report", "Pitfalls"), is_number=True),
        TableColumn(t.gettext("Before"), is_number=True),
    )
    before = {band.weeks: band.pitfalls for band in retro.before.ages}
    rows = tuple(
        (
            (_band(band, t),),
            (Bar(band.pitfalls / most),),
            (str(band.pitfalls),),
            (str(before.get(band.weeks, 0)),),
        )
        for band in now.ages
    )
    explained = t.gettext(
        "Since a workaround was written or confirmed last, for what had one when the period ended."
        " Median: {median}."
    )
    explained = explained.format(median=duration(now.workaround_age, t))
    aside = Paragraph((explained,), is_aside=True)
    return ReportSection(
        "ages", t.pgettext("retro report", "Ages of workarounds"), (Table(columns, rows), aside)
    )


def _band(band: AgeBand, t: Translator) -> str:
    if band.below is None:
        return t.gettext("{weeks} weeks and more").format(weeks=band.weeks)
    if not band.weeks:
        return t.gettext("under {below} weeks").format(below=band.below)
    return t.gettext("{weeks} to {below} weeks").format(weeks=band.weeks, below=band.below)
