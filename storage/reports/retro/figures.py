"""The sections of a report that tell numbers: figures, flow, waits, shares, ages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from storage.model.retro import AgeBand, Bucket, By, Count, Figures, FlowPoint, Retro, Share, Wait
from storage.model.vocabulary import Channel, Platform, Status
from storage.reports.retro.document import (
    Bar,
    Block,
    Cell,
    Chart,
    Column,
    Fact,
    Facts,
    Paragraph,
    Section,
    Series,
    Table,
)
from storage.reports.retro.wording import Say, Wording, change
from storage.text.dates import utc_day

#: Of the values that occurrences are divided by, so many are told by name.
_NAMED: Final = 8
_VOCABULARY: Final = {By.PLATFORM: Platform, By.CHANNEL: Channel}


def figures(retro: Retro, say: Wording) -> Section:
    """What is read first: the counts of the period beside those of the one before."""
    pairs = [
        *((say.figure(one), retro.now.counts[one], retro.before.counts[one]) for one in Count),
        (say(Say.SIGHTINGS), retro.now.sightings, retro.before.sightings),
        (say(Say.NOT_REPRODUCED), retro.now.not_reproduced, retro.before.not_reproduced),
    ]
    headings = (say(Say.FIGURE), say(Say.NOW), say(Say.BEFORE), say(Say.CHANGE))
    facts = tuple(
        Fact(name, str(now), str(before), change(now, before)) for name, now, before in pairs
    )
    return Section("figures", say(Say.FIGURES), (Facts(headings, facts),))


def over_time(retro: Retro, say: Wording) -> Section | None:
    """How many there were of each status, and where they were seen; None if nobody knows."""
    blocks: list[Block] = []
    if retro.flow:
        blocks.append(_flow(retro.flow, say))
    if any(any(one.by_platform.values()) for one in retro.buckets):
        blocks.append(_sightings(retro.buckets, say))
    return Section("over-time", say(Say.OVER_TIME), tuple(blocks)) if blocks else None


def _flow(points: Sequence[FlowPoint], say: Wording) -> Chart:
    # A point at midnight tells how the day before ended.
    steps = tuple(utc_day(max(0, point.at - 1)) for point in points)
    series = tuple(
        Series(
            status.name.lower().replace("_", "-"),
            say.word(status),
            tuple(point.counts.get(status, 0) for point in points),
        )
        for status in Status
    )
    ends = {
        f"{name}{when}": one.values[place]
        for name, one in zip(("open", "workaround", "fixed"), series, strict=True)
        for when, place in (("_before", 0), ("", -1))
    }
    told = say(Say.FLOW_TOLD, first=steps[0], last=steps[-1], **ends)
    return Chart(say(Say.FLOW), told, say(Say.DAY_ENDED), steps, series, adds_up=False)


def _sightings(buckets: Sequence[Bucket], say: Wording) -> Chart:
    steps = tuple(utc_day(bucket.since) for bucket in buckets)
    known = {name for bucket in buckets for name, n in bucket.by_platform.items() if n}
    order = [*map(str, Platform), *sorted(known - set(Platform))]
    series = tuple(
        Series(
            name or "not-said",
            _value(By.PLATFORM, name, say),
            tuple(bucket.by_platform.get(name, 0) for bucket in buckets),
        )
        for name in order
        if name in known
    )
    told = say(
        Say.BUCKETS_TOLD,
        n=sum(sum(one.values) for one in series),
        first=steps[0],
        last=steps[-1],
        platforms=say(Say.COMMA).join(f"{one.name} {sum(one.values)}" for one in series),
    )
    return Chart(say(Say.BUCKETS), told, say(Say.SINCE), steps, series, adds_up=True)


def waits(retro: Retro, say: Wording) -> Section:
    """How long pitfalls waited for what helps, in half and in nine of ten cases."""
    columns = (
        Column(say(Say.WAIT)),
        Column(say(Say.MEDIAN), is_number=True),
        Column(say(Say.MEDIAN_BEFORE), is_number=True),
        Column(say(Say.P90), is_number=True),
        Column(say(Say.REACHED), is_number=True),
        Column(say(Say.STILL_WAITING), is_number=True),
    )
    rows = tuple(tuple((cell,) for cell in _waited(retro, one, say)) for one in Wait)
    explained = Paragraph((say(Say.WAITS_MEAN),), is_aside=True)
    return Section("waits", say(Say.WAITS), (Table(columns, rows), explained))


def _waited(retro: Retro, wait: Wait, say: Wording) -> tuple[str, ...]:
    now, before = retro.now.waits[wait], retro.before.waits[wait]
    return (
        say.figure(wait),
        say.span(now.median) if now.cases else "–",
        say.span(before.median) if before.cases else "–",
        say.span(now.p90) if now.cases else "–",
        str(now.reached),
        str(now.censored),
    )


def shares(retro: Retro, say: Wording) -> Section | None:
    """Where the pitfalls of the period were seen; None if they were not."""
    tables = tuple(_divided(retro, by, say) for by in By if retro.now.shares.get(by))
    return Section("shares", say(Say.SHARES), tables) if tables else None


def _divided(retro: Retro, by: By, say: Wording) -> Table:
    before = {one.value: one.sightings for one in retro.before.shares.get(by, ())}
    values = sorted(retro.now.shares[by], key=lambda one: (-one.sightings, one.value))
    most = max(one.sightings for one in values)
    named, others = values[:_NAMED], values[_NAMED:]
    rows = [
        _share(_value(by, one.value, say), one, before.get(one.value, 0), most) for one in named
    ]
    if others:
        rows.append(_rest(others, before, most, say))
    columns = (
        Column(say.figure(by)),
        Column(""),
        Column(say(Say.SIGHTINGS), is_number=True),
        Column(say(Say.BEFORE), is_number=True),
        Column(say(Say.PITFALLS), is_number=True),
    )
    return Table(columns, tuple(rows))


def _share(name: str, one: Share, before: int, most: int) -> tuple[Cell, ...]:
    bar = Bar(one.sightings / most if most else 0)
    return (name,), (bar,), (str(one.sightings),), (str(before),), (str(one.pitfalls),)


def _rest(
    others: Sequence[Share], before: Mapping[str, int], most: int, say: Wording
) -> tuple[Cell, ...]:
    """What is not told by name; a pitfall may be in several of them, so those are not counted."""
    sightings = sum(one.sightings for one in others)
    seen_before = sum(before.get(one.value, 0) for one in others)
    bar = Bar(min(1, sightings / most) if most else 0)
    name = say(Say.OTHERS, n=len(others))
    return (name,), (bar,), (str(sightings),), (str(seen_before),), ("–",)


def _value(by: By, value: str, say: Wording) -> str:
    """What occurrences were divided by, as people call it."""
    if not value:
        return say(Say.NOT_SAID)
    words = _VOCABULARY.get(by)
    return say.word(words(value)) if words is not None and value in list(words) else value


def ages(retro: Retro, say: Wording) -> Section | None:
    """How old the workarounds are; None if there are none."""
    now: Figures = retro.now
    if not any(band.pitfalls for band in now.ages):
        return None
    most = max(band.pitfalls for band in now.ages)
    columns = (
        Column(say(Say.AGE)),
        Column(""),
        Column(say(Say.PITFALLS), is_number=True),
        Column(say(Say.BEFORE), is_number=True),
    )
    before = {band.weeks: band.pitfalls for band in retro.before.ages}
    rows = tuple(
        (
            (_band(band, say),),
            (Bar(band.pitfalls / most),),
            (str(band.pitfalls),),
            (str(before.get(band.weeks, 0)),),
        )
        for band in now.ages
    )
    explained = say(Say.AGES_MEAN, median=say.span(now.workaround_age))
    aside = Paragraph((explained,), is_aside=True)
    return Section("ages", say(Say.AGES), (Table(columns, rows), aside))


def _band(band: AgeBand, say: Wording) -> str:
    if band.below is None:
        return say(Say.WEEKS_ABOVE, weeks=band.weeks)
    if not band.weeks:
        return say(Say.WEEKS_BELOW, below=band.below)
    return say(Say.WEEKS, weeks=band.weeks, below=band.below)
